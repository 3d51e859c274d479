"""Routes that use the data of a case and are not in listed*.py: owners, KYC, documents, hits, duplicates."""

from insider.desk import TYPES, Case, line, party, refused, route, sole, word_of
from insider.listed import FAILED, HIT, SECOND, WHY
from insider.listed_more import again, dismiss, with_a_kyc
from insider.own_people import EDIT

# --- owners ---

route("an owner is removed and added again by a lead", "lea", by=SECOND, acts=lambda c: (
    c.bring().do("lea", "party", "remove", "CASE", c.part("Otto")["id"], "--reason", WHY),
    c.do("lea", "party", "add", "CASE", "--kind", "individual", "--name", "Otto " + word_of(c.number), "--role", "ubo", "--percent", "60",
         "--country", "GBR", "--birth", "1960-03-04")))
route("an owner is removed, and the removal undone, by a lead", "lea", by=SECOND, acts=lambda c: (
    c.bring().do("lea", "party", "remove", "CASE", c.part("Otto")["id"], "--reason", WHY), c.do("lea", "undo", "CASE", "--last")))
route("the control role of an owner is changed by the approver", "bo", by=SECOND, acts=lambda c:
      c.bring().do("bo", "party", "edit", "CASE", c.part("Otto")["id"], "--control-role", "CFO"))
route("an owner is renamed after the approval of the KYC", by=refused("identity was verified"), acts=lambda c:
      c.bring().do("bo", "party", "edit", "CASE", c.part("Otto")["id"], "--name", "Otto Better"))
route("the birth date of an owner is changed after the approval of the KYC", by=refused("identity was verified"), acts=lambda c:
      c.bring().do("bo", "party", "edit", "CASE", c.part("Otto")["id"], "--birth", "1961-01-01"))
route("the KYC of an owner is taken away by a reviewer", by=refused("was submitted, so it is kept until"), acts=lambda c:
      c.bring().do("bo", "subsession", "remove", "CASE", c.part("Otto")["id"], "--reason", "not needed any more"))
route("an owner is copied from another person's KYC", by=refused("a different person"), acts=lambda c: (
    other := Case(c.number + 4000, c.desk).bring(), c.bring(parties=[sole(c.number, session=None)]),
    c.do("bo", "party", "copy", "CASE", "--from", other.kyc("Otto"), "--party", c.part("Ida")["id"])))
route("an owner is copied from the own KYC by the approver", "bo", by=SECOND, acts=lambda c: (
    other := Case(c.number + 4000, c.desk).bring(),
    c.bring(parties=[dict(sole(c.number, session=None), name=other.part("Ida")["name"])]),
    c.do("bo", "party", "copy", "CASE", "--from", other.kyc("Ida"), "--party", c.part("Ida")["id"])))
route("an owner is marked as verified elsewhere by a reviewer", by=refused("lead"), acts=lambda c: (
    c.bring(parties=[sole(c.number, session=None)]),
    c.do("bo", "party", "verify", "CASE", c.part("Ida")["id"], "--elsewhere", "--reason", "verified by the bank last year")))
route("an owner without a KYC", "bo", by="party_not_verified", acts=lambda c: c.bring(parties=[sole(c.number, session=None)]))
route("an owner with a rejected KYC", "bo", by="party_not_verified", acts=lambda c: with_a_kyc(c, status="rejected"))
route("the KYC of an owner is reopened after it verified the owner", "bo", by="party_not_verified", acts=lambda c:
      c.bring().do("lea", "reopen", c.kyc("Otto"), "--reason", "look again at the owner"))
route("a gap in the ownership is explained by a reviewer", by=refused("reviewer cannot"), acts=lambda c: (
    c.bring(parties=[party("Ida %s" % word_of(c.number), "40", roles=["ubo", "director"], control_role="CEO")]),
    c.do("bo", "party", "gap", "CASE", "--reason", "listed")))
route("a gap in the ownership is left", "bo", by="ownership_gap", acts=lambda c:
      c.bring(parties=[party("Ida %s" % word_of(c.number), "40", roles=["ubo", "director"], control_role="CEO")]))
