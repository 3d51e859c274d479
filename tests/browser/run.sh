#!/bin/sh
# Tests the client's page in chromium by the keyboard, without JavaScript; pictures go to build/browser.
# usage: tests/browser/run.sh [PROGRAM]
set -eu
cd "$(dirname "$0")/../.."
program=${1:-build/kybdesk}
rm -rf build/browser
mkdir -p build/browser
PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 tests/browser/page_test.py "$program" build/browser
