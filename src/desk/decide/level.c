/* The level of the merchant's user: raised by an approval, lowered when that approval is withdrawn. */
#include "decide/decide.h"

#include <string.h>

struct level_change level_of_approval(const struct session *session, const struct profile *profile)
{
	const char *initial = profile_level_initial(profile, session->subject.kind);
	const char *approved = profile_level_approved(profile, session->subject.kind);
	const char *from = *session->subject.level ? session->subject.level : initial;

	if (!*approved || !strcmp(from, approved))
		return (struct level_change){ "", "" };
	return (struct level_change){ from, approved };
}

enum err level_of_withdrawal(struct use *use, struct error *error)
{
	const struct case_file *file = &use->file;
	const struct profile *profile = use->profile;
	const struct decision *approval = case_last_approval(file);
	enum subject_kind kind = file->session.subject.kind;
	const char *approved = profile_level_approved(profile, kind);
	const char *now = file->session.subject.level, *before = profile_level_initial(profile, kind);
	struct decision stored;
	enum err err;

	use->level = (struct level_change){ "", "" };
	if (file->session.status != SESSION_APPROVED || !*approved || strcmp(now, approved))
		return ERR_OK;
	/* An approval that came by import recorded nothing: its user goes back to where the profile starts. */
	if (approval && !approval->imported) {
		err = store_decision_load(use->desk->store, use->arena, file->session.row, approval->number,
					  &stored, error);
		if (err)
			return err;
		before = stored.before_level;
	}
	if (*before && strcmp(before, now))
		use->level = (struct level_change){ now, before };
	return ERR_OK;
}
