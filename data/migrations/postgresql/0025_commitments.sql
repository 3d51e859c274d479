-- Row commitments, as in data/migrations/sqlite/0025_commitments.sql.
ALTER TABLE session ADD COLUMN salt BYTEA;
ALTER TABLE subject ADD COLUMN salt BYTEA;
UPDATE session SET salt = decode(replace(CAST(gen_random_uuid() AS text), '-', ''), 'hex');
UPDATE subject SET salt = decode(replace(CAST(gen_random_uuid() AS text), '-', ''), 'hex');

CREATE TABLE row_commitment (
	id BIGINT PRIMARY KEY,
	seq BIGINT NOT NULL,
	name TEXT COLLATE "C" NOT NULL,
	key BIGINT NOT NULL,
	hash BYTEA NOT NULL
);
CREATE TRIGGER row_commitment_no_update BEFORE UPDATE ON row_commitment FOR EACH ROW
	EXECUTE FUNCTION never('row commitments are append-only');
CREATE TRIGGER row_commitment_no_delete BEFORE DELETE ON row_commitment FOR EACH ROW
	EXECUTE FUNCTION never('row commitments are append-only');

ALTER TABLE audit_event ADD COLUMN rows_sha256 BYTEA;
ALTER TABLE chain_head ADD COLUMN rows_sha256 BYTEA;

-- Reports a changed row to the connection that changes it, if that connection belongs to the program. The argument
-- names the key, if it is not id; '': the table is committed as a whole. (SQLite itself reports changed rows.)
CREATE FUNCTION row_touched() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	changed BIGINT := 0;
BEGIN
	IF current_setting('kybdesk.capture', true) IS DISTINCT FROM 'on' THEN
		RETURN NULL;
	END IF;
	IF TG_NARGS = 0 THEN
		IF TG_OP = 'DELETE' THEN changed := old.id; ELSE changed := new.id; END IF;
	ELSIF TG_ARGV[0] <> '' THEN
		IF TG_OP = 'DELETE' THEN
			EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) USING old INTO changed;
		ELSE
			EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) USING new INTO changed;
		END IF;
	END IF;
	RAISE NOTICE '% %', TG_TABLE_NAME, changed USING ERRCODE = 'KYB01';
	RETURN NULL;
END
$$;
DO $$
DECLARE
	t TEXT;
BEGIN
	FOREACH t IN ARRAY ARRAY['access_link', 'account', 'alert', 'attempt', 'check_result', 'correction', 'decision',
		'delivery_attempt', 'document', 'duplicate_dismissal', 'hit', 'merchant', 'note', 'outbox_event', 'party',
		'party_share', 'reviewer', 'rule_text', 'session', 'contribution', 'step', 'subject', 'workflow']
	LOOP
		EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I FOR EACH ROW '
			'EXECUTE FUNCTION row_touched()', t || '_touched', t);
	END LOOP;
END
$$;
CREATE TRIGGER decision_wait_touched AFTER INSERT OR UPDATE OR DELETE ON decision_wait FOR EACH ROW
	EXECUTE FUNCTION row_touched('most_ms');
CREATE TRIGGER session_text_touched AFTER INSERT OR UPDATE OR DELETE ON session_text FOR EACH ROW
	EXECUTE FUNCTION row_touched('session_id');
CREATE TRIGGER store_info_touched AFTER INSERT OR UPDATE OR DELETE ON store_info FOR EACH ROW
	EXECUTE FUNCTION row_touched('');
-- The triggers omit the columns of leases and of an endpoint's health.
CREATE TRIGGER delivery_touched AFTER INSERT OR DELETE
	OR UPDATE OF uuid, event_id, endpoint_id, session_id, note, attempts, created_at, finished_at ON delivery
	FOR EACH ROW EXECUTE FUNCTION row_touched();
CREATE TRIGGER endpoint_touched AFTER INSERT OR DELETE
	OR UPDATE OF uuid, merchant_id, url, events, secret, old_secret, old_secret_until, disabled_at, disabled_reason, created_at,
	at_once, per_minute, disabled_itself ON endpoint
	FOR EACH ROW EXECUTE FUNCTION row_touched();
