"""Routes by which one insider alone would get a bad case approved, or a good one rejected, in a production store. Everybody
but the owner of the store acts through `kybdesk session`, or over HTTP with a key. After each route the approval is tried
by a command and with the person's own key over HTTP.

usage: routes.py KYBDESK FOLDER [PART OF A TITLE …]     FOLDER: an empty one for the store

A route holds if the case is not approved, or if every act of the route was refused, so that the case is as its client
submitted it. Prints a line for each route.
"""

import json
import os
import shlex
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

PROGRAM, FOLDER, ONLY = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:]
STORE = os.path.join(FOLDER, "desk.db")
TYPES = ["MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS", "DIRECTORS_SHAREHOLDERS_REG"]
PEOPLE = {"max": "admin", "lea": "lead", "lou": "lead", "bo": "reviewer", "ana": "reviewer", "zoe": "reviewer"}
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": FOLDER, "KYBDESK_STORE": STORE, "LANG": "C.UTF-8", "XDG_DATA_HOME": FOLDER,
               "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""), "TMPDIR": FOLDER}
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def owner(*words, given=None):
    """The account that owns the store, at its own shell."""
    return subprocess.run([PROGRAM, *words], capture_output=True, env=ENVIRONMENT, input=given, cwd=FOLDER)


def session(name, *words, given=b""):
    """A reviewer over SSH: what OpenSSH starts for the reviewer's key."""
    return subprocess.run([PROGRAM, "--store", STORE, "session", "--reviewer", name], capture_output=True, input=given, cwd=FOLDER,
                          env=dict(ENVIRONMENT, SSH_ORIGINAL_COMMAND=" ".join(shlex.quote(w) for w in words)))


def must(done):
    if done.returncode:
        sys.exit("%s: %d %s" % (done.args, done.returncode, (done.stderr + done.stdout).decode()))
    return done.stdout.decode()


class Served:
    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen([PROGRAM, "serve", "--listen", "127.0.0.1:%d" % self.port], env=ENVIRONMENT,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=FOLDER)
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("the server does not answer")

    def call(self, key, method, path, body=None, kind="application/json"):
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request("http://127.0.0.1:%d%s" % (self.port, path), data, method=method)
        request.add_header("Content-Type", kind)
        if key:
            request.add_header("Authorization", "Bearer " + key)
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()


def party(name, share, **more):
    return dict({"kind": "individual", "name": name, "roles": ["ubo"], "ownership_percent": share, "owner_of": None,
                 "country": "GBR", "date_of_birth": "1970-02-01",
                 "session": {"workflow": "generic-kyc", "status": "approved"}}, **more)


def line(number, **more):
    return dict({
        "external_ref": "CASE-%d" % number, "workflow": "ralio-kyb", "kind": "kyb", "merchant": "northwind-pay",
        "status": "manual_review",
        "subject": {"uid": "biz-%d" % number, "kind": "business", "name": "Route %s Trading Ltd" % word_of(number),
                    "country": "GBR", "level": "LIGHT"},
        "steps": [{"id": "company_info", "status": "completed", "fields": {"business_activity": "arms export"}}],
        "documents": [{"category": "COMPANY_INFO", "type": t, "file_name": "%s-%d.pdf" % (t, number),
                       "file": "paper%d.pdf" % number, "upload": "ready"} for t in TYPES],
        "parties": [party("Ida %s" % word_of(number), "40", roles=["ubo", "director"], control_role="CEO"),
                    party("Otto %s" % word_of(number), "60", date_of_birth="1960-03-04")],
        "created_at": "2026-11-01T09:00:00Z", "submitted_at": "2026-11-02T09:00:00Z"}, **more)


def word_of(number):
    """Names that are not alike: made of syllables."""
    syllables = ["ba", "dor", "ke", "lim", "no", "pra", "sut", "ve", "zon", "gri"]
    return "".join(syllables[int(d)] for d in "%03d" % (number * 7 % 1000)).capitalize()


