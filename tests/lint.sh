#!/bin/sh
# Makes the checks that need no build: format, layers, libraries, banned calls, language, file sizes, shell scripts,
# commit titles, version. Prints every finding; fails on any. Checks all files in the folders, also files that git does
# not track. ./dev test checks what only the linker sees (tests/lint/lint_test.c).
set -u
cd "$(dirname "$0")/.." || exit 1
bad=0
finding() {
	printf '%s\n' "$*"
	bad=1
}

sources=$(find src include tests -name '*.[ch]' | sort)

found=$(printf '%s\n' "$sources" | xargs -n 40 -P "$(nproc)" clang-format --dry-run -Werror 2>&1 | grep ': error:' | cut -d: -f1 | sort -u)
[ -z "$found" ] || finding "not formatted; run clang-format -i: $found"

# sources.cmake lists each source file.
tests/lint/lists.py || bad=1
# Includes, names and calls that tests/lint/rules.py does not allow.
tests/lint/sources.py || bad=1

# The rules of docs/style.md that a script can check.
found=$(printf '%s\n' "$sources" | grep '^src/\|^include/' | xargs grep -nE '(error_set(_field)?|error_invalid)\([^;]*"[^"]*[a-z]\."\)')
[ -z "$found" ] || finding "$found: a sentence for users ends without a full stop"
tests/lint/parameters.sh || bad=1
# The language of comments and messages.
tests/lint/words.py || bad=1
# The names in the pages for developers exist.
tests/lint/walks.py || bad=1
# Each wait of docs/waits.md has a test that freezes the peer.
tests/lint/waits.py || bad=1
# The client's page has a text in each language for each sentence that a client can cause.
tests/lint/page_texts.py || bad=1
# Each row of tests/mutants/explained.txt names a line that occurs exactly once in its source file.
tests/mutants/mutate.py --explained || bad=1
# Each mutant of tests/mutants/roles.sh changes its file. A source archive without git cannot be checked.
if git rev-parse 2>/dev/null; then
	tests/mutants/roles.sh --check || bad=1
fi
# SQL that only one database knows belongs in its driver; other statements use phrases (docs/store.md, "Statements").
dialect='INDEXED BY|NOT INDEXED|CROSS JOIN|\bMATCH\b|\bjson_|\browid\b|WITHOUT ROWID|PRAGMA|\bsqlite_|\b(instr|hex|ifnull|strftime|typeof|group_concat|printf|julianday)\(|\b(max|min)\([^(){}]*,|OR (IGNORE|REPLACE)|SAVEPOINT|IMMEDIATE|\bGLOB\b|\bIS \$|-wal\b|["( ]\+[a-z]+\.?[a-z_]* (=|IN|<|>)'
found=$(printf '%s\n' "$sources" | grep '^src/store/' | grep -vE '^src/store/(sqlite|postgresql)/' |
	xargs grep -nE "\"[^\"]*($dialect)" | grep -vE '(snprintf|arena_printf)\(')
[ -z "$found" ] || finding "$found: a word that only one database knows; give the drivers a phrase for it"

# Each setting is read by a front end.
# shellcheck disable=SC2013 # names hold no spaces
for id in $(grep -oE '^[[:space:]]+SETTING_[A-Z_]+' include/kybdesk/settings/settings.h); do
	printf '%s\n' "$sources" | grep -E '^src/(cli|tui|api)/' |
		xargs grep -qE "settings_(text|text_if_set|bool|number)\([^;]*$id\b" || finding "$id: a setting that no front end reads"
done
found=$(printf '%s\n' "$sources" | xargs grep -nE '\b(TODO|FIXME|XXX|HACK)\b')
[ -z "$found" ] || finding "$found: finish it, or write it down in docs/"
for file in $sources; do
	lines=$(wc -l <"$file")
	[ "$lines" -le 800 ] || finding "$file: $lines lines; split it by responsibility"
done

# Titles of the commits since the rule was made. A source archive without git history has no commits to check.
rule_made=87cc0011e3b625a36aa4a9fc7486c635c249b88c
if git cat-file -e "$rule_made^{commit}" 2>/dev/null; then
	git log --no-merges --format=%s "$rule_made..HEAD" | tests/lint/titles.sh || bad=1
fi

# The version and its day are the same in CMakeLists.txt and docs/CHANGELOG.md. A version tag on HEAD has this version.
version=$(sed -n 's/^project(kybdesk VERSION \([0-9.]*\).*/\1/p' CMakeLists.txt)
grep -q "^## $version, $(sed -n 's/^set(KYB_RELEASED \([0-9-]*\)).*/\1/p' CMakeLists.txt)\$" docs/CHANGELOG.md ||
	finding "docs/CHANGELOG.md: no heading for version $version and its day, as CMakeLists.txt has them"
for tag in $(git tag --points-at HEAD --list 'v[0-9]*' 2>/dev/null); do
	[ "$tag" = "v$version" ] || finding "the tag $tag is on version $version"
done

for script in dev .ci/run $(find . -name '*.sh' -not -path './build/*'); do
	shellcheck "$script" || bad=1
done

[ $bad = 0 ] && echo "lint: clean"
exit $bad
