#!/usr/bin/env python3
"""Prints the software bill of materials of a built program, SPDX 2.3 as JSON, from the database of dpkg: the program,
the libraries that the program links or opens later, and the libraries that these libraries link.
usage: sbom.py PROGRAM VERSION CREATED   (CREATED: 2026-11-24T00:00:00Z)"""

import functools
import hashlib
import json
import os
import re
import subprocess
import sys

NAME = "kybdesk"
# Names of shared libraries in the program: linked ones, and ones that it loads at first use.
LIBRARY = re.compile(rb"(?<![\w./-])lib[\w+-]+\.so\.[0-9]+(?:\.[0-9]+)?(?=\0)")


def run(*words):
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def own_libraries(program):
    with open(program, "rb") as file:
        return sorted({name.decode() for name in LIBRARY.findall(file.read())})


@functools.cache
def place_of(library):
    """The file of a library, as the linker finds it; None: not on this machine."""
    for line in run("/sbin/ldconfig", "-p").splitlines():
        words = line.split()
        if words and words[0] == library:
            return words[-1]
    return None


@functools.cache
def linked_by(path):
    """Files of all libraries that a file links, directly or through other libraries."""
    return sorted({line.split()[2] for line in run("ldd", path).splitlines() if "=> /" in line})


@functools.cache
def package_of(path):
    """The Debian package that has the file, such as "libcurl4:amd64"."""
    for name in (path, os.path.realpath(path), re.sub("^/lib/", "/usr/lib/", path), re.sub("^/usr/lib/", "/lib/", path)):
        found = subprocess.run(("dpkg-query", "-S", name), capture_output=True, text=True).stdout
        if found:
            return found.split(": ")[0].split(",")[0]
    raise SystemExit("sbom.py: no Debian package has %s" % path)


def facts_of(package):
    form = "${Package}\t${Version}\t${Architecture}\t${source:Package}\t${source:Version}\t${Homepage}\t${Maintainer}"
    return run("dpkg-query", "-W", "-f", form, package).split("\t")


def spdx_id(text):
    return "SPDXRef-" + re.sub("[^A-Za-z0-9.-]", "-", text)


def library_package(package):
    name, version, architecture, source, source_version, homepage, maintainer = facts_of(package)
    return {
        "SPDXID": spdx_id("Package-" + name),
        "name": name,
        "versionInfo": version,
        "supplier": "Organization: Debian",
        "originator": "Person: " + re.sub(" <(.*)>", r" (\1)", maintainer),
        "downloadLocation": "NOASSERTION",
        "homepage": homepage or "NOASSERTION",
        "sourceInfo": "built from Debian's source package %s %s" % (source, source_version),
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "comment": "Its licences: /usr/share/doc/%s/copyright of the package" % name,
        "externalRefs": [{
            "referenceCategory": "PACKAGE-MANAGER",
            "referenceType": "purl",
            "referenceLocator": "pkg:deb/debian/%s@%s?arch=%s" % (name, version.replace("+", "%2B").replace(":", "%3A"), architecture),
        }],
    }


def program_package(version):
    return {
        "SPDXID": spdx_id("Package-" + NAME),
        "name": NAME,
        "versionInfo": version,
        "supplier": "NOASSERTION",
        "downloadLocation": "NOASSERTION",
        "filesAnalyzed": False,
        "licenseConcluded": "NOASSERTION",
        "licenseDeclared": "NOASSERTION",
        "copyrightText": "NOASSERTION",
        "primaryPackagePurpose": "APPLICATION",
    }


def relation(first, kind, second):
    return {"spdxElementId": first, "relationshipType": kind, "relatedSpdxElement": second}


def document(program, version, created):
    own = [path for path in map(place_of, own_libraries(program)) if path]
    direct = {package_of(path) for path in own}
    whole = direct | {package_of(path) for library in own for path in linked_by(library)}
    packages, me = {package: library_package(package) for package in sorted(whole)}, program_package(version)
    relations = [relation("SPDXRef-DOCUMENT", "DESCRIBES", me["SPDXID"])]
    relations += [relation(me["SPDXID"], "DYNAMIC_LINK", packages[package]["SPDXID"]) for package in sorted(direct)]
    for library in own:
        first = package_of(library)
        for second in sorted({package_of(path) for path in linked_by(library)} - {first}):
            found = relation(packages[first]["SPDXID"], "DEPENDS_ON", packages[second]["SPDXID"])
            if found not in relations:
                relations.append(found)
    content = json.dumps([created, packages, relations, version], sort_keys=True).encode()
    return {
        "spdxVersion": "SPDX-2.3",
        "dataLicense": "CC0-1.0",
        "SPDXID": "SPDXRef-DOCUMENT",
        "name": "%s-%s" % (NAME, version),
        "documentNamespace": "https://kybdesk.invalid/spdx/%s-%s-%s" % (NAME, version, hashlib.sha256(content).hexdigest()[:32]),
        "creationInfo": {"created": created, "creators": ["Tool: kybdesk-sbom"]},
        "packages": [me] + list(packages.values()),
        "relationships": relations,
    }


if __name__ == "__main__":
    if len(sys.argv) != 4:
        raise SystemExit(__doc__)
    print(json.dumps(document(*sys.argv[1:]), indent=1, ensure_ascii=False))
