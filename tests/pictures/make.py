#!/usr/bin/env python3
"""Pictures of the workbench: make.py PROGRAM FOLDER [SCREEN].

Starts `kybdesk demo` in a terminal of tmux, presses the keys of each picture, and writes the screen as SVG: the
pictures of README.md into FOLDER, and the pictures of SCREENS, in each size and theme of LOOKS, into FOLDER/screens.
With SCREEN, only the pictures of this name are written to FOLDER/screens, and no picture of README.md.
"""
import html
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time
import unicodedata

CELL_W, CELL_H = 8.4, 18
ROW_SHARE = 0.5  # the frame gets the colour of a background that covers more than this share of the screen
# name (None: no picture), keys pressed after those of the row before, text that the screen then shows
PICTURES = [
    ("list", [], "Crescent"),
    ("case", ["/", "juniper", "Enter", "Enter"], "Before you can approve"),
    ("document", ["2", "Enter"], "All required values found"),
    (None, ["A"], "Accepted Memorandum"),
    (None, ["A"], "the file was not shown"),
    (None, ["y"], "Accepted Business number"),
    (None, ["Enter"], "All required values found"),
    (None, ["A"], "Accepted Proof of company"),
    (None, ["Enter"], "All required values found"),
    (None, ["A"], "Accepted Register of"),
    ("parties", ["3"], "open KYC"),
    (None, ["Enter"], "Passport is not reviewed"),
    (None, ["2", "A", "y"], "Accepted Passport"),
    (None, ["a"], "y approve"),
    ("owner", ["y"], "Approved Orla"),
    ("approval", ["a"], "LIGHT"),
]
README = (100, 28, "dark")
# Each size in one theme, the other themes at one size.
LOOKS = [(80, 24, "dark"), (120, 40, "dark"), (200, 60, "dark"), (120, 40, "light"), (120, 40, "high-contrast")]
# All keys below start from the list of cases.
CASE = ["/", "RAL-2031", "Enter", "Enter"]
HITS = ["/", "RAL-2038", "Enter", "Enter"]
SCREENS = [
    ("list", [], "Crescent"),
    ("filter", ["/", "country:"], "filter"),
    ("summary", CASE, "Before you can approve"),
    ("documents", CASE + ["2"], "articles.pdf"),
    ("document", CASE + ["2", "Enter"], "AVON"),
    ("page", CASE + ["2", "Enter", "P"], " page 1 of 1"),
    ("picture", CASE + ["3", "j", "Enter", "2", "Enter"], "picture"),
    ("form", CASE + ["2", "Enter", "F"], "Extracted"),
    ("pair", CASE + ["2", "Enter", "b"], "other files"),
    ("parties", CASE + ["3"], "Lane Holdings"),
    ("chart", CASE + ["3", "t"], "Lane Holdings"),
    ("party", CASE + ["3", "j", "i"], "Ines Duarte"),
    ("checks", HITS + ["4"], "OFAC"),
    ("hit", HITS + ["4", "j", "Enter"], "the list's entry"),
    ("sanctions", ["/", "RAL-2043", "Enter", "Enter"], "SANCTIONS"),
    ("corrections", ["/", "RAL-2049", "Enter", "Enter", "5"], "answered"),
    ("timeline", CASE + ["6"], "import"),
    ("approve", ["/", "RAL-2034", "Enter", "Enter", "a"], "approve"),
    ("reject", CASE + ["r"], "reason"),
    ("request", CASE + ["x"], "message"),
    ("palette", [":", "re"], "reject"),
    ("help", ["?"], "Moving"),
    ("team", ["g", "r"], "Team"),
    ("stats", ["g", "f"], "decided"),
    ("audit", ["g", "a"], "Audit log"),
    ("webhooks", ["g", "w"], "ndpoint"),
    ("merchants", ["g", "m"], "northwind-pay"),
    ("templates", ["g", "l"], "emplate"),
    ("sandbox", ["g", "s"], "andbox"),
]
BASE = ["#1d1f21", "#cc6666", "#8cc265", "#e6c07b", "#6f9fd8", "#b294bb", "#7fc1ca", "#c5c8c6"]
BRIGHT = ["#7c8086", "#f08080", "#a8e08a", "#ffdd9b", "#8fbcff", "#d2b0e0", "#9fe0e8", "#ffffff"]
BACK, FORE = "#1c1c1c", "#c5c8c6"  # default colours of the terminal
SGR = re.compile(r"\x1b\[([0-9;:]*)m|\x1b\]8;[^\x1b]*\x1b\\|\x0e|\x0f")


