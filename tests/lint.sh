#!/bin/sh
# What can be seen without running anything: format, layers, libraries in their
# rooms, banned calls, file sizes, shell scripts. Prints every finding; fails on any.
set -u
cd "$(dirname "$0")/.." || exit 1
bad=0
finding() {
	printf '%s\n' "$*"
	bad=1
}

sources=$(git ls-files 'src/*.c' 'src/*.h' 'include/*.h' 'tests/*.c' 'tests/*.h')

for file in $sources; do
	clang-format --dry-run -Werror "$file" >/dev/null 2>&1 || finding "$file: not formatted; run clang-format -i $file"
done

# Layers: what each may include of the others (docs/architecture.md).
allowed() {
	case $1 in
	base) echo base ;;
	domain) echo base domain ;;
	codec) echo base domain codec ;;
	store) echo base domain store ;;
	webhook) echo base domain codec store webhook ;;
	desk) echo base domain codec store desk ;;
	settings) echo base domain codec settings ;;
	cli) echo base domain codec desk webhook settings cli ;;
	tui) echo base domain codec desk webhook settings tui ;;
	api) echo base domain codec desk webhook settings api ;;
	esac
}
for layer in base domain codec store webhook desk settings cli tui api; do
	may=" $(allowed $layer) "
	for file in $(git ls-files "src/$layer/*" "include/kybdesk/$layer/*"); do
		# shellcheck disable=SC2013 # layer names hold no spaces
		for used in $(sed -n 's/^# *include *"kybdesk\/\([a-z]*\)\/.*/\1/p' "$file" | sort -u); do
			case $may in
			*" $used "*) ;;
			*) finding "$file: layer $layer may not include kybdesk/$used" ;;
			esac
		done
		# Rooms of one layer may see each other; another layer's inside is seen by nobody.
		found=$(grep -nE '^# *include *"(\.\./)+[a-z]+/' "$file" | grep -vE '"\.\./(model|input|screen|term|work)/')
		[ -z "$found" ] || finding "$file: include by path, not through a contract: $found"
	done
done

# A command asks the desk through cli_do(), which holds it to the uses that it names. The demo is a desk of its own.
for file in $(git grep -lw desk_do -- 'src/cli/*.c'); do
	case $file in
	src/cli/value.c | src/cli/demo.c | src/cli/demo_receiver.c | src/cli/demo_serve.c) ;;
	*) finding "$file: desk_do in a command; call cli_do" ;;
	esac
done

# Rooms of the desk: what each may include of the others. use is the ground, and calls decide's frame of a decision
# (decide_look, decide_begin, move_begin), because one frame runs every row; links stand on it. An upload and a declared
# party are the client's verbs, whoever uses them, so review stands on client; a look at a case names its holder (review
# from read).
allowed_room() {
	case $1 in
	use) echo use decide ;;
	link) echo use link ;;
	decide) echo use decide link ;;
	read) echo use read decide link ;;
	review) echo use review read client decide link ;;
	client) echo use client decide intake link ;;
	intake) echo use intake client decide link ;;
	people) echo use people decide link ;;
	esac
}
for from in use link decide read review client intake people; do
	may=" $(allowed_room $from) "
	for file in $(git ls-files "src/desk/$from/*"); do
		# shellcheck disable=SC2013 # rooms hold no spaces
		for used in $(sed -n 's/^# *include *"\(use\|link\|decide\|read\|review\|client\|intake\|people\)\/.*/\1/p' "$file" | sort -u); do
			case $may in
			*" $used "*) ;;
			*) finding "$file: the desk's room $from may not include $used/" ;;
			esac
		done
	done
