"""Applies the restrictions of a systemd unit to this process, without systemd, then runs a command:
confined.py UNIT COMMAND…
confined.sh has made the mounts and changed the account before. A setting that this file does not list is an error, so
that a new setting of a unit is added here. Before the command starts, probe() tries forbidden operations: it is an
error if one of them succeeds."""

import ctypes
import errno
import mmap
import os
import re
import resource
import socket
import subprocess
import sys

import seccomp
from seccomp import ALLOW, EQ, ERRNO, MASKED_EQ, Arg

UNIT, COMMAND = sys.argv[1], sys.argv[2:]
# Settings that confined.sh applies by mounts, namespaces and setpriv, with the only value that it supports.
MOUNTED = {"ProtectSystem": "strict", "ProtectHome": "yes", "PrivateTmp": "yes", "PrivateDevices": "yes", "DevicePolicy": "closed",
           "PrivateUsers": "yes", "PrivateIPC": "yes", "ProtectProc": "invisible", "ProcSubset": "pid", "ProtectHostname": "yes",
           "ProtectControlGroups": "yes", "ProtectKernelTunables": "yes", "NoNewPrivileges": "yes", "CapabilityBoundingSet": "",
           "AmbientCapabilities": "", "KeyringMode": "private", "RemoveIPC": "yes", "StateDirectoryMode": "0700",
           "ReadWritePaths": "/run/kybdesk/hooks", "InaccessiblePaths": "-/var/lib/kybdesk"}
# Settings whose effect the SystemCallFilter of every unit already has; probe() tries some of the refused calls.
BY_CALLS = {"ProtectClock": "yes", "ProtectKernelLogs": "yes", "ProtectKernelModules": "yes", "SystemCallArchitectures": "native",
            "SystemCallErrorNumber": "EPERM"}
# Settings that need no restriction here.
OTHER = {"Type", "User", "Group", "EnvironmentFile", "ExecStart", "WatchdogSec", "Restart", "RestartSec", "TimeoutStopSec",
         "StateDirectory", "KillMode"}
NAMESPACES = 0x7E020000
SUID = 0o6000
WRITE, EXEC = mmap.PROT_WRITE, mmap.PROT_EXEC


def settings():
    found = []
    section = ""
    for line in open(UNIT):
        line = line.strip()
        if line.startswith("["):
            section = line
        elif section == "[Service]" and line and not line.startswith("#"):
            found.append(tuple(line.split("=", 1)))
    return found


def call_sets():
    """The sets of system calls that systemd defines: @NAME -> calls."""
    said = subprocess.run(["systemd-analyze", "syscall-filter"], capture_output=True, text=True, check=True, env={"PATH": "/usr/bin:/bin"})
    sets, name = {}, ""
    for line in re.sub(r"\x1b\[[0-9;]*m", "", said.stdout).splitlines():
        word = line.strip()
        if line.startswith("@"):
            name = word
            sets[name] = set()
        elif line.startswith(" ") and word and not word.startswith("#"):
            sets[name].add(word)
        elif not line.startswith(" "):
            name = ""
            sets.setdefault(name, set())

    def whole(name):
        return set().union(*(whole(x) if x.startswith("@") else {x} for x in sets[name]))

    return {name: whole(name) for name in sets if name}


def allowed_calls(filters):
    sets, calls = call_sets(), set()
    for words in filters:
        named = set().union(*(sets[x] if x.startswith("@") else {x} for x in words.lstrip("~").split()))
        calls = calls - named if words.startswith("~") else calls | named
    return calls


class Filter:
    def __init__(self, calls):
        self.filter = seccomp.SyscallFilter(ERRNO(errno.EPERM))
        self.calls = calls

    def only(self, call, *rules):
        """Allows the call only if one of the rules matches; a rule is a list of conditions."""
        if call not in self.calls:
            return
        self.calls.discard(call)
        for rule in rules:
            self.filter.add_rule(ALLOW, call, *rule)

    def unknown(self, call):
        """Makes the call fail with ENOSYS, so that the C library uses an older call."""
        self.calls.discard(call)
        self.filter.add_rule(ERRNO(errno.ENOSYS), call)

    def load(self):
        for call in self.calls:
            try:
                self.filter.add_rule(ALLOW, call)
            except RuntimeError:
                pass  # not a call of this processor
        self.filter.load()


