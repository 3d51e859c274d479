/* Common declarations of the Avenia dialect (seed avenia-kyb-level-1; docs/api.md "Dialects"). */
#ifndef KYBDESK_SRC_API_AVENIA_H
#define KYBDESK_SRC_API_AVENIA_H

#include "kybdesk/desk/outside.h"
#include "route.h"

#define AVENIA_WORKFLOW "avenia-kyb-level-1"
#define AVENIA_LEVEL "kyb-level-1"

/* The session of the sub-account that ?subAccountId= names; ERR_NOT_FOUND. */
enum err avenia_load_case(struct request *r, struct external_case *out, struct error *error);
enum err avenia_answer_id(struct request *r, int status, const char *id);

#endif
