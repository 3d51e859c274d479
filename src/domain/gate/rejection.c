/* Holds each built-in reason of a rejection against the facts of the case: what the gate found, and the state of the
 * documents, parties, checks and corrections. */
#include "gate/gate_parts.h"
#include "kybdesk/domain/grounds.h"
#include "kybdesk/domain/value.h"

#include <string.h>

/* Facts that support or refute a reason. */
enum {
	FACT_MISSING = 1u << 0,	    /* a mandatory document is missing */
	FACT_REJECTED = 1u << 1,    /* a document is rejected, altered, or cannot be accepted */
	FACT_UNREVIEWED = 1u << 2,  /* a document is not reviewed, so it may have any fault */
	FACT_ACCEPTED = 1u << 3,    /* a document is accepted */
	FACT_EXPIRED = 1u << 4,	    /* a document has expired, or is not reviewed and has no date */
	FACT_MISMATCH = 1u << 5,    /* a field breaks a rule, or a check of data or identity did not pass */
	FACT_PARTY_OPEN = 1u << 6,  /* a party is not verified */
	FACT_NO_PARTY = 1u << 7,    /* a required party is not declared */
	FACT_OWNERSHIP = 1u << 8,   /* the declared ownership is impossible or incomplete */
	FACT_IN_REGISTER = 1u << 9, /* the register's entry agrees with the case */
	FACT_REGISTER = 1u << 10,   /* a check of the register did not pass */
	FACT_UNLISTED = 1u << 11,   /* and the register has no entry */
	FACT_SANCTIONS = 1u << 12,  /* a hit of the class is open or confirmed, or its check did not pass */
	FACT_PEP = 1u << 13,
	FACT_MEDIA = 1u << 14,
	FACT_SANCTIONS_CLEARED = 1u << 15, /* a hit of the class was judged to be somebody else */
	FACT_PEP_CLEARED = 1u << 16,
	FACT_MEDIA_CLEARED = 1u << 17,
	FACT_DUPLICATE = 1u << 18, /* another session may be of the same client, or is */
	FACT_WAITING = 1u << 19,   /* the client has not answered a correction or reminders */
	FACT_ASKED = 1u << 20,	   /* a correction was requested at any time */
	FACT_STEP_OPEN = 1u << 21, /* a step is not finished */
	FACT_PERSON = 1u << 22,	   /* the client is a person */
	FACT_NEVER = 1u << 23,	   /* no case has it */
};
#define FACT_DOUBT (FACT_REJECTED | FACT_UNREVIEWED)
/* A reason that one of these facts supports cannot be true of a person. */
#define FACTS_OF_COMPANY (FACT_OWNERSHIP | FACT_NO_PARTY | FACT_REGISTER | FACT_UNLISTED)

/* A reason that is absent here is never contradicted: its facts are not in the case. */
static const struct rejection_rule {
	const char *code;
	unsigned supported_by;	/* one of these facts is enough */
	unsigned possible_with; /* one of these facts is enough with a note */
	/* Without one of the facts above: one of these facts contradicts the reason, and without these a note is
	 * enough, since the desk may not know the fact. 0: the reason is contradicted. */
	unsigned refuted_by;
	const char *contradiction;
} rules[] = {
	{ "missing_document", FACT_MISSING, FACT_DOUBT | FACT_WAITING | FACT_STEP_OPEN, 0,
	  "no document is missing, and every document is accepted" },
	{ "invalid_document", FACT_DOUBT | FACT_EXPIRED, FACT_MISSING | FACT_MISMATCH, 0,
	  "no document is rejected or unreviewed" },
	{ "expired_document", FACT_EXPIRED, FACT_DOUBT, 0, "no document has expired" },
	{ "data_mismatch", FACT_MISMATCH | FACT_REGISTER | FACT_DOUBT, FACT_STEP_OPEN, 0,
	  "no document is rejected or unreviewed, no field breaks a rule, and no check of the data failed" },
	{ "unrelated_document", FACT_DOUBT, 0, 0, "no document is rejected or unreviewed" },
	{ "party_rejected", FACT_PARTY_OPEN, 0, 0, "no party is rejected or unverified" },
	{ "ownership_not_established", FACT_OWNERSHIP | FACT_NO_PARTY, FACT_PARTY_OPEN | FACT_DOUBT, 0,
	  "the declared ownership is complete" },
	{ "control_not_established", FACT_NO_PARTY, FACT_OWNERSHIP | FACT_PARTY_OPEN | FACT_DOUBT, 0,
	  "every required party is declared and verified" },
	{ "company_not_active", FACT_REGISTER, 0, FACT_IN_REGISTER, "no register says so" },
	{ "company_not_found_in_registry", FACT_UNLISTED, FACT_REGISTER, FACT_IN_REGISTER, "no register says so" },
	{ "sanctions_match", FACT_SANCTIONS, 0, FACT_SANCTIONS_CLEARED, "no sanctions hit is open or confirmed" },
	{ "pep_unacceptable", FACT_PEP, 0, FACT_PEP_CLEARED, "no PEP hit is open or confirmed" },
	{ "adverse_media", FACT_MEDIA, 0, FACT_MEDIA_CLEARED, "no adverse-media hit is open or confirmed" },
	{ "forged_document", FACT_DOUBT, FACT_ACCEPTED, 0, "the case has no document" },
	{ "duplicate_application", FACT_DUPLICATE, 0, FACT_NEVER, "no other application of this client is known" },
	{ "client_unresponsive", FACT_WAITING | FACT_MISSING | FACT_STEP_OPEN | FACT_PARTY_OPEN, FACT_ASKED, 0,
	  "the client was not asked for anything" },
};