def restrict():
    wanted = settings()
    calls = Filter(allowed_calls([value for name, value in wanted if name == "SystemCallFilter"]))
    without = lambda place, bits: [Arg(place, MASKED_EQ, bits, 0)]
    for name, value in wanted:
        if name == "SystemCallFilter" or name in OTHER:
            pass
        elif name in MOUNTED or name in BY_CALLS:
            if value != {**MOUNTED, **BY_CALLS}[name]:
                sys.exit("%s=%s: another value than is tried here" % (name, value))
        elif name == "UMask":
            os.umask(int(value, 8))
        elif name == "LimitCORE":
            resource.setrlimit(resource.RLIMIT_CORE, (int(value), int(value)))
        elif name == "RestrictAddressFamilies":
            calls.only("socket", *[[Arg(0, EQ, int(getattr(socket, family)))] for family in value.split()])
        elif name == "MemoryDenyWriteExecute":
            calls.only("mmap", without(2, WRITE), without(2, EXEC))
            calls.only("mprotect", without(2, EXEC))
            calls.only("pkey_mprotect", without(2, EXEC))
        elif name == "RestrictNamespaces":
            calls.only("clone", without(0, NAMESPACES))
            calls.only("unshare", without(0, NAMESPACES))
            calls.unknown("clone3")
        elif name == "RestrictSUIDSGID":
            for call, place in (("chmod", 1), ("fchmod", 1), ("fchmodat", 2), ("mkdir", 1), ("mkdirat", 2), ("creat", 1)):
                calls.only(call, without(place, SUID))
            calls.only("open", without(1, os.O_CREAT), without(2, SUID))
            calls.only("openat", without(2, os.O_CREAT), without(3, SUID))
            calls.unknown("openat2")
        elif name == "RestrictRealtime":
            calls.only("sched_setscheduler", *[[Arg(1, EQ, policy)] for policy in (os.SCHED_OTHER, os.SCHED_BATCH, os.SCHED_IDLE)])
        elif name == "LockPersonality":
            calls.only("personality", [Arg(0, EQ, 0)], [Arg(0, EQ, 0xFFFFFFFF)])
        else:
            sys.exit("%s=%s: unknown here" % (name, value))
    calls.load()
    return {name for name, _ in wanted}


def refused(action):
    try:
        action()
    except (OSError, ValueError):
        return True
    return False


def c_call(name, *arguments):
    libc = ctypes.CDLL(None, use_errno=True)
    if getattr(libc, name)(*arguments) != 0:
        raise OSError(ctypes.get_errno(), name)


def probe(named):
    own = "/run/kybdesk/hooks" if "ReadWritePaths" in named else "/var/lib/kybdesk"
    path = os.path.join(own, "probe")
    open(path, "w").close()
    probes = {
        "a file in /usr": lambda: open("/usr/probe", "w"),
        "a file in /etc": lambda: open("/etc/probe", "w"),
        "a file in /var": lambda: open("/var/probe", "w"),
        "homes": lambda: os.listdir("/home"),
        "the home of root": lambda: os.listdir("/root"),
        "the kernel's settings": lambda: open("/proc/sys/kernel/hostname", "w"),
        "a device": lambda: open("/dev/kmsg"),
        "facts of the machine": lambda: open("/proc/meminfo"),
        "a socket of another kind": lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
        "a namespace": lambda: c_call("unshare", 0x10000000),
        "memory to write and to run": lambda: mmap.mmap(-1, 4096, prot=mmap.PROT_READ | WRITE | EXEC),
        "the rights of its file": lambda: os.chmod(path, 0o4755),
        "another root": lambda: os.chroot("/tmp"),
        "the clock": lambda: c_call("settimeofday", ctypes.c_char_p(bytes(16)), None),
        "the kernel's log": lambda: c_call("klogctl", 3, ctypes.create_string_buffer(64), 64),
        "another process": lambda: c_call("ptrace", 16, 1, None, None),
        "another personality": lambda: c_call("personality", 0x0040000),
    }
    if "InaccessiblePaths" in named:
        probes["the store"] = lambda: os.listdir("/var/lib/kybdesk")
    open_to = [what for what, action in probes.items() if not refused(action)]
    os.unlink(path)
    if open_to:
        sys.exit("%s: not refused: %s" % (os.path.basename(UNIT), ", ".join(open_to)))


probe(restrict())
os.execvp(COMMAND[0], COMMAND)
