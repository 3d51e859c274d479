"""How each verb is done at each front end, on a case that is brought for it. A text in place of a row: why it cannot be."""

import json

from insider.desk import Case, line, must, owner, session, sole, word_of
from insider.listed import FAILED, HIT

WHY = "said in more than ten characters"
PEP = [{"kind": "watchlist", "status": "hit",
        "hits": [{"name": "Ottokar Pep", "list": "World PEP", "class": "pep", "score": 0.7, "detail": {"date_of_birth": "1931-01-01"}}]}]
TO_JUDGE = [{"kind": "watchlist", "status": "hit", "hits": [dict(HIT, name="Ottokar Brun", detail={"date_of_birth": "1931-01-01"})]}]
PROVIDER_CHECK = {"checks": [{"kind": "adverse_media", "status": "passed"}]}
SANDBOX = "the money is a sandbox's"


class Row:
    """act: the words of the command, a request, or what the front end gets; before: prepares the case, as colleagues do.

    judged, changed: a person can give a verdict on this case, or change data, before; own: the verb of the same person's
    that it follows; json: whether --json is added; also: refusals behind the role that stand for done; not_by: for these
    people it cannot be tried, and why; clears: it judges what the person changed.
    """

    def __init__(self, act, before=None, bring=None, judged=True, changed=True, own=None, new=False, json=True, also=(), not_by=None, clears=False):
        self.act, self.before, self.bring = act, before or (lambda c: None), bring or plain
        self.judged, self.changed, self.own, self.new, self.json, self.also = judged, changed, own, new, json, also
        self.not_by, self.clears = not_by or {}, clears


# --- cases ---


def plain(c, **more):
    c.bring(accepted=False, **more)


def ready(c, **more):
    c.bring(**more)


def status(word, **more):
    return lambda c, **checks: c.bring(accepted=False, status=word, **dict(more, **checks))


def draft(c, **more):
    c.bring(accepted=False, status="draft", submitted_at=None, documents=[], parties=[], **more)


def person(word):
    def bring(c, **more):
        c.bring(accepted=False, workflow="generic-kyc", kind="kyc", status=word, documents=[], parties=[],
                steps=[{"id": "identity", "status": "completed"}],
                subject={"uid": "p-%d" % c.number, "kind": "individual", "name": "Pia %s" % word_of(c.number), "country": "PRT",
                         "date_of_birth": "1990-05-01"},
                **dict({"checks": [{"kind": "face_match", "status": "passed"}]}, **more))
    return bring


def avenia(c, **more):
    c.bring(accepted=False, workflow="avenia-kyb-level-1", status="manual_review", documents=[], parties=[],
            steps=[{"id": "company", "status": "completed", "fields": {"companyLegalName": "QUAY %s LTD" % word_of(c.number).upper()}}],
            **more)


def avenia_draft(c, **more):
    c.bring(accepted=False, workflow="avenia-kyb-level-1", status="draft", submitted_at=None, documents=[], parties=[], steps=[])


def by(name, *words, given=b""):
    def do(c):
        must(session(name, *[c.name if w == "CASE" else w(c) if callable(w) else w for w in words], given=given))
        if name in ("zoe", "lou") and words[0] not in ("session", "merchant", "reviewer"):
            session(name, "release", c.name)
    return do


def all_of(*steps):
    def do(c):
        for step in steps:
            step(c)
    return do


def root(*words, given=None):
    """A change that two admins make: the owner of the store offers, lena, who is another admin, confirms."""
    def do(c):
        said = [w(c) if callable(w) else w for w in words]
        must(owner(*said, given=given))
        c.kept = must(session("lena", *said, given=given or b""))
    return do


def alone(*words):
    return lambda c: must(owner(*[w(c) if callable(w) else w for w in words]))


def new_name(c):
    return "n%d" % c.number


def merchant(c):
    return "m%d" % c.number


ANA = ("party", "add", "CASE", "--name", "Ana Sousa", "--kind", "individual", "--role", "director", "--percent", "10", "--birth",
       "1990-05-01", "--country", "PRT")