class Case:
    """One route's case, imported by zoe as intake unless the route says otherwise."""

    def __init__(self, number, title):
        self.number, self.title, self.name = number, title, "CASE-%d" % number
        self.acted, self.said = False, []

    def bring(self, by="max", accepted=True, **more):
        with open(os.path.join(FOLDER, "paper%d.pdf" % self.number), "wb") as file:
            file.write(PDF + b"%% %d\n" % self.number)
        document = line(self.number, **more)
        with open(os.path.join(FOLDER, "in.ndjson"), "w") as file:
            file.write(json.dumps(document) + "\n")
        must(owner("import", "in.ndjson"))
        for kind in (d["type"] for d in document["documents"] if accepted):
            must(session("zoe", "document", "accept", self.name, kind))
        return self

    def do(self, name, *words, given=b""):
        done = session(name, *[self.name if w == "CASE" else w for w in words], given=given)
        self.acted = self.acted or (done.returncode == 0 and words[0] not in ("claim", "release", "show"))
        self.said.append("    %s %s: %d %s" % (name, " ".join(words)[:70], done.returncode,
                                               (done.stderr or done.stdout).decode().strip().split("\n")[0][:150]))
        return done

    def web(self, key, method, path, body=None, kind="application/json"):
        status, text = served.call(key, method, path, body, kind)
        self.acted = self.acted or status < 300
        self.said.append("    %s %s: %d %s" % (method, path.split("?")[0][-60:], status, text[:150].replace("\n", " ")))
        return status, text

    def show(self):
        return json.loads(must(session("zoe", "show", self.name, "--json")))

    def part(self, name):
        return next(p for p in self.show()["parties"] if p["name"].startswith(name))

    def status(self):
        return self.show()["status"]


ROUTES = []


def route(title, *approvers):
    """The approvers try to approve at the end, each by a command and over HTTP."""
    def keep(function):
        ROUTES.append((title, approvers, function))
        return function
    return keep


# --- the client's data, changed by the approver ---


@route("a step is edited from arms export to fish", "bo")
def _(c):
    c.bring().do("bo", "step", "edit", "CASE", "company_info", "--field", "business_activity=fish", "--reason", "typed wrongly by the client")


@route("a step is edited, and the machine decides", "bo")
def _(c):
    c.bring().do("bo", "step", "edit", "CASE", "company_info", "--field", "business_activity=fish", "--reason", "typed wrongly by the client")
    c.do("bo", "process", "CASE")


@route("a step is edited there and back", "bo")
def _(c):
    c.bring()
    for activity in ("fish", "arms export"):
        c.do("bo", "step", "edit", "CASE", "company_info", "--field", "business_activity=" + activity, "--reason", "typed wrongly by the client")


@route("the owner of 60 % is removed by a reviewer", "bo")
def _(c):
    c.bring().do("bo", "party", "remove", "CASE", c.part("Otto")["id"], "--reason", "no longer an owner, says the register")
    c.do("bo", "party", "edit", "CASE", c.part("Ida")["id"], "--percent", "100")


@route("the owner of 60 % is removed by a lead", "lea")
def _(c):
    c.bring().do("lea", "party", "remove", "CASE", c.part("Otto")["id"], "--reason", "no longer an owner, says the register")
    c.do("lea", "party", "edit", "CASE", c.part("Ida")["id"], "--percent", "100")


@route("the share of an owner is shifted below the limit", "bo", "lea")
def _(c):
    c.bring().do("bo", "party", "edit", "CASE", c.part("Otto")["id"], "--percent", "9")
    c.do("lea", "party", "own", "CASE", c.part("Otto")["id"], "--of", "subject", "--percent", "9", "--reason", "the register says so")


@route("the role of an owner is shifted", "bo")
def _(c):
    c.bring().do("bo", "party", "edit", "CASE", c.part("Ida")["id"], "--role", "representative")


@route("the birth date of an owner is changed", "bo")
def _(c):
    c.bring().do("bo", "party", "edit", "CASE", c.part("Otto")["id"], "--birth", "1961-01-01")


