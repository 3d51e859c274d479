#!/usr/bin/env python3
"""Compares the suites of the built test programs with tests/engines.txt: engines.py BUILD [ROOT]
A suite that uses a store runs on both engines, or stands in engines.txt with the reason. --table prints, for each
suite: tests, engines, seconds of the last run of all on each engine ("-": not run), and the reason."""
import os
import pathlib
import re
import subprocess
import sys

# Programs on a store in a file, and those that run the same suites on a server.
PAIRS = {"test_store": ["test_postgresql"], "test_desk": ["test_postgresql_desk"],
         "test_command": ["test_postgresql_front", "test_postgresql_desk"], "test_api": ["test_postgresql_front"],
         "test_fault": ["test_postgresql_desk"], "test_rules": [], "test_screen": [], "test_tui": [], "test_webhook": []}
SERVER = sorted({name for names in PAIRS.values() for name in names})
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
    findings += [f"tests/lint/engines.py: {name}: say which engine it runs on" for name in programs if name not in [*PAIRS, *SERVER, *BOTH, *NONE]]
    on = {name: suites(f"{build}/{name}") for name in programs if name in [*PAIRS, *SERVER, *BOTH]}
    for program, suite in [(program, suite) for program in on for suite in on[program]]:
        twins = PAIRS.get(program) or [name for name in PAIRS if program in PAIRS[name]]
        # Of the commands' suites the desk's program has the stories; the others of a like name are the desk's own.
        twins = [name for name in twins if suite in on.get(name, []) and
                 ({program, name} != {"test_command", "test_postgresql_desk"} or "story" in suite)]
        if program in SERVER and twins:
            continue  # its row is that of the program on a file
        reason, served = "", program in SERVER
        if not twins and program not in BOTH:
            key = next((key for key in [f"{program}/{suite}", suite, f"{program}/*"] if key in reasons), None)
            unused.discard(key)
            reason = reasons.get(key, "")
            if not key:
                findings.append(f"tests/engines.txt: {suite} of {program} runs on one engine: run it on the other, or give the reason")
        times = ["+".join(seconds(build, name, suite) for name in names) for names in ([program], twins)]
        rows.append([suite, str(on[program][suite]), *(times[::-1] if served else times), reason])
    findings += [f"tests/engines.txt: {key}: no suite needs this line" for key in sorted(unused)]
    if "--table" in sys.argv:
        print("| suite | tests | file, s | server, s | why on one |\n| --- | --- | --- | --- | --- |")
        print("\n".join(f"| {' | '.join(row)} |" for row in sorted(rows)))
    print("\n".join(findings), end="\n" if findings else "", file=sys.stderr if "--table" in sys.argv else sys.stdout)
    return bool(findings)


sys.exit(main())
