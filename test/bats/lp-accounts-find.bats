load helper

setup() {
	lp_setup
	new_db
	: >zone
	perl "$LP_TOP/test/tools/stub-dns.pl" zone port log 3>&- &
	echo $! >dns.pid
	while [ ! -e port ]; do sleep 0.05; done
	LP_DNS=127.0.0.1:$(cat port)
	export LP_DNS
}

teardown() {
	kill "$(cat dns.pid)"
}

# servers ACCOUNT: what is stored
servers() {
	lp-accounts show -j "$1" | jq -r '[.host, .port, .security, .imap_host, .imap_port, .imap_security] | join(" ")'
}

@test "a big provider's address is enough, and nobody is asked" {
	run_ok lp-accounts add ada Ada@GMail.com password_env=P
	assert_line -p "found host=smtp.gmail.com port=465 security=tls imap_host=imap.gmail.com imap_port=993"
	assert_line -p "'gmail.com' is a provider that is known; a password has to be an app password"
	assert_equal "$(servers ada)" 'smtp.gmail.com 465 tls imap.gmail.com 993 tls'
	assert_equal "$(lp-accounts show -j ada | jq -r '.kind, .address, .password_env')" $'smtp\nada@gmail.com\nP'
	[ ! -s log ]
	run_ok lp-accounts add -n bob bob@outlook.com
	assert_line -p 'oauth=microsoft oauth_client_id=..., then lp-accounts login bob'
	run_ok lp-accounts add eve eve@googlemail.com oauth_client_id=c daily_limit=600
	assert_line -p ' oauth=google'
	assert_line -p 'daily_limit 600 is over what the provider lets through in a day: 500'
	assert_equal "$(lp-accounts show -j eve | jq -r .oauth)" google
	assert_equal "$(sql 'SELECT count(*) FROM accounts')" 2
}

@test "a domain of one's own: by its mail exchanger" {
	cat >zone <<-'X'
		acme.example MX 10 alt1.aspmx.l.google.com
		acme.example MX 5 aspmx.l.google.com
		ms.example MX 0 ms-example.mail.protection.outlook.com
		_submissions._tcp.ms.example SRV 0 0 465 elsewhere.ms.example
		backup.example MX 0 mx.backup.example
		backup.example MX 10 aspmx.l.google.com
	X
	run_ok lp-accounts add ada ada@acme.example password_env=P
	assert_line -p "the mail exchanger of 'acme.example' is aspmx.l.google.com; Google Workspace"
	assert_equal "$(servers ada)" 'smtp.gmail.com 465 tls imap.gmail.com 993 tls'
	run_ok lp-accounts add bob bob@ms.example password_env=P
	assert_equal "$(servers bob)" 'smtp.office365.com 587 starttls outlook.office365.com 993 tls'
	run_err 78 "no servers found for 'backup.example'" lp-accounts add x x@backup.example password_env=P
}

@test "else by the domain's SRV records: implicit TLS first, '.' means none, hosts of others only with -y" {
	cat >zone <<-'X'
		a.example MX 10 mx.a.example
		_submissions._tcp.a.example SRV 10 1 9465 second.a.example
		_submissions._tcp.a.example SRV 0 1 4465 Mail.a.example
		_submission._tcp.a.example SRV 0 1 587 other.a.example
		_imaps._tcp.a.example SRV 0 1 993 imap.a.example
		_submissions._tcp.b.example SRV 0 0 0 .
		_submission._tcp.b.example SRV 0 1 587 b.example
		_submissions._tcp.c.example SRV 0 1 465 mail.evilc.example
		_submissions._tcp.d.example SRV 0 0 0 .
	X
	run_ok lp-accounts add a x@a.example password_env=P
	assert_line -p "so say the SRV records of 'a.example'"
	assert_equal "$(servers a)" 'mail.a.example 4465 tls imap.a.example 993 tls'
	run_ok lp-accounts add b x@b.example password_env=P
	assert_equal "$(servers b)" 'b.example 587 starttls   '
	run_err 78 "'mail.evilc.example' for 'c.example', which is outside of it" lp-accounts add c x@c.example password_env=P
	run_ok lp-accounts -y add c x@c.example password_env=P
	assert_equal "$(servers c)" 'mail.evilc.example 465 tls   '
	run_err 78 "give host=... (and port=, security=tls or starttls) by hand" lp-accounts add d x@d.example password_env=P
	assert_equal "$(sql 'SELECT count(*) FROM accounts')" 3
}

@test "what the DNS can't tell is no answer; what is given by hand is not looked for, and must go with what is found" {
	echo 'x.example FAULT servfail' >zone
	echo '_submissions._tcp.y.example FAULT garbage' >>zone
	run_err 75 "the mail exchangers of 'x.example'" lp-accounts add x x@x.example password_env=P
	run_st 75 lp-accounts add y x@y.example password_env=P
	: >log
	run_ok lp-accounts add x x@x.example password_env=P host=mail.x.example
	assert_output ''
	[ ! -s log ]
	run_err 78 "security=starttls doesn't go with what is found (smtp.gmail.com:465, tls): give host too" lp-accounts add g g@gmail.com security=starttls
	run_st 64 lp-accounts add
	run_err 64 "nothing to set" lp-accounts add z
	run_err 65 "is not an address" lp-accounts add z gmail.com
	run_ok lp-accounts add box box@gmail.com kind=maildir out=out
	assert_output ''
	run_err 64 "LP_DNS" env LP_DNS=nowhere lp-accounts add q q@q.example password_env=P
}
