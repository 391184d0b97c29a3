# Rules in natural language, made conditions by a model: what it proposes is judged here before anybody sees it.
load helper
load model

setup() {
	lp_setup && new_db && lp-rules load -q - <<-'X'
		lists: {competitors: [Globex, Initech]}
		rules:
		  - {name: Large firms, type: filter, say: The company has more than 500 people, then: hold, priority: 5}
	X
	export good='{"when":"lead.employees greater_than 500","remark":"Ranges as 51-200 can not be judged.","situations":[
		{"holds":true,"fields":[{"field":"lead.employees","value":"501"}]},{"holds":false,"fields":[{"field":"lead.employees","value":"500"}]},
		{"holds":true,"fields":[{"field":"lead.employees","value":"12000"},{"field":"lead.company","value":"Acme"}]},{"holds":false,"fields":[]},
		{"holds":false,"fields":[{"field":"lead.employees","value":"3"}]},{"holds":true,"fields":[{"field":"lead.employees","value":"700.5"}]}]}'
	good=$(jq -c . <<<"$good")
}
teardown() {
	stop_model
}
# says [times] ANSWER: it answers so;   good with FILTER applied
says_json() {
	printf '{"json":%s}\n' "$1" | rules
}
twisted() {
	jq -c "$1" <<<"$good"
}

@test "proposed, compiled, tried on its situations, shown, stored after a yes, and dumped with its words" {
	start_model <<<"{\"json\":$good}"
	use_anthropic
	run_ok lp-rules compile -n
	assert_output - <<-'X'
		Large firms
		  say:  The company has more than 500 people
		  when: lead.employees greater_than 500
		  then: hold
		  matches:
		    lead.employees 501
		    lead.employees 12000, lead.company "Acme"
		    lead.employees 700.5
		  doesn't match:
		    lead.employees 500
		    (nothing known)
		    lead.employees 3
		  remark of anthropic:m-1: Ranges as 51-200 can not be judged.
	X
	assert_equal "$(sql "SELECT version, condition_json IS NULL FROM agent_rules")" '1|1'
	before=$(sql "SELECT ruleset FROM agent_configs")
	run_ok lp-rules compile -y 'Large firms' -m 'the model is dear' -v
	assert_line --index 13 '1 asked about, 1 stored'
	# the second time it was answered from the record
	assert_equal "$(asked)" 1
	assert_equal "$(sql "SELECT version FROM agent_rules")" 2
	[ "$(sql "SELECT ruleset FROM agent_configs")" -gt "$before" ]
	run_ok sql "SELECT message FROM v_log WHERE message LIKE 'rule changed%'"
	assert_output --partial 'compiled from its words by anthropic:m-1: the model is dear'
	assert_equal "$(sql "SELECT state, purpose, task_id, record_of, cost_micros > 0 FROM model_calls ORDER BY seq")" "$(printf 'done|rule|||1\ndone|rule||1|0')"
	# its words stay, its situations are cases of its own, and all of it loads again as it is
	lp-rules dump >dumped.yaml
	grep -q 'say: The company has more than 500 people' dumped.yaml
	grep -q 'when: lead.employees greater_than 500' dumped.yaml
	assert_equal "$(grep -c 'is: \(true\|false\)' dumped.yaml)" 6
	run_ok lp-rules load dumped.yaml -v
	assert_output '0 new, 0 changed, 0 removed, 2 as before'
	# no model is needed any more
	echo '{"lead":{"employees":600}}' | lp-rules test | jq -e '.verdict == "hold"' >/dev/null
	run_err 65 "has a condition already" lp-rules compile 'Large firms' -y
	run_ok lp-rules compile -n
	assert_output ''
}

@test "a rule that is changed while the model thinks isn't overwritten" {
	start_model <<<"{\"ms\":1500,\"json\":$good}"
	use_anthropic
	lp-rules compile -y >said 2>err &
	local pid=$! st=0
	until [ "$(asked)" = 1 ]; do sleep 0.05; done
	lp-rules set -q 'Large firms' 'say=The company has more than 50 people'
	wait $pid || st=$?
	assert_equal "$st" 75
	grep -q "rule 'Large firms' was changed meanwhile: compile it again" err
	assert_equal "$(sql "SELECT condition_json IS NULL FROM agent_rules")" 1
}

