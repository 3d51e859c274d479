#!/bin/sh
# Measures speed as ratios of kybdesk and a reference in one run (docs/testing.md, "Speed"). A slow row is not an error.
# usage: tests/bench/run.sh [SESSIONS] [--huge] [--store FILE] [--save FILE] [--against FILE | --against COMMIT]
# --store: uses a store that `kybdesk import` filled with the lines of build/bench/generate SESSIONS, so that no new
# store must be filled. The rows of the first import, of equal times and of `audit verify` on a grown store are left
# out; the screens are measured on this store, after the demo's cases are added to it.
# --save: keeps the results in FILE. --against FILE: shows how each ratio differs from the results in FILE.
# --against COMMIT: builds the program of COMMIT and compares the two programs (against_commit.py).
# --huge: also measures the screens on a store of 10 million sessions; needs 20 GB of temporary space and an hour.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
sessions=100000
save=
against=
huge=
kept=
usage='./dev bench [SESSIONS] [--huge] [--store FILE] [--save FILE] [--against FILE | --against COMMIT]'
refuse() {
	echo "bench: $*" >&2
	exit 2
}
while [ $# -gt 0 ]; do
	case $1 in
	--huge) huge=1 ;;
	--store)
		[ -f "${2:-}" ] || refuse "--store needs the file of a store"
		kept=$(realpath -- "$2")
		shift
		;;
	--save | --against)
		[ -n "${2:-}" ] || refuse "$1 needs a file"
		if [ "$1" = --save ]; then save=$(realpath -m -- "$2"); else against=$2; fi
		shift
		;;
	'' | *[!0-9]* | 0*) refuse "\"$1\" is not a number of sessions; usage: $usage" ;;
	*) sessions=$1 ;;
	esac
	shift
done
# Wrong arguments are refused now, not after minutes of measuring.
if [ -n "$save" ] && ! (: >>"$save") 2>/dev/null; then refuse "$save cannot be written"; fi
if [ -n "$against" ] && ! [ -e "$against" ]; then
	cd "$here/../.."
	git rev-parse --quiet --verify "$against^{commit}" >/dev/null 2>&1 ||
		refuse "--against: \"$against\" is neither a file nor a commit; ./dev bench --save FILE makes a file with results"
	[ -z "$huge$kept" ] || refuse "--against COMMIT cannot be combined with --huge or --store"
	exec tests/bench/against_commit.py "$against" "$sessions" ${save:+--save "$save"}
fi
if [ -n "$against" ]; then
	against=$(realpath -- "$against")
	"$here/against.sh" "$against" "$against" >/dev/null
