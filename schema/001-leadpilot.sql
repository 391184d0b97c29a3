-- LeadPilot's file: one SQLite database is one organisation.  This is the only definition of the tables.
--
-- seq  is the row's number: people type it behind a letter (l12, t1207).  AUTOINCREMENT where a handle may outlive
--      its row: a number is never given twice, or the log would tell of the wrong one.
-- id   is the row's UUID, version 7.
-- *_at are instants: TEXT, UTC, "2026-11-22T09:00:00.000Z".  Days are "2026-11-22".  Lists and objects are JSON text.
-- *_id are seqs of the table named.
--
-- CHECKs over a list of words are chains of OR: IN with three words and more builds a temporary index at every INSERT and UPDATE, which
-- took half of the time of an INSERT.

-- What the file is.  One row.
CREATE TABLE meta (
  one        INTEGER PRIMARY KEY CHECK (one = 1), -- there is one row
  seed       TEXT NOT NULL,                         -- every choice that looks random is a hash of this and a row
  salt       BLOB NOT NULL CHECK (length(salt) = 32), -- for hashes of addresses that outlive the person's data
  simulated  INTEGER NOT NULL DEFAULT 0 CHECK (simulated IN (0, 1)), -- 1: the clock may be set for writing, and no channel reaches past loopback
  ids_made   INTEGER NOT NULL DEFAULT 0,            -- simulated files only: how many UUIDs were derived from the seed
  created_at TEXT NOT NULL
) STRICT;

