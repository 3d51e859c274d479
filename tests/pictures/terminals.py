#!/usr/bin/env python3
"""Compares what two programs show on many terminal types: terminals.py BEFORE AFTER [--types T,…] [--sizes COLSxROWS,…]
[--shown vterm,tmux,xterm,urxvt] [--keep FOLDER].

For each type and size, runs both programs in a terminal of libvterm with the same store and the same time, presses the
same keys, and compares the cells and the cursor after each step. Then shows the recorded bytes in tmux, xterm and urxvt
(in a display of Xvfb), and compares the cells of tmux with their styles, and the pictures of the others. A difference
that nobody sees (the foreground of a blank) does not count. Exit status 1: differences, which are printed. A type may
end with "@C": in the locale C. Types that wrap at once in the last column (am without xenl, as ansi) are left out, since
none of these terminals does. Needs libvterm0, tmux, ncurses-term; xterm, rxvt-unicode, xvfb, x11-apps for pictures.
"""
import argparse
import concurrent.futures
import ctypes
import fcntl
import itertools
import json
import os
import pathlib
import pty
import re
import select
import shutil
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
import tty
import unicodedata

TYPES = ("xterm-256color xterm xterm-16color xterm-88color xterm-direct tmux tmux-256color tmux-direct screen "
         "screen-256color screen.xterm-256color linux linux-16color vt100 vt220 vt320 vt420 rxvt rxvt-unicode-256color st "
         "st-256color kitty alacritty konsole-256color vte-256color gnome-256color putty-256color iterm2 mintty "
         "Eterm-256color mlterm-256color vt100@C linux@C xterm-256color@C").split()
SIZES = ["80x24", "120x40", "200x60"]
SHOWN = ["vterm", "tmux", "xterm", "urxvt"]
NAMES = ["株式会社さくら商事", "บริษัท ไทยก้าวหน้า จำกัด", "شركة النور للتجارة", "חברת אור בע\"מ", "Re\u0301ne\u0301 O\u0308ber\u0323",
         "Ștefan Țîrlea", "Nguyễn Thị Hồng", "김민준 주식회사", "भारत ट्रेडर्स", "Ωμέγα Εμπορική", "Harbour Lights Ltd"]
# name, keys, text that the screen then shows ("": only waits until nothing is written)
STEPS = [
    ("the list", "", "Why"), ("a move", "j", ""), ("moves", "jjjk", ""), ("the end of the list", "G", ""), ("back", "gg", ""),
    ("scrolled by pages", "\x06\x06", ""), ("scrolled by lines", "jjjjjjjjjjjjjjjjjjjjjjjjjjjj", ""), ("the list from the top", "gg", ""),
    ("help", "?", "Every key"), ("help scrolled", "jjjjj", ""), ("help, its end", "G", ""), ("help closed", "\x1b", "Why"),
    ("the palette", ":re", ""), ("the palette closed", "\x1b", "Why"), ("a filter", "/RAL-2031", "1 case"),
    ("the case", "\r\r", "Before you can approve"), ("documents", "2", "articles.pdf"), ("parties", "3", "Lane Holdings"),
    ("the chart", "t", ""), ("checks", "t4", ""), ("corrections", "5", ""), ("timeline", "6", ""), ("its end", "G", ""),
    ("webhooks", "7", ""), ("a dialog", "1r", "reason"), ("its next field", "\t", ""), ("the dialog closed", "\x1b", ""),
    ("another dialog", "x", "to correct"), ("closed", "\x1b", ""), ("a note", "m", "note on"),
    ("typed", "\x1b[200~é 株式 ไทย שלום\x1b[201~", ""), ("the note closed", "\x1b", ""), ("painted again", "\x0c", ""),
    ("the list again", "q", "Why"), ("the filter closed", "\x1b", ""), ("the team", "gr", "Team"), ("figures", "gf", "decided"),
    ("the audit log", "ga", "import"), ("the first inbox", "1", ""),
]
KEY_S, QUIET_S, PATIENCE_S = 0.06, 0.3, 30
SCREEN = (2800, 1000)  # pixels of a display
OVERHANG = 20  # pixels in 24 rows: what a font draws beyond a cell stays or goes with the order in which cells are drawn
NOW = "2026-11-20T12:00:00Z"


