#!/bin/sh
# demo.sh [DIR] - a week of LeadPilot in a few seconds, with nothing but the commands that you would type.  `leadpilot demo` and
# `make demo` run it.  Everything happens in a new directory, on a simulated file; mail goes into a Maildir there and nowhere else.
set -eu
examples=$(cd "$(dirname "$0")" && pwd)

if [ $# -gt 0 ]; then
	if [ -e "$1" ]; then
		echo "leadpilot demo: '$1' exists already; name a new directory" >&2
		exit 73
	fi
	mkdir -p "$1"
	dir=$(cd "$1" && pwd)
else
	dir=$(mktemp -d "${TMPDIR:-/tmp}/leadpilot-demo.XXXXXX")
fi
cd "$dir"
cp "$examples"/leads.csv "$examples"/returns.yaml "$examples"/rules.yaml .
# a configuration of the person who runs this must not play a part
export LP_DB="$dir/leadpilot.db" XDG_CONFIG_HOME="$dir/.config" LP_NOW=2026-03-02T08:00:00Z TZ=UTC

say() {
	printf '\n%s\n' "$*"
}

typed() {
	printf '$'
	for word; do
		case $word in
		*[!A-Za-z0-9_./:=@%+,-]*) printf " '%s'" "$word" ;;
		*) printf ' %s' "$word" ;;
		esac
	done
	echo
}

# run COMMAND...: show it as it would be typed, and do it.  65 says that some of the input was bad, and the rest is done.
run() {
	typed "$@"
	"$@" || [ $? -eq 65 ]
}

# first N COMMAND...: the same, with no more of its output than a screen has room for
first() {
	n=$1
	shift
	typed "$@"
	"$@" >out.txt
	head -n "$n" out.txt
	left=$(($(wc -l <out.txt) - n))
	[ "$left" -le 0 ] || echo "  … and $left lines more"
	rm -f out.txt
}

# reply ADDRESS FILE: their answer to our last mail, as their mail program would send it, into our inbox
reply() {
	mail=$(grep -l "^To:.*<$1>" Maildir/new/* | head -n 1)
	id=$(sed -n 's/^Message-ID: <\(.*\)>$/\1/p' "$mail")
	subject=$(sed -n 's/^Subject: //p' "$mail" | sed 's/[&|\\]/\\&/g')
	sed -e "s/@MESSAGE-ID@/$id/g" -e "s|@SUBJECT@|$subject|g" -e "s/@DATE@/$date/" "$examples/replies/$2.eml" >"Inbox/new/$2"
	echo "  $2.eml, from $1"
}

say "One file holds everything.  This one is simulated: it is Monday, 2 March 2026, eight in the morning."
run lp-config init --simulated
run lp-accounts add sales kind=maildir address=kim@leadpilot.example "display_name=Kim Berg" "out=$dir/Maildir" "in=$dir/Inbox"
run lp-config set "notify_maildir=$dir/Notices"

say 'Whom we write to.  Rows that make no sense are named and left out; the others go in.'
run lp-leads import leads.csv -v
run lp-leads suppress daniel.weiss@alpenglas.example -m 'asked in 2024 not to be written to'

say 'What must not happen, as rules; and what we say, as a campaign: its steps, and its answers to what comes back.'
run lp-rules load rules.yaml
run lp-campaigns load returns.yaml
run lp-campaigns enrol returns --status active -v
first 14 lp-campaigns preview returns

say 'It is looked at once as a whole, approved, and started.'
run lp-approve yes returns -y
run lp-campaigns start returns
run lp-start

say 'From here on cron would run lp-tick every five minutes.  Until Wednesday evening:'
run lp-tick --until 2026-03-04T18:00:00Z
export LP_NOW=2026-03-04T18:00:00Z

say 'What left, as mail in a Maildir:'
echo '$ find Maildir -type f | wc -l'
find Maildir -type f | wc -l
one=$(grep -l '^To: Anna' Maildir/new/*)
first 24 cat "Maildir/new/${one##*/}"

say 'In the evening answers come in, in the forms that mail programs give them:'
date='Wed, 04 Mar 2026 17:40:00 +0000'
reply anna.lindqvist@nordlys-outdoor.example interested
reply priya.raman@saffronstreet.example question
reply saoirse@wildlingbooks.example not-interested
reply camille.laurent@atelierbrume.example not-now
reply grace@thistleandthread.example referral
reply ravi.menon@monsoonaudio.example angry
reply k.vogel@bergkind.example away
reply lukas.brandt@schrittmacher.example unsubscribe
reply viktor@rilawool.example bounce
reply emre.yildiz@mavicini.example instructions

export LP_NOW=2026-03-04T18:20:00Z
say 'The next tick reads them, says what each is, and does what follows.  What leaves, leaves in the morning.'
run lp-tick
run lp-inbox list

say 'What a person must see waits, with its reason: the invitation to the call that Anna asked for, and who was named.'
run lp-approve list
meeting=$(lp-approve list -j | sed -n 's/.*"id":"\(p[0-9]*\)".*"action":"book_meeting".*/\1/p' | head -n 1)
run lp-approve show "$meeting"
run lp-approve yes "$meeting" -y
run lp-tick --until 2026-03-05T10:00:00Z
export LP_NOW=2026-03-05T10:00:00Z

say "Priya's question was answered from the campaign's own words, and Anna has an invitation that her calendar understands."
answer=$(grep -l '^Subject: Re:.*Saffron' Maildir/new/*)
first 30 cat "Maildir/new/${answer##*/}"
invitation=$(grep -l '^Content-Type: text/calendar' Maildir/new/* | head -n 1)
first 60 cat "Maildir/new/${invitation##*/}"

say 'She accepts it in her calendar:'
uid=$(lp-book list -j | sed -n 's/.*"uid":"\([^"]*\)".*/\1/p' | head -n 1)
sed -e "s/@UID@/$uid/" -e "s/@DATE@/Thu, 05 Mar 2026 10:05:00 +0000/" -e 's/@DTSTAMP@/20260305T100500Z/' \
	-e 's/@DTSTART@/20260306T090000Z/;s/@DTEND@/20260306T093000Z/;s/@SUBJECT@/Call/' "$examples/replies/accepted.eml" >Inbox/new/accepted
run lp-tick --until 2026-03-06T18:00:00Z
export LP_NOW=2026-03-06T18:00:00Z
run lp-book list --status all

say 'What people were told, as mail:'
grep -l '^Subject: .*\(need you\|booked\)' Notices/new/* | while IFS= read -r notice; do
	first 30 cat "$notice"
done

say 'What did not leave, and why:'
first 16 lp-report held --since 2026-03-02
first 14 lp-log why lukas.brandt@schrittmacher.example

say 'Where things stand:'
first 24 lp-report

say 'Every step is logged with its reasons, in a chain that shows if anything was taken out.'
run lp-log verify

say "All of it is in $dir.  To look further:"
cat <<-END
	  export LP_DB=$LP_DB LP_NOW=$LP_NOW
	  lp-inbox show anna.lindqvist@nordlys-outdoor.example # one conversation
	  lp-log why anna.lindqvist@nordlys-outdoor.example    # one person's whole story
	  lp-report held                                       # what waits, and what would move it
	  sqlite3 \$LP_DB 'SELECT * FROM v_funnel'              # everything is a table
END
