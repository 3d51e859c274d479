#!/usr/bin/env python3
"""Simulates a team for five minutes: 20 workbenches with one reviewer each, 3 servers and 2 delivery workers on one
PostgreSQL store with 100 connections. After half of the time PostgreSQL fails, and its replica takes over. Prints the
counts. Fails if a command failed outside the failover, a screen stayed stale, more than one `next` in 100 took longer
than a second, a webhook was sent twice outside the failover, an approval or its webhook is missing, or `audit verify`
fails.
usage: team.py PROGRAM [--seconds 300] [--desks 20] [--cases 900] [--next-ms 1000]"""

import argparse
import glob
import http.server
import json
import os
import pwd
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

RECOVERY_S = 15  # errors up to this time after the replica's promotion do not count, since the programs reconnect
FRESH_S = 10  # a screen must show a change within this time


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Cluster:
    """A PostgreSQL server and its replica, which confirms every commit: no commit is lost if the server fails."""

    def __init__(self, folder):
        self.folder, self.bin = folder, sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.ports, self.running = [free_port(), free_port()], []
        self.user = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
        if self.user:
            os.chown(folder, self.user.pw_uid, self.user.pw_gid)

    def words(self, program, *words):
        start = ["setpriv", "--reuid", "postgres", "--regid", "postgres", "--init-groups"] if self.user else []
        return [*start, "env", "LC_ALL=C.UTF-8", os.path.join(self.bin, program), *words]

    def run(self, program, *words):
        subprocess.run(self.words(program, *words), check=True, stdout=subprocess.DEVNULL, cwd=self.folder)

    def start(self, place, *options):
        out = open(os.path.join(self.folder, "%d.log" % place), "wb")
        process = subprocess.Popen(self.words("postgres", "-D", self.data(place), "-p", str(self.ports[place]), "-k", self.folder,
                                              "-c", "listen_addresses=127.0.0.1", "-c", "max_connections=100", *options),
                                   stdout=out, stderr=out, cwd=self.folder)
        self.running.append(process)
        while subprocess.run(self.words("pg_isready", "-q", "-h", "127.0.0.1", "-p", str(self.ports[place])), cwd=self.folder).returncode:
            time.sleep(0.2)

    def data(self, place):
        return os.path.join(self.folder, "data%d" % place)

    def sql(self, place, text):
        done = subprocess.run(self.words("psql", "-XAtq", "-h", "127.0.0.1", "-p", str(self.ports[place]), "-U", "kybdesk", "-d", "postgres", "-c", text),
                              check=True, capture_output=True, text=True, cwd=self.folder)
        return done.stdout.strip()

    def make(self):
        self.run("initdb", "-D", self.data(0), "-U", "kybdesk", "-A", "trust", "-E", "UTF8", "--no-sync")
        with open(os.path.join(self.data(0), "pg_hba.conf"), "a") as file:
            file.write("host replication all 127.0.0.1/32 trust\n")
        self.start(0)
        self.run("pg_basebackup", "-D", self.data(1), "-R", "-h", "127.0.0.1", "-p", str(self.ports[0]), "-U", "kybdesk", "--checkpoint=fast", "--no-sync")
        self.start(1)
        self.sql(0, "ALTER SYSTEM SET synchronous_standby_names = '*'")
        self.sql(0, "SELECT pg_reload_conf()")
        self.sql(0, "CREATE DATABASE kybdesk")

    def store(self):
        return "postgresql://kybdesk@127.0.0.1:%d,127.0.0.1:%d/kybdesk?target_session_attrs=read-write" % tuple(self.ports)

    def fail_over(self):
        self.run("pg_ctl", "-D", self.data(0), "-m", "immediate", "stop")
        self.run("pg_ctl", "-D", self.data(1), "promote")

    def end(self):
        for place in (0, 1):
            subprocess.run(self.words("pg_ctl", "-D", self.data(place), "-m", "immediate", "stop"), capture_output=True, cwd=self.folder)


class Receiver:
    def __init__(self):
        got = self.got = []

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                got.append((self.headers["webhook-id"], time.monotonic(), body))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = "http://127.0.0.1:%d/" % self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


