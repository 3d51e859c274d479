/* Changed copies of the shipped rules, and the places where a user could put them. */
#ifndef KYB_TESTS_CLI_CUSTODY_CASES_H
#define KYB_TESTS_CLI_CUSTODY_CASES_H

#include "box.h"

json_t *custody_shipped(const char *name); /* "workflows/ralio-kyb" */
/* Into the box's folder; takes the value. */
void custody_write(const struct box *box, const char *name, json_t *value);
void custody_make_folders(struct box *box);
/* The user that runs the tests continues as a mere reviewer. */
void custody_become_reviewer(struct box *box);
/* ralio-kyb without required documents or parties, one version later. */
json_t *custody_lax(long long version);
/* The reasons of rejections, all of them open; and one of one's own. */
json_t *custody_open_reasons(void);
json_t *custody_own_reasons(void);
/* A line of RAL-9 in review, without a document or a party. */
extern const char custody_company[];

#endif
