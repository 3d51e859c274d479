#!/usr/bin/env python3
"""Runs the pages for operators word by word on a booted Debian 12: system.py DEB [OLDER-DEB]. A root made by debootstrap
boots under systemd in namespaces of its own, with sshd, nginx, HAProxy and PostgreSQL of Debian; nothing in it reaches
another machine, and the names of the pages are addresses of the root itself. Every block of PAGES runs unchanged: `sh`
blocks line by line, as root or as the comment before it says, and blocks that begin with the path of a file become that
file. Needs root. system.py --read PROGRAM only reads the pages, and checks marks, commands and options.

Comments of the page's source, on the line before a block:
  <!-- system: as NAME -->       as this user, who was made for the test; postgres administers the server
  <!-- system: -->               only here, not by run_page.sh; likewise `terminal`, for a command that asks
  <!-- system: sqlite -->        only with a store in a file; `postgresql`: only with a store on a server
  <!-- system: not run: WHY -->  at most MARKS_MAX on all pages, never on a line that connects or starts something

Environment: KYBDESK_SYSTEM_PAGES names another folder of pages, KYBDESK_FRESH_MIRROR a mirror; KYBDESK_SYSTEM_KEEP=1
keeps the roots."""

import concurrent.futures
import contextlib
import glob
import json
import os
import pty
import re
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

import newcomer

SOURCE = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "../.."))
FOLDER = os.environ.get("KYBDESK_SYSTEM_PAGES", SOURCE + "/docs")
MIRROR = os.environ.get("KYBDESK_FRESH_MIRROR", "http://deb.debian.org/debian")
PAGES = ("operating", "access", "postgresql", "upgrade", "service")
MARKS_MAX = 5
PACKAGES = "systemd systemd-sysv dbus sudo openssh-server openssh-client nginx-light haproxy postgresql git curl openssl tmux".split()
HOSTS = "127.0.0.1 localhost desk desk.example audit.example\n::1 localhost\n10.0.0.5 db.example\n"
PEOPLE = ("ana", "max", "bo", "cleo", "dani")
PASSWORDS = {"kybdesk": "PASSWORD", "kybdesk_writer": "OTHER PASSWORD"}  # as the page writes .pgpass
LIMIT_S = 120


class Failure(Exception):
    pass


def say(text):
    print("system: " + text, flush=True)


# --- the pages ---


class Block:
    def __init__(self, page, section, line, kind, lines, mark):
        self.page, self.section, self.line, self.kind, self.lines = page, section, line, kind, lines
        words = [one.strip() for one in mark.split(",")] if not mark.startswith("not run:") else []
        self.why = mark[len("not run:"):].strip() if mark.startswith("not run:") else ""
        self.user = next((one[3:] for one in words if one.startswith("as ")), "root")
        self.engine = next((one for one in words if one in ("sqlite", "postgresql")), "")
        unknown = [one for one in words if one and not one.startswith("as ") and one not in ("sqlite", "postgresql", "terminal")]
        if unknown:
            raise Failure("%s: unknown mark %s" % (self, unknown))
        paths = [re.fullmatch(r"# (/\S+)", one) for one in lines[:2]]
        self.path = next((one[1] for one in paths if one), "")

    def __str__(self):
        return "%s.md:%d" % (self.page, self.line)


def read_page(page):
    """The blocks of a page. A block in an indented list is one, too; its indentation is not part of it."""
    blocks, section, mark, fence, lines, start, kind = [], "", "", None, [], 0, ""
    with open("%s/%s.md" % (FOLDER, page)) as text:
        for number, line in enumerate(text.read().split("\n"), 1):
            bare = line.strip()
            if fence is not None:
                if bare == "```":
                    blocks.append(Block(page, section, start, kind, lines, mark))
                    fence, mark = None, ""
                else:
                    lines.append(line[len(fence):] if line.startswith(fence) else bare)
            elif bare.startswith("```"):
                fence, lines, start, kind = line[: len(line) - len(line.lstrip())], [], number, bare[3:]
            elif line.startswith("## "):
                section = line[3:]
            elif bare.startswith("<!-- system: "):
                mark = bare[len("<!-- system: "):-len(" -->")]
    return blocks


