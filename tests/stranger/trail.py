"""Verifies an exported audit log and a signed checkpoint by docs/store.md, with hashlib and the arithmetic of RFC 8032
only. Also acts as an attacker with write access to the store: changes data and recomputes the hashes to fit.

usage: trail.py verify EXPORT CHECKPOINT PUBLIC_KEY     EXPORT: what `kybdesk audit export` printed
       trail.py rewrite STORE SEQ                       changes the actor of the record, recomputes hashes from there on
       trail.py forge STORE SEED SEQ                    changes a random value in a row with its last commitment in
                                                        a record up to SEQ, recomputes the commitment and the hashes
"""

import base64
import hashlib
import json
import random
import sqlite3
import struct
import sys

# --- Ed25519, RFC 8032 section 5.1: the curve -x^2 + y^2 = 1 + d x^2 y^2 over 2^255 - 19 ---

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def x_of(y, odd):
    """The x of the point with this y; `odd` is its lowest bit. None if the curve has no such point."""
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


def record_hash(previous, seq, at, actor, role, action, session, version, detail, rows=None):
    return hashlib.sha256(previous + number(seq) + number(at) + text(actor) + text(role) + text(action)
                          + (NOTHING if session is None else text(session))
                          + (NOTHING if version is None else number(version)) + text(detail)
                          + (b"" if rows is None else value(b"b", rows))).digest()


def root_of(leaves):
    """The Merkle tree hash of RFC 6962, section 2.1."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    left = 1
    while left * 2 < len(leaves):
        left *= 2
    return hashlib.sha256(b"\1" + root_of(leaves[:left]) + root_of(leaves[left:])).digest()


def signed_text(note, public_key):
    """The text of a note that this key signed, and the key's name."""
    body, _, signatures = note.decode().rpartition("\n\n")
    body += "\n"
    name, key_id, key = public_key.strip().split("+", 2)
    key = base64.b64decode(key)
    if key[0] != 1 or hashlib.sha256(name.encode() + b"\n" + key).digest()[:4].hex() != key_id:
        sys.exit("the public key is malformed")
    for line in signatures.splitlines():
        dash, signer, signature = line.split(" ")
        signature = base64.b64decode(signature)
        if dash == "\u2014" and signer == name and signature[:4].hex() == key_id:
            if not is_signature(key[1:], body.encode(), signature[4:]):
                sys.exit("the signature is false")
            return body, name
    sys.exit("it is not signed by the key")


def verify(export, checkpoint, public_key):
    previous, hashes = bytes(32), []
    for line in open(export):
        r = json.loads(line)
        previous = record_hash(previous, r["seq"], r["at_ms"], r["actor"], r["role"], r["action"], r["session_id"],
                               r["session_version"], r["detail"],
                               bytes.fromhex(r["rows_sha256"]) if r["rows_sha256"] else None)
        hashes.append(previous)
        if r["seq"] != len(hashes) or r["hash"] != previous.hex():
            sys.exit("record %d does not follow" % len(hashes))
    note, key = open(checkpoint, "rb").read(), open(public_key).read()
    origin, size, root = note.decode().splitlines()[:3]
    if key.split("+")[0] != origin:
        sys.exit("the key is not that of the audit log")
    _, name = signed_text(note, key)
    if int(size) > len(hashes) or base64.b64encode(root_of(hashes[:int(size)])).decode() != root:
        sys.exit("the records are not the ones that were signed")
    print("%s of %d records are those that were signed by %s" % (size, len(hashes), name))


def rewrite(store, seq):
    db = sqlite3.connect(store)
    triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'audit_event'").fetchall()
    for name, _ in triggers:
        db.execute("DROP TRIGGER " + name)
    db.execute("UPDATE audit_event SET actor = 'mallory' WHERE seq = ?", (seq,))
    fit(db, seq)
    for _, sql in triggers:
        db.execute(sql)
    db.commit()


