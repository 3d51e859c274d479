/* Every column of every aggregate is stored and read back, including columns added later. */
#include "store/store_support.h"

#include <string.h>

FIXTURE(columns);

static const char *const two_texts[] = { "business_activity", "a \"quoted\" one" };

/* Sets the stored columns to values that mostly depend on `salt` and differ from an empty row's. */
static void fill(struct fixture *f, const struct column_table *table, void *row, int salt)
{
	for (size_t i = 0; i < table->count; i++) {
		const struct column *column = &table->items[i];
		const char *const *words;
		size_t count;
		if (column->flags & (COLUMN_KEY | COLUMN_JOINED | COLUMN_UNSTORED | COLUMN_SEPARATE_VERB))
			continue;
		switch (column->type) {
		case COLUMN_TEXT:
		case COLUMN_DATE:
			column_set_text(column, row, arena_printf(&f->arena, "%s %d", column->name, salt));
			break;
		case COLUMN_JSON:
			column_set_text(column, row, arena_printf(&f->arena, "{\"%s\":%d}", column->name, salt));
			break;
		case COLUMN_ENUM:
			words = column->words(&count);
			cr_assert(column_set_word(column, row, words[((size_t)salt + i) % count]));
			break;
		case COLUMN_INT:
		case COLUMN_TIME:
		case COLUMN_DAY:
			column_set_number(column, row, (int64_t)i * 100 + salt);
			break;
		case COLUMN_BOOL:
			column_set_number(column, row, salt % 2);
			break;
		case COLUMN_BITS:
			column_set_number(column, row, salt);
			break;
		case COLUMN_RISK:
			column_set_number(column, row, salt);
			break;
		case COLUMN_SCORE:
			column_set_score(column, row, 0.25 * salt);
			break;
		case COLUMN_TEXTS:
			column_set_texts(column, row, (const char **)two_texts, 2);
			break;
		case COLUMN_ROW:
		case COLUMN_CUSTOM:
			break;
		}
	}
}

static void expect_fixed(const struct column_table *table, const void *first, const void *found)
{
	for (const struct column *c = NULL; (c = columns_next(table, c, COLUMN_FIXED));)
		cr_expect(column_equal(c, first, found), "%s.%s was changed by an update", table->noun, c->name);
}

/* Inserts a row, loads it, changes every column, updates, loads again: fixed columns are unchanged, the others are
 * new. */
