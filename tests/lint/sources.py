#!/usr/bin/env python3
"""Checks the files of src/ and include/, as the compiler reads them, against rules.py: sources.py [ROOT [NAME…]]

Builds nothing: runs only the preprocessor on each source file, with the flags that CMake gives it. So the checks see
what is compiled, also an include by a macro, a file that git does not track, and a name that a macro pastes together.
Checks
- every #include: dependencies between layers and modules, and libraries only in their module, also through a header
- every banned name of the C library, also in brackets, declared by hand, or with its address taken
- that every file of the two folders is compiled or included
- that another layer reads each header of include/; a header for one layer only belongs beside its source.
With NAMEs, checks only files with a NAME in their path. Prints each finding as FILE:LINE: why; exits with 1 if any."""
import collections
import concurrent.futures
import functools
import json
import os
import re
import shlex
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import rules  # noqa: E402

MARKER = re.compile(r'(?m)^# (\d+) "((?:[^"\\]|\\.)*)"')
DIRECTIVE = re.compile(r'#\s*(include|include_next|import)\s*(["<])([^">]+)[">]')
PIECES = re.compile(r"[{};]|[^{};]+")
# The prototype of a function that is not static. A declaration with "=" is a variable with an initializer.
PROTOTYPE = re.compile(r"(?!static\b|typedef\b|_Static_assert\b)[^=(]*\w\s*\([^=]*$")
RENAMED = re.compile(r"\s*(#|%:|\?\?=)\s*(line|\d)")
TEXT = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'')
NAME = re.compile(r"[A-Za-z_]\w*")
WHY_CALLED = rules.called()
SAID = {name: (folder, files, why) for name, folder, files, why in rules.WORDS}
ASSEMBLY = {"asm", "__asm", "__asm__"}
READ = set()
WATCHED = ASSEMBLY.union(WHY_CALLED, SAID)


def commands(root, scratch):
    """Yields for each source file that CMake would compile: its path, a preprocessor command and its folder."""
    done = subprocess.run(["cmake", "-S", root, "-B", scratch, "-G", "Ninja", "-DKYB_TESTS=OFF", "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON", "-DCCACHE="],
                          capture_output=True, text=True)
    if done.returncode:
        sys.exit("lint: the tree cannot be configured\n" + done.stdout + done.stderr)
    for row in json.load(open(os.path.join(scratch, "compile_commands.json"))):
        words = shlex.split(row["command"])
        at = words.index("-o")
        kept = [word for word in words[:at] + words[at + 2:] if word != "-c" and not word.startswith("-ffile-prefix-map")]
        path = os.path.realpath(os.path.join(row["directory"], row["file"]))
        if os.path.exists(path):  # a generated source exists only after a build
            yield path, kept + ["-E", "-dI"], row["directory"]


@functools.cache
def inside(root, path):
    """The path relative to the root, with symbolic links resolved; empty if the file is outside the root."""
    real = os.path.realpath(path)
    return real[len(root) + 1:] if real.startswith(root + os.sep) else ""


@functools.cache
def library_of(name):
    for library, header, _, module in rules.LIBRARIES:
        if re.search(r"(^|/)(" + header + r")$", name):
            return library, module
    return None, None


