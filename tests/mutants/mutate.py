#!/usr/bin/env python3
"""Makes one change (a mutant) at a time in a module of src/ and tests whether its suites fail.

usage: mutate.py MODULE [COUNT [SEED]]     MODULE: one of the names of NAMED, or a folder or file of src/
       mutate.py --record [COUNT]          draws COUNT (200) changes over AREAS, and adds those that fixed.txt lacks to it,
                                           each with the test that notices it first
       mutate.py --fixed                   makes each change of fixed.txt, and runs its test: does it still notice?
       mutate.py --explained               only checks that each row of explained.txt names a line of the source

A change replaces an operator, drops a negation, a call or a check, changes a constant, or changes or drops a condition
of an SQL statement. SEED (1) selects COUNT (30) of all possible changes. Works in a copy of the tree (MUTANTS_FOLDER;
without it a temporary one), where only the changed file is compiled again. Prints each change with its line as killed,
survived or explained. Changes that do not compile are not counted. explained.txt lists the changes that no test can
detect, with the reason. Exits with 1 if a change survived that is not in explained.txt.
"""
import collections
import contextlib
import glob
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time

sys.path.append(os.path.join(os.path.dirname(os.path.abspath(__file__)), ".."))
import changed as changed_files

SUITES_MAX = 8  # of a change of fixed.txt: those that have most to do with its file
ROOT = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
NAMED = {
    "gate": ["src/domain/gate"],
    "import": ["src/desk/intake/import_merge.c", "src/desk/intake/import_apply.c",
               "src/desk/intake/import.c", "src/desk/intake/import_prepare.c",
               "src/desk/intake/import_ids.c", "src/store/session/session_text.c"],
    "decisions": ["src/desk/decide"],
    "outbox": ["src/store/outbox", "src/webhook/retry.c", "src/webhook/pool.c"],
    "signing": ["src/webhook/sign.c"],
    "trail": ["src/store/audit", "src/desk/people/checkpoint.c", "src/codec/checkpoint_codec.c", "src/base/signed_note.c",
              "src/base/merkle.c"],
    "text": ["src/base/text_display.c", "src/base/text_class.c"],
    "durability": ["src/store/sqlite", "src/base/commit_group.c", "src/base/file.c"],
    "workbench": ["src/tui"],
}
# The suites about the files of a module; they run before all suites of the layer (SUITES).
FIRST = {
    "import": [("test_desk", "@(import|intake|played|subject)/*")],
    "decisions": [("test_desk", "@(approve|reject|undo|corrections|correction_draft|reopen|processing|level|desk|overdue)/*")],
    "outbox": [("test_store", "@(outbox|lease|worker|breaker|pace|replay|endpoint|queue)/*"),
               ("test_webhook", "@(deliver*|hold)/*")],
    "signing": [("test_webhook", "@(webhook_*|examine)/*")],
    "trail": [("test_base", "@(signed_note|merkle)/*"), ("test_codec", "checkpoint/*"), ("test_fault", "checkpoint/*"),
              ("test_store", "@(audit|kept_answer|erase)/*")],
    "durability": [("test_store", "@(open|driver|sqlite|turns|mark|bytes|upgrade)/*"), ("test_base", "@(file*|path*)/*"),
                   ("test_command", "copy/*")],
}
# Programs with filters, the quickest first: after one of them has failed, the others do not run for this mutant.
SUITES = {
    "base": [("test_base", "*/*"), ("test_domain", "*/*")],
    "domain": [("test_domain", "*/*"), ("test_rules", "*/*"), ("test_desk", "!(matrix*|attack*|race*)/*")],
    "codec": [("test_codec", "*/*"), ("test_desk", "!(matrix*|attack*|race*)/*")],
    "store": [("test_store", "*/*"), ("test_webhook", "*/*"), ("test_desk", "@(durable|desk|import|undo)*/*")],
    "webhook": [("test_webhook", "!(deliver*|hostile|tls|hold)/*"), ("test_webhook", "@(deliver*|hostile|tls|hold)/*"),
                ("test_command", "webhook/*")],
    "desk": [("test_desk", "!(matrix*|attack*|race*)/*"), ("test_rules", "*/*"), ("test_desk", "@(matrix*|attack*|race*)/*")],
    "settings": [("test_settings", "*/*")],
    "tui": [("test_tui", "*/*"), ("test_threads", "*/*"), ("test_screen", "!(soak|random_keys|screen_attack|screen_slow)/*")],
    "cli": [("test_cli", "*/*"), ("test_command", "*/*")],
    "api": [("test_page", "*/*"), ("test_api", "*/*")],
}
# What fixed.txt is drawn from: equal shares of each area.
AREAS = {
    "gate": NAMED["gate"],
    "rules": ["src/domain/rules", "src/desk/people/rules.c", "src/store/people/rules.c"],
    "masks": ["src/domain/mask.c", "src/desk/read/mask.c"],
    "permissions": ["src/domain/permission.c", "src/desk/people"],
    "transitions": ["src/domain/transition.c", "src/desk/decide/process.c", "src/desk/decide/processing.c"],
    "grace": ["src/desk/decide/tick.c", "src/desk/decide/undo.c"],
    "signatures": ["src/base/ssh_signature.c", "src/base/signed_note.c", "src/webhook/sign.c"],
    "levels": ["src/desk/decide/level.c", "src/desk/decide/outcomes.c"],
    "money": ["src/desk/money", "src/store/people/money.c", "src/codec/money_codec.c"],
    "commitments": ["src/store/audit/commitment.c", "src/store/audit/commitment_hash.c", "src/store/audit/commitment_list.c"],
    "delivery": NAMED["outbox"],
    "page": ["src/api/link"],
    "import": NAMED["import"],
}
FIXED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "fixed.txt")
EXPLAINED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "explained.txt")
STATEMENT = re.compile(r"\b(SELECT|UPDATE|INSERT|DELETE|FROM|WHERE|SET|AND|OR|WHEN|ORDER BY|IS NULL)\b")
TURNED_IN_STATEMENT = {"=": "<>", "<>": "=", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "AND": "OR", "OR": "AND",
                       "IS NULL": "IS NOT NULL", "IS NOT NULL": "IS NULL", "DESC": "ASC", "min(": "max(", "max(": "min("}
