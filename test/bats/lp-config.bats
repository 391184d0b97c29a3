# lp-config: init, show, set, load, dump, hours, cron, migrate, backup
load helper

@test "init: a private file, WAL, the defaults, and nothing asked in a script" {
	run_ok lp-config init --simulated
	assert_output ''
	assert_equal "$(stat -c %a lp.db)" 600
	assert_equal "$(sql 'PRAGMA journal_mode')" wal
	run_ok lp-config show -j
	assert_equal "$(jqs '[.schedule_timezone, .schedule_start_time, .max_messages_per_day, .require_approval_for, .is_enabled, .simulated, .version]')" \
		'["UTC","09:00",100,["send_message","book_meeting"],false,true,1]'
}

@test "init: the keys' defaults are those of the schema" {
	new_db
	lp-config dump >fresh
	# a section that names nothing brings every key to its default: nothing is left to change
	printf 'config: {}\n' >empty.yaml
	run_ok lp-config load -n empty.yaml
	assert_output ''
	run_ok lp-config load empty.yaml
	lp-config dump | diff fresh -
}

@test "init: what exists is left alone" {
	echo precious >lp.db
	run_err 73 'exists already' lp-config init --simulated
	assert_equal "$(cat lp.db)" precious
}

@test "init: with values, or not at all" {
	run_ok lp-config init --simulated schedule_timezone=Europe/Berlin name=Acme
	assert_equal "$(lp-config show schedule_timezone)" Europe/Berlin
	rm lp.db*
	run_err 64 "unknown time zone 'Berlin' (did you mean 'Europe/Berlin'?)" lp-config init --simulated schedule_timezone=Berlin
	run_err 65 'empty window' lp-config init --simulated schedule_start_time=17:00
	assert [ ! -e lp.db ]
	assert [ ! -e lp.db-wal ]
	run_err 64 'not KEY=VALUE' lp-config init somefile.db
}

@test "init: the machine's zone, the usual place, a directory that isn't there, a clock that is set" {
	TZ=America/New_York run_ok lp-config init --simulated
	assert_equal "$(lp-config show schedule_timezone)" America/New_York
	run_err 78 'the clock is set' lp-config init -d other.db
	assert [ ! -e other.db ]
	run_err 73 'No such file' lp-config init --simulated -d no/where/lp.db
	unset LP_DB
	run_ok lp-config init --simulated
	assert_equal "$(stat -c %a .data/leadpilot .data/leadpilot/leadpilot.db | tr '\n' ' ')" '700 600 '
	run_err 64 '--seed goes with --simulated' env -u LP_NOW lp-config init --seed x -d o.db
}

@test "init: two at once, one file" {
	for i in 1 2 3 4 5 6; do
		{ s=0; lp-config init --simulated 2>/dev/null || s=$?; echo $s >"st.$i"; } &
	done
	wait
	assert_equal "$(cat st.? | sort -n | tr '\n' ' ')" '0 73 73 73 73 73 '
	run_ok lp-config show name
}

@test "init: asks on a terminal" {
	command -v script >/dev/null || skip 'no script(1)'
	printf 'Acme\nEurope/Nowhere\nEurope/Paris\n\n' >answers
	script -qec 'lp-config init --simulated' /dev/null <answers >tty 2>&1
	grep -q "unknown time zone 'Europe/Nowhere'" tty
	assert_equal "$(lp-config show name schedule_timezone notify_email)" 'name                       Acme
schedule_timezone          Europe/Paris
notify_email'
}

@test "show: one value, several, JSON, unknown" {
	new_db
	run_ok lp-config show schedule_days
	assert_output monday,tuesday,wednesday,thursday,friday
	run_ok lp-config show max_leads_per_day name
	assert_line 'max_leads_per_day          50'
	run_ok lp-config show -j max_leads_per_day
	assert_output '{"max_leads_per_day":50}'
	run_err 64 "unknown key 'max_lead_per_day' (did you mean 'max_leads_per_day'?)" lp-config show max_lead_per_day
}

