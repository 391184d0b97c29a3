load helper

setup() {
	lp_setup
	new_db
	mkdir -p in/new in/cur in/tmp
	lp-accounts add sales kind=maildir address=kim@leadpilot.example out=out in=in daily_limit=10 answer_share=0
	cat >c.yaml <<-'Y'
		name: c
		steps:
		  - {subject: "Hello {{first_name}}", body: "one"}
		  - {delay: 1d, body: "two"}
	Y
	lp-campaigns load c.yaml
	printf 'email,first_name\nada@a.example,Ada\nbob@b.example,\ncal@c.example,Cal\n' | lp-leads import - --campaign c -q
}

# A day of it: all three get their time; Bob has no name.
a_day() {
	lp-approve yes c -y
	lp-campaigns start c
	lp-start
	lp-tick --until 2026-03-02T17:00:00Z
	export LP_NOW=2026-03-02T17:05:00Z
}

@test "a new file: no tick, stopped, nothing used" {
	run_ok lp-report
	assert_line --regexp '^last tick     none yet'
	assert_line 'agent         stopped: not started yet'
	assert_line --regexp '^account sales +0 +10 +inbox never read$'
	run_ok lp-report -j
	assert_equal "$(jqs '[.tick, .agent.running, .queue]')" '[{},false,[]]'
}

@test "after a day: used of allowed, campaigns, notices, activity" {
	a_day
	run_ok lp-report
	assert_line --regexp '^last tick     2026-03-02 17:00, 5 minutes ago$'
	assert_line --regexp '^max_messages_per_day +2 +100'
	assert_line --regexp '^max_leads_per_day +2 +50'
	assert_line --regexp '^account sales +2 +10 +inbox read 2026-03-02 17:00$'
	assert_line --regexp '^ +1 awaiting_approval, for mend  \(lp-report held\)$'
	assert_line --regexp '^c +running +0 +3 +0 +2$'
	run_ok lp-report -j
	assert_equal "$(jqs '[.agent.limits[] | .used]')" '[2,2,0,0]'
	# the next day begins anew
	LP_NOW=2026-03-03T00:00:00Z run_ok lp-report -j
	assert_equal "$(jqs '[.agent.limits[] | .used]')" '[0,0,0,0]'
	assert_equal "$(jqs '.agent.accounts[0].used')" 0
}

@test "silence is told" {
	a_day
	LP_NOW=2026-03-02T20:00:00Z run_ok lp-report
	assert_line --regexp '^last tick     2026-03-02 17:00, 3 hours ago: silent since; is cron running\?$'
}

@test "held: grouped reasons, with what helps" {
	a_day
	run_ok lp-report held -j
	assert_equal "$(jqs '[.count, .state, .reason]')" "[1,\"mend\",\"step 1: subject: no value and no fallback for 'first_name'\"]"
	sql "UPDATE agent_tasks SET status = 'pending', ready = 1, hold_kind = NULL, error_message = 'took 7 s', retry_count = 1 WHERE seq IN (SELECT seq FROM agent_tasks WHERE task_type = 'send_message' LIMIT 1);
		UPDATE agent_tasks SET status = 'pending', ready = 1, error_message = 'took 12 s', retry_count = 1 WHERE seq IN (SELECT seq FROM agent_tasks WHERE task_type = 'send_message' LIMIT 1 OFFSET 1)"
	run_ok lp-report held
	assert_line --regexp '^2 +retried +t[0-9]+ +lp-log why +took (7|12) s$'
	lp-leads suppress cal@c.example -m 'asked'
	run_ok lp-report held -j
	jq -es 'any(.state == "superseded" and .count == 1)' <<<"$output" >/dev/null
}

# held_count STATE REASON: how many `held -j` counts with exactly that
held_count() {
	lp-report held -j | jq -s --arg s "$1" --arg r "$2" '[.[] | select(.state == $s and .reason == $r) | .count] | add // 0'
}

@test "held: how many went; what waits for its turn, and what stands in the way" {
	lp-config set max_leads_per_day=2
	assert_equal "$(held_count stopped "not begun: the agent is not started yet")" 3
	lp-approve yes c -y
	lp-start
	assert_equal "$(held_count stopped "the campaign is a draft")" 3
	lp-campaigns start c
	lp-tick
	assert_equal "$(held_count enrolled "not begun yet: in a day at most 2 leads are")" 1
	assert_equal "$(held_count planned "no sending time was free yet")" 2
	lp-tick
	assert_equal "$(held_count waiting "its sending time is to come")" 2
	run_ok lp-report held
	assert_line --index 0 "Since 2026-03-02 00:00 0 went, 3 did not."
	assert_line --regexp "its sending time is to come \(the first $(sql "SELECT replace(substr(min(scheduled_for), 1, 16), 'T', ' ') FROM agent_tasks WHERE status = 'pending'")\)$"
	lp-stop -q -m 'wrong price'
	assert_equal "$(held_count stopped "the agent is stopped: wrong price")" 2
	lp-start
	lp-stop -q --campaign c
	assert_equal "$(held_count stopped "the campaign is paused")" 3
	lp-start --campaign c
	touch STOP
	assert_equal "$(lp-report held -j | jq -s '[.[] | select(.state == "stopped")] | map(.count) | add')" 3
	rm STOP
	lp-accounts pause sales
	assert_equal "$(held_count stopped "account sales is paused")" 2
	lp-accounts start sales
	a_day
	run_ok lp-report held
	assert_line --index 0 "Since 2026-03-02 00:00 1 went, 2 did not."
}

