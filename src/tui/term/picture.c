#include "picture.h"

#include "kybdesk/base/digest.h"

#include <string.h>

#define KITTY_ID 7063906	   /* and the next: ids are shared by all programs of a terminal */
#define KITTY_CHUNK (4096 / 4 * 3) /* bytes that are 4096 in base64 */
#define BAND 6			   /* rows of a sixel */
#define SIXEL_SIDE_MOST 960	   /* of one graphic: xterm cuts at 1000 */
#define RUN_LEAST 4		   /* shorter runs are shorter as they are */
/* The palette: a cube of six steps each, then greys, which most documents are. */
#define STEPS 6
#define CUBE (STEPS * STEPS * STEPS)
#define GREYS 24
#define COLOURS (CUBE + GREYS)
#define GREY_SPREAD 24 /* between the least and the most of a colour that is shown as a grey */

bool picture_is_shown(const struct pictures *pictures, size_t number, const struct surface_picture *picture)
{
	const struct picture_shown *shown = &pictures->shown[number];
	return shown->serial == picture->pixels->serial && shown->picture.below == picture->below &&
	       shown->picture.of_rows == picture->of_rows && shown->picture.of_cols == picture->of_cols &&
	       !memcmp(&shown->picture.box, &picture->box, sizeof picture->box) &&
	       !memcmp(&shown->picture.part, &picture->part, sizeof picture->part);
}

void picture_remove(struct pictures *pictures, size_t number, struct strbuf *out)
{
	if (pictures->sent[number] && pictures->way == PICTURE_KITTY)
		strbuf_addf(out, "\033_Ga=d,d=I,i=%zu,q=2\033\\", KITTY_ID + number);
	pictures->sent[number] = false;
	pictures->shown[number] = (struct picture_shown){ 0 };
}

void picture_kitty(struct strbuf *out, const struct pixels *pixels, unsigned id, size_t cols, size_t rows)
{
	const char *bytes = pixels->rgb.buf;
	strbuf_addf(out, "\033_Ga=T,q=2,f=24,i=%u,p=1,s=%zu,v=%zu,c=%zu,r=%zu,C=1,", id, pixels->width,
		    pixels->height, cols, rows);
	for (size_t at = 0, length; at < pixels->rgb.len; at += length) {
		size_t left = pixels->rgb.len - at;
		length = left < KITTY_CHUNK ? left : KITTY_CHUNK;
		strbuf_addf(out, "%sm=%d;", at ? "\033_G" : "", length < left);
		base64_encode(out, bytes + at, length);
		strbuf_adds(out, "\033\\");
	}
}

static unsigned colour_of(const unsigned char *rgb)
{
	unsigned least = rgb[0], most = rgb[0], sum = 0, number = 0;
	for (size_t c = 0; c < 3; c++) {
		least = rgb[c] < least ? rgb[c] : least;
		most = rgb[c] > most ? rgb[c] : most;
		sum += rgb[c];
		number = number * STEPS + (rgb[c] * (STEPS - 1U) + 127) / 255;
	}
	return most - least <= GREY_SPREAD ? CUBE + (sum * (GREYS - 1U) + 3 * 127) / (3 * 255) : number;
}

/* In percent, as the protocol has them. */
static void define(struct strbuf *out, unsigned colour)
{
	unsigned grey = colour < CUBE ? 0 : (colour - CUBE) * 100 / (GREYS - 1);
	if (colour >= CUBE)
		strbuf_addf(out, "#%u;2;%u;%u;%u", colour, grey, grey, grey);
	else
		strbuf_addf(out, "#%u;2;%u;%u;%u", colour, colour / STEPS / STEPS * 20, colour / STEPS % STEPS * 20,
			    colour % STEPS * 20);
}

static void add_run(struct strbuf *out, char sixel, size_t count)
{
	if (count >= RUN_LEAST)
		strbuf_addf(out, "!%zu%c", count, sixel);
	else
		strbuf_addn(out, sixel, count);
}

/* One colour of a band: a bit for each of its six rows. */
static void add_colour(struct strbuf *out, const unsigned char *band, size_t width, size_t rows, unsigned colour)
{
	char before = 0;
	size_t count = 0;
	strbuf_addf(out, "#%u", colour);
	for (size_t x = 0; x < width; x++) {
		unsigned bits = 0;
		for (size_t row = 0; row < rows; row++)
			bits |= (unsigned)(band[row * width + x] == colour) << row;
		char sixel = (char)('?' + bits);
		if (count && sixel != before) {
			add_run(out, before, count);
			count = 0;
		}
		before = sixel;
		count++;
	}
	if (before != '?') /* blanks at the end need no bytes */
		add_run(out, before, count);
}

