"""Routes that use time, order and repetition: clocks, expired data, grace times, and requests that are sent again."""

import json
import os
import subprocess

from insider.desk import ENVIRONMENT, PROGRAM, REFUSALS, STORE, TYPES, Act, line, must, owner, read, refused, route, session
from insider.listed import FAILED, HIT, SECOND, WHY
from insider.listed_more import dismiss
from insider.own_people import EDIT, by_both_admins, person

ASK = ("corrections", "CASE", "--step", "company_info", "--message", "Write it out", "--grace", "0")


def with_environment(c, name, words, **more):
    """Runs a command in a session with environment variables that the SSH client sends and sshd accepts."""
    line_of = " ".join(c.name if w == "CASE" else w for w in words)
    done = subprocess.run([PROGRAM, "--store", STORE, "session", "--reviewer", name], capture_output=True,
                          env=dict(ENVIRONMENT, SSH_ORIGINAL_COMMAND=line_of, **more))
    return c.keep(Act("%s %s" % (name, line_of), done.returncode, (done.stdout + done.stderr).decode(), REFUSALS))

route("the SSH client sends a clock of before the document expired", "bo", by="document_not_accepted", acts=lambda c: (
    c.bring(documents=[dict(d, expires_on="2026-01-31") for d in line(c.number)["documents"]]),
    with_environment(c, "bo", ("approve", "CASE", "--grace", "0", "--json"), KYBDESK_TEST_NOW="2026-01-01T00:00:00Z",
                     KYBDESK_NOW="2026-01-01T00:00:00Z")))
route("the SSH client sends another person's name", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", *EDIT),
    with_environment(c, "bo", ("approve", "CASE", "--grace", "0", "--json"), KYBDESK_REVIEWER="ana", USER="ana", LOGNAME="ana", SUDO_USER="ana")))


@route("the SSH client sends a store and rules of its own", "bo", by="document_missing")
def _(c):
    folder = os.path.join(ENVIRONMENT["HOME"], "own%d" % c.number)
    os.makedirs(os.path.join(folder, "kybdesk", "workflows"))
    with open(os.path.join(os.path.dirname(__file__), "../../../data/workflows/ralio-kyb.json")) as file:
        rules = json.load(file)
    with open(os.path.join(folder, "kybdesk", "workflows", "ralio-kyb.json"), "w") as file:
        json.dump(dict(rules, documents=[dict(d, mandatory=False) for d in rules["documents"]]), file)
    c.bring(documents=line(c.number)["documents"][:2])
    with_environment(c, "bo", ("approve", "CASE", "--grace", "0", "--json"), KYBDESK_STORE="/tmp/none.db", XDG_CONFIG_HOME=folder,
                     XDG_DATA_HOME=folder, KYBDESK_CONFIG=folder, HOME=folder)

route("a document that expired is accepted again by the approver", "bo", by="document_not_accepted", acts=lambda c: (
    c.bring(documents=[dict(d, expires_on="2026-01-31") for d in line(c.number)["documents"]]),
    c.do("bo", "document", "accept", "CASE", TYPES[0])))


@route("a screening is dated into the future", "bo", by="check_stale")
def _(c):
    by_both_admins("store", "set", "screening_days", "30")
    c.after = lambda: by_both_admins("store", "set", "screening_days", "")
    c.bring(checks=[{"kind": "watchlist", "status": "passed", "checked_at": "2099-01-01T00:00:00Z"}])

route("an expired case is reactivated by the approver", "bo", by="status", acts=lambda c:
      c.bring(status="expired", expires_at="2026-01-01T00:00:00Z").do("bo", "reactivate", "CASE", "--extend", "3"))
route("a step is edited within the grace time of a colleague's approval", by=refused("approved"), acts=lambda c: (
    c.bring().must("ana", "approve", "CASE", "--grace", "60"), c.do("bo", *EDIT)))
route("an owner is removed by a lead within the grace time of a colleague's approval", by=refused("approved"), acts=lambda c: (
    c.bring().must("ana", "approve", "CASE", "--grace", "60"),
    c.do("lea", "party", "remove", "CASE", c.part("Otto")["id"], "--reason", WHY)))