TURNED = {"==": "!=", "!=": "==", "<": "<=", "<=": "<", ">": ">=", ">=": ">", "&&": "||", "||": "&&"}


def code_of(text):
    """The text with spaces in place of comments, strings and directives, so that all offsets stay the same."""
    def blank(found):
        return re.sub(r"[^\n]", " ", found.group())
    return re.sub(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'|^[ \t]*#(?:\\\n|[^\n])*', blank, text,
                  flags=re.S | re.M)


def closing(code, at):
    depth = 0
    for i in range(at, len(code)):
        depth += {"(": 1, ")": -1}.get(code[i], 0)
        if not depth:
            return i
    return -1


def changes(code):
    """Yields (offset, length, new text, kind) of each possible change of the code."""
    inside = re.compile(r"^\{.*?^\}", re.S | re.M)  # bodies of functions and tables
    for block in inside.finditer(code):
        for m in re.finditer(r" (==|!=|<=|>=|<|>|&&|\|\|) ", code[block.start():block.end()]):
            yield block.start() + m.start(1), len(m.group(1)), TURNED[m.group(1)], "turned"
        for m in re.finditer(r"\bif \(", code[block.start():block.end()]):
            at = block.start() + m.end() - 1
            end = closing(code, at)
            if end > 0:
                yield at, 1, "(false && (", "check dropped"
        for m in re.finditer(r"^\t+((?:\(void\))?[a-z_0-9]+\([^;{}]*\));$", code[block.start():block.end()], re.M):
            if not re.match(r"(\(void\))?(\w+_)?(free|release)\(", m.group(1)):  # only the leak sanitizer would notice, and mutants are built without it
                yield block.start() + m.start(1), len(m.group(1)), "(void)0", "call dropped"
        for m in re.finditer(r"\berr = ([a-z_0-9]+\([^;{}]*\));", code[block.start():block.end()]):
            yield block.start() + m.start(1), len(m.group(1)), "ERR_OK", "call dropped"
        for m in re.finditer(r"\b(true|false)\b", code[block.start():block.end()]):
            yield block.start() + m.start(), len(m.group()), "false" if m.group() == "true" else "true", "constant"
        for m in re.finditer(r"(?<![\w.])(\d+)(?![\w.])", code[block.start():block.end()]):
            yield block.start() + m.start(), len(m.group()), str(int(m.group()) + 1), "constant"
        for m in re.finditer(r"(?<=[(&|= ])!(?=[a-z(])", code[block.start():block.end()]):
            yield block.start() + m.start(), 1, "", "turned"


