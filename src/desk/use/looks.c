/* Looks at documents, read back from the audit log, and what an acceptance lacks by them. */
#include "kybdesk/codec/json.h"
#include "use/looks.h"
#include "use/use.h"

WORDS_DEFINE(look_kind, LOOK_KIND_WORDS)

static struct look look_of_record(struct arena *arena, const struct audit_event *event)
{
	bool saved = !strcmp(event->action, use_cases[VERB_DOCUMENT_SAVE].audit_action);
	struct look look = { .by = event->actor, .at = event->at, .shown_as = saved ? LOOK_SAVED : LOOK_OPENED };
	struct json_value *detail = NULL;

	if (json_read(event->detail, strlen(event->detail), &detail, NULL))
		detail = NULL;
	look.document_id = arena_strdup(arena, json_get_text(detail, "document"));
	look.sha256 = arena_strdup(arena, json_get_text(detail, "sha256"));
	look.reader = arena_strdup(arena, json_get_text(detail, "reader"));
	(void)side_parse(json_get_text(detail, "side"), &look.side);
	(void)look_kind_parse(json_get_text(detail, "shown"), &look.shown_as);
	(void)json_get_int(detail, "shown_ms", &look.shown_ms);
	(void)json_get_int(detail, "pages", &look.pages);
	(void)json_get_int(detail, "page_count", &look.page_count);
	(void)json_get_int(detail, "values_needed", &look.values_needed);
	(void)json_get_int(detail, "values_found", &look.values_found);
	(void)json_get_int(detail, "values_unpainted", &look.values_unpainted);
	const char *uncompared = json_get_text(detail, "uncompared");
	look.is_uncompared = uncompared && !strcmp(uncompared, "not_yet");
	look.is_incomparable = uncompared && !strcmp(uncompared, "failed");
	(void)json_get_bool(detail, "too_old", &look.is_too_old);
	json_free(detail);
	return look;
}

static enum err read_records(struct desk *desk, struct arena *arena, const char *session, struct audit_list *out,
			     struct error *error)
{
	const struct audit_filter of_case = { .session_id = session,
					      .limit = DOCUMENT_VIEWS_MAX,
					      .only_document_views = true };

	return store_audit_list(desk->store, arena, &of_case, out, error);
}

static bool is_acceptance(const struct audit_event *event)
{
	return !strcmp(event->action, use_cases[VERB_DOCUMENT_ACCEPT].audit_action);
}

enum err desk_looks(struct desk *desk, struct arena *arena, const char *session, struct look **out, size_t *count,
		    struct error *error)
{
	struct audit_list events = { 0 };
	enum err err = read_records(desk, arena, session, &events, error);

	if (err)
		return err;
	*out = arena_alloc_array(arena, events.count + 1, sizeof **out);
	*count = 0;
	for (size_t i = 0; i < events.count; i++)
		if (!is_acceptance(&events.items[i]))
			(*out)[(*count)++] = look_of_record(arena, &events.items[i]);
	return ERR_OK;
}

/* The grounds of the document's acceptance, from its newest record, if the author of the valid acceptance
 * wrote it; "": none. NULL: no such record says what was shown. */
static const char *unseen_grounds(struct arena *arena, const struct audit_list *events, const struct document *document)
{
	for (size_t i = 0; i < events->count; i++) {
		const struct audit_event *event = &events->items[i];
		struct json_value *detail = NULL;
		const char *found = NULL;
		bool seen = false, known;

		if (!is_acceptance(event) || json_read(event->detail, strlen(event->detail), &detail, NULL))
			continue;
		if (!strcmp(json_get_text(detail, "document"), document->id))
			found = arena_strdup(arena, json_get_text(detail, "unseen"));
		known = found && !strcmp(event->actor, document->reviewed_by) &&
			(*found || (json_get_bool(detail, "seen", &seen) && seen));
		json_free(detail);
		if (found)
			return known ? found : NULL;
	}
	return NULL;
}

static const char *verdict_by(const struct hit *hit)
{
	return hit->state == HIT_ACCEPTED ? hit->accepted_by : hit->resolved_by;
}

static bool is_judged_alike(const struct hit *a, const struct hit *b)
{
	return a->class_ == b->class_ && a->state == b->state && !strcmp(verdict_by(a), verdict_by(b));
}

