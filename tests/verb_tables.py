"""Writes docs/verb-tables.md anew: the pairs that it lists, and those that tests found beside them.

usage: KYBDESK_WRITE_TABLES=FILE build/plain/test_desk; tests/verb_tables.py [FILE]     a line of FILE: ACTION TABLE
"""

import os
import re
import sys

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs", "verb-tables.md")
HEAD = """# Which action changes which tables

Each audit record covers the rows that its transaction changed ([store.md](store.md#row-commitments)). This page lists, for
each action, the tables of these rows. Every test of the desk compares its store with this page, on both engines: a verb that
changes a row of a table that is not listed here fails the test.

To add a pair, if the verb is meant to change that table: `KYBDESK_WRITE_TABLES=FILE build/plain/test_desk`, then
`python3 tests/verb_tables.py FILE`, and read the difference.

Left out, since some of their changes have no record of their own and the next record covers them: `store_info` (the count of
imports), `suspicion` and `suspicion_entry` (confidential). `audit verify` does not compare records with this page: an older
version of the program may have changed other tables.

| action | tables |
| --- | --- |
"""

pairs = set()
if os.path.exists(PAGE):
    for action, tables in re.findall(r"^\| `([^`]+)` \|(.*)\|$", open(PAGE).read(), re.M):
        pairs |= {(action, table) for table in re.findall("`([^`]+)`", tables)}
if len(sys.argv) > 1:
    pairs |= {tuple(line.split()) for line in open(sys.argv[1])}
with open(PAGE, "w") as page:
    page.write(HEAD)
    for action in sorted({a for a, _ in pairs}):
        page.write("| `%s` | %s |\n" % (action, " ".join("`%s`" % t for a, t in sorted(pairs) if a == action)))