static unsigned fact_of_blocker(enum blocker_code code)
{
	static const unsigned facts[BLOCKER_CODE_COUNT] = {
		[BLOCKER_DOCUMENT_MISSING] = FACT_MISSING, [BLOCKER_DOCUMENT_ALTERED] = FACT_REJECTED,
		[BLOCKER_STEP_OPEN] = FACT_STEP_OPEN,	   [BLOCKER_PARTY_NOT_VERIFIED] = FACT_PARTY_OPEN,
		[BLOCKER_PARTY_MISSING] = FACT_NO_PARTY,   [BLOCKER_OWNERSHIP_INVALID] = FACT_OWNERSHIP,
		[BLOCKER_OWNERSHIP_GAP] = FACT_OWNERSHIP,  [BLOCKER_FIELD_INVALID] = FACT_MISMATCH,
		[BLOCKER_DUPLICATE_OPEN] = FACT_DUPLICATE,
	};

	return facts[code];
}

static unsigned facts_of_document(const struct document *document, int64_t now)
{
	bool is_accepted = document->review == REVIEW_ACCEPTED && document_is_valid(document);
	unsigned facts = is_accepted			       ? FACT_ACCEPTED
			 : document->review == REVIEW_REJECTED ? FACT_REJECTED
							       : FACT_UNREVIEWED;

	if (document->expires_on != TIME_NONE ? now >= document_expires_at(document) : facts == FACT_UNREVIEWED)
		facts |= FACT_EXPIRED;
	return facts;
}

static unsigned fact_of_class(enum hit_class class_)
{
	return class_ == HIT_SANCTIONS ? FACT_SANCTIONS : class_ == HIT_PEP ? FACT_PEP : FACT_MEDIA;
}

static unsigned cleared_fact(enum hit_class class_)
{
	return class_ == HIT_SANCTIONS ? FACT_SANCTIONS_CLEARED
	       : class_ == HIT_PEP     ? FACT_PEP_CLEARED
				       : FACT_MEDIA_CLEARED;
}

static unsigned facts_of_check(const struct check *check)
{
	bool did_not_pass = check->status == CHECK_FAILED || check->status == CHECK_ERROR ||
			    check->status == CHECK_TIMEOUT || check->status == CHECK_WAIVED;
	unsigned facts = 0;

	for (size_t i = 0; i < check->hit_count; i++) {
		const struct hit *hit = &check->hits[i];
		enum hit_class class_ = hit_is_sanctions_hit(check, hit) ? HIT_SANCTIONS : hit->class_;

		facts |= hit->state == HIT_FALSE_POSITIVE ? cleared_fact(class_) : fact_of_class(class_);
	}
	switch (check->kind) {
	case CHECK_WATCHLIST:
	case CHECK_OFAC:
		return facts | (did_not_pass ? FACT_SANCTIONS | FACT_PEP : 0);
	case CHECK_ADVERSE_MEDIA:
		return facts | (did_not_pass ? FACT_MEDIA : 0);
	case CHECK_REGISTER:
		if (check->status == CHECK_PASSED)
			return facts | FACT_IN_REGISTER;
		return facts | FACT_REGISTER | (check->detail && check->detail->count ? 0 : FACT_UNLISTED);
	default:
		return facts | (did_not_pass || check->status == CHECK_HIT ? FACT_MISMATCH : 0);
	}
}

