"""Takes one audit record out of an evidence archive, with the files of its decision, and lists the hashes anew: what a
person can do who has no key. usage: without_record.py ARCHIVE NUMBER OUT; NUMBER: its line, 0 for none"""

import hashlib
import json
import sys

sys.dont_write_bytecode = True
import evidence  # noqa: E402


def main(archive, number, out):
    members = evidence.members_of(open(archive, "rb").read())
    del members["SHA256SUMS"]
    lines = members["records.ndjson"].splitlines(keepends=True)
    if int(number):
        record = json.loads(lines.pop(int(number) - 1))
        decision = json.loads(record["detail"]).get("decision")
        begin = "decisions/%s-%s." % (record["session_id"], decision)
        members = {name: text for name, text in members.items() if not name.startswith(begin)}
    members["records.ndjson"] = b"".join(lines)
    sums = "".join("%s  %s\n" % (hashlib.sha256(text).hexdigest(), name) for name, text in members.items())
    members["SHA256SUMS"] = sums.encode()
    with open(out, "wb") as file:
        for name, text in members.items():
            file.write(evidence.header_of(name, len(text)) + text + bytes(-len(text) % evidence.BLOCK))
        file.write(bytes(2 * evidence.BLOCK))


if __name__ == "__main__":
    main(*sys.argv[1:])
