#include "picture.h"

#include <stdlib.h>
#include <string.h>

#define KITTY_ID 7063906 /* first id of this program's pictures; all programs in a terminal share the ids */
#define KITTY_CHUNK 4096 /* bytes of base64 in one command */

/* Of sixels: */
#define BAND_ROWS 6 /* rows of pixels in a band of sixels */
/* Minimum length of a run that gets a repeat count; for a shorter run, the count would not save bytes */
#define RUN_LENGTH_MIN 4
#define BLANK_SIXEL '?'
#define NUMBER_BYTES_MAX 32 /* bytes reserved for the number of a colour and for a run */

static size_t kitty_id_of(const struct pictures *pictures, const struct picture_slot *slot)
{
	return KITTY_ID + (size_t)(slot - pictures->slots);
}

static struct picture_slot *slot_of(struct pictures *pictures, const struct picture_data *data)
{
	for (size_t i = 0; i < SURFACE_PICTURES; i++)
		if (pictures->slots[i].data == data)
			return &pictures->slots[i];
	return NULL;
}

static bool surface_has_picture(const struct surface *surface, const struct picture_data *data)
{
	for (size_t i = 0; i < surface->picture_count; i++)
		if (surface->pictures[i].data == data)
			return true;
	return false;
}

static void clear_slot(struct picture_slot *slot)
{
	picture_data_release(slot->data);
	slot->data = NULL;
	slot->sent_byte_count = 0;
}

void pictures_plan(struct pictures *pictures, const struct surface *surface)
{
	enum picture_protocol protocol = pictures->format.protocol;
	for (size_t i = 0; i < SURFACE_PICTURES; i++) {
		struct picture_slot *slot = &pictures->slots[i];
		slot->wanted_picture = (struct surface_picture){ 0 };
		if (slot->data && (slot->data->protocol != protocol || !surface_has_picture(surface, slot->data)))
			clear_slot(slot);
	}
	for (size_t i = 0; i < surface->picture_count; i++) {
		const struct surface_picture *picture = &surface->pictures[i];
		if (picture->data->protocol != protocol)
			continue;
		struct picture_slot *slot = slot_of(pictures, picture->data);
		if (!slot) {
			slot = slot_of(pictures, NULL);
			slot->data = picture->data;
			slot->data->reference_count++;
		}
		if (surface_picture_is_uncovered(surface, picture))
			slot->wanted_picture = *picture;
	}
}

bool has_wanted_pictures(const struct pictures *pictures)
{
	for (size_t i = 0; i < SURFACE_PICTURES; i++)
		if (pictures->slots[i].wanted_picture.box.rows)
			return true;
	return false;
}

bool picture_uncovers_cells(struct pictures *pictures, const struct picture_slot *slot)
{
	const struct box *box = &slot->shown_picture.box;
	if (pictures->format.protocol != PICTURE_SIXEL || !box->rows ||
	    !memcmp(&slot->wanted_picture.box, box, sizeof *box))
		return false;
	for (size_t i = 0; i < SURFACE_PICTURES; i++)
		pictures->slots[i].shown_serial = 0;
	return true;
}

/* Whether the terminal shows this picture already, at the same position. */
static bool is_unchanged(const struct picture_slot *slot)
{
	const struct surface_picture *wanted = &slot->wanted_picture, *shown = &slot->shown_picture;
	return slot->shown_serial == slot->data->serial && shown->covered_cells_hash == wanted->covered_cells_hash &&
	       shown->whole_rows == wanted->whole_rows && shown->whole_cols == wanted->whole_cols &&
	       !memcmp(&shown->box, &wanted->box, sizeof wanted->box) &&
	       !memcmp(&shown->part, &wanted->part, sizeof wanted->part);
}

static void add_cursor_move(struct strbuf *out, size_t row, size_t col)
{
	strbuf_addf(out, "\033[%zu;%zuH", row + 1, col + 1);
}

/* Converts a range of `count` cells from `at` to pixels: *first is the first pixel, *length the number of pixels,
 * at least one. The picture has `of` cells and `pixels` pixels. */
static void cells_to_pixels(size_t at, size_t count, size_t of, size_t pixels, size_t *first, size_t *length)
{
	*first = at * pixels / of;
	size_t end = (at + count) * pixels / of;
	*length = end > *first ? end - *first : 1;
	*first = *first < pixels ? *first : pixels - 1;
}

static struct pixels_part shown_part_of(const struct surface_picture *picture)
{
	struct pixels_part part;
	cells_to_pixels(picture->part.col, picture->part.cols, picture->whole_cols, picture->data->width, &part.left,
			&part.width);
	cells_to_pixels(picture->part.row, picture->part.rows, picture->whole_rows, picture->data->height, &part.top,
			&part.height);
	return part;
}

