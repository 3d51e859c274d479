#include "request.h"
#include "kybdesk/base/text.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static const char *find_pair(const struct pair *pairs, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(pairs[i].name, name))
			return pairs[i].value;
	return NULL;
}

const char *request_query(const struct request *r, const char *name)
{
	return find_pair(r->query, r->query_count, name);
}

const char *request_field(const struct request *r, const char *name)
{
	return find_pair(r->fields, r->field_count, name);
}

const struct json_value *body_value(const struct request *r, const char *path)
{
	const struct json_value *at = r->body;

	while (at && json_is_object(at)) {
		size_t length = strcspn(path, ".");
		char name[64];

		if (length >= sizeof name)
			return NULL;
		memcpy(name, path, length);
		name[length] = '\0';
		at = json_get(at, name);
		if (!path[length])
			return json_value_is_null(at) ? NULL : at;
		path += length + 1;
	}
	return NULL;
}

void request_add_fault(struct request *r, const char *field, const char *format, ...)
{
	struct fault *fault;

	/* A member of the wrong type already has a fault, and is not missing. */
	if (!strcmp(format, REQUIRED_FIELD_MESSAGE) && ITEM_WITH_TEXT(r->faults, r->fault_count, field, field))
		return;
	fault = ARENA_PUSH(&r->arena, r->faults, r->fault_count, r->fault_capacity);
	ARENA_VPRINTF(fault->message, &r->arena, format);
	fault->field = arena_strdup(&r->arena, field);
}

void request_add_word_fault(struct request *r, const char *field, const char *what, const char *word,
			    const char *const *(*words)(size_t *count))
{
	size_t count = 0;
	const char *const *all = words(&count);
	const char *near = text_find_nearest(word, all, count);

	request_add_fault(r, field, "\"%s\" is not %s; %s %s%s", word, what,
			  near ? "did you mean" : "allowed:", near ? near : words_join(&r->arena, all, count, ", "),
			  near ? "?" : "");
}

void request_rename_field(struct error *error, const char *field, const char *member)
{
	struct error placed = { 0 };

	if (!error->field || strcmp(error->field, field) != 0)
		return;
	(void)error_set_field(&placed, error->code, member, "%s", error->message);
	error_move(error, &placed);
}

const char *request_field_name(const char *field)
{
	const char *rest = NULL;

	if (!field)
		return "";
	if (text_has_prefix(field, "steps.") && (rest = strchr(field + strlen("steps."), '.')))
		return rest + 1;
	return text_has_prefix(field, "parties[") && (rest = strstr(field, "].")) ? rest + 2 : field;
}

const char *body_text(struct request *r, const char *path)
{
	const struct json_value *value = body_value(r, path);
	const char *text = value ? json_text(value) : NULL;

	if (value && !text)
		request_add_fault(r, path, "%s must be a string", path);
	return text;
}

const char *body_require_text(struct request *r, const char *path)
{
	bool there = body_value(r, path) != NULL;
	const char *text = body_text(r, path);

	if (!there || (text && !*text))
		request_add_fault(r, path, REQUIRED_FIELD_MESSAGE);
	return text ? text : "";
}

size_t body_event_names(struct request *r, const char *events[BODY_EVENTS_MAX])
{
	const struct json_value *list = body_value(r, "events");
	size_t count = 0;

	if (!list || !json_is_array(list) || !json_count(list) || json_count(list) > BODY_EVENTS_MAX) {
		request_add_fault(r, "events", "events must be a list of 1 to %d names, or [\"*\"] for all",
				  BODY_EVENTS_MAX);
		return 0;
	}
	for (size_t i = 0; i < json_count(list); i++) {
		const char *name = json_text(json_at(list, i));

		if (name)
			events[count++] = name;
		else
			request_add_fault(r, "events", "events must be a list of event names");
	}
	return count;
}

