-- Uploads with one of two sides, by the time of the first side: the desk ends them after a day.
CREATE INDEX document_half ON document (uploaded_at)
	WHERE double_sided = 1 AND replaced = 0 AND (sha256 = '') <> (back_sha256 = '');
