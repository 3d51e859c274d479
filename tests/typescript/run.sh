#!/bin/sh
# Generates a TypeScript client from docs/api/openapi.json with openapi-typescript, compiles it, and lets it create and
# submit a session: run.sh PROGRAM FOLDER keeps the packages in FOLDER. The script installs the packages only if
# KYBDESK_TEST_LONG is set, since an ordinary run does not use the network. Exit status 77: skipped; the script prints
# the reason.
set -u
cd "$(dirname "$0")/../.." || exit 1
program=$1
folder=$2

skip() {
	printf 'skipped: %s\n' "$*"
	exit 77
}

for program_needed in node npm; do
	command -v "$program_needed" >/dev/null || skip "$program_needed is not installed"
done
mkdir -p "$folder"
cp tests/typescript/package.json tests/typescript/tsconfig.json tests/typescript/*.ts "$folder"
if [ ! -x "$folder/node_modules/.bin/openapi-typescript" ]; then
	[ -n "${KYBDESK_TEST_LONG:-}" ] || skip "the packages are not there; ./dev test --long installs them"
	(cd "$folder" && timeout 300 npm install --ignore-scripts --no-audit --no-fund >install.log 2>&1) ||
		skip "npm's registry cannot be reached, or does not have the packages: $(tail -n 1 "$folder/install.log")"
fi
"$folder/node_modules/.bin/openapi-typescript" docs/api/openapi.json -o "$folder/api.ts" >"$folder/generate.log" 2>&1 || {
	cat "$folder/generate.log"
	exit 1
}
(cd "$folder" && node_modules/.bin/tsc -p .) || exit 1
PYTHONDONTWRITEBYTECODE=1 python3 tests/typescript/story.py "$program" "$folder/out/story.js"
