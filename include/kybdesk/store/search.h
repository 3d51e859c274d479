/*
 * A list read in steps, for somebody who waits for its first rows: each step looks at rows of the list's order for so
 * long as a step may take (list_bounds.step_ms), and gives what was found so far, in order, how many rows were looked
 * at, and of how many. The steps together give what store_list() and store_list_count() give, row for row.
 *
 * Between two steps nothing is held: no statement, no transaction. A step reads the moment that it runs in, as each
 * page of a list does (list.h). So while others change the store a search gives each case once, as it was when the
 * search came by it: no case that did not match then, and every case that matched all the while and kept its place in
 * the order. Words are asked for when it begins.
 *
 * The first step only walks. Each later one also reads, as long as that is of use, what one of the filter's conditions
 * leaves from the condition's own index: that is one statement, however many they are.
 */
#ifndef KYBDESK_STORE_SEARCH_H
#define KYBDESK_STORE_SEARCH_H

#include "kybdesk/store/list.h"

/* Any limit up to LIST_LIMIT_MAX. at_most: counts so far and no further; 0: counts all. Copies the query, touches no
 * store, and may be ended on any thread. */
struct list_search *store_search_begin(const struct list_query *query, int64_t at_most);
void store_search_end(struct list_search *search); /* accepts NULL */
/* What was found lives in the arena. Errors as of store_list(); after one the search can only be ended. */
enum err store_search_step(struct store *store, struct arena *arena, struct list_search *search,
			   struct list_found *out, struct error *error) KYB_MUST_USE;
/* Where a page goes on behind the first `count` that were found; "" as long as none is known to come behind them. */
const char *store_search_cursor(const struct list_search *search, struct arena *arena, size_t count);

#endif
