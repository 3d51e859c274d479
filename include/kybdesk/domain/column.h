/* The columns of each aggregate, as tables: one row per column. The store's statements, the session document,
 * merging, masking, comparing and clearing all use these tables (docs/architecture.md "Adding a column"). Pure data
 * and pure functions; `row` always points to the struct that the table describes. */
#ifndef KYBDESK_DOMAIN_COLUMN_H
#define KYBDESK_DOMAIN_COLUMN_H

#include "kybdesk/domain/session.h"

enum column_type {
	COLUMN_TEXT,  /* const char *; "": absent */
	COLUMN_DATE,  /* const char *, YYYY-MM-DD; "": absent */
	COLUMN_JSON,  /* const char *, validated JSON; `empty` is its value without content */
	COLUMN_INT,   /* int64_t */
	COLUMN_BOOL,  /* bool */
	COLUMN_TIME,  /* int64_t, Unix ms; TIME_NONE is stored as NULL */
	COLUMN_DAY,   /* as COLUMN_TIME, but a date in JSON */
	COLUMN_ENUM,  /* an enum, stored and written as its word */
	COLUMN_BITS,  /* unsigned, one bit per word; a list of words in JSON */
	COLUMN_RISK,  /* int; RISK_NONE is stored as NULL */
	COLUMN_SCORE, /* double; a negative value is stored as NULL */
	COLUMN_ROW,   /* int64_t, another row's key; 0 is stored as NULL */
	COLUMN_TEXTS, /* const char ** and a count; stored as a JSON list */
	COLUMN_CUSTOM /* special: the store and the codec each have a separate function for the column */
};

enum column_flag {
	/* storage */
	COLUMN_KEY = 1U << 0,	   /* primary key, set by the store */
	COLUMN_UNSTORED = 1U << 1, /* no column in the store: derived, or only in the session document */
	COLUMN_JOINED = 1U << 2,   /* read from a joined row, never written */
	COLUMN_LARGE = 1U << 3,	   /* read only if a single row is read in full */
	COLUMN_OPTIONAL = 1U << 4, /* an enum that may be unset; 0: unset */
	/* immutability */
	COLUMN_FIXED = 1U << 5,		/* never changed after the insert of the row */
	COLUMN_SEPARATE_VERB = 1U << 6, /* written by a separate verb, not by insert or update */
	/* visibility */
	COLUMN_PERSONAL = 1U << 8, /* about a person or a business: hashed in the audit log */
	COLUMN_SHOWN = 1U << 9,	   /* with COLUMN_PERSONAL: shown to every reviewer, not only when revealed */
	/* a fact that a judgement may be based on */
	COLUMN_IDENTITY = 1U << 10,
	/* imports */
	COLUMN_INTAKE = 1U << 11, /* set by the import line that creates the row; changed later only at this desk */
	COLUMN_MERGED = 1U << 12, /* a later import line may change the value */
	COLUMN_IMPORT_IF_EMPTY = 1U << 13, /* a later import line may set the value while it is empty */
	/* session document */
	COLUMN_OMIT_EMPTY = 1U << 14,	 /* left out of the session document when empty */
	COLUMN_NULL_IF_EMPTY = 1U << 15, /* null in the session document when empty */
	COLUMN_REQUIRED = 1U << 27,	 /* required when a session document is read */
	COLUMN_OUTPUT = 1U << 26,	 /* only written: accepted but ignored when a session document is read */
	/* groups of session columns; each group has one verb that writes it */
	COLUMN_GROUP_GAP = 1U << 16,
	COLUMN_GROUP_SNOOZE = 1U << 17,
	COLUMN_GROUP_REMINDERS = 1U << 18,
	COLUMN_GROUP_PARTIES = 1U << 19,
	COLUMN_GROUP_PROCESSING = 1U << 20,
	COLUMN_GROUP_DUE = 1U << 21,
	/* columns of one kind of subject: written even if empty, for a subject of this kind */
	COLUMN_SUBJECT_BUSINESS = 1U << 22,
	COLUMN_SUBJECT_PERSON = 1U << 23,
	/* public register data: shown for a business, masked for a person */
	COLUMN_REGISTER = 1U << 24,
	/* session columns: a decision stores their previous values, and undo restores them */
	COLUMN_UNDO_RESTORES = 1U << 25
};

