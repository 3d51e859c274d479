/* Functions that several dialects share: for JSON members, corrections, uploads, endpoints and parties. */
#ifndef KYBDESK_SRC_API_ENCODE_H
#define KYBDESK_SRC_API_ENCODE_H

#include "kybdesk/desk/outside.h"
#include "request.h"

/* The corrections for which `is_notified` is true, as JSON; is_notified NULL: all corrections. */
struct json_value *corrections_json(const struct case_file *file, bool (*is_notified)(const struct correction *item));
/* The ids of the documents that the correction means; JSON null: none. */
struct json_value *correction_ids_json(const struct correction *correction);
/* Copies the members that are listed in `names` and separated by spaces ("street city"), except absent and null
 * members. */
void json_copy_members(struct json_value *to, const struct json_value *from, const char *names);
/* Whether the value is absent, null or "". */
bool json_is_blank(const struct json_value *value);
/* Whether the session waits for the client's answer to this correction. */
bool correction_is_requested(const struct case_file *file, const struct correction *correction);
/* The correction's fields and documents, for example "companyLegalName, PASSPORT of Ana Reis", and its party; if the
 * correction has none, its step. */
const char *corrected_items_text(struct arena *arena, const struct external_case *view,
				 const struct correction *correction);
/* The verb that submits a session with this status: submit corrections, resubmit after a rejection, or submit. */
enum verb verb_for_submission(enum session_status status);
/* Sets the status of the response: 413 if the desk refused the file as too large, 415 if the desk refused the file
 * type. Returns err. */
enum err refuse_upload(struct request *r, const struct profile *profile, const char *type, enum err err,
		       const struct error *error);
/* Adds an endpoint with the url and the events of the body, and writes its secret to `secret`. */
enum err endpoint_add_from_body(struct request *r, struct strbuf *secret, struct endpoint *out, struct error *error);
/* Reads "party": {kind, name, roles, …} and adds faults. */
void read_party_body(struct request *r, struct party_input *out);

#endif
