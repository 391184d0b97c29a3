# Never over a limit, however many lp-send are at the door together: what is over waits for the next possible moment, and the log says why.
load helper
load world

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup
	world_new && lp-config init --simulated -q && lp-config set -q slot_grace=2d max_messages_per_day=100 max_leads_per_day=100 max_actions_per_hour=100 || return 1
	for a in one two three; do
		lp-accounts add $a kind=maildir "address=$a@lead.example" out=out "in=in.$a" daily_limit=40 answer_share=0 gap_seconds=0 || return 1
	done
	{
		echo first_name,company,email
		for n in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24; do echo "Fay,C$n,fay@c$n.example"; done
	} >leads.csv
	printf 'name: hello\nsteps:\n  - {subject: "A question", body: "Hi {{first_name}}."}\n' >hello.yaml
	lp-campaigns load -q hello.yaml && lp-leads import -q leads.csv --campaign hello && lp-approve yes hello -y && lp-campaigns start -q hello && lp-start -q &&
		lp-enqueue due && pipe && lp-enqueue due && export LP_NOW=2026-03-03T10:00:00Z && half && cp -R . ../gated && cd ..
}

setup() {
	use gated
	export LP_NOW=2026-03-03T10:00:00Z
	assert_equal "$(grep -c . gated)" 24
}

# eight at once, each with three messages of its own, all begun at the same moment
together() {
	local i
	mkfifo go
	for i in 1 2 3 4 5 6 7 8; do
		{ read -r _ <go || :; exec lp-send <some.$i >sent.$i 2>errors.$i; } &
		sed -n "$i~8p" gated >some.$i
	done
	exec 8<>go
	printf '\n\n\n\n\n\n\n\n' >&8
	wait
	exec 8>&-
	assert_equal "$(cat errors.*)" ''
	cat sent.? | lp-tasks settle >/dev/null
}

# seven left; the others wait until WHEN, for this REASON
seven() {
	left 7
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE status = 'pending' AND scheduled_for = '$1'")" 17
	assert_equal "$(sql "SELECT count(*) FROM agent_log_payloads WHERE message LIKE '%delayed until $1: $2'")" 17
}

@test "max_messages_per_day: eight lp-send at once leave as many as it says" {
	lp-config set -q max_messages_per_day=7
	together
	seven 2026-03-04T09:00:00.000Z 'max_messages_per_day: 7 of 7 used today'
}

@test "max_leads_per_day: the same" {
	lp-config set -q max_leads_per_day=7
	together
	seven 2026-03-04T09:00:00.000Z 'max_leads_per_day: 7 of 7 used today'
}

@test "max_actions_per_hour: the same, until the hour is over" {
	lp-config set -q max_actions_per_hour=7
	together
	seven 2026-03-03T11:00:00.000Z 'max_actions_per_hour: 7 of 7 within the hour'
}

@test "an account's daily_limit: the same, each for itself" {
	for a in one two three; do lp-accounts set -q $a daily_limit=2; done
	together
	left 6
	assert_equal "$(sql 'SELECT group_concat(n) FROM (SELECT count(*) AS n FROM outbox GROUP BY account_id)')" 2,2,2
}
