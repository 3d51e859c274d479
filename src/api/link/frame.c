/* The frame of every page: head, style, security headers, and the error pages. */
#include "link/page.h"

#include <stdlib.h>
#include <string.h>

/* --- words and languages --- */

static const char *const words[WORD_COUNT][LANGUAGE_COUNT] = { PAGE_WORDS };

const char *word_text(enum language language, enum word word)
{
	return words[word][language];
}

/* Reads one language of Accept-Language: "pt-BR" is pt; "*" is the first language, English. */
static bool parse_language_range(const char *range, size_t length, enum language *out)
{
	char name[4] = "";

	*out = LANGUAGE_EN;
	if (length == 1 && *range == '*')
		return true;
	for (size_t i = 0; i < length && range[i] != '-'; i++) {
		if (i == sizeof name - 1)
			return false;
		name[i] = (char)(range[i] >= 'A' && range[i] <= 'Z' ? range[i] + 'a' - 'A' : range[i]);
	}
	return language_parse(name, out);
}

/* The value of "q=0.8" in thousandths; 1000 if absent, 0 if invalid. */
static int parse_quality(const char *at, const char *end)
{
	const char *q = at;
	int value = 0, digit = 100;

	while (q < end && strchr("; \t", *q))
		q++;
	if (q == end)
		return 1000;
	if (end - q < 3 || (*q != 'q' && *q != 'Q') || q[1] != '=')
		return 0;
	if (q[2] == '1')
		return 1000;
	if (q[2] != '0' || end - q < 5 || q[3] != '.')
		return 0;
	for (q += 4; q < end && *q >= '0' && *q <= '9' && digit; q++, digit /= 10)
		value += (*q - '0') * digit;
	return value;
}

enum language language_choose(const char *accepted)
{
	enum language best = LANGUAGE_EN, one;
	int most = 0;

	while (*accepted) {
		const char *end, *part;

		accepted += strspn(accepted, ", \t");
		end = accepted + strcspn(accepted, ",");
		part = accepted + strcspn(accepted, ",; \t");
		if (part > accepted && parse_language_range(accepted, (size_t)(part - accepted), &one) &&
		    parse_quality(part, end) > most) {
			best = one;
			most = parse_quality(part, end);
		}
		accepted = end;
	}
	return best;
}

/* --- the frame --- */

static const char style[] = PAGE_STYLE;

const char *page_word(const struct page *page, enum word word)
{
	return word_text(page->language, word);
}

void page_add_text(struct page *page, const char *text)
{
	html_add(page->out, "<bdi>%s</bdi>", text);
}

void page_add_title(struct page *page, const char *title)
{
	html_add(page->out, page->language == LANGUAGE_EN ? "%s" : "<span lang=\"en\">%s</span>", title);
}

/* --- the desk's sentences, in the page's words --- */

#define HOLES_MAX 6
#define DEPTH_MAX 64 /* of lists such as "passport, id or licence" */

/* In `pattern`, each "{}" is any text. In `texts`, "{1}" is the first of these texts, such as a name, as it is; "{1m}":
 * bytes, shown as megabytes; "{1t}": a title of the profile; "{1l}": a list of titles; "{1p}": text made of `parts`: in
 * their rows "{1}" has the form of the whole, and "{1n}" is a name. */
struct page_text {
	const char *pattern;
	const char *texts[LANGUAGE_COUNT];
};
static const struct page_text sentences[] = { PAGE_SENTENCES };
static const struct page_text parts[] = { PAGE_PARTS };

const char *megabytes_text(struct arena *arena, int64_t bytes)
{
	int64_t tenths = bytes * 10 / (1024 * 1024);

	return tenths % 10 ? arena_printf(arena, "%lld.%lld MB", (long long)tenths / 10, (long long)tenths % 10)
			   : arena_printf(arena, "%lld MB", (long long)tenths / 10);
}

