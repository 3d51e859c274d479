"""The other routes found in the past: documents, hits, KYC, reapplications, reversed decisions, people and rules."""

import json
import os

from insider.desk import (PDF, TYPES, Case, bring_in, line, must, owner, paper_sum, party, refused, route, session,
                          sole, word_of)
from insider.listed import FAILED, HIT, SECOND

# --- the missing document ---

def short_of_one(c):
    return c.bring(documents=line(c.number)["documents"][:3])

route("the missing document is brought by the approver", "bo", by=SECOND, acts=lambda c: (
    short_of_one(c).do("bo", "document", "add", "CASE", TYPES[3], "-", "--name", "paper.pdf", given=PDF + b"% own\n"),
    c.do("ana", "document", "accept", "CASE", TYPES[3])))
route("the missing document is brought and accepted by the approver", "bo", by=SECOND, acts=lambda c: (
    short_of_one(c).do("bo", "document", "add", "CASE", TYPES[3], "-", "--name", "paper.pdf", given=PDF + b"% own\n"),
    c.do("bo", "document", "accept", "CASE", TYPES[3])))
route("the missing document is brought by the approver as intake", by=refused("submitted"), acts=lambda c:
      short_of_one(c).do("bo", "document", "add", "CASE", TYPES[3], "-", "--name", "paper.pdf", "--for", "intake", given=PDF + b"% own\n"))
route("a document is accepted by the person who brought it, and a colleague approves", "ana", by="document_not_accepted", acts=lambda c: (
    short_of_one(c).do("bo", "document", "add", "CASE", TYPES[3], "-", "--name", "paper.pdf", given=PDF + b"% own\n"),
    c.do("bo", "document", "accept", "CASE", TYPES[3]), c.do("bo", "release", "CASE")))
route("a rejected document is replaced by the approver", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", "document", "reject", "CASE", TYPES[0], "--reason", "unreadable_file"),
    c.do("bo", "document", "add", "CASE", TYPES[0], "-", "--name", "paper.pdf", given=PDF + b"% other\n")))

# --- hits ---

def dismiss(c, name, hit, reason="different_name"):
    c.do(name, "claim", "CASE")
    c.do(name, "show", "CASE", "--reveal")
    return c.do(name, "check", "resolve", "CASE", hit, "--as-false-positive", "--reason", reason, "--note", "another person altogether")

route("a sanctions hit is dismissed against an equal birth date", by=refused("contradict"), acts=lambda c: (
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}]), dismiss(c, "bo", c.hit, "different_birth_date")))
route("a sanctions hit is dismissed against an equal country", by=refused("contradict"), acts=lambda c: (
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}]), dismiss(c, "bo", c.hit, "different_country")))
route("a sanctions hit is dismissed against an equal name", by=refused("contradict"), acts=lambda c: (
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [dict(HIT, name="Otto " + word_of(c.number))]}]),
    dismiss(c, "bo", c.hit)))
route("a sanctions hit is dismissed with a reason that fits", "bo", by=SECOND, acts=lambda c: (
    other := dict(HIT, name="Ottokar Brun", detail={"date_of_birth": "1931-01-01"}),
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [other]}]), dismiss(c, "bo", c.hit)))
route("a hit on a sanctions list comes as class pep", "bo", by=("hit_open", SECOND), acts=lambda c: (
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [dict(HIT, **{"class": "pep"})]}]), dismiss(c, "bo", c.hit)))
route("a hit on a sanctions list is sent as class pep by a later line", "bo", by=("hit_open", SECOND), acts=lambda c: (
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}]),
    c.bring_again("bo", checks=[{"kind": "watchlist", "status": "hit", "hits": [dict(HIT, **{"class": "pep"})]}])))
route("a confirmed match is accepted by the lead who confirmed it", "lea", by=("held", "hit_open", "suspicion_open"), acts=lambda c: (
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}]), hit := c.hit, c.do("lea", "claim", "CASE"),
    c.do("lea", "show", "CASE", "--reveal"),
    c.do("lea", "check", "resolve", "CASE", hit, "--as-match", "--reason", "same_person", "--note", "the same person, surely"),
    c.do("lea", "check", "accept", "CASE", hit, "--reason", "a licence of the authority covers it")))
route("a hit arrives within the grace time", "ana", by="hit_open", acts=lambda c: (
    c.bring().do("ana", "approve", "CASE", "--grace", "60"),
    c.write(line(c.number, checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}])), bring_in()))
route("a suspicion is opened within the grace time", "ana", by="held", acts=lambda c: (
    c.bring().do("ana", "approve", "CASE", "--grace", "60"),
    c.do("bo", "suspicion", "open", "CASE", "--reason", "the owner asked about our limits")))
route("a suspicion on the owner's KYC is opened within the grace time", "ana", by="held", acts=lambda c: (
    kyc := c.bring().kyc("Otto"), c.do("ana", "approve", "CASE", "--grace", "60"),
    c.do("bo", "suspicion", "open", kyc, "--reason", "the owner asked about our limits")))

