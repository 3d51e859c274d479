#include "audit/commitment_tables.h"

#include <string.h>

#define OF_SESSION "(SELECT salt FROM session AS s WHERE s.id = t.session_id)"

/* Sessions and subjects come first: a commit gives them their salt before it hashes other rows. The key of a new table of
 * evidence is an integer. In PostgreSQL it also needs a trigger *_touched (migration 25). */
const struct stored_table stored_tables[] = {
	/* The columns that are left out are generated. */
	{ .sql.name = "session", .salt = "t.salt", .not_hashed = " compliance_status top due_key risk_key " },
	{ .sql.name = "subject", .salt = "t.salt" },
	{ .sql.name = "access_link", .salt = OF_SESSION },
	{ .sql.name = "access_key" },
	{ .sql.name = "account" },
	{ .sql.name = "alert", .salt = OF_SESSION },
	{ .sql.name = "attempt", .salt = OF_SESSION },
	{ .sql.name = "check_result", .salt = OF_SESSION },
	{ .sql.name = "correction", .salt = OF_SESSION },
	{ .sql.name = "decision", .salt = OF_SESSION },
	{ .sql.name = "decision_wait", .key = "most_ms" },
	/* The state is read as `held` (leased counts as pending); the others are leases and the time of the next attempt. */
	{ .sql.name = "delivery",
	  .salt = OF_SESSION,
	  .columns = "t.*, CASE t.state WHEN 'leased' THEN 'pending' ELSE t.state END AS held",
	  .not_hashed = " state next_at set_at lease_owner lease_until lease_boot lease_boot_ms " },
	/* Responses of merchants' servers: no data of clients. */
	{ .sql.name = "delivery_attempt" },
	{ .sql.name = "document", .salt = OF_SESSION },
	{ .sql.name = "duplicate_dismissal", .salt = OF_SESSION },
	/* Without its health: failures in a row, and the pace. */
	{ .sql.name = "endpoint", .not_hashed = " failing_since failing_seen failures held_until holds pace_at " },
	{ .sql.name = "hit",
	  .salt = "(SELECT s.salt FROM check_result AS c JOIN session AS s ON s.id = c.session_id WHERE c.id = "
		  "t.check_id)" },
	{ .sql.name = "merchant" },
	{ .sql.name = "note", .salt = OF_SESSION },
	{ .sql.name = "outbox_event", .salt = OF_SESSION },
	{ .sql.name = "party", .salt = OF_SESSION },
	{ .sql.name = "party_share",
	  .salt = "(SELECT s.salt FROM party AS p JOIN session AS s ON s.id = p.session_id "
		  "WHERE p.id = t.party_id)" },
	{ .sql.name = "reviewer" },
	{ .sql.name = "rule_text" },
	{ .sql.name = "contribution", .salt = OF_SESSION },
	{ .sql.name = "session_text",
	  .key = "{text_id}",
	  .salt = "(SELECT salt FROM session AS s WHERE s.id = t.{text_id})",
	  .columns = "t.body",
	  .shadow = "session_text_content" },
	{ .sql.name = "step", .salt = OF_SESSION },
	{ .sql.name = "store_info", .key = "" },
	{ .sql.name = "workflow" },

	{ .sql.name = "delivery_count", .class = TABLE_DERIVED },
	{ .sql.name = "inbox_count", .class = TABLE_DERIVED },
	{ .sql.name = "merchant_count", .class = TABLE_DERIVED },
	{ .sql.name = "session_tag", .class = TABLE_DERIVED },
	{ .sql.name = "session_text_config", .class = TABLE_DERIVED },
	{ .sql.name = "session_text_data", .class = TABLE_DERIVED },
	{ .sql.name = "session_text_docsize", .class = TABLE_DERIVED },
	{ .sql.name = "session_text_idx", .class = TABLE_DERIVED },

	{ .sql.name = "audit_event", .class = TABLE_CHAIN },
	{ .sql.name = "chain_head", .class = TABLE_CHAIN },
	{ .sql.name = "row_commitment", .class = TABLE_CHAIN },

	{ .sql.name = "document_bytes", .class = TABLE_BYTES },

	{ .sql.name = "document_mark", .class = TABLE_UPKEEP },	   /* bytes without a row yet */
	{ .sql.name = "kept_answer", .class = TABLE_UPKEEP },	   /* sealed responses, kept for a day */
	{ .sql.name = "kybdesk_store", .class = TABLE_UPKEEP },	   /* number of the schema, count of commits */
	{ .sql.name = "reviewer_setting", .class = TABLE_UPKEEP }, /* views and drafts of reviewers */
	{ .sql.name = "recount", .class = TABLE_UPKEEP },	   /* cases to count anew */
	{ .sql.name = "worker", .class = TABLE_UPKEEP },	   /* heartbeats of delivery workers */
};
const size_t stored_table_count = sizeof stored_tables / sizeof *stored_tables;
_Static_assert(sizeof stored_tables / sizeof *stored_tables <= STORED_TABLES_MAX, "STORED_TABLES_MAX is too small");

int table_number(const char *name)
{
	for (size_t i = 0; i < stored_table_count; i++)
		if (!strcmp(stored_tables[i].sql.name, name) ||
		    (stored_tables[i].shadow && !strcmp(stored_tables[i].shadow, name)))
			return (int)i;
	return -1;
}

bool table_hashes(const struct stored_table *table, const char *column)
{
	size_t length = strlen(column);

	for (const char *at = table->not_hashed; at && (at = strstr(at, column)); at++)
		if (at[-1] == ' ' && at[length] == ' ')
			return false;
	return true;
}

const char *table_key(const struct stored_table *table)
{
	return table->key ? table->key : "id";
}

static int noted_table(const char *name)
{
	int number = table_number(name);

	return number >= 0 && stored_tables[number].class == TABLE_EVIDENCE ? number : -1;
}

static bool noted_column(int table, const char *column)
{
	return table_hashes(&stored_tables[table], column);
}

const struct db_capture table_capture = { .table = noted_table, .column = noted_column };
