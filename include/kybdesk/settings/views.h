/* The user's views (named filters), in views.json next to config.json. The file is read again before each change,
 * and written only if no other program has changed it since, so that two workbenches of one user do not lose
 * changes. An invalid file is never overwritten. */
#ifndef KYBDESK_SETTINGS_VIEWS_H
#define KYBDESK_SETTINGS_VIEWS_H

#include "kybdesk/domain/view.h"
#include "kybdesk/settings/own_text.h"
#include "kybdesk/settings/settings.h"

#define VIEWS_MAX (VIEW_SHIPPED_COUNT + OWN_VIEWS_MAX)
struct views {
	struct view items[VIEWS_MAX]; /* first the shipped views, then the user's views, sorted by name */
	size_t count;
	struct own_text text; /* text.path is borrowed from the settings; text.store is set for SSH sessions */
	const char *source;   /* the text from which the user's views were read */
	struct arena arena;   /* memory of the user's views */
};

/* Loads the shipped views only. */
void views_init(struct views *views, const struct settings *settings);
void views_release(struct views *views);
/* Also loads the user's file; a missing file is not an error. ERR_INVALID, with the position of the fault: *views
 * has only the shipped views. */
enum err views_read(struct views *views, struct error *error);
/* The view with this name. NULL: not found; *error has the nearest name and all names. */
const struct view *views_find(const struct views *views, const char *name, struct error *error) KYB_MUST_USE;
/* Adds a view of the user, or replaces the user's view of the same name. *replaced may be NULL. Error fields: name,
 * filter. */
enum err views_save(struct views *views, const struct view *view, bool *replaced, struct error *error);
/* Applies the changes between two texts of views to the stored text, which another workbench may have changed since: an
 * added view replaces the stored view of the same name, and a missing view is removed from the stored text. */
enum err views_merge(const struct own_text *text, const struct own_text_change *change, struct error *error);
/* Removes a view of the user. ERR_NOT_FOUND: not a view of the user. */
enum err views_forget(struct views *views, const char *name, struct error *error);

#endif
