-- A reviewer's own API key: SHA-256 of it, NULL when there is none, and when it was made.
ALTER TABLE reviewer ADD COLUMN key_sha256 BLOB;
ALTER TABLE reviewer ADD COLUMN key_created_at INTEGER;
CREATE UNIQUE INDEX reviewer_key ON reviewer (key_sha256) WHERE key_sha256 IS NOT NULL;
