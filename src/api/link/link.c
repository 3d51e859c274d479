/* The operations that the page and the JSON of a client's link share, and their HTTP errors. */
#include "link/link.h"
#include "encode.h"
#include "kybdesk/desk/link.h"

#include <string.h>

static enum err refuse_link(struct request *r, enum link_state state, struct error *error)
{
	return request_refuse(r, 410, "gone", error,
			      state == LINK_EXPIRED
				      ? "The link has expired; request a new link"
				      : "This link is no longer valid; use the newest link, or request a new link");
}

static enum err resolve_link(struct request *r, struct link_target *target, struct error *error)
{
	enum err err = desk_link_resolve(r->desk, &r->arena, r->arguments[0], target, error);

	return !err && target->state != LINK_VALID ? refuse_link(r, target->state, error) : err;
}

enum err link_resolve_session(struct request *r, struct error *error)
{
	struct link_target target;
	enum err err = resolve_link(r, &target, error);

	if (!err) {
		r->link_session_id = target.session_id;
		r->link_merchant_row = target.merchant_row;
	}
	return err;
}

enum err link_load_case(struct request *r, struct external_case *view, struct error *error)
{
	struct link_target target;
	enum err err = resolve_link(r, &target, error);

	if (err)
		return err;
	r->caller = (struct caller){ .capacity = CAPACITY_CLIENT,
				     .actor = CALLER_CLIENT,
				     .merchant = "",
				     .session_row = target.session_row,
				     .document_type = target.document_type,
				     .request_id = r->id,
				     .trace = r->trace };
	desk_set_caller(r->desk, &r->caller);
	err = desk_external_case(r->desk, &r->arena, target.session_id, view, error);
	return !err && view->file.session.status == SESSION_EXPIRED ? refuse_link(r, LINK_EXPIRED, error) : err;
}

enum err link_load_session_case(struct request *r, struct external_case *view, struct error *error)
{
	enum err err = link_load_case(r, view, error);

	return !err && *r->caller.document_type ? error_set(error, ERR_NOT_FOUND, "Unknown link") : err;
}

static bool status_accepts_input(enum session_status status)
{
	return status == SESSION_DRAFT || status == SESSION_ACTIVE || status == SESSION_AWAITING_CLIENT_CORRECTION;
}

bool link_accepts_input(const struct case_file *file)
{
	return status_accepts_input(file->session.status);
}

bool link_step_is_requested(const struct case_file *file, const char *step)
{
	enum session_status status = file->session.status;

	if (status == SESSION_DRAFT || status == SESSION_ACTIVE)
		return true;
	for (size_t i = 0; status == SESSION_AWAITING_CLIENT_CORRECTION && i < file->correction_count; i++)
		if (correction_is_unsettled(&file->corrections[i]) && !strcmp(file->corrections[i].step_id, step))
			return true;
	return false;
}

const char *link_party_state(const struct party *party)
{
	if (!party->session_row)
		return "none";
	return status_accepts_input(party->session_status) ? "open" : "handed_in";
}

enum err link_add_document(struct request *r, const struct external_case *view, struct use_out *out,
			   struct error *error)
{
	const char *type = request_field(r, "type"), *side = request_field(r, "side");
	enum err err;

	if (*r->caller.document_type && (!type || !*type))
		type = r->caller.document_type;
	if (!type || !*type)
		request_add_fault(r, "type", REQUIRED_FIELD_MESSAGE);
	else if (*r->caller.document_type && strcmp(type, r->caller.document_type) != 0)
		request_add_fault(r, "type", "This link accepts only the document type %s", r->caller.document_type);
	if (!r->file.is_present)
		request_add_fault(r, "file", REQUIRED_FIELD_MESSAGE);
	err = request_check_faults(r, error);
	if (err)
		return err;
	err = API_DO(r, out, error, .verb = VERB_DOCUMENT_ADD, .capacity = CAPACITY_CLIENT,
		     .session = view->file.session.id, .type = type, .side = side,
		     .document = request_field(r, "document"), .file_name = r->file.name,
		     .bytes = r->file.bytes ? r->file.bytes : "", .length = r->file.length);
	return err ? refuse_upload(r, view->profile, type, err, error) : ERR_OK;
}

bool link_may_remove_party(const struct case_file *file, const struct party *party)
{
	enum session_status status = file->session.status;
	bool begun = !party->session_row || party->session_status == SESSION_DRAFT ||
		     party->session_status == SESSION_ACTIVE;

	return (status == SESSION_DRAFT || status == SESSION_ACTIVE) && file->session.submitted_at == TIME_NONE &&
	       begun;
}

enum err link_remove_party(struct request *r, const struct external_case *view, const char *id, struct error *error)
{
	const struct party *party = case_party(&view->file, id);

	if (!party)
		return error_set(error, ERR_NOT_FOUND, "Unknown party");
	if (!link_may_remove_party(&view->file, party))
		return error_set(error, ERR_CONFLICT,
				 "The party was submitted; only a reviewer can remove the party now");
	return API_DO_IGNORE_RESULT(r, error, .verb = VERB_PARTY_REMOVE, .capacity = CAPACITY_CLIENT,
				    .session = view->file.session.id, .part = party->id);
}

enum err link_submit_corrections(struct request *r, const struct external_case *view, struct error *error)
{
	const char *id = view->file.session.id;
	const struct use_in ins[3] = { { .verb = VERB_START, .capacity = CAPACITY_CLIENT, .session = id },
				       { .verb = VERB_COMPLETE, .capacity = CAPACITY_CLIENT, .session = id },
				       { .verb = VERB_HAND_IN, .capacity = CAPACITY_CLIENT, .session = id } };
	enum session_status status = view->file.session.status;
	size_t first = status == SESSION_DRAFT ? 0 : status == SESSION_AWAITING_CLIENT_CORRECTION ? 2 : 1;
	struct use_out outs[2];

	return desk_do_all(r->desk, &r->arena, &ins[first], first == 0 ? 2 : 1, outs, error);
}
