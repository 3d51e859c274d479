-- What the door of HTTP asks for.

-- What a merchant keeps with its session, for itself.
ALTER TABLE session ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
-- A key is looked up by its hash with every request.
CREATE INDEX merchant_key ON merchant (api_key_sha256) WHERE api_key_sha256 IS NOT NULL;
-- created_from, created_to of a merchant's list.
CREATE INDEX session_merchant_created ON session (merchant_id, created_at);

-- How many bytes of a person's name are given names, where whoever brought it told them apart; 0: nobody did.
ALTER TABLE subject ADD COLUMN given_bytes INTEGER NOT NULL DEFAULT 0;
