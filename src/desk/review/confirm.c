/* Confirms judgements after a change of their facts. */
#include "kybdesk/base/not_found.h"
#include "review/review.h"
#include "use/gatekeeping.h"

struct confirmation {
	struct use *use;
	struct facts_input facts_input;
	struct judgements judgements;
	const char **refusals; /* sentences about judgements that were not confirmed */
	size_t refusal_count, refusal_capacity;
};

static bool matches_ref(const char *reference, const struct judgement *judgement)
{
	const char *kind = judgement_kind_text(judgement->kind), *id = reference;
	size_t length = strlen(kind);

	if (!strncmp(reference, kind, length) && (reference[length] == ':' || !reference[length]))
		id = reference[length] ? reference + length + 1 : "";
	else if (!*judgement->ref)
		return false;
	length = strlen(id);
	return !strcmp(id, judgement->ref) || (length >= REFERENCE_PREFIX_MIN && !strncmp(id, judgement->ref, length));
}

static bool is_selected(const struct use_in *in, const struct judgement *judgement)
{
	for (size_t i = 0; i < in->ref_count; i++) {
		if (matches_ref(in->refs[i], judgement))
			return true;
	}
	return in->all;
}

/* Checks that the reference matches exactly one part of the case. The part may have two judgements: a verdict, and an
 * acceptance that depends on this verdict. */
static enum err check_reference(const struct confirmation *confirmation, const char *reference, struct error *error)
{
	const char *ref = NULL;

	for (size_t i = 0; i < confirmation->judgements.count; i++) {
		const struct judgement *judgement = &confirmation->judgements.items[i];

		if (!matches_ref(reference, judgement))
			continue;
		if (ref && strcmp(ref, judgement->ref) != 0)
			return error_set(error, ERR_USAGE,
					 "\"%s\" matches several judgements; use more characters of the id", reference);
		ref = judgement->ref;
	}
	if (ref)
		return ERR_OK;
	return error_not_found(error, "judgement", reference, "List the changed judgements with: kybdesk confirm CASE");
}

static enum err check_references(const struct confirmation *confirmation, struct error *error)
{
	const struct use_in *in = confirmation->use->in;
	enum err err = ERR_OK;

	if (!in->all && !in->ref_count)
		return error_set(error, ERR_USAGE, "Name the judgements to confirm, or confirm all");
	for (size_t i = 0; !err && i < in->ref_count; i++)
		err = check_reference(confirmation, in->refs[i], error);
	return err;
}

/* The reason why this actor cannot confirm the judgement; NULL: the actor can. */
static const char *refusal_reason(const struct confirmation *confirmation, const struct judgement *judgement)
{
	const struct use *use = confirmation->use;

	if (*judgement->confirm_refusal)
		return judgement_sentence(use->arena, judgement);
	if (!role_at_least(use->desk->role, judgement->role))
		return arena_printf(use->arena, "%s needs a %s to confirm it", judgement->description,
				    role_text(judgement->role));
	return NULL;
}

/* Checks a verdict as if it were new, since its reason may contradict the current case. */
static enum err check_verdict(const struct confirmation *confirmation, const struct judgement *judgement,
			      const char **why, struct error *error)
{
	struct use *use = confirmation->use;
	const struct check *check = &use->file.checks[judgement->index];
	const struct hit *hit = &check->hits[judgement->hit_index];
	enum verdict verdict = hit->state == HIT_FALSE_POSITIVE ? VERDICT_FALSE_POSITIVE
			       : hit->state == HIT_UNDETERMINED ? VERDICT_UNDETERMINED
								: VERDICT_TRUE_MATCH;
	const struct ground *ground;
	struct grounds grounds;
	enum err err = grounds_of_verdict(use, (struct hit_context){ .check = check, .hit = hit, .verdict = verdict },
					  &grounds, error);

	if (err)
		return err;
	if (grounds.must_reveal_hits)
		*why = arena_printf(use->arena,
				    "%s: reveal the case first, since a sanctions hit is judged on its values",
				    judgement->description);
	ground = verdict == VERDICT_FALSE_POSITIVE ? ground_by_code(&grounds, hit->reason) : NULL;
	if (ground &&
	    (ground->fit == FIT_NO || (ground->fit == FIT_WITH_NOTE && !reason_text_is_long_enough(hit->note))))
		*why = arena_printf(use->arena, "%s: the reason %s contradicts the record, %s; resolve the hit again",
				    judgement->description, hit->reason, ground->contradicting_fact);
	return ERR_OK;
}

