#!/usr/bin/env python3
"""Compares the rows of docs/waits.md with tests/waits.txt, both ways, and the names in it with the tests: waits.py [ROOT]"""
import pathlib
import re
import sys


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    rows = [re.split(r" \| ", line.strip("| \n"))[0] for line in (root / "docs/waits.md").read_text().splitlines() if line.startswith("| ")]
    rows = [row for row in rows if row not in ("wait", "---")]
    lines = [line for line in (root / "tests/waits.txt").read_text().splitlines() if line and not line.startswith("#")]
    tests = {"::".join(found) for path in (root / "tests").glob("**/*_test.c")
             for found in re.findall(r"^Test\((\w+),\s*(\w+)", path.read_text(), re.M)}
    named = dict(line.rsplit(" | ", 1) for line in lines)
    findings = [f"docs/waits.md: \"{row}\": no test that freezes the peer; name one in tests/waits.txt" for row in rows if row not in named]
    findings += [f"tests/waits.txt: \"{row}\": docs/waits.md has no such row" for row in named if row not in rows]
    findings += [f"tests/waits.txt: {test}: no such test" for text in named.values() for test in text.split() if test not in tests]
    print("\n".join(findings), end="\n" if findings else "")
    return bool(findings)


sys.exit(main())
