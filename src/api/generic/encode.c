/* A session in the format of the seed. */
#include "encode.h"
#include "generic/generic.h"

#include <string.h>

static const char *final_text(enum final_decision decision)
{
	return decision == FINAL_NONE ? "" : final_decision_text(decision);
}

static struct json_value *step_json(const struct step *step)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "step_id", step->id);
	json_set_text(out, "status", step_status_text(step->status));
	json_set_raw(out, "fields", step->fields_json);
	return out;
}

static struct json_value *side_json(const struct document *document, size_t at)
{
	const struct document_side side = document_side(document, at);
	struct json_value *out = json_new_object();

	json_set_text(out, "side", side_text(at ? SIDE_BACK : SIDE_FRONT));
	json_set_text(out, "file_name", side.file_name);
	json_set_int(out, "size", side.size_bytes);
	json_set_text_or_null(out, "sha256", side.sha256);
	json_set_text(out, "status", upload_state_text(side.upload));
	return out;
}

static struct json_value *document_json(const struct document *document)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "id", document->id);
	json_set_text(out, "type", document->type);
	json_set_text(out, "category", document->category);
	json_set_text(out, "side", document->double_sided ? side_text(SIDE_FRONT) : "");
	json_set_text(out, "file_name", document->file_name);
	json_set_int(out, "size", document->size_bytes);
	json_set_text_or_null(out, "sha256", document->sha256);
	json_set_text(out, "status", upload_state_text(document->upload));
	json_set_time(out, "created_at", document->uploaded_at);
	if (document->double_sided)
		JSON_SET_EACH(out, "sides", i, document_side_count(document), side_json(document, i));
	return out;
}

static struct json_value *subject_json(const struct subject *subject)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "uid", subject->uid);
	json_set_text(out, "kind", subject_kind_text(subject->kind));
	json_set_text(out, "name", subject->name);
	json_set_text(out, "country", subject->country);
	json_set_text_or_null(out, "email", subject->email);
	return out;
}

static void set_outcome(struct json_value *out, const struct outside_case *view)
{
	const struct session *session = &view->file.session;

	json_set_null(out, "risk_score");
	json_set_text_or_null(out, "final_decision", final_text(session->final_decision));
	json_set_text_or_null(out, "reason", view->reason);
	json_set_text_or_null(out, "message", view->message);
	json_set_bool(out, "retryable", view->retryable);
	json_set_time(out, "decided_at", view->decided_at);
}

static struct json_value *contributor_json(const struct contribution *contribution)
{
	struct json_value *out = json_new_object();

	json_set_text(out, "by", contribution->actor);
	json_set_text(out, "what", contribution->what);
	json_set_text(out, "material", material_text(contribution->material));
	json_set_text_or_null(out, "part", contribution->part);
	json_set_text(out, "session", contribution->session_id);
	json_set_time(out, "at", contribution->at);
	return out;
}

struct json_value *session_json(const struct outside_case *view)
{
	const struct session *session = &view->file.session;
	struct json_value *out = json_new_object();

	json_set_text(out, "id", session->id);
	json_set_text(out, "workflow_id", session->workflow);
	json_set_text_or_null(out, "external_id", session->external_ref);
	if (view->version)
		json_set_int(out, "version", view->version);
	json_set_text(out, "kind", session_kind_text(session->kind));
	json_set_text_or_null(out, "parent_id", session->parent_id);
	json_set_text(out, "status", session_status_text(session->status));
	json_set_text(out, "compliance_status", inbox_text(session_status_inbox(session->status)));
	json_set_raw(out, "custom_tags", session->custom_tags_json);
	json_set_raw(out, "metadata", session->metadata_json);
	json_set_text_or_null(out, "access_link", view->link);
	json_set_time(out, "access_link_expires_at", session->expires_at);
	JSON_SET_EACH(out, "steps", i, view->file.step_count, step_json(&view->file.steps[i]));
	JSON_SET_EACH(out, "documents", i, view->file.document_count, document_json(&view->file.documents[i]));
	json_set(out, "corrections", corrections_json(&view->file, NULL));
	json_set(out, "subject", subject_json(&session->subject));
	set_outcome(out, view);
	json_set_time(out, "created_at", session->created_at);
	json_set_time(out, "submitted_at", session->submitted_at);
	json_set_time(out, "updated_at", session->updated_at);
	json_set_text_if_any(out, "rules_note", view->rules_note);
	if (view->contributions.count)
		JSON_SET_EACH(out, "contributors", i, view->contributions.count,
			      contributor_json(&view->contributions.items[i]));
	return out;
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
		return json_clone(value);
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
	struct json_value *out = json_new_object();

	json_set_text(out, "type", check_kind_text(check->kind));
	json_set_text(out, "status", completed ? "completed" : check_status_text(check->status));
	return out;
}

struct json_value *results_json(const struct outside_case *view)
{
	static const char *const members[] = { "extraction_results", "cross_validation", "web_validation_results" };
	const struct session *session = &view->file.session;
	const char *text = session->processing_results_json;
	struct json_value *out, *stored = NULL;
	enum check_status face = CHECK_WAIVED;

	if (json_read(text, strlen(text), &stored, NULL) || !json_is_object(stored)) {
		json_free(stored);
		return NULL;
	}
	out = json_new_object();
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const struct json_value *value = json_get(stored, members[i]);

		if (value)
			json_set(out, members[i], without_findings(value));
		else
			json_set_null(out, members[i]);
	}
	for (size_t i = 0; i < view->file.check_count; i++) {
		if (view->file.checks[i].kind == CHECK_FACE_MATCH)
			face = view->file.checks[i].status;
	}
	if (face == CHECK_WAIVED) {
		json_set_null(out, "face_match_result");
	} else {
		struct json_value *item = json_new_object();

		json_set_text(item, "status", face == CHECK_PENDING ? "pending" : "completed");
		json_set(out, "face_match_result", item);
	}
	JSON_SET_EACH(out, "external_validations", i, view->file.check_count, check_json(&view->file.checks[i]));
	json_set_text_or_null(out, "final_decision", final_text(session->final_decision));
	json_free(stored);
	return out;
}
