load helper

setup() {
	lp_setup
	new_db
}

@test "one task by hand, with all that can be said of it" {
	run_ok lp-enqueue manual --priority 7 --at 2026-03-03T08:00:00+01:00 --input '{"a":1}' --key once
	assert_output t1
	assert_equal "$(sql "SELECT task_type, priority, scheduled_for, input_data, dedupe_key, ready FROM agent_tasks")" \
		'manual|7|2026-03-03T07:00:00.000Z|{"a":1}|once|0'
	run_ok lp-enqueue manual --key once
	assert_output "t1 (live already)"
	lp-tasks cancel t1
	run_ok lp-enqueue manual --key once
	assert_output t2
}

@test "what is refused, by name" {
	run_err 65 "unknown task type 'mannual' (did you mean 'manual'?)" lp-enqueue mannual
	run_err 65 "find_leads: this version has no lp-scout to carry it out" lp-enqueue find_leads
	run_err 65 "classify_reply: needs inbox_message_id" lp-enqueue classify_reply
	run_err 65 "generate_sequence comes of an enrolment" lp-enqueue generate_sequence
	run_err 65 "check_inbox: needs account_id" lp-enqueue check_inbox
	run_err 65 "send_message: needs message_id or lead_id" lp-enqueue send_message
	run_err 65 "lead_id:" lp-enqueue manual --lead l77
	run_err 65 "message_id: no such message: m5" lp-enqueue manual --message m5
	run_err 64 "--input: malformed JSON" lp-enqueue manual --input '{'
	run_err 64 "-p" lp-enqueue manual -p 5000
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks")" 0
}

@test "JSON Lines: each bad line named, the rest added" {
	{
		echo '{"task_type":"manual"}'
		echo '{"task_type":"manual","priority":"high"}'
		echo '{"task_type":"manual","lead_i":"l1"}'
		echo '{"task_type":"manual","input_data":[1]}'
		echo '{"task_type":"manual","scheduled_for":"tomorrow"}'
		printf '{"task_type":"man\0ual"}\n'
		printf '{"task_type":"manual","input_data":{"x":"\xff"}}\n'
		printf '[%.0s' $(seq 100); echo
		echo
		printf '{"task_type":"manual","input_data":{"x":"%s"}}\n' "$(head -c 10000000 /dev/zero | tr '\0' y)"
		echo '{"task_type":"manual"}'
	} >in
	run_st 65 lp-enqueue -v <in
	assert_output "2 added, 0 live already, 8 refused"
	for what in "stdin:2: priority" "stdin:3: unknown member 'lead_i' (did you mean 'lead_id'?)" "stdin:4: input_data: not an object" "stdin:5: scheduled_for" \
		"stdin:6: NUL byte" "stdin:7: invalid UTF-8" "stdin:8: JSON nested deeper" "stdin:10: line longer than"; do
		[[ $stderr == *"$what"* ]] || fail "no '$what' in: $stderr"
	done
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks")" 2
}

@test "-n does nothing, and due adds nothing twice" {
	run_ok lp-enqueue -n manual
	run_ok lp-enqueue -n -v < <(echo '{"task_type":"manual"}')
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks")" 0
	mkdir -p in/new in/cur in/tmp
	run_ok lp-accounts add sales kind=maildir address=kim@leadpilot.example out=out in=in
	run_ok lp-enqueue due -j
	assert_equal "$(jqs .inboxes)" 1
	run_ok lp-enqueue due -j
	assert_equal "$(jqs .inboxes)" 0
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks")" 1
}

@test "the clock set on a live file is refused" {
	rm -f "$LP_DB"*
	live_db
	LP_NOW=2026-03-02T10:00:00Z run_err 78 "the clock is set (LP_NOW or --now)" lp-enqueue manual
	run_err 78 "the clock is set" lp-enqueue --now 2026-03-02T10:00:00Z manual
	run_ok lp-enqueue manual
}

@test "a malformed clock" {
	LP_NOW=nonsense run_err 64 "LP_NOW: 'nonsense' is not a time" lp-enqueue manual
}
