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
cp "$examples"/leads.csv "$examples"/hello.yaml "$examples"/rules.yaml .
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

say "One file holds everything.  This one is simulated: it is Monday, 2 March 2026, eight in the morning."
run lp-config init --simulated
run lp-accounts add sales kind=maildir address=kim@leadpilot.example "display_name=Kim Berg" "out=$dir/Maildir" "in=$dir/Inbox"

say 'Whom we write to.  Rows that make no sense are named and left out; the others go in.'
run lp-leads import leads.csv -v
run lp-leads suppress daniel.weiss@alpenglas.example -m 'asked in 2024 not to be written to'

say 'What must not happen, as rules; and what we say, as a campaign.'
run lp-rules load rules.yaml
run lp-campaigns load hello.yaml
run lp-campaigns enrol hello --status active -v
first 14 lp-campaigns preview hello

say 'It is looked at once as a whole, approved, and started.'
run lp-approve yes hello -y
run lp-campaigns start hello
run lp-start

say 'From here on cron would run lp-tick every five minutes.  The week until Friday evening:'
run lp-tick --until 2026-03-06T18:00:00Z
export LP_NOW=2026-03-06T18:00:00Z

say 'What left, as mail in a Maildir:'
echo '$ find Maildir -type f | wc -l'
find Maildir -type f | wc -l
one=$(grep -l '^Subject: Anna' Maildir/new/*)
first 24 cat "Maildir/new/${one##*/}"

say 'What did not leave, and why:'
first 20 lp-report held --since 2026-03-02
first 12 lp-log why hank@globex.example

say 'Where things stand:'
first 24 lp-report

say 'Every step is logged with its reasons, in a chain that shows if anything was taken out.'
run lp-log verify

say "All of it is in $dir.  To look further:"
cat <<-END
	  export LP_DB=$LP_DB LP_NOW=$LP_NOW
	  lp-log why anna.lindqvist@nordlys-outdoor.example   # one person's whole story
	  lp-report held                                      # what waits, and what would move it
	  sqlite3 \$LP_DB 'SELECT * FROM v_funnel'             # everything is a table
END
