#include "store/inputs.h"

int
inputs_text(struct lp_db *db, const struct task *t, char **text, struct lp_err *err)
{
	/* the message of an answer is made by its decision: it isn't what that rests on; its campaign's texts are */
	static const char sql[] =
	    "SELECT CASE WHEN t.task_type IN ('respond_to_reply', 'book_meeting') AND i.seq IS NOT NULL THEN"
	    " json_array(t.task_type, t.lead_id, l.version, l.status, t.campaign_id, k.version, i.seq, i.kind, i.classification, i.sentiment, i.confidence,"
	    " i.mentions_availability, (SELECT max(x.seq) FROM inbox_messages x WHERE x.thread_id = i.thread_id), t.account_id, t.input_data, c.version)"
	    " ELSE json_array(t.task_type, t.lead_id, l.version, l.status, t.campaign_id, t.message_id, m.step, m.status IN ('planned', 'due'),"
	    " t.inbox_message_id, i.classification, i.sentiment,"
	    " (SELECT max(x.seq) FROM inbox_messages x WHERE x.thread_id = m.thread_id), t.account_id, t.input_data, c.version) END"
	    " FROM agent_tasks t CROSS JOIN agent_configs c LEFT JOIN leads l ON l.seq = t.lead_id LEFT JOIN messages m ON m.seq = t.message_id"
	    " LEFT JOIN inbox_messages i ON i.seq = t.inbox_message_id LEFT JOIN campaigns k ON k.seq = t.campaign_id WHERE t.seq = ?1";

	return db_str(db, err, text, sql, "I", t->seq) == 1 ? 0 : -1;
}
