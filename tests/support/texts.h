/* A list of texts, several in a line: with plain braces, clang-format would put each text on its own line. */
#ifndef KYB_TESTS_SUPPORT_TEXTS_H
#define KYB_TESTS_SUPPORT_TEXTS_H

/* clang-format off */
#define TEXTS(...) { __VA_ARGS__ }
/* clang-format on */

#endif
