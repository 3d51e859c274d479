PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE store_info (
	key TEXT PRIMARY KEY,
	value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO store_info VALUES('created_at','2026-11-20T14:53:18.067Z');
INSERT INTO store_info VALUES('id','01a1f972-9373-7e03-a400-b890c2b86afd');
INSERT INTO store_info VALUES('sandbox','1');
CREATE TABLE merchant (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE,
	api_code TEXT UNIQUE,
	api_key_sha256 BLOB,
	created_at INTEGER NOT NULL
) STRICT;
INSERT INTO merchant VALUES(1,'northwind-pay',NULL,NULL,1795186398365);
CREATE TABLE reviewer (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL UNIQUE, -- never used again, also after disabling
	role TEXT NOT NULL CHECK (role IN ('viewer', 'reviewer', 'lead', 'admin')),
	supervised INTEGER NOT NULL DEFAULT 0 CHECK (supervised IN (0, 1)),
	created_at INTEGER NOT NULL,
	disabled_at INTEGER
) STRICT;
INSERT INTO reviewer VALUES(1,'ada','admin',0,1795186398090,NULL);
INSERT INTO reviewer VALUES(2,'lea','lead',0,1795186399119,NULL);
CREATE TABLE workflow (
	id INTEGER PRIMARY KEY,
	name TEXT NOT NULL,
	version INTEGER NOT NULL,
	sha256 BLOB NOT NULL,
	body TEXT NOT NULL,
	created_at INTEGER NOT NULL,
	UNIQUE (name, sha256)
) STRICT;
INSERT INTO workflow VALUES(1,'ralio-kyb',1,X'19175edfe7e8b50d46aed8195aa5bdda80bea4e5a909502ba185c04b0586dd01',replace('{\n  "name": "ralio-kyb",\n  "title": "Ralio KYB",\n  "provider": "Ralio",\n  "source": "ralio-kyb-session",\n  "version": 1,\n  "kind": "kyb",\n  "subject_kinds": [\n    "business"\n  ],\n  "steps": [\n    {\n      "id": "company_info",\n      "title": "Company information",\n      "guidance": "Read the four mandatory documents against each other: legal name, registration number, registered address and the names of those who own and run the company should be the same everywhere. Look the company up in its register: it must exist, be active, and carry the same data. Ask for a correction where two documents disagree; reject only what cannot be put right.",\n      "fields": [\n        {\n          "id": "business_activity",\n          "title": "Business activity",\n          "guidance": "One or two plain sentences on what the company sells, to whom and where. It should fit the memorandum, the licences and the website. Vague words such as ''trading'' or ''consulting'' alone are a reason to ask."\n        }\n      ]\n    },\n    {\n      "id": "related_parties",\n      "title": "Related parties",\n      "guidance": "Declare everyone who owns 25 % or more, directly or through other companies, and everyone who runs the company or signs for it, from the register of directors and shareholders. Follow each owning company up to the people behind it. At least one person needs a control role. Each person gets a KYC session of their own, which must be approved before the company can be."\n    },\n    {\n      "id": "review",\n      "title": "Compliance review",\n      "guidance": "Before deciding: does the business make sense as a whole? Compare activity, country, owners and expected use with the risk score and its factors. Every hit is resolved one by one, with the reason that a colleague would understand a year from now. Approving raises the user from LIGHT to REGULAR and lets the merchant open an account."\n    }\n  ],\n  "document_rules": {\n    "other_documents": false,\n    "formats": [\n      "pdf",\n      "xlsx",\n      "xls",\n      "docx",\n      "doc",\n      "jpeg",\n      "png"\n    ],\n    "max_bytes": 10485760,\n    "submit_needs_mandatory": true,\n    "submit_freezes": true\n  },\n  "documents": [\n    {\n      "type": "MEMORANDUM_ARTICLES",\n      "category": "COMPANY_INFO",\n      "title": "Memorandum and articles of association",\n      "step": "company_info",\n      "mandatory": true,\n      "guidance": "Look for: the full legal name and registration number; the objects of the company, which should cover the activity declared; share capital and classes of shares; who may represent the company; the registrar''s stamp or certificate; every page, and any later amendments. Be wary of a draft without date or signature."\n    },\n    {\n      "type": "BUSINESS_NUMBER",\n      "category": "COMPANY_INFO",\n      "title": "Business number",\n      "step": "company_info",\n      "mandatory": true,\n      "guidance": "Look for: an official certificate or register extract with legal name, number, legal form and date of registration; the status must be active. Compare the number with the one entered, digit by digit, and check it in the public register."\n    },\n    {\n      "type": "PROOF_OF_ADDRESS",\n      "category": "COMPANY_INFO",\n      "title": "Proof of company address",\n      "step": "company_info",\n      "mandatory": true,\n      "guidance": "Look for: a utility bill, bank statement, tax notice or lease in the company''s own name, not older than three months, showing the registered or operating address as entered. A letter box or formation agent''s address needs an explanation. Mobile phone bills and the company''s own invoices do not count."\n    },\n    {\n      "type": "DIRECTORS_SHAREHOLDERS_REG",\n      "category": "COMPANY_INFO",\n      "title": "Register of directors and shareholders",\n      "step": "company_info",\n      "mandatory": true,\n      "guidance": "Look for: an official or certified register, not older than three months, naming every director and every shareholder with the number or share of shares. The shares should add up to 100 %. Note each owner from 25 % and each company among the owners: its own register is needed too."\n    },\n    {\n      "type": "FINANCIAL_STATEMENTS",\n      "category": "COMPANY_INFO",\n      "title": "Financial statements",\n      "step": "company_info",\n      "mandatory": false,\n      "guidance": "Look for: the latest balance sheet and income statement, audited where the law asks for it, for the right company and currency. Turnover should fit the volume expected. Large loans from owners, or no activity at all, are questions to ask."\n    },\n    {\n      "type": "LICENSES_PERMITS",\n      "category": "COMPANY_INFO",\n      "title": "Licences and permits",\n      "step": "company_info",\n      "mandatory": false,\n      "guidance": "Needed when the activity is regulated: payments, lending, exchange, crypto-assets, gambling, alcohol, medicines, travel. Look for: the holder''s legal name, the activity and country covered, the end date, and the entry in the regulator''s public register."\n    },\n    {\n      "type": "OTHER",\n      "category": "COMPANY_INFO",\n      "title": "Other documents",\n      "step": "company_info",\n      "mandatory": false,\n      "guidance": "Contracts, audit reports, powers of attorney, structure charts. Note on the case what the document shows and why it was needed. A structure chart should be signed, dated and not older than a year."\n    }\n  ],\n  "parties": {\n    "required": true,\n    "control_role_required": true,\n    "owner_threshold_percent": "25",\n    "threshold_inclusive": true,\n    "individuals": "session",\n    "companies": "none",\n    "workflow": "generic-kyc",\n    "control_roles": [\n      "CEO",\n      "CFO",\n      "COO",\n      "CTO",\n      "President",\n      "Vice President",\n      "Director",\n      "Managing Director",\n      "Managing Partner",\n      "General Partner",\n      "Partner",\n      "Secretary",\n      "Treasurer",\n      "Chairman",\n      "Board Member",\n      "Authorized Signatory",\n      "General Counsel",\n      "Owner",\n      "Founder",\n      "Manager",\n      "Member",\n      "Comptroller",\n      "Chief Compliance Officer"\n    ]\n  },\n  "checks": {\n    "required": [],\n    "waivable": [\n      "crypto",\n      "adverse_media",\n      "face_match",\n      "cross_validation",\n      "extraction",\n      "web",\n      "bureau",\n      "email",\n      "ip",\n      "mobile"\n    ]\n  },\n  "levels": {\n    "initial": "LIGHT",\n    "approved": "REGULAR"\n  },\n  "accounts": true,\n  "review": {\n    "manual": true,\n    "auto_process": false,\n    "hours": 48,\n    "processing_timeout_minutes": 30\n  },\n  "link": {\n    "days": 30,\n    "reminder_days": 7,\n    "reminders_max": 3\n  },\n  "retention": {\n    "days": 1826\n  },\n  "events": {\n    "level_changed": "kyc.state_updated",\n    "rejected": "kyc.session_failed",\n    "expired": "kyc.session_expired",\n    "corrections_requested": "session.corrections_requested",\n    "party_kyc_requested": "party.kyc_requested",\n    "link_expiring": "link.expiring"\n  },\n  "event_shape": "standard",\n  "custom_tags": {}\n}\n','\n',char(10)),1795186398365);
INSERT INTO workflow VALUES(2,'generic-kyc',1,X'4f1bf008bd7519cab9b9e0a8e2805defe65df7ac749ba6253d914d758217c762',replace('{\n  "name": "generic-kyc",\n  "title": "KYC session",\n  "provider": "Generic",\n  "source": "kyc-workflows-sessions",\n  "version": 1,\n  "kind": "kyc",\n  "subject_kinds": [\n    "individual",\n    "business"\n  ],\n  "steps": [\n    {\n      "id": "identity",\n      "title": "Identity",\n      "guidance": "Name, birth date and nationality as in the identity document, letter by letter; differences in accents and in the order of names are fine, other names are not. The person must be of age where the service asks for it."\n    },\n    {\n      "id": "address",\n      "title": "Address",\n      "guidance": "A place where the person lives, not a post office box. It should fit the proof of address, and the country should fit the rest of the case."\n    },\n    {\n      "id": "documents",\n      "title": "Documents",\n      "guidance": "Every document is complete, readable, valid today and in the person''s own name. Compare photo, name, birth date and number with the data entered and with the results of the checks."\n    },\n    {\n      "id": "selfie",\n      "title": "Selfie",\n      "guidance": "The face of the identity document, alive and alone in the picture. When the automatic comparison is unsure, compare eyes, nose, ears and the line of the jaw yourself, not hair or beard. Signs of a picture of a screen or of a mask are a reason to escalate."\n    },\n    {\n      "id": "source_of_funds",\n      "title": "Source of funds",\n      "guidance": "Where the money comes from, in words that a document can show: salary, sale of a house, inheritance, savings. It should fit the person''s age, work and expected use."\n    }\n  ],\n  "document_rules": {\n    "other_documents": true,\n    "formats": [\n      "pdf",\n      "jpeg",\n      "png",\n      "heic",\n      "docx",\n      "doc",\n      "xlsx",\n      "xls"\n    ],\n    "max_bytes": 10485760,\n    "submit_needs_mandatory": false,\n    "submit_freezes": false\n  },\n  "documents": [\n    {\n      "type": "PASSPORT",\n      "category": "IDENTITY",\n      "title": "Passport",\n      "step": "documents",\n      "mandatory": false,\n      "guidance": "Look for: the whole data page with both lines of the machine-readable zone, which must agree with the printed data; valid today; no reflection over photo or number; fonts and edges of the photo undisturbed.",\n      "formats": [\n        "pdf",\n        "jpeg",\n        "png",\n        "heic"\n      ]\n    },\n    {\n      "type": "ID",\n      "category": "IDENTITY",\n      "title": "Identity card",\n      "step": "documents",\n      "mandatory": false,\n      "guidance": "Look for: front and back; valid today; number, name and birth date as entered; where the back has a machine-readable zone, it agrees with the front.",\n      "double_sided": true,\n      "formats": [\n        "pdf",\n        "jpeg",\n        "png",\n        "heic"\n      ]\n    },\n    {\n      "type": "DRIVERS_LICENSE",\n      "category": "IDENTITY",\n      "title": "Driving licence",\n      "step": "documents",\n      "mandatory": false,\n      "guidance": "Look for: front and back; valid today; issued by the country stated. Accepted as identification only where the merchant''s country allows it.",\n      "double_sided": true,\n      "formats": [\n        "pdf",\n        "jpeg",\n        "png",\n        "heic"\n      ]\n    },\n    {\n      "type": "RESIDENCE_PERMIT",\n      "category": "IDENTITY",\n      "title": "Residence permit",\n      "step": "documents",\n      "mandatory": false,\n      "guidance": "Look for: front and back; valid today; nationality and kind of permit. It proves the right to stay; the nationality still needs to fit the rest of the case.",\n      "double_sided": true,\n      "formats": [\n        "pdf",\n        "jpeg",\n        "png",\n        "heic"\n      ]\n    },\n    {\n      "type": "PROOF_OF_ADDRESS",\n      "category": "ADDRESS",\n      "title": "Proof of address",\n      "step": "address",\n      "mandatory": false,\n      "guidance": "Look for: a utility bill, bank statement, tax notice or registration in the person''s own name, not older than three months, with the address as entered. Mobile phone bills and screenshots do not count."\n    },\n    {\n      "type": "SELFIE",\n      "category": "IDENTITY",\n      "title": "Selfie",\n      "step": "selfie",\n      "mandatory": false,\n      "guidance": "Look for: one live face, whole and well lit, no hat or dark glasses; the same person as on the identity document.",\n      "formats": [\n        "jpeg",\n        "png",\n        "heic"\n      ]\n    },\n    {\n      "type": "SOURCE_OF_FUNDS",\n      "category": "FINANCIAL",\n      "title": "Proof of the source of funds",\n      "step": "source_of_funds",\n      "mandatory": false,\n      "guidance": "Look for: payslips, a contract of sale, a deed of inheritance or bank statements that show the money arriving, in the person''s name and in an amount that fits what is planned."\n    }\n  ],\n  "parties": {\n    "required": false,\n    "control_role_required": false,\n    "individuals": "session",\n    "companies": "session",\n    "workflow": "generic-kyc"\n  },\n  "checks": {\n    "required": [],\n    "waivable": [\n      "crypto",\n      "adverse_media",\n      "face_match",\n      "cross_validation",\n      "extraction",\n      "web",\n      "bureau",\n      "email",\n      "ip",\n      "mobile"\n    ]\n  },\n  "review": {\n    "manual": true,\n    "auto_process": false,\n    "hours": 24,\n    "processing_timeout_minutes": 30\n  },\n  "link": {\n    "days": 30,\n    "reminder_days": 7,\n    "reminders_max": 3\n  },\n  "retention": {\n    "days": 1826\n  },\n  "events": {\n    "status_changed": "session.status_changed",\n    "corrections_requested": "session.corrections_requested",\n    "subsession_status_changed": "subsession.status_changed",\n    "party_kyc_requested": "party.kyc_requested",\n    "link_expiring": "link.expiring"\n  },\n  "event_shape": "standard",\n  "custom_tags": {}\n}\n','\n',char(10)),1795186398368);
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
INSERT INTO subject VALUES(1,1,'biz-1','business','LIGHT',1,1795186398365);
INSERT INTO subject VALUES(2,1,'3e36813d-2e22-5299-8110-c84e066aebf2','individual','',0,1795186398368);
INSERT INTO subject VALUES(3,1,'biz-2','business','LIGHT',2,1795186398393);
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
, gap_reason TEXT NOT NULL DEFAULT '', gap_text TEXT NOT NULL DEFAULT '', gap_by TEXT NOT NULL DEFAULT '', gap_percent TEXT NOT NULL DEFAULT '', gap_at INTEGER, snoozed_until INTEGER, snooze_reason TEXT NOT NULL DEFAULT '', snoozed_by TEXT NOT NULL DEFAULT '', remind_at INTEGER, reminders INTEGER NOT NULL DEFAULT 0, reminded_at INTEGER, unresponsive INTEGER NOT NULL DEFAULT 0, parties_completed_at INTEGER, registration_key TEXT GENERATED ALWAYS AS
	(upper(replace(replace(replace(replace(registration_number, ' ', ''), '-', ''), '.', ''), '/', ''))) VIRTUAL, tax_key TEXT GENERATED ALWAYS AS
	(upper(replace(replace(replace(replace(tax_id, ' ', ''), '-', ''), '.', ''), '/', ''))) VIRTUAL, attempt INTEGER NOT NULL DEFAULT 1, processing_since INTEGER, process_at INTEGER) STRICT;
