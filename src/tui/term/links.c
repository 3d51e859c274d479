#include "links.h"

#include "kybdesk/base/text.h"

#include <stdlib.h>
#include <string.h>

#define VTE_LEAST 5000	     /* 0.50 */
#define KONSOLE_LEAST 201200 /* 20.12 */

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
	return texts_have(kinds, sizeof kinds / sizeof kinds[0], term) ||
	       texts_have(programs, sizeof programs / sizeof programs[0], variable(world, "TERM_PROGRAM")) ||
	       strtol(variable(world, "VTE_VERSION"), NULL, 10) >= VTE_LEAST ||
	       strtol(variable(world, "KONSOLE_VERSION"), NULL, 10) >= KONSOLE_LEAST ||
	       *variable(world, "WT_SESSION");
}
