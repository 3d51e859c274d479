/* The session that verifies a related party. */
#include "kybdesk/desk/read.h"
#include "link/link.h"
#include "review/review.h"

void party_fill_subject(const struct party *party, struct subject *subject)
{
	subject->name = party->name;
	subject->country = party->country;
	subject->registration_number = party->registration_number;
	subject->tax_id = party->tax_id;
	subject->date_of_birth = party->date_of_birth;
	subject->email = party->email;
	subject->phone = party->phone;
}

static enum err insert_session(struct use *use, const struct party *party, struct case_file *file,
			       const struct profile *profile, struct error *error)
{
	struct desk *desk = use->desk;
	const struct session *parent = &use->file.session;
	struct session *session = &file->session;
	int64_t now = desk_now(desk);
	enum err err;

	session->workflow = profile->name;
	session->kind = KIND_KYC;
	session->merchant = parent->merchant;
	session->merchant_row = parent->merchant_row;
	session->status = SESSION_DRAFT;
	session->custom_tags_json = profile->custom_tags_json;
	session->parent_id = parent->id;
	session->parent_row = parent->row;
	session->created_at = now;
	session->updated_at = now;
	session->expires_at = profile->link_life_ms > 0 ? now + profile->link_life_ms : TIME_NONE;
	/* The merchant has not declared a uid for the party, so the party's id is the uid. */
	session->subject.uid = party->id;
	session->subject.kind = party->kind == PARTY_COMPANY ? SUBJECT_BUSINESS : SUBJECT_INDIVIDUAL;
	session->subject.level = profile->level_initial;
	party_fill_subject(party, &session->subject);
	err = store_subject_put(desk->store, session->merchant_row, &session->subject, error);
	return err ? err : desk_case_open(desk, use->arena, file, profile, error);
}

enum err subsession_make(struct use *use, struct party *party, struct error *error)
{
	struct desk *desk = use->desk;
	struct case_file file;
	const struct profile *profile = NULL;
	struct session *session = &file.session;
	const struct event_input requested = { .event.kind = EVENT_PARTY_KYC_REQUESTED, .due_at = use->now };
	enum err err;

	case_file_init(&file);
	session->id = id_new(desk, use->arena);
	err = desk_profile_ensure_stored(desk, use->profile->parties.workflow, &profile, &session->workflow_row, error);
	if (!err)
		err = insert_session(use, party, &file, profile, error);
	if (!err)
		err = link_renew_url(desk, use->arena, session, NULL, error);
	if (!err)
		err = store_party_set_subsession(desk->store, party->row, session->row, error);
	if (!err)
		err = desk_case_update(desk, &file, profile, true, error);
	if (!err)
		err = desk_event_write(use, session, use->profile, &requested, error);
	if (err)
		return err;
	party->session_row = session->row;
	party->session_id = session->id;
	party->session_workflow = session->workflow;
	party->session_status = session->status;
	return ERR_OK;
}

/* Refuses a second session: a party gets another session only after its former session ended without success. */
static enum err check_session_needed(const struct use *use, const struct party *party, struct error *error)
{
	if (!*use->profile->parties.workflow)
		return REFUSE(BLOCKER_PARTY_NOT_VERIFIED, party->id, error,
			      "The workflow %s does not define a workflow for sessions of parties", use->profile->name);
	if (party->session_row && party->session_status != SESSION_REJECTED && party->session_status != SESSION_EXPIRED)
		return REFUSE(BLOCKER_PARTY_NOT_VERIFIED, party->id, error,
			      "The party has a session already (%.8s, %s); decide that session", party->session_id,
			      session_status_title(party->session_status));
	return ERR_OK;
}

/* Reads in->part: the party; in->reason, if a former session of the party needs a lead (care.c). */
enum err use_subsession_add(struct use *use, struct error *error)
{
	struct party *party = NULL;
	enum err err = use_find_party(&use->file, use->in->part, &party, error);

	if (!err)
		err = check_session_needed(use, party, error);
	if (!err)
		err = require_lead_for_new_kyc(use, party->name, error);
	if (!err)
		err = subsession_make(use, party, error);
	if (err)
		return err;
	use->out->part_id = party->id;
	use->out->subsession_id = party->session_id;
	use_add_changed_part(use, "party", party->id);
	JSON_ADD(use->detail, { "party", AS_TEXT(party->id) }, { "subsession", AS_TEXT(party->session_id) });
	return ERR_OK;
}

static enum err find_party_with_session(struct use *use, struct party **out, struct error *error)
{
	enum err err = use_find_party(&use->file, use->in->part, out, error);

	if (!err && !(*out)->session_row)
		err = error_set(error, ERR_NOT_FOUND,
				"The party %.8s has no session. Make one with: kybdesk subsession add", (*out)->id);
	return err;
}

enum err desk_subsession_of(struct desk *desk, struct arena *arena, const struct use_in *in, const char **subsession_id,
			    struct error *error)
{
	struct use_out out;
	struct use use = { .desk = desk, .arena = arena, .in = use_copy_input(arena, in), .out = &out };
	struct party *party = NULL;
	enum err err = desk_begin_read(desk, error);

	*subsession_id = "";
	if (err)
		return err;
	err = use_load_case(&use, error);
	if (!err)
		err = find_party_with_session(&use, &party, error);
	desk_end_read(desk);
	if (!err)
		*subsession_id = party->session_id;
	return err;
}

/* Removes the session of a party: detaches a copied session, erases a session that was never submitted, and refuses
 * any other session. Reads in->part. */
enum err use_subsession_remove(struct use *use, struct error *error)
{
	struct party *party = NULL;
	enum err err = find_party_with_session(use, &party, error);

	if (!err && !party->is_session_shared)
		err = erase_family(use, party->session_row, "remove the subsession", error);
	if (!err)
		err = store_party_set_subsession(use->desk->store, party->row, 0, error);
	if (err)
		return err;
	use_add_changed_part(use, "party", party->id);
	JSON_ADD(use->detail, { "party", AS_TEXT(party->id) }, { "subsession", AS_TEXT(party->session_id) },
		 { "erased", AS_BOOL(use->erasure.family.count > 0) });
	party->session_row = 0;
	party->session_id = party->session_workflow = "";
	party->is_session_shared = party->session_unresponsive = false;
	return ERR_OK;
}
