/* Tests the bytes that are written for a picture: the test's own decoders read them. */
#include "../../../src/tui/term/picture.h"
#include "support/kitty.h"
#include "tui_support.h"

#include <stdlib.h>

static struct pixels picture; /* the original pixels */
static struct picture_data *data;
static struct strbuf bytes;

/* Makes a picture of random colours (noise), or of a white half and grey stripes. */
static void paint(size_t width, size_t height, bool noise)
{
	uint32_t state = 7;
	pixels_wipe(&picture);
	picture = (struct pixels){ .width = width, .height = height };
	strbuf_reset(&picture.rgb);
	strbuf_reset(&bytes);
	for (size_t i = 0; i < width * height * 3; i++) {
		state = state * 1664525 + 1013904223;
		strbuf_addch(&picture.rgb, (char)(noise ? state >> 24 : i / 3 % width < width / 2 ? 255 : i / 90));
	}
}

static struct picture_data *prepared(enum picture_protocol way, size_t most)
{
	static uint64_t serial;
	const struct picture_format format = { way, 10, 20, most };
	struct pixels copy = picture;
	strbuf_init(&copy.rgb);
	strbuf_add(&copy.rgb, picture.rgb.buf, picture.rgb.len);
	struct picture_data *made = picture_data_new(&copy, &format, picture.width, picture.height);
	made->serial = ++serial;
	cr_expect_eq(copy.width, 0, "used up");
	return made;
}

static void put_away(void)
{
	picture_data_release(data);
	data = NULL;
	pixels_wipe(&picture);
	strbuf_release(&bytes);
	NO_LEAKS();
}

static const char *after(const char *at, const char *text)
{
	cr_assert_eq(strncmp(at, text, strlen(text)), 0, "%.60s is not %s", at + 1, text + 1);
	return at + strlen(text);
}

#define SIDE 64
struct sixels {
	unsigned char rgb[SIDE][SIDE][3];
	bool set[SIDE][SIDE];
	size_t width, height, bands;
	unsigned palette[256][3];
	bool known[256];
};

static size_t number(const char **at)
{
	char *end;
	size_t value = strtoul(*at, &end, 10);
	cr_assert(end > *at);
	*at = end;
	return value;
}

static void put_sixel(struct sixels *out, size_t x, size_t band, unsigned bits, size_t colour)
{
	cr_assert(out->known[colour]);
	for (size_t row = 0; row < 6; row++) {
		size_t y = band * 6 + row;
		if (!(bits >> row & 1))
			continue;
		cr_assert(x < out->width && y < out->height, "outside: %zu, %zu", x, y);
		cr_expect_not(out->set[y][x], "twice: %zu, %zu", x, y);
		out->set[y][x] = true;
		for (size_t c = 0; c < 3; c++)
			out->rgb[y][x][c] = (unsigned char)(out->palette[colour][c] * 255 / 100);
	}
}

static const char *read_sixels(const char *at, struct sixels *out)
{
	size_t x = 0, colour = 0;
	*out = (struct sixels){ 0 };
	at = after(at, "\033P0;1;0q\"1;1;");
	out->width = number(&at);
	at = after(at, ";");
	out->height = number(&at);
	while (*at != '\033') {
		size_t count = 1;
		char c = *at++;
		if (c == '#') {
			colour = number(&at);
			cr_assert_lt(colour, 256);
			for (size_t i = 0; *at == ';' && i < 4; i++) {
				at++;
				size_t value = number(&at);
				cr_assert(i ? value <= 100 : value == 2);
				if (i)
					out->palette[colour][i - 1] = (unsigned)value;
				out->known[colour] = true;
			}
			continue;
		}
		if (c == '$' || c == '-') {
			x = 0;
			out->bands += c == '-';
			continue;
		}
		if (c == '!') {
			count = number(&at);
			c = *at++;
		}
		cr_assert(c >= '?' && c <= '~', "%d", c);
		for (; count; count--)
			put_sixel(out, x++, out->bands, (unsigned)(c - '?'), colour);
	}
	return after(at, "\033\\");
}

