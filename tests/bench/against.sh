#!/bin/sh
# Compares two saved results of the bench (./dev bench --save FILE): prints how each row's ratio changed. A slower row
# is not an error: the exit code is 0.
# usage: tests/bench/against.sh THEN NOW
set -eu
[ $# = 2 ] || {
	echo 'usage: tests/bench/against.sh THEN NOW' >&2
	exit 2
}
for file; do
	[ -r "$file" ] || {
		echo "bench: $file cannot be read; ./dev bench --save FILE makes such a file" >&2
		exit 2
	}
	head -n 1 "$file" | grep -q '^sessions	[0-9][0-9]*	processors	[0-9][0-9]*$' || {
		echo "bench: $file is not a file of saved results; make one with ./dev bench --save FILE" >&2
		exit 2
	}
done
exec awk -F '\t' '
function line(what, then, now, change, note) { printf "%-78s %9s %9s %8s  %s\n", what, then, now, change, note }
FNR == 1 { sessions[++files] = $2; processors[files] = $4; next }
files == 1 { then[$1] = $4; order[++count] = $1; next }
{
	if (!printed++) {
		if (sessions[1] != sessions[2])
			print sessions[1] " sessions then, " sessions[2] " now: compare only rows that do not depend on the number of sessions"
		if (processors[1] != processors[2])
			print "On " processors[1] " processors then and " processors[2] " now"
		line("what", "then", "now", "slower", "")
	}
	seen[$1] = 1
	if (!($1 in then)) {
		line($1, "-", $4, "-", "new")
		new++
		next
	}
	if (then[$1] + 0 <= 0 || $4 + 0 <= 0) {
		line($1, then[$1], $4, "-", "no ratio")
		next
	}
	# A higher ratio is better for a rate and for a goal with >=, a lower ratio for all other rows.
	change = $5 ~ /^>=/ || $2 ~ /\/s$/ ? then[$1] / $4 : $4 / then[$1]
	note = change >= 1.25 ? "slower" : change <= 0.8 ? "faster" : ""
	slower += note == "slower"
	faster += note == "faster"
	line($1, then[$1], $4, sprintf("%.2f", change), note)
}
END {
	for (i = 1; i <= count; i++)
		if (!(order[i] in seen)) {
			line(order[i], then[order[i]], "-", "-", "gone")
			gone++
		}
	printf "\n%d slower, %d faster, %d new, %d gone\n", slower, faster, new, gone
}' "$1" "$2"
