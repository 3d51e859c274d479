/*
 * A sandbox store in a folder of its own. Tests run the built program on it, with
 * arguments, as a script does. The output is kept until the next run.
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
	bool changed_outside; /* the test changed rows by SQL, and audit verify reports them */
};

/* Opens a box with an empty sandbox store; the store's admin is the user that runs the tests. */
void box_open(struct box *box);
/* Opens a box without a store. */
void box_open_bare(struct box *box);
/* Opens a box with the store that `make` makes and fills. `./dev test` calls `make` once, and then copies the store
 * (support/new_store.h) and the words that `make` kept with box_note(), for example keys that are shown only once. */
void box_world(struct box *box, const char *kind, void (*make)(void));
void box_note(struct box *box, const char *word);
void box_close(struct box *box);
/* Runs the program with these arguments, which end with NULL; returns the exit status. */
int box_run(struct box *box, ...) __attribute__((sentinel));
int box_run_words(struct box *box, const char *const *words, const void *input, size_t length);
/* Runs with --json; standard output must be one JSON value, kept in box->json. */
int box_json(struct box *box, ...) __attribute__((sentinel));
void box_sql(const struct box *box, const char *sql); /* runs SQL without the program, as an insider would */
/* For box_sql(): takes the tables back to a schema from 51 to 54, of which the caller undoes what came up to 54; and the
 * words that upgrade the store then. A new migration adds here what takes it back. */
#ifdef KYB_BOX_ON_SERVER
#define BOX_SCHEMA(number) "UPDATE kybdesk_store SET version = " #number ";"
#define BOX_UPGRADE "upgrade", "--backed-up"
#else
#define BOX_SCHEMA(number) "PRAGMA user_version = " #number ";"
#define BOX_UPGRADE "upgrade"
#endif
#define BOX_WITHOUT_NEW_INDEX "DROP INDEX session_birth;"
#define BOX_WITHOUT_NEW_COLUMNS                                                                                        \
	"ALTER TABLE document DROP COLUMN marks; ALTER TABLE document DROP COLUMN back_marks;" BOX_WITHOUT_NEW_INDEX
#define BOX_OLD_SCHEMA(number) BOX_WITHOUT_NEW_COLUMNS BOX_SCHEMA(number)
/* The first column of the first row as text; "" without a row. */
char *box_text(const struct box *box, const char *sql);
/* Runs a line of the shell; $K is the program. Returns the exit status. */
int box_shell(struct box *box, const char *line);
/* Sets an environment variable for the next runs ("NAME=value"), or unsets it ("NAME"). */
void box_environment(struct box *box, const char *line);
char *box_path(const struct box *box, const char *name);
void box_write(const struct box *box, const char *name, const char *text);
/* Imports these lines; the import must accept them all. */
void box_import(struct box *box, const char *lines);

/* Runs the next commands as this user of the operating system; NULL: as the user that runs the tests. In production
 * users can act only under their own names. */
void box_as(struct box *box, const char *person);
/* Imports as the user "colleague", because in production the importer of a case cannot decide it. */
#define BOX_COLLEAGUE "colleague"
void box_import_by_colleague(struct box *box, const char *lines);
void box_import_person_by_colleague(struct box *box, const char *reference);

/* The value at a path such as "a.b[2].c"; NULL if absent. */
const json_t *json_path(const json_t *value, const char *path);
const char *json_path_text(const json_t *value, const char *path); /* "" if absent */
long long json_path_int(const json_t *value, const char *path);	   /* -1 if absent */
const char *error_code(const struct box *box);			   /* of box->json */
bool has_blocker(const struct box *box, const char *code);

/* An import line of a company in review, with four unreviewed documents and one director with a KYC in review. */
char *company_line(const char *reference);
/* An import line of a person in review, without any blocker. */
char *person_line(const char *reference, const char *name);
void box_import_person(struct box *box, const char *reference);
/* Makes a production store without the floors that a new one begins with: the cases of most tests have no screening. */
void box_init_production(struct box *box);
/* Imports company_line() with the files that the line names. */
void box_import_company(struct box *box, const char *reference);
/* Writes the files that company_line() names. */
void box_write_files(const struct box *box);
/* Resolves everything that blocks company_line(): accepts the documents and approves the KYC. */
void box_clear(struct box *box, const char *reference);

/* The box of the current test (each test runs in its own process), and functions that open and close it for suites. */
extern struct box box;
void box_set_up(void);	       /* an empty sandbox store */
void box_set_up_bare(void);    /* no store */
void box_set_up_files(void);   /* a sandbox store, and the files that company_line() names */
void box_set_up_company(void); /* a sandbox store with the company RAL-1, and the files */
void box_tear_down(void);

#endif
