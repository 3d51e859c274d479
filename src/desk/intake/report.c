/* A provider's report: the result of one check, or the results of processing. A result is a new row; the check shows
 * the one that counts most (domain/results.h). A verdict stays only if its hit is equal. A report never removes a hit: a reviewer
 * decides on hits that the provider no longer lists. */
#include "intake/import_internal.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/lists_codec.h"
#include "kybdesk/domain/results.h"
#include "kybdesk/store/related.h"

/* Whether a check has a hit with this content: list, name, class, score and detail; ids are ignored. */
static bool check_has_hit(const struct check *check, const struct hit *hit)
{
	for (size_t i = 0; i < check->hit_count; i++) {
		/* Compares the name first, since a check may have two thousand hits and their names nearly always
		 * differ. */
		if (!strcmp(check->hits[i].name, hit->name) &&
		    columns_equal(&hit_columns, &check->hits[i], hit, COLUMN_IDENTITY))
			return true;
	}
	return false;
}

/* The person that an incoming result is about. `id`: the party that it names, perhaps of an earlier state of the case; NULL or "":
 * none. */
static const char *reported_person(const struct case_file *file, const struct party *party, const char *id)
{
	if (!party && id && *id)
		party = case_party(file, id);
	if (party)
		return party->id;
	return id && *id ? RESULT_ABOUT_UNKNOWN : RESULT_ABOUT_SUBJECT;
}

static const char *named_party(struct arena *arena, const char *about_json)
{
	struct json_value *about = NULL;
	const char *id = NULL;

	if (!json_read(about_json, strlen(about_json), &about, NULL) && json_is_object(about))
		id = json_get_text(about, "party");
	id = id ? arena_strdup(arena, id) : "";
	json_free(about);
	return id;
}

/* Whether the result equals the present result or, if the check is waived, the waived result. Hits that `incoming` lacks
 * are not a difference. */
static bool check_result_is_same(const struct check *present, const struct check *incoming)
{
	/* If the check is waived, compares with the result that was waived. */
	if ((present->status == CHECK_WAIVED ? present->reported_status : present->status) != incoming->status)
		return false;
	if (!column_equal(column_find(&check_columns, "score"), present, incoming) ||
	    strcmp(*present->detail_json ? present->detail_json : "{}",
		   *incoming->detail_json ? incoming->detail_json : "{}") != 0)
		return false;
	for (size_t i = 0; i < incoming->hit_count; i++) {
		if (!check_has_hit(present, &incoming->hits[i]))
			return false;
	}
	return true;
}

bool check_is_reported(const struct desk *desk, const struct case_file *file, const struct check *present,
		       const struct check *incoming)
{
	struct arena arena = ARENA_INIT;
	const char *person = reported_person(file, NULL, named_party(&arena, incoming->checked_subject_json));
	bool found = false, ended = false;

	for (size_t i = present->result_count; i-- > 0 && !found && !ended;) {
		const struct result *result = &present->results[i];
		struct check as_check = *present;

		if (strcmp(result->person, person) != 0 && strcmp(result->person, RESULT_ABOUT_UNKNOWN) != 0)
			continue;
		as_check.status = result->status;
		as_check.score = result->score;
		as_check.detail_json = result->detail_json;
		found = check_result_is_same(&as_check, incoming) &&
			(incoming->checked_at == TIME_NONE || incoming->checked_at == result->checked_at);
		ended = incoming->checked_at == TIME_NONE &&
			result_source_is(result, *incoming->source ? incoming->source : desk->actor, desk->actor);
	}
	arena_release(&arena);
	/* A check without a result: pending, or waived before it ran. */
	return found || (!present->result_count && check_result_is_same(present, incoming) &&
			 (incoming->checked_at == TIME_NONE || incoming->checked_at == present->checked_at));
}

