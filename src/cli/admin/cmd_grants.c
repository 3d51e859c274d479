/* grants: prints SQL statements that create the roles of a PostgreSQL server, for its administrator to read and run. */
#include "../cli_internal.h"

#include <ctype.h>
#include <stdio.h>

/* PostgreSQL truncates names that are longer. */
#define NAME_BYTES_MAX 63

enum database_role { DATABASE_OWNER, DATABASE_WRITER, DATABASE_READER };

static const char *const role_names[] = { "kybdesk", "kybdesk_writer", "kybdesk_reader" };
static CLI_WORDS(database_role_words, "owner", "writer", "reader");

/* Accepts only names that need no escaping, neither as a quoted identifier nor in a string literal. */
static enum err check_identifier(const char *option, const char *name, struct error *error)
{
	size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-");

	if (name[length] || length > NAME_BYTES_MAX || !isalpha((unsigned char)*name))
		return error_invalid(error, option,
				     "--%s \"%s\" is not a valid name; use a letter, then letters, digits, _ and "
				     "-, at most %d characters",
				     option, name, NAME_BYTES_MAX);
	return ERR_OK;
}

static void add_role_sql(struct strbuf *sql, const char *name, const char *schema)
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

static void add_owner_grants(struct strbuf *sql, const char *name, const char *schema)
{
	strbuf_addf(sql,
		    "GRANT CREATE ON SCHEMA \"%s\" TO \"%s\";\n"
		    "-- kybdesk doctor compares the tables with a temporary schema.\n"
		    "DO $$ BEGIN\n"
		    "\tEXECUTE format('GRANT CREATE ON DATABASE %%I TO \"%s\"', current_database());\n"
		    "END $$;\n",
		    schema, name, name);
}

static void add_writer_grants(struct strbuf *sql, const char *name, const char *schema)
{
	strbuf_addf(sql, "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA \"%s\" TO \"%s\";\n", schema,
		    name);
	strbuf_addf(sql,
		    "-- Rows of the log, the commitments and the rules are never changed or deleted.\n"
		    "REVOKE UPDATE, DELETE ON \"%s\".audit_event, \"%s\".row_commitment, \"%s\".rule_text, "
		    "\"%s\".decision FROM \"%s\";\n",
		    schema, schema, schema, schema, name);
	strbuf_addf(sql, "GRANT UPDATE (current) ON \"%s\".rule_text TO \"%s\";\n", schema, name);
	strbuf_addf(sql, "GRANT UPDATE (undone), DELETE ON \"%s\".decision TO \"%s\";\n", schema, name);
}

/* The views for reports (docs/reports.md). The columns are a stable interface: later versions only add columns at
 * the end. The columns are the same as in a store file (data/migrations/sqlite/0042_views.sql, which always masks
 * personal data), but have the types of PostgreSQL. Placeholders: $S the schema of the store, @x a time,
 * ?table.column whether the current role may read the column. */
