-- Columns and indexes for the HTTP API.

-- Data of the merchant for its own use, stored with the session.
ALTER TABLE session ADD COLUMN metadata TEXT NOT NULL DEFAULT '{}';
-- Each request finds its key by the key's hash.
CREATE INDEX merchant_key ON merchant (api_key_sha256) WHERE api_key_sha256 IS NOT NULL;
-- For created_from and created_to of a merchant's list.
CREATE INDEX session_merchant_created ON session (merchant_id, created_at);

-- The number of bytes of a person's name that are given names, if the source separated them; 0: it did not.
ALTER TABLE subject ADD COLUMN given_bytes INTEGER NOT NULL DEFAULT 0;
