load helper
load world

TUESDAY=2026-03-03T10:00:00Z

# A lead for each thing that a server may do wrong; each message is judged and due, none reserved.
FAULTS='good better rcpt-550_5.1.1_unknown_user rcpt-450_4.2.1_busy rcpt-550_5.7.1_relaying_denied data-451 data-554_5.7.26_unauthenticated dot-451 dot-554_5.2.2_mailbox_full
dot-550_5.7.515_access_denied once-451 drop-rcpt drop-data drop-half drop-dot lost-dot stall-rcpt stall-data stall-half stall-dot endless-rcpt lines-rcpt drip-rcpt early-552 junk-rcpt
twice-data bye-421 rcpt-421_4.7.32_rate_limit last'

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup
	server "$BATS_FILE_TMPDIR"
	world_new && lp-config init --simulated -q &&
		lp-config set -q slot_grace=2d max_messages_per_day=100 max_leads_per_day=100 max_messages_per_company=100 schedule_enabled=false &&
		lp-accounts add sales kind=smtp address=kim@ours.example host=127.0.0.1 "port=$PORT" security=none timeout=1 in=in daily_limit=100 answer_share=0 gap_seconds=0 || return 1
	{
		echo first_name,company,email
		n=0
		for f in $FAULTS; do echo "Fay,C$((n += 1)),$f@c$n.example"; done
	} >leads.csv
	printf 'name: hello\nsteps:\n  - subject: A question\n    body: |\n      Hi {{first_name}},\n      .a line with a dot\n      .\n      bye\n' >hello.yaml
	mkdir -p in/new in/cur in/tmp
	lp-campaigns load -q hello.yaml && lp-leads import -q leads.csv --campaign hello && lp-approve yes hello -y && lp-campaigns start -q hello && lp-start -q &&
		lp-enqueue due && pipe && lp-enqueue due && export LP_NOW=$TUESDAY && half && cp -R . ../gated && cd .. || return 1
	kill "$SERVER"
}

gated() {
	use gated && export LP_NOW=$TUESDAY
}

# server DIR [OPTION...]: one of its own; $PORT
server() {
	local dir=$1 n=0
	shift
	rm -f "$dir/port"
	perl "$LP_TOP/test/tools/smtp-faults.pl" --port-file "$dir/port" --log "$dir/stored" "$@" >"$dir/server.out" 2>&1 3>&- &
	SERVER=$!
	while [ ! -s "$dir/port" ]; do
		sleep 0.02
		[ $((n += 1)) -lt 500 ] || return 1
	done
	PORT=$(cat "$dir/port")
}

setup() {
	gated
}
teardown() {
	[ -z "${SERVER-}" ] || kill "$SERVER" 2>/dev/null || true
}

# begin [OPTION...]: a server, and the account at it
begin() {
	server "$BATS_TEST_TMPDIR" --password hunter-7 "$@"
	run_ok lp-accounts set sales "port=$PORT"
}

# to FAULT...: send these alone. What became of each: "state code status"
to() {
	local f
	for f; do grep -F "\"$f@" gated; done >some
	run_st 0 lp-send <some
	[ -z "$stderr" ] || fail "$stderr"
}
row() {
	sql "SELECT o.state || ' ' || ifnull(o.code, '-') || ' ' || ifnull(o.status, '-') FROM outbox o WHERE o.recipient GLOB '$1@*'"
}
stored() {
	if [ -e "$BATS_TEST_TMPDIR/stored" ]; then wc -l <"$BATS_TEST_TMPDIR/stored" | tr -d ' '; else echo 0; fi
}

