# What models cost: on record, in the log, in the report, and the same everywhere.
load helper
load world
load reply
load model

setup_file() {
	world_file && use gated && rest && cp -R . ../sent && cd ..
}
setup() {
	use sent && export LP_NOW=2026-03-03T10:00:00Z
}
teardown() {
	stop_model
}
unsure() {
	says "$1" 'Hm. We had something like that once, and then Peter left. Who knows.'
}
interested='{"json":{"action":"classify_interested","reasoning":"They remember it well.","confidence":0.85,"requires_approval":false}}'

@test "tokens, cost, time and what the record answered: by purpose and brain, today and since then, against the limit" {
	run_ok lp-report
	refute_output --partial 'Models today'
	start_model <<-X
		{"times":1,"status":400,"error":"no","type":"invalid_request_error"}
		$interested
	X
	use_anthropic llm_cache=1d max_llm_cost_per_day=2.5
	unsure bob@beta.example
	inboxes
	lp-tasks claim --type classify_reply >claimed
	lp-decide <claimed >first
	sql "DELETE FROM decisions; UPDATE llm_circuits SET failures = 0, open_until = NULL"
	lp-decide <claimed >second
	sql "DELETE FROM decisions"
	lp-decide <claimed >third
	assert_equal "$(asked)" 2
	run_ok lp-report cost -j --since 2026-03-01
	assert_equal "$(jqs '.today | del(.rows, .since)')" \
		'{"allowed":2.5,"calls":2,"cost":0.00381,"failed":1,"from_record":1,"open":0,"tokens_cached":200,"tokens_in":1000,"tokens_out":50}'
	assert_equal "$(jqs '.today.rows[0] | del(.latency_ms)')" \
		'{"brain":"anthropic:m-1","calls":2,"cost":0.00381,"failed":1,"from_record":1,"open":0,"purpose":"classify","tokens_cached":200,"tokens_in":1000,"tokens_out":50}'
	assert_equal "$(jqs '.window | del(.since)')" "$(jqs '.today | del(.since, .allowed)')"
	run_ok lp-report
	assert_line --regexp '^Models today: 0.003810 for 2 calls$'
	assert_line --regexp '^max_llm_cost_per_day +0\.0038 +2\.50'
	run_ok lp-report cost --since 2026-03-03T09:00:00Z
	assert_line 'Models today, of 2.50 allowed a day: 0.003810 for 2 calls'
	assert_line --regexp '^Models since 2026-03-03 09:00'
	assert_line --regexp '^classify +anthropic:m-1 +2 +1 +1 +1000 +200 +50 +[0-9]+ +0.003810$'
	run_ok lp-report day 2026-03-03
	assert_output --partial 'questions to models, and their cost'
	assert_equal "$(sql "SELECT day, provider, model, purpose, calls, failed, open, from_record, tokens_in, tokens_cached, tokens_out, cost FROM v_model_cost")" \
		'2026-03-03|anthropic|m-1|classify|2|1|0|1|1000|200|50|0.00381'
	# another day has its own
	at 2026-03-04T10:00:00Z run_ok lp-report cost -j
	assert_equal "$(jqs .today.calls)" 0
}

@test "what is written into the provider's cache costs a quarter more" {
	start_model <<<"$(jq -c '. + {written: 400}' <<<"$interested")"
	use_anthropic
	unsure bob@beta.example
	judged
	assert_equal "$(sql "SELECT tokens_in, tokens_cached, tokens_out, cost_micros FROM model_calls")" "1400|200|50|$((1000 * 3 + 400 * 15 / 4 + 60 + 50 * 15))"
}

@test "what flies counts at its worst, and says so; nothing asked is nothing" {
	run_ok lp-report cost
	assert_output --partial 'Models today, of 5.00 allowed a day: 0.000000 for 0 calls'
	sql "INSERT INTO model_calls (provider, model, purpose, prompt_hash, state, cost_micros, created_at, updated_at)
		VALUES ('command', '', 'draft', 'x', 'reserved', 70000, '$LP_NOW', 'x')"
	run_ok lp-report cost
	assert_line 'Models today, of 5.00 allowed a day: 0.070000 for 1 calls, 1 of them not over, counted at most'
	assert_line --regexp '^draft +command +1 '
}

@test "the log tells of each call, and a lead's story has it with what was said" {
	start_model <<<"$interested"
	use_anthropic
	unsure bob@beta.example
	judged
	run_ok lp-log list --type observation
	assert_line --regexp 't[0-9]+ l2 .*anthropic:m-1 \(classify\): 1000 tokens in, 200 cached, 50 out, 0\.003810, [0-9]+ ms$'
	assert_equal "$(lp-log list -j --type observation | jq -c 'select(.details.call != null) | .details | del(.latency_ms)')" \
		'{"call":1,"record_of":null,"tokens_in":1000,"tokens_cached":200,"tokens_out":50,"cost":0.00381}'
	run_ok lp-log why bob@beta.example -v
	assert_output --partial 'Models asked'
	assert_line --regexp 'classify, anthropic:m-1: done, 1000 tokens in, 200 cached, 50 out, 0\.003810, [0-9]+ ms'
	assert_output --partial '> {"action":"classify_interested"'
	run_ok lp-log why bob@beta.example -j
	assert_equal "$(jqs '.calls[0].tokens_cached')" 200
	# what people look at isn't full of it
	run_ok lp-report -j
	assert_equal "$(jqs '[.recent[] | select(.message | test("tokens in"))] | length')" 0
	run_ok lp-log verify
	run_ok lp-leads forget bob@beta.example -y
	run_ok lp-log verify
	assert_equal "$(sql "SELECT count(*) FROM model_calls WHERE answer IS NOT NULL")" 0
}
