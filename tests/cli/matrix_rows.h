/*
 * One row per command of a verb: the command, as typed, and the setup of a case on which it succeeds. The roles are
 * in desk/verbs.h; each command that changes something needs a row here.
 */
#ifndef KYB_TESTS_CLI_MATRIX_ROWS_H
#define KYB_TESTS_CLI_MATRIX_ROWS_H

#include "kybdesk/desk/verbs.h"

/* Words of --for, in the order of the front end. */
#define FOR_OWNERS "intake client merchant"
#define FOR_REPORTERS "intake provider simulator"

struct matrix_row {
	enum verb verb;
	const char *command; /* in the shell's quoting; $ID is what `id` finds */
	const char *before;  /* shell, with k for the program and `$WHO` for the actor; NULL nothing */
	const char *id;	     /* SQL, once `before` is done; NULL nothing */
	const char *places;  /* tried for others, by --for: FOR_OWNERS …; NULL for the actor alone */
	const char *alone;   /* refusal of a supervised reviewer; NULL: allowed, like the colleagues */
	bool own;	     /* the actor must have done `before` */
	bool elsewhere;	     /* its effect is in another store */
	bool unrecorded;     /* no audit record, which everyone could read */
	const char *word;    /* on record instead of the row's own; NULL the row's own */
	const char *
		supervised_word; /* the same for a supervised reviewer: an approval or a rejection is the first of two */
};

extern const struct matrix_row matrix_rows[];
extern const size_t matrix_row_count;

/* Functions of the shell that `before` calls. */
extern const char matrix_prelude[];
/* Makes the cases that every row begins with. */
extern const char matrix_base[];

#endif