CONNECTS = re.compile(r"\b(ssh|psql|curl|systemctl|createuser|createdb|pg_dump|init)\b")


def check_marks(blocks):
    marked = [one for one in blocks if one.why]
    for one in marked:
        say("not run: %s: %s" % (one, one.why))
        if any(CONNECTS.search(line) for line in one.lines if one.kind == "sh"):
            raise Failure("%s connects or starts something: it may not be left out" % one)
    if len(marked) > MARKS_MAX:
        raise Failure("%d blocks are left out; at most %d may be" % (len(marked), MARKS_MAX))


def read_only(program):
    """The part that needs no other system: marks, the commands and their options."""
    wrong = 0
    blocks = [one for page in PAGES for one in read_page(page)]
    check_marks(blocks)
    helps = {}
    for block in blocks:
        for line in block.lines if block.kind in ("sh", "ini") else ():
            line = re.sub(r"^sudo -u kybdesk |^ssh \S+@\S+ (?=\S*[a-z])", lambda one: "kybdesk " if one[0].startswith("ssh") else "", line)
            for found in re.finditer(r"(?:^|[ /])kybdesk ([^|<>;&#]*)", line):
                words = [word for word in found[1].replace('"', "").split() if not re.match(r"postgresql://|/", word)]
                words = words[words[:1] in (["--store"], ["help"]):]
                name = [word for word in words if re.fullmatch(r"[a-z]+", word)][:2] if words and not words[0].startswith("-") else []
                for length in (2, 1):
                    key = tuple(name[:length])
                    if key and key not in helps:
                        done = subprocess.run([program, "help", *key], capture_output=True, text=True)
                        helps[key] = done.stdout if done.returncode == 0 and " COMMAND ..." not in done.stdout.split("\n")[0] else ""
                    if key and helps[key]:
                        break
                text = helps.get(key, "") if name else ""
                if name and not text:
                    wrong += 1
                    print("%s: unknown command: %s" % (block, line.strip()))
                for option in re.findall(r"(?<!\S)--[a-z][\w-]*", found[1]) if text else ():
                    if option != "--store" and not re.search(r"^ +(-\w, )?%s\b" % option, text, re.M):
                        wrong += 1
                        print("%s: unknown option %s: %s" % (block, option, line.strip()))
    counts = ["%s %d" % (page, sum(one.page == page and (one.kind == "sh" or bool(one.path)) for one in blocks)) for page in PAGES]
    print("blocks that run: %s; left out: %d" % (", ".join(counts), sum(bool(one.why) for one in blocks)))
    return wrong


# --- a root ---


def run(words, **more):
    done = subprocess.run(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, **more)
    if done.returncode:
        raise Failure("%s: %d\n%s" % (" ".join(words), done.returncode, done.stdout[-3000:]))
    return done.stdout


def field(deb, name):
    return run(["dpkg-deb", "-f", deb, name]).strip()


def newer(deb, folder):
    """The same package with a higher version."""
    run(["dpkg-deb", "-R", deb, folder + "/unpacked"])
    control = folder + "/unpacked/DEBIAN/control"
    with open(control) as file:
        text = re.sub(r"(?m)^(Version: .*)$", r"\1+newer", file.read())
    with open(control, "w") as file:
        file.write(text)
    made = folder + "/kybdesk_newer.deb"
    run(["dpkg-deb", "--root-owner-group", "-b", folder + "/unpacked", made])
    shutil.rmtree(folder + "/unpacked")
    return made


