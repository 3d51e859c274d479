#include "kybdesk/domain/submit.h"
#include "kybdesk/domain/document_group.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/domain/things.h"

#include <string.h>

static void add_blocker(struct arena *arena, struct blockers *out, enum blocker_code code, const char *ref,
			const char *format, ...) KYB_PRINTF(5, 6);
static void add_blocker(struct arena *arena, struct blockers *out, enum blocker_code code, const char *ref,
			const char *format, ...)
{
	struct blocker *blocker = ARENA_PUSH(arena, out->items, out->count, out->capacity);

	*blocker = (struct blocker){ .code = code, .ref = ref };
	ARENA_VPRINTF(blocker->message, arena, format);
}

bool document_is_uploaded(const struct case_file *file, const char *type)
{
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];

		if (!document->replaced && document->upload == UPLOAD_READY && !strcmp(document->type, type))
			return true;
	}
	return false;
}

/* The missing side of a double-sided document of this type that has only one side; NULL: none. */
static const char *missing_side(const struct case_file *file, const char *type)
{
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *document = &file->documents[i];

		if (!document->replaced && document_lacks_side(document) && !strcmp(document->type, type))
			return side_text(*document->sha256 ? SIDE_BACK : SIDE_FRONT);
	}
	return NULL;
}

/* If a document of the group has only one side: the title of its type and the missing side, for example "Identity
 * card (back)". Otherwise the title of the group. */
static const char *missing_group_text(struct arena *arena, const struct rules_input *input,
				      const struct document_group *group)
{
	for (size_t i = 0; i < group->type_count; i++) {
		const struct document_spec *spec = profile_document(input->profile, group->types[i]);
		const char *side = missing_side(input->file, group->types[i]);

		if (spec && side)
			return arena_printf(arena, "%s (%s)", profile_document_title(input->profile, spec->type), side);
	}
	return group->title;
}

static void documents_check(struct arena *arena, const struct rules_input *input, struct blockers *out)
{
	const struct case_file *file = input->file;
	const struct profile *profile = input->profile;

	for (size_t i = 0; i < profile->document_count; i++) {
		const struct document_spec *spec = &profile->documents[i];
		const char *side = missing_side(file, spec->type), *message = NULL;

		if (!spec->mandatory)
			continue;
		if (side)
			message = arena_printf(arena, "%s (%s) is missing: upload it before you submit",
					       profile_document_title(input->profile, spec->type), side);
		else if (!document_is_uploaded(file, spec->type))
			message = arena_printf(arena, "%s is missing: upload it before you submit",
					       profile_document_title(profile, spec->type));
		if (message)
			add_blocker(arena, out, BLOCKER_DOCUMENT_MISSING, spec->type, "%s", message);
	}
}

static void groups_check(struct arena *arena, const struct rules_input *input, struct blockers *out)
{
	for (size_t g = 0; g < input->profile->group_count; g++) {
		const struct document_group *group = &input->profile->groups[g];

		if (document_group_is_open(arena, input, group))
			add_blocker(arena, out, BLOCKER_DOCUMENT_MISSING, group->id,
				    "%s is missing: upload it before you submit. Any of these will do: %s",
				    missing_group_text(arena, input, group), group->choices);
	}
}

/* A party that is verified by a document needs that document at submission (seed avenia-kyb-level-1, "UBO
 * identification (per UBO)"). */
static void identifications_check(struct arena *arena, const struct case_file *file, const struct profile *profile,
				  struct blockers *out)
{
	for (size_t i = 0; i < file->party_count; i++) {
		const struct party *party = &file->parties[i];
		enum verify_by by = profile_party_verification(profile, party->kind);
		const struct document *document =
			by == VERIFY_DOCUMENT ? party_identity_document(file, profile, party) : NULL;

		if (by != VERIFY_DOCUMENT || (document && document->upload == UPLOAD_READY))
			continue;
		add_blocker(arena, out, BLOCKER_DOCUMENT_MISSING, party->id,
			    "The identification of %s is missing: upload it before you submit", party->name);
	}
}

/* If the client declares the parties, submission needs a natural person with a control role (seed
 * avenia-kyb-level-1, "At least one must have hasControl set"). */
