/* Documents in the gate. Each mandatory type and each group of types needs one ready file. Every uploaded file must
 * be accepted, even if its type has several files. A rejected file does not block if its group has an accepted
 * file. Replaced files do not count. */
#include "gate_parts.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/document_group.h"

#include <string.h>

bool document_is_current(const struct document *document)
{
	return !document->replaced;
}

bool document_is_valid(const struct document *document)
{
	return document_is_current(document) && document->upload == UPLOAD_READY &&
	       document->review == REVIEW_ACCEPTED && document->standing.valid;
}

static bool is_ready(const struct gate *gate, const struct document *document)
{
	(void)gate;
	return document_is_current(document) && document->upload == UPLOAD_READY;
}

int64_t document_expires_at(const struct document *document)
{
	return document->expires_on + DAY_MS;
}

static bool has_expired(const struct gate *gate, const struct document *document)
{
	return document->expires_on != TIME_NONE && gate->context->now >= document_expires_at(document);
}

static bool is_accepted(const struct gate *gate, const struct document *document)
{
	return document_is_valid(document) && !has_expired(gate, document);
}

/* A required document: a mandatory type, any type of a group, or a type that the session recorded. */
struct need {
	const char *type, *title;
	const struct document_group *group; /* NULL: the document needs the type `type` */
	bool mandatory;
	size_t first; /* index of the first matching document; document_count: none */
};
struct needs {
	struct need *items;
	size_t count, capacity;
};

static bool need_matches(const struct need *need, const struct document *document)
{
	if (!document_is_current(document))
		return false;
	return need->group ? document_group_has_type(need->group, document->type)
			   : !strcmp(document->type, need->type);
}

static bool needs_document(const struct needs *needs, const struct document *document)
{
	for (size_t i = 0; i < needs->count; i++) {
		if (need_matches(&needs->items[i], document))
			return true;
	}
	return false;
}

static void add_need(const struct gate *gate, struct needs *needs, const struct document_spec *spec,
		     const struct document *document)
{
	struct need *need;

	if (document && needs_document(needs, document))
		return;
	need = ARENA_PUSH(gate->arena, needs->items, needs->count, needs->capacity);
	*need = (struct need){ .mandatory = spec != NULL };
	need->type = spec ? spec->type : document->type;
	need->title = spec && *spec->title ? spec->title : need->type;
	need->first = document ? (size_t)(document - gate->file->documents) : gate->file->document_count;
}

/* Whether the group applies. While the reviewer acts for the provider's portal, no group applies, because the
 * client has not uploaded anything yet. */
static bool group_applies(const struct gate *gate, const struct document_group *group)
{
	const struct rules_input input = gate_rules_input(gate);

	return !gate_reviewer_acts_as_provider(gate) && document_group_applies(gate->arena, &input, group);
}

static void add_group_need(const struct gate *gate, struct needs *needs, const struct document_group *group)
{
	struct need *need;

	if (!group_applies(gate, group))
		return;
	need = ARENA_PUSH(gate->arena, needs->items, needs->count, needs->capacity);
	*need = (struct need){ .type = group->id, .title = group->title, .group = group, .mandatory = true };
	while (need->first < gate->file->document_count && !need_matches(need, &gate->file->documents[need->first]))
		need->first++;
}

static void collect_needs(const struct gate *gate, struct needs *needs)
{
	const struct profile *profile = gate->context->profile;
	const struct case_file *file = gate->file;

	for (size_t s = 0; s < profile->document_count; s++) {
		const struct document_spec *spec = &profile->documents[s];
		bool uploaded = false;

		if (!spec->mandatory)
			continue;
		for (size_t i = 0; i < file->document_count; i++) {
			if (!document_is_current(&file->documents[i]) ||
			    strcmp(file->documents[i].type, spec->type))
				continue;
			uploaded = true;
			add_need(gate, needs, spec, &file->documents[i]);
		}
		if (!uploaded)
			add_need(gate, needs, spec, NULL);
	}
	for (size_t g = 0; g < profile->group_count; g++)
		add_group_need(gate, needs, &profile->groups[g]);
	for (size_t i = 0; profile->other_documents && i < file->document_count; i++) {
		const struct document *document = &file->documents[i];

		if (document_is_current(document) && !profile_document(profile, document->type))
			add_need(gate, needs, NULL, document);
	}
}

static bool need_has_document(const struct gate *gate, const struct need *need,
			      bool (*test)(const struct gate *, const struct document *))
{
	for (size_t i = need->first; i < gate->file->document_count; i++) {
		if (need_matches(need, &gate->file->documents[i]) && test(gate, &gate->file->documents[i]))
			return true;
	}
	return false;
}

/* The missing file: for a double-sided document the side that the client must still upload. */
struct missing {
	const char *ref, *name;
	const char *choices; /* the titles of the group's types; NULL: not a group */
	enum upload_state upload;
};

