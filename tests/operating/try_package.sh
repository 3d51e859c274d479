#!/bin/sh
# Tests the Debian package in a minimal Debian 12 made by debootstrap: try_package.sh FILE.deb. Installs it, uses the
# program, upgrades, removes and purges. Needs root. The processes and mounts end with this script, and the folder of
# the Debian system is removed.
# shellcheck disable=SC2317 # functions are called by name, through expect
set -eu
mirror=${KYBDESK_FRESH_MIRROR:-http://deb.debian.org/debian}
failed=0

say() { printf 'package: %s\n' "$*"; }

# expect WHAT COMMAND…: runs a test, prints whether it passed, and continues after a failure.
expect() {
	what=$1
	shift
	if "$@" >/tmp/said 2>&1; then
		say "$what: passed"
	else
		say "$what: FAILED"
		sed 's/^/    /' /tmp/said
		failed=1
	fi
}

# The functions from here to try() run inside the new Debian system.
as_kybdesk() { setpriv --reuid kybdesk --regid kybdesk --clear-groups env HOME=/var/lib/kybdesk USER=kybdesk sh -c "cd && $1"; }
install_deb() { DEBIAN_FRONTEND=noninteractive apt-get install -y -q "$1"; }
nothing_is_started() { ! find /etc/systemd -name '*kybdesk*' | grep . && ! pgrep kybdesk; }
# The account, its home and its shell. If the number of the account changed, the home would have another owner.
account() { test "$(id -u kybdesk)" -gt 0 && test "$(getent passwd kybdesk | cut -d: -f6,7)" = /var/lib/kybdesk:/bin/sh &&
	test "$(stat -c '%U %a' /var/lib/kybdesk)" = 'kybdesk 700'; }
store_is_whole() { as_kybdesk 'kybdesk list --json | grep -q Juniper && kybdesk audit verify'; }
nobody_is_refused() { ! setpriv --reuid nobody --clear-groups env HOME=/ kybdesk --store "$KYBDESK_STORE" list; }
files_are_gone() { ! find /usr/bin /usr/share /usr/lib/systemd -name '*kybdesk*' | grep .; }

try() {
	expect 'install' install_deb /kybdesk.deb
	expect 'the account and its home' account
	expect 'nothing is started and no unit is enabled' nothing_is_started
	expect 'as the account: a store with the sample cases' as_kybdesk 'export KYBDESK_STORE=/var/lib/kybdesk/kybdesk.db
		kybdesk init --sandbox && kybdesk import /usr/share/kybdesk/samples/cases.ndjson && kybdesk doctor'
	export KYBDESK_STORE=/var/lib/kybdesk/kybdesk.db
	expect 'the libraries that are opened late' as_kybdesk 'kybdesk webhook deliver --drain && { timeout 2 kybdesk serve --listen 127.0.0.1:0; test $? = 0 -o $? = 124; }'
	expect 'another account is refused' nobody_is_refused
	echo '# changed' >>/etc/default/kybdesk
	expect 'upgrade' install_deb /newer.deb
	expect 'the changed settings are kept' grep -q '# changed' /etc/default/kybdesk
	expect 'the store is whole' store_is_whole
	expect 'the account as before' account
	expect 'back to the previous version' sh -c 'DEBIAN_FRONTEND=noninteractive apt-get install -y -q --allow-downgrades /kybdesk.deb'
	expect 'the store is whole after that' store_is_whole
	expect 'remove' apt-get remove -y -q kybdesk
	expect 'no file of the program is left' files_are_gone
	expect 'the store and the settings are kept' test -s $KYBDESK_STORE -a -s /etc/default/kybdesk
	expect 'install again' install_deb /kybdesk.deb
	expect 'the store is whole after both' store_is_whole
	expect 'purge' apt-get purge -y -q kybdesk
	expect 'the settings are gone, the store is kept' sh -c "test ! -e /etc/default/kybdesk && test -s $KYBDESK_STORE"
	return $failed
}

case ${1:-} in
--inside)
	mount --bind "$2" "$2"
	mount -t proc proc "$2/proc"
	cp "$0" "$2/try_package.sh"
	exec chroot "$2" env -i PATH="$PATH" LC_ALL=C.UTF-8 sh /try_package.sh --try
	;;
--try)
	try
	exit
	;;
esac
[ "$(id -u)" = 0 ] || {
	say 'needs root, to make a root of its own and mount into it'
	exit 1
}
deb=$(realpath "$1")
root=$(mktemp -d /var/tmp/kybdesk-package.XXXXXX)
chmod 755 "$root"
trap 'rm -rf --one-file-system "$root" "$root.deb" "$root.log"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
began=$(date +%s)
debootstrap --variant=minbase bookworm "$root" "$mirror" >"$root.log" 2>&1 || {
	tail -n 20 "$root.log"
	exit 1
}
cp /etc/resolv.conf "$root/etc/resolv.conf"
[ ! -d /etc/apt/apt.conf.d ] || cp -n /etc/apt/apt.conf.d/*prox* "$root/etc/apt/apt.conf.d/" 2>/dev/null || true
printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
chmod +x "$root/usr/sbin/policy-rc.d"
cp "$deb" "$root/kybdesk.deb"
# The same package with a higher version.
dpkg-deb -R "$deb" "$root.deb"
sed -i 's/^Version: .*/&+try/' "$root.deb/DEBIAN/control"
dpkg-deb --root-owner-group -b "$root.deb" "$root/newer.deb" >/dev/null
status=0
unshare --mount --pid --fork --kill-child sh "$(realpath "$0")" --inside "$root" || status=$?
say "$(($(date +%s) - began)) s"
exit "$status"
