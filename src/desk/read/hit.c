/* Shows one hit next to the person or company with which the check compared it, and former verdicts on the same
 * list entry. */
#include "read/read.h"

#define SESSIONS_MAX 40 /* maximum number of the case's sessions that are searched for a name */

struct case_search {
	struct desk *desk;
	struct arena *arena;
	const struct case_file *own_file;
	const struct case_file **files; /* loaded sessions; the first is the case itself */
	size_t count;
};

/* The topmost session of the case. */
static enum err find_top_session(const struct case_search *case_search, int64_t *top, struct error *error)
{
	struct session session = case_search->own_file->session;
	enum err err = ERR_OK;

	for (size_t i = 0; !err && session.parent_row && i < SESSIONS_MAX; i++)
		err = store_session_load(case_search->desk->store, case_search->arena, session.parent_row, &session,
					 error);
	*top = session.row;
	return err;
}

/* Loads the other sessions of the case, from the topmost session down. */
static enum err load_other_sessions(struct case_search *case_search, struct error *error)
{
	struct family family;
	int64_t top = 0;
	enum err err = find_top_session(case_search, &top, error);

	if (!err)
		err = store_session_load_descendants(case_search->desk->store, case_search->arena, top, &family, error);
	for (size_t i = 0; !err && i < family.count && case_search->count < SESSIONS_MAX; i++) {
		struct case_file *file = arena_alloc(case_search->arena, sizeof *file);

		if (family.members[i].row == case_search->own_file->session.row)
			continue;
		err = desk_case_load(case_search->desk, case_search->arena, family.members[i].row, file, error);
		case_search->files[case_search->count++] = file;
	}
	return err;
}

/* Finds former verdicts on the same list entry. Hides the names of cases of other merchants. */
static enum err find_rulings(struct desk *desk, struct arena *arena, const struct hit_context *question,
			     struct hit_view *out, struct error *error)
{
	struct hit_rulings rulings;
	enum err err = store_hit_ruling_list(desk->store, arena, question->hit, &rulings, error);

	for (size_t i = 0; !err && i < rulings.count; i++) {
		struct hit_ruling *ruling = &rulings.items[i];

		if (ruling->merchant_row != question->file->session.merchant_row)
			ruling->session_id = ruling->external_ref = ruling->subject_name = "";
	}
	out->rulings = err ? NULL : rulings.items;
	out->ruling_count = err ? 0 : rulings.count;
	return err;
}

enum err hit_card_find(struct desk *desk, struct arena *arena, const struct hit_context *question, bool masked,
		       struct error *error)
{
	struct case_search case_search = { .desk = desk, .arena = arena, .own_file = question->file };
	enum err err = ERR_OK;

	case_search.files = arena_alloc_array(arena, SESSIONS_MAX, sizeof *case_search.files);
	case_search.files[case_search.count++] = question->file;
	if (hit_find_subject(question->file, question->check, question->hit).method == NAMED_BY_NOBODY)
		err = load_other_sessions(&case_search, error);
	if (err)
		return err;
	hit_card_make(arena,
		      &(const struct card_input){ .countries = desk_countries(desk),
						  .files = case_search.files,
						  .file_count = case_search.count,
						  .check = question->check,
						  .hit = question->hit,
						  .masked = masked },
		      question->card);
	return ERR_OK;
}

static enum err load_hit_view(struct desk *desk, struct arena *arena, const struct case_file *file,
			      const struct hit_query *query, struct hit_view *out, struct error *error)
{
	struct hit_context question = { .file = file, .card = &out->card, .verdict = VERDICT_TRUE_MATCH };
	enum err err;

	*out = (struct hit_view){ .other_subject_name = "" };
	question.hit = case_hit(file, query->hit, &question.check);
	if (!question.hit)
		return error_set(error, ERR_NOT_FOUND, "The hit is no longer part of the case");
	out->masked = !query->is_reload || !view_remains_revealed(desk, arena, &file->session);
	err = find_rulings(desk, arena, &question, out, error);
	if (!err)
		err = hit_card_find(desk, arena, &question, out->masked, error);
	if (!err)
		err = desk_session_profile_or_empty(desk, &file->session, &question.profile, error);
	if (!err)
		err = grounds_of_hit(desk, arena, &question, &out->match_grounds, error);
	question.verdict = VERDICT_FALSE_POSITIVE;
	if (!err)
		err = grounds_of_hit(desk, arena, &question, &out->false_positive_grounds, error);
	if (!err && out->card.subject.file != file)
		out->other_subject_name = out->card.subject.file->session.subject.name;
	return err;
}

static enum err load_hit_views(struct desk *desk, struct arena *arena, const struct hit_query *query, size_t count,
			       struct hit_view *out, struct error *error)
{
	struct case_file *file = arena_alloc(arena, sizeof *file);
	int64_t row = 0;
	enum err err = store_session_find(desk->store, query[0].session, &row, error);

	if (!err)
		err = desk_case_load(desk, arena, row, file, error);
	for (size_t i = 0; !err && i < count; i++)
		err = load_hit_view(desk, arena, file, &query[i], &out[i], error);
	return err;
}

enum err desk_hits(struct desk *desk, struct arena *arena, const struct hit_query *queries, size_t count,
		   struct hit_view *out, struct error *error)
{
	enum err err = desk_begin_read(desk, error);

	return err ? err : desk_finish_read(desk, load_hit_views(desk, arena, queries, count, out, error));
}