static void control_role_check(struct arena *arena, const struct case_file *file, const struct profile *profile,
			       struct blockers *out)
{
	/* A field rule decides whether the case needs any party. */
	if (!profile->parties.client_declares_parties || !profile->parties.control_role_required || !file->party_count)
		return;
	for (size_t i = 0; i < file->party_count; i++) {
		if (file->parties[i].kind == PARTY_INDIVIDUAL && *file->parties[i].control_role)
			return;
	}
	add_blocker(arena, out, BLOCKER_PARTY_MISSING, "parties",
		    "No natural person has a control role; add the person who controls the "
		    "company before you submit");
}

/* The last decision that was not undone. A first approval changed nothing and does not count. */
static const struct decision *last_valid_decision(const struct case_file *file)
{
	for (size_t i = file->decision_count; i-- > 0;) {
		const struct decision *decision = &file->decisions[i];

		if (!decision->undone && !decision->is_first_decision && decision->kind != DECISION_UNDO)
			return decision;
	}
	return NULL;
}

bool case_may_resubmit(struct arena *arena, const struct case_file *file, const struct profile *profile,
		       const char **sentence)
{
	const struct session *session = &file->session;
	const struct decision *last = last_valid_decision(file);
	bool retryable = last ? last->kind == DECISION_REJECT && last->retryable : session->retryable;

	*sentence = "";
	if (session->status != SESSION_REJECTED)
		*sentence = arena_printf(arena, "Only a rejected case can be submitted again; this case is %s",
					 session_status_title(session->status));
	else if (!profile->attempts.resubmit)
		*sentence =
			arena_printf(arena, "The workflow %s has no second attempt after a rejection; open a new case",
				     profile->name);
	else if (!retryable)
		*sentence = "The rejection is final: it was not marked as retryable, so the case cannot be submitted "
			    "again";
	else if (profile->attempts.max_attempts && session->attempt_number >= profile->attempts.max_attempts)
		*sentence = arena_printf(arena, "All %lld attempts of this case are used up; open a new case",
					 (long long)profile->attempts.max_attempts);
	return !**sentence;
}

/* --- corrections --- */

struct answer {
	struct arena *arena;
	const struct rules_input *input;
	const struct correction *correction;
};

static const struct value *previous_value(const struct answer *answer, const char *member)
{
	return value_member(answer->correction->before, member);
}

static bool is_new_value(const struct answer *answer, const char *name, const struct value *now)
{
	const struct value *before = value_member(previous_value(answer, "fields"), name);

	return !value_is_empty(now) && !value_equal(before, now);
}

static bool was_uploaded_before(const struct value *before, const char *sha256)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct value *sides = value_member(&before->items[i], "sides");

		if (!strcmp(value_text(value_member(&before->items[i], "sha256")), sha256))
			return true;
		for (size_t s = 0; sides && s < sides->count; s++) {
			if (!strcmp(value_text(value_member(&sides->items[s], "sha256")), sha256))
				return true;
		}
	}
	return false;
}

static bool is_new_file(const struct answer *answer, const struct document *document)
{
	const struct value *before = previous_value(answer, "documents");

	if (document->replaced || document->upload != UPLOAD_READY || !document_has_all_sides(document))
		return false;
	if (!before)
		return document->uploaded_at != TIME_NONE && document->uploaded_at >= answer->correction->requested_at;
	for (size_t s = 0; s < document_side_count(document); s++) {
		/* A file with the same bytes and another name is not new. */
		if (!was_uploaded_before(before, document_side(document, s).sha256))
			return true;
	}
	return false;
}

/* Whether the client provided each document of this type that the correction names. A named document without a file
 * (a record) may have been filled; if the correction names none of the type, any new file of the type will do.
 * *document: the document that is still open; NULL: none. */
static bool has_new_file(const struct answer *answer, const char *type, const struct document **document)
{
	const struct case_file *file = answer->input->file;
	const struct correction *correction = answer->correction;
	bool named = false, any = false;

	*document = NULL;
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document *at = &file->documents[i];

		if (strcmp(at->type, type) != 0)
			continue;
		any = any || is_new_file(answer, at);
		if (!correction_has_document(correction, at->id))
			continue;
		named = true;
		if (!*document && !is_new_file(answer, document_successor(file, at)))
			*document = at;
	}
	return named ? !*document : any;
}

