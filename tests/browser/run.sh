#!/bin/sh
# Tests the client's page in chromium by the keyboard, without JavaScript; pictures go to build/browser.
# usage: tests/browser/run.sh [PROGRAM]
set -eu
cd "$(dirname "$0")/../.."
program=${1:-build/kybdesk}
rm -rf build/browser
mkdir -p build/browser
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 tests/browser/page_test.py "$program" build/browser
# With KYBDESK_TEST_LONG also by the rules of axe-core, from npm's registry.
if [ -n "${KYBDESK_TEST_LONG:-}" ]; then
	(cd build/browser && npm install --ignore-scripts --no-audit --no-fund axe-core@4.10.3 >install.log 2>&1)
	PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 tests/browser/axe.py "$program" build/browser \
		build/browser/node_modules/axe-core/axe.min.js
fi
