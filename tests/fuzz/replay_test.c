/*
 * What was kept of the fuzz targets (tests/fuzz/corpus) is taken again in every run, with the sanitizers of the other
 * tests and without a fuzzer: what was found once stays mended.
 */
#include "support/process.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

TestSuite(fuzz, .timeout = 300);

static void replay(const char *target, int (*input)(const uint8_t *data, size_t size))
{
	char folder[400];
	struct dirent **files = NULL;
	int taken = 0;

	(void)snprintf(folder, sizeof folder, KYB_SOURCE_DIR "/tests/fuzz/corpus/%s", target);
	int count = scandir(folder, &files, NULL, alphasort);
	cr_assert_gt(count, 2, "%s is empty", folder);
	for (int i = 0; i < count; i++) {
		size_t length;
		if (files[i]->d_name[0] != '.') {
			char *path = temp_path(folder, files[i]->d_name), *bytes = temp_read(path, &length);
			/* Of a target that aborts, this is the last that is seen. */
			(void)fprintf(stderr, "%s\n", path);
			cr_assert(bytes);
			cr_expect_eq(input((const uint8_t *)bytes, length), 0);
			taken++;
			free(bytes);
			free(path);
		}
		free(files[i]);
	}
	free(files);
	tried("%d inputs", taken);
}

#define REPLAY(target)                                                                                             \
	int fuzz_##target##_input(const uint8_t *data, size_t size);                                               \
	Test(fuzz, what_was_kept_of_##target)                                                                      \
	{                                                                                                          \
		replay(#target, fuzz_##target##_input);                                                            \
	}

REPLAY(arguments)
REPLAY(checkpoint)
REPLAY(config)
REPLAY(filter)
REPLAY(http)
REPLAY(keys)
REPLAY(own_keys)
REPLAY(profile)
REPLAY(session)
REPLAY(stream)
REPLAY(text)
REPLAY(theme)
REPLAY(views)