static bool is_person_member(const char *key)
{
	static const char *const members[] = { "name", "date_of_birth", "country", "tax_id", "registration_number" };

	return texts_contain(members, sizeof members / sizeof *members, key);
}

/* Always writes the name: an empty name records that no data about the person are known. */
static struct json_value *subject_data(const struct case_file *file, const struct party *party)
{
	const struct subject *subject = &file->session.subject;
	struct json_value *out = json_new_object();

	if (party)
		json_set_text(out, "party", party->id);
	JSON_ADD(
		out, { "name", AS_TEXT(party ? party->name : subject->name) },
		{ "date_of_birth?", AS_TEXT(party ? party->date_of_birth : subject->date_of_birth) },
		{ "country?", AS_TEXT(party ? party->country : subject->country) },
		{ "tax_id?", AS_TEXT(party ? party->tax_id : subject->tax_id) },
		{ "registration_number?", AS_TEXT(party ? party->registration_number : subject->registration_number) });
	return out;
}

void check_set_subject(struct arena *arena, const struct case_file *file, const struct party *party,
		       const char *input_json, struct check *check)
{
	struct json_value *incoming = NULL, *about;
	const char *id;

	if (json_read(input_json, strlen(input_json), &incoming, NULL) || !json_is_object(incoming)) {
		json_free(incoming);
		incoming = json_new_object();
	}
	id = json_get_text(incoming, "party");
	if (!party && id)
		party = case_party(file, id);
	about = subject_data(file, party);
	for (const char *key = json_first_key(incoming); key; key = json_next_key(incoming, key)) {
		const char *text = json_get_text(incoming, key);

		if (strcmp(key, "party") != 0 && (!is_person_member(key) || (text && *text)))
			json_set(about, key, json_clone(json_get(incoming, key)));
	}
	check->checked_person = arena_strdup(arena, reported_person(file, party, id));
	json_free(incoming);
	check->checked_subject = value_of_json(arena, about);
	check->checked_subject_json = json_move_to_arena(arena, about);
}

/* The check's own result. The caller sets person and source. */
static void copy_result(struct result *result, const struct check *check)
{
	result->source_version = check->source_version;
	result->status = check->status == CHECK_WAIVED ? check->reported_status : check->status;
	result->score = check->score;
	result->detail_json = *check->detail_json ? check->detail_json : "{}";
	result->checked_subject_json = check->checked_subject_json;
	result->checked_at = check->checked_at;
	result->reported_hits = result->status == CHECK_HIT ? (int64_t)check->hit_count : 0;
	result->reported_by = check->reported_by;
	result->reported_capacity = check->reported_capacity;
}

enum err check_insert_result(struct desk *desk, struct arena *arena, struct check *check, const char *source,
			     struct error *error)
{
	struct result *result;

	check->only_newest_counts = desk->store->sandbox;
	check->results = NULL;
	check->result_count = 0;
	if (check->status == CHECK_PENDING || check->status == CHECK_WAIVED)
		return ERR_OK;
	check->results = result = arena_alloc(arena, sizeof *result);
	check->result_count = 1;
	result_init(result);
	copy_result(result, check);
	result->id = result_id(arena, check->kind, 1);
	result->person = check->checked_person;
	result->source = *check->source ? check->source : source;
	return store_result_insert(desk->store, check->row, result, error);
}

static enum err require_fit_result(const struct check *incoming, struct error *error)
{
	if (incoming->status == CHECK_WAIVED)
		return error_invalid(
			error, "status",
			"A check cannot be reported as waived: only a lead can waive a check, with a reason");
	if (incoming->hit_count && incoming->status != CHECK_HIT && incoming->status != CHECK_PENDING)
		return error_invalid(error, "status",
				     "The check is reported as %s, but has %zu hits; report it as \"hit\"",
				     check_status_text(incoming->status), incoming->hit_count);
	return ERR_OK;
}

