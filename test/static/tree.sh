#!/bin/sh
# What the tree itself must hold: layers, where SQL may be, functions that aren't used here, unfinished work.
. test/tools/tap.sh

# Each layer includes only those below it; those of one height (the families of providers; accounts, campaigns, rules) don't know each other.
layers() {
	awk '
	BEGIN {
		split("base 0 net 1 mail 1 store 2 channel 3 source 3 calendar 3 llm 3 account 4 campaign 4 rules 4 sender 5 agent 6 show 7", f, " ")
		for (i = 1; i in f; i += 2)
			rank[f[i]] = f[i + 1]
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split(FILENAME, p, "/")
		inc = $0
		sub(/^[^"]*"/, "", inc)
		sub(/".*/, "", inc)
		if (!(p[2] in rank)) {
			print FILENAME ": no such layer: " p[2]
			bad = 1
		}
		if (split(inc, q, "/") != 2) {
			if (inc ~ /\.inc$/)
				next
			print FILENAME ":" FNR ": include \"" inc "\" by its layer, as \"base/err.h\""
			bad = 1
		} else if (!(q[1] in rank) || (q[1] != p[2] && rank[q[1]] >= rank[p[2]])) {
			print FILENAME ":" FNR ": " p[2] " must not include " inc
			bad = 1
		}
	}
	END { exit bad }' lib/*/*.[ch]
}

# lib/README.md says of each room what lives there, at the height that the table above has it.
rooms() {
	bad=0
	for r in lib/*/; do
		r=$(basename "$r")
		h=$(grep -o "[\" ]$r [0-9]" "$0" | head -n 1 | grep -o '[0-9]$')
		grep -q "^| $h | .$r. | " lib/README.md || { echo "lib/README.md has no row '| $h | \`$r\` |'"; bad=1; }
	done
	return $bad
}

none() {
	! grep -nE "$@"
}

# the text of C files without comments, so that prose may name what code may not
code() {
	for f in "$@"; do
		perl -0pe 's{("(?:\\.|[^"\\])*")|/\*.*?\*/|//[^\n]*}{defined $1 ? $1 : " " . ("\n" x ($& =~ tr/\n//))}gse' "$f" |
			sed "s|^|$f: |"
	done
}

banned() {
	code lib/*/*.[ch] cmd/*.c test/unit/*.c test/fuzz/*.c >"$tap_dir/code"
	none '\b(strcpy|strcat|stpcpy|v?sprintf|strtok(_r)?|ato[ifl]l?|gets|gmtime|localtime|ctime|asctime|tmpnam|mktemp|system|popen|alloca)[[:space:]]*\(' \
		"$tap_dir/code"
}

sql_in_store() {
	code lib/*/*.[ch] cmd/*.c | grep -v '^lib/store/' >"$tap_dir/code"
	none '\bsqlite3_[a-z]|<sqlite3\.h>|"(SELECT|INSERT|UPDATE|DELETE|BEGIN|PRAGMA) ' "$tap_dir/code"
}

cmd_is_thin() {
	code cmd/*.c >"$tap_dir/code"
	none 'yaml_parser_|yaml_event_|curl_easy_|curl_multi_|<(yaml|curl/curl)\.h>' "$tap_dir/code"
}

short_files() {
	long=$(wc -l cmd/*.c lib/*/*.c | awk '$2 != "total" && $1 > 500')
	[ -z "$long" ] || { echo "$long"; return 1; }
}

finished() {
	none '\b(TODO|FIXME|XXX|HACK|[Nn]ot implemented|unimplemented)\b' -r cmd lib schema examples man README.md Makefile
}

# "! command" passes in any line but a test's last: set -e looks away
checks_that_fail() {
	none '^[[:space:]]*! [^|]*(\|[^|]+)*$' test/bats/*.bats
}

pages() {
	bad=0
	for c in cmd/*; do
		p=${c#cmd/}
		p=${p%.*}
		[ -e "man/$p.1" ] || { echo "cmd/$p has no man/$p.1"; bad=1; }
	done
	return $bad
}

news() {
	head -n 1 NEWS | grep -qF "$(cat VERSION)"
}

ok 'no layer includes one above it' layers
ok 'each room is in lib/README.md' rooms
ok 'no function that is banned' banned
ok 'all SQL is in lib/store' sql_in_store
ok 'cmd/ holds no YAML events and no curl handles' cmd_is_thin
ok 'no source over 500 lines' short_files
ok 'no mark of unfinished work' finished
ok 'no check in a test that is none' checks_that_fail
ok 'every program has a page' pages
ok 'NEWS opens with the version' news
tap_end
