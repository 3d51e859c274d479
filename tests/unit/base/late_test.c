#include "kybdesk/base/late.h"

#include <criterion/criterion.h>
#include <math.h>
#include <pthread.h>
#include <string.h>

/* libm is there wherever the C library is. */
#define FUNCTIONS(each) each(cbrt) each(hypot)
#define MEMBER(name) __typeof__(name) *name;
struct table {
	FUNCTIONS(MEMBER)
};
#define SYMBOL(name) { #name, offsetof(struct table, name) },
static const struct lazy_symbol symbols[] = { FUNCTIONS(SYMBOL) };
static const struct lazy_symbol unknown[] = { { "cbrt", offsetof(struct table, cbrt) },
					      { "no_such_root", offsetof(struct table, hypot) } };

static struct lazy_library libm(struct table *table)
{
	return (struct lazy_library){ .files = { "libkybdesk-has-none.so.1", "libm.so.6" },
				      .package = "libkybdesk1",
				      .min_version = "2.1",
				      .missing_effect = "roots cannot be drawn",
				      .err = ERR_STORE,
				      .symbols = symbols,
				      .symbol_count = sizeof symbols / sizeof *symbols,
				      .table = table };
}

Test(late, the_first_file_that_is_there_fills_the_table)
{
	struct table table = { 0 };
	struct lazy_library library = libm(&table);
	struct error error = { 0 };

	cr_assert_eq(lazy_library_open(&library, &error), ERR_OK, "%s", error.message);
	cr_assert(table.cbrt && table.hypot);
	cr_expect_eq((int)table.cbrt(27.0), 3);
	cr_expect_eq((int)table.hypot(3.0, 4.0), 5);
	cr_expect_eq(lazy_library_open(&library, &error), ERR_OK);
}

Test(late, one_that_is_missing_is_said_with_its_package_each_time)
{
	struct table table = { 0 };
	struct lazy_library library = libm(&table);

	library.files[1] = NULL;
	for (int i = 0; i < 2; i++) {
		struct error error = { 0 };

		cr_expect_eq(lazy_library_open(&library, &error), ERR_STORE);
		cr_expect_str_eq(error.message, "roots cannot be drawn: libkybdesk-has-none.so.1 is not installed "
						"(Debian: apt install libkybdesk1)");
		error_release(&error);
	}
	cr_expect_eq(lazy_library_open(&library, NULL), ERR_STORE);
}

Test(late, one_that_lacks_a_function_is_too_old)
{
	struct table table = { 0 };
	struct lazy_library library = libm(&table);

	library.symbols = unknown;
	for (int i = 0; i < 2; i++) {
		struct error error = { 0 };

		cr_expect_eq(lazy_library_open(&library, &error), ERR_STORE);
		cr_expect_str_eq(error.message, "roots cannot be drawn: the installed libm.so.6 has no no_such_root; "
						"version 2.1 or newer is needed");
		error_release(&error);
	}
}

static void *open_it(void *context)
{
	return lazy_library_open(context, NULL) == ERR_OK ? context : NULL;
}

Test(late, many_threads_may_be_the_first)
{
	for (int round = 0; round < 50; round++) {
		struct table table = { 0 };
		struct lazy_library library = libm(&table);
		pthread_t threads[4];

		for (size_t i = 0; i < 4; i++)
			cr_assert_eq(pthread_create(&threads[i], NULL, open_it, &library), 0);
		for (size_t i = 0; i < 4; i++) {
			void *opened;

			cr_assert_eq(pthread_join(threads[i], &opened), 0);
			cr_expect(opened);
		}
		cr_expect(table.cbrt && table.hypot);
	}
}
