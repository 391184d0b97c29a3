load helper

setup() {
	lp_setup
	new_db
	printf '%s\n' first_name,email,company Anna,anna@x.example,X Bob,bob@y.example,Y | lp-leads import - >/dev/null
	lp-start
}

# envelope LEAD: a running task of a lead, as the pipeline has it
envelope() {
	lp-enqueue manual --lead "$1"
	lp-tasks claim -l 1 >line
}

keys() {
	sql 'SELECT group_concat(key) FROM (SELECT key FROM agent_memory ORDER BY seq)'
}

recalled() {
	run_ok lp-memory recall <line
	output=$(jq -r '[.memories[]?.value] | join(" ")' <<<"$output")
}

@test "recall attaches what is relevant, the important first" {
	lp-memory put a of-anna --lead l1 --importance 0.6
	lp-memory put 'manual: tone' learned --type learning --importance 0.9
	lp-memory put 'send_message: tone' of-another-type --type learning --importance 1
	lp-memory put plan strategic --type strategy --importance 0.7
	lp-memory put b org-wide-fact --importance 1
	envelope l1
	recalled
	assert_output "learned strategic of-anna"
	run_ok lp-memory recall -l 1 <line
	[ "$(jqs '.memories | length')" = 1 ]
	[ "$(jqs '.memories[0] | keys')" = '["id","importance","key","memory_type","value"]' ]
}

@test "recall: five of the lead, three learnings, three strategies, ten in all" {
	for i in 1 2 3 4 5 6 7; do
		lp-memory put "k$i" "lead$i" --lead l1 --importance 0.3
		lp-memory put "manual $i" "learn$i" --type learning --importance "0.5$i"
		lp-memory put "s$i" "strat$i" --type strategy --importance "0.4$i"
	done
	envelope l1
	recalled
	assert_output "learn7 learn6 learn5 strat7 strat6 strat5 lead7 lead6 lead5 lead4"
	run_ok lp-memory recall -l 100 <line
	[ "$(jqs '.memories | length')" = 11 ]
}

@test "recall: what is of another lead stays there, whatever its type" {
	lp-memory put 'manual: x' secret1 --type learning --lead l2 --importance 1
	lp-memory put x secret2 --type strategy --lead l2 --importance 1
	lp-memory put x secret3 --type lead_context --lead l2 --importance 1
	lp-memory put x mine --type conversation --lead l1
	envelope l1
	recalled
	assert_output mine
}

@test "recall: what has expired isn't told, and comes once though it is relevant twice" {
	lp-memory put 'manual: x' once --type learning --lead l1 --expires +1h
	lp-memory put 'manual: y' twice --type learning
	envelope l1
	recalled
	assert_output "twice once"
	LP_NOW=2026-03-02T11:00:00Z recalled
	assert_output twice
}

@test "recall: a line without a task, one with an error and one without memories pass byte for byte" {
	lp-memory put 'other' x --type learning
	envelope l1
	{
		echo '{"b":1,  "a" :[ 1.50 ]}'
		cat line
		sed 's/^{/{ "error": {"code":"x"}, /' line
	} >in
	run_ok lp-memory recall <in
	[ "$output" = "$(cat in)" ]
	run_st 65 lp-memory recall <<<'{"a":'
	assert_equal "$stderr" "$(printf '%s' "$stderr" | head -n 1)"
}

@test "recall: a task that runs under another lease gets nothing" {
	lp-memory put a of-anna --lead l1
	envelope l1
	sed 's/"lease":"[^"]*"/"lease":"019cadfd-8900-7c1b-aff4-000000000000"/' line >other
	run_ok lp-memory recall <other
	[ "$(jqs '[.error.code, .memories]')" = '["lease_lost",null]' ]
}

@test "put changes what is known, and its time" {
	run_ok lp-memory put -v k one --lead anna@x.example
	assert_output "y1 kept"
	LP_NOW=2026-03-03T10:00:00Z run_ok lp-memory put -v k two --lead l1 --importance 0.9
	assert_output "y1 changed"
	[ "$(sql 'SELECT count(*) || value || importance || created_at || updated_at FROM agent_memory')" = \
		"1two0.92026-03-02T10:00:00.000Z2026-03-03T10:00:00.000Z" ]
	run_ok lp-memory put k org
	run_ok lp-memory put k of-bob --lead l2
	run_ok lp-memory put k a-strategy --type strategy
	[ "$(sql 'SELECT count(*) FROM agent_memory')" = 4 ]
	run_ok lp-memory search two
	run_st 1 lp-memory search one
	[ "$(sql "SELECT count(*) FROM agent_logs WHERE log_type = 'learning'")" = 5 ]
}

@test "put: text from a lead is memory of that lead" {
	run_err 65 "memory of one lead" lp-memory put k v --type conversation
	run_err 65 "memory of one lead" lp-memory put k v --type lead_context
	run_err 65 "none of lead_context" lp-memory put k v --type gossip
	run_err 65 "already" lp-memory put k v --expires -1d
	run_err 64 "from 0 to 1" lp-memory put k v --importance 2
	run_err 65 "one line" lp-memory put "$(printf 'a\nb')" v
	run_err 65 "at most 8192" lp-memory put k "$(head -c 8193 /dev/zero | tr '\0' x)"
	[ "$(sql 'SELECT count(*) FROM agent_memory')" = 0 ]
	run_ok lp-memory put -n -v k v
	[ "$(sql 'SELECT count(*) FROM agent_memory')" = 0 ]
}

