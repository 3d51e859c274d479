#!/usr/bin/env python3
"""Compares the suites of the built test programs with tests/engines.txt: engines.py BUILD [ROOT]
A suite that uses a store runs on both engines, or stands in engines.txt with the reason. --table prints, for each
suite: tests, engines, seconds of the last run of all on each engine ("-": not run), and the reason."""
import os
import pathlib
import re
import subprocess
import sys

FILE = ["test_api", "test_command", "test_desk", "test_fault", "test_rules", "test_screen", "test_store", "test_tui", "test_webhook"]
SERVER = ["test_postgresql", "test_postgresql_desk", "test_postgresql_front"]
BOTH = ["test_operating"]  # plays each engine itself
NONE = ["test_base", "test_cli", "test_codec", "test_domain", "test_fuzz", "test_lint", "test_page", "test_sandbox",
        "test_settings", "test_threads"]


def suites(program):
    """Suite -> number of tests, as Criterion lists them."""
    text = subprocess.run([program, "--list"], capture_output=True, text=True, check=True, env={"PATH": os.defpath, "ASAN_OPTIONS": "detect_leaks=0"}).stdout
    return {name: int(count) for name, count in re.findall(r"^(\w+): (\d+) tests?", text, re.M)}


def seconds(build, program, suite):
    times = pathlib.Path(build) / "times" / program
    lines = times.read_text().splitlines() if times.exists() else []
    found = [float(line.split()[0]) for line in lines if line.split()[1].startswith(suite + "/") or line.split()[1].startswith(suite + "::")]
    return f"{sum(found):.0f}" if found else "-"


def main():
    arguments = [word for word in sys.argv[1:] if word != "--table"]
    build, root = arguments[0], pathlib.Path(arguments[1] if len(arguments) > 1 else ".")
    reasons = dict(re.split(r"\s+", line, maxsplit=1) for line in (root / "tests/engines.txt").read_text().splitlines()
                   if line and not line.startswith("#"))
    findings, rows, unused = [], [], set(reasons)
    programs = (pathlib.Path(build) / "test_programs").read_text().split()
    findings += [f"tests/lint/engines.py: {name}: say which engine it runs on" for name in programs if name not in FILE + SERVER + BOTH + NONE]
    on = {name: suites(f"{build}/{name}") for name in programs if name in FILE + SERVER + BOTH}
    for suite in sorted({suite for listed in on.values() for suite in listed}):
        of = [name for name in on if suite in on[name]]
        engines = {"file": [name for name in of if name in FILE], "server": [name for name in of if name in SERVER]}
        reason = ""
        if not all(engines.values()) and not any(name in BOTH for name in of):
            key = next((key for key in [suite, f"{of[0]}/*"] if key in reasons), None)
            unused.discard(key)
            reason = reasons.get(key, "")
            if not key:
                findings.append(f"tests/engines.txt: {suite} of {of[0]} runs on one engine: run it on the other, or give the reason")
        rows.append([suite, str(max(on[name][suite] for name in of)),
                     *("+".join(seconds(build, name, suite) for name in names) or ("itself" if not reason else "no") for names in engines.values()), reason])
    findings += [f"tests/engines.txt: {key}: no suite needs this line" for key in sorted(unused)]
    if "--table" in sys.argv:
        print("| suite | tests | file, s | server, s | why on one |\n| --- | --- | --- | --- | --- |")
        print("\n".join(f"| {' | '.join(row)} |" for row in rows))
    print("\n".join(findings), end="\n" if findings else "", file=sys.stderr if "--table" in sys.argv else sys.stdout)
    return bool(findings)


sys.exit(main())
