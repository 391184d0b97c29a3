# The inbox for people: what came in and what waits, whole conversations, corrections, answers by hand, and whose a conversation is.
load helper
load world
load reply

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup
	world_new && world_make require_approval_for=send_response && cat >>hello.yaml <<-'X' || return 1
		greeting: "Hi {{first_name|there}},"
		closing: Kim
		answers:
		  - {q: [What does it cost?, What is the price?], a: it is 4 EUR a parcel.}
		responses:
		  interested: glad to hear it.
	X
	lp-campaigns load -q hello.yaml && lp-approve yes hello -y && lp-enqueue due && LP_NOW=$NOON lp-tick || return 1
	cp -R . ../sent
	# Ann asks, Bob doubts, Cid is furious; and somebody nobody knows
	export LP_NOW=2026-03-03T10:00:00Z
	says ann@alpha.example 'Hello Kim, what does it cost?'
	says bob@beta.example 'Not interested, thank you.'
	says cid@gamma.example 'This is outrageous! How dare you spam me, you idiots!'
	printf 'From: Zoe <zoe@zeta.example>\nTo: kim@lead.example\nSubject: =?utf-8?q?who=1b[2J?=\nMessage-ID: <z@z>\n\nHe\xe2\x80\xaello \xc2\x9b2J\n' >in/new/zoe
	lp-tick && cp -R . ../said && cd ..
}
setup() {
	use said && export LP_NOW=2026-03-03T10:10:00Z LOGNAME=kim
}

