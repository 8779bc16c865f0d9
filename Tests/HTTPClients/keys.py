"""Published clients with API keys, against a gateway that asks for them.

Arguments: the gateway's address and process, its keys file, the program, and the gateway's log.
"""

import os
import signal
import subprocess
import sys
import urllib.error

import deep_translator
import deepl
import libretranslate_aio
import libretranslatepy
import requests

import checks
from checks import check, eventually, raises

URL, process, file, program, log = sys.argv[1], int(sys.argv[2]), *sys.argv[3:]
# Its client tries again, ever later, where it is told to slow down.
deepl.http_client.max_network_retries = 0


def make(*arguments):
    command = [program, "api-key", file, *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


def translates(key):
    query = {"q": "Good morning.", "target": "fr", "key": key}
    return requests.get(URL + "/language/translate/v2", query).status_code == 200


def reload():
    os.kill(process, signal.SIGHUP)


def lines():
    with open(file, encoding="utf-8") as keys:
        return keys.read().splitlines(keepends=True)


def write(text):
    # In place of the old one at once: the gateway must not see half of it.
    with open(file + ".new", "w", encoding="utf-8") as keys:
        keys.write(text)
    os.replace(file + ".new", file)


acme = make("acme", "--roles", "translate,jobs")
guest = make("guest", "--characters-per-month", "30")
hasty = make("hasty", "--requests-per-minute", "2")
batch = make("batch", "--roles", "jobs,results,status")
check(any(key in line for line in lines() for key in [acme, guest, hasty, batch]), False)
check(translates(acme), False)
reload()
eventually(lambda: translates(acme), "the new key to be known")

# Without a key, and with a wrong one, each interface says so in its own way.
for key, status in [(None, 400), ("wrong", 403)]:
    api = libretranslatepy.LibreTranslateAPI(URL, key)
    check(raises(urllib.error.HTTPError, lambda: api.translate("Hello")).code, status)
with libretranslate_aio.LibreTranslate(URL) as api:
    raises(libretranslate_aio.BadRequestError, lambda: api.translate("Hello", "en", "fr"))
    check(api.frontend_settings().key_required, True)
    check([language.code for language in api.languages()], ["en", "fr"])
translator = deepl.Translator("wrong", server_url=URL)
raises(deepl.AuthorizationException, lambda: translator.translate_text("Hello", target_lang="FR"))
check(requests.get(URL + "/v1/status").status_code, 401)
check(requests.get(URL + "/v1/status", headers={"Authorization": "Bearer wrong"}).status_code, 403)

# With the right one they work.
check(libretranslatepy.LibreTranslateAPI(URL, acme).translate("Good morning.", "en", "fr"), "Bonjour.")
translator = deep_translator.LibreTranslator("en", "fr", api_key=acme, custom_url=URL + "/")
check(translator.translate("Good morning."), "Bonjour.")
check(deepl.Translator(acme, server_url=URL).translate_text("Good morning.", target_lang="FR").text, "Bonjour.")
bearer = {"Authorization": f"Bearer {acme}"}
check(requests.post(URL + "/v1/jobs", json={"text": "Good morning."}, headers=bearer).status_code, 202)
check(requests.get(URL + "/v1/status", headers=bearer).status_code, 403)
bearer = {"Authorization": f"Bearer {batch}"}
check(requests.get(URL + "/v1/status", headers=bearer).status_code, 200)
check(translates(batch), False)

# Characters of a month, and requests of a minute.
translator = deepl.Translator(guest, server_url=URL)
check(translator.translate_text("Good morning.", target_lang="FR").text, "Bonjour.")
check((translator.get_usage().character.count, translator.get_usage().character.limit), (13, 30))
raises(deepl.QuotaExceededException, lambda: translator.translate_text("Good morning. " * 2, target_lang="FR"))
check(translator.translate_text("How are you?", target_lang="FR").text, "Comment vas-tu ?")
with libretranslate_aio.LibreTranslate(URL, api_key=hasty) as api:
    check([api.translate("Good morning.", "en", "fr").translated_text for _ in range(2)], ["Bonjour."] * 2)
    error = raises(libretranslate_aio.RateLimitError, lambda: api.translate("Hello", "en", "fr"))
    check(str(error).startswith("Slowdown"), True)
other = deepl.Translator(hasty, server_url=URL)
raises(deepl.TooManyRequestsException, lambda: other.translate_text("Hello", target_lang="FR"))

# A file with a mistake changes nothing; a line that is gone is a key that is gone, and the others keep what they have
# used.
before = lines()
write("".join(before) + "nonsense\n")
reload()
eventually(lambda: f"{file}:{len(before) + 1}:" in open(log, encoding="utf-8").read(), "the mistake in the log")
check(translates(acme), True)
write("".join(line for line in before if " acme " not in line))
reload()
eventually(lambda: not translates(acme), "the key to be withdrawn")
check(translator.get_usage().character.count, 25)
print(f"HTTP clients with keys: {checks.count} checks")
