load helper
load world

# What comes back decides what leaves next: three people had their first message; one is away, one is dead, one says nothing.
setup_file() {
	world_file
}

mail_id() {
	sql "SELECT rfc_message_id FROM messages m JOIN leads l ON l.seq = m.lead_id WHERE l.email = '$1' AND m.step = 1"
}

@test "an absence pauses, a bounce ends, silence goes on; and a pause ends by itself" {
	use gated
	rest
	assert_equal "$(mails out)" 3
	printf 'From: ann@alpha.example\nSubject: Automatic reply\nAuto-Submitted: auto-replied\nIn-Reply-To: <%s>\n\nI am out of the office.\n' \
		"$(mail_id ann@alpha.example)" >in/new/1.x
	cat >in/new/2.x <<-X
		From: Mail Delivery System <MAILER-DAEMON@mx.lead.example>
		To: kim@lead.example
		Return-Path: <>
		Subject: Undelivered Mail Returned to Sender
		Message-ID: <dsn@mx.lead.example>
		Auto-Submitted: auto-replied
		MIME-Version: 1.0
		Content-Type: multipart/report; report-type=delivery-status; boundary=b

		--b
		Content-Type: text/plain

		I'm sorry to have to inform you that your message could not be delivered.

		--b
		Content-Type: message/delivery-status

		Reporting-MTA: dns; mx.lead.example

		Final-Recipient: rfc822; cid@gamma.example
		Action: failed
		Status: 5.1.1
		Diagnostic-Code: smtp; 550 5.1.1 unknown user

		--b
		Content-Type: text/rfc822-headers

		Message-ID: <$(mail_id cid@gamma.example)>
		Subject: Cid, a question about Gamma
		--b--
	X
	inboxes
	assert_equal "$(sql "SELECT group_concat(status || ifnull(' ' || paused_until, ''), ', ') FROM enrolments")" \
		'paused 2026-03-09T12:00:00.000Z, active, stopped'
	assert_equal "$(sql 'SELECT group_concat(status) FROM leads')" active,active,bounced
	tick 2026-03-05T13:00:00Z
	tick 2026-03-05T16:00:00Z
	assert_equal "$(to ann@alpha.example)-$(to bob@beta.example)-$(to cid@gamma.example)" 1-2-1
	tick 2026-03-09T11:59:00Z
	assert_equal "$(to ann@alpha.example)" 1
	tick 2026-03-09T12:00:00Z
	tick 2026-03-09T16:30:00Z
	assert_equal "$(to ann@alpha.example)-$(to bob@beta.example)-$(to cid@gamma.example)" 2-2-1
	assert_equal "$(sql 'SELECT group_concat(status) FROM enrolments')" finished,finished,stopped
	run_ok lp-log verify
}
