#include "audit/commitment_tables.h"

#include <string.h>

#define TABLE(table) .sql.name = table, .several.name = table ".several", .owned.name = table ".owned"
#define IN_SESSION .owner = OWNER_SESSION, .salt = OF_SESSION
#define OF_DESK .owner = OWNER_DESK
#define OF_SESSION "(SELECT salt FROM session AS s WHERE s.id = t.session_id)"

/* Sessions and subjects come first: a commit assigns their salts before it hashes other rows. A new table of
 * evidence must have an integer key, and in PostgreSQL a trigger *_touched (migration 25). */
const struct stored_table stored_tables[] = {
	/* The omitted columns are generated. */
	{ TABLE("session"), .owner = OWNER_SESSION, .session = "t.id", .salt = "t.salt",
	  .not_hashed = " compliance_status top due_key risk_key " },
	{ TABLE("subject"), .owner = OWNER_SUBJECT, .salt = "t.salt" },
	{ TABLE("access_link"), IN_SESSION },
	{ TABLE("access_key"), OF_DESK },
	{ TABLE("account") },
	{ TABLE("alert"), IN_SESSION },
	{ TABLE("attempt"), IN_SESSION },
	{ TABLE("check_result"), IN_SESSION },
	{ TABLE("correction"), IN_SESSION },
	{ TABLE("decision"), IN_SESSION },
	{ TABLE("decision_signature"), IN_SESSION },
	{ TABLE("decision_wait"), .key = "most_ms" },
	/* The state is hashed as `held`, in which leased counts as pending; the other omitted columns are leases
	 * and times of the next attempt. */
	{ TABLE("delivery"), .salt = OF_SESSION,
	  .columns = "t.*, CASE t.state WHEN 'leased' THEN 'pending' ELSE t.state END AS held",
	  .not_hashed = " state next_at set_at lease_owner lease_until lease_boot lease_boot_ms " },
	/* No salt: responses of merchants' servers contain no data of clients. */
	{ TABLE("delivery_attempt") },
	{ TABLE("document"), IN_SESSION },
	{ TABLE("duplicate_dismissal"), IN_SESSION },
	/* The omitted columns are the endpoint's health: consecutive failures, and the pace. */
	{ TABLE("endpoint"), OF_DESK,
	  .not_hashed = " failing_since failing_seen failures held_until holds pace_at " },
	{ TABLE("hit"), .owner = OWNER_SESSION,
	  .session = "(SELECT c.session_id FROM check_result AS c WHERE c.id = t.check_id)",
	  .of_session = "t.check_id IN (SELECT c.id FROM check_result AS c WHERE c.session_id = $1)",
	  .salt = "(SELECT s.salt FROM check_result AS c JOIN session AS s ON s.id = c.session_id WHERE c.id = "
		  "t.check_id)" },
	{ TABLE("legal_hold"), IN_SESSION },
	{ TABLE("ledger_entry") },
	{ TABLE("merchant"), OF_DESK },
	{ TABLE("merchant_key"), OF_DESK },
	{ TABLE("message_template"), OF_DESK },
	/* Orders of a sandbox; payouts name their recipient, so the rows have a salt. */
	{ TABLE("money_order"), .salt = "(SELECT s.salt FROM account AS a JOIN subject AS s ON s.id = a.subject_id "
					"WHERE a.id = t.account_id)" },
	{ TABLE("note"), IN_SESSION },
	{ TABLE("offer"), OF_DESK },
	{ TABLE("outbox_event"), .salt = OF_SESSION },
	{ TABLE("party"), IN_SESSION },
	{ TABLE("party_share"), .owner = OWNER_SESSION,
	  .session = "(SELECT p.session_id FROM party AS p WHERE p.id = t.party_id)",
	  .of_session = "t.party_id IN (SELECT p.id FROM party AS p WHERE p.session_id = $1)",
	  .salt = "(SELECT s.salt FROM party AS p JOIN session AS s ON s.id = p.session_id "
		  "WHERE p.id = t.party_id)" },
	{ TABLE("purge_case"), OF_DESK },
	{ TABLE("reviewer"), OF_DESK },
	{ TABLE("rule_text"), OF_DESK },
	{ TABLE("contribution"), .owner = OWNER_EITHER, .salt = OF_SESSION },
	{ TABLE("session_text"), .owner = OWNER_SESSION, .session = "t.{text_id}", .key = "{text_id}",
	  .salt = "(SELECT salt FROM session AS s WHERE s.id = t.{text_id})", .columns = "t.body",
	  .shadow = "session_text_content" },
	{ TABLE("step"), IN_SESSION },
	{ TABLE("store_info"), OF_DESK, .key = "" },
	{ TABLE("suspicion"), IN_SESSION, .confidential = true },
	{ TABLE("suspicion_entry"), .owner = OWNER_SESSION,
	  .session = "(SELECT u.session_id FROM suspicion AS u WHERE u.id = t.suspicion_id)",
	  .of_session = "t.suspicion_id IN (SELECT u.id FROM suspicion AS u WHERE u.session_id = $1)",
	  .salt = "(SELECT s.salt FROM suspicion AS u JOIN session AS s ON s.id = u.session_id WHERE u.id = "
		  "t.suspicion_id)",
	  .confidential = true },
	{ TABLE("workflow"), OF_DESK },

	{ TABLE("delivery_count"), .class = TABLE_DERIVED },
	{ TABLE("inbox_count"), .class = TABLE_DERIVED },
	{ TABLE("merchant_count"), .class = TABLE_DERIVED },
	{ TABLE("session_tag"), .class = TABLE_DERIVED },
	{ TABLE("session_text_config"), .class = TABLE_DERIVED },
	{ TABLE("session_text_data"), .class = TABLE_DERIVED },
	{ TABLE("session_text_docsize"), .class = TABLE_DERIVED },
	{ TABLE("session_text_idx"), .class = TABLE_DERIVED },

	{ TABLE("audit_event"), .class = TABLE_CHAIN },
	{ TABLE("chain_head"), .class = TABLE_CHAIN },
	{ TABLE("row_commitment"), .class = TABLE_CHAIN },

	{ TABLE("document_bytes"), .class = TABLE_BYTES },

	{ TABLE("document_mark"), .class = TABLE_UPKEEP },    /* bytes without a row yet */
	{ TABLE("kept_answer"), .class = TABLE_UPKEEP },      /* sealed responses, kept for a day */
	{ TABLE("purge_rest"), .class = TABLE_UPKEEP },	      /* bytes and words of erased cases, to be removed */
	{ TABLE("key_use"), .class = TABLE_UPKEEP },	      /* the last use of keys */
	{ TABLE("kybdesk_store"), .class = TABLE_UPKEEP },    /* version of the schema, count of commits */
	{ TABLE("reviewer_setting"), .class = TABLE_UPKEEP }, /* views and drafts of reviewers */
	{ TABLE("recount"), .class = TABLE_UPKEEP },	      /* cases that must be counted again */
	{ TABLE("worker"), .class = TABLE_UPKEEP },	      /* heartbeats of delivery workers */
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
