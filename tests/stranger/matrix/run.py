"""Tries a cell: brings its case, lets the person contribute, does the verb at the front end, and says what came of it."""

import json
import re

from insider.desk import HTTP_REFUSALS, REFUSALS, Act, Case, Desk, Served, must, owner, read, session
from matrix import commands, screen, table, web
from matrix.rows import TO_JUDGE, WHY, judge

ROWS = {"command": commands.COMMANDS, "api": web.API, "import": web.IMPORT, "link": web.LINK, "screen": screen.SCREEN}
CONTRIBUTED = screen.CONTRIBUTED
NAMES = {"viewer": "vic", "intake": "ivo", "reviewer": "bo", "supervised": "sue", "lead": "lea", "admin": "max"}


def filled(c, words):
    return [c.name if w == "CASE" else w(c) if callable(w) else w for w in words]


def contribute(c, name, what):
    if what == "verdict":
        judge(c, name)
    elif name == "ivo" or c.show()["status"] in ("draft", "active"):
        must(session("ivo" if name == "ivo" else name, "import", "-", given=c.again(custom_tags={"changed": "by-%s" % name})))
    else:
        must(session(name, "step", "edit", c.name, "company_info", "--field", "business_activity=changed", "--reason", WHY))
        session(name, "release", c.name)


def prepare(c, row, name):
    """What comes right before the verb: by colleagues, or by the same person where that counts."""
    if not isinstance(row.before, str):
        return row.before(c)
    person = name if row.before != "access" and table.RUNG.get(c.role, 0) >= 2 else "zoe"
    if row.before == "claim":
        session(person, "claim", c.name)
    elif row.before == "reveal":
        session(person, "claim", c.name)
        session(person, "show", c.name, "--reveal", "--json")
    elif row.before == "note":
        must(session(person, "note", c.name, "A note"))
    elif row.before == "mention":
        must(session("zoe", "note", c.name, "@%s: look at it" % person))
    elif row.before == "reject":
        must(session(person, "reject", c.name, "--reason", "other", "--note", "as the register says", "--grace", "300"))
    elif row.before == "accept":
        must(session(person, "document", "accept", c.name, "MEMORANDUM_ARTICLES"))
        if person == "zoe":
            session(person, "release", c.name)
    elif row.before == "reported":
        must(session("zoe", "suspicion", "open", c.name, "--reason", WHY))
        must(session("lou", "suspicion", "access", c.name, "--add", name))
    elif row.before == "access":
        new = "n%d" % c.number
        must(owner("reviewer", "add", new, "--role", "viewer"))
        must(session("lena", "reviewer", "add", new, "--role", "viewer"))
        must(owner("access", "add", new, "-", given=commands.key_of(c)))
        must(session("lena", "access", "add", new, "-", given=commands.key_of(c)))


class MatrixDesk(Desk):
    """The store of the matrix: a person of each role, with a key of the person's own, and colleagues who prepare the cases."""

    def __init__(self):
        self.tries, self.keys = 0, {}
        must(owner("init"))
        for words in (("store", "set", "public_url", "https://desk.example.test"),
                      ("merchant", "add", "northwind-pay"), ("merchant", "add", "harbour-pay")):
            must(owner(*words))
        self.merchant_key = self.new_key("merchant", "key", "northwind-pay")
        self.provider_key = self.new_key("merchant", "key", "northwind-pay", "--provider", "adverse_media", "--name", "watchman")
        for name, role in (("vic", "viewer"), ("ivo", "intake"), ("bo", "reviewer"), ("sue", "reviewer"), ("lea", "lead"),
                           ("zoe", "reviewer"), ("lou", "lead"), ("max", "admin")):
            must(owner("reviewer", "add", name, "--role", role, *(["--supervised"] if name == "sue" else [])))
            if name != "max":
                self.keys[name] = self.new_key("reviewer", "key", name)
        # From now on two admins make a change.
        must(owner("reviewer", "key", "max", "--json"))
        self.keys["max"] = read(must(session("max", "reviewer", "key", "max", "--json")))["api_key"]
        must(owner("reviewer", "add", "lena", "--role", "admin"))
        must(session("max", "reviewer", "add", "lena", "--role", "admin"))
        self.served = Served()

    def new_key(self, *words):
        return read(must(owner(*words, "--json")))["api_key"]


