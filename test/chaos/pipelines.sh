#!/bin/sh
# Ten pipelines claim and send at once over 2,000 tasks: none twice, none lost, no limit passed.
LP_TOP=${LP_TOP:-$PWD}
export LP_TOP
. test/tools/tap.sh
. "$LP_TOP/test/tools/world.sh"
n=${LP_CHAOS_LEADS:-2000}

sql() {
	sqlite3 -bail -batch -cmd '.timeout 10000' "$LP_DB" "$1"
}

pipeline() {
	lp-tasks claim -l "$1" | lp-read | lp-memory recall | lp-decide | lp-book | lp-draft | lp-rules gate | lp-send | lp-tasks settle
}

# ten at once, until nothing is due
storm() {
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		(
			while lp-tasks due >/dev/null; do
				pipeline 20 >/dev/null || exit 1
			done
		) 2>>"$tap_dir/stderr.$1" &
	done
	wait
}

world_fresh "$tap_dir/a" || exit 1
ok 'the world is made' world_many "$n"
lp-enqueue due
storm a        # the plans
lp-enqueue due # and their times
LP_NOW=2026-03-02T23:59:00Z
storm a
is "each of $n has left once" "$(find Maildir/new Maildir/cur -type f | wc -l | tr -d ' ')" "$n"
is 'and is on record once' "$(sql "SELECT count(*), count(DISTINCT recipient) FROM outbox WHERE state = 'sent'")" "$n|$n"
is 'no Message-ID twice' "$(grep -ih '^message-id:' -r Maildir | sort | uniq -d | wc -l | tr -d ' ')" 0
is 'no task is left' "$(sql "SELECT count(*) FROM agent_tasks WHERE status IN ('pending', 'running')")" 0
is 'none has failed' "$(sql "SELECT count(*) FROM agent_tasks WHERE status = 'failed'")" 0
ok 'the log verifies' lp-log verify
ok 'nobody complained' test ! -s "$tap_dir/stderr.a"
head -n 5 "$tap_dir/stderr.a" | sed 's/^/# /'

# The same storm against limits that are far too low for it: not one message more.
world_fresh "$tap_dir/b" || exit 1
ok 'a second world, with limits' world_many 300 one two
lp-config set max_messages_per_day=37 max_actions_per_hour=29
lp-accounts set one daily_limit=11
lp-enqueue due
storm b
for t in 10:10 10:20 10:40 10:59; do
	LP_NOW=2026-03-02T$t:00Z
	lp-enqueue due
	storm b
done
is 'never over the actions of an hour' "$(sql "SELECT max(n) <= 29 FROM (SELECT count(*) n FROM outbox GROUP BY substr(reserved_at, 1, 13))")" 1
for t in 12:30 14:30 16:30 19:30 23:59; do
	LP_NOW=2026-03-02T$t:00Z
	lp-enqueue due
	storm b
done
is 'never over the messages of a day' "$(sql 'SELECT count(*) <= 37 FROM outbox')" 1
is 'and the limit is used' "$(sql 'SELECT count(*) > 20 FROM outbox')" 1
is "never over one account's limit" "$(sql "SELECT count(*) <= 11 FROM outbox o JOIN accounts a ON a.seq = o.account_id WHERE a.name = 'one'")" 1
is 'the Maildir says the same' "$(find Maildir -path '*/new/*' -type f | wc -l | tr -d ' ')" "$(sql "SELECT count(*) FROM outbox WHERE state = 'sent'")"
is 'what is over waits, and says why' "$(lp-report held -j | jq -s 'map(select(.reason | test("used today|within the hour"))) | length > 0')" true
is 'in the log too' "$(sql "SELECT count(*) > 0 FROM agent_log_payloads WHERE message LIKE '%delayed until %: max_actions_per_hour: 29 of 29 within the hour'")" 1

# New leads a day, over two accounts.
world_fresh "$tap_dir/c" || exit 1
ok 'a third world' world_many 60 one two
lp-config set max_leads_per_day=60 max_actions_per_hour=1000
lp-enqueue due
storm c
lp-config set max_leads_per_day=23
for t in 12:00 23:59; do
	LP_NOW=2026-03-02T$t:00Z
	lp-enqueue due
	storm c
done
is 'exactly so many leads are begun a day' "$(sql "SELECT count(*) FROM outbox WHERE first_contact = 1 AND state = 'sent'")" 23
is 'the others wait for the next' "$(sql "SELECT count(*) || ' ' || min(scheduled_for) FROM agent_tasks WHERE status = 'pending' AND message_id IS NOT NULL AND ready = 0")" \
	'37 2026-03-03T00:00:00.000Z'
tap_end
