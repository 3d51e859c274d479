"""The verbs by commands."""

import base64
import hashlib
import json
import os
import struct

from insider.desk import TYPES
from insider.listed_more import lax_rules
from matrix.rows import (ANA, ASK, ENDPOINT, REPORT, SANDBOX, WHY, Row, all_of, alone, an_alert, answered, avenia, by, confirmed_pep,
                         correction, draft, endpoint_id, failed, gap, kyc_twin, merchant, new_name, pep, person, ready, rename, root,
                         same_number, status, twin, twin_id, with_pep)
from matrix.table import TOP

NOTE = ("--note", "as the register says", "--grace", "0")
DRAFT = dict(bring=draft, judged=False, changed=False)
ASKED = by("zoe", *ASK)
AVENIA = dict(bring=avenia, judged=False, changed=False)
A_PERSON = root("reviewer", "add", new_name, "--role", "viewer")


def paper(kind):
    return by("ivo", "document", "add", "CASE", kind, "-", "--name", "a.pdf", "--for", "intake", given=b"%PDF-1.4\n%" + kind.encode())


ADDED, PAPERS = paper(TYPES[0]), all_of(*[paper(t) for t in TYPES])
STARTED = all_of(by("ivo", "session", "start", "CASE"), PAPERS)


def key_of(c):
    """A key of SSH that no other case has."""
    wire = struct.pack(">I11sI32s", 11, b"ssh-ed25519", 32, hashlib.sha256(b"%d" % c.number).digest())
    return b"ssh-ed25519 " + base64.b64encode(wire) + b" ana@desk"


def more_reasons(c):
    with open(os.path.join(TOP, "data/reasons/session.json")) as file:
        reasons = json.load(file)
    return json.dumps([{"code": "own%d" % c.number, "label": "Own", "message": "M"}] + reasons).encode()


