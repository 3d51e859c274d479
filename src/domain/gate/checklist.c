/* The gate's result as a checklist, and as the counts of a case (struct case_counts) that lists show. */
#include "gate_parts.h"
#include "kybdesk/domain/document_group.h"

#include <string.h>

struct checklist {
	struct checklist_item *items;
	size_t count, capacity;
};

struct checklist_item *gate_checklist(struct arena *arena, const struct case_file *file,
				      const struct gate_context *context, size_t *count)
{
	struct gate gate;
	bool blocked[BLOCKER_CODE_COUNT] = { false };
	struct checklist list = { 0 };

	gate_init(&gate, arena, file, context);
	gate_find_blockers(&gate);
	/* Open conditions come before met conditions. */
	for (size_t i = 0; i < gate.count; i++) {
		const struct finding *finding = &gate.items[i];

		blocked[finding->code] = true;
		*ARENA_PUSH(arena, list.items, list.count, list.capacity) =
			(struct checklist_item){ .met = false,
						 .code = finding->code,
						 .message = finding->message,
						 .ref = finding->ref,
						 .other_ref = finding->other_ref,
						 .link_ref = finding->link_ref,
						 .tab = gate_parts[finding->code].tab };
	}
	for (size_t code = 0; code < BLOCKER_CODE_COUNT; code++) {
		const struct gate_part *part = &gate_parts[code];
		const char *line = blocked[code] || !part->met_condition_text ? NULL : part->met_condition_text(&gate);

		if (line)
			*ARENA_PUSH(arena, list.items, list.count, list.capacity) =
				(struct checklist_item){ .met = true,
							 .code = (enum blocker_code)code,
							 .message = line,
							 .ref = "",
							 .other_ref = "",
							 .link_ref = "",
							 .tab = part->tab };
	}
	*count = list.count;
	return list.items;
}

static void count_documents(const struct gate *gate, struct case_counts *out)
{
	const struct case_file *file = gate->file;
	const struct profile *profile = gate->context->profile;
	const struct rules_input input = gate_rules_input(gate);

	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];

		if (!document_is_current(document))
			continue;
		out->documents_total++;
		if (document_is_valid(document))
			out->documents_accepted++;
		if (document->upload == UPLOAD_REJECTED || document->review == REVIEW_REJECTED)
			out->document_rejected = true;
	}
	for (size_t s = 0; s < profile->document_count; s++) {
		bool there = !profile->documents[s].mandatory;

		for (size_t i = 0; i < file->document_count && !there; i++)
			there = document_is_current(&file->documents[i]) &&
				!strcmp(file->documents[i].type, profile->documents[s].type);
		if (!there)
			out->documents_total++;
	}
	for (size_t g = 0; g < profile->group_count; g++)
		out->documents_total += document_group_is_empty(gate->arena, &input, &profile->groups[g]);
}

static void count_parties(const struct case_file *file, const struct profile *profile, struct case_counts *out)
{
	for (size_t i = 0; i < file->party_count; i++) {
		const struct party *party = &file->parties[i];

		out->parties_total++;
		if (!party_must_be_verified(party, profile) || party_is_verified(party, file, profile))
			out->parties_verified++;
		else
			out->party_open = true;
	}
}

static void set_waiting_flag(struct case_counts *out, enum awaited_side awaited_side)
{
	bool *const flags[] = { [WAITS_CLIENT] = &out->waits_for_client,
				[WAITS_PARTY] = &out->waits_for_party,
				[WAITS_PROVIDER] = &out->waits_for_provider,
				[WAITS_SECOND_REVIEWER] = &out->waits_for_second_reviewer };

	if (awaited_side != WAITS_NOBODY)
		*flags[awaited_side] = true;
}

/* A case waits if no blocker needs a reviewer. While the status waits for the client or the provider, the case
 * waits even if other blockers need a reviewer, because no decision is possible. */
static void set_waiting_flags(const struct gate *gate, struct case_counts *out)
{
	enum session_status status = gate->file->session.status;

	/* A supervised reviewer's rejection waits for a colleague, even if there are other blockers. */
	if (gate_first_rejection(gate->file) && !session_status_is_decided(status)) {
		out->waits_for_second_reviewer = true;
		return;
	}
	if (gate->count && gate->items[0].code == BLOCKER_STATUS) {
		/* A client that does not react to reminders no longer counts as waiting. */
		if (gate->items[0].awaited_side == WAITS_CLIENT && gate->file->session.unresponsive)
			return;
		set_waiting_flag(out, gate->items[0].awaited_side);
		return;
	}
	for (size_t i = 0; i < gate->count; i++) {
		if (gate->items[i].awaited_side == WAITS_NOBODY)
			return;
	}
	for (size_t i = 0; i < gate->count; i++)
		set_waiting_flag(out, gate->items[i].awaited_side);
}

