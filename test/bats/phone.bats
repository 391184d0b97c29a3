# WhatsApp and SMS, against services on loopback that refuse what the real ones refuse: how messages leave, what holds them, what comes in.
load helper
load world
load phone

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup
	PHONE=http://127.0.0.1:9
	export PHONE META_TOKEN=x TWILIO_TOKEN=x OTHER_TOKEN=x LP_NOW=2026-03-02T08:00:00Z
	world_new && begin whatsapp '  - {channel: whatsapp, template: {name: intro, language: en_US, parameters: ["{{first_name}}", "{{company}}"]}}
  - {channel: whatsapp, delay: 1d, body: "Any thoughts, {{first_name}}?"}' && cp -R . ../wa &&
		world_new && begin sms '  - {channel: sms, body: "Hi {{first_name}}, how does {{company}} do returns?"}
  - {channel: sms, delay: 1d, body: "Any thoughts, {{first_name}}?"}' && cp -R . ../sms && cd ..
}

setup() {
	:
}

teardown() {
	stop_phone
}

# world NAME ACCOUNT: a fresh copy, with the service up
world() {
	use "$1" && start_phone && lp-accounts set -q "$2" "base_url=$PHONE"
}
# state SQL-COLUMNS: of the outbox, a line a message
state() {
	sqlite3 lp.db "SELECT $1 FROM outbox ORDER BY message_id"
}
# answer: what a person typed, on its way
answer() {
	lp-tasks claim --type respond_to_reply | lp-memory recall | lp-decide | lp-draft | lp-rules gate >gated
	rest
}
reasons() {
	jq -r '.gate.reasons[]?' settled gated | sort -u
}

@test "a template leaves as Meta takes it, and is shown as it leaves" {
	world wa wa
	go $NOON
	run_ok sent_as '[.fields.to, .fields.type, .fields.template.name, [.fields.template.components[0].parameters[].text], .agent]'
	assert_output "$(printf '["46701740601","template","intro",["Ann","Alpha"],"leadpilot/%s"]\n["447700900142","template","intro",["Bob","Beta"],"leadpilot/%s"]\n["4915155501234","template","intro",["Cid","Gamma"],"leadpilot/%s"]' \
		"$(cat "$LP_TOP/VERSION")" "$(cat "$LP_TOP/VERSION")" "$(cat "$LP_TOP/VERSION")")"
	run_ok state 'state, service_id, code'
	assert_output "$(printf 'sent|wamid.1|200\nsent|wamid.2|200\nsent|wamid.3|200')"
	run_ok lp-send -n m1
	assert_line 'Channel: whatsapp, a template'
	assert_line "Template 'intro' (en_US)"
	assert_line '{{2}} Alpha'
	refute_output -p 'MIME'
}

@test "R33: free text goes within 24 hours of their last message alone; else it waits for a mend, before anybody is asked" {
	world wa wa
	go $NOON
	echo '{"account":"wa","from":"46701740601","id":"w1","text":"Who is this?","at":"2026-03-02T12:30:00Z"}' | LP_NOW=2026-03-02T12:31:00Z lp-read texts
	# the answer of a person, inside the window: free text
	LP_NOW=2026-03-02T12:40:00Z lp-inbox reply i1 -m "Kim of Lead" -y
	export LP_NOW=2026-03-02T12:41:00Z
	answer
	run_ok sent_as 'select(.fields.type == "text") | [.fields.to, .fields.text.body, .fields.text.preview_url]'
	assert_output '["46701740601","Kim of Lead",false]'
	# the others were silent: the second step has no template
	export LP_NOW=2026-03-03T12:10:00Z
	lp-enqueue due && LP_NOW=2026-03-04T09:00:00Z && lp-enqueue due && half && rest
	assert_equal "$(taken)" 4
	run reasons
	assert_output -p 'they wrote nothing by WhatsApp in the last 24 hours'
	run_ok sqlite3 lp.db "SELECT DISTINCT stage, hold_kind FROM verdicts WHERE reason LIKE '%24 hours%'"
	assert_output 'gate|mend'
}

