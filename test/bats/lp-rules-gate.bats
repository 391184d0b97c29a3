# The gate: one message that everything speaks for, and rules that don't.
load helper

LINE='{"task":{"id":"t1","task_type":"send_message","lease":"lease"}}'

setup() {
	lp_setup
	new_db
	run_ok lp-accounts add sales kind=maildir address=ada@acme.example out=out in=in
	run_ok lp-config set require_approval_for=
	sql "INSERT INTO persons (id, created_at) VALUES ('p', 'x');
		INSERT INTO leads (id, person_id, email, first_name, company, employees, timezone, custom, source, source_at, created_at, updated_at)
			VALUES ('l', 1, 'bob@globex.example', 'Bob', 'GLOBEX Ltd', '51-200', 'Asia/Tokyo', '{\"Job Title\":\"CTO\"}', 's', 'x', '2026-01-01T00:00:00.000Z', 'x');
		INSERT INTO campaigns (id, name, status, created_at, updated_at) VALUES ('c', 'hello', 'running', 'x', 'x');
		INSERT INTO campaign_versions VALUES (1, 1, '{\"goal\":\"a call\"}', 'h', 'x');
		INSERT INTO campaign_steps (campaign_id, version, step, delay) VALUES (1, 1, 1, '0m'), (1, 1, 2, '3d');
		INSERT INTO enrolments (id, campaign_id, version, lead_id, account_id, status, enrolled_at) VALUES ('e', 1, 1, 1, 1, 'active', 'x');
		INSERT INTO messages (id, purpose, rfc_message_id, lead_id, campaign_id, enrolment_id, account_id, step, channel, status, recipient, content_hash, due_at, created_at, updated_at)
			VALUES ('m1', 'seq:1:1', 'm1@acme.example', 1, 1, 1, 1, 1, 'email', 'due', 'bob@globex.example', 'hash1', '$MONDAY', 'x', 'x'),
			('m2', 'seq:1:2', 'm2@acme.example', 1, 1, 1, 1, 2, 'email', 'planned', NULL, NULL, NULL, 'x', 'x');
		INSERT INTO message_texts (message_id, subject, body, html, origin, made_at) VALUES (1, 'A question', 'Hi Bob, how are your returns?', NULL, 'template', 'x');
		INSERT INTO runs (id, pid, host, started_at, heartbeat_at) VALUES ('lease', 1, 'h', 'x', strftime('%Y-%m-%dT%H:%M:%fZ'));
		INSERT INTO agent_tasks (id, task_type, status, lease, scheduled_for, created_at, lead_id, person_id, campaign_id, message_id, enrolment_id, account_id, tries, updated_at)
			VALUES ('t', 'send_message', 'running', 'lease', 'x', 'x', 1, 1, 1, 1, 1, 1, 1, 'x');
		INSERT INTO decisions (task_id, inputs_hash, action, reasoning, confidence, requires_approval, brain, created_at)
			VALUES (1, 'i', 'send_email', 'due', 1, 0, 'offline', 'x')"
}

rule() {
	run_ok lp-rules add "$@"
}
gate() {
	run_ok lp-rules gate <<<"${1-$LINE}"
}
# verdict WANT: what the row says, and the line too
verdict() {
	assert_equal "$(sql "SELECT verdict FROM verdicts WHERE stage = 'gate' ORDER BY seq DESC LIMIT 1")" "$1"
	assert_equal "$(jqs .gate.verdict)" "\"$1\""
}
# the next try of the same task
again() {
	sql 'UPDATE agent_tasks SET tries = tries + 1'
	gate
}

