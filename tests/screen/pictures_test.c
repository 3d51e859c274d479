/* Documents as pictures: only if the terminal reports that it shows pictures, and without raw bytes of the files. */
#include "bench.h"
#include "support/kitty.h"
#include "support/needs.h"

#include "kybdesk/base/deflate.h"
#include "kybdesk/base/file.h"
#include "kybdesk/base/strbuf.h"
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#define WITH_SIXELS "\033[?62;4c"
#define WITHOUT_SIXELS "\033[?62c"
#define ASKS_GRAPHICS "\033_Gi=31,s=1,v=1,a=q,t=d,f=24;AAAA\033\\"
#define HAS_GRAPHICS "\033_Gi=31;OK\033\\"
#define FIRST_ID 7063906
#define REMOVES "\033_Ga=d,d=I,i=7063906,q=2\033\\"
#define CELL_10_20 "\033[6;20;10t"
#define QUIET_MS 400

static struct kitty kitty;

static void tear_down(void)
{
	kitty_release(&kitty);
	bench_tear_down();
}

TestSuite(pictures, .init = bench_set_up_samples, .fini = tear_down, .timeout = 120);

/* Passes all output so far to the model of a terminal that shows pictures. */
static void look(void)
{
	size_t length;
	const char *raw = (const char *)terminal_raw(terminal, &length);
	kitty_read(&kitty, raw, length);
}

static void forget_output(void)
{
	size_t length;
	look();
	(void)terminal_raw(terminal, &length);
	cr_assert_eq(kitty.at, length, "in the middle of a sequence");
	terminal_forget(terminal);
	kitty.at = 0;
}

/* Waits until the condition holds and no more output comes. */
#define BECOMES(condition)                                                                                             \
	do {                                                                                                           \
		long long end = test_clock_ms() + PATIENCE_MS;                                                         \
		for (look(); !(condition); look()) {                                                                   \
			cr_assert_lt(test_clock_ms(), end, "not %s:\n%s", #condition, terminal_screen(terminal));      \
			(void)terminal_wait(terminal, "\001", 25);                                                     \
		}                                                                                                      \
		cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));                                           \
		look();                                                                                                \
	} while (0)
#define SHOWS(count) BECOMES(kitty_placed(&kitty) == (count) && !kitty.open)

/* Returns the offset at which the output first contains the text, at or after `from`; SIZE_MAX: nowhere. */
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

#define SENDS(text)                                                                                                    \
	do {                                                                                                           \
		long long end = test_clock_ms() + PATIENCE_MS;                                                         \
		while (!was_sent(text)) {                                                                              \
			cr_assert_lt(test_clock_ms(), end, "no %s:\n%s", (text) + 1, terminal_screen(terminal));       \
			(void)terminal_wait(terminal, "\001", 25);                                                     \
		}                                                                                                      \
	} while (0)

/*
 * Checks all control strings in the output (ESC followed by one of _ P ] ^ X): the program may send only pictures of
 * kitty's protocol in base64 (ESC _) and sixels (ESC P).
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

/* Opens the only case that matches the filter, and its tab of documents. */
static void open_case(const char *filter, const char *shows)
{
	SEES(terminal, "  Why");
	terminal_type(terminal, filter);
	TYPES(terminal, "\r", "1 case");
	TYPES(terminal, "\r", shows);
	TYPES(terminal, "2", "SHA-256");
}

static void start_with(const char *attributes, const char *config)
{
	NEEDS("chafa", "chafa");
	bench.attributes = attributes;
	if (config)
		bench_configure(&bench, config);
	terminal = bench_start(&bench, "ana", 30, 100, "C.UTF-8", NULL);
}

/* Opens the identity card of the case IND-3109. */
static void open_identity_card(void)
{
	open_case("/ind-3109", "Before you can approve");
	TYPES(terminal, "\r", "icture");
}

/* Expects a complete picture of about as many pixels as its cells have. */
static void expect_kitty(void)
{
	const struct kitty_image *image = kitty_image(&kitty, FIRST_ID);
	cr_assert(image && image->whole && image->placed && image->compressed);
	cr_expect(image->c > 20 && image->c <= 100 && image->r > 5 && image->r < 28, "%zu x %zu", image->c, image->r);
	cr_expect(image->w <= image->c * 10 + 8 && image->h <= image->r * 20 + 8 && image->w > image->c * 8 &&
			  image->h > image->r * 16,
		  "%zu x %zu for %zu x %zu cells", image->w, image->h, image->c, image->r);
}

