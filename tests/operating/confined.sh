#!/bin/sh
# Runs the services under the restrictions of their units, without systemd: confined.sh FOLDER SOURCES. The program is
# installed below FOLDER. This script makes the mounts and namespaces and changes the account; confined.py restricts the
# system calls. Prints a line for each part that worked. Needs root; with --check the exit status tells whether this
# machine allows all this, and nothing else is done.
set -eu

if [ "$1" = --check ]; then
	[ "$(id -u)" = 0 ] && /usr/bin/python3 -c 'import seccomp' && unshare --mount --pid --ipc --uts --fork \
		sh -c 'mount --make-rprivate / && mount -t proc -o subset=pid,hidepid=invisible proc /proc'
	exit
fi

# --inside ROOT SOURCES UNIT COMMAND…: in its own namespaces, mounts the files that the service sees, and runs COMMAND.
if [ "$1" = --inside ]; then
	root=$2
	sources=$3
	unit=$4
	shift 4
	mount --make-rprivate /
	mount -t tmpfs -o mode=755 tmpfs /mnt
	mkdir /mnt/state /mnt/hooks /mnt/hooks.d /mnt/dev
	mount --bind "$root/var/lib/kybdesk" /mnt/state
	mount --bind "$root/hooks" /mnt/hooks
	mount --bind "$root/hooks.d" /mnt/hooks.d
	cp "$root/usr/bin/kybdesk" "$sources/tests/operating/confined.py" "$root/usr/lib/systemd/system/$unit" /mnt
	for device in null zero full random urandom; do
		: >"/mnt/dev/$device"
		mount --bind "/dev/$device" "/mnt/dev/$device"
	done
	# ProtectSystem=strict, ProtectControlGroups, ProtectKernelTunables
	awk '{ print $5 }' /proc/self/mountinfo | while read -r at; do
		mount -o remount,bind,ro "$at" 2>/dev/null || true
	done
	# ProtectHome, PrivateTmp, and the folders that a unit names
	for hidden in /home /root; do
		mount -t tmpfs -o mode=000,ro tmpfs $hidden
	done
	for own in /tmp /var/tmp; do
		mount -t tmpfs -o mode=1777 tmpfs $own
	done
	for folder in /run /var/lib; do
		mount -t tmpfs -o mode=755 tmpfs $folder
	done
	mkdir -p /run/kybdesk/hooks /var/lib/kybdesk
	mount --bind /mnt/hooks /run/kybdesk/hooks
	mount -o remount,bind,rw /run/kybdesk/hooks
	if grep -q '^InaccessiblePaths=-/var/lib/kybdesk$' "/mnt/$unit"; then
		chmod 000 /var/lib/kybdesk
	else
		mount --bind /mnt/state /var/lib/kybdesk
		mount -o remount,bind,rw /var/lib/kybdesk
	fi
	umount /mnt/state /mnt/hooks
	mount -o remount,ro /var/lib
	mount -o remount,ro /run
	# PrivateDevices, ProtectProc, ProcSubset
	mount --rbind /mnt/dev /dev
	mount -t proc -o subset=pid,hidepid=invisible proc /proc
	cd /
	exec env -i PATH=/usr/bin:/bin HOME=/var/lib/kybdesk LC_ALL=C.UTF-8 ASAN_OPTIONS=detect_leaks=0 PYTHONDONTWRITEBYTECODE=1 \
		KYBDESK_STORE=/var/lib/kybdesk/kybdesk.db \
		setpriv --reuid nobody --regid nogroup --clear-groups \
		unshare --user --map-current-user \
		setpriv --no-new-privs --bounding-set=-all --inh-caps=-all --ambient-caps=-all \
		python3 -B /mnt/confined.py "/mnt/$unit" "$@"
fi

root=$1
sources=$2
cd "$root"
mkdir -p var/lib/kybdesk hooks hooks.d
chmod 755 . hooks.d
chmod 700 var/lib/kybdesk hooks
chown nobody:nogroup var/lib/kybdesk hooks
running=
end_services() { # unshare ignores SIGTERM, so its child gets it: the first process of the namespace
	for pid in $running; do
		# shellcheck disable=SC2046 # numbers
		kill $(cat "/proc/$pid/task/$pid/children") 2>/dev/null || true
	done
	wait
}
trap end_services EXIT

