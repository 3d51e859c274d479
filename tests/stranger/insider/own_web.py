"""Routes over HTTP that are not in listed*.py, and the honest cases, which must be approved."""

from insider.desk import HONEST, Case, allow_file, must, owner, refused, route, line
from insider.listed import FAILED, HIT, SECOND
from insider.listed_more import dismiss, lax_rules
from insider.own_people import EDIT, person

PASSED = [{"kind": "adverse_media", "status": "passed"}]

# --- over HTTP ---

@route("the body names a colleague as the reviewer", "bo", by=SECOND)
def _(c):
    c.bring().do("bo", *EDIT)
    refusal = c.own("bo", {"status": "approved", "reviewer": "ana", "actor": "ana", "decided_by": "ana", "force": True})
    refusal.material = False

route("the headers name a colleague", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", *EDIT),
    c.web(c.desk.keys["bo"], "PATCH", "/v1/kyc/sessions/" + c.id, {"status": "approved"}, Identity="ana", **{
        "X-Remote-User": "ana", "X-Forwarded-User": "ana", "X-HTTP-Method-Override": "PUT"})))
route("an approval comes with the Idempotency-Key of a colleague's", "bo", by=SECOND, acts=lambda c: (
    other := Case(c.number + 4000, c.desk).bring(), key := {"Idempotency-Key": "again-%d" % c.number}, c.bring().do("bo", *EDIT),
    c.web(c.desk.keys["ana"], "POST", "/kyc/sessions/%s/corrections" % other.id,
          {"corrections": [{"step_id": "company_info", "message": "Write it out"}]}, **key),
    c.web(c.desk.keys["bo"], "PATCH", "/kyc/sessions/" + c.id, {"status": "approved"}, **key)))
route("the merchant's key starts processing after the approver changed a step", "bo", by=("status", SECOND), acts=lambda c: (
    c.bring(checks=PASSED).do("bo", *EDIT), c.web(c.desk.merchant_key, "PATCH", "/kyc/sessions/" + c.id, {"status": "processing"})))
route("the approver's key starts processing after he changed a step", "bo", by=("status", SECOND), acts=lambda c: (
    c.bring(checks=PASSED).do("bo", *EDIT), c.own("bo", {"status": "processing"})))
route("the merchant's key adds an owner after submission", by=refused("the reviewers declare the parties"), acts=lambda c:
      c.bring().web(c.desk.merchant_key, "POST", "/kyc/sessions/%s/subsessions" % c.id,
        {"party": {"kind": "individual", "name": "Straw Mann", "roles": ["director"], "country": "GBR"}}))
route("a reviewer's own key reports a result", by=refused("no permission kyc:process"), acts=lambda c:
      c.bring(checks=FAILED).web(c.desk.keys["bo"], "POST", "/kyc/sessions/%s/results" % c.id, {"checks": PASSED}))
route("a reviewer's own key deletes the case", by=refused("no permission kyc:create"), acts=lambda c:
      c.bring().web(c.desk.keys["bo"], "DELETE", "/kyc/sessions/" + c.id))
route("a reviewer's own key makes a link", by=refused("no permission kyc:create"), acts=lambda c:
      c.bring().web(c.desk.keys["bo"], "POST", "/kyc/sessions/%s/generate-link" % c.id, {}))
route("nobody's key approves", by=refused("The token is missing, wrong"), acts=lambda c:
      c.bring().web("kyr_nobody", "PATCH", "/kyc/sessions/" + c.id, {"status": "approved"}))


@route("the link's token is used as a key", by=refused("The token is missing, wrong"))
def _(c):
    c.bring()
    token = c.link("ana")
    c.acts[-1].material = False
    c.web(token, "PATCH", "/kyc/sessions/" + c.id, {"status": "approved"})


@route("an old link of the client is used after a new one", by=refused("This link is no longer valid"))
def _(c):
    c.bring().must("ana", "corrections", "CASE", "--step", "company_info", "--message", "Write it out", "--grace", "0")
    token = c.link("bo")
    c.link("ana")
    for act in c.acts:
        act.material = False
    c.web(None, "PUT", "/api/s/%s/steps/company_info" % token, {"fields": {"business_activity": "fish"}, "done": True})

# --- honest cases: without their approval the refusals above prove nothing ---

route("honest: one imports, another accepts, a third approves", "bo", by=HONEST, acts=lambda c: c.bring())
route("honest: a colleague edits a step, and another approves", "ana", by=HONEST, acts=lambda c: (
    c.bring().do("bo", *EDIT), c.do("bo", "release", "CASE")))
route("honest: a hit is dismissed by one and the case approved by another", "bo", by=HONEST, acts=lambda c: (
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [dict(HIT, name="Ottokar Brun", detail={"date_of_birth": "1931-01-01"})]}]),
    dismiss(c, "ana", c.hit), c.do("ana", "release", "CASE")))
route("honest: a lead waives a check, and a reviewer approves", "bo", by=HONEST, acts=lambda c: (
    c.bring(checks=FAILED).do("lea", "check", "waive", "CASE", "adverse_media", "--reason", "looked at by hand, nothing there"),
    c.do("lea", "release", "CASE")))
route("honest: the approver asks for corrections and withdraws them", "bo", by=HONEST, acts=lambda c: (
    c.bring().do("bo", "corrections", "CASE", "--step", "company_info", "--message", "Write it out", "--grace", "0"),
    c.do("bo", "corrections", "CASE", "--withdraw")))
route("honest: a supervised reviewer approves first, a colleague second", "bo", by=HONEST, acts=lambda c: (
    first := person(c, "reviewer", "--supervised"), c.bring().do(first, "approve", "CASE", "--grace", "0"),
    c.do(first, "release", "CASE")))

# --- must stay the last route: it disables the other admin ---

route("the owner of the store disables the only other admin and installs lax rules", "bo", by="document_missing", acts=lambda c: (
    lacking := line(c.number)["documents"][:1], c.write(line(c.number, documents=lacking)), allow_file(),
    must(owner("reviewer", "disable", "max")), must(owner("workflow", "install", "-", given=lax_rules(5))),
    c.bring(documents=lacking)))
