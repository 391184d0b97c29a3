# lp-leads forget and export: complete over all tables, proved by a marker in every text that can hold something about a person.
load helper

M=Zq7MARKERq7Z

setup() {
	lp_setup
	new_db
	printf 'email,first_name,last_name,company,phone,linkedin_url,note\n' >leads.csv
	printf '%s@a.example,%s,%s,%s,+493012345678,linkedin.com/in/%s,%s\n' $M $M $M $M $M $M >>leads.csv
	printf 'keep@b.example,Keep,KEEPER,Acme,,,KEEPER\n' >>leads.csv
	lp-leads import leads.csv --source here
}

# Rows about lead 1 in every table that can have some.
plant() {
	sql "PRAGMA foreign_keys = ON; BEGIN;
	INSERT INTO accounts (id, name, kind, channel, address, created_at, updated_at) VALUES ('a', 'sales', 'maildir', 'email', 'k@l.example', 'x', 'x');
	INSERT INTO campaigns (id, name, created_at, updated_at) VALUES ('c', 'hello', 'x', 'x');
	INSERT INTO campaign_versions VALUES (1, 1, '{}', 'h', 'x');
	INSERT INTO enrolments (id, campaign_id, version, lead_id, account_id, enrolled_at) VALUES ('e', 1, 1, 1, 1, 'x');
	INSERT INTO threads (id, lead_id, account_id, channel, created_at, updated_at) VALUES ('h', 1, 1, 'email', 'x', 'x');
	INSERT INTO messages (id, purpose, rfc_message_id, lead_id, campaign_id, enrolment_id, thread_id, account_id, step, channel, status, created_at, updated_at)
	  VALUES ('m', 'seq:1:1', 'm1@l.example', 1, 1, 1, 1, 1, 1, 'email', 'sent', 'x', 'x');
	INSERT INTO message_texts (message_id, subject, body, html, origin, made_at) VALUES (1, '', '', '', 'template', 'x');
	INSERT INTO inbox_messages (id, account_id, dedupe_key, received_at, lead_id, thread_id, created_at, updated_at) VALUES ('i', 1, 'k', 'x', 1, 1, 'x', 'x');
	INSERT INTO inbox_texts VALUES (1, '', '');
	INSERT INTO meetings (id, uid, lead_id, starts_at, ends_at, timezone, created_at, updated_at) VALUES ('b', 'uid', 1, 'a', 'b', 'UTC', 'x', 'x');
	INSERT INTO agent_tasks (id, task_type, scheduled_for, created_at, lead_id, person_id, output_data, updated_at) VALUES ('t', 'send_message', 'x', 'x', 1, 1, '{}', 'x');
	INSERT INTO agent_tasks (id, task_type, status, hold_kind, scheduled_for, created_at, lead_id, updated_at) VALUES ('u', 'manual', 'awaiting_approval', 'mend', 'x', 'x', 1, 'x');
	INSERT INTO decisions (task_id, inputs_hash, action, reasoning, confidence, requires_approval, brain, created_at) VALUES (1, 'h', 'send_email', '', 1, 0, 'offline', 'x');
	INSERT INTO verdicts (task_id, try, stage, verdict, reason, ruleset, created_at) VALUES (1, 1, 'gate', 'allow', '', 1, 'x');
	INSERT INTO gate_inputs VALUES (1, 1, '{}');
	INSERT INTO approvals (id, kind, task_id, content_hash, reason, created_at) VALUES ('p', 'task', 1, 'h', '', 'x');
	INSERT INTO outbox (message_id, rfc_message_id, task_id, lead_id, person_id, account_id, channel, recipient, content_hash, first_contact, state, reserved_at, updated_at)
	  VALUES (1, 'm1@l.example', 1, 1, 1, 1, 'email', '', 'h', 1, 'sent', 'x', 'x');
	INSERT INTO agent_memory (id, memory_type, lead_id, key, value, created_at, updated_at) VALUES ('y', 'lead_context', 1, 'k', '', 'x', 'x');
	INSERT INTO agent_memory (id, memory_type, key, value, created_at, updated_at) VALUES ('z', 'learning', 'l', 'write to ${M}@A.example early', 'x', 'x');
	INSERT INTO agent_memory (id, memory_type, key, value, created_at, updated_at) VALUES ('w', 'fact', 'f', 'met $M $M in Berlin', 'x', 'x');
	INSERT INTO model_calls (task_id, provider, model, purpose, prompt_hash, state, cost_micros, created_at, updated_at) VALUES (1, 'p', 'm', 'draft', 'h', 'done', 1, 'x', 'x');
	INSERT INTO notifications (id, type, title, message, lead_id, created_at) VALUES ('n', 'reply', '', '', 1, 'x');
	INSERT INTO consents (person_id, channel, source, given_at) VALUES (1, 'sms', 'x', 'x');
	INSERT INTO suppressions (kind, hash, value, person_id, reason, source, created_at) VALUES ('phone', 'h', '', 1, '', 'hand', 'x');
	COMMIT;"
	# Whatever text column there is, is marked, unless it is one of these: ids and words of ours, no data about anybody.
	local t c where
	for t in leads enrolments threads messages message_texts inbox_messages inbox_texts meetings agent_tasks decisions verdicts gate_inputs approvals \
		outbox agent_memory model_calls notifications suppressions consents; do
		while read -r c; do
			case $t.$c in
			*.id | *_at | *.hash | *_hash | *.status | *.channel | *.purpose | messages.rfc_message_id | outbox.rfc_message_id) continue ;;
			enrolments.way | enrolments.paused_until | *.stop_kind | threads.owner | inbox_messages.kind | inbox_messages.returned | *.classification | *.sentiment | inbox_messages.classified_by | meetings.booked_by | meetings.uid | meetings.timezone | meetings.partstat) continue ;;
			agent_tasks.task_type | agent_tasks.outcome | *.hold_kind | agent_tasks.dedupe_key | agent_tasks.lease | agent_tasks.approved_by) continue ;;
			agent_tasks.scheduled_for | decisions.brain | decisions.action | verdicts.stage | verdicts.verdict | *.rules | *.variant) continue ;;
			approvals.kind | approvals.decided_by | approvals.not_before | approvals.not_after | outbox.state | outbox.returned | outbox.delivery | outbox.provider | outbox.sender | outbox.deferred_since | outbox.copy | message_texts.origin) continue ;;
			model_calls.provider | model_calls.model | model_calls.state | agent_memory.memory_type | notifications.type) continue ;;
			suppressions.kind | suppressions.source | leads.lawful_basis) continue ;;
			esac
			where=
			[ "$t" != agent_memory ] || where='WHERE lead_id = 1' # the other one is found by the address in it
			# JSON columns want JSON
			sql "UPDATE $t SET $c = '$M' $where" 2>/dev/null || sql "UPDATE $t SET $c = '{\"x\":\"$M\"}' $where" 2>/dev/null ||
				sql "UPDATE $t SET $c = '[\"$M\"]' $where" || fail "can't plant in $t.$c"
		done < <(sql "SELECT name FROM pragma_table_info('$t') WHERE type = 'TEXT'")
	done 2>&1
}