static void add_missing_finding(struct gate *gate, const struct missing *missing)
{
	enum waits_for waits_for =
		missing->upload == UPLOAD_PROCESSING ? WAITS_PROVIDER : gate_client_waits_for(gate);
	static const char none[] = "no file has been uploaded; ask the client for it";
	static const char *const whys[] = {
		[UPLOAD_REQUIRED] = none,
		[UPLOAD_WAITING] = "the upload has not arrived yet; wait, or ask the client for it",
		[UPLOAD_PROCESSING] = "the upload is still being processed; wait for it",
		[UPLOAD_READY] = none,
		[UPLOAD_REJECTED] = "the upload was refused; ask the client for another file",
	};
	WORDS_HOLD(whys, UPLOAD_STATE_WORDS);

	gate_add(gate, BLOCKER_DOCUMENT_MISSING, missing->ref, "%s is missing: %s%s%s", missing->name,
		 whys[missing->upload], missing->choices ? ". Any of these will do: " : "",
		 missing->choices ? missing->choices : "")
		->waits_for = waits_for;
}

static struct missing missing_of(const struct need *need, const struct document *document)
{
	return (struct missing){ .ref = document && *document->id ? document->id : need->type,
				 .name = need->title,
				 .choices = need->group ? need->group->choices : NULL,
				 .upload = document ? document->upload : UPLOAD_REQUIRED };
}

/* Whether another file of the same document replaces a file that is not ready. */
static bool has_replacement(const struct gate *gate, const struct need *need, const struct document *document)
{
	if (need->mandatory || document->upload == UPLOAD_REJECTED)
		return need_has_document(gate, need, is_ready);
	return false;
}

/* Whether one side of the document is uploaded and the other side is missing. */
static bool lacks_one_side(const struct document *document)
{
	return document_is_current(document) && document_lacks_side(document);
}

static void find_missing_sides(struct gate *gate)
{
	for (size_t i = 0; i < gate->file->document_count; i++) {
		const struct document *document = &gate->file->documents[i];

		for (size_t s = 0; lacks_one_side(document) && s < SIDE_COUNT; s++) {
			const struct document_side side = document_side(document, s);

			if (!*side.sha256)
				add_missing_finding(gate,
						    &(const struct missing){
							    .ref = document->id,
							    .name = arena_printf(gate->arena, "%s (%s)",
										 document_title(gate, document),
										 side_text((enum side)s)),
							    .upload = side.upload });
		}
	}
}

void gate_find_missing_document(struct gate *gate)
{
	struct needs needs = { 0 };

	find_missing_sides(gate);
	collect_needs(gate, &needs);
	for (size_t n = 0; n < needs.count; n++) {
		const struct need *need = &needs.items[n];
		struct missing missing;

		if (need->first == gate->file->document_count) {
			missing = missing_of(need, NULL);
			add_missing_finding(gate, &missing);
			continue;
		}
		for (size_t i = need->first; i < gate->file->document_count; i++) {
			const struct document *document = &gate->file->documents[i];

			if (!need_matches(need, document) || is_ready(gate, document) || lacks_one_side(document) ||
			    has_replacement(gate, need, document))
				continue;
			missing = missing_of(need, document);
			add_missing_finding(gate, &missing);
			/* One blocker is enough for a mandatory type, because the type needs only one file. */
			if (need->mandatory)
				break;
		}
	}
}

/* Whether the bytes have arrived, or are with the provider. A record that waits for its file does not count. */
static bool has_bytes(const struct document *document)
{
	if (!document_is_current(document))
		return false;
	/* If all sides are present, the document is requested again, and its old file is not replaced yet. */
	if (document->upload == UPLOAD_REQUIRED)
		return document_has_all_sides(document);
	return document->upload == UPLOAD_READY || document->upload == UPLOAD_PROCESSING;
}

/* Returns the title without the file name, because a file name may contain the name of a person. */
const char *document_title(const struct gate *gate, const struct document *document)
{
	return profile_document_title(gate->context->profile, document->type);
}

static bool group_has_accepted(const struct gate *gate, const struct document_group *group)
{
	for (size_t i = 0; i < gate->file->document_count; i++) {
		const struct document *document = &gate->file->documents[i];

		if (document_group_has_type(group, document->type) && is_accepted(gate, document))
			return true;
	}
	return false;
}

/* Whether each group of the document's type has an accepted document. */
static bool groups_have_accepted(const struct gate *gate, const struct document *document)
{
	const struct profile *profile = gate->context->profile;
	bool any = false;

	for (size_t g = 0; g < profile->group_count; g++) {
		const struct document_group *group = &profile->groups[g];

		if (!document_group_has_type(group, document->type) || !group_applies(gate, group))
			continue;
		if (!group_has_accepted(gate, group))
			return false;
		any = true;
	}
	return any;
}

