#!/bin/sh
# Tests README's two commands on a fresh Debian 12: fresh.sh [NAME], with NAME as for ./dev test. debootstrap makes a
# minimal root file system. In it ./dev run and ./dev test run as root, which installs the packages, and then as a user
# without sudo. Needs root. Also after an interrupt, it ends its processes and mounts and removes the file system.
# shellcheck disable=SC2317 # functions are called by name, through timed
set -eu
mirror=${KYBDESK_FRESH_MIRROR:-http://deb.debian.org/debian}
user=newcomer

say() { printf 'fresh: %s\n' "$*"; }

# timed WHAT COMMAND…: prints the duration of the command and whether it passed; returns its exit status.
timed() {
	what=$1
	shift
	began=$(date +%s)
	status=0
	"$@" || status=$?
	verdict=passed
	[ $status = 0 ] || verdict="FAILED with $status"
	say "$what: $verdict, $(($(date +%s) - began)) s"
	return $status
}

make_root() { debootstrap --variant=minbase bookworm "$root" "$mirror" >"$root.log" 2>&1 || {
	tail -n 20 "$root.log"
	return 1
}; }

# fill_root: adds what an installer or a container's runtime would add, a user, and the source tree without build/.
fill_root() {
	printf '127.0.0.1 localhost\n::1 localhost\n' >"$root/etc/hosts"
	cp /etc/resolv.conf "$root/etc/resolv.conf"
	# Keeps packages from starting their services.
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod +x "$root/usr/sbin/policy-rc.d"
	useradd --root "$root" --create-home --shell /bin/bash "$user"
	for home in root "home/$user"; do
		mkdir "$root/$home/kybdesk"
		tar -c --exclude=./build --exclude=./.git . | tar -x --no-same-owner -C "$root/$home/kybdesk"
	done
	chroot "$root" chown -R "$user:" "/home/$user/kybdesk"
}

# The functions below run inside the new root file system.
# as WHO COMMAND: runs COMMAND in the user's tree in a login shell, without locale and without the caller's variables.
as() { env -i TERM=xterm su - "$1" -c "cd kybdesk && $2"; }

# Runs ./dev run in a terminal, ends the workbench with q, and checks that the build's progress and cases were shown.
opens_the_desk() { # opens_the_desk WHO
	screen=/tmp/screen-$1
	rm -f "$screen.keys"
	mkfifo "$screen.keys"
	(
		for _ in $(seq 1200); do
			! grep -q 'Crescent' "$screen" 2>/dev/null || break
			sleep 0.5
		done
		sleep 2
		printf q
		sleep 5
	) >"$screen.keys" &
	env -i TERM=xterm script -qefc "su - $1 -c 'cd kybdesk && stty rows 30 cols 100 && ./dev run'" "$screen" <"$screen.keys" >/dev/null
	wait
	sees "$screen" '\[[0-9]*/[0-9]*\] Building C object' "ninja's progress" &&
		sees "$screen" 'manual_review' 'the inboxes' &&
		sees "$screen" '株式会社' 'names in their own letters'
}

sees() { # sees FILE PATTERN WHAT
	grep -q "$2" "$1" || {
		say "$3: not shown"
		return 1
	}
}

# first_case: README's first case and the tour, key by key. tmux and python3 are the test's own.
first_case() {
	apt-get install -y -q --no-install-recommends tmux python3 >/tmp/installed 2>&1 &&
		as root 'python3 -B tests/operating/newcomer.py . /tmp/newcomer'
}

says_what_to_install() {
	! as "$user" './dev run' >/tmp/asked 2>&1 || return 1
	grep 'ask an administrator to run: apt-get install .*ninja-build' /tmp/asked
}

try() {
	bad=0
	timed "as $user without the packages, ./dev run names them" says_what_to_install || bad=1
	timed 'as root, ./dev run: installs, builds, opens the desk' opens_the_desk root || bad=1
	timed 'as root, the viewers are there' as root 'command -v pdftotext && command -v chafa && command -v tesseract && command -v unzip' || bad=1
	timed "as root, README's first case and the tour, by keys" first_case || bad=1
	timed 'as root, ./dev run again, in a pipe' as root './dev run | grep -c manual_review' || bad=1
	timed "as root, ./dev test $1" as root "./dev test $1" || bad=1
	timed "as $user, ./dev run: builds, opens the desk" opens_the_desk "$user" || bad=1
	timed "as $user, ./dev test $1" as "$user" "./dev test $1" || bad=1
	return $bad
}

case ${1:-} in
--inside) # runs in namespaces of its own for mounts and processes
	root=$2
	mount --bind "$root" "$root"
	mount -t proc proc "$root/proc"
	mount -t devpts -o newinstance,ptmxmode=0666,mode=0620,gid=5 devpts "$root/dev/pts"
	ln -sf pts/ptmx "$root/dev/ptmx"
	mkdir -p "$root/dev/shm"
	mount -t tmpfs tmpfs "$root/dev/shm"
	cp "$0" "$root/fresh.sh"
	cd "$root"
	# pivot_root, not chroot: inside a chroot, the confinement of converters cannot create namespaces.
	pivot_root . mnt
	cd /
	umount -l /mnt
	exec sh /fresh.sh --try "$3"
	;;
--try)
	try "$2"
	exit
	;;
esac
cd "$(dirname "$0")/.."
[ "$(id -u)" = 0 ] || {
	say 'needs root, to make a root of its own and mount into it'
	exit 1
}
root=$(mktemp -d /var/tmp/kybdesk-fresh.XXXXXX)
chmod 755 "$root"
inside=
clean_up() {
	# unshare ends, and with it (--kill-child) the first process of the namespace, all others and their mounts.
	[ -z "$inside" ] || kill -KILL "$inside" 2>/dev/null || true
	wait
	# What stood on the screen after each key.
	[ ! -d "$root/tmp/newcomer" ] || { mkdir -p build && rm -rf build/newcomer && cp -r "$root/tmp/newcomer" build/; }
	rm -rf --one-file-system "$root" "$root.log"
}
trap clean_up EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP
timed "a minimal root in $root, by debootstrap" make_root
fill_root
unshare --mount --pid --fork --kill-child sh "$PWD/tests/fresh.sh" --inside "$root" "${1:-}" &
inside=$!
status=0
wait "$inside" || status=$?
inside=
exit "$status"
