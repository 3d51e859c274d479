/* Lists the findings of a case, in the words of data/findings.txt, for the reason of its rejection. */
#include "gate/gate_parts.h"
#include "kybdesk/domain/grounds.h"
#include "kybdesk/domain/register.h"
#include "kybdesk/domain/results.h"
#include "kybdesk/domain/rules.h"

#include <string.h>

static void add_document(struct strbuf *out, const struct document *document, int64_t now)
{
	bool dated = document->expires_on != TIME_NONE;

	if (document->review == REVIEW_REJECTED)
		strbuf_addf(out, "document_not_accepted:rejected:%s ", document->review_reason);
	else if (document->review == REVIEW_ACCEPTED && !document_is_valid(document))
		strbuf_adds(out, "basis_changed:document ");
	else if (!document_is_valid(document))
		strbuf_addf(out, "document_not_accepted:unreviewed%s ", dated ? "" : ":undated");
	if (dated && now >= document_expires_at(document))
		strbuf_adds(out, "document_fact:expired ");
}

static void add_hit(struct strbuf *out, const struct check *check, const struct hit *hit)
{
	const char *class_ = hit_class_text(hit_is_sanctions_hit(check, hit) ? HIT_SANCTIONS : hit->class_);

	if (!hit_is_blocking(hit))
		strbuf_addf(out, "hit:%s:%s ", class_, hit_state_text(hit->state));
	else
		strbuf_addf(out, "hit_open:%s:%s ", class_,
			    hit->state == HIT_FALSE_POSITIVE ? "open"
			    : hit->state == HIT_ACCEPTED     ? "true_match"
							     : hit_state_text(hit->state));
}

/* What the register's entry is short of. */
static void add_register(struct strbuf *out, const struct check *check, const struct subject *subject)
{
	struct register_entry entry;
	struct register_view view;

	if (!register_entry_read(check, &entry)) {
		strbuf_adds(out, "check_failed:register:not_found ");
		return;
	}
	register_compare(subject, &entry, &view);
	strbuf_adds(out, entry.active ? "" : "check_failed:register:not_active ");
	for (size_t i = 0; i < view.count; i++)
		if (view.pairs[i].differs && !strchr(view.pairs[i].label, ' '))
			strbuf_addf(out, "check_failed:register:%s ", view.pairs[i].label);
}

static void add_check(struct strbuf *out, const struct check *check, const struct case_file *file,
		      const struct profile *profile)
{
	static const char *const verdicts[] = {
		[RESULT_CONFIRMED] = "confirmed", [RESULT_UNDETERMINED] = "undetermined"
	};
	const char *kind = check_kind_text(check->kind);
	bool failed = check->status == CHECK_FAILED || (check->status == CHECK_HIT && !check->hit_count);

	for (size_t i = 0; i < check->hit_count; i++)
		add_hit(out, check, &check->hits[i]);
	for (size_t i = 0; i < check->result_count; i++) {
		enum result_verdict verdict = check->results[i].verdict;

		if (result_is_held(check, i) && check->status != CHECK_WAIVED)
			strbuf_addf(out, "check_failed:%s:%s ", kind,
				    verdict == RESULT_CONFIRMED || verdict == RESULT_UNDETERMINED ? verdicts[verdict]
												  : "failed");
	}
	if (check->status == CHECK_PASSED)
		strbuf_addf(out, "check:%s:passed ", kind);
	else if (failed && check->kind == CHECK_REGISTER)
		add_register(out, check, &file->session.subject);
	else if (failed && check_is_blocking(check, profile) && !check_has_held_result(check))
		strbuf_addf(out, "check_failed:%s:failed ", kind);
}

/* The fields by the rule that they break, and the values of ownership and control by their paths. */
static void add_fields(struct strbuf *out, struct arena *arena, const struct case_file *file,
		       const struct gate_context *context)
{
	struct rule_failures failures = { 0 };
	char today[16];

	date_format(context->now, today);
	rules_check_case(
		arena,
		&(const struct rules_input){
			.file = file, .profile = context->profile, .countries = context->countries, .today = today },
		&failures);
	for (size_t i = 0; i < failures.count; i++)
		strbuf_addf(out, "field_invalid:%s ",
			    strstr(failures.items[i].path, "wnership") ? "ownership_percent"
			    : strstr(failures.items[i].path, "ontrol") ? "control_role"
								       : failures.items[i].rule);
}

