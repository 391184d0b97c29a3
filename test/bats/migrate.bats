load helper

# A file as the first schema made it, with the rows that init writes.
old_file() {
	new_db
	sql "$(sql "SELECT 'DROP VIEW ' || name || ';' FROM sqlite_schema WHERE type = 'view'") PRAGMA user_version = 1"
}

@test "an older file is refused with both numbers, and migrated on demand" {
	new_db
	newest=$(sql "PRAGMA user_version")
	rm -f lp.db*
	old_file
	run_err 78 "schema 1 is older than this program's $newest: run \`lp-config migrate\`" lp-tasks list
	run_ok lp-config migrate
	assert_equal "$(sql "PRAGMA user_version")" "$newest"
	assert_equal "$(sql "SELECT count(*) FROM v_log")" 0
	run_ok lp-tasks list
}

@test "two migrations at once do it once" {
	old_file
	lp-config migrate 2>err1 & one=$!
	lp-config migrate 2>err2 & two=$!
	wait $one
	wait $two
	assert_equal "$(cat err1 err2)" ""
	run_ok lp-tasks list
}
