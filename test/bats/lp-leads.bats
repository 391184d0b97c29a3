# lp-leads: taking in, looking at, changing, stopping people.  Forgetting them is in lp-leads-forget.bats.
load helper

setup() {
	lp_setup
	new_db
}

# csv LINE...: leads.csv of these lines
csv() {
	printf '%s\n' "$@" >leads.csv
}

@test "import: the example, in a pipe silent, with -v one line" {
	run_st 65 lp-leads import "$LP_TOP/examples/leads.csv"
	assert_output ''
	[[ $stderr == "lp-leads: $LP_TOP/examples/leads.csv:37: e-mail address 'jonas.keller(at)kellerkind.example' has no '@'" ]]
	assert_equal "$(sql 'SELECT count(*) FROM leads')" 36
	run_st 65 lp-leads import -v "$LP_TOP/examples/leads.csv"
	assert_output '0 new, 37 known, 0 refused, 1 bad'
	assert_equal "$(sql "SELECT count(*) FROM agent_logs l JOIN agent_log_payloads p ON p.log_id = l.seq WHERE p.message LIKE 'taken in from %'")" 36
}

@test "import: each lead has source, date and lawful basis" {
	csv email,source,basis a@a.example,, 'b@b.example,trade fair,consent' c@c.example,,theft
	run_st 65 lp-leads import leads.csv --basis contract --source 'the list of May'
	[[ $stderr == "lp-leads: leads.csv:4: unknown lawful basis 'theft'" ]]
	assert_equal "$(sql 'SELECT email, source, source_at, lawful_basis FROM leads')" \
		"a@a.example|the list of May|2026-03-02T10:00:00.000Z|contract
b@b.example|trade fair|2026-03-02T10:00:00.000Z|consent"
	run_err 64 "--basis: 'theft' is none of" lp-leads import leads.csv --basis theft
	csv email d@d.example
	run_ok lp-leads import leads.csv
	assert_equal "$(sql "SELECT source, lawful_basis FROM leads WHERE email = 'd@d.example'")" 'import of leads.csv|legitimate_interest'
}

@test "import: known by address, else profile, else number; what is silent stays" {
	csv email,first_name,linkedin_url,phone,shop 'ada@a.example,Ada,linkedin.com/in/ada,+493012345678,Shopify'
	run_ok lp-leads import leads.csv
	csv email,last_name,shop 'ADA@A.example,Byrne,'
	run_ok lp-leads import -v leads.csv
	assert_output '0 new, 1 known, 0 refused'
	csv linkedin_url,title 'http://www.linkedin.com/in/Ada/?x=1,CEO'
	run_ok lp-leads import leads.csv
	csv phone,city '0049 30 12345678,Berlin'
	run_ok lp-leads import leads.csv
	assert_equal "$(sql 'SELECT count(*), email, first_name, last_name, title, city, custom FROM leads')" \
		'1|ada@a.example|Ada|Byrne|CEO|Berlin|{"shop":"Shopify"}'
	# an office's number doesn't make two people one
	csv email,phone 'bob@b.example,+493012345678'
	run_ok lp-leads import -v leads.csv
	assert_output '1 new, 0 known, 0 refused'
	# a new address of one who is known by their profile
	csv email,linkedin_url 'ada@new.example,linkedin.com/in/ada'
	run_ok lp-leads import leads.csv
	assert_equal "$(sql "SELECT email FROM leads WHERE seq = 1")" ada@new.example
	run_ok lp-leads show -j ada@a.example
	assert_equal "$(jqs '[.id, [.addresses[].value]]')" \
		'["l1",["ada@a.example","ada@new.example","https://www.linkedin.com/in/ada","+493012345678"]]'
}

@test "import: the same again changes nothing, not even the version" {
	printf 'email,note,who\na@a.example,"é ""q"" \\ /\nline",Ünsal\n' >leads.csv
	run_ok lp-leads import leads.csv
	run_ok lp-leads import -j leads.csv
	assert_equal "$(jqs '[.outcome, .id, .line]')" '["known","l1",2]'
	assert_equal "$(sql 'SELECT version FROM leads')" 1
	assert_equal "$(sql 'SELECT count(*) FROM agent_logs')" 1
}

