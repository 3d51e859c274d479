/* Compares the words of a PDF's text with its drawn pages: a word that a page does not paint is not evidence. Looks only
 * at pages that have a value of the case, and recognises their letters only where a picture or another word could be what
 * is painted in a word's place. */
#include "convert_inner.h"

#include "kybdesk/base/confine.h"

#include <stdlib.h>
#include <string.h>

#define WORDS_BYTES_MAX (16 << 20)
#define PAGE_WORDS_MAX 5000
#define PAGES_DRAWN_MAX 12
#define PAGE_DOTS 1200	    /* of the longer side of a page that is drawn to look for ink */
#define WORD_DOTS_MIN 3	    /* a lower word cannot be read: about 2 points on A4 */
#define INK_CONTRAST_MIN 40 /* between the darkest and the lightest dot of a word's place */
#define SCAN_DOTS_MIN 700   /* a picture this wide may be a scanned page */

struct word {
	double left, top, right, bottom; /* in points, as the page is turned */
	const char *text;
	size_t length;
};

struct drawn_page {
	struct strbuf dots; /* PGM */
	size_t cols, rows, from;
	double width, height; /* in points, before the page is turned */
};

/* How far a value was found: not at all, in text that is not painted, in a place that has ink, painted for certain. */
enum paint { PAINT_NONE, PAINT_MISSING, PAINT_UNCLEAR, PAINT_SURE };

static double read_points(const char *at, const char *end, const char *name)
{
	const char *value = memmem(at, (size_t)(end - at), name, strlen(name));
	return value ? strtod(value + strlen(name), NULL) : 0;
}

/* Reads the words of one page of "pdftotext -bbox". */
static size_t read_words(const char *page, const char *end, struct word *words)
{
	size_t count = 0;
	for (const char *at = page; count < PAGE_WORDS_MAX && (at = memmem(at, (size_t)(end - at), "<word ", 6));) {
		const char *begin = memchr(at, '>', (size_t)(end - at)),
			   *stop = begin ? memmem(begin, (size_t)(end - begin), "</word>", 7) : NULL;
		if (!stop)
			break;
		words[count++] = (struct word){ read_points(at, begin, "xMin=\""),
						read_points(at, begin, "yMin=\""),
						read_points(at, begin, "xMax=\""),
						read_points(at, begin, "yMax=\""),
						begin + 1,
						(size_t)(stop - begin) - 1 };
		at = stop;
	}
	return count;
}

/* How far the place of the word, without its edges, has ink, on the page and high enough to be read. Letters leave most
 * of their place empty; what is mostly dark may be a bar or boxes in their place, or white letters on black. */
static enum paint find_ink(const struct drawn_page *page, const struct word *word)
{
	double longer = page->width > page->height ? page->width : page->height, edge = (word->bottom - word->top) / 6;
	double scale = longer > 0 ? (double)(page->cols > page->rows ? page->cols : page->rows) / longer : 0;
	if (word->left < 0 || word->top < 0 || word->right * scale > (double)page->cols || word->right <= word->left ||
	    word->bottom * scale > (double)page->rows || (word->bottom - word->top) * scale < WORD_DOTS_MIN)
		return PAINT_MISSING;
	size_t left = (size_t)(word->left * scale), right = (size_t)(word->right * scale);
	size_t top = (size_t)((word->top + edge) * scale), bottom = (size_t)((word->bottom - edge) * scale);
	size_t shades[256] = { 0 }, dark = 0;
	unsigned char darkest = 255, lightest = 0;
	for (size_t row = top; row < bottom; row++)
		for (size_t col = left; col < right; col++) {
			unsigned char dot = (unsigned char)page->dots.buf[page->from + row * page->cols + col];
			darkest = dot < darkest ? dot : darkest;
			lightest = dot > lightest ? dot : lightest;
			shades[dot]++;
		}
	if (lightest < darkest + INK_CONTRAST_MIN)
		return PAINT_MISSING;
	for (size_t shade = darkest; shade <= (darkest + lightest) / 2u; shade++)
		dark += shades[shade];
	return dark * 2 > (bottom - top) * (right - left) ? PAINT_UNCLEAR : PAINT_SURE;
}

