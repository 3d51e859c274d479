/* grants: the roles of a PostgreSQL server, as statements that its administrator can read before running them. */
#include "cli_internal.h"

#include <ctype.h>
#include <string.h>

/* PostgreSQL cuts longer names. */
#define NAME_BYTES_MAX 63

enum database_role { DATABASE_OWNER, DATABASE_WRITER, DATABASE_READER };

static const char *const database_roles[] = { "owner", "writer", "reader" };
static const char *const role_names[] = { "kybdesk", "kybdesk_writer", "kybdesk_reader" };
static const char *const *database_role_words(size_t *count)
{
	*count = sizeof database_roles / sizeof *database_roles;
	return database_roles;
}

static bool database_role_parse(const char *text, enum database_role *out)
{
	for (size_t i = 0; i < sizeof database_roles / sizeof *database_roles; i++)
		if (strcmp(text, database_roles[i]) == 0) {
			*out = (enum database_role)i;
			return true;
		}
	return false;
}

/* Only names that mean the same in every place of a statement, quoted and in a literal. */
static enum err check_name(const char *option, const char *name, struct error *error)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

	if (name[length] || length > NAME_BYTES_MAX || !isalpha((unsigned char)*name))
		return error_set_field(error, ERR_INVALID, option,
				       "--%s \"%s\" is not a name for this; use a letter, then letters, digits, _ "
				       "and -, at most %d characters",
				       option, name, NAME_BYTES_MAX);
	return ERR_OK;
}

static void add_role(struct strbuf *sql, const char *name, const char *schema)
{
	strbuf_addf(sql,
		    "DO $$ BEGIN\n"
		    "\tIF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '%s') THEN\n"
		    "\t\tCREATE ROLE \"%s\" LOGIN;\n"
		    "\tEND IF;\n"
		    "END $$;\n"
		    "GRANT USAGE ON SCHEMA \"%s\" TO \"%s\";\n",
		    name, name, schema, name);
}

static void add_owner(struct strbuf *sql, const char *name, const char *schema)
{
	strbuf_addf(sql,
		    "GRANT CREATE ON SCHEMA \"%s\" TO \"%s\";\n"
		    "-- doctor compares the tables with those of a schema that it makes and removes.\n"
		    "DO $$ BEGIN\n"
		    "\tEXECUTE format('GRANT CREATE ON DATABASE %%I TO \"%s\"', current_database());\n"
		    "END $$;\n",
		    schema, name, name);
}

static void add_writer(struct strbuf *sql, const char *name, const char *schema)
{
	strbuf_addf(sql, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \"%s\" TO \"%s\";\n", schema,
		    name);
	strbuf_addf(sql,
		    "-- The log, the commitments and the rules only grow.\n"
		    "REVOKE UPDATE, DELETE ON \"%s\".audit_event, \"%s\".row_commitment, \"%s\".rule_text, "
		    "\"%s\".decision FROM \"%s\";\n",
		    schema, schema, schema, schema, name);
	strbuf_addf(sql, "GRANT UPDATE (current) ON \"%s\".rule_text TO \"%s\";\n", schema, name);
	strbuf_addf(sql, "GRANT UPDATE (undone), DELETE ON \"%s\".decision TO \"%s\";\n", schema, name);
}

/* Numbers, times and states: no person, no reason, no text from outside, no secret. */
static const struct {
	const char *table, *columns;
} readable[] = {
	{ "merchant", "id, name" },
	{ "session", "id, uuid, merchant_id, workflow, kind, parent_id, status, compliance_status, country, "
		     "risk_score, created_at, submitted_at, updated_at, expires_at, due_at, decided_at, attempt, "
		     "documents_total, documents_accepted, parties_total, parties_verified" },
	{ "decision", "id, session_id, number, kind, role, decided_at, imported, first_approval, undone" },
	{ "attempt", "id, session_id, number, submitted_at, ended_at, result" },
	{ "delivery", "id, event_id, endpoint_id, session_id, state, attempts, next_at, created_at, finished_at" },
	{ "delivery_attempt", "id, delivery_id, number, started_at, duration_ms, status" },
	{ "inbox_count", "compliance_status, sessions" },
	{ "delivery_count", "state, deliveries" },
	{ "decision_wait", "most_ms, decisions, waited_ms" },
};

static void add_reader(struct strbuf *sql, const char *name, const char *schema)
{
	strbuf_addf(sql, "REVOKE ALL ON ALL TABLES IN SCHEMA \"%s\" FROM \"%s\";\n", schema, name);
	strbuf_addf(sql, "ALTER ROLE \"%s\" SET default_transaction_read_only = on;\n", name);
	strbuf_adds(sql, "-- Numbers, times and states; no person, no reason, no secret.\n");
	for (size_t i = 0; i < sizeof readable / sizeof *readable; i++)
		strbuf_addf(sql, "GRANT SELECT (%s) ON \"%s\".%s TO \"%s\";\n", readable[i].columns, schema,
			    readable[i].table, name);
}

static enum err run_grants(struct cli *cli, struct error *error)
{
	const char *name = parsed_text(&cli->parsed, "name"), *schema = parsed_text(&cli->parsed, "schema");
	struct strbuf sql = STRBUF_INIT;
	enum database_role role = DATABASE_OWNER;
	enum err err =
		CLI_WORD(database_role, parsed_argument(&cli->parsed, 0), &role, "role", "database role", error);

	if (!err && !name)
		name = role_names[role];
	if (!schema)
		schema = "public";
	if (!err)
		err = check_name("name", name, error);
	if (!err)
		err = check_name("schema", schema, error);
	if (err)
		return err;
	add_role(&sql, name, schema);
	switch (role) {
	case DATABASE_OWNER:
		add_owner(&sql, name, schema);
		break;
	case DATABASE_WRITER:
		add_writer(&sql, name, schema);
		break;
	case DATABASE_READER:
		add_reader(&sql, name, schema);
		break;
	}
	out_bytes(&cli->out, sql.buf, sql.len);
	strbuf_release(&sql);
	return ERR_OK;
}

static const struct command rows[] = {
	{ .name = "grants",
	  .summary = "Prints the statements that make a role of a PostgreSQL server",
	  .details =
		  "Pipe them into psql as an administrator of the server, who may make roles. "
		  "owner: makes and upgrades the tables. writer: for the programs of every day; it cannot change "
		  "or "
		  "delete what is in the audit log, the commitments, the rules and the decisions. reader: for "
		  "reports; "
		  "it sees numbers, times and states, but no person, no reason and no secret, and changes nothing. "
		  "Run writer and reader after init, and again after each upgrade. Nothing is sent anywhere.",
	  .flags = COMMAND_NO_STORE | COMMAND_NO_JSON,
	  .example = "grants reader --name bi",
	  .run = run_grants,
	  .arguments = { { "ROLE", 0, database_role_words, "owner, writer or reader" } },
	  .options = { { "name", 0, "NAME", 0, NULL,
			 "the role's name in the server (kybdesk, kybdesk_writer, kybdesk_reader)" },
		       { "schema", 0, "SCHEMA", 0, NULL, "the schema of the store (public)" } } },
};
const struct command_chapter commands_grants = COMMAND_CHAPTER("A PostgreSQL server", rows);
