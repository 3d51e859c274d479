/* Statements generated from a table of columns (domain/column.h). A row_sql describes one statement. Its text is
 * generated when a connection prepares it; its address identifies it, as for any other statement.
 *
 * Parameters: first the parameters of `keys` ($1 …, bound by the caller), then the columns' values. Results: first
 * `keys`, then the columns. */
#ifndef KYBDESK_STORE_COLUMNS_H
#define KYBDESK_STORE_COLUMNS_H

#include "kybdesk/domain/column.h"
#include "kybdesk/store/store.h"

/* Whether the session `s` has an open alert. */
#define HAS_ALERT "EXISTS (SELECT 1 FROM alert AS a WHERE a.session_id = s.id AND a.closed_at IS NULL)"

/* Conditions on the hit `h` or result `r` of check `c`: an adverse fact of a sanctions screening (domain/bad_news.h). */
#define IS_SANCTIONS_HIT "(h.class = 'sanctions' OR c.kind = 'ofac') AND h.state <> 'false_positive'"
#define IS_SANCTIONS_RESULT                                                                                            \
	"c.kind IN ('watchlist', 'ofac') AND r.status IN ('failed', 'hit') AND r.hits = 0 AND r.verdict NOT IN "       \
	"('cleared', 'waived')"

enum row_statement {
	ROW_INSERT,  /* keys: names of further columns, such as "session_id, place" */
	ROW_UPDATE,  /* keys: assignments such as "version = version + 1", or NULL; the text begins with WHERE */
	ROW_COMPARE, /* results: for each column, whether the row has this value; keys: a condition, or NULL */
	ROW_SELECT   /* keys: expressions of further results, or NULL */
};

/* A column with another name or form than the generated statements expect (COLUMN_CUSTOM). */
struct row_override {
	const char *column;
	const char *read_sql;  /* expression of a SELECT; NULL: the column's name */
	const char *value_sql; /* expression of the written value, '$' for the parameter; NULL: the parameter */
	/* COLUMN_CUSTOM: convert the value to and from text. The text lives in the arena or is static. */
	const char *(*write)(struct arena *arena, const void *row);
	bool (*parse)(struct arena *arena, const char *text, void *row);
};

struct row_sql {
	struct sql sql; /* name of the statement, and the text that follows the generated columns */
	enum row_statement kind;
	const struct column_table *table;
	const char *keys;
	int key_count;
	unsigned with_flags;		      /* only columns with any of these flags; 0: the default of the kind */
	unsigned without_flags;		      /* without columns that have any of these flags */
	unsigned also_flags;		      /* columns with any of these flags, even if the kind leaves them out */
	const char *alias;		      /* SELECT: prefix of the column names, such as "p." */
	const struct row_override *overrides; /* ends with an entry without a column; NULL: no such columns */
	const bool *only_columns; /* which columns, by index in the table; NULL: all. Set by row_query_columns() */
};

/* Writes the statement's text for the driver. */
void row_sql_write(const struct sql *sql, struct strbuf *out);
enum err row_query(struct store *store, const struct row_sql *sql, struct query **out, struct error *error);
/* Like row_query(), but also binds the first parameters; params NULL: none. */
enum err row_select(struct store *store, const struct row_sql *sql, const struct db_params *params, struct query **out,
		    struct error *error);
/* Binds the columns' values and runs the statement. Texts of COLUMN_CUSTOM and COLUMN_TEXTS live until the statement
 * has run. */
enum err row_run(struct query *query, const struct row_sql *sql, const void *row, struct error *error);
/* Like row_run(), for a ROW_INSERT with {made} in its text; sets *row to the new key, only on success. */
enum err row_run_insert(struct query *query, const struct row_sql *sql, const void *values, int64_t *row,
			struct error *error);
