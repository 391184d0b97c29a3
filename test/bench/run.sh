#!/bin/sh
# make bench: how fast it is, beside what it could be.  Ratios count; single times are this machine's.  Peers are used where they are
# installed.  LP_BENCH_N scales it down: 100000 tasks by default, a tenth of it through the whole pipeline.
set -eu
cd "$(dirname "$0")/../.."
LP_TOP=$PWD
n=${LP_BENCH_N:-100000}
runs=${LP_BENCH_RUNS:-30}
work=$(mktemp -d "${TMPDIR:-/tmp}/lp-bench.XXXXXX")
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir -p build/bench
for p in timeit peer_open peer_queue peer_send; do
	${CC:-cc} -O2 -std=c17 -D_POSIX_C_SOURCE=200809L -o build/bench/$p test/bench/$p.c -lsqlite3
done
${CC:-cc} -O2 -std=c17 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -Ilib -o build/bench/bench_rules test/bench/bench_rules.c build/liblp.a -lsqlite3 -lcjson -l:libcrypto.a -lm
LP_FAST=$LP_TOP/bin
. test/tools/world.sh
PATH=$LP_TOP/build/bench:$PATH

sql() {
	sqlite3 -bail -batch "$LP_DB" "$1"
}

# timed COMMAND...: seconds, to the millisecond
timed() {
	from=$(date +%s%N)
	"$@" >/dev/null
	awk -v ns=$(($(date +%s%N) - from)) 'BEGIN { printf "%.3f\n", ns / 1e9 }'
}

# rate COUNT SECONDS: how many a second
rate() {
	awk -v n="$1" -v s="$2" 'BEGIN { printf "%.0f\n", n / s }'
}

ratio() {
	awk -v a="$1" -v b="$2" 'BEGIN { if (a + 0 == 0 || b + 0 == 0) print "-"; else printf "%.2f\n", a / b }'
}

title() {
	printf '\n%s\n' "$1"
}

# row WHAT OURS PEERS BESIDE
row() {
	printf '  %-36s %10s %10s %8s  %s\n' "$1" "$2" "$3" "$(ratio "$2" "$3")" "$4"
}

start_up() {
	world_fresh "$work/start"
	unset LP_NOW # a claim that finds nothing writes nothing, but where a file is simulated
	lp-config init >/dev/null
	{
		echo "peer_open $LP_DB"
		echo "sqlite3 $LP_DB select(1)"
		for c in 'lp-tasks due' 'lp-tasks claim' 'lp-tasks settle' 'lp-enqueue due' 'lp-memory recall' lp-decide lp-draft 'lp-rules gate' lp-read lp-send \
			'lp-tasks list' 'lp-config show' 'lp-leads list' 'lp-campaigns list' 'lp-accounts list' 'lp-approve list' 'lp-log list' lp-report \
			'lp-rules list' 'lp-memory list' 'lp-tick'; do
			echo "$c"
		done
		command -v node >/dev/null && echo 'node -e 1'
	} | timeit "$runs" >"$work/times"
	least=$(awk -F '\t' '$3 ~ /^peer_open/ { print $1 }' "$work/times")
	cli=$(awk -F '\t' '$3 ~ /^sqlite3/ { print $1 }' "$work/times")
	title 'Start-up, with nothing to do (ms, medians; smaller is better)'
	while IFS='	' read -r ms _ what; do
		case $what in
		peer_open*) what='a minimal C program over SQLite' ;;
		sqlite3*) what="sqlite3 FILE 'select 1'" ;;
		esac
		row "$what" "$ms" "$least" "minimal C; $(ratio "$ms" "$cli") of sqlite3"
	done <"$work/times"
}

claim_settle() {
	i=0
	while [ $i -lt "$n" ]; do
		i=$((i + $1))
		lp-tasks claim -l "$1" | sed 's|}$|,"result":{"done":true}}|' | lp-tasks settle
	done
}

