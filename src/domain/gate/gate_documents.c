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

static bool is_document_ready(const struct gate *gate, const struct document *document)
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
struct required_doc {
	const char *type, *title;
	const struct document_group *group; /* NULL: only documents of the type `type` match */
	bool mandatory;
	size_t first; /* index of the first matching document; document_count: none */
};
struct required_docs {
	struct required_doc *items;
	size_t count, capacity;
};

static bool required_doc_matches(const struct required_doc *required_doc, const struct document *document)
{
	if (!document_is_current(document))
		return false;
	return required_doc->group ? document_group_has_type(required_doc->group, document->type)
				   : !strcmp(document->type, required_doc->type);
}

static bool is_document_required(const struct required_docs *required_docs, const struct document *document)
{
	for (size_t i = 0; i < required_docs->count; i++) {
		if (required_doc_matches(&required_docs->items[i], document))
			return true;
	}
	return false;
}

static void add_required_doc(const struct gate *gate, struct required_docs *required_docs,
			     const struct document_spec *spec, const struct document *document)
{
	struct required_doc *required_doc;

	if (document && is_document_required(required_docs, document))
		return;
	required_doc = ARENA_PUSH(gate->arena, required_docs->items, required_docs->count, required_docs->capacity);
	*required_doc = (struct required_doc){ .mandatory = spec != NULL };
	required_doc->type = spec ? spec->type : document->type;
	required_doc->title = spec && *spec->title ? spec->title : required_doc->type;
	required_doc->first = document ? (size_t)(document - gate->file->documents) : gate->file->document_count;
}

/* Whether the group applies. While the reviewer acts for the provider's portal, no group applies, because the
 * client has not uploaded anything yet. */
static bool group_applies(const struct gate *gate, const struct document_group *group)
{
	const struct rules_input input = gate_rules_input(gate);

	return !gate_reviewer_acts_as_provider(gate) && document_group_applies(gate->arena, &input, group);
}

static void add_required_group(const struct gate *gate, struct required_docs *required_docs,
			       const struct document_group *group)
{
	struct required_doc *required_doc;

	if (!group_applies(gate, group))
		return;
	required_doc = ARENA_PUSH(gate->arena, required_docs->items, required_docs->count, required_docs->capacity);
	*required_doc =
		(struct required_doc){ .type = group->id, .title = group->title, .group = group, .mandatory = true };
	while (required_doc->first < gate->file->document_count &&
	       !required_doc_matches(required_doc, &gate->file->documents[required_doc->first]))
		required_doc->first++;
}

static void collect_required_docs(const struct gate *gate, struct required_docs *required_docs)
{
	const struct profile *profile = gate->context->profile;
	const struct case_file *file = gate->file;

	for (size_t s = 0; s < profile->document_count; s++) {
		const struct document_spec *spec = &profile->documents[s];
		bool uploaded = false;

		if (!spec->mandatory)
			continue;
		for (size_t i = 0; i < file->document_count; i++) {
			if (!document_is_current(&file->documents[i]) || strcmp(file->documents[i].type, spec->type))
				continue;
			uploaded = true;
			add_required_doc(gate, required_docs, spec, &file->documents[i]);
		}
		if (!uploaded)
			add_required_doc(gate, required_docs, spec, NULL);
	}
	for (size_t g = 0; g < profile->group_count; g++)
		add_required_group(gate, required_docs, &profile->groups[g]);
	for (size_t i = 0; profile->allows_other_documents && i < file->document_count; i++) {
		const struct document *document = &file->documents[i];

		if (document_is_current(document) && !profile_document(profile, document->type))
			add_required_doc(gate, required_docs, NULL, document);
	}
}

static bool has_required_doc(const struct gate *gate, const struct required_doc *required_doc,
			     bool (*test)(const struct gate *, const struct document *))
{
	for (size_t i = required_doc->first; i < gate->file->document_count; i++) {
		if (required_doc_matches(required_doc, &gate->file->documents[i]) &&
		    test(gate, &gate->file->documents[i]))
			return true;
	}
	return false;
}

/* The missing file: for a double-sided document the side that the client must still upload. */
struct missing_doc {
	const char *ref, *name;
	const char *choices; /* the titles of the group's types; NULL: not a group */
	enum upload_state upload;
};

static void add_missing_finding(struct gate *gate, const struct missing_doc *missing_doc)
{
	enum awaited_side awaited_side =
		missing_doc->upload == UPLOAD_PROCESSING ? WAITS_PROVIDER : gate_awaited_client(gate);
	static const char none[] = "no file has been uploaded; ask the client for it";
	static const char *const whys[] = {
		[UPLOAD_REQUIRED] = none,
		[UPLOAD_WAITING] = "the upload has not arrived yet; wait, or ask the client for it",
		[UPLOAD_PROCESSING] = "the upload is still being processed; wait for it",
		[UPLOAD_READY] = none,
		[UPLOAD_REJECTED] = "the upload was refused; ask the client for another file",
	};
	WORDS_CHECK_TABLE(whys, UPLOAD_STATE_WORDS);

	gate_add_finding(gate, BLOCKER_DOCUMENT_MISSING, missing_doc->ref, "%s is missing: %s%s%s", missing_doc->name,
			 whys[missing_doc->upload], missing_doc->choices ? ". Any of these will do: " : "",
			 missing_doc->choices ? missing_doc->choices : "")
		->awaited_side = awaited_side;
}

