/* Parties who count as verified without a session of their own here, and ownership that nobody declared. */
#include "internal.h"
#include "kybdesk/base/text.h"
#include "kybdesk/desk/party.h"
#include "kybdesk/domain/mask.h"
#include "kybdesk/domain/ownership.h"

#include <string.h>

static enum err mark(struct work *work, const char *party_id, const char *by, const char *reason,
		     struct json_value **detail, struct error *error)
{
	struct party *party = NULL;
	enum err err = work_find_party(&work->file, party_id, &party, error);

	if (!err && !*by && !*party->verified_elsewhere_by)
		err = refuse_one(
			ERR_BLOCKED, blocker_code_text(BLOCKER_PARTY_NOT_VERIFIED), party->id, error,
			"The party %.8s is not marked as verified elsewhere; there is nothing to take back",
			party->id);
	if (err)
		return err;
	party->verified_elsewhere_by = by;
	party->verified_elsewhere_reason = reason;
	*detail = json_new_object();
	json_set_text(*detail, "party", party->id);
	return store_party_update(work->desk->store, party, error);
}

enum err desk_party_verify(struct desk *desk, struct arena *arena, const char *reference, const char *party,
			   const char *reason, const char **id, struct error *error)
{
	struct work work;
	struct json_value *detail = NULL;
	enum err err =
		work_begin(&work, desk, arena, reference, ROLE_LEAD, "mark a party as verified elsewhere", error);

	if (err)
		return err;
	reason = reason ? reason : "";
	*id = work.file.session.id;
	err = text_check("reason", "The reason", reason, false, error);
	if (!err)
		err = reason_text_check("verified elsewhere", reason, error);
	if (!err)
		err = mark(&work, party, desk->actor, reason, &detail, error);
	return work_commit(&work, err, "party.verify", detail, false, error);
}

enum err desk_party_unverify(struct desk *desk, struct arena *arena, const char *reference, const char *party,
			     const char **id, struct error *error)
{
	struct work work;
	struct json_value *detail = NULL;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_LEAD,
				  "take back that a party is verified elsewhere", error);

	if (err)
		return err;
	*id = work.file.session.id;
	err = mark(&work, party, "", "", &detail, error);
	return work_commit(&work, err, "party.unverify", detail, false, error);
}

static enum err gap_word(const char *reason, const char *text, struct error *error)
{
	size_t count;
	const char *const *words = ownership_gap_reasons(&count);
	const char *near;

	for (size_t i = 0; i < count; i++) {
		if (strcmp(words[i], reason))
			continue;
		return strcmp(reason, "other") ? ERR_OK : reason_text_check("undeclared ownership", text, error);
	}
	near = text_nearest(reason, words, count);
	if (near)
		return error_set_field(error, ERR_INVALID, "reason",
				       "\"%s\" is no reason for undeclared ownership; did you mean %s?", reason,
				       near);
	return error_set_field(error, ERR_INVALID, "reason",
			       "\"%s\" is no reason for undeclared ownership; choose from: listed, state_owned, "
			       "regulated, dispersed, other",
			       reason);
}

enum err desk_party_gap(struct desk *desk, struct arena *arena, const char *reference, const char *reason,
			const char *text, const char **id, struct error *error)
{
	struct work work;
	struct session *session = &work.file.session;
	struct ownership_gap gap = { .percent = "" };
	struct json_value *detail = NULL;
	enum err err =
		work_begin(&work, desk, arena, reference, ROLE_LEAD, "record why ownership is undeclared", error);

	if (err)
		return err;
	text = text ? text : "";
	*id = session->id;
	err = text_check("text", "The text", text, false, error);
	if (!err)
		err = gap_word(reason ? reason : "", text, error);
	if (!err) {
		ownership_gap_find(arena, &work.file, work.profile, &gap);
		if (!gap.known || !gap.open)
			err = refuse_one(
				ERR_BLOCKED, blocker_code_text(BLOCKER_OWNERSHIP_GAP), "", error,
				gap.known ? "The undeclared ownership of %s is too small to hide an owner; "
					    "no reason is needed"
					  : "What is undeclared in %s cannot be told; declare its parties and "
					    "correct their shares first",
				session_label(arena, session));
	}
	if (!err) {
		session->gap_reason = arena_strdup(arena, reason);
		session->gap_text = arena_strdup(arena, text);
		session->gap_by = desk->actor;
		session->gap_percent = gap.percent;
		session->gap_at = work.now;
		err = store_session_set_gap(desk->store, session, error);
		detail = json_new_object();
		json_set_text(detail, "reason", session->gap_reason);
		json_set_text(detail, "percent", gap.percent);
	}
	return work_commit(&work, err, "party.gap", detail, false, error);
}

