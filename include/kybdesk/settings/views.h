/*
 * The lists that a reviewer gave a name, in views.json beside config.json. The file is read anew before each change
 * and written whole, so that two desks of one user lose nothing of each other's; one that cannot be read is never
 * written over.
 */
#ifndef KYBDESK_SETTINGS_VIEWS_H
#define KYBDESK_SETTINGS_VIEWS_H

#include "kybdesk/domain/view.h"
#include "kybdesk/settings/settings.h"

#define VIEWS_MAX (VIEW_SHIPPED_COUNT + VIEWS_OWN_MAX)
struct views {
	struct view items[VIEWS_MAX]; /* those of the program first, then one's own, by name */
	size_t count;
	const char *path;   /* of the file; as long as the settings */
	struct arena arena; /* of one's own */
};

/* Only those of the program. */
void views_init(struct views *views, const struct settings *settings);
void views_release(struct views *views);
/* With what the file holds; no file is no mistake. ERR_INVALID says where it is wrong: *views then has those of the
 * program. */
enum err views_read(struct views *views, struct error *error) KYB_MUST_USE;
/* NULL: none is called so, and *error names the nearest, and all. */
const struct view *views_find(const struct views *views, const char *name, struct error *error) KYB_MUST_USE;
/* Takes the place of one's own of the same name. *replaced may be NULL. Fields: name, filter. */
enum err views_keep(struct views *views, const struct view *view, bool *replaced, struct error *error) KYB_MUST_USE;
/* ERR_NOT_FOUND: no view of one's own is called so. */
enum err views_forget(struct views *views, const char *name, struct error *error) KYB_MUST_USE;

#endif
