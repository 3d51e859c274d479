#include "kybdesk/codec/event_codec.h"
#include "kybdesk/codec/json.h"

#include <string.h>

/* Members that a body omits, in this order, if the merchant's tags or references make the body too long. */
enum omission_level { OMIT_NOTHING, OMIT_TAGS, OMIT_REFERENCE, OMIT_UID, OMISSION_LEVEL_COUNT };

static bool is_present(const char *text)
{
	return text && *text;
}

/* All payload shapes have the tags. Source: seed kyc-workflows-sessions, "These tags are included in all session
 * webhook payloads". */
static struct json_value *tags_json(const char *tags, enum omission_level omission_level)
{
	return omission_level < OMIT_TAGS ? AS_RAW(is_present(tags) ? tags : "{}") : AS_NULL;
}

/* The tags of the company, in the event of a party's session; no member without tags. */
static struct json_value *parent_tags_json(const struct event *event, enum omission_level omission_level)
{
	const char *tags = event->parent_custom_tags_json;

	return is_present(tags) && strcmp(tags, "{}") ? tags_json(tags, omission_level) : AS_NULL;
}

/* Uses the member names of the seed (seed avenia-kyb-level-1, step 5). */
static struct json_value *attempt_json(const struct event_attempt *attempt)
{
	bool open = attempt->result == FINAL_NONE;
	const char *result = open ? "" : attempt->result == FINAL_APPROVED ? "APPROVED" : "REJECTED";

	return JSON_FROM({ "id", AS_TEXT(attempt->id) }, { "levelName", AS_TEXT(attempt->level_name) },
			 { "status", AS_TEXT(open ? "PENDING" : "COMPLETED") }, { "result|null", AS_TEXT(result) },
			 { "resultMessage", AS_TEXT(attempt->message) }, { "retryable", AS_BOOL(attempt->retryable) },
			 { "createdAt", AS_TIME(attempt->created_at) }, { "updatedAt", AS_TIME(attempt->updated_at) });
}

/* A processed document, with the member names of the seed (seed avenia-kyb-level-1, step 2c). */
static struct json_value *processed_document_json(const struct event *event)
{
	return JSON_FROM({ "id", AS_TEXT(event->document_id) }, { "documentType", AS_TEXT(event->document_type) },
			 { "uploadStatusFront", AS_TEXT("PROCESSED") },
			 { "uploadStatusBack?", AS_TEXT(event->is_document_double_sided ? "PROCESSED" : "") },
			 { "ready", AS_BOOL(true) });
}

/* An account, with the member names of the seed (seed ralio-sandbox, "Create a user account"). Omits the label,
 * which may name a person. */
static struct json_value *account_json(const struct event *event)
{
	return JSON_FROM({ "id", AS_TEXT(event->account_id) }, { "currency", AS_TEXT(event->currency) },
			 { "state", AS_TEXT("ACTIVE") });
}

/* An order (seed ralio-sandbox, "Orders"). Omits the reference and the recipient, which may name a person. */
static struct json_value *order_json(const struct event_order *order)
{
	return JSON_FROM({ "id", AS_TEXT(order->id) }, { "type", AS_TEXT(order->type) },
			 { "state", AS_TEXT(order->state) }, { "accountId", AS_TEXT(order->account_id) },
			 { "amount", json_new_number(order->amount) }, { "currency", AS_TEXT(order->currency) },
			 { "reason?", AS_TEXT(order->reason) });
}

static struct json_value *event_data_json(const struct event *event, enum omission_level omission_level)
{
	struct json_value *data =
		JSON_FROM({ "kind", AS_TEXT(session_kind_text(event->session_kind)) },
			  { "uid?", AS_TEXT(omission_level < OMIT_UID ? event->uid : "") },
			  { "session_id", AS_TEXT(event->session_id) },
			  { "kyb_id?", event->kyb_id ? AS_INT(event->kyb_id) : AS_NULL },
			  { "external_ref?", AS_TEXT(omission_level < OMIT_REFERENCE ? event->external_ref : "") },
			  { "parent_id?", AS_TEXT(event->parent_id) }, { "sequence", AS_INT(event->sequence) });

