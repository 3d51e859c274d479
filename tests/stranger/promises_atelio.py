"""The promises of the seed atelio-beneficial-owners."""

import base64
import json
import re

from stage import JPEG, PDF, Failure, expect, until

SEED = "atelio-beneficial-owners"
PROGRAM_ID = "72585109-8222-4221-b15b-48e87ffed790"
HOME = {
    "address_type": "PHYSICAL",
    "street": "5 California Ave.",
    "street2": "Suite 770",
    "city": "San Francisco",
    "state": "CA",
    "zip_code": "12345-1234",
    "country": "US",
    "is_primary": True,
}
ABROAD = dict(HOME, street="Rua do Ouro 12", city="Lisboa", state="Lisboa", zip_code="1100-061", country="PT")
PERSON = {"addresses": [HOME], "dob": "1992-03-23", "first_name": "Boris", "middle_name": "Jim", "last_name": "Pasakovitch"}
IDENTITY = {
    "program_id": PROGRAM_ID,
    "ssn": "123-45-6789",
    "phone": "555-111-2222",
    "phone_country_code": "1",
    "email": "james@atelio.com",
    "ip": "192.168.1.139",
    "kyc_retry_request": False,
}
OFFERED = {
    "first_name": (1, 20),
    "middle_name": (1, 20),
    "last_name": (2, 20),
}
# Each row: the promise, the value, and whether the value is accepted.
NAME_RULES = (
    ("may hold spaces", "Mary Ann", True),
    ("may hold apostrophes", "O'Brian", True),
    ("starts with a letter, not a digit", "1nes", False),
    ("starts with a letter, not a space", " Ines", False),
    ("starts with a letter, not an apostrophe", "'Ines", False),
    ("holds no digits", "Ines2", False),
    ("holds no hyphen", "Ana-Lu", False),
    ("holds no full stop", "Ana L.", False),
)
ADDRESS_RULES = (
    ("address_type may be MAILING", {"address_type": "MAILING"}, True),
    ("address_type may be PHYSICAL", {"address_type": "PHYSICAL"}, True),
    ("address_type is nothing else", {"address_type": "OTHER"}, False),
    ("street may have 8 characters", {"street": "12345678"}, True),
    ("street may have 30 characters", {"street": "A" * 30}, True),
    ("street has not 7 characters", {"street": "1234567"}, False),
    ("street has not 31 characters", {"street": "A" * 31}, False),
    ("street may hold . , _ - #", {"street": "5.a,b_c-d#12"}, True),
    ("street holds no !", {"street": "5 Main Street!"}, False),
    ("street holds no /", {"street": "5/7 Main Street"}, False),
    ("street2 may have 3 characters", {"street2": "No1"}, True),
    ("street2 may have 20 characters", {"street2": "A" * 20}, True),
    ("street2 has not 2 characters", {"street2": "A1"}, False),
    ("street2 has not 21 characters", {"street2": "A" * 21}, False),
    ("city may have 20 characters", {"city": "A" * 20}, True),
    ("city has not 21 characters", {"city": "A" * 21}, False),
    ("state in the U.S. is a 2-letter code", {"state": "NY"}, True),
    ("state in the U.S. is not a name", {"state": "New York"}, False),
    ("state in the U.S. is not any two letters", {"state": "ZZ"}, False),
    ("state abroad may have 20 characters", dict(ABROAD, state="A" * 20), True),
    ("state abroad has not 21 characters", dict(ABROAD, state="A" * 21), False),
    ("zip_code in the U.S. may have 5 digits", {"zip_code": "12345"}, True),
    ("zip_code in the U.S. may have 9 digits with a hyphen", {"zip_code": "12345-6789"}, True),
    ("zip_code in the U.S. has not 4 digits", {"zip_code": "1234"}, False),
    ("zip_code in the U.S. has no 9 digits without a hyphen", {"zip_code": "123456789"}, False),
    ("zip_code in the U.S. holds no letters", {"zip_code": "1234A"}, False),
    ("zip_code abroad may have 2 characters", dict(ABROAD, zip_code="12"), True),
    ("zip_code abroad may have 20 characters", dict(ABROAD, zip_code="1" * 20), True),
    ("zip_code abroad has not 1 character", dict(ABROAD, zip_code="1"), False),
    ("zip_code abroad has not 21 characters", dict(ABROAD, zip_code="1" * 21), False),
    ("country is ISO 3166-1 alpha 2", ABROAD, True),
    ("country is not alpha 3", {"country": "USA"}, False),
    ("country is not any two letters", {"country": "XX"}, False),
    ("is_primary may be true", {"is_primary": True}, True),
    ("is_primary may be false", {"is_primary": False}, True),
    ("is_primary is nothing but a boolean", {"is_primary": "yes"}, False),
)
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$")