@test "set: changes what is named, logs it, counts a version where it decides" {
	new_db
	run_ok lp-config set max_leads_per_day=5 schedule_days=mon,Wed -m 'small start'
	assert_output ''
	assert_equal "$(lp-config show schedule_days)" monday,wednesday
	assert_equal "$(sql "SELECT message FROM agent_log_payloads WHERE message LIKE '%max_leads%'")" \
		'config: max_leads_per_day: 50 -> 5 (small start)'
	assert_equal "$(sql 'SELECT version FROM agent_configs')" 1
	run_ok lp-config set auto_book_meetings=yes
	assert_equal "$(sql 'SELECT version FROM agent_configs')" 2
	local rows
	rows=$(sql 'SELECT count(*) FROM agent_logs')
	run_ok lp-config set auto_book_meetings=on max_leads_per_day=5
	assert_equal "$(sql 'SELECT count(*) FROM agent_logs')" "$rows"
}

@test "set: every refusal by name, and nothing done" {
	new_db
	lp-config dump >before
	while IFS='|' read -r pair why; do
		run_err 64 "$why" lp-config set max_leads_per_day=7 "$pair"
	done <<-'END'
		max_mesages_per_day=1|unknown key 'max_mesages_per_day' (did you mean 'max_messages_per_day'?)
		id=1|unknown key 'id'
		org_id=1|unknown key 'org_id'
		is_enabled=true|lp-start and lp-stop do it
		status=running|lp-start and lp-stop do it
		notify_slack_webhook=https://hooks.example|did you mean 'notify_slack_webhook_env'?
		notify_slack_webhook_env=https://hooks.example/x|not the name of an environment variable
		max_messages_per_day=many|max_messages_per_day: 'many' is not a whole number
		max_messages_per_day=-1|max_messages_per_day: '-1' is not a whole number
		max_messages_per_day=1.5|is not a whole number
		max_messages_per_day=|is not a whole number
		max_messages_per_day=99999999999999999999|is not from 0 to 1000000
		temperature=3|temperature: '3' is not from 0 to 2
		temperature=nan|is not a number
		temperature=1.2.3|is not a number
		min_confidence=1.1|is not from 0 to 1
		schedule_enabled=maybe|schedule_enabled: 'maybe' is not yes or no
		schedule_timezone=Europe/Berln|schedule_timezone: unknown time zone 'Europe/Berln' (did you mean 'Europe/Berlin'?)
		schedule_timezone=|the time zone is empty
		schedule_timezone=../UTC|unknown time zone
		schedule_days=funday|schedule_days: unknown day 'funday'
		schedule_days=|no day at all
		schedule_start_time=9|schedule_start_time: '9' is not a time of day
		schedule_start_time=24:00|past the end of the day
		schedule_start_time=17:00|an empty window: it starts and ends at '17:00'
		holidays=christmas|holidays: 'christmas' is not a date
		holidays=2026-02-30|is not a date
		require_approval_for=send_mesage|unknown task type or action 'send_mesage' (did you mean 'send_message'?)
		approval_expires=soon|approval_expires: 'soon' is not a duration
		approval_expires=0|is no time at all
		llm_provider=antropic|there is no provider 'antropic' (there are: offline, anthropic, openai, command)
		name=|name: must not be empty
		notify_email=nobody|notify_email:
		max_leads|'max_leads' is not KEY=VALUE
	END
	lp-config dump | diff before -
	assert_equal "$(sql "SELECT count(*) FROM agent_log_payloads WHERE message LIKE 'config:%'")" 0
}

@test "set: all that is wrong is told at once; a pasted secret isn't repeated" {
	new_db
	run_st 64 lp-config set max_leads_per_day=x nosuch=1 notify_slack_webhook_env=https://hooks.example/T0/SECRET
	assert_equal "$(wc -l <<<"$stderr")" 3
	[[ $stderr != *SECRET* ]]
}

