load helper

setup() {
	lp_setup
	new_db
}

add_sales() {
	run_ok lp-accounts add sales kind=maildir address=Ada@acme.example display_name='Ada Park' out=out in=./in "$@"
}

@test "add, show, set: one vocabulary, paths made absolute, the address in lower case" {
	add_sales daily_limit=25 timezone=Europe/Berlin days=mon-thu start_time=08:30 absence=2026-12-24..2027-01-02,2027-03-01
	run_ok lp-accounts show -j sales
	assert_equal "$(jqs '[.id,.name,.kind,.channel,.address,.display_name,.out,.daily_limit,.answer_share,.gap_seconds]')" \
		"[\"a1\",\"sales\",\"maildir\",\"email\",\"ada@acme.example\",\"Ada Park\",\"$PWD/out\",25,20,120]"
	assert_equal "$(jqs '[.timezone,.days,.start_time,.absence]')" \
		'["Europe/Berlin",["monday","tuesday","wednesday","thursday"],"08:30",["2026-12-24..2027-01-02","2027-03-01..2027-03-01"]]'
	run_ok lp-accounts set a1 timezone= absence= daily_limit=
	run_ok lp-accounts show -j ada@acme.example
	assert_equal "$(jqs '[.timezone,.absence,.daily_limit]')" '[null,null,30]'
	assert_equal "$(sql "SELECT count(*) FROM agent_logs WHERE account_id = 1")" 2
}

@test "what can't be is refused by name, and nothing is stored" {
	add_sales
	run_err 64 "did you mean 'daily_limit'?" lp-accounts set sales dialy_limit=3
	run_err 65 "daily_limit: '-1'" lp-accounts set sales daily_limit=-1
	run_err 65 "daily_limit: '3x'" lp-accounts set sales daily_limit=3x
	run_err 78 "unknown time zone 'Europe/Berln'" lp-accounts set sales timezone=Europe/Berln
	run_err 65 "absence:" lp-accounts set sales absence=2027-01-02..2026-12-24
	run_err 65 "absence:" lp-accounts set sales absence=2026-02-30
	run_err 65 "overlap" lp-accounts set sales absence=2026-01-01..2026-01-10,2026-01-10
	run_err 78 "empty window" lp-accounts set sales start_time=10:00 end_time=10:00
	run_err 65 "keeps its kind" lp-accounts set sales kind=smtp
	run_err 65 "is not an address" lp-accounts set sales address=ada
	run_err 65 "line break" lp-accounts set sales display_name=$'Ada\nBcc: x@y.example'
	run_err 65 "https" lp-accounts set sales unsubscribe=http://acme.example
	run_err 78 "the same directory" lp-accounts set sales in=out
	run_err 78 "imap: no such channel in this version" lp-accounts add b kind=imap address=b@acme.example
	run_err 78 "did you mean 'maildir'" lp-accounts add b kind=maildri
	run_err 78 "needs address" lp-accounts add b kind=maildir out=b
	run_err 78 "out=DIR" lp-accounts add b kind=maildir address=b@acme.example
	run_err 65 "can't name an account" lp-accounts add a7 kind=maildir
	run_err 65 "already" lp-accounts add sales kind=maildir address=b@acme.example out=b
	run_err 66 "no account 'zz'" lp-accounts show zz
	run_err 64 "'l3' is a lead" lp-accounts show l3
	run_err 64 "KEY=VALUE" lp-accounts set sales daily_limit
	assert_equal "$(sql 'SELECT count(*) || daily_limit FROM accounts')" 130
}

@test "-n judges and changes nothing" {
	run_ok lp-accounts add -n sales kind=maildir address=a@acme.example out=out
	assert_equal "$(sql 'SELECT count(*) FROM accounts')" 0
	add_sales
	run_ok lp-accounts -n set sales daily_limit=1
	run_ok lp-accounts -n rm sales
	assert_equal "$(sql 'SELECT daily_limit FROM accounts')" 30
}

