"""Verifies an evidence archive by docs/evidence.md, as an auditor without kybdesk would: with Python's library,
ssh-keygen and the arithmetic of RFC 8032 (trail.py). Prints a summary of the case as each decision saw it.

usage: evidence.py ARCHIVE PUBLIC_KEY CHECKPOINT [RECORD PATH VALUE]
  CHECKPOINT: the signed checkpoint that the auditor kept; RECORD PATH VALUE: checks that the record sealed this value
"""

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
import tempfile

sys.dont_write_bytecode = True
import trail  # noqa: E402

BLOCK = 512


def header_of(name, size):
    fields = [(name, 100), ("0000600", 8), ("0000000", 8), ("0000000", 8), ("%011o" % size, 12), ("0" * 11, 12),
              (" " * 8, 8), ("0", 1), ("", 100), ("ustar", 6), ("00", 2), ("", 32), ("", 32), ("0000000", 8),
              ("0000000", 8), ("", 155), ("", 12)]
    header = b"".join(text.encode().ljust(width, b"\0") for text, width in fields)
    return header[:148] + b"%06o\0 " % sum(header) + header[156:]


def members_of(archive):
    at, members = 0, {}
    while archive[at:] != bytes(2 * BLOCK):
        name = archive[at:at + 100].split(b"\0")[0].decode("utf-8", "replace")
        try:
            size = int(archive[at + 124:at + 135], 8)
        except ValueError:
            sys.exit("byte %d is not a header" % at)
        begin = at + BLOCK
        end = begin + size + -size % BLOCK
        if archive[at:begin] != header_of(name, size) or any(archive[begin + size:end]) or name in members:
            sys.exit("the member at byte %d was changed" % at)
        members[name] = archive[begin:begin + size]
        if end > len(archive):
            sys.exit("the archive is cut off")
        at = end
    return members


def root_by(leaf, place, size, path):
    """RFC 9162, section 2.1.3.2."""
    last, node = size - 1, hashlib.sha256(b"\0" + leaf).digest()
    for sibling in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            node = hashlib.sha256(b"\1" + sibling + node).digest()
            while place and place % 2 == 0:
                place, last = place // 2, last // 2
        else:
            node = hashlib.sha256(b"\1" + node + sibling).digest()
        place, last = place // 2, last // 2
    return node if last == 0 else None


def check(right, why):
    if not right:
        sys.exit(why)


def check_signature(members, name, record, detail):
    text, signature = members[name + ".signed"], members[name + ".sig"]
    facts = dict(line.split(" ", 1) for line in text.decode().splitlines())
    check(hashlib.sha256(signature).hexdigest() == detail["signature_sha256"], name + ".sig is not the recorded one")
    check((facts["session"], facts["evidence"], facts["by"]) == (record["session_id"], detail["evidence_sha256"],
                                                                 record["actor"]), name + ".signed is about another decision")
    with tempfile.TemporaryDirectory() as folder:
        for file, content in (("signers", members["signers"]), ("sig", signature)):
            open(os.path.join(folder, file), "wb").write(content)
        done = subprocess.run(["ssh-keygen", "-Y", "verify", "-f", folder + "/signers", "-I", record["actor"], "-n",
                               "decision@kybdesk", "-s", folder + "/sig"], input=text, capture_output=True)
    check(done.returncode == 0, name + ".sig is not a signature of " + record["actor"])


def sides_of(record, key, path, value):
    """The sides of the change on which the record sealed this value: "before", "after", both, or none."""
    hashed = hmac.new(key, (path + "=" + value).encode(), hashlib.sha256).hexdigest()
    sealed = json.loads(record["detail"]).get("sealed", {}).get(path, {})
    return [side for side in ("before", "after") if sealed.get(side) == hashed]


def main(archive, public_key, checkpoint, *claim):
    members = members_of(open(archive, "rb").read())
    key = open(public_key).read()
    sums, _ = trail.signed_text(members["SHA256SUMS"], key)
    listed = "".join("%s  %s\n" % (hashlib.sha256(text).hexdigest(), name) for name, text in members.items()
                     if name != "SHA256SUMS")
    check(sums == listed, "the members are not those of SHA256SUMS")
    check(members["checkpoint"] == open(checkpoint, "rb").read(), "the checkpoint is another one")
    note, _ = trail.signed_text(members["checkpoint"], key)
    _, size, root = note.splitlines()[:3]
    decisions, records, last = {}, {}, {}
    for line in members["records.ndjson"].splitlines():
        r = json.loads(line)
        hashed = trail.record_hash(bytes.fromhex(r["previous"]), r["seq"], r["at_ms"], r["actor"], r["role"], r["action"],
                                   r["session_id"], r["session_version"], r["detail"],
                                   bytes.fromhex(r["rows_sha256"]) if r["rows_sha256"] else None)
        path = [bytes.fromhex(node) for node in r["proof"]]
        check(hashed.hex() == r["hash"] and base64.b64encode(
            root_by(hashed, r["seq"] - 1, int(size), path) or b"").decode() == root, "record %d is not proved" % r["seq"])
        records[r["seq"]] = r
        detail = json.loads(r["detail"])
        check(detail.get("previous_record", last.get(r["session_id"], 0)) == last.get(r["session_id"], 0),
              "a record before record %d is missing" % r["seq"])
        last[r["session_id"]] = r["seq"]
        if "evidence_sha256" in detail and "decision" in detail:
            name = "decisions/%s-%d.json" % (r["session_id"], detail["decision"])
            check(hashlib.sha256(members[name]).hexdigest() == detail["evidence_sha256"], name + " is not the recorded one")
            decisions[name] = r
        if "signature_sha256" in detail:
            check_signature(members, name[:-len(".json")], r, detail)
            decisions.update({name[:-4] + "signed": r, name[:-4] + "sig": r})
    for name, text in members.items():
        folder, _, rest = name.partition("/")
        if folder in ("documents", "rules"):
            check(hashlib.sha256(text).hexdigest() == rest.split(".")[0], name + " has another hash")
        check(folder != "decisions" or name in decisions, name + " is on no record")
    keys, values = {}, 0
    for line in map(json.loads, members.get("values.ndjson", b"").splitlines()):
        if "key" in line:
            keys[line["session"]] = bytes.fromhex(line["key"])
            continue
        r = records[line["record"]]
        check(line["side"] in sides_of(r, keys[r["session_id"]], line["path"], line["value"]),
              "record %d sealed another value of %s" % (r["seq"], line["path"]))
        values += 1
    print("%d sealed values" % values)
    if claim:
        r = records[int(claim[0])]
        sides = sides_of(r, keys[r["session_id"]], claim[1], claim[2])
        check(sides, "record %s did not seal this value of %s" % (claim[0], claim[1]))
        print("record %s sealed it %s the change" % (claim[0], " and ".join(sides)))
    # The case as each decision saw it.
    for name, record in sorted((n, r) for n, r in decisions.items() if n.endswith(".json")):
        seen = json.loads(members[name])
        print("%s by %s: %s, %d parties, %d documents, rules %s" % (
            record["action"], record["actor"], seen["case"]["subject"]["name"], len(seen["case"]["parties"]),
            len(seen["case"]["documents"]), seen["profile"]["sha256"][:12]))
    print("proved")


if __name__ == "__main__":
    main(*sys.argv[1:])
