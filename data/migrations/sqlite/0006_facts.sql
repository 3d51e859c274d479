-- The basis of a judgement: the facts at that time; "" if they are unknown.
ALTER TABLE document ADD COLUMN basis TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN verified_elsewhere_basis TEXT NOT NULL DEFAULT '';
ALTER TABLE party ADD COLUMN kyc_basis TEXT NOT NULL DEFAULT '';
ALTER TABLE hit ADD COLUMN basis TEXT NOT NULL DEFAULT '';
ALTER TABLE hit ADD COLUMN accept_basis TEXT NOT NULL DEFAULT '';
ALTER TABLE check_result ADD COLUMN waive_basis TEXT NOT NULL DEFAULT '';
ALTER TABLE duplicate_dismissal ADD COLUMN basis TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN gap_basis TEXT NOT NULL DEFAULT '';
ALTER TABLE session ADD COLUMN arrived_basis TEXT NOT NULL DEFAULT '';
ALTER TABLE correction ADD COLUMN accept_basis TEXT NOT NULL DEFAULT '';
ALTER TABLE decision ADD COLUMN subject_basis TEXT NOT NULL DEFAULT '';

-- The person that a check is about, the reporter of its result, and results received while the check was waived.
ALTER TABLE check_result ADD COLUMN about_facts TEXT NOT NULL DEFAULT '';
ALTER TABLE check_result ADD COLUMN reported TEXT NOT NULL DEFAULT 'pending';
UPDATE check_result SET reported = status;
-- Older checks do not record the person that they are about: the current subject is assumed. Later changes are
-- detected.
UPDATE check_result SET about_facts = (SELECT
	'subject.name' || char(9) || replace(replace(replace(s.subject_name, '\', '\\'), char(9), '\t'), char(10), '\n') || char(10)
	|| 'subject.country' || char(9) || s.country || char(10)
	|| 'subject.date_of_birth' || char(9) || s.date_of_birth || char(10)
	|| 'subject.registration_number' || char(9)
	|| replace(replace(replace(s.registration_number, '\', '\\'), char(9), '\t'), char(10), '\n') || char(10)
	|| 'subject.tax_id' || char(9)
	|| replace(replace(replace(s.tax_id, '\', '\\'), char(9), '\t'), char(10), '\n') || char(10)
	FROM session s WHERE s.id = check_result.session_id);