@test "pause and start, with the reason; rm only where nothing depends on it" {
	add_sales
	run_ok lp-accounts pause -m 'moving house' sales
	assert_equal "$(sql 'SELECT status || status_reason FROM accounts')" 'pausedmoving house'
	run_ok lp-accounts list -j --status active
	assert_equal "$output" ''
	run_ok lp-accounts start sales
	sql "INSERT INTO threads (id, account_id, channel, created_at, updated_at) VALUES ('t', 1, 'email', 'x', 'x')"
	run_err 77 "1 threads" lp-accounts rm sales
	sql "DELETE FROM threads"
	run_ok lp-accounts rm sales
	assert_equal "$(sql 'SELECT count(*) FROM accounts')" 0
}

@test "test delivers a message to oneself, counts what waits, and changes no row" {
	add_sales
	run_ok lp-accounts test sales
	assert_line -p 'sales: out: '
	assert_line 'sales: in: 0 to be read'
	assert_equal "$(mails out)" 1
	grep -q '^To: ada@acme.example$' out/new/*
	assert_equal "$(stat -c %a out/new/* out/new out in)" "$(printf '600\n700\n700\n700')"
	echo 'From: x@y.example' >in/new/1.x
	run_ok lp-accounts test sales
	assert_line 'sales: in: 1 to be read'
	[ -e in/new/1.x ]
	rm -r out && : >out
	run_st 78 lp-accounts test sales
	[[ $stderr == *"account sales: out:"* ]]
}

@test "load and dump: a fixed point, by difference, and not over what was changed by hand" {
	cat >a.yaml <<-'X'
		accounts:
		  - name: sales
		    kind: maildir
		    address: ada@acme.example
		    out: mail/out
		    absence: [2026-12-24..2027-01-02, 2027-03-01]
		  - {name: two, kind: maildir, address: two@acme.example, in: /tmp/two, daily_limit: 7, days: mon-wed}
	X
	run_ok lp-accounts load -n a.yaml
	assert_line 'two: added'
	assert_equal "$(sql 'SELECT count(*) FROM accounts')" 0
	run_ok lp-accounts load a.yaml
	run_ok lp-accounts dump
	echo "$output" >b.yaml
	run_ok lp-accounts load -n b.yaml
	assert_equal "$output" ''
	run_ok lp-accounts load b.yaml
	run_ok lp-accounts dump
	assert_equal "$output" "$(cat b.yaml)"
	assert_equal "$(sql "SELECT json_extract(settings, '\$.out') FROM accounts WHERE seq = 1")" "$PWD/mail/out"

	sed -i 's/daily_limit: 7/daily_limit: 8/' a.yaml
	run_ok lp-accounts load -n a.yaml
	assert_equal "$output" 'two.daily_limit: 7 -> 8'
	run_ok lp-accounts set two gap_seconds=5
	run_err 77 "'two' was changed by hand" lp-accounts load a.yaml
	assert_equal "$(sql 'SELECT daily_limit FROM accounts WHERE seq = 2')" 7
	run_ok lp-accounts load --force a.yaml
	assert_equal "$(sql 'SELECT daily_limit || gap_seconds FROM accounts WHERE seq = 2')" 8120
	sed -i '/name: two/d' a.yaml
	run_ok lp-accounts load a.yaml
	assert_equal "$(sql 'SELECT group_concat(name) FROM accounts')" sales
}

@test "load names file, line and column" {
	printf 'accounts:\n  - {name: x, kind: maildir,\n     adress: a@b.example}\n' >a.yaml
	run_err 65 "a.yaml:3:" lp-accounts load a.yaml
	[[ $stderr == *"did you mean 'address'"* ]]
	printf 'accounts:\n  - {name: x, kind: maildir, address: a@b.example, out: /o}\n  - {name: x, kind: maildir, address: a@b.example, out: /o}\n' >a.yaml
	run_err 65 "a.yaml:3:" lp-accounts load a.yaml
	printf 'accounts: 7\n' >a.yaml
	run_err 65 "is a list" lp-accounts load a.yaml
	run_err 66 "nowhere.yaml" lp-accounts load nowhere.yaml
}

@test "the example of three by SMTP loads, and its dump changes nothing; a name that is a secret is refused unsaid" {
	run_ok lp-accounts load "$LP_TOP/examples/accounts.yaml"
	run_ok lp-accounts load -n "$LP_TOP/examples/accounts.yaml"
	assert_output ''
	run_ok lp-accounts dump
	echo "$output" >b.yaml
	run_ok lp-accounts load -n b.yaml
	assert_output ''
	run_ok lp-accounts dump
	assert_equal "$output" "$(cat b.yaml)"
	run_ok lp-accounts show -j ada
	assert_equal "$(jqs '[.oauth_file, .secrets.oauth_secret_env, .secrets.oauth_file]')" \
		"[\"$HOME/.data/leadpilot/tokens/ada@returns.example.json\",\"not set here\",\"not logged in: lp-accounts login ada\"]"
	GOOGLE_CLIENT_SECRET=s3cret run_ok lp-accounts show ada
	assert_line -p 'GOOGLE_CLIENT_SECRET (set)'
	refute_output --partial s3cret
	run_ok lp-accounts list
	assert_line -p 'smtp'
	sed -i 's/daily_limit: 40/daily_limit: 41/; s/oauth_tenant: .*/oauth_tenant: common/' b.yaml
	run_ok lp-accounts load -n b.yaml
	assert_output $'ada.daily_limit: 40 -> 41\nben.oauth_tenant: try-returns.example -> common'
	sed -i 's/oauth_secret_env: .*/oauth_secret_env: s3cret value/' b.yaml
	run_err 65 "not the name of an environment variable" lp-accounts load b.yaml
	[[ $stderr != *s3cret* ]] || fail "$stderr"
	sed -i 's/oauth_secret_env: .*/user: {name: x}/' b.yaml
	run_err 65 "is a map" lp-accounts load b.yaml
}

