/* Fills status and body of r->answer with the error, in the dialect's format. */
#ifndef KYBDESK_SRC_API_ERRORS_H
#define KYBDESK_SRC_API_ERRORS_H

#include "route.h"

/* Keeps r->answer.status if it is set. */
void errors_answer(struct request *r, const struct error *error);

#endif
