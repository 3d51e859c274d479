#include "kybdesk/base/uuid.h"
#include "support/leak.h"
#include "support/texts.h"
#include "support/test_world.h"

#include <openssl/sha.h>
#include <stdio.h>
#include <string.h>

Test(uuid, a_new_one_has_version_7_the_variant_and_the_time)
{
	struct test_world test;
	test_world_init(&test, INT64_C(0x0192f0c3a5b7));
	char id[UUID_TEXT_SIZE];
	uuid_new(&test.world, id);
	cr_expect(uuid_is_valid(id));
	cr_expect_eq(id[14], '7');
	cr_expect_not_null(strchr("89ab", id[19]));
	cr_expect_eq(strncmp(id, "0192f0c3-a5b7-7", 15), 0, "%s", id);
}

Test(uuid, new_ones_differ_and_sort_by_time)
{
	struct test_world test;
	test_world_init(&test, INT64_C(1793700000000));
	test.tick_ms = 1;
	char before[UUID_TEXT_SIZE], after[UUID_TEXT_SIZE];
	uuid_new(&test.world, before);
	for (int i = 0; i < 1000; i++) {
		uuid_new(&test.world, after);
		cr_assert_lt(strcmp(before, after), 0);
		memcpy(before, after, sizeof before);
	}
}

Test(uuid, the_real_world_gives_different_ones)
{
	char a[UUID_TEXT_SIZE], b[UUID_TEXT_SIZE];
	uuid_new(world_real(), a);
	uuid_new(world_real(), b);
	cr_expect_str_neq(a, b);
}

Test(uuid, a_derived_one_has_version_5_and_never_changes)
{
	const char *const parts[] = { "merchant", "RAL-2031", NULL };
	char a[UUID_TEXT_SIZE], b[UUID_TEXT_SIZE];
	uuid_derive(a, parts, 2);
	uuid_derive(b, parts, 99);
	cr_expect_str_eq(a, b, "the list ends at NULL");
	cr_expect_eq(a[14], '5');
	cr_expect_not_null(strchr("89ab", a[19]));
	cr_expect(uuid_is_valid(a));
}

Test(uuid, a_derived_one_is_the_sha1_of_name_space_and_parts)
{
	/* RFC 9562, 5.5, computed here from the documented name space. */
	unsigned char bytes[] = "\x5b\x0f\x7c\x1e\x93\x42\x4d\x68\xa1\x37\xe2\x6d\x84\xc9\x50\xbf"
				"ab\x1f"
				"c";
	unsigned char hash[20];
	char wanted[UUID_TEXT_SIZE];
	char derived[UUID_TEXT_SIZE];
	const char *const parts[] = { "ab", "c" };
	SHA1(bytes, 16 + 4, hash);
	hash[6] = (unsigned char)((hash[6] & 0x0f) | 0x50);
	hash[8] = (unsigned char)((hash[8] & 0x3f) | 0x80);
	(void)snprintf(wanted, sizeof wanted, "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
		       hash[0], hash[1], hash[2], hash[3], hash[4], hash[5], hash[6], hash[7], hash[8], hash[9],
		       hash[10], hash[11], hash[12], hash[13], hash[14], hash[15]);
	uuid_derive(derived, parts, 2);
	cr_expect_str_eq(derived, wanted);
}

Test(uuid, parts_are_kept_apart)
{
	const char *const one[] = { "ab", "c" };
	const char *const two[] = { "a", "bc" };
	char a[UUID_TEXT_SIZE], b[UUID_TEXT_SIZE];
	uuid_derive(a, one, 2);
	uuid_derive(b, two, 2);
	cr_expect_str_neq(a, b);
}

Test(uuid, normalise_lowers_and_refuses_the_rest)
{
	char out[UUID_TEXT_SIZE];
	cr_assert(uuid_normalise("0192F0C3-A5B7-7ABC-8DEF-0123456789AB", out));
	cr_expect_str_eq(out, "0192f0c3-a5b7-7abc-8def-0123456789ab");
	static const char *const bad[] =
		TEXTS("", "0192f0c3", "0192f0c3a5b77abc8def0123456789ab", "0192f0c3-a5b7-7abc-8def-0123456789a",
		      "0192f0c3-a5b7-7abc-8def-0123456789abc", "0192f0c3-a5b7-7abc-8def-0123456789ag",
		      "0192f0c3-a5b7-7abc-8def_0123456789ab", "{192f0c3-a5b7-7abc-8def-0123456789a}");
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
		cr_expect_not(uuid_is_valid(bad[i]), "%s", bad[i]);
}
