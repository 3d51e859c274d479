/* A sandbox store that the rows of the rule table are tried on: each value is a session, a user and a merchant of its own. */
#ifndef KYBDESK_TESTS_RULE_DOOR_H
#define KYBDESK_TESTS_RULE_DOOR_H

#include "rule_rows.h"
#include "unit/desk/fixture.h"
#include <jansson.h>

struct door {
	struct fixture f;
	struct desk *real;	      /* the same store as a production store has it; NULL until asked for */
	size_t used[RULE_DOOR_COUNT]; /* how often each door was gone through */
	size_t sessions;
};

void door_open(struct door *door);
void door_close(struct door *door);
/* Between two values: the clock stands at noon again, and what the last one left is freed. */
void door_next(struct door *door);
/* The desk of somebody in a production store. */
struct desk *door_production(struct door *door);

/* The base case, for one value to be changed in; the caller's to json_decref(). */
json_t *door_case_of(const char *base);
/* Puts a value (rule_rows.h) at "steps.company.website", "parties[0].fullName", "documents[+]",
 * "documents[PASSPORT].upload": what stands in `fields` needs no word of it. */
void door_set(struct door *door, json_t *tree, const char *path, const char *value);
/* "path=value;path=value"; NULL nothing */
void door_set_all(struct door *door, json_t *tree, const char *changes);

struct arrival {
	const char *ref, *merchant;
	bool refused;
	const char *field, *message; /* of a line that was refused */
	const char *line;
};
/* Imports it as a session of its own, and frees the tree. */
struct arrival door_import(struct door *door, json_t *tree);
/* The line once more with a value at a path: of what is refused only refused, field and message are said. */
struct arrival door_import_again(struct door *door, const struct arrival *first, const char *path,
				 const char *value);
/* As it stands: the base case with `with`, and one value at a path (NULL: none). Must be taken. */
struct arrival door_bring(struct door *door, const struct rule_row *row, const char *path, const char *value);
struct case_view door_view(struct door *door, const char *ref);
/* The first blocker of that code, and for that ref unless it is NULL. */
const struct blocker *door_blocker(const struct case_view *view, enum blocker_code code, const char *ref);

/* A file of that format as tests have them: "pdf", "jpg", … */
const char *door_bytes(struct door *door, const char *format, size_t *length);

#endif
