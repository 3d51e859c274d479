-- Numbers and names in the form in which they are compared: the program folds them (text_number_key(),
-- text_likeness()), and fills the columns of an older store.
DROP INDEX session_registration;
DROP INDEX session_tax;
ALTER TABLE session DROP COLUMN registration_key;
ALTER TABLE session DROP COLUMN tax_key;
ALTER TABLE session ADD COLUMN registration_key TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN tax_key TEXT COLLATE "C" NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN likeness_key TEXT COLLATE "C" NOT NULL DEFAULT ''; -- folded name of a business
ALTER TABLE party ADD COLUMN person_key TEXT COLLATE "C" NOT NULL DEFAULT ''; -- folded name, and birth date
-- The index spans merchants: a duplicate of another merchant is found, and shown only to leads.
CREATE INDEX session_registration ON session (country, registration_key, id) WHERE registration_key <> '';
CREATE INDEX session_tax ON session (country, tax_key, id) WHERE tax_key <> '';
CREATE INDEX session_likeness ON session (country, likeness_key, id) WHERE likeness_key <> '';
DROP INDEX document_sha256;
DROP INDEX document_back_sha256;
CREATE INDEX document_sha256 ON document (sha256, id) WHERE sha256 <> '';
CREATE INDEX document_back_sha256 ON document (back_sha256, id) WHERE back_sha256 <> '';
-- More cases count as duplicates than before, so first blockers of undecided cases may change.
INSERT INTO recount (session_id) SELECT id FROM session WHERE status NOT IN ('approved', 'rejected')
	ON CONFLICT (session_id) DO NOTHING;