#define ROUND_TRIP(f, session, type, list, id_member)                                                                  \
	do {                                                                                                           \
		struct case_file file_;                                                                                \
		struct type first_, second_;                                                                           \
		columns_init(&type##_columns, &first_);                                                                \
		fill(f, &type##_columns, &first_, 1);                                                                  \
		id_member;                                                                                             \
		fixture_begin(f);                                                                                      \
		OK(f, INSERT_##type);                                                                                  \
		fixture_commit(f);                                                                                     \
		file_ = case_of(f, session);                                                                           \
		cr_assert_eq(file_.type##_count, 1);                                                                   \
		expect_row(&type##_columns, &first_, &file_.list[0], 0);                                               \
		second_ = first_;                                                                                      \
		fill(f, &type##_columns, &second_, 2);                                                                 \
		fixture_begin(f);                                                                                      \
		OK(f, store_##type##_update((f)->store, &second_, &(f)->error));                                       \
		fixture_commit(f);                                                                                     \
		file_ = case_of(f, session);                                                                           \
		expect_row(&type##_columns, &second_, &file_.list[0], COLUMN_FIXED);                                   \
		expect_fixed(&type##_columns, &first_, &file_.list[0]);                                                \
	} while (0)
#define INSERT_step store_step_insert(f.store, session.row, 0, &first_, &f.error)
#define INSERT_document store_document_insert(f.store, session.row, &first_, &f.error)
#define INSERT_party store_party_insert(f.store, session.row, &first_, &f.error)
#define INSERT_check store_check_insert(f.store, session.row, &first_, &f.error)
#define INSERT_correction store_correction_insert(f.store, session.row, &first_, &f.error)

Test(columns, of_every_part_of_a_case_come_back)
{
	struct session session = session_added(&f, "Harbour Lane");
	ROUND_TRIP(&f, &session, step, steps, (void)0);
	ROUND_TRIP(&f, &session, document, documents, first_.id = new_id(&f));
	ROUND_TRIP(&f, &session, party, parties, first_.id = new_id(&f));
	ROUND_TRIP(&f, &session, check, checks, (void)0);
	ROUND_TRIP(&f, &session, correction, corrections, first_.id = new_id(&f));
}

Test(columns, of_what_is_only_added_come_back)
{
	struct session session = session_added(&f, "Harbour Lane");
	struct case_file file;
	struct check check;
	struct hit hit;
	struct decision decision, whole;
	struct note note;
	check_init(&check);
	columns_init(&hit_columns, &hit);
	fill(&f, &hit_columns, &hit, 1);
	decision_init(&decision);
	fill(&f, &decision_columns, &decision, 1);
	columns_init(&note_columns, &note);
	fill(&f, &note_columns, &note, 1);
	fixture_begin(&f);
	OK(&f, store_check_insert(f.store, session.row, &check, &f.error));
	OK(&f, store_hit_insert(f.store, check.row, &hit, &f.error));
	OK(&f, store_decision_insert(f.store, session.row, &decision, &f.error));
	OK(&f, store_note_insert(f.store, session.row, &note, &f.error));
	fixture_commit(&f);
	file = case_of(&f, &session);
	expect_row(&hit_columns, &hit, &file.checks[0].hits[0], 0);
	expect_row(&decision_columns, &decision, &file.decisions[0], COLUMN_LARGE);
	expect_row(&note_columns, &note, &file.notes[0], 0);
	OK(&f, store_decision_load(f.store, &f.arena, session.row, decision.number, &whole, &f.error));
	expect_row(&decision_columns, &decision, &whole, 0);
}

Test(columns, of_a_session_come_back_from_an_update)
{
	struct session session, changed, loaded;
	session_add(&f, &session, "Harbour Lane");
	changed = session;
	fill(&f, &session_columns, &changed, 3);
	changed.assignee = "ines"; /* must be an existing reviewer */
	WRITE(&f, store_session_update(f.store, &changed, NULL, TEST_NOW, &f.error));
	OK(&f, store_session_load(f.store, &f.arena, session.row, &loaded, &f.error));
	expect_row(&session_columns, &changed, &loaded, COLUMN_FIXED);
	expect_fixed(&session_columns, &session, &loaded);
}

/* If a column were wrongly marked as fixed, updates would omit it, and the comparisons above would only skip it. */
Test(columns, that_no_update_changes_are_these)
{
	static const struct column_table *const tables[] = { &session_columns,	     &step_columns,
							     &document_columns,	     &party_columns,
							     &check_columns,	     &correction_columns,
							     &subject_record_columns };
	static const char *const fixed[] = {
		"uuid merchant_id arrived_basis",
		"name",
		"uuid",
		"uuid subsession_id",
		"kind",
		"uuid round step fields document_types document_ids party message asked_by asked_at said_by "
		"before",
		"merchant_id uid kind level level_brought kyb_id created_at"
	};
	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
		const char *names = "";
		for (const struct column *c = NULL; (c = columns_next(tables[t], c, COLUMN_FIXED));)
			names = arena_printf(&f.arena, "%s%s%s", names, *names ? " " : "", c->name);
		cr_expect_str_eq(names, fixed[t], "%s", tables[t]->noun);
	}
}

/* Each column of the schema has a row in its column table, and vice versa. */
Test(columns, are_those_of_the_schema)
{
	static const struct column_table *const tables[] = {
		&session_columns, &step_columns,    &document_columns,	    &party_columns,
		&check_columns,	  &hit_columns,	    &correction_columns,    &decision_columns,
		&note_columns,	  &attempt_columns, &subject_record_columns
	};
	/* Columns without a row in a column table: ids of owning rows, counted, derived and private columns. */
	static const char beside[] = " id session_id check_id place import_sha256 event_sequence name_key "
				     "registration_key tax_key likeness_key person_key "
				     "parties_total parties_verified documents_total documents_accepted "
				     "document_missing document_rejected party_open hit_open waiting "
				     "blocker sanctions_match counted_until salt ";
	for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
		struct query *query = NULL;
		size_t found = 0;
		size_t wanted = 0;
		bool row = false;
		OK(&f, db_query_text(f.store->db, "test", place_columns(&f.arena, tables[t]->name), &query, &f.error));
		while (!query_next(query, &row, &f.error) && row) {
			const char *name = row_text(query, 0, &f.arena);
			bool known = column_find(tables[t], name) != NULL;
			found += known && strcmp(name, "id") != 0;
			cr_expect(known || strstr(beside, arena_printf(&f.arena, " %s ", name)),
				  "%s.%s has no row in the table of columns", tables[t]->name, name);
		}
		query_end(query);
		for (size_t i = 0; i < tables[t]->count; i++)
			wanted += !(tables[t]->items[i].flags & (COLUMN_KEY | COLUMN_JOINED | COLUMN_UNSTORED));
		cr_expect_eq(found, wanted, "%s has a row that no migration made", tables[t]->name);
	}
}
