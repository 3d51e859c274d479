#!/usr/bin/env python3
"""Makes docs/reliability.md of reliability.txt and of what a run of ./dev test left in build/test/results: reliability.py FORM.

FORM is "long" or "short", and is told in the page. A test that did not run (./dev test NAME) keeps the row that it had, if
the page was made by a run of the same form.
"""
import fnmatch
import glob
import json
import os
import re
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
RESULTS = os.path.join(ROOT, "build", "test", "results")
PAGE = os.path.join(ROOT, "docs", "reliability.md")
PASSED, FAILED = "holds", "**fails**"
TOP = """# Reliability

What is promised, by which tests it is held, and how much each of them tried. `./dev test --long` makes this page of what the
tests print (`tests/reliability.py`, promises in `tests/reliability.txt`); nothing here is written by hand. {form}

Memory is tried by all of them: they run with AddressSanitizer and UndefinedBehaviorSanitizer, and look for leaks. Parsers are
tried by `./dev fuzz` beside them.
"""
FORMS = {"long": "This page is of the long form.",
         "short": "This page is of the short form, which every change runs; the long one tries more."}


def promises():
    """[(words, [(program, pattern)])]"""
    found = []
    for line in open(os.path.join(ROOT, "tests", "reliability.txt")):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("\t"):
            found[-1][1].append(tuple(line.split()))
        else:
            found.append((line.strip(), []))
    return found


def results():
    """{program: {suite/test: (passed, what was tried)}} of the programs that ran."""
    found = {}
    for path in sorted(glob.glob(os.path.join(RESULTS, "*.json"))):
        program = os.path.basename(path)[:-5]
        text = open(os.path.join(RESULTS, program), errors="replace").read()
        tried = {"%s/%s" % (suite, test): what for suite, test, what in
                 re.findall(r"^tried (\S+?)::(\S+?): (.*)$", text, re.M)}
        tests = {}
        for suite in json.load(open(path))["test_suites"]:
            for test in suite["tests"]:
                if test["status"] != "SKIPPED":
                    name = "%s/%s" % (suite["name"], test["name"])
                    tests[name] = (test["status"] == "PASSED", tried.get(name, ""))
        found[program] = tests
    return found


def rows_before(form):
    """{(program, test): row} of the page as it stands."""
    if not os.path.exists(PAGE):
        return {}
    text = open(PAGE).read()
    if FORMS[form] not in text:
        return {}
    return {(row.split(" | ")[0][2:], row.split(" | ")[1].strip("`")): row
            for row in text.splitlines() if row.startswith("| test_")}


def main():
    form = sys.argv[1]
    ran, before, missing, unknown = results(), rows_before(form), [], []
    out = [TOP.format(form=FORMS[form])]
    for words, patterns in promises():
        out.append("## %s\n\n| program | test | tried | |\n| --- | --- | --- | --- |" % words)
        for program, pattern in patterns:
            rows = {}
            for (of, test), row in before.items():
                if of == program and fnmatch.fnmatch(test, pattern):
                    rows[test] = row
            for test, (passed, tried) in ran.get(program, {}).items():
                if fnmatch.fnmatch(test, pattern):
                    rows[test] = "| %s | `%s` | %s | %s |" % (program, test, tried.replace("|", "/"),
                                                              PASSED if passed else FAILED)
            if not rows:
                (unknown if program in ran else missing).append("%s %s" % (program, pattern))
            out += [rows[test] for test in sorted(rows)]
        out.append("")
    if unknown:
        sys.exit("reliability: tests/reliability.txt names tests that are not there: %s" % ", ".join(unknown))
    if missing:
        print("reliability: docs/reliability.md stays as it is; there is nothing yet of: %s" % ", ".join(missing))
        return
    open(PAGE, "w").write("\n".join(out))
    print("reliability: docs/reliability.md is made anew")


main()
