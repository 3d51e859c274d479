"""A client that fills in a session only from the answers of its link: it knows the rules of docs/api.md, but no
workflow. For each kind of subject of a shipped workflow it sends everything that is requested, submits, answers
corrections and submits again; then the reviewer rejects the case.
usage: form.py PROGRAM every|WORKFLOW"""

import json
import os
import re
import sys

from stage import JPEG, PDF, Failure, Stage, expect

SHIPPED = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../data/workflows")
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00\x00\x00\rIHDR" + b"\x00" * 20 + b"IEND"
SAMPLES = {"pdf": PDF, "jpeg": JPEG, "png": PNG}
TEXTS = ("Rua do Ouro", "1", "42", "12345", "A1", "2026", "abc")
COUNTRIES = ({"alpha2": "BR", "alpha3": "BRA", "name": "Brazil"}, {"alpha2": "PT", "alpha3": "PRT", "name": "Portugal"})
PLAIN = {
    "uuid": ("72585109-8222-4221-b15b-48e87ffed790", "f3b1c1de-0d58-4a86-9a8f-6b8c1d6a7c11"),
    "date": ("1990-04-01", "1991-04-01"),
    "email": ("a@example.org", "b@example.org"),
    "phone": ("202-555-0143", "202-555-0144"),
    "ssn": ("123-45-6789", "123-45-6788"),
    "ipv4": ("192.0.2.7", "192.0.2.8"),
    "url": ("https://example.org", "https://example.org/about"),
    "us_state": ("CA", "NY"),
    "us_zip": ("94104", "10001"),
    "subdivision": ("SP", "RJ"),
}
# The name of a subject of each kind; the merchant sends it when it creates the session.
NAMES = {"individual": "Ines Duarte", "business": "Harbour Lane Ltd"}


def check_digits(scheme):
    """A number that is valid by the published rule of the scheme."""

    def digit(number, weights):
        rest = sum(a * b for a, b in zip(number, weights)) % 11
        return 0 if rest < 2 else 11 - rest

    if scheme == "nine_digits":
        return "123456789"
    number, weights = {
        "cpf": ([1, 1, 1, 8, 2, 1, 5, 9, 1], list(range(10, 1, -1))),
        "cnpj": ([4, 2, 7, 3, 1, 0, 8, 5, 0, 0, 0, 1], [5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2]),
    }[scheme]
    for _ in range(2):
        number = number + [digit(number, weights)]
        weights = [weights[0] + 1] + weights
    return "".join(str(one) for one in number)


