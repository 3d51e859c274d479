/*
 * Private to the base layer: the properties of code points that the text functions must agree on.
 */
#ifndef KYBDESK_BASE_CODEPOINT_H
#define KYBDESK_BASE_CODEPOINT_H

#include "kybdesk/base/text.h"

/* Cells that one code point adds on a terminal, as the C library and curses count: 0, 1 or 2. */
size_t codepoint_cells(uint32_t codepoint);
/* Whether it joins the character before it: marks, and the Hangul vowels and finals that complete a syllable. */
bool codepoint_is_combining(uint32_t codepoint);
/* Whether it must never reach a terminal unchanged. */
bool codepoint_is_hostile(uint32_t codepoint);

#endif
