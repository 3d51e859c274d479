#include "encode.h"
#include "shape.h"

#include <string.h>

struct json_value *corrections_json(const struct case_file *file,
				    bool (*is_notified)(const struct correction *item))
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *item = &file->corrections[i];

		if (!is_notified || is_notified(item))
			json_append(list,
				    BODY("Correction", AS_TEXT(item->id), AS_TEXT(item->step_id),
					 json_texts(item->field_ids, item->field_count),
					 json_texts(item->document_types, item->document_type_count),
					 AS_TEXT(item->message), AS_TEXT(correction_state_text(item->state))));
	}
	return list;
}

bool correction_is_requested(const struct case_file *file, const struct correction *correction)
{
	/* An answered correction stays answered until a reviewer accepts the answer. */
	return file->session.status == SESSION_AWAITING_CLIENT_CORRECTION &&
	       (correction->state == CORRECTION_OPEN || correction->state == CORRECTION_ANSWERED);
}

const char *correction_item(struct arena *arena, const struct correction *correction)
{
	struct strbuf text = STRBUF_INIT;
	const char *out;

	for (size_t i = 0; i < correction->field_count; i++)
		strbuf_addf(&text, "%s%s", text.len ? ", " : "", correction->field_ids[i]);
	for (size_t i = 0; i < correction->document_type_count; i++)
		strbuf_addf(&text, "%s%s", text.len ? ", " : "", correction->document_types[i]);
	out = text.len ? strbuf_to_arena(&text, arena) : correction->step_id;
	strbuf_release(&text);
	return out;
}

const char *corrections_text(struct arena *arena, const struct case_file *file)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];

		if (correction_is_requested(file, correction))
			strbuf_addf(&text, "%s%s: %s", text.len ? "\n" : "", correction_item(arena, correction),
				    correction->message);
	}
	return strbuf_finish(&text, arena);
}

bool document_is_uploaded(const struct case_file *file, const char *type)
{
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];

		if (!document->replaced && !strcmp(document->type, type) && document->upload == UPLOAD_READY)
			return true;
	}
	return false;
}

enum verb submit_verb(enum session_status status)
{
	if (status == SESSION_AWAITING_CLIENT_CORRECTION)
		return VERB_HAND_IN;
	return status == SESSION_REJECTED ? VERB_RESUBMIT : VERB_SUBMIT;
}

enum err file_refused(struct request *r, const struct profile *profile, const char *type, enum err err,
		      const struct error *error)
{
	const struct document_spec *spec = profile_document(profile, type);
	int64_t most = spec ? spec->max_bytes : profile->default_max_bytes;

	if (err != ERR_INVALID || !error->field || strcmp(error->field, "file") != 0 || !r->file.length)
		return err;
	r->answer.status = most > 0 && (int64_t)r->file.length > most ? 413 : 415;
	r->code = r->answer.status == 413 ? "too_large" : "unsupported_media_type";
	return err;
}

enum err endpoint_new(struct request *r, struct strbuf *secret, struct endpoint *out, struct error *error)
{
	const char *url = body_need(r, "url"), *events[BODY_EVENTS_MAX];
	size_t count = body_events(r, events);
	struct use_out done;
	enum err err = request_check(r, error);

	if (!err)
		err = API_DO(r, &done, error, .verb = VERB_ENDPOINT_ADD, .part = r->caller.merchant, .url = url,
			     .events = events, .event_count = count, .into = secret);
	if (err)
		request_place(error, "event", "events");
	else
		*out = done.endpoint;
	return err;
}
