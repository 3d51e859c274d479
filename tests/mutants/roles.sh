#!/bin/sh
# Weakens one check of permissions at a time and tests whether the matrix tests fail: roles.sh [PATTERN]..., with shell
# patterns for the names of mutants ("role:*", "frame:claim*"). Not part of CI: each mutant needs a build and a run.
# roles.sh --check only checks that each mutant changes its file.
#
# role:NAME        the lowest role of a verb is one step lower; a verb without a role gets role ADMIN and capacity staff
# capacity:NAME    the row has one more capacity
# needs:NAME:NEED  the row has one need less, so this is not checked before the row's function runs
# frame:WORDS      a check in the code that runs all verbs, or in a verb's own function, always passes
#
# Works in a copy of the tree (in MUTANTS_FOLDER, or in a temporary folder); the work tree is not changed.
set -eu
cd "$(dirname "$0")/../.."
only_check=
[ "${1:-}" != --check ] || {
	only_check=1
	shift
}
[ $# -gt 0 ] || set -- '*'
patterns=$(printf '%s\n' "$@")
jobs=${MUTANTS_JOBS:-2}
folder=${MUTANTS_FOLDER:-$(mktemp -d)}
[ -n "${MUTANTS_FOLDER:-}" ] || trap 'rm -rf "$folder"' EXIT
tree=$folder/tree
build=$folder/build
mkdir -p "$tree"
git ls-files -z | xargs -0 tar cf - | tar xmf - -C "$tree" # -m: what an interrupted run changed is compiled again
cd "$tree"

header=include/kybdesk/desk/verbs.h
table=src/desk/use/table.c
# Only table.c uses roles, capacities and needs. It has a copy of the header, so a changed row compiles table.c alone.
{
	echo '#include "use/verbs_mutant.h"'
	cat "$table"
} >"$folder/table.c"
cp "$folder/table.c" "$table"
cp "$header" src/desk/use/verbs_mutant.h

matrix() { # [FILTER]; builds and runs the tests, and writes the output to $folder/log
	nice ninja -C "$build" test_desk >"$folder/log" 2>&1 || return 2
	nice "$build/test_desk" "-j$jobs" --fail-fast --filter "${1:-matrix*/*}" >"$folder/log" 2>&1 || return 1
}
[ -n "$only_check" ] || cmake -S . -B "$build" -G Ninja -DCMAKE_BUILD_TYPE=Debug -DKYB_SANITIZE=OFF -DCMAKE_C_FLAGS='-O0 -w' >"$folder/log"
[ -n "$only_check" ] || matrix || {
	cat "$folder/log"
	echo "the matrix fails without a mutant; mend that first" >&2
	exit 2
}

killed=0
survived=0
broken=0
is_wanted() {
	found=1
	while IFS= read -r pattern; do
		# shellcheck disable=SC2254 # $pattern is a pattern
		case $1 in $pattern) found=0 ;; esac
	done <<PATTERNS
$patterns
PATTERNS
	return $found
}
mutant() { # NAME FILE SED-EXPRESSION [FILTER]
	is_wanted "$1" || return 0
	cp "$2" "$folder/whole"
	sed "$3" "$folder/whole" >"$2"
	if cmp -s "$2" "$folder/whole"; then
		echo "broken    $1: nothing to change in $2"
		broken=$((broken + 1))
		return 0
	fi
	if [ -n "$only_check" ]; then
		cp "$folder/whole" "$2"
		return 0
	fi
	result=0
	matrix "${4:-}" || result=$?
	case $result in
	0)
		echo "survived  $1"
		survived=$((survived + 1))
		;;
	1)
		echo "killed    $1"
		killed=$((killed + 1))
		;;
	*)
		echo "broken    $1: does not build"
		broken=$((broken + 1))
		;;
	esac
	cp "$folder/whole" "$2"
}

# --- rows of the table ---

rows=$(sed -n 's/^\tX(\([A-Z_]*\), [a-z_]*, "[^"]*", "[^"]*", "[^"]*", \([A-Z]*\), \([^,]*\), \([^,]*\), [A-Z_]*, .*/\1;\2;\3;\4/p' "$header")
[ -n "$rows" ] || {
	echo "no rows in $header: has its form changed?" >&2
	exit 2
}
lower() {
	case $1 in
	ADMIN) echo LEAD ;;
	LEAD) echo REVIEWER ;;
	REVIEWER) echo VIEWER ;;
	NOBODY) echo ADMIN ;;
	esac
}
row_mutant() { # NAME VERB FILTER SED-EXPRESSION for the row from its role on
	# Only the tests of this verb run: they take a moment, all tests take a minute.
	export KYBDESK_TEST_VERB="$2"
	mutant "$1" src/desk/use/verbs_mutant.h "s/^\\(\\tX($2, [a-z_]*, \"[^\"]*\", \"[^\"]*\", \"[^\"]*\", \\)$4/" "$3"
}
cells='matrix/@(every_verb_by_*|the_table_and_*)'
of_row() {
	verb=$1 role=$2 capacities=$3 needs=$4
	# NOBODY: role ADMIN alone would permit nothing, since staff also needs the capacity.
	case $role in
	NOBODY) row_mutant "role:$verb" "$verb" "$cells" 'NOBODY, \([^,]*\),/\1ADMIN, BY_STAFF | \2,' ;;
	*) row_mutant "role:$verb" "$verb" "$cells" "$role,/\\1$(lower "$role")," ;;
	esac
	case $capacities in
	*BY_SUBMITTER* | *BY_CLIENT*) more='(1u << CAPACITY_PROVIDER)' ;;
	*) more=BY_CLIENT ;;
	esac
	row_mutant "capacity:$verb" "$verb" "$cells" "\\([A-Z]*, [^,]*\\),/\\1\\2 | $more,"
	case $needs in *ON_CASE*) needs="$needs NEED_UNHELD NEED_OPEN" ;; esac
	for need in NEED_UNHELD NEED_OPEN NEED_REASON NEED_REASON_IF_SUBMITTED; do
		case " $needs " in
		*" $need "*) row_mutant "needs:$verb:$need" "$verb" 'matrix_gates/*' "\\([A-Z]*, [^,]*, \\)\\([^,]*\\),/\\1\\2((\\3) \\& ~$need)," ;;
		esac
	done
}
while IFS=';' read -r verb role capacities needs; do
	of_row "$verb" "$role" "$capacities" "$needs"