@route("a straw owner is added", "bo")
def _(c):
    c.bring().do("bo", "party", "add", "CASE", "--kind", "individual", "--name", "Straw Mann", "--role", "director", "--country", "GBR", "--birth", "1990-01-01")


@route("a straw owner is added and removed", "bo")
def _(c):
    c.bring().do("bo", "party", "add", "CASE", "--kind", "individual", "--name", "Straw Mann", "--role", "director", "--country", "GBR", "--birth", "1990-01-01")
    c.do("bo", "party", "remove", "CASE", "Straw Mann", "--reason", "added by mistake, sorry")


@route("an ownership gap is explained by a lead", "lea")
def _(c):
    c.bring(parties=[party("Ida %s" % word_of(c.number), "40", roles=["ubo", "director"], control_role="CEO")])
    c.do("lea", "party", "gap", "CASE", "--reason", "listed")


@route("a subject is renamed", "bo")
def _(c):
    c.bring().do("bo", "subject", "edit", "biz-%d" % c.number, "--name", "Better Name Ltd")


@route("a changed line is imported by a reviewer", "bo")
def _(c):
    c.bring()
    changed = line(c.number, documents=[])
    changed["subject"]["website"] = "https://good.example"
    c.do("bo", "import", "-", given=json.dumps(changed).encode())


# --- documents ---


@route("the missing document is brought by the approver", "bo")
def _(c):
    c.bring(documents=line(c.number)["documents"][:3]).do("bo", "document", "add", "CASE", TYPES[3], "-", "--name", "paper.pdf", given=PDF + b"% own\n")
    c.do("bo", "document", "accept", "CASE", TYPES[3])


@route("the missing document is brought by the approver as intake", "bo")
def _(c):
    c.bring(documents=line(c.number)["documents"][:3]).do("bo", "document", "add", "CASE", TYPES[3], "-", "--name", "paper.pdf", "--for", "intake", given=PDF + b"% own\n")
    c.do("bo", "document", "accept", "CASE", TYPES[3])


@route("a document is accepted by its bringer, and a colleague approves", "ana")
def _(c):
    c.bring(documents=line(c.number)["documents"][:3]).do("bo", "document", "add", "CASE", TYPES[3], "-", "--name", "paper.pdf", given=PDF + b"% own\n")
    c.do("bo", "document", "accept", "CASE", TYPES[3])
    c.do("bo", "release", "CASE")


@route("a document is replaced by the approver", "bo")
def _(c):
    c.bring().do("bo", "document", "reject", "CASE", TYPES[0], "--reason", "blurry")
    c.do("bo", "document", "add", "CASE", TYPES[0], "-", "--name", "paper.pdf", given=PDF + b"% other\n")
    c.do("bo", "document", "accept", "CASE", TYPES[0])


# --- the client's link ---


def link_of(c, name):
    text = c.do(name, "link", "CASE").stdout.decode()
    return next((w.rsplit("/", 1)[1] for w in text.split() if "/s/" in w), "none")


@route("the client's link is shown to the approver", "bo")
def _(c):
    link_of(c.bring(), "bo")


@route("the approver hands in by the client's link", "bo")
def _(c):
    c.bring().do("bo", "corrections", "CASE", "--step", "company_info", "--message", "Write it out")
    token = link_of(c, "bo")
    c.web(None, "PATCH", "/api/s/%s/steps/company_info" % token, {"fields": {"business_activity": "fish"}})
    c.web(None, "POST", "/api/s/%s/complete" % token, {})


@route("a straw owner is declared by the link", "bo")
def _(c):
    c.bring(status="active", submitted_at=None, accepted=False)
    token = link_of(c, "bo")
    c.web(None, "POST", "/api/s/%s/parties" % token, {"kind": "individual", "name": "Straw Mann", "roles": ["director"], "country": "GBR"})
    c.web(None, "POST", "/api/s/%s/complete" % token, {})


# --- judgements ---


