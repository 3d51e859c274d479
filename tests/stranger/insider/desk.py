"""The production store of the routes: people, keys, a server, and cases that record every act on them.

Everybody except the owner of the store acts through `kybdesk session`, as over SSH, or over HTTP.
"""

import hashlib
import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

PROGRAM, FOLDER, ONLY = os.path.abspath(sys.argv[1]), sys.argv[2], sys.argv[3:]
# ROUTES_STORE: the address of a PostgreSQL store, used instead of a SQLite file.
STORE = os.environ.get("ROUTES_STORE") or os.path.join(FOLDER, "desk.db")
TYPES = ["MEMORANDUM_ARTICLES", "BUSINESS_NUMBER", "PROOF_OF_ADDRESS", "DIRECTORS_SHAREHOLDERS_REG"]
PEOPLE = {"lea": "lead", "lou": "lead", "bo": "reviewer", "ana": "reviewer", "zoe": "reviewer", "ivo": "intake", "vic": "viewer", "max": "admin"}
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "HOME": FOLDER, "KYBDESK_STORE": STORE, "LANG": "C.UTF-8", "XDG_DATA_HOME": FOLDER,
               "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""), "TMPDIR": FOLDER}
READER = "zoe"  # reads the cases for the script, and accepts their documents
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
# With ROUTES_USERS=1 (as root), the store belongs to one user of the operating system, and three people are three other
# users. Every Debian has these users; their names do not resemble the names of the people.
SERVICE = "backup" if os.environ.get("ROUTES_USERS") else None
USERS = {"bo": "games", "ana": "man", "lea": "news"}
# Exit statuses of a refusal by a rule: blocked, conflict, forbidden. Any other failure: the act was malformed.
REFUSALS = (4, 5, 7)
HTTP_REFUSALS = (401, 403, 409, 410)


def as_user(user):
    return ["setpriv", "--reuid", user, "--regid", "nogroup", "--clear-groups"] if user else []


def owner(*words, given=None):
    """Runs kybdesk as the account that owns the store, not through `kybdesk session`."""
    return subprocess.run([*as_user(SERVICE), PROGRAM, *words], capture_output=True, env=ENVIRONMENT, input=given, cwd=FOLDER)


def session(name, *words, given=b""):
    """Runs a command of a reviewer over SSH, as OpenSSH starts it for the reviewer's key. Nobody was shown a document
    here, so each acceptance says that it is unseen."""
    words += ("--unseen", "--reason", "compared on paper") if words[:2] == ("document", "accept") else ()
    return subprocess.run([*as_user(SERVICE), PROGRAM, "--store", STORE, "session", "--reviewer", name], capture_output=True,
                          input=given, cwd=FOLDER, env=dict(ENVIRONMENT, SSH_ORIGINAL_COMMAND=" ".join(shlex.quote(w) for w in words)))


def past_the_session(name, case):
    """Tries to bypass `kybdesk session` as a user of the operating system.

    Returns the number of tries, and a text about the first one that succeeded or printed something (None: no such try).
    """
    tries = [[PROGRAM, "--store", STORE, "approve", case, "--grace", "0"],
             [PROGRAM, "--store", STORE, "--as", "zoe", "approve", case, "--grace", "0"],
             [PROGRAM, "--store", STORE, "session", "--reviewer", "zoe"], [PROGRAM, "--store", STORE, "show", case],
             ["cat", STORE], ["cat", STORE + ".key"], ["sh", "-c", 'printf x >>"$0"', STORE], ["ls", FOLDER],
             ["sqlite3", STORE, "UPDATE session SET status = 'approved'"]]
    environment = dict(ENVIRONMENT, SSH_ORIGINAL_COMMAND="approve %s --grace 0" % case)
    for words in tries:
        done = subprocess.run([*as_user(USERS[name]), *words], capture_output=True, env=environment, cwd="/")
        if done.returncode == 0 or done.stdout:
            return len(tries), "%s as %s: %d %s" % (words, USERS[name], done.returncode, (done.stdout + done.stderr)[:200])
    return len(tries), None


def must(done):
    if done.returncode:
        sys.exit("%s: %d %s" % (done.args, done.returncode, (done.stderr + done.stdout).decode()))
    return done.stdout.decode(errors="replace")


def read(text):
    try:
        return json.loads(text)
    except ValueError:
        return {}


class Served:
    def __init__(self):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.process = subprocess.Popen([*as_user(SERVICE), PROGRAM, "serve", "--no-deliver", "--listen", "127.0.0.1:%d" % self.port], env=ENVIRONMENT,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=FOLDER)
        for _ in range(600):
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                return
            except OSError:
                time.sleep(0.05)
        sys.exit("the server does not answer")

    def call(self, key, method, path, body=None, headers=()):
        data = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
        request = urllib.request.Request("http://127.0.0.1:%d%s" % (self.port, path), data, method=method)
        request.add_header("Content-Type", "application/json")
        for name, value in dict(headers).items():
            request.add_header(name, value)
        if key:
            request.add_header("Authorization", "Bearer " + key)
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}), Unfollowed())
        try:
            with opener.open(request, timeout=60) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            return refusal.code, refusal.read().decode()

    def stop(self):
        self.process.terminate()
        self.process.wait()


