# Judged, allowed, and then something happens before it is sent: the row of the last moment counts, not the line.
load helper
load world

setup_file() {
	world_file
}

# Ann's message is t5.  mid COMMAND...: it happens between gate and send, and the two others leave all the same.
mid() {
	use gated
	"$@" >/dev/null
	rest
	left 2
	assert_equal "$(to ann@alpha.example)" 0
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE lead_id = 1")" 0
}

# verdict TEXT: what was found against t5
verdict() {
	run last_verdict 5
	assert_output --partial "$1"
}

# never: nor at any later time
never() {
	for t in 2026-03-02T15:00:00Z 2026-03-03T12:00:00Z 2026-03-09T12:00:00Z; do
		tick $t
		assert_equal "$(to ann@alpha.example)" 0
	done
}

# goes_on COMMAND...: mended by this, it leaves once, at a sending time of its own
goes_on() {
	"$@" >/dev/null
	for t in 2026-03-03T12:00:00Z 2026-03-03T14:00:00Z; do
		tick $t
	done
	assert_equal "$(to ann@alpha.example)" 1
	tick 2026-03-03T15:00:00Z
	assert_equal "$(to ann@alpha.example)" 1
}

@test "nothing happens: all three leave" {
	use gated
	left 0
	rest
	left 3
}

# Every name by which a person may be known: the lead's address, in any spelling, its domain, the phone, an address that is no lead's.
names() {
	printf '%s\n' ann@alpha.example ANN@Alpha.Example alpha.example '+46 70 174 06 01' ann@home.example
}
suppress() {
	sql "INSERT INTO person_addresses VALUES ('email', 'ann@home.example', 1, 'reply', '2026-03-02T10:00:00.000Z')"
	lp-leads suppress -q "$1"
}

@test "suppressed meanwhile, by any name the person has: never" {
	while read -r who; do
		mid suppress "$who"
		verdict 'block the lead is suppressed'
		never
	done < <(names)
}

@test "suppressed, and lead and sequence don't know of it (a restored copy, a second program): the row alone is enough" {
	row_alone() {
		suppress "$1"
		sql "UPDATE leads SET status = 'active'; UPDATE enrolments SET status = 'active', ended_at = NULL;
			UPDATE messages SET status = 'due', status_reason = NULL WHERE step = 1"
	}
	while read -r who; do
		mid row_alone "$who"
		verdict 'block suppressed since 2026-03-02'
	done < <(names)
}

@test "a reply comes in meanwhile: from the address, from another one of the person" {
	reply() {
		printf '%s\n' "From: Ann <$1>" 'To: kim@lead.example' 'Subject: your company' 'Message-ID: <r1@alpha.example>' \
			'Date: Mon, 02 Mar 2026 11:59:00 +0000' '' 'Who are you?' >in/new/r1
		inboxes
	}
	mid reply ann@alpha.example
	verdict 'block the lead is replied'
	never
	also_hers() {
		sql "INSERT INTO person_addresses VALUES ('email', 'ann@home.example', 1, 'reply', '2026-03-02T10:00:00.000Z')"
		reply ann@home.example
	}
	mid also_hers
	verdict 'block the lead is replied'
	never
}

@test "paused: lead, campaign, account, sequence; started again it goes on, once" {
	mid lp-leads pause -q l1
	verdict 'delay the lead is paused'
	goes_on lp-leads start -q l1
	mid sql "UPDATE enrolments SET status = 'paused' WHERE seq = 1"
	verdict 'delay the sequence is paused'
	goes_on sql "UPDATE enrolments SET status = 'active' WHERE seq = 1"
	for what in 'campaigns hello' 'accounts sales'; do
		set -- $what
		use gated
		lp-$1 pause $2 >/dev/null
		rest
		left 0
		lp-$1 start $2 >/dev/null
		tick 2026-03-02T13:30:00Z
		tick 2026-03-02T16:30:00Z
		left 3
	done
}

@test "the sequence was stopped; its thread is a person's" {
	mid sql "UPDATE enrolments SET status = 'stopped' WHERE seq = 1"
	verdict 'block the sequence is stopped'
	never
	mid sql "UPDATE threads SET owner = 'person', owner_reason = 'Kim wrote' WHERE seq = 1"
	verdict "block the thread is a person's: Kim wrote"
	never
}