# --- a lead alone ---

route("a failed check is waived by the lead who approves", "lea", by=SECOND, acts=lambda c:
      c.bring(checks=FAILED).do("lea", "check", "waive", "CASE", "adverse_media", "--reason", "looked at by hand, nothing there"))
route("an ownership gap is explained by the lead who approves", "lea", by=SECOND, acts=lambda c: (
    c.bring(parties=[party("Ida %s" % word_of(c.number), "40", roles=["ubo", "director"], control_role="CEO")]),
    c.do("lea", "party", "gap", "CASE", "--reason", "listed")))
route("an owner is marked as verified elsewhere by the lead who approves", "lea", by=SECOND, acts=lambda c: (
    c.bring(parties=[sole(c.number, session=None)]),
    c.do("lea", "party", "verify", "CASE", c.part("Ida")["id"], "--elsewhere", "--reason", "verified by the bank last year")))
route("a lead waives, accepts, explains and approves", "lea", by=SECOND, acts=lambda c: (
    c.bring(checks=FAILED + [{"kind": "watchlist", "status": "hit", "hits": [dict(HIT, **{"class": "pep", "list": "PEP list"})]}],
            parties=[party("Ida %s" % word_of(c.number), "40", roles=["ubo", "director"], control_role="CEO")]),
    hit := c.hit, c.do("lea", "claim", "CASE"), c.do("lea", "show", "CASE", "--reveal"),
    c.do("lea", "check", "waive", "CASE", "adverse_media", "--reason", "looked at by hand, nothing there"),
    c.do("lea", "check", "resolve", "CASE", hit, "--as-match", "--reason", "same_person", "--note", "the same person, surely"),
    c.do("lea", "check", "accept", "CASE", hit, "--reason", "a licence of the authority covers it"),
    c.do("lea", "party", "gap", "CASE", "--reason", "listed")))

# --- the owner's KYC ---

def with_a_kyc(c, **kyc):
    return c.bring(parties=[sole(c.number, session=dict({"workflow": "generic-kyc", "status": "manual_review"}, **kyc))])


def passport(c, **more):
    return dict({"type": "PASSPORT", "file_name": "p.pdf", "file": "paper%d.pdf" % c.number,
                 "sha256": paper_sum(c.number), "upload": "ready"}, **more)

route("the KYC of an owner is worked on by the approver of the company", "bo", by=SECOND, acts=lambda c: (
    kyc := c.bring().kyc("Otto"), c.do("lea", "reopen", kyc, "--reason", "look again at the owner"),
    c.do("bo", "document", "add", kyc, "PASSPORT", "-", "--name", "passport.pdf", given=PDF + b"% passport\n"),
    c.do("ana", "document", "accept", kyc, "PASSPORT")))
route("a KYC of typed steps alone is approved", by=refused("nothing_examined"), acts=lambda c: (
    with_a_kyc(c, steps=[{"id": "identity", "status": "completed", "fields": {"full_name": "Ida"}}]),
    c.do("ana", "approve", c.kyc("Ida"), "--grace", "0")))
route("a KYC of nothing is approved", by=refused("nothing_examined"), acts=lambda c:
      with_a_kyc(c).do("ana", "approve", c.kyc("Ida"), "--grace", "0"))
route("a KYC of nothing is approved with the person's own key", by=refused("nothing_examined"), acts=lambda c:
      with_a_kyc(c).web(c.desk.keys["ana"], "PATCH", "/kyc/sessions/" + c.kyc("Ida"), {"status": "approved"}))
route("the passport of an owner expired between KYC and KYB", "bo", by="party_not_verified", acts=lambda c:
      with_a_kyc(c, status="approved", documents=[passport(c, review="accepted", expires_on="2026-01-31")]))

# --- the same applicant again ---

def again(c, **subject):
    """Rejects a case of a company for suspected fraud, then imports this case of it with the given subject values."""
    first = Case(c.number + 4000, c.desk)
    known = {"registration_number": "HRB %d07" % c.number, "tax_id": "DE 81%d" % c.number, "country": "DEU"}
    document = line(first.number)
    first.bring(subject=dict(document["subject"], name="Nordlicht %s GmbH" % word_of(c.number), uid="same-%d" % c.number, **known))
    must(session("lou", "reject", first.name, "--reason", "suspected_fraud", "--grace", "0"))
    base = dict(line(c.number)["subject"], **known)
    return c.bring(subject=dict(base, **subject))


SPELLINGS = [("registration_number", "HRB%d07"), ("registration_number", "hrb-%d07"), ("registration_number", "ΗRB %d07"),
             ("registration_number", "HRB 0%d07"), ("registration_number", "ＨＲＢ %d07"), ("registration_number", "HRB.%d07"),
             ("tax_id", "DE-81%d"), ("tax_id", "dе81%d"), ("tax_id", "D E 8 1 %d")]
