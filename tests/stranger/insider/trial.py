"""Plays a route, tries to approve the case by every front end, and checks what stopped the route."""

from insider.desk import HONEST, SERVICE, USERS, Case, past_the_session
from insider.screen import approve_at_the_screen


def approve(case, name, long):
    """Tries to approve by a command, over HTTP with the person's own key, and, if `long`, on the screen."""
    tried = []
    # With the case claimed by this person, it is the blocker that stops the approval, and not a claim of a colleague.
    case.do(name, "claim", "CASE")
    tried.append(case.do(name, "approve", "CASE", "--grace", "0"))
    if case.show()["status"] != "approved" and name in case.desk.keys:
        tried.append(case.own(name, {"status": "approved"}))
    if long and case.show()["status"] != "approved":
        tried.append(case.keep(approve_at_the_screen(case, name)))
    case.do(name, "release", "CASE")
    return tried


def fault(case, route, long):
    """Plays the route and its approvals. Returns what is wrong with the route or the desk; None: nothing."""
    try:
        route.run(case)
    except (KeyError, IndexError, StopIteration, TypeError, SystemExit) as error:
        return "the route itself is wrong: %r" % error
    acts = list(case.acts)
    by_refusal = route.by[0] == "refused"
    # If the last act must be refused, its text is checked below. But wrong syntax (2, 400) attacks nothing.
    if any(a.failed for a in (acts[:-1] if by_refusal else acts)) or (by_refusal and acts and acts[-1].status in (2, 400)):
        return "an act was refused for its form, so it attacked nothing"
    if long and route.by == (HONEST,):
        # Without this test, a screen that approves nothing at all would pass all other routes.
        case.keep(approve_at_the_screen(case, route.approvers[0]))
        return None if case.show()["status"] == "approved" else "an honest case is not approved at the screen"
    for name in [n for n in route.approvers if SERVICE and n in USERS]:
        count, passed = past_the_session(name, case.name)
        case.desk.tries += count
        if passed:
            return "past the session: " + passed
    tried = [t for name in route.approvers for t in approve(case, case.actor if name == "role" else name, long)]
    status = case.show()["status"]
    if route.by == (HONEST,):
        return None if status == "approved" else "an honest case is %s" % status
    if by_refusal:
        if not acts or not (acts[-1].refused or acts[-1].failed):
            return "the act was not refused"
        if any(not a.refused for a in acts[:-1] if a.material):
            return "an act was not refused"
        return None if route.by[1] in acts[-1].text else 'the refusal does not say "%s"' % route.by[1]
    if status == "approved":
        return "APPROVED"
    for one in tried:
        if one.screen:
            if not any(m[:24] in one.text for t in tried for m in t.messages):
                return "the screen does not say what the command says"
        elif not one.blockers & set(route.by):
            return "held by %s, not by %s" % (sorted(one.blockers) or one.status, " or ".join(route.by))
    return None if tried else "nobody tried to approve"


def play(number, route, desk, long):
    case = Case(number, desk)
    wrong = fault(case, route, long)
    case.after()
    held = route.by[1] if route.by[0] == "refused" else " or ".join(route.by)
    print("%s %3d %s: %s" % ("OPEN" if wrong else "held", number, route.title, wrong or held), flush=True)
    return wrong, case