def make_root(root, deb):
    """A minimal Debian with the services that the pages name, and what the package depends on, but not the package."""
    run(["debootstrap", "--variant=minbase", "bookworm", root, MIRROR])
    os.chmod(root, 0o755)
    shutil.copy("/etc/resolv.conf", root + "/etc/resolv.conf")
    write(root + "/usr/sbin/policy-rc.d", "#!/bin/sh\nexit 101\n", 0o755)
    depends = [re.split(r"[ (|]", one.strip())[0] for name in ("Depends", "Recommends") for one in field(deb, name).split(",") if one.strip()]
    chroot = ["unshare", "--mount", "--pid", "--fork", "--kill-child", "chroot", root, "env", "-i", "PATH=" + os.environ["PATH"], "DEBIAN_FRONTEND=noninteractive"]
    run([*chroot, "apt-get", "update", "-q"])
    run([*chroot, "apt-get", "install", "-y", "-q", "--no-install-recommends", *PACKAGES, *depends])
    os.remove(root + "/usr/sbin/policy-rc.d")
    for name in (*PEOPLE, "git"):
        run(["useradd", "--root", root, "--create-home", "--shell", "/bin/bash", name])
    for unit in ("systemd-sysctl.service", "console-getty.service", "systemd-modules-load.service", "nginx.service", "haproxy.service"):
        os.path.lexists(root + "/etc/systemd/system/" + unit) or os.symlink("/dev/null", root + "/etc/systemd/system/" + unit)
    write(root + "/etc/hostname", "desk\n")
    write(root + "/etc/hosts", HOSTS)


def write(path, text, mode=0o644):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    os.chmod(path, mode)


# Runs in new namespaces, becomes the init of the root $1: what a container's runtime would do. /sys and /proc/sys are
# read-only, so that nothing of the kernel is changed.
INIT = """set -eu
mount --make-rprivate /
mount --bind "$1" "$1"
cd "$1"
ip link set lo up
for address in 10.0.0.5 10.0.0.11 10.0.0.12; do ip address add $address/24 dev lo; done
hostname desk
mount -t proc proc proc
mount --bind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t sysfs -o ro sysfs sys
mount -t cgroup2 cgroup2 sys/fs/cgroup
mount -t tmpfs -o mode=755 tmpfs dev
for name in null zero full random urandom tty; do : >dev/$name; mount --bind /dev/$name dev/$name; done
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts dev/pts
mount -t tmpfs -o mode=1777 tmpfs dev/shm
ln -s pts/ptmx dev/ptmx
ln -s /proc/self/fd dev/fd
mount -t tmpfs -o mode=755 tmpfs run
pivot_root . mnt
cd /
umount -l /mnt
mount --make-rshared /
exec env -i container=kybdesk PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd --log-target=journal
"""


def unified():
    """A folder for control groups of version 2 that the root may own, or "" where the kernel has none."""
    for place in ("/sys/fs/cgroup", "/sys/fs/cgroup/unified"):
        if os.path.exists(place + "/cgroup.procs") and os.path.exists(place + "/cgroup.controllers"):
            return place
    return ""