# i ADDRESS: the last mail from there
i() {
	sql "SELECT 'i' || max(seq) FROM inbox_messages WHERE from_address = '$1'"
}
# of ADDRESS COLUMN: of that mail
of() {
	sql "SELECT $2 FROM inbox_messages WHERE from_address = '$1' ORDER BY seq DESC LIMIT 1"
}
mail_to() {
	grep -ls "^To: .*$1" out/new/* | xargs grep -l "^Date: .*$2"
}

# ---- looking

@test "what waits for a person stands first, with what to type" {
	run_ok lp-inbox
	lp-inbox list >again
	assert_equal "$output" "$(cat again)"
	[[ ${lines[0]} == 'ID '*'CAME IN'*'FROM'*'IS '*'SAID'*'WAITS'*'TYPE THIS' ]]
	assert_line --regexp "Ann Ash, Alpha \(l1\) +question [0-9]+% +Hello Kim, what does it cost\? +approval +lp-approve show p[0-9]+"
	assert_line --regexp "Cid Cedar, Gamma \(l3\) +angry .* escalated +lp-inbox reply $(i cid@gamma.example)"
	assert_line --regexp "zoe@zeta.example +not judged .* unmatched +lp-inbox done $(i zoe@zeta.example)"
}

@test "once it is answered or done it waits no more, and stands behind what does" {
	id=$(i ann@alpha.example)
	run_ok lp-approve yes "$(sql "SELECT 'p' || max(seq) FROM approvals WHERE status = 'open' AND task_id IN (SELECT seq FROM agent_tasks WHERE lead_id = 1)")"
	run_ok lp-tick
	run_ok lp-inbox list -j --lead ann@alpha.example
	assert_equal "$(jqs '[.waits,.answered]')" '[null,true]'
	run_ok lp-inbox
	[[ ${lines[4]} == "$id "*answered* ]]
	run_ok lp-inbox done "$(i zoe@zeta.example)" "$(i bob@beta.example)" "$(i cid@gamma.example)"
	run_ok lp-inbox list --status waiting
	assert_output ''
	assert_equal "$(of zoe@zeta.example status)" handled
}

@test "filters: lead, campaign, status, since, how many; words that aren't right" {
	run_ok lp-inbox list --campaign hello -j
	assert_equal "${#lines[@]}" 3
	run_ok lp-inbox list --lead l2 -j
	assert_equal "$(jqs '.lead_id')" '"l2"'
	run_ok lp-inbox list --status unmatched -j
	assert_equal "$(jqs '.reason')" '"of nobody we know"'
	run_ok lp-inbox list --since 2026-03-03T10:01:00Z
	assert_output ''
	run_ok lp-inbox list -l 1 -j
	assert_equal "${#lines[@]}" 1
	run_err 64 'none of waiting' lp-inbox list --status open
	run_err 1 "no campaign 'nope'" lp-inbox list --campaign nope
	run_err 1 'nobody@x.example' lp-inbox list --lead nobody@x.example
	run_err 64 'at least 1' lp-inbox list -l 0
}

@test "a conversation: what we sent, what came back, what it is, and the draft that waits, by mail, thread, message or lead" {
	run_ok lp-inbox show "$(i ann@alpha.example)"
	cp /dev/null all && printf '%s\n' "$output" >all
	assert_line --regexp '^h1  Ann Ash, Alpha \(l1\) <ann@alpha.example>, replied; campaign hello$'
	assert_line --regexp '^---- m1  2026-03-02 12:00  to ann@alpha.example: sent, step 1, from the campaign$'
	assert_line --regexp '^---- i[0-9]+  2026-03-03 10:00  <ann@alpha.example>: question [0-9]+% \(offline\)$'
	assert_line --regexp "^---- m[0-9]+  .*: not sent yet, from the campaign's answers$"
	assert_line '  it is 4 EUR a parcel.'
	assert_line --regexp '^  > lp-approve show p[0-9]+$'
	for which in h1 l1 m1 ann@alpha.example; do
		lp-inbox show "$which" | cmp - all
	done
	run_ok lp-inbox show l1 l2 -j
	assert_equal "${#lines[@]}" 2
	assert_equal "$(jqs '[.id,.lead_id,(.items|map(.type)),(.waits|map(.waits))]' | head -n 1)" '["h1","l1",["sent","received","sent","sent"],["approval"]]'
	run_err 1 'no such mail: i99' lp-inbox show i99
	run_err 1 'no such conversation: h99' lp-inbox show h99
	run_st 1 lp-inbox show i99 l1
	[[ $output == h1* ]]
	run_err 64 '' lp-inbox show c1
}

@test "what others wrote does nothing to the terminal" {
	run_ok lp-inbox show "$(i zoe@zeta.example)"
	lp-inbox list >>all && lp-inbox show "$(i zoe@zeta.example)" -v >>all
	LC_ALL=C not grep -q "$(printf '[\033]\|\302\233\|\342\200\256')" all
	LC_ALL=C not grep -q "$(printf '[\033]\|\302\233\|\342\200\256')" <<<"$output"
}

@test "notices: those that nobody read; done marks them" {
	run_ok lp-inbox notices
	assert_output --partial 'waits for your approval'
	run_ok lp-inbox notices -j
	n=$(jq -r .id <<<"${lines[0]}")
	run_ok lp-inbox done "$n"
	run_ok lp-inbox notices -j
	[[ $output != *"\"$n\""* ]]
	run_err 1 'no notice n999' lp-inbox done n999
	run_err 1 'no such notice or mail: x' lp-inbox done x
	run_ok lp-inbox done --all -n
	[ "$(sql 'SELECT count(*) FROM notifications WHERE read_at IS NULL')" -gt 0 ]
	run_ok lp-inbox done --all
	run_ok lp-inbox notices
	assert_output ''
	run_ok lp-report
	refute_output --partial 'TYPE THIS'
}

# ---- class

@test "a correction acts at once, teaches, and what waited because of the class before is another text" {
	id=$(i ann@alpha.example)
	run_ok lp-inbox class "$id" interested -v -m 'she wants to buy'
	assert_output "$id is interested"
	assert_equal "$(sql "SELECT was || ' ' || class || ' ' || decided_by FROM reply_corrections")" 'question interested kim'
	assert_equal "$(of ann@alpha.example "classification || ' ' || classified_by || ' ' || confidence")" 'interested person 1.0'
	assert_equal "$(sql "SELECT count(*) FROM approvals WHERE status = 'open' AND task_id IN (SELECT seq FROM agent_tasks WHERE lead_id = 1)")" 0
	run_ok lp-tick
	run_ok lp-inbox show l1
	assert_line '  glad to hear it.'
	refute_line '  it is 4 EUR a parcel.'
	run_ok lp-approve yes "$(sql "SELECT 'p' || max(seq) FROM approvals WHERE status = 'open'")"
	run_ok lp-tick
	f=$(mail_to ann@alpha.example 'Tue, 03 Mar')
	grep -q '^glad to hear it.$' "$f"
}

@test "the same class confirms: the draft that waits stays; where the brain had doubted, it acts" {
	before=$(sql "SELECT count(*) FROM agent_tasks")
	run_ok lp-inbox class "$(i ann@alpha.example)" question
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks")" "$before"
	assert_equal "$(of ann@alpha.example "classified_by || confidence")" 'person1.0'
	assert_equal "$(sql "SELECT count(*) FROM reply_corrections WHERE was = class")" 1
	run_ok lp-inbox list --lead l1 -j
	assert_equal "$(jqs .waits)" '"approval"'
	sql "UPDATE inbox_messages SET classification = 'unsubscribe', confidence = 0.5 WHERE lead_id = 2"
	run_ok lp-inbox class "$(i bob@beta.example)" unsubscribe
	assert_equal "$(sql "SELECT status FROM leads WHERE seq = 2")" suppressed
}

@test "several at once; what is no class, no mail, or nobody's" {
	run_ok lp-inbox class "$(i bob@beta.example)" "$(i cid@gamma.example)" not_interested
	assert_equal "$(sql "SELECT count(*) FROM reply_corrections")" 2
	run_err 64 "'intrested' is no class of a reply (did you mean 'interested'?)" lp-inbox class i1 intrested
	run_err 1 'no such mail: i99' lp-inbox class i99 interested
	run_err 1 'nothing to judge' lp-inbox class "$(i zoe@zeta.example)" interested
	run_st 64 lp-inbox class i1
	run_ok lp-inbox class -n "$(i bob@beta.example)" angry
	assert_equal "$(of bob@beta.example classification)" not_interested
}

# ---- reply

@test "an answer by hand: shown as it leaves, then the way of every message, and the conversation is a person's" {
	id=$(i ann@alpha.example)
	run_ok lp-inbox reply "$id" -n -m 'Dear {{first_name}}, nine EUR.'
	assert_output "$(printf 'To: ann@alpha.example\nSubject: Re: Ann, a question about Alpha\n\nDear Ann, nine EUR.')"
	assert_equal "$(sql "SELECT count(*) FROM messages WHERE purpose GLOB 'hand:*'")" 0
	run_ok lp-inbox reply "$id" -y -m 'Dear {{first_name}}, nine EUR.'
	assert_equal "$(sql "SELECT owner || ' ' || owner_reason FROM threads WHERE seq = 1")" "person kim answered by hand ($id)"
	# what the agent had in mind is over
	assert_equal "$(sql "SELECT count(*) FROM approvals WHERE status = 'open' AND task_id IN (SELECT seq FROM agent_tasks WHERE lead_id = 1)")" 0
	run_ok lp-tick
	f=$(mail_to ann@alpha.example 'Tue, 03 Mar')
	grep -q '^Dear Ann, nine EUR.$' "$f"
	grep -q '^In-Reply-To: <said-' "$f"
	not grep -q '^Auto-Submitted' "$f"
	assert_equal "$(sql "SELECT origin || ' ' || decided_by FROM message_texts x JOIN approvals a ON a.message_id = x.message_id WHERE origin = 'person'")" 'person kim'
	run_ok lp-inbox list --lead l1 -j
	assert_equal "$(jqs '[.answered,.waits]')" '[true,null]'
	# nobody has counted it as an automatic one, and it leaves once
	assert_equal "$(sql "SELECT auto_turns FROM threads WHERE seq = 1")" 0
	run_ok lp-tick
	assert_equal "$(mails out)" 4
	run_ok lp-log verify
}

@test "hours, stop and limits hold for it, and it is said before" {
	export LP_NOW=2026-03-03T20:00:00Z
	run_ok lp-inbox reply "$(i ann@alpha.example)" -n -m hello
	assert_line -- '-- outside the hours until 2026-03-04 09:00'
	run_ok lp-stop -q -m 'a holiday'
	run_ok lp-campaigns pause -q hello
	run_ok lp-inbox reply "$(i ann@alpha.example)" -y -v -m hello
	assert_line --regexp '^-- .*a holiday'
	assert_line --regexp '^-- the campaign is paused'
	run_ok lp-tick
	assert_equal "$(mails out)" 3
	run_ok lp-start -q
	run_ok lp-campaigns start -q hello
	LP_NOW=2026-03-04T09:01:00Z run_ok lp-tick
	LP_NOW=2026-03-04T12:00:00Z run_ok lp-tick
	assert_equal "$(mails out)" 4
}

@test "what is asked for it: somebody to look, a text, a mail of a lead" {
	id=$(i ann@alpha.example)
	run_err 64 'nobody is there to look at it' lp-inbox reply "$id" -m hello
	run_err 64 'without a terminal' lp-inbox reply "$id" -y
	run_err 65 'there is no text' lp-inbox reply "$id" -y -m ' '
	run_err 65 "the text: " lp-inbox reply "$id" -y -m 'Hi {{nickname}}'
	run_err 65 'answer it in your mail program' lp-inbox reply "$(i zoe@zeta.example)" -y -m hello
	run_err 1 'no such mail: i99' lp-inbox reply i99 -y -m hello
	assert_equal "$(sql "SELECT count(*) FROM messages WHERE purpose GLOB 'hand:*'")" 0
	assert_equal "$(sql "SELECT owner FROM threads WHERE seq = 1")" agent
}

@test "never to the suppressed, whoever types it; and not after it was typed either" {
	id=$(i ann@alpha.example)
	run_ok lp-inbox reply "$id" -y -m hello
	run_ok lp-leads suppress -q ann@alpha.example -m 'by phone'
	run_ok lp-tick
	assert_equal "$(mails out)" 3
	run_err 77 'never written to' lp-inbox reply "$id" -y -m hello
}

@test "rules: a block is said at once, a hold is shown and satisfied by the yes, an alarm doesn't gag who it called" {
	cat >rules.yaml <<-'X'
		rules:
		  - {name: Angry, type: escalation, when: reply.class equals angry, then: stop and notify}
		  - {name: Look twice, type: filter, when: lead.company equals Alpha, then: hold}
		  - {name: Never Beta, type: filter, when: lead.company equals Beta, then: block}
	X
	run_ok lp-rules load -q rules.yaml
	run_ok lp-inbox reply "$(i ann@alpha.example)" -y -v -m hello
	assert_line --regexp '^-- wants a look: .*Look twice'
	run_err 77 'Never Beta' lp-inbox reply "$(i bob@beta.example)" -y -m hello
	run_ok lp-inbox reply "$(i cid@gamma.example)" -y -m sorry
	run_ok lp-tick
	[ -n "$(mail_to ann@alpha.example 'Tue, 03 Mar')" ]
	[ -n "$(mail_to cid@gamma.example 'Tue, 03 Mar')" ]
	assert_equal "$(mails out)" 5
	# a rule that came after the yes was shown to nobody
	run_ok lp-inbox reply "$(i cid@gamma.example)" -y -m 'sorry again'
	printf '  - {name: New, type: filter, when: lead.company equals Gamma, then: hold}\n' >>rules.yaml
	run_ok lp-rules load -q rules.yaml
	LP_NOW=2026-03-03T10:20:00Z run_ok lp-tick
	assert_equal "$(mails out)" 5
	assert_equal "$(sql "SELECT count(*) FROM approvals WHERE status = 'open' AND reason LIKE '%New%'")" 1
}

@test "the editor begins with the agent's draft, or with what is to be answered; what it was told is sent" {
	printf '#!/bin/sh\ncp "$1" "%s/seen"\nprintf "Subject: Re: Ours\\n\\nBy hand.\\n" >"$1"\n' "$PWD" >ed && chmod +x ed
	EDITOR=$PWD/ed run_ok lp-inbox reply "$(i ann@alpha.example)" -y
	assert_equal "$(head -n 1 seen)" 'Subject: Re: Ann, a question about Alpha'
	grep -q '^it is 4 EUR a parcel.$' seen
	VISUAL=$PWD/ed run_ok lp-inbox reply "$(i cid@gamma.example)" -y
	grep -q '^On 2026-03-03 09:00, cid@gamma.example wrote:$' seen
	grep -q '^> This is outrageous!' seen
	run_ok lp-tick
	grep -q '^By hand.$' "$(mail_to ann@alpha.example 'Tue, 03 Mar')"
	grep -q '^Subject: Re: Ours$' "$(mail_to ann@alpha.example 'Tue, 03 Mar')"
	EDITOR=true run_err 1 'was not changed: nothing is sent' lp-inbox reply "$(i bob@beta.example)" -y
}

@test "what came in while somebody wrote stops it, and what they wrote is kept" {
	mkdir tmp && export TMPDIR=$PWD/tmp
	{
		printf '#!/bin/sh\nprintf "Subject: s\\n\\nMy words.\\n" >"$1"\ncd %s\n' "$PWD"
		printf '. "%s/test/bats/reply.bash"\nN=20 says ann@alpha.example "One more thing"\nlp-enqueue check_inbox --account sales >/dev/null\n' "$LP_TOP"
		printf 'lp-tasks claim --type check_inbox | lp-read | lp-tasks settle >/dev/null\n'
	} >ed && chmod +x ed && sed -i '1s/sh$/bash/' ed && sed -i '1s|/bin/bash|/usr/bin/env bash|' ed
	EDITOR=$PWD/ed run_st 75 lp-inbox reply "$(i ann@alpha.example)" -y
	[[ $stderr == *'something came in or left meanwhile: lp-inbox show h1'* ]]
	[[ $stderr == *'the text is kept: lp-inbox reply '*' -y -m - <'* ]]
	assert_equal "$(cat tmp/lp-inbox.*)" "$(printf 'Subject: s\n\nMy words.')"
	assert_equal "$(sql "SELECT count(*) FROM messages WHERE purpose GLOB 'hand:*'")" 0
	# and can be sent as it is
	run_ok lp-inbox reply "$(i ann@alpha.example)" -y -m - <"$(echo tmp/lp-inbox.*)"
	assert_equal "$(sql "SELECT x.subject || x.body FROM messages m JOIN message_texts x ON x.message_id = m.seq WHERE purpose GLOB 'hand:*'")" "$(printf 'sMy words.\n')"
}

@test "a newer mail overtakes what was typed and hasn't left; a class said later doesn't" {
	id=$(i ann@alpha.example)
	run_ok lp-stop -q -m wait
	run_ok lp-inbox reply "$id" -y -m 'first words'
	run_ok lp-inbox class "$id" interested
	assert_equal "$(sql "SELECT status FROM messages WHERE purpose GLOB 'hand:*'")" due
	says ann@alpha.example 'Forget it.' && sed -i 's/^Message-ID: .*/Message-ID: <later@alpha>/' in/new/*
	LP_NOW=2026-03-03T10:30:00Z run_ok lp-tick
	assert_equal "$(sql "SELECT status FROM messages WHERE purpose GLOB 'hand:*'")" superseded
	run_ok lp-inbox show "$id"
	assert_output --partial 'not sent, superseded, written by hand'
	# the thread is a person's: nobody else judges it, and it waits for them
	run_ok lp-inbox list --lead l1 -j
	assert_equal "$(jqs .waits | head -n 1)" '"person"'
}

