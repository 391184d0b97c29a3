# lp-doctor ACCOUNT|DOMAIN: what the world reads about the domain that mail is from
load helper
load dns

setup() {
	lp_setup
	start_dns
}
teardown() {
	stop_dns
}

# found STATUS REGEX [ARGUMENT...]: lp-doctor of ours.example ends with it and says this
found() {
	run_st "$1" lp-doctor --selector s1 "${@:3}" ours.example
	assert_line --regexp "$2"
}
# spf STATUS REGEX RECORD [ZONE-LINE...]: with this for its SPF
spf() {
	good_zone "$(printf '%s\n' "ours.example TXT \"$3\"" "${@:4}")" '/^ours.example TXT/d'
	found "$1" "^$2"
}
# dkim STATUS REGEX LINES, dmarc likewise: with these instead
dkim() {
	good_zone "$3" '/_domainkey/d'
	found "$1" "^$2"
}
dmarc() {
	good_zone "$3" '/_dmarc/d'
	found "$1" "^$2"
}

@test "domain: all is well, without a database, and nothing is asked twice over" {
	good_zone
	run_st 0 lp-doctor --selector s1 ours.example
	assert_line --regexp '^ok +spf +ours.example: one record, 1 of 10 look-ups, -all$'
	assert_line --regexp '^ok +dkim +s1._domainkey.ours.example: a key of 2048 bits$'
	assert_line --regexp '^ok +dmarc +ours.example: p=none$'
	assert_line --regexp '^ok +mx +ours.example: mail.ours.example$'
	assert_line --regexp '^ok +reverse +192.0.2.10 is mail.ours.example, and back$'
	assert_equal "${#lines[@]}" 5
	[ ! -e "$LP_DB" ]
	run_st 0 lp-doctor -j --selector s1 ours.example
	assert_equal "$(jq -r .status <<<"$output" | sort -u)" ok
	run_st 0 lp-doctor -q --selector s1 ours.example
	assert_output ''
}

@test "domain: R1: SPF missing, twice, too many look-ups, or broken: 78, and what to add" {
	good_zone '' '/^ours.example TXT/d'
	found 78 '^fail +spf +ours.example has no SPF record: .*; next: add TXT ours.example "v=spf1 mx ~all"'
	spf 78 'fail +spf +ours.example has 2 SPF records where one is allowed.*next: make one' 'v=spf1 mx -all' 'ours.example TXT "v=spf1 -all"'
	spf 78 "fail +spf +'inclde:x.example' in the record of ours.example isn't understood" 'v=spf1 inclde:x.example -all'
	for term in 'ip4:192.0.2' 'ip4:192.0.2.1/33' 'ip6:192.0.2.1' 'all:x.example' 'include:' 'a:%{q}.example' 'mx/33' 'exists' 'redirect=' 'a:x..y' 'ip4:1.2.3.4\009'; do
		spf 78 'fail +spf .*understood' "v=spf1 $term -all"
	done
	spf 78 "fail +spf +'redirect=.*twice" 'v=spf1 redirect=a.example redirect=b.example'
	spf 78 'fail +spf +it points to gone.example, which has no SPF record' 'v=spf1 include:gone.example -all'
	spf 78 'fail +spf .*ends with .all: it allows the whole world' 'v=spf1 mx +all'
	spf 78 'fail +spf .*whole world' 'v=spf1 mx all'
	spf 78 'fail +spf +3 names .* exist' 'v=spf1 a:g1.example a:g2.example mx:g3.example -all'
}

@test "domain: SPF: ten look-ups hold, eleven don't; what stands behind all, or in a redirect" {
	spf 0 'ok +spf .*, 10 of 10 look-ups, ~all' 'v=spf1 include:a.example include:b.example mx a exists:%{i}.x.example ~all' \
		'a.example TXT "v=spf1 include:c.example ip4:192.0.2.0/24 ip6:2001:db8::/32 -all"' 'b.example TXT "v=spf1 mx a:mail.ours.example//64 include:d.example ?all"' \
		'b.example MX 10 mail.ours.example' 'c.example TXT "v=spf1 ip4:192.0.2.1"' 'd.example TXT "v=spf1 a:mail.ours.example/24//64 -all a:never.example"' 'ours.example A 192.0.2.1'
	spf 78 'fail +spf +the record of ours.example needs 11 look-ups, and receivers give up after 10' 'v=spf1 mx mx mx mx mx mx mx mx mx mx mx -all'
	spf 0 'ok +spf .*, 2 of 10 look-ups, -all' 'v=spf1 redirect=r.example x-other=%{d}' 'r.example TXT "v=spf1 mx -all"' 'r.example MX 10 mail.ours.example'
	spf 0 'ok +spf .*, 0 of 10 look-ups, -all' 'v=spf1 -all redirect=r.example'
	# a name may end with a dot
	spf 0 'ok +spf .*, 2 of 10 look-ups, -all' 'v=spf1 redirect=r.example.' 'r.example TXT "v=spf1 include:i.example. -all"' 'i.example TXT "v=spf1 ip4:192.0.2.1"'
	spf 78 'fail +spf +it points to gone.example, which' 'v=spf1 redirect=gone.example.'
	# a circle ends
	spf 78 'fail +spf .*more than 30 look-ups' 'v=spf1 include:ours.example -all'
	spf 0 'warn +spf .*says nothing of servers' 'v=spf1 mx'
	spf 0 'warn +spf .*says nothing of servers' 'v=spf1 mx ?all'
	spf 0 "warn +spf .*'ptr'" 'v=spf1 ptr -all'
	# a text that only looks like it
	spf 0 'ok +spf' 'v=spf1 mx -all' 'ours.example TXT "v=spf10 +all"' 'ours.example TXT "google-site-verification=x"'
}