for field, spelling in SPELLINGS:
    def spelled(c, field=field, spelling=spelling):
        again(c, **{"registration_number": "NEW %d" % c.number, "tax_id": "NEU %d" % c.number, field: spelling % c.number})
    route("the applicant comes again after a rejection for fraud, %s as %s" % (field, spelling.replace("%d", "1")), "bo", by="held")(spelled)

route("the applicant comes again, the registration number as tax id", "bo", by="held", acts=lambda c:
      again(c, registration_number="NEW %d" % c.number, tax_id="hrb %d07" % c.number))
route("the applicant comes again, the tax id as registration number", "bo", by="held", acts=lambda c:
      again(c, registration_number="DE-81%d" % c.number, tax_id=""))
route("the applicant comes again under the same uid", "bo", by="held", acts=lambda c:
      again(c, uid="same-%d" % c.number, registration_number="NEW %d" % c.number, tax_id="NEU %d" % c.number))
route("the applicant comes again with the same documents", "bo", by="held", acts=lambda c: (
    first := Case(c.number + 4000, c.desk), first.bring(),
    must(session("lou", "reject", first.name, "--reason", "suspected_fraud", "--grace", "0")),
    c.bring(documents=line(first.number)["documents"])))
route("the applicant comes again at another merchant", "bo", by="held", acts=lambda c: (
    first := Case(c.number + 4000, c.desk), known := {"registration_number": "HRB %d07" % c.number, "country": "DEU"},
    first.bring(subject=dict(line(first.number)["subject"], **known)),
    must(session("lou", "reject", first.name, "--reason", "suspected_fraud", "--grace", "0")),
    c.bring(merchant="harbour-pay", subject=dict(line(c.number)["subject"], **known))))

# --- reversed decisions ---

route("rejected for suspected fraud, undone, approved", "bo", by=("held", SECOND), acts=lambda c: (
    c.bring().do("bo", "reject", "CASE", "--reason", "suspected_fraud", "--grace", "60"), c.do("bo", "undo", "CASE")))
route("rejected for suspected fraud, reopened by the lead who approves", "lea", by=("suspicion_open", SECOND), acts=lambda c: (
    c.bring().do("lea", "reject", "CASE", "--reason", "suspected_fraud", "--grace", "0"),
    c.do("lea", "reopen", "CASE", "--reason", "it was a mistake of ours")))
route("rejected for suspected fraud, the suspicion closed and the case reopened by one lead", "lea", by=SECOND, acts=lambda c: (
    c.bring().do("ana", "reject", "CASE", "--reason", "suspected_fraud", "--grace", "0"),
    c.do("lea", "suspicion", "close", "CASE", "--not-filed", "--reason", "nothing to report here"),
    c.do("lea", "reopen", "CASE", "--reason", "it was a mistake of ours")))

# --- people and rules ---

def lax_rules(version):
    with open(os.path.join(os.path.dirname(__file__), "../../../data/workflows/ralio-kyb.json")) as file:
        text = json.load(file)
    return json.dumps(dict(text, version=version, documents=[dict(d, mandatory=d["type"] == TYPES[0]) for d in text["documents"]])).encode()

route("lax rules are installed by one admin, a case is opened, and the rules are put back", "bo", by="document_missing", acts=lambda c: (
    c.do("max", "workflow", "install", "-", given=lax_rules(2)), c.bring(documents=line(c.number)["documents"][:1])))
route("the other admin is disabled, and one installs lax rules", "bo", by="document_missing", acts=lambda c: (
    must(owner("reviewer", "add", "mia%d" % c.number, "--role", "admin")),
    c.do("max", "reviewer", "add", "mia%d" % c.number, "--role", "admin"), c.do("max", "reviewer", "disable", "mia%d" % c.number),
    c.do("max", "workflow", "install", "-", given=lax_rules(3)), c.bring(documents=line(c.number)["documents"][:1])))


for spelling in ("ana.", "аna", "a.na", "AnA", "ana-"):
    def named(c, spelling=spelling):
        c.bring().do("max", "reviewer", "add", spelling, "--role", "lead")
    route('an admin adds a person with a name like ana, "%s"' % spelling, by=refused("ame"))(named)

route("a backup is made by a reviewer, to restore it before the rejection", by=refused("files of the server"), acts=lambda c:
      c.bring().do("bo", "backup", "taken.db"))
route("a store is restored by an admin over SSH", by=refused("not allowed in an SSH session"), acts=lambda c:
      c.bring().do("max", "restore", "taken.db"))
route("a store is copied by an admin over SSH", by=refused("files of the server"), acts=lambda c:
      c.bring().do("max", "copy", "--from", "desk.db", "--to", "other.db"))
route("a rejected case is imported as it was before", by=refused("a lead can reopen it"), acts=lambda c: (
    c.bring().must("ana", "reject", "CASE", "--reason", "suspected_fraud", "--grace", "0"), c.bring_again("bo")))