class System:
    def __init__(self, root):
        self.root, self.group = root, "%s/kybdesk-system-%d" % (unified(), os.getpid())
        os.mkdir(self.group)
        # The shell moves itself into the group before the namespace is made, so that the group is its top.
        line = 'echo $$ >"$2/cgroup.procs"; exec unshare --mount --pid --net --uts --ipc --cgroup --fork --kill-child sh -c "$0" init "$1"'
        words = ["sh", "-c", line, INIT, root, self.group]
        self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.init = ""
        self.wait("systemd", lambda: self.boots())

    def boots(self):
        if self.process.poll() is not None:
            raise Failure("the root does not boot")
        with open("/proc/%d/task/%d/children" % (self.process.pid, self.process.pid)) as file:
            self.init = file.read().split(" ")[0]
        if not self.init:
            return False
        return self.quiet("systemctl is-system-running").strip() in ("running", "degraded")

    def words(self, user, line):
        # pam makes a session as at a login; the shell of root begins in its home.
        return ["nsenter", "-t", self.init, "-a", "env", "-i", "TERM=xterm-256color", "su", "-", user, "-s", "/bin/bash", "-c", line]

    def quiet(self, line, user="root"):
        done = subprocess.run(self.words(user, line), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=LIMIT_S)
        return done.stdout

    def do(self, line, user="root", wants=0):
        try:
            done = subprocess.run(self.words(user, line), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", timeout=LIMIT_S)
        except subprocess.TimeoutExpired:
            raise Failure("%s: no end after %d s" % (line, LIMIT_S)) from None
        if done.returncode != wants:
            raise Failure("%s (as %s): exit status %d\n%s" % (line, user, done.returncode, done.stdout[-3000:]))
        return done.stdout

    def typed(self, line, user, answers):
        """Runs the line in a terminal, and types each answer when its text is shown."""
        child, end = pty.fork()
        if child == 0:
            os.execvp("nsenter", self.words(user, "stty rows 30 cols 100; " + line))
        shown, until, status = "", time.monotonic() + LIMIT_S, None
        answers = list(answers)
        while status is None:
            ready = select.select([end], [], [], 0.2)[0]
            with contextlib.suppress(OSError):
                shown += os.read(end, 65536).decode("utf-8", "replace") if ready else ""
            if answers and answers[0][0] in shown:
                time.sleep(0.3)  # the program reads its keys by then
                os.write(end, answers.pop(0)[1].encode())
                shown = ""
            pid, ended = os.waitpid(child, os.WNOHANG)
            status = os.waitstatus_to_exitcode(ended) if pid else None
            if time.monotonic() > until:
                os.kill(child, signal.SIGKILL)
                os.waitpid(child, 0)
                raise Failure("%s (as %s, in a terminal): no end after %d s\n%r" % (line, user, LIMIT_S, shown[-2000:]))
        os.close(end)
        if status or answers:
            raise Failure("%s (as %s, in a terminal): exit status %d, %d answers were not asked for\n%r" % (line, user, status, len(answers), shown[-2000:]))

    def wait(self, what, holds):
        until = time.monotonic() + LIMIT_S
        while not holds():
            if time.monotonic() > until:
                raise Failure("%s: not there after %d s" % (what, LIMIT_S))
            time.sleep(0.2)

    def close(self):
        if self.process.poll() is None:
            if self.init:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(int(self.init), signal.SIGKILL)  # and with it all of its namespace
            self.process.wait()
        for _ in range(50):
            for folder, _, _ in os.walk(self.group, topdown=False):
                with contextlib.suppress(OSError):
                    os.rmdir(folder)
            if not os.path.exists(self.group):
                return
            time.sleep(0.1)


# --- what the pages take for granted: a person's files, certificates, the other company's hosts ---


def prepare(system, deb, engine):
    write(system.root + "/root/kybdesk_1.deb", "")
    shutil.copy(deb, system.root + "/root/kybdesk_1.deb")
    for name in PEOPLE:
        system.do("mkdir -m 700 .ssh; ssh-keygen -q -t ed25519 -N '' -f .ssh/id_ed25519; echo 'StrictHostKeyChecking accept-new' >.ssh/config", name)
        system.do("cp /home/%s/.ssh/id_ed25519.pub /root/%s.pub" % (name, name))
    system.do("cp /root/bo.pub /home/max/")
    key = open(system.root + "/root/dani.pub").read().strip()
    write(system.root + "/root/people.csv", "cleo,reviewer\ndani,lead,supervised,%s\n" % key)
    person = ('{"external_ref":"RAL-1","workflow":"generic-kyc","kind":"kyc","merchant":"shop","status":"manual_review",'
              '"subject":{"kind":"individual","name":"Ines Duarte","country":"PRT","date_of_birth":"1984-02-11"}}\n')
    write(system.root + "/home/ana/cases.ndjson", person)
    write(system.root + "/home/ana/pass.pdf", "%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")
    system.do("chown -R ana: /home/ana")
    # A certificate authority of the company, and what it signed.
    system.do("mkdir -p /root/ca && cd /root/ca && openssl req -x509 -newkey rsa:2048 -nodes -keyout ca.key -out ca.crt -days 3 -subj '/CN=Example CA' && "
              "for name in db.example desk.example; do openssl req -newkey rsa:2048 -nodes -keyout $name.key -out $name.csr -subj /CN=$name && "
              "printf 'subjectAltName=DNS:%s' $name >ext && openssl x509 -req -in $name.csr -CA ca.crt -CAkey ca.key -CAcreateserial -days 3 -extfile ext -out $name.crt; done")
    system.do("install -m 644 /root/ca/desk.example.crt /etc/ssl/certs/desk.example.pem && install -m 600 /root/ca/desk.example.key /etc/ssl/private/desk.example.key && "
              "cat /root/ca/desk.example.crt /root/ca/desk.example.key >/etc/haproxy/desk.example.pem")
    if engine == "postgresql":
        system.do("install -o postgres -m 644 /root/ca/db.example.crt /root/ca/db.example.key -t /etc/postgresql/15/main && chmod 600 /etc/postgresql/15/main/db.example.key")
    # The auditor's git host.
    system.do("mkdir -m 700 .ssh; git init -q --bare checkpoints.git; git -C checkpoints.git config receive.denyNonFastForwards true", "git")


def after_install(system, engine):
    """What has to exist on a host once the package has made its account."""
    home = "/var/lib/kybdesk"
    if os.path.exists(system.root + home + "/.ssh/id_ed25519"):
        return
    system.do("cd %s && mkdir -p -m 700 .ssh && ssh-keygen -q -t ed25519 -N '' -f .ssh/id_ed25519 && echo 'StrictHostKeyChecking accept-new' >.ssh/config && chown -R kybdesk: .ssh && "
              "cp .ssh/id_ed25519.pub /home/git/.ssh/authorized_keys && chown git: /home/git/.ssh/authorized_keys" % home)
    if engine == "postgresql":
        system.do("install -d -o kybdesk -m 700 {0}/.postgresql && install -o kybdesk -m 644 /root/ca/ca.crt {0}/.postgresql/root.crt".format(home))


# --- a run ---


class Run:
    def __init__(self, system, engine, older_deb, upgrade_deb):
        self.system, self.engine, self.older_deb, self.upgrade_deb, self.count, self.lines = system, engine, older_deb, upgrade_deb, 0, 0

    def file(self, block):
        text = "\n".join(block.lines) + "\n"
        where = self.system.root + block.path
        old = ""
        if os.path.exists(where):
            with open(where) as file:
                old = file.read()
        executable = text.startswith("#!")
        os.makedirs(os.path.dirname(where), exist_ok=True)
        if old:  # above what is there, with its owner and mode
            with open(where, "w") as file:
                file.write(text + old)
        else:
            write(where, text, 0o755 if executable else 0o440 if "/sudoers" in where else 0o644)
        home = "/var/lib/kybdesk/"
        if block.path.startswith(home):
            self.system.do("chown kybdesk: %s && chmod 600 %s" % (block.path, block.path))

    def line(self, block, line):
        user = block.user
        password = re.search(r"\\password (\w+)", line)
        if password:
            word = PASSWORDS[password[1]] + "\n"
            self.system.typed(line, user, [("Enter new password", word), ("Enter it again", word)])
        elif re.match(r"ssh -t \S+( +#.*)?$|sudo .* session --reviewer \w+$", line):
            self.system.typed(line, user, [("help", "q")])
        else:
            self.system.do(line, user)
        if line.startswith("apt install"):
            after_install(self.system, self.engine)
        elif block.page == "access" and line.endswith(" init"):
            self.system.do("sudo -u kybdesk kybdesk merchant add shop")  # the one that the person's cases belong to
        elif line.endswith("merchant add northwind-pay"):
            self.system.do("grep RAL-2032 /usr/share/kybdesk/samples/cases.ndjson >/tmp/one.ndjson && cd /usr/share/kybdesk/samples && sudo -u kybdesk kybdesk import - </tmp/one.ndjson")

    def block(self, block):
        if block.why or (block.engine and block.engine != self.engine):
            return
        if block.kind != "sh" and not block.path:
            return
        try:
            if block.path:
                self.file(block)
            for line in block.lines if block.kind == "sh" else ():
                if line.strip() and not line.startswith("#"):
                    self.line(block, line)
                    self.lines += 1
        except Failure as failure:
            raise Failure("%s: %s" % (block, failure)) from None
        self.count += 1

    def page(self, page, sections=None, without=()):
        known = {one.section for one in read_page(page)}
        for section in (*(sections or ()), *without):
            if section not in known:
                raise Failure("%s.md has no section \"%s\"" % (page, section))
        for block in read_page(page):
            if (sections is None or block.section in sections) and block.section not in without:
                if page in ("operating", "upgrade") and block.section in ("Upgrade, and the way back", "Upgrade a production store"):
                    shutil.copy(self.upgrade_deb, self.system.root + "/root/kybdesk_1.deb")
                self.block(block)


def proxies(system, engine):
    """The examples of the package in front of the server, as an administrator would copy them."""
    ask = "curl --fail --silent --cacert /root/ca/ca.crt https://desk.example/readyz"
    hides = "test $(curl -s -o /dev/null -w '%{http_code}' --cacert /root/ca/ca.crt https://desk.example/metrics) = 404"
    examples = "/usr/share/doc/kybdesk/examples"
    system.do("systemctl unmask nginx haproxy; cp %s/nginx.conf /etc/nginx/conf.d/kybdesk.conf && systemctl restart nginx" % examples)
    for line in (ask, hides):
        system.do(line)
    system.do("systemctl stop nginx && rm /etc/nginx/conf.d/kybdesk.conf")
    # Two servers on other hosts: here one, at both addresses.
    system.do("mkdir -p /etc/systemd/system/kybdesk-serve.socket.d && printf '[Socket]\\nListenStream=\\nListenStream=0.0.0.0:8080\\n' "
              ">/etc/systemd/system/kybdesk-serve.socket.d/test.conf && systemctl daemon-reload && systemctl restart kybdesk-serve.socket kybdesk-serve.service")
    system.do("cp %s/haproxy.cfg /etc/haproxy/haproxy.cfg && systemctl restart haproxy" % examples)
    system.wait("HAProxy's servers", lambda: system.quiet(ask).startswith('{"status":"ready"'))
    system.do(hides)
    system.do("systemctl stop haproxy && rm -r /etc/systemd/system/kybdesk-serve.socket.d && systemctl daemon-reload && systemctl restart kybdesk-serve.socket kybdesk-serve.service")


def is_sound(system, units):
    system.do("systemctl start kybdesk-backup.service")
    for unit in units:
        system.do("systemctl is-active " + unit)
    failed = system.quiet("systemctl list-units --failed --plain --no-legend 'kybdesk*'").strip()
    if failed:
        raise Failure("failed units: " + failed)
    system.do("sudo -u kybdesk kybdesk audit verify")


def version(system):
    return system.do("kybdesk --version; dpkg-query -W kybdesk").split()


UNITS = ("kybdesk-serve.socket", "kybdesk-serve.service", "kybdesk-deliver.service")
ONE_HOST, SEVERAL = "A team's desk on one host", "Several hosts"


def story_operating(run, engine):
    system = run.system
    if engine == "sqlite":
        run.page("operating", [ONE_HOST])
    else:
        system.do("apt install ./kybdesk_*.deb")
        after_install(system, engine)
        run.page("operating", [SEVERAL])
        system.do("sudo -u kybdesk kybdesk merchant list && grep -q verify-full /etc/default/kybdesk")
    before = version(system)
    run.page("operating", without=(ONE_HOST, SEVERAL))
    if version(system) == before:
        raise Failure("the newer package did not change the version: %s" % before)
    proxies(system, engine)
    run.page("service")
    is_sound(system, (*UNITS, *(["kybdesk-backup.timer"] if engine == "sqlite" else [])))


def story_access(run, engine):
    if engine == "postgresql":
        run.system.do("apt install ./kybdesk_*.deb")
        after_install(run.system, engine)
        run.page("operating", [SEVERAL])
        run.system.do("sudo -u kybdesk kybdesk merchant add shop")
    run.page("access")


def goes_back(run):
    """The older package again: it works, or says that the store is newer. The newer one then finds all as it was."""
    system, before = run.system, version(run.system)
    system.do("systemctl stop kybdesk-serve.socket kybdesk-serve.service kybdesk-deliver.service")
    for deb in (run.older_deb, run.upgrade_deb):
        shutil.copy(deb, system.root + "/root/kybdesk_1.deb")
        system.do("apt install -y --allow-downgrades ./kybdesk_1.deb")
        said = system.quiet("sudo -u kybdesk kybdesk audit verify")
        if "records is sound" not in said and (deb == run.upgrade_deb or "was written by a newer kybdesk" not in said):
            raise Failure("%s says: %s" % (version(system), said))
        say("with %s: %s" % (version(system)[1], said.split("\n")[0]))
    if version(system) != before:
        raise Failure("%s is not %s again" % (version(system), before))
    system.do("systemctl start kybdesk-serve.socket kybdesk-serve.service kybdesk-deliver.service")


def story_upgrade(run, engine):
    run.system.do("apt install ./kybdesk_*.deb")
    after_install(run.system, engine)
    if engine == "sqlite":
        run.page("operating", [ONE_HOST])
    else:
        run.page("operating", [SEVERAL])
    run.page("upgrade")
    goes_back(run)
    is_sound(run.system, UNITS)


def story_postgresql(run, engine):
    run.system.do("apt install ./kybdesk_*.deb")
    after_install(run.system, engine)
    if engine == "sqlite":
        run.system.do("sudo -u kybdesk kybdesk init")
        return  # the page is about the other engine
    run.page("operating", [SEVERAL])
    # A store in a file moves to an empty database of this server.
    run.system.do("systemctl stop kybdesk-serve.socket kybdesk-serve.service kybdesk-deliver.service && sudo -u kybdesk kybdesk --store /var/lib/kybdesk/kybdesk.db init")
    run.system.do("dropdb kybdesk && createdb --owner kybdesk --encoding UTF8 kybdesk", "postgres")
    run.page("postgresql")
    run.system.do("sudo -u kybdesk kybdesk audit verify")


# What each of the five presses: one case approved, the next rejected. Both are held by then: nobody gets another's.
APPROVES = (("n", "you hold it"), ("2", "not opened"), ("\r", "Read from a picture"), ("A", "Accepted Passport"), ("a", "y approve"), ("y", "Approved Ines"))
REJECTS = (("r", "y reject"), ("\t", "Ctrl-Y reject"), ("Data", "client sees"), ("\x19", "Rejected Ines"))


def works_a_day(system, name, folder, together):
    """One reviewer at a workbench over SSH; the others decide at the same time."""
    line = ["sh", "-c", '"$@"; echo ended $?; exec sleep 600', "sh", *system.words(name, "ssh -t kybdesk@desk.example")]
    desk = newcomer.Desk("/", folder, name, line)
    try:
        for keys in ((("", "most urgent first"),), APPROVES, REJECTS):
            together.wait(LIMIT_S)
            for key, words in keys:
                if not (desk.press(key, words) if key else desk.sees(words)):
                    raise Failure("%s does not see: %s\n%s" % (name, words, desk.screen()))
        if not desk.leave("ended 0"):
            raise Failure("%s cannot leave" % name)
    except BaseException:
        together.abort()  # the others do not wait for this one
        raise
    finally:
        desk.end()


def story_day(run, engine):
    """Five reviewers over SSH, each with a key of their own, decide ten cases at the same time."""
    system, home = run.system, "/var/lib/kybdesk/day"
    system.do("apt install ./kybdesk_*.deb")
    after_install(system, engine)
    run.page("operating", [ONE_HOST if engine == "sqlite" else SEVERAL])
    system.do("cp /usr/share/doc/kybdesk/examples/sshd.conf /etc/ssh/sshd_config.d/kybdesk.conf && systemctl reload ssh && sudo -u kybdesk kybdesk merchant add shop")
    for name in PEOPLE:
        system.do("sudo -u kybdesk kybdesk reviewer add {0} --role reviewer && sudo -u kybdesk kybdesk access add {0} - <{0}.pub".format(name))
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    passport = {"category": "IDENTITY", "type": "PASSPORT", "file_name": "passport.jpg", "file": "passport.jpg", "upload": "ready", "review": "unreviewed"}
    cases = [{"external_ref": "DAY-%d" % case, "workflow": "generic-kyc", "kind": "kyc", "merchant": "shop", "status": "manual_review", "risk_score": 9,
              "subject": {"kind": "individual", "name": "Ines Duarte %d" % case, "country": "PRT", "date_of_birth": "1984-02-11"},
              "steps": [{"id": "identity", "status": "completed"}], "documents": [passport],
              "checks": [{"kind": kind, "status": "passed", "checked_at": now} for kind in ("face_match", "watchlist")]} for case in range(2 * len(PEOPLE))]
    write(system.root + home + "/cases.ndjson", "".join(json.dumps(case) + "\n" for case in cases))
    system.do("cp /usr/share/kybdesk/samples/files/passport.jpg {0} && chown -R kybdesk: {0} && sudo -u kybdesk kybdesk import {0}/cases.ndjson".format(home))
    folder, together = tempfile.mkdtemp(dir=os.path.dirname(system.root)), threading.Barrier(len(PEOPLE))
    with concurrent.futures.ThreadPoolExecutor(len(PEOPLE)) as pool:
        days = [pool.submit(works_a_day, system, name, folder, together) for name in PEOPLE]
    troubles = [day.exception() for day in days if day.exception()]
    for trouble in sorted(troubles, key=lambda one: not isinstance(one, Failure))[:1]:
        raise Failure(str(trouble))
    for action in ("session.approve", "session.reject"):
        log = json.loads(system.do("sudo -u kybdesk kybdesk audit list --action %s --json" % action))["data"]
        if sorted(one["actor"] for one in log) != sorted(PEOPLE) or len({one["session_id"] for one in log}) != len(PEOPLE):
            raise Failure("%s: not one case of each reviewer: %s" % (action, log))
    system.do("sudo -u kybdesk kybdesk audit verify && sudo -u kybdesk kybdesk doctor && ! sudo -u kybdesk kybdesk doctor | grep /usr/share")


STORIES = (("operating and service", story_operating), ("access", story_access), ("upgrade", story_upgrade), ("postgresql", story_postgresql),
           ("day of five reviewers over SSH", story_day))


def main():
    if sys.argv[1] == "--read":
        return 1 if read_only(sys.argv[2]) else 0
    deb = os.path.abspath(sys.argv[1])
    if os.geteuid() != 0:
        say("needs root, to boot a system of its own")
        return 1
    if not unified():
        say("NOT RUN: this kernel has no control groups of version 2")
        return 1
    check_marks([one for page in PAGES for one in read_page(page)])
    folder = tempfile.mkdtemp(prefix="kybdesk-system.", dir="/var/tmp")
    os.chmod(folder, 0o755)
    wrong = 0
    try:
        began = time.monotonic()
        old = os.path.abspath(sys.argv[2]) if len(sys.argv) > 2 else deb
        new = deb if old != deb else newer(deb, folder)
        base = os.environ.get("KYBDESK_SYSTEM_ROOT", folder + "/base")
        if not os.path.isdir(base):
            make_root(base, deb)
        say("a root of today: %d s" % (time.monotonic() - began))
        only = os.environ.get("KYBDESK_SYSTEM_ONLY", "")
        for engine in ("sqlite", "postgresql"):
            for name, story in STORIES:
                if only not in "%s on %s" % (name, engine):
                    continue
                began, root = time.monotonic(), "%s/%s-%s" % (folder, engine, name.split()[0])
                run(["cp", "-a", base, root])
                system, one = None, None
                try:
                    system = System(root)
                    prepare(system, old, engine)
                    one = Run(system, engine, old, new)
                    story(one, engine)
                    say("%s on %s: passed, %d blocks, %d commands, %d s" % (name, engine, one.count, one.lines, time.monotonic() - began))
                except Failure as failure:
                    wrong += 1
                    say("%s on %s: FAILED after %d blocks: %s" % (name, engine, one.count if one else 0, failure))
                    if system and os.environ.get("KYBDESK_SYSTEM_JOURNAL"):
                        print(system.quiet("journalctl --no-pager -n 60"))
                finally:
                    if system:
                        system.close()
                    if not os.environ.get("KYBDESK_SYSTEM_KEEP"):
                        shutil.rmtree(root, ignore_errors=True)
    finally:
        if not os.environ.get("KYBDESK_SYSTEM_KEEP"):
            shutil.rmtree(folder, ignore_errors=True)
    return 1 if wrong else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        say(str(failure))
        sys.exit(1)
