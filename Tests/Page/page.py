"""The page as people use it, against a gateway whose address is the first argument; the second one is where pictures go."""

import json
import os
import sys
import tempfile
import urllib.request

import accessibility
import browser
from browser import Browser, check
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.ui import Select

URL, PICTURES = sys.argv[1:]
TEXT = "Where is the train station?"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
downloads = tempfile.mkdtemp()


def submit(job):
    request = urllib.request.Request(
        URL + "/v1/jobs", json.dumps(job).encode(), {"Content-Type": "application/json"})
    return json.load(urllib.request.urlopen(request))["job_id"]


def headers():
    for path in ["/", "/operate", "/page/api.js"]:
        answer = urllib.request.urlopen(URL + path)
        check(answer.headers["Content-Security-Policy"], POLICY)
        check(answer.headers["X-Content-Type-Options"], "nosniff")
        request = urllib.request.Request(URL + path, headers={"If-None-Match": answer.headers["ETag"]})
        try:
            urllib.request.urlopen(request)
            browser.fail("expected that the file has not changed")
        except urllib.error.HTTPError as error:
            check((error.code, error.read()), (304, b""))


def shown(page):
    return page.text("#translation")


def translating(page):
    page.open("/")
    page.eventually(lambda: page.all("#from option"), "languages to choose from")
    check([option.text for option in Select(page.find("#from")).options], ["Detect language", "English", "French"])
    source = page.find("#source")
    check(page.run("return document.activeElement.id"), "source", "where one types at once")

    # As one types, with the language found out, and the alternatives that the model has.
    Select(page.find("#to")).select_by_value("fr")
    source.send_keys(TEXT)
    page.eventually(lambda: shown(page) == "Où se trouve la gare ?", "a translation as one types")
    check(page.find("#detected").text.startswith("English detected"), True, "the language that was found")
    check(page.text("#count"), str(len(TEXT)))
    check(page.text("#through"), "by demo-en-fr")
    check(page.find("#translation").get_attribute("lang"), "fr")
    first = page.eventually(lambda: page.all("#alternatives button"), "alternatives")[0]
    other = first.text
    first.click()
    check((shown(page), first.text), (other, "Où se trouve la gare ?"), "an alternative in place of the translation")

    # At once, by the keyboard; line breaks stay.
    source.clear()
    source.send_keys("Good morning." + Keys.ENTER + "How are you?" + Keys.CONTROL + Keys.ENTER)
    page.eventually(lambda: shown(page) == "Bonjour.\nComment vas-tu ?", "two lines")

    # The other way round.
    check(page.find("#swap").is_enabled(), True, "swapping")
    page.find("#swap").click()
    check((source.get_property("value"), page.find("#from").get_property("value")), ("Bonjour.\nComment vas-tu ?", "fr"))
    page.eventually(lambda: page.text("#through") == "by demo-fr-en", "a translation back")
    page.open("/")
    page.eventually(lambda: page.find("#from").get_property("value") == "fr", "the languages as they were")
    Select(page.find("#from")).select_by_value("auto")
    Select(page.find("#to")).select_by_value("fr")

    # What is in the language already.
    source = page.find("#source")
    Select(page.find("#to")).select_by_value("en")
    source.send_keys(TEXT)
    page.eventually(lambda: page.text("#detected").endswith("stays as it is"), "that there is nothing to translate")
    Select(page.find("#to")).select_by_value("fr")
    page.eventually(lambda: shown(page) == "Où se trouve la gare ?", "a translation into another language")
    page.find("#clear").click()

    # Copied, and cleared.
    source.send_keys("Good morning.")
    page.eventually(lambda: shown(page) == "Bonjour.", "a translation")
    page.find("#copy").click()
    page.eventually(lambda: page.text("#copy") in ["Copied", "Marked: press Ctrl C"], "that it is copied")
    page.find("#clear").click()
    page.eventually(lambda: shown(page) == "" and not page.find("#copy").is_enabled(), "nothing")
    check(page.find("#others").is_displayed(), False)


def overtaken(page):
    """A request that the next one overtakes is given up, and its answer is not shown."""
    page.run("""
        const fetched = window.fetch;
        window.asked = [];
        window.fetch = (path, options) => {
            if (path === "/translate") window.asked.push(options.signal);
            return fetched(path, options);
        };""")
    # Three in one turn of the page's loop: no answer can come between them.
    page.run("""
        const source = document.getElementById("source");
        for (const text of ["How are you?", "Thank you.", "Good morning."]) {
            source.value = text;
            source.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true }));
        }""")
    page.eventually(lambda: shown(page) == "Bonjour.", "the last translation")
    aborted = page.run("return window.asked.map((signal) => signal.aborted)")
    check(aborted[-3:], [True, True, False], "which requests were given up")


