#!/bin/sh
# Prints the number and the share of functions with more than five parameters, and the 12 functions with the most
# parameters. Fails if the share is above the limit: the first argument, in hundredths of a percent (150). The limit may
# be lowered, never raised.
set -eu
cd "$(dirname "$0")/../.."
limit=${1:-150}
# shellcheck disable=SC2016 # the dollars are awk's
find src -name '*.c' | sort | xargs awk -v limit="$limit" '
function finish(   i, c, depth, commas, inside) {
	depth = commas = 0
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c == "(") depth++
		if (c == ")" && --depth == 0) break
		if (c == "," && depth == 1) commas++
	}
	total++
	if (commas >= 5) {
		many++
		sub(/^static /, "", text)
		printf "%d %s: %s\n", commas + 1, file, substr(text, 1, 70) | "sort -rn | head -n 12"
	}
	text = ""
}
FNR == 1 { text = "" }
/^[a-z]/ && !/;[[:space:]]*$/ && !/=/ { text = ""; file = FILENAME }
/^[a-z]/ && /\(/ || text != "" { text = text " " $0 }
/;/ && !/^\{/ { text = "" }
/^\{/ { if (text ~ /\(/) finish(); text = "" }
END {
	close("sort -rn | head -n 12")
	share = int(many * 10000 / total)
	printf "%d of %d functions have more than five parameters: %d.%02d %%\n", many, total, share / 100, share % 100
	if (share > limit) { printf "at most %d.%02d %%; pack them into a struct\n", limit / 100, limit % 100; exit 1 }
}'