route("a gap that a colleague explained grows", "bo", by=("ownership_gap", "basis_changed"), acts=lambda c: (
    c.bring(parties=[party("Ida %s" % word_of(c.number), "70", roles=["ubo", "director"], control_role="CEO")]),
    c.do("lou", "party", "gap", "CASE", "--reason", "listed"),
    c.do("lea", "party", "own", "CASE", c.part("Ida")["id"], "--of", "subject", "--percent", "26", "--reason", WHY),
    c.do("lea", "release", "CASE")))

# --- documents ---

route("an accepted document is undone, and the case approved", "bo", by="document_not_accepted", acts=lambda c: (
    c.bring().do("zoe", "undo", "CASE", "--document", TYPES[0]), c.do("zoe", "release", "CASE")))
route("a document that nobody looked at", "bo", by="document_not_accepted", acts=lambda c: c.bring(accepted=False))
route("a mandatory document is missing", "bo", by="document_missing", acts=lambda c: c.bring(documents=line(c.number)["documents"][:3]))
route("an accepted document is replaced by the link, and nobody looks at it", "bo", by="document_not_accepted", acts=lambda c: (
    c.bring().do("ana", "corrections", "CASE", "--document", TYPES[0], "--message", "Send all pages", "--grace", "0"),
    token := c.link("ana"), replace(c, token), c.do("ana", "release", "CASE")))
route("an accepted document is replaced by the approver's link", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", "corrections", "CASE", "--document", TYPES[0], "--message", "Send all pages", "--grace", "0"),
    token := c.link("bo"), replace(c, token), c.do("ana", "document", "accept", "CASE", TYPES[0]), c.do("ana", "release", "CASE")))


def replace(c, token):
    border = "kybdesk-insider"
    head = '--%s\r\nContent-Disposition: form-data; name="type"\r\n\r\n%s\r\n' % (border, TYPES[0])
    head += '--%s\r\nContent-Disposition: form-data; name="file"; filename="all.pdf"\r\n\r\n' % border
    body = head.encode() + c.pdf("all") + ("\r\n--%s--\r\n" % border).encode()
    c.web(None, "POST", "/api/s/%s/documents" % token, body, **{"Content-Type": "multipart/form-data; boundary=" + border})
    c.web(None, "POST", "/api/s/%s/complete" % token, {})

route("a document is deleted after submission", by=refused("frozen since the case was submitted"), acts=lambda c:
      c.bring().do("bo", "document", "delete", "CASE", TYPES[0]))
route("the documents are those of another company", "bo", by="duplicate_open", acts=lambda c: (
    other := Case(c.number + 4000, c.desk).bring(), c.bring(documents=line(other.number)["documents"])))
route("the approver imported the case", "bo", by=SECOND, acts=lambda c: c.bring_again("bo", parties=[sole(c.number, session=None)]))


@route("the approver imported the case and documents are brought by a colleague", "bo", by=SECOND)
def _(c):
    c.bring_again("bo", status="active", submitted_at=None, parties=[sole(c.number, session=None)])
    for kind in TYPES:
        c.must("ana", "document", "add", "CASE", kind, "-", "--name", "p.pdf", given=c.pdf(kind))
    c.must("ana", "session", "submit", "CASE")
    for kind in TYPES:
        c.must("zoe", "document", "accept", "CASE", kind)
    c.must("zoe", "release", "CASE")

# --- hits and checks ---

route("a hit is left open", "bo", by="hit_open", acts=lambda c: c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}]))
route("a dismissed hit is undone", "bo", by="hit_open", acts=lambda c: (
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}]), hit := c.hit, dismiss(c, "ana", hit),
    c.do("ana", "undo", "CASE", "--hit", hit), c.do("ana", "release", "CASE")))
route("another hit comes after a colleague dismissed the first", "bo", by="hit_open", acts=lambda c: (
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}]), dismiss(c, "ana", c.hit),
    c.must("ana", "release", "CASE"),
    c.bring_again("ivo", checks=[{"kind": "watchlist", "status": "hit", "hits": [dict(HIT, list="UN list")]}])))
