load helper

setup() {
	lp_setup
	new_db
	run_ok lp-accounts add sales kind=maildir address=kim@leadpilot.example "out=$PWD/Maildir" "in=$PWD/Inbox"
	cat >leads.csv <<-'END'
		first_name,last_name,company,email,Shop System
		Ada,Lovelace,Acme,ada@acme.example,Shopify
		Bob,,Bolt,bob@bolt.example,
		,,Cyan,cy@cyan.example,Magento
		Dan,Dee,,dan@dee.example,
	END
	run_ok lp-leads import leads.csv
	cat >c.yaml <<-'END'
		name: intro
		steps:
		  - subject: "Hello {{company}}"
		    body: "Hi {{first_name|there}}, {{Shop System|your shop}}?"
		  - {delay: 3d, body: "Still there, {{first_name|you}}?"}
	END
}

loaded() {
	run_ok lp-campaigns load c.yaml
	run_ok lp-campaigns enrol intro --status active
}

# what lp-approve does for a campaign
approve() {
	run_ok lp-approve yes "$1" -y
}

@test "load makes a draft, with its version, steps and variants" {
	run_ok lp-campaigns load c.yaml -v
	assert_output "campaign 'intro' (c1) loaded as a draft"
	[ "$(sql "SELECT name || status || version FROM campaigns")" = introdraft1 ]
	[ "$(sql "SELECT group_concat(step || channel || delay || same_thread, ' ') FROM campaign_steps")" = "1email0s0 2email3d1" ]
	[ "$(sql "SELECT count(*) FROM step_variants WHERE variant = 'a' AND body IS NOT NULL")" = 2 ]
	[ "$(sql "SELECT count(*) FROM agent_logs WHERE campaign_id = 1")" = 1 ]
	run_ok lp-log verify
}

@test "load, the same again: nothing changes; silent in a pipe" {
	run_ok lp-campaigns load c.yaml
	assert_output ""
	run_ok lp-campaigns load c.yaml -v
	assert_output "campaign 'intro' (c1) is as it was, version 1"
	[ "$(sql "SELECT count(*) FROM campaign_versions")" = 1 ]
}

@test "load -n shows the difference and loads nothing" {
	run_ok lp-campaigns load -n c.yaml
	assert_line "+ name: intro"
	[ "$(sql "SELECT count(*) FROM campaigns")" = 0 ]
	run_ok lp-campaigns load c.yaml
	sed -i 's/3d/5d/' c.yaml
	run_ok lp-campaigns load -n c.yaml
	assert_output "-   - delay: 3d
+   - delay: 5d"
	[ "$(sql "SELECT version FROM campaigns")" = 1 ]
}

@test "a change is a new version; leads not begun with move in a draft, and stay in one that ran" {
	loaded
	sed -i 's/3d/4d/' c.yaml
	run_ok lp-campaigns load c.yaml -v
	assert_line "campaign 'intro' (c1): version 2; it needs an approval of its own where one is asked for"
	assert_line "4 leads that wait for their first message move to version 2"
	[ "$(sql "SELECT count(*) FROM enrolments WHERE version = 2")" = 4 ]

	sql "UPDATE campaigns SET status = 'running'; UPDATE enrolments SET status = 'active', planned_at = enrolled_at WHERE seq = 1"
	sed -i 's/4d/5d/' c.yaml
	run_ok lp-campaigns load c.yaml -v
	assert_line "1 leads under way stay on the version that they began with"
	assert_line "3 leads that wait for their first message stay on their version (--move takes them to version 3)"
	[ "$(sql "SELECT count(*) FROM enrolments WHERE version = 2")" = 4 ]

	sed -i 's/5d/6d/' c.yaml
	run_ok lp-campaigns load c.yaml -v --move
	assert_line "3 leads that wait for their first message move to version 4"
	[ "$(sql "SELECT group_concat(version) FROM enrolments")" = 2,4,4,4 ]
	run_ok lp-campaigns show intro -j
	[ "$(jqs '[.versions[].version]')" = "[4,3,2,1]" ]
	# what was said once is never changed
	[ "$(sql "SELECT group_concat(delay) FROM campaign_steps WHERE step = 2")" = 3d,4d,5d,6d ]
}

