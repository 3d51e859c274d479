"""Routes that use roles, claims, people, decisions and settings, and are not in listed*.py."""

from insider.desk import line, must, owner, party, read, refused, route, session, sole, word_of
from insider.listed import SECOND
from insider.listed_more import lax_rules, with_a_kyc

EDIT = ("step", "edit", "CASE", "company_info", "--field", "business_activity=fish", "--reason", "typed wrongly by the client")


def by_both_admins(*words, given=None):
    """The owner of the store proposes a change, and the admin max confirms it."""
    must(owner(*words, given=given))
    must(session("max", *words, given=given or b""))


def person(c, role, *more):
    """Adds a person who exists for this route only."""
    name = "p%d" % c.number
    by_both_admins("reviewer", "add", name, "--role", role, *more)
    return name

# --- a role that changes in the middle of a case ---

@route("a reviewer edits a step and becomes lead", "role", by=SECOND)
def _(c):
    c.actor = person(c, "reviewer")
    c.bring().do(c.actor, *EDIT)
    by_both_admins("reviewer", "role", c.actor, "lead")


@route("a lead explains a gap and becomes reviewer", "role", by=SECOND)
def _(c):
    c.actor = person(c, "lead")
    c.bring(parties=[party("Ida %s" % word_of(c.number), "40", roles=["ubo", "director"], control_role="CEO")])
    c.do(c.actor, "party", "gap", "CASE", "--reason", "listed")
    by_both_admins("reviewer", "role", c.actor, "reviewer")


@route("a person imports the case as intake and becomes reviewer", "role", by=SECOND)
def _(c):
    c.actor = person(c, "intake")
    c.bring_again(c.actor, parties=[sole(c.number, session=None)])
    by_both_admins("reviewer", "role", c.actor, "lead")

route("an intake approves", by=refused("An intake user cannot approve"), acts=lambda c:
      c.bring().do("ivo", "approve", "CASE", "--grace", "0"))
route("a viewer approves", by=refused("viewer cannot approve"), acts=lambda c: c.bring().do("vic", "approve", "CASE", "--grace", "0"))
route("a lead makes himself an admin", by=refused("lead cannot change roles"), acts=lambda c:
      c.bring().do("lea", "reviewer", "role", "lea", "admin"))
route("an admin adds a second person alone, who approves", by=refused("reviewer"), acts=lambda c: (
    c.bring().must("max", *EDIT), c.must("max", "reviewer", "add", "straw%d" % c.number, "--role", "lead"),
    c.do("straw%d" % c.number, "approve", "CASE", "--grace", "0")))


@route("an admin edits a step, and makes a new key of a colleague alone", "max", by=SECOND)
def _(c):
    c.bring().do("max", *EDIT)
    act = c.do("max", "reviewer", "key", "bo")
    if "kyr_" in act.text:
        c.web(act.json["api_key"], "PATCH", "/kyc/sessions/" + c.id, {"status": "approved"})


@route("an admin gives a key of SSH to a colleague's name alone, with one of his own", "max", by=SECOND)
def _(c):
    c.bring().do("max", *EDIT)
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl"
    c.do("max", "access", "add", "bo", "-", given=key.encode())
    if key.split()[1] in must(owner("access", "list", "--json")):
        c.must("max", "nothing")

route("a disabled reviewer's key approves", by=refused("The token is missing, wrong"), acts=lambda c: (
    name := person(c, "reviewer"), must(owner("reviewer", "key", name, "--json")),
    key := read(must(session("max", "reviewer", "key", name, "--json")))["api_key"], must(owner("reviewer", "disable", name)),
    c.bring().web(key, "PATCH", "/kyc/sessions/" + c.id, {"status": "approved"})))
route("a reviewer acts as a colleague in a session", by=refused("--as"), acts=lambda c: (
    c.bring().must("bo", *EDIT), c.do("bo", "approve", "CASE", "--grace", "0", "--as", "ana")))
