# Rules before anything is decided: action and template rules, through lp-decide.
load helper

LINE='{"task":{"id":"t1","task_type":"respond_to_reply","lease":"lease"}}'

# A reply that waits for its answer, and a campaign that has one.
setup() {
	lp_setup
	new_db
	run_ok lp-accounts add sales kind=maildir address=ada@acme.example out=out in=in
	run_ok lp-campaigns load - <<-'X'
		name: hello
		steps: [{subject: s, body: b}]
		answers: [{q: What does it cost?, a: it is 4.}]
	X
	sql "INSERT INTO persons (id, created_at) VALUES ('p', 'x');
		INSERT INTO leads (id, person_id, email, first_name, company, source, source_at, created_at, updated_at)
			VALUES ('l', 1, 'bob@globex.example', 'Bob', 'Globex', 's', 'x', '2026-01-01T00:00:00.000Z', 'x');
		INSERT INTO threads (id, lead_id, account_id, channel, created_at, updated_at) VALUES ('th', 1, 1, 'email', 'x', 'x');
		INSERT INTO inbox_messages (id, account_id, dedupe_key, from_address, subject, received_at, status, lead_id, campaign_id, thread_id, classification, sentiment, confidence, mentions_availability, created_at, updated_at)
			VALUES ('i', 1, 'k', 'bob@globex.example', 'Re: hello', '2026-03-02T09:00:00.000Z', 'matched', 1, 1, 1, 'question', 'neutral', 0.9, 1, 'x', 'x');
		INSERT INTO inbox_texts VALUES (1, 'What does it cost?', 'What does it cost?');
		INSERT INTO runs (id, pid, host, started_at, heartbeat_at) VALUES ('lease', 1, 'h', 'x', strftime('%Y-%m-%dT%H:%M:%fZ'));
		INSERT INTO agent_tasks (id, task_type, status, lease, scheduled_for, created_at, lead_id, campaign_id, person_id, inbox_message_id, account_id, tries, updated_at)
			VALUES ('t', 'respond_to_reply', 'running', 'lease', 'x', 'x', 1, 1, 1, 1, 1, 1, 'x')"
}

rule() {
	run_ok lp-rules add "$@"
}
decide() {
	run_ok lp-decide <<<"$LINE"
}

@test "an action rule decides, and no brain is asked" {
	rule Questions type=action 'when=reply.class equals question' 'then=do send_response' priority=50
	decide
	assert_equal "$(jqs '[.decision.action, .decision.brain]')" '["send_response","rule"]'
	[[ $(jqs .decision.reasoning) == *"rule 'Questions': reply.class equals question"* ]]
	assert_equal "$(sql 'SELECT action, brain FROM decisions')" 'send_response|rule'
	# the rule says that it is answered, the campaign with what
	assert_equal "$(jqs .decision.data)" '{"answer":1,"score":1,"version":1}'
	assert_equal "$(jqs .decision.confidence)" 0.9
	assert_equal "$(sql 'SELECT times_triggered FROM agent_rules')" 1
	decide
	assert_equal "$(sql 'SELECT count(*) FROM decisions')" 1
	assert_equal "$(sql 'SELECT times_triggered FROM agent_rules')" 1
	assert_equal "$(sql "SELECT count(*) FROM agent_logs WHERE log_type = 'rule_triggered' AND rule_id = 1 AND rule_version = 1")" 1
}

@test "the highest that matches wins alone" {
	rule Low type=action 'when=reply.class equals question' 'then=do skip' priority=1
	rule High type=action 'when=reply.class equals question and reply.mentions_availability equals true' 'then=do book_meeting' priority=80
	rule Higher type=action 'when=reply.class equals interested' 'then=do escalate' priority=90
	decide
	assert_equal "$(jqs .decision.action)" '"book_meeting"'
	assert_equal "$(sql 'SELECT group_concat(name) FROM agent_rules WHERE times_triggered > 0')" High
}

@test "an action that the task's type doesn't allow is no match" {
	rule Mail type=action 'when=reply.class equals question' 'then=do send_email' priority=9
	rule Skip type=action 'when=reply.class equals question' 'then=do skip'
	decide
	assert_equal "$(jqs .decision.action)" '"skip"'
	assert_equal "$(sql 'SELECT group_concat(name) FROM agent_rules WHERE times_triggered > 0')" Skip
}

