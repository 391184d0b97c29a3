# Never without the approval that was asked for: it counts for what was shown, and for nothing else.
load helper
load world

setup_file() {
	world_file
}

# held: Ann's message waits for an approval (p2; p1 is the campaign's), the two others left
held() {
	use planned
	lp-rules add -q Look type=filter 'when=lead.company equals Alpha' 'then=hold'
	tick 2026-03-02T12:00:00Z
	left 2
	assert_equal "$(sql "SELECT seq, status FROM approvals WHERE kind = 'task'")" '2|open'
	decided=$(sql 'SELECT count(*) FROM decisions WHERE task_id = 5')
}

# the rest of that day
day() {
	for t in 12:10 13:00 14:00 15:00 16:00 16:59; do tick 2026-03-02T$t:00Z; done
}
days() {
	day
	for t in 03 04 05 06 09; do
		tick 2026-03-${t}T09:00:00Z
		tick 2026-03-${t}T16:59:00Z
	done
}
ann() {
	assert_equal "$(to ann@alpha.example)" "$1"
}
edited() {
	printf 'Subject: Hello\n\nDear Ann, a word by hand.\n' | lp-approve edit p2 - >/dev/null
}

@test "yes: it leaves, once, as it was shown, and nobody thinks again" {
	held
	lp-approve yes p2 >/dev/null
	day
	ann 1
	left 3
	assert_equal "$(sql 'SELECT count(*) FROM decisions WHERE task_id = 5')" "$decided"
	assert_equal "$(sql "SELECT count(*) FROM approvals WHERE kind = 'task'")" 1
}

@test "edited by a person: their words leave, and nobody thinks again" {
	held
	edited
	day
	ann 1
	grep -q '^Dear Ann, a word by hand' "$(grep -rl 'ann@alpha' out)"
	assert_equal "$(sql 'SELECT count(*) FROM decisions WHERE task_id = 5')" "$decided"
}

@test "no, or no answer: nothing, ever; and of no answer it warns before" {
	held
	lp-approve no p2 -m 'not them' >/dev/null
	days
	ann 0
	assert_equal "$(sql 'SELECT status, outcome FROM agent_tasks WHERE seq = 5')" 'cancelled|rejected'
	held
	tick 2026-03-04T12:00:00Z
	assert_equal "$(sql "SELECT count(*) FROM notifications WHERE type = 'approval_expiring'")" 0
	tick 2026-03-05T10:00:00Z
	assert_equal "$(sql "SELECT count(*) FROM notifications WHERE type = 'approval_expiring'")" 1
	tick 2026-03-05T11:59:00Z
	assert_equal "$(sql 'SELECT status FROM approvals WHERE seq = 2')" open
	tick 2026-03-05T12:00:00Z
	assert_equal "$(sql 'SELECT status FROM approvals WHERE seq = 2')" expired
	run_err 1 'not open any more' lp-approve yes p2
	days
	ann 0
	assert_equal "$(sql 'SELECT status FROM messages WHERE seq = 1')" expired
}

@test "an answer too late is none, also where nobody has expired it yet" {
	held
	LP_NOW=2026-03-05T12:00:00Z run_err 1 'not open any more' lp-approve yes p2
	LP_NOW=2026-03-05T12:00:00Z run_err 1 'not open any more' lp-approve edit p2 <(printf 'Subject: x\n\ny\n')
	assert_equal "$(sql 'SELECT count(*) FROM message_texts WHERE body LIKE "y%"')" 0
}

@test "what changed since needs a new one: name, address, rule, a second rule" {
	while read -r change; do
		held
		lp-approve yes p2 >/dev/null
		eval "$change" >/dev/null
		day
		assert_equal "$change: $(mails out)" "$change: 2"
		assert_equal "$(sql "SELECT max(seq) > 2, status FROM approvals WHERE task_id = 5 ORDER BY seq DESC LIMIT 1")" '1|open'
		lp-approve yes t5 >/dev/null
		tick 2026-03-03T09:00:00Z
		tick 2026-03-03T16:59:00Z
		assert_equal "$change: $(mails out)" "$change: 3"
	done <<-'X'
		lp-leads set l1 first_name=Anna
		lp-leads set l1 email=ann.ash@alpha.example
		lp-rules set -q Look 'when=lead.company contains Alpha'
		lp-rules add -q Again type=filter 'when=lead.company starts_with Alp' 'then=hold'
	X
}

