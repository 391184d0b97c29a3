# Several accounts to one campaign: a lead keeps its account, each account its own limit, ramp, gap, hours and absence, by its own calendar.
load helper
load world

# Thirty leads, three accounts: berlin, york and tokyo by their own clocks, round the clock where nothing else is said.
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup
	world_new && lp-config init --simulated -q || return 1
	lp-config set -q schedule_enabled=false slot_grace=1d max_messages_per_day=1000 max_leads_per_day=1000 max_actions_per_hour=1000 max_messages_per_company=10 || return 1
	for a in berlin:Europe/Berlin york:America/New_York tokyo:Asia/Tokyo; do
		lp-accounts add "${a%:*}" kind=maildir address="${a%:*}@lead.example" out=out in="in-${a%:*}" daily_limit=100 answer_share=0 gap_seconds=0 \
			timezone="${a#*:}" || return 1
		mkdir -p "in-${a%:*}/new" "in-${a%:*}/cur" "in-${a%:*}/tmp"
	done
	awk 'BEGIN { print "first_name,email,company"; for (i = 1; i <= 30; i++) printf "P%d,p%d@x%d.example,X%d\n", i, i, i, i }' >leads.csv
	cat >hello.yaml <<-'X'
		name: hello
		accounts: [berlin, york, tokyo]
		steps:
		  - subject: "{{first_name}}, a question about {{company}}"
		    body: |
		      Hi {{first_name|there}}, how do you handle returns at {{company}} today?
		  - {delay: 1d, body: "Any thoughts, {{first_name|there}}?"}
	X
	lp-campaigns load -q hello.yaml && lp-leads import -q leads.csv --campaign hello && lp-approve yes hello -y && lp-campaigns start -q hello && lp-start -q || return 1
	cd .. && cp -R w planned
}

# sent: a line a message that left: account, step, its sending time in UTC
sent() {
	sql "SELECT a.name, m.step, m.slot_at FROM outbox o JOIN messages m ON m.seq = o.message_id JOIN accounts a ON a.seq = o.account_id
		WHERE o.state = 'sent' ORDER BY o.reserved_at"
}

# by_day ACCOUNT ZONE: how many left on each of its days, by when they were reserved
by_day() {
	sql "SELECT o.reserved_at FROM outbox o JOIN accounts a ON a.seq = o.account_id WHERE a.name = '$1' AND o.state = 'sent'" |
		while read -r at; do TZ=$2 date -d "$at" +%F; done | sort | uniq -c | awk '{ print $2 "=" $1 }' | tr '\n' ' '
}

# bound ACCOUNT: how many leads are its own
bound() {
	sql "SELECT count(*) FROM enrolments e JOIN accounts a ON a.seq = e.account_id WHERE a.name = '$1'"
}

# days FROM TO HH:MM...: a tick at each of these times of these days of March.  A day's times are given at its beginning: so a little after midnight there, and
# once more a little before the next
days() {
	local from=$1 to=$2 d h
	shift 2
	for d in $(seq "$from" "$to"); do
		for h; do
			tick "2026-03-$(printf %02d "$d")T$h:00Z"
		done
	done
}

