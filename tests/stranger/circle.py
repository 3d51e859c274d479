"""Takes a case through one dialect with the calls of this dialect only: submitted, corrections requested, corrected,
rejected (retryable), submitted again, approved. The client is written from the seeds and docs/api.md; the reviewer uses
commands. Every webhook is verified.
usage: circle.py PROGRAM ralio|avenia|atelio|generic"""

import base64
import json
import sys

from promises_atelio import ABROAD, Atelio
from promises_avenia import Avenia
from promises_ralio import Business
from stage import JPEG, PDF, Failure, Stage, expect, until

REJECT = ("--reason", "data_mismatch", "--note", "explained in full", "--message", "The name differs.", "--retryable", "--grace", "0")


class Desk:
    """The reviewer's actions, as commands of kybdesk."""

    def __init__(self, stage):
        self.stage = stage

    def read(self, *words):
        return json.loads(self.stage.run("--json", *words))

    def newest(self):
        """The id of the newest session: an id begins with its time of creation."""
        return max(one["id"] for one in self.read("list")["data"])

    def checked(self, session, kinds):
        """Reports, as the provider, that these checks passed and that a reviewer must decide."""
        with open(self.stage.folder + "/results.json", "w") as out:
            json.dump({"final_decision": "manual_review"}, out)
        self.stage.run("results", session, self.stage.folder + "/results.json", "--for", "provider")
        for kind in kinds:
            self.stage.run("check", "report", session, kind, "--status", "passed", "--for", "provider")

    def ask(self, session, *words):
        self.stage.run("corrections", session, *words, "--grace", "0")

    def reject(self, session):
        self.stage.run("reject", session, *REJECT)

    def approve(self, session):
        case = self.read("show", session)
        for one in case["corrections"]:
            if one["state"] == "answered":
                self.stage.run("corrections", session, "--accept", one["id"])
        for one in case["documents"]:
            if one["review"] == "unreviewed" and one["upload"] == "ready" and not one.get("replaced"):
                self.stage.run("document", "accept", session, one["id"])
        for one in self.read("duplicate", "list", session)["data"]:
            self.stage.run("duplicate", "dismiss", session, one["id"], "--reason", "It is the same company, trying again")
        self.stage.run("approve", session, "--grace", "0")


def sent(stage, event, count=1):
    """Waits for at least `count` events of this name and returns the last one. Every signature must be right."""
    stage.run("webhook", "deliver", "--drain")

    def look():
        found = []
        for headers, body in list(stage.receiver.got):
            if not stage.receiver.verified(headers, body):
                raise Failure("the signature of %s is wrong" % body)
            said = json.loads(body)
            if said.get("type", said.get("event")) == event:
                found.append(said)
        return found[-1] if len(found) >= count else None

    return until(lambda: "no %d %s came, only %s" % (count, event, [b for _, b in stage.receiver.got]), look)


REVIEW = "session.status_changed "
# All events about the story's own cases, in order. PARTY has the events about a related party.
SENT = {
    "ralio": ["session.corrections_requested", "kyc.session_failed", "kyc.state_updated"],
    "avenia": ["document.processed"] * 3
    + ["session.corrections_requested", "document.processed", "kyb.attempt.completed", "kyb.attempt.completed"],
    "atelio": ["under_review", "document_required", "under_review", "failure", "under_review", "success"],
    "generic": [REVIEW + "active", REVIEW + "completed", "session.corrections_requested", REVIEW + "manual_review"]
    + [REVIEW + "rejected", REVIEW + "active", REVIEW + "completed", REVIEW + "approved"],
}
SENT["atelio"] = ["kyc.verification." + one for one in SENT["atelio"]]
PARTY = ["party.kyc_requested", "subsession.status_changed", "subsession.status_changed", "kyc.session_verified"]
# The address prefixes that the client of each dialect may call.
OWN = {
    "ralio": ("/api/v1/", "/s/", "/api/s/"),
    "avenia": ("/v2/", "/uploads/", "/api/v1/webhooks"),
    "atelio": ("/api/v0.1/", "/s/", "/api/v1/webhooks"),
    "generic": ("/v1/kyc/", "/s/", "/api/s/", "/api/v1/webhooks"),
}


def whole(stage, name):
    """Checks that each event came once, signed and in order, and that no address of another dialect was called."""
    cases, parties, ids = [], [], set()
    stage.run("webhook", "deliver", "--drain")
    for headers, body in stage.receiver.got:
        said = json.loads(body)
        event = said.get("type", said.get("event"))
        data = said.get("data", {})
        if not stage.receiver.verified(headers, body) or headers["webhook-id"] in ids:
            raise Failure("%s came twice, or its signature is wrong" % body)
        ids.add(headers["webhook-id"])
        changed = event == "session.status_changed"
        (parties if data.get("parent_id") else cases).append(event + (" " + data["status"] if changed else ""))
    # Events of different sessions are delivered in parallel, so the order of Ralio's events is not checked.
    order = list(cases) if name != "ralio" else sorted(cases, key=SENT[name].index)
    expect((order, parties), (SENT[name], PARTY if name == "ralio" else []), "the webhooks")
    others = [path for path in stage.called if not path.startswith(OWN[name])]
    expect(others, [], "addresses of other dialects")


