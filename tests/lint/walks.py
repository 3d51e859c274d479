#!/usr/bin/env python3
"""Checks each word in back-ticks of the pages for developers: a path exists, and every name occurs in the sources.

walks.py [ROOT]. NAME, LAYER and * stand for any name."""
import pathlib
import re
import sys

PAGES = ("docs/architecture.md", "docs/walks.md")
SOURCES = ("src", "include", "tests", "data", "themes")
KINDS = {".c", ".h", ".py", ".sh", ".cmake", ".sql", ".json", ".txt", ".in", ".md"}
ANY = re.compile(r"NAME|LAYER|\*")
WORD = re.compile(r"[A-Za-z_*][\w*]*")
PATH = re.compile(r"[\w.*-]*(?:/[\w.*-]+)+/?|[\w*-]+\.(?:c|h|py|sh|cmake|md|json|txt|sql)\b")


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    files = [path for folder in SOURCES for path in (root / folder).glob("**/*") if path.suffix in KINDS and path.is_file()]
    files += [path for path in (root / "docs").glob("**/*") if path.is_file()]
    files += [path for name in ("dev", "CMakeLists.txt", "CMakePresets.json", "sources.cmake") for path in root.glob(name)]
    names = {path.relative_to(root).as_posix() for path in files}
    names |= {parent.as_posix() for name in names for parent in pathlib.PurePath(name).parents}
    text = "\n".join(path.read_text(errors="replace") for path in files if "docs" not in path.relative_to(root).parts)
    members = set(re.findall(r"(?:\.|->)(\w+)(?: =|;|,|\)| \+=)", text))
    known = set(re.findall(r"\w+", text)) | set(re.findall(r"\w+", " ".join(names)))
    bad = False
    for page in PAGES:
        for number, line in enumerate((root / page).read_text().splitlines(), 1) if (root / page).exists() else ():
            if line.startswith("    "):
                continue
            for quoted in re.findall(r"`([^`]+)`", line):
                for member in re.findall(r"^\.(\w+)|->(\w+)", quoted):
                    if not members.intersection(filter(None, member)):
                        print(f"{page}:{number}: `{quoted}`: no member of this name is set in the sources")
                        bad = True
                rest = re.sub(r"--filter '[^']*'|\S*build/\S*", " ", quoted)
                quoted_paths = PATH.findall(rest)
                for path in quoted_paths:
                    rest = rest.replace(path, " ")
                    wanted = "(.*/)?" + re.escape(ANY.sub("*", path.strip("/").removeprefix("./"))).replace(r"\*", "[^/]*")
                    if not any(re.fullmatch(wanted, name) for name in names):
                        print(f"{page}:{number}: `{quoted}`: {path} does not exist")
                        bad = True
                for word in WORD.findall(rest):
                    pattern = ANY.sub("*", word)
                    if pattern.strip("*_") and not (word in known if "*" not in pattern else any(
                            re.fullmatch(pattern.replace("*", ".*"), name, re.I) for name in known)):
                        print(f"{page}:{number}: `{quoted}`: {word} is not in the sources")
                        bad = True
    return bad


sys.exit(main())