class Form:
    """One link: what it requests, and what the client has sent so far."""

    def __init__(self, stage, where):
        self.stage, self.where = stage, where
        self.files, self.parties, self.answers, self.links = {}, [], {}, []
        self.asked = None
        self.turn = 0  # 1 after a request for corrections: then other values are sent
        self.rules = set()

    def look(self):
        self.asked = self.stage.call("GET", self.where, wants=200).json
        return self.asked

    # --- documents ---

    def upload(self, one):
        format_ = next((name for name in SAMPLES if name in one["formats"]), None)
        if not format_:
            raise Failure("no sample of the formats %s" % one["formats"])
        content = SAMPLES[format_] + b"\n%% %d\n" % self.turn
        expect(len(content) <= one["max_bytes"], True, "the size")
        for side in ("front", "back") if one["double_sided"] else ("",):
            fields = {"type": one["type"], **({"side": side} if side else {})}
            made = self.stage.form(self.where + "/documents", fields, "file." + format_, content + side.encode()).json
            self.files[one["type"]] = made["id"]

    # --- values ---

    def holds(self, rule, beside):
        return all(self.condition(one, beside) for one in rule["conditions"])

    def condition(self, one, beside):
        found = [str(value).lower() for value in self.values(one["field"], beside) if value not in (None, "")]
        wanted = [value.lower() for value in one["values"]]
        if one["condition"] == "given":
            return bool(found) == (wanted == ["true"])
        same = any(value in wanted for value in found)
        if one["condition"].startswith("country_"):
            forms = [{form.lower() for form in one.values()} for one in COUNTRIES]
            same = any(value in wanted or any(value in form and form & set(wanted) for form in forms) for value in found)
        return not same if one["condition"].endswith("is_not") else same

    def values(self, path, beside):
        """The values at a path: "country" is in the same object, "steps.addresses.addresses[].country" in a step."""
        if not path.startswith("steps."):
            return [beside.get(path)]
        at = [self.answers]
        for part in path[len("steps."):].split("."):
            name = part.replace("[]", "")
            at = [one.get(name) for one in at if isinstance(one, dict)]
            if part.endswith("[]"):
                at = [item for one in at if isinstance(one, list) for item in one]
        return at

    def object(self, fields):
        """Values for these fields, computed twice, since the condition of a field may read the other fields."""
        beside = {}
        for _ in range(2):
            beside = {one["id"]: self.value(one, beside) for one in fields}
        return {name: value for name, value in beside.items() if value is not None}

    def value(self, field, beside):
        rules = {one["rule"]: one for one in field["rules"] if self.holds(one, beside)}
        self.rules.update(rules)
        if "not_accepted" in rules:
            return None
        if "parties" in rules:
            return list(self.parties)
        if field.get("fields"):
            item = self.object(field["fields"])
            return [item] * max(1, rules.get("list", {}).get("min", 1)) if field["type"] == "list" else item
        if field["type"] == "list":
            return ["Rua do Ouro"]
        if field["type"] == "boolean":
            return field["required"]
        return self.text(rules)

    def text(self, rules):
        if "one_of" in rules:
            return rules["one_of"]["choices"][self.turn % len(rules["one_of"]["choices"])]
        if "document" in rules:
            return next(self.files[kind] for kind in rules["document"]["choices"] if kind in self.files)
        if "country" in rules:
            return next(COUNTRIES[self.turn][form] for form in rules["country"]["forms"])
        if "check_digits" in rules:
            return check_digits(rules["check_digits"]["scheme"])
        for number in ("integer", "decimal"):
            if number in rules:
                return rules[number].get("most") or rules[number].get("least") or "1"
        for rule, values in PLAIN.items():
            if rule in rules:
                return values[self.turn]
        return self.words(rules)

    def words(self, rules):
        length, characters, pattern = (rules.get(one, {}) for one in ("length", "characters", "pattern"))
        for text in TEXTS:
            while len(text) < length.get("min", 0):
                text += text
            text = (text + " Novo" * self.turn)[: length.get("max", 2000)].strip()
            kinds = characters.get("characters", ["letters", "digits", "spaces"])
            good = all(
                (one.isalpha() and "letters" in kinds)
                or (one.isdigit() and "digits" in kinds)
                or (one == " " and "spaces" in kinds)
                or one in characters.get("others", "")
                for one in text
            )
            if good and (not pattern or re.fullmatch(pattern["pattern"], text)):
                return text
        raise Failure("no text keeps %s" % rules)

    # --- the page ---

    def declare(self, schema):
        members = self.object(schema["members"])
        party = {"name": "Joao Reis", **members, "kind": schema["fields_for"][0], "roles": schema["roles"][:1]}
        party["control_role"] = (schema["control_roles"] or ["CEO"])[0]
        party["fields"] = self.object(schema["fields"])
        made = self.stage.call("POST", self.where + "/subsessions", {"party": party}, wants=201).json
        self.parties.append(made["id"])
        if made["access_link"]:
            self.links.append("/api" + made["access_link"][len(self.stage.url):])

    def fill(self, declares=True):
        """Sends only what the link requests, declares a party if allowed, and submits. Returns the status."""
        asked = self.look()
        spare = {kind for group in asked["document_groups"] for kind in group["any_of"][1:]}  # one of a group is enough
        for one in asked["document_types"]:
            if one["type"] not in spare:
                self.upload(one)
        expect([group["title"] for group in self.look()["document_groups"] if group["missing"]], [], "missing groups")
        if "party" in asked and declares:
            self.declare(asked["party"])
        for _ in range(2):  # conditions of a step read the other steps
            for step in asked["steps"]:
                self.answers.setdefault(step["step_id"], {}).update(self.object(step["asked"]))
        for step in (one for one in asked["steps"] if one["asked"]):
            fields = {one["id"]: self.answers[step["step_id"]].get(one["id"]) for one in step["asked"]}
            body = {"fields": {name: value for name, value in fields.items() if value is not None}, "done": True}
            said = self.stage.call("PUT", "%s/steps/%s" % (self.where, step["step_id"]), body, wants=200).json
            expect(said["status"], "awaiting_client_correction" if self.turn else "active", "status while the client works")
        fillable = {step["step_id"] for step in asked["steps"] if step["asked"]}
        for one in asked["corrections"]:
            if one["step_id"] not in fillable and not one["document_types"]:
                words = {"words": "It is as it was."}
                self.stage.call("POST", "%s/corrections/%s" % (self.where, one["id"]), words, wants=200)
        said = self.stage.call("POST", self.where + "/complete", wants=200).json
        expect((said["document_types"], "party" in said), ([], False), "nothing is asked any more")
        return said["status"]


