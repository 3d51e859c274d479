/* Documents in the pixels of the terminal: only where it says that it shows them, and only bytes of the program's own. */
#include "bench.h"
#include "support/needs.h"

#include "kybdesk/base/file.h"
#include "kybdesk/base/strbuf.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define WITH_SIXELS "\033[?62;4c"
#define WITHOUT_SIXELS "\033[?62c"
#define ASKS_GRAPHICS "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\"
#define HAS_GRAPHICS "\033_Gi=31;OK\033\\"
#define PUTS "\033_Ga=T,q=2,f=24,i=7063906,"
#define REMOVES "\033_Ga=d,d=I,i=7063906,q=2\033\\"
#define CELL_10_20 "\033[6;20;10t"
#define QUIET_MS 400

TestSuite(pictures, .init = bench_set_up_samples, .fini = bench_tear_down, .timeout = 120);

/* The first one from an offset on; SIZE_MAX: none. */
static size_t sent_at(const char *text, size_t from)
{
	size_t length;
	const char *raw = (const char *)terminal_raw(terminal, &length);
	const char *at = from < length ? memmem(raw + from, length - from, text, strlen(text)) : NULL;
	return at ? (size_t)(at - raw) : SIZE_MAX;
}
static bool was_sent(const char *text)
{
	return sent_at(text, 0) != SIZE_MAX;
}

#define SENDS(text)                                                                                                \
	do {                                                                                                       \
		long long end = test_clock_ms() + PATIENCE_MS;                                                     \
		while (!was_sent(text)) {                                                                          \
			cr_assert_lt(test_clock_ms(), end, "no %s:\n%s", (text) + 1, terminal_screen(terminal));   \
			(void)terminal_wait(terminal, "\001", 25);                                                 \
		}                                                                                                  \
	} while (0)

/*
 * All that the program may send besides what curses does: strings (ESC _, ESC P, ESC ]) are pictures of kitty's protocol
 * in base64, or sixels of their alphabet, and nothing else.
 */
static void only_own_strings(void)
{
	size_t length;
	const unsigned char *raw = terminal_raw(terminal, &length);
	for (size_t i = 0; i + 1 < length; i++) {
		if (raw[i] != 27 || !strchr("_P]^X", raw[i + 1]))
			continue;
		const char *allowed = raw[i + 1] == '_' ? "Gamdifqtsvcrp=,;ATCI0123456789+/"
							  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
							: "0123456789;q\"#!$-?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`"
							  "abcdefghijklmnopqrstuvwxyz{|}~\\";
		cr_assert(raw[i + 1] == '_' || raw[i + 1] == 'P', "ESC %c", raw[i + 1]);
		for (i += 2; i < length && raw[i] != 27; i++)
			cr_assert(raw[i] && strchr(allowed, raw[i]), "%d at %zu", raw[i], i);
		cr_assert(i + 1 >= length || raw[i + 1] == '\\', "%d", raw[i + 1]);
	}
}

/* The list, and its one case of that name; at its documents. */
static void open_case(const char *filter, const char *shows)
{
	SEES(terminal, "  Why");
	terminal_type(terminal, filter);
	terminal_type(terminal, "\r");
	SEES(terminal, "1 case");
	terminal_type(terminal, "\r");
	SEES(terminal, shows);
	terminal_type(terminal, "2");
	SEES(terminal, "SHA-256");
}

static void start_with(const char *attributes, const char *config)
{
	NEEDS("chafa", "chafa");
	bench.attributes = attributes;
	if (config)
		bench_configure(&bench, config);
	terminal = bench_start(&bench, "ana", 30, 100, "C.UTF-8", NULL);
}

/* The identity card of the case IND-3109. */
static void open_passport(void)
{
	open_case("/ind-3109", "Before you can approve");
	terminal_type(terminal, "\r");
	SEES(terminal, "icture");
}

static size_t value(const char *keys, const char *name)
{
	const char *at = strstr(keys, name);
	cr_assert_not_null(at);
	return strtoul(at + strlen(name), NULL, 10);
}

/* The size of the picture that begins there, and the bytes of its chunks. */
static size_t kitty_bytes(size_t from)
{
	size_t length, encoded = 0;
	const char *raw = (const char *)terminal_raw(terminal, &length);
	const char *at = memmem(raw + from, length - from, ",m=", 3);
	for (bool more = true; more;) {
		cr_assert(at && at + 6 < raw + length);
		at = strchr(at, 'm');
		more = at[2] == '1';
		at = strchr(at, ';') + 1;
		encoded += strcspn(at, "\033=");
		at += strcspn(at, "\033") + 2;
	}
	return encoded * 3 / 4;
}

