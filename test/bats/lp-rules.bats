# Rules as they are kept: by hand, from files, and back.
load helper

setup() {
	lp_setup
	new_db
}

@test "add, list, show, set, disable, rm: each change is a version and a row in the log" {
	run_ok lp-rules add 'No Globex' type=filter 'when=lead.company contains Globex' then=block priority=7 -m 'they asked'
	run_ok lp-rules list -j
	assert_equal "$(jqs '[.id,.name,.type,.then,.priority,.enabled,.version,.times_triggered]')" '["r1","No Globex","filter","block",7,true,1,0]'
	assert_equal "$(jqs '.condition')" '{"field":"lead.company","operator":"contains","value":"Globex"}'
	run_ok lp-rules set 'No Globex' 'when=lead.company contains [Globex, Initech]' priority=
	run_ok lp-rules disable r1
	run_ok lp-rules disable r1
	run_ok lp-rules show r1
	assert_line '    when: lead.company contains [Globex, Initech]'
	assert_line '    enabled: false'
	refute_output --partial priority
	assert_equal "$(sql 'SELECT version, json_extract(definition, "$.enabled") FROM rule_versions ORDER BY version' | tr '\n' ' ')" '1|1 2|1 3|0 '
	run_ok lp-rules rm r1
	assert_equal "$(sql "SELECT p.message FROM agent_logs l JOIN agent_log_payloads p ON p.log_id = l.seq WHERE l.rule_id = 1 ORDER BY l.seq")" \
		$'rule added \'No Globex\': they asked\nrule changed \'No Globex\'\nrule changed \'No Globex\'\nrule removed \'No Globex\''
	assert_equal "$(sql 'SELECT count(*) FROM agent_rules')" 0
	assert_equal "$(sql 'SELECT count(*) FROM rule_versions')" 3
	run_ok lp-rules
	assert_output ''
}

@test "-n changes nothing" {
	run_ok lp-rules add -n X type=filter 'when=lead.company contains Globex' then=block
	assert_equal "$(sql 'SELECT count(*) FROM agent_rules')" 0
	lp-rules add X type=filter 'when=lead.company contains Globex' then=block
	run_ok lp-rules rm -n X
	run_ok lp-rules disable -n X
	assert_equal "$(sql 'SELECT count(*), sum(is_enabled) FROM agent_rules')" '1|1'
	assert_equal "$(sql 'SELECT count(*) FROM agent_logs WHERE rule_id IS NOT NULL')" 1
}

@test "what makes no sense isn't stored, and the message says which part" {
	local bad
	while IFS='|' read -r bad want; do
		eval "set -- $bad"
		run_err 65 "$want" lp-rules add "$@"
	done <<-'END'
		X type=fliter 'when=action exists' then=block|type: unknown rule type 'fliter' (did you mean 'filter'?)
		X type=filter 'when=lead.compny exists' then=block|when: no field 'lead.compny' in a situation (did you mean 'lead.company'?)
		X type=filter 'when=lead.company contans x' then=block|when: column 14: unknown operator 'contans'
		X type=filter 'when=lead.company contains $nobody' then=block|when: no list '$nobody'
		X type=filter 'when=reply.class equals intrested' then=block|when: reply.class is never 'intrested' (did you mean 'interested'?)
		X type=filter 'when=lead.company exists' then=blok|then: column 1: unknown word 'blok' (did you mean 'block'?)
		X type=filter 'when=lead.company exists' then=stop|then: a filter rule can block
		X type=action 'when=reply.class exists' 'then=do dance'|then: unknown action 'dance'
		X type=action 'when=reply.class exists' 'then=do classify_other'|then: no task that this rule applies to can 'classify_other'
		X type=action 'when=reply.class exists' 'then=enqueue follow_ups'|then: unknown task type 'follow_ups' (did you mean 'follow_up'?)
		X type=action 'when=action equals skip' 'then=do skip'|when: action rules are judged before anything is decided
		X type=filter then=block|when: a rule needs a condition
		X type=filter 'when=lead.company exists'|then: a rule needs one
		X 'when=lead.company exists' then=block|type: filter, action
		X type=filter 'when=lead.company exists' then=block priority=high|priority: 'high' is not a whole number
		X type=filter 'when=lead.company exists' then=block enabled=maybe|enabled: 'maybe' is neither yes nor no
		X type=filter 'when=lead.company exists' then=block applies_to=send_mesage|applies_to: unknown task type 'send_mesage' (did you mean 'send_message'?)
		X type=filter 'when=lead.company exists' then=block 'expect=[{"lead.company":"a","is":"allow"}]'|expect: case 1 gives 'block', not 'allow'
		X type=filter 'when=lead.company exists' then=block 'expect=[{"lead.compny":"a","is":"allow"}]'|expect: case 1: no field 'lead.compny'
		X type=filter 'when=lead.company exists' then=block 'expect=[{"lead.company":"a"}]'|expect: a case is fields with values, and 'is:'
		X type=template 'when=reply.class equals question' 'then=send template pricing'|then: 'send template' wants the text itself
		r7 type=filter 'when=lead.company exists' then=block|name: 'r7' looks like a handle
		'' type=filter 'when=lead.company exists' then=block|name: a rule needs one
	END
	assert_equal "$(sql 'SELECT count(*) FROM agent_rules')" 0
	run_err 64 "unknown key 'whn' (did you mean 'when'?)" lp-rules add X type=filter whn=x
	run_err 64 "'type' is not KEY=VALUE" lp-rules add X type
	lp-rules add X type=filter 'when=lead.company exists' then=block
	run_err 65 "there is a rule 'X' already (r1)" lp-rules add X type=filter 'when=lead.company exists' then=block
	run_err 66 "no rule 'Y'" lp-rules show Y
	run_err 66 "no rule 'Y'" lp-rules rm X Y
	assert_equal "$(sql 'SELECT count(*) FROM agent_rules')" 1
}

