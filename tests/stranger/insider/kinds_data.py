"""Routes that use data: import lines, exports, hidden ownership, and the same applicant in another spelling."""

import hashlib
import json

from insider.desk import TYPES, Case, line, must, party, refused, route, session, sole, word_of
from insider.listed import FAILED, HIT, SECOND, WHY
from insider.listed_more import again, with_a_kyc
from insider.own_people import EDIT, by_both_admins

BY_HAND = {"documents": [], "parties": []}


def raw(c, name, document):
    return c.do(name, "import", "-", given=(document if isinstance(document, str) else json.dumps(document)).encode())


def turned_down(c, name, document):
    """Imports a line that must be refused. Its exit status is 3, as for a malformed line; only the words differ."""
    act = raw(c, name, document)
    act.refused = act.status == 3
    act.failed = not act.refused


def new_line(c, **more):
    return line(c.number + 4000, **dict(BY_HAND, **more))

# --- lines of an import ---

route("a case is imported as approved by intake", by=refused("only an admin may import decisions"), acts=lambda c:
      turned_down(c.bring(), "ivo", new_line(c, status="approved")))
route("a case is imported as approved by a lead", by=refused("only an admin may import decisions"), acts=lambda c:
      turned_down(c.bring(), "lea", new_line(c, status="approved")))
route("the case's line comes again as approved", by=refused("decide the case in kybdesk"), acts=lambda c:
      turned_down(c.bring(), "bo", line(c.number, status="approved", documents=[])))
route("the case's line comes again as approved, by an admin", by=refused("decide the case in kybdesk"), acts=lambda c:
      turned_down(c.bring(), "max", line(c.number, status="approved", documents=[])))
route("a case is imported as approved by one admin", by=refused("two admins"), acts=lambda c: (
    c.bring(), turned_down(c, "max", new_line(c, status="approved"))))
route("an owner's KYC is imported as approved by one admin", by=refused("two admins"), acts=lambda c: (
    c.bring(), turned_down(c, "max", new_line(c, parties=[sole(c.number + 4000)]))))


def sum_of(document):
    return hashlib.sha256(json.dumps(document).encode()).hexdigest()

route("one admin allows decisions made elsewhere, and imports one", by=refused("two admins"), acts=lambda c: (
    document := new_line(c, status="approved"), c.bring().must("max", "store", "set", "imported_decisions", sum_of(document)),
    turned_down(c, "max", document)))
route("two admins allow one file, and one of them imports another", by=refused("two admins allowed another file"), acts=lambda c: (
    by_both_admins("store", "set", "imported_decisions", sum_of(new_line(c.bring(), status="rejected"))),
    turned_down(c, "max", new_line(c, status="approved"))))
route("two admins allow one file, and one of them adds a line to it", by=refused("two admins allowed another file"), acts=lambda c: (
    document := new_line(c.bring(), status="rejected"), by_both_admins("store", "set", "imported_decisions", sum_of(document)),
    turned_down(c, "max", json.dumps(line(c.number + 5000, status="approved", **BY_HAND)) + "\n" + json.dumps(document))))
route("a line has its status twice, the second one approved", by=refused("appears twice"), acts=lambda c:
      turned_down(c.bring(), "ivo", json.dumps(new_line(c))[:-1] + ',"status":"approved"}'))
route("a line brings a colleague's decision", by=refused("only an admin may import decisions"), acts=lambda c: (
    told := [{"decision": "approve", "by": "ana", "at": "2026-11-03T00:00:00Z"}],
    turned_down(c.bring(), "ivo", new_line(c, decisions=told))))
route("a line gives the owner the approved KYC of another person", by=refused("already used in this store"), acts=lambda c: (
    owner_of := sole(c.number + 4000, session={"id": c.bring().kyc("Ida"), "workflow": "generic-kyc", "status": "manual_review"}),
    turned_down(c, "bo", new_line(c, parties=[owner_of]))))
route("a line takes the id of another case and changes its workflow", by=refused("the workflow of a session cannot change"), acts=lambda c:
      turned_down(c.bring(), "bo", new_line(c, id=c.kyc("Ida"))))
route("the approver's line lowers the risk of the case", "bo", by=SECOND, acts=lambda c:
      c.bring(risk_score=95).bring_again("bo", risk_score=1, parties=line(c.number)["parties"]))


@route("the approver's line gives the case another name, by its id", "bo", by=SECOND)
def _(c):
    c.bring()
    raw(c, "bo", dict(line(c.number, documents=[]), id=c.id, external_ref="GOOD-%d" % c.number))
    c.name = "GOOD-%d" % c.number


