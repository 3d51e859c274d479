"""Routes that were found in the past: each by a command, and, if possible, by import, HTTP and the client's page."""

from insider.desk import line, party, refused, route, sole, word_of

SECOND = "second_reviewer"
FROZEN = refused("frozen since the case was submitted")
WHY = "no longer an owner, says the register"
HIT = {"name": "Otto", "list": "OFAC SDN", "class": "sanctions", "score": 0.98,
       "detail": {"date_of_birth": "1960-03-04", "country": "GBR"}}
FAILED = [{"kind": "adverse_media", "status": "failed"}]

# --- the merchant's own key ---

route("the merchant's key approves", by=refused("no permission kyc:review"), acts=lambda c:
      c.bring().web(c.desk.merchant_key, "PATCH", "/kyc/sessions/" + c.id, {"status": "approved"}))
route("the merchant's key rejects", by=refused("no permission kyc:review"), acts=lambda c:
      c.bring().web(c.desk.merchant_key, "PATCH", "/kyc/sessions/" + c.id, {"status": "rejected", "reason": "other"}))
route("the merchant's key asks for corrections", by=refused("no permission kyc:review"), acts=lambda c:
      c.bring().web(c.desk.merchant_key, "POST", "/kyc/sessions/%s/corrections" % c.id, {"corrections": [{"step_id": "company_info", "message": "Write it out"}]}))
route("the merchant's key deletes the case", by=refused("merchant"), acts=lambda c:
      c.bring().web(c.desk.merchant_key, "DELETE", "/kyc/sessions/" + c.id))
route("another merchant's key approves", by=refused("no permission kyc:review"), acts=lambda c:
      c.bring().web(c.desk.rival_key, "PATCH", "/kyc/sessions/" + c.id, {"status": "approved"}))
route("another merchant's key makes a link", by=refused("Unknown session"), acts=lambda c:
      c.bring().web(c.desk.rival_key, "POST", "/kyc/sessions/%s/generate-link" % c.id))
route("the merchant's key reports a result over a failed check", by=refused("no permission kyc:process"), acts=lambda c:
      c.bring(checks=FAILED).web(c.desk.merchant_key, "POST", "/kyc/sessions/%s/results" % c.id, {"checks": [{"kind": "adverse_media", "status": "passed"}]}))
route("a provider's key reports a better result over a worse one", "bo", by="check_failed", acts=lambda c:
      c.bring(checks=FAILED).web(c.desk.provider_key, "POST", "/kyc/sessions/%s/results" % c.id, {"checks": [{"kind": "adverse_media", "status": "passed"}]}))
route("a provider's key reports a check that it is not named for", by=refused("watchlist"), acts=lambda c:
      c.bring(checks=FAILED).web(c.desk.provider_key, "POST", "/kyc/sessions/%s/results" % c.id, {"checks": [{"kind": "watchlist", "status": "passed"}]}))
route("a provider's key approves", by=refused("no permission kyc:review"), acts=lambda c:
      c.bring().web(c.desk.provider_key, "PATCH", "/kyc/sessions/" + c.id, {"status": "approved"}))

# --- a better result replaces a worse one ---

route("a better result is reported by the approver", "bo", by=SECOND, acts=lambda c:
      c.bring(checks=FAILED).do("bo", "check", "report", "CASE", "adverse_media", "--status", "passed"))
route("a better result is reported by a colleague over a worse one", "ana", by="check_failed", acts=lambda c:
      c.bring(checks=FAILED).do("bo", "check", "report", "CASE", "adverse_media", "--status", "passed"))
route("a better result is imported over a worse one", "ana", by="check_failed", acts=lambda c:
      c.bring(checks=FAILED).bring_again("bo", checks=[{"kind": "adverse_media", "status": "passed"}]))
route("a better result of everything is reported by a colleague", "ana", by="check_failed", acts=lambda c:
      c.bring(checks=FAILED).do("bo", "results", "CASE", "-", given=b'{"final_decision": "approved"}'))

# --- owners ---

route("the owner of 60 % is removed by a reviewer", by=refused("lead"), acts=lambda c:
      c.bring().do("bo", "party", "remove", "CASE", c.part("Otto")["id"], "--reason", WHY))
