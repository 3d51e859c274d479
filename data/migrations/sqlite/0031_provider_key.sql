-- Keys of providers: a key can only report results of the named checks for one merchant.
CREATE TABLE provider_key (
	id INTEGER PRIMARY KEY,
	merchant_id INTEGER NOT NULL REFERENCES merchant (id),
	name TEXT NOT NULL, -- of the provider
	checks TEXT NOT NULL, -- kinds, with commas between them: watchlist,adverse_media
	key_sha256 BLOB NOT NULL,
	created_at INTEGER NOT NULL,
	UNIQUE (merchant_id, name)
) STRICT;
CREATE UNIQUE INDEX provider_key_sha256 ON provider_key (key_sha256);