/* Each pixel is set, and has nearly its original colour. */
static void expect_sixels(const struct sixels *sixels, size_t left, size_t top)
{
	for (size_t y = 0; y < sixels->height; y++)
		for (size_t x = 0; x < sixels->width; x++) {
			const unsigned char *wanted =
				(const unsigned char *)picture.rgb.buf + ((top + y) * picture.width + left + x) * 3;
			cr_assert(sixels->set[y][x], "%zu, %zu", x, y);
			for (size_t c = 0; c < 3; c++)
				cr_assert_leq(abs(sixels->rgb[y][x][c] - wanted[c]), 30, "%zu, %zu: %u for %u", x, y,
					      sixels->rgb[y][x][c], wanted[c]);
		}
}

static void add_sixels(struct pixels_part part)
{
	data = prepared(PICTURE_SIXEL, 0);
	cr_assert_eq(data->bytes.len, picture.width * picture.height);
	sixel_add_area(&bytes, &(const struct sixel_area){ (const unsigned char *)data->bytes.buf +
								   part.top * data->width + part.left,
							   data->width, part.width, part.height });
}

Test(picture, sixels_have_each_pixel_once_in_nearly_its_colour)
{
	static struct sixels sixels;
	for (size_t height = 1; height <= 14; height++) {
		paint(50, height, height % 2);
		add_sixels((struct pixels_part){ 0, 0, 50, height });
		cr_expect_str_empty(read_sixels(bytes.buf, &sixels));
		cr_expect_eq(sixels.width, 50);
		cr_expect_eq(sixels.height, height);
		expect_sixels(&sixels, 0, 0);
		put_away();
	}
	paint(40, 40, true);
	add_sixels((struct pixels_part){ 7, 9, 21, 30 });
	cr_expect_str_empty(read_sixels(bytes.buf, &sixels));
	expect_sixels(&sixels, 7, 9);
	put_away();
}

Test(picture, equal_pixels_are_few_bytes)
{
	paint(900, 600, false);
	memset(picture.rgb.buf, 0xff, picture.rgb.len);
	add_sixels((struct pixels_part){ 0, 0, 900, 600 });
	cr_expect_lt(bytes.len, 100 * 12 + 100, "%zu", bytes.len);
	put_away();
}

/* --- on a terminal of 60 rows and 120 columns --- */

static struct surface surface;
static struct pictures pictures;
static struct kitty kitty;

static void open_terminal(enum picture_protocol way)
{
	surface_init(&surface, TEXT_ASCII);
	pictures = (struct pictures){ .format = { way, 10, 20, 0 } };
}

static void close_terminal(void)
{
	pictures_remove(&pictures, &bytes);
	kitty_release(&kitty);
	surface_release(&surface);
	put_away();
}

/* Begins the next frame, without a picture. */
static void begin_frame(void)
{
	surface_begin(&surface, 60, 120);
}

static void add(struct picture_data *shown, struct box box, struct box part)
{
	surface_add_picture(&surface,
			    &(const struct surface_picture){
				    .box = box, .data = shown, .part = part, .whole_rows = 40, .whole_cols = 100 });
}

/* Shows the frame, and returns the number of bytes that are sent at once. */
static size_t show(void)
{
	size_t before = bytes.len;
	pictures_plan(&pictures, &surface);
	pictures_show(&pictures, &bytes);
	kitty_read(&kitty, bytes.buf, bytes.len);
	return bytes.len - before;
}

static void go_on(size_t chunks)
{
	for (; chunks && pictures_have_unsent(&pictures); chunks--) {
		size_t before = bytes.len;
		pictures_send_next(&pictures, &bytes);
		cr_assert_leq(bytes.len - before, 4096 + 200, "no key waits for more");
		kitty_read(&kitty, bytes.buf, bytes.len);
	}
}
#define TO_THE_END SIZE_MAX
#define FIRST_ID 7063906U

