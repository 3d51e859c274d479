/* Statements. A statement is prepared when it runs for the second time. A run receives all rows at once, so that
 * other statements may run while the rows are read. */
#include "postgresql_internal.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Returns the highest number n of a parameter $n outside quotes. If named is not NULL, sets named[n - 1] for each
 * parameter $n. */
static int count_parameters(const char *text, bool *named)
{
	int count = 0;

	for (const char *at = text; *at; at++) {
		if (*at == '\'' || *at == '"') {
			const char *end = strchr(at + 1, *at);
			if (!end)
				BUG("unterminated quote: %s", text);
			at = end;
		} else if (*at == '$' && at[1] >= '1' && at[1] <= '9') {
			int number = (int)strtol(at + 1, NULL, 10);
			count = number > count ? number : count;
			if (named)
				named[number - 1] = true;
		}
	}
	return count;
}

static void choose_parameter_types(struct postgresql_statement *statement)
{
	for (int i = 0; i < statement->parameter_count; i++)
		statement->types[i] = statement->used_parameters[i] ? statement->values[i].type : POSTGRESQL_TEXT;
}

/* Prepares the statement on the server. In a transaction, the preparation waits in the pipeline, too. */
static enum err prepare_on_server(struct postgresql_statement *statement, struct error *error)
{
	struct postgresql_db *db = statement->db;
	PGresult *result;
	enum err err = ERR_OK;

	choose_parameter_types(statement);
	(void)snprintf(statement->prepared_name, sizeof statement->prepared_name, "s%llu", ++db->statements);
	statement->connection_number = db->connection_number;
	if (db->base.depth && postgresql_enter_pipeline(db)) {
		(void)pq.sendPrepare(db->connection, statement->prepared_name, statement->text,
				     statement->parameter_count, statement->types);
		postgresql_enqueue_entry(
			db, &(struct postgresql_queue_entry){ .what = statement->name, .prepared = statement });
		return ERR_OK;
	}
	result = pq.sendPrepare(db->connection, statement->prepared_name, statement->text, statement->parameter_count,
				statement->types)
			 ? postgresql_take_last(db)
			 : NULL;
	if (pq.resultStatus(result) != PGRES_COMMAND_OK) {
		statement->prepared_name[0] = '\0';
		err = postgresql_set_error(db, statement->name, result, error);
	}
	pq.clear(result);
	return err;
}

enum err postgresql_prepare(struct db *base, const char *name, const char *text, void **out, struct error *error)
{
	struct postgresql_statement *statement = xcalloc(1, sizeof *statement);

	(void)error;
	statement->db = (struct postgresql_db *)base;
	statement->name = xstrdup(name);
	statement->text = xstrdup(text);
	statement->parameter_count = count_parameters(text, NULL);
	statement->values = xcalloc((size_t)statement->parameter_count + 1, sizeof *statement->values);
	statement->used_parameters =
		xcalloc((size_t)statement->parameter_count + 1, sizeof *statement->used_parameters);
	(void)count_parameters(text, statement->used_parameters);
	statement->types = xcalloc((size_t)statement->parameter_count + 1, sizeof *statement->types);
	*out = statement;
	return ERR_OK;
}

static void deallocate_prepared(struct postgresql_statement *statement)
{
	struct postgresql_db *db = statement->db;
	struct strbuf text = STRBUF_INIT;

	postgresql_drain(db); /* the statement may still be in the pipeline */
	/* A failed transaction refuses every statement: the prepared statement then stays on the server, which does
	 * no harm, since its name is never used again. A closed connection frees its statements. */
	if (statement->prepared_name[0] && statement->connection_number == db->connection_number &&
	    !db->base.is_closing && pq.transactionStatus(db->connection) != PQTRANS_INERROR) {
		strbuf_addf(&text, "DEALLOCATE %s", statement->prepared_name);
		(void)postgresql_run(db, text.buf, NULL);
	}
	statement->prepared_name[0] = '\0';
	strbuf_release(&text);
}

void postgresql_finalize(void *context)
{
	struct postgresql_statement *statement = context;

	postgresql_reset(statement);
	deallocate_prepared(statement);
	free(statement->values);
	free(statement->types);
	free(statement->used_parameters);
	free(statement->name);
	free(statement->text);
	free(statement);
}