void picture_sixel(struct strbuf *out, const struct pixels *pixels, const struct pixels_part *part)
{
	const unsigned char *rgb = (const unsigned char *)pixels->rgb.buf;
	unsigned char band[BAND * SIXEL_SIDE_MOST];
	bool defined[COLOURS] = { false };
	strbuf_addf(out, "\033P0;1;0q\"1;1;%zu;%zu", part->width, part->height);
	for (size_t top = 0; top < part->height; top += BAND) {
		size_t rows = part->height - top < BAND ? part->height - top : BAND, used = 0;
		bool has[COLOURS] = { false };
		for (size_t i = 0; i < rows * part->width; i++) {
			size_t y = part->top + top + i / part->width, x = part->left + i % part->width;
			unsigned colour = colour_of(rgb + (y * pixels->width + x) * 3);
			band[i] = (unsigned char)colour;
			if (!defined[colour])
				define(out, colour);
			has[colour] = defined[colour] = true;
		}
		for (unsigned colour = 0; colour < COLOURS; colour++) {
			if (!has[colour])
				continue;
			if (used++)
				strbuf_addch(out, '$');
			add_colour(out, band, part->width, rows, colour);
		}
		strbuf_addch(out, '-');
	}
	strbuf_adds(out, "\033\\");
}

static void move_to(struct strbuf *out, size_t row, size_t col)
{
	strbuf_addf(out, "\033[%zu;%zuH", row + 1, col + 1);
}

/* Graphics of whole cells, each no larger than a terminal takes. */
static void send_sixels(const struct pictures *pictures, const struct box *box, const struct pixels *pixels,
			struct strbuf *out)
{
	size_t rows = SIXEL_SIDE_MOST / pictures->cell_height, cols = SIXEL_SIDE_MOST / pictures->cell_width;
	for (size_t row = 0; row < box->rows; row += rows)
		for (size_t col = 0; col < box->cols; col += cols) {
			size_t high = box->rows - row < rows ? box->rows - row : rows,
			       wide = box->cols - col < cols ? box->cols - col : cols;
			move_to(out, box->row + row, box->col + col);
			picture_sixel(out, pixels,
				      &(const struct pixels_part){
					      col * pictures->cell_width, row * pictures->cell_height,
					      wide * pictures->cell_width, high * pictures->cell_height });
		}
}

/* The pixels of the cells of the part: the first one, and how many, at least one. */
static void place(size_t at, size_t count, size_t of, size_t pixels, size_t *first, size_t *length)
{
	*first = at * pixels / of;
	size_t end = (at + count) * pixels / of;
	*length = end > *first ? end - *first : 1;
	*first = *first < pixels ? *first : pixels - 1;
}

void picture_send(struct pictures *pictures, size_t number, const struct surface_picture *picture,
		  struct strbuf *out)
{
	const struct box *box = &picture->box, *part = &picture->part;
	struct pixels shown = { 0 };
	struct pixels_part from;
	size_t width = box->cols * pictures->cell_width, height = box->rows * pictures->cell_height;
	place(part->col, part->cols, picture->of_cols, picture->pixels->width, &from.left, &from.width);
	place(part->row, part->rows, picture->of_rows, picture->pixels->height, &from.top, &from.height);
	if (pictures->way == PICTURE_KITTY) { /* the terminal makes it larger */
		width = from.width < width ? from.width : width;
		height = from.height < height ? from.height : height;
		while (width * height > pictures->most) {
			width -= (width + 15) / 16;
			height -= (height + 15) / 16;
		}
	}
	strbuf_init(&shown.rgb);
	pixels_scale(&shown, picture->pixels, &from, width, height);
	strbuf_adds(out, "\0337");
	if (pictures->way == PICTURE_KITTY) {
		move_to(out, box->row, box->col);
		picture_kitty(out, &shown, KITTY_ID + (unsigned)number, box->cols, box->rows);
	} else {
		send_sixels(pictures, box, &shown, out);
	}
	strbuf_adds(out, "\0338");
	pixels_wipe(&shown);
	pictures->shown[number] = (struct picture_shown){ *picture, picture->pixels->serial };
	pictures->shown[number].picture.pixels = NULL;
	pictures->sent[number] = true;
}
