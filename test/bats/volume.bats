# How much, how fast, and what comes back: the duties R22 to R28 of a good sender, each by its number; the gap; the limits over all pipelines.
load helper
load world

setup_file() {
	world_file
}

# past N AT [RECIPIENT]: so many messages of account 1 left then, as rows alone
past() {
	sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $1)
		INSERT INTO outbox (message_id, rfc_message_id, task_id, lead_id, account_id, channel, recipient, content_hash, first_contact, state, reserved_at, updated_at,
			provider, sender)
		SELECT (SELECT ifnull(max(message_id), 0) + 1000 FROM outbox) + i, hex(randomblob(9)), 1, 0, 1, 'email', '${3-x@far.example}', 'h', 0, 'sent',
			'$2', 'x', ${4-NULL}, iif(${4-NULL} IS NULL, NULL, 'lead.example') FROM n"
}
# came_back WHAT N: so many of those
came_back() {
	sql "UPDATE outbox SET returned = '$1' WHERE message_id IN (SELECT message_id FROM outbox WHERE message_id >= 1000 ORDER BY message_id LIMIT $2)"
}
# verdicts: what the door said, once each
verdicts() {
	sql "SELECT DISTINCT verdict || ' ' || reason FROM verdicts WHERE stage = 'send' ORDER BY 1"
}
status_of() {
	sql "SELECT status || ifnull(': ' || status_reason, '') FROM accounts WHERE name = '${1-sales}'"
}
# sent_at: when each message left
# gone N: so many of ours have left, rows alone apart
gone() {
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE message_id < 1000 AND state = 'sent'")" "$1"
	assert_equal "$(mails out)" "$1"
}
sent_at() {
	sql "SELECT reserved_at FROM outbox WHERE message_id < 1000 AND state = 'sent' ORDER BY 1"
}

@test "R22: one notice at 80 % of 5,000 to a provider within 24 hours; at 5,000 to Gmail a bulk sender for ever" {
	use planned
	sql "UPDATE leads SET email = lower(first_name) || '@gmail.com'"
	past 3998 2026-03-01T12:00:00.001Z a@gmail.com "'gmail'"
	past 5000 2026-03-01T12:00:00.000Z a@gmail.com "'gmail'" # a day ago: out
	past 5000 2026-03-02T11:00:00.000Z a@yahoo.com "'yahoo'" # another provider's
	lp-config set -q max_messages_per_day=100000
	sql 'UPDATE accounts SET daily_limit = 100000'
	pipe -l 1
	assert_equal "$(sql "SELECT count(*) FROM notifications WHERE dedupe_key LIKE 'bulk:%'")" 0
	assert_equal "$(sql "SELECT provider, sender FROM outbox WHERE message_id < 1000")" 'gmail|lead.example'
	pipe -l 1
	assert_equal "$(sql "SELECT count(*) FROM notifications WHERE dedupe_key LIKE 'bulk:%'")" 1 # the 4,000th
	pipe
	gone 3
	assert_equal "$(sql "SELECT title FROM notifications WHERE dedupe_key LIKE 'bulk:%'")" 'lead.example sends much to gmail'
	assert_equal "$(sql 'SELECT count(*) FROM bulk_senders')" 0
}

