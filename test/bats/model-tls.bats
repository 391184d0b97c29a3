# A model behind TLS: its certificate is looked at, and where the server speaks HTTP/2 all questions in flight share one connection.
load helper
load world
load model

setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup && world_new && many && cp -R . ../many && sh "$LP_TOP/test/tools/certs.sh" "$BATS_FILE_TMPDIR/good" &&
		sh "$LP_TOP/test/tools/certs.sh" "$BATS_FILE_TMPDIR/old" --expired
}
setup() {
	command -v nghttpx >/dev/null || skip 'no nghttpx here (make deps)'
	use many && export LP_NOW=$NOON
	start_model <<<'{"json":{"action":"send_email","reasoning":"It is time.","confidence":0.9,"requires_approval":false},"ms":100}'
}
teardown() {
	[ -z "${FRONT-}" ] || kill "$FRONT" 2>/dev/null || true
	stop_model
}
# twelve people whose first message is due
many() {
	local n
	lp-config init --simulated -q && lp-config set -q slot_grace=1d max_messages_per_day=100 max_actions_per_hour=100 &&
		lp-accounts add sales kind=maildir address=kim@lead.example out=out in=in daily_limit=40 answer_share=0 gap_seconds=0 || return 1
	{
		echo 'first_name,company,email'
		for n in $(seq 12); do echo "Fn$n,Firm $n,p$n@firm$n.example"; done
	} >leads.csv
	printf 'name: hello\nsteps:\n  - {subject: "A question about {{company}}", body: "Hi {{first_name}}, how do you handle returns?"}\n' >hello.yaml
	lp-campaigns load -q hello.yaml && lp-leads import -q leads.csv --campaign hello && lp-approve yes hello -y && lp-campaigns start -q hello &&
		lp-start -q && lp-enqueue due && pipe && lp-enqueue due
}
# tls DIRECTORY PROTOCOL: before the model, with the certificate there; at $AT.  front.log has port, protocol and status of each request
tls() {
	local port
	port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(Listen => 1, LocalAddr => "127.0.0.1")->sockport')
	nghttpx --conf=/dev/null --workers=1 --npn-list="$2" --frontend="127.0.0.1,$port" --backend="127.0.0.1,${MODEL##*:}" \
		--accesslog-file=front.log --accesslog-format='$remote_port $alpn $status' --errorlog-file=front.err \
		"$BATS_FILE_TMPDIR/$1/server.key" "$BATS_FILE_TMPDIR/$1/server.pem" 3>&- &
	FRONT=$!
	for _ in $(seq 200); do
		! (: <"/dev/tcp/127.0.0.1/$port") 2>/dev/null || break
		sleep 0.02
	done
	AT=https://localhost:$port
}
# think [OPTION...]: what is due, decided by the model
think() {
	lp-tasks claim -l 20 --type '!check_inbox' >claimed
	tasks=$(wc -l <claimed | tr -d ' ')
	[ "$tasks" -ge 8 ]
	lp-decide "$@" <claimed >decided
}
asks() {
	use_anthropic offline_threshold=1 llm_cache=0s "llm_base_url=$AT" "llm_ca_file=$BATS_FILE_TMPDIR/${1:-good}/ca.pem"
}

@test "HTTP/2: all that is in flight goes over one connection" {
	tls good h2,http/1.1
	asks
	think -P 6
	assert_equal "$(sql "SELECT count(*), state FROM model_calls GROUP BY state")" "$tasks|done"
	assert_equal "$(sort -u front.log | awk '{ print $2, $3 }')" 'h2 200'
	assert_equal "$(wc -l <front.log | tr -d ' ')" "$tasks"
	assert_equal "$(cut -d ' ' -f 1 front.log | uniq | wc -l | tr -d ' ')" 1
	# several at once: behind it, where each has a connection to itself, there were several
	[ "$(jq .port model.log | sort -u | wc -l)" -gt 1 ]
}

@test "HTTP/1.1 alone: as many connections as calls in flight, each used again" {
	tls good http/1.1
	asks
	think -P 3
	assert_equal "$(sql "SELECT count(*), state FROM model_calls GROUP BY state")" "$tasks|done"
	assert_equal "$(awk '{ print $2, $3 }' front.log | sort | uniq -c | tr -s ' ')" " $tasks http/1.1 200"
	[ "$(cut -d ' ' -f 1 front.log | sort -u | wc -l)" -le 3 ]
}

# refused WORDS: nothing was asked, each task says why
refused() {
	assert_equal "$(asked)" 0
	assert_equal "$(sql "SELECT count(*) FROM model_calls WHERE state = 'done'")" 0
	run_ok sql "SELECT DISTINCT error FROM model_calls"
	[[ $output == *certificate*"$1"* ]] || fail "$output"
	assert_equal "$(jq -r .error.message decided | grep -c "certificate.*$1")" "$tasks"
}

@test "a certificate of nobody we know: nothing is asked, and each task says why" {
	tls good h2,http/1.1
	asks old
	think
	refused issuer
}

@test "a certificate that is out of date: likewise" {
	tls old http/1.1
	asks old
	think
	refused expired
}
