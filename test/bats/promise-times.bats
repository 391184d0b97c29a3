# Never outside the hours, never in a burst, never blind, never before its turn; and the same each time.
load helper
load world

setup_file() {
	world_file
}

when() {
	sql "SELECT scheduled_for FROM agent_tasks WHERE seq = $1"
}

# slots: the day's sending times, and who has them
slots() {
	sql 'SELECT account_id, day, n, at, message_id, lost FROM slots ORDER BY 1, 2, 3'
}

# apart SECONDS: all sending times are at least that far from each other
apart() {
	assert_equal "$(sql "SELECT count(*) FROM slots a JOIN slots b ON b.account_id = a.account_id AND b.at > a.at
		AND (julianday(b.at) - julianday(a.at)) * 86400 < $1 - 0.01")" 0
}

@test "closed at noon, by each of the calendars: nothing then, and off again when all are open" {
	while IFS='|' read -r until change; do
		use planned
		case $change in
		*=*' '*) sql "$change" ;;
		account:*) lp-accounts set sales "${change#account:}" >/dev/null ;;
		*) lp-config set -q "$change" ;;
		esac
		tick 2026-03-02T12:00:00Z
		assert_equal "$change: $(mails out) $(when 5)" "$change: 0 $until"
		tick "${until%.000Z}Z"
		[ "$until" != 2026-03-02T14:00:00.000Z ] || left 3 # the same day: its time was missed by less than its grace
	done <<-'X'
		2026-03-02T14:00:00.000Z|schedule_start_time=14:00
		2026-03-03T09:00:00.000Z|schedule_end_time=12:00
		2026-03-03T09:00:00.000Z|schedule_days=tue,wed
		2026-03-03T09:00:00.000Z|holidays=2026-03-02
		2026-03-02T14:00:00.000Z|schedule_timezone=America/New_York
		2026-03-02T14:00:00.000Z|account:start_time=14:00
		2026-03-02T14:00:00.000Z|account:timezone=America/New_York
		2026-03-04T09:00:00.000Z|account:absence=2026-03-01..2026-03-03
		2026-03-04T09:00:00.000Z|account:days=wed
		2026-03-02T14:00:00.000Z|UPDATE campaign_versions SET definition = json_set(definition, '$.hours', json('{"start":"14:00"}'))
		2026-03-02T14:00:00.000Z|UPDATE campaign_versions SET definition = json_set(definition, '$.hours', json('{"timezone":"America/New_York"}'))
		2026-03-03T09:00:00.000Z|UPDATE campaign_versions SET definition = json_set(definition, '$.holidays', json('["2026-03-02"]'))
		2026-03-02T14:00:00.000Z|UPDATE leads SET timezone = 'America/New_York'
		2026-03-03T09:00:00.000Z|UPDATE leads SET timezone = 'Asia/Karachi'
	X
}

@test "the last second of the hours is open, the end isn't; after Friday comes Monday, in the lead's own summer time" {
	use planned
	tick 2026-03-02T16:59:59Z
	left 3
	use planned
	tick 2026-03-02T17:00:00Z
	left 0
	use planned
	sql "UPDATE leads SET timezone = 'America/New_York'"
	for t in 06T20:00 09T09:00 09T12:00 09T12:59; do tick 2026-03-$t:00Z; done
	left 0
	for t in 09T13:00 09T15:00 09T16:59; do tick 2026-03-$t:00Z; done
	left 3
	assert_equal "$(sql "SELECT min(slot_at) >= '2026-03-09T13' FROM messages WHERE step = 1")" 1
}

@test "hours with nothing in common: a person is told" {
	use planned
	sql "UPDATE leads SET timezone = 'Asia/Tokyo' WHERE seq = 1"
	tick 2026-03-02T12:00:00Z
	left 2
	assert_equal "$(sql 'SELECT status, hold_kind FROM agent_tasks WHERE seq = 5')" 'awaiting_approval|mend'
	run last_verdict 5
	assert_output --partial 'no moment in common'
}

@test "a sending time is given once: the same by another run, by another copy, and nothing leaves before it" {
	use planned
	lp-accounts set sales gap_seconds=60 >/dev/null
	slots >one
	[ "$(wc -l <one)" -gt 3 ]
	lp-enqueue due
	LP_NOW=2026-03-02T10:00:59Z lp-enqueue due
	slots | diff one -
	apart 60
	sql 'DELETE FROM slots'
	sql "UPDATE messages SET status = 'planned', slot_at = NULL WHERE step = 1; DELETE FROM agent_tasks WHERE message_id IS NOT NULL"
	LP_NOW=2026-03-02T10:00:00Z lp-enqueue due
	slots | diff one -
	at=$(sql 'SELECT min(slot_at) FROM messages')
	sql "UPDATE agent_tasks SET ready = 1 WHERE message_id IS NOT NULL" # pressed for
	LP_NOW=2026-03-02T10:00:30Z
	[[ ${LP_NOW%Z} < $at ]]
	pipe
	left 0
	tick "$at"
	left 1
}

@test "missed by its grace, it goes; by more, it gets another that nobody has, the old one is lost" {
	use planned
	lp-config set -q slot_grace=30m
	at=$(sql 'SELECT slot_at FROM messages WHERE seq = 1') # 10:01:52
	LP_NOW=2026-03-02T10:31:52Z
	[ "$at" = 2026-03-02T10:01:52.000Z ]
	lp-enqueue due
	pipe
	assert_equal "$(to ann@alpha.example)" 1
	use planned
	lp-config set -q slot_grace=30m
	tick 2026-03-02T10:31:53Z
	assert_equal "$(to ann@alpha.example)" 0
	assert_equal "$(sql "SELECT lost, message_id IS NULL FROM slots WHERE at = '$at'")" '1|1'
	assert_equal "$(sql "SELECT count(DISTINCT slot_at) || min(slot_at > '2026-03-02T10:31:53') FROM messages WHERE status = 'due'")" 21
	apart 60
	for t in 11:00 11:20 11:40; do tick 2026-03-02T$t:00Z; done
	left 3
}

