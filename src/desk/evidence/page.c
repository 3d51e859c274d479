/* The readable page of an evidence archive. The page repeats data of the other members; the verifier reads only
 * those members. */
#include "evidence/evidence.h"
#include "kybdesk/base/html.h"

#include <string.h>

struct page {
	struct strbuf *out;
	struct arena *arena;
};

static const char *time_or_empty(const struct page *page, int64_t ms)
{
	return ms == TIME_NONE ? "" : time_text(page->arena, ms);
}

/* tag: "th" or "td" */
static void add_row(const struct page *page, const char *tag, const char *const *cells, size_t count)
{
	html_add(page->out, "<tr>");
	for (size_t i = 0; i < count; i++)
		html_add(page->out, "<%s>%s</%s>", tag, cells[i], tag);
	html_add(page->out, "</tr>\n");
}

static void table_end(const struct page *page)
{
	html_add(page->out, "</table>\n");
}

#define ROW_WITH_TAG(page, tag, ...)                                                                                   \
	add_row((page), (tag), (const char *const[]){ __VA_ARGS__ },                                                   \
		sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))
#define ROW(page, ...) ROW_WITH_TAG(page, "td", __VA_ARGS__)
#define TABLE_BEGIN(page, title, ...)                                                                                  \
	html_add((page)->out, "<h3>%s</h3>\n<table>", (title)), ROW_WITH_TAG(page, "th", __VA_ARGS__)

static void add_summary(const struct page *page, const struct session *session)
{
	const struct subject *subject = &session->subject;

	TABLE_BEGIN(page, "Case", "", "");
	ROW(page, "Subject", subject->name);
	ROW(page, "Country", subject->country);
	ROW(page, "Registration number", subject->registration_number);
	ROW(page, "Tax id", subject->tax_id);
	ROW(page, "Session", session->id);
	ROW(page, "External reference", session->external_ref);
	ROW(page, "Merchant", session->merchant);
	ROW(page, "Workflow", session->workflow);
	ROW(page, "Status", session_status_text(session->status));
	ROW(page, "Submitted at", time_or_empty(page, session->submitted_at));
	table_end(page);
}

static void add_decisions(const struct page *page, const struct case_file *file)
{
	TABLE_BEGIN(page, "Decisions", "Number", "Decision", "By", "Role", "At", "Reason", "Note", "Undone",
		    "SHA-256 of its evidence");
	for (size_t i = 0; i < file->decision_count; i++) {
		const struct decision *decision = &file->decisions[i];

		ROW(page, arena_printf(page->arena, "%lld", (long long)decision->number),
		    decision_kind_text(decision->kind), decision->by, role_text(decision->actor_role),
		    time_or_empty(page, decision->at), decision->reason, decision->note, decision->undone ? "yes" : "",
		    decision->evidence_sha256);
	}
	table_end(page);
}

static void add_parties(const struct page *page, const struct case_file *file)
{
	TABLE_BEGIN(page, "Related parties", "Name", "Kind", "Roles", "Birth date", "Country", "KYC session",
		    "KYC status", "Verified elsewhere by");
	for (size_t i = 0; i < file->party_count; i++) {
		const struct party *party = &file->parties[i];

		ROW(page, party->name, party_kind_text(party->kind),
		    words_of_bits(page->arena, party->roles, party_role_words, ", "), party->date_of_birth,
		    party->country, party->session_id,
		    party->session_row ? session_status_text(party->session_status) : "", party->verified_elsewhere_by);
	}
	table_end(page);
}

static void add_documents(const struct page *page, const struct case_file *file)
{
	TABLE_BEGIN(page, "Documents", "Type", "File", "Review", "By", "At", "Reason", "SHA-256");
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];

		for (size_t side = 0; side < document_side_count(document); side++) {
			const struct document_side part = document_side(document, side);

			ROW(page, document->type, part.file_name, review_state_text(document->review),
			    document->reviewed_by, time_or_empty(page, document->reviewed_at), document->review_reason,
			    part.sha256);
		}
	}
	table_end(page);
}

static void add_checks(const struct page *page, const struct case_file *file)
{
	TABLE_BEGIN(page, "Checks and hits", "Check", "Result or hit", "List", "By", "At", "Verdict",
		    "Reason and note");
	for (size_t i = 0; i < file->check_count; i++) {
		const struct check *check = &file->checks[i];

		ROW(page, check_kind_text(check->kind), check_status_text(check->status), "", check->reported_by,
		    time_or_empty(page, check->checked_at), *check->waived_by ? "waived" : "", check->waive_reason);
		for (size_t h = 0; h < check->hit_count; h++) {
			const struct hit *hit = &check->hits[h];

			ROW(page, hit_class_text(hit->class_), hit->name, hit->list, hit->resolved_by,
			    time_or_empty(page, hit->resolved_at), hit_state_text(hit->state),
			    arena_printf(page->arena, "%s %s", hit->reason, hit->note));
		}
	}
	table_end(page);
}

static void add_case(const struct page *page, const struct case_file *file)
{
	html_add(page->out, "<h2>%s</h2>\n", file->session.subject.name);
	add_summary(page, &file->session);
	add_decisions(page, file);
	add_parties(page, file);
	add_documents(page, file);
	add_checks(page, file);
}

void evidence_write_page(struct strbuf *out, struct arena *arena, const struct evidence *evidence)
{
	const struct page page = { out, arena };

	html_add(out, "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
		      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
		      "'unsafe-inline'\">\n"
		      "<style>body{font:14px sans-serif;margin:2em}table{border-collapse:collapse;margin-bottom:1em}"
		      "th,td{border:1px solid #bbb;padding:2px 6px;text-align:left;vertical-align:top}"
		      "td{overflow-wrap:anywhere}</style>\n");
	html_add(out, "<title>Evidence: %s</title></head><body>\n<h1>Evidence: %s</h1>\n",
		 evidence->cases[0].session.subject.name, evidence->cases[0].session.subject.name);
	html_add(out, "<p>Verify this archive with <code>kybdesk evidence verify</code>, or with any program that "
		      "follows docs/evidence.md. This page is a summary; the other files are the evidence.</p>\n");
	for (size_t i = 0; i < evidence->case_count; i++)
		add_case(&page, &evidence->cases[i]);
	TABLE_BEGIN(&page, "Audit records", "Record", "At", "By", "Role", "Action", "Session", "Detail");
	for (size_t i = 0; i < evidence->record_count; i++) {
		const struct audit_event *record = &evidence->records[i];

		ROW(&page, arena_printf(arena, "%lld", (long long)record->seq), time_or_empty(&page, record->at),
		    record->actor, record->role, record->action, record->session_id, record->detail);
	}
	table_end(&page);
	html_add(out, "</body></html>\n");
}
