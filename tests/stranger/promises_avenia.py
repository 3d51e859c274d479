"""The promises of the seed avenia-kyb-level-1."""

import datetime
import json
import re

from stage import JPEG, PDF, Failure, expect, until

SEED = "avenia-kyb-level-1"
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 20 + b"IEND"
NOBODY = "9c4a2f71-8d3e-4b6c-8157-2a0f9b5d3e84"
ROLES = (
    "CEO, CFO, COO, CTO, President, Vice President, Director, Managing Director, Managing Partner, General Partner, Partner, "
    "Secretary, Treasurer, Chairman, Board Member, Authorized Signatory, General Counsel, Owner, Founder, Manager, Member, "
    "Comptroller, Chief Compliance Officer"
).split(", ")
ENUMS = {
    "reasonForAccountOpening": (
        "charitable_donations, ecommerce_retail_payments, investment_purposes, other, payments_to_friends_or_family_abroad, "
        "payroll, personal_or_living_expenses, protect_wealth, purchase_goods_and_services, "
        "receive_payments_for_goods_and_services, tax_optimization, third_party_money_transmission, treasury_management"
    ).split(", "),
    "sourceOfFundsAndIncome": (
        "business_loans, grants, inter_company_funds, investment_proceeds, legal_settlement, owners_capital, "
        "pension_retirement, sale_of_assets, sales_of_goods_and_services, third_party_funds, treasury_reserves"
    ).split(", "),
    "numberOfEmployees": "1-10, 11-50, 51-200, 201-500, 501-1000, 1001+".split(", "),
    "estimatedAnnualRevenueUsd": "less_than_100k, 100k_to_1m, 1m_to_10m, 10m_to_50m, 50m_to_100m, more_than_100m".split(", "),
}
# The seed's samples, but with a valid CPF: the CPF of the seed's sample has wrong check digits (docs/api.md).
OWNER = {
    "fullName": "USERS FULL NAME",
    "dateOfBirth": "1988-07-22",
    "countryOfTaxId": "BRA",
    "taxIdNumber": "11182159150",
    "percentageOfOwnership": "1",
    "hasControl": "CEO",
    "uploadedIdentificationId": "",  # Avenia.owner() sets the id of the owner's document
    "documentCountry": "BRA",
    "streetLine1": "RUA AURORA 456 APTO 12",
    "streetLine2": "",
    "streetLine3": "",
    "city": "SAO PAULO",
    "state": "SP",
    "zipCode": "01209-001",
    "country": "BRA",
}
COMPANY = {
    "companyLegalName": "ACME SOLUCOES DIGITAIS LTDA",
    "companyRegistrationNumber": "42731085000167",
    "taxIdentificationNumberTin": "42.731.085/0001-67",
    "businessActivityDescription": "Custom software development and IT consulting services. The company provides SaaS solutions "
    "for financial institutions.",
    "website": "https://www.nexoradigital.com.br",
    "socialMedia": "https://linkedin.com/company/nexoradigital",
    "reasonForAccountOpening": "receive_payments_for_goods_and_services",
    "sourceOfFundsAndIncome": "sales_of_goods_and_services",
    "numberOfEmployees": "1-10",
    "estimatedAnnualRevenueUsd": "less_than_100k",
    "estimatedMonthlyVolumeUsd": "2000",
    "countryTaxResidence": "BRA",
    "countrySubdivisionTaxResidence": "BR-SP",
    "companyStreetLine1": "AV PAULISTA 1000 CONJ 204",
    "companyStreetLine2": "",
    "companyStreetLine3": "",
    "companyCity": "SAO PAULO",
    "companyState": "SP",
    "companyZipCode": "01310-100",
    "companyCountry": "Brazil",
}
OPTIONAL = "countrySubdivisionTaxResidence companyStreetLine2 companyStreetLine3 website socialMedia emailPixKey sandboxReject".split()


def young(years, days):
    today = datetime.date.today()
    return (today.replace(year=today.year - years, day=min(today.day, 28)) + datetime.timedelta(days=days)).isoformat()


