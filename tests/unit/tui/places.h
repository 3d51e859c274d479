/*
 * Every place of the workbench, on a real store and without a terminal: a row for each action and dialog, the cases
 * they are tried on, people of every role, and the keys pressed. The tests at these places: matrix_test.c (roles),
 * anywhere_test.c (sequences and bytes that decide nothing).
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
	LOOKS,	 /* nothing changes for any person */
	OPENS,	 /* its dialog, with a button that does it */
	OFFERS,	 /* its dialog offers this among others, and it is chosen */
	WRITES,	 /* a line, for a text */
	ACTS,	 /* at once, on record */
	SHOWS,	 /* a document, on record */
	REVEALS, /* on record */
	ELSEWHERE
};
struct row {
	enum command command;
	enum verb verb;
	enum does does;
	const struct dialog_spec *dialog;
	const char *ref;   /* the case that is open; "" the inbox */
	const char *keys;  /* before it: to a tab, to a row */
	const char *code;  /* of OFFERS */
	unsigned own;	   /* FIRST(…): done before by the actor, if permitted; 0 nothing */
	bool decides;	   /* a supervised reviewer finds no button */
	bool may_continue; /* refused: the key goes to what blocks, as for everybody, and needs no words */
	const char *why;   /* ELSEWHERE */
};

extern const struct dialog_spec *const all_dialogs[]; /* of dialogs.h */
extern const size_t all_dialog_count;
size_t dialog_number(const struct dialog_spec *spec);
extern const struct row rows[];
extern const size_t row_count;
#define FIRST(NAME) (VERB_##NAME + 1)

void places_open(void);	 /* a store with every case */
void places_close(void); /* with the workbench that is open */
/* The store as places_open() left it; an open workbench is closed. */
void put_back(void);
#define DESK(desk, ref, ...)                                                                                       \
	must(desk_do((desk), &f.arena, &(const struct use_in){ .session = (ref), __VA_ARGS__ }, &places_out,       \
		     &f.error))
extern struct use_out places_out;

void open_workbench(const struct person *person);
void close_workbench(void);
extern bool in_production; /* the next workbench's store: then a contributor is excluded */
extern size_t step_rows;   /* scanned per step of a list, in the next workbench; 0: as in the program */
void take_next(void);	   /* the next answer, when it is there */
/* Every request is answered and painted; a dialog has been shown. */
void settle(void);
extern size_t screen_cols; /* painted by settle(): 100, unless a test sets it until the workbench closes */
/* Every screen, over worst-case names; and how ADA comes to one of them, or to a dialog. */
struct view_row {
	const char *name, *ref, *keys;
	const char *like; /* an earlier one: its frames say only what differs from that one's, or NULL */
};
extern const struct view_row view_rows[];
extern const size_t view_row_count;
void open_view(const struct view_row *view);
void open_dialog(const struct dialog_spec *spec);
/* The same screen on a terminal that has these characters only. */
void switch_mode(enum text_mode mode);
void close_place(void);
void press(struct key key);
/* Enter as \n, Tab as \t, Shift-Tab as \v, and these three. */
#define SEND "\x19" /* Ctrl-Y */
#define STEP_DOWN "\x1f"
#define ESC "\x1b"
void type(const char *text);
void confirm(void);
const char *status_line(void);	 /* as painted by settle() */
void says(const char *sentence); /* expects it, whole, without the name of a case */
bool may(const struct person *person, enum verb verb);
/* Does the row's earlier actions, if the person may. */
void do_first(const struct row *row, const struct person *person);
/* The case of a row on the screen, and the keys before the action. */
void arrive_at(const struct row *row, const struct person *person);
bool offers(const char *code); /* the dialog, in its first field */
/* A workbench of its own at a case, or in the list (""), after these keys; an open one is closed first. begin_at(): over
 * the store as places_open() left it. */
void open_at(enum who who, const char *ref, const char *keys);
void begin_at(enum who who, const char *ref, const char *keys);
void choose(const char *code); /* in the dialog, with its texts filled in */
const char *screen_text(void); /* as last painted, row by row */
bool shows(const char *text);  /* in one row */
/* The cells of one row from a column on, without trailing blanks. */
const char *cells_text(size_t row, size_t col, size_t cells);
struct key key_of(enum command command); /* the first key of the table that means it here */

#endif