done <<ROWS
$rows
ROWS

# --- the code that runs all verbs ---

unset KYBDESK_TEST_VERB
frame() { # WORDS FILE SED-EXPRESSION [FILTER]
	mutant "frame:$1" "$2" "$3" "${4:-}"
}
use=src/desk/use/use.c
frame 'readonly' $use '/^static enum err check_capacity/,/^}/s/if (use->desk->store->readonly)/if (false)/'
frame 'capacity' $use '/^static enum err check_capacity/,/^}/s/if (!(use->use_case->capacities & (1u << as)))/if (false)/'
frame 'role' $use 's/return desk_require_role(use->desk, use->use_case->role, .*/return ERR_OK;/'
frame 'outsiders in production' $use 's/if (outside \&\& !use->desk->store->sandbox)/if (false)/'
frame 'who submits' src/desk/use/transaction.c 's/if (!role_may_submit(desk->role))/if (false)/'
frame 'claim' $use '/^enum err use_check_not_held/,/^}/s/if (err || !blockers.count)/if (true)/'
frame 'version' src/desk/use/gatekeeping.c 's/\.seen_version = seen_version,/.seen_version = 0,/'
frame 'decided' $use 's/if (!err \&\& needs(use, NEED_OPEN) .*/if (false)/'
frame 'reason' $use 's/if (!err \&\& (needs(use, NEED_REASON) || .*/if (false)/'
frame 'reason of a decision' $use '/^static enum err run_prepare/,/^}/s/err = check_reason(use, error);/err = ERR_OK;/'
frame 'the role of this moment' $use 's/err = actor_refresh(use->desk, error);/err = ERR_OK;/'
frame 'a disabled reviewer' src/desk/use/actor.c '/^enum err actor_refresh/,/^}/s/if (!err \&\& reviewer.disabled)/if (false)/'
frame 'the role under the lock' $use '/^static enum err recheck_under_lock(/,/^}/s/err = check_capacity(use, error);/err = ERR_OK;/'
frame 'supervised' src/desk/use/gatekeeping.c 's/\.supervised = desk->supervised,/.supervised = false,/'
frame 'role of a transition' src/domain/transition.c 's/^#define LEAD_ROLES .*/#define LEAD_ROLES REVIEWER_ROLES/'
frame 'the longest grace' src/desk/use/gatekeeping.c 's/if (seconds < 0 || seconds > GRACE_MAX_S)/if (false)/'
frame 'events of intake' $use 's/desk->skip_events || use->in->capacity == CAPACITY_INTAKE/desk->skip_events/'
frame 'who releases' src/desk/review/claim.c 's/!role_at_least(use->desk->role, ROLE_LEAD))/false)/'
frame 'who may hold a case' src/desk/review/claim.c 's/if (!role_at_least(out->role, ROLE_REVIEWER))/if (false)/'
frame 'who reveals' src/desk/read/read.c 's/if (role_at_least(desk->role, ROLE_LEAD) || !strcmp(holder, desk->actor))/if (true)/'
frame 'who reveals a subject' src/desk/client/subject.c 's/bool holds = role_at_least(use->desk->role, ROLE_LEAD);/bool holds = true;/'
frame 'who changes a verified subject' src/desk/client/subject.c 's/\&\& role_at_least(use->desk->role, ROLE_LEAD);/;/'
frame 'who confirms' src/desk/review/confirm.c 's/if (!role_at_least(use->desk->role, judgement->role))/if (false)/'
frame 'who undoes' src/desk/decide/undo.c 's/if (strcmp(last->by, undo_run->use->desk->actor))/if (false)/'
frame 'the end of the grace' src/desk/decide/undo.c 's/if (now >= last->undo_until)/if (false)/' '@(matrix*|undo)/*'
frame 'a clock set back' src/desk/decide/undo.c 's/if (!decision_is_held(last, now))/if (false)/'
frame 'who opens documents' src/desk/review/document.c 's/if (!err \&\& !role_at_least(use->desk->role, ROLE_LEAD))/if (false)/'
# The race suite tests changes between the first read and the lock.
decision=src/desk/decide/decision.c
frame 'claim since the first read' $decision '/^enum err decide_begin/,/^}/s/if (blockers.count)/if (false)/' '@(matrix*|race)/*'
frame 'version since the first read' $decision 's/if (!err \&\& fresh.version != seen)/if (false)/' '@(matrix*|race)/*'

[ -n "$only_check" ] || echo "$killed killed, $survived survived, $broken broken"
[ "$survived$broken" = 00 ]