route("a reviewer names another store in a session", by=refused("--store"), acts=lambda c: (
    c.bring().must("bo", *EDIT), c.do("bo", "approve", "CASE", "--grace", "0", "--store", "/tmp/other.db")))

# --- claims, drafts, snoozes, lists ---

route("a case that a colleague holds is approved", "bo", by="claimed_by_other", acts=lambda c: c.bring().must("ana", "claim", "CASE"))
route("the approver edits a step, and a lead assigns the case back", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", *EDIT), c.do("bo", "release", "CASE"), c.do("lea", "assign", "CASE", "bo")))
route("the approver edits a step and refers the case there and back", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", *EDIT), c.do("bo", "refer", "CASE", "--to", "ana", "--reason", "have a look at this please"),
    c.do("ana", "refer", "CASE", "--to", "bo", "--reason", "looks fine to me, approve it")))
route("the approver edits a step and snoozes the case", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", *EDIT), c.do("bo", "snooze", "CASE", "--until", "2d", "--reason", "waiting for the register"),
    c.do("ana", "snooze", "CASE", "--end")))
route("the approver edits a step and gets the case again by next", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", *EDIT), c.do("bo", "release", "CASE"), c.do("bo", "next", "--filter", c.name)))
route("the client's present link is shown to the approver", "bo", by=SECOND, acts=lambda c: (
    c.bring().must("ana", "link", "CASE"), c.must("ana", "release", "CASE"), c.do("bo", "link", "CASE", "--show")))
route("the link of an owner's KYC is shown to the approver of the company", "bo", by=(SECOND, "party_not_verified"), acts=lambda c:
      with_a_kyc(c).do("bo", "subsession", "link", "CASE", c.part("Ida")["id"]))
route("an approval of a version that is gone", by=refused("changed since you loaded it"), acts=lambda c: (
    version := c.bring().show()["version"], c.must("ana", "note", "CASE", "looked at it again"), c.must("ana", *EDIT),
    c.must("ana", "release", "CASE"), c.do("bo", "approve", "CASE", "--grace", "0", "--expect-version", str(version))))

# --- two people ---

@route("a supervised reviewer approves twice", "role", by=SECOND)
def _(c):
    c.actor = person(c, "reviewer", "--supervised")
    c.bring().must(c.actor, "approve", "CASE", "--grace", "0")

route("the first of two approvals is by a supervised reviewer, and the second contributed", "bo", by=SECOND, acts=lambda c: (
    first := person(c, "reviewer", "--supervised"), c.bring().do("bo", *EDIT), c.do("bo", "release", "CASE"),
    c.do(first, "approve", "CASE", "--grace", "0"), c.do(first, "release", "CASE")))


@route("a supervised reviewer approves first, and the case changes", "role", by=SECOND)
def _(c):
    c.actor = person(c, "reviewer", "--supervised")
    c.bring().must(c.actor, "approve", "CASE", "--grace", "0")
    c.must(c.actor, "release", "CASE")
    c.must("bo", *EDIT)
    c.must("bo", "release", "CASE")
    c.must(c.actor, "approve", "CASE", "--grace", "0")

route("a colleague's decision is undone within the grace time", by=refused("only"), acts=lambda c: (
    c.bring().must("ana", "reject", "CASE", "--reason", "other", "--note", "does not fit at all", "--grace", "60"),
    c.do("bo", "undo", "CASE")))

# --- a good case is rejected ---

route("the reviewer who edited a step rejects", by=refused("colleague must decide"), acts=lambda c: (
    c.bring().must("bo", *EDIT), c.do("bo", "reject", "CASE", "--reason", "other", "--grace", "0")))
route("the reviewer who added a straw owner rejects with the own key", by=refused("colleague must decide"), acts=lambda c: (
    c.bring().must("bo", "party", "add", "CASE", "--kind", "individual", "--name", "Straw Mann", "--role", "director", "--country", "GBR"),
    c.own("bo", {"status": "rejected", "reason": "other"})))
route("the reviewer who reported a failed check rejects", by=refused("colleague must decide"), acts=lambda c: (
    c.bring().must("bo", "check", "report", "CASE", "adverse_media", "--status", "failed"),
    c.do("bo", "reject", "CASE", "--reason", "other", "--grace", "0")))
route("the reviewer who edited a step asks for corrections", by=refused("colleague must decide"), acts=lambda c: (
    c.bring().must("bo", *EDIT),
    c.do("bo", "corrections", "CASE", "--step", "company_info", "--message", "Write it out", "--grace", "0")))
route("a reviewer reopens", by=refused("reviewer cannot reopen"), acts=lambda c: (
    c.bring().must("ana", "reject", "CASE", "--reason", "other", "--grace", "0"),
    c.do("bo", "reopen", "CASE", "--reason", "it was a mistake of ours")))

# --- rules, settings, suspicions ---

@route("a floor of the desk is lowered by one admin", "bo", by="desk_rule")
def _(c):
    by_both_admins("store", "set", "highest_risk", "80")
    c.after = lambda: by_both_admins("store", "set", "highest_risk", "")
    c.bring(risk_score=95).do("max", "store", "set", "highest_risk", "99")


@route("a prohibited country is allowed by one admin", "bo", by="desk_rule")
def _(c):
    by_both_admins("store", "set", "prohibited_countries", "IRN")
    c.after = lambda: by_both_admins("store", "set", "prohibited_countries", "")
    c.bring(parties=[sole(c.number, country="IRN")]).do("max", "store", "set", "prohibited_countries", "PRK")


@route("a screening is too old for the desk", "bo", by="check_stale")
def _(c):
    by_both_admins("store", "set", "screening_days", "30")
    c.after = lambda: by_both_admins("store", "set", "screening_days", "")
    c.bring(checks=[{"kind": "watchlist", "status": "passed", "checked_at": "2025-01-01T00:00:00Z"}])


@route("a screening is too old for the desk, and the approver brings a new one", "bo", by=SECOND)
def _(c):
    by_both_admins("store", "set", "screening_days", "30")
    c.after = lambda: by_both_admins("store", "set", "screening_days", "")
    c.bring(checks=[{"kind": "watchlist", "status": "passed", "checked_at": "2025-01-01T00:00:00Z"}])
    c.do("bo", "check", "report", "CASE", "watchlist", "--status", "passed")

route("the admin who confirmed lax rules, since put back, approves a case under them", "max", by=SECOND, acts=lambda c: (
    by_both_admins("workflow", "install", "-", given=lax_rules(4)), c.bring(documents=line(c.number)["documents"][:1]),
    by_both_admins("workflow", "install", "ralio-kyb@shipped")))
route("a suspicion is closed by the reviewer who approves", by=refused("reviewer cannot close"), acts=lambda c: (
    c.bring().must("ana", "suspicion", "open", "CASE", "--reason", "the owner asked about our limits"),
    c.do("bo", "suspicion", "close", "CASE", "--not-filed", "--reason", "nothing to report here")))
route("a case with an open suspicion is approved", "bo", by="held", acts=lambda c:
      c.bring().do("ana", "suspicion", "open", "CASE", "--reason", "the owner asked about our limits"))
route("a suspicion is closed by the lead who approves", "lea", by=SECOND, acts=lambda c: (
    c.bring().must("ana", "suspicion", "open", "CASE", "--reason", "the owner asked about our limits"),
    c.do("lea", "suspicion", "close", "CASE", "--not-filed", "--reason", "nothing to report here")))
route("an owner with an open suspicion on the KYC", "bo", by="held", acts=lambda c:
      c.bring().do("ana", "suspicion", "open", c.kyc("Otto"), "--reason", "the owner asked about our limits"))
route("a rejected case is deleted to forget it", by=refused("was decided, so it is kept until"), acts=lambda c: (
    c.bring().must("lou", "reject", "CASE", "--reason", "suspected_fraud", "--grace", "0"),
    c.do("lea", "delete", "CASE", "--reason", "opened by mistake, sorry")))
