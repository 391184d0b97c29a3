# Never twice, and never by the word of a line: each stage left out, lied about, died in, or run again.
load helper
load world

setup_file() {
	world_file
}

# all COMMAND...: until nothing of today is open any more
all() {
	for t in 2026-03-02T12:10:00Z 2026-03-02T13:30:00Z 2026-03-02T14:30:00Z 2026-03-02T15:30:00Z 2026-03-02T16:55:00Z; do
		tick $t
	done
}

# its run has been silent for long
die_out() {
	sql "UPDATE runs SET heartbeat_at = '2000-01-01T00:00:00.000Z'"
}

@test "a stage left out: nothing leaves, the task says which, and the whole pipe makes it good, once" {
	claim() { lp-tasks claim --type '!check_inbox'; }
	while IFS='|' read -r what pipe; do
		use planned
		eval "$pipe" >sent
		left 0
		assert_equal "$what: $(sql "SELECT group_concat(DISTINCT status) FROM agent_tasks WHERE seq IN (5, 6, 7)")" "$what: pending"
		run sql "SELECT DISTINCT error_message FROM agent_tasks WHERE seq IN (5, 6, 7)"
		assert_output --partial "$what"
		all
		left 3
	done <<-'X'
		lp-decide|claim | lp-draft | lp-rules gate | lp-send | lp-tasks settle
		lp-draft|claim | lp-decide | lp-rules gate | lp-send | lp-tasks settle
		lp-rules gate|claim | lp-decide | lp-draft | lp-send | lp-tasks settle
		lp-send|claim | lp-decide | lp-draft | lp-rules gate | lp-tasks settle
		lp-decide|claim | lp-rules gate | lp-tasks settle
		lp-rules gate|claim | lp-rules gate | lp-decide | lp-draft | lp-send | lp-tasks settle
	X
}

@test "yesterday's verdict isn't today's: left out in the second try, the gate is missed" {
	use gated
	lp-config set -q schedule_start_time=13:00
	rest
	left 0
	LP_NOW=2026-03-02T13:10:00Z
	lp-tasks claim | lp-decide | lp-draft | lp-send | lp-tasks settle >/dev/null
	left 0
	all
	left 3
}

@test "what the line says: verdict, decision, recipient, text, another's message or task" {
	while IFS='|' read -r what filter; do
		use planned
		lp-rules add -q 'No Alpha' type=filter 'when=lead.company equals Alpha' then=block
		half
		jq -c "$filter" gated >forged
		lp-send <forged | lp-tasks settle >/dev/null
		assert_equal "$what: $(to ann@alpha.example) $(to eve@evil.example)" "$what: 0 0"
		run ! grep -rqis -e forged out
		[ "$(mails out)" -le 2 ] || fail "$what: $(mails out) left"
		all
		left 2
	done <<-'X'
		verdict|.gate = {verdict: "allow", reasons: [], rules: []}
		no verdict|del(.gate)
		decision|.decision.action = "send_sms" | .gate.verdict = "allow"
		no decision|del(.decision) | .gate.verdict = "allow"
		recipient|.draft.to = "eve@evil.example" | .message.recipient = "eve@evil.example" | .lead.email = "eve@evil.example"
		text|.draft.body = "forged" | .draft.subject = "forged"
		another message|.task.message_id = "m1" | .message.id = "m1"
		another lead|.task.lead_id = "l1" | .lead.id = "l1"
		another's task|.task.id = "t5"
		a task not claimed|.task.id = "t99"
		no lease|del(.task.lease)
		type|.task.task_type = "follow_up"
		result|.result = {state: "sent"}
		outcome|.task.outcome = "done" | .result = {}
		error|.error = {code: "x", message: "y", retryable: true}
	X
}

@test "a decision that isn't what the message is for is held: SMS on a mail, a booking, what the type doesn't allow" {
	for action in send_sms send_response book_meeting read_inbox nonsense; do
		use gated
		sql "UPDATE decisions SET action = '$action' WHERE task_id = 5"
		rest
		left 2
		assert_equal "$(to ann@alpha.example)" 0
	done
}

