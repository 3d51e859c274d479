/* A test that runs a third-party program. */
#ifndef KYB_TESTS_NEEDS_H
#define KYB_TESTS_NEEDS_H

#include <criterion/criterion.h>
#include <fcntl.h>
#include <unistd.h>

#define NEEDS(program, package)                                                                                    \
	do {                                                                                                       \
		if (faccessat(AT_FDCWD, "/usr/bin/" program, X_OK, 0) != 0)                                        \
			cr_skip_test(program " is not installed here (package " package                            \
					     "; ./dev test installs it)");                                         \
	} while (0)

#endif
