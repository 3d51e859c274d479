/* An error of the test itself (no memory, no fork) ends the program. */
#ifndef KYB_TESTS_SUPPORT_MUST_H
#define KYB_TESTS_SUPPORT_MUST_H

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MUST(condition)                                                                                                \
	do {                                                                                                           \
		if (!(condition)) {                                                                                    \
			(void)fprintf(stderr, "%s:%d: %s: %s\n", __FILE__, __LINE__, #condition, strerror(errno));     \
			abort();                                                                                       \
		}                                                                                                      \
	} while (0)

#endif