static void show_one(size_t left)
{
	begin_frame();
	add(data, (struct box){ 2, 3, 20, 50 }, (struct box){ 10, left, 20, 50 });
}

static const struct kitty_image *first(void)
{
	const struct kitty_image *image = kitty_image(&kitty, FIRST_ID);
	cr_assert_not_null(image);
	return image;
}

Test(picture, kitty_gets_the_pixels_as_they_are_and_then_only_places)
{
	static const size_t widths[] = { 100, 101, 103, 300 };
	for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
		paint(widths[i], 80, true);
		open_terminal(PICTURE_KITTY);
		data = prepared(PICTURE_KITTY, 1 << 20);
		show_one(20);
		cr_expect_eq(show(), 0, "not before it is there");
		go_on(TO_THE_END);
		cr_assert(first()->whole && first()->compressed);
		cr_assert_eq(first()->data.len, picture.rgb.len);
		cr_expect_eq(memcmp(first()->data.buf, picture.rgb.buf, picture.rgb.len), 0);
		cr_expect_eq(first()->row, 3);
		cr_expect_eq(first()->col, 4);
		cr_expect(first()->c == 50 && first()->r == 20);
		cr_expect_eq(first()->x, 20 * widths[i] / 100);
		cr_expect_eq(first()->x + first()->w, 70 * widths[i] / 100);
		cr_expect(first()->y == 20 && first()->h == 40);
		cr_expect_eq(show(), 0, "nothing has moved");
		show_one(28);
		size_t step = show();
		cr_expect(step && step < 120, "%zu", step);
		cr_expect_eq(first()->x, 28 * widths[i] / 100);
		cr_expect_not(pictures_have_unsent(&pictures));
		cr_expect_eq(kitty.begun, 1);
		cr_expect_eq(kitty.placed, 2);
		close_terminal();
	}
}

Test(picture, what_covers_it_leaves_it_in_the_memory_of_the_terminal)
{
	paint(100, 80, false);
	open_terminal(PICTURE_KITTY);
	data = prepared(PICTURE_KITTY, 1 << 20);
	show_one(0);
	(void)show();
	go_on(TO_THE_END);
	cr_assert_eq(kitty_placed(&kitty), 1);
	show_one(0);
	surface_put(&surface, 10, 10, 10, THEME_TEXT, "a dialog");
	(void)show();
	cr_expect_eq(kitty_placed(&kitty), 0);
	cr_expect(first()->whole);
	cr_expect_eq(show(), 0, "once");
	show_one(0);
	cr_expect_lt(show(), 120);
	cr_expect_eq(kitty_placed(&kitty), 1);
	cr_expect_eq(kitty.begun, 1);
	begin_frame(); /* closed */
	(void)show();
	cr_expect_null(kitty_image(&kitty, FIRST_ID));
	cr_expect_eq(data->reference_count, 1, "the terminal keeps none");
	cr_expect_eq(show(), 0, "once");
	close_terminal();
}

/* Opens a terminal and sends the first `chunks` chunks of a picture. */
static void send_so_far(size_t chunks)
{
	paint(100, 80, true);
	open_terminal(PICTURE_KITTY);
	data = prepared(PICTURE_KITTY, 1 << 20);
	show_one(0);
	(void)show();
	go_on(chunks);
}

Test(picture, the_next_one_breaks_off_what_is_being_sent)
{
	send_so_far(2);
	struct picture_data *before = data;
	cr_assert(kitty.begun && kitty.open);
	paint(40, 30, false);
	kitty.at = 0; /* paint() has emptied the bytes */
	data = prepared(PICTURE_KITTY, 1 << 20);
	picture_data_release(before); /* like a viewer that is closed before the next frame */
	go_on(1);		      /* `pictures` has its own reference */
	show_one(0);
	(void)show();
	cr_expect_eq(kitty.broken, 1);
	go_on(TO_THE_END);
	cr_expect(first()->whole && first()->placed && first()->width == 40);
	cr_expect_eq(memcmp(first()->data.buf, picture.rgb.buf, picture.rgb.len), 0);
	close_terminal();
}

