/* Declares, changes and removes related parties. */
#include "review/review.h"
#include "client/client.h"
#include "kybdesk/base/decimal.h"

enum err party_check_input(struct use *use, const struct party *self, const struct party_input *input,
			   struct error *error)
{
	struct party_problems problems = { 0 };
	struct party_input known = *input;
	char today[16];

	date_format(use->now, today);
	known.is_exact = use->in->capacity == CAPACITY_CLIENT || use->in->capacity == CAPACITY_MERCHANT;
	party_input_check(use->arena, &use->file, use->profile, desk_countries(use->desk), today, self, &known,
			  &problems);
	for (size_t i = 0; i < problems.count; i++) {
		const struct party_problem *problem = &problems.items[i];

		if (problem->is_warning)
			continue;
		if (!*problem->field)
			return error_set(error, ERR_INVALID, "%s", problem->message);
		return error_invalid(error, problem->field, "%s", problem->message);
	}
	return ERR_OK;
}

/* Copies the text, since the input may not live as long as the results. */
static const char *copy_text(const struct use *use, const char *text)
{
	return text ? arena_strdup(use->arena, text) : "";
}

static const char *country_code(const struct use *use, const char *text)
{
	const struct country *country = text && *text ? country_find_of_person(desk_countries(use->desk), text) : NULL;

	return country ? country->alpha3 : "";
}

static void set_text(const struct use *use, const char **member, const char *data)
{
	if (data)
		*member = copy_text(use, data);
}

static void apply_party_input(const struct use *use, struct party *party, const struct party_input *input)
{
	set_text(use, &party->name, input->name);
	set_text(use, &party->control_role, input->control_role);
	if (input->country)
		party->country = country_code(use, input->country);
	set_text(use, &party->date_of_birth, input->date_of_birth);
	set_text(use, &party->tax_id, input->tax_id);
	set_text(use, &party->registration_number, input->registration_number);
	set_text(use, &party->email, input->email);
	set_text(use, &party->phone, input->phone);
	if (input->roles)
		party->roles = input->roles;
}

static void copy_percents(const struct use *use, struct party *party)
{
	for (size_t i = 0; i < party->share_count; i++)
		party->shares[i].percent = copy_text(use, party->shares[i].percent);
}

enum err party_make(struct use *use, const struct party_input *input, struct party *out, struct error *error)
{
	const char *message = NULL;

	party_init(out);
	out->id = id_new(use->desk, use->arena);
	out->kind = input->kind;
	apply_party_input(use, out, input);
	if (input->percent && *input->percent)
		message = party_input_apply_share(use->arena, &use->file, NULL, input, out);
	copy_percents(use, out);
	return message ? error_invalid(error, "percent", "%s", message) : ERR_OK;
}

enum err party_insert(struct use *use, const struct party *party, struct party **out, struct error *error)
{
	struct case_file *file = &use->file;
	enum err err;

	ITEMS_GROW(use->arena, file->parties, file->party_count, 1);
	*out = &file->parties[file->party_count++];
	**out = *party;
	err = store_party_insert(use->desk->store, file->session.row, *out, error);
	if (!err && (*out)->share_count)
		err = store_party_set_shares(use->desk->store, *out, error);
	return err;
}

/* Whether the capacity may change the party in->part. For an unknown party, the caller's search sets the error. */
static enum err check_may_change_party(const struct use *use, struct error *error)
{
	return client_check_may_declare_party(use, case_party(&use->file, use->in->part), error);
}

/* Replaces the name of the owned party by its id for checks and storage. An unknown or ambiguous name is an error. */
enum err party_resolve_owned_id(struct use *use, struct party_input *input, struct error *error)
{
	struct party *owned = NULL;
	enum err err = ERR_OK;

	if (input->owned_party && *input->owned_party)
		err = use_find_party(&use->file, input->owned_party, &owned, error);
	if (owned)
		input->owned_party = owned->id;
	return err;
}

