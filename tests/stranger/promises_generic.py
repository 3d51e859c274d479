"""The promises of the seed kyc-workflows-sessions."""

import json

from stage import JPEG, Failure, expect, until

SEED = "kyc-workflows-sessions"
NOBODY = "9c4a2f71-8d3e-4b6c-8157-2a0f9b5d3e84"
STATUSES = "draft active completed processing processed expired approved rejected manual_review awaiting_client_correction".split()
GROUPS = {
    "incomplete": ("draft", "expired"),
    "pending": ("active", "processing"),
    "manual_review": ("manual_review",),
    "approved": ("approved",),
    "rejected": ("rejected",),
    "remediation": ("awaiting_client_correction",),
    "completed": ("completed", "processed"),
}
STEPS = ("identity", "address", "documents", "selfie", "source_of_funds")
SAMPLE = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 20 + b"IEND"


class Session:
    count = 0

    def __init__(self, stage, name="Ines Duarte", **more):
        Session.count += 1
        self.stage = stage
        subject = {"kind": "individual", "name": name, "country": "PT"}
        self.made = stage.call("POST", "/kyc/sessions", {"workflow_id": "generic-kyc", "subject": subject, **more}, wants=201).json
        self.path = "/kyc/sessions/" + self.made["id"]
        self.link(self.made["access_link"])

    def link(self, address):
        self.where = "/api" + address[len(self.stage.url):]

    def client(self, method, path, body=None, wants=200):
        token, self.stage.token = self.stage.token, None
        answer = self.stage.call(method, self.where + path, body, wants=wants)
        self.stage.token = token
        return answer

    def upload(self, kind="PASSPORT"):
        token, self.stage.token = self.stage.token, None
        made = self.stage.form(self.where + "/documents", {"type": kind}, "paper.jpg", JPEG + self.made["id"].encode()).json
        self.stage.token = token
        return made

    def complete(self):
        self.upload()
        for step in STEPS:
            self.client("PUT", "/steps/" + step, {"fields": {"name": "Ines"}, "done": True})
        self.client("POST", "/complete")
        return self

    def said(self):
        return self.stage.call("GET", self.path, wants=200).json

    def becomes(self, status):
        until(lambda: "the status is %s" % self.said()["status"], lambda: self.said()["status"] == status)
        return self

    def patch(self, status, wants=200, **more):
        return self.stage.call("PATCH", self.path, {"status": status, **more}, wants=wants)


def reach(stage, status):
    """A session that gets this status, by calls of the merchant and the client only."""
    if status == "draft":
        return Session(stage)
    if status == "active":
        one = Session(stage)
        one.client("PUT", "/steps/identity", {"fields": {"name": "Ines"}})
        return one
    if status in ("expired", "rejected", "approved", "awaiting_client_correction"):
        name = {"expired": "expire", "rejected": "reject", "approved": "approve", "awaiting_client_correction": "corrections"}[status]
        one = Session(stage, "Ines Duarte#" + name)
        return one if status == "expired" else one.complete()
    one = Session(stage).complete()
    if status == "processing":
        one.patch("processing")
    elif status == "processed":
        stage.call("POST", one.path + "/process")
    elif status == "manual_review":
        one.patch("manual_review")
    return one


def statuses(book, stage):
    for status in STATUSES:

        def reached():
            reach(stage, status).becomes(status)

        book.holds("Session status: %s is reached" % status, reached)
        listed = "/kyc/sessions?workflow_id=generic-kyc&limit=100&status=" + status
        book.holds("List: filtered by status %s" % status, lambda: only(stage, listed, "status", (status,)))
    for group, members in GROUPS.items():
        listed = "/kyc/sessions?workflow_id=generic-kyc&limit=100&compliance_status=" + group
        book.holds("Compliance status: %s is %s" % (group, ", ".join(members)), lambda: only(stage, listed, "status", members))
        book.holds("List: each of %s says compliance_status" % group, lambda: only(stage, listed, "compliance_status", (group,)))


def only(stage, path, field, values):
    data = stage.call("GET", path, wants=200).json["data"]
    found = {item[field] for item in data}
    if not data or not found <= set(values):
        raise Failure("%s is %s" % (field, sorted(found)))