static bool has_new_party(const struct answer *answer)
{
	const struct value *before = previous_value(answer, "parties");
	const struct case_file *file = answer->input->file;

	for (size_t p = 0; before && p < file->party_count; p++) {
		bool known = false;

		for (size_t i = 0; i < before->count; i++)
			known = known || !strcmp(value_text(&before->items[i]), file->parties[p].id);
		if (!known)
			return true;
	}
	return false;
}

/* Whether the party, or its member, is as at the time of the request. `path`: the correction's name of both. A removed party counts as changed. */
static bool party_is_unchanged(const struct answer *answer, const char *path, const char *id, const char *member)
{
	const struct value *marks = previous_value(answer, "party_marks");
	const struct party *party = case_party(answer->input->file, id);

	return party && !strcmp(value_text(value_member(marks, path)), party_member_mark(answer->arena, party, member));
}

static bool has_explanation(const struct answer *answer)
{
	const char *words = value_text(value_member(answer->correction->after, "words"));

	return words[strspn(words, " \t\r\n")] != '\0';
}

static const char *field_title(const struct step_spec *step, const char *name)
{
	for (size_t i = 0; step && i < step->field_count; i++) {
		if (!strcmp(step->fields[i].id, name) && *step->fields[i].title)
			return step->fields[i].title;
	}
	return name;
}

bool step_is_about_parties(const struct profile *profile, const char *step_id)
{
	const struct step_spec *step = profile_step(profile, step_id);

	for (size_t i = 0; i < profile->document_count; i++) {
		const struct document_spec *spec = &profile->documents[i];

		if (spec->mandatory && spec->step_id && !strcmp(spec->step_id, step_id))
			return false;
	}
	return !step || !step->field_count;
}

/* For a correction that names no field and no type: whether any value, file or party of the step is new. */
static bool answer_has_changes(const struct answer *answer)
{
	const struct case_file *file = answer->input->file;
	const struct profile *profile = answer->input->profile;
	const char *id = answer->correction->step_id;

	const struct step *own = case_step(file, id);
	const struct value *values = own && previous_value(answer, "fields") ? own->values : NULL;

	for (size_t i = 0; values && values->kind == VALUE_OBJECT && i < values->count; i++)
		if (is_new_value(answer, values->keys[i], &values->items[i]))
			return true;
	for (size_t i = 0; i < file->document_count; i++) {
		const struct document_spec *spec = profile_document(profile, file->documents[i].type);
		const char *step = *file->documents[i].step_id ? file->documents[i].step_id
				   : spec && spec->step_id     ? spec->step_id
							       : "";

		if (!strcmp(step, id) && file->documents[i].uploaded_at != TIME_NONE &&
		    file->documents[i].uploaded_at >= answer->correction->requested_at &&
		    is_new_file(answer, &file->documents[i]))
			return true;
	}
	/* For a step about the parties, a new party counts as an answer. */
	return step_is_about_parties(profile, id) && has_new_party(answer);
}

/* Whether the client answered a correction. Every named field needs a new value, and every named type of document a new
 * file. If the correction names neither, any value or file of its step must have changed, or a party must be new. An
 * explanation in the client's words also counts as an answer, and so does a closed correction. Needs parsed values
 * (codec/value_codec.h, case_values_parse()).
 *
 * The earlier values are in correction.before_json, {"fields":{…},"documents":[{"type","sha256"}],"parties":[id …]}.
 * Code that creates a correction must set before_json: without the earlier values, any value counts, and any file later
 * than requested_at. The client's words are in correction.after_json, {"words":"…"}. */
