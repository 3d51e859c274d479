/*
 * Private to the base layer: code points of untrusted bytes, and the properties that the text functions must agree on.
 */
#ifndef KYBDESK_BASE_CODEPOINT_H
#define KYBDESK_BASE_CODEPOINT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads one code point; returns its number of bytes, 0 if they are not valid UTF-8. U+0000 counts as a code point. */
size_t codepoint_read(const char *bytes, size_t length, uint32_t *codepoint);
/* Writes 1 to 4 bytes without NUL; returns how many. */
size_t codepoint_write(uint32_t codepoint, char out[4]);
/* Cells that one code point adds on a terminal, as the C library and curses count: 0, 1 or 2. */
size_t codepoint_cells(uint32_t codepoint);
/* Joins the character before it: marks, and the Hangul vowels and finals that complete a syllable. */
bool codepoint_is_combining(uint32_t codepoint);
/* Must never reach a terminal as itself. */
bool codepoint_is_hostile(uint32_t codepoint);

#endif
