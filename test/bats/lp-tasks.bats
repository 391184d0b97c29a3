load helper

setup() {
	lp_setup
	new_db
}

# the claimed line's task member, as handles
handles() {
	jq -r .task.id <<<"$output" | tr '\n' ' '
}

# An old heartbeat: the run fell silent six minutes ago, on the real clock.
die_out() {
	sql "UPDATE runs SET heartbeat_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-6 minutes')"
}

@test "claim takes by priority, then age, and no task twice" {
	printf '{"task_type":"manual","priority":%d}\n' 0 5 -5 5 | lp-enqueue
	run_ok lp-tasks claim -l 3
	assert_equal "$(handles)" "t2 t4 t1 "
	run_ok lp-tasks claim
	assert_equal "$(handles)" "t3 "
	run_ok lp-tasks claim
	assert_output ""
	assert_equal "$(sql "SELECT count(*) FROM runs")" 2 # a claim that finds nothing leaves nothing
}

@test "claim: only what is due, of one type, or of all but one" {
	lp-enqueue manual --at 2026-03-02T10:05:00Z
	run_st 1 lp-tasks due -v
	assert_output "2026-03-02T10:05:00.000Z"
	run_ok lp-tasks claim
	assert_output ""
	export LP_NOW=2026-03-02T10:05:00Z
	run_ok lp-tasks due
	run_ok lp-tasks claim --type '!manual'
	assert_output ""
	run_ok lp-tasks claim --type manual
	assert_equal "$(handles)" "t1 "
	run_err 64 "unknown task type 'nonsense'" lp-tasks claim --type nonsense
}

@test "settle: a line with a result ends an inner task, and says so in the log" {
	lp-enqueue manual
	lp-tasks claim | jq -c '.result = {answer: 42}' >line
	run_ok lp-tasks settle <line
	assert_equal "$(jqs .task.status)" '"completed"'
	assert_equal "$(sql "SELECT status, outcome, output_data, lease IS NULL FROM agent_tasks")" 'completed|done|{"answer":42}|1'
	assert_equal "$(sql "SELECT message FROM agent_logs l JOIN agent_log_payloads ON log_id = seq WHERE task_id = 1 ORDER BY seq DESC LIMIT 1")" "manual done"
	# the same line again: the lease is over, and nothing happens
	before=$(sql "SELECT count(*) FROM agent_logs")
	run_ok lp-tasks settle <line
	assert_equal "$(sql "SELECT count(*) FROM agent_logs")" "$before"
}

@test "settle: a forged line ends nothing" {
	lp-enqueue manual
	lp-tasks claim >line
	run_ok lp-tasks settle < <(jq -c '.result = {} | .task.lease = "00000000-0000-7000-8000-000000000000"' line)
	assert_equal "$(sql "SELECT status FROM agent_tasks")" running
	run_ok lp-tasks settle < <(jq -c '.result = {} | .task.id = "t999"' line)
	run_ok lp-tasks settle < <(jq -c '.result = {} | del(.task.lease)' line)
	assert_equal "$(sql "SELECT status FROM agent_tasks")" running
}

@test "settle: nothing was done: tried again after a minute, then more slowly, then failed with a notice" {
	lp-enqueue manual
	for _ in 1 2 3; do
		lp-tasks claim | lp-tasks settle >/dev/null
		assert_equal "$(sql "SELECT status, ready FROM agent_tasks")" "pending|0"
		at=$(sql "SELECT scheduled_for FROM agent_tasks")
		[[ $at > "${LP_NOW%Z}" ]] || fail "scheduled at $at"
		export LP_NOW=$at
	done
	assert_equal "$(sql "SELECT retry_count, error_message FROM agent_tasks")" "3|nothing was decided: lp-decide is missing from the pipe"
	lp-tasks claim | lp-tasks settle >/dev/null
	assert_equal "$(sql "SELECT status, outcome FROM agent_tasks")" "failed|error"
	assert_equal "$(sql "SELECT type, task_id FROM notifications")" "error|1"
	run_ok lp-tasks retry t1
	assert_equal "$(sql "SELECT status, retry_count, ready FROM agent_tasks")" "pending|0|1"
}

@test "settle: an error on the line is a retry, with its own time; one that can't be retried fails" {
	lp-enqueue manual
	lp-tasks claim | jq -c '.error = {code: "x", message: "no luck", retryable: true, retry_after: 7200}' | lp-tasks settle >/dev/null
	assert_equal "$(sql "SELECT scheduled_for, error_message FROM agent_tasks")" "2026-03-02T12:00:00.000Z|x: no luck"
	export LP_NOW=2026-03-02T12:00:00Z
	lp-tasks claim | jq -c '.error = {code: "x", message: "never", retryable: false}' | lp-tasks settle >/dev/null
	assert_equal "$(sql "SELECT status, outcome, error_message FROM agent_tasks")" "failed|error|x: never"
}

