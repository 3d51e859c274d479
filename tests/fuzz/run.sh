#!/bin/sh
# run.sh [SECONDS]: runs each fuzz target for SECONDS (60), with AddressSanitizer and UBSan. New inputs are kept in
# build/fuzz/found for the next run, and inputs that crash the target in build/fuzz/crashes.
set -eu
cd "$(dirname "$0")/../.."
seconds=${1:-60}
case $seconds in
'' | *[!0-9]*)
	echo "usage: tests/fuzz/run.sh [SECONDS]" >&2
	exit 2
	;;
esac
command -v clang >/dev/null || {
	echo "fuzzing needs clang and its libFuzzer: apt-get install clang libclang-rt-14-dev" >&2
	exit 1
}
out=build/fuzz
mkdir -p "$out"
CC=clang cmake -S . -B "$out" -G Ninja -DKYB_FUZZ=ON -DKYB_SANITIZE=ON -DKYB_TESTS=OFF -DCMAKE_BUILD_TYPE=RelWithDebInfo \
	>"$out/configure.log" 2>&1 || {
	cat "$out/configure.log" >&2
	exit 1
}
ninja -C "$out" kyb_fuzzers >"$out/build.log" 2>&1 || {
	tail -n 40 "$out/build.log" >&2
	exit 1
}

# More inputs to begin with: real files of the same kind.
seeds() {
	case $1 in
	profile) echo data/workflows ;;
	theme) echo themes ;;
	esac
}

bad=0
for target in $(find tests/fuzz/corpus -mindepth 1 -maxdepth 1 -printf '%f\n' | sort); do
	found=$out/found/$target crashes=$out/crashes/$target log=$out/$target.log
	mkdir -p "$found" "$crashes"
	status=0
	# shellcheck disable=SC2046 # no or one folder
	"$out/fuzz_$target" -max_total_time="$seconds" -max_len=65536 -timeout=20 -rss_limit_mb=2048 \
		-dict=tests/fuzz/words.dict -artifact_prefix="$crashes/" -print_final_stats=1 \
		"$found" "tests/fuzz/corpus/$target" $(seeds "$target") >"$log" 2>&1 || status=$?
	runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
	speed=$(sed -n 's/^stat::average_exec_per_sec: *//p' "$log")
	if [ "$status" = 0 ]; then
		printf '%-9s %10s runs, %6s a second, no fault\n' "$target" "${runs:-?}" "${speed:-?}"
	else
		bad=1
		printf '%-9s %10s runs, %6s a second, FAULT (%s); see %s and %s\n' "$target" "${runs:-?}" "${speed:-?}" \
			"$(sed -n 's/^SUMMARY: //p;s/.*broken promise: //p' "$log" | head -n 1)" "$log" "$crashes"
	fi
done
exit $bad
