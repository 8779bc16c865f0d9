"""Published clients, as their users call them, against a gateway whose address is the argument."""

import asyncio
import io
import json
import time
import sys
import urllib.error

import deep_translator
import deepl
import libretranslate_aio
import libretranslatepy
import requests

import checks
from checks import check, raises

URL = sys.argv[1]


def libretranslate():
    api = libretranslatepy.LibreTranslateAPI(URL)
    check(api.translate("Where is the train station?", "en", "fr"), "Où se trouve la gare ?")
    check(api.translate("Good morning.\n\nHow are you?", "auto", "fr"), "Bonjour.\n\nComment vas-tu ?")
    check([language["code"] for language in api.languages()], ["en", "fr"])
    check(api.detect("Bonjour tout le monde, comment allez-vous ?")[0]["language"], "fr")
    check(raises(urllib.error.HTTPError, lambda: api.translate("Hello", "en", "ja")).code, 400)


def deep():
    translator = deep_translator.LibreTranslator(source="en", target="fr", api_key="any", custom_url=URL + "/")
    check(translator.translate("Where is the train station?"), "Où se trouve la gare ?")
    check(translator.translate_batch(["Good morning.", "How are you?"]), ["Bonjour.", "Comment vas-tu ?"])


def aio():
    with libretranslate_aio.LibreTranslate(URL) as api:
        check(api.health(), True)
        check(api.translate("Where is the train station?", "en", "fr").translated_text, "Où se trouve la gare ?")
        several = api.translate(["Good morning.", "How are you?"], "auto", "fr", alternatives=1)
        check(several.translated_text, ["Bonjour.", "Comment vas-tu ?"])
        check([len(alternatives) for alternatives in several.alternatives], [1, 1])
        check([detected.language for detected in several.detected_language], ["en", "en"])
        check(api.detect("Bonjour tout le monde, comment allez-vous ?")[0].language, "fr")
        languages = {language.code: language.targets for language in api.languages()}
        check(languages, {"en": ["en", "fr"], "fr": ["fr"]})
        settings = api.frontend_settings()
        check((settings.char_limit, settings.key_required, settings.language.target.code), (-1, False, "fr"))
        raises(libretranslate_aio.ForbiddenError, lambda: api.suggest("Hello", "Salut", "en", "fr"))
        raises(libretranslate_aio.BadRequestError, lambda: api.translate("Hello", "en", "ja"))
        check(api.translate("<b>Good morning.</b>", "en", "fr", format="html").translated_text, "<b>Bonjour.</b>")
        file = io.BytesIO(b"How are you?\n")
        file.name = "letter.txt"
        url = api.translate_file(file, "en", "fr").translated_file_url
        check(requests.get(url).text, "Comment vas-tu ?\n")

    async def many():
        async with libretranslate_aio.AsyncLibreTranslate(URL) as api:
            texts = ["Good morning.", "How are you?"] * 20
            return await asyncio.gather(*(api.translate(text, "en", "fr") for text in texts))

    check([found.translated_text for found in asyncio.run(many())], ["Bonjour.", "Comment vas-tu ?"] * 20)


def files():
    form = {"source": "en", "target": "fr"}
    letter = {"file": ("letter.txt", b"Good morning.\n")}
    answer = requests.post(URL + "/translate_file", data=form, files=letter).json()
    check(requests.get(answer["translatedFileUrl"]).text, "Bonjour.\n")


def deepl_python():
    translator = deepl.Translator("any", server_url=URL)
    result = translator.translate_text("Where is the train station?", target_lang="FR")
    check((result.text, result.detected_source_lang), ("Où se trouve la gare ?", "EN"))
    results = translator.translate_text(
        ["Good morning.", "How are you?"], source_lang="EN", target_lang="FR", formality="prefer_less",
        split_sentences="nonewlines", preserve_formatting=True, context="A greeting.")
    check([result.text for result in results], ["Bonjour.", "Comment vas-tu ?"])
    check([language.code for language in translator.get_source_languages()], ["EN"])
    check([language.code for language in translator.get_target_languages()], ["FR"])
    check(translator.get_usage().any_limit_reached, False)
    check(translator.get_usage().character.count, 0)
    # What the client itself says of targets that DeepL wants with their regions.
    raises(deepl.DeepLException, lambda: translator.translate_text("Hello", source_lang="FR", target_lang="EN-US"))
    results = translator.translate_text(["", "Good morning."], target_lang="FR")
    check([result.text for result in results], ["", "Bonjour."])
    output = io.BytesIO()
    letter = io.BytesIO(b"Good morning.\n\nHow are you?\n")
    letter.name = "letter.txt"
    status = translator.translate_document(letter, output, target_lang="FR")
    check((status.ok, output.getvalue().decode()), (True, "Bonjour.\n\nComment vas-tu ?\n"))
    for language in ["html", "xml"]:
        result = translator.translate_text(
            "<p>Where is the <b>train station</b>?</p>", target_lang="FR", tag_handling=language, ignore_tags=["x"])
        check(result.text, "<p>Où se trouve la <b>gare</b> ?</p>")
    raises(deepl.DeepLException, lambda: translator.translate_text("<a>", target_lang="FR", tag_handling="xml"))
    output, film = io.BytesIO(), io.BytesIO(b"1\n00:00:01,000 --> 00:00:02,000\nWhere is the <i>train station</i>?\n")
    film.name = "film.srt"
    translator.translate_document(film, output, target_lang="FR")
    check(output.getvalue().decode(), "1\n00:00:01,000 --> 00:00:02,000\nOù se trouve la <i>gare</i> ?\n")
    deepl_glossaries(translator)
    deepl_glossaries(translator)
    raises(deepl.DeepLException, lambda: translator.translate_text("Hello", source_lang="EN", target_lang="JA"))
    raises(deepl.DeepLException, lambda: translator.translate_text("Hello", target_lang="FR", formality="more"))