queue() {
	title 'The queue (tasks a second; greater is better)'
	peer_queue "$work/raw.db" "$n" 100 >"$work/raw"
	read -r raw_put raw_claim <"$work/raw"
	world_fresh "$work/queue"
	unset LP_NOW # a file for real work: one that is simulated derives each id from the one before
	lp-config init >/dev/null
	awk -v n="$n" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "{\"task_type\":\"manual\",\"priority\":%d,\"input_data\":{\"n\":%d}}\n", i % 7, i
	}' >tasks.jsonl
	row 'lp-enqueue - <tasks' "$(rate "$n" "$(timed sh -c 'lp-enqueue - <tasks.jsonl')")" "$raw_put" 'raw SQLite, one transaction, no chain'
	row 'claim -l 100 | settle' "$(rate "$n" "$(timed claim_settle 100)")" "$raw_claim" 'raw SQLite, one process, no chain'
	rm -f lp.db*
	lp-config init >/dev/null
	lp-enqueue - <tasks.jsonl >/dev/null
	row 'claim -l 2000 | settle' "$(rate "$n" "$(timed claim_settle 2000)")" "$raw_claim" 'the same'

	title 'The log (MB a second of its bytes; greater is better)'
	rows=$(sql 'SELECT count(*) FROM agent_logs')
	sql "SELECT hex(payload_hash), hex(hash), created_at, log_type, p.message, ifnull(p.reasoning, ''), ifnull(p.details, '') FROM agent_logs l
	     JOIN agent_log_payloads p ON p.log_id = l.seq" >log.txt
	mb=$(wc -c <log.txt | awk '{ print $1 / 1e6 }')
	# once unmeasured: what is timed is hashing, not the first reading of libraries and file
	lp-log verify >/dev/null
	openssl dgst -sha256 log.txt >/dev/null
	ours=$(timed lp-log verify)
	row "lp-log verify, $rows rows" "$(awk -v m="$mb" -v s="$ours" 'BEGIN { printf "%.1f", m / s }')" \
		"$(awk -v m="$mb" -v s="$(timed openssl dgst -sha256 log.txt)" 'BEGIN { printf "%.1f", m / s }')" 'openssl dgst -sha256 over them'
}

# a file of $2 tasks, of which the first $3 are due only next year, named $1
piled_up() {
	LP_DB=$PWD/$1.db lp-config init >/dev/null
	awk -v n="$2" -v later="$3" -v at="$(($(date -u +%Y) + 1))-01-01T00:00:00Z" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "{\"task_type\":\"manual\",\"priority\":%d%s}\n", i < later ? 9 : i % 7, i < later ? ",\"scheduled_for\":\"" at "\"" : ""
	}' | LP_DB=$PWD/$1.db lp-enqueue - >/dev/null
}

depth() {
	title 'One claim, by what has piled up (ms, medians; ratio 1 is flat)'
	world_fresh "$work/depth"
	unset LP_NOW
	piled_up few $((n / 10)) 0
	piled_up many $((n * 3)) 0
	piled_up later $((n * 3)) $((n * 29 / 10))
	for f in few many later; do
		echo "lp-tasks -l 1 -d $f.db claim"
	done | timeit "$runs" >"$work/times"
	few=$(head -n 1 "$work/times" | cut -f 1)
	row "of $((n * 3)) that are due" "$(sed -n 2p "$work/times" | cut -f 1)" "$few" "of $((n / 10))"
	row "under $((n * 29 / 10)) not due, ranking above" "$(sed -n 3p "$work/times" | cut -f 1)" "$few" 'the same'
}

