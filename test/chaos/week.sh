#!/bin/sh
# 500 leads, three accounts, a simulated week, real servers: a campaign goes out by Postfix into Dovecot's mailboxes inside its hours and limits, and the server's
# own log, the mailboxes, the file and lp-report agree to the message.
LP_TOP=${LP_TOP:-$PWD}
. test/tools/tap.sh
. test/tools/world.sh
missing=$(sh "$LP_TOP/test/tools/mail-server.sh" check) || {
	skip 'a week over SMTP' "$missing"
	tap_end
	exit
}
ms=$(mktemp -d /tmp/lp-week.XXXXXX)
trap 'sh "$LP_TOP/test/tools/mail-server.sh" stop "$ms"; rm -rf "$ms" "$tap_dir"' EXIT
sh "$LP_TOP/test/tools/mail-server.sh" start "$ms" || exit 1
. "$ms/env"
export KIM=kim-pass
world_fresh "$tap_dir/w" || exit 1
LP_NOW=2026-03-02T00:00:00Z

# Accounts in three time zones; a tenth of the leads is where the law asks for consent first, and four addresses are dead.
make_week() {
	lp-config init --simulated && lp-config set schedule_timezone=Europe/Berlin max_messages_per_day=170 max_leads_per_day=140 max_actions_per_hour=60 max_messages_per_company=1000 \
		compliance=strict privacy_url=https://ours.example/privacy unsubscribe_url=https://ours.example/u/ identification='Ours Ltd, company 1234567' \
		postal_address='1 Mill Lane, Leeds LS1 1AA, United Kingdom' || return 1
	for a in ada:Europe/Berlin ben:Europe/London cid:Europe/Athens; do
		lp-accounts add "${a%%:*}" kind=smtp "address=${a%%:*}@ours.example" "display_name=${a%%:*} Park" host=localhost "port=$SUBMISSION" security=starttls \
			"ca_file=$CA" user=kim@ours.example password_env=KIM "in=in.${a%%:*}" "timezone=${a#*:}" daily_limit=60 answer_share=0 gap_seconds=60 ramp_start=40 ramp_step=10 || return 1
		mkdir -p "in.${a%%:*}/new" "in.${a%%:*}/cur" "in.${a%%:*}/tmp"
	done
	awk 'BEGIN {
		print "first_name,last_name,company,email,country"
		for (i = 1; i <= 500; i++)
			printf "F%d,L%d,Company %d,%s,%s\n", i, i, i, i % 125 == 7 ? "dead" i "@lead.example" : "lead" i "@week.example", i % 10 == 3 ? "DE" : "GB"
	}' | lp-leads import - || return 1
	cat >week.yaml <<-'END'
		name: week
		max_leads: 500
		accounts: [ada, ben, cid]
		steps:
		  - subject: "{{first_name}}, a question about {{company}}"
		    body: |
		      Hi {{first_name}}, how do you handle returns at {{company}} today?
		  - {delay: 3bd, body: "Any thoughts, {{first_name}}?"}
	END
	lp-campaigns load week.yaml && lp-campaigns enrol week --status active && lp-approve yes week -y && lp-campaigns start week && lp-start
}
one() {
	sqlite3 -cmd '.timeout 10000' "$LP_DB" "$1"
}
# what Postfix took, a Message-ID a line: by its own log
taken() {
	sed -n 's/.*cleanup.*message-id=<\(.*\)>$/\1/p' "$ms/log/postfix.log" | sort
}
# what lies in the mailboxes
boxed() {
	find "$ms/mail" -type f -path '*/new/*' -exec sed -n '/^$/q; s/^Message-ID: <\(.*\)>.*$/\1/Ip' {} \; | sort
}
delivered() {
	[ "$(find "$ms/mail" -type f -path '*/new/*' | wc -l)" -ge "$(one "SELECT count(*) FROM outbox WHERE state = 'sent'")" ]
}
agree() {
	n=0
	until delivered; do
		sleep 0.1
		[ $((n += 1)) -lt 200 ] || break
	done
	one "SELECT rfc_message_id FROM outbox WHERE state = 'sent' ORDER BY 1" | sort >rows
	taken >taken
	boxed >boxed
	diff rows taken && diff rows boxed
}
report() {
	export LP_NOW=2026-03-08T23:00:00Z
	lp-report -j >report.json && jq -r '.campaigns[0].sent' report.json
}
# by account and day of its own zone; by the agent's day; and how many within any hour
most_a_day() {
	one "SELECT max(n) FROM (SELECT count(*) AS n FROM outbox WHERE state <> 'refused' GROUP BY account_id, date(reserved_at, CASE account_id WHEN 1 THEN '+1 hour' WHEN 2 THEN '0 hours' ELSE '+2 hours' END))"
}
outside() {
	one "SELECT count(*) FROM (SELECT CAST(strftime('%H', reserved_at, '+1 hour') AS INTEGER) AS agent, strftime('%w', reserved_at, '+1 hour') AS day,
	    CAST(strftime('%H', reserved_at, CASE account_id WHEN 1 THEN '+1 hour' WHEN 2 THEN '0 hours' ELSE '+2 hours' END) AS INTEGER) AS own FROM outbox)
	    WHERE agent < 9 OR agent >= 17 OR own < 9 OR own >= 17 OR day IN ('0', '6')"
}