Test(picture, a_terminal_that_lost_its_screen_gets_it_again)
{
	for (size_t chunks = 1; chunks <= 1000; chunks *= 1000) {
		send_so_far(chunks);
		pictures_forget(&pictures);
		go_on(1); /* nothing is sent before the frame that erases the screen */
		cr_expect_not(pictures_have_unsent(&pictures));
		strbuf_adds(&bytes, "\033[2J");
		show_one(0);
		(void)show();
		go_on(TO_THE_END);
		cr_expect(first()->whole && first()->placed);
		cr_expect_eq(kitty.begun, 2);
		cr_expect_eq(kitty.broken, chunks == 1);
		close_terminal();
	}
}

/* kitty_read() asserts that nothing is between the chunks. */
Test(picture, of_two_one_is_moved_while_the_other_is_being_sent)
{
	const struct box left = { 2, 0, 20, 50 }, right = { 2, 60, 20, 50 }, moved = { 5, 8, 20, 50 };
	paint(100, 80, true);
	open_terminal(PICTURE_KITTY);
	data = prepared(PICTURE_KITTY, 1 << 20);
	struct picture_data *other = prepared(PICTURE_KITTY, 1 << 20);
	begin_frame();
	add(data, left, left);
	(void)show();
	go_on(TO_THE_END);
	begin_frame();
	add(data, left, left);
	add(other, right, left);
	(void)show();
	go_on(2);
	begin_frame();
	add(data, left, moved);
	add(other, right, moved);
	cr_expect_eq(show(), 0, "it waits");
	go_on(TO_THE_END);
	cr_expect_eq(kitty_placed(&kitty), 2);
	cr_expect(first()->x == 8 && kitty_image(&kitty, FIRST_ID + 1)->x == 8);
	cr_expect_eq(kitty_image(&kitty, FIRST_ID + 1)->col, 61);
	/* The first picture is closed and the second moves to its place, without being sent again. */
	begin_frame();
	add(other, left, left);
	(void)show();
	cr_expect_null(kitty_image(&kitty, FIRST_ID));
	cr_expect(kitty_image(&kitty, FIRST_ID + 1)->placed);
	cr_expect_eq(kitty_image(&kitty, FIRST_ID + 1)->col, 1);
	cr_expect_eq(kitty.begun, 2);
	/* The first picture is sent again; meanwhile a dialog covers the second one, which is hidden at once. */
	begin_frame();
	add(data, left, left);
	add(other, right, left);
	(void)show();
	go_on(2);
	begin_frame();
	add(data, left, left);
	add(other, right, left);
	surface_put(&surface, 10, 70, 10, THEME_TEXT, "a dialog");
	(void)show();
	cr_expect_eq(kitty_placed(&kitty), 0);
	go_on(TO_THE_END);
	cr_expect(first()->placed);
	cr_expect_eq(kitty.broken, 1);
	picture_data_release(other);
	close_terminal();
}

Test(picture, the_end_of_the_program_removes_all)
{
	for (size_t chunks = 1; chunks <= 1000; chunks *= 1000) {
		send_so_far(chunks);
		pictures_remove(&pictures, &bytes);
		kitty_read(&kitty, bytes.buf, bytes.len);
		cr_expect_null(kitty_image(&kitty, FIRST_ID));
		cr_expect_null(kitty.open);
		cr_expect_eq(data->reference_count, 1);
		strbuf_reset(&bytes);
		pictures_remove(&pictures, &bytes);
		cr_expect_eq(bytes.len, 0, "once");
		close_terminal();
	}
}

/* A picture that was made for another protocol than the terminal's is not sent. */
Test(picture, a_terminal_gets_only_what_is_prepared_for_it)
{
	for (int i = 0; i < 3; i++) {
		static const enum picture_protocol ways[] = { PICTURE_NONE, PICTURE_KITTY, PICTURE_SIXEL };
		paint(100, 80, false);
		open_terminal(ways[i]);
		data = prepared(ways[i] == PICTURE_KITTY ? PICTURE_SIXEL : PICTURE_KITTY, 1 << 20);
		show_one(0);
		cr_expect_eq(show(), 0);
		cr_expect_not(has_wanted_pictures(&pictures));
		cr_expect_not(pictures_have_unsent(&pictures));
		close_terminal();
	}
}

