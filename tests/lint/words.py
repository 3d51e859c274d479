#!/usr/bin/env python3
"""Checks the language of comments, messages and names (docs/style.md). Prints each finding; fails on any.

words.py [ROOT]: reads src, include and tests below ROOT."""
import pathlib
import re
import sys

TOKEN = re.compile(r'(/\*.*?\*/|//[^\n]*)|("(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\')', re.S)
QUOTED = re.compile(r'"[^"]*"|`[^`]*`')

# Banned in comments: pronouns without a noun, inverted sentences, and words that the glossary replaces.
COMMENTS = [
    (r"\b(who|whom|whose|whoever|whomever|whatever|whichever)\b", "name the noun"),
    (r"\bthose (that|which|of)\b", "name the noun"),
    (r"\bof before\b|\bof ours\b", "say \"old\" or \"previous\""),
    (r"\bNone where\b", "main clause first"),
    (r"\bis no (?!longer\b|more\b)|\bthere is no\b", "say \"not a\" or \"no … exists\""),
    (r"\b(turnstile|clerk|deeds?|shelf)\b|\bhand(s|ed|ing)? in\b", "the glossary has another word"),
]
# Banned in messages of the program: other forms of "Unknown X", and words that the glossary replaces.
MESSAGES = [
    (r"\b[Tt]here is no\b|\bis no (?!longer\b|more\b)|\bare no [A-Z]", "say \"Unknown X \\\"%s\\\"\" or \"is not a X\""),
    (r"\bhanded in\b|\bHTTP door\b", "the glossary has another word"),
]
# Banned in names of the program: words that are clear only inside a sentence. Names after a dot are checked where they are
# declared; members of the API's bodies are declared in its dialects.
NAMES = re.compile(r"(?<![.\w])(?:\w+_)?(who|asked|looked|goes|whom|whose|those|told|tells?|said|brings?|brought|lift|wish|somebody|nobody|went)(?:_\w+)?\b")
# One form of fixture in the tests, and names of tests' functions that do not say what must be true.
FIXTURE = re.compile(r"\.(init|fini) = (?!(?:\w+_)?(?:set_up|tear_down)(?:_[\w#]+)?\b)(\w+)")
VAGUE = re.compile(r"^(?:static )?(?:inline )?\w[\w *]*?\b((?:came|given|odd|honest)(?:_\w+)?)\(", re.M)
HEADING = re.compile(r"\b(?:docs/)?([a-z][\w-]*\.md),? \"([^\"]+)\"")
PAGE = re.compile(r"\b((?:docs/)?[a-z][\w/-]*\.md)\b")


def findings(path, text, pages):
    message = path.startswith(("src/", "include/"))
    if message:
        code = TOKEN.sub(lambda token: re.sub(r"[^\n]", " ", token.group()), text)
        for found in NAMES.finditer(code):
            yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: {found.group()}: name the noun, not \"{found.group(1)}\""
    elif "/planted/" not in path:
        for found in FIXTURE.finditer(text):
            yield f"{path}:{text.count(chr(10), 0, found.start()) + 1}: .{found[1]} = {found[2]}: call it set_up or tear_down (docs/testing.md)"
        for found in VAGUE.finditer(text):
            yield f"{path}:{text.count(chr(10), 0, found.start(1)) + 1}: {found[1]}(): say what it does or what must be true"
    for token in TOKEN.finditer(text):
        comment, literal = token.groups()
        line = text.count("\n", 0, token.start()) + 1
        words = QUOTED.sub("", comment) if comment else literal if message else ""
        for pattern, why in COMMENTS if comment else MESSAGES:
            found = re.search(pattern, words, re.I if comment else 0)
            if found:
                yield f"{path}:{line}: \"{found.group().strip()}\": {why}"
        for page in PAGE.findall(comment or ""):
            if page not in pages:
                yield f"{path}:{line}: {page} is not a page of this repository"
        for page, heading in HEADING.findall(re.sub(r"\s*\n\s*\*?\s*", " ", comment or "")):
            if page in pages and heading not in pages[page]:
                yield f"{path}:{line}: {page} has no heading \"{heading}\""


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    pages = {}  # name -> headings
    for page in root.glob("**/*.md"):
        name = page.relative_to(root).as_posix()
        if not name.startswith("build/"):
            headings = re.findall(r"^#+ (.*)$", page.read_text(), re.M)
            for known in (name, name.removeprefix("docs/"), page.name):
                pages.setdefault(known, []).extend(headings)
    bad = False
    for folder in ("src", "include", "tests"):
        for path in sorted((root / folder).glob("**/*.[ch]")):
            for finding in findings(path.relative_to(root).as_posix(), path.read_text(), pages):
                print(finding)
                bad = True
    return bad


sys.exit(main())