route("the owner of 60 % is removed by a reviewer as intake", by=refused("frozen since the case was submitted"), acts=lambda c:
      c.bring().do("bo", "party", "remove", "CASE", c.part("Otto")["id"], "--reason", WHY, "--for", "intake"))
route("the owner of 60 % is removed by a lead, and the other has it all", "lea", by=SECOND, acts=lambda c: (
    c.bring().do("lea", "party", "remove", "CASE", c.part("Otto")["id"], "--reason", WHY),
    c.do("lea", "party", "edit", "CASE", c.part("Ida")["id"], "--percent", "100", "--reason", WHY)))
route("the owner of 60 % is left out of an imported line", by=FROZEN, acts=lambda c: c.bring().bring_again("bo", parties=[sole(c.number)]))


@route("the owner of 60 % is removed by the client's page", by=refused("submitted"))
def _(c):
    c.bring()
    token = c.link("bo")
    c.acts[-1].material = False
    c.page(token, "subsessions/" + c.part("Otto")["id"], [("remove", "true")])

route("the share of an owner is shifted below the limit by a reviewer", by=refused("lead"), acts=lambda c:
      c.bring().do("bo", "party", "edit", "CASE", c.part("Otto")["id"], "--percent", "9", "--reason", WHY))
route("the share of an owner is shifted below the limit by a lead", "lea", by=SECOND, acts=lambda c:
      c.bring().do("lea", "party", "own", "CASE", c.part("Otto")["id"], "--of", "subject", "--percent", "9", "--reason", WHY))
route("the share of an owner ends by a lead", "lea", by=SECOND, acts=lambda c:
      c.bring().do("lea", "party", "own", "CASE", c.part("Otto")["id"], "--of", "subject", "--end", "--reason", WHY))
route("the share of an owner is shifted by an imported line", by=FROZEN, acts=lambda c:
      c.bring().bring_again("bo", parties=[party("Ida %s" % word_of(c.number), "40", roles=["ubo", "director"], control_role="CEO"),
        party("Otto %s" % word_of(c.number), "9", date_of_birth="1960-03-04")]))
route("the role of an owner is shifted by a reviewer", by=refused("lead"), acts=lambda c:
      c.bring().do("bo", "party", "edit", "CASE", c.part("Ida")["id"], "--role", "representative", "--reason", WHY))
route("the role of an owner is shifted by a lead", "lea", by=SECOND, acts=lambda c:
      c.bring().do("lea", "party", "edit", "CASE", c.part("Otto")["id"], "--role", "representative", "--reason", WHY))

# --- a step edited from arms export to fish ---

route("a step is edited from arms export to fish", "bo", by=SECOND, acts=lambda c:
      c.bring().do("bo", "step", "edit", "CASE", "company_info", "--field", "business_activity=fish", "--reason", "typed wrongly by the client"))
route("a step is edited, and the machine decides", "bo", by=("status", SECOND), acts=lambda c: (
    c.bring().do("bo", "step", "edit", "CASE", "company_info", "--field", "business_activity=fish", "--reason", "typed wrongly by the client"),
    c.do("bo", "process", "CASE")))


@route("a step is edited there and back", "bo", by=SECOND)
def _(c):
    c.bring()
    for activity in ("fish", "arms export"):
        c.do("bo", "step", "edit", "CASE", "company_info", "--field", "business_activity=" + activity, "--reason", "typed wrongly by the client")

route("a step is saved for intake after submission", by=refused("submitted"), acts=lambda c:
      c.bring().do("bo", "step", "save", "CASE", "company_info", "--field", "business_activity=fish", "--for", "intake"))
route("a step is changed by an imported line", by=FROZEN, acts=lambda c:
      c.bring().bring_again("bo", steps=[{"id": "company_info", "status": "completed", "fields": {"business_activity": "fish"}}]))


@route("a step is changed by the client's link after submission", by=refused("submitted"))
def _(c):
    c.bring()
    token = c.link("bo")
    c.acts[-1].material = False
    c.web(None, "PUT", "/api/s/%s/steps/company_info" % token, {"fields": {"business_activity": "fish"}, "done": True})


@route("a step is changed by the client's page after submission", by=refused("submitted"))
def _(c):
    c.bring()
    token = c.link("bo")
    c.acts[-1].material = False
    c.page(token, "steps/company_info", [("f.business_activity", "fish"), ("done", "true")])