@test "a window that closes between the gate and the door is closed" {
	world wa wa
	go $NOON
	echo '{"account":"wa","from":"46701740601","id":"w1","text":"Who is this?"}' | LP_NOW=2026-03-02T12:31:00Z lp-read texts
	LP_NOW=2026-03-02T12:40:00Z lp-inbox reply i1 -m "Kim of Lead" -y
	export LP_NOW=2026-03-03T12:25:00Z
	lp-tasks claim --type respond_to_reply | lp-memory recall | lp-decide | lp-draft | lp-rules gate >gated
	run_ok jq -r .gate.verdict gated
	assert_output allow
	LP_NOW=2026-03-03T12:27:00Z rest
	assert_equal "$(taken)" 3
	run reasons
	assert_output -p 'only a template'
}

@test "R30, R33: no consent on record holds, at the gate; with it the message goes" {
	world sms tw
	lp-leads consent -q --withdraw l1 channel=sms -m "asked"
	# told before anything leaves, too: of those who can be asked, and of one who has no number any more
	lp-leads set -q l2 phone=
	run_st 1 lp-campaigns check hello
	assert_line 'hello: l1: step 1: no consent to SMS is on record (lp-leads consent l1 channel=sms source=...)'
	assert_line 'hello: l2: step 1: no number for sms: lp-leads set l2 phone=+...'
	refute_line --partial 'hello: l3:'
	lp-leads set -q l2 phone=+447700900142
	go $NOON
	assert_equal "$(taken)" 2
	run reasons
	assert_output -p 'no consent to SMS is on record (lp-leads consent l1 channel=sms source=...)'
	run_ok sqlite3 lp.db "SELECT DISTINCT stage FROM verdicts WHERE reason LIKE 'no consent%'"
	assert_output gate
	export LP_NOW=2026-03-02T13:00:00Z
	lp-leads consent -q l1 channel=sms source="she called" given=2026-03-02T12:59:00Z
	lp-tasks list -j | jq -r 'select(.hold_kind == "mend") | .id' | xargs lp-tasks retry -q
	lp-enqueue due && LP_NOW=2026-03-03T12:00:00Z && half && rest
	run_ok sent_as .fields.To
	assert_line '"+46701740601"'
}

@test "R30: an SMS leaves as Twilio takes it, from eight to nine on their clock" {
	world sms tw
	lp-accounts set -q tw messaging_service_sid=MG0123456789abcdef0123456789abcdef status_callback=https://hooks.lead.example/t
	# 20:30 in Berlin and in Stockholm; 19:30 in London
	go 2026-03-02T19:30:00Z
	run_ok sent_as '[.type, .fields]'
	assert_line -p '["application/x-www-form-urlencoded",{"Body":"Hi Ann, how does Alpha do returns?","MessagingServiceSid":"MG0123456789abcdef0123456789abcdef","StatusCallback":"https://hooks.lead.example/t","To":"+46701740601"}]'
	assert_equal "$(taken)" 3
	run_ok state 'state, status, code, length(service_id)'
	assert_output "$(printf 'sent|queued|201|34\nsent|queued|201|34\nsent|queued|201|34')"
}

@test "R30: nine at night on their clock waits for eight in the morning; no time zone holds" {
	world sms tw
	sqlite3 lp.db "UPDATE leads SET timezone = NULL WHERE seq = 3"
	# 21:00 in Stockholm, 20:00 in London
	go 2026-03-02T20:00:00Z
	run_ok sent_as .fields.To
	assert_output '"+447700900142"'
	run_ok sqlite3 lp.db "SELECT lead_id, v.stage, verdict, ifnull(until_at, '-') FROM verdicts v JOIN agent_tasks t ON t.seq = v.task_id WHERE verdict IN ('hold', 'delay') ORDER BY 1"
	assert_output "$(printf '1|send|delay|2026-03-03T07:00:00.000Z\n3|gate|hold|-')"
	run reasons
	assert_output -p "time zone isn't known"
}

