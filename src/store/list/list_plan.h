/*
 * How a list_query becomes SQL, for the files of src/store/ that read lists.
 *
 * list_plan_make() resolves the names of a filter and decides how to read; the
 * plan's predicate speaks of the session as `s` and owns the first parameters.
 * list_sql_branches() writes the SELECTs over it: one ordered read of one index
 * for each inbox (and for top sessions and subsessions), merged without a sort;
 * or, when few sessions hold the words searched for, a read of those alone.
 */
#ifndef KYBDESK_STORE_LIST_PLAN_H
#define KYBDESK_STORE_LIST_PLAN_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/list.h"

#define LIST_INBOXES_ALL ((1u << INBOX_COUNT) - 1u)
/* With more text hits than this, walking the order's index and asking for each row costs less than sorting hits. */
#define LIST_TEXT_FEW 20000
/* The same for any other condition, which costs less to ask for. */
#define LIST_FEW 5000
#define LIST_KEYS_MAX 3

struct list_bind {
	char type; /* 'i' or 't' */
	int64_t number;
	const char *text;
};
struct list_sql {
	struct arena *arena;
	struct strbuf text;
	struct list_bind *binds;
	size_t count, capacity;
};

enum list_source {
	LIST_FROM_INDEX, /* walk the order's index, one branch for each inbox */
	LIST_FROM_FEW	 /* read the few that one condition leaves, and sort them */
};
struct list_plan {
	unsigned inboxes; /* bits; 0: nothing can match */
	unsigned tops;	  /* bit 1: top sessions; bit 0: subsessions */
	enum list_source source;
	const char *few;       /* LIST_FROM_FEW: the FROM clause that finds them, giving s */
	bool few_by_top;       /* their index begins with top, */
	bool few_by_inbox;     /* or with the inbox and top */
	const char *predicate; /* "" or conditions joined by AND */
	const char *match;     /* of the full-text index, bound as $1; NULL: no words */
	bool match_in_few;     /* the few are those that match */
	bool capped;
	struct list_bind *binds;
	size_t bind_count;
};

/* What the rows are in order of; every order ends with the id. */
struct list_order {
	const char *columns[LIST_KEYS_MAX];
	size_t count;
	bool by_name; /* the first column is text */
	bool descending;
	const char *index, *inbox_index;
};
struct list_key {
	int64_t numbers[LIST_KEYS_MAX]; /* unused ones are 0 */
	const char *name;		/* "" unless by_name, then in place of numbers[0] */
	int64_t id;
};

void list_order_of(const struct list_query *query, struct list_order *out);
/* <0, 0, >0 in the order's own direction. */
int list_key_compare(const struct list_order *order, const struct list_key *a, const struct list_key *b);

enum err list_plan_make(struct store *store, struct arena *arena, const struct list_query *query,
			struct list_plan *out, struct error *error) KYB_MUST_USE;
/* Every hit of the words, for sums that look at all of them in no order. */
void list_plan_from_words(struct list_plan *plan);
/* Only sessions that nobody holds and that do not wait for others. */
void list_plan_narrow_to_free(struct list_plan *plan, struct arena *arena, int64_t now);

/* "s.top = 1" and the like; "('pending', 'approved')". */
void list_add_top(struct strbuf *out, const struct list_plan *plan);
void list_add_inbox_words(struct strbuf *out, unsigned inboxes);

void list_sql_begin(struct list_sql *sql, struct arena *arena, const struct list_plan *plan);
void list_sql_release(struct list_sql *sql);
/* The number of the new parameter. */
size_t list_sql_int(struct list_sql *sql, int64_t value);
size_t list_sql_text(struct list_sql *sql, const char *value);
/* SELECT `columns` FROM … WHERE … [UNION ALL …]. order: each branch reads its index in it (NULL: in any order);
 * after: only rows behind it (NULL: all). */
void list_sql_branches(struct list_sql *sql, const struct list_plan *plan, const char *columns,
		       const struct list_order *order, const struct list_key *after);
/* One SELECT over the whole table, for sums over everything. */
void list_sql_whole(struct list_sql *sql, const struct list_plan *plan, const char *columns);
enum err list_sql_query(struct store *store, const char *name, struct list_sql *sql, struct query **out,
			struct error *error) KYB_MUST_USE;

/* Cursors carry the key, the order and a short hash of the query, so that one of another list is refused. */
const char *list_cursor_write(struct arena *arena, const struct list_query *query, const struct list_key *key);
/* ERR_INVALID, field "after". */
enum err list_cursor_read(struct arena *arena, const struct list_query *query, struct list_key *out,
			  struct error *error) KYB_MUST_USE;

/* inbox.c: what is over due is counted before every frame, by an index that holds nothing else. */
bool list_is_overdue_only(const struct list_query *query); /* due:over over all cases, and no more */
enum err list_overdue_count(struct store *store, int64_t now, int64_t most, int64_t *count,
			    struct error *error) KYB_MUST_USE;

#endif