@test "settle: malformed lines are named by number, and the others are done" {
	printf '{"task_type":"manual"}\n%.0s' 1 2 | lp-enqueue
	lp-tasks claim | jq -c '.result = {}' >lines
	{ sed -n 1p lines; echo '{"task":'; echo '[]'; sed -n 2p lines; } >mixed
	run_st 65 lp-tasks settle <mixed
	assert_equal "${#lines[@]}" 2
	[[ $stderr == *"stdin:2: malformed JSON"*"stdin:3: not a JSON object"* ]] || fail "$stderr"
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE status = 'completed'")" 2
}

@test "a line without a task passes byte for byte, and so does a task of another lease" {
	printf '%s\n' '{ "a" : 1.50, "task":{"id":"x"} }' '{"b":  "\u00e9"}' >in
	run_ok lp-tasks settle <in
	assert_equal "$output" "$(cat in)"
	for stage in lp-decide lp-book lp-draft 'lp-rules gate' 'lp-memory recall' lp-send lp-read; do
		run_ok $stage <in
		assert_equal "$output" "$(cat in)"
	done
}

@test "a run that fell silent is taken over; a task that keeps killing its stage comes alone and last, then fails" {
	printf '{"task_type":"manual","priority":%d}\n' 9 0 | lp-enqueue
	lp-tasks claim -l 1 >/dev/null
	run_ok lp-tasks claim -l 1
	assert_equal "$(handles)" "t2 " # t1 is out, with a run that lives
	die_out
	run_ok lp-tasks due
	run_ok lp-tasks claim
	assert_equal "$(jq -rs length <<<"$output")" 1 # both crashed: one alone
	die_out
	for _ in $(seq 12); do
		lp-tasks claim >/dev/null
		die_out
	done
	lp-tasks claim >/dev/null
	assert_equal "$(sql "SELECT DISTINCT status, outcome, crashes FROM agent_tasks")" "failed|crashed|4"
	assert_equal "$(sql "SELECT count(*) FROM notifications WHERE title LIKE '%crash%'")" 2
}

@test "a stage's work on a lease that was lost is refused" {
	lp-enqueue manual
	lp-tasks claim >old
	die_out
	lp-tasks claim >new
	run_ok lp-decide <old
	assert_equal "$(jqs .error.code)" '"lease_lost"'
	assert_equal "$(sql "SELECT count(*) FROM decisions")" 0
	run_ok lp-decide <new
	assert_equal "$(jqs .decision.action)" '"escalate"'
	lp-tasks settle <<<"$output" >/dev/null
	assert_equal "$(sql "SELECT status, outcome FROM agent_tasks")" "completed|escalated"
	assert_equal "$(sql "SELECT type FROM notifications")" escalation
}

@test "decided once: equal inputs give the stored decision; a changed configuration a new one" {
	lp-enqueue manual
	lp-tasks claim >line
	lp-decide <line >one
	lp-decide <line >two
	cmp one two
	assert_equal "$(sql "SELECT count(*) FROM decisions")" 1
	assert_equal "$(sql "SELECT count(*) FROM agent_logs WHERE log_type = 'decision'")" 1
	assert_equal "$(sql "SELECT reasoning, confidence FROM agent_log_payloads WHERE reasoning IS NOT NULL")" "the task is for a person|1.0"
	lp-config set min_confidence=0.7
	lp-decide <line >three
	assert_equal "$(sql "SELECT count(*) FROM decisions")" 2
}

@test "one task of a person at a time" {
	sql "INSERT INTO persons (id, created_at) VALUES ('p', 'x');
		INSERT INTO leads (id, person_id, email, source, source_at, created_at, updated_at) VALUES ('a', 1, 'a@x.example', 's', 'x', 'x', 'x'),
			('b', 1, 'b@x.example', 's', 'x', 'x', 'x')"
	lp-enqueue manual --lead l1
	lp-enqueue manual --lead b@x.example
	run_ok lp-tasks claim
	assert_equal "$(handles)" "t1 "
	run_ok lp-tasks claim
	assert_output ""
}

@test "list, show, cancel" {
	lp-enqueue manual
	run_ok lp-tasks list --status pending -j
	assert_equal "$(jqs '[.id, .task_type, .status]')" '["t1","manual","pending"]'
	run_ok lp-tasks show t1
	assert_line --regexp '^task_type +manual$'
	run_ok lp-tasks cancel t1 -m 'not needed'
	assert_equal "$(sql "SELECT status, outcome, rejection_reason FROM agent_tasks")" "cancelled|by_hand|not needed"
	run_err 1 "can't be cancelled" lp-tasks cancel t1
	run_err 1 "no such task: t7" lp-tasks show t7
	run_err 64 "is a lead, not a task" lp-tasks show l1
}