class Unfollowed(urllib.request.HTTPRedirectHandler):
    """Follows no redirects: a redirect is the response to a form of the client's page that was accepted."""

    def redirect_request(self, *_):
        return None


class Desk:
    """The store of one run, its people and their keys."""

    def __init__(self):
        self.tries = 0  # number of tries to bypass the session
        if SERVICE:
            shutil.chown(FOLDER, SERVICE)
            os.chmod(FOLDER, 0o700)
        must(owner("init"))
        for floor in ("screening_days", "highest_risk", "prohibited_countries"):
            must(owner("store", "set", floor, ""))  # a floor would hold what another rule has to hold
        # The tries prove nothing if the users cannot start the program, or the service account cannot read its store.
        for user, words in ([(u, [PROGRAM, "--version"]) for u in USERS.values()] + [(SERVICE, ["cat", STORE])]) if SERVICE else []:
            must(subprocess.run([*as_user(user), *words], capture_output=True, env=ENVIRONMENT, cwd="/"))
        for merchant in ("northwind-pay", "harbour-pay"):
            must(owner("merchant", "add", merchant))
        must(owner("store", "set", "public_url", "https://desk.example.test"))
        self.merchant_key = read(must(owner("merchant", "key", "northwind-pay", "--json")))["api_key"]
        self.rival_key = read(must(owner("merchant", "key", "harbour-pay", "--json")))["api_key"]
        provider = ("merchant", "key", "northwind-pay", "--provider", "adverse_media", "--name", "watchman", "--json")
        self.provider_key = read(must(owner(*provider)))["api_key"]
        self.keys = {}
        for person, role in PEOPLE.items():
            must(owner("reviewer", "add", person, "--role", role))
            if role in ("reviewer", "lead"):
                self.keys[person] = read(must(owner("reviewer", "key", person, "--json")))["api_key"]
        must(owner("reviewer", "key", "max", "--json"))  # a proposal: the other admin confirms it in the next line
        self.keys["max"] = read(must(session("max", "reviewer", "key", "max", "--json")))["api_key"]
        self.served = Served()


def word_of(number):
    """A name made of syllables, so that the names of two numbers are not alike."""
    syllables = ["ba", "dor", "ke", "lim", "no", "pra", "sut", "ve", "zon", "gri"]
    return "".join(syllables[int(d)] for d in "%04d" % (number * 7 % 10000)).capitalize()


def party(name, share, **more):
    return dict({"kind": "individual", "name": name, "roles": ["ubo"], "ownership_percent": share, "owner_of": None,
                 "country": "GBR", "date_of_birth": "1970-02-01",
                 "session": {"workflow": "generic-kyc", "status": "approved"}}, **more)


def paper(number):
    return PDF + b"%% %d\n" % number


def paper_sum(number):
    return hashlib.sha256(paper(number)).hexdigest()


def line(number, **more):
    """A company in review: two owners with an approved KYC, and four documents."""
    return dict({
        "external_ref": "CASE-%04d" % number, "workflow": "ralio-kyb", "kind": "kyb", "merchant": "northwind-pay",
        "status": "manual_review",
        "subject": {"uid": "biz-%d" % number, "kind": "business", "name": "Route %s Trading Ltd" % word_of(number),
                    "country": "GBR", "level": "LIGHT"},
        "steps": [{"id": "company_info", "status": "completed", "fields": {"business_activity": "arms export"}}],
        "documents": [{"category": "COMPANY_INFO", "type": t, "file_name": "%s-%d.pdf" % (t, number),
                       "file": "paper%d.pdf" % number, "sha256": paper_sum(number), "upload": "ready"} for t in TYPES],
        "parties": [party("Ida %s" % word_of(number), "40", roles=["ubo", "director"], control_role="CEO"),
                    party("Otto %s" % word_of(number), "60", date_of_birth="1960-03-04")],
        "created_at": "2026-11-01T09:00:00Z", "submitted_at": "2026-11-02T09:00:00Z"}, **more)


def sole(number, **more):
    """A single owner who holds 100 %."""
    return party("Ida %s" % word_of(number), "100", roles=["ubo", "director"], control_role="CEO", **more)


class Act:
    def __init__(self, what, status, text, refusals):
        self.what, self.status, self.text, self.material, self.screen = what, status, text, True, False
        self.refused = status in refusals
        self.failed = not self.refused and (status != 0 if refusals is REFUSALS else status >= 400)

    def __str__(self):
        return "    %s: %d %s" % (self.what[:150], self.status, self.text.strip().replace("\n", " ")[:260])

    @property
    def json(self):
        return read(self.text)

    @property
    def reasons(self):
        found = self.json.get("error", {})
        return found.get("blockers", []) if isinstance(found, dict) else []

    @property
    def blockers(self):
        return {b["code"] for b in self.reasons}

    @property
    def messages(self):
        return [b["message"] for b in self.reasons]


