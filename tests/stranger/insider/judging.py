"""What must be true of a route of the matrix, at each front end."""

from insider.screen import approve_at_the_screen


class Open(Exception):
    """A route is open, or wrong."""


def expect(what, *said):
    if not what:
        raise Open(" ".join(str(s) for s in said))


def held_by(act, code):
    """code: the one blocker, or "one+another"."""
    expect(act.blockers == set(code.split("+")), "held by %s, not by %s: %s" % (sorted(act.blockers) or act.status, code, act))


def must_refuse(act, words=""):
    """A rule refuses the act; wrong usage is no refusal."""
    expect(act.status not in (0, 2) and not 200 <= act.status < 400, "NOT REFUSED", act)
    expect(words in act.text, 'the refusal does not say "%s":' % words, act)


def must_do(act):
    expect(act.status == 0 or 200 <= act.status < 300, "the honest act is refused:", act)
    return act


def approvals(case, name, screen):
    """The approval by each front end; stops after one that was accepted."""
    case.do(name, "claim", "CASE")
    for one in (lambda: case.do(name, "approve", "CASE", "--grace", "0"), lambda: case.own(name, {"status": "approved"}),
                lambda: case.keep(approve_at_the_screen(case, name)))[:3 if screen else 2]:
        yield one()
        if case.show()["status"] == "approved":
            return
    case.do(name, "release", "CASE")


def must_hold(case, name, code, screen):
    tried = list(approvals(case, name, screen))
    expect(case.show()["status"] != "approved", "APPROVED by", name)
    for one in tried:
        if one.screen:
            expect(any(m[:24] in one.text for t in tried for m in t.messages), "the screen does not say what the command says:", one)
        else:
            # Over HTTP nobody reads of a suspicion.
            held_by(one, "held" if one.what.startswith("PATCH") and code == "suspicion_open" else code)


def must_approve(case, name, how):
    """An honest approval, by one front end: 0 command, 1 HTTP, 2 screen."""
    case.do(name, "claim", "CASE")
    act = [lambda: case.do(name, "approve", "CASE", "--grace", "0"), lambda: case.own(name, {"status": "approved"}),
           lambda: case.keep(approve_at_the_screen(case, name))][how]()
    expect(case.show()["status"] == "approved", "the honest case is", case.show()["status"], act)
