/* The page's own words, in the languages of the reasons (domain/reason.h). */
#ifndef KYBDESK_SRC_API_LINK_WORDS_H
#define KYBDESK_SRC_API_LINK_WORDS_H

#include "kybdesk/domain/reason.h"

enum word {
#define WORD(name, ...) WORD_##name,
#include "link/word_rows.h"
	WORD_COUNT
};

/* Never NULL. */
const char *word_in(enum language language, enum word word);
/* The available language that Accept-Language prefers (RFC 9110, 12.5.4): "pt-BR" selects pt. English if none
 * matches. */
enum language language_choose(const char *accepted);

#endif
