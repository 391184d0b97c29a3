#!/bin/sh
# The pages: clean, true to the programs, and with examples that run.
. test/tools/tap.sh
bin=${LP_BIN:-$PWD/bin}

lint() {
	# that a page of ours isn't installed here yet is no fault of the page; xrefs() looks for it in man/
	out=$(mandoc -Tlint "$1" | grep -v 'referenced manual not found\|outdated mandoc.db')
	[ -z "$out" ] || { echo "$out"; return 1; }
}

xrefs() {
	bad=0
	for ref in $(sed -n 's/^\.Xr \(lp-[a-z]*\|leadpilot[a-z.]*\) \([1-8]\).*/\1.\2/p' "$1"); do
		[ -e "man/$ref" ] || { echo "$1: there is no man/$ref"; bad=1; }
	done
	return $bad
}

# SYNOPSIS as text on one line, to compare with what the program itself says
synopsis() {
	mandoc -Tutf8 -O width=500 "$1" | LC_ALL=C sed "s/.$(printf '\b')//g" | awk '/^SYNOPSIS/ { on = 1; next } /^[A-Z]/ { on = 0 } on' |
		tr -s ' \n' '  ' | sed 's/^ //; s/ $//'
}

usage() {
	"$bin/$1" --no-such-option 2>&1 >/dev/null </dev/null | sed -n '/^usage: /,$p' | sed 's/^usage: //' | tr -s ' \t\n' '   ' |
		sed 's/^ //; s/ $//'
}

same_usage() {
	s=$(synopsis "man/$1.1") u=$(usage "$1")
	[ -n "$u" ] && [ "$s" = "$u" ] || { printf 'page:    %s\nprogram: %s\n' "$s" "$u"; return 1; }
}

# Literal displays marked with a comment line `.\" run` (or `.\" run: loaded`, with accounts, leads and a campaign in the file) are run,
# line by line as a person would type them; lines that begin with "$ " where there are any, else all.
examples() {
	awk -v page="$1" -v dir="$2" '
	/^\.\\" run/ { marked = 1; loaded = ($0 ~ /loaded/); next }
	marked && /^\.Bd/ { on = 1; marked = 0; n++; file = dir "/" n (loaded ? ".loaded" : ".plain"); print "set -e" > file; next }
	/^\.Ed/ { on = 0 }
	on && !/^\./ {
		gsub(/\\&/, ""); gsub(/\\-/, "-"); gsub(/\\\(aq/, "\047"); gsub(/\\\(dq/, "\""); gsub(/\\e/, "\\"); gsub(/\\\(ti/, "~"); gsub(/\\\(ha/, "^")
		print > file
	}' "$1"
	for f in "$2"/*.plain "$2"/*.loaded; do
		[ -e "$f" ] || continue
		if grep -q '^\$ ' "$f"; then
			{ echo 'set -e'; sed -n 's/^\$ //p; s/^> //p' "$f"; } >"$f.sh"
		else
			cp "$f" "$f.sh"
		fi
	done
}

run_example() {
	w=$(mktemp -d "$tap_dir/ex.XXXXXX")
	cp -R examples "$w/"
	top=$PWD
	cd "$w" || return 1
	HOME=$w XDG_CONFIG_HOME=$w/.config XDG_DATA_HOME=$w LP_DB=$w/leadpilot.db LP_SHARE=$top LP_NOW=2026-03-02T10:00:00Z
	LC_ALL=C.UTF-8 TZ=UTC PATH=$bin:$PATH
	export HOME XDG_CONFIG_HOME XDG_DATA_HOME LP_DB LP_SHARE LP_NOW LC_ALL TZ PATH
	lp-config init --simulated </dev/null || return 1
	case $1 in
	*.loaded.sh) . "$top/test/tools/world.sh" && world_load || return 1 ;;
	esac
	sh "$1"
}

for m in man/*.[1-8]; do
	ok "$m is clean" lint "$m"
	ok "$m refers to pages that are there" xrefs "$m"
done
for c in cmd/*; do
	p=${c#cmd/}
	p=${p%.*}
	[ -e "man/$p.1" ] || continue
	ok "$p: SYNOPSIS is the usage line" same_usage "$p"
done
for m in man/*.[1-8]; do
	d=$tap_dir/${m#man/}
	mkdir "$d"
	examples "$m" "$d"
	for f in "$d"/*.sh; do
		[ -e "$f" ] || continue
		ok "$m: example ${f##*/} runs" run_example "$f"
	done
done
tap_end