@route("the case is brought again by the approver under a reference that looks the same", "bo", by=(SECOND, "held", "duplicate_open"))
def _(c):
    first = Case(c.number + 4000, c.desk).bring(subject=dict(line(c.number)["subject"], uid="twin-%d" % c.number))
    must(session("lou", "reject", first.name, "--reason", "suspected_fraud", "--grace", "0"))
    c.write(line(c.number))
    c.name = "СASE-%04d" % c.number
    raw(c, "bo", dict(line(c.number, documents=[], parties=[sole(c.number, session=None)]), external_ref=c.name))

route("two lines of one pipe: the owner is there, the owner is gone", by=refused("a file contains each session once"), acts=lambda c: (
    c.bring(), lines := [line(c.number, documents=[]), line(c.number, documents=[], parties=[sole(c.number)])],
    turned_down(c, "bo", "\n".join(json.dumps(one) for one in lines))))


@route("the case is opened again at another merchant by the approver", "bo", by=(SECOND, "duplicate_open"))
def _(c):
    c.bring()
    raw(c, "bo", line(c.number, documents=[], merchant="harbour-pay", parties=[sole(c.number, session=None)]))
    c.wanted = "merchant:harbour-pay " + c.name
    c.name = next(one["id"] for one in json.loads(must(session("bo", "list", "--filter", c.wanted, "--json")))["data"])

# --- exports ---

route("personal data are exported by a viewer", by=refused("viewer"), acts=lambda c: c.bring().do("vic", "export", "CASE", "--reveal"))
route("personal data of a case that a colleague holds are exported", by=refused("holder"), acts=lambda c: (
    c.bring().must("ana", "claim", "CASE"), c.do("bo", "export", "CASE", "--reveal")))
route("an exported case comes back by the approver's pipe, its hits gone", "bo", by=SECOND, acts=lambda c: (
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [dict(HIT, name="Ottokar Brun", detail={"date_of_birth": "1931-01-01"})]}]),
    exported := dict(c.show(), checks=[], documents=[]),
    kept := {k: v for k, v in exported.items() if k in line(c.number) and k != "parties"},
    raw(c, "bo", dict(line(c.number), **dict(kept, documents=[], subject=line(c.number)["subject"]))),
    c.do("bo", "check", "report", "CASE", "watchlist", "--status", "passed")))

# --- hidden ownership ---

def company(name, share, of):
    return {"kind": "company", "name": name, "roles": ["shareholder"], "ownership_percent": share, "owner_of": of, "country": "GBR"}

route("60 % belong to a company with unknown owners", "bo", by="ownership_gap", acts=lambda c:
      c.bring(parties=[party("Ida %s" % word_of(c.number), "40", roles=["ubo", "director"], control_role="CEO"), company("Holding Ltd", "60", None)]))


@route("60 % belong to two companies that own each other", "bo", by=("ownership_gap", "ownership_invalid"))
def _(c):
    left, right = "0198c5d2-0000-7000-8000-%012d" % c.number, "0198c5d2-0000-7000-9000-%012d" % c.number
    c.bring(parties=[dict(company("Left Ltd", "60", None), id=left), dict(company("Right Ltd", "100", left), id=right),
                     dict(company("Left Ltd", "100", right), id=left.replace("8000", "a000")),
                     party("Ida %s" % word_of(c.number), "40", roles=["ubo", "director"], control_role="CEO")])

route("the owners have 120 % together", "bo", by="ownership_invalid", acts=lambda c:
      c.bring(parties=[party("Ida %s" % word_of(c.number), "60", roles=["ubo", "director"], control_role="CEO"),
        party("Otto %s" % word_of(c.number), "60", date_of_birth="1960-03-04")]))
route("the owner's KYC is about a name in other letters", "bo", by=("basis_changed", "party_not_verified"), acts=lambda c: (
    name := "Ida %s" % word_of(c.number),
    subject := {"uid": "other-%d" % c.number, "kind": "individual", "name": "Edda Winter", "country": "GBR"},
    c.bring(parties=[dict(sole(c.number), name=name, session={"workflow": "generic-kyc", "status": "approved", "subject": subject})])))
route("an owner's KYC gets a hit after it was approved", "bo", by=("basis_changed", "hit_open", "party_not_verified"), acts=lambda c:
      c.bring().do("ana", "check", "report", c.kyc("Otto"), "watchlist", "--status", "hit", "--hits", "-", given=json.dumps([HIT]).encode()))
route("an owner's KYC gets a hit, and its alert is closed by the lead who approves", "lea", by=("basis_changed", "hit_open", SECOND), acts=lambda c: (
    c.bring().do("ana", "check", "report", c.kyc("Otto"), "watchlist", "--status", "hit", "--hits", "-", given=json.dumps([HIT]).encode()),
    c.do("lea", "alert", "close", c.kyc("Otto"), "--reason", "nothing that we did not know")))
