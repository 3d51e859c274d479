#include "bulk.h"

#include "kybdesk/desk/use.h"

struct bulk *bulk_copy(struct arena *arena, const struct bulk *bulk)
{
	struct bulk *copy = arena_alloc(arena, sizeof *copy);
	*copy = (struct bulk){ .verb = bulk->verb,
			       .done = arena_strdup(arena, bulk->done),
			       .person = arena_strdup(arena, bulk->person),
			       .reason = arena_strdup(arena, bulk->reason),
			       .text = arena_strdup(arena, bulk->text),
			       .until = bulk->until,
			       .count = bulk->count };
	copy->cases = arena_alloc_array(arena, bulk->count ? bulk->count : 1, sizeof *copy->cases);
	for (size_t i = 0; i < bulk->count; i++)
		copy->cases[i] = (struct bulk_case){ .id = arena_strdup(arena, bulk->cases[i].id),
						     .name = arena_strdup(arena, bulk->cases[i].name),
						     .reference = arena_strdup(arena, bulk->cases[i].reference),
						     .why = "" };
	return copy;
}

/* An error of the store would repeat with the next case. */
static bool would_repeat(enum err err)
{
	return err == ERR_STORE || err == ERR_INTERNAL;
}

/* Whether the program is ending: finished cases stay changed, no further case begins. */
static bool is_left(const struct job *job)
{
	return job->leaving && *job->leaving;
}

enum err bulk_cases_run(struct desk *desk, struct job *job, bool dry, struct error *error)
{
	struct bulk *bulk = job->bulk;
	enum err err = ERR_OK;
	for (bulk->tried = 0; !err && bulk->tried < bulk->count && !is_left(job); bulk->tried++) {
		struct arena arena = ARENA_INIT;
		struct error why = { 0 };
		struct bulk_case *one = &bulk->cases[bulk->tried];
		const struct use_in in = { .verb = bulk->verb,
					   .session = one->id,
					   .part = bulk->person,
					   .reason = bulk->reason,
					   .text = bulk->text,
					   .until = bulk->until,
					   .dry = dry };
		struct use_out out;
		one->status = desk_do(desk, &arena, &in, &out, &why);
		one->why = one->status ? arena_strdup(&job->arena, why.message) : "";
		if (would_repeat(one->status)) {
			error_move(error, &why);
			err = one->status;
		}
		error_release(&why);
		arena_release(&arena);
		if (job->progress)
			*job->progress = bulk->tried + 1;
	}
	if (err && bulk->tried > 1 && !dry)
		error_prefix(error, "stopped at case %zu of %zu", bulk->tried, bulk->count);
	return err;
}
