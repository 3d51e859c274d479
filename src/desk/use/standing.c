#include "kybdesk/domain/profile.h"
#include "use/caller.h"
#include "use/rules.h"
#include "use/settle.h"

#include <string.h>

static bool grants(struct desk *desk, const struct subject_record *record, const struct case_file *file,
		   const struct profile *profile)
{
	const char *level = profile_level_approved(profile, record->subject.kind);

	return profile->accounts && !caller_held_decision(file, desk_now(desk)) &&
	       (!*level || !strcmp(level, record->subject.level));
}

static const char *why_not(struct arena *arena, const struct subject_record *record)
{
	static const char sentence[] =
		"The user is not verified: accounts are opened after the approval of its KYC or KYB";

	if (record->subject.kind == SUBJECT_BUSINESS)
		return arena_printf(arena, "%s; its level is %s, and an approved KYB at REGULAR is missing",
				    sentence, *record->subject.level ? record->subject.level : "none");
	return arena_printf(arena, "%s; an approved KYC is missing", sentence);
}

enum err desk_standing(struct desk *desk, struct arena *arena, const struct subject_record *record,
		       const struct subject_sessions *sessions, struct user_verification *out, struct error *error)
{
	const struct profile *profile = NULL;
	enum err err = ERR_OK;

	*out = (struct user_verification){ .why = "" };
	for (size_t i = 0; !err && !out->verified && i < sessions->count; i++) {
		if (sessions->items[i].status != SESSION_APPROVED)
			continue;
		err = desk_case_load(desk, arena, sessions->items[i].row, &out->file, error);
		if (!err)
			err = desk_session_profile_or_bare(desk, &out->file.session, &profile, error);
		if (!err)
			out->verified = grants(desk, record, &out->file, profile);
	}
	if (!err && !out->verified)
		out->why = why_not(arena, record);
	return err;
}
