"""Plays attacks ("routes") by which a single insider would get a bad case approved, or a case rejected, in a production
store. After each route its approvers try to approve: by a command, over HTTP with their own keys, and with
KYBDESK_TEST_LONG=1 at the screen. Prints a line for each route with the blocker or the refusal that stopped it.

usage: routes.py KYBDESK FOLDER [PART OF A TITLE …]     FOLDER: an empty folder for the store
PART OF A TITLE plays the routes with one of these texts in the title. Otherwise a run plays all routes of
insider/listed.py, 5 random ones of kinds_*.py, and half of those of own_*.py and listed_more.py (ROUTES_SEED repeats
a random choice); KYBDESK_TEST_LONG=1 plays all.
ROUTES_PART=2/3 plays every third route, from the second one on; each of the three runs needs its own FOLDER.
ROUTES_VERBOSE=1 prints every act. ROUTES_USERS=1 (as root): the store belongs to a user of the operating system, three
of the people are other users, and these three also try to bypass `kybdesk session`.
"""

import importlib
import os
import random
import sys
import time

from insider import desk, trial

VERBOSE, LONG = os.environ.get("ROUTES_VERBOSE"), bool(os.environ.get("KYBDESK_TEST_LONG"))
SEED = int(os.environ.get("ROUTES_SEED") or os.environ.get("KYBDESK_TEST_DRAW") or time.time())
DRAWN = 5
# The modules in the order of their routes, and the share that a run plays. The last route of own_web disables an admin.
MODULES = {"listed": "all", "listed_more": "half", "own_people": "half", "own_case": "half", "kinds_time": "some",
           "kinds_data": "some", "kinds_desk": "some", "own_web": "half"}
for module in MODULES:
    importlib.import_module("insider." + module)


def routes_of(share):
    return [r for r in desk.ROUTES if MODULES[r.run.__module__.split(".")[-1]] == share]


kinds, own = routes_of("some"), routes_of("half")
draw = random.Random(SEED)
drawn = set(draw.sample(kinds, DRAWN) + draw.sample(own, len(own) // 2))
left_out = set() if LONG or desk.ONLY else set(kinds + own) - drawn
part, parts = (int(n) for n in os.environ.get("ROUTES_PART", "1/1").split("/"))
chosen = [(n, r) for n, r in enumerate(desk.ROUTES, 1)
          if r not in left_out and (not desk.ONLY or any(o in r.title for o in desk.ONLY))][part - 1::parts]
titles = [r.title for r in desk.ROUTES]
if len(set(titles)) != len(titles):
    sys.exit("two routes have the same title")
opened = 0
place = desk.Desk()
try:
    for number, one in chosen:
        wrong, case = trial.play(number, one, place, LONG)
        opened += wrong is not None
        if wrong or VERBOSE:
            print("\n".join(str(a) for a in case.acts), flush=True)
finally:
    place.served.stop()
desk.must(desk.owner("audit", "verify"))
if desk.SERVICE:
    print("%d tries of %d users past the session refused" % (place.tries, len(desk.USERS)))
honest = sum(r.by == (desk.HONEST,) for _, r in chosen)
if left_out:
    print("drew %d of %d routes, ROUTES_SEED=%d" % (len(drawn), len(kinds + own), SEED))
print("%d routes held, %d honest cases approved, %d open" % (len(chosen) - honest - opened, honest, opened))
sys.exit(0 if chosen and not opened else 1)
