/*
 * config_keys.h - the one list of configuration keys: X(key, type, least, most, default as stored, help).
 * A duration may be none at all where its `most` is 1.  Columns of agent_configs have the same names and defaults; a test compares them.  Included by config_keys.c and config.c alone.
 */
#ifndef LP_STORE_CONFIG_KEYS_H
#define LP_STORE_CONFIG_KEYS_H

/* clang-format off */
#define CONFIG_KEYS(X) \
	X(name, C_TEXT, 0, 0, "LeadPilot Agent", "what the agent is called in reports") \
	X(llm_provider, C_PROVIDER, 0, 0, "offline", "who is asked where the offline brain isn't sure: offline, anthropic, openai, command") \
	X(llm_model, C_TEXT, 0, 0, "claude-sonnet-4-20250514", "the provider's model; the offline provider has none") \
	X(llm_base_url, C_OPTIONAL, 0, 0, NULL, "where the provider is, if not at its usual place: http://127.0.0.1:8080/v1") \
	X(llm_key_env, C_VARIABLE, 0, 0, NULL, "NAME of the environment variable that holds the key") \
	X(llm_key_command, C_OPTIONAL, 0, 0, NULL, "a command that prints the key, such as: pass show llm") \
	X(llm_ca_file, C_PATH, 0, 0, NULL, "certificates to trust instead of the system's, for a model of one's own") \
	X(llm_command, C_OPTIONAL, 0, 0, NULL, "the program that the provider 'command' runs") \
	X(llm_max_tokens, C_INT, 16, 100000, "1024", "most that a model may answer") \
	X(llm_timeout, C_DURATION, 0, 0, "1m", "of one question, with its retries") \
	X(llm_price_in, C_NUM, 0, 1e6, "3", "of a million tokens that are asked") \
	X(llm_price_cached, C_NUM, 0, 1e6, "0.3", "of a million that the provider had in its cache") \
	X(llm_price_out, C_NUM, 0, 1e6, "15", "of a million that are answered") \
	X(llm_cache, C_DURATION, 0, 1, "1d", "an equal question is answered from the record for so long") \
	X(llm_fallback, C_PROVIDER_OR_NONE, 0, 0, NULL, "who is asked where the provider can't be reached") \
	X(llm_fallback_model, C_OPTIONAL, 0, 0, NULL, "its model") \
	X(llm_fallback_base_url, C_OPTIONAL, 0, 0, NULL, "where it is") \
	X(llm_fallback_key_env, C_VARIABLE, 0, 0, NULL, "NAME of the environment variable that holds its key") \
	X(llm_fallback_key_command, C_OPTIONAL, 0, 0, NULL, "a command that prints its key") \
	X(llm_fallback_price_in, C_NUM, 0, 1e6, "3", "its price of a million tokens that are asked") \
	X(llm_fallback_price_cached, C_NUM, 0, 1e6, "0.3", "of a million that it had in its cache") \
	X(llm_fallback_price_out, C_NUM, 0, 1e6, "15", "of a million that it answers") \
	X(offline_threshold, C_NUM, 0, 1, "0.8", "from this confidence on the offline brain's word counts, and no model is asked") \
	X(temperature, C_NUM, 0, 2, "0.7", "of a model when it writes; it decides at 0") \
	X(min_confidence, C_NUM, 0, 1, "0.6", "a decision below it waits for a person") \
	X(max_llm_cost_per_day, C_NUM, 0, 1e6, "5", "most that model calls may cost a day") \
	X(schedule_enabled, C_BOOL, 0, 0, "1", "no: anything may leave at any hour") \
	X(schedule_timezone, C_ZONE, 0, 0, "UTC", "the agent's time zone, as Europe/Berlin") \
	X(schedule_days, C_DAYS, 0, 0, "[\"monday\",\"tuesday\",\"wednesday\",\"thursday\",\"friday\"]", "days on which something may leave: mon-fri") \
	X(schedule_start_time, C_TIME, 0, 1439, "09:00", "from then on") \
	X(schedule_end_time, C_TIME, 0, 1440, "17:00", "up to then; before the start: past midnight") \
	X(holidays, C_DATES, 0, 0, "[]", "days on which nothing leaves: 2026-12-25,2027-01-01") \
	X(max_leads_per_day, C_INT, 0, 1000000, "50", "people written to for the first time") \
	X(max_messages_per_day, C_INT, 0, 1000000, "100", "messages, over all accounts") \
	X(max_actions_per_hour, C_INT, 0, 1000000, "20", "whatever has an effect outside") \
	X(max_messages_per_lead, C_INT, 0, 10000, "10", "ever, over all campaigns") \
	X(max_messages_per_company, C_INT, 0, 10000, "10", "a day") \
	X(auto_respond_to_positive, C_BOOL, 0, 0, "0", "answer an interested reply") \
	X(auto_respond_to_questions, C_BOOL, 0, 0, "1", "answer a question") \
	X(auto_book_meetings, C_BOOL, 0, 0, "0", "book a meeting that was asked for") \
	X(require_approval_for, C_APPROVALS, 0, 0, "[\"send_message\",\"book_meeting\"]", "task types and actions that wait for a person") \
	X(approval_expires, C_DURATION, 0, 0, "3d", "an approval not given by then is void: nothing is sent") \
	X(inbox_interval, C_DURATION, 0, 0, "10m", "how often an inbox is read") \
	X(inbox_max_age, C_DURATION, 0, 0, "1h", "no follow-up on an inbox read longer ago") \
	X(slot_grace, C_DURATION, 0, 0, "30m", "a sending time missed by more is lost") \
	X(report_at, C_NO_OR_TIME, 0, 1439, "17:00", "daily report; empty for none") \
	X(stop_on_colleague, C_BOOL, 0, 0, "0", "a reply stops the sequences of the whole company") \
	X(inbox_max_bytes, C_INT, 0, 1e9, "26214400", "of a larger mail only the header is read") \
	X(away_pause, C_DURATION, 0, 0, "5bd", "an absence notice that names no day pauses the sequence") \
	X(bounce_pause, C_DURATION, 0, 0, "3d", "a temporary bounce pauses the sequence") \
	X(soft_bounces, C_INT, 1, 100, "3", "so many temporary bounces in a row are a dead address") \
	X(bounce_rate_max, C_NUM, 0.1, 100, "5", "per cent of hard bounces within rate_window at which an account stops") \
	X(bounce_floor, C_INT, 1, 1000000, "50", "messages within rate_window below which bounces are no rate") \
	X(complaint_rate_warn, C_NUM, 0.001, 100, "0.1", "per cent of complaints within rate_window of which somebody is told") \
	X(complaint_rate_max, C_NUM, 0.001, 100, "0.3", "per cent of complaints within rate_window at which an account stops") \
	X(complaint_floor, C_INT, 1, 1000000, "100", "messages within rate_window below which complaints are no rate") \
	X(rate_window, C_DURATION, 0, 0, "7d", "over how long bounces and complaints are counted") \
	X(compliance, C_COMPLIANCE, 0, 0, "auto", "strict: what the law asks for and isn't there holds; warn, off; auto: strict for what leaves this machine") \
	X(postal_address, C_OPTIONAL, 0, 0, NULL, "for the foot of a mail") \
	X(identification, C_OPTIONAL, 0, 0, NULL, "who we are, in a line for the foot of a mail") \
	X(privacy_url, C_LINK, 0, 0, NULL, "https: page that says where data is from and what people's rights are") \
	X(unsubscribe_url, C_LINK, 0, 0, NULL, "https: address of ours for opt-outs; each message's token is put behind it") \
	X(country_rules, C_PATH, 0, 0, NULL, "a table of countries over the one that is built in") \
	X(html, C_BOOL, 0, 0, "0", "mails have the same words as HTML beside the text") \
	X(retention, C_DURATION, 0, 1, "0s", "texts older than this are deleted; 0s: never") \
	X(notify_on_positive_reply, C_BOOL, 0, 0, "1", "tell of an interested reply") \
	X(notify_on_meeting_booked, C_BOOL, 0, 0, "1", "tell of a meeting") \
	X(notify_on_error, C_BOOL, 0, 0, "1", "tell of what went wrong") \
	X(notify_email, C_EMAIL, 0, 0, NULL, "where notices go") \
	X(notify_slack_webhook_env, C_VARIABLE, 0, 0, NULL, "NAME of the environment variable that holds a Slack webhook") \
	X(notify_maildir, C_PATH, 0, 0, NULL, "a Maildir into which notices are put as mail") \
	X(notify_account, C_OPTIONAL, 0, 0, NULL, "the account by whose server notices go to notify_email") \
	X(notify_interval, C_DURATION, 0, 1, "10m", "at most one digest of notices within it") \
	X(meeting_days, C_DAYS, 0, 0, "[\"monday\",\"tuesday\",\"wednesday\",\"thursday\",\"friday\"]", "days for meetings: tue-thu") \
	X(meeting_start_time, C_TIME, 0, 1439, "09:00", "no meeting begins before") \
	X(meeting_end_time, C_TIME, 0, 1440, "17:00", "none ends after") \
	X(meeting_length, C_DURATION, 0, 0, "30m", "of a meeting") \
	X(meeting_buffer, C_DURATION, 0, 1, "15m", "free before and after each") \
	X(meeting_notice, C_DURATION, 0, 1, "1bd", "none is proposed sooner from now") \
	X(meeting_horizon, C_DURATION, 0, 0, "14d", "nor later from now") \
	X(meetings_per_day, C_INT, 1, 100, "4", "meetings a day") \
	X(meeting_title, C_TEXT, 0, 0, "Call", "what an invitation calls it") \
	X(meeting_location, C_OPTIONAL, 0, 0, NULL, "a place or the link of a video call") \
	X(meeting_busy, C_PATH, 0, 0, NULL, "an .ics file with times that are taken")
/* clang-format on */

#endif
