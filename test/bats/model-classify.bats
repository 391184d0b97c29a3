# What a reply is, by a model where the offline classifier isn't sure: in the pipeline and by hand; never bolder than what code sees.
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
say_class() {
	printf '{"json":{"action":"classify_%s","reasoning":"So it reads.","confidence":%s,"requires_approval":false,"data":%s}}\n' "$1" "${2-1}" "${3-{\}}"
}
unsure='Hm. We had something like that once, and then Peter left. Who knows.'

@test "by hand: the offline classifier first, the model under offline_threshold, in order; each line says whose word it is" {
	start_model < <(say_class question 0.9 '{"sentiment":"neutral","until":"2026-05-01"}')
	use_anthropic
	jq -cn --arg t "$unsure" '{text:"Not interested."}, {text:$t}, {text:"How much is it?"}' >lines
	run_ok lp-decide -d "$LP_DB" classify lines
	assert_equal "$(jq -c '[.classification, .confidence > 0.8, .brain]' <<<"$output" | paste -sd' ')" \
		'["not_interested",true,null] ["question",true,"anthropic:m-1"] ["question",true,null]'
	assert_equal "$(jq -c 'select(.brain) | [.reasons, .sentiment, .until]' <<<"$output")" '[["So it reads."],"neutral","2026-05-01T00:00:00.000Z"]'
	assert_equal "$(asked)" 1
	assert_equal "$(sql "SELECT purpose, state, task_id IS NULL FROM model_calls")" 'classify|done|1'
	# without -d nobody is asked; with it, and no model, neither
	run_ok lp-decide classify lines
	lp-config set -q llm_provider=offline
	run_ok lp-decide -d "$LP_DB" classify lines
	assert_equal "$(asked)" 1
}

@test "by hand: a class that is none, prose, a dead service: the first opinion stands, with the reason" {
	start_model <<<'{"json":{"action":"classify_delighted","reasoning":"r","confidence":1}}'
	use_anthropic
	jq -cn --arg t "$unsure" '{text:$t}' >lines
	run_ok lp-decide -d "$LP_DB" classify lines
	assert_equal "$(asked)" 2
	assert_equal "$(jqs '[.second_opinion, .brain, .confidence < 0.8]')" "[\"'classify_delighted' is none of the actions that were offered\",null,true]"
	rules <<<'{"json":{"action":"skip","reasoning":"r","confidence":1}}'
	lp-config set -q llm_cache=0s
	run_ok lp-decide -d "$LP_DB" classify lines
	assert_equal "$(jqs '.second_opinion')" "\"'skip' is none of the actions that were offered\""
	lp-config set -q llm_base_url=http://127.0.0.1:1 llm_timeout=1s
	run_ok lp-decide -d "$LP_DB" classify lines
	assert_equal "$(jqs '.second_opinion != null and .classification != null')" true
}

@test "what asks not to be written to stays that, also where the threshold asks the model of everything" {
	start_model < <(say_class interested)
	use_anthropic offline_threshold=1 auto_respond_to_positive=true
	says bob@beta.example 'Could you please make sure that my address is gone from whatever list this is.'
	says ann@alpha.example "We're not interested."
	judged
	assert_equal "$(asked)" 2
	assert_equal "$(sql "SELECT classification, classified_by FROM inbox_messages WHERE lead_id = 2")" 'unsubscribe|offline'
	assert_equal "$(sql "SELECT classification, confidence <= 0.2 FROM inbox_messages WHERE lead_id = 1")" 'interested|1'
	# the refusal goes to a person, nothing is answered, no sequence goes on
	pipe
	assert_equal "$(sql "SELECT count(*) FROM messages WHERE purpose LIKE 'resp:%' AND status = 'sent'")" 0
	assert_equal "$(sql "SELECT count(*) FROM enrolments WHERE status = 'stopped' AND lead_id IN (1, 2)")" 2
}

@test "an absence that only the model sees lets no sequence go on; whom it names must stand in the mail" {
	start_model < <(say_class out_of_office 1 '{"until":"2026-03-04"}')
	use_anthropic
	says bob@beta.example "$unsure"
	judged
	assert_equal "$(sql "SELECT classification FROM inbox_messages")" out_of_office
	assert_equal "$(sql "SELECT status FROM enrolments WHERE lead_id = 2")" stopped
	run_ok sql "SELECT count(*) FROM v_log WHERE message LIKE '%only%' OR message LIKE 'nothing but the model%'"
	assert_output 1
	say_class referral 1 '{"referral_name":"Eve","referral_address":"eve@evil.example"}' | rules
	says ann@alpha.example "$unsure Ask him."
	judged 2026-03-03T11:00:00Z
	assert_equal "$(sql "SELECT classification FROM inbox_messages WHERE lead_id = 1")" referral
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE task_type = 'find_leads'")" 0
}