@test "set: start after end is a window over midnight; both at once; -n shows" {
	new_db
	run_ok lp-config set schedule_start_time=22:00 schedule_end_time=06:00
	run_ok lp-config set -n schedule_start_time=06:00 schedule_end_time=22:00
	assert_output 'schedule_start_time: 22:00 -> 06:00
schedule_end_time: 06:00 -> 22:00'
	assert_equal "$(lp-config show schedule_start_time)" 22:00
	run_st 64 lp-config set -n schedule_start_time=06:00
	run_ok lp-config set notify_email=Kim@Leadpilot.EXAMPLE report_at= holidays=
	assert_equal "$(lp-config show notify_email)" kim@leadpilot.example
	run_ok lp-config set notify_email=
	assert_equal "$(sql 'SELECT notify_email IS NULL FROM agent_configs')" 1
}

@test "load: the section, with places for what is wrong" {
	new_db
	printf 'config:\n  max_leads_per_day: 7\n  schedule_days: [monday, tuesday]\n  notify_email: null\nrules: []\n' >a.yaml
	run_ok lp-config load a.yaml
	assert_equal "$(lp-config show max_leads_per_day schedule_days | tr -s ' ' | tr '\n' ' ')" 'schedule_days monday,tuesday max_leads_per_day 7 '
	lp-config dump >before
	while IFS='|' read -r text why; do
		printf '%b' "$text" >b.yaml
		run_err 65 "$why" lp-config load b.yaml
	done <<-'END'
		config:\n  max_lead_per_day: 7\n|b.yaml:2:3: unknown key 'max_lead_per_day' (did you mean 'max_leads_per_day'?)
		config:\n  name: x\n  max_leads_per_day: lots\n|b.yaml:3:22: max_leads_per_day: 'lots' is not a whole number
		config:\n  schedule_timezone: Nowhere/Land\n|b.yaml:2:22: schedule_timezone: unknown time zone
		config:\n  name: [a, b]\n|b.yaml:2:9: name is not a single value
		config:\n  schedule_days: {monday: yes}\n|schedule_days is not a list of words
		config:\n  schedule_days: [monday, funday]\n|b.yaml:2:18: schedule_days: unknown day 'funday'
		config: 5\n|b.yaml:1:9: the section 'config:' is not a map
		confg:\n  name: x\n|b.yaml: has no section 'config:'
		config:\n  name: x\nrulez: []\n|b.yaml:3:1: unknown key 'rulez' (did you mean 'rules'?)
		config:\n  name: "x\n|b.yaml:
		config:\n  schedule_start_time: "17:00"\n|b.yaml: schedule_start_time, schedule_end_time: an empty window
		[]\n|not a map of sections
	END
	lp-config dump | diff before -
	run_err 66 'none.yaml' lp-config load none.yaml
	run_st 64 lp-config load
}

@test "load, dump, load, dump: a fixed point, awkward text included" {
	new_db
	run_ok lp-config set 'name=a: "b" # c' $'postal_address=Leadpilot GmbH\nHaus 1\n10115 Berlin' holidays=2026-12-25,2027-01-01 report_at= min_confidence=0.25
	lp-config dump >one.yaml
	run_ok lp-config load -n one.yaml
	assert_output ''
	run_ok lp-config init --simulated -d two.db
	run_ok lp-config load -d two.db one.yaml
	lp-config dump -d two.db | diff one.yaml -
}

@test "load: what was changed by hand is named, not lost" {
	new_db
	run_ok lp-config set schedule_timezone=Europe/Berlin
	printf 'config:\n  max_leads_per_day: 7\n' >a.yaml
	# before the first load the file's own words win, but what it doesn't speak of isn't lost
	run_err 77 "changed by hand and not so in the file: schedule_timezone (now 'Europe/Berlin')" lp-config load a.yaml
	printf '  schedule_timezone: Europe/Berlin\n' >>a.yaml
	run_ok lp-config load a.yaml
	run_ok lp-config set max_leads_per_day=9
	run_err 77 "max_leads_per_day (now '9')" lp-config load a.yaml
	assert_equal "$(lp-config show max_leads_per_day)" 9
	run_ok lp-config load --force a.yaml
	assert_equal "$(lp-config show max_leads_per_day)" 7
	# changed by hand to what the file says: nothing to lose
	run_ok lp-config set max_leads_per_day=8
	sed -i 's/: 7/: 8/' a.yaml
	run_ok lp-config load a.yaml
}