def creating(book, stage):
    whole = {"workflow_id": "generic-kyc", "subject": {"kind": "individual", "name": "Ines Duarte", "country": "PT"}}
    one = Session(stage)
    fields = "id workflow_id status compliance_status custom_tags access_link access_link_expires_at steps documents subject risk_score final_decision created_at updated_at"
    for field in fields.split():
        book.holds("Create: the response has %s" % field, lambda: field in one.made)
    book.holds("Create: 201", lambda: stage.call("POST", "/kyc/sessions", whole, wants=201))
    for field in whole:
        book.holds("Create: %s is required" % field, lambda: stage.call("POST", "/kyc/sessions", {name: value for name, value in whole.items() if name != field}, wants=400))
    book.holds("Create: an unknown workflow is 404 or 400", lambda: stage.call("POST", "/kyc/sessions", dict(whole, workflow_id="none")).status in (400, 404))
    book.holds("Create: the status is draft", lambda: expect(one.made["status"], "draft", "status"))
    book.holds("Create: the session has the steps of its workflow", lambda: expect([step["step_id"] for step in one.made["steps"]], list(STEPS), "steps"))
    book.holds("Public access: by the link, without a token", lambda: one.client("GET", ""))
    book.holds("Public access: not by another", lambda: stage.call("GET", "/api/s/none", wants=404))
    said = one.said()
    for field in fields.split():
        book.holds("Get: the response has %s" % field, lambda: field in said)
    book.holds("Get: an unknown session is 404", lambda: stage.call("GET", "/kyc/sessions/" + NOBODY, wants=404))
    page = stage.call("GET", "/kyc/sessions?include_summary=true&limit=2", wants=200).json
    for field in ("data", "page", "limit", "total", "summary"):
        book.holds("List: the response has %s" % field, lambda: field in page)
    book.holds("List: pages", lambda: expect((len(page["data"]), page["limit"]), (2, 2), "the page"))
    for name, value in (("search", "Duarte"), ("workflow_id", "generic-kyc"), ("created_from", "2020-01-01"), ("limit=1&page", "2")):
        book.holds("List: by %s" % name.split("&")[-1], lambda: len(stage.call("GET", "/kyc/sessions?%s=%s" % (name, value), wants=200).json["data"]) > 0)
    for field in ("status_counts", "inbox_counts", "total", "avg_risk_score", "sessions_with_risk_score", "validation_counts"):
        book.holds("Summary: %s" % field, lambda: field in page["summary"])
    book.holds("Summary: of all that match, not of the page", lambda: page["summary"]["total"] == page["total"] > 2)
    for status in STATUSES:
        book.holds("Summary: status_counts.%s" % status, lambda: page["summary"]["status_counts"][status] >= 0)
    for group in GROUPS:
        book.holds("Summary: inbox_counts.%s" % group, lambda: page["summary"]["inbox_counts"][group] >= 0)
    book.holds("List: without include_summary there is none", lambda: "summary" not in stage.call("GET", "/kyc/sessions", wants=200).json)


def stepping(book, stage):
    one = Session(stage)

    def is_(step, status):
        expect({item["step_id"]: item["status"] for item in one.said()["steps"]}[step], status, step)

    book.holds("Step status: pending", lambda: is_("identity", "pending"))
    one.client("PUT", "/steps/identity", {"fields": {"name": "Ines"}})
    book.holds("Step status: in_progress", lambda: is_("identity", "in_progress"))
    one.client("PUT", "/steps/identity", {"fields": {"name": "Ines"}, "done": True})
    book.holds("Step status: completed", lambda: is_("identity", "completed"))
    document = one.upload()
    book.holds("Documents: they are stored with the session", lambda: expect(one.said()["documents"][0]["id"], document["id"], "id"))
    for step in STEPS:
        one.client("PUT", "/steps/" + step, {"fields": {"name": "Ines"}, "done": True})
    one.client("POST", "/complete")
    book.holds("Typical workflow: completed", lambda: expect(one.said()["status"], "completed", "status"))
    url = stage.call("GET", "%s/documents/%s/url" % (one.path, document["id"]), wants=200).json
    for field in ("url", "expires_at"):
        book.holds("Document URL: the response has %s" % field, lambda: bool(url[field]))
    book.holds("Document URL: an unknown one is 404", lambda: stage.call("GET", "%s/documents/%s/url" % (one.path, NOBODY), wants=404))

    def fetched():
        token, stage.token = stage.token, None
        body = stage.call("GET", url["url"], wants=200).body
        stage.token = token
        expect(body, JPEG + one.made["id"].encode(), "the bytes")

    book.holds("Document URL: it needs no token", fetched)
    validated = stage.call("POST", one.path + "/validate")
    book.holds("Validate: 200 or 202", lambda: validated.status in (200, 202))
    processed = stage.call("POST", one.path + "/process")
    book.holds("Process: 200 or 202", lambda: processed.status in (200, 202))
    results = processed.json["processing_results"] or {}
    for field in "extraction_results cross_validation face_match_result external_validations web_validation_results final_decision".split():
        book.holds("Processing results: %s" % field, lambda: field in results)
    # "approved" leads to manual_review, since no reviewer has accepted the document.
    for decision, status in (("approved", "manual_review"), ("rejected", "rejected"), ("manual_review", "manual_review"), ("flagged", "manual_review")):

        def decided():
            other = Session(stage).complete()
            other.patch("processing")
            stage.call("POST", other.path + "/results", {"results": {"final_decision": decision}})
            other.becomes(status)

        book.holds("Processing results: final_decision may be %s" % decision, decided)
    one.patch("manual_review")
    correcting(book, stage, one, is_)


