"""Plays one script on two stores, in a file and on a PostgreSQL server, and compares what the program answers: the
status, the body or the output, and the messages. Only what MASKS names may differ. `calls` makes every call of
examples.py, and provokes one refusal of every operation of the API reference. `commands` runs every command once with
success and once refused: those that change something from tests/support/verb_rows.h, which the test writes to FILE.
It prints what was covered. The server's folder is in KYBDESK_TEST_POSTGRESQL_FOLDER.
usage: engines.py PROGRAM calls | engines.py PROGRAM commands FILE"""

import base64
import contextlib
import difflib
import itertools
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.parse
import uuid

import examples
from stage import Failure, expect

SERVER = os.environ["KYBDESK_TEST_POSTGRESQL_FOLDER"]
SOURCE = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
UNKNOWN = "0192f1a0-7c00-7000-8000-00000000ffff"

# What two stores made one after the other may say differently. Everything else must be the same. Random letters can
# look like another kind of mask (one public key in sixteen begins as a link does): the longest of them come first.
MASKS = (
    ("a public key", re.compile(r"\+[0-9a-f]{8}\+A[\w+/]{43}"), "+KEY"),
    ("a signature, or the root of a checkpoint", re.compile(r"(?<![\w+/=])[\w+/]{43}=(?=\s)|(?<=/1 )[\w+/]{60,}=*"), "SIGNATURE"),
    ("the address of the store", re.compile(r"postgresql://[^\s\"',]*|/[^\s\"']*/store\.db(?!-)"), "STORE"),
    ("the room on the disk of a file", re.compile(r"^ok +the disk of the store has .*\n", re.MULTILINE), ""),
    ("the folder of the run", re.compile(r"/[^\s\"']*/kybdesk-engines-\w+"), "FOLDER"),
    ("the address of the server", re.compile(r"http://127\.0\.0\.1:\d+"), "https://desk.example"),
    ("a secret", re.compile(r'("(?:api_key|api_code|token|secret|walletAddress|private_key|public_key)": ?)"[^"]+"'), r'\1"SECRET"'),
    ("a key", re.compile(r"\b(kyb|mch|whsec|rev)_[\w+/=-]{16,}"), r"\1_KEY"),
    ("a token", re.compile(r"/(s|files|uploads)/[\w.-]{20,}"), r"/\1/TOKEN"),
    ("a link", re.compile(r"\bAQ[\w-]{40,}"), "TOKEN"),
    ("a time", re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?Z?(    (?=  ))?"), "TIME"),
    ("a hash", re.compile(r"\b[0-9a-f]{64}\b"), "HASH"),
    ("a nonce", re.compile(r"'nonce-[^']+'|nonce=\"[^\"]+\""), "NONCE"),
    ("a time of day", re.compile(r"\b\d\d:\d\d UTC"), "TIME"),
    ("milliseconds of a time", re.compile(r'"at_ms": ?\d+'), '"at_ms":0'),
    ("a duration", re.compile(r" +\d+ s\b"), " 0 s"),
    ("a process id in a name", re.compile(r"-\d+\.db\b"), "-N.db"),
    ("the head of the log", re.compile(r"\bhead [0-9a-f]{16}"), "head"),
    ("the database's own version", re.compile(r"(?<=^ok       )(SQLite|PostgreSQL) .*", re.MULTILINE), "DATABASE"),
    ("an id of an event", re.compile(r"\bevt_[0-9a-f]{32}\b"), "EVENT"),
)
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SHORT = re.compile(r"\b[0-9a-f]{8}\b|…[0-9a-f]{4,8}\b")


class Plain:
    """Replaces what may differ. An id becomes the number of its first appearance, so that two ids stay two."""

    def __init__(self):
        self.ids = {}

    def __call__(self, text):
        for _, pattern, word in MASKS:
            text = pattern.sub(word, text)
        text = UUID.sub(lambda one: "ID-%d" % self.ids.setdefault(one[0], len(self.ids) + 1), text)
        return SHORT.sub("SHORT", text)


def one_mask_for_all():
    """Each kind of random text, drawn a thousand times, has one mask: another mask would take its place on one engine."""
    def standard(count, first=b""):
        return base64.b64encode(first + os.urandom(count)).decode()

    kinds = {
        "public key": lambda: "kybdesk/%s/1+%s+%s" % (uuid.uuid4(), os.urandom(4).hex(), standard(32, b"\1")),
        "signature": lambda: "— kybdesk/%s/1 %s" % (uuid.uuid4(), standard(68)),
        "root": lambda: "7\n%s\n" % standard(32),
        "key": lambda: "kyb_" + base64.urlsafe_b64encode(os.urandom(33)).decode(),
        "link": lambda: "http://127.0.0.1:80/s/" + base64.urlsafe_b64encode(b"\1" + os.urandom(32)).decode(),
        # A time without milliseconds is four characters shorter, which a table fills up.
        "time": lambda: "%-24s  x" % ("2026-12-01T15:23:41%sZ" % ("", ".%03d" % os.urandom(1)[0])[os.urandom(1)[0] % 2]),
        "event": lambda: "evt_%s %s" % (os.urandom(16).hex(), os.urandom(32).hex()),
    }
    for name, draw in kinds.items():
        expect(len({Plain()(draw()) for _ in range(1000)}), 1, "masks of a " + name)


def by_name(text):
    """A call of a client can be two changes (it starts a draft and saves a step), which may fall into one millisecond
    or into two: the contributions, listed by time, are put in the order of their names."""
    try:
        value = json.loads(text)
        value["contributors"].sort(key=lambda one: (one["by"], one["what"], one["part"] or "", one["session"]))
    except (KeyError, TypeError, ValueError):
        return text
    return json.dumps(value, ensure_ascii=False)


def psql(database, text):
    words = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", "-h", SERVER, "-U", "kybdesk", "-d", database, "-c", text]
    done = subprocess.run(words, capture_output=True, text=True)
    if done.returncode:
        raise Failure("%s: %s" % (text, done.stderr))
    return done.stdout.strip()


class File:
    """Places for stores in files, within the working folder of a test."""

    name = "sqlite"

    def __init__(self, folder):
        self.folder = folder
        self.address = folder + "/store.db"

    def keep(self, _):
        pass

    def put_back(self, _):
        pass

    def sql(self, text):
        import sqlite3

        with contextlib.closing(sqlite3.connect(self.address)) as db:
            row = db.execute(text).fetchone()
        return str(row[0]) if row else ""

    def close(self):
        pass


class Server:
    """A database for each store; the server copies whole databases."""

    name = "postgresql"

    def __init__(self, folder):
        self.base = "engines_%d_%s" % (os.getpid(), os.path.basename(folder)[-6:].lower().replace("-", "_"))
        self.kept = set()
        self.address = "postgresql:///%s?host=%s&user=kybdesk" % (self.base, SERVER)
        psql("postgres", "CREATE DATABASE %s" % self.base)

    def copy(self, source, target):
        psql("postgres", "DROP DATABASE IF EXISTS %s WITH (FORCE)" % target)
        psql("postgres", "CREATE DATABASE %s TEMPLATE %s" % (target, source))

    def keep(self, name):
        self.kept.add(name)
        self.copy(self.base, "%s_%s" % (self.base, name))

    def put_back(self, name):
        self.copy("%s_%s" % (self.base, name), self.base)

    def sql(self, text):
        return psql(self.base, text).split("\n")[0]

    def close(self):
        for name in ("", *("_" + one for one in self.kept)):
            psql("postgres", "DROP DATABASE IF EXISTS %s%s WITH (FORCE)" % (self.base, name))


# --- planted faults: the comparison must find each ---


def reversed_list(text):
    value = json.loads(text)
    value["data"].reverse()
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def drawn_from(title, pattern, change):
    """A fault of an answer with this title and a body that has the pattern."""
    def fault(kept, status, texts):
        fits = re.search(title, kept) and status < 400 and re.search(pattern, texts[-1])
        return (status, [*texts[:-1], change(texts[-1])]) if fits else None
    return fault


# Each changes one answer of the server, as it came, before the masks: what a mask hides would not be found.
FAULTS = {
    "readyz is never ready": lambda title, status, texts: (503, texts) if title == "GET /readyz" else None,
    "a list counts one too many": drawn_from("^GET ", r'"total": ?\d', lambda text: re.sub(r'("total": ?)(\d+)', lambda one: one[1] + str(int(one[2]) + 1), text, count=1)),
    "a member is missing": drawn_from("^POST ", r'"status": ?"\w+",', lambda text: re.sub(r'"status": ?"\w+", ?', "", text, count=1)),
    "a list is in another order": drawn_from("^GET ", r'(?s)^\{"data": ?\[\{.*\}, ?\{', reversed_list),
    "a command prints a line less": drawn_from("^kybdesk ", r"\n.*\n", lambda text: text[text.index("\n") + 1:]),
}


def found_faults(file, server):
    """Plants each fault by itself; returns how many the comparison does not find as exactly one step with its title."""
    missed = 0
    for name in FAULTS:
        at, planted = server.planted.get(name, (None, None))
        said = []
        wrong = compare(file.answers, [*server.answers[:at], planted, *server.answers[at + 1:]], said.append) if planted else 0
        if wrong != 1 or not said[0].startswith("DIFFERS: " + planted[0]):
            missed += 1
        print("planted: %s: %s" % (name, "\n  ".join("\n".join(said).splitlines()[:8]) if wrong else "NOT FOUND"))
    return missed


# --- calls ---


class Calls(examples.Examples):
    def __init__(self, program, kind):
        self.kind, self.place, self.answers, self.masks, self.records = kind, None, [], Plain(), True
        self.done, self.refused_too, self.planted = set(), set(), {}
        super().__init__(program)

    def store(self):
        self.place = self.kind(self.folder)
        return self.place.address

    def __exit__(self, *what):
        super().__exit__(*what)
        self.place.close()

    def keeps(self, title, status, *texts):
        if not self.records:
            return
        self.answers.append((self.masks(title), status, [self.masks(one) for one in texts]))
        for name, fault in FAULTS.items() if self.kind is Server else ():
            planted = None if name in self.planted else fault(title, status, list(texts))
            if planted:
                self.planted[name] = (len(self.answers) - 1, (self.masks(title), planted[0], [self.masks(one) for one in planted[1]]))

    def run(self, *words):
        # From here on the answers depend on the time.
        self.records = self.records and words[:3] != ("store", "set", "key_limit")
        out = super().run(*words)
        self.keeps("kybdesk " + " ".join(words).replace(self.folder, "FOLDER"), 0, by_name(out))
        return out

    def call(self, method, path, body=None, **more):
        answer = super().call(method, path, body, **more)
        operation = "%s %s" % (method, self.pattern(path[len(self.url):] if path.startswith(self.url) else path))
        (self.done if answer.status < 400 else self.refused_too).add(operation)
        kind = answer.headers.get("Content-Type", "")
        text = answer.body.decode("utf-8", "replace") if not kind.startswith(("application/pdf", "image/")) else repr(answer.body)
        self.keeps("%s %s" % (method, path), answer.status, kind, text)
        return answer

    def poll(self, path, look):
        """How often it asks depends on the time, so only the last answer is kept."""
        self.records = False
        super().poll(path, look)
        self.records = True
        return self.call("GET", path, wants=200).json

    @contextlib.contextmanager
    def locked(self):
        if self.kind is File:
            with super().locked():
                yield
            return
        words = ["psql", "-XAtq", "-h", SERVER, "-U", "kybdesk", "-d", self.place.base]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as holder:
            holder.stdin.write("SELECT pg_advisory_lock(hashtextextended(current_schema(), 20260101)), 'held';\n")
            holder.stdin.flush()
            expect("held" in holder.stdout.readline(), True, "the lock")
            yield
            holder.stdin.close()


def every_refusal(stage):
    """One refusal of every operation without a key or with a query that is no text, and one of things that are unknown."""
    for path, methods in stage.reference["paths"].items():
        prefix = methods.get("servers", [{"url": "/"}])[0]["url"].rstrip("/")
        where = prefix + re.sub(r"\{(\w+)\}", lambda one: "unknown" if one[1] == "problem" else UNKNOWN, path)
        for method, operation in methods.items():
            if method == "servers":
                continue
            method = method.upper()
            stage.tell(None)
            if "401" in operation["responses"]:
                stage.call(method, where)
                stage.tell("bare" if "/v0.1/" in where else "key")
                for body in (None, {}, {"name": 7}) if method in ("POST", "PUT", "PATCH") else (None,):
                    stage.call(method, where, body)
            else:
                stage.call(method, where + "?a=%ff", wants=400)
                if "{" in path:
                    stage.call(method, where, {} if method in ("POST", "PUT") else None)


def pages(stage):
    """The operations that examples.py leaves out, since they answer with a page or a file."""
    stage.tell("key")
    party = {"workflow_id": "generic-kyc", "subject": examples.COMPANY}
    made = stage.call("POST", "/v1/kyc/sessions", party, wants=201).json
    page = urllib.parse.urlparse(made["access_link"]).path

    def post(rest, **fields):
        part = '--engines\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
        body = "".join(part % (name.replace("_at_", "."), value) for name, value in fields.items()) + "--engines--\r\n"
        stage.tell(None)
        stage.call("POST", page + rest, data=body.encode(), headers={"Content-Type": "multipart/form-data; boundary=engines"}, wants=200)

    post("/steps/identity", f_at_name="Ines Duarte", done="true")
    post("/subsessions", kind="individual", name="Rui Melo", role="representative", country="PRT")
    asked = stage.call("GET", "/api" + page, wants=200).json
    post("/subsessions/" + asked["parties"][0]["id"], remove="true")
    stage.call("POST", page + "/documents", **examples.upload_form(examples.JPEG))
    post("/complete", hand_in="true")
    stage.tell("key")
    path = "/v1/kyc/sessions/" + made["id"]
    document = stage.call("GET", path, wants=200).json["documents"][0]["id"]
    where = stage.call("GET", "%s/documents/%s/url" % (path, document), wants=200).json["url"]
    checks = [{"kind": "watchlist", "status": "passed"}]
    stage.call("POST", path + "/process", wants=200)
    stage.call("POST", path + "/results", {"results": {"final_decision": "manual_review"}, "checks": checks}, wants=200)
    item = {"step_id": "identity", "field_ids": ["name"], "message": "Please write the whole name."}
    asked = stage.call("POST", path + "/corrections", {"corrections": [item]}, wants=200).json["corrections"][0]["id"]
    post("/corrections/" + asked, words="It is my married name.")
    stage.tell(None)
    stage.call("GET", where, wants=200)


def compare(one, other, say):
    """Prints each step that differs; returns how many do."""
    wrong = 0
    for first, second in itertools.zip_longest(one, other, fillvalue=("(nothing)", None, [])):
        if first == second:
            continue
        wrong += 1
        say("DIFFERS: %s: %s on a file, %s on a server%s" % (first[0], first[1], second[1], "" if first[0] == second[0] else ", there: " + second[0]))
        for left, right in itertools.zip_longest(first[2], second[2], fillvalue=""):
            if left != right:
                lines = difflib.unified_diff(re.split(r"\n|(?<=[,{])", left), re.split(r"\n|(?<=[,{])", right), "file", "server", lineterm="", n=1)
                say("  " + "\n  ".join(list(lines)[:40]))
        if wrong == 20:
            say("and so on")
            break
    return wrong


def calls(program):
    played = []
    for kind in (File, Server):
        with Calls(program, kind) as stage:
            stage.quiet = True
            for story in (examples.own, examples.generic, examples.ralio, examples.atelio, examples.avenia, pages, every_refusal, examples.refusals):
                story(stage)
            stage.is_complete()
            operations = {"%s %s" % (method.upper(), path) for path, methods in stage.reference["paths"].items() for method in methods if method != "servers"}
            played.append(stage)
    file, server = played
    wrong = compare(file.answers, server.answers, print)
    wrong += found_faults(file, server)
    for what in ("operations", "errors"):
        if getattr(file, what) != getattr(server, what):
            wrong += 1
            print("DIFFERS: the examples (%s)" % what)
    print("%d calls and commands on each engine; of %d operations %d answered with success, %d with a refusal; %d differences" % (
        len(file.answers), len(operations), len(operations & file.done), len(operations & file.refused_too), wrong))
    for name, missing in (("success", operations - file.done), ("a refusal", operations - file.refused_too)):
        for operation in sorted(missing):
            wrong += 1
            print("without %s: %s" % (name, operation))
    return wrong


# --- commands ---

# Commands without a row in verb_rows.h: how each succeeds, and how it is refused. They run one after the other.
READS = (
    ("list --inbox manual_review", "list --sort nothing"), ("inbox", "inbox --nothing"), ("show RAL-1", "show NONE-1"),
    ("list --filter 'country:GBR risk>40' --summary", "list --filter 'a:b:c'"), ("list --all --ndjson", "list --after nothing"), ("list --csv", "list --csv --json"),
    ("list --filter 'harbour lane'", "list --limit 0"), ("list --subsessions --sort -risk", "list --view nothing"),
    ("store show", "store show more"), ("upgrade --dry-run", "upgrade --nothing"), ("demo --help", "demo more"),
    ("document list RAL-1", "document list NONE-1"), ("party list RAL-1", "party list NONE-1"),
    ("party tree RAL-1", "party tree NONE-1"), ("subsession list RAL-1", "subsession list NONE-1"),
    ("offer list", "offer list --after x"), ("offer list --mine", "offer list more"), ("suspicion list", "suspicion list --after x"),
    ("hold list", "hold list --after x"),
    ("suspicion show HIT-1", "suspicion show NONE-1"), ("sandbox account list", "sandbox account nothing"),
    ("check list HIT-1", "check list NONE-1"),
    ("subject list", "subject list --after x"), ("alert list", "alert list --after x"),
    ("endpoint list", "endpoint list --merchant nobody"), ("webhook list", "webhook list --state nothing"),
    ("webhook deliver --drain", "webhook deliver --log nothing"), ("stats --since 30d", "stats --of nothing"),
    ("stats --of lists --csv", "stats --since nothing"), ("team --since 7d", "team --since nothing"),
    ("audit list RAL-1", "audit list NONE-1"), ("audit list --since 2d", "audit list --since nothing"),
    ("audit show 3", "audit show 99999"), ("audit export", "audit export more"),
    ("audit key sign.key --new", "audit key sign.key --new"), ("audit checkpoint --key sign.key", "audit checkpoint --key none"),
    ("audit verify", "audit verify --key none"), ("reviewer list", "reviewer list --after x"),
    ("merchant list", "merchant list --after x"), ("merchant key list shop", "merchant key list nobody"),
    ("access list", "access list --after x"), ("access keys", "access keys a b"),
    ("workflow list", "workflow list --after x"), ("workflow show ralio-kyb", "workflow show nothing"),
    ("workflow check $SOURCE/data/workflows/ralio-kyb.json", "workflow check none.json"),
    ("workflow diff ralio-kyb avenia-kyb-level-1", "workflow diff ralio-kyb none"),
    ("workflow try $SOURCE/data/workflows/ralio-kyb.json", "workflow try none.json"), ("reasons list", "reasons list --after x"),
    ("reasons check $SOURCE/data/reasons/session.json", "reasons check none.json"), ("template list", "template list --after x"),
    ("template show reminder", "template show nothing"), ("grants writer", "grants nobody"), ("config show --json", "config show more"),
    ("config keys", "config keys more"), ("config set mouse true", "config set mouse maybe"), ("config check", "config check more"), ("info --reference keys", "info --reference none"),
    ("duplicate list RAL-1", "duplicate list NONE-1"), ("completion bash", "completion nothing"),
    ("doctor", "doctor more"), ("session --help", "session"), ("serve --help", "serve --listen nothing"),
    ("webhook verify --help", "webhook verify --body none --headers none --secret none"),
    ("hook run --help", "hook run none --folder none"), ("import cases.ndjson", "import none.ndjson"),
    ("evidence RAL-1 -o case.tar", "evidence NONE-1"), ("evidence verify case.tar", "evidence verify none.tar"),
    ("subject show biz-RAL-1", "subject show nobody"), ("note RAL-1 'A note.'", "note NONE-1 'A note.'"),
    ("backup kept.db", "backup kept.db"), ("restore kept.db --store again.db", "restore none.db --store more.db"),
    ("init --store fresh.db --sandbox", "init --sandbox"),
    # The account is made by SQL, which audit verify and doctor would report.
    ("sandbox ledger 01a20f74-eb22-717e-9167-f486bcef7494", "sandbox ledger nothing"),
)
PEOPLE = (("a-viewer", "viewer"), ("a-reviewer", "reviewer"), ("a-pupil", "reviewer"), ("a-lead", "lead"), ("an-admin", "admin"))
RICH = "hit pep; k suspicion open HIT-1 --reason 'said in more than ten characters'; k link RAL-1; k note RAL-1 'See @a-lead.'; k template set reminder 'Please send {document}.'"


class Commands:
    """A working folder and a store, kept and put back together; $K is the program."""

    def __init__(self, program, kind, files):
        self.folder = tempfile.mkdtemp(prefix="kybdesk-engines-")
        self.work, self.place, self.masks, self.answers = self.folder + "/work", None, Plain(), []
        shutil.copytree(files, self.work)
        self.place = kind(self.work)
        self.environment = {
            "PATH": os.environ["PATH"], "HOME": self.folder, "LC_ALL": "C.UTF-8", "K": os.path.abspath(program),
            "XDG_CONFIG_HOME": self.folder + "/config", "XDG_DATA_HOME": self.folder + "/data",
            "XDG_STATE_HOME": self.folder + "/state", "KYBDESK_STORE": self.place.address, "SOURCE": SOURCE,
            "ASAN_OPTIONS": "exitcode=99:detect_leaks=0",
        }
        people = "; ".join("k reviewer add %s --role %s%s" % (*one, " --supervised" * (one[0] == "a-pupil")) for one in PEOPLE)
        self.arrange('"$K" init --sandbox && %s; k import cases.ndjson; base' % people)
        self.keep("base")

    def keep(self, name):
        shutil.rmtree(self.folder + "/" + name, ignore_errors=True)
        shutil.copytree(self.work, self.folder + "/" + name)
        self.place.keep(name)

    def put_back(self, name):
        shutil.rmtree(self.work)
        shutil.copytree(self.folder + "/" + name, self.work)
        self.place.put_back(name)

    def shell(self, text):
        return subprocess.run(["sh", "-c", text], cwd=self.work, env=self.environment, stdin=subprocess.DEVNULL, capture_output=True, text=True)

    def arrange(self, text, who="a-reviewer"):
        done = self.shell('. "$SOURCE/tests/cli/matrix.sh"; WHO=%s; %s' % (who, text))
        if done.returncode:
            raise Failure("%s: %d: %s%s" % (text, done.returncode, done.stdout, done.stderr))

    def tries(self, line, person, more="", before=""):
        """Runs the line as the person; keeps and returns its status."""
        text = '. "$SOURCE/tests/cli/matrix.sh"; set +eu; WHO=%s; %s; exec "$K" --as %s %s %s' % (person, before or ":", person, more, line)
        done = self.shell(text)
        if "Sanitizer" in done.stderr:
            raise Failure("%s: %s" % (line, done.stderr))
        self.answers.append((line + " by " + person, done.returncode, [self.plain(self.masks(one)) for one in (done.stdout, done.stderr)]))
        return done.returncode

    def plain(self, text):
        return re.sub(r"/tmp/kybdesk-engines-\w+", "FOLDER", text)

    def play(self, row):
        """A command of verb_rows.h: refused to a viewer, or to somebody without the capacity; then done."""
        line = row["line"]
        self.put_back("base")
        if row["before"]:
            self.arrange(row["before"], "an-admin" if row["own"] else "a-reviewer")
        before = "ID='%s'" % (self.place.sql(row["id"]) if row["id"] else "")
        self.masks.ids.clear()
        fails = self.tries(line, "a-viewer", before=before)
        works = self.tries(line, "an-admin", "" if "-o -" in line else "--json", before)
        self.tries("audit list --limit 20", "an-admin", "--json")
        return works == 0, fails != 0

    def reads(self):
        self.put_back("base")
        self.arrange(RICH)
        for works, fails in READS:
            if works.startswith("sandbox ledger"):
                self.arrange("account")
            done, refused = self.tries(works, "an-admin"), self.tries(fails, "an-admin")
            yield works, done in (0, 3), refused != 0

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)
        self.place.close()