/* The result of row_compare(), which works like row_run(), but runs a ROW_COMPARE. */
#define ROW_COLUMNS_MAX 192
struct row_changes {
	bool found,
		meets_keys_condition; /* whether the row exists; whether the condition in row_sql.keys is true for it */
	bool changed_columns[ROW_COLUMNS_MAX];
};
enum err row_compare(struct query *query, const struct row_sql *sql, const void *row, struct row_changes *out,
		     struct error *error);
/* Prepares a ROW_UPDATE of only these columns, because an UPDATE that names a column rewrites the column's indexes
 * even if the value is unchanged. Pass *made to row_run(). */
enum err row_query_columns(struct store *store, const struct row_sql *sql, const bool *only_columns,
			   struct row_sql *made, struct query **out, struct error *error);

/* Runs a ROW_INSERT or ROW_UPDATE with the parameters of its keys; keys NULL: no such parameters. */
enum err row_write(struct store *store, const struct row_sql *sql, const struct db_params *keys, const void *values,
		   struct error *error);
/* Like row_write(), for a ROW_INSERT with {made} (the generated key) in its SQL; also stores the key in `values`. */
enum err row_insert(struct store *store, const struct row_sql *sql, const struct db_params *keys, void *values,
		    struct error *error);

/* The store to read from, and the arena for the values. */
struct row_reader {
	struct store *store;
	const struct row_sql *sql;
	struct arena *arena;
};
/* Whether the text can be read as JSON, as in store_options.reads_json. */
bool row_json_is_readable(const struct store *store, const char *json);
/* Like row_read(), but returns the column with a value that neither the schema nor this program allows, or NULL. */
const struct column *row_read_columns(const struct row_reader *reader, const struct query *query, void *row);
/* Fills the struct from the current row; columns that the statement does not read get their empty value. */
enum err row_read(const struct row_reader *reader, const struct query *query, void *row, struct error *error);
/* Reads all rows of the reader's statement into *items. */
enum err rows_load(const struct row_reader *reader, const struct db_params *params, void **items, size_t *count,
		   struct error *error);
/* Reads the first row of the reader's statement. Without a row, all columns are empty, and so the key is 0. */
enum err row_load(const struct row_reader *reader, const struct db_params *params, void *row, struct error *error);
/* Reads all rows of a query with bound parameters into *items; ends the query. */
enum err rows_read(const struct row_reader *reader, struct query *query, void **items, size_t *count,
		   struct error *error);

/* The linker places the statements that the next macros define in a section of the program, so that a test can read
 * the plan of each statement. */
#define STATEMENT_IN(section_) __attribute__((section(section_), used, aligned(sizeof(void *))))
/* Several statements as one array. */
#define STATEMENTS(variable) static const struct sql variable[] STATEMENT_IN("kyb_statements")
#define ROW_STATEMENTS(variable) static const struct row_sql variable[] STATEMENT_IN("kyb_row_statements")
#define STATEMENT(variable, name_, text_)                                                                              \
	static const struct sql variable STATEMENT_IN("kyb_statements") = { (name_), text_ }
/* A statement generated from the columns of a table; further members of row_sql may follow the text. */
#define ROW_STATEMENT(variable, verb_, table_, name_, ...)                                                             \
	static const struct row_sql variable STATEMENT_IN("kyb_row_statements") = {                                    \
		.kind = (verb_), .table = &(table_), .sql.name = (name_), .sql.text = __VA_ARGS__                      \
	}

/* Defined by the linker: the first statement of each section, and the end of the section. */
extern const struct sql __start_kyb_statements[], __stop_kyb_statements[];
extern const struct row_sql __start_kyb_row_statements[], __stop_kyb_row_statements[];
/* All statements of the store, with fixed or generated texts; the list and generated texts live in the arena. */
struct sql *store_statements(struct arena *arena, size_t *count);

/* Runs every statement of an array in its order, with the row id as $1. */
enum err run_statements(struct store *store, const struct sql *items, size_t count, int64_t row, struct error *error);
#define RUN_EACH(store, array, row, error)                                                                             \
	run_statements((store), (array), sizeof(array) / sizeof(array)[0], (row), (error))

#endif
