#include "kybdesk/domain/bad_news.h"
#include "kybdesk/base/arena.h"
#include "kybdesk/domain/gate.h"
#include "kybdesk/domain/grounds.h"
#include "kybdesk/domain/results.h"

#include <stdlib.h>

static enum news_state state_of_hit(const struct hit *hit)
{
	static const enum news_state states[] = { [HIT_UNDETERMINED] = NEWS_UNDETERMINED,
						  [HIT_FALSE_POSITIVE] = NEWS_OUTDATED,
						  [HIT_ACCEPTED] = NEWS_CONFIRMED,
						  [HIT_TRUE_MATCH] = NEWS_CONFIRMED };

	/* A confirmed sanctions match cannot be accepted. */
	if (hit->state == HIT_ACCEPTED && hit->class_ != HIT_SANCTIONS && *hit->accepted_by)
		return hit_is_resolved(hit) ? NEWS_ACCEPTED : NEWS_OUTDATED;
	return states[hit->state];
}

/* A verdict of a store from before schema 6 names no facts, and stands. */
static bool is_cleared(const struct hit *hit)
{
	return hit->state == HIT_FALSE_POSITIVE && (hit_is_resolved(hit) || !*hit->basis);
}

static enum news_state state_of_result(const struct result *result)
{
	static const enum news_state states[] = { [RESULT_UNDETERMINED] = NEWS_UNDETERMINED,
						  [RESULT_CONFIRMED] = NEWS_CONFIRMED,
						  [RESULT_CLEARED] = NEWS_OUTDATED,
						  [RESULT_WAIVED] = NEWS_OUTDATED };

	return states[result->verdict];
}

static int compare_hits(const void *left, const void *right)
{
	return hit_compare(((const struct news *)left)->hit, ((const struct news *)right)->hit);
}

static void add_parties(struct arena *arena, const struct party *parties, size_t count, struct news_list *out)
{
	for (size_t i = 0; i < count; i++)
		if (parties[i].session_hit_open)
			*ARENA_PUSH(arena, out->items, out->count, out->capacity) =
				(struct news){ .state = NEWS_UNJUDGED, .party = &parties[i] };
}

void bad_news(struct arena *arena, const struct case_file *file, struct news_list *out)
{
	*out = (struct news_list){ 0 };
	for (size_t i = 0; i < file->check_count; i++) {
		const struct check *check = &file->checks[i];

		for (size_t h = 0; h < check->hit_count; h++)
			if (!is_cleared(&check->hits[h]))
				*ARENA_PUSH(arena, out->items, out->count, out->capacity) =
					(struct news){ .state = state_of_hit(&check->hits[h]),
						       .is_sanctions = hit_is_sanctions_hit(check, &check->hits[h]),
						       .check = check,
						       .hit = &check->hits[h] };
	}
	if (out->count)
		qsort(out->items, out->count, sizeof *out->items, compare_hits);
	for (size_t i = 0; i < file->check_count; i++) {
		const struct check *check = &file->checks[i];

		for (size_t r = 0; check->status != CHECK_WAIVED && r < check->result_count; r++)
			if (result_is_held(check, r))
				*ARENA_PUSH(arena, out->items, out->count, out->capacity) =
					(struct news){ .state = state_of_result(&check->results[r]),
						       .is_sanctions = check->kind == CHECK_WATCHLIST ||
								       check->kind == CHECK_OFAC,
						       .check = check,
						       .result = &check->results[r] };
	}
	add_parties(arena, file->parties, file->party_count, out);
	add_parties(arena, file->removed.items, file->removed.count, out);
}

bool case_has_bad_news(const struct case_file *file)
{
	struct arena scratch = ARENA_INIT;
	struct news_list found;
	bool unjudged = false;

	bad_news(&scratch, file, &found);
	for (size_t i = 0; i < found.count; i++)
		unjudged = unjudged || found.items[i].state < NEWS_CONFIRMED;
	arena_release(&scratch);
	return unjudged;
}
