/*
 * How a list_query becomes SQL, for the files of src/store/ that read lists.
 *
 * list_plan_make() resolves the names of a filter and decides how to read; the
 * plan's predicate speaks of the session as `s` and owns the first parameters.
 * list_sql_branches() writes the SELECTs over it: one ordered read of one index
 * for each inbox (and for top sessions and subsessions), merged without a sort;
 * or, when few sessions can match, a read of those alone.
 *
 * A walk reads the index only, which is cheap; a session's row is not. So the hits
 * of a frequent word are one set of ids, and the walk reads rows that are in it. And a
 * walk looks at so many rows of the order first (plan.look). When that fills no page,
 * list_plan_collect() reads the ids that each condition leaves from the condition's own index:
 * what is in all of them is read and sorted, or walked to, and nothing else is looked at.
 */
#ifndef KYBDESK_STORE_LIST_PLAN_H
#define KYBDESK_STORE_LIST_PLAN_H

#include "id_set.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/list.h"

#define LIST_INBOXES_ALL ((1u << INBOX_COUNT) - 1u)
#define LIST_KEYS_MAX 3

struct list_bind {
	char type; /* 'i', 't', or 's' for a set */
	int64_t number;
	const char *text;
	const struct id_set *set;
};
struct list_sql {
	struct arena *arena;
	struct strbuf text;
	struct list_bind *binds;
	size_t count, capacity;
	size_t set, without; /* parameters of the plan's sets; 0: none */
};

enum list_source {
	LIST_FROM_INDEX, /* walk the order's index, one branch for each inbox */
	LIST_FROM_FEW,	 /* read the few rows that one condition leaves, and sort them */
	LIST_FROM_SET	 /* the same with the rows of the set */
};
struct list_plan {
	unsigned inboxes; /* bits; 0: nothing can match */
	unsigned tops;	  /* bit 1: top sessions; bit 0: subsessions */
	enum list_source source;
	const char *few;	    /* LIST_FROM_FEW: the FROM clause that finds them, as s */
	bool few_by_top;	    /* their index begins with top, */
	bool few_by_inbox;	    /* or with the inbox and top */
	const char *predicate;	    /* "" or conditions joined by AND */
	const char *match;	    /* of the full-text index, bound as $1; NULL: no words */
	bool match_in_few;	    /* the few rows are the matches */
	bool narrowed;		    /* the predicate says more than the query does */
	bool within;		    /* the set holds all matches; no other search for its words */
	struct id_set set, without; /* matches are not in `without` */
	size_t look;		    /* rows in order to read before refining the plan; 0: all */
	struct list_bind *binds;
	size_t bind_count;
};

/* What the rows are in order of; every order ends with the id. */
struct list_order {
	const char *columns[LIST_KEYS_MAX];
	size_t count;
	bool by_name; /* the first column is text */
	bool descending;
	const char *index; /* of an inbox */
};
struct list_key {
	int64_t numbers[LIST_KEYS_MAX]; /* unused ones are 0 */
	const char *name;		/* "" unless by_name, then in place of numbers[0] */
	int64_t id;
};

extern const struct list_bounds list_bounds_default;

void list_order_of(const struct list_query *query, struct list_order *out);
/* <0, 0, >0 in the order's own direction. */
int list_key_compare(const struct list_order *order, const struct list_key *a, const struct list_key *b);

/* Released also when it fails. */
enum err list_plan_make(struct store *store, struct arena *arena, const struct list_query *query,
			struct list_plan *out, struct error *error) KYB_MUST_USE;
void list_plan_release(struct list_plan *plan);
/* For a plan that looks first: where what matches can be; afterwards it reads all of it. */
enum err list_plan_collect(struct store *store, struct arena *arena, const struct list_query *query,
			   struct list_plan *plan, struct error *error) KYB_MUST_USE;
/* The same one condition at a time, between which the store may change: then the predicate is asked for all the same. The parts live in
 * the arena, which need not be the builder's. */
struct list_parts *list_parts_of(struct arena *arena, const struct list_query *query);
struct filter_builder;
enum err list_plan_collect_next(struct filter_builder *builder, struct list_plan *plan, struct list_parts *parts,
				bool *done) KYB_MUST_USE;
/* After the last: whether the sets say all that the predicate says. */
bool list_parts_are_all(const struct list_parts *parts);
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
size_t list_sql_set(struct list_sql *sql, const struct id_set *set);
/* SELECT `columns` FROM … WHERE … [UNION ALL …]. order: each branch reads its index in it (NULL: in any order);
 * after: only rows behind it (NULL: all). */
void list_sql_branches(struct list_sql *sql, const struct list_plan *plan, const char *columns,
		       const struct list_order *order, const struct list_key *after);
/* Behind a join that reads the table of keys first: in their order, which not every database keeps. */
void list_sql_order_anew(struct list_sql *sql, const struct list_order *order, const char *table);
/* SELECT id and k1, k2, … in the order, so many. */
void list_sql_keys(struct list_sql *sql, const struct list_plan *plan, const struct list_order *order,
		   const struct list_key *after, size_t limit);
/* One SELECT over the whole table, for sums over everything. */
void list_sql_whole(struct list_sql *sql, const struct list_plan *plan, const char *columns);
enum err list_sql_query(struct store *store, const char *name, struct list_sql *sql, struct query **out,
			struct error *error) KYB_MUST_USE;

/* list.c: the key of a row; its order columns begin at `first`. The id is not read. */
void list_key_read(struct query *query, struct arena *arena, const struct list_order *order, int first,
		   struct list_key *out);
/* Moves the last key to its place: a join does not guarantee the order of its rows. Rows usually arrive in order, so
 * this costs one comparison each. items: moved with the keys; NULL: none. */
void list_keys_in_order(const struct list_order *order, struct list_key *keys, struct session_item *items,
			size_t last);
struct list_rows {
	struct session_item *items;
	struct list_key *keys;
	size_t count;
};
/* One more than query->limit where there are more. */
enum err list_rows_read(struct store *store, struct arena *arena, const struct list_query *query,
			struct list_rows *out, struct error *error) KYB_MUST_USE;
/* Those with these ids, in the query's order. */
enum err list_rows_of(struct store *store, struct arena *arena, const struct list_query *query,
		      const struct id_set *ids, struct list_rows *out, struct error *error) KYB_MUST_USE;
/* How many a plan matches; at_most 0: counts all. */
enum err list_count_planned(struct store *store, const struct list_plan *plan, int64_t at_most, int64_t *count,
			    struct error *error) KYB_MUST_USE;
/* How many stand in these inboxes, subsessions left out. */
enum err list_sum_inboxes(struct store *store, unsigned inboxes, int64_t *sum, struct error *error) KYB_MUST_USE;

/* Cursors carry the key, the order and a short hash of the query, so that one of another list is refused. */
const char *list_cursor_write(struct arena *arena, const struct list_query *query, const struct list_key *key);
/* ERR_INVALID, field "after". */
enum err list_cursor_read(struct arena *arena, const struct list_query *query, struct list_key *out,
			  struct error *error) KYB_MUST_USE;

/* inbox.c: counts due:over or waiting for any party over all cases, up to `most` (0: all), from one index: fast enough
 * for every frame. Any other query: false, -1. */
bool list_counts_alone(const struct list_query *query);
enum err list_count_alone(struct store *store, const struct list_query *query, int64_t most, int64_t *count,
			  struct error *error) KYB_MUST_USE;

#endif