# walk KEYS MAIL: typed at a terminal; the n-th start of the editor writes the text of the file n
walk() {
	printf '#!/bin/sh\necho >>"%s/starts"; cp "%s/$(wc -l <"%s/starts" | tr -d " ")" "$1"\n' "$PWD" "$PWD" "$PWD" >ed && chmod +x ed
	export EDITOR=$PWD/ed
	printf "$1" | script -qefc "lp-inbox reply $2" /dev/null | tr -d '\r' >screen
}

@test "at a terminal: what is wrong is mended in the editor, what is right is looked at, changed and sent, or kept" {
	mkdir tmp && export TMPDIR=$PWD/tmp
	printf 'Subject: s\n\nHi {{nickname}}\n' >1
	printf 'Subject: s\n\nHi {{first_name}}\n' >2
	printf 'Subject: s\n\nHello {{first_name}}\n' >3
	walk 'y\ne\ny\n' "$(i ann@alpha.example)"
	grep -q "no value and no fallback for 'nickname'\|nickname" screen
	grep -q '^Hi Ann' screen
	grep -q '^Hello Ann' screen
	grep -q 'will leave for ann@alpha.example' screen
	assert_equal "$(sql "SELECT x.body FROM messages m JOIN message_texts x ON x.message_id = m.seq WHERE purpose GLOB 'hand:*'")" 'Hello Ann'
	rm starts && cp 3 1
	walk 'q\n' "$(i bob@beta.example)" || true
	grep -q 'not sent' screen
	assert_equal "$(cat tmp/lp-inbox.*)" "$(printf 'Subject: s\n\nHello {{first_name}}')"
	assert_equal "$(sql "SELECT count(*) FROM messages WHERE purpose GLOB 'hand:*'")" 1
}

