# Loaded after helper: a small world that everything speaks for, and the pipe by which it is done, whole or up to the gate.
# Three leads, each the only one of their company, in a campaign of two steps, approved and started.  It is made once for a file and copied for each
# test.

NOON=2026-03-02T12:00:00Z

# world_file: for setup_file.  planned/ is at noon, three first messages with their sending times over; gated/ has them judged, none reserved.
world_file() {
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR lp_setup
	# planned as with a gap; what is late leaves at one go, or three ticks would be needed everywhere
	world_new && world_make && lp-accounts set sales gap_seconds=60 >/dev/null && lp-enqueue due && lp-accounts set sales gap_seconds=0 >/dev/null && cp -R . ../planned && export LP_NOW=$NOON && half && cp -R . ../gated && cd ..
}

# world_new: an empty directory for a world, and the way into it.  Always the same one: accounts hold whole paths
world_new() {
	rm -rf "$BATS_FILE_TMPDIR/w" && mkdir -p "$BATS_FILE_TMPDIR/w" && cd "$BATS_FILE_TMPDIR/w" || return 1
	export LP_DB=$PWD/lp.db
}

# world_make [KEY=VALUE...]: the world here, with these settings of the agent on top; its messages planned, not yet due
world_make() {
	{ [ -e "$LP_DB" ] || lp-config init --simulated -q; } &&
		lp-config set -q slot_grace=1d max_messages_per_day=100 "$@" &&
		lp-accounts add sales kind=maildir address=kim@lead.example out=out in=in daily_limit=40 answer_share=0 gap_seconds=0 || return 1
	cat >leads.csv <<-'X'
		first_name,last_name,company,email,mobile phone
		Ann,Ash,Alpha,ann@alpha.example,+46701740601
		Bob,Birch,Beta,bob@beta.example,+447700900142
		Cid,Cedar,Gamma,cid@gamma.example,+4915155501234
	X
	cat >hello.yaml <<-'X'
		name: hello
		steps:
		  - subject: "{{first_name}}, a question about {{company}}"
		    body: |
		      Hi {{first_name|there}}, how do you handle returns at {{company}} today?
		  - {delay: 3d, body: "Any thoughts, {{first_name|there}}?"}
	X
	mkdir -p in/new in/cur in/tmp
	lp-campaigns load -q hello.yaml && lp-leads import -q leads.csv --campaign hello && lp-approve yes hello -y &&
		lp-campaigns start -q hello && lp-start -q && lp-enqueue due && pipe
}

# use NAME: a fresh copy of planned/ or gated/
use() {
	lp_setup && rm -rf "$BATS_FILE_TMPDIR/w" && cp -R "$BATS_FILE_TMPDIR/$1" "$BATS_FILE_TMPDIR/w" && cd "$BATS_FILE_TMPDIR/w" || return 1
	export LP_DB=$PWD/lp.db LP_NOW=$NOON
}

# half [OPTION...]: claimed, decided, drafted and judged; the lines are in gated.   rest: sent and settled, from there
half() {
	lp-tasks claim --type '!check_inbox' "$@" | lp-memory recall | lp-decide | lp-book | lp-draft | lp-rules gate >gated
}
rest() {
	lp-send <gated >sent && lp-tasks settle <sent >settled
}
pipe() {
	half "$@" && rest
}
inboxes() {
	lp-enqueue due && lp-tasks claim --type check_inbox | lp-read | lp-tasks settle >/dev/null
}
# tick WHEN: what cron would do then, in rounds until nothing is due
tick() {
	local n=0
	export LP_NOW=$1
	inboxes && pipe || return 1
	while lp-tasks due >/dev/null; do
		pipe && [ $((n += 1)) -lt 20 ] || fail "no end at $1"
	done
}

# to ADDRESS: how many messages to it are in the Maildir
to() {
	grep -rls "^To: .*<$1>" out | wc -l | tr -d ' '
}
# left N: so many are in the Maildir, and so many say the rows
left() {
	assert_equal "$(mails out)" "$1"
	assert_equal "$(sql "SELECT count(*) FROM outbox WHERE state = 'sent'")" "$1"
}
# last_verdict TASK: what was found last, and why
last_verdict() {
	sql "SELECT verdict || ' ' || reason FROM verdicts WHERE task_id = $1 ORDER BY seq DESC LIMIT 1"
}
# task_of LEAD: the number of its task that sends
task_of() {
	sql "SELECT max(seq) FROM agent_tasks WHERE lead_id = $1 AND message_id IS NOT NULL"
}
