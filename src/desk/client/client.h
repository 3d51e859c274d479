/* Inside the desk: the verbs that submit a case. client_may_change() decides for all these verbs which data may
 * change, and until when. */
#ifndef KYBDESK_SRC_DESK_CLIENT_CLIENT_H
#define KYBDESK_SRC_DESK_CLIENT_CLIENT_H

#include "kybdesk/domain/column.h"
#include "use/use.h"

/* The data that the actor wants to change: a step, a field of a step, a document of a type, or the parties. */
struct client_change {
	const char *step, *field, *document_type; /* NULL: the change is not about a step, field or type */
	bool concerns_parties;
	const struct party *party; /* the party to change; NULL: a new party, or none */
};

/* frozen.c: all data may change until submission and while resubmission is allowed; otherwise only the items that
 * an unclosed correction requests. Returns ERR_BLOCKED with the remedy, or ERR_CONFLICT with the time of approval
 * if the profile makes an approval final. */
enum err client_may_change(const struct use *use, const struct client_change *wanted, struct error *error);
/* Whether the case is not submitted yet, or may be resubmitted. */
bool client_may_change_all(const struct use *use);
/* Whether an open or answered correction requests this change. */
bool client_change_is_requested(const struct case_file *file, const struct profile *profile,
				const struct client_change *wanted);
/* Checks whether the capacity may declare this party (NULL: a new one). Staff always may. Intake may while client_may_change() allows it;
 * client and merchant only if the profile also allows it (parties.client_declares_parties). */
enum err client_check_may_declare_party(const struct use *use, const struct party *party, struct error *error);

/* active.c: bits of enum file_mark. parts: the parts of an Office file that may name such things, unpacked; the
 * parts of other formats are added to it. */
#define FILE_PART_MAX (4u << 20)   /* bytes of one part that is unpacked */
#define FILE_PARTS_MAX (16u << 20) /* and of all parts */
unsigned file_marks_find(enum file_format format, struct strbuf *parts, const void *bytes, size_t length);

/* values.c: makes a JSON object with one member, in the arena. */
const char *values_make_object(struct arena *arena, const char *name, const char *text);
/* Merges the members of one JSON object into another; null removes a member. ERR_INVALID with `what` as the
 * field if data is not an object. The result lives in the arena. */
enum err values_merge(struct arena *arena, const char *what, const char *present, const char *data, const char **out,
		      struct error *error);

/* Finds the text or date column that the profile names as the source of the field, so that both hold the same fact.
 * A source consists of prefix and word of the column, such as "party.name". NULL: no such column. */
const struct column *values_column(const struct column_table *table, const char *prefix,
				   const struct field_spec *field);

/* Replaces the id `from` of a replaced document by the id `to` of its replacement, in every field of a step or
 * party that has a document rule. */
enum err document_replace_refs(struct use *use, const char *from, const char *to, struct error *error);

/* answers.c: a correction of the party opened its identification, and its field is to name the document `id`: this document
 * replaces the present one. Call before the field changes. */
enum err party_place_document(struct use *use, const struct party *party, const char *id, struct error *error);

/* Writes in->fields_json and in->addresses_json into a party, in use->file and in the store. If a value breaks a
 * rule, returns ERR_INVALID with the field and the message of the rule. */
enum err party_merge_values(struct use *use, struct party *party, struct error *error);

/* Finds the step in the case. If only the profile has the step, inserts it into the case. ERR_INVALID lists the
 * known steps. */
enum err client_ensure_step(struct use *use, const char *id, struct step **out, struct error *error);

/* Clears the subject's columns that hold the same fact as a submitted field, so that the field's value counts. */
void client_clear_subject_columns(struct use *use, const struct step_spec *spec, const struct json_value *data);

/* moves.c: runs after a client's or merchant's change (use->run_after_commit). A draft becomes active with its client's first
 * step or document. If each requested document has its own link (event document_required), the upload of the last
 * document submits the corrections, because such a link has no button to submit (seed atelio-beneficial-owners).
 * Never fails: a refusal is logged, since the change itself was made. */
enum err client_run_follow_up(struct use *use, struct error *error);

#endif