# --- libvterm ---

class Attributes(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint, bits) for name, bits in (("bold", 1), ("underline", 2), ("italic", 1), ("blink", 1), ("reverse", 1),
                                                               ("strike", 1), ("font", 4), ("dwl", 1), ("dhl", 2))]


class Cell(ctypes.Structure):
    _fields_ = [("chars", ctypes.c_uint32 * 6), ("width", ctypes.c_char), ("attributes", Attributes),
                ("fore", ctypes.c_uint8 * 4), ("back", ctypes.c_uint8 * 4)]


class Position(ctypes.Structure):
    _fields_ = [("row", ctypes.c_int), ("col", ctypes.c_int)]


ANSWER = ctypes.CFUNCTYPE(None, ctypes.POINTER(ctypes.c_char), ctypes.c_size_t, ctypes.c_void_p)


def library():
    vterm = ctypes.CDLL("libvterm.so.0")
    for name in ("vterm_new", "vterm_obtain_screen", "vterm_obtain_state"):
        getattr(vterm, name).restype = ctypes.c_void_p
    vterm.vterm_screen_get_cell.argtypes = [ctypes.c_void_p, Position, ctypes.POINTER(Cell)]
    vterm.vterm_input_write.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
    return vterm


def visible(text, fore, back, marks):
    """A cell as a person sees it."""
    if text in ("", " ") and not marks & {"underline", "reverse", "strike"}:
        return (" ", None, back, frozenset())
    return (text or " ", fore, back, frozenset(marks))


class Shown:
    """A terminal of libvterm."""

    def __init__(self, cols, rows, answer):
        self.cols, self.rows, self.lib, self.held = cols, rows, library(), b""
        self.vterm = ctypes.c_void_p(self.lib.vterm_new(rows, cols))
        self.lib.vterm_set_utf8(self.vterm, 1)
        self.answer = ANSWER(lambda bytes_, length, _: answer(ctypes.string_at(bytes_, length)))
        self.lib.vterm_output_set_callback(self.vterm, self.answer, None)
        self.screen = ctypes.c_void_p(self.lib.vterm_obtain_screen(self.vterm))
        self.lib.vterm_screen_enable_altscreen(self.screen, 1)
        self.lib.vterm_screen_reset(self.screen, 1)

    def feed(self, data):
        # libvterm 0.1 loses a character whose bytes come in two pieces.
        data = self.held + data
        split = next((n for n in (1, 2, 3) if n <= len(data) and data[-n] >= 0xC0 and n < (2 if data[-n] < 0xE0 else 3 if data[-n] < 0xF0 else 4)), 0)
        data, self.held = data[:len(data) - split], data[len(data) - split:]
        self.lib.vterm_input_write(self.vterm, data, len(data))

    def cells(self):
        out, before, cell, place = {}, Cell(), Cell(), Position()
        for row in range(self.rows):
            for col in range(self.cols):
                place.row, place.col = row, col
                self.lib.vterm_screen_get_cell(self.screen, place, ctypes.byref(cell))
                text = "".join(chr(c) if c < 0x110000 else "" for c in itertools.takewhile(bool, cell.chars))
                colours = [None if c[0] & 6 else tuple(c[1:2] if c[0] & 1 else c[1:4]) for c in (cell.fore, cell.back)]
                marks = {name for name in ("bold", "underline", "italic", "blink", "reverse", "strike") if getattr(cell.attributes, name)}
                out[row, col] = visible(text, *colours, marks)
                if col and ord(before.width) == 2:
                    out[row, col] = visible("", None, None, set())  # the right half of a character
                before, cell = cell, before
        self.lib.vterm_state_get_cursorpos(ctypes.c_void_p(self.lib.vterm_obtain_state(self.vterm)), ctypes.byref(place))
        out["cursor"] = (place.row, place.col)
        return out

    def text(self):
        cells = self.cells()
        return "\n".join("".join(cells[row, col][0] for col in range(self.cols)) for row in range(self.rows))

    def close(self):
        self.lib.vterm_free(self.vterm)


# --- recording ---

