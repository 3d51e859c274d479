/* Requirements of a test: an installed program, or the right to mount file systems. */
#ifndef KYB_TESTS_NEEDS_H
#define KYB_TESTS_NEEDS_H

#include <criterion/criterion.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#define NEEDS(program, package)                                                                                        \
	do {                                                                                                           \
		if (faccessat(AT_FDCWD, "/usr/bin/" program, X_OK, 0) != 0)                                            \
			cr_skip_test(program " is not installed here (package " package "; ./dev test installs it)");  \
	} while (0)

/* Mounts an empty file system over the folder, for this process and its children. If mounting is not allowed, skips
 * the test, and runs `leave` before, because a skipped test has no teardown. */
#define NEEDS_EMPTY(folder, leave)                                                                                     \
	do {                                                                                                           \
		if (unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||           \
		    mount("kybdesk-test", (folder), "tmpfs", 0, "size=16k") != 0) {                                    \
			leave;                                                                                         \
			cr_skip_test("mounting is not allowed here");                                                  \
		}                                                                                                      \
	} while (0)

#endif