@test "how many SMS a text is: shown, and bounded" {
	world sms tw
	lp-accounts set -q tw max_sms_segments=1
	long=$(printf 'a%.0s' $(seq 161))
	lp-leads set -q l1 company="$long"
	lp-leads set -q l2 company="Ж"
	run_ok lp-campaigns preview hello --lead l1
	assert_line 'SMS: 2 segments'
	assert_line -p 'held: max_sms_segments: the text is 2 SMS, at most 1'
	export LP_NOW=$NOON
	lp-enqueue due && half
	run_ok lp-send -n m3
	assert_line 'Channel: sms, 1 segment, 30 of 70 UCS-2 units'
	run_ok lp-send -n m5
	assert_line 'Channel: sms, 1 segment, 34 of 160 GSM characters'
	run_err 65 'the text is 2 SMS, at most 1' lp-send -n m1
	rest
	assert_equal "$(taken)" 2
	run_ok lp-tasks list -j --status awaiting_approval
	assert_output -p 'max_sms_segments'
}

@test "R33: a tier of people in 24 hours is kept by all pipelines together" {
	world wa wa
	sqlite3 lp.db "UPDATE accounts SET settings = json_set(settings, '\$.tier', '2')"
	export LP_NOW=$NOON
	lp-enqueue due && half && split -l 1 gated part.
	for f in part.*; do lp-send <$f >$f.sent & done
	wait $(jobs -p | grep -v "^$PHONE_PID$")
	cat part.*.sent | lp-tasks settle >settled
	assert_equal "$(taken)" 2
	run reasons
	assert_output 'tier: account wa has written to 2 people in 24 hours, of 2'
}

@test "R32: what a code of the service means for the account, the address and the person" {
	world sms tw
	cat >phone <<-'X'
		{"match":"46701740601","status":400,"json":{"code":21610,"message":"Attempt to send to unsubscribed recipient","status":400}}
		{"match":"447700900142","status":400,"json":{"code":21211,"message":"Invalid 'To' Phone Number","status":400}}
		{"match":"4915155501234","status":401,"json":{"code":20003,"message":"Authenticate","status":401}}
	X
	go $NOON
	assert_equal "$(taken)" 0
	run_ok state 'state, status, code, lead_id'
	assert_output "$(printf 'refused|21610|400|1\nrefused|21211|400|2\ndeferred|20003|401|3')"
	run_ok sqlite3 lp.db "SELECT seq, status FROM leads"
	assert_output "$(printf '1|suppressed\n2|bounced\n3|active')"
	run_ok sqlite3 lp.db "SELECT name, status FROM accounts"
	assert_output 'tw|stopped'
}

@test "a template that the service doesn't take pauses its campaign, not the account; mended, the same messages go" {
	world wa wa
	echo '{"match":"46701740601","status":404,"json":{"error":{"message":"(#132001) Template name does not exist in the translation","type":"OAuthException","code":132001}}}' >phone
	go $NOON
	assert_equal "$(taken)" 0
	assert_equal "$(sqlite3 lp.db "SELECT status || ' ' || status_reason FROM campaigns")" \
		'paused the service refuses its template (m1): 132001: (#132001) Template name does not exist in the translation'
	assert_equal "$(sqlite3 lp.db "SELECT status FROM accounts")" active
	run_ok state 'state, status'
	assert_output 'deferred|132001'
	assert_equal "$(sqlite3 lp.db "SELECT title, command FROM notifications WHERE type = 'error'")" "Campaign '$(sqlite3 lp.db 'SELECT name FROM campaigns')' is paused|lp-campaigns start c1"
	run_ok lp-report held
	assert_output -p 'lp-campaigns start'
	# days later: they don't count as days of trying, so that a busy service is no reason to give up
	echo '{"match":"46701740601","times":1,"status":429,"json":{"error":{"message":"Rate limit hit","code":130429}}}' >phone
	export LP_NOW=2026-03-09T12:00:00Z
	lp-campaigns start -q c1
	assert_equal "$(sqlite3 lp.db "SELECT count(*) FROM notifications WHERE title LIKE '%is paused' AND read_at IS NULL")" 0
	go 2026-03-09T12:30:00Z
	go 2026-03-09T14:00:00Z
	go 2026-03-09T16:00:00Z
	assert_equal "$(sqlite3 lp.db "SELECT count(*) FROM v_log WHERE message LIKE 'deferred: 130429%'")" 1
	run_ok state 'DISTINCT state'
	assert_output sent
	assert_equal "$(sqlite3 lp.db "SELECT count(*) FROM suppressions")" 0
}

