# shellcheck shell=sh
# Functions of run.sh, against_commit.py and lock.sh: build the tools that measure, fill stores, and run a PostgreSQL
# server. The caller sets $work, a temporary folder.
work=${work:?}

flags() { pkg-config --cflags --libs "$@"; }
build_tools() { # build_tools ROOT: compiles tests/bench/*.c of ROOT, a built source tree, into ROOT/build/bench
	mkdir -p "$1/build/bench"
	built=$1/build/release
	tool() { # tool NAME ARGUMENT…
		name=$1
		shift
		(cd "$root" && cc -std=c17 -O2 -D_GNU_SOURCE -Wall -Wextra -Iinclude -Isrc/desk -Isrc/store "tests/bench/$name.c" \
			-o "build/bench/$name" "$@")
	}
	root=$1
	tool generate
	tool measure
	tool keys -lutil
	tool load -lpthread
	tool sink
	# shellcheck disable=SC2046 # flags are meant to split
	tool minimal $(flags ncursesw sqlite3)
	# shellcheck disable=SC2046
	tool reference $(flags jansson libcrypto)
	# shellcheck disable=SC2046
	tool bare $(flags libmicrohttpd sqlite3) -lpthread
	# shellcheck disable=SC2046
	tool carry $(flags libcurl)
	for name in pages beside decide commit worker; do
		# shellcheck disable=SC2046
		tool $name -Wl,--start-group "$built/libkyb_webhook.a" "$built/libkyb_desk.a" "$built/libkyb_store.a" \
			"$built/libkyb_codec.a" "$built/libkyb_sandbox.a" "$built/libkyb_domain.a" "$built/libkyb_base.a" \
			"$built/libkyb_data.a" -Wl,--end-group $(flags jansson sqlite3 libcrypto libutf8proc zlib) -lpthread -lm -ldl
	done
}

now_us() { date +%s%6N; }
timed() { # timed COMMAND…: prints how long the command runs, in microseconds
	begun=$(now_us)
	"$@" >/dev/null 2>"$work/errors" || {
		cat "$work/errors" >&2
		exit 1
	}
	echo $(($(now_us) - begun))
}
of() { # of LINE FIELD
	echo "$1" | cut -d ' ' -f "$2"
}
port_of() { # port_of FILE: waits for the file's first line and prints the number at its end
	while ! [ -s "$1" ]; do sleep 0.05; done
	sed 's/.*[^0-9]\([0-9][0-9]*\)$/\1/;q' "$1"
}

session_body() {
	printf %s '{"workflow_id":"generic-kyc","subject":{"kind":"individual","name":"Ines Duarte","country":"PT"}}'
}
merchant_key() { # merchant_key PROGRAM STORE MERCHANT: adds the merchant and prints an API key of it
	"$1" --store "$2" merchant add "$3" >/dev/null
	"$1" --store "$2" merchant key "$3" | sed 's/.*"api_key":"\([^"]*\)".*/\1/'
}

people() { # people COUNT: prints lines to import, each a case that can be approved
	awk -v count="$1" 'BEGIN { for (i = 0; i < count; i++) printf "{\"external_ref\":\"KYC-%d\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\",\"status\":\"manual_review\",\"subject\":{\"uid\":\"u%d\",\"kind\":\"individual\",\"name\":\"Ana Sousa %d\",\"country\":\"PRT\"},\"steps\":[{\"id\":\"personal_info\",\"status\":\"completed\"}],\"checks\":[{\"kind\":\"watchlist\",\"status\":\"passed\",\"detail\":{}}]}\n", i, i, i }'
}

