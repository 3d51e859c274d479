/* Common declarations of the Ralio dialect (seeds ralio-kyb-session, ralio-sandbox; docs/api.md "Dialects"). */
#ifndef KYBDESK_SRC_API_RALIO_H
#define KYBDESK_SRC_API_RALIO_H

#include "kybdesk/desk/outside.h"
#include "route.h"

#define RALIO_KYB "ralio-kyb"
#define RALIO_KYC "ralio-sandbox"

#endif