struct column {
	/* name in the store and in errors; for a column that is only read: an expression of the SELECT */
	const char *name;
	const char *word; /* name in the session document; NULL: the document does not have the column */
	enum column_type type;
	unsigned flags; /* bits of enum column_flag */
	size_t offset;
	size_t count_offset;			    /* COLUMN_TEXTS: offset of the count, a size_t */
	const char *const *(*words)(size_t *count); /* COLUMN_ENUM, COLUMN_BITS */
	const char *empty;			    /* COLUMN_JSON: the empty value; NULL: "" */
};

struct column_table {
	const char *name; /* "check_result" */
	const char *noun; /* "check" */
	size_t size;	  /* size of the struct */
	const struct column *items;
	size_t count;
};

extern const struct column_table session_columns; /* session, with its subject's columns */
extern const struct column_table subject_columns; /* of struct subject only */
extern const struct column_table
	subject_record_columns; /* struct subject_record (domain/subject.h): a row of the table subject */
extern const struct column_table step_columns, document_columns, party_columns, check_columns, result_columns,
	hit_columns, correction_columns, decision_columns, note_columns, attempt_columns;

/* The column with this name; NULL: unknown name. */
const struct column *column_find(const struct column_table *table, const char *name);
/* The text of the column with this word in the session document; "" for an unknown word. */
const char *columns_text(const struct column_table *table, const void *row, const char *word);
/* The next column after `after` (NULL: the first) with any of the flags; flags 0: any column. NULL: no more. */
const struct column *columns_next(const struct column_table *table, const struct column *after, unsigned flags);
/* As columns_next(), but only columns with different values in `a` and `b`. */
const struct column *columns_next_diff(const struct column_table *table, const void *a, const void *b, unsigned flags,
				       const struct column *after);
bool columns_equal(const struct column_table *table, const void *a, const void *b, unsigned flags);
bool column_equal(const struct column *column, const void *a, const void *b);
/* Shares texts instead of copying them: `to` must not outlive the arena of `from`. */
void column_copy(const struct column *column, void *to, const void *from);
/* Copies the non-empty values of `from`; for COLUMN_BITS adds the bits. Does not change other columns of `to`, nor
 * a COLUMN_IMPORT_IF_EMPTY column that has a value. */
void columns_merge(const struct column_table *table, void *to, const void *from, unsigned flags);
/* Makes a zeroed struct empty: "", TIME_NONE, RISK_NONE, a negative score, the empty JSON. */
void columns_init(const struct column_table *table, void *row);
/* Whether reviewers see the column only when revealed: personal and not flagged as shown. So a new personal column
 * is hidden by default. */
bool column_is_masked(const struct column *column, bool of_business);

void column_clear(const struct column *column, void *row);
bool column_is_empty(const struct column *column, const void *row);
/* The value as text: COLUMN_TEXT, _DATE and _JSON unchanged; COLUMN_ENUM as its word. */
const char *column_text(const struct column *column, const void *row);
void column_set_text(const struct column *column, void *row, const char *text);
/* False: `word` is not one of the column's words. COLUMN_OPTIONAL accepts "" for unset. */
bool column_set_word(const struct column *column, void *row, const char *word);
/* The value as a number, for COLUMN_INT, _TIME, _DAY, _ROW, _BOOL, _RISK and _BITS. */
int64_t column_number(const struct column *column, const void *row);
/* For the same types as column_number(). COLUMN_BITS: drops unknown bits. */
void column_set_number(const struct column *column, void *row, int64_t number);
double column_score(const struct column *column, const void *row);
void column_set_score(const struct column *column, void *row, double score);
const char *const *column_texts(const struct column *column, const void *row, size_t *count);
void column_set_texts(const struct column *column, void *row, const char **texts, size_t count);

#endif
