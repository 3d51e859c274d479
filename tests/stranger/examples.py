"""Makes one successful call of every operation of the API reference (except pages and files), and provokes every
refusal that the reference names, in the format of each dialect. With KYBDESK_WRITE_EXAMPLES=1 the server's answers are
written to data/api/examples.json, the source of the examples in docs/api/openapi.json; otherwise they are compared with
this file. Ids, times, secrets and addresses are replaced, so that two runs agree.
usage: examples.py PROGRAM every"""

import base64
import concurrent.futures
import copy
import difflib
import json
import os
import re
import sys
import urllib.parse

from circle import Desk
from promises_atelio import ABROAD, PROGRAM_ID
from promises_avenia import COMPANY as AVENIA, OWNER
from stage import JPEG, PDF, Failure, Stage, expect, until

KEPT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/api/examples.json")
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
SHORT_ID = re.compile(r"\([0-9a-f]{8}\)")
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")
EVENT = re.compile(r"\bevt_[0-9a-f]{32}\b")
SHA256 = re.compile(r"\b[0-9a-f]{64}\b")
TOKEN = re.compile(r"/(s|files|uploads)/[\w.-]{20,}")
LINK = re.compile(r"\bAQ[\w-]{40,}")
LIMIT = re.compile(r"at most 1 a minute")
STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)
SECRETS = {"api_key": "kyb_KEY", "api_code": "mch_CODE", "token": "TOKEN", "secret": "whsec_SECRET"}
# Operations that need no example: they answer with a page, a redirect to a page, or a file.
NO_JSON = re.compile(r"^GET /s/\{token\}$|^POST /s/\{token\}/.*|^GET /files/\{token\}$")

PERSON = {"kind": "individual", "name": "Ines Duarte", "country": "PT"}
COMPANY = {"kind": "business", "name": "Harbour Lane Ltd", "country": "GB"}
ADDRESS = {name: value for name, value in ABROAD.items() if name != "street2"}