ok 'the campaign stands' make_week
ok 'a week' lp-tick --until +7d
ok "the rows, Postfix's log and the mailboxes agree to the message" agree
sent=$(wc -l <rows | tr -d ' ')
is 'and so does lp-report' "$(report)" "$sent"
is 'by account too' "$(one "SELECT sum(n) FROM (SELECT count(*) AS n FROM outbox WHERE state = 'sent' GROUP BY account_id)")" "$sent"
ok 'it was hundreds' test "$sent" -gt 550
is 'each Message-ID once' "$(taken | uniq -d | wc -l | tr -d ' ')" 0
is 'every lead who may be written to was, but for the dead' "$(one "SELECT count(DISTINCT lead_id) FROM outbox WHERE state = 'sent'")" 446
is 'a dead address is refused, and suppressed' "$(one "SELECT count(*) FROM outbox o JOIN suppressions s ON s.source = 'bounce' AND s.value = o.recipient WHERE o.state = 'refused'")" 4
is 'nobody whose country asks for consent first' "$(one "SELECT count(*) FROM outbox o JOIN leads l ON l.seq = o.lead_id WHERE l.country = 'DE'")" 0
ok 'no account over its day' test "$(most_a_day)" -le 60
is 'its first day is the ramp'"'"'s' "$(one "SELECT max(n) <= 40 FROM (SELECT count(*) AS n FROM outbox WHERE reserved_at < '2026-03-03' GROUP BY account_id)")" 1
ok 'nor all together' test "$(one "SELECT max(n) FROM (SELECT count(*) AS n FROM outbox WHERE state <> 'refused' GROUP BY date(reserved_at, '+1 hour'))")" -le 170
ok 'nor within an hour' test "$(one "SELECT max(n) FROM (SELECT count(*) OVER (ORDER BY unixepoch(reserved_at) RANGE BETWEEN 3599 PRECEDING AND CURRENT ROW) AS n FROM outbox)")" -le 60
is 'nothing outside the hours of the agent or the account' "$(outside)" 0
is 'a follow-up stands in its thread' "$(find "$ms/mail" -type f -path '*/new/*' -exec grep -l '^In-Reply-To: ' {} + | wc -l | tr -d ' ')" \
	"$(one "SELECT count(*) FROM outbox o JOIN messages m ON m.seq = o.message_id WHERE o.state = 'sent' AND m.step = 2")"
is 'each with a one-click way out' "$(find "$ms/mail" -type f -path '*/new/*' -exec grep -Lx 'List-Unsubscribe-Post: List-Unsubscribe=One-Click.*' {} + | wc -l | tr -d ' ')" 0
ok 'the log verifies' lp-log verify
tap_end
