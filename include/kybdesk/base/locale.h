/* The character set of the process, chosen once at the start (src/cli/cli.c), before any output and before a second
 * thread starts. Only LC_CTYPE depends on the environment: numbers and dates have the same format in every locale. */
#ifndef KYBDESK_BASE_LOCALE_H
#define KYBDESK_BASE_LOCALE_H

#include "kybdesk/base/text.h"

enum text_mode text_mode_of_locale(void);

#endif