@test "import: two who were taken for strangers turn out to be one" {
	csv email,linkedin_url ada@a.example, ,linkedin.com/in/ada
	run_ok lp-leads import leads.csv
	assert_equal "$(sql 'SELECT count(DISTINCT person_id) FROM leads')" 2
	csv email,linkedin_url ada@a.example,linkedin.com/in/ada
	run_ok lp-leads import leads.csv
	assert_equal "$(sql 'SELECT count(*), count(DISTINCT person_id) FROM leads')" '2|1'
	# and what stops for one stops for the other
	run_ok lp-leads suppress https://linkedin.com/in/ada
	assert_equal "$(sql "SELECT count(*) FROM leads WHERE status = 'suppressed'")" 2
}

@test "import -n: the mapping and the outcome, and nothing is done" {
	csv 'Email,First Name,Shop System' a@a.example,Ada,Shopify nobody,, a@a.example,Ada,Magento
	run_st 65 lp-leads import -n leads.csv
	assert_line 'Shop System  custom.shop_system'
	assert_line 'First Name   first_name'
	assert_line 'leads.csv: CSV, UTF-8, separated by commas, header in line 1'
	assert_line 'would be: 1 new, 1 known, 0 refused, 1 bad'
	assert_equal "$stderr" "lp-leads: leads.csv:3: e-mail address 'nobody' has no '@'"
	assert_equal "$(sql 'SELECT (SELECT count(*) FROM leads), (SELECT count(*) FROM agent_logs)')" '0|0'
	run_st 65 lp-leads import -nj leads.csv
	assert_equal "$(jqs '[.line, .outcome, .email, .custom.shop_system, .reason]')" \
		'[2,"new","a@a.example","Shopify",null]
[3,"bad",null,null,"e-mail address '"'nobody'"' has no '"'@'"'"]
[4,"changed","a@a.example","Magento",null]'
}

@test "import: what a stored row is, a rehearsed row says" {
	run_st 65 lp-leads import -nj "$LP_TOP/examples/leads.csv"
	jq -cS 'del(.uuid)' <<<"$output" >rehearsed
	run_st 65 lp-leads import -j "$LP_TOP/examples/leads.csv"
	jq -cS 'del(.uuid)' <<<"$output" | diff rehearsed -
}

@test "import: suppressed people are refused, by every address and every domain" {
	run_ok lp-leads suppress -m 'said no' ada@a.example acme.example +493012345678 linkedin.com/in/bob
	csv email,other_email,linkedin_url,phone,website \
		Ada@A.example,,,, x@y.example,ada@a.example,,, z@mail.acme.example,,,, c@c.example,,,+49-30-12345678, \
		d@d.example,,linkedin.com/in/Bob,, e@gmail.com,,,,https://www.acme.example fine@acme.example.org,,,,
	run_ok lp-leads import -j leads.csv
	assert_equal "$(jqs '[.line, .outcome, .reason]')" '[2,"refused","suppressed (email): said no"]
[3,"refused","suppressed (email): said no"]
[4,"refused","suppressed (domain): said no"]
[5,"refused","suppressed (phone): said no"]
[6,"refused","suppressed (linkedin): said no"]
[7,"refused","suppressed (domain): said no"]
[8,"new",null]'
	assert_equal "$(sql 'SELECT email FROM leads')" fine@acme.example.org
}

@test "import: who opted out in the file is refused, suppressed, and stays so" {
	csv 'Email,Email Opt Out' a@a.example,0 b@b.example,1 c@c.example,false d@d.example,since@may e@e.example,
	run_st 0 lp-leads import -v leads.csv
	assert_output '3 new, 0 known, 2 refused'
	assert_equal "$stderr" "lp-leads: leads.csv:3: refused: opted out: 'Email Opt Out' in leads.csv:3
lp-leads: leads.csv:5: refused: opted out: 'Email Opt Out' in leads.csv:5"
	csv Email b@b.example a@a.example
	run_st 0 lp-leads import -v leads.csv
	assert_output '0 new, 1 known, 1 refused'
	run_ok lp-leads suppressed -j
	assert_equal "$(jqs '[.kind, .value, .source, .reason]')" \
		'["email","b@b.example","import","opted out: '"'Email Opt Out'"' in leads.csv:3"]
["email","d@d.example","import","opted out: '"'Email Opt Out'"' in leads.csv:5"]'
	# also one who is a lead already
	csv 'Email,Unsubscribed' a@a.example,yes
	run_ok lp-leads import leads.csv
	assert_equal "$(sql "SELECT status FROM leads WHERE email = 'a@a.example'")" suppressed
}

