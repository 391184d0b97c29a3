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

# first MESSAGE: the file in the Maildir that carries the lead's first message
first() {
	grep -rl "^To: .*<$1>" out | head -n 1
}
# header FILE NAME: its value on one line; more than one such header is told
header() {
	awk -v h="$2:" '/^$/ { exit } /^[ \t]/ { if (on) printf "%s", $0; next } { on = tolower(substr($0, 1, length(h))) == tolower(h) }
		on { if (n++) printf " TWICE "; sub(/^[^:]*: */, ""); printf "%s", $0 } END { print "" }' "$1"
}
# token FILE: the one in its List-Unsubscribe
token() {
	header "$1" List-Unsubscribe | sed -n 's|.*<https://acme.example/u/\([A-Za-z0-9_-]*\)>.*|\1|p'
}

@test "R3: From, To, Date, Message-ID, Subject and List-Unsubscribe stand exactly once, and the Message-ID is the row's" {
	lp-config set -q unsubscribe_url=https://acme.example/u/
	lp-enqueue due && pipe
	for who in ann@alpha.example bob@beta.example; do
		f=$(first $who)
		for h in From To Date Message-ID Subject MIME-Version List-Unsubscribe List-Unsubscribe-Post; do
			assert_equal "$(sed '/^$/q' "$f" | grep -ci "^$h:")" 1
		done
		assert_equal "$(header "$f" Message-ID)" "<$(sql "SELECT rfc_message_id FROM messages JOIN leads l ON l.seq = lead_id WHERE l.email = '$who' AND step = 1")>"
	done
	assert_equal "$(sql 'SELECT count(DISTINCT rfc_message_id) = count(*) FROM messages')" 1
}