def statement_changes(text):
    """Like changes(), for strings with SQL: changes an operator, an order or an aggregate, or drops a condition."""
    for token in re.finditer(r'''/\*.*?\*/|//[^\n]*|"((?:\\.|[^"\\\n])*)"|'(?:\\.|[^'\\\n])*\'''', text, re.S):
        said = token.group(1)
        if not said or not STATEMENT.search(said):
            continue
        began = token.start(1)
        condition = r"\b(WHERE|AND|OR|WHEN|ON|NOT) (\(*)([\w.]+ (=|<>|<=|>=|<|>) ['$\w.]+)"
        for m in re.finditer(condition, said):
            yield began + m.start(4), len(m.group(4)), TURNED_IN_STATEMENT[m.group(4)], "turned"
            if m.group(1) in ("WHERE", "AND"):
                yield began + m.start(3), len(m.group(3)), "(1 = 1 OR %s)" % m.group(3), "condition dropped"
        for m in re.finditer(r"(?<= )(AND|OR|IS NULL|IS NOT NULL|DESC)\b|\b(min|max)\(", said):
            if m.group() != "AND" or "BETWEEN" not in said[:m.start()]:
                yield began + m.start(), len(m.group()), TURNED_IN_STATEMENT[m.group()], "turned"


def changed(text, code, change):
    at, length, new, what = change
    if what == "check dropped":
        end = closing(code, at)
        return text[:at] + "(false && " + text[at:end] + "))" + text[end + 1:]
    return text[:at] + new + text[at + length:]


def is_same(code, change):
    """Whether the change has no effect: "sizeof a[1]" is the same as "sizeof a[0]"."""
    return change[3] == "constant" and re.search(r"\bsizeof \(?\*?\w+\[$", code[:change[0]])


def lines_of(text):
    """Three lists with an item for each line: the line; "BEFORE / line", with the previous line that is not empty; and
    "FUNCTION() / line"."""
    lines = [line.strip() for line in text.splitlines()]
    before, function, with_before, with_function = "", "", [], []
    for line, whole in zip(lines, text.splitlines()):
        begins = re.match(r"[a-z][^=;]*?(\w+)\(", whole)
        function = begins.group(1) if begins else function
        with_before.append("%s / %s" % (before, line))
        with_function.append("%s() / %s" % (function, line))
        before = line or before
    return lines, with_before, with_function


def explained():
    """{(file, what, line of code)} of the rows "file | what | line of code | why"."""
    rows = [row.rstrip("\n").split(" | ") for row in open(EXPLAINED) if row.strip() and not row.startswith("#")]
    for row in rows:
        if len(row) < 4 or not row[-1].strip():
            sys.exit("mutate: explained.txt: \"%s\" is not: file | what | line of code | why" % " | ".join(row))
        if sum(lines_of(open(os.path.join(ROOT, row[0])).read()), []).count(" | ".join(row[2:-1])) != 1:
            sys.exit("mutate: explained.txt: the line \"%s\" must occur exactly once in %s" % (" | ".join(row[2:-1]), row[0]))
    return {(row[0], row[1], " | ".join(row[2:-1])) for row in rows}


def end_all(folder):
    """Kills the programs of the folder that still run: an endless loop of a mutant would slow down the next tests."""
    for place in glob.glob("/proc/[0-9]*/exe"):
        try:
            if os.readlink(place).startswith(folder + "/"):
                os.kill(int(place.split("/")[2]), signal.SIGKILL)
        except OSError:
            pass  # the process has ended, or belongs to another user


