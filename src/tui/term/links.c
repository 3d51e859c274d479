#include "links.h"

#include <stdlib.h>
#include <string.h>

#define VTE_LEAST 5000	     /* 0.50 */
#define KONSOLE_LEAST 201200 /* 20.12 */

static bool is_among(const char *name, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static const char *variable(const struct world *world, const char *name)
{
	const char *value = world_environment(world, name);
	return value ? value : "";
}

bool links_known(const struct world *world)
{
	static const char *const kinds[] = { "xterm-kitty", "foot",    "foot-extra", "xterm-ghostty",
					     "alacritty",   "contour", "wezterm" };
	static const char *const programs[] = { "iTerm.app", "WezTerm", "vscode", "ghostty" };
	const char *term = variable(world, "TERM");
	bool between = *variable(world, "TMUX") || *variable(world, "STY") || !strncmp(term, "tmux", 4) ||
		       !strncmp(term, "screen", 6);
	if (between || !*term || !strcmp(term, "dumb") || !strcmp(term, "linux"))
		return false;
	return is_among(term, kinds, sizeof kinds / sizeof kinds[0]) ||
	       is_among(variable(world, "TERM_PROGRAM"), programs, sizeof programs / sizeof programs[0]) ||
	       strtol(variable(world, "VTE_VERSION"), NULL, 10) >= VTE_LEAST ||
	       strtol(variable(world, "KONSOLE_VERSION"), NULL, 10) >= KONSOLE_LEAST ||
	       *variable(world, "WT_SESSION");
}
