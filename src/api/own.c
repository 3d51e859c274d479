/* Routes outside the dialects: whether this server is alive and whether it is ready. */
#include "route.h"
#include "kybdesk/desk/read.h"

static enum err is_well(struct request *r, const char *state)
{
	struct json_value *body = json_new_object();

	json_set_text(body, "status", state);
	return answer_json(r, 200, body);
}

static enum err answer_health(struct request *r, struct error *error)
{
	(void)error;
	return is_well(r, "ok");
}

static enum err answer_ready(struct request *r, struct error *error)
{
	int64_t counts[INBOX_COUNT];
	enum err err = desk_inbox_counts(r->desk, counts, error);

	if (!err)
		err = desk_check_writable(r->desk, error);

	/* Any error means not ready: a load balancer must send no requests here. */
	if (err)
		r->answer.status = 503;
	return err ? err : is_well(r, "ready");
}

static const struct route rows[] = {
	{ .method = "GET",
	  .path = "/healthz",
	  .response = "200:Health",
	  .verb = READS,
	  .answer = answer_health,
	  .summary = "Whether the server answers" },
	{ .method = "GET",
	  .path = "/readyz",
	  .response = "200:Health",
	  .verb = READS,
	  .answer = answer_ready,
	  .summary = "Whether the store can be read and written" },
};
const struct routes routes_own = { rows, sizeof rows / sizeof *rows, DIALECT_OWN };
