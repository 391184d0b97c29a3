#!/bin/sh
# send.sh [N] - N messages (2,000) over SMTP into a local sink that throws them away (Postfix's smtp-sink), at 1 and at 10 connections: lp-send, which reserves each
# before and records each after, beside senders that keep no record: nodemailer's pool, Postfix's smtp-source, a loop of msmtp. A peer that isn't there is left out.
# Messages a second, the median of 3, all in one run.
set -eu
n=${1:-2000}
LP_TOP=$(cd "$(dirname "$0")/../.." && pwd)
export LP_TOP
work=$(mktemp -d "${TMPDIR:-/tmp}/lp-send.XXXXXX")
sink=
trap '[ -z "$sink" ] || kill "$sink" 2>/dev/null; rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
PATH=$PATH:/usr/sbin:/sbin
command -v smtp-sink >/dev/null || { echo '  (no smtp-sink here; Debian has it in postfix)'; exit 0; }
port=$(perl -MIO::Socket::INET -e 'print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)->sockport')
as=
[ "$(id -u)" -ne 0 ] || as='-u nobody'
# shellcheck disable=SC2086
(cd / && exec smtp-sink $as "127.0.0.1:$port" 200) &
sink=$!
# shellcheck source=test/tools/world.sh
. "$LP_TOP/test/tools/world.sh"
world_fresh "$work/w"
W_SMTP=$port
world_judged "$n" >/dev/null
m=$(wc -l <judged | tr -d ' ')

seconds() {
	from=$(date +%s%N)
	"$@" >/dev/null
	awk -v ns=$(($(date +%s%N) - from)) 'BEGIN { printf "%.4f\n", ns / 1e9 }'
}
rate() {
	awk -v n="$1" -v s="$2" 'BEGIN { printf "%.0f\n", n / s }'
}
median() {
	sort -n | sed -n 2p
}
# each from the same file, in which nothing is reserved yet
ours() {
	rm -rf "$work/try" && cp -R "$work/w" "$work/try"
	rate "$m" "$(LP_DB=$work/try/lp.db seconds sh -c "lp-send -P $1 <judged")"
	left=$(sqlite3 "$work/try/lp.db" "SELECT count(*) FROM outbox WHERE state = 'sent'")
	[ "$left" -eq "$m" ] || { echo "send: $left of $m were sent" >&2; exit 1; }
}
source_() {
	rate "$m" "$(seconds smtp-source -s "$1" -m "$m" -l 420 -f kim@leadpilot.example -t lead@c.example "127.0.0.1:$port")"
}
# a process and a connection for each message: a tenth of them says enough
loop() {
	lp-send -n m1 >mail 2>/dev/null || printf 'Subject: x\n\nx\n' >mail
	rate $((m / 10)) "$(seconds sh -c "i=0; while [ \$i -lt $((m / 10)) ]; do msmtp --host=127.0.0.1 --port=$port -f kim@leadpilot.example lead\$i@c.example <mail; i=\$((i + 1)); done")"
}
three() {
	for _ in 1 2 3; do "$@"; done | median
}
row() {
	awk -v c="$1" -v o="$2" -v p="$3" -v w="$4" 'BEGIN { printf "  %-36s %10s %10s %8.2f  %s\n", "send, " c " at once", o, p, o / p, w }'
}
for c in 1 10; do
	o=$(three ours "$c")
	if command -v node >/dev/null && NODE_PATH=${LP_NODE_PATH:-/usr/share/nodejs} node -e 'require("nodemailer")' 2>/dev/null; then
		row "$c" "$o" "$(NODE_PATH=${LP_NODE_PATH:-/usr/share/nodejs} three node "$LP_TOP/test/bench/send.js" "$port" "$m" "$c")" "nodemailer's pool, no record"
	fi
	row "$c" "$o" "$(three source_ "$c")" "smtp-source, no record, one text"
	[ "$c" -ne 1 ] || ! command -v msmtp >/dev/null || row "$c" "$o" "$(three loop)" 'a loop of msmtp, no record'
done
