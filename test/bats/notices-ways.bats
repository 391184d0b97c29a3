# People are told by mail and by Slack: each way by itself, once, to configured addresses alone.
load helper
load world

setup() {
	lp_setup
	new_db
	run_ok lp-config set -q notify_email=boss@lead.example
}
teardown() {
	local p
	for p in ${SERVERS-}; do kill "$p" 2>/dev/null || true; done
}

# note TYPE TITLE [MESSAGE]: a notice, as a stage would open it
note() {
	sql "INSERT INTO notifications (id, type, title, message, command, created_at) VALUES (lower(hex(randomblob(16))), '$1', '$2', '${3-why}',
		'lp-log why t1', strftime('%Y-%m-%dT%H:%M:%fZ', '${LP_NOW}'))"
}
# begin PORTFILE COMMAND...: a server that writes its port there; $PORT
begin() {
	local file=$1 n=0
	shift
	rm -f "$file"
	"$@" >"$file.out" 2>&1 3>&- &
	SERVERS="${SERVERS-} $!"
	until [ -s "$file" ]; do
		sleep 0.02
		[ $((n += 1)) -lt 500 ] || return 1
	done
	PORT=$(cat "$file")
}
slack() {
	begin slack.port perl "$LP_TOP/test/tools/stub-slack.pl" slack.port slack.log faults
	export HOOK=http://127.0.0.1:$PORT/services/T0/B0/sEcReT42
	run_ok lp-config set -q notify_slack_webhook_env=HOOK
}
# mail [TO]: an account at a server of ours, and notices by it
mail() {
	begin smtp.port perl "$LP_TOP/test/tools/smtp-faults.pl" --port-file smtp.port --log stored
	run_ok lp-accounts add sales kind=smtp address=kim@lead.example host=127.0.0.1 "port=$PORT" security=none "in=$PWD/in"
	run_ok lp-config set -q notify_account=sales "notify_email=${1-boss@lead.example}"
}
# lines FILE: how many
lines() {
	if [ -e "$1" ]; then wc -l <"$1" | tr -d ' '; else echo 0; fi
}
tellings() {
	sql "SELECT transport || ' ' || state FROM notice_tellings ORDER BY digest, transport" | tr '\n' ' '
}
logged() {
	sql "SELECT message FROM agent_log_payloads WHERE message LIKE 'notices by %' ORDER BY log_id DESC LIMIT 1"
}

@test "Slack: one text for all, the most urgent first; not again" {
	slack
	note error 'one & <two>' 'a <!channel> & *b* <http://x.example|y>'
	note escalation 'A task needs you'
	run_ok lp-send -v notify
	assert_output '2 notices told'
	assert_equal "$(lines slack.log)" 1
	jq -r .text slack.log >text
	assert_equal "$(head -n 1 text)" 'LeadPilot: 2 things need you'
	grep -q '^1. A task needs you$' text
	grep -q '^2. one &amp; &lt;two&gt;$' text
	grep -q 'a &lt;!channel&gt; &amp; \*b\* &lt;http://x.example|y&gt;' text
	grep -q '&gt; lp-log why t1' text
	assert_equal "$(jq -c 'del(.text)' slack.log)" '{"mrkdwn":false,"unfurl_links":false,"unfurl_media":false}'
	LP_NOW=2026-03-02T11:00:00Z run_ok lp-send -v notify
	assert_output '0 notices told'
	assert_equal "$(lines slack.log)" 1
	# nothing of ours holds the address
	! grep -q sEcReT42 lp.db* || fail 'the webhook is in the database'
}

@test "Slack: hundreds are one text of its size, cut between characters" {
	slack
	for i in 1 2 3; do note error "$(printf '<ä%.0s' $(seq 300))" "$(printf '&é%.0s' $(seq 6000))"; done
	sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
		INSERT INTO notifications (id, type, title, message, created_at) SELECT 'x' || i, 'error', 't' || i, '<' || hex(zeroblob(3000)), '2026-03-02T10:00:00.000Z' FROM n"
	run_ok lp-send notify
	assert_equal "$(lines slack.log)" 1
	assert_equal "$(jq '.text | length < 40000 and length > 30000 and endswith("...")' slack.log)" true
}

