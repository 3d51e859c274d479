#!/bin/sh
# What only the linker sees, over the static libraries of a build: symbols.sh FOLDER.
# - no layer takes a symbol from a layer above it
# - no name of ours is one that a library which we load exports: whoever is asked first would answer
# - every function that other files may call is called by some other than tests (tests/lint/unused.txt: not yet)
set -eu
cd "$(dirname "$0")/../.."
build=${1:-build/test}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
bad=0
finding() {
	printf '%s\n' "$*"
	bad=1
}
layers='base domain codec store webhook desk settings cli tui api'
below() { # what each layer stands on (docs/architecture.md)
	case $1 in
	base) ;;
	domain) echo base ;;
	codec | store) echo base domain ;;
	webhook | desk) echo base domain codec store ;;
	settings) echo base domain codec ;;
	cli | tui | api) echo base domain codec store desk webhook settings ;;
	esac
}
for layer in $layers; do
	library=$build/libkyb_$layer.a
	[ -f "$library" ] || continue
	nm "$library" 2>/dev/null | awk 'NF == 3 && $2 ~ /^[TDBRC]$/ && $3 !~ /^_/ { print $3 }' | sort -u >"$work/$layer.defines"
	nm "$library" 2>/dev/null | awk '$1 == "U" { print $2 }' | sort -u >"$work/$layer.wants"
done
cat "$work"/*.defines | sort -u >"$work/ours"

for layer in $layers; do
	[ -f "$work/$layer.wants" ] || continue
	for other in $layers; do
		[ "$other" != "$layer" ] || continue
		[ -f "$work/$other.defines" ] || continue
		case " $(below "$layer") " in *" $other "*) continue ;; esac
		taken=$(comm -12 "$work/$layer.wants" "$work/$other.defines" | tr '\n' ' ')
		[ -z "$taken" ] || finding "$layer takes from $other: $taken"
	done
done

# libcurl is opened at run time, so the program does not name it.
{
	ldd "$build/kybdesk" | awk '$3 ~ /^\// { print $3 }'
	ldconfig -p 2>/dev/null | awk '/libcurl\.so\.4 / { print $NF }'
} | sort -u >"$work/libraries"
while read -r library; do
	case $library in *lib[aul]san* | *libubsan*) continue ;; esac
	same=$(nm -D --defined-only "$library" 2>/dev/null | awk '{ sub(/@.*/, "", $NF); print $NF }' | sort -u | comm -12 - "$work/ours" | tr '\n' ' ')
	[ -z "$same" ] || finding "$library exports our name: $same"
done <"$work/libraries"

# A call inside its own file shows in no symbol table: those names have to stand in their file more than once.
nm "$build"/CMakeFiles/kybdesk.dir/src/main.c.o | awk '$1 == "U" { print $2 }' >"$work/main.wants"
sort -u "$work"/*.wants >"$work/wanted"
comm -23 "$work/ours" "$work/wanted" | while read -r name; do
	lines=$(git grep -wh "$name" -- 'src/*.c' | wc -l)
	[ "$lines" -gt 1 ] || printf '%s\n' "$name"
done | sort >"$work/unused"
sed 's/[[:space:]].*//; /^#/d; /^$/d' tests/lint/unused.txt | sort >"$work/known"
new=$(comm -23 "$work/unused" "$work/known" | tr '\n' ' ')
[ -z "$new" ] || finding "only tests use it, or nobody: $new"
gone=$(comm -13 "$work/unused" "$work/known" | tr '\n' ' ')
[ -z "$gone" ] || printf 'note: used by now, or gone; take it out of tests/lint/unused.txt: %s\n' "$gone"
exit $bad
