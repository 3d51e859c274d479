/* Checks with their hits, and the history: corrections, decisions, notes. */
#include "kybdesk/codec/lists_codec.h"
#include "session_read.h"

static void hit_read(struct session_reader *session, const struct node *item, enum check_kind kind, struct hit *hit)
{
	const struct row_object row = { session, item, &hit_columns, hit };
	columns_init(&hit_columns, hit);
	/* A hit without a type counts as the gravest type that its check can find. */
	hit->class_ = kind == CHECK_ADVERSE_MEDIA ? HIT_ADVERSE_MEDIA : HIT_SANCTIONS;
	if (row_object_read(&row))
		hit->class_ = list_class(lists_shipped(), kind, hit->list, hit->class_);
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
	if (kind == earlier)
		reader_refuse(
			reader, MEMBER(check, "kind"),
			"is %s, the same as an earlier check in this document; put the hits of both into one check",
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
		const struct row_object row = { session, &item, &check_columns, check };
		columns_init(&check_columns, check);
		file->check_count = i + 1;
		if (!row_object_read(&row))
			continue;
		for (size_t j = 0; j < i; j++)
			expect_own_kind(reader, &item, check->kind, file->checks[j].kind);
		hits_read(session, &item, file, check);
	}
}

enum err check_read(struct arena *arena, const char *text, size_t length, struct check *out, struct error *error)
{
	struct session_document document = { 0 };
	json_t *value = json_parse(text, length, error);
	if (!value)
		return ERR_INVALID;
	json_t *root = json_pack("{s:[o]}", "checks", value);
	struct session_reader session = { .reader = { .arena = arena, .error = error, .origin = "" },
					  .out = &document };
	const struct node node = node_root(root);
	case_file_init(&document.file);
	checks_read(&session, &node, &document.file);
	if (!session.reader.failed)
		*out = document.file.checks[0];
	json_decref(root);
	return session.reader.failed ? ERR_INVALID : ERR_OK;
}

static void corrections_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	static const struct row_list list = { "corrections", CORRECTIONS_MOST, &correction_columns };
	file->corrections = row_objects_read(session, object, &list, &file->correction_count);
	for (size_t i = 0; i < file->correction_count; i++)
		file->corrections[i].round = read_integer(&session->reader, ELEMENT(MEMBER(object, list.member), i),
							  "round", 1, INT32_MAX, 1);
}

static void decisions_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	static const struct row_list list = { "decisions", DECISIONS_MOST, &decision_columns };
	file->decisions = row_objects_read(session, object, &list, &file->decision_count);
	for (size_t i = 0; i < file->decision_count; i++) {
		file->decisions[i].imported = true;
		file->decisions[i].number = (int64_t)i + 1;
	}
}

static void notes_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	static const struct row_list list = { "notes", NOTES_MOST, &note_columns };
	file->notes = row_objects_read(session, object, &list, &file->note_count);
}

/* Reads the past attempts, without the present attempt that show adds: the session itself is the present one. */
static void attempts_read(struct session_reader *session, const struct node *object, struct case_file *file)
{
	struct reader *reader = &session->reader;
	const struct node array = node_member(object, "attempts");
	size_t count = parts_expected(session, &array, ATTEMPTS_MOST);
	file->attempts = arena_alloc_array(reader->arena, count, sizeof *file->attempts);
	for (size_t i = 0; i < count; i++) {
		const struct node item = node_element(&array, i);
		struct attempt *attempt = &file->attempts[file->attempt_count];
		const struct row_object row = { session, &item, &attempt_columns, attempt };
		columns_init(&attempt_columns, attempt);
		if (!row_object_expected(&row, (const char *const[]){ "present", NULL }) ||
		    read_bool(reader, &item, "present", false))
			continue;
		row_columns_read(&row, NULL, NULL);
		attempt->number = (int64_t)file->attempt_count + 1;
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
