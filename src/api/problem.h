/* Errors of the generic dialect and of a client's link as RFC 9457 describes them: application/problem+json with
 * type, title, status, detail, instance and errors. The kinds of problems are one table, which GET
 * /problems/{problem} and docs/api.md show. */
#ifndef KYBDESK_SRC_API_PROBLEM_H
#define KYBDESK_SRC_API_PROBLEM_H

#include "request.h"

#define PROBLEM_MEDIA_TYPE "application/problem+json"

/* Fills status and body of r->answer with the error, in the dialect's format. Keeps r->answer.status if it is set. */
void answer_error(struct request *r, const struct error *error);
/* The HTTP status of an error of the desk. */
int status_of_error(enum err code);

#endif
