/*
 * Criterion writes out its whole report at each assertion, which is most of the time that the tests need to compile.
 * Here each assertion asks its condition, and calls fail() if it is false. The message is as before: it is made only then.
 * The build includes this file in every test (tests.cmake).
 */
#ifndef KYB_TESTS_FAIL_H
#define KYB_TESTS_FAIL_H

#include <criterion/criterion.h>

/* The caller's own message, or NULL if there is none; malloc'd. The format begins with a character that is not shown. */
char *test_fail_text(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* Reports a failed assertion. Frees both texts: meaning is Criterion's sentence, own the caller's, which is preferred. */
void test_fail(const char *file, unsigned line, char *meaning, char *own);

#undef cr_assert_impl
#define cr_assert_impl(Fail, Condition, ...)                                                                           \
	do {                                                                                                           \
		if (!!(Condition)) {                                                                                   \
			cri_asserts_passed_incr();                                                                     \
		} else {                                                                                               \
			test_fail(__FILE__, __LINE__, CR_TRANSLATE_DEF_MSG_(CR_VA_TAIL(__VA_ARGS__)),                  \
				  test_fail_text("x" CR_VA_TAIL(CR_VA_TAIL(CR_VA_TAIL(__VA_ARGS__)))));                \
			Fail();                                                                                        \
		}                                                                                                      \
	} while (0)

#endif