class Atelio:
    def __init__(self, book, stage):
        self.book, self.stage, self.count = book, stage, 0
        self.business = stage.call("POST", "/api/v0.1/businesses", {"name": "Cards Inc", "country": "US"}, wants=201).json["business_id"]
        self.owners = "/api/v0.1/businesses/%s/beneficial_owners" % self.business

    def owner(self, wants=201, **changes):
        person = {name: value for name, value in dict(PERSON, **changes).items() if value is not None}
        return self.stage.call("POST", self.owners, person, wants=wants)

    def path(self, **changes):
        return "%s/%s" % (self.owners, self.owner(**changes).json["beneficial_owner_id"])

    def start(self, path, wants=200, **changes):
        """Starts a KYC, by default with a new SSN: a reviewer would have to judge an SSN that two people share."""
        self.count += 1
        changes = dict({"ssn": "123-45-%04d" % self.count}, **changes)
        body = {name: value for name, value in dict(IDENTITY, **changes).items() if value is not None}
        return self.stage.call("POST", path + "/verification-kyc", body, wants=wants)

    def status(self, path):
        return self.stage.call("GET", "%s/verification-kyc?program_id=%s" % (path, PROGRAM_ID), wants=200).json

    def becomes(self, path, status):
        until(lambda: "kyc_status is %s" % self.status(path)["kyc_status"], lambda: self.status(path)["kyc_status"] == status)

    def refused(self, answer, field, sentence=""):
        said = answer.json
        expect((answer.status, said["Status"], said["Type"]), (400, 400, "Request Error"), "the error")
        if not any(field in name.split("[")[0].split(".") + re.split(r"[.\[\]]+", name) for name in json.loads(said["Message"])):
            raise Failure("%s is not named in %s" % (field, said["Message"]))
        if sentence not in said["Message"]:
            raise Failure("no %s in %s" % (sentence, said["Message"]))

    def tried(self, send, field, value, taken, goods):
        """Expects a status of `goods` if the value is to be accepted, otherwise a refusal that names the field."""
        answer = send(value)
        if not taken:
            return self.refused(answer, field)
        if answer.status not in goods:
            raise Failure("%d: %s" % (answer.status, answer.body))
        return None


def names(one, where, send, goods):
    for field, (least, most) in OFFERED.items():
        rows = [("may have %d characters" % size, "A" * size, True) for size in (least, most)]
        rows += [("has not %d characters" % size, "A" * size, False) for size in (least - 1, most + 1)]
        for says, value, taken in (*rows, *NAME_RULES):
            one.book.holds("%s: %s %s" % (where, field, says), lambda: one.tried(lambda v: send({field: v}), field, value, taken, goods))
    for value, taken in (("1999-10-10", True), ("10-10-1999", False), ("1999/10/10", False), ("1999-02-30", False)):
        says = "is YYYY-MM-DD" if taken else "is not %s" % value
        one.book.holds("%s: dob %s" % (where, says), lambda: one.tried(lambda v: send({"dob": v}), "dob", value, taken, goods))


def addresses(one, where, send, goods):
    for says, change, taken in ADDRESS_RULES:
        field = says.split()[0]
        one.book.holds("%s: %s" % (where, says), lambda: one.tried(lambda v: send(dict(HOME, **v)), field, change, taken, goods))


