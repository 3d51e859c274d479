/* Turns a list_query into SQL, for the files of src/store/ that read lists. list_plan_make() resolves the names in
 * a filter and chooses the plan; the plan's predicate uses the alias `s` for the session and the first parameters.
 * list_sql_add_branches() writes the SELECTs of the plan: one ordered read of one index per inbox (and for top
 * sessions and subsessions), merged without a sort; or, if few sessions can match, a read of only these sessions.
 *
 * A scan that reads only an index is cheap; a read of a session's row is not. So the sessions with a frequent word
 * are one set of ids, and the scan reads only rows in the set. A scan first reads a number of rows in order
 * (plan.scan_row_count). If these rows do not fill a page, list_plan_collect() reads the ids of each condition from the
 * condition's own index. Then only the rows that are in all these sets are read: sorted, or found by a scan.
 *
 * Decided sessions with an open alert are few, and have a SELECT of their own, with all conditions. In the order by due
 * time they stand before all other sessions. Merchants' lists have neither. */
#ifndef KYBDESK_STORE_LIST_PLAN_H
#define KYBDESK_STORE_LIST_PLAN_H

#include "id_set.h"
#include "kybdesk/store/list.h"

#define LIST_INBOXES_ALL ((1u << INBOX_COUNT) - 1u)
#define LIST_INBOXES_DECIDED (1u << INBOX_APPROVED | 1u << INBOX_REJECTED)
#define LIST_KEYS_MAX 3
/* FROM clause of the sessions `s` with an open alert. */
#define OPEN_ALERTS                                                                                                    \
	"(SELECT DISTINCT session_id AS id FROM alert WHERE closed_at IS NULL) AS hit {then} session AS s ON s.id = "  \
	"hit.id"

struct list_binding {
	char type; /* 'i' integer, 't' text, 's' set of ids */
	int64_t number;
	const char *text;
	const struct id_set *set;
};
struct list_sql {
	struct arena *arena;
	struct strbuf text;
	struct list_binding *bindings;
	size_t count, capacity;
	size_t set_param, excluded_set_param; /* parameters of the plan's sets; 0: the plan has no such set */
};

enum list_source {
	LIST_FROM_INDEX,    /* scan the index of the sort order, one branch for each inbox */
	LIST_FROM_FEW_ROWS, /* read the few rows that one condition leaves, and sort them */
	LIST_FROM_SET	    /* read the rows with the ids in the plan's set, and sort them */
};
struct list_plan {
	unsigned inboxes;	 /* a bit for each inbox; 0: no session can match */
	unsigned alert_inboxes;	 /* inboxes of decided sessions with an open alert, which are read first; 0: none */
	unsigned top_level_bits; /* bit 1: top sessions; bit 0: subsessions */
	enum list_source source;
	const char *few_rows;		 /* LIST_FROM_FEW_ROWS: FROM clause of the few sessions, with the alias s */
	bool index_starts_with_top;	 /* `top` is the first column of the FROM clause's index */
	bool index_starts_with_inbox;	 /* the first columns of this index are `inbox` and `top` */
	const char *predicate;		 /* "" or conditions joined by AND */
	const char *match;		 /* query of the full-text index, bound as $1; NULL: the query has no words */
	bool few_rows_are_matches;	 /* the few rows are the rows that match the words */
	bool has_extra_terms;		 /* the predicate has conditions that are not in the query */
	bool has_id_set;		 /* the set contains all matches, so the words need no further search */
	struct id_set set, excluded_set; /* excluded_set: ids that do not match */
	size_t scan_row_count;		 /* rows to scan before the plan is refined; 0: all */
	struct list_binding *bindings;
	size_t binding_count;
};

/* The sort columns; every order ends with the id. */
struct list_order {
	const char *columns[LIST_KEYS_MAX];
	size_t count;
	bool first_key_is_text; /* whether the first column is a text */
	bool is_descending;
	const char *index; /* index for this order, which begins with the inbox */
};
struct list_sort_key {
	int64_t numbers[LIST_KEYS_MAX]; /* unused members are 0 */
	const char *name;		/* first_key_is_text: the first column, instead of numbers[0]; otherwise "" */
	int64_t id;
};

extern const struct list_bounds list_bounds_default;

void list_order_of(const struct list_query *query, struct list_order *out);
/* Returns <0 if the list has `a` before `b`, 0 if the keys are equal, >0 if `b` is before `a`. */
int list_key_compare(const struct list_order *order, const struct list_sort_key *a, const struct list_sort_key *b);

/* Makes the plan; release it also after a failure. */
enum err list_plan_make(struct store *store, struct arena *arena, const struct list_query *query, struct list_plan *out,
			struct error *error);
void list_plan_release(struct list_plan *plan);
/* For a plan with scan_row_count > 0: collects the ids of all possible matches; afterwards the plan reads all
 * matches. */
enum err list_plan_collect(struct store *store, struct arena *arena, const struct list_query *query,
			   struct list_plan *plan, struct error *error);
