/*
 * Inboxes and pages. No OFFSET, no scan for counts: the seven counts are rows
 * kept by triggers, a page is a keyset read of one index per inbox, merged
 * (quality.md "Measured beforehand"). struct filter → SQL is in src/store/list/filter_sql.c.
 *
 * Orders: due: most urgent first (due, then higher risk, then older; not due
 * at all comes last); updated: newest change first; risk: highest first, without
 * a score last; name: A to Z. `reverse` turns each around. A decided case keeps its
 * due_at, so that pages do not shift while others decide.
 *
 * Filters: any of the values of one key, all of the keys; bounds of one key
 * (risk>20 risk<60) all hold; words all match, each from its beginning; a word without
 * letters and digits narrows nothing; what is left out (-key:value) is whatever does not match,
 * also where the value is unknown. country: is compared as given, in upper case.
 */
#ifndef KYBDESK_STORE_LIST_H
#define KYBDESK_STORE_LIST_H

#include "kybdesk/domain/filter.h"
#include "kybdesk/store/store.h"

enum err store_inbox_counts(struct store *store, int64_t counts[INBOX_COUNT], struct error *error) KYB_MUST_USE;
/* Top sessions of a merchant that are not hidden, kept by triggers; and how many of these counts are not right. */
enum err store_merchant_count(struct store *store, int64_t merchant, int64_t *count,
			      struct error *error) KYB_MUST_USE;
enum err store_merchant_counts_wrong(struct store *store, int64_t *wrong, struct error *error) KYB_MUST_USE;
/* ERR_INVALID field "after" for a cursor that is broken or of another sort. Unknown merchants, reviewers, workflows in
 * a filter are ERR_INVALID naming the nearest. */
enum err store_list(struct store *store, struct arena *arena, const struct list_query *query, struct list_page *out,
		    struct error *error) KYB_MUST_USE;
/* All that match, in the query's order, one by one: of one moment, when a transaction is open, and in as much memory as one takes.
 * limit and after do not matter. What `each` returns but ERR_OK ends it, and is returned; the item is valid for the call. */
enum err store_list_each(struct store *store, const struct list_query *query,
			 enum err (*each)(void *context, const struct session_item *item, struct error *error),
			 void *context, struct error *error) KYB_MUST_USE;
enum err store_list_summary(struct store *store, const struct list_query *query, struct list_summary *out,
			    struct error *error) KYB_MUST_USE;
/* How many match; stops at `at_most` (0: counts all). */
enum err store_list_count(struct store *store, const struct list_query *query, int64_t at_most, int64_t *count,
			  struct error *error) KYB_MUST_USE;
/* The most urgent session that matches, is held by nobody (claims that ran out count as nobody), does not wait;
 * *row 0 when there is none. Urgent: overdue, then due, then risk, then age. Top
 * sessions only; inboxes 0: manual_review and completed. query's sort and limit do not matter. */
enum err store_list_next(struct store *store, const struct list_query *query, int64_t *row,
			 struct error *error) KYB_MUST_USE;
/* The SQL of a page, for tests that read EXPLAIN QUERY PLAN; "" when nothing can match. */
enum err store_list_sql(struct store *store, struct arena *arena, const struct list_query *query, const char **sql,
			struct error *error) KYB_MUST_USE;

#endif
