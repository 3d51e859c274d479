#include "kybdesk/codec/event_codec.h"
#include "kybdesk/codec/json.h"
#include <string.h>

/* What a body may leave out, in this order, when a merchant's own tags or references make it too long. */
enum trim { TRIM_NOTHING, TRIM_TAGS, TRIM_REFERENCE, TRIM_UID, TRIM_END };

static bool is_given(const char *text)
{
	return text && *text;
}

static void set_unless_empty(struct json_value *object, const char *key, const char *text)
{
	if (is_given(text))
		json_set_text(object, key, text);
}

static struct json_value *data_write(const struct event *event, enum trim trim)
{
	struct json_value *data = json_new_object();
	json_set_text(data, "kind", session_kind_text(event->session_kind));
	if (trim < TRIM_UID)
		set_unless_empty(data, "uid", event->uid);
	json_set_text(data, "session_id", event->session_id);
	if (event->kyb_id)
		json_set_int(data, "kyb_id", event->kyb_id);
	if (trim < TRIM_REFERENCE)
		set_unless_empty(data, "external_ref", event->external_ref);
	set_unless_empty(data, "parent_id", event->parent_id);
	json_set_int(data, "sequence", event->sequence);
	if (is_given(event->previous_level) || is_given(event->level)) {
		json_set_text(data, "previous_level", event->previous_level);
		json_set_text(data, "level", event->level);
	}
	json_set_text(data, "status", session_status_text(event->status));
	json_set_text(data, "compliance_status", inbox_text(session_status_inbox(event->status)));
	set_unless_empty(data, "reason", event->reason_code);
	if (event->has_retryable)
		json_set_bool(data, "retryable", event->retryable);
	if (event->step_count) {
		struct json_value *steps = json_new_array();
		for (size_t i = 0; i < event->step_count; i++)
			json_append(steps, json_new_string(event->step_ids[i]));
		json_set(data, "step_ids", steps);
	}
	if (trim < TRIM_TAGS)
		json_set_raw(data, "custom_tags",
			     is_given(event->custom_tags_json) ? event->custom_tags_json : "{}");
	return data;
}

/* seed atelio-beneficial-owners: its subscribers read flat bodies. */
static struct json_value *atelio_write(const struct event *event, enum trim trim)
{
	struct json_value *root = json_new_object();
	json_set_text(root, "event", event->type);
	if (trim < TRIM_UID)
		json_set_text(root, "beneficial_owner_id", event->uid);
	json_set_time(root, "occurred_at", event->at);
	if (is_given(event->reason_code)) {
		struct json_value *reasons = json_new_array();
		json_append(reasons, json_new_string(event->reason_code));
		json_set(root, "reasons", reasons);
	}
	return root;
}

static struct json_value *standard_write(const struct event *event, enum trim trim)
{
	struct json_value *root = json_new_object();
	json_set_text(root, "type", event->type);
	json_set_time(root, "timestamp", event->at);
	json_set(root, "data", data_write(event, trim));
	return root;
}

static struct json_value *body_write(const struct event *event, enum trim trim)
{
	switch (event->shape) {
	case SHAPE_STANDARD:
		return standard_write(event, trim);
	case SHAPE_ATELIO:
		return atelio_write(event, trim);
	}
	BUG("event shape %d", (int)event->shape);
}

void event_write(struct strbuf *out, const struct event *event)
{
	size_t start = out->len;
	for (int trim = TRIM_NOTHING; trim < TRIM_END; trim++) {
		struct json_value *body = body_write(event, (enum trim)trim);
		strbuf_truncate(out, start);
		json_write(out, body, JSON_COMPACT_LAYOUT, false);
		json_free(body);
		if (out->len - start <= EVENT_BODY_MAX)
			return;
	}
}
