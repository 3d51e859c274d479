-- The person that a check is about is stored only in `about`, in the form of the session document. The facts about
-- the person are moved there, a party's id as "party". A name is always written: so a known person without data
-- differs from an unknown person.
UPDATE check_result SET about = json_patch(about, (
	SELECT json_group_object(member, CASE member WHEN 'name' THEN value ELSE nullif(value, '') END) FROM (
		SELECT member, replace(replace(replace(replace(substr(rest, 1, instr(rest, char(10)) - 1),
			'\\', char(1)), '\t', char(9)), '\n', char(10)), char(1), '\') AS value
		FROM (
			SELECT member, CASE WHEN at > 0
				THEN substr(about_facts, at + length(key) + 1) || char(10) ELSE char(10) END AS rest
			FROM (
				SELECT member, key, instr(char(10) || about_facts, char(10) || key || char(9)) AS at
				FROM (
					SELECT 'party' AS member, 'party.id' AS key
					UNION ALL SELECT m.column1, CASE
						WHEN about_facts LIKE 'party.%' THEN 'party.' ELSE 'subject.' END || m.column1
					FROM (VALUES ('name'), ('country'), ('date_of_birth'), ('registration_number'),
						('tax_id')) AS m
				)
			)
		)
	)
)) WHERE about_facts <> '';
ALTER TABLE check_result DROP COLUMN about_facts;