/* Adds one item for all hits of a class that one person cleared, or accepted as confirmed matches. */
static void add_judged_hits(struct arena *arena, const struct case_file *file, struct overrides *out)
{
	size_t count = 0, hit_count = 0;

	for (size_t i = 0; i < file->check_count; i++)
		hit_count += file->checks[i].hit_count;
	const struct hit **hits = arena_alloc_array(arena, hit_count + 1, sizeof *hits);
	for (size_t i = 0; i < file->check_count; i++) {
		for (size_t j = 0; j < file->checks[i].hit_count; j++)
			if (file->checks[i].hits[j].state == HIT_FALSE_POSITIVE ||
			    file->checks[i].hits[j].state == HIT_ACCEPTED)
				hits[count++] = &file->checks[i].hits[j];
	}
	for (size_t i = 0; i < count; i++) {
		size_t before = 0, alike = 0;

		for (size_t j = 0; j < count; j++) {
			alike += is_judged_alike(hits[i], hits[j]);
			before += j < i && is_judged_alike(hits[i], hits[j]);
		}
		if (!before)
			out->items[out->count++] = (struct override){
				.kind = hits[i]->state == HIT_ACCEPTED ? OVERRIDE_MATCH : OVERRIDE_CLEARED,
				.what = arena_printf(arena, "%zu %s hit%s", alike, hit_class_text(hits[i]->class_),
						     alike == 1 ? "" : "s"),
				.by = verdict_by(hits[i]),
				.why = "",
			};
	}
}

static bool has_any_evidence(const struct case_file *file)
{
	for (size_t i = 0; i < file->document_count; i++)
		if (!file->documents[i].replaced && file->documents[i].review == REVIEW_ACCEPTED &&
		    document_has_bytes(&file->documents[i]))
			return true;
	return file->check_count || file->results_decision != FINAL_NONE;
}

enum err desk_overrides(struct desk *desk, struct arena *arena, const struct case_file *file, bool sandbox,
			const struct overrides **out, struct error *error)
{
	struct overrides *all = arena_alloc(arena, sizeof *all);
	struct audit_list events = { 0 };
	size_t most = file->check_count + file->document_count + 1;
	enum err err = read_records(desk, arena, file->session.id, &events, error);

	for (size_t i = 0; i < file->check_count; i++)
		most += file->checks[i].hit_count + file->checks[i].result_count;
	*all = (struct overrides){ .items = arena_alloc_array(arena, most, sizeof *all->items),
				   .without_evidence = sandbox && !has_any_evidence(file) };
	for (size_t i = 0; i < file->check_count; i++) {
		const struct check *check = &file->checks[i];

		if (*check->waived_by)
			all->items[all->count++] = (struct override){ OVERRIDE_WAIVED, check_kind_text(check->kind),
								      check->waived_by, "" };
		for (size_t r = 0; r < check->result_count; r++)
			if (check->results[r].verdict == RESULT_CLEARED)
				all->items[all->count++] =
					(struct override){ OVERRIDE_CLEARED,
							   arena_printf(arena, "%s result",
									check_kind_text(check->kind)),
							   check->results[r].judged_by, "" };
	}
	add_judged_hits(arena, file, all);
	for (size_t i = 0; !err && i < file->document_count; i++) {
		const struct document *document = &file->documents[i];
		const char *why;

		if (document->replaced || document->review != REVIEW_ACCEPTED)
			continue;
		why = unseen_grounds(arena, &events, document);
		all->unrecorded_count += !why;
		if (why && *why)
			all->items[all->count++] =
				(struct override){ OVERRIDE_UNSEEN, document->type, document->reviewed_by, why };
	}
	*out = all;
	return err;
}

const char *look_text(struct arena *arena, const struct look *look)
{
	const char *pages = look->page_count ? arena_printf(arena, ", %lld of %lld pages", (long long)look->pages,
							    (long long)look->page_count)
					     : "";

	switch (look->shown_as) {
	case LOOK_OPENED:
		return "opened; what was shown is not on record (old kind of record)";
	case LOOK_FETCHED:
		return "fetched; that it was shown is not on record";
	case LOOK_SAVED:
		return "saved to a file";
	case LOOK_NOTHING:
		return "the file could not be shown";
	case LOOK_TEXT:
	case LOOK_PICTURE:
	case LOOK_BOTH:
		break;
	}
	return arena_printf(arena, "%s%s, %lld s",
			    look->shown_as == LOOK_BOTH ? "text and picture" : look_kind_text(look->shown_as), pages,
			    (long long)((look->shown_ms + 999) / 1000));
}

/* The looks of one side of a document by one person, summed up. */
struct side_looks {
	bool shown, shown_other_bytes, could_not_be_shown, saved, fetched; /* fetched: also LOOK_OPENED */
	int64_t pages, page_count;
	const struct look *newest; /* newest look that showed something */
	const char *colleague;	   /* the side was shown to this other person; NULL: nobody */
};

