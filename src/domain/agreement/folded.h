/* A text for comparison: letters and digits only, each byte with its position in the original. */
#ifndef KYBDESK_DOMAIN_AGREEMENT_FOLDED_H
#define KYBDESK_DOMAIN_AGREEMENT_FOLDED_H

#include "kybdesk/domain/agreement.h"
#include "kybdesk/base/strbuf.h"

enum gap {
	GAP_ANY = 1,   /* other characters come before this byte */
	GAP_JOINS = 2, /* characters that also occur inside words: a line break, a hyphen */
	GAP_FAR = 4,   /* more than two characters other than spaces */
	GAP_WIDE = 8,  /* more than three characters without a line break: another column */
	GRAPHEME = 16  /* a grapheme of the text begins here */
};
struct folded {
	struct strbuf text;
	uint32_t *from; /* for each byte: where its grapheme begins in the text */
	uint8_t *gaps;	/* for each byte: bits of enum gap */
	size_t capacity;
	size_t source_length;
	/* Set by folded_index(): positions where a word can begin, grouped by first byte. */
	uint32_t *edges;
	size_t first[257];
};
void folded_make(struct folded *out, const char *text, size_t length);
void folded_index(struct folded *folded);
void folded_release(struct folded *folded);
/* Position in the text after the grapheme of the byte before `at`. */
size_t folded_end(const struct folded *folded, const char *text, size_t at);
/* Whether a word or a number can begin or end before the byte. */
bool folded_is_edge(const struct folded *folded, size_t at);
/* Whether the byte at `at` belongs to a script without spaces between words. */
bool folded_is_single(const struct folded *folded, size_t at);

/* Finds a date in any spelling: adds the position of each to marks. */
struct found {
	struct arena *arena;
	struct agree_mark *items;
	size_t count, capacity;
};
void found_add(struct found *found, size_t from, size_t end);
void dates_find(const struct folded *folded, const char *text, struct agree_values *values, struct found *found);

#endif