class Examples(Stage):
    def __init__(self, program):
        super().__init__(program)
        self.reference = json.loads(self.run("info", "--reference", "openapi"))
        self.operations, self.errors, self.ids = {}, {}, {}

    # --- the examples ---

    def pattern(self, path):
        """The path template of the reference that matches this path, with or without a version (/v1)."""
        path = urllib.parse.urlparse(path).path
        fits = []
        for pattern, methods in self.reference["paths"].items():
            for server in methods.get("servers", [{"url": "/"}]):
                whole = server["url"].rstrip("/") + pattern
                if re.fullmatch(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(whole)), path):
                    fits.append(pattern)
        if not fits:
            raise Failure("the reference has no %s" % path)
        return min(fits, key=lambda one: one.count("{"))

    def plain(self, value, key=""):
        if isinstance(value, dict):
            return {name: self.plain(one, name) for name, one in value.items()}
        if isinstance(value, list):
            return [self.plain(one, key) for one in value]
        if not isinstance(value, str):
            return value
        if key in SECRETS and value:
            return SECRETS[key]
        if key == "walletAddress":
            return "0x00000000000000000000000000000000000000aa"
        if key == "content":
            return "JVBERi0xLjQK"
        value = value.replace(self.url, "https://desk.example")
        value = UUID.sub(lambda one: self.ids.setdefault(one[0], "0192f1a0-7c00-7000-8000-%012x" % (len(self.ids) + 1)), value)
        value = EVENT.sub("evt_6b3f9f96a910df678d8ea60b8c932921", value)
        value = SHORT_ID.sub("(0192f1a0)", value)
        value = LIMIT.sub("at most 6000 a minute", LINK.sub("TOKEN", value))
        value = TIME.sub("2026-11-20T10:00:00Z", value)
        value = SHA256.sub("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", value)
        return TOKEN.sub(r"/\1/TOKEN", value)

    def example(self, method, path, body=None, wants=200, **more):
        """Makes the call, and keeps its request and answer as the example of its operation."""
        answer = self.call(method, path, body, wants=wants, **more)
        name = "%s %s" % (method, self.pattern(path))
        if name in self.operations:
            raise Failure("%s has its example already" % name)
        kept = {}
        if body is not None:
            kept["request"] = self.plain(body)
        kept["status"] = answer.status
        if answer.headers.get_content_subtype().endswith("json"):
            kept["response"] = self.plain(answer.json)
        self.operations[name] = kept
        return answer.json if "response" in kept else None

    def upload(self, path, fields, name, content):
        """Uploads a file with a form, and keeps only the answer as the example."""
        call = self.call
        self.call = lambda method, where, **more: self.kept_form(call, method, where, more)
        try:
            return self.form(path, fields, name, content).json
        finally:
            self.call = call

    def kept_form(self, call, method, where, more):
        answer = call(method, where, **more)
        self.operations["%s %s" % (method, self.pattern(where))] = {"status": answer.status, "response": self.plain(answer.json)}
        return answer

    def refused(self, method, path, wants, body=None, **more):
        """Keeps the answer as the example of this status in the dialect's format."""
        return self.keep_refusal(method, path, self.call(method, path, body, wants=wants, **more))

    def keep_refusal(self, method, path, answer):
        responses = self.reference["paths"][self.pattern(path)][method.lower()]["responses"]
        status = str(answer.status) if str(answer.status) in responses else "5XX"
        name = responses[status]["$ref"].rsplit("/", 1)[1]
        if answer.headers.get_content_subtype() == "html":
            self.errors[name] = self.plain(STYLE.sub("<style>…</style>", answer.body.decode()))
        else:
            self.errors[name] = self.plain(answer.json)

    def is_complete(self):
        missing = []
        for path, methods in self.reference["paths"].items():
            for method in methods:
                name = "%s %s" % (method.upper(), path)
                if method != "servers" and name not in self.operations and not NO_JSON.match(name):
                    missing.append(name)
        expect(missing, [], "operations without an example; add them here")
        expect(sorted(set(self.reference["components"]["responses"]) ^ set(self.errors)), [], "refusals without an example")

    # --- the calls ---

    def tell(self, kind):
        """Selects how calls send the key: "bare": as Atelio's clients do; "key": as bearer token; None: not at all."""
        self.token, self.bare = (None, self.key["api_key"]) if kind == "bare" else (self.key["api_key"] if kind else None, None)

    def link(self, url):
        return "/api" + urllib.parse.urlparse(url).path


def own(stage):
    stage.example("GET", "/healthz")
    stage.example("GET", "/readyz")
    stage.example("GET", "/problems")
    stage.example("GET", "/problems/blocked")


def generic(stage):
    stage.tell("key")
    base = "/v1/kyc/sessions"
    made = stage.example(
        "POST", base, {"workflow_id": "generic-kyc", "external_id": "user-7", "subject": PERSON, "metadata": {"plan": "pro"}}, 201
    )
    path = "%s/%s" % (base, made["id"])
    stage.example("GET", base + "?include_summary=true&limit=20")
    stage.example("GET", path)
    stage.example("POST", path + "/extend", {"hours": 48})
    where = stage.link(stage.example("POST", path + "/generate-link")["access_link"])
    document = client(stage, where)
    stage.tell("key")
    stage.example("GET", "%s/documents/%s/url" % (path, document))
    stage.example("POST", path + "/validate")
    stage.example("POST", path + "/process")
    checks = [{"kind": "watchlist", "status": "passed"}]
    stage.example("POST", path + "/results", {"results": {"final_decision": "manual_review"}, "checks": checks})
    item = {"step_id": "identity", "field_ids": ["name"], "message": "Please write the whole name."}
    asked = stage.example("POST", path + "/corrections", {"corrections": [item]})["corrections"][0]["id"]
    stage.refused("PATCH", path, 409, {"status": "approved"})
    stage.tell(None)
    stage.example("POST", "%s/corrections/%s" % (where, asked), {"words": "The second name is not in my passport."})
    stage.call("POST", where + "/complete", wants=200)
    stage.refused("POST", where + "/complete", 409)
    stage.tell("key")
    stage.example("PATCH", path, {"status": "rejected", "reason": "data_mismatch", "retryable": True})
    events(stage)
    stage.refused("POST", base, 400, {"workflow_id": "generic-kyc", "subject": {"kind": "individual", "name": "Ines Duarte"}})
    parent = stage.call("POST", base, {"workflow_id": "generic-kyc", "subject": COMPANY}, wants=201).json["id"]
    path = "%s/%s" % (base, parent)
    party = {"kind": "individual", "name": "Joao Reis", "roles": ["ubo"], "ownership_percent": "100"}
    sub = stage.example("POST", path + "/subsessions", {"party": party}, 201)["id"]
    stage.example("GET", path + "/subsessions")
    stage.example("POST", "%s/subsessions/%s/regenerate-link" % (path, sub))
    stage.example("DELETE", "%s/subsessions/%s" % (path, sub))
    stage.example("DELETE", path)
    stage.refused("GET", path, 404)
    stage.tell(None)
    stage.refused("GET", base, 401)


