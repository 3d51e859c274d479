/* A value above a limit is refused while it is read, with its path, before anything is computed or written. */
#include "codec_support.h"
#include "kybdesk/base/decimal.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/domain/limits.h"
#include "kybdesk/domain/ownership.h"
#include <string.h>

static void expect_read(const char *text)
{
	struct session_document document;

	cr_expect(session_reading(text, &document) == ERR_OK, "%s: %.200s", error.message ? error.message : "", text);
}

/* [item,item,…] */
static const char *many(const char *item, size_t count)
{
	struct strbuf list = STRBUF_INIT;

	for (size_t i = 0; i < count; i++)
		strbuf_addf(&list, "%s%s", i ? "," : "[", item);
	strbuf_adds(&list, "]");
	return strbuf_finish(&list, &arena);
}

/* A chain of companies: each owns this percentage of the one before it. */
static const char *chain(size_t length, const char *percent)
{
	struct strbuf list = STRBUF_INIT;
	const char *text;

	for (size_t i = 0; i < length; i++) {
		strbuf_addf(&list, "%s{'kind':'company','name':'C%zu','ownership_percent':'%s'", i ? "," : "", i,
			    percent);
		if (i)
			strbuf_addf(&list, ",'owner_of':'C%zu'", i - 1);
		strbuf_adds(&list, "}");
	}
	text = document_with(arena_printf(&arena, "'parties':[%s]", list.buf));
	strbuf_release(&list);
	return text;
}

#define DIGITS_20 "12345678901234567891"
#define DIGITS_60 DIGITS_20 DIGITS_20 DIGITS_20

SPEC(session_limits, the_hostile_line_is_refused_before_it_costs_anything)
{
	const size_t before = decimal_operation_count();

	expect_refused_at(chain(1000, "99." DIGITS_60), "parties", "has 1000 elements; at most 250 are allowed");
	expect_refused_at(chain(200, "99." DIGITS_60), "parties[0].ownership_percent",
			  "has 60 digits after the point; at most 20 are allowed");
	expect_refused_at(chain(200, "99." DIGITS_20), "parties[30].owner_of",
			  "owns through a chain of 31 companies; at most 30 are allowed");
	expect_read(chain(30, "99." DIGITS_20));
	/* Reading only compares each share with the limit of 100; it does not compute ownership. */
	cr_expect_lt(decimal_operation_count() - before, 20000);
}

SPEC(session_limits, a_percentage_has_few_digits)
{
#define PERCENT(text) document_with("'parties':[{'kind':'company','name':'C','ownership_percent':'" text "'}]")
	expect_read(PERCENT("33." DIGITS_20));
	expect_read(PERCENT("100"));
	expect_read(PERCENT("005"));
	expect_refused_at(PERCENT("33." DIGITS_20 "0"), "parties[0].ownership_percent",
			  "is '33." DIGITS_20 "0', which has 21 digits after the point; at most 20 are allowed");
	expect_refused_at(PERCENT("0005"), "parties[0].ownership_percent",
			  "has 4 digits before the point; at most 3 are allowed");
	expect_refused_at(PERCENT("5."), "parties[0].ownership_percent", "is not a percentage");
	expect_refused_at(PERCENT(".5"), "parties[0].ownership_percent", "is not a percentage");
	expect_refused_at(PERCENT("5.5.5"), "parties[0].ownership_percent", "is not a percentage");
	expect_refused_at(
		document_with("'parties':[{'kind':'company','name':'C','owns':[{'of':null,'percent':'0." DIGITS_60
			      "'}]}]"),
		"parties[0].owns[0].percent", "60 digits after the point");
}

SPEC(session_limits, a_circle_is_read_and_is_the_gates)
{
	expect_read(document_with("'parties':[{'kind':'company','name':'A','ownership_percent':'5','owner_of':'B'},"
				  "{'kind':'company','name':'B','ownership_percent':'5','owner_of':'A'}]"));
}

static const char *crowd(size_t owners, size_t companies)
{
	struct strbuf list = STRBUF_INIT;
	const char *text;

	for (size_t i = 0; i < owners; i++) {
		strbuf_addf(&list,
			    "%s{'kind':'individual','name':'P%zu','ownership_percent':'100','owner_of':'C%zu-0'}",
			    i ? "," : "", i, i);
		for (size_t c = 0; c < companies; c++) {
			strbuf_addf(&list, ",{'kind':'company','name':'C%zu-%zu','ownership_percent':'%s'", i, c,
				    c + 1 < companies ? "100" : "2");
			if (c + 1 < companies)
				strbuf_addf(&list, ",'owner_of':'C%zu-%zu'", i, c + 1);
			strbuf_adds(&list, "}");
		}
	}
	text = document_with(arena_printf(&arena, "'parties':[%s]", list.buf));
	strbuf_release(&list);
	return text;
}