OWNER_RULES = (
    ("fullName may have 256 characters", {"fullName": "A" * 256}, True),
    ("fullName has not 257 characters", {"fullName": "A" * 257}, False),
    ("dateOfBirth is YYYY-MM-DD", {"dateOfBirth": "1988-07-22"}, True),
    ("dateOfBirth is not DD/MM/YYYY", {"dateOfBirth": "22/07/1988"}, False),
    ("dateOfBirth: 18 years are enough", {"dateOfBirth": young(18, -8)}, True),
    ("dateOfBirth: under 18 years are not", {"dateOfBirth": young(18, 8)}, False),
    ("countryOfTaxId is alpha-3", {"countryOfTaxId": "PRT", "taxIdNumber": "123456789"}, True),
    ("countryOfTaxId is not alpha-2", {"countryOfTaxId": "BR"}, False),
    ("taxIdNumber for BRA is a valid CPF", {"taxIdNumber": "11182159150"}, True),
    ("taxIdNumber for BRA is no CPF with wrong check digits", {"taxIdNumber": "11182159111"}, False),
    ("taxIdNumber for BRA has 11 digits", {"taxIdNumber": "1118215915"}, False),
    ("taxIdNumber for USA has 9 digits", {"countryOfTaxId": "USA", "taxIdNumber": "123456789"}, True),
    ("taxIdNumber for USA has not 8 digits", {"countryOfTaxId": "USA", "taxIdNumber": "12345678"}, False),
    ("percentageOfOwnership may be 0", {"percentageOfOwnership": "0"}, True),
    ("percentageOfOwnership may be 25.5", {"percentageOfOwnership": "25.5"}, True),
    ("percentageOfOwnership may be 100", {"percentageOfOwnership": "100"}, None),
    ("percentageOfOwnership is not over 100", {"percentageOfOwnership": "100.1"}, False),
    ("percentageOfOwnership is not below 0", {"percentageOfOwnership": "-1"}, False),
    ("percentageOfOwnership is a numeric string", {"percentageOfOwnership": "half"}, False),
    ("hasControl is no other role", {"hasControl": "Boss"}, False),
    ("hasControl may be left out", {"hasControl": None}, True),
    ("uploadedIdentificationId is an ID of a document", {"uploadedIdentificationId": NOBODY}, False),
    ("documentCountry is alpha-3", {"documentCountry": "PRT"}, True),
    ("documentCountry is not alpha-2", {"documentCountry": "BR"}, False),
    ("streetLine1 may have 256 characters", {"streetLine1": "A" * 256}, True),
    ("streetLine1 has not 257 characters", {"streetLine1": "A" * 257}, False),
    ("streetLine2 may be left out", {"streetLine2": None}, True),
    ("streetLine3 may be left out", {"streetLine3": None}, True),
    ("state may be SP", {"state": "SP"}, True),
    ("state may be NY", {"state": "NY", "country": "USA"}, True),
    ("state is a subdivision of the country", {"state": "ZZ"}, False),
    ("country is alpha-3", {"country": "BRA"}, True),
    ("country is not alpha-2", {"country": "BR"}, False),
    ("email is not accepted", {"email": "a@example.org"}, False),
    ("phone is not accepted", {"phone": "+5511999999999"}, False),
)
COMPANY_RULES = (
    ("businessActivityDescription may have 2000 characters", {"businessActivityDescription": "A" * 2000}, True),
    ("businessActivityDescription has not 2001 characters", {"businessActivityDescription": "A" * 2001}, False),
    ("businessActivityDescription is not empty", {"businessActivityDescription": ""}, False),
    ("estimatedMonthlyVolumeUsd is a positive integer", {"estimatedMonthlyVolumeUsd": "1"}, True),
    ("estimatedMonthlyVolumeUsd is not 0", {"estimatedMonthlyVolumeUsd": "0"}, False),
    ("estimatedMonthlyVolumeUsd is not negative", {"estimatedMonthlyVolumeUsd": "-5"}, False),
    ("estimatedMonthlyVolumeUsd is no decimal", {"estimatedMonthlyVolumeUsd": "20.5"}, False),
    ("estimatedMonthlyVolumeUsd is a string", {"estimatedMonthlyVolumeUsd": 2000}, False),
    ("countryTaxResidence is alpha-3", {"countryTaxResidence": "BRA"}, True),
    ("countryTaxResidence may be N/A", {"countryTaxResidence": "N/A", "countrySubdivisionTaxResidence": None}, True),
    ("countryTaxResidence is not alpha-2", {"countryTaxResidence": "BR"}, False),
    ("countrySubdivisionTaxResidence may be SP", {"countrySubdivisionTaxResidence": "SP"}, True),
    ("countrySubdivisionTaxResidence may be BR-SP", {"countrySubdivisionTaxResidence": "BR-SP"}, True),
    ("countrySubdivisionTaxResidence is a subdivision", {"countrySubdivisionTaxResidence": "ZZ"}, False),
    ("companyStreetLine1 may have 256 characters", {"companyStreetLine1": "A" * 256}, True),
    ("companyStreetLine1 has not 257 characters", {"companyStreetLine1": "A" * 257}, False),
    ("companyCity may have 256 characters", {"companyCity": "A" * 256}, True),
    ("companyCity has not 257 characters", {"companyCity": "A" * 257}, False),
    ("companyState is a subdivision of the country", {"companyState": "ZZ"}, False),
    ("companyZipCode may have 256 characters", {"companyZipCode": "1" * 256}, True),
    ("companyZipCode has not 257 characters", {"companyZipCode": "1" * 257}, False),
    ("companyCountry may be a name", {"companyCountry": "Brazil"}, True),
    ("companyCountry may be alpha-3", {"companyCountry": "BRA"}, True),
    ("companyCountry is a country", {"companyCountry": "Atlantis"}, False),
    ("certificateOfIncorporationDocumentId is an ID of a document", {"certificateOfIncorporationDocumentId": NOBODY}, False),
    ("taxIdentificationDocumentId is an ID of a document", {"taxIdentificationDocumentId": NOBODY}, False),
    ("website is a URL", {"website": "nexora digital"}, False),
    ("socialMedia is a URL", {"socialMedia": "nexora digital"}, False),
    ("emailPixKey is an email", {"emailPixKey": "pix@example.org"}, True),
    ("emailPixKey is nothing else", {"emailPixKey": "pix"}, False),
    ("uboIds holds at least one", {"uboIds": []}, False),
    ("uboIds holds UBOs of this sub-account", {"uboIds": [NOBODY]}, False),
)


