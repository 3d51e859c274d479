"""Reaches every row of docs/sandbox-events.md by API calls of an integrator only: after the merchant has its key, no
command and no person takes part. The server delivers the webhooks, and the integrator's endpoint verifies each of them.
For each row the client sends its values (`member=value`), must have made its calls (`POST /address`), and must receive
what the row shows. Prints "dialect · event · what it shows · reached|failed". Also fails if an event of a shipped
workflow, or an event or outcome of a seed, has no row, or if a body differs from its schema in docs/api/openapi.json
(schema.py), or if SEEDS below differs from the texts of the seeds, if these
are found (KYBDESK_TEST_SEEDS: their folder).
usage: reach.py PROGRAM every"""

import base64
import concurrent.futures
import copy
import glob
import json
import os
import re
import sys
import time
import urllib.parse

from promises_atelio import ABROAD, HOME, Atelio
from promises_avenia import Avenia
from promises_generic import STEPS, Session
from promises_ralio import Business
from schema import DOCUMENT, webhook_faults
from stage import JPEG, PDF, Failure, Stage, until

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../..")
PAGE = ROOT + "/docs/sandbox-events.md"
AT_ONCE = 16
ACCOUNTS = "/api/v1/account/users/{uid}/accounts"
# The events and the outcomes that each seed names. An outcome is a value that a row shows or sends.
SEEDS = {
    ("Ralio", "ralio-sandbox"): (
        "account.activated payin.processing payin.completed payin.failed payout.processing payout.completed transfer.processing "
        "transfer.completed kyc.state_updated kyc.session_verified kyc.session_failed kyc.session_expired",
        "PROCESSING COMPLETED FAILED CANCELLED ACTIVE REGULAR",
    ),
    ("Ralio", "ralio-kyb-session"): ("", "LIGHT REGULAR"),
    ("Avenia", "avenia-kyb-level-1"): ("", "APPROVED REJECTED COMPLETED PROCESSED"),
    ("Atelio", "atelio-beneficial-owners"): (
        "kyc.verification.error kyc.verification.failure kyc.verification.success kyc.verification.timeout "
        "kyc.verification.document_required kyc.verification.under_review",
        "initialized passed under_review document_required po_box_failure required submitted",
    ),
    ("Generic", "kyc-workflows-sessions"): (
        "",
        "draft active completed processing processed expired approved rejected manual_review awaiting_client_correction flagged "
        "incomplete pending remediation",
    ),
}
# Names in the text of the Atelio seed that its table of events does not have.
MISPRINTS = {"kyc.verification.status", "kyc.verification.failed", "kyc.verification.documents_required"}
WORKFLOWS = {"ralio": "Ralio", "avenia": "Avenia", "atelio": "Atelio", "generic": "Generic"}