@test "no rules: allow, on record with the text's hash and the situation" {
	gate
	verdict allow
	assert_equal "$(sql 'SELECT content_hash, ruleset FROM verdicts')" "hash1|$(sql 'SELECT ruleset FROM agent_configs')"
	run_ok sql 'SELECT situation FROM gate_inputs'
	assert_equal "$(jqs '[.action, .task.task_type, .lead.company, .lead.domain, .lead.custom["Job Title"], .campaign.goal, .message.step, .draft.body, .counts.sent, .time.weekday, .time.hour]')" \
		'["send_email","send_message","GLOBEX Ltd","globex.example","CTO","a call",1,"Hi Bob, how are your returns?",0,"monday",10]'
	assert_equal "$(jqs '[.task.lease, .lead.uuid]')" '[null,null]'
}

@test "every field of a real situation is documented" {
	gate
	# dotted paths, what is open counted by its root
	sql 'SELECT situation FROM gate_inputs' | jq -r 'paths(type != "object") | map(tostring) | join(".")' |
		sed 's/^data\..*/data/; s/^lead\.custom\..*/lead.custom/; s/^task\.input_data.*/task.input_data/' | sort -u >paths
	local f
	for f in $(cat paths); do
		case $f in
		# what tables carry along and no rule needs by name
		*.status_reason | lead.source_at | lead.updated_at | task.*_id | message.enrolment_id | message.thread_id | message.status | message.due_at | message.slot_at | time.timezone) ;;
		*) grep -q "\"$f\(\.\*\)\?\"" "$LP_TOP/lib/rules/situation.c" || fail "$f is not documented" ;;
		esac
	done
}

@test "filter: block, once, counted, logged with rule and version" {
	rule Competitors type=filter 'when=lead.company contains globex' then=block
	lp-rules set Competitors description=x
	gate
	verdict block
	assert_equal "$(jqs .gate.reasons)" "[\"rule 'Competitors': lead.company contains globex\"]"
	assert_equal "$(jqs .gate.rules)" '[{"id":"r1","name":"Competitors","version":2}]'
	local first=$output
	gate
	assert_equal "$output" "$first"
	again
	verdict block
	assert_equal "$(sql 'SELECT times_triggered, last_triggered_at FROM agent_rules')" '1|2026-03-02T10:00:00.000Z'
	assert_equal "$(sql "SELECT rule_id, rule_version, task_id, lead_id FROM agent_logs WHERE log_type = 'rule_triggered'")" '1|2|1|1'
	assert_equal "$(sql 'SELECT count(*) FROM verdicts')" 2
}

@test "the strictest wins; ties by priority, then age" {
	rule Wait type=schedule 'when=lead.company exists' 'then=delay 3d' priority=100
	gate
	verdict delay
	assert_equal "$(sql 'SELECT until_at FROM verdicts')" 2026-03-05T10:00:00.000Z
	rule Look type=filter 'when=lead.company exists' then=hold priority=50
	again
	verdict hold
	rule Old type=filter 'when=lead.city not_exists' then=block
	rule New type=filter 'when=lead.title not_exists' then=block
	rule High type=filter 'when=lead.phone not_exists' then=block priority=1
	again
	verdict block
	assert_equal "$(jqs '.gate.reasons[0]')" "\"rule 'High': lead.phone not_exists; rule 'Old': lead.city not_exists; rule 'New': lead.title not_exists\""
	assert_equal "$(jqs '[.gate.rules[].name]')" '["Wait","Look","High","Old","New"]'
	rule Fine type=filter 'when=lead.company exists' then=allow priority=1000
	again
	verdict block
}

@test "delays: until a day of the schedule's zone; one that is over delays nothing" {
	lp-config set schedule_timezone=Asia/Tokyo
	rule Later type=schedule 'when=lead.company exists' 'then=delay until 2026-03-09'
	gate
	verdict delay
	assert_equal "$(sql 'SELECT until_at FROM verdicts')" 2026-03-08T15:00:00.000Z
	lp-rules set Later 'then=delay until 2026-03-01'
	gate
	verdict allow
	lp-rules set Later 'then=delay 2bd'
	gate
	assert_equal "$(sql 'SELECT until_at FROM verdicts ORDER BY seq DESC LIMIT 1')" 2026-03-04T10:00:00.000Z
	lp-rules set Later 'then=delay'
	gate
	assert_equal "$(sql 'SELECT until_at FROM verdicts ORDER BY seq DESC LIMIT 1')" 2026-03-03T10:00:00.000Z
}