static void add_look(struct side_looks *sum, const struct look *look, const char *sha256, bool own)
{
	bool shows = look->shown_as >= LOOK_TEXT, same = !strcmp(look->sha256, sha256);

	if (!own) {
		if (shows && same && !sum->colleague)
			sum->colleague = look->by;
		return;
	}
	if (!same) {
		sum->shown_other_bytes |= shows;
		return;
	}
	sum->could_not_be_shown |= look->shown_as == LOOK_NOTHING;
	sum->saved |= look->shown_as == LOOK_SAVED;
	sum->fetched |= look->shown_as == LOOK_FETCHED || look->shown_as == LOOK_OPENED;
	if (!shows)
		return;
	sum->shown = true;
	sum->pages = look->pages > sum->pages ? look->pages : sum->pages;
	sum->page_count = look->page_count > sum->page_count ? look->page_count : sum->page_count;
	if (!sum->newest || (sum->newest->is_uncompared && !look->is_uncompared))
		sum->newest = look; /* what was compared once holds for these bytes */
}

static const char *unshown_text(struct arena *arena, const struct side_looks *sum, const char *what)
{
	if (sum->shown_other_bytes)
		return arena_printf(arena, "%s is not the file that was shown: it changed later", what);
	if (sum->could_not_be_shown)
		return arena_printf(arena, "%s could not be shown", what);
	if (sum->saved)
		return arena_printf(arena, "%s was saved to a file, and not shown here", what);
	if (sum->colleague)
		return arena_printf(arena, "%s was shown only to %s", what, sum->colleague);
	if (sum->fetched)
		return arena_printf(arena, "%s was opened, but that it was shown is not on record", what);
	return arena_printf(arena, "%s was not shown", what);
}

#define GROUNDS_OF_SIDE_MAX 6

static void add_side_grounds(struct arena *arena, const struct side_looks *sum, const char *what,
			     struct look_grounds *out)
{
	if (!sum->shown) {
		out->is_unreadable |= sum->could_not_be_shown && !sum->shown_other_bytes;
		out->items[out->count++] = unshown_text(arena, sum, what);
		return;
	}
	if (sum->pages * 2 < sum->page_count)
		out->items[out->count++] = arena_printf(arena, "%lld of its %lld pages were shown",
							(long long)sum->pages, (long long)sum->page_count);
	if (sum->newest->values_found < sum->newest->values_needed)
		out->items[out->count++] =
			arena_printf(arena, "%lld of %lld required values were found in its text",
				     (long long)sum->newest->values_found, (long long)sum->newest->values_needed);
	if (sum->newest->values_unpainted)
		out->items[out->count++] = arena_printf(
			arena, "%lld of them %s only in text that is not visible on the page",
			(long long)sum->newest->values_unpainted, sum->newest->values_unpainted == 1 ? "is" : "are");
	if (sum->newest->is_uncompared)
		out->items[out->count++] = "its values were not compared with the drawn pages yet";
	if (sum->newest->is_incomparable)
		out->items[out->count++] = "its values could not be compared with the drawn pages";
	if (sum->newest->is_too_old)
		out->items[out->count++] = "the newest date in its text is older than this document may be";
}

void look_grounds_find(struct arena *arena, const struct look *looks, size_t count, const struct document *document,
		       const char *actor, struct look_grounds *out)
{
	*out = (struct look_grounds){ .items = arena_alloc_array(arena, GROUNDS_OF_SIDE_MAX * (size_t)SIDE_COUNT,
								 sizeof *out->items) };
	for (size_t side = SIDE_FRONT; side < (document->double_sided ? SIDE_COUNT : 1u); side++) {
		const struct document_side file = document_side(document, side);
		struct side_looks sum = { 0 };

		if (!*file.sha256)
			continue;
		for (size_t i = 0; i < count; i++) {
			if (!strcmp(looks[i].document_id, document->id) && (size_t)looks[i].side == side)
				add_look(&sum, &looks[i], file.sha256, !strcmp(looks[i].by, actor));
		}
		add_side_grounds(arena, &sum,
				 !document->double_sided ? "the file"
				 : side == SIDE_BACK	 ? "its back"
							 : "its front",
				 out);
	}
}

const char *look_grounds_text(struct arena *arena, const struct look_grounds *grounds)
{
	return words_join(arena, grounds->items, grounds->count, "; ");
}
