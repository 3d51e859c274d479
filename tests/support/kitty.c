#include "kitty.h"

#include "kybdesk/base/digest.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

/* The number of a key in the sequence; `missing` if the key is absent. */
static size_t number_of(const char *keys, char key, size_t missing)
{
	for (const char *at = keys; *at; at += strcspn(at, ","), at += *at == ',')
		if (at[0] == key && at[1] == '=')
			return strtoul(at + 2, NULL, 10);
	return missing;
}

static char letter_of(const char *keys, char key)
{
	for (const char *at = keys; *at; at += strcspn(at, ","), at += *at == ',')
		if (at[0] == key && at[1] == '=')
			return at[2];
	return 0;
}

struct kitty_image *kitty_image(struct kitty *kitty, unsigned id)
{
	for (size_t i = 0; i < KITTY_IMAGES; i++)
		if (kitty->images[i].id == id)
			return &kitty->images[i];
	return NULL;
}

size_t kitty_placed(const struct kitty *kitty)
{
	size_t count = 0;
	for (size_t i = 0; i < KITTY_IMAGES; i++)
		count += kitty->images[i].placed;
	return count;
}

static void forget(struct kitty_image *image)
{
	strbuf_release(&image->data);
	*image = (struct kitty_image){ 0 };
}

/* Decodes the data into pixels. False: the data is invalid or has the wrong length. */
static bool unpack(struct kitty_image *image)
{
	struct strbuf packed = STRBUF_INIT, rgb = STRBUF_INIT;
	uLongf length = image->width * image->height * 3;
	bool good = base64_decode(&packed, image->data.buf, image->data.len);
	if (good && image->compressed) {
		strbuf_grow(&rgb, length + 1);
		uLongf got = length + 1;
		good = uncompress((Bytef *)rgb.buf, &got, (const Bytef *)packed.buf, packed.len) == Z_OK &&
		       got == length;
		rgb.len = good ? length : 0;
		strbuf_release(&packed);
	} else {
		rgb = packed;
		good = good && rgb.len == length;
	}
	strbuf_release(&image->data);
	image->data = rgb;
	return good;
}

static void take_chunk(struct kitty *kitty, const char *keys, const char *data, size_t length)
{
	struct kitty_image *image = kitty->open;
	size_t more = number_of(keys, 'm', 0);
	cr_assert_leq(length, 4096);
	cr_assert(!more || length % 4 == 0);
	strbuf_add(&image->data, data, length);
	if (more)
		return;
	kitty->open = NULL;
	image->whole = unpack(image);
	if (image->whole) {
		kitty->whole++;
		return;
	}
	kitty->broken++;
	forget(image);
}

static void begin(struct kitty *kitty, const char *keys)
{
	unsigned id = (unsigned)number_of(keys, 'i', 0);
	struct kitty_image *image = kitty_image(kitty, id);
	cr_assert(id && number_of(keys, 'f', 0) == 24, "%s", keys);
	if (image)
		forget(image); /* and its placement */
	else
		image = kitty_image(kitty, 0);
	cr_assert_not_null(image);
	strbuf_init(&image->data);
	image->id = id;
	image->compressed = letter_of(keys, 'o') == 'z';
	image->width = number_of(keys, 's', 0);
	image->height = number_of(keys, 'v', 0);
	cr_assert(image->width && image->height, "%s", keys);
	kitty->open = image;
	kitty->begun++;
}

static void put(struct kitty *kitty, const char *keys)
{
	struct kitty_image *image = kitty_image(kitty, (unsigned)number_of(keys, 'i', 0));
	cr_assert(image && image->whole, "placed before it is there: %s", keys);
	cr_assert(number_of(keys, 'p', 0) == 1 && number_of(keys, 'C', 0) == 1, "%s", keys);
	image->x = number_of(keys, 'x', 0);
	image->y = number_of(keys, 'y', 0);
	image->w = number_of(keys, 'w', 0);
	image->h = number_of(keys, 'h', 0);
	image->c = number_of(keys, 'c', 0);
	image->r = number_of(keys, 'r', 0);
	image->row = kitty->row;
	image->col = kitty->col;
	image->placed = true;
	cr_assert(image->w && image->h && image->c && image->r, "%s", keys);
	cr_assert(image->x + image->w <= image->width && image->y + image->h <= image->height, "%s", keys);
	kitty->placed++;
}

