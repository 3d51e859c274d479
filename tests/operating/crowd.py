#!/usr/bin/env python3
"""Fifty reviewers use their workbenches on one store for five minutes, while an import runs and merchants create 200
sessions a second. Prints the times from a key to the first output after it. Fails if there was an error, more than one
key in 100 took longer than 20 ms, a confirmed decision is not in the store, too few sessions were created or nothing
was imported, or `audit verify` fails.
usage: crowd.py PROGRAM [--engine sqlite|postgresql] [--seconds 300] [--desks 50] [--creates 200] [--lines 16] [--key-ms 20]"""

import argparse
import fcntl
import heapq
import http.client
import json
import os
import pty
import random
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import sys
import tempfile
import termios
import threading
import time
import urllib.parse

from team import Cluster

PERSON = ('{"external_ref":"%s-%d","workflow":"generic-kyc","kind":"kyc","merchant":"shop","status":"manual_review","subject":'
          '{"kind":"individual","name":"Ines Duarte %d","country":"PRT","date_of_birth":"1984-02-11","tax_id":"%s-%d"},'
          '"checks":[{"kind":"face_match","status":"passed"}],"steps":[{"id":"identity","status":"completed"}]}\n')
CREATED = json.dumps({"workflow_id": "generic-kyc", "subject": {"kind": "individual", "name": "Rui Prata", "country": "PT"}})


class OneServer(Cluster):
    def make(self):
        self.run("initdb", "-D", self.data(0), "-U", "kybdesk", "-A", "trust", "-E", "UTF8", "--no-sync")
        self.start(0, "-c", "max_connections=200")
        self.sql(0, "CREATE DATABASE kybdesk")

    def store(self):
        return "postgresql://kybdesk@127.0.0.1:%d/kybdesk" % self.ports[0]