static const char *derive_hit_id(const struct use *use, const struct check *check, const struct hit *hit)
{
	char id[UUID_TEXT_SIZE];
	const char *const parts[] = { "hit",
				      use->file.session.id,
				      check_kind_text(check->kind),
				      hit->list,
				      hit->name,
				      hit_class_text(hit->class_),
				      arena_printf(use->arena, "%.6f", hit->score),
				      hit->detail_json };

	uuid_derive(id, parts, sizeof parts / sizeof parts[0]);
	return arena_strdup(use->arena, id);
}

static struct hit *find_hit(struct check *check, const char *id)
{
	return *id ? ITEM_WITH_TEXT(check->hits, check->hit_count, id, id) : NULL;
}

static void reset_hit(struct hit *hit)
{
	hit->row = 0;
	hit->state = HIT_OPEN;
	hit->reason = hit->note = hit->resolved_by = hit->accepted_by = hit->accept_reason = "";
	hit->verdict_imported_by = hit->imported_verdict = "";
	hit->resolved_at = TIME_NONE;
}

/* A new hit, or a hit that differs from the stored hit with its id, becomes open; its reported state is ignored. */
static enum err apply_hit(struct use *use, struct check *check, const struct hit *incoming, size_t *opened,
			  struct error *error)
{
	struct hit *old = find_hit(check, incoming->id), fresh = *incoming;

	fresh.class_ = hit_classify(use->arena, check->kind, incoming);
	if (check_has_hit(check, &fresh))
		return ERR_OK;
	(*opened)++;
	reset_hit(&fresh);
	if (old && old->state == HIT_OPEN) {
		fresh.row = old->row;
		fresh.verdict_imported_by = old->verdict_imported_by;
		fresh.imported_verdict = old->imported_verdict;
		*old = fresh;
		return store_hit_update(use->desk->store, old, error);
	}
	if (old || !*fresh.id)
		fresh.id = derive_hit_id(use, check, &fresh);
	check->hits[check->hit_count] = fresh;
	return store_hit_insert(use->desk->store, check->row, &check->hits[check->hit_count++], error);
}

static enum err apply_hits(struct use *use, struct check *check, const struct check *incoming, size_t *opened,
			   struct error *error)
{
	enum err err = ERR_OK;

	ITEMS_GROW(use->arena, check->hits, check->hit_count, incoming->hit_count);
	for (size_t i = 0; !err && i < incoming->hit_count; i++)
		err = apply_hit(use, check, &incoming->hits[i], opened, error);
	return err;
}

static bool has_open_hit(const struct check *check)
{
	for (size_t i = 0; i < check->hit_count; i++) {
		if (check->hits[i].state == HIT_OPEN || check->hits[i].state == HIT_UNDETERMINED)
			return true;
	}
	return false;
}

/* --- results --- */

/* Adds the check's own result as a row about an unknown person, if the check has none: a store of an earlier version
 * has been changed by another program. */
static enum err keep_old_result(struct use *use, struct check *check, struct error *error)
{
	enum check_status status = check->status == CHECK_WAIVED ? check->reported_status : check->status;
	struct result *result;

	if (check->result_count || status == CHECK_PENDING || status == CHECK_WAIVED)
		return ERR_OK;
	result = use_add_result(use, check);
	copy_result(result, check);
	result->person = RESULT_ABOUT_UNKNOWN;
	result->source = check->reported_by;
	result->verdict = check->status == CHECK_WAIVED ? RESULT_WAIVED : RESULT_UNJUDGED;
	result->judged_by = check->waived_by;
	result->judge_reason = check->waive_reason;
	result->standing.valid = true;
	return store_result_insert(use->desk->store, check->row, result, error);
}

static enum err add_result(struct use *use, struct check *check, const struct check *incoming, bool waived,
			   struct error *error)
{
	struct result *result = use_add_result(use, check);

