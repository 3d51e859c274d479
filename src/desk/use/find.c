/* Resolves references to parts of a case. */
#include "use/use.h"
#include "kybdesk/base/not_found.h"
#include "kybdesk/domain/results.h"
#include "kybdesk/domain/things.h"

/* A search for a part by a prefix of its id; the caller compares other names of the part. */
struct search {
	const char *reference;
	const char *what; /* "document" */
	const char *hint; /* for an unknown reference; NULL: none */
	size_t length, found, at;
	struct strbuf candidates;
};

static struct search search_begin(const char *what, const char *reference)
{
	return (struct search){
		.reference = reference, .what = what, .length = strlen(reference), .candidates = STRBUF_INIT
	};
}

static void search_add(struct search *search, size_t at, const char *id, const char *label)
{
	search->found++;
	search->at = at;
	strbuf_addf(&search->candidates, "%s%s (%s)", search->candidates.len ? ", " : "", id, label);
}

static void search_match(struct search *search, size_t at, const char *id, const char *label)
{
	if (search->length >= REFERENCE_PREFIX_MIN && !strncmp(id, search->reference, search->length))
		search_add(search, at, id, label);
}

static enum err search_end(struct search *search, struct error *error)
{
	enum err err = ERR_OK;

	if (!search->found)
		err = error_not_found(error, search->what, search->reference, search->hint);
	else if (search->found > 1)
		err = error_set(error, ERR_USAGE, "\"%s\" matches several: %s; use more characters of the id of one %s",
				search->reference, search->candidates.buf, search->what);
	strbuf_release(&search->candidates);
	return err;
}

struct rules_input use_rules_input(const struct use *use)
{
	char *today = arena_alloc(use->arena, 16);

	date_format(use->now, today);
	return (struct rules_input){
		.file = &use->file, .profile = use->profile, .countries = desk_countries(use->desk), .today = today
	};
}

unsigned use_required_check_bits(const struct use *use)
{
	struct rules_input rules = use_rules_input(use);

	rules.today = ""; /* the checks that a case needs do not depend on the day */
	return rules_required_check_bits(use->arena, &rules);
}

enum err use_find_document(struct case_file *file, const char *reference, struct document **out, struct error *error)
{
	struct search search = search_begin("document", reference);

	for (size_t i = 0; i < file->document_count; i++) {
		search_match(&search, i, file->documents[i].id, file->documents[i].type);
		search_match(&search, i, file->documents[i].back_side_id, file->documents[i].type);
	}
	bool by_id = search.found > 0;
	/* A document type refers to the present document of this type. If several documents have the type, the user
	 * must choose by id. */
	for (size_t i = 0; !by_id && i < file->document_count; i++)
		if (!file->documents[i].replaced && !strcmp(file->documents[i].type, reference))
			search_add(&search, i, file->documents[i].id, upload_state_text(file->documents[i].upload));
	*out = &file->documents[search.at];
	return search_end(&search, error);
}

enum err use_find_party(struct case_file *file, const char *reference, struct party **out, struct error *error)
{
	struct search search = search_begin("party", reference);

	for (size_t i = 0; i < file->party_count; i++)
		search_match(&search, i, file->parties[i].id, file->parties[i].name);
	bool by_id = search.found > 0;
	for (size_t i = 0; !by_id && i < file->party_count; i++)
		if (!strcmp(file->parties[i].name, reference))
			search_add(&search, i, file->parties[i].id, party_kind_text(file->parties[i].kind));
	*out = &file->parties[search.at];
	return search_end(&search, error);
}

enum err use_find_hit(struct case_file *file, const char *reference, struct hit **out, struct check **check,
		      struct error *error)
{
	struct search search = search_begin("hit", reference);

	for (size_t c = 0; c < file->check_count; c++) {
		for (size_t h = 0; h < file->checks[c].hit_count; h++) {
			size_t found = search.found;

			search_match(&search, h, file->checks[c].hits[h].id, check_kind_text(file->checks[c].kind));
			if (search.found == found)
				continue;
			*check = &file->checks[c];
			*out = &file->checks[c].hits[h];
		}
	}
	return search_end(&search, error);
}

enum err use_find_correction(struct case_file *file, const char *reference, struct correction **out,
			     struct error *error)
{
	struct search search = search_begin("correction", reference);

	for (size_t i = 0; i < file->correction_count; i++)
		search_match(&search, i, file->corrections[i].id, file->corrections[i].step_id);
	*out = &file->corrections[search.at];
	return search_end(&search, error);
}

enum err use_find_duplicate(const struct duplicates *of, const char *reference, struct duplicate **out,
			    struct error *error)
{
	struct search search = search_begin("duplicate", reference);

	search.hint = "List them with: kybdesk duplicate list CASE";
	for (size_t i = 0; i < of->count; i++)
		if (*reference && !strcmp(of->items[i].external_ref, reference))
			search_add(&search, i, of->items[i].id, reference);
	for (size_t i = 0; !search.found && i < of->count; i++)
		search_match(&search, i, of->items[i].id, of->items[i].external_ref);
	*out = &of->items[search.at];
	return search_end(&search, error);
}

enum err use_refuse_unknown_step(const struct use *use, const char *id, struct error *error)
{
	struct strbuf list = STRBUF_INIT;

	for (size_t i = 0; i < use->file.step_count; i++)
		strbuf_addf(&list, "%s%s", list.len ? ", " : "", use->file.steps[i].id);
	for (size_t i = 0; i < use->profile->step_count; i++) {
		const char *name = use->profile->steps[i].id;

		if (!case_step(&use->file, name))
			strbuf_addf(&list, "%s%s", list.len ? ", " : "", name);
	}
	enum err err = error_invalid(error, "step", "The case has no step \"%s\"; its steps: %s", id,
				     list.len ? list.buf : "none");
	strbuf_release(&list);
	return err;
}

bool case_requests_document(const struct case_file *file, const struct document *document)
{
	for (size_t i = 0; i < file->correction_count; i++) {
		if (file->corrections[i].state == CORRECTION_OPEN &&
		    correction_means_document(file, &file->corrections[i], document))
			return true;
	}
	return false;
}

enum err use_save_check(const struct use *use, struct check *check, struct error *error)
{
	return check->row ? store_check_update(use->desk->store, check, error)
			  : store_check_insert(use->desk->store, use->file.session.row, check, error);
}

struct check *use_add_check(struct use *use, enum check_kind kind)
{
	struct case_file *file = &use->file;
	struct check *check;

	ITEMS_GROW(use->arena, file->checks, file->check_count, 1);
	check = &file->checks[file->check_count++];
	check_init(check);
	check->kind = kind;
	check->only_newest_counts = use->desk->store->sandbox;
	return check;
}

struct result *use_add_result(struct use *use, struct check *check)
{
	struct result *result;

	ITEMS_GROW(use->arena, check->results, check->result_count, 1);
	result = &check->results[check->result_count++];
	result_init(result);
	result->id = result_id(use->arena, check->kind, check->result_count);
	return result;
}

struct step *use_add_step(struct use *use, const char *id)
{
	struct case_file *file = &use->file;
	struct step *step;

	ITEMS_GROW(use->arena, file->steps, file->step_count, 1);
	step = &file->steps[file->step_count++];
	step_init(step);
	step->id = arena_strdup(use->arena, id);
	return step;
}