@test "the example rules load, and dump, load, dump is a fixed point" {
	run_ok lp-rules check "$LP_TOP/examples/rules.yaml"
	run_ok lp-rules load "$LP_TOP/examples/rules.yaml"
	lp-rules dump >one.yaml
	run_ok lp-rules load one.yaml
	lp-rules dump >two.yaml
	cmp one.yaml two.yaml
	assert_equal "$(sql 'SELECT count(*), max(version) FROM agent_rules')" '5|1'
	run_ok lp-rules check
}

@test "dump, load, dump with everything that needs quotes" {
	cat >in.yaml <<-'END'
		lists:
		  odd: ["a, b", "no", "12", 12, true, 'it''s: "x"', "$$x", "#", " lead"]
		  empty: []
		rules:
		  - name: "yes: [really] #1"
		    type: schedule
		    description: "- dash"
		    say: "maybe: no"
		    when: '"lead.custom.Job: Title" in [$odd, "and", "$x", "5", 5] or not (lead.company contains "x: \"y\" # z" and time.hour between 9 and 17)'
		    then: delay until 2026-12-01 09:00 and notify
		    applies_to: [follow_up, send_message]
		    priority: -3
		    enabled: no
		    expect:
		      - {"lead.custom.Job: Title": "a, b", is: delay}
		      - {lead: {company: "x: \"Y\" # z"}, time.hour: 12, is: allow}
		      - {time: {hour: 12}, lead.company: null, is: delay}
	END
	run_ok lp-rules load in.yaml
	lp-rules dump >one.yaml
	run_ok lp-rules load one.yaml
	lp-rules dump | cmp - one.yaml
	assert_equal "$(sql 'SELECT version FROM agent_rules')" 1
}

@test "load makes the file's rules the only ones, and names what was changed by hand" {
	printf 'lists: {a: [x]}\nrules:\n- {name: A, type: filter, when: lead.company contains $a, then: block}\n- {name: B, type: filter, when: lead.city exists, then: hold}\n' >f.yaml
	lp-rules load f.yaml
	lp-rules set B priority=4
	lp-rules add C type=filter 'when=lead.city exists' then=block
	run_err 77 "changed by hand since the last load: rule 'B', rule 'C'; --force" lp-rules load f.yaml
	assert_equal "$(sql 'SELECT count(*) FROM agent_rules')" 3
	run_ok lp-rules load -n f.yaml
	assert_output "~ rule 'B': priority: 4 -> 0
- rule 'C'"
	run_ok lp-rules load --force f.yaml
	assert_equal "$(sql "SELECT group_concat(name || priority) FROM agent_rules")" 'A0,B0'
	# what the file says too is no clash
	lp-rules set B priority=9
	sed -i 's/then: hold/then: hold, priority: 9/; s/\[x\]/[x, y]/' f.yaml
	run_ok lp-rules load -n f.yaml
	assert_output "~ list 'a': [\"x\"] -> [\"x\",\"y\"]"
	run_ok lp-rules load f.yaml
	run_ok lp-rules load -n f.yaml
	assert_output ''
	printf 'rules: []\n' >f.yaml
	run_ok lp-rules load f.yaml
	assert_equal "$(sql 'SELECT (SELECT count(*) FROM agent_rules), (SELECT count(*) FROM rule_lists)')" '0|0'
}