class Crowd:
    def __init__(self, options, folder):
        self.options, self.folder, self.program = options, folder, os.path.abspath(options.program)
        self.server = OneServer(os.path.join(folder, "postgresql")) if options.engine == "postgresql" else None
        store = self.server.store() if self.server else os.path.join(folder, "store.db")
        self.environment = dict(os.environ, HOME=folder, KYBDESK_STORE=store, TERM="xterm-256color", LANG="C.UTF-8", COLUMNS="120", LINES="40")
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "TMUX"):
            self.environment.pop(name, None)
        self.ended, self.lock = threading.Event(), threading.Lock()
        self.errors, self.confirmed, self.created, self.imported, self.keys = [], set(), [], 0, []
        self.desks, self.programs = [], []

    def run(self, *words, text=None):
        return subprocess.run([self.program, *words], env=self.environment, input=text, capture_output=True, text=True, cwd=self.folder)

    def must(self, *words, text=None):
        done = self.run(*words, text=text)
        if done.returncode:
            raise SystemExit("crowd.py: %s: %s" % (" ".join(words), done.stderr or done.stdout))
        return done.stdout

    def prepare(self):
        if self.server:
            self.server.make()
        self.must("init", "--sandbox")
        self.must("merchant", "add", "shop")
        self.key = json.loads(self.must("merchant", "key", "shop", "--json"))["api_key"]
        for desk in range(self.options.desks):
            self.must("reviewer", "add", "r%d" % desk, "--role", "reviewer")
        self.must("import", "-", text="".join(PERSON % ("T", case, case, "12345", case) for case in range(self.options.cases)))
        path = os.path.join(self.folder, "address")
        self.programs.append(subprocess.Popen([self.program, "serve", "--listen", "127.0.0.1:0", "--key-limit", "0", "--address-limit", "0"],
                                              env=self.environment, stdout=open(path, "wb"), stderr=subprocess.STDOUT, cwd=self.folder))
        while not re.search("Listening on (http://[0-9.:]+)", open(path).read()):
            time.sleep(0.1)
        self.address = urllib.parse.urlsplit(re.search("Listening on (http://[0-9.:]+)", open(path).read()).group(1)).netloc

    def start_desk(self, number):
        pid, fd = pty.fork()
        if pid == 0:
            os.chdir(self.folder)
            os.execvpe(self.program, [self.program, "--as", "r%d" % number], self.environment)
        os.set_inheritable(fd, False)  # later programs do not inherit it, so closing it here ends this workbench
        fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack("HHHH", 40, 120, 0, 0))
        self.desks.append((pid, fd))

    def create(self, place):
        """One connection of a merchant: creates its share of the sessions at a fixed rate."""
        every, at = self.options.lines / self.options.creates, time.monotonic() + place / self.options.creates
        line = http.client.HTTPConnection(self.address, timeout=30)
        while not self.ended.is_set():
            at += every
            time.sleep(max(0, at - time.monotonic()))
            began = time.monotonic()
            try:
                line.request("POST", "/v1/kyc/sessions", CREATED, {"Authorization": "Bearer " + self.key, "Content-Type": "application/json"})
                answer = line.getresponse()
                body = answer.read()
                if answer.status == 201:
                    self.created.append(time.monotonic() - began)
                else:
                    self.errors.append("create: %d %s" % (answer.status, body[:200]))
            except (OSError, http.client.HTTPException) as trouble:
                self.errors.append("create: %r" % trouble)
                line.close()

    def bring(self):
        part = 0
        while not self.ended.is_set():
            part += 1
            done = self.run("import", "-", text="".join(PERSON % ("I%d" % part, case, case, "I%d" % part, case) for case in range(2000)))
            if done.returncode:
                self.errors.append("import: %s" % done.stderr[:200])
                return
            self.imported += 2000

    def decide(self):
        chance, number = random.Random(1), 0
        while not self.ended.wait(chance.uniform(0.2, 0.8)):
            number = (number + 1) % self.options.desks
            name = "r%d" % number
            done = self.run("--as", name, "next", "--json")
            if done.returncode:
                self.errors.append("next: %s" % (done.stdout + done.stderr)[:200])
                continue
            case = json.loads(done.stdout)
            case = (case.get("session") or case)["id"]
            done = self.run("--as", name, "approve", case, "--grace", "0")
            if done.returncode:
                self.errors.append("approve: %s" % (done.stdout + done.stderr)[:200])
            else:
                self.confirmed.add(case)

    def press(self):
        """Presses a key at each desk every one to two seconds, and records the time until the first byte of output."""
        chance = random.Random(2)
        now = time.monotonic()
        due = [(now + 3 + chance.uniform(0, 2), desk) for desk in range(len(self.desks))]
        heapq.heapify(due)
        waits, places, poll = {}, {fd: desk for desk, (_, fd) in enumerate(self.desks)}, select.poll()
        quiet = {desk: now for desk in range(len(self.desks))}
        for fd in places:
            os.set_blocking(fd, False)
            poll.register(fd, select.POLLIN)
        while not self.ended.is_set():
            for fd, _ in poll.poll(max(0, min(50, (due[0][0] - time.monotonic()) * 1000))):
                desk = places[fd]
                try:
                    if not os.read(fd, 65536):
                        raise OSError("it ended")
                except BlockingIOError:
                    continue
                except OSError as trouble:
                    self.errors.append("desk %d: %s" % (desk, trouble))
                    poll.unregister(fd)
                    continue
                now = quiet[desk] = time.monotonic()
                if desk in waits:
                    self.keys.append(now - waits.pop(desk))
            now = time.monotonic()
            while due and due[0][0] <= now:
                _, desk = heapq.heappop(due)
                if desk in waits and now - waits[desk] > 5:
                    self.errors.append("desk %d did not answer a key in 5 s" % desk)
                    waits.pop(desk)
                # A desk that is painting now gets no key: its output would be taken for the response to the key.
                if desk not in waits and now - quiet[desk] > 0.1:
                    waits[desk] = time.monotonic()
                    # Always j (down): k (up) on the first row paints nothing.
                    os.write(self.desks[desk][1], b"j")
                heapq.heappush(due, (now + chance.uniform(1, 2), desk))

    def work(self):
        for desk in range(self.options.desks):
            self.start_desk(desk)
        threads = [threading.Thread(target=self.create, args=(place,)) for place in range(self.options.lines)]
        threads += [threading.Thread(target=self.bring), threading.Thread(target=self.decide)]
        for thread in threads:
            thread.start()
        threading.Timer(self.options.seconds, self.ended.set).start()
        self.press()
        for thread in threads:
            thread.join()

    def end(self):
        self.ended.set()
        for pid, fd in self.desks:
            try:
                os.kill(pid, signal.SIGHUP)
                os.close(fd)
                os.waitpid(pid, 0)
            except OSError:
                pass
        for program in self.programs:
            program.send_signal(signal.SIGTERM)
            program.wait(60)
        if self.server:
            self.server.end()

    def report(self):
        keys = sorted(self.keys)
        p99 = keys[int(len(keys) * 0.99) - 1]
        approved = {case["id"] for case in json.loads(self.must("list", "--filter", "status:approved", "--json", "--limit", "1000"))["data"]}
        creates = sorted(self.created)
        verified = self.run("audit", "verify")
        rows = [
            ("no error", not self.errors, "%d; first: %s" % (len(self.errors), (self.errors or [""])[0])),
            ("a key painted within %d ms (99 of 100)" % self.options.key_ms, p99 * 1000 <= self.options.key_ms,
             "%d keys, median %.1f ms, p99 %.1f ms, longest %.0f ms" % (len(keys), statistics.median(keys) * 1000, p99 * 1000, keys[-1] * 1000)),
            ("every decision that was confirmed is there", self.confirmed and self.confirmed <= approved, "%d confirmed, %d stored" % (len(self.confirmed), len(approved))),
            ("creations a second", len(creates) >= 0.95 * self.options.creates * self.options.seconds,
             "%.0f a second, median %.0f ms, p99 %.0f ms" % (len(creates) / self.options.seconds, statistics.median(creates) * 1000, creates[int(len(creates) * 0.99) - 1] * 1000)),
            ("an import beside them", self.imported > 0, "%d lines" % self.imported),
            ("audit verify", verified.returncode == 0, (verified.stdout + verified.stderr).splitlines()[0][:90]),
        ]
        for what, holds, detail in rows:
            print("%-46s %s  %s" % (what, "held  " if holds else "FAILED", detail))
        return 0 if all(holds for _, holds, _ in rows) else 1


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program")
    parser.add_argument("--engine", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--desks", type=int, default=50)
    parser.add_argument("--creates", type=int, default=200)
    parser.add_argument("--lines", type=int, default=16, help="the merchants' connections, which share the creations")
    parser.add_argument("--cases", type=int, default=900)
    parser.add_argument("--key-ms", type=int, default=20)
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="kybdesk-crowd.")
    os.chmod(folder, 0o755)
    os.mkdir(os.path.join(folder, "postgresql"), 0o700)
    crowd, status = Crowd(options, folder), 1
    try:
        crowd.prepare()
        crowd.work()
        status = crowd.report()
    finally:
        crowd.end()
        shutil.rmtree(folder, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