fi
cd "$here/../.."
program=$PWD/build/kybdesk
tools=$PWD/build/bench
work=$(mktemp -d "${TMPDIR:-/tmp}/kybdesk-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
served= # lib.sh sets the folder of a PostgreSQL server
# shellcheck source=/dev/null
. "$here/lib.sh"
build_tools "$PWD"

least() { # least COMMAND…: prints the shortest time of seven runs, in microseconds
	for _ in 1 2 3 4 5 6 7; do timed "$@"; done | sort -n | head -n 1
}
head_line() { printf '%-58s %12s %12s %7s  %s\n' what ours reference ratio goal; }
row() { # row WHAT OURS REFERENCE RATIO GOAL
	printf '%-58s %12s %12s %7s  %s\n' "$@"
	printf '%s\t%s\t%s\t%s\t%s\n' "$@" >>"$work/rows"
}
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { if (b > 0) printf "%.2f", a / b; else print "-" }'; }
millis() { awk -v us="$1" 'BEGIN { printf "%.1f ms", us / 1000 }'; }
rate() { awk -v n="$1" -v us="$2" 'BEGIN { printf "%.0f/s", n * 1000000 / us }'; }

times_row() { # times_row WHAT "OURS REFERENCE …" GOAL
	row "$1" "$(millis "$(of "$2" 1)")" "$(millis "$(of "$2" 2)")" "$(ratio "$(of "$2" 1)" "$(of "$2" 2)")" "$3"
}

store=${kept:-$work/store.db}
lines=$work/sessions.ndjson
desk() { "$program" --store "$store" "$@"; }

"$tools/generate" "$sessions" >"$lines"
printf '%s sessions, %s bytes each; %s processors\n\n' "$sessions" "$(($(wc -c <"$lines") / sessions))" "$(nproc)"
printf 'sessions\t%s\tprocessors\t%s\n' "$sessions" "$(nproc)" >"$work/rows"
head_line
[ -n "$kept" ] || desk init --sandbox >/dev/null

parse=$("$tools/reference" parse "$lines")
if [ -z "$kept" ]; then
	first=$(timed desk import "$lines")
	row 'import : jansson parses the same lines' "$(rate "$sessions" "$first")" "$(rate "$sessions" "$parse")" \
		"$(ratio "$parse" "$first")" '>= 0.5'
fi
second=$(timed desk import "$lines")
row 'import again, unchanged : jansson parses the same lines' "$(rate "$sessions" "$second")" \
	"$(rate "$sessions" "$parse")" "$(ratio "$parse" "$second")" '>= 0.8'

page="SELECT s.uuid, s.external_ref, s.subject_name, s.country, s.status, s.risk_score, s.due_at, m.name FROM session s
	JOIN merchant m ON m.id = s.merchant_id WHERE s.compliance_status = 'manual_review' AND s.top = 1
	ORDER BY s.due_key, s.risk_key, s.created_at, s.id LIMIT 50"
processes() { # processes WHAT SQL ARGUMENT…
	what=$1
	sql=$2
	shift 2
	times=$("$tools/measure" 15 "$program" --store "$store" "$@" -- sqlite3 "$store" "$sql")
	times_row "$what : the sqlite3 shell" "$times" '<= 4'
}
processes 'inbox' 'SELECT compliance_status, sessions FROM inbox_count' inbox
processes 'list, a page of one inbox' "$page" list --inbox manual_review
processes 'list, filtered by a word' \
	"SELECT rowid FROM session_text WHERE session_text MATCH '\"harbour\"*' LIMIT 50" list --filter harbour
processes 'show' "SELECT * FROM session WHERE external_ref = 'BEN-00000042'" show BEN-00000042

# Cold cache: dd asks the system to drop the store's file from the page cache (POSIX_FADV_DONTNEED); the disk's own
# cache stays warm. Before the warm command the same dd runs without this request.
desk info >/dev/null
sqlite3 "$store" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
sync
cold="dd if='$store' iflag=nocache count=0 status=none"
warm="dd if='$store' count=0 status=none"
shell_page="sqlite3 '$store' \"$page\""
desk_page="'$program' --store '$store' list --inbox manual_review"
times_row 'list, a page, of a cold cache : of a warm one' \
	"$("$tools/measure" 15 sh -c "$cold; $desk_page" -- sh -c "$warm; $desk_page")" -
times_row 'list, a page, of a cold cache : the sqlite3 shell, cold too' \
	"$("$tools/measure" 15 sh -c "$cold; $desk_page" -- sh -c "$cold; $shell_page")" '<= 4'

# The workbench in a terminal; its start is complete when its first list is on the screen. All programs open one file.
export XDG_CONFIG_HOME="$work/config" XDG_STATE_HOME="$work/state" HOME="$work"
times_row 'start to the first frame : the sqlite3 shell, the page' \
	"$("$tools/keys" 15 - - -- Why "$program" --store "$store" -- - sqlite3 "$store" "$page")" '<= 2'
if command -v litecli >/dev/null; then
	times_row 'start to the first frame : litecli, the page' \
		"$("$tools/keys" 5 - - -- Why "$program" --store "$store" -- - litecli "$store" -e "$page")" '<= 0.2'
fi
if command -v vd >/dev/null; then
	times_row 'start to the first frame : visidata, its list of the tables' \
		"$("$tools/keys" 5 - - -- Why "$program" --store "$store" -- session vd "$store")" -
fi
moved=$("$tools/keys" 41 6 'j k' -- Why "$program" --store "$store" -- minimal "$tools/minimal" "$store" "$page")
times_row 'a move of the selection : a minimal program' "$moved" '<= 3'
row 'a move, 99 of 100 : a minimal program' "$(millis "$(of "$moved" 3)")" "$(millis "$(of "$moved" 4)")" \
	"$(ratio "$(of "$moved" 3)" "$(of "$moved" 4)")" '<= 10 ms'
row 'a move, bytes to the terminal : a minimal program' "$(of "$moved" 5)" "$(of "$moved" 6)" "$(ratio "$(of "$moved" 5)" "$(of "$moved" 6)")" \
	'<= 500'
row 'memory of the workbench, KiB : of the minimal program' "$(of "$moved" 7)" "$(of "$moved" 8)" \
	"$(ratio "$(of "$moved" 7)" "$(of "$moved" 8)")" '<= 16 MB'
# quality.md: an opened case, beside a goal below which nobody sees a difference. Both sides are this program.
opened() { # opened LINES COLUMNS
	LINES=$1 COLUMNS=$2 "$tools/keys" 21 6 '\r !\e' -- Why "$program" --store "$store" -- Why "$program" --store "$store"
}
small=$(opened 24 80)
large_screen=$(opened 60 200)
row 'a case opened at 80 by 24, bytes : the goal' "$(of "$small" 5)" 12000 "$(ratio "$(of "$small" 5)" 12000)" '<= 1'
row 'a case opened at 200 by 60, of a processor : the goal' "$(millis "$(of "$large_screen" 9)")" '10.0 ms' \
	"$(ratio "$(of "$large_screen" 9)" 10000)" '<= 1'
idle=$("$tools/keys" 10 - idle -- Why "$program" --store "$store" -- minimal "$tools/minimal" "$store" "$page")
row 'ten seconds idle, of a processor : 10 s' "$(millis "$(of "$idle" 1)")" '10000.0 ms' \
	"$(awk -v us="$(of "$idle" 1)" 'BEGIN { printf "%.4f", us / 10000000 }')" '<= 0.005'
row 'ten seconds idle, bytes painted' "$(of "$idle" 3)" "$(of "$idle" 4)" - 0

everything="SELECT s.uuid, s.external_ref, s.kind, s.workflow, m.name, s.subject_name, s.country, s.status, s.compliance_status,
	s.risk_score, r.name, u.level, s.parties_total, s.parties_verified, s.documents_total, s.documents_accepted, s.submitted_at,
	s.due_at, s.updated_at, s.version, p.uuid FROM session s JOIN merchant m ON m.id = s.merchant_id
	JOIN subject u ON u.id = s.subject_id LEFT JOIN reviewer r ON r.id = s.assignee_id
	LEFT JOIN session p ON p.id = s.parent_id WHERE s.top = 1 ORDER BY s.due_key, s.risk_key, s.created_at, s.id"
# Both programs write to a file, so that no reader of a pipe slows them. The store is in the page cache.
cat "$store" >/dev/null
begun=$(now_us)
desk list --ndjson --all >"$work/all.ndjson"
ours=$(($(now_us) - begun))
begun=$(now_us)
sqlite3 -json "$store" "$everything" >"$work/all.json"
reference=$(($(now_us) - begun))
row 'list --ndjson --all : sqlite3 -json, the same columns' "$(rate "$sessions" "$ours")" "$(rate "$sessions" "$reference")" \
	"$(ratio "$reference" "$ours")" '>= 1'
rm "$work/all.ndjson" "$work/all.json"

cat "$store" >/dev/null
hash=$("$tools/reference" hash "$store")
start=$(least desk info)
verify=$(timed desk audit verify)
verify=$((verify - start))
megabytes=$(($(wc -c <"$store") / 1000000))
row "audit verify, records and rows, MB/s : SHA-256 over the file" "$(rate "$megabytes" "$verify")" "$(rate "$megabytes" "$hash")" \
	"$(ratio "$hash" "$verify")" -

# Adds notes with pauses of 5 ms, alone and during an import: the 99th percentile of the time of a note, and how much
# slower the import becomes.
quiet=$work/quiet.db
head -n 200 "$lines" >"$work/first"
head -n 20000 "$lines" >"$work/some"
for which in alone beside; do
	"$program" --store "$quiet" init --sandbox >/dev/null
	"$program" --store "$quiet" import "$work/first" >/dev/null
	if [ $which = alone ]; then
		alone=$(timed "$program" --store "$quiet" import "$work/some")
		idle=$("$tools/beside" "$quiet" BEN-00000042 sleep 5)
		rm -r "$quiet"*
	else
		busy=$("$tools/beside" "$quiet" BEN-00000042 "$program" --store "$quiet" import "$work/some")
	fi
done
row 'a note beside an import, 99 of 100 : beside nothing' "$(millis "$(of "$busy" 3)")" "$(millis "$(of "$idle" 3)")" \
	"$(ratio "$(of "$busy" 3)" "$(of "$idle" 3)")" '<= 10 ms'
row 'an import beside notes : alone' "$(millis "$(of "$busy" 4)")" "$(millis "$alone")" \
	"$(ratio "$alone" "$(of "$busy" 4)")" '>= 0.8'

# Decisions, each durable and with all of its rows: by one process and by four processes at once in a sandbox, and by
# one process in production.
decided=$work/decided.db
many=400
"$program" --store "$decided" init --sandbox >/dev/null
"$program" --store "$decided" reviewer add lea --role lead >/dev/null
people $((many * 2)) >"$work/people"
"$program" --store "$decided" import "$work/people" >/dev/null
proven=$work/proven.db
"$program" --store "$proven" init >/dev/null
"$program" --store "$proven" store set public_url https://desk.example >/dev/null
"$program" --store "$proven" merchant add shop >/dev/null
"$program" --store "$proven" reviewer add lea --role lead >/dev/null
"$program" --store "$proven" import "$work/people" >/dev/null
commits=$("$tools/decide" bare "$work/commits.db" $many)
one=$("$tools/decide" "$decided" 0 $many)
row 'decisions, all rows : one-row commits' "$(rate $many "$(of "$one" 1)")" "$(rate $many "$(of "$commits" 1)")" \
	"$(ratio "$(of "$commits" 1)" "$(of "$one" 1)")" '>= 0.45'
checked=$("$tools/decide" "$proven" 0 $many)
bare=$("$tools/decide" "$proven" $many $many bare)
row 'decisions in production, rows compared and committed : neither' "$(rate $many "$(of "$checked" 1)")" \
	"$(rate $many "$(of "$bare" 1)")" "$(ratio "$(of "$bare" 1)" "$(of "$checked" 1)")" '>= 0.8'
rm -r "$proven"*
begun=$(now_us)
for part in 0 1 2 3; do
	"$tools/decide" "$decided" $((many + part * many / 4)) $((many / 4)) >"$work/part.$part" &
	eval "decider$part=\$!"
done
for part in 0 1 2 3; do eval "wait \$decider$part"; done
four=$(($(now_us) - begun))
row 'decisions of four processes : of one' "$(rate $many "$four")" "$(rate $many "$(of "$one" 1)")" \
	"$(ratio "$(of "$one" 1)" "$four")" '>= 0.85'
longest=$(cut -d ' ' -f 2 "$work"/part.? | sort -n | tail -n 1)
row 'the longest decision, four processes : one process' "$(millis "$longest")" "$(millis "$(of "$one" 2)")" \
	"$(ratio "$longest" "$(of "$one" 2)")" '<= 150 ms'
rm -r "$decided"*
memory=$("$tools/measure" 1 "$program" --store "$quiet" import "$work/some" -- true)
row 'memory of an import, KiB : of the smallest program' "$(of "$memory" 3)" "$(of "$memory" 4)" \
	"$(ratio "$(of "$memory" 3)" "$(of "$memory" 4)")" '<= 16 MB'

tab=$(printf '\t')
"$tools/pages" "$store" >"$work/pages"
# The time of the thousandth page on a store in which all sessions have the same updated_at.
if [ -z "$kept" ]; then
	cp "$store" "$work/equal.db"
	sqlite3 "$work/equal.db" 'UPDATE session SET updated_at = 1790000000000'
	"$tools/pages" "$work/equal.db" depth >>"$work/pages"
	rm "$work/equal.db"*
fi
while IFS="$tab" read -r what ours reference goal; do
	row "$what" "$(awk -v t="$ours" 'BEGIN { printf "%.1f us", t / 10 }')" \
		"$(awk -v t="$reference" 'BEGIN { printf "%.1f us", t / 10 }')" "$(ratio "$ours" "$reference")" "$goal"
done <"$work/pages"

# Intake over HTTP: each request opens a session, which is durable before the response. References: the HTTP library
# alone, and the HTTP library with a commit of one row for each request.
door=$work/door.db
"$program" --store "$door" init --sandbox >/dev/null
key=$(merchant_key "$program" "$door" shop)
"$program" --store "$door" serve --listen 127.0.0.1:0 --key-limit 0 --address-limit 0 >"$work/door.port" &
server=$!
mkfifo "$work/hold"
"$tools/bare" <"$work/hold" >"$work/bare.port" &
"$tools/bare" "$work/bare.db" <"$work/hold" >"$work/commit.port" &
exec 9>"$work/hold"
for clients in 1 16 64; do
	ours=$("$tools/load" "$(port_of "$work/door.port")" "$clients" 1920 /kyc/sessions "$key" "$(session_body)")
	bare=$("$tools/load" "$(port_of "$work/bare.port")" "$clients" 19200 / "$key" "$(session_body)")
	commit=$("$tools/load" "$(port_of "$work/commit.port")" "$clients" 1920 / "$key" "$(session_body)")
	case $clients in 16) goal='>= 0.5' ;; 64) goal='>= 0.7' ;; *) goal=- ;; esac
	row "intake, $clients clients : the library alone" "$ours/s" "$bare/s" "$(ratio "$ours" "$bare")" "$goal"
	row "intake, $clients clients : one bare commit each" "$ours/s" "$commit/s" "$(ratio "$ours" "$commit")" -
