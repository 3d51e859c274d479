/* Parties in a line of an import. Two parties are the same if id and identity data are the same: a party with a known
 * id and another identity is another party and replaces nobody. A party that the line lacks stays in the case. */
#include "client/client.h"
#include "intake/import_internal.h"
#include "kybdesk/domain/ownership.h"

static bool has_same_shares(const struct party *a, const struct party *b)
{
	if (a->share_count != b->share_count)
		return false;
	for (size_t i = 0; i < a->share_count; i++) {
		bool found = false;

		for (size_t j = 0; j < b->share_count; j++)
			found = found || (!strcmp(a->shares[i].owned_party_id, b->shares[j].owned_party_id) &&
					  !strcmp(a->shares[i].percent, b->shares[j].percent));
		if (!found)
			return false;
	}
	return true;
}

bool imported_party_differs(const struct case_file *file, const struct party *incoming)
{
	const struct party *present = case_party(file, incoming->id);

	return !present || present->kind != incoming->kind || !has_same_shares(incoming, present) ||
	       imported_differing_column(&party_columns, incoming, present, COLUMN_MERGED);
}

static const char *party_field_path(const struct use *use, const struct party *incoming, const char *member)
{
	return arena_printf(use->arena, "parties[%zu]%s%s", (size_t)(incoming - use->in->imported_case->parties),
			    *member ? "." : "", member);
}

static bool differs(const char *incoming, const char *present)
{
	return *incoming && strcmp(incoming, present) != 0;
}

/* Whether `incoming` and `present` are different parties: the kinds differ, or the names differ and the birth dates
 * are not the same (if a birth date is missing: the registration numbers). */
static bool is_different_party(const struct party *incoming, const struct party *present)
{
	bool dated = *incoming->date_of_birth && *present->date_of_birth;
	bool numbered = *incoming->registration_number && *present->registration_number;

	if (incoming->kind != present->kind)
		return true;
	if (!differs(incoming->name, present->name))
		return false;
	if (dated)
		return differs(incoming->date_of_birth, present->date_of_birth);
	return !numbered || differs(incoming->registration_number, present->registration_number);
}

static enum err check_same_party(const struct use *use, const struct party *incoming, const struct party *present,
				 struct error *error)
{
	const struct column *column = imported_differing_column(&party_columns, incoming, present, COLUMN_IDENTITY);

	if (is_different_party(incoming, present))
		return error_set_field(error, ERR_CONFLICT, party_field_path(use, incoming, "id"),
				       "is the id of another party of this case; give this party its own id, or none");
	if (!column ||
	    !(*present->verified_elsewhere_by || (present->session_row && present->session_status != SESSION_DRAFT)))
		return ERR_OK;
	return error_set_field(error, ERR_BLOCKED, party_field_path(use, incoming, column->word),
			       "differs from the case, and the party's verification depends on this value; a "
			       "reviewer can edit the party");
}

/* Drops the party's shares in removed parties: a line restores neither a removed party nor shares in that party. */
static void drop_removed_shares(const struct party_list *removed, struct party *party)
{
	size_t kept = 0;
	struct party_share *shares = party->shares;

	for (size_t i = 0; i < party->share_count; i++) {
		if (!parties_find(removed->items, removed->count, shares[i].owned_party_id))
			shares[kept++] = shares[i];
	}
	party->share_count = kept;
}

bool imported_party_was_removed(const struct party_list *removed, struct party *incoming)
{
	if (parties_find(removed->items, removed->count, incoming->id))
		return true;
	drop_removed_shares(removed, incoming);
	return false;
}

static enum err apply_party(struct use *use, const struct party *incoming, struct error *error)
{
	struct case_file *file = &use->file;
	struct party *party = parties_find(file->parties, file->party_count, incoming->id);
	enum err err = party ? check_same_party(use, incoming, party, error) : ERR_OK;

	if (err)
		return err;
	if (party) {
		columns_merge(&party_columns, party, incoming, COLUMN_MERGED);
		party->shares = incoming->shares;
		party->share_count = incoming->share_count;
		return store_party_update(use->desk->store, party, error);
	}
	party = &file->parties[file->party_count++];
	*party = *incoming;
	party->row = party->session_row = 0;
	party->session_id = party->session_workflow = "";
	party->verified_elsewhere_by = party->verified_elsewhere_reason = party->verification_imported_by = "";
	return store_party_insert(use->desk->store, file->session.row, party, error);
}

static enum err set_shares(struct use *use, const struct party *incoming, struct error *error)
{
	struct party *party = parties_find(use->file.parties, use->file.party_count, incoming->id);

	for (size_t i = 0; i < party->share_count; i++) {
		const struct party *of = case_party(&use->file, party->shares[i].owned_party_id);

		party->shares[i].owned_party_row = of ? of->row : 0;
	}
	return store_party_set_shares(use->desk->store, party, error);
}

/* Checks that the resulting case stays within the limits of computation (domain/limits.h). */
static enum err check_limits(const struct use *use, struct error *error)
{
	struct ownership_excess excess;

	if (ownership_is_computable(use->arena, &use->file, &excess))
		return ERR_OK;
	return error_invalid(error, "parties", "%s%s%s",
			     excess.party == SIZE_MAX ? "" : use->file.parties[excess.party].name,
			     excess.party == SIZE_MAX ? "" : ": ", excess.message);
}

/* Reads in->imported_case: its parties; in->part: the id of one of these parties, NULL: all. A column with a value
 * in the line replaces the stored value; shares are replaced as a whole. */
enum err use_parties_apply(struct use *use, struct error *error)
{
	const struct case_file *imported_case = use->in->imported_case;
	struct case_file *file = &use->file;
	bool *changed = arena_alloc_array(use->arena, imported_case->party_count + 1, sizeof *changed);
	struct json_value *ids = json_new_array();
	enum err err = ERR_OK;

	json_set(use->detail, "parties", ids);
	ITEMS_GROW(use->arena, file->parties, file->party_count, imported_case->party_count);
	for (size_t i = 0; !err && i < imported_case->party_count; i++) {
		struct party *incoming = &imported_case->parties[i];

		if ((*use->in->part && strcmp(use->in->part, incoming->id) != 0) ||
		    imported_party_was_removed(&file->removed, incoming))
			continue;
		changed[i] = imported_party_differs(file, incoming);
		if (!changed[i])
			continue;
		err = client_check_may_declare_party(use, case_party(file, incoming->id), error);
		if (err && !error->field)
			err = error_set_field(error, err, party_field_path(use, incoming, ""), "%s", error->message);
		if (!err)
			err = apply_party(use, incoming, error);
		json_append(ids, json_new_string(incoming->id));
	}
	if (!err)
		err = check_limits(use, error);
	for (size_t i = 0; !err && i < imported_case->party_count; i++) {
		if (changed[i])
			err = set_shares(use, &imported_case->parties[i], error);
	}
	use->rewrites_search_text = true;
	use->has_no_change = !err && !json_count(ids);
	return err;
}
