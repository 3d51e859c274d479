/* Lookups in a profile, which the codec reads from JSON. */
#include "kybdesk/domain/profile.h"

#include <string.h>

const struct document_spec *profile_document(const struct profile *profile, const char *type)
{
	return ITEM_WITH_TEXT(profile->documents, profile->document_count, type, type);
}

const struct step_spec *profile_step(const struct profile *profile, const char *id)
{
	return ITEM_WITH_TEXT(profile->steps, profile->step_count, id, id);
}

const char *profile_document_title(const struct profile *profile, const char *type)
{
	const struct document_spec *spec = profile ? profile_document(profile, type) : NULL;

	return spec && *spec->title ? spec->title : type;
}

const char *profile_step_title(const struct profile *profile, const char *id)
{
	const struct step_spec *spec = profile ? profile_step(profile, id) : NULL;

	return spec && *spec->title ? spec->title : id;
}

/* A profile that was not read from JSON may set only `kind`. */
bool profile_has_kind(const struct profile *profile, enum session_kind kind)
{
	return profile->kind == kind || (profile->kinds & (1u << kind));
}

static bool has_levels(const struct profile *profile, enum subject_kind kind)
{
	return !profile->level_subject_kinds || (profile->level_subject_kinds & (1u << kind));
}

const char *profile_initial_level(const struct profile *profile, enum subject_kind kind)
{
	return has_levels(profile, kind) ? profile->level_initial : "";
}

const char *profile_approved_level(const struct profile *profile, enum subject_kind kind)
{
	return has_levels(profile, kind) ? profile->level_approved : "";
}

enum verify_by profile_party_verification(const struct profile *profile, enum party_kind kind)
{
	return kind == PARTY_INDIVIDUAL ? profile->parties.individual_verification
					: profile->parties.company_verification;
}
