/* Comparison of old and new facts: equal, different and masked values. */
#include "kybdesk/domain/facts.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena arena;
static struct facts_line *lines;

static void tear_down(void)
{
	arena_release(&arena);
}
TestSuite(facts, .fini = tear_down);

static const char *facts_input(const char *name, const char *born, const char *tax)
{
	const struct subject subject = {
		.name = name, .country = "PRT", .date_of_birth = born, .registration_number = "", .tax_id = tax
	};

	return facts_subject(&arena, &subject);
}

static const struct facts_line *line_of(const char *title, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (!strcmp(lines[i].title, title))
			return &lines[i];
	}
	cr_assert_fail("no line \"%s\"", title);
	return NULL;
}

Test(facts, both_sides_stand_in_one_line_each)
{
	size_t count = facts_compare(&arena, facts_input("Harbour Lane Ltd", "1984-02-11", ""),
				     facts_input("Harbour Lane Trading Ltd", "1984-02-11", ""), &lines);
	const struct facts_line *name = line_of("the subject's name", count);

	cr_expect_str_eq(name->before, "Harbour Lane Ltd");
	cr_expect_str_eq(name->current, "Harbour Lane Trading Ltd");
	cr_expect_not(name->same || name->hidden);
	cr_expect(line_of("the subject's country", count)->same);
	cr_expect_str_eq(line_of("the subject's tax id", count)->current, "nothing");
	cr_expect_str_eq(line_of("the subject's birth date", count)->current, "****-**-**");
}

Test(facts, what_differs_under_its_mask_is_said_to_differ)
{
	const char *before = facts_input("Ines", "1984-02-11", "123456789"),
		   *now = facts_input("Ines", "1951-07-01", "");
	size_t count = facts_compare(&arena, before, now, &lines);
	const struct facts_line *born = line_of("the subject's birth date", count);

	cr_expect(born->hidden && !born->same);
	cr_expect_str_eq(born->before, born->current);
	cr_expect_not(line_of("the subject's tax id", count)->hidden, "nothing is not a number");
	cr_expect_str_eq(facts_changes_text(&arena, before, now),
			 "the subject's birth date (changed); the subject's tax id: *****6789 → nothing");
}

Test(facts, whole_in_a_line_and_cut_in_a_sentence)
{
	char longer[200];

	memset(longer, 'x', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	const char *before = facts_input(longer, "", ""), *now = facts_input("short", "", "");
	size_t count = facts_compare(&arena, before, now, &lines);

	cr_expect_str_eq(line_of("the subject's name", count)->before, longer);
	cr_expect_lt(strlen(facts_changes_text(&arena, before, now)), 120);
}

Test(facts, what_one_side_alone_says_has_its_line)
{
	size_t count = facts_compare(&arena, "a.name\told\n", "b.name\tnew\n", &lines);

	cr_assert_eq(count, 2);
	cr_expect_str_eq(lines[0].before, "nothing");
	cr_expect_str_eq(lines[0].current, "new");
	cr_expect_str_eq(lines[1].before, "old");
	cr_expect_str_eq(lines[1].current, "nothing");
	cr_expect_eq(facts_compare(&arena, "", "no line at all", &lines), 0);
}

Test(facts, a_party_and_its_kyc_differ_in_what_they_say)
{
	struct party party;

	party_init(&party);
	cr_expect_eq(facts_kyc_difference_bits(&party), 0);
	party.session_birth_date = "1984-02-11";
	party.name = party.session_name = "Ines Duarte";
	cr_expect_eq(facts_kyc_difference_bits(&party), 1u << PERSON_BORN);
	party.tax_id = "1";
	cr_expect_eq(facts_kyc_difference_bits(&party), 1u << PERSON_BORN | 1u << PERSON_TAX);
}