@test "one line for many messages; the bytes arrive as they were composed" {
	begin
	lp-send -n "$(sql "SELECT 'm' || seq FROM messages WHERE recipient GLOB 'good*'")" | sed '1d;$d' >composed
	to good better last
	assert_equal "$(row good)" 'sent 250 -'
	assert_equal "$(stored)" 3
	assert_equal "$(jq -s '[.[].connection] | unique | length' "$BATS_TEST_TMPDIR/stored")" 1
	run jq -r 'select(.to | startswith("good")).data' "$BATS_TEST_TMPDIR/stored"
	assert_line $'From: kim@ours.example\r'
	assert_line $'Hi Fay,\r'
	assert_line $'.a line with a dot\r'
	assert_line $'.\r'
	assert_line $'bye\r'
	jq -r 'select(.to | startswith("good")).data' "$BATS_TEST_TMPDIR/stored" | tr -d '\r' | sed '$d' >came
	run diff <(grep -v ^Date: composed) <(grep -v ^Date: came)
	assert_success
}

@test "a server without PIPELINING gets one command after the other" {
	begin --no-pipelining
	to good rcpt-450_4.2.1_busy better
	assert_equal "$(row good)" 'sent 250 -'
	assert_equal "$(row rcpt-450)" ''
	assert_equal "$(row 'rcpt-450*')" 'deferred 450 4.2.1'
	assert_equal "$(jq -s '[.[].connection] | unique | length' "$BATS_TEST_TMPDIR/stored")" 1
}

@test "4xx and a cut before the end of the message: deferred; the line serves the next" {
	begin
	to rcpt-450_4.2.1_busy data-451 dot-451 drop-rcpt drop-data bye-421 junk-rcpt twice-data good
	assert_equal "$(row 'rcpt-450*')" 'deferred 450 4.2.1'
	assert_equal "$(row data-451)" 'deferred 451 -'
	assert_equal "$(row dot-451)" 'deferred 451 -'
	for f in drop-rcpt drop-data junk-rcpt twice-data; do assert_equal "$(row $f)" 'deferred - -'; done
	assert_equal "$(row bye-421)" 'deferred 421 4.3.2'
	assert_equal "$(row good)" 'sent 250 -'
	assert_equal "$(stored)" 1
	# none of them is the address's fault or ours
	assert_equal "$(sql 'SELECT count(*) FROM suppressions')" 0
	assert_equal "$(sql 'SELECT status FROM accounts')" active
}

@test "no answer, or one without end, before the end of the message: deferred, in bounded time" {
	begin
	to stall-rcpt stall-data endless-rcpt lines-rcpt drip-rcpt good
	for f in stall-rcpt stall-data endless-rcpt lines-rcpt drip-rcpt; do assert_equal "$(row $f)" 'deferred - -'; done
	assert_equal "$(row good)" 'sent 250 -'
}

@test "a cut or silence once the whole message is handed over: unknown, not sent again by itself" {
	begin
	to drop-dot lost-dot stall-dot stall-half
	for f in drop-dot lost-dot stall-dot stall-half; do assert_equal "$(row $f)" 'unknown - -'; done
	assert_equal "$(stored)" 1
	to drop-dot lost-dot stall-dot stall-half
	assert_equal "$(stored)" 1
	assert_equal "$(sql "SELECT count(*) FROM notifications WHERE title GLOB '*not known*'")" 4
	m=$(sql "SELECT 'm' || message_id FROM outbox WHERE recipient GLOB 'lost-dot*'")
	run_ok lp-send resolve "$m" unsent
	assert_equal "$(row lost-dot)" 'deferred - -'
	# what is known now is no news any more
	assert_equal "$(sql "SELECT count(*) FROM notifications WHERE title GLOB '*not known*' AND read_at IS NULL")" 3
}

# the mail of FAULT is on the wire for long, is taken for lost, and somebody says sent or unsent of it before the server answers
said_before() {
	begin --delay 2500
	lp-accounts set -q sales timeout=10
	to "$1" &
	local pid=$!
	until [ "$(sql "SELECT state FROM outbox")" = reserved ]; do sleep 0.05; done
	sql "UPDATE outbox SET state = 'unknown'; UPDATE messages SET status = 'unknown' WHERE seq = (SELECT message_id FROM outbox)"
	run_ok lp-send resolve "$(sql "SELECT 'm' || message_id FROM outbox")" "$2"
	wait $pid
}

