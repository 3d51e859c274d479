-- Every table is STRICT; times are Unix milliseconds; internal ids are integers, and interfaces show UUIDs. The
-- plain sqlite3 shell can open a store: the schema uses only SQLite's own functions, collations and tokenizers.

CREATE TABLE store_info (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE merchant (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	api_code TEXT UNIQUE,
	api_key_sha256 BLOB,
	created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE reviewer (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE, -- never used again, also after disabling
	role TEXT NOT NULL CHECK (role IN ('viewer', 'reviewer', 'lead', 'admin')),
	supervised INTEGER NOT NULL DEFAULT 0 CHECK (supervised IN (0, 1)),
	created_at INTEGER NOT NULL,
	disabled_at INTEGER
) STRICT;

-- The versions of workflow profiles with which sessions were created.
CREATE TABLE workflow (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	version INTEGER NOT NULL,
	sha256 BLOB NOT NULL,
	body TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	UNIQUE (name, sha256)
) STRICT;

-- A merchant's user. The level belongs to the user, not to a session.
CREATE TABLE subject (
	id INTEGER PRIMARY KEY,
	merchant_id INTEGER NOT NULL REFERENCES merchant (id),
	uid TEXT NOT NULL,
	kind TEXT NOT NULL CHECK (kind IN ('business', 'individual')),
	level TEXT NOT NULL DEFAULT '',
	kyb_id INTEGER NOT NULL DEFAULT 0, -- counts business subjects; 0 for individuals
	created_at INTEGER NOT NULL,
	UNIQUE (merchant_id, uid)
) STRICT;
CREATE UNIQUE INDEX subject_kyb_id ON subject (kyb_id) WHERE kyb_id > 0;

CREATE TABLE session (
	id INTEGER PRIMARY KEY,
	uuid TEXT NOT NULL UNIQUE,
	external_ref TEXT NOT NULL DEFAULT '',
	merchant_id INTEGER NOT NULL REFERENCES merchant (id),
	workflow TEXT NOT NULL,
	workflow_id INTEGER REFERENCES workflow (id),
	kind TEXT NOT NULL CHECK (kind IN ('kyb', 'kyc')),
	parent_id INTEGER REFERENCES session (id),
	subject_id INTEGER NOT NULL REFERENCES subject (id),
	status TEXT NOT NULL CHECK (status IN ('draft', 'active', 'completed', 'processing', 'processed', 'expired',
		'approved', 'rejected', 'manual_review', 'awaiting_client_correction')),
	compliance_status TEXT NOT NULL GENERATED ALWAYS AS (CASE status
		WHEN 'draft' THEN 'incomplete' WHEN 'expired' THEN 'incomplete'
		WHEN 'active' THEN 'pending' WHEN 'processing' THEN 'pending'
		WHEN 'awaiting_client_correction' THEN 'remediation'
		WHEN 'completed' THEN 'completed' WHEN 'processed' THEN 'completed'
		ELSE status END) STORED,
	version INTEGER NOT NULL DEFAULT 1,
	-- the subject as this session describes it
	subject_name TEXT NOT NULL,
	country TEXT NOT NULL DEFAULT '',
	registration_number TEXT NOT NULL DEFAULT '',
	tax_id TEXT NOT NULL DEFAULT '',
	date_of_birth TEXT NOT NULL DEFAULT '',
	incorporated_on TEXT NOT NULL DEFAULT '',
	website TEXT NOT NULL DEFAULT '',
	email TEXT NOT NULL DEFAULT '',
	phone TEXT NOT NULL DEFAULT '',
	address TEXT NOT NULL DEFAULT '{}',
	custom_tags TEXT NOT NULL DEFAULT '{}',
	risk_score INTEGER CHECK (risk_score BETWEEN 0 AND 100),
	risk_factors TEXT NOT NULL DEFAULT '[]',
	processing_results TEXT NOT NULL DEFAULT 'null',
	final_decision TEXT NOT NULL DEFAULT '',
	decided_by TEXT NOT NULL DEFAULT '',
	decided_at INTEGER,
	decision_reason TEXT NOT NULL DEFAULT '',
	retryable INTEGER NOT NULL DEFAULT 0,
	expired_from TEXT NOT NULL DEFAULT '',
	decided_here INTEGER NOT NULL DEFAULT 0,
	returned INTEGER NOT NULL DEFAULT 0,
	assignee_id INTEGER REFERENCES reviewer (id),
	claimed_at INTEGER,
	claim_expires_at INTEGER,
	created_at INTEGER NOT NULL,
	submitted_at INTEGER,
	updated_at INTEGER NOT NULL,
	expires_at INTEGER,
	due_at INTEGER,
	due_paused_at INTEGER,
	import_sha256 BLOB, -- of the last line imported for it
	event_sequence INTEGER NOT NULL DEFAULT 0,
	-- kept for lists and filters, in the transaction of the change
	parties_total INTEGER NOT NULL DEFAULT 0,
	parties_verified INTEGER NOT NULL DEFAULT 0,
	documents_total INTEGER NOT NULL DEFAULT 0,
	documents_accepted INTEGER NOT NULL DEFAULT 0,
	document_missing INTEGER NOT NULL DEFAULT 0,
	document_rejected INTEGER NOT NULL DEFAULT 0,
	party_open INTEGER NOT NULL DEFAULT 0,
	hit_open INTEGER NOT NULL DEFAULT 0,
	waiting INTEGER NOT NULL DEFAULT 0, -- bits: 1 client, 2 party, 4 provider, 8 second
	-- sort keys: whole rows compare with (key, …, id) > (…), so every part ascends
	top INTEGER NOT NULL GENERATED ALWAYS AS (parent_id IS NULL) STORED,
	due_key INTEGER NOT NULL GENERATED ALWAYS AS (coalesce(due_at, 9000000000000000)) STORED,
	risk_key INTEGER NOT NULL GENERATED ALWAYS AS (coalesce(100 - risk_score, 101)) STORED,
	name_key TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE INDEX session_external_ref ON session (external_ref) WHERE external_ref <> '';
CREATE INDEX session_parent ON session (parent_id) WHERE parent_id IS NOT NULL;
CREATE INDEX session_subject ON session (subject_id);
CREATE INDEX session_assignee ON session (assignee_id, top, due_key, risk_key, created_at, id) WHERE assignee_id IS NOT NULL;
CREATE INDEX session_due ON session (top, due_key, risk_key, created_at, id);
CREATE INDEX session_risk ON session (top, risk_key, due_key, id);
CREATE INDEX session_updated ON session (top, updated_at, id);
CREATE INDEX session_name ON session (top, name_key, id);
CREATE INDEX session_inbox_due ON session (compliance_status, top, due_key, risk_key, created_at, id);
CREATE INDEX session_inbox_risk ON session (compliance_status, top, risk_key, due_key, id);
CREATE INDEX session_inbox_updated ON session (compliance_status, top, updated_at, id);
CREATE INDEX session_inbox_name ON session (compliance_status, top, name_key, id);
-- Indexes for filters that match few sessions, which are then sorted. A filter that matches many sessions scans one
-- of the orders above. All these indexes begin with top, so that the planner chooses them for no other statement.
CREATE INDEX session_by_country ON session (top, country);
CREATE INDEX session_by_merchant ON session (top, merchant_id);
CREATE INDEX session_by_workflow ON session (top, workflow);
CREATE INDEX session_by_status ON session (top, status);
CREATE INDEX session_by_kind ON session (top, kind);
CREATE INDEX session_by_age ON session (top, coalesce(submitted_at, created_at));
CREATE INDEX session_document_missing ON session (top) WHERE document_missing = 1;
CREATE INDEX session_document_rejected ON session (top) WHERE document_rejected = 1;
CREATE INDEX session_party_open ON session (top) WHERE party_open = 1;
CREATE INDEX session_hit_open ON session (top) WHERE hit_open = 1;
CREATE INDEX session_waiting ON session (top) WHERE waiting <> 0;
CREATE INDEX subject_level ON subject (upper(level));

-- The entries of session.custom_tags by key and value, maintained by triggers. Values are written as in filters.
CREATE TABLE session_tag (
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	session_id INTEGER NOT NULL,
	PRIMARY KEY (key, value, session_id)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER session_tag_insert AFTER INSERT ON session WHEN new.custom_tags <> '{}' BEGIN
	INSERT OR IGNORE INTO session_tag (key, value, session_id)
		SELECT key, CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'null' THEN 'null'
			ELSE CAST(value AS TEXT) END, new.id FROM json_each(new.custom_tags);
END;
CREATE TRIGGER session_tag_update AFTER UPDATE OF custom_tags ON session WHEN old.custom_tags <> new.custom_tags BEGIN
	DELETE FROM session_tag WHERE session_id = new.id AND (key, value) IN
		(SELECT key, CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'null' THEN 'null'
			ELSE CAST(value AS TEXT) END FROM json_each(old.custom_tags));
	INSERT OR IGNORE INTO session_tag (key, value, session_id)
		SELECT key, CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'null' THEN 'null'
			ELSE CAST(value AS TEXT) END, new.id FROM json_each(new.custom_tags);
END;
CREATE TRIGGER session_tag_delete AFTER DELETE ON session WHEN old.custom_tags <> '{}' BEGIN
	DELETE FROM session_tag WHERE session_id = old.id AND (key, value) IN
		(SELECT key, CASE type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' WHEN 'null' THEN 'null'
			ELSE CAST(value AS TEXT) END FROM json_each(old.custom_tags));
END;

-- Folded, tokenised text of a session (names of subject and parties, references, tax ids), written by the program;
-- the tokenizer is SQLite's own. rowid = session.id.
CREATE VIRTUAL TABLE session_text USING fts5 (body, tokenize = "unicode61 remove_diacritics 2", prefix = '2 3');

-- Counts of top sessions, so that no scan is needed. Triggers maintain them, whichever program writes.
CREATE TABLE inbox_count (
	compliance_status TEXT PRIMARY KEY,
	sessions INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO inbox_count (compliance_status) VALUES ('manual_review'), ('completed'), ('pending'), ('remediation'),
	('incomplete'), ('approved'), ('rejected');
CREATE TRIGGER session_count_insert AFTER INSERT ON session WHEN new.parent_id IS NULL BEGIN
	UPDATE inbox_count SET sessions = sessions + 1 WHERE compliance_status = new.compliance_status;
END;
CREATE TRIGGER session_count_delete AFTER DELETE ON session WHEN old.parent_id IS NULL BEGIN
	UPDATE inbox_count SET sessions = sessions - 1 WHERE compliance_status = old.compliance_status;
END;
CREATE TRIGGER session_count_update AFTER UPDATE OF status, parent_id ON session
WHEN old.compliance_status <> new.compliance_status OR old.parent_id IS NOT new.parent_id BEGIN
	UPDATE inbox_count SET sessions = sessions - 1
		WHERE compliance_status = old.compliance_status AND old.parent_id IS NULL;
	UPDATE inbox_count SET sessions = sessions + 1
		WHERE compliance_status = new.compliance_status AND new.parent_id IS NULL;
END;

CREATE TABLE step (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	place INTEGER NOT NULL,
	name TEXT NOT NULL,
	status TEXT NOT NULL,
	fields TEXT NOT NULL DEFAULT '{}',
	UNIQUE (session_id, name)
) STRICT;

-- The bytes are in a folder next to the store, by SHA-256; documents with equal bytes share one file.
CREATE TABLE document (
	id INTEGER PRIMARY KEY,
	uuid TEXT NOT NULL UNIQUE,
	session_id INTEGER NOT NULL REFERENCES session (id),
	category TEXT NOT NULL DEFAULT '',
	type TEXT NOT NULL,
	step TEXT NOT NULL DEFAULT '',
	side TEXT NOT NULL DEFAULT '',
	file_name TEXT NOT NULL DEFAULT '',
	media_type TEXT NOT NULL DEFAULT '',
	size_bytes INTEGER NOT NULL DEFAULT 0,
	sha256 TEXT NOT NULL DEFAULT '',
	upload TEXT NOT NULL,
	review TEXT NOT NULL DEFAULT 'unreviewed',
	review_reason TEXT NOT NULL DEFAULT '',
	reviewed_by TEXT NOT NULL DEFAULT '',
	reviewed_at INTEGER,
	uploaded_at INTEGER,
	expires_on INTEGER,
	extracted TEXT NOT NULL DEFAULT 'null',
	replaces_id INTEGER REFERENCES document (id),
	replaced INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX document_session ON document (session_id);
CREATE INDEX document_sha256 ON document (sha256) WHERE sha256 <> '';
CREATE INDEX document_replaces ON document (replaces_id) WHERE replaces_id IS NOT NULL;

CREATE TABLE party (
	id INTEGER PRIMARY KEY,
	uuid TEXT NOT NULL UNIQUE,
	session_id INTEGER NOT NULL REFERENCES session (id),
	kind TEXT NOT NULL CHECK (kind IN ('individual', 'company')),
	name TEXT NOT NULL,
	roles INTEGER NOT NULL DEFAULT 0, -- bits, in the order of domain.md
	control_role TEXT NOT NULL DEFAULT '',
	country TEXT NOT NULL DEFAULT '',
	date_of_birth TEXT NOT NULL DEFAULT '',
	tax_id TEXT NOT NULL DEFAULT '',
	registration_number TEXT NOT NULL DEFAULT '',
	email TEXT NOT NULL DEFAULT '',
	phone TEXT NOT NULL DEFAULT '',
	addresses TEXT NOT NULL DEFAULT '[]',
	fields TEXT NOT NULL DEFAULT '{}',
	subsession_id INTEGER REFERENCES session (id),
	verified_elsewhere_by TEXT NOT NULL DEFAULT '',
	verified_elsewhere_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX party_session ON party (session_id);
CREATE INDEX party_subsession ON party (subsession_id) WHERE subsession_id IS NOT NULL;

-- A share that a party owns in another party, or (of_party_id NULL) in the subject. Percentages are decimal text.
CREATE TABLE party_share (
	id INTEGER PRIMARY KEY,
	party_id INTEGER NOT NULL REFERENCES party (id),
	of_party_id INTEGER REFERENCES party (id),
	percent TEXT NOT NULL
) STRICT;
CREATE INDEX party_share_party ON party_share (party_id);
CREATE INDEX party_share_of ON party_share (of_party_id) WHERE of_party_id IS NOT NULL;

-- Not named check, which is a keyword of SQL.
CREATE TABLE check_result (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	kind TEXT NOT NULL,
	status TEXT NOT NULL,
	score REAL,
	detail TEXT NOT NULL DEFAULT '{}',
	checked_at INTEGER,
	waived_by TEXT NOT NULL DEFAULT '',
	waive_reason TEXT NOT NULL DEFAULT '',
	UNIQUE (session_id, kind)
) STRICT;

CREATE TABLE hit (
	id INTEGER PRIMARY KEY,
	uuid TEXT NOT NULL UNIQUE,
	check_id INTEGER NOT NULL REFERENCES check_result (id),
	name TEXT NOT NULL,
	list TEXT NOT NULL DEFAULT '',
	class TEXT NOT NULL,
	score REAL,
	detail TEXT NOT NULL DEFAULT '{}',
	state TEXT NOT NULL DEFAULT 'open',
	reason TEXT NOT NULL DEFAULT '',
	note TEXT NOT NULL DEFAULT '',
	resolved_by TEXT NOT NULL DEFAULT '',
	resolved_at INTEGER,
	accepted_by TEXT NOT NULL DEFAULT '',
	accept_reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE INDEX hit_check ON hit (check_id);

CREATE TABLE correction (
	id INTEGER PRIMARY KEY,
	uuid TEXT NOT NULL UNIQUE,
	session_id INTEGER NOT NULL REFERENCES session (id),
	round INTEGER NOT NULL,
	step TEXT NOT NULL,
	fields TEXT NOT NULL DEFAULT '[]',
	document_types TEXT NOT NULL DEFAULT '[]',
	message TEXT NOT NULL,
	state TEXT NOT NULL,
	asked_by TEXT NOT NULL,
	asked_at INTEGER NOT NULL,
	answered_at INTEGER,
	closed_at INTEGER
) STRICT;
CREATE INDEX correction_session ON correction (session_id);

-- Append-only; only the column undone changes later.
CREATE TABLE decision (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	number INTEGER NOT NULL,
	kind TEXT NOT NULL,
	decided_by TEXT NOT NULL,
	role TEXT NOT NULL,
	decided_at INTEGER NOT NULL,
	reason TEXT NOT NULL DEFAULT '',
	message TEXT NOT NULL DEFAULT '',
	note TEXT NOT NULL DEFAULT '',
	retryable INTEGER NOT NULL DEFAULT 0,
	imported INTEGER NOT NULL DEFAULT 0,
	first_approval INTEGER NOT NULL DEFAULT 0,
	undone INTEGER NOT NULL DEFAULT 0,
	held_until INTEGER,
	before TEXT NOT NULL DEFAULT '{}', -- what stood before, for undo
	profile_version INTEGER NOT NULL DEFAULT 0,
	evidence TEXT NOT NULL DEFAULT '',
	evidence_sha256 TEXT NOT NULL DEFAULT '',
	UNIQUE (session_id, number)
) STRICT;

CREATE TABLE note (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	text TEXT NOT NULL,
	written_by TEXT NOT NULL,
	written_at INTEGER NOT NULL
) STRICT;
CREATE INDEX note_session ON note (session_id);

-- Access links: only the token's hash.
CREATE TABLE access_link (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	token_sha256 BLOB NOT NULL UNIQUE,
	created_at INTEGER NOT NULL,
	replaced_at INTEGER
) STRICT;
CREATE INDEX access_link_session ON access_link (session_id);

CREATE TABLE endpoint (
	id INTEGER PRIMARY KEY,
	uuid TEXT NOT NULL UNIQUE,
	merchant_id INTEGER NOT NULL REFERENCES merchant (id),
	url TEXT NOT NULL,
	events TEXT NOT NULL, -- JSON array of names, or ["*"]
	secret TEXT NOT NULL, -- whsec_…; the store is readable by its owner only
	old_secret TEXT NOT NULL DEFAULT '',
	old_secret_until INTEGER,
	disabled_at INTEGER,
	disabled_reason TEXT NOT NULL DEFAULT '',
	failing_since INTEGER,
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX endpoint_merchant ON endpoint (merchant_id);

CREATE TABLE outbox_event (
	id INTEGER PRIMARY KEY,
	uuid TEXT NOT NULL UNIQUE, -- evt_…
	session_id INTEGER REFERENCES session (id),
	merchant_id INTEGER NOT NULL REFERENCES merchant (id),
	decision_id INTEGER REFERENCES decision (id), -- which undo cancels
	type TEXT NOT NULL,
	sequence INTEGER NOT NULL,
	body BLOB NOT NULL, -- written once, sent byte for byte
	created_at INTEGER NOT NULL
) STRICT;
CREATE INDEX outbox_event_session ON outbox_event (session_id);
CREATE INDEX outbox_event_decision ON outbox_event (decision_id) WHERE decision_id IS NOT NULL;

-- The delivery of one event to one endpoint. state: pending, leased, delivered, dead, cancelled, unsent.
CREATE TABLE delivery (
	id INTEGER PRIMARY KEY,
	uuid TEXT NOT NULL UNIQUE,
	event_id INTEGER NOT NULL REFERENCES outbox_event (id),
	endpoint_id INTEGER REFERENCES endpoint (id), -- NULL: nobody was subscribed
	session_id INTEGER REFERENCES session (id),
	state TEXT NOT NULL CHECK (state IN ('pending', 'leased', 'delivered', 'dead', 'cancelled', 'unsent')),
	note TEXT NOT NULL DEFAULT '', -- why unsent, dead or cancelled
	attempts INTEGER NOT NULL DEFAULT 0,
	next_at INTEGER NOT NULL,
	lease_owner TEXT NOT NULL DEFAULT '',
	lease_until INTEGER,
	created_at INTEGER NOT NULL,
	finished_at INTEGER
) STRICT;
CREATE INDEX delivery_due ON delivery (next_at, id) WHERE state IN ('pending', 'leased');
CREATE INDEX delivery_order ON delivery (session_id, endpoint_id, event_id) WHERE state IN ('pending', 'leased');
CREATE INDEX delivery_event ON delivery (event_id);
CREATE INDEX delivery_session ON delivery (session_id);
CREATE INDEX delivery_endpoint ON delivery (endpoint_id);
CREATE INDEX delivery_dead ON delivery (id) WHERE state = 'dead';
CREATE INDEX delivery_ready ON delivery (endpoint_id, next_at, id) WHERE state = 'pending'; -- by endpoint first, so that a slow endpoint does not delay others
CREATE INDEX delivery_leased ON delivery (endpoint_id, lease_until) WHERE state = 'leased';

CREATE TABLE delivery_attempt (
	id INTEGER PRIMARY KEY,
	delivery_id INTEGER NOT NULL REFERENCES delivery (id),
	number INTEGER NOT NULL,
	started_at INTEGER NOT NULL,
	duration_ms INTEGER NOT NULL,
	status INTEGER NOT NULL,
	failure TEXT NOT NULL DEFAULT '',
	response BLOB NOT NULL
) STRICT;
CREATE INDEX delivery_attempt_delivery ON delivery_attempt (delivery_id);

-- One row per change, hash-chained. hash = SHA-256(prev_hash || encoding of each column from seq to detail, in this
-- order). Encoding: type byte ('i' integer, 't' text, 'b' blob, 'n' null), 8-byte big-endian length, bytes; the
-- bytes of an integer are its 8-byte big-endian two's complement. The first prev_hash is 32 zero bytes.
CREATE TABLE audit_event (
	seq INTEGER PRIMARY KEY,
	at INTEGER NOT NULL,
	actor TEXT NOT NULL,
	role TEXT NOT NULL,
	action TEXT NOT NULL,
	session_id TEXT, -- the UUID, so that the chain outlives the row
	session_version INTEGER,
	detail TEXT NOT NULL, -- JSON: what changed; hashes instead of personal data
	prev_hash BLOB NOT NULL,
	hash BLOB NOT NULL
) STRICT;
CREATE INDEX audit_event_session ON audit_event (session_id, seq);
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN
	SELECT raise(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN
	SELECT raise(ABORT, 'the audit trail is append-only');
END;

CREATE TABLE chain_head (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	seq INTEGER NOT NULL,
	hash BLOB NOT NULL
) STRICT;
INSERT INTO chain_head (one, seq, hash) VALUES (1, 0, zeroblob(32));