@test "Slack: too fast, it waits as long as it is told; no server, it tries again; each as one digest" {
	slack
	echo '429 90' >faults
	note error one
	run_err 75 'lp-send: notices by slack: 429 rate_limited' lp-send notify
	LP_NOW=2026-03-02T10:01:29Z run_ok lp-send -v notify
	assert_output '0 notices told'
	LP_NOW=2026-03-02T10:01:30Z run_ok lp-send -v notify
	assert_output '1 notice told'
	assert_equal "$(lines slack.log)" 1
	kill $SERVERS
	SERVERS=
	export LP_NOW=2026-03-02T10:20:00Z
	note error two
	run_err 75 'lp-send: notices by slack: ' lp-send notify
	[[ $stderr != *sEcReT42* ]]
	run_ok lp-send notify # not before a minute
	LP_NOW=2026-03-02T10:40:00Z
	note error three
	slack
	run_ok lp-send -v notify
	assert_output '2 notices told'
	assert_equal "$(lines slack.log)" 2
	jq -r .text slack.log | grep -q 'LeadPilot: 2 things need you'
	assert_equal "$(tellings)" 'slack told slack told slack told '
}

@test "Slack: an answer that was lost isn't asked for again; nor what it refuses; the log says so" {
	slack
	n=0
	for f in told-drop drop html '500 rollup_error' '403 invalid_token' '400 user_not_found'; do
		echo "$f" >faults
		LP_NOW=2026-03-02T1$((n += 1)):00:00Z
		note error "$f"
		run_err 78 'lp-send: notices by slack: ' lp-send notify
		run_ok lp-send notify
		assert_equal "$(sql "SELECT state FROM notice_tellings ORDER BY digest DESC LIMIT 1")" dropped
		[[ $(logged) == 'notices by slack dropped: '* ]]
	done
	assert_equal "$(lines slack.log)" 1
	run_ok lp-report
	assert_output --partial told-drop # who looks sees it
}

@test "Slack: a webhook that is no more isn't used again, until there is another" {
	for f in '404 no_service' '410 channel_is_archived'; do
		slack
		echo "$f" >faults
		note error one
		run_err 78 "notices by slack: $f" lp-send notify
		run lp-log list
		assert_output --partial 'the service says that its address is no more'
		LP_NOW=2026-03-02T11:00:00Z
		note error two
		run_err 78 'notices by slack: the webhook is no more: set another' lp-send notify
		assert_equal "$(lines slack.log)" 0
		export HOOK=${HOOK}b LP_NOW=2026-03-02T12:00:00Z
		note error three
		run_ok lp-send notify
		assert_equal "$(lines slack.log)" 1
		rm slack.log lp.db*
		export LP_NOW=$MONDAY
		new_db
	done
}

@test "by an account: one mail to notify_email alone, whatever the hours, the limits, and the account's and the agent's state" {
	mail
	run_ok lp-config set -q max_messages_per_day=0 max_actions_per_hour=0 schedule_days=tue
	run_ok lp-accounts pause sales
	run_ok lp-stop -q -m 'for today'
	note error one
	note escalation two
	run_ok lp-send -v notify
	assert_output '2 notices told'
	assert_equal "$(jq -c '[.from, .to]' stored)" '["kim@lead.example","boss@lead.example"]'
	jq -r .data stored | tr -d '\r' >data
	grep -q '^Subject: LeadPilot: 2 things need you$' data
	grep -q '^Message-ID: <notices.1.1772445600000@lead.example>$' data
	grep -q '^Auto-Submitted: auto-generated$' data
	assert_equal "$(sql 'SELECT count(*) FROM outbox')" 0
	LP_NOW=2026-03-02T11:00:00Z run_ok lp-send notify
	assert_equal "$(lines stored)" 1
}

@test "by an account: refused for now it tries again under the same name; refused, or cut after the end, never" {
	mail once-451@boss.example
	note error one
	run_err 75 'notices by account: 451' lp-send notify
	run_ok lp-send notify
	LP_NOW=2026-03-02T10:05:00Z run_ok lp-send -v notify
	assert_output '1 notice told'
	assert_equal "$(lines stored)" 1
	n=0
	for to in rcpt-550_5.1.1_unknown drop-dot; do
		run_ok lp-config set -q "notify_email=$to@boss.example"
		LP_NOW=2026-03-02T1$((n += 1)):00:00Z
		note error "$to"
		run_err 78 'notices by account: ' lp-send notify
		run_ok lp-send notify
		LP_NOW=2026-03-02T1$n:30:00Z run_ok lp-send notify
		assert_equal "$(sql "SELECT state FROM notice_tellings ORDER BY digest DESC LIMIT 1")" dropped
	done
	assert_equal "$(lines stored)" 2 # what was cut was there: not twice
	assert_equal "$(sql 'SELECT count(*) FROM suppressions')" 0
	assert_equal "$(sql 'SELECT status FROM accounts')" active
}

