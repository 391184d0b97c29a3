load helper
load world

# Postfix takes the mail with TLS and a login, Dovecot puts it into the mailbox.  Where they aren't installed, or it isn't root who tests, this says so.

TUESDAY=2026-03-03T10:00:00Z

setup_file() {
	export MISSING MS
	MISSING=$(sh "$LP_TOP_/test/tools/mail-server.sh" check) && MISSING= || true
	[ -z "$MISSING" ] || return 0
	MS=$(mktemp -d /tmp/lp-ms.XXXXXX)
	sh "$LP_TOP_/test/tools/mail-server.sh" start "$MS" 3>&- >"$BATS_FILE_TMPDIR/started" 2>&1 || { cat "$BATS_FILE_TMPDIR/started"; return 1; }
	. "$MS/env"
	export SMTPS SUBMISSION CA KIM=kim-pass
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup
	world_new && lp-config init --simulated -q &&
		lp-config set -q slot_grace=2d max_messages_per_day=100 max_leads_per_day=100 max_messages_per_company=100 schedule_enabled=false &&
		lp-accounts add sales kind=smtp address=kim@ours.example 'display_name=Kim Ågren' host=localhost "port=$SUBMISSION" security=starttls "ca_file=$CA" \
			password_env=KIM in=in daily_limit=100 answer_share=0 gap_seconds=0 || return 1
	printf 'first_name,last_name,company,email\nAna,Öz,Alpha,ana@lead.example\nBob,Birch,Beta,bob@lead.example\nNo,Body,Gamma,nobody@lead.example\n' >leads.csv
	cat >hello.yaml <<-'X'
		name: hello
		steps:
		  - subject: "{{first_name}}, eine Frage zu Rücksendungen"
		    body: |
		      Hi {{first_name}},
		      .
		      how do you handle returns at {{company}}?
		  - {delay: 1d, body: "Any thoughts, {{first_name}}?"}
	X
	mkdir -p in/new in/cur in/tmp
	lp-campaigns load -q hello.yaml && lp-leads import -q leads.csv --campaign hello && lp-approve yes hello -y && lp-campaigns start -q hello && lp-start -q &&
		lp-enqueue due && pipe && lp-enqueue due && export LP_NOW=$TUESDAY && half && cp -R . ../gated && cd ..
}
LP_TOP_=${LP_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}

teardown_file() {
	[ -z "${MS-}" ] || { sh "$LP_TOP_/test/tools/mail-server.sh" stop "$MS"; rm -rf "$MS"; }
}

setup() {
	[ -z "$MISSING" ] || skip "$MISSING"
	use gated
	export LP_NOW=$TUESDAY
	rm -rf "$MS"/mail/*/new/* "$MS"/mail/*/cur/*
}

# arrived USER N: wait until it has N mails
arrived() {
	local n=0
	until [ "$(find "$MS/mail/$1/new" -type f 2>/dev/null | wc -l)" -eq "$2" ]; do
		sleep 0.05
		[ $((n += 1)) -lt 200 ] || fail "$1 has $(find "$MS/mail/$1" -type f | wc -l) mails, not $2: $(tail -n 20 "$MS/log/postfix.log")"
	done
}

@test "STARTTLS and a login: into the mailbox, its headers and its text as they were composed; an unknown mailbox is refused and suppressed" {
	m=$(sql "SELECT 'm' || seq FROM messages WHERE recipient = 'ana@lead.example' AND step = 1")
	lp-send -n "$m" | sed '1d;$d' | grep -v ^Date: >composed
	rest
	assert_equal "$(sql "SELECT group_concat(state) FROM (SELECT state FROM outbox ORDER BY recipient)")" sent,sent,refused
	assert_equal "$(sql "SELECT code || ' ' || status FROM outbox WHERE state = 'refused'")" '550 5.1.1'
	assert_equal "$(sql 'SELECT group_concat(value) FROM suppressions')" nobody@lead.example
	arrived ana@lead.example 1
	arrived bob@lead.example 1
	sed '1,/^Return-Path\|^Delivered-To/d' "$MS"/mail/ana@lead.example/new/* | sed -n '/^From:/,$p' | grep -v ^Date: >came
	run diff composed came
	assert_success
	# the server's own record: encrypted, logged in
	run grep -h 'sasl_username=kim@ours.example' "$MS/log/postfix.log"
	assert_success
}

@test "the follow-up is in the same thread" {
	rest
	arrived ana@lead.example 1
	inboxes
	for d in 04 05; do
		export LP_NOW=2026-03-${d}T23:50:00Z
		inboxes
		lp-enqueue due && pipe
	done
	arrived ana@lead.example 2
	first=$(grep -h '^Message-ID:' "$MS"/mail/ana@lead.example/new/* | sed -n 's/Message-ID: //p' | grep -F "$(sql "SELECT rfc_message_id FROM messages WHERE recipient = 'ana@lead.example' AND step = 1")")
	run grep -lF "In-Reply-To: $first" "$MS"/mail/ana@lead.example/new/*
	assert_success
	run grep -hF "References: $first" "$MS"/mail/ana@lead.example/new/*
	assert_success
}

@test "TLS from the start" {
	run_ok lp-accounts set sales "port=$SMTPS" security=tls
	rest
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE state = 'sent'")" 2
	arrived bob@lead.example 1
}

@test "a wrong password, an authority that isn't the server's: nothing leaves, and a person is told why" {
	KIM=wrong run_st 0 lp-send <gated
	assert_equal "$(sql 'SELECT count(*) FROM outbox')" 0
	[[ $output == *'the login is refused: 535 5.7.8'* ]] || fail "$output"
	[[ $output != *wrong* ]] || fail "$output"
	run_ok lp-accounts set sales ca_file=/etc/ssl/certs/ca-certificates.crt
	use gated
	export LP_NOW=$TUESDAY
	run_ok lp-accounts set sales ca_file=
	run_st 0 lp-send <gated
	assert_equal "$(sql 'SELECT count(*) FROM outbox')" 0
	[[ $output == *'the certificate of localhost'* ]] || fail "$output"
}

@test "a message over the server's SIZE is refused before it is sent" {
	before=$(grep -c 'message-id=' "$MS/log/postfix.log" || true)
	postconf -c "$MS/postfix" message_size_limit=300 && postfix -c "$MS/postfix" reload >/dev/null 2>&1
	sleep 0.5
	rest
	postconf -c "$MS/postfix" message_size_limit=1048576 && postfix -c "$MS/postfix" reload >/dev/null 2>&1
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE state = 'refused' AND response GLOB '*takes 300 at most*'")" 3
	assert_equal "$(grep -c 'message-id=' "$MS/log/postfix.log" || true)" "$before"
}
