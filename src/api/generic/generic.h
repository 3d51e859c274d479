/* Common declarations of the generic dialect (seed kyc-workflows-sessions; docs/api.md "Dialects"). */
#ifndef KYBDESK_SRC_API_GENERIC_H
#define KYBDESK_SRC_API_GENERIC_H

#include "kybdesk/desk/outside.h"
#include "route.h"

/* Loads the session with this id; ERR_NOT_FOUND. */
enum err session_load(struct request *r, const char *id, struct external_case *out, struct error *error);
struct json_value *session_json(const struct external_case *view);
/* Responds with the current session. */
enum err answer_session(struct request *r, int status, const char *id, struct error *error);

#endif
