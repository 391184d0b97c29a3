#!/bin/sh
# The file and the streams at their worst: absent, no database, newer, read-only, locked, on a full disk; standard output full or closed;
# lines that are none.  One line on standard error, the exact status, and nothing half done.
LP_TOP=${LP_TOP:-$PWD}
export LP_TOP
. test/tools/tap.sh
. "$LP_TOP/test/tools/world.sh"

readers='lp-accounts list
lp-approve list
lp-campaigns list
lp-config show
lp-leads list
lp-log list
lp-log verify
lp-memory list
lp-report
lp-report held
lp-rules list
lp-tasks list
lp-tasks due'
writers='lp-config set max_messages_per_day=7
lp-enqueue due
lp-tasks claim -l 1
lp-tasks settle
lp-memory recall
lp-decide
lp-book
lp-draft
lp-rules gate
lp-read
lp-send
lp-start
lp-stop'

# exactly STATUS TEXT COMMAND...: this status, one line on standard error with TEXT in it, nothing on standard output
exactly() {
	want=$1 text=$2
	shift 2
	"$@" >"$tap_dir/x.out" 2>"$tap_dir/x.err" </dev/null
	got=$?
	[ $got -eq "$want" ] && [ ! -s "$tap_dir/x.out" ] && [ "$(wc -l <"$tap_dir/x.err")" -eq 1 ] && grep -qF -- "$text" "$tap_dir/x.err" && return
	printf 'status %d, want %d\n' $got "$want"
	head -n 3 "$tap_dir/x.out" "$tap_dir/x.err"
	return 1
}

# each COMMANDS DESCRIPTION FUNCTION ARG...: the function for each line of COMMANDS, as one test
each() {
	each_of=$1 each_what=$2
	shift 2
	each_run() {
		bad=0
		printf '%s\n' "$each_of" >"$tap_dir/each"
		while read -r c; do
			# shellcheck disable=SC2086 # words
			"$@" $c >"$tap_dir/each.out" 2>&1 || { printf '%s:\n' "$c"; cat "$tap_dir/each.out"; bad=1; }
		done <"$tap_dir/each"
		return $bad
	}
	ok "$each_what" each_run "$@"
}

world_fresh "$tap_dir/w" || exit 1
all=$(printf '%s\n%s' "$readers" "$writers")
each "$all" 'no such file: 66, and its name' exactly 66 lp.db
: >lp.db
each "$all" 'an empty file is no database: 78' exactly 78 lp.db
echo 'this is no database at all, but long enough to have had a header of a hundred bytes, if it had been one, which it is not' >lp.db
each "$all" 'a text is no database: 78' exactly 78 lp.db
rm -f lp.db
sqlite3 lp.db 'CREATE TABLE t(x)'
each "$all" "somebody else's database: 78" exactly 78 lp.db
rm -f lp.db
mkdir lp.db
each "$readers" 'a directory is no database: 74' exactly 74 lp.db
rmdir lp.db

rm -f STOP # lp-stop leaves it in any case: stopped is stopped
lp-config init --simulated
known=$(sqlite3 lp.db 'PRAGMA user_version')
sqlite3 lp.db 'PRAGMA user_version = 9999'
each "$all" 'a newer file: 78, and both numbers' exactly 78 9999
exactly 78 "$known" lp-config show >/dev/null && tap_result ok 'ours, too' || tap_result 'not ok' 'ours, too'
sqlite3 lp.db "PRAGMA user_version = $known"

each "$readers" 'a good file: they read it' sh -c '"$@" >/dev/null; [ $? -le 1 ]' sh

# a clock left set on a file that isn't simulated
(unset LP_NOW && lp-config init -d live.db)
live() {
	LP_DB=$PWD/live.db exactly 78 simulated "$@"
}
each "$writers" 'LP_NOW on a live file: nothing is written' live
is 'nor was anything' "$(sqlite3 live.db 'SELECT count(*) FROM runs')" 0
rm -f live.db*

# standard output full, closed, or nobody there
full() {
	"$@" >/dev/full 2>"$tap_dir/x.err" </dev/null
	got=$?
	[ $got -eq 74 ] || { echo "status $got"; cat "$tap_dir/x.err"; return 1; }
}
rm -f STOP
world_load >/dev/null 2>"$tap_dir/load.err" || { cat "$tap_dir/load.err"; tap_result 'not ok' 'the world is made'; }
lp-enqueue due
if [ -c /dev/full ]; then
	each 'lp-accounts list
lp-campaigns list
lp-config show
lp-leads list
lp-log list
lp-report
lp-rules list
lp-tasks list
lp-tasks claim -l 1
lp-leads export' 'standard output full: 74' full
else
	skip 'standard output full: 74' 'no /dev/full here'