static void expect_kitty(size_t from)
{
	size_t length;
	const char *raw = (const char *)terminal_raw(terminal, &length);
	const char *keys = raw + from;
	size_t width = value(keys, ",s="), height = value(keys, ",v="), cols = value(keys, ",c="),
	       rows = value(keys, ",r=");
	cr_expect_eq(kitty_bytes(from), width * height * 3, "%zu x %zu", width, height);
	cr_expect(cols > 20 && cols <= 100 && rows > 5 && rows < 28, "%zu x %zu", cols, rows);
	cr_expect(width <= cols * 10 && height <= rows * 20 && width > cols * 8 && height > rows * 16,
		  "%zu x %zu for %zu x %zu cells", width, height, cols, rows);
}

Test(pictures, kitty_gets_one_after_its_answer_and_loses_it_at_the_end)
{
	start_with(WITHOUT_SIXELS, NULL);
	SEES(terminal, "  Why");
	cr_expect_not(was_sent("\033[c"), "nothing is asked before a case is open");
	open_case("/ind-3109", "Before you can approve");
	SENDS(ASKS_GRAPHICS);
	terminal_type(terminal, CELL_10_20 HAS_GRAPHICS);
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	cr_expect_not(was_sent(PUTS));
	terminal_type(terminal, "\r");
	SENDS(PUTS);
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	expect_kitty(sent_at(PUTS, 0));
	size_t before = sent_at(PUTS, 0);
	terminal_type(terminal, "+");
	SEES(terminal, "2\xc3\x97");
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	size_t larger = sent_at(PUTS, before + 1);
	cr_assert_neq(larger, SIZE_MAX);
	terminal_forget(terminal);
	terminal_type(terminal, "l");
	SENDS(PUTS);
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	cr_expect_not(was_sent(REMOVES), "moved in its place");
	terminal_forget(terminal);
	terminal_press(terminal, TERMINAL_ESCAPE);
	SENDS(REMOVES);
	SEES(terminal, "seen by you");
	terminal_type(terminal, "\r");
	SENDS(PUTS);
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	terminal_forget(terminal);
	terminal_signal(terminal, SIGTERM);
	cr_assert_eq(terminal_wait_exit(terminal, PATIENCE_MS), 128 + SIGTERM);
	size_t removed = sent_at(REMOVES, 0), left = sent_at("\033[?1049l", 0);
	cr_expect(removed < left, "%zu %zu", removed, left);
}

Test(pictures, what_covers_it_removes_it_until_it_is_free_again)
{
	static const char *const keys[] = { "?", ":" };
	start_with(WITHOUT_SIXELS, NULL);
	open_case("/ind-3109", "Before you can approve");
	SENDS(ASKS_GRAPHICS);
	terminal_type(terminal, HAS_GRAPHICS);
	terminal_type(terminal, "\r");
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
		SENDS(PUTS);
		cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
		terminal_forget(terminal);
		terminal_type(terminal, keys[i]);
		SENDS(REMOVES);
		cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
		cr_expect_not(was_sent(PUTS), "%s", keys[i]);
		terminal_forget(terminal);
		terminal_press(terminal, TERMINAL_ESCAPE);
	}
	SENDS(PUTS);
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	terminal_forget(terminal);
	terminal_resize(terminal, 40, 140);
	SENDS(PUTS);
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	terminal_forget(terminal);
	terminal_control(terminal, 'l');
	SENDS(PUTS);
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	terminal_forget(terminal);
	terminal_type(terminal, "X");
	SEES(terminal, "Ctrl-Y reject it");
	SENDS(REMOVES);
	only_own_strings();
}

Test(pictures, a_late_answer_shows_the_open_one)
{
	start_with(WITHOUT_SIXELS, NULL);
	open_passport();
	SENDS(ASKS_GRAPHICS);
	SEES(terminal, "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88");
	cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
	cr_expect_not(was_sent("\033_Ga=T"));
	terminal_type(terminal, HAS_GRAPHICS);
	SENDS(PUTS);
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	cr_expect(terminal_shows(terminal, "icture"), "no key was pressed by it:\n%s", terminal_screen(terminal));
	cr_expect_eq(bench_run(&bench, "audit", "list", "--action", "document.open", NULL), 0);
	const char *opening = strstr(bench.last.out, "document.open");
	cr_expect(opening && !strstr(opening + 1, "document.open"), "one opening: %s", bench.last.out);
}