@test "a template that falls out of favour later pauses its campaign too" {
	world wa wa
	go $NOON
	export LP_NOW=2026-03-02T12:01:00Z
	echo '{"account":"wa","id":"wamid.1","status":"failed","code":132015,"text":"Template is paused"}' | lp-send status
	assert_equal "$(sqlite3 lp.db "SELECT status FROM campaigns")" paused
	run_ok state state
	assert_output "$(printf 'sent\nsent\nsent')"
}

@test "429 is tried again when the service says, and then it is one message" {
	world sms tw
	echo '{"match":"46701740601","times":1,"status":429,"headers":{"retry-after":"3600"},"json":{"code":20429,"message":"Too Many Requests","status":429}}' >phone
	go $NOON
	run_ok sqlite3 lp.db "SELECT state, status, next_try_at FROM outbox WHERE lead_id = 1"
	assert_output 'deferred|20429|2026-03-02T13:00:00.000Z'
	go 2026-03-02T12:50:00Z
	assert_equal "$(taken)" 2
	go 2026-03-02T13:01:00Z
	assert_equal "$(taken)" 3
	run_ok state state
	assert_output "$(printf 'sent\nsent\nsent')"
}

@test "a lost answer: found in the list, or unknown until it is; never sent again" {
	world sms tw
	cat >phone <<-'X'
		{"match":"46701740601","lost":1}
		{"match":"447700900142","lost":1,"hide":1}
		{"match":"4915155501234&","drop":1}
	X
	go $NOON
	run_ok state 'state, ifnull(length(service_id), 0)'
	assert_output "$(printf 'sent|34\nunknown|0\nunknown|0')"
	go 2026-03-02T12:30:00Z
	run_ok lp-send look
	run_ok state state
	assert_output "$(printf 'sent\nunknown\nunknown')"
	assert_equal "$(taken)" 2
	# now the list has it
	kill $PHONE_PID
	cat >later.pl <<-'X'
		use IO::Socket::INET;
		my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', LocalPort => $ARGV[0], Listen => 5, ReuseAddr => 1) or die;
		open my $f, '>', 'up'; close $f;
		while (my $c = $s->accept) {
			my $q = <$c>; while (<$c> =~ /\S/) { }
			my $b = $q =~ /447700900142/ ? '{"messages":[{"sid":"SM' . 'a' x 32 . '","direction":"outbound-api","status":"delivered","body":"Hi Bob, how does Beta do returns?"}]}' : '{"messages":[]}';
			print $c "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: ", length $b, "\r\n\r\n$b";
			close $c;
		}
	X
	perl later.pl "$(cat phone.port)" 3>&- &
	PHONE_PID=$!
	for _ in $(seq 200); do [ ! -e up ] || break; sleep 0.02; done
	run_ok lp-send look
	run_ok state 'state, substr(service_id, 1, 3)'
	assert_output "$(printf 'sent|SM0\nsent|SMa\nunknown|')"
	run_ok sqlite3 lp.db "SELECT status FROM messages WHERE step = 1"
	assert_output "$(printf 'sent\nsent\nunknown')"
}