static const struct {
	const char *name, *columns, *from;
} views[] = {
	{ "merchants", "m.name AS merchant, @m.created_at AS created_at", "$S.merchant AS m" },
	{ "cases",
	  "s.uuid::uuid AS id, m.name AS merchant, CASE WHEN ?session.external_ref THEN s.external_ref END AS "
	  "reference, s.workflow, s.kind, p.uuid::uuid AS parent_id, s.status, s.compliance_status, CASE WHEN "
	  "s.subject_name = '' OR ?session.subject_name THEN s.subject_name ELSE left(s.subject_name, 1) || '***' "
	  "END AS subject_name, s.country, s.risk_score, s.attempt, s.hidden <> 0 AS hidden_from_merchant, "
	  "s.documents_total, s.documents_accepted, s.parties_total, s.parties_verified, CASE WHEN "
	  "?session.custom_tags THEN s.custom_tags::jsonb END AS tags, @s.created_at AS created_at, "
	  "@s.submitted_at AS submitted_at, @s.updated_at AS updated_at, @s.expires_at AS expires_at, "
	  "@s.due_at AS due_at, @s.decided_at AS decided_at",
	  "$S.session AS s JOIN $S.merchant AS m ON m.id = s.merchant_id LEFT JOIN $S.session AS p ON p.id = "
	  "s.parent_id" },
	{ "decisions",
	  "s.uuid::uuid AS case_id, d.number, d.kind, d.role, CASE WHEN ?decision.decided_by THEN d.decided_by END "
	  "AS decided_by, CASE WHEN ?decision.reason THEN d.reason END AS reason, d.retryable <> 0 AS retryable, "
	  "d.imported <> 0 AS imported, d.first_approval <> 0 AS first_approval, d.undone <> 0 AS undone, "
	  "@d.decided_at AS decided_at",
	  "$S.decision AS d JOIN $S.session AS s ON s.id = d.session_id" },
	{ "attempts",
	  "s.uuid::uuid AS case_id, a.number, a.result, @a.submitted_at AS submitted_at, @a.ended_at AS ended_at",
	  "$S.attempt AS a JOIN $S.session AS s ON s.id = a.session_id" },
	{ "documents",
	  "d.uuid::uuid AS id, s.uuid::uuid AS case_id, d.category, d.type, d.upload, d.review, "
	  "d.replaced <> 0 AS replaced, d.size_bytes, @d.uploaded_at AS uploaded_at, @d.reviewed_at AS reviewed_at",
	  "$S.document AS d JOIN $S.session AS s ON s.id = d.session_id" },
	{ "deliveries",
	  "d.uuid::uuid AS id, e.uuid AS event_id, e.type, m.name AS merchant, s.uuid::uuid AS case_id, "
	  "p.uuid::uuid AS endpoint_id, d.state, d.attempts, @d.next_at AS next_at, @d.created_at AS created_at, "
	  "@d.finished_at AS finished_at",
	  "$S.delivery AS d JOIN $S.outbox_event AS e ON e.id = d.event_id JOIN $S.merchant AS m ON m.id = "
	  "e.merchant_id LEFT JOIN $S.session AS s ON s.id = d.session_id LEFT JOIN $S.endpoint AS p ON p.id = "
	  "d.endpoint_id" },
};

/* The columns that the option --personal grants. Without this grant, the views mask or omit their values. */
static const struct {
	const char *table, *columns;
} personal[] = { { "session", "subject_name, external_ref, custom_tags" }, { "decision", "decided_by, reason" } };

#define VIEWS_SUFFIX "_v1"

static void fill_views_schema(const char *schema, char out[NAME_BYTES_MAX + 1])
{
	(void)snprintf(out, NAME_BYTES_MAX + 1, "%.60s" VIEWS_SUFFIX, strcmp(schema, "public") ? schema : "kybdesk");
}

/* Appends a line of `views` with $S, @x and ?table.column replaced. */
static void add_expanded_line(struct strbuf *sql, const char *line, const char *schema)
{
	for (; *line; line++) {
		size_t length = strcspn(line, " ,");

		if (!strncmp(line, "$S", 2)) {
			strbuf_addf(sql, "\"%s\"", schema);
			line++;
		} else if (*line == '@') {
			strbuf_addf(sql, "timestamptz 'epoch' + %.*s * interval '1 millisecond'", (int)length - 1,
				    line + 1);
			line += length - 1;
		} else if (*line == '?') {
			size_t table = strcspn(line, ".");

			strbuf_addf(sql,
				    "has_column_privilege(current_user, '\"%s\".%.*s'::regclass, '%.*s', 'SELECT')",
				    schema, (int)table - 1, line + 1, (int)(length - table) - 1, line + table + 1);
			line += length - 1;
		} else {
			strbuf_addch(sql, *line);
		}
	}
}

static void add_views_sql(struct strbuf *sql, const char *schema, const char *into)
{
	strbuf_adds(sql, "SET client_min_messages = warning;\n");
	strbuf_addf(sql, "CREATE SCHEMA IF NOT EXISTS \"%s\";\n", into);
	for (size_t i = 0; i < sizeof views / sizeof *views; i++) {
		strbuf_addf(sql, "CREATE OR REPLACE VIEW \"%s\".%s AS SELECT ", into, views[i].name);
		add_expanded_line(sql, views[i].columns, schema);
		strbuf_adds(sql, " FROM ");
		add_expanded_line(sql, views[i].from, schema);
		strbuf_adds(sql, ";\n");
	}
	/* A view reads with its owner's rights, so the tables' owner, not the administrator, must own the views. */
	strbuf_addf(sql,
		    "DO $$ DECLARE name text := (SELECT tableowner FROM pg_tables WHERE schemaname = '%s' AND "
		    "tablename = 'session'); view text; BEGIN\n"
		    "\tEXECUTE format('ALTER SCHEMA \"%s\" OWNER TO %%I', name);\n"
		    "\tFOR view IN SELECT viewname FROM pg_views WHERE schemaname = '%s' LOOP\n"
		    "\t\tEXECUTE format('ALTER VIEW \"%s\".%%I OWNER TO %%I', view, name);\n"
		    "\tEND LOOP;\nEND $$;\n",
		    schema, into, into, into);
}

