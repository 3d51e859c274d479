/* Writes struct case_file as the session document, members in their fixed order. */
#include "kybdesk/codec/session_codec.h"
#include "kybdesk/domain/due.h"
#include "kybdesk/domain/results.h"
#include <stdio.h>
#include <string.h>

static void set_raw_or_null(struct json_value *object, const char *key, const char *json_text)
{
	json_set_raw(object, key, *json_text ? json_text : "null");
}

/* Leaves out empty values: "", "{}", "[]" and "null". */
static void set_raw_unless_empty(struct json_value *object, const char *key, const char *text)
{
	if (*text && strcmp(text, "{}") != 0 && strcmp(text, "null") != 0 && strcmp(text, "[]") != 0)
		set_raw_or_null(object, key, text);
}

static void set_text_column(struct json_value *object, const struct column *column, const char *text)
{
	if (column->flags & COLUMN_NULL_IF_EMPTY)
		json_set_text_or_null(object, column->word, text);
	else
		json_set_text(object, column->word, text);
}

void json_set_column(struct json_value *object, const struct column *column, const void *row)
{
	char day[16];
	size_t count;
	const char *const *texts;
	switch (column->type) {
	case COLUMN_TEXT:
	case COLUMN_DATE:
	case COLUMN_ENUM:
		set_text_column(object, column, column_text(column, row));
		return;
	case COLUMN_JSON:
		if (column->flags & COLUMN_OMIT_EMPTY)
			set_raw_unless_empty(object, column->word, column_text(column, row));
		else
			set_raw_or_null(object, column->word, column_text(column, row));
		return;
	case COLUMN_INT:
	case COLUMN_ROW:
		json_set_int(object, column->word, column_number(column, row));
		return;
	case COLUMN_BOOL:
		json_set_bool(object, column->word, column_number(column, row) != 0);
		return;
	case COLUMN_TIME:
		json_set_time(object, column->word, column_number(column, row));
		return;
	case COLUMN_DAY:
		date_format(column_number(column, row), day);
		json_set_text(object, column->word, day);
		return;
	case COLUMN_BITS:
		json_set(object, column->word, json_new_words((unsigned)column_number(column, row), column->words));
		return;
	case COLUMN_RISK:
	case COLUMN_SCORE:
		if (column_is_empty(column, row))
			json_set_null(object, column->word);
		else if (column->type == COLUMN_RISK)
			json_set_int(object, column->word, column_number(column, row));
		else
			json_set_real(object, column->word, column_score(column, row));
		return;
	case COLUMN_TEXTS:
		texts = column_texts(column, row, &count);
		json_set(object, column->word, json_new_texts(texts, count));
		return;
	case COLUMN_CUSTOM:
		return;
	}
}

/* Writes the JSON member of a column of type COLUMN_CUSTOM. Such a member has a special shape. */
typedef void (*own_writer)(struct json_value *out, const char *word, const void *row);

/* Writes the columns `from` to `to` (NULL: the first, the last), in the table's order. `quiet`: empty columns with
 * these flags are left out. */
static void set_columns(struct json_value *out, const struct column_table *table, const void *row, const char *from,
			const char *to, unsigned quiet, own_writer own)
{
	const struct column *column = from ? column_find(table, from) : table->items;
	const struct column *last = to ? column_find(table, to) : table->items + table->count - 1;
	for (; column <= last; column++) {
		if (!column->word)
			continue;
		if (column->type == COLUMN_CUSTOM)
			own(out, column->word, row);
		else if (!(column->flags & (COLUMN_OMIT_EMPTY | quiet)) || !column_is_empty(column, row))
			json_set_column(out, column, row);
	}
}

static struct json_value *row_write(const struct column_table *table, const void *row, own_writer own)
{
	struct json_value *out = json_new_object();
	set_columns(out, table, row, NULL, NULL, 0, own);
	return out;
}

