"""A browser without a screen, and what it is asked in these tests."""

import base64
import json
import os
import sys

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

PATIENCE = 60
count = 0


def fail(message):
    sys.exit(f"after check {count}: {message}")


def check(found, expected, what=""):
    global count
    count += 1
    if found != expected:
        fail(f"{what or 'it'}: expected {expected!r}, found {found!r}")


class Browser:
    def __init__(self, url, downloads=None):
        self.url = url
        options = Options()
        options.binary_location = "/usr/bin/chromium"
        for argument in ["--headless=new", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking"]:
            options.add_argument(argument)
        # Its sandbox is not for root.
        if os.geteuid() == 0:
            options.add_argument("--no-sandbox")
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        self.driver.set_script_timeout(PATIENCE)
        if downloads:
            self.driver.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": downloads})
        # Addresses that were asked for, whoever asked.
        self.addresses = []
        # Answers that a test expects to be a refusal, which the console mentions.
        self.refusals = []

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        try:
            if kind is None:
                self.examine()
        finally:
            self.driver.quit()

    def open(self, path):
        self.driver.get(self.url + path)

    def size(self, width, height):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 500})

    def scheme(self, name):
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia", {"features": [{"name": "prefers-color-scheme", "value": name}]})

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def text(self, selector):
        # What is there, whether it is scrolled into view or not.
        return self.find(selector).get_property("textContent")

    def run(self, script):
        """The value of a function's body, which may wait."""
        return self.driver.execute_script(f"return (async () => {{ {script} }})();")

    def eventually(self, holds, what):
        """A page changes when it has heard from the gateway."""
        global count
        wait = WebDriverWait(
            self.driver, PATIENCE, poll_frequency=0.05, ignored_exceptions=[StaleElementReferenceException])
        try:
            found = wait.until(lambda _: holds())
        except TimeoutException:
            fail(f"expected {what}; the page says:\n{self.text('body')}\n{self.driver.get_log('browser')}")
        count += 1
        return found

    def examine(self):
        """No error in the console, and no address that is not the gateway's."""
        lines = [line for line in self.driver.get_log("browser") if line["level"] != "INFO"]
        wrong = [line["message"] for line in lines if not any(refusal in line["message"] for refusal in self.refusals)]
        check(wrong, [], "the console")
        for entry in self.driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                self.addresses.append(message["params"]["request"]["url"])
        check(len(self.addresses) > 0, True, "that requests are seen")
        strange = [url for url in self.addresses if not url.startswith((self.url + "/", f"blob:{self.url}/", "data:"))]
        check(strange, [], "requests to elsewhere")

    def picture(self, folder, name):
        """The whole page, as it is shown."""
        result = self.driver.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True})
        with open(os.path.join(folder, name + ".png"), "wb") as file:
            file.write(base64.b64decode(result["data"]))
