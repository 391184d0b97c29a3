#!/bin/sh
# lp-tick - do what is due, and end.  For cron: one at a time, quiet, and the exit status of the worst stage.
set -u
umask 077
# Cron's PATH is short: the programs of the same installation are beside this one.
case $0 in
/*) export PATH="${0%/*}:$PATH" ;;
esac
usage='lp-tick [-nqv] [-d file] [--now when] [--until when]'
db='' dry='' verbose='' until=''

die() {
	status=$1
	shift
	printf 'lp-tick: %s\n' "$*" >&2
	exit "$status"
}

bad_usage() {
	printf 'lp-tick: %s\nusage: %s\n' "$*" "$usage" >&2
	exit 64
}

while [ $# -gt 0 ]; do
	case $1 in
	-d | --db | --now | --until) [ $# -gt 1 ] || bad_usage "option '$1' needs a value" ;;
	esac
	case $1 in
	-d | --db) db=$2; shift ;;
	-d?*) db=${1#-d} ;;
	--db=*) db=${1#--db=} ;;
	--now) export LP_NOW="$2"; shift ;;
	--now=*) export LP_NOW="${1#--now=}" ;;
	--until) until=$2; shift ;;
	--until=*) until=${1#--until=} ;;
	-n | --dry-run) dry=1 ;;
	-q | --quiet) verbose='' ;;
	-v | --verbose) verbose=1 ;;
	-h | --help)
		printf 'usage: %s\n%s\n' "$usage" 'Does what is due, in rounds until nothing is, and ends.  From cron, every five minutes.  See lp-tick(1).'
		exit 0 ;;
	-V | --version) exec lp-tasks -V ;;
	*) bad_usage "unknown argument '$1'" ;;
	esac
	shift
done

# Cron's environment: NAME=VALUE lines, taken as they stand and never run.  They may be secrets, so nobody else may read them.
# What is set already stays: a tick by hand on another file isn't moved back to the usual one.
env_file=${XDG_CONFIG_HOME:-${HOME-}/.config}/leadpilot/env
if [ -e "$env_file" ]; then
	case $(ls -ldL "$env_file") in
	-r??------*) ;;
	*) die 78 "$env_file: others can read it; chmod 600 it" ;;
	esac
	n=0
	while IFS= read -r line || [ -n "$line" ]; do
		n=$((n + 1)) name=${line%%=*} value=${line#*=}
		case $line in
		'' | '#'*) continue ;;
		*=*) ;;
		*) die 78 "$env_file:$n: not NAME=VALUE" ;;
		esac
		case $name in
		'' | [0-9]* | *[!A-Za-z0-9_]*) die 78 "$env_file:$n: not NAME=VALUE" ;;
		esac
		case $value in
		\"*\") value=${value#\"} value=${value%\"} ;;
		\'*\') value=${value#\'} value=${value%\'} ;;
		esac
		eval "[ -n \"\${$name+set}\" ]" || export "$name=$value"
	done <"$env_file"
fi

export LP_DB="${db:-${LP_DB:-${XDG_DATA_HOME:-${HOME-}/.local/share}/leadpilot/leadpilot.db}}"
[ -z "$dry" ] || exec lp-enqueue -n due
# it knows best how to say what is wrong, and what to do
[ -e "$LP_DB" ] || exec lp-tasks due

# One at a time, by a lock that the system drops with the process, however it ends.  Descriptor 9 is closed for every stage:
# one that hangs must not keep the next tick out once this one is gone.
lock=$LP_DB.lock
(: >>"$lock") 2>/dev/null || die 77 "can't write '$lock'"
exec 9<>"$lock"
flock -n 9 || {
	[ -z "$verbose" ] || echo 'lp-tick: another is at work'
	exit 0
}
if [ -n "$verbose" ]; then
	exec 7>&1
else
	exec 7>/dev/null
fi

# A stage of a pipe: POSIX has no pipefail, so each reports what isn't 0 on descriptor 8.
stage() {
	"$@" 8>&- 9>&-
	s=$?
	[ $s -le 128 ] || printf 'lp-tick: %s: killed by signal %d\n' "$1" $((s - 128)) >&2
	[ $s -eq 0 ] || echo $s >&8
}

# note STATUS...: the worst so far is how we end
note() {
	for s; do
		[ "$s" -le "$worst" ] || worst=$s
	done
}

read_inboxes() {
	stage lp-tasks claim --type check_inbox | stage lp-read | stage lp-tasks settle >&7
}

judge_replies() {
	stage lp-tasks claim --type classify_reply | stage lp-memory recall | stage lp-decide | stage lp-read | stage lp-tasks settle >&7
}

work() {
	stage lp-tasks claim --type '!check_inbox,classify_reply' | stage lp-memory recall | stage lp-decide | stage lp-book | stage lp-draft | stage lp-rules gate |
		stage lp-send | stage lp-tasks settle >&7
}

# 0 where something can be claimed now, 1 where nothing can; else we can't know
is_due() {
	lp-tasks due 9>&- >/dev/null
	due=$?
	[ $due -le 1 ] || note $due
	return $due
}

# In each round all reading is committed, and judged, before anything leaves; where it could not be done, nothing leaves.
# settle puts nothing off by less than a minute, so the rounds come to an end.
rounds() {
	done=0
	while :; do
		done=$((done + 1))
		# shellcheck disable=SC2046 # statuses, one a line
		note $(read_inboxes 8>&1)
		# shellcheck disable=SC2046
		[ "$worst" -ne 0 ] || note $(judge_replies 8>&1)
		# shellcheck disable=SC2046
		[ "$worst" -ne 0 ] || note $(work 8>&1)
		[ "$worst" -eq 0 ] && is_due || break
	done
	tell=$(lp-tasks tick end "$number" "$worst" "$done" 9>&-) || note $?
}

tick() {
	tell=''
	lp-enqueue due 9>&- >&7
	enqueued=$?
	note $enqueued
	number=$(lp-tasks tick due $enqueued 9>&-)
	due=$?
	case $due in
	0) rounds ;;
	1) tell=$number ;;
	*) note $due ;;
	esac
}

# Once a day, by the day that the lock file holds: losing it costs only that this is done again.
housekeeping() {
	today=${LP_NOW:-$(date -u +%Y-%m-%d)} today=${today%%T*} last=''
	IFS= read -r last <"$lock" || :
	[ "$today" != "$last" ] || return 0
	lp-memory cleanup -q 9>&- >&7 || note $?
	lp-tasks prune -q 9>&- >&7 || note $?
	[ "$worst" -ne 0 ] || printf '%s\n' "$today" >"$lock"
}

# Last, for it tells of what went wrong too; whatever becomes of it holds up nothing else.
one() {
	tick
	[ "$worst" -ne 0 ] || housekeeping
	[ "$tell" != notify ] || lp-send notify 9>&- >&7 || note $?
}

worst=0
if [ -z "$until" ]; then
	one
	exit "$worst"
fi

# The clock of a simulated file, stepped while the agent's hours are open: to the tick of cron that finds something due, by twenty minutes
# at most; once where they close, and on to the next opening; last at the end.  (On another file the programs refuse a clock that is set.)
seconds() {
	date -u -d "$1" +%s 2>/dev/null || die 64 "'$1' is no time: give 2026-03-06T18:00:00Z, +7d, +4h or +30m"
}
now=$(seconds "${LP_NOW:-now}") || exit
# when cron would find something due, in seconds; what falls due within a second is found by the tick after it
next_due() {
	at=$(lp-tasks -v due 9>&-) || :
	[ -z "$at" ] || at=$((($(seconds "$at") / 300 + 1) * 300))
	if [ -z "$at" ] || [ "$at" -gt $((now + 1200)) ]; then
		at=$((now + 1200))
	elif [ "$at" -le "$now" ]; then
		at=$((now + 300))
	fi
	echo "$at"
}
case $until in
+[!0-9]* | +*[!0-9]?*) die 64 "--until '$until': give a time, +7d, +4h or +30m" ;;
+*d) end=${until#+} end=$((now + ${end%d} * 86400)) ;;
+*h) end=${until#+} end=$((now + ${end%h} * 3600)) ;;
+*m) end=${until#+} end=$((now + ${end%m} * 60)) ;;
*) end=$(seconds "$until") || exit ;;
esac
while [ "$worst" -eq 0 ] && [ "$now" -le "$end" ]; do
	LP_NOW=$(date -u -d "@$now" +%Y-%m-%dT%H:%M:%SZ)
	export LP_NOW
	one
	opens=$(lp-config hours -j 9>&- | sed -n '/"open":false/s/.*"next_open":"\([^"]*\)".*/\1/p')
	if [ -n "$opens" ]; then
		next=$(seconds "$opens")
	else
		next=$(next_due)
	fi
	[ "$now" -eq "$end" ] || [ "$next" -le "$end" ] || next=$end
	now=$next
done
exit "$worst"
