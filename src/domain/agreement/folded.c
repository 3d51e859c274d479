#include "agreement/folded.h"

#include "kybdesk/base/text.h"

#include <stdlib.h>
#include <string.h>

#define FAR 2
#define WIDE 3

/* The gap between two letters or digits. */
struct between {
	size_t all, no_space;
	bool any, joins, line;
};

static void push(struct folded *out, char c, size_t from, unsigned gaps)
{
	if (out->text.len == out->capacity) {
		out->capacity = out->capacity ? out->capacity * 2 : 256;
		out->from = xrealloc_array(out->from, out->capacity, sizeof *out->from);
		out->gaps = xrealloc_array(out->gaps, out->capacity, sizeof *out->gaps);
	}
	out->from[out->text.len] = (uint32_t)from;
	out->gaps[out->text.len] = (uint8_t)gaps;
	strbuf_addch(&out->text, c);
}

static unsigned take_gap(struct between *between)
{
	unsigned gaps = between->any ? GAP_ANY : 0;
	if (between->joins || between->line)
		gaps |= GAP_JOINS;
	if (between->no_space > FAR)
		gaps |= GAP_FAR;
	if (between->all > WIDE && !between->line)
		gaps |= GAP_WIDE;
	*between = (struct between){ 0 };
	return gaps;
}

static void pass(struct between *between, char c)
{
	between->any = true;
	between->all++;
	between->line |= c == '\n';
	between->joins |= c == '-' || c == '\'' || c == '.' || c == '/';
	between->no_space += c != ' ' && c != '\n' && c != '\t';
}

static bool is_plain(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z');
}

/* A grapheme that is not plain ASCII. */
static void add_folded(struct folded *out, struct strbuf *scratch, const char *grapheme, size_t length, size_t from,
		       struct between *between)
{
	bool first = true;
	strbuf_reset(scratch);
	text_fold(scratch, grapheme, length);
	if (!scratch->len)
		pass(between, ' ');
	for (size_t at = 0; at < scratch->len;) {
		size_t bytes = 1;
		enum text_class class = text_class_at(scratch->buf + at, scratch->len - at, &bytes);
		if (class == TEXT_LETTER || class == TEXT_DIGIT || class == TEXT_MARK) {
			unsigned gaps = take_gap(between) | (first ? GRAPHEME : 0u);
			for (size_t i = 0; i < bytes; i++)
				push(out, scratch->buf[at + i], from, i ? 0 : gaps);
			first = false;
		} else {
			pass(between, bytes == 1 ? scratch->buf[at] : '\'');
		}
		at += bytes;
	}
}

void folded_make(struct folded *out, const char *text, size_t length)
{
	struct strbuf scratch = STRBUF_INIT;
	struct between between = { 0 };
	*out = (struct folded){ .text = STRBUF_INIT, .source_length = length };
	for (size_t at = 0; at < length;) {
		char c = text[at];
		if (c >= 0 && (at + 1 == length || text[at + 1] >= 0)) {
			c = c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
			if (is_plain(c))
				push(out, c, at, take_gap(&between) | GRAPHEME);
			else
				pass(&between, c);
			at++;
			continue;
		}
		size_t next = text_next_grapheme(text, length, at);
		add_folded(out, &scratch, text + at, next - at, at, &between);
		at = next;
	}
	strbuf_release(&scratch);
}

void folded_release(struct folded *folded)
{
	strbuf_release(&folded->text);
	free(folded->from);
	free(folded->gaps);
	free(folded->edges);
}

size_t folded_end(const struct folded *folded, const char *text, size_t at)
{
	return text_next_grapheme(text, folded->source_length, folded->from[at - 1]);
}

bool folded_is_single(const struct folded *folded, size_t at)
{
	const unsigned char *c = (const unsigned char *)folded->text.buf + at;
	unsigned ch = c[0];
	if (c[0] >= 0xf0)
		return true; /* ideographs outside the first plane; names use no other scripts there */
	if (c[0] >= 0xe0 && at + 2 < folded->text.len)
		ch = (c[0] & 0x0fu) << 12 | (c[1] & 0x3fu) << 6 | (c[2] & 0x3fu);
	return ch >= 0x2e80 || (ch >= 0x0e00 && ch <= 0x0eff) || (ch >= 0x1000 && ch <= 0x109f) ||
	       (ch >= 0x1100 && ch <= 0x11ff) || (ch >= 0x1780 && ch <= 0x17ff);
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

bool folded_is_edge(const struct folded *folded, size_t at)
{
	if (at == 0 || at >= folded->text.len)
		return true;
	if (!(folded->gaps[at] & GRAPHEME))
		return false;
	if (folded->gaps[at] & GAP_ANY || is_digit(folded->text.buf[at]) != is_digit(folded->text.buf[at - 1]))
		return true;
	size_t before = at - 1;
	while (before && (folded->text.buf[before] & 0xc0) == 0x80)
		before--;
	return folded_is_single(folded, at) || folded_is_single(folded, before);
}

void folded_index(struct folded *folded)
{
	const unsigned char *text = (const unsigned char *)folded->text.buf;
	size_t length = folded->text.len, next[256];
	for (size_t at = 0; at < length; at++)
		folded->first[text[at] + 1] += folded_is_edge(folded, at);
	for (size_t i = 0; i < 256; i++) {
		next[i] = folded->first[i];
		folded->first[i + 1] += folded->first[i];
	}
	folded->edges = xrealloc_array(NULL, folded->first[256] + 1, sizeof *folded->edges);
	for (size_t at = 0; at < length; at++)
		if (folded_is_edge(folded, at))
			folded->edges[next[text[at]]++] = (uint32_t)at;
}
