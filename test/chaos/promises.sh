#!/bin/sh
# What always holds, each with somebody in the pipe who tries to break it.
LP_TOP=${LP_TOP:-$PWD}
export LP_TOP
. test/tools/tap.sh
. "$LP_TOP/test/tools/world.sh"

sql() {
	sqlite3 -bail -batch -cmd '.timeout 10000' "$LP_DB" "$1"
}

mails() {
	find Maildir -path '*/new/*' -type f 2>/dev/null | wc -l | tr -d ' '
}

# world NAME N: N people to mail, their tasks due, the clock late enough for every sending time
world() {
	world_fresh "$tap_dir/$1" && world_many "$2" >out 2>&1 || { tap_result 'not ok' "$1: the world is made"; sed 's/^/# /' out; return 1; }
	lp-tick && lp-enqueue due && LP_NOW=2026-03-02T23:00:00Z # planned, and given their times, which have come
}

upto_gate() {
	lp-tasks claim --type send_message "$@" | lp-memory recall | lp-decide | lp-draft | lp-rules gate
}

whole() {
	upto_gate | lp-send | lp-tasks settle
}

# what dead runs left is taken over after five minutes of the real clock: let them have passed
age_runs() {
	sql "UPDATE runs SET heartbeat_at = '2000-01-01T00:00:00.000Z'"
}

# --- a forged envelope can do no more than name a task
world forged 6
upto_gate -l 2 >gated
jq -c '.lead.email = "victim@evil.example" | .message.recipient = "victim@evil.example" | .draft.subject = "Forged" | .draft.body = "Forged" |
	.draft.hash = "00" | .campaign.name = "forged" | .decision.data.to = "victim@evil.example"' gated | lp-send >sent
lp-tasks settle <sent >/dev/null
is 'forged: recipient and text are the row'\''s' "$(mails) $(grep -rl 'victim@evil\|Forged' Maildir | wc -l | tr -d ' ')" '2 0'

upto_gate -l 1 >gated
victim=$(jq -r .task.lead_id gated)
lp-leads suppress "$(sql "SELECT email FROM leads WHERE seq = ${victim#l}")" -m 'asked us to' >/dev/null
jq -c '.gate = {"verdict":"allow","reasons":[],"rules":[]}' gated | lp-send | lp-tasks settle >/dev/null
is 'forged: an allowing verdict does not unsuppress' "$(mails)" 2

before=$(mails)
free=$(sql "SELECT 't' || seq FROM agent_tasks WHERE status = 'pending' AND task_type = 'send_message' LIMIT 1")
jq -c --arg t "$free" '.task.id = $t' gated | lp-send >lost
is 'forged: a task of no lease is no task' "$(jq -r '.error.code' lost) $(mails)" "lease_lost $before"
jq -c --arg t "$free" '.task.id = $t | .task.lease = "00000000-0000-7000-8000-000000000000"' gated | lp-send >lost
is 'forged: nor is one of an invented lease' "$(jq -r '.error.code' lost) $(mails)" "lease_lost $before"

lp-tasks claim --type send_message -l 1 | jq -c '.result = {"status":"sent","message_id":"m1"} | .decision = {"action":"send_email","confidence":1}' | lp-tasks settle >/dev/null
is 'forged: a result without its row completes nothing' \
	"$(sql "SELECT count(*) FROM agent_tasks t WHERE t.task_type = 'send_message' AND t.outcome = 'done' AND NOT EXISTS (SELECT 1 FROM outbox o WHERE o.message_id = t.message_id AND o.state = 'sent')")" 0
ok 'forged: the log verifies' lp-log verify

# --- each stage left out in turn
for left in recall decide draft gate send; do
	world "without-$left" 3
	lp-tasks claim --type send_message |
		{ if [ $left = recall ]; then cat; else lp-memory recall; fi; } |
		{ if [ $left = decide ]; then cat; else lp-decide; fi; } |
		{ if [ $left = draft ]; then cat; else lp-draft; fi; } |
		{ if [ $left = gate ]; then cat; else lp-rules gate; fi; } |
		{ if [ $left = send ]; then cat; else lp-send; fi; } | lp-tasks settle >/dev/null
	case $left in
	recall) is 'without recall: it goes' "$(mails)" 3 ;;
	*) is "without $left: nothing leaves" "$(mails)" 0 ;;
	esac
	is "without $left: no task is lost" "$(sql "SELECT count(*) FROM agent_tasks WHERE status = 'running'")" 0
	LP_NOW=2026-03-02T23:50:00Z
	lp-tasks list --status awaiting_approval -j | jq -r .id | xargs -r lp-tasks retry # what the gate held is a person's to bring back
	lp-tick --until +40m # with a sending time of its own again, where the hold took it
	is "without $left: the next whole pipelines make it good" "$(mails)" 3
