load helper

setup() {
	lp_setup
	mkdir fake
	cp "$LP_TOP/cmd/leadpilot.sh" fake/leadpilot
	printf '#!/bin/sh\nprintf "%%s|" ran "$@"\nexit 3\n' >fake/lp-thing
	chmod +x fake/*
	PATH=$PWD/fake:$PATH
}

@test "leadpilot VERB is lp-VERB, arguments and status untouched" {
	run_st 3 leadpilot thing 'a b' '' '*'
	assert_equal "$output" 'ran|a b||*|'
}

@test "a verb that isn't there, or is none" {
	run_err 64 "no verb 'thong'" leadpilot thong
	run_err 64 "no verb '../../bin/ls'" leadpilot ../../bin/ls
	run_st 64 leadpilot
	run_st 64 leadpilot --frobnicate
}

@test "help names the verbs" {
	run_ok leadpilot -h
	[[ $output == *"thing"* ]]
}