def make_store(program, folder):
    """A sandbox store with the sample cases and a list that scrolls, in many scripts."""
    root = pathlib.Path(__file__).resolve().parents[2]
    lines = []
    for number in range(90):
        lines.append(json.dumps({
            "external_ref": f"SCRIPT-{number}", "workflow": "generic-kyc", "kind": "kyc", "merchant": "shop", "status": "manual_review",
            "subject": {"kind": "individual", "name": f"{NAMES[number % len(NAMES)]} {number}", "country": "PRT",
                        "tax_id": f"PT{number:09}", "date_of_birth": "1984-02-11"},
            "steps": [{"id": "identity", "status": "completed", "fields": {"phone": "1"}}],
            "checks": [{"kind": "face_match", "status": "passed"}], "submitted_at": "2026-11-01T00:00:00Z"}))
    (folder / "cases.ndjson").write_text("\n".join(lines) + "\n")
    for words in (["init", "--sandbox"], ["import", str(root / "data/samples/cases.ndjson")], ["import", str(folder / "cases.ndjson")]):
        subprocess.run([program, "--as", "ana", *words], env=surroundings(folder, "xterm", "C.UTF-8"), check=True, capture_output=True)


def surroundings(folder, type_, locale):
    return {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder), "KYBDESK_STORE": str(folder / "store.db"),
            "TERM": type_, "LC_ALL": locale, "TZ": "UTC", "KYBDESK_TEST_NOW": NOW}


def record(program, store, type_, cols, rows):
    """The bytes and the cells after each step."""
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        shutil.copytree(store, folder, dirs_exist_ok=True)
        type_, _, locale = type_.partition("@")
        pid, fd = pty.fork()
        if pid == 0:
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, cols, 0, 0))
            os.execve(program, [program, "--as", "ana"], surroundings(folder, type_, locale or "C.UTF-8"))
        shown = Shown(cols, rows, lambda data: os.write(fd, data))
        out = []
        try:
            for step, keys, text in STEPS:
                data, ended = b"", time.monotonic() + PATIENCE_S
                for key in keys if "\x1b[" not in keys else [keys]:
                    os.write(fd, key.encode())
                    data += quiet(fd, shown, KEY_S)
                while True:
                    data += quiet(fd, shown, QUIET_S)
                    if not text or text in shown.text():
                        break
                    if time.monotonic() > ended:
                        raise RuntimeError(f"{program}, {type_}, {cols}x{rows}: no {text!r} at {step}:\n{shown.text()}")
                out.append((step, data, shown.cells()))
        finally:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
            os.close(fd)
            shown.close()
        return out


def quiet(fd, shown, seconds):
    data = b""
    while select.select([fd], [], [], seconds)[0]:
        try:
            got = os.read(fd, 65536)
        except OSError:
            raise RuntimeError("the program has ended:\n" + shown.text()) from None
        data += got
        shown.feed(got)
    return data


# --- showing recorded bytes elsewhere ---

def replay(folder):
    """Runs within the terminal: writes the bytes of a step, and says when the terminal has read them."""
    folder = pathlib.Path(folder)
    tty.setraw(0)
    for number in itertools.count():
        path = folder / f"{number}.bytes"
        while not path.exists():
            time.sleep(0.01)
        data = path.read_bytes()
        if not data:
            return
        os.write(2, data + b"\x1b[5n")
        got = b""
        while b"\x1b[0n" not in got:
            got += os.read(0, 4096)
        (folder / f"{number}.done").touch()


class Elsewhere:
    """A terminal that shows recorded bytes."""

    def __init__(self, cols, rows):
        self.home = tempfile.TemporaryDirectory()
        self.folder, self.cols, self.rows, self.number = pathlib.Path(self.home.name), cols, rows, 0
        self.command = f"{sys.executable} {os.path.abspath(__file__)} --replay {self.folder}"

    def feed(self, data):
        path = self.folder / f"{self.number}.bytes"
        path.with_suffix(".new").write_bytes(data)
        path.with_suffix(".new").rename(path)
        ended = time.monotonic() + PATIENCE_S
        while data and not path.with_suffix(".done").exists():
            if time.monotonic() > ended:
                raise RuntimeError("the terminal does not answer")
            time.sleep(0.01)
        self.number += 1


