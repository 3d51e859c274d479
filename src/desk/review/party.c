/* Declaring, changing and removing related parties. */
#include "kybdesk/desk/party.h"
#include "internal.h"
#include "kybdesk/desk/review.h"

#include <string.h>

static void check_input(struct work *work, const struct party *self, const struct party_input *input,
			struct party_problems *out)
{
	char today[16];

	date_format(work->now, today);
	party_input_check(work->arena, &work->file, work->profile, &work->desk->countries, today, self, input, out);
}

enum err party_check(struct work *work, const struct party *self, const struct party_input *input,
		     struct error *error)
{
	struct party_problems problems = { 0 };

	check_input(work, self, input, &problems);
	for (size_t i = 0; i < problems.count; i++) {
		const struct party_problem *problem = &problems.items[i];

		if (problem->warning)
			continue;
		if (!*problem->field)
			return error_set(error, ERR_INVALID, "%s", problem->message);
		return error_set_field(error, ERR_INVALID, problem->field, "%s", problem->message);
	}
	return ERR_OK;
}

enum err desk_party_check(struct desk *desk, struct arena *arena, const char *reference, const char *party_id,
			  const struct party_input *input, struct party_problems *out, struct error *error)
{
	struct work work = { .desk = desk, .arena = arena };
	struct party *self = NULL;
	enum err err = desk_begin_read(desk, error);

	*out = (struct party_problems){ 0 };
	if (err)
		return err;
	err = work_load(&work, desk, arena, reference, error);
	desk_end_read(desk);
	if (!err && *party_id)
		err = work_find_party(&work.file, party_id, &self, error);
	if (!err)
		check_input(&work, self, input, out);
	return err;
}

/* Copies, since what the door gave may not live as long as the results. */
static const char *kept(const struct work *work, const char *text)
{
	return text ? arena_strdup(work->arena, text) : "";
}

static const char *country_code(const struct work *work, const char *text)
{
	const struct country *country = text && *text ? country_find(&work->desk->countries, text) : NULL;

	return country ? country->alpha3 : "";
}

static void fill(const struct work *work, const struct party_input *input, struct party *party)
{
	party->id = id_new(work->desk, work->arena);
	party->kind = input->kind;
	party->name = kept(work, input->name);
	party->roles = input->roles;
	party->control_role = kept(work, input->control_role);
	party->country = country_code(work, input->country);
	party->date_of_birth = kept(work, input->date_of_birth);
	party->tax_id = kept(work, input->tax_id);
	party->registration_number = kept(work, input->registration_number);
	party->email = kept(work, input->email);
	party->phone = kept(work, input->phone);
}

static void keep_percents(const struct work *work, struct party *party)
{
	for (size_t i = 0; i < party->share_count; i++)
		party->shares[i].percent = kept(work, party->shares[i].percent);
}

enum err party_insert(struct work *work, const struct party *party, struct party **out, struct error *error)
{
	struct case_file *file = &work->file;
	struct party *parties = arena_alloc_array(work->arena, file->party_count + 1, sizeof *parties);
	enum err err;

	if (file->party_count)
		memcpy(parties, file->parties, file->party_count * sizeof *parties);
	parties[file->party_count] = *party;
	file->parties = parties;
	*out = &parties[file->party_count++];
	err = store_party_insert(work->desk->store, file->session.row, *out, error);
	if (!err && (*out)->share_count)
		err = store_party_set_shares(work->desk->store, *out, error);
	return err;
}

enum err desk_party_add(struct desk *desk, struct arena *arena, const char *reference,
			const struct party_input *input, const char **id, const char **party_id,
			const char **subsession_id, struct error *error)
{
	struct work work;
	struct party party, *owned = NULL, *added = NULL;
	struct json_value *detail = NULL;
	const char *message = "";
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "add a party", error);

	if (err)
		return err;
	*id = work.file.session.id;
	*party_id = *subsession_id = "";
	party_init(&party);
	err = party_check(&work, NULL, input, error);
	/* A reference that nobody or several have is told apart here. */
	if (input->owner_of && *input->owner_of && (!err || !party_by_reference(&work.file, input->owner_of)))
		err = work_find_party(&work.file, input->owner_of, &owned, error);
	if (!err) {
		fill(&work, input, &party);
		if (input->percent && *input->percent &&
		    !party_input_shares(arena, &work.file, NULL, input, &party.shares, &party.share_count,
					&message))
			err = error_set_field(error, ERR_INVALID, "percent", "%s", message);
		keep_percents(&work, &party);
	}
	if (!err)
		err = party_insert(&work, &party, &added, error);
	if (!err && profile_party_verification(work.profile, party.kind) == VERIFY_SESSION)
		err = subsession_make(desk, arena, &work.file, work.profile, added, error);
	if (!err) {
		*party_id = added->id;
		*subsession_id = added->session_id;
		detail = json_new_object();
		json_set_text(detail, "party", added->id);
		json_set_text(detail, "kind", party_kind_text(input->kind));
		json_set_text_or_null(detail, "subsession", added->session_id);
	}
	return work_commit(&work, err, "party.add", detail, true, error);
}

