# The verbs of lp-book, and what a booking looks like on its way.
load helper
load world

# planned/: a zone for Ann, her first message sent an hour ago; everything of hers speaks for a meeting
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup
	world_new && world_make auto_book_meetings=yes require_approval_for= && lp-leads set -q l1 timezone=Europe/Berlin && lp-enqueue due && tick $NOON &&
		cp -R . ../planned
	cd ..
}

setup() {
	use planned
	lp-config set -q meeting_days=mon-fri meeting_start_time=09:00 meeting_end_time=17:00 meeting_notice=1bd
}

# invite LEAD WHEN: booked by hand and sent
invite() {
	run_ok lp-book add --lead "$1" --at "$2" -q
	tick $LP_NOW
}
# calendar M: the iCalendar object of a message, unfolded, without CRs
calendar() {
	sql "SELECT calendar FROM message_texts WHERE message_id = $1" | tr -d '\r' | sed -e ':a' -e 'N' -e '$!ba' -e 's/\n //g'
}

@test "usage: unknown verbs and missing words are named" {
	run_st 64 lp-book lst
	[[ $stderr == *"list"* ]]
	run_err 64 'with whom' lp-book add --at +2d
	run_err 64 'when' lp-book add --lead l1
	run_err 64 "'m1' is a message, not a meeting" lp-book show m1
	run_err 1 'no such meeting: b9' lp-book show b9
	run_err 64 'did you mean' lp-book list --status confirmd
	run_err 64 '--length' lp-book add --lead l1 --at +2d --length 1m
	run_err 1 '' lp-book add --lead l99 --at +2d
}

@test "slots: within the hours, the notice, and the lead's day" {
	run_ok lp-book slots -l 1
	assert_output 'Tuesday, 3 March 2026, 12:00 to 12:30 (UTC)'
	run_ok lp-book slots --lead l1 -l 1
	assert_output 'Tuesday, 3 March 2026, 12:00 to 12:30 (UTC), which is 13:00 to 13:30 in Europe/Berlin'
	run_ok lp-book slots -j -l 1
	assert_equal "$(jqs '[.starts_at, .ends_at, .timezone]')" '["2026-03-03T12:00:00.000Z","2026-03-03T12:30:00.000Z","UTC"]'
	lp-config set -q holidays=2026-03-03,2026-03-04
	run_ok lp-book slots -l 1
	assert_output --partial 'Thursday, 5 March 2026'
	# where it is night for the lead nothing is free for them
	lp-leads set -q l1 timezone=Pacific/Auckland
	run_st 1 lp-book slots --lead l1
}

@test "add: reserved, drafted with its calendar part, sent, proposed" {
	run_ok lp-book add --lead l1 --at 2026-03-05T14:00Z --text 'As we said on the phone:' -v
	assert_output 'b1 reserved: Thursday, 5 March 2026, 15:00 to 15:30 (Europe/Berlin), which is 14:00 to 14:30 in UTC; its mail is t8'
	run_ok lp-book list
	assert_line --partial 'reserved'
	tick $NOON
	run_ok lp-book list -j
	assert_equal "$(jqs '[.status, .lead_id, .booked_by != null, .messages[0].status]')" '["proposed","l1",true,"sent"]'
	message=$(sql "SELECT seq FROM messages WHERE meeting_id = 1")
	run calendar $message
	assert_line METHOD:REQUEST
	assert_line SEQUENCE:0
	assert_line 'DTSTART;TZID=Europe/Berlin:20260305T150000'
	assert_line --partial 'mailto:ann@alpha.example'
	run sql "SELECT body FROM message_texts WHERE message_id = $message"
	assert_line 'As we said on the phone:'
	assert_line --partial '15:00 to 15:30 (Europe/Berlin), which is 14:00 to 14:30 in UTC'
	assert_equal "$(sql "SELECT purpose = 'meet:' || uid || ':0' FROM messages m JOIN meetings b ON b.seq = m.meeting_id")" 1
	grep -rq 'method=REQUEST' out/new
	grep -rq 'invite.ics' out/new
	# who is invited isn't asked for their thoughts
	assert_equal "$(sql "SELECT status || ': ' || stop_reason FROM enrolments WHERE lead_id = 1")" 'stopped: a meeting is proposed'
}