@test "domain: a provider's include is missed where it is known by whom mail goes" {
	good_zone 'ours.example MX 1 aspmx.l.google.com' '/ MX /d'
	echo 'aspmx.l.google.com A 192.0.2.20' >>zone
	found 0 '^warn +spf .*_spf.google.com, .*next: add include:_spf.google.com'
	refute_line --regexp reverse
	good_zone 'ours.example MX 1 aspmx.l.google.com' '/ MX /d; s/"v=spf1 mx/"v=spf1 include:_spf.google.com/'
	printf '%s\n' 'aspmx.l.google.com A 192.0.2.20' '_spf.google.com TXT "v=spf1 ip4:192.0.2.0/24 ~all"' >>zone
	found 0 '^ok +spf'
}

@test "domain: a provider's selectors are looked for, and its servers are its own to name" {
	good_zone "$(printf '%s\n' 'ours.example MX 1 aspmx.l.google.com' "google._domainkey.ours.example TXT \"v=DKIM1; p=$K1024\"")" '/ MX /d; /_domainkey/d'
	echo 'aspmx.l.google.com A 192.0.2.20' >>zone
	run --separate-stderr lp-doctor ours.example
	assert_line --regexp ' dkim +google._domainkey.ours.example: a key of 1024 bits'
	# an address of the provider's: its server has no name of its own here, and that isn't ours to mend
	lp-config init -q --simulated
	lp-accounts add -q ada ada@gmail.com kind=smtp host=smtp.gmail.com port=465 security=tls password_env=P
	printf '%s\n' 'gmail.com MX 5 mx.gmail.com' 'mx.gmail.com A 192.0.2.29' 'smtp.gmail.com A 192.0.2.30' >zone
	run --separate-stderr lp-doctor ada
	assert_line --regexp ' mx +gmail.com: mx.gmail.com'
	refute_line --regexp ' reverse '
}

@test "domain: DKIM: the key is there, in use, whole and long enough" {
	dkim 78 'fail +dkim +s1._domainkey.ours.example is not there: .*next: add TXT s1._domainkey' ''
	dkim 78 'fail +dkim .*revoked' 's1._domainkey.ours.example TXT "v=DKIM1; p="'
	dkim 78 'fail +dkim .*a key of 512 bits; receivers want 1024' "s1._domainkey.ours.example TXT \"v=DKIM1; p=$K512\""
	dkim 78 'fail +dkim .*key is broken' "s1._domainkey.ours.example TXT \"v=DKIM1; p=${K1024:0:150}\""
	dkim 78 'fail +dkim .*key is broken' "s1._domainkey.ours.example TXT \"v=DKIM1; p=A!B\""
	dkim 78 'fail +dkim .*is no key record' "s1._domainkey.ours.example TXT \"k=rsa; v=DKIM1; p=$K1024\""
	dkim 78 'fail +dkim .*is no key record' "s1._domainkey.ours.example TXT \"v=DKIM2; p=$K1024\""
	dkim 78 "fail +dkim .*kind of key 'dsa'" "s1._domainkey.ours.example TXT \"k=dsa; p=$K1024\""
	dkim 78 "fail +dkim .*SHA-256" "s1._domainkey.ours.example TXT \"h=sha1; p=$K1024\""
	dkim 78 "fail +dkim .*isn't for mail" "s1._domainkey.ours.example TXT \"s=tlsrpt; p=$K1024\""
	dkim 78 'fail +dkim .*2 keys' "$(printf '%s\n' "s1._domainkey.ours.example TXT \"p=$K1024\"" "s1._domainkey.ours.example TXT \"p=$K2048\"")"
	dkim 0 'warn +dkim .*t=y' "s1._domainkey.ours.example TXT \"v=DKIM1; t=s:y; p=$K1024\""
	dkim 0 'warn +dkim .*Ed25519' "s1._domainkey.ours.example TXT \"v=DKIM1; k=ed25519; p=$KED\""
	dkim 0 'ok +dkim .*1024 bits' "s1._domainkey.ours.example TXT \"p=$K1024\""
	dkim 0 'ok +dkim .*1024 bits' "s1._domainkey.ours.example TXT \"v=DKIM1; p=$KBARE\""
	dkim 0 'ok +dkim .*2048 bits' "$(printf '%s\n' 's1._domainkey.ours.example CNAME s1.host.example' "s1.host.example TXT \"v=DKIM1; p=${K2048:0:100} \" \"${K2048:100}\"")"
}