class Bench:
    def __init__(self, folder):
        self.tree = os.path.join(folder, "tree")
        self.build = os.path.join(folder, "build")
        self.programs = {}  # test file -> programs that contain it
        changed_files.ROOT = self.tree
        os.makedirs(self.tree, exist_ok=True)
        names = subprocess.check_output(["git", "ls-files", "-z"], cwd=ROOT).decode().split("\0")
        for folder, _, files in os.walk(self.tree):  # deletes files of an earlier run that git no longer tracks
            for name in files:
                if os.path.relpath(os.path.join(folder, name), self.tree) not in names:
                    os.remove(os.path.join(folder, name))
        for name in filter(None, names):
            to = os.path.join(self.tree, name)
            source = os.path.join(ROOT, name)
            os.makedirs(os.path.dirname(to), exist_ok=True)
            if os.path.exists(source) and not (os.path.exists(to) and open(to, "rb").read() == open(source, "rb").read()):
                shutil.copy(source, to)
        self.call(["cmake", "-S", self.tree, "-B", self.build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DKYB_SANITIZE=OFF",
                   "-DCMAKE_C_FLAGS=-O0 -w"], None)

    def call(self, command, limit):
        with open(self.build + ".log", "w") as log:
            try:
                return subprocess.run(["nice"] + command, stdout=log, stderr=log, stdin=subprocess.DEVNULL, timeout=limit,
                                      start_new_session=True).returncode
            except subprocess.TimeoutExpired:
                return 124
            finally:
                end_all(self.build)

    def suites_for(self, name):
        """The suites for a source file, those that call most of its functions first (tests/changed.py)."""
        if not self.programs:
            self.programs.update(changed_files.programs_of(self.build))
        tests = {path: changed_files.read(path) for path in self.programs}
        score = collections.Counter()
        for path, much in changed_files.files_for([name], tests).items():
            for suite in changed_files.TEST.findall(tests[path]):
                for program in self.programs[path]:
                    if program != "test_postgresql_desk":  # the suites of test_desk on the other engine
                        score[program, suite + "/*"] = max(score[program, suite + "/*"], much)
        return sorted(score, key=lambda key: (-score[key], key))[:SUITES_MAX]

    def compile(self, program):
        return self.call(["ninja", "-C", self.build, program], None) == 0

    def passes(self, suite, limit):
        program, tests = suite
        return self.call(["timeout", "-k", "5", str(int(limit)), os.path.join(self.build, program), "-j2", "--fail-fast",
                          "--filter", tests], None) == 0

    def noticed(self, suite, limit):
        """The name of a test that fails, and fails again when it runs alone; None: no test does. A test that passes
        alone failed only because the machine was busy, so the suite runs once more."""
        for _ in range(2):
            if self.passes(suite, limit):
                return None
            said = re.sub(r"\x1b\[[0-9;]*m", "", open(self.build + ".log", errors="replace").read())
            failed = re.search(r"^\[FAIL\] (\w+)::(\w+)", said, re.M)
            alone = (suite[0], "%s/%s" % failed.groups()) if failed else suite
            if not self.passes(alone, limit):
                return "%s %s" % alone
        return None


def files_of(module):
    found = []
    for place in NAMED.get(module, [module]):
        whole = os.path.join(ROOT, place)
        found += sorted(glob.glob(whole + "/**/*.c", recursive=True)) if os.path.isdir(whole) else [whole]
    found = [os.path.relpath(f, ROOT) for f in found]
    if not found or not all(os.path.isfile(os.path.join(ROOT, f)) and f.startswith("src/") for f in found):
        sys.exit("mutate: %s is not a module; give a folder or a file of src/, or one of: %s" % (module, ", ".join(NAMED)))
    return found


def word_of(change, text):
    """What a change does, as a row says it."""
    if change[3] in ("turned", "constant"):
        return "%s %s to %s" % (change[3], text[change[0]:change[0] + change[1]], change[2] or "nothing")
    return change[3]


def drawn_from(places, seed):
    """All changes of the files in a drawn order: (file, text, change)."""
    possible = []
    for name in places:
        text = open(os.path.join(ROOT, name)).read()
        possible += [(name, text, change) for change in changes(code_of(text)) if not is_same(code_of(text), change)]
        possible += [(name, text, change) for change in statement_changes(text)]
    random.Random(seed).shuffle(possible)
    return possible


def row_of(name, text, change):
    """(file, what, "FUNCTION() / line") of a change; None: the row would fit several."""
    line = text.count("\n", 0, change[0])
    place = lines_of(text)[2]
    begin = text.rfind("\n", 0, change[0]) + 1
    if place.count(place[line]) != 1 or any(
            word_of(other, text) == word_of(change, text) and begin <= other[0] < change[0]
            for other in list(changes(code_of(text))) + list(statement_changes(text))):
        return None
    return name, word_of(change, text), place[line]


def fixed_rows():
    if not os.path.exists(FIXED):
        return []
    return [row.rstrip("\n").split(" | ", 2) for row in open(FIXED) if row.strip() and not row.startswith("#")]


def try_change(bench, name, text, change, suites, limits=None):
    """("broken", None), ("survived", None) or ("killed", the test that noticed)."""
    path = os.path.join(bench.tree, name)
    with open(path, "w") as out:
        out.write(changed(text, code_of(text), change))
    try:
        for suite in suites:
            if not bench.compile(suite[0]):
                return "broken", None
            by = bench.noticed(suite, limits[suite] if limits else 300)
            if by:
                return "killed", by
        return "survived", None
    finally:
        with open(path, "w") as out:
            out.write(text)


