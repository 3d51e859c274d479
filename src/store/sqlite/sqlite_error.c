#include "sqlite_internal.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static bool is_storage_full(int code, int number)
{
	if ((code & 0xff) == SQLITE_FULL)
		return true;
	return (code & 0xff) == SQLITE_IOERR && (number == ENOSPC || number == EDQUOT);
}

static const char not_unique[] = "UNIQUE constraint failed: ";

static bool is_duplicate_key(const char *text, const char *column)
{
	if (strncmp(text, not_unique, strlen(not_unique)) != 0)
		return false;
	const char *dot = strchr(text + strlen(not_unique), '.');
	return dot && strcmp(dot + 1, column) == 0;
}

/* Whether the file is damaged. If the format number in the header is damaged, SQLite does not return
 * SQLITE_CORRUPT, but another code with the text "unsupported file format". */
static bool is_damaged(int code, const char *text)
{
	return (code & 0xff) == SQLITE_CORRUPT || strcmp(text, "unsupported file format") == 0;
}

/* Describes all other errors. If a migration changes a table that a view or trigger of another program uses, SQLite
 * reports "error in view NAME: no such column: x". */
static enum err describe_other_error(const struct sqlite_db *db, int code, const char *what, const char *text,
				     struct error *error)
{
	static const char *const kinds[] = { "view", "trigger" };

	for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
		char begin[24];
		size_t length = (size_t)snprintf(begin, sizeof begin, "error in %s ", kinds[i]);
		const char *reason = strstr(text, ": ");

		if (!strncmp(text, begin, length) && reason)
			return error_set(error, ERR_STORE,
					 "store %s has the %s %.*s, which prevents the change (%s); nothing was "
					 "changed: drop the %s, try again, and create it again",
					 db->path, kinds[i], (int)strcspn(text + length, ": "), text + length,
					 reason + 2, kinds[i]);
	}
	/* The program's statements do not match the tables of the store: another program has changed the schema, or
	 * the version in the header. */
	if (code == SQLITE_ERROR)
		return error_set(error, ERR_STORE,
				 "store %s is damaged: its tables do not match its version (%s at %s); stop using "
				 "it and restore a backup",
				 db->path, text, what);
	return error_set(error, ERR_INTERNAL, "the store failed at %s: %s", what, text);
}

enum err sqlite_set_error(struct sqlite_db *db, sqlite3 *handle, const char *what, int code, struct error *error)
{
	int number = handle ? sqlite3_system_errno(handle) : 0;
	const char *reason = number ? strerror(number) : sqlite3_errstr(code);
	const char *text = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(code);

	if (is_storage_full(code, number))
		return error_set(
			error, ERR_STORE,
			"the disk is full: store %s cannot grow, and nothing was changed; make room and try again",
			db->path);
	if (is_damaged(code, text))
		return error_set(error, ERR_STORE, "store %s is damaged (%s); stop using it and restore a backup",
				 db->path, text);
	switch (code & 0xff) {
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
		return error_set(error, ERR_STORE,
				 "store %s was locked by another process; nothing was changed, try again", db->path);
	case SQLITE_NOTADB:
		return error_set(error, ERR_STORE,
				 "%s is not a kybdesk store, or its first page is damaged; give the path of a store",
				 db->path);
	case SQLITE_CANTOPEN:
		return error_set(error, ERR_STORE, "store %s cannot be opened: %s; check its path and its permissions",
				 db->path, reason);
	case SQLITE_READONLY:
	case SQLITE_PERM:
		return error_set(error, ERR_STORE, "store %s cannot be written: the file or its folder is read-only",
				 db->path);
	case SQLITE_IOERR:
		return error_set(error, ERR_STORE, "store %s cannot be read or written: %s (%s)", db->path, reason,
				 sqlite3_errstr(code));
	case SQLITE_INTERRUPT:
		return error_set(error, ERR_INTERNAL, "cancelled");
	case SQLITE_NOMEM:
		return error_set(error, ERR_INTERNAL, "no memory left for the store's statement %s", what);
	case SQLITE_CONSTRAINT:
		/* Ids that this program makes never collide: a duplicate id was in the input. */
		if (is_duplicate_key(text, "uuid"))
			return error_set(error, ERR_CONFLICT,
					 "the id of a %.*s is already used in this store; leave the id out or give "
					 "another one",
					 (int)strcspn(text + strlen(not_unique), "."), text + strlen(not_unique));
		/* The store assigns the primary keys itself. A duplicate means that the index does not find an
		 * existing row. */
		if (is_duplicate_key(text, "id"))
			return error_set(error, ERR_STORE,
					 "store %s is damaged: a new row has the number of another row (%s at %s); "
					 "stop using it and restore a backup",
					 db->path, text, what);
		return error_set(error, ERR_INTERNAL, "the store refused %s: %s", what, text);
	case SQLITE_TOOBIG:
		return error_set(error, ERR_INVALID, "a value is too large for the store (%s)", what);
	default:
		return describe_other_error(db, code, what, text, error);
	}
}