route("the approver asks for a correction and answers it by the link", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", "corrections", "CASE", "--step", "company_info", "--message", "Write it out", "--grace", "0"),
    token := c.link("bo"),
    c.web(None, "PUT", "/api/s/%s/steps/company_info" % token, {"fields": {"business_activity": "fish"}, "done": True}),
    c.web(None, "POST", "/api/s/%s/complete" % token, {})))
route("the approver asks for a correction and answers it by the client's page", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", "corrections", "CASE", "--step", "company_info", "--message", "Write it out", "--grace", "0"),
    token := c.link("bo"), c.page(token, "steps/company_info", [("f.business_activity", "fish"), ("done", "true")]),
    c.page(token, "complete", [])))
route("the approver asks for a correction and answers it as intake", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", "corrections", "CASE", "--step", "company_info", "--message", "Write it out", "--grace", "0"),
    c.do("bo", "step", "save", "CASE", "company_info", "--field", "business_activity=fish", "--done"),
    c.do("bo", "correction", "hand-in", "CASE")))

# --- a straw owner ---

route("a straw owner is added by a command", "bo", by=SECOND, acts=lambda c:
      c.bring().do("bo", "party", "add", "CASE", "--kind", "individual", "--name", "Straw Mann", "--role", "director", "--country", "GBR", "--birth", "1990-01-01"))
route("a straw owner is added and removed", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", "party", "add", "CASE", "--kind", "individual", "--name", "Straw Mann", "--role", "director", "--country", "GBR", "--birth", "1990-01-01"),
    c.do("bo", "party", "remove", "CASE", "Straw Mann", "--reason", "added by mistake, sorry")))


def with_a_straw_owner(c):
    """A colleague adds the owner; the KYC of the new owner is open."""
    c.bring().must("ana", "party", "add", "CASE", "--kind", "individual", "--name", "Straw Mann", "--role", "director", "--country", "GBR",
                   "--birth", "1990-01-01")
    c.must("ana", "release", "CASE")

route("the straw owner's link is shown to the approver, who verifies the straw", "bo", by=SECOND, acts=lambda c: (
    with_a_straw_owner(c), c.do("bo", "subsession", "link", "CASE", "Straw Mann"),
    c.do("bo", "document", "add", c.kyc("Straw"), "PASSPORT", "-", "--name", "p.pdf", given=c.pdf("straw"))))


@route("the straw owner's KYC is submitted by the approver, at the owner's link", "bo", by=SECOND)
def _(c):
    with_a_straw_owner(c)
    act = c.do("bo", "subsession", "link", "CASE", "Straw Mann")
    token = act.text.split("/s/")[1].split('"')[0]
    for step in c.web(None, "GET", "/api/s/" + token).json["steps"]:
        c.web(None, "PUT", "/api/s/%s/steps/%s" % (token, step["step_id"]), {"fields": {}, "done": False})

route("the straw owner is verified by a document that the approver brings", "bo", by=SECOND, acts=lambda c: (
    with_a_straw_owner(c), c.do("bo", "document", "add", c.kyc("Straw"), "PASSPORT", "-", "--name", "p.pdf", given=c.pdf("straw")),
    c.do("ana", "document", "accept", c.kyc("Straw"), "PASSPORT")))
route("the straw owner is verified by typed steps", "bo", by=SECOND, acts=lambda c: (
    with_a_straw_owner(c), c.do("bo", "step", "save", c.kyc("Straw"), "identity", "--field", "name=Straw Mann", "--done")))


@route("a straw owner is declared by the case's link, which the approver was shown", by=refused("the reviewers declare the parties"))
def _(c):
    c.bring(status="active", submitted_at=None, accepted=False)
    token = c.link("bo")
    c.acts[-1].material = False
    c.web(None, "POST", "/api/s/%s/subsessions" % token,
          {"party": {"kind": "individual", "name": "Straw Mann", "roles": ["director"], "country": "GBR"}})

route("a straw owner comes with an imported line", by=FROZEN, acts=lambda c:
      c.bring().bring_again("bo", parties=line(c.number)["parties"] + [party("Straw Mann", "0.5", roles=["director"])]))
