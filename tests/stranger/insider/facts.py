"""The matrix of verb, role, fact and moment: what must hold a case, and by which blocker, written from the words of
docs/trust.md alone. Each fact has its honest counterpart: the same acts without what is adverse.
"""

import itertools
import json
import uuid

from insider.desk import Case, must, session, word_of

LEADS, REVIEWERS = ("lea", "max"), ("bo", "ana")
ROLES = REVIEWERS + LEADS
WORDS = "looked at by hand, this is what we know"
SCREENINGS = ("watchlist", "ofac", "adverse_media", "crypto", "register")
ATTEMPTS = ("bureau", "email", "ip", "mobile", "face_match", "extraction", "cross_validation", "web")
WHO = ("subject", "owner", "company", "removed")
LISTS = {"sanctions": "OFAC SDN", "pep": "PEP list", "adverse_media": "Press"}


def identity(number, who):
    return str(uuid.uuid5(uuid.NAMESPACE_URL, "%d/%s" % (number, who)))


def company(number, **more):
    """A company in review whose workflow asks for no document: an owner and a signatory with approved KYC, and a holding."""
    kyc = {"workflow": "generic-kyc", "status": "approved", "checks": [{"kind": "face_match", "status": "passed"}]}
    word = word_of(number)
    people = [("owner", "individual", "Ida " + word, ["ubo", "director"],
               {"control_role": "CEO", "ownership_percent": "95", "session": kyc, "date_of_birth": "%d-02-%02d" % (1940 + number // 28 % 60, 1 + number % 28)}),
              ("company", "company", word + " Holding Ltd", ["shareholder"], {"ownership_percent": "5"}),
              ("removed", "individual", "Otto " + word, ["representative"], {"session": kyc, "date_of_birth": "%d-03-%02d" % (1940 + number // 28 % 60, 1 + number % 28)})]
    return dict({"external_ref": "CASE-%04d" % number, "workflow": "ralio-kyb", "kind": "kyb", "merchant": "northwind-pay", "status": "manual_review",
                 "subject": {"uid": "biz-%d" % number, "kind": "business", "name": "Route %s Trading Ltd" % word, "country": "GBR", "level": "LIGHT"},
                 "steps": [{"id": "company_info", "status": "completed", "fields": {"business_activity": "fish"}}],
                 "parties": [dict({"id": identity(number, who), "kind": kind, "name": name, "roles": roles, "country": "GBR", "owner_of": None},
                                  **m) for who, kind, name, roles, m in people],
                 "created_at": "2026-11-01T09:00:00Z", "submitted_at": "2026-11-02T09:00:00Z"}, **more)


def person(number, name, born, **more):
    return dict({"external_ref": "CASE-%04d" % number, "workflow": "generic-kyc", "kind": "kyc", "merchant": "northwind-pay", "status": "manual_review",
                 "subject": dict({"uid": "user-%d" % number, "kind": "individual", "name": name, "country": "GBR", "date_of_birth": born}, **more),
                 "checks": [{"kind": "face_match", "status": "passed"}],
                 "created_at": "2026-11-01T09:00:00Z", "submitted_at": "2026-11-02T09:00:00Z"})


def hit(c, klass):
    return [{"name": "Ottokar Brun %d" % c.number, "list": LISTS[klass], "class": klass, "score": 0.9, "detail": {"date_of_birth": "1931-01-01"}}]


def report(c, name, kind, status, who="subject", klass=None, source=None, case="CASE"):
    about = [] if who == "subject" else ["--about", identity(c.number, who)]
    hits = ["--hits", "-"] if klass else []
    more = ["--source", source] if source else []
    return c.must(name, "check", "report", case, kind, "--status", status, *about, *hits, *more,
                  given=json.dumps(hit(c, klass)).encode() if klass else b"")


def resolve(c, name, *verdict, hit_id=None):
    """A person looks at the unmasked values of the case, and judges its hit."""
    c.must(name, "claim", "CASE")
    c.must(name, "show", "CASE", "--reveal")
    act = c.do(name, "check", "resolve", "CASE", hit_id or c.hit, *verdict, "--note", WORDS)
    c.must(name, "release", "CASE")
    return act


def result_of(c, kind):
    """The name of the adverse result of a kind, as `check judge` wants it."""
    return next(r["id"] for k in c.show()["checks"] if k["kind"] == kind for r in k.get("results", []) if r["status"] in ("failed", "hit"))


class People:
    """Who does what in a cell: the approver of its role, a reporter, a lead who judges, and one who removes a party."""

    def __init__(self, approver):
        self.approver = approver
        self.reporter = next(n for n in REVIEWERS if n != approver)
        self.judge = next(n for n in LEADS if n != approver)
        self.remover = next(n for n in reversed(LEADS) if n != approver)


class Fact:
    """make(c, people, adverse): does the acts; adverse: False for the honest counterpart. code: the one blocker of a
    reviewer, or (of a reviewer, of a lead). None: honest, too."""

    def __init__(self, title, code, make, who="subject", moments=("before", "grace", "reopened", "after"), roles=ROLES, kind=None):
        self.title, self.make, self.who, self.moments, self.roles, self.kind = title, make, who, moments, roles, kind
        self.code = code if isinstance(code, tuple) else (code, code)

    def code_of(self, name):
        return self.code[name in LEADS]


def screening_facts():
    for kind, who in itertools.product(SCREENINGS, WHO):
        roles = REVIEWERS if who == "removed" else ROLES
        yield Fact("a failed %s about the %s" % (kind, who), "check_failed", lambda c, p, adverse, kind=kind, who=who: report(
            c, p.reporter, kind, "failed" if adverse else "passed", who), who, roles=roles, kind=kind)
    for kind, klass, who in itertools.product(("watchlist", "ofac", "adverse_media"), LISTS, WHO):
        roles = REVIEWERS if who == "removed" else ROLES
        # A result about a party that left screens nobody: the check has to be run again, too.
        code = "hit_open+check_failed" if who == "removed" else "hit_open"
        yield Fact("a hit of class %s in %s about the %s" % (klass, kind, who), code, lambda c, p, adverse, kind=kind, who=who, klass=klass:
                   report(c, p.reporter, kind, "hit" if adverse else "passed", who, klass if adverse else None), who, roles=roles, kind=kind)
    for kind in SCREENINGS:
        for title, source, who in (("the same source", "list", "owner"), ("another source", "another", "owner"), ("the next owner", "list", "company")):
            def improved(c, p, adverse, kind=kind, source=source, who=who):
                report(c, p.reporter, kind, "failed" if adverse else "passed", "owner", source="list")
                report(c, p.reporter, kind, "passed", who, source=source)
            yield Fact("a failed %s about an owner, then a passed one of %s" % (kind, title), "check_failed", improved)

        def vanished(c, p, adverse, kind=kind):
            report(c, p.reporter, kind, "hit" if adverse else "passed", "owner", "sanctions" if adverse else None)
            report(c, p.reporter, kind, "passed", "owner")
        yield Fact("a hit in %s, then a passed result of the same source" % kind, "hit_open", vanished)

        def undetermined(c, p, adverse, kind=kind):
            report(c, p.reporter, kind, "failed" if adverse else "passed")
            if adverse:
                c.must(p.judge, "check", "judge", "CASE", result_of(c, kind), "--verdict", "undetermined", "--reason", WORDS)
        yield Fact("a failed %s that a lead judged undetermined" % kind, "check_failed", undetermined)
        for status in ("error", "timeout", "pending"):
            yield Fact("%s of %s about an owner" % (status, kind), "check_failed", lambda c, p, adverse, kind=kind, status=status: report(
                c, p.reporter, kind, status if adverse else "passed", "owner"), moments=("before", "reopened"))


def other_facts():
    for kind in ATTEMPTS:
        yield Fact("a failed %s" % kind, "check_failed", lambda c, p, adverse, kind=kind: report(
            c, p.reporter, kind, "failed" if adverse else "passed"))

        def again(c, p, adverse, kind=kind):
            report(c, p.reporter, kind, "failed", source="list")
            report(c, p.reporter, kind, "failed" if adverse else "passed", source="list")
        yield Fact("a %s that failed again" % kind, "check_failed", again, moments=("before", "reopened"))

    def undetermined(c, p, adverse, kind="watchlist"):
        report(c, p.reporter, kind, "hit" if adverse else "passed", klass="sanctions" if adverse else None)
        if adverse:
            resolve(c, p.judge, "--as-undetermined", "--reason", "other")
    yield Fact("an undetermined sanctions hit", "hit_open", undetermined, moments=("before", "reopened"))

    def confirmed(c, p, adverse):
        report(c, p.reporter, "watchlist", "hit" if adverse else "passed", klass="pep" if adverse else None)
        if adverse:
            resolve(c, p.judge, "--as-match", "--reason", "same_person")
    yield Fact("a confirmed pep match that no lead accepted", "hit_open", confirmed, moments=("before", "reopened"))

    def judged(c, p, adverse):
        report(c, p.reporter, "adverse_media", "failed" if adverse else "passed")
        if adverse:
            c.must(p.judge, "check", "judge", "CASE", result_of(c, "adverse_media"), "--verdict", "confirmed", "--reason", WORDS)
    yield Fact("a confirmed adverse result", "check_failed", judged, moments=("before", "reopened"))

    def suspected(c, p, adverse, of="CASE"):
        if adverse:
            c.must(p.reporter, "suspicion", "open", c.kyc("Ida") if of == "owner" else of, "--reason", WORDS)
    yield Fact("a suspicion", ("held", "suspicion_open"), suspected, moments=("before", "grace", "reopened"))
    yield Fact("a suspicion about the owner's KYC", ("held", "suspicion_open"), lambda c, p, adverse: suspected(c, p, adverse, "owner"),
               moments=("before", "grace", "reopened"))
    for klass in LISTS:
        yield Fact("a hit of class %s in the KYC of the owner" % klass, "basis_changed", lambda c, p, adverse, klass=klass: report(
            c, p.reporter, "watchlist", "hit" if adverse else "passed", klass=klass if adverse else None, case=c.kyc("Ida")))
    yield Fact("a failed watchlist in the KYC of the owner", "basis_changed", lambda c, p, adverse: report(
        c, p.reporter, "watchlist", "failed" if adverse else "passed", case=c.kyc("Ida")))


FACTS = list(screening_facts()) + list(other_facts())
CELLS = [(fact, role, moment) for fact in FACTS for role in fact.roles for moment in fact.moments]