@route("a failed check is waived by a lead", "lea")
def _(c):
    c.bring(checks=[{"kind": "adverse_media", "status": "failed"}]).do("lea", "check", "waive", "CASE", "adverse_media", "--reason", "looked at by hand, nothing there")


@route("a better result is reported by the approver", "bo")
def _(c):
    c.bring(checks=[{"kind": "adverse_media", "status": "failed"}]).do("bo", "check", "report", "CASE", "adverse_media", "--status", "passed")


@route("a better result is reported over a worse one, and a colleague approves", "ana")
def _(c):
    c.bring(checks=[{"kind": "adverse_media", "status": "failed"}]).do("bo", "check", "report", "CASE", "adverse_media", "--status", "passed")


HIT = {"name": "Otto", "list": "OFAC SDN", "class": "sanctions", "score": 0.98, "detail": {"date_of_birth": "1960-03-04", "country": "GBR"}}


@route("a sanctions hit is dismissed against equal facts", "bo")
def _(c):
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}])
    hit = c.show()["checks"][0]["hits"][0]["id"]
    c.do("bo", "claim", "CASE")
    c.do("bo", "show", "CASE", "--reveal")
    c.do("bo", "check", "resolve", "CASE", hit, "--as-false-positive", "--reason", "different_name", "--note", "another person altogether")


@route("a hit on a sanctions list comes as class pep", "bo")
def _(c):
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [dict(HIT, **{"class": "pep"})]}])
    hit = c.show()["checks"][0]["hits"][0]["id"]
    c.do("bo", "claim", "CASE")
    c.do("bo", "show", "CASE", "--reveal")
    c.do("bo", "check", "resolve", "CASE", hit, "--as-false-positive", "--reason", "different_name", "--note", "another person altogether")


@route("a confirmed match is accepted by a lead", "lea")
def _(c):
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}])
    hit = c.show()["checks"][0]["hits"][0]["id"]
    c.do("lea", "claim", "CASE")
    c.do("lea", "show", "CASE", "--reveal")
    c.do("lea", "check", "resolve", "CASE", hit, "--as-match", "--reason", "same_person", "--note", "the same person, surely")
    c.do("lea", "check", "accept", "CASE", hit, "--reason", "a licence of the authority covers it")


@route("an owner is marked as verified elsewhere by a lead", "lea")
def _(c):
    c.bring(parties=[party("Ida %s" % word_of(c.number), "100", roles=["ubo", "director"], control_role="CEO", session=None)])
    c.do("lea", "party", "verify", "CASE", c.part("Ida")["id"], "--elsewhere", "--reason", "verified by the bank last year")


@route("a lead waives, accepts and explains, alone", "lea")
def _(c):
    c.bring(checks=[{"kind": "adverse_media", "status": "failed"}, {"kind": "watchlist", "status": "hit", "hits": [HIT]}],
            parties=[party("Ida %s" % word_of(c.number), "40", roles=["ubo", "director"], control_role="CEO")])
    hit = next(h for k in c.show()["checks"] for h in k.get("hits", []))["id"]
    c.do("lea", "claim", "CASE")
    c.do("lea", "show", "CASE", "--reveal")
    c.do("lea", "check", "waive", "CASE", "adverse_media", "--reason", "looked at by hand, nothing there")
    c.do("lea", "check", "resolve", "CASE", hit, "--as-match", "--reason", "same_person", "--note", "the same person, surely")
    c.do("lea", "check", "accept", "CASE", hit, "--reason", "a licence of the authority covers it")
    c.do("lea", "party", "gap", "CASE", "--reason", "listed")


# --- decisions taken back ---


@route("rejected for suspected fraud, undone", "bo")
def _(c):
    c.bring().do("bo", "reject", "CASE", "--reason", "suspected_fraud", "--grace", "60")
    c.do("bo", "undo", "CASE")


@route("rejected for suspected fraud, reopened by a lead", "lea")
def _(c):
    c.bring().do("lea", "reject", "CASE", "--reason", "suspected_fraud", "--grace", "0")
    c.do("lea", "reopen", "CASE", "--reason", "it was a mistake of ours")


