"""The verbs over HTTP: with keys of staff, of the merchant and of a provider, and by the client's link; and lines of an import."""

import json

from insider.desk import PDF, TYPES, line, sole
from matrix.commands import ADDED, ASKED, DRAFT, PAPERS
from matrix.rows import (ANA, PROVIDER_CHECK, Row, alone, all_of, avenia_draft, by, correction, draft, failed, person, ready, session_line,
                         status)
from matrix.rows import ENDPOINT as ADD_ENDPOINT

S = "/kyc/sessions/{id}"
RALIO = "a dialect's own route does it (tests/api/matrix_rows.c)"
ORDERS = "the money is a sandbox's"
PARTY = {"party": {"kind": "individual", "name": "Ana Sousa", "roles": ["director"], "country": "PRT"}}
# Permissions of the keys: a reviewer's own key reviews and reads; a merchant's new key in production creates and reads; a
# provider's reports.
MAY = {"merchant": ("create", "read"), "provider": ("report",)}


def route(method, path, body=None, permission="create", **more):
    row = Row((method, path, body), **more)
    row.permission = permission
    return row


API = {
    "APPROVE": route("PATCH", S, {"status": "approved"}, "review", bring=ready),
    "REJECT": route("PATCH", S, {"status": "rejected", "reason": "other"}, "review"),
    "CORRECTIONS": route("POST", S + "/corrections", {"corrections": [{"step_id": "company_info", "message": "Again"}]}, "review"),
    "WITHDRAW": route("PATCH", S, {"status": "manual_review"}, "review", before=ASKED),
    "REACTIVATE": route("PATCH", S, {"status": "draft"}, "review", bring=status("expired", expires_at="2026-01-01T00:00:00Z"),
                        judged=False, changed=False),
    "ESCALATE": route("PATCH", S, {"status": "manual_review"}, "review", bring=person("completed"), judged=False, changed=False),
    "PROCESS": route("POST", S + "/process", {}, "process", bring=person("completed"), judged=False, changed=False),
    "DOCUMENT_SAVE": route("GET", S + "/documents/{document}/url", None, "read"),
    "VALIDATE": route("POST", S + "/validate", {}, "process"),
    "LINK": route("POST", S + "/generate-link", {}),
    "SUBSESSION_ADD": route("POST", S + "/subsessions", PARTY, bring=person("draft"), judged=False, changed=False),
    "SUBSESSION_REMOVE": route("DELETE", S + "/subsessions/{sub}", None, before=by("zoe", *ANA)),
    "SESSION_OPEN": route("POST", "/kyc/sessions", {"workflow_id": "generic-kyc", "subject": {"kind": "individual", "name": "New Person",
                                                                                            "country": "PT"}}, new=True),
    "EXTEND": route("POST", S + "/extend", {"hours": 2}, **DRAFT),
    "CHECK_REPORT": route("POST", S + "/results", PROVIDER_CHECK, "report", bring=failed),
    "RESULTS_REPORT": "a provider's key reports checks alone (routes: a provider's key reports a final decision)",
    "ENDPOINT_ADD": route("POST", "/v1/webhook_endpoints", {"url": "https://own.example/{number}", "events": ["*"]}),
    "ENDPOINT_EDIT": route("PATCH", "/v1/webhook_endpoints/{endpoint}", {"events": ["kyc.state_updated"]}, before=alone(*ADD_ENDPOINT)),
    "ENDPOINT_DISABLE": route("PATCH", "/v1/webhook_endpoints/{endpoint}", {"enabled": False}, before=alone(*ADD_ENDPOINT)),
    "ENDPOINT_ROTATE": route("POST", "/v1/webhook_endpoints/{endpoint}/rotate_secret", {}, before=alone(*ADD_ENDPOINT)),
    "ENDPOINT_REMOVE": route("DELETE", "/v1/webhook_endpoints/{endpoint}", None, before=alone(*ADD_ENDPOINT)),
    "WEBHOOK_REPLAY": "of an event of its own (tests/api/matrix_rows.c)",
    "DELETE": route("DELETE", S, None, **DRAFT),
    **{name: RALIO for name in ("HIDE", "START", "STEP_SAVE", "DOCUMENT_ADD", "DOCUMENT_RECORD", "DOCUMENT_DELETE", "COMPLETE", "SUBMIT", "ANSWER",
                                "HAND_IN", "RESUBMIT", "PARTY_ADD", "PARTY_EDIT", "PARTY_OWN", "PARTY_REMOVE", "SUBJECT_ADD",
                                "SUBJECT_EDIT", "SUBJECT_DELETE")},
    **{name: ORDERS for name in ("ACCOUNT_OPEN", "TRANSFER", "PAYOUT")},
}