@test "somebody said 'unsent' too early, and the server took it after all: it is sent, and doesn't leave again" {
	said_before good unsent
	assert_equal "$(row good)" 'sent 250 -'
	assert_equal "$(sql "SELECT status FROM messages WHERE seq = (SELECT message_id FROM outbox)")" sent
	to good
	assert_equal "$(stored)" 1
}

@test "somebody said 'sent' too early, and the server refused it after all: the log tells both" {
	said_before dot-554_5.2.2_mailbox_full sent
	assert_equal "$(sql "SELECT state FROM outbox")" sent
	run_ok lp-log list --type error
	assert_output --partial "an answer came when it was on record as 'sent': "
	assert_output --partial 'mailbox full'
	run_ok lp-log verify
}

# the mail of FAULT was reserved, and its pipeline died
died() {
	begin
	grep -F "\"$1@" gated >some
	lp-send <some >/dev/null
	sql "UPDATE outbox SET state = 'reserved', sent_at = NULL, code = NULL, response = NULL; UPDATE messages SET status = 'due', sent_at = NULL WHERE seq = (SELECT message_id FROM outbox)"
	task=$(sql "SELECT task_id FROM outbox")
	sql "UPDATE runs SET heartbeat_at = '2000-01-01T00:00:00.000Z'; UPDATE agent_tasks SET status = 'pending', lease = NULL, ready = 0, scheduled_for = '2027-01-01T00:00:00.000Z'
		WHERE status = 'running' AND seq <> $task"
}
unknown_and_told() {
	assert_equal "$(sql "SELECT o.state, m.status FROM outbox o JOIN messages m ON m.seq = o.message_id")" 'unknown|unknown'
	assert_equal "$(sql "SELECT count(*) FROM notifications WHERE dedupe_key LIKE 'unknown:%'")" 1
	assert_equal "$(stored)" 1
}

@test "a pipeline died with a mail on the wire: unknown, and told, whatever speaks against the mail since" {
	for what in : 'lp-leads suppress -q good@c1.example' 'lp-leads pause -q l1' 'lp-stop -q' 'lp-campaigns pause -q hello'; do
		gated
		died good
		$what
		pipe
		unknown_and_told
		kill "$SERVER"
		rm "$BATS_TEST_TMPDIR/stored"
	done
}

@test "the same line once more, while its first lp-send may still be at it: unknown" {
	died good
	run_st 0 lp-send <some
	unknown_and_told
}

@test "a pipeline died with a mail on the wire for the last time: unknown, and told" {
	died good
	sql "UPDATE agent_tasks SET crashes = 3 WHERE seq = $task"
	run_ok lp-tasks claim
	assert_equal "$(sql "SELECT status, outcome FROM agent_tasks WHERE seq = $task")" 'failed|crashed'
	unknown_and_told
}

@test "5xx: refused; a dead address is suppressed, a full one and an early end are not" {
	begin
	to rcpt-550_5.1.1_unknown_user dot-554_5.2.2_mailbox_full early-552 good
	assert_equal "$(row 'rcpt-550_5.1.1*')" 'refused 550 5.1.1'
	assert_equal "$(row 'dot-554*')" 'refused 554 5.2.2'
	assert_equal "$(row early-552)" 'refused 552 5.3.4'
	assert_equal "$(row good)" 'sent 250 -'
	assert_equal "$(sql 'SELECT count(*) FROM suppressions')" 1
	assert_equal "$(sql "SELECT count(*) FROM suppressions WHERE value GLOB 'rcpt-550_5.1.1*'")" 1
}

@test "what is our fault holds the account and no lead: authentication, policy, rate" {
	for f in data-554_5.7.26_unauthenticated dot-550_5.7.515_access_denied rcpt-421_4.7.32_rate_limit; do
		gated
		begin
		to "$f" good
		[[ $(row "$f") == deferred* ]] || fail "$f: $(row "$f")"
		assert_equal "$(sql 'SELECT status FROM accounts')" stopped
		assert_equal "$(row good)" ''
		assert_equal "$(sql 'SELECT count(*) FROM suppressions')" 0
		kill "$SERVER"
	done
}