static struct json_value *side_write(const struct document *document, size_t at)
{
	const struct document_side side = document_side(document, at);
	return JSON_FROM({ "side", AS_TEXT(side_text((enum side)at)) },
			 { "id?", AS_TEXT(at == SIDE_BACK ? document->back_side_id : "") },
			 { "file_name", AS_TEXT(side.file_name) }, { "sha256", AS_TEXT(side.sha256) },
			 { "size_bytes", AS_INT(side.size_bytes) }, { "media_type", AS_TEXT(side.media_type) },
			 { "marks?", AS_TEXT(side.marks) }, { "upload", AS_TEXT(upload_state_text(side.upload)) });
}

static void set_extra_document_field(struct json_value *out, const char *word, const void *row)
{
	const struct document *document = row;
	if (!document->double_sided)
		return;
	if (!strcmp(word, "side")) {
		json_set_text(out, word, side_text(SIDE_FRONT));
		return;
	}
	JSON_SET_EACH(out, word, i, SIDE_COUNT, side_write(document, i));
}

/* Writes `owns` for several shares, otherwise ownership_percent and owner_of. */
static void set_shares(struct json_value *out, const struct party *party)
{
	static const struct party_share none = { .owned_party_id = "", .percent = "" };
	const struct party_share *share = party->share_count ? party->shares : &none;
	if (party->share_count > 1)
		JSON_SET_EACH(out, "owns", i, party->share_count,
			      JSON_FROM({ "of|null", AS_TEXT(party->shares[i].owned_party_id) },
					{ "percent", AS_TEXT(party->shares[i].percent) }));
	else
		(void)JSON_ADD(out, { "ownership_percent", AS_TEXT(share->percent) },
			       { "owner_of|null", AS_TEXT(share->owned_party_id) });
}

static struct json_value *subsession_write(const struct party *party)
{
	return JSON_FROM({ "id", AS_TEXT(party->session_id) }, { "workflow", AS_TEXT(party->session_workflow) },
			 { "status", AS_TEXT(session_status_text(party->session_status)) },
			 { "compliance_status", AS_TEXT(inbox_text(session_status_inbox(party->session_status))) });
}

static void set_extra_party_field(struct json_value *out, const char *word, const void *row)
{
	const struct party *party = row;
	if (!strcmp(word, "owns"))
		set_shares(out, party);
	else if (!strcmp(word, "session"))
		json_set(out, word, *party->session_id ? subsession_write(party) : AS_NULL);
	else if (*party->verified_elsewhere_by)
		json_set(out, word,
			 JSON_FROM({ "by", AS_TEXT(party->verified_elsewhere_by) },
				   { "reason", AS_TEXT(party->verified_elsewhere_reason) }));
}

static void set_extra_check_field(struct json_value *out, const char *word, const void *row)
{
	const struct check *check = row;
	if (!strcmp(word, "results")) {
		if (check_results_say_more(check))
			JSON_SET_EACH(out, word, i, check->result_count,
				      row_write(&result_columns, &check->results[i], NULL));
		return;
	}
	JSON_SET_EACH(out, word, i, check->hit_count, row_write(&hit_columns, &check->hits[i], NULL));
}

static void set_extra_session_field(struct json_value *out, const char *word, const void *row)
{
	const struct session *session = row;
	if (session->status == SESSION_EXPIRED)
		json_set_text(out, word, session_status_text(session->status_before_expiry));
}

/* Members of the other kind of subject are written only if not empty. */
static struct json_value *subject_write(const struct subject *subject)
{
	struct json_value *out = json_new_object();
	unsigned quiet = subject->kind == SUBJECT_BUSINESS ? COLUMN_SUBJECT_PERSON : COLUMN_SUBJECT_BUSINESS;
	set_columns(out, &subject_columns, subject, NULL, NULL, quiet, NULL);
	return out;
}

struct json_value *decision_write(const struct decision *decision)
{
	return row_write(&decision_columns, decision, NULL);
}