class MatrixCase(Case):
    role = ""

    def again(self, **more):
        """The line of this case, changed where intake may."""
        return json.dumps(dict(self.line, documents=[], **more)).encode()

    def undone(self):
        """Whether the last decision was taken back."""
        decisions = self.show()["decisions"]
        return bool(decisions) and (decisions[-1]["decision"] == "undo" or bool(decisions[-1].get("undone")))

    def write(self, document):
        self.line = document
        super().write(document)


def by_command(c, cell, row, name):
    words = filled(c, row.act) + (["--json"] if row.json else [])
    given = commands.GIVEN.get(cell.verb.name, lambda c: b"")(c)
    done = session(name, *words, given=given)
    return Act(" ".join([name, *words]), done.returncode, (done.stdout[:2000] + done.stderr).decode(errors="replace"), REFUSALS)


def by_import(c, cell, row, name):
    done = session(name, "import", "-", given=row.act(c).encode())
    return Act("%s import -: %s" % (name, row.act(c)), done.returncode, (done.stderr + done.stdout).decode(errors="replace"), REFUSALS)


def address(c, path):
    for word, value in (("{id}", lambda: c.id), ("{document}", lambda: c.show()["documents"][0]["id"]),
                        ("{sub}", lambda: next(p for p in c.show()["parties"] if p["name"] == "Ana Sousa")["session"]["id"]),
                        ("{correction}", lambda: c.show()["corrections"][0]["id"]),
                        ("{endpoint}", lambda: commands.endpoint_id(c))):
        if word in path:
            path = path.replace(word, value())
    return path


def by_request(c, cell, row, key, prefix=""):
    method, path, body = row.act
    headers = {}
    if callable(body):
        body, headers = body(c)
    if isinstance(body, dict):
        body = json.loads(json.dumps(body).replace("{number}", str(c.number)))
    path = prefix + address(c, path)
    status, text = c.desk.served.call(key, method, path, body, headers)
    return Act("%s %s by %s" % (method, path, cell.person), status, text, HTTP_REFUSALS)


def outcome(cell, row, act):
    """One of the words of table.py, or what else happened."""
    if cell.front_end == "screen":
        return act.what
    if act.status == 0 or 200 <= act.status < 400 or any(words in act.text for words in row.also):
        return table.DONE
    if re.search(CONTRIBUTED, act.text):
        return table.EXCLUDED
    if "cannot decide alone" in act.text:
        return table.SUPERVISED
    if act.status in (7, 403) or (cell.front_end == "import" and act.status == 3 and "only" in act.text):
        return table.FORBIDDEN
    return "%d: %s" % (act.status, act.text[:220])


def permitted(cell, row):
    """The permission of a key comes before the table (docs/api.md, keys)."""
    if cell.front_end != "api":
        return True
    if cell.person in web.MAY:
        return row.permission in web.MAY[cell.person]
    return row.permission in ("review", "read")


def play(number, cell, desk):
    """What the table says, what happened, and the act."""
    row = ROWS[cell.front_end][cell.verb.name]
    name = NAMES.get(cell.person, cell.person)
    c = MatrixCase(number, desk)
    c.role = cell.person
    wanted = table.expected(cell, row) if permitted(cell, row) else table.FORBIDDEN
    row.bring(c, **({"checks": TO_JUDGE} if cell.contribution == "verdict" else {}))
    if cell.contribution != "nothing":
        contribute(c, name, cell.contribution)
    prepare(c, row, name)
    if cell.front_end == "command":
        act = by_command(c, cell, row, name)
    elif cell.front_end == "import":
        act = by_import(c, cell, row, name)
    elif cell.front_end == "screen":
        act = screen.press(c, cell, row, name)
    elif cell.front_end == "link":
        act = by_request(c, cell, row, None, "/api/s/" + token(c))
    else:
        key = {"merchant": desk.merchant_key, "provider": desk.provider_key}.get(cell.person) or desk.keys[name]
        act = by_request(c, cell, row, key)
    return wanted, outcome(cell, row, act), act


def token(c):
    """Of the client's link, which a colleague made."""
    made = must(session("zoe", "link", c.name, "--json"))
    session("zoe", "release", c.name)
    return next(w.rsplit("/", 1)[1].strip('",') for w in made.replace('"', " ").split() if "/s/" in w)
