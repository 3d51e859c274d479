#!/bin/sh
# docs/api/openapi.json under an outside linter, from npm's registry: lint_openapi.sh FOLDER keeps it in FOLDER. It is
# installed where KYBDESK_TEST_LONG is set, since an ordinary run sends no packet anywhere. 77: skipped, and why.
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
# What is read by people is what the tests hold every answer against.
"$linter" bundle --config tests/api/redocly.yaml --ext json -o "$folder/bundled.json" docs/api/openapi.json \
	>"$folder/bundle.log" 2>&1 || {
	cat "$folder/bundle.log"
	exit 1
}
