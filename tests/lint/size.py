#!/usr/bin/env python3
"""Counts the lines of the program and of its tests in C, and compares them with another commit.

size.py [BASE]: BASE: a commit, by default the last tag, or without tags the commit that set the version. Without git,
prints only the numbers of the tree. The program: each .c and .h outside tests/. A line of code has more than blanks and
comments."""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
PIECES = re.compile(r'(/\*.*?\*/|//[^\n]*)|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)
KINDS = ("code", "comments", "blank", "tests")


def git(*words, data=None):
    try:
        done = subprocess.run(["git", *words], cwd=ROOT, input=data, capture_output=True)
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None


def count(files):
    """Lines of each kind in (path, text) pairs."""
    lines = dict.fromkeys(KINDS, 0)
    for path, text in files:
        if path.startswith("tests/"):
            lines["tests"] += text.count("\n")
            continue
        code = PIECES.sub(lambda piece: re.sub(r"[^\n]", " ", piece[0]) if piece[1] else piece[0], text)
        for line, rest in zip(text.split("\n")[:-1], code.split("\n")):
            lines["code" if rest.strip() else "comments" if line.strip() else "blank"] += 1
    return lines


def in_tree():
    listed = git("ls-files", "-z", "*.c", "*.h")
    names = listed.decode().split("\0")[:-1] if listed else [
        path.relative_to(ROOT).as_posix() for path in ROOT.glob("**/*.[ch]") if path.relative_to(ROOT).parts[0] != "build"]
    for name in names:
        if (ROOT / name).is_file():
            yield name, (ROOT / name).read_text(errors="replace")


def in_commit(commit):
    names = [name for name in git("ls-tree", "-rz", "--name-only", commit).decode().split("\0") if name.endswith((".c", ".h"))]
    out = git("cat-file", "--batch", data="".join(f"{commit}:{name}\n" for name in names).encode()) or b""
    at = 0
    for name in names:
        end = out.index(b"\n", at)
        size = int(out[at:end].split()[-1])
        yield name, out[end + 1:end + 1 + size].decode(errors="replace")
        at = end + size + 2


def last_release():
    tag = git("describe", "--tags", "--abbrev=0", "--match", "v[0-9]*")
    if tag:
        return tag.decode().strip()
    return (git("log", "-1", "--format=%h", "-Gset.KYB_RELEASED", "--", "CMakeLists.txt") or b"").decode().strip()


def main():
    asked = sys.argv[1] if len(sys.argv) > 1 else ""
    base = asked or last_release()
    commit = git("rev-parse", "--verify", "--quiet", base + "^{commit}") if base else None
    if asked and not commit:
        print(f"size: {asked} is not a commit of this repository; give a branch, a tag or a hash")
        return 2
    now = count(in_tree())
    old = count(in_commit(commit.decode().strip())) if commit else {}
    print(f"{'lines of C':10} {'now':>9}" + (f" {base:>12} {'change':>8}" if old else ""))
    for kind in KINDS:
        print(f"{kind:10} {now[kind]:9,}" + (f" {old[kind]:12,} {now[kind] - old[kind]:+8,}" if old else ""))
    return 0


sys.exit(main())