def correcting(book, stage, one, is_):
    item = {"step_id": "identity", "field_ids": ["name"], "message": "Please write the whole name."}
    paper = {"step_id": "documents", "document_types": ["PASSPORT"], "message": "It is not legible."}
    path = one.path + "/corrections"
    book.holds("Corrections: message is required", lambda: stage.call("POST", path, {"corrections": [{"step_id": "identity"}]}, wants=400))
    book.holds("Corrections: an unknown step is refused", lambda: stage.call("POST", path, {"corrections": [dict(item, step_id="none")]}, wants=400))
    book.holds("Corrections: an unknown field is refused", lambda: stage.call("POST", path, {"corrections": [dict(item, field_ids=["none"])]}, wants=400))
    said = stage.call("POST", path, {"corrections": [item, paper]}, wants=200).json
    book.holds("Corrections: awaiting_client_correction", lambda: expect(said["status"], "awaiting_client_correction", "status"))
    book.holds("Corrections: final_decision is cleared", lambda: expect(said["final_decision"], None, "final_decision"))
    book.holds("Step status: needs_correction", lambda: is_("identity", "needs_correction"))
    book.holds("Corrections: other steps stay", lambda: is_("address", "completed"))
    seen = one.client("GET", "").json
    for field in ("step_id", "field_ids", "message"):
        book.holds("Corrections: %s reaches the client" % field, lambda: any(got[field] == item[field] for got in seen["corrections"]))
    book.holds("Corrections: document_types reach the client", lambda: any(got["document_types"] == ["PASSPORT"] for got in seen["corrections"]))
    book.holds("Corrections: the link shows only the affected steps", lambda: expect(sorted(step["step_id"] for step in seen["steps"]), ["documents", "identity"], "steps"))
    book.holds("Corrections: the existing link stays valid", lambda: one.client("GET", ""))
    one.client("PUT", "/steps/identity", {"fields": {"name": "Ines Maria Duarte"}, "done": True})
    token, stage.token = stage.token, None
    stage.form(one.where + "/documents", {"type": "PASSPORT"}, "new.png", SAMPLE + one.made["id"].encode())
    stage.token = token
    one.client("POST", "/complete")
    book.holds("Corrections: the resolved ones go back to review", lambda: expect(one.said()["status"], "manual_review", "status"))
    book.holds("Update: rejected by a reviewer's decision", lambda: one.patch("rejected", reason="data_mismatch") and one.becomes("rejected") and None)
    book.holds("Corrections: they may follow a rejection", lambda: stage.call("POST", path, {"corrections": [item]}).status in (200, 403, 409))
    book.holds("Update: no status that is none", lambda: one.patch("done", wants=400))


