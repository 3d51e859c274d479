-- Front and back of a document become one record: one id, one review, one expiry date. The existing columns
-- describe the front, or the only side; `upload` describes the whole document.
ALTER TABLE document ADD COLUMN double_sided INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN front_upload TEXT NOT NULL DEFAULT 'required'; -- upload state of the front, if the document has two sides
ALTER TABLE document ADD COLUMN back_uuid TEXT NOT NULL DEFAULT ''; -- uuid of the back's former record
ALTER TABLE document ADD COLUMN back_file_name TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN back_upload TEXT NOT NULL DEFAULT 'required';
ALTER TABLE document ADD COLUMN back_sha256 TEXT NOT NULL DEFAULT '';
ALTER TABLE document ADD COLUMN back_size_bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE document ADD COLUMN back_media_type TEXT NOT NULL DEFAULT '';
CREATE INDEX document_back_sha256 ON document (back_sha256) WHERE back_sha256 <> '';

-- Older records do not connect fronts with backs: they are paired in the order of their creation.
CREATE TEMP TABLE side_pair AS
	SELECT f.id AS front, b.id AS back FROM
	(SELECT id, session_id, type, replaced,
		row_number() OVER (PARTITION BY session_id, type, replaced ORDER BY id) AS place
		FROM document WHERE side = 'front') AS f
	JOIN (SELECT id, session_id, type, replaced,
		row_number() OVER (PARTITION BY session_id, type, replaced ORDER BY id) AS place
		FROM document WHERE side = 'back') AS b
	ON b.session_id = f.session_id AND b.type = f.type AND b.replaced = f.replaced AND b.place = f.place;
CREATE UNIQUE INDEX side_pair_front ON side_pair (front);
CREATE UNIQUE INDEX side_pair_back ON side_pair (back);

UPDATE document SET double_sided = 1, front_upload = document.upload, back_upload = b.upload, back_uuid = b.uuid,
	back_file_name = b.file_name, back_sha256 = b.sha256, back_size_bytes = b.size_bytes,
	back_media_type = b.media_type,
	upload = CASE WHEN document.upload = 'ready' THEN b.upload ELSE document.upload END,
	uploaded_at = max(coalesce(document.uploaded_at, b.uploaded_at), coalesce(b.uploaded_at, document.uploaded_at)),
	expires_on = min(coalesce(document.expires_on, b.expires_on), coalesce(b.expires_on, document.expires_on)),
	extracted = CASE WHEN document.extracted IN ('{}', 'null', '') THEN b.extracted ELSE document.extracted END,
	replaces_id = coalesce(document.replaces_id, b.replaces_id),
	-- Accepted if both sides were accepted, each for its own bytes; rejected if either side was rejected.
	review = CASE
		WHEN document.review = 'accepted' AND b.review = 'accepted' THEN 'accepted'
		WHEN document.review = 'rejected' OR b.review = 'rejected' THEN 'rejected' ELSE 'unreviewed' END,
	review_reason = CASE WHEN document.review = 'rejected' THEN document.review_reason
		WHEN b.review = 'rejected' THEN b.review_reason ELSE '' END,
	reviewed_by = CASE WHEN document.review = 'rejected' THEN document.reviewed_by
		WHEN b.review = 'rejected' THEN b.reviewed_by
		WHEN document.review = 'accepted' AND b.review = 'accepted' THEN document.reviewed_by ELSE '' END,
	reviewed_at = CASE WHEN document.review = 'rejected' THEN document.reviewed_at
		WHEN b.review = 'rejected' THEN b.reviewed_at
		WHEN document.review = 'accepted' AND b.review = 'accepted' THEN document.reviewed_at END,
	said_by = CASE WHEN document.said_by <> '' THEN document.said_by ELSE b.said_by END,
	said = CASE WHEN document.said <> '' THEN document.said ELSE b.said END,
	basis = CASE WHEN document.review = 'accepted' AND b.review = 'accepted'
			AND instr(b.basis, 'document.sha256' || char(9) || b.sha256 || char(10)) = 1
		THEN replace(document.basis, char(10) || 'document.side' || char(9) || 'front' || char(10),
			char(10) || 'document.back' || char(9) || b.sha256 || char(10))
		ELSE '' END
	FROM side_pair AS p JOIN document AS b ON b.id = p.back WHERE document.id = p.front;
UPDATE document SET replaces_id = (SELECT front FROM side_pair WHERE back = replaces_id)
	WHERE replaces_id IN (SELECT back FROM side_pair);
-- Accepted corrections are based on the same bytes: their basis gets the new form.
UPDATE correction SET accept_basis = c.text FROM (
	SELECT c.id, replace(c.accept_basis, 'file.sha256.' || b.type || '.' || b.uuid || char(9),
		'file.back.' || b.type || '.' || f.uuid || char(9)) AS text
	FROM correction AS c JOIN document AS b ON b.session_id = c.session_id JOIN side_pair AS p ON p.back = b.id
	JOIN document AS f ON f.id = p.front
	WHERE instr(c.accept_basis, 'file.sha256.' || b.type || '.' || b.uuid || char(9)) > 0
) AS c WHERE c.id = correction.id;
UPDATE session SET documents_total = documents_total - c.papers, documents_accepted = max(0, documents_accepted - c.accepted)
	FROM (SELECT b.session_id, count(*) AS papers, sum(b.basis <> '') AS accepted
		FROM side_pair AS p JOIN document AS b ON b.id = p.back WHERE b.replaced = 0 GROUP BY b.session_id) AS c
	WHERE c.session_id = session.id;
DELETE FROM document WHERE id IN (SELECT back FROM side_pair);
DROP TABLE side_pair;

-- Documents with only one of two sides: the other side is not uploaded yet.
UPDATE document SET double_sided = 1, front_upload = upload,
	upload = CASE upload WHEN 'ready' THEN back_upload ELSE upload END WHERE side = 'front' AND double_sided = 0;
UPDATE document SET double_sided = 1, back_upload = upload, back_file_name = file_name, back_sha256 = sha256,
	back_size_bytes = size_bytes, back_media_type = media_type, file_name = '', sha256 = '', size_bytes = 0,
	media_type = '', upload = 'required' WHERE side = 'back' AND double_sided = 0;
ALTER TABLE document DROP COLUMN side;