@test "451 once: sent later, under the same Message-ID" {
	begin
	to once-451
	assert_equal "$(row once-451)" 'deferred 451 4.3.0'
	id=$(sql "SELECT rfc_message_id FROM outbox")
	lp-tasks settle <<<"$output" >/dev/null
	export LP_NOW=2026-03-03T10:10:00Z
	run_ok pipe --type send_message
	assert_equal "$(row once-451)" 'sent 250 -'
	assert_equal "$(jq -r .message_id "$BATS_TEST_TMPDIR/stored")" "$id"
}

@test "a server that hangs up after each message costs no message" {
	begin --per 1
	to good better last
	assert_equal "$(stored)" 3
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE state = 'sent' AND tries = 1")" 3
}

@test "SIZE: a message that is too large is refused before it is sent" {
	begin --size 300
	to good
	assert_equal "$(row good)" 'refused - -'
	[[ $output == *'takes 300 at most'* ]] || fail "$output"
	assert_equal "$(stored)" 0
}

# what holds before anything is reserved
held() {
	sql "DELETE FROM verdicts WHERE stage = 'send'" # of the try before
	run_st 0 lp-send <<<"$(grep -F '"good@' gated)"
	assert_equal "$(sql 'SELECT count(*) FROM outbox')" 0
	[[ $output == *"$1"* ]] || fail "no '$1' in: $output"
}

@test "no server, no such host, a greeting that refuses, silence: nothing is reserved, and it says why" {
	begin --greet '554 5.7.1 your address is listed'
	held 'your address is listed'
	kill "$SERVER"
	held "can't connect to 127.0.0.1 port"
	run_ok lp-accounts set sales timeout=2 security=tls host=no.such.host.invalid
	run lp-send <<<"$(grep -F '"good@' gated)"
	[[ $output == *'nothing of it reaches past this machine'* ]] || fail "$output"
	begin --stall-greet
	run_ok lp-accounts set sales timeout=1 host=127.0.0.1 security=none
	held "not greeted by a mail server within 1 s (is 'port' right?"
	kill "$SERVER"
	begin --ehlo-endless
	held 'Too large'
}

certificates() {
	mkdir -p tls old
	sh "$LP_TOP/test/tools/certs.sh" tls
	sh "$LP_TOP/test/tools/certs.sh" old --expired
	CA=$PWD/tls/ca.pem
}

