/* The class of a list by its name, from the shipped table. */
#include <criterion/criterion.h>

#include "kybdesk/codec/lists_codec.h"
#include "kybdesk/codec/value_codec.h"
#include "kybdesk/domain/value.h"
#include "support/leak.h"
#include "support/process.h"
#include "support/texts.h"

#include <stdlib.h>
#include <string.h>

static enum hit_class class_of(const char *list, enum hit_class output)
{
	return list_classify(shipped_list_rules(), CHECK_WATCHLIST, list, output);
}

Test(lists, a_sanctions_list_is_one_whatever_its_provider_calls_it)
{
	static const char *const names[] = { "OFAC SDN",
					     "ofac-sdn",
					     "O.F.A.C.  S.D.N.",
					     "\xef\xbc\xaf\xef\xbc\xa6\xef\xbc\xa1\xef\xbc\xa3 SDN", /* full width */
					     "OF\xe2\x80\x8b"
					     "AC", /* a zero-width space */
					     "US OFAC SDN List (2026-11-20)",
					     "UN Security Council Consolidated List",
					     "eu_fsf",
					     "HM Treasury",
					     "hmt",
					     "UK Consolidated List",
					     "Swiss SECO",
					     "BIS Denied Persons List",
					     "World Bank Debarred Firms",
					     "Registre des gels" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		cr_expect_eq(class_of(names[i], HIT_PEP), HIT_SANCTIONS, "%s", names[i]);
		cr_expect_eq(class_of(names[i], HIT_ADVERSE_MEDIA), HIT_SANCTIONS, "%s", names[i]);
	}
}

Test(lists, an_unknown_list_with_a_sanctions_word_is_one)
{
	static const char *const names[] =
		TEXTS("Ruritania National Sanctions Register", "Liste des sanctions", "Lista de sanciones",
		      "Sanktionsliste", "Elenco sanzioni",
		      "Lista de san\xc3\xa7\xc3\xb5"
		      "es",
		      "SanctionsPlus", "Trade embargoes", "Terrorism financing watch", "Asset freezes",
		      "\xd0\xa1\xd0\xb0\xd0\xbd\xd0\xba\xd1\x86\xd0\xb8\xd0\xb8");

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		cr_expect_eq(class_of(names[i], HIT_PEP), HIT_SANCTIONS, "%s", names[i]);
}

Test(lists, a_class_is_raised_and_never_lowered)
{
	cr_expect_eq(class_of("National PEP Register", HIT_SANCTIONS), HIT_SANCTIONS);
	cr_expect_eq(class_of("National PEP Register", HIT_ADVERSE_MEDIA), HIT_PEP);
	cr_expect_eq(class_of("Adverse Media", HIT_PEP), HIT_PEP);
}

Test(lists, another_name_implies_nothing)
{
	static const char *const names[] = { "",	   "sandbox",	"Press",  "Secondary register",
					     "Peppermint", "Unscented", "Cosdna", "---",
					     "\xff\xfe" };

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		cr_expect_eq(class_of(names[i], HIT_PEP), HIT_PEP, "%s", names[i]);
		cr_expect_eq(class_of(names[i], HIT_ADVERSE_MEDIA), HIT_ADVERSE_MEDIA, "%s", names[i]);
	}
}

Test(lists, an_ofac_check_finds_nothing_else)
{
	cr_expect_eq(list_classify(shipped_list_rules(), CHECK_OFAC, "", HIT_PEP), HIT_SANCTIONS);
}

static void refused(const char *text, const char *with)
{
	struct arena arena = ARENA_INIT;
	struct list_rules rules;
	struct error error = { 0 };

	cr_expect_eq(lists_read(&arena, &(struct json_source){ text, strlen(text), "lists.json" }, &rules, &error),
		     ERR_INVALID, "%s", text);
	cr_expect(error.message && strstr(error.message, with), "%s", error.message ? error.message : "");
	error_release(&error);
	arena_release(&arena);
}

Test(lists, a_table_that_says_nothing_is_refused)
{
#define WORDS ",\"words\":[{\"class\":\"pep\",\"names\":[\"exposed\"]}]}"
	refused("[", "lists.json");
	refused("{\"lists\":[]" WORDS, "lists");
	refused("{\"lists\":[{\"class\":\"pep\",\"names\":[\"--\"]}]" WORDS, "has neither a letter");
	refused("{\"lists\":[{\"class\":\"grave\",\"names\":[\"A\"]}]" WORDS, "class");
	refused("{\"lists\":[{\"class\":\"pep\",\"name\":[\"A\"]}]" WORDS, "name");
	refused("{\"lists\":[{\"class\":\"pep\",\"names\":[3]}]" WORDS, "names[0]");
	NO_LEAKS();
}

/* The lines of a file of tests/corpus/messages; "\n" and "é" in a line are as in JSON. */
static size_t check_messages(const char *file, bool tips_off)
{
	char *text = temp_read(file, NULL), *rest = text;
	size_t count = 0;

	for (const char *line; (line = strsep(&rest, "\n"));) {
		struct arena arena = ARENA_INIT;
		const char *json = arena_printf(&arena, "\"%s\"", line);
		const char *message = value_text(value_read(&arena, json, strlen(json), NULL));
		const char *found = list_rules_find(shipped_phrases(), message);

		cr_expect(!*line || *message, "%s is not a line", line);
		cr_expect(!*line || !*found != tips_off, "%s: \"%s\"", line, found);
		count += *line != '\0';
		arena_release(&arena);
	}
	free(text);
	return count;
}

Test(lists, ordinary_messages_have_no_phrase_and_others_do)
{
	cr_expect_geq(check_messages(KYB_SOURCE_DIR "/tests/corpus/messages/ordinary.txt", false), 200);
	cr_expect_geq(check_messages(KYB_SOURCE_DIR "/tests/corpus/messages/tipping.txt", true), 100);
}

Test(lists, a_phrase_is_named_as_the_table_has_it)
{
	cr_expect_str_eq(list_rules_find(shipped_phrases(), "the f\xe2\x80\x8biu"), "FIU");
	cr_expect_str_eq(list_rules_find(shipped_phrases(), ""), "");
	cr_expect_str_eq(list_rules_find(shipped_phrases(), "\xff\xfe \xf0\x9f\x98\x80 --"), "");
}