/* Returns a hash of the visible pixels, which differs between parts of the picture. */
static uint64_t seen(void)
{
	const struct kitty_image *image = kitty_image(&kitty, FIRST_ID);
	uint64_t sum = UINT64_C(0xcbf29ce484222325);
	cr_assert(image && image->placed);
	for (size_t y = image->y; y < image->y + image->h; y++)
		for (size_t i = image->x * 3; i < (image->x + image->w) * 3; i++)
			sum = (sum ^ (unsigned char)image->data.buf[y * image->width * 3 + i]) *
			      UINT64_C(0x100000001b3);
	return sum;
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
	look();
	cr_expect_eq(kitty.begun, 0);
	terminal_type(terminal, "\r");
	SHOWS(1);
	expect_kitty();
	TYPES(terminal, "+", "2\xc3\x97");
	BECOMES(kitty.whole == 2 && kitty_placed(&kitty) == 1);
	cr_expect_lt(kitty_image(&kitty, FIRST_ID)->w, kitty_image(&kitty, FIRST_ID)->width, "a part");
	uint64_t before = seen();
	forget_output();
	size_t placed = kitty.placed, length;
	terminal_type(terminal, "l");
	BECOMES(kitty.placed == placed + 1);
	cr_expect_neq(seen(), before);
	(void)terminal_raw(terminal, &length);
	cr_expect_lt(length, 6000, "%zu: its place and the characters below, no pixels", length);
	cr_expect_not(was_sent("a=d"), "moved in its place");
	cr_expect_eq(kitty.begun, 2);
	forget_output();
	TYPES(terminal, ESC, "seen by you");
	BECOMES(!kitty_image(&kitty, FIRST_ID));
	terminal_type(terminal, "\r");
	SHOWS(1);
	forget_output();
	terminal_signal(terminal, SIGTERM);
	cr_assert_eq(terminal_wait_exit(terminal, PATIENCE_MS), 128 + SIGTERM);
	look();
	cr_expect_null(kitty_image(&kitty, FIRST_ID));
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
		SHOWS(1);
		terminal_type(terminal, keys[i]);
		SHOWS(0);
		terminal_press(terminal, TERMINAL_ESCAPE);
	}
	SHOWS(1);
	size_t begun = kitty.begun;
	terminal_resize(terminal, 40, 140);
	BECOMES(kitty.begun > begun && kitty_placed(&kitty) == 1 && !kitty.open);
	begun = kitty.begun;
	forget_output();
	terminal_control(terminal, 'l');
	BECOMES(kitty.begun == begun + 1 && kitty_placed(&kitty) == 1);
	TYPES(terminal, "X", "Ctrl-Y reject it");
	SHOWS(0);
	only_own_strings();
}

/* When the palette over the picture closes, the program places the picture again without sending it again. */
Test(pictures, what_covered_it_goes_and_it_is_placed_alone)
{
	start_with(WITHOUT_SIXELS, NULL);
	open_case("/ind-3109", "Before you can approve");
	SENDS(ASKS_GRAPHICS);
	terminal_type(terminal, CELL_10_20 HAS_GRAPHICS "\r");
	SHOWS(1);
	uint64_t before = seen();
	terminal_type(terminal, ":");
	SHOWS(0);
	terminal_press(terminal, TERMINAL_ESCAPE);
	SHOWS(1);
	cr_expect_eq(seen(), before);
	cr_expect_eq(kitty.begun, 1);
	cr_expect_eq(kitty.displaced, 1);
}

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
/* Writes a picture of random pixels, which compression does not make small. */
static void write_noise(const char *path, uint32_t width, uint32_t height)
{
	struct strbuf png = STRBUF_INIT, rows = STRBUF_INIT, packed = STRBUF_INIT;
	unsigned char head[13] = { [8] = 8, [9] = 2 };
	uint32_t state = width;
	put_number(head, width);
	put_number(head + 4, height);
	for (size_t i = 0; i < (size_t)height * (width * 3 + 1); i++) {
		state = state * 1664525 + 1013904223;
		strbuf_addch(&rows, i % (width * 3 + 1) ? (char)(state >> 24) : '\0');
	}
	cr_assert(deflate_bytes(&packed, &rows, 2 * rows.len));
	strbuf_add(&png, SIGNATURE, 8);
	add_chunk(&png, "IHDR", head, sizeof head);
	add_chunk(&png, "IDAT", packed.buf, packed.len);
	add_chunk(&png, "IEND", "", 0);
	temp_write(path, png.buf, png.len);
	strbuf_release(&packed);
	strbuf_release(&rows);
	strbuf_release(&png);
}