lines() {
	title 'A line that is not the stage'\''s, 1 KB (ms for all; smaller is better)'
	world_fresh "$work/lines"
	lp-config init --simulated >/dev/null
	awk -v n="$((n / 2))" 'BEGIN {
		for (i = 0; i < 900; i++)
			pad = pad "x"
		for (i = 0; i < n; i++)
			printf "{\"task\":{\"id\":\"t%d\",\"task_type\":\"find_leads\",\"lease\":\"none\"},\"error\":{\"code\":\"x\"},\"pad\":\"%s\"}\n", i, pad
	}' >passed.jsonl
	{
		echo 'jq -c . <passed.jsonl'
		echo 'lp-decide <passed.jsonl'
		echo 'lp-draft <passed.jsonl'
		echo 'lp-rules gate <passed.jsonl'
		echo 'lp-send <passed.jsonl'
		echo 'lp-memory recall <passed.jsonl'
	} | timeit 3 >"$work/times"
	peer=$(head -n 1 "$work/times" | cut -f 1)
	tail -n +2 "$work/times" | while IFS='	' read -r ms _ what; do
		row "$what" "$ms" "$peer" 'jq -c .'
	done
}

rules() {
	title 'Rules judged (a second; greater is better): 50 rules, situations of 40 fields'
	ours=$(bench_rules 2)
	peer=-
	command -v node >/dev/null && peer=$(node "$LP_TOP/test/bench/peer_rules.js" 2)
	# the same matches on both sides, or the comparison is worth nothing
	[ "$peer" = - ] || [ "${ours##*, }" = "${peer##*, }" ] || { echo "the peer says otherwise: $ours; $peer" >&2; exit 70; }
	row 'conditions' "${ours%% *}" "${peer%% *}" 'node, the code of a usual agent'
}

replies() {
	title 'Replies classified (a second; greater is better): 10,000 in one process, each with its reasons'
	world_fresh "$work/replies"
	awk -v n=10000 '/"class"/ { line[m++] = $0 } END { for (i = 0; i < n; i++) print line[i % m] }' "$LP_TOP/test/data/classify.jsonl" >replies.jsonl
	row 'lp-decide classify <replies' "$(rate 10000 "$(timed sh -c 'lp-decide classify <replies.jsonl')")" 1000 'one a millisecond'
}

pipeline() {
	while lp-tasks due >/dev/null; do
		lp-tasks claim -l 1000 | lp-read | lp-memory recall | lp-decide | lp-draft | lp-rules gate | lp-send | lp-tasks settle
	done
}

# lp-enqueue due takes so many at once: again, until there are no more of them
all_due() {
	until [ "$(lp-enqueue due -j | jq ".$1")" -eq 0 ]; do
		:
	done
}

# our messages of every form, over and over, each with an id of its own and what the servers on its way write above it
many_mails() {
	mkdir -p box/cur box/new box/tmp
	awk 'BEGIN {
		for (i = 0; i < 4; i++)
			printf "Received: from mx%d.globex.example (mx%d.globex.example [192.0.2.%d])\n\tby mx%d.acme.example (Postfix) with ESMTPS id 4ABC%d\n\tfor <ada@acme.example>; Mon, 23 Nov 2026 09:15:0%d +0000 (UTC)\n", i, i, i, i + 1, i, i
		for (i = 0; i < 300; i++)
			sig = sig "a"
		for (i = 1; i < 3; i++) {
			printf "ARC-Seal: i=%d; a=rsa-sha256; d=globex.example; cv=none; b=%s\n", i, sig
			printf "ARC-Message-Signature: i=%d; a=rsa-sha256; d=globex.example; h=from:to:subject; b=%s\n", i, sig
			printf "ARC-Authentication-Results: i=%d; mx.globex.example; spf=pass; dkim=pass; dmarc=pass\n", i
		}
		printf "Authentication-Results: mx.acme.example; dkim=pass header.d=globex.example; spf=pass\n"
		printf "DKIM-Signature: v=1; a=rsa-sha256; d=globex.example; s=s1; h=from:to:subject; b=%s\n", sig
		for (i = 0; i < 12; i++)
			printf "X-Exchange-Header-%d: value of it\n", i
	}' >trace
	i=0
	while [ $i -lt "$1" ]; do
		for f in "$LP_TOP"/test/data/mail/[acrs]*.eml; do
			i=$((i + 1))
			[ $i -gt "$1" ] || { cat trace; sed "s/^Message-ID: </&$i-/" "$f"; } >"box/cur/$i:2,S"
		done
	done
}

