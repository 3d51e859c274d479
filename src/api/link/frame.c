/* The frame of every page: head, style, security headers, and the error pages. */
#include "link/page.h"

#include <string.h>

/* --- words and languages --- */

static const char *const table[WORD_COUNT][LANGUAGE_COUNT] = {
#define WORD(name, ...) [WORD_##name] = { __VA_ARGS__ },
#include "link/word_rows.h"
};

const char *word_text(enum language language, enum word word)
{
	return table[word][language];
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

static const char style[] =
	":root{color-scheme:light;--ink:#1d2530;--soft:#55606e;--line:#d4dae1;--field:#7b8794;--ground:#f3f5f8;"
	"--blue:#1550a0;--red:#b3261e;--green:#1c6b3c;--amber:#8a5200}"
	"*{box-sizing:border-box}"
	"body{margin:0;background:var(--ground);color:var(--ink);font:1rem/1.5 system-ui,-apple-system,'Segoe UI',"
	"Roboto,'Noto Sans',sans-serif;overflow-wrap:anywhere}"
	".skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:#fff;padding:.5rem 1rem}"
	"main{max-width:44rem;margin:0 auto;padding:1.5rem 1rem 4rem}"
	"h1{font-size:1.75rem;line-height:1.2;margin:0 0 .25rem}h2{font-size:1.25rem;line-height:1.3;margin:0}"
	"h3{font-size:1.05rem;line-height:1.35;margin:0}"
	"p{margin:.5rem 0}.soft,.hint{color:var(--soft)}.hint{font-size:.9rem;margin:.15rem 0}"
	"section,.box{background:#fff;border:1px solid "
	"var(--line);border-radius:.5rem;padding:1.25rem;margin:1.25rem 0}"
	".head{display:flex;flex-wrap:wrap;gap:.35rem .75rem;align-items:center;justify-content:space-between}"
	".state{font-size:.85rem;font-weight:600;border-radius:1rem;padding:.1rem .7rem;background:#e9edf2;"
	"color:#3d4856;white-space:nowrap}"
	".good{background:#e0f2e7;color:var(--green)}.wait{background:#fdf0d9;color:var(--amber)}"
	".bad{background:#fbe4e2;color:var(--red)}"
	".paper{border-top:1px solid var(--line);margin-top:1.25rem;padding-top:1.25rem}"
	"label,legend{font-weight:600;display:block;padding:0}.field{margin:1rem 0}"
	".mark{font-weight:400;color:var(--soft);font-size:.9rem}"
	"input,select,textarea{font:inherit;color:inherit;width:100%;min-height:2.75rem;padding:.5rem .65rem;"
	"border:1px solid var(--field);border-radius:.35rem;background:#fff;margin-top:.25rem}"
	"textarea{min-height:5.5rem;resize:vertical}input[type=file]{border-style:dashed;padding:.55rem}"
	"fieldset{border:0;margin:1rem 0;padding:0;min-width:0}"
	".upload{display:flex;flex-wrap:wrap;gap:.5rem .75rem;align-items:flex-end}"
	".upload .field{margin:0;flex:2 1 17rem}.upload .field:has(select){flex:1 1 9rem}"
	".upload label{font-weight:400}.upload button{margin:0}"
	"fieldset.group{border-left:.25rem solid var(--line);padding-left:1rem}"
	".tick{display:flex;gap:.6rem;align-items:center;font-weight:400;min-height:2.75rem}"
	".tick input{width:1.4rem;min-height:1.4rem;height:1.4rem;margin:0;flex:none}"
	"button{font:inherit;font-weight:600;min-height:2.75rem;padding:.5rem 1.25rem;border-radius:.35rem;"
	"border:1px solid var(--blue);background:var(--blue);color:#fff;cursor:pointer;margin:.5rem .5rem 0 0}"
	"button.second{background:#fff;color:var(--blue)}"
	":focus-visible{outline:3px solid #f0a500;outline-offset:2px}"
	".fault{color:var(--red);font-weight:600;margin:.25rem 0}"
	".faulty input,.faulty select,.faulty textarea{border:2px solid var(--red)}"
	".faulty{border-left:.25rem solid var(--red);padding-left:.75rem}"
	".alert{border:3px solid var(--red)}.alert a{color:var(--red);font-weight:600}"
	".notice{background:#e0f2e7;border-radius:.35rem;padding:.5rem .9rem;color:var(--green);font-weight:600}"
	".ask{background:#fdf6e7;border-left:.25rem solid #e2a63b;padding:.75rem 1rem;margin:1rem 0}"
	".ask>:first-child{margin-top:0}.words{white-space:pre-line}"
	"details{margin-top:.75rem}summary{cursor:pointer;color:var(--blue);font-weight:600;min-height:2.75rem;"
	"display:flex;align-items:center}summary::before{content:'+';display:inline-block;width:1.25rem}"
	"details[open]>summary::before{content:'\\2212'}"
	"ul{margin:.25rem 0;padding-left:1.25rem}.plain{list-style:none;padding:0}"
	".vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}"
	"a{color:var(--blue)}"
	"@media(max-width:30rem){main{padding:1rem .75rem 3rem}section,.box{padding:1rem}"
	"button{width:100%;"
	"margin-right:0}}";

const char *page_word(const struct page *page, enum word word)
{
	return word_text(page->language, word);
}

void page_add_word(struct page *page, enum word word)
{
	html_add(page->out, "%s", page_word(page, word));
}

void page_add_text(struct page *page, const char *text)
{
	html_add(page->out, "<bdi>%s</bdi>", text);
}

void page_add_desk_text(struct page *page, const char *text)
{
	if (!strcmp(text, REQUIRED_FIELD_MESSAGE))
		page_add_word(page, WORD_NEEDED);
	else if (!strcmp(text, page_word(page, WORD_FILE_NEEDED)))
		page_add_word(page, WORD_FILE_NEEDED);
	else
		html_add(page->out, "<bdi lang=\"en\">%s</bdi>", text);
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

/* Title and sentence of the error page for a status. WORD_COUNT instead of a sentence: the text of the error. */
static const struct refusal {
	int status;
	enum word title, sentence;
} refusals[] = { { 404, WORD_UNKNOWN_TITLE, WORD_UNKNOWN },
		 { 410, WORD_GONE_TITLE, WORD_GONE },
		 { 405, WORD_REFUSED_TITLE, WORD_METHOD },
		 { 413, WORD_REFUSED_TITLE, WORD_TOO_LARGE } };

static struct refusal refusal_for_request(const struct request *r)
{
	int status = r->answer.status;
	bool cross_site = r->error_code && !strcmp(r->error_code, "cross_site");

	for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++)
		if (refusals[i].status == status)
			return refusals[i];
	if (status >= 500)
		return (struct refusal){ status, WORD_FAILED_TITLE, WORD_FAILED };
	return (struct refusal){ status, WORD_REFUSED_TITLE, cross_site ? WORD_REFUSED : WORD_COUNT };
}

void page_error(struct request *r, const struct error *error)
{
	struct page page = { .r = r, .out = &r->out, .language = language_choose(r->accept_language) };
	const struct refusal refusal = refusal_for_request(r);
	const char *title = page_word(&page, refusal.title);

	strbuf_reset(&r->out);
	r->fault_count = 0;
	page_begin(&page, title);
	html_add(page.out, "<div class=\"box\"><h1>%s</h1><p>", title);
	if (refusal.sentence == WORD_COUNT)
		page_add_desk_text(&page, error->message ? error->message : "");
	else
		page_add_word(&page, refusal.sentence);
	html_add(page.out, "</p>");
	if (refusal.status != 404 && refusal.status != 410 && strlen(r->path) > strlen("/s/")) {
		html_add(page.out, "<p><a href=\"");
		page_add_url(&page, "", "");
		html_add(page.out, "\">%s</a></p>", page_word(&page, WORD_BACK_TO_PAGE));
	}
	html_add(page.out, "</div>");
	page_end(&page, refusal.status);
}
