/* Common declarations of the Ralio dialect (seeds ralio-kyb-session, ralio-sandbox; docs/api.md "Dialects"). */
#ifndef KYBDESK_SRC_API_RALIO_H
#define KYBDESK_SRC_API_RALIO_H

#include "kybdesk/desk/outside.h"
#include "route.h"

#define RALIO_KYB_WORKFLOW "ralio-kyb"
#define RALIO_KYC_WORKFLOW "ralio-sandbox"

#endif