SPEC(session_limits, fifty_owners_and_their_companies_are_read)
{
	struct session_document document;
	size_t problems;

	cr_assert_eq(session_reading(crowd(50, 4), &document), ERR_OK, "%s", error.message);
	cr_expect_eq(document.file.party_count, 250);
	cr_expect_eq(case_person_count(&document.file), 50);
	(void)ownership_compute(&arena, &document.file, default_profile("avenia-kyb-level-1"), &problems);
	cr_expect_eq(problems, 0);
	cr_expect_str_eq(document.file.parties[0].effective_percent, "2");
	expect_refused_at(crowd(51, 4), "parties", "has 255 elements; at most 250 are allowed");
}

/* The maximum of shares, layers and digits. */
static const char *worst(void)
{
	const size_t wide = CASE_PARTIES_MAX / OWNERSHIP_CHAIN_MAX, owns = CASE_SHARES_MAX / CASE_PARTIES_MAX;
	struct strbuf list = STRBUF_INIT;
	const char *text;

	for (size_t i = 0; i < wide * OWNERSHIP_CHAIN_MAX; i++) {
		strbuf_addf(&list, "%s{'kind':'%s','name':'C%zu','owns':[", i ? "," : "",
			    i / wide + 1 < OWNERSHIP_CHAIN_MAX ? "company" : "individual", i);
		for (size_t s = 0; s < (i < wide ? 1 : owns); s++) {
			strbuf_addf(&list, "%s{'percent':'11." DIGITS_20 "'", s ? "," : "");
			if (i >= wide)
				strbuf_addf(&list, ",'of':'C%zu'", i / wide * wide - 1 - (i + s) % wide);
			strbuf_adds(&list, "}");
		}
		strbuf_adds(&list, "]}");
	}
	text = document_with(arena_printf(&arena, "'parties':[%s]", list.buf));
	strbuf_release(&list);
	return text;
}

/* The limit counts operations on machine words, since a limit of time would depend on the machine. */
#define WORK_MAX 1000000

SPEC(session_limits, the_worst_case_that_is_taken_stays_cheap)
{
	const struct profile *profile = default_profile("avenia-kyb-level-1");
	struct session_document document;
	struct ownership_gap gap;
	size_t problems, before;

	cr_assert_eq(session_reading(worst(), &document), ERR_OK, "%s", error.message);
	before = decimal_operation_count();
	(void)ownership_compute(&arena, &document.file, profile, &problems);
	cr_expect_eq(problems, 0);
	cr_expect_lt(decimal_operation_count() - before, WORK_MAX, "%zu", decimal_operation_count() - before);
	before = decimal_operation_count();
	ownership_gap_find(&arena, &document.file, profile, &gap);
	cr_expect(gap.is_computed);
	cr_expect_lt(decimal_operation_count() - before, 3 * WORK_MAX, "%zu", decimal_operation_count() - before);
}

SPEC(session_limits, lists_have_an_end)
{
	static const struct {
		const char *key, *item;
		size_t most;
	} lists[] = {
		{ "documents", "{'type':'T'}", CASE_DOCUMENTS_MAX },
		{ "notes", "{'text':'n'}", CASE_NOTES_MAX },
		{ "decisions", "{'decision':'approve','by':'b','at':'2026-11-03T10:00:00Z'}", CASE_DECISIONS_MAX },
		{ "corrections", "{'step_id':'s'}", CASE_CORRECTIONS_MAX },
		{ "attempts", "{'result':'rejected'}", CASE_ATTEMPTS_MAX },
		{ "risk_factors", "{'code':'c'}", CASE_RISK_FACTORS_MAX },
	};

	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++) {
		const char *key = lists[i].key, *item = lists[i].item;

		expect_read(document_with(arena_printf(&arena, "'%s':%s", key, many(item, lists[i].most))));
		expect_refused_at(document_with(arena_printf(&arena, "'%s':%s", key, many(item, lists[i].most + 1))),
				  key,
				  arena_printf(&arena, "has %zu elements; at most %zu are allowed", lists[i].most + 1,
					       lists[i].most));
	}
}

