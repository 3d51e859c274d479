/* Documents' bytes: one row per hash, read in parts, and hashed by the server. */
#include "postgresql_internal.h"

#define SERVER_MS "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS bigint)"

const struct db_documents postgresql_documents = {
	.put = { "bytes.put", "INSERT INTO document_bytes (sha256, bytes) VALUES ($1, $2) "
			      "ON CONFLICT (sha256) DO UPDATE SET bytes = excluded.bytes" },
	.part = { "bytes.part", "SELECT substring(bytes FROM CAST($2 AS integer) FOR CAST($3 AS integer)) "
				"FROM document_bytes WHERE sha256 = $1" },
	.state = { "bytes.state", "SELECT CASE WHEN CAST(xmin AS text) = $2 THEN true "
				  "ELSE encode(sha256(bytes), 'hex') = sha256 END, CAST(xmin AS text) "
				  "FROM document_bytes WHERE sha256 = $1" },
	.mark = { "bytes.mark", "INSERT INTO document_mark (sha256, owner, at) VALUES ($1, $2, " SERVER_MS ") "
				"ON CONFLICT (sha256, owner) DO UPDATE SET at = excluded.at" },
	.unmark = { "bytes.unmark", "DELETE FROM document_mark WHERE sha256 = $1 AND owner = $2" },
	.marked = { "bytes.marked", "SELECT sha256 FROM document_mark WHERE owner = $1 ORDER BY sha256" },
	.forget = { "bytes.forget", "DELETE FROM document_mark WHERE at < " SERVER_MS " - $1 RETURNING sha256" },
	.erase = { "bytes.erase", "DELETE FROM document_bytes WHERE sha256 = $1 AND NOT EXISTS "
				  "(SELECT 1 FROM document_mark AS m WHERE m.sha256 = $1)" },
};
