#!/bin/sh
# Runs last: no program, in whatever test it ran, has left a report of a sanitizer.
. test/tools/tap.sh

reports() {
	for f in build/asan/report.*; do
		[ -e "$f" ] || continue
		cat "$f"
		return 1
	done
}

TAP_LINES=200
ok 'no sanitizer had anything to report' reports
tap_end
