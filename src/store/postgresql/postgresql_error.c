#include "postgresql_internal.h"

#include <stdio.h>
#include <string.h>

#define STATEMENT_SHOWN_BYTES_MAX 200
/* The server begins to count a pause before this program has read the result. */
#define PAUSE_SLACK_MS 100

bool postgresql_has_sqlstate(const PGresult *result, const char *state)
{
	const char *found = result ? pq.resultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

	return found && !strcmp(found, state);
}

bool postgresql_lost_connection(const struct postgresql_db *db)
{
	return db->is_conn_lost || pq.status(db->connection) == CONNECTION_BAD;
}

static bool has_sqlstate_class(const PGresult *result, const char *class)
{
	const char *found = result ? pq.resultErrorField(result, PG_DIAG_SQLSTATE) : NULL;

	return found && !strncmp(found, class, 2);
}

static const char *error_field(const PGresult *result, int which)
{
	const char *text = result ? pq.resultErrorField(result, which) : NULL;

	return text ? text : "";
}

/* Whether the connection is lost with this error. An error without an SQLSTATE comes from libpq: a write may have
 * failed although libpq still reports the connection as good. After a FATAL error the server closes the connection. */
static bool ends_connection(const PGresult *result)
{
	const char *severity = error_field(result, PG_DIAG_SEVERITY_NONLOCALIZED);

	return !*error_field(result, PG_DIAG_SQLSTATE) || has_sqlstate_class(result, "08") ||
	       !strcmp(severity, "FATAL") || !strcmp(severity, "PANIC");
}

/* Adds the first line of the server's message, without the line end. */
static void add_reason(struct strbuf *out, const struct postgresql_db *db, const PGresult *result)
{
	const char *text = *error_field(result, PG_DIAG_MESSAGE_PRIMARY) ? error_field(result, PG_DIAG_MESSAGE_PRIMARY)
									 : pq.errorMessage(db->connection);

	strbuf_add(out, text, strcspn(text, "\n"));
	if (!out->len)
		strbuf_adds(out, "the server gave no reason");
}

static bool is_duplicate_key(const PGresult *result, const char *ending)
{
	const char *constraint = error_field(result, PG_DIAG_CONSTRAINT_NAME);
	size_t length = strlen(constraint), end = strlen(ending);

	return postgresql_has_sqlstate(result, "23505") && length > end && !strcmp(constraint + length - end, ending);
}

static enum err set_constraint_error(const char *what, const PGresult *result, const char *reason, struct error *error)
{
	/* Ids that this program makes never collide: a duplicate id was in the input. */
	if (is_duplicate_key(result, "_uuid_key"))
		return error_set(error, ERR_CONFLICT,
				 "the id of a %s is already used in this store; leave the id out or give another one",
				 error_field(result, PG_DIAG_TABLE_NAME));
	/* The store assigns the primary keys itself. A duplicate means that the index does not find an existing row. */
	if (is_duplicate_key(result, "_pkey"))
		return error_set(error, ERR_STORE,
				 "the store is damaged: a new row has the number of another row (%s at %s); stop "
				 "using the store and restore a backup",
				 reason, what);
	return error_set(error, ERR_INTERNAL, "the store refused %s: %s", what, reason);
}

static const char *detail_or_reason(const PGresult *result, const char *reason)
{
	const char *detail = error_field(result, PG_DIAG_MESSAGE_DETAIL);

	return *detail ? detail : reason;
}

/* --- what an SQLSTATE means. The first row that fits counts: a whole SQLSTATE, or its first two characters, the class.
 * {store}, {what}, {reason} and {limit} stand for the store, the name of the statement, the server's message and the
 * wait for the lock. A message that ends in "try again" says that a repetition may succeed without other changes. --- */

#define TRY_AGAIN "; nothing was changed, try again"

static const struct state_rule {
	const char *state;
	enum err err;
	const char *message;
} state_rules[] = {
	{ "55P03", ERR_STORE, "store {store} was locked by another process for more than {limit} s" TRY_AGAIN },
	{ "57014", ERR_STORE, "the server stopped {what} on store {store}: {reason}" TRY_AGAIN },
	{ "25P02", ERR_STORE, "store {store} rolled back the transaction after a failure" TRY_AGAIN },
	{ "40", ERR_STORE,
	  "store {store} rolled back the transaction, since it collided with another one ({reason})" TRY_AGAIN },
	{ "53100", ERR_STORE,
	  "the disk is full: store {store} cannot grow, and nothing was changed; make room and try again" },
	{ "53", ERR_STORE, "the server of store {store} has too little room ({reason})" TRY_AGAIN },
	{ "58", ERR_STORE,
	  "the server of store {store} cannot read or write its own files ({reason}); nothing was changed: ask the "
	  "server's administrator" },
	{ "25006", ERR_STORE, "store {store} cannot be written: it is open for reading only" },
	{ "42501", ERR_STORE, "the database user lacks a right in store {store} ({what}): {reason}" },
	{ "54", ERR_INVALID, "a value is too large for the store ({what})" },
	{ "22021", ERR_INVALID, "a text is not UTF-8, the only encoding that the store accepts ({what})" },
	{ "XX", ERR_STORE, "store {store} is damaged ({reason}); stop using it and restore a backup" },
	{ "42", ERR_STORE, "store {store} refused the statement {what}: {reason}" },
	{ "", ERR_INTERNAL, "the store failed at {what}: {reason}" },
};

