# Loaded after helper: a language model on loopback, that answers by the rules of the file `model`, a JSON object a line (test/tools/stub-model.pl has them).

# start_model: at $MODEL (its address); the rules stand on standard input.   rules: new ones.   asked: how many questions it got
start_model() {
	cat >model
	perl "$LP_TOP/test/tools/stub-model.pl" model model.port model.log 3>&- &
	MODEL_PID=$!
	for _ in $(seq 200); do
		[ ! -s model.port ] || break
		sleep 0.02
	done
	MODEL=http://127.0.0.1:$(cat model.port)
}
rules() {
	cat >model
	rm -f model.used
}
asked() {
	if [ -e model.log ]; then wc -l <model.log; else echo 0; fi
}
stop_model() {
	[ -z "${MODEL_PID-}" ] || kill "$MODEL_PID" 2>/dev/null || true
	MODEL_PID=
}

# use_anthropic, use_openai [KEY=VALUE...]: the agent's brain is the model there
use_anthropic() {
	export MODEL_KEY=sk-MARKER-SECRET
	lp-config set -q llm_provider=anthropic llm_model=m-1 "llm_base_url=$MODEL" llm_key_env=MODEL_KEY "$@"
}
use_openai() {
	lp-config set -q llm_provider=openai llm_model=m-1 "llm_base_url=$MODEL/v1" "$@"
}