@test "prune forgets old ends, and the log keeps them" {
	lp-enqueue manual
	lp-tasks cancel t1
	run_ok lp-tasks prune
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks")" 1
	logs=$(sql "SELECT count(*) FROM agent_logs")
	LP_NOW=2026-08-01T00:00:00Z run_ok lp-tasks prune
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks")" 0
	[ "$(sql "SELECT count(*) FROM agent_logs")" -gt "$logs" ]
	lp-enqueue manual
	assert_equal "$(sql "SELECT seq FROM agent_tasks")" 2 # a handle is never given twice
}

@test "usage, a terminal, a file that isn't one" {
	run_err 66 "no such database" lp-tasks -d nowhere.db list
	echo 'this is no database, and it is longer than a header of SQLite, so that it is looked at: xxxxxxxxxxxxxxxxxxxxxxxxxxx' >junk.db
	run_err 78 "not a LeadPilot database" lp-tasks -d junk.db list
	sqlite3 other.db 'CREATE TABLE t (x)'
	run_err 78 "not a LeadPilot database" lp-tasks -d other.db list
	sql "PRAGMA user_version = 99"
	run_err 78 "schema 99 is newer than this program's" lp-tasks list
	run_st 64 lp-tasks nonsense
}

@test "standard output full or closed" {
	lp-enqueue manual
	run_st 74 sh -c 'lp-tasks list -j >/dev/full'
	run_st 74 sh -c 'lp-tasks list -j >&-'
}

# A lead with a sequence of three planned messages, the first held for want of a field.
sequence() {
	mkdir -p in/new in/cur in/tmp
	lp-accounts add sales kind=maildir address=kim@leadpilot.example out=out in=in
	cat >c.yaml <<-'Y'
		name: c
		steps:
		  - {subject: "Hello {{first_name}}", body: "one"}
		  - {delay: 1d, body: "two"}
		  - {delay: 1d, body: "three"}
	Y
	lp-campaigns load c.yaml
	printf 'email,first_name\na@x.example,\n' | lp-leads import - --campaign c -q
	lp-approve yes c -y
	sqlite3 "$LP_DB" "UPDATE campaigns SET status = 'running'"
	lp-start
	lp-tick
	export LP_NOW=2026-03-02T10:05:00Z
	lp-tick
	task=t$(sql "SELECT max(seq) FROM agent_tasks WHERE task_type = 'send_message'")
	LP_NOW=$(sql "SELECT scheduled_for FROM agent_tasks WHERE seq = ${task#t}")
	lp-tick
}

@test "cancel skips the message and lets the sequence go on; retry takes it up again" {
	sequence
	assert_equal "$(sql "SELECT status, hold_kind FROM agent_tasks WHERE seq = ${task#t}")" "awaiting_approval|mend"
	run_ok lp-tasks cancel $task -m 'not this one'
	assert_equal "$(sql "SELECT group_concat(status), count(due_at) FROM messages")" "skipped,planned,planned|2"
	run_ok lp-tasks retry $task
	assert_equal "$(sql "SELECT status FROM messages WHERE step = 1")" due
	assert_equal "$(sql "SELECT status, outcome IS NULL FROM agent_tasks WHERE seq = ${task#t}")" "pending|1"
}

@test "what was held for a merge field goes on once the lead has it" {
	sequence
	run_ok lp-leads set a@x.example first_name=Ada
	run_ok lp-tasks retry $task
	lp-tick
	LP_NOW=$(sql "SELECT scheduled_for FROM agent_tasks WHERE seq = ${task#t}")
	lp-tick
	assert_equal "$(grep -rh ^Subject: out/new)" "Subject: Hello Ada"
	assert_equal "$(sql "SELECT status FROM messages WHERE step = 1")" sent
	run_err 1 "can't be taken up" lp-tasks retry $task
}

@test "a rejected message is final, but for a retry by hand" {
	sequence
	sql "UPDATE agent_tasks SET status = 'cancelled', outcome = 'rejected' WHERE seq = ${task#t};
		UPDATE messages SET status = CASE step WHEN 1 THEN 'rejected' ELSE 'superseded' END; UPDATE enrolments SET status = 'stopped'"
	lp-tick
	assert_equal "$(sql "SELECT status FROM messages WHERE step = 1")" rejected
	run_ok lp-tasks retry $task
	assert_equal "$(sql "SELECT group_concat(m.status), e.status FROM messages m JOIN enrolments e ON e.seq = m.enrolment_id")" "due,planned,planned|active"
	sql "UPDATE leads SET status = 'suppressed'; UPDATE agent_tasks SET status = 'cancelled', outcome = 'rejected' WHERE seq = ${task#t};
		UPDATE messages SET status = 'rejected' WHERE step = 1"
	run_err 1 "can't be taken up" lp-tasks retry $task
}
