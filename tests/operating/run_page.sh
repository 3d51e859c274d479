#!/bin/sh
# Runs the commands of docs/operating.md: run_page.sh FOLDER PAGE BUILD. FOLDER replaces the root of the host: the
# commands use /var/lib/kybdesk, /etc/default and /usr below it. The server listens on free ports. `apt` runs
# `cmake --install`, and `systemctl` starts the programs of the units. Prints each command and its output, and
# stops at the first failure.
# Blocks after `<!-- system: -->`, and those for a terminal, run on a booted system only (system.py).
# Environment: ONLY and SKIP (headings) choose a part of the page. ADDRESS replaces the address on db.example; its word
# NAME becomes the role. The metrics of the server are written to the file METRICS.
# One sample case is imported after its merchant was added.
# shellcheck disable=SC2317 # the functions are called by the page
set -eu
root=$1
page=$2
build=$3
cd "$root"
PATH=$root/usr/bin:$PATH
export PATH
serve=

stop_all() {
	[ -e pids ] || return 0
	while read -r pid; do
		kill "$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done <pids
	rm -f pids
}
trap stop_all EXIT

sudo() {
	[ "$1 $2" = '-u kybdesk' ]
	shift 2
	command "$@"
}

apt() {
	[ "$1" = install ]
	DESTDIR=$root cmake --install "$build" --prefix /usr >installed
	# The installed program takes its store from here.
	sed -i "s,=/var/lib,=$root/var/lib," etc/default/kybdesk
}

# Starts the program of a unit with the settings of etc/default/kybdesk, the server on free ports. Waits until it runs.
start_unit() {
	command_line=$(sed -n 's/^ExecStart=//p' "usr/lib/systemd/system/$1")
	# shellcheck disable=SC1091
	(
		set -a
		. etc/default/kybdesk
		set +a
		case $command_line in
		*' serve') exec kybdesk serve --listen 127.0.0.1:0 --metrics-listen 127.0.0.1:0 ;;
		*' deliver') exec kybdesk webhook deliver ;;
		*) exit 1 ;;
		esac
	) >"$1.log" 2>&1 &
	echo $! >>pids
	case $1 in
	kybdesk-serve.service)
		serve=
		for _ in $(seq 200); do
			serve=$(sed -n 's,^Listening on \(http://[0-9.:]*\).*,\1,p' "$1.log")
			[ -z "$serve" ] || break
			sleep 0.1
		done
		[ -n "$serve" ] || { cat "$1.log"; return 1; }
		;;
	*)
		sleep 0.5
		kill -0 "$(tail -n 1 pids)" || { cat "$1.log"; return 1; }
		;;
	esac
}

systemctl() {
	verb=$1
	shift
	[ "$verb" != restart ] || stop_all
	for unit; do
		case $unit in
		--now) ;;
		*)
			test -s "usr/lib/systemd/system/$unit" || return 1
			case $unit in
			*backup.timer) grep -q 'kybdesk backup' usr/lib/systemd/system/kybdesk-backup.service || return 1 ;;
			*.service) start_unit "$unit" || return 1 ;;
			esac
			;;
		esac
	done
}

mkdir -p var/lib/kybdesk home
chmod 700 var/lib/kybdesk
HOME=$root/home
export HOME
awk -v only="${ONLY:-}" -v skip="${SKIP:-}" '
	/^## / { title = substr($0, 4) }
	/^```/ { code = $0 == "```sh" && !marked && title != skip && (only == "" || title == only); next }
	{ marked = /^<!-- system: (.*terminal )?-->/ }
	code' "$page" >commands
[ -s commands ]
[ -z "${ONLY:-}" ] || apt install
# after COMMAND: what the test does after this command of the page.
after() {
	case $1 in
	*'merchant add northwind-pay')
		grep RAL-2032 usr/share/kybdesk/samples/cases.ndjson >usr/share/kybdesk/samples/one.ndjson &&
			kybdesk import usr/share/kybdesk/samples/one.ndjson
		;;
	'systemctl enable'*)
		[ -z "${METRICS:-}" ] || {
			curl -fsS "$serve/readyz"
			curl -fsS "$(sed -n 's,^Metrics on ,,p' kybdesk-serve.service.log)" >"$METRICS"
		}
		;;
	esac
}

while IFS= read -r line <&3; do
	line=$(printf '%s' "$line" | sed "s,/var/lib/kybdesk,$root&,g; s,/etc/default,$root&,g; s,http://127.0.0.1:8080,$serve,g")
	while [ "$line" != "${line#*@db.example/}" ]; do
		role=${line%%@db.example/*}
		role=${role##*postgresql://}
		line=$(printf '%s' "$line" | sed "s,postgresql://$role@db.example/kybdesk?sslmode=verify-full,$(printf '%s' "$ADDRESS" | sed "s,NAME,$role,"),")
	done
	printf '$ %s\n' "$line"
	if ! eval "$line" 3<&- || ! after "$line"; then
		echo "FAILED: $line"
		exit 1
	fi
done 3<commands
