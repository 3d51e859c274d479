#!/usr/bin/env python3
"""A recording of README.md's first case: record.py PROGRAM FOLDER.

Performs the numbered steps of README.md in a terminal of tmux, and writes the screen after each step to one animated
SVG and to one terminal recording (asciicast, version 2).
"""
import html
import json
import os
import pathlib
import sys

from make import BACK, CELL_H, CELL_W, FORE, README, Style, Terminal, line_svg

COLS, ROWS = README[:2]

# keys, text that the screen then shows, caption; in the order of the numbered steps of README.md
STEPS = [
    ([], "Crescent", "The list of cases, the most urgent first"),
    (["/", *"juniper"], "1 case", "/ finds a case while you type"),
    (["Enter", "Enter"], "Before you can approve", "Enter opens it: what stands before its approval"),
    (["2"], "not opened", "2 shows its documents"),
    (["Enter"], "All required values found", "Enter opens the document and marks the values of the case"),
    (["A"], "Accepted Memorandum", "A accepts it and moves to the next"),
    (["A"], "the file was not shown", "A asks first if a document was not shown to you"),
    (["y"], "Accepted Business number", "y confirms"),
    (["Enter"], "All required values found", "Enter and A for the other two"),
    (["A"], "Accepted Proof of company", "Enter and A for the other two"),
    (["Enter"], "All required values found", "Enter and A for the other two"),
    (["A"], "Accepted Register of", "Enter and A for the other two"),
    (["3"], "open KYC", "3 shows who owns the business"),
    (["Enter"], "Passport is not reviewed", "Enter opens the KYC session of the owner"),
    (["2", "A", "y"], "Accepted Passport", "2, A and y accept the passport"),
    (["a"], "y approve", "a shows that all conditions of the owner hold"),
    (["y"], "Approved Orla", "y approves the owner, and the business is here again"),
    (["a"], "LIGHT", "a shows that all conditions of the business hold"),
    (["y"], "Approved Juniper", "y approves: LIGHT to REGULAR, and the merchant hears of it"),
]
SECONDS = 2.4


def animated(screens):
    """Each line is drawn once, and shown in the steps that have it."""
    shown = {}
    for step, (screen, caption) in enumerate(screens):
        style = Style()
        for row, line in enumerate(screen.split("\n")[:ROWS]):
            drawn = line_svg(line, row, style)
            if drawn:
                shown.setdefault(drawn, set()).add(step)
        shown.setdefault(f'<text x="12" y="{ROWS * CELL_H + 40}" fill="#ffffff" font-weight="bold">{html.escape(caption)}</text>',
                         set()).add(step)
    count, out = len(screens), []
    for drawn, steps in shown.items():
        if len(steps) == count:
            out.append(f"<g>{drawn}</g>")
            continue
        values, times = [], []
        for step in range(count):
            value = "inline" if step in steps else "none"
            if not values or values[-1] != value:
                values.append(value)
                times.append("%g" % round(step / count, 4))
        out.append(f'<g display="{values[0]}">{drawn}<animate attributeName="display" calcMode="discrete" dur="{count * SECONDS:g}s" '
                   f'repeatCount="indefinite" values="{";".join(values)}" keyTimes="{";".join(times)}"/></g>')
    w, h = COLS * CELL_W + 24, ROWS * CELL_H + 60
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w:.0f} {h}" role="img" aria-label="kybdesk: a first case">'
            f'<rect width="100%" height="100%" rx="8" fill="{BACK}"/>'
            f'<g font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="14" fill="{FORE}" xml:space="preserve">\n'
            + "\n".join(out) + "\n</g></svg>\n")


def cast(screens):
    lines = [json.dumps({"version": 2, "width": COLS, "height": ROWS + 1, "title": "kybdesk: a first case"})]
    for step, (screen, caption) in enumerate(screens):
        painted = "\x1b[H\x1b[2J" + "\r\n".join(screen.rstrip("\n").split("\n")[:ROWS]) + "\r\n\x1b[0;1m" + caption + "\x1b[0m"
        lines.append(json.dumps([round(step * SECONDS, 3), "o", painted], ensure_ascii=False))
    return "\n".join(lines) + "\n"


def main():
    folder, screens = pathlib.Path(sys.argv[2]), []
    with Terminal(os.path.abspath(sys.argv[1]), README) as terminal:
        for keys, text, caption in STEPS:
            terminal.press(keys)
            screens.append((terminal.wait_for(text), caption))
    (folder / "first-case.svg").write_text(animated(screens))
    (folder / "first-case.cast").write_text(cast(screens))


main()
