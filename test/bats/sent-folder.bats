# The mailbox of an account by IMAP: lp-accounts test, the copy in the Sent folder, and what a message found there proves.  On a real Dovecot.
load helper
load world

setup_file() {
	export MISSING MS
	MISSING=$(sh "$LP_TOP_/test/tools/mail-server.sh" check) && MISSING= || true
	[ -z "$MISSING" ] || return 0
	MS=$(mktemp -d /tmp/lp-ms.XXXXXX)
	sh "$LP_TOP_/test/tools/mail-server.sh" start "$MS" 3>&- >"$BATS_FILE_TMPDIR/started" 2>&1 || { cat "$BATS_FILE_TMPDIR/started"; return 1; }
	. "$MS/env"
	export SUBMISSION IMAP IMAPS CA KIM=kim-pass
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup
	world_new && mkdir -p in/new in/cur in/tmp && lp-config init --simulated -q &&
		lp-accounts add sales kind=smtp host=localhost "port=$SUBMISSION" security=starttls address=kim@ours.example in=in answer_share=0 gap_seconds=0 \
			imap_host=localhost "imap_port=$IMAPS" "ca_file=$CA" password_env=KIM sent_folder=Sent || return 1
	world_make_rest && cp -R . ../gated && cd ..
}
LP_TOP_=${LP_TOP:-$(cd "$BATS_TEST_DIRNAME/../.." && pwd)}

# two first messages, judged, none reserved
world_make_rest() {
	lp-config set -q slot_grace=2d max_messages_per_day=100 schedule_enabled=false || return 1
	printf 'first_name,last_name,company,email\nAna,Ash,Alpha,ana@lead.example\nBob,Birch,Beta,bob@lead.example\n' >leads.csv
	printf 'name: hello\nsteps:\n  - {subject: "A question", body: "Hi {{first_name}}, how are returns at {{company}}?"}\n  - {delay: 3d, body: "Any thoughts?"}\n' >hello.yaml
	lp-campaigns load -q hello.yaml && lp-leads import -q leads.csv --campaign hello && lp-approve yes hello -y && lp-campaigns start -q hello && lp-start -q &&
		lp-enqueue due && pipe && lp-enqueue due && export LP_NOW=2026-03-03T10:00:00Z && half
}

teardown_file() {
	[ -z "${MS-}" ] || { sh "$LP_TOP_/test/tools/mail-server.sh" stop "$MS"; rm -rf "$MS"; }
}

setup() {
	[ -z "$MISSING" ] || skip "$MISSING"
	use gated
	export LP_NOW=2026-03-03T10:00:00Z
	rm -rf "$MS/mail/kim@ours.example"
}

# in_folder NAME: how many mails it holds
in_folder() {
	find "$MS/mail/kim@ours.example/.$1" -path '*/cur/*' -type f -o -path "*/.$1/new/*" -type f 2>/dev/null | wc -l | tr -d ' '
}
# copies STATE...: what the rows say, in order
copies() {
	assert_equal "$(sql "SELECT group_concat(c, ' ') FROM (SELECT ifnull(copy, '-') AS c FROM outbox ORDER BY recipient)")" "$*"
}
sent() {
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE state = 'sent'")" "$1"
}

@test "what was sent lies in the Sent folder, once, as it left; on record" {
	mkdir -p "$MS/mail/kim@ours.example/.Sent" && chown -R mail:mail "$MS/mail/kim@ours.example"
	rest
	sent 2
	copies done done
	assert_equal "$(in_folder Sent)" 2
	tr -d '\r' <"$(grep -rl '^To: .*ana@lead.example' "$MS/mail/kim@ours.example/.Sent/cur")" >there
	m=$(sql "SELECT 'm' || message_id FROM outbox WHERE recipient = 'ana@lead.example'")
	lp-send -n "$m" | sed '1d;$d' | grep -v ^Date: >composed
	grep -v ^Date: there | diff - composed
	assert_equal "$(sql "SELECT count(*) FROM agent_log_payloads WHERE message = 'copied into the folder ''Sent'''")" 2
	# a crash between the two: it is there, and on record it isn't
	sql "UPDATE outbox SET copy = 'due'"
	run_ok lp-send </dev/null
	copies done done
	assert_equal "$(in_folder Sent)" 2
	run_ok lp-log verify
}