/* Declares a party, with the session that verifies the party if the profile requires one. Reads in->party,
 * in->fields_json, in->addresses_json; in->reason, if a person with this name had a KYC in this case that needs
 * a lead (care.c). */
enum err use_party_add(struct use *use, struct error *error)
{
	struct party_input input = *use->in->party;
	struct party party, *added = NULL;
	enum err err = client_check_may_declare_party(use, NULL, error);

	if (!err)
		err = party_resolve_owned_id(use, &input, error);
	if (!err)
		err = party_check_input(use, NULL, &input, error);
	if (!err && input.name)
		err = require_lead_for_new_kyc(use, input.name, error);
	if (!err)
		err = party_make(use, &input, &party, error);
	if (!err)
		err = party_insert(use, &party, &added, error);
	if (!err)
		err = party_merge_values(use, added, error);
	if (!err && profile_party_verification(use->profile, party.kind) == VERIFY_SESSION)
		err = subsession_make(use, added, error);
	if (err)
		return err;
	use->rewrites_search_text = true;
	use->out->part_id = added->id;
	use_add_changed_part(use, "party", added->id);
	use->out->subsession_id = added->session_id;
	JSON_ADD(use->detail, { "party", AS_TEXT(added->id) }, { "kind", AS_TEXT(party_kind_text(input.kind)) },
		 { "subsession|null", AS_TEXT(added->session_id) });
	return ERR_OK;
}

/* Whether the change affects the data that identify the party. */
static bool changes_identity(const struct use *use, const struct party *party, const struct party_input *input)
{
	const char *country = input->country ? country_code(use, input->country) : party->country;

	return (input->name && strcmp(input->name, party->name)) || strcmp(country, party->country) ||
	       (input->date_of_birth && strcmp(input->date_of_birth, party->date_of_birth)) ||
	       (input->tax_id && strcmp(input->tax_id, party->tax_id)) ||
	       (input->registration_number && strcmp(input->registration_number, party->registration_number));
}

/* Copies the person's data into the session that verifies the party. */
static enum err copy_to_subsession(struct use *use, const struct party *party, struct error *error)
{
	struct case_file file;
	const struct profile *profile = NULL;
	enum err err = desk_case_load(use->desk, use->arena, party->session_row, &file, error);

	if (err)
		return err;
	party_fill_subject(party, &file.session.subject);
	err = store_session_update(use->desk->store, &file.session, NULL, use->now, error);
	if (!err)
		err = desk_session_profile_or_empty(use->desk, &file.session, &profile, error);
	return err ? err : desk_case_update(use->desk, &file, profile, true, error);
}

static enum err check_identity(const struct party *party, struct error *error)
{
	if (!party->session_row || (party->session_status != SESSION_APPROVED && !party->is_session_shared))
		return ERR_OK;
	return REFUSE(BLOCKER_PARTY_NOT_VERIFIED, party->id, error,
		      "The party's identity was verified by session %.8s; a lead can reopen that session, or "
		      "remove the party and add the correct party",
		      party->session_id);
}

static enum err edit(struct use *use, struct party *party, const struct party_input *input, bool *identity,
		     struct error *error)
{
	const char *message = NULL;
	enum err err = party_check_input(use, party, input, error);

	*identity = !err && changes_identity(use, party, input);
	if (*identity)
		err = check_identity(party, error);
	if (!err)
		message = party_input_apply_share(use->arena, &use->file, party, input, party);
	if (message)
		err = error_invalid(error, "owner_of", "%s", message);
	if (err)
		return err;
	copy_percents(use, party);
	apply_party_input(use, party, input);
	if (*identity)
		party->verified_elsewhere_by = party->verified_elsewhere_reason = "";
	err = store_party_update(use->desk->store, party, error);
	if (!err)
		err = store_party_set_shares(use->desk->store, party, error);
	if (!err)
		err = party_merge_values(use, party, error);
	if (!err && party->session_row && !party->is_session_shared && party->session_status != SESSION_APPROVED &&
	    party->session_status != SESSION_REJECTED)
		err = copy_to_subsession(use, party, error);
	return err;
}