class Row:
    def __init__(self, dialect, event, shows, how):
        self.dialect, self.event, self.text = dialect, event.strip("`—"), shows
        self.shows = [one.split("=", 1) for one in re.findall(r"`([^`]+=[^`]*)`", shows)]
        self.values = dict(one.split("=", 1) for one in re.findall(r"`([\w.]+=[^`]*)`", how))
        how = how.replace("POST …", "POST %s/{accountId}" % ACCOUNTS)
        self.calls = re.findall(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`]*)`", how)
        self.name = "%s · %s · %s" % (dialect, self.event or "no event", ", ".join("=".join(one) for one in self.shows))

    def named(self, end):
        return any(call.split()[1].endswith(end) for call in self.calls)


def rows():
    out, dialect = [], ""
    with open(PAGE) as page:
        for line in page:
            if line.startswith("## "):
                dialect = line[3:].strip()
            cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
            if line.startswith("| ") and len(cells) == 3 and cells[0] not in ("event", "---"):
                out.append(Row(dialect, *cells))
    return out


def at(body, path):
    for part in path.split("."):
        if isinstance(body, list):
            body = body[0] if body else None
        if not isinstance(body, dict) or part not in body:
            raise KeyError(path)
        body = body[part]
    return body


def is_shown(bodies, path, value):
    for body in bodies:
        try:
            found = at(body, path)
        except KeyError:
            continue
        if value == (json.dumps(found) if not isinstance(found, str) else found):
            return True
    return False


# --- the integrator's calls; a function of DIALECTS returns the id in the event, and a function to read the outcome ---


def at_link(one, link, kind="PASSPORT"):
    """Uploads a document at the link and submits, as the client."""
    token, one.token = one.token, None
    one.form("/api" + link[len(one.url):] + "/documents", {"type": kind}, "paper.jpg", JPEG + link.encode())
    one.bring(link)
    one.token = token


def waits_for_client(name):
    return name.endswith(("#expire", "#remind"))


def person(one, name):
    body = {"firstName": "Ines", "lastName": name, "country": "PT"}
    uid = one.call("POST", "/api/v1/account/individual-users", body, wants=201).json["uid"]
    path = "/api/v1/account/individual-users/%s/kyc-sessions" % uid
    made = one.call("POST", path, wants=201).json
    if not waits_for_client(name):
        at_link(one, made["hostedUrl"])
    return uid, made["id"], lambda: one.call("GET", "%s/%s" % (path, made["id"]), wants=200).json


def withdraw(one, session, values):
    """Withdraws, as the merchant, the corrections that the sandbox requested."""
    path = "/v1/kyc/sessions/" + session
    until("no corrections", lambda: one.call("GET", path, wants=200).json["status"] == "awaiting_client_correction")
    one.call("PATCH", path, {"status": values["status"]}, wants=200)


def ralio(one, row):
    values = row.values
    if "name" in values:
        company = Business(one, values["name"])
        if not waits_for_client(values["name"]):
            company.papers()
            company.submit()
        if "status" in values:
            withdraw(one, company.made["id"], values)
        return company.made["id"], lambda: one.call("GET", company.path, wants=200).json
    uid, session, show = person(one, values.get("lastName", "Duarte#approve"))
    if not any("/accounts" in call for call in row.calls):
        return session, show
    until("not verified: %s" % show(), lambda: show()["state"] == "VERIFIED")
    accounts = "/api/v1/account/users/%s/accounts" % uid
    made = [one.call("POST", accounts, {"currency": "EUR"}, wants=201).json["id"] for _ in range(2)]
    first = "%s/%s" % (accounts, made[0])
    if row.named("/accounts"):
        return made[0], lambda: one.call("GET", first, wants=200).json
    return order(one, row, first, made[1])


def order(one, row, path, other):
    values = row.values
    body = {"amount": 250, **{name: values[name] for name in ("type", "state", "reason") if name in values and row.named("/payins")}}
    if row.named("/{orderId}"):
        body["state"] = "PROCESSING"
    made = one.call("POST", path + "/payins", body, wants=201).json
    out = {"origin": {"currency": "EUR", "amount": 100}, "reference": "Rent"}
    if row.named("/transfers"):
        made = one.call("POST", path + "/transfers", dict(out, recipient={"accountId": other}), wants=201).json
    if row.named("/bank-payouts"):
        recipient = {"iban": "ES9121000418450200051332", "accountHolder": values["accountHolder"], "bankName": "Banco Santander"}
        made = one.call("POST", path + "/bank-payouts", dict(out, recipient=recipient, code2fa="123456"), wants=201).json
    if row.named("/crypto-payouts"):
        recipient = {"address": "0x00000000000000000000000000000000000000aa"}
        made = one.call("POST", path + "/crypto-payouts", dict(out, recipient=recipient, code2fa="123456"), wants=201).json
    where = "/api/v1/account/orders/" + made["id"]
    if row.named("/{orderId}"):
        one.call("PATCH", where, {"state": values["state"], "reason": "As the sandbox asks"}, wants=200)
    return made["id"], lambda: one.call("GET", where, wants=200).json


def session_of(one, workflow, text):
    path = "/v1/kyc/sessions?workflow_id=%s&search=%s" % (workflow, urllib.parse.quote(text))
    return one.call("GET", path, wants=200).json["data"][0]["id"]


def avenia(one, row):
    values = dict(row.values)
    mark = "R%d" % row.number  # the sessions of two rows differ by their name
    sub = Avenia(one, "%s %s" % (mark, values.pop("name", "ACME LTDA")))
    if row.event == "link.expiring":
        return sub.id, lambda: {}
    if row.event == "document.processed":
        document = sub.paper("CERTIFICATE-OF-INCORPORATION", "application/pdf", PDF)
        return document, lambda: {"document": sub.document(document)}
    change = {"companyLegalName": "%s %s" % (mark, values.get("companyLegalName", "ACME LTDA"))}
    if "sandboxReject" in values:
        change["sandboxReject"] = json.loads(values["sandboxReject"])
    attempt = sub.submit(sub.ready(**change), wants=201).json["id"]
    session = session_of(one, "avenia-kyb-level-1", mark)
    if "status" in values:
        withdraw(one, session, values)
    return (attempt if row.event.startswith("kyb.") else session), lambda: {"attempt": sub.attempt(attempt)}


def atelio(one, row):
    values = row.values
    one.bare, one.token = one.token, None
    owner = Atelio(None, one)
    owner.count = row.number * 10
    home = dict(ABROAD if values.get("country") == "PT" else HOME, **{name: values[name] for name in ("street",) if name in values})
    middle = "Row" + "".join(chr(ord("a") + int(digit)) for digit in str(row.number))  # different in each row
    path = owner.path(last_name=values["last_name"], middle_name=middle, addresses=[home])
    uid = path.rsplit("/", 1)[1]
    if row.event == "link.expiring":
        return uid, lambda: one.call("GET", path, wants=200).json
    said = owner.start(path).json
    if row.named("/corrections"):
        one.bare, one.token = None, one.bare
        found = session_of(one, "atelio-beneficial-owner", middle)
        item = {"step_id": values["step_id"], "message": "Again, please."}
        if "document_types" in values:
            item["document_types"] = values["document_types"].split()
        path_to = "/v1/kyc/sessions/%s/corrections" % found
        until("corrections are refused", lambda: one.call("POST", path_to, {"corrections": [item]}).status == 200)
        one.bare, one.token = one.token, None
    if row.named("{token}"):
        until("no document is asked for", lambda: owner.status(path)["kyc_status"] == "document_required")
        link = owner.status(path)["documents"][0]
        bare, one.bare = one.bare, None
        content = base64.b64encode(JPEG + uid.encode()).decode()
        one.call("POST", link["upload_link"], {"document_type": link["document_type"], "content": content}, wants=201)
        one.bare = bare
    return uid, lambda: dict(owner.status(path), start=said)


def generic(one, row):
    values = row.values
    made = Session(one, values["name"])
    if waits_for_client(values["name"]):
        return made.made["id"], made.said
    if row.named("/subsessions"):
        party = {"kind": "individual", "name": values["party.name"], "roles": ["ubo"]}
        sub = one.call("POST", made.path + "/subsessions", {"party": party}, wants=201).json
        if waits_for_client(values["party.name"]) or not row.named("/complete"):
            return sub["id"], made.said
        at_link(one, sub["access_link"])
        return sub["id"], made.said
    if row.named("/complete"):
        made.complete()
    elif row.named("/steps/{step_id}"):
        made.client("PUT", "/steps/" + STEPS[0], {"fields": {"name": "Ines"}})
    if row.named("/process"):
        one.call("POST", made.path + "/process")
    if "status" in values:
        made.patch(values["status"])
    if row.named("/results"):
        one.call("POST", made.path + "/results", {"results": {"final_decision": values["final_decision"]}}, wants=200)
    return made.made["id"], made.said


DIALECTS = {"Ralio": ralio, "Avenia": avenia, "Atelio": atelio, "Generic": generic}


def reach(stage, row):
    """Raises Failure if the row is not reached."""
    one = copy.copy(stage)
    one.called, one.made = [], []

    def call(method, path, *words, **more):
        where = path[len(one.url):] if path.startswith(one.url) else path
        one.made.append("%s %s" % (method, where.split("?")[0]))
        return Stage.call(one, method, path, *words, **more)

    def run(*words):
        raise Failure("a command: kybdesk %s" % " ".join(words))

    one.call, one.run = call, run
    about, show = DIALECTS[row.dialect](one, row)
    answers = []

    def is_reached():
        bodies = [json.loads(body) for headers, body in list(stage.receiver.got) if stage.receiver.verified(headers, body)]
        bodies = [body for body in bodies if body.get("type", body.get("event")) == row.event and about in json.dumps(body)]
        answers[:] = [show()]
        if row.event and not bodies:
            return False
        # Each member that the answer does not show must be in one and the same event.
        return any(all(is_shown([body, *answers], *one) for one in row.shows) for body in bodies or [{}])

    until(lambda: "no such event about %s: %s; %s" % (about, heard(stage, about), answers), is_reached)
    for wanted in row.calls:
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(wanted))
        if not any(re.fullmatch(pattern, made) for made in one.made):
            raise Failure("the row names %s, which was not called: %s" % (wanted, sorted(set(one.made))))


