/* The document that identifies a party, by the profile's field. */
#include "facts/facts_text.h"
#include "kybdesk/domain/value.h"

#include <string.h>
#include <strings.h>

static const struct field_rule *document_rule(const struct field_spec *spec)
{
	for (size_t i = 0; i < spec->rule_count; i++) {
		if (spec->rules[i].kind == RULE_DOCUMENT)
			return &spec->rules[i];
	}
	return NULL;
}

static bool is_of_a_type(const struct field_rule *rule, const struct document *document)
{
	for (size_t i = 0; i < rule->word_count; i++) {
		if (!strcmp(rule->words[i], document->type))
			return true;
	}
	return !rule->word_count;
}

static const struct document *named(const struct case_file *file, const struct field_rule *rule, const char *id)
{
	for (size_t i = 0; *id && i < file->document_count; i++) {
		const struct document *document = &file->documents[i];

		if (!document->replaced && (!strcasecmp(document->id, id) || !strcasecmp(document->back_id, id)) &&
		    is_of_a_type(rule, document))
			return document;
	}
	return NULL;
}

const struct document *party_identification(const struct case_file *file, const struct profile *profile,
					    const struct party *party)
{
	const struct party_rules *rules = &profile->parties;

	if (rules->field_kinds && !(rules->field_kinds & (1u << party->kind)))
		return NULL;
	for (size_t i = 0; i < rules->field_count; i++) {
		const struct field_rule *rule = document_rule(&rules->fields[i]);
		const struct value *value = rule ? value_member(party->values, rules->fields[i].id) : NULL;

		if (value && value->kind == VALUE_TEXT)
			return named(file, rule, value->text);
	}
	return NULL;
}

static bool is_accepted(const struct document *document)
{
	return !document->replaced && document->upload == UPLOAD_READY && document->review == REVIEW_ACCEPTED &&
	       document->standing.valid;
}

const char *party_identification_fault(const struct case_file *file, const struct profile *profile,
				       const struct party *party)
{
	const struct document *document = party_identification(file, profile, party);

	if (!document)
		return "the identification is not an identity document of the case; request a correction";
	for (size_t i = 0; i < file->party_count; i++) {
		if (&file->parties[i] != party &&
		    party_identification(file, profile, &file->parties[i]) == document)
			return "the identification is also used for another party; request a separate document";
	}
	if (document_lacks_side(document))
		return "a side of the identification is missing";
	if (!is_accepted(document))
		return "accept an identification document of this party";
	return "";
}
