#!/usr/bin/env python3
"""Does what README tells a newcomer, in tmux at 80x24: newcomer.py TREE FOLDER. In the tree it types `./dev run`, then each
key of README's first case; then `./dev run demo --tour`, and its keys; it leaves each with q. Keys and the words that must
stand there after each come from tests/screen/readme_test.c and tour_test.c. Every screen is written to FOLDER as text."""

import ast
import os
import re
import subprocess
import sys
import time

ROWS, COLUMNS, LIMIT_S, BUILD_S = 24, 80, 60, 1800


def table(path):
    """The rows of the table `steps` of a test, as tuples."""
    with open(path) as file:
        text = file.read()
    body = text[text.index("steps[] = {") + len("steps[] = {"):]
    parts = re.findall(r'"(?:[^"\\]|\\.)*"|[^"]+', body[:body.index("\n};")])
    return ast.literal_eval("[%s]" % "".join(one if one[0] == '"' else one.replace("{", "(").replace("}", ",)").replace("NULL", "None").replace(",,", ",") for one in parts))


class Desk:
    """A terminal of 80 by 24 in which the words run."""

    def __init__(self, tree, folder, name, words=("sh",)):
        self.folder, self.name, self.count = folder, name, 0
        self.tmux = ["tmux", "-u", "-L", "kybdesk-%s-%d" % (name, os.getpid()), "-f", "/dev/null"]
        subprocess.run([*self.tmux, "new-session", "-d", "-x", str(COLUMNS), "-y", str(ROWS), "-c", tree, *words], check=True)

    def screen(self):
        return subprocess.run([*self.tmux, "capture-pane", "-p"], check=True, capture_output=True, text=True).stdout

    def sees(self, words, limit_s=LIMIT_S):
        """Waits until the words are shown and nothing changes any more; returns whether they came."""
        until, before = time.monotonic() + limit_s, ""
        while True:
            now = self.screen()
            if (words in now and now == before) or time.monotonic() > until:
                return words in now
            before = now
            time.sleep(0.3)

    def end(self):
        subprocess.run([*self.tmux, "kill-server"], capture_output=True)

    def press(self, keys, words, limit_s=LIMIT_S):
        subprocess.run([*self.tmux, "send-keys", "-H", *("%02x" % one for one in keys.encode())], check=True)
        there = self.sees(words, limit_s)
        self.count += 1
        shown = {"\r": "Enter", "\033": "Esc"}.get(keys, keys.replace("\r", " Enter"))
        with open("%s/%s-%02d.txt" % (self.folder, self.name, self.count), "w") as file:
            file.write("%s: %s\n%s" % (shown, words if there else "NOT THERE: " + words, self.screen()))
        if not there:
            print("%s, %d, after %s: not shown: %s\n%s" % (self.name, self.count, shown, words, self.screen()))
        return there

    def leave(self, words):
        """q until the shell says the words."""
        for _ in range(4):
            subprocess.run([*self.tmux, "send-keys", "q"], check=True)
            if self.sees(words, 5):
                return True
        print("%s: q does not end it\n%s" % (self.name, self.screen()))
        return False


def play(tree, folder, name, command, first, presses):
    desk = Desk(tree, folder, name)
    try:
        good = desk.press("%s; echo ended $?\r" % command, first, BUILD_S)
        good = good and all(desk.press(keys, words) for keys, words in presses)
        good = good and desk.leave("ended 0")
        print("%s: %d screens, %s" % (name, desk.count, "each as the page says" if good else "FAILED"))
        return good
    finally:
        desk.end()


def main():
    tree, folder = (os.path.abspath(one) for one in sys.argv[1:])
    os.makedirs(folder, exist_ok=True)
    case = [pair for _, keys, sees in table(tree + "/tests/screen/readme_test.c") for pair in zip(keys, sees)]
    tour = table(tree + "/tests/screen/tour_test.c")
    good = play(tree, folder, "first-case", "./dev run", "A demo", case)
    return 0 if play(tree, folder, "tour", "./dev run demo --tour", "1/10", tour) and good else 1


if __name__ == "__main__":
    sys.exit(main())
