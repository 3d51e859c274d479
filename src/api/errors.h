/* What is wrong, in the manner of the dialect: status and body of r->answer. */
#ifndef KYBDESK_SRC_API_ERRORS_H
#define KYBDESK_SRC_API_ERRORS_H

#include "route.h"

/* r->answer.status stays when it is set already. */
void errors_answer(struct request *r, const struct error *error);

#endif
