#!/bin/sh
# Measures the lock of the audit log with many writers (docs/scale.md): pgbench runs the statements of a decision on a
# PostgreSQL server, each as a round trip. Compares the lock at the beginning of the transaction, as the program takes
# it, with the lock just before the log record at the end; until then only the row of the case is locked.
# usage: tests/bench/lock.sh [SECONDS]
set -eu
seconds=${1:-10}
work=$(mktemp -d "${TMPDIR:-/tmp}/kybdesk-lock.XXXXXX")
chmod a+rwx "$work" # pgbench writes its logs here as the user postgres
served= # lib.sh sets the folder of a PostgreSQL server
# shellcheck source=/dev/null
. "$(dirname "$0")/lib.sh"
trap 'server_end; rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
server_begin
psql() { as_server psql -q -h "$served" -U kybdesk -d postgres "$@"; }
psql -c "CREATE TABLE file (id bigint PRIMARY KEY, status text NOT NULL, version bigint NOT NULL DEFAULT 1, body text NOT NULL);
	CREATE TABLE part (id bigserial PRIMARY KEY, file bigint NOT NULL, body text NOT NULL);
	CREATE INDEX part_file ON part (file);
	CREATE TABLE log (seq bigint PRIMARY KEY, file bigint NOT NULL, hash text NOT NULL);
	CREATE TABLE commitment (id bigserial PRIMARY KEY, seq bigint, owner bigint NOT NULL, hash text NOT NULL);
	CREATE TABLE head (id int PRIMARY KEY, seq bigint NOT NULL, hash text NOT NULL);
	INSERT INTO head VALUES (1, 0, '');
	INSERT INTO file SELECT n, 'pending', 1, repeat('x', 600) FROM generate_series(1, 100000) AS n;
	INSERT INTO part (file, body) SELECT 1 + n % 100000, repeat('x', 120) FROM generate_series(1, 800000) AS n;
	ANALYZE"

# A decision: reads the case and its parts, changes the case, adds a decision, an event and a delivery, and adds the
# commitments of 14 rows. FIRST: the statement that reads the case.
statements() { # statements FIRST
	echo '\set file random(1, 100000)'
	echo 'BEGIN;'
	echo "$1"
	for table in part part part part part part; do echo "SELECT * FROM $table WHERE file = :file;"; done
	echo "UPDATE file SET status = 'approved', version = version + 1 WHERE id = :file;"
	for _ in decision event delivery; do echo "INSERT INTO part (file, body) VALUES (:file, 'decided');"; done
	for _ in 1 2; do
		echo "INSERT INTO commitment (owner, hash) VALUES (:file, 'a'), (:file, 'b'), (:file, 'c'), (:file, 'd'), (:file, 'e'), (:file, 'f'), (:file, 'g');"
	done
}
record() {
	echo 'SELECT seq, hash FROM head WHERE id = 1;'
	echo "UPDATE head SET seq = seq + 1, hash = md5(hash || :file) WHERE id = 1 RETURNING seq AS seq;"
	echo '\gset'
	echo "INSERT INTO log VALUES (:seq, :file, md5(:seq::text));"
	echo 'COMMIT;'
}
lock='SELECT pg_advisory_xact_lock(1);'
{ statements "$lock SELECT * FROM file WHERE id = :file;" | sed "s/lock(1); /lock(1);\n/" && record; } >"$work/first.sql"
{ statements 'SELECT * FROM file WHERE id = :file FOR UPDATE;' && echo "$lock" && record; } >"$work/last.sql"

printf '%-34s %8s %12s %12s\n' 'the lock of the log' writers 'decisions/s' '99th of 100'
for writers in 1 10 50; do
	for place in first last; do
		rm -f "$work"/took.*
		# If a statement fails, pgbench prints an error; the pipe hides its exit code.
		rate=$(as_server pgbench -n -M prepared -h "$served" -U kybdesk -c "$writers" -j 2 -T "$seconds" -l --log-prefix="$work/took" \
			-f "$work/$place.sql" postgres | sed -n 's/^tps = \([0-9]*\).*/\1/p')
		late=$(cat "$work"/took.* | awk '{ print $3 }' | sort -n | awk '{ a[NR] = $1 } END { printf "%.1f ms", a[int(NR * 0.99)] / 1000 }')
		printf '%-34s %8s %12s %12s\n' "at the $([ $place = first ] && echo beginning || echo end) of the transaction" "$writers" "$rate" "$late"
	done
done