incoming() {
	m=2000
	title "Mails read, $m of them (a second; greater is better)"
	world_fresh "$work/in"
	many_mails "$m"
	lp-read parse box/cur/* >/dev/null
	ours=$(rate "$m" "$(timed sh -c 'lp-read parse box/cur/*')")
	peer=- shown=-
	command -v python3 >/dev/null && peer=$(rate "$m" "$(timed python3 "$LP_TOP/test/bench/peer_parse.py" box/cur/*)")
	command -v mshow >/dev/null && shown=$(rate "$m" "$(timed sh -c 'mlist box | xargs mshow 2>/dev/null')")
	row 'lp-read parse' "$ours" "$peer" "python's email package"
	row 'lp-read parse' "$ours" "$shown" 'mlist | xargs mshow (mblaze)'
}

# 200 questions to a model that takes 200 ms for each: what is over ceil(200 / P) x 200 ms is ours
models() {
	m=200
	title "Decisions by a model that takes 200 ms, $m of them (milliseconds; smaller is better)"
	world_fresh "$work/models"
	world_many "$m" one two >/dev/null
	perl "$LP_TOP/test/bench/stub_model.pl" port 200 &
	stub=$!
	until [ -s port ]; do sleep 0.05; done
	lp-config set -q llm_provider=openai llm_model=m "llm_base_url=http://127.0.0.1:$(cat port)/v1" llm_cache=0s \
		max_llm_cost_per_day=100000
	for i in $(seq "$m"); do printf '{"task_type":"manual","lead_id":"l%d"}\n' "$i"; done | lp-enqueue -q
	sql "UPDATE agent_tasks SET task_type = 'learn' WHERE task_type = 'manual'" # of which the offline brain knows nothing
	lp-tasks claim --type learn -l "$m" >claimed
	for p in 32 8 1; do
		sql 'DELETE FROM decisions'
		at_best=$(((m + p - 1) / p * 200))
		spent=$({ /usr/bin/time -f '%e %U %S %M' lp-decide -P "$p" <claimed >decided; } 2>&1)
		row "lp-decide -P $p" "$(echo "$spent" | awk '{ printf "%.0f", 1000 * $1 }')" "$at_best" \
			"at best; our own CPU $(echo "$spent" | awk -v m="$m" '{ printf "%.1f ms each, %.0f MB", 1000 * ($2 + $3) / m, $4 / 1024 }')"
	done
	kill "$stub"
}

outgoing() {
	m=$((n / 10))
	title "The whole outgoing pipeline, $m messages (a second; greater is better)"
	world_fresh "$work/out"
	world_many "$m" one two three >/dev/null
	lp-rules load "$LP_TOP/examples/rules.yaml"
	all_due sequences
	row 'plan a sequence' "$(rate "$m" "$(timed pipeline)")" "$raw_claim" 'raw SQLite, claim and settle'
	all_due messages
	LP_NOW=2026-03-02T23:59:00Z
	before=$(sql "SELECT count(*) FROM outbox WHERE state = 'sent'")
	t=$(timed pipeline)
	sent=$(sql "SELECT count(*) FROM outbox WHERE state = 'sent'")
	row 'decide, draft, judge, send, settle' "$(rate $((sent - before)) "$t")" "$(peer_send "$work/peer" "$m")" \
		"nothing but the syncs; $((sent - before)) mails into a Maildir"
}

printf '%s, %s\n' "$(uname -srm)" "SQLite $(sqlite3 -version | cut -d ' ' -f 1)"
printf '  %-36s %10s %10s %8s  %s\n' '' ours beside ratio 'beside what'
start_up
queue
depth
lines
rules
replies
incoming
models
outgoing
title 'Messages over SMTP into a local sink, each reserved before and recorded after (a second; greater is better)'
sh test/bench/send.sh "$((n / 50))"
