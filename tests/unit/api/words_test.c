/* The texts of the client's page, and the choice of its language for a browser. */
#include "link/page.h"

#include <criterion/criterion.h>
#include <string.h>

Test(words, every_word_is_there_in_every_language)
{
	for (int word = 0; word < WORD_COUNT; word++) {
		for (int language = 0; language < LANGUAGE_COUNT; language++)
			cr_expect_neq(*word_text((enum language)language, (enum word)word), '\0', "word %d in %s", word,
				      language_text((enum language)language));
		/* A sentence that is the same in another language was not translated. */
		if (strlen(word_text(LANGUAGE_EN, (enum word)word)) < 20)
			continue;
		for (int language = 1; language < LANGUAGE_COUNT; language++)
			cr_expect_str_neq(word_text((enum language)language, (enum word)word),
					  word_text(LANGUAGE_EN, (enum word)word));
	}
}

Test(words, a_browser_gets_the_first_language_that_there_is)
{
	static const struct {
		const char *accepted;
		enum language language;
	} rows[] = {
		{ "", LANGUAGE_EN },
		{ "pt-BR,pt;q=0.9,en;q=0.8", LANGUAGE_PT },
		{ "de", LANGUAGE_DE },
		{ "DE-at", LANGUAGE_DE },
		{ "fr, es;q=0.5, en;q=0.4", LANGUAGE_ES },
		{ "en;q=0.4, es;q=0.5", LANGUAGE_ES },
		{ "fr-CA, ja", LANGUAGE_EN },
		{ "de;q=0, es;q=0.1", LANGUAGE_ES },
		{ "de;q=0", LANGUAGE_EN },
		{ "*", LANGUAGE_EN },
		{ "pt;q=0.2, *;q=0.1", LANGUAGE_PT },
		{ "ptx, de-", LANGUAGE_DE },
		{ " ,,; q=1,es ; q=0.300 ", LANGUAGE_ES },
		{ "es;q=9", LANGUAGE_EN },
		{ "es;q=1.000", LANGUAGE_ES },
		{ "es;q", LANGUAGE_EN },
		{ "\xff\xfe;q=\xff", LANGUAGE_EN },
	};

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_eq(language_choose(rows[i].accepted), rows[i].language, "\"%s\" gives %s", rows[i].accepted,
			     language_text(language_choose(rows[i].accepted)));
}