/* --- sixels: six rows of pixels at a time --- */

/* One band of six rows of pixels. For each colour it has one byte per column; each byte has one bit per row. */
struct sixel_band {
	unsigned char *bits;	       /* PICTURE_COLOURS * width bytes; all are 0 between two bands */
	bool in_band[PICTURE_COLOURS]; /* the band has the colour */
	size_t first[PICTURE_COLOURS], /* first column and end of the colour, if in_band is set */
		end[PICTURE_COLOURS];
	bool in_graphic[PICTURE_COLOURS]; /* the colour was already defined in the graphic */
	size_t width;
};

/* The end of the run of equal bytes that begins at `at`. */
static size_t equal_run_end(const unsigned char *bytes, size_t at, size_t end)
{
	const uint64_t all = bytes[at] * UINT64_C(0x0101010101010101);
	unsigned char byte = bytes[at];
	for (uint64_t eight; at + sizeof eight <= end; at += sizeof eight) {
		memcpy(&eight, bytes + at, sizeof eight);
		if (eight != all)
			break;
	}
	while (at < end && bytes[at] == byte)
		at++;
	return at;
}

/* Defines a colour in the graphic; its parts are percentages, as the protocol requires. */
static void define_colour(struct strbuf *out, unsigned colour)
{
	unsigned grey = colour < PICTURE_CUBE_COLOURS ? 0 : (colour - PICTURE_CUBE_COLOURS) * 100 / (PICTURE_GREYS - 1);
	if (colour >= PICTURE_CUBE_COLOURS)
		strbuf_addf(out, "#%u;2;%u;%u;%u", colour, grey, grey, grey);
	else
		strbuf_addf(out, "#%u;2;%u;%u;%u", colour, colour / PICTURE_STEPS / PICTURE_STEPS * 20,
			    colour / PICTURE_STEPS % PICTURE_STEPS * 20, colour % PICTURE_STEPS * 20);
}

static void add_row(struct sixel_band *sixel_band, const unsigned char *colours, unsigned row, struct strbuf *out)
{
	for (size_t x = 0, end; x < sixel_band->width; x = end) {
		unsigned colour = colours[x];
		unsigned char *bits = sixel_band->bits + colour * sixel_band->width;
		end = equal_run_end(colours, x, sixel_band->width);
		if (!sixel_band->in_graphic[colour])
			define_colour(out, colour);
		if (!sixel_band->in_band[colour] || x < sixel_band->first[colour])
			sixel_band->first[colour] = x;
		if (!sixel_band->in_band[colour] || end > sixel_band->end[colour])
			sixel_band->end[colour] = end;
		sixel_band->in_band[colour] = sixel_band->in_graphic[colour] = true;
		for (size_t i = x; i < end; i++)
			bits[i] = (unsigned char)(bits[i] | 1U << row);
	}
}

static char *put_number(char *to, size_t number)
{
	char digits[NUMBER_BYTES_MAX], *at = digits + sizeof digits;
	do
		*--at = (char)('0' + number % 10);
	while ((number /= 10));
	size_t length = (size_t)(digits + sizeof digits - at);
	memcpy(to, at, length);
	return to + length;
}

static char *put_run(char *to, char sixel, size_t count)
{
	if (count >= RUN_LENGTH_MIN) {
		*to++ = '!';
		to = put_number(to, count);
		count = 1;
	}
	memset(to, sixel, count);
	return to + count;
}

static void add_colour(struct strbuf *out, struct sixel_band *sixel_band, unsigned colour)
{
	unsigned char *bits = sixel_band->bits + colour * sixel_band->width;
	size_t first = sixel_band->first[colour], end = sixel_band->end[colour];
	strbuf_grow(out, 2 * sixel_band->width + 2 * NUMBER_BYTES_MAX);
	char *to = out->buf + out->len;
	*to++ = '#';
	to = put_number(to, colour);
	to = put_run(to, BLANK_SIXEL, first);
	/* Blanks after the last column of the colour are omitted */
	for (size_t x = first, after; x < end; x = after) {
		after = equal_run_end(bits, x, end);
		to = put_run(to, (char)(BLANK_SIXEL + bits[x]), after - x);
	}
	memset(bits + first, 0, end - first);
	*to = '\0';
	out->len = (size_t)(to - out->buf);
}

