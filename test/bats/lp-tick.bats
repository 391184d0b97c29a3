load helper

# The script by itself, over stages that are a few lines of shell: what it starts, when it stops, how it ends.
setup() {
	lp_setup
	unset LP_NOW
	mkdir fake
	PATH=$PWD/fake:$PATH
	cp "$LP_TOP/cmd/lp-tick.sh" fake/lp-tick
	chmod +x fake/lp-tick
	: >lp.db
	echo 1 >rounds # how often something is due
	local p
	for p in lp-tasks lp-enqueue lp-memory lp-read lp-decide lp-book lp-draft lp-rules lp-send; do
		fake "$p" ''
	done
}

# fake NAME SCRIPT: a stage that notes its call in `calls`, runs SCRIPT, and passes on what comes in
fake() {
	cat >"fake/$1" <<-END
		#!/bin/sh
		trap '' PIPE # as the real ones do
		echo "$1 \$*" >>"$PWD/calls"
		$2
		case "$1 \$1" in
		'lp-tasks due' | 'lp-tasks tick')
			[ "\$2" != end ] || exit 0
			[ "\$1" = due ] || [ "\$3" -eq 0 ] || exit 1
			n=\$(cat "$PWD/rounds")
			[ "\$n" -gt 0 ] || exit 1
			echo \$((n - 1)) >"$PWD/rounds"
			[ "\$1" = due ] || echo 7 ;;
		'lp-tasks claim') echo '{"task":{"id":"t1"}}' ;;
		'lp-tasks prune' | 'lp-memory cleanup' | 'lp-enqueue due') ;;
		*) cat ;;
		esac
	END
	chmod +x "fake/$1"
}

@test "nothing due: two starts, and no pipeline" {
	echo 0 >rounds
	date -u +%Y-%m-%d >lp.db.lock # the daily clearing is done
	run_ok lp-tick
	[ -z "$output" ]
	assert_equal "$(cat calls)" "$(printf 'lp-enqueue due\nlp-tasks tick due 0')"
}

@test "each round reads and judges before it sends, and it ends when nothing is due" {
	echo 2 >rounds
	run_ok lp-tick
	[ -z "$output" ]
	assert_equal "$(grep -c '^lp-send' calls)" 2
	assert_equal "$(grep -c '^lp-read' calls)" 4 # what came in, and what it was judged to be
	assert_equal "$(grep -c '^lp-tasks settle' calls)" 6
	assert_equal "$(grep '^lp-tasks claim' calls | head -n 3)" "$(printf 'lp-tasks claim --type %s\n' check_inbox classify_reply '!check_inbox,classify_reply')"
	assert_equal "$(grep -c '^lp-enqueue due' calls)" 1
	[ "$(grep -n '^lp-read' calls | sed -n 2p | cut -d: -f1)" -lt "$(grep -n '^lp-send' calls | head -n 1 | cut -d: -f1)" ]
}

@test "the exit status is the worst stage's, wherever it stands" {
	fake lp-rules 'cat; exit 65'
	fake lp-draft 'cat; exit 75'
	run_st 75 lp-tick
	assert_equal "$(grep -c '^lp-send' calls)" 1 # and no further round
	grep -qx 'lp-tasks tick end 7 75 1' calls
}

@test "a stage killed by a signal is told, and is no success" {
	fake lp-draft 'cat >/dev/null; kill -9 $$'
	run_st 137 lp-tick
	[[ $stderr == *"lp-draft: killed by signal 9"* ]]
}

@test "a stage that isn't installed" {
	rm fake/lp-send
	PATH=$PWD/fake:/usr/bin:/bin run -127 --separate-stderr lp-tick
}

@test "where reading failed, nothing leaves" {
	fake lp-read 'cat >/dev/null; exit 74'
	run_st 74 lp-tick
	run ! grep '^lp-send' calls
}

@test "trouble with the question what is due ends it" {
	fake lp-enqueue 'exit 75'
	run_st 75 lp-tick
	assert_equal "$(grep '^lp-tasks' calls)" 'lp-tasks tick due 75'
}

@test "one at a time; the second ends at once" {
	exec 9>lp.db.lock
	flock -n 9
	run_ok lp-tick
	exec 9>&-
	[ ! -e calls ]
	run_ok lp-tick
	[ -e calls ]
}

