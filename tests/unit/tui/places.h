/*
 * A workbench on a real store and without a terminal, for tests: a row for each action and dialog, the cases they
 * are tried on, people of every role, and functions that press keys. With these rows, matrix_test.c tests the roles,
 * and anywhere_test.c tests that key sequences cut in two and single bytes decide nothing.
 */
#ifndef KYB_TESTS_UNIT_TUI_PLACES_H
#define KYB_TESTS_UNIT_TUI_PLACES_H

#include "../../../src/tui/screen/workbench.h"
#include "../desk/fixture.h"
#include "support/store_sum.h"
#include "tui_support.h"

#define WORST "WORST-CASE-00000000000000000001"
#define LONG "said in more than ten characters"

extern struct fixture f;
extern struct workbench workbench;
extern struct arena arena;

struct person {
	const char *name;
	enum role role;
	bool readonly, supervised;
};
extern const struct person people[];
extern const size_t people_count;
enum who { VIC, INA, RITA, SAM, LEA, ADA }; /* of people */

#define NO_VERB VERB_COUNT
enum does {
	LOOKS,	 /* changes nothing in the store */
	OPENS,	 /* opens a dialog with a button for the action */
	OFFERS,	 /* opens a dialog with a list; the test chooses the action in it */
	WRITES,	 /* opens an input line */
	ACTS,	 /* acts at once, recorded in the audit log */
	SHOWS,	 /* shows a document, recorded in the audit log */
	REVEALS, /* reveals data, recorded in the audit log */
	ELSEWHERE
};
struct row {
	enum command command;
	enum verb verb;
	enum does does;
	const struct dialog_spec *dialog;
	const char *ref;   /* the case that is open; "" the inbox */
	const char *keys;  /* keys before the action, to a tab and a row */
	const char *code;  /* of OFFERS */
	unsigned own;	   /* FIRST(…): verb that the actor runs first, if permitted; 0 none */
	bool decides;	   /* a supervised reviewer finds no button */
	bool may_continue; /* if refused, the key may do something else without a message, such as show a blocker */
	const char *why;   /* ELSEWHERE */
};

extern const struct dialog_spec *const all_dialogs[]; /* of dialogs.h */
extern const size_t all_dialog_count;
size_t dialog_number(const struct dialog_spec *spec);
extern const struct row rows[];
extern const size_t row_count;
#define FIRST(NAME) (VERB_##NAME + 1)

void places_set_up(void);    /* a store with every case */
void places_tear_down(void); /* also closes an open workbench */
/* Restores the store as places_set_up() left it, and closes an open workbench. */
void put_back(void);
#define DESK(desk, ref, ...)                                                                                           \
	must(desk_do((desk), &f.arena, &(const struct use_in){ .session = (ref), __VA_ARGS__ }, &places_out, &f.error))
extern struct use_out places_out;

void open_workbench(const struct person *person);
void close_workbench(void);
extern bool in_production; /* the next workbench has a production store; it excludes a contributor from decisions */
extern size_t step_rows;   /* rows that the next workbench scans per step of a list; 0: the default */
void take_next(void);	   /* waits for the next response and takes it */
/* Waits until every request is answered and painted, and lets an open dialog accept keys. */
void settle(void);
extern size_t screen_cols; /* width that settle() paints; close_workbench() resets it to 100 */
/* The screens of the workbench, most of them over worst-case names; ADA opens each with `ref` and `keys`. */
struct view_row {
	const char *name, *ref, *keys;
	const char *like; /* name of an earlier view: frames store only the differences; or NULL */
};
extern const struct view_row view_rows[];
extern const size_t view_row_count;
void open_view(const struct view_row *view);
void open_dialog(const struct dialog_spec *spec);
/* Shows the same screen with the characters of this mode. */
void switch_mode(enum text_mode mode);
void close_place(void);
void press(struct key key);
/* Keys in the text of type(): \n is Enter, \t is Tab, \v is Shift-Tab, and these three. */
#define SEND "\x19" /* Ctrl-Y */
#define STEP_DOWN "\x1f"
#define ESC "\x1b"
void type(const char *text);
void confirm(void);
const char *status_line(void);	 /* as painted by settle() */
void says(const char *sentence); /* expects exactly this message; a case's name after it is not compared */
bool may(const struct person *person, enum verb verb);
/* Runs the row's verb `own`, if the person may. */
void do_first(const struct row *row, const struct person *person);
/* Opens the case of the row and presses the keys before the action. */
void arrive_at(const struct row *row, const struct person *person);
bool offers(const char *code); /* whether the dialog has this item in its first field */
/* Opens a new workbench at a case, or at the list if ref is "", and presses the keys; first closes an open workbench.
 * begin_at() restores the store before. */
void open_at(enum who who, const char *ref, const char *keys);
void begin_at(enum who who, const char *ref, const char *keys);
void choose(const char *code); /* chooses the item in the dialog, and fills in the texts */
const char *screen_text(void); /* as last painted, row by row */
bool shows(const char *text);  /* in one row */
/* The cells of one row from a column on, without trailing blanks. */
const char *cells_text(size_t row, size_t col, size_t cells);
struct key key_of(enum command command); /* the first key that runs the command in this context */

#endif