@test "add: refused where the time is over, too near, taken, or the lead can't be written to" {
	run_err 65 'that time is over' lp-book add --lead l1 --at 2026-03-01T10:00Z
	run_err 65 'in less than an hour' lp-book add --lead l1 --at +30m
	run_ok lp-book add --lead l1 --at 2026-03-05T14:00Z
	run_err 65 'is taken by another meeting' lp-book add --lead l2 --at 2026-03-05T14:15Z
	run_err 65 'Thursday, 5 March 2026 at 13:45 (UTC)' lp-book add --lead l2 --at 2026-03-05T13:45Z
	run_ok lp-book add --lead l2 --at 2026-03-05T14:30Z # a person may put two side by side
	lp-leads suppress -q cid@gamma.example
	run_err 77 'is suppressed since' lp-book add --lead l3 --at 2026-03-06T14:00Z
	assert_equal "$(sql "SELECT count(*) FROM meetings")" 2
	run_ok lp-book add --lead l1 --at 2026-03-06T14:00Z -n -v
	assert_output --partial '(rehearsed)'
	assert_equal "$(sql "SELECT count(*) FROM meetings")" 2
}

@test "move: SEQUENCE 1 to the new time; the old one stands until it has left" {
	invite l1 2026-03-05T14:00Z
	run_ok lp-book move b1 --at 2026-03-06T09:00Z -m 'double talk' -v
	assert_output --partial 'b1 moves: Friday, 6 March 2026, 10:00 to 10:30 (Europe/Berlin)'
	assert_equal "$(sql "SELECT status || starts_at FROM meetings")" 'proposed2026-03-05T14:00:00.000Z'
	run_err 65 'is on its way already' lp-book move b1 --at 2026-03-06T10:00Z
	run_err 65 'is taken' lp-book add --lead l2 --at 2026-03-05T14:00Z
	run_err 65 'is taken' lp-book add --lead l2 --at 2026-03-06T09:00Z
	tick $NOON
	assert_equal "$(sql "SELECT status || sequence || starts_at FROM meetings")" 'proposed12026-03-06T09:00:00.000Z'
	run calendar "$(sql 'SELECT max(seq) FROM messages WHERE meeting_id = 1')"
	assert_line SEQUENCE:1
	assert_line 'DTSTART;TZID=Europe/Berlin:20260306T100000'
	assert_equal "$(sql "SELECT count(DISTINCT substr(calendar, instr(calendar, 'UID:'), 40)) FROM message_texts WHERE calendar IS NOT NULL")" 1
}

@test "cancel: SEQUENCE 1 and METHOD CANCEL; what hasn't left is given up in silence" {
	invite l1 2026-03-05T14:00Z
	run_ok lp-book cancel b1 --text 'I am ill.' -m ill
	tick $NOON
	assert_equal "$(sql "SELECT status || sequence FROM meetings")" cancelled1
	message=$(sql 'SELECT max(seq) FROM messages WHERE meeting_id = 1')
	run calendar "$message"
	assert_line METHOD:CANCEL
	assert_line STATUS:CANCELLED
	run sql "SELECT body FROM message_texts WHERE message_id = $message"
	assert_line 'I am ill.'
	before=$(mails out)
	run_ok lp-book add --lead l2 --at 2026-03-05T14:00Z
	run_ok lp-book cancel b2 -m 'never mind'
	tick $NOON
	assert_equal "$(mails out)" "$before"
	assert_equal "$(sql "SELECT status || ' ' || status_reason FROM meetings WHERE seq = 2")" 'cancelled superseded: never mind'
	run_err 65 'b2 is cancelled' lp-book cancel b2
}

