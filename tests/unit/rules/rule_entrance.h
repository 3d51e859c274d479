/* A sandbox store for the rows of the rule table: each value has its own session, user and merchant. */
#ifndef KYBDESK_TESTS_RULE_ENTRANCE_H
#define KYBDESK_TESTS_RULE_ENTRANCE_H

#include "rule_rows.h"
#include "unit/desk/fixture.h"
#include <jansson.h>

struct entrance {
	struct fixture f;
	struct desk *real;		  /* the same store as a production store; NULL until used */
	size_t used[RULE_ENTRANCE_COUNT]; /* how often each front end was gone through */
	size_t sessions;
};

void entrance_open(struct entrance *entrance);
void entrance_close(struct entrance *entrance);
/* Between two values: sets the clock back to noon, and frees the data of the last one. */
void entrance_next(struct entrance *entrance);
/* The desk of a production store. */
struct desk *entrance_production(struct entrance *entrance);

/* The base case, for one value to be changed in; the caller's to json_decref(). */
json_t *entrance_case_of(const char *base);
/* Puts a value (rule_rows.h) at "steps.company.website", "parties[0].fullName", "documents[+]",
 * "documents[PASSPORT].upload"; the path leaves `fields` out. */
void entrance_set(struct entrance *entrance, json_t *tree, const char *path, const char *value);
/* "path=value;path=value"; NULL nothing */
void entrance_set_all(struct entrance *entrance, json_t *tree, const char *changes);

struct arrival {
	const char *ref, *merchant;
	bool refused;
	const char *field, *message; /* of a refused line */
	const char *line;
};
/* Imports it as a session of its own, and frees the tree. */
struct arrival entrance_import(struct entrance *entrance, json_t *tree);
/* The line once more with a value at a path. If refused, only refused, field and message are set. */
struct arrival entrance_import_again(struct entrance *entrance, const struct arrival *first, const char *path,
				     const char *value);
/* Unchanged: the base case with `with`, and one value at a path (NULL: none). Must be accepted. */
struct arrival entrance_bring(struct entrance *entrance, const struct rule_row *row, const char *path,
			      const char *value);
struct case_view entrance_view(struct entrance *entrance, const char *ref);
/* The first blocker of that code, and for that ref unless it is NULL. */
const struct blocker *entrance_blocker(const struct case_view *view, enum blocker_code code, const char *ref);

/* A file of that format as tests have them: "pdf", "jpg", … */
const char *entrance_bytes(struct entrance *entrance, const char *format, size_t *length);

#endif