def palette(number):
    if number < 8:
        return BASE[number]
    if number < 16:
        return BRIGHT[number - 8]
    if number < 232:
        levels = [0, 95, 135, 175, 215, 255]
        number -= 16
        return "#%02x%02x%02x" % (levels[number // 36], levels[number // 6 % 6], levels[number % 6])
    return "#%02x%02x%02x" % ((8 + (number - 232) * 10,) * 3)


class Style:
    def __init__(self):
        self.reset()

    def reset(self):
        self.fore = self.back = None
        self.bold = self.dim = self.under = self.reverse = self.italic = False

    def take(self, parameters):
        codes = [int(c or 0) for c in re.split("[;:]", parameters or "0")]
        while codes:
            code = codes.pop(0)
            if code == 0:
                self.reset()
            elif code in (1, 2, 3, 4, 7):
                setattr(self, {1: "bold", 2: "dim", 3: "italic", 4: "under", 7: "reverse"}[code], True)
            elif 30 <= code <= 37 or 90 <= code <= 97:
                self.fore = palette(code - 30 if code < 90 else code - 82)
            elif 40 <= code <= 47 or 100 <= code <= 107:
                self.back = palette(code - 40 if code < 100 else code - 92)
            elif code in (38, 48) and codes:
                kind = codes.pop(0)
                colour = palette(codes.pop(0)) if kind == 5 else "#%02x%02x%02x" % tuple(codes.pop(0) for _ in "rgb")
                setattr(self, "fore" if code == 38 else "back", colour)
            elif code == 39:
                self.fore = None
            elif code == 49:
                self.back = None

    def colours(self):
        fore, back = self.fore or FORE, self.back or BACK
        return (back, fore) if self.reverse else (fore, back)


def width(text):
    return sum(0 if unicodedata.category(c) in ("Mn", "Me", "Cf") else 2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def line_svg(line, row, style):
    out, column, at = [], 0, 0
    for match in list(SGR.finditer(line)) + [None]:
        text = line[at:match.start() if match else len(line)]
        if text:
            fore, back = style.colours()
            x, cells = 12 + column * CELL_W, width(text)
            if back != BACK:
                out.append(f'<rect x="{x:.1f}" y="{row * CELL_H + 12}" width="{cells * CELL_W:.1f}" height="{CELL_H}" fill="{back}" shape-rendering="crispEdges"/>')
            # Each group of words is placed at its own cells, since a font may draw some letters wider or narrower.
            for group in re.finditer(r"\S+(?: \S+)*", text):
                x = 12 + (column + width(text[:group.start()])) * CELL_W
                cells = width(group.group())
                more = (' font-weight="bold"' if style.bold else "") + (' opacity="0.65"' if style.dim else "")
                more += ' text-decoration="underline"' if style.under else ""
                out.append(f'<text x="{x:.1f}" y="{row * CELL_H + 25}" textLength="{cells * CELL_W:.1f}" fill="{fore}"{more}>'
                           f"{html.escape(group.group())}</text>")
            column += width(text)
        if match:
            if match.group(1) is not None:
                style.take(match.group(1))
            at = match.end()
    return "".join(out)


def picture(screen, name, size):
    w, h = size[0] * CELL_W + 24, size[1] * CELL_H + 24
    style, rows = Style(), []
    for row, line in enumerate(screen.split("\n")[:size[1]]):
        rows.append(line_svg(line, row, style))
    # The frame has the colour of most of the screen.
    backs = re.findall(r'width="([0-9.]+)" height="[0-9.]+" fill="(#[0-9a-f]+)" shape', "".join(rows))
    sums = {BACK: w * ROW_SHARE * size[1]}
    for cells, back in backs:
        sums[back] = sums.get(back, 0) + float(cells)
    frame = max(sums, key=sums.get)
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:.0f} {h}" role="img" aria-label="kybdesk: {name}">'
            f'<rect width="100%" height="100%" rx="8" fill="{frame}"/>'
            f'<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">\n'
            + "\n".join(rows) + "\n</g></svg>\n")


class Terminal:
    """The demo in a terminal of tmux."""

    def __init__(self, program, look):
        self.program, self.look = program, look

    def __enter__(self):
        self.home = tempfile.TemporaryDirectory()
        home = self.home.name
        self.tmux = ["tmux", "-S", home + "/socket", "-f", "/dev/null"]
        self.surroundings = {"PATH": os.environ["PATH"], "HOME": home, "TERM": "xterm-256color", "LANG": "C.UTF-8", "TMPDIR": home}
        cols, rows, theme = self.look
        self.run("new-session", "-d", "-x", str(cols), "-y", str(rows), f"{self.program} demo --theme {theme}")
        self.run("set-option", "-g", "status", "off")
        self.run("set-option", "-sg", "escape-time", "0")
        return self

    def __exit__(self, *_):
        self.run("kill-server")
        self.home.cleanup()

    def run(self, *words):
        return subprocess.run(self.tmux + list(words), env=self.surroundings, check=True, capture_output=True, text=True).stdout

    def press(self, keys):
        for key in keys:
            self.run("send-keys", key)
            time.sleep(0.3 if len(key) == 1 else 0.7)

    def wait_for(self, text):
        before = None
        for _ in range(100):
            screen = self.run("capture-pane", "-e", "-N", "-p")
            if text in self.run("capture-pane", "-p") and screen == before:
                return screen
            before = screen
            time.sleep(0.3)
        sys.exit(f"\"{text}\" does not come to the screen:\n{before}")

    def go_to_list(self):
        """Goes back to the list from any screen; Esc on the list does nothing."""
        for _ in range(8):
            self.run("send-keys", "Escape")
            time.sleep(0.15)


def draw(program, folder, look, pictures, name_of, from_list):
    with Terminal(program, look) as terminal:
        terminal.wait_for("most urgent first")
        for name, keys, text in pictures:
            if from_list:
                terminal.go_to_list()
            terminal.press(keys)
            screen = terminal.wait_for(text)
            if name:
                (folder / name_of(name)).write_text(picture(screen, name, look))


def main():
    program, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    only = sys.argv[3] if len(sys.argv) > 3 else None
    screens = folder / "screens"
    screens.mkdir(parents=True, exist_ok=True)
    if not only:
        draw(program, folder, README, PICTURES, lambda name: name + ".svg", False)
    wanted = [screen for screen in SCREENS if only in (None, screen[0])]
    for look in LOOKS:
        end = f"-{look[0]}x{look[1]}" + ("" if look[2] == "dark" else "-" + look[2]) + ".svg"
        draw(program, screens, look, wanted, lambda name: name + end, True)


if __name__ == "__main__":
    main()
