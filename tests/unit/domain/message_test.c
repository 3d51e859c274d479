/* Templates of messages: variables, values and languages. */
#include "kybdesk/domain/message.h"
#include "kybdesk/base/text.h"

#include <criterion/criterion.h>
#include <string.h>

static struct arena arena;
static struct error error;

static void tear_down(void)
{
	error_release(&error);
	arena_release(&arena);
}
TestSuite(message, .fini = tear_down);

static void refused(const char *text, const char *part)
{
	cr_expect_eq(template_text_check(&arena, text, &error), ERR_INVALID, "%s", text);
	cr_expect(error.message && strstr(error.message, part), "%s: %s", text, error.message);
	cr_expect_str_eq(error.field, "text");
	error_release(&error);
	error = (struct error){ 0 };
}

Test(message, a_text_has_known_variables_alone)
{
	char longer[TEMPLATE_TEXT_MAX + 2];

	cr_expect_eq(
		template_text_check(&arena, "Dear {subject}, {document} for {merchant}: {due}, {reference}.", &error),
		ERR_OK);
	cr_expect_eq(template_text_check(&arena, "Liebe Kundin, lieber Kunde", &error), ERR_OK);
	refused("Dear {subjekt}", "Unknown variable {subjekt}; did you mean {subject}?");
	refused("by {tomorrowish}", "Unknown variable {tomorrowish}; variables are {subject}");
	refused("Dear {Subject}", "did you mean {subject}?");
	refused("a { b", "A brace in the text is not part of a variable");
	refused("a } b", "A brace in the text");
	refused("{}", "A brace in the text");
	refused("{{subject}}", "A brace in the text");
	refused("{subject", "A brace in the text");
	refused("{sub\nject}", "A brace in the text");
	refused(" \n", "empty");
	refused("a\xff", "UTF-8");
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	refused(longer, "the maximum is 2000");
	longer[TEMPLATE_TEXT_MAX] = '\0';
	cr_expect_eq(template_text_check(&arena, longer, &error), ERR_OK);
}

Test(message, a_name_is_one_word)
{
	static const char *const bad[] = { "", "a b", "a/b", "é", "a\n", "{a}", "a." };
	char longer[TEMPLATE_NAME_MAX + 2];

	cr_expect_eq(template_name_check("Reminder_2-a", &error), ERR_OK);
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		cr_expect_eq(template_name_check(bad[i], &error), ERR_INVALID, "%s", bad[i]);
		error_release(&error);
		error = (struct error){ 0 };
	}
	memset(longer, 'a', sizeof longer - 1);
	longer[sizeof longer - 1] = '\0';
	cr_expect_eq(template_name_check(longer, &error), ERR_INVALID);
}

static void filled(const char *text, const char *expected, const char *left)
{
	const struct message_values values = { .subject = "Harbour {due} Ltd",
					       .document = "Passport",
					       .link_end_day = "" };
	const char *out = message_fill(&arena, text, &values);

	cr_expect_str_eq(out, expected);
	cr_expect_str_eq(message_find_variable(&arena, out), left);
}

/* A variable inside a value is not replaced, and a variable without a value stays. */
Test(message, values_stand_in_place_of_variables)
{
	filled("", "", "");
	filled("{document}: send {document}", "Passport: send Passport", "");
	filled("Dear {subject},", "Dear Harbour {due} Ltd,", "{due}");
	filled("{document} by {due} for {merchant}", "Passport by {due} for {merchant}", "{due}");
	filled("{document", "{document", "");
	filled("{x} {{document}", "{x} {Passport", "");
}

Test(message, a_message_with_a_variable_is_refused)
{
	cr_expect_eq(message_check_filled("Send {it} by {tomorrow}", &error), ERR_OK);
	cr_expect_eq(message_check_filled("Send it by {due}.", &error), ERR_INVALID);
	cr_expect_str_eq(error.message, "The message still has the variable {due}; replace it with text");
	cr_expect_str_eq(error.field, "message");
}

Test(message, a_clients_language_is_that_of_the_country)
{
	const struct message_template of = { .texts = { "a", "", "b", "c" } };
	enum language out[LANGUAGE_COUNT];

	cr_expect_eq(language_of_country("PRT"), LANGUAGE_PT);
	cr_expect_eq(language_of_country("BRA"), LANGUAGE_PT);
	cr_expect_eq(language_of_country("AUT"), LANGUAGE_DE);
	cr_expect_eq(language_of_country("MEX"), LANGUAGE_ES);
	cr_expect_eq(language_of_country("GBR"), LANGUAGE_EN);
	cr_expect_eq(language_of_country(""), LANGUAGE_EN);
	cr_expect_eq(language_of_country("A"), LANGUAGE_EN);
	cr_expect_eq(template_languages(&of, LANGUAGE_PT, out), 3);
	cr_expect_eq(out[0], LANGUAGE_PT);
	cr_expect_eq(out[1], LANGUAGE_EN);
	cr_expect_eq(out[2], LANGUAGE_ES);
	cr_expect_eq(template_languages(&of, LANGUAGE_DE, out), 3);
	cr_expect_eq(out[0], LANGUAGE_EN);
}