def events(stage):
    """The examples of the merchant's events and webhook endpoints."""
    path = "/v1/events/" + stage.example("GET", "/v1/events?type=session.status_changed&limit=2")["data"][0]["id"]
    stage.example("GET", path)
    stage.example("GET", path + "/deliveries")
    hooks = "/v1/webhook_endpoints"
    hook = stage.example("POST", hooks, {"url": "https://shop.example/hooks", "events": ["*"]}, 201)
    stage.example("GET", hooks)
    stage.example("POST", path + "/replay", wants=202)
    stage.call("GET", "/v1/events?delivered=false", wants=200)
    stage.call("GET", "/v1/events?delivered=true", wants=200)
    hook = "%s/%s" % (hooks, hook["id"])
    stage.example("GET", hook)
    stage.example("PATCH", hook, {"events": ["session.status_changed"], "enabled": True})
    stage.example("POST", hook + "/replay", {"since": "2026-01-01T00:00:00Z", "state": "dead"}, 202)
    stage.example("POST", hook + "/rotate_secret", {"overlap_hours": 24})
    stage.example("DELETE", hook, wants=204)


def client(stage, where):
    """The examples at the client's link: a step, a document, a party and submission. Returns the id of the passport."""
    stage.tell(None)
    stage.example("GET", where)
    fields = {"name": "Ines Duarte", "date_of_birth": "1990-04-01", "nationality": "PT"}
    stage.example("PUT", where + "/steps/identity", {"fields": fields, "done": True})
    body = {"document_type": "PROOF_OF_ADDRESS", "content": base64.b64encode(PDF).decode()}
    wrong = stage.example("POST", where + "/documents", body, 201)["id"]
    stage.example("DELETE", "%s/documents/%s" % (where, wrong))
    document = stage.form(where + "/documents", {"type": "PASSPORT"}, "passport.jpg", JPEG).json["id"]
    party = {"kind": "individual", "name": "Joao Reis", "roles": ["representative"]}
    joao = stage.example("POST", where + "/subsessions", {"party": party}, 201)["id"]
    stage.example("DELETE", "%s/subsessions/%s" % (where, joao))
    stage.example("POST", where + "/complete")
    return document