def ralio(stage):
    desk = Desk(stage)
    stage.token = stage.call("POST", "/api/v1/auth/login", dict(stage.key), wants=200).json["token"]
    stage.listen("*")
    one = Business(stage)
    one.papers()
    expect(one.submit()["state"], "IN_REVIEW", "state")
    session, path = one.made["id"], one.path
    desk.ask(session, "--document", "PROOF_OF_ADDRESS", "--message", "The bill is older than three months.")
    sent(stage, "session.corrections_requested")
    said = stage.call("GET", path, wants=200).json
    expect(said["state"], "CORRECTIONS_REQUESTED", "state")
    asked = said["corrections"][0]
    expect(
        (asked["item"], asked["documentTypes"], asked["message"]),
        ("PROOF_OF_ADDRESS", ["PROOF_OF_ADDRESS"], "The bill is older than three months."),
        "what is asked",
    )
    expect("/s/" in said["hostedUrl"], True, "hostedUrl")
    one.upload("BUSINESS_NUMBER", wants=409)
    one.submit(wants=409)
    one.upload("PROOF_OF_ADDRESS", content=PDF + b"\n% of this month\n")
    said = one.submit()
    expect((said["state"], said["corrections"]), ("IN_REVIEW", []), "what was corrected")
    one.submit(wants=409)
    desk.reject(session)
    sent(stage, "kyc.session_failed")
    expect(one.state(), "REJECTED", "state")
    # The seed says that submission is irreversible: a new attempt needs a new session of the same user.
    one.submit(wants=409)
    one.open()
    one.papers()
    one.submit()
    session, path = one.made["id"], one.path
    stage.run("party", "add", session, "--name", "Ines Duarte", "--kind", "individual", "--role", "ubo", "--control-role", "CEO",
              "--percent", "100", "--country", "PT", "--birth", "1984-02-11")
    party = stage.call("GET", path, wants=200).json["relatedParties"][0]
    token, stage.token = stage.token, None
    stage.form("/api" + party["hostedUrl"][len(stage.url):] + "/documents", {"type": "PASSPORT"}, "passport.jpg", JPEG)
    stage.bring(party["hostedUrl"])
    stage.token = token
    desk.approve(desk.read("show", session)["parties"][0]["session"]["id"])
    desk.approve(session)
    expect(sent(stage, "kyc.state_updated")["data"]["level"], "REGULAR", "the webhook")
    expect(one.state(), "APPROVED", "state")


def avenia(stage):
    desk = Desk(stage)
    name = "ACME SOLUCOES DIGITAIS LTDA"
    stage.token = stage.key["api_key"]
    stage.listen("*")
    sub = Avenia(stage, name)
    company = sub.ready(companyLegalName=name.title(), businessActivityDescription="Trading.")
    attempt = sub.attempt

    def submit(wants=201):
        return sub.submit(company, wants).json.get("id")

    first = submit()
    session = desk.newest()
    desk.ask(session, "--step", "company", "--field", "businessActivityDescription", "--message", "Say what you sell.",
             "--step", "documents", "--document", "CERTIFICATE-OF-INCORPORATION", "--message", "The seal is not legible.")
    sent(stage, "session.corrections_requested")
    said = attempt(first)
    expect(
        (said["status"], said["result"], said["resultMessage"]),
        (
            "PENDING",
            "",
            "businessActivityDescription: Say what you sell.\nCERTIFICATE-OF-INCORPORATION: The seal is not legible.",
        ),
        "the attempt that waits",
    )
    submit(wants=409)
    company["businessActivityDescription"] = "Software for banks, sold in Brazil."
    submit(wants=409)
    certificate = sub.paper("CERTIFICATE-OF-INCORPORATION", "application/pdf", PDF + b"\n% a better scan\n")
    company["certificateOfIncorporationDocumentId"] = certificate
    company["website"] = "https://elsewhere.example"
    submit(wants=409)  # no correction requests the website
    company["website"] = "https://www.nexoradigital.com.br"
    expect(submit(), first, "the attempt goes on")
    expect(attempt(first)["status"], "PROCESSING", "status")
    desk.reject(session)
    said = sent(stage, "kyb.attempt.completed")["data"]["attempt"]
    expect((said["id"], said["result"], said["retryable"]), (first, "REJECTED", True), "the webhook")
    said = attempt(first)
    expect((said["status"], said["result"], said["retryable"]), ("COMPLETED", "REJECTED", True), "the attempt")
    second = submit()
    expect(second != first, True, "a new attempt")
    desk.approve(session)
    said = sent(stage, "kyb.attempt.completed", 2)["data"]["attempt"]
    expect((said["id"], said["result"]), (second, "APPROVED"), "the webhook")
    expect(attempt(second)["result"], "APPROVED", "result")