@test "put: lines; a bad one is named and the others are kept; what list prints goes in again" {
	cat >in <<-'END'
		{"memory_type":"fact","key":"a","value":"1","metadata":{"from":"kim"}}
		{"memory_type":"fact","key":"b","valeu":"2"}
		{"memory_type":"conversation","key":"c","value":"3"}
		{"memory_type":"conversation","key":"c","value":"3","lead_id":"bob@y.example","importance":0.25}
		{"memory_type":"fact","key":"d","value":"4","lead_id":"l77"}
		{"memory_type":"fact","key":"e","value":5}
	END
	run_st 65 lp-memory put <in
	for n in 2 3 5 6; do
		[[ $stderr == *"stdin:$n: "* ]] || fail "line $n isn't named: $stderr"
	done
	[[ $stderr == *"did you mean value"* ]]
	[ "$(keys)" = a,c ]
	lp-memory list -j >one
	lp-memory forget y1 y2
	run_ok lp-memory put <one
	lp-memory list -j >two
	[ "$(jq -c 'del(.id, .uuid)' one | sort)" = "$(jq -c 'del(.id, .uuid)' two | sort)" ]
	[ "$(wc -l <two)" = 2 ]
}

@test "search: a question is words, never syntax" {
	lp-memory put price 'The pilot is free, "for now".'
	lp-memory put 'cafe' 'Likes the Café Été' --importance 0.1
	for q in "what's the price?" 'NEAR(pilot free)' 'pilot AND NOT free' '"pilot' 'pilot*' '(pilot' "pilot'; DROP" '-- pilot' '^pilot' '{pilot}'; do
		run_ok lp-memory search -j -- "$q"
		[ "$(jq -r .key <<<"$output" | head -n 1)" = price ] || fail "'$q' finds: $output"
	done
	run_ok lp-memory search -j ete
	[ "$(jqs .key)" = '"cafe"' ]
	run_st 1 lp-memory search zebra
	run_st 1 lp-memory search key:pilot
	run_err 64 "no word" lp-memory search '?? ""'
}

@test "search: relevance counts times importance; filters hold; the expired is gone" {
	lp-memory put a 'returns returns' --importance 0.1
	lp-memory put b 'returns are hard' --importance 0.9 --lead l1
	lp-memory put c 'returns are easy' --importance 0.5 --expires +1d
	run_ok lp-memory search -j returns
	[ "$(jq -r .key <<<"$output" | xargs)" = "b c a" ]
	run_ok lp-memory search -j returns --lead l1
	[ "$(jqs .key)" = '"b"' ]
	LP_NOW=2026-03-09T10:00:00Z run_ok lp-memory search -j returns -l 5
	[ "$(jq -r .key <<<"$output" | xargs)" = "b a" ]
}

@test "forget: all that are named, or none; or a lead's" {
	lp-memory put a 1
	lp-memory put b 2 --lead l1
	lp-memory put c 3 --lead l1
	run_err 1 "no memory 'y9'" lp-memory forget y1 y9
	run_err 64 "is no memory" lp-memory forget l1
	run_err 64 "name memories" lp-memory forget
	[ "$(sql 'SELECT count(*) FROM agent_memory')" = 3 ]
	run_ok lp-memory forget --lead anna@x.example -n -v
	assert_output "2 forgotten (rehearsed)"
	run_ok lp-memory forget --lead anna@x.example
	[ "$(keys)" = a ]
	run_ok lp-memory forget y1
	run_st 1 lp-memory search 1
	run_ok sqlite3 "$LP_DB" "INSERT INTO agent_memory_fts (agent_memory_fts) VALUES ('integrity-check')"
}

@test "cleanup: what has expired, and what is old and light; facts and preferences stay" {
	lp-memory put old-learning x --type learning
	lp-memory put old-dear x --type learning --importance 0.8
	lp-memory put old-fact x
	lp-memory put old-preference x --type preference
	lp-memory put expired-fact x --expires +1d --importance 1
	LP_NOW=2026-05-30T10:00:00Z lp-memory put new-learning x --type learning
	LP_NOW=2026-05-31T09:59:00Z run_ok lp-memory cleanup -v
	assert_output "1 cleared away"
	LP_NOW=2026-05-31T10:01:00Z run_ok lp-memory cleanup -n -v
	assert_output "1 cleared away (rehearsed)"
	LP_NOW=2026-05-31T10:01:00Z run_ok lp-memory cleanup
	[ "$(keys)" = old-dear,old-fact,old-preference,new-learning ]
	LP_NOW=2026-05-31T10:01:00Z run_ok lp-memory cleanup --until now --importance 1
	[ "$(keys)" = old-fact,old-preference ]
}