@test "dump, load, dump is a fixed point, for the examples too" {
	run_ok lp-campaigns load c.yaml
	run_ok lp-campaigns load "$LP_TOP/examples/hello.yaml"
	run_ok lp-campaigns load "$LP_TOP/examples/returns.yaml"
	lp-campaigns dump >one
	run_ok lp-campaigns load one -v
	[ "$(grep -c 'is as it was' <<<"$output")" = 3 ]
	lp-campaigns dump >two
	cmp one two
	lp-campaigns dump returns >alone
	run_ok lp-campaigns load alone -v
	assert_output "campaign 'returns' (c3) is as it was, version 1"
}

@test "bad files: the place, one line, nothing loaded" {
	run_err 66 "can't read 'none.yaml'" lp-campaigns load none.yaml
	printf 'name: x\nstepz: []\n' >b.yaml
	run_err 65 "b.yaml:2:1: unknown key 'stepz' (did you mean 'steps'?)" lp-campaigns load b.yaml
	printf 'name: x\nsteps:\n  - {subject: s, body: "Hi {{first_name"}\n' >b.yaml
	run_err 65 "b.yaml:3:24: 'body', line 1, column 4: '{{' without '}}'" lp-campaigns load b.yaml
	printf 'name: x\nsteps:\n  - {subject: {{company}}, body: b}\n' >b.yaml
	run_err 65 "b.yaml:3:16: a key must be plain text (a value that starts with '{{' needs quotes)" lp-campaigns load b.yaml
	printf 'name: x\n\tsteps: []\n' >b.yaml
	run_err 65 "b.yaml:2:" lp-campaigns load b.yaml
	printf 'name: x\nsteps: [{subject: s, body: b}]\nhours: {timezone: Mars/Olympus}\n' >b.yaml
	run_err 65 "b.yaml:3:19: unknown time zone 'Mars/Olympus'" lp-campaigns load b.yaml
	# two in a file: none where one is bad
	printf 'campaigns:\n- {name: a, steps: [{subject: s, body: b}]}\n- {name: b, steps: []}\n' >b.yaml
	run_err 65 "b.yaml:3:20: 'steps' wants a list" lp-campaigns load b.yaml
	printf 'name: x\nsteps: \xff\n' | run_err 65 "stdin:2: invalid UTF-8" lp-campaigns load -
	[ "$(sql "SELECT count(*) FROM campaigns")" = 0 ]
}

@test "enrol: handles, addresses, a list, a filter; once each; the account is bound" {
	run_ok lp-campaigns load c.yaml
	run_ok lp-campaigns enrol intro l1 bob@bolt.example -v
	assert_output "2 enrolled, 0 were in it already, 0 refused"
	lp-leads list -j | run_ok lp-campaigns enrol intro -
	[ "$(sql "SELECT count(*) FROM enrolments WHERE account_id = 1 AND version = 1 AND way = 'hand'")" = 4 ]
	run_ok lp-campaigns enrol intro --status active -v
	assert_output "0 enrolled, 4 were in it already, 0 refused"
}

@test "enrol refuses by name, and does the rest" {
	run_ok lp-campaigns load c.yaml
	run_ok lp-leads suppress acme.example -m asked
	run_ok lp-leads pause l4
	printf 'l1\nl9\nm3\n{"id":"l2"}\n{"x":1}\nl4\n' >list
	run_st 65 lp-campaigns enrol intro -v - <list
	assert_output "1 enrolled, 0 were in it already, 4 refused"
	[[ $stderr == *'stdin:5: neither "id" nor "email"'* ]]
	[[ $stderr == *"l1"*suppressed* ]]
	[[ $stderr == *"l9"* ]]
	[[ $stderr == *"'m3' is a message, not a lead"* ]]
	[[ $stderr == *"l4 is paused"* ]]
	[ "$(sql "SELECT group_concat(lead_id) FROM enrolments")" = 2 ]
}

@test "enrol -n does nothing; whom? and max_leads" {
	sed -i '1a max_leads: 2' c.yaml
	run_ok lp-campaigns load c.yaml
	run_err 64 "enrol whom?" lp-campaigns enrol intro
	run_st 65 lp-campaigns enrol -n intro --status active
	assert_output "2 would be enrolled, 0 are in it already, 2 refused"
	[ "$(sql "SELECT count(*) FROM enrolments")" = 0 ]
	run_st 65 lp-campaigns enrol intro --status active
	[[ $stderr == *"c1 is full: at most 2 leads (max_leads)"* ]]
	[ "$(sql "SELECT count(*) FROM enrolments")" = 2 ]
}