/* Clears the party columns that hold the same fact as a changed field, so that the field's value counts. Returns
 * true if one of the cleared columns identifies the party. */
static bool clear_party_columns(struct use *use, struct party *party, const struct json_value *data)
{
	const struct party_rules *rules = &use->profile->parties;
	bool identity = false;

	for (size_t f = 0; f < rules->field_count; f++) {
		const char *value = json_get_text(data, rules->fields[f].id);
		const struct column *column =
			value && *value ? values_column(&party_columns, "party.", &rules->fields[f]) : NULL;

		if (!column || !strcmp(column_text(column, party), value))
			continue;
		identity = identity || column->flags & COLUMN_IDENTITY;
		column_set_text(column, party, "");
	}
	return identity;
}

static enum err edit_fields(struct use *use, struct party *party, bool *identity, struct error *error)
{
	const struct party_rules *rules = &use->profile->parties;
	const struct fields_edit edit = { .json = &party->fields_json,
					  .specs = rules->fields,
					  .spec_count = rules->field_count,
					  .what = party->name };
	struct rule_failures failures = { 0 };
	struct json_value *data = NULL;
	struct rules_input input = use_rules_input(use);
	size_t at = (size_t)(party - use->file.parties);
	struct party before = *party;
	enum err err = ERR_OK;

	if (use->file.session.submitted_at != TIME_NONE)
		err = reason_text_check(use->use_case->verb_phrase, use->in->reason, error);
	if (!err)
		err = fields_edit(use, &edit, error);
	if (!err)
		err = json_read(use->in->fields_json, strlen(use->in->fields_json), &data, error);
	if (!err && clear_party_columns(use, party, data)) {
		*identity = true;
		err = check_identity(&before, error);
	}
	json_free(data);
	if (err)
		return err;
	case_values_normalise(use->arena, use->profile, desk_countries(use->desk), &use->file);
	input.partial = true;
	rules_check_party(use->arena, &input, party, at, &failures);
	err = fields_refuse_failures(use, arena_printf(use->arena, "parties[%zu]", at), &failures, error);
	if (!err && *identity) {
		party->verified_elsewhere_by = party->verified_elsewhere_reason = "";
		if (party->session_row && !party->is_session_shared && party->session_status != SESSION_REJECTED)
			err = copy_to_subsession(use, party, error);
	}
	if (!err)
		err = fields_add_reason_note(use, party->name, error);
	return err ? err : store_party_update(use->desk->store, party, error);
}

/* Reads in->part, in->party; in->fields_json: paths of the party's fields and their values, null removes a value;
 * in->reason: required for changed fields once the case is submitted. NULL texts and roles 0 leave the values
 * unchanged; percent "" removes the share. The party's identity (name, birth date, country, numbers) is copied into
 * its undecided subsession, and is fixed once that subsession is approved (ERR_BLOCKED). A change of the identity
 * clears "verified elsewhere". */
enum err use_party_edit(struct use *use, struct error *error)
{
	static const struct party_input nothing;
	struct party_input input = use->in->party ? *use->in->party : nothing;
	struct owners_before_change owners;
	struct party *party = NULL;
	bool identity = false;
	enum err err = check_may_change_party(use, error);

	save_owners_before_change(use, &owners);
	if (!err)
		err = use_find_party(&use->file, use->in->part, &party, error);
	if (!err)
		err = party_resolve_owned_id(use, &input, error);
	if (!err)
		err = edit(use, party, &input, &identity, error);
	if (!err && use->in->fields_json && use->in->capacity == CAPACITY_STAFF)
		err = edit_fields(use, party, &identity, error);
	if (!err)
		err = require_lead_for_lost_owners(use, &owners, error);
	if (err)
		return err;
	use->rewrites_search_text = true;
	use_add_changed_part(use, "party", party->id);
	/* Contacts do not identify a party, so a change of contacts is immaterial. */
	if (!identity && !input.percent && !input.owned_party && !input.roles && !input.control_role &&
	    !use->in->fields_json && !use->in->addresses_json)
		use_set_immaterial(use);
	JSON_ADD(use->detail, { "party", AS_TEXT(party->id) }, { "identity", AS_BOOL(identity) },
		 { "ownership", AS_BOOL(input.percent || input.owned_party) });
	return ERR_OK;
}

