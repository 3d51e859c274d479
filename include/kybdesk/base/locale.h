/*
 * The process's character set, chosen once at its start, before anything is printed and before a second thread.
 * Only the character type is taken from the environment: numbers and dates are written the same everywhere.
 */
#ifndef KYBDESK_BASE_LOCALE_H
#define KYBDESK_BASE_LOCALE_H

#include "kybdesk/base/text.h"
#include "kybdesk/base/world.h"

#define LOCALE_FALLBACK "C.UTF-8"

/* Takes the locale that LC_ALL, LC_CTYPE or LANG names. If none is named, or the named one is not installed, takes
 * C.UTF-8. False if that is not installed either: the process then has "C", and text_mode_of_locale() is TEXT_ASCII. */
bool locale_start(const struct world *world);
enum text_mode text_mode_of_locale(void);

#endif
