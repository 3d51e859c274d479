/*
 * Where a document says what the case says (workbench.md "Marked where it agrees"): the case's values are looked for in
 * the document's text, so that the eye finds them. It decides nothing: a value may stand there and mean somebody else,
 * or be missing because the text came from a picture.
 *
 * Text is compared folded (case, accents, width, ligatures), across line breaks, spaces and hyphens; names also with the
 * last word first and with the usual short forms of companies; dates in the usual spellings, months in seven languages.
 */
#ifndef KYBDESK_DOMAIN_AGREEMENT_H
#define KYBDESK_DOMAIN_AGREEMENT_H

#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

enum agree_kind { AGREE_NAME, AGREE_PERSON, AGREE_NUMBER, AGREE_DATE, AGREE_PERIOD };
struct agree_value {
	enum agree_kind kind;
	const char *what; /* names the value without telling it: "tax id", "birth date of Ines Duarte" */
	const char *text; /* personal, never shown by itself; a date as YYYY-MM-DD; of a period its first day */
	const char *last; /* of a period: any day up to this one agrees; NULL of every other */
	bool required;	  /* the document has to show it: its absence is reported */
	bool found;	  /* by agree_find() */
	unsigned newest;  /* of a period: the last day before it that stands there, as YYYYMMDD; 0 none */
};
struct agree_values {
	struct agree_value *items;
	size_t count;
};
/* Of an unmasked case whose values are parsed (case_values_parse()): the subject's name, numbers, dates and address, the
 * parties' names and birth dates. Required is what the profile says that a document of this type shows (NULL: nothing),
 * and where it says how old the document may be, a day of that time before `now`. Borrows the texts of the case; the
 * rest is in the arena. */
void agree_values_of(struct arena *arena, const struct case_file *file, const struct document_spec *spec,
		     int64_t now, struct agree_values *out);

struct agree_mark {
	size_t from, length; /* bytes of the text, whole graphemes */
};
struct agree_marks {
	struct agree_mark *items; /* in order, none touches another */
	size_t count;
};
#define AGREE_MARKS_MAX 10000
/* `text` is valid UTF-8. Says of each value whether it was found, and gives the places. In the arena. */
void agree_find(struct arena *arena, const char *text, size_t length, struct agree_values *values,
		struct agree_marks *out);

/* Whatever somebody looks for, folded the same way, also within words; without letters or digits: nothing. */
struct agree_text {
	const char *text;
	size_t length;
};
void agree_search(struct arena *arena, const struct agree_text *text, const char *wanted, struct agree_marks *out);

#endif