void sixel_add_area(struct strbuf *out, const struct sixel_area *area)
{
	struct sixel_band sixel_band = { .width = area->width };
	sixel_band.bits = xcalloc(PICTURE_COLOURS, area->width);
	strbuf_addf(out, "\033P0;1;0q\"1;1;%zu;%zu", area->width, area->height);
	for (size_t top = 0; top < area->height; top += BAND_ROWS) {
		unsigned used = 0;
		memset(sixel_band.in_band, 0, sizeof sixel_band.in_band);
		for (unsigned row = 0; row < BAND_ROWS && top + row < area->height; row++)
			add_row(&sixel_band, area->colours + (top + row) * area->stride, row, out);
		for (unsigned colour = 0; colour < PICTURE_COLOURS; colour++) {
			if (!sixel_band.in_band[colour])
				continue;
			if (used++)
				strbuf_addch(out, '$');
			add_colour(out, &sixel_band, colour);
		}
		strbuf_addch(out, '-');
	}
	strbuf_adds(out, "\033\\");
	free(sixel_band.bits);
}

/* Scales the part to the size of its cells. Each new pixel is the nearest pixel of the part: this is good enough,
 * since the picture has about as many pixels as its cells cover. */
static void scale_part(struct strbuf *out, const struct picture_data *data, const struct pixels_part *part,
		       size_t width, size_t height)
{
	strbuf_grow(out, width * height);
	for (size_t y = 0; y < height; y++) {
		size_t row = part->top + y * part->height / height;
		const char *from = data->bytes.buf + row * data->width + part->left;
		char *to = out->buf + out->len;
		if (width == part->width)
			memcpy(to, from, width);
		else
			for (size_t x = 0; x < width; x++)
				to[x] = from[x * part->width / width];
		out->len += width;
	}
}

/* Sends the part as one or more graphics, which cover whole cells and are at most as large as a terminal accepts. */
static void send_sixels(const struct pictures *pictures, const struct surface_picture *picture, struct strbuf *out)
{
	const struct picture_format *format = &pictures->format;
	const struct box *box = &picture->box;
	const struct pixels_part part = shown_part_of(picture);
	size_t rows = SIXEL_SIDE_MAX / format->cell_height, cols = SIXEL_SIDE_MAX / format->cell_width,
	       width = box->cols * format->cell_width;
	struct strbuf shown = STRBUF_INIT;
	scale_part(&shown, picture->data, &part, width, box->rows * format->cell_height);
	strbuf_adds(out, "\0337");
	for (size_t row = 0; row < box->rows; row += rows)
		for (size_t col = 0; col < box->cols; col += cols) {
			size_t high = box->rows - row < rows ? box->rows - row : rows,
			       wide = box->cols - col < cols ? box->cols - col : cols;
			add_cursor_move(out, box->row + row, box->col + col);
			const struct sixel_area area = { .colours = (const unsigned char *)shown.buf +
								    row * format->cell_height * width +
								    col * format->cell_width,
							 .stride = width,
							 .width = wide * format->cell_width,
							 .height = high * format->cell_height };
			sixel_add_area(out, &area);
		}
	strbuf_adds(out, "\0338");
	strbuf_wipe(&shown);
}

/* --- kitty's protocol --- */

static void place_picture(const struct pictures *pictures, struct picture_slot *slot, struct strbuf *out)
{
	const struct surface_picture *picture = &slot->wanted_picture;
	const struct pixels_part part = shown_part_of(picture);
	strbuf_adds(out, "\0337");
	add_cursor_move(out, picture->box.row, picture->box.col);
	strbuf_addf(out, "\033_Ga=p,q=2,i=%zu,p=1,x=%zu,y=%zu,w=%zu,h=%zu,c=%zu,r=%zu,C=1\033\\\0338",
		    kitty_id_of(pictures, slot), part.left, part.top, part.width, part.height, picture->box.cols,
		    picture->box.rows);
	slot->shown_picture = slot->wanted_picture;
	slot->shown_serial = slot->data->serial;
}

/* The slot with a picture that was sent only in part so far; NULL: none. */
static struct picture_slot *partly_sent_slot(struct pictures *pictures)
{
	for (size_t i = 0; i < SURFACE_PICTURES; i++)
		if (pictures->slots[i].is_partly_sent)
			return &pictures->slots[i];
	return NULL;
}

/* Ends the transfer of a picture that was sent only in part: the terminal then discards the picture, without a
 * message. */
static void cancel_sending(struct pictures *pictures, struct strbuf *out)
{
	struct picture_slot *slot = partly_sent_slot(pictures);
	if (!slot)
		return;
	strbuf_adds(out, "\033_Gq=2,m=0;\033\\");
	slot->sent_byte_count = 0;
	slot->is_partly_sent = false;
}

static bool is_fully_sent(const struct picture_slot *slot)
{
	return slot->data && slot->sent_byte_count == slot->data->bytes.len;
}