done
exec 9>&-
kill "$server"
wait "$server" || {
	echo "kybdesk serve ended with $?" >&2
	exit 1
}

# Compares a store on a PostgreSQL server, which is started here, with a store in a file: an import of 2,000 lines, and
# intake by 16 clients.
open_sessions() { # open_sessions STORE: prints how many sessions 16 clients open per second
	token=$(merchant_key "$program" "$1" clients)
	rm -f "$work/served.port"
	"$program" --store "$1" serve --listen 127.0.0.1:0 --key-limit 0 --address-limit 0 >"$work/served.port" &
	server=$!
	"$tools/load" "$(port_of "$work/served.port")" 16 960 /kyc/sessions "$token" "$(session_body)"
	kill "$server"
	wait "$server"
}
if [ -n "$server_programs" ]; then
	trap 'server_end; rm -rf "$work"' EXIT
	server_begin
	as_server createdb -h "$served" -U kybdesk kybdesk
	on_server="postgresql://kybdesk@/kybdesk?host=$served"
	on_file=$work/on_file.db
	head -n 2000 "$lines" >"$work/two_thousand"
	"$program" --store "$on_server" init --sandbox >/dev/null
	"$program" --store "$on_file" init --sandbox >/dev/null
	times_row 'import on PostgreSQL : into a file' "$(timed "$program" --store "$on_server" import "$work/two_thousand") \
$(timed "$program" --store "$on_file" import "$work/two_thousand")" '<= 2'
	ours=$(open_sessions "$on_server")
	reference=$(open_sessions "$on_file")
	row 'intake on PostgreSQL, 16 clients : in a file' "$ours/s" "$reference/s" "$(ratio "$ours" "$reference")" '1000/s'
	server_end
	trap 'rm -rf "$work"' EXIT
