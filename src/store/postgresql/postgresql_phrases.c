/* PostgreSQL's text of the phrases. Phrases for hints are empty, because PostgreSQL's planner has no hints. */
#include "postgresql_internal.h"

#include <string.h>

const struct db_phrase postgresql_phrases[] = {
	{ "by", "" },
	{ "whole", "" },
	{ "aside", "#1" },
	{ "then", "JOIN" },
	{ "anew", "ORDER BY #1" },
	{ "same", "#1 IS NOT DISTINCT FROM #2" },
	{ "among", "#1 = ANY (ARRAY #2)" },
	{ "most", "CASE WHEN #1 >= #2 THEN #1 WHEN #2 > #1 THEN #2 END" },
	{ "least", "CASE WHEN #1 <= #2 THEN #1 WHEN #2 < #1 THEN #2 END" },
	{ "shifted", "CAST(#1 AS bigint) << CAST(#2 AS integer)" },
	{ "hex", "encode(#1, 'hex')" },
	{ "bit", "CASE WHEN #2 BETWEEN 0 AND 8 * CAST(octet_length(CAST(#1 AS bytea)) AS bigint) - 1 "
		 "THEN get_bit(CAST(#1 AS bytea), #2) = 1 ELSE false END" },
	{ "has", "strpos(#1, #2) > 0" },
	{ "made", "RETURNING id" },
	{ "keyed", "" },
	{ "hits", "SELECT session_id AS id FROM session_text WHERE words @@ CAST(#1 AS tsquery)" },
	{ "text_id", "session_id" },
	{ "elements", "json_array_elements_text(CAST(#1 AS json)) AS #2 (value)" },
	{ "append", "CAST(CAST(#1 AS jsonb) || to_jsonb(CAST(#2 AS text)) AS text)" },
	{ "members", "json_each_text(CAST(#1 AS json)) AS #2 (key, value)" },
	{ "member_text", "coalesce(#1.value, 'null')" },
	{ 0 }
};

/* Maximum length of a token, since the server refuses very long tokens. The column session_text cuts at the same
 * length (migrations). */
#define TOKEN_MAX 500

static size_t cut(const char *token, size_t length)
{
	size_t characters = 0, at = 0;

	for (; at < length; at++) {
		characters += (token[at] & 0xc0) != 0x80;
		if (characters > TOKEN_MAX)
			break;
	}
	return at;
}

/* Tokens are letters, digits and marks, so no token can end the quote: '株' <-> '式':* */
static void add_phrase(struct strbuf *out, const char *tokens)
{
	strbuf_addch(out, '(');
	for (const char *at = tokens; *at;) {
		size_t length = strcspn(at, " ");

		strbuf_addf(out, "'%.*s'", (int)cut(at, length), at);
		at += length;
		strbuf_adds(out, *at ? " <-> " : ":*");
		at += strspn(at, " ");
	}
	strbuf_addch(out, ')');
}

static void add_words(struct strbuf *out, const struct db_words *words, const char *glue)
{
	for (size_t i = 0; i < words->count; i++) {
		strbuf_adds(out, i ? glue : "");
		add_phrase(out, words->items[i]);
	}
}

void postgresql_search(const struct db_words *all, const struct db_words *none, struct strbuf *out)
{
	add_words(out, all, " & ");
	if (!none->count)
		return;
	strbuf_adds(out, " & !(");
	add_words(out, none, " | ");
	strbuf_addch(out, ')');
}
