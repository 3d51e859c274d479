/* Checks with their hits, and the history: corrections, decisions, notes. */
#include "kybdesk/codec/lists_codec.h"
#include "session_read.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/text.h"
#include <string.h>

static void hit_read(struct session_reader *session, const struct node *item, enum check_kind kind, struct hit *hit)
{
	struct reader *reader = &session->reader;
	hit_init(hit);
	if (!expect_object(reader, item))
		return;
	EXPECT_KEYS(reader, item, "id", "name", "list", "class", "score", "state", "detail", "reason", "note",
		    "resolved_by", "resolved_at", "accepted_by", "accept_reason", "said_by", "said");
	hit->id = read_uuid(reader, item, "id");
	hit->name = read_required_text(reader, item, "name");
	hit->list = read_text(reader, item, "list");
	/* A hit without a type counts as the gravest type that its check can find. */
	hit->class_ = kind == CHECK_ADVERSE_MEDIA ? HIT_ADVERSE_MEDIA : HIT_SANCTIONS;
	READ_WORD(reader, item, "class", hit_class, &hit->class_);
	hit->class_ = list_class(lists_shipped(), kind, hit->list, hit->class_);
	hit->score = read_score(reader, item, "score");
	READ_WORD(reader, item, "state", hit_state, &hit->state);
	hit->detail_json = read_free(session, item, "detail", JSON_OBJECT, "{}");
	hit->reason = read_text(reader, item, "reason");
	hit->note = read_text(reader, item, "note");
	hit->resolved_by = read_text(reader, item, "resolved_by");
	hit->resolved_at = read_time(reader, item, "resolved_at", false);
	hit->accepted_by = read_text(reader, item, "accepted_by");
	hit->accept_reason = read_text(reader, item, "accept_reason");
}

static void hits_read(struct session_reader *session, const struct node *item, struct case_file *file,
		      struct check *check)
{
	struct reader *reader = &session->reader;
	const struct node array = node_member(item, "hits");
	size_t count = parts_expected(session, &array, HITS_MOST - session->hit_count);
	session->hit_count += count;
	check->hits = arena_alloc_array(reader->arena, count, sizeof *check->hits);
	for (size_t i = 0; i < count; i++) {
		const struct node node = node_element(&array, i);
		hit_read(session, &node, check->kind, &check->hits[i]);
		if (*check->hits[i].id && case_hit(file, check->hits[i].id, NULL))
			expect_own_id(reader, &node, check->hits[i].id, check->hits[i].id);
		check->hit_count = i + 1;
	}
}

static void expect_own_kind(struct reader *reader, const struct node *check, enum check_kind kind,
			    enum check_kind earlier)
{
	const struct node member = node_member(check, "kind");
	if (kind == earlier)
		reader_refuse(reader, &member,
			      "is %s, which an earlier check in this document is; put the hits of both into one",
			      check_kind_text(kind));
}

void checks_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	struct reader *reader = &session->reader;
	const struct node array = node_member(object, "checks");
	size_t count = parts_expected(session, &array, CHECK_KIND_COUNT);
	file->checks = arena_alloc_array(reader->arena, count, sizeof *file->checks);
	for (size_t i = 0; i < count; i++) {
		const struct node item = node_element(&array, i);
		struct check *check = &file->checks[i];
		check_init(check);
		file->check_count = i + 1;
		if (!expect_object(reader, &item))
			continue;
		EXPECT_KEYS(reader, &item, "kind", "status", "score", "detail", "hits", "checked_at", "waived_by",
			    "waive_reason", "reported_by", "reported_as", "about", "said_by", "said");
		(void)read_required_text(reader, &item, "kind");
		READ_WORD(reader, &item, "kind", check_kind, &check->kind);
		for (size_t j = 0; j < i; j++)
			expect_own_kind(reader, &item, check->kind, file->checks[j].kind);
		(void)read_required_text(reader, &item, "status");
		READ_WORD(reader, &item, "status", check_status, &check->status);
		check->score = read_score(reader, &item, "score");
		check->detail_json = read_free(session, &item, "detail", JSON_OBJECT, "{}");
		check->checked_at = read_time(reader, &item, "checked_at", false);
		check->about_json = read_free(session, &item, "about", JSON_OBJECT, "{}");
		check->waived_by = read_text(reader, &item, "waived_by");
		check->waive_reason = read_text(reader, &item, "waive_reason");
		hits_read(session, &item, file, check);
	}
}

static void expect_few_names(struct reader *reader, const struct node *item, const char *key)
{
	const struct node names = node_member(item, key);
	(void)expect_list(reader, &names, CORRECTION_NAMES_MOST);
}