class Avenia:
    """The client of one sub-account: its documents, owners and attempts."""

    def __init__(self, stage, name="ACME Digital Solutions Ltd"):
        self.stage = stage
        body = {"accountType": "COMPANY", "name": name}
        self.id = stage.call("POST", "/v2/account/sub-accounts", body, wants=201).json["id"]
        self.query = "?subAccountId=" + self.id
        self.identity = None

    def record(self, kind, double=False, wants=201):
        body = {"documentType": kind, "isDoubleSided": double}
        return self.stage.call("POST", "/v2/documents" + self.query, body, wants=wants)

    def bytes(self, url, media, content, wants=None, match=True):
        """Uploads a file without a token: the address itself is the permission."""
        token, self.stage.token = self.stage.token, None
        headers = {"Content-Type": media, **({"If-None-Match": "*"} if match else {})}
        answer = self.stage.call("PUT", url, data=content, headers=headers, wants=wants)
        self.stage.token = token
        return answer

    def document(self, number):
        return self.stage.call("GET", "/v2/documents/%s%s" % (number, self.query), wants=200).json["document"]

    def paper(self, kind, media, content):
        record = self.record(kind).json
        self.bytes(record["uploadURLFront"], media, content + self.id.encode(), wants=204)
        until("%s is never ready" % kind, lambda: self.document(record["id"])["ready"])
        return record["id"]

    def owner(self, wants=None, **changes):
        if not self.identity:
            self.identity = self.paper("PASSPORT", "image/jpeg", JPEG)
        body = dict(OWNER, **{"uploadedIdentificationId": self.identity, **changes})
        body = {name: value for name, value in body.items() if value is not None}
        return self.stage.call("POST", "/v2/account/ubos" + self.query, body, wants=wants)

    def ready(self, **changes):
        """The body of step 4, with a new owner and with both documents uploaded."""
        return {
            "uboIds": [self.owner(percentageOfOwnership="100", wants=201).json["id"]],
            **COMPANY,
            "certificateOfIncorporationDocumentId": self.paper("CERTIFICATE-OF-INCORPORATION", "application/pdf", PDF),
            "taxIdentificationDocumentId": self.paper("COMPANY-TAX-IDENTIFICATION-DOCUMENT", "application/pdf", PDF),
            **changes,
        }

    def submit(self, body, wants=None):
        body = {name: value for name, value in body.items() if value is not None}
        return self.stage.call("POST", "/v2/kyc/new-level-1/api" + self.query, body, wants=wants)

    def attempt(self, number):
        return self.stage.call("GET", "/v2/kyc/attempts/%s%s" % (number, self.query), wants=200).json["attempt"]

    def ends(self, number, result):
        until(lambda: "the attempt is %s" % self.attempt(number), lambda: self.attempt(number)["result"] == result)