/* Width and height of the first graphic, from its raster attributes. */
static void sixel_size(size_t *width, size_t *height)
{
	size_t length;
	const char *raw = (const char *)terminal_raw(terminal, &length), *begin = "\033P0;1;0q\"1;1;";
	const char *at = memmem(raw, length, begin, strlen(begin));
	cr_assert_not_null(at);
	char *end;
	*width = strtoul(at + strlen(begin), &end, 10);
	*height = strtoul(end + 1, NULL, 10);
}

Test(pictures, sixels_are_sent_where_the_cells_have_a_size)
{
	size_t width, height, bottom;
	start_with(WITH_SIXELS, NULL);
	open_case("/ind-3109", "Before you can approve");
	SENDS(ASKS_GRAPHICS);
	terminal_type(terminal, "\r");
	SEES(terminal, "icture");
	cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
	cr_expect_not(was_sent("\033P"), "the size of a cell is not known");
	terminal_type(terminal, CELL_10_20);
	SENDS("\033P0;1;0q");
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	sixel_size(&width, &height);
	cr_expect(width % 10 == 0 && height % 20 == 0 && width > 200 && height > 100, "%zu x %zu", width, height);
	only_own_strings();
	/* Its cells are painted anew when it goes: a block that was under it is sent again. */
	terminal_forget(terminal);
	terminal_type(terminal, "?");
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	terminal_forget(terminal);
	terminal_press(terminal, TERMINAL_ESCAPE);
	SENDS("\033P0;1;0q");
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	bottom = sent_at("\033P0;1;0q", 0);
	cr_expect_lt(sent_at("\xe2\x96\x88", 0), bottom, "the characters, then the picture");
}

static void expect_none(const char *attributes, const char *config, const char *environment)
{
	if (environment)
		bench_environment(&bench, environment);
	start_with(attributes, config);
	open_passport();
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	terminal_type(terminal, CELL_10_20);
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	SEES(terminal, "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88");
	cr_expect_not(was_sent("\033_"));
	cr_expect_not(was_sent("\033P"));
}

Test(pictures, a_terminal_without_them_gets_none)
{
	expect_none("\033[?1;2c", NULL, NULL);
	cr_expect(was_sent("\033[c"));
	cr_expect_not(was_sent("\033[16t"));
}

Test(pictures, a_terminal_that_answers_nothing_gets_none)
{
	bench_line(&bench, 0, true);
	expect_none(NULL, NULL, NULL);
}

Test(pictures, none_if_the_settings_say_so)
{
	expect_none(WITH_SIXELS, "{\"pictures\": false}", NULL);
	cr_expect_not(was_sent("\033[c"), "nothing is asked");
}

/* tmux would take kitty's string for a title. */
Test(pictures, a_multiplexer_is_asked_for_sixels_alone)
{
	bench_environment(&bench, "TMUX=/tmp/tmux,1,0");
	start_with(WITH_SIXELS, NULL);
	open_passport();
	SENDS("\033[16t");
	terminal_type(terminal, CELL_10_20);
	SENDS("\033P0;1;0q");
	cr_expect_not(was_sent("\033_"));
}

/* A page, in colours and as wide as its place; beside its form it is smaller. */
Test(pictures, a_page_is_drawn_in_pixels)
{
	NEEDS("pdftoppm", "poppler-utils");
	NEEDS("pdftotext", "poppler-utils");
	start_with(WITHOUT_SIXELS, NULL);
	open_case("/harbour", "Before you can approve");
	SENDS(ASKS_GRAPHICS);
	terminal_type(terminal, CELL_10_20 HAS_GRAPHICS);
	terminal_type(terminal, "\r");
	SEES(terminal, "Marked:");
	cr_expect_not(was_sent(PUTS), "its text");
	terminal_type(terminal, "P");
	SENDS(PUTS);
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	expect_kitty(sent_at(PUTS, 0));
	terminal_forget(terminal);
	terminal_press(terminal, TERMINAL_DOWN);
	SENDS(PUTS);
	only_own_strings();
}

/* --- pictures that attack the terminal --- */

static void put_number(unsigned char *at, uint32_t number)
{
	for (size_t i = 0; i < 4; i++)
		at[i] = (unsigned char)(number >> (24 - 8 * i));
}

