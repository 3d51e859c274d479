/* A value that a reader sees masked cannot be told digit by digit: a search finds it whole or not at all. */
#include "fixture.h"
#include "kybdesk/base/text.h"
#include "kybdesk/codec/session_codec.h"

FIXTURE(probe);

/* Every masked text begins with Zq, a letter of it with a digit, or a year that no visible text has. */
#define PERSON                                                                                                         \
	"\"kind\":\"individual\",\"name\":\"Ann Bell\",\"country\":\"PRT\",\"tax_id\":\"Zq 771-662\","                 \
	"\"date_of_birth\":\"1943-12-31\",\"registration_number\":\"Zq88.55/33\",\"email\":\"zqmail@zqhost.zqtld\","   \
	"\"phone\":\"+7700900123\",\"website\":\"https://zqsite.zqtld\",\"address\":{\"street\":\"Zqstreet 94\","      \
	"\"city\":\"Zqtown\"}"
#define CASE                                                                                                           \
	"{\"external_ref\":\"REF\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"shop\",\"status\":"    \
	"\"manual_review\",\"subject\":{\"uid\":\"u\"," PERSON "},\"steps\":[{\"id\":\"identity\",\"status\":"         \
	"\"completed\",\"fields\":{\"ssn\":\"992-88-7766\",\"note\":\"Zqwords here\",\"passport\":{\"number\":"        \
	"\"Zq554433\"}}}],\"documents\":[{\"type\":\"passport\",\"category\":\"c\",\"file_name\":"                     \
	"\"Zq554433.pdf\",\"extracted\":{\"number\":\"Zq554433\"}}],\"checks\":[{\"kind\":\"watchlist\",\"status\":"   \
	"\"hit\",\"detail\":{\"number\":\"Zq9\"},\"hits\":[{\"name\":\"Ann B\",\"list\":\"L\"}]}],\"parties\":[{"      \
	"\"kind\":\"individual\",\"name\":\"Bea Cole\",\"roles\":[\"ubo\"],\"tax_id\":\"Zq-4411-22\","                 \
	"\"date_of_birth\":\"1944-11-30\",\"fields\":{\"phone\":\"77-99-1234\"}},{\"kind\":\"company\",\"name\":"      \
	"\"Dee BV\",\"roles\":[\"shareholder\"],\"tax_id\":\"Zq 6655 44\",\"registration_number\":\"554901\"}]}\n"

static size_t found(const char *words)
{
	struct list_query query = { .limit = 5, .actor = "", .after = "", .include_subsessions = true };
	struct list_page page;

	must(filter_parse(&f.arena, words, &query.filter, &f.error));
	must(desk_list(f.vic, &f.arena, &query, &page, &f.error));
	return page.count;
}

/* The words that everybody sees, and so may find by their beginnings. */
#define SHOWN " ref u ann bell bea cole dee bv 554901"

static size_t tried, whole;

static void expect_no_part_of(const char *value)
{
	size_t length = strlen(value);

	for (size_t from = 0; from < length; from++) {
		for (size_t size = 1; size <= length - from; size++) {
			const char *part = arena_strndup(&f.arena, value + from, size);
			struct strbuf letters = STRBUF_INIT, all = STRBUF_INIT, shown = STRBUF_INIT;

			strbuf_adds(&shown, " ");
			text_add_tokens(&shown, part, size);
			text_add_unspaced(&letters, part);
			text_add_unspaced(&all, value);
			/* A word of signs only narrows nothing. */
			if (letters.len && strcmp(letters.buf, all.buf) && !strstr(SHOWN, shown.buf)) {
				cr_expect_eq(found(arena_printf(&f.arena, "\"%s\"", part)), 0, "%s of %s", part, value);
				tried++;
			}
			strbuf_release(&shown);
			strbuf_release(&letters);
			strbuf_release(&all);
		}
	}
	whole += found(arena_printf(&f.arena, "\"%s\"", value));
}

/* Probes each text that the masked document shows otherwise than the revealed one. */
static void probe(const struct json_value *masked, const struct json_value *revealed)
{
	if (json_text(revealed)) {
		if (json_text(masked) && strcmp(json_text(masked), json_text(revealed)) != 0)
			expect_no_part_of(json_text(revealed));
	} else if (json_is_array(revealed)) {
		for (size_t i = 0; i < json_count(revealed); i++)
			probe(json_at(masked, i), json_at(revealed, i));
	} else if (json_is_object(revealed)) {
		for (const char *key = json_first_key(revealed); key; key = json_next_key(revealed, key))
			if (json_get(masked, key))
				probe(json_get(masked, key), json_get(revealed, key));
	}
}

static struct json_value *document(bool reveal)
{
	struct case_view view;

	must(desk_case(f.lea, &f.arena, "REF", reveal, &view, &f.error));
	return session_write(&view.file, &(const struct session_write_options){ .now = TIME_NONE });
}

Test(probe, no_masked_value_is_told_by_a_part_of_it)
{
	struct json_value *masked, *revealed;

	fixture_import(&f, CASE);
	masked = document(false);
	revealed = document(true);
	probe(masked, revealed);
	json_free(masked);
	json_free(revealed);
	cr_expect_gt(tried, 500, "%zu", tried);
	cr_expect_geq(whole, 5, "three tax ids, a person's register number, an e-mail: %zu", whole);
}

Test(probe, a_whole_number_is_found_in_each_spelling)
{
	fixture_import(&f, CASE);
	cr_expect_eq(found("\"zq 771 662\""), 1);
	cr_expect_eq(found("ZQ771662"), 1);
	cr_expect_eq(found("zqmail@zqhost.zqtld ann"), 1);
	cr_expect_eq(found("-zq771662 ann"), 0);
	cr_expect_eq(found("-zq77166 ann"), 1);
	cr_expect_eq(found("zq441122"), 1, "of an owner");
	cr_expect_eq(found("zq44112"), 0);
	cr_expect_eq(found("5549"), 1, "a company's register number is public");
}