else
	echo 'PostgreSQL: skipped; no server is installed (apt install postgresql)'
fi

# Deliveries: each is leased, signed, sent and stored with its response. Reference: a loop of libcurl alone that sends
# the same bodies to the same receiver. To four endpoints or one; of 4,000 sessions, or of 100 sessions with 200 events
# each, which must arrive in order.
deliveries=20000
mkfifo "$work/flow"
"$tools/sink" <"$work/flow" >"$work/sink.port" &
exec 8>"$work/flow"
deliver() { # deliver WHAT ENDPOINTS SESSIONS AT_ONCE GOAL
	rm -rf "$work/deliver.db"*
	fill_outbox "$program" "$work/deliver.db" "$deliveries" "$2" "$3"
	# shellcheck disable=SC2046
	reference=$("$tools/carry" "$4" "$deliveries" "$(delivery_body)" $(urls "$2"))
	ours=$("$tools/worker" "$work/deliver.db" "$4")
	row "deliveries, $1, $4 at once : the bare libcurl loop" "$ours/s" "$reference/s" "$(ratio "$ours" "$reference")" "$5"
}
deliver 'four endpoints' 4 4000 16 '>= 0.6'
deliver 'four endpoints' 4 4000 64 '>= 0.6'
deliver 'one endpoint' 1 4000 64 '>= 0.6'
deliver 'of 100 sessions in order' 4 100 64 -
exec 8>&-

