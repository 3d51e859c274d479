/*
 * A sandbox store in a folder of its own, and the built program called on it as
 * a script would: by words. Its output is kept until the next call.
 */
#ifndef KYB_TESTS_BOX_H
#define KYB_TESTS_BOX_H

#include "support/process.h"

#include <criterion/criterion.h>
#include <jansson.h>

struct box {
	char *folder, *store;
	char *lines[16]; /* the environment */
	struct process_result last;
	json_t *json;	 /* of the last box_json() */
	char *notes[24]; /* of box_world() */
	size_t note_count;
	bool changed_outside; /* rows were changed past the program, which audit verify names */
};

/* With an empty sandbox store; its admin is the user that runs the tests. */
void box_open(struct box *box);
/* The same without a store. */
void box_open_bare(struct box *box);
/* With the store that `make` fills, in this box without one. It is made once in a run of the tests, and then copied
 * (support/new_store.h) with the notes that `make` left: keys, for instance, which are shown only once. */
void box_world(struct box *box, const char *kind, void (*make)(void));
void box_note(struct box *box, const char *word);
void box_close(struct box *box);
/* Exit status; the words end with NULL. */
int box_run(struct box *box, ...) __attribute__((sentinel));
int box_run_words(struct box *box, const char *const *words, const void *input, size_t length);
/* Runs with --json; standard output must be one JSON value, kept in box->json. */
int box_json(struct box *box, ...) __attribute__((sentinel));
/* A shell line with $K for the program. */
void box_sql(const struct box *box, const char *sql); /* past the program, as an insider would */
int box_shell(struct box *box, const char *line);
/* One more variable ("NAME=value" or "NAME" to unset). */
void box_environment(struct box *box, const char *line);
char *box_path(const struct box *box, const char *name);
void box_write(const struct box *box, const char *name, const char *text);
/* Imports these lines; they must all be taken. */
void box_import(struct box *box, const char *lines);

/* The next commands are this person's, as the user of the operating system; NULL: the user that runs the tests. In
 * production nobody acts for another. */
void box_as(struct box *box, const char *person);
/* Imports as "colleague", a reviewer of the store: in production a submitter cannot decide. */
#define BOX_COLLEAGUE "colleague"
void box_import_by_colleague(struct box *box, const char *lines);
void box_import_person_by_colleague(struct box *box, const char *reference);

/* "a.b[2].c" below a value; NULL when it is not there. */
const json_t *json_path(const json_t *value, const char *path);
const char *json_path_text(const json_t *value, const char *path); /* "" if absent */
long long json_path_int(const json_t *value, const char *path);	   /* -1 if absent */
const char *error_code(const struct box *box);			   /* of box->json */
bool has_blocker(const struct box *box, const char *code);

/* A company with four unread documents and one director with a KYC in review, as a line. */
char *company_line(const char *reference);
/* A person in review with nothing that blocks, as a line. */
char *person_line(const char *reference, const char *name);
void box_import_person(struct box *box, const char *reference);
/* With the files that it names. */
void box_import_company(struct box *box, const char *reference);
/* The files company_line() names. */
void box_write_files(const struct box *box);
/* Everything that blocks company_line() is done. */
void box_clear(struct box *box, const char *reference);

/* The box of the test that runs (each has a process of its own), and what suites begin and end with. */
extern struct box box;
void box_set_up(void);	       /* an empty sandbox store */
void box_set_up_bare(void);    /* no store */
void box_set_up_files(void);   /* and the files that company_line() names */
void box_set_up_company(void); /* and the company RAL-1 */
void box_tear_down(void);

#endif
