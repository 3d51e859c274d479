/* Inboxes and pages of cases. No count needs a scan, and no page uses OFFSET: triggers maintain the counts of the
 * seven inboxes, and a page merges keyset reads of one index per inbox. src/store/list/filter_sql.c translates
 * struct filter to SQL.
 *
 * Sort orders: due: most urgent first (due, then higher risk, then older; without a due time last); updated: newest
 * change first; risk: highest first, without a score last; name: A to Z. `reverse` reverses each order. A decided
 * case keeps its due_at, so that pages do not shift while other reviewers decide cases.
 *
 * Filters: a case must match every key: one of the key's values, or all of the key's bounds (risk>20 risk<60). Every
 * word must match, as a prefix; a word without letters and digits is ignored. A negated term (-key:value) selects all
 * cases that do not match the term, including cases with an unknown value. The value of country: is converted to upper
 * case, and compared as a code. */
#ifndef KYBDESK_STORE_LIST_H
#define KYBDESK_STORE_LIST_H

#include "kybdesk/domain/filter.h"
#include "kybdesk/store/store.h"

enum err store_inbox_counts(struct store *store, int64_t counts[INBOX_COUNT], struct error *error);
/* Number of visible top sessions of a merchant, which triggers maintain. store_merchant_counts_check(): number of
 * wrong counts, over all merchants. */
enum err store_merchant_count(struct store *store, int64_t merchant, int64_t *count, struct error *error);
enum err store_merchant_counts_check(struct store *store, int64_t *wrong, struct error *error);
/* ERR_INVALID, field "after": the cursor is invalid, or belongs to a list in another order. ERR_INVALID with the
 * nearest name: the filter has an unknown merchant, reviewer or workflow. */
enum err store_list(struct store *store, struct arena *arena, const struct list_query *query, struct list_page *out,
		    struct error *error);
/* Calls `each` for every match in the query's order, in constant memory; in one snapshot if a transaction is open.
 * Ignores limit and after. An error of `each` ends the list and is returned; the item is valid only during the call
 * of `each`. */
enum err store_list_scan(struct store *store, const struct list_query *query,
			 enum err (*each)(void *context, const struct session_item *item, struct error *error),
			 void *context, struct error *error);
enum err store_list_summary(struct store *store, const struct list_query *query, struct list_summary *out,
			    struct error *error);
/* Number of matches; stops at `at_most` (0: counts all). */
enum err store_list_count(struct store *store, const struct list_query *query, int64_t at_most, int64_t *count,
			  struct error *error);
/* Finds the most urgent matching session that is unclaimed and not waiting; *row 0: none. Urgency: overdue, then
 * due, then risk, then age. Only top sessions; if query->inboxes is 0, only of the inboxes manual_review and
 * completed. Ignores the query's sort and limit. */
enum err store_list_next_row(struct store *store, const struct list_query *query, int64_t *row, struct error *error);
/* The SQL of a page, for tests of EXPLAIN QUERY PLAN; "" if nothing can match. */
enum err store_list_sql(struct store *store, struct arena *arena, const struct list_query *query, const char **sql,
			struct error *error);

#endif
