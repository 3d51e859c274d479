/* Reads a list in steps, for a fast first page. Each step scans rows in the list's order for a limited time
 * (list_bounds.step_ms), and returns the matches found so far in order, the number of rows scanned, and the total
 * number of rows. All steps together return the same rows as store_list() and store_list_count().
 *
 * No statement and no transaction is open between steps. A step reads the current state, as each page of a list does
 * (list.h). So while others change the store, each case appears at most once, as it was when the search reached it:
 * a case that did not match at that moment never appears; a case that matched all the time and kept its place in the
 * order always appears. Names are resolved when the search begins.
 *
 * The first step only scans. Each later step also reads, with one statement, the ids of one condition of the filter
 * from that condition's index, until no further condition is needed. */
#ifndef KYBDESK_STORE_SEARCH_H
#define KYBDESK_STORE_SEARCH_H

#include "kybdesk/store/list.h"

/* query->limit: at most LIST_LIMIT_MAX. at_most: the search counts at most this many matches; 0: all. Copies the
 * query, and does not use the store; any thread may end the search. */
struct list_search *store_search_begin(const struct list_query *query, int64_t at_most);
void store_search_end(struct list_search *search); /* accepts NULL */
/* The result is in the arena. Errors: as in store_list(); after an error the search must be ended. */
enum err store_search_step(struct store *store, struct arena *arena, struct list_search *search,
			   struct search_progress *out, struct error *error);
/* Cursor of the page after the first `count` matches; "" if no further match is known. */
const char *store_search_cursor(const struct list_search *search, struct arena *arena, size_t count);

#endif