def record(count):
    """Adds rows to fixed.txt: "file | what | test that notices (nothing: none of its suites) | FUNCTION() / line"."""
    with opened_bench() as bench:
        for area, places in AREAS.items():
            have = {(row[0], row[1], row[2].split(" | ", 1)[1]) for row in fixed_rows()}
            files = {name for place in places for name in files_of(place)}
            left = count // len(AREAS) - sum(row[0] in files for row in have)
            for name, text, change in drawn_from(sorted(files), 57):
                row = row_of(name, text, change) if left > 0 else None
                if not row or row in have:
                    continue
                verdict, by = try_change(bench, name, text, change, bench.suites_for(name))
                if verdict == "broken":
                    continue
                with open(FIXED, "a") as out:
                    out.write("%s | %s | %s | %s\n" % (row[0], row[1], by or "nothing", row[2]))
                print("%s: %s: %s" % (area, " | ".join(row), by or "nothing"), flush=True)
                left -= 1


def fixed():
    """Whether each row of fixed.txt that named a test is still noticed by it."""
    noticed = survived = gone = 0
    with opened_bench() as bench:
        for name, what, rest in fixed_rows():
            test, place = rest.split(" | ", 1)
            text = open(os.path.join(ROOT, name)).read() if os.path.exists(os.path.join(ROOT, name)) else ""
            places = lines_of(text)[2]
            found = [change for change in sorted(list(changes(code_of(text))) + list(statement_changes(text)))
                     if word_of(change, text) == what and places[text.count("\n", 0, change[0])] == place]
            if test == "nothing" or not found:
                gone += not found
                continue
            verdict, _ = try_change(bench, name, text, found[0], [tuple(test.split(" ", 1))])
            noticed += verdict == "killed"
            if verdict != "killed":
                survived += 1
                print("%s %s: %s: %s (%s)" % (verdict, name, what, place, test), flush=True)
    print("%d noticed, %d no longer, %d of a line that has changed" % (noticed, survived, gone))
    return survived > 0


@contextlib.contextmanager
def opened_bench():
    """A bench in MUTANTS_FOLDER, or in a folder that is removed afterwards."""
    folder = os.path.realpath(os.environ.get("MUTANTS_FOLDER") or tempfile.mkdtemp())
    yield Bench(folder)
    if not os.environ.get("MUTANTS_FOLDER"):
        shutil.rmtree(folder)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    if sys.argv[1] == "--explained":
        explained()
        return False
    if sys.argv[1] == "--record":
        return record(int(sys.argv[2]) if len(sys.argv) > 2 else 200)
    if sys.argv[1] == "--fixed":
        return fixed()
    module, count = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 30
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    possible = drawn_from(files_of(module), seed)
    with opened_bench() as bench:
        return try_module(bench, module, count, seed, possible)


def try_module(bench, module, count, seed, possible):
    layers = sorted({name.split("/")[1] for name, _, _ in possible})
    suites = FIRST.get(module, []) + [suite for layer in layers for suite in SUITES[layer]]
    limits = {}
    for suite in suites:
        began = time.monotonic()
        if not bench.compile(suite[0]) or not bench.passes(suite, 1800):
            print(open(bench.build + ".log").read()[-4000:])
            sys.exit("mutate: %s fails without a mutant; mend that first" % suite[0])
        # A filter that matches no test passes with every mutant.
        if not re.search(r"Tested: *(\x1b\[[0-9;]*m)*[1-9]", open(bench.build + ".log", errors="replace").read()):
            sys.exit("mutate: no test of %s is named %s" % suite)
        limits[suite] = 60 + 3 * (time.monotonic() - began)
    known = explained()
    counts = collections.Counter()
    for name, text, change in possible:
        if counts.total() == count:
            break
        line = text.count("\n", 0, change[0]) + 1
        words = text.splitlines()[line - 1].strip()
        what = word_of(change, text)
        if any((name, what, names[line - 1]) in known for names in lines_of(text)):
            verdict, by = "explained", None
        else:
            verdict, by = try_change(bench, name, text, change, suites, limits)
        if verdict != "broken":
            counts[verdict] += 1
            print("%-9s %s:%d: %s: %s%s" % (verdict, name, line, what, words, " (%s)" % by if by else ""), flush=True)
    print("%s: %d of %d killed, %d explained, %d survived, seed %d, drawn from %d" %
          (module, counts["killed"], counts.total(), counts["explained"], counts["survived"], seed, len(possible)))
    return counts["survived"] > 0


sys.exit(main())