# The screens on a store of 1,000 sessions and on a large store, with the same keys in turns. grow.sh makes the large
# store from the small one; with --store, the large store is FILE.
small=$work/small.db
head -n 1000 "$lines" >"$work/thousand"
"$program" --store "$small" init --sandbox >/dev/null
"$program" --store "$small" import "$work/thousand" >/dev/null
sqlite3 "$small" 'PRAGMA wal_checkpoint(TRUNCATE)' >/dev/null
grow() { # grow SESSIONS [--bare]: makes the store $large with SESSIONS sessions
	large=$work/large.db
	rm -rf "$large"*
	cp "$small" "$large"
	cp "$small.key" "$large.key"
	TMPDIR=$work "$here/grow.sh" "$large" $(($1 / 1000)) ${2:+"$2"}
	committed=$("$tools/commit" "$large")
	begun=$(now_us)
	"$program" --store "$large" audit verify >/dev/null 2>&1 || [ $? = 8 ] # 8: the copied cases have no audit records
	row "audit verify of $1 sessions, rows" "$(rate "$committed" $(($(now_us) - begun)))" - - -
}
screens() { # screens SESSIONS: measures the screens on $large, a store of SESSIONS sessions, and on $small
	desk_on() { echo "'$program' --store '$1' list --inbox approved"; }
	times_row "list, a page, of $1 : of 1000" \
		"$("$tools/measure" 15 sh -c "$(desk_on "$large")" -- sh -c "$(desk_on "$small")")" '<= 1.25'
	screen() { # screen WHAT FIRST KEYS ROUNDS
		times_row "$1, $sessions_now : 1000" \
			"$("$tools/keys" "$4" "$2" "$3" -- Why "$program" --store "$large" -- Why "$program" --store "$small")" \
			'<= 1.25'
	}
	sessions_now=$1
	screen 'the first frame' - - 15
	screen 'a move' 6 'j k' 41
	screen 'a page on' 6 '\e[6~' 10
	screen 'another inbox' 6 '5 6' 21
	screen 'a case opened and closed' 6 '\r \e' 20
	screen 'the next case, held' 5 n 7
	opened=$("$tools/keys" 41 6 '\r !\e' -- Why "$program" --store "$large" -- Why "$program" --store "$small")
	row "a case opened, of $sessions_now" "$(millis "$(of "$opened" 1)")" - - '<= 10 ms'
	slowest() { # slowest WHAT FIRST KEYS: the 99th percentile of the time of a key
		keys=$("$tools/keys" 200 "$2" "$3" -- Why "$program" --store "$large" -- Why "$program" --store "$small")
		row "a key, $1, 99 of 100, $sessions_now : 1000" "$(millis "$(of "$keys" 3)")" "$(millis "$(of "$keys" 4)")" \
			"$(ratio "$(of "$keys" 3)" "$(of "$keys" 4)")" '<= 10 ms'
	}
	for at in "$large" "$small"; do add_demo "$program" "$at"; done
	each_screen slowest
}
if [ -n "$kept" ]; then
	large=$kept
	screens "$sessions"
else
	grow "${KYB_BENCH_GROWN:-1000000}"
	screens "${KYB_BENCH_GROWN:-1000000}"
fi
if [ -n "$huge" ]; then
	grow 10000000 --bare
	screens 10000000
fi

if [ -n "$save" ]; then
	cp "$work/rows" "$save"
	printf '\nsaved in %s\n' "$save"
fi
if [ -n "$against" ]; then
	printf '\ncompared with %s\n\n' "$against"
	"$here/against.sh" "$against" "$work/rows"
fi