@test "one paused, one absent, one at its limit: each waits for itself alone, and no lead changes hands" {
	use planned
	export LP_NOW=2026-03-02T00:30:00Z
	before=$(sql 'SELECT group_concat(account_id) FROM enrolments')
	lp-accounts pause berlin >/dev/null
	lp-accounts set york absence=2026-03-02..2026-03-04 >/dev/null
	lp-accounts set tokyo daily_limit=4 >/dev/null
	lp-config set -q max_leads_per_day=12
	days 2 5 05:05 14:55 15:05 # New York's midnight is 05:00, Tokyo's 15:00
	assert_equal "$(sent | cut -d'|' -f1 | sort -u)" $'tokyo\nyork'
	[ "$(sent | grep -c '^york|1')" -ge 4 ] || fail "york after its absence: $(sent)"
	# 5 March in New York begins at 05:00 UTC
	assert_equal "$(sql "SELECT count(*) FROM outbox o JOIN accounts a ON a.seq = o.account_id WHERE a.name = 'york' AND o.reserved_at < '2026-03-05T05:00'")" 0
	# the paused one's leads aren't planned: the day's leads are for those who can be written to
	assert_equal "$(sql "SELECT count(*) FROM messages m JOIN accounts a ON a.seq = m.account_id WHERE a.name = 'berlin'")" 0
	for n in $(by_day tokyo Asia/Tokyo); do
		[ "${n#*=}" -le 4 ] || fail "over its limit: $n"
	done
	[[ "$(by_day tokyo Asia/Tokyo)" == *=4\ * ]] || fail "never at its limit: $(by_day tokyo Asia/Tokyo)"
	lp-accounts start berlin >/dev/null
	days 6 6 05:05 14:55 22:00
	[ "$(sent | grep -c '^berlin|1')" -gt 0 ] || fail "berlin after its start"
	assert_equal "$(sql 'SELECT group_concat(account_id) FROM enrolments')" "$before"
	assert_equal "$(sql 'SELECT count(*) FROM outbox o JOIN messages m ON m.seq = o.message_id JOIN enrolments e ON e.seq = m.enrolment_id
		WHERE o.account_id <> e.account_id OR o.account_id <> m.account_id')" 0
	assert_equal "$(sql 'SELECT count(*) FROM (SELECT lead_id FROM outbox GROUP BY lead_id HAVING count(DISTINCT account_id) > 1)')" 0
}

@test "an account paused in the middle holds what is due, and sends it once started" {
	use planned
	days 2 2 05:05 05:10 07:05
	n=$(sent | grep -c '^york') || fail "york has sent nothing"
	lp-accounts pause york >/dev/null
	[ "$n" -lt "$(bound york)" ] || fail "york has sent all"
	days 3 4 05:05 14:55
	assert_equal "$(sent | grep -c '^york')" "$n"
	[ "$(sent | grep -c '^berlin|2')" -gt 0 ] || fail "the others go on"
	lp-accounts start york >/dev/null
	days 5 7 05:05 22:00
	assert_equal "$(sent | grep -c '^york')" "$((2 * $(bound york)))"
}

@test "a ramp of each account's own days: start, increment, ceiling" {
	use planned
	lp-accounts set tokyo daily_limit=4 ramp_start=1 ramp_step=2 ramp_from=2026-03-02 >/dev/null
	lp-accounts set berlin daily_limit=2 ramp_start=3 ramp_step=1 ramp_from=2026-03-02 >/dev/null
	tick 2026-03-01T14:00:00Z
	tick 2026-03-01T15:05:00Z
	tick 2026-03-01T23:05:00Z
	days 2 4 14:55 15:05 22:55 23:05
	[[ "$(by_day tokyo Asia/Tokyo)" == *'2026-03-02=1 2026-03-03=3 2026-03-04=4 '* ]] || fail "$(by_day tokyo Asia/Tokyo)"
	[[ "$(by_day berlin Europe/Berlin)" == *'2026-03-02=2 2026-03-03=2 2026-03-04=2 '* ]] || fail "$(by_day berlin Europe/Berlin)"
}