@test "Meta can't be asked: a lost answer is unknown until a status tells" {
	world wa wa
	echo '{"match":"46701740601","lost":1}' >phone
	go $NOON
	run_ok state state
	assert_output "$(printf 'unknown\nsent\nsent')"
	go 2026-03-02T12:30:00Z
	run_ok lp-send look
	assert_equal "$(taken)" 3
	# of another's message to somebody else, nothing follows
	echo '{"account":"wa","id":"wamid.77","to":"15125550199","status":"sent"}' | lp-send status
	run_ok state state
	assert_output "$(printf 'unknown\nsent\nsent')"
	echo '{"account":"wa","id":"wamid.1","to":"46701740601","status":"delivered","at":"2026-03-02T12:00:05Z"}' | lp-send status
	run_ok state 'state, ifnull(delivery, 0), ifnull(delivered_at, 0), service_id'
	assert_output "$(printf 'sent|delivered|2026-03-02T12:00:05.000Z|wamid.1\nsent|0|0|wamid.2\nsent|0|0|wamid.3')"
}

@test "statuses come twice and in any order, and a failure is whose fault it is" {
	world wa wa
	go $NOON
	cat >statuses <<-'X'
		{"account":"wa","id":"wamid.1","status":"read","at":"2026-03-02T12:00:09Z"}
		{"account":"wa","id":"wamid.1","status":"delivered","at":"2026-03-02T12:00:05Z"}
		{"account":"wa","id":"wamid.1","status":"sent"}
		{"account":"wa","id":"wamid.2","status":"delivered"}
		{"account":"wa","id":"wamid.2","status":"failed","code":131026}
		{"account":"wa","id":"wamid.3","status":"failed","code":131050,"text":"User has stopped marketing messages"}
		{"account":"wa","id":"wamid.3","status":"delivered"}
		{"account":"wa","id":"wamid.404","status":"delivered"}
		{"account":"wa","id":"wamid.1","status":"melted"}
		{"account":"nobody","id":"wamid.1","status":"read"}
	X
	export LP_NOW=2026-03-02T12:01:00Z
	run_st 65 lp-send status <statuses
	[ "$stderr" = "$(printf "lp-send: stdin:9: 'melted' is no status of a message\nlp-send: stdin:10: no account 'nobody'")" ]
	state 'delivery, delivered_at, read_at, returned' >once
	run_ok cat once
	assert_output "$(printf 'read|2026-03-02T12:00:09.000Z|2026-03-02T12:00:09.000Z|\ndelivered|2026-03-02T12:01:00.000Z||\nfailed|||opt_out')"
	run_ok sqlite3 lp.db "SELECT status FROM leads"
	assert_output "$(printf 'active\nactive\nsuppressed')"
	n=$(sqlite3 lp.db 'SELECT count(*) FROM agent_logs')
	run_st 65 lp-send status <statuses
	assert_equal "$(state 'delivery, delivered_at, read_at, returned')" "$(cat once)"
	assert_equal "$(sqlite3 lp.db 'SELECT count(*) FROM agent_logs')" "$n"
}

