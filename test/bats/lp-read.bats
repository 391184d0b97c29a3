load helper

setup() {
	lp_setup
	new_db
	run_ok lp-accounts add sales kind=maildir address=ada@acme.example in=in out=out
	mkdir -p in/new in/cur in/tmp
}

# A lead known by its address, and a running check_inbox task under the lease "lease".
world() {
	sql "INSERT INTO persons (id, created_at) VALUES ('p', 'x');
		INSERT INTO person_addresses VALUES ('email', 'bob@globex.example', 1, 'import', 'x');
		INSERT INTO leads (id, person_id, email, source, source_at, created_at, updated_at) VALUES ('l', 1, 'bob@globex.example', 's', 'x', 'x', 'x');
		INSERT INTO runs (id, pid, host, started_at, heartbeat_at) VALUES ('lease', 1, 'h', 'x', strftime('%Y-%m-%dT%H:%M:%fZ'));
		INSERT INTO agent_tasks (id, task_type, status, lease, scheduled_for, created_at, account_id, updated_at)
			VALUES ('t', 'check_inbox', 'running', 'lease', 'x', 'x', 1, 'x')"
}
LINE='{"task":{"id":"t1","task_type":"check_inbox","lease":"lease"},"mine":[1, 2]}'

@test "a filter: check_inbox is carried out, the row says done, everything else passes byte for byte" {
	world
	printf 'From: Bob <bob@globex.example>\n\nhello\n' >in/new/1.x
	printf 'From: zed@far.example\n\nhello\n' >in/new/2.x
	printf '%s\n' '{ "task" : {"id":"t9","task_type":"send_message"} }' "$LINE" '{"a":1.0}' >lines
	run --separate-stderr lp-read <lines
	assert_success
	assert_equal "${lines[0]}" '{ "task" : {"id":"t9","task_type":"send_message"} }'
	assert_equal "${lines[2]}" '{"a":1.0}'
	assert_equal "$(jq -c '[.result,.mine]' <<<"${lines[1]}")" '[{"seen":2,"new":2,"matched":1,"opt_outs":0,"stopped":0},[1,2]]'
	assert_equal "$(sql 'SELECT outcome FROM agent_tasks')" 'done'
	assert_equal "$(sql 'SELECT inbox_read_at FROM accounts')" 2026-03-02T10:00:00.000Z
	assert_equal "$(sql 'SELECT group_concat(status) FROM inbox_messages')" matched,unmatched
	assert_equal "$(ls in/new | wc -l)-$(ls in/cur | wc -l)" 0-2
}

@test "a forged type or a lost lease reads nothing" {
	world
	printf 'From: bob@globex.example\n\nhello\n' >in/new/1.x
	sql "UPDATE agent_tasks SET task_type = 'report'"
	run --separate-stderr lp-read <<<"$LINE"
	assert_success
	assert_output "$LINE"
	sql "UPDATE agent_tasks SET task_type = 'check_inbox', lease = 'other'"
	run --separate-stderr lp-read <<<"$LINE"
	assert_success
	assert_equal "$(jq -r .error.code <<<"$output")" lease_lost
	assert_equal "$(sql 'SELECT count(*) FROM inbox_messages')" 0
}

@test "an inbox out of reach: told in the line and on the account, and the last good reading stays" {
	world
	rm -r in && : >in
	run --separate-stderr lp-read <<<"$LINE"
	assert_success
	assert_equal "$(jq -c '[.error.code,.error.retryable]' <<<"$output")" '["inbox",true]'
	assert_equal "$(sql 'SELECT inbox_read_at IS NULL AND inbox_error IS NOT NULL FROM accounts')" 1
	assert_equal "$(sql 'SELECT outcome IS NULL FROM agent_tasks')" 1
}

@test "killed between the commit and the move: read once" {
	world
	printf 'From: bob@globex.example\nMessage-ID: <r@globex.example>\n\nhello\n' >in/new/1.x
	run_ok lp-read take --account sales <in/new/1.x
	run --separate-stderr lp-read <<<"$LINE"
	assert_equal "$(jq -c .result <<<"$output")" '{"seen":1,"new":0,"matched":0,"opt_outs":0,"stopped":0}'
	assert_equal "$(sql 'SELECT count(*) FROM inbox_messages')" 1
	assert_equal "$(sql 'SELECT count(*) FROM notifications')" 1
}

@test "take: one message from standard input; -n does nothing" {
	world
	run_ok lp-read -nv take --account sales < <(printf 'From: bob@globex.example\n\nunsubscribe\n')
	assert_output 'new (not taken in), matched, suppressed'
	assert_equal "$(sql 'SELECT count(*) FROM inbox_messages')" 0
	run_ok lp-read -v take --account sales < <(printf 'From: bob@globex.example\n\nunsubscribe\n')
	assert_equal "$(sql 'SELECT status FROM leads')" suppressed
	run_err 65 'not a mail message' lp-read take --account sales </dev/null
	run_err 66 "no account 'x'" lp-read take --account x </dev/null
	run_err 64 --account lp-read take </dev/null
}

@test "parse: needs no database; hostile input gives one line" {
	unset LP_DB
	run_ok lp-read parse -- - < <(printf 'From: B <b@x.example>\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\nReferences: <a@x> <b@x>\n\nOk\n> old\n')
	assert_equal "$(jqs '[.from,.subject,.references,.reply_text,.kind]')" \
		'[{"address":"b@x.example","name":"B"},"Grüße",["a@x","b@x"],"Ok\n","reply"]'
	head -c 100000 /dev/urandom >noise
	run --separate-stderr lp-read parse noise
	[ "$status" -eq 65 ] || [ "$status" -eq 0 ]
	run_err 66 "nowhere" lp-read parse nowhere
}

@test "a malformed line is named, and the rest is done" {
	world
	printf '%s\n' 'nonsense' "$LINE" >lines
	run --separate-stderr lp-read <lines
	[ "$status" -eq 65 ]
	[[ $stderr == *'stdin:1:'* ]]
	assert_equal "$(sql 'SELECT outcome FROM agent_tasks')" 'done'
}
