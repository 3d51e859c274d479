/*
 * The spoken lines of the workbench: a tour of screens and dialogs on a real store, each
 * key with its lines, as stored in frames/heard.txt. After an intended change:
 * KYBDESK_WRITE_FRAMES=1 build/test/test_tui --filter 'heard/…', then read the difference.
 */
#include "places.h"

#include "../../../src/tui/term/linear.h"
#include "support/process.h"

#include <stdlib.h>

#define HEARD KYB_SOURCE_DIR "/tests/unit/tui/frames/heard.txt"

TestSuite(heard, .init = places_open, .fini = places_close, .timeout = 120);

static struct linear linear;
static struct strbuf kept = STRBUF_INIT;
static int64_t now_ms = 1000;

/* The lines of a key, and the lines of a rest after it. */
static void hear(const char *key)
{
	struct strbuf output = STRBUF_INIT;
	workbench_draw(&workbench, LINEAR_ROWS, LINEAR_COLS);
	linear_take(&linear, &workbench.surface, now_ms, &output);
	strbuf_addf(&kept, "[%s]\n", key);
	for (int64_t due; (due = linear_due(&linear));) {
		if (output.len)
			strbuf_addf(&output, "(at rest)\r\n");
		now_ms = due;
		linear_speak(&linear, now_ms, false, &output);
	}
	for (const char *c = output.buf; *c; c++)
		if (*c != '\r')
			strbuf_addch(&kept, *c);
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
	workbench.surface.still = true;
	screen_cols = LINEAR_COLS;
	strbuf_addf(&kept, "=== %s\n", *ref ? ref : "the list");
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
		{ "KYC-1", "a\tall is well\v\b" },
		{ "RAL-1", "r\t\t\t\tmis\t\b" },
		{ "RAL-1", "x\tj jj \tSay more\t\b" },
		{ "HIT-1", "4j\n\tfa\t\t\b" },
		{ "BAR-1", "3+Ana\tco\tu \t\tPor\b" },
		{ "KYC-1", "ay" },
		{ "", "  j ,\b" },
		{ "RAL-1", "ma note\n" },
		{ WORST, "a\b\b\n" }, /* the same case again is spoken whole again */
	};
	for (size_t i = 0; i < sizeof walks / sizeof *walks; i++)
		visits(walks[i].ref, walks[i].keys);
	if (getenv("KYBDESK_WRITE_FRAMES")) {
		temp_write(HEARD, kept.buf, kept.len);
	} else {
		size_t line = 1;
		char *before = temp_read(HEARD, NULL);
		const char *is = kept.buf, *was = before ? before : "";
		while (*is && *was) {
			size_t is_length = strcspn(is, "\n"), was_length = strcspn(was, "\n");
			if (is_length != was_length || strncmp(is, was, is_length))
				break;
			is += is_length + (is[is_length] != '\0');
			was += was_length + (was[was_length] != '\0');
			line++;
		}
		cr_expect(!*is && !*was, "%s:%zu\nkept: %.*s\nis:   %.*s", HEARD, line, (int)strcspn(was, "\n"),
			  was, (int)strcspn(is, "\n"), is);
	}
	strbuf_release(&kept);
}