@test "R31: STOP, also inside a sentence, stops every channel; and a reply is judged as a mail is" {
	world sms tw
	go $NOON
	export LP_NOW=2026-03-02T12:30:00Z
	cat >texts <<-'X'
		{"to":"+15125550122","from":"+46701740601","id":"SM1","text":"ok STOP please","at":"2026-03-02T12:29:00Z"}
		{"account":"tw","from":"+447700900142","id":"SM2","text":"Sounds interesting, what does it cost?","name":"Bob"}
		{"account":"tw","from":"+15125550999","id":"SM3","text":"stopall"}
	X
	run_ok lp-read texts texts
	run_ok lp-read texts texts
	run_ok sqlite3 lp.db "SELECT channel, kind, status, ifnull(lead_id, '-'), matched_by, from_address FROM inbox_messages"
	assert_output "$(printf 'sms|unsubscribe|handled|1|number|+46701740601\nsms|reply|matched|2|number|+447700900142\nsms|unsubscribe|handled|-||+15125550999')"
	run_ok sqlite3 lp.db "SELECT status FROM leads"
	assert_output "$(printf 'suppressed\nreplied\nactive')"
	# nothing by mail either
	run_ok lp-leads suppressed
	assert_line -p '+15125550999'
	go 2026-03-04T12:00:00Z
	go 2026-03-04T18:00:00Z
	assert_equal "$(sent_as .fields.To | sort | uniq -c | grep -c '46701740601\|447700900142')" 2
	assert_equal "$(sent_as .fields.To | wc -l)" 4
	run_ok sqlite3 lp.db "SELECT DISTINCT task_type FROM agent_tasks WHERE inbox_message_id = 2"
	assert_line classify_reply
	# whose the third number is, says a person: it is theirs from then on, and they are written to no more
	run_ok lp-inbox assign "$(sqlite3 lp.db "SELECT 'i' || seq FROM inbox_messages WHERE lead_id IS NULL")" l3
	run_ok sqlite3 lp.db "SELECT kind, person_id FROM person_addresses WHERE value = '+15125550999'" "SELECT status FROM leads WHERE seq = 3"
	assert_output "$(printf 'phone|3\nsuppressed')"
	run_ok sqlite3 lp.db "SELECT DISTINCT kind FROM suppressions WHERE value GLOB '+*'"
	assert_output phone
}

@test "an opt-out by mail stops the SMS" {
	world sms tw
	lp-accounts add -q sales kind=maildir address=kim@lead.example out=out in=in
	printf 'From: ann@alpha.example\nTo: kim@lead.example\nMessage-ID: <1@alpha.example>\nDate: Mon, 2 Mar 2026 11:00:00 +0000\nSubject: no\n\nPlease unsubscribe me.\n' >mail
	run_ok lp-read --account sales mail
	go $NOON
	run_ok sent_as .fields.To
	refute_line '"+46701740601"'
	assert_equal "$(taken)" 2
}

@test "texts that are none are refused by their line, and the rest is taken in" {
	world sms tw
	cat >texts <<-'X'
		nonsense
		{"account":"tw","from":"GOOGLE","id":"1","text":"code"}
		{"account":"tw","from":"+46701740601","text":"no id"}
		{"to":"+19995550100","from":"+46701740601","id":"2","text":"hi"}
		{"account":"tw","from":"+46701740601","id":"3","text":"hi","at":"noon"}
		{"account":"tw","from":"+46701740601","id":"4","text":"hello"}
	X
	run_st 65 lp-read texts texts
	[ "$(wc -l <<<"$stderr")" = 5 ]
	[[ $stderr = *"texts:2: 'GOOGLE' is no number"* ]]
	[[ $stderr = *"texts:4: +19995550100 is the number of none of our accounts"* ]]
	run_ok sqlite3 lp.db "SELECT count(*) FROM inbox_messages"
	assert_output 1
	run_ok lp-read -n --account tw texts - <<<'{"from":"+46701740601","id":"5","text":"stop"}'
	run_ok sqlite3 lp.db "SELECT count(*), (SELECT count(*) FROM suppressions) FROM inbox_messages"
	assert_output '1|0'
	run_err 66 "can't open" lp-read texts nowhere
	run_err 66 'no account' lp-read --account none texts texts
}

@test "follow-ups need to have heard: texts read, or pushed" {
	world sms tw
	lp-accounts set -q tw inbound=read
	go $NOON
	go 2026-03-03T12:30:00Z
	go 2026-03-03T14:30:00Z
	assert_equal "$(taken)" 3
	run reasons
	assert_output -p 'the inbox of account tw was never read'
	export LP_NOW=2026-03-04T10:00:00Z
	lp-read --account tw texts </dev/null
	lp-enqueue due
	go 2026-03-04T10:50:00Z
	[ "$(taken)" -gt 3 ]
}

