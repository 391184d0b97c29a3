# From a reply to a meeting: what they wrote, which time that is, and what happens when they write again.
load helper
load world
load reply

# sent/: each of the three had a mail; Ann is in Berlin
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup
	world_new && world_make auto_book_meetings=yes require_approval_for= min_confidence=0.5 && lp-leads set -q l1 timezone=Europe/Berlin &&
		lp-enqueue due && tick $NOON && for t in 13:30 14:30 15:30 16:40; do tick 2026-03-02T$t:00Z; done && cp -R . ../sent
	cd ..
}

setup() {
	use sent
	export LP_NOW=2026-03-03T10:00:00Z
	rm -f said.eml
}

# goes WHEN: read, judged, answered
goes() {
	judged "$1" && pipe
}
invitation() {
	sql "SELECT max(seq) FROM messages WHERE meeting_id = ${1:-1}"
}
# interested ADDRESS TEXT...: and judged so, whatever a brain would make of the words
interested() {
	says "$@" && inboxes
	sql "UPDATE inbox_messages SET classification = 'meeting_request', confidence = 0.9, sentiment = 'positive', classified_by = 'test',
		mentions_availability = ${TIMES-0} WHERE seq = (SELECT max(seq) FROM inbox_messages);
		UPDATE agent_tasks SET status = 'cancelled', outcome = 'by_hand' WHERE task_type = 'classify_reply' AND status = 'pending'"
	I=$(sql 'SELECT max(seq) FROM inbox_messages')
	echo "{\"task_type\":\"respond_to_reply\",\"inbox_message_id\":\"i$I\"}" | lp-enqueue -q
	T=$(sql 'SELECT max(seq) FROM agent_tasks')
	pipe
}

