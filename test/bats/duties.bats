# A good sender's duties, each by its number: what the law and the big mailbox providers ask for.
load helper
load world

setup_file() {
	world_file
}

setup() {
	use planned
}

# none COMMAND...: it finds nothing
none() {
	if "$@"; then fail "found: $*"; fi
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

@test "R7: an account's address of other letters is one that a mail program reads back from the link" {
	half
	lp-accounts set sales 'reply_to=k&m%o?x@lead.example'
	rest
	[[ $(header "$(first ann@alpha.example)" List-Unsubscribe) =~ ^\<mailto:k%26m%25o%3Fx@lead\.example\?subject=unsubscribe%20m ]] ||
		fail "$(header "$(first ann@alpha.example)" List-Unsubscribe)"
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
	none grep -ai 'ann\|alpha' < <(tr '_-' '/+' <<<"${t#u}=" | base64 -d)
	# any letter changed, one more, one less, other case, none: nobody is suppressed, and nothing is said
	for wrong in "x${t#u}" "${t%?}" "${t}A" "${t%?}A" "${t%?}B" "${t^^}" "${t:0:20}$(tr 'A-Za-z' 'B-ZAb-za' <<<"${t:20:1}")${t:21}" 1 '' "u$(printf 'A%.0s' {1..43})" "$t%0a" \
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

@test "R14: whoever is out as bob@ is out as bob+news@ and BOB@, at the door and in a list; bob's own name in another's address is nobody's" {
	sql "UPDATE leads SET email = 'bob+news@beta.example' WHERE seq = 2; UPDATE person_addresses SET value = 'bob+news@beta.example' WHERE value = 'bob@beta.example'"
	lp-enqueue due && half
	lp-leads suppress -q 'BOB@Beta.example' 'cid+x@gamma.example'
	rest
	assert_equal "$(to bob+news@beta.example)" 0
	[ "$(to cid@gamma.example)" -gt 0 ]
	printf 'email\nBob+Sales@beta.example\nbobby@beta.example\nb+bob@beta.example\n' >more.csv
	run_ok lp-leads import more.csv
	assert_equal "$(sql "SELECT group_concat(email, ' ') FROM leads WHERE seq > 3")" 'bobby@beta.example b+bob@beta.example'
}

# lawful: all that strict asks of a first mail to somebody in a country without consent
lawful() {
	lp-accounts set sales 'display_name=Kim Lee'
	lp-config set -q compliance=strict $'postal_address=Lead GmbH\nWeg 1\n10115 Berlin' 'identification=Lead GmbH, HRB 1 Berlin, Kim Lee' \
		privacy_url=https://lead.example/privacy unsubscribe_url=https://acme.example/u/
	sql "UPDATE leads SET country = 'FR'"
}
# body FILE: as it is read
body() {
	if grep -q '^Content-Transfer-Encoding: quoted' "$1"; then sed '1,/^$/d' "$1" | perl -MMIME::QuotedPrint -0ne 'print decode_qp($_)'; else sed '1,/^$/d' "$1"; fi
}

@test "R6: under strict nothing cold leaves an account without sender's name, postal address and privacy page; each is named, with its command" {
	sql "UPDATE leads SET country = 'FR'"
	lp-config set -q compliance=strict
	pipe
	assert_equal "$(mails out)" 0
	assert_equal "$(sql "SELECT group_concat(DISTINCT hold_kind) FROM agent_tasks WHERE status = 'awaiting_approval'")" mend
	# the gate says so before a line is opened
	assert_equal "$(sql "SELECT group_concat(DISTINCT stage) FROM verdicts WHERE verdict = 'hold'")" gate
	why=$(sql "SELECT hold_reason FROM agent_tasks WHERE status = 'awaiting_approval' LIMIT 1")
	for what in "account sales has no sender's name (lp-accounts set sales display_name=" 'no postal address (lp-config set postal_address=' 'rights (lp-config set privacy_url=' \
		'who we are, as FR asks for (lp-config set identification='; do
		[[ $why == *"$what"* ]] || fail "$why"
	done
	# mended and taken up again, it leaves
	lawful
	lp-tasks retry t5 t6 t7 >/dev/null
	tick 2026-03-02T13:30:00Z
	tick 2026-03-02T16:30:00Z
	assert_equal "$(mails out)" 3
}

@test "R6: the door looks again: what was taken away after the gate holds what was judged" {
	lawful
	half
	lp-config set -q privacy_url=
	rest
	assert_equal "$(mails out)" 0
	[[ $(last_verdict 5) == 'hold compliance: no page that tells people their rights'* ]] || fail "$(last_verdict 5)"
}

@test "R6: auto is strict for what leaves this machine alone: a Maildir's mail goes without anything set up" {
	pipe
	assert_equal "$(mails out)" 3
	assert_equal "$(body "$(first ann@alpha.example)")" 'Hi Ann, how do you handle returns at Alpha today?'
}

@test "R16, R19: a first mail ends with who writes, where from, the source, people's rights and a way out; a later one is shorter" {
	lawful
	lp-leads set l1 'source=trade fair in Graz'
	pipe
	f=$(first ann@alpha.example)
	assert_equal "$(body "$f" | sed 's|/u/u.*|/u/TOKEN|')" "$(printf '%s\n' 'Hi Ann, how do you handle returns at Alpha today?' '' '-- ' 'Lead GmbH, HRB 1 Berlin, Kim Lee' \
		'Lead GmbH, Weg 1, 10115 Berlin' 'We have your address from: trade fair in Graz' 'What we keep about you, and your rights: https://lead.example/privacy' \
		'No more mail from us:' 'https://acme.example/u/TOKEN')"
	# the link in the text is the header's
	assert_equal "$(body "$f" | sed -n 's|.*/u/||p')" "$(token "$f")"
	# the name of a file is no source to tell anybody
	none grep -r 'import of' out
	for at in 05T13:00 05T16:30 06T13:00 06T16:30; do tick 2026-03-$at:00Z; done
	f=$(grep -l '^Subject: Re:' $(grep -rl '^To: .*ann@alpha' out))
	assert_equal "$(body "$f" | sed 's|/u/u.*|/u/TOKEN|')" "$(printf '%s\n' 'Any thoughts, Ann?' '' '-- ' 'Lead GmbH, HRB 1 Berlin, Kim Lee' 'Lead GmbH, Weg 1, 10115 Berlin' \
		'No more mail from us:' 'https://acme.example/u/TOKEN')"
}

@test "R16: the way out is visible without a link too, and the approval, the preview and the hash are of the whole text" {
	lawful
	lp-config set -q unsubscribe_url=
	run_ok lp-campaigns preview hello
	[[ $output == *'a short reply is enough.'* && $output == *'Weg 1'* ]] || fail "$output"
	half
	f=$(sql "SELECT body FROM message_texts JOIN messages m ON m.seq = message_id WHERE lead_id = 1")
	[[ $f == *'a short reply is enough.'* ]]
	# somebody takes it out after it was judged
	sql "UPDATE message_texts SET body = substr(body, 1, 20)"
	rest
	assert_equal "$(mails out)" 0
}

@test "R16: a text whose way out was edited away is held" {
	lawful
	lp-config set -q unsubscribe_url=
	sql "UPDATE agent_tasks SET requires_approval = 1 WHERE message_id IS NOT NULL"
	pipe
	cat >ed <<-'X'
		#!/bin/sh
		sed -i '/short reply/d' "$1"
	X
	chmod +x ed
	p=$(lp-approve list -j | jq -r '.id' | head -n 1)
	EDITOR=$PWD/ed lp-approve edit "$p" </dev/null >/dev/null 2>&1 || true
	lp-approve yes "$p" 2>/dev/null || true
	pipe
	assert_equal "$(mails out)" 0
}

@test "R19, R16: the foot speaks the language of the text, or of the campaign where the text is too short to tell" {
	lawful
	lp-config set -q unsubscribe_url=
	n=0
	while IFS='|' read -r lang text foot; do
		n=$((n + 1))
		cat >c.yaml <<-X
			name: lang$n
			steps:
			  - {subject: "$lang {{first_name}}", body: "$text"}
			  - {delay: 1d, body: "Ok?"}
		X
		lp-campaigns load -q c.yaml
		printf 'email,first_name,country,source\np%s@p%s.example,Pat,FR,fair\n' $n $n >l.csv
		lp-leads import -q l.csv --campaign lang$n
		run_ok lp-campaigns preview lang$n
		[ "$(grep -cF "$foot" <<<"$output")" = 2 ] || fail "$lang: $output"
	done <<-'X'
		en|How do you handle the returns at your company?|If you would rather not hear from us, a short reply is enough.
		de|Wie gehen Sie mit Retouren in Ihrem Haus um? Wir haben eine Idee für Sie.|Falls Sie lieber nichts von uns hören, genügt eine kurze Antwort.
		fr|Comment gérez-vous les retours dans votre boutique ? Nous avons une idée pour vous.|Si nos messages vous dérangent, une courte réponse suffit.
		es|¿Cómo gestionan ustedes las devoluciones en su tienda? Tenemos una idea para usted.|Si prefiere no saber de nosotros, basta una breve respuesta.
		it|Come gestite i resi nel vostro negozio? Abbiamo una idea per lei, che non costa.|Se preferisce non avere nostre notizie, basta una breve risposta.
		nl|Hoe gaat u om met retouren in uw winkel? Wij hebben een idee voor u.|Hoort u liever niets van ons, dan is een kort antwoord genoeg.
	X
	[ $n = 6 ]
}

@test "R20: a country that asks for consent holds whoever gave none, and lets go whoever did; one that doesn't, asks for nothing" {
	lawful
	sql "UPDATE leads SET country = CASE seq WHEN 1 THEN 'DE' WHEN 2 THEN 'US' ELSE 'DE' END"
	lp-leads consent l3 channel=email source='web form'
	pipe
	assert_equal "$(to ann@alpha.example) $(to bob@beta.example) $(to cid@gamma.example)" '0 1 1'
	why=$(sql "SELECT hold_reason FROM agent_tasks WHERE lead_id = 1 AND status = 'awaiting_approval'")
	[[ $why == 'compliance: DE asks for a consent to e-mail (UWG § 7 '*'lp-leads consent l1 channel=email source='* ]] || fail "$why"
	lp-leads consent l1 channel=email source='on the phone'
	lp-tasks retry "t$(task_of 1)" >/dev/null
	tick 2026-03-02T13:30:00Z
	tick 2026-03-02T16:30:00Z
	assert_equal "$(to ann@alpha.example)" 1
}

@test "R20: a consent withdrawn after the gate holds at the door" {
	lawful
	sql "UPDATE leads SET country = 'DE'"
	for l in 1 2 3; do lp-leads consent l$l channel=email source=form; done
	half
	lp-leads consent --withdraw l1
	rest
	assert_equal "$(to ann@alpha.example) $(mails out)" '0 2'
}

@test "R20: an unknown country is the strictest; number and domain tell one; implied consent wants a stated source; a file of ours goes over the table" {
	lawful
	# Ann +46 (SE), Bob +44 (GB), Cid +49 (DE) by their numbers alone; then nothing to go by, but a domain
	sql "UPDATE leads SET country = NULL"
	printf 'email,first_name,company,country\nx@nowhere.example,X,Xco,\ny@firma.co.at,Y,Yco,\nz@z.example,Z,Zco,CA\nw@w.example,W,Wco,Canada\nv@v.example,V,Vco,Atlantis\n' >more.csv
	lp-leads import -q more.csv --campaign hello
	lp-leads set l7 'source=their site, contact page'
	run_ok lp-campaigns preview -j hello
	holds() { jq -r --arg e "$1" 'select(.email == $e and .step == 1) | .holds | join(" ")' <<<"$output"; }
	assert_equal "$(holds ann@alpha.example)$(holds bob@beta.example)$(holds w@w.example)" ''
	[[ $(holds cid@gamma.example) == *'DE asks for a consent'* ]]
	[[ $(holds x@nowhere.example) == *"the lead's country isn't known, and the strictest ask for a consent"* ]]
	[[ $(holds v@v.example) == *"the lead's country isn't known"* ]]
	[[ $(holds y@firma.co.at) == *'AT asks for a consent to e-mail (TKG'* ]]
	[[ $(holds z@z.example) == *'CA asks for a consent to e-mail, or a source that implies one (CASL'* ]]
	printf '# ours\nDE\temail=opt-out postal=yes identification=no\tour lawyer, 2026\n*\temail=implied\tour lawyer\nSE\temail=opt-in\tour lawyer, too\n' >rules.tsv
	lp-config set -q country_rules=$PWD/rules.tsv
	run_ok lp-campaigns preview -j hello
	assert_equal "$(holds cid@gamma.example)$(holds bob@beta.example)" ''
	[[ $(holds ann@alpha.example) == *'SE asks for a consent to e-mail (our lawyer, too)'* ]]
	[[ $(holds x@nowhere.example) == *'* asks for a consent to e-mail, or a source'* ]]
	printf 'DE\temail=maybe\tx\n' >rules.tsv
	run_st 78 lp-campaigns preview hello
	[[ $stderr == *"rules.tsv:1: 'email=maybe': give email="* ]] || fail "$stderr"
}

@test "compliance=warn holds nothing, and off leaves no foot" {
	sql "UPDATE leads SET country = 'DE'"
	lp-config set -q compliance=warn postal_address='Weg 1, Berlin'
	pipe
	assert_equal "$(mails out)" 3
	grep -q 'Weg 1, Berlin' "$(first ann@alpha.example)"
	use planned
	lp-config set -q compliance=off postal_address='Weg 1, Berlin'
	pipe
	assert_equal "$(mails out)" 3
	none grep -r 'Weg 1' out
}

@test "R6, R12, R20: check says beforehand what strict would hold, and start refuses with 78" {
	lp-campaigns pause -q hello
	lp-config set -q compliance=strict
	sql "UPDATE leads SET country = 'US'; UPDATE leads SET country = 'DE' WHERE seq = 2"
	run_st 78 lp-campaigns start hello
	[[ $stderr == *"account sales has no sender's name"* && $stderr == *'postal address'* && $stderr == *'rights'* ]] || fail "$stderr"
	lawful
	sql "UPDATE leads SET country = 'US'; UPDATE leads SET country = 'DE' WHERE seq = 2"
	lp-config set -q unsubscribe_url= identification=
	run --separate-stderr lp-campaigns check hello
	[ "$(grep -c 'no line that says who we are, as DE asks for' <<<"$output$stderr")" = 1 ] || fail "$output$stderr"
	[[ $output$stderr != *'who we are, as US'* ]] || fail "$output$stderr"
	lp-config set -q identification='Lead GmbH, HRB 1'
	[[ $output$stderr == *'no unsubscribe_url'*'Google and Yahoo'* ]] || fail "$output$stderr"
	[[ $output$stderr == *'DE asks for a consent'* ]] || fail "$output$stderr"
	[ "$(grep -c 'asks for a consent' <<<"$output$stderr")" = 1 ]
	lp-config set -q unsubscribe_url=https://acme.example/u/
	lp-leads consent l2 channel=email source=form
	run --separate-stderr lp-campaigns check hello
	[[ $output$stderr != *unsubscribe_url* && $output$stderr != *consent* ]] || fail "$output$stderr"
	run_st 0 lp-campaigns start hello
}

@test "R6, R16: the approval of a campaign shows the foot; lp-doctor names what an account lacks" {
	lawful
	run_ok lp-approve show hello
	[[ $output == *'Under the first mail to each, as here to l1:'*'Lead GmbH, Weg 1, 10115 Berlin'*'No more mail from us:'*'https://acme.example/u/...'* ]] || fail "$output"
	run --separate-stderr lp-doctor
	none grep -E '^(ok|warn|fail) +law ' <<<"$output"
	lp-config set -q privacy_url= unsubscribe_url=
	run --separate-stderr lp-doctor
	[[ $output == *'no page that tells people their rights'*'no unsubscribe_url'* ]] || fail "$output"
	lp-config set -q compliance=auto
	run --separate-stderr lp-doctor
	none grep -E '^(ok|warn|fail) +law ' <<<"$output"
}

@test "R29: no mail has a picture, a style from elsewhere or a link that isn't in its text; HTML only where it was switched on, with the same words" {
	lawful
	pipe
	none grep -ril 'content-type: text/html' out
	use planned
	lawful
	lp-config set -q html=yes
	printf '%s\n' 'name: links' 'steps:' '  - subject: Links' '    body: |' '      Hi. See https://acme.example/a?b=1&c="2" <or> write to x@y.example.' >h2.yaml
	printf 'email,first_name,country\nfay@fay.example,Fay,FR\n' >l.csv
	lp-campaigns load -q h2.yaml && lp-leads import -q l.csv --campaign links
	lp-approve yes links -y && lp-campaigns start -q links
	for at in 13:30 16:30 16:50; do tick 2026-03-02T$at:00Z; done
	f=$(first fay@fay.example)
	grep -qi '^Content-Type: multipart/alternative' "$f"
	html=$(perl -MMIME::QuotedPrint -0ne '/text\/html.*?\n\n(.*?)\n--/s and print decode_qp($1)' "$f")
	[[ $html == *'No more mail from us'*  && $html == *'<a href="https://acme.example/a?b=1&amp;c=">'* && $html == *'&lt;or&gt;'* ]] || fail "$html"
	none grep -iE '<img|<script|<style|src=|url\(|<link|<iframe|background' <<<"$html"
	# its links are those of the text
	text=$(lp-read parse "$f" | jq -r .text)
	for l in $(grep -o 'href="[^"]*"' <<<"$html" | sed 's/href="//; s/"$//; s/&amp;/\&/g; s/&quot;/"/g'); do
		grep -qF "$l" <<<"$text" || fail "$l isn't in the text"
	done
}

@test "R19: whoever was held for more than 30 days without a word is listed" {
	pipe
	printf 'email,first_name\nlate@late.example,Late\nout@out.example,Out\n' >l.csv
	lp-leads import -q l.csv
	lp-leads suppress -q out@out.example
	LP_NOW=2026-04-01T11:59:00Z run_ok lp-leads list --stale -j
	assert_output ''
	LP_NOW=2026-04-01T12:01:00Z run_ok lp-leads list --stale -j
	assert_equal "$(jqs .email)" '"late@late.example"'
}

@test "R21: after retention the texts are gone and what they prove stays: rows, verdicts, hashes, a log that verifies" {
	M=Zq7MARKERq7Z
	sed "s/today?/today? $M/; s/Any thoughts/$M/" hello.yaml >h.yaml
	lp-campaigns load -q --move h.yaml
	printf 'email,first_name,company\nold@old.example,Olga,Oldco\n' >l.csv
	lp-leads import -q l.csv --campaign hello
	lp-approve yes hello -y
	for at in 02T13:30 02T16:30 03T10:00 03T16:30; do tick 2026-03-$at:00Z; done
	f=$(first old@old.example)
	printf 'From: old@old.example\nTo: kim@lead.example\nMessage-ID: <o@old.example>\nIn-Reply-To: %s\nSubject: Re: %s\nDate: Wed, 04 Mar 2026 10:00:00 +0000\n\nNo thanks, %s\n' \
		"$(header "$f" Message-ID)" $M $M >in/new/1.o
	printf 'From: who@where.example\nTo: kim@lead.example\nMessage-ID: <w@where.example>\nSubject: x\nDate: Wed, 04 Mar 2026 10:00:00 +0000\n\n%s\n' $M >in/new/2.o
	lp-leads pause -q l2
	for at in 04T10:30 04T16:30 12T10:00 13T10:00; do tick 2026-03-$at:00Z; done
	# those who were answered or done are quiet; nothing is open
	lp-tasks cancel $(lp-tasks list -j | jq -r 'select(.status == "awaiting_approval") | .id') >/dev/null 2>&1 || true
	[ "$(sql "SELECT count(*) FROM message_texts WHERE body LIKE '%$M%'")" -gt 0 ]
	[ "$(sql "SELECT count(*) FROM inbox_texts WHERE text LIKE '%$M%'")" = 2 ]
	messages=$(sql 'SELECT count(*), group_concat(content_hash) FROM messages')
	verdicts=$(sql 'SELECT count(*) FROM verdicts')
	outbox=$(sql 'SELECT group_concat(recipient) FROM outbox')

	# no retention, and one that isn't over: everything stays
	export LP_NOW=2026-06-01T12:00:00Z
	run_ok lp-memory cleanup
	lp-config set -q retention=90d
	LP_NOW=2026-05-20T12:00:00Z run_ok lp-memory cleanup
	[ "$(sql "SELECT count(*) FROM inbox_texts WHERE text LIKE '%$M%'")" = 2 ]
	LP_NOW=2026-08-01T12:00:00Z run_ok lp-memory cleanup -n
	[ "$(sql "SELECT count(*) FROM inbox_texts WHERE text LIKE '%$M%'")" = 2 ]

	export LP_NOW=2026-08-01T12:00:00Z
	run_ok lp-memory cleanup
	# whoever something is planned for isn't done
	assert_equal "$(sql 'SELECT count(*) FROM message_texts t JOIN messages m ON m.seq = t.message_id WHERE m.lead_id = 2')" 1
	open=$(sql "SELECT count(*) FROM messages WHERE status IN ('planned', 'due') AND lead_id = (SELECT seq FROM leads WHERE email = 'old@old.example')")
	assert_equal "$open" 0
	assert_equal "$(sql "SELECT count(*) FROM inbox_texts WHERE text LIKE '%$M%'")" 0
	assert_equal "$(sql "SELECT count(*) FROM message_texts t JOIN messages m ON m.seq = t.message_id JOIN leads l ON l.seq = m.lead_id WHERE l.email = 'old@old.example'")" 0
	assert_equal "$(sql "SELECT count(*) FROM gate_inputs g JOIN leads l ON l.seq = g.lead_id WHERE l.email = 'old@old.example'")" 0
	assert_equal "$(sql 'SELECT count(*), group_concat(content_hash) FROM messages')" "$messages"
	assert_equal "$(sql 'SELECT count(*) FROM verdicts')" "$verdicts"
	assert_equal "$(sql 'SELECT group_concat(recipient) FROM outbox')" "$outbox"
	run_ok lp-log verify
	run_ok lp-leads show old@old.example
	run_ok lp-log why old@old.example
	assert_equal "$(sql "SELECT count(*) FROM v_log WHERE message LIKE 'retention: %'")" 1
	# once is enough
	run_ok lp-memory cleanup
	assert_equal "$(sql "SELECT count(*) FROM v_log WHERE message LIKE 'retention: %'")" 1
}

@test "R5: a first message that pretends to answer doesn't leave; a follow-up answers its first one by In-Reply-To and References" {
	pipe
	one=$(header "$(first ann@alpha.example)" Message-ID)
	printf 'name: liar\nsteps: [{subject: "Re: our talk, {{first_name}}", body: "As agreed, {{first_name}}."}]\n' >liar.yaml
	printf 'email,first_name\nfay@fay.example,Fay\n' >l.csv
	if lp-campaigns load -q liar.yaml 2>err; then
		lp-leads import -q l.csv --campaign liar
		lp-approve yes liar -y && lp-campaigns start -q liar || true
	else
		grep -q 'claims to be an answer' err
	fi
	for at in 02T13:30 02T16:30 03T10:00 05T13:00 05T16:30 06T13:00 06T16:30; do tick 2026-03-$at:00Z; done
	assert_equal "$(to fay@fay.example)" 0
	two=$(grep -l '^Subject: Re:' $(grep -rl '^To: .*ann@alpha' out))
	assert_equal "$(header "$two" In-Reply-To) $(header "$two" References)" "$one $one"
	# and only follow-ups
	assert_equal "$(grep -rL '^In-Reply-To:' out/new | xargs grep -l '^Subject: Re:' | wc -l)" 0
}

@test "R15: remove me, abmelden, ne m'écrivez plus: code understands, before any model is asked" {
	pipe
	printf '#!/bin/sh\ntouch %s/asked\ncat >/dev/null\necho "{}"\n' "$PWD" >model
	chmod +x model
	lp-config set -q llm_provider=command llm_command=$PWD/model offline_threshold=1
	n=0
	while IFS='|' read -r who text; do
		n=$((n + 1))
		printf 'From: %s\nTo: kim@lead.example\nMessage-ID: <o%s@x.example>\nIn-Reply-To: %s\nSubject: Re: a question\nDate: Mon, 02 Mar 2026 12:30:00 +0000\nContent-Type: text/plain; charset=utf-8\n\n%s\n' \
			"$who" $n "$(header "$(first "$who")" Message-ID)" "$text" >in/new/$n.o
	done <<-'X'
		ann@alpha.example|Please remove me from your list.
		bob@beta.example|Bitte abmelden!
		cid@gamma.example|Merci, mais ne m'écrivez plus.
	X
	LP_NOW=2026-03-02T13:00:00Z inboxes
	assert_equal "$(sql "SELECT group_concat(DISTINCT status) FROM leads")" suppressed
	tick 2026-03-02T13:30:00Z
	[ ! -e asked ] || fail 'a model was asked'
	assert_equal "$(sql "SELECT count(*) FROM enrolments WHERE status NOT IN ('stopped', 'finished')")" 0
}