@test "enqueue makes one child task, and notify one notice" {
	rule Look type=action 'when=reply.class equals question' 'then=enqueue enrich_lead and notify'
	decide
	decide
	assert_equal "$(sql "SELECT task_type, lead_id, depth, status FROM agent_tasks WHERE seq > 1")" 'enrich_lead|1|1|pending'
	assert_equal "$(sql 'SELECT title FROM notifications')" 'Rule: Look'
	# a chain of children ends
	sql "DELETE FROM decisions; DELETE FROM rule_firings; DELETE FROM agent_tasks WHERE seq > 1; UPDATE agent_tasks SET depth = 8, tries = 2"
	decide
	assert_equal "$(sql 'SELECT count(*) FROM agent_tasks')" 1
}

@test "a template rule sets the text, and answering as the action" {
	rule Prices type=template 'when=reply.text contains cost' 'then=send template "Hi {{first_name}},\nit is 5."'
	decide
	assert_equal "$(jqs '[.decision.action, .decision.data.template]')" '["send_response","Hi {{first_name}},\nit is 5."]'
}

@test "a rule that can't be judged holds, unless one above it matches" {
	rule Vague type=action 'say=The lead sounds annoyed' 'then=do escalate' priority=5
	decide
	assert_equal "$(sql "SELECT stage, verdict FROM verdicts")" 'decide|hold'
	assert_equal "$(sql 'SELECT count(*) FROM decisions')" 0
	rule Sure type=action 'when=reply.class equals question' 'then=do skip' priority=9
	sql 'UPDATE agent_tasks SET tries = 2'
	decide
	assert_equal "$(jqs .decision.action)" '"skip"'
}

@test "the rules of the gate are silent here" {
	rule Block type=filter 'when=reply.class equals question' then=block
	decide
	assert_equal "$(sql 'SELECT times_triggered FROM agent_rules')" 0
}

@test "a rule that wants an answer, and none that fits: a person" {
	rule Questions type=action 'when=reply.class equals question' 'then=do send_response' priority=50
	sql "UPDATE inbox_texts SET reply_text = 'Do you ship to Iceland?'"
	decide
	assert_equal "$(jqs '[.decision.action, .decision.data]')" '["escalate",{}]'
	[[ $(jqs .decision.reasoning) == *"rule 'Questions'"*"it goes to a person: no answer has a word of it"* ]]
}

@test "an escalation rule speaks before anybody thinks of an answer" {
	rule Angry type=escalation 'when=reply.sentiment equals negative' 'then=stop and notify' priority=9
	rule Skip type=action 'when=reply.class equals not_interested' 'then=do skip' priority=99
	sql "UPDATE inbox_messages SET sentiment = 'negative', classification = 'not_interested'"
	decide
	assert_equal "$(jqs '[.decision.action, .decision.brain]')" '["escalate","rule"]'
	assert_equal "$(sql "SELECT type || ' ' || title FROM notifications")" 'escalation Rule: Angry'
	assert_equal "$(sql 'SELECT group_concat(name) FROM agent_rules WHERE times_triggered > 0')" Angry
	# again, and to the end: one notice
	decide
	lp-tasks settle <<<"$output" >/dev/null
	assert_equal "$(sql 'SELECT status, outcome FROM agent_tasks')" 'completed|escalated'
	assert_equal "$(sql 'SELECT count(*) FROM notifications')" 1
	assert_equal "$(sql "SELECT times_triggered FROM agent_rules WHERE name = 'Angry'")" 1
}

@test "one that stops and tells nobody is told as any escalation" {
	rule Angry type=escalation 'when=reply.sentiment equals negative' then=stop
	sql "UPDATE inbox_messages SET sentiment = 'negative'"
	decide
	lp-tasks settle <<<"$output" >/dev/null
	assert_equal "$(sql 'SELECT status, outcome FROM agent_tasks')" 'completed|escalated'
	assert_equal "$(sql 'SELECT title FROM notifications')" 'A reply needs you'
}

@test "an escalation rule that can't be judged lets nothing go quietly" {
	rule Legal type=escalation 'say=The reply speaks of the law' 'then=stop and notify'
	sql "UPDATE inbox_messages SET classification = 'not_interested'"
	decide
	assert_equal "$(jqs '[.decision.action, .decision.brain]')" '["escalate","offline"]'
	[[ $(jqs .decision.reasoning) == *"can't be judged"* ]]
	# what is answered comes to the gate, and is held there for a yes
	sql "DELETE FROM decisions; UPDATE inbox_messages SET classification = 'question'"
	decide
	assert_equal "$(jqs .decision.action)" '"send_response"'
}