class Unit:
    """One source file as the compiler sees it."""

    def __init__(self, root, source, command, folder):
        self.root, self.source = root, source
        self.findings, self.seen, self.told = set(), set(), set()
        self.name = inside(root, source)
        self.folders = [word[2:] for word in command if word.startswith("-I")]
        done = subprocess.run(command, capture_output=True, cwd=folder)
        text = done.stdout.decode("utf-8", "replace")
        if done.returncode:
            self.findings.add(f"{self.name}:1: the preprocessor fails: {done.stderr.decode('utf-8', 'replace').strip()}")
        self.read(text)

    def read(self, text):
        known = {}
        self.depth, self.statement, self.begun = 0, "", 1
        markers = list(MARKER.finditer(text))
        ends = [marker.start() for marker in markers[1:]] + [len(text)]
        if not markers or markers[0].start():
            self.rows(self.name, self.source, 1, text[:markers[0].start() if markers else len(text)])
        for marker, end in zip(markers, ends):
            path = marker.group(2)
            if path not in known:
                known[path] = inside(self.root, os.path.join(self.root, path))
                self.reached(path, known[path])
            if known[path]:
                start = text.find("\n", marker.end(), end) + 1
                self.rows(known[path], path, int(marker.group(1)), text[start or end:end])

    def rows(self, ours, path, line, text):
        # Checks the same text of a header once, not for each file that includes it, unless the text has a directive: an
        # #include depends on the include folders of the source file.
        if ours != self.name and "#" not in text:
            if (path, line, text) in READ:
                return
            READ.add((path, line, text))
        for line, row in enumerate(text.split("\n"), line):
            directive = DIRECTIVE.match(row)
            if directive:
                self.included(ours, path, line, *directive.groups())
            elif row and not row.startswith("#"):
                self.said(ours, line, row)
                if ours == self.name:
                    self.declared(line, row)

    def reached(self, path, ours):
        """Notes a file of the tree as seen; reports a library header, also an indirect one, outside its module."""
        if ours:
            self.seen.add(ours)
            return
        library, module = library_of(path)
        if library and library not in self.told and not rules.is_known(module, self.name):
            self.told.add(library)
            self.findings.add(f"{self.name}:1: {library} ({path}) is included from here; the only module that may include it is {module}")

    def included(self, ours, path, line, kind, quote, name):
        where = f"{ours}:{line}: "
        if kind != "include":
            self.findings.add(where + f"#{kind} is not used here; #include one contract by its name")
        folders = ([os.path.dirname(path)] if quote == '"' else []) + self.folders
        found = next((at for at in (os.path.join(self.root, folder, name) for folder in folders) if os.path.exists(at)), None)
        other = inside(self.root, found) if found else ""
        if other:
            why = rules.may_know(ours, other)
            if why:
                self.findings.add(where + f"{other}: {why}")
            return
        library, module = library_of(found or name)
        if library and not rules.is_known(module, ours):
            self.told.add(library)
            self.findings.add(where + f"{name}: {library} is known only in {module}")

    def said(self, ours, line, row):
        if WATCHED.isdisjoint(NAME.findall(row)):  # true for most rows
            return
        row = TEXT.sub('""', row)
        for found in NAME.finditer(row):
            name = found.group()
            if name not in WATCHED:
                continue
            before = row[:found.start()].rstrip()
            if before.endswith((".", "->")) or not is_call(name, before, row[found.end():]):
                continue
            if name in ASSEMBLY:
                self.findings.add(f"{ours}:{line}: assembly is read by no rule; write it in C")
            elif name in SAID:
                folder, files, why = SAID[name]
                if ours.startswith(folder) and ours not in files:
                    self.findings.add(f"{ours}:{line}: {name}: {why}")
            else:
                why, files = WHY_CALLED[name]
                if ours not in files:
                    self.findings.add(f"{ours}:{line}: {name} is not called here: {why}")


    def declared(self, line, row):
        """Reports a name of another file that is declared by hand: no #include shows this dependency."""
        if self.depth and "{" not in row and "}" not in row:  # inside of a function: not checked
            return
        for piece in PIECES.findall(TEXT.sub('""', row)):
            if piece == "{":
                self.depth += 1
            elif piece == "}":
                self.depth -= 1
                self.statement = self.statement if self.depth else ""
            elif self.depth:
                continue
            elif piece != ";":
                self.begun = self.begun if self.statement.strip() else line
                self.statement += piece
            else:
                if "extern" in self.statement.split() or PROTOTYPE.match(self.statement.strip()):
                    self.findings.add(f"{self.name}:{self.begun}: a declaration belongs in a header: {self.statement.strip()}")
                self.statement = ""


def is_call(name, before, after):
    """Whether the name is a call. An EVERYDAY name without brackets after it is a variable or a member; symbols.py
    detects a use of the function's address."""
    return name not in rules.EVERYDAY or (re.match(r"[\s)]*\(", after) is not None and not before.endswith("(*"))


def renamed(root, path):
    """Reports #line directives: lines after one that names another file would be checked by the rules of that file."""
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return {f"{path}:{number}: #line is not allowed" for number, row in enumerate(file, 1) if RENAMED.match(row)}


def looked_at(arguments):
    unit = Unit(*arguments)
    return unit.findings, unit.seen, rules.place(unit.name)[0]


def main():
    root = os.path.realpath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(os.path.dirname(__file__), "..", ".."))
    names = sys.argv[2:]
    wanted = lambda path: not names or any(name in path for name in names)  # noqa: E731
    findings, seen, readers = set(), set(), collections.defaultdict(set)
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ProcessPoolExecutor(os.cpu_count()) as pool:
        work = [(root, path, command, folder) for path, command, folder in commands(root, scratch)
                if inside(root, path) and wanted(inside(root, path))]
        for found, reached, layer in pool.map(looked_at, work, chunksize=8):
            findings |= found
            seen |= reached
            for path in reached:
                readers[path].add(layer)
    for path, layers in readers.items():
        layer, _, contract = rules.place(path)
        if contract and layers == {layer} and wanted(path):
            findings.add(f"{path}:1: only src/{layer} reads this header; place it there, beside its source")
    for top in ("src", "include"):
        for folder, _, files in os.walk(os.path.join(root, top)):
            for file in files:
                path = os.path.relpath(os.path.join(folder, file), root)
                if wanted(path):
                    findings |= renamed(root, path)
                if path.endswith((".c", ".h")) and inside(root, os.path.join(root, path)) not in seen and wanted(path):
                    if not names or path.endswith(".c"):
                        findings.add(f"{path}:1: nothing that is compiled reads this file")
    for finding in sorted(findings):
        print(finding)
    return 1 if findings or not work else 0


if __name__ == "__main__":
    sys.exit(main())
