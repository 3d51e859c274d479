#!/usr/bin/python3
"""Runs axe-core on the states of the client's page, in four languages, at the width of a phone and of a desktop.

usage: axe.py PROGRAM FOLDER AXE
AXE is axe.min.js of the npm package axe-core. The pages are read over HTTP, refused forms included, and shown in the
browser without their policy, since axe is a script. Prints the violations; none is good.
"""

import os
import re
import sys
import tempfile
import urllib.error
import urllib.request

from driver import Browser, Failure
from page_test import DESK, PDF, PHONE, Desk

LANGUAGES = ("en", "de", "es", "pt")
# All rules of axe: WCAG A and AA, and its best practices
RUN = """var done = arguments[arguments.length - 1];
axe.run(document, {resultTypes: ['violations']}).then(function (found) {
  done(found.violations.map(function (v) { return v.id + ': ' + v.nodes.map(function (n) { return n.html; }).join(' | '); })); },
  function (error) { done(['axe failed: ' + error]); });"""


def fetch(url, language, fields=None, file=None):
    """The page as HTML, after a form too; a redirect is followed."""
    headers, body = {"Accept-Language": language}, None
    if fields is not None:
        parts = ["--bound\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n" % one for one in fields.items()]
        if file:
            parts.append("--bound\r\nContent-Disposition: form-data; name=\"file\"; filename=\"%s\"\r\n\r\n%s\r\n" % (file, PDF.decode()))
        body, headers["Content-Type"] = ("".join(parts) + "--bound--\r\n").encode(), "multipart/form-data; boundary=bound"
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, headers)) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as refused:
        return refused.read().decode()


def states(desk, language):
    """Each state of the page: (name, HTML)."""
    link = desk.link("generic-kyc", "A-" + language, {"kind": "individual", "name": "Inês Duarte", "country": "PT"})
    company = desk.link("avenia-kyb-level-1", "B-" + language, {"kind": "business", "name": "Praia Ltda", "country": "BR"})
    yield "person", fetch(link, language)
    yield "company", fetch(company, language)
    wrong = {"f.date_of_birth": "2999-01-01", "f.nationality": "Atlantis", "done": "true"}
    yield "wrong fields", fetch(link + "/steps/identity", language, wrong)
    yield "no file", fetch(link + "/documents", language, {"type": "PASSPORT"})
    yield "wrong party", fetch(company + "/subsessions", language, {"kind": "individual", "name": "", "percent": "101"})
    yield "a party", fetch(company + "/subsessions", language, {"kind": "individual", "name": "Rui Melo", "role": "ubo"})
    yield "too early", fetch(company + "/complete", language, {"hand_in": "true"})
    yield "uploaded", fetch(link + "/documents", language, {"type": "PASSPORT"}, "passport.pdf")
    yield "one side", fetch(link + "/documents", language, {"type": "ID", "side": "front"}, "card.pdf")
    yield "the other side", fetch(link + "/documents", language, {"type": "ID", "side": "back"}, "back.pdf")
    yield "submitted", fetch(link + "/complete", language, {"hand_in": "true"})
    desk.run("corrections", "A-" + language, "--step", "identity", "--field", "name", "--document", "PASSPORT", "--message",
             "The name differs.", "--grace", "0")
    corrected = fetch(link, language)
    yield "corrections", corrected
    yield "no answer", fetch(link + "/corrections/" + re.search(r'id="correction-([^"]+)"', corrected)[1], language, {"words": " "})
    yield "unknown", fetch(desk.url + "/s/nothing", language)
    yield "broken", fetch(link + "?x=%FF", language)


def check(browser, axe, html):
    browser.open("about:blank")
    frame = browser.cdp("Page.getFrameTree")["frameTree"]["frame"]["id"]
    browser.cdp("Page.setDocumentContent", frameId=frame, html=html)
    browser.execute(axe)
    return browser.execute(RUN, wait=True)


def main():
    program, folder, axe_file = (os.path.abspath(one) for one in sys.argv[1:4])
    with open(axe_file, encoding="utf-8") as file:
        axe = file.read()
    pages, found = 0, 0
    with tempfile.TemporaryDirectory(prefix="kybdesk-axe.") as work:
        desk, browser = Desk(program, work), None
        try:
            browser = Browser(work, scripts=True)
            if not check(browser, axe, "<html><body><input></body></html>"):
                raise Failure("axe finds nothing on a page that has faults")
            for language in LANGUAGES:
                for name, html in states(desk, language):
                    for form in (PHONE, DESK):
                        browser.size(*form)
                        wrong = check(browser, axe, html)
                        pages, found = pages + 1, found + len(wrong)
                        for one in wrong:
                            print(f"{name}, {language}, {form[0]} px: {one}")
        except Failure as failure:
            print(f"axe: {failure}", file=sys.stderr)
            return 1
        finally:
            if browser:
                browser.end()
            desk.end()
    print(f"axe: {pages} pages, {found} violations")
    return 1 if found or not pages else 0


if __name__ == "__main__":
    sys.exit(main())