delivery_body() {
	printf %s '{"type":"kyc.state_updated","timestamp":"2026-11-20T10:00:00Z","data":{"kind":"kyb","uid":"biz-2031",
"session_id":"0192f0c2-0000-7000-8000-000000000000","kyb_id":17,"external_ref":"RAL-2031","sequence":3,"previous_level":"LIGHT",
"level":"REGULAR","status":"approved","compliance_status":"approved","custom_tags":{"region":"emea"}}}'
}
urls() { # urls ENDPOINTS: prints a URL of the receiver for each endpoint; the port is in $work/sink.port
	for i in $(seq "$1"); do printf 'http://127.0.0.1:%s/hook/%s\n' "$(port_of "$work/sink.port")" "$i"; done
}
fill_outbox() { # fill_outbox PROGRAM STORE DELIVERIES ENDPOINTS SESSIONS: makes a store with DELIVERIES due deliveries
	"$1" --store "$2" init --sandbox >/dev/null
	for url in $(urls "$4"); do
		"$1" --store "$2" merchant add "shop-${url##*/}" >/dev/null
		"$1" --store "$2" endpoint add --merchant "shop-${url##*/}" --url "$url" --event '*' >/dev/null
	done
	sqlite3 "$2" "BEGIN;
		WITH RECURSIVE i(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM i WHERE n < $5) INSERT INTO subject (id, merchant_id,
		uid, kind, created_at) SELECT n, (SELECT merchant_id FROM endpoint WHERE id = 1 + n % $4), 's-' || n, 'individual', 1
		FROM i;
		INSERT INTO session (id, uuid, merchant_id, workflow, kind, subject_id, status, subject_name, created_at, updated_at)
		SELECT id, uid, merchant_id, 'ralio-kyc', 'kyc', id, 'approved', 'n', 1, 1 FROM subject;
		WITH RECURSIVE i(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM i WHERE n < $3 - 1) INSERT INTO outbox_event
		(id, uuid, session_id, merchant_id, type, sequence, body, created_at) SELECT n + 1, 'evt_' || printf('%032x', n), s.id,
		s.merchant_id, 'kyc.state_updated', n / $5 + 1, CAST('$(delivery_body)' AS BLOB), 1 FROM i JOIN session AS s
		ON s.id = 1 + n % $5;
		INSERT INTO delivery (uuid, event_id, endpoint_id, session_id, state, next_at, set_at, created_at) SELECT uuid, id,
		1 + session_id % $4, session_id, 'pending', 1, 1, 1 FROM outbox_event;
		COMMIT;"
}

# A PostgreSQL server in the folder $served, without a network. $server_programs: the folder of the installed server
# programs; empty if none is installed.
server_programs=$(find /usr/lib/postgresql -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1)
served=${served:-}
as_server() { # as_server PROGRAM ARGUMENT…: runs a program of PostgreSQL; if the caller is root, as the user postgres
	name=$1
	shift
	if [ "$(id -u)" = 0 ]; then
		(cd "$served" && setpriv --reuid postgres --regid postgres --init-groups env LC_ALL=C.UTF-8 "$server_programs/$name" "$@")
	else
		(cd "$served" && env LC_ALL=C.UTF-8 "$server_programs/$name" "$@")
	fi
}
server_begin() { # server_begin: starts the server, with the superuser kybdesk
	served=$(mktemp -d /tmp/kybdesk-bench-server.XXXXXX) # a socket's path must be short
	[ "$(id -u)" != 0 ] || chown postgres "$served"
	as_server initdb -D "$served/data" -U kybdesk -A trust -E UTF8 --no-sync >/dev/null
	as_server pg_ctl -D "$served/data" -l "$served/log" -o "-k $served -c listen_addresses=''" -w start >/dev/null
}
server_end() { # server_end: stops the server and removes its folder
	[ -n "$served" ] || return 0
	as_server pg_ctl -D "$served/data" -m immediate stop >/dev/null 2>&1 || :
	rm -rf "$served"
	served=
}

# The keys to measure on each screen. keys.c describes how keys are written.
harbour='/ R A L - 2 0 3 1 \r \r'
each_screen() { # each_screen FUNCTION: calls FUNCTION WHAT FIRST KEYS for each row
	"$1" 'the list' 6 'j k'
	"$1" 'an inbox' - '6 5'
	"$1" 'the case' '6 \r' 'j k'
	"$1" 'its tabs' '6 \r' '2 . 3 . 4 . 6 . 7 . 1 .'
	"$1" 'the timeline' "$harbour 6" 'f .'
	"$1" 'the chart' "$harbour t" 'j k'
	"$1" 'a document, its matches' "$harbour 2 \r / a \r" 'n N'
	"$1" 'a document and its form' "$harbour 2 F \t" 'j k'
	"$1" 'two documents' "$harbour 2 b" '\t'
	"$1" 'a picture in pixels, enlarged' '/ I N D - 3 1 0 9 \r \r 2 \r~icture + +~3' 'l h'
	"$1" 'a party' "$harbour 3 i" 'j k'
	"$1" 'a note typed' "$harbour m" 'a b c'
	"$1" 'the palette' ':' '\e[B \e[A'
	"$1" 'the palette typed' ':' 'r \b'
	"$1" 'the help' '?' 'j k'
	"$1" ':team' 'g r~bo' 'j k'
	"$1" ':stats' 'g f~decided' 'j k'
	"$1" ':audit' 'g a~endpoint' 'j k'
	"$1" ':webhooks' 'g w~9/1' 'j k'
	"$1" ':merchants' 'g m~northwind' 'j k'
}
add_demo() { # add_demo PROGRAM STORE: imports the demo's cases with their documents; adds reviewers and endpoints
	"$1" --store "$2" import data/samples/cases.ndjson >/dev/null
	for name in ana bo cleo; do "$1" --store "$2" reviewer add "$name" --role reviewer >/dev/null; done
	for number in 1 2 3; do
		"$1" --store "$2" endpoint add --merchant northwind-pay --url "http://127.0.0.1:9/$number" --event '*' >/dev/null
	done
}
