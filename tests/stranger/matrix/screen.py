"""The verbs at the screen: a workbench of tmux, the case open, and the action chosen by its name among all actions.

Done: the dialog is there with its button, or the action happened. Roles, every key and the end of each dialog at each role:
tests/unit/tui/matrix_test.c.
"""

import re
import subprocess
import time

from insider.desk import ENVIRONMENT, FOLDER, PROGRAM, REFUSALS, Act, person_environment
from insider.screen import INBOXES
from matrix import table
from matrix.commands import COMMANDS
from matrix.rows import Row, plain

TMUX = ["tmux", "-S", FOLDER + "/matrix", "-f", "/dev/null"]
PATIENCE_S = 120
# How a refusal names what the person did.
CONTRIBUTED = r"(changed a step|imported (the case|new values)|dismissed a sanctions hit)[^;]*; a colleague must (decide|judge|approve)"
BY_COMMAND = "the workbench has no action of it (tests/unit/tui/front_ends_test.c)"
WITHOUT_A_TERMINAL = "a row or hit has to be found first: tests/unit/tui/matrix_test.c tries it, without a terminal"


def action(name, verb, tab=""):
    """The action of this name on a tab of the case that the command's row brings."""
    of = COMMANDS[verb]
    return Row((tab, name), of.before, of.bring, of.judged, of.changed, of.own)


SCREEN = {
    "APPROVE": action("approve", "APPROVE"), "REJECT": action("reject", "REJECT"), "CORRECTIONS": action("corrections", "CORRECTIONS"),
    "REOPEN": action("reopen", "REOPEN"), "UNDO": action("undo", "UNDO"), "WITHDRAW": action("withdraw", "WITHDRAW"),
    "REACTIVATE": action("reactivate", "REACTIVATE"), "ESCALATE": action("escalate", "ESCALATE"), "PROCESS": action("process", "PROCESS"),
    "CLAIM": action("claim", "CLAIM"), "ASSIGN": action("assign", "ASSIGN"), "REFER": action("refer", "REFER"),
    "SNOOZE": action("snooze", "SNOOZE"), "WAKE": action("snooze", "WAKE"), "NOTE": action("note", "NOTE"),
    "NOTE_READ": action("read-mentions", "NOTE_READ"),
    "VALIDATE": action("validate", "VALIDATE"), "CONFIRM": action("confirm", "CONFIRM"), "ALERT_CLOSE": action("close-alert", "ALERT_CLOSE"),
    "SUSPICION_OPEN": action("suspicion", "SUSPICION_OPEN"), "LINK": action("new-link", "LINK"),
    "LINK_SHOW": action("show-link", "LINK_SHOW"), "DELETE": action("delete", "DELETE"), "REVEAL": action("reveal", "REVEAL"),
    "DOCUMENT_ACCEPT": action("accept-item", "DOCUMENT_ACCEPT", "2"), "DOCUMENT_REJECT": action("reject-item", "DOCUMENT_REJECT", "2"),
    "DOCUMENT_ADD": action("add-document", "DOCUMENT_ADD"), "PARTY_ADD": action("add-party", "PARTY_ADD", "3"),
    "PARTY_EDIT": Row(("3", "edit-party"), bring=plain), "PARTY_REMOVE": Row(("3", "remove-party"), bring=plain, not_by={
        name: "the first party was declared at submission: a lead removes it" for name in ("reviewer", "supervised")}),
    **{name: WITHOUT_A_TERMINAL for name in (
        "NEXT", "RELEASE", "NOTE_PIN", "DOCUMENT_OPEN", "DOCUMENT_SAVE", "STEP_EDIT", "HIT_RESOLVE", "HIT_ACCEPT", "CHECK_WAIVE", "CORRECTION_ACCEPT",
        "REVIEW_UNDO", "DUPLICATE_DISMISS", "DUPLICATE_LINK", "COMMAND_RUN", "SUSPICION_CLOSE", "PARTY_OWN", "PARTY_COPY", "PARTY_VERIFY", "PARTY_UNVERIFY", "PARTY_GAP",
        "SUBSESSION_ADD", "SUBSESSION_REMOVE", "MERCHANT_KEY", "MERCHANT_KEY_ROTATE", "MERCHANT_KEY_REVOKE", "PROVIDER_KEY",
        "PROVIDER_KEY_REVOKE", "WEBHOOK_REPLAY", "TEMPLATE_SET", "TEMPLATE_REMOVE")},
    **{name: "the money is a sandbox's" for name in ("PAYIN", "ORDER_COMPLETE", "ORDER_FAIL", "ORDER_CANCEL")},
    **{name: BY_COMMAND for name in (
        "EVIDENCE_EXPORT", "DOCUMENT_RECORD", "SUSPICION_NOTE", "SUSPICION_ACCESS", "LEGAL_HOLD_SET", "LEGAL_HOLD_RELEASE", "SUBJECT_ADD",
        "SUBJECT_EDIT", "SUBJECT_DELETE", "SUBJECT_EXPORT", "SUBJECT_REVEAL", "REVIEWER_ADD", "REVIEWER_ROLE", "REVIEWER_DISABLE",
        "REVIEWER_KEY", "REVIEWER_KEY_REVOKE", "ACCESS_ADD", "ACCESS_REMOVE", "MERCHANT_ADD", "ENDPOINT_ADD", "ENDPOINT_DISABLE",
        "ENDPOINT_EDIT", "ENDPOINT_ROTATE", "ENDPOINT_ENABLE", "ENDPOINT_REMOVE", "ENDPOINT_TEST", "STORE_SET", "STORE_REBUILD_SEARCH",
        "STORE_COPY", "PURGE", "PURGE_STEP", "STORE_MOVE", "WORKFLOW_INSTALL", "REASONS_INSTALL")},
}


