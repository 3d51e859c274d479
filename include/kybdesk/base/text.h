/* Text from outside: validation, safe display, width, search keys.
 *
 * Stored text is valid UTF-8, unchanged. All text for a terminal, log, title, clipboard or error line must be
 * sanitised with text_display(). */
#ifndef KYBDESK_BASE_TEXT_H
#define KYBDESK_BASE_TEXT_H

#include "kybdesk/base/strbuf.h"
#include <stdint.h>

/* Length of the longest valid UTF-8 prefix (no surrogates, no overlongs, up to U+10FFFF). The text is valid if the
 * result equals `length`. U+0000 counts as invalid. */
size_t text_valid_prefix(const char *bytes, size_t length);
bool text_is_valid(const char *bytes, size_t length);

enum text_mode {
	TEXT_UTF8, /* the terminal shows UTF-8 */
	/* LANG=C: a decoration becomes one similar ASCII character ("…" is '~', "–" is '-', "“" is '"'); any other
	 * non-ASCII character, letters too, becomes one '?' per cell of its width; a combining mark is dropped. */
	TEXT_ASCII
};

/* Appends `text` made safe for one line of a terminal: C0, DEL, C1, escape sequences (ESC becomes a mark, so the bytes
 * after it have no effect), \r \n \t \b, bidi controls (U+061C, U+200E/F, U+202A-E, U+2066-9), zero-width and invisible
 * characters (U+00AD, U+034F, U+115F, U+1160, U+17B4/5, U+180B-F, U+200B-D, U+2028/9, U+2060-4, U+206A-F, U+3164,
 * U+FE00-FE0F, U+FEFF, U+FFA0, U+FFF9-B, U+1D173-A, tags U+E0000-E0FFF, noncharacters), unassigned and private-use
 * characters and invalid bytes become visible marks: C0 as U+2400 control pictures (TEXT_ASCII: ^X), others as
 * <U+202E>. Invalid bytes become <xx>. Combining marks beyond four on one base are dropped and replaced by one mark,
 * <+N>. A combining mark with no base gets U+25CC before it. Every other format character, skin tones, a lone regional
 * indicator, and characters newer than Unicode 14 also become marks, because terminals disagree about their width. */
void text_display(struct strbuf *out, const char *text, size_t length, enum text_mode mode);
/* As text_display(), for text of several lines: '\n' is kept. */
void text_display_lines(struct strbuf *out, const char *text, size_t length, enum text_mode mode);
/* A copy of the text in the arena, sanitised by text_display(). */
char *text_safe_copy(struct arena *arena, const char *text, enum text_mode mode);

/* Reads one code point; returns its number of bytes; 0: the bytes are not valid UTF-8. U+0000 counts as a code
 * point. */
size_t codepoint_read(const char *bytes, size_t length, uint32_t *codepoint);
/* Writes 1 to 4 bytes without NUL; returns the number of bytes. */
size_t codepoint_write(uint32_t codepoint, char out[4]);

/* Display width of safe text in terminal cells (widths of utf8proc, by
 * graphemes; characters of ambiguous width have 1). */
size_t text_width_cells(const char *text, size_t length);
/* Bytes of the longest prefix of whole graphemes that fits in width_cells; *used_cells is the width of the prefix;
 * used_cells may be NULL. */
size_t text_prefix_for_width(const char *text, size_t length, size_t width_cells, size_t *used_cells);
enum text_align { TEXT_LEFT, TEXT_RIGHT };
/* Appends safe text fitted to exactly width_cells: padded with spaces (left or right aligned), or cut at a grapheme
 * with the mark "…" (TEXT_ASCII: "~") as its last cell. A text is never cut without the mark. */
void text_fit(struct strbuf *out, const char *safe, size_t width_cells, enum text_align align, enum text_mode mode);
/* Breaks safe text into lines of at most width_cells at spaces, and a longer word between graphemes. Returns an
 * array of strings, in the arena. */
char **text_wrap(struct arena *arena, const char *safe, size_t width_cells, size_t *line_count);