static bool fits(const struct work *work, const char *workflow)
{
	const char *needed = work->profile->parties.workflow;

	return !needed || !*needed || !strcmp(needed, workflow);
}

static enum err candidates(struct work *work, const char *name, const char *date_of_birth, const char *country,
			   struct party_candidate **items, size_t *count, struct error *error)
{
	const struct country *known = *country ? country_find(&work->desk->countries, country) : NULL;
	struct kyc_candidate *found = NULL;
	size_t found_count = 0, capacity = 0;
	enum err err =
		store_kyc_candidates(work->desk->store, work->arena, work->file.session.merchant_row, name,
				     date_of_birth, known ? known->alpha3 : country, &found, &found_count, error);

	*items = NULL;
	*count = 0;
	for (size_t i = 0; !err && i < found_count; i++) {
		const struct kyc_candidate *one = &found[i];
		bool here = false;

		/* Who is verified by it here already is not offered it again. */
		for (size_t p = 0; p < work->file.party_count; p++)
			here = here || work->file.parties[p].session_row == one->row;
		if (here || one->row == work->file.session.row)
			continue;
		*ARENA_PUSH(work->arena, *items, *count, capacity) = (struct party_candidate){
			.id = one->id,
			.external_ref = one->external_ref,
			.workflow = one->workflow,
			.name = one->name,
			.country = one->country,
			.date_of_birth = mask_date(work->arena, one->date_of_birth),
			.approved_by = one->decided_by,
			.parent_id = one->parent_id,
			.parent_name = one->parent_name,
			.approved_at = one->decided_at,
			.fits = fits(work, one->workflow),
		};
	}
	return err;
}

enum err desk_party_candidates(struct desk *desk, struct arena *arena, const char *reference, const char *name,
			       const char *date_of_birth, const char *country, struct party_candidate **items,
			       size_t *count, struct error *error)
{
	struct work work = { .desk = desk, .arena = arena };
	enum err err = desk_begin_read(desk, error);

	*count = 0;
	if (err)
		return err;
	err = work_load(&work, desk, arena, reference, error);
	if (!err)
		err = candidates(&work, name, date_of_birth, country, items, count, error);
	desk_end_read(desk);
	return err;
}

enum err desk_party_candidates_of(struct desk *desk, struct arena *arena, const char *reference,
				  const char *party_id, struct party_candidate **items, size_t *count,
				  struct error *error)
{
	struct work work = { .desk = desk, .arena = arena };
	struct party *party = NULL;
	enum err err = desk_begin_read(desk, error);

	*items = NULL;
	*count = 0;
	if (err)
		return err;
	err = work_load(&work, desk, arena, reference, error);
	if (!err)
		err = work_find_party(&work.file, party_id, &party, error);
	if (!err && party->kind == PARTY_INDIVIDUAL && party->session_status != SESSION_APPROVED)
		err = candidates(&work, party->name, party->date_of_birth, party->country, items, count, error);
	desk_end_read(desk);
	return err;
}

/* The verified person; another merchant's session is never named, not even by its refusal. */
static enum err find_source(struct work *work, const char *reference, struct session *out, struct error *error)
{
	int64_t row = 0;
	enum err err = store_session_find(work->desk->store, reference, &row, error);

	if (!err)
		err = store_session_load(work->desk->store, work->arena, row, out, error);
	if (err == ERR_OK && out->merchant_row != work->file.session.merchant_row)
		err = error_set(error, ERR_NOT_FOUND, "There is no session \"%s\" of this merchant", reference);
	if (err)
		return err;
	if (out->kind != KIND_KYC || out->subject.kind != SUBJECT_INDIVIDUAL || out->status != SESSION_APPROVED)
		return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_PARTY_NOT_VERIFIED), out->id, error,
				  "Only an approved KYC session of a person can be copied; %s is %s",
				  session_label(work->arena, out), session_status_title(out->status));
	if (!fits(work, out->workflow))
		return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_PARTY_NOT_VERIFIED), out->id, error,
				  "The parties of this case need a session of the workflow %s, and %s is one of %s",
				  work->profile->parties.workflow, session_label(work->arena, out), out->workflow);
	for (size_t i = 0; i < work->file.party_count; i++) {
		if (work->file.parties[i].session_row == out->row)
			return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_PARTY_NOT_VERIFIED),
					  work->file.parties[i].id, error,
					  "The party %.8s of this case is verified by that session already",
					  work->file.parties[i].id);
	}
	return ERR_OK;
}