static bool correction_is_answered(struct arena *arena, const struct rules_input *input,
				   const struct correction *correction, const char **missing)
{
	const struct answer answer = { .arena = arena, .input = input, .correction = correction };
	const struct step_spec *step = profile_step(input->profile, correction->step_id);

	*missing = "";
	if (correction->state == CORRECTION_ACCEPTED || correction->state == CORRECTION_WITHDRAWN ||
	    has_explanation(&answer))
		return true;
	for (size_t i = 0; i < correction->field_count && !**missing; i++) {
		/* A correction may name "addresses[0].zip_code"; the stored value is the whole list. */
		const char *name =
			arena_strndup(arena, correction->field_ids[i], strcspn(correction->field_ids[i], ".["));
		const struct value *now = rules_step_value(arena, input, correction->step_id, name);
		const char *id;
		size_t length = field_path_party(correction->field_ids[i], &id);

		if (length) {
			const char *party = arena_strndup(arena, id, length);
			const char *member = id[length + 1] ? id + length + 2 : "";

			if (party_is_unchanged(&answer, correction->field_ids[i], party, member))
				*missing = arena_printf(arena, "%s is unchanged", *member ? member : "the person");
			continue;
		}
		if (!is_new_value(&answer, name, now))
			*missing = arena_printf(arena, "%s is %s", field_title(step, name),
						value_is_empty(now) ? "empty" : "unchanged");
	}
	for (size_t i = 0; i < correction->document_type_count && !**missing; i++) {
		const char *type = correction->document_types[i];
		const struct document *open;

		if (!has_new_file(&answer, type, &open))
			*missing = arena_printf(arena, "no new file of %s was uploaded",
						open ? document_thing_text(arena, input->file, input->profile, open,
									   profile_document_title(input->profile, type))
						     : profile_document_title(input->profile, type));
	}
	if (*correction->party_id && !**missing &&
	    party_is_unchanged(&answer, correction->party_id, correction->party_id, ""))
		*missing = "nothing was changed about this person";
	if (correction_is_of_step(correction) && !answer_has_changes(&answer))
		*missing = "nothing was changed in this step";
	return !**missing;
}

static void corrections_check(struct arena *arena, const struct rules_input *input, struct blockers *out)
{
	const struct case_file *file = input->file;

	for (size_t i = 0; i < file->correction_count; i++) {
		const struct correction *correction = &file->corrections[i];
		const char *missing;

		if (correction_is_answered(arena, input, correction, &missing))
			continue;
		add_blocker(arena, out, BLOCKER_CORRECTION_OPEN, correction->id,
			    "The correction of %s is not answered: %s; make the change, or explain "
			    "in your own words why not",
			    profile_step_title(input->profile, correction->step_id), missing);
	}
}

/* A field that a step or a party needs. The values themselves were checked when they were saved. */
static void fields_check(struct arena *arena, const struct rules_input *input, struct blockers *out)
{
	struct rule_failures failures = { 0 };

	rules_check_case(arena, input, &failures);
	for (size_t i = 0; i < failures.count; i++) {
		const struct rule_failure *failure = &failures.items[i];

		if (!strcmp(failure->rule, rule_kind_text(RULE_REQUIRED)))
			add_blocker(arena, out, BLOCKER_FIELD_INVALID, failure->path, "%s", failure->message);
	}
}

/* Several calls may declare more than 100 % on the way from 60/40 to 40/60; a submission may not. */
static void ownership_check(struct arena *arena, const struct rules_input *input, struct blockers *out)
{
	size_t count = 0;
	/* Computed on a copy, since it fills in the shares of each party. */
	struct case_file file = *input->file;
	file.parties = arena_memdup(arena, file.parties, file.party_count * sizeof *file.parties);
	const struct ownership_problem *problems = ownership_compute(arena, &file, input->profile, &count);

	for (size_t i = 0; input->profile->parties.client_declares_parties && i < count; i++)
		if (!problems[i].is_question)
			add_blocker(arena, out, BLOCKER_OWNERSHIP_INVALID,
				    *problems[i].ref ? problems[i].ref : "parties", "%s", problems[i].message);
}

void submit_check(struct arena *arena, const struct rules_input *input, struct blockers *out)
{
	*out = (struct blockers){ 0 };
	if (input->file->session.status == SESSION_AWAITING_CLIENT_CORRECTION) {
		corrections_check(arena, input, out);
	} else if (input->profile->submit_needs_mandatory) {
		documents_check(arena, input, out);
		groups_check(arena, input, out);
		identifications_check(arena, input->file, input->profile, out);
		control_role_check(arena, input->file, input->profile, out);
		fields_check(arena, input, out);
		ownership_check(arena, input, out);
	}
}