/* The facts of the whole case. */
static unsigned facts_of_case(struct arena *arena, const struct case_file *file, const struct gate_context *context)
{
	struct blockers blockers = { 0 };
	unsigned facts = file->session.subject.kind == SUBJECT_INDIVIDUAL ? FACT_PERSON : 0;

	gate_check(arena, file, context, GATE_APPROVAL, &blockers);
	for (size_t i = 0; i < blockers.count; i++)
		facts |= fact_of_blocker(blockers.items[i].code);
	for (size_t i = 0; i < file->document_count; i++)
		if (document_is_current(&file->documents[i]) && document_has_bytes(&file->documents[i]))
			facts |= facts_of_document(&file->documents[i], context->now);
	for (size_t i = 0; i < file->party_count; i++)
		if (file->parties[i].session_status == SESSION_REJECTED && file->parties[i].session_row)
			facts |= FACT_PARTY_OPEN;
	for (size_t i = 0; i < file->check_count; i++)
		facts |= facts_of_check(&file->checks[i]);
	for (size_t i = 0; i < context->duplicate_count; i++)
		if (duplicate_is_shown(&context->duplicates[i], context->role) &&
		    (duplicate_is_open(&context->duplicates[i]) || duplicate_is_linked(&context->duplicates[i])))
			facts |= FACT_DUPLICATE;
	for (size_t i = 0; i < file->correction_count; i++)
		facts |= FACT_ASKED | (file->corrections[i].state == CORRECTION_OPEN ? FACT_WAITING : 0);
	if (file->session.unresponsive || file->session.reminders)
		facts |= FACT_WAITING;
	return facts;
}

static bool is_refuted(const struct rejection_rule *rule, unsigned facts)
{
	return facts & rule->refuted_by || (facts & FACT_PERSON && !(rule->supported_by & ~(unsigned)FACTS_OF_COMPANY));
}

static const char *contradiction_of(const struct rejection_rule *rule, unsigned facts)
{
	if (rule->refuted_by & facts & FACT_IN_REGISTER)
		return "the entry in the register agrees with the case";
	return facts & FACT_PERSON && is_refuted(rule, facts) && !(rule->refuted_by & facts) ? "the client is a person"
											     : rule->contradiction;
}

/* What the facts say of a reason without support. */
static enum fit fit_without_support(const struct rejection_rule *rule, unsigned facts)
{
	if (is_refuted(rule, facts))
		return FIT_NO;
	return facts & rule->possible_with || rule->refuted_by ? FIT_WITH_NOTE : FIT_NO;
}

static void hold_against_facts(const struct gate_context *context, unsigned facts, struct ground *ground)
{
	/* A caller from outside must not learn of hits from an answer. */
	bool is_hidden = ground->reason->disclosure == DISCLOSURE_RESTRICTED && context->automatic;

	for (size_t i = 0; !is_hidden && i < sizeof rules / sizeof rules[0]; i++) {
		const struct rejection_rule *rule = &rules[i];
		bool is_supported =
			facts & rule->supported_by && (facts & rule->refuted_by || !is_refuted(rule, facts));

		if (strcmp(rule->code, ground->reason->code) != 0 || is_supported)
			continue;
		ground->fit = context->sandbox ? FIT_WITH_NOTE : fit_without_support(rule, facts);
		ground->contradicting_fact = contradiction_of(rule, facts);
	}
}

void rejection_hold_against_facts(struct arena *arena, const struct grounds_input *of, struct grounds *grounds)
{
	unsigned facts = facts_of_case(arena, of->file, of->context);

	for (size_t i = 0; i < grounds->count; i++)
		hold_against_facts(of->context, facts, &grounds->items[i]);
}