static void take_away(struct kitty *kitty, const char *keys)
{
	struct kitty_image *image = kitty_image(kitty, (unsigned)number_of(keys, 'i', 0));
	char which = letter_of(keys, 'd');
	cr_assert(which == 'i' || which == 'I', "%s", keys);
	kitty->removed += which == 'I';
	kitty->displaced += which == 'i';
	if (image)
		image->placed = false;
	if (image && which == 'I')
		forget(image);
}

static void take(struct kitty *kitty, const char *bytes, size_t length)
{
	char keys[200];
	const char *semicolon = memchr(bytes, ';', length);
	size_t known = semicolon ? (size_t)(semicolon - bytes) : length;
	cr_assert_lt(known, sizeof keys);
	memcpy(keys, bytes, known);
	keys[known] = '\0';
	char action = letter_of(keys, 'a');
	if (action == 'q')
		return;
	cr_assert_eq(number_of(keys, 'q', 0), 2, "it is to answer nothing: %s", keys);
	if (kitty->open) {
		cr_assert_eq(action, 0, "between the chunks of another: %s", keys);
		cr_assert_not_null(semicolon);
		take_chunk(kitty, keys, semicolon + 1, length - known - 1);
	} else if (action == 't') {
		begin(kitty, keys);
		cr_assert_not_null(semicolon);
		take_chunk(kitty, keys, semicolon + 1, length - known - 1);
	} else if (action == 'p') {
		put(kitty, keys);
	} else {
		cr_assert_eq(action, 'd', "%s", keys);
		take_away(kitty, keys);
	}
}

/* Reads a cursor position, or the erasure of the screen, which also removes the pictures. */
static void take_control(struct kitty *kitty, const char *bytes, size_t length)
{
	char *end;
	if (bytes[length - 1] == 'H') {
		kitty->row = strtoul(bytes, &end, 10);
		kitty->col = *end == ';' ? strtoul(end + 1, NULL, 10) : 1;
	} else if (length == 2 && !memcmp(bytes, "2J", 2)) {
		for (size_t i = 0; i < KITTY_IMAGES; i++)
			if (kitty->images[i].whole)
				forget(&kitty->images[i]);
	}
}

void kitty_read(struct kitty *kitty, const char *bytes, size_t length)
{
	const char *escape = NULL;
	while (kitty->at < length && (escape = memchr(bytes + kitty->at, '\033', length - kitty->at))) {
		size_t at = (size_t)(escape - bytes), rest = length - at;
		kitty->at = at;
		if (rest < 2 || (rest < 3 && strchr("[_", escape[1])))
			return;
		if (escape[1] == '_' && escape[2] == 'G') {
			const char *end = memmem(escape, rest, "\033\\", 2);
			if (!end)
				return;
			take(kitty, escape + 3, (size_t)(end - escape) - 3);
			kitty->at = (size_t)(end - bytes) + 2;
		} else if (escape[1] == '[') {
			size_t size = 2;
			while (size < rest && (unsigned char)escape[size] < 0x40)
				size++;
			if (size >= rest)
				return;
			take_control(kitty, escape + 2, size - 1);
			kitty->at = at + size + 1;
		} else {
			kitty->at = at + 2;
		}
	}
	if (!escape)
		kitty->at = length;
}

void kitty_release(struct kitty *kitty)
{
	for (size_t i = 0; i < KITTY_IMAGES; i++)
		forget(&kitty->images[i]);
	*kitty = (struct kitty){ 0 };
}