static uint32_t checksum(const unsigned char *bytes, size_t length)
{
	uint32_t sum = 0xffffffff;
	for (size_t i = 0; i < length * 8; i++) {
		sum ^= i % 8 ? 0 : bytes[i / 8];
		sum = sum >> 1 ^ (sum & 1 ? 0xedb88320 : 0);
	}
	return ~sum;
}

static void add_chunk(struct strbuf *png, const char *type, const void *bytes, size_t length)
{
	unsigned char number[4];
	size_t from = png->len + 4;
	put_number(number, (uint32_t)length);
	strbuf_add(png, number, 4);
	strbuf_adds(png, type);
	strbuf_add(png, bytes, length);
	put_number(number, checksum((const unsigned char *)png->buf + from, png->len - from));
	strbuf_add(png, number, 4);
}

#define SIGNATURE "\x89PNG\r\n\x1a\n"
#define ATTACK "\033]0;owned\a\033[2J\033_Ga=T,f=100,t=f;L2V0Yy9wYXNzd2Q=\033\\\033P0;0q~~~\033\\"

/* The passport with what attacks: its size as claimed, texts before and after the pixels, its end cut off. */
static void write_attack(const char *path, uint32_t side, bool texts, size_t cut)
{
	struct strbuf whole = STRBUF_INIT, png = STRBUF_INIT;
	struct error error = { 0 };
	cr_assert_eq(file_read(KYB_SOURCE_DIR "/data/samples/files/duarte-passport.png", 1 << 20, &whole, &error),
		     0);
	unsigned char head[13];
	memcpy(head, whole.buf + 16, sizeof head);
	if (side) {
		put_number(head, side);
		put_number(head + 4, side);
	}
	strbuf_add(&png, SIGNATURE, 8);
	add_chunk(&png, "IHDR", head, sizeof head);
	if (texts)
		add_chunk(&png, "tEXt", "Title\0" ATTACK, sizeof "Title\0" ATTACK - 1);
	strbuf_add(&png, whole.buf + 33, whole.len - 33);
	if (texts)
		strbuf_adds(&png, ATTACK);
	strbuf_truncate(&png, png.len - cut);
	FILE *file = fopen(path, "w");
	cr_assert(file && fwrite(png.buf, 1, png.len, file) == png.len && !fclose(file));
	strbuf_release(&png);
	strbuf_release(&whole);
}

/* Nothing of it comes along, in neither protocol. */
static void attack(uint32_t side, bool texts, size_t cut)
{
	char *path = temp_path(bench.folder, "attack.png");
	write_attack(path, side, texts, cut);
	free(path);
	bench_import(&bench,
		     "{\"external_ref\":\"ATTACK-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\","
		     "\"merchant\":\"shop\",\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\","
		     "\"name\":\"Eve Attack\",\"country\":\"PRT\",\"date_of_birth\":\"1984-02-11\"},\"steps\":[{"
		     "\"id\":\"identity\",\"status\":\"completed\",\"fields\":{\"phone\":\"1\"}}],\"documents\":[{"
		     "\"category\":\"IDENTITY\",\"type\":\"PASSPORT\",\"file_name\":\"attack.png\","
		     "\"file\":\"attack.png\",\"upload\":\"ready\",\"review\":\"unreviewed\"}],"
		     "\"submitted_at\":\"2026-01-01T00:00:00Z\"}\n");
	for (int kitty = 0; kitty < 2; kitty++) {
		start_with(WITH_SIXELS, NULL);
		open_case("/attack-1", "Before you can approve");
		SENDS(ASKS_GRAPHICS);
		terminal_type(terminal, kitty ? CELL_10_20 HAS_GRAPHICS : CELL_10_20);
		terminal_type(terminal, "\r");
		SEES(terminal, "Eve Attack \xc2\xb7 PASSPORT");
		SEES_NO_MORE(terminal, "Opening it");
		cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
		if (texts && !side)
			cr_expect(was_sent(kitty ? PUTS : "\033P0;1;0q"), "%s", terminal_screen(terminal));
		only_own_strings();
		cr_expect_not(was_sent("owned"));
		cr_expect_not(was_sent("t=f"));
		cr_expect_not(was_sent("~~~\033"));
		cr_expect_str_empty(terminal_title(terminal));
		terminal_free(terminal);
		terminal = NULL;
	}
}

Test(pictures, texts_of_a_file_never_come_along)
{
	attack(0, true, 0);
}

Test(pictures, a_picture_of_enormous_size_is_refused_or_small)
{
	attack(100000, true, 0);
}

Test(pictures, half_a_picture_is_no_harm)
{
	attack(0, false, 1200);
}