def heard(stage, about):
    return [body.decode() for _, body in list(stage.receiver.got) if about.encode() in body]


def gaps(found):
    """The events and outcomes that have no row."""
    events = {(row.dialect, row.event) for row in found}
    shown = {(row.dialect, value) for row in found for _, value in (*row.shows, *row.values.items())}
    out = []
    for path in glob.glob(ROOT + "/data/workflows/*.json"):
        with open(path) as file:
            workflow = json.load(file)
        dialect = WORKFLOWS[os.path.basename(path).split("-")[0]]
        parties = workflow.get("parties", {})
        names = {*workflow["events"].values(), *parties.get("events", {}).values()}
        if "workflow" not in parties:  # its parties have no sessions
            names.discard(workflow["events"]["party_kyc_requested"])
        out += ["%s: %s of %s" % (dialect, name, os.path.basename(path)) for name in names if (dialect, name) not in events]
    for (dialect, seed), (names, outcomes) in SEEDS.items():
        out += ["%s: %s of the seed %s" % (dialect, name, seed) for name in names.split() if (dialect, name) not in events]
        out += ["%s: %s of the seed %s" % (dialect, name, seed) for name in outcomes.split() if (dialect, name) not in shown]
    return out


def miscounted():
    """The differences between SEEDS and the texts of the seeds."""
    folders = [os.environ.get("KYBDESK_TEST_SEEDS", ""), ROOT + "/../shared/seeds", ROOT + "/../../shared/seeds"]
    folder = next((one for one in folders if one and os.path.isdir(one)), "")
    out = []
    for (_, seed), (names, outcomes) in SEEDS.items():
        path = "%s/%s.txt" % (folder, seed)
        if not os.path.exists(path):
            continue
        with open(path) as file:
            text = file.read()
        found = set(re.findall(r"(?:account|payin|payout|transfer|kyc)\.[a-z]+(?:[._][a-z]+)*", text)) - MISPRINTS
        out += ["the seed %s has %s" % (seed, name) for name in sorted(found ^ set(names.split()))]
        out += ["the seed %s has no %s" % (seed, word) for word in outcomes.split() if word not in text]
    return out


