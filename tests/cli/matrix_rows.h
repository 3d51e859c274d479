/*
 * Of every verb that a command asks for: the command, as typed, and what makes a case on which it succeeds. Who may is
 * the table's to say (desk/verbs.h); a command that changes something is a row here.
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
	const char *before;  /* shell, with k for the program and $WHO for who will do it; NULL nothing */
	const char *id;	     /* SQL, once `before` is done; NULL nothing */
	const char *places;  /* tried in the place of others, by --for: FOR_OWNERS …; NULL as who they are */
	const char *alone;   /* what one who decides nothing alone is told; NULL: they may, like their colleagues */
	bool own;	     /* who does it must have done `before` */
	bool elsewhere;	     /* what it leaves is in another store */
	const char *word;    /* on record instead of the row's own; NULL the row's own */
};

extern const struct matrix_row matrix_rows[];
extern const size_t matrix_row_count;

/* Functions of the shell that `before` calls. */
extern const char matrix_prelude[];
/* Makes the cases that every row begins with. */
extern const char matrix_base[];

#endif
