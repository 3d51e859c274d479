#!/bin/sh
# The fast generator: copies the sessions of a store until it has TIMES as many, by one INSERT … SELECT for each table.
# Drops the triggers and indexes of these tables first, and creates them again at the end. A copy has its own ids,
# references, numbers and times (equal numbers would make duplicates), and the names, words and tags of its original.
# Steps, documents, parties and checks are copied only for sessions that are neither decided nor incomplete. The audit
# log has no records of the copies, and doctor reports that. No other process may use the store: its journal is off.
# --bare: copies no words and no tags.
# usage: grow.sh STORE TIMES [--bare]
set -eu
store=$1
times=$2
bare=${3:-}
[ -f "$store" ] || {
	echo "grow: no store at $store" >&2
	exit 2
}
script=$(mktemp "${TMPDIR:-/tmp}/kybdesk-grow.XXXXXX")
trap 'rm -f "$script"' EXIT
trap 'exit 1' INT TERM
ask() { sqlite3 -bail "$store" "$1"; }

tables="'subject', 'session', 'step', 'document', 'party', 'check_result', 'session_tag'"
kept=$(ask "SELECT group_concat(sql, ';' || char(10)) FROM sqlite_schema WHERE tbl_name IN ($tables) AND sql IS NOT NULL
	AND type = 'index'")
triggers=$(ask "SELECT group_concat(sql, ';' || char(10)) FROM sqlite_schema WHERE tbl_name IN ($tables) AND type = 'trigger'")
shift_ms="(t.n * 7919 % 31536000) * 1000"

copy() { # copy TABLE WHERE: prints SQL that copies rows of TABLE with new ids, foreign keys, references, numbers, times
	ask "WITH link AS (SELECT \"from\" AS name, \"table\" AS target FROM pragma_foreign_key_list('$1')
			WHERE \"table\" IN ('subject', 'session', 'party', 'document'))
		SELECT 'INSERT INTO $1 (' || group_concat(name) || ') SELECT ' || group_concat(CASE
			WHEN name = 'id' THEN 's.id + t.n * (SELECT last FROM span WHERE name = ''$1'')'
			WHEN name IN (SELECT name FROM link) THEN 's.' || name || ' + t.n * (SELECT last FROM span WHERE name = '''
				|| (SELECT target FROM link WHERE link.name = c.name) || ''')'
			WHEN name = 'uuid' THEN 'printf(''%08x'', s.id + t.n * (SELECT last FROM span WHERE name = ''$1'')) || substr(s.uuid, 9)'
			WHEN name IN ('uid', 'external_ref') THEN 's.' || name || ' || ''-'' || t.n'
			WHEN name IN ('registration_number', 'tax_id')
				THEN 'CASE s.' || name || ' WHEN '''' THEN '''' ELSE s.' || name || ' || t.n END'
			WHEN name = 'kyb_id' THEN 'CASE s.kyb_id WHEN 0 THEN 0 ELSE s.kyb_id + t.n * (SELECT last FROM span WHERE name = ''kyb'') END'
			WHEN '$1' = 'session' AND name IN ('created_at', 'submitted_at', 'updated_at', 'due_at', 'decided_at')
				THEN 's.' || name || ' - $shift_ms'
			WHEN name = 'custom_tags' AND '$bare' <> '' THEN '''{}'''
			ELSE 's.' || name END) || ' FROM turn AS t CROSS JOIN $1 AS s WHERE $2;'
		FROM pragma_table_xinfo('$1') AS c WHERE hidden = 0"
}

worked_on="s.session_id IN (SELECT id FROM open_one)"
{
	echo 'PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -200000; PRAGMA foreign_keys = OFF; PRAGMA threads = 2;'
	echo "CREATE TEMP TABLE turn AS WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t LIMIT $times - 1) SELECT n FROM t;"
	echo "CREATE TEMP TABLE span (name, last);"
	for table in subject session step document party check_result; do
		echo "INSERT INTO span SELECT '$table', max(id) FROM $table;"
	done
	echo "INSERT INTO span SELECT 'kyb', max(kyb_id) FROM subject;"
	echo "CREATE TEMP TABLE open_one AS SELECT id FROM session WHERE compliance_status NOT IN ('approved', 'rejected', 'incomplete');"
	echo "CREATE UNIQUE INDEX temp.open_one_id ON open_one (id);"
	ask "SELECT 'DROP ' || type || ' ' || name || ';' FROM sqlite_schema WHERE tbl_name IN ($tables) AND sql IS NOT NULL
		AND type IN ('index', 'trigger') ORDER BY type DESC"
	echo 'BEGIN;'
	for table in step document party check_result; do copy "$table" "$worked_on"; done
	if [ -z "$bare" ]; then
		echo "INSERT INTO session_tag (key, value, session_id) SELECT s.key, s.value, s.session_id + t.n * (SELECT last FROM span
			WHERE name = 'session') FROM session_tag AS s CROSS JOIN turn AS t WHERE true ORDER BY 1, 2, 3;"
		echo "INSERT INTO session_text (rowid, body) SELECT s.rowid + t.n * (SELECT last FROM span WHERE name = 'session'), s.body
			FROM turn AS t CROSS JOIN session_text AS s;"
	fi
	copy session true
	copy subject true
	echo 'UPDATE inbox_count SET sessions = (SELECT count(*) FROM session AS s WHERE s.compliance_status =
		inbox_count.compliance_status AND s.top = 1);'
	echo 'DELETE FROM merchant_count;'
	echo 'INSERT INTO merchant_count (merchant_id, status, sessions) SELECT merchant_id, status, count(*) FROM session WHERE
		parent_id IS NULL AND hidden = 0 GROUP BY merchant_id, status;'
	echo 'COMMIT;'
	printf '%s;\n%s;\n' "$kept" "$triggers"
	echo 'PRAGMA journal_mode = WAL;'
} >"$script"
sqlite3 -bail "$store" <"$script" >/dev/null
