# A good sender's duties, each by its number: what the law and the big mailbox providers ask for.
load helper
load world

setup_file() {
	world_file
}

setup() {
	use planned
}

# consents: what stands, as the file says it
consents() {
	sql "SELECT group_concat(channel || ' ' || substr(given_at, 1, 10) || ' ' || source || ' ' || (withdrawn_at IS NULL), '; ') FROM consents WHERE person_id = $1"
}

@test "R18: a consent has its channel, source and day; it is withdrawn, never changed, and only a later one counts again" {
	run_ok lp-leads consent ann@alpha.example channel=sms 'source=web form, box ticked' given=2026-02-01
	run_ok lp-leads consent l1 channel=sms source=again
	assert_equal "$(consents 1)" 'sms 2026-02-01 web form, box ticked 1'
	run_ok lp-leads show l1
	assert_output --partial 'web form, box ticked'
	run_ok lp-leads consent --withdraw -m 'told Kim on the phone' l1 channel=sms
	assert_equal "$(consents 1)" 'sms 2026-02-01 web form, box ticked 0'
	run_err 65 'was withdrawn on 2026-03-02' lp-leads consent l1 channel=sms source=old given=2026-03-01
	LP_NOW=2026-03-05T09:00:00Z run_ok lp-leads consent l1 channel=sms source=anew
	assert_equal "$(consents 1)" 'sms 2026-02-01 web form, box ticked 0; sms 2026-03-05 anew 1'
	assert_equal "$(sql "SELECT group_concat(message, '; ') FROM v_log WHERE lead_id = 1 AND message LIKE 'consent%'")" \
		'consent to sms given: web form, box ticked; consent to sms withdrawn: told Kim on the phone; consent to sms given: anew'
	run_ok lp-log verify
}

@test "R18: an opt-out withdraws every consent of the person, a dead address none, and lifting it gives none back" {
	run_ok lp-leads consent l1 channel=sms source=form
	run_ok lp-leads consent l1 channel=email source=form
	run_ok lp-leads consent l2 channel=email source=form
	run_ok lp-leads suppress +46701740601
	run_ok lp-leads unsuppress ann@alpha.example
	assert_equal "$(sql 'SELECT group_concat(person_id) FROM consents WHERE withdrawn_at IS NULL')" 2
}

@test "R18: a consent comes in with a list and goes out with one, and no old list revives one that was withdrawn" {
	cat >in.csv <<-'X'
		email,consent_email,SMS Opt In,consent_whatsapp,consent_source,consent_date
		a@a.example,2026-01-05 fair in Graz,yes,no,web form,2026-01-07
		b@b.example,yes,,maybe,,
		c@c.example,yes,yes,,,2027-01-01
	X
	run_st 0 lp-leads import in.csv --source 'list of 2025'
	assert_equal "$(sql "SELECT l.email, c.channel, substr(c.given_at, 1, 10), c.source FROM consents c JOIN leads l USING (person_id) ORDER BY c.seq")" \
		"$(printf '%s\n' 'a@a.example|email|2026-01-05|fair in Graz' 'a@a.example|sms|2026-01-07|web form' 'b@b.example|email|2026-03-02|list of 2025')"
	# what isn't plainly a yes is none, and isn't lost
	assert_equal "$(sql "SELECT custom FROM leads WHERE email = 'b@b.example'")" '{"consent_whatsapp":"maybe"}'
	run_ok lp-leads export
	[[ $output == *'2026-01-05 fair in Graz'* ]] || fail "$output"
	lp-leads export >out.csv
	lp-leads export -j >out.jsonl
	lp-leads consent --withdraw a@a.example
	lp-leads consent --withdraw b@b.example
	export LP_NOW=2026-03-04T10:00:00Z
	for f in in.csv out.csv out.jsonl; do
		run_st 0 lp-leads import $f
	done
	assert_equal "$(sql 'SELECT count(*) FROM consents WHERE withdrawn_at IS NULL')" 0
	# into another file it goes whole
	LP_DB=$PWD/other.db
	run_ok lp-config init --simulated
	run_st 0 lp-leads import out.jsonl
	assert_equal "$(sql 'SELECT group_concat(channel || substr(given_at, 1, 10) || source) FROM consents')" \
		'email2026-01-05fair in Graz,sms2026-01-07web form,email2026-03-02list of 2025'
}

@test "R18: what is no consent is refused by name" {
	run_err 65 "unknown channel 'sns' (did you mean 'sms'?)" lp-leads consent l1 channel=sns source=x
	run_err 64 'a consent needs channel=' lp-leads consent l1 channel=sms
	run_err 65 'a consent needs its source' lp-leads consent l1 channel=sms 'source= '
	run_err 65 'in the time to come' lp-leads consent l1 channel=sms source=x given=2026-04-01
	run_err 64 "unknown key 'chanel' (did you mean 'channel'?)" lp-leads consent l1 chanel=sms source=x
	run_err 64 '--withdraw takes channel= alone' lp-leads consent --withdraw l1 source=x
	run_err 1 'no such lead' lp-leads consent nobody@x.example channel=sms source=x
	assert_equal "$(sql 'SELECT count(*) FROM consents')" 0
}