/* Whether another text lies over a good part of the word. */
static bool is_covered(const struct word *words, size_t count, const struct word *word)
{
	for (size_t i = 0; i < count; i++) {
		const struct word *other = &words[i];
		double left = other->left > word->left ? other->left : word->left,
		       right = other->right < word->right ? other->right : word->right,
		       top = other->top > word->top ? other->top : word->top,
		       bottom = other->bottom < word->bottom ? other->bottom : word->bottom;
		if (other == word || right <= left || bottom <= top ||
		    (other->length == word->length && !memcmp(other->text, word->text, word->length)))
			continue;
		if ((right - left) * (bottom - top) * 4 > (word->right - word->left) * (word->bottom - word->top))
			return true;
	}
	return false;
}

struct comparison {
	const struct conversion *conversion;
	struct doc_search_values sought; /* copies of the case's values */
	enum paint *paints;		 /* of each value */
	struct word *words;		 /* of one page */
	size_t pages_drawn;
	bool has_scans;
};

static bool draw(struct comparison *comparison, size_t number, struct drawn_page *out)
{
	const struct page_drawing drawing = { .page = number, .dots = PAGE_DOTS };
	if (comparison->pages_drawn++ >= PAGES_DRAWN_MAX ||
	    convert_page(comparison->conversion, &drawing, &out->dots) || strncmp(out->dots.buf, "P5\n", 3) != 0)
		return false;
	char *at = out->dots.buf + 3;
	out->cols = strtoul(at, &at, 10);
	out->rows = strtoul(at, &at, 10);
	bool is_known = strtoul(at, &at, 10) == 255 && out->cols <= PAGE_DOTS && out->rows <= PAGE_DOTS;
	out->from = (size_t)(at - out->dots.buf) + 1;
	return is_known && out->cols && out->rows && out->dots.len >= out->from + out->cols * out->rows;
}

/* Notes how far the values are found in this text of a page. Returns whether one is found that is not sure yet. */
static bool note_values(struct comparison *comparison, const struct strbuf *text, enum paint as)
{
	struct doc_search_spans spans;
	struct strbuf clean = STRBUF_INIT;
	bool is_needed = false;
	(void)convert_sanitize(&clean, text, TEXT_UTF8);
	doc_search_find_values(&comparison->conversion->job->arena, clean.len ? clean.buf : "", clean.len,
			       &comparison->sought, &spans);
	for (size_t i = 0; i < comparison->sought.count; i++) {
		enum paint *paint = &comparison->paints[i];
		if (!comparison->sought.items[i].found)
			continue;
		*paint = as > *paint ? as : *paint;
		is_needed |= *paint < PAINT_SURE;
	}
	strbuf_wipe(&clean);
	return is_needed;
}

/* Whether the file has pictures that may be scanned pages. */
static bool find_scans(const struct conversion *conversion)
{
	const char *words[] = { confine_find(&conversion->job->arena, "pdfimages"), "-list", CONFINE_INPUT_NAME, NULL };
	const struct convert_program program = { "pdfimages", words, &conversion->job->bytes, CONVERT_TEXT_MAX };
	struct strbuf list = STRBUF_INIT;
	bool cut, found = !words[0] || convert_run_program(conversion, &program, &list, &cut);
	/* A line: page, number, kind, width, height */
	for (const char *line = list.buf; !found && line; line = strchr(line, '\n')) {
		line += *line == '\n';
		const char *kind = line + strspn(line, " 0123456789");
		found = strtoul(kind + strcspn(kind, " \n"), NULL, 10) >= SCAN_DOTS_MIN;
	}
	strbuf_wipe(&list);
	return found;
}

static void add_words(struct strbuf *out, const struct word *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		(void)office_extract_text(out, words[i].text, words[i].length);
}

