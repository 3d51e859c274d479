/* SQLite's text of the phrases: hints for its planner, its full-text index, its JSON. */
#include "sqlite_internal.h"
#include "kybdesk/base/strbuf.h"

const struct db_phrase sqlite_phrases[] = {
	/* "by" reads a table through this index; "whole" reads a table without an index. */
	{ "by", "INDEXED BY #1" },
	{ "whole", "NOT INDEXED" },
	/* Prevents the use of an index on this column, so that the index of another column is used. */
	{ "aside", "+#1" },
	/* A join that reads the table on its left side first. */
	{ "then", "CROSS JOIN" },
	/* Repeats the order of the left side after a join: empty, since SQLite keeps this order in a join. */
	{ "anew", "" },
	/* Whether two values are equal or both NULL, in a form for which an index is used. */
	{ "same", "#1 IS #2" },
	/* Whether a value is in a bounded subquery, which runs once. */
	{ "among", "#1 IN #2" },
	{ "most", "max(#1, #2)" },
	{ "least", "min(#1, #2)" },
	{ "shifted", "#1 << #2" },
	{ "hex", "lower(hex(#1))" },
	{ "bit", "has_bit(#1, #2)" },
	{ "has", "instr(#1, #2) > 0" },
	/* After an insert of one row, inserted_id() returns the row's id. RETURNING would use a temporary table. */
	{ "made", "" },
	/* Stores a table in the index of its primary key. */
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

/* Adds each word as a phrase of its tokens, the last of which is a prefix: "株 式"*. */
static void add_words(struct strbuf *out, const struct db_words *words, const char *glue)
{
	for (size_t i = 0; i < words->count; i++)
		strbuf_addf(out, "%s\"%s\"*", i ? glue : "", words->items[i]);
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
