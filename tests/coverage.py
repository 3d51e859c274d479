#!/usr/bin/env python3
"""Measures how much of each module of src/ the tests run: coverage.py [NAME], in the build of ./dev coverage.

Runs every test program (or the programs with NAME in their name) and prints lines and branches, by module and for the
files with the least coverage. A program that is killed or ends by _exit() writes no counters: its run is not counted.
"""
import collections
import glob
import json
import os
import subprocess
import sys

ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), ".."))
BUILD = os.path.join(ROOT, "build", "coverage")
LEAST = 20  # files


def run_tests(name):
    for old in glob.glob(BUILD + "/**/*.gcda", recursive=True):
        os.remove(old)
    for program in open(os.path.join(BUILD, "test_programs")).read().split():
        if name not in program:
            continue
        with open(os.path.join(BUILD, program + ".log"), "w") as log:
            # Tests end a running workbench by a hangup, not by SIGKILL, so that it writes its counters.
            environment = dict(os.environ, KYBDESK_TEST_GENTLY="1")
            status = subprocess.run([os.path.join(BUILD, program), "-j", str(os.cpu_count())], stdin=subprocess.DEVNULL,
                                    stdout=log, stderr=log, cwd=ROOT, env=environment).returncode
        print("%-16s %s" % (program, "passed" if status == 0 else "failed: see build/coverage/%s.log" % program), flush=True)


class Count:
    def __init__(self):
        self.lines = self.lines_run = self.branches = self.branches_run = 0

    def add(self, other):
        self.lines += other.lines
        self.lines_run += other.lines_run
        self.branches += other.branches
        self.branches_run += other.branches_run

    def __str__(self):
        return "%6d lines %6.1f %%   %6d branches %6.1f %%" % (
            self.lines, 100 * self.lines_run / max(1, self.lines), self.branches,
            100 * self.branches_run / max(1, self.branches))


def count_of(notes):
    """{file: Count} of one object."""
    text = subprocess.run(["gcov", "--json-format", "--stdout", "--branch-probabilities", notes], stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, cwd=BUILD, check=True).stdout
    found = {}
    for file in json.loads(text)["files"] if text.strip() else []:
        path = os.path.normpath(os.path.join(ROOT, file["file"]))
        if not path.startswith(os.path.join(ROOT, "src", "")):
            continue
        count = found.setdefault(os.path.relpath(path, os.path.join(ROOT, "src")), Count())
        lines = {}
        for line in file["lines"]:
            lines[line["line_number"]] = lines.get(line["line_number"], 0) + line["count"]
            taken = [branch["count"] for branch in line["branches"] if not branch["throw"]]
            count.branches += len(taken)
            count.branches_run += sum(1 for times in taken if times)
        count.lines += len(lines)
        count.lines_run += sum(1 for times in lines.values() if times)
    return found


def main():
    run_tests(sys.argv[1] if len(sys.argv) > 1 else "")
    files, modules, all_of_it = {}, collections.defaultdict(Count), Count()
    for notes in glob.glob(BUILD + "/CMakeFiles/kyb_*.dir/src/**/*.gcno", recursive=True):
        files.update(count_of(notes))
    for name, count in files.items():
        modules["/".join(name.split("/")[:-1]) or "."].add(count)
        all_of_it.add(count)
    for module in sorted(modules):
        print("%-24s %s" % (module, modules[module]))
    print("%-24s %s" % ("all", all_of_it))
    print("\nleast:")
    for name in sorted(files, key=lambda n: files[n].lines_run / max(1, files[n].lines))[:LEAST]:
        print("%-44s %s" % (name, files[name]))


main()
