/* Phrases of statements: "{by delivery_due}" becomes the text of the driver's database (store/db.h). */
#include "kybdesk/base/strbuf.h"
#include "kybdesk/store/db.h"

#include <string.h>

#define ARGUMENTS_MAX 4

struct span {
	const char *start, *end;
};

static void expand_span(const struct db_driver *driver, struct span text, struct strbuf *out);

/* Returns the position after a quoted text that begins at `at`. */
static const char *quote_end(const char *at, const char *end)
{
	const char *close = memchr(at + 1, *at, (size_t)(end - at) - 1);

	if (!close)
		BUG("unterminated quote: %s", at);
	return close + 1;
}

/* Moves past one character of a statement, a quoted text, or a bracket with its content. */
static const char *skip_token(const char *at, const char *end)
{
	int depth = 0;

	do {
		if (*at == '\'' || *at == '"') {
			at = quote_end(at, end);
			continue;
		}
		depth += *at == '(' || *at == '{';
		depth -= *at == ')' || *at == '}';
		at++;
	} while (depth > 0 && at < end);
	if (depth > 0)
		BUG("a statement has an unclosed bracket");
	return at;
}

static struct span trim(struct span text)
{
	while (text.start < text.end && *text.start == ' ')
		text.start++;
	while (text.end > text.start && text.end[-1] == ' ')
		text.end--;
	return text;
}

static size_t split_arguments(struct span text, struct span out[ARGUMENTS_MAX])
{
	struct span rest = trim(text);
	size_t count = 0;

	while (rest.start < rest.end) {
		const char *at = rest.start;

		while (at < rest.end && *at != ',')
			at = skip_token(at, rest.end);
		if (count == ARGUMENTS_MAX)
			BUG("a phrase with more than %d arguments: %s", ARGUMENTS_MAX, text.start);
		out[count++] = trim((struct span){ rest.start, at });
		rest.start = at < rest.end ? at + 1 : at;
	}
	return count;
}

static const struct db_phrase *find_phrase(const struct db_driver *driver, struct span word)
{
	size_t length = (size_t)(word.end - word.start);

	for (const struct db_phrase *phrase = driver->phrases; phrase->word; phrase++)
		if (strlen(phrase->word) == length && !memcmp(phrase->word, word.start, length))
			return phrase;
	BUG("%s has no phrase {%.*s}", driver->name, (int)length, word.start);
}

static void write_phrase(const struct db_driver *driver, struct span inside, struct strbuf *out)
{
	struct span word = inside, arguments[ARGUMENTS_MAX];
	size_t count;

	while (word.start + strcspn(word.start, " }") < word.end)
		word.end = word.start + strcspn(word.start, " }");
	count = split_arguments((struct span){ word.end, inside.end }, arguments);
	for (const char *at = find_phrase(driver, word)->text; *at; at++) {
		size_t place = at[0] == '#' && at[1] >= '1' && at[1] <= '9' ? (size_t)(at[1] - '0') : 0;

		if (!place) {
			strbuf_addch(out, *at);
			continue;
		}
		if (place > count)
			BUG("the phrase {%.*s} lacks an argument", (int)(inside.end - inside.start), inside.start);
		expand_span(driver, arguments[place - 1], out);
		at++;
	}
}

static void expand_span(const struct db_driver *driver, struct span text, struct strbuf *out)
{
	const char *at = text.start;

	while (at < text.end) {
		const char *next = *at == '{' || *at == '\'' || *at == '"' ? skip_token(at, text.end) : at + 1;

		if (*at == '{')
			write_phrase(driver, (struct span){ at + 1, next - 1 }, out);
		else
			strbuf_add(out, at, (size_t)(next - at));
		at = next;
	}
}

void db_expand_phrases(const struct db_driver *driver, const char *text, struct strbuf *out)
{
	expand_span(driver, (struct span){ text, text + strlen(text) }, out);
}
