/* Derives omitted ids of a line from the content of each part, never from its position. A stored part with the same
 * content keeps its stored id, even if that id was derived in another way. */
#include "import_internal.h"
#include "kybdesk/base/text.h"

/* The stored case of the line; empty if the case is new. */
struct import_present_case {
	struct case_file file;
	bool *is_document_matched, *is_party_matched,
		*is_hit_matched; /* for each stored part: whether a part of the line matched it */
	size_t hit_count;
};

enum err import_load_present(struct import_run *run, struct case_file *file, struct import_present_case **out,
			     struct error *error)
{
	struct session *session = &file->session;
	struct import_present_case *present = arena_alloc(run->arena, sizeof *present);
	int64_t row = 0;
	enum err err;

	if (!*session->id)
		session->id =
			id_derive_session(run->arena, session->merchant, session->workflow, session->external_ref);
	case_file_init(&present->file);
	err = import_begin_read(run, error);
	if (!err)
		err = store_session_by_uuid(run->desk->store, session->id, &row, error);
	if (!err && row)
		err = desk_case_load(run->desk, run->arena, row, &present->file, error);
	for (size_t i = 0; i < present->file.check_count; i++)
		present->hit_count += present->file.checks[i].hit_count;
	present->is_document_matched =
		arena_alloc_array(run->arena, present->file.document_count + 1, sizeof *present->is_document_matched);
	present->is_party_matched =
		arena_alloc_array(run->arena, present->file.party_count + 1, sizeof *present->is_party_matched);
	present->is_hit_matched =
		arena_alloc_array(run->arena, present->hit_count + 1, sizeof *present->is_hit_matched);
	*out = present;
	return err;
}

/* `twin` in the functions below: the number of earlier parts in the list with equal content. */
/* The side with the bytes that identify a document: the front, or the back of a two-sided document without a front
 * file. */
static enum side identifying_side(const struct document *document)
{
	return document->double_sided && !*document->sha256 ? SIDE_BACK : SIDE_FRONT;
}

/* Whether both documents have the same type, and the same bytes on the side that identifies a document. */
static bool is_same_upload(const struct document *a, const struct document *b)
{
	return a->double_sided == b->double_sided && identifying_side(a) == identifying_side(b) &&
	       !strcmp(a->type, b->type) &&
	       !strcmp(document_side(a, identifying_side(a)).sha256, document_side(b, identifying_side(b)).sha256);
}

static char *document_id(struct arena *arena, const char *session_id, const struct document *document, size_t twin)
{
	const enum side side = identifying_side(document);

	return id_derive(arena,
			 (const char *const[]){
				 "document", session_id, document->type, document->double_sided ? side_text(side) : "",
				 document_side(document, side).sha256, arena_printf(arena, "%zu", twin) },
			 6);
}

static char *party_id(struct arena *arena, const char *session_id, const struct party *party, size_t twin)
{
	return id_derive(arena,
			 (const char *const[]){ "party", session_id, party_kind_text(party->kind), party->name,
						party->date_of_birth, arena_printf(arena, "%zu", twin) },
			 6);
}

static char *hit_id(struct arena *arena, const char *session_id, enum check_kind kind, const struct hit *hit,
		    size_t twin)
{
	return id_derive(arena,
			 (const char *const[]){ "hit", session_id, check_kind_text(kind), hit->list, hit->name,
						arena_printf(arena, "%zu", twin) },
			 6);
}

/* How well a stored document matches a document of the line; 0: no match. */
enum document_match { MATCH_NONE, MATCH_KIND, MATCH_EMPTY, MATCH_CONTENT };

static enum document_match document_match_of(const struct document *there, const struct document *incoming)
{
	enum document_match match = MATCH_CONTENT;

	if (there->replaced || strcmp(there->type, incoming->type) != 0 ||
	    there->double_sided != incoming->double_sided)
		return MATCH_NONE;
	for (size_t i = 0; i < document_side_count(incoming); i++) {
		const struct document_side here = document_side(there, i), incoming_side = document_side(incoming, i);
		const enum document_match of_side = !strcmp(here.sha256, incoming_side.sha256) ? MATCH_CONTENT
						    : *here.sha256			       ? MATCH_KIND
											       : MATCH_EMPTY;

		/* If the line has a file for only one side, the other side is not compared. */
		if (*incoming_side.sha256 || !document_has_bytes(incoming))
			match = of_side < match ? of_side : match;
	}
	return match;
}

static size_t count_matches(const struct document *items, size_t count, const struct document *like)
{
	size_t found = 0;

	for (size_t i = 0; i < count; i++)
		found += document_match_of(&items[i], like) != MATCH_NONE;
	return found;
}

static size_t count_same_uploads_before(const struct case_file *file, size_t at)
{
	size_t twin = 0;

	for (size_t i = 0; i < at; i++)
		twin += !file->documents[i].replaced && is_same_upload(&file->documents[i], &file->documents[at]);
	return twin;
}