@test "six that look at once put one copy there" {
	lp-accounts set -q sales sent_folder=
	rest
	lp-accounts set -q sales sent_folder=Sent
	mkdir -p "$MS/mail/kim@ours.example/.Sent" && chown -R mail:mail "$MS/mail/kim@ours.example"
	sql "UPDATE outbox SET copy = 'due'"
	# all begin at the same moment
	mkfifo go
	for i in 1 2 3 4 5 6; do { read -r _ <go || :; exec lp-send look 3>&-; } & done
	exec 8<>go
	printf '\n\n\n\n\n\n' >&8
	wait
	exec 8>&-
	copies done done
	assert_equal "$(in_folder Sent)" 2
}

@test "an account without a folder: no copy" {
	lp-accounts set -q sales sent_folder=
	rest
	sent 2
	copies - -
	assert_equal "$(in_folder Sent)" 0
}

@test "a server that is down fails no task; the copy is put there later" {
	lp-accounts set -q sales imap_port=1
	rest
	sent 2
	assert_equal "$(jq -r '.task.id' settled 2>/dev/null | wc -l | tr -d ' ')" "$(wc -l <settled | tr -d ' ')"
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE status = 'failed'")" 0
	copies due due
	lp-accounts set -q sales "imap_port=$IMAPS" sent_folder=Nowhere
	run_ok lp-send </dev/null
	copies due due # not before its time
	assert_equal "$(sql 'SELECT sum(copy_tries) FROM outbox')" 2
	at 2026-03-03T10:06:00Z run_ok lp-send </dev/null
	copies due due # the folder isn't there
	assert_equal "$(sql 'SELECT sum(copy_tries) FROM outbox')" 4
	lp-accounts set -q sales sent_folder=Sent
	mkdir -p "$MS/mail/kim@ours.example/.Sent" && chown -R mail:mail "$MS/mail/kim@ours.example"
	at 2026-03-03T12:00:00Z run_ok lp-send </dev/null
	copies done done
	assert_equal "$(in_folder Sent)" 2
	assert_equal "$(sql 'SELECT sum(tries) FROM outbox')" 2
}

@test "after a week it is given up, in the log" {
	lp-accounts set -q sales imap_port=1
	rest
	sent 2
	copies due due
	lp-accounts set -q sales "imap_port=$IMAPS"
	KIM=wrong at 2026-03-12T10:00:00Z run_ok lp-send </dev/null
	copies failed failed
	[[ $(sql "SELECT message FROM agent_log_payloads ORDER BY rowid DESC LIMIT 1") == "not copied into 'Sent': IMAP: the login as 'kim@ours.example' was refused"* ]]
}

@test "an unknown message that lies in the Sent folder was sent; one that doesn't stays unknown" {
	mkdir -p "$MS/mail/kim@ours.example/.Sent" && chown -R mail:mail "$MS/mail/kim@ours.example"
	rest
	sent 2
	find "$MS/mail/kim@ours.example/.Sent" -type f -name '*' -path '*/cur/*' -exec grep -l bob@lead.example {} + | xargs rm -f
	sql "UPDATE outbox SET state = 'unknown', sent_at = NULL, copy = NULL, copy_at = NULL, copy_tries = 0; UPDATE messages SET status = 'unknown', sent_at = NULL"
	run_ok lp-send </dev/null
	assert_equal "$(sql "SELECT recipient || ' ' || response FROM outbox WHERE state = 'sent'")" "ana@lead.example proof: it was sent; it is in the folder 'Sent'"
	assert_equal "$(sql "SELECT recipient || ' ' || copy_tries FROM outbox WHERE state = 'unknown'")" 'bob@lead.example 1'
	# nothing went out by that, and it is looked for again
	assert_equal "$(sql 'SELECT sum(tries) FROM outbox')" 2
	at 2026-03-03T10:30:00Z run_ok lp-send </dev/null
	assert_equal "$(sql "SELECT copy_tries FROM outbox WHERE state = 'unknown'")" 2
	copies done -
}

@test "a folder with other letters; TLS by STARTTLS; an authority that isn't the server's" {
	lp-accounts set -q sales 'sent_folder=Envoyés' "imap_port=$IMAP" imap_security=starttls
	mkdir -p "$MS/mail/kim@ours.example/.Envoy&AOk-s" && chown -R mail:mail "$MS/mail/kim@ours.example"
	rest
	copies done done
	assert_equal "$(in_folder 'Envoy&AOk-s')" 2
	lp-accounts set -q sales ca_file=
	run_st 78 lp-accounts test sales
	[[ $stderr == *'imap: IMAP: imap://localhost'*certificate* ]] || fail "$stderr"
	lp-accounts set -q sales "imap_port=$IMAPS" imap_security=tls
	run_st 78 lp-accounts test sales
	[[ $stderr == *'imap: IMAP: imaps://localhost'*certificate* ]] || fail "$stderr"
	lp-accounts set -q sales imap_host=::1 imap_port=1 imap_security=none
	KIM=x run --separate-stderr lp-accounts test sales
	[[ $stderr == *'imap://[::1]:1'* ]] || fail "$stderr"
	lp-accounts set -q sales imap_host=mail.ours.example imap_security=none
	run --separate-stderr lp-accounts test sales
	refute_line --partial 'logged in'
}