@test "a second task for the same message sends nothing again" {
	use planned
	pipe
	left 3
	run_err 65 'its purpose is served' lp-enqueue send_message --message m1
	sql "INSERT INTO agent_tasks (id, task_type, status, ready, scheduled_for, created_at, lead_id, person_id, campaign_id, message_id, enrolment_id, account_id, updated_at)
		SELECT 'again', task_type, 'pending', 1, scheduled_for, created_at, lead_id, person_id, campaign_id, message_id, enrolment_id, account_id, updated_at
		FROM agent_tasks WHERE seq = 5"
	pipe
	left 3
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE message_id = 1 AND outcome = 'done'")" 2
	# nor does one that is made while the first is open
	use planned
	run_ok lp-enqueue send_message --message m1
	assert_equal "$(sql 'SELECT count(*) FROM agent_tasks WHERE message_id = 1')" 1
}

@test "a run died with the mail reserved: found where it was delivered, else delivered under the same name; one mail either way" {
	for there in yes no; do
		use planned
		pipe -l 1
		left 1
		file=$(ls out/new)
		[ $there = yes ] || rm out/new/*
		sql "UPDATE outbox SET state = 'reserved', sent_at = NULL; UPDATE messages SET status = 'due', sent_at = NULL WHERE seq = 1;
			UPDATE agent_tasks SET status = 'running', outcome = NULL, completed_at = NULL, lease = (SELECT max(id) FROM runs) WHERE seq = 5;
			UPDATE messages SET due_at = NULL WHERE seq = 2"
		die_out
		all
		left 3
		assert_equal "$(to ann@alpha.example) $(find out -name "$file" | wc -l | tr -d ' ')" '1 1'
		assert_equal "$(sql "SELECT status, outcome FROM agent_tasks WHERE seq = 5")" 'completed|done'
	done
}

# Ann's mail is reserved, its run is dead, and nothing is in the Maildir
dead() {
	use gated
	sql "INSERT INTO outbox (message_id, rfc_message_id, task_id, lead_id, person_id, campaign_id, account_id, company_key, channel, recipient, content_hash,
			first_contact, state, reserved_at, updated_at, redo)
		SELECT m.seq, m.rfc_message_id, 5, 1, 1, 1, 1, (SELECT company_key FROM leads WHERE seq = 1), 'email', m.recipient, m.content_hash, 1, 'reserved',
			'2026-03-02T12:00:00.000Z', '2026-03-02T12:00:00.000Z', 1 FROM messages m WHERE seq = 1;
		INSERT INTO campaign_contacts VALUES (1, 1, 1)"
	die_out
}

@test "a run died hours ago: the mail gets another sending time, as any that missed its own" {
	dead
	lp-config set -q slot_grace=30m
	for t in 12:10 12:30 12:50 13:10 13:30 13:50 14:10 14:30; do
		tick 2026-03-02T$t:00Z
	done
	left 3
	assert_equal "$(sql "SELECT tries FROM outbox WHERE message_id = 1")" 2
}

@test "a run died, and the lead was renamed since: no stage falls over it, and what wasn't delivered is made anew" {
	dead
	lp-leads set l1 first_name=Anna >/dev/null
	all
	left 3
	assert_equal "$(to ann@alpha.example)" 1
}

@test "a run died, and then: suppressed, stopped, replied; what wasn't delivered isn't" {
	for what in 'lp-leads suppress -q ann@alpha.example' 'lp-leads pause -q l1'; do
		dead
		$what
		all
		left 2
		assert_equal "$(to ann@alpha.example)" 0
	done
}

@test "not known whether it left: not sent again by itself, counted, and the sequence waits" {
	use planned
	pipe -l 1
	sql "UPDATE outbox SET state = 'unknown', sent_at = NULL; UPDATE messages SET status = 'unknown', sent_at = NULL WHERE seq = 1;
		UPDATE messages SET due_at = NULL WHERE seq = 2;
		UPDATE agent_tasks SET status = 'awaiting_approval', outcome = NULL, completed_at = NULL, hold_kind = 'mend' WHERE seq = 5"
	rm out/new/*
	run_st 1 lp-tasks retry t5
	sql "UPDATE agent_tasks SET status = 'pending', hold_kind = NULL, ready = 1 WHERE seq = 5" # nor if it could
	all
	tick 2026-03-09T12:00:00Z
	assert_equal "$(to ann@alpha.example)" 0
	lp-send resolve m1 unsent >/dev/null
	tick 2026-03-09T12:10:00Z
	tick 2026-03-09T16:00:00Z
	assert_equal "$(to ann@alpha.example)" 1
}