/* Offsets of the next and previous grapheme boundary, to move a cursor in a text field. */
size_t text_next_grapheme(const char *text, size_t length, size_t at);
size_t text_previous_grapheme(const char *text, size_t length, size_t at);

/* Appends a search and sort key of the text: NFKD, case folded, marks stripped, white space collapsed ("Solucoes
 * digitais" for "Soluções Digitais"). */
void text_fold(struct strbuf *out, const char *text, size_t length);
bool text_equals_folded(const char *left, const char *right); /* equal after text_fold() */
/* Appends the likeness, which shows how the text looks to a reader: letters and digits only, upper case, digits of
 * any script as 0 to 9, and letters that look alike as the same character (Cyrillic "О", "O" and "0" as 0; "I", "l"
 * and "1" as 1). Two texts with equal likeness may mean the same; a person has to compare them. The store contains
 * likenesses, so every build must compute the same result. */
void text_likeness_key(struct strbuf *out, const char *text, size_t length);
/* Likeness of a registration number or tax id, without leading zeros of each group of digits: "09.482/213" becomes
 * "9482213", "HRB 0107" becomes "HRB107". */
void text_number_key(struct strbuf *out, const char *number);
/* Folded text as space-separated index tokens: letters and digits only. Each CJK, kana, Hangul, Thai, Lao, Khmer
 * or Myanmar character is its own token, so that a phrase query finds any substring of such a name. The full-text
 * index and the queries use these tokens, so the store needs no tokenizer of its own. */
void text_add_tokens(struct strbuf *out, const char *text, size_t length);
/* The tokens without spaces: "GB 123-456" is "gb123456". */
void text_add_unspaced(struct strbuf *out, const char *text);

/* Appends the text in the letters a to z and digits, with a space between words, transliterated by the table
 * data/names/letters.txt; "&" and "+" are the word "&". Letters that the table lacks stay. Returns the traits of its
 * scripts: Hebrew, Arabic, the scripts of India, Thai, Hangul write few of the vowels of a Latin spelling, or others. */
#define TEXT_FEW_VOWELS 1u
#define TEXT_WITHOUT_SPACES 2u
unsigned text_add_latin(struct strbuf *out, const char *text, size_t length);

/* The second part of the line "first TAB second" of an embedded file of data/names; its lines are sorted by their
 * bytes. *length is its length. NULL: no line begins with these bytes. */
const char *text_table_find(const char *file, const char *bytes, size_t count, size_t *length);

/* Class of the character at the start of the text, for rules on names and addresses; *bytes is the length of the
 * character (1 for an invalid byte). A combining mark is a TEXT_MARK, and belongs to the letter before it.
 * Only 0 to 9 are digits, only U+0020 is a space. */
enum text_class { TEXT_LETTER, TEXT_MARK, TEXT_DIGIT, TEXT_SPACE, TEXT_OTHER };
enum text_class text_class_at(const char *text, size_t length, size_t *bytes);
static inline bool is_ascii_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Number of Unicode code points of the text, for limits like "at most 256 characters". */
size_t text_character_count(const char *text);
/* Appends the text in upper case, letter by letter ("soluções" → "SOLUÇÕES"). */
void text_add_upper(struct strbuf *out, const char *text, size_t length);

/* Distance for "did you mean": Damerau-Levenshtein on the first 64 bytes of each text. */
size_t text_distance(const char *a, const char *b);
/* The candidate most similar to `word`; NULL: none is similar enough. */
/* A copy in the arena with its ASCII letters in one case. */
struct arena;
char *text_ascii_case(struct arena *arena, const char *text, bool upper);
const char *text_find_nearest(const char *word, const char *const *candidates, size_t count);
bool text_has_prefix(const char *text, const char *prefix);
int text_compare(const void *a, const void *b); /* for qsort() of texts: by their bytes */
/* A code as words: "tax_id" becomes "tax id". */
char *text_with_spaces(struct arena *arena, const char *code);
/* "a" or "an", by the first letter of an English word. */
const char *indefinite_article(const char *word);
/* Whether one of the texts equals `text`. */
bool texts_contain(const char *const *texts, size_t count, const char *text);

#endif
