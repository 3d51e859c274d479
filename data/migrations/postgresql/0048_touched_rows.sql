-- The changed rows of a transaction are collected in a setting of the transaction until the program reads them,
-- instead of one notice (and message) per row. Beyond 2,000 characters they are sent as one notice. The rollback of
-- a savepoint also removes its rows from the setting.
CREATE OR REPLACE FUNCTION row_touched() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
	changed BIGINT := 0;
	touched TEXT;
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
	touched := concat(current_setting('kybdesk.touched', true), TG_TABLE_NAME, ' ', changed, ';');
	IF length(touched) > 2000 THEN
		RAISE NOTICE '%', touched USING ERRCODE = 'KYB01';
		touched := '';
	END IF;
	touched := set_config('kybdesk.touched', touched, true);
	RETURN NULL;
END
$$;