class Team:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.program = os.path.abspath(options.program)
        self.cluster, self.receiver = Cluster(os.path.join(folder, "postgresql")), Receiver()
        self.environment = dict(os.environ, HOME=folder, KYBDESK_STORE=self.cluster.store(), TERM="xterm-256color", LANG="C.UTF-8")
        for name in ("XDG_DATA_HOME", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "TMUX"):
            self.environment.pop(name, None)
        self.tmux = ["tmux", "-L", "kybdesk-team-%d" % os.getpid(), "-f", "/dev/null"]
        self.lock, self.ended = threading.Lock(), threading.Event()
        self.times, self.errors, self.approved, self.calls, self.most = [], [], set(), 0, 0
        self.window, self.programs, self.addresses = None, [], []

    def run(self, *words, text=None):
        return subprocess.run([self.program, *words], env=self.environment, input=text, capture_output=True, text=True, cwd=self.folder)

    def must(self, *words, text=None):
        done = self.run(*words, text=text)
        if done.returncode:
            raise SystemExit("team.py: %s: %s" % (" ".join(words), done.stderr or done.stdout))
        return done.stdout

    def note(self, what, began):
        """Records an error with its time: counted() leaves out the errors during the failover."""
        with self.lock:
            self.errors.append((what, began, time.monotonic()))

    def counted(self):
        begin, end = self.window or (float("inf"), float("-inf"))
        return [what for what, began, ended in self.errors if ended < begin or began > end + RECOVERY_S]

    def prepare(self):
        self.cluster.make()
        self.must("init", "--sandbox")
        self.must("merchant", "add", "shop")
        self.key = json.loads(self.must("merchant", "key", "shop", "--json"))["api_key"]
        self.must("endpoint", "add", "--merchant", "shop", "--url", self.receiver.url, "--event", "*")
        for desk in range(self.options.desks):
            self.must("reviewer", "add", "r%d" % desk, "--role", "reviewer")
        person = ('{"external_ref":"T-%d","workflow":"generic-kyc","kind":"kyc","merchant":"shop","status":"manual_review","subject":'
                  '{"kind":"individual","name":"Ines Duarte %d","country":"PRT","date_of_birth":"1984-02-11","tax_id":"12345-%d"},'
                  '"checks":[{"kind":"face_match","status":"passed"}],"steps":[{"id":"identity","status":"completed"}]}\n')
        self.must("import", "-", text="".join(person % (case, case, case) for case in range(self.options.cases)))

    def start(self):
        for place in range(3):
            path = os.path.join(self.folder, "serve%d" % place)
            self.programs.append(subprocess.Popen([self.program, "serve", "--no-deliver", "--listen", "127.0.0.1:0", "--store-connections", "8", "--key-limit", "0", "--address-limit", "0"],
                                                  env=self.environment, stdout=open(path, "wb"), stderr=subprocess.STDOUT, cwd=self.folder))
            while not re.search("Listening on (http://[0-9.:]+)", open(path).read()):
                time.sleep(0.1)
            self.addresses.append(re.search("Listening on (http://[0-9.:]+)", open(path).read()).group(1))
        for place in range(2):
            out = open(os.path.join(self.folder, "deliver%d" % place), "wb")
            self.programs.append(subprocess.Popen([self.program, "webhook", "deliver"], env=self.environment, stdout=out, stderr=out, cwd=self.folder))
        for desk in range(self.options.desks):
            subprocess.run([*self.tmux, "new-session", "-d", "-s", "r%d" % desk, "-x", "80", "-y", "24", "%s --as r%d" % (self.program, desk)],
                           env=self.environment, check=True, cwd=self.folder)
        threads = [threading.Thread(target=self.review, args=(desk,)) for desk in range(self.options.desks)]
        threads += [threading.Thread(target=self.integrate, args=(address,)) for address in self.addresses]
        threads.append(threading.Thread(target=self.watch))
        for thread in threads:
            thread.start()
        return threads

    def review(self, desk):
        """One reviewer: waits 4 to 12 s, takes the next case, adds a note and approves the case; again and again."""
        name, chance = "r%d" % desk, random.Random(desk)
        while not self.ended.wait(chance.uniform(4, 12)):
            began = time.monotonic()
            done = self.run("--as", name, "next", "--json")
            took = time.monotonic() - began
            if done.returncode:
                self.note("next: %s" % (done.stdout + done.stderr), began)
                continue
            with self.lock:
                self.times.append((took, began))
            case = json.loads(done.stdout).get("session") or json.loads(done.stdout)
            for words in (("note", case["id"], "Looked at."), ("approve", case["id"], "--grace", "0")):
                began = time.monotonic()
                done = self.run("--as", name, *words)
                if done.returncode:
                    self.note("%s: %s" % (words[0], done.stdout + done.stderr), began)
                elif words[0] == "approve":
                    with self.lock:
                        self.approved.add(case["id"])

    def integrate(self, address):
        """A merchant's program: requests a page of sessions every 0.5 s."""
        while not self.ended.wait(0.5):
            began = time.monotonic()
            try:
                request = urllib.request.Request(address + "/v1/kyc/sessions?limit=20", headers={"Authorization": "Bearer " + self.key})
                with urllib.request.urlopen(request, timeout=20) as answer:
                    json.load(answer)
                self.calls += 1
            except (OSError, ValueError) as trouble:
                self.note("%s: %s" % (address, trouble), began)

    def watch(self):
        while not self.ended.wait(2):
            for place in (0, 1):
                try:
                    self.most = max(self.most, int(self.cluster.sql(place, "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'")))
                except (subprocess.CalledProcessError, ValueError):
                    pass

    def screen(self, desk):
        return subprocess.run([*self.tmux, "capture-pane", "-p", "-t", "r%d" % desk], capture_output=True, text=True).stdout

    def stale(self, wanted):
        """Desks whose screen does not show the number of approved cases within FRESH_S."""
        end = time.monotonic() + FRESH_S
        while True:
            old = [desk for desk in range(self.options.desks) if not re.search(r"appro\S*\s+%s\b" % wanted, self.screen(desk))]
            if not old or time.monotonic() > end:
                return old
            time.sleep(0.3)

    def count_approved(self):
        return len(json.loads(self.must("list", "--filter", "status:approved", "--json", "--limit", "1000"))["data"])

    def end(self):
        self.ended.set()
        subprocess.run([*self.tmux, "kill-server"], capture_output=True)
        for program in self.programs:
            program.send_signal(signal.SIGTERM)
        for program in self.programs:
            try:
                program.wait(30)
            except subprocess.TimeoutExpired:
                program.kill()
        self.cluster.end()