/* What somebody's identification rests on. */
static bool changes_identity(const struct work *work, const struct party *party, const struct party_input *input)
{
	const char *country = input->country ? country_code(work, input->country) : party->country;

	return (input->name && strcmp(input->name, party->name)) || strcmp(country, party->country) ||
	       (input->date_of_birth && strcmp(input->date_of_birth, party->date_of_birth)) ||
	       (input->tax_id && strcmp(input->tax_id, party->tax_id)) ||
	       (input->registration_number && strcmp(input->registration_number, party->registration_number));
}

static void take(const struct work *work, const char **member, const char *given)
{
	if (given)
		*member = kept(work, given);
}

static void apply(const struct work *work, struct party *party, const struct party_input *input)
{
	take(work, &party->name, input->name);
	take(work, &party->control_role, input->control_role);
	if (input->country)
		party->country = country_code(work, input->country);
	take(work, &party->date_of_birth, input->date_of_birth);
	take(work, &party->tax_id, input->tax_id);
	take(work, &party->registration_number, input->registration_number);
	take(work, &party->email, input->email);
	take(work, &party->phone, input->phone);
	if (input->roles)
		party->roles = input->roles;
}

/* The session that verifies the party is about the person as the case now knows them. */
static enum err carry(struct work *work, const struct party *party, struct error *error)
{
	struct case_file file;
	struct subject *subject = &file.session.subject;
	enum err err = desk_case_load(work->desk, work->arena, party->session_row, &file, error);

	if (err)
		return err;
	subject->name = party->name;
	subject->country = party->country;
	subject->date_of_birth = party->date_of_birth;
	subject->tax_id = party->tax_id;
	subject->registration_number = party->registration_number;
	subject->email = party->email;
	subject->phone = party->phone;
	err = store_session_update(work->desk->store, &file.session, NULL, work->now, error);
	if (err)
		return err;
	return desk_case_settle(work->desk, &file, desk_session_profile_or_bare(work->desk, &file.session), true,
				error);
}

static enum err check_identity(const struct party *party, struct error *error)
{
	if (!party->session_row || (party->session_status != SESSION_APPROVED && !party->session_shared))
		return ERR_OK;
	return refuse_one(
		ERR_BLOCKED, blocker_code_text(BLOCKER_PARTY_NOT_VERIFIED), party->id, error,
		"Who the party is was verified by session %.8s; a lead can reopen that one, or remove the "
		"party and add the right one",
		party->session_id);
}

static enum err edit(struct work *work, struct party *party, const struct party_input *input, bool *identity,
		     struct error *error)
{
	const char *message = "";
	enum err err = party_check(work, party, input, error);

	*identity = !err && changes_identity(work, party, input);
	if (*identity)
		err = check_identity(party, error);
	if (!err && !party_input_shares(work->arena, &work->file, party, input, &party->shares, &party->share_count,
					&message))
		err = error_set_field(error, ERR_INVALID, "owner_of", "%s", message);
	if (err)
		return err;
	keep_percents(work, party);
	apply(work, party, input);
	if (*identity)
		party->verified_elsewhere_by = party->verified_elsewhere_reason = "";
	err = store_party_update(work->desk->store, party, error);
	if (!err)
		err = store_party_set_shares(work->desk->store, party, error);
	if (!err && party->session_row && !party->session_shared && party->session_status != SESSION_APPROVED &&
	    party->session_status != SESSION_REJECTED)
		err = carry(work, party, error);
	return err;
}

enum err desk_party_edit(struct desk *desk, struct arena *arena, const char *reference, const char *party_id,
			 const struct party_input *input, const char **id, struct error *error)
{
	struct work work;
	struct party *party = NULL;
	struct json_value *detail = NULL;
	bool identity = false;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "change a party", error);

	if (err)
		return err;
	*id = work.file.session.id;
	err = work_find_party(&work.file, party_id, &party, error);
	if (!err)
		err = edit(&work, party, input, &identity, error);
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "party", party->id);
		json_set_bool(detail, "identity", identity);
		json_set_bool(detail, "ownership", input->percent || input->owner_of);
	}
	return work_commit(&work, err, "party.edit", detail, true, error);
}

static struct party_share *find_share(const struct party *party, const char *owned_id)
{
	for (size_t i = 0; i < party->share_count; i++) {
		if (!strcmp(party->shares[i].of_party_id, owned_id))
			return &party->shares[i];
	}
	return NULL;
}

static enum err own(struct work *work, struct party *party, const struct party *owned, const char *percent,
		    struct error *error)
{
	const char *owned_id = owned ? owned->id : "";
	struct party_share *share = find_share(party, owned_id), *shares;