@test "the text was changed under it: what wasn't judged doesn't leave, and what then leaves is the template's" {
	mid sql "UPDATE message_texts SET body = 'Buy now' WHERE message_id = 1"
	assert_equal "$(sql "SELECT status FROM agent_tasks WHERE seq = 5")" pending
	goes_on true
	run ! grep -rq 'Buy now' out
	mid sql "UPDATE message_texts SET subject = 'Buy now' WHERE message_id = 1"
	mid sql "UPDATE message_texts SET body = 'Buy now' WHERE message_id = 1; UPDATE messages SET content_hash = 'x' WHERE seq = 1"
}

@test "the recipient was changed: at the lead it is made anew, at the message it stays out" {
	mid lp-leads set l1 email=ann.ash@alpha.example
	verdict "delay the lead's address changed"
	tick 2026-03-02T12:02:00Z
	assert_equal "$(to ann.ash@alpha.example) $(to ann@alpha.example)" '1 0'
	left 3
	mid sql "UPDATE messages SET recipient = 'eve@evil.example' WHERE seq = 1"
	assert_equal "$(to eve@evil.example)" 0
}

@test "another account: the lead stays with the one it is bound to" {
	lp_setup
	use gated
	lp-accounts add other kind=maildir address=other@lead.example "out=$PWD/out2" "in=$PWD/in2"
	sql "UPDATE messages SET account_id = 2 WHERE seq = 1"
	rest
	left 2
	[ ! -e out2/new ] || assert_equal "$(mails out2)" 0
}

@test "a rule added, or changed: judged again" {
	mid_all() {
		use gated
		"$@" >/dev/null
		rest
		left 0
		assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE seq IN (5, 6, 7) AND status = 'pending'")" 3
		tick 2026-03-02T12:10:00Z
	}
	mid_all lp-rules add -q 'No Alpha' type=filter 'when=lead.company equals Alpha' then=block
	left 2
	assert_equal "$(to ann@alpha.example) $(sql "SELECT status FROM messages WHERE seq = 1")" '0 blocked'
	use planned
	lp-rules add -q 'No Delta' type=filter 'when=lead.company equals Delta' then=block
	half
	rm -rf ../gated-rule
	cp -R . ../gated-rule
	rest
	left 3
	rm -rf ./* && cp -R ../gated-rule/. .
	lp-rules set -q 'No Delta' 'when=lead.company equals Alpha'
	rest
	left 0
	tick 2026-03-02T12:10:00Z
	left 2
	assert_equal "$(to ann@alpha.example)" 0
}

@test "a limit, an hour, an approval: set meanwhile, they count" {
	for set in max_messages_per_day=0 max_leads_per_day=0 max_actions_per_hour=0 schedule_start_time=13:00 schedule_days=tue holidays=2026-03-02; do
		use gated
		lp-config set -q $set
		rest
		left 0
		assert_equal "$(sql "SELECT DISTINCT verdict FROM verdicts WHERE stage = 'send'")" delay
	done
	use gated
	lp-accounts set sales 'absence=2026-03-01..2026-03-03' >/dev/null
	rest
	left 0
	use gated
	sql "UPDATE approvals SET status = 'superseded'"
	rest
	left 0
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE status = 'awaiting_approval' AND hold_kind = 'mend'")" 3
	lp-approve yes hello -y >/dev/null
	tick 2026-03-02T12:10:00Z
	tick 2026-03-02T16:50:00Z
	left 3
}

@test "stopped, by word or by file: nothing leaves from then on, reading goes on, and a claim takes nothing that would" {
	for how in 'lp-stop -q' 'touch STOP'; do
		use gated
		$how
		rest
		left 0
		tick 2026-03-02T12:10:00Z # an inbox is read all the same
		[ "$(sql 'SELECT inbox_read_at FROM accounts')" = 2026-03-02T12:10:00.000Z ]
		assert_equal "$(wc -c <gated | tr -d ' ')" 0
		left 0
		if [ -e STOP ]; then rm STOP; else lp-start -q; fi
		tick 2026-03-02T12:20:00Z
		left 3
	done
}