def report(team, stale):
    twice, first = [], {}
    for number, at, _ in team.receiver.got:
        begin, end = team.window
        if number in first and not (begin - 2 <= at <= end + 60):
            twice.append(number)
        first.setdefault(number, at)
    begin, end = team.window
    times = sorted(took for took, began in team.times if not begin <= began <= end + RECOVERY_S)
    p99 = times[max(0, int(len(times) * 0.99) - 1)]
    count = team.count_approved()
    verified = team.run("audit", "verify")
    rows = [
        ("commands and calls without an error outside the failover", not team.counted(), "%d errors in all; first: %s" % (len(team.errors), (team.counted() or [""])[0][:200])),
        ("no stale screen", not stale, "%d of %d desks" % (len(stale), team.options.desks)),
        ("next within %d ms (99 of 100)" % team.options.next_ms, p99 * 1000 <= team.options.next_ms, "%d, median %.0f ms, p99 %.0f ms, longest %.0f ms" % (len(times), statistics.median(times) * 1000, p99 * 1000, times[-1] * 1000)),
        ("no webhook twice", not twice, "%d received, %d ids" % (len(team.receiver.got), len(first))),
        ("every approval that was confirmed is there", team.approved and count >= len(team.approved), "%d confirmed, %d stored" % (len(team.approved), count)),
        ("a webhook for each approval", len(first) >= count, "%d ids" % len(first)),
        ("connections within the server's 100", 0 < team.most <= 97, "%d at most" % team.most),
        ("audit verify", verified.returncode == 0, (verified.stdout + verified.stderr).splitlines()[0][:90]),
        ("merchants' calls", team.calls > 0, "%d" % team.calls),
    ]
    for what, holds, detail in rows:
        print("%-60s %s  %s" % (what, "held  " if holds else "FAILED", detail))
    return 0 if all(holds for _, holds, _ in rows) else 1


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("program")
    parser.add_argument("--seconds", type=int, default=300)
    parser.add_argument("--desks", type=int, default=20)
    parser.add_argument("--cases", type=int, default=900)
    parser.add_argument("--next-ms", type=int, default=1000, help="a program with sanitizers takes longer")
    options = parser.parse_args()
    folder = tempfile.mkdtemp(prefix="kybdesk-team.")
    os.chmod(folder, 0o755)
    os.mkdir(os.path.join(folder, "postgresql"), 0o700)
    team, status = Team(options, folder), 1
    try:
        team.prepare()
        threads = team.start()
        time.sleep(options.seconds / 2)
        began = time.monotonic()
        team.cluster.fail_over()
        team.window = (began - 2, time.monotonic())
        print("failover in %.1f s" % (time.monotonic() - began))
        time.sleep(options.seconds / 2)
        team.ended.set()
        for thread in threads:
            thread.join()
        stale = team.stale(team.count_approved())
        for desk in stale[:2]:
            print(team.screen(desk))
        time.sleep(5)
        status = report(team, stale)
        for what in team.counted()[:10]:
            print("error: %s" % what[:300].replace("\n", " "))
    finally:
        team.end()
        shutil.rmtree(folder, ignore_errors=True)
    return status


if __name__ == "__main__":
    sys.exit(main())
