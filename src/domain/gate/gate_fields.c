/* Fields in the gate: each violation of a profile rule blocks, by its path. */
#include "kybdesk/base/text.h"
#include "kybdesk/domain/column.h"
#include "kybdesk/domain/rules.h"
#include "gate_parts.h"

#include <string.h>

static bool has_confirmed_name(const struct gate *gate)
{
	for (size_t i = 0; i < gate->file->document_count; i++) {
		const struct document *document = &gate->file->documents[i];

		if (!document->replaced && document->review == REVIEW_ACCEPTED && document->standing.valid &&
		    document_must_show_name(gate->context->profile, document))
			return true;
	}
	return false;
}

/* Whether the recorded name is the trade name of the case. If so, adds a blocker until a document confirms both
 * names (seed avenia-kyb-level-1: a sub-account has a name, and its company has a legal name). */
static bool is_trade_name(struct gate *gate, const char *recorded)
{
	const char *trade = facts_trade_name(gate->file), *legal = gate->file->session.subject.name;

	if (!*trade || !text_equals_folded(trade, recorded))
		return false;
	if (!has_confirmed_name(gate))
		gate_add_finding(gate, BLOCKER_FIELD_INVALID, "subject.name",
				 "The trade name is %s, and the legal name is %s; to confirm that both are of one "
				 "company, accept a document that shows the name",
				 trade, legal);
	return true;
}

/* An approval sets the level of the stored user, so the subject of this case must be that user. A value that is
 * missing on one side is not a difference. */
static void find_another_subject(struct gate *gate)
{
	const struct subject *here = &gate->file->session.subject, *there = gate->context->stored_subject;
	const struct column *column = NULL;

	if (!there)
		return;
	while ((column = columns_next_diff(&subject_columns, there, here, COLUMN_IDENTITY, column))) {
		const char *was = column->flags & COLUMN_SHOWN ? column_text(column, there) : "";

		if (column_is_empty(column, there) || column_is_empty(column, here))
			continue;
		/* Compares names without case, because a workflow may store a name in capitals (seed
		 * avenia-kyb-level-1). */
		if (!strcmp(column->word, "name") &&
		    (text_equals_folded(column_text(column, there), column_text(column, here)) ||
		     is_trade_name(gate, column_text(column, there))))
			continue;
		gate_add_finding(gate, BLOCKER_FIELD_INVALID, arena_printf(gate->arena, "subject.%s", column->word),
				 "The subject %s is on record with another %s%s%s; correct the record or this "
				 "case",
				 here->uid, text_with_spaces(gate->arena, column->word), *was ? ", " : "", was);
	}
}

void gate_find_invalid_field(struct gate *gate)
{
	struct rule_failures failures = { 0 };
	char today[16];

	date_format(gate->context->now, today);
	const struct rules_input input = {
		.file = gate->file,
		.profile = gate->context->profile,
		.countries = gate->context->countries,
		.today = today,
	};
	find_another_subject(gate);
	rules_check_case(gate->arena, &input, &failures);
	for (size_t i = 0; i < failures.count; i++) {
		const char *rule = failures.items[i].rule;

		gate_add_finding(gate, BLOCKER_FIELD_INVALID, failures.items[i].path, "%s", failures.items[i].message);
		gate->depends_on_date |=
			!strcmp(rule, rule_kind_text(RULE_DATE)) || !strcmp(rule, rule_kind_text(RULE_AGE));
	}
}

static bool fields_have_rules(const struct field_spec *fields, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (fields[i].rule_count || fields[i].type != FIELD_ANY ||
		    fields_have_rules(fields[i].children, fields[i].child_count))
			return true;
	}
	return false;
}

static bool has_rules(const struct profile *profile)
{
	for (size_t i = 0; i < profile->step_count; i++) {
		if (fields_have_rules(profile->steps[i].fields, profile->steps[i].field_count))
			return true;
	}
	return fields_have_rules(profile->parties.fields, profile->parties.field_count);
}

const char *gate_fields_text(const struct gate *gate)
{
	return has_rules(gate->context->profile) ? "every field follows the rules of the workflow" : NULL;
}
