/*
 * A view: a filter and an order under a name (workbench.md "Every sentence can be acted on"). Some come with the
 * program; a reviewer's own stand in a file of theirs (settings/views.h).
 */
#ifndef KYBDESK_DOMAIN_VIEW_H
#define KYBDESK_DOMAIN_VIEW_H

#include "kybdesk/domain/filter.h"

#define VIEW_NAME_MAX 24 /* characters */
#define VIEWS_OWN_MAX 12 /* of one reviewer: they are counted whenever the store changes */
struct view {
	const char *name;   /* "overdue" */
	const char *filter; /* in the filter language, valid */
	enum sort_key sort;
	const char *nothing; /* what an empty list says: "You hold no case." "" for one's own */
};

/* Those that come with the program, in their order. */
#define VIEW_SHIPPED_COUNT 9
extern const struct view views_shipped[VIEW_SHIPPED_COUNT];

/* One whose name it is, whatever the case of its letters; NULL none. */
const struct view *view_named(const struct view *views, size_t count, const char *name);
/* ERR_INVALID, field "name": empty, too long, with characters that can't be seen, or one that comes with the program. */
enum err view_name_check(const char *name, struct error *error) KYB_MUST_USE;

#endif
