#!/bin/sh
# Every reader of outside input: its seeds and a fixed number of deterministic mutations of them, under the sanitizers.
. test/tools/tap.sh

for t in build/asan/fuzz/fuzz_*; do
	[ -x "$t" ] || continue
	n=${t##*/fuzz_}
	ok "$n survives ${LP_FUZZ_RUNS:-3000} inputs" timeout 120 "$t" -n "${LP_FUZZ_RUNS:-3000}" "test/fuzz/corpus/$n"
done
tap_end