def refused(answer, field):
    if answer.status != 400:
        raise Failure("%d: %s" % (answer.status, answer.body))
    names = [one["field"] for one in answer.json["error"]["fields"]]
    if not any(field in re.split(r"[.\[\]]+", name) for name in names):
        raise Failure("%s is not named in %s" % (field, answer.body))


def taken(answer):
    if answer.status not in (200, 201, 204):
        raise Failure("%d: %s" % (answer.status, answer.body))


def papers(book, stage):
    sub = Avenia(stage)
    pdf, png, jpeg = "application/pdf", "image/png", "image/jpeg"
    where = "Step 1"
    for field, value in (("accountType", None), ("name", None), ("accountType", "PERSON")):
        body = {"accountType": "COMPANY", "name": "ACME", field: value}
        body = {name: said for name, said in body.items() if said is not None}
        says = "is required" if value is None else "is not %s" % value
        book.holds("%s: %s %s" % (where, field, says), lambda: refused(stage.call("POST", "/v2/account/sub-accounts", body), field))
    book.holds("%s: the response has id" % where, lambda: bool(sub.id))
    book.holds("%s: subAccountId is required on every call below" % where, lambda: refused(stage.call("POST", "/v2/documents", {"documentType": "ID"}), "subAccountId"))
    book.holds("%s: another's subAccountId is 404" % where, lambda: stage.call("POST", "/v2/documents?subAccountId=" + NOBODY, {"documentType": "ID"}, wants=404))
    where = "Step 2"
    media_of = {"CERTIFICATE-OF-INCORPORATION": (pdf,), "COMPANY-TAX-IDENTIFICATION-DOCUMENT": (pdf,)}
    for kind in ("ID", "DRIVERS-LICENSE", "PASSPORT", "RESIDENCE-PERMIT"):
        media_of[kind] = (png, jpeg)
    contents = {pdf: PDF, png: PNG, jpeg: JPEG}
    for kind, medias in media_of.items():
        for media, content in contents.items():
            good = media in medias
            says = "accepts" if good else "does not accept"
            book.holds(
                "%s: %s %s %s" % (where, kind, says, media),
                lambda: sub.bytes(sub.record(kind).json["uploadURLFront"], media, content, wants=204 if good else 415),
            )
        if len(medias) == 2:

            def double():
                record = sub.record(kind, double=True).json
                for side in ("uploadURLFront", "uploadURLBack"):
                    sub.bytes(record[side], jpeg, JPEG, wants=204)
                until("never ready", lambda: sub.document(record["id"])["ready"])

            book.holds("%s: %s may be double-sided" % (where, kind), double)
        else:
            book.holds("%s: %s is single-sided" % (where, kind), lambda: expect(sub.record(kind, double=True, wants=None).status, 400, "status"))
    book.holds("%s: documentType is nothing else" % where, lambda: refused(sub.record("SELFIE", wants=None), "documentType"))
    book.holds("%s: documentType is required" % where, lambda: refused(stage.call("POST", "/v2/documents" + sub.query, {}), "documentType"))
    record = sub.record("CERTIFICATE-OF-INCORPORATION").json
    for field in ("id", "uploadURLFront", "uploadURLBack"):
        book.holds("%s: the response has %s" % (where, field), lambda: field in record)
    book.holds("%s: uploadURLBack of a single side is empty" % where, lambda: expect(record["uploadURLBack"], "", "it"))
    book.holds("%s: before the file it is not ready" % where, lambda: expect(sub.document(record["id"])["ready"], False, "ready"))
    book.holds("%s: PUT succeeds with 200 or 204" % where, lambda: sub.bytes(record["uploadURLFront"], pdf, PDF).status in (200, 204))
    book.holds("%s: If-None-Match: * keeps the first file" % where, lambda: sub.bytes(record["uploadURLFront"], pdf, PDF, wants=412))
    until("never ready", lambda: sub.document(record["id"])["ready"])
    said = sub.document(record["id"])
    for field, value in (("id", record["id"]), ("documentType", "CERTIFICATE-OF-INCORPORATION"), ("uploadStatusFront", "PROCESSED"), ("ready", True)):
        book.holds("%s: the document has %s" % (where, field), lambda: expect(said[field], value, field))
    half = sub.record("ID", double=True).json
    sub.bytes(half["uploadURLFront"], jpeg, JPEG, wants=204)
    book.holds("%s: one of two sides is not ready" % where, lambda: expect(sub.document(half["id"])["ready"], False, "ready"))
    book.holds("Step 3: only a ready document can be referenced", lambda: refused(sub.owner(uploadedIdentificationId=half["id"]), "uploadedIdentificationId"))
    book.holds("%s: an upload that lacks a side is deleted by its maker" % where, lambda: stage.call("DELETE", "/v2/documents/%s%s" % (half["id"], sub.query), wants=204))
    book.holds("%s: a deleted one is 404" % where, lambda: stage.call("GET", "/v2/documents/%s%s" % (half["id"], sub.query), wants=404))


