/* The document that identifies a party: the one that the profile's field names, for this one person. */
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

		if (!document->replaced && !strcasecmp(document->id, id) && is_of_a_type(rule, document))
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
	       document->standing.stands;
}

static bool is_other_side(const struct document *of, const struct document *document)
{
	return !document->replaced && *document->side && !strcmp(document->type, of->type) &&
	       strcmp(document->side, of->side) != 0;
}

/* Which back belongs to which front nobody says: all of them have to be good, and there have to be enough. */
static bool has_all_sides(const struct case_file *file, const struct document *of)
{
	size_t same = 0, other = 0;

	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];

		if (is_other_side(of, document)) {
			if (!is_accepted(document))
				return false;
			other++;
		} else if (!document->replaced && !strcmp(document->type, of->type) && *document->side) {
			same++;
		}
	}
	return other >= same;
}

/* Front and back are one paper: whoever names either, names it. */
static size_t named_by(const struct case_file *file, const struct profile *profile, const struct document *of)
{
	size_t count = 0;

	for (size_t i = 0; i < file->party_count; i++) {
		const struct document *document = party_identification(file, profile, &file->parties[i]);

		count += document == of ||
			 (document && *of->side && *document->side && !strcmp(document->type, of->type));
	}
	return count;
}

static size_t count_side(const struct case_file *file, const struct document *of)
{
	size_t count = 0;

	for (size_t i = 0; i < file->document_count; i++)
		count += !file->documents[i].replaced && !strcmp(file->documents[i].type, of->type) &&
			 !strcmp(file->documents[i].side, of->side);
	return count;
}

const char *party_identification_fault(const struct case_file *file, const struct profile *profile,
				       const struct party *party)
{
	const struct document *document = party_identification(file, profile, party);

	if (!document)
		return "its identification names no document of the case that identifies a person; have it "
		       "corrected";
	if (named_by(file, profile, document) > (*document->side ? count_side(file, document) : 1))
		return "its identification is another party's, too; ask for one of its own";
	for (size_t i = 0; i < file->party_count; i++) {
		if (&file->parties[i] != party &&
		    party_identification(file, profile, &file->parties[i]) == document)
			return "its identification is another party's, too; ask for one of its own";
	}
	if (!is_accepted(document))
		return "accept an identification document of this party";
	if (*document->side && !has_all_sides(file, document))
		return "a side of its identification is missing or not accepted";
	return "";
}