@test "R18: forget, export: a marker planted in every text about a person is nowhere in the file, and nobody else lost anything" {
	# only the rows of lead 1 exist in those tables, apart from the other lead's own, which comes after
	sql "DELETE FROM leads WHERE seq = 2; DELETE FROM person_addresses WHERE person_id = 2; DELETE FROM persons WHERE seq = 2"
	plant
	sql "UPDATE leads SET status = 'active'"
	tail -n 1 leads.csv | cat <(head -n 1 leads.csv) - >keep.csv
	run_ok lp-leads import keep.csv
	run_ok lp-leads set l1 title=$M custom.x=$M
	run_ok lp-leads pause -m $M l1
	run_ok lp-leads start l1
	# and a free page that still holds what a deleted row said
	sql "PRAGMA secure_delete = OFF; INSERT INTO ticks (seq, started_at) SELECT 9999, replace(hex(zeroblob(20000)), '00', '$M'); DELETE FROM ticks WHERE seq = 9999" >/dev/null
	cat lp.db lp.db-wal | grep -qa $M
	planted=$(sql "SELECT count(*) FROM agent_log_payloads WHERE message LIKE '%$M%'")
	[ "$planted" -gt 0 ]

	# everything that is held can be handed over
	run_ok lp-leads export l1
	for part in messages replies meetings tasks decisions verdicts approvals memories notifications suppressions consents threads enrolments log model_calls; do
		jq -e --arg m $M --arg p $part '.[$p] | tostring | contains($m)' <<<"$output" >/dev/null || fail "export has no marker in $part"
	done

	run_ok lp-leads forget -y -m 'at their wish' l1
	assert_output "$M"
	for f in lp.db lp.db-wal; do
		! grep -ai $M "$f" || fail "the marker is still in $f"
	done
	assert_equal "$(sql "SELECT status, email IS NULL, custom FROM leads WHERE first_name IS NULL")" 'forgotten|1|{}'
	assert_equal "$(sql "SELECT group_concat(status || ':' || ifnull(outcome, '')) FROM agent_tasks")" 'cancelled:by_hand,cancelled:by_hand'
	assert_equal "$(sql 'PRAGMA foreign_key_check; PRAGMA integrity_check')" ok
	# what counts stays
	assert_equal "$(sql 'SELECT (SELECT count(*) FROM messages), (SELECT count(*) FROM outbox), (SELECT count(*) FROM decisions)')" '1|1|1'
	run_ok lp-leads show -j keep@b.example
	assert_equal "$(jqs '[.last_name, .custom.note]')" '["KEEPER","KEEPER"]'
	# the chain has its links, the payloads of others are there
	assert_equal "$(sql 'SELECT count(*) FROM agent_log_payloads p JOIN agent_logs l ON l.seq = p.log_id WHERE l.lead_id <> 1')" \
		"$(sql 'SELECT count(*) FROM agent_logs WHERE lead_id <> 1')"
}