def fit(db, seq):
    """Recomputes the hashes of this record and of all later ones, and chain_head."""
    (previous,) = db.execute("SELECT prev_hash FROM audit_event WHERE seq = ?", (seq,)).fetchone()
    for row in db.execute("SELECT seq, at, actor, role, action, session_id, session_version, detail, rows_sha256 "
                          "FROM audit_event WHERE seq >= ? ORDER BY seq", (seq,)).fetchall():
        hashed = record_hash(previous, *row)
        db.execute("UPDATE audit_event SET prev_hash = ?, hash = ? WHERE seq = ?", (previous, hashed, row[0]))
        previous = hashed
    db.execute("UPDATE chain_head SET hash = ?", (previous,))


# --- row commitments ---

SALT_OF_SESSION = "SELECT salt FROM session WHERE id = (SELECT session_id FROM %s WHERE id = ?)"
SALTS = {
    "session": "SELECT salt FROM session WHERE id = ?",
    "subject": "SELECT salt FROM subject WHERE id = ?",
    "hit": "SELECT salt FROM session WHERE id = (SELECT session_id FROM check_result WHERE id = (SELECT check_id FROM hit WHERE id = ?))",
    "party_share": "SELECT salt FROM session WHERE id = (SELECT session_id FROM party WHERE id = "
                   "(SELECT party_id FROM party_share WHERE id = ?))",
}
GENERATED = {"session": "compliance_status top due_key risk_key".split()}
# Columns that only the commitments protect.
FORGED = {
    "session": "subject_name country tax_id website email phone", "subject": "name country tax_id email", "hit": "name list",
    "party": "name country email tax_id control_role", "party_share": "percent", "document": "file_name type",
    "decision": "note message program", "check_result": "kind", "step": "name",
}


def any_value(v):
    if v is None:
        return NOTHING
    if isinstance(v, int):
        return number(v)
    if isinstance(v, float):
        return value(b"r", struct.pack(">d", v))
    return value(b"b", v) if isinstance(v, bytes) else text(v)


def row_hash(db, table, key):
    cursor = db.execute("SELECT * FROM %s WHERE id = ?" % table, (key,))
    row = cursor.fetchone()
    columns = sorted((d[0], row[i]) for i, d in enumerate(cursor.description) if d[0] not in GENERATED.get(table, []))
    (salt,) = db.execute(SALTS.get(table) or SALT_OF_SESSION % table, (key,)).fetchone()
    return hashlib.sha256(any_value(salt) + text(table) + b"".join(text(c) + any_value(v) for c, v in columns)).digest()


def rows_hash(db, seq):
    chained = b""
    for name, key, hashed in db.execute("SELECT name, key, hash FROM row_commitment WHERE seq = ? ORDER BY id", (seq,)):
        chained = hashlib.sha256(chained + text(name) + number(key) + value(b"b", hashed)).digest()
    return chained or None


def forge(store, seed, until):
    db = sqlite3.connect(store)
    draw = random.Random(seed)
    triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        db.execute("DROP TRIGGER " + name)
    last = db.execute("SELECT max(id), seq, name, key FROM row_commitment WHERE name IN (%s) GROUP BY name, key HAVING "
                      "length(hash) = 32 AND seq <= ? ORDER BY 1" % ", ".join("'%s'" % t for t in FORGED), (until,)).fetchall()
    while True:
        commitment, seq, table, key = draw.choice(last)
        (hashed,) = db.execute("SELECT hash FROM row_commitment WHERE id = ?", (commitment,)).fetchone()
        if row_hash(db, table, key) != hashed:
            sys.exit("%s %d has not the hash that docs/store.md says" % (table, key))
        column = draw.choice(FORGED[table].split())
        try:
            db.execute("UPDATE %s SET %s = coalesce(%s, '') || 'x' WHERE id = ?" % (table, column, column), (key,))
            break
        except sqlite3.IntegrityError:
            continue
    db.execute("UPDATE row_commitment SET hash = ? WHERE id = ?", (row_hash(db, table, key), commitment))
    db.execute("UPDATE audit_event SET rows_sha256 = ? WHERE seq = ?", (rows_hash(db, seq), seq))
    fit(db, seq)
    for _, sql in triggers:
        db.execute(sql)
    db.commit()
    print("%s %d, %s; record %d" % (table, key, column, seq))


if __name__ == "__main__":
    if sys.argv[1] == "verify":
        verify(*sys.argv[2:])
    elif sys.argv[1] == "forge":
        forge(sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
    else:
        rewrite(sys.argv[2], int(sys.argv[3]))
