/* A view: a named filter with a sort order. Some ship with the program; a user's own views are in a file
 * (settings/views.h). */
#ifndef KYBDESK_DOMAIN_VIEW_H
#define KYBDESK_DOMAIN_VIEW_H

#include "kybdesk/domain/filter.h"

#define VIEW_NAME_MAX 24 /* characters */
/* per user; limited, since the cases of each view are counted after each change of the store */
#define OWN_VIEWS_MAX 12
struct view {
	const char *name;   /* "overdue" */
	const char *filter; /* in the filter language, valid */
	enum sort_key sort;
	const char *empty_text; /* text of an empty list, such as "You hold no case."; "" for a user's view */
};

#define VIEW_SHIPPED_COUNT 11
/* The shipped views, in order. */
extern const struct view views_shipped[VIEW_SHIPPED_COUNT];

/* The view with this name, ignoring case; NULL: none. */
const struct view *view_by_name(const struct view *views, size_t count, const char *name);
/* The name on the screen: "my cases" and "ready" for mine and clean, the names for commands. */
const char *view_title(const char *name);
/* ERR_INVALID, field "name": the name is empty or too long, has invisible characters, or is the name of a shipped
 * view. */
enum err view_name_check(const char *name, struct error *error);

#endif
