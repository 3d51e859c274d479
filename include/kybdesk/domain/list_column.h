/* Columns of a list of cases: title, value, urgency, and priority when space is short. Shared by the table of
 * `kybdesk list` and the queue of the workbench. */
#ifndef KYBDESK_DOMAIN_LIST_COLUMN_H
#define KYBDESK_DOMAIN_LIST_COLUMN_H

#include "kybdesk/domain/session.h"

/* The columns, in the order of every list. */
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
	LIST_REASON, /* the main blocker */
	LIST_HOLDER
};
#define LIST_COLUMN_COUNT (LIST_HOLDER + 1)

enum list_tone { TONE_PLAIN, TONE_MUTED, TONE_OK, TONE_WARNING, TONE_DANGER };

struct list_column_spec {
	const char *title, *short_title; /* short_title: for narrow columns */
	bool is_right_aligned;		 /* right-aligned */
	size_t min_width, max_width;	 /* width in cells; a fixed width if both are equal */
	unsigned hide_rank;		 /* 0: always shown; the highest number is hidden first */
	bool can_stretch;		 /* takes the remaining width */
};
struct list_value {
	const char *text; /* "": none; in the arena or constant */
	enum list_tone tone;
};

const struct list_column_spec *list_column_spec(enum list_column column);
struct list_value list_value(struct arena *arena, enum list_column column, const struct session_item *item,
			     int64_t now);

enum list_tone inbox_tone(enum inbox inbox);

#endif
