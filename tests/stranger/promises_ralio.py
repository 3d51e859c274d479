"""The promises of the seeds ralio-kyb-session and ralio-sandbox."""

import io
import json
import struct
import zipfile

from stage import JPEG, PDF, Failure, expect, until

KYB, SANDBOX = "ralio-kyb-session", "ralio-sandbox"
MANDATORY = ("MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS", "DIRECTORS_SHAREHOLDERS_REG")
MORE = ("FINANCIAL_STATEMENTS", "LICENSES_PERMITS", "OTHER")
NOBODY = "9c4a2f71-8d3e-4b6c-8157-2a0f9b5d3e84"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 20 + b"IEND"
MIB = 1024 * 1024


def zipped(kind):
    """A minimal Office file: a zip archive with the file names that identify its format."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("[Content_Types].xml", "<Types/>")
        made.writestr("%s/%s.xml" % (kind, {"word": "document", "xl": "workbook"}[kind]), "<x/>")
    return out.getvalue()


def compound(name):
    """The beginning of an older Office file: a header of 512 bytes, then a directory with one name."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 0)
    struct.pack_into("<I", header, 76, 0xFFFFFFFF)
    entry = bytearray(512)
    entry[: 2 * len(name)] = name.encode("utf-16-le")
    struct.pack_into("<H", entry, 64, 2 * (len(name) + 1))
    return bytes(header + entry)


FILES = {".pdf": PDF, ".xlsx": zipped("xl"), ".xls": compound("Workbook"), ".docx": zipped("word"), ".doc": compound("WordDocument"), ".jpg": JPEG, ".jpeg": JPEG, ".png": PNG}


class Business:
    def __init__(self, stage, name="Harbour Lane Ltd"):
        self.stage = stage
        self.user = stage.call("POST", "/api/v1/account/business-user", {"name": name, "country": "GB"}, wants=201).json
        self.base = "/api/v1/account/business-user/%s" % self.user["uid"]
        self.open()

    def open(self):
        self.made = self.stage.call("POST", self.base + "/kyb-sessions", wants=201).json
        self.path = "%s/kyb-sessions/%s" % (self.base, self.made["id"])

    def upload(self, kind, name="paper.pdf", content=PDF, wants=201, category="COMPANY_INFO"):
        fields = {name_: value for name_, value in (("category", category), ("type", kind)) if value is not None}
        return self.stage.form(self.path + "/documents", fields, name, content, wants=wants)

    def papers(self):
        for kind in MANDATORY:
            self.upload(kind, kind + ".pdf", PDF + self.user["uid"].encode() + kind.encode())

    def submit(self, wants=200):
        return self.stage.call("POST", self.path + "/submit", wants=wants).json

    def state(self):
        return self.stage.call("GET", self.path, wants=200).json["state"]

    def becomes(self, state):
        until(lambda: "the state is %s" % self.state(), lambda: self.state() == state)


def events(stage, name):
    stage.run("webhook", "deliver", "--drain")
    bodies = [json.loads(body) for headers, body in list(stage.receiver.got) if stage.receiver.verified(headers, body)]
    return [body["data"] for body in bodies if body.get("type") == name]


def told(stage, name, uid):
    found = [data for data in events(stage, name) if data["uid"] == uid]
    if not found:
        raise Failure("no %s of %s" % (name, uid))
    return found[-1]