# The rest of a dialog whose refusal comes with its button: a reason, and the button.
FINISHED = {"reopen": ("said in more than ten characters", "C-y")}
# What is seen of an action without a dialog.
EFFECTS = {"undo": lambda c, now: c.undone(), "reopen": lambda c, now: c.show()["status"] == "manual_review",
           "reveal": lambda c, now: not any("R reveals it" in line for line in now)}


def tmux(*words):
    environment = dict(ENVIRONMENT, TERM="screen-256color")
    return subprocess.run(TMUX + list(words), capture_output=True, text=True, env=environment).stdout


def lines():
    return [line.rstrip() for line in tmux("capture-pane", "-p").split("\n")]


def wait_for(*texts):
    """Until one of these is on the screen, and the screen stays as it is."""
    end, before = time.monotonic() + PATIENCE_S, None
    while time.monotonic() < end:
        now = lines()
        if now == before and (not texts or any(t in line for t in texts for line in now)):
            return now
        before = now
        time.sleep(0.4)
    raise ValueError("never showed %s: %s" % (" or ".join(texts), lines()))


def keys(*pressed):
    for key in pressed:
        tmux("send-keys", *(["-l", key] if len(key) > 1 and key not in ("Enter", "Escape", "Tab", "C-y") else [key]))


def dialog(now):
    """The text inside of the frame of a dialog; "": none is open."""
    inside, left, right = [], -1, -1
    for line in now:
        if left < 0:
            found = re.search("┌ .*┐", line)
            left, right = (found.start(), found.end()) if found and line.count("┌") == 1 else (-1, -1)
        elif line[left:left + 1] == "└":
            break
        else:
            inside.append(line[left + 1:right - 1])
    return re.sub(r"\s+", " ", " ".join(inside))


def press(c, cell, row, name):
    tab, wanted = row.act
    env = person_environment(name)
    given = ["%s=%s" % (k, env[k]) for k in ("LD_PRELOAD", "KYBDESK_TEST_PERSON", "ASAN_OPTIONS")]
    inbox = str(INBOXES.index(c.show()["compliance_status"]) + 1)
    tmux("new-session", "-d", "-x", "140", "-y", "45", "env", *given, PROGRAM)
    try:
        wait_for("Inboxes")
        keys(inbox)
        wait_for("most urgent first")
        keys("/")
        wait_for("filter:")
        keys(c.name, "Enter")
        wait_for("1 case")
        keys("Enter")
        wait_for("1 Summary")
        if tab:
            keys(tab)
        before = wait_for("1 Summary")
        keys(":")
        wait_for(" Actions")
        keys(wanted)
        offered = wait_for(":" + wanted)
        chosen = next((line for line in offered if re.match(r"^▸ %s( |$)" % re.escape(wanted), line)), "")
        if not chosen or "(needs " in chosen:
            return Act(table.FORBIDDEN, 0, "not offered: " + chosen, REFUSALS)
        keys("Enter")
        time.sleep(0.6)
        after = wait_for()
        new = re.sub(r"\s+", " ", " ".join(line for line, old in zip(after, before) if line != old))
        if wanted in FINISHED:
            keys(*FINISHED[wanted])
            time.sleep(0.6)
            after = wait_for()
        text = dialog(after) or new
        effect = EFFECTS.get(wanted)
        return Act(table.DONE if effect and effect(c, after) else judged(text), 0, text, REFUSALS)
    finally:
        tmux("kill-server")


def judged(text):
    if re.search(CONTRIBUTED, text):
        return table.EXCLUDED
    if "decide alone" in text:
        return table.SUPERVISED
    if re.search(r"(\by|Ctrl-Y) [a-z].*Esc", text) or re.search(r"you hold it|Enter (write|save|add|keep)|[Rr]evealed|undone|validated|unmasked|mentions as read", text):
        return table.DONE
    if re.search(r"cannot|ask an? (lead|admin|reviewer)|[Oo]nly (an?|the) |holder", text):
        return table.FORBIDDEN
    return "unclear: " + text[:400]