def creating(one):
    where = "Create a beneficial owner"
    book, stage = one.book, one.stage
    names(one, where, lambda change: one.owner(wants=None, **change), (201,))
    addresses(one, where + ", address", lambda body: one.owner(wants=None, addresses=[body]), (201,))
    for field in ("dob", "first_name", "last_name", "addresses"):
        book.holds(
            "%s: %s is required" % (where, field),
            lambda: one.refused(one.owner(wants=None, **{field: None}), field, "Missing data for required field."),
        )
    book.holds("%s: middle_name is optional" % where, lambda: one.owner(middle_name=None))
    book.holds("%s: addresses holds one or more" % where, lambda: one.refused(one.owner(wants=None, addresses=[]), "addresses"))
    book.holds("%s: addresses may hold several" % where, lambda: one.owner(addresses=[HOME, dict(HOME, address_type="MAILING", is_primary=False)]))
    book.holds("%s: addresses is an array" % where, lambda: one.refused(one.owner(wants=None, addresses=HOME), "addresses"))
    needed(one, where + ", address", lambda body: one.owner(wants=None, addresses=[body]))
    book.holds("%s: two primary addresses are not one" % where, lambda: one.owner(wants=None, addresses=[HOME, HOME]).status == 400 or one.primaries() == 1)
    made = one.owner().json
    for field in ("beneficial_owner_id", "first_name", "last_name", "dob", "address"):
        book.holds("%s: the response has %s" % (where, field), lambda: field in made)
    for field in HOME:
        book.holds("%s: the response's address has %s" % (where, field), lambda: expect(made["address"][0][field], HOME[field], field))
    wrong = one.owner(wants=400, last_name=None).json
    book.holds("Missing field: Status is 400", lambda: expect(wrong["Status"], 400, "Status"))
    book.holds("Missing field: Code", lambda: expect(wrong["Code"], "create_beneficial_owner_schema", "Code"))
    book.holds("Missing field: Type", lambda: expect(wrong["Type"], "Request Error", "Type"))
    book.holds("Missing field: Message", lambda: expect(json.loads(wrong["Message"]), {"last_name": ["Missing data for required field."]}, "Message"))
    both = one.owner(wants=400, last_name=None, dob=None).json
    book.holds("Missing field: all that is missing at once", lambda: expect(sorted(json.loads(both["Message"])), ["dob", "last_name"], "Message"))


def needed(one, where, send):
    for field in HOME:
        body = {name: value for name, value in HOME.items() if name != field}
        if field == "street2":
            one.book.holds("%s: street2 is optional" % where, lambda: send(body).status == 201)
        else:
            one.book.holds("%s: %s is required" % (where, field), lambda: one.refused(send(body), field, "Missing data for required field."))


def reading(one):
    book, stage = one.book, one.stage
    path = one.path(first_name="David", last_name="Letterman")
    said = stage.call("GET", path, wants=200).json
    where = "Retrieve a beneficial owner"
    for field in ("beneficial_owner_id", "first_name", "last_name", "date_created", "dob", "address"):
        book.holds("%s: the response has %s" % (where, field), lambda: field in said)
    for field in ("date_created", "address_id", *HOME):
        book.holds("%s: its address has %s" % (where, field), lambda: field in said["address"][0])
    book.holds("%s: date_created is a time" % where, lambda: bool(TIME.match(said["date_created"])))
    book.holds("%s: an unknown one is 404" % where, lambda: stage.call("GET", one.owners + "/" + PROGRAM_ID, wants=404))
    where = "Retrieve all beneficial owners"
    page = stage.call("GET", one.owners, wants=200).json
    for field in ("page_size", "page", "pages"):
        book.holds("%s: page_info has %s" % (where, field), lambda: int(page["page_info"][field]) > 0)
    for field in ("beneficial_owner_id", "first_name", "last_name", "date_created", "date_updated", "dob", "address"):
        book.holds("%s: each has %s" % (where, field), lambda: all(field in item for item in page["data"]))
    book.holds("%s: each address has address_id" % where, lambda: all(item["address_id"] for owner in page["data"] for item in owner["address"]))
    where = "Update a beneficial owner"
    names(one, where, lambda change: stage.call("PATCH", path, change), (200,))
    changed = stage.call("PATCH", path, {"first_name": "Dave"}, wants=200).json
    book.holds("%s: what is not sent stays" % where, lambda: expect(changed["last_name"], stage.call("GET", path).json["last_name"], "last_name"))
    for field in ("first_name", "last_name", "dob", "address"):
        book.holds("%s: the response has %s" % (where, field), lambda: field in changed)
    where = "Delete a beneficial owner"
    gone = stage.call("DELETE", path, wants=200).json
    for field in ("beneficial_owner_id", "first_name", "last_name", "date_created", "date_deleted", "dob", "address"):
        book.holds("%s: the response has %s" % (where, field), lambda: bool(gone[field]))
    for field in ("date_created", "date_deleted", "address_id"):
        book.holds("%s: its address has %s" % (where, field), lambda: bool(gone["address"][0][field]))
    book.holds("%s: afterwards it is 404" % where, lambda: stage.call("GET", path, wants=404))