@test "forty messages: no two sending times within gap_seconds, no two messages in one of them, none outside the hours" {
	world_new
	export LP_NOW=$MONDAY
	world_make max_leads_per_day=100 slot_grace=20m
	lp-accounts set sales gap_seconds=300 daily_limit=30 >/dev/null
	awk 'BEGIN { print "first_name,company,email"; for (i = 1; i <= 40; i++) printf "F%d,C%d,l%d@c%d.example\n", i, i, i, i }' |
		lp-leads import -q --campaign hello -
	tick 2026-03-02T10:00:00Z
	for t in 02T10:20 02T10:40 02T11:00 02T11:20 02T11:40 02T15:00 02T15:20 02T15:40 02T16:40 03T09:10 03T09:30 03T09:50 03T10:10 03T14:00; do
		tick 2026-03-$t:00Z # with hours missed between them
	done
	apart 300
	assert_equal "$(sql 'SELECT count(*) FROM slots WHERE message_id IS NOT NULL GROUP BY account_id, at HAVING count(*) > 1')" ''
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE strftime('%H', reserved_at) NOT BETWEEN '09' AND '16'")" 0
	[ "$(mails out)" -ge 12 ] || fail "only $(mails out) left"
	assert_equal "$(sql 'SELECT max(n) <= 30 FROM (SELECT count(*) AS n FROM outbox GROUP BY substr(reserved_at, 1, 10))')" 1
	assert_equal "$(sql 'SELECT count(*) FROM outbox o JOIN messages m ON m.seq = o.message_id
		WHERE (julianday(o.reserved_at) - julianday(m.slot_at)) * 1440 NOT BETWEEN 0 AND 20.01')" 0
}

@test "no follow-up on an inbox that wasn't read within inbox_max_age" {
	use planned
	pipe
	left 3
	export LP_NOW=2026-03-05T12:00:00Z
	tick 2026-03-05T12:00:00Z
	mv in in.gone
	tick 2026-03-05T12:20:00Z # read at noon: still good
	now=$(mails out)
	[ "$now" -gt 3 ] && [ "$now" -lt 6 ] || fail "$now of 6 left in time: want some"
	for t in 13:01 13:30 14:00 15:00 16:00; do tick 2026-03-05T$t:00Z; done
	left "$now"
	[ ! -e in ] || fail 'an inbox that is gone was taken for an empty one'
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE reserved_at > '2026-03-05T13:00:00.000Z'")" 0
	mv in.gone in
	for t in 10 11 12 13 14; do tick 2026-03-06T$t:00:00Z; done
	left 6
}

@test "Friday's refusal, unread since: Monday's tick reads it before it writes" {
	use planned
	pipe
	printf '%s\n' 'From: Ann <ann@alpha.example>' 'To: kim@lead.example' 'Subject: no' 'Message-ID: <r1@alpha.example>' '' 'Please stop writing to me.' >in/new/r1
	for t in 10 12 14 16; do tick 2026-03-09T$t:00:00Z; done
	left 5
	assert_equal "$(to ann@alpha.example)" 1
}

@test "no follow-up before its predecessor: not when pressed for, not when that one is unknown, refused or held" {
	use planned
	lp-enqueue send_message --message m2
	sql "UPDATE messages SET slot_at = '2026-03-02T11:59:00.000Z' WHERE seq = 2; UPDATE agent_tasks SET status = 'cancelled' WHERE seq = 5;
		UPDATE accounts SET inbox_read_at = '2026-03-02T11:59:00.000Z'"
	pipe
	left 2
	assert_equal "$(to ann@alpha.example)" 0
	for state in unknown refused held; do
		use planned
		case $state in
		held) sql "UPDATE agent_tasks SET status = 'awaiting_approval', hold_kind = 'mend' WHERE seq = 5" ;;
		*) sql "UPDATE messages SET status = '$state' WHERE seq = 1; UPDATE agent_tasks SET status = 'awaiting_approval', hold_kind = 'mend' WHERE seq = 5" ;;
		esac
		tick 2026-03-02T12:00:00Z
		for t in 05 06 09; do tick 2026-03-${t}T12:00:00Z; tick 2026-03-${t}T16:00:00Z; done
		assert_equal "$(to ann@alpha.example) $(mails out)" '0 4'
	done
}

@test "the same world twice, with the same seed and clock: the same messages, minutes and texts, byte for byte" {
	for n in 1 2; do
		world_new
		export LP_NOW=$MONDAY
		lp-config init --simulated --seed rehearsal -q
		world_make
		for t in 2026-03-02T11:00:00Z 2026-03-02T14:00:00Z 2026-03-05T11:00:00Z 2026-03-05T16:00:00Z 2026-03-06T10:00:00Z; do tick $t; done
		assert_equal "$(mails out)" 6
		(cd out/new && for f in *; do echo "== $f" && cat "$f"; done) >"$BATS_TEST_TMPDIR/mails$n"
		sql 'SELECT m.seq, purpose, m.rfc_message_id, slot_at, reserved_at, o.sent_at, subject, body FROM messages m JOIN outbox o ON o.message_id = m.seq
			JOIN message_texts t ON t.message_id = m.seq' >"$BATS_TEST_TMPDIR/rows$n"
	done
	cmp "$BATS_TEST_TMPDIR/mails1" "$BATS_TEST_TMPDIR/mails2"
	cmp "$BATS_TEST_TMPDIR/rows1" "$BATS_TEST_TMPDIR/rows2"
}
