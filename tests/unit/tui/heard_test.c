/*
 * Compares the spoken lines of the workbench with frames/heard.txt: presses keys on screens and
 * dialogs on a real store and records the lines after each key. After an intended change:
 * KYBDESK_WRITE_FRAMES=1 build/test/test_tui --filter 'heard/…', then read the difference.
 */
#include "places.h"

#include "../../../src/tui/term/linear.h"

TestSuite(heard, .init = places_set_up, .fini = places_tear_down, .timeout = 120);

static struct linear linear;
static struct strbuf kept = STRBUF_INIT;
static int64_t now_ms = 1000;

/* All lines spoken so far. */
struct line {
	const char *text;
	size_t walk;
};
static struct line *lines;
static size_t line_count, line_capacity;
static size_t walk; /* number of the current row of `walks`, from 1 on */

static void add_line(const char *text)
{
	*ARENA_PUSH(&arena, lines, line_count, line_capacity) = (struct line){ text, walk };
}

#define FEWEST_AGAIN 4 /* more lines than this that repeat earlier lines are written as a count */

/* Number of lines from `line` on that repeat earlier lines; sets walk_before to `walk` of the earlier lines. */
static size_t heard_before(size_t line, size_t end, size_t *walk_before)
{
	size_t most = 0;
	for (size_t i = 0; i < line; i++) {
		size_t same = 0;
		while (i + same < line && line + same < end && !strcmp(lines[i + same].text, lines[line + same].text))
			same++;
		if (same > most) {
			most = same;
			*walk_before = lines[i].walk;
		}
	}
	return most;
}

static void keep_lines(size_t from)
{
	size_t walk_before = 0;
	while (from < line_count) {
		const size_t again = heard_before(from, line_count, &walk_before);
		strbuf_addf(&kept, "%s\n", lines[from].text);
		from++;
		if (again <= FEWEST_AGAIN)
			continue;
		strbuf_addf(&kept, "(%zu more lines as in walk %zu)\n", again - 1, walk_before);
		from += again - 1;
	}
}

/* Records the lines that are spoken after a key, and the lines that are spoken later, when no key follows. */
static void hear(const char *key)
{
	struct strbuf output = STRBUF_INIT;
	const size_t from = line_count;
	workbench_draw(&workbench, LINEAR_ROWS, LINEAR_COLS);
	linear_update(&linear, &workbench.surface, now_ms, &output);
	add_line(arena_printf(&arena, "[%s]", key));
	for (int64_t due; (due = linear_due_ms(&linear));) {
		if (output.len)
			strbuf_addf(&output, "(at rest)\r\n");
		now_ms = due;
		linear_speak(&linear, now_ms, false, &output);
	}
	for (char *rest = output.buf, *line; (line = strtok_r(rest, "\r\n", &rest));)
		add_line(arena_strdup(&arena, line));
	keep_lines(from);
	strbuf_release(&output);
	now_ms += 5000;
}

static void visits(const char *ref, const char *keys)
{
	static const struct {
		char key;
		const char *name;
	} names[] = { { '\n', "Enter" }, { '\t', "Tab" },      { '\v', "Shift-Tab" },
		      { '\b', "Esc" },	 { '\x19', "Ctrl-Y" }, { ' ', "Space" } };
	put_back();
	open_workbench(&people[5]);
	workbench.surface.is_spoken = true;
	screen_cols = LINEAR_COLS;
	strbuf_addf(&kept, "=== walk %zu: %s\n", walk, *ref ? ref : "the list");
	arrive_at(&(const struct row){ .ref = ref }, &people[5]);
	hear("opened");
	for (; *keys; keys++) {
		const char one[] = { *keys, '\0' }, *name = one;
		for (size_t i = 0; i < sizeof names / sizeof *names; i++)
			if (names[i].key == *keys)
				name = names[i].name;
		if (*keys == '\b')
			press(key_press(PRESS_ESCAPE));
		else if (*keys == '\x19')
			confirm();
		else
			type(one);
		hear(name);
	}
	linear_release(&linear);
	linear = (struct linear){ 0 };
	close_workbench();
}

Test(heard, each_key_brings_the_lines_that_are_kept)
{
	static const struct {
		const char *ref, *keys;
	} walks[] = {
		{ "", "jjk4\t\tj/har\n/zz\b?jj\b:mar\t\b" },
		{ "RAL-1", "jj2jj3j4jj567\b" },
		{ "RAL-1", "3ij\b6\njj\b" },
		{ WORST, "2\n/name\nn\b3jG" },
		{ "KYC-1", "a\tof it\v\b" },
		{ "RAL-1", "r\t\t\t\tmis\t\b" },
		{ "RAL-1", "x\tj jj \tSay\t\b" },
		{ "HIT-1", "4j\n\tfa\t\t\b" },
		{ "BAR-1", "3+Ana\t\t60\tu \t\tPor\tco\b" },
		{ "KYC-1", "ay" },
		{ "", "  j ,\b" },
		{ "RAL-1", "ma b\n" },
		{ WORST, "a\b\b\n" }, /* a case that is opened again is spoken completely */
	};
	for (size_t i = 0; i < sizeof walks / sizeof *walks; i++) {
		walk = i + 1;
		visits(walks[i].ref, walks[i].keys);
	}
	expect_kept(KYB_SOURCE_DIR "/tests/unit/tui/frames/heard.txt", &kept);
	strbuf_release(&kept);
}