static struct party_share *find_share(const struct party *party, const char *owned_id)
{
	return ITEM_WITH_TEXT(party->shares, party->share_count, owned_party_id, owned_id);
}

static enum err set_share(struct use *use, struct party *party, const struct party *owned, const char *percent,
			  struct error *error)
{
	const char *owned_id = owned ? owned->id : "";
	struct party_share *share = find_share(party, owned_id);

	if (!*percent) {
		if (!share)
			return error_set(error, ERR_NOT_FOUND, "The party has no share in that company");
		*share = party->shares[--party->share_count];
		return store_party_set_shares(use->desk->store, party, error);
	}
	if (!share) {
		ITEMS_GROW(use->arena, party->shares, party->share_count, 1);
		share = &party->shares[party->share_count++];
		*share = (struct party_share){ .owned_party_id = owned_id, .owned_party_row = owned ? owned->row : 0 };
	}
	share->percent = copy_text(use, percent);
	return store_party_set_shares(use->desk->store, party, error);
}

/* Whether the share is a person's first one in the subject and leaves it at 100 % or less: it only adds to the person's
 * percentage, so that no owner loses anything. In a company of the chain it could make percentages unknown. */
static bool lowers_no_share(const struct use *use, const struct party *party, const struct party *owned,
			    const char *percent)
{
	struct decimal *sum = decimal_new(), *share = decimal_new(), *all = decimal_new();
	bool known = !owned && party->kind == PARTY_INDIVIDUAL && !find_share(party, "") &&
		     decimal_parse(sum, percent) && decimal_parse(all, "100");

	for (size_t i = 0; known && i < use->file.party_count; i++) {
		const struct party_share *other = find_share(&use->file.parties[i], "");

		known = !other || decimal_parse(share, other->percent);
		if (known && other)
			decimal_add(sum, share);
	}
	known = known && decimal_compare(sum, all) <= 0;
	decimal_free(sum);
	decimal_free(share);
	decimal_free(all);
	return known;
}

/* Sets the party's share in one company; "" removes that share. The party's shares in other companies stay. Reads
 * in->part, in->related_ref (the company: a party; "": the subject), in->percent; in->reason, if an owner with a KYC
 * that needs a lead (care.c) would no longer be an owner. */
enum err use_party_own(struct use *use, struct error *error)
{
	const char *of = use->in->related_ref, *percent = use->in->percent;
	struct party *party = NULL, *owned = NULL;
	/* input of party_check_input(), which checks percent and cycles as for a new share */
	const struct party_input input = { .percent = percent, .owned_party = of };
	struct owners_before_change owners = { 0 };
	struct party alone;
	enum err err = check_may_change_party(use, error);

	if (!err)
		err = use_find_party(&use->file, use->in->part, &party, error);
	if (!err && *of)
		err = use_find_party(&use->file, of, &owned, error);
	if (!err && !lowers_no_share(use, party, owned, percent))
		save_owners_before_change(use, &owners);
	if (!err && *percent) {
		alone = *party;
		party->share_count = 0;
		err = party_check_input(use, party, &input, error);
		party->share_count = alone.share_count;
	}
	if (!err)
		err = set_share(use, party, owned, percent, error);
	if (!err && owners.count)
		err = require_lead_for_lost_owners(use, &owners, error);
	if (err)
		return err;
	use_add_changed_part(use, "party", party->id);
	JSON_ADD(use->detail, { "party", AS_TEXT(party->id) }, { "of|null", AS_TEXT(owned ? owned->id : "") },
		 { "percent|null", AS_TEXT(percent) });
	return ERR_OK;
}

