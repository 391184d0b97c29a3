#!/bin/sh
# The schema as it stands in the files: strict, and every table and column with a word about it.
. test/tools/tap.sh
all=$tap_dir/all.sql
cat schema/*.sql >"$all"
sqlite3 "$tap_dir/s.db" <"$all" || exit 1

not_strict() {
	sqlite3 "$tap_dir/s.db" "SELECT name FROM pragma_table_list WHERE type = 'table' AND NOT strict AND schema = 'main' AND name NOT LIKE 'sqlite_%'
		AND name NOT IN (SELECT v.name || s.value FROM pragma_table_list v, json_each('[\"\", \"_data\", \"_idx\", \"_docsize\", \"_config\", \"_content\"]') s
			WHERE v.type = 'virtual')"
}

# a table or view whose line before isn't a comment
bare_tables() {
	awk '/^CREATE (TABLE|VIEW|VIRTUAL TABLE) / && before !~ /^--/ && $3 != "agent_memory_fts" && !/VIRTUAL/ { print $3 } { before = $0 }' "$all"
}

# seq, id, *_id and *_at are explained once, at the head
bare_columns() {
	awk '/^CREATE TABLE/ { t = $3 } /^\)/ { t = "" }
		t && /^  [a-z_]+ +(TEXT|INTEGER|REAL|BLOB)/ && !/--/ && $1 !~ /^(seq|id)$|_id$|_at$/ { print t "." $1 }' "$all"
}

# what the specification asks for, less what was changed on purpose
missing() {
	while read -r table columns; do
		for c in $columns; do
			[ "$(sqlite3 "$tap_dir/s.db" "SELECT count(*) FROM pragma_table_info('$table') WHERE name = '$c'")" = 1 ] || echo "$table.$c"
		done
	done <<-'END'
		agent_configs id name is_enabled status llm_provider llm_model temperature schedule_enabled schedule_timezone schedule_days schedule_start_time schedule_end_time max_leads_per_day max_messages_per_day max_actions_per_hour auto_respond_to_positive auto_respond_to_questions auto_book_meetings require_approval_for notify_on_positive_reply notify_on_meeting_booked notify_on_error notify_email created_at updated_at
		agent_rules id name description rule_type condition condition_json action action_json priority is_enabled times_triggered last_triggered_at created_at updated_at
		agent_tasks id task_type priority campaign_id lead_id message_id inbox_message_id input_data output_data status requires_approval approved_by approved_at rejection_reason started_at completed_at error_message retry_count max_retries scheduled_for created_at updated_at
		agent_memory id memory_type lead_id campaign_id key value metadata importance expires_at created_at updated_at
		agent_logs task_id log_type rule_id created_at
		agent_log_payloads message details reasoning confidence
		campaigns id name status
		leads id email status source lawful_basis
		messages id purpose status
		inbox_messages id classification
		accounts id kind inbox_read_at
		meetings id uid sequence
		notifications id type title message
		suppressions kind hash
		outbox message_id state
		model_calls cost_micros
	END
}

# deleting a parent walks its children: each way down needs an index that begins with it
slow_cascades() {
	sqlite3 "$tap_dir/s.db" "SELECT m.name || '.' || f.\"from\" FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'
		AND f.\"table\" = 'agent_tasks' AND f.on_delete = 'CASCADE'
		AND NOT EXISTS (SELECT 1 FROM pragma_index_list(m.name) i, pragma_index_info(i.name) c WHERE c.seqno <= 1 AND c.name = f.\"from\")"
}

is 'every table is STRICT' "$(not_strict)" ''
is 'every table and view has a comment' "$(bare_tables)" ''
is 'every column has a comment' "$(bare_columns)" ''
is 'nothing that the specification asks for is missing' "$(missing)" ''
is 'what goes with a task is found by an index' "$(slow_cascades)" ''
tap_end
