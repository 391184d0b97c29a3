#!/bin/sh
# Turns schema/NNN-name.sql into a C initialiser: { number, "name", "sql" }, one string literal a line.
set -eu
for f in "$@"; do
	b=$(basename "$f" .sql)
	n=$(echo "$b" | sed 's/^0*\([0-9][0-9]*\)-.*/\1/')
	printf '{ %s, "%s",\n' "$n" "$b"
	sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/"/' -e 's/$/\\n"/' "$f"
	printf '},\n'
done
