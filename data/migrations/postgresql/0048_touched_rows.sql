-- The changed rows of a transaction wait in a setting of it until the program reads them: a notice for each row was a message
-- of its own. Beyond 2,000 characters they are sent as one notice. A part of the transaction that is rolled back takes its rows
-- out of the setting, too.
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