static bool is_outdated(const struct picture_slot *slot)
{
	return slot->terminal_serial && !(slot->data && slot->data->serial == slot->terminal_serial);
}

/* Removes the slot's picture from the screen. If the slot no longer has this picture, also removes it from the
 * terminal's memory. */
static void remove_picture(struct pictures *pictures, struct picture_slot *slot, struct strbuf *out)
{
	bool outdated = is_outdated(slot);
	cancel_sending(pictures, out);
	strbuf_addf(out, "\033_Ga=d,d=%c,i=%zu,q=2\033\\", outdated ? 'I' : 'i', kitty_id_of(pictures, slot));
	slot->shown_picture = (struct surface_picture){ 0 };
	if (outdated)
		slot->terminal_serial = 0;
}

static void place_pictures(struct pictures *pictures, struct strbuf *out)
{
	for (size_t i = 0; !partly_sent_slot(pictures) && i < SURFACE_PICTURES; i++) {
		struct picture_slot *slot = &pictures->slots[i];
		if (is_fully_sent(slot) && slot->wanted_picture.box.rows && !is_unchanged(slot))
			place_picture(pictures, slot, out);
	}
}

void pictures_show(struct pictures *pictures, struct strbuf *out)
{
	for (size_t i = 0; i < SURFACE_PICTURES; i++) {
		struct picture_slot *slot = &pictures->slots[i];
		if (pictures->format.protocol == PICTURE_SIXEL) {
			if (slot->wanted_picture.box.rows && !is_unchanged(slot))
				send_sixels(pictures, &slot->wanted_picture, out);
			slot->shown_picture = slot->wanted_picture;
			slot->shown_serial = slot->data ? slot->data->serial : 0;
		} else if (is_outdated(slot) || (slot->shown_picture.box.rows && !slot->wanted_picture.box.rows)) {
			remove_picture(pictures, slot, out);
		}
	}
	const struct picture_slot *open = partly_sent_slot(pictures);
	if (open && !open->sent_byte_count)
		cancel_sending(pictures, out);
	place_pictures(pictures, out);
}

/* The slot with a picture that was sent only in part so far, or else the next slot with a picture to send; NULL:
 * none. */
static struct picture_slot *next_slot_to_send(struct pictures *pictures)
{
	struct picture_slot *open = partly_sent_slot(pictures);
	if (open)
		return open;
	for (size_t i = 0; pictures->format.protocol == PICTURE_KITTY && i < SURFACE_PICTURES; i++) {
		struct picture_slot *slot = &pictures->slots[i];
		if (slot->wanted_picture.box.rows && !is_fully_sent(slot))
			return slot;
	}
	return NULL;
}

bool pictures_have_unsent(struct pictures *pictures)
{
	return next_slot_to_send(pictures);
}

void pictures_send_next(struct pictures *pictures, struct strbuf *out)
{
	struct picture_slot *slot = next_slot_to_send(pictures);
	if (!slot)
		return;
	const struct picture_data *data = slot->data;
	if (slot->is_partly_sent &&
	    !slot->sent_byte_count) { /* pictures_forget() was called before the picture was complete */
		cancel_sending(pictures, out);
		return;
	}
	size_t left = data->bytes.len - slot->sent_byte_count, length = left < KITTY_CHUNK ? left : KITTY_CHUNK;
	if (!slot->sent_byte_count)
		strbuf_addf(out, "\033_Ga=t,q=2,f=24,%si=%zu,s=%zu,v=%zu,m=%d;", data->is_compressed ? "o=z," : "",
			    kitty_id_of(pictures, slot), data->width, data->height, length < left);
	else
		strbuf_addf(out, "\033_Gq=2,m=%d;", length < left);
	strbuf_add(out, data->bytes.buf + slot->sent_byte_count, length);
	strbuf_adds(out, "\033\\");
	slot->sent_byte_count += length;
	slot->terminal_serial = data->serial;
	slot->is_partly_sent = length < left;
	place_pictures(pictures, out);
}

void pictures_forget(struct pictures *pictures)
{
	for (size_t i = 0; i < SURFACE_PICTURES; i++) {
		struct picture_slot *slot = &pictures->slots[i];
		slot->sent_byte_count = 0;
		slot->shown_picture = slot->wanted_picture = (struct surface_picture){ 0 };
	}
}

void pictures_remove(struct pictures *pictures, struct strbuf *out)
{
	for (size_t i = 0; i < SURFACE_PICTURES; i++) {
		struct picture_slot *slot = &pictures->slots[i];
		clear_slot(slot);
		slot->wanted_picture = (struct surface_picture){ 0 };
		if (slot->terminal_serial)
			remove_picture(pictures, slot, out);
		slot->shown_picture = (struct surface_picture){ 0 };
	}
}