@test "lp-accounts test: logs in and sends nothing; a wrong password is told" {
	run_ok lp-accounts test sales
	assert_line 'sales: imap: logged in at localhost'
	assert_line 'sales: connect: localhost is ready'
	[ ! -e "$MS/mail/kim@ours.example/new" ] || [ -z "$(ls "$MS/mail/kim@ours.example/new")" ]
	KIM=wrong run_st 78 lp-accounts test sales
	[[ $stderr == *"imap: IMAP: the login as 'kim@ours.example' was refused"* ]] || fail "$stderr"
	[[ $stderr != *wrong* ]]
	lp-accounts set -q sales imap_port=1
	run_st 75 lp-accounts test sales
	[[ $stderr == *'imap: IMAP: imaps://localhost:1'* ]] || fail "$stderr"
	run_st 64 lp-accounts test --to nobody sales
}

@test "R2, R8: lp-accounts test --to: through the server and found in the mailbox" {
	run_ok lp-accounts test --to kim@ours.example sales
	assert_line --partial 'sales: sent: 250'
	assert_line 'sales: found: in the INBOX of kim@ours.example'
	assert_line --partial "doesn't say what it found"
}

# deliver HEADER: our sendmail is the far side too: into kim's mailbox, with what a receiver writes above
deliver() {
	cat >sendmail.sh <<-X
		d="$MS/mail/kim@ours.example"
		mkdir -p "\$d/new" "\$d/cur" "\$d/tmp"
		{ printf '%b' '$1'; cat; } >"\$d/new/1.\$\$.test"
		chown -R mail:mail "\$d"
	X
}

@test "R2, R8: lp-accounts test --to: the receiver's findings are read" {
	rm -f lp.db*
	live_db
	: >sendmail.sh
	lp-accounts add -q sales kind=sendmail "command=sh $PWD/sendmail.sh" address=kim@ours.example imap_host=localhost "imap_port=$IMAPS" "ca_file=$CA" password_env=KIM
	deliver 'Authentication-Results: mx.ours.example; dkim=pass header.d=ours.example;\n spf=pass smtp.mailfrom=kim@ours.example; dmarc=pass\nDKIM-Signature: v=1; d=ours.example; s=s1; h=from:list-unsubscribe; b=x\n'
	run_ok lp-accounts test --to kim@ours.example sales
	assert_line 'sales: found: in the INBOX of kim@ours.example'
	assert_line 'sales: dkim: pass: signed by ours.example, selector s1, which fits From'
	assert_line --partial 'sales: spf: pass'
	assert_line --partial 'sales: unsubscribe: the signature covers List-Unsubscribe'
	deliver 'Authentication-Results: mx.ours.example; dkim=pass header.d=provider.example; spf=softfail smtp.mailfrom=kim@ours.example; dmarc=fail\n'
	run_st 78 lp-accounts test --to kim@ours.example sales
	[[ $stderr == *"dkim: signed by provider.example, which doesn't fit From (ours.example); next: let the server sign as ours.example"* ]] || fail "$stderr"
	[[ $stderr == *'dmarc: fail'* ]]
	# it doesn't arrive
	printf 'cat >/dev/null\n' >sendmail.sh
	run_st 75 lp-accounts test --to kim@ours.example --wait 1 sales
	[[ $stderr == *'found: not in the INBOX of kim@ours.example after 1 s'* ]] || fail "$stderr"
	# to somebody else: sent, and that is all that can be seen
	run_ok lp-accounts test --to ana@lead.example sales
	assert_line --partial 'found: not looked for'
}

@test "lp-doctor ACCOUNT: its mailbox lets us in" {
	LP_DNS=127.0.0.1:1 run_st 75 lp-doctor sales
	assert_line --regexp '^ok +imap +logged in at localhost$'
	KIM=wrong LP_DNS=127.0.0.1:1 run_st 78 lp-doctor sales
	assert_line --regexp '^fail +imap .*refused'
}