@test "any service, described: a form, a JSON text; the secret is nowhere" {
	use sms
	start_phone
	export OTHER_TOKEN=other-token
	lp-accounts rm -q tw 2>/dev/null || true
	sqlite3 lp.db "UPDATE accounts SET kind = 'sms-http', settings = '{}'"
	lp-accounts set -q tw "url=$PHONE/send" token_env=OTHER_TOKEN 'headers=Authorization: Bearer {token} | X-App: lead' id_path=messages.0.id \
		'form=to={to}&from={from}&text={text}&ref={id}' inbound=pushed
	lp-leads set -q l1 company='A&B="x"'
	go $NOON
	run_ok sent_as '[.fields.to, .fields.from, .fields.text, (.fields.ref | length > 20)]'
	assert_line '["+46701740601","+15125550122","Hi Ann, how does A&B=\"x\" do returns?",true]'
	run_ok state 'state, service_id, code'
	assert_output "$(printf 'sent|other-1|202\nsent|other-2|202\nsent|other-3|202')"
	lp-accounts set -q tw form= 'json={"to":"{to}","text":"{text}","meta":{"ref":["{id}"]}}'
	lp-enqueue due
	go 2026-03-03T13:00:00Z
	go 2026-03-03T18:00:00Z
	run_ok sent_as 'select(.type == "application/json") | .fields.text'
	assert_line '"Any thoughts, Ann?"'
	! grep -r other-token lp.db* settled sent gated || fail "the secret is in there"
	run_ok lp-accounts show tw
	refute_output -p other-token
}

@test "Twilio's WhatsApp: both numbers with its prefix, a ContentSid with its variables" {
	use wa
	start_phone
	sqlite3 lp.db "UPDATE accounts SET kind = 'twilio-whatsapp', settings = json_object('account_sid', '$SID', 'token_env', 'TWILIO_TOKEN', 'base_url', '$PHONE', 'inbound', 'pushed')"
	export LP_NOW=$NOON
	lp-enqueue due && half && rest
	assert_equal "$(taken)" 0
	run_ok lp-tasks list -j --status awaiting_approval
	assert_output -p 'ContentSid (HX...)'
	sed -i "s/name: intro/name: HX$(printf 'f%.0s' $(seq 32))/" hello.yaml
	lp-campaigns load -q hello.yaml && lp-approve yes hello -y
	printf 'first_name,company,email,phone,whatsapp,timezone\nDee,Delta,dee@delta.example,+33612345678,+33612345678,Europe/Paris\n' >more.csv
	lp-leads import -q more.csv --campaign hello && lp-leads consent -q l4 channel=whatsapp source=form
	lp-enqueue due && pipe && lp-enqueue due
	go 2026-03-02T20:00:00Z
	run_ok sent_as .fields
	assert_output '{"ContentSid":"HXffffffffffffffffffffffffffffffff","ContentVariables":"{\"1\":\"Dee\",\"2\":\"Delta\"}","From":"whatsapp:+15125550111","To":"whatsapp:+33612345678"}'
}

@test "a campaign over several channels: each step from its own account" {
	lp_setup
	world_new
	export LP_NOW=2026-03-02T08:00:00Z
	start_phone
	lp-config init --simulated -q
	lp-accounts add -q sales kind=maildir address=kim@lead.example out=out in=in answer_share=0 gap_seconds=0
	mkdir -p in/new in/cur in/tmp
	add_twilio
	begin email '  - {subject: "A question", body: "Hi {{first_name}}"}
  - {channel: sms, delay: 1d, body: "Did my mail arrive, {{first_name}}?"}
  - {delay: 1d, body: "Last one, {{first_name}}"}' 2>/dev/null || {
		lp-config set -q slot_grace=1d max_messages_per_day=100 schedule_start_time=00:00 schedule_end_time=24:00
		people
		consents sms
		printf 'name: hello\nsteps:\n  - {subject: "A question", body: "Hi {{first_name}}"}\n  - {channel: sms, delay: 1d, body: "Did my mail arrive, {{first_name}}?"}\n  - {delay: 1d, body: "Last one, {{first_name}}"}\n' >hello.yaml
		lp-campaigns load -q hello.yaml
		lp-leads list -j | jq -r .id | xargs lp-campaigns enrol -q hello
		lp-approve yes hello -y && lp-campaigns start -q hello && lp-start -q && lp-enqueue due && pipe && lp-enqueue due
	}
	run_ok sqlite3 lp.db "SELECT step, m.channel, a.name, m.thread_id = (SELECT thread_id FROM messages x WHERE x.enrolment_id = m.enrolment_id AND x.step = 1) FROM messages m JOIN accounts a ON a.seq = m.account_id WHERE lead_id = 1"
	assert_output "$(printf '1|email|sales|1\n2|sms|tw|0\n3|email|sales|1')"
	go $NOON
	[ "$(ls out/new | wc -l)" = 3 ]
	inboxes
	export LP_NOW=2026-03-03T12:30:00Z
	inboxes
	go 2026-03-03T12:30:00Z
	inboxes
	export LP_NOW=2026-03-03T19:00:00Z
	inboxes
	go 2026-03-03T19:00:00Z
	run_ok sent_as .fields.Body
	assert_line '"Did my mail arrive, Ann?"'
}

