"""Controls headless chromium through W3C WebDriver, with Python's standard library alone. All input comes from the
keyboard. JavaScript is off, unless a page of another website needs it."""

import base64
import json
import os
import re
import shutil
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

ELEMENT = "element-6066-11e4-a52e-4f735466cecf"
PATIENCE_S = 60
TAB, ENTER, SPACE, SHIFT, END = "\ue004", "\ue007", " ", "\ue008", "\ue010"
CHOOSE_BY_LETTER_S = 1.2  # after a pause of this length, a select takes the next letter as the start of a new word


class Failure(Exception):
    """An expectation of the test did not hold."""


def request(url, method="GET", body=None, headers=None):
    data = None if body is None else json.dumps(body).encode()
    sent = urllib.request.Request(url, data=data, method=method, headers={"Content-Type": "application/json", **(headers or {})})
    # The servers are on the loopback address, so the proxy settings of the environment are ignored.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(sent, timeout=PATIENCE_S) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise Failure(f"{method} {url}: {error.code} {error.read().decode(errors='replace')[:2000]}") from error


def wait_for(what, look):
    """Calls look() until it returns a true value, and returns this value."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise Failure(f"{what} did not come within {PATIENCE_S} s")


class Browser:
    def __init__(self, folder, scripts=False):
        self.scripts = scripts
        self.profile = tempfile.mkdtemp(prefix="profile.", dir=folder)
        self.log = os.path.join(folder, "chromedriver.log")
        with open(self.log, "wb") as out:
            self.process = subprocess.Popen(["chromedriver", "--port=0"], stdout=out, stderr=subprocess.STDOUT)
        try:
            port = wait_for("the driver", self._port)
            self.root = f"http://127.0.0.1:{port}/session"
            self._begin()
        except BaseException:
            self.end()
            raise

    def _port(self):
        with open(self.log, encoding="utf-8", errors="replace") as text:
            found = re.search(r"started successfully on port (\d+)", text.read())
        if not found and self.process.poll() is not None:
            raise Failure("chromedriver does not start")
        return found and found.group(1)

    def _begin(self):
        options = {
            "args": [
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--no-proxy-server", "--lang=en-US", "--disable-dev-shm-usage",
                "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1", f"--user-data-dir={self.profile}",
            ],
            "prefs": {"profile.default_content_setting_values.javascript": 1 if self.scripts else 2, "intl.accept_languages": "en-US,en"},
        }
        wanted = {"browserName": "chrome", "goog:chromeOptions": options, "goog:loggingPrefs": {"browser": "ALL"}}
        answer = request(self.root, "POST", {"capabilities": {"alwaysMatch": wanted}})
        self.root = f"{self.root}/{answer['value']['sessionId']}"

    def end(self):
        if self.process.poll() is None:
            try:
                if "/session/" in getattr(self, "root", ""):
                    request(self.root, "DELETE")
            except (Failure, OSError):
                pass
            self.process.terminate()
            self.process.wait(PATIENCE_S)
        shutil.rmtree(self.profile, ignore_errors=True)

    def _call(self, path, body=None, method=None):
        return request(self.root + path, method or ("GET" if body is None else "POST"), body)["value"]

    def cdp(self, command, **parameters):
        return self._call("/goog/cdp/execute", {"cmd": command, "params": parameters})

    def execute(self, script, wait=False):
        """Runs a script in the page; with `wait`, until it calls its last argument."""
        return self._call("/execute/async" if wait else "/execute/sync", {"script": script, "args": []})

    def open(self, url):
        self._call("/url", {"url": url})

    def size(self, width, height, phone):
        self.cdp("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone)

    def content_width(self):
        return self.cdp("Page.getLayoutMetrics")["cssContentSize"]["width"]

    def screenshot(self, file):
        picture = self.cdp("Page.captureScreenshot", captureBeyondViewport=True)
        with open(file, "wb") as out:
            out.write(base64.b64decode(picture["data"]))

    def complaints(self):
        """The messages in the browser's console."""
        return [entry["message"] for entry in self._call("/se/log", {"type": "browser"})]

    def source(self):
        return self._call("/source")

    def text(self):
        return self._call(f"/element/{self._find('body')[0]}/text")

    def _find(self, selector):
        return [one[ELEMENT] for one in self._call("/elements", {"using": "css selector", "value": selector})]

    def count(self, selector):
        return len(self._find(selector))

    def labels(self, selector):
        """(id, name for a screen reader) of each visible element."""
        shown = [one for one in self._find(selector) if self._call(f"/element/{one}/displayed")]
        return [(self._call(f"/element/{one}/attribute/id"), self._call(f"/element/{one}/computedlabel")) for one in shown]

    def _active(self):
        return self._call("/element/active")[ELEMENT]

    def _is(self, element, selector):
        return element in self._find(selector)

    def keys(self, *keys):
        """Presses and releases the keys one after the other; the focused element gets them."""
        actions = []
        for key in keys:
            actions += [{"type": "keyDown", "value": key}, {"type": "keyUp", "value": key}]
        self._call("/actions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def write(self, text):
        self.keys(*text)

    def go_to(self, selector):
        """Presses Tab until a matching element has the focus; fails if Tab does not reach one."""
        wanted = set(self._find(selector))
        if not wanted:
            raise Failure(f"no element matches {selector}")
        for _ in range(400):
            if self._active() in wanted:
                return
            self.keys(TAB)
        raise Failure(f"the keyboard does not reach {selector}")

    def choose(self, selector, words):
        """Chooses an option of a list by typing the beginning of its name."""
        self.go_to(selector)
        time.sleep(CHOOSE_BY_LETTER_S)
        self.write(words)

    def send_file(self, selector, path):
        """The file dialog belongs to the operating system, so WebDriver sets the path once the input has the focus."""
        self.go_to(selector)
        self._call(f"/element/{self._active()}/value", {"text": path})

    def press(self, selector):
        """Presses Enter on a button, and waits for the next page."""
        self.go_to(selector)
        before = self._find("html")
        self.keys(ENTER)
        wait_for("the next page", lambda: self._find("html") not in (before, []))

    def toggle(self, selector):
        self.go_to(selector)
        self.keys(ENTER)