@test "R4: TLS from the start and STARTTLS; each way to log in; a wrong password, a foreign and an expired certificate hold" {
	certificates
	export SECRET=hunter-7
	for mech in PLAIN LOGIN CRAM-MD5; do
		gated
		certificates
		begin --tls-dir "$PWD/tls" --implicit --auth "$mech"
		run_ok lp-accounts set sales host=localhost security=tls "ca_file=$CA" user=sdr password_env=SECRET
		to good better
		assert_equal "$(row better)" 'sent 250 -'
		assert_equal "$(tail -n 1 "$BATS_TEST_TMPDIR/stored" | jq -c '[.tls, .user]')" '[true,"sdr"]'
		kill "$SERVER"
		begin --tls-dir "$PWD/tls" --auth "$mech"
		run_ok lp-accounts set sales security=starttls
		to last
		assert_equal "$(row last)" 'sent 250 -'
		kill "$SERVER"
	done
	gated
	certificates
	begin --tls-dir "$PWD/tls" --auth PLAIN
	run_ok lp-accounts set sales host=localhost security=starttls "ca_file=$CA" user=sdr password_env=SECRET
	SECRET=wrong-7 held "(as 'sdr': are user and password right?)"
	run_ok lp-accounts set sales auth=cram-md5
	held 'no login that fits (it has: PLAIN)'
	run_ok lp-accounts set sales auth= ca_file="$PWD/old/ca.pem"
	held 'the certificate of localhost'
	kill "$SERVER"
	begin --tls-dir "$PWD/old" --auth PLAIN
	held 'expired (its owner has to renew it)'
	kill "$SERVER"
	begin --auth PLAIN
	held 'no STARTTLS'
	kill "$SERVER"
	begin --tls-dir "$PWD/tls" --auth PLAIN --auth-say '454 4.7.0 later'
	run_ok lp-accounts set sales "ca_file=$CA"
	held 'the login is put off: 454'
	kill "$SERVER"
	# what comes in the clear behind the answer to STARTTLS is nobody's
	begin --tls-dir "$PWD/tls" --auth PLAIN --inject
	held "it says what it wasn't asked"
	kill "$SERVER"
	# the one kind of TLS at the other's port, both ways; no variable with the password
	begin --tls-dir "$PWD/tls" --auth PLAIN
	run_ok lp-accounts set sales security=tls
	held "(is 'security' right? 587 and its like are starttls)"
	kill "$SERVER"
	begin --tls-dir "$PWD/tls" --implicit --auth PLAIN
	run_ok lp-accounts set sales security=starttls timeout=1
	held "(is 'port' right? 465 and its like are security=tls)"
	run_ok lp-accounts set sales security=tls timeout= password_env=NO_SUCH_SECRET
	held "no such environment variable NO_SUCH_SECRET (cron's are in the file 'env', see lp-tick(1))"
	grep -rqE '(hunter|wrong)-7' "$LP_DB"* && fail 'the password is in the database'
	true
}

@test "an account that can't log in: its messages wait, somebody is told once, and they go on when a person says so" {
	certificates
	export SECRET=wrong-7
	begin --tls-dir "$PWD/tls" --auth PLAIN
	run_ok lp-accounts set sales host=localhost security=starttls "ca_file=$CA" user=sdr password_env=SECRET
	grep -F -e '"good@' -e '"better@' gated | lp-send | lp-tasks settle >settled
	run_ok sql "SELECT count(*), min(hold_reason) FROM agent_tasks WHERE status = 'awaiting_approval'"
	assert_output "2|account sales: the login is refused: 535 5.7.8 authentication failed (as 'sdr': are user and password right?)"
	# a wrong password at each message gets an account locked
	assert_equal "$(grep -c 'login as sdr' "$BATS_TEST_TMPDIR/server.out")" 1
	run_ok sql "SELECT title, command FROM notifications"
	assert_output "Account sales can't send|lp-accounts test sales, and once it is mended lp-accounts start sales"
	run_ok lp-report held
	assert_line --regexp '^2 +mend +t[0-9]+ +lp-accounts test ACCOUNT, start ACCOUNT +account sales: the login'
	# what waits for something else isn't let go by that
	sql "UPDATE agent_tasks SET hold_reason = 'account salesman: the login is refused' WHERE seq = (SELECT max(seq) FROM agent_tasks WHERE status = 'awaiting_approval')"
	run_ok lp-accounts start -v sales
	assert_output '0 active, 1 held for its sake goes on'
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE status = 'awaiting_approval'")" 1
	assert_equal "$(sql 'SELECT count(*) FROM outbox')" 0
	export SECRET=hunter-7 LP_NOW=2026-03-03T10:05:00Z
	mkdir -p in/new
	lp-enqueue due && pipe >/dev/null && export LP_NOW=2026-03-04T10:00:00Z && lp-enqueue due && pipe >/dev/null
	assert_equal "$(row '*')" 'sent 250 -'
}

@test "one line of an account logs in and others can't: they put off what they had begun with, and nothing more" {
	certificates
	export SECRET=hunter-7
	begin --tls-dir "$PWD/tls" --auth PLAIN --auth-say '454 4.7.0 too many connections' --logins 1 --delay 200
	run_ok lp-accounts set sales host=localhost security=starttls "ca_file=$CA" user=sdr password_env=SECRET
	for f in good better last rcpt-550_5.1.1_unknown_user rcpt-450_4.2.1_busy data-451 dot-451 dot-554_5.2.2_mailbox_full; do grep -F "\"$f@" gated; done | lp-send -P 3 >sent
	assert_equal "$(sql 'SELECT count(*) FROM outbox')" 6
	assert_equal "$(jq -r 'select(.error != null) | .error.message' sent | grep -c 'too many connections')" 2
}

