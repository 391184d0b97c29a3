# lp-start, lp-stop and the STOP file
load helper

enabled() {
	sql 'SELECT is_enabled, status, ifnull(status_reason, "") FROM agent_configs'
}

# A lead, a campaign, an account, a message on the wire and tasks in each state, straight into the tables.
some_work() {
	sql "INSERT INTO accounts (seq, id, name, kind, channel, address, created_at, updated_at) VALUES (1, 'a', 'sales', 'maildir', 'email', 'k@x.example', '', '');
		INSERT INTO campaigns (seq, id, name, status, created_at, updated_at) VALUES (1, 'c', 'hello', 'running', '', ''), (2, 'd', 'later', 'draft', '', '');
		INSERT INTO persons VALUES (1, 'p', ''), (2, 'q', '');
		INSERT INTO leads (seq, id, person_id, email, status, source, source_at, created_at, updated_at)
			VALUES (1, 'l', 1, 'ann@acme.example', 'active', 's', '', '', ''), (2, 'm', 2, 'bob@acme.example', 'suppressed', 's', '', '', '');
		INSERT INTO messages (seq, id, purpose, rfc_message_id, lead_id, campaign_id, account_id, channel, created_at, updated_at)
			VALUES (1, 'x', 'seq:1:1', 'x@x', 1, 1, 1, 'email', '', '');
		INSERT INTO outbox (message_id, rfc_message_id, task_id, lead_id, campaign_id, account_id, channel, recipient, content_hash, first_contact, state, reserved_at, updated_at)
			VALUES (1, 'x@x', 1, 1, 1, 1, 'email', 'ann@acme.example', 'h', 1, 'reserved', '', '');
		INSERT INTO agent_tasks (id, task_type, status, scheduled_for, created_at, campaign_id, lead_id, message_id, hold_kind, updated_at)
			VALUES ('t1', 'send_message', 'pending', '', '', 1, 1, 1, NULL, ''), ('t2', 'report', 'pending', '', '', NULL, NULL, NULL, NULL, ''),
			('t3', 'send_message', 'awaiting_approval', '', '', 1, 1, NULL, 'approval', '');"
}

@test "start and stop: said, logged, idempotent" {
	new_db
	assert_equal "$(enabled)" '0|idle|'
	run_ok lp-start -m go
	assert_equal "$(enabled)" '1|running|go'
	run_ok lp-start
	run_ok lp-stop -m 'wrong price'
	assert_line 'stopped: all: nothing leaves from now on'
	assert_equal "$(enabled)" '0|paused|wrong price'
	run_ok lp-stop
	assert_equal "$(sql "SELECT group_concat(message, '; ') FROM agent_log_payloads WHERE message LIKE 'agent %'")" \
		'agent started: go; agent stopped: wrong price'
}

@test "stop: says what was on the wire and what is held; -n stops nothing" {
	new_db
	lp-start
	some_work
	run_ok lp-stop -n
	assert_line 'would be stopped: all: nothing leaves from now on'
	assert_equal "$(enabled)" '1|running|'
	run_ok lp-stop
	assert_line --regexp '^ +1 on the wire'
	assert_line --regexp '^ +2 held, planned'
	assert_line --regexp '^ +1 held, waiting for approval'
	run_ok lp-stop -j
	assert_equal "$(jqs '[.on_wire, .pending, .awaiting_approval, .running]')" '[1,2,1,0]'
}

@test "stop and start one campaign, account, lead" {
	new_db
	lp-start
	some_work
	run_ok lp-stop --campaign hello --account a1 --lead ann@acme.example -m why -j
	assert_equal "$(jq -s -c 'map([.stopped, .name, .pending])' <<<"$output")" '[["campaign","hello",1],["account","a1",1],["lead","ann@acme.example",1]]'
	assert_equal "$(sql 'SELECT c.status, a.status, l.status, c.status_reason, l.version FROM campaigns c, accounts a, leads l WHERE c.seq = 1 AND l.seq = 1')" \
		'paused|paused|paused|why|2'
	assert_equal "$(enabled)" '1|running|'
	run_ok lp-start --campaign c1 --account sales --lead l1
	assert_equal "$(sql 'SELECT c.status, a.status, l.status FROM campaigns c, accounts a, leads l WHERE c.seq = 1 AND l.seq = 1')" 'running|active|active'
}

@test "start: what can't be started like that, and what isn't there" {
	new_db
	lp-start
	some_work
	run_err 77 'campaign c2 is a draft: lp-campaigns start' lp-start --campaign later
	run_err 77 "lead l2 is 'suppressed'" lp-start --lead l2
	# all or nothing
	run_ok lp-stop --campaign hello -q
	run_st 77 lp-start --campaign hello --lead bob@acme.example
	assert_equal "$(sql 'SELECT status FROM campaigns WHERE seq = 1')" paused
	run_err 1 "no campaign 'hell'" lp-stop --campaign hell
	run_err 64 "'c1' is a campaign, not a lead" lp-stop --lead c1
	run_err 64 "'l1' is a lead, not an account" lp-stop --account l1
	run_err 66 'no such database' lp-stop -d none.db
	assert [ ! -e STOP ]
	run_st 64 lp-stop hello
}

@test "the file STOP: start refuses, -y removes it" {
	new_db
	touch STOP
	run_err 77 "the file '$PWD/STOP' stops the agent: remove it" lp-start
	assert_equal "$(enabled)" '0|idle|'
	run_ok lp-start -n -y
	assert [ -e STOP ]
	run_ok lp-start -y
	assert [ ! -e STOP ]
	assert_equal "$(enabled)" '1|running|'
	ln -s nowhere STOP
	run_st 77 lp-start
}

@test "one thing started while all is stopped: it says that nothing leaves yet" {
	new_db
	some_work
	run_st 0 lp-start --lead l1
	[[ $stderr == *'nothing leaves yet: the agent is not started yet'* ]]
}

@test "stop: where the database can't be written, the file does it" {
	live_db
	lp-start
	LP_NOW=$MONDAY run_st 78 lp-stop
	[[ $stderr == *"the clock is set"*"so the file '$PWD/STOP' was made"* ]]
	assert [ -e STOP ]
}
