"""Routes by which one insider alone would get a bad case approved, or a good one rejected, in a production store. After each
route its approvers try by a command, with their own keys over HTTP, and with KYBDESK_TEST_LONG=1 at the screen.

usage: routes.py KYBDESK FOLDER [PART OF A TITLE …]     FOLDER: an empty one for the store
ROUTES_VERBOSE=1 prints every act. ROUTES_USERS=1, as root: the store and three of the people are users of the operating system,
and these try to pass by the session, too. A line for each route says what held it (tests/stranger/insider/).
"""

import os
import sys

from insider import desk, trial
from insider import listed, listed_more, own_people, own_case, own_web  # noqa: F401 each adds its routes

VERBOSE, LONG = os.environ.get("ROUTES_VERBOSE"), bool(os.environ.get("KYBDESK_TEST_LONG"))
chosen = [(n, r) for n, r in enumerate(desk.ROUTES, 1) if not desk.ONLY or any(o in r.title for o in desk.ONLY)]
titles = [r.title for r in desk.ROUTES]
if len(set(titles)) != len(titles):
    sys.exit("two routes of one title")
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
print("%d routes held, %d honest cases approved, %d open" % (len(chosen) - honest, honest, opened))
sys.exit(0 if chosen and not opened else 1)