/* A picture with too many bytes first loses the noise in its colours, then it is made smaller. */
Test(picture, what_is_too_long_is_made_coarser_then_smaller)
{
	paint(100, 80, true);
	size_t whole = 100 * 80 * 3 / 3 * 4;
	static const size_t parts[] = { 1, 2, 5, 100 }; /* the limit is the full size divided by these */
	size_t widths[4];
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		data = prepared(PICTURE_KITTY, whole / parts[i] + 4);
		cr_expect_leq(data->bytes.len, whole / parts[i] + 4, "%zu", data->bytes.len);
		cr_expect_leq(abs((int)(data->width * 8 / 10) - (int)data->height), 2);
		widths[i] = data->width;
		picture_data_release(data);
	}
	data = NULL;
	cr_expect_eq(widths[0], 100);
	cr_expect(widths[1] < 100 && widths[2] < widths[1] && widths[3] < widths[2]);
	/* A white picture with noise in the low bits keeps its width. */
	for (size_t i = 0; i < picture.rgb.len; i++)
		picture.rgb.buf[i] = (char)((unsigned char)picture.rgb.buf[i] % 8 + 248);
	data = prepared(PICTURE_KITTY, whole / 20);
	cr_expect_eq(data->width, 100);
	cr_expect_lt(data->bytes.len, 400, "%zu: all of it is white", data->bytes.len);
	put_away();
}

/* A picture that is larger than the limit of a graphic is sent as several graphics, each at its own cells. */
Test(picture, large_sixels_are_several)
{
	size_t graphics = 0, area = 0;
	paint(1000, 800, false);
	open_terminal(PICTURE_SIXEL);
	data = prepared(PICTURE_SIXEL, 0);
	begin_frame();
	add(data, (struct box){ 2, 3, 50, 100 }, (struct box){ 0, 0, 40, 100 });
	(void)show();
	after(bytes.buf, "\0337\033[3;4H\033P");
	for (const char *at = bytes.buf; (at = strstr(at, "q\"1;1;")); graphics++) {
		at += 6;
		size_t width = number(&at), height = strtoul(at + 1, NULL, 10);
		cr_expect(width <= 1000 && height <= 1000 && width % 10 == 0 && height % 20 == 0);
		area += width * height;
	}
	cr_expect_eq(graphics, 4);
	cr_expect_eq(area, 1000 * 1000);
	cr_expect(strstr(bytes.buf, "\033[51;4H\033P"), "below the first");
	cr_expect(strstr(bytes.buf, "\033[3;100H\033P"), "beside the first");
	cr_expect_str_eq(bytes.buf + bytes.len - 2, "\0338");
	cr_expect_eq(show(), 0, "once");
	close_terminal();
}

/* If a picture is removed, its rows are painted again, so a picture beside it in these rows is sent again. */
Test(picture, sixels_are_sent_again_when_the_rows_of_one_are_painted)
{
	const struct box left = { 2, 0, 20, 50 }, right = { 2, 60, 20, 50 };
	paint(1000, 800, false);
	open_terminal(PICTURE_SIXEL);
	data = prepared(PICTURE_SIXEL, 0);
	struct picture_data *other = prepared(PICTURE_SIXEL, 0);
	begin_frame();
	add(data, left, left);
	add(other, right, left);
	cr_expect_gt(show(), 0);
	begin_frame();
	add(other, right, left);
	pictures_plan(&pictures, &surface);
	cr_expect(picture_uncovers_cells(&pictures, &pictures.slots[0]));
	cr_expect_not(picture_uncovers_cells(&pictures, &pictures.slots[1]));
	cr_expect_gt(show(), 0);
	cr_expect_eq(show(), 0);
	picture_data_release(other);
	close_terminal();
}
