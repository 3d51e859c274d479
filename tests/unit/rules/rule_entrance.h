/* A sandbox store for the rows of the rule table: each value is tested with a separate session, user and merchant. */
#ifndef KYBDESK_TESTS_RULE_ENTRANCE_H
#define KYBDESK_TESTS_RULE_ENTRANCE_H

#include "rule_rows.h"
#include "unit/desk/fixture.h"
#include <jansson.h>

struct entrance {
	struct fixture f;
	struct desk *real;		  /* a desk on the same store, which it treats as production; NULL until used */
	size_t used[RULE_ENTRANCE_COUNT]; /* number of uses of each front end */
	size_t sessions;
};

void entrance_open(struct entrance *entrance);
void entrance_close(struct entrance *entrance);
/* Call this between two values: it sets the clock back to noon, and frees the data of the previous value. */
void entrance_next(struct entrance *entrance);
/* The desk of a production store. */
struct desk *entrance_production(struct entrance *entrance);

/* Reads a base case; the caller may change it. entrance_import() frees it; otherwise the caller calls json_decref(). */
json_t *entrance_case_of(const char *base);
/* Puts a value (rule_rows.h) at "steps.company.website", "parties[0].fullName", "documents[+]",
 * "documents[PASSPORT].upload"; the path leaves `fields` out. */
void entrance_set(struct entrance *entrance, json_t *tree, const char *path, const char *value);
/* changes: "path=value;path=value"; NULL: none */
void entrance_set_all(struct entrance *entrance, json_t *tree, const char *changes);

struct arrival {
	const char *ref, *merchant;
	bool refused;
	const char *field, *message; /* of a refused line */
	const char *line;
};
/* Imports the tree as a separate session, and frees the tree. */
struct arrival entrance_import(struct entrance *entrance, json_t *tree);
/* Imports the line of `first` again, with another value at a path. */
struct arrival entrance_import_again(struct entrance *entrance, const struct arrival *first, const char *path,
				     const char *value);
/* Imports the row's base case with `with` and one value at a path (NULL: none). The line must be accepted. */
struct arrival entrance_bring(struct entrance *entrance, const struct rule_row *row, const char *path,
			      const char *value);
struct case_view entrance_view(struct entrance *entrance, const char *ref);
/* The first blocker with this code, and with this ref unless the ref is NULL. */
const struct blocker *entrance_blocker(const struct case_view *view, enum blocker_code code, const char *ref);

/* The bytes of a sample file of the format: "pdf", "jpg", … */
const char *entrance_bytes(struct entrance *entrance, const char *format, size_t *length);

#endif
