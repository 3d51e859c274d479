/* Private to the base layer: properties of code points, shared by the text functions. */
#ifndef KYBDESK_BASE_CODEPOINT_H
#define KYBDESK_BASE_CODEPOINT_H

#include "kybdesk/base/text.h"

/* Cells that one code point adds on a terminal, as the C library and curses count: 0, 1 or 2. */
size_t codepoint_cells(uint32_t codepoint);
/* Whether the code point joins the character before it: a mark, or a Hangul vowel or final that completes a
 * syllable. */
bool codepoint_is_combining(uint32_t codepoint);
/* Whether the code point must never be sent to a terminal unchanged. */
bool codepoint_is_hostile(uint32_t codepoint);
/* The plain form that searches and names use for a letter that Unicode does not decompose (stroke, ligature, missing
 * dot); NULL: none. */
const char *codepoint_plain_letter(uint32_t codepoint);

#endif
