# Loaded after world: answers to what was sent.

# sent_to ADDRESS: the last message to it in out/
sent_to() {
	grep -l "^To: .*$1" out/new/* | tail -n 1
}

# answer FILE ADDRESS: a message like those of examples/replies, as an answer to the last mail to ADDRESS, into in/new
answer() {
	local mail id subject
	mail=$(sent_to "$2") && [ -n "$mail" ] || return 1
	id=$(sed -n 's/^Message-ID: <\(.*\)>$/\1/Ip' "$mail" | head -n 1)
	subject=$(sed -n 's/^Subject: //p' "$mail" | head -n 1)
	N=$((${N-0} + 1))
	sed -e "s/@MESSAGE-ID@/$id/g" -e "s|@SUBJECT@|$subject|g" -e "s/@DATE@/Tue, 03 Mar 2026 09:00:0$((N % 10)) +0000/g" "$1" >"in/new/answer$N.eml"
}

# says ADDRESS TEXT...: a plain answer of theirs
says() {
	local to=$1
	shift
	printf '%s\n' "From: <$to>" 'To: kim@lead.example' 'Subject: Re: @SUBJECT@' 'Date: @DATE@' "Message-ID: <said-${N-0}-$to>" 'In-Reply-To: <@MESSAGE-ID@>' '' \
		"$@" >said.eml
	answer said.eml "$to"
}

# judged [WHEN]: read, and judged, as lp-tick does it: at most one task of a person at a time, so round after round
judged() {
	local rounds=0
	[ $# -eq 0 ] || export LP_NOW=$1
	inboxes || return 1
	while [ "$(sql "SELECT count(*) FROM agent_tasks WHERE task_type = 'classify_reply' AND status = 'pending'")" -gt 0 ]; do
		[ $((rounds += 1)) -le 20 ] || fail 'what came in is never judged'
		lp-tasks claim --type classify_reply | lp-memory recall | lp-decide | lp-read | lp-tasks settle >/dev/null || return 1
	done
}