COMMANDS = {
    "APPROVE": Row(["approve", "CASE", "--grace", "0"], bring=ready),
    "REJECT": Row(["reject", "CASE", "--reason", "other", *NOTE]),
    "CORRECTIONS": Row([*ASK]),
    "REOPEN": Row(["reopen", "CASE", "--reason", WHY], by("zoe", "approve", "CASE", "--grace", "0"), bring=ready),
    "UNDO": Row(["undo", "CASE"], "reject", own="REJECT"),
    "WITHDRAW": Row(["corrections", "CASE", "--withdraw"], ASKED),
    "REACTIVATE": Row(["reactivate", "CASE", "--extend", "3"], bring=status("expired", expires_at="2026-01-01T00:00:00Z"),
                      judged=False, changed=False),
    "ESCALATE": Row(["escalate", "CASE"], bring=person("completed"), judged=False, changed=False),
    "PROCESS": Row(["process", "CASE"], bring=person("completed"), judged=False, changed=False),
    "CLAIM": Row(["claim", "CASE"]),
    "NEXT": Row(["next", "--filter", "CASE"]),
    "RELEASE": Row(["release", "CASE"], "claim"),
    "ASSIGN": Row(["assign", "CASE", "zoe"]),
    "REFER": Row(["refer", "CASE", "--to", "zoe", "--reason", WHY]),
    "SNOOZE": Row(["snooze", "CASE", "--until", "2d", "--reason", WHY]),
    "WAKE": Row(["snooze", "CASE", "--end"], by("zoe", "snooze", "CASE", "--until", "2d", "--reason", WHY)),
    "REVEAL": Row(["show", "CASE", "--reveal"], "claim"),
    "DOCUMENT_SAVE": Row(["document", "save", "CASE", TYPES[0], "-o", "-"], json=False),
    "EVIDENCE_EXPORT": Row(["evidence", "CASE", "-o", "-"], json=False),
    "NOTE": Row(["note", "CASE", "A note"]),
    "NOTE_PIN": Row(["note", "pin", "CASE", "1"], "note"),
    "NOTE_READ": Row(["note", "read", "CASE"], "mention"),
    "DOCUMENT_ACCEPT": Row(["document", "accept", "CASE", TYPES[0]]),
    "DOCUMENT_REJECT": Row(["document", "reject", "CASE", TYPES[0], "--reason", "blurry"]),
    "DOCUMENT_ADD": Row(["document", "add", "CASE", TYPES[0], "-", "--name", "b.pdf"],
                        by("zoe", "document", "reject", "CASE", TYPES[0], "--reason", "blurry")),
    "DOCUMENT_RECORD": Row(["document", "add", "CASE", "CERTIFICATE-OF-INCORPORATION"], **AVENIA),
    "STEP_EDIT": Row(["step", "edit", "CASE", "company_info", "--field", "business_activity=Crabs", "--reason", WHY]),
    "HIT_RESOLVE": Row(["check", "resolve", "CASE", pep, "--as-false-positive", "--reason", "different_birth_date", "--note",
                        "born 40 years before"], "reveal", bring=with_pep),
    "HIT_ACCEPT": Row(["check", "accept", "CASE", pep, "--reason", WHY], confirmed_pep, bring=with_pep),
    "CHECK_WAIVE": Row(["check", "waive", "CASE", "adverse_media", "--reason", WHY], bring=failed),
    "CONFIRM": Row(["confirm", "CASE", "--all"], rename, **AVENIA),
    "VALIDATE": Row(["validate", "CASE"]),
    "CORRECTION_ACCEPT": Row(["corrections", "CASE", "--accept", correction], answered, clears=True),
    "REVIEW_UNDO": Row(["undo", "CASE", "--document", TYPES[0]], "accept"),
    "DUPLICATE_DISMISS": Row(["duplicate", "dismiss", "CASE", twin_id, "--reason", WHY], twin, bring=same_number),
    "DUPLICATE_LINK": Row(["duplicate", "link", "CASE", twin_id, "--reason", WHY], twin, bring=same_number),
    "SUSPICION_OPEN": Row([*REPORT]),
    "SUSPICION_NOTE": Row(["suspicion", "note", "CASE", "A note"], "reported"),
    "SUSPICION_ACCESS": Row(["suspicion", "access", "CASE", "--add", "vic"], by("zoe", *REPORT)),
    "SUSPICION_CLOSE": Row(["suspicion", "close", "CASE", "--not-filed", "--reason", WHY], by("zoe", *REPORT), changed=False),
    "LEGAL_HOLD_SET": Row(["hold", "set", "CASE", "--reason", WHY]),
    "LEGAL_HOLD_RELEASE": Row(["hold", "release", "CASE", "--reason", WHY], by("lou", "hold", "set", "CASE", "--reason", WHY)),
    "LINK": Row(["link", "CASE"]),
    "LINK_SHOW": Row(["link", "CASE", "--show"], by("zoe", "link", "CASE")),
    "DELETE": Row(["delete", "CASE"], **DRAFT),
    "SESSION_OPEN": Row(["session", "open", "ralio-kyb", "--merchant", "northwind-pay", "--subject-kind", "business", "--uid",
                         lambda c: "new-%d" % c.number, "--name", "Mole Ltd", "--ref", lambda c: "NEW-%d" % c.number], new=True),
    "START": Row(["session", "start", "CASE"], **DRAFT),
    "STEP_SAVE": Row(["step", "save", "CASE", "company_info", "--field", "business_activity=Fish"], **DRAFT),
    "COMPLETE": Row(["session", "complete", "CASE"], STARTED, **DRAFT),
    "SUBMIT": Row(["session", "submit", "CASE"], STARTED, **DRAFT),
    "DOCUMENT_DELETE": Row(["document", "delete", "CASE", TYPES[0]],
                           ADDED, **DRAFT),
    "ANSWER": Row(["correction", "answer", "CASE", correction, "--words", "That is it"], ASKED),
    "HAND_IN": Row(["correction", "hand-in", "CASE"], all_of(ASKED, by("ivo", "correction", "answer", "CASE", correction, "--words", "Yes"))),
    "RESUBMIT": Row(["session", "resubmit", "CASE"], all_of(
        *[by("lou", "document", "add", "CASE", t, "-", "--name", "a.pdf", given=b"%PDF-1.4\n%" + t.encode()) for t in (
            "CERTIFICATE-OF-INCORPORATION", "COMPANY-TAX-IDENTIFICATION-DOCUMENT")],
        by("zoe", "reject", "CASE", "--reason", "data_mismatch", "--retryable", "--grace", "0")), **AVENIA),
    "EXTEND": Row(["session", "extend", "CASE", "--days", "3"], **DRAFT),
    "HIDE": Row(["session", "hide", "CASE"], **DRAFT),
    "CHECK_REPORT": Row(["check", "report", "CASE", "watchlist", "--status", "passed"]),
    "RESULTS_REPORT": Row(["results", "CASE", "-"]),
    "SESSION_APPLY": "the front end import has its row",
    "PARTY_ADD": Row([*ANA]),
    "PARTY_EDIT": Row(["party", "edit", "CASE", "Ana Sousa", "--control-role", "CFO"], by("zoe", *ANA)),
    "PARTY_OWN": Row(["party", "own", "CASE", "Ana Sousa", "--of", "subject", "--percent", "12"], by("zoe", *ANA)),
    "PARTY_REMOVE": Row(["party", "remove", "CASE", "Ana Sousa", "--reason", WHY], by("zoe", *ANA)),
    "PARTY_COPY": Row(["party", "copy", "CASE", "--from", kyc_twin, "--role", "director", "--percent", "10"]),
    "PARTY_VERIFY": Row(["party", "verify", "CASE", "Ana Sousa", "--elsewhere", "--reason", WHY], by("zoe", *ANA)),
    "PARTY_UNVERIFY": Row(["party", "verify", "CASE", "Ana Sousa", "--withdraw"],
                          all_of(by("zoe", *ANA), by("lou", "party", "verify", "CASE", "Ana Sousa", "--elsewhere", "--reason", WHY))),
    "PARTY_GAP": Row(["party", "gap", "CASE", "--reason", "listed"], bring=gap),
    "SUBSESSION_ADD": Row(["subsession", "add", "CASE", "Ana Sousa"],
                          all_of(by("zoe", *ANA), by("zoe", "subsession", "remove", "CASE", "Ana Sousa"))),
    "SUBSESSION_REMOVE": Row(["subsession", "remove", "CASE", "Ana Sousa"], by("zoe", *ANA)),
    "SUBJECT_ADD": Row(["subject", "add", "--merchant", "northwind-pay", "--uid", lambda c: "s-%d" % c.number, "--kind", "business",
                        "--name", "Mole Ltd"]),
    "SUBJECT_EDIT": Row(["subject", "edit", lambda c: "biz-%d" % c.number, "--email", "mole@mail.example"]),
    "SUBJECT_DELETE": Row(["subject", "delete", lambda c: "s-%d" % c.number],
                          by("zoe", "subject", "add", "--merchant", "northwind-pay", "--uid", lambda c: "s-%d" % c.number, "--kind",
                             "business", "--name", "Mole Ltd")),
    "SUBJECT_EXPORT": Row(["subject", "export", lambda c: c.part("Otto")["name"], "-o", "-"], json=False),
    "PAYIN": SANDBOX, "ORDER_COMPLETE": SANDBOX, "ORDER_FAIL": SANDBOX, "ORDER_CANCEL": SANDBOX,
    "SUBJECT_REVEAL": Row(["subject", "show", lambda c: "biz-%d" % c.number, "--reveal"], "claim"),
    "ALERT_CLOSE": Row(["alert", "close", "CASE", "--reason", WHY], an_alert, bring=person("manual_review"), judged=False, changed=False),
    "TEMPLATE_SET": Row(["template", "set", new_name, "Please send {document}."]),
    "TEMPLATE_REMOVE": Row(["template", "remove", new_name], root("template", "set", new_name, "Please send it.")),
    "REVIEWER_ADD": Row(["reviewer", "add", new_name, "--role", "viewer"]),
    "REVIEWER_ROLE": Row(["reviewer", "role", new_name, "reviewer"], A_PERSON),
    "REVIEWER_DISABLE": Row(["reviewer", "disable", new_name], A_PERSON),
    "REVIEWER_KEY": Row(["reviewer", "key", new_name], A_PERSON),
    "REVIEWER_KEY_REVOKE": Row(["reviewer", "key", new_name, "--revoke"], all_of(A_PERSON, root("reviewer", "key", new_name, "--json"))),
    "ACCESS_ADD": Row(["access", "add", new_name, "-"], A_PERSON),
    "ACCESS_REMOVE": Row(["access", "remove", new_name], "access"),
    "MERCHANT_ADD": Row(["merchant", "add", merchant]),
    "MERCHANT_KEY": Row(["merchant", "key", "add", "harbour-pay", "--name", new_name]),
    "MERCHANT_KEY_ROTATE": Row(["merchant", "key", "rotate", "harbour-pay", new_name],
                               root("merchant", "key", "add", "harbour-pay", "--name", new_name, "--json")),
    "MERCHANT_KEY_REVOKE": Row(["merchant", "key", "revoke", "harbour-pay", new_name],
                               root("merchant", "key", "add", "harbour-pay", "--name", new_name, "--json")),
    "PROVIDER_KEY": Row(["merchant", "key", "add", "harbour-pay", "--provider", "watchlist", "--name", new_name]),
    "PROVIDER_KEY_REVOKE": Row(["merchant", "key", "harbour-pay", "--name", new_name, "--revoke"],
                               root("merchant", "key", "add", "harbour-pay", "--provider", "watchlist", "--name", new_name, "--json")),
    "ENDPOINT_ADD": Row([*ENDPOINT]),
    "ENDPOINT_DISABLE": Row(["endpoint", "disable", endpoint_id], alone(*ENDPOINT)),
    "ENDPOINT_EDIT": Row(["endpoint", "edit", endpoint_id, "--per-minute", "60"], alone(*ENDPOINT)),
    "ENDPOINT_ROTATE": Row(["endpoint", "rotate", endpoint_id], alone(*ENDPOINT)),
    "ENDPOINT_ENABLE": Row(["endpoint", "enable", endpoint_id], all_of(alone(*ENDPOINT), alone("endpoint", "disable", endpoint_id))),
    "ENDPOINT_REMOVE": Row(["endpoint", "remove", endpoint_id], alone(*ENDPOINT)),
    "ENDPOINT_TEST": Row(["endpoint", "test", endpoint_id, "--queue"], alone(*ENDPOINT)),
    "WEBHOOK_REPLAY": Row(["webhook", "replay", "--state", "dead"]),
    "STORE_SET": Row(["store", "set", "link_limit", lambda c: str(1000 + c.number)]),
    "STORE_REBUILD_SEARCH": Row(["store", "rebuild-search"]),
    "STORE_COPY": Row(["backup", lambda c: "kept-%d.db" % c.number]),
    # A young log has a gap before its first record, which stops the purge after the role was checked.
    "PURGE": Row(["purge"], also=("has no record between", "nothing to purge", "No case is due")),
    "PURGE_STEP": "a part of PURGE, for each case that two admins listed",
    "STORE_MOVE": Row(["store", "move", lambda c: "gone-%d.db" % c.number], not_by={"admin": "it would end the store of the matrix"}),
    "WORKFLOW_INSTALL": Row(["workflow", "install", "-"]),
    "REASONS_INSTALL": Row(["reasons", "install", "-", "--set", "session"]),
}
GIVEN = {"WORKFLOW_INSTALL": lambda c: lax_rules(100 + c.number), "DOCUMENT_ADD": lambda c: c.pdf("own"),
         "RESULTS_REPORT": lambda c: b'{"final_decision":"flagged"}', "ACCESS_ADD": key_of, "REASONS_INSTALL": more_reasons}
