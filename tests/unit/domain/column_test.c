#include "kybdesk/domain/column.h"

#include <criterion/criterion.h>
#include <string.h>

static const struct column_table *const tables[] = { &session_columns,	&subject_columns,    &step_columns,
						     &document_columns, &party_columns,	     &check_columns,
						     &hit_columns,	&correction_columns, &decision_columns,
						     &note_columns,	&attempt_columns };
#define TABLES (sizeof tables / sizeof tables[0])

Test(column, names_words_and_places_are_each_column_s_own)
{
	for (size_t t = 0; t < TABLES; t++)
		for (size_t i = 0; i < tables[t]->count; i++) {
			const struct column *a = &tables[t]->items[i];
			cr_expect_lt(a->offset, tables[t]->size, "%s.%s", tables[t]->name, a->name);
			for (size_t j = 0; j < i; j++) {
				const struct column *b = &tables[t]->items[j];
				bool own = a->type == COLUMN_CUSTOM || b->type == COLUMN_CUSTOM;
				cr_expect_str_neq(a->name, b->name, "%s", tables[t]->noun);
				cr_expect(own || a->offset != b->offset, "%s: %s and %s", tables[t]->noun, a->name,
					  b->name);
			}
		}
}

Test(column, an_enum_and_bits_know_their_words)
{
	for (size_t t = 0; t < TABLES; t++)
		for (size_t i = 0; i < tables[t]->count; i++) {
			const struct column *column = &tables[t]->items[i];
			bool has_words = column->type == COLUMN_ENUM || column->type == COLUMN_BITS;
			cr_expect_eq(column->words != NULL, has_words, "%s.%s", tables[t]->noun, column->name);
			cr_expect_eq(column->count_offset != 0, column->type == COLUMN_TEXTS, "%s.%s", tables[t]->noun,
				     column->name);
		}
}

Test(column, what_is_said_to_be_shown_is_personal)
{
	for (size_t t = 0; t < TABLES; t++)
		for (const struct column *c = NULL; (c = columns_next(tables[t], c, COLUMN_SHOWN | COLUMN_REGISTER));)
			cr_expect(c->flags & COLUMN_PERSONAL, "%s.%s", tables[t]->noun, c->name);
}