@test "a client's certificate" {
	certificates
	begin --tls-dir "$PWD/tls" --implicit --client-ca "$PWD/tls/ca.pem"
	run_ok lp-accounts set sales host=localhost security=tls "ca_file=$CA"
	to last
	assert_equal "$(row last)" ''
	run_ok lp-accounts set sales cert="$PWD/tls/server.pem" cert_key="$PWD/tls/server.key"
	to good
	assert_equal "$(row good)" 'sent 250 -'
}

@test "settings that can't be" {
	run_err 78 "security: none is only for this machine: 'mx.acme.example' needs tls or starttls" \
		lp-accounts add x kind=smtp address=a@b.example host=mx.acme.example security=none
	run_err 78 'host: missing' lp-accounts set sales host=
	run_err 65 "port: '0' is not a whole number from 1 to 65535" lp-accounts add x kind=smtp address=a@b.example host=localhost port=0
	run_err 65 "security: 'ssl' (did you mean 'tls'?)" lp-accounts add x kind=smtp address=a@b.example host=localhost security=ssl
	run_err 78 'oauth: it takes the place of a password' lp-accounts add x kind=smtp address=a@b.example host=localhost oauth=google password_env=X
	run_err 65 "host: 'a b' is no host's name" lp-accounts add x kind=smtp address=a@b.example 'host=a b'
	run_ok lp-accounts set sales password_env=NO_SUCH_SECRET
	held 'no such environment variable NO_SUCH_SECRET'
}

@test "-P: several connections, each message once; a line that comes twice is no second message" {
	begin --delay 50
	for f in good better last rcpt-450_4.2.1_busy rcpt-550_5.1.1_unknown_user good; do grep -F "\"$f@" gated; done >some
	run_st 0 lp-send -P 3 <some
	assert_equal "$(wc -l <<<"$output" | tr -d ' ')" 6
	assert_equal "$(sql "SELECT group_concat(state || ' ' || n) FROM (SELECT state, count(*) n FROM outbox GROUP BY state)")" 'deferred 1,refused 1,sent 3'
	assert_equal "$(stored)" 3
	assert_equal "$(jq -s '[.[].connection] | unique | length' "$BATS_TEST_TMPDIR/stored")" 3
	assert_equal "$(jq -rs '[.[] | select(.task.message_id == "'"$(sql "SELECT 'm' || seq FROM messages WHERE recipient GLOB 'good*'")"'").result.state] | join(",")' <<<"$output")" sent,sent
	run_err 64 "-P: 101 is more than 100" lp-send -P 101 </dev/null
}

@test "told to stop: what is on the wire is finished and recorded, the others come again" {
	begin --delay 1000
	for f in good better last; do grep -F "\"$f@" gated; done >some
	lp-send <some >out 2>err &
	pid=$!
	until [ "$(sql "SELECT count(*) FROM outbox WHERE state = 'reserved'")" = 1 ]; do sleep 0.02; done
	kill "$pid"
	st=0
	wait "$pid" || st=$?
	assert_equal "$st" 75
	assert_equal "$(sql "SELECT group_concat(state) FROM outbox")" sent
	assert_equal "$(stored)" 1
	assert_equal "$(jq -sc '[.[] | .result.state // .error.code] | sort' out)" '["sent","stopped","stopped"]'
	# one that waits for input has nothing to finish
	mkfifo pipe
	lp-send <pipe 3>&- &
	pid=$!
	exec 9>pipe
	sleep 0.2
	kill "$pid"
	st=0
	wait "$pid" || st=$?
	exec 9>&-
	assert_equal "$st" 143
}

