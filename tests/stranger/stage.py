"""The environment of the clients in this folder: a sandbox store, the server of its HTTP API, a reviewer's terminal,
and the client's endpoint for webhooks. It uses Python's library and tmux; of kybdesk it only runs the program."""

import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

PATIENCE_S = 60
SETTLED_S = 0.25  # the screen must not change for this long before a key is sent: an undrawn dialog ignores keys
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
JPEG = b"\xff\xd8\xff\xe0 JFIF front of an identity card \xff\xd9"


class Failure(Exception):
    """An expectation that was not met."""


def until(what, look):
    """Calls look() until its result is true, and returns the result; raises Failure(what) after PATIENCE_S."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = look()
        if found:
            return found
        time.sleep(0.05)
    raise Failure(what() if callable(what) else what)


class Answer:
    def __init__(self, status, body, headers):
        self.status, self.body, self.headers = status, body, headers

    @property
    def json(self):
        return json.loads(self.body)


class Receiver:
    """A webhook endpoint that keeps each request and answers 204."""

    def __init__(self):
        self.got = []
        kept = self.got

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                kept.append((dict((k.lower(), v) for k, v in self.headers.items()), body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d/hooks" % self.server.server_port
        self.secret = None
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def verified(self, headers, body):
        """Standard Webhooks: v1,base64(HMAC-SHA256(secret, id.timestamp.body))."""
        key = base64.b64decode(self.secret[len("whsec_"):])
        signed = b".".join([headers["webhook-id"].encode(), headers["webhook-timestamp"].encode(), body])
        wanted = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        late = abs(time.time() - int(headers["webhook-timestamp"]))
        return late < 300 and any(hmac.compare_digest(wanted, one) for one in headers["webhook-signature"].split())

    def wait_for(self, event):
        """Waits for the first event of this name and returns its body. It and all events before it must be signed."""

        def look():
            for headers, body in list(self.got):
                if not self.verified(headers, body):
                    raise Failure("the signature of %s is wrong: %s" % (body, headers))
                said = json.loads(body)
                if said.get("type", said.get("event")) == event:
                    return said
            return None

        return until(lambda: "no %s came, only %s" % (event, [b for _, b in self.got]), look)


class Stage:
    def __init__(self, program, *options, quiet=False, delivers=False):
        self.program, self.quiet = os.path.abspath(program), quiet
        self.options = options if delivers else ("--no-deliver", *options)
        self.folder = tempfile.mkdtemp(prefix="kybdesk-stranger-")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": self.folder,
            "TERM": "screen-256color",
            "LANG": "C.UTF-8",
            "XDG_CONFIG_HOME": self.folder + "/config",
            "XDG_DATA_HOME": self.folder + "/data",
            "KYBDESK_STORE": self.store(),
            "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", ""),
        }
        os.makedirs(self.folder + "/config/kybdesk")
        with open(self.folder + "/config/kybdesk/config.json", "w") as out:
            json.dump({"grace_seconds": 0}, out)
        self.tmux_words = ["tmux", "-S", self.folder + "/tmux", "-f", "/dev/null"]
        self.server = None
        self.receiver = Receiver()
        self.token = self.bare = None
        self.called = []  # the path of each call, without the server's address
        self.run("init", "--sandbox")
        self.run("merchant", "add", "shop")
        made = json.loads(self.run("merchant", "key", "shop", "--permission", "kyc:create", "--permission", "kyc:read",
                                       "--permission", "kyc:process", "--permission", "kyc:review"))
        self.key = {word: made[word] for word in ("api_code", "api_key")}
        self.serve()
        self.run("store", "set", "public_url", self.url)

    def store(self):
        """The path or the address of the store."""
        return self.folder + "/store.db"

    @contextlib.contextmanager
    def locked(self):
        """Another process holds the lock of the store."""
        db = sqlite3.connect(self.folder + "/store.db", isolation_level=None)
        db.execute("BEGIN IMMEDIATE")
        yield
        db.execute("ROLLBACK")
        db.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        subprocess.run(self.tmux_words + ["kill-server"], env=self.environment, capture_output=True)
        self.server.terminate()
        try:
            ended = self.server.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.server.kill()
            ended = "never"
        self.receiver.server.shutdown()
        with open(self.folder + "/server.err") as said:
            words = said.read()
        shutil.rmtree(self.folder, ignore_errors=True)
        if ended != 0 or "Sanitizer" in words:
            raise Failure("the server ended with %s: %s" % (ended, words))

    # --- what the operator of the desk does ---

    def run(self, *words):
        done = subprocess.run([self.program, *words], env=self.environment, capture_output=True, text=True)
        if done.returncode:
            raise Failure("kybdesk %s: %d: %s" % (" ".join(words), done.returncode, done.stderr))
        return done.stdout

    def serve(self):
        with open(self.folder + "/address", "w") as out, open(self.folder + "/server.err", "w") as err:
            self.server = subprocess.Popen(
                [self.program, "serve", "--listen", "127.0.0.1:0", *self.options], env=self.environment, stdout=out, stderr=err
            )

        def look():
            with open(self.folder + "/address") as said:
                return re.search(r"Listening on (http://\S+)\n", said.read())

        self.url = until("the server does not listen", look).group(1)

    # --- what the reviewer does: presses keys and reads the screen ---

    def sit_down(self):
        subprocess.run(
            self.tmux_words + ["new-session", "-d", "-x", "140", "-y", "45", self.program],
            env=self.environment,
            check=True,
            capture_output=True,
        )

    def screen(self):
        shown = subprocess.run(self.tmux_words + ["capture-pane", "-p"], env=self.environment, capture_output=True, text=True)
        return shown.stdout

    def sees(self, text):
        until(lambda: 'the screen never shows "%s":\n%s' % (text, self.screen()), lambda: text in self.screen())
        last, since = self.screen(), time.monotonic()
        while time.monotonic() - since < SETTLED_S:
            time.sleep(0.05)
            now = self.screen()
            if now != last:
                last, since = now, time.monotonic()

    def leaves(self, text):
        until(lambda: 'the screen still shows "%s":\n%s' % (text, self.screen()), lambda: text not in self.screen())

    def press(self, *keys):
        """keys: their names in tmux, such as a, Enter, Tab, C-y."""
        subprocess.run(self.tmux_words + ["send-keys", *keys], env=self.environment, check=True, capture_output=True)

    def type(self, text):
        if text:
            subprocess.run(self.tmux_words + ["send-keys", "-l", text], env=self.environment, check=True, capture_output=True)

    def approve(self, says):
        self.press("a")
        self.sees("y approve")
        self.press("y")
        self.sees(says)

    # --- what the client does ---

    def call(self, method, path, body=None, headers=None, data=None, wants=None):
        sent = dict(headers or {})
        if self.bare:
            sent.update({"Authorization": self.bare, "Identity": "shop"})
        elif self.token:
            sent["Authorization"] = "Bearer " + self.token
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        where = path if path.startswith("http") else self.url + path
        self.called.append(where[len(self.url):])
        request = urllib.request.Request(where, data=data, method=method, headers=sent)
        # Ignore the machine's proxy settings: the server listens on the loopback address.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(request, timeout=PATIENCE_S) as got:
                answer = Answer(got.status, got.read(), got.headers)
        except urllib.error.HTTPError as error:
            answer = Answer(error.code, error.read(), error.headers)
        if wants is not None and answer.status != wants:
            raise Failure("%s %s: %d instead of %d: %s" % (method, path, answer.status, wants, answer.body))
        if not self.quiet:
            print("  %s %s: %d" % (method, re.sub(r"[0-9a-f-]{36}|/s/[\w-]{20,}|/(?:uploads|files)/[\w-]+", "…", path), answer.status))
        return answer

    def form(self, path, fields, name, content, wants=201):
        border = "kybdesk-stranger"
        parts = []
        for key, value in fields.items():
            parts.append('--%s\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (border, key, value))
        head = '--%s\r\nContent-Disposition: form-data; name="file"; filename="%s"\r\n\r\n' % (border, name)
        data = ("".join(parts) + head).encode() + content + ("\r\n--%s--\r\n" % border).encode()
        return self.call(
            "POST", path, data=data, headers={"Content-Type": "multipart/form-data; boundary=" + border}, wants=wants
        )

    def listen(self, *events):
        """Registers the receiver by the API; the seed does this on a page of its portal."""
        made = self.call("POST", "/api/v1/webhooks", {"url": self.receiver.url, "events": list(events)}, wants=201)
        self.receiver.secret = made.json["secret"]

    def poll(self, path, look):
        return until("the response of %s never meets the condition" % path, lambda: look(self.call("GET", path, wants=200).json))

    def bring(self, link):
        """Completes, as the client at the hosted link, every step that is requested, and submits."""
        path = urllib.parse.urlparse(link).path
        if self.call("GET", path, wants=200).headers.get_content_type() != "text/html":
            raise Failure("%s is not a page" % link)
        asked = self.call("GET", "/api" + path, wants=200).json
        for step in asked["steps"]:
            self.call("PUT", "/api%s/steps/%s" % (path, step["step_id"]), {"fields": {"said": "so"}, "done": True}, wants=200)
        self.call("POST", "/api%s/complete" % path, wants=200)


def expect(found, wanted, what):
    if found != wanted:
        raise Failure("%s: %r instead of %r" % (what, found, wanted))
