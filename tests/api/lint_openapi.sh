#!/bin/sh
# Checks docs/api/openapi.json with an external linter from npm's registry: lint_openapi.sh FOLDER keeps the linter in
# FOLDER. The script installs it only if KYBDESK_TEST_LONG is set, since an ordinary run does not use the network.
# Exit status 77: skipped; the script prints the reason.
set -u
cd "$(dirname "$0")/../.." || exit 1
folder=$1
linter=$folder/node_modules/.bin/redocly

skip() {
	printf 'skipped: %s\n' "$*"
	exit 77
}

for program in node npm; do
	command -v "$program" >/dev/null || skip "$program is not installed"
done
if [ ! -x "$linter" ]; then
	[ -n "${KYBDESK_TEST_LONG:-}" ] || skip "the linter is not there; ./dev test --long installs it"
	mkdir -p "$folder"
	(cd "$folder" && timeout 120 npm install --ignore-scripts --no-audit --no-fund --no-save @redocly/cli@2.77.0 >install.log 2>&1) ||
		skip "npm's registry cannot be reached, or does not have the linter: $(tail -n 1 "$folder/install.log")"
fi
export REDOCLY_TELEMETRY=off REDOCLY_SUPPRESS_UPDATE_NOTICE=true
"$linter" lint --config tests/api/redocly.yaml docs/api/openapi.json 2>&1 || exit 1
# tests/api/contract_test.c compares this bundle with the reference that the tests check every response against.
"$linter" bundle --config tests/api/redocly.yaml --ext json -o "$folder/bundled.json" docs/api/openapi.json \
	>"$folder/bundle.log" 2>&1 || {
	cat "$folder/bundle.log"
	exit 1
}