route("the list of hits is reported as empty", "ana", by="hit_open", acts=lambda c: (
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}]),
    c.do("bo", "check", "report", "CASE", "watchlist", "--status", "passed"), c.do("bo", "release", "CASE")))
route("a check is waived, and fails again", "bo", by="check_failed", acts=lambda c: (
    c.bring(checks=FAILED).do("lou", "check", "waive", "CASE", "adverse_media", "--reason", "looked at by hand, nothing there"),
    c.do("lou", "release", "CASE"),
    c.do("ivo", "check", "report", "CASE", "adverse_media", "--status", "failed", "--detail", '{"article": "another"}')))
route("a check is waived by a reviewer", by=refused("reviewer cannot waive"), acts=lambda c:
      c.bring(checks=FAILED).do("bo", "check", "waive", "CASE", "adverse_media", "--reason", "looked at by hand, nothing there"))
route("a pep match is accepted by a reviewer", by=refused("reviewer cannot accept"), acts=lambda c: (
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [dict(HIT, **{"class": "pep", "list": "PEP list"})]}]),
    hit := c.hit, c.must("bo", "claim", "CASE"), c.must("bo", "show", "CASE", "--reveal"),
    c.must("bo", "check", "resolve", "CASE", hit, "--as-match", "--reason", "same_person", "--note", "the same person, surely"),
    c.do("bo", "check", "accept", "CASE", hit, "--reason", "a licence of the authority covers it")))


@route("a confirmed sanctions match is dismissed later by a reviewer", by=refused("lead"))
def _(c):
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}])
    hit = c.hit
    for name in ("ana", "bo"):
        c.must(name, "claim", "CASE")
        c.must(name, "show", "CASE", "--reveal")
        if name == "ana":
            c.must(name, "check", "resolve", "CASE", hit, "--as-match", "--reason", "same_person", "--note", "the same person, surely")
            c.must(name, "release", "CASE")
    c.do("bo", "check", "resolve", "CASE", hit, "--as-false-positive", "--reason", "different_name", "--note", "another person altogether")

# --- duplicates ---

route("a lead clears the twin of a rejected fraud and approves", "lea", by=SECOND, acts=lambda c: (
    again(c, registration_number="NEW %d" % c.number),
    c.do("lea", "duplicate", "dismiss", "CASE", "CASE-%04d" % (c.number + 4000), "--reason", "another company of that name")))
route("a reviewer clears a twin that only leads know", by=refused("Unknown duplicate"), acts=lambda c: (
    again(c, registration_number="NEW %d" % c.number),
    c.do("bo", "duplicate", "dismiss", "CASE", "CASE-%04d" % (c.number + 4000), "--reason", "another company of that name")))
route("the rejected session is hidden, and the applicant comes again", "bo", by="held", acts=lambda c: (
    again(c, registration_number="NEW %d" % c.number), first := Case(c.number + 4000, c.desk),
    c.do("bo", "session", "hide", first.name)))
route("the subject of the rejected session is deleted, and the applicant comes again", "bo", by="held", acts=lambda c: (
    again(c, registration_number="NEW %d" % c.number), c.do("bo", "subject", "delete", "same-%d" % c.number)))
route("the subject of the rejected session is changed, and the applicant comes again", "bo", by="held", acts=lambda c: (
    again(c, registration_number="NEW %d" % c.number),
    c.do("bo", "subject", "edit", "same-%d" % c.number, "--tax-id", "1", "--registration", "2")))
route("a subject is renamed by the approver", "bo", by=SECOND, acts=lambda c:
      c.bring().do("bo", "subject", "edit", "biz-%d" % c.number, "--name", "Better Name Ltd"))
route("a twin that waits is left", "bo", by="duplicate_open", acts=lambda c: (
    number := {"registration_number": "HRB %d09" % c.number}, other := Case(c.number + 4000, c.desk),
    other.bring(subject=dict(line(other.number)["subject"], **number)), c.bring(subject=dict(line(c.number)["subject"], **number))))
