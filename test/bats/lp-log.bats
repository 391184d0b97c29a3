load helper

setup() {
	lp_setup
	new_db
	mkdir -p in/new in/cur in/tmp
	lp-accounts add sales kind=maildir address=kim@leadpilot.example out=out in=in
	printf 'email,first_name,company\nada@engine.example,Ada,Engines\nbob@nuts.example,Bob,Nuts\n' | lp-leads import - -q
	for _ in 1 2 3; do lp-enqueue -q manual; done
}

# tamper SQL: what somebody with the file in hand can do
tamper() {
	sql "DROP TRIGGER agent_logs_no_update; DROP TRIGGER agent_logs_no_delete; DROP TRIGGER agent_log_payloads_no_update;
		DROP TRIGGER agent_log_payloads_no_delete; DROP TRIGGER agent_logs_in_order; $1"
}

@test "the chain holds, and its head is what the hashes of the rows make it" {
	run_ok lp-log verify
	n=$(sql "SELECT max(seq) FROM agent_logs")
	assert_output "g$n $(sql "SELECT lower(hex(hash)) FROM agent_logs WHERE seq = $n")  $n rows, unchanged"
}

@test "a head that was noted: the log may grow, and not shrink or be another" {
	head=$(lp-log verify) n=$(sql "SELECT max(seq) FROM agent_logs")
	hash=$(sql "SELECT lower(hex(hash)) FROM agent_logs WHERE seq = $n")
	run_ok lp-log verify --head "$hash"
	lp-enqueue -q manual
	run_ok lp-log verify --head "$hash"
	run_ok lp-log verify --head "g$n $hash"
	run_ok lp-log verify --head "$head"
	run_err 1 "g$((n - 1)): it isn't the row that was noted" lp-log verify --head "g$((n - 1)) $hash"
	run_err 1 "the head that was noted isn't in the log" lp-log verify --head "$(printf %064d 7)"
	# cut off, also where the file counts: the chain alone holds
	tamper "DELETE FROM agent_logs WHERE seq >= $n; DELETE FROM agent_log_payloads WHERE log_id >= $n; UPDATE sqlite_sequence SET seq = $((n - 1)) WHERE name = 'agent_logs'"
	run_ok lp-log verify
	run_err 1 "g$n: the head that was noted isn't in the log" lp-log verify --head "$head"
	run_err 1 "isn't in the log" lp-log verify --head "$hash"
	for h in "" g1 nonsense "g1 nonsense" "${hash%?}" "${hash}0" "t1 $hash"; do
		run_err 64 "--head" lp-log verify --head "$h"
	done
}

@test "bytes that no hash covers are changes too" {
	sqlite3 "$LP_DB" "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
	cp lp.db clean.db
	for s in "agent_log_payloads SET message = message || char(0) || 'x' WHERE log_id = 2" "agent_log_payloads SET confidence = 0.5 WHERE log_id = 2" \
		"agent_logs SET campaign_id = 0 WHERE seq = 2" "agent_logs SET rule_version = -3 WHERE seq = 2" \
		"agent_logs SET created_at = created_at || char(0) WHERE seq = 2" "agent_log_payloads SET salt = zeroblob(16) WHERE log_id = 2"; do
		rm -f lp.db*
		cp clean.db lp.db
		tamper "UPDATE $s"
		run_err 1 "g2: " lp-log verify
	done
	rm -f lp.db*; cp clean.db lp.db
	sql "UPDATE sqlite_sequence SET seq = 2 WHERE name = 'agent_logs'"
	run_err 1 "the file's own count of rows ends at g2" lp-log verify
	rm -f lp.db*; cp clean.db lp.db
	sql "INSERT INTO agent_log_payloads (log_id, salt, message) VALUES (500, zeroblob(16), 'x')"
	run_err 1 "there is a payload of g500" lp-log verify
}

