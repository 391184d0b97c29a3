-- Views: what people ask of the file, under names that stay.  Safe to read at any time, also while LeadPilot runs.

-- The audit trail as one row each; message is NULL where its lead was erased.
CREATE VIEW v_log AS
  SELECT l.seq, l.created_at, l.log_type, l.task_id, l.lead_id, l.campaign_id, l.message_id, l.account_id, l.rule_id, l.rule_version,
         p.message, p.reasoning, p.confidence, p.details
  FROM agent_logs l LEFT JOIN agent_log_payloads p ON p.log_id = l.seq;

-- Every message and why it is where it is: the last verdict on it, and what became of it.
CREATE VIEW v_why AS
  SELECT m.seq AS message, c.name AS campaign, l.email, l.company, m.step, m.variant, m.status, m.status_reason, m.slot_at, m.sent_at,
         t.status AS task_status, t.hold_kind, t.hold_reason, v.stage, v.verdict, v.reason, v.until_at
  FROM messages m LEFT JOIN campaigns c ON c.seq = m.campaign_id LEFT JOIN leads l ON l.seq = m.lead_id
  LEFT JOIN agent_tasks t ON t.seq = (SELECT max(x.seq) FROM agent_tasks x WHERE x.message_id = m.seq)
  LEFT JOIN verdicts v ON v.seq = (SELECT max(x.seq) FROM verdicts x WHERE x.task_id = t.seq);

-- What waits for a person, and what for.
CREATE VIEW v_held AS
  SELECT hold_kind, hold_reason, count(*) AS tasks, min(created_at) AS since
  FROM agent_tasks WHERE status = 'awaiting_approval' GROUP BY hold_kind, hold_reason;

-- A campaign's funnel, a row for each step and variant.
CREATE VIEW v_funnel AS
  SELECT c.name AS campaign, m.step, m.variant, count(*) AS planned, count(*) FILTER (WHERE m.status = 'sent') AS sent,
         count(*) FILTER (WHERE m.status = 'sent' AND m.seq IN
           (SELECT message_id FROM inbox_messages WHERE kind = 'reply')) AS replied,
         count(*) FILTER (WHERE m.status IN ('blocked', 'rejected', 'expired', 'refused')) AS stopped
  FROM messages m JOIN campaigns c ON c.seq = m.campaign_id WHERE m.step IS NOT NULL GROUP BY c.seq, m.step, m.variant;

-- What counts in limits: messages reserved, sent, or of which that isn't known, by account and UTC day.
CREATE VIEW v_used AS
  SELECT a.name AS account, substr(o.reserved_at, 1, 10) AS day, count(*) AS messages, sum(o.first_contact) AS leads
  FROM outbox o JOIN accounts a ON a.seq = o.account_id WHERE o.state IN ('reserved', 'sent', 'unknown') GROUP BY a.seq, day;

-- The same, of today (UTC).
CREATE VIEW v_used_today AS
  SELECT account, messages, leads FROM v_used WHERE day = strftime('%Y-%m-%d', 'now');

-- What models were asked and what it cost, by UTC day, brain and purpose: calls that were made, of them failed and not over (open: counted at their worst), those
-- that the record answered for nothing, tokens as billed, cost in units of the price list, and the mean wall time of those that were answered.
CREATE VIEW v_model_cost AS
  SELECT substr(created_at, 1, 10) AS day, provider, model, purpose,
         count(*) FILTER (WHERE record_of IS NULL) AS calls, count(*) FILTER (WHERE state = 'failed') AS failed,
         count(*) FILTER (WHERE state = 'reserved') AS open, count(*) FILTER (WHERE record_of IS NOT NULL) AS from_record,
         ifnull(sum(tokens_in), 0) AS tokens_in, ifnull(sum(tokens_cached), 0) AS tokens_cached, ifnull(sum(tokens_out), 0) AS tokens_out,
         sum(cost_micros) / 1e6 AS cost, CAST(avg(latency_ms) FILTER (WHERE state = 'done') AS INTEGER) AS latency_ms
  FROM model_calls GROUP BY day, provider, model, purpose;