def ralio(stage):
    stage.tell(None)
    stage.token = stage.example("POST", "/api/v1/auth/login", dict(stage.key))["token"]
    hook = stage.example("POST", "/api/v1/webhooks", {"url": "https://shop.example/hooks", "events": ["kyc.state_updated"]}, 201)
    stage.example("GET", "/api/v1/webhooks")
    stage.example("DELETE", "/api/v1/webhooks/" + hook["id"], wants=204)
    base = "/api/v1/account"
    for one in ("/business-user", "/business-users"):
        user = stage.example("POST", base + one, {"name": "Harbour Lane Ltd", "country": "GB"}, 201)
        stage.example("GET", base + one)
        stage.example("GET", "%s%s/%s" % (base, one, user["uid"]))
    path = "%s/business-user/%s/kyb-sessions" % (base, user["uid"])
    path += "/" + stage.example("POST", path, wants=201)["id"]
    papers = ["MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS", "DIRECTORS_SHAREHOLDERS_REG"]
    for kind in papers:
        stage.upload(path + "/documents", {"category": "COMPANY_INFO", "type": kind}, kind.lower() + ".pdf", PDF)
    stage.example("GET", path + "/documents")
    other = stage.form(path + "/documents", {"category": "COMPANY_INFO", "type": "OTHER"}, "other.pdf", PDF).json["id"]
    stage.example("DELETE", "%s/documents/%s" % (path, other), wants=204)
    stage.example("POST", path + "/submit")
    stage.example("GET", path)
    stage.refused("POST", path + "/submit", 409)
    stage.refused("POST", base + "/business-user", 400, {"name": "Harbour Lane Ltd"})
    person = {"firstName": "Ines", "lastName": "Duarte", "country": "PT"}
    user = stage.example("POST", base + "/individual-users", person, 201)["uid"]
    stage.example("GET", base + "/individual-users")
    stage.example("GET", "%s/individual-users/%s" % (base, user))
    accounts = "%s/users/%s/accounts" % (base, user)
    stage.refused("POST", accounts, 403, {"currency": "EUR"})
    path = "%s/individual-users/%s/kyc-sessions" % (base, user)
    session = stage.example("POST", path, wants=201)
    token = stage.token
    stage.tell(None)
    stage.bring(session["hostedUrl"])
    stage.tell("key")
    checks = [{"kind": "extraction", "status": "passed"}]
    stage.call("POST", "/kyc/sessions/%s/results" % session["id"], {"results": {"final_decision": "manual_review"}, "checks": checks})
    stage.token = token
    Desk(stage).approve(session["id"])
    stage.example("GET", "%s/%s" % (path, session["id"]))
    account = stage.example("POST", accounts, {"currency": "EUR", "label": "Main"}, 201)
    stage.example("GET", accounts)
    stage.example("GET", "%s/%s" % (accounts, account["id"]))
    stage.refused("GET", "%s/%s" % (accounts, session["id"]), 404)
    money(stage, base, user, account["id"])
    stage.tell(None)
    stage.refused("GET", accounts, 401)


def money(stage, base, user, first):
    """The examples of the sandbox's money: three payins are made by `sandbox fund`, all other orders by API calls."""
    accounts = "%s/users/%s/accounts" % (base, user)
    second = stage.call("POST", accounts, {"currency": "EUR", "label": "Savings"}, wants=201).json["id"]
    for kind in ("bank", "crypto", "card"):
        made = json.loads(stage.run("--json", "sandbox", "fund", first, "1000", "--type", kind))
        stage.example("GET", "%s/%s-payins/%s" % (base, kind, made["id"]))
    origin = {"currency": "EUR", "amount": 250}
    waiting = stage.example("POST", "%s/%s/payins" % (accounts, first), {"amount": 250, "type": "CARD_PAYIN", "state": "PROCESSING"}, 201)
    stage.example("PATCH", "%s/orders/%s" % (base, waiting["id"]), {"state": "FAILED", "reason": "The card was declined"})
    path = "%s/%s" % (accounts, first)
    stage.example("POST", path + "/transfers", {"origin": origin, "recipient": {"accountId": second}, "reference": "Rent"}, 201)
    recipient = {"iban": "ES9121000418450200051332", "accountHolder": "Jane Doe", "bankName": "Banco Santander"}
    stage.example("POST", path + "/bank-payouts", {"origin": origin, "recipient": recipient, "reference": "Invoice #1042", "code2fa": "123456"}, 201)
    recipient = {"address": "0x00000000000000000000000000000000000000aa"}
    order = stage.example("POST", path + "/crypto-payouts", {"origin": origin, "recipient": recipient, "code2fa": "123456"}, 201)
    stage.example("GET", path + "/orders?limit=2")
    stage.example("GET", base + "/orders?limit=2")
    stage.example("GET", "%s/orders/%s" % (base, order["id"]))
    entry = stage.example("GET", path + "/transactions?limit=2")["data"][0]["id"]
    stage.example("GET", "%s/transactions/%s" % (base, entry))