@test "domain: DKIM without a selector: the usual ones, else how to learn it" {
	good_zone "default._domainkey.ours.example TXT \"v=DKIM1; p=$K1024\""
	run_st 0 lp-doctor ours.example
	assert_line --regexp '^ok +dkim +default._domainkey'
	good_zone
	run_st 0 lp-doctor ours.example
	assert_line --regexp '^warn +dkim +no selector is known.*next: give --selector'
	good_zone "t2._domainkey.ours.example TXT \"v=DKIM1; p=$K1024\""
	run_st 78 lp-doctor --selector s1,t2,t3 ours.example
	assert_line --regexp '^ok +dkim +s1'
	assert_line --regexp '^ok +dkim +t2'
	assert_line --regexp '^fail +dkim +t3._domainkey.ours.example is not there'
}

@test "domain: R1: DMARC missing: 78; the organisation's counts for what is under it; reports" {
	dmarc 78 'fail +dmarc +ours.example has no DMARC record: .*next: add TXT _dmarc.ours.example "v=DMARC1; p=none; rua=mailto:dmarc@ours.example"' ''
	dmarc 78 'fail +dmarc .*2 policies' "$(printf '%s\n' '_dmarc.ours.example TXT "v=DMARC1; p=none"' '_dmarc.ours.example TXT "v=DMARC1; p=reject"')"
	dmarc 78 'fail +dmarc .*no p=' '_dmarc.ours.example TXT "v=DMARC1"'
	dmarc 78 'fail +dmarc .*none of none' '_dmarc.ours.example TXT "v=DMARC1; p=nothing"'
	dmarc 78 'fail +dmarc .*broken' '_dmarc.ours.example TXT "v=DMARC1; p=none; rua"'
	dmarc 78 'fail +dmarc .*has no DMARC' '_dmarc.ours.example TXT "v=dmarc1; p=none"'
	dmarc 0 'warn +dmarc +ours.example: p=reject, and nobody gets the reports' '_dmarc.ours.example TXT "v=DMARC1;p=reject"'
	dmarc 0 'warn +dmarc .*reports are to go to else.example, which' '_dmarc.ours.example TXT "v=DMARC1; p=none; rua=mailto:a@else.example"'
	dmarc 0 'ok +dmarc' "$(printf '%s\n' '_dmarc.ours.example TXT "v=DMARC1; p=none; rua=mailto:a@else.example!10m"' 'ours.example._report._dmarc.else.example TXT "v=DMARC1"')"
	good_zone "$(printf '%s\n' 'news.ours.example TXT "v=spf1 -all"' 'news.ours.example MX 10 mail.ours.example')" 's/p=none/p=reject; sp=quarantine/; s/ours.example TXT "v=DKIM/news.&/; s/^s1._domainkey./&news./; s/news.news/news/'
	run_st 0 lp-doctor --selector s1 news.ours.example
	assert_line --regexp '^ok +dmarc +news.ours.example: p=quarantine by _dmarc.ours.example$'
	# an inherited policy's reports are allowed to the organisation, not to what is under it
	sed -i 's/rua=mailto:dmarc@ours.example/rua=mailto:a@else.example/' zone
	run_st 0 lp-doctor --selector s1 news.ours.example
	assert_line --regexp '^warn +dmarc .*let them add TXT ours.example._report._dmarc.else.example "v=DMARC1", or take reports at ours.example$'
	echo 'ours.example._report._dmarc.else.example TXT "v=DMARC1"' >>zone
	run_st 0 lp-doctor --selector s1 news.ours.example
	assert_line --regexp '^ok +dmarc +news.ours.example: p=quarantine by _dmarc.ours.example$'
}