@test "a campaign keeps to its way of entry" {
	sed -i '1a entry: [import]' c.yaml
	run_ok lp-campaigns load c.yaml
	run_err 65 "c1 takes no leads by 'hand' (entry)" lp-campaigns enrol intro l1
	run_ok lp-leads import leads.csv --campaign intro
	[ "$(sql "SELECT count(*) FROM enrolments WHERE way = 'import'")" = 4 ]
}

@test "rotation: the lead decides, evenly enough, and it stays" {
	run_ok lp-accounts add second kind=maildir address=lee@leadpilot.example "out=$PWD/M2" "in=$PWD/I2"
	awk 'BEGIN { print "email,company"; for (i = 1; i <= 60; i++) printf "p%d@x%d.example,X%d\n", i, i, i }' >many.csv
	run_ok lp-leads import many.csv
	loaded
	[ "$(sql "SELECT min(n) > 15 FROM (SELECT count(*) n FROM enrolments GROUP BY account_id)")" = 1 ]
	[ "$(sql "SELECT count(DISTINCT account_id) FROM enrolments")" = 2 ]
	before=$(sql "SELECT group_concat(account_id) FROM enrolments")
	run_ok lp-accounts pause second
	run_ok lp-campaigns enrol intro --status active
	[ "$(sql "SELECT group_concat(account_id) FROM enrolments")" = "$before" ]
}

@test "check: fields that no lead has, and leads without a value" {
	loaded
	run_st 1 lp-campaigns check intro
	assert_output "intro: l4: step 1: subject: no value and no fallback for 'company'"
	sed -i 's/{{company}}/{{compnay}}/; s/Shop System/Shop Sistem/' c.yaml
	run_ok lp-campaigns load c.yaml
	run_st 78 lp-campaigns check -j intro
	[ "$(jqs 'select(.severity == "error") | .message' | sort | tr '\n' ' ')" = \
		"\"step 1: body: no lead has the field 'Shop Sistem' (did you mean 'shop_system'?)\" \"step 1: subject: no lead has the field 'compnay' (did you mean 'company'?)\" " ]
	run_err 1 "no such campaign: 'intor' (did you mean 'intro'?)" lp-campaigns check intor
}

@test "check: an account in whose inbox nobody looks" {
	run_ok lp-campaigns load "$LP_TOP/examples/hello.yaml"
	run_ok lp-accounts set sales in=
	run_st 1 lp-campaigns check hello
	assert_line "hello: account 'sales' has no inbox, so no follow-up leaves from it: lp-accounts set sales in=MAILDIR"
	run_ok lp-accounts set sales in=in
	run lp-campaigns check hello
	refute_output -p 'no inbox'
}

@test "check: accounts" {
	sed -i '1a accounts: [slaes]' c.yaml
	run_ok lp-campaigns load c.yaml
	run_st 78 lp-campaigns check
	assert_line "intro: error: no such account: 'slaes' (did you mean 'sales'?)"
	sed -i 's/slaes/sales/' c.yaml
	run_ok lp-campaigns load c.yaml
	run_ok lp-accounts pause sales
	run_st 78 lp-campaigns check
	assert_line "intro: error: no active account for email: lp-accounts add, or lp-accounts start"
}

@test "preview: the whole text, minute, account, variant and holds; nothing is written" {
	loaded
	before=$(sha256sum "$LP_DB" | cut -d' ' -f1)
	run_ok lp-campaigns preview intro -j
	[ "$(jq -s length <<<"$output")" = 8 ]
	[ "$(jqs 'select(.lead == "l1" and .step == 1) | [.account, .variant, .subject, .body, .holds]')" = \
		'["sales","a","Hello Acme","Hi Ada, Shopify?",[]]' ]
	[ "$(jqs 'select(.lead == "l1" and .step == 2) | .subject')" = '"Re: Hello Acme"' ]
	[ "$(jqs 'select(.lead == "l3" and .step == 1) | .body')" = '"Hi there, Magento?"' ]
	[ "$(jqs 'select(.lead == "l4") | .holds[0]' | head -n 1)" = "\"subject: no value and no fallback for 'company'\"" ]
	[ "$(jqs 'select(.lead == "l4" and .step == 2) | .holds[0]')" = '"step 1 comes first, and is held"' ]
	# in order of time, inside the hours, no sooner than now, three days apart
	jq -s -e '[.[].at | values] | . == sort and length == 7' <<<"$output"
	jq -s -e --arg now 2026-03-02T10:00:00.000Z 'map(select(.at)) | all(.at >= $now and .at[11:16] >= "09:00" and .at[11:16] < "17:00")' <<<"$output"
	jq -s -e '(map(select(.lead == "l1")) | (.[1].at | sub("\\..*"; "Z") | fromdate) - (.[0].at | sub("\\..*"; "Z") | fromdate) >= 3 * 86400)' <<<"$output"
	[ "$(sha256sum "$LP_DB" | cut -d' ' -f1)" = "$before" ]

	run_ok lp-campaigns preview intro --lead ada@acme.example
	assert_line "held: version 1 isn't approved: lp-approve yes 'intro'"
	assert_line "held: the campaign is a draft: lp-campaigns start 'intro'"
	assert_line "Subject: Hello Acme"
	refute_output --partial Bolt
	run_ok lp-campaigns preview intro -l 1
	assert_line "7 messages more (-l 0 shows all)"
}

