/* Two sessions that share a value: dismisses the duplicate (different applicants), or links both (same applicant). */
#include "review/review.h"
#include "use/gatekeeping.h"

enum err case_bump_version(struct use *use, int64_t row, struct error *error)
{
	struct session session;
	enum err err = store_session_load(use->desk->store, use->arena, row, &session, error);

	if (!err)
		err = store_session_update(use->desk->store, &session, NULL, use->now, error);
	return err ? err : desk_case_refresh(use->desk, use->arena, row, true, error);
}

/* If only leads may see the duplicate, omits it from the audit record, since everyone reads the log. */
static void describe(struct use *use, const struct duplicate *duplicate)
{
	if (duplicate_needs_lead(duplicate)) {
		use->audit_action = "hold.clear";
		return;
	}
	use_add_basis_hash(use, duplicate->basis);
	json_set_text(use->detail, "other", duplicate->id);
	for (size_t i = 0; i < SAME_COUNT; i++)
		json_set_bool(use->detail, same_words[i].word, duplicate->same_bits & same_words[i].same_bits);
}

static enum err dismiss_duplicate(struct use *use, struct duplicate *duplicate, unsigned found, struct error *error)
{
	duplicate->dismissed_same_bits = duplicate->same_bits | found;
	duplicate->dismissed_reason = use->in->reason;
	duplicate->dismissed_by = use->desk->actor;
	duplicate->dismissed_at = use->now;
	duplicate->basis = facts_duplicate(use->arena, &use->file.session, duplicate);
	return store_duplicate_dismiss(use->desk->store, use->file.session.row, duplicate, error);
}

static enum err dismiss_pair(struct use *use, unsigned found_same, struct error *error)
{
	struct duplicates found;
	struct duplicate *duplicate = NULL;
	enum err err = desk_visible_duplicates(use->desk, use->arena, use->file.session.row, &found, error);

	if (!err)
		err = use_find_duplicate(&found, use->in->part, &duplicate, error);
	if (!err && !duplicate_needs_lead(duplicate))
		use_set_immaterial(use);
	if (!err)
		err = dismiss_duplicate(use, duplicate, found_same, error);
	if (!err)
		err = case_bump_version(use, duplicate->row, error); /* the other session also has one blocker less */
	if (err)
		return err;
	describe(use, duplicate);
	return ERR_OK;
}

/* Reads in->part: id, unique prefix or external_ref of one of the case's duplicates; in->reason. The dismissal is
 * valid for both sessions until they share more data. */
enum err use_duplicate_dismiss(struct use *use, struct error *error)
{
	return dismiss_pair(use, 0, error);
}

/* Reads the same input as use_duplicate_dismiss(). Both cases show the link. The comparison is then complete, and
 * each case is decided separately. */
enum err use_duplicate_link(struct use *use, struct error *error)
{
	return dismiss_pair(use, SAME_APPLICANT, error);
}
