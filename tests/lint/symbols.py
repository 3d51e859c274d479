#!/usr/bin/env python3
"""Checks the symbols of a build, as the linker sees them, against the tables in rules.py: symbols.py [FOLDER [ROOT]]

An object names each function of another file that it calls, however the call is written. Checks for each object
- that no layer uses a name of a layer that it may not know, declared by hand or not
- that only the module of a library uses the library's names, and that no object uses a banned name of the C library
and for all objects together
- that no loaded library exports a name that the program defines: one could replace the other
- that the program itself, not only a test, uses each of its global names (exceptions: tests/lint/unused.txt)
- that a function which neither another file nor a test uses is static.
Prints each finding, with FILE:LINE if the object has line numbers; exits with 1 if any."""
import collections
import os
import re
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.realpath(__file__)))
import rules  # noqa: E402

DEFINED = set("TDBRCVW")
# Names that the compiler uses instead of the plain name, such as __memcpy_chk, which also gets the buffer's size.
FORTIFIED = re.compile(r"^__(?:isoc99_|isoc23_)?(\w+?)(?:_chk|_alias|_finite)?$")


def lines_of(*command):
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()


def objects(build, root):
    """path of the source -> path of the object, of the program and its layers."""
    found = {}
    top = os.path.join(build, "CMakeFiles")
    for target in os.listdir(top):
        if not re.fullmatch(r"kyb_(%s)\.dir|kybdesk\.dir" % "|".join(rules.LAYERS), target):
            continue
        for folder, _, files in os.walk(os.path.join(top, target)):
            for file in files:
                path = os.path.join(folder, file)
                source = os.path.relpath(path, os.path.join(top, target))[:-len(".o")]
                # An object without a source is left over from an earlier build; what tests link into the program is theirs.
                if file.endswith(".c.o") and not source.startswith("tests/") and os.path.exists(os.path.join(root, source)):
                    found[source] = path
    return found


def names_of(found):
    """The global names that each source defines, and the undefined names that it uses."""
    defines, wants = collections.defaultdict(set), collections.defaultdict(set)
    back = {path: source for source, path in found.items()}
    for row in lines_of("nm", "-A", *back):
        path, _, rest = row.rpartition(".o:")
        words = rest.split()
        source = back[path + ".o"]
        if words[-2] == "U":
            wants[source].add(words[-1])
        elif words[-2] in DEFINED and len(words) == 3 and not words[-1].startswith("_"):
            defines[source].add(words[-1])
    return defines, wants


def libraries(build):
    """exported name -> file name of the library, for the libraries that the program loads, without sanitizers."""
    paths = [row.split()[2] for row in lines_of("ldd", os.path.join(build, "kybdesk")) if "=> /" in row]
    # The program opens these libraries at run time, so ldd does not list them.
    paths += [row.split()[-1] for row in lines_of("/sbin/ldconfig", "-p") if re.search(r"lib(curl\.so\.4|pq\.so\.5|microhttpd\.so\.12) ", row)]
    exports = {}
    for path in sorted(set(paths)):
        name = os.path.basename(path)
        if re.match(r"lib(asan|lsan|tsan|ubsan|gcov)", name):
            continue
        for row in lines_of("nm", "-D", "--defined-only", path):
            exports.setdefault(row.split()[-1].split("@")[0], name)
    return exports


def line_of(root, source, path, name):
    """FILE:LINE of the first use of a name in an object; only FILE if the object has no line numbers."""
    for row in lines_of("nm", "-l", "-u", path):
        words = row.split("\t")
        if words[0].split()[-1] == name and len(words) > 1 and words[1].rpartition(":")[0].endswith(source):
            return source + ":" + words[1].rpartition(":")[2]
    return source


def check_calls(root, found, wants, exports, ours):
    called = rules.called()
    for source, names in wants.items():
        for name in sorted(names - ours):
            plain = FORTIFIED.sub(r"\1", name)
            why, files = called.get(name) or called.get(plain) or ("", ())
            if why and source not in files:
                yield f"{line_of(root, source, found[source], name)}: {name}: {why}"
            for library, _, shared, module in rules.LIBRARIES:
                if re.match(shared, exports.get(name, "")) and not rules.is_known(module, source):
                    yield f"{line_of(root, source, found[source], name)}: {name}: {library} is known only in {module}"


def check_arrows(root, found, defines, wants):
    owner = {name: source for source, names in defines.items() for name in names}
    for source, names in wants.items():
        layer = rules.place(source)[0]
        for name in sorted(names & owner.keys()):
            its_layer = rules.place(owner[name])[0]
            if its_layer not in rules.LAYERS[layer].split():
                yield (f"{line_of(root, source, found[source], name)}: {name} of {owner[name]}: "
                       f"layer {layer} may not know {its_layer}")


def check_unused(root, found, defines, wants):
    asked = set().union(*wants.values())
    known = {row.split()[0] for row in open(os.path.join(root, "tests/lint/unused.txt")) if row.strip() and row[0] != "#"}
    unused = set()
    tested = set()
    for folder, _, files in os.walk(os.path.join(root, "tests")):
        for file in files:
            if file.endswith((".c", ".h")):
                tested |= set(re.findall(r"\w+", open(os.path.join(folder, file)).read()))
    for source, names in defines.items():
        text = open(os.path.join(root, source)).read()
        # WORDS_DEFINE always makes three functions that are not static, even if only their own file uses one of them.
        words = {base + end for base in re.findall(r"WORDS_DEFINE\((\w+)", text) for end in ("_text", "_parse", "_words")}
        for name in sorted(names - asked - tested - words - {"main"}):
            if len(re.findall(rf"\b{name}\b", text)) > 1:
                yield f"{source}: {name}: only its own file calls it; make it static"
        # A symbol table does not show calls inside a file: a name that its file contains twice counts as used.
        unused |= {(name, source) for name in names - asked if name != "main" and len(re.findall(rf"\b{name}\b", text)) < 2}
    for name, source in sorted(unused):
        if name not in known:
            yield f"{source}: {name}: unused, or used only by tests"
    for name in sorted(known - {name for name, _ in unused}):
        yield f"tests/lint/unused.txt: {name}: now used, or removed; delete this row"


def main():
    here = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
    build = os.path.realpath(sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "build/test"))
    root = os.path.realpath(sys.argv[2] if len(sys.argv) > 2 else here)
    found = objects(build, root)
    defines, wants = names_of(found)
    exports = libraries(build)
    ours = set().union(*defines.values())
    findings = list(check_calls(root, found, wants, exports, ours)) + list(check_arrows(root, found, defines, wants))
    findings += [f"{name}: {exports[name]} exports the same name; rename it" for name in sorted(ours & exports.keys())]
    findings += check_unused(root, found, defines, wants)
    for finding in findings:
        print(finding)
    return 1 if findings or not found else 0


if __name__ == "__main__":
    sys.exit(main())