static void find_first_finding(const struct gate *gate, struct case_counts *out)
{
	out->clean = !gate->count;
	out->sanctions_match = false;
	for (size_t i = 0; i < gate->count; i++)
		out->sanctions_match = out->sanctions_match || gate->items[i].rank == RANK_REJECT_ONLY;
	if (gate->count)
		out->blocker = gate->items[0].code;
}

/* In a sandbox the reviewer acts for the provider's portal: a draft status does not block approval. */
static void find_first_sandbox_finding(struct arena *arena, const struct case_file *file, struct gate_context context,
				       struct case_counts *out)
{
	struct gate gate;

	context.sandbox = true;
	gate_init(&gate, arena, file, &context);
	gate_find_blockers(&gate);
	find_first_finding(&gate, out);
}

static void keep_earliest_time(int64_t *until, int64_t at, int64_t now)
{
	if (at > now && (*until == TIME_NONE || at < *until))
		*until = at;
}

/* The time at which a result of this time becomes too old. */
static void keep_end_of_age(struct case_counts *out, int64_t made, int64_t most, int64_t now)
{
	int64_t stale;

	if (most > 0 && made != TIME_NONE && !__builtin_add_overflow(made, most + 1, &stale))
		keep_earliest_time(&out->blockers_valid_until, stale, now);
}

/* The next time at which the blockers change without an event. */
static void find_next_change(const struct gate *gate, struct case_counts *out)
{
	int64_t now = gate->context->now, most = gate->context->profile->checks.max_age_ms;

	out->blockers_valid_until = TIME_NONE;
	for (size_t i = 0; i < gate->file->document_count; i++) {
		const struct document *document = &gate->file->documents[i];

		if (document_is_current(document) && document->expires_on != TIME_NONE)
			keep_earliest_time(&out->blockers_valid_until, document_expires_at(document), now);
	}
	for (size_t i = 0; i < gate->file->check_count; i++) {
		const struct check *check = &gate->file->checks[i];

		keep_end_of_age(out, check_result_time(check, &gate->file->session), most, now);
		for (size_t r = 0; r < check->result_count; r++)
			keep_end_of_age(out, check->results[r].checked_at, most, now);
	}
	for (size_t i = 0; i < gate->file->party_count; i++) {
		const struct party *party = &gate->file->parties[i];
		const int64_t screened[] = { party->session_watchlist_at, party->session_ofac_at,
					     party->session_media_at };

		if (party->session_valid_until != TIME_NONE)
			keep_earliest_time(&out->blockers_valid_until, party->session_valid_until + DAY_MS, now);
		for (size_t s = 0; s < sizeof screened / sizeof *screened; s++)
			keep_end_of_age(out, screened[s], most, now);
	}
	/* Field rules about dates and ages can have another result from the next midnight on. */
	if (gate->depends_on_date)
		keep_earliest_time(&out->blockers_valid_until, now - now % DAY_MS + DAY_MS, now);
}

void case_count(const struct case_file *file, const struct gate_context *of, struct case_counts *out)
{
	struct arena scratch = ARENA_INIT;
	const struct gate_context context = { .profile = of->profile,
					      .countries = of->countries,
					      .actor = "",
					      .role = ROLE_REVIEWER,
					      .now = of->now,
					      .last_decision_by = "",
					      .last_decision_at = TIME_NONE,
					      .duplicates = of->duplicates,
					      .duplicate_count = of->duplicate_count,
					      .has_open_suspicion = of->has_open_suspicion,
					      .first_approval = of->first_approval };
	struct gate gate;

	*out = (struct case_counts){ 0 };
	gate_init(&gate, &scratch, file, &context);
	count_documents(&gate, out);
	count_parties(gate.file, of->profile, out);
	gate_find_blockers(&gate);
	for (size_t i = 0; i < gate.count; i++) {
		if (gate.items[i].code == BLOCKER_DOCUMENT_MISSING)
			out->document_missing = true;
	}
	out->hit_open = case_has_bad_news(gate.file);
	out->has_unanswered_pair =
		file->session.status == SESSION_APPROVED && ownership_has_unanswered_pair(&scratch, gate.file);
	set_waiting_flags(&gate, out);
	find_first_finding(&gate, out);
	find_next_change(&gate, out);
	if (of->sandbox && (file->session.status == SESSION_DRAFT || file->session.status == SESSION_ACTIVE))
		find_first_sandbox_finding(&scratch, file, context, out);
	arena_release(&scratch);
}