/* A hole ends where the text behind it in the pattern occurs first; the last hole takes the rest. */
static bool matches_pattern(struct arena *arena, const char *pattern, const char *text, const char *holes[HOLES_MAX])
{
	size_t length = strcspn(pattern, "{");

	if (strncmp(pattern, text, length) != 0)
		return false;
	for (pattern += length, text += length; *pattern; pattern += length) {
		const char *end, *after = text + strlen(text);

		pattern += strlen("{}");
		length = strcspn(pattern, "{");
		end = pattern[length]			 ? memmem(text, strlen(text), pattern, length)
		      : (size_t)(after - text) >= length ? after - length
							 : NULL;
		if (!end || strncmp(end, pattern, length) != 0)
			return false;
		*holes++ = arena_strndup(arena, text, (size_t)(end - text));
		text = end + length;
	}
	return !*text;
}

/* The text of a hole; `form` is the letter in the hole, or 0. */
struct hole {
	const char *text;
	char form;
	int depth;
};
static bool add_page_text(struct page *page, const struct page_text *rows, size_t count, const struct hole *source);

static void add_hole(struct page *page, const struct hole *hole)
{
	bool parted = hole->form == 'p' || hole->form == 'l';

	if (hole->form == 'm')
		html_add(page->out, "%s", megabytes_text(&page->r->arena, strtoll(hole->text, NULL, 10)));
	else if (parted && hole->depth < DEPTH_MAX && add_page_text(page, parts, sizeof parts / sizeof *parts, hole))
		return;
	else if (hole->form == 't' || hole->form == 'l')
		page_add_title(page, hole->text);
	else
		page_add_text(page, hole->text);
}

static bool add_page_text(struct page *page, const struct page_text *rows, size_t count, const struct hole *source)
{
	const char *holes[HOLES_MAX], *at;
	size_t i = 0;

	while (i < count && !matches_pattern(&page->r->arena, rows[i].pattern, source->text, holes))
		i++;
	for (at = i < count ? rows[i].texts[page->language] : ""; *at;) {
		size_t length = strcspn(at, "{");

		html_add_text(page->out, at, length);
		at += length;
		if (!*at)
			break;
		add_hole(page, &(const struct hole){ holes[at[1] - '1'], at[2] == '}' ? source->form : at[2],
						     source->depth + 1 });
		at = strchr(at, '}') + 1;
	}
	return i < count;
}

void page_add_desk_text(struct page *page, const char *text)
{
	const struct hole whole = { .text = text };

	if (!add_page_text(page, sentences, sizeof sentences / sizeof *sentences, &whole))
		html_add(page->out, "%s", page_word(page, WORD_NOT_POSSIBLE));
}

void page_add_reason(struct page *page, const char *text)
{
	const char *translated = reason_message_in_language(desk_reasons(page->r->desk), text, page->language);

	if (translated)
		html_add(page->out, "%s", translated);
	else
		page_add_text(page, text);
}

/* The address is relative, so that it works behind a proxy with a path prefix. */
void page_add_url(struct page *page, const char *below, const char *part)
{
	const char *rest = page->r->path + strlen("/s/");
	const char *slash = strchr(rest, '/');

	/* Without "./", a browser would read a token with ":" as a scheme. */
	if (!slash)
		html_add(page->out, "./");
	for (const char *at = slash; at; at = strchr(at + 1, '/'))
		html_add(page->out, "../");
	html_add_form_value(page->out,
			    arena_strndup(&page->r->arena, rest, slash ? (size_t)(slash - rest) : strlen(rest)));
	if (*below)
		html_add(page->out, "/%s", below);
	html_add_url_part(page->out, part);
}

void form_begin(struct page *page, const char *tag, const char *below, const char *part)
{
	strbuf_adds(page->out, tag);
	html_add(page->out, " enctype=\"multipart/form-data\" action=\"");
	page_add_url(page, below, part);
	html_add(page->out, "\">");
}