/* Writes the session itself as the present attempt; an open attempt has no result. */
static struct json_value *present_attempt_write(const struct session *session)
{
	bool decided = session->status == SESSION_APPROVED || session->status == SESSION_REJECTED;
	return JSON_FROM({ "number", AS_INT(session->attempt_number) },
			 { "submitted_at", AS_TIME(session->submitted_at) },
			 { "ended_at", AS_TIME(decided ? session->decided_at : TIME_NONE) },
			 { "result|null", AS_TEXT(decided ? session_status_text(session->status) : "") },
			 { "reason", AS_TEXT(session->status == SESSION_REJECTED ? session->decision_reason : "") },
			 { "retryable", AS_BOOL(session->retryable) }, { "present", AS_BOOL(true) });
}

static void set_attempts(struct json_value *out, const struct case_file *file, bool present)
{
	struct json_value *list = json_new_array();
	for (size_t i = 0; i < file->attempt_count; i++)
		json_append(list, row_write(&attempt_columns, &file->attempts[i], NULL));
	if (present && file->session.submitted_at != TIME_NONE && !session_waits_for_retry(file))
		json_append(list, present_attempt_write(&file->session));
	json_set(out, "attempts", list);
}

#define SET_ROWS(out, key, items, count, table, own)                                                                   \
	JSON_SET_EACH(out, key, at, count, row_write((table), &(items)[at], (own)))

static void set_history(struct json_value *out, const struct case_file *file, bool always)
{
	if (always || file->correction_count)
		SET_ROWS(out, "corrections", file->corrections, file->correction_count, &correction_columns, NULL);
	if (always || file->decision_count)
		SET_ROWS(out, "decisions", file->decisions, file->decision_count, &decision_columns, NULL);
	if (always || file->note_count)
		SET_ROWS(out, "notes", file->notes, file->note_count, &note_columns, NULL);
}

static struct json_value *blocker_write(const struct blocker *blocker)
{
	return JSON_FROM({ "code", AS_TEXT(blocker_code_text(blocker->code)) },
			 { "message", AS_TEXT(blocker->message) }, { "ref", AS_TEXT(blocker->ref) });
}

static void set_review_state(struct json_value *out, const struct case_file *file,
			     const struct session_write_options *options)
{
	const struct session *session = &file->session;
	JSON_LIST(blockers, i, options->blockers->count, blocker_write(&options->blockers->items[i]));
	(void)JSON_ADD(out, { "compliance_status", AS_TEXT(inbox_text(session_status_inbox(session->status))) },
		       { "version", AS_INT(session->version) }, { "blockers", blockers });
	set_history(out, file, true);
	(void)JSON_ADD(out, { "assignee|null", AS_TEXT(session_holder(session, options->now)) },
		       { "due_at", AS_TIME(session->due_at) }, { "parent_id|null", AS_TEXT(session->parent_id) },
		       { "returned", AS_BOOL(session->returned) });
	set_attempts(out, file, true);
}

struct json_value *session_write(const struct case_file *file, const struct session_write_options *options)
{
	const struct session *session = &file->session;
	struct json_value *out = json_new_object();
	set_columns(out, &session_columns, session, "uuid", "status", 0, NULL);
	json_set(out, "subject", subject_write(&session->subject));
	set_columns(out, &session_columns, session, "custom_tags", "risk_factors", 0, NULL);
	SET_ROWS(out, "steps", file->steps, file->step_count, &step_columns, NULL);
	SET_ROWS(out, "documents", file->documents, file->document_count, &document_columns, set_extra_document_field);
	SET_ROWS(out, "parties", file->parties, file->party_count, &party_columns, set_extra_party_field);
	SET_ROWS(out, "checks", file->checks, file->check_count, &check_columns, set_extra_check_field);
	/* The members from processing_results on are optional, and are written only if not empty. */
	set_columns(out, &session_columns, session, "created_at", "expired_from", 0, set_extra_session_field);
	if (options->blockers) {
		set_review_state(out, file, options);
	} else {
		set_history(out, file, false);
		if (file->attempt_count)
			set_attempts(out, file, false);
		json_set_text_if_any(out, "parent_id", session->parent_id);
		if (session->returned)
			json_set_bool(out, "returned", true);
	}
	return out;
}
