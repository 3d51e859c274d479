"""Role × verb × contribution × front end, made from the verb table: each cell is tried in a production store, or a sentence
says why it cannot be. What a front end does is compared with what the table says.

usage: matrix.py KYBDESK FOLDER [PART OF A CELL …]     FOLDER: an empty one
ROUTES_PERSON=libperson.so (tests/support/preload); ROUTES_STORE: the address of a store on a server. 16 cells are drawn, with
KYBDESK_TEST_LONG=1 all are tried, or with MATRIX_PART=K/N each Nth from the Kth on; MATRIX_CELLS: another number; MATRIX_SEED repeats a draw. MATRIX_LIST=1 prints every cell that
cannot be tried, with its reason; MATRIX_VERBOSE=1 prints each act.
"""

import collections
import os
import random
import sys
import time

from insider import desk
from insider.desk import must, owner
from matrix import run, table

LONG, SEED = bool(os.environ.get("KYBDESK_TEST_LONG")), int(os.environ.get("MATRIX_SEED") or os.environ.get("KYBDESK_TEST_DRAW") or time.time())
COUNT = int(os.environ.get("MATRIX_CELLS") or 16)
# A screen takes some seconds: this share of a draw.
SCREENS = 3


def all_cells():
    for front_end in table.FRONT_ENDS:
        for verb in table.VERBS:
            for person in table.STAFF + table.OUTSIDE:
                for contribution in table.CONTRIBUTIONS:
                    yield table.Cell(verb, person, contribution, front_end)


def chosen_of(cells):
    if desk.ONLY:
        return [c for c in cells if all(o in str(c) for o in desk.ONLY)]
    if LONG:
        part, parts = (int(n) for n in os.environ.get("MATRIX_PART", "0/1").split("/"))
        return cells[part::parts]
    draw = random.Random(SEED)
    screens = [c for c in cells if c.front_end == "screen"]
    others = [c for c in cells if c.front_end != "screen"]
    # Decisions after a contribution are few among many: a third of the draw.
    telling = [c for c in others if c.verb.decides and c.contribution != "nothing"]
    picked = draw.sample(telling, min(len(telling), COUNT // 3)) + draw.sample(screens, min(len(screens), SCREENS, COUNT))
    rest = [c for c in others if c not in picked]
    return picked + draw.sample(rest, max(0, min(len(rest), COUNT - len(picked))))


reasons, cells, silent = collections.Counter(), [], []
for cell in all_cells():
    row = run.ROWS[cell.front_end].get(cell.verb.name)
    why = table.impossible(cell, run.ROWS)
    if why is None and row is None:
        silent.append("%s at the front end %s has no row and no reason" % (cell.verb.name, cell.front_end))
    elif why is None:
        cells.append(cell)
    else:
        reasons[(cell.front_end, why)] += 1
        if os.environ.get("MATRIX_LIST"):
            print("impossible: %s: %s" % (cell, why))
if silent:
    sys.exit("\n".join(sorted(set(silent))))
for (front_end, why), count in sorted(reasons.items()):
    print("not tried, %-8s %5d cells: %s" % (front_end, count, why))
total = len(cells) + sum(reasons.values())
print("%d cells: %d to try, %d impossible, each with its reason" % (total, len(cells), total - len(cells)), flush=True)

disagreements, tried = 0, collections.Counter()
place = run.MatrixDesk()
try:
    for number, cell in enumerate(chosen_of(cells), 1):
        try:
            wanted, happened, act = run.play(number, cell, place)
        except (SystemExit, KeyError, IndexError, StopIteration, TypeError, ValueError) as error:
            wanted, happened, act = "a cell", "the cell itself is wrong: %r" % error, ""
        tried[cell.front_end] += 1
        if wanted != happened:
            disagreements += 1
            print("DISAGREES %s: the table says %s, and: %s\n%s" % (cell, wanted, happened, act), flush=True)
        elif os.environ.get("MATRIX_VERBOSE"):
            print("agrees %s: %s\n%s" % (cell, wanted, act), flush=True)
finally:
    place.served.stop()
must(owner("audit", "verify"))
engine = "PostgreSQL" if desk.STORE.startswith("postgres") else "SQLite"
print("%d cells tried on %s (%s), %d disagreements, MATRIX_SEED=%d" % (
    sum(tried.values()), engine, ", ".join("%s %d" % t for t in sorted(tried.items())), disagreements, SEED))
sys.exit(0 if tried and not disagreements else 1)
