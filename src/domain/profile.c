/* Lookups in a profile; reading it is the codec's. */
#include "kybdesk/domain/profile.h"

#include <string.h>

const struct document_spec *profile_document(const struct profile *profile, const char *type)
{
	for (size_t i = 0; i < profile->document_count; i++) {
		if (!strcmp(profile->documents[i].type, type))
			return &profile->documents[i];
	}
	return NULL;
}

const struct step_spec *profile_step(const struct profile *profile, const char *id)
{
	for (size_t i = 0; i < profile->step_count; i++) {
		if (!strcmp(profile->steps[i].id, id))
			return &profile->steps[i];
	}
	return NULL;
}

enum verify_by profile_party_verification(const struct profile *profile, enum party_kind kind)
{
	switch (kind) {
	case PARTY_INDIVIDUAL:
		return profile->parties.individuals;
	case PARTY_COMPANY:
		return profile->parties.companies;
	}
	return VERIFY_NONE;
}