def linking(book, stage):
    one = Session(stage)
    before = one.where
    made = stage.call("POST", one.path + "/generate-link", wants=200).json
    for field in ("access_link", "expires_at"):
        book.holds("Generate link: the response has %s" % field, lambda: bool(made[field]))
    one.link(made["access_link"])
    book.holds("Generate link: the new one works", lambda: one.client("GET", ""))
    one.where, after = before, one.where
    book.holds("Generate link: the old one does not", lambda: one.client("GET", "", wants=410))
    one.where = after
    old = one.said()["access_link_expires_at"]
    book.holds("Extend: the link's expiry moves", lambda: stage.call("POST", one.path + "/extend", {"hours": 1000}, wants=200) and one.said()["access_link_expires_at"] > old)
    book.holds("Extend: hours is required", lambda: stage.call("POST", one.path + "/extend", {}, wants=400))
    gone = reach(stage, "expired").becomes("expired")
    book.holds("Update: an expired session is reactivated", lambda: gone.patch("draft") and None)
    one = Session(stage)
    book.holds("Delete: 200", lambda: stage.call("DELETE", one.path, wants=200))
    book.holds("Delete: afterwards it is 404", lambda: stage.call("GET", one.path, wants=404))
    parent = Session(stage)
    party = {"kind": "individual", "name": "Otto Owner", "roles": ["ubo"], "country": "DE"}
    made = stage.call("POST", parent.path + "/subsessions", {"party": party}, wants=201).json
    for field in ("id", "status", "access_link", "parent_id", "party"):
        book.holds("Create subsession: the response has %s" % field, lambda: bool(made[field]))
    book.holds("Create subsession: it is linked to its parent", lambda: expect(made["parent_id"], parent.made["id"], "parent_id"))
    book.holds("Create subsession: it is a complete session", lambda: expect(stage.call("GET", "/kyc/sessions/" + made["id"], wants=200).json["status"], "draft", "status"))
    for role in ("ubo", "submerchant", "director"):
        book.holds("Create subsession: of a %s" % role, lambda: stage.call("POST", parent.path + "/subsessions", {"party": dict(party, name="A " + role, roles=[role])}, wants=201))
    listed = stage.call("GET", parent.path + "/subsessions", wants=200).json
    book.holds("List subsessions: all of the parent", lambda: expect(len(listed["data"]), 4, "data"))
    for field, value in (("total", 4), ("completed", 0), ("approved", 0)):
        book.holds("List subsessions: completion by %s" % field, lambda: expect(listed["summary"][field], value, field))
    again = stage.call("POST", "%s/subsessions/%s/regenerate-link" % (parent.path, made["id"]), wants=200).json
    book.holds("Regenerate subsession link: another one", lambda: again["access_link"] != made["access_link"])
    gone = "%s/subsessions/%s" % (parent.path, made["id"])
    book.holds("Delete subsession: it is removed", lambda: stage.call("DELETE", gone).status in (200, 204))
    book.holds("Delete subsession: it is gone", lambda: expect(len(stage.call("GET", parent.path + "/subsessions", wants=200).json["data"]), 3, "data"))
    book.holds("Public API: the client creates subsessions", lambda: parent.client("POST", "/subsessions", {"party": dict(party, name="By Client")}, wants=201))


def permitted(book, stage):
    token, stage.token = stage.token, None
    book.holds("Status codes: 401 without a token", lambda: stage.call("GET", "/kyc/sessions", wants=401))
    stage.token = "wrong"
    book.holds("Status codes: 401 with an invalid one", lambda: stage.call("GET", "/kyc/sessions", wants=401))
    stage.run("merchant", "add", "limited")
    stage.token = json.loads(stage.run("merchant", "key", "limited", "--permission", "kyc:read"))["api_key"]
    whole = {"workflow_id": "generic-kyc", "subject": {"kind": "individual", "name": "Ines", "country": "PT"}}
    book.holds("Authentication: kyc:read retrieves sessions", lambda: stage.call("GET", "/kyc/sessions", wants=200))
    book.holds("Authentication: creating needs kyc:create", lambda: stage.call("POST", "/kyc/sessions", whole, wants=403))
    stage.token = token
    book.holds("Status codes: 400 for invalid parameters", lambda: stage.call("GET", "/kyc/sessions?status=none", wants=400))
    bodies = []

    def tagged():
        stage.run("webhook", "deliver", "--drain")
        for headers, body in list(stage.receiver.got):
            said = json.loads(body)
            if said.get("type") == "session.status_changed":
                bodies.append(said["data"])
        if not bodies or not all("custom_tags" in data for data in bodies):
            raise Failure("%d webhooks" % len(bodies))

    book.holds("custom_tags: in all session webhook payloads", tagged)
    for status in ("active", "completed", "manual_review", "approved", "rejected", "expired", "processed"):
        book.holds("Webhook: session.status_changed to %s" % status, lambda: status in [data["status"] for data in bodies])


def put(book, stage):
    book.seed = SEED
    statuses(book, stage)
    creating(book, stage)
    stepping(book, stage)
    linking(book, stage)
    permitted(book, stage)
