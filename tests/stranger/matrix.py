"""Plays sixty routes drawn from the matrix verb × role × fact × moment (insider/facts.py), and the routes of
insider/alone.py, in a production store of four people: an admin, a lead and two reviewers (the owner of the store is an
admin, too, and imports). Each is first played without the fact, and must be approved; then with it, and must be held by
exactly the one blocker that it names: by command, over HTTP with the person's own key, and at the screen.

usage: matrix.py KYBDESK FOLDER [PART OF A TITLE …]     FOLDER: an empty folder for the store
MATRIX_SEED (or KYBDESK_TEST_DRAW) repeats a draw. KYBDESK_TEST_LONG=1 plays all; else a few, and not at the screen.
MATRIX_ALL=1 plays every cell of the matrix. ROUTES_VERBOSE=1 prints the acts of what is open.
"""

import json
import os
import random
import sys
import time

from insider import desk

desk.PEOPLE = {"lea": "lead", "bo": "reviewer", "ana": "reviewer", "max": "admin"}
desk.READER = "max"
from insider import alone, facts  # noqa: E402
from insider.judging import Open, expect, held_by, must_approve, must_hold  # noqa: E402

LONG = bool(os.environ.get("KYBDESK_TEST_LONG"))
SEED = int(os.environ.get("MATRIX_SEED") or os.environ.get("KYBDESK_TEST_DRAW") or time.time())
DRAWN, FEW, FEW_ALONE = 60, 3, 3
draw = random.Random(SEED)


def remove(case, people):
    case.must(people.judge, "party", "remove", "CASE", facts.identity(case.number, "removed"), "--reason", facts.WORDS)
    case.must(people.judge, "release", "CASE")


def cell(case, fact, role, moment, adverse, screen, how):
    people = facts.People(role)
    code, removed = fact.code_of(role), fact.who == "removed"
    lead = people.remover
    if removed and moment != "before":
        remove(case, people)
    if moment != "before":
        act = case.do(role, "approve", "CASE", "--grace", "60" if moment == "grace" else "0")
        expect(act.status == 0, "not approved before the fact:", act)
    if moment == "reopened":
        case.must(lead, "reopen", "CASE", "--reason", facts.WORDS)
        case.must(lead, "release", "CASE")
    fact.make(case, people, adverse)
    if removed and moment == "before":
        remove(case, people)
    if removed and not adverse and moment != "after":  # a result about a party that left screens nobody: run it again
        facts.report(case, people.reporter, fact.kind, "passed")
    for name in facts.ROLES:
        case.do(name, "release", "CASE")
    expect(not any(a.failed for a in case.acts), "an act was malformed:", next((a for a in case.acts if a.failed), ""))
    now = case.show()
    if moment == "after":
        alerts = [a for a in json.loads(desk.must(desk.session(lead, "alert", "list", "--limit", "1000", "--json")))["data"] if a["session"] == now["id"]]
        expect(now["status"] == "approved", "the approval did not stand: " + now["status"])
        expect(bool(alerts) == adverse, "%d alerts" % len(alerts))
        expect(now["subject"]["level"] == "REGULAR", "the level is", now["subject"]["level"])
        if adverse:
            for name in {lead, people.judge, role} & set(facts.LEADS):
                act = case.do(name, "alert", "close", "CASE", "--reason", facts.WORDS)
                expect(act.refused, "ALERT CLOSED by", name, act)
                if name != role:  # of the approver another rule may hold
                    held_by(act, "hit_open")  # the code of alerts, whatever raised them
    elif not adverse and moment == "grace":
        expect(now["status"] == "approved", "the honest approval was taken back:", now["status"])
    elif adverse:
        expect(now["status"] == "manual_review", "not taken back in its grace time: " + now["status"])
        must_hold(case, role, code, screen)
    else:
        must_approve(case, role, how)


def play(number, title, prepared):
    """Plays a route; prints and returns whether it is open."""
    wrong = None
    case = None
    try:
        for case, part in prepared:
            part(case)
    except Open as error:
        wrong = str(error)
    except (KeyError, IndexError, StopIteration, TypeError, SystemExit) as error:
        wrong = "the route itself is wrong: %r" % error
    print("%s %3d %s%s" % ("OPEN" if wrong else "held", number, title, ": " + wrong if wrong else ""), flush=True)
    if wrong and os.environ.get("ROUTES_VERBOSE"):
        print("\n".join(str(a) for a in case.acts), flush=True)
    return bool(wrong)


def main():
    chosen = facts.CELLS if os.environ.get("MATRIX_ALL") else draw.sample(facts.CELLS, DRAWN)
    more = list(alone.ROUTES)
    if desk.ONLY:
        titled = [(c, "%s, %s, by %s" % (c[0].title, c[2], c[1])) for c in facts.CELLS]
        chosen = [c for c, title in titled if any(o in title for o in desk.ONLY)]
        more = [r for r in more if any(o in r.title for o in desk.ONLY)]
    elif not LONG:
        chosen, more = chosen[:FEW], draw.sample(more, FEW_ALONE)
    place = desk.Desk()
    try:
        alone.make_lax(place)
        planned, lines, number = [], [], 0
        for fact, role, moment in chosen:
            number += 1
            pair = [desk.Case(number + 2000, place), desk.Case(number, place)]
            lines += [facts.company(c.number) for c in pair]
            planned.append((number, "%s, %s, by %s: %s" % (fact.title, moment, role, fact.code_of(role)), [
                (c, lambda c, f=fact, r=role, m=moment, adverse=adverse, n=number: cell(c, f, r, m, adverse, LONG, n % (3 if LONG else 2)))
                for c, adverse in zip(pair, (False, True))]))
        for route in more:
            number += 1
            pair = [desk.Case(number + 2000, place), desk.Case(number, place)]
            lines += [one for c in pair for one in route.lines(c)]
            planned.append((number, route.title, [(c, lambda c, r=route, a=adverse: r.play(c, a, LONG))
                                                  for c, adverse in zip(pair, (False, True))]))
        alone.bring_in(lines)
        opened = sum(play(*one) for one in planned)
    finally:
        place.served.stop()
    desk.must(desk.owner("audit", "verify"))
    print("%d cells of %d and %d other routes played, MATRIX_SEED=%d: %d open" % (len(chosen), len(facts.CELLS), len(more), SEED, opened))
    sys.exit(1 if opened or not planned else 0)


main()
