/* Four eyes: when two people must approve, and which of the two approvals comes next. */
#include "gate_parts.h"
#include "kybdesk/base/text.h"

#include <string.h>

static bool country_needs_four_eyes(const struct case_file *file, const struct four_eyes_rules *rules)
{
	bool asks = texts_contain(rules->countries, rules->country_count, file->session.subject.country);

	for (size_t i = 0; i < file->party_count; i++)
		asks = asks || texts_contain(rules->countries, rules->country_count, file->parties[i].country);
	return asks;
}

static bool hit_needs_four_eyes(const struct case_file *file, const struct four_eyes_rules *rules)
{
	for (size_t i = 0; i < file->check_count; i++) {
		for (size_t h = 0; h < file->checks[i].hit_count; h++) {
			if (rules->hit_class_bits & 1u << file->checks[i].hits[h].class_)
				return true;
		}
	}
	return false;
}

const char *approval_stage_text(enum approval_stage part)
{
	static const char *const words[] = {
		[APPROVAL_SINGLE] = "alone", [APPROVAL_FIRST] = "first", [APPROVAL_SECOND] = "second"
	};

	return words[part];
}

/* Whether the profile requires that two people approve the case. */
static bool needs_four_eyes(const struct case_file *file, const struct profile *profile)
{
	const struct session *session = &file->session;
	const struct four_eyes_rules *rules = &profile->four_eyes;
	int from = profile->four_eyes_from_risk, risk = session->risk_score;

	return (from != RISK_NONE && (risk == RISK_NONE || risk >= from)) || rules->kinds & 1u << session->kind ||
	       texts_contain(rules->levels, rules->level_count,
			     profile_approved_level(profile, session->subject.kind)) ||
	       country_needs_four_eyes(file, rules) || hit_needs_four_eyes(file, rules);
}

enum approval_stage gate_approval_stage(const struct case_file *file, const struct gate_context *context)
{
	const struct first_approval *first = context->first_approval;

	if (first && !*first->invalid_reason)
		return APPROVAL_SECOND;
	if (needs_four_eyes(file, context->profile) || context->supervised || (first && !first->supervised))
		return APPROVAL_FIRST;
	return APPROVAL_SINGLE;
}

const char *first_approval_text(struct arena *arena, const struct first_approval *first)
{
	return arena_printf(arena, "first approval by %s, %s", first->by, time_minute_text(arena, first->at));
}

/* Whether the actor can give one of the two approvals. */
static bool may_approve(const struct gate_context *context)
{
	return *context->actor && role_at_least(context->role, ROLE_REVIEWER);
}

static const char *refusal_text(const struct gate *gate)
{
	const struct gate_context *context = gate->context;
	const char *first = first_approval_text(gate->arena, context->first_approval);

	if (!may_approve(context))
		return arena_printf(gate->arena, "%s; a second person must approve", first);
	if (!strcmp(context->actor, context->first_approval->by))
		return arena_printf(gate->arena,
				    "%s; %s cannot also give the second approval: a second person must approve", first,
				    context->actor);
	if (context->supervised)
		return arena_printf(
			gate->arena,
			"%s; %s is supervised and cannot give the second approval: a second person must approve", first,
			context->actor);
	return NULL;
}

void gate_find_second_approval(struct gate *gate)
{
	enum approval_stage part = gate_approval_stage(gate->file, gate->context);
	const char *sentence;

	if (part == APPROVAL_SINGLE)
		return;
	if (gate->context->automatic) {
		gate_add_finding(gate, BLOCKER_SECOND_REVIEWER, "",
				 "Two reviewers must approve this case; an automatic approval does not count");
		return;
	}
	sentence = part == APPROVAL_SECOND ? refusal_text(gate) : NULL;
	if (sentence)
		gate_add_finding(gate, BLOCKER_SECOND_REVIEWER, "", "%s", sentence)->awaited_side =
			WAITS_SECOND_REVIEWER;
}

/* The last decision, if it is the first of two; else NULL. */
static const struct decision *pending_first_decision(const struct case_file *file)
{
	const struct decision *last = file->decision_count ? &file->decisions[file->decision_count - 1] : NULL;

	return last && last->is_first_decision && !last->undone && !last->imported ? last : NULL;
}

const struct decision *gate_first_rejection(const struct case_file *file)
{
	const struct decision *first = pending_first_decision(file);

	return first && first->kind == DECISION_REJECT ? first : NULL;
}

static const char *first_rejection_text(struct arena *arena, const struct decision *first)
{
	return arena_printf(arena, "%s, supervised, rejected the case for %s, %s; a colleague must decide", first->by,
			    first->reason, time_minute_text(arena, first->at));
}

void gate_find_supervised_decision(struct gate *gate, enum action action)
{
	const struct gate_context *context = gate->context;
	const struct decision *first = gate_first_rejection(gate->file);

	/* A rejection may be the first of two decisions; after another first decision, a rejection would be final. */
	if (!context->supervised || (action == ACTION_REJECT && !pending_first_decision(gate->file)))
		return;
	gate_add_finding(
		gate, BLOCKER_SECOND_REVIEWER, "", "%s",
		first ? first_rejection_text(gate->arena, first)
		      : arena_printf(gate->arena,
				     "%s is supervised and cannot decide alone; only an approval or a rejection "
				     "can be the first of two decisions, so a colleague must decide this case",
				     context->actor));
}

const char *gate_approval_text(const struct gate *gate)
{
	const struct first_approval *first = gate->context->first_approval;
	enum session_status status = gate->file->session.status;
	const struct decision *rejection = gate_first_rejection(gate->file);
	bool mine = may_approve(gate->context);

	if (session_status_is_decided(status))
		return NULL;
	if (rejection)
		return first_rejection_text(gate->arena, rejection);
	switch (gate_approval_stage(gate->file, gate->context)) {
	case APPROVAL_SINGLE:
		break;
	case APPROVAL_FIRST:
		if (first)
			return arena_printf(gate->arena, "%s, no longer counts: %s; two people must approve%s",
					    first_approval_text(gate->arena, first), first->invalid_reason,
					    mine ? ", and you would be the first" : "");
		return mine ? "two people must approve, and you would be the first" : "two people must approve";
	case APPROVAL_SECOND:
		return arena_printf(gate->arena, "%s; you would be the second",
				    first_approval_text(gate->arena, first));
	}
	return NULL;
}

#define CONTRIBUTORS_NAMED_MAX 4

void gate_check_contributors(struct gate *gate, enum action action)
{
	const struct gate_context *context = gate->context;
	const char *text = "";
	size_t counted = 0, data = 0;

	for (size_t i = 0; i < context->contribution_count; i++) {
		const struct contribution *c = &context->contributions[i];

		if (c->material == MATERIAL_VERDICT && action != ACTION_APPROVE)
			continue;
		data += c->material == MATERIAL_DATA;
		if (counted++ < CONTRIBUTORS_NAMED_MAX)
			text = arena_printf(gate->arena, "%s%s %s at %s", text, counted > 1 ? "," : "",
					    contribution_text(gate->arena, gate->file, c), gate_time_text(gate, c->at));
	}
	if (!counted)
		return;
	if (counted > CONTRIBUTORS_NAMED_MAX)
		text = arena_printf(gate->arena, "%s and made %zu more changes", text,
				    counted - CONTRIBUTORS_NAMED_MAX);
	gate_add_finding(gate, BLOCKER_SECOND_REVIEWER, "", "%s%s; a colleague must %s this case", context->actor, text,
			 data ? "decide" : "approve");
}
