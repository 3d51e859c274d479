/* New ids, and ids derived from content. */
#include "use/use.h"

static char *derive(struct arena *arena, const char *const *parts, size_t count)
{
	char id[UUID_TEXT_SIZE];

	uuid_derive(id, parts, count);
	return arena_strdup(arena, id);
}

char *id_derive_session(struct arena *arena, const char *merchant, const char *workflow, const char *external_ref)
{
	return derive(arena, (const char *const[]){ "session", merchant, workflow, external_ref }, 4);
}

char *id_derive_part(struct arena *arena, const char *session_id, const char *kind, size_t place)
{
	return derive(arena, (const char *const[]){ kind, session_id, arena_printf(arena, "%zu", place) }, 3);
}

/* The side with the bytes that identify a document: the front if it has a file. */
static enum side identifying_side(const struct document *document)
{
	return document->double_sided && !*document->sha256 ? SIDE_BACK : SIDE_FRONT;
}

bool id_document_is_twin(const struct document *a, const struct document *b)
{
	return a->double_sided == b->double_sided && identifying_side(a) == identifying_side(b) &&
	       !strcmp(a->type, b->type) &&
	       !strcmp(document_side(a, identifying_side(a)).sha256, document_side(b, identifying_side(b)).sha256);
}

char *id_derive_document(struct arena *arena, const char *session_id, const struct document *document, size_t twin)
{
	const enum side side = identifying_side(document);

	return derive(arena,
		      (const char *const[]){
			      "document", session_id, document->type, document->double_sided ? side_text(side) : "",
			      document_side(document, side).sha256, arena_printf(arena, "%zu", twin) },
		      6);
}

char *id_derive_party(struct arena *arena, const char *session_id, const struct party *party, size_t twin)
{
	return derive(arena,
		      (const char *const[]){ "party", session_id, party_kind_text(party->kind), party->name,
					     party->date_of_birth, arena_printf(arena, "%zu", twin) },
		      6);
}

char *id_derive_hit(struct arena *arena, const char *session_id, enum check_kind kind, const struct hit *hit,
		    size_t twin)
{
	return derive(arena,
		      (const char *const[]){ "hit", session_id, check_kind_text(kind), hit->list, hit->name,
					     arena_printf(arena, "%zu", twin) },
		      6);
}

char *id_new(const struct desk *desk, struct arena *arena)
{
	char id[UUID_TEXT_SIZE];

	uuid_new(desk->world, id);
	return arena_strdup(arena, id);
}
