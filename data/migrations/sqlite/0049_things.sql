-- Corrections: the documents (ids) that one means, and the party (id) that it is about. A correction from before
-- names types only: it means the document of a type that has one, and any of them if the type has several.
ALTER TABLE correction ADD COLUMN document_ids TEXT NOT NULL DEFAULT '[]';
ALTER TABLE correction ADD COLUMN party TEXT NOT NULL DEFAULT '';
UPDATE correction SET document_ids = coalesce((
	SELECT json_group_array(d.uuid) FROM json_each(correction.document_types) AS t
	JOIN document AS d ON d.session_id = correction.session_id AND d.type = t.value
	WHERE d.replaced = 0 AND d.upload = 'required' AND d.sha256 <> ''
		AND (SELECT count(*) FROM document AS o WHERE o.session_id = d.session_id AND o.type = d.type
			AND o.replaced = 0 AND o.sha256 <> '') = 1), '[]')
WHERE state = 'open';
