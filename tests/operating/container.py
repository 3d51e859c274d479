"""Checks docs/examples/Containerfile and compose.yaml without a container builder: the files, build stages, commands,
options, services, volumes and ports that they name exist. usage: container.py SOURCES PROGRAM"""

import json
import os
import re
import subprocess
import sys

import yaml

SOURCES, PROGRAM = sys.argv[1:]
EXAMPLES = os.path.join(SOURCES, "docs/examples")
KNOWN = {"FROM", "WORKDIR", "COPY", "RUN", "USER", "ENV", "VOLUME", "EXPOSE", "ENTRYPOINT", "CMD"}
wrong = []


def check(holds, what):
    if not holds:
        wrong.append(what)


def command_is_known(words, where):
    """Checks that kybdesk has this command with these options. words: the command line after the program's name."""
    name = [word for word in words[:2] if not word.startswith("-")]
    for length in (2, 1):
        done = subprocess.run([PROGRAM, "help", *name[:length]], capture_output=True, text=True)
        if done.returncode == 0:
            break
    check(done.returncode == 0, "%s: unknown command %s" % (where, words))
    for word in words:
        if word.startswith("--"):
            check(re.search(r"^ +%s\b" % word, done.stdout, re.M), "%s: unknown option %s" % (where, word))


def instructions():
    with open(os.path.join(EXAMPLES, "Containerfile")) as file:
        text = re.sub(r"\\\n", " ", re.sub(r"(?m)^#.*\n", "", file.read()))
    return [line.split(None, 1) for line in text.splitlines() if line.strip()]


def containerfile():
    found, stages, user = instructions(), [], "root"
    for word, rest in found:
        check(word in KNOWN, "Containerfile: unknown instruction %s" % word)
        if word == "FROM":
            match = re.fullmatch(r"debian:12-slim(?: AS (\w+))?", rest)
            check(match, "Containerfile: another base than the tests': %s" % rest)
            stages.append(match and match.group(1))
        if word == "COPY" and "--from=" in rest:
            check(re.search(r"--from=(\w+)", rest).group(1) in stages[:-1], "Containerfile: unknown stage in COPY %s" % rest)
        if word == "USER":
            user = rest
        if word == "RUN" and "./dev package" in rest:
            done = subprocess.run([os.path.join(SOURCES, "dev"), "help"], capture_output=True, text=True)
            check("\n  package " in done.stdout + done.stderr, "Containerfile: ./dev has no package")
        if word == "RUN" and "apt-get install" in rest:
            check("apt-get update" in rest and "/var/lib/apt/lists" in rest, "Containerfile: the image keeps apt's package lists")
    last = dict(found)
    check(user == "kybdesk", "Containerfile: the program runs as %s" % user)
    entry, command = json.loads(last["ENTRYPOINT"]), json.loads(last["CMD"])
    check(entry == ["/usr/bin/kybdesk"], "Containerfile: the entry point is not where the package puts the program")
    command_is_known(command, "Containerfile")
    check(command[-1].endswith(":" + last["EXPOSE"]), "Containerfile: another port is exposed than served")


def compose():
    with open(os.path.join(EXAMPLES, "compose.yaml")) as file:
        text = file.read()
    whole = yaml.safe_load(text)
    services, volumes = whole["services"], whole.get("volumes", {})
    for name, one in services.items():
        check("image" in one, "%s has no image" % name)
        for other in one.get("depends_on", []):
            check(other in services, "%s depends on %s, which is not there" % (name, other))
        for mount in one.get("volumes", []):
            source = mount.split(":")[0]
            there = os.path.exists(os.path.join(EXAMPLES, source)) if source.startswith(".") else source in volumes
            check(there, "%s mounts %s, which is not there" % (name, source))
    used = {mount.split(":")[0] for one in services.values() for mount in one.get("volumes", [])}
    check(set(volumes) <= used, "a volume is not used")
    own = {name: one for name, one in services.items() if one["image"] == "kybdesk"}
    check(set(own) == {"serve", "deliver", "desk"}, "services of kybdesk: %s" % sorted(own))
    for name, one in own.items():
        command_is_known(one["command"], name)
        build = one["build"]
        check(os.path.exists(os.path.join(EXAMPLES, build["context"], build["dockerfile"])), "%s: no %s" % (name, build["dockerfile"]))
        check(one.get("read_only") and one.get("cap_drop") == ["ALL"], "%s is not confined" % name)
        user, host, database = re.fullmatch(r"postgresql://(\w+)@(\w+)/(\w+)\?sslmode=disable", one["environment"]["KYBDESK_STORE"]).groups()
        server = services[host]["environment"]
        check([user, database] == [server["POSTGRES_USER"], server["POSTGRES_DB"]], "%s: the server has another user or database" % name)
    check("--no-deliver" in own["serve"]["command"], "serve and deliver both send")
    host, port = services["proxy"]["environment"]["DESK_SERVER"].split(":")
    check(services[host]["command"][-1].endswith(":" + port), "the proxy goes to another port")
    with open(os.path.join(EXAMPLES, "Caddyfile")) as file:
        check("{$DESK_SERVER:" in file.read(), "the Caddyfile ignores DESK_SERVER")
    for words in re.findall(r"^#   podman compose -f docs/examples/compose.yaml run --rm desk(.*)$", text, re.M):
        command_is_known(words.split(), "the head of compose.yaml")
    for name in ("password.env",):
        for ignored in (".gitignore", ".dockerignore"):
            with open(os.path.join(SOURCES, ignored)) as file:
                check(name in file.read(), "%s lets %s pass" % (ignored, name))


containerfile()
compose()
for line in wrong:
    print(line)
sys.exit(1 if wrong else 0)
