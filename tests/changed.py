#!/usr/bin/env python3
"""Prints the test programs and suites for the files that differ from a commit: changed.py [BASE [FOLDER]]

Each line: PROGRAM SUITES, with SUITES as for --filter. BASE: HEAD; FOLDER, the build: build/test. A changed test names
its own suites. A changed source names the suites of the test files that call its functions, those that call most of them
first, or, if none does, that include its header. Suites are taken until their last run (FOLDER/times) took 30 s on this
machine's processors; the rest is told on the standard error."""
import collections
import os
import re
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
SECONDS = 30
UNKNOWN_S = 0.5  # of a test that never ran here
TEST = re.compile(r"^(?:ParameterizedTest|Test)\((?:[^,()]+, )??(\w+), \w+", re.M)
FUNCTION = re.compile(r"^(?!static\b|typedef\b|return\b|#)[a-z][\w \t*]*?\b(\w+)\(", re.M)


def read(path):
    try:
        with open(os.path.join(ROOT, path), errors="replace") as file:
            return file.read()
    except OSError:
        return ""


def said(*words):
    return subprocess.run(words, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout.split("\n")[:-1]


def programs_of(folder):
    """{test file: programs that contain it}"""
    found = collections.defaultdict(list)
    for program in read(os.path.join(folder, "test_programs")).split():
        for path in said("ninja", "-C", folder, "-t", "inputs", program):
            path = os.path.relpath(os.path.join(ROOT, folder, path), ROOT)
            if path.startswith("tests/") and path.endswith(".c"):
                found[path].append(program)
    return found


def times_of(folder, program):
    """{suite: seconds of its last run}"""
    found = collections.Counter()
    for line in read(os.path.join(folder, "times", program)).splitlines():
        seconds, name = line.split(" ", 1)
        found[name.split("/")[0]] += float(seconds)
    return found


def files_for(changed, tests):
    """{test file: how much it has to do with the changed files}"""
    found = collections.Counter()
    for path in changed:
        if path in tests and TEST.search(tests[path]):
            found[path] += 1000
            continue
        if not path.endswith((".c", ".h")):
            print("changed: no test is known for " + path, file=sys.stderr)
            continue
        names = set(FUNCTION.findall(read(path)))
        header = os.path.splitext(os.path.basename(path))[0] + ".h\""
        scores = collections.Counter()
        for test, text in tests.items():
            calls = len(names & set(re.findall(r"\w+", text))) if names else 0
            if calls:
                scores[test] = calls
        if not scores:
            scores.update({test: 1 for test, text in tests.items() if "/" + header in text or "\"" + header in text})
        found.update(scores)
        if not scores:
            print("changed: no test names what is in %s; ./dev test runs them all" % path, file=sys.stderr)
    return found


def main(base="HEAD", folder="build/test"):
    changed = [path for path in said("git", "diff", "--name-only", base) +
               said("git", "ls-files", "--others", "--exclude-standard") if re.match(r"(src|include|tests|data)/", path)]
    programs = programs_of(folder)
    tests = {path: read(path) for path in programs}
    score, count = collections.Counter(), collections.Counter()
    for path, much in files_for(changed, tests).items():
        for suite in TEST.findall(tests[path]):
            for program in programs[path]:
                score[program, suite] = max(score[program, suite], much)
                count[program, suite] += 1
    left, taken, rest = SECONDS * (os.cpu_count() or 1), collections.defaultdict(list), []
    times = {program: times_of(folder, program) for program in {program for program, _ in score}}
    for program, suite in sorted(score, key=lambda key: (-score[key], key)):
        needs = times[program].get(suite) or UNKNOWN_S * count[program, suite]
        if needs > left and taken:
            rest.append("%s %s/*" % (program, suite))
        else:
            left -= needs
            taken[program].append(suite)
    for program, suites in taken.items():
        print("%s @(%s)/*" % (program, "|".join(suites)))
    if rest:
        print("changed: beyond %d s, %d further suites are not run: %s%s" % (
            SECONDS, len(rest), ", ".join(rest[:8]), ", …" if len(rest) > 8 else ""), file=sys.stderr)


if __name__ == "__main__":
    main(*sys.argv[1:3])