class Tmux(Elsewhere):
    SGR = re.compile(r"\x1b\[([0-9;:]*)m|\x1b\]8;[^\x1b]*\x1b\\|\x0e|\x0f")
    MARKS = {1: "bold", 2: "dim", 3: "italic", 4: "underline", 5: "blink", 7: "reverse", 9: "strike"}

    def __init__(self, cols, rows):
        super().__init__(cols, rows)
        self.run("new-session", "-d", "-x", str(cols), "-y", str(rows), self.command, ";", "set", "-g", "status", "off")

    def run(self, *words):
        return subprocess.run(["tmux", "-u", "-S", str(self.folder / "socket"), "-f", "/dev/null", *words], check=True, capture_output=True,
                              text=True, env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "TERM": "xterm-256color", "HOME": "/"}).stdout

    def cells(self):
        out, fore, back, marks = {}, None, None, set()
        for row, line in enumerate(self.run("capture-pane", "-p", "-e", "-N").split("\n")[:self.rows]):
            at = col = 0
            for match in [*self.SGR.finditer(line), None]:
                for character in line[at:match.start() if match else len(line)]:
                    wide = unicodedata.east_asian_width(character) in "WF"
                    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
                        out[row, col - 1] = (out[row, col - 1][0] + character, *out[row, col - 1][1:])
                        continue
                    out[row, col] = visible(character, fore, back, marks)
                    col += 1 + wide
                if not match:
                    break
                at = match.end()
                codes = [int(c or 0) for c in re.split("[;:]", match.group(1))] if match.group(1) is not None else []
                while codes:
                    code = codes.pop(0)
                    if code == 0:
                        fore, back, marks = None, None, set()
                    elif code in self.MARKS:
                        marks = marks | {self.MARKS[code]}
                    elif code in (38, 48):
                        count = 2 if codes[0] == 5 else 4
                        colour, codes = tuple(codes[1:count]), codes[count:]
                        fore, back = (colour, back) if code == 38 else (fore, colour)
                    elif code in (39, 49):
                        fore, back = (None, back) if code == 39 else (fore, None)
                    else:
                        colour = (code % 10 + (8 if code >= 90 else 0),)
                        fore, back = (colour, back) if code // 10 in (3, 9) else (fore, colour)
        return out

    def close(self):
        self.run("kill-server")
        self.home.cleanup()


class Window(Elsewhere):
    """A terminal program in a display of Xvfb; its cells are the pixels of its window."""

    def __init__(self, cols, rows, kind, display, left):
        super().__init__(cols, rows)
        name = self.folder.name
        look = ["-geometry", f"{cols}x{rows}+{left}+0", "-bg", "black", "-fg", "gray90", "-T", name, "+sb"]
        words = {"xterm": ["xterm", "-u8", "-fa", "DejaVu Sans Mono,Noto Sans Mono CJK JP", "-fs", "7", *look],
                 "urxvt": ["urxvt", "-fn", "xft:DejaVu Sans Mono:size=7,xft:Noto Sans Mono CJK JP:size=7", *look]}[kind]
        self.surroundings = {"PATH": os.environ["PATH"], "DISPLAY": display, "LC_ALL": "C.UTF-8", "HOME": str(self.folder)}
        self.name = name
        self.process = subprocess.Popen([*words, "-e", *self.command.split()], env=self.surroundings, stderr=subprocess.DEVNULL)
        ended = time.monotonic() + PATIENCE_S
        while not self.cells():
            if time.monotonic() > ended:
                raise RuntimeError(f"{kind} shows no window")
            time.sleep(0.1)

    def cells(self):
        got = subprocess.run(["xwd", "-silent", "-name", self.name], env=self.surroundings, capture_output=True, check=False).stdout
        if len(got) < 100:
            return None
        header, = struct.unpack(">I", got[:4])
        colours, = struct.unpack(">I", got[76:80])
        return got[header + 12 * colours:]

    def close(self):
        self.process.kill()
        self.process.wait()
        self.home.cleanup()


def same_soon(one, other):
    """Whether both show the same, at once or when they have drawn all of it."""
    for _ in range(20):
        cells = one.cells(), other.cells()
        if not differences(*cells, one.rows):
            return cells
        if not isinstance(one, Window):
            break
        time.sleep(0.1)
    return cells


# --- comparing ---

