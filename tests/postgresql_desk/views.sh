#!/bin/sh
# Compares the rows of the views in a PostgreSQL store and in a SQLite file: views.sh ADDRESS SCHEMA FILE. Prints the
# differences and the number of rows.
set -eu
address=$1
schema=$2
file=$3
ask() { psql -X -q -At -v ON_ERROR_STOP=1 "$address" -c "$1"; }
rows=0
for view in merchants cases decisions attempts documents deliveries; do
	# SQLite has no types for times, booleans and ids: the values of the server are converted to those of a file.
	columns=$(ask "SELECT string_agg(CASE data_type WHEN 'boolean' THEN column_name::text || '::int'
		WHEN 'timestamp with time zone' THEN 'to_char(' || column_name::text || ' AT TIME ZONE ''UTC'', ''YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'')'
		ELSE column_name::text END, ', ' ORDER BY ordinal_position) FROM information_schema.columns
		WHERE table_schema = '$schema' AND table_name = '$view'")
	ask "SELECT column_name FROM information_schema.columns WHERE table_schema = '$schema' AND table_name = '$view'
		ORDER BY ordinal_position" >server
	ask "SELECT $columns FROM \"$schema\".$view" >rows
	LC_ALL=C sort rows >>server
	sqlite3 -readonly "$file" "SELECT name FROM pragma_table_info('kybdesk_v1_$view')" >rows_of_file
	sqlite3 -readonly "$file" "SELECT * FROM kybdesk_v1_$view" >rows
	LC_ALL=C sort rows >>rows_of_file
	diff server rows_of_file >difference || { echo "$view"; cat difference; }
	rows=$((rows + $(ask "SELECT count(*) FROM \"$schema\".$view")))
done
echo "$rows rows"
