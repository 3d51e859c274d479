"""Compares what a store says about bad news before and after an upgrade: nothing adverse may get weaker.

usage: upgrade_compare.py OLD NEW FOLDER [COUNT]

OLD: a commit, which is built in FOLDER, or a source tree with a program in build/kybdesk. NEW: the program of today.
FOLDER: an empty folder. COUNT: cases, 1000 by default. UPGRADE_SEED repeats a draw; UPGRADE_STORE is the address of an empty PostgreSQL
database, used instead of a SQLite file.

OLD makes a production store: results of all kinds and statuses, about subject, owner, company and removed party, in
review, in the grace time, after the approval, and in cases that arrived approved; then verdicts, waivers, suspicions,
alerts, holds, rejections. NEW upgrades it. Compared are `show` of each case and of the KYC of each owner, alerts,
suspicions and the filter hit:open. Then a reviewer who did nothing before tries to approve each case that had a blocker.
Prints each fact that got weaker; the exit status is 1 if there is one.
"""

import collections
import itertools
import json
import os
import random
import shlex
import subprocess
import sys
import time
import uuid

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OLD, NEW, FOLDER = sys.argv[1], os.path.abspath(sys.argv[2]), os.path.abspath(sys.argv[3])
COUNT = int(sys.argv[4]) if len(sys.argv) > 4 else 1000
SEED = int(os.environ.get("UPGRADE_SEED") or os.environ.get("KYBDESK_TEST_DRAW") or time.time())
STORE = os.environ.get("UPGRADE_STORE") or os.path.join(FOLDER, "desk.db")
ENVIRONMENT = {"PATH": os.environ["PATH"], "HOME": FOLDER, "KYBDESK_STORE": STORE, "LANG": "C.UTF-8", "TMPDIR": FOLDER,
               "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "")}
SCREENINGS = ("watchlist", "ofac", "adverse_media", "crypto")
KINDS = SCREENINGS + ("bureau", "email", "ip", "mobile", "face_match", "extraction", "cross_validation", "web")
STATUSES = ("hit", "failed", "hit", "failed", "passed", "error", "timeout", "pending")
ABOUT = ("subject", "owner", "company", "removed")
MOMENTS = ("before", "grace", "after", "arrived")
LISTS = {"sanctions": "OFAC SDN", "pep": "PEP list", "adverse_media": "Press"}
PAPER = "BUSINESS_NUMBER"
DECIDED = ("approved", "rejected")
# What people do with a case: each needs what its name says, or nothing.
ACTS = ("nothing", "nothing", "nothing", "dismiss", "confirm", "confirm and accept", "waive", "suspect", "suspect the owner",
        "suspect and close", "close the alert", "hold", "reject", "reject for fraud", "improve", "add a KYC's hit", "reject a document")
WORDS = "looked at by hand, this is what we know"
REFUSED = collections.Counter()
draw = random.Random(SEED)


def source_of(commit):
    """A source tree of a commit, with its program built without tests."""
    tree = os.path.join(FOLDER, "old")
    os.makedirs(tree)
    archive = subprocess.Popen(["git", "archive", commit], cwd=ROOT, stdout=subprocess.PIPE)
    subprocess.run(["tar", "x", "-C", tree], stdin=archive.stdout, check=True)
    with open(os.path.join(FOLDER, "build.log"), "w") as log:
        for words in (["cmake", "-S", tree, "-B", tree + "/build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Debug", "-DKYB_TESTS=OFF",
                       "-DCMAKE_C_FLAGS_DEBUG=-O0"], ["ninja", "-C", tree + "/build", "kybdesk"]):
            subprocess.run(words, stdout=log, stderr=log, check=True)
    return tree


def run(program, *words, name=None, given=b""):
    """Runs a command as the owner of the store, or as a person in a session."""
    ssh = {"SSH_ORIGINAL_COMMAND": " ".join(shlex.quote(w) for w in words)} if name else {}
    words = ("--store", STORE, "session", "--reviewer", name) if name else words
    return subprocess.run([program, *words], capture_output=True, env=dict(ENVIRONMENT, **ssh), input=given, cwd=FOLDER)


def must(done):
    if done.returncode:
        sys.exit("%s: %d %s" % (done.args, done.returncode, (done.stderr + done.stdout).decode(errors="replace")[:600]))
    return done.stdout.decode()


def word_of(number):
    syllables = ["ba", "dor", "ke", "lim", "no", "pra", "sut", "ve", "zon", "gri"]
    return "".join(syllables[int(d)] for d in "%04d" % (number * 7 % 10000)).capitalize()


class Case:
    def __init__(self, number, kind, status, about, moment):
        self.number, self.kind, self.status, self.about, self.moment = number, kind, status, about, moment
        self.name, self.act = "UPG-%04d" % number, draw.choice(ACTS if moment == "before" else ACTS[:-1])
        # A person has no owners and companies, so only results about the subject fit.
        self.person = about == "subject" and "document" not in self.act and draw.random() < 0.5
        self.ids = {who: str(uuid.uuid5(uuid.NAMESPACE_URL, "%s/%s" % (who, self.name))) for who in ABOUT}
        self.klass = draw.choice(tuple(LISTS))
        word = word_of(number)
        self.names = {"subject": "Nia " + word if self.person else "Route %s Trading Ltd" % word, "owner": "Ida " + word,
                      "company": "%s Holding Ltd" % word, "removed": "Otto " + word}

    def hits(self):
        away = self.about == "removed" and self.moment in ("grace", "after")
        more = {} if self.about == "subject" or away else {"party": self.ids[self.about]}
        return [{"name": "Ottokar Brun %d" % self.number, "list": LISTS[self.klass], "class": self.klass, "score": 0.9,
                 "detail": dict({"date_of_birth": "1931-01-01", "entry_id": "E%d" % self.number}, **more)}] if self.status == "hit" else []

    def checks(self):
        """The result in the case's line: about the subject, or hits that name the party."""
        if self.moment in ("grace", "after") or (self.about != "subject" and not self.hits()):
            return []
        return [dict({"kind": self.kind, "status": self.status}, **({"hits": self.hits()} if self.hits() else {}))]

    def line(self):
        approved = self.moment == "arrived"
        subject = {"uid": "user-%d" % self.number, "kind": "individual" if self.person else "business", "name": self.names["subject"],
                   "country": "GBR", "level": "" if self.person else "REGULAR" if approved else "LIGHT"}
        if self.person:
            subject["date_of_birth"] = "19%02d-02-01" % (self.number % 90)
        kyc = {"workflow": "generic-kyc", "status": "approved", "checks": [{"kind": "face_match", "status": "passed"}]}
        parties = [dict({"id": self.ids[who], "kind": "company" if who == "company" else "individual", "name": self.names[who],
                         "roles": roles, "country": "GBR", "owner_of": None}, **more)
                   for who, roles, more in (
                       ("owner", ["ubo", "director"], {"control_role": "CEO", "ownership_percent": "95", "session": kyc,
                                                       "date_of_birth": "19%02d-05-06" % (self.number % 90)}),
                       ("company", ["shareholder"], {"ownership_percent": "5"}),
                       ("removed", ["representative"], {"session": kyc, "date_of_birth": "19%02d-08-09" % (self.number % 90)}))]
        documents = [{"category": "COMPANY_INFO", "type": PAPER, "file_name": "paper.pdf", "upload": "ready",
                      "file": "paper%d.pdf" % self.number}]
        return {"external_ref": self.name, "workflow": "generic-kyc" if self.person else "ralio-kyb", "merchant": "shop",
                "kind": "kyc" if self.person else "kyb", "status": "approved" if approved else "manual_review", "subject": subject,
                "documents": documents if "document" in self.act else [], "parties": [] if self.person else parties,
                "steps": [] if self.person else [{"id": "company_info", "status": "completed"}],
                "checks": ([{"kind": "face_match" if self.kind != "face_match" else "web", "status": "passed"}] if self.person else [])
                + self.checks(),
                "created_at": "2026-11-01T09:00:00Z", "submitted_at": "2026-11-02T09:00:00Z"}

    def write(self):
        if "document" in self.act:
            with open(os.path.join(FOLDER, "paper%d.pdf" % self.number), "wb") as file:
                file.write(b"%%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n%% %d\n" % self.number)
        return json.dumps(self.line())

    def do(self, name, *words, given=b""):
        done = run(OLD, *[self.name if w == "CASE" else w for w in words], name=name, given=given)
        if done.returncode == 2:
            sys.exit("%s: %s" % (" ".join(words), done.stderr.decode()))
        if done.returncode:
            if os.environ.get("UPGRADE_VERBOSE"):
                print(self.name, *words, (done.stderr + done.stdout).decode()[:300])
            REFUSED["%s: %s" % (" ".join(words[:2]).replace(" CASE", ""), done.returncode)] += 1
        return done

    def show(self):
        return json.loads(must(run(OLD, "show", self.name, "--json", name="lea")))

    def decide(self):
        """Approves if the moment asks for it, and reports the result if the line did not have it."""
        remove = ("party", "remove", "CASE", self.ids["removed"], "--reason", WORDS)
        about, case = [] if self.about == "subject" else ["--about", self.ids[self.about]], "CASE"
        if self.moment in ("grace", "after"):
            if self.about == "removed":  # of an older program only the KYC of such a party can get a result
                about, case = [], self.show()["parties"][2]["session"]["id"]
                self.do("lou", *remove)
            self.do("ana", "approve", "CASE", "--grace", "0" if self.moment == "after" else "3600")
        if not self.checks():
            hits = ["--hits", "-"] if self.hits() else []
            self.do("bo", "check", "report", case, self.kind, "--status", self.status, *hits, *about,
                    given=json.dumps(self.hits()).encode())
        if self.about == "removed" and self.moment == "before":
            self.do("lou", *remove)

    def judge(self, *verdict, accept=False):
        hits = [h["id"] for k in self.show()["checks"] for h in k.get("hits", [])]
        if hits:
            self.do("ada", "claim", "CASE")
            self.do("ada", "show", "CASE", "--reveal")
            self.do("ada", "check", "resolve", "CASE", hits[0], *verdict, "--note", WORDS)
            self.do("ada", "release", "CASE")
            if accept:
                self.do("lou", "check", "accept", "CASE", hits[0], "--reason", WORDS)

    def perform(self):
        act, because = self.act, ("--reason", WORDS)
        owner = self.show()["parties"][0]["session"]["id"] if act in ("suspect the owner", "add a KYC's hit") and not self.person else None
        if act == "dismiss":
            self.judge("--as-false-positive", "--reason", "different_name")
        elif act.startswith("confirm"):
            self.judge("--as-match", "--reason", "same_person", accept=act.endswith("accept"))
        elif act == "waive":
            self.do("lou", "check", "waive", "CASE", self.kind, *because)
        elif act.startswith("suspect") and not (act.endswith("owner") and self.person):
            self.do("bo", "suspicion", "open", owner if act.endswith("owner") else "CASE", *because)
            if act.endswith("close"):
                self.do("lou", "suspicion", "close", "CASE", draw.choice(("--filed", "--not-filed")), *because)
        elif act == "close the alert":
            self.do("lou", "alert", "close", "CASE", *because)
        elif act == "hold":
            self.do("lea", "hold", "set", "CASE", *because)
        elif act.startswith("reject") and "document" not in act:
            if self.show()["status"] == "approved":
                self.do("lou", "reopen", "CASE", *because)
            self.do("ada", "reject", "CASE", "--reason", "suspected_fraud" if act.endswith("fraud") else "client_unresponsive", "--grace", "0")
        elif act == "reject a document":
            self.do("ada", "document", "reject", "CASE", PAPER, "--reason", "blurry")
        elif act == "improve":
            self.do("vera", "check", "report", "CASE", self.kind, "--status", "passed")
        elif act == "add a KYC's hit" and not self.person:
            hit = [{"name": self.names["owner"], "list": "OFAC SDN", "class": "sanctions", "score": 0.9}]
            self.do("bo", "check", "report", owner, "watchlist", "--status", "hit", "--hits", "-", given=json.dumps(hit).encode())


def pages(program, *words):
    found, after = [], ()
    while True:
        page = json.loads(must(run(program, *words, "--limit", "1000", "--json", *after, name="lea")))
        found += page["data"]
        if not page.get("next"):
            return found
        after = ("--after", page["next"])


def seen(program, names):
    """What a lead sees: each case and each owner's KYC by its id, and the lists."""
    cases = {}
    for name in names:
        case = json.loads(must(run(program, "show", name, "--json", name="lea")))
        cases[case["id"]] = case
        removed = [p.get("session") for p in case.get("removed_parties", [])]  # a removed party has the id only
        for kyc in filter(None, [p["session"]["id"] for p in case["parties"] if p.get("session")] + removed):
            cases[kyc] = json.loads(must(run(program, "show", kyc, "--json", name="lea")))
    return {"cases": cases, "alert": collections.Counter(a["session"] for a in pages(program, "alert", "list")),
            "suspicion": collections.Counter(s["session"] for s in pages(program, "suspicion", "list")),
            "hit:open": collections.Counter(c["id"] for c in pages(program, "list", "--subsessions", "--filter", "hit:open"))}


def facts(case):
    """The adverse facts of a case, each as (what, of what)."""
    for blocker in case["blockers"]:
        yield "blocker " + blocker["code"], blocker["ref"]
    for check in case["checks"]:
        if check["status"] not in ("passed", "waived"):
            yield "check " + check["status"], check["kind"]
        for hit in check.get("hits", []):
            yield "hit", hit["id"]
            if hit["state"] in ("open", "true_match"):
                yield "hit " + hit["state"], hit["id"]
    for document in case["documents"]:
        if document["review"] != "accepted":
            yield "document " + document["review"], document["id"]
    for party in case["parties"]:
        yield "party", party["id"]
        if party.get("session") and party["session"]["status"] != "approved":
            yield "party's KYC " + party["session"]["status"], party["id"]
    for decision in case["decisions"]:
        yield "decision %s %s %s" % (decision["decision"], decision["by"], decision["reason"]), decision["at"]
    for one in case.get("handed_in", []):
        yield "contribution of %s: %s" % (one["by"], one["what"]), one["at"]


def weaker(old, new):
    """Yields (what, case, of what) for each adverse fact of before that is gone."""
    for what in ("alert", "suspicion", "hit:open"):
        for case in old[what] - new[what]:
            yield what, case, ""
    for case, before in old["cases"].items():
        after = new["cases"][case]
        for fact, of in (collections.Counter(facts(before)) - collections.Counter(facts(after))):
            yield fact, case, of
        if before["status"] != after["status"]:
            yield "status %s is %s" % (before["status"], after["status"]), case, ""
        if before["subject"].get("level") != after["subject"].get("level"):
            yield "level %s is %s" % (before["subject"].get("level"), after["subject"].get("level")), case, ""


def lax_rules(tree):
    """The rules of companies without mandatory documents, so that a case can be approved with one command."""
    with open(tree + "/data/workflows/ralio-kyb.json") as file:
        rules = json.load(file)
    rules["document_rules"]["submit_needs_mandatory"] = False
    return json.dumps(dict(rules, version=2, documents=[dict(d, mandatory=False) for d in rules["documents"]])).encode()


def make(cases, tree):
    must(run(OLD, "init"))
    for floor in ("screening_days", "highest_risk", "prohibited_countries"):
        run(OLD, "store", "set", floor, "")  # an older program may not have the floor
    must(run(OLD, "store", "set", "public_url", "https://desk.example.test"))
    must(run(OLD, "merchant", "add", "shop"))
    must(run(OLD, "workflow", "install", "-", given=lax_rules(tree)))
    for person, role in (("lea", "lead"), ("lou", "lead"), ("ana", "reviewer"), ("bo", "reviewer"), ("ada", "reviewer"),
                         ("vera", "reviewer"), ("zoe", "reviewer")):
        must(run(OLD, "reviewer", "add", person, "--role", role))
    with open(os.path.join(FOLDER, "in.ndjson"), "w") as file:
        file.writelines(case.write() + "\n" for case in cases)
    must(run(OLD, "import", "in.ndjson"))
    for case in cases:
        case.decide()
        case.perform()


def main():
    global OLD
    tree = os.path.abspath(OLD) if os.path.exists(OLD) else source_of(OLD)
    OLD = tree + "/build/kybdesk"
    cells = list(itertools.product(KINDS, STATUSES, ABOUT, MOMENTS))
    draw.shuffle(cells)
    cases = [Case(i, *cells[i % len(cells)]) for i in range(COUNT)]
    begun = time.monotonic()
    make(cases, tree)
    names = [case.name for case in cases]
    old = seen(OLD, names)
    made = time.monotonic()
    dry = run(NEW, "upgrade", "--dry-run")
    must(run(NEW, "upgrade", *(["--backed-up"] if "://" in STORE else [])))
    new = seen(NEW, names)
    found = list(weaker(old, new))
    by_id = {case["external_ref"]: identity for identity, case in old["cases"].items()}
    tried = refused = 0
    for case in cases:
        before = old["cases"][by_id[case.name]]
        if before["status"] not in DECIDED and before["blockers"]:
            tried += 1
            refused += run(NEW, "approve", case.name, "--grace", "0", name="zoe").returncode in (4, 5, 7)
            status = json.loads(must(run(NEW, "show", case.name, "--json", name="lea")))["status"]
            if status != before["status"]:
                found.append(("approval of a blocked case: " + status, by_id[case.name], ""))
    if os.environ.get("UPGRADE_VERBOSE"):
        print(dry.stdout.decode(), dry.stderr.decode(), dict(REFUSED), sep="\n")
    for what in ("status", "about", "moment", "act"):
        print("%s: %s" % (what, ", ".join("%s %d" % (k, n) for k, n in sorted(collections.Counter(getattr(c, what) for c in cases).items()))))
    for side, told in (("before", old), ("after", new)):
        codes = collections.Counter(b["code"] for c in told["cases"].values() for b in c["blockers"])
        print("%s: %d cases, %d approved, blockers: %s; %s" % (
            side, len(told["cases"]), sum(c["status"] == "approved" for c in told["cases"].values()),
            ", ".join("%s %d" % one for one in sorted(codes.items())),
            ", ".join("%s %d" % (what, sum(told[what].values())) for what in ("alert", "suspicion", "hit:open"))))
    refs = {identity: case["external_ref"] for identity, case in old["cases"].items()}
    drawn = {case.name: case for case in cases}
    for what, count in collections.Counter(fact for fact, _, _ in found).most_common():
        print("WEAKER %s: %d" % (what, count))
        for _, case, of in [f for f in found if f[0] == what][:4]:
            one = drawn.get(refs.get(case))
            print("    %s %s %s" % (refs.get(case) or case, of, one and (one.kind, one.status, one.about, one.moment, one.act)))
    print("%d cases of %d results, UPGRADE_SEED=%d: %d facts got weaker; %d of %d approvals of blocked cases refused; "
          "made in %.0f s, upgraded and compared in %.0f s" % (
              len(old["cases"]), COUNT, SEED, len(found), refused, tried, made - begun, time.monotonic() - made))
    must(run(NEW, "audit", "verify"))
    sys.exit(1 if found else 0)


main()