@test "a text changed behind its back: what was approved leaves, or nothing" {
	held
	lp-approve yes p2 >/dev/null
	sql "UPDATE message_texts SET body = 'Buy now' WHERE message_id = 1"
	day
	run ! grep -rq 'Buy now' out
	held
	edited
	sql "UPDATE message_texts SET body = 'Buy now' WHERE message_id = 1"
	day
	run ! grep -rq 'Buy now' out
	ann 0
}

@test "a person's words stay a person's: the name may change under them; a new address needs a new yes, and no stage falls" {
	held
	edited
	lp-leads set l1 first_name=Anna >/dev/null
	day
	grep -rqs '^Dear Ann, a word by hand' out
	for name in Ann ''; do
		held
		edited
		lp-leads set l1 email=ann.ash@alpha.example first_name=$name >/dev/null
		day
		left 2
		assert_equal "$(sql 'SELECT status, hold_kind FROM agent_tasks WHERE seq = 5')" 'awaiting_approval|approval'
		lp-approve yes t5 >/dev/null
		tick 2026-03-03T09:00:00Z
		tick 2026-03-03T16:59:00Z
		assert_equal "$(to ann.ash@alpha.example) $(grep -rl '^Dear Ann, a word' out | wc -l | tr -d ' ')" '1 1'
	done
}

@test "a yes is for its task, its text and its window" {
	for change in 'task_id = 6' "content_hash = 'x'" "not_before = '2026-03-05T00:00:00.000Z'" "not_after = '2026-03-02T12:00:30.000Z'"; do
		held
		lp-approve yes p2 >/dev/null
		sql "UPDATE approvals SET $change WHERE seq = 2"
		day
		assert_equal "$change: $(to ann@alpha.example)" "$change: 0"
	done
}

@test "a reply while it waits: nothing to approve any more" {
	held
	printf '%s\n' 'From: Ann <ann@alpha.example>' 'To: kim@lead.example' 'Subject: hello' 'Message-ID: <r1@alpha.example>' '' 'Who are you?' >in/new/r1
	tick 2026-03-02T12:15:00Z
	run_st 1 lp-approve yes p2
	days
	ann 0
}

@test "a new version of the campaign needs its own; who is in the old one goes on in it" {
	use planned
	sed 's/how do you handle/what do you do about/' hello.yaml >new.yaml
	lp-campaigns load -q new.yaml
	echo 'first_name,company,email
Dee,Delta,dee@delta.example' | lp-leads import -q --campaign hello -
	tick 2026-03-02T12:00:00Z
	day
	left 3
	assert_equal "$(grep -rl 'how do you handle' out | wc -l | tr -d ' ')" 3
	assert_equal "$(sql "SELECT hold_kind FROM agent_tasks WHERE lead_id = 4 AND status = 'awaiting_approval'")" mend
	lp-approve yes hello -y >/dev/null
	tick 2026-03-03T09:00:00Z
	tick 2026-03-03T16:59:00Z
	left 4
	grep -q 'what do you do about' "$(grep -rl 'dee@delta' out)"
}

@test "two reasons to wait: the campaign's approval answers its own, and the other is asked then" {
	use planned
	sql "UPDATE approvals SET status = 'superseded'"
	lp-rules add -q Look type=filter 'when=lead.company equals Alpha' 'then=hold'
	tick 2026-03-02T12:00:00Z
	left 0
	lp-approve yes hello -y >/dev/null
	day
	left 2
	assert_equal "$(sql 'SELECT status, hold_kind FROM agent_tasks WHERE seq = 5')" 'awaiting_approval|approval'
}

@test "half filled: held with the field's name, and on after lp-leads set and lp-tasks retry" {
	use planned
	sql "UPDATE leads SET first_name = NULL, version = version + 1 WHERE seq = 1"
	tick 2026-03-02T12:00:00Z
	left 2
	assert_equal "$(sql 'SELECT status, hold_kind FROM agent_tasks WHERE seq = 5')" 'awaiting_approval|mend'
	run last_verdict 5
	assert_output --partial first_name
	lp-tasks retry t5 >/dev/null # unmended, it waits again
	tick 2026-03-02T12:05:00Z
	left 2
	lp-leads set l1 first_name=Anna >/dev/null
	[ "$(sql 'SELECT status FROM agent_tasks WHERE seq = 5')" = pending ] || lp-tasks retry t5 >/dev/null
	day
	left 3
	assert_equal "$(sql "SELECT subject FROM message_texts WHERE message_id = 1")" 'Anna, a question about Alpha'
}