	copy_result(result, incoming);
	result->person = check->checked_person;
	result->verdict = waived ? RESULT_WAIVED : RESULT_UNJUDGED;
	result->judged_by = waived ? check->waived_by : "";
	result->judge_reason = waived ? check->waive_reason : "";
	result->standing.valid = true;
	result->source = *incoming->source ? incoming->source : use->desk->actor;
	result->checked_subject_json = check->checked_subject_json;
	if (incoming->checked_at == TIME_NONE)
		result->checked_at = use->now;
	result->reported_by = use->desk->actor;
	result->reported_capacity = capacity_text(use->in->capacity);
	return store_result_insert(use->desk->store, check->row, result, error);
}

/* A waiver stays if the same result is reported again. Call after the hits were applied. */
static void sum_results(struct use *use, struct check *check, bool same)
{
	bool waived = same && check->status == CHECK_WAIVED;

	check_sum_results(check);
	if (waived)
		check->status = CHECK_WAIVED;
	else
		check->waived_by = check->waive_reason = check->waiver_imported_by = check->imported_verdict = "";
	/* A check with an open hit gets the status "hit", even if the reported status is "passed". */
	if (check->status == CHECK_PASSED && has_open_hit(check))
		check->status = CHECK_HIT;
	case_values_parse(use->arena, &use->file);
}

static enum err apply_report(struct use *use, const struct check *incoming, const struct party *party, size_t *opened,
			     struct error *error)
{
	struct check *check = case_check(&use->file, incoming->kind);
	const struct result *shown = check ? check_shown_result(check) : NULL;
	bool made = !check, same = check && check_result_is_same(check, incoming);
	const char *from = made ? "missing" : check_status_text(check->status);
	const char *person = shown ? shown->person : ""; /* results may move */
	enum err err = ERR_OK;

	if (made) {
		check = use_add_check(use, incoming->kind);
		err = store_check_insert(use->desk->store, use->file.session.row, check, error);
	}
	if (!err)
		err = keep_old_result(use, check, error);
	check_set_subject(use->arena, &use->file, party, incoming->checked_subject_json, check);
	same = same && (!shown || !strcmp(person, RESULT_ABOUT_UNKNOWN) || !strcmp(person, check->checked_person));
	if (!err)
		err = add_result(use, check, incoming, same && check->status == CHECK_WAIVED, error);
	if (!err)
		err = apply_hits(use, check, incoming, opened, error);
	if (err)
		return err;
	sum_results(use, check, same);
	use->file.has_new_bad_news = use->out->has_new_bad_news =
		*opened || result_effect(incoming->kind, incoming->status) >= EFFECT_RETRY;
	JSON_ADD(use->detail, { "from", AS_TEXT(from) }, { "to", AS_TEXT(check_status_text(check->status)) },
		 { "result", AS_TEXT(check->results[check->result_count - 1].id) },
		 { "person", AS_TEXT(check->results[check->result_count - 1].person) });
	if (check->status != incoming->status)
		json_set_text(use->detail, "reported", check_status_text(incoming->status));
	return store_check_update(use->desk->store, check, error);
}

/* Sets the time of the next processing after a new report. now: process at once. */
static enum err schedule_processing(struct use *use, bool now, struct error *error)
{
	struct session *session = &use->file.session;

	(void)processing_is_due(use->desk, use->arena, &use->file, use->profile, use->now);
	if (now && session->status == SESSION_PROCESSING) {
		if (session->processing_since == TIME_NONE)
			session->processing_since = use->now;
		session->process_at = use->now;
	}
	/* Without automatic processing only new processing results start the evaluation: a check reported before
	 * them must not end the processing. */
	if (now || use->profile->auto_process)
		use->run_after_commit = use_process_immediately;
	return store_session_set_columns(use->desk->store, session, SESSION_COLUMNS_PROCESSING, error);
}