@test "a crash on the wire: what died there is dropped, not told twice" {
	mail
	slack
	note error one
	run_ok lp-send notify
	assert_equal "$(lines stored) $(lines slack.log)" '1 1'
	sql "UPDATE notice_tellings SET state = 'sending'"
	LP_NOW=2026-03-02T10:09:59Z run_ok lp-send notify # somebody may be at it
	assert_equal "$(tellings)" 'account sending slack sending '
	LP_NOW=2026-03-02T10:10:00Z run_ok lp-send notify
	assert_equal "$(tellings)" 'account dropped slack dropped '
	assert_equal "$(lines stored) $(lines slack.log)" '1 1'
	assert_equal "$(logged)" 'notices by slack: it is not known whether they were told (lp-inbox notices)'
}

@test "ten at once tell once by each way" {
	mail
	slack
	run_ok lp-config set -q "notify_maildir=$PWD/box"
	note error one
	note error two
	pids=
	for i in 1 2 3 4 5 6 7 8 9 10; do
		lp-send notify &
		pids="$pids $!"
	done
	wait $pids
	assert_equal "$(tellings)" 'account told maildir told slack told '
	assert_equal "$(lines stored) $(lines slack.log) $(mails "$PWD/box")" '1 1 1'
}

@test "one way that fails holds up no other, nor a task; each remembers what it told" {
	mail
	slack
	run_ok lp-config set -q notify_maildir=/dev/null/box
	echo drop >faults
	note error one
	run_err 78 'lp-send: notices by maildir: ' lp-send notify
	assert_equal "$(tellings)" 'account told maildir due slack dropped '
	note error two
	LP_NOW=2026-03-02T10:10:00Z run_err 78 'lp-send: notices by maildir: ' lp-send notify
	assert_equal "$(lines stored) $(lines slack.log)" '2 1'
	run_ok lp-config set -q "notify_maildir=$PWD/box"
	LP_NOW=2026-03-02T10:20:00Z run_ok lp-send notify
	assert_equal "$(lines stored) $(lines slack.log) $(mails "$PWD/box")" '2 1 2'
	# in a tick: it did its work, and says at its end that somebody couldn't be told
	note error three
	unset HOOK
	LP_NOW=2026-03-02T11:00:00Z run_err 78 'lp-send: notices by slack: ' lp-tick
	assert_equal "$(sql "SELECT status FROM ticks ORDER BY seq DESC LIMIT 1")" 0
	assert_equal "$(lines stored) $(mails "$PWD/box")" '3 3'
	LP_NOW=2026-03-02T11:00:30Z run_ok lp-tick # not at each tick
}

@test "what isn't whole says so: no address, no account, one that carries no mail, no variable; a simulated file reaches nobody" {
	note error one
	mail
	run_ok lp-config set -q notify_email=
	run_err 78 'notices by account: notify_account needs notify_email' lp-send notify
	run_ok lp-config set -q notify_email=boss@lead.example notify_account=nobody
	LP_NOW=2026-03-02T11:00:00Z run_err 78 "notices by account: notify_account: there is no account 'nobody'" lp-send notify
	sql "UPDATE accounts SET channel = 'sms'"
	run_ok lp-config set -q notify_account=sales
	LP_NOW=2026-03-02T12:00:00Z run_err 78 "notices by account: notify_account: account 'sales' carries no mail" lp-send notify
	sql "UPDATE accounts SET channel = 'email', settings = json_set(settings, '\$.host', 'mail.lead.example', '\$.security', 'tls')"
	LP_NOW=2026-03-02T14:00:00Z run_err 78 'this is a simulated file' lp-send notify
	run_ok lp-config set -q notify_account= notify_slack_webhook_env=HOOK
	note error two
	LP_NOW=2026-03-02T14:00:00Z run_err 78 'notices by slack: ' lp-send notify
	[[ $stderr == *HOOK* ]]
	HOOK=https://hooks.slack.com/services/T0/B0/x LP_NOW=2026-03-02T16:00:00Z run_err 78 'notices by slack: this is a simulated file' lp-send notify
	assert_equal "$(lines stored)" 0
}

@test "whoever reads them meanwhile needs no telling; what is added later has its own digest" {
	mail
	run_ok lp-config set -q notify_interval=0
	kill $SERVERS
	SERVERS=
	note error one
	run_err 75 'notices by account: ' lp-send notify
	run_ok lp-inbox done n1
	begin smtp.port perl "$LP_TOP/test/tools/smtp-faults.pl" --port-file smtp.port --log stored
	run_ok lp-accounts set sales "port=$PORT"
	LP_NOW=2026-03-02T10:30:00Z run_ok lp-send -v notify
	assert_equal "$(lines stored)" 0
	assert_equal "$(tellings)" 'account told '
}