void postgresql_bind(void *context, int at, const struct db_value *value)
{
	struct postgresql_statement *statement = context;
	struct postgresql_value *bound;

	if (statement->has_started)
		BUG("statement %s: parameter $%d bound while it runs", statement->name, at);
	if (at < 1 || at > statement->parameter_count)
		BUG("statement %s has no parameter $%d", statement->name, at);
	if (at <= 64)
		statement->bound_bits |= UINT64_C(1) << (at - 1);
	bound = &statement->values[at - 1];
	switch (value->type) {
	case 'i':
		(void)snprintf(bound->number, sizeof bound->number, "%lld", (long long)value->number);
		bound->type = POSTGRESQL_INT8;
		bound->value = bound->number;
		break;
	case 'r':
		(void)snprintf(bound->number, sizeof bound->number, "%.17g", value->real);
		bound->type = POSTGRESQL_FLOAT8;
		bound->value = bound->number;
		break;
	case 'b':
		if (value->length > INT_MAX)
			BUG("a value of %zu bytes is too large for a column", value->length);
		bound->type = POSTGRESQL_BYTES;
		bound->value = value->length ? value->bytes : "";
		bound->length = (int)value->length;
		break;
	default: /* 't': every text of this program ends with a NUL; 'n': NULL */
		bound->type = POSTGRESQL_ANY;
		bound->value = value->type == 't' ? value->bytes : NULL;
	}
}

/* Whether each value has the type with which the statement was prepared; NULL has every type. */
static bool types_match(const struct postgresql_statement *statement)
{
	if (!statement->prepared_name[0] || statement->connection_number != statement->db->connection_number)
		return false;
	for (int i = 0; i < statement->parameter_count; i++) {
		const struct postgresql_value *value = &statement->values[i];

		if (value->value && statement->used_parameters[i] && value->type != statement->types[i])
			return false;
	}
	return true;
}

/* Sends the statement with its values. False: the connection is lost. */
static bool send_statement(const struct postgresql_statement *statement)
{
	size_t count = (size_t)statement->parameter_count + 1;
	const char **values = xcalloc(count, sizeof *values);
	int *lengths = xcalloc(count, sizeof *lengths), *formats = xcalloc(count, sizeof *formats);
	int sent;

	postgresql_track_changes(statement->db, statement->text);
	postgresql_forget_interrupts(statement->db);
	for (int i = 0; i < statement->parameter_count; i++) {
		values[i] = statement->used_parameters[i] ? statement->values[i].value : NULL;
		lengths[i] = statement->values[i].length;
		formats[i] = statement->values[i].type == POSTGRESQL_BYTES;
	}
	sent = statement->prepared_name[0]
		       ? pq.sendQueryPrepared(statement->db->connection, statement->prepared_name,
					      statement->parameter_count, values, lengths, formats, 0)
		       : pq.sendQueryParams(statement->db->connection, statement->text, statement->parameter_count,
					    statement->types, values, lengths, formats, 0);
	free(values);
	free(lengths);
	free(formats);
	return sent;
}

static void check_all_bound(const struct postgresql_statement *statement)
{
	uint64_t needed =
		statement->parameter_count >= 64 ? UINT64_MAX : (UINT64_C(1) << statement->parameter_count) - 1;

	if (statement->bound_bits != needed)
		BUG("statement %s runs with a parameter that was not bound", statement->name);
}

/* Prepares the statement, except for its first run: a command runs most statements only once, and the message for
 * the preparation would make the command hold the write lock longer. */
static enum err prepare_statement(struct postgresql_statement *statement, struct error *error)
{
	bool first = !statement->has_run && !statement->prepared_name[0];

	statement->has_run = true;
	if (!first && types_match(statement))
		return ERR_OK;
	if (first) {
		choose_parameter_types(statement);
		return ERR_OK;
	}
	deallocate_prepared(statement);
	return prepare_on_server(statement, error);
}

void postgresql_plan_for_values(void *context)
{
	struct postgresql_statement *statement = context;

	statement->wants_custom_plan = true;
}

/* Call before and after each run of a statement. If the statement is planned for its values, switches the server's
 * planning before the run, and back after it. All other statements are planned once per connection, for all values,
 * because planning takes longer than running most of them. */
static void choose_plan(const struct postgresql_statement *statement, bool begins)
{
	static const char *const modes[] = { "SET LOCAL plan_cache_mode = force_generic_plan",
					     "SET LOCAL plan_cache_mode = force_custom_plan" };
	struct postgresql_db *db = statement->db;

	if (!statement->wants_custom_plan)
		return;
	if (db->base.depth)
		postgresql_queue_text(db, modes[begins]);
	else
		(void)postgresql_run(db,
				     begins ? "SET plan_cache_mode = force_custom_plan"
					    : "SET plan_cache_mode = force_generic_plan",
				     NULL);
}

static enum err run_once(struct postgresql_statement *statement, struct error *error)
{
	struct postgresql_db *db = statement->db;
	enum err err = ERR_OK;