static bool same_name(const char *left, const char *right)
{
	struct strbuf a = STRBUF_INIT, b = STRBUF_INIT;
	bool same;

	text_fold(&a, left, strlen(left));
	text_fold(&b, right, strlen(right));
	same = !strcmp(a.buf, b.buf);
	strbuf_release(&a);
	strbuf_release(&b);
	return same;
}

static enum err check_same_person(const struct party *party, const struct session *source, struct error *error)
{
	const struct subject *subject = &source->subject;

	if (party->kind == PARTY_INDIVIDUAL && same_name(party->name, subject->name) && *party->date_of_birth &&
	    !strcmp(party->date_of_birth, subject->date_of_birth) && *party->country &&
	    !strcmp(party->country, subject->country))
		return ERR_OK;
	return error_set_field(
		error, ERR_INVALID, "from",
		"That session is about somebody else: name, birth date and country have to be the same");
}

/* The session that the party has is let go, if nothing of it has to be kept. */
static enum err replace_session(struct work *work, struct party *party, const struct session *source,
				struct erased *erased, struct error *error)
{
	enum err err = check_same_person(party, source, error);

	if (err || !party->session_row || party->session_shared)
		return err;
	return erase_family(work->desk, work->arena, party->session_row, "copy the person", erased, error);
}

static enum err add_person(struct work *work, const struct session *source, const struct party_input *input,
			   struct party **out, struct error *error)
{
	const struct subject *subject = &source->subject;
	struct party_input whole = *input;
	struct party party;
	const char *message = "";
	enum err err;

	whole.name = subject->name;
	whole.kind = PARTY_INDIVIDUAL;
	whole.country = subject->country;
	whole.date_of_birth = subject->date_of_birth;
	whole.tax_id = subject->tax_id;
	whole.registration_number = subject->registration_number;
	whole.email = "";
	whole.phone = "";
	err = party_check(work, NULL, &whole, error);
	if (err)
		return err;
	party_init(&party);
	party.id = id_new(work->desk, work->arena);
	party.kind = PARTY_INDIVIDUAL;
	party.name = subject->name;
	party.roles = input->roles;
	party.control_role = input->control_role ? arena_strdup(work->arena, input->control_role) : "";
	party.country = subject->country;
	party.date_of_birth = subject->date_of_birth;
	party.tax_id = subject->tax_id;
	party.registration_number = subject->registration_number;
	party.email = subject->email;
	party.phone = subject->phone;
	if (input->percent && *input->percent &&
	    !party_input_shares(work->arena, &work->file, NULL, input, &party.shares, &party.share_count, &message))
		return error_set_field(error, ERR_INVALID, "percent", "%s", message);
	return party_insert(work, &party, out, error);
}

enum err desk_party_copy(struct desk *desk, struct arena *arena, const char *reference, const char *from,
			 const char *party_id, const struct party_input *input, const char **id,
			 const char **copied_id, struct error *error)
{
	struct work work;
	struct erased erased = { 0 };
	struct session source;
	struct party *party = NULL;
	struct json_value *detail = NULL;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "copy a person", error);

	if (err)
		return err;
	*id = work.file.session.id;
	*copied_id = "";
	err = find_source(&work, from, &source, error);
	if (!err && *party_id) {
		err = work_find_party(&work.file, party_id, &party, error);
		if (!err)
			err = replace_session(&work, party, &source, &erased, error);
	} else if (!err) {
		err = add_person(&work, &source, input, &party, error);
	}
	if (!err)
		err = store_party_set_subsession(desk->store, party->row, source.row, error);
	if (!err) {
		party->session_row = source.row;
		party->session_id = source.id;
		party->session_workflow = source.workflow;
		party->session_status = source.status;
		party->session_unresponsive = false;
		party->session_shared = true;
		*copied_id = party->id;
		detail = json_new_object();
		json_set_text(detail, "party", party->id);
		json_set_text(detail, "subsession", source.id);
	}
	err = work_commit(&work, err, "party.copy", detail, true, error);
	if (!err)
		erase_bytes(desk, &erased);
	return err;
}