fi
closed() {
	"$@" >&- 2>"$tap_dir/x.err" </dev/null
	got=$?
	[ $got -le 1 ] || [ $got -eq 74 ] || { echo "status $got"; cat "$tap_dir/x.err"; return 1; }
}
each "$readers" 'standard output closed: no harm' closed
is 'the file is whole' "$(sqlite3 lp.db 'PRAGMA integrity_check')" ok

# lines that are none
stage_lines() {
	{
		echo 'not json'
		echo '[]'
		printf '{"a":"\\u0000"}\n'
		printf '{"a":"\377"}\n'
		awk 'BEGIN { for (i = 0; i < 5000; i++) printf "["; print "" }'
		head -c 10000000 /dev/zero | tr '\0' 'x'
		echo
		printf 'a\0b\n'
		echo '{"task":{"id":"t999999","task_type":"send_message","lease":"none"},"decision":{"action":"send_email"}}'
		echo '{"some":"thing else"}'
	} >"$tap_dir/bad.jsonl"
	"$@" <"$tap_dir/bad.jsonl" >"$tap_dir/x.out" 2>"$tap_dir/x.err"
	got=$?
	[ $got -eq 65 ] || { echo "status $got, want 65"; head -c 600 "$tap_dir/x.err"; return 1; }
	for l in 1 2 3 4 5 6 7; do
		grep -q ":$l:" "$tap_dir/x.err" || { echo "line $l was not reported"; head -c 1500 "$tap_dir/x.err"; return 1; }
	done
	[ "$(wc -l <"$tap_dir/x.err")" -eq 7 ] || { echo 'more was reported than that'; head -c 1500 "$tap_dir/x.err"; return 1; }
}
each 'lp-memory recall
lp-decide
lp-book
lp-draft
lp-rules gate
lp-read
lp-send
lp-tasks settle' 'malformed lines are named by number, the rest is done, 65' stage_lines

# locked by somebody who doesn't let go
(printf 'BEGIN EXCLUSIVE;\n.shell touch locked\n.shell sleep 30\n' | sqlite3 lp.db) 9>&- &
holder=$!
for _ in 1 2 3 4 5 6 7 8 9 10; do
	[ -e locked ] && break
	sleep 0.1
done
ok 'locked: try again, 75' exactly 75 lock lp-config set max_messages_per_day=7
ok 'locked: readers read on' lp-tasks list
pkill -P $holder sleep 2>/dev/null
kill $holder 2>/dev/null
wait $holder 2>/dev/null

# where nothing may be written
chmod 500 . && chmod 400 lp.db*
if [ "$(id -u)" -eq 0 ]; then
	as_nobody='setpriv --reuid=65534 --clear-groups'
	chmod 755 "$tap_dir" . && chmod 444 lp.db*
else
	as_nobody=
fi
if $as_nobody true 2>/dev/null; then
	# shellcheck disable=SC2086
	ok 'read-only: not allowed' sh -c '"$@"; s=$?; [ $s -eq 77 ] || { echo "status $s"; exit 1; }' sh $as_nobody lp-config set max_messages_per_day=7
else
	skip 'read-only: not allowed' 'no setpriv here'
fi
chmod 700 . && chmod 600 lp.db*

# a disk that is full: nothing is half done, and 75
small=$tap_dir/small
mkdir "$small"
cat >"$tap_dir/full.sh" <<-'END'
	mount -t tmpfs -o size=3m none "$1" 2>/dev/null || exit 99
	cd "$1" || exit 1
	export LP_DB="$1/lp.db"
	lp-config init --simulated || exit 1
	dd if=/dev/zero of=fill bs=4k 2>/dev/null
	s=0
	for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		awk 'BEGIN { for (i = 0; i < 2000; i++) printf "{\"task_type\":\"manual\",\"input_data\":{\"n\":\"%0500d\"}}\n", i }' | lp-enqueue - >"$2" 2>&1
		s=$?
		[ $s -eq 0 ] || break
	done
	[ $s -eq 75 ] || { echo "status $s, want 75"; cat "$2"; exit 1; }
	[ "$(wc -l <"$2")" -eq 1 ] || { cat "$2"; exit 1; }
	rm -f fill
	[ "$(sqlite3 lp.db 'PRAGMA integrity_check')" = ok ] && lp-log verify
END
if [ "$(id -u)" -eq 0 ]; then
	in_space='unshare -m'
else
	in_space='unshare -Urm'
fi
# shellcheck disable=SC2086
if $in_space mount -t tmpfs -o size=1m none "$small" 2>/dev/null; then
	ok 'a full disk: 75, one line, and the file is whole' $in_space sh "$tap_dir/full.sh" "$small" "$tap_dir/said"
else
	skip 'a full disk' 'no tmpfs may be mounted here'
fi
tap_end