@test "the reader is gone: 74, and what was on the wire is on record" {
	begin
	for f in good better last; do grep -F "\"$f@" gated; done >some
	run bash -c 'set -o pipefail; lp-send <some | true; echo "${PIPESTATUS[0]}"'
	assert_line 74
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE state = 'reserved'")" 0
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE state = 'sent'")" "$(stored)"
}

@test "an address beyond ASCII: its domain is the DNS's name of it; its local part needs SMTPUTF8" {
	rm -rf new && mkdir new && cd new
	export LP_DB=$PWD/lp.db LP_NOW=2026-03-02T10:00:00Z
	begin_server() { server "$BATS_TEST_TMPDIR" "$@"; run_ok lp-accounts set sales "port=$PORT"; }
	lp-config init --simulated -q
	lp-config set -q slot_grace=2d schedule_enabled=false
	run_ok lp-accounts add sales kind=smtp 'address=kim@Größe.example' host=127.0.0.1 port=1 security=none in=in daily_limit=100 answer_share=0 gap_seconds=0
	printf 'first_name,company,email\nÜna,A,una@Bücher.example\nJörg,B,jörg@c.example\n' >leads.csv
	cp ../hello.yaml . && mkdir -p in/new in/cur in/tmp
	lp-campaigns load -q hello.yaml && lp-leads import -q leads.csv --campaign hello && lp-approve yes hello -y && lp-campaigns start -q hello && lp-start -q
	lp-enqueue due && pipe && lp-enqueue due
	export LP_NOW=$TUESDAY
	half
	cp -R . ../again
	begin_server --no-utf8
	rest
	assert_equal "$(sql 'SELECT state FROM outbox ORDER BY recipient')" $'refused\nsent'
	[[ $(sql "SELECT response FROM outbox WHERE state = 'refused'") == *'no SMTPUTF8'* ]] || fail "$(sql 'SELECT response FROM outbox')"
	assert_equal "$(jq -r '.from + " " + .to' "$BATS_TEST_TMPDIR/stored")" 'kim@xn--gre-6ka8i.example una@xn--bcher-kva.example'
	jq -r .data "$BATS_TEST_TMPDIR/stored" | LC_ALL=C grep -q '[^ -~[:cntrl:]]' && fail 'bytes beyond ASCII'
	kill "$SERVER"
	cd ../again
	export LP_DB=$PWD/lp.db
	rm -f "$BATS_TEST_TMPDIR/stored"
	begin_server
	rest
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE state = 'sent'")" 2
	# as it came over the wire: UTF-8, byte by byte
	assert_equal "$(jq -r 'select(.to | endswith("@c.example")).to' "$BATS_TEST_TMPDIR/stored" | iconv -f UTF-8 -t ISO-8859-1)" 'jörg@c.example'
	# it is suppressed however it is written
	run_ok lp-leads suppress 'una@BÜCHER.example'
	assert_equal "$(sql 'SELECT value FROM suppressions')" una@xn--bcher-kva.example
}

