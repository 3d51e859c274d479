#include "terminal_type.h"
#include "kybdesk/base/arena.h"
#include "kybdesk/base/text.h"

#include <curses.h>
#include <term.h>

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define VTE_VERSION_MIN 5000	   /* 0.50 */
#define KONSOLE_VERSION_MIN 201200 /* 20.12 */

static const char *const names[SEQUENCE_COUNT] = {
	"bold",	 "dim",	  "sitm",  "smul", "rev", "sgr0", "op",	 "smcup", "rmcup", "smkx",  "rmkx",
	"cnorm", "civis", "clear", "el",   "ind", "ri",	  "cup", "ech",	  "csr",   "setaf", "setab",
};

static const char *capability_text(const char *name)
{
	const char *value = tigetstr(name);
	return value && value != (const char *)-1 ? value : "";
}

/* The buffer to which append_char() appends. tputs() removes the delays from a sequence, and passes each character
 * to append_char(). */
static struct strbuf *target;

static int append_char(int c)
{
	strbuf_addch(target, (char)c);
	return c;
}

static void add_without_delays(struct strbuf *out, const char *sequence)
{
	target = out;
	tputs(sequence, 1, append_char);
}

/* Whether the only parameters of the sequence are %i, and %p1 and %p2 as decimal numbers. */
static bool has_decimal_parameters(const char *sequence)
{
	for (const char *c = sequence; (c = strpbrk(c, "%$")); c += c[1] == 'i' ? 2 : 5)
		if (strncmp(c, "%i", 2) != 0 && strncmp(c, "%p1%d", 5) != 0 && strncmp(c, "%p2%d", 5) != 0)
			return false;
	return true;
}

/* The attributes that can be combined with colours. */
static unsigned colour_attribute_bits(unsigned attribute_bits)
{
	/* Bits of the capability ncv, in the order of the attributes; ncv has no bit for italics. */
	static const int bits[ATTRIBUTE_COUNT] = { 32, 16, 0, 2, 4 };
	int lost = tigetnum("ncv");
	for (size_t i = 0; lost > 0 && i < ATTRIBUTE_COUNT; i++)
		if (lost & bits[i])
			attribute_bits &= ~(1U << i);
	return attribute_bits;
}

static size_t capability_number(const char *name)
{
	int value = tigetnum(name);
	return value > 0 ? (size_t)value : 0;
}

bool terminal_type_open(struct terminal_type *type)
{
	struct strbuf text = STRBUF_INIT;
	int found = 0;

	*type = (struct terminal_type){ 0 };
	use_env(FALSE); /* otherwise the variable LINES would replace the row count of the terminfo description */
	if (setupterm(NULL, STDOUT_FILENO, &found) == ERR)
		return false;
	for (size_t i = 0; i < SEQUENCE_COUNT; i++) {
		const char *sequence = capability_text(names[i]);
		strbuf_reset(&text);
		if (i < SEQUENCE_MOVE_CURSOR)
			add_without_delays(&text, sequence);
		else
			strbuf_adds(&text, sequence);
		type->sequences[i] = xstrdup(text.buf);
		type->has_decimals_only[i] = has_decimal_parameters(text.buf);
		if (i < ATTRIBUTE_COUNT && text.len && tigetnum("xmc") < 0)
			type->attribute_bits |= 1U << i;
	}
	strbuf_release(&text);
	type->coloured_attribute_bits = colour_attribute_bits(type->attribute_bits);
	type->has_bce = tigetflag("bce") > 0;
	type->no_corner_scroll = tigetflag("am") <= 0 || tigetflag("xenl") > 0;
	type->has_mouse = *capability_text("kmous");
	if (*type->sequences[SEQUENCE_FOREGROUND] && *type->sequences[SEQUENCE_BACKGROUND])
		type->colours = (int)capability_number("colors");
	type->direct_rgb = tigetflag("RGB") > 0;
	type->rows = capability_number("lines");
	type->cols = capability_number("cols");
	return *type->sequences[SEQUENCE_MOVE_CURSOR];
}

void terminal_type_close(struct terminal_type *type)
{
	for (size_t i = 0; i < SEQUENCE_COUNT; i++)
		free(type->sequences[i]);
	if (cur_term)
		del_curterm(cur_term);
	*type = (struct terminal_type){ 0 };
}

static void add_number(struct strbuf *out, size_t value)
{
	char digits[20];
	size_t at = sizeof digits;
	do
		digits[--at] = (char)('0' + value % 10);
	while (value /= 10);
	strbuf_add(out, digits + at, sizeof digits - at);
}

void terminal_type_add_sequence(const struct terminal_type *type, struct strbuf *out, enum sequence sequence,
				size_t first, size_t second)
{
	const char *c = type->sequences[sequence], *percent;
	size_t base = 0;

	if (!type->has_decimals_only[sequence]) {
		add_without_delays(out, tiparm(c, (int)first, (int)second));
		return;
	}
	for (; (percent = strchr(c, '%')); c = percent + (percent[1] == 'i' ? 2 : 5)) {
		strbuf_add(out, c, (size_t)(percent - c));
		if (percent[1] == 'i')
			base = 1;
		else
			add_number(out, base + (percent[2] == '1' ? first : second));
	}
	strbuf_adds(out, c);
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
