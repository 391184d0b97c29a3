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
	assert_line --regexp '^ +1 awaiting_approval, for mend$'
	assert_line --regexp '^c +running +0 +3 +0 +2$'
	run_ok lp-report -j
	assert_equal "$(jqs '[.agent.limits[] | .used]')" '[2,2,0]'
	# the next day begins anew
	LP_NOW=2026-03-03T00:00:00Z run_ok lp-report -j
	assert_equal "$(jqs '[.agent.limits[] | .used]')" '[0,0,0]'
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