# ---- take and give

@test "a taken conversation is a person's until it is given back: nothing automatic goes into it" {
	run_ok lp-inbox take "$(i ann@alpha.example)" -v -m 'my cousin'
	assert_output "$(i ann@alpha.example) is yours"
	assert_equal "$(sql "SELECT owner_reason FROM threads WHERE seq = 1")" 'taken by kim: my cousin'
	run_ok lp-inbox take h1 -v
	assert_output "h1 was a person's already"
	run_ok lp-tick
	assert_equal "$(mails out)" 3
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE lead_id = 1 AND status IN ('pending', 'awaiting_approval')")" 0
	run_ok lp-inbox list --lead l1 -j
	assert_equal "$(jqs '[.waits,.owner]')" '["person","person"]'
	run_ok lp-log list --lead l1
	assert_output --partial "the thread is a person's: taken by kim: my cousin"
	# given back, the agent answers what nobody answered
	run_ok lp-inbox give l1 -m 'she is all yours'
	assert_equal "$(sql "SELECT owner FROM threads WHERE seq = 1")" agent
	LP_NOW=2026-03-03T10:20:00Z run_ok lp-tick
	run_ok lp-inbox list --lead l1 -j
	assert_equal "$(jqs .waits)" '"approval"'
	run_ok lp-inbox show l1
	assert_line '  it is 4 EUR a parcel.'
}