def owners(book, stage):
    sub, where = Avenia(stage), "Step 3"
    made = sub.owner(wants=201).json
    book.holds("%s: the response has id" % where, lambda: bool(made["id"]))
    stage.call("DELETE", "/v2/account/ubos/%s%s" % (made["id"], sub.query), wants=204)

    def tried(change, good):
        answer = sub.owner(**change)
        if not good and good is not None:
            return refused(answer, list(change)[-1])
        taken(answer)
        return stage.call("DELETE", "/v2/account/ubos/%s%s" % (answer.json["id"], sub.query), wants=204) and None

    for says, change, good in OWNER_RULES:
        if not good and good is not None and len(change) > 1 and "taxIdNumber" not in change:
            raise Failure("a row that is refused names one field")
        book.holds("%s: %s" % (where, says), lambda: tried(change, good))
    for field in OWNER:
        if field not in ("hasControl", "streetLine2", "streetLine3"):
            book.holds("%s: %s is required" % (where, field), lambda: refused(sub.owner(**{field: None}), field) or refused_empty(sub, field))
    several = sub.owner(fullName=None, city=None, zipCode=None)
    book.holds("%s: all that is missing is named at once" % where, lambda: [refused(several, field) for field in ("fullName", "city", "zipCode")] and None)
    for role in ROLES:
        book.holds("%s: hasControl may be %s" % (where, role), lambda: taken(sub.owner(hasControl=role)))
    listed = stage.call("GET", "/v2/account/ubos" + sub.query, wants=200).json["ubos"]
    book.holds("%s: UBOs are listed" % where, lambda: expect(sorted(one["hasControl"] for one in listed), sorted(ROLES), "them"))
    one = "/v2/account/ubos/%s%s" % (listed[0]["id"], sub.query)
    book.holds("%s: a UBO is read" % where, lambda: expect(stage.call("GET", one, wants=200).json["ubo"]["id"], listed[0]["id"], "id"))
    book.holds("%s: a UBO is changed" % where, lambda: expect(stage.call("PATCH", one, {"city": "CAMPINAS"}, wants=200).json["ubo"]["city"], "CAMPINAS", "city"))
    book.holds("%s: a UBO is removed" % where, lambda: stage.call("DELETE", one, wants=204) and stage.call("GET", one, wants=404) and None)
    for _ in range(50 - len(ROLES) + 1):
        sub.owner(hasControl=None, percentageOfOwnership="0", wants=201)
    book.holds("%s: 50 UBOs may be registered" % where, lambda: expect(len(stage.call("GET", "/v2/account/ubos" + sub.query).json["ubos"]), 50, "count"))
    book.holds("%s: a 51st may not" % where, lambda: sub.owner(percentageOfOwnership="0").status in (400, 409))


def refused_empty(sub, field):
    return refused(sub.owner(**{field: ""}), field)


