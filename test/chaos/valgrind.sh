#!/bin/sh
# The main pipeline under valgrind: nothing read that wasn't written, nothing lost that was taken.
LP_TOP=${LP_TOP:-$PWD}
export LP_TOP
. test/tools/tap.sh
. "$LP_TOP/test/tools/world.sh"
command -v valgrind >/dev/null || { skip 'the main pipeline under valgrind' 'no valgrind here'; tap_end; exit; }

# The tests' own environment would run valgrind over the sanitizers' programs, which it can't.
unset ASAN_OPTIONS UBSAN_OPTIONS
export G_SLICE=always-malloc

vg() {
	valgrind -q --error-exitcode=99 --leak-check=full --errors-for-leak-kinds=definite --log-file="$tap_dir/vg.$1.%p" "$@"
}

clean() {
	cat "$tap_dir/vg.$1".* >"$tap_dir/vg.all" 2>/dev/null || { echo 'it did not run'; return 1; }
	[ ! -s "$tap_dir/vg.all" ] || { cat "$tap_dir/vg.all"; return 1; }
}

world_fresh "$tap_dir/w" || exit 1
ok 'the world is made' world_many 3
vg lp-enqueue due
vg lp-tasks claim --type check_inbox | vg lp-read | vg lp-tasks settle >/dev/null
for t in 2026-03-02T10:00:00Z 2026-03-02T23:00:00Z; do
	LP_NOW=$t
	vg lp-tasks claim | vg lp-memory recall | vg lp-decide | vg lp-book | vg lp-draft | vg lp-rules gate | vg lp-send | vg lp-tasks settle >/dev/null
	lp-enqueue due
done
is 'mail left' "$(find Maildir -path '*/new/*' -type f | wc -l | tr -d ' ')" 3
for p in lp-enqueue lp-tasks lp-read lp-memory lp-decide lp-book lp-draft lp-rules lp-send; do
	ok "$p" clean $p
done
vg lp-log verify >/dev/null
vg lp-leads list >/dev/null
vg lp-report >/dev/null
for p in lp-log lp-leads lp-report; do
	ok "$p" clean $p
done
tap_end