def deepl_glossaries(translator):
    check([(pair.source_lang, pair.target_lang) for pair in translator.get_glossary_languages()], [("en", "fr")])
    terms = {"car": "bagnole", "Acme": "Acme"}
    glossary = translator.create_glossary("cars", source_lang="EN", target_lang="FR", entries=terms)
    check((glossary.name, glossary.entry_count, glossary.ready), ("cars", 2, True))
    check(translator.get_glossary_entries(glossary), terms)
    check([other.glossary_id for other in translator.list_glossaries()], [glossary.glossary_id])
    result = translator.translate_text("My car is here.", source_lang="EN", target_lang="FR", glossary=glossary)
    check(result.text, "Ma bagnole est ici.")
    output, page = io.BytesIO(), io.BytesIO(b"<p>My <b>car</b> is here.</p>")
    page.name = "page.html"
    translator.translate_document(page, output, source_lang="EN", target_lang="FR", glossary=glossary.glossary_id)
    check("bagnole" in output.getvalue().decode(), True)
    other = translator.create_glossary_from_csv("cars", source_lang="EN", target_lang="FR", csv_data="car,auto\n")
    check((other.name, other.glossary_id == glossary.glossary_id), ("cars (2)", False))
    translator.delete_glossary(glossary)
    check(translator.get_glossary(other.glossary_id).name, "cars (2)")
    translator.delete_glossary(other)
    raises(deepl.GlossaryNotFoundException, lambda: translator.get_glossary(other.glossary_id))
    check(translator.list_glossaries(), [])
    raises(deepl.DeepLException, lambda: translator.translate_text(
        "Hello", source_lang="EN", target_lang="FR", glossary=other.glossary_id))


def google():
    query = {"q": ["Good morning.", "How are you?"], "target": "fr", "format": "text"}
    answer = requests.post(URL + "/language/translate/v2", json=query).json()
    check([text["translatedText"] for text in answer["data"]["translations"]], ["Bonjour.", "Comment vas-tu ?"])


def jobs():
    job = {"job_id": "0" * 31 + "1", "texts": ["Good morning."], "source_language": "en", "target_language": "fr"}
    first = requests.post(URL + "/v1/jobs", json=job)
    check((first.status_code, first.json()["duplicate"]), (202, False))
    again = requests.post(URL + "/v1/jobs", json=job)
    check((again.status_code, again.json()["duplicate"]), (200, True))
    check(requests.post(URL + "/v1/jobs", json=job | {"texts": ["Other."]}).status_code, 409)
    several = requests.post(URL + "/v1/jobs", json={"jobs": [{"text": "How are you?"}, {"text": "Thank you."}]}).json()
    wanted = {job["job_id"]} | {entry["job_id"] for entry in several["jobs"]}
    url = URL + "/v1/results?consumer=nightly"
    last = 0
    # Results of other requests come too, as all are of one tenant.
    with requests.get(url, stream=True) as events:
        # Without a name, the iterator would end with the loop, and the connection with it.
        lines = events.iter_lines(decode_unicode=True)
        for line in lines:
            if not line.startswith("data: "):
                continue
            record = json.loads(line.removeprefix("data: "))
            check(record["sequence"], last + 1)
            last = record["sequence"]
            wanted.discard(record["job_id"])
            if not wanted:
                break
        check(requests.post(url, json={"acknowledge": last}).status_code, 204)
        check(requests.post(URL + "/v1/results?consumer=other", json={"acknowledge": 1}).status_code, 409)
    # A glossary in the job itself, and the name of one that there is not.
    terms = {"text": "My car is here.", "glossary": {"car": "bagnole", "Acme": ""}}
    url_of_terms = URL + "/v1/jobs/" + requests.post(URL + "/v1/jobs", json=terms).json()["job_id"]
    while "result" not in (record := requests.get(url_of_terms).json()):
        time.sleep(0.1)
    output = record["result"]["outputs"][0]
    check(output["hypotheses"][0]["text"], "Ma bagnole est ici.")
    check((output["glossary_hits"], output["glossary_misses"]), (1, []))
    unknown = requests.post(URL + "/v1/jobs", json={"text": "My car is here.", "glossary_name": "none"})
    check((unknown.status_code, "no glossary" in unknown.text), (400, True))
    both = requests.post(URL + "/v1/jobs", json=terms | {"glossary_name": "none"})
    check((both.status_code, "exclude each other" in both.text), (400, True))
    found = requests.get(URL + "/v1/jobs/" + job["job_id"]).json()
    check(found["result"]["outputs"][0]["hypotheses"][0]["text"], "Bonjour.")
    check(requests.delete(URL + "/v1/jobs/" + job["job_id"]).json()["state"], "done")
    check(requests.get(URL + "/v1/jobs/" + "f" * 32).status_code, 404)
    for wrong in [{}, {"text": "a", "beam_size": 0}, {"text": "a", "colour": 1}, {"jobs": []}, {"jobs": [{}]}]:
        check(requests.post(URL + "/v1/jobs", json=wrong).status_code, 400)
    check(requests.get(URL + "/v1/status").json()["dead_jobs"], 0)
    # What was acknowledged does not come again.
    check(json.loads(requests.post(URL + "/v1/jobs", json={"text": "Good morning."}).text)["accepted"], True)
    with requests.get(url, stream=True) as events:
        line = next(line for line in events.iter_lines(decode_unicode=True) if line.startswith("id: "))
        check(int(line.removeprefix("id: ")) > last, True)


libretranslate()
aio()
deep()
files()
deepl_python()
google()
jobs()
print(f"HTTP clients: {checks.count} checks")