static void corrections_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	struct reader *reader = &session->reader;
	const struct node array = node_member(object, "corrections");
	file->correction_count = parts_expected(session, &array, CORRECTIONS_MOST);
	file->corrections = arena_alloc_array(reader->arena, file->correction_count, sizeof *file->corrections);
	for (size_t i = 0; i < file->correction_count; i++) {
		const struct node item = node_element(&array, i);
		struct correction *correction = &file->corrections[i];
		correction_init(correction);
		if (!expect_object(reader, &item))
			continue;
		EXPECT_KEYS(reader, &item, "id", "round", "step_id", "field_ids", "document_types", "message",
			    "state", "asked_by", "asked_at", "answered_at", "closed_at", "before", "after",
			    "said_by");
		correction->id = read_uuid(reader, &item, "id");
		correction->round = read_integer(reader, &item, "round", 1, INT32_MAX, 1);
		correction->step_id = read_required_text(reader, &item, "step_id");
		expect_few_names(reader, &item, "field_ids");
		expect_few_names(reader, &item, "document_types");
		correction->field_ids = read_texts(reader, &item, "field_ids", &correction->field_count);
		correction->document_types =
			read_texts(reader, &item, "document_types", &correction->document_type_count);
		correction->message = read_text(reader, &item, "message");
		READ_WORD(reader, &item, "state", correction_state, &correction->state);
		correction->asked_by = read_text(reader, &item, "asked_by");
		correction->asked_at = read_time(reader, &item, "asked_at", false);
		correction->answered_at = read_time(reader, &item, "answered_at", false);
		correction->closed_at = read_time(reader, &item, "closed_at", false);
		correction->before_json = read_free(session, &item, "before", JSON_OBJECT, "");
		correction->after_json = read_free(session, &item, "after", JSON_OBJECT, "");
	}
}

static void decisions_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	struct reader *reader = &session->reader;
	const struct node array = node_member(object, "decisions");
	file->decision_count = parts_expected(session, &array, DECISIONS_MOST);
	file->decisions = arena_alloc_array(reader->arena, file->decision_count, sizeof *file->decisions);
	for (size_t i = 0; i < file->decision_count; i++) {
		const struct node item = node_element(&array, i);
		struct decision *decision = &file->decisions[i];
		decision_init(decision);
		if (!expect_object(reader, &item))
			continue;
		EXPECT_KEYS(reader, &item, "decision", "by", "at", "reason", "message", "retryable", "note",
			    "undone", "imported", "number", "said_by");
		(void)read_required_text(reader, &item, "decision");
		READ_WORD(reader, &item, "decision", decision_kind, &decision->kind);
		decision->by = read_required_text(reader, &item, "by");
		(void)read_required_text(reader, &item, "at");
		decision->at = read_time(reader, &item, "at", false);
		decision->reason = read_text(reader, &item, "reason");
		decision->message = read_text(reader, &item, "message");
		decision->retryable = read_bool(reader, &item, "retryable", false);
		decision->note = read_text(reader, &item, "note");
		decision->undone = read_bool(reader, &item, "undone", false);
		decision->imported = true;
		decision->number = (int64_t)i + 1;
	}
}

static void notes_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	struct reader *reader = &session->reader;
	const struct node array = node_member(object, "notes");
	file->note_count = parts_expected(session, &array, NOTES_MOST);
	file->notes = arena_alloc_array(reader->arena, file->note_count, sizeof *file->notes);
	for (size_t i = 0; i < file->note_count; i++) {
		const struct node item = node_element(&array, i);
		struct note *note = &file->notes[i];
		*note = (struct note){ .text = "", .by = "", .at = TIME_NONE, .source = "" };
		if (!expect_object(reader, &item))
			continue;
		EXPECT_KEYS(reader, &item, "text", "by", "at", "said_by");
		note->text = read_required_text(reader, &item, "text");
		note->by = read_text(reader, &item, "by");
		note->at = read_time(reader, &item, "at", false);
	}
}

/* Reads the past attempts. The present one, which show adds, is the session itself. */
static void attempts_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	struct reader *reader = &session->reader;
	const struct node array = node_member(object, "attempts");
	size_t count = parts_expected(session, &array, ATTEMPTS_MOST);
	file->attempts = arena_alloc_array(reader->arena, count, sizeof *file->attempts);
	for (size_t i = 0; i < count; i++) {
		const struct node item = node_element(&array, i);
		struct attempt *attempt = &file->attempts[file->attempt_count];
		if (!expect_object(reader, &item))
			continue;
		EXPECT_KEYS(reader, &item, "number", "submitted_at", "ended_at", "result", "reason", "message",
			    "retryable", "present");
		if (read_bool(reader, &item, "present", false))
			continue;
		*attempt = (struct attempt){ .number = (int64_t)file->attempt_count + 1 };
		attempt->submitted_at = read_time(reader, &item, "submitted_at", false);
		attempt->ended_at = read_time(reader, &item, "ended_at", false);
		(void)read_required_text(reader, &item, "result");
		READ_WORD(reader, &item, "result", attempt_result, &attempt->result);
		attempt->reason = read_text(reader, &item, "reason");
		attempt->message = read_text(reader, &item, "message");
		attempt->retryable = read_bool(reader, &item, "retryable", false);
		file->attempt_count++;
	}
	file->session.attempt = (int64_t)file->attempt_count + 1;
}

void history_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	corrections_read(session, object, file);
	decisions_read(session, object, file);
	notes_read(session, object, file);
	attempts_read(session, object, file);
}