@test "domain: MX: none, a null one, one without an address; and the name of our own host" {
	good_zone '' '/ MX /d; s/mx -all/-all/'
	found 78 '^fail +mx +ours.example takes no mail'
	good_zone 'ours.example A 192.0.2.10' '/ MX /d; s/mx -all/-all/'
	found 0 '^warn +mx +ours.example has no MX'
	good_zone 'ours.example MX 0 .' '/ MX /d; s/mx -all/-all/'
	found 78 '^fail +mx +ours.example says that it takes no mail'
	good_zone '' '/^mail.ours.example A/d'
	found 0 '^warn +mx .*goes to mail.ours.example, which has no address'
	good_zone '' '/PTR/d'
	found 0 '^warn +reverse +192.0.2.10 of mail.ours.example has no name'
	good_zone "$(printf '%s\n' '10.2.0.192.in-addr.arpa PTR customer-10.isp.example' 'customer-10.isp.example A 192.0.2.77')" '/PTR/d'
	found 0 '^warn +reverse .*is called customer-10.isp.example, which doesn.t lead back'
	# an elder MX that is somebody else's: its name is theirs to keep
	good_zone 'mx.else.example A 192.0.2.99' 's/10 mail.ours.example/10 mx.else.example/; s/mx -all/-all/'
	found 0 '^ok +mx'
	refute_line --regexp reverse
}

@test "domain: a DNS that doesn't answer is unknown, 75, and no failure" {
	good_zone 'ours.example FAULT servfail'
	found 75 '^unknown +spf +ours.example: the DNS server 127.0.0.1 failed .SERVFAIL.$'
	assert_line --regexp '^unknown +mx'
	assert_line --regexp '^ok +dkim'
	refute_line --regexp '^fail'
	good_zone '_dmarc.ours.example FAULT refused'
	found 75 '^unknown +dmarc .*refused'
	good_zone 's1._domainkey.ours.example FAULT garbage'
	found 75 '^unknown +dkim .*no sensible answer'
	spf 75 'unknown +spf +ours.example: no answer' 'v=spf1 include:dead.example -all' 'dead.example FAULT drop'
	# what is surely wrong stays wrong
	spf 78 'fail +spf .*understood' 'v=spf1 include:dead.example foo:bar -all' 'dead.example FAULT servfail'
	LP_DNS=127.0.0.1:1 run_st 75 lp-doctor --selector s1 ours.example
	refute_line --regexp '^(ok|fail)'
	LP_DNS=somewhere run_err 64 "'somewhere' is no DNS server's address" lp-doctor ours.example
}

@test "domain: hostile answers: sixty thousand bytes, escapes, a loop, wrong counts: one line each" {
	good_zone 'ours.example TXT repeat:6000:0123456789'
	found 0 '^ok +spf'
	good_zone 'ours.example TXT repeat:2000:v=spf1_include:x.example_'
	sed -i '/repeat/s/_/ /g' zone
	found 78 '^fail +spf .*2 SPF records'
	spf 78 'fail +spf +.in.027\[31mclude' 'v=spf1 in\027[31mclude:x.example -all'
	[[ $output != *$'\e'* ]]
	for fault in loop counts garbage; do
		good_zone "ours.example FAULT $fault"
		found 75 '^unknown +mx'
	done
}

@test "doctor ACCOUNT: its address's domain, its selector; not an account, not a domain" {
	new_db
	good_zone
	lp-accounts add -q sales kind=maildir address=kim@ours.example out=out
	run_st 0 lp-doctor --selector s1 sales
	assert_line --regexp '^ok +spf +ours.example'
	run_st 0 lp-doctor --selector s1 kim@ours.example
	assert_line --regexp '^ok +spf +ours.example'
	run_err 66 "no account 'nobody', and no domain either" lp-doctor nobody
	run_st 78 lp-doctor 'bad domain.example'
	assert_line --regexp '^fail .*no domain.s name'
	run_st 64 lp-doctor --selector s1
	# bare, it asks nobody, and says what would
	rm -f dns.log
	run --separate-stderr lp-doctor
	assert_line --regexp '^ok +abroad .*; next: lp-doctor sales$'
	[ ! -e dns.log ]
}

@test "doctor: meeting_busy: the file of our times can be read" {
	new_db
	printf 'BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260302T090000Z\nDTSTART:20260303T090000Z\nDTEND:20260303T100000Z\nEND:VEVENT\nEND:VCALENDAR\n' >busy.ics
	lp-config set meeting_busy="$PWD/busy.ics"
	run --separate-stderr lp-doctor
	assert_line --regexp '^ok +busy .*: 1 times taken in 30 days'
	echo nonsense >busy.ics
	run_st 78 lp-doctor
	assert_line --regexp '^fail +busy .*meeting_busy: .*busy.ics'
	rm busy.ics
	run_st 78 lp-doctor
	assert_line --regexp '^fail +busy .*busy.ics'
}
