"""Checks a bill of materials (SPDX 2.3 as JSON) against the program: the format is valid, every version is that of the
installed package, every linked library is listed, and the versions agree with those that `kybdesk info` prints.
usage: check_bill.py BILL PROGRAM"""

import json
import re
import subprocess
import sys

BILL, PROGRAM = sys.argv[1:]
# Name of a library in `kybdesk info` -> name of its Debian package.
OPENED = {"libcurl": "libcurl4", "libmicrohttpd": "libmicrohttpd12", "libpq": "libpq5", "jansson": "libjansson4",
          "OpenSSL": "libssl3", "utf8proc": "libutf8proc2", "ncurses": "libncursesw6",
          "zlib": "zlib1g"}


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


with open(BILL) as file:
    bill = json.load(file)
packages = {one["name"]: one for one in bill["packages"]}
ids = [one["SPDXID"] for one in bill["packages"]] + [bill["SPDXID"]]
assert bill["spdxVersion"] == "SPDX-2.3" and bill["dataLicense"] == "CC0-1.0" and bill["SPDXID"] == "SPDXRef-DOCUMENT"
assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", bill["creationInfo"]["created"]) and bill["creationInfo"]["creators"]
assert re.fullmatch(r"https://[^#\s]+", bill["documentNamespace"])
assert len(set(ids)) == len(ids) and all(re.fullmatch(r"SPDXRef-[A-Za-z0-9.-]+", one) for one in ids)
for one in bill["packages"]:
    for name in ("name", "downloadLocation", "licenseConcluded", "licenseDeclared", "copyrightText", "versionInfo"):
        assert one[name], (one["name"], name)
    assert one["filesAnalyzed"] is False
for one in bill["relationships"]:
    assert one["spdxElementId"] in ids and one["relatedSpdxElement"] in ids, one
described = [one["relatedSpdxElement"] for one in bill["relationships"] if one["relationshipType"] == "DESCRIBES"]
assert described == [packages["kybdesk"]["SPDXID"]]
for one in packages.values():
    if one["name"] == "kybdesk":
        continue
    assert one["versionInfo"] == run("dpkg-query", "-W", "-f", "${Version}", one["externalRefs"][0]["referenceLocator"].split("/")[2].split("@")[0]
                                     + ":" + one["externalRefs"][0]["referenceLocator"].split("arch=")[1]), one["name"]
linked = [line.split()[2] for line in run("ldd", PROGRAM).splitlines() if "=> /" in line]
assert len(linked) > 5
for path in linked:
    found = [name for name in packages if name != "kybdesk" and path.split("/")[-1].split(".so")[0] in run("dpkg-query", "-L", name)]
    assert found, "%s is linked, and no package of the bill has it" % path
said = dict(re.findall(r"(\w+) ([0-9.]+)", json.loads(run(PROGRAM, "--json", "info"))["libraries"]))
for name, package in OPENED.items():
    version = packages[package]["versionInfo"]
    assert version.split(":")[-1].startswith(said[name].split("-")[0][:3]), (name, said[name], version)
print("%d packages, %d relationships" % (len(packages), len(bill["relationships"])))