@test "an erasure that the log doesn't tell of is none" {
	row=$(sql "SELECT min(seq) FROM agent_logs WHERE lead_id = 1")
	# the triggers let this pass
	sql "INSERT INTO erasures (lead_id, reason, created_at) VALUES (1, 'x', '2026-03-02T10:00:00.000Z'); DELETE FROM agent_log_payloads WHERE log_id = $row"
	run_err 1 "g$row: its payload is gone, and its lead was not erased" lp-log verify
}

@test "the hash is what the schema says it is" {
	# computed from the words of schema/001-leadpilot.sql, with other tools
	net() { if [ -n "$1" ]; then printf '%d:%s,' "${#1}" "$1"; else printf -- '-,'; fi; }
	unhex() { printf %s "$1" | sed 's/../\\x&/g'; }
	IFS='|' read -r at type task lead acc salt payload < <(sql "SELECT created_at, log_type, task_id, lead_id, account_id, hex(salt), lower(hex(payload_hash))
		FROM agent_logs JOIN agent_log_payloads ON log_id = seq WHERE seq = 1")
	message=$(sql "SELECT message FROM agent_log_payloads WHERE log_id = 1")
	details=$(sql "SELECT details FROM agent_log_payloads WHERE log_id = 1")
	got=$({ printf "$(unhex "$salt")"; LC_ALL=C; net "$message"; printf -- '-,-,'; net "$details"; } | sha256sum | cut -c1-64)
	assert_equal "$got" "$payload"
	got=$({ net leadpilot-log-1; net 1; net "$at"; net "$type"; net "$task"; net "$lead"; printf -- '-,-,-,'; net "$acc"; printf -- '-,-,'
		printf "$(unhex "$payload")"; head -c 32 /dev/zero; } | sha256sum | cut -c1-64)
	assert_equal "$got" "$(sql "SELECT lower(hex(hash)) FROM agent_logs WHERE seq = 1")"
}

@test "append-only: the file itself refuses" {
	for s in "UPDATE agent_logs SET log_type = 'error' WHERE seq = 2" "DELETE FROM agent_logs WHERE seq = 2" \
		"UPDATE agent_log_payloads SET message = 'x' WHERE log_id = 2" "DELETE FROM agent_log_payloads WHERE log_id = 2" \
		"INSERT OR REPLACE INTO agent_logs SELECT * FROM agent_logs WHERE seq = 2" \
		"INSERT OR REPLACE INTO agent_log_payloads SELECT * FROM agent_log_payloads WHERE log_id = 2" \
		"INSERT INTO agent_logs SELECT seq + 500, created_at, log_type, task_id, lead_id, campaign_id, message_id, inbox_message_id, account_id, rule_id,
			rule_version, payload_hash, hash FROM agent_logs WHERE seq = 2"; do
		run sql "$s"
		assert_failure
	done
	run_ok lp-log verify
}

@test "a changed row is found" {
	tamper "UPDATE agent_logs SET lead_id = 9 WHERE seq = 3"
	run_err 1 "g3: the row, or its place after the row before, was changed" lp-log verify
}

@test "a changed time, type and hash are found" {
	sqlite3 "$LP_DB" "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
	cp lp.db clean.db
	for s in "created_at = '2020-01-01T00:00:00.000Z'" "log_type = 'learning'" "hash = zeroblob(32)" "rule_version = 7" "hash = x'00'"; do
		rm -f lp.db*
		cp clean.db lp.db
		tamper "PRAGMA ignore_check_constraints = ON; UPDATE agent_logs SET $s WHERE seq = 2"
		run_st 1 lp-log verify
		[[ $stderr == *"g2: "* || $stderr == *"g3: "* ]] || fail "$s: $stderr"
	done
}

@test "a row taken out of the middle, the end cut off, two rows swapped, one put in" {
	sqlite3 "$LP_DB" "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
	cp lp.db clean.db
	tamper "DELETE FROM agent_logs WHERE seq = 3"
	run_err 1 "g3: the row is missing" lp-log verify
	rm -f lp.db*; cp clean.db lp.db
	n=$(sql "SELECT max(seq) FROM agent_logs")
	tamper "DELETE FROM agent_logs WHERE seq = $n; DELETE FROM agent_log_payloads WHERE log_id = $n"
	run_err 1 "g$n: the log ends here, but it went on to g$n" lp-log verify
	tamper=$(sql "UPDATE sqlite_sequence SET seq = $((n - 1)) WHERE name = 'agent_logs'")
	run_ok lp-log verify # whoever noted the head still knows
	rm -f lp.db*; cp clean.db lp.db
	tamper "UPDATE agent_logs SET seq = 1000 WHERE seq = 2; UPDATE agent_logs SET seq = 2 WHERE seq = 3; UPDATE agent_logs SET seq = 3 WHERE seq = 1000"
	run_err 1 "g2: the row, or its place" lp-log verify
	rm -f lp.db*; cp clean.db lp.db
	tamper "UPDATE agent_logs SET seq = seq + 1000 WHERE seq > 2; UPDATE agent_logs SET seq = seq - 999 WHERE seq > 1000;
		INSERT INTO agent_logs SELECT 3, created_at, log_type, task_id, lead_id, campaign_id, message_id, inbox_message_id, account_id, rule_id, rule_version, payload_hash, hash
			FROM agent_logs WHERE seq = 2"
	run_st 1 lp-log verify
}

@test "a changed or missing payload is found; an erased lead's is no fault" {
	sqlite3 "$LP_DB" "PRAGMA wal_checkpoint(TRUNCATE)" >/dev/null
	cp lp.db clean.db
	row=$(sql "SELECT min(seq) FROM agent_logs WHERE lead_id = 1")
	tamper "UPDATE agent_log_payloads SET message = 'nothing happened' WHERE log_id = $row"
	run_err 1 "g$row: its message, reasoning or details were changed" lp-log verify
	rm -f lp.db*; cp clean.db lp.db
	tamper "DELETE FROM agent_log_payloads WHERE log_id = $row"
	run_err 1 "g$row: its payload is gone, and its lead was not erased" lp-log verify
	rm -f lp.db*; cp clean.db lp.db
	run_ok lp-leads forget l1 -y
	run_ok lp-log verify
	assert_output --partial "payloads of erased leads gone"
	run_ok lp-log --lead l2 -j
	run_ok lp-log list
	assert_output --partial "(erased with its lead)"
	refute_output --partial ada@engine
}

@test "list: filters, order, JSON" {
	run_ok lp-log -l 2 --task t3 -j
	assert_equal "$(jqs '[.task_id, .log_type, .message]')" '["t3","action","added by hand"]'
	jq -e '.uuid | test("^[0-9a-f]{8}-[0-9a-f]{4}-7")' <<<"$output" >/dev/null
	run_ok lp-log -j
	assert_equal "$(jq -s 'map(.id[1:] | tonumber) | . == sort' <<<"$output")" true
	run_ok lp-log --since 2026-03-03T00:00:00Z
	assert_output ""
	run_err 64 "--type:" lp-log --type nonsense
	run_st 1 lp-log --lead nobody@nowhere.example
}

@test "list -f goes on as rows come" {
	lp-log -f -l 1 >out.txt 2>/dev/null &
	pid=$!
	lp-enqueue -q manual
	for _ in $(seq 50); do
		[ "$(wc -l <out.txt)" -ge 2 ] && break
		sleep 0.1
	done
	kill $pid
	[ "$(tail -n 1 out.txt | grep -c 't4')" = 1 ]
}

@test "list -f ends when nobody reads any more" {
	lp-enqueue -q manual
	run timeout 10 sh -c 'lp-log -f -l 1 | head -n 1'
	assert_success
}

@test "why: a task, a lead by its address, what isn't there" {
	lp-tasks claim | lp-decide | lp-tasks settle >/dev/null
	run_ok lp-log why t1
	assert_line --partial 'task      t1  manual: completed, escalated'
	assert_line --partial 'escalate: the task is for a person (offline, confidence 1.00)'
	assert_line --partial 'because the task is for a person'
	run_ok lp-log why ada@engine.example -j
	assert_equal "$(jqs '[.lead.first_name, (.log | length > 0)]')" '["Ada",true]'
	run_err 1 "nobody@nowhere.example" lp-log why nobody@nowhere.example
	run_err 1 "nothing is known of t99" lp-log why t99
	run_st 64 lp-log why
}

@test "why: whatever has a handle, a UUID, another address or a name" {
	printf 'name: spring\nsteps:\n  - {subject: "Hello {{first_name}}", body: "one"}\n' >c.yaml
	lp-campaigns load c.yaml
	lp-campaigns enrol spring l1
	lp-memory put likes tea --lead l2
	sql "INSERT INTO notifications (id, type, title, message, created_at, lead_id) VALUES ('n', 'x', 'Look', 'at this', '2026-03-02T10:00:00.000Z', 2);
		INSERT INTO meetings (id, uid, lead_id, starts_at, ends_at, timezone, created_at, updated_at) VALUES ('b', 'u', 1, '2026-03-05T10:00:00.000Z', '2026-03-05T11:00:00.000Z', 'UTC', 'x', 'x');
		INSERT INTO person_addresses (kind, value, person_id, created_at) SELECT 'email', 'ada@home.example', person_id, 'x' FROM leads WHERE seq = 1"
	for w in e1 b1 ada@home.example "$(sql "SELECT id FROM leads WHERE seq = 1")"; do
		run_ok lp-log why "$w"
		assert_line --partial "lead      l1  Ada"
	done
	for w in y1 n1 bob@nuts.example; do
		run_ok lp-log why "$w" -j
		assert_equal "$(jqs '[.lead.id, .memories[0].value, .notices[0].title]')" '["l2","tea","Look"]'
	done
	g=$(sql "SELECT seq FROM agent_logs WHERE task_id = 2")
	run_ok lp-log why "g$g"
	assert_line --partial "task      t2  manual"
	# what many leads share is told without what is a single lead's
	run_ok lp-log why spring
	assert_line --partial "campaign  c1  spring"
	refute_output --partial "enrolled"
	run_ok lp-log why sales
	assert_line --regexp "^status +active$"
	refute_output --partial "enrolled"
	for w in e9 b9 y9 n9 c9 l9 m9 i9 r9 g999 p9 0192f0c8-0000-7000-8000-000000000000 nobody; do
		run_st 1 lp-log why "$w"
		[ -z "$output" ]
	done
}

@test "why: replies are told with their text, and nobody writes to the terminal" {
	sql "INSERT INTO inbox_messages (id, dedupe_key, received_at, from_address, subject, kind, lead_id, classification, sentiment, confidence, created_at, updated_at)
			VALUES ('i', 'i', '2026-03-02T10:00:00.000Z', 'ada@engine.example', 'Re: ' || char(27) || '[2J', 'reply', 1, 'interested', 'positive', 0.9, 'x', 'x');
		INSERT INTO inbox_texts (inbox_message_id, text, reply_text) VALUES (1, 'x', 'Yes' || char(10) || char(27) || ']0;gone' || char(7))"
	run_ok lp-log why l1
	assert_line --partial "i1 reply from ada@engine.example: Re: ?[2J"
	assert_line --partial "read as interested, positive, confidence 0.90"
	assert_line --partial "> ?]0;gone?"
	[[ $output != *$'\e'* ]]
	run_ok lp-log why i1
	assert_line --partial "> Yes"
}

@test "why: a decision is told with the memories it was made with" {
	lp-memory put likes tea --lead l1
	lp-enqueue -q manual --lead l1
	lp-tasks claim | lp-memory recall | lp-decide | lp-tasks settle >/dev/null
	run_ok lp-log why t4
	assert_line --partial "knowing likes: tea (fact y1)"
	lp-memory forget y1
	run_ok lp-log why t4
	assert_line --partial "knowing y1, forgotten since"
	# handles alone are kept: what was known of a person goes with them
	assert_equal "$(sql "SELECT json_extract(details, '$.memories') FROM agent_log_payloads WHERE message LIKE 'decided%' AND details LIKE '%memories%'")" '["y1"]'
	run_ok lp-log verify
}
