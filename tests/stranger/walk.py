"""A client that is written only from the seed documents and docs/api.md goes through one of the four dialects from end
to end; the reviewer uses a real terminal. usage: walk.py PROGRAM ralio|avenia|atelio|generic"""

import sys

from promises_atelio import ABROAD, PROGRAM_ID, Atelio
from promises_avenia import Avenia
from promises_ralio import MANDATORY, Business
from stage import JPEG, Failure, Stage, expect


def accept_papers(stage, count):
    """Opens and accepts `count` documents on the documents tab of the case."""
    stage.press("2")
    stage.sees("to review")
    for _ in range(count):
        stage.press("Enter")
        stage.leaves("Enter open")  # the viewer is open; in the list, A would ask for confirmation
        stage.sees("A accept")
        stage.press("A")
        stage.sees("the file could not be shown")  # the clients' files are stubs
        stage.press("y")
        stage.leaves("y accept it")
        stage.sees("Accepted ")
    stage.press("1")


def declare_owner(stage, company, name):
    """Fills in the form: Tab moves to the next field, and the first letters select an item of a list."""
    stage.press("3")
    stage.sees("No related parties are declared")
    stage.press("+")
    stage.sees("New party of " + company)
    for text in (name, "", "100", " ", "1984-02-11", "port", "ind", "ceo"):
        stage.type(text)
        stage.press("Tab")
    stage.sees("100")
    stage.press("y")
    stage.sees("Declared " + name)


def ralio(stage):
    """Seeds ralio-kyb-session and ralio-sandbox."""
    stage.token = stage.call("POST", "/api/v1/auth/login", dict(stage.key), wants=200).json["token"]
    stage.listen("kyc.state_updated", "kyc.session_verified", "account.activated")
    one = Business(stage)
    base, path, uid = one.base, one.path, one.user["uid"]
    account = {"currency": "EUR", "label": "Main Account"}
    stage.call("POST", "/api/v1/account/users/%s/accounts" % uid, account, wants=403)
    one.papers()
    expect(one.submit()["state"], "IN_REVIEW", "state")
    # The compliance team.
    stage.sit_down()
    stage.sees("Harbour Lane Ltd")
    stage.press("Enter")
    stage.sees("Before you can approve")
    accept_papers(stage, len(MANDATORY))
    declare_owner(stage, "Harbour Lane", "Ines Duarte")
    # The related party, at the address that the merchant passes on.
    party = stage.call("GET", path, wants=200).json["relatedParties"][0]
    expect((party["name"], party["kycState"]), ("Ines Duarte", "PENDING"), "the related party")
    token, stage.token = stage.token, None
    stage.form("/api" + party["hostedUrl"][len(stage.url):] + "/documents", {"type": "PASSPORT"}, "passport.jpg", JPEG)
    stage.bring(party["hostedUrl"])
    stage.token = token
    expect(stage.call("GET", path, wants=200).json["relatedParties"][0]["kycState"], "IN_REVIEW", "kycState")
    stage.press("Enter")
    stage.sees("generic-kyc")
    accept_papers(stage, 1)
    stage.approve("All parties are verified in Harbour Lane Ltd")
    stage.approve("Approved Harbour Lane")
    told = stage.receiver.wait_for("kyc.state_updated")["data"]
    expect((told["uid"], told["previous_level"], told["level"]), (uid, "LIGHT", "REGULAR"), "the webhook")
    expect(stage.call("GET", base, wants=200).json["kybLevel"], "REGULAR", "kybLevel")
    expect(stage.call("GET", path, wants=200).json["state"], "APPROVED", "state")
    made = stage.call("POST", "/api/v1/account/users/%s/accounts" % uid, account, wants=201).json
    expect((made["balance"], made["state"], made["userId"]), (0, "ACTIVE", uid), "the account")
    told = stage.receiver.wait_for("account.activated")["data"]
    expect((told["uid"], told["account"]["id"]), (uid, made["id"]), "the webhook")


def avenia(stage):
    """Seed avenia-kyb-level-1."""
    name = "ACME SOLUCOES DIGITAIS LTDA"
    stage.token = stage.key["api_key"]
    stage.listen("document.processed", "kyb.attempt.completed")
    sub = Avenia(stage, name)
    company = sub.ready(companyLegalName=name)
    attempt = sub.submit(company, wants=201).json["id"]
    sub.submit(company, wants=409)
    said = sub.attempt(attempt)
    expect((said["status"] != "COMPLETED", said["result"]), (True, ""), "the attempt")
    stage.sit_down()
    stage.sees("ACME SOLUCOES")
    stage.press("Enter")
    stage.sees("Before you can approve")
    accept_papers(stage, 3)
    stage.approve("Approved ACME SOLUCOES")
    said = stage.receiver.wait_for("kyb.attempt.completed")["data"]["attempt"]
    expect((said["id"], said["result"]), (attempt, "APPROVED"), "the webhook")
    said = sub.attempt(attempt)
    expect((said["status"], said["result"], said["resultMessage"]), ("COMPLETED", "APPROVED", ""), "the attempt")


