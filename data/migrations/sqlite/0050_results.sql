-- Results of checks, one row each, never replaced: whom a result is about, its source, and what a person decided about
-- it. check_result stays the summary of each kind, computed from these rows.
CREATE TABLE result (
	id INTEGER PRIMARY KEY,
	check_id INTEGER NOT NULL REFERENCES check_result (id),
	person TEXT NOT NULL, -- 'subject', a party's uuid, or 'unknown': counts for everybody of the case
	source TEXT NOT NULL DEFAULT '', -- the provider's key, the list, the register, or the file of an import
	source_version TEXT NOT NULL DEFAULT '',
	status TEXT NOT NULL,
	score REAL,
	detail TEXT NOT NULL DEFAULT '{}',
	about TEXT NOT NULL DEFAULT '{}', -- the person's data at that time
	hits INTEGER NOT NULL DEFAULT 0, -- hits that came with the result; they are judged one by one
	checked_at INTEGER,
	reported_by TEXT NOT NULL DEFAULT '',
	reported_as TEXT NOT NULL DEFAULT '',
	verdict TEXT NOT NULL DEFAULT '' CHECK (verdict IN ('', 'cleared', 'confirmed', 'undetermined', 'waived')),
	judged_by TEXT NOT NULL DEFAULT '',
	judged_at INTEGER,
	judge_reason TEXT NOT NULL DEFAULT '',
	basis TEXT NOT NULL DEFAULT '' -- the person's data when it was judged
) STRICT;
CREATE INDEX result_check ON result (check_id, id);
CREATE TRIGGER result_no_replace BEFORE INSERT ON result
WHEN EXISTS (SELECT 1 FROM result WHERE id = new.id) BEGIN
	SELECT raise(ABORT, 'results are append-only');
END;
CREATE TRIGGER result_no_update BEFORE UPDATE ON result
WHEN (new.id, new.check_id, new.person, new.source, new.source_version, new.status, new.score, new.detail, new.about,
	new.hits, new.checked_at, new.reported_by, new.reported_as)
	IS NOT (old.id, old.check_id, old.person, old.source, old.source_version, old.status, old.score, old.detail,
	old.about, old.hits, old.checked_at, old.reported_by, old.reported_as) BEGIN
	SELECT raise(ABORT, 'results are append-only');
END;

-- Old results are about an unknown person. The result of another reporter comes first: the other one is shown.
INSERT INTO result (check_id, person, source, status, hits, checked_at, reported_by)
	SELECT id, 'unknown', beside_by, beside, CASE beside WHEN 'hit' THEN
		(SELECT count(*) FROM hit WHERE check_id = check_result.id) ELSE 0 END, beside_at, beside_by
	FROM check_result WHERE beside NOT IN ('', 'waived') ORDER BY id;
INSERT INTO result (check_id, person, source, status, score, detail, about, hits, checked_at, reported_by, reported_as)
	SELECT id, 'unknown', reported_by, CASE status WHEN 'waived' THEN reported ELSE status END, score, detail, about,
		CASE CASE status WHEN 'waived' THEN reported ELSE status END WHEN 'hit' THEN
		(SELECT count(*) FROM hit WHERE check_id = check_result.id) ELSE 0 END, checked_at, reported_by, reported_as
	FROM check_result WHERE CASE status WHEN 'waived' THEN reported ELSE status END NOT IN ('pending', 'waived')
	ORDER BY id;
UPDATE result SET verdict = 'waived', judged_by = c.waived_by, judge_reason = c.waive_reason
	FROM check_result AS c WHERE c.id = result.check_id AND c.status = 'waived' AND c.waived_by <> ''
	AND result.status IN ('failed', 'hit', 'error', 'timeout');

-- Approved cases with a failed screening: the approval stands, and a lead is asked. (A sandbox asks nobody.)
UPDATE session SET hit_open = 1 WHERE hit_open = 0 AND status = 'approved'
	AND NOT EXISTS (SELECT 1 FROM store_info WHERE key = 'sandbox' AND value = '1')
	AND id IN (SELECT c.session_id FROM result AS r JOIN check_result AS c ON c.id = r.check_id
	WHERE r.verdict = '' AND r.hits = 0 AND r.status IN ('failed', 'hit')
	AND c.kind IN ('watchlist', 'ofac', 'adverse_media', 'crypto', 'register'));
INSERT INTO alert (session_id, subject_id, kind, raised_at)
	SELECT s.id, s.subject_id, 'approval_in_doubt', CAST(strftime('%s', 'now') AS INTEGER) * 1000 FROM session AS s
	WHERE s.status = 'approved' AND NOT EXISTS (SELECT 1 FROM store_info WHERE key = 'sandbox' AND value = '1')
	AND s.id IN (SELECT c.session_id FROM result AS r JOIN check_result AS c ON c.id = r.check_id
	WHERE r.verdict = '' AND r.hits = 0 AND r.status IN ('failed', 'hit')
	AND c.kind IN ('watchlist', 'ofac', 'adverse_media', 'crypto', 'register'))
	ORDER BY s.id
	ON CONFLICT (session_id, kind) WHERE closed_at IS NULL DO NOTHING;
-- The other cases are counted again.
INSERT OR IGNORE INTO recount (session_id) SELECT DISTINCT c.session_id FROM result AS r
	JOIN check_result AS c ON c.id = r.check_id JOIN session AS s ON s.id = c.session_id
	WHERE s.status NOT IN ('approved', 'rejected') AND r.status IN ('failed', 'hit');