/* box: the page, with its words; NULL: it has none. all: the words in the file, also those beside the page. */
static void compare_page(struct comparison *comparison, size_t number, const char *box, const char *end,
			 const struct strbuf *all)
{
	struct strbuf inked = STRBUF_INIT, sure = STRBUF_INIT, read = STRBUF_INIT;
	struct drawn_page page = { .dots = STRBUF_INIT };
	const struct word *words = comparison->words;
	size_t count = box ? read_words(box, end, comparison->words) : 0;
	if (box) {
		page.width = read_points(box, end, "width=\"");
		page.height = read_points(box, end, "height=\"");
	}
	if (note_values(comparison, all, PAINT_MISSING)) {
		bool drawn = draw(comparison, number, &page);
		for (size_t i = 0; i < count; i++) {
			const enum paint ink = drawn ? find_ink(&page, &words[i]) : PAINT_UNCLEAR;
			if (ink == PAINT_MISSING)
				continue;
			add_words(&inked, &words[i], 1);
			if (ink == PAINT_SURE && !comparison->has_scans && !is_covered(words, count, &words[i]))
				add_words(&sure, &words[i], 1);
		}
		(void)note_values(comparison, &sure, PAINT_SURE);
		if (note_values(comparison, &inked, PAINT_UNCLEAR) && drawn &&
		    !convert_read_page(comparison->conversion, number, &read))
			(void)note_values(comparison, &read, PAINT_SURE);
	}
	strbuf_wipe(&page.dots);
	strbuf_wipe(&read);
	strbuf_wipe(&sure);
	strbuf_wipe(&inked);
}

static void read_boxes(const struct conversion *conversion, const char *box, struct strbuf *out)
{
	const char *words[] = {
		confine_find(&conversion->job->arena, "pdftotext"), "-bbox", "-q", box, CONFINE_INPUT_NAME, "-", NULL
	};
	const struct convert_program program = { "pdftotext", words, &conversion->job->bytes, WORDS_BYTES_MAX };
	bool cut;
	if (convert_run_program(conversion, &program, out, &cut))
		strbuf_reset(out);
}

/* The next page of the boxes from `at` on; NULL: none is left. */
static const char *next_page(const struct strbuf *boxes, const char *at, const char **end)
{
	const char *last = boxes->buf + boxes->len;
	const char *page = at ? memmem(at, (size_t)(last - at), "<page ", 6) : NULL;
	*end = page ? memmem(page, (size_t)(last - page), "</page>", 7) : NULL;
	return *end ? page : NULL;
}

void convert_compare_pages(const struct conversion *conversion)
{
	struct job *job = conversion->job;
	struct doc_search_values *values = &job->out.case_values;
	struct comparison comparison = {
		.conversion = conversion,
		.sought = { arena_alloc_array(&job->arena, values->count + 1, sizeof *values->items), values->count },
		.paints = arena_alloc_array(&job->arena, values->count + 1, sizeof(enum paint)),
		.words = arena_alloc_array(&job->arena, PAGE_WORDS_MAX, sizeof(struct word)),
		.has_scans = find_scans(conversion)
	};
	struct strbuf every = STRBUF_INIT, cropped = STRBUF_INIT;
	const char *at, *end, *crop, *crop_end;
	size_t number = 0;
	for (size_t i = 0; i < values->count; i++) {
		comparison.sought.items[i] = values->items[i];
		comparison.paints[i] = PAINT_NONE;
	}
	read_boxes(conversion, "-bbox", &every);
	read_boxes(conversion, "-cropbox", &cropped);
	crop = cropped.buf;
	for (at = every.buf; (at = next_page(&every, at, &end)); at = end) {
		struct strbuf all = STRBUF_INIT;
		add_words(&all, comparison.words, read_words(at, end, comparison.words));
		crop = next_page(&cropped, crop, &crop_end);
		compare_page(&comparison, ++number, crop, crop_end, &all);
		crop = crop ? crop_end : NULL;
		strbuf_wipe(&all);
	}
	job->content.comparison = COMPARISON_DONE;
	for (size_t i = 0; i < values->count; i++) {
		struct doc_search_value *value = &values->items[i];
		value->unpainted = value->found && comparison.paints[i] == PAINT_MISSING;
		value->found &= !value->unpainted;
		if (value->found && value->required && comparison.paints[i] != PAINT_SURE)
			job->content.comparison = COMPARISON_FAILED;
	}
	strbuf_wipe(&cropped);
	strbuf_wipe(&every);
}
