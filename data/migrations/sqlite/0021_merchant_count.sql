-- Numbers of visible top sessions by merchant and status: the total of an API list. Maintained by triggers.
CREATE TABLE merchant_count (
	merchant_id INTEGER NOT NULL REFERENCES merchant (id),
	status TEXT NOT NULL,
	sessions INTEGER NOT NULL,
	PRIMARY KEY (merchant_id, status)
) STRICT, WITHOUT ROWID;
INSERT INTO merchant_count (merchant_id, status, sessions)
	SELECT merchant_id, status, count(*) FROM session WHERE parent_id IS NULL AND hidden = 0 GROUP BY merchant_id, status;
CREATE TRIGGER merchant_count_insert AFTER INSERT ON session WHEN new.parent_id IS NULL AND new.hidden = 0 BEGIN
	INSERT INTO merchant_count (merchant_id, status, sessions) VALUES (new.merchant_id, new.status, 1)
		ON CONFLICT (merchant_id, status) DO UPDATE SET sessions = sessions + 1;
END;
CREATE TRIGGER merchant_count_delete AFTER DELETE ON session WHEN old.parent_id IS NULL AND old.hidden = 0 BEGIN
	UPDATE merchant_count SET sessions = sessions - 1 WHERE merchant_id = old.merchant_id AND status = old.status;
END;
CREATE TRIGGER merchant_count_update AFTER UPDATE OF status, parent_id, hidden, merchant_id ON session
WHEN old.status <> new.status OR old.parent_id IS NOT new.parent_id OR old.hidden <> new.hidden
	OR old.merchant_id <> new.merchant_id
BEGIN
	UPDATE merchant_count SET sessions = sessions - 1 WHERE merchant_id = old.merchant_id AND status = old.status
		AND old.parent_id IS NULL AND old.hidden = 0;
	INSERT INTO merchant_count (merchant_id, status, sessions)
		SELECT new.merchant_id, new.status, 1 WHERE new.parent_id IS NULL AND new.hidden = 0
		ON CONFLICT (merchant_id, status) DO UPDATE SET sessions = sessions + 1;
END;
