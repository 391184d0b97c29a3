# Loaded by every file here (`load helper`): a directory and a database of its own for each test, a clock that stands still, and nothing from
# the person who runs it.  Programs come from $LP_BIN (make check: the sanitizers' build), else from bin/.
bats_require_minimum_version 1.5.0
BATS_LIB_PATH=${BATS_LIB_PATH:-/usr/lib/bats:/usr/local/lib/bats:/usr/lib:/usr/share/bats}
bats_load_library bats-support
bats_load_library bats-assert

LP_TOP=${LP_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}
MONDAY=2026-03-02T10:00:00Z

# A file with a setup() of its own calls lp_setup first.
lp_setup() {
	cd "$BATS_TEST_TMPDIR" || return 1
	export LP_TOP LP_SHARE=$LP_TOP LP_DB=$BATS_TEST_TMPDIR/lp.db LP_NOW=$MONDAY
	export HOME=$BATS_TEST_TMPDIR XDG_CONFIG_HOME=$BATS_TEST_TMPDIR/.config XDG_DATA_HOME=$BATS_TEST_TMPDIR/.data
	export LC_ALL=C TZ=UTC NO_COLOR=1 PATH="${LP_BIN:-$LP_TOP/bin}:$PATH"
	unset EDITOR VISUAL PAGER MAILDIR
	exec </dev/null
}

setup() {
	lp_setup
}

# not COMMAND...: it fails.  A bare "! command" is no check: the shell lets it pass anywhere but in a test's last line.
not() {
	if "$@"; then return 1; fi
}

# run_ok COMMAND...: it succeeds and says nothing on standard error.   $output is standard output
run_ok() {
	run --separate-stderr "$@"
	assert_success
	[ -z "${stderr-}" ] || fail "standard error of '$*': $stderr"
}

# run_st STATUS COMMAND...: exactly this status.   $output is standard output, $stderr standard error
run_st() {
	local want=$1
	shift
	run --separate-stderr "$@"
	[ "$status" -eq "$want" ] || fail "status of '$*': got $status, want $want; stdout: $output; stderr: ${stderr-}"
}

# run_err STATUS TEXT COMMAND...: this status, nothing on standard output, and one line on standard error that has TEXT in it
run_err() {
	local want=$1 text=$2
	shift 2
	run_st "$want" "$@"
	[ -z "$output" ] || fail "standard output of '$*': $output"
	[[ $stderr == *"$text"* ]] || fail "standard error of '$*': '$stderr' has no '$text'"
	[[ $stderr != *$'\n'* ]] || fail "more than one line on standard error of '$*': $stderr"
}

# A database whose clock may be set (LP_NOW), and one that isn't such.
new_db() {
	run_ok lp-config init --simulated "$@"
}
simulated_db() {
	new_db "$@"
}
live_db() {
	unset LP_NOW
	run_ok lp-config init "$@"
}

# at WHEN COMMAND...: run with the clock at WHEN
at() {
	LP_NOW=$1 "${@:2}"
}

# sql STATEMENT: what the file really holds
sql() {
	sqlite3 -bail -batch -cmd '.timeout 10000' "$LP_DB" "$1"
}

# jqs FILTER: $output through jq -c, sorted keys
jqs() {
	jq -cS "$1" <<<"$output"
}

# One account, the example's leads and campaign, approved and started: where most tests of the pipeline begin.
load_world() {
	. "$LP_TOP/test/tools/world.sh"
	world_load
}

# mails [DIR]: how many messages a Maildir holds
mails() {
	find "${1:-$BATS_TEST_TMPDIR/Maildir}" -path '*/new/*' -type f 2>/dev/null | wc -l | tr -d ' '
}
