# shellcheck shell=sh
# Sourced by the tests that are plain shell: TAP without a framework.
#   ok DESCRIPTION COMMAND...      passes if the command succeeds; its output is shown if it doesn't
#   is DESCRIPTION GOT WANT        passes if both are equal
#   skip DESCRIPTION WHY
# and at the end: tap_end
tap_n=0
tap_dir=$(mktemp -d "${TMPDIR:-/tmp}/lp-test.XXXXXX") || exit 1
trap 'rm -rf "$tap_dir"' EXIT
trap 'exit 1' HUP INT TERM

tap_result() {
	tap_n=$((tap_n + 1))
	printf '%s %d - %s\n' "$1" "$tap_n" "$2"
}

ok() {
	tap_what=$1
	shift
	if ("$@") >"$tap_dir/.out" 2>&1 </dev/null; then
		tap_result ok "$tap_what"
	else
		tap_result 'not ok' "$tap_what"
		head -n "${TAP_LINES:-40}" "$tap_dir/.out" | sed 's/^/# /'
	fi
}

is() {
	if [ "$2" = "$3" ]; then
		tap_result ok "$1"
	else
		tap_result 'not ok' "$1"
		printf 'got:  %s\nwant: %s\n' "$2" "$3" | sed 's/^/# /'
	fi
}

skip() {
	tap_result ok "$1 # SKIP $2"
}

tap_end() {
	printf '1..%d\n' "$tap_n"
}
