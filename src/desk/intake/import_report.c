/*
 * Sets the import as the source of a new case's notes, reviews, verdicts and decisions, even if they name a person.
 * In a production store an undecided case must be reviewed here: imported reviews are shown, but count as open.
 */
#include "import_internal.h"

#include <string.h>

static bool is_undecided_here(const struct desk *desk, const struct session *session)
{
	return !desk->store->sandbox && session->status != SESSION_APPROVED && session->status != SESSION_REJECTED;
}

static void document_set_source(struct document *document, const char *by, bool open)
{
	if (document->review == REVIEW_UNREVIEWED)
		return;
	document->source = by;
	if (!open)
		return;
	document->imported_verdict = review_state_text(document->review);
	document->review = REVIEW_UNREVIEWED;
}

static void hit_set_source(struct hit *hit, const char *by, bool open)
{
	if (hit->state == HIT_OPEN)
		return;
	hit->source = by;
	if (!open)
		return;
	hit->imported_verdict = hit_state_text(hit->state);
	hit->state = HIT_OPEN;
}

static void check_set_source(struct check *check, const char *by, bool open)
{
	check->reported_by = by;
	check->reported_as = capacity_text(CAPACITY_INTAKE);
	for (size_t i = 0; i < check->hit_count; i++)
		hit_set_source(&check->hits[i], by, open);
	if (check->status != CHECK_WAIVED)
		return;
	check->source = by;
	if (!open)
		return;
	check->imported_verdict = check_status_text(check->status);
	check->status = CHECK_FAILED;
}

static void party_set_source(struct party *party, const char *by, bool open)
{
	if (!*party->verified_elsewhere_by)
		return;
	party->source = by;
	if (open)
		party->verified_elsewhere_by = "";
}

void import_set_source(const struct desk *desk, struct case_file *file)
{
	const char *by = desk->actor;
	bool open = is_undecided_here(desk, &file->session);

	for (size_t i = 0; i < file->document_count; i++)
		document_set_source(&file->documents[i], by, open);
	for (size_t i = 0; i < file->check_count; i++)
		check_set_source(&file->checks[i], by, open);
	for (size_t i = 0; i < file->party_count; i++)
		party_set_source(&file->parties[i], by, open);
	for (size_t i = 0; i < file->correction_count; i++)
		file->corrections[i].source = by;
	for (size_t i = 0; i < file->decision_count; i++)
		file->decisions[i].source = by;
	for (size_t i = 0; i < file->note_count; i++)
		file->notes[i].source = by;
	if (strcmp(file->session.processing_results_json, "null") != 0 &&
	    strcmp(file->session.processing_results_json, "{}") != 0) {
		file->session.results_by = by;
		file->session.results_as = capacity_text(CAPACITY_INTAKE);
	}
}
