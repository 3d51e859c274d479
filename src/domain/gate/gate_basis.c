/* Blockers for judgements with changed facts, and for stored files with changed bytes. */
#include "gate_parts.h"

#include <string.h>

static bool judgement_is_irrelevant(const struct gate *gate, const struct judgement *judgement)
{
	const struct party *party;

	if (judgement->kind != JUDGEMENT_PARTY_KYC && judgement->kind != JUDGEMENT_PARTY_ELSEWHERE)
		return false;
	party = &gate->file->parties[judgement->index];
	return !party_must_be_verified(party, gate->context->profile) ||
	       party_is_verified(party, gate->file, gate->context->profile);
}

const char *judgement_sentence(struct arena *arena, const struct judgement *judgement)
{
	if (*judgement->refused)
		return arena_printf(arena, "%s no longer counts: %s; %s", judgement->what, judgement->changed,
				    judgement->refused);
	if (!*judgement->basis)
		return arena_printf(arena, "%s has no recorded facts; confirm it, or decide it again",
				    judgement->what);
	return arena_printf(arena, "%s is based on data that changed: %s; confirm it, or decide it again",
			    judgement->what, judgement->changed);
}

void gate_basis_changed(struct gate *gate)
{
	for (size_t i = 0; i < gate->judgements.count; i++) {
		const struct judgement *judgement = &gate->judgements.items[i];

		if (!judgement->valid && !judgement_is_irrelevant(gate, judgement))
			gate_add(gate, BLOCKER_BASIS_CHANGED, judgement->ref, "%s",
				 judgement_sentence(gate->arena, judgement));
	}
}

void gate_document_altered(struct gate *gate)
{
	const enum document_bytes *bytes = gate->context->bytes;

	for (size_t i = 0; bytes && i < gate->file->document_count; i++) {
		const struct document *document = &gate->file->documents[i];

		if (!document_counts(document) || !document_has_bytes(document) || bytes[i] == DOCUMENT_WHOLE)
			continue;
		gate_add(gate, BLOCKER_DOCUMENT_ALTERED, document->id,
			 "%s: %s; upload the same file again, or request another file",
			 document_title(gate, document),
			 bytes[i] == DOCUMENT_LOST ? "the stored file is missing"
						   : "the stored file differs from the uploaded one");
	}
}