def differences(one, other, rows):
    if isinstance(one, bytes):
        pixels = sum(a != b for a, b in zip(memoryview(one).cast("I"), memoryview(other).cast("I")))
        return [] if pixels <= OVERHANG * rows // 24 and len(one) == len(other) else [f"{pixels} pixels"]
    places = sorted({*one, *other}, key=str)
    # tmux tells nothing about the rest of a row that was cleared.
    return [f"{place}: {one.get(place)} before, {other.get(place)} after" for place in places if one.get(place) != other.get(place)
            and not (None in (one.get(place), other.get(place)) and (one.get(place) or other[place])[0] == " ")]


def display_open():
    """A display of Xvfb, with room for two windows side by side: an obscured window has no pixels."""
    reading, writing = os.pipe()
    server = subprocess.Popen(["Xvfb", "-displayfd", str(writing), "-screen", "0", "%dx%dx24" % SCREEN, "-nolisten", "tcp"],
                              pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as number:
        return server, ":" + number.readline().strip()


def compare(programs, store, type_, size, shown, keep):
    """The differences of one type at one size."""
    cols, rows = (int(n) for n in size.split("x"))
    for _ in range(3):  # a slow machine may show a pane later: what differs must do so each time
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            recorded = list(pool.map(lambda side: record(programs[side], store, type_, cols, rows), (0, 1)))
        found = [(step, differences(cells, after, rows)) for (step, _, cells), (_, _, after) in zip(*recorded)]
        found = [(step, all_) for step, all_ in found if all_]
        if not found:
            break
    lines = [f"vterm, {type_}, {size}, {step}: {len(all_)} cells, for example {all_[0]}" for step, all_ in found]
    for kind in shown:
        if kind == "vterm":
            continue
        server, display = (None, None) if kind == "tmux" else display_open()
        sides = []
        try:
            for left in (0, SCREEN[0] // 2 + 10):  # the pointer is between them: it gives the focus
                sides.append(Window(cols, rows, kind, display, left) if server else Tmux(cols, rows))
            for (step, before, _), (_, after, _) in zip(*recorded):
                for side, data in zip(sides, (before, after)):
                    if data:
                        side.feed(data)
                cells = same_soon(*sides)
                all_ = differences(*cells, rows)
                if all_:
                    lines.append(f"{kind}, {type_}, {size}, {step}: {len(all_)} differences, for example {all_[0]}")
                if all_ and keep and isinstance(sides[0], Window):
                    for side, name in zip(sides, ("before", "after")):
                        path = pathlib.Path(keep) / f"{kind}-{type_}-{size}-{step.replace(' ', '-')}-{name}.xwd"
                        subprocess.run(["xwd", "-silent", "-name", side.name, "-out", path], env=side.surroundings, check=True)
        finally:
            for side in sides:
                side.close()
            if server:
                server.kill()
                server.wait()
    sizes = [sum(len(data) for _, data, _ in side) for side in recorded]
    print(f"{type_}, {size}: {len(recorded[0])} screens, {sizes[0]} bytes before, {sizes[1]} after, {len(lines)} differ", flush=True)
    return lines


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--replay", help=argparse.SUPPRESS)
    parser.add_argument("programs", nargs="*")
    parser.add_argument("--types", default=",".join(TYPES))
    parser.add_argument("--sizes", default=",".join(SIZES))
    parser.add_argument("--shown", default=",".join(SHOWN))
    parser.add_argument("--keep", help="a folder for pictures that differ")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    if given.replay:
        return replay(given.replay)
    if len(given.programs) != 2:
        parser.error("needs two programs")
    programs, shown, lines = [os.path.abspath(p) for p in given.programs], given.shown.split(","), []
    with tempfile.TemporaryDirectory() as name, concurrent.futures.ThreadPoolExecutor(given.jobs) as pool:
        store = pathlib.Path(name)
        make_store(programs[0], store)  # of both: two stores would have other hashes of their records
        work = [pool.submit(compare, programs, store, type_, size, shown, given.keep)
                for size in given.sizes.split(",") for type_ in given.types.split(",")]
        for job in work:
            try:
                lines += job.result()
            except RuntimeError as error:
                lines.append(str(error))
    print(*lines, sep="\n")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
