#!/bin/sh
# Builds docs/examples/Containerfile with buildah, and reads docs/examples/compose.yaml with docker-compose:
# try_container.sh SOURCES. The base image is a minimal Debian 12 made by debootstrap, so no image registry is needed.
# Images and containers are in a temporary folder, which is removed at the end. Needs root, buildah, debootstrap and
# docker-compose (./dev container installs them).
# shellcheck disable=SC2317 # functions are called by name, through expect
set -eu
mirror=${KYBDESK_FRESH_MIRROR:-http://deb.debian.org/debian}
sources=$(realpath "$1")
failed=0

say() { printf 'container: %s\n' "$*"; }

# expect WHAT COMMAND…: runs a test, prints whether it passed and how long it took, and continues after a failure.
expect() {
	what=$1
	shift
	began=$(date +%s)
	if "$@" >"$folder/said" 2>&1; then
		say "$what: passed, $(($(date +%s) - began)) s"
	else
		say "$what: FAILED"
		tail -n 40 "$folder/said" | sed 's/^/    /'
		failed=1
	fi
}

[ "$(id -u)" = 0 ] || {
	say 'needs root, to make a root of its own'
	exit 1
}
folder=$(mktemp -d /var/tmp/kybdesk-container.XXXXXX)
clean_up() {
	builder rm --all >/dev/null 2>&1 || true
	rm -rf --one-file-system "$folder"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

builder() { buildah --root "$folder/images" --runroot "$folder/run" --storage-driver vfs "$@"; }

make_base() {
	debootstrap --variant=minbase bookworm "$folder/root" "$mirror" || return 1
	[ ! -d /etc/apt/apt.conf.d ] || cp -n /etc/apt/apt.conf.d/*prox* "$folder/root/etc/apt/apt.conf.d/" 2>/dev/null || true
	base=$(builder from scratch) && builder add -q "$base" "$folder/root" / && builder commit -q "$base" localhost/debian:12-slim &&
		builder rm "$base" && rm -rf --one-file-system "$folder/root"
}
build_image() {
	builder build --isolation chroot --pull-never --network host -f "$sources/docs/examples/Containerfile" -t kybdesk "$sources"
}
# in_container COMMAND…: runs a command as the account of the image, with the environment of the image.
in_container() { builder run --isolation chroot "$container" -- "$@"; }
says_its_version() {
	in_container /usr/bin/kybdesk --version | tee /dev/stderr | grep -qxF "kybdesk $(cat "$sources/VERSION")"
}
names_its_libraries() { in_container /usr/bin/kybdesk info | tee /dev/stderr | grep -q '^libraries .*libpq.*libcurl.*libmicrohttpd'; }
is_the_account() { [ "$(in_container id -un)" = kybdesk ] && ! in_container touch /usr/probe; }
keeps_a_store() {
	in_container sh -c 'kybdesk init --sandbox && kybdesk import /usr/share/kybdesk/samples/cases.ndjson &&
		kybdesk list --json | grep -q Juniper && kybdesk audit verify'
}
# Runs the server for 5 s on a free port, since the network is the host's; checks the image's own command line.
serves() {
	in_container sh -c 'timeout 5 kybdesk serve --listen 127.0.0.1:0 >/tmp/log 2>&1; cat /tmp/log; grep -q "^Listening on" /tmp/log'
	[ "$(builder inspect --format '{{.OCIv1.Config.Entrypoint}} {{.OCIv1.Config.Cmd}} {{.OCIv1.Config.User}}' "$container")" = \
		'[/usr/bin/kybdesk] [serve --listen 0.0.0.0:8080] kybdesk' ]
}
# docker-compose checks compose.yaml against its schema.
composes() {
	mkdir "$folder/examples" && cp "$sources"/docs/examples/* "$folder/examples" &&
		printf 'PGPASSWORD=x\nPOSTGRES_PASSWORD=x\n' >"$folder/examples/password.env" &&
		docker-compose -f "$folder/examples/compose.yaml" --profile people config
}

expect 'a base image, by debootstrap' make_base
expect 'the image of docs/examples/Containerfile' build_image
container=$(builder from --pull-never localhost/kybdesk 2>/dev/null || true)
[ -n "$container" ] || failed=1
if [ -n "$container" ]; then
	expect 'the program says its version' says_its_version
	expect 'the program names its libraries' names_its_libraries
	expect 'it runs as the account of the package' is_the_account
	expect 'a store with the sample cases' keeps_a_store
	expect 'the server, and the command of the image' serves
fi
expect 'docs/examples/compose.yaml, read by docker-compose' composes
exit $failed