@test "R17, R18: forget: they don't come back by an import, by any address" {
	run_ok lp-leads forget -y l1
	run_st 0 lp-leads import -v leads.csv
	assert_output '0 new, 1 known, 1 refused'
	printf 'email,phone\nother@c.example,+49 30 12345678\n' >again.csv
	run_st 0 lp-leads import -v again.csv
	assert_output '0 new, 0 known, 1 refused'
	run_ok lp-leads suppressed -j
	assert_equal "$(jqs '[.kind, .source, .value]' | sort | tr '\n' ' ')" '["email","forget",null] ["linkedin","forget",null] ["phone","forget",null] '
	run_ok lp-leads list -j
	assert_equal "$(jqs .id)" '"l2"'
	run_err 65 'l1 is forgotten' lp-leads set l1 first_name=X
	run_err 65 'l1 is forgotten' lp-leads start l1
	run_ok lp-leads forget -y l1
}

@test "forget: asks; without a terminal it wants -y; -n does nothing" {
	run_err 64 "can't be undone: say -y" lp-leads forget l1
	run_ok lp-leads forget -n l1
	assert_equal "$(sql "SELECT count(*) FROM leads WHERE status = 'forgotten'")" 0
	run_err 1 'no such lead: l9' lp-leads forget -y l9
}

@test "forget: not while they are being worked on" {
	sql "INSERT INTO agent_tasks (id, task_type, status, lease, scheduled_for, created_at, lead_id, person_id, updated_at)
		VALUES ('t', 'send_message', 'running', 'r', 'x', 'x', 1, 1, 'x')"
	run_err 75 'l1 is being worked on: try again' lp-leads forget -y l1
	assert_equal "$(sql "SELECT first_name FROM leads WHERE seq = 1")" $M
}

@test "the log keeps its payloads for everybody who wasn't forgotten" {
	run sqlite3 "$LP_DB" 'DELETE FROM agent_log_payloads WHERE log_id = 1'
	assert_failure
	assert_output --partial 'a log payload goes only with the erasure of its lead'
	run_ok lp-leads forget -y l1
	run sqlite3 "$LP_DB" 'DELETE FROM agent_log_payloads WHERE log_id IN (SELECT seq FROM agent_logs WHERE lead_id = 2)'
	assert_failure
	run sqlite3 "$LP_DB" 'DELETE FROM erasures'
	assert_failure
}