/* Imports the case NOISE-1 with two pictures of random pixels, and opens its tab of documents. */
static void open_noise(void)
{
	static const char *const names[] = { "one.png", "two.png" };
	struct strbuf line = STRBUF_INIT;
	strbuf_adds(&line,
		    "{\"external_ref\":\"NOISE-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\","
		    "\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\",\"name\":\"Nora Noise\","
		    "\"country\":\"PRT\",\"date_of_birth\":\"1984-02-11\"},\"steps\":[{\"id\":\"identity\","
		    "\"status\":\"completed\",\"fields\":{\"phone\":\"1\"}}],\"documents\":[");
	for (uint32_t i = 0; i < 2; i++) {
		write_noise(temp_path(bench.folder, names[i]), 300 + 10 * i, 200);
		strbuf_addf(&line,
			    "%s{\"category\":\"IDENTITY\",\"type\":\"%s\",\"file_name\":\"%s\",\"file\":\"%s\","
			    "\"upload\":\"ready\",\"review\":\"unreviewed\"}",
			    i ? "," : "", i ? "SELFIE" : "PASSPORT", names[i], names[i]);
	}
	strbuf_adds(&line, "],\"submitted_at\":\"2026-01-01T00:00:00Z\"}\n");
	bench_import(&bench, line.buf);
	strbuf_release(&line);
	start_with(WITHOUT_SIXELS, NULL);
	open_case("/noise-1", "Before you can approve");
	SENDS(ASKS_GRAPHICS);
	terminal_type(terminal, CELL_10_20 HAS_GRAPHICS);
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
}

/* If the connection needs many seconds for a picture, a key is answered before the picture is complete. */
Test(pictures, a_key_does_not_wait_for_a_picture)
{
	open_noise();
	terminal_slow(terminal, 16000);
	TYPES(terminal, "\r", "icture");
	SENDS("\033_Ga=t");
	TYPES(terminal, "?", "Esc close");
	terminal_slow(terminal, 0);
	look();
	cr_expect(kitty.begun == 1 && kitty.whole == 0 && kitty.broken == 1, "%zu, %zu, %zu", kitty.begun, kitty.whole,
		  kitty.broken);
	terminal_press(terminal, TERMINAL_ESCAPE);
	SHOWS(1);
	expect_kitty();
	only_own_strings();
}

/* Two documents side by side are two pictures, each with its own number; leaving them removes both pictures. */
Test(pictures, two_beside_each_other_are_both_shown)
{
	open_noise();
	terminal_resize(terminal, 40, 160);
	terminal_type(terminal, "\r");
	SHOWS(1);
	terminal_type(terminal, "b");
	SHOWS(2);
	const struct kitty_image *first = kitty_image(&kitty, FIRST_ID), *second = kitty_image(&kitty, FIRST_ID + 1);
	cr_assert(first && second);
	cr_expect(first->col + first->c <= second->col || second->col + second->c <= first->col);
	terminal_type(terminal, "?");
	SHOWS(0);
	terminal_press(terminal, TERMINAL_ESCAPE);
	SHOWS(2);
	TYPES(terminal, ESC, "Opened");
	SHOWS(0);
	cr_expect_null(kitty_image(&kitty, FIRST_ID));
	cr_expect_null(kitty_image(&kitty, FIRST_ID + 1));
}

Test(pictures, a_late_answer_shows_the_open_one)
{
	start_with(WITHOUT_SIXELS, NULL);
	open_identity_card();
	SENDS(ASKS_GRAPHICS);
	SEES(terminal, "\xe2\x96\x88\xe2\x96\x88\xe2\x96\x88");
	cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
	look();
	cr_expect_eq(kitty.begun, 0);
	terminal_type(terminal, HAS_GRAPHICS);
	SHOWS(1);
	cr_expect(terminal_shows(terminal, "icture"), "no key was pressed by it:\n%s", terminal_screen(terminal));
	cr_expect_eq(bench_run(&bench, "audit", "list", "--action", "document.open", NULL), 0);
	const char *opening = strstr(bench.last.out, "document.open");
	cr_expect(opening && !strstr(opening + 1, "document.open"), "one opening: %s", bench.last.out);
}

/* Reads width and height of the first sixel picture from its raster attributes. */
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
	TYPES(terminal, "\r", "icture");
	cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
	cr_expect_not(was_sent("\033P"), "the size of a cell is not known");
	terminal_type(terminal, CELL_10_20);
	SENDS("\033P0;1;0q");
	cr_assert(terminal_settle(terminal, QUIET_MS, PATIENCE_MS));
	sixel_size(&width, &height);
	cr_expect(width % 10 == 0 && height % 20 == 0 && width > 200 && height > 100, "%zu x %zu", width, height);
	only_own_strings();
	/* When the help over the picture closes, the characters of its cells are sent again, then the picture. */
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
	open_identity_card();
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
	open_identity_card();
	SENDS("\033[16t");
	terminal_type(terminal, CELL_10_20);
	SENDS("\033P0;1;0q");
	cr_expect_not(was_sent("\033_"));
}