def keeping_addresses(one):
    book, stage = one.book, one.stage
    path = one.path() + "/addresses"
    where = "Create an address"
    addresses(one, where, lambda body: stage.call("POST", path, dict(body, is_primary=body["is_primary"])), (201,))
    needed(one, where, lambda body: stage.call("POST", path, body))
    made = stage.call("POST", path, dict(HOME, address_type="MAILING", is_primary=False), wants=201).json
    for field in ("date_created", "address_id", *HOME):
        book.holds("%s: the response has %s" % (where, field), lambda: field in made)
    where = "Get all addresses"
    page = stage.call("GET", path, wants=200).json
    for field in ("page_size", "page", "pages"):
        book.holds("%s: page_info has %s" % (where, field), lambda: int(page["page_info"][field]) > 0)
    for field in ("date_created", "address_id", *HOME):
        book.holds("%s: each has %s" % (where, field), lambda: all(field in item or field == "street2" for item in page["data"]))
    book.holds("%s: one primary address" % where, lambda: expect(sum(item["is_primary"] for item in page["data"]), 1, "primaries"))
    where = "Get an address"
    said = stage.call("GET", "%s/%s" % (path, made["address_id"]), wants=200).json
    book.holds("%s: it is the one" % where, lambda: expect(said["address_id"], made["address_id"], "address_id"))
    book.holds("%s: an unknown one is 404" % where, lambda: stage.call("GET", "%s/%s" % (path, PROGRAM_ID), wants=404))
    where = "Update an address"
    spare = "%s/%s" % (path, made["address_id"])
    addresses(one, where, lambda body: stage.call("PATCH", spare, body), (200,))
    changed = stage.call("PATCH", spare, {"city": "San Portier"}, wants=200).json
    book.holds("%s: what is not sent stays" % where, lambda: expect((changed["city"], changed["street"]), ("San Portier", HOME["street"]), "it"))
    for field in HOME:
        book.holds("%s: the response has %s" % (where, field), lambda: field in changed)
    where = "Delete an address"
    gone = stage.call("DELETE", spare, wants=200).json
    for field in ("date_created", "date_deleted", "address_id", *HOME):
        book.holds("%s: the response has %s" % (where, field), lambda: field in gone)
    book.holds("%s: afterwards it is 404" % where, lambda: stage.call("GET", spare, wants=404))


def starting(one):
    book, where = one.book, "Start a KYC"

    def refuses(field, **changes):
        one.refused(one.start(one.path(), wants=None, **changes), field)

    said = one.start(one.path()).json
    book.holds("%s: the response has beneficial_owner_id" % where, lambda: bool(said["beneficial_owner_id"]))
    book.holds("%s: the response's kyc_status is initialized" % where, lambda: expect(said["kyc_status"], "initialized", "it"))
    for field in ("program_id", "ssn", "phone", "email", "ip"):
        book.holds("%s: %s is required in the U.S." % (where, field), lambda: refuses(field, **{field: None}))
        if field != "program_id":
            book.holds("%s: %s is optional abroad" % (where, field), lambda: one.start(one.path(addresses=[ABROAD]), **{field: None}))
    book.holds("%s: program_id is required abroad" % where, lambda: one.refused(one.start(one.path(addresses=[ABROAD]), wants=None, program_id=None), "program_id"))
    for field, good, bad in (
        ("ssn", ("123456789", "123-45-6789"), ("12345678", "12-345-6789", "abcdefghi")),
        ("phone", ("555111222", "555-111-2222"), ("55511", "555-1112-222", "phone")),
        ("ip", ("192.168.1.139",), ("192.168.1", "192.168.1.256", "::1")),
        ("email", ("james@atelio.com",), ("james", "james@")),
        ("program_id", (PROGRAM_ID,), ("program",)),
    ):
        for value in good:
            book.holds("%s: %s may be %s" % (where, field, value), lambda: one.start(one.path(), **{field: value}))
        for value in bad:
            book.holds("%s: %s is not %s" % (where, field, value), lambda: refuses(field, **{field: value}))
    book.holds("%s: phone_country_code is optional" % where, lambda: one.start(one.path(), phone_country_code=None))
    book.holds("%s: phone_country_code may be an ISO dialing number" % where, lambda: one.start(one.path(), phone_country_code="351"))
    book.holds("%s: kyc_retry_request is known" % where, lambda: one.start(one.path()).headers.get("Kybdesk-Ignored") is None)


