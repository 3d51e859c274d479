/* Finds the values of a case in the text of a document, to mark them for the reviewer. The search decides nothing: a
 * match may belong to another person, and a missing value may come from an imperfect text recognition.
 *
 * Text is compared folded (case, accents, width, ligatures), across line breaks, spaces and hyphens. Names also
 * match with the last word first, and with the usual short forms of legal forms ("Ltd."). Dates match in the usual
 * spellings, with months in seven languages. */
#ifndef KYBDESK_DOMAIN_AGREEMENT_H
#define KYBDESK_DOMAIN_AGREEMENT_H

#include "kybdesk/domain/profile.h"
#include "kybdesk/domain/session.h"

enum doc_search_kind { DOC_SEARCH_NAME, DOC_SEARCH_PERSON, DOC_SEARCH_NUMBER, DOC_SEARCH_DATE, DOC_SEARCH_PERIOD };
struct doc_search_value {
	enum doc_search_kind kind;
	const char *name;     /* name of the value, never masked, such as "tax id" or "birth date of Ines Duarte" */
	const char *text;     /* personal data; a date as YYYY-MM-DD; for a period the first day */
	const char *last_day; /* for a period the last day; otherwise NULL */
	bool required;	      /* the document must show the value; a missing value is reported */
	bool found;	      /* set by doc_search_find_values() */
	bool unpainted;	      /* found only in text that the document does not show; `found` is then false */
	unsigned newest_date; /* for a period: latest date in the text before the first day, YYYYMMDD; 0: none */
};
struct doc_search_values {
	struct doc_search_value *items;
	size_t count;
};
/* Values of an unmasked case with parsed values (case_values_parse()): the subject's name, numbers, dates and
 * address, the parties' names and birth dates. The values that `spec` expects in the document are required; if
 * `spec` has a maximum age, also a date within this age before `now`. spec NULL: no value is required. Borrows the
 * texts of the case; all other data is in the arena. */
void doc_search_collect_values(struct arena *arena, const struct case_file *file, const struct document_spec *spec,
			       int64_t now, struct doc_search_values *out);

struct doc_search_span {
	size_t from, length; /* bytes of the text, whole graphemes */
};
struct doc_search_spans {
	struct doc_search_span *items; /* in order, without overlap */
	size_t count;
};
#define DOC_SEARCH_SPANS_MAX 10000
/* `text` must be valid UTF-8. Sets `found` of each value; `out` lists the positions of the values in
 * the text, in the arena. */
void doc_search_find_values(struct arena *arena, const char *text, size_t length, struct doc_search_values *values,
			    struct doc_search_spans *out);

/* A text for doc_search_find_text(), which finds `wanted` folded as in doc_search_find_values(), also within words;
 * finds nothing if `wanted` has no letters and no digits. */
struct doc_search_text {
	const char *text;
	size_t length;
};
void doc_search_find_text(struct arena *arena, const struct doc_search_text *text, const char *wanted,
			  struct doc_search_spans *out);

#endif