@test "a mail that nobody judged, in a conversation given back, is judged" {
	run_ok lp-inbox take l2
	says bob@beta.example 'Well, actually I am interested, tell me more!' && sed -i 's/^Message-ID: .*/Message-ID: <more@beta>/' in/new/*
	LP_NOW=2026-03-03T10:20:00Z run_ok lp-tick
	assert_equal "$(of bob@beta.example "ifnull(classification, '-')")" -
	run_ok lp-inbox give l2
	LP_NOW=2026-03-03T10:30:00Z run_ok lp-tick
	assert_equal "$(of bob@beta.example classification)" interested
}

@test "taking ends a sequence that still runs; words that name nothing" {
	use sent && export LP_NOW=2026-03-02T12:10:00Z LOGNAME=kim
	run_ok lp-inbox take l1
	assert_equal "$(sql "SELECT status || ' ' || stop_reason FROM enrolments WHERE lead_id = 1")" 'stopped taken by kim'
	run_err 1 'no such conversation: h77' lp-inbox take h77
	run_st 64 lp-inbox take
	run_st 64 lp-inbox frob
}

@test "usage, a reader that is gone, an empty file" {
	new=$BATS_TEST_TMPDIR/new.db
	run_ok lp-config init --simulated -d "$new"
	run_ok lp-inbox -d "$new"
	assert_output ''
	run_ok lp-inbox -d "$new" notices
	assert_output ''
	run_st 74 sh -c 'lp-inbox >/dev/full'
	run_ok lp-inbox -h
	assert_output --partial 'class MAIL ... CLASS'
}

# ---- whose it is

@test "assign: a mail of nobody we know is somebody's by a person's word: judged, its address theirs, their sequences over" {
	zoe=$(i zoe@zeta.example)
	run_ok lp-inbox assign "$zoe" bob@beta.example -m 'his sister answers for him' -v
	assert_output "$zoe is of l2"
	assert_equal "$(of zoe@zeta.example "status || ' ' || matched_by || ' l' || lead_id || ' h' || ifnull(thread_id, 0)")" 'matched person l2 h2'
	assert_equal "$(sql "SELECT person_id FROM person_addresses WHERE value = 'zoe@zeta.example'")" "$(sql 'SELECT person_id FROM leads WHERE seq = 2')"
	assert_equal "$(sql "SELECT group_concat(status) FROM enrolments WHERE lead_id = 2")" stopped
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE task_type = 'classify_reply' AND inbox_message_id = ${zoe#i}")" 1
	run_ok lp-log list -j --lead l2
	assert_output --partial "is of l2, says kim: his sister answers for him"
	run_err 1 "$zoe is of l2 already" lp-inbox assign "$zoe" l3
	# what comes from there again is his at once
	printf 'From: zoe@zeta.example\nTo: kim@lead.example\nSubject: again\nMessage-ID: <z2@z>\n\nAnd another thing\n' >in/new/zoe2
	LP_NOW=2026-03-03T10:20:00Z judged
	assert_equal "$(of zoe@zeta.example lead_id)" 2
}

@test "assign: an opt-out suppresses whoever it is said to be of; somebody else's address, a lead that isn't, a robot's mail are refused" {
	printf 'From: pa@delta.example\nTo: kim@lead.example\nSubject: stop\nMessage-ID: <pa@d>\n\nplease unsubscribe me\n' >in/new/pa
	printf 'From: pa@delta.example\nTo: kim@lead.example\nSubject: Re: x\nMessage-ID: <pb@d>\nAuto-Submitted: auto-replied\n\nI am away\n' >in/new/pb
	LP_NOW=2026-03-03T10:20:00Z inboxes
	export LP_NOW=2026-03-03T10:21:00Z
	run_err 1 'no person wrote it' lp-inbox assign "$(i pa@delta.example)" l2
	run_err 1 'no such lead: l99' lp-inbox assign "$(i zoe@zeta.example)" l99
	run_err 1 'no such mail: i999' lp-inbox assign i999 l2
	run_ok lp-inbox assign "$(sql "SELECT 'i' || seq FROM inbox_messages WHERE rfc_message_id = 'pa@d'")" l2
	assert_equal "$(sql "SELECT status FROM leads WHERE seq = 2")" suppressed
	run_ok lp-inbox assign -n "$(i zoe@zeta.example)" l1
	assert_equal "$(of zoe@zeta.example status)" unmatched
	sql "INSERT INTO person_addresses (kind, value, person_id, source, created_at) SELECT 'email', 'zoe@zeta.example', person_id, 'hand', 'x' FROM leads WHERE seq = 3" >/dev/null
	run_err 65 "zoe@zeta.example is somebody else's address" lp-inbox assign "$(i zoe@zeta.example)" l1
	assert_equal "$(of zoe@zeta.example status)" unmatched
}