@test "import: what would break a header doesn't get in" {
	printf 'email,first_name,company\n"a@a.example\nBcc: all@b.example","x",y\n"b@b.example","Ev\r\nBcc: c@c.example","Acme\nX: y"\n' >leads.csv
	run_st 65 lp-leads import leads.csv
	assert_equal "$stderr" "lp-leads: leads.csv:2: e-mail address 'a@a.example?Bcc: all@b.example' has a line break in it"
	assert_equal "$(sql 'SELECT email, first_name, company FROM leads')" 'b@b.example|Ev Bcc: c@c.example|Acme X: y'
}

@test "import: a line of 10 MB, a NUL, invalid UTF-8, an open quote: each by its line, the rest goes in" {
	{
		printf 'email,note\nfirst@a.example,ok\nlong@a.example,'
		head -c 10000000 /dev/zero | tr '\0' x
		printf '\nnul@a.ex\0ample,x\nb\xff@a.example,x\n"open@a.example,x\nlast@a.example,\xc3\xbc\xc3\xa4\n'
	} >leads.csv
	run_st 65 lp-leads import leads.csv
	assert_equal "$stderr" 'lp-leads: leads.csv:3: row longer than 1048576 bytes
lp-leads: leads.csv:4: NUL byte in column 1
lp-leads: leads.csv:5: invalid UTF-8 in column 1
lp-leads: leads.csv:6: a quote opens in this row and is never closed'
	assert_equal "$(sql 'SELECT group_concat(email) FROM leads')" first@a.example,last@a.example
}

@test "import: JSON Lines, with a bad line in the middle, and nested too deep" {
	{
		echo '{"email":"a@a.example","company":{"name":"Acme"},"custom":{"x":1}}'
		echo '{"email":'
		printf '{"a":%s1%s}\n' "$(printf '[%.0s' {1..100})" "$(printf ']%.0s' {1..100})"
		echo '{"email":"\u0000"}'
		echo '{"email":"b@b.example"}'
	} >leads.jsonl
	run_st 65 bash -c 'lp-leads import - <leads.jsonl'
	assert_equal "$(grep -o 'stdin:[0-9]*' <<<"$stderr" | tr '\n' ' ')" 'stdin:2 stdin:3 stdin:4 '
	assert_equal "$(sql 'SELECT email, company, custom, source FROM leads')" 'a@a.example|Acme|{"x":"1"}|import of stdin
b@b.example|||{}|import of stdin' || assert_equal "$(sql 'SELECT count(*) FROM leads')" 2
}

@test "import: no table, no file, a directory, formats of others" {
	csv colour,size red,1
	run_err 65 'leads.csv:1: no column for an e-mail address' lp-leads import leads.csv
	: >empty && run_err 65 'empty: no rows' lp-leads import empty
	run_err 66 'none.csv' lp-leads import none.csv
	run_err 74 '.:' lp-leads import .
	run_err 64 'usage: lp-leads import' bash -c 'lp-leads import 2>&1 | head -n 1 >&2; exit "${PIPESTATUS[0]}"'
	printf '[{"email":"a@b.example"}]' >a.json && run_err 65 'a JSON array' lp-leads import a.json
	printf 'PK\3\4' >a.xlsx && run_err 65 'save it as CSV first' lp-leads import a.xlsx
}

@test "import: ten thousand rows in batches; one that stops in the middle goes on when run again" {
	awk 'BEGIN { print "email,first_name,company,note"; for (i = 1; i <= 10000; i++) printf "p%d@c%d.example,P%d,\"Company, %d\",x\n", i, i % 3000, i, i }' >big.csv
	run_ok lp-leads import -v big.csv
	assert_output '10000 new, 0 known, 0 refused'
	run_ok lp-leads import -v big.csv
	assert_output '0 new, 10000 known, 0 refused'
}

@test "import --campaign: an unknown one is refused before anything is done" {
	csv email a@a.example
	run_err 1 'no such campaign: spring' lp-leads import leads.csv --campaign spring
	assert_equal "$(sql 'SELECT count(*) FROM leads')" 0
}

@test "list: filters, limit, JSON Lines; an unknown status gets the nearest" {
	csv email,first_name,company a@a.example,Ada,Acme b@b.example,Bo,Blå c@c.example,,
	run_ok lp-leads import leads.csv
	run_ok lp-leads pause -m 'on leave' l2
	run_ok lp-leads list
	assert_output 'LEAD  STATUS  NAME  COMPANY  E-MAIL
l1    active  Ada   Acme     a@a.example
l2    paused  Bo    Blå      b@b.example
l3    active                 c@c.example'
	run_ok lp-leads list -j -l 1 --status paused
	assert_equal "$(jqs '[.id, .status_reason]')" '["l2","on leave"]'
	run_err 64 "(did you mean 'paused'?)" lp-leads list --status pased
	run_err 1 'no such campaign: x' lp-leads list --campaign x
	run_ok lp-leads start l2
	run_ok lp-leads list --status paused
	assert_output ''
}

