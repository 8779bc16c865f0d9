"""Published clients, as their users call them, against a gateway whose address is the argument."""

import sys
import urllib.error

import deep_translator
import libretranslatepy

URL = sys.argv[1]
checks = 0


def check(found, expected):
    global checks
    checks += 1
    if found != expected:
        sys.exit(f"check {checks}: expected {expected!r}, found {found!r}")


def raises(exception, call):
    try:
        call()
    except exception as error:
        check(True, True)
        return error
    sys.exit(f"after check {checks}: expected {exception.__name__}")


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


libretranslate()
deep()
print(f"HTTP clients: {checks} checks")
