#!/bin/sh
# Turns a table of three fields parted by tabs (# comments, blank lines) into C: one string literal a record, each ended by a NUL.  "\n" in a
# field is a line feed.  No array of pointers: that would be relocated at each start of each program.
set -eu
exec awk -F '\t' '
/^#/ || /^$/ { next }
NF != 3 || $1 == "" || $2 == "" || $3 == "" { print FILENAME ":" FNR ": three fields are needed, parted by tabs" >"/dev/stderr"; exit 1 }
{
	gsub(/\\/, "\\\\")
	gsub(/\\\\n/, "\\n")
	gsub(/"/, "\\\"")
	gsub(/\?/, "\\?")
	gsub(/\t/, "\\t")
	print "\"" $0 "\\0\""
}' "$1"