	if (!db->base.depth)
		err = postgresql_reconnect(db, error);
	if (!err)
		err = prepare_statement(statement, error);
	if (err)
		return err;
	pq.clear(statement->result);
	/* After an INSERT that returns its id, postgresql_run_insert() records the id again */
	postgresql_ids_forget_table(db, statement->text);
	choose_plan(statement, true);
	statement->result = send_statement(statement) ? postgresql_take_result(db) : NULL;
	if (!postgresql_is_success(statement->result)) {
		/* 25006: the statement writes in a read-only transaction. */
		if (postgresql_has_sqlstate(statement->result, "25006") && !db->base.writing)
			BUG("statement %s writes outside a write transaction", statement->name);
		err = postgresql_set_error(db, statement->name, statement->result, error);
	}
	/* If the transaction has failed, its rollback restores the planning anyway. */
	if (!db->base.depth || !err)
		choose_plan(statement, false);
	return err;
}

/* Starts the statement. Outside a transaction a statement only reads, so if the connection is lost, the statement
 * is run again once, on a new connection. */
static enum err start(struct postgresql_statement *statement, struct error *error)
{
	struct postgresql_db *db = statement->db;
	bool was_lost = postgresql_lost_connection(db);
	enum err err;

	check_all_bound(statement);
	statement->has_started = true;
	statement->row = -1;
	err = run_once(statement, error);
	if (err && !db->base.depth && !was_lost && postgresql_lost_connection(db))
		err = run_once(statement, error);
	return err;
}

/* Sends the statement into the pipeline, without waiting for its result. */
static enum err queue(struct postgresql_statement *statement, const struct postgresql_queue_entry *queued,
		      struct error *error)
{
	struct postgresql_db *db = statement->db;
	enum err err;

	check_all_bound(statement);
	err = prepare_statement(statement, error);
	if (err)
		return err;
	statement->has_started = true;
	statement->row = -1;
	choose_plan(statement, true);
	if (!postgresql_enter_pipeline(db) || !send_statement(statement))
		return postgresql_set_error(db, statement->name, NULL, error);
	postgresql_enqueue_entry(db, queued);
	choose_plan(statement, false);
	return ERR_OK;
}

/* Runs a statement without result rows. In a write transaction, the statement waits in the pipeline for the next
 * statement that has an awaited result. */
enum err postgresql_run_later(struct db *base, void *context, struct error *error)
{
	struct postgresql_statement *statement = context;
	bool row;

	postgresql_ids_forget_table(statement->db, statement->text);
	if (!base->writing)
		return postgresql_step(base, statement, &row, error);
	return queue(statement, &(struct postgresql_queue_entry){ .what = statement->name }, error);
}

enum err postgresql_run_insert(struct db *base, void *context, int64_t *id, struct error *error)
{
	struct postgresql_statement *statement = context;
	int64_t next = postgresql_ids_predict(statement->db, statement->text);
	bool row = false;
	enum err err;

	*id = next;
	if (next)
		return queue(statement, &(struct postgresql_queue_entry){ .what = statement->name, .id = next }, error);
	err = postgresql_step(base, statement, &row, error);
	if (err)
		return err;
	if (!row || pq.ntuples(statement->result) != 1)
		BUG("an insert of one row did not make exactly one row: %s", statement->name);
	*id = postgresql_get_int(statement, 0);
	postgresql_ids_record(statement->db, statement->text, *id);
	return ERR_OK;
}

enum err postgresql_send(struct db *base, void *context, struct error *error)
{
	struct postgresql_statement *statement = context;
	enum err err = queue(
		statement, &(struct postgresql_queue_entry){ .what = statement->name, .statement = statement }, error);

	(void)base;
	statement->awaits_rows = !err;
	return err;
}

/* Waits for the rows of the statement, which was sent ahead. */
static enum err await_rows(struct postgresql_statement *statement, struct error *error)
{
	postgresql_drain(statement->db);
	return postgresql_is_success(statement->result)
		       ? ERR_OK
		       : postgresql_set_error(statement->db, statement->name, statement->result, error);
}

enum err postgresql_step(struct db *db, void *context, bool *row, struct error *error)
{
	struct postgresql_statement *statement = context;
	enum err err = ERR_OK;

	(void)db;
	*row = false;
	if (!statement->has_started)
		err = start(statement, error);
	else if (statement->row < 0)
		err = await_rows(statement, error);
	arena_release(&statement->bytes);
	if (err)
		return err;
	*row = ++statement->row < pq.ntuples(statement->result);
	return ERR_OK;
}

void postgresql_reset(void *context)
{
	struct postgresql_statement *statement = context;

	if (statement->awaits_rows)
		postgresql_drain(statement->db);
	pq.clear(statement->result);
	statement->result = NULL;
	arena_release(&statement->bytes);
	for (int i = 0; i < statement->parameter_count; i++)
		statement->values[i] = (struct postgresql_value){ 0 };
	statement->bound_bits = 0;
	statement->has_started = false;
}
