/*
 * The character set of the process, chosen once at the start, before any output and before a second thread starts. Only
 * the character type depends on the environment: numbers and dates have the same format in every locale.
 */
#ifndef KYBDESK_BASE_LOCALE_H
#define KYBDESK_BASE_LOCALE_H

#include "kybdesk/base/text.h"
#include "kybdesk/base/world.h"

#define LOCALE_FALLBACK "C.UTF-8"

/* Sets the locale that LC_ALL, LC_CTYPE or LANG names, or C.UTF-8 if no locale is named or the named locale is not
 * installed. False: C.UTF-8 is not installed either; the locale is then "C" and text_mode_of_locale() is TEXT_ASCII. */
bool locale_start(const struct world *world);
enum text_mode text_mode_of_locale(void);

#endif
