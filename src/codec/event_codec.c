#include "kybdesk/codec/event_codec.h"
#include "kybdesk/codec/json.h"
#include <string.h>

/* Members that a body omits, in this order, if the merchant's tags or references make the body too long. */
enum trim { TRIM_NOTHING, TRIM_TAGS, TRIM_REFERENCE, TRIM_UID, TRIM_END };

static bool is_present(const char *text)
{
	return text && *text;
}

/* seed kyc-workflows-sessions: "These tags are included in all session webhook payloads", in every payload shape. */
static void tags_write(struct json_value *object, const struct event *event, enum trim trim)
{
	if (trim < TRIM_TAGS)
		json_set_raw(object, "custom_tags",
			     is_present(event->custom_tags_json) ? event->custom_tags_json : "{}");
}

/* seed avenia-kyb-level-1, step 5: member names of the seed. */
static struct json_value *attempt_write(const struct event_attempt *attempt)
{
	struct json_value *out = json_new_object();
	bool open = attempt->result == FINAL_NONE;
	json_set_text(out, "id", attempt->id);
	json_set_text(out, "levelName", attempt->level_name);
	json_set_text(out, "status", open ? "PENDING" : "COMPLETED");
	json_set_text_or_null(out, "result",
			      open				  ? ""
			      : attempt->result == FINAL_APPROVED ? "APPROVED"
								  : "REJECTED");
	json_set_text(out, "resultMessage", attempt->message ? attempt->message : "");
	json_set_bool(out, "retryable", attempt->retryable);
	json_set_time(out, "createdAt", attempt->created_at);
	json_set_time(out, "updatedAt", attempt->updated_at);
	return out;
}

/* seed avenia-kyb-level-1, step 2c. */
static struct json_value *processed_write(const struct event *event)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "id", event->document_id);
	json_set_text(out, "documentType", event->document_type);
	json_set_text(out, "uploadStatusFront", "PROCESSED");
	if (event->document_double_sided)
		json_set_text(out, "uploadStatusBack", "PROCESSED");
	json_set_bool(out, "ready", true);
	return out;
}

/* seed ralio-sandbox, "Create a user account": member names of the seed. Omits the label, which may name a person. */
static struct json_value *account_write(const struct event *event)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "id", event->account_id);
	json_set_text(out, "currency", event->currency);
	json_set_text(out, "state", "ACTIVE");
	return out;
}

/* seed ralio-sandbox, "Orders". Omits reference and recipient, which may name a person. */
static struct json_value *order_write(const struct event_order *order)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "id", order->id);
	json_set_text(out, "type", order->type);
	json_set_text(out, "state", order->state);
	json_set_text(out, "accountId", order->account_id);
	json_set(out, "amount", json_new_number(order->amount));
	json_set_text(out, "currency", order->currency);
	json_set_text_if_any(out, "reason", order->reason);
	return out;
}

static struct json_value *data_write(const struct event *event, enum trim trim)
{
	struct json_value *data = json_new_object();
	json_set_text(data, "kind", session_kind_text(event->session_kind));
	if (trim < TRIM_UID)
		json_set_text_if_any(data, "uid", event->uid);
	json_set_text(data, "session_id", event->session_id);
	if (event->kyb_id)
		json_set_int(data, "kyb_id", event->kyb_id);
	if (trim < TRIM_REFERENCE)
		json_set_text_if_any(data, "external_ref", event->external_ref);
	json_set_text_if_any(data, "parent_id", event->parent_id);
	json_set_int(data, "sequence", event->sequence);
	if (is_present(event->previous_level) || is_present(event->level)) {
		json_set_text(data, "previous_level", event->previous_level);
		json_set_text(data, "level", event->level);
	}
	json_set_text(data, "status", session_status_text(event->status));
	json_set_text(data, "compliance_status", inbox_text(session_status_inbox(event->status)));
	json_set_text_if_any(data, "reason", event->reason_code);
	if (event->has_retryable)
		json_set_bool(data, "retryable", event->retryable);
	if (event->step_count)
		json_set(data, "step_ids", json_texts(event->step_ids, event->step_count));
	if (event->attempt)
		json_set(data, "attempt", attempt_write(event->attempt));
	if (is_present(event->document_id))
		json_set(data, "document", processed_write(event));
	if (is_present(event->account_id))
		json_set(data, "account", account_write(event));
	if (event->order)
		json_set(data, "order", order_write(event->order));
	tags_write(data, event, trim);
	return data;
}

static struct json_value *requested_write(const struct event_document *document)
{
	struct json_value *out = json_new_object();
	json_set_text(out, "document_type", document->type);
	json_set_text_if_any(out, "upload_link", document->upload_link);
	json_set_text(out, "status", document->submitted ? "submitted" : "required");
	return out;
}

/* seed atelio-beneficial-owners: subscribers read flat bodies. The seed's examples name the owner either in
 * beneficial_owner_id or in customer_id; each event here has both. */
static struct json_value *atelio_write(const struct event *event, enum trim trim)
{
	struct json_value *root = json_new_object();
	json_set_text(root, "event", event->type);
	if (trim < TRIM_UID) {
		json_set_text(root, "beneficial_owner_id", event->uid);
		json_set_text(root, "customer_id", event->uid);
	}
	json_set_time(root, "occurred_at", event->at);
	if (event->document_count)
		JSON_SET_EACH(root, "documents", i, event->document_count, requested_write(&event->documents[i]));
	const char *reason = is_present(event->reason_text) ? event->reason_text : event->reason_code;
	if (is_present(reason))
		json_set(root, "reasons", json_texts(&reason, 1));
	json_set_text_if_any(root, "error_code", event->error_code);
	json_set_text_if_any(root, "description", event->description);
	tags_write(root, event, trim);
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