@test "bad input: each is told, none is a message, the others go on" {
	rm -rf new && mkdir new && cd new
	export LP_DB=$PWD/lp.db LP_NOW=2026-03-02T10:00:00Z
	server "$BATS_TEST_TMPDIR"
	lp-config init --simulated -q
	lp-config set -q slot_grace=2d schedule_enabled=false max_messages_per_company=100
	run_ok lp-accounts add sales kind=smtp address=kim@ours.example host=127.0.0.1 "port=$PORT" security=none in=in daily_limit=100 answer_share=0 gap_seconds=0
	for bad in $'display_name=Kim\nBcc: x@y.example' $'display_name=Kim\r' $'reply_to=a@b.example\nBcc: c@d.example' $'address=a@b.example\nBcc: c@d.example' \
		'reply_to=a@b.example, c@d.example' $'host=a\nb' "display_name=$(head -c 10000 /dev/zero | tr '\0' x)"; do
		run_st 65 lp-accounts set sales "$bad"
		[[ $stderr != *$'\n'* ]] || fail "more than a line: $stderr"
	done
	long=$(head -c 10000 /dev/zero | tr '\0' L)
	{
		printf 'first_name,last_name,company,email\n'
		printf 'Good,One,A,good@a.example\n'
		printf '"Ann\nBcc: x@y.example",Two,B,ann@b.example\n'
		printf '"Cid\rX-Evil: 1",Three,C,cid@c.example\n'
		printf '%s,Four,D,dan@d.example\n' "$long"
		printf 'Eve,Five,E,"eve@e.example\nBcc: x@y.example"\n'
		printf 'Fay,Six,F,"fay@f.example, gus@f.example"\n'
		printf 'Gus,Seven,G,"gus@g.example;hal@g.example"\n'
	} >leads.csv
	cp ../hello.yaml . && mkdir -p in/new in/cur in/tmp
	lp-campaigns load -q hello.yaml
	run lp-leads import -q leads.csv --campaign hello
	assert_equal "$status" 65
	lp-approve yes hello -y && lp-campaigns start -q hello && lp-start -q
	lp-enqueue due && pipe && lp-enqueue due
	export LP_NOW=$TUESDAY
	half
	# whoever gets past all that at the row itself, is stopped by what makes the bytes
	sql "UPDATE leads SET first_name = 'Ann' || char(10) || 'Bcc: x@y.example' WHERE email = 'ann@b.example'"
	rest
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE recipient = 'good@a.example' AND state = 'sent'")" 1
	[ "$(stored)" -ge 2 ]
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE recipient = 'ann@b.example'")" 0
	assert_equal "$(sql "SELECT count(*) FROM verdicts WHERE stage = 'send' AND verdict = 'hold' AND reason GLOB '*to name*'")" 1
	assert_equal "$(sql "SELECT count(*) FROM leads WHERE email GLOB '*[,;]*' OR email GLOB '*Bcc*'")" 0
	jq -r .data "$BATS_TEST_TMPDIR/stored" >all
	run ! grep -qi -e '^Bcc' -e '^X-Evil' all
	# no header line over RFC 5322's 998 bytes
	assert_equal "$(awk 'length($0) > 1000' all | wc -l | tr -d ' ')" 0
}

@test "OAuth2: a token that the server refuses before its time is renewed once; consent that is gone holds" {
	mkdir idp
	perl "$LP_TOP/test/tools/stub-oauth.pl" idp idp/port 3>&- &
	idp=$!
	while [ ! -e idp/port ]; do sleep 0.02; done
	url=http://127.0.0.1:$(cat idp/port)/token
	printf refresh-0 >idp/refresh
	jq -nc --arg u "$url" '{provider: "custom", client_id: "client-1", token_url: $u, refresh_token: "refresh-0", access_token: "taken-back",
		issued_at: "2020-01-01T00:00:00.000Z", expires_at: "2099-01-01T00:00:00.000Z"}' >tokens
	chmod 600 tokens
	begin --auth XOAUTH2 --user kim@ours.example --token access-1
	run_ok lp-accounts set sales oauth=custom oauth_client_id=client-1 "oauth_token_url=$url" "oauth_file=$PWD/tokens"
	to good better
	assert_equal "$(row good)" 'sent 250 -'
	assert_equal "$(row better)" 'sent 250 -'
	assert_equal "$(jq -s '[.[].connection] | unique | length' "$BATS_TEST_TMPDIR/stored")" 1
	assert_equal "$(grep -c '"/token"' idp/log)" 1
	kill "$SERVER"
	# one that never likes it: no third try, and it isn't asked for a token each time
	begin --auth XOAUTH2 --user kim@ours.example --token another
	to last
	assert_equal "$(row last)" ''
	[[ $output == *'the login is refused: 535'* ]] || fail "$output"
	kill "$idp"
	grep -rqE 'access-1|refresh-0|taken-back' "$LP_DB"* && fail 'a token is in the database'
	true
}