static enum err check_party_removal(const struct use *use, const struct party *party, struct error *error)
{
	struct strbuf owners = STRBUF_INIT;
	enum err err = ERR_OK;

	for (size_t i = 0; i < use->file.party_count; i++) {
		if (find_share(&use->file.parties[i], party->id))
			strbuf_addf(&owners, "%s%s", owners.len ? ", " : "", use->file.parties[i].name);
	}
	if (owners.len)
		err = REFUSE(BLOCKER_OWNERSHIP_INVALID, party->id, error,
			     "Cannot remove the party %.8s: it is owned by %s; remove these owners first, or "
			     "change their shares",
			     party->id, owners.buf);
	strbuf_release(&owners);
	return err;
}

/* Erases the party's own session or, if it must be kept (submitted, decided, suspicion), only ends the access to it. */
static enum err end_party_session(struct use *use, const struct party *party, struct error *error)
{
	struct family family;
	bool keeps = false;
	enum err err;

	if (!party->session_row || party->is_session_shared)
		return ERR_OK;
	err = store_session_load_descendants(use->desk->store, use->arena, party->session_row, &family, error);
	for (size_t i = 0; !err && !keeps && i < family.count; i++) {
		keeps = member_must_be_kept(&family.members[i]);
		if (!keeps)
			err = session_is_held(use->desk, family.members[i].row, &keeps, error);
	}
	if (err)
		return err;
	if (keeps)
		return store_link_set_revoked(use->desk->store, party->session_row, use->now, true, error);
	return erase_family(use, party->session_row, "remove the party", error);
}

/* Records the party's shares, which the removal deletes, so that an undo can restore them. */
static void record_shares(struct use *use, const struct party *party)
{
	struct json_value *shares = json_new_array();

	for (size_t i = 0; i < party->share_count; i++) {
		json_append(shares, JSON_FROM({ "of|null", AS_TEXT(party->shares[i].owned_party_id) },
					      { "percent", AS_TEXT(party->shares[i].percent) }));
	}
	json_set(use->detail, "shares", shares);
}

/* Removes a party. The store keeps the party with actor, time and reason, but no rule counts it. ERR_BLOCKED while
 * other parties own it. A subsession that was never submitted is erased; any other subsession is kept, without its
 * link. Reads in->part, in->reason. */
enum err use_party_remove(struct use *use, struct error *error)
{
	struct party *party = NULL;
	const char *why = "";
	enum err err = check_may_change_party(use, error);

	if (!err)
		err = use_find_party(&use->file, use->in->part, &party, error);
	if (!err)
		err = check_party_removal(use, party, error);
	if (!err)
		err = lead_reason_for_party(use, party, &why, error);
	if (!err && *why)
		err = require_lead_with_reason(use, why, use->in->reason, error);
	if (!err)
		err = require_lead_for_removal(use, party, error);
	if (!err)
		err = end_party_session(use, party, error);
	if (err)
		return err;
	party->removed_at = use->now;
	party->removed_by = use->desk->actor;
	party->removed_reason = copy_text(use, use->in->reason);
	use->rewrites_search_text = true;
	use_add_changed_part(use, "party", party->id);
	JSON_ADD(use->detail, { "party", AS_TEXT(party->id) }, { "subsession|null", AS_TEXT(party->session_id) },
		 { "erased", AS_BOOL(use->erasure.family.count > 0) });
	record_shares(use, party);
	err = store_party_set_removed(use->desk->store, party, true, error);
	ITEMS_GROW(use->arena, use->file.removed.items, use->file.removed.count, 1);
	use->file.removed.items[use->file.removed.count++] = *party;
	ITEM_REMOVE(use->file.parties, use->file.party_count, party);
	return err;
}