@test "no stage holds the lock" {
	fake lp-send '[ ! -e /proc/self/fd/9 ] || echo held >held'
	fake lp-tasks '[ ! -e /proc/self/fd/9 ] || echo held >held'
	fake lp-enqueue '[ ! -e /proc/self/fd/9 ] || echo held >held'
	[ -e /proc/self/fd ] || skip 'no /proc here'
	run_ok lp-tick
	[ -e calls ]
	[ ! -e held ]
}

@test "clearing away: once a day, not after trouble" {
	fake lp-send 'cat; exit 74'
	run_st 74 lp-tick
	run ! grep -e cleanup -e prune calls
	echo 1 >rounds
	fake lp-send ''
	run_ok lp-tick
	run_ok lp-tick
	assert_equal "$(grep -c 'lp-memory cleanup' calls)" 1
	assert_equal "$(grep -c 'lp-tasks prune' calls)" 1
}

@test "cron's environment: taken as it stands, never run, what is set stays" {
	mkdir -p .config/leadpilot
	cat >.config/leadpilot/env <<-'END'
		# a comment

		SECRET=$(touch ran) `touch ran` "x" y=z
		QUOTED="a b"
		GIVEN=from the file
		LAST=no newline
	END
	printf 'END=1' >>.config/leadpilot/env
	chmod 600 .config/leadpilot/env
	fake lp-send 'printf "%s|%s|%s|%s\n" "$SECRET" "$QUOTED" "$GIVEN" "$END" >seen; cat'
	GIVEN=before run_ok lp-tick
	assert_equal "$(cat seen)" '$(touch ran) `touch ran` "x" y=z|a b|before|1'
	[ ! -e ran ]
}

@test "cron's environment that others can read is refused" {
	mkdir -p .config/leadpilot
	echo A=b >.config/leadpilot/env
	chmod 640 .config/leadpilot/env
	run_err 78 'chmod 600' lp-tick
	[ ! -e calls ]
}

@test "cron's environment that is none is refused with its line" {
	mkdir -p .config/leadpilot
	for bad in 'no value' '=x' '1A=b' 'A-B=c' 'a$(touch ran)=1'; do
		printf 'GOOD=1\n%s\n' "$bad" >.config/leadpilot/env
		chmod 600 .config/leadpilot/env
		run_err 78 'env:2: not NAME=VALUE' lp-tick
	done
	[ ! -e ran ]
}

@test "the command line" {
	run_st 64 lp-tick --frobnicate
	[[ $stderr == *"unknown argument '--frobnicate'"* ]]
	run_st 64 lp-tick --now
	run_st 64 lp-tick --until soon
	run_st 64 lp-tick --until +d
	run_st 64 lp-tick --until +3x
	[ ! -e calls ]
	run_ok lp-tick -h
	[[ $output == "usage: lp-tick "* ]]
}

@test "--until steps the clock while it is open, closes, skips what is closed, and ends at the end" {
	echo 0 >rounds
	fake lp-enqueue 'echo "$LP_NOW" >>clock'
	cat >fake/lp-config <<-'END'
		#!/bin/sh
		case $LP_NOW in
		2026-03-02T2[34]*) echo '{"open":false,"next_open":"2026-03-03T09:00:00.000Z"}' ;;
		*) echo '{"open":true,"next_open":"2026-03-02T09:00:00.000Z"}' ;;
		esac
	END
	chmod +x fake/lp-config
	run_ok lp-tick --now 2026-03-02T22:30:00Z --until 2026-03-03T09:30:00Z
	assert_equal "$(tr '\n' ' ' <clock)" \
		'2026-03-02T22:30:00Z 2026-03-02T22:50:00Z 2026-03-02T23:10:00Z 2026-03-03T09:00:00Z 2026-03-03T09:20:00Z 2026-03-03T09:30:00Z '
	assert_equal "$(grep -c 'lp-tasks prune' calls)" 2 # two days
}

@test "-n says what is due and does nothing" {
	run_ok lp-tick -n
	assert_equal "$(cat calls)" "lp-enqueue -n due"
	[ ! -e lp.db.lock ]
}

@test "-v shows what each task came to" {
	run_ok lp-tick -v
	assert_equal "$output" "$(printf '{"task":{"id":"t1"}}\n%.0s' 1 2 3)"
}