@test "R22: from 5,000 on, for ever, nothing leaves to Gmail without a one-click way out" {
	use planned
	sql "UPDATE leads SET email = lower(first_name) || '@googlemail.com'"
	past 4997 2026-03-02T11:00:00.000Z a@gmail.com "'gmail'"
	lp-config set -q max_messages_per_day=100000 max_actions_per_hour=100000
	sql 'UPDATE accounts SET daily_limit = 100000'
	pipe
	gone 2
	assert_equal "$(sql 'SELECT count(*) FROM bulk_senders')" 0
	assert_equal "$(verdicts)" 'hold lead.example is a bulk sender to gmail: mail there needs a one-click way out (unsubscribe_url)'
	lp-config set -q unsubscribe_url=https://out.lead.example/u/
	lp-tasks retry t7 >/dev/null
	tick 2026-03-02T15:00:00Z
	tick 2026-03-02T16:50:00Z
	gone 3
	assert_equal "$(sql 'SELECT sender, provider FROM bulk_senders')" 'lead.example|gmail'
	assert_equal "$(sql "SELECT title FROM notifications WHERE dedupe_key LIKE 'bulk:%' ORDER BY seq")" \
		"$(printf 'lead.example sends much to gmail\nlead.example is a bulk sender to gmail from now on')"
	# days later, with no more than these three in the world
	sql 'DELETE FROM outbox WHERE message_id >= 1000'
	lp-config set -q unsubscribe_url=
	for t in 12:30 14:00 15:30; do tick 2026-03-06T$t:00Z; done
	gone 3
	lp-config set -q unsubscribe_url=https://out.lead.example/u/
	sql "SELECT 't' || seq FROM agent_tasks WHERE status = 'awaiting_approval'" | xargs lp-tasks retry >/dev/null
	for t in 12:30 14:00 15:30; do tick 2026-03-09T$t:00Z; done
	gone 6
}

@test "R23: complaints: told from 0.1 %, stopped at 0.3 %, with a floor of 100; a start within the week only by force, with a reason, logged" {
	use planned
	lp-config set -q max_messages_per_day=100000 max_actions_per_hour=100000
	sql 'UPDATE accounts SET daily_limit = 100000'
	past 99 2026-03-01T12:00:00.000Z
	came_back complaint 99
	pipe -l 1
	gone 1
	assert_equal "$(status_of)" active
	past 901 2026-03-01T12:00:00.000Z
	sql "UPDATE outbox SET returned = NULL"
	came_back complaint 2
	pipe -l 1
	gone 2
	assert_equal "$(sql "SELECT title FROM notifications WHERE type = 'complaint'")" 'Account sales: complaints'
	came_back complaint 4
	pipe
	gone 2
	assert_equal "$(status_of)" 'stopped: 4 of 1002 messages of the last 7 days were called spam'
	assert_equal "$(verdicts)" 'hold account sales is stopped: 4 of 1002 messages of the last 7 days were called spam (lp-accounts start)'
	assert_equal "$(sql "SELECT title || ' > ' || command FROM notifications WHERE title LIKE '%stopped'")" 'Account sales is stopped > lp-accounts start sales'
	run_err 77 "lp-accounts: account sales was stopped for complaints: not before 2026-03-09 (--force -m REASON sends all the same)" lp-accounts start sales
	run_err 77 "not before 2026-03-09" lp-accounts --force start sales
	LP_NOW=2026-03-09T11:59:00Z run_err 77 "not before" lp-accounts start sales
	run_ok lp-accounts --force -m 'a wrong list' start sales
	run lp-log list
	assert_output --partial 'started by force: a wrong list'
	# what was held goes on, each at a sending time of its own; what was sent before counts no more
	for t in 12:30 14:00 15:30; do tick 2026-03-02T$t:00Z; done
	gone 3
}

@test "R23: after its week it starts" {
	use planned
	past 100 2026-03-02T11:00:00.000Z
	came_back complaint 1
	lp-config set -q max_actions_per_hour=1000 max_messages_per_day=1000
	sql 'UPDATE accounts SET daily_limit = 100000'
	pipe
	assert_equal "$(sql "SELECT stopped_for FROM accounts")" complaints
	LP_NOW=2026-03-09T12:00:00Z run_ok lp-accounts start sales
	assert_equal "$(sql "SELECT count(*) FROM notifications WHERE title LIKE '%stopped' AND read_at IS NULL")" 0
	assert_equal "$(status_of)" active
}

