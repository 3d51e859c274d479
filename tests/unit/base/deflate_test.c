/* Tests deflate_bytes(): zlib must decompress its output to the input. */
#include "kybdesk/base/deflate.h"
#include "support/leak.h"

#include <criterion/criterion.h>
#include <zlib.h>

Test(deflate, zlib_reads_it_back)
{
	struct strbuf bytes = STRBUF_INIT, packed = STRBUF_INIT;
	char back[10000];
	for (size_t length = 0; length <= 9000; length += 1500) {
		uLongf got = sizeof back;
		strbuf_reset(&packed);
		strbuf_adds(&packed, "ab");
		cr_assert(deflate_bytes(&packed, &bytes, 1000));
		cr_expect_lt(packed.len, 200);
		cr_expect_eq(memcmp(packed.buf, "ab", 2), 0, "appended");
		cr_assert_eq(uncompress((Bytef *)back, &got, (const Bytef *)packed.buf + 2, packed.len - 2), Z_OK);
		cr_assert_eq(got, bytes.len);
		cr_expect_eq(memcmp(back, bytes.buf, got), 0);
		for (size_t i = 0; i < 1500; i++)
			strbuf_addch(&bytes, (char)(i % 30));
	}
	strbuf_release(&bytes);
	strbuf_release(&packed);
	NO_LEAKS();
}

Test(deflate, more_than_the_most_is_nothing)
{
	struct strbuf bytes = STRBUF_INIT, packed = STRBUF_INIT;
	unsigned state = 1;
	for (size_t i = 0; i < 5000; i++) {
		state = state * 1664525 + 1013904223;
		strbuf_addch(&bytes, (char)(state >> 24));
	}
	strbuf_adds(&packed, "ab");
	cr_expect_not(deflate_bytes(&packed, &bytes, 4000));
	cr_expect_str_eq(packed.buf, "ab");
	cr_expect_not(deflate_bytes(&packed, &bytes, 0));
	cr_expect(deflate_bytes(&packed, &bytes, 6000));
	strbuf_release(&bytes);
	strbuf_release(&packed);
	NO_LEAKS();
}