done
# Rooms of these know no other room's inside: they meet at the contracts of include/kybdesk.
for layer in domain store codec; do
	for file in $(git ls-files "src/$layer/*/*"); do
		own=${file#src/"$layer"/}
		found=$(grep -nE '^# *include *"[a-z]+/' "$file" | grep -vE "\"(kybdesk|${own%%/*})/")
		[ -z "$found" ] || finding "$file: rooms of $layer meet at their contracts: $found"
	done
done

# The style page (docs/style.md), as far as a line shows it.
found=$(printf '%s\n' "$sources" | grep '^src/\|^include/' | xargs grep -nE 'error_set(_field)?\([^;]*"[^"]*[a-z]\."\)')
[ -z "$found" ] || finding "$found: a sentence for users ends without a full stop"
tests/lint/parameters.sh || bad=1
# What only the linker sees, when there is a build to look at.
for folder in build/test build/release; do
	[ -f "$folder/libkyb_cli.a" ] || continue
	tests/lint/symbols.sh "$folder" || bad=1
	break
done

room() { # room HEADER-PATTERN FOLDER
	found=$(printf '%s\n' "$sources" | grep '^src/\|^include/' | grep -v "^$2" | xargs grep -nE "^# *include *<$1" 2>/dev/null)
	[ -z "$found" ] || finding "$found: this library is known only under $2"
}
room '(n?curses|panel|form|menu|term)\.h|<ncursesw' src/tui/term/
room 'sqlite3' src/store/sqlite/
room 'libpq' src/store/postgresql/
room 'curl/' src/webhook/
room 'microhttpd' src/api/
room 'jansson' src/codec/
room 'openssl/' src/base/
room 'utf8proc' src/base/

# What only SQLite knows stands in its driver; statements have phrases for it (docs/store.md, "Statements").
dialect='INDEXED BY|NOT INDEXED|CROSS JOIN|\bMATCH\b|\bjson_|\browid\b|WITHOUT ROWID|PRAGMA|\bsqlite_|\b(instr|hex|ifnull|strftime|typeof|group_concat|printf|julianday)\(|\b(max|min)\([^(){}]*,|OR (IGNORE|REPLACE)|SAVEPOINT|IMMEDIATE|\bGLOB\b|\bIS \$|-wal\b|["( ]\+[a-z]+\.?[a-z_]* (=|IN|<|>)'
found=$(printf '%s\n' "$sources" | grep '^src/store/' | grep -vE '^src/store/(sqlite|postgresql)/' |
	xargs grep -nE "\"[^\"]*($dialect)" | grep -vE '(snprintf|arena_printf)\(')
[ -z "$found" ] || finding "$found: a word that only one database knows; give the drivers a phrase for it"

banned='strcpy|strcat|sprintf|vsprintf|strtok|gets|localtime|gmtime|ctime|asctime|atoi|atol|strncpy|strncat|alloca|system|popen|rand|srand|mktemp|tmpnam'
found=$(printf '%s\n' "$sources" | grep '^src/\|^include/' | xargs grep -nE "(^|[^A-Za-z0-9_>.])($banned) *\(" | grep -vE ':[0-9]+:[[:space:]]*(/?\*|//)')
[ -z "$found" ] || finding "$found: banned call"
found=$(printf '%s\n' "$sources" | grep '^src/\|^include/' | grep -v '^src/base/world\.c$' |
	xargs grep -nE '(^|[^A-Za-z0-9_>.])(time|clock_gettime|gettimeofday|getrandom|getenv|secure_getenv) *\(' | grep -vE ':[0-9]+:[[:space:]]*(/?\*|//)')
[ -z "$found" ] || finding "$found: the world is passed in (base/world.h)"
# Settings: what the file may say is in the table, and each has a door that asks for it.
# shellcheck disable=SC2013 # names hold no spaces
for id in $(grep -oE '^[[:space:]]+SETTING_[A-Z_]+' include/kybdesk/settings/settings.h); do
	printf '%s\n' "$sources" | grep -E '^src/(cli|tui|api)/' | grep -v '^src/cli/given\.c$' |
		xargs grep -qE "settings_(text|chosen|bool|number)\([^;]*$id\b" || finding "$id: a setting that no door reads"
done
# shellcheck disable=SC2013 # likewise
for key in $(sed -n '/EXPECT_KEYS/,/;/p' src/codec/config_codec.c | grep -oE '"[a-z_]+"'); do
	grep -qE "\{ $key," src/settings/settings.c || finding "$key: the configuration file may say it, src/settings does not know it"
done
found=$(printf '%s\n' "$sources" | xargs grep -nE '\b(TODO|FIXME|XXX|HACK)\b')
[ -z "$found" ] || finding "$found: finish it, or write it down in docs/"
for file in $sources; do
	lines=$(wc -l <"$file")
	[ "$lines" -le 800 ] || finding "$file: $lines lines; split it by responsibility"
done

for script in dev .ci/run $(git ls-files '*.sh'); do
	shellcheck "$script" || bad=1
done

[ $bad = 0 ] && echo "lint: clean"
exit $bad