/* Like list_plan_collect(), for one condition per call. The store may change between calls, so the predicate is
 * still checked. The parts live in `arena`, which may differ from the builder's arena. */
struct query_parts *split_query_parts(struct arena *arena, const struct list_query *query);
struct filter_builder;
enum err list_plan_collect_part(struct filter_builder *builder, struct list_plan *plan, struct query_parts *parts,
				bool *done);
/* Whether the ids that were read replace the plan's whole predicate; call it after the last part. */
bool list_parts_cover_query(const struct query_parts *parts);
/* Makes the plan read every match of the search words first: best for sums, which need all matches in any order. */
void list_plan_use_match(struct list_plan *plan);
/* Narrows the plan to unclaimed sessions that do not wait for others. With query->include_first_approvals, sessions
 * that wait for a second approval by this actor are free, too. */
void list_plan_require_available(struct list_plan *plan, struct arena *arena, const struct list_query *query);

/* list_add_top_clause() appends "s.top = 1" or similar, list_add_inbox_words() appends "('pending', 'approved')". */
void list_add_top_clause(struct strbuf *out, const struct list_plan *plan);
void list_add_inbox_words(struct strbuf *out, unsigned inboxes);

void list_sql_begin(struct list_sql *sql, struct arena *arena, const struct list_plan *plan);
void list_sql_release(struct list_sql *sql);
/* Adds a parameter; returns its number. */
size_t list_sql_bind_int(struct list_sql *sql, int64_t value);
size_t list_sql_bind_text(struct list_sql *sql, const char *value);
/* Writes SELECT `columns` FROM … WHERE … [UNION ALL …]. order: each branch reads its index in this order (NULL: any
 * order); after: only rows after this key (NULL: all rows). */
void list_sql_add_branches(struct list_sql *sql, const struct list_plan *plan, const char *columns,
			   const struct list_order *order, const struct list_sort_key *after);
/* Adds ORDER BY again after a join that reads the table of keys first, for databases in which a join does not keep
 * the order of its left side. */
void list_sql_add_outer_order(struct list_sql *sql, const struct list_order *order, const char *table);
/* Writes a SELECT of id and k1, k2, … in the order, of at most `limit` rows after `after`. */
void list_sql_add_key_page(struct list_sql *sql, const struct list_plan *plan, const struct list_order *order,
			   const struct list_sort_key *after, size_t limit);
/* Writes one SELECT over the whole table, for sums over all matches. */
void list_sql_add_table_scan(struct list_sql *sql, const struct list_plan *plan, const char *columns);
enum err list_sql_prepare(struct store *store, const char *name, struct list_sql *sql, struct query **out,
			  struct error *error);

/* list.c: reads the key of a row; its order columns begin at the result `first`. Does not read the id. */
void list_key_read_row(struct query *query, struct arena *arena, const struct list_order *order, int first,
		       struct list_sort_key *out);
/* Moves the last key to its position in the sorted keys: a join does not guarantee the order of its rows, but they
 * usually arrive in order, so a call costs one comparison. items: moved with the keys, or NULL. */
void list_keys_sort_last(const struct list_order *order, struct list_sort_key *keys, struct session_item *items,
			 size_t last);
struct list_rows {
	struct session_item *items;
	struct list_sort_key *keys;
	size_t count;
};
/* Reads limit + 1 sessions, or fewer if the list ends before. */
enum err list_rows_read(struct store *store, struct arena *arena, const struct list_query *query, struct list_rows *out,
			struct error *error);
/* The sessions with these ids, in the query's order. */
enum err list_rows_read_by_ids(struct store *store, struct arena *arena, const struct list_query *query,
			       const struct id_set *ids, struct list_rows *out, struct error *error);
/* Counts the sessions that a plan matches; at_most 0: counts all. */
enum err list_count_plan_rows(struct store *store, const struct list_plan *plan, int64_t at_most, int64_t *count,
			      struct error *error);
/* Number of sessions in these inboxes, without subsessions. */
enum err list_sum_inbox_counts(struct store *store, unsigned inboxes, int64_t *sum, struct error *error);

/* Cursors contain the key, the order and a short hash of the query, so that a cursor of another list is refused. */
const char *list_cursor_write(struct arena *arena, const struct list_query *query, const struct list_sort_key *key);
/* Reads a cursor. ERR_INVALID, field "after": the cursor is not valid for this query. */
enum err list_cursor_read(struct arena *arena, const struct list_query *query, struct list_sort_key *out,
			  struct error *error);

/* summary.c: counts all cases with the filter due:over, or all cases that wait for any party. Such a count reads
 * one index, up to `most` cases (0: all), which is fast enough for every drawing of the screen. For any other
 * query, the results are false and -1. */
bool list_has_fast_count(const struct list_query *query);
enum err list_read_fast_count(struct store *store, const struct list_query *query, int64_t most, int64_t *count,
			      struct error *error);

#endif
