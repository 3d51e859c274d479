/*
 * Inboxes and pages. No OFFSET, no scan for counts: the seven counts are rows
 * kept by triggers, a page is a keyset read of one index per inbox, merged
 * (quality.md "Measured beforehand"). struct filter → SQL is in src/store/filter_sql.c.
 */
#ifndef KYBDESK_STORE_LIST_H
#define KYBDESK_STORE_LIST_H

#include "kybdesk/domain/filter.h"
#include "kybdesk/store/store.h"

enum err store_inbox_counts(struct store *store, int64_t counts[INBOX_COUNT], struct error *error) KYB_MUST_USE;
/* ERR_INVALID field "after" for a cursor that is broken or of another sort. Unknown merchants, reviewers, workflows in
 * a filter are ERR_INVALID naming the nearest. */
enum err store_list(struct store *store, struct arena *arena, const struct list_query *query, struct list_page *out,
		    struct error *error) KYB_MUST_USE;
enum err store_list_summary(struct store *store, const struct list_query *query, struct list_summary *out,
			    struct error *error) KYB_MUST_USE;
/* How many match; stops at `at_most` (0: counts all). */
enum err store_list_count(struct store *store, const struct list_query *query, int64_t at_most, int64_t *count,
			  struct error *error) KYB_MUST_USE;
/* The most urgent session that matches, is held by nobody (claims that ran out count as nobody), does not wait;
 * *row 0 when there is none. Urgent: overdue, then due, then risk, then age. */
enum err store_list_next(struct store *store, const struct list_query *query, int64_t *row,
			 struct error *error) KYB_MUST_USE;
/* The SQL of a page, for tests that read EXPLAIN QUERY PLAN. */
enum err store_list_sql(struct store *store, struct arena *arena, const struct list_query *query, const char **sql,
			struct error *error) KYB_MUST_USE;
/* 1-based place of a session within the query's order (for "3 of 128"); capped like store_list_count. */
enum err store_list_position(struct store *store, const struct list_query *query, int64_t row, int64_t at_most,
			     int64_t *position, struct error *error) KYB_MUST_USE;

#endif
