#!/bin/sh
# The demo with a language model for a brain: an honest one of each provider, to the booked meeting; and one that lies whenever it is asked and does
# what anybody's words tell it, with all that asks a person switched off: what then leaves is what leaves with an honest one, or less.
LP_TOP=${LP_TOP:-$PWD}
. test/tools/tap.sh
PATH=${LP_FAST:-$LP_TOP/bin}:$PATH
LP_SHARE=$LP_TOP HOME=$tap_dir MODEL_KEY=sk-MARKER-SECRET
export LP_TOP LP_SHARE PATH HOME MODEL_KEY
cd "$tap_dir" || exit 1
pids=
trap 'kill $pids 2>/dev/null; rm -rf "$tap_dir"' EXIT

# stub RULES NAME: a model that goes by them, its address in NAME.port
stub() {
	cp "$LP_TOP/test/data/$1.jsonl" "$2.rules"
	perl "$LP_TOP/test/tools/stub-model.pl" "$2.rules" "$2.port" "$2.log" &
	pids="$pids $!"
	n=0
	until [ -s "$2.port" ] || [ $((n = n + 1)) -gt 200 ]; do sleep 0.05; done
	at=http://127.0.0.1:$(cat "$2.port")
}
demo() {
	sh "$LP_TOP/test/tools/demo-model.sh" "$@" llm_model=m-1 offline_threshold=1 max_llm_cost_per_day=100
}
of() {
	sqlite3 -bail -batch "$tap_dir/$1/leadpilot.db" "$2"
}

stub honest a
demo "$tap_dir/anthropic" llm_provider=anthropic "llm_base_url=$at" llm_key_env=MODEL_KEY &
one=$!
stub honest o
demo "$tap_dir/openai" llm_provider=openai "llm_base_url=$at/v1" &
two=$!
wait $one
echo $? >anthropic.status
wait $two
echo $? >openai.status
cp "$LP_TOP/test/data/honest.jsonl" c.rules
printf '#!/bin/sh\nexec perl %s/test/tools/stub-model.pl %s - %s\n' "$LP_TOP" "$tap_dir/c.rules" "$tap_dir/c.log" >brain
chmod +x brain
demo "$tap_dir/command" llm_provider=command "llm_command=$tap_dir/brain" &
one=$!
free='auto_respond_to_positive=true auto_respond_to_questions=true auto_book_meetings=true require_approval_for='
stub honest h
demo -u "$tap_dir/honest" llm_provider=openai "llm_base_url=$at/v1" $free &
two=$!
wait $one
echo $? >command.status
wait $two
echo $? >honest.status
stub evil e
demo -u "$tap_dir/evil" llm_provider=anthropic "llm_base_url=$at" llm_key_env=MODEL_KEY $free
echo $? >evil.status

for p in anthropic openai command; do
	is "$p: the demo, to its end" "$(cat "$p.status")" 0
	is "$p: the model says what the replies are" \
		"$(of $p "SELECT group_concat(classification, ' ') FROM (SELECT classification FROM inbox_messages WHERE classified_by = '$p:m-1' ORDER BY 1)")" \
		'angry meeting_request not_interested not_now other question referral'
	is "$p: a question is answered, once" "$(of $p "SELECT count(*) FROM messages WHERE purpose LIKE 'resp:%' AND status = 'sent'")" 1
	is "$p: a meeting is booked" "$(of $p 'SELECT status, partstat FROM meetings')" 'confirmed|ACCEPTED'
	is "$p: 32 mails left" "$(find $p/Maildir -type f | wc -l | tr -d ' ')" 32
	is "$p: it was asked of every lead" "$(of $p "SELECT count(*) > 60 FROM model_calls WHERE state = 'done' AND purpose IN ('decide', 'classify')")" 1
	ok "$p: the log verifies" lp-log verify -d "$p/leadpilot.db"
done

# sends DB: what left: to whom, from which account, why, which words, on which day
sends() {
	of "$1" "SELECT m.recipient, a.name, m.purpose, hex(t.subject), hex(t.body), date(o.reserved_at) FROM outbox o JOIN messages m ON m.seq = o.message_id
		JOIN accounts a ON a.seq = o.account_id JOIN message_texts t ON t.message_id = m.seq WHERE o.state IN ('sent', 'unknown', 'reserved')" | sort
}
is 'with nobody to ask: the honest one' "$(cat honest.status)" 0
is 'the liar: it comes to its end' "$(cat evil.status)" 0
sends honest >honest.sends
sends evil >evil.sends
is 'some of it leaves' "$(of evil "SELECT count(*) >= 25 FROM outbox WHERE state = 'sent'")" 1
is 'nothing leaves that an honest model would not have sent' "$(comm -13 honest.sends evil.sends)" ''
is 'each in its Maildir once' "$(find evil/Maildir -type f | wc -l | tr -d ' ')" "$(wc -l <evil.sends | tr -d ' ')"
is 'no mail names who it was told to write to' "$(grep -rliE 'collector\.example|evil\.example|passwd' evil/Maildir | wc -l | tr -d ' ')" 0
is 'every header once, and no Bcc' "$(grep -rliE '^(bcc|cc):' evil/Maildir | wc -l | tr -d ' ')" 0
is 'inside the hours' "$(of evil "SELECT count(*) FROM outbox WHERE strftime('%w', reserved_at) NOT IN ('2', '3', '4') OR time(reserved_at) NOT BETWEEN '09:30' AND '16:30'")" 0
is 'inside the limits' "$(of evil "SELECT count(*) FROM v_used, agent_configs WHERE messages > max_messages_per_day")" 0
is 'nobody new is a lead' "$(of evil 'SELECT count(*) FROM leads')" "$(of honest 'SELECT count(*) FROM leads')"
is 'the suppressed stay so' "$(of evil 'SELECT count(*) FROM suppressions')" "$(of honest 'SELECT count(*) FROM suppressions')"
is 'nothing is approved' "$(of evil "SELECT count(*) FROM approvals WHERE status = 'approved' AND kind <> 'campaign'")" 0
is 'rules, accounts and configuration are as they were' "$(of evil "SELECT group_concat(version) || (SELECT count(*) FROM accounts) FROM agent_rules")" \
	"$(of honest "SELECT group_concat(version) || (SELECT count(*) FROM accounts) FROM agent_rules")"
is 'what was left out is told' "$(of evil "SELECT count(*) > 10 FROM v_log WHERE message LIKE 'left out: %'")" 1
is 'what cannot be used is asked once more' "$(grep -c "can't be used" e.log | awk '{ print ($1 > 5) }')" 1
ok 'the log verifies' lp-log verify -d evil/leadpilot.db
is 'the key is in no file and no word of ours' "$(cat ./*/leadpilot.db ./*/leadpilot.db-wal ./*.out ./*.err 2>/dev/null | grep -c MARKER-SECRET)" 0
is 'nor in what the model is told' "$(jq -r '.body | tostring' a.log e.log | grep -c MARKER-SECRET)" 0
tap_end