@test "R24: 5 % of 50 within 7 days back from dead addresses: the account stops at the door, and no lead is the worse" {
	use planned
	past 49 2026-03-01T12:00:00.000Z
	came_back hard 49
	pipe -l 1
	assert_equal "$(status_of)" active
	sql "UPDATE outbox SET returned = NULL"
	past 10 2026-03-01T12:00:00.000Z
	came_back hard 3
	pipe
	assert_equal "$(status_of)" 'stopped: 3 of 60 messages of the last 7 days came back from dead addresses'
	assert_equal "$(sql "SELECT DISTINCT status FROM leads")" active
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE message_id < 1000")" 1
	run_ok lp-accounts start sales
	# each at a sending time of its own
	for t in 12:30 14:00 15:30; do tick 2026-03-02T$t:00Z; done
	gone 3
}

@test "R24: a reading of what came back and the door count alike, also by the keys" {
	use planned
	lp-config set -q bounce_floor=10 bounce_rate_max=50 rate_window=1d max_actions_per_hour=1000
	past 10 2026-03-02T11:00:00.000Z
	past 10 2026-03-01T11:59:59.000Z # out of the window
	came_back hard 4
	pipe -l 1
	assert_equal "$(status_of)" active
	sql "UPDATE outbox SET returned = 'hard' WHERE message_id IN (SELECT message_id FROM outbox WHERE reserved_at LIKE '2026-03-02T11%' LIMIT 6)"
	pipe
	assert_equal "$(status_of)" 'stopped: 6 of 11 messages of the last 1d came back from dead addresses'
}

@test "R27: a provider's ceilings: rolling 24 hours and a minute, whatever our own limits are" {
	use planned
	lp-config set -q max_messages_per_day=100000 max_actions_per_hour=100000
	sql 'UPDATE accounts SET daily_limit = 100000'
	# as an account there would have it
	sql "UPDATE accounts SET settings = json_set(settings, '\$.host', 'smtp.gmail.com')"
	past 1 2026-03-01T13:00:00.500Z
	past 1998 2026-03-01T14:00:00.000Z
	pipe
	assert_equal "$(sent_at)" 2026-03-02T12:00:00.000Z
	assert_equal "$(verdicts)" 'delay smtp.gmail.com: 2000 of 2000 within 24 hours'
	assert_equal "$(sql "SELECT DISTINCT scheduled_for FROM agent_tasks WHERE status = 'pending' AND message_id IS NOT NULL")" 2026-03-02T13:00:00.500Z
	tick 2026-03-02T13:00:00.499Z
	gone 1
	tick 2026-03-02T13:00:00.500Z
	gone 2
	use planned
	lp-config set -q max_messages_per_day=100000 max_actions_per_hour=100000
	sql 'UPDATE accounts SET daily_limit = 100000'
	sql "UPDATE accounts SET settings = json_set(settings, '\$.host', 'smtp.office365.com')"
	past 29 2026-03-02T11:59:30.000Z
	pipe
	assert_equal "$(sent_at)" 2026-03-02T12:00:00.000Z
	assert_equal "$(verdicts)" 'delay smtp.office365.com: 30 of 30 within a minute'
}

# by_smtp RECIPIENT...: the leads, in order, have these addresses, and the account is at a server that does what they say
by_smtp() {
	local n=0
	use planned
	perl "$LP_TOP/test/tools/smtp-faults.pl" --port-file port --log stored >server.out 2>&1 3>&- &
	SERVER=$!
	until [ -s port ]; do
		sleep 0.02
		[ $((n += 1)) -lt 500 ] || return 1
	done
	n=0
	for to; do sql "UPDATE leads SET email = '$to' WHERE seq = $((n += 1))"; done
	sql "UPDATE accounts SET kind = 'smtp', settings = json_object('host', '127.0.0.1', 'port', '$(cat port)', 'security', 'none', 'in', '$PWD/in')"
	lp-accounts add other kind=maildir address=lee@lead.example out="$PWD/out2" >/dev/null
	lp-accounts add third kind=maildir address=lee@elsewhere.example out="$PWD/out3" >/dev/null
}
stored() {
	if [ -e stored ]; then wc -l <stored | tr -d ' '; else echo 0; fi
}
teardown() {
	[ -z "${SERVER-}" ] || kill "$SERVER" 2>/dev/null || true
}
all_well() {
	assert_equal "$(sql "SELECT group_concat(DISTINCT status) FROM leads")" active
	assert_equal "$(sql 'SELECT count(*) FROM suppressions')" 0
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE returned IS NOT NULL")" 0
}

