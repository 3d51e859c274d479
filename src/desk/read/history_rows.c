/* A former state of a case, as rows of a label and a value. */
#include "kybdesk/desk/read.h"

#include <string.h>

#define NOT_IN_AUDIT_LOG "Not in the audit log"

struct writer {
	struct arena *arena;
	const struct history *history;
	struct history_row *rows;
	size_t count, capacity;
	const char *section; /* title of the current section, if it has no row yet; else "" */
};

static void begin_section(struct writer *writer, const char *title)
{
	writer->section = title;
}

static void add_row(struct writer *writer, const char *label, const char *value)
{
	if (!*value)
		return;
	*ARENA_PUSH(writer->arena, writer->rows, writer->count, writer->capacity) =
		(struct history_row){ writer->section, label, value };
	writer->section = "";
}

static void add_session_rows(struct writer *writer)
{
	const struct session *session = &writer->history->file.session;
	struct arena *arena = writer->arena;
	const char *by = session->decided_by;

	begin_section(writer, "Case");
	add_row(writer, "status", session_status_title(session->status));
	add_row(writer, "level", session->subject.level);
	add_row(writer, "held by", *writer->history->holder ? writer->history->holder : "nobody");
	if (*by && (session->status == SESSION_APPROVED || session->status == SESSION_REJECTED))
		add_row(writer, "decided by",
			arena_printf(arena, "%s%s%s", by, *session->decision_reason ? ": " : "",
				     session->decision_reason));
	if (session->snoozed_until != TIME_NONE)
		add_row(writer, "snoozed until", time_text(arena, session->snoozed_until));
	add_row(writer, "undeclared ownership", session->gap_reason);
	add_row(writer, "decisions", arena_printf(arena, "%zu", writer->history->file.decision_count));
	add_row(writer, "notes", arena_printf(arena, "%zu", writer->history->file.note_count));
}

static void add_document_rows(struct writer *writer)
{
	const struct case_file *file = &writer->history->file;

	begin_section(writer, "Documents");
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];
		const char *state = document->upload != UPLOAD_READY ? upload_state_text(document->upload)
								     : review_state_text(document->review);

		if (document->replaced)
			continue;
		add_row(writer, document->type,
			arena_printf(writer->arena, "%s%s%s%s%s", state, *document->reviewed_by ? " by " : "",
				     document->reviewed_by, *document->review_reason ? ": " : "",
				     document->review_reason));
	}
	if (*writer->section)
		add_row(writer, "none", "no documents");
}

/* Shows whether a KYC session exists, and its present status: its former states are in its own audit log. */
static const char *party_value(struct arena *arena, const struct party *party)
{
	if (*party->verified_elsewhere_by)
		return arena_printf(arena, "verified elsewhere by %s", party->verified_elsewhere_by);
	if (!*party->session_id)
		return "has no KYC session";
	if (party->removed_at != TIME_NONE)
		return "has a KYC session (now removed)";
	return arena_printf(arena, "has a KYC session (now %s)", session_status_title(party->session_status));
}

static void add_party_rows(struct writer *writer)
{
	const struct case_file *file = &writer->history->file;

	begin_section(writer, "Parties");
	for (size_t i = 0; i < file->party_count; i++) {
		const struct party *party = &file->parties[i];

		add_row(writer, party->name, party_value(writer->arena, party));
	}
	if (*writer->section)
		add_row(writer, "none", "no party was declared");
}

static void add_check_rows(struct writer *writer)
{
	const struct case_file *file = &writer->history->file;
	struct arena *arena = writer->arena;

	begin_section(writer, "Checks");
	for (size_t i = 0; i < file->check_count; i++) {
		const struct check *check = &file->checks[i];

		add_row(writer, check_kind_text(check->kind),
			arena_printf(arena, "%s%s%s", check_status_text(check->status), *check->waived_by ? " by " : "",
				     check->waived_by));
		for (size_t j = 0; j < check->hit_count; j++) {
			const struct hit *hit = &check->hits[j];

			add_row(writer, arena_printf(arena, "hit of %s", check_kind_text(check->kind)),
				arena_printf(arena, "%s on %s: %s%s%s", hit->name, hit->list,
					     hit_state_text(hit->state), *hit->resolved_by ? " by " : "",
					     hit->resolved_by));
		}
	}
	if (*writer->section)
		add_row(writer, "none", "no check was reported");
}