@test "every key of every kind is in the page" {
	local key
	for key in $(sed -n 's/.*{ \.name = "\([a-z_]*\)", \.type = KEY_.*/\1/p' "$LP_TOP"/lib/channel/*.c | sort -u); do
		grep -qE "^\.It Ic (.* )?$key( |$)" "$LP_TOP/man/lp-accounts.1" || echo "not in the page: $key"
	done >missing
	assert_equal "$(cat missing)" ''
}

@test "add, set: an address of mail is enough for the kind; a secret itself is told where it belongs, and isn't repeated" {
	rm -f lp.db*
	live_db
	run_ok lp-accounts add kim address=kim@x.example host=mail.x.example
	assert_equal "$(lp-accounts show kim -j | jq -r .kind)" smtp
	run_st 64 lp-accounts set kim password=marker-secret
	assert_equal "$stderr" "lp-accounts: unknown key 'password': no secret is stored; password_env=NAME names the variable that holds it, password_command=... prints it"
	run_st 64 lp-accounts add sms kind=twilio address=+4915112345678 token=marker-secret
	assert_equal "$stderr" "lp-accounts: unknown key 'token': no secret is stored; token_env=NAME names the variable that holds it, token_command=... prints it"
	run_st 64 lp-accounts add sms account_sid=AC
	assert_equal "$stderr" "lp-accounts: unknown key 'account_sid'; say kind=... (such as smtp) for what belongs to a kind"
	run_st 78 lp-accounts add sms kind=twilio
	assert_equal "$stderr" "lp-accounts: account 'sms' needs address=..., its number with the country: +4915112345678"
	run_st 78 lp-accounts add ben host=mail.x.example kind=smtp
	assert_equal "$stderr" "lp-accounts: account 'ben' needs address=..., what its mail is from"
}

@test "test: an account of a telephone says whether its token is there, and how texts come in" {
	rm -f lp.db*
	live_db
	lp-accounts add wa kind=whatsapp address=+4915112345678 phone_number_id=1 token_env=NO_SUCH_TOKEN inbound=pushed
	run_st 78 lp-accounts test wa
	assert_output 'wa: in: pushed by a webhook'
	assert_equal "$stderr" "lp-accounts: account wa: token: no such environment variable NO_SUCH_TOKEN (cron's are in the file 'env', see lp-tick(1))"
	run_ok lp-accounts list
	assert_line --regexp '^a1 +wa .* pushed$'
	lp-accounts set wa inbound=
	run_ok lp-accounts list
	refute_line --partial pushed
	NO_SUCH_TOKEN=marker-secret run_ok lp-accounts test wa
	assert_line 'wa: token: there; whether the service takes it shows with the first message'
	assert_line --partial 'wa: in: by lp-read texts'
	refute_output -p marker
}
