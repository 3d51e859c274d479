#include "party.h"

static unsigned read_roles(struct request *r)
{
	const struct json_value *list = body_value(r, "party.roles");
	unsigned roles = 0;

	if (!list)
		return 0;
	if (!json_is_array(list)) {
		request_fault(r, "party.roles", "party.roles must be a list of strings");
		return 0;
	}
	for (size_t i = 0; i < json_count(list); i++) {
		const char *word = json_text(json_at(list, i));
		enum party_role role;

		if (word && party_role_parse(word, &role))
			roles |= 1u << role;
		else
			request_word_fault(r, "party.roles", "a role of a party", word ? word : "",
					   party_role_words);
	}
	return roles;
}

void party_of_body(struct request *r, struct party_input *out)
{
	const char *kind = body_need(r, "party.kind");

	*out = (struct party_input){ .name = body_need(r, "party.name"),
				     .roles = read_roles(r),
				     .control_role = body_text(r, "party.control_role"),
				     .percent = body_text(r, "party.ownership_percent"),
				     .country = body_text(r, "party.country"),
				     .date_of_birth = body_text(r, "party.date_of_birth"),
				     .tax_id = body_text(r, "party.tax_id"),
				     .registration_number = body_text(r, "party.registration_number"),
				     .email = body_text(r, "party.email"),
				     .phone = body_text(r, "party.phone") };
	if (*kind && !party_kind_parse(kind, &out->kind))
		request_fault(r, "party.kind", "\"%s\" is not a kind of party; use individual or company", kind);
}