def atelio(stage):
    desk = Desk(stage)
    stage.tell("bare")
    business = stage.example("POST", "/api/v0.1/businesses", {"name": "Cards Inc", "country": "US"}, 201)["business_id"]
    owners = "/api/v0.1/businesses/%s/beneficial_owners" % business
    person = {"addresses": [ADDRESS], "dob": "1992-03-23", "first_name": "Boris", "last_name": "Pasakovitch"}
    owner = stage.example("POST", owners, person, 201)["beneficial_owner_id"]
    path = "%s/%s" % (owners, owner)
    stage.example("GET", owners)
    stage.example("GET", path)
    stage.example("PATCH", path, {"middle_name": "Ivan"})
    other = dict(ADDRESS, address_type="MAILING", street="Rua Augusta 100", is_primary=False)
    address = stage.example("POST", path + "/addresses", other, 201)["address_id"]
    stage.example("GET", path + "/addresses")
    one = "%s/addresses/%s" % (path, address)
    stage.example("GET", one)
    stage.example("PATCH", one, {"zip_code": "1100-053"})
    stage.example("DELETE", one)
    stage.refused("POST", owners, 400, {"addresses": [ADDRESS], "dob": "1992-03-23", "first_name": "Boris"})
    stage.example("POST", path + "/verification-kyc", {"program_id": PROGRAM_ID})
    session = desk.newest()
    stage.tell("key")
    checks = [{"kind": kind, "status": "passed"} for kind in ("ofac", "bureau", "email", "ip", "mobile")]
    stage.call("POST", "/kyc/sessions/%s/results" % session, {"checks": checks, "results": {"final_decision": "manual_review"}})
    desk.ask(session, "--document", "proof_of_address", "--message", "Please send a bill of this month.")
    stage.tell("bare")
    query = "/verification-kyc?program_id=" + PROGRAM_ID
    asked = stage.example("GET", path + query)["documents"][0]
    stage.example("GET", "/api/v0.1/customers/%s%s" % (owner, query))
    stage.refused("POST", path + "/verification-kyc", 409, {"program_id": PROGRAM_ID})
    stage.tell(None)
    content = {"document_type": asked["document_type"], "content": base64.b64encode(PDF).decode()}
    stage.example("POST", asked["upload_link"], content, 201)
    stage.refused("GET", path, 401)
    stage.tell("bare")
    stage.example("DELETE", path)
    stage.refused("GET", path, 404)


