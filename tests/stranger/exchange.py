"""Checks the output of `kybdesk export --bods` and `--ftm` against the two standards, without code of kybdesk.

    python3 exchange.py bods FILE      python3 exchange.py ftm FILE

Prints the findings and exits with 1 if it has any. The tables below restate the two schemas:

- BODS 0.4: openownership/data-standard, tag 0.4.0, schema/{statement,entity-record,person-record,relationship-record,
  components}.json (Apache License 2.0).
- FollowTheMoney: alephdata/followthemoney, followthemoney/schema/*.yaml (MIT License), read in November 2026.
"""
import datetime
import json
import re
import sys

found = []


def finding(where, text):
    found.append(f"{where}: {text}")


# --- BODS: the members of each object with their checks; "!" marks a required member ---

def text(value):
    return isinstance(value, str)


def boolean(value):
    return isinstance(value, bool)


def date(value):
    if not text(value):
        return False
    try:
        datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
        return len(value) >= 10
    except ValueError:
        return False


def born(value):
    return date(value) or (text(value) and re.fullmatch(r"\d{4}(-(0[1-9]|1[0-2]))?", value))


def percent(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 100


def uri(value):
    return text(value) and re.match(r"[a-z][a-z0-9+.-]*:", value)


def of(*words):
    return lambda value: value in words


def sized(least, most):
    return lambda value: text(value) and least <= len(value) <= most


def each(members):
    return lambda value, where: isinstance(value, list) and [check(v, members, f"{where}[{i}]")
                                                             for i, v in enumerate(value)]


def within(members):
    return lambda value, where: check(value, members, where)


def texts_of(*words):
    return lambda value: isinstance(value, list) and all(v in words for v in value)


COUNTRY = {"name!": text, "code": sized(2, 2)}
JURISDICTION = {"name!": text, "code": sized(2, 6)}
IDENTIFIER = {"id": text, "scheme": text, "schemeName": text, "uri": uri}
NOBODY = {"reason!": of("noBeneficialOwners", "subjectUnableToConfirmOrIdentifyBeneficialOwner",
                        "interestedPartyHasNotProvidedInformation", "subjectExemptFromDisclosure",
                        "interestedPartyExemptFromDisclosure", "unknown", "informationUnknownToPublisher"),
          "description": text}


def address(*types):
    return each({"type": of(*types), "address": text, "postCode": text, "country": within(COUNTRY)})


ENTITY = {
    "isComponent!": boolean,
    "entityType!": within({"type!": of("registeredEntity", "legalEntity", "arrangement", "anonymousEntity",
                                       "unknownEntity", "state", "stateBody"), "subtype": text, "details": text}),
    "name": text, "jurisdiction": within(JURISDICTION), "identifiers": each(IDENTIFIER),
    "foundingDate": date, "dissolutionDate": date,
    "addresses": address("registered", "business", "alternative"), "uri": uri}
PERSON = {
    "isComponent!": boolean, "personType!": of("anonymousPerson", "unknownPerson", "knownPerson"),
    "names": each({"type": of("legal", "translation", "transliteration", "former", "alternative", "birth"),
                   "fullName!": text, "familyName": text, "givenName": text, "patronymicName": text}),
    "identifiers": each(IDENTIFIER), "nationalities": each(COUNTRY), "birthDate": born, "deathDate": born,
    "taxResidencies": each(COUNTRY), "addresses": address("residence", "service", "alternative")}
INTEREST = {
    "type": of("shareholding", "votingRights", "appointmentOfBoard", "otherInfluenceOrControl",
               "seniorManagingOfficial", "settlor", "trustee", "protector", "beneficiaryOfLegalArrangement",
               "rightsToSurplusAssetsOnDissolution", "rightsToProfitOrIncome", "rightsGrantedByContract",
               "conditionalRightsGrantedByContract", "controlViaCompanyRulesOrArticles", "controlByLegalFramework",
               "boardMember", "boardChair", "unknownInterest", "unpublishedInterest", "enjoymentAndUseOfAssets",
               "rightToProfitOrIncomeFromAssets", "nominee", "nominator"),
    "directOrIndirect": of("direct", "indirect", "unknown"), "beneficialOwnershipOrControl": boolean, "details": text,
    "share": within({key: percent for key in ("exact", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")}),
    "startDate": date, "endDate": date}
RELATIONSHIP = {
    "isComponent!": boolean, "componentRecords": lambda v: isinstance(v, list) and all(map(text, v)),
    "subject!": lambda v: text(v) or isinstance(v, dict), "interestedParty!": lambda v: text(v) or isinstance(v, dict),
    "interests": each(INTEREST)}
STATEMENT = {
    "statementId!": sized(32, 64), "statementDate!": date, "declaration": text, "declarationSubject!": text,
    "recordId!": text, "recordType!": of("entity", "person", "relationship"), "recordStatus": of("new", "updated",
                                                                                                 "closed"),
    "recordDetails!": lambda v: isinstance(v, dict),
    "source": within({"type": texts_of("selfDeclaration", "officialRegister", "thirdParty", "primaryResearch",
                                       "verified"), "description": text, "url": uri}),
    "publicationDetails": within({"publicationDate!": date, "bodsVersion!": of("0.4"), "license": uri,
                                  "publisher!": within({"name": text, "url": uri})})}


def check(value, members, where):
    """Reports each unknown, malformed or missing required member. Returns False only if the value is not an object."""
    if not isinstance(value, dict):
        finding(where, "is not an object")
        return False
    plain = {key.rstrip("!"): rule for key, rule in members.items()}
    for key in members:
        if key.endswith("!") and key[:-1] not in value:
            finding(where, f"has no {key[:-1]}")
    for key, item in value.items():
        rule = plain.get(key)
        if rule is None:
            finding(where, f"has the unknown member {key}")
        elif rule.__code__.co_argcount == 2:
            if rule(item, f"{where}.{key}") is False:
                finding(where, f"{key} is not in its form")
        elif not rule(item):
            finding(where, f"{key} is {item!r}")
    return True


def bods(statements):
    kinds = {"entity": ENTITY, "person": PERSON, "relationship": RELATIONSHIP}
    seen, ids = {}, set()
    for number, statement in enumerate(statements, 1):
        where = f"statement {number}"
        check(statement, STATEMENT, where)
        details = statement.get("recordDetails", {})
        check(details, kinds[statement["recordType"]], f"{where} {statement['recordType']}")
        if statement["statementId"] in ids:
            finding(where, "has the id of another statement")
        ids.add(statement["statementId"])
        for identifier in details.get("identifiers", []):
            if "scheme" not in identifier and "schemeName" not in identifier:
                finding(where, "has an identifier without a scheme")
        if statement["recordType"] == "relationship":
            relationship(where, details, seen)
        if statement["recordId"] in seen:
            finding(where, "repeats the recordId of an earlier statement")
        seen[statement["recordId"]] = statement["recordType"]
        if statement["declarationSubject"] not in seen:
            finding(where, "has a declarationSubject without an earlier statement")


def relationship(where, details, seen):
    for end in ("subject", "interestedParty"):
        value = details[end]
        if isinstance(value, dict):
            check(value, NOBODY, f"{where}.{end}")
        elif value not in seen or seen[value] == "relationship":
            finding(where, f"{end} {value} is not a record before it")
    if details["isComponent"] and details.get("componentRecords"):
        finding(where, "is a component with components")
    for record in details.get("componentRecords", []):
        if record not in seen:
            finding(where, f"component {record} is not a record before it")
    indirect = any(i.get("directOrIndirect") == "indirect" for i in details.get("interests", []))
    if indirect and not details.get("componentRecords"):
        finding(where, "is indirect without the records between")


# --- FollowTheMoney: for each schema its properties, including the inherited ones, and the required properties ---

THING = {"name", "country", "alias", "address", "addressEntity", "notes", "summary", "description", "sourceUrl"}
LEGAL = THING | {"email", "phone", "website", "legalForm", "incorporationDate", "dissolutionDate", "status",
                 "registrationNumber", "idNumber", "taxNumber", "vatCode", "jurisdiction", "leiCode"}
INTERVAL = {"startDate", "endDate", "date", "summary", "description", "recordId"}
SCHEMAS = {
    "Company": (LEGAL, {"name"}),
    "Person": (LEGAL | {"firstName", "lastName", "birthDate", "nationality", "passportNumber"}, {"name"}),
    "Ownership": (INTERVAL | {"role", "status", "owner", "asset", "percentage", "sharesCount"}, {"owner", "asset"}),
    "Directorship": (INTERVAL | {"role", "status", "director", "organization"}, {"director", "organization"}),
    "Address": (THING | {"full", "street", "city", "postalCode", "region", "state"}, set()),
    "Identification": (INTERVAL | {"holder", "type", "country", "number", "authority"}, {"holder", "number"}),
    "Passport": (INTERVAL | {"holder", "type", "country", "number", "authority", "passportNumber"},
                 {"holder", "number"})}
REFERENCES = {"owner": {"Company", "Person"}, "asset": {"Company"}, "director": {"Company", "Person"},
              "organization": {"Company"}, "holder": {"Company", "Person"}, "addressEntity": {"Address"}}


def ftm(entities):
    by_id = {}
    for number, entity in enumerate(entities, 1):
        if set(entity) != {"id", "schema", "properties"}:
            finding(f"entity {number}", f"has the members {sorted(entity)}")
        if entity["id"] in by_id:
            finding(f"entity {number}", "has the id of another entity")
        by_id[entity["id"]] = entity
    for number, entity in enumerate(entities, 1):
        where = f"entity {number} {entity['schema']}"
        known, required = SCHEMAS.get(entity["schema"], (set(), set()))
        if not known:
            finding(where, "is of an unknown schema")
        for name in required - set(entity["properties"]):
            finding(where, f"has no {name}")
        for name, values in entity["properties"].items():
            property_of(where, known, by_id, (name, values))


def property_of(where, known, by_id, item):
    name, values = item
    if name not in known:
        finding(where, f"has the unknown property {name}")
    if not isinstance(values, list) or not values or not all(text(v) and v for v in values):
        finding(where, f"{name} is not a list of texts")
        return
    for value in values:
        if name in REFERENCES and by_id.get(value, {}).get("schema") not in REFERENCES[name]:
            finding(where, f"{name} {value} is not an entity of its kind")
        if name in ("country", "jurisdiction", "nationality") and not re.fullmatch(r"[a-z]{2}", value):
            finding(where, f"{name} is {value}")
        if name.endswith("Date") and not date(value):
            finding(where, f"{name} is {value}")


def main():
    kind, path = sys.argv[1:]
    with open(path, encoding="utf-8") as file:
        content = file.read()
    items = json.loads(content) if content.startswith("[") else [json.loads(l) for l in content.splitlines()]
    if not items:
        finding(path, "is empty")
    (bods if kind == "bods" else ftm)(items)
    for line in found:
        print(line)
    print(f"{len(items)} {kind}, {len(found)} findings")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