/* A party that is not verified, and why. */
static void add_party(struct strbuf *out, const struct case_file *file, const struct party *party,
		      const struct profile *profile)
{
	const struct document *identity = party_identity_document(file, profile, party);
	const char *why = "pending";

	if (party->session_was_rejected || (party->session_row && party->session_status == SESSION_REJECTED))
		why = "rejected";
	else if (party->session_row && party->session_status == SESSION_APPROVED && !party->kyc_standing.valid)
		why = "mismatch";
	else if (!party->session_row && profile_party_verification(profile, party->kind) == VERIFY_DOCUMENT)
		why = !identity || document_lacks_side(identity) ? "no_document"
		      : document_is_valid(identity)		 ? "document_shared"
								 : "pending";
	strbuf_addf(out, "party_not_verified:%s ", why);
}

static void add_client(struct strbuf *out, const struct case_file *file)
{
	const struct session *session = &file->session;

	strbuf_addf(out, "status:%s ", session_status_text(session->status));
	if (session->subject.kind == SUBJECT_INDIVIDUAL)
		strbuf_adds(out, "subject:individual ");
	if (session->unresponsive || session->reminders)
		strbuf_adds(out, "unresponsive ");
	if (session->returned)
		strbuf_adds(out, "returned ");
	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];

		if (correction->state == CORRECTION_OPEN)
			strbuf_addf(out, "correction_open:%s ",
				    correction->document_type_count || correction->document_id_count ? "document"
				    : *correction->party_id					     ? "party"
												     : "field");
	}
}

/* Whether the type shows the owners or directors. */
static bool shows_parties(const struct profile *profile, const char *type)
{
	const struct document_spec *spec = profile_document(profile, type);

	return spec && spec->expected_parts & 1u << SHOWS_PARTIES;
}

const char *rejection_findings(struct arena *arena, const struct case_file *file, const struct gate_context *context)
{
	struct blockers blockers = { 0 };
	struct strbuf out = STRBUF_INIT;

	add_client(&out, file);
	gate_check(arena, file, context, GATE_APPROVAL, &blockers);
	for (size_t i = 0; i < blockers.count; i++) {
		const struct blocker *blocker = &blockers.items[i];
		const struct party *party =
			blocker->code == BLOCKER_PARTY_NOT_VERIFIED ? case_party(file, blocker->ref) : NULL;

		if (party && blocker->code == BLOCKER_BASIS_CHANGED)
			strbuf_adds(&out, "basis_changed:party ");
		else if (party && blocker->code == BLOCKER_PARTY_NOT_VERIFIED)
			add_party(&out, file, party, context->profile);
		else if (blocker->code == BLOCKER_DOCUMENT_MISSING && shows_parties(context->profile, blocker->ref))
			strbuf_adds(&out, "document_missing:parties ");
		else if (blocker->code == BLOCKER_PARTY_MISSING)
			strbuf_addf(&out, "party_missing:%s ", file->party_count ? "control_role" : "none");
		else if (blocker->code == BLOCKER_DESK_RULE && party)
			strbuf_adds(&out, "desk_rule:prohibited_countries:party ");
		else if (blocker->code == BLOCKER_FIELD_INVALID)
			add_fields(&out, arena, file, context);
		else if (blocker->code != BLOCKER_HIT_OPEN && blocker->code != BLOCKER_CHECK_FAILED &&
			 blocker->code != BLOCKER_CORRECTION_OPEN && blocker->code != BLOCKER_DOCUMENT_NOT_ACCEPTED)
			strbuf_addf(&out, "%s ", blocker_code_text(blocker->code));
	}
	for (size_t i = 0; i < file->document_count; i++)
		if (document_is_current(&file->documents[i]) && document_has_bytes(&file->documents[i]))
			add_document(&out, &file->documents[i], context->now);
	for (size_t i = 0; i < file->party_count; i++)
		if (file->parties[i].session_was_rejected)
			add_party(&out, file, &file->parties[i], context->profile);
	for (size_t i = 0; i < file->check_count; i++)
		add_check(&out, &file->checks[i], file, context->profile);
	for (size_t i = 0; i < context->duplicate_count; i++) {
		const struct duplicate *duplicate = &context->duplicates[i];

		if (!duplicate_is_shown(duplicate, context->role))
			continue;
		if (duplicate_is_open(duplicate))
			strbuf_addf(&out, "duplicate_open:%s ",
				    duplicate->same_bits & SAME_DOCUMENT ? "file" : "number");
		strbuf_adds(&out, duplicate_is_linked(duplicate) ? "duplicate:linked " : "");
	}
	if (*file->session.gap_by && !file->session.gap_standing.valid)
		strbuf_adds(&out, "basis_changed:gap ");
	return strbuf_finish(&out, arena);
}
