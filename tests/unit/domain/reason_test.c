#include <criterion/criterion.h>
#include <string.h>

#include "kybdesk/domain/reason.h"

static struct reason session_reasons[] = {
	{ .code = "invalid_document",
	  .label = "Invalid document",
	  .message = "A document is not valid.",
	  .retryable = true,
	  .disclosure = DISCLOSURE_OPEN },
	{ .code = "suspected_fraud",
	  .label = "Suspected fraud",
	  .message = "Fraud.",
	  .retryable = false,
	  .disclosure = DISCLOSURE_RESTRICTED },
	{ .code = "other",
	  .label = "Other",
	  .message = "Something else.",
	  .retryable = false,
	  .disclosure = DISCLOSURE_OPEN },
};
static struct reason hit_reasons[] = { { .code = "different_name",
					 .label = "Different name",
					 .message = "",
					 .retryable = false,
					 .disclosure = DISCLOSURE_OPEN } };
static const struct reasons reasons = { .items = { session_reasons, NULL, hit_reasons }, .counts = { 3, 0, 1 } };

Test(reason, is_found_in_its_own_set_only)
{
	cr_expect_eq(reason_find(&reasons, REASONS_SESSION, "other"), &session_reasons[2]);
	cr_expect_null(reason_find(&reasons, REASONS_HIT, "other"));
	cr_expect_null(reason_find(&reasons, REASONS_DOCUMENT, "other"));
}

static void refused(const char *code, const char *const *allowed, size_t count, const char *says)
{
	struct error error = { 0 };
	const struct reason *out = NULL;

	cr_expect_eq(reason_require(&reasons, REASONS_SESSION, code, allowed, count, &out, &error), ERR_INVALID);
	cr_expect_null(out);
	cr_expect_str_eq(error.field, "reason");
	cr_expect(strstr(error.message, says), "%s", error.message);
	error_release(&error);
}

Test(reason, a_known_one_is_given)
{
	const struct reason *out = NULL;

	cr_expect_eq(reason_require(&reasons, REASONS_SESSION, "suspected_fraud", NULL, 0, &out, NULL), ERR_OK);
	cr_expect_eq(out, &session_reasons[1]);
}

Test(reason, a_misspelt_one_names_the_nearest)
{
	refused("invalid_documnet", NULL, 0, "did you mean invalid_document");
}

Test(reason, one_like_no_other_lists_them_all)
{
	refused("zzzzzzzzzzzzzzzzzz", NULL, 0, "invalid_document, suspected_fraud, other");
	refused("", NULL, 0, "is needed");
}

Test(reason, one_the_profile_leaves_out_is_refused)
{
	static const char *const allowed[] = { "other" };
	const struct reason *out = NULL;

	refused("suspected_fraud", allowed, 1, "not used in this workflow; choose one of: other");
	cr_expect_eq(reason_require(&reasons, REASONS_SESSION, "other", allowed, 1, &out, NULL), ERR_OK);
}

static const char *outside(size_t reason, const char *message)
{
	return reason_public_message(&reasons, REASONS_SESSION, &session_reasons[reason], message);
}

Test(reason, a_restricted_one_reads_other_outside_word_for_word)
{
	cr_expect_str_eq(reason_public_code(&session_reasons[1]), "other");
	cr_expect_str_eq(outside(1, "we know it was you"), "Something else.");
	cr_expect_str_eq(outside(1, ""), outside(2, ""));
}

Test(reason, an_open_one_is_told_with_the_reviewers_words_or_its_own)
{
	cr_expect_str_eq(reason_public_code(&session_reasons[0]), "invalid_document");
	cr_expect_str_eq(outside(0, "Page 2, please."), "Page 2, please.");
	cr_expect_str_eq(outside(0, ""), "A document is not valid.");
}

Test(reason, free_text_needs_ten_characters_that_say_something)
{
	static const struct {
		const char *text;
		enum err wanted;
	} texts[] = {
		{ "ten chars!", ERR_OK },
		{ "nine char", ERR_INVALID },
		{ "", ERR_INVALID },
		{ "            ", ERR_INVALID },
		{ "   nine char\n\t ", ERR_INVALID },
		{ "äöüßäöüßäö", ERR_OK },
		{ "äöüßäöü", ERR_INVALID },
		{ "ääääääääää", ERR_INVALID },
		{ "..............", ERR_INVALID },
		{ "ok ok ok ok", ERR_INVALID },
		{ "制裁リストと生年月日が異なる", ERR_OK },
	};

	for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
		struct error error = { 0 };

		cr_expect_eq(reason_text_check("reopening", texts[i].text, &error), texts[i].wanted, "\"%s\"",
			     texts[i].text);
		cr_expect(!error.message || strstr(error.message, "reopening"));
		error_release(&error);
	}
}

Test(reason, a_reasons_own_text_is_found_in_the_readers_language)
{
	struct reason translated[] = {
		{ .code = "secret", .label = "", .message = "Something else.", .disclosure = DISCLOSURE_RESTRICTED },
		{ .code = "other",
		  .label = "",
		  .message = "Something else.",
		  .messages = { [LANGUAGE_PT] = "Outra coisa." } },
		{ .code = "silent", .label = "", .message = "" },
	};
	const struct reasons of = { .items = { [REASONS_SESSION] = translated }, .counts = { [REASONS_SESSION] = 3 } };

	cr_expect_str_eq(reason_message_in_language(&of, "Something else.", LANGUAGE_PT), "Outra coisa.",
			 "the restricted one of the same text says nothing of its own");
	cr_expect_str_eq(reason_message_in_language(&of, "Something else.", LANGUAGE_EN), "Something else.");
	cr_expect_null(reason_message_in_language(&of, "Something else.", LANGUAGE_DE), "there is none");
	cr_expect_null(reason_message_in_language(&of, "As a reviewer wrote it", LANGUAGE_PT));
	cr_expect_null(reason_message_in_language(&of, "", LANGUAGE_PT));
}

Test(reason, words_are_counted_once_and_numbers_and_single_letters_are_none)
{
	static const struct {
		const char *text;
		size_t words;
	} texts[] = {
		{ "", 0 },
		{ "  \t\n", 0 },
		{ "x", 0 },
		{ "a b c d e f g", 0 },
		{ "11 22 333 4444", 0 },
		{ "и и в с", 0 },
		{ "Checked checked CHECKED chécked", 1 },
		{ "Funds from the sale of a house, deed of 2019 seen", 8 },
		{ "生年月日", 4 },
		{ "one two three four five six seven eight nine ten eleven twelve", 10 },
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		cr_expect_eq(reason_count_words(texts[i].text, 10), texts[i].words, "\"%s\": %zu", texts[i].text,
			     reason_count_words(texts[i].text, 10));
}