	if (!*percent) {
		if (!share)
			return error_set(error, ERR_NOT_FOUND, "The party owns nothing of that company");
		*share = party->shares[--party->share_count];
		return store_party_set_shares(work->desk->store, party, error);
	}
	if (!share) {
		shares = arena_alloc_array(work->arena, party->share_count + 1, sizeof *shares);
		if (party->share_count)
			memcpy(shares, party->shares, party->share_count * sizeof *shares);
		share = &shares[party->share_count++];
		*share = (struct party_share){ .of_party_id = owned_id, .of_party_row = owned ? owned->row : 0 };
		party->shares = shares;
	}
	share->percent = kept(work, percent);
	return store_party_set_shares(work->desk->store, party, error);
}

enum err desk_party_own(struct desk *desk, struct arena *arena, const char *reference, const char *party_id,
			const char *of, const char *percent, const char **id, struct error *error)
{
	struct work work;
	struct party *party = NULL, *owned = NULL;
	struct json_value *detail = NULL;
	/* Percent and circle are asked as for a new share; which one is meant is clear here. */
	const struct party_input input = { .percent = percent, .owner_of = of };
	struct party alone;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "change what a party owns", error);

	if (err)
		return err;
	*id = work.file.session.id;
	err = work_find_party(&work.file, party_id, &party, error);
	if (!err && *of)
		err = work_find_party(&work.file, of, &owned, error);
	if (!err && *percent) {
		alone = *party;
		party->share_count = 0;
		err = party_check(&work, party, &input, error);
		party->share_count = alone.share_count;
	}
	if (!err)
		err = own(&work, party, owned, percent, error);
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "party", party->id);
		json_set_text_or_null(detail, "of", owned ? owned->id : "");
		json_set_text_or_null(detail, "percent", percent);
	}
	return work_commit(&work, err, "party.own", detail, false, error);
}

static enum err check_removal(const struct work *work, const struct party *party, const char *reason,
			      struct error *error)
{
	struct strbuf owners = STRBUF_INIT;
	enum err err = text_check("reason", "The reason", reason, false, error);

	if (!err && work->file.session.submitted_at != TIME_NONE)
		err = reason_text_check("removing a party of a session that was handed in", reason, error);
	for (size_t i = 0; !err && i < work->file.party_count; i++) {
		if (find_share(&work->file.parties[i], party->id))
			strbuf_addf(&owners, "%s%s", owners.len ? ", " : "", work->file.parties[i].name);
	}
	if (!err && owners.len)
		err = refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_OWNERSHIP_INVALID), party->id, error,
				 "Cannot remove the party %.8s: it is owned by %s; remove them first, or say what "
				 "else they own",
				 party->id, owners.buf);
	strbuf_release(&owners);
	return err;
}

/* A session nobody handed in has nothing that would have to be kept; of any other only the door is shut. */
static enum err let_go(struct work *work, const struct party *party, struct erased *erased, struct error *error)
{
	struct family_member *members = NULL;
	size_t count = 0;
	bool keeps = false;
	enum err err;

	if (!party->session_row || party->session_shared)
		return ERR_OK;
	err = store_family(work->desk->store, work->arena, party->session_row, &members, &count, error);
	for (size_t i = 0; !err && i < count; i++)
		keeps = keeps || member_is_kept(&members[i]);
	if (err)
		return err;
	if (keeps)
		return store_link_stop(work->desk->store, party->session_row, work->now, error);
	return erase_family(work->desk, work->arena, party->session_row, "remove the party", erased, error);
}

static void forget(struct case_file *file, const struct party *party)
{
	size_t at = (size_t)(party - file->parties);

	file->party_count--;
	memmove(&file->parties[at], &file->parties[at + 1], (file->party_count - at) * sizeof *file->parties);
}

enum err desk_party_remove(struct desk *desk, struct arena *arena, const char *reference, const char *party_id,
			   const char *reason, const char **id, struct error *error)
{
	struct work work;
	struct erased erased = { 0 };
	struct party *party = NULL;
	struct json_value *detail = NULL;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "remove a party", error);

	if (err)
		return err;
	reason = reason ? reason : "";
	*id = work.file.session.id;
	err = work_find_party(&work.file, party_id, &party, error);
	if (!err)
		err = check_removal(&work, party, reason, error);
	if (!err)
		err = let_go(&work, party, &erased, error);
	if (!err) {
		party->removed_at = work.now;
		party->removed_by = desk->actor;
		party->removed_reason = kept(&work, reason);
		err = store_party_remove(desk->store, party, error);
	}
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "party", party->id);
		json_set_text_or_null(detail, "subsession", party->session_id);
		json_set_bool(detail, "erased", erased.member_count > 0);
		forget(&work.file, party);
	}
	err = work_commit(&work, err, "party.remove", detail, true, error);
	if (!err)
		erase_bytes(desk, &erased);
	return err;
}