confined() { # confined UNIT COMMAND…
	unshare --mount --pid --ipc --uts --fork sh "$sources/tests/operating/confined.sh" --inside "$root" "$sources" "$@"
}
desk() { confined kybdesk-serve.service /mnt/kybdesk "$@"; }
# Prints the command line of a unit, with the paths of this test.
command_of() { sed -n 's,^ExecStart=,,p' "usr/lib/systemd/system/$1" | sed 's,/usr/bin/kybdesk,/mnt/kybdesk,g; s,%%,%,g; s,%i,ticket,; s,/etc/kybdesk,/mnt,'; }
starts() { # starts UNIT LOG ARGUMENT…: runs the unit with more arguments in the background, returns when it listens
	unit=$1
	log=$2
	shift 2
	# shellcheck disable=SC2046 # words of a command line
	(exec unshare --mount --pid --ipc --uts --fork sh "$sources/tests/operating/confined.sh" --inside "$root" "$sources" "$unit" \
		$(command_of "$unit") "$@") >"$log" 2>&1 &
	running="$running $!"
	for _ in $(seq 300); do
		! grep -q '^Listening' "$log" || return 0
		sleep 0.1
	done
	cat "$log"
	return 1
}

desk init --sandbox >said
desk merchant add shop >said
desk endpoint add --merchant shop --url hook:ticket --event '*' >said
key=$(desk merchant key shop | sed 's/.*"api_key":"\([^"]*\)".*/\1/')
# The program of a hook: it fails if it can list the folder of the store or write to /etc, which its unit forbids.
printf '#!/bin/sh\ncat >/tmp/event && ! ls /var/lib/kybdesk && ! touch /etc/ticket\n' >hooks.d/10-ticket
chmod 755 hooks.d/10-ticket

starts kybdesk-hook@.service hook.log
starts kybdesk-serve.service serve.log --no-deliver --listen 127.0.0.1:0 --metrics-listen 127.0.0.1:0
site=$(sed -n 's,^Listening on \(http://[0-9.:]*\).*,\1,p' serve.log)
metrics=$(sed -n 's,^Metrics on ,,p' serve.log)
fetch() { curl --silent --show-error --max-time 60 -H "Authorization: Bearer $key" "$@"; }
made() { sed 's/.*"id":"\([^"]*\)".*/\1/' said; }
fetch --fail "$site/readyz" >said
curl --silent --fail "$metrics" | grep -q '^process_open_fds [0-9]'
users=$site/api/v1/account
fetch --fail -o said --json '{"name":"Wharf Lane Ltd","country":"GB"}' "$users/business-users"
user=$(made)
fetch --fail -o said -X POST "$users/business-user/$user/kyb-sessions"
session=$(made)
printf '%%PDF-1.4\n%%%%EOF\n' >small.pdf
fetch --fail -o said -F type=OTHER -F category=COMPANY_INFO -F file=@small.pdf "$users/business-user/$user/kyb-sessions/$session/documents"
echo 'serve: answers, writes, takes a document'

desk session open ralio-sandbox --merchant shop --ref one --subject-kind individual --kind kyc --uid one --name Jane --country ESP \
	--for merchant >said
desk approve one --grace 0 >said
# shellcheck disable=SC2046
confined kybdesk-deliver.service $(command_of kybdesk-deliver.service) --drain >said
desk webhook list --state delivered --json >said
grep -q '"state":"delivered"' said
echo 'deliver and hook: an event reached the program'

mkdir -p var/lib/kybdesk/backup
chown nobody:nogroup var/lib/kybdesk/backup
chmod 700 var/lib/kybdesk/backup
# shellcheck disable=SC2046
confined kybdesk-backup.service $(command_of kybdesk-backup.service) >said
ls var/lib/kybdesk/backup/kybdesk-*.db >said
echo 'backup: a file'
