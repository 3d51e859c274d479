/* SQLite's text of the phrases: hints for its planner, its full-text index, its JSON. */
#include "sqlite_internal.h"
#include "kybdesk/base/strbuf.h"

const struct db_phrase sqlite_phrases[] = {
	/* A table that is read through this index, or whole. */
	{ "by", "INDEXED BY #1" },
	{ "whole", "NOT INDEXED" },
	/* A column for which no index should be used, because another column's index is. */
	{ "aside", "+#1" },
	/* A join that reads its left side first. */
	{ "then", "CROSS JOIN" },
	/* The order of the left side, repeated after a join. SQLite's join keeps it, so nothing is needed. */
	{ "anew", "" },
	/* Equal, or both NULL, in a form for which an index is used. */
	{ "same", "#1 IS #2" },
	/* Whether a value is in a bounded subquery, which runs once. */
	{ "among", "#1 IN #2" },
	{ "most", "max(#1, #2)" },
	{ "least", "min(#1, #2)" },
	{ "shifted", "#1 << #2" },
	{ "hex", "lower(hex(#1))" },
	{ "bit", "has_bit(#1, #2)" },
	{ "has", "instr(#1, #2) > 0" },
	/* After an insert of one row; made_id() knows its id. RETURNING would go through a temporary table. */
	{ "made", "" },
	/* The table is stored in its primary key. */
	{ "keyed", "WITHOUT ROWID" },
	/* The full-text index: the hits of a search as rows of `id`, and the column with a row's session. */
	{ "hits", "SELECT rowid AS id FROM session_text WHERE session_text MATCH #1" },
	{ "text_id", "rowid" },
	/* JSON: the elements of an array as rows of `value`, and an array with one element appended; an object's
	 * members as rows of `key`, and the value of such a row as text. */
	{ "elements", "json_each(#1) AS #2" },
	{ "append", "json_insert(#1, '$[#]', #2)" },
	{ "members", "json_each(#1) AS #2" },
	{ "member_text", "CASE #1.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' "
			 "WHEN 'null' THEN 'null' ELSE CAST(#1.value AS TEXT) END" },
	{ 0 }
};

/* A phrase of the tokens; the last is a prefix: "株 式"*. */
static void add_words(struct strbuf *out, const struct db_words *words, const char *glue)
{
	for (size_t i = 0; i < words->count; i++)
		strbuf_addf(out, "%s\"%s\"*", i ? glue : "", words->items[i]);
}

void sqlite_search(const struct db_words *all, const struct db_words *none, struct strbuf *out)
{
	strbuf_adds(out, none->count ? "(" : "");
	add_words(out, all, " AND ");
	if (!none->count)
		return;
	strbuf_adds(out, ") NOT (");
	add_words(out, none, " OR ");
	strbuf_adds(out, ")");
}