@test "held: a full day puts the rest off" {
	lp-accounts set sales daily_limit=1
	lp-approve yes c -y
	lp-campaigns start c
	lp-start
	lp-tick
	lp-tick
	assert_equal "$(held_count waiting "its sending time is to come")" 1
	assert_equal "$(held_count planned "no sending time was free yet")" 2
}

@test "one who answers twice is enrolled once; what the machine does by itself is not activity" {
	a_day
	for i in 1 2; do
		sql "INSERT INTO inbox_messages (id, dedupe_key, received_at, kind, lead_id, campaign_id, created_at, updated_at)
			VALUES ('i$i', 'i$i', '2026-03-02T15:00:00.000Z', 'reply', 1, 1, '2026-03-02T15:00:00.000Z', '2026-03-02T15:00:00.000Z')"
	done
	run_ok lp-report funnel
	assert_line 'c: 3 enrolled, 1 replied, 0 stopped'
	run_ok lp-report
	refute_output --partial claimed
	refute_output --partial check_inbox
}

@test "money counts as a limit" {
	sql "INSERT INTO model_calls (provider, model, purpose, prompt_hash, state, cost_micros, created_at, updated_at)
		VALUES ('x', 'x', 'decide', 'x', 'done', 1250000, '2026-03-02T09:00:00.000Z', '2026-03-02T09:00:00.000Z'),
		('x', 'x', 'decide', 'x', 'done', 9000000, '2026-03-01T09:00:00.000Z', '2026-03-01T09:00:00.000Z')"
	run_ok lp-report
	assert_line --regexp '^max_llm_cost_per_day +1.25 +5'
}

@test "funnel: a message that was answered twice is one; rules tell when last, in the agent's zone" {
	a_day
	sql "INSERT INTO inbox_messages (id, dedupe_key, received_at, kind, lead_id, campaign_id, message_id, created_at, updated_at)
		SELECT 'x' || n, 'k' || n, '2026-03-02T16:00:00.000Z', 'reply', m.lead_id, m.campaign_id, m.seq, m.created_at, m.updated_at
		FROM (SELECT 1 AS n UNION SELECT 2), (SELECT * FROM messages WHERE status = 'sent' LIMIT 1) AS m"
	run_ok lp-report funnel
	assert_line --regexp '^1 +a +3 +2 +1$'
	assert_equal "$(sql "SELECT replied FROM v_funnel WHERE step = 1")" 1
	lp-rules load "$LP_TOP/examples/rules.yaml"
	lp-config set schedule_timezone=Europe/Berlin
	sql "UPDATE agent_rules SET times_triggered = 7, last_triggered_at = '2026-03-02T16:00:00.000Z' WHERE seq = 1"
	run_ok lp-report
	assert_line --regexp ' 7 +2026-03-02 17:00$'
}

@test "held: what a person let go isn't held while it waits for its time" {
	a_day
	sql "UPDATE agent_tasks SET status = 'pending', hold_kind = NULL, hold_reason = NULL, scheduled_for = '2026-03-03T10:00:00.000Z'
		WHERE status = 'awaiting_approval'"
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks t JOIN verdicts v ON v.task_id = t.seq WHERE t.status = 'pending' AND v.verdict = 'hold'")" 1
	assert_equal "$(held_count waiting "its sending time is to come")" 1
	# delayed after it was retried: what it waits for now
	sql "UPDATE agent_tasks SET retry_count = 1, error_message = 'no answer' WHERE seq IN (SELECT task_id FROM verdicts WHERE verdict = 'hold');
		INSERT INTO verdicts (task_id, try, stage, verdict, reason, until_at, ruleset, created_at)
		SELECT task_id, try, 'gate', 'delay', 'not today', '2026-03-03T00:00:00.000Z', ruleset, created_at FROM verdicts WHERE verdict = 'hold'"
	assert_equal "$(held_count delayed "not today")" 1
	sql "UPDATE agent_tasks SET tries = tries + 1 WHERE retry_count = 1"
	assert_equal "$(held_count retried "no answer")" 1
}

@test "funnel, and the views" {
	a_day
	run_ok lp-report funnel
	assert_line 'c: 3 enrolled, 0 replied, 0 stopped'
	assert_line --regexp '^1 +a +3 +2 +0$'
	run_err 1 "no campaign" lp-report funnel --campaign nothing
	assert_equal "$(sql "SELECT campaign, step, variant, planned, sent FROM v_funnel WHERE step = 1")" "c|1|a|3|2"
	assert_equal "$(sql "SELECT status, hold_kind FROM v_why WHERE email = 'bob@b.example' AND step = 1")" "due|mend"
	assert_equal "$(sql "SELECT tasks FROM v_held")" 1
	assert_equal "$(sql "SELECT day, messages, leads FROM v_used")" "2026-03-02|2|2"
	assert_equal "$(sql "SELECT count(*) FROM v_log WHERE message IS NULL")" 0
}

@test "the day's report is a notice, once" {
	a_day
	assert_equal "$(sql "SELECT count(*), dedupe_key FROM notifications WHERE type = 'report'")" "1|report:2026-03-02"
	run_ok lp-report day 2026-03-02
	assert_line --regexp '^messages sent +2$'
	assert_equal "$(sql "SELECT message FROM notifications WHERE type = 'report'" | grep -c 'messages sent  *2')" 1
	run_st 65 lp-report day yesterday
}
