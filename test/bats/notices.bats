# What people are told by mail: one for all that is new, and never twice.
load helper
load world
load reply

setup() {
	lp_setup
	new_db
	export BOX=$PWD/notices
	run_ok lp-config set -q "notify_maildir=$BOX" notify_email=boss@lead.example
}

# note TYPE TITLE [MESSAGE]: a notice, as a stage would open it
note() {
	sql "INSERT INTO notifications (id, type, title, message, command, created_at) VALUES (lower(hex(randomblob(16))), '$1', '$2', '${3-why}',
		'lp-log why t1', strftime('%Y-%m-%dT%H:%M:%fZ', '${LP_NOW}'))"
}
# untold: how many nobody was told of
untold() {
	sql "SELECT count(*) FROM notifications WHERE delivered_at IS NULL"
}
mail() {
	cat "$BOX"/new/*
}

@test "nothing to tell is no mail, and no Maildir" {
	run_ok lp-send -v notify
	assert_output '0 notices told'
	[ ! -e "$BOX" ]
}

@test "one thing: its title is the subject, its command is in it" {
	note escalation 'A task needs you' 'confidence 0.40 is under min_confidence 0.60'
	run_ok lp-send notify
	assert_output ''
	assert_equal "$(mails "$BOX")" 1
	mail >mail
	grep -q '^Subject: LeadPilot: A task needs you$' mail
	grep -q '^To: boss@lead.example$' mail
	grep -q '^Auto-Submitted: auto-generated$' mail
	grep -q 'confidence 0.40 is under' mail
	grep -q '> lp-log why t1' mail
	grep -q '> lp-inbox done n1$' mail
	assert_equal "$(untold)" 0
	run_ok lp-send notify
	assert_equal "$(mails "$BOX")" 1
}

@test "three things are one mail, the most urgent first" {
	note report 'Report of 2026-03-02'
	note reply_positive 'interested: reply from ann@alpha.example'
	note escalation 'A task needs you'
	run_ok lp-send notify
	assert_equal "$(mails "$BOX")" 1
	grep -q '^Subject: LeadPilot: 3 things need you$' <(mail)
	assert_equal "$(mail | grep -o '^[0-9]\. [A-Za-z]*')" "$(printf '1. A\n2. interested\n3. Report')"
}

@test "at most one mail within notify_interval" {
	note error one
	run_ok lp-send notify
	note error two
	LP_NOW=2026-03-02T10:09:59Z run_ok lp-send notify
	assert_equal "$(mails "$BOX")" 1
	LP_NOW=2026-03-02T10:10:00Z run_ok lp-send notify
	assert_equal "$(mails "$BOX")" 2
	assert_equal "$(untold)" 0
	run_ok lp-config set -q notify_interval=0
	note error three
	LP_NOW=2026-03-02T10:10:00Z run_ok lp-send notify
	assert_equal "$(mails "$BOX")" 3
}

@test "what is switched off isn't mailed, but stays to be read" {
	run_ok lp-config set -q notify_on_error=no notify_on_positive_reply=no notify_on_meeting_booked=no
	note error 'it broke'
	note reply_positive 'interested'
	note meeting_booked 'a call'
	# what needs nobody
	note reply_judged 'not interested: reply'
	note opt_out 'opt-out from x'
	note bounce 'x: no such address'
	note automatic_mail 'automatic reply'
	run_ok lp-send notify
	assert_equal "$(mails "$BOX")" 0
	run_ok lp-report
	assert_output --partial 'it broke'
	run_ok lp-config set -q notify_on_meeting_booked=yes
	run_ok lp-send notify
	grep -q '^Subject: LeadPilot: a call$' <(mail)
}

@test "a crash between the mail and its record: the same mail again is the same file, and what came since has its own" {
	note error one
	run_ok lp-send notify
	sql "UPDATE notifications SET delivered_at = NULL; UPDATE notice_tellings SET state = 'due'"
	note error two
	sql "UPDATE notifications SET type = 'reply', title = 'other' WHERE seq = 1"
	# also where it was read and moved on, the account came in between, and time passed
	mkdir -p "$BOX/cur" && for f in "$BOX"/new/*; do mv "$f" "$BOX/cur/${f##*/}:2,S"; done
	run_ok lp-accounts add sales kind=maildir address=kim@lead.example out=out in=in
	LP_NOW=2026-03-02T10:30:00Z run_ok lp-send -v notify
	assert_output '2 notices told'
	assert_equal "$(mails "$BOX")" 1
	grep -q '^Subject: LeadPilot: two$' <(mail)
	assert_equal "$(untold)" 0
}

