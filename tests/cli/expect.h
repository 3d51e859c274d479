/*
 * What a test expects of a command in the test's box, of the output, and of the JSON that the command printed: one row
 * for each fact. A row about JSON is one of
 *
 *   "path: text"   a string; no text: empty, absent, or not a string
 *   "path = 5"     any other value, as JSON
 *   "path has 2"   an array of 2 items
 *   "path is there", "path is absent"
 */
#ifndef KYB_TESTS_EXPECT_H
#define KYB_TESTS_EXPECT_H

#include "box.h"

/* The first row of the NULL-terminated list that does not hold; NULL if all hold. */
const char *json_fault(const json_t *json, const char *const *rows);
/* If `has`: the first of `parts` that is not in `text`; otherwise the first that is. NULL: all are as expected. */
const char *text_fault(const char *text, bool has, const char *const *parts);
/* The first of the codes that no blocker in box->json has; NULL if each has one. */
const char *blocker_fault(const struct box *box, const char *const *codes);

#ifndef EXPECT_BOX /* the box of the test that runs */
#define EXPECT_BOX box
#endif
#define EXPECT_LIST(...) ((const char *const[]){ __VA_ARGS__, NULL })

#define RUN(...) box_run(&EXPECT_BOX, __VA_ARGS__, NULL)
/* Runs the command: it must succeed (DONE), or end with this status (ENDS). The …_JSON macros add --json. */
#define ENDS(wanted, ...)                                                                                              \
	cr_expect_eq(RUN(__VA_ARGS__), wanted, "%d: %s%s", EXPECT_BOX.last.status, EXPECT_BOX.last.out,                \
		     EXPECT_BOX.last.err)
#define DONE(...)                                                                                                      \
	cr_assert_eq(RUN(__VA_ARGS__), 0, "%d: %s%s", EXPECT_BOX.last.status, EXPECT_BOX.last.out, EXPECT_BOX.last.err)
#define ENDS_JSON(wanted, ...)                                                                                         \
	cr_expect_eq(box_json(&EXPECT_BOX, __VA_ARGS__, NULL), wanted, "%d: %s%s", EXPECT_BOX.last.status,             \
		     EXPECT_BOX.last.out, EXPECT_BOX.last.err)
#define DONE_JSON(...)                                                                                                 \
	cr_assert_eq(box_json(&EXPECT_BOX, __VA_ARGS__, NULL), 0, "%d: %s%s", EXPECT_BOX.last.status,                  \
		     EXPECT_BOX.last.out, EXPECT_BOX.last.err)
/* Runs a line of the shell, which must succeed. */
#define DONE_SHELL(line) cr_assert_eq(box_shell(&EXPECT_BOX, line), 0, "%s%s", EXPECT_BOX.last.out, EXPECT_BOX.last.err)

#define EXPECT_PARTS(text, has, ...)                                                                                   \
	do {                                                                                                           \
		const char *fault_ = text_fault(text, has, EXPECT_LIST(__VA_ARGS__));                                  \
		cr_expect_null(fault_, "%s \"%s\": %s", has ? "no" : "there is", fault_, text);                        \
	} while (0)
/* All texts must be in standard output (PRINTS) or standard error (SAYS), or must not be there (…_NOT). */
#define PRINTS(...) EXPECT_PARTS(EXPECT_BOX.last.out, true, __VA_ARGS__)
#define PRINTS_NOT(...) EXPECT_PARTS(EXPECT_BOX.last.out, false, __VA_ARGS__)
#define SAYS(...) EXPECT_PARTS(EXPECT_BOX.last.err, true, __VA_ARGS__)
#define SAYS_NOT(...) EXPECT_PARTS(EXPECT_BOX.last.err, false, __VA_ARGS__)
/* The command must end with this status, and print this sentence on standard error. */
#define REFUSED(wanted, sentence, ...)                                                                                 \
	do {                                                                                                           \
		ENDS(wanted, __VA_ARGS__);                                                                             \
		SAYS(sentence);                                                                                        \
	} while (0)

#define EXPECT_ROWS(json, text, ...)                                                                                   \
	do {                                                                                                           \
		const char *fault_ = json_fault(json, EXPECT_LIST(__VA_ARGS__));                                       \
		cr_expect_null(fault_, "\"%s\" does not hold: %s", fault_, text);                                      \
	} while (0)
/* All rows must hold for the JSON that the last command printed. */
#define SHOWS(...) EXPECT_ROWS(EXPECT_BOX.json, EXPECT_BOX.last.out, __VA_ARGS__)
/* The error, or the case, has blockers with these codes. */
#define BLOCKED(...)                                                                                                   \
	do {                                                                                                           \
		const char *fault_ = blocker_fault(&EXPECT_BOX, EXPECT_LIST(__VA_ARGS__));                             \
		cr_expect_null(fault_, "no blocker %s: %s", fault_, EXPECT_BOX.last.out);                              \
	} while (0)

/* A command in parentheses, and what it must print: rows about its JSON (GIVES), texts of its output (TELLS), rows
 * about the JSON of its failure (FAILS), or codes of blockers, with the exit status 4 (BLOCKS). */
#define GIVES(command, ...)                                                                                            \
	do {                                                                                                           \
		DONE_JSON command;                                                                                     \
		SHOWS(__VA_ARGS__);                                                                                    \
	} while (0)
#define TELLS(command, ...)                                                                                            \
	do {                                                                                                           \
		DONE command;                                                                                          \
		PRINTS(__VA_ARGS__);                                                                                   \
	} while (0)
#define EXPECT_WORDS(...) __VA_ARGS__
#define FAILS(wanted, command, ...)                                                                                    \
	do {                                                                                                           \
		ENDS_JSON(wanted, EXPECT_WORDS command);                                                               \
		SHOWS(__VA_ARGS__);                                                                                    \
	} while (0)
#define BLOCKS(command, ...)                                                                                           \
	do {                                                                                                           \
		ENDS_JSON(4, EXPECT_WORDS command);                                                                    \
		BLOCKED(__VA_ARGS__);                                                                                  \
	} while (0)

#endif