def kyb(book, stage):
    book.seed = KYB
    one = Business(stage)
    for field in ("id", "kybId", "documents", "createdAt", "updatedAt"):
        book.holds("Step 1: the session has %s" % field, lambda: field in one.made)
    book.holds("Step 1: documents is empty at first", lambda: expect(one.made["documents"], [], "documents"))
    book.holds("Step 1: kybId is an integer", lambda: isinstance(one.made["kybId"], int))
    book.holds("Step 1: kybId is that of the Business User", lambda: expect(one.made["kybId"], one.user["kybId"], "kybId"))
    book.holds("Step 1: an unknown uid is 404", lambda: stage.call("POST", "/api/v1/account/business-user/%s/kyb-sessions" % NOBODY, wants=404))
    book.holds("Prerequisites: a new Business User has uid", lambda: bool(one.user["uid"]))
    book.holds("Prerequisites: a new Business User has the level LIGHT", lambda: expect(one.user["kybLevel"], "LIGHT", "kybLevel"))
    nothing = stage.call("POST", one.path + "/submit", wants=400).json
    said = json.dumps(nothing["error"]["fields"])
    for kind in MANDATORY:
        book.holds("Document category: %s is mandatory" % kind, lambda: kind in said)
        book.holds("Document category: %s is accepted" % kind, lambda: one.upload(kind))
    for kind in MORE:
        book.holds("Document category: %s is not mandatory" % kind, lambda: kind not in said)
        book.holds("Document category: %s is accepted" % kind, lambda: one.upload(kind))
    for ending, content in FILES.items():
        book.holds("File restrictions: %s is accepted" % ending, lambda: one.upload("OTHER", "paper" + ending, content))
    book.holds("File restrictions: .txt is not", lambda: one.upload("OTHER", "paper.txt", b"text", wants=415))
    book.holds("File restrictions: .pdf that is none is not", lambda: one.upload("OTHER", "paper.pdf", b"text", wants=415))
    book.holds("File restrictions: 10 MB are accepted", lambda: one.upload("OTHER", "large.pdf", PDF + b"\n" * (10 * MIB - len(PDF))))
    book.holds("File restrictions: more are not", lambda: one.upload("OTHER", "larger.pdf", PDF + b"\n" * (10 * MIB), wants=413))
    book.holds("Step 2: category is required", lambda: one.upload("OTHER", category=None, wants=400))
    book.holds("Step 2: category is COMPANY_INFO", lambda: one.upload("OTHER", category="PERSON", wants=400))
    book.holds("Step 2: type is required", lambda: one.upload(None, wants=400))
    book.holds("Step 2: type is one of the table", lambda: one.upload("SELFIE", wants=400))
    border = "kybdesk"
    alone = ('--kybdesk\r\nContent-Disposition: form-data; name="category"\r\n\r\nCOMPANY_INFO\r\n--kybdesk\r\nContent-Disposition: form-data; name="type"\r\n\r\nOTHER\r\n--kybdesk--\r\n').encode()
    book.holds("Step 2: file is required", lambda: stage.call("POST", one.path + "/documents", data=alone, headers={"Content-Type": "multipart/form-data; boundary=" + border}, wants=400))
    listed = stage.call("GET", one.path + "/documents", wants=200).json
    book.holds("Step 2: documents are listed", lambda: set(MANDATORY + MORE) <= {item["type"] for item in listed})
    last = [item for item in listed if item["type"] == "OTHER"][-1]
    book.holds("Step 2: a document is deleted before submission", lambda: stage.call("DELETE", "%s/documents/%s" % (one.path, last["id"]), wants=204))
    book.holds("Step 2: a deleted one is gone", lambda: last["id"] not in [item["id"] for item in stage.call("GET", one.path + "/documents").json])
    # A new session with the mandatory documents only, for the remaining steps.
    one = Business(stage)
    one.papers()
    kept = stage.call("GET", one.path + "/documents", wants=200).json[0]["id"]
    said = one.submit()
    book.holds("Step 3: the session transitions to IN REVIEW", lambda: expect(said["state"], "IN_REVIEW", "state"))
    book.holds("Step 3: no more documents are uploaded", lambda: one.upload("OTHER", wants=409))
    book.holds("Step 3: no uploaded document is deleted", lambda: stage.call("DELETE", "%s/documents/%s" % (one.path, kept), wants=409))
    book.holds("Step 3: the action is irreversible", lambda: one.submit(wants=409))
    book.holds("Step 4: documents stay listed", lambda: expect(len(stage.call("GET", one.path + "/documents", wants=200).json), 4, "documents"))
    stage.run("party", "add", one.made["id"], "--name", "Ines Duarte", "--kind", "individual", "--role", "ubo", "--control-role", "CEO", "--percent", "100", "--country", "PT", "--birth", "1984-02-11")
    party = stage.call("GET", one.path, wants=200).json["relatedParties"][0]
    book.holds("Step 4: related parties are declared", lambda: expect(party["name"], "Ines Duarte", "name"))
    book.holds("Step 4: each has a KYC session", lambda: expect(party["kycState"], "PENDING", "kycState"))
    book.holds("Step 4: each completes it at an address", lambda: "/s/" in party["hostedUrl"])
    for name, state in (("approve", "APPROVED"), ("reject", "REJECTED"), ("corrections", "CORRECTIONS_REQUESTED")):
        done = Business(stage, "Harbour Lane Ltd#" + name)
        done.papers()
        done.submit()
        book.holds("Step 6: a session may be %s" % state, lambda: done.becomes(state))
        if name == "approve":
            user = lambda: stage.call("GET", done.base, wants=200).json
            book.holds("Step 6: the level changes from LIGHT to REGULAR", lambda: expect(user()["kybLevel"], "REGULAR", "kybLevel"))
            book.holds("Step 6: the webhook of the level change", lambda: expect([told(stage, "kyc.state_updated", done.user["uid"])[key] for key in ("previous_level", "level")], ["LIGHT", "REGULAR"], "it"))
            book.holds("Step 7: the account is created", lambda: stage.call("POST", "/api/v1/account/users/%s/accounts" % done.user["uid"], {"currency": "EUR"}, wants=201))
    fresh = Business(stage)
    book.holds("Step 7: not before", lambda: stage.call("POST", "/api/v1/account/users/%s/accounts" % fresh.user["uid"], {"currency": "EUR"}, wants=403))


