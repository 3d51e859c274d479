"""Adds the pairs of an action and a database table that tests wrote to FILE to docs/verb-tables.md.

usage: KYBDESK_WRITE_TABLES=FILE build/plain/test_desk; tests/verb_tables.py FILE     a line of FILE: ACTION TABLE
"""

import os
import re
import sys

PAGE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "docs", "verb-tables.md")
HEAD = "| action | tables |\n| --- | --- |\n"

text, _, rows = open(PAGE).read().partition(HEAD)
pairs = {tuple(line.split()) for line in open(sys.argv[1])}
for action, tables in re.findall(r"^\| `([^`]+)` \|(.*)\|$", rows, re.M):
    pairs |= {(action, table) for table in re.findall("`([^`]+)`", tables)}
with open(PAGE, "w") as page:
    page.write(text + HEAD)
    for action in sorted({a for a, _ in pairs}):
        page.write("| `%s` | %s |\n" % (action, " ".join("`%s`" % t for a, t in sorted(pairs) if a == action)))