def submitting(book, stage):
    where = "Step 4"
    sub = Avenia(stage)
    body = sub.ready()
    for field in body:
        if field not in OPTIONAL:
            book.holds("%s: %s is required" % (where, field), lambda: refused(sub.submit(dict(body, **{field: None})), field))
    missing = sub.submit({"uboIds": body["uboIds"], "numberOfEmployees": "1-10"})
    book.holds("%s: all that is missing is named at once" % where, lambda: [refused(missing, field) for field in body if field not in (*OPTIONAL, "uboIds", "numberOfEmployees")] and None)
    nothing = sub.submit({})
    book.holds("%s: all that is missing is named at once, with uboIds" % where, lambda: [refused(nothing, field) for field in body if field not in OPTIONAL] and None)
    for field in ENUMS:
        book.holds("%s: %s is no other value" % (where, field), lambda: refused(sub.submit(dict(body, **{field: "none of these"})), field))
    for says, change, good in COMPANY_RULES:
        if good is False:
            book.holds("%s: %s" % (where, says), lambda: refused(sub.submit(dict(body, **change)), list(change)[-1]))
    swapped = dict(body, certificateOfIncorporationDocumentId=body["taxIdentificationDocumentId"])
    book.holds("%s: certificateOfIncorporationDocumentId is of its type" % where, lambda: refused(sub.submit(swapped), "certificateOfIncorporationDocumentId"))
    swapped = dict(body, taxIdentificationDocumentId=body["certificateOfIncorporationDocumentId"])
    book.holds("%s: taxIdentificationDocumentId is of its type" % where, lambda: refused(sub.submit(swapped), "taxIdentificationDocumentId"))
    more = sub.owner(percentageOfOwnership="0", hasControl=None, fullName="SOMEBODY ELSE", wants=201).json["id"]
    book.holds("%s: uboIds names all UBOs" % where, lambda: refused(sub.submit(body), "uboIds"))
    stage.call("DELETE", "/v2/account/ubos/%s%s" % (more, sub.query), wants=204)

    def uncontrolled():
        other = Avenia(stage)
        whole = other.ready()
        stage.call("DELETE", "/v2/account/ubos/%s%s" % (whole["uboIds"][0], other.query), wants=204)
        whole["uboIds"] = [other.owner(hasControl=None, wants=201).json["id"]]
        refused(other.submit(whole), "uboIds")

    book.holds("%s: at least one UBO has hasControl" % where, uncontrolled)
    # One attempt for each value that must be accepted; sandboxReject rejects it at once, so that the next can start.
    rows = [(says, change) for says, change, good in COMPANY_RULES if good]
    rows += [("%s may be %s" % (field, value), {field: value}) for field, values in ENUMS.items() for value in values]
    rows += [("%s is optional" % field, {field: None}) for field in OPTIONAL if field != "sandboxReject"]
    for says, change in rows:

        def accepted():
            answer = sub.submit(dict(body, sandboxReject=True, **change))
            taken(answer)
            sub.ends(answer.json["id"], "REJECTED")

        book.holds("%s: %s" % (where, says), accepted)
    attempts = stage.call("GET", "/v2/kyc/attempts" + sub.query, wants=200).json["attempts"]
    book.holds("Step 5: attempts are listed", lambda: expect(len(attempts), len(rows), "attempts"))
    attempt = sub.attempt(attempts[-1]["id"])
    book.holds("%s: sandboxReject rejects" % where, lambda: expect((attempt["status"], attempt["result"]), ("COMPLETED", "REJECTED"), "it"))
    book.holds("Step 5: a rejected attempt may be retryable", lambda: expect(attempt["retryable"], True, "retryable"))
    for field in ("id", "levelName", "status", "result", "resultMessage", "retryable", "createdAt", "updatedAt"):
        book.holds("Step 5: the attempt has %s" % field, lambda: field in attempt)
    book.holds("Step 5: levelName is kyb-level-1", lambda: expect(attempt["levelName"], "kyb-level-1", "it"))
    book.holds("Step 5: an unknown attempt is 404", lambda: stage.call("GET", "/v2/kyc/attempts/%s%s" % (NOBODY, sub.query), wants=404))
    for name, value in (("levelName", "kyb-level-1"), ("status", "COMPLETED"), ("result", "REJECTED")):
        book.holds("Step 5: the list is filtered by %s" % name, lambda: expect(len(stage.call("GET", "/v2/kyc/attempts%s&%s=%s" % (sub.query, name, value), wants=200).json["attempts"]), len(rows), name))
    book.holds("Step 5: the filter leaves others out", lambda: expect(stage.call("GET", "/v2/kyc/attempts%s&result=APPROVED" % sub.query, wants=200).json["attempts"], [], "result"))
    answer = sub.submit(body)
    book.holds("%s: sandboxReject defaults to false" % where, lambda: taken(answer) or expect(sub.attempt(answer.json["id"])["result"], "", "result"))
    book.holds("%s: one open attempt at a time" % where, lambda: expect(sub.submit(body).status, 409, "status"))