SPEC(session_limits, steps_hits_addresses_and_names_have_an_end)
{
	struct strbuf steps = STRBUF_INIT;

	for (size_t i = 0; i <= CASE_STEPS_MAX; i++)
		strbuf_addf(&steps, "%s{'id':'s%zu'}", i ? "," : "", i);
	expect_refused_at(document_with(arena_printf(&arena, "'steps':[%s]", steps.buf)), "steps",
			  "has 101 elements; at most 100 are allowed");
	strbuf_release(&steps);
	expect_refused_at(document_with(arena_printf(&arena,
						     "'checks':[{'kind':'ofac','status':'hit','hits':%s},{'kind':'web'"
						     ",'status':'hit','hits':%s}]",
						     many("{'name':'n'}", CASE_HITS_MAX - 5), many("{'name':'n'}", 6))),
			  "checks[1].hits", "has 6 elements; at most 5 are allowed");
	expect_refused_at(document_with(arena_printf(&arena, "'checks':%s",
						     many("{'kind':'web','status':'passed'}", CHECK_KIND_COUNT + 1))),
			  "checks", "has 14 elements; at most 13 are allowed");
	expect_refused_at(
		document_with(arena_printf(&arena, "'parties':[{'kind':'individual','name':'n','addresses':%s}]",
					   many("{}", PARTY_ADDRESSES_MAX + 1))),
		"parties[0].addresses", "has 51 elements; at most 50 are allowed");
	expect_refused_at(document_with(arena_printf(&arena, "'corrections':[{'step_id':'s','field_ids':%s}]",
						     many("'f'", CORRECTION_ITEMS_MAX + 1))),
			  "corrections[0].field_ids", "has 201 elements; at most 200 are allowed");
}

SPEC(session_limits, the_parties_sessions_count_into_their_documents_parts)
{
	const char *notes = many("{'text':'n'}", CASE_NOTES_MAX);
	struct strbuf parties = STRBUF_INIT;

	for (size_t i = 0; i < 5; i++)
		strbuf_addf(&parties, "%s{'kind':'individual','name':'P%zu','session':{'notes':%s}}", i ? "," : "", i,
			    notes);
	expect_refused_at(document_with(arena_printf(&arena, "'parties':[%s]", parties.buf)),
			  "parties[4].session.notes", "at most 10000 are allowed: import");
	strbuf_release(&parties);
}

static const char *nested(size_t depth)
{
	struct strbuf text = STRBUF_INIT;

	for (size_t i = 1; i < depth; i++)
		strbuf_adds(&text, "{'a':");
	strbuf_adds(&text, "{}");
	for (size_t i = 1; i < depth; i++)
		strbuf_adds(&text, "}");
	return strbuf_finish(&text, &arena);
}

SPEC(session_limits, what_is_free_inside_is_flat_and_short)
{
	static const char *const around[][2] = {
		{ "'custom_tags':%s", "custom_tags" },
		{ "'processing_results':%s", "processing_results" },
		{ "'steps':[{'id':'s','fields':%s}]", "steps[0].fields" },
		{ "'parties':[{'kind':'company','name':'C','fields':%s}]", "parties[0].fields" },
		{ "'documents':[{'type':'T','extracted':%s}]", "documents[0].extracted" },
		{ "'checks':[{'kind':'web','status':'passed','detail':%s}]", "checks[0].detail" },
	};
	const char *list = arena_printf(&arena, "{'b':%s}", many("1", FREE_JSON_ELEMENTS_MAX + 1));
	char deep[64] = "";

	for (size_t i = 0; i < FREE_JSON_DEPTH_MAX; i++)
		strncat(deep, ".a", sizeof deep - strlen(deep) - 1);
	for (size_t i = 0; i < sizeof around / sizeof *around; i++) {
		/* %s marks the place of the value in the row; the row's path is the path of this value. */
		const char *mark = strstr(around[i][0], "%s");
		const char *head = arena_strndup(&arena, around[i][0], (size_t)(mark - around[i][0])), *tail = mark + 2;
		const char *path = around[i][1];

		expect_read(document_with(arena_printf(&arena, "%s%s%s", head, nested(FREE_JSON_DEPTH_MAX), tail)));
		expect_refused_at(
			document_with(arena_printf(&arena, "%s%s%s", head, nested(FREE_JSON_DEPTH_MAX + 1), tail)),
			arena_printf(&arena, "%s%s", path, deep), "is 17 levels deep; at most 16 are allowed");
		expect_refused_at(document_with(arena_printf(&arena, "%s%s%s", head, list, tail)),
				  arena_printf(&arena, "%s.b", path), "has 1001 elements; at most 1000 are allowed");
	}
}
