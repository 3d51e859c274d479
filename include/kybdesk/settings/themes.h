/* Loads a theme by name: themes/NAME.json in the user's folders; if missing, the theme of that name in the program
 * (base/resource.h). A user's theme with faults is used, too; its faults are listed. */
#ifndef KYBDESK_SETTINGS_THEMES_H
#define KYBDESK_SETTINGS_THEMES_H

#include "kybdesk/base/resource.h"
#include "kybdesk/codec/theme_codec.h"

#define THEME_AUTO "auto" /* the setting's default: see theme_of_setting() */
/* The name of the theme for a setting: "auto" means "dark" on a terminal with at least 256 colours, otherwise
 * "terminal". */
const char *theme_of_setting(const char *setting, bool many_colours);
struct theme_result {
	struct theme *theme;
	const char *origin; /* path of the theme's file, or RESOURCE_BUILT_IN */
	struct line_faults faults;
};

/* The result is in the arena. ERR_NOT_FOUND with the nearest name. If the file is not a valid theme, the
 * result is the theme "terminal" with a fault. */
enum err theme_load(struct arena *arena, const struct world *world, const char *name, struct theme_result *out,
		    struct error *error);

#endif
