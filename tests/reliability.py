#!/usr/bin/env python3
"""Makes build/reliability.md, the report of the runs, from tests/reliability.txt and the results of tests: reliability.py FORM [FOLDER].

FORM is "long" or "short"; the row of a test that passes in the long form says so. FOLDER (build/test/results) holds
for each run a file PROGRAM.json or PROGRAM.ANYTHING.json, and the output of the program in a file of the same name
without .json. A test that did not run keeps its previous row. A test that passes in the short form keeps its previous
row if this row shows that it passed in the long form, which tries more.
"""
import fnmatch
import glob
import json
import os
import re
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
RESULTS = os.path.join(ROOT, "build", "test", "results")
PAGE = os.path.join(ROOT, "build", "reliability.md")
PASSED, FAILED, LONG = "holds", "**fails**", ", long form"
TOP = """# Reliability

Each section is a promise of the program, with the tests that check it and the number of their trials.
`./dev test --long` makes this page (`tests/reliability.py`) from the output of the tests and the promises in
`tests/reliability.txt`; do not edit it. A row with "long form" shows the long run of its test. The other rows show the
short run, which every change repeats.

All tests also check memory: they run with AddressSanitizer and UndefinedBehaviorSanitizer, and look for leaks. The
exceptions are the rows with "the program as it is shipped" (`./dev test --shipped`). `./dev fuzz` tests the parsers
further.
"""


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


def results(folder):
    """{program: {suite/test: (passed, what was tried)}} of the programs that ran."""
    found = {}
    for path in sorted(glob.glob(os.path.join(folder, "*.json"))):
        text = open(path[:-5], errors="replace").read()
        tried = {"%s/%s" % (suite, test): what for suite, test, what in
                 re.findall(r"^tried (\S+?)::(\S+?): (.*)$", text, re.M)}
        tests = found.setdefault(os.path.basename(path).split(".")[0], {})
        for suite in json.load(open(path))["test_suites"]:
            for test in suite["tests"]:
                if test["status"] != "SKIPPED":
                    name = "%s/%s" % (suite["name"], test["name"])
                    tests[name] = (test["status"] == "PASSED", tried.get(name, ""))
    return found


def rows_before():
    """{(program, test): row} of the existing page."""
    if not os.path.exists(PAGE):
        return {}
    return {(row.split(" | ")[0][2:], row.split(" | ")[1].strip("`")): row
            for row in open(PAGE).read().splitlines() if row.startswith("| test_")}


def row_of(program, test, passed, tried, form):
    said = PASSED + (LONG if form == "long" else "") if passed else FAILED
    return "| %s | `%s` | %s | %s |" % (program, test, tried.replace("|", "/"), said)


def main():
    form = sys.argv[1]
    ran, before, missing, unknown = results(sys.argv[2] if len(sys.argv) > 2 else RESULTS), rows_before(), [], []
    out = [TOP]
    for words, patterns in promises():
        out.append("## %s\n\n| program | test | tried | |\n| --- | --- | --- | --- |" % words)
        for program, pattern in patterns:
            rows = {}
            for (of, test), row in before.items():
                if of == program and fnmatch.fnmatch(test, pattern):
                    rows[test] = row
            for test, (passed, tried) in ran.get(program, {}).items():
                tried_more = form == "short" and passed and rows.get(test, "").endswith(PASSED + LONG + " |")
                if fnmatch.fnmatch(test, pattern) and not tried_more:
                    rows[test] = row_of(program, test, passed, tried, form)
            if not rows:
                (unknown if program in ran else missing).append("%s %s" % (program, pattern))
            out += [rows[test] for test in sorted(rows)]
        out.append("")
    if unknown:
        sys.exit("reliability: tests/reliability.txt names tests that are not there: %s" % ", ".join(unknown))
    if missing:
        print("reliability: build/reliability.md stays as it is; there is nothing yet of: %s" % ", ".join(missing))
        return
    open(PAGE, "w").write("\n".join(out))
    print("reliability: build/reliability.md is made anew")


main()
