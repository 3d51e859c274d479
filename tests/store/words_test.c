/*
 * The words that columns of the store may hold. A program that does not know a word reports its row as damaged, so a
 * new word needs a new schema version, as a new column does: an older program then refuses the store and says why.
 */
#include "store/store_support.h"
#include "support/process.h"
#include "kybdesk/domain/column.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define KEPT KYB_SOURCE_DIR "/tests/store/words.txt"

static void add_table(struct strbuf *out, const struct column_table *table)
{
	const struct column *column = NULL;

	while ((column = columns_next(table, column, 0))) {
		const char *const *words;
		size_t count;

		if (!column->words || column->flags & (COLUMN_UNSTORED | COLUMN_JOINED))
			continue;
		words = column->words(&count);
		strbuf_addf(out, "%s.%s:", table->name, column->name);
		for (size_t i = 0; i < count; i++)
			strbuf_addf(out, " %s", words[i]);
		strbuf_addch(out, '\n');
	}
}

Test(words, a_new_word_comes_with_a_new_number_of_the_schema)
{
	static const struct column_table *const tables[] = {
		&session_columns,  &subject_record_columns, &step_columns,    &document_columns,
		&party_columns,	   &check_columns,	    &hit_columns,     &correction_columns,
		&decision_columns, &note_columns,	    &attempt_columns,
	};
	struct strbuf words = STRBUF_INIT;
	size_t length;
	char *kept = temp_read(KEPT, &length), *end;
	long schema = strtol(kept + strlen("schema "), &end, 10);

	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		add_table(&words, tables[i]);
	cr_assert_eq(*end, '\n');
	cr_assert_leq(schema, STORE_SCHEMA_VERSION);
	if (strcmp(end + 1, words.buf) != 0 && getenv("KYBDESK_WRITE_WORDS") && schema < STORE_SCHEMA_VERSION) {
		FILE *out = fopen(KEPT, "w");

		cr_assert_not_null(out);
		fprintf(out, "schema %d\n%s", STORE_SCHEMA_VERSION, words.buf);
		fclose(out);
	} else {
		cr_expect_str_eq(words.buf, end + 1,
				 "words that programs of schema %ld do not know: add a migration, then run this "
				 "with KYBDESK_WRITE_WORDS=1",
				 schema);
	}
	strbuf_release(&words);
}