def atelio(stage):
    desk = Desk(stage)
    stage.token = stage.key["api_key"]
    stage.listen("*")
    stage.token, stage.bare = None, stage.key["api_key"]
    one = Atelio(None, stage)
    path = one.path(addresses=[ABROAD])

    def start(status):
        expect(one.start(path, ssn=None).json["kyc_status"], status, "kyc_status")

    def status():
        return one.status(path)

    def bring(document, wants=201):
        content = {"document_type": document["document_type"], "content": base64.b64encode(JPEG).decode()}
        bare, stage.bare = stage.bare, None
        stage.call("POST", document["upload_link"], content, wants=wants)
        page = stage.call("GET", document["upload_link"], wants=200).body.decode()
        stage.bare = bare
        return page

    start("initialized")
    session = desk.newest()
    desk.checked(session, ("ofac", "bureau", "email", "ip", "mobile"))
    sent(stage, "kyc.verification.under_review")
    desk.ask(session, "--document", "government_id", "--document", "proof_of_address", "--message", "Both, please.")
    told = sent(stage, "kyc.verification.document_required")["documents"]
    said = status()
    expect(said["kyc_status"], "document_required", "kyc_status")
    expect(said["documents"], told, "the documents of the webhook")
    expect(said["corrections"], [{"item": "government_id, proof_of_address", "message": "Both, please."}], "what is asked")
    one.start(path, wants=409, ssn=None)  # no document was uploaded yet
    page = bring(told[0])
    expect(">Done<" in page, True, "the page of the first document: %s" % page)
    said = status()
    expect(
        (said["kyc_status"], [one["status"] for one in said["documents"]]),
        ("document_required", ["submitted", "required"]),
        "one of two",
    )
    page = bring(told[1])
    expect("Everything is submitted" in page, True, "the page of the last document")
    expect(status()["kyc_status"], "under_review", "kyc_status")
    sent(stage, "kyc.verification.under_review", 2)
    bring(told[1], wants=409)
    desk.reject(session)
    sent(stage, "kyc.verification.failure")
    expect(status()["kyc_status"], "failed", "kyc_status")
    start("initialized")
    desk.approve(session)
    sent(stage, "kyc.verification.success")
    said = status()
    expect((said["kyc_status"], "documents" in said), ("passed", False), "the KYC")


def generic(stage):
    desk = Desk(stage)
    stage.token = stage.key["api_key"]
    stage.listen("*")

    def moved(to):
        stage.run("webhook", "deliver", "--drain")

        def look():
            bodies = [json.loads(body) for headers, body in list(stage.receiver.got) if stage.receiver.verified(headers, body)]
            return any(one["type"] == "session.status_changed" and to in json.dumps(one["data"]) for one in bodies)

        until(lambda: "no %s came, only %s" % (to, [b for _, b in stage.receiver.got]), look)

    def submitted():
        subject = {"kind": "individual", "name": "Ines Duarte", "country": "PT"}
        made = stage.call("POST", "/v1/kyc/sessions", {"workflow_id": "generic-kyc", "subject": subject}, wants=201).json
        where = "/api" + made["access_link"][len(stage.url):]
        token, stage.token = stage.token, None
        stage.form(where + "/documents", {"type": "PASSPORT"}, "passport.jpg", JPEG)
        stage.bring(made["access_link"])
        stage.token = token
        expect(stage.call("GET", "/v1/kyc/sessions/" + made["id"], wants=200).json["status"], "completed", "status")
        return made["id"], "/v1/kyc/sessions/" + made["id"], where

    session, path, where = submitted()
    desk.ask(session, "--step", "identity", "--field", "name", "--message", "Please write the whole name.")
    sent(stage, "session.corrections_requested")
    said = stage.call("GET", path, wants=200).json
    expect((said["status"], said["corrections"][0]["field_ids"]), ("awaiting_client_correction", ["name"]), "corrections")
    token, stage.token = stage.token, None
    seen = stage.call("GET", where, wants=200).json
    expect([one["message"] for one in seen["corrections"]], ["Please write the whole name."], "what is asked")
    stage.call("POST", where + "/complete", wants=409)
    stage.call("PUT", where + "/steps/identity", {"fields": {"name": "Ines Maria Duarte"}}, wants=200)
    stage.call("POST", where + "/complete", wants=200)
    stage.token = token
    expect(stage.call("GET", path, wants=200).json["status"], "manual_review", "status")
    moved("manual_review")
    desk.reject(session)
    moved("rejected")
    said = stage.call("GET", path, wants=200).json
    expect((said["status"], said["retryable"]), ("rejected", True), "the rejection")
    session, path, where = submitted()
    desk.approve(session)
    moved("approved")
    expect(stage.call("GET", path, wants=200).json["status"], "approved", "status")


CIRCLES = {"ralio": ralio, "avenia": avenia, "atelio": atelio, "generic": generic}


def main():
    program, name = sys.argv[1:]
    with Stage(program) as stage:
        try:
            CIRCLES[name](stage)
            whole(stage, name)
        except Failure as failure:
            print("%s: %s" % (name, failure))
            return 1
        print("%s: %d webhooks came, every one signed" % (name, len(stage.receiver.got)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