def avenia(stage):
    stage.tell("key")
    sub = stage.example("POST", "/v2/account/sub-accounts", {"accountType": "COMPANY", "name": "ACME LTDA"}, 201)["id"]
    query = "?subAccountId=" + sub

    def record(call, kind):
        return call("POST", "/v2/documents" + query, {"documentType": kind, "isDoubleSided": False}, wants=201)

    def fill(made, media, content, call):
        stage.tell(None)
        headers = {"Content-Type": media, "If-None-Match": "*"}
        call("PUT", made["uploadURLFront"][len(stage.url):], data=content, headers=headers, wants=204)
        stage.tell("key")
        stage.poll("/v2/documents/%s%s" % (made["id"], query), lambda said: said["document"]["ready"])
        return made["id"]

    def paper(kind, media, content):
        return fill(record(stage.call, kind).json, media, content, stage.call)

    passport = fill(record(stage.example, "PASSPORT"), "image/jpeg", JPEG, stage.example)
    stage.example("GET", "/v2/documents/%s%s" % (passport, query))
    stage.example("DELETE", "/v2/documents/%s%s" % (record(stage.call, "ID").json["id"], query), wants=204)
    owner = {name: value for name, value in OWNER.items() if name not in ("streetLine2", "streetLine3")}
    owner.update(percentageOfOwnership="100", uploadedIdentificationId=passport)
    wrong = stage.call("POST", "/v2/account/ubos" + query, dict(owner, fullName="ANOTHER NAME"), wants=201).json["id"]
    stage.example("DELETE", "/v2/account/ubos/%s%s" % (wrong, query), wants=204)
    ubo = stage.example("POST", "/v2/account/ubos" + query, owner, 201)["id"]
    stage.example("PATCH", "/v2/account/ubos/%s%s" % (ubo, query), {"streetLine1": "RUA AURORA 457"})
    stage.example("GET", "/v2/account/ubos" + query)
    stage.example("GET", "/v2/account/ubos/%s%s" % (ubo, query))
    left_out = ("countrySubdivisionTaxResidence", "socialMedia", "companyStreetLine2", "companyStreetLine3")
    company = {
        "uboIds": [ubo],
        **{name: value for name, value in AVENIA.items() if name not in left_out},
        "companyLegalName": "ACME LTDA",
        "companyRegistrationNumber": "42731085000128",
        "taxIdentificationNumberTin": "42.731.085/0001-28",
        "businessActivityDescription": "Software for banks, sold in Brazil.",
        "website": "https://www.acme.example",
        "certificateOfIncorporationDocumentId": paper("CERTIFICATE-OF-INCORPORATION", "application/pdf", PDF),
        "taxIdentificationDocumentId": paper("COMPANY-TAX-IDENTIFICATION-DOCUMENT", "application/pdf", PDF),
    }
    attempt = stage.example("POST", "/v2/kyc/new-level-1/api" + query, company, 201)["id"]
    stage.example("GET", "/v2/kyc/attempts" + query)
    stage.example("GET", "/v2/kyc/attempts/%s%s" % (attempt, query))


def upload_form(content):
    """The body and the headers of a form with a file and its type."""
    border = "kybdesk-stranger"
    head = '--%s\r\nContent-Disposition: form-data; name="type"\r\n\r\nPASSPORT\r\n' % border
    head += '--%s\r\nContent-Disposition: form-data; name="file"; filename="p.jpg"\r\n\r\n' % border
    data = head.encode() + content + ("\r\n--%s--\r\n" % border).encode()
    return {"data": data, "headers": {"Content-Type": "multipart/form-data; boundary=" + border}}


