-- Keys of merchants and of providers in one table: a merchant can have several, each with a name, permissions and
-- an end. The existing key of a merchant is named "default", or "merchant" if one of its providers has the name
-- "default".
DROP INDEX merchant_key;
CREATE TABLE merchant_key (
	id INTEGER PRIMARY KEY,
	merchant_id INTEGER NOT NULL REFERENCES merchant (id),
	name TEXT NOT NULL,
	permissions TEXT NOT NULL, -- "kyc:create kyc:read"; '' all
	checks TEXT NOT NULL DEFAULT '', -- a provider's key: kinds that it reports, "watchlist,adverse_media"; '' the merchant's own
	key_sha256 BLOB NOT NULL,
	created_at INTEGER NOT NULL,
	ends_at INTEGER, -- NULL: never
	ended TEXT NOT NULL DEFAULT '' CHECK (ended IN ('', 'rotated', 'revoked', 'replaced')) -- '' the current key of its name
) STRICT;
INSERT INTO merchant_key (merchant_id, name, permissions, key_sha256, created_at)
	SELECT id, CASE WHEN EXISTS (SELECT 1 FROM provider_key AS p WHERE p.merchant_id = merchant.id AND p.name = 'default')
		THEN 'merchant' ELSE 'default' END, permissions, api_key_sha256, created_at
	FROM merchant WHERE api_key_sha256 IS NOT NULL;
INSERT INTO merchant_key (merchant_id, name, permissions, checks, key_sha256, created_at)
	SELECT merchant_id, name, 'kyc:process', checks, key_sha256, created_at FROM provider_key;
CREATE UNIQUE INDEX merchant_key_sha256 ON merchant_key (key_sha256);
CREATE UNIQUE INDEX merchant_key_name ON merchant_key (merchant_id, name) WHERE ended = '';
CREATE INDEX merchant_key_merchant ON merchant_key (merchant_id, name, id);
-- The last use of a key, to the minute: the server writes it, so it is stored apart from the key's data, which an
-- admin confirms.
CREATE TABLE key_use (
	key_id INTEGER PRIMARY KEY REFERENCES merchant_key (id),
	used_at INTEGER NOT NULL
) STRICT;
DROP TABLE provider_key;
ALTER TABLE merchant DROP COLUMN api_key_sha256;
ALTER TABLE merchant DROP COLUMN permissions;