def ask(stage, session, profile):
    """Requests, as the reviewer, corrections of a field and of a document, or of a step if the workflow has neither.

    Returns the fields and the document types.
    """
    steps = [step for step in profile["steps"] if step.get("fields")]
    words = ["corrections", session]
    papers = profile.get("documents", [])[:1]
    documents = [one["type"] for one in papers]
    fields = []
    if steps:
        plain = [one for one in steps[0]["fields"] if not any(r["rule"] == "parties" for r in one.get("rules", []))]
        fields = [plain[-1]["id"] if plain[-1].get("type") != "boolean" else plain[0]["id"]]
        words += ["--step", steps[0]["id"], "--field", fields[0], "--message", "Please look at this again."]
    if papers:
        words += ["--step", papers[0]["step"], "--document", documents[0], "--message", "A better scan, please."]
    if not fields and not documents:
        words += ["--step", profile["steps"][0]["id"], "--message", "Please look at this step again."]
    stage.run(*words, "--grace", "0")
    return fields, documents


def go_through(stage, name, profile, kind):
    stage.token = stage.key["api_key"]
    subject = {"kind": kind, "name": NAMES[kind], "country": "BR"}
    made = stage.call("POST", "/kyc/sessions", {"workflow_id": name, "subject": subject}, wants=201).json
    path = "/kyc/sessions/" + made["id"]
    stage.token = None
    form = Form(stage, "/api" + made["access_link"][len(stage.url):])
    first = form.fill()
    expect(first in ("completed", "processing", "manual_review"), True, "submitted; the status is %s" % first)
    for link in form.links:
        expect(Form(stage, link).fill(declares=False), "completed", "the party's own session")
    stage.token = stage.key["api_key"]
    if stage.call("GET", path, wants=200).json["status"] in ("processing", "processed"):
        stage.call("POST", path + "/results", {"results": {"final_decision": "manual_review"}})
    fields, documents = ask(stage, made["id"], profile)
    stage.token = None
    asked = form.look()
    expect(asked["status"], "awaiting_client_correction", "status")
    expect([one["id"] for step in asked["steps"] for one in step["asked"]][: len(fields)], fields, "the fields that are asked again")
    expect([one["type"] for one in asked["document_types"]], documents, "the documents that are asked again")
    expect(bool(asked["corrections"][0]["message"]), True, "the reviewer's words")
    form.turn = 1
    form.fill()
    stage.token = stage.key["api_key"]
    said = stage.call("GET", path, wants=200).json
    expect(said["status"] in ("manual_review", "completed", "processing"), True, "corrected; the status is %s" % said["status"])
    expect([one["status"] for one in said["corrections"]], ["answered"] * len(said["corrections"]), "the corrections")
    back = said["status"]
    stage.run("reject", made["id"], "--reason", "data_mismatch", "--note", "explained in full", "--message", "The name differs.", "--retryable", "--grace", "0")
    stage.token = None
    said = form.look()
    expect((said["status"], said["message"], said["retryable"]), ("rejected", "The name differs.", True), "the decision")
    print("%s, %s: %d steps, %d documents, %d parties; %d rules; corrected, back in %s, rejected" % (
        name, kind, len(form.answers), len(form.files), len(form.parties), len(form.rules), back))


def main():
    program, only = sys.argv[1:]
    with Stage(program) as stage:
        names = [one["name"] for one in json.loads(stage.run("--json", "workflow", "list"))["data"]]
        for name in (one for one in names if only in (one, "every")):
            with open(os.path.join(SHIPPED, name + ".json")) as text:
                profile = json.load(text)
            for kind in profile["subject_kinds"]:
                try:
                    go_through(stage, name, profile, kind)
                except Failure as failure:
                    print("%s, %s: %s" % (name, kind, failure))
                    return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
