/* Lists the findings of a case, in the words of data/findings.txt, for the reason of its rejection. */
#include "gate/gate_parts.h"
#include "kybdesk/domain/grounds.h"
#include "kybdesk/domain/results.h"
#include "kybdesk/domain/value.h"

static void add_document(struct strbuf *out, const struct document *document, int64_t now)
{
	bool dated = document->expires_on != TIME_NONE;

	if (document->review == REVIEW_ACCEPTED && document_is_valid(document))
		strbuf_adds(out, "document_accepted ");
	else if (document->review == REVIEW_REJECTED)
		strbuf_adds(out, "document_rejected ");
	else
		strbuf_adds(out, dated ? "document_unreviewed " : "document_unreviewed document_unreviewed_undated ");
	if (dated && now >= document_expires_at(document))
		strbuf_adds(out, "document_expired ");
}

static void add_check(struct strbuf *out, const struct check *check)
{
	bool did_not_pass = check->status == CHECK_FAILED || check->status == CHECK_ERROR ||
			    check->status == CHECK_TIMEOUT || check->status == CHECK_WAIVED ||
			    check_has_held_result(check);

	for (size_t i = 0; i < check->hit_count; i++) {
		const struct hit *hit = &check->hits[i];

		strbuf_addf(out, "%s_%s ",
			    hit_class_text(hit_is_sanctions_hit(check, hit) ? HIT_SANCTIONS : hit->class_),
			    hit->state == HIT_FALSE_POSITIVE && hit_is_resolved(hit) ? "cleared" : "open");
	}
	if (check->kind == CHECK_REGISTER && check->status == CHECK_PASSED)
		strbuf_adds(out, "register_agrees ");
	else if (check->kind == CHECK_REGISTER && check->status != CHECK_PENDING)
		strbuf_adds(out, check->detail && check->detail->count ? "register_failed "
								       : "register_failed register_absent ");
	else if (check->kind == CHECK_WATCHLIST || check->kind == CHECK_OFAC)
		strbuf_adds(out, did_not_pass ? "sanctions_open pep_open " : "");
	else if (check->kind == CHECK_ADVERSE_MEDIA)
		strbuf_adds(out, did_not_pass ? "adverse_media_open " : "");
	else if (check->kind != CHECK_REGISTER)
		strbuf_adds(out, did_not_pass || check->status == CHECK_HIT ? "data_failed " : "");
}

const char *rejection_findings(struct arena *arena, const struct case_file *file, const struct gate_context *context)
{
	struct blockers blockers = { 0 };
	struct strbuf out = STRBUF_INIT;

	gate_check(arena, file, context, GATE_APPROVAL, &blockers);
	for (size_t i = 0; i < blockers.count; i++)
		strbuf_addf(&out, "%s ", blocker_code_text(blockers.items[i].code));
	if (file->session.subject.kind == SUBJECT_INDIVIDUAL)
		strbuf_adds(&out, "person ");
	for (size_t i = 0; i < file->document_count; i++)
		if (document_is_current(&file->documents[i]) && document_has_bytes(&file->documents[i]))
			add_document(&out, &file->documents[i], context->now);
	for (size_t i = 0; i < file->party_count; i++)
		if (file->parties[i].session_status == SESSION_REJECTED && file->parties[i].session_row)
			strbuf_adds(&out, "party_rejected ");
	for (size_t i = 0; i < file->check_count; i++)
		add_check(&out, &file->checks[i]);
	for (size_t i = 0; i < context->duplicate_count; i++)
		if (duplicate_is_shown(&context->duplicates[i], context->role) &&
		    (duplicate_is_open(&context->duplicates[i]) || duplicate_is_linked(&context->duplicates[i])))
			strbuf_adds(&out, "duplicate_known ");
	if (file->correction_count)
		strbuf_adds(&out, "client_asked ");
	for (size_t i = 0; i < file->correction_count; i++)
		if (file->corrections[i].state == CORRECTION_OPEN)
			strbuf_adds(&out, "client_silent ");
	if (file->session.unresponsive || file->session.reminders)
		strbuf_adds(&out, "client_silent ");
	return strbuf_finish(&out, arena);
}