@test "set: checked and normalised, all or nothing, cleared by nothing" {
	csv email,first_name,shop a@a.example,Ada,Shopify b@b.example,Bo,
	run_ok lp-leads import leads.csv
	run_ok lp-leads set a@a.example 'first_name=  Ana  Maria ' phone='+49 (0)30 123456' country=Germany timezone=Europe/Berlin custom.tier=gold shop= \
		website=https://acme.example company_domain=WWW.Acme.example
	assert_equal "$(sql 'SELECT first_name, phone, country, timezone, custom, company_domain, company_key FROM leads WHERE seq = 1')" \
		'Ana Maria|+4930123456|DE|Europe/Berlin|{"tier":"gold"}|acme.example|acme.example'
	run_err 65 "email: 'b@b.example' belongs to another lead" lp-leads set l1 last_name=X email=b@b.example
	run_err 65 'phone: ' lp-leads set l1 last_name=X phone=123
	run_err 65 'timezone: unknown time zone' lp-leads set l1 timezone=Europe/Berlim
	run_err 65 'lawful_basis: ' lp-leads set l1 lawful_basis=none
	run_err 65 "source can't be empty" lp-leads set l1 source=
	run_err 65 'line break' lp-leads set l1 email=$'x@y.example\nBcc: z@z.example'
	run_err 64 "(did you mean 'first_name'?)" lp-leads set l1 frist_name=X
	run_err 64 "'status'" lp-leads set l1 status=active
	run_err 64 'give FIELD=VALUE' lp-leads set l1 first_name
	run_err 1 'no such lead: l9' lp-leads set l9 first_name=X
	run_err 64 'is a campaign, not a lead' lp-leads set c1 first_name=X
	assert_equal "$(sql 'SELECT last_name IS NULL FROM leads WHERE seq = 1')" 1
	run_ok lp-leads set -n l1 title=CEO
	assert_equal "$(sql 'SELECT title IS NULL FROM leads WHERE seq = 1')" 1
	# the log says what was set, not to what
	assert_equal "$(sql "SELECT count(*) FROM agent_log_payloads WHERE message LIKE '%gold%' OR message LIKE '%Ana%'")" 0
}

@test "suppress: a domain covers its subdomains and nobody else" {
	csv email,website a@acme.example, b@mail.acme.example, c@notacme.example, d@gmail.com,shop.acme.example
	run_ok lp-leads import leads.csv
	run_ok lp-leads suppress -v -m 'a customer' @ACME.example
	assert_output '1 suppressed'
	assert_equal "$(sql "SELECT group_concat(seq) FROM leads WHERE status = 'suppressed'")" 1,2,4
	run_ok lp-leads unsuppress acme.example
	assert_equal "$(sql "SELECT count(*) FROM leads WHERE status = 'active'")" 4
	run_err 1 "acme.example isn't suppressed" lp-leads unsuppress acme.example
}

@test "suppress: one address of a person is the whole person, and a lead can't be started over it" {
	csv email,other_email,phone a@a.example,a@home.example,+493012345678
	run_ok lp-leads import leads.csv
	run_ok lp-leads suppress +493012345678
	assert_equal "$(sql 'SELECT status FROM leads')" suppressed
	run_err 65 'l1 is suppressed' lp-leads start l1
	run_err 65 "'a@home.example' is suppressed" lp-leads set l1 email=a@home.example
	run_ok lp-leads unsuppress l1
	run_ok lp-leads list --status active -j
	assert_equal "$(jqs .id)" '"l1"'
	assert_equal "$(sql 'SELECT count(*) FROM suppressions')" 0
}

@test "suppress -: a list, with what is wrong in it by line" {
	run_st 65 bash -c 'printf "# old list\na@a.example\nnonsense here\n\n+49 30 123456\n030 1\nacme.example\n" | lp-leads suppress -v -m imported -'
	assert_output '3 suppressed'
	[[ $stderr == *"'nonsense here'"* && $stderr == *"'030 1' is not a full phone number"* ]]
	run_ok lp-leads suppressed -j
	assert_equal "$(jqs '[.kind, .value]' | tr '\n' ' ')" '["email","a@a.example"] ["phone","+4930123456"] ["domain","acme.example"] '
}

