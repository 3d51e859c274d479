#include "terminal_type.h"
#include "kybdesk/base/arena.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"

#include <curses.h>
#include <term.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define TERM_BYTES_MAX 513
#define VTE_VERSION_MIN 5000	   /* 0.50 */
#define KONSOLE_VERSION_MIN 201200 /* 20.12 */

static const char *capability_text(const char *name)
{
	const char *value = tigetstr(name);
	return value && value != (const char *)-1 ? value : "";
}

static size_t capability_number(const char *name)
{
	int value = tigetnum(name);
	return value > 0 ? (size_t)value : 0;
}

/* The buffer to which append_char() appends. tputs() removes the delays from a sequence, and passes each character
 * to append_char(). */
static struct strbuf *target;

static int append_char(int c)
{
	strbuf_addch(target, (char)c);
	return c;
}

/* The sequences of these capabilities, without delays; malloc'd. */
static char *sequences(const char *const *names, size_t count)
{
	struct strbuf text = STRBUF_INIT;
	target = &text;
	strbuf_adds(&text, "");
	for (size_t i = 0; i < count; i++)
		tputs(capability_text(names[i]), 1, append_char);
	return strbuf_detach(&text);
}

bool terminal_type_open(struct terminal_type *type)
{
	static const char *const entering[] = { "smcup", "sgr0", "smkx", "civis" };
	static const char *const leaving[] = { "sgr0", "rmkx", "cnorm", "rmcup" };
	int found = 0;

	*type = (struct terminal_type){ 0 };
	/* The size is that of the terminal, otherwise that of its description: of LINES and COLUMNS curses would
	 * believe any number. */
	use_env(FALSE);
	use_tioctl(TRUE);
	free(xmalloc(TERM_BYTES_MAX)); /* ncurses 6.4 copies the name without a check whether there is memory */
	if (setupterm(NULL, STDOUT_FILENO, &found) == ERR)
		return false;
	type->entering = sequences(entering, sizeof entering / sizeof entering[0]);
	type->leaving = sequences(leaving, sizeof leaving / sizeof leaving[0]);
	type->is_ansi = !strncmp(capability_text("cup"), "\033[", 2);
	type->has_mouse = *capability_text("kmous");
	if (*capability_text("setaf") && *capability_text("setab"))
		type->colours = (int)capability_number("colors");
	type->direct_rgb = tigetflag("RGB") > 0;
	type->rows = capability_number("lines");
	type->cols = capability_number("cols");
	return *capability_text("cup");
}

void terminal_type_close(struct terminal_type *type)
{
	free(type->entering);
	free(type->leaving);
	if (cur_term)
		del_curterm(cur_term);
	*type = (struct terminal_type){ 0 };
}

static const char *env_value(const struct world *world, const char *name)
{
	const char *value = world_environment(world, name);
	return value ? value : "";
}

bool supports_hyperlinks(const struct world *world)
{
	static const char *const kinds[] = { "xterm-kitty", "foot",    "foot-extra", "xterm-ghostty",
					     "alacritty",   "contour", "wezterm" };
	static const char *const programs[] = { "iTerm.app", "WezTerm", "vscode", "ghostty" };
	const char *term = env_value(world, "TERM");
	bool between = *env_value(world, "TMUX") || *env_value(world, "STY") || !strncmp(term, "tmux", 4) ||
		       !strncmp(term, "screen", 6);
	if (between || !*term || !strcmp(term, "dumb") || !strcmp(term, "linux"))
		return false;
	return texts_contain(kinds, sizeof kinds / sizeof kinds[0], term) ||
	       texts_contain(programs, sizeof programs / sizeof programs[0], env_value(world, "TERM_PROGRAM")) ||
	       strtol(env_value(world, "VTE_VERSION"), NULL, 10) >= VTE_VERSION_MIN ||
	       strtol(env_value(world, "KONSOLE_VERSION"), NULL, 10) >= KONSOLE_VERSION_MIN ||
	       *env_value(world, "WT_SESSION");
}
