"""Routes that use functions of the desk: keys, people, rules and reasons changed by one admin alone, suspicions, holds,
erasure, the session, the queue, and the API."""

import json
import os

from insider.desk import TYPES, Case, line, must, owner, read, refused, route, session, sole, word_of
from insider.listed import FAILED, HIT, SECOND
from insider.listed_more import again, lax_rules
from insider.own_people import EDIT, by_both_admins, person

NEW_NUMBERS = {"registration_number": "NEW %d", "tax_id": "NEU %d"}


def data_file(*path):
    with open(os.path.join(os.path.dirname(__file__), "../../../data", *path)) as file:
        return file.read()

# --- one admin acts alone ---

@route("one admin gives the same command twice", "bo", by="desk_rule")
def _(c):
    by_both_admins("store", "set", "highest_risk", "80")
    c.after = lambda: by_both_admins("store", "set", "highest_risk", "")
    c.bring(risk_score=95)
    for _ in range(2):
        c.do("max", "store", "set", "highest_risk", "99")

route("one admin offers a change, and a lead gives the same command", by=refused("lead cannot change settings"), acts=lambda c: (
    c.bring().must("max", "store", "set", "highest_risk", "99"), c.do("lea", "store", "set", "highest_risk", "99")))


@route("the second admin's command differs in a letter from what the first one offered", "bo", by="desk_rule")
def _(c):
    by_both_admins("store", "set", "highest_risk", "80")
    c.after = lambda: by_both_admins("store", "set", "highest_risk", "")
    must(owner("store", "set", "highest_risk", "81"))
    c.bring(risk_score=95).do("max", "store", "set", "highest_risk", "99")

route("one admin installs reasons in which fraud is not restricted", by=refused("it has to be restricted"), acts=lambda c: (
    c.bring(),
    reasons := [dict(r, disclosure="open") if r["code"] == "suspected_fraud" else r for r in json.loads(data_file("reasons", "session.json"))],
    c.do("max", "reasons", "install", "-", "--set", "session", given=json.dumps(reasons).encode())))
route("one admin installs rules of fewer documents, under the same version", by=refused("raise the version"), acts=lambda c:
      c.bring().do("max", "workflow", "install", "-", given=lax_rules(1)))


@route("one admin makes a key of the merchant and of a provider", "bo", by="check_failed")
def _(c):
    c.bring(checks=FAILED)
    for words in (("merchant", "key", "add", "northwind-pay", "--name", "mine%d" % c.number),
                  ("merchant", "key", "add", "northwind-pay", "--provider", "adverse_media", "--name", "eye%d" % c.number)):
        key = c.do("max", *words).json.get("api_key")
        if key:
            c.web(key, "POST", "/kyc/sessions/%s/results" % c.id, {"checks": [{"kind": "adverse_media", "status": "passed"}]})


@route("one admin rotates the provider's key to report with the new one", "bo", by="check_failed")
def _(c):
    c.bring(checks=FAILED)
    key = c.do("max", "merchant", "key", "rotate", "northwind-pay", "watchman").json.get("api_key")
    if key:
        c.web(key, "POST", "/kyc/sessions/%s/results" % c.id, {"checks": [{"kind": "adverse_media", "status": "passed"}]})

route("an admin waives as an admin what only a lead may waive, then approves", "max", by=SECOND, acts=lambda c:
      c.bring(checks=FAILED).do("max", "check", "waive", "CASE", "adverse_media", "--reason", "looked at by hand, nothing there"))


@route("one admin makes the supervised reviewer unsupervised", "role", by=SECOND)
def _(c):
    c.actor = person(c, "reviewer", "--supervised")
    c.do("max", "reviewer", "role", c.actor, "reviewer")
    c.bring().must(c.actor, "approve", "CASE", "--grace", "0")