def problems(page):
    """What the gateway refuses, in words."""
    page.run("""
        const fetched = window.fetch;
        window.fetch = (path, options) => {
            if (path !== "/translate") return fetched(path, options);
            const { status, error, wait } = window.answers.shift();
            return Promise.resolve(new Response(JSON.stringify({ error }), { status, headers: { "Retry-After": wait } }));
        };
        window.answers = [
            { status: 429, error: "Slowdown: 5 per 1 minute", wait: "12" },
            { status: 503, error: "the queue is full", wait: "1" },
            { status: 504, error: "late", wait: "" },
        ];""")
    page.find("#source").send_keys("!" + Keys.CONTROL + Keys.ENTER)
    page.eventually(lambda: "may send the next one in 12 s" in page.text("#notice"), "a key's rate")
    page.find("#notice button").click()
    page.eventually(lambda: "the queue is full" in page.text("#notice"), "a broker without room")
    page.find("#notice button").click()
    page.eventually(lambda: "not ready in time" in page.text("#notice"), "a translation that is late")
    check(page.find("#notice").get_attribute("role"), "alert")


def files(page):
    page.open("/")
    page.eventually(lambda: page.all("#from option"), "languages to choose from")
    Select(page.find("#to")).select_by_value("fr")
    letter = os.path.join(downloads, "letter.txt")
    with open(letter, "w", encoding="utf-8") as file:
        file.write("Good morning.\n\nHow are you?\n")
    page.find("#file").send_keys(letter)
    link = page.eventually(lambda: page.all("#files a"), "a link to the translation")[0]
    check(link.get_attribute("download"), "letter.fr.txt")
    link.click()
    translation = os.path.join(downloads, "letter.fr.txt")
    page.eventually(lambda: os.path.exists(translation), "the file")
    with open(translation, encoding="utf-8") as file:
        check(file.read(), "Bonjour.\n\nComment vas-tu ?\n")
    picture = os.path.join(downloads, "picture.png")
    with open(picture, "wb") as file:
        file.write(b"\x89PNG")
    page.find("#file").send_keys(picture)
    problem = page.eventually(lambda: page.all("#files .problem"), "a refusal")[0]
    check("file format not supported" in problem.text, True, "why a file is refused")
    page.refusals.append("/translate_file")


def row(page, table, key):
    for found in page.all(f"#{table} tbody tr"):
        if key in found.get_property("textContent"):
            return found
    return None


def button(page, job, name):
    found = row(page, "dead", job)
    return found and next((one for one in found.find_elements(By.CSS_SELECTOR, "button") if one.text == name), None)


def operating(page):
    page.open("/operate")
    page.eventually(lambda: page.text("#link") == "live", "the state of the broker")
    page.eventually(lambda: row(page, "workers", "connected"), "a worker")
    check("demo-en-fr" in row(page, "workers", "connected").text, True, "the worker's models")
    check("en → fr" in row(page, "models", "demo-en-fr").text, True, "the model's languages")
    check(page.text("#dead"), "JobDiedModelAttemptsReasonActionsNo job is dead.")

    # A job that dies is tried again, dies again, and is dropped.
    first = submit({"text": TEXT, "model": "demo-en-fr", "force_first_token": "nonesuch"})
    page.eventually(lambda: button(page, first, "Retry"), "the dead job")
    check("force_first_token" in row(page, "dead", first).text, True, "why it is dead")
    check("alarming" in tile(page, "Dead jobs").get_attribute("class"), True)
    button(page, first, "Retry").click()
    page.eventually(lambda: row(page, "dead", first) is None, "that it is not dead any more")
    said = page.eventually(lambda: said_of(page, f"Job {first} is tried again as "), "what has become of it")
    second = said.removesuffix(".").rsplit(" ", 1)[1]
    page.eventually(lambda: button(page, second, "Drop"), "its successor")
    button(page, second, "Drop").click()
    page.find("dialog .choices button").click()
    check(row(page, "dead", second) is not None, True, "that nothing is dropped unless one says so")
    button(page, second, "Drop").click()
    page.find("dialog button.danger").click()
    page.eventually(lambda: "No job is dead." in page.text("#dead"), "that it is dropped")
    page.eventually(lambda: "alarming" not in tile(page, "Dead jobs").get_attribute("class"), "that nothing is wrong")

    # All at once.
    dead = [submit({"text": TEXT, "model": "demo-en-fr", "force_first_token": "nonesuch"}) for _ in range(3)]
    page.eventually(lambda: all(button(page, job, "Drop") for job in dead), "three dead jobs")
    page.find("#drop-all").click()
    page.find("dialog").send_keys(Keys.ESCAPE)
    page.eventually(lambda: not page.all("dialog"), "that Escape closes the question")
    check(len(page.all("#dead tbody tr")), 3)

    # The figures follow from the counters.
    for _ in range(20):
        submit({"text": TEXT, "model": "demo-en-fr"})
    page.eventually(lambda: value(page, "Accepted jobs") >= 24, "the jobs that were accepted")
    page.eventually(lambda: len(page.all("#plots path.line")) == 5, "the lines of the plots")
    page.eventually(lambda: " ms" in tile(page, "Duration of a job").text, "how long jobs take")
    label = page.find("#plots svg").get_attribute("aria-label")
    check(label.startswith("Throughput: sentences/s "), True, "what a plot is called")