/* An init function sets the same values as columns_init(), except the number of the first round. */
#define SAME_INIT(type)                                                                                                \
	do {                                                                                                           \
		struct type by_hand, by_table;                                                                         \
		type##_init(&by_hand);                                                                                 \
		columns_init(&type##_columns, &by_table);                                                              \
		const struct column *c = NULL;                                                                         \
		while ((c = columns_next_diff(&type##_columns, &by_hand, &by_table, 0, c)))                            \
			cr_expect_str_eq(c->name, "round", "%s.%s", #type, c->name);                                   \
	} while (0)

Test(column, an_emptied_row_is_what_init_makes)
{
	SAME_INIT(step);
	SAME_INIT(document);
	SAME_INIT(party);
	SAME_INIT(check);
	SAME_INIT(hit);
	SAME_INIT(correction); /* its first round is 1 */
	SAME_INIT(decision);
}

Test(column, is_found_by_its_name)
{
	cr_assert_not_null(column_find(&party_columns, "tax_id"));
	cr_expect_eq(column_find(&party_columns, "tax_id")->offset, offsetof(struct party, tax_id));
	cr_expect_null(column_find(&party_columns, "tax"));
}

Test(column, a_difference_names_its_column_and_only_among_those_asked_for)
{
	struct party a;
	struct party b;
	party_init(&a);
	party_init(&b);
	cr_expect(columns_equal(&party_columns, &a, &b, 0));
	b.name = "Ines Duarte";
	b.roles = 1U << ROLE_UBO;
	const struct column *first = columns_next_diff(&party_columns, &a, &b, 0, NULL);
	cr_assert_not_null(first);
	cr_expect_str_eq(first->name, "name");
	const struct column *second = columns_next_diff(&party_columns, &a, &b, 0, first);
	cr_assert_not_null(second);
	cr_expect_str_eq(second->name, "roles");
	cr_expect_null(columns_next_diff(&party_columns, &a, &b, 0, second));
	cr_expect(columns_equal(&party_columns, &a, &b, COLUMN_KEY));
	cr_expect_not(columns_equal(&party_columns, &a, &b, COLUMN_IDENTITY));
}

Test(column, scores_that_say_nothing_are_equal_whatever_they_are)
{
	struct hit a;
	struct hit b;
	hit_init(&a);
	hit_init(&b);
	b.score = -7;
	cr_expect(columns_equal(&hit_columns, &a, &b, 0));
	b.score = 0;
	cr_expect_not(columns_equal(&hit_columns, &a, &b, 0));
}

Test(column, lists_are_compared_text_by_text)
{
	const char *left[] = { "a", "b" };
	const char *right[] = { "a", "c" };
	struct correction a;
	struct correction b;
	correction_init(&a);
	correction_init(&b);
	a.field_ids = left;
	b.field_ids = right;
	a.field_count = b.field_count = 2;
	cr_expect_not(columns_equal(&correction_columns, &a, &b, 0));
	a.field_count = b.field_count = 1;
	cr_expect(columns_equal(&correction_columns, &a, &b, 0));
	b.field_count = 2;
	cr_expect_not(columns_equal(&correction_columns, &a, &b, 0));
}

Test(column, taking_brings_what_is_said_and_leaves_the_rest)
{
	struct party old;
	struct party given;
	party_init(&old);
	party_init(&given);
	old.name = "Ines Duarte";
	old.country = "PRT";
	old.roles = 1U << ROLE_UBO;
	old.fields_json = "{\"pep\":false}";
	old.verified_elsewhere_by = "lea";
	given.country = "ESP";
	given.roles = 1U << ROLE_DIRECTOR;
	given.verified_elsewhere_by = "mallory";
	columns_merge(&party_columns, &old, &given, COLUMN_MERGED);
	cr_expect_str_eq(old.name, "Ines Duarte");
	cr_expect_str_eq(old.country, "ESP");
	cr_expect_eq(old.roles, 1U << ROLE_UBO | 1U << ROLE_DIRECTOR);
	cr_expect_str_eq(old.fields_json, "{\"pep\":false}");
	cr_expect_str_eq(old.verified_elsewhere_by, "lea", "nobody but this desk says that");
}

Test(column, what_is_brought_once_fills_a_gap_and_changes_nothing)
{
	struct document old;
	struct document given;
	document_init(&old);
	document_init(&given);
	given.sha256 = "aa";
	columns_merge(&document_columns, &old, &given, COLUMN_IMPORT_IF_EMPTY);
	cr_expect_str_eq(old.sha256, "aa");
	given.sha256 = "bb";
	columns_merge(&document_columns, &old, &given, COLUMN_IMPORT_IF_EMPTY);
	cr_expect_str_eq(old.sha256, "aa");
}

Test(column, copying_and_clearing_change_one_column)
{
	struct document a;
	struct document b;
	document_init(&a);
	document_init(&b);
	a.sha256 = "aa";
	a.review = REVIEW_ACCEPTED;
	a.expires_on = 5;
	for (const struct column *c = NULL; (c = columns_next(&document_columns, c, COLUMN_IDENTITY));)
		column_copy(c, &b, &a);
	cr_expect_str_eq(b.sha256, "aa");
	cr_expect_eq(b.expires_on, 5);
	cr_expect_eq(b.review, REVIEW_UNREVIEWED);
	for (const struct column *c = NULL; (c = columns_next(&document_columns, c, COLUMN_MERGED));)
		column_clear(c, &b);
	cr_expect_eq(b.expires_on, TIME_NONE);
	cr_expect_str_eq(b.sha256, "aa");
}

Test(column, the_session_s_subject_is_the_same_columns_as_the_subject_s)
{
	for (size_t i = 0; i < subject_columns.count; i++) {
		const struct column *alone = &subject_columns.items[i];
		const struct column *held = column_find(&session_columns, alone->name);
		cr_assert_not_null(held, "%s", alone->name);
		cr_expect_eq(held->offset, alone->offset + offsetof(struct session, subject), "%s", alone->name);
	}
}
