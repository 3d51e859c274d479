"""A client that was written from the seed documents and from what stands beside them, and from nothing else, goes through
each of the four systems from end to end. usage: walk.py PROGRAM ralio|avenia|atelio|generic"""

import sys

from stage import JPEG, PDF, Failure, Stage, expect

PROGRAM_ID = "72585109-8222-4221-b15b-48e87ffed790"


def accept_papers(stage, count):
    """On the case: the tab of documents, each opened and accepted."""
    stage.press("2")
    stage.sees("to review")
    for _ in range(count):
        stage.press("Enter")
        stage.leaves("Enter open")  # the list, where A asks first
        stage.sees("A accept")
        stage.press("A")
        stage.sees("Accepted ")
    stage.press("1")


def declare_owner(stage, company, name):
    """Tab from field to field, the first letters of what a list holds."""
    stage.press("3")
    stage.sees("No related parties are declared")
    stage.press("+")
    stage.sees("New party of " + company)
    for text in (name, "ind", " ", "ceo", "port", "1984-02-11", "", "100"):
        stage.type(text)
        stage.press("Tab")
    stage.sees("100")
    stage.press("y")
    stage.sees("Declared " + name)


def ralio(stage):
    """Seeds ralio-kyb-session and ralio-sandbox."""
    stage.token = stage.call("POST", "/api/v1/auth/login", dict(stage.key), wants=200).json["token"]
    stage.listen("kyc.state_updated", "kyc.session_verified", "account.activated")
    user = stage.call("POST", "/api/v1/account/business-user", {"name": "Harbour Lane Ltd", "country": "GB"}, wants=201).json
    base = "/api/v1/account/business-user/%s" % user["uid"]
    expect(user["kybLevel"], "LIGHT", "kybLevel")
    account = {"currency": "EUR", "label": "Main Account"}
    stage.call("POST", "/api/v1/account/users/%s/accounts" % user["uid"], account, wants=403)
    session = stage.call("POST", base + "/kyb-sessions", wants=201).json
    expect((session["documents"], session["kybId"]), ([], user["kybId"]), "a new session")
    path = base + "/kyb-sessions/" + session["id"]
    papers = ["MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS", "DIRECTORS_SHAREHOLDERS_REG"]
    stage.call("POST", path + "/submit", wants=400)
    for kind in papers + ["OTHER"]:
        last = stage.form(path + "/documents", {"category": "COMPANY_INFO", "type": kind}, kind.lower() + ".pdf", PDF).json
    stage.call("DELETE", "%s/documents/%s" % (path, last["id"]), wants=204)
    listed = stage.call("GET", path + "/documents", wants=200).json
    expect(sorted(one["type"] for one in listed), sorted(papers), "the documents")
    expect(stage.call("POST", path + "/submit", wants=200).json["state"], "IN_REVIEW", "state")
    stage.form(path + "/documents", {"category": "COMPANY_INFO", "type": "OTHER"}, "late.pdf", PDF, wants=409)
    # The compliance team.
    stage.sit_down()
    stage.sees("Harbour Lane Ltd")
    stage.press("Enter")
    stage.sees("Before you can approve")
    accept_papers(stage, len(papers))
    declare_owner(stage, "Harbour Lane", "Ines Duarte")
    # The related party, at the address that the merchant hands on.
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
    expect((told["uid"], told["previous_level"], told["level"]), (user["uid"], "LIGHT", "REGULAR"), "the webhook")
    expect(stage.call("GET", base, wants=200).json["kybLevel"], "REGULAR", "kybLevel")
    expect(stage.call("GET", path, wants=200).json["state"], "APPROVED", "state")
    made = stage.call("POST", "/api/v1/account/users/%s/accounts" % user["uid"], account, wants=201).json
    expect((made["balance"], made["state"], made["userId"]), (0, "ACTIVE", user["uid"]), "the account")
    told = stage.receiver.wait_for("account.activated")["data"]
    expect((told["uid"], told["account"]["id"]), (user["uid"], made["id"]), "the webhook")