static struct missing_doc missing_doc_of(const struct required_doc *required_doc, const struct document *document)
{
	return (struct missing_doc){ .ref = document && *document->id ? document->id : required_doc->type,
				     .name = required_doc->title,
				     .choices = required_doc->group ? required_doc->group->choices : NULL,
				     .upload = document ? document->upload : UPLOAD_REQUIRED };
}

/* Whether another file of the same document replaces a file that is not ready. */
static bool has_replacement(const struct gate *gate, const struct required_doc *required_doc,
			    const struct document *document)
{
	if (required_doc->mandatory || document->upload == UPLOAD_REJECTED)
		return has_required_doc(gate, required_doc, is_document_ready);
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
				add_missing_finding(gate, &(const struct missing_doc){
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
	struct required_docs required_docs = { 0 };

	find_missing_sides(gate);
	collect_required_docs(gate, &required_docs);
	for (size_t n = 0; n < required_docs.count; n++) {
		const struct required_doc *required_doc = &required_docs.items[n];
		struct missing_doc missing_doc;

		if (required_doc->first == gate->file->document_count) {
			missing_doc = missing_doc_of(required_doc, NULL);
			add_missing_finding(gate, &missing_doc);
			continue;
		}
		for (size_t i = required_doc->first; i < gate->file->document_count; i++) {
			const struct document *document = &gate->file->documents[i];

			if (!required_doc_matches(required_doc, document) || is_document_ready(gate, document) ||
			    lacks_one_side(document) || has_replacement(gate, required_doc, document))
				continue;
			missing_doc = missing_doc_of(required_doc, document);
			add_missing_finding(gate, &missing_doc);
			/* One blocker is enough for a mandatory type, because the type needs only one file. */
			if (required_doc->mandatory)
				break;
		}
	}
}

/* Whether the bytes have arrived, or are with the provider. A record that waits for its file does not count. */
static bool has_bytes(const struct document *document)
{
	if (!document_is_current(document))
		return false;
	/* A required document with all its sides was requested again; its old file counts until a new file arrives. */
	if (document->upload == UPLOAD_REQUIRED)
		return document_has_all_sides(document);
	return document->upload == UPLOAD_READY || document->upload == UPLOAD_PROCESSING;
}

/* Returns the title without the file name, because a file name may contain the name of a person. */
const char *document_title(const struct gate *gate, const struct document *document)
{
	return profile_document_title(gate->context->profile, document->type);
}

static bool group_has_accepted_document(const struct gate *gate, const struct document_group *group)
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
		if (!group_has_accepted_document(gate, group))
			return false;
		any = true;
	}
	return any;
}

/* Whether the file is rejected, and each of its groups has an accepted file. */
static bool group_has_replacement(const struct gate *gate, const struct document *document)
{
	return document->review == REVIEW_REJECTED && is_document_ready(gate, document) &&
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
	enum awaited_side awaited_side = WAITS_NOBODY;

	if (document->upload == UPLOAD_PROCESSING) {
		awaited_side = WAITS_PROVIDER;
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
	gate_add_finding(gate, BLOCKER_DOCUMENT_NOT_ACCEPTED, document->id, "%s %s", name, what)->awaited_side =
		awaited_side;
}

/* Whether the document was accepted and has expired (before or after its acceptance). */
static bool is_accepted_expired(const struct gate *gate, const struct document *document)
{
	return is_document_ready(gate, document) && document->review == REVIEW_ACCEPTED && has_expired(gate, document);
}

static void add_expiry_finding(struct gate *gate, const struct document *document)
{
	gate_add_finding(gate, BLOCKER_DOCUMENT_NOT_ACCEPTED, document->id,
			 "%s was accepted, but the document expired on %s; reject it and request a valid document",
			 document_title(gate, document), date_text(gate->arena, document->expires_on));
}

/* Whether the document is a required file that is not ready, and no other file replaces it. Such a file has the
 * blocker document_missing. */
static bool is_document_missing(const struct gate *gate, const struct required_docs *required_docs,
				const struct document *document)
{
	for (size_t n = 0; n < required_docs->count && document->upload != UPLOAD_READY; n++) {
		if (required_doc_matches(&required_docs->items[n], document) &&
		    !has_replacement(gate, &required_docs->items[n], document))
			return true;
	}
	return false;
}

void gate_find_unaccepted_document(struct gate *gate)
{
	struct required_docs required_docs = { 0 };

	collect_required_docs(gate, &required_docs);
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
			   !is_document_missing(gate, &required_docs, document)) {
			add_review_finding(gate, document);
		}
	}
}

const char *gate_documents_text(const struct gate *gate)
{
	struct required_docs required_docs = { 0 };
	bool all_mandatory = true;

	collect_required_docs(gate, &required_docs);
	if (!required_docs.count)
		return NULL;
	for (size_t n = 0; n < required_docs.count; n++)
		all_mandatory = all_mandatory && required_docs.items[n].mandatory;
	return arena_printf(gate->arena, "%zu of %zu %sdocuments are uploaded", required_docs.count,
			    required_docs.count, all_mandatory ? "mandatory " : "");
}

const char *gate_reviews_text(const struct gate *gate)
{
	size_t there = 0;

	for (size_t i = 0; i < gate->file->document_count; i++)
		there +=
			has_bytes(&gate->file->documents[i]) && !group_has_replacement(gate, &gate->file->documents[i]);
	if (!there)
		return NULL;
	return arena_printf(gate->arena, "%zu of %zu uploaded documents are accepted", there, there);
}