static void add_correction_rows(struct writer *writer)
{
	const struct case_file *file = &writer->history->file;

	begin_section(writer, "Corrections");
	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];

		add_row(writer, arena_printf(writer->arena, "round %lld", (long long)correction->round),
			arena_printf(writer->arena, "%s: %s", correction->step_id,
				     correction_state_text(correction->state)));
	}
}

static void add_unknown_rows(struct writer *writer)
{
	const struct history *history = writer->history;

	begin_section(writer, NOT_IN_AUDIT_LOG);
	if (history->next_record && history->file.party_count)
		add_row(writer, "not kept", "the KYC status of each party: see the audit log of its session");
	if (*history->holder)
		add_row(writer, "not kept", "whether the claim had expired (after 30 idle minutes)");
	for (size_t i = 0; i < history->unknown_count; i++)
		add_row(writer, "not kept", history->unknown_sentences[i]);
	if (history->next_record)
		add_row(writer, "current values", "names, numbers and answers: the audit log keeps no personal data");
}

size_t history_rows(struct arena *arena, const struct history *history, struct history_row **rows)
{
	struct writer writer = { .arena = arena, .history = history, .section = "" };

	if (history->case_did_not_exist) {
		begin_section(&writer, "Case");
		add_row(&writer, "status", "the case did not exist yet");
	} else {
		add_session_rows(&writer);
		add_document_rows(&writer);
		add_party_rows(&writer);
		add_check_rows(&writer);
		add_correction_rows(&writer);
		add_unknown_rows(&writer);
	}
	*rows = writer.rows;
	return writer.count;
}

/* Makes the rows before the section NOT_IN_AUDIT_LOG, each with the title of its section. Returns their number. */
static size_t comparable_rows(struct arena *arena, const struct history *history, struct history_row **rows)
{
	size_t count = history_rows(arena, history, rows), kept = 0;
	const char *title = "";

	for (; kept < count && strcmp((*rows)[kept].section, NOT_IN_AUDIT_LOG) != 0; kept++) {
		title = *(*rows)[kept].section ? (*rows)[kept].section : title;
		(*rows)[kept].section = title;
	}
	return kept;
}

/* Index of the first row in `others` with the same section and label that is not paired yet; `count`: none. */
static size_t find_pair(const struct history_row *row, const struct history_row *others, size_t count,
			const bool *taken)
{
	size_t at = 0;

	while (at < count && (taken[at] || strcmp(row->section, others[at].section) != 0 ||
			      strcmp(row->label, others[at].label) != 0))
		at++;
	return at;
}

size_t history_changes(struct arena *arena, const struct history *earlier, const struct history *later,
		       struct history_change **changes)
{
	struct history_row *before, *after;
	size_t before_count = comparable_rows(arena, earlier, &before),
	       after_count = comparable_rows(arena, later, &after);
	size_t count = 0;
	bool *taken = arena_alloc_array(arena, after_count + 1, sizeof *taken);

	*changes = arena_alloc_array(arena, before_count + after_count + 1, sizeof **changes);
	for (size_t i = 0; i < before_count; i++) {
		size_t at = find_pair(&before[i], after, after_count, taken);
		const char *value = at < after_count ? after[at].value : "";

		taken[at] = true;
		if (strcmp(before[i].value, value) != 0)
			(*changes)[count++] =
				(struct history_change){ before[i].section, before[i].label, before[i].value, value };
	}
	for (size_t i = 0; i < after_count; i++) {
		if (!taken[i])
			(*changes)[count++] =
				(struct history_change){ after[i].section, after[i].label, "", after[i].value };
	}
	return count;
}