bool body_bool(struct request *r, const char *path, bool otherwise)
{
	const struct json_value *value = body_value(r, path);
	bool result = otherwise;

	if (value && !json_value_bool(value, &result))
		request_add_fault(r, path, "%s must be true or false", path);
	return result;
}

int64_t body_int(struct request *r, const char *path, int64_t otherwise)
{
	const struct json_value *value = body_value(r, path);
	int64_t result = otherwise;

	if (value && !json_value_int(value, &result))
		request_add_fault(r, path, "%s must be a whole number", path);
	return result;
}

const char *body_json(struct request *r, const char *path, bool list)
{
	const struct json_value *value = body_value(r, path);

	if (!value)
		return NULL;
	if (list ? !json_is_array(value) : !json_is_object(value)) {
		request_add_fault(r, path, "%s must be a JSON %s", path, list ? "list" : "object");
		return NULL;
	}
	return json_to_arena(&r->arena, value);
}

int64_t request_int(struct request *r, const char *name, int64_t least, int64_t most, int64_t otherwise)
{
	const char *text = request_query(r, name);
	char *end;
	long long number;

	if (!text)
		return otherwise;
	errno = 0;
	number = strtoll(text, &end, 10);
	if (!*text || *end || errno || number < least || number > most) {
		request_add_fault(r, name, "%s must be a whole number from %lld to %lld", name, (long long)least,
				  (long long)most);
		return otherwise;
	}
	return number;
}

bool request_bool(struct request *r, const char *name)
{
	const char *text = request_query(r, name);

	if (text && strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
		request_add_fault(r, name, "%s must be true or false", name);
	return text && !strcmp(text, "true");
}

int64_t request_time(struct request *r, const char *name)
{
	return request_parse_time(r, name, request_query(r, name));
}

int64_t request_parse_time(struct request *r, const char *name, const char *text)
{
	int64_t at = 0;

	if (text && time_parse(text, true, &at, NULL))
		request_add_fault(r, name, "\"%s\" is not a time; use RFC 3339, such as 2026-11-03T10:00:00Z", text);
	return at;
}

enum err request_check_faults(struct request *r, struct error *error)
{
	return r->fault_count ? error_set_field(error, ERR_INVALID, r->faults[0].field, "%s", r->faults[0].message)
			      : ERR_OK;
}

enum err request_do(struct request *r, const struct use_in *in, struct use_out *out, struct error *error)
{
	enum err err = request_check_faults(r, error);

	return err ? err : desk_do(r->desk, &r->arena, in, out, error);
}

enum err request_refuse(struct request *r, int status, const char *code, struct error *error, const char *format, ...)
{
	const char *text;

	ARENA_VPRINTF(text, &r->arena, format);
	r->answer.status = status;
	r->error_code = code;
	return error_set(error, ERR_USAGE, "%s", text);
}

enum err answer_json(struct request *r, int status, struct json_value *json)
{
	json_free(r->answer.json);
	r->answer.json = json;
	r->answer.status = status;
	return ERR_OK;
}

enum err answer_unless(struct request *r, enum err err, struct json_value *json)
{
	if (!err)
		return answer_json(r, 200, json);
	json_free(json);
	return err;
}

enum err answer_empty(struct request *r, int status)
{
	r->answer.status = status;
	return ERR_OK;
}

enum err answer_bytes(struct request *r, int status, const char *type)
{
	r->answer.status = status;
	r->answer.bytes = r->out.buf;
	r->answer.length = r->out.len;
	r->answer.media_type = type;
	return ERR_OK;
}

void answer_write(struct request *r)
{
	if (!r->answer.json)
		return;
	strbuf_wipe(&r->out);
	strbuf_init(&r->out);
	json_write(&r->out, r->answer.json, JSON_COMPACT_LAYOUT, true);
	json_free(r->answer.json);
	r->answer.json = NULL;
	(void)answer_bytes(r, r->answer.status,
			   r->answer.json_media_type ? r->answer.json_media_type : "application/json");
}
