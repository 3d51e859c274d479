"""Who believes nobody: checks an exported trail and a signed checkpoint with what docs/store.md says, hashlib and the arithmetic of
RFC 8032 alone; and who can write the store: writes its audit log anew, so that it is sound in itself.

usage: trail.py verify EXPORT CHECKPOINT PUBLIC_KEY     EXPORT: what `kybdesk audit export` printed
       trail.py rewrite STORE SEQ                       the record is another's from then on, and all after it fit
"""

import base64
import hashlib
import json
import sqlite3
import sys

# --- Ed25519, RFC 8032 section 5.1: the curve -x^2 + y^2 = 1 + d x^2 y^2 over 2^255 - 19 ---

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def x_of(y, odd):
    """The x of a point; None when there is none."""
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P or y >= P:
        return None
    return P - x if x & 1 != odd else x


def point_of(text):
    number = int.from_bytes(text, "little")
    y = number & (2**255 - 1)
    x = x_of(y, number >> 255)
    return None if x is None else (x, y)


def add(a, b):
    product = D * a[0] * b[0] * a[1] * b[1] % P
    return ((a[0] * b[1] + a[1] * b[0]) * pow(1 + product, P - 2, P) % P,
            (a[1] * b[1] + a[0] * b[0]) * pow(1 - product, P - 2, P) % P)


def times(number, point):
    out = (0, 1)
    while number:
        if number & 1:
            out = add(out, point)
        point = add(point, point)
        number >>= 1
    return out


BASE = (x_of(4 * pow(5, P - 2, P) % P, 0), 4 * pow(5, P - 2, P) % P)


def is_signature(public, text, signature):
    key, r, s = point_of(public), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or key is None or r is None or s >= ORDER:
        return False
    k = int.from_bytes(hashlib.sha512(signature[:32] + public + text).digest(), "little") % ORDER
    return times(s, BASE) == add(r, times(k, key))


# --- the audit log ---


def value(kind, text):
    return kind + len(text).to_bytes(8, "big") + text


def number(n):
    return value(b"i", n.to_bytes(8, "big", signed=True))


def text(t):
    return value(b"t", t.encode())


NOTHING = value(b"n", b"")


def record_hash(previous, seq, at, actor, role, action, session, version, detail):
    return hashlib.sha256(previous + number(seq) + number(at) + text(actor) + text(role) + text(action)
                          + (NOTHING if session is None else text(session))
                          + (NOTHING if version is None else number(version)) + text(detail)).digest()


def root_of(leaves):
    """RFC 6962, section 2.1, as it is defined."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return hashlib.sha256(b"\1" + root_of(leaves[:left]) + root_of(leaves[left:])).digest()


def verify(export, checkpoint, public_key):
    previous, hashes = bytes(32), []
    for line in open(export):
        r = json.loads(line)
        previous = record_hash(previous, r["seq"], r["at_ms"], r["actor"], r["role"], r["action"], r["session_id"],
                               r["session_version"], r["detail"])
        hashes.append(previous)
        if r["seq"] != len(hashes) or r["hash"] != previous.hex():
            sys.exit("record %d does not follow" % len(hashes))
    body, _, signatures = open(checkpoint, newline="").read().rpartition("\n\n")
    body += "\n"
    origin, size, root = body.splitlines()[:3]
    name, key_id, key = open(public_key).read().strip().split("+", 2)
    key = base64.b64decode(key)
    if key[0] != 1 or hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() != key_id or name != origin:
        sys.exit("the key is not that of the audit log")
    for line in signatures.splitlines():
        dash, signer, signature = line.split(" ")
        signature = base64.b64decode(signature)
        if dash == "\u2014" and signer == name and signature[:4].hex() == key_id:
            if not is_signature(key[1:], body.encode(), signature[4:]):
                sys.exit("the signature is false")
            break
    else:
        sys.exit("it is not signed by the key")
    if int(size) > len(hashes) or base64.b64encode(root_of(hashes[:int(size)])).decode() != root:
        sys.exit("the records are not those that were signed")
    print("%s of %d records are those that were signed by %s" % (size, len(hashes), name))


def rewrite(store, seq):
    db = sqlite3.connect(store)
    triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit_event'").fetchall()
    for name, _ in triggers:
        db.execute("DROP TRIGGER " + name)
    db.execute("UPDATE audit_event SET actor = 'mallory' WHERE seq = ?", (seq,))
    (previous,) = db.execute("SELECT prev_hash FROM audit_event WHERE seq = ?", (seq,)).fetchone()
    for row in db.execute("SELECT seq, at, actor, role, action, session_id, session_version, detail FROM audit_event "
                          "WHERE seq >= ? ORDER BY seq", (seq,)).fetchall():
        hashed = record_hash(previous, *row)
        db.execute("UPDATE audit_event SET prev_hash = ?, hash = ? WHERE seq = ?", (previous, hashed, row[0]))
        previous = hashed
    db.execute("UPDATE chain_head SET hash = ?", (previous,))
    for _, sql in triggers:
        db.execute(sql)
    db.commit()


if sys.argv[1] == "verify":
    verify(*sys.argv[2:])
else:
    rewrite(sys.argv[2], int(sys.argv[3]))