static void add_reader_grants(struct strbuf *sql, const char *name, const char *schema, bool with_personal)
{
	char into[NAME_BYTES_MAX + 1];

	fill_views_schema(schema, into);
	strbuf_adds(sql, "-- The views for reports. They show personal data only to roles that may read it in the "
			 "tables.\n");
	add_views_sql(sql, schema, into);
	strbuf_addf(sql, "REVOKE ALL ON ALL TABLES IN SCHEMA \"%s\" FROM \"%s\";\n", schema, name);
	strbuf_addf(sql, "GRANT USAGE ON SCHEMA \"%s\" TO \"%s\";\n", into, name);
	for (size_t i = 0; i < sizeof views / sizeof *views; i++)
		strbuf_addf(sql, "GRANT SELECT ON \"%s\".%s TO \"%s\";\n", into, views[i].name, name);
	for (size_t i = 0; with_personal && i < sizeof personal / sizeof *personal; i++)
		strbuf_addf(sql, "GRANT SELECT (%s) ON \"%s\".%s TO \"%s\";\n", personal[i].columns, schema,
			    personal[i].table, name);
	strbuf_addf(sql, "ALTER ROLE \"%s\" SET default_transaction_read_only = on;\n", name);
}

static enum err run_grants(struct cli *cli, struct error *error)
{
	const char *name = parsed_option_text(&cli->command_line, "name"),
		   *schema = parsed_option_text(&cli->command_line, "schema");
	struct strbuf sql = STRBUF_INIT;
	size_t role = DATABASE_OWNER;
	enum err err = cli_find_word(&(struct cli_allowed_words){ "role", "database role", database_role_words },
				     parsed_argument(&cli->command_line, 0), &role, error);

	if (!err && !name)
		name = role_names[role];
	if (!schema)
		schema = "public";
	if (!err)
		err = check_identifier("name", name, error);
	if (!err)
		err = check_identifier("schema", schema, error);
	if (!err && role != DATABASE_READER && parsed_has_option(&cli->command_line, "personal"))
		err = error_set(error, ERR_USAGE, "--personal is only for the role reader");
	if (!err && role == DATABASE_READER && strlen(schema) > NAME_BYTES_MAX - strlen(VIEWS_SUFFIX))
		err = error_invalid(
			error, "schema",
			"The schema name \"%s\" is too long: the schema of the views is named %s" VIEWS_SUFFIX, schema,
			schema);
	if (err)
		return err;
	add_role_sql(&sql, name, schema);
	switch ((enum database_role)role) {
	case DATABASE_OWNER:
		add_owner_grants(&sql, name, schema);
		break;
	case DATABASE_WRITER:
		add_writer_grants(&sql, name, schema);
		break;
	case DATABASE_READER:
		add_reader_grants(&sql, name, schema, parsed_has_option(&cli->command_line, "personal"));
		break;
	}
	out_bytes(&cli->out, sql.buf, sql.len);
	strbuf_release(&sql);
	return ERR_OK;
}

static const struct command rows[] = {
	{ .name = "grants",
	  .summary = "Prints SQL statements that create a role of a PostgreSQL server",
	  .details = "Pipe the statements into psql as a server administrator with the right to create roles. "
		     "owner: creates and upgrades the tables. writer: for daily use by programs; cannot change or "
		     "delete rows of the audit log, the commitments, the rules and the decisions. reader: for "
		     "reports; can only read the views of the schema kybdesk_v1 (docs/reports.md), without "
		     "personal data, reasons and secrets. Run grants writer and grants reader after init, and "
		     "again after each upgrade. The command itself does not connect to the server.",
	  .flags = COMMAND_NO_STORE | COMMAND_NO_JSON,
	  .example = "grants reader --name bi",
	  .run = run_grants,
	  .arguments = { { "ROLE", 0, "owner, writer or reader", database_role_words } },
	  .options = { { "name", "NAME", 0,
			 "the role's name in the server; default: kybdesk, kybdesk_writer, kybdesk_reader" },
		       { "schema", "SCHEMA", 0,
			 "the schema of the store; default: public. The views are in SCHEMA_v1, for public in "
			 "kybdesk_v1" },
		       { "personal", NULL, 0,
			 "for reader: also show names of subjects, references, tags, reasons and reviewers" } } },
};
const struct command_chapter commands_grants = { COMMAND_CHAPTER("PostgreSQL server", rows) };