@route("a hit arrives within the grace time", "ana")
def _(c):
    c.bring().do("ana", "approve", "CASE", "--grace", "60")
    changed = line(c.number, checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}])
    with open(os.path.join(FOLDER, "in.ndjson"), "w") as file:
        file.write(json.dumps(changed) + "\n")
    owner("import", "in.ndjson")


# --- the owner's KYC ---


@route("the KYC of an owner is worked on by the approver of the company", "bo")
def _(c):
    kyc = c.bring().part("Otto")["session"]["id"]
    c.do("lea", "reopen", kyc, "--reason", "look again at the owner")
    c.do("bo", "document", "add", kyc, "PASSPORT", "-", "--name", "passport.pdf", given=PDF + b"% passport\n")
    c.do("ana", "document", "accept", kyc, "PASSPORT")
    c.do("ana", "approve", kyc, "--grace", "0")


@route("a KYC of typed steps alone", "bo")
def _(c):
    c.bring(parties=[party("Ida %s" % word_of(c.number), "100", roles=["ubo", "director"], control_role="CEO",
                           session={"workflow": "generic-kyc", "status": "manual_review",
                                    "steps": [{"id": "identity", "status": "completed", "fields": {"full_name": "Ida"}}]})])
    c.do("ana", "approve", c.part("Ida")["session"]["id"], "--grace", "0")


@route("the passport of an owner expired between KYC and KYB", "bo")
def _(c):
    c.bring(parties=[party("Ida %s" % word_of(c.number), "100", roles=["ubo", "director"], control_role="CEO",
                           session={"workflow": "generic-kyc", "status": "approved",
                                    "documents": [{"type": "PASSPORT", "file_name": "p.pdf", "file": "paper%d.pdf" % c.number,
                                                   "upload": "ready", "review": "accepted", "expires_on": "2026-01-31"}]})])


# --- the same applicant again ---


def again(c, **subject):
    """Another case with these values, after a rejection for a restricted reason."""
    first = Case(c.number + 500, c.title)
    known = {"registration_number": "HRB %d07" % c.number, "tax_id": "DE 81%d" % c.number, "country": "DEU"}
    document = line(first.number)
    first.bring(subject=dict(document["subject"], name="Nordlicht %s GmbH" % word_of(c.number), uid="same-%d" % c.number, **known))
    must(session("lou", "reject", first.name, "--reason", "suspected_fraud", "--grace", "0"))
    base = dict(line(c.number)["subject"], **known)
    c.bring(subject=dict(base, **subject))


SPELLINGS = [("registration_number", "HRB%d07"), ("registration_number", "hrb-%d07"), ("registration_number", "ΗRB %d07"),
             ("registration_number", "HRB 0%d07"), ("registration_number", "ＨＲＢ %d07"), ("tax_id", "DE-81%d"),
             ("tax_id", "dе81%d"), ("tax_id", "D E 8 1 %d"), ("registration_number", "HRB.%d07")]
for field, spelling in SPELLINGS:
    def spelled(c, field=field, spelling=spelling):
        other = "tax_id" if field == "registration_number" else "registration_number"
        again(c, **{field: spelling % c.number, other: "NEW %d" % c.number})
    route("reapplication after a rejection for fraud, %s as %s" % (field, spelling.replace("%d", "1")), "bo")(spelled)


@route("reapplication under the same uid", "bo")
def _(c):
    again(c, uid="same-%d" % c.number, registration_number="NEW %d" % c.number, tax_id="NEW %d" % c.number)


@route("reapplication at another merchant", "bo")
def _(c):
    first = Case(c.number + 500, c.title)
    known = {"registration_number": "HRB %d07" % c.number, "country": "DEU"}
    first.bring(subject=dict(line(first.number)["subject"], **known))
    must(session("lou", "reject", first.name, "--reason", "suspected_fraud", "--grace", "0"))
    c.bring(merchant="harbour-pay", subject=dict(line(c.number)["subject"], **known))