static const struct state_rule *find_rule(const PGresult *result)
{
	const char *state = error_field(result, PG_DIAG_SQLSTATE);
	const struct state_rule *rule = state_rules;

	while (strncmp(rule->state, state, strlen(rule->state)) != 0)
		rule++;
	return rule;
}

static enum err set_by_rule(const struct postgresql_db *db, const struct state_rule *rule, const char *what,
			    const char *reason, struct error *error)
{
	char limit[24];
	const struct {
		const char *word, *value;
	} words[] = {
		{ "{store}", db->display_path }, { "{what}", what }, { "{reason}", reason }, { "{limit}", limit }
	};
	struct strbuf text = STRBUF_INIT;
	enum err err;

	(void)snprintf(limit, sizeof limit, "%d.%d", db->busy_timeout_ms / 1000, db->busy_timeout_ms % 1000 / 100);
	for (const char *at = rule->message; *at;) {
		size_t i = 0;

		while (i < sizeof words / sizeof *words && strncmp(at, words[i].word, strlen(words[i].word)) != 0)
			i++;
		if (i < sizeof words / sizeof *words) {
			strbuf_adds(&text, words[i].value);
			at += strlen(words[i].word);
		} else {
			strbuf_addch(&text, *at++);
		}
	}
	err = error_set(error, rule->err, "%s", text.buf);
	strbuf_release(&text);
	return err;
}

/* Whether the server has ended the connection because this program paused within a transaction. libpq does not give the
 * SQLSTATE of this error, since no statement was running. */
static bool has_paused(const struct postgresql_db *db, const PGresult *result)
{
	int64_t now = db->wait_start_ms > db->result_ms ? db->wait_start_ms : world_boottime_ms(world_real());

	return postgresql_has_sqlstate(result, "25P03") ||
	       (db->base.writing && now - db->result_ms + PAUSE_SLACK_MS >= db->write_pause_ms);
}

static enum err set_lost_error(const struct postgresql_db *db, const PGresult *result, const char *reason,
			       struct error *error)
{
	if (db->silent_ms && db->was_given_up)
		return error_set(
			error, ERR_STORE, "The wait for store %s was given up after %lld.%lld s; nothing was changed",
			db->display_path, (long long)db->silent_ms / 1000, (long long)db->silent_ms % 1000 / 100);
	if (db->silent_ms)
		return error_set(error, ERR_STORE,
				 "The store %s does not answer: no result came within %lld s" TRY_AGAIN,
				 db->display_path, (long long)db->silent_ms / 1000);
	if (has_paused(db, result))
		return error_set(
			error, ERR_STORE,
			"This program paused too long while it held store %s (was the machine suspended?), and "
			"the server ended its connection" TRY_AGAIN,
			db->display_path);
	return error_set(error, ERR_STORE, "The connection to store %s is lost: %s" TRY_AGAIN, db->display_path,
			 reason);
}

static enum err set_server_error(struct postgresql_db *db, const char *what, const PGresult *result, const char *reason,
				 struct error *error)
{
	if (postgresql_lost_connection(db))
		return set_lost_error(db, result, reason, error);
	if (postgresql_has_sqlstate(result, "57014") && db->was_cancelled)
		return error_set(error, ERR_INTERNAL, "cancelled");
	/* A view that is not part of this program prevents the change: the server reports "view NAME depends on
	 * column x of table t". */
	if ((postgresql_has_sqlstate(result, "2BP01") || postgresql_has_sqlstate(result, "0A000")) &&
	    strstr(detail_or_reason(result, reason), "view"))
		return error_set(error, ERR_STORE,
				 "store %s has a view that prevents the change (%.*s); nothing was changed: drop "
				 "the view, try again, and create it again",
				 db->display_path, (int)strcspn(detail_or_reason(result, reason), "\n"),
				 detail_or_reason(result, reason));
	if (!postgresql_has_sqlstate(result, "22021") &&
	    (has_sqlstate_class(result, "23") || has_sqlstate_class(result, "22") || has_sqlstate_class(result, "P0")))
		return set_constraint_error(what, result, reason, error);
	return set_by_rule(db, find_rule(result), what, reason, error);
}

enum err postgresql_set_error(struct postgresql_db *db, const char *what, const PGresult *result, struct error *error)
{
	struct strbuf reason = STRBUF_INIT;
	enum err err;

	if (db->queue_error.code && &db->queue_error != error)
		return error_set(error, db->queue_error.code, "%s", db->queue_error.message);
	/* `what` is the text of a migration, which is too long for a message. */
	if (strlen(what) > STATEMENT_SHOWN_BYTES_MAX)
		what = "a script of its schema";
	db->is_conn_lost = db->is_conn_lost || ends_connection(result);
	add_reason(&reason, db, result);
	err = set_server_error(db, what, result, reason.buf, error);
	strbuf_release(&reason);
	return err;
}