route("an owner is the KYC's subject of another merchant", by=refused("belong to the same merchant"), acts=lambda c: (
    other := Case(c.number + 4000, c.desk).bring(merchant="harbour-pay"), c.bring(parties=[sole(c.number, session=None)]),
    c.do("bo", "party", "copy", "CASE", "--from", other.kyc("Otto"), "--party", c.part("Ida")["id"])))
route("an owner becomes a director alone by the lead who approves", "lea", by=SECOND, acts=lambda c:
      c.bring().do("lea", "party", "edit", "CASE", c.part("Otto")["id"], "--role", "director", "--reason", WHY))
route("the e-mail of an owner is the approver's, who submits the KYC by mail", "bo", by=SECOND, acts=lambda c: (
    with_a_kyc(c, status="draft").do("bo", "party", "edit", "CASE", c.part("Ida")["id"], "--email", "bo@desk.example.test"),
    c.do("bo", "subsession", "link", "CASE", c.part("Ida")["id"])))
route("a judgement is confirmed by the reviewer whose edit voided it", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", "subject", "edit", "biz-%d" % c.number, "--name", "Route Renamed %s Ltd" % word_of(c.number)),
    c.do("bo", "confirm", "CASE", "--all")))
route("the company is renamed and nobody looks at its documents again", "ana", by=("field_invalid", "basis_changed"), acts=lambda c:
      c.bring().do("bo", "subject", "edit", "biz-%d" % c.number, "--name", "Route Renamed %s Ltd" % word_of(c.number)))

# --- the same applicant in another spelling ---

NEW = {"registration_number": "NEW %d", "tax_id": "NEU %d"}
for title, field, spelling in (
        ("with zero-width spaces", "registration_number", "H\u200bR\u200bB %d07"),
        ("with soft hyphens", "registration_number", "HR\u00adB-%d07"),
        ("in Arabic digits", "tax_id", "DE ٨١%d"),
        ("in mathematical letters", "registration_number", "𝐇𝐑𝐁 %d07"),
        ("with combining marks", "registration_number", "H\u0332R\u0332B %d07"),
        ("from right to left", "registration_number", "\u202eHRB %d07\u202c"),
        ("with the letter O for a zero", "registration_number", "HRB %dO7"),
        ("with the letter l for a one", "tax_id", "DE 8l%d"),
        ("with circled letters", "registration_number", "ⒽⓇⒷ %d07"),
        ("with an em dash and tabs", "registration_number", "HRB\t—\t%d07")):
    def spelled(c, field=field, spelling=spelling):
        again(c, **dict({k: v % c.number for k, v in NEW.items()}, **{field: spelling % c.number}))
    route("the applicant comes again %s" % title, "bo", by=("held", "duplicate_open"))(spelled)


@route("the applicant comes again under its name in capitals, with the same owner", "bo", by=("held", "duplicate_open"))
def _(c):
    first, name = Case(c.number + 4000, c.desk), "Nordlicht %s GmbH" % word_of(c.number)
    first.bring(subject=dict(line(first.number)["subject"], name=name), parties=[sole(c.number)])
    must(session("lou", "reject", first.name, "--reason", "suspected_fraud", "--grace", "0"))
    c.bring(subject=dict(line(c.number)["subject"], name=name.upper().replace(" ", "  ")), parties=[sole(c.number)])

route("an owner rejected for fraud comes again as the owner of another company", "bo", by=("party_not_verified", "held"), acts=lambda c: (
    first := Case(c.number + 4000, c.desk), first.bring(parties=[dict(sole(first.number), name="Edda Winter%d" % c.number)]),
    kyc := first.kyc("Edda"), must(session("lou", "reopen", kyc, "--reason", "look again at the owner")),
    must(session("lou", "reject", kyc, "--reason", "suspected_fraud", "--grace", "0")),
    c.bring(parties=[dict(sole(c.number), name="Edda Winter%d" % c.number, session={"workflow": "generic-kyc", "status": "manual_review"})])))
route("the twin rejected for fraud is snoozed by a lead", "bo", by="held", acts=lambda c: (
    again(c, registration_number="HRB %d07" % c.number, tax_id="NEU %d" % c.number), twin := Case(c.number + 4000, c.desk),
    must(session("lea", "note", twin.name, "not to be looked at again"))))
route("the approver brings a check for the twin, so that it seems decided", "bo", by=("held", SECOND), acts=lambda c: (
    again(c, registration_number="HRB %d07" % c.number, tax_id="NEU %d" % c.number),
    c.do("bo", "check", "report", "CASE", "adverse_media", "--status", "passed")))