# --- keys ---


@route("the merchant's own key approves")
def _(c):
    c.bring()
    c.web(merchant_key, "PATCH", "/kyc/sessions/" + c.show()["id"], {"status": "approved"})


@route("the merchant's own key reports a result over a failed check", "bo")
def _(c):
    c.bring(checks=[{"kind": "adverse_media", "status": "failed"}])
    c.web(merchant_key, "POST", "/kyc/sessions/%s/results" % c.show()["id"], {"adverse_media": {"status": "passed"}})


# --- rules and people ---


@route("lax rules are installed by one admin, a case is opened, and the rules are put back", "bo")
def _(c):
    text = json.loads(must(owner("workflow", "show", "ralio-kyb", "--json")))
    lax = dict(text, version=text["version"] + 1)
    for document in lax.get("documents", []):
        document["mandatory"] = False
    done = c.do("max", "workflow", "install", "-", given=json.dumps(lax).encode())
    c.bring(documents=[])
    c.said.append("    installed: %d" % done.returncode)


@route("an admin adds people with names like a reviewer's", "max")
def _(c):
    c.bring()
    c.do("max", "reviewer", "add", "ana.", "--role", "lead")
    c.do("max", "reviewer", "add", "аna", "--role", "lead")
    c.do("max", "reviewer", "add", "a.na", "--role", "lead")


@route("a store is restored to forget a rejection", "bo")
def _(c):
    c.bring()
    c.do("bo", "backup", os.path.join(FOLDER, "taken.db"))
    c.do("bo", "reject", "CASE", "--reason", "suspected_fraud", "--grace", "0")
    c.do("bo", "restore", os.path.join(FOLDER, "taken.db"))


# --- what must work: else nothing above means anything ---

HONEST = {"honest: one imports, another accepts, a third approves"}


@route("honest: one imports, another accepts, a third approves", "bo")
def _(c):
    c.bring()


def try_to_approve(c, name):
    """By a command, then over HTTP with the person's own key."""
    if c.status() == "approved":
        return
    c.do(name, "claim", "CASE")
    c.do(name, "approve", "CASE", "--grace", "0")
    if c.status() != "approved":
        c.web(reviewer_keys[name], "PATCH", "/kyc/sessions/" + c.show()["id"], {"status": "approved"})


def run(number, title, approvers, function):
    c = Case(number, title)
    function(c)
    acted = c.acted
    for name in approvers:
        try_to_approve(c, name)
    approved = c.status() == "approved"
    held = approved if title in HONEST else not (approved and acted)
    print("%s %2d %s: %s%s" % ("held" if held else "OPEN", number, title, c.status(), "" if acted or title in HONEST else
                               ", every act was refused"), flush=True)
    if not held or os.environ.get("ROUTES_VERBOSE"):
        print("\n".join(c.said), flush=True)
    return held


must(owner("init"))
must(owner("merchant", "add", "northwind-pay"))
must(owner("merchant", "add", "harbour-pay"))
must(owner("store", "set", "public_url", "https://desk.example.test"))
merchant_key = json.loads(must(owner("merchant", "key", "northwind-pay", "--json")))["api_key"]
for person, role in sorted(PEOPLE.items(), key=lambda p: p[1] == "admin"):
    must(owner("reviewer", "add", person, "--role", role))
    if person == "max":
        continue
    reviewer_keys = globals().get("reviewer_keys", {})
    reviewer_keys[person] = json.loads(must(owner("reviewer", "key", person, "--json")))["api_key"]
reviewer_keys["max"] = "none"
served = Served()
try:
    results = [run(n + 1, *r) for n, r in enumerate(ROUTES) if not ONLY or any(o in r[0] for o in ONLY)]
finally:
    served.process.terminate()
    served.process.wait()
must(owner("audit", "verify"))
print("%d routes held, %d open" % (sum(results), len(results) - sum(results)))
sys.exit(0 if results and all(results) else 1)
