/* A session in the format of the seed. */
#include "encode.h"
#include "generic/generic.h"
#include "shape.h"

#include <string.h>

static const char *final_text(enum final_decision decision)
{
	return decision == FINAL_NONE ? "" : final_decision_text(decision);
}

static struct json_value *step_json(const struct step *step)
{
	return BODY("SessionStep", AS_TEXT(step->id), AS_TEXT(step_status_text(step->status)),
		    AS_RAW(step->fields_json));
}

static struct json_value *side_json(const struct document *document, size_t at)
{
	const struct document_side side = document_side(document, at);

	return BODY("SessionDocumentSide", AS_TEXT(side_text(at ? SIDE_BACK : SIDE_FRONT)), AS_TEXT(side.file_name),
		    AS_INT(side.size_bytes), AS_TEXT(side.sha256), AS_TEXT(upload_state_text(side.upload)));
}

static struct json_value *document_json(const struct document *document)
{
	JSON_LIST(sides, i, document->double_sided ? SIDE_COUNT : 0, side_json(document, i));
	return BODY("SessionDocument", AS_TEXT(document->id), AS_TEXT(document->type), AS_TEXT(document->category),
		    AS_TEXT(document->double_sided ? side_text(SIDE_FRONT) : ""), AS_TEXT(document->file_name),
		    AS_INT(document->size_bytes), AS_TEXT(document->sha256),
		    AS_TEXT(upload_state_text(document->upload)), AS_TIME(document->uploaded_at),
		    json_if_any(sides));
}

static struct json_value *subject_json(const struct subject *subject)
{
	return BODY("SessionSubject", AS_TEXT(subject->uid), AS_TEXT(subject_kind_text(subject->kind)),
		    AS_TEXT(subject->name), AS_TEXT(subject->country), AS_TEXT(subject->email));
}

static struct json_value *contributor_json(const struct contribution *contribution)
{
	return BODY("Contributor", AS_TEXT(contribution->actor), AS_TEXT(contribution->what),
		    AS_TEXT(material_text(contribution->material)), AS_TEXT(contribution->part),
		    AS_TEXT(contribution->session_id), AS_TIME(contribution->at));
}

struct json_value *session_json(const struct outside_case *view)
{
	const struct case_file *file = &view->file;
	const struct session *session = &file->session;

	JSON_LIST(steps, i, file->step_count, step_json(&file->steps[i]));
	JSON_LIST(documents, i, file->document_count, document_json(&file->documents[i]));
	JSON_LIST(contributors, i, view->contributions.count, contributor_json(&view->contributions.items[i]));
	return BODY("Session", AS_TEXT(session->id), AS_TEXT(session->workflow), AS_TEXT(session->external_ref),
		    view->version ? AS_INT(view->version) : AS_NULL, AS_TEXT(session_kind_text(session->kind)),
		    AS_TEXT(session->parent_id), AS_TEXT(session_status_text(session->status)),
		    AS_TEXT(inbox_text(session_status_inbox(session->status))), AS_RAW(session->custom_tags_json),
		    AS_RAW(session->metadata_json), AS_TEXT(view->link), AS_TIME(session->expires_at), steps,
		    documents, corrections_json(file, NULL), subject_json(&session->subject), AS_NULL,
		    AS_TEXT(final_text(session->final_decision)), AS_TEXT(view->reason), AS_TEXT(view->message),
		    AS_BOOL(view->retryable), AS_TIME(view->decided_at), AS_TIME(session->created_at),
		    AS_TIME(session->submitted_at), AS_TIME(session->updated_at), AS_NULL,
		    AS_TEXT(view->rules_note), json_if_any(contributors));
}

enum err session_load(struct request *r, const char *id, struct outside_case *out, struct error *error)
{
	return desk_outside_case(r->desk, &r->arena, id, out, error);
}

enum err answer_session(struct request *r, int status, const char *id, struct error *error)
{
	struct outside_case view;
	enum err err = session_load(r, id, &view, error);

	return err ? err : answer_json(r, status, session_json(&view));
}

/* Members that reveal findings or a machine's confidence in them. */
static bool is_finding(const char *key)
{
	static const char *const words[] = { "score", "confidence", "hits",   "hit",  "matches",
					     "match", "risk",	    "alerts", "flags" };

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strstr(key, words[i]))
			return true;
	}
	return false;
}

static struct json_value *without_findings(const struct json_value *value)
{
	struct json_value *out;

	if (json_is_array(value)) {
		out = json_new_array();
		for (size_t i = 0; i < json_count(value); i++)
			json_append(out, without_findings(json_at(value, i)));
		return out;
	}
	if (!json_is_object(value))
		return value ? json_clone(value) : json_new_null();
	out = json_new_object();
	for (const char *key = json_first_key(value); key; key = json_next_key(value, key)) {
		if (!is_finding(key))
			json_set(out, key, without_findings(json_get(value, key)));
	}
	return out;
}

static struct json_value *check_json(const struct check *check)
{
	bool completed = check->status == CHECK_PASSED || check->status == CHECK_FAILED;

	return BODY("Validation", AS_TEXT(check_kind_text(check->kind)),
		    AS_TEXT(completed ? "completed" : check_status_text(check->status)));
}

struct json_value *results_json(const struct outside_case *view)
{
	const struct case_file *file = &view->file;
	const char *text = file->session.processing_results_json;
	struct json_value *out, *stored = NULL;
	enum check_status face = CHECK_WAIVED;

	if (json_read(text, strlen(text), &stored, NULL) || !json_is_object(stored)) {
		json_free(stored);
		return NULL;
	}
	for (size_t i = 0; i < file->check_count; i++) {
		if (file->checks[i].kind == CHECK_FACE_MATCH)
			face = file->checks[i].status;
	}
	JSON_LIST(checks, i, file->check_count, check_json(&file->checks[i]));
	out = BODY("ProcessingResults", without_findings(json_get(stored, "extraction_results")),
		   without_findings(json_get(stored, "cross_validation")),
		   without_findings(json_get(stored, "web_validation_results")),
		   face == CHECK_WAIVED
			   ? AS_NULL
			   : BODY("FaceMatch", AS_TEXT(face == CHECK_PENDING ? "pending" : "completed")),
		   checks, AS_TEXT(final_text(file->session.final_decision)));
	json_free(stored);
	return out;
}
