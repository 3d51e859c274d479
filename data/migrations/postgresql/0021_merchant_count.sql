-- Numbers of visible top sessions by merchant and status: the total of an API list. Maintained by triggers.
CREATE TABLE merchant_count (
	merchant_id BIGINT NOT NULL REFERENCES merchant (id),
	status TEXT COLLATE "C" NOT NULL,
	sessions BIGINT NOT NULL,
	PRIMARY KEY (merchant_id, status)
);
INSERT INTO merchant_count (merchant_id, status, sessions)
	SELECT merchant_id, status, count(*) FROM session WHERE parent_id IS NULL AND hidden = 0 GROUP BY merchant_id, status;
CREATE FUNCTION merchant_count_keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
	IF TG_OP <> 'INSERT' AND old.parent_id IS NULL AND old.hidden = 0 THEN
		UPDATE merchant_count SET sessions = sessions - 1 WHERE merchant_id = old.merchant_id AND status = old.status;
	END IF;
	IF TG_OP <> 'DELETE' AND new.parent_id IS NULL AND new.hidden = 0 THEN
		INSERT INTO merchant_count AS c (merchant_id, status, sessions) VALUES (new.merchant_id, new.status, 1)
			ON CONFLICT (merchant_id, status) DO UPDATE SET sessions = c.sessions + 1;
	END IF;
	RETURN NULL;
END
$$;
CREATE TRIGGER merchant_count_insert AFTER INSERT ON session FOR EACH ROW EXECUTE FUNCTION merchant_count_keep();
CREATE TRIGGER merchant_count_delete AFTER DELETE ON session FOR EACH ROW EXECUTE FUNCTION merchant_count_keep();
CREATE TRIGGER merchant_count_update AFTER UPDATE OF status, parent_id, hidden, merchant_id ON session FOR EACH ROW
	WHEN (old.status <> new.status OR old.parent_id IS DISTINCT FROM new.parent_id OR old.hidden <> new.hidden
		OR old.merchant_id <> new.merchant_id)
	EXECUTE FUNCTION merchant_count_keep();
