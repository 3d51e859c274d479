/* Writes conditions of a filter as SQL, for list_plan.c, which chooses the plan. */
#ifndef KYBDESK_STORE_FILTER_SQL_H
#define KYBDESK_STORE_FILTER_SQL_H

#include "list_plan.h"

struct filter_builder {
	struct store *store;
	struct arena *arena;
	const struct list_query *query;
	struct list_sql sql;		   /* the conditions, and their parameters */
	size_t now_param;		   /* number of the parameter with the time now; 0: not bound yet */
	size_t tag_params[2], level_param; /* parameters of the last wanted tag (its key; its value, or 0) and level */
	size_t mention_param;		   /* parameter of the last wanted mention */
	const char *
		id_sessions_sql; /* SQL that selects the sessions of all wanted ids; NULL: the filter has no such ids */
	struct error *error;
};

/* SQL: ids of the sessions with an unanswered mention of a reviewer (parameter $n, written "/ana/"), and of all
 * sessions above them. */
#define MENTIONED_SESSIONS                                                                                             \
	"(WITH RECURSIVE up (id) AS (SELECT n.session_id FROM note AS n WHERE n.mentioned <> '' AND "                  \
	"replace(n.mentioned, $%zu, '') <> n.mentioned UNION SELECT p.parent_id FROM up JOIN session AS p "            \
	"ON p.id = up.id WHERE p.parent_id IS NOT NULL) SELECT id FROM up)"

void filter_builder_init(struct filter_builder *builder, struct store *store, struct arena *arena,
			 const struct list_query *query, struct error *error);
void filter_builder_release(struct filter_builder *builder);
/* Adds every term except words and inboxes. ERR_INVALID: a term has an unknown name. */
enum err filter_add_all_terms(struct filter_builder *builder);
/* Adds the condition for the wanted values or bounds of one key; ignores excluded terms. */
enum err filter_add_positive_terms(struct filter_builder *builder, enum filter_key key);
/* Number of wanted (not excluded) terms of a key. */
size_t filter_count_positive_terms(const struct filter *filter, enum filter_key key);
/* Adds the condition "s is unclaimed at $now". */
void filter_add_unclaimed_sql(struct strbuf *out, size_t now);

#endif
