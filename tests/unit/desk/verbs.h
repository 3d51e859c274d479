/* A few use cases as functions with plain arguments, for tests with no fixture or with several fixtures. */
#ifndef KYB_TESTS_DESK_VERBS_H
#define KYB_TESTS_DESK_VERBS_H

#include "kybdesk/desk/use.h"

static inline enum err verb_run(struct desk *desk, const struct use_in *in, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct use_out out;
	enum err err = desk_do(desk, &arena, in, &out, error);

	arena_release(&arena);
	return err;
}

static inline enum err desk_reviewer_add(struct desk *desk, const char *name, enum role role, bool supervised,
					 struct error *error)
{
	const struct use_in in = { .verb = VERB_REVIEWER_ADD, .part = name, .role = role, .supervised = supervised };

	return verb_run(desk, &in, error);
}

static inline enum err desk_reviewer_disable(struct desk *desk, const char *name, struct error *error)
{
	return verb_run(desk, &(const struct use_in){ .verb = VERB_REVIEWER_DISABLE, .part = name }, error);
}

static inline enum err desk_merchant_add(struct desk *desk, const char *name, struct error *error)
{
	return verb_run(desk, &(const struct use_in){ .verb = VERB_MERCHANT_ADD, .part = name }, error);
}

static inline enum err desk_validate(struct desk *desk, struct arena *arena, const char *reference, struct use_out *out,
				     struct error *error)
{
	return desk_do(desk, arena, &(const struct use_in){ .verb = VERB_VALIDATE, .session = reference }, out, error);
}

static inline enum err desk_endpoint_add(struct desk *desk, struct arena *arena, const char *merchant, const char *url,
					 const char *const *events, size_t event_count, struct endpoint *endpoint,
					 struct strbuf *secret, struct error *error)
{
	struct use_out out;
	const struct use_in in = { .verb = VERB_ENDPOINT_ADD,
				   .part = merchant,
				   .url = url,
				   .events = events,
				   .event_count = event_count,
				   .content_out = secret };
	enum err err = desk_do(desk, arena, &in, &out, error);

	*endpoint = out.endpoint;
	return err;
}

#endif