@test "ten at once write one mail" {
	note error one
	note error two
	for i in 1 2 3 4 5 6 7 8 9 10; do lp-send notify & done
	wait
	assert_equal "$(mails "$BOX")" 1
	assert_equal "$(sql "SELECT count(DISTINCT digest) FROM notifications")" 1
}

@test "a Maildir that can't be written is one line, and it is tried again" {
	run_ok lp-config set -q notify_maildir=/dev/null/box
	note error one
	run_err 78 "notices by maildir: can't create '/dev/null/box'" lp-send notify
	run_err 78 "notices by maildir: " lp-send notify
	assert_equal "$(untold)" 1
	run_ok lp-config set -q "notify_maildir=$BOX"
	run_ok lp-send notify
	assert_equal "$(mails "$BOX")" 1
}

@test "what somebody read needs no mail; what is old has none; no notify_maildir, no mail" {
	note error read
	sql "UPDATE notifications SET read_at = '$LP_NOW'"
	sql "INSERT INTO notifications (id, type, title, message, created_at) VALUES ('old', 'error', 'old', '', '2026-02-20T10:00:00.000Z')"
	run_ok lp-send notify
	assert_equal "$(mails "$BOX")" 0
	run_ok lp-config set -q notify_maildir=
	note error new
	run_ok lp-send -v notify
	assert_output '0 notices told'
}

@test "what others wrote does nothing to a terminal or a header" {
	note reply "$(printf 'reply from \033[2J\r\nBcc: x@y.example')" "$(printf 'a\033[31m\nb\xe2\x80\xaec')"
	run_ok lp-send notify
	mail >mail
	not grep -q "$(printf '\033')" mail
	not grep -qi '^Bcc' mail
	note reply "$(printf 'ä%.0s' $(seq 300))" "$(printf 'é%.0s' $(seq 3000))"
	LP_NOW=2026-03-02T11:00:00Z run_ok lp-send notify
	assert_equal "$(mails "$BOX")" 2
	grep -qi '^Subject: =?' "$BOX"/new/*
}

@test "hundreds of them are still one mail of a bounded length" {
	sql "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 400)
		INSERT INTO notifications (id, type, title, message, created_at) SELECT 'x' || i, 'error', 't' || i, hex(zeroblob(4000)), '2026-03-02T10:00:00.000Z' FROM n"
	run_ok lp-send notify
	assert_equal "$(mails "$BOX")" 1
	grep -q 'And 300 more: lp-inbox notices' <(mail)
	[ "$(mail | wc -c)" -lt 200000 ]
	assert_equal "$(untold)" 0
}

@test "from the agent, by the first account's address; to notify_email, or the same" {
	run_ok lp-config set -q notify_email= 'name=Kim, Inc. "LP"'
	note error one
	run_ok lp-send notify
	grep -q '^From: .*<leadpilot@localhost>$' <(mail)
	rm "$BOX"/new/*
	run_ok lp-accounts add sales kind=maildir address=kim@lead.example out=out in=in
	note error two
	LP_NOW=2026-03-02T11:00:00Z run_ok lp-send notify
	grep -q '^From: .*Kim, Inc.*<kim@lead.example>$' <(mail)
	grep -q '^To: kim@lead.example$' <(mail)
}

@test "lp-tick tells at its end: also with nothing due, stopped, and where a stage failed" {
	note error one
	run_ok lp-tick
	assert_equal "$(mails "$BOX")" 1
	run_ok lp-stop -q -m 'for today'
	note error two
	LP_NOW=2026-03-02T11:00:00Z run_ok lp-tick
	assert_equal "$(mails "$BOX")" 2
	# it holds up nothing, but says so
	run_ok lp-config set -q notify_maildir=/dev/null/box
	note error three
	LP_NOW=2026-03-02T12:00:00Z run_err 78 'lp-send: notices by maildir: ' lp-tick
	assert_equal "$(sql "SELECT status FROM ticks ORDER BY seq DESC LIMIT 1")" 0
}

@test "a tick's replies, approvals and escalations are one mail, after they were judged" {
	world_make "notify_maildir=$BOX"
	run_ok lp-enqueue due
	LP_NOW=$NOON run_ok lp-tick
	says ann@alpha.example 'Yes, this is very interesting, tell me more!'
	says bob@beta.example 'Not interested, thank you.'
	LP_NOW=2026-03-03T10:00:00Z run_ok lp-tick
	assert_equal "$(mails "$BOX")" 1
	grep -q 'interested: reply from ann@alpha.example' <(mail)
	not grep -q 'bob@beta.example' <(mail)
}