@test "at a terminal it asks; a no stores nothing" {
	start_model <<<"{\"json\":$good}"
	use_anthropic
	printf 'n\n' | script -qefc 'lp-rules compile' /dev/null | grep -q 'Store it?'
	assert_equal "$(sql "SELECT version FROM agent_rules")" 1
	printf 'y\n' | script -qefc 'lp-rules compile' /dev/null >/dev/null
	assert_equal "$(sql "SELECT version FROM agent_rules")" 2
	run_err 64 'nobody to ask' lp-rules compile
	run_err 64 'nobody to ask' lp-rules compile -j
}

@test "what doesn't compile, or comes out otherwise than it says, is asked for once more with the reason, and then refused" {
	local n=0 twist want
	start_model <<<'{"text":"x"}'
	use_anthropic llm_cache=0s
	while IFS='|' read -r want twist; do
		rm -f model.log
		says_json "$(twisted "$twist")"
		run_st 1 lp-rules compile -y
		assert_output --partial "no condition: "
		assert_output --partial "$want"
		assert_equal "$(asked)" 2
		jq -r '.body.messages[0].content' model.log | tail -n +1 | grep -qF "can't be used: "
		n=$((n + 1))
	done <<-'X'
		"lead.employees":500|.situations[1].holds = true | .situations[0].holds = false
		the condition says the opposite|.when = "lead.employees less_than 500"
		unknown operator|.when = "lead.employees exceeds 500"
		no field|.when = "lead.people greater_than 500"
		no list|.when = "lead.company contains $rivals"
		one line|.when = "lead.employees greater_than 500\nor lead.company contains x"
		one line|.when = "lead.company contains \"\u202ex\""
		`when` is missing|.when = 7
		3 situations in which it holds|.situations |= .[0:4]
		3 situations in which it holds|.situations += [{"holds":true,"fields":[{"field":"lead.employees","value":"900"}]}]
		stands there twice|.situations[2] = .situations[0]
		is no number|.situations[1].fields += [{"field":"counts.sent","value":"many"}]
		no field|.situations[1].fields += [{"field":"lead.pet","value":"dog"}]
		a list of at most|.situations[1].fields = "lead.employees"
		a value as text|.situations[1].fields[0].value = {"a":1}
		is never|.situations[1].fields += [{"field":"reply.class","value":"intrested"}]
	X
	assert_equal "$n" 16
	assert_equal "$(sql "SELECT version, condition_json IS NULL FROM agent_rules")" '1|1'
	# the second answer counts where it is good
	printf '%s\n' "{\"match\":\"can't be used\",\"json\":$good}" "{\"json\":$(twisted '.when = "x"')}" | rules
	run_ok lp-rules compile -n
	assert_output --partial 'when: lead.employees greater_than 500'
}

@test "a wish for what isn't to be had: no condition, nobody to ask, no money, changed meanwhile" {
	run_err 78 'no model is configured' lp-rules compile -n
	start_model <<<'{"json":{"when":"","situations":[],"remark":"It takes knowledge\u001b[2J of the company."}}'
	use_anthropic llm_cache=0s
	run_st 1 lp-rules compile -y
	assert_output --partial 'no condition: It takes knowledge [2J of the company.'
	assert_equal "$(asked)" 1
	run_st 1 lp-rules compile -y -j
	assert_equal "$(jqs '[.outcome, .stored, .id]')" '["cant",false,"r1"]'
	lp-rules set -q 1 'say=' 'when=lead.company exists' 2>/dev/null || lp-rules set -q 'Large firms' say= 'when=lead.company exists'
	run_err 65 'has no `say:` to compile' lp-rules compile 'Large firms' -n
	run_err 66 "no rule 'Nobody'" lp-rules compile Nobody -n
	lp-rules set -q 'Large firms' 'say=It is large' when=
	lp-config set -q max_llm_cost_per_day=0.001
	run_st 75 lp-rules compile -n
	assert_output --partial 'max_llm_cost_per_day is reached'
	lp-config set -q max_llm_cost_per_day=10 llm_base_url=http://127.0.0.1:1 llm_timeout=1s
	run_st 75 lp-rules compile -n
	assert_output --partial 'no condition: '
	# what only a person can mend is no "try again"
	lp-config set -q llm_key_env=NOT_THERE
	run_st 78 lp-rules compile -n
	assert_output --partial 'NOT_THERE'
}