@test "R24: a dead address is suppressed at the first 5.1.x, at the door as by a report, and is no failed task" {
	by_smtp rcpt-550_5.1.1_no_such_user@alpha.example bob@beta.example rcpt-550_5.1.10_null_mx@gamma.example
	tick 2026-03-02T12:00:00Z
	assert_equal "$(stored)" 1
	assert_equal "$(sql "SELECT value || ' ' || source FROM suppressions ORDER BY 1")" "$(printf '%s\n' \
		'rcpt-550_5.1.10_null_mx@gamma.example bounce' 'rcpt-550_5.1.1_no_such_user@alpha.example bounce')"
	assert_equal "$(sql 'SELECT status FROM leads ORDER BY seq' | tr '\n' ' ')" 'bounced active bounced '
	assert_equal "$(sql "SELECT state || ifnull(returned, '') FROM outbox ORDER BY message_id" | tr '\n' ' ')" 'refusedhard sent refusedhard '
	assert_equal "$(sql 'SELECT status, outcome FROM agent_tasks WHERE message_id = 1')" 'completed|blocked'
	assert_equal "$(sql 'SELECT group_concat(DISTINCT type) FROM notifications')" bounce
	assert_equal "$(status_of)" active
	for t in 12:30 14:00 15:30; do tick 2026-03-06T$t:00Z; done
	assert_equal "$(stored)" 2 # Bob's second
	lp-log verify
}

@test "R25: a refusal that means us stops the account and its domain, defers the message, and no lead is the worse" {
	while read -r what; do
		by_smtp "$what@alpha.example" bob@beta.example cid@gamma.example
		lp-accounts add -n x kind=maildir address=x@lead.example out=/x >/dev/null
		tick 2026-03-02T12:00:00Z
		all_well
		assert_equal "$(sql 'SELECT state FROM outbox')" deferred
		assert_equal "$(sql "SELECT name || ' ' || status FROM accounts ORDER BY 1" | tr '\n' ' ')" 'other stopped sales stopped third active '
		assert_equal "$(sql "SELECT title || ' > ' || command FROM notifications")" 'Accounts sales, other are stopped > lp-accounts start sales other'
		code=$(sed 's/^[a-z]*-\([0-9]*\)_\([0-9.]*\).*/\1 \2/' <<<"$what")
		[[ $(sql 'SELECT message FROM notifications') == *"(m1): $code"* ]]
		assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE hold_reason LIKE 'account sales is stopped: %'")" 2
		# mended, and by another server, it leaves once
		kill "$SERVER"
		lp-accounts start sales other >/dev/null
		sql "UPDATE accounts SET kind = 'maildir', settings = json_object('out', '$PWD/out', 'in', '$PWD/in') WHERE seq = 1"
		for t in 13:00 14:30 16:50; do tick 2026-03-02T$t:00Z; done
		assert_equal "$(mails out)" 3
	done <<-'X'
		rcpt-550_5.7.1_our_policy_says_no
		dot-550_5.7.515_access_denied
		dot-550_5.7.26_unauthenticated
		rcpt-451_4.7.32_not_aligned
	X
}

@test "R25: where we come too fast the account slows down, and doesn't stop" {
	by_smtp rcpt-451_4.7.28_unusual_rate@alpha.example bob@beta.example cid@gamma.example
	tick 2026-03-02T12:00:00Z
	all_well
	assert_equal "$(sql "SELECT group_concat(status) FROM accounts")" active,active,active
	assert_equal "$(sql "SELECT title FROM notifications")" 'Account sales is asked to slow down'
	assert_equal "$(verdicts)" 'delay account sales was asked to slow down, until 2026-03-02T13:00:00.000Z'
	tick 2026-03-02T12:59:00Z
	assert_equal "$(stored)" 0
	sql "UPDATE leads SET email = 'ann@alpha.example' WHERE seq = 1"
	for t in 13:00 13:05 14:30 16:50; do tick 2026-03-02T$t:00Z; done
	assert_equal "$(stored)" 3
}