def imported(**more):
    return lambda c: session_line(c, **more)


LINE = "it is a command's; no line of an import does it"
IMPORT = {
    "SESSION_OPEN": Row(imported(), bring=lambda c, **_: None, new=True),
    "SESSION_APPLY": Row(imported(custom_tags={"tier": "gold"}), bring=draft, judged=False),
    "DOCUMENTS_APPLY": Row(imported(documents=[{"category": "COMPANY_INFO", "type": TYPES[0], "upload": "required"}]), bring=draft, judged=False),
    "PARTIES_APPLY": Row(lambda c: session_line(c, parties=[sole(c.number, session=None)]), bring=draft, judged=False),
    "CARRY": Row(imported(status="active"), bring=draft, judged=False),
    "CHECK_REPORT": Row(lambda c: json.dumps(line(c.number, documents=[], steps=[], checks=[{"kind": "watchlist", "status": "passed"}])), judged=False),
    "RESULTS_REPORT": Row(lambda c: json.dumps(line(c.number, documents=[], steps=[], processing_results={"final_decision": "flagged"})), judged=False),
    **{name: LINE for name in ("DOCUMENT_ADD", "DOCUMENT_RECORD", "DOCUMENT_DELETE", "START", "STEP_SAVE", "COMPLETE", "SUBMIT", "ANSWER",
                               "HAND_IN", "RESUBMIT", "EXTEND", "HIDE", "PARTY_ADD", "PARTY_EDIT", "PARTY_OWN", "PARTY_REMOVE",
                               "SUBJECT_ADD", "SUBJECT_EDIT", "SUBJECT_DELETE")},
}


def form(type_, name, data):
    border = "kybdesk-matrix"
    head = '--%s\r\nContent-Disposition: form-data; name="type"\r\n\r\n%s\r\n' % (border, type_)
    head += '--%s\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n' % (border, name)
    return head.encode() + data + ("\r\n--%s--\r\n" % border).encode(), {"Content-Type": "multipart/form-data; boundary=" + border}


NO_FORM = "the page has no form of it"
LINK = {
    "START": "the first change by the link starts the session",
    "STEP_SAVE": Row(("PUT", "/steps/company_info", {"fields": {"business_activity": "fish"}, "done": False}), **DRAFT),
    "DOCUMENT_ADD": Row(("POST", "/documents", lambda c: form(TYPES[0], "a.pdf", PDF + b"%%%d" % c.number)), **DRAFT),
    "DOCUMENT_DELETE": Row(("DELETE", "/documents/{document}", None),
                           ADDED, **DRAFT),
    "DOCUMENT_RECORD": "a record without bytes is a merchant's, who uploads it to its address",
    "COMPLETE": "the button of the page submits",
    "SUBMIT": Row(("POST", "/complete", {}), all_of(by("ivo", "session", "start", "CASE"), PAPERS), **DRAFT),
    "ANSWER": Row(("POST", "/corrections/{correction}", {"words": "That is it"}), ASKED, judged=False, changed=False),
    "HAND_IN": Row(("POST", "/complete", {}), all_of(ASKED, by("ivo", "correction", "answer", "CASE", correction, "--words", "Yes")),
                   judged=False, changed=False),
    "RESUBMIT": "a rejected client gets a new attempt from the merchant",
    "PARTY_ADD": Row(("POST", "/subsessions", PARTY), bring=avenia_draft, judged=False, changed=False),
    "PARTY_EDIT": NO_FORM, "PARTY_OWN": NO_FORM, "PARTY_REMOVE": NO_FORM, "SUBJECT_ADD": NO_FORM, "SUBJECT_EDIT": NO_FORM,
    "SUBJECT_DELETE": NO_FORM,
}
