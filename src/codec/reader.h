/* Private to the codec: reads members of JSON and keeps the path, so that each error message names the member. A
 * node is a value with its path; the path is only written for an error. A reader either stops at the first error
 * (session documents, configuration) or collects all errors (profiles). Every read_* returns a valid value after an
 * error, so that callers need no check after each member. */
#ifndef KYBDESK_SRC_CODEC_READER_H
#define KYBDESK_SRC_CODEC_READER_H

#include "jansson_bridge.h"
#include "kybdesk/codec/profile_codec.h"

struct node {
	const json_t *value; /* NULL: the member is absent or null */
	const struct node *parent;
	const char *key; /* NULL: the node is an element of an array */
	size_t index;
};

struct reader {
	struct arena *arena;
	bool collects_mistakes;
	struct profile_mistake *mistakes; /* all mistakes, if the reader collects */
	size_t mistake_count, mistake_capacity;
	struct error *error; /* the first error, if the reader does not collect */
	const char *origin;  /* prefix of the message; "": no prefix */
	bool failed;
};

struct node node_root(const json_t *value);
struct node node_member(const struct node *object, const char *key);
/* A node for a single call: reader_refuse(reader, MEMBER(item, "max"), …). */
#define MEMBER(object, key) ((const struct node[1]){ node_member((object), (key)) })
struct node node_element(const struct node *array, size_t index);
#define ELEMENT(array, index) ((const struct node[1]){ node_element((array), (index)) })

/* Whether the reader records no further mistakes, so that the caller need not search for the nearest word. */
bool reader_ignores_mistakes(const struct reader *reader);
void reader_refuse(struct reader *reader, const struct node *node, const char *format, ...) KYB_PRINTF(3, 4);
/* Refuses a word that is not allowed; the message lists allowed words and suggests the nearest. */
void refuse_word(struct reader *reader, const struct node *node, const char *word, const char *const *allowed,
		 size_t count);
/* The end of a message that refuses a word, such as "; did you mean 'b'?"; "" if `nearest` is empty. */
const char *did_you_mean(struct reader *reader, const char *nearest);
/* A value in quotation marks for a message; a long value is cut, and marked as cut. */
char *quote_text(struct arena *arena, const char *text);

/* reader_run() parses the text, and calls `read` with the root node. ERR_INVALID: the message begins with the
 * reader's origin. */
typedef void (*root_reader)(struct reader *reader, const struct node *root, void *into);
enum err reader_run(struct reader *reader, const char *text, size_t length, root_reader read, void *into);
/* The text of a built-in file. */
struct json_source shipped_source(const char *name);
bool expect_object(struct reader *reader, const struct node *node);
/* Number of elements of an array; 0 if it is absent, or refused because it is not an array. */
size_t expect_array(struct reader *reader, const struct node *node);
/* Like expect_array(), but with a limit, for lists that are checked by comparing each pair of elements. */
size_t expect_list(struct reader *reader, const struct node *node, size_t most);
void expect_keys(struct reader *reader, const struct node *object, const char *const *known, size_t count);
#define EXPECT_KEYS(reader, object, ...)                                                                               \
	do {                                                                                                           \
		static const char *const known_keys[] = { __VA_ARGS__ };                                               \
		expect_keys((reader), (object), known_keys, sizeof known_keys / sizeof *known_keys);                   \
	} while (0)

const char *node_text(struct reader *reader, const struct node *node); /* "" if the member is absent */
/* The text of a decimal, such as "25"; refuses a JSON number. what: noun for the message, such as "percentages". */
const char *node_decimal(struct reader *reader, const struct node *node, const char *what, const char *example);
const char *read_text(struct reader *reader, const struct node *object, const char *key);
const char *read_required_text(struct reader *reader, const struct node *object, const char *key);
/* Reads a whole number from minimum to maximum; `absent` if the member is missing. */
int64_t read_integer(struct reader *reader, const struct node *object, const char *key, int64_t minimum,
		     int64_t maximum, int64_t absent);
bool read_bool(struct reader *reader, const struct node *object, const char *key, bool absent);
/* JSON text of a member with any content, or `absent`. */
const char *read_raw_json(struct reader *reader, const struct node *object, const char *key, json_type type,
			  const char *absent);
/* Array of non-empty strings in the arena. */
const char **read_texts(struct reader *reader, const struct node *object, const char *key, size_t *count);

/* Reads a word of a domain enum; leaves *(out) unchanged if the member is absent or refused. */
#define NODE_WORD(reader, node, X, out)                                                                                \
	do {                                                                                                           \
		const char *word_present = node_text((reader), (node));                                                \
		if (*word_present && !X##_parse(word_present, (out))) {                                                \
			size_t word_count;                                                                             \
			const char *const *words_allowed = X##_words(&word_count);                                     \
			refuse_word((reader), (node), word_present, words_allowed, word_count);                        \
		}                                                                                                      \
	} while (0)
#define READ_WORD(reader, object, key, X, out)                                                                         \
	do {                                                                                                           \
		const struct node word_node = node_member((object), (key));                                            \
		NODE_WORD((reader), &word_node, X, (out));                                                             \
	} while (0)
/* Reads an array of words of a domain enum as bits. */
#define READ_WORD_SET(reader, object, key, X, bits)                                                                    \
	do {                                                                                                           \
		const struct node set_node = node_member((object), (key));                                             \
		size_t set_count = expect_array((reader), &set_node);                                                  \
		for (size_t set_at = 0; set_at < set_count; set_at++) {                                                \
			const struct node item_node = node_element(&set_node, set_at);                                 \
			enum X set_word = (enum X) - 1;                                                                \
			NODE_WORD((reader), &item_node, X, &set_word);                                                 \
			if (set_word != (enum X) - 1)                                                                  \
				*(bits) |= 1u << (unsigned)set_word;                                                   \
		}                                                                                                      \
	} while (0)

#endif