@test "as a stage: a task without a time takes the first that is free, and names two more" {
	run_ok lp-enqueue book_meeting --lead l1
	run_ok lp-enqueue book_meeting --lead l1
	assert_output --partial '(live already)'
	tick $NOON
	assert_equal "$(sql "SELECT status || starts_at || others FROM meetings")" \
		'proposed2026-03-03T13:00:00.000Z["2026-03-04T10:00:00.000Z","2026-03-04T14:00:00.000Z"]'
	run sql "SELECT body FROM message_texts t JOIN messages m ON m.seq = t.message_id WHERE m.meeting_id = 1"
	assert_line '    Tuesday, 3 March 2026, 14:00 to 14:30 (Europe/Berlin), which is 13:00 to 13:30 in UTC'
	assert_line 'Wednesday, 4 March 2026 at 11:00 or Wednesday, 4 March 2026 at 15:00 would do as well.'
	run_err 65 'needs lead_id' lp-enqueue book_meeting
}

@test "nothing free: the task waits with the reason, and holds no time" {
	lp-config set -q holidays="$(seq -f 2026-03-%02.0f -s , 3 31)"
	lp-enqueue book_meeting --lead l1 >/dev/null
	tick $NOON
	assert_equal "$(sql "SELECT status || hold_kind || ' ' || hold_reason FROM agent_tasks WHERE task_type = 'book_meeting'")" \
		'awaiting_approvalmend no time is free within meeting_horizon (lp-book slots)'
	assert_equal "$(sql "SELECT count(*) FROM meetings")" 0
	# mended and tried again
	lp-config set -q holidays=
	run_ok lp-tasks retry t8
	tick $NOON
	assert_equal "$(sql "SELECT status FROM meetings")" proposed
}

@test "after the clocks change the time on the wall is right, in the mail and in its calendar part" {
	# 29 March 2026: Berlin is two hours ahead from then on
	invite l1 2026-03-27T09:00Z
	invite l1 2026-03-30T09:00Z
	run calendar "$(sql 'SELECT seq FROM messages WHERE meeting_id = 1')"
	assert_line 'DTSTART;TZID=Europe/Berlin:20260327T100000'
	run calendar "$(sql 'SELECT seq FROM messages WHERE meeting_id = 2')"
	assert_line 'DTSTART;TZID=Europe/Berlin:20260330T110000'
	assert_line TZOFFSETTO:+0200
	run sql "SELECT body FROM message_texts t JOIN messages m ON m.seq = t.message_id WHERE m.meeting_id = 2"
	assert_line --partial '30 March 2026, 11:00 to 11:30 (Europe/Berlin), which is 09:00 to 09:30 in UTC'
}

@test "list and show: what lies ahead, one status, all, one whole" {
	invite l1 2026-03-05T14:00Z
	invite l2 2026-03-04T14:00Z
	run_ok lp-book list
	assert_equal "$(awk 'NR > 1 { print $1 }' <<<"$output" | tr '\n' ' ')" 'b2 b1 '
	run_ok lp-book list --lead ann@alpha.example -j
	assert_equal "$(jqs .id)" '"b1"'
	LP_NOW=2026-03-05T12:00:00Z run_ok lp-book list
	refute_output --partial b2
	LP_NOW=2026-03-05T12:00:00Z run_ok lp-book list --status all
	assert_output --partial b2
	run_ok lp-book show b1
	assert_line --partial 'Ann Ash <ann@alpha.example> (l1)'
	assert_line --partial 'Thursday, 5 March 2026, 15:00 to 15:30 (Europe/Berlin)'
	run_ok lp-leads show l1
	assert_line --regexp '^b1 +proposed'
	run_ok lp-log why b1
	assert_output --partial 'b1 proposed'
}

@test "a line that is malformed, and a terminal" {
	run_st 65 lp-book <<<'{'
	run_ok lp-book </dev/null
	run_ok lp-book <<<'{"task":{"id":"t1","task_type":"send_message"}}'
	assert_output '{"task":{"id":"t1","task_type":"send_message"}}'
}