/* A rejected case accepts only adverse reports, since it may be reopened; any other case accepts all reports. */
static bool accepts_reports(const struct use *use)
{
	return use->file.session.status != SESSION_REJECTED || use->in->result->hit_count ||
	       result_effect(use->in->result->kind, use->in->result->status) == EFFECT_JUDGE;
}

/* Reads in->result: kind, status, score, detail, checked_at, hits, about; in->part: the party of the check, NULL:
 * the subject. Hits are matched by content; an equal old hit keeps its verdict. */
enum err use_check_report(struct use *use, struct error *error)
{
	const struct check *incoming = use->in->result;
	struct party *party = NULL;
	size_t opened = 0;
	enum err err = ERR_OK;

	if (!accepts_reports(use))
		err = use_check_undecided(use, error);
	/* Bad news about a removed party is kept and shown. */
	if (!err && *use->in->part)
		party = parties_find(use->file.removed.items, use->file.removed.count, use->in->part);
	if (!err && *use->in->part && !party)
		err = use_find_party(&use->file, use->in->part, &party, error);
	if (!err)
		err = require_fit_result(incoming, error);
	if (!err)
		err = apply_report(use, incoming, party, &opened, error);
	if (!err)
		err = schedule_processing(use, false, error);
	if (err)
		return err;
	use_add_changed_part(use, "check", check_kind_text(incoming->kind));
	JSON_ADD(use->detail, { "check", AS_TEXT(check_kind_text(incoming->kind)) },
		 { "reported_as", AS_TEXT(capacity_text(use->in->capacity)) },
		 { "hits", AS_INT((int64_t)incoming->hit_count) }, { "opened", AS_INT((int64_t)opened) });
	return ERR_OK;
}

/* Checks the members listed by the seed kyc-workflows-sessions, "processing_results". */
static enum err check_members(const struct json_value *results, struct error *error)
{
	static const char *const members[] = { "extraction_results",   "cross_validation",	 "face_match_result",
					       "external_validations", "web_validation_results", "final_decision" };
	enum final_decision ignored;
	size_t count;
	const char *const *words = final_decision_words(&count);
	const char *word = json_get_text(results, "final_decision"), *near;

	for (const char *key = json_first_key(results); key; key = json_next_key(results, key)) {
		const size_t known = sizeof members / sizeof *members;

		near = texts_contain(members, known, key) ? NULL : text_find_nearest(key, members, known);
		if (near)
			return error_invalid(error, key, "\"%s\" is not a member of the results; did you mean \"%s\"?",
					     key, near);
	}
	if (!json_get(results, "final_decision") || (word && final_decision_parse(word, &ignored)))
		return ERR_OK;
	word = word ? word : "";
	near = text_find_nearest(word, words + 1, count - 1);
	return error_invalid(error, "final_decision",
			     "\"%s\" is not a final decision; did you mean \"%s\"? Choose from: approved, "
			     "rejected, flagged, manual_review",
			     word, near ? near : "manual_review");
}

/* Reads in->results_json. The system evaluates the results at once if the case is in processing. */
enum err use_results_report(struct use *use, struct error *error)
{
	const char *text = use->in->results_json;
	struct session *session = &use->file.session;
	struct json_value *results = NULL;
	enum err err = use_check_undecided(use, error);

	if (!err)
		err = json_read(text, strlen(text), &results, error);
	if (!err && !json_is_object(results))
		err = error_invalid(error, "results", "The results are not a JSON object");
	if (!err)
		err = check_members(results, error);
	if (!err) {
		const char *word = json_get_text(results, "final_decision");

		session->processing_results_json = arena_strdup(use->arena, text);
		session->results_by = use->desk->actor;
		session->results_capacity = capacity_text(use->in->capacity);
		JSON_ADD(use->detail, { "final_decision", AS_TEXT(word ? word : "") },
			 { "reported_as", AS_TEXT(capacity_text(use->in->capacity)) });
		err = schedule_processing(use, true, error);
	}
	json_free(results);
	return err;
}
