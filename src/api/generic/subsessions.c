/* Subsessions: the sessions that verify the parties of a session. */
#include "generic/generic.h"
#include "encode.h"
#include "shape.h"

#include <string.h>

/* Runs before the party is declared, so that a refused session leaves no party behind. */
static enum err check_workflow(const struct outside_case *view, const char *wanted, struct error *error)
{
	const char *own = view->profile->parties.workflow ? view->profile->parties.workflow : "";

	if (!*own)
		return error_set(error, ERR_CONFLICT,
				 "The workflow %s names no workflow for the sessions of its parties",
				 view->profile->name);
	if (!wanted || !strcmp(wanted, own))
		return ERR_OK;
	return error_set_field(error, ERR_INVALID, "workflow_id",
			       "Parties of %s are verified under \"%s\"; leave workflow_id out",
			       view->profile->name, own);
}

static const struct party *party_of_session(const struct case_file *file, const char *session_id)
{
	for (size_t i = 0; i < file->party_count; i++) {
		if (file->parties[i].session_row && !strcmp(file->parties[i].session_id, session_id))
			return &file->parties[i];
	}
	return NULL;
}

/* The party verified by the session with the second id of the path; ERR_NOT_FOUND. */
static enum err find_party(struct request *r, struct outside_case *view, const struct party **out,
			   struct error *error)
{
	char id[UUID_TEXT_SIZE];
	enum err err = session_load(r, r->arguments[0], view, error);

	if (err)
		return err;
	*out = uuid_normalise(r->arguments[1], id) ? party_of_session(&view->file, id) : NULL;
	return *out ? ERR_OK
		    : error_set(error, ERR_NOT_FOUND, "The session has no subsession \"%s\"", r->arguments[1]);
}

static struct json_value *party_json(const struct party *party)
{
	return BODY("SubsessionParty", AS_TEXT(party->id), AS_TEXT(party_kind_text(party->kind)),
		    AS_TEXT(party->name), json_words(party->roles, party_role_words), AS_TEXT(party->country));
}

static enum err subsession_json(struct request *r, const struct party *party, struct json_value **out,
				struct error *error)
{
	struct outside_case view;
	enum err err = session_load(r, party->session_id, &view, error);

	if (err)
		return err;
	*out = session_json(&view);
	json_set(*out, "party", party_json(party));
	return ERR_OK;
}

static enum err answer_party(struct request *r, const char *party_id, struct error *error)
{
	struct outside_case view;
	struct json_value *body = NULL;
	const struct party *party;
	enum err err = session_load(r, r->arguments[0], &view, error);

	party = err ? NULL : case_party(&view.file, party_id);
	/* A workflow without automatic sessions needs the party's session created here. */
	if (party && !party->session_row) {
		err = API_RUN(r, error, .verb = VERB_SUBSESSION_ADD, .session = r->arguments[0], .part = party_id);
		if (!err)
			err = session_load(r, r->arguments[0], &view, error);
		party = err ? NULL : case_party(&view.file, party_id);
	}
	if (!err && !party)
		err = error_set(error, ERR_INTERNAL, "The added party no longer exists");
	if (!err)
		err = subsession_json(r, party, &body, error);
	return err ? err : answer_json(r, 201, body);
}

static enum err handle_add(struct request *r, struct error *error)
{
	const char *workflow = body_text(r, "workflow_id");
	const char *fields = body_json(r, "party.fields", false);
	struct outside_case view;
	struct party_input input;
	struct use_out out;
	enum err err;

	party_of_body(r, &input);
	err = request_check(r, error);
	if (!err)
		err = session_load(r, r->arguments[0], &view, error);
	if (!err)
		err = check_workflow(&view, workflow, error);
	if (!err)
		err = API_DO(r, &out, error, .verb = VERB_PARTY_ADD, .as = CAPACITY_MERCHANT, .party = &input,
			     .session = r->arguments[0], .fields_json = fields);
	return err ? err : answer_party(r, out.part_id, error);
}

static bool is_completed(enum session_status status)
{
	return session_status_inbox(status) != INBOX_INCOMPLETE && status != SESSION_ACTIVE &&
	       status != SESSION_AWAITING_CLIENT_CORRECTION;
}

static enum err handle_list(struct request *r, struct error *error)
{
	struct json_value *body, *data = json_new_array();
	int64_t completed = 0, approved = 0;
	struct outside_case view;
	enum err err = session_load(r, r->arguments[0], &view, error);

	for (size_t i = 0; !err && i < view.file.party_count; i++) {
		const struct party *party = &view.file.parties[i];
		struct json_value *item = NULL;

		if (!party->session_row)
			continue;
		err = subsession_json(r, party, &item, error);
		if (err)
			break;
		json_append(data, item);
		completed += is_completed(party->session_status);
		approved += party->session_status == SESSION_APPROVED;
	}
	body = BODY(
		"Subsessions", data,
		BODY("SubsessionSummary", AS_INT((int64_t)json_count(data)), AS_INT(completed), AS_INT(approved)));
	if (!err)
		return answer_json(r, 200, body);
	json_free(body);
	return err;
}

static enum err handle_link(struct request *r, struct error *error)
{
	const struct party *party;
	struct outside_case view;
	enum err err = find_party(r, &view, &party, error);

	return err ? err : answer_new_link(r, party->session_id, error);
}

static enum err handle_remove(struct request *r, struct error *error)
{
	const struct party *party;
	struct outside_case view;
	enum err err = find_party(r, &view, &party, error);

	if (!err)
		err = API_RUN(r, error, .verb = VERB_SUBSESSION_REMOVE, .session = r->arguments[0],
			      .part = party->id);
	return err ? err : answer_deleted(r, r->arguments[1]);
}

static const struct route rows[] = {
	{ ROUTE_CREATE, .path = "/kyc/sessions/{session_id}/subsessions", .takes = "SubsessionNew",
	  .response = "201:Subsession", .verb = VERB_PARTY_ADD, .answer = handle_add,
	  .summary = "Declare a related party, with a session that verifies it" },
	{ ROUTE_READ, .path = "/kyc/sessions/{session_id}/subsessions", .response = "200:Subsessions",
	  .answer = handle_list, .summary = "List the subsessions: the sessions of the related parties" },
	{ ROUTE_CREATE, .path = "/kyc/sessions/{session_id}/subsessions/{sub_id}/regenerate-link",
	  .response = "200:AccessLink", .verb = VERB_LINK, .answer = handle_link,
	  .summary = "Create a new access link for a party" },
	{ ROUTE_DELETE, .path = "/kyc/sessions/{session_id}/subsessions/{sub_id}", .response = "200:Deleted",
	  .verb = VERB_SUBSESSION_REMOVE, .answer = handle_remove, .summary = "Remove the session of a party" },
};
const struct routes routes_subsessions = { rows, sizeof rows / sizeof *rows, DIALECT_GENERIC };