@test "a template is told by name, language and parameters, and comes out of dump as it went in" {
	lp_setup
	lp-config init -q --simulated
	cat >t.yaml <<-'X'
		name: t
		steps:
		  - channel: whatsapp
		    template: {name: intro, language: en_US, parameters: ["{{first_name|there}}"]}
		  - channel: whatsapp
		    delay: 1d
		    body: Hi {{first_name|there}}
		    template: {name: again, language: de, parameters: []}
	X
	run_ok lp-campaigns load -q t.yaml
	lp-campaigns dump t >out.yaml
	run_ok lp-campaigns load -v out.yaml
	assert_output -p 'is as it was'
	bad() {
		printf 'name: b\nsteps:\n  - %s\n' "$2" >bad.yaml
		run_err 65 "$1" lp-campaigns load bad.yaml
	}
	bad "has no 'template'" '{channel: sms, body: x, template: {name: a, language: en}}'
	bad "no 'language'" '{channel: whatsapp, template: {name: a}}'
	bad "no template's name" '{channel: whatsapp, template: {name: "a b", language: en}}'
	bad "unknown key 'params'" '{channel: whatsapp, template: {name: a, language: en, params: []}}'
	bad "parameters" '{channel: whatsapp, template: {name: a, language: en, parameters: x}}'
	bad "no 'body'" '{channel: whatsapp}'
}

@test "a value that a field hasn't got holds the template too" {
	world wa wa
	lp-leads set -q l1 company=
	run_ok lp-campaigns preview hello --lead l1
	assert_line -p "held: parameter 2: no value and no fallback for 'company'"
	go $NOON
	assert_equal "$(taken)" 2
}

@test "the example over three channels is what it says" {
	lp_setup
	world_new
	export LP_NOW=2026-03-02T08:00:00Z PHONE=http://127.0.0.1:9 META_TOKEN=x TWILIO_TOKEN=x
	lp-config init --simulated -q
	lp-accounts add -q sales kind=maildir address=kim@lead.example out=out in=in
	add_meta && add_twilio && people && consents whatsapp && consents sms
	run_ok lp-campaigns load "$LP_TOP/examples/whatsapp.yaml"
	lp-campaigns enrol -q fair l1 && lp-approve yes fair -y && lp-campaigns start -q fair && lp-start -q
	run_ok lp-campaigns preview fair -j
	assert_equal "$(jq -r '[.step, .channel, .account, .template.name, .segments, .holds[]?] | @csv' <<<"$output")" \
		"$(printf '1,"email","sales",,\n2,"whatsapp","wa","fair_followup",\n3,"sms","tw",,1')"
	run_ok lp-campaigns preview fair
	assert_line 'Outside the 24 hours after their last message, instead:'
	assert_line '    {{2}} Alpha'
	assert_line 'SMS: 1 segment'
	lp-campaigns dump fair >out.yaml
	run_ok lp-campaigns load -v out.yaml
	assert_output -p 'is as it was'
}
