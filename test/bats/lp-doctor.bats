# lp-doctor
load helper

@test "doctor: no database, no LeadPilot database" {
	run_st 78 lp-doctor
	assert_line --regexp '^fail +database .*no such database.*next: lp-config init$'
	echo text >lp.db
	run_st 78 lp-doctor
	assert_line --regexp '^fail +database .*not a LeadPilot database'
}

@test "doctor: a fresh file: what there is, what comes next" {
	new_db
	run --separate-stderr lp-doctor
	assert_line --regexp '^ok +database .*lp.db, schema [0-9]+, simulated$'
	assert_line --regexp '^ok +clock .*simulated'
	assert_line --regexp '^ok +hours +UTC, now open$'
	assert_line --regexp '^warn +account +none yet.*next: lp-accounts add$'
	assert_line --regexp '^warn +leads .*next: lp-leads import FILE$'
	assert_line --regexp '^warn +agent +not started yet'
	assert_line --regexp '^warn +tick .*lp-config cron'
	refute_line --regexp '^fail +(database|clock|hours|disk|env)'
	# it changed nothing
	assert_equal "$(sql 'SELECT count(*) FROM agent_logs')" "$(sql "SELECT count(*) FROM agent_log_payloads")"
	run --separate-stderr lp-doctor -j
	jq -es 'map(select(.check == "account" and .status == "warn" and .next == "lp-accounts add")) | length == 1' <<<"$output" >/dev/null
}

@test "doctor: others can read the database, or cron's secrets" {
	new_db
	chmod 644 lp.db
	mkdir -p .config/leadpilot
	echo TOKEN=x >.config/leadpilot/env
	chmod 640 .config/leadpilot/env
	run_st 78 lp-doctor -q
	assert_line --regexp "^fail +database +others can read or write it; next: chmod 600 $LP_DB$"
	assert_line --regexp '^fail +env +others can read .*; next: chmod 600 .*/env$'
	refute_line --regexp '^ok'
	[[ $output != *TOKEN* ]]
}

@test "doctor: a clock left set, a zone that isn't known here, a variable that isn't there" {
	live_db
	LP_NOW=$MONDAY run_st 78 lp-doctor -q
	assert_line --regexp '^fail +clock .*next: unset LP_NOW$'
	lp-config set llm_provider=anthropic
	run --separate-stderr lp-doctor -q
	assert_line --regexp '^warn +model +llm_provider is anthropic, and no key is named: .*; next: lp-config set llm_key_env=NAME$'
	lp-config set llm_provider=command
	run --separate-stderr lp-doctor -q
	assert_line --regexp '^warn +model +llm_provider is command, and no program is named; next: lp-config set llm_command=...$'
	# the second one too; a server of one's own asks for none
	lp-config set llm_provider=offline llm_fallback=anthropic
	run --separate-stderr lp-doctor -q
	assert_line --regexp '^warn +model +llm_fallback is anthropic, and no key is named: .*; next: lp-config set llm_fallback_key_env=NAME$'
	lp-config set llm_fallback_base_url=http://127.0.0.1:8080
	run --separate-stderr lp-doctor -q
	refute_line --regexp '^warn +model'
	lp-config set llm_fallback= llm_fallback_base_url=
	lp-config set schedule_timezone=Europe/Berlin notify_slack_webhook_env=NO_SUCH_HOOK
	TZDIR=$PWD/nowhere run_st 78 lp-doctor
	assert_line --regexp "^fail +hours +unknown time zone 'Europe/Berlin': no zone files"
	assert_line --regexp '^warn +env +notify_slack_webhook_env: NO_SUCH_HOOK is not set, neither here nor for cron; next: put a line NO_SUCH_HOOK=... into .*/env, and chmod 600 it$'
}

@test "doctor: programs missing beside it; a stop file; a stop" {
	new_db
	mkdir alone
	cp "$(command -v lp-doctor)" alone/
	PATH=/usr/bin:/bin run_st 78 alone/lp-doctor
	assert_line --regexp '^fail +programs +not found: lp-tick .*next: make install$'
	lp-start
	touch STOP
	run --separate-stderr lp-doctor -q
	assert_line --regexp "^warn +agent +stopped by the file '.*STOP'"
	rm STOP
	lp-stop -q -m 'wrong price'
	run --separate-stderr lp-doctor -q
	assert_line --regexp '^warn +agent +stopped: wrong price; next: lp-start$'
}

@test "doctor: an account whose Maildir can't be written, one of an unknown kind, a paused one" {
	new_db
	mkdir there
	touch file
	sql "INSERT INTO accounts (id, name, kind, channel, address, settings, status, created_at, updated_at) VALUES
		('1', 'good', 'maildir', 'email', 'a@x.example', '{\"out\":\"$PWD/there/Maildir\",\"in\":\"$PWD/there/in\"}', 'active', '', ''),
		('2', 'bad', 'maildir', 'email', 'b@x.example', '{\"out\":\"$PWD/file/Maildir\"}', 'active', '', ''),
		('3', 'odd', 'pigeon', 'email', 'c@x.example', '{}', 'active', '', ''),
		('4', 'tired', 'maildir', 'email', 'd@x.example', '{\"out\":\"/tmp\"}', 'paused', '', '')"
	run_st 78 lp-doctor
	assert_line --regexp '^ok +account +good: maildir from a@x.example, 30 a day$'
	assert_line --regexp "^fail +account +bad: out: '$PWD/file/Maildir' can't be written"
	assert_line --regexp '^fail +account +odd: .*pigeon'
	assert_line --regexp '^warn +account +tired: paused: nothing leaves from it; next: lp-accounts start tired$'
	assert [ ! -e there/Maildir ]
}

