"""Tests every promise of the five seed documents, and of each sentence of the sandbox's guide, on a running server: one
promise for each field, limit, allowed value, status, event and endpoint. The client is written from the seeds and
docs/api.md. Prints "seed · promise · held|failed" and the counts. Fails if a promise fails, or if too few are tested.
usage: promises.py PROGRAM every|atelio|avenia|generic|ralio|guide"""

import sys

import promises_atelio
import promises_avenia
import promises_generic
import promises_guide
import promises_ralio
from stage import Failure, Stage

PARTS = {"atelio": promises_atelio, "avenia": promises_avenia, "generic": promises_generic, "ralio": promises_ralio,
         "guide": promises_guide}
LEAST = {"every": 900, "guide": 180}  # a run with fewer promises than this is incomplete and fails
TROUBLES = (Failure, KeyError, IndexError, TypeError, ValueError, AttributeError)


class Book:
    """The promises that were tested, with their results."""

    def __init__(self):
        self.seed, self.rows = "", []

    def holds(self, promise, test):
        """Runs the test: the promise failed if it returns False or raises one of TROUBLES, otherwise it held."""
        why = ""
        try:
            if test() is False:
                why = "no"
        except TROUBLES as trouble:
            why = "%s: %s" % (type(trouble).__name__, trouble)
        self.write(promise, "failed" if why else "held", why)

    def write(self, promise, result, why=""):
        if any(row[:2] == (self.seed, promise) for row in self.rows):
            result, why = "failed", "the promise is on the list twice"
        self.rows.append((self.seed, promise, result))
        print("%s · %s · %s%s" % (self.seed, promise, result, " (%s)" % why[:400] if why else ""))

    def count(self, result):
        return sum(row[2] == result for row in self.rows)


def main():
    options = ("--sandbox-delay", "0", "--key-limit", "0", "--address-limit", "0", "--link-limit", "0")
    book, wanted = Book(), sys.argv[2]
    with Stage(sys.argv[1], *options, quiet=True) as stage:
        # The receiver keeps the events of all dialects: each part looks for its own.
        stage.token = stage.key["api_key"]
        stage.listen("*")
        for name, part in PARTS.items():
            if wanted in ("every", name):
                part.put(book, stage)
    for result in ("held", "failed"):
        print("promises: %d %s" % (book.count(result), result))
    print("promises: %d in all" % len(book.rows))
    return 1 if book.count("failed") or len(book.rows) < LEAST.get(wanted, 1) else 0


if __name__ == "__main__":
    sys.exit(main())
