load helper

setup() {
	lp_setup
	new_db
	mkdir idp
	perl "$LP_TOP/test/tools/stub-oauth.pl" idp idp/port 3>&- &
	echo $! >idp.pid
	while [ ! -e idp/port ]; do sleep 0.05; done
	BASE=http://127.0.0.1:$(cat idp/port)
	TOKENS=.data/leadpilot/tokens/ada@acme.example.json
}

teardown() {
	kill "$(cat idp.pid)"
}

add_ada() {
	run_ok lp-accounts add ada kind=smtp address=ada@acme.example host=127.0.0.1 port=1025 security=none oauth=custom oauth_client_id=client-1 \
		oauth_token_url="$BASE/token" oauth_auth_url="$BASE/authorize" oauth_device_url="$BASE/devicecode" oauth_scope='mail read' "$@"
}

# login_by COMMAND [OPTION...]: log in; as soon as the URL is there, COMMAND URL is the person.   $status, $output, $stderr
login_by() {
	local person=$1 pid url=
	shift
	lp-accounts login "$@" ada >out 2>err &
	pid=$!
	while [ -z "$url" ] && kill -0 $pid 2>/dev/null; do
		url=$(grep -m1 '^http' out) || sleep 0.02
	done
	[ -z "$url" ] || "$person" "$url"
	status=0
	wait $pid || status=$?
	output=$(cat out) stderr=$(cat err)
}

browser() {
	curl -s -L -o page "$1"
}

@test "by a browser: code with PKCE, the refresh token on the disk for nobody else, none of it in the database or the output" {
	add_ada
	run_ok lp-accounts show ada
	assert_line "oauth_file         $PWD/$TOKENS (not logged in: lp-accounts login ada)"
	login_by browser
	[ "$status" -eq 0 ] || fail "$stderr"
	[[ $output == *'ada: logged in' ]] || fail "$output"
	grep -q 'You can close this page' page
	assert_equal "$(jq -r .refresh_token "$TOKENS")" 'refresh-1/+='
	assert_equal "$(stat -c %a "$TOKENS" "$(dirname "$TOKENS")")" $'600\n700'
	assert_equal "$(jq -r 'select(.path == "/authorize") | .form | "\(.scope) \(.login_hint) \(.code_challenge_method)"' idp/log)" 'mail read ada@acme.example S256'
	not grep -qE 'refresh-|access-' out err
	sqlite3 "$LP_DB" .dump | not grep -qE 'refresh-1|access-1'
	assert_equal "$(sql "SELECT message FROM agent_log_payloads ORDER BY log_id DESC LIMIT 1")" "account 'ada': logged in"
	run_ok lp-accounts show ada
	assert_line "oauth_file         $PWD/$TOKENS (logged in)"
	run_ok lp-accounts show -j ada
	assert_equal "$(jqs .secrets)" '{"oauth_file":"logged in"}'
	run_ok lp-accounts logout ada
	[ ! -e "$TOKENS" ]
	run_ok lp-accounts logout ada
	assert_output 'ada: nobody was logged in'
}

@test "consent refused, an answer with another state, nobody in time: nothing is kept" {
	add_ada
	echo deny >idp/mode
	login_by browser
	assert_equal "$status" 77
	[[ $stderr == "lp-accounts: account 'ada': the consent was refused"* ]] || fail "$stderr"
	echo forge >idp/mode
	login_by browser --wait 1
	assert_equal "$status" 75
	[[ $stderr == *'nobody logged in in time' ]] || fail "$stderr"
	grep -q 'no login of ours' page
	echo norefresh >idp/mode
	login_by browser
	assert_equal "$status" 78
	[[ $stderr == *'no refresh token'* ]] || fail "$stderr"
	[ ! -e "$TOKENS" ]
}

knocks() {
	local at=${1#*redirect_uri=}
	at=${at%%&*}
	at=${at//%3A/:}
	at=${at//%2F//}
	for q in '' favicon.ico '?code=x' '?state=x&code=x&code=y' '?state=x&error=y&code=y' '?state=%00&code=y'; do
		curl -s -o page -w '%{http_code}\n' "$at$q" >>codes
	done
	curl -s -o page -w '%{http_code}\n' -d x "$at?state=x&code=y" >>codes
	head -c 20000 /dev/zero | tr '\0' 'x' | curl -s -m 5 -o /dev/null telnet://"${at#http://}" 2>/dev/null || true
	browser "$1"
}

@test "whatever else knocks at the port is told no, and the login goes on" {
	add_ada
	login_by knocks
	[ "$status" -eq 0 ] || fail "$stderr"
	assert_equal "$(sort -u codes)" 404
}

@test "by a code: asked as often as the provider says, until a person has typed it" {
	add_ada
	printf 'authorization_pending\nok\n' >idp/device
	run_ok lp-accounts login --device ada
	assert_line -p 'type the code WDJB-MJHT'
	assert_line 'https://login.example/device'
	assert_line 'ada: logged in'
	assert_equal "$(jq -r .refresh_token "$TOKENS")" 'refresh-1/+='
	printf 'access_denied\n' >idp/device
	run_st 77 lp-accounts login --device ada
	assert_equal "$(jq -r .refresh_token "$TOKENS")" 'refresh-1/+='
	printf 'expired_token\n' >idp/device
	run_st 75 lp-accounts login --device ada
	[[ $stderr == *'begin again'* ]] || fail "$stderr"
}

@test "the tokens are the mailbox's: another database with the account has the same file; another client isn't shown them" {
	add_ada
	login_by browser
	sql "VACUUM INTO 'copy.db'"
	run_ok lp-accounts -d copy.db show ada
	assert_line -p '(logged in)'
	run_ok lp-accounts set ada oauth_client_id=client-2
	run_ok lp-accounts show ada
	assert_line -p 'another provider or client'
}

@test "what can't log in says why, and a simulated file reaches nobody" {
	run_ok lp-accounts add box kind=maildir address=box@acme.example out=out
	run_err 78 "doesn't log in by OAuth" lp-accounts login box
	run_err 78 "oauth_client_id" lp-accounts add x kind=smtp address=x@acme.example host=smtp.gmail.com oauth=google
	run_err 78 "takes the place of a password" lp-accounts add x kind=smtp address=x@acme.example host=smtp.gmail.com oauth=google oauth_client_id=c password_env=P
	run_err 78 "oauth_token_url" lp-accounts add x kind=smtp address=x@acme.example host=localhost oauth=custom oauth_client_id=c
	run_ok lp-accounts add g kind=smtp address=g@gmail.com host=smtp.gmail.com oauth=google oauth_client_id=c
	run_err 78 "simulated file" lp-accounts login --wait 1 g
	run_err 64 "needs no port" lp-accounts login --device --port 80 g
	run_st 64 lp-accounts login
	add_ada
	mkdir -p "$(dirname "$TOKENS")"
	echo '{}' >"$TOKENS"
	chmod 644 "$TOKENS"
	run_ok lp-accounts show ada
	assert_line -p "others can read the tokens"
}