/* Gives the judgement its new basis, with this actor as its author if this kind of judgement has an author. */
static enum err renew_judgement(struct confirmation *confirmation, const struct judgement *judgement,
				struct error *error)
{
	struct use *use = confirmation->use;
	struct case_file *file = &use->file;
	struct store *store = use->desk->store;
	const char *actor = use->desk->actor;
	struct document *document;
	struct duplicate *duplicate;
	struct check *check;
	struct hit *hit;

	judgement_set_basis(file, &confirmation->facts_input, judgement);
	switch (judgement->kind) {
	case JUDGEMENT_DOCUMENT:
		document = &file->documents[judgement->index];
		document->reviewed_by = actor;
		document->reviewed_at = use->now;
		return store_document_update(store, document, error);
	case JUDGEMENT_PARTY_ELSEWHERE:
		file->parties[judgement->index].verified_elsewhere_by = actor;
		return store_party_update(store, &file->parties[judgement->index], error);
	case JUDGEMENT_PARTY_KYC:
		return store_party_update(store, &file->parties[judgement->index], error);
	case JUDGEMENT_HIT:
		hit = &file->checks[judgement->index].hits[judgement->hit_index];
		hit->resolved_by = actor;
		hit->resolved_at = use->now;
		return store_hit_update(store, hit, error);
	case JUDGEMENT_HIT_ACCEPTED:
		hit = &file->checks[judgement->index].hits[judgement->hit_index];
		hit->accepted_by = actor;
		return store_hit_update(store, hit, error);
	case JUDGEMENT_WAIVER:
		check = &file->checks[judgement->index];
		check->waived_by = actor;
		return store_check_update(store, check, error);
	case JUDGEMENT_DUPLICATE:
		duplicate = &confirmation->facts_input.duplicates[judgement->index];
		duplicate->dismissed_by = actor;
		duplicate->dismissed_at = use->now;
		return store_duplicate_dismiss(store, file->session.row, duplicate, error);
	case JUDGEMENT_GAP:
		file->session.gap_by = actor;
		file->session.gap_at = use->now;
		return store_session_set_columns(store, &file->session, SESSION_COLUMNS_GAP, error);
	case JUDGEMENT_CORRECTION:
		return store_correction_update(store, &file->corrections[judgement->index], error);
	}
	BUG("no such judgement");
}

/* For each kind of judgement: the part that the actor must not have contributed (NULL: none; "check": the check of
 * the hit or waiver), and whether the judgement is always material. */
static const struct {
	const char *part;
	bool material;
} kinds[] = {
	[JUDGEMENT_DOCUMENT] = { "document", false },
	[JUDGEMENT_PARTY_KYC] = { "party", false },
	[JUDGEMENT_PARTY_ELSEWHERE] = { "party", true },
	[JUDGEMENT_HIT] = { "check", false },
	[JUDGEMENT_HIT_ACCEPTED] = { "check", true },
	[JUDGEMENT_WAIVER] = { "check", true },
	[JUDGEMENT_CORRECTION] = { "correction", false },
	[JUDGEMENT_DUPLICATE] = { NULL, false }, /* restricted duplicates are material, but never confirmed */
	[JUDGEMENT_GAP] = { NULL, true },
};
WORDS_CHECK_TABLE(kinds, JUDGEMENT_KIND_WORDS);

/* If the actor contributed the subject of the judgement, sets *why to the reason; else leaves *why unchanged. */
static enum err check_contributor(const struct confirmation *confirmation, const struct judgement *judgement,
				  const char **why, struct error *error)
{
	struct use *use = confirmation->use;
	const char *part = kinds[judgement->kind].part, *id = judgement->ref, *text = "";
	enum err err;

	if (!part)
		return ERR_OK;
	if (!strcmp(part, "check"))
		id = check_kind_text(use->file.checks[judgement->index].kind);
	err = contribution_find_conflict(use, part, id, &text, error);
	if (!err && *text)
		*why = arena_printf(use->arena, "%s: %s", judgement->description, text);
	return err;
}

/* A judgement that is material when made (desk/verbs.h) is also material when confirmed. */
static enum err record_material_judgement(struct confirmation *confirmation, const struct judgement *judgement,
					  struct error *error)
{
	struct use *use = confirmation->use;
	bool material = kinds[judgement->kind].material;