@test "preview is the same each time, and what is planned then is the same" {
	loaded
	run_ok lp-campaigns preview intro -j
	first=$output
	run_ok lp-campaigns preview intro -j
	[ "$output" = "$first" ]
	at 2026-03-02T11:00:00Z run_ok lp-campaigns preview intro -j
	[ "$(jqs '[.lead, .step, .variant, .body]')" = "$(jq -cS '[.lead, .step, .variant, .body]' <<<"$first")" ]
}

@test "preview keeps the campaign's own hours and holidays" {
	sed -i '1a hours: {days: [thursday], start: "13:00", end: "15:00"}\nholidays: [2026-03-05]' c.yaml
	loaded
	run_ok lp-campaigns preview intro -j
	jq -s -e 'map(.at | values | .[0:10]) | unique | . == ["2026-03-12", "2026-03-19"]' <<<"$output"
	jq -s -e 'map(select(.at)) | all(.at[11:16] >= "13:00" and .at[11:16] < "15:00")' <<<"$output"
}

@test "variants: by weight, and each lead keeps its own" {
	cat >v.yaml <<-'END'
		name: ab
		max_leads: 1000
		steps:
		  - subject: s
		    variants:
		      - {id: x, weight: 3, body: XX}
		      - {id: y, body: YY}
		      - {id: never, weight: 0, body: ZZ}
	END
	awk 'BEGIN { print "email"; for (i = 1; i <= 80; i++) printf "p%d@x%d.example\n", i, i }' >many.csv
	run_ok lp-leads import many.csv
	run_ok lp-campaigns load v.yaml
	run_ok lp-campaigns enrol ab --status active
	run_ok lp-campaigns preview ab -j
	[ "$(jq -r .variant <<<"$output" | sort | uniq -c | awk '{ print $2, ($1 > 8 && $1 < 75) }' | tr '\n' ' ')" = "x 1 y 1 " ]
	jq -s -e 'all((.variant == "x") == (.body == "XX"))' <<<"$output"
}

@test "start: needs an account, fields and an approval, and says what to do" {
	run_ok lp-campaigns load c.yaml
	run_ok lp-accounts pause sales
	run_st 78 lp-campaigns start intro
	[[ $stderr == *"no active account for email: lp-accounts add, or lp-accounts start"* ]]
	[[ $stderr == *"campaign 'intro' can't start like that: lp-campaigns check 'intro'"* ]]
	run_ok lp-accounts start sales
	run_err 77 "campaign 'intro': its newest version isn't approved: lp-approve yes 'intro'" lp-campaigns start intro
	[ "$(sql "SELECT status FROM campaigns")" = draft ]
	approve intro
	run_ok lp-campaigns start intro -v
	assert_output "campaign 'intro' runs"
	[ "$(sql "SELECT status || (started_at IS NOT NULL) FROM campaigns")" = running1 ]
	run_ok lp-campaigns pause intro -m "new prices"
	[ "$(sql "SELECT status || status_reason FROM campaigns")" = "pausednew prices" ]
	# another text needs another approval
	sed -i 's/Still/Yet/' c.yaml
	run_ok lp-campaigns load c.yaml
	run_err 77 "isn't approved" lp-campaigns start intro
}

@test "start without approvals: where the configuration asks for none" {
	run_ok lp-config set require_approval_for=book_meeting
	loaded
	run_ok lp-campaigns start -n intro -v
	[ "$(sql "SELECT status FROM campaigns")" = draft ]
	run_ok lp-campaigns start intro
	[ "$(sql "SELECT status FROM campaigns")" = running ]
}

