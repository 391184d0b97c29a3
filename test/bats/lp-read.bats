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
	run_ok lp-read --account sales - <in/new/1.x
	run --separate-stderr lp-read <<<"$LINE"
	assert_equal "$(jq -c .result <<<"$output")" '{"seen":1,"new":0,"matched":0,"opt_outs":0,"stopped":0}'
	assert_equal "$(sql 'SELECT count(*) FROM inbox_messages')" 1
	assert_equal "$(sql 'SELECT count(*) FROM notifications')" 1
}

@test "a file, or standard input: taken in as if it had been in the inbox; -n does nothing" {
	world
	run_ok lp-read -nv --account sales - < <(printf 'From: bob@globex.example\n\nunsubscribe\n')
	assert_output '1 new, 0 known, 0 refused; of the new 1 matched, 1 opted out (not taken in)'
	assert_equal "$(sql 'SELECT count(*) FROM inbox_messages')" 0
	printf 'From: bob@globex.example\nTo: x@y.example\nDelivered-To: ada+m1.x@acme.example\n\nunsubscribe\n' >mail
	run_ok lp-read -v mail mail
	assert_output '1 new, 1 known, 0 refused; of the new 1 matched, 1 opted out'
	assert_equal "$(sql 'SELECT status FROM leads')" suppressed
	assert_equal "$(sql 'SELECT account_id FROM inbox_messages')" 1
	run_err 65 'stdin: not a mail message' lp-read --account sales - </dev/null
	run_err 66 "no account 'x'" lp-read --account x - </dev/null
	run_err 66 "can't open 'take'" lp-read take mail
	run_st 64 lp-read --account sales </dev/null
	run_st 64 lp-read -n </dev/null
}

@test "an mbox: each message once, those to nobody here refused by number, the rest goes in" {
	world
	{
		printf 'From MAILER-DAEMON Mon Mar  2 09:00:00 2026\nFrom: bob@globex.example\nTo: ada@acme.example\nSubject: a\n\nhello\n>From the start\n\n'
		printf 'From x Mon Mar  2 09:00:00 2026\nFrom: zed@far.example\nTo: shop@far.example\nSubject: b\n\nhello\n\n'
		printf 'From x Mon Mar  2 09:00:00 2026\nFrom: zed@far.example\nCc: ada@acme.example\nSubject: c\n\nhello\n'
	} >box
	run_err 65 'box: message 2: it is to none of our accounts (shop@far.example): name the one that received it (--account)' lp-read box
	assert_equal "$(sql 'SELECT group_concat(subject) FROM inbox_messages')" a,c
	assert_equal "$(sql 'SELECT text FROM inbox_texts WHERE inbox_message_id = 1')" "$(printf 'hello\nFrom the start')"
	run_ok lp-read -v --account sales box
	assert_output '1 new, 2 known, 0 refused; of the new 0 matched, 0 opted out'
	# the same mail in the inbox's folder too
	printf 'From: bob@globex.example\nTo: ada@acme.example\nSubject: a\n\nhello\nFrom the start\n' >in/new/1.x
	run --separate-stderr lp-read <<<"$LINE"
	assert_equal "$(jq -c .result.new <<<"$output")" 0
}

@test "a deliverer is told to try again where the database can't be had" {
	world
	printf 'From: bob@globex.example\nTo: ada@acme.example\n\nhello\n' >mail
	run_err 75 'nowhere' lp-read -d nowhere.db - <mail
	sql 'PRAGMA user_version = 0'
	run_err 75 'lp-config' lp-read - <mail
}

@test "of a mail over inbox_max_bytes only the header is read: it stops, and a person looks" {
	world
	run_ok lp-config set inbox_max_bytes=1000
	{ printf 'From: bob@globex.example\nTo: ada@acme.example\nSubject: large\n\n'; head -c 5000 /dev/zero | tr '\0' x; } >mail
	run_ok lp-read mail
	assert_equal "$(sql "SELECT subject || '-' || text FROM inbox_messages, inbox_texts")" large-
	assert_equal "$(sql 'SELECT status FROM leads')" replied
}

@test "killed at any moment of reading a Maildir: each mail is on record once and has its effect once" {
	world
	for i in $(seq 1 130); do
		printf 'From: x%s@far.example\nMessage-ID: <%s@far.example>\n\nhello\n' $i $i >in/new/$i.x
	done
	printf 'From: bob@globex.example\nMessage-ID: <r@globex.example>\n\nhello\n' >in/new/131.x
	for ms in $(seq 4 6 90); do
		timeout -s KILL 0.0$(printf %02d "$ms") "${LP_FAST:-$LP_BIN}/lp-read" <<<"$LINE" >/dev/null 2>&1 || true
	done
	sql "UPDATE runs SET heartbeat_at = strftime('%Y-%m-%dT%H:%M:%fZ')"
	run --separate-stderr lp-read <<<"$LINE"
	assert_success
	assert_equal "$(sql 'SELECT count(*) FROM inbox_messages')" 131
	assert_equal "$(sql 'SELECT count(*) FROM notifications')" 1
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE task_type = 'classify_reply'")" 1
	assert_equal "$(ls in/new | wc -l)-$(ls in/cur | wc -l)" 0-131
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