def avenia(stage):
    """Seed avenia-kyb-level-1; its numbers corrected, since they do not pass their own check digits."""
    name = "ACME SOLUCOES DIGITAIS LTDA"
    stage.token = stage.key["api_key"]
    stage.listen("document.processed", "kyb.attempt.completed")
    sub = stage.call("POST", "/v2/account/sub-accounts", {"accountType": "COMPANY", "name": name}, wants=201).json["id"]
    query = "?subAccountId=" + sub

    def paper(kind, media, content):
        record = stage.call("POST", "/v2/documents" + query, {"documentType": kind, "isDoubleSided": False}, wants=201).json
        token, stage.token = stage.token, None
        headers = {"Content-Type": media, "If-None-Match": "*"}
        stage.call("PUT", record["uploadURLFront"], data=content, headers=headers, wants=204)
        stage.call("PUT", record["uploadURLFront"], data=content, headers=headers, wants=412)
        stage.token = token
        stage.poll("/v2/documents/%s%s" % (record["id"], query), lambda said: said["document"]["ready"])
        return record["id"]

    certificate = paper("CERTIFICATE-OF-INCORPORATION", "application/pdf", PDF)
    tax = paper("COMPANY-TAX-IDENTIFICATION-DOCUMENT", "application/pdf", PDF)
    identity = paper("PASSPORT", "image/jpeg", JPEG)
    owner = {
        "fullName": "USERS FULL NAME",
        "dateOfBirth": "1988-07-22",
        "countryOfTaxId": "BRA",
        "taxIdNumber": "11182159150",
        "percentageOfOwnership": "100",
        "hasControl": "CEO",
        "uploadedIdentificationId": identity,
        "documentCountry": "BRA",
        "streetLine1": "RUA AURORA 456 APTO 12",
        "streetLine2": "",
        "streetLine3": "",
        "city": "SAO PAULO",
        "state": "SP",
        "zipCode": "01209-001",
        "country": "BRA",
    }
    stage.call("POST", "/v2/account/ubos" + query, dict(owner, email="x@example.org"), wants=400)
    stage.call("POST", "/v2/account/ubos" + query, dict(owner, taxIdNumber="11182159111"), wants=400)
    ubo = stage.call("POST", "/v2/account/ubos" + query, owner, wants=201).json["id"]
    company = {
        "uboIds": [ubo],
        "companyLegalName": name,
        "companyRegistrationNumber": "42731085000128",
        "taxIdentificationNumberTin": "42.731.085/0001-28",
        "businessActivityDescription": "Custom software development and IT consulting services.",
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
        "companyCity": "SAO PAULO",
        "companyState": "SP",
        "companyZipCode": "01310-100",
        "companyCountry": "Brazil",
        "certificateOfIncorporationDocumentId": certificate,
        "taxIdentificationDocumentId": tax,
    }
    attempt = stage.call("POST", "/v2/kyc/new-level-1/api" + query, company, wants=201).json["id"]
    stage.call("POST", "/v2/kyc/new-level-1/api" + query, company, wants=409)
    said = stage.call("GET", "/v2/kyc/attempts/%s%s" % (attempt, query), wants=200).json["attempt"]
    expect((said["status"] != "COMPLETED", said["result"]), (True, ""), "the attempt")
    stage.sit_down()
    stage.sees("ACME SOLUCOES")
    stage.press("Enter")
    stage.sees("Before you can approve")
    accept_papers(stage, 3)
    stage.approve("Approved ACME SOLUCOES")
    said = stage.receiver.wait_for("kyb.attempt.completed")["data"]["attempt"]
    expect((said["id"], said["result"]), (attempt, "APPROVED"), "the webhook")
    said = stage.call("GET", "/v2/kyc/attempts/%s%s" % (attempt, query), wants=200).json["attempt"]
    expect((said["status"], said["result"], said["resultMessage"]), ("COMPLETED", "APPROVED", ""), "the attempt")


def atelio(stage):
    """Seed atelio-beneficial-owners: an owner abroad, whose KYC people decide about."""
    stage.token = stage.key["api_key"]
    stage.listen("*")
    stage.token, stage.bare = None, stage.key["api_key"]
    business = stage.call("POST", "/api/v0.1/businesses", {"name": "Cards Inc", "country": "US"}, wants=201).json["business_id"]
    owners = "/api/v0.1/businesses/%s/beneficial_owners" % business
    address = {
        "address_type": "PHYSICAL",
        "street": "Rua do Ouro 12",
        "city": "Lisboa",
        "state": "Lisboa",
        "zip_code": "1100-061",
        "country": "PT",
        "is_primary": True,
    }
    person = {"addresses": [address], "dob": "1992-03-23", "first_name": "Boris", "middle_name": "Jim", "last_name": "Pasakovitch"}
    missing = stage.call("POST", owners, {k: v for k, v in person.items() if k != "last_name"}, wants=400).json
    expect((missing["Status"], missing["Code"]), (400, "create_beneficial_owner_schema"), "the error")
    expect("Missing data for required field." in missing["Message"], True, "the error's sentence")
    owner = stage.call("POST", owners, person, wants=201).json["beneficial_owner_id"]
    path = "%s/%s" % (owners, owner)
    second = dict(address, address_type="MAILING", is_primary=False)
    second = stage.call("POST", path + "/addresses", second, wants=201).json["address_id"]
    stage.call("PATCH", "%s/addresses/%s" % (path, second), {"city": "Porto"}, wants=200)
    expect(len(stage.call("GET", path + "/addresses", wants=200).json["data"]), 2, "the addresses")
    gone = stage.call("DELETE", "%s/addresses/%s" % (path, second), wants=200).json
    expect(bool(gone["date_deleted"]), True, "date_deleted")
    stage.call("PATCH", path, {"first_name": "Bo"}, wants=200)
    expect(stage.call("GET", owners, wants=200).json["page_info"]["pages"], 1, "the list")
    start = {"program_id": PROGRAM_ID, "kyc_retry_request": False}
    expect(stage.call("POST", path + "/verification-kyc", start, wants=200).json["kyc_status"], "initialized", "kyc_status")
    # The provider's part: its callback says that the bureau knows nobody of this name.
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
    """What the bureau could not say was found out by other means: "alternative verification methods"."""
    stage.sees("The %s check failed" % check)
    stage.press("Enter")
    stage.sees("Waive a check of")
    stage.press("Tab")
    stage.sees("Ctrl-Y waive it")
    stage.type("Seen at the notary's, with the passport")
    stage.press("C-y")
    stage.sees("Waived")


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
    url = stage.call("GET", "%s/documents/%s/url" % (path, said["documents"][0]["id"]), wants=200).json["url"]
    stage.token = None
    expect(stage.call("GET", url, wants=200).body, JPEG, "the document's bytes")
    stage.token = token
    processed = stage.call("POST", path + "/process").json
    expect("processing_results" in processed, True, "processing_results")
    summary = stage.call("GET", "/kyc/sessions?include_summary=true", wants=200).json["summary"]
    expect(summary["total"], 1, "the summary")
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
