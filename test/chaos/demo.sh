#!/bin/sh
# The demo, as a stranger would run it; and that it comes out the same each time, to the byte.
LP_TOP=${LP_TOP:-$PWD}
. test/tools/tap.sh
PATH=${LP_FAST:-$LP_TOP/bin}:$PATH
LP_SHARE=$LP_TOP
export LP_TOP LP_SHARE PATH

demo() {
	env -i PATH="$PATH" LP_SHARE="$LP_SHARE" HOME="$tap_dir/none" leadpilot demo "$tap_dir/$1" >"$tap_dir/$1.out" 2>"$tap_dir/$1.err"
}

# what it said, without where it was (the log tells that too, and so its hash)
said() {
	sed "s|$tap_dir/$1|DIR|g; s/[0-9a-f]\{64\}/HASH/" "$tap_dir/$1.out"
}

ok 'the demo' demo one
ok 'again' demo two
is 'a week of mail' "$(find "$tap_dir/one/Maildir" -type f | wc -l | tr -d ' ')" 32
one() {
	sqlite3 "$tap_dir/one/leadpilot.db" "$1"
}
is 'each reply is what it is' "$(one "SELECT ifnull(classification, kind) FROM inbox_messages ORDER BY from_address" | sort | tr '\n' ' ')" \
	'angry auto_reply bounce meeting_request not_interested not_now other other question referral unsubscribe '
is 'a question is answered, once' "$(one "SELECT count(*) FROM messages WHERE purpose LIKE 'resp:%' AND status = 'sent'")" 1
is 'a meeting is booked' "$(one "SELECT status || ' ' || partstat FROM meetings")" 'confirmed ACCEPTED'
is 'with its invitation' "$(grep -l '^METHOD:REQUEST' "$tap_dir/one"/Maildir/new/* | wc -l | tr -d ' ')" 1
is 'an opt-out and a dead address are suppressed, besides the one by hand' \
	"$(one "SELECT group_concat(source, ' ') FROM (SELECT source FROM suppressions ORDER BY source)")" 'bounce hand reply'
is 'nobody else is written to' "$(grep -rl 'collector.example' "$tap_dir/one/Maildir" | wc -l | tr -d ' ')" 0
is 'a person is told' "$(grep -l '^Subject: .*need you' "$tap_dir/one"/Notices/new/* | wc -l | tr -d ' ')" 1
ok 'the same mail, to the byte' diff -r "$tap_dir/one/Maildir" "$tap_dir/two/Maildir"
said one >"$tap_dir/a"
said two >"$tap_dir/b"
ok 'and the same words' diff "$tap_dir/a" "$tap_dir/b"
is 'what it complains of is in the list' "$(sed 's/:.*//' "$tap_dir/one.err" | sort | uniq -c | tr -s ' ')" "$(printf ' 1 lp-campaigns\n 1 lp-leads')"
ok 'the log verifies' lp-log verify -d "$tap_dir/one/leadpilot.db"
ok 'it leaves nothing outside its directory' test ! -e "$tap_dir/none"
again() {
	leadpilot demo "$tap_dir/one" 2>"$tap_dir/err"
	[ $? -eq 73 ] && grep -q 'exists already' "$tap_dir/err"
}
ok 'a directory that exists is refused' again
tap_end
