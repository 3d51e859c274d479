/* A list of texts with several in a line: clang-format gives each one between braces a line of its own. */
#ifndef KYB_TESTS_SUPPORT_TEXTS_H
#define KYB_TESTS_SUPPORT_TEXTS_H

/* clang-format off */
#define TEXTS(...) { __VA_ARGS__ }
/* clang-format on */

#endif
