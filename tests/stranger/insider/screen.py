"""The approval at the screen: the workbench of `kybdesk session` in a terminal of tmux."""

import re
import subprocess
import time

from insider.desk import ENVIRONMENT, FOLDER, PROGRAM, REFUSALS, SERVICE, STORE, Act, as_user

PATIENCE_S = 60
# In the order of the keys 1 to 7.
INBOXES = ["manual_review", "completed", "pending", "remediation", "incomplete", "approved", "rejected"]
TMUX = ["tmux", "-S", FOLDER + "/tmux", "-f", "/dev/null"]


def tmux(*words):
    return subprocess.run(TMUX + list(words), capture_output=True, text=True, env=dict(ENVIRONMENT, TERM="screen-256color")).stdout


def shown():
    """The text of the screen without frames; line breaks and repeated spaces become one space."""
    return re.sub(r"\s+", " ", re.sub(r"[│┌┐└┘─]", " ", tmux("capture-pane", "-p")))


def sees(*texts):
    """Waits until the screen shows one of the texts, and returns this text; "" after PATIENCE_S."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = [t for t in texts if t in shown()]
        if found:
            time.sleep(0.2)
            return found[0]
        time.sleep(0.05)
    return ""


def approve_at_the_screen(case, name):
    """Finds the case, presses a, then y, whatever the dialog says. The act has the text of the last two screens."""
    tmux("new-session", "-d", "-x", "140", "-y", "45", *as_user(SERVICE), PROGRAM, "--store", STORE, "session", "--reviewer", name)
    seen = []
    inbox = str(INBOXES.index(case.show()["compliance_status"]) + 1)
    for keys, texts in ((None, ("overdue",)), (inbox, ("most urgent first",)), ("/", ("filter:",)), (case.wanted or case.name, (case.wanted or case.name,)),
                        ("Enter", ("1 case",)), ("Enter", ("1 Summary",)), ("a", ("cannot be approved", "Esc", "cannot approve")), ("y", ())):
        if keys:
            tmux("send-keys", *(["-l", keys] if len(keys) > 1 and keys != "Enter" else [keys]))
        if texts and not sees(*texts):
            seen.append("(never showed %s)" % " or ".join(texts))
            break
        if not texts:
            time.sleep(0.5)
        seen.append(shown())
    tmux("kill-server")
    act = Act("%s at the screen" % name, 0, " ".join(seen[-2:]), REFUSALS)
    act.screen = True
    return act
