"""The verb table (include/kybdesk/desk/verbs.h), and what it says of each cell: role × verb × contribution × front end.

A cell is tried, or it cannot be: then a sentence says why.
"""

import os
import re

TOP = os.path.join(os.path.dirname(__file__), "../../..")
FRONT_ENDS = ("command", "api", "import", "link", "screen")
STAFF = ("viewer", "intake", "reviewer", "supervised", "lead", "admin")
OUTSIDE = ("merchant", "provider", "client")
CONTRIBUTIONS = ("nothing", "data", "verdict")
RUNG = {"viewer": 1, "intake": 1, "reviewer": 2, "supervised": 2, "lead": 3, "admin": 4}
DONE, FORBIDDEN, EXCLUDED, SUPERVISED = "done", "forbidden", "second_reviewer", "supervised"


class Verb:
    def __init__(self, match):
        self.name, _, self.word, self.does, role, capacities, needs, self.action, material = [g.strip() for g in match.groups()]
        self.role = None if role == "NOBODY" else role.lower()
        named = set(re.findall(r"BY_\w+", capacities))
        self.capacities = set()
        for name in named:
            self.capacities |= {"BY_DECIDERS": {"BY_STAFF", "BY_SANDBOX_KEY", "BY_OWN_KEY"},
                                "BY_OWNER": {"BY_CLIENT", "BY_MERCHANT", "BY_INTAKE"},
                                "BY_REPORTER": {"BY_PROVIDER", "BY_INTAKE", "BY_SANDBOX_KEY"}}.get(name, {name})
        needs = needs.replace("ON_CASE", "NEED_CASE | NEED_UNHELD | NEED_OPEN")
        self.needs = set(re.findall(r"NEED_\w+", needs))
        self.material = re.match(r"\w+", material).group()

    @property
    def decides(self):
        return "NEED_DECISION" in self.needs

    @property
    def of_a_case(self):
        return self.decides or bool(self.needs & {"NEED_CASE", "NEED_MOVE"})


def read():
    with open(os.path.join(TOP, "include/kybdesk/desk/verbs.h")) as file:
        text = file.read().partition("#define VERBS(X)")[2]
    row = re.compile(r'^\tX\((\w+), (\w+), "([\w.]+)", "([^"]+)", (\w+), ([^,]+), ([^,]+), (\w+), (.+)\)(?: \\)?$', re.M)
    verbs = [Verb(match) for match in row.finditer(text)]
    if len(verbs) != text.count("\tX("):
        raise SystemExit("%d rows of %d of verbs.h were understood" % (len(verbs), text.count("\tX(")))
    return verbs


def without_command():
    with open(os.path.join(TOP, "tests/support/without_command.h")) as file:
        return dict(re.findall(r'X\((\w+), "([^"]+)"\)', file.read()))


class Cell:
    def __init__(self, verb, person, contribution, front_end):
        self.verb, self.person, self.contribution, self.front_end = verb, person, contribution, front_end

    def __str__(self):
        return "%s by %s %s after %s" % (self.verb.name, "the" if self.person in OUTSIDE else "a",
                                         self.person + (" at the screen" if self.front_end == "screen" else " by " + self.front_end),
                                         self.contribution)


def expected(cell, row):
    """What the table says that the front end does."""
    verb, person = cell.verb, cell.person
    if person in ("merchant", "provider", "client"):
        by = {"merchant": {"BY_MERCHANT", "BY_KEY"}, "provider": {"BY_PROVIDER"}, "client": {"BY_CLIENT"}}[person]
        return DONE if verb.capacities & by else FORBIDDEN
    if cell.front_end == "import" or not verb.role:
        return DONE if "BY_INTAKE" in verb.capacities and person != "viewer" else FORBIDDEN
    if RUNG[person] < RUNG[verb.role] or (cell.front_end == "api" and "BY_OWN_KEY" not in verb.capacities):
        return FORBIDDEN
    # Separation of duties (docs/trust.md): data exclude from every decision, a verdict from the approval.
    if (cell.contribution == "data" and (verb.decides or row.clears)) or (cell.contribution == "verdict" and verb.name == "APPROVE"):
        return EXCLUDED
    # Approvals and rejections of a supervised reviewer are the first of two.
    if person == "supervised" and verb.decides and verb.name not in ("APPROVE", "REJECT"):
        return SUPERVISED
    return DONE


def impossible(cell, rows):
    """Why a cell cannot be tried; None: it can."""
    verb, person, front_end = cell.verb, cell.person, cell.front_end
    row = rows.get(front_end, {}).get(verb.name)
    if isinstance(row, str):
        return row
    if not row:
        return missing(verb, front_end)
    if person in row.not_by:
        return row.not_by[person]
    if person in OUTSIDE:
        where = {"merchant": "api", "provider": "api", "client": "link"}[person]
        if front_end != where:
            return "%s has no %s" % ({"merchant": "a merchant", "provider": "a provider", "client": "a client"}[person],
                                     {"command": "account", "screen": "account", "import": "account", "api": "key", "link": "link"}[front_end])
    elif front_end == "link":
        return "whoever has the link is the client"
    if cell.contribution == "nothing":
        return None
    if person in OUTSIDE:
        return "all that outsiders do is data, and they decide nothing in production"
    if not verb.of_a_case:
        return "it is not about one case"
    if row.new:
        return "the case does not exist before"
    if person == "viewer":
        return "a viewer contributes nothing"
    if person == "intake" and cell.contribution == "verdict":
        return "an intake user judges nothing"
    if cell.contribution == "verdict" and not row.judged:
        return "nothing can be judged in the state that the verb begins in"
    if cell.contribution == "data" and not row.changed:
        return "nothing can be changed in the state that the verb begins in"
    if row.own and expected(Cell(verb_of(row.own), person, cell.contribution, "command"), row) != DONE:
        return "it follows a decision of the same person, which is excluded"
    return None


VERBS = read()


def verb_of(name):
    return next(v for v in VERBS if v.name == name)


WITHOUT_COMMAND = without_command()


def missing(verb, front_end):
    """No row: what the table says of it, or None, which is a fault of the matrix."""
    if front_end == "command":
        return WITHOUT_COMMAND.get(verb.name)
    if front_end == "import":
        return None if "BY_INTAKE" in verb.capacities else "the table lets intake not do it"
    if front_end == "link":
        return None if "BY_CLIENT" in verb.capacities else "the table lets the client not do it"
    if front_end == "api":
        return None if verb.capacities & {"BY_OWN_KEY", "BY_KEY", "BY_MERCHANT", "BY_PROVIDER"} else "the table lets no key do it in production"
    return None if verb.role else "the table lets staff not do it"