INSERT INTO session VALUES(1,'c7cca9df-9abf-565d-8176-a1e3ce498598','RAL-1',1,'ralio-kyb',1,'kyb',NULL,1,'manual_review',11,'Harbour Lane Trading Ltd','GBR','','GB123456789','','','','','','{}','{}',NULL,'[]','{}','','',NULL,'',0,'',0,0,NULL,NULL,NULL,1793527200000,1793613600000,1795186451363,NULL,1793786400000,NULL,X'2d28dc87db59c3182cf5af6931465d1ee8e7f25a941ac2839f245733fd9602f4',0,2,2,4,1,1,0,0,0,0,'harbour lane trading ltd','dispersed','','lea','40',1795186451363,NULL,'','',NULL,0,NULL,0,NULL,1,NULL,NULL);
INSERT INTO session VALUES(2,'0144f7c9-351a-55c5-84c0-aa6c234f782c','',1,'generic-kyc',2,'kyc',1,2,'approved',2,'Ines Duarte','PRT','','','1984-02-11','','','','','{}','{}',NULL,'[]','{}','approved','lea',1795186401419,'',0,'',1,0,NULL,NULL,NULL,1795186398368,1795186398368,1795186401419,NULL,1795272798368,NULL,NULL,1,0,0,0,0,0,0,0,0,0,'ines duarte','','','','',NULL,NULL,'','',NULL,0,NULL,0,NULL,1,NULL,NULL);
INSERT INTO session VALUES(3,'06300584-f801-52bd-8d25-b59c9c202a05','RAL-2',1,'ralio-kyb',1,'kyb',NULL,3,'manual_review',2,'Harbour Lane Ltd','GBR','','GB123456789','','','','','','{}','{}',NULL,'[]','{}','','',NULL,'',0,'',0,0,NULL,NULL,NULL,1793527200000,1793613600000,1795186401727,NULL,1793786400000,NULL,X'fed5693ff9035a5639fa07896bae8a86f680c9af087cd562858cea2284818697',0,0,0,4,0,1,0,0,0,0,'harbour lane ltd','','','','',NULL,NULL,'','',NULL,0,NULL,0,NULL,1,NULL,NULL);
CREATE TABLE session_tag (
	key TEXT NOT NULL,
	value TEXT NOT NULL,
	session_id INTEGER NOT NULL,
	PRIMARY KEY (key, value, session_id)
) STRICT, WITHOUT ROWID;
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','session_text','session_text',0,'CREATE VIRTUAL TABLE session_text USING fts5 (body, tokenize = "unicode61 remove_diacritics 2", prefix = ''2 3'')');
CREATE TABLE IF NOT EXISTS 'session_text_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO session_text_data VALUES(1,X'031c');
INSERT INTO session_text_data VALUES(10,X'000000000103030003010101020101030101');
INSERT INTO session_text_data VALUES(137438953473,X'0000011b02303101040705010362656e01020d0202697a010209010664756172746501020c010b67623132333435363738390102080107686172626f75720102020104696e657301020b01046c616e650102030202746401020501056f6b6f726f01020e010372616c010206010774726164696e67010204000331626501020d0201690102090102647501020c01026762010208010268610102020102696e01020b01026c6101020302017401020501026f6b01020e010272610102060102747201020400043262656e01020d0202697a010209010364756101020c010367623101020801036861720102020103696e6501020b01036c616e0102030202746401020501036f6b6f01020e010372616c0102060103747261010204040708070b100c0909070a080c080607070707070607070709070808080808070808');
INSERT INTO session_text_data VALUES(274877906945,X'000000bc05303265323202020501083365333638313364020204010435323939020206010438313130020207010c63383465303636616562663202020801066475617274650202030104696e6573020202000331326502020501023365020204010235320202060102383102020701026338020208010264750202030102696e020202000432326532020205010333653302020401033532390202060103383131020207010363383402020801036475610202030103696e6502020204090d0909110b0908070707070707090808080808');
INSERT INTO session_text_data VALUES(412316860417,X'000000a102303203040605010362697a030208010b67623132333435363738390302070107686172626f757203020201046c616e6503020302027464030204010372616c0302050003316269030208010267620302070102686103020201026c610302030201740302040102726103020500043262697a0302080103676231030207010368617203020201036c616e03020302027464030204010372616c030205040708100c0907080807070706070908080807');
CREATE TABLE IF NOT EXISTS 'session_text_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO session_text_idx VALUES(1,X'',2);
INSERT INTO session_text_idx VALUES(2,X'',2);
INSERT INTO session_text_idx VALUES(3,X'',2);
CREATE TABLE IF NOT EXISTS 'session_text_content'(id INTEGER PRIMARY KEY, c0);
INSERT INTO session_text_content VALUES(1,'harbour lane trading ltd ral 1 gb123456789 biz 1 ines duarte ben okoro');
INSERT INTO session_text_content VALUES(2,'ines duarte 3e36813d 2e22 5299 8110 c84e066aebf2');
INSERT INTO session_text_content VALUES(3,'harbour lane ltd ral 2 gb123456789 biz 2');
CREATE TABLE IF NOT EXISTS 'session_text_docsize'(id INTEGER PRIMARY KEY, sz BLOB);
INSERT INTO session_text_docsize VALUES(1,X'0d');
INSERT INTO session_text_docsize VALUES(2,X'07');
INSERT INTO session_text_docsize VALUES(3,X'08');
CREATE TABLE IF NOT EXISTS 'session_text_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO session_text_config VALUES('version',4);
CREATE TABLE inbox_count (
	compliance_status TEXT PRIMARY KEY,
	sessions INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
INSERT INTO inbox_count VALUES('approved',0);
INSERT INTO inbox_count VALUES('completed',0);
INSERT INTO inbox_count VALUES('incomplete',0);
INSERT INTO inbox_count VALUES('manual_review',2);
INSERT INTO inbox_count VALUES('pending',0);
INSERT INTO inbox_count VALUES('rejected',0);
INSERT INTO inbox_count VALUES('remediation',0);
CREATE TABLE step (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	place INTEGER NOT NULL,
	name TEXT NOT NULL,
	status TEXT NOT NULL,
	fields TEXT NOT NULL DEFAULT '{}',
	UNIQUE (session_id, name)
) STRICT;
INSERT INTO step VALUES(1,2,0,'identity','completed','{}');
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
INSERT INTO document VALUES(1,'e4de4521-51b7-5c13-aab8-323336b7976d',1,'COMPANY_INFO','MEMORANDUM_ARTICLES','','','articles.pdf','application/pdf',714,'d5f224c9f13a31ccc258f8a7ef5a95b2585dcb2911950b2ff5d0f9c50071e5f1','ready','accepted','','lea',1795186399152,1795186398365,NULL,'{}',NULL,0);
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
, removed_at INTEGER, removed_by TEXT NOT NULL DEFAULT '', removed_reason TEXT NOT NULL DEFAULT '') STRICT;
INSERT INTO party VALUES(1,'3e36813d-2e22-5299-8110-c84e066aebf2',1,'individual','Ines Duarte',1,'CEO','PRT','1984-02-11','','','','','[]','{}',2,'','',NULL,'','');
INSERT INTO party VALUES(2,'0a8049e6-32f5-5795-9f8a-53a39d2f442d',1,'individual','Ben Okoro',2,'','GBR','1979-06-30','','','','','[]','{}',NULL,'lea','Known from the branch in Leeds',NULL,'','');
CREATE TABLE party_share (
	id INTEGER PRIMARY KEY,
	party_id INTEGER NOT NULL REFERENCES party (id),
	of_party_id INTEGER REFERENCES party (id),
	percent TEXT NOT NULL
) STRICT;
INSERT INTO party_share VALUES(1,1,NULL,'60');
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
INSERT INTO check_result VALUES(1,1,'watchlist','hit',0.8000000000000000444,'{}',NULL,'','');
INSERT INTO check_result VALUES(2,1,'web','waived',NULL,'{"found":false}',NULL,'lea','The site is being rebuilt');
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
INSERT INTO hit VALUES(1,'75ed47a5-862b-5a00-9f32-e744d64ffa24',1,'Harbor Lane','OFAC SDN','sanctions',0.8000000000000000444,'{}','false_positive','different_name','','lea',1795186399934,'','');
INSERT INTO hit VALUES(2,'41202f2c-2ef6-533c-a486-ff1a8b4c0016',1,'Ines Duarte','PEP list','pep',0.69999999999999995559,'{}','accepted','same_person','','lea',1795186400058,'lea','A town councillor, known to us');
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
, before TEXT NOT NULL DEFAULT '', after TEXT NOT NULL DEFAULT '') STRICT;
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
INSERT INTO decision VALUES(1,2,1,'approve','lea','lead',1795186401419,'','','',0,0,0,0,NULL,'{"status":"manual_review","level":"","final_decision":"","decided_by":"","reason":"","decided_at":null,"retryable":false}',1,'{"case":{"checks":[],"created_at":"2026-11-20T14:53:18.368Z","custom_tags":{},"documents":[],"external_ref":"","id":"0144f7c9-351a-55c5-84c0-aa6c234f782c","kind":"kyc","merchant":"northwind-pay","parent_id":"c7cca9df-9abf-565d-8176-a1e3ce498598","parties":[],"risk_factors":[],"risk_score":null,"status":"manual_review","steps":[{"fields":{},"id":"identity","status":"completed"}],"subject":{"address":{},"country":"PRT","date_of_birth":"1984-02-11","kind":"individual","level":"","name":"Ines Duarte","tax_id":"","uid":"3e36813d-2e22-5299-8110-c84e066aebf2"},"submitted_at":"2026-11-20T14:53:18.368Z","workflow":"generic-kyc"},"checklist":[{"code":"status","message":"the case is in review","met":true,"ref":""},{"code":"correction_open","message":"no open corrections","met":true,"ref":""},{"code":"hit_open","message":"no open hits","met":true,"ref":""}],"profile":{"name":"generic-kyc","version":1}}','60d0269b285d29800d499741066023daed9a078475c01ddaf7382269a13bb33c');
CREATE TABLE note (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	text TEXT NOT NULL,
	written_by TEXT NOT NULL,
	written_at INTEGER NOT NULL
) STRICT;
CREATE TABLE access_link (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	token_sha256 BLOB NOT NULL UNIQUE,
	created_at INTEGER NOT NULL,
	replaced_at INTEGER
, document_type TEXT NOT NULL DEFAULT '') STRICT;
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
INSERT INTO outbox_event VALUES(1,'evt_43190bd601d5577499f8a2251551feec',2,1,1,'subsession.status_changed',1,X'7b2274797065223a2273756273657373696f6e2e7374617475735f6368616e676564222c2274696d657374616d70223a22323032362d31312d32305431343a35333a32312e3433305a222c2264617461223a7b226b696e64223a226b7963222c22756964223a2233653336383133642d326532322d353239392d383131302d633834653036366165626632222c2273657373696f6e5f6964223a2230313434663763392d333531612d353563352d383463302d616136633233346637383263222c22706172656e745f6964223a2263376363613964662d396162662d353635642d383137362d613165336365343938353938222c2273657175656e6365223a312c22737461747573223a22617070726f766564222c22636f6d706c69616e63655f737461747573223a22617070726f766564222c22637573746f6d5f74616773223a7b7d7d7d',1795186401430);
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
INSERT INTO delivery VALUES(1,'01a1f972-a097-7b8c-82a1-7d28960942c6',1,NULL,2,'unsent','the merchant has no endpoint',0,1795186401430,'',NULL,1795186401430,1795186401430);
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
INSERT INTO audit_event VALUES(1,1795186398090,'ada','admin','store.init',NULL,NULL,'{"sandbox":true,"admin":"ada"}',X'0000000000000000000000000000000000000000000000000000000000000000',X'66241098aa64c3cfb54633b0ae377a995189824989333012186515d2f5269022');
INSERT INTO audit_event VALUES(2,1795186398367,'ada','admin','session.import','c7cca9df-9abf-565d-8176-a1e3ce498598',1,'{"result":"imported","status":"manual_review","line_sha256":"2d28dc87db59c3182cf5af6931465d1ee8e7f25a941ac2839f245733fd9602f4"}',X'66241098aa64c3cfb54633b0ae377a995189824989333012186515d2f5269022',X'7287b4453c5e28ecaca8d8e2e29d6ef1d889d1d0a6811443862671af889599bb');
INSERT INTO audit_event VALUES(3,1795186398392,'ada','admin','session.import','0144f7c9-351a-55c5-84c0-aa6c234f782c',1,'{"result":"imported","status":"manual_review"}',X'7287b4453c5e28ecaca8d8e2e29d6ef1d889d1d0a6811443862671af889599bb',X'18dc3061101b5f61006cd1f4f471dba9c03eb0bab6e61f75b797be976b7285c4');
INSERT INTO audit_event VALUES(4,1795186398394,'ada','admin','session.import','06300584-f801-52bd-8d25-b59c9c202a05',1,'{"result":"imported","status":"manual_review","line_sha256":"fed5693ff9035a5639fa07896bae8a86f680c9af087cd562858cea2284818697"}',X'18dc3061101b5f61006cd1f4f471dba9c03eb0bab6e61f75b797be976b7285c4',X'e622489dd29c9e985cd7a366f0a039405d89f2a6e7abedeaffc07b7d79ee78eb');
INSERT INTO audit_event VALUES(5,1795186399119,'lea','lead','reviewer.add',NULL,NULL,'{"reviewer":"lea","role":"lead"}',X'e622489dd29c9e985cd7a366f0a039405d89f2a6e7abedeaffc07b7d79ee78eb',X'38d808ab7673c2574b8dfb86996cd944f24c4bbcbb4527e736ed3e989ba3c457');
INSERT INTO audit_event VALUES(6,1795186399159,'lea','lead','document.accept','c7cca9df-9abf-565d-8176-a1e3ce498598',2,'{"document":"e4de4521-51b7-5c13-aab8-323336b7976d","type":"MEMORANDUM_ARTICLES","sha256":"d5f224c9f13a31ccc258f8a7ef5a95b2585dcb2911950b2ff5d0f9c50071e5f1","from":"unreviewed","to":"accepted"}',X'38d808ab7673c2574b8dfb86996cd944f24c4bbcbb4527e736ed3e989ba3c457',X'bfa04108075890b69f0c0af4b135044f0015c8ae40b5837a1c89d844b6e02ca0');
INSERT INTO audit_event VALUES(7,1795186399952,'lea','lead','hit.resolve','c7cca9df-9abf-565d-8176-a1e3ce498598',3,'{"hit":"75ed47a5-862b-5a00-9f32-e744d64ffa24","check":"watchlist","from":"open","to":"false_positive","reason":"different_name"}',X'bfa04108075890b69f0c0af4b135044f0015c8ae40b5837a1c89d844b6e02ca0',X'7a475cc67723272d0d475774f2fb718c3139eb0c5698696faf535aaf25acedc7');
INSERT INTO audit_event VALUES(8,1795186400071,'lea','lead','hit.resolve','c7cca9df-9abf-565d-8176-a1e3ce498598',4,'{"hit":"41202f2c-2ef6-533c-a486-ff1a8b4c0016","check":"watchlist","from":"open","to":"true_match","reason":"same_person"}',X'7a475cc67723272d0d475774f2fb718c3139eb0c5698696faf535aaf25acedc7',X'e7361c30a1cd05e9c10748331cda85348fd8d39e48cd3078016acb42b27ce43a');
INSERT INTO audit_event VALUES(9,1795186400173,'lea','lead','hit.accept','c7cca9df-9abf-565d-8176-a1e3ce498598',5,'{"hit":"41202f2c-2ef6-533c-a486-ff1a8b4c0016","check":"watchlist","from":"true_match","to":"accepted"}',X'e7361c30a1cd05e9c10748331cda85348fd8d39e48cd3078016acb42b27ce43a',X'6eeec3fd2383d20fc4810f17e76aac608d9b0ab9e99b683f6fa7d8b2ae6f4c7d');
INSERT INTO audit_event VALUES(10,1795186400285,'lea','lead','check.waive','c7cca9df-9abf-565d-8176-a1e3ce498598',6,'{"check":"web","from":"failed","to":"waived"}',X'6eeec3fd2383d20fc4810f17e76aac608d9b0ab9e99b683f6fa7d8b2ae6f4c7d',X'5d5570badd4a9c627b3396bfdfc792bac3003c6f54932b2a8dbb9007e320eb4d');
INSERT INTO audit_event VALUES(11,1795186401437,'lea','lead','session.approve','0144f7c9-351a-55c5-84c0-aa6c234f782c',2,'{"decision":1,"from":"manual_review","to":"approved","event":"subsession.status_changed","held_until":null,"profile_version":1,"evidence_sha256":"60d0269b285d29800d499741066023daed9a078475c01ddaf7382269a13bb33c"}',X'5d5570badd4a9c627b3396bfdfc792bac3003c6f54932b2a8dbb9007e320eb4d',X'79e5f4c8737907cbe16521f4ef20e59df762a5e9c79c267bc1b87d78a6e60a81');
INSERT INTO audit_event VALUES(12,1795186401623,'lea','lead','party.gap','c7cca9df-9abf-565d-8176-a1e3ce498598',8,'{"reason":"dispersed","percent":"40"}',X'79e5f4c8737907cbe16521f4ef20e59df762a5e9c79c267bc1b87d78a6e60a81',X'd4f0e91bd77101a22bdb5ec62c5d5ea73ca191fefcdcd735fa25e5e21101fce5');
INSERT INTO audit_event VALUES(13,1795186401736,'lea','lead','duplicate.dismiss','c7cca9df-9abf-565d-8176-a1e3ce498598',9,'{"other":"06300584-f801-52bd-8d25-b59c9c202a05","registration_number":false,"tax_id":true}',X'd4f0e91bd77101a22bdb5ec62c5d5ea73ca191fefcdcd735fa25e5e21101fce5',X'd0ffc93e3e80a6285a30d855d95f804e8004bc58088da5366105e163e892e87f');
INSERT INTO audit_event VALUES(14,1795186451225,'lea','lead','party.verify','c7cca9df-9abf-565d-8176-a1e3ce498598',10,'{"party":"0a8049e6-32f5-5795-9f8a-53a39d2f442d"}',X'd0ffc93e3e80a6285a30d855d95f804e8004bc58088da5366105e163e892e87f',X'067d374d19c41f370b4eea766a609ee65fd7e148932158446078fb6126ba4613');
INSERT INTO audit_event VALUES(15,1795186451390,'lea','lead','party.gap','c7cca9df-9abf-565d-8176-a1e3ce498598',11,'{"reason":"dispersed","percent":"40"}',X'067d374d19c41f370b4eea766a609ee65fd7e148932158446078fb6126ba4613',X'409fc56c4714177b5ef5bc58cf02f27a1e50440f41ec249123c4224c03299a70');
CREATE TABLE chain_head (
	one INTEGER PRIMARY KEY CHECK (one = 1),
	seq INTEGER NOT NULL,
	hash BLOB NOT NULL
) STRICT;
INSERT INTO chain_head VALUES(1,15,X'409fc56c4714177b5ef5bc58cf02f27a1e50440f41ec249123c4224c03299a70');
CREATE TABLE duplicate_dismissal (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	other_id INTEGER NOT NULL REFERENCES session (id),
	same INTEGER NOT NULL, -- bits: 1 registration number, 2 tax id; what was seen to be the same then
	reason TEXT NOT NULL,
	dismissed_by TEXT NOT NULL,
	dismissed_at INTEGER NOT NULL,
	UNIQUE (session_id, other_id)
) STRICT;
INSERT INTO duplicate_dismissal VALUES(1,1,3,2,'The holding and its daughter','lea',1795186401722);
CREATE TABLE attempt (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	number INTEGER NOT NULL,
	submitted_at INTEGER,
	ended_at INTEGER,
	result TEXT NOT NULL CHECK (result IN ('rejected', 'error', 'timeout')),
	reason TEXT NOT NULL DEFAULT '',
	message TEXT NOT NULL DEFAULT '',
	retryable INTEGER NOT NULL DEFAULT 0,
	UNIQUE (session_id, number)
) STRICT;
CREATE UNIQUE INDEX subject_kyb_id ON subject (kyb_id) WHERE kyb_id > 0;
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
CREATE INDEX document_session ON document (session_id);
CREATE INDEX document_sha256 ON document (sha256) WHERE sha256 <> '';
CREATE INDEX document_replaces ON document (replaces_id) WHERE replaces_id IS NOT NULL;
CREATE INDEX party_session ON party (session_id);
CREATE INDEX party_subsession ON party (subsession_id) WHERE subsession_id IS NOT NULL;
CREATE INDEX party_share_party ON party_share (party_id);
CREATE INDEX party_share_of ON party_share (of_party_id) WHERE of_party_id IS NOT NULL;
CREATE INDEX hit_check ON hit (check_id);
CREATE INDEX correction_session ON correction (session_id);
CREATE INDEX note_session ON note (session_id);
CREATE INDEX access_link_session ON access_link (session_id);
CREATE INDEX endpoint_merchant ON endpoint (merchant_id);
CREATE INDEX outbox_event_session ON outbox_event (session_id);
CREATE INDEX outbox_event_decision ON outbox_event (decision_id) WHERE decision_id IS NOT NULL;
CREATE INDEX delivery_due ON delivery (next_at, id) WHERE state IN ('pending', 'leased');
CREATE INDEX delivery_order ON delivery (session_id, endpoint_id, event_id) WHERE state IN ('pending', 'leased');
CREATE INDEX delivery_event ON delivery (event_id);
CREATE INDEX delivery_session ON delivery (session_id);
CREATE INDEX delivery_endpoint ON delivery (endpoint_id);
CREATE INDEX delivery_dead ON delivery (id) WHERE state = 'dead';
CREATE INDEX delivery_ready ON delivery (endpoint_id, next_at, id) WHERE state = 'pending';
CREATE INDEX delivery_leased ON delivery (endpoint_id, lease_until) WHERE state = 'leased';
CREATE INDEX delivery_attempt_delivery ON delivery_attempt (delivery_id);
CREATE INDEX audit_event_session ON audit_event (session_id, seq);
CREATE TRIGGER audit_event_no_update BEFORE UPDATE ON audit_event BEGIN
	SELECT raise(ABORT, 'the audit trail is append-only');
END;
CREATE TRIGGER audit_event_no_delete BEFORE DELETE ON audit_event BEGIN
	SELECT raise(ABORT, 'the audit trail is append-only');
END;
CREATE INDEX session_registration ON session (merchant_id, country, registration_key) WHERE registration_key <> '';
CREATE INDEX session_tax ON session (merchant_id, country, tax_key) WHERE tax_key <> '';
CREATE INDEX duplicate_dismissal_other ON duplicate_dismissal (other_id);
CREATE INDEX session_expires ON session (expires_at, id)
	WHERE expires_at IS NOT NULL AND status IN ('draft', 'active', 'awaiting_client_correction');
CREATE INDEX session_remind ON session (remind_at, id) WHERE remind_at IS NOT NULL;
CREATE INDEX session_follow ON session (top, due_key, risk_key, created_at, id)
	WHERE unresponsive = 1 OR snoozed_until IS NOT NULL;
CREATE INDEX session_process ON session (process_at, id) WHERE process_at IS NOT NULL;
PRAGMA writable_schema=OFF;
COMMIT;
PRAGMA application_id=1264140868;
PRAGMA user_version=3;
