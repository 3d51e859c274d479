/*
 * Every run replays the stored inputs of the fuzz targets (tests/fuzz/corpus), with the sanitizers of the other tests
 * and without a fuzzer: fixed bugs stay fixed. Then each target runs for some seconds (a minute in the long run) on
 * random changes of these inputs; ./dev fuzz, which measures coverage, continues from there.
 */
#include "support/process.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define SECONDS 4
#define SECONDS_LONG 60
#define CHANGES_MAX 6
#define LONGEST 65536

TestSuite(fuzz, .timeout = 600);

struct input {
	char *path, *bytes;
	size_t length;
};
struct inputs {
	struct input *items;
	size_t count;
};

static void read_folder(struct inputs *inputs, const char *name)
{
	char folder[400];
	struct dirent **files = NULL;

	(void)snprintf(folder, sizeof folder, KYB_SOURCE_DIR "/%s", name);
	int count = scandir(folder, &files, NULL, alphasort);
	cr_assert_gt(count, 2, "%s is empty", folder);
	inputs->items = realloc(inputs->items, (inputs->count + (size_t)count) * sizeof *inputs->items);
	cr_assert(inputs->items);
	for (int i = 0; i < count; i++) {
		if (files[i]->d_name[0] != '.') {
			struct input *input = &inputs->items[inputs->count++];
			input->path = temp_path(folder, files[i]->d_name);
			input->bytes = temp_read(input->path, &input->length);
			cr_assert(input->bytes);
		}
		free(files[i]);
	}
	free(files);
}

/* Reads the stored inputs of the target, and real files of the same kind as in run.sh. */
static struct inputs inputs_read(const char *target)
{
	struct inputs inputs = { 0 };
	char name[100];

	(void)snprintf(name, sizeof name, "tests/fuzz/corpus/%s", target);
	read_folder(&inputs, name);
	if (!strcmp(target, "profile"))
		read_folder(&inputs, "data/workflows");
	if (!strcmp(target, "theme"))
		read_folder(&inputs, "themes");
	return inputs;
}

static void inputs_free(struct inputs *inputs)
{
	free(inputs->items);
}

static uint64_t state;

static size_t below(size_t limit)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return limit ? (size_t)(state % limit) : 0;
}

static double now(void)
{
	struct timespec time;
	(void)clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Changes a bit or byte, removes or repeats bytes, truncates, or copies from another input; returns the length. */
static size_t change(const struct inputs *inputs, uint8_t *bytes, size_t length)
{
	const struct input *other = &inputs->items[below(inputs->count)];
	size_t at = below(length), part = below(length - at < 64 ? length - at + 1 : 64), from;

	switch (below(6)) {
	case 0:
		bytes[at] ^= (uint8_t)(1u << below(8));
		return length;
	case 1:
		bytes[at] = (uint8_t)below(256);
		return length;
	case 2:
		memmove(bytes + at, bytes + at + part, length - at - part);
		return length - part;
	case 3:
		if (length + part > LONGEST)
			return length;
		memmove(bytes + at + part, bytes + at, length - at);
		return length + part;
	case 4:
		return at;
	default:
		from = below(other->length);
		part = other->length - from < LONGEST - at ? other->length - from : LONGEST - at;
		memcpy(bytes + at, other->bytes + from, part);
		return at + part;
	}
}

/* Each changed input is in a block of its exact size, so that reading past it is noticed. */
static unsigned long take_changed(const struct inputs *inputs, int (*input)(const uint8_t *data, size_t size),
				  double seconds)
{
	static uint8_t bytes[LONGEST];
	double end = now() + seconds;
	unsigned long taken = 0;

	state = test_seed() | 1;
	/* Prints the seed: if the target aborts, the same seed repeats the changes. */
	(void)fprintf(stderr, "KYBDESK_TEST_SEED=%llu\n", (unsigned long long)state);
	do {
		const struct input *base = &inputs->items[below(inputs->count)];
		size_t length = base->length < LONGEST ? base->length : LONGEST;
		memcpy(bytes, base->bytes, length);
		for (size_t i = below(CHANGES_MAX) + 1; i-- > 0 && length;)
			length = change(inputs, bytes, length);
		uint8_t *copy = malloc(length ? length : 1);
		cr_assert(copy);
		memcpy(copy, bytes, length);
		cr_expect_eq(input(copy, length), 0);
		free(copy);
		taken++;
	} while (now() < end);
	return taken;
}

static void replay(const char *target, int (*input)(const uint8_t *data, size_t size))
{
	struct inputs inputs = inputs_read(target);
	int seconds = test_is_long() ? SECONDS_LONG : SECONDS;

	for (size_t i = 0; i < inputs.count; i++) {
		/* If the target aborts, the last printed path is its input. */
		(void)fprintf(stderr, "%s\n", inputs.items[i].path);
		cr_expect_eq(input((const uint8_t *)inputs.items[i].bytes, inputs.items[i].length), 0);
	}
	unsigned long changed = take_changed(&inputs, input, seconds);
	tried("%zu inputs, and %lu changed ones, %lu a second", inputs.count, changed,
	      changed / (unsigned long)seconds);
	inputs_free(&inputs);
}

#define REPLAY(target)                                                                                                 \
	int fuzz_##target##_input(const uint8_t *data, size_t size);                                                   \
	Test(fuzz, what_was_kept_of_##target)                                                                          \
	{                                                                                                              \
		replay(#target, fuzz_##target##_input);                                                                \
	}

REPLAY(arguments)
REPLAY(bods)
REPLAY(checkpoint)
REPLAY(config)
REPLAY(filter)
REPLAY(http)
REPLAY(keys)
REPLAY(own_keys)
REPLAY(pixels)
REPLAY(profile)
REPLAY(register)
REPLAY(session)
REPLAY(stream)
REPLAY(text)
REPLAY(theme)
REPLAY(views)
