/* Common declarations of the Ralio dialect (seeds ralio-kyb-session, ralio-sandbox; docs/api.md "Dialects"). */
#ifndef KYBDESK_SRC_API_RALIO_H
#define KYBDESK_SRC_API_RALIO_H

#include "kybdesk/desk/outside.h"
#include "route.h"

#define RALIO_KYB "ralio-kyb"
#define RALIO_KYC "ralio-sandbox"

/* PENDING, IN_REVIEW, VERIFIED, FAILED, EXPIRED. */
const char *ralio_kyc_state(enum session_status status);
/* A user of this kind, by its uid; ERR_NOT_FOUND. */
enum err ralio_user(struct request *r, const char *uid, enum subject_kind kind, struct subject_view *out,
		    struct error *error) KYB_MUST_USE;

#endif
