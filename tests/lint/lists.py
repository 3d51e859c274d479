#!/usr/bin/env python3
"""Compares sources.cmake, the list of the source files that CMake compiles, with the files below src and tests. Prints
each difference; fails on any.

lists.py [--write] [ROOT]: --write: writes the list anew."""
import pathlib
import sys

HEAD = "# The source files, for kyb_sources(); written by tests/lint/lists.py --write.\nset(KYB_SOURCES\n"


def main():
    write = "--write" in sys.argv[1:]
    root = pathlib.Path(next((word for word in sys.argv[1:] if word != "--write"), "."))
    listed = root / "sources.cmake"
    found = sorted(path.relative_to(root).as_posix() for folder in ("src", "tests") for path in (root / folder).glob("**/*.c"))
    if write:
        listed.write_text(HEAD + "".join(f"  {path}\n" for path in found) + ")\n")
        return 0
    old = [line.strip() for line in listed.read_text().splitlines() if line.startswith("  ")]
    for path in sorted(set(found) - set(old)):
        print(f"sources.cmake: {path} is missing; run tests/lint/lists.py --write")
    for path in sorted(set(old) - set(found)):
        print(f"sources.cmake: {path} does not exist; run tests/lint/lists.py --write")
    if len(old) != len(set(old)):
        print("sources.cmake: a file is listed twice; run tests/lint/lists.py --write")
    return int(sorted(old) != found)


sys.exit(main())
