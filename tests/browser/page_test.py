#!/usr/bin/python3
"""Tests the client's page in a real browser without JavaScript, by the keyboard alone, at the sizes of a phone and of a
desktop. Only elsewhere() uses JavaScript, in a page of another website.

usage: page_test.py PROGRAM FOLDER
PROGRAM is the built kybdesk; pictures and logs go to FOLDER.
"""

import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading

from driver import SPACE, Browser, Failure, request, wait_for

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../stranger"))
from circle import REJECT, Desk as Reviewer  # noqa: E402
from stage import JPEG, Receiver  # noqa: E402

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
PHONE, DESK = (390, 844, True), (1280, 900, False)
MANDATORY = ("MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS", "DIRECTORS_SHAREHOLDERS_REG")


class Desk:
    """A new sandbox store with a merchant, a server for this store, and a receiver of its webhooks."""

    def __init__(self, program, folder):
        self.program = program
        self.environment = {
            "PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": folder, "XDG_DATA_HOME": folder, "XDG_CONFIG_HOME": folder,
        }
        self.folder = folder
        self.run("init", "--sandbox")
        self.run("merchant", "add", "shop")
        self.key = json.loads(self.run("merchant", "key", "shop", "--json"))["api_key"]
        self.lines = os.path.join(folder, "address")
        with open(self.lines, "wb") as out, open(os.path.join(folder, "serve.log"), "wb") as log:
            self.server = subprocess.Popen([program, "serve", "--no-deliver", "--listen", "127.0.0.1:0"], env=self.environment, stdout=out,
                                           stderr=log)
        self.url = wait_for("the server", self._address)
        self.run("store", "set", "public_url", self.url)
        self.receiver = Receiver()
        made = request(self.url + "/api/v1/webhooks", "POST", {"url": self.receiver.url, "events": ["*"]}, self.bearer())
        self.receiver.secret = made["secret"]

    def bearer(self):
        return {"Authorization": "Bearer " + self.key}

    def events(self, session, count):
        """Waits for `count` webhooks of the session, and returns their statuses; fails if a signature is wrong."""
        self.run("webhook", "deliver", "--drain")

        def look():
            found = []
            for headers, body in list(self.receiver.got):
                if not self.receiver.verified(headers, body):
                    raise Failure(f"the signature of {body} does not hold")
                said = json.loads(body)
                if said["data"].get("session_id") == session:
                    found.append("corrections" if said["type"].endswith("corrections_requested") else said["data"]["status"])
            return found if len(found) >= count else None

        return look() if not count else wait_for(f"{count} webhooks of {session}", look)

    def _address(self):
        with open(self.lines, encoding="utf-8") as text:
            found = re.search(r"Listening on (http://127\.0\.0\.1:\d+)\n", text.read())
        if not found and self.server.poll() is not None:
            raise Failure("the server does not start")
        return found and found.group(1)

    def run(self, *words):
        done = subprocess.run([self.program, *words], env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise Failure(f"kybdesk {' '.join(words)}: {done.returncode} {done.stderr}")
        return done.stdout

    def link(self, workflow, reference, subject):
        body = {"workflow_id": workflow, "external_id": reference, "subject": subject}
        return request(self.url + "/kyc/sessions", "POST", body, self.bearer())["access_link"]

    def show(self, reference):
        return json.loads(self.run("show", reference, "--json"))

    def end(self):
        self.receiver.server.shutdown()
        self.server.terminate()
        if self.server.wait(60):
            raise Failure(f"the server ended with {self.server.returncode}")


def paper(folder, name, more=b"", content=PDF):
    path = os.path.join(folder, name)
    with open(path, "wb") as out:
        out.write(content + more)
    return path


class Walk:
    """A client at the page; look() takes a picture of the screen."""

    def __init__(self, browser, desk, folder, form):
        self.browser, self.desk, self.folder = browser, desk, folder
        self.form = "phone" if form[2] else "desk"
        self.width = form[0]
        self.browser.size(*form)

    def see(self, *words):
        text = self.browser.text()
        for word in words:
            if word not in text:
                raise Failure(f"the page does not say {word!r}")

    def not_see(self, *words):
        text = self.browser.text()
        for word in words:
            if word in text:
                raise Failure(f"the page says {word!r}")

    def look(self, name):
        """Takes a picture. Fails if the page is wider than the screen, an element for input has no name for a screen
        reader, or the browser refused something because of the Content Security Policy."""
        self.browser.screenshot(os.path.join(self.folder, f"{name}-{self.form}.png"))
        if self.browser.content_width() > self.width:
            raise Failure(f"{name}: {self.browser.content_width()} wide on a screen of {self.width}")
        for key, label in self.browser.labels("input, select, textarea, button, summary, a"):
            if not label.strip():
                raise Failure(f"{name}: {key} has no name for a screen reader")
        for message in self.browser.complaints():
            if "Content Security Policy" in message or "Content-Security-Policy" in message:
                raise Failure(f"{name}: {message}")

    def upload(self, kind, path):
        self.browser.send_file(f"#document-{kind}-file", path)
        self.browser.press(f"#document-{kind} form button")
        self.see("The file was received.", os.path.basename(path))
        self.browser.go_to("#done")  # the notice has the focus; Tab does not reach it


def company(walk, reference):
    browser, desk, folder = walk.browser, walk.desk, walk.folder
    browser.open(desk.link("ralio-kyb", reference, {"kind": "business", "name": "Harbour Lane Trading Ltd", "country": "GB"}))
    walk.see("Verification: Harbour Lane Trading Ltd", "Company information", "Not received yet")
    walk.look("company-1-begin")
    browser.press("#hand-in button")
    walk.see("There is a problem", "Business number is missing")
    walk.look("company-2-missing")
    browser.go_to("#step-company_info-business_activity")
    browser.write("We sell ropes and sails.")
    browser.press("#step-company_info button[value=true]")
    walk.see("Saved.", "Done")
    for kind in MANDATORY:
        walk.upload(kind, paper(folder, f"{kind.lower()}.pdf"))
    walk.not_see("Not received yet")
    walk.look("company-3-ready")
    browser.press("#hand-in button")
    walk.see("Everything is submitted")
    walk.look("company-4-handed-in")
    if browser.count("form"):
        raise Failure("what was submitted can be changed")
    desk.run("corrections", reference, "--step", "company_info", "--field", "business_activity", "--document",
             "BUSINESS_NUMBER", "--message", "Which ropes, and for whom? The certificate is older than three months.", "--grace", "0")
    browser.open(browser_link(desk, reference))
    walk.see("Which ropes, and for whom?", "This is about: Business activity, Business number")
    walk.not_see("Proof of company address")
    walk.look("company-5-correction")
    browser.go_to("#step-company_info-business_activity")
    browser.write(" Hemp, for ships.")
    browser.press("#step-company_info button[value=true]")
    walk.upload("BUSINESS_NUMBER", paper(folder, "business_number_new.pdf", b"% newer\n"))
    browser.press("#hand-in button")
    walk.see("Everything is submitted")
    case = desk.show(reference)
    if case["status"] != "manual_review" or case["corrections"][0]["state"] != "answered":
        raise Failure(f"the corrected session is not in manual review: {case['status']}")


def person(walk, reference):
    browser, desk, folder = walk.browser, walk.desk, walk.folder
    browser.open(desk.link("generic-kyc", reference, {"kind": "individual", "name": "Inês Duarte", "country": "PT"}))
    walk.see("Verification: Inês Duarte", "Identity", "Source of funds")
    browser.go_to("#step-identity-name")
    browser.write("Inês Duarte")
    browser.go_to("#step-identity-date_of_birth")
    browser.write("02112990")
    browser.choose("#step-identity-nationality", "Portu")
    browser.press("#step-identity button[value=true]")
    walk.see("There is a problem")
    walk.look("person-1-fault")
    browser.go_to("#step-identity-date_of_birth")
    browser.write("02111990")
    browser.press("#step-identity button[value=true]")
    walk.see("Saved.")
    if 'value="PRT" selected' not in browser.source() and 'selected="" value="PRT"' not in browser.source() \
            and 'value="PRT" selected=""' not in browser.source():
        raise Failure("the nationality that was chosen by the keyboard is not there")
    browser.choose("#document-ID-side", "Fr")
    walk.upload("ID", paper(folder, "front.pdf"))
    walk.see("Front: Received, Back: Not received yet")
    walk.upload("ID", paper(folder, "back.pdf", b"% back\n"))
    walk.not_see("Front: Received")
    browser.toggle("#party details summary")
    browser.go_to("#party-name")
    browser.write("Rui Melo")
    browser.go_to("#party input[value=director]")
    browser.keys(SPACE)
    walk.look("person-2-party")
    browser.press("#party form button")
    walk.see("Rui Melo", "Director", "Send this link to them:")
    walk.look("person-3-ready")
    browser.press("#hand-in button")
    walk.see("Everything is submitted")
    desk.run("corrections", reference, "--step", "identity", "--field", "name", "--message",
             "The name differs from your card.", "--grace", "0")
    browser.open(browser_link(desk, reference))
    walk.see("The name differs from your card.", "Full name")
    walk.not_see("Nationality", "Address", "Passport")
    browser.toggle(".ask details summary")
    browser.go_to(".ask textarea")
    browser.write("It is my married name.")
    browser.press(".ask form button")
    walk.see("Your answer: It is my married name.", "Your answer was received.")
    walk.look("person-4-correction")
    browser.press("#hand-in button")
    walk.see("Everything is submitted")
    case = desk.show(reference)
    if case["status"] != "manual_review":
        raise Failure(f"the corrected session is not in manual review: {case['status']}")
    identity = next(step for step in case["steps"] if step["id"] == "identity")
    if identity["status"] != "completed":
        raise Failure(f"the step is {identity['status']}")


def circle(walk, reference):
    """A session is submitted, corrected, reviewed and rejected with a retry; a second one is submitted and approved.
    Each status arrives as a verified webhook."""
    browser, desk, folder = walk.browser, walk.desk, walk.folder
    reviewer = Reviewer(desk)
    # Each screen size has its own client name, so that kybdesk does not take the two clients for one person.
    name = "Ines Duarte" if walk.form == "phone" else "Olga Petrova"

    def submitted(which):
        browser.open(desk.link("generic-kyc", which, {"kind": "individual", "name": name, "country": "PT"}))
        browser.go_to("#step-identity-name")
        browser.write(name)
        for step in ("identity", "address", "selfie", "source_of_funds"):
            browser.press(f"#step-{step} button[value=true]")
            walk.see("Saved.")
        walk.upload("PASSPORT", paper(folder, "passport.jpg", content=JPEG))
        browser.press("#hand-in button")
        walk.see("Everything is submitted")
        return desk.show(which)["id"]

    first = submitted(reference)
    reviewer.ask(reference, "--step", "identity", "--field", "name", "--message", "Please write the whole name.")
    browser.open(browser_link(desk, reference))
    walk.see("Please write the whole name.")
    browser.go_to("#step-identity-name")
    browser.write(" de Melo")
    browser.press("#step-identity button[value=true]")
    browser.press("#hand-in button")
    walk.see("Everything is submitted")
    if desk.show(reference)["status"] != "manual_review":
        raise Failure("the corrected session is not in review")
    desk.run("reject", reference, *REJECT)
    browser.open(browser_link(desk, reference))
    walk.see("Your application was not accepted.", "The name differs.", "You can apply again: ask for a new link.")
    walk.look("circle-1-rejected")
    if browser.count("form"):
        raise Failure("a rejected session can be changed")
    second = submitted(reference + "-again")
    reviewer.approve(reference + "-again")
    browser.open(browser_link(desk, reference + "-again"))
    walk.see("Your application was accepted.")
    walk.look("circle-2-approved")
    events = {first: ["active", "completed", "corrections", "manual_review", "rejected"], second: ["active", "completed", "approved"]}
    for session, wanted in events.items():
        if desk.events(session, len(wanted)) != wanted:
            raise Failure(f"webhooks of {session}: {desk.events(session, 0)} instead of {wanted}")


def browser_link(desk, reference):
    """The current link of the session, which the client already has; no new link is created."""
    return json.loads(desk.run("link", reference, "--show", "--json"))["link"]


# A page of another website that follows docs/api.md: it fetches the session by the link, saves a step, uploads a file
# and submits.
ELSEWHERE = b"""<!doctype html><title>Shop</title><p id=said>working</p><script>
(async () => {
  const link = location.hash.slice(1), said = document.getElementById("said");
  const json = {"Content-Type": "application/json"};
  try {
    const asked = await (await fetch(link)).json();
    const fields = JSON.stringify({fields: {name: "Ines Duarte"}, done: true});
    const step = await fetch(link + "/steps/identity", {method: "PUT", headers: json, body: fields});
    const form = new FormData();
    form.append("type", "PASSPORT");
    form.append("file", new Blob(["%PDF-1.4\\n%%EOF\\n"]), "passport.pdf");
    const file = await fetch(link + "/documents", {method: "POST", body: form});
    const done = await fetch(link + "/complete", {method: "POST"});
    const id = step.headers.get("Kybdesk-Request-Id") ? "with its id" : "without an id";
    const cookies = await fetch(link, {credentials: "include"}).then(() => "cookies", () => "no cookies");
    said.textContent = [asked.status, step.status, file.status, done.status, id, cookies].join(" ");
  } catch (error) {
    said.textContent = "refused by the browser";
  }
})();
</script>"""


def elsewhere(desk, work):
    """Scripts of another website can use the link only if the setting link_origins names their origin."""
    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(ELSEWHERE)

        def log_message(self, *_):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = f"http://127.0.0.1:{server.server_port}"
    browser = Browser(work, scripts=True)
    link = desk.link("generic-kyc", "E-1", {"kind": "individual", "name": "Ines Duarte", "country": "PT"})
    try:
        for origins, wanted in (
            ("", "refused by the browser"),
            (f"http://127.0.0.1:{server.server_port + 1}", "refused by the browser"),
            (f"https://shop.example,{origin}", "draft 200 201 200 with its id no cookies"),
        ):
            desk.run("store", "set", "link_origins", origins)
            browser.open("about:blank")
            browser.open(f"{origin}/#{link.replace('/s/', '/api/s/')}")
            said = wait_for("the other website", lambda: browser.text() != "working" and browser.text())
            if said != wanted:
                raise Failure(f"with link_origins \"{origins}\": {said}")
    finally:
        browser.end()
        server.shutdown()


def strangers(walk):
    walk.browser.open(walk.desk.url + "/s/nothing")
    walk.see("This page does not exist")
    walk.look("unknown")


def main():
    program, folder = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    os.makedirs(folder, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kybdesk-browser.") as work:
        desk = Desk(program, work)
        browser = None
        try:
            browser = Browser(work)
            browser.open("data:text/html,<p id=p>still<script>p.textContent='runs'</script>")
            if browser.text() != "still":
                raise Failure("scripts run in this browser; it is to be without them")
            for form, mark in ((PHONE, "1"), (DESK, "2")):
                walk = Walk(browser, desk, folder, form)
                company(walk, "R-" + mark)
                print(f"a company submits, corrects and submits again, {walk.form}: good", flush=True)
                person(walk, "P-" + mark)
                print(f"a person submits, answers and submits again, {walk.form}: good", flush=True)
                circle(walk, "C-" + mark)
                print(f"a person is corrected, rejected and approved at the second try, {walk.form}: good", flush=True)
                strangers(walk)
            elsewhere(desk, work)
            print("a script of another website uses the link if the store names its origin: good", flush=True)
        except Failure as failure:
            if browser:
                browser.screenshot(os.path.join(folder, "failure.png"))
                with open(os.path.join(folder, "failure.html"), "w", encoding="utf-8") as out:
                    out.write(browser.source())
            print(f"browser: {failure}", file=sys.stderr)
            return 1
        finally:
            if browser:
                browser.end()
            desk.end()
    return 0


if __name__ == "__main__":
    sys.exit(main())