@test "R26: 4.x.x is tried with growing waits for three days, counts no bounce, then ends as refused with a notice, and nobody is suppressed" {
	by_smtp rcpt-450_4.2.1_busy@alpha.example bob@beta.example cid@gamma.example
	lp-config set -q schedule_enabled=no notify_on_error=yes
	n=0
	export LP_NOW=2026-03-02T12:00:00Z
	while [ "$(sql 'SELECT state FROM outbox WHERE message_id = 1')" != refused ]; do
		tick "$LP_NOW"
		LP_NOW=$(sql "SELECT scheduled_for FROM agent_tasks WHERE message_id = 1") # a try needs a sending time, as any
		[ $((n += 1)) -lt 30 ] || fail "no end: $LP_NOW"
	done
	assert_equal "$(sql "SELECT updated_at >= '2026-03-05T12' AND updated_at < '2026-03-06' FROM outbox WHERE message_id = 1")" 1
	assert_equal "$(sql "SELECT tries >= 7 AND tries <= 14 FROM outbox WHERE message_id = 1")" 1
	assert_equal "$(sql "SELECT status || ' ' || status_reason FROM messages WHERE seq = 1")" 'refused given up after 3 days: 450 4.2.1 busy'
	all_well
	assert_equal "$(sql "SELECT message FROM notifications WHERE type = 'error'")" 'given up after 3 days: 450 4.2.1 busy'
	assert_equal "$(status_of)" active
}

@test "R28: a complaint (ARF) suppresses and is counted" {
	use planned
	tick 2026-03-02T12:00:00Z
	id=$(sql 'SELECT rfc_message_id FROM outbox WHERE lead_id = 1')
	printf '%s\n' 'From: fbl@isp.example' 'To: kim@lead.example' 'Subject: complaint' 'Date: Mon, 02 Mar 2026 12:30:00 +0000' 'Message-ID: <c1@isp.example>' 'MIME-Version: 1.0' \
		'Content-Type: multipart/report; report-type=feedback-report; boundary=b' '' --b 'Content-Type: text/plain' '' 'An abuse report.' '' \
		--b 'Content-Type: message/feedback-report' '' 'Feedback-Type: abuse' 'User-Agent: x/1' 'Version: 1' '' \
		--b 'Content-Type: message/rfc822' '' 'From: kim@lead.example' "Message-ID: <$id>" 'Subject: A question' '' Hi --b-- >in/new/1
	tick 2026-03-02T12:40:00Z
	assert_equal "$(sql "SELECT returned FROM outbox WHERE lead_id = 1")" complaint
	assert_equal "$(sql 'SELECT value, source FROM suppressions')" 'ann@alpha.example|complaint'
	assert_equal "$(sql 'SELECT status FROM leads WHERE seq = 1')" suppressed
	assert_equal "$(sql "SELECT count(*) FROM notifications WHERE type = 'complaint'")" 1
}

@test "a late tick sends what fell due with the gap between, not one after the other; none is lost, none comes early" {
	use planned
	lp-accounts set sales gap_seconds=120 >/dev/null
	pipe # all three are due since ten
	assert_equal "$(sent_at)" 2026-03-02T12:00:00.000Z
	assert_equal "$(verdicts)" "delay gap_seconds: the account's last message left less than 120 seconds ago"
	next=$(sql "SELECT min(scheduled_for) FROM agent_tasks WHERE status = 'pending' AND message_id IS NOT NULL")
	[[ $next > 2026-03-02T12:01:59 && $next < 2026-03-02T12:02:31 ]]
	tick 2026-03-02T12:01:59.999Z
	left 1
	for m in 03 04 05 06 07; do tick 2026-03-02T12:$m:00Z; done
	left 3
	# no two nearer than that
	assert_equal "$(sql "SELECT count(*) FROM outbox a JOIN outbox b ON b.message_id > a.message_id
		WHERE abs(julianday(a.reserved_at) - julianday(b.reserved_at)) * 86400 < 119.99")" 0
}

