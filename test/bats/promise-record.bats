# What came of a message is known, and can't be written down: it is tried again while it may pass.
load helper
load world

setup_file() {
	world_file
}

setup() {
	use gated
	perl "$LP_TOP/test/tools/smtp-faults.pl" --port-file port --log stored --delay 1500 >server.out 2>&1 3>&- &
	SERVER=$!
	until [ -s port ]; do sleep 0.02; done
	lp-accounts add -q out kind=smtp address=kim@ours.example host=127.0.0.1 "port=$(cat port)" security=none in=in answer_share=0 gap_seconds=0
	# the file is made for a Maildir's account: its messages go by the other
	sql "UPDATE accounts SET kind = 'smtp', settings = (SELECT settings FROM accounts WHERE name = 'out') WHERE name = 'sales'"
	head -n 1 gated >some
}
teardown() {
	kill "$SERVER" 2>/dev/null || true
}

@test "a disk that is full while the server answers, and isn't a little later: sent, on record, once" {
	command -v prlimit >/dev/null || skip 'no prlimit here'
	# what would be killed for it is told by an error instead, as of a disk
	(trap '' XFSZ && exec lp-send <some >sent 2>errors 3>&-) &
	pid=$!
	until [ "$(sql "SELECT count(*) FROM outbox WHERE state = 'reserved'")" = 1 ]; do sleep 0.02; done
	prlimit --pid "$pid" --fsize=1:unlimited
	until [ -s stored ]; do sleep 0.02; done
	sleep 0.5
	assert_equal "$(sql 'SELECT state FROM outbox')" reserved
	prlimit --pid "$pid" --fsize=unlimited:unlimited
	wait "$pid" || true
	assert_equal "$(sql 'SELECT state, code FROM outbox')" 'sent|250'
	assert_equal "$(wc -l <stored | tr -d ' ')" 1
}
