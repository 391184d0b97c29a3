# The smoke scripts for real models (make live): without a key they skip; with one they ask, which is tried here on a model of ours.
load helper
load model

setup() {
	lp_setup
	unset ANTHROPIC_API_KEY ANTHROPIC_BASE_URL ANTHROPIC_MODEL OPENAI_API_KEY OPENAI_BASE_URL OPENAI_MODEL LP_LIVE_COMMAND
}
teardown() {
	stop_model
}
answers() {
	cat <<-'X'
		{"match":"\"situations\"","json":{"when":"lead.employees greater_than 500","situations":[{"holds":true,"fields":[{"field":"lead.employees","value":"501"}]},{"holds":false,"fields":[{"field":"lead.employees","value":"500"}]},{"holds":true,"fields":[{"field":"lead.employees","value":"12000"}]},{"holds":false,"fields":[]},{"holds":false,"fields":[{"field":"lead.employees","value":"3"}]},{"holds":true,"fields":[{"field":"lead.employees","value":"700.5"}]}]}}
		{"match":"classify_interested","json":{"action":"classify_question","reasoning":"It asks.","confidence":0.7,"requires_approval":false}}
		{"match":"\"name\":\"decide\"","json":{"action":"send_email","reasoning":"It is time.","confidence":0.9,"requires_approval":false}}
		{"json":{"subject":"A question","body":"Hi Ann,\n\nhow do you handle returns today? Would a call of fifteen minutes next week suit you?\n\nKim"}}
	X
}
# live NAME: all of it is ok
live() {
	run_ok sh "$LP_TOP/test/live/$1.sh"
	refute_output --partial 'not ok'
	assert_output --partial "$2"
}

@test "nothing set: each skips, and asks nobody" {
	for s in "$LP_TOP"/test/live/*.sh; do
		run_ok sh "$s"
		assert_line --regexp '^ok 1 - [a-z]+ # SKIP .* set$'
		assert_line 1..1
	done
}

@test "each provider" {
	start_model < <(answers)
	ANTHROPIC_API_KEY=sk-a-key ANTHROPIC_BASE_URL=$MODEL live anthropic 1..9
	OPENAI_API_KEY=sk-a-key OPENAI_BASE_URL=$MODEL/v1 live openai 1..8
	LP_LIVE_COMMAND="perl $LP_TOP/test/tools/stub-model.pl $PWD/model - $PWD/command.log" live command 1..7
}

@test "a model that isn't one: not ok, and why" {
	start_model <<<'{"raw":"<html>Welcome to the hotel</html>"}'
	export ANTHROPIC_API_KEY=sk-a-key ANTHROPIC_BASE_URL=$MODEL
	run_ok sh "$LP_TOP/test/live/anthropic.sh"
	assert_line 'ok 1 - anthropic: a file of its own, and a model in it'
	assert_line --partial 'the answer is no JSON'
	assert_equal "$(grep -c "^not ok" <<<"$output")" 7
}