def atelio(stage):
    """Seed atelio-beneficial-owners: an owner abroad, so that a reviewer decides the KYC."""
    stage.token = stage.key["api_key"]
    stage.listen("*")
    stage.token, stage.bare = None, stage.key["api_key"]
    one = Atelio(None, stage)
    path = one.path(addresses=[ABROAD], first_name="Bo")
    owner = path.rsplit("/", 1)[1]
    expect(one.start(path).json["kyc_status"], "initialized", "kyc_status")
    # The provider's part: its callback reports that the bureau check failed.
    stage.bare, stage.token = None, stage.key["api_key"]
    session = stage.call("GET", "/kyc/sessions?workflow_id=atelio-beneficial-owner", wants=200).json["data"][0]["id"]
    checks = [{"kind": kind, "status": "passed"} for kind in ("ofac", "email", "ip", "mobile")]
    checks.append({"kind": "bureau", "status": "failed"})
    stage.call("POST", "/kyc/sessions/%s/results" % session, {"checks": checks})
    stage.token, stage.bare = None, stage.key["api_key"]
    stage.sit_down()
    stage.sees("Bo Jim Pasakovitch")
    told = stage.receiver.wait_for("kyc.verification.under_review")
    expect((told["beneficial_owner_id"], told["reasons"]), (owner, ["Foreign Beneficial Owner"]), "the webhook")
    status = "/api/v0.1/customers/%s/verification-kyc?program_id=%s" % (owner, PROGRAM_ID)
    expect(stage.call("GET", status, wants=200).json["kyc_status"], "under_review", "kyc_status")
    stage.press("Enter")
    stage.sees("Before you can approve")
    waive(stage, "bureau")
    stage.approve("Approved Bo Jim Pasakovitch")
    told = stage.receiver.wait_for("kyc.verification.success")
    expect(told["beneficial_owner_id"], owner, "the webhook")
    said = stage.call("GET", status, wants=200).json
    expect((said["kyc_status"], said["health"]["overall"]), ("passed", "SERVICE_GOOD"), "the KYC")


def waive(stage, check):
    """Waives the failed check, since the reviewer used the "alternative verification methods" of the seed."""
    stage.sees("The %s check failed" % check)
    stage.press("Enter")
    stage.sees("What you can do")
    stage.press("Down")  # the first is to run the check again
    stage.press("Enter")
    stage.sees("Waive a check of")
    stage.press("Tab")
    stage.sees("Ctrl-Y waive it")
    stage.type("Seen at the notary's, with the passport")
    stage.press("C-y")
    stage.sees("Waived")
    stage.press("Escape")
    stage.sees("conditions met")


def generic(stage):
    """Seed kyc-workflows-sessions."""
    stage.token = stage.key["api_key"]
    stage.listen("*")
    subject = {"kind": "individual", "name": "Ines Duarte", "country": "PT"}
    session = stage.call("POST", "/kyc/sessions", {"workflow_id": "generic-kyc", "subject": subject}, wants=201).json
    path = "/kyc/sessions/" + session["id"]
    expect((session["status"], session["compliance_status"]), ("draft", "incomplete"), "a new session")
    token, stage.token = stage.token, None
    where = "/api" + session["access_link"][len(stage.url):]
    stage.form(where + "/documents", {"type": "PASSPORT"}, "passport.jpg", JPEG)
    stage.bring(session["access_link"])
    stage.token = token
    said = stage.call("GET", path, wants=200).json
    expect(said["documents"][0]["type"], "PASSPORT", "the document")
    expect(all(step["status"] == "completed" for step in said["steps"]), True, "the steps")
    stage.call("POST", path + "/process")
    stage.call("PATCH", path, {"status": "manual_review"}, wants=200)
    item = {"step_id": "identity", "field_ids": ["name"], "message": "Please write the whole name."}
    asked = stage.call("POST", path + "/corrections", {"corrections": [item]}, wants=200).json
    expect((asked["status"], asked["compliance_status"]), ("awaiting_client_correction", "remediation"), "corrections")
    stage.token = None
    seen = stage.call("GET", where, wants=200).json
    expect([step["step_id"] for step in seen["steps"]], ["identity"], "the affected steps")
    stage.call("PUT", where + "/steps/identity", {"fields": {"name": "Ines Maria Duarte"}, "done": True}, wants=200)
    stage.call("POST", where + "/complete", wants=200)
    stage.token = token
    expect(stage.call("GET", path, wants=200).json["status"], "manual_review", "status")
    stage.sit_down()
    stage.sees("Ines Duarte")
    stage.press("Enter")
    stage.sees("Before you can approve")
    accept_papers(stage, 1)
    stage.press("5")
    stage.sees("answered")
    stage.press("A")
    stage.sees("no open corrections")
    stage.approve("Approved Ines Duarte")

    def approved():
        return any(b'"session.status_changed"' in body and b'"approved"' in body for _, body in stage.receiver.got)

    stage.receiver.wait_for("session.status_changed")
    stage.poll(path, lambda said: said["status"] == "approved" and said["final_decision"] == "approved" and approved())
    expect(stage.call("GET", path, wants=200).json["compliance_status"], "approved", "compliance_status")


WALKS = {"ralio": ralio, "avenia": avenia, "atelio": atelio, "generic": generic}


def main():
    program, name = sys.argv[1:]
    with Stage(program) as stage:
        try:
            WALKS[name](stage)
        except Failure as failure:
            print("%s: %s" % (name, failure))
            print(stage.screen())
            return 1
        print("%s: %d webhooks came, every one signed" % (name, len(stage.receiver.got)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
