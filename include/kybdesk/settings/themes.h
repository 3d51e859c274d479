/*
 * A theme by its name: themes/NAME.json of the user's folders, else of the program (base/resource.h). One of
 * somebody's own is kept with its faults.
 */
#ifndef KYBDESK_SETTINGS_THEMES_H
#define KYBDESK_SETTINGS_THEMES_H

#include "kybdesk/codec/theme_codec.h"
#include "kybdesk/base/world.h"

#define THEME_BUILT_IN "built in"
struct theme_found {
	struct theme *theme;
	const char *origin; /* its path, or THEME_BUILT_IN */
	struct line_faults faults;
};

/* Lives in the arena. ERR_NOT_FOUND names the nearest; of a file that is no theme the one of the terminal stands in its
 * place, and a fault says so. */
enum err theme_load(struct arena *arena, const struct world *world, const char *name, struct theme_found *out,
		    struct error *error) KYB_MUST_USE;

#endif
