#include "condition.h"
#include "once.h"
#include "kybdesk/desk/once.h"

#include <string.h>

/* Lives on the stack of the thread that answers the request. */
struct idempotent_request {
	struct idempotent_request *next;
	const char *scope, *key;
};

static bool begin_request(struct idempotent_requests *runs, struct idempotent_request *run)
{
	bool taken = false;

	(void)pthread_mutex_lock(&runs->lock);
	for (const struct idempotent_request *other = runs->first; other && !taken; other = other->next)
		taken = !strcmp(other->key, run->key) && !strcmp(other->scope, run->scope);
	if (!taken) {
		run->next = runs->first;
		runs->first = run;
	}
	(void)pthread_mutex_unlock(&runs->lock);
	return !taken;
}

static void end_request(struct idempotent_requests *runs, const struct idempotent_request *run)
{
	struct idempotent_request **at = &runs->first;

	(void)pthread_mutex_lock(&runs->lock);
	while (*at != run)
		at = &(*at)->next;
	*at = run->next;
	(void)pthread_mutex_unlock(&runs->lock);
}

/* The owner of the Idempotency-Key. The token of a link is a secret, so only its hash is stored. */
static const char *idempotency_scope(struct request *r)
{
	if (r->caller.capacity == CAPACITY_STAFF && r->route->permission != PERMIT_NOT_NEEDED)
		return arena_printf(&r->arena, "reviewer %s", r->caller.actor);
	if (r->caller.capacity == CAPACITY_PROVIDER && r->route->permission != PERMIT_NOT_NEEDED)
		return arena_printf(&r->arena, "%s, merchant %lld", r->caller.actor, (long long)r->caller.merchant_row);
	if (r->route->permission != PERMIT_NOT_NEEDED)
		return arena_printf(&r->arena, "merchant %lld", (long long)r->caller.merchant_row);
	return arena_printf(&r->arena, "link %s", sha256_text(&r->arena, r->arguments[0], strlen(r->arguments[0])));
}

static bool is_idempotency_key(const char *key)
{
	size_t length = strlen(key);

	for (size_t i = 0; i < length; i++)
		if (key[i] < '!' || key[i] > '~')
			return false;
	return length && length <= IDEMPOTENCY_KEY_LENGTH_MAX;
}

static void hash_text(struct sha256 *hash, const void *bytes, size_t length)
{
	uint64_t size = length;

	sha256_add(hash, &size, sizeof size);
	sha256_add(hash, bytes, length);
}

static void hash_pairs(struct sha256 *hash, const struct pair *pairs, size_t count)
{
	uint64_t number = count;

	sha256_add(hash, &number, sizeof number);
	for (size_t i = 0; i < count; i++) {
		hash_text(hash, pairs[i].name, strlen(pairs[i].name));
		hash_text(hash, pairs[i].value, strlen(pairs[i].value));
	}
}

/* Hashes the parts of a form, not its bytes, because every attempt has a different boundary. */
static void hash_request(const struct request *r, uint8_t out[SHA256_SIZE])
{
	struct sha256 *hash = sha256_new();
	const char *path = route_without_version(r->path);

	hash_text(hash, r->method, strlen(r->method));
	hash_text(hash, path, strlen(path));
	hash_pairs(hash, r->query, r->query_count);
	hash_text(hash, r->raw_body.buf, r->raw_body.len);
	hash_pairs(hash, r->fields, r->field_count);
	hash_text(hash, r->file.name, strlen(r->file.name));
	hash_text(hash, r->file.bytes ? r->file.bytes : "", r->file.bytes ? r->file.length : 0);
	sha256_finish(hash, out);
	sha256_free(hash);
}

static enum err replay_response(struct request *r, const struct once_answer *kept, struct error *error)
{
	if (kept->status < 200 || kept->status > 299)
		return error_set(error, ERR_STORE, "A stored response has the invalid status %d", kept->status);
	r->answer.status = kept->status;
	r->answer.replayed = true;
	r->answer.location = kept->location;
	if (*kept->type) {
		r->answer.media_type = kept->type;
		r->answer.bytes = r->out.buf;
		r->answer.length = r->out.len;
	}
	return ERR_OK;
}

static enum err refuse_other_request(struct request *r, struct error *error)
{
	return request_refuse(r, 409, "idempotency_key_used", error,
			      "This Idempotency-Key was sent with another request; use a new key");
}

/* A refusal changes nothing and is not stored. */
static enum err run_new_request(void *context, struct once_answer *answer, struct error *error)
{
	struct request *r = context;
	enum err err = condition_run(r, error);

	if (err || r->answer.status >= 300)
		return err;
	answer_write(r);
	answer->status = r->answer.status;
	answer->type = r->answer.bytes ? r->answer.media_type : "";
	answer->location = r->answer.location ? r->answer.location : "";
	return ERR_OK;
}

static enum err run_idempotent_request(struct request *r, struct idempotency *idempotency, struct error *error)
{
	struct once_answer answer = { .type = "", .location = "", .body = &r->out };
	enum err err;

	hash_request(r, idempotency->request_sha256);
	idempotency->run = run_new_request;
	idempotency->context = r;
	err = desk_run_idempotent(r->desk, &r->arena, idempotency, &answer, error);
	if (err && idempotency->state == IDEMPOTENCY_NEW_REQUEST && answer.status)
		r->answer.status = 0;
	if (err || idempotency->state == IDEMPOTENCY_NEW_REQUEST)
		return err;
	return idempotency->state == IDEMPOTENCY_SAME_REQUEST ? replay_response(r, &answer, error)
							      : refuse_other_request(r, error);
}

enum err once_answer(struct idempotent_requests *runs, struct request *r, struct error *error)
{
	struct idempotent_request run = { .key = r->idempotency_key };
	struct idempotency idempotency = { .key = r->idempotency_key };
	enum err err;

	if (!r->has_idempotency_key || !route_accepts_idempotency_key(r->route))
		return condition_run(r, error);
	if (!is_idempotency_key(run.key))
		return error_set_field(error, ERR_INVALID, "Idempotency-Key",
				       "Idempotency-Key must be 1 to %d visible ASCII characters",
				       IDEMPOTENCY_KEY_LENGTH_MAX);
	run.scope = idempotency.scope = idempotency_scope(r);
	if (!begin_request(runs, &run))
		return request_refuse(r, 409, "idempotency_key_in_use", error,
				      "The first request with this Idempotency-Key is still in progress; try again");
	err = run_idempotent_request(r, &idempotency, error);
	end_request(runs, &run);
	return err;
}