@test "a reply that asks for a meeting: invited in its thread, as an answer, and told that no person wrote it" {
	says ann@alpha.example 'Yes, I am interested. Can we have a call about this?'
	goes 2026-03-03T10:10:00Z
	assert_equal "$(sql "SELECT b.status || ' ' || b.timezone || ' ' || b.inbox_message_id FROM meetings b")" 'proposed Europe/Berlin 1'
	mail=$(grep -ls 'method=REQUEST' out/new/*)
	run cat "$mail"
	assert_line 'Subject: Re: Ann, a question about Alpha'
	assert_line --partial 'In-Reply-To: <said-'
	assert_line 'Auto-Submitted: auto-replied'
	assert_line --partial 'To: Ann Ash <ann@alpha.example>'
	run sql "SELECT body FROM message_texts WHERE message_id = $(invitation)"
	assert_line 'thank you for your answer.'
	assert_equal "$(sql "SELECT auto_turns FROM threads WHERE seq = (SELECT thread_id FROM meetings)")" 1
	run_ok lp-log why b1
	assert_output --partial 'book_meeting'
}

@test "another reply while a meeting is ahead is no wish for a second one: it waits for a person, with the meeting named" {
	interested ann@alpha.example 'Yes, let us talk.'
	assert_equal "$(sql 'SELECT status FROM meetings')" proposed
	LP_NOW=2026-03-04T10:00:00Z
	interested ann@alpha.example 'That works, see you then.'
	assert_equal "$(sql 'SELECT count(*) FROM meetings')" 1
	run sql "SELECT hold_kind || ' ' || hold_reason FROM agent_tasks WHERE seq = $T"
	assert_output --partial 'mend b1 with them is proposed already, on '
	assert_output --partial 'lp-book move b1'
	assert_equal "$(sql "SELECT count(*) FROM notifications WHERE type = 'escalation' AND task_id = $T")" 1
}

@test "two tasks for one reply: one meeting; a reply of a machine: none" {
	lp-config set -q auto_book_meetings=no
	interested ann@alpha.example 'Yes, let us talk.'
	assert_equal "$(sql 'SELECT status FROM meetings')" reserved
	sql "INSERT INTO agent_tasks (id, task_type, status, ready, scheduled_for, created_at, lead_id, campaign_id, account_id, inbox_message_id, updated_at)
		SELECT 'again', task_type, 'pending', 1, scheduled_for, created_at, lead_id, campaign_id, account_id, inbox_message_id, updated_at
		FROM agent_tasks WHERE seq = $T"
	pipe
	assert_equal "$(sql 'SELECT count(*) FROM meetings')" 1
	assert_equal "$(last_verdict "$(sql 'SELECT max(seq) FROM agent_tasks')")" "block i1 has its meeting already: b1 (reserved, t$T)"
	LP_NOW=2026-03-03T10:20:00Z
	interested bob@beta.example 'Yes.'
	assert_equal "$(sql 'SELECT count(*) FROM meetings')" 2
	sql "UPDATE inbox_messages SET automatic = 1"
	lp-approve yes --all -y
	pipe
	assert_equal "$(sql "SELECT count(*) FROM outbox o JOIN messages m ON m.seq = o.message_id WHERE m.meeting_id IS NOT NULL")" 0
}

@test "a new reply overtakes an invitation that waits: its time is free, and the new one is judged" {
	lp-config set -q auto_book_meetings=no
	interested ann@alpha.example 'Yes, let us talk.'
	says ann@alpha.example 'Sorry, not interested after all.'
	judged 2026-03-03T10:20:00Z
	assert_equal "$(sql 'SELECT status FROM meetings')" cancelled
	assert_equal "$(sql "SELECT count(*) FROM approvals WHERE status = 'open'")" 0
}

@test "times that weren't understood are for a person, not for a time of ours" {
	TIMES=1 interested ann@alpha.example 'Whenever the cows come home.'
	assert_equal "$(sql 'SELECT count(*) FROM meetings')" 0
	assert_equal "$(sql "SELECT hold_reason FROM agent_tasks WHERE seq = $T")" \
		"they name times that weren't understood (lp-book slots --lead l1, then lp-book add)"
}

@test "a campaign's words stand over and under the time; an edit stays until the time moves" {
	cat >>hello.yaml <<-'X'
		greeting: "Dear {{first_name|friend}},"
		closing: "Yours, Kim"
		responses: {meeting_request: "good to hear from {{company}}."}
	X
	lp-campaigns load -q hello.yaml && lp-approve yes hello -y
	lp-config set -q auto_book_meetings=no
	interested ann@alpha.example 'Yes, let us talk.'
	run sql "SELECT body FROM message_texts WHERE message_id = $(invitation)"
	assert_line 'Dear Ann,'
	assert_line 'good to hear from Alpha.'
	assert_line 'Yours, Kim'
	printf 'Subject: Talk?\n\nMy own words.\n' >own
	run_ok lp-approve edit t$T own
	pipe
	grep -rq 'My own words' out/new
	grep -rq 'method=REQUEST' out/new
}

# chosen WEEKDAY_AND_TIME_IN_UTC TEXT: what they write comes to that time
chosen() {
	TIMES=1 interested ann@alpha.example "$2"
	assert_equal "$2: $(sql "SELECT strftime('%m-%dT%H:%M', starts_at) FROM meetings WHERE lead_id = 1")" "$2: $1"
}

@test "the time that they name, on their clock, is the time" {
	while IFS='|' read -r want text; do
		use sent
		LP_NOW=2026-03-03T10:00:00Z
		chosen "$want" "$text"
	done <<-'X'
		03-05T14:00|How about Thursday at 3pm?
		03-06T09:00|Friday at 10:00 would suit me.
		03-05T13:00|Yes. Thursday afternoon is good for me.
		03-09T09:00|Wie wäre es am Montag um 10 Uhr?
	X
	# of two, the first that is free; the other is named beside it
	use sent
	LP_NOW=2026-03-03T10:00:00Z
	lp-book add --lead l2 --at 2026-03-05T14:00Z -q
	chosen 03-06T09:00 'Thursday at 3pm or Friday at 10am would work.'
}

@test "none of what they name is free: a person answers, and nothing is held" {
	lp-config set -q holidays=2026-03-05
	TIMES=1 interested ann@alpha.example 'Thursday at 3pm?'
	assert_equal "$(sql 'SELECT count(*) FROM meetings')" 0
	assert_equal "$(sql "SELECT hold_reason FROM agent_tasks WHERE seq = $T")" \
		'none of the times that they name is free (lp-book slots --lead l1, then lp-book add)'
}

@test "what the .ics file says is taken is no time of ours; taken since, another is chosen; unreadable, a person mends it" {
	busy() {
		printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:x BEGIN:VEVENT UID:x DTSTAMP:20260101T000000Z "DTSTART:$1" "DTEND:$2" END:VEVENT END:VCALENDAR >busy.ics
	}
	busy 20260304T060000Z 20260306T220000Z
	lp-config set -q meeting_busy=$PWD/busy.ics auto_book_meetings=no
	run_ok lp-book slots -l 1
	assert_output --partial 'Monday, 9 March 2026'
	busy 20260101T060000Z 20260101T070000Z
	interested ann@alpha.example 'Yes, let us talk.'
	was=$(sql "SELECT starts_at FROM meetings")
	[[ $was < 2026-03-07 ]] || fail "$was"
	busy 20260304T060000Z 20260306T220000Z
	lp-approve yes t$T
	pipe
	assert_equal "$(sql "SELECT starts_at > '2026-03-07' FROM meetings")" 1
	assert_equal "$(sql "SELECT status FROM agent_tasks WHERE seq = $T")" awaiting_approval
	echo broken >busy.ics
	run_err 78 'meeting_busy' lp-book slots
	LP_NOW=2026-03-03T10:30:00Z
	interested bob@beta.example 'Yes, let us talk.'
	run sql "SELECT hold_kind || ' ' || hold_reason FROM agent_tasks WHERE seq = $T"
	assert_output --partial 'mend meeting_busy: '
}