route("a document is brought within the grace time of the own approval", by=refused("approved"), acts=lambda c: (
    c.bring().must("bo", "approve", "CASE", "--grace", "60"),
    c.do("bo", "document", "add", "CASE", TYPES[0], "-", "--name", "paper.pdf", given=c.pdf("late"))))
route("approved within the grace time, undone, edited and approved again", "bo", by=SECOND, acts=lambda c: (
    c.bring().must("bo", "approve", "CASE", "--grace", "60"), c.must("bo", "undo", "CASE"), c.do("bo", *EDIT)))


@route("an approval with too long a grace time, to change the case in it", by=refused("3600"))
def _(c):
    c.bring().do("bo", "approve", "CASE", "--grace", "3600")
    c.acts[-1].material = False
    c.must("bo", "undo", "CASE")
    act = c.do("bo", "approve", "CASE", "--grace", "999999999")
    act.refused = act.status != 0


@route("a rejection is sent again with the body of an approval", "bo", by=SECOND)
def _(c):
    again = {"Idempotency-Key": "turn-%d" % c.number}
    c.bring().must("bo", *EDIT)
    c.must("bo", "release", "CASE")
    c.web(c.desk.keys["bo"], "PATCH", "/kyc/sessions/" + c.id, {"status": "rejected", "reason": "other"}, **again)
    act = c.web(c.desk.keys["bo"], "PATCH", "/kyc/sessions/" + c.id, {"status": "approved"}, **again)
    act.failed = act.status < 400


@route("the first of two approvals is sent twice over HTTP", "role", by=SECOND)
def _(c):
    c.actor = person(c, "reviewer", "--supervised")
    must(owner("reviewer", "key", c.actor, "--json"))
    key = read(must(session("max", "reviewer", "key", c.actor, "--json")))["api_key"]
    c.bring()
    for _ in range(2):
        c.web(key, "PATCH", "/kyc/sessions/" + c.id, {"status": "approved"})
    c.must(c.actor, "release", "CASE")

route("a correction is withdrawn after the approver answered it by the link", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("bo", *ASK), token := c.link("bo"),
    c.web(None, "PUT", "/api/s/%s/steps/company_info" % token, {"fields": {"business_activity": "fish"}, "done": True}),
    c.do("bo", "corrections", "CASE", "--withdraw")))
route("a colleague's correction is withdrawn after the approver answered it as intake", "bo", by=SECOND, acts=lambda c: (
    c.bring().do("ana", *ASK), c.do("ana", "release", "CASE"), answer := c.show()["corrections"][0]["id"],
    c.do("bo", "correction", "answer", "CASE", answer, "--words", "it is fish that we export"),
    c.do("bo", "corrections", "CASE", "--withdraw")))
route("a claim is taken over by the lead who edited the step before", "lea", by=SECOND, acts=lambda c: (
    c.bring().do("lea", *EDIT), c.do("lea", "release", "CASE"), c.must("ana", "claim", "CASE"),
    c.do("lea", "claim", "CASE", "--take-over")))
route("a failed check is reported as pending, then as passed, by the approver", "bo", by=(SECOND, "check_failed"), acts=lambda c: (
    c.bring(checks=FAILED).do("bo", "check", "report", "CASE", "adverse_media", "--status", "pending"),
    c.do("bo", "check", "report", "CASE", "adverse_media", "--status", "passed")))


@route("hits are reported again one letter different, so that the dismissed ones are gone", "bo", by="hit_open")
def _(c):
    other = dict(HIT, name="Ottokar Brun", detail={"date_of_birth": "1931-01-01"})
    c.bring(checks=[{"kind": "watchlist", "status": "hit", "hits": [other]}])
    dismiss(c, "ana", c.hit)
    c.do("ana", "release", "CASE")
    c.write(line(c.number, documents=[], checks=[{"kind": "watchlist", "status": "hit", "hits": [dict(other, name="Ottokar Bruun")]}]))
    with open(os.path.join(ENVIRONMENT["HOME"], "in.ndjson"), "rb") as file:
        c.do("ivo", "import", "-", given=file.read())

route("processing is started again by the reviewer who reported the results", "bo", by=("status", SECOND), acts=lambda c: (
    c.bring().do("bo", "check", "report", "CASE", "adverse_media", "--status", "passed"), c.do("bo", "process", "CASE")))