@test "R7, R12: one https link with its Post where an address of ours is set, and a mailto; without it mailto alone and no Post" {
	half
	cp -R . ../posted
	rest
	f=$(first ann@alpha.example)
	assert_equal "$(header "$f" List-Unsubscribe-Post)" ''
	[[ $(header "$f" List-Unsubscribe) =~ ^\<mailto:kim@lead\.example\?subject=unsubscribe%20m[0-9]+\.[0-9a-f]{16}\>$ ]] || fail "$(header "$f" List-Unsubscribe)"
	cd ../posted
	LP_DB=$PWD/lp.db
	# the account holds whole paths
	lp-accounts set sales "out=$PWD/out" "in=$PWD/in"
	lp-config set -q unsubscribe_url=https://acme.example/u/
	rest
	f=$(first ann@alpha.example)
	assert_equal "$(header "$f" List-Unsubscribe-Post)" 'List-Unsubscribe=One-Click'
	[[ $(header "$f" List-Unsubscribe) =~ ^\<https://acme\.example/u/u[A-Za-z0-9_-]{43}\>,\ \<mailto:kim@lead\.example\?subject= ]] || fail "$(header "$f" List-Unsubscribe)"
	rm -rf ../posted
}

@test "R12: a page of the account's own stands in the header without a Post, and an address of its own takes the mail" {
	lp-config set -q unsubscribe_url=https://acme.example/u/
	lp-accounts set sales unsubscribe=https://forms.example/out
	pipe --limit 1
	f=$(grep -rl '^To:' out)
	[[ $(header "$f" List-Unsubscribe) == '<https://forms.example/out>, <mailto:kim@lead.example?subject='* ]]
	assert_equal "$(header "$f" List-Unsubscribe-Post)" ''
	lp-accounts set sales unsubscribe=stop@lead.example
	pipe --limit 1
	f=$(grep -rl '^List-Unsubscribe-Post' out)
	[[ $(header "$f" List-Unsubscribe) == *', <mailto:stop@lead.example?subject='* ]]
}

@test "R9: no token can be read, guessed or changed, and no address stands in it" {
	lp-config set -q unsubscribe_url=https://acme.example/u/
	pipe
	t=$(token "$(first ann@alpha.example)")
	[ ${#t} -eq 44 ]
	[ "$t" != "$(token "$(first bob@beta.example)")" ]
	! tr '_-' '/+' <<<"${t#u}=" | base64 -d | grep -ai 'ann\|alpha'
	# any letter changed, one more, one less, other case, none: nobody is suppressed, and nothing is said
	for wrong in "x${t#u}" "${t%?}" "${t}A" "${t^^}" "${t:0:20}$(tr 'A-Za-z' 'B-ZAb-za' <<<"${t:20:1}")${t:21}" 1 '' "u$(printf 'A%.0s' {1..43})" "$t%0a" \
		"$(printf 'u%043d' 0)" ann@alpha.example l1; do
		run_ok lp-leads unsubscribe -- "$wrong"
		assert_output ''
	done
	# a token of another file is none here
	LP_DB=$PWD/other.db lp-config init --simulated -q --seed other
	LP_DB=$PWD/other.db run_ok lp-leads unsubscribe "$t"
	assert_equal "$(sql 'SELECT count(*) FROM suppressions')" 0
	assert_equal "$(sqlite3 other.db 'SELECT count(*) FROM suppressions')" 0
}

@test "R10: by its token anybody is out at once, again and again, and a wrong one gets the same answer" {
	lp-config set -q unsubscribe_url=https://acme.example/u/
	pipe
	t=$(token "$(first ann@alpha.example)")
	run_ok lp-leads unsubscribe "$t"
	right=$output
	run_ok lp-leads unsubscribe "u${t#??}A"
	assert_equal "$output" "$right"
	run_ok lp-leads unsubscribe - < <(printf '%s\n' "$t" nothing "$t")
	assert_equal "$output" "$right"
	assert_equal "$(sql "SELECT group_concat(DISTINCT reason || ' ' || source) FROM suppressions")" 'unsubscribed link'
	assert_equal "$(sql "SELECT count(*) FROM notifications WHERE type = 'opt_out'")" 1
	assert_equal "$(sql "SELECT status FROM leads WHERE seq = 1")" suppressed
	assert_equal "$(sql "SELECT count(*) FROM v_log WHERE message LIKE 'l1 unsubscribed: by its link'")" 1
	run_ok lp-log verify
}

@test "R11: looking changes nothing" {
	lp-config set -q unsubscribe_url=https://acme.example/u/
	pipe
	t=$(token "$(first ann@alpha.example)")
	before=$(sqlite3 lp.db .dump | sha256sum)
	run_ok lp-leads unsubscribe -n "$t"
	assert_equal "$(sqlite3 lp.db .dump | sha256sum)" "$before"
}

@test "R13: the link works for as long as the file exists, whatever became of lead, campaign and settings" {
	lp-config set -q unsubscribe_url=https://acme.example/u/
	pipe
	a=$(token "$(first ann@alpha.example)") b=$(token "$(first bob@beta.example)")
	lp-config set -q unsubscribe_url=
	lp-leads set l1 email=ann@elsewhere.example
	lp-leads forget -y l2
	lp-config backup -q copy.db 2>/dev/null || sqlite3 lp.db '.backup copy.db'
	sql "UPDATE campaigns SET status = 'finished'"
	export LP_NOW=2036-03-02T12:00:00Z
	for LP_DB in lp.db copy.db; do
		run_ok lp-leads unsubscribe "$a" "$b"
		# both the address that it went to and the one of today
		run_ok lp-leads suppressed
		[[ $output == *ann@alpha.example* && $output == *ann@elsewhere.example* ]] || fail "$output"
	done
}

@test "R14: an opt-out by link or by mail, from whatever address, acts at the next reservation on every channel and campaign" {
	lp-config set -q unsubscribe_url=https://acme.example/u/
	pipe
	printf 'name: second\nsteps: [{subject: "Once more, {{first_name}}", body: "Hello {{first_name}}"}]\n' >second.yaml
	lp-campaigns load -q second.yaml && lp-campaigns enrol second --status active 2>/dev/null
	lp-approve yes second -y && lp-campaigns start -q second
	LP_NOW=2026-03-06T09:00:00Z lp-enqueue due
	LP_NOW=2026-03-06T09:00:00Z pipe
	sent=$(mails out)
	# one by the link while its mail is at the wire's end, judged and allowed; one by the mailto, from nobody's address
	export LP_NOW=2026-03-06T12:00:00Z
	inboxes
	half
	lp-leads unsubscribe "$(token "$(first ann@alpha.example)")"
	tag=$(header "$(first bob@beta.example)" List-Unsubscribe | sed 's/.*subject=unsubscribe%20\([^>]*\)>.*/\1/')
	printf 'From: Somebody <robert@home.example>\nTo: kim@lead.example\nMessage-ID: <x@home.example>\nSubject: unsubscribe %s\nDate: Fri, 06 Mar 2026 11:00:00 +0000\n\n' "$tag" >in/new/1.x
	LP_NOW=2026-03-06T12:15:00Z inboxes
	rest
	assert_equal "$(sql "SELECT group_concat(status) FROM leads WHERE seq < 3")" suppressed,suppressed
	assert_equal "$(sql "SELECT kind || ' ' || status || ' ' || matched_by FROM inbox_messages")" 'unsubscribe handled tag'
	tick 2026-03-09T12:00:00Z
	tick 2026-03-10T12:00:00Z
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE lead_id < 3 AND reserved_at >= '2026-03-06T12:00'")" 0
	assert_equal "$(sql "SELECT count(*) FROM enrolments WHERE lead_id < 3 AND status NOT IN ('stopped', 'finished')")" 0
	# the third had it all
	[ "$(to cid@gamma.example)" -gt 1 ]
}