def said_of(page, beginning):
    return next((text for line in page.all("#events li span") if (text := line.text).startswith(beginning)), None)


def tile(page, name):
    return next(one for one in page.all(".tile") if one.find_element(By.CSS_SELECTOR, "dt").text == name)


def value(page, name):
    return float(tile(page, name).find_element(By.CSS_SELECTOR, ".value").text.replace(",", "") or 0)


def figures(page):
    """What the page computes, by the functions themselves."""
    check(page.run("""
        const { path, ceiling } = await import("/page/plot.js");
        return [path([[0, 1], [1, null], [2, 3], [3, 4]]), [0, 1, 1.5, 3, 70, 101].map(ceiling)]"""),
        ["M0.0 1.0M2.0 3.0L3.0 4.0", [1, 1, 2, 5, 100, 200]])
    check(page.run("""
        const { age, bytes, measure } = await import("/page/format.js");
        return [[999, 1000, 61000, 3600000, 93784000].map(age), [12, 1536].map(bytes), [0.1234, 12345.6].map(measure)]"""),
        [["999 ms", "1 s", "1 min 1 s", "1 h", "1 d 2 h"], ["12 B", "1.5 KiB"], ["0.123", "12,346"]])
    check(page.run("""
        const { History } = await import("/page/history.js");
        const history = new History();
        const report = (epoch, uptime_ms, done_total) =>
            ({ epoch, uptime_ms, done_total, failed_total: 0, sentences_total: 2 * done_total, source_tokens_total: 0,
               queued_chunks: 0, leased_chunks: 0, job_duration: { count: done_total, p50_ms: 7, p99_ms: 9 } });
        const all = [report(1, 1000, 0), report(1, 2000, 10), report(1, 2000, 10), report(2, 500, 0), report(2, 1500, 4)]
            .map((one, index) => history.add(one, index));
        return all.map(({ jobs, sentences, p50 }) => [jobs, sentences, p50])"""),
        [[None, None, None], [10, 20, 7], [10, 20, 7], [None, None, None], [4, 8, 7]])


def looks(page):
    for scheme in ["light", "dark"]:
        page.scheme(scheme)
        for width, height in [(1280, 800), (360, 740)]:
            page.size(width, height)
            page.open("/")
            page.eventually(lambda: page.all("#from option"), "languages to choose from")
            page.find("#source").send_keys("Where is the train station? I would like to buy a ticket.")
            page.eventually(lambda: page.all("#alternatives button"), "alternatives")
            accessibility.check_page(page)
            page.picture(PICTURES, f"translate-{scheme}-{width}")
            page.open("/operate")
            page.eventually(lambda: len(page.all("#dead tbody button")) == 6, "dead jobs")
            page.eventually(lambda: page.all("#plots path.area"), "a plot")
            accessibility.check_page(page)
            page.picture(PICTURES, f"operate-{scheme}-{width}")


with Browser(URL, downloads) as page:
    headers()
    page.size(1280, 800)
    translating(page)
    overtaken(page)
    problems(page)
    files(page)
    operating(page)
    figures(page)
    looks(page)
print(f"the page: {browser.count} checks")
