/* For the codec's tests: one arena and error per test, default data, leaks noticed. */
#ifndef KYBDESK_TESTS_CODEC_SUPPORT_H
#define KYBDESK_TESTS_CODEC_SUPPORT_H

#include <criterion/criterion.h>
#include "kybdesk/codec/profile_codec.h"
#include "kybdesk/codec/session_codec.h"

extern struct arena arena;
extern struct error error;
void clear_input(void);
void forget_the_stack(void);
void leave_nothing(void); /* releases arena and error; fails if memory was lost */

/* json_of: replaces each ' by "; plain_of: replaces each " by '. Both return a copy in the arena. */
const char *json_of(const char *written);
const char *plain_of(const char *json);

/* A file of the repository, in the arena. */
const char *repository_file(const char *path, size_t *length);
const struct countries *default_countries(void);
const struct reasons *default_reasons(void);
struct profile *default_profile(const char *name);

/* JSON of a session, with single quotes. document_with: adds members. expect_refused_at: expects an error at path. */
const char *document_with(const char *more);
enum err session_reading(const char *text, struct session_document *out);
void expect_refused_at(const char *text, const char *path, const char *message);

/* A test that calls before() and after() itself, and clears the stack before after() checks for leaks. */
#define SPEC_AROUND(before, after, suite, name)                                                                        \
	static void suite##_##name##_body(void);                                                                       \
	Test(suite, name)                                                                                              \
	{                                                                                                              \
		before();                                                                                              \
		suite##_##name##_body();                                                                               \
		forget_the_stack();                                                                                    \
		after();                                                                                               \
	}                                                                                                              \
	static void suite##_##name##_body(void)
#define SPEC(suite, name) SPEC_AROUND(clear_input, leave_nothing, suite, name)

/* Whether `text` holds `part`; the assertion prints both. */
#define expect_contains(text, part, name)                                                                              \
	cr_expect(strstr((text), (part)) != NULL, "%s: expected '%s' in '%s'", (name), (part), (text))

#endif
