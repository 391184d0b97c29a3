# lp-rules test: one condition over situations, without a database.
load helper

@test "test: true, false and null, one line each" {
	run_ok bash -c 'printf "%s\n" "{\"lead\":{\"company\":\"GLOBEX Ltd\"}}" "{}" "{\"lead\":{\"company\":{}}}" |
		lp-rules test --condition "{\"field\":\"lead.company\",\"operator\":\"contains\",\"value\":\"globex\"}"'
	assert_equal "$(jqs .matched | tr '\n' ' ')" 'true false null '
	assert_equal "$(jqs '.trace[0]' | sed -n 1p)" \
		'{"actual":"GLOBEX Ltd","field":"lead.company","operator":"contains","result":true,"wanted":"globex"}'
	assert_equal "$(jqs '.trace[0].note' | sed -n 2p)" '"missing"'
}

@test "test: no database, home or clock is needed" {
	run_ok env -i PATH="$PATH" bash -c 'echo "{\"data\":{\"x\":5}}" | lp-rules test --when "data.x greater_than 4"'
	assert_equal "$(jqs .matched)" true
}

@test "test: a bad line is named by number, and the rest is done" {
	run_st 65 bash -c 'printf "{}\nnonsense\n\n[1]\n{\"action\":\"x\"}\n" | lp-rules test --when "action equals x"'
	assert_equal "$(jqs .matched | tr '\n' ' ')" 'false true '
	[[ $stderr == *'lp-rules: stdin:2: '*$'\n'*'lp-rules: stdin:4: not a JSON object'* ]]
}

@test "test: hostile lines" {
	{
		printf '{"a":"\0"}\n{"a":"\\u0000"}\n{"a":"\377"}\n'
		head -c 9000000 /dev/zero | tr '\0' x
		printf '\n'
		head -c 3000 /dev/zero | tr '\0' '['
		printf '\n{"action":"x"}\n'
	} >in
	run_st 65 bash -c 'lp-rules test --when "action equals x" <in'
	assert_equal "$(jqs .matched)" true
	assert_equal "$(wc -l <<<"$stderr")" 5
}

@test "test: the condition from a file, situations from files" {
	echo '{"operator":"not","condition":{"field":"action","operator":"exists"}}' >c.json
	echo '{}' >a.jsonl
	echo '{"action":"skip"}' >b.jsonl
	run_ok lp-rules test --condition @c.json a.jsonl b.jsonl
	assert_equal "$(jqs .matched | tr '\n' ' ')" 'true false '
	run_err 66 "can't open 'none.json'" lp-rules test --condition @none.json a.jsonl
	run_err 66 "can't open 'none.jsonl'" lp-rules test --condition @c.json none.jsonl
}

@test "test: named lists" {
	run_ok bash -c 'echo "{\"lead\":{\"company\":\"INITECH\"}}" | lp-rules test --lists "{\"competitors\":[\"Globex\",\"Initech\"]}" --when "lead.company contains \$competitors"'
	assert_equal "$(jqs .matched)" true
	run_err 65 "no list '\$competitors'" lp-rules test --when 'lead.company contains $competitors'
}

@test "test: what isn't a condition is refused by place" {
	run_err 65 "--condition: unknown operator 'contans' (did you mean 'contains'?)" lp-rules test --condition '{"field":"lead.company","operator":"contans","value":"x"}'
	run_err 65 '--condition: a condition wants "operator"' lp-rules test --condition '{}'
	run_err 65 '--condition: malformed JSON' lp-rules test --condition '{'
	run_err 65 '--when: column 14: unknown operator' lp-rules test --when 'lead.company contans x'
}

@test "test: the trace names a field that no rule may use, and the nearest miss" {
	run_ok bash -c 'echo "{\"counts\":{\"sent\":1}}" | lp-rules test --when "lead.compny exists or (counts.sent at_least 3 and lead.city exists)"'
	assert_equal "$(jqs '.trace[0].note')" "\"a rule with it won't load: no field 'lead.compny' in a situation (did you mean 'lead.company'?)\""
	assert_equal "$(jqs '[.trace[].result]')" '[false,false,false]'
	assert_equal "$(jqs '[.nearest_miss[].field]')" '["lead.compny"]'
}

@test "test: usage" {
	run_st 64 lp-rules test --lists "{}"
	run_st 64 lp-rules test --when 'action exists' --condition '{}'
	run_st 64 lp-rules frobnicate
	run_ok lp-rules test --when 'action exists'
	assert_output ''
}

@test "test: standard output full" {
	run_st 74 bash -c 'echo "{}" | lp-rules test --when "action exists" >/dev/full'
}

@test "test: answers come line by line from a slow writer" {
	mkfifo in out
	lp-rules test --when 'action exists' <in >out 3>&- &
	exec 8>in 9<out
	echo '{"action":"x"}' >&8
	read -r -t 10 line <&9
	[[ $line == '{"matched":true'* ]]
	exec 8>&- 9<&-
	wait $!
}