def deciding(book, stage):
    """The name of the company selects the outcome. It is in capitals, as the seed stores it."""
    for number, (outcome, result) in enumerate((("APPROVE", "APPROVED"), ("REJECT", "REJECTED"))):
        name = "ACME %s LTDA#%s" % (outcome, outcome)
        # The sub-account has another name than the company, as in the seed's own samples.
        sub = Avenia(stage)
        body = sub.ready(companyLegalName=name, companyRegistrationNumber="4273108500%04d" % number)
        body["taxIdentificationNumberTin"] = ("42.731.085/0001-28", "11.222.333/0001-81")[number]
        answer = sub.submit(body)
        book.holds("Step 4: the response is an id, before %s" % result, lambda: taken(answer) or bool(answer.json["id"]))
        book.holds("Step 5: result may be %s" % result, lambda: sub.ends(answer.json["id"], result))
        book.holds("Step 5: the webhook says %s" % result, lambda: told(stage, answer.json["id"], result))
        if result == "APPROVED":
            book.holds("Step 5: after APPROVED no further attempt", lambda: expect(sub.submit(body).status, 409, "status"))
            book.holds("Step 2: the matching document webhook", lambda: processed(stage, body["certificateOfIncorporationDocumentId"]))
    session = [one for one in stage.call("GET", "/kyc/sessions?workflow_id=avenia-kyb-level-1&limit=100", wants=200).json["data"]]
    book.holds("Step 4: companyLegalName is stored uppercase", lambda: any(one["subject_name"].startswith("ACME APPROVE LTDA") for one in session))


def naming(book, stage):
    """The seed's samples name the sub-account and the company differently: a reviewer confirms both once."""
    sub = Avenia(stage)
    body = sub.ready()
    sub.submit(body, wants=201)
    session = max(one["id"] for one in json.loads(stage.run("--json", "list"))["data"])
    asks = "The trade name is ACME Digital Solutions Ltd, and the legal name is ACME SOLUCOES DIGITAIS LTDA"

    def shown():
        return " ".join(stage.run("show", session).split())

    rows = "legal name ACME SOLUCOES DIGITAIS LTDA trade name ACME Digital Solutions Ltd"
    book.holds("Step 4: a legal name beside the name of step 1", lambda: asks in shown() and rows in shown())
    stage.run("document", "accept", session, body["certificateOfIncorporationDocumentId"])
    book.holds("Step 4: one confirmation of both names", lambda: asks not in shown() and "another name" not in shown())


def events(stage, name):
    stage.run("webhook", "deliver", "--drain")
    bodies = [json.loads(body) for headers, body in list(stage.receiver.got) if stage.receiver.verified(headers, body)]
    return [body["data"] for body in bodies if body.get("type") == name]


def told(stage, attempt, result):
    found = [data["attempt"]["result"] for data in events(stage, "kyb.attempt.completed") if data["attempt"]["id"] == attempt]
    expect(found, [result], "the webhook's result")


def processed(stage, document):
    if not any(data["document"]["id"] == document for data in events(stage, "document.processed")):
        raise Failure("no document.processed of %s" % document)


def put(book, stage):
    book.seed = SEED
    papers(book, stage)
    owners(book, stage)
    submitting(book, stage)
    naming(book, stage)
    deciding(book, stage)
    token, stage.token = stage.token, None
    book.holds("Authorization is required", lambda: stage.call("POST", "/v2/account/sub-accounts", {"accountType": "COMPANY", "name": "ACME"}, wants=401))
    stage.token = token