@test "what can't be judged holds, with the reason" {
	rule Big type=filter 'when=lead.employees greater_than 100' then=block
	gate
	verdict hold
	assert_equal "$(jqs '.gate.reasons[0]')" '"rule '\''Big'\'' can'\''t be judged: lead.employees is \"51-200\": not a number: can'\''t be judged"'
	assert_equal "$(sql 'SELECT times_triggered FROM agent_rules')" 0
	lp-rules rm Big
	rule Resellers type=filter 'say=The lead is a reseller or agency' then=block
	gate
	verdict hold
	assert_equal "$(sql 'SELECT hold_kind FROM verdicts ORDER BY seq DESC LIMIT 1')" approval
	[[ $output == *"without a model: The lead is a reseller or agency"* ]]
	# a rule that broke holds to be mended: nobody can say yes to it
	sql "UPDATE agent_rules SET condition_json = '{\"operator\":\"contans\"}', version = 2"
	gate
	verdict hold
	assert_equal "$(sql 'SELECT hold_kind FROM verdicts ORDER BY seq DESC LIMIT 1')" mend
}

@test "a yes counts for the rules that were shown, in that version, and for that text" {
	rule Look type=filter 'when=lead.company exists' then=hold
	gate
	verdict hold
	sql "INSERT INTO approvals (id, kind, status, task_id, message_id, content_hash, rules, reason, decided_by, decided_at, created_at)
		VALUES ('a', 'task', 'approved', 1, 1, 'hash1', '[{\"id\":\"r1\",\"version\":1}]', 'r', 'me', 'x', 'x')"
	again
	verdict allow
	lp-rules set Look description=other
	again
	verdict hold
	lp-rules set Look description=
	sql "UPDATE approvals SET rules = '[{\"id\":\"r1\",\"version\":3}]'"
	again
	verdict allow
	sql "UPDATE messages SET content_hash = 'hash2' WHERE seq = 1"
	again
	verdict hold
	sql "UPDATE messages SET content_hash = 'hash1' WHERE seq = 1"
	rule More type=filter 'when=lead.email exists' then=hold
	again
	verdict hold
	assert_equal "$(jqs '.gate.reasons[0]')" "\"rule 'More': lead.email exists\""
}

@test "constraint: stop ends the lead's sequences" {
	rule Max type=constraint 'when=counts.since_reply at_least 3' then=stop
	gate
	verdict allow
	for i in 3 4 5; do
		sql "INSERT INTO messages (id, purpose, rfc_message_id, lead_id, account_id, channel, status, sent_at, created_at, updated_at)
			VALUES ('m$i', 'hand:$i', 'h$i', 1, 1, 'email', 'sent', '2026-02-0${i}T10:00:00.000Z', 'x', 'x')"
	done
	again
	verdict block
	assert_equal "$(sql 'SELECT status FROM enrolments')" stopped
	assert_equal "$(sql 'SELECT status FROM messages WHERE seq < 3' | tr '\n' ' ')" 'superseded superseded '
	assert_equal "$(sql 'SELECT outcome FROM agent_tasks')" blocked
	run_ok bash -c 'lp-tasks settle <<<"$1"' - "$output"
	assert_equal "$(sql 'SELECT status, outcome FROM agent_tasks')" 'completed|blocked'
}

@test "escalation: stops, and tells a person, once" {
	rule Angry type=escalation 'when=draft.body contains returns' 'then=stop and notify'
	gate
	verdict block
	again
	assert_equal "$(sql 'SELECT status FROM enrolments')" stopped
	assert_equal "$(sql 'SELECT type, task_id, lead_id, title FROM notifications')" 'escalation|1|1|Rule: Angry'
	assert_equal "$(sql 'SELECT outcome FROM agent_tasks')" escalated
}

