# Never over a limit: each exact where it is reached, and anew on the next day of its zone.
load helper
load world

setup_file() {
	world_file
}

# when TASK: for when it is put off
when() {
	sql "SELECT scheduled_for FROM agent_tasks WHERE seq = $1"
}
# the_one: the lead's task that didn't leave
the_one() {
	sql "SELECT t.seq FROM agent_tasks t JOIN messages m ON m.seq = t.message_id WHERE m.step = 1 AND m.status = 'due'"
}

# the next day: what missed its time gets another in the morning, and leaves by the evening
days_after() {
	for t in 09:00 13:00 16:59; do tick 2026-03-03T$t:00Z; done
}

@test "a day's limits: two leave today, the third tomorrow" {
	while read -r what; do
		use planned
		case $what in
		daily_limit*) lp-accounts set sales "$what" >/dev/null ;;
		*company*)
			lp-config set -q "$what"
			sql "UPDATE leads SET company_key = 'one.example'" ;;
		*) lp-config set -q "$what" ;;
		esac
		tick 2026-03-02T12:00:00Z
		left 2
		t=$(the_one)
		run last_verdict "$t"
		assert_output --partial "${what%=*}: 2 of 2 used today"
		assert_equal "$(when "$t")" 2026-03-03T09:00:00.000Z
		tick 2026-03-02T16:59:00Z
		lp-tasks retry "t$t" 2>/dev/null || sql "UPDATE agent_tasks SET ready = 1, scheduled_for = '$LP_NOW' WHERE seq = $t"
		pipe # pressed for, it stays
		left 2
		days_after
		left 3
	done <<-'X'
		max_messages_per_day=2
		max_leads_per_day=2
		max_messages_per_company=2
		daily_limit=2
	X
}

@test "the day is the zone's: the agent's for its own limits, the account's for its own" {
	use planned
	lp-config set -q schedule_enabled=false schedule_timezone=Asia/Tokyo max_messages_per_day=2 # midnight there is 15:00 UTC
	tick 2026-03-02T14:50:00Z
	left 2
	assert_equal "$(when "$(the_one)")" 2026-03-02T15:00:00.000Z
	tick 2026-03-02T14:59:59Z
	left 2
	tick 2026-03-02T15:00:00Z
	left 3
	use planned
	lp-config set -q schedule_enabled=false
	lp-accounts set sales daily_limit=2 timezone=America/New_York >/dev/null # 05:00 UTC
	tick 2026-03-02T23:00:00Z
	left 2
	assert_equal "$(when "$(the_one)")" 2026-03-03T05:00:00.000Z
	tick 2026-03-03T04:59:59Z
	left 2
	tick 2026-03-03T05:00:00Z
	left 3
}

@test "a ramp: one on its first day, one more each day; from nothing, nothing" {
	use planned
	lp-accounts set sales ramp_start=1 ramp_step=1 ramp_from=2026-03-02 >/dev/null
	tick 2026-03-02T12:00:00Z
	left 1
	days_after
	left 3
	use planned
	lp-accounts set sales ramp_start=0 ramp_step=1 ramp_from=2026-03-02 >/dev/null
	tick 2026-03-02T12:00:00Z
	left 0
	days_after
	left 1
}

@test "max_actions_per_hour: until the oldest falls out, to the millisecond" {
	use planned
	lp-config set -q max_actions_per_hour=2
	lp-accounts set sales gap_seconds=0 >/dev/null
	tick 2026-03-02T12:00:00Z
	left 2
	assert_equal "$(when "$(the_one)")" 2026-03-02T13:00:00.000Z
	tick 2026-03-02T12:59:59.999Z
	left 2
	tick 2026-03-02T13:00:00Z
	left 3
}

@test "max_messages_per_lead ends the sequence; max_leads_per_day counts beginnings only" {
	use planned
	tick 2026-03-02T12:00:00Z
	left 3
	lp-config set -q max_messages_per_lead=1 max_leads_per_day=0
	for t in 12:30 14:00 15:30; do tick 2026-03-05T$t:00Z; done
	left 3
	assert_equal "$(sql "SELECT DISTINCT status, status_reason FROM messages WHERE step = 2")" \
		'blocked|max_messages_per_lead: the lead had 1 of 1'
	assert_equal "$(sql 'SELECT DISTINCT status FROM enrolments')" stopped
	use planned
	tick 2026-03-02T12:00:00Z
	lp-config set -q max_messages_per_lead=2 max_leads_per_day=0
	for t in 12:30 14:00 15:30; do tick 2026-03-05T$t:00Z; done
	left 6
}

@test "what isn't known to have left counts; what surely didn't, doesn't, and counts when it does" {
	use planned
	lp-config set -q max_messages_per_day=2 max_leads_per_day=2
	pipe -l 1
	sql "UPDATE outbox SET state = 'unknown', sent_at = NULL"
	rm out/new/* # it would be found there
	tick 2026-03-02T12:10:00Z
	assert_equal "$(sql 'SELECT state, first_contact FROM outbox ORDER BY state')" "$(printf 'sent|1\nunknown|1')"
	# a message that was refused before is no beginning yet: the next one is
	use planned
	lp-config set -q max_leads_per_day=1
	sql "INSERT INTO outbox (message_id, rfc_message_id, task_id, lead_id, account_id, channel, recipient, content_hash, first_contact, state, reserved_at, updated_at)
		VALUES (2, 'old', 1, 1, 1, 'email', 'a', 'h', 1, 'refused', '2026-02-02T12:00:00.000Z', '2026-02-02T12:00:00.000Z')"
	tick 2026-03-02T12:00:00Z
	left 1
	tick 2026-03-02T16:00:00Z
	left 1
}

@test "an approval of the campaign for two leads covers two, their follow-ups, and not a third" {
	use planned
	lp-approve yes hello -l 2 -y >/dev/null
	tick 2026-03-02T12:00:00Z
	left 2
	t=$(the_one)
	assert_equal "$(sql "SELECT status, hold_kind FROM agent_tasks WHERE seq = $t")" 'awaiting_approval|mend'
	run last_verdict "$t"
	assert_output --partial 'approved for 2 leads, and that many were written to'
	for h in 12:30 14:00 15:30; do tick 2026-03-05T$h:00Z; done
	left 4
	lp-approve yes hello -l 3 -y >/dev/null
	for h in 12:30 14:00 15:30; do tick 2026-03-06T$h:00Z; done
	left 5
	# the second of two, whose run died before it was delivered, is still the second
	use planned
	lp-approve yes hello -l 2 -y >/dev/null
	pipe -l 2
	left 2
	rm "$(grep -rl 'To: .*bob@beta' out)"
	sql "UPDATE outbox SET state = 'reserved', sent_at = NULL WHERE lead_id = 2; UPDATE messages SET status = 'due', sent_at = NULL WHERE seq = 3;
		UPDATE agent_tasks SET status = 'pending', ready = 1, outcome = NULL, completed_at = NULL WHERE seq = 6"
	tick 2026-03-02T12:10:00Z
	tick 2026-03-02T14:10:00Z
	left 2
	assert_equal "$(to bob@beta.example) $(to cid@gamma.example)" '1 0'
}