@test "suppress: the hash is salted: two files don't know each other's" {
	rm -f "$LP_DB"*
	live_db
	run_ok lp-leads suppress a@a.example
	LP_DB=other.db lp-config init
	LP_DB=other.db lp-leads suppress a@a.example
	[ "$(sql 'SELECT hash FROM suppressions')" != "$(sqlite3 other.db 'SELECT hash FROM suppressions')" ]
	assert_equal "$(sql "SELECT count(*) FROM agent_log_payloads WHERE message || ifnull(details, '') LIKE '%a@a.example%'")" 0
}

@test "export and import: CSV and JSON Lines come back the same; a formula is disarmed" {
	printf 'email,first_name,company,phone,Shop System,note\na@a.example,Ada,"=HYPERLINK(""http://x"")",+493012345678,Shopify,"two\nlines"\nb@b.example,Bo,"Acme, ""B""",,,@cmd\n' >leads.csv
	run_ok lp-leads import leads.csv
	run_ok lp-leads set l1 custom.city_nick=x
	run_ok lp-leads export
	echo "$output" >export.csv
	[[ $output == *"\"'=HYPERLINK("* && $output == *"\"'@cmd\""* && $output == *',+493012345678,'* ]]
	run_ok lp-leads export -j
	echo "$output" >export.jsonl
	for f in export.csv export.jsonl; do
		rm -f again.db*
		LP_DB=again.db lp-config init --simulated
		LP_DB=again.db run_ok lp-leads import "$f"
		LP_DB=again.db run_ok lp-leads export -j
		diff <(jq -cS 'del(.uuid, .version)' export.jsonl) <(jq -cS 'del(.uuid, .version)' <<<"$output")
		run_ok lp-leads import -v "$f"
		assert_output '0 new, 2 known, 0 refused'
	done
	assert_equal "$(sql 'SELECT count(*) FROM leads WHERE version > 2')" 0
}

@test "show: not found is 1, another handle is named, the rest is shown" {
	csv email a@a.example
	run_ok lp-leads import leads.csv
	run_st 1 lp-leads show l7 l1
	assert_line 'email           a@a.example'
	assert_equal "$stderr" 'lp-leads: no such lead: l7'
	run_err 64 "'m1' is a message, not a lead" lp-leads show m1
	run_err 1 'no such lead: x@y.example' lp-leads show x@y.example
}

@test "standard output full, a database that is none, read-only, a set clock on a live file" {
	csv email a@a.example
	run_ok lp-leads import leads.csv
	run_st 74 bash -c 'lp-leads list >/dev/full'
	echo nonsense >bad.db
	run_err 78 'not a LeadPilot database' env LP_DB=bad.db lp-leads list
	run_err 66 'no such database' env LP_DB=none.db lp-leads list
	LP_DB=live.db env -u LP_NOW lp-config init
	run_err 78 'clock is set' env LP_DB=live.db lp-leads import leads.csv
	run_st 64 lp-leads imprt leads.csv
	[[ $stderr == "lp-leads: unknown verb 'imprt' (did you mean 'import'?)"* ]]
}

@test "import --campaign: who comes in is enrolled, who can't be is told of, a second time adds nothing" {
	run_ok lp-accounts add sales kind=maildir address=kim@leadpilot.example out=out in=in
	run_ok lp-campaigns load "$LP_TOP/examples/hello.yaml"
	csv email,first_name,company,linkedin_url a@a.example,Ada,Acme, ,Bo,Blau,linkedin.com/in/bo
	run_ok lp-leads import -nj --campaign hello leads.csv
	assert_equal "$(sql 'SELECT count(*) FROM enrolments')" 0
	run_st 0 lp-leads import -v --campaign hello leads.csv
	assert_output '2 new, 0 known, 0 refused; 1 enrolled, 1 not'
	[[ $stderr == 'lp-leads: leads.csv:3: not enrolled: '* ]]
	assert_equal "$(sql 'SELECT lead_id, way, account_id FROM enrolments')" '1|import|1'
	run_st 0 lp-leads import -v --campaign c1 leads.csv
	assert_output '0 new, 2 known, 0 refused; 0 enrolled, 1 not'
	run_ok lp-leads list --campaign hello -j
	assert_equal "$(jqs .id)" '"l1"'
	run_ok lp-leads show l1
	assert_line --regexp '^hello +enrolled +sales'
	# one who is stopped for good stops there too
	run_ok lp-leads suppress a@a.example
	assert_equal "$(sql 'SELECT status FROM enrolments')" stopped
}
