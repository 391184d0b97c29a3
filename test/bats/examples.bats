# The example of sending for real: the files load, fit each other, and hold nothing back that they say themselves.
load helper
load world

setup() {
	lp_setup
	world_new
	EX=$LP_TOP/examples
}

sections() {
	for p in lp-config lp-accounts lp-campaigns; do
		run_ok $p load "$@" "$EX/sending.yaml"
	done
}

lead() {
	cat >people.csv <<-'END'
		first_name,last_name,company,email,phone,whatsapp,country,timezone
		Ana,Oz,Alpha,ana@alpha.example,+46701740601,+46701740601,SE,Europe/Stockholm
	END
	run_ok lp-leads import people.csv --campaign three-ways
}

@test "sending.yaml: each section loads and is then as it was; three mail accounts, one of each telephone" {
	live_db
	sections
	sections -n
	assert_output ''
	run_ok lp-accounts -j
	assert_equal "$(jq -r '[.name, .kind] | join(" ")' <<<"$output" | sort)" "$(printf 'ada smtp\nben smtp\nkim smtp\nsms twilio\nwa whatsapp')"
	assert_equal "$(lp-config show compliance)" strict
}

@test "sending.yaml: the campaign is ready for a lead who agreed; what another one lacks is told, step by step" {
	live_db
	sections
	lead
	run_st 1 lp-campaigns check three-ways
	assert_line "three-ways: l1: step 3: no consent to WhatsApp is on record (lp-leads consent l1 channel=whatsapp source=...)"
	assert_line "three-ways: l1: step 4: no consent to SMS is on record (lp-leads consent l1 channel=sms source=...)"
	for c in email whatsapp sms; do
		run_ok lp-leads consent l1 channel=$c source='form at the fair'
	done
	run_ok lp-campaigns check three-ways
	assert_output ''
	run_ok lp-campaigns preview three-ways -j
	assert_equal "$(jq -r '[.step, .channel, (.holds | length)] | @csv' <<<"$output")" "$(printf '1,"email",0\n2,"email",0\n3,"whatsapp",0\n4,"sms",0')"
	# in strict, each mail has all that is asked for
	run_ok lp-campaigns preview three-ways
	for w in 'Lead AB, Storgatan 1, 111 23 Stockholm' 'https://lead.example/privacy' 'https://lead.example/out/'; do
		assert_output -p "$w"
	done
	run_ok lp-leads set -q l1 whatsapp=
	run_st 1 lp-campaigns check three-ways
	assert_line "three-ways: l1: step 3: no number for whatsapp: lp-leads set l1 whatsapp=+..."
	run_ok sql "UPDATE leads SET phone = '030 123456'"
	run_st 1 lp-campaigns check three-ways
	assert_line "three-ways: l1: step 4: '030 123456' is no number with its country, as +4915112345678 (lp-leads set l1 phone=...)"
}

@test "env: lp-tick takes it, and it has each secret that sending.yaml names; lp-doctor misses none" {
	live_db
	sections
	mkdir -p "$XDG_CONFIG_HOME/leadpilot"
	install -m 600 "$EX/env" "$XDG_CONFIG_HOME/leadpilot/env"
	run_ok lp-tick
	run_ok lp-doctor -q -j
	run jq -r 'select(.status != "ok" and (.check == "env" or (.message | test("_(env|file)")))) | .message' <<<"$output"
	assert_output ''
	for name in $(sed -n 's/^ *[a-z_]*_env: *//p' "$EX/sending.yaml"); do
		grep -q "^$name=" "$EX/env" || fail "not in env: $name"
	done
}

@test "crontab: five fields and a command, each line, also those that are to be put in" {
	live_db
	run_ok grep -cE '^#?(\*|\*/[0-9]+|[0-9]+)( (\*|[0-9]+)){4} [^ ]' "$EX/crontab"
	assert_output "$(grep -c 'lp-' <(grep -E '^#?[*0-9]' "$EX/crontab"))"
	# what cron has is what lp-config would print for that place
	run_ok lp-config cron
	assert_equal "$(sed 's/ [A-Z_]*=[^ ]*//g; s/ [^ ]*lp-tick.*/ lp-tick/' <<<"$output")" "$(grep -m 1 '^[*0-9]' "$EX/crontab" | sed 's/ [^ ]*lp-tick$/ lp-tick/')"
}
