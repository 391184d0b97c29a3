# Loaded after helper and world: the services of telephones on loopback (test/tools/stub-phone.pl), accounts there, and a campaign by one channel.

start_phone() {
	: >phone
	rm -f phone.port
	perl "$LP_TOP/test/tools/stub-phone.pl" phone phone.port phone.log 3>&- 2>phone.err &
	PHONE_PID=$!
	for _ in $(seq 200); do
		[ ! -s phone.port ] || break
		sleep 0.02
	done
	PHONE=http://127.0.0.1:$(cat phone.port)
	export META_TOKEN=meta-token TWILIO_TOKEN=twilio-token OTHER_TOKEN=other-token
}
stop_phone() {
	[ -z "${PHONE_PID-}" ] || kill "$PHONE_PID" 2>/dev/null || true
	PHONE_PID=
}
# taken: how many messages left.   sent_as JQ: of each that was taken, in order
taken() {
	if [ -e phone.log ]; then jq -c 'select(.taken)' phone.log | wc -l; else echo 0; fi
}
sent_as() {
	jq -c "select(.taken) | $1" phone.log
}

SID=AC0123456789abcdef0123456789abcdef
add_meta() {
	lp-accounts add wa kind=whatsapp address=+15125550111 phone_number_id=123456 token_env=META_TOKEN "base_url=$PHONE" inbound=pushed \
		daily_limit=40 answer_share=0 gap_seconds=0 "$@"
}
add_twilio() {
	lp-accounts add tw kind=twilio address=+15125550122 account_sid=$SID token_env=TWILIO_TOKEN "base_url=$PHONE" inbound=pushed \
		daily_limit=40 answer_share=0 gap_seconds=0 "$@"
}
add_twilio_whatsapp() {
	lp-accounts add tww kind=twilio-whatsapp address=+15125550133 account_sid=$SID token_env=TWILIO_TOKEN "base_url=$PHONE" inbound=pushed \
		daily_limit=40 answer_share=0 gap_seconds=0 "$@"
}
add_other() {
	lp-accounts add other kind=sms-http address=+15125550144 "url=$PHONE/send" token_env=OTHER_TOKEN 'headers=Authorization: Bearer {token}' \
		id_path=messages.0.id inbound=pushed daily_limit=40 answer_share=0 gap_seconds=0 "$@"
}

# people: three leads, each the only one of their company, known by mail, telephone and WhatsApp
people() {
	cat >leads.csv <<-'X'
		first_name,last_name,company,email,phone,whatsapp,timezone
		Ann,Ash,Alpha,ann@alpha.example,+46701740601,+46701740601,Europe/Stockholm
		Bob,Birch,Beta,bob@beta.example,+447700900142,+447700900142,Europe/London
		Cid,Cedar,Gamma,cid@gamma.example,+4915155501234,+4915155501234,Europe/Berlin
	X
	lp-leads import -q leads.csv
}
consents() {
	for l in l1 l2 l3; do
		lp-leads consent -q $l channel="$1" source="web form" || return 1
	done
}
# begin CHANNEL STEPS: the world here with a campaign of these steps, approved, its first messages planned and due at noon
begin() {
	lp-config init --simulated -q && lp-config set -q slot_grace=1d max_messages_per_day=100 schedule_start_time=00:00 schedule_end_time=24:00 "${@:3}" || return 1
	[ "$1" != whatsapp ] || add_meta
	[ "$1" != sms ] || add_twilio
	people && consents "$1" && { echo "name: hello"; echo "steps:"; cat <<<"$2"; } >hello.yaml && lp-campaigns load -q hello.yaml &&
		lp-leads list -j | jq -r .id | xargs lp-campaigns enrol -q hello && lp-approve yes hello -y && lp-campaigns start -q hello && lp-start -q && lp-enqueue due && pipe && lp-enqueue due
}
# go TIME: a round of the pipe at that time, the messages with their sending times over
go() {
	export LP_NOW=$1
	lp-enqueue due && half && rest
}
