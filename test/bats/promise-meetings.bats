# Never double-booked, never without the yes, and nothing changed by whoever may not: what holds of meetings.
load helper
load world

# planned/: three leads, each with a mail sent, a task to book a meeting with each; gated/: the same judged, none reserved for the wire
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup
	world_new && world_make auto_book_meetings=yes require_approval_for= && lp-enqueue due &&
		for t in 12:00 13:30 14:30 15:30 16:40; do tick 2026-03-02T$t:00Z; done
	export LP_NOW=2026-03-03T12:00:00Z
	inboxes
	for l in l1 l2 l3; do lp-enqueue book_meeting --lead $l >/dev/null; done
	cp -R . ../planned && half && cp -R . ../gated && cd ..
}

all='03-04T13:00 03-04T14:00 03-04T15:00' # when the three are
use() {
	lp_setup && rm -rf "$BATS_FILE_TMPDIR/w" && cp -R "$BATS_FILE_TMPDIR/$1" "$BATS_FILE_TMPDIR/w" && cd "$BATS_FILE_TMPDIR/w" || return 1
	export LP_DB=$PWD/lp.db LP_NOW=2026-03-03T12:00:00Z
	rm -f out/new/*
}
answers=0
now() {
	tick "${1:-$LP_NOW}"
}
# when N [MINUTES]: when that meeting begins, later by so many
when() {
	sql "SELECT strftime('%Y-%m-%dT%H:%MZ', starts_at, '${2:-0} minutes') FROM meetings WHERE seq = $1"
}
# times STATUS: when the meetings of that status begin, in order
times() {
	sql "SELECT group_concat(substr(starts_at, 6, 11), ' ') FROM (SELECT starts_at FROM meetings WHERE status = '$1' ORDER BY starts_at)"
}
state() {
	sql "SELECT status FROM meetings WHERE seq = $1"
}
# answer FROM METHOD PARTSTAT [SEQUENCE [DTSTAMP [LINES]]]: what a calendar sends back for b1, into the inbox
answer() {
	local uid
	uid=$(sql 'SELECT uid FROM meetings WHERE seq = 1')
	cat >in/new/$RANDOM$RANDOM.answer <<-X
		From: Ann Ash <$1>
		To: kim@lead.example
		Subject: Accepted: Call
		Message-ID: <$RANDOM$RANDOM.answer@alpha.example>
		Date: Tue, 03 Mar 2026 13:00:00 +0000
		MIME-Version: 1.0
		Content-Type: multipart/alternative; boundary=b

		--b
		Content-Type: text/plain

		Ann has replied to this invitation.

		--b
		Content-Type: text/calendar; charset=UTF-8; method=$2

		BEGIN:VCALENDAR
		PRODID:-//Example//EN
		VERSION:2.0
		METHOD:$2
		BEGIN:VEVENT
		UID:$uid
		SEQUENCE:${4:-0}
		DTSTAMP:${5:-20260303T130000Z}
		${6:-DTSTART:20260304T120000Z}
		ORGANIZER:mailto:kim@lead.example
		ATTENDEE;PARTSTAT=$3:mailto:$1
		SUMMARY:Call
		END:VEVENT
		END:VCALENDAR

		--b--
	X
	export LP_NOW=2026-03-03T$((13 + answers / 4)):$((answers % 4 * 15 + 10)):00Z
	answers=$((answers + 1))
	inboxes
}

@test "many pipelines at once: each meeting has a time of its own, with the buffer between" {
	use planned
	echo first_name,company,email >many.csv
	for i in $(seq 1 15); do
		echo "Lead$i,Firm$i,lead@firm$i.example" >>many.csv
	done
	lp-leads import -q many.csv
	sql "SELECT 'l' || seq FROM leads WHERE seq > 3" | jq -cR '{task_type: "book_meeting", lead_id: .}' | lp-enqueue
	for i in 1 2 3 4 5 6; do
		while lp-tasks claim -l 4 >claimed.$i && [ -s claimed.$i ]; do
			lp-decide <claimed.$i | lp-book | lp-draft | lp-rules gate | lp-send | lp-tasks settle >/dev/null
		done &
	done
	wait
	now
	assert_equal "$(sql "SELECT count(*) FROM meetings WHERE status IN ('reserved', 'proposed')")" 18
	assert_equal "$(sql "SELECT count(*) FROM meetings a JOIN meetings b ON a.seq < b.seq AND a.status IN ('reserved', 'proposed')
		AND b.status IN ('reserved', 'proposed') AND strftime('%s', a.starts_at) < strftime('%s', b.ends_at) + 900
		AND strftime('%s', b.starts_at) < strftime('%s', a.ends_at) + 900")" 0
	assert_equal "$(sql "SELECT max(n) <= 4 FROM (SELECT count(*) AS n FROM meetings WHERE status IN ('reserved', 'proposed') GROUP BY substr(starts_at, 1, 10))")" 1
	lp-log verify >/dev/null
}

@test "lp-book left out: nothing leaves, the task says which, and the whole pipe makes it good, once" {
	use planned
	lp-tasks claim | lp-decide | lp-draft | lp-rules gate | lp-send | lp-tasks settle >/dev/null
	left 0
	run sql "SELECT DISTINCT error_message FROM agent_tasks WHERE task_type = 'book_meeting'"
	assert_output 'book_meeting was not carried out: lp-book is missing from the pipe'
	now 2026-03-03T12:10:00Z
	left 3
}

# left N: so many invitations are in the Maildir, and so many say the rows
left() {
	assert_equal "$(mails out)" "$1"
	assert_equal "$(sql "SELECT count(*) FROM outbox o JOIN messages m ON m.seq = o.message_id WHERE m.meeting_id IS NOT NULL AND o.state = 'sent'")" "$1"
}

@test "however the invitation ends, its time is free in the same commit; tried again, it takes one anew" {
	while IFS='|' read -r what how; do
		use planned
		lp-config set -q require_approval_for=book_meeting
		now
		assert_equal "$(times reserved)" "$all"
		t=$(sql 'SELECT task_id FROM meetings WHERE seq = 1')
		was=$(when 1)
		eval "$how"
		assert_equal "$what: $(state 1)" "$what: cancelled"
		[ -n "$(sql 'SELECT status_reason FROM meetings WHERE seq = 1')" ] || fail "$what: no reason"
		run_ok lp-book add --lead l2 --at $was
		lp-tasks retry t$t >/dev/null 2>&1 || continue
		now
		assert_equal "$what: $(state 1)" "$what: reserved"
		[ "$(when 1)" != $was ] || fail "$what: at the same time"
		left 0
	done <<-'X'
		rejected|lp-approve no t$t -m no
		expired|LP_NOW=2026-03-09T12:00:00Z lp-enqueue due
		by hand|lp-tasks cancel t$t -m no
		called off|lp-book cancel b1 -m no
		replied|printf 'From: ann@alpha.example\nSubject: Hm\nMessage-ID: <x@y.example>\n\nSounds good, when?\n' >in/new/1; LP_NOW=2026-03-03T12:20:00Z inboxes
		suppressed|lp-leads suppress -q l1; lp-approve yes t$t; now
	X
}

@test "the line says another time, another calendar, another meeting: the rows decide" {
	while IFS='|' read -r what filter; do
		use gated
		jq -c "$filter" gated >forged
		lp-send <forged | lp-tasks settle >/dev/null
		run ! grep -rqis -e forged -e 20991231 out
		assert_equal "$what: $(times reserved)$(times proposed)" "$what: $all"
		now 2026-03-03T12:10:00Z
		left 3
	done <<-'X'
		time|.meeting.starts_at = "2099-12-31T10:00:00.000Z"
		calendar|.draft.calendar = "forged"
		no meeting|del(.meeting)
		another meeting|.meeting.id = "b1"
		verdict|.gate = {verdict: "allow", reasons: [], rules: []}
	X
}

@test "a calendar part that was changed after the gate doesn't leave; nor a message of a meeting that was" {
	use gated
	sql "UPDATE message_texts SET calendar = replace(calendar, 'T140000', 'T110000') WHERE message_id = (SELECT seq FROM messages WHERE meeting_id = 1)"
	sql "UPDATE meetings SET starts_at = '2026-03-04T15:00:00.000Z', ends_at = '2026-03-04T15:30:00.000Z' WHERE seq = 2"
	sql "UPDATE decisions SET action = 'send_email' WHERE task_id = (SELECT task_id FROM meetings WHERE seq = 3)"
	rest
	left 0
}

@test "a yes binds the time: moved since, it is asked for anew" {
	use planned
	lp-config set -q require_approval_for=book_meeting
	now
	t=$(sql 'SELECT task_id FROM meetings WHERE seq = 1')
	run lp-approve show t$t
	assert_output --partial 'Wednesday, 4 March 2026, 14:00 to 14:30 (UTC)'
	lp-approve yes t$t
	run_ok lp-book move b1 --at 2026-03-06T10:00Z
	now
	left 0
	run lp-approve show t$t
	assert_output --partial 'Friday, 6 March 2026, 10:00 to 10:30 (UTC)'
	lp-approve yes t$t
	now
	left 1
	assert_equal "$(state 1)" proposed
}

@test "auto_book_meetings off: a person is asked, whatever require_approval_for says" {
	use planned
	lp-config set -q auto_book_meetings=no
	now
	left 0
	assert_equal "$(sql "SELECT DISTINCT hold_reason FROM agent_tasks WHERE status = 'awaiting_approval'")" 'auto_book_meetings is off'
	lp-approve yes --all -y
	now
	left 3
}

@test "a yes that comes too late: another time, and a new question" {
	use planned
	lp-config set -q require_approval_for=book_meeting approval_expires=30d
	now
	t=$(sql 'SELECT task_id FROM meetings WHERE seq = 1')
	LP_NOW=2026-03-04T13:30:00Z
	lp-approve yes t$t
	now
	left 0
	assert_equal "$(sql "SELECT status || (starts_at > '2026-03-05T13:30') FROM meetings WHERE seq = 1")" reserved1
	assert_equal "$(sql "SELECT status || hold_kind FROM agent_tasks WHERE seq = $t")" awaiting_approvalapproval
	# what a person chose is theirs to choose again
	run_ok lp-book add --lead l2 --at 2026-03-06T13:00Z
	now
	LP_NOW=2026-03-06T12:30:00Z
	lp-approve yes t"$(sql 'SELECT task_id FROM meetings WHERE seq = 4')"
	now
	left 0
	assert_equal "$(sql "SELECT hold_reason FROM agent_tasks WHERE seq = (SELECT task_id FROM meetings WHERE seq = 4)")" \
		'Friday, 6 March 2026 at 13:00 (UTC) has come too near: lp-book move b4 --at WHEN'
}

@test "stopped, blind, in a person's thread: no invitation leaves; what a person typed may go into their own thread" {
	use gated
	lp-stop -q
	rest
	left 0
	use gated
	sql "UPDATE accounts SET inbox_read_at = '2026-03-03T08:00:00.000Z'"
	rest
	left 0
	use planned
	sql "UPDATE threads SET owner = 'person', owner_reason = 'mine'"
	now
	left 0
	assert_equal "$(state 1)" cancelled
	run_ok lp-book add --lead l1 --at 2026-03-06T13:00Z
	now
	left 1
}

@test "answers: accepted, then declined; the newest counts, and only of whom it is with" {
	use planned
	now
	answer eve@evil.example REPLY ACCEPTED
	assert_equal "$(state 1)" proposed
	answer ann@alpha.example REPLY ACCEPTED
	assert_equal "$(sql "SELECT b.status || ' ' || l.status FROM meetings b JOIN leads l ON l.seq = b.lead_id WHERE b.seq = 1")" 'confirmed booked'
	assert_equal "$(sql "SELECT title FROM notifications WHERE type = 'meeting'")" 'Meeting booked with Ann Ash'
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE task_type = 'classify_reply' AND lead_id = 1")" 0
	answer ann@alpha.example REPLY DECLINED 0 20260303T125900Z
	assert_equal "$(state 1)" confirmed
	answer ann@alpha.example REPLY DECLINED 0 20260303T130100Z
	assert_equal "$(sql "SELECT b.status || ' ' || l.status FROM meetings b JOIN leads l ON l.seq = b.lead_id WHERE b.seq = 1")" 'declined replied'
	assert_equal "$(sql "SELECT command FROM notifications WHERE type = 'meeting' ORDER BY seq DESC LIMIT 1")" 'lp-book slots --lead l1'
	run_ok lp-book add --lead l2 --at $(when 1)
	answer ann@alpha.example REPLY ACCEPTED 0 20260303T130200Z
	assert_equal "$(state 1)" declined
	run_ok lp-log why b1
	assert_output --partial 'b1 declined (i'
}

@test "answers: another time, maybe, an earlier SEQUENCE, and what is no answer" {
	use planned
	now
	answer ann@alpha.example REPLY TENTATIVE
	assert_equal "$(sql 'SELECT status || partstat FROM meetings WHERE seq = 1')" proposedTENTATIVE
	answer ann@alpha.example COUNTER NEEDS-ACTION 0 20260303T130100Z 'DTSTART:20260305T100000Z'
	assert_equal "$(sql "SELECT command FROM notifications WHERE type = 'meeting'")" 'lp-book move b1 --at 2026-03-05T10:00Z'
	assert_equal "$(times proposed)" "$all"
	run_ok lp-book move b1 --at 2026-03-05T10:00Z
	now 2026-03-03T13:20:00Z
	answer ann@alpha.example REPLY ACCEPTED 0 20260303T132100Z
	assert_equal "$(state 1)" proposed
	answer ann@alpha.example REPLY ACCEPTED 1 20260303T132200Z
	assert_equal "$(state 1)" confirmed
	# a request of theirs, or one to cancel ours, changes no calendar by itself
	answer ann@alpha.example CANCEL ACCEPTED 1 20260303T132300Z
	answer ann@alpha.example REQUEST ACCEPTED 2 20260303T132400Z
	assert_equal "$(state 1) $(sql 'SELECT count(*) FROM meetings')" 'confirmed 3'
}

@test "not known whether it left: its time is held, and an answer proves that it did" {
	use planned
	now
	sql "UPDATE outbox SET state = 'unknown', sent_at = NULL WHERE message_id = (SELECT seq FROM messages WHERE meeting_id = 1);
		UPDATE messages SET status = 'unknown', sent_at = NULL WHERE meeting_id = 1; UPDATE meetings SET status = 'reserved' WHERE seq = 1;
		UPDATE agent_tasks SET status = 'awaiting_approval', outcome = NULL, completed_at = NULL, hold_kind = 'mend' WHERE seq = (SELECT task_id FROM meetings WHERE seq = 1)"
	run_err 65 'is taken' lp-book add --lead l2 --at $(when 1)
	run_err 65 'lp-send resolve' lp-book cancel b1
	answer ann@alpha.example REPLY ACCEPTED
	assert_equal "$(state 1)" confirmed
	assert_equal "$(sql "SELECT o.state FROM outbox o JOIN messages m ON m.seq = o.message_id WHERE m.meeting_id = 1")" sent
}
