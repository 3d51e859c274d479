-- A reviewer's own API key: its SHA-256 (NULL: no key), and the time of its creation.
ALTER TABLE reviewer ADD COLUMN key_sha256 BYTEA;
ALTER TABLE reviewer ADD COLUMN key_created_at BIGINT;
CREATE UNIQUE INDEX reviewer_key ON reviewer (key_sha256) WHERE key_sha256 IS NOT NULL;
