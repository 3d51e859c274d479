/* Which documents a correction means, and which new file answers which document. A file answers a document by
 * replacing it (document.replaces_row), so nothing else records an answer. Pure. */
#ifndef KYBDESK_DOMAIN_THINGS_H
#define KYBDESK_DOMAIN_THINGS_H

#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

/* Whether a document of one type can replace a document of the other: the types are equal, or belong to one group of
 * the profile, or one field accepts documents of both (a passport and an identity card of an owner). */
bool document_types_are_alternatives(const struct profile *profile, const char *a, const char *b);

/* Whether the correction means this document, or a file that replaced a document that it means. A type of the correction
 * without a document in document_ids means all documents of this type. */
bool correction_means_document(const struct case_file *file, const struct correction *correction,
			       const struct document *document);
bool correction_names_document_of_type(const struct case_file *file, const struct correction *correction,
				       const char *type);
/* Whether the correction names a type, but none of its documents, while the case has several: the client's file then
 * replaces the document of next_answered_document(). */
bool correction_type_is_ambiguous(const struct case_file *file, const struct correction *correction, const char *type);
/* The newest correction that asks for this document, and was not withdrawn; NULL: none. */
const struct correction *correction_for_document(const struct case_file *file, const struct document *document);

/* Appends the ids of the documents that a correction of this type means: all rejected ones, else the unreviewed ones,
 * else all. Replaced documents and records without a file do not count. `ids` must have room for all documents. */
void things_of_type(const struct case_file *file, const char *type, const char **ids, size_t *count);

/* Whether the document needs a new file: it was rejected, requested again or refused by a provider. A document that
 * only lacks a side does not need one. */
bool document_needs_new_file(const struct document *document);
/* The document that a new file of this type replaces: of the documents that need a new file, first one that a correction
 * names, then a rejected one, then the oldest. Never an accepted document, unless a correction names it or the case has
 * only accepted documents of the type. `record`: the record that the file fills, or NULL. NULL: none. */
const struct document *next_answered_document(const struct case_file *file, const struct profile *profile,
					      const char *type, const struct document *record);
/* Whether the client sent this file after a correction that asks for other documents of its kind, and it replaces none
 * of them: a reviewer says which (`corrections answer`), accepts it, or rejects it. */
bool document_answers_nothing(const struct case_file *file, const struct profile *profile,
			      const struct document *document);
/* The present document in the place of this document: the last of the files that replaced each other. */
const struct document *document_successor(const struct case_file *file, const struct document *document);
/* Whether the correction is about this party: names it, one of its fields ("parties[ID].date_of_birth"), or the
 * document that identifies it. */
bool correction_means_party(const struct case_file *file, const struct profile *profile,
			    const struct correction *correction, const struct party *party);
/* Whether the correction names a party, or fields of parties. */
bool correction_names_party(const struct correction *correction);
/* A digest of one member of a party (a column's word or a field), or of all (""): equal if nothing was changed. Needs
 * parsed values. */
const char *party_member_mark(struct arena *arena, const struct party *party, const char *member);
/* The length of the id in "parties[ID].member"; 0: the path names no party. *id points into the path. */
size_t field_path_party(const char *path, const char **id);
/* The document for a client: "Passport of Ana Reis", else the title of its type, with its file name if the case has
 * several present documents of the type. */
const char *document_thing_text(struct arena *arena, const struct case_file *file, const struct profile *profile,
				const struct document *document, const char *title);

#endif