@test "hours: open, closed, at" {
	new_db schedule_timezone=Europe/Berlin
	run_ok lp-config hours
	assert_output 'open, closes monday 2026-03-02 17:00 (Europe/Berlin)'
	run_ok lp-config hours --at +1d -j
	assert_output '{"open":true,"next_open":"2026-03-03T10:00:00.000Z"}'
	run_ok lp-config hours --at 2026-03-27T16:00:00Z
	assert_output 'closed, opens monday 2026-03-30 09:00 (Europe/Berlin)'
	run_ok lp-config set holidays=2026-03-30
	run_ok lp-config hours -j --at 2026-03-27T16:00:00Z
	assert_output '{"open":false,"next_open":"2026-03-31T07:00:00.000Z"}'
	run_ok lp-config set schedule_enabled=no
	run_ok lp-config hours --at 2026-03-28T02:00:00Z
	assert_output 'open, closes monday 2026-03-30 00:00 (Europe/Berlin)'
	run_err 64 "--at: 'noon' is not a time" lp-config hours --at noon
}

@test "cron: a line that runs from anywhere, quoted" {
	mkdir -p "o'dd %dir"
	run_ok lp-config init --simulated -d "o'dd %dir/lp.db"
	run_ok lp-config cron -d "o'dd %dir/lp.db"
	[[ $output == "*/5 * * * * "* && $output == */lp-tick && $output != *$'\n'* ]]
	# as cron does it: \% is %, the first five fields are the time
	local cmd=${output#\*/5 \* \* \* \* }
	cmd=${cmd//\\%/%}
	(cd / && eval "${cmd% *}; [ -e \"\$LP_DB\" ]")
	run_err 66 'lp-config init' lp-config cron -d none.db
}

@test "backup: whole, private, while others write; never over a file" {
	new_db
	run_ok lp-config set name=Kept
	run_ok lp-config backup copy.db
	assert_equal "$(stat -c %a copy.db)" 600
	assert_equal "$(lp-config show -d copy.db name)" Kept
	run_err 73 'copy.db' lp-config backup copy.db
	run_st 64 lp-config backup
}

@test "migrate: nothing to do, a newer file, no database" {
	new_db
	run_ok lp-config migrate -v
	assert_output --partial 'up to date'
	sqlite3 lp.db 'PRAGMA user_version = 900'
	run_err 78 'schema 900 is newer than this program' lp-config migrate
	run_err 78 'schema 900 is newer' lp-config show
	echo text >text.db
	run_err 78 'not a LeadPilot database' lp-config show -d text.db
	run_err 66 'no such database' lp-config show -d none.db
}

@test "a live file doesn't take a clock that is set, but can be read with one" {
	live_db
	export LP_NOW=$MONDAY
	run_err 78 'the clock is set' lp-config set name=x
	run_ok lp-config hours
}

@test "usage: no verb, a wrong one, a wrong option, help" {
	run_st 64 lp-config
	run_st 64 lp-config shw
	[[ $stderr == *"unknown verb 'shw' (did you mean 'show'?)"* ]]
	run_st 64 lp-config show --jsn
	[[ $stderr == *"unknown option '--jsn' (did you mean '--json'?)"* ]]
	run_ok lp-config -h
	assert_output --partial 'KEY=VALUE'
	run_ok lp-config -V
}

@test "standard output full" {
	new_db
	run_st 74 bash -c 'lp-config show >/dev/full'
}

@test "the page leadpilot.yaml(5) and the example: every key, and it loads" {
	local key
	new_db
	for key in $(lp-config show | awk '{ print $1 }'); do
		grep -qx "\.It Ic $key" "$LP_TOP/man/leadpilot.yaml.5" || fail "not in the page: $key"
	done
	run_ok lp-config load "$LP_TOP/examples/leadpilot.yaml"
	run_ok lp-config load -n "$LP_TOP/examples/leadpilot.yaml"
	assert_output ''
	assert_equal "$(lp-config show name)" 'Returns desk'
}
