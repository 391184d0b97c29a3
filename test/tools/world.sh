# shellcheck shell=sh
# Sourced by tests that begin where a user has set everything up.  LP_DB names the file, LP_TOP the tree; the clock is LP_NOW's.

# world_fresh DIR: an own directory, database, home and clock; the programs of the plain build, for tests that race
world_fresh() {
	mkdir -p "$1" && cd "$1" || return 1
	LP_TOP=${LP_TOP:?}
	HOME=$1 XDG_CONFIG_HOME=$1/.config XDG_DATA_HOME=$1 LP_DB=$1/lp.db LP_SHARE=$LP_TOP LP_NOW=2026-03-02T10:00:00Z
	LC_ALL=C.UTF-8 TZ=UTC PATH=${LP_FAST:-$LP_TOP/bin}:$PATH
	export LP_TOP HOME XDG_CONFIG_HOME XDG_DATA_HOME LP_DB LP_SHARE LP_NOW LC_ALL TZ PATH
}

# world_load: the example's account, leads, rules and campaign, approved and started
world_load() {
	w_dir=$(dirname "$LP_DB")
	[ -e "$LP_DB" ] || lp-config init --simulated || return 1
	lp-accounts add sales kind=maildir address=kim@leadpilot.example "out=$w_dir/Maildir" "in=$w_dir/Inbox" &&
		lp-rules load "$LP_TOP/examples/rules.yaml" &&
		lp-campaigns load "$LP_TOP/examples/hello.yaml" || return 1
	lp-leads import "$LP_TOP/examples/leads.csv" --campaign hello 2>/dev/null || [ $? -eq 65 ] || return 1
	lp-approve yes hello -y && lp-campaigns start hello && lp-start
}

# world_many N [ACCOUNT...]: N leads, one step, limits and hours wide open, slots by the second. W_SMTP=PORT: they send to a server there
world_many() {
	w_n=$1
	shift
	[ $# -gt 0 ] || set -- sales
	w_dir=$(dirname "$LP_DB")
	lp-config init --simulated &&
		lp-config set schedule_enabled=false max_messages_per_day=100000 max_leads_per_day=100000 max_actions_per_hour=100000 \
			max_messages_per_company=10000 slot_grace=2d || return 1
	for w_a; do
		set -- kind=maildir "out=$w_dir/Maildir"
		[ -z "${W_SMTP-}" ] || set -- kind=smtp host=127.0.0.1 "port=$W_SMTP" security=none
		lp-accounts add "$w_a" "$@" "address=$w_a@leadpilot.example" "in=$w_dir/Inbox.$w_a" daily_limit=10000 gap_seconds=0 answer_share=0 || return 1
	done
	awk -v n="$w_n" 'BEGIN {
		print "first_name,last_name,company,email"
		for (i = 1; i <= n; i++)
			printf "F%d,L%d,Company %d,lead%d@c%d.example\n", i, i, i, i, i
	}' | lp-leads import - || return 1
	cat >many.yaml <<-'END'
		name: many
		max_leads: 100000
		steps:
		  - subject: "{{first_name}}, a question about {{company}}"
		    body: |
		      Hi {{first_name}}, how do you handle returns at {{company}} today?
	END
	lp-campaigns load many.yaml && lp-campaigns enrol many --status active &&
		lp-approve yes many -y && lp-campaigns start many && lp-start
}

# world_judged N [ACCOUNT...]: world_many, with all of them judged and due at the end of the day, in `judged`: none reserved
world_judged() {
	world_many "$@" || return 1
	until [ "$(lp-enqueue due -j | jq .sequences)" -eq 0 ]; do
		:
	done
	while lp-tasks due >/dev/null; do
		lp-tasks claim -l 1000 | lp-read | lp-memory recall | lp-decide | lp-draft | lp-rules gate | lp-send | lp-tasks settle >/dev/null || return 1
	done
	until [ "$(lp-enqueue due -j | jq .messages)" -eq 0 ]; do
		:
	done
	export LP_NOW=2026-03-02T23:59:30Z
	: >judged
	while lp-tasks claim -l 1000 --type send_message >claimed && [ -s claimed ]; do
		lp-memory recall <claimed | lp-decide | lp-draft | lp-rules gate >>judged || return 1
	done
}