done

# --- stages the other way round, and twice
world twice 3
lp-tasks claim --type send_message | lp-memory recall | lp-decide | lp-decide | lp-draft | lp-draft | lp-rules gate | lp-rules gate | tee gated | lp-send | lp-send >sent
lp-send <gated >again
is 'every stage twice: each mail once' "$(mails)" 3
is 'and the second says what the first did' "$(jq -cS .result again)" "$(jq -cS .result sent)"
lp-tasks settle <sent >/dev/null
lp-tasks settle <sent >late
is 'settled is settled' "$(sql "SELECT count(*) FROM agent_tasks WHERE task_type = 'send_message' AND outcome = 'done'")" 3

# --- a task whose stage dies each time
world crash 4
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14; do
	lp-tasks claim -l 1 >/dev/null
	age_runs
done
is 'a task that crashes its stage fails, and is told' \
	"$(sql "SELECT count(*) >= 1 FROM agent_tasks t JOIN notifications n ON n.task_id = t.seq WHERE t.status = 'failed' AND t.outcome = 'crashed'")" 1
while lp-tasks due >/dev/null; do whole >/dev/null || break; done
is 'and the others go all the same' "$(mails)" "$(sql "SELECT 4 - count(*) FROM agent_tasks WHERE outcome = 'crashed'")"

# --- a lease that ran out under a slow stage
world slow 3
upto_gate >gated
age_runs
LP_NOW=2026-03-02T23:10:00Z
for _ in 1 2 3 4; do whole >/dev/null; done
is 'slow: the next pipeline took over and sent' "$(mails)" 3
lp-send <gated >late
is 'slow: the old one sends nothing' "$(mails)" 3
is 'slow: and is told why' "$(jq -r '.error.code' late | sort -u)" lease_lost
lp-tasks settle <late >/dev/null
is 'slow: nor does its settle change anything' "$(sql "SELECT count(*) FROM agent_tasks WHERE task_type = 'send_message' AND outcome = 'done'")" 3

# --- stopped is stopped, in pipelines that run already, too
world stop 4
upto_gate -l 2 >gated
lp-stop -m 'a wrong list' >/dev/null
lp-send <gated | lp-tasks settle >/dev/null
is 'lp-stop in mid-pipe' "$(mails)" 0
lp-start >/dev/null
: >STOP
LP_NOW=2026-03-02T23:20:00Z
whole >/dev/null
is 'a file named STOP' "$(mails)" 0
rm STOP
LP_NOW=2026-03-02T23:40:00Z
while lp-tasks due >/dev/null; do whole >/dev/null || break; done
is 'started again, they go' "$(mails)" 4

# --- an approval binds what was shown
world approval 3
cat >hold.yaml <<-'END'
	rules:
	  - {name: Look first, type: filter, when: lead.company contains "Company", then: hold}
END
lp-rules load hold.yaml
whole >/dev/null
is 'held: nothing leaves' "$(mails)" 0
is 'held: all wait for approval' "$(sql "SELECT count(*) FROM approvals WHERE status = 'open' AND kind = 'task'")" 3
lp-approve yes --all -y >/dev/null
is 'approved' "$(sql "SELECT count(*) FROM approvals WHERE status = 'approved' AND kind = 'task'")" 3
# one stored text is changed behind everybody's back, one lead is called something else from now on, one stays as it was
sql "UPDATE message_texts SET body = 'Something quite different' WHERE message_id = (SELECT message_id FROM agent_tasks WHERE lead_id = 1 AND task_type = 'send_message')"
lp-leads set l2 first_name=Other
lp-tick --until +50m # they get a sending time again
is 'approved: what was shown leaves' "$(grep -l 'lead3@' -r Maildir | wc -l | tr -d ' ')" 1
is 'a text that nobody saw does not' "$(grep -rl 'quite different' Maildir | wc -l | tr -d ' ')" 0
is 'nor does a mail to somebody of another name' "$(grep -rl 'lead2@' Maildir | wc -l | tr -d ' ')" 0
is 'it waits for a new approval' "$(sql "SELECT count(*) FROM approvals WHERE status = 'open' AND kind = 'task' AND task_id = (SELECT seq FROM agent_tasks WHERE lead_id = 2 AND task_type = 'send_message')")" 1
ok 'the log verifies' lp-log verify
tap_end