@test "sending times: within each account's own hours, its gap apart, none at another's second, no pattern" {
	use planned
	lp-accounts set berlin days=mon-fri start_time=09:00 end_time=12:00 gap_seconds=900 daily_limit=8 >/dev/null
	lp-accounts set york days=mon-fri start_time=13:00 end_time=17:30 gap_seconds=60 >/dev/null
	lp-accounts set tokyo gap_seconds=600 >/dev/null
	days 2 4 05:05 15:05 23:05
	sql "SELECT a.name, s.at FROM slots s JOIN accounts a ON a.seq = s.account_id ORDER BY 1, 2" >all
	while IFS='|' read -r name at; do
		case $name in
		berlin) t=$(TZ=Europe/Berlin date -d "$at" +%H:%M:%S); [[ $t > 08:59:59 && $t < 12:00:00 ]] || fail "berlin at $t" ;;
		york) t=$(TZ=America/New_York date -d "$at" +%H:%M:%S); [[ $t > 12:59:59 && $t < 17:30:00 ]] || fail "york at $t" ;;
		esac
	done <<<"$(shuf -n 60 --random-source=<(yes) all)"
	for g in berlin:900 york:60 tokyo:600; do
		assert_equal "$(sql "SELECT count(*) FROM (SELECT (julianday(at) - julianday(lag(at) OVER (ORDER BY at))) * 86400 AS gap FROM slots s
			JOIN accounts a ON a.seq = s.account_id WHERE a.name = '${g%:*}') WHERE gap < ${g#*:} - 0.01")" 0
		[ "$(sql "SELECT count(DISTINCT cast((julianday(at) - julianday(date(at))) * 86400 AS INTEGER) % 60) FROM slots s JOIN accounts a ON a.seq = s.account_id
			WHERE a.name = '${g%:*}'")" -gt 8 ] || fail "a pattern to the minute: $g"
	done
	assert_equal "$(sql 'SELECT count(*) FROM slots a JOIN slots b ON a.at = b.at AND a.account_id < b.account_id')" 0
}

@test "days of 23 and of 25 hours are days: the limit is anew at the account's own midnight" {
	for when in 2026-03-29:2026-03-28T22:59:59Z:2026-03-28T23:00:00Z:2026-03-29T21:59:59Z:2026-03-29T22:00:00Z \
		2026-10-25:2026-10-24T21:59:59Z:2026-10-24T22:00:00Z:2026-10-25T22:59:59Z:2026-10-25T23:00:00Z; do
		day=${when%%:*}
		use planned
		# the leads are all berlin's, and its sending times don't stand in the way of the count
		sql "UPDATE enrolments SET account_id = 1"
		export LP_NOW=${day}T00:00:00Z
		lp-accounts set berlin daily_limit=2 gap_seconds=0 >/dev/null
		IFS=_ read -r a b c d <<<"$(sed 's/^[^:]*://; s/Z:/Z_/g' <<<"$when")"
		for t in "$a" "$b" "$c" "$d"; do tick "$t"; done
		for n in $(by_day berlin Europe/Berlin); do
			[ "${n#*=}" -le 2 ] || fail "over its limit: $n"
		done
		[[ "$(by_day berlin Europe/Berlin)" == *"$day=2 "* ]] || fail "$day: $(by_day berlin Europe/Berlin)"
		# all of the short, or long, day's times are within it
		assert_equal "$(sql "SELECT count(*) FROM slots WHERE account_id = 1 AND day = '$day' AND (at < '${b%Z}' OR at >= '${d%Z}')")" 0
		assert_equal "$(sql "SELECT count(*) FROM slots WHERE account_id = 1 AND day = '$day'")" 2
	done
}

@test "leads are shared out by what each account may send; nothing for one that may send none" {
	use planned
	lp-accounts set berlin daily_limit=30 >/dev/null
	lp-accounts set york daily_limit=0 >/dev/null
	lp-accounts set tokyo daily_limit=10 >/dev/null
	sed 's/name: hello/name: again/' hello.yaml >again.yaml
	lp-campaigns load -q again.yaml
	run_ok lp-campaigns enrol again --status active
	n=$(sql "SELECT count(*) FROM enrolments e JOIN accounts a ON a.seq = e.account_id JOIN campaigns c ON c.seq = e.campaign_id WHERE c.name = 'again' AND a.name = 'berlin'")
	[ "$n" -ge 17 ] && [ "$n" -lt 30 ] || fail "berlin has $n of 30"
	assert_equal "$(sql "SELECT count(*) FROM enrolments e JOIN accounts a ON a.seq = e.account_id JOIN campaigns c ON c.seq = e.campaign_id WHERE c.name = 'again' AND a.name = 'york'")" 0
}