ASK = ("corrections", "CASE", "--step", "company_info", "--message", "Say it again", "--grace", "0")
REPORT = ("suspicion", "open", "CASE", "--reason", WHY)
ENDPOINT = ("endpoint", "add", "--merchant", "northwind-pay", "--url", lambda c: "https://hooks.example/%d" % c.number, "--event", "*")


def endpoint_id(c):
    listed = json.loads(must(owner("endpoint", "list", "--limit", "1000", "--json")))["data"]
    return next(e["id"] for e in listed if e["url"].endswith("/%d" % c.number))


def correction(c):
    return c.show()["corrections"][0]["id"]


def kyc_twin(c):
    """The approved KYC of another case of the merchant."""
    other = Case(c.number + 5000, c.desk)
    other.bring(accepted=False, parties=[dict(sole(other.number), name="Ana Sousa", date_of_birth="1990-05-01", country="PRT")])
    return other.kyc("Ana")


def twin(c):
    other = Case(c.number + 5000, c.desk)
    other.bring(accepted=False, subject=dict(c.show()["subject"], uid="twin-%d" % c.number, name="Twin", registration_number="R%d" % c.number))


def twin_id(c):
    return Case(c.number + 5000, c.desk).id


def same_number(c, **more):
    c.bring(accepted=False, **dict({"subject": {"uid": "biz-%d" % c.number, "kind": "business", "name": "Route Twin %d Ltd" % c.number,
                                                "country": "GBR", "registration_number": "R%d" % c.number}}, **more))


def rename(c):
    must(session("zoe", "document", "add", c.name, "CERTIFICATE-OF-INCORPORATION", "-", "--name", "a.pdf", given=c.pdf("zoe")))
    session("zoe", "release", c.name)
    must(session("lou", "document", "accept", c.name, "CERTIFICATE-OF-INCORPORATION"))
    must(session("lou", "step", "edit", c.name, "company", "--field", "companyLegalName=QUAY AND SONS %d LTD" % c.number, "--reason", WHY))
    session("lou", "release", c.name)


def an_alert(c):
    must(session("zoe", "approve", c.name, "--grace", "0"))
    must(session("ivo", "check", "report", c.name, "watchlist", "--status", "hit", "--hits", "-",
                 given=json.dumps([dict(HIT, name="Pia S.")]).encode()))


def answered(c):
    by("zoe", *ASK)(c)
    by("ivo", "correction", "answer", "CASE", correction, "--words", "That is it")(c)
    by("ivo", "correction", "hand-in", "CASE")(c)


def judge(c, name):
    """The verdict of a contributor."""
    session(name, "claim", c.name)
    must(session(name, "show", c.name, "--reveal", "--json"))
    hit = next(h["id"] for k in c.show()["checks"] for h in k.get("hits", []) if h["name"] == "Ottokar Brun")
    must(session(name, "check", "resolve", c.name, hit, "--as-false-positive", "--reason", "different_name", "--note",
                 "another person altogether"))
    session(name, "release", c.name)


def pep(c):
    return next(h["id"] for k in c.show()["checks"] for h in k.get("hits", []) if h["class"] == "pep")


def confirmed_pep(c):
    session("zoe", "claim", c.name)
    must(session("zoe", "show", c.name, "--reveal", "--json"))
    must(session("zoe", "check", "resolve", c.name, pep(c), "--as-match", "--reason", "same_person", "--note", "the same person, surely"))
    session("zoe", "release", c.name)


def with_pep(c, **more):
    checks = PEP if not more.get("checks") else [dict(PEP[0], hits=PEP[0]["hits"] + more["checks"][0]["hits"])]
    c.bring(accepted=False, checks=checks)


def failed(c, **more):
    c.bring(accepted=False, checks=FAILED + more.get("checks", []))


def gap(c, **more):
    c.bring(accepted=False, parties=[dict(sole(c.number), ownership_percent="40")], **more)


def claimed(c, name):
    session(name, "claim", c.name)


def part(name):
    return lambda c: c.part(name)["id"]


def session_line(c, **more):
    return json.dumps(line(c.number, **dict({"documents": [], "status": "draft", "submitted_at": None, "parties": []}, **more)))