@test "the gap: what waited longer than its grace gets another sending time, and slots stay slots" {
	use planned
	lp-config set -q slot_grace=10m
	lp-accounts set sales gap_seconds=1800 >/dev/null
	sql "SELECT at FROM slots ORDER BY 1" >before
	for h in 10 11; do
		for m in 05 10 15 20 25 30 35 40 45 50 55; do
			export LP_NOW=2026-03-02T$h:$m:00Z
			lp-enqueue due && pipe
		done
	done
	left 3
	sql "SELECT at FROM slots ORDER BY 1" | diff before -
	assert_equal "$(sql "SELECT count(*) FROM slots WHERE message_id IS NOT NULL")" 3
	[ "$(sql 'SELECT count(*) FROM slots WHERE lost')" -gt 0 ]
	assert_equal "$(sql "SELECT count(*) FROM outbox a JOIN outbox b ON b.message_id > a.message_id
		WHERE abs(julianday(a.reserved_at) - julianday(b.reserved_at)) * 86400 < 1799.99")" 0
}

@test "the gap is each account's own; what a person types keeps it too; none without gap_seconds" {
	use planned
	lp-accounts add other kind=maildir address=lee@other.example "out=$PWD/out2" daily_limit=40 gap_seconds=120 >/dev/null
	lp-accounts set sales gap_seconds=120 >/dev/null
	sql "UPDATE messages SET account_id = 2 WHERE lead_id = 2; UPDATE enrolments SET account_id = 2 WHERE lead_id = 2; UPDATE threads SET account_id = 2 WHERE lead_id = 2"
	pipe
	assert_equal "$(sql "SELECT account_id, count(*) FROM outbox GROUP BY 1")" "$(printf '1|1\n2|1')"
	use planned
	pipe
	left 3
}

@test "an account's day is its own zone's: at noon UTC it is tomorrow in Kiritimati, since ten" {
	use planned
	lp-accounts set -q sales timezone=Pacific/Kiritimati start_time=00:00 end_time=23:59 days=mon-sun daily_limit=2
	past 2 2026-03-02T09:59:59.000Z
	lp-config set -q max_actions_per_hour=1000
	pipe
	gone 2
	assert_equal "$(verdicts)" "delay the account's daily_limit: 2 of 2 used today"
	assert_equal "$(sql "SELECT scheduled_for >= '2026-03-03T10:00' FROM agent_tasks WHERE status = 'pending' AND message_id IS NOT NULL")" 1
}

@test "max_actions_per_hour lowered below what was used: until enough fall out" {
	use planned
	past 2 2026-03-02T11:10:00.000Z
	past 2 2026-03-02T11:20:00.000Z
	lp-config set -q max_actions_per_hour=2
	pipe
	assert_equal "$(sent_at)" ''
	assert_equal "$(sql "SELECT DISTINCT scheduled_for FROM agent_tasks WHERE status = 'pending' AND message_id IS NOT NULL")" 2026-03-02T12:20:00.000Z
	assert_equal "$(verdicts)" 'delay max_actions_per_hour: 2 of 2 within the hour'
	# and not when all is closed
	use planned
	past 2 2026-03-02T16:10:00.000Z
	lp-config set -q max_actions_per_hour=2
	LP_NOW=2026-03-02T16:30:00Z
	pipe
	assert_equal "$(sql "SELECT DISTINCT scheduled_for FROM agent_tasks WHERE status = 'pending' AND message_id IS NOT NULL")" 2026-03-03T09:00:00.000Z
	run_ok lp-report held
	assert_output --partial 'max_actions_per_hour: 2 of 2 within the hour'
	run_ok lp-log list
	assert_output --partial 'delayed until 2026-03-03T09:00:00.000Z: max_actions_per_hour: 2 of 2 within the hour'
}

@test "none allowed at all is a delay, not a crash" {
	use planned
	lp-config set -q max_actions_per_hour=0
	pipe
	assert_equal "$(verdicts)" 'delay max_actions_per_hour: none is allowed'
	left 0
}