@test "skip: this step is not sent, the next one goes on" {
	rule 'Not the first' type=filter 'when=message.step equals 1' then=skip
	gate
	verdict block
	assert_equal "$(sql 'SELECT status FROM messages WHERE seq < 3' | tr '\n' ' ')" 'skipped planned '
	assert_equal "$(sql 'SELECT due_at FROM messages WHERE seq = 2')" 2026-03-05T10:00:00.000Z
	assert_equal "$(sql 'SELECT status FROM enrolments')" active
	assert_equal "$(sql 'SELECT outcome FROM agent_tasks')" skipped
}

@test "a rule says nothing of what isn't there, and is only for the tasks it names" {
	rule Reply type=filter 'when=reply.class not_equals interested' then=block
	rule Asks type=filter 'when=reply.class exists' then=block
	rule Other type=filter 'when=lead.company exists' then=block applies_to=book_meeting
	rule Off type=filter 'when=lead.company exists' then=block enabled=no
	gate
	verdict allow
	assert_equal "$(jqs .gate.rules)" '[]'
}

@test "times: the schedule's zone and the lead's" {
	rule Tokyo type=filter 'when=time.lead_hour equals 19 and time.hour equals 10 and time.lead_weekday equals monday' then=hold
	gate
	verdict hold
}

@test "a change counts from the next line on, also in a pipeline that runs" {
	rule Look type=filter 'when=lead.company exists' then=hold
	mkfifo in out
	lp-rules gate <in >out 3>&- &
	exec 8>in 9<out
	echo "$LINE" >&8
	read -r -t 20 line <&9
	[[ $line == *'"verdict":"hold"'* ]]
	lp-rules disable Look
	sql 'UPDATE agent_tasks SET tries = 2'
	echo "$LINE" >&8
	read -r -t 20 line <&9
	[[ $line == *'"verdict":"allow"'* ]]
	exec 8>&- 9<&-
	wait $!
}

@test "what is no business of the gate passes byte for byte" {
	local line
	rule All type=filter 'when=lead.company exists' then=block
	sql "UPDATE decisions SET action = 'skip'"
	for line in "$LINE" '{ "x" : 1.50, "task":{"id":"t1","task_type":"check_inbox","lease":"lease"} }' '{}' '{"task":{"id":"t99x"}}' \
		'{"error":{"code":"x"},"task":{"id":"t1","task_type":"send_message","lease":"lease"}}'; do
		gate "$line"
		assert_output "$line"
	done
	sql "UPDATE decisions SET action = 'send_email'"
	sql "UPDATE messages SET content_hash = NULL"
	gate
	assert_output "$LINE"
	sql 'DELETE FROM decisions'
	gate
	assert_output "$LINE"
	assert_equal "$(sql 'SELECT count(*) FROM verdicts')" 0
}

@test "a forged line: somebody else's lease, a decision and a draft that no row has" {
	rule All type=filter 'when=draft.body contains returns' then=block
	gate '{"task":{"id":"t1","task_type":"send_message","lease":"mine"}}'
	assert_equal "$(jqs .error.code)" '"lease_lost"'
	gate '{"task":{"id":"t1","task_type":"send_message","lease":"lease"},"lead":{"company":"Acme"},"draft":{"body":"other"},"gate":{"verdict":"allow"}}'
	verdict block
}

@test "hostile lines: named by number, the rest is done" {
	run_st 65 bash -c '{ echo nonsense; echo "[1]"; head -c 9000000 /dev/zero | tr "\0" x; echo; echo "$1"; } | lp-rules gate' - "$LINE"
	assert_equal "$(jqs .gate.verdict)" '"allow"'
	assert_equal "$(wc -l <<<"$stderr")" 3
}

@test "the text of a lead can't reach the rules" {
	sql "UPDATE leads SET company = 'x\" or true', custom = '{\"company\":\"Globex\",\"lead.company\":\"Globex\",\"a.b\":{\"..\":1}}'"
	rule Competitors type=filter 'when=lead.company contains globex' then=block
	gate
	verdict allow
}