def bring_in():
    """The owner of the store imports in.ndjson. Both admins first allow a file with decisions made elsewhere."""
    done = owner("import", "in.ndjson")
    if b"two admins" in done.stderr + done.stdout: # "... must allow the file" or "... allowed another file"
        allow_file()
        done = owner("import", "in.ndjson")
    return done


def allow_file():
    with open(os.path.join(FOLDER, "in.ndjson"), "rb") as file:
        words = ("store", "set", "imported_decisions", hashlib.sha256(file.read()).hexdigest())
    must(owner(*words))
    must(session("max", *words))


class Case:
    """One route's case, imported by the owner of the store unless the route says otherwise."""

    def __init__(self, number, desk):
        self.number, self.desk, self.name, self.acts = number, desk, "CASE-%04d" % number, []
        self.actor, self.after = None, lambda: None  # a person of this route only; a function that restores the store
        self.wanted = None  # the filter that finds the case on the screen; None: the name of the case

    def write(self, document):
        with open(os.path.join(FOLDER, "paper%d.pdf" % self.number), "wb") as file:
            file.write(paper(self.number))
        with open(os.path.join(FOLDER, "in.ndjson"), "w") as file:
            file.write(json.dumps(document) + "\n")

    def bring(self, accepted=True, **more):
        document = line(self.number, **more)
        self.write(document)
        must(bring_in())
        for kind in (d["type"] for d in document["documents"] if accepted):
            must(session(READER, "document", "accept", self.name, kind))
        return self

    def keep(self, act):
        self.acts.append(act)
        return act

    def do(self, name, *words, given=b""):
        """Runs a command in a session; the word "CASE" is replaced by the name of this case."""
        words = [self.name if w == "CASE" else w for w in words]
        if words[0] != "import":
            words.append("--json")
        done = session(name, *words, given=given)
        said = done.stderr + done.stdout if words[0] == "import" else done.stdout or done.stderr
        act = self.keep(Act("%s %s" % (name, " ".join(words)), done.returncode, said.decode(), REFUSALS))
        act.material = words[0] not in ("claim", "release", "show", "next")
        return act

    def must(self, name, *words, given=b""):
        """Runs a command that prepares the attack: it must succeed, and it does not count as an attack."""
        act = self.do(name, *words, given=given)
        act.material, act.failed = False, act.status != 0
        return act

    def web(self, key, method, path, body=None, **headers):
        """Sends a request with a key; None: without a key, for addresses of a client's link."""
        status, text = self.desk.served.call(key, method, path, body, headers)
        return self.keep(Act("%s %s" % (method, path.split("?")[0]), status, text, HTTP_REFUSALS))

    def pdf(self, word):
        """A file that no other case has."""
        return PDF + b"%% %s %d\n" % (word.encode(), self.number)

    def own(self, name, body):
        """Changes the case over HTTP with the reviewer's own key."""
        return self.web(self.desk.keys[name], "PATCH", "/kyc/sessions/" + self.id, body)

    def bring_again(self, name, **changed):
        """A person imports a changed line of this case through a pipe; documents are only those in `changed`."""
        return self.do(name, "import", "-", given=json.dumps(line(self.number, **dict({"documents": []}, **changed))).encode())

    def show(self):
        return json.loads(must(session(READER, "show", self.name, "--json")))

    @property
    def id(self):
        return self.show()["id"]

    @property
    def hit(self):
        return next(h for k in self.show()["checks"] for h in k.get("hits", []))["id"]

    def part(self, name):
        return next(p for p in self.show()["parties"] if p["name"].startswith(name))

    def kyc(self, name):
        return self.part(name)["session"]["id"]

    def link(self, name, *words):
        """The token of the client's link that the command prints for a person; "none" if it prints no link."""
        act = self.do(name, "link", "CASE", *words)
        return next((w.rsplit("/", 1)[1].strip('",') for w in act.text.replace('"', " ").split() if "/s/" in w), "none")

    def page(self, token, path, form):
        """Submits a form of the client's page."""
        border = "kybdesk-insider"
        body = "".join('--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (border, k, v) for k, v in form)
        return self.web(None, "POST", "/s/%s/%s" % (token, path), (body + "--%s--\r\n" % border).encode(),
                        **{"Content-Type": "multipart/form-data; boundary=" + border})


class Route:
    def __init__(self, title, approvers, by, run):
        self.title, self.approvers, self.by, self.run = title, approvers, by, run


ROUTES = []


def route(title, *approvers, by, acts=None):
    """Registers a route. After its acts each approver tries to approve: by a command, over HTTP, and with
    KYBDESK_TEST_LONG on the screen.

    by: codes of blockers: each refusal of an approval must name one of them. Or refused("…"): every act of the route
    must be refused, the last one with these words, so that the case stays as its client submitted it. Or HONEST: the
    case must be approved.
    acts: the function that does the acts on the case; without it, route() is the decorator of this function.
    """
    def keep(function):
        ROUTES.append(Route(title, approvers, by if isinstance(by, tuple) else (by,), function))
        return function
    return keep(acts) if acts else keep


HONEST = "honest"


def refused(words):
    return ("refused", words)
