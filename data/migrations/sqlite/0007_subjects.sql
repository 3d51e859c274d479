-- Subjects as separate rows, which can exist before their sessions; alerts for a lead.

-- The description of the user by the merchant; the description in a session stays with the session.
ALTER TABLE subject ADD COLUMN name TEXT NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN country TEXT NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN registration_number TEXT NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN tax_id TEXT NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN date_of_birth TEXT NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN incorporated_on TEXT NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN website TEXT NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN email TEXT NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN phone TEXT NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN address TEXT NOT NULL DEFAULT '{}';
-- The business of which the subject is a beneficial owner.
ALTER TABLE subject ADD COLUMN business_id INTEGER REFERENCES subject (id);
-- 1: created separately from sessions; the row stays when the last session is erased.
ALTER TABLE subject ADD COLUMN declared INTEGER NOT NULL DEFAULT 0;
-- The imported level, valid while no approval grants another level.
ALTER TABLE subject ADD COLUMN level_brought TEXT NOT NULL DEFAULT '';
ALTER TABLE subject ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE subject ADD COLUMN deleted_at INTEGER;

UPDATE subject SET updated_at = created_at;
UPDATE subject SET level_brought = level
	WHERE NOT EXISTS (SELECT 1 FROM session s WHERE s.subject_id = subject.id AND s.status = 'approved');
UPDATE subject SET (name, country, registration_number, tax_id, date_of_birth, incorporated_on, website, email, phone,
	address) = (SELECT s.subject_name, s.country, s.registration_number, s.tax_id, s.date_of_birth,
		s.incorporated_on, s.website, s.email, s.phone, s.address
		FROM session s WHERE s.subject_id = subject.id ORDER BY s.id DESC LIMIT 1)
	WHERE EXISTS (SELECT 1 FROM session s WHERE s.subject_id = subject.id);

CREATE INDEX subject_uid ON subject (uid);
CREATE INDEX subject_merchant ON subject (merchant_id, id);
CREATE INDEX subject_business ON subject (business_id) WHERE business_id IS NOT NULL;
CREATE INDEX session_subject_status ON session (subject_id, status);

-- Alerts: changes that a lead must review, because the level is not changed automatically.
CREATE TABLE alert (
	id INTEGER PRIMARY KEY,
	session_id INTEGER NOT NULL REFERENCES session (id),
	subject_id INTEGER NOT NULL REFERENCES subject (id),
	kind TEXT NOT NULL CHECK (kind IN ('restricted_rejection', 'approval_in_doubt')),
	raised_at INTEGER NOT NULL,
	closed_at INTEGER,
	closed_by TEXT NOT NULL DEFAULT '',
	reason TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX alert_open ON alert (session_id, kind) WHERE closed_at IS NULL;
CREATE INDEX alert_list ON alert (id) WHERE closed_at IS NULL;
CREATE INDEX alert_session ON alert (session_id, id);
CREATE INDEX alert_subject ON alert (subject_id);