def outcome(one, name, status, home=HOME):
    path = one.path(last_name="Sandbox " + name, addresses=[home])
    one.start(path)
    one.becomes(path, status)
    return path


def told(one, event, path):
    """The last event of this name about the owner."""
    owner = path.rsplit("/", 1)[1]
    one.stage.run("webhook", "deliver", "--drain")
    found = [
        json.loads(body)
        for headers, body in list(one.stage.receiver.got)
        if one.stage.receiver.verified(headers, body)
        and json.loads(body).get("event") == event
        and owner in (json.loads(body).get("beneficial_owner_id"), json.loads(body).get("customer_id"))
    ]
    if not found:
        raise Failure("no %s came" % event)
    return found[-1]


def deciding(one):
    book, stage = one.book, one.stage
    where = "KYC webhook events"
    for name, status, event in (
        ("Approve", "passed", "success"),
        ("Reject", "failed", "failure"),
        ("Error", "error", "error"),
        ("Timeout", "timeout", "timeout"),
        ("Corrections", "document_required", "document_required"),
    ):
        path = [""]

        def reaches():
            path[0] = outcome(one, name, status)

        book.holds("Retrieve KYC status: %s" % status, reaches)
        book.holds("%s: kyc.verification.%s" % (where, event), lambda: told(one, "kyc.verification." + event, path[0]))
        if name == "Approve":
            passed = path[0]
        elif name == "Corrections":
            asked = path[0]
        elif name in ("Error", "Timeout"):
            book.holds("%s: after %s a new POST retries" % (where, event), lambda: one.start(path[0]))
    said = told(one, "kyc.verification.success", passed)
    for field in ("event", "beneficial_owner_id", "occurred_at"):
        book.holds("Success: the event has %s" % field, lambda: bool(said[field]))
    again = one.start(passed, wants=None)
    book.holds("After success no further attempt", lambda: again.status == 409)
    book.holds("After success the refusal names its time", lambda: bool(re.search(r"\d{4}-\d\d-\d\d", again.body.decode())))
    book.holds("After success an owner is not updated", lambda: stage.call("PATCH", passed, {"first_name": "Bo"}, wants=409))
    said = one.status(passed)
    for field in ("customer_id", "brand_id", "kyc_status"):
        book.holds("KYC status: the response has %s" % field, lambda: bool(said[field]))
    for field in ("ofac", "bureau", "email", "ip", "mobile"):
        book.holds("KYC status: results.%s" % field, lambda: expect(said["results"][field], "passed", field))
    for field in ("overall", "ofac", "bureau", "email", "ip", "mobile"):
        book.holds("KYC status: health.%s" % field, lambda: expect(said["health"][field], "SERVICE_GOOD", field))
    for part, fields in (
        ("ofac", ("name_matched", "dob_matched")),
        ("bureau", ("application_status",)),
        (
            "phone",
            ("first_name_match", "last_name_match", "address_match", "service_status", "service_type", "service_duration", "service_ported_duration"),
        ),
    ):
        for field in fields:
            book.holds("KYC status: info.%s.%s" % (part, field), lambda: field in said["info"][part])
    owner = passed.rsplit("/", 1)[1]
    book.holds("KYC status: the customers' address answers the same", lambda: expect(stage.call("GET", "/api/v0.1/customers/%s/verification-kyc?program_id=%s" % (owner, PROGRAM_ID), wants=200).json, said, "it"))
    book.holds("KYC status: program_id is required", lambda: stage.call("GET", passed + "/verification-kyc", wants=400))
    box = dict(HOME, street="PO Box 1234")
    path = outcome(one, "Reject", "failed", box)
    said = told(one, "kyc.verification.failure", path)
    for field, value in (("error_code", "po_box_failure"), ("description", "Customer address is a PO Box. Request a new address")):
        book.holds("PO box: the event has %s" % field, lambda: expect(said[field], value, field))
    path = outcome(one, "Reject", "failed", ABROAD)
    said = told(one, "kyc.verification.under_review", path)
    book.holds("Foreign owner: a failed KYC goes to under_review", lambda: expect(said["event"], "kyc.verification.under_review", "event"))
    book.holds("Foreign owner: reasons", lambda: expect(said["reasons"], ["Foreign Beneficial Owner"], "reasons"))
    book.holds("Foreign owner: a final webhook follows", lambda: told(one, "kyc.verification.failure", path))
    bringing(one, asked)