route("one admin makes the approver, who edited a step, an admin and back", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", *EDIT), c.do("max", "reviewer", "role", "bo", "admin"), c.do("max", "reviewer", "role", "bo", "reviewer")))


@route("one admin turns signed decisions off", by=refused("requires signed decisions"))
def _(c):
    by_both_admins("store", "set", "signed_decisions", "required")
    c.after = lambda: by_both_admins("store", "set", "signed_decisions", "")
    c.bring().must("max", "store", "set", "signed_decisions", "")
    c.do("bo", "approve", "CASE", "--grace", "0")


@route("a key over HTTP decides where decisions are signed", by=refused("an API key cannot sign"))
def _(c):
    by_both_admins("store", "set", "signed_decisions", "required")
    c.after = lambda: by_both_admins("store", "set", "signed_decisions", "")
    c.bring().own("bo", {"status": "approved"})

route("a reviewer's key approves after the person became a viewer", by=refused("viewer cannot approve"), acts=lambda c: (
    name := person(c, "reviewer"), must(owner("reviewer", "key", name, "--json")),
    key := read(must(session("max", "reviewer", "key", name, "--json")))["api_key"],
    by_both_admins("reviewer", "role", name, "viewer"),
    c.bring().web(key, "PATCH", "/kyc/sessions/" + c.id, {"status": "approved"})))
route("a name that was disabled is added again, to act as that person", by=refused("ame"), acts=lambda c: (
    name := person(c, "reviewer"), must(owner("reviewer", "disable", name)),
    c.bring().do("max", "reviewer", "add", name, "--role", "lead")))
route("a person's name becomes the system's", by=refused("ame"), acts=lambda c:
      c.bring().do("max", "reviewer", "add", "system", "--role", "lead"))

# --- the approval by HTTP in odd forms ---

ODD = (("the status in capitals", "PATCH", "/kyc/sessions/%s", {"status": "APPROVED"}),
       ("the status twice", "PATCH", "/kyc/sessions/%s", b'{"status":"manual_review","status":"approved"}'),
       ("the status in a list", "PATCH", "/kyc/sessions/%s", {"status": ["approved"]}),
       ("a role in the body", "PATCH", "/kyc/sessions/%s", {"status": "approved", "role": "admin", "capacity": "system"}),
       ("another method", "PUT", "/kyc/sessions/%s", {"status": "approved"}),
       ("two slashes", "PATCH", "//kyc//sessions/%s", {"status": "approved"}),
       ("an encoded slash", "PATCH", "/kyc%%2Fsessions/%s", {"status": "approved"}),
       ("a path that climbs", "PATCH", "/kyc/sessions/x/../%s", {"status": "approved"}),
       ("a query that names a colleague", "PATCH", "/kyc/sessions/%s?reviewer=ana&as=ana", {"status": "approved"}),
       ("the old form of the address", "PATCH", "/v1/kyc/sessions/%s/", {"status": "approved"}))
for title, method, path, body in ODD:
    def odd(c, method=method, path=path, body=body):
        c.bring().do("bo", *EDIT)
        act = c.web(c.desk.keys["bo"], method, path % c.id, body)
        act.failed = act.status < 400
    route("the contributor approves over HTTP with %s" % title, "bo", by=SECOND)(odd)


@route("a merchant's key and a reviewer's key in one head", "bo", by=SECOND)
def _(c):
    c.bring().do("bo", *EDIT)
    act = c.web(c.desk.merchant_key, "PATCH", "/kyc/sessions/" + c.id, {"status": "approved"}, **{"X-Api-Key": c.desk.keys["ana"]})
    act.failed = act.status < 400


@route("the reviewer's key is used through the link's address", by=refused("404"))
def _(c):
    c.bring()
    act = c.web(c.desk.keys["ana"], "POST", "/api/s/%s/complete" % c.desk.keys["ana"], {})
    act.refused, act.text = act.status == 404, "404 " + act.text

route("a provider's key reports a final decision", by=refused("can only report results of checks"), acts=lambda c: (
    c.bring(status="processing"),
    c.web(c.desk.provider_key, "POST", "/kyc/sessions/%s/results" % c.id, {"results": {"final_decision": "approved"}})))


@route("a provider's key reports for a merchant that it is not made for", by=refused("not_found"))
def _(c):
    c.bring(merchant="harbour-pay", checks=FAILED)
    act = c.web(c.desk.provider_key, "POST", "/kyc/sessions/%s/results" % c.id, {"checks": [{"kind": "adverse_media", "status": "passed"}]})
    act.refused = act.status == 404

# --- sandbox words in a production store ---

route("a name asks for the sandbox's approval", "bo", by=("status", "document_not_accepted"), acts=lambda c:
      c.bring(accepted=False, status="processing", subject=dict(line(c.number)["subject"], name="Route %s #approve" % word_of(c.number))))
route("a check is reported as a provider by the approver", by=refused("needs a sandbox store"), acts=lambda c:
      c.bring(checks=FAILED).do("bo", "check", "report", "CASE", "adverse_media", "--status", "passed", "--for", "provider"))
route("a step is saved as the client by the approver", by=refused("outside a sandbox store"), acts=lambda c:
      c.bring().do("bo", "step", "save", "CASE", "company_info", "--field", "business_activity=fish", "--for", "client"))
route("the desk is shown again as a demo, which anybody may decide in", by=refused("not allowed in an SSH session"), acts=lambda c:
      c.bring().do("bo", "demo"))

# --- suspicions, holds, erasure ---

route("a suspicion is closed by a person whom its lead let read it", by=refused("reviewer cannot close"), acts=lambda c: (
    c.bring().must("ana", "suspicion", "open", "CASE", "--reason", "the owner asked about our limits"),
    c.must("lea", "suspicion", "access", "CASE", "--add", "bo"),
    c.do("bo", "suspicion", "close", "CASE", "--not-filed", "--reason", "nothing to report here")))


@route("a suspicion is closed by a lead, who becomes a reviewer and approves", "role", by=SECOND)
def _(c):
    c.actor = person(c, "lead")
    c.bring().must("ana", "suspicion", "open", "CASE", "--reason", "the owner asked about our limits")
    c.do(c.actor, "suspicion", "close", "CASE", "--not-filed", "--reason", "nothing to report here")
    by_both_admins("reviewer", "role", c.actor, "reviewer")

route("a suspicion is closed by the lead who edited a step", by=refused("colleague"), acts=lambda c: (
    c.bring().must("lea", *EDIT), c.must("ana", "suspicion", "open", "CASE", "--reason", "the owner asked about our limits"),
    c.do("lea", "suspicion", "close", "CASE", "--not-filed", "--reason", "nothing to report here")))
route("a suspicion on another case of the same owner is left", "bo", by="held", acts=lambda c: (
    c.bring().do("ana", "suspicion", "open", c.kyc("Ida"), "--reason", "the owner asked about our limits"),
    c.do("ana", "note", "CASE", "nothing to see here")))
route("a legal hold is released by a reviewer", by=refused("reviewer cannot release a legal hold"), acts=lambda c: (
    c.bring().must("lea", "hold", "set", "CASE", "--reason", "a court asked us to keep it"),
    c.do("bo", "hold", "release", "CASE", "--reason", "no longer needed here")))


@route("the twin rejected for fraud is purged by one admin", "bo", by="held")
def _(c):
    act = c.do("max", "purge")
    act.failed = False
    again(c, registration_number="HRB %d07" % c.number, tax_id="NEU %d" % c.number)


@route("the twin rejected for fraud is deleted by an admin", "bo", by="held")
def _(c):
    again(c, registration_number="HRB %d07" % c.number, tax_id="NEU %d" % c.number)
    twin = "CASE-%04d" % (c.number + 4000)
    act = c.do("max", "delete", twin, "--reason", "opened by mistake, sorry")
    act.material = False

route("the owner's KYC with a hit is taken away by the reviewer, and added anew", by=refused("kept until"), acts=lambda c: (
    c.bring().must("ana", "check", "report", c.kyc("Otto"), "watchlist", "--status", "hit", "--hits", "-", given=json.dumps([HIT]).encode()),
    c.do("bo", "subsession", "remove", "CASE", c.part("Otto")["id"])))
route("the alert of an approved KYC is closed by the reviewer", by=refused("reviewer cannot close an alert"), acts=lambda c: (
    c.bring().must("ana", "check", "report", c.kyc("Otto"), "watchlist", "--status", "hit", "--hits", "-", given=json.dumps([HIT]).encode()),
    c.do("bo", "alert", "close", c.kyc("Otto"), "--reason", "nothing to see here")))

# --- the session, the queue ---

for words in (("init",), ("serve",), ("webhook", "listen", "--merchant", "northwind-pay"), ("access", "keys"), ("audit", "key", "--new", "k.pem")):
    def forbidden(c, words=words):
        c.bring().do("bo", *words)
    route("a session runs %s" % " ".join(words[:2]), by=refused("not allowed in an SSH session"))(forbidden)

for words in (("workflow", "check", "/etc/passwd"), ("document", "add", "CASE", TYPES[0], "/etc/passwd"), ("import", "/dev/stdin"),
              ("document", "save", "CASE", TYPES[0], "-o", "/tmp/taken.pdf"), ("evidence", "CASE", "-o", "../taken.tar")):
    def files(c, words=words):
        c.bring().do("lea", *words)
    route("a session names a file of the server: %s" % " ".join(words[:2]), by=refused("files of the server"))(files)


@route("a view hides what blocks, and the approver decides from it", "bo", by="hit_open")
def _(c):
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [HIT]}])
    shown = json.loads(must(session("bo", "list", "--filter", "-hit:open", "--json")))["data"]
    if any(one["external_ref"] == c.name for one in shown):
        c.must("bo", "nothing")