def refusals(stage):
    """The refusals that the functions above do not provoke, in the format of each dialect."""
    person = {"workflow_id": "generic-kyc", "subject": PERSON}
    users, businesses, sessions = "/api/v1/account/business-users", "/api/v0.1/businesses", "/v1/kyc/sessions"
    places = (("key", sessions), ("key", users), ("bare", businesses))
    long, text = {"name": "x" * 1100000}, {"data": b"name", "headers": {"Content-Type": "text/plain"}}
    stage.tell("key")
    made = stage.call("POST", sessions, person, wants=201).json
    sub = stage.call("POST", "/v2/account/sub-accounts", {"accountType": "COMPANY", "name": "ACME LTDA"}, wants=201).json["id"]
    record = {"documentType": "PASSPORT", "isDoubleSided": False}
    upload = stage.call("POST", "/v2/documents?subAccountId=" + sub, record, wants=201).json["uploadURLFront"]
    stage.tell(None)
    for wants in (204, 412):
        file = {"data": JPEG, "headers": {"Content-Type": "image/jpeg", "If-None-Match": "*"}}
        (stage.call if wants == 204 else stage.refused)("PUT", upload[len(stage.url):], wants=wants, **file)
    reader = json.loads(stage.run("merchant", "key", "add", "shop", "--name", "reader", "--permission", "kyc:read"))["api_key"]
    for kind, path in places:
        stage.tell(kind)
        stage.refused("POST", path, 413, long)
        stage.refused("POST", path, 415, **text)
        stage.refused("POST", path, 412, person, headers={"If-Match": '"x"'})
        stage.token, stage.bare = (None, reader) if kind == "bare" else (reader, None)
        if path != users:  # ralio() keeps a more specific example of this status
            stage.refused("POST", path, 403, person)
    page = urllib.parse.urlparse(made["access_link"]).path
    stage.tell(None)
    stage.refused("GET", page + "?a=%ff", 400)
    cross = dict(upload_form(JPEG))
    cross["headers"] = dict(cross["headers"], **{"Sec-Fetch-Site": "cross-site"})
    stage.refused("POST", page + "/documents", 403, **cross)
    stage.refused("GET", "/s/unknown", 404)
    stage.refused("POST", page + "/complete", 415, **text)
    stage.refused("POST", page + "/documents", 413, **upload_form(JPEG + b"\n" * (33 * 1024 * 1024)))
    stage.call("POST", page + "/documents", wants=200, **upload_form(JPEG))
    stage.call("POST", page + "/complete", wants=200, **upload_form(JPEG))
    stage.refused("POST", page + "/complete", 409, **upload_form(JPEG))
    stage.tell("key")
    stage.call("POST", "%s/%s/generate-link" % (sessions, made["id"]), wants=200)
    link = urllib.parse.urlparse(stage.call("POST", sessions, person, wants=201).json["access_link"]).path
    stage.tell(None)
    stage.refused("GET", page, 410)
    stage.refused("GET", "/api" + page, 410)
    without_store(stage, places, link)
    over_limits(stage, places, link)


def without_store(stage, places, link):
    """Another process holds the lock of the store for longer than the server waits."""

    def call(kind, path):
        one = copy.copy(stage)
        one.tell(kind)
        if path.startswith("/s/"):
            return path, Stage.call(one, "POST", path, wants=503, **upload_form(JPEG))
        return path, Stage.call(one, "POST", path, {"name": "ACME", "country": "US", "workflow_id": "generic-kyc", "subject": PERSON}, wants=503)

    with stage.locked(), concurrent.futures.ThreadPoolExecutor() as pool:
        for path, answer in pool.map(lambda place: call(*place), (*places, (None, link + "/documents"))):
            stage.keep_refusal("POST", path, answer)


def over_limits(stage, places, link):
    for setting in ("key_limit", "link_limit"):
        stage.run("store", "set", setting, "1")
    for kind, path in (*places, (None, link)):
        stage.tell(kind)
        method, body = ("POST", {}) if kind else ("GET", None)
        answer = until("no limit", lambda: next((one for one in [stage.call(method, path, body)] if one.status == 429), None))
        stage.keep_refusal(method, path, answer)


def main():
    with Examples(sys.argv[1]) as stage:
        try:
            for story in (own, generic, ralio, atelio, avenia, refusals):
                story(stage)
            stage.is_complete()
        except Failure as failure:
            print(failure)
            return 1
        text = json.dumps({"operations": stage.operations, "errors": stage.errors}, indent=1, ensure_ascii=False)
    if os.environ.get("KYBDESK_WRITE_EXAMPLES"):
        os.makedirs(os.path.dirname(KEPT), exist_ok=True)
        with open(KEPT, "w") as out:
            out.write(text + "\n")
        return 0
    with open(KEPT) as kept:
        before = kept.read().splitlines()
    changed = list(difflib.unified_diff(before, text.splitlines(), "data/api/examples.json", "the server's answers", lineterm=""))
    print("\n".join(changed) or "%d operations and %d refusals answer as their examples" % (len(stage.operations), len(stage.errors)))
    if changed:
        print("write them anew: ./dev reference")
    return 1 if changed else 0


if __name__ == "__main__":
    sys.exit(main())