@test "doctor: an account's secrets as cron will have them, its files, its programs, its login" {
	live_db
	mkdir -p .config/leadpilot in
	touch ca.pem
	lp-accounts add kim kind=smtp address=kim@x.example host=mail.x.example ca_file=ca.pem password_env=KIM_PASS in=in
	run_st 78 lp-doctor -q
	assert_line --regexp "^fail +account +kim: password_env: KIM_PASS is not set, neither here nor for cron; next: put a line KIM_PASS=... into $PWD/.config/leadpilot/env, and chmod 600 it$"
	KIM_PASS=marker-secret run --separate-stderr lp-doctor -q
	assert_line --regexp '^warn +account +kim: password_env: KIM_PASS is set in this shell alone'
	refute_output -p marker-secret
	printf '# mail\n\nKIM_PASS=marker-secret\n' >.config/leadpilot/env
	chmod 600 .config/leadpilot/env
	run --separate-stderr lp-doctor
	assert_line --regexp '^ok +account +kim: smtp from kim@x.example, 30 a day$'
	refute_output -p marker-secret
	# a line that ends every tick
	echo KIM_PASS marker-secret >>.config/leadpilot/env
	run_st 78 lp-doctor -q
	assert_line --regexp '^fail +env .*/env:4: not NAME=VALUE$'
	refute_output -p marker-secret
	rm .config/leadpilot/env ca.pem
	lp-accounts set kim password_env= password_command='/no/such/pass mail' in=
	run_st 78 lp-doctor -q
	assert_line --regexp "^fail +account +kim: ca_file: '.*ca.pem': No such file"
	assert_line --regexp "^fail +account +kim: password_command: '/no/such/pass': No such file"
	assert_line --regexp "^warn +account +kim: replies can't be seen, .*; next: lp-accounts set kim in=MAILDIR"
	lp-accounts set kim password_command= ca_file= in=in
	run --separate-stderr lp-doctor -q
	assert_line --regexp '^warn +account +kim: no login: .*; next: lp-accounts set kim password_env=NAME$'
	lp-accounts set kim oauth=google oauth_client_id=x
	run_st 78 lp-doctor -q
	assert_line --regexp '^fail +account +kim: nobody is logged in; next: lp-accounts login kim$'
	# a program that may be run, and written by root alone
	lp-accounts add local kind=sendmail address=lee@x.example command='/bin/sh -c true' in=in
	run --separate-stderr lp-doctor
	assert_line --regexp '^ok +account +local: sendmail from lee@x.example'
}

@test "doctor: ticks that stopped, or ended badly" {
	new_db
	sql "INSERT INTO ticks (started_at, ended_at, status) VALUES ('2026-03-02T09:50:00.000Z', '2026-03-02T09:50:01.000Z', 0)"
	run --separate-stderr lp-doctor
	assert_line --regexp '^ok +tick +10 minutes ago$'
	sql "UPDATE ticks SET status = 75"
	run --separate-stderr lp-doctor
	assert_line --regexp '^warn +tick .*ended with status 75'
	sql "UPDATE ticks SET started_at = '2026-02-27T10:00:00.000Z'"
	run --separate-stderr lp-doctor
	assert_line --regexp '^warn +tick .*72 hours ago'
}

@test "doctor: somebody is told, or is told that nobody is" {
	live_db
	run --separate-stderr lp-doctor -q
	assert_line --regexp '^warn +notices +nobody is told of answers and trouble; next: lp-config set notify_email=... notify_account=NAME, or'
	lp-config set notify_email=desk@x.example
	run --separate-stderr lp-doctor -q
	assert_line --regexp '^warn +notices +no mail goes to desk@x.example: no account carries it; next: lp-config set notify_account=NAME$'
	lp-config set notify_account=wa
	lp-accounts add wa kind=whatsapp address=+4915112345678 phone_number_id=1 token_env=NO_SUCH_TOKEN inbound=pushed
	run_st 78 lp-doctor -q
	assert_line --regexp "^fail +notices +notify_account: 'wa' is no account that carries mail"
	lp-accounts add mail kind=maildir address=a@x.example out=out in=in
	lp-config set notify_account=mail notify_email=
	run_st 78 lp-doctor -q
	assert_line --regexp "^fail +notices .* doesn't say to whom; next: lp-config set notify_email=...$"
	lp-config set notify_email=desk@x.example
	run --separate-stderr lp-doctor
	assert_line --regexp '^ok +notices +by mail to desk@x.example$'
	# an account of a telephone, by name
	run_st 78 lp-doctor wa
	assert_line --regexp '^fail +token +no such environment variable NO_SUCH_TOKEN'
	NO_SUCH_TOKEN=x run_ok lp-doctor wa
	assert_line --regexp '^ok +in +pushed by a webhook$'
}