def bringing(one, path):
    book, stage = one.book, one.stage
    where = "Documents"
    said = told(one, "kyc.verification.document_required", path)
    for field in ("document_type", "upload_link", "status"):
        book.holds("%s: the event names %s" % (where, field), lambda: bool(said["documents"][0][field]))
    for field in ("event", "customer_id", "occurred_at"):
        book.holds("%s: the event has %s" % (where, field), lambda: bool(said[field]))
    book.holds("%s: status is required before" % where, lambda: expect(said["documents"][0]["status"], "required", "status"))
    link = said["documents"][0]["upload_link"]
    bare, stage.bare, stage.token = stage.bare, None, None
    kind = said["documents"][0]["document_type"]
    book.holds("%s: another type than the four is refused" % where, lambda: stage.call("POST", link, {"document_type": kind, "content": base64.b64encode(b"GIF89a" + b"\0" * 40).decode()}).status in (400, 415))
    book.holds("%s: what is not base64 is refused" % where, lambda: stage.call("POST", link, {"document_type": kind, "content": "!!!"}, wants=400))
    book.holds("%s: base64 at the upload link" % where, lambda: stage.call("POST", link, {"document_type": kind, "content": base64.b64encode(JPEG).decode()}, wants=201))
    stage.bare = bare
    book.holds("%s: all of them bring under_review" % where, lambda: told(one, "kyc.verification.under_review", path))
    book.holds("%s: kyc.verification.success follows the review" % where, lambda: one.becomes(path, "passed") or told(one, "kyc.verification.success", path))
    samples = {".jpg": JPEG, ".pdf": PDF, ".png": b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 20 + b"IEND", ".heic": b"\x00\x00\x00\x18ftypheic" + b"\x00" * 24}
    for ending, content in samples.items():
        book.holds("%s: %s is accepted" % (where, ending), lambda: brought(one, {"government_id": content}))
    for one_type in ("government_id", "proof_of_address", "social_security_card"):
        book.holds("%s: %s may be asked for" % (where, one_type), lambda: brought(one, {one_type: JPEG}))
    book.holds("%s: fewer than three may be asked for, each submitted or required" % where, lambda: brought(one, {"government_id": JPEG, "proof_of_address": PDF}))


def brought(one, contents):
    """Requests these document types, uploads each of them, and checks the statuses before and after."""
    stage = one.stage
    path = one.path(addresses=[ABROAD])
    one.start(path)
    bare, stage.bare, stage.token = stage.bare, None, stage.key["api_key"]
    session = max(item["id"] for item in stage.call("GET", "/kyc/sessions?workflow_id=atelio-beneficial-owner&limit=100", wants=200).json["data"])
    stage.call("POST", "/kyc/sessions/%s/results" % session, {"results": {"final_decision": "manual_review"}, "checks": [{"kind": kind, "status": "passed"} for kind in ("ofac", "bureau", "email", "ip", "mobile")]})
    stage.call("POST", "/kyc/sessions/%s/corrections" % session, {"corrections": [{"step_id": "documents", "document_types": list(contents), "message": "Please."}]}, wants=200)
    stage.bare, stage.token = bare, None
    left = list(contents)
    for item in one.status(path)["documents"]:
        expect(item["status"], "required", item["document_type"])
        stage.bare = None
        stage.call("POST", item["upload_link"], {"document_type": item["document_type"], "content": base64.b64encode(contents[item["document_type"]]).decode()}, wants=201)
        stage.bare = bare
        left.remove(item["document_type"])
        said = one.status(path)
        if left:
            expect({other["document_type"]: other["status"] for other in said["documents"]}[item["document_type"]], "submitted", "status")
    expect((left, one.status(path)["kyc_status"]), ([], "under_review"), "what was asked for came")


def put(book, stage):
    book.seed = SEED
    stage.token, stage.bare = None, stage.key["api_key"]
    one = Atelio(book, stage)
    creating(one)
    reading(one)
    keeping_addresses(one)
    starting(one)
    deciding(one)
    token, stage.bare = stage.bare, None
    book.holds("Authorization is required", lambda: stage.call("GET", one.owners, wants=401))
    book.holds("Authorization without Bearer and a wrong Identity", lambda: stage.call("GET", one.owners, headers={"Authorization": token, "Identity": "rival"}).status in (401, 403))
    stage.token = stage.key["api_key"]
