#!/bin/sh
# demo-model.sh [-u] DIR KEY=VALUE... - the demo, in DIR, with a brain: the settings are made before anything is decided.  What it prints is in DIR.out and
# DIR.err.  With -u nobody watches: no person approves, accepts or looks at anything after the replies came in.
set -eu
alone=
[ "$1" != -u ] || { alone=1; shift; }
dir=$1
shift
set_up=$*
sed -e "s|^examples=.*|examples=$LP_TOP/examples|" -e "s|^run lp-config set \"notify_maildir.*|&; lp-config set -q $set_up|" "$LP_TOP/examples/demo.sh" >"$dir.sh"
if [ -n "$alone" ]; then
	sed -i "/^say 'What a person must see waits/,\$d" "$dir.sh"
	echo 'lp-tick --until 2026-03-06T18:00:00Z' >>"$dir.sh"
fi
exec sh "$dir.sh" "$dir" >"$dir.out" 2>"$dir.err"
