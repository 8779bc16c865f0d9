"""The page with a gateway that asks for API keys. Arguments: its address, a key with all roles, and one with only status."""

import sys

import browser
from browser import Browser, check
from selenium.webdriver.common.keys import Keys

URL, KEY, OBSERVER = sys.argv[1:]


def enter(page, key):
    field = page.eventually(lambda: page.all("#key-field"), "the question for a key")[0]
    field.clear()
    field.send_keys(key + Keys.ENTER)


with Browser(URL) as page:
    page.size(1280, 800)
    page.refusals += ["401", "403"]
    page.open("/")
    enter(page, "wrong")
    page.find("#source").send_keys("Good morning.")
    page.eventually(lambda: "Invalid API key" in page.text("#notice"), "that the key is refused")
    check(page.text("#translation"), "")
    page.find("#notice button").click()
    enter(page, "a key")
    page.eventually(lambda: "no blanks" in page.text("dialog .problem"), "that it is no key")
    enter(page, KEY)
    page.eventually(lambda: page.text("#translation") == "Bonjour.", "a translation with the key")
    check(page.find("#key").is_displayed(), True)

    # The same tab knows the key; another one does not, and it is in no address.
    page.open("/operate")
    page.eventually(lambda: page.text("#link") == "live", "the state of the broker")
    check(KEY in page.run("return JSON.stringify(localStorage) + document.cookie + location.href"), False)
    page.driver.switch_to.new_window("tab")
    page.size(1280, 800)
    page.open("/operate")
    page.eventually(lambda: page.all("#key-field"), "the question for a key")
    page.find("#key-field").send_keys(Keys.ESCAPE)
    page.eventually(lambda: "Without a key" in page.text("#notice"), "that nothing can be shown")
    page.find("#notice button").click()
    enter(page, OBSERVER)
    page.eventually(lambda: page.text("#link") == "live", "the state of the broker, for one who may see it")
    page.eventually(lambda: "may not look at dead jobs" in page.text("#dead"), "that dead jobs are for others")
    page.find("#key").click()
    enter(page, KEY)
    page.eventually(lambda: "No job is dead." in page.text("#dead") or page.all("#dead tbody button"), "dead jobs")
    page.examine()
    check([url for url in page.addresses if KEY in url or OBSERVER in url], [])
print(f"the page with keys: {browser.count} checks")