def sandbox(book, stage):
    book.seed = SANDBOX
    key, stage.token = dict(stage.key), None
    login = "/api/v1/auth/login"
    answer = stage.call("POST", login, key, wants=200).json
    book.holds("Authenticate: the response has token", lambda: bool(answer["token"]))
    for field in ("api_code", "api_key"):
        book.holds("Authenticate: %s is required" % field, lambda: stage.call("POST", login, {name: value for name, value in key.items() if name != field}, wants=400))
        book.holds("Authenticate: a wrong %s is refused" % field, lambda: stage.call("POST", login, dict(key, **{field: "wrong"}), wants=401))
    book.holds("Authenticate: no call without a token", lambda: stage.call("POST", "/api/v1/account/business-user", {"name": "A", "country": "GB"}, wants=401))
    stage.token = answer["token"]
    book.holds("Authenticate: the token in every subsequent request", lambda: stage.call("GET", "/api/v1/account/business-users", wants=200))
    hooks = "/api/v1/webhooks"
    names = "account.activated kyc.state_updated kyc.session_verified kyc.session_failed kyc.session_expired".split()
    made = stage.call("POST", hooks, {"url": "https://shop.example/hook", "events": names}, wants=201).json
    book.holds("Webhooks: the secret is returned", lambda: bool(made["secret"]))
    book.holds("Webhooks: the URL must be valid", lambda: stage.call("POST", hooks, {"url": "shop", "events": names}, wants=400))
    book.holds("Webhooks: the URL must be https", lambda: stage.call("POST", hooks, {"url": "http://shop.example/hook", "events": names}, wants=400))
    for name in names:
        book.holds("Webhooks: %s can be subscribed to" % name, lambda: name in made["events"])
    book.holds("Webhooks: only the events that one needs", lambda: expect(made["events"], names, "events"))
    book.holds("Webhooks: no event that is none", lambda: stage.call("POST", hooks, {"url": "https://shop.example/hook", "events": ["kyc.nothing"]}, wants=400))
    book.holds("Webhooks: an endpoint is removed", lambda: stage.call("DELETE", "%s/%s" % (hooks, made["id"]), wants=204))
    book.holds("Webhooks: every delivery is signed with HMAC-SHA256", lambda: all(stage.receiver.verified(*one) for one in list(stage.receiver.got)))
    book.holds("Webhooks: a changed body is not", lambda: not any(stage.receiver.verified(headers, body + b" ") for headers, body in list(stage.receiver.got)[:3]))
    users = "/api/v1/account/individual-users"
    person = {"firstName": "Ines", "lastName": "Duarte", "country": "PT"}

    def user(last):
        uid = stage.call("POST", users, dict(person, lastName=last), wants=201).json["uid"]
        session = stage.call("POST", "%s/%s/kyc-sessions" % (users, uid), wants=201).json
        return uid, session

    for field in person:
        book.holds("Individual User: %s is required" % field, lambda: stage.call("POST", users, {name: value for name, value in person.items() if name != field}, wants=400))
    for field in ("name", "country"):
        book.holds("Business User: %s is required" % field, lambda: stage.call("POST", "/api/v1/account/business-users", {name: "GB" for name in ("name", "country") if name != field}, wants=400))
    book.holds("Business User: the response has id", lambda: bool(stage.call("POST", "/api/v1/account/business-users", {"name": "A Ltd", "country": "GB"}, wants=201).json["id"]))
    uid, session = user("Duarte")
    book.holds("Individual User: the response has id", lambda: bool(uid))
    for field in ("id", "hostedUrl", "state"):
        book.holds("IDV session: the response has %s" % field, lambda: bool(session[field]))
    book.holds("IDV session: hostedUrl is the user's page", lambda: served(stage, session["hostedUrl"]))
    book.holds("Account: a user must be verified first", lambda: stage.call("POST", "/api/v1/account/users/%s/accounts" % uid, {"currency": "EUR"}, wants=403))
    for name, state, event in (("approve", "VERIFIED", "verified"), ("reject", "FAILED", "failed"), ("expire", "EXPIRED", "expired")):
        uid, session = user("Duarte#" + name)
        path = "%s/%s/kyc-sessions/%s" % (users, uid, session["id"])
        if name != "expire":
            token, stage.token = stage.token, None
            where = "/api" + session["hostedUrl"][len(stage.url):]
            stage.form(where + "/documents", {"type": "PASSPORT"}, "passport.jpg", JPEG + uid.encode())
            stage.bring(session["hostedUrl"])
            stage.token = token
        book.holds("IDV session: it may be %s" % state, lambda: until("never %s" % state, lambda: stage.call("GET", path, wants=200).json["state"] == state))
        book.holds("KYC / KYB: kyc.session_%s comes" % event, lambda: told(stage, "kyc.session_" + event, uid))
        if name == "approve":
            verified = uid
            book.holds("KYC / KYB: kyc.state_updated comes", lambda: bool(events(stage, "kyc.state_updated")))
    accounts = "/api/v1/account/users/%s/accounts" % verified
    made = stage.call("POST", accounts, {"currency": "EUR", "label": "Main Account"}, wants=201).json
    for field, value in (("currency", "EUR"), ("balance", 0), ("state", "ACTIVE"), ("label", "Main Account"), ("userId", verified)):
        book.holds("Account: the response has %s" % field, lambda: expect(made[field], value, field))
    book.holds("Account: the response has id", lambda: bool(made["id"]))
    book.holds("Account: currency is required", lambda: stage.call("POST", accounts, {"label": "x"}, wants=400))
    for currency in ("EUR", "USD", "GBP"):
        book.holds("Account: the currency may be %s" % currency, lambda: stage.call("POST", accounts, {"currency": currency}, wants=201))
    book.holds("Account: a currency is one of ISO 4217", lambda: stage.call("POST", accounts, {"currency": "XQX"}, wants=400))
    book.holds("Account: one or more of each user", lambda: len(stage.call("GET", accounts, wants=200).json["data"]) >= 4)
    book.holds("Account: it is read by its id", lambda: expect(stage.call("GET", "%s/%s" % (accounts, made["id"]), wants=200).json["label"], "Main Account", "label"))
    book.holds("Accounts: account.activated comes", lambda: told(stage, "account.activated", verified))


def served(stage, url):
    token, stage.token = stage.token, None
    answer = stage.call("GET", url, wants=200)
    stage.token = token
    expect(answer.headers.get_content_type(), "text/html", "the page")


def put(book, stage):
    kyb(book, stage)
    sandbox(book, stage)
    stage.token = stage.key["api_key"]
