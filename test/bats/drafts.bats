# lp-draft with a model: briefs of steps, written answers; the model is one of ours on loopback, right and wrong.
load helper
load world
load reply
load model

# briefed/: three leads in a campaign whose steps are briefs, the first messages decided and due; the model is configured, and not asked yet
setup_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup
	world_new && brief_world && cp -R . ../briefed && cd ..
}
setup() {
	use briefed && export LP_NOW=$NOON
}
teardown() {
	stop_model
}

brief_world() {
	lp-config init --simulated -q
	lp-config set -q slot_grace=1d max_messages_per_day=100
	lp-accounts add sales kind=maildir address=kim@lead.example display_name=Kim out=out in=in daily_limit=40 answer_share=0 gap_seconds=60
	mkdir -p in/new in/cur in/tmp
	cat >leads.csv <<-'X'
		first_name,last_name,company,email,shop system,mobile phone
		Ann,Ash,Alpha,ann@alpha.example,Shopsoft,+46701740601
		Bob,Birch,Beta Looms Ltd,bob@beta.example,Cartwheel,+447700900142
		Cid,Cedar,Gamma,cid@gamma.example,Korb und Co 77,+4915155501234
	X
	cat >returns.yaml <<-'X'
		name: returns
		goal: a call about returns
		footer: "Lead AB, Storgatan 1, Stockholm"
		writing: {language: English, tone: plain, max_words: 60, links: ["https://lead.example/returns"]}
		steps:
		  - brief: |
		      Ask how they handle returns today. We halve the time that a return takes.
		      The page https://lead.example/returns tells how.
		  - delay: 3d
		    brief: One short reminder.
		responses:
		  question: {brief: "Our service works with Shopsoft and Cartwheel. A month's trial is free."}
	X
	lp-campaigns load -q returns.yaml && lp-leads import -q leads.csv --campaign returns && lp-approve yes returns -y &&
		lp-config set -q llm_provider=anthropic llm_model=m-1 llm_base_url=http://127.0.0.1:1 llm_key_env=MODEL_KEY llm_timeout=5s &&
		lp-campaigns start -q returns && lp-start -q && lp-enqueue due && pipe
}

good='Hi there,\n\nhow do you handle returns at your shop today? We halve the time that one takes; https://lead.example/returns tells how.\n\nWould a short call next week suit you?\n\nKim'
# text SUBJECT BODY: a model's answer
text() {
	jq -cn --arg s "$1" --arg b "$(printf '%b' "$2")" '{json: {subject: $s, body: $b}}'
}
# due: what is due, decided; the lines
decided() {
	lp-enqueue due
	lp-tasks claim --type '!check_inbox' "$@" | lp-memory recall | lp-decide | lp-book
}

@test "a brief becomes a text of one lead: checked, stored with what it was written from, approved one by one" {
	text 'Returns at your shop' "$good" | start_model
	use_anthropic
	decided | lp-draft >lines
	assert_equal "$(asked)" 3
	assert_equal "$(sql "SELECT count(*), count(DISTINCT made_from), min(length(made_from)) FROM message_texts WHERE origin = 'model'")" '3|3|64'
	assert_equal "$(sql "SELECT subject FROM message_texts LIMIT 1")" 'Returns at your shop'
	assert_equal "$(sql "SELECT body FROM message_texts LIMIT 1" | tail -n 1)" 'Lead AB, Storgatan 1, Stockholm'
	assert_equal "$(jq -r .draft.origin lines | sort -u)" model
	lp-rules gate <lines | lp-send | lp-tasks settle >/dev/null
	assert_equal "$(sql "SELECT count(*) FROM agent_tasks WHERE status = 'awaiting_approval' AND hold_kind = 'approval'")" 3
	left 0
	lp-approve yes -y "t$(task_of 1)"
	pipe
	assert_equal "$(asked)" 3
	left 1
	grep -q 'Would a short call next week' out/new/*
	run_ok lp-log list
	assert_output --partial 'was written by anthropic:m-1'
}