	if (is_present(event->previous_level) || is_present(event->level))
		(void)JSON_ADD(data, { "previous_level", AS_TEXT(event->previous_level) },
			       { "level", AS_TEXT(event->level) });
	(void)JSON_ADD(data, { "status", AS_TEXT(session_status_text(event->status)) },
		       { "compliance_status", AS_TEXT(inbox_text(session_status_inbox(event->status))) },
		       { "reason?", AS_TEXT(event->reason_code) },
		       { "retryable?", event->has_retryable ? AS_BOOL(event->retryable) : AS_NULL },
		       { "step_ids?", json_null_if_empty(json_new_texts(event->step_ids, event->step_count)) },
		       { "document_ids?", json_null_if_empty(json_new_texts(event->requested_document_ids,
									    event->requested_document_count)) },
		       { "attempt?", event->attempt ? attempt_json(event->attempt) : AS_NULL },
		       { "document?", is_present(event->document_id) ? processed_document_json(event) : AS_NULL },
		       { "account?", is_present(event->account_id) ? account_json(event) : AS_NULL },
		       { "order?", event->order ? order_json(event->order) : AS_NULL },
		       { "custom_tags?", tags_json(event->custom_tags_json, omission_level) },
		       { "parent_custom_tags?", parent_tags_json(event, omission_level) });
	return data;
}

static struct json_value *document_json(const struct event_document *document)
{
	return JSON_FROM({ "document_type", AS_TEXT(document->type) },
			 { "upload_link?", AS_TEXT(document->upload_link) },
			 { "status", AS_TEXT(document->submitted ? "submitted" : "required") });
}

/* Writes flat bodies, as the subscribers read them (seed atelio-beneficial-owners). The seed's examples name the
 * owner either in beneficial_owner_id or in customer_id; each event here has both. */
static struct json_value *atelio_event_json(const struct event *event, enum omission_level omission_level)
{
	const char *reason = is_present(event->reason_text) ? event->reason_text : event->reason_code;

	JSON_LIST(documents, i, event->document_count, document_json(&event->documents[i]));
	struct json_value *root = JSON_FROM({ "event", AS_TEXT(event->type) });
	if (omission_level < OMIT_UID)
		(void)JSON_ADD(root, { "beneficial_owner_id", AS_TEXT(event->uid) },
			       { "customer_id", AS_TEXT(event->uid) });
	(void)JSON_ADD(root, { "occurred_at", AS_TIME(event->at) }, { "documents?", json_null_if_empty(documents) },
		       { "reasons?", json_null_if_empty(json_new_texts(&reason, is_present(reason))) },
		       { "error_code?", AS_TEXT(event->error_code) }, { "description?", AS_TEXT(event->description) },
		       { "custom_tags?", tags_json(event->custom_tags_json, omission_level) },
		       { "parent_custom_tags?", parent_tags_json(event, omission_level) });
	return root;
}

static struct json_value *event_body_json(const struct event *event, enum omission_level omission_level)
{
	switch (event->shape) {
	case SHAPE_STANDARD:
		return JSON_FROM({ "type", AS_TEXT(event->type) }, { "timestamp", AS_TIME(event->at) },
				 { "data", event_data_json(event, omission_level) });
	case SHAPE_ATELIO:
		return atelio_event_json(event, omission_level);
	}
	BUG("event shape %d", (int)event->shape);
}

void event_write(struct strbuf *out, const struct event *event)
{
	size_t start = out->len;
	for (int omission_level = OMIT_NOTHING; omission_level < OMISSION_LEVEL_COUNT; omission_level++) {
		struct json_value *body = event_body_json(event, (enum omission_level)omission_level);
		strbuf_truncate(out, start);
		json_write(out, body, JSON_COMPACT_LAYOUT, false);
		json_free(body);
		if (out->len - start <= EVENT_BODY_MAX)
			return;
	}
}