-- The agent's configuration.  One row; the columns are the keys of `lp-config set`.
CREATE TABLE agent_configs (
  seq        INTEGER PRIMARY KEY CHECK (seq = 1),
  id         TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL DEFAULT 'LeadPilot Agent' CHECK (name <> ''), -- what it is called in reports
  -- state
  is_enabled INTEGER NOT NULL DEFAULT 0 CHECK (is_enabled IN (0, 1)), -- lp-start, lp-stop: nothing leaves while 0
  status     TEXT NOT NULL DEFAULT 'idle' CHECK (status = 'idle' OR status = 'running' OR status = 'paused' -- as the spec names it; is_enabled decides
                 OR status = 'error'),
  status_reason TEXT,                               -- of the last lp-start or lp-stop
  version    INTEGER NOT NULL DEFAULT 1,            -- counts changes of what decides; part of a decision's inputs
  ruleset    INTEGER NOT NULL DEFAULT 1,            -- counts changes of rules and lists; a verdict is good for one
  -- brain
  llm_provider TEXT NOT NULL DEFAULT 'offline', -- a name of llm/llm.h
  llm_model    TEXT NOT NULL DEFAULT 'claude-sonnet-4-20250514', -- the provider's name for it; unused by offline
  llm_base_url TEXT, -- NULL: the provider's own
  llm_key_env  TEXT, -- the NAME of an environment variable, never the key
  llm_key_command TEXT, -- prints the key; run without a shell
  llm_ca_file  TEXT, -- certificates to trust instead of the system's
  llm_command  TEXT, -- of the provider 'command'
  llm_max_tokens INTEGER NOT NULL DEFAULT 1024 CHECK (llm_max_tokens BETWEEN 16 AND 100000), -- of an answer
  llm_timeout  TEXT NOT NULL DEFAULT '1m', -- of one question, with its retries
  llm_price_in REAL NOT NULL DEFAULT 3 CHECK (llm_price_in >= 0), -- of a million tokens, likewise below
  llm_price_cached REAL NOT NULL DEFAULT 0.3 CHECK (llm_price_cached >= 0), -- that the provider had in its cache
  llm_price_out REAL NOT NULL DEFAULT 15 CHECK (llm_price_out >= 0), -- that are answered
  llm_cache    TEXT NOT NULL DEFAULT '1d', -- an equal question is answered from the record for so long
  llm_fallback TEXT, -- a second provider; NULL for none
  llm_fallback_model TEXT, -- its model
  llm_fallback_base_url TEXT, -- NULL: its own
  llm_fallback_key_env TEXT, -- the NAME of an environment variable
  llm_fallback_key_command TEXT, -- prints its key; run without a shell
  llm_fallback_price_in REAL NOT NULL DEFAULT 3 CHECK (llm_fallback_price_in >= 0), -- its own, as above
  llm_fallback_price_cached REAL NOT NULL DEFAULT 0.3 CHECK (llm_fallback_price_cached >= 0), -- likewise
  llm_fallback_price_out REAL NOT NULL DEFAULT 15 CHECK (llm_fallback_price_out >= 0), -- likewise
  offline_threshold REAL NOT NULL DEFAULT 0.8 CHECK (offline_threshold BETWEEN 0 AND 1), -- from here on no model is asked
  temperature  REAL NOT NULL DEFAULT 0.7 CHECK (temperature BETWEEN 0 AND 2), -- for writing; decisions are made at 0
  min_confidence REAL NOT NULL DEFAULT 0.6 CHECK (min_confidence BETWEEN 0 AND 1), -- below it a decision waits for a person
  max_llm_cost_per_day REAL NOT NULL DEFAULT 5 CHECK (max_llm_cost_per_day >= 0), -- in the currency of the price list
  -- hours: start after end is a window over midnight
  schedule_enabled    INTEGER NOT NULL DEFAULT 1 CHECK (schedule_enabled IN (0, 1)), -- 0: mail leaves at any hour
  schedule_timezone   TEXT NOT NULL DEFAULT 'UTC' CHECK (schedule_timezone <> ''), -- IANA name
  schedule_days       TEXT NOT NULL DEFAULT '["monday","tuesday","wednesday","thursday","friday"]' CHECK (json_type(schedule_days) = 'array'), -- English names
  schedule_start_time TEXT NOT NULL DEFAULT '09:00' CHECK (schedule_start_time GLOB '[0-2][0-9]:[0-5][0-9]' AND schedule_start_time < '24:00'), -- HH:MM
  schedule_end_time   TEXT NOT NULL DEFAULT '17:00' CHECK (schedule_end_time GLOB '[0-2][0-9]:[0-5][0-9]' AND schedule_end_time <= '24:00'), -- HH:MM, not included; 24:00 is midnight
  holidays            TEXT NOT NULL DEFAULT '[]' CHECK (json_type(holidays) = 'array'), -- days on which nothing leaves
  -- limits, over all pipelines together
  max_leads_per_day    INTEGER NOT NULL DEFAULT 50 CHECK (max_leads_per_day >= 0), -- leads written to for the first time
  max_messages_per_day INTEGER NOT NULL DEFAULT 100 CHECK (max_messages_per_day >= 0), -- of all accounts, in the agent's day
  max_actions_per_hour INTEGER NOT NULL DEFAULT 20 CHECK (max_actions_per_hour >= 0), -- what has an effect outside, within any 60 minutes
  max_messages_per_lead    INTEGER NOT NULL DEFAULT 10 CHECK (max_messages_per_lead >= 0), -- ever, over all campaigns
  max_messages_per_company INTEGER NOT NULL DEFAULT 10 CHECK (max_messages_per_company >= 0), -- a day
  -- behaviour
  auto_respond_to_positive  INTEGER NOT NULL DEFAULT 0 CHECK (auto_respond_to_positive IN (0, 1)), -- answer interest without a person
  auto_respond_to_questions INTEGER NOT NULL DEFAULT 1 CHECK (auto_respond_to_questions IN (0, 1)), -- answer questions without a person
  auto_book_meetings        INTEGER NOT NULL DEFAULT 0 CHECK (auto_book_meetings IN (0, 1)), -- book without a person
  require_approval_for      TEXT NOT NULL DEFAULT '["send_message","book_meeting"]' CHECK (json_type(require_approval_for) = 'array'), -- task types and actions
  approval_expires  TEXT NOT NULL DEFAULT '3d',     -- durations: 3d, 3bd, 4h, 10m
  inbox_interval    TEXT NOT NULL DEFAULT '10m',    -- how often an inbox is read
  inbox_max_age     TEXT NOT NULL DEFAULT '1h',     -- no follow-up and no answer on a reading older than this
  slot_grace        TEXT NOT NULL DEFAULT '30m',    -- a sending time missed by more is lost
  report_at         TEXT NOT NULL DEFAULT '17:00' CHECK (report_at = '' OR (report_at GLOB '[0-2][0-9]:[0-5][0-9]' AND report_at < '24:00')), -- daily report; '' for none
  stop_on_colleague INTEGER NOT NULL DEFAULT 0 CHECK (stop_on_colleague IN (0, 1)), -- a reply stops the sequences of the same company
  inbox_max_bytes   INTEGER NOT NULL DEFAULT 26214400 CHECK (inbox_max_bytes >= 0), -- of a larger mail only the header is read
  away_pause        TEXT NOT NULL DEFAULT '5bd',    -- an absence notice that names no day pauses the sequence for so long
  bounce_pause      TEXT NOT NULL DEFAULT '3d',     -- a temporary bounce likewise
  soft_bounces      INTEGER NOT NULL DEFAULT 3 CHECK (soft_bounces BETWEEN 1 AND 100), -- so many in a row are a dead address
  bounce_rate_max   REAL NOT NULL DEFAULT 5 CHECK (bounce_rate_max BETWEEN 0.1 AND 100), -- per cent of hard bounces at which an account stops
  bounce_floor      INTEGER NOT NULL DEFAULT 50 CHECK (bounce_floor > 0), -- messages: fewer are no rate
  complaint_rate_warn REAL NOT NULL DEFAULT 0.1 CHECK (complaint_rate_warn BETWEEN 0.001 AND 100), -- per cent of complaints of which somebody is told
  complaint_rate_max  REAL NOT NULL DEFAULT 0.3 CHECK (complaint_rate_max BETWEEN 0.001 AND 100), -- … and at which an account stops
  complaint_floor   INTEGER NOT NULL DEFAULT 100 CHECK (complaint_floor > 0), -- messages: fewer are no rate
  rate_window       TEXT NOT NULL DEFAULT '7d',     -- over how long both are counted
  -- what the law asks of a sender
  compliance        TEXT NOT NULL DEFAULT 'auto' CHECK (compliance = 'auto' OR compliance = 'strict' OR compliance = 'warn' -- strict holds what is missing
                      OR compliance = 'off'),
  postal_address    TEXT,                           -- for the foot of a mail, likewise below
  identification    TEXT,                           -- who we are, in a line
  privacy_url       TEXT,                           -- where the data is from and what people's rights are
  unsubscribe_url   TEXT,                           -- of ours; each message's own token follows it
  country_rules     TEXT,                           -- absolute path of a table over the one that is built in
  html              INTEGER NOT NULL DEFAULT 0 CHECK (html IN (0, 1)), -- beside the text, the same words as HTML
  retention         TEXT NOT NULL DEFAULT '0s',     -- texts older than this are deleted; none: never
  -- notices to people
  notify_on_positive_reply INTEGER NOT NULL DEFAULT 1 CHECK (notify_on_positive_reply IN (0, 1)), -- tell a person
  notify_on_meeting_booked INTEGER NOT NULL DEFAULT 1 CHECK (notify_on_meeting_booked IN (0, 1)), -- tell a person
  notify_on_error          INTEGER NOT NULL DEFAULT 1 CHECK (notify_on_error IN (0, 1)), -- tell a person
  notify_email             TEXT, -- to whom; NULL: only lp-report shows notices
  notify_slack_webhook_env TEXT,                    -- the NAME of an environment variable: a webhook's address is a secret
  notify_maildir           TEXT, -- absolute path of a Maildir where notices are put as mail; NULL for none
  notify_account           TEXT, -- name of an account by whose server notices go to notify_email; NULL for none
  notify_interval          TEXT NOT NULL DEFAULT '10m', -- at most one mail of notices within it
  -- meetings: proposed in the agent's zone, but on no holiday of it
  meeting_days       TEXT NOT NULL DEFAULT '["monday","tuesday","wednesday","thursday","friday"]' CHECK (json_type(meeting_days) = 'array'), -- English names
  meeting_start_time TEXT NOT NULL DEFAULT '09:00' CHECK (meeting_start_time GLOB '[0-2][0-9]:[0-5][0-9]' AND meeting_start_time < '24:00'), -- HH:MM
  meeting_end_time   TEXT NOT NULL DEFAULT '17:00' CHECK (meeting_end_time GLOB '[0-2][0-9]:[0-5][0-9]' AND meeting_end_time <= '24:00'), -- HH:MM: the last one ends by then
  meeting_length     TEXT NOT NULL DEFAULT '30m',   -- of one
  meeting_buffer     TEXT NOT NULL DEFAULT '15m',   -- free before and after each
  meeting_notice     TEXT NOT NULL DEFAULT '1bd',   -- never earlier than so long from now
  meeting_horizon    TEXT NOT NULL DEFAULT '14d',   -- nor later
  meetings_per_day   INTEGER NOT NULL DEFAULT 4 CHECK (meetings_per_day BETWEEN 1 AND 100), -- at most
  meeting_title      TEXT NOT NULL DEFAULT 'Call' CHECK (meeting_title <> ''), -- SUMMARY of the invitation
  meeting_location   TEXT, -- LOCATION: a place or the link of a video call; NULL for none
  meeting_busy       TEXT, -- absolute path of an .ics file with times that are taken; NULL for none
  loaded     TEXT CHECK (json_type(loaded) = 'object'), -- the section as of the last `lp-config load`: tells what was changed by hand since
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

-- Senders: where mail leaves and comes in.
CREATE TABLE accounts (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  name         TEXT NOT NULL UNIQUE CHECK (name <> ''), -- as people type it
  kind         TEXT NOT NULL,                       -- the channel's provider: maildir, …
  channel      TEXT NOT NULL CHECK (channel = 'email' OR channel = 'whatsapp' OR channel = 'sms'), -- what it carries
  address      TEXT NOT NULL,                       -- From: an address or a number
  display_name TEXT, -- the name in From:; NULL for none
  settings     TEXT NOT NULL DEFAULT '{}' CHECK (json_type(settings) = 'object'), -- of the kind; names of secrets, never secrets
  status       TEXT NOT NULL DEFAULT 'active' CHECK (status = 'active' OR status = 'paused' OR status = 'stopped'), -- paused: by hand; stopped: by LeadPilot
  status_reason TEXT, -- of the last change
  daily_limit  INTEGER NOT NULL DEFAULT 30 CHECK (daily_limit >= 0),   -- messages a day in the account's zone
  ramp_start   INTEGER CHECK (ramp_start >= 0),     -- first day's limit; NULL: no ramp
  ramp_step    INTEGER NOT NULL DEFAULT 0 CHECK (ramp_step >= 0),      -- more a day
  ramp_from    TEXT,                                -- the day the ramp began
  answer_share INTEGER NOT NULL DEFAULT 20 CHECK (answer_share BETWEEN 0 AND 100), -- per cent of a day kept for answers
  gap_seconds  INTEGER NOT NULL DEFAULT 120 CHECK (gap_seconds >= 0),  -- least time between two messages; jitter comes on top
  timezone     TEXT,                                -- NULL: the agent's
  days         TEXT CHECK (json_type(days) = 'array'),                 -- NULL: the agent's, likewise below
  start_time   TEXT, -- HH:MM
  end_time     TEXT, -- HH:MM
  inbox_read_at  TEXT,                              -- the last good reading
  inbox_tried_at TEXT,
  inbox_error    TEXT,                              -- of the last try, where it failed
  stopped_for  TEXT CHECK (stopped_for = 'bounces' OR stopped_for = 'complaints' OR stopped_for = 'refusals'), -- what LeadPilot stopped it for; NULL: it didn't
  stopped_at   TEXT,                                -- when that was: complaints need their time to fade
  rates_from   TEXT,                                -- a person started it again: what was sent before counts in no rate
  slow_until   TEXT,                                -- the far side asked us to slow down: nothing leaves before
  loaded_hash  TEXT, -- of its YAML at the last load: tells a change by hand
  created_at   TEXT NOT NULL,
  updated_at   TEXT NOT NULL
) STRICT;

-- When a sender is away: nothing leaves from the account.
CREATE TABLE account_absences (
  account_id INTEGER NOT NULL REFERENCES accounts(seq) ON DELETE CASCADE,
  first_day  TEXT NOT NULL, -- in the account's zone
  last_day   TEXT NOT NULL CHECK (last_day >= first_day), -- included
  reason     TEXT, -- for people
  PRIMARY KEY (account_id, first_day)
) STRICT, WITHOUT ROWID;

-- A human being, whichever addresses and leads they have.  What is suppressed, is suppressed here.
CREATE TABLE persons (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  created_at TEXT NOT NULL
) STRICT;

-- Every address by which a person is known, normalised.
CREATE TABLE person_addresses (
  kind       TEXT NOT NULL CHECK (kind = 'email' OR kind = 'phone' OR kind = 'linkedin'), -- how the value is normalised
  value      TEXT NOT NULL CHECK (value <> ''), -- normalised (base/normal.h)
  person_id  INTEGER NOT NULL REFERENCES persons(seq) ON DELETE CASCADE,
  source     TEXT NOT NULL DEFAULT 'import',        -- import, reply, hand
  created_at TEXT NOT NULL,
  PRIMARY KEY (kind, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX person_addresses_person ON person_addresses(person_id);

-- Leads: a person as a prospect.
CREATE TABLE leads (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  person_id    INTEGER NOT NULL REFERENCES persons(seq),
  status       TEXT NOT NULL DEFAULT 'active' CHECK (status = 'active' OR status = 'paused' OR status = 'replied' -- active is written to; all else is not
                 OR status = 'booked' OR status = 'bounced' OR status = 'stopped' OR status = 'suppressed'
                 OR status = 'forgotten'),
  status_reason TEXT, -- of the last change
  email        TEXT,                                -- normalised; NULL where there is none
  first_name   TEXT, -- as imported
  last_name    TEXT, -- as imported
  title        TEXT, -- job title
  company      TEXT, -- as imported
  company_domain TEXT, -- of the website, else of the address unless a mailbox provider's
  company_key  TEXT,                                -- domain, else folded name: what counts as one company
  website      TEXT, -- as imported
  linkedin_url TEXT, -- canonical form
  phone        TEXT,                                -- E.164 where it could be made so
  whatsapp     TEXT, -- E.164; NULL: not known to use it
  city         TEXT, -- as imported
  country      TEXT, -- ISO 3166 code where known
  timezone     TEXT,                                -- IANA name where known
  industry     TEXT, -- as imported
  employees    TEXT, -- text: a number or a range
  custom       TEXT NOT NULL DEFAULT '{}' CHECK (json_type(custom) = 'object'), -- the file's other columns
  source       TEXT NOT NULL,                       -- where the data is from, as the law asks
  source_at    TEXT NOT NULL,
  lawful_basis TEXT NOT NULL DEFAULT 'legitimate_interest', -- legitimate_interest, consent, … (GDPR, article 6)
  version      INTEGER NOT NULL DEFAULT 1,          -- counts changes; part of a decision's inputs
  contacted_at TEXT,                                -- first message sent
  created_at   TEXT NOT NULL,
  updated_at   TEXT NOT NULL
) STRICT;
CREATE INDEX leads_person ON leads(person_id);
CREATE UNIQUE INDEX leads_email ON leads(email) WHERE email IS NOT NULL;
CREATE INDEX leads_company ON leads(company_key) WHERE company_key IS NOT NULL;

-- Whom nothing is ever sent.  By hash, so that it outlives `forget`; the value only as long as the person's data is here.
CREATE TABLE suppressions (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  kind       TEXT NOT NULL CHECK (kind = 'email' OR kind = 'domain' OR kind = 'phone' OR kind = 'linkedin'), -- domain covers its subdomains
  hash       TEXT NOT NULL,                         -- hex SHA-256 over meta.salt, kind and the normalised value
  value      TEXT,                                  -- NULL after `forget`
  person_id  INTEGER,                               -- whom it also covers on every other channel; no foreign key: it outlives them
  reason     TEXT NOT NULL, -- for people
  source     TEXT NOT NULL CHECK (source = 'hand' OR source = 'import' OR source = 'reply' OR source = 'bounce' -- who said so
                 OR source = 'complaint' OR source = 'forget' OR source = 'link'),
  created_at TEXT NOT NULL,
  UNIQUE (kind, hash)
) STRICT;
CREATE INDEX suppressions_person ON suppressions(person_id) WHERE person_id IS NOT NULL;

-- What a person agreed to receive.  A row is the proof of it: it can be withdrawn, and is never changed otherwise; given again, it is a new one.
CREATE TABLE consents (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  person_id    INTEGER NOT NULL REFERENCES persons(seq) ON DELETE CASCADE,
  channel      TEXT NOT NULL CHECK (channel = 'email' OR channel = 'whatsapp' OR channel = 'sms'), -- one row is for one
  source       TEXT NOT NULL CHECK (source <> ''),  -- where and how it was given, as the law asks: "web form"
  given_at     TEXT NOT NULL,                       -- by them; that it was written down is in the log
  withdrawn_at TEXT,                                -- NULL: it stands
  withdrawn_reason TEXT                             -- how
) STRICT;
CREATE INDEX consents_person ON consents(person_id, channel);

-- Campaigns.  What they say is in campaign_versions; a lead stays on the version it was enrolled in.
CREATE TABLE campaigns (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  name       TEXT NOT NULL UNIQUE CHECK (name <> ''), -- as people type it
  status     TEXT NOT NULL DEFAULT 'draft' CHECK (status = 'draft' OR status = 'running' OR status = 'paused' -- only running sends
                 OR status = 'finished'),
  status_reason TEXT, -- of the last change
  version    INTEGER NOT NULL DEFAULT 1,            -- the newest; new leads are enrolled in it
  loaded_hash TEXT, -- of its YAML at the last load: tells a change by hand
  started_at TEXT,
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL
) STRICT;

-- A campaign as it was approved: never changed, only followed by the next.
CREATE TABLE campaign_versions (
  campaign_id INTEGER NOT NULL REFERENCES campaigns(seq) ON DELETE CASCADE,
  version     INTEGER NOT NULL CHECK (version > 0), -- from 1
  definition  TEXT NOT NULL CHECK (json_type(definition) = 'object'), -- canonical JSON: steps, accounts, hours, stop_on, entry
  hash        TEXT NOT NULL,                        -- hex SHA-256 of definition: what an approval binds
  created_at  TEXT NOT NULL,
  PRIMARY KEY (campaign_id, version)
) STRICT, WITHOUT ROWID;

-- How many leads of a version were written to, or may have been: what its approval limits.  Apart, for it changes with every first mail.
CREATE TABLE campaign_contacts (
  campaign_id INTEGER NOT NULL,
  version     INTEGER NOT NULL, -- of the campaign
  leads       INTEGER NOT NULL DEFAULT 0 CHECK (leads >= 0), -- raised in the reserving transaction
  PRIMARY KEY (campaign_id, version),
  FOREIGN KEY (campaign_id, version) REFERENCES campaign_versions(campaign_id, version) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The steps of a version, from 1.
CREATE TABLE campaign_steps (
  campaign_id INTEGER NOT NULL,
  version     INTEGER NOT NULL, -- of the campaign
  step        INTEGER NOT NULL CHECK (step > 0), -- from 1
  channel     TEXT NOT NULL DEFAULT 'email' CHECK (channel = 'email' OR channel = 'whatsapp' OR channel = 'sms'), -- what it goes by
  delay       TEXT NOT NULL DEFAULT '0m',           -- after the step before was sent
  same_thread INTEGER NOT NULL DEFAULT 0 CHECK (same_thread IN (0, 1)), -- no subject of its own
  PRIMARY KEY (campaign_id, version, step),
  FOREIGN KEY (campaign_id, version) REFERENCES campaign_versions(campaign_id, version) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;

-- The texts of a step; more than one is an A/B test.
CREATE TABLE step_variants (
  campaign_id INTEGER NOT NULL,
  version     INTEGER NOT NULL, -- of the campaign
  step        INTEGER NOT NULL, -- of the version
  variant     TEXT NOT NULL,                        -- its id in the file: a, b, …
  weight      INTEGER NOT NULL DEFAULT 1 CHECK (weight >= 0), -- share of the leads, against the other variants; 0: none
  subject     TEXT, -- a template; NULL: same thread
  body        TEXT,                                 -- a template …
  brief       TEXT,                                 -- … or what a model shall write
  template    TEXT CHECK (json_type(template) = 'object'), -- of whatsapp: name, language and parameters as the service approved it; goes where free text may not
  PRIMARY KEY (campaign_id, version, step, variant),
  FOREIGN KEY (campaign_id, version, step) REFERENCES campaign_steps(campaign_id, version, step) ON DELETE CASCADE,
  CHECK ((body IS NULL OR brief IS NULL) AND (body IS NOT NULL OR brief IS NOT NULL OR template IS NOT NULL))
) STRICT, WITHOUT ROWID;

-- The questions that a version has answers to, a row for each way to ask: version is one word ("c3v2"), words are stems, number is the
-- answer's in the definition.
CREATE VIRTUAL TABLE campaign_answers_fts USING fts5(version, words, number UNINDEXED, tokenize = 'unicode61 remove_diacritics 2');

-- A lead in a campaign.  Account and version are bound here and stay.
CREATE TABLE enrolments (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  campaign_id INTEGER NOT NULL,
  version     INTEGER NOT NULL, -- the lead stays on it
  lead_id     INTEGER NOT NULL REFERENCES leads(seq),
  account_id  INTEGER REFERENCES accounts(seq),     -- NULL only until the campaign has an account to give
  way         TEXT NOT NULL DEFAULT 'hand' CHECK (way = 'import' OR way = 'hand' OR way = 'rule' OR way = 'scout'), -- how it came in
  status      TEXT NOT NULL DEFAULT 'enrolled' CHECK (status = 'enrolled' OR status = 'active' OR status = 'paused' -- active once its messages are planned
                 OR status = 'finished' OR status = 'stopped'),
  stop_reason TEXT, -- why it ended early, or is paused
  paused_until TEXT CHECK (paused_until IS NULL OR status = 'paused'), -- goes on by itself then; NULL: when a person says so
  enrolled_at TEXT NOT NULL,
  planned_at  TEXT,                                 -- when its messages were planned
  ended_at    TEXT,
  UNIQUE (campaign_id, lead_id),
  FOREIGN KEY (campaign_id, version) REFERENCES campaign_versions(campaign_id, version)
) STRICT;
CREATE INDEX enrolments_waiting ON enrolments(seq, campaign_id) WHERE status = 'enrolled'; -- the oldest first
CREATE INDEX enrolments_planned ON enrolments(planned_at) WHERE planned_at IS NOT NULL;
CREATE INDEX enrolments_lead ON enrolments(lead_id);
CREATE INDEX enrolments_paused ON enrolments(paused_until) WHERE paused_until IS NOT NULL;

-- A conversation with a lead, and whose it is.
CREATE TABLE threads (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  lead_id     INTEGER REFERENCES leads(seq),
  account_id  INTEGER REFERENCES accounts(seq),
  channel     TEXT NOT NULL CHECK (channel = 'email' OR channel = 'whatsapp' OR channel = 'sms'), -- what it goes by
  owner       TEXT NOT NULL DEFAULT 'agent' CHECK (owner IN ('agent', 'person')), -- person: nothing automatic until it is given back
  owner_reason TEXT, -- why it is a person's
  auto_turns  INTEGER NOT NULL DEFAULT 0 CHECK (auto_turns >= 0), -- automatic answers since a person of ours had a part in it
  answered_at TEXT,                                 -- when the last automatic answer was reserved
  created_at  TEXT NOT NULL,
  updated_at  TEXT NOT NULL
) STRICT;
CREATE INDEX threads_lead ON threads(lead_id);

-- Whatever may leave, once: the purpose is unique and says why it exists.
CREATE TABLE messages (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  purpose      TEXT NOT NULL UNIQUE,                -- seq:ENROLMENT:STEP, resp:INBOX, meet:UID:SEQUENCE, hand:UUID
  rfc_message_id TEXT NOT NULL UNIQUE,              -- Message-ID without the brackets: a function of the purpose
  lead_id      INTEGER REFERENCES leads(seq),
  campaign_id  INTEGER REFERENCES campaigns(seq),
  enrolment_id INTEGER REFERENCES enrolments(seq),
  thread_id    INTEGER REFERENCES threads(seq),
  account_id   INTEGER REFERENCES accounts(seq),
  inbox_message_id INTEGER REFERENCES inbox_messages(seq), -- the mail it answers
  meeting_id   INTEGER REFERENCES meetings(seq),    -- the meeting it invites to, moves or cancels
  step         INTEGER, -- of the campaign's version; NULL for an answer
  variant      TEXT, -- chosen once by seed and lead
  channel      TEXT NOT NULL CHECK (channel = 'email' OR channel = 'whatsapp' OR channel = 'sms'), -- what it goes by
  status       TEXT NOT NULL DEFAULT 'planned' CHECK (status = 'planned' OR status = 'due' OR status = 'sent' -- planned: waits; due: has a task
                 OR status = 'unknown' OR status = 'refused' OR status = 'skipped' OR status = 'blocked'
                 OR status = 'rejected' OR status = 'expired' OR status = 'superseded'), -- all but the first two are final
  status_reason TEXT, -- why it ended
  due_at       TEXT,                                -- when its delay is over; NULL while the step before isn't done
  slot_at      TEXT,                                -- its sending time
  recipient    TEXT,                                -- as drafted; the reserving transaction compares it with the lead's
  content_hash TEXT,                                -- hex SHA-256 of recipient, account, channel, subject, body, html, calendar, template
  sent_at      TEXT,
  created_at   TEXT NOT NULL,
  updated_at   TEXT NOT NULL,
  UNIQUE (enrolment_id, step)
) STRICT;
CREATE INDEX messages_due ON messages(due_at) WHERE status = 'planned' AND due_at IS NOT NULL;
CREATE INDEX messages_missed ON messages(ifnull(slot_at, '')) WHERE status = 'due';
CREATE INDEX messages_lead ON messages(lead_id, sent_at);
CREATE INDEX messages_thread ON messages(thread_id);
CREATE INDEX messages_inbox ON messages(inbox_message_id) WHERE inbox_message_id IS NOT NULL;
CREATE INDEX messages_meeting ON messages(meeting_id) WHERE meeting_id IS NOT NULL;

-- Their texts, apart: wide rows make every update of the narrow one dear.
CREATE TABLE message_texts (
  message_id INTEGER PRIMARY KEY REFERENCES messages(seq) ON DELETE CASCADE,
  subject    TEXT, -- NULL on the phone
  body       TEXT NOT NULL, -- plain text, UTF-8
  html       TEXT, -- an alternative to it; NULL for none
  calendar   TEXT, -- iCalendar, as an alternative with its METHOD (RFC 6047); NULL for none
  template   TEXT CHECK (json_type(template) = 'object'), -- of whatsapp: name, language, parameters filled in; "only": the body is never sent, it shows them
  origin     TEXT NOT NULL CHECK (origin = 'template' OR origin = 'rule' OR origin = 'model' OR origin = 'person'), -- decides which approval it needs
  made_from  TEXT, -- hex SHA-256 of all that a model wrote it from: while that is so, nobody is asked again; NULL for others' texts
  made_at    TEXT NOT NULL
) STRICT;

-- An account's day: its sending times, made once from the seed.  They never slide.
CREATE TABLE slots (
  account_id INTEGER NOT NULL REFERENCES accounts(seq) ON DELETE CASCADE,
  day        TEXT NOT NULL,                         -- in the account's zone
  n          INTEGER NOT NULL, -- in order, from 1
  at         TEXT NOT NULL, -- when
  message_id INTEGER REFERENCES messages(seq),
  lost       INTEGER NOT NULL DEFAULT 0 CHECK (lost IN (0, 1)), -- missed by more than its grace
  PRIMARY KEY (account_id, day, n)
) STRICT, WITHOUT ROWID;
CREATE INDEX slots_free ON slots(account_id, at) WHERE message_id IS NULL AND lost = 0;
CREATE INDEX slots_message ON slots(message_id) WHERE message_id IS NOT NULL;

-- What came in.
CREATE TABLE inbox_messages (
  seq           INTEGER PRIMARY KEY AUTOINCREMENT,
  id            TEXT NOT NULL UNIQUE,
  account_id    INTEGER REFERENCES accounts(seq),
  channel       TEXT NOT NULL DEFAULT 'email' CHECK (channel = 'email' OR channel = 'whatsapp' OR channel = 'sms'), -- what it came by
  dedupe_key    TEXT NOT NULL UNIQUE,               -- its Message-ID, or a hash of it whole: each is read once
  rfc_message_id TEXT, -- without brackets; NULL where it had none
  in_reply_to   TEXT, -- without brackets
  refs          TEXT NOT NULL DEFAULT '[]' CHECK (json_type(refs) = 'array'), -- References, oldest first
  from_name     TEXT, -- decoded
  from_address  TEXT, -- normalised
  subject       TEXT, -- decoded
  sent_at       TEXT,                               -- its Date
  received_at   TEXT NOT NULL,
  file          TEXT,                               -- where it lies
  size          INTEGER, -- bytes
  automatic     INTEGER NOT NULL DEFAULT 0 CHECK (automatic IN (0, 1)), -- no person wrote it: never answered by itself
  kind          TEXT NOT NULL DEFAULT 'reply' CHECK (kind = 'reply' OR kind = 'auto_reply' OR kind = 'bounce' -- told by headers and first words
                 OR kind = 'complaint' OR kind = 'unsubscribe' OR kind = 'own' OR kind = 'other'),
  returned      TEXT CHECK (returned = 'hard' OR returned = 'soft' OR returned = 'ours' -- what became of a message of ours: its address is dead; can't be
                 OR returned = 'complaint'),        -- reached now; we are the trouble; it was called spam. NULL: no such news
  status        TEXT NOT NULL DEFAULT 'new' CHECK (status = 'new' OR status = 'matched' OR status = 'unmatched' -- unmatched: of nobody we know
                 OR status = 'ambiguous' OR status = 'handled'),
  matched_by    TEXT, -- thread, address, …
  lead_id       INTEGER REFERENCES leads(seq),
  campaign_id   INTEGER REFERENCES campaigns(seq),
  thread_id     INTEGER REFERENCES threads(seq),
  message_id    INTEGER REFERENCES messages(seq),   -- of ours, that it answers
  classification TEXT CHECK (classification = 'interested' OR classification = 'meeting_request' OR classification = 'question' -- NULL: not judged
                 OR classification = 'referral' OR classification = 'not_now' OR classification = 'not_interested'
                 OR classification = 'wrong_person' OR classification = 'out_of_office' OR classification = 'unsubscribe'
                 OR classification = 'angry' OR classification = 'other'),
  classified_by TEXT, -- the brain's name, or 'person'
  sentiment     TEXT CHECK (sentiment = 'positive' OR sentiment = 'neutral' OR sentiment = 'negative'), -- NULL: not judged
  confidence    REAL CHECK (confidence BETWEEN 0 AND 1), -- of the classification
  mentions_availability INTEGER CHECK (mentions_availability IN (0, 1)), -- days or times are named
  until_at      TEXT,                               -- of an absence or a "not now": when to look again
  created_at    TEXT NOT NULL,
  updated_at    TEXT NOT NULL
) STRICT;
CREATE INDEX inbox_lead ON inbox_messages(lead_id, received_at);
CREATE INDEX inbox_thread ON inbox_messages(thread_id);
CREATE INDEX inbox_returned ON inbox_messages(message_id, returned) WHERE returned IS NOT NULL;
CREATE INDEX inbox_rfc_id ON inbox_messages(rfc_message_id) WHERE rfc_message_id IS NOT NULL; -- an answer to a mail that came in

-- Its text: all that can be read, and what the person newly wrote.
CREATE TABLE inbox_texts (
  inbox_message_id INTEGER PRIMARY KEY REFERENCES inbox_messages(seq) ON DELETE CASCADE,
  text       TEXT, -- all that can be read, UTF-8
  reply_text TEXT -- what the person newly wrote
) STRICT;

-- What a person said that a mail is, where a brain had said something else: what the offline brain learns from.  The mail's words are not copied:
-- they go with the lead.
CREATE TABLE reply_corrections (
  inbox_message_id INTEGER PRIMARY KEY REFERENCES inbox_messages(seq) ON DELETE CASCADE,
  was        TEXT, -- classification before; NULL: not judged yet
  class      TEXT NOT NULL, -- as inbox_messages.classification
  decided_by TEXT NOT NULL, -- login name
  created_at TEXT NOT NULL
) STRICT;

-- Meetings.
CREATE TABLE meetings (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  uid         TEXT NOT NULL UNIQUE,                 -- RFC 5545 UID
  sequence    INTEGER NOT NULL DEFAULT 0,           -- RFC 5545 SEQUENCE
  lead_id     INTEGER REFERENCES leads(seq),
  campaign_id INTEGER REFERENCES campaigns(seq),
  thread_id   INTEGER REFERENCES threads(seq),
  account_id  INTEGER REFERENCES accounts(seq),     -- the organizer
  inbox_message_id INTEGER REFERENCES inbox_messages(seq), -- the reply that asked for it
  task_id     INTEGER, -- that booked it
  booked_by   TEXT, -- login name of the person who typed it; NULL: the agent
  status      TEXT NOT NULL DEFAULT 'reserved' CHECK (status = 'reserved' OR status = 'proposed' OR status = 'confirmed' -- reserved before the text is written; proposed: sent
                 OR status = 'declined' OR status = 'cancelled'),
  status_reason TEXT, -- of the last change
  partstat    TEXT NOT NULL DEFAULT 'NEEDS-ACTION' CHECK (partstat = 'NEEDS-ACTION' OR partstat = 'ACCEPTED' OR partstat = 'DECLINED' -- RFC 5545, of the lead
                 OR partstat = 'TENTATIVE'),
  replied_at  TEXT, -- DTSTAMP of the last iTIP REPLY: an older one changes nothing
  attendee    TEXT, -- the address invited
  starts_at   TEXT NOT NULL,
  ends_at     TEXT NOT NULL CHECK (ends_at > starts_at),
  timezone    TEXT NOT NULL, -- IANA name
  others      TEXT NOT NULL DEFAULT '[]' CHECK (json_type(others) = 'array'), -- further times that the invitation names; held for nobody
  title       TEXT, -- SUMMARY
  location    TEXT, -- LOCATION
  -- a change that a person asked for and that hasn't left yet: the meeting is as it was until it has
  next_sequence INTEGER, -- of the change; NULL: there is none
  next_starts_at TEXT, -- where it moves; taken as well; NULL: it is called off
  next_ends_at   TEXT CHECK (next_ends_at > next_starts_at),
  created_at  TEXT NOT NULL,
  updated_at  TEXT NOT NULL,
  CHECK (next_sequence IS NOT NULL OR next_starts_at IS NULL),
  CHECK ((next_starts_at IS NULL) = (next_ends_at IS NULL))
) STRICT;
CREATE INDEX meetings_time ON meetings(starts_at) WHERE status IN ('reserved', 'proposed', 'confirmed');
CREATE INDEX meetings_next ON meetings(next_starts_at) WHERE next_starts_at IS NOT NULL;
CREATE INDEX meetings_lead ON meetings(lead_id);

-- A time is held for an invitation that may leave. However its message or its task ends, the time is free in the same commit.
CREATE TRIGGER meetings_message_ended AFTER UPDATE OF status ON messages WHEN new.meeting_id IS NOT NULL AND (new.status = 'skipped'
  OR new.status = 'blocked' OR new.status = 'rejected' OR new.status = 'expired' OR new.status = 'superseded' OR new.status = 'refused') BEGIN
  UPDATE meetings SET status = 'cancelled', status_reason = new.status || ifnull(': ' || new.status_reason, ''), updated_at = new.updated_at
    WHERE seq = new.meeting_id AND status = 'reserved';
  UPDATE meetings SET next_sequence = NULL, next_starts_at = NULL, next_ends_at = NULL, updated_at = new.updated_at
    WHERE seq = new.meeting_id AND new.purpose = 'meet:' || uid || ':' || next_sequence;
END;

-- One pass of a pipeline.  Its id is the lease of the tasks it claimed.
CREATE TABLE runs (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  pid          INTEGER NOT NULL, -- of the claim
  host         TEXT NOT NULL, -- where it ran
  started_at   TEXT NOT NULL,
  heartbeat_at TEXT NOT NULL                        -- on the real clock, always; silent for five minutes is dead
) STRICT;

-- Each tick of cron, for the heartbeat in lp-report.
CREATE TABLE ticks (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  started_at TEXT NOT NULL,
  ended_at   TEXT,
  status     INTEGER,                               -- exit status of the worst stage
  rounds     INTEGER NOT NULL DEFAULT 0 -- how often it went round
) STRICT;

-- The work queue.
CREATE TABLE agent_tasks (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  task_type   TEXT NOT NULL CHECK (task_type = 'find_leads' OR task_type = 'enrich_lead' OR task_type = 'generate_sequence' -- agent/actions.c says what each allows
                 OR task_type = 'send_message' OR task_type = 'check_inbox' OR task_type = 'classify_reply'
                 OR task_type = 'respond_to_reply' OR task_type = 'book_meeting' OR task_type = 'follow_up'
                 OR task_type = 'report' OR task_type = 'learn' OR task_type = 'manual'),
  priority    INTEGER NOT NULL DEFAULT 0,           -- higher first
  status      TEXT NOT NULL DEFAULT 'pending' CHECK (status = 'pending' OR status = 'running' OR status = 'awaiting_approval' -- lp-tasks(1) has the table of states
                 OR status = 'completed' OR status = 'failed' OR status = 'cancelled'),
  ready       INTEGER NOT NULL DEFAULT 0 CHECK (ready IN (0, 1)), -- due; set with scheduled_for, and by claim when the time has come
  outcome     TEXT CHECK (outcome = 'done' OR outcome = 'skipped' OR outcome = 'blocked' OR outcome = 'escalated' -- how it ended; also what an inner stage did, until settle
                 OR outcome = 'error' OR outcome = 'crashed' OR outcome = 'rejected' OR outcome = 'expired'
                 OR outcome = 'superseded' OR outcome = 'by_hand'),
  scheduled_for TEXT NOT NULL,                      -- not before this instant
  created_at  TEXT NOT NULL,
  -- what it is about
  campaign_id INTEGER REFERENCES campaigns(seq),
  lead_id     INTEGER REFERENCES leads(seq),
  person_id   INTEGER REFERENCES persons(seq),      -- the lead's: one running task a person, so that counts are exact
  message_id  INTEGER REFERENCES messages(seq),
  inbox_message_id INTEGER REFERENCES inbox_messages(seq),
  account_id  INTEGER REFERENCES accounts(seq),
  enrolment_id INTEGER REFERENCES enrolments(seq),
  dedupe_key  TEXT,                                 -- unique over live tasks
  depth       INTEGER NOT NULL DEFAULT 0 CHECK (depth BETWEEN 0 AND 8), -- a child task's is one more
  input_data  TEXT NOT NULL DEFAULT '{}' CHECK (json_type(input_data) = 'object'), -- what it is to do
  output_data TEXT CHECK (output_data IS NULL OR json_valid(output_data)), -- what came of it
  -- approval
  requires_approval INTEGER NOT NULL DEFAULT 0 CHECK (requires_approval IN (0, 1)), -- 1: whatever the configuration says
  approved_by TEXT, -- the last yes
  approved_at TEXT,
  rejection_reason TEXT, -- why it was cancelled
  hold_kind   TEXT CHECK (hold_kind IN ('approval', 'mend')), -- what awaiting_approval waits for
  hold_reason TEXT, -- for people
  -- execution
  lease       TEXT,                                 -- runs.id
  started_at  TEXT,
  completed_at TEXT,
  error_message TEXT, -- of the last try
  retry_count INTEGER NOT NULL DEFAULT 0, -- tries that failed
  max_retries INTEGER NOT NULL DEFAULT 3 CHECK (max_retries >= 0), -- then it fails
  tries       INTEGER NOT NULL DEFAULT 0,           -- how often claimed
  crashes     INTEGER NOT NULL DEFAULT 0,           -- how often taken over from a dead run; then claimed alone
  updated_at  TEXT NOT NULL,
  CHECK ((status = 'running') = (lease IS NOT NULL)),
  CHECK (status <> 'awaiting_approval' OR hold_kind IS NOT NULL)
) STRICT;
-- with what a claim of one type asks of each, so that it passes over the others without reading them
CREATE INDEX tasks_ready ON agent_tasks(priority DESC, created_at, seq, task_type, crashes) WHERE status = 'pending' AND ready = 1;
CREATE INDEX tasks_crashed ON agent_tasks(crashes) WHERE status = 'pending' AND ready = 1 AND crashes > 0;
CREATE INDEX tasks_later ON agent_tasks(scheduled_for) WHERE status = 'pending' AND ready = 0;
CREATE INDEX tasks_running ON agent_tasks(lease) WHERE status = 'running';
CREATE UNIQUE INDEX tasks_one_a_person ON agent_tasks(person_id) WHERE status = 'running' AND person_id IS NOT NULL;
CREATE UNIQUE INDEX tasks_dedupe ON agent_tasks(dedupe_key) WHERE dedupe_key IS NOT NULL
  AND (status = 'pending' OR status = 'running' OR status = 'awaiting_approval'); -- word for word as in task_add
CREATE INDEX tasks_held ON agent_tasks(seq) WHERE status = 'awaiting_approval';
CREATE INDEX tasks_lead ON agent_tasks(lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX tasks_message ON agent_tasks(message_id) WHERE message_id IS NOT NULL;
CREATE INDEX tasks_inbox ON agent_tasks(inbox_message_id) WHERE inbox_message_id IS NOT NULL;
CREATE INDEX tasks_enrolment ON agent_tasks(enrolment_id) WHERE enrolment_id IS NOT NULL;

-- As meetings_message_ended: a task that failed holds no time either. Tried again, it takes one anew.
CREATE TRIGGER meetings_task_ended AFTER UPDATE OF status ON agent_tasks
WHEN (new.status = 'failed' OR new.status = 'cancelled') AND new.message_id IS NOT NULL BEGIN
  UPDATE meetings SET status = 'cancelled', status_reason = ifnull(new.outcome, new.status)
    || ifnull(': ' || CASE new.status WHEN 'failed' THEN new.error_message ELSE new.rejection_reason END, ''), updated_at = new.updated_at
    WHERE status = 'reserved' AND seq = (SELECT meeting_id FROM messages WHERE seq = new.message_id);
END;

-- Decided once: equal inputs give the stored decision, and no brain is asked.
CREATE TABLE decisions (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id     INTEGER NOT NULL REFERENCES agent_tasks(seq) ON DELETE CASCADE,
  inputs_hash TEXT NOT NULL,                        -- lead, step, class, the thread's last inbound mail, configuration version
  action      TEXT NOT NULL, -- of agent/actions.c
  reasoning   TEXT NOT NULL, -- in plain words
  confidence  REAL NOT NULL CHECK (confidence BETWEEN 0 AND 1), -- below min_confidence a person looks
  requires_approval INTEGER NOT NULL CHECK (requires_approval IN (0, 1)), -- the brain's wish: it can raise, never lower
  data        TEXT NOT NULL DEFAULT '{}' CHECK (json_type(data) = 'object'), -- what the action needs
  brain       TEXT NOT NULL,                        -- offline, rule, or the model's name
  model_call_id INTEGER REFERENCES model_calls(seq),
  created_at  TEXT NOT NULL,
  UNIQUE (task_id, inputs_hash)
) STRICT;

-- What each stage found: the last row of a try is what `lp-tasks settle` goes by.
CREATE TABLE verdicts (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id     INTEGER NOT NULL REFERENCES agent_tasks(seq) ON DELETE CASCADE,
  try         INTEGER NOT NULL,                     -- agent_tasks.tries when it was made
  stage       TEXT NOT NULL CHECK (stage = 'decide' OR stage = 'book' OR stage = 'draft' OR stage = 'gate' OR stage = 'send'), -- who judged
  verdict     TEXT NOT NULL CHECK (verdict = 'allow' OR verdict = 'delay' OR verdict = 'hold' OR verdict = 'block'), -- the strictest of all that matched
  hold_kind   TEXT CHECK (hold_kind IN ('approval', 'mend')), -- approval can be given; mend can not
  reason      TEXT NOT NULL, -- for people
  until_at    TEXT,                                 -- of a delay
  content_hash TEXT,                                -- of the message judged
  ruleset     INTEGER NOT NULL,                     -- agent_configs.ruleset
  rules       TEXT NOT NULL DEFAULT '[]' CHECK (json_type(rules) = 'array'), -- {id, name, version} of all that matched
  created_at  TEXT NOT NULL,
  CHECK ((verdict = 'hold') = (hold_kind IS NOT NULL)),
  CHECK (verdict <> 'delay' OR until_at IS NOT NULL)
) STRICT;
CREATE INDEX verdicts_task ON verdicts(task_id, seq);

-- The situation a gate verdict was reached on: a changed rule can be judged on last quarter.
CREATE TABLE gate_inputs (
  verdict_id INTEGER PRIMARY KEY REFERENCES verdicts(seq) ON DELETE CASCADE,
  lead_id    INTEGER,
  situation  TEXT NOT NULL CHECK (json_type(situation) = 'object') -- what the rules saw
) STRICT;
CREATE INDEX gate_inputs_lead ON gate_inputs(lead_id);

-- The user's rules.  A condition is structured (condition_json), natural language (condition), or both.
CREATE TABLE agent_rules (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  name        TEXT NOT NULL UNIQUE CHECK (name <> ''), -- as people type it
  description TEXT, -- for people
  rule_type   TEXT NOT NULL CHECK (rule_type = 'filter' OR rule_type = 'action' OR rule_type = 'constraint' -- decides when it is judged and what it may do
                 OR rule_type = 'template' OR rule_type = 'schedule' OR rule_type = 'escalation'),
  condition   TEXT, -- natural language (say:)
  condition_json TEXT CHECK (json_type(condition_json) = 'object'), -- structured (when:)
  action      TEXT, -- as text (then:)
  action_json TEXT CHECK (json_type(action_json) = 'object'), -- the same, structured
  applies_to  TEXT CHECK (json_type(applies_to) = 'array'), -- task types; NULL: what leaves
  expect      TEXT NOT NULL DEFAULT '[]' CHECK (json_type(expect) = 'array'), -- cases that must hold
  priority    INTEGER NOT NULL DEFAULT 0,           -- higher first
  is_enabled  INTEGER NOT NULL DEFAULT 1 CHECK (is_enabled IN (0, 1)), -- 0: not judged
  version     INTEGER NOT NULL DEFAULT 1, -- each change is one more
  times_triggered   INTEGER NOT NULL DEFAULT 0, -- once a task and moment
  last_triggered_at TEXT,
  loaded_hash TEXT,                                 -- of its definition at the last load: tells a change by hand
  created_at  TEXT NOT NULL,
  updated_at  TEXT NOT NULL,
  CHECK (condition IS NOT NULL OR condition_json IS NOT NULL),
  CHECK (action IS NOT NULL OR action_json IS NOT NULL)
) STRICT;
CREATE INDEX agent_rules_type ON agent_rules(rule_type);

-- Every version a rule has had; verdicts and log rows name it.
CREATE TABLE rule_versions (
  rule_id    INTEGER NOT NULL,                      -- no foreign key: it outlives the rule
  version    INTEGER NOT NULL, -- from 1
  name       TEXT NOT NULL, -- then
  definition TEXT NOT NULL CHECK (json_type(definition) = 'object'), -- all that made the rule
  created_at TEXT NOT NULL,
  PRIMARY KEY (rule_id, version)
) STRICT, WITHOUT ROWID;

-- Named lists: $competitors.
CREATE TABLE rule_lists (
  name        TEXT PRIMARY KEY CHECK (name <> ''), -- without the $
  items       TEXT NOT NULL CHECK (json_type(items) = 'array'), -- texts
  loaded_hash TEXT, -- of the items at the last load
  updated_at  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A rule acts once on a task at each of its moments.
CREATE TABLE rule_firings (
  rule_id INTEGER NOT NULL,
  task_id INTEGER NOT NULL REFERENCES agent_tasks(seq) ON DELETE CASCADE,
  moment  TEXT NOT NULL CHECK (moment IN ('decide', 'gate')), -- before deciding, or at the gate
  version INTEGER NOT NULL, -- of the rule
  at      TEXT NOT NULL, -- when
  PRIMARY KEY (rule_id, task_id, moment)
) STRICT, WITHOUT ROWID;

-- Approvals: what was shown to whom, and what they said.
CREATE TABLE approvals (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  id           TEXT NOT NULL UNIQUE,
  kind         TEXT NOT NULL CHECK (kind IN ('task', 'campaign')), -- of one task, or a campaign as a whole
  status       TEXT NOT NULL DEFAULT 'open' CHECK (status = 'open' OR status = 'approved' OR status = 'rejected' -- open: waits for a person
                 OR status = 'expired' OR status = 'superseded'),
  task_id      INTEGER REFERENCES agent_tasks(seq) ON DELETE CASCADE,
  message_id   INTEGER REFERENCES messages(seq),
  campaign_id  INTEGER REFERENCES campaigns(seq),
  version      INTEGER,                             -- of the campaign
  max_leads    INTEGER,                             -- of the campaign: more wait
  decision_id  INTEGER REFERENCES decisions(seq) ON DELETE SET NULL,
  content_hash TEXT NOT NULL,                       -- messages.content_hash or campaign_versions.hash
  rules        TEXT NOT NULL DEFAULT '[]' CHECK (json_type(rules) = 'array'), -- {id, version} shown; these count as satisfied
  reason       TEXT NOT NULL,                       -- why it was asked for
  not_before   TEXT, -- a yes counts from here …
  not_after    TEXT, -- … to here; NULL: no bound
  expires_at   TEXT,
  warned_at    TEXT,
  decided_by   TEXT, -- login name
  decided_at   TEXT,
  comment      TEXT, -- -m
  created_at   TEXT NOT NULL,
  CHECK ((kind = 'task') = (task_id IS NOT NULL)),
  CHECK (kind = 'task' OR (campaign_id IS NOT NULL AND version IS NOT NULL)),
  CHECK (status NOT IN ('approved', 'rejected') OR (decided_by IS NOT NULL AND decided_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX approvals_open_task ON approvals(task_id) WHERE status = 'open' AND task_id IS NOT NULL;
CREATE INDEX approvals_task ON approvals(task_id) WHERE task_id IS NOT NULL;
CREATE INDEX approvals_open ON approvals(expires_at) WHERE status = 'open';
CREATE INDEX approvals_campaign ON approvals(campaign_id, version) WHERE kind = 'campaign';

-- The wire: one row a message, committed before anything is sent.
CREATE TABLE outbox (
  message_id   INTEGER PRIMARY KEY REFERENCES messages(seq),
  rfc_message_id TEXT NOT NULL UNIQUE,
  task_id      INTEGER NOT NULL,
  lead_id      INTEGER,
  person_id    INTEGER,
  campaign_id  INTEGER,
  account_id   INTEGER NOT NULL,
  company_key  TEXT, -- copied: the limit must not move with the lead
  channel      TEXT NOT NULL, -- copied
  recipient    TEXT NOT NULL, -- as reserved
  content_hash TEXT NOT NULL, -- as reserved
  first_contact INTEGER NOT NULL CHECK (first_contact IN (0, 1)), -- counts in leads a day
  state        TEXT NOT NULL CHECK (state = 'reserved' OR state = 'sent' OR state = 'deferred' OR state = 'refused' -- lp-send(1) has the table of states
                 OR state = 'unknown'),
  tries        INTEGER NOT NULL DEFAULT 1, -- how often it was reserved
  redo         INTEGER NOT NULL DEFAULT 0 CHECK (redo IN (0, 1)), -- 1: its channel can be asked whether it has it, and given it again under the same name
  reserved_at  TEXT NOT NULL,                       -- what the limits count by
  next_try_at  TEXT,                                -- of a deferred one
  sent_at      TEXT,
  code         INTEGER,                             -- the server's answer
  status       TEXT, -- its finer one: 5.1.1 (RFC 3463), 21610
  service_id   TEXT, -- the service's name for it, by which it tells of it later
  response     TEXT, -- the server's words
  deferred_since TEXT,                              -- the first of the deferrals in a row that weren't our fault: three days of them are enough
  copy         TEXT CHECK (copy = 'due' OR copy = 'done' OR copy = 'failed'), -- into the account's Sent folder (sent_folder); NULL: none is wanted
  copy_tries   INTEGER NOT NULL DEFAULT 0, -- how often it was tried, or an unknown one looked for
  copy_at      TEXT,                                -- when it was; of due and unknown ones: not before then again
  returned     TEXT CHECK (returned = 'hard' OR returned = 'complaint' OR returned = 'opt_out'), -- what came back of it: the address is dead; it was called
                                                    -- spam; the far side says that they opted out. NULL: no such news
  delivery     TEXT CHECK (delivery = 'queued' OR delivery = 'sent' OR delivery = 'delivered' OR delivery = 'read' -- what the service told later; NULL: nothing
                 OR delivery = 'failed'),
  delivered_at TEXT, -- on their telephone
  read_at      TEXT,
  provider     TEXT,                                -- of the recipient's mailbox: gmail, yahoo, outlook; NULL: no big provider's for consumers, or not by mail
  sender       TEXT CHECK ((sender IS NULL) = (provider IS NULL)), -- with provider: our organisational domain
  updated_at   TEXT NOT NULL
) STRICT;
CREATE INDEX outbox_service ON outbox(service_id, account_id) WHERE service_id IS NOT NULL;
-- each reservation counts the day anew: from the index alone
CREATE INDEX outbox_account ON outbox(account_id, reserved_at, state);
CREATE INDEX outbox_time ON outbox(reserved_at, state, first_contact);
CREATE INDEX outbox_lead ON outbox(lead_id);
CREATE INDEX outbox_company ON outbox(company_key, reserved_at) WHERE company_key IS NOT NULL;
CREATE INDEX outbox_campaign ON outbox(campaign_id, lead_id) WHERE campaign_id IS NOT NULL;
CREATE INDEX outbox_returned ON outbox(account_id, returned, reserved_at) WHERE returned IS NOT NULL; -- the rates, asked at each reservation
CREATE INDEX outbox_provider ON outbox(provider, sender, reserved_at, state) WHERE provider IS NOT NULL; -- what a domain of ours sends to one provider
CREATE INDEX outbox_copy ON outbox(copy) WHERE copy = 'due';
CREATE INDEX outbox_open ON outbox(state) WHERE state IN ('reserved', 'deferred', 'unknown');

-- How many of outbox are reserved, sent or unknown, by the hour of reserved_at: a day's limits are asked at each reservation, and adding up hours takes as long
-- whether the day had ten messages or ten thousand.
CREATE TABLE outbox_hours (
  account_id     INTEGER NOT NULL, -- 0: all accounts
  hour           TEXT NOT NULL, -- 2026-03-02T10
  n              INTEGER NOT NULL, -- messages
  first_contacts INTEGER NOT NULL, -- those of them with outbox.first_contact
  PRIMARY KEY (account_id, hour)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER outbox_hours_added AFTER INSERT ON outbox WHEN new.state IN ('reserved', 'sent', 'unknown') BEGIN
  INSERT INTO outbox_hours VALUES (0, substr(new.reserved_at, 1, 13), 1, new.first_contact), (new.account_id, substr(new.reserved_at, 1, 13), 1, new.first_contact)
    ON CONFLICT DO UPDATE SET n = n + 1, first_contacts = first_contacts + excluded.first_contacts;
END;
CREATE TRIGGER outbox_hours_removed AFTER DELETE ON outbox WHEN old.state IN ('reserved', 'sent', 'unknown') BEGIN
  UPDATE outbox_hours SET n = n - 1, first_contacts = first_contacts - old.first_contact
    WHERE account_id IN (0, old.account_id) AND hour = substr(old.reserved_at, 1, 13);
END;
CREATE TRIGGER outbox_hours_changed AFTER UPDATE OF state, reserved_at, first_contact, account_id ON outbox
  WHEN (old.state IN ('reserved', 'sent', 'unknown')) <> (new.state IN ('reserved', 'sent', 'unknown')) OR (new.state IN ('reserved', 'sent', 'unknown')
    AND (substr(old.reserved_at, 1, 13), old.first_contact, old.account_id) <> (substr(new.reserved_at, 1, 13), new.first_contact, new.account_id)) BEGIN
  UPDATE outbox_hours SET n = n - 1, first_contacts = first_contacts - old.first_contact
    WHERE old.state IN ('reserved', 'sent', 'unknown') AND account_id IN (0, old.account_id) AND hour = substr(old.reserved_at, 1, 13);
  INSERT INTO outbox_hours SELECT a, substr(new.reserved_at, 1, 13), 1, new.first_contact FROM (SELECT 0 AS a UNION ALL SELECT new.account_id)
    WHERE new.state IN ('reserved', 'sent', 'unknown')
    ON CONFLICT DO UPDATE SET n = n + 1, first_contacts = first_contacts + excluded.first_contacts;
END;

-- What a service told of a message before its answer, which names the message, was on record.
CREATE TABLE delivery_early (
  account_id INTEGER NOT NULL REFERENCES accounts(seq) ON DELETE CASCADE,
  service_id TEXT NOT NULL, -- the service's name for the message
  status     TEXT NOT NULL, -- as outbox.delivery
  code       INTEGER, -- of a failure
  response   TEXT, -- in the service's words
  at         TEXT NOT NULL, -- when it came to be so
  created_at TEXT NOT NULL,
  PRIMARY KEY (account_id, service_id, status)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_early_age ON delivery_early(created_at);

-- Domains of ours that sent a provider as much within a day as makes a bulk sender of them, for ever.
CREATE TABLE bulk_senders (
  sender     TEXT NOT NULL, -- organisational domain
  provider   TEXT NOT NULL, -- as outbox.provider
  created_at TEXT NOT NULL,
  PRIMARY KEY (sender, provider)
) STRICT, WITHOUT ROWID;

-- What is remembered.
CREATE TABLE agent_memory (
  seq         INTEGER PRIMARY KEY AUTOINCREMENT,
  id          TEXT NOT NULL UNIQUE,
  memory_type TEXT NOT NULL CHECK (memory_type = 'lead_context' OR memory_type = 'conversation' OR memory_type = 'learning' -- lead_context and conversation belong to a lead
                 OR memory_type = 'preference' OR memory_type = 'fact' OR memory_type = 'strategy'),
  lead_id     INTEGER REFERENCES leads(seq) ON DELETE CASCADE,
  campaign_id INTEGER REFERENCES campaigns(seq) ON DELETE CASCADE,
  key         TEXT NOT NULL CHECK (key <> ''), -- unique with type, lead and campaign
  value       TEXT NOT NULL, -- what is remembered
  metadata    TEXT NOT NULL DEFAULT '{}' CHECK (json_type(metadata) = 'object'), -- where from
  importance  REAL NOT NULL DEFAULT 0.5 CHECK (importance BETWEEN 0 AND 1), -- 0 to 1: what ranks it
  expires_at  TEXT,
  created_at  TEXT NOT NULL,
  updated_at  TEXT NOT NULL,
  CHECK (memory_type NOT IN ('lead_context', 'conversation') OR lead_id IS NOT NULL) -- text of a lead is memory of that lead only
) STRICT;
CREATE UNIQUE INDEX memory_key ON agent_memory(memory_type, key, ifnull(lead_id, 0), ifnull(campaign_id, 0));
CREATE INDEX memory_lead ON agent_memory(lead_id, updated_at) WHERE lead_id IS NOT NULL;
CREATE INDEX memory_campaign ON agent_memory(campaign_id, lead_id, updated_at) WHERE campaign_id IS NOT NULL;
CREATE INDEX memory_type ON agent_memory(memory_type, lead_id, importance);
CREATE INDEX memory_expires ON agent_memory(expires_at) WHERE expires_at IS NOT NULL;

CREATE VIRTUAL TABLE agent_memory_fts USING fts5(key, value, content = 'agent_memory', content_rowid = 'seq', tokenize = 'unicode61 remove_diacritics 2');
CREATE TRIGGER memory_added AFTER INSERT ON agent_memory BEGIN
  INSERT INTO agent_memory_fts(rowid, key, value) VALUES (new.seq, new.key, new.value);
END;
CREATE TRIGGER memory_removed AFTER DELETE ON agent_memory BEGIN
  INSERT INTO agent_memory_fts(agent_memory_fts, rowid, key, value) VALUES ('delete', old.seq, old.key, old.value);
END;
CREATE TRIGGER memory_changed AFTER UPDATE OF key, value ON agent_memory BEGIN
  INSERT INTO agent_memory_fts(agent_memory_fts, rowid, key, value) VALUES ('delete', old.seq, old.key, old.value);
  INSERT INTO agent_memory_fts(rowid, key, value) VALUES (new.seq, new.key, new.value);
END;

-- The audit trail: a chain that nothing is taken out of.  What it says of people lies in agent_log_payloads and may be
-- erased with them; the chain holds the salted hash of it and still verifies.
--   payload_hash = SHA-256(salt, message, reasoning, confidence, details)
--   hash         = SHA-256("leadpilot-log-1", seq, created_at, log_type, task_id, lead_id, campaign_id, message_id,
--                          inbox_message_id, account_id, rule_id, rule_version, payload_hash, hash of seq - 1)
-- Fields are hashed as netstrings ("5:hello,"), NULL as "-,", numbers in decimal, hashes as 32 raw bytes without a length.
-- No foreign keys: it outlives what it tells of.
CREATE TABLE agent_logs (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  created_at   TEXT NOT NULL,
  log_type     TEXT NOT NULL CHECK (log_type = 'decision' OR log_type = 'action' OR log_type = 'observation' -- as in the spec
                 OR log_type = 'learning' OR log_type = 'error' OR log_type = 'approval' OR log_type = 'rule_triggered'),
  task_id      INTEGER,
  lead_id      INTEGER,
  campaign_id  INTEGER,
  message_id   INTEGER,
  inbox_message_id INTEGER,
  account_id   INTEGER,
  rule_id      INTEGER,
  rule_version INTEGER, -- of the rule
  payload_hash BLOB NOT NULL CHECK (length(payload_hash) = 32), -- see above
  hash         BLOB NOT NULL CHECK (length(hash) = 32) -- see above
) STRICT;
CREATE INDEX agent_logs_task ON agent_logs(task_id) WHERE task_id IS NOT NULL;
CREATE INDEX agent_logs_lead ON agent_logs(lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX agent_logs_created ON agent_logs(created_at);

-- What a log row says, beside the chain: it goes with the erasure of its lead.
CREATE TABLE agent_log_payloads (
  log_id     INTEGER PRIMARY KEY,
  salt       BLOB NOT NULL CHECK (length(salt) = 16), -- so that a guess at an erased text can't be checked
  message    TEXT NOT NULL,                         -- one line for people
  reasoning  TEXT,                                  -- of a decision: why
  confidence REAL CHECK (confidence BETWEEN 0 AND 1), -- of a decision
  details    TEXT CHECK (details IS NULL OR json_valid(details)) -- JSON
) STRICT;

-- Whose data was erased, and when.  A row here is what lets their log payloads be deleted.
CREATE TABLE erasures (
  lead_id    INTEGER PRIMARY KEY,
  reason     TEXT NOT NULL, -- for people
  created_at TEXT NOT NULL
) STRICT;

CREATE TRIGGER agent_logs_no_update BEFORE UPDATE ON agent_logs BEGIN
  SELECT raise(ABORT, 'agent_logs is append-only');
END;
CREATE TRIGGER agent_logs_no_delete BEFORE DELETE ON agent_logs BEGIN
  SELECT raise(ABORT, 'agent_logs is append-only');
END;
-- INSERT OR REPLACE deletes without asking a delete trigger
CREATE TRIGGER agent_logs_in_order BEFORE INSERT ON agent_logs
WHEN new.seq <> ifnull((SELECT max(seq) FROM agent_logs), 0) + 1 BEGIN
  SELECT raise(ABORT, 'agent_logs grows at its end alone');
END;
CREATE TRIGGER agent_log_payloads_once BEFORE INSERT ON agent_log_payloads
WHEN EXISTS (SELECT 1 FROM agent_log_payloads WHERE log_id = new.log_id) BEGIN
  SELECT raise(ABORT, 'agent_log_payloads is append-only');
END;
CREATE TRIGGER agent_log_payloads_no_update BEFORE UPDATE ON agent_log_payloads BEGIN
  SELECT raise(ABORT, 'agent_log_payloads is append-only');
END;
CREATE TRIGGER agent_log_payloads_no_delete BEFORE DELETE ON agent_log_payloads
WHEN NOT EXISTS (SELECT 1 FROM agent_logs l JOIN erasures e ON e.lead_id = l.lead_id WHERE l.seq = old.log_id) BEGIN
  SELECT raise(ABORT, 'a log payload goes only with the erasure of its lead');
END;
CREATE TRIGGER erasures_no_update BEFORE UPDATE ON erasures BEGIN
  SELECT raise(ABORT, 'erasures is append-only');
END;
CREATE TRIGGER erasures_no_delete BEFORE DELETE ON erasures BEGIN
  SELECT raise(ABORT, 'erasures is append-only');
END;

-- Each call of a model, reserved at its worst case before it is made.
CREATE TABLE model_calls (
  seq          INTEGER PRIMARY KEY AUTOINCREMENT,
  task_id      INTEGER,
  provider     TEXT NOT NULL, -- of llm/llm.h
  model        TEXT NOT NULL, -- the provider's name for it
  purpose      TEXT NOT NULL,                       -- decide, draft, classify, rule
  prompt_hash  TEXT NOT NULL, -- equal prompts are answered from the record
  state        TEXT NOT NULL CHECK (state = 'reserved' OR state = 'done' OR state = 'failed'), -- reserved counts at its worst case
  cost_micros  INTEGER NOT NULL CHECK (cost_micros >= 0), -- millionths; the worst case while reserved
  tokens_in    INTEGER, tokens_cached INTEGER, tokens_out INTEGER, -- as billed
  latency_ms   INTEGER, -- wall time
  answer       TEXT, -- as it came
  error        TEXT, -- why it failed, or that what it said was of no use
  record_of    INTEGER, -- the call whose answer was used again; NULL: it was asked
  created_at   TEXT NOT NULL,
  updated_at   TEXT NOT NULL
) STRICT;
-- A provider that failed several times in a row isn't asked for a while: a dead one costs one time-out a tick, not one a task.
CREATE TABLE llm_circuits (
  provider   TEXT PRIMARY KEY, -- name and address
  failures   INTEGER NOT NULL DEFAULT 0 CHECK (failures >= 0), -- in a row
  open_until TEXT, -- nobody asks before then; NULL: closed
  error      TEXT, -- the last one
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- What a model said of a rule in natural language, for one situation. The gate reads it; where there is none, it holds.
CREATE TABLE rule_answers (
  rule_id    INTEGER NOT NULL, -- no foreign key: it outlives the rule
  version    INTEGER NOT NULL, -- of the rule
  situation_hash TEXT NOT NULL, -- hex SHA-256 of the rule's text and what it was judged on
  task_id    INTEGER, -- that it was first asked for
  lead_id    INTEGER, -- of the situation; goes with the lead
  matched    INTEGER CHECK (matched IN (0, 1)), -- NULL: the model couldn't tell
  reason     TEXT NOT NULL, -- in plain words
  model_call_id INTEGER, -- model_calls.seq
  created_at TEXT NOT NULL,
  PRIMARY KEY (rule_id, version, situation_hash)
) STRICT, WITHOUT ROWID;
CREATE INDEX rule_answers_lead ON rule_answers(lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX model_calls_time ON model_calls(created_at);
CREATE INDEX model_calls_prompt ON model_calls(prompt_hash, created_at) WHERE state = 'done';

-- What people should be told.
CREATE TABLE notifications (
  seq        INTEGER PRIMARY KEY AUTOINCREMENT,
  id         TEXT NOT NULL UNIQUE,
  type       TEXT NOT NULL,                         -- approval_needed, approval_expiring, escalation, error, reply, report, …
  title      TEXT NOT NULL, -- one line
  message    TEXT NOT NULL, -- in full
  command    TEXT,                                  -- what to type
  task_id    INTEGER,
  lead_id    INTEGER,
  dedupe_key TEXT UNIQUE,                           -- one notice for one cause
  created_at TEXT NOT NULL,
  digest     INTEGER, -- the first of those that are told together; set before anything is told, so that a crash tells nothing twice
  delivered_at TEXT, -- when the first transport had told of it
  read_at    TEXT
) STRICT;
-- How a digest of them was told, by each transport that there was: what one has told it never tells again, whatever becomes of the others.
CREATE TABLE notice_tellings (
  digest     INTEGER NOT NULL, -- notifications.digest
  transport  TEXT NOT NULL, -- maildir, account, slack
  state      TEXT NOT NULL CHECK (state = 'due' OR state = 'sending' OR state = 'told' OR state = 'dropped'), -- sending: on the wire, or it died there; dropped:
                                                    -- refused, or it isn't known whether it was told
  claim      INTEGER,                               -- the first digest of those that are told together
  error      TEXT, -- the last one
  created_at TEXT NOT NULL,
  updated_at TEXT NOT NULL,
  PRIMARY KEY (digest, transport)
) STRICT, WITHOUT ROWID;
CREATE INDEX notice_tellings_state ON notice_tellings(state, transport);
CREATE INDEX notice_tellings_time ON notice_tellings(created_at); -- when the last digest was begun

-- Where a transport of notices stands.
CREATE TABLE notice_transports (
  transport  TEXT PRIMARY KEY, -- as in notice_tellings
  failures   INTEGER NOT NULL DEFAULT 0, -- in a row
  not_before TEXT,                                  -- it isn't tried before then
  gone       TEXT,                                  -- salted hash of the address that the service says is no more; another one is tried
  updated_at TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX notifications_new ON notifications(created_at) WHERE read_at IS NULL;
CREATE INDEX notifications_told ON notifications(delivered_at, created_at); -- those that nobody was told of, and when somebody was last
CREATE INDEX notifications_lead ON notifications(lead_id) WHERE lead_id IS NOT NULL;

-- A change of what decides makes a new version by itself: no stage can miss it.
CREATE TRIGGER agent_configs_version AFTER UPDATE OF llm_provider, llm_model, llm_base_url, temperature, min_confidence, offline_threshold, auto_respond_to_positive,
  auto_respond_to_questions, auto_book_meetings, require_approval_for ON agent_configs BEGIN
  UPDATE agent_configs SET version = version + 1;
END;
CREATE TRIGGER agent_rules_added AFTER INSERT ON agent_rules BEGIN
  UPDATE agent_configs SET ruleset = ruleset + 1;
END;
CREATE TRIGGER agent_rules_changed AFTER UPDATE OF version, is_enabled, priority ON agent_rules BEGIN
  UPDATE agent_configs SET ruleset = ruleset + 1;
END;
CREATE TRIGGER agent_rules_removed AFTER DELETE ON agent_rules BEGIN
  UPDATE agent_configs SET ruleset = ruleset + 1;
END;
CREATE TRIGGER rule_lists_added AFTER INSERT ON rule_lists BEGIN
  UPDATE agent_configs SET ruleset = ruleset + 1;
END;
CREATE TRIGGER rule_lists_changed AFTER UPDATE OF items ON rule_lists BEGIN
  UPDATE agent_configs SET ruleset = ruleset + 1;
END;
CREATE TRIGGER rule_lists_removed AFTER DELETE ON rule_lists BEGIN
  UPDATE agent_configs SET ruleset = ruleset + 1;
END;
