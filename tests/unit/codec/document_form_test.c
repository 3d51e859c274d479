/* The values that a document has to show, as they were typed and as a provider read them. */
#include "kybdesk/codec/value_codec.h"
#include "kybdesk/domain/document_form.h"
#include "support/leak.h"

#include <criterion/criterion.h>
#include <string.h>

#define NOW INT64_C(1793702400000) /* 2026-11-03 */

static struct arena arena;
static struct case_file file;
static struct document document;
static struct document_spec spec;
static struct step_spec step_spec;
static struct step step;
static struct check check;
static struct profile profile;
static struct field_spec field;
static struct document_form form;

static void set_up(void)
{
	case_file_init(&file);
	document_init(&document);
	check_init(&check);
	document.type = "PROOF";
	spec = (struct document_spec){ .type = "PROOF", .step_id = "company", .expected_parts = 1u << SHOWS_NAME };
	field = (struct field_spec){ .id = "activity", .title = "Activity" };
	step_spec = (struct step_spec){ .id = "company", .fields = &field, .field_count = 1 };
	step = (struct step){ .id = "company", .fields_json = "{\"activity\":\"Ships\",\"empty\":\"\"}" };
	profile = (struct profile){ .documents = &spec, .document_count = 1, .steps = &step_spec, .step_count = 1 };
	file.documents = &document;
	file.document_count = 1;
	file.steps = &step;
	file.step_count = 1;
	file.session.subject.kind = SUBJECT_BUSINESS;
	file.session.subject.name = "Harbour Lane Trading Ltd";
	file.session.subject.tax_id = "GB123456789";
	file.session.subject.address_json = "{\"street\":\"4 Quay\",\"country\":\"GBR\"}";
}
static void tear_down(void)
{
	arena_release(&arena);
	NO_LEAKS();
}
TestSuite(document_form, .init = set_up, .fini = tear_down);

static void make(const char *read)
{
	case_values_parse(&arena, &file);
	document_form_make(&arena,
			   &(const struct form_input){ .file = &file,
						       .profile = &profile,
						       .document = &document,
						       .extracted = value_read(&arena, read, strlen(read), NULL),
						       .now = NOW },
			   &form);
}

static const struct form_row *row_of(const char *what)
{
	for (size_t i = 0; i < form.count; i++)
		if (!strcmp(form.rows[i].label, what))
			return &form.rows[i];
	return NULL;
}

static void expect(const char *what, const char *typed, const char *read, enum form_likeness like)
{
	const struct form_row *row = row_of(what);
	cr_assert_not_null(row, "%s", what);
	cr_expect_str_eq(row->typed, typed, "%s: %s", what, row->typed);
	cr_expect_str_eq(row->extracted, read, "%s: %s", what, row->extracted);
	cr_expect_eq(row->likeness, like, "%s: %u", what, (unsigned)row->likeness);
}

Test(document_form, required_values_come_first_then_the_step_then_the_rest)
{
	make("{\"vat_number\":\"GB 123 456 789\",\"issuer\":\"Power & Light\",\"activity\":\"Trains\"}");
	cr_assert_eq(form.count, 4);
	cr_expect(form.rows[0].required);
	cr_expect_str_eq(form.rows[0].label, "name");
	cr_expect_str_eq(form.rows[1].label, "Activity");
	expect("name", "Harbour Lane Trading Ltd", "", FORM_LIKENESS_UNKNOWN);
	expect("Activity", "Ships", "Trains", FORM_LIKENESS_DIFFERENT);
	expect("tax id", "GB123456789", "GB 123 456 789", FORM_LIKENESS_SAME);
	expect("issuer", "", "Power & Light", FORM_LIKENESS_UNKNOWN);
	cr_expect_null(row_of("street"), "neither required nor read");
}

Test(document_form, another_spelling_is_the_same_and_a_longer_name_is_not)
{
	static const struct {
		const char *read;
		enum form_likeness like;
	} names[] = { { "HARBOUR LANE TRADING LIMITED", FORM_LIKENESS_SAME },
		      { "Harbour  Lane\\nTrading Ltd", FORM_LIKENESS_SAME },
		      { "Harbour Lane Trading Ltd and Sons", FORM_LIKENESS_DIFFERENT },
		      { "Harbour Lane", FORM_LIKENESS_DIFFERENT },
		      { "Harbor Lane Trading Ltd", FORM_LIKENESS_DIFFERENT } };
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		make(arena_printf(&arena, "{\"legal_name\":\"%s\"}", names[i].read));
		cr_expect_eq(row_of("name")->likeness, names[i].like, "%s", names[i].read);
	}
}

Test(document_form, dates_of_any_spelling_an_address_and_an_age)
{
	spec.expected_parts = 1u << SHOWS_INCORPORATED_ON | 1u << SHOWS_ADDRESS;
	spec.max_age_months = 3;
	file.session.subject.incorporated_on = "2019-02-11";
	document.expires_on = INT64_C(1893456000000); /* 2030-01-01 */
	make("{\"founded_on\":\"11 February 2019\",\"address\":{\"street\":\"5 "
	     "Quay\"},\"issue_date\":\"2026-01-02\","
	     "\"expiry_date\":\"01.01.2030\"}");
	expect("day of incorporation", "2019-02-11", "11 February 2019", FORM_LIKENESS_SAME);
	expect("street", "4 Quay", "5 Quay", FORM_LIKENESS_DIFFERENT);
	expect("a date within the last 3 months", "", "2026-01-02", FORM_LIKENESS_DIFFERENT);
	expect("lasts until", "2030-01-01", "01.01.2030", FORM_LIKENESS_SAME);
	make("{\"issued_on\":\"2026-10-02\"}");
	expect("a date within the last 3 months", "", "2026-10-02", FORM_LIKENESS_SAME);
}

Test(document_form, the_check_of_extraction_serves_a_document_without_data_of_its_own)
{
	check.kind = CHECK_EXTRACTION;
	check.detail_json = "{\"name\":\"Harbour Lane Trading Ltd\",\"confidence\":0.9}";
	file.checks = &check;
	file.check_count = 1;
	make("{}");
	expect("name", "Harbour Lane Trading Ltd", "Harbour Lane Trading Ltd", FORM_LIKENESS_SAME);
	make("{\"name\":\"Another\"}");
	expect("name", "Harbour Lane Trading Ltd", "Another", FORM_LIKENESS_DIFFERENT);
	cr_expect_null(row_of("confidence"));
}

Test(document_form, data_that_is_no_object_and_much_of_it_do_no_harm)
{
	struct strbuf many = STRBUF_INIT;
	make("[\"name\"]");
	expect("name", "Harbour Lane Trading Ltd", "", FORM_LIKENESS_UNKNOWN);
	make("{");
	expect("name", "Harbour Lane Trading Ltd", "", FORM_LIKENESS_UNKNOWN);
	strbuf_adds(&many, "{");
	for (unsigned i = 0; i < 500; i++)
		strbuf_addf(&many, "\"member_%u\":{\"a\":{\"b\":1},\"c\":%u},", i, i);
	strbuf_adds(&many, "\"last\":null}");
	make(many.buf);
	cr_expect_eq(form.count, 2 + 64);
	strbuf_release(&many);
}
