/* Changed copies of the shipped rules, and the places where a user could put them. */
#ifndef KYB_TESTS_CLI_CUSTODY_CASES_H
#define KYB_TESTS_CLI_CUSTODY_CASES_H

#include "box.h"

json_t *custody_shipped(const char *name); /* "workflows/ralio-kyb" */
/* Writes the value to a file in the box's folder, and releases the value. */
void custody_write(const struct box *box, const char *name, json_t *value);
void custody_make_folders(struct box *box);
/* The user that runs the tests continues as a mere reviewer. */
void custody_become_reviewer(struct box *box);
/* The workflow ralio-kyb without required documents or parties, with this version number. */
json_t *custody_lax(long long version);
/* The shipped reasons of rejections, none of them restricted; custody_own_reasons() adds "own_reason". */
json_t *custody_open_reasons(void);
json_t *custody_own_reasons(void);
/* An import line of the company RAL-9 in review, without a document or a party. */
extern const char custody_company[];

#endif