/* A page is drawn as wide as its area, and scrolls without being sent again. */
Test(pictures, a_page_is_drawn_in_pixels)
{
	NEEDS("pdftoppm", "poppler-utils");
	NEEDS("pdftotext", "poppler-utils");
	start_with(WITHOUT_SIXELS, NULL);
	open_case("/harbour", "Before you can approve");
	SENDS(ASKS_GRAPHICS);
	terminal_type(terminal, CELL_10_20 HAS_GRAPHICS);
	TYPES(terminal, "\r", "Marked:");
	look();
	cr_expect_eq(kitty.begun, 0, "its text");
	terminal_type(terminal, "P");
	SHOWS(1);
	const struct kitty_image *image = kitty_image(&kitty, FIRST_ID);
	cr_expect(image->w == image->width && image->h < image->height, "as wide as its place, and scrolled");
	size_t placed = kitty.placed;
	terminal_press(terminal, TERMINAL_DOWN);
	BECOMES(kitty.placed == placed + 1);
	cr_expect_eq(kitty.begun, 1);
	only_own_strings();
}

/* --- pictures that attack the terminal --- */

#define ATTACK "\033]0;owned\a\033[2J\033_Ga=T,f=100,t=f;L2V0Yy9wYXNzd2Q=\033\\\033P0;0q~~~\033\\"

/* Writes the passport with an attack: another size in its header, texts around the pixels, or a cut-off end. */
static void write_attack(const char *path, uint32_t side, bool texts, size_t cut)
{
	struct strbuf whole = STRBUF_INIT, png = STRBUF_INIT;
	struct error error = { 0 };
	cr_assert_eq(file_read(KYB_SOURCE_DIR "/data/samples/files/duarte-passport.png", 1 << 20, &whole, &error), 0);
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
	if (cut) /* a file without its end would be refused at the import */
		add_chunk(&png, "IEND", "", 0);
	FILE *file = fopen(path, "w");
	cr_assert(file && fwrite(png.buf, 1, png.len, file) == png.len && !fclose(file));
	strbuf_release(&png);
	strbuf_release(&whole);
}

/* Opens the attack in both protocols: nothing of its texts reaches the terminal. */
static void attack(uint32_t side, bool texts, size_t cut)
{
	write_attack(temp_path(bench.folder, "attack.png"), side, texts, cut);
	bench_import(&bench,
		     "{\"external_ref\":\"ATTACK-1\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\","
		     "\"merchant\":\"shop\",\"status\":\"manual_review\",\"subject\":{\"kind\":\"individual\","
		     "\"name\":\"Eve Attack\",\"country\":\"PRT\",\"date_of_birth\":\"1984-02-11\"},\"steps\":[{"
		     "\"id\":\"identity\",\"status\":\"completed\",\"fields\":{\"phone\":\"1\"}}],\"documents\":[{"
		     "\"category\":\"IDENTITY\",\"type\":\"PASSPORT\",\"file_name\":\"attack.png\","
		     "\"file\":\"attack.png\",\"upload\":\"ready\",\"review\":\"unreviewed\"}],"
		     "\"submitted_at\":\"2026-01-01T00:00:00Z\"}\n");
	for (int way = 0; way < 2; way++) {
		start_with(WITH_SIXELS, NULL);
		open_case("/attack-1", "Before you can approve");
		SENDS(ASKS_GRAPHICS);
		terminal_type(terminal, way ? CELL_10_20 HAS_GRAPHICS : CELL_10_20);
		TYPES(terminal, "\r", "Eve Attack \xc2\xb7 Passport");
		SEES_NO_MORE(terminal, "Opening the document");
		cr_assert(terminal_settle(terminal, 1500, PATIENCE_MS));
		look();
		if (texts && !side)
			BECOMES(way ? kitty_placed(&kitty) == 1 : was_sent("\033P0;1;0q"));
		only_own_strings();
		cr_expect_not(was_sent("owned"));
		cr_expect_not(was_sent("t=f"));
		cr_expect_not(was_sent("~~~\033"));
		cr_expect_str_empty(terminal_title(terminal));
		terminal_free(terminal);
		terminal = NULL;
		kitty_release(&kitty);
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
