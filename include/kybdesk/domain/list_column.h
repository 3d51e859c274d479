/*
 * The columns of a list of cases, once: what each is called, what it says of a case, how urgent that is, and what it may
 * give up where there is no room. The table of `kybdesk list` and the queue of the workbench are made of them.
 */
#ifndef KYBDESK_DOMAIN_LIST_COLUMN_H
#define KYBDESK_DOMAIN_LIST_COLUMN_H

#include "kybdesk/domain/session.h"

enum list_column {
	LIST_DUE,
	LIST_REFERENCE,
	LIST_SUBJECT,
	LIST_COUNTRY,
	LIST_WORKFLOW,
	LIST_STATUS,
	LIST_RISK,
	LIST_DOCUMENTS,
	LIST_PARTIES,
	LIST_WHY, /* what a reviewer has to see to */
	LIST_HOLDER
};
#define LIST_COLUMN_COUNT 11

enum list_tone { TONE_PLAIN, TONE_MUTED, TONE_OK, TONE_WARNING, TONE_DANGER };

struct list_column_spec {
	const char *title, *short_title; /* the second where cells are dear */
	bool number;			 /* set to the right */
	size_t min, max;		 /* cells; the same: it is never narrowed */
	unsigned leave;			 /* 0: it is always there; the highest goes first */
	bool stretch;			 /* takes what is left over */
};
struct list_value {
	const char *text; /* "" it has none; in the arena or constant */
	enum list_tone tone;
};

const struct list_column_spec *list_column_spec(enum list_column column);
struct list_value list_value(struct arena *arena, enum list_column column, const struct session_item *item,
			     int64_t now);

enum list_tone inbox_tone(enum inbox inbox);

#endif
