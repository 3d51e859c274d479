/* The SQL of SQLite for the phrases that differ between databases: hints for the planner, the full-text index, JSON. */
#include "sqlite_internal.h"
#include "kybdesk/base/strbuf.h"

const struct db_phrase sqlite_phrases[] = {
	/* "by": reads the table through this index; "whole": reads the table without an index. */
	{ "by", "INDEXED BY #1" },
	{ "whole", "NOT INDEXED" },
	/* "aside": prevents the use of an index on this column, so that SQLite uses the index on another column. */
	{ "aside", "+#1" },
	/* "then": a join that reads the table on its left side first. */
	{ "then", "CROSS JOIN" },
	/* "anew": repeats the order of the left side after a join. Empty, since a join of SQLite keeps this order. */
	{ "anew", "" },
	/* "same": whether two values are equal or both NULL, in a form that can use an index. */
	{ "same", "#1 IS #2" },
	/* "among": whether a value is in a small subquery, which SQLite runs only once. */
	{ "among", "#1 IN #2" },
	{ "most", "max(#1, #2)" },
	{ "least", "min(#1, #2)" },
	{ "shifted", "#1 << #2" },
	{ "hex", "lower(hex(#1))" },
	{ "bit", "has_bit(#1, #2)" },
	{ "has", "instr(#1, #2) > 0" },
	/* "made": returns the id of an inserted row. Empty, since inserted_id() returns the id; RETURNING would use
	 * a temporary table. */
	{ "made", "" },
	/* "keyed": stores the rows of the table in the index of its primary key. */
	{ "keyed", "WITHOUT ROWID" },
	/* The full-text index. "hits": the matches of a search as rows with the column `id`; "text_id": the column
	 * that has the session of a row. */
	{ "hits", "SELECT rowid AS id FROM session_text WHERE session_text MATCH #1" },
	{ "text_id", "rowid" },
	/* JSON. "elements": the elements of an array as rows with the column `value`; "append": the array with one
	 * more element; "members": the members of an object as rows with the column `key`; "member_text": the value
	 * of such a row as text. */
	{ "elements", "json_each(#1) AS #2" },
	{ "append", "json_insert(#1, '$[#]', #2)" },
	{ "members", "json_each(#1) AS #2" },
	{ "member_text", "CASE #1.type WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' "
			 "WHEN 'null' THEN 'null' ELSE CAST(#1.value AS TEXT) END" },
	{ 0 }
};

/* Adds each word as a phrase of its tokens, like "株 式"* (the last token matches as a prefix), or its whole token. */
static void add_words(struct strbuf *out, const struct db_words *words, const char *glue)
{
	for (size_t i = 0; i < words->count; i++)
		strbuf_addf(out, "%s(\"%s\"* OR \"%s\")", i ? glue : "", words->items[i], words->wholes[i]);
}

void sqlite_add_match(const struct db_words *all, const struct db_words *none, struct strbuf *out)
{
	strbuf_adds(out, none->count ? "(" : "");
	add_words(out, all, " AND ");
	if (!none->count)
		return;
	strbuf_adds(out, ") NOT (");
	add_words(out, none, " OR ");
	strbuf_adds(out, ")");
}