def commands(program, file):
    with open(file) as text:
        given = json.load(text)
    played, covered = [], {}
    for kind in (File, Server):
        one = Commands(program, kind, given["files"])
        try:
            done = [(row["line"], *one.play(row)) for row in given["rows"] if row["drawn"]]
            done += one.reads() if given["reads"] else []
        finally:
            one.close()
        played.append(one)
        for line, works, fails in done:
            covered.setdefault(line, []).append((works, fails))
    wrong = compare(played[0].answers, played[1].answers, print)
    shown = subprocess.run([program, "info", "--reference", "markdown"], capture_output=True, text=True, check=True).stdout
    names = re.findall(r"^### (.*)$", shown, re.MULTILINE)

    def of(line):
        return max((one for one in names if (line + " ").startswith(one + " ")), key=len, default=line)

    for line, results in covered.items():
        for place, word in ((0, "does not succeed"), (1, "is not refused")):
            if not all(one[place] for one in results):
                wrong += 1
                print("%s: %s" % (word, line))
    tried, known = {of(line) for line in covered}, {of(row["line"]) for row in given["rows"]} | {of(one[0]) for one in READS}
    print("%d commands on each engine: %d of %d of the table succeeded and were refused; %d differences" % (
        len(played[0].answers), len(tried & set(names)), len(names), wrong))
    for name in sorted(set(names) - known):
        wrong += 1
        print("no row for %s" % name)
    return wrong


def main():
    try:
        one_mask_for_all()
        wrong = calls(sys.argv[1]) if sys.argv[2] == "calls" else commands(sys.argv[1], sys.argv[3])
    except Failure as failure:
        print(failure)
        return 1
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