route("the case is referred to the contributor by the lead who was asked", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", *EDIT), c.do("bo", "refer", "CASE", "--to", "lea", "--reason", "please decide this one"),
    c.do("lea", "refer", "CASE", "--to", "bo", "--reason", "decide it yourself please")))


@route("two supervised reviewers approve each other's case", "role", by=SECOND)
def _(c):
    first = person(c, "reviewer", "--supervised")
    c.actor = "q%d" % c.number
    by_both_admins("reviewer", "add", c.actor, "--role", "reviewer", "--supervised")
    c.bring().must(first, "approve", "CASE", "--grace", "0")
    c.must(first, "release", "CASE")


@route("a supervised reviewer's first rejection is turned into an approval by the same person", "role", by=SECOND)
def _(c):
    c.actor = person(c, "reviewer", "--supervised")
    c.bring().must(c.actor, "reject", "CASE", "--reason", "other", "--note", "does not fit at all", "--grace", "0")
    c.must(c.actor, "approve", "CASE", "--grace", "0")
    c.must(c.actor, "release", "CASE")

route("a lead who assigned the case to the contributor approves in his place", "lea", by=SECOND, acts=lambda c: (
    c.bring().do("lea", "party", "edit", "CASE", c.part("Otto")["id"], "--control-role", "CFO"),
    c.do("lea", "assign", "CASE", "bo"), c.do("lea", "claim", "CASE", "--take-over")))