@test "a file with one fault changes nothing, and the fault has its place" {
	lp-rules add Old type=filter 'when=lead.city exists' then=block
	local n=0 text want
	while IFS='|' read -r text want; do
		n=$((n + 1))
		printf "$text" >f.yaml
		run_err 65 "$want" lp-rules load --force f.yaml
	done <<-'END'
		rules:\n- {name: A, type: filter, when: lead.city exists, then: block}\n- {name: B, typ: filter}|f.yaml:3:
		rules:\n- {name: B, type: filter, when: lead.city exsts, then: block}|f.yaml:2:
		rules:\n- name: B\n  type: filter\n  when: lead.cty exists\n  then: block|f.yaml:4:9: rule 'B': when: no field 'lead.cty'
		rules:\n- name: B\n  type: filter\n  when: lead.city exists\n  then: block\n  expect:\n  - {lead.city: Bonn, is: allow}|f.yaml:7:3: rule 'B': expect: case 1 gives 'block', not 'allow'
		rules:\n- {name: A, type: filter, when: lead.city exists, then: block}\n- {name: A, type: filter, when: lead.city exists, then: block}|f.yaml:3:
		rules: 5|'rules' wants a list
		rules: [5]|a rule wants keys
		rles: []|did you mean 'rules'?
		lists: {a b: [x]}|no name for a list
		lists: {a: x}|list 'a' is not a list
		lists: {a: [[x]]}|wants words and numbers
		config: {}|no section 'rules' in it
		[]|f.yaml:1:1:
		rules: [|f.yaml:
	END
	[ "$n" -ge 14 ]
	: >f.yaml
	run_err 65 'empty' lp-rules load --force f.yaml
	head -c 5000000 /dev/zero | tr '\0' x >f.yaml
	run_st 65 lp-rules load --force f.yaml
	run_err 66 'none.yaml' lp-rules load none.yaml
	assert_equal "$(sql 'SELECT group_concat(name) FROM agent_rules')" Old
}

@test "check finds a rule whose list is gone, and changes nothing" {
	printf 'lists: {a: [x]}\nrules:\n- {name: A, type: filter, when: lead.company contains $a, then: block}\n' >f.yaml
	lp-rules load f.yaml
	sql 'DELETE FROM rule_lists'
	run_err 65 "rule 'A': when: no list '\$a'" lp-rules check
}

@test "every change counts in the rule set's number" {
	local before
	before=$(sql 'SELECT ruleset FROM agent_configs')
	lp-rules add A type=filter 'when=lead.city exists' then=block
	lp-rules set A description=x
	lp-rules disable A
	lp-rules rm A
	[ "$(sql 'SELECT ruleset FROM agent_configs')" -ge $((before + 4)) ]
}

@test "test: all rules, or those named, over situations" {
	lp-rules load "$LP_TOP/examples/rules.yaml"
	run_ok bash -c 'printf "%s\n" "{\"lead\":{\"company\":\"Globex\"}}" "{\"lead\":{\"company\":\"Acme\"},\"counts\":{\"since_reply\":1}}" | lp-rules test'
	assert_equal "$(jqs .verdict | tr '\n' ' ')" '"block" "allow" '
	assert_equal "$(jqs '[.rules[].matched]' | sed -n 1p)" '[true,false,false,false,false]'
	run_ok bash -c 'echo "{\"counts\":{\"since_reply\":1}}" | lp-rules test "Max 3 Follow-ups"'
	assert_equal "$(jqs '[.rules[].name, .rules[].nearest_miss[0].actual]')" '["Max 3 Follow-ups",1]'
	lp-rules add Resellers type=filter 'say=The lead is a reseller' then=block
	run_ok bash -c 'echo "{}" | lp-rules test Resellers'
	assert_equal "$(jqs '[.verdict, .rules[0].matched]')" '["hold",null]'
}

@test "no database, a newer one, a full disk" {
	rm lp.db*
	run_err 66 'no such database' lp-rules list
	echo x >lp.db
	run_st 78 lp-rules list
	rm lp.db
	new_db
	lp-rules load "$LP_TOP/examples/rules.yaml"
	run_st 74 bash -c 'lp-rules dump >/dev/full'
	run_st 74 bash -c 'lp-rules list >/dev/full'
}

@test "two load at once: one set of rules, no duplicate" {
	for i in 1 2 3 4 5 6; do
		lp-rules load "$LP_TOP/examples/rules.yaml" 3>&- &
	done
	wait
	assert_equal "$(sql 'SELECT count(*), max(version) FROM agent_rules')" '5|1'
}
@test "lp-rules(5) has every field and every operator" {
	local f
	for f in $(sed -n 's/^\t{ "\([a-z_.*]*\)", SF_.*/\1/p' "$LP_TOP/lib/rules/situation.c"); do
		grep -qxF ".It Va $f" "$LP_TOP/man/lp-rules.5" || fail "no $f in lp-rules(5)"
	done
	for f in equals not_equals contains not_contains greater_than less_than at_least at_most in not_in exists not_exists and or not matches \
		starts_with ends_with between any_of all_of older_than; do
		grep -q "^\.I[tc] .*\b$f\b" "$LP_TOP/man/lp-rules.5" || fail "no $f in lp-rules(5)"
	done
}