@test "an account that comes later is given to those who wait for one" {
	run_ok lp-config set require_approval_for=book_meeting
	run_ok lp-accounts rm sales
	run_ok lp-campaigns load c.yaml
	run_ok lp-campaigns enrol intro l1
	[ "$(sql "SELECT account_id IS NULL FROM enrolments")" = 1 ]
	run_ok lp-campaigns preview intro -j
	[ "$(jqs .holds | head -n 1)" = '["no account yet: lp-accounts add"]' ]
	run_ok lp-accounts add late kind=maildir address=kim@leadpilot.example "out=$PWD/M3" "in=$PWD/I3"
	run_ok lp-campaigns start intro
	[ "$(sql "SELECT a.name FROM enrolments e JOIN accounts a ON a.seq = e.account_id")" = late ]
}

@test "list and show" {
	run_ok lp-campaigns list
	assert_output ""
	loaded
	run_ok lp-campaigns list
	assert_line --regexp '^c1 +intro +draft +1 +4 +0 +0 +0$'
	run_ok lp-campaigns list -j
	[ "$(jqs '[.id, .name, .approved, .leads.enrolled]')" = '["c1","intro",false,4]' ]
	run_ok lp-campaigns show c1
	assert_line "name: intro"
	run_err 1 "no such campaign: 'c7'" lp-campaigns show c7
	run_err 64 "'l1' is a lead, not a campaign" lp-campaigns show l1
}

@test "spintax only where it is on" {
	sed -i 's/Still there/{Still|Yet} there/' c.yaml
	run_ok lp-campaigns load c.yaml
	run_ok lp-campaigns enrol intro l1
	run_ok lp-campaigns preview intro -j
	[ "$(jqs 'select(.step == 2) | .body')" = '"{Still|Yet} there, Ada?"' ]
	sed -i '1a spintax: true' c.yaml
	run_ok lp-campaigns load c.yaml
	run_ok lp-campaigns preview intro -j
	[[ $(jqs 'select(.step == 2) | .body') =~ ^\"(Still|Yet)\ there,\ Ada\?\"$ ]]
}

@test "usage, help, a file that is no database" {
	run_st 64 lp-campaigns
	run_st 64 lp-campaigns enroll
	[[ $stderr == *"did you mean 'enrol'?"* ]]
	run_st 64 lp-campaigns load
	run_ok lp-campaigns -h
	assert_output --partial preview
	echo text >no.db
	run_st 78 lp-campaigns list -d no.db
	[ -z "$output" ]
}

@test "preview says what the rules would say" {
	printf 'rules:\n  - {name: No Bolts, type: filter, when: lead.company equals Bolt, then: block}\n  - {name: Shout, type: filter, when: draft.body contains "magento", then: hold}\n' >rules.yaml
	run_ok lp-rules load rules.yaml
	loaded
	run_ok lp-campaigns preview intro -j
	[[ $(jqs 'select(.lead == "l2") | .holds' | head -n 1) == *"rule 'No Bolts'"* ]]
	[[ $(jqs 'select(.lead == "l3" and .step == 1) | .holds') == *"rule 'Shout'"* ]]
	[ "$(jqs 'select(.lead == "l1") | .holds' | sort -u)" = "[]" ]
}

@test "what was previewed is what leaves, to the second" {
	run_ok lp-config set require_approval_for=book_meeting
	printf 'rules:\n  - {name: No Bolts, type: filter, when: lead.company equals Bolt, then: block}\n' >rules.yaml
	run_ok lp-rules load rules.yaml
	loaded
	run_ok lp-campaigns start intro
	run_ok lp-start
	run_ok lp-campaigns preview intro -j
	times=$(jq -r '.at | values' <<<"$output")  # a held message has its time too
	jq -cS 'select(.holds == []) | [.lead, .step, .at, .variant, .subject, .body]' <<<"$output" | sort >previewed
	[ "$(wc -l <previewed)" = 4 ]
	run_ok lp-tick
	for t in $times; do
		# a tick soon before, as cron has it, makes the task; one right after sends it
		at "$(date -u -d "$t - 2 minutes" +%FT%TZ)" run_ok lp-tick
		at "$(date -u -d "$t + 1 minute" +%FT%TZ)" run_ok lp-tick
	done
	sqlite3 -json "$LP_DB" "SELECT 'l' || m.lead_id AS lead, m.step, m.slot_at AS at, m.variant, t.subject, t.body FROM messages m
		JOIN message_texts t ON t.message_id = m.seq WHERE m.status = 'sent'" |
		jq -cS '.[] | [.lead, .step, .at, .variant, .subject, .body]' | sort >sent
	diff previewed sent
}
