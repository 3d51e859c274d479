/* Generates an enum and its words from one list:
 *
 *   #define SIDE_WORDS(X) X(SIDE_FRONT, "front") X(SIDE_BACK, "back")
 *   WORDS_DECLARE(side, SIDE_WORDS);              in a header; WORDS_DEFINE(side, SIDE_WORDS) in one source file
 *
 * declares enum side and
 *
 *   const char *side_text(enum side);             its word, never NULL
 *   bool side_parse(const char *, enum side *);   exact, false for NULL
 *   side_words(size_t *count)                     all words, for "did you mean"
 *
 * To add a value, add a row. Values are 0, 1, 2 … in the order of the list. */
#ifndef KYBDESK_BASE_WORDS_H
#define KYBDESK_BASE_WORDS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

/* Macros that are applied to a list of words. */
#define WORDS_MEMBER(name, word) name,
#define WORDS_ENTRY(name, word) [name] = word,
#define WORDS_ONE(name, word) +1

/* The number of rows, a constant. */
#define WORDS_COUNT(LIST) (0 LIST(WORDS_ONE))

/* Fails to compile unless a table indexed by the enum has as many entries as the list. */
#define WORDS_CHECK_TABLE(table, LIST)                                                                                 \
	_Static_assert(sizeof(table) / sizeof *(table) == WORDS_COUNT(LIST), "one entry for each row of " #LIST)

#define WORDS_DECLARE(type, LIST)                                                                                      \
	enum type { LIST(WORDS_MEMBER) };                                                                              \
	const char *type##_text(enum type value);                                                                      \
	bool type##_parse(const char *text, enum type *out);                                                           \
	const char *const *type##_words(size_t *count)

#define WORDS_DEFINE(type, LIST)                                                                                       \
	static const char *const type##_table[] = { LIST(WORDS_ENTRY) };                                               \
	const char *type##_text(enum type value)                                                                       \
	{                                                                                                              \
		return words_get(type##_table, WORDS_COUNT(LIST), (size_t)value, #type);                               \
	}                                                                                                              \
	bool type##_parse(const char *text, enum type *out)                                                            \
	{                                                                                                              \
		size_t value = words_find(type##_table, WORDS_COUNT(LIST), text);                                      \
		if (value < WORDS_COUNT(LIST))                                                                         \
			*out = (enum type)value;                                                                       \
		return value < WORDS_COUNT(LIST);                                                                      \
	}                                                                                                              \
	const char *const *type##_words(size_t *count)                                                                 \
	{                                                                                                              \
		*count = WORDS_COUNT(LIST);                                                                            \
		return type##_table;                                                                                   \
	}

/* The word of a value; BUG() unless value < count. type: the name of the enum, for the BUG message. */
const char *words_get(const char *const *words, size_t count, size_t value, const char *type);
/* The index of `text` in `words`; `count` if `text` is NULL or not in the list. */
size_t words_find(const char *const *words, size_t count, const char *text);
/* The texts with `between` between them; "": none. In the arena, or a literal. */
const char *words_join(struct arena *arena, const char *const *texts, size_t count, const char *between);
/* As words_join(), of the words that have their bit: bit 0 is the first word of `words`. */
const char *words_of_bits(struct arena *arena, unsigned bits, const char *const *(*words)(size_t *count),
			  const char *between);

#endif
