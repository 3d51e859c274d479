/* Reads from the store the facts that support the reason of a verdict or rejection (domain/grounds.h). */
#include "use/use.h"

#define REVEALS_MAX 50 /* maximum number of reveals that are read, by one actor in one case, newest first */

static enum err add_session(const struct use *use, int64_t row, struct match_list *out, struct error *error)
{
	int64_t own = use->file.session.row;
	struct case_file *other = arena_alloc(use->arena, sizeof *other);
	enum err err = desk_case_load(use->desk, use->arena, row, other, error);

	if (!err)
		matches_add(use->arena, other, other->session.subject.name, case_party_of_session(other, own) ? own : 0,
			    out);
	return err;
}

enum err matches_find(const struct use *use, struct match_list *out, struct error *error)
{
	struct row_list rows = { 0 };
	enum err err;

	*out = (struct match_list){ 0 };
	matches_add(use->arena, &use->file, "", 0, out);
	err = store_sessions_with_match(use->desk->store, use->arena, use->file.session.row, &rows, error);
	for (size_t i = 0; !err && i < rows.count; i++)
		err = add_session(use, rows.items[i], out, error);
	return err;
}

enum err grounds_of_rejection(const struct use *use, struct match_list *matches, struct grounds *out,
			      struct error *error)
{
	enum err err = matches_find(use, matches, error);
	const struct caller *caller = use->desk->caller;
	/* A simulator plays the reason that its call names, and a merchant's key plays a reviewer in a sandbox. */
	bool is_played = caller && (caller->capacity == CAPACITY_SIMULATOR ||
				    (use->desk->store->sandbox && caller_is_external(use->desk)));
	const char *findings = err || is_played ? NULL : rejection_findings(use->arena, &use->file, &use->context);

	if (!err)
		grounds_find(use->arena,
			     &(const struct grounds_input){ .verdict = VERDICT_REJECT,
							    .reasons = &use->desk->reasons,
							    .profile = use->profile,
							    .matches = matches,
							    .findings = findings,
							    .hides_hits = use->context.automatic,
							    .sandbox = use->context.sandbox },
			     out);
	return err;
}

const char *hits_revealed_sha256(struct arena *arena, const struct case_file *file)
{
	struct strbuf text = STRBUF_INIT;
	const char *sha256;

	for (size_t i = 0; i < file->check_count; i++) {
		const struct check *check = &file->checks[i];

		for (size_t h = 0; h < check->hit_count; h++) {
			if (hit_is_sanctions_hit(check, &check->hits[h]))
				strbuf_addf(&text, "%s\n", facts_hit(arena, file, check, &check->hits[h]));
		}
	}
	sha256 = text.len ? facts_sha256(arena, text.buf) : "";
	strbuf_release(&text);
	return sha256;
}

static enum err find_reveal(struct desk *desk, struct arena *arena, const struct case_file *file, bool *found,
			    struct error *error)
{
	const char *sha256 = hits_revealed_sha256(arena, file);
	const struct audit_filter of_actor = { .session_id = file->session.id,
					       .action = use_cases[VERB_REVEAL].audit_action,
					       .actor = desk->actor,
					       .limit = REVEALS_MAX };
	struct audit_list events = { 0 };
	enum err err = store_audit_list(desk->store, arena, &of_actor, &events, error);

	*found = false;
	for (size_t i = 0; !err && i < events.count; i++)
		*found = *found ||
			 (*sha256 && !strcmp(desk_detail_text(arena, &events.items[i], "hits_sha256"), sha256));
	return err;
}

enum err grounds_of_hit(struct desk *desk, struct arena *arena, const struct hit_context *question, struct grounds *out,
			struct error *error)
{
	struct grounds_input of = { .verdict = question->verdict,
				    .reasons = &desk->reasons,
				    .profile = question->profile,
				    .card = question->card,
				    .sandbox = desk_is_sandbox(desk),
				    .is_sanctions_hit = hit_is_sanctions_hit(question->check, question->hit) };
	enum err err =
		of.is_sanctions_hit ? find_reveal(desk, arena, question->file, &of.hits_revealed, error) : ERR_OK;

	if (!err)
		grounds_find(arena, &of, out);
	return err;
}

enum err grounds_of_verdict(const struct use *use, struct hit_context question, struct grounds *out,
			    struct error *error)
{
	struct hit_card card;
	enum err err;

	question.file = &use->file;
	question.profile = use->profile;
	if (!question.card)
		question.card = &card;
	err = hit_card_find(use->desk, use->arena, &question, true, error);
	return err ? err : grounds_of_hit(use->desk, use->arena, &question, out, error);
}