def main():
    found = rows()
    for number, row in enumerate(found):
        row.number = number
    absent = ["no row: " + gap for gap in gaps(found)] + miscounted()
    wrong = list(absent)
    options = ("--sandbox-delay", "0", "--key-limit", "0", "--address-limit", "0", "--link-limit", "0")
    began = time.monotonic()
    with Stage(sys.argv[1], *options, quiet=True, delivers=True) as stage:
        stage.token = stage.key["api_key"]
        made = stage.call("POST", "/v1/webhook_endpoints", {"url": stage.receiver.url, "events": ["*"]}, wants=201).json
        stage.receiver.secret = made["secret"]
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            tries = [pool.submit(reach, stage, row) for row in found]
        for row, one in zip(found, tries):
            trouble = one.exception()
            print("%s · %s%s" % (row.name, "failed" if trouble else "reached", " (%s)" % str(trouble)[:700] if trouble else ""))
            wrong += [row.name] if trouble else []
        unsigned = [body for headers, body in stage.receiver.got if not stage.receiver.verified(headers, body)]
        count = len(stage.receiver.got)
        bodies = [json.loads(body) for _, body in stage.receiver.got]
    wrong += ["%s: %s" % (body.get("type", body.get("event")), fault) for body in bodies for fault in webhook_faults(body)]
    came = {body.get("type", body.get("event")) for body in bodies} | {"endpoint.test"}
    wrong += ["the reference has the webhook %s, which no row reaches" % name for name in sorted(set(DOCUMENT["webhooks"]) - came)]
    wrong += ["not signed: %s" % body for body in unsigned]
    for one in wrong:
        print("failed: " + one)
    seeds = [sum(len(part[i].split()) for part in SEEDS.values()) for i in (0, 1)]
    print("events and outcomes: %d rows, %d failed, %d webhooks verified, %.0f s" % (len(found), len(wrong), count, time.monotonic() - began))
    print("seeds: %d events and %d outcomes named, %d without a row" % (*seeds, len(absent)))
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    sys.exit(main())