/* Whether the file is rejected, and each of its groups has an accepted file. */
static bool group_has_replacement(const struct gate *gate, const struct document *document)
{
	return document->review == REVIEW_REJECTED && is_ready(gate, document) &&
	       groups_have_accepted(gate, document);
}

static bool has_valid_document(const struct gate *gate, const struct document *expired)
{
	for (size_t i = 0; i < gate->file->document_count; i++) {
		const struct document *document = &gate->file->documents[i];

		if (!strcmp(document->type, expired->type) && is_accepted(gate, document))
			return true;
	}
	return groups_have_accepted(gate, expired);
}

/* The choices of the first group that has the document's type; NULL: none. */
static const char *other_choices(const struct gate *gate, const struct document *document)
{
	const struct profile *profile = gate->context->profile;

	for (size_t g = 0; g < profile->group_count; g++) {
		if (document_group_has_type(&profile->groups[g], document->type) &&
		    group_applies(gate, &profile->groups[g]))
			return profile->groups[g].choices;
	}
	return NULL;
}

static void add_review_finding(struct gate *gate, const struct document *document)
{
	const char *name = document_title(gate, document), *what;
	enum waits_for waits_for = WAITS_NOBODY;

	if (document->upload == UPLOAD_PROCESSING) {
		waits_for = WAITS_PROVIDER;
		what = "is still being processed; wait for it, then review it";
	} else if (document->upload == UPLOAD_REQUIRED) {
		what = "was requested again, but no new file was uploaded; ask the client for it, or withdraw the "
		       "correction";
	} else if (document->review == REVIEW_UNREVIEWED) {
		what = "is not reviewed yet; accept or reject it";
	} else {
		const char *choices = other_choices(gate, document);
		const char *reason = text_with_spaces(gate->arena, document->review_reason);
		what = arena_printf(gate->arena, "was rejected%s%s; ask the client for another file%s%s",
				    *reason ? " as " : "", reason, choices ? ". Any of these will do: " : "",
				    choices ? choices : "");
	}
	gate_add(gate, BLOCKER_DOCUMENT_NOT_ACCEPTED, document->id, "%s %s", name, what)->waits_for = waits_for;
}

/* Whether the document was accepted and has expired (before or after its acceptance). */
static bool is_accepted_expired(const struct gate *gate, const struct document *document)
{
	return is_ready(gate, document) && document->review == REVIEW_ACCEPTED && has_expired(gate, document);
}

static void add_expiry_finding(struct gate *gate, const struct document *document)
{
	gate_add(gate, BLOCKER_DOCUMENT_NOT_ACCEPTED, document->id,
		 "%s was accepted, but the document expired on %s; reject it and request a valid document",
		 document_title(gate, document), date_text(gate->arena, document->expires_on));
}

/* Whether the document is a required file that is not ready, and no other file replaces it. Such a file has the
 * blocker document_missing. */
static bool is_missing(const struct gate *gate, const struct needs *needs, const struct document *document)
{
	for (size_t n = 0; n < needs->count && document->upload != UPLOAD_READY; n++) {
		if (need_matches(&needs->items[n], document) && !has_replacement(gate, &needs->items[n], document))
			return true;
	}
	return false;
}

void gate_find_unaccepted_document(struct gate *gate)
{
	struct needs needs = { 0 };

	collect_needs(gate, &needs);
	for (size_t i = 0; i < gate->file->document_count; i++) {
		const struct document *document = &gate->file->documents[i];

		if (group_has_replacement(gate, document))
			continue;
		if (is_accepted_expired(gate, document)) {
			if (!has_valid_document(gate, document))
				add_expiry_finding(gate, document);
		} else if (has_bytes(document) && !is_accepted(gate, document) &&
			   /* a document accepted for other facts has the blocker basis_changed */
			   !(document->upload == UPLOAD_READY && document->review == REVIEW_ACCEPTED) &&
			   !is_missing(gate, &needs, document)) {
			add_review_finding(gate, document);
		}
	}
}

const char *gate_documents_text(const struct gate *gate)
{
	struct needs needs = { 0 };
	bool all_mandatory = true;

	collect_needs(gate, &needs);
	if (!needs.count)
		return NULL;
	for (size_t n = 0; n < needs.count; n++)
		all_mandatory = all_mandatory && needs.items[n].mandatory;
	return arena_printf(gate->arena, "%zu of %zu %sdocuments are uploaded", needs.count, needs.count,
			    all_mandatory ? "mandatory " : "");
}

const char *gate_reviews_text(const struct gate *gate)
{
	size_t there = 0;

	for (size_t i = 0; i < gate->file->document_count; i++)
		there += has_bytes(&gate->file->documents[i]) &&
			 !group_has_replacement(gate, &gate->file->documents[i]);
	if (!there)
		return NULL;
	return arena_printf(gate->arena, "%zu of %zu uploaded documents are accepted", there, there);
}