static void reuse_document_id(struct import_present_case *present, const struct case_file *file,
			      struct document *incoming, enum document_match match)
{
	/* A document with other bytes gets the stored id, and so replaces the stored document, only if it is the
	 * only document of its kind in the line and in the case. */
	if (*incoming->id || (match == MATCH_KIND &&
			      (count_matches(present->file.documents, present->file.document_count, incoming) != 1 ||
			       count_matches(file->documents, file->document_count, incoming) != 1)))
		return;
	for (size_t i = 0; !*incoming->id && i < present->file.document_count; i++) {
		if (present->is_document_matched[i] ||
		    document_match_of(&present->file.documents[i], incoming) != match)
			continue;
		present->is_document_matched[i] = true;
		incoming->id = present->file.documents[i].id;
	}
}

/* Assigns the best matches first, independent of the order in the line. */
void import_set_document_ids(struct import_present_case *present, struct arena *arena, struct case_file *file)
{
	for (size_t i = 0; i < present->file.document_count; i++) {
		for (size_t g = 0; g < file->document_count; g++)
			present->is_document_matched[i] |=
				document_has_id(&present->file.documents[i], file->documents[g].id) ||
				document_has_id(&present->file.documents[i], file->documents[g].back_side_id);
	}
	for (enum document_match match = MATCH_CONTENT; match > MATCH_NONE; match = (enum document_match)(match - 1)) {
		for (size_t i = 0; i < file->document_count; i++)
			reuse_document_id(present, file, &file->documents[i], match);
	}
	for (size_t i = 0; i < file->document_count; i++) {
		if (!*file->documents[i].id)
			file->documents[i].id = document_id(arena, file->session.id, &file->documents[i],
							    count_same_uploads_before(file, i));
	}
}

static bool is_same_person(const struct party *a, const struct party *b)
{
	return a->kind == b->kind && !strcmp(a->name, b->name) && !strcmp(a->date_of_birth, b->date_of_birth);
}

/* Whether two parties may be the same person. Birth dates are compared only if both parties have one. */
static bool may_be_same_party(const struct party *there, const struct party *incoming)
{
	return there->kind == incoming->kind && text_equals_folded(there->name, incoming->name) &&
	       (!*there->date_of_birth || !*incoming->date_of_birth ||
		!strcmp(there->date_of_birth, incoming->date_of_birth));
}

static void reuse_party_id(struct import_present_case *present, struct party *incoming,
			   bool (*fits)(const struct party *, const struct party *))
{
	for (size_t i = 0; !*incoming->id && i < present->file.party_count; i++) {
		if (present->is_party_matched[i] || !fits(&present->file.parties[i], incoming))
			continue;
		present->is_party_matched[i] = true;
		incoming->id = present->file.parties[i].id;
	}
}

static void set_party_ids(struct import_present_case *present, struct arena *arena, struct case_file *file)
{
	bool (*const fits[])(const struct party *, const struct party *) = { is_same_person, may_be_same_party };

	for (size_t i = 0; i < present->file.party_count; i++) {
		for (size_t g = 0; g < file->party_count; g++)
			present->is_party_matched[i] |= !strcmp(file->parties[g].id, present->file.parties[i].id);
	}
	for (size_t f = 0; f < sizeof fits / sizeof fits[0]; f++) {
		for (size_t i = 0; i < file->party_count; i++)
			reuse_party_id(present, &file->parties[i], fits[f]);
	}
	for (size_t i = 0; i < file->party_count; i++) {
		size_t twin = 0;

		for (size_t j = 0; j < i; j++)
			twin += is_same_person(&file->parties[j], &file->parties[i]);
		if (!*file->parties[i].id)
			file->parties[i].id = party_id(arena, file->session.id, &file->parties[i], twin);
	}
}

static bool is_same_list_entry(const struct hit *a, const struct hit *b)
{
	return !strcmp(a->list, b->list) && !strcmp(a->name, b->name);
}

static const char *find_hit_id(struct import_present_case *present, const struct check *check,
			       const struct hit *incoming)
{
	size_t at = 0;

	for (size_t i = 0; i < present->file.check_count; i++) {
		const struct check *there = &present->file.checks[i];

		for (size_t h = 0; h < there->hit_count; h++, at++) {
			if (present->is_hit_matched[at] || there->kind != check->kind ||
			    !is_same_list_entry(&there->hits[h], incoming))
				continue;
			present->is_hit_matched[at] = true;
			return there->hits[h].id;
		}
	}
	return NULL;
}

static void set_hit_ids(struct import_present_case *present, struct arena *arena, struct case_file *file,
			struct check *check)
{
	for (size_t i = 0; i < check->hit_count; i++) {
		struct hit *hit = &check->hits[i];
		const char *id = *hit->id ? NULL : find_hit_id(present, check, hit);
		size_t twin = 0;

		for (size_t j = 0; j < i; j++)
			twin += is_same_list_entry(&check->hits[j], hit);
		if (!*hit->id)
			hit->id = id ? id : hit_id(arena, file->session.id, check->kind, hit, twin);
	}
}

void import_set_ids(struct import_present_case *present, struct arena *arena, struct case_file *file)
{
	set_party_ids(present, arena, file);
	for (size_t i = 0; i < file->correction_count; i++) {
		if (!*file->corrections[i].id)
			file->corrections[i].id = id_derive_part(arena, file->session.id, "correction", i);
	}
	for (size_t i = 0; i < file->check_count; i++)
		set_hit_ids(present, arena, file, &file->checks[i]);
}
