/* Work on one case short of deciding it: the frame of documents, checks, parties and corrections. */
#include "internal.h"

#include <string.h>

enum err work_load(struct work *work, struct desk *desk, struct arena *arena, const char *reference,
		   struct error *error)
{
	int64_t row = 0;
	enum err err = store_session_find(desk->store, reference, &row, error);

	work->desk = desk;
	work->arena = arena;
	work->now = desk_now(desk);
	if (!err)
		err = desk_case_load(desk, arena, row, &work->file, error);
	if (!err)
		err = desk_session_profile(desk, &work->file.session, &work->profile, error);
	return err;
}

enum err work_check_open(const struct work *work, const char *verb, struct error *error)
{
	const struct session *session = &work->file.session;
	const struct decision *last = case_last_decision(&work->file);
	const char *by = last ? last->by : session->decided_by;
	int64_t at = last ? last->at : session->decided_at;
	const char *who = "";

	if (session->status != SESSION_APPROVED && session->status != SESSION_REJECTED)
		return ERR_OK;
	if (*by)
		who = arena_printf(work->arena, " by %s at %s", by, moment_text(work->arena, at));
	return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), "", error,
			  "Cannot %s: %s is %s%s; a lead can reopen it first", verb,
			  session_label(work->arena, session), session_status_title(session->status), who);
}

enum err work_check_claim(const struct work *work, const char *verb, struct error *error)
{
	struct gate_context context = desk_gate_context(work->desk, &work->file, work->profile, 0);
	struct blockers blockers = { 0 };

	gate_check_conflicts(work->arena, &work->file, &context, &blockers);
	if (!blockers.count)
		return ERR_OK;
	return refuse(verb, &work->file.session, &blockers, error);
}

enum err work_begin(struct work *work, struct desk *desk, struct arena *arena, const char *reference,
		    enum role needed, const char *verb, struct error *error)
{
	enum err err;

	*work = (struct work){ .desk = desk, .arena = arena };
	err = desk_begin(desk, needed, verb, error);
	if (err)
		return err;
	err = work_load(work, desk, arena, reference, error);
	if (!err)
		err = work_check_claim(work, verb, error);
	if (!err)
		err = work_check_open(work, verb, error);
	if (err)
		desk_rollback(desk);
	return err;
}

enum err work_commit(struct work *work, enum err err, const char *action, struct json_value *detail, bool text,
		     struct error *error)
{
	struct desk *desk = work->desk;

	if (!err)
		err = store_session_update(desk->store, &work->file.session, NULL, work->now, error);
	if (!err)
		err = desk_case_settle(desk, &work->file, work->profile, text, error);
	if (!err)
		err = desk_record(desk, action, &work->file.session, detail, error);
	else
		json_free(detail);
	return desk_finish(desk, err, error);
}

/* One search over ids by prefix; what else may name a thing is the caller's. */
struct search {
	const char *reference;
	const char *what; /* "document" */
	size_t length, found, at;
	struct strbuf candidates;
};

static void search_start(struct search *search, const char *what, const char *reference)
{
	*search = (struct search){
		.reference = reference, .what = what, .length = strlen(reference), .candidates = STRBUF_INIT
	};
}

static void search_take(struct search *search, size_t at, const char *id, const char *label)
{
	search->found++;
	search->at = at;
	strbuf_addf(&search->candidates, "%s%s (%s)", search->candidates.len ? ", " : "", id, label);
}

static void search_try(struct search *search, size_t at, const char *id, const char *label)
{
	if (search->length >= WORK_PREFIX_MIN && !strncmp(id, search->reference, search->length))
		search_take(search, at, id, label);
}

static enum err search_end(struct search *search, struct error *error)
{
	enum err err = ERR_OK;

	if (!search->found)
		err = error_set(error, ERR_NOT_FOUND, "The case has no %s \"%s\"", search->what, search->reference);
	else if (search->found > 1)
		err = error_set(error, ERR_USAGE, "\"%s\" fits several: %s; give more of the id of one %s",
				search->reference, search->candidates.buf, search->what);
	strbuf_release(&search->candidates);
	return err;
}

enum err work_find_document(struct case_file *file, const char *reference, struct document **out,
			    struct error *error)
{
	struct search search;
	enum err err;

	search_start(&search, "document", reference);
	for (size_t i = 0; i < file->document_count; i++)
		search_try(&search, i, file->documents[i].id, file->documents[i].type);
	for (size_t i = 0; !search.found && i < file->document_count; i++) {
		/* A type stands for the files that count; with several the reader has to choose. */
		if (!file->documents[i].replaced && !strcmp(file->documents[i].type, reference)) {
			for (size_t j = i; j < file->document_count; j++) {
				if (!file->documents[j].replaced && !strcmp(file->documents[j].type, reference))
					search_take(&search, j, file->documents[j].id,
						    file->documents[j].file_name);
			}
		}
	}
	err = search_end(&search, error);
	if (!err)
		*out = &file->documents[search.at];
	return err;
}

enum err work_find_party(struct case_file *file, const char *reference, struct party **out, struct error *error)
{
	struct search search;
	enum err err;

	search_start(&search, "party", reference);
	for (size_t i = 0; i < file->party_count; i++)
		search_try(&search, i, file->parties[i].id, file->parties[i].name);
	bool by_id = search.found > 0;
	for (size_t i = 0; !by_id && i < file->party_count; i++)
		if (!strcmp(file->parties[i].name, reference))
			search_take(&search, i, file->parties[i].id, party_kind_text(file->parties[i].kind));
	err = search_end(&search, error);
	if (!err)
		*out = &file->parties[search.at];
	return err;
}

enum err work_find_hit(struct case_file *file, const char *reference, struct hit **out, struct check **check,
		       struct error *error)
{
	struct search search;
	enum err err;

	search_start(&search, "hit", reference);
	for (size_t c = 0; c < file->check_count; c++) {
		for (size_t h = 0; h < file->checks[c].hit_count; h++) {
			size_t found = search.found;

			search_try(&search, h, file->checks[c].hits[h].id, check_kind_text(file->checks[c].kind));
			if (search.found == found)
				continue;
			*check = &file->checks[c];
			*out = &file->checks[c].hits[h];
		}
	}
	err = search_end(&search, error);
	return err;
}