	if (judgement->kind == JUDGEMENT_HIT) {
		const struct hit *hit = &use->file.checks[judgement->index].hits[judgement->hit_index];

		material = hit->class_ == HIT_SANCTIONS && hit->state == HIT_FALSE_POSITIVE;
	}
	if (!material)
		return ERR_OK;
	use->part_count = 0;
	use_add_changed_part(use, judgement_kind_text(judgement->kind), judgement->ref);
	return contribution_record(use, use->use_case->audit_action, error);
}

static enum err try_renew_judgement(struct confirmation *confirmation, const struct judgement *judgement,
				    struct error *error)
{
	struct use *use = confirmation->use;
	const char *why = refusal_reason(confirmation, judgement);
	enum err err = ERR_OK;

	if (!why)
		err = check_contributor(confirmation, judgement, &why, error);
	if (!err && !why && judgement->kind == JUDGEMENT_HIT)
		err = check_verdict(confirmation, judgement, &why, error);
	if (err)
		return err;
	if (why) {
		*ARENA_PUSH(use->arena, confirmation->refusals, confirmation->refusal_count,
			    confirmation->refusal_capacity) = why;
		return ERR_OK;
	}
	if (judgement->kind == JUDGEMENT_DOCUMENT)
		err = document_check_bytes(use, &use->file.documents[judgement->index], error);
	if (!err)
		err = renew_judgement(confirmation, judgement, error);
	if (!err)
		err = record_material_judgement(confirmation, judgement, error);
	if (err)
		return err;
	use->out->confirmed_count++;
	return desk_write_record(use->desk, use->use_case->audit_action, &use->file.session,
				 JSON_FROM({ "judgement", AS_TEXT(judgement_kind_text(judgement->kind)) },
					   { "ref", AS_TEXT(judgement->ref) }, { "by_before", AS_TEXT(judgement->by) },
					   { "basis_before", AS_TEXT(facts_sha256(use->arena, judgement->basis)) },
					   { "basis_sha256", AS_TEXT(facts_sha256(use->arena, judgement->facts)) }),
				 error);
}

/* If no requested judgement was confirmed: returns the first reason for this as an error. */
static enum err return_refusal(const struct confirmation *confirmation, struct error *error)
{
	for (size_t i = 0; i < confirmation->judgements.count; i++) {
		const struct judgement *judgement = &confirmation->judgements.items[i];
		const char *why = refusal_reason(confirmation, judgement);

		if (judgement->valid || !why || !is_selected(confirmation->use->in, judgement))
			continue;
		if (!*judgement->confirm_refusal)
			return error_set(error, ERR_FORBIDDEN, "%s", why);
		return REFUSE(BLOCKER_BASIS_CHANGED, judgement->ref, error, "%s", why);
	}
	if (confirmation->refusal_count)
		return REFUSE(BLOCKER_BASIS_CHANGED, "", error, "%s", confirmation->refusals[0]);
	return ERR_OK;
}

/* Renews the basis of invalid judgements that the actor may make: of all (in->all), or only of the judgements in
 * in->refs. Adds the judgements that were not confirmed to out->unconfirmed_sentences; returns an error if
 * all were refused. */
enum err use_confirm(struct use *use, struct error *error)
{
	struct confirmation confirmation = { .use = use, .facts_input = { .profile = use->profile } };
	struct duplicates found;
	enum err err = desk_visible_duplicates(use->desk, use->arena, use->file.session.row, &found, error);

	if (err)
		return err;
	confirmation.facts_input.duplicates = found.items;
	confirmation.facts_input.duplicate_count = found.count;
	judgements_list(use->arena, &use->file, &confirmation.facts_input, &confirmation.judgements);
	err = check_references(&confirmation, error);
	if (!err)
		err = store_session_update(use->desk->store, &use->file.session, NULL, use->now, error);
	for (size_t i = 0; !err && i < confirmation.judgements.count; i++) {
		const struct judgement *judgement = &confirmation.judgements.items[i];

		if (!judgement->valid && is_selected(use->in, judgement))
			err = try_renew_judgement(&confirmation, judgement, error);
	}
	if (err)
		return err;
	use->out->unconfirmed_sentences = confirmation.refusals;
	use->out->unconfirmed_count = confirmation.refusal_count;
	use->out->audit_action = use->use_case->audit_action;
	if (!use->out->confirmed_count) {
		use->has_no_change = true;
		return return_refusal(&confirmation, error);
	}
	return desk_case_update(use->desk, &use->file, use->profile, false, error);
}