void page_begin(struct page *page, const char *title)
{
	html_add(page->out,
		 "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta charset=\"utf-8\">"
		 "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
		 "<meta name=\"robots\" content=\"noindex\"><title>",
		 language_text(page->language));
	if (page->r->fault_count)
		html_add(page->out, "%s: ", page_word(page, WORD_PROBLEM));
	html_add(page->out, "%s</title><style>", title);
	strbuf_adds(page->out, style);
	html_add(page->out, "</style></head>\n<body><a class=\"skip\" href=\"#content\">%s</a><main id=\"content\">",
		 page_word(page, WORD_SKIP));
}

/* Allows no other origin, no script and no framing; the style is allowed by its hash. */
static const char *content_policy(struct request *r)
{
	struct strbuf text = STRBUF_INIT;
	uint8_t hash[SHA256_SIZE];

	sha256_hash(style, sizeof style - 1, hash);
	strbuf_adds(&text, "default-src 'none'; style-src 'sha256-");
	base64_encode(&text, hash, sizeof hash);
	strbuf_adds(&text, "'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'");
	return strbuf_finish(&text, &r->arena);
}

void page_add_headers(struct page *page)
{
	static const struct pair always[] = { { "Referrer-Policy", "no-referrer" },
					      { "X-Frame-Options", "DENY" },
					      { "Cross-Origin-Opener-Policy", "same-origin" },
					      { "Cross-Origin-Resource-Policy", "same-origin" },
					      { "X-Robots-Tag", "noindex" },
					      { "Vary", "Accept-Language" } };
	struct request *r = page->r;
	struct pair *headers = arena_alloc_array(&r->arena, sizeof always / sizeof *always + 2, sizeof *headers);
	size_t count = 0;

	headers[count++] = (struct pair){ "Content-Security-Policy", content_policy(r) };
	headers[count++] = (struct pair){ "Content-Language", language_text(page->language) };
	for (size_t i = 0; i < sizeof always / sizeof *always; i++)
		headers[count++] = always[i];
	r->answer.headers = headers;
	r->answer.header_count = count;
}

void page_end(struct page *page, int status)
{
	html_add(page->out, "</main></body></html>\n");
	page_add_headers(page);
	(void)answer_bytes(page->r, status, "text/html; charset=utf-8");
}

/* Title and sentence of the error page for a status. */
static const struct refusal {
	int status;
	enum word title, sentence;
} refusals[] = { { 404, WORD_UNKNOWN_TITLE, WORD_UNKNOWN },
		 { 410, WORD_GONE_TITLE, WORD_GONE },
		 { 405, WORD_REFUSED_TITLE, WORD_METHOD },
		 { 413, WORD_REFUSED_TITLE, WORD_TOO_LARGE },
		 { 429, WORD_REFUSED_TITLE, WORD_TOO_MANY } };

static struct refusal refusal_for_request(const struct request *r)
{
	int status = r->answer.status;
	bool cross_site = r->error_code && !strcmp(r->error_code, "cross_site");

	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
		if (refusals[i].status == status)
			return refusals[i];
	if (status >= 500)
		return (struct refusal){ status, WORD_FAILED_TITLE, WORD_FAILED };
	return (struct refusal){ status, WORD_REFUSED_TITLE, cross_site ? WORD_REFUSED : WORD_NOT_COMPLETE };
}

void page_error(struct request *r)
{
	struct page page = { .r = r, .out = &r->out, .language = language_choose(r->accept_language) };
	const struct refusal refusal = refusal_for_request(r);
	const char *title = page_word(&page, refusal.title);

	strbuf_reset(&r->out);
	r->fault_count = 0;
	page_begin(&page, title);
	html_add(page.out, "<div class=\"box\"><h1>%s</h1><p>%s</p>", title, page_word(&page, refusal.sentence));
	if (refusal.status != 404 && refusal.status != 410 && strlen(r->path) > strlen("/s/")) {
		html_add(page.out, "<p><a href=\"");
		page_add_url(&page, "", "");
		html_add(page.out, "\">%s</a></p>", page_word(&page, WORD_BACK_TO_PAGE));
	}
	html_add(page.out, "</div>");
	page_end(&page, refusal.status);
}
