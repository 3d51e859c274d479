#include "kybdesk/base/seal.h"

#include <criterion/criterion.h>
#include <string.h>

static const uint8_t zero_key[SEAL_KEY_SIZE], zero_nonce[SEAL_NONCE_SIZE];

/* The GCM specification's test cases 13 and 14. */
Test(seal, matches_the_published_vectors)
{
	static const uint8_t tag[] = { 0x53, 0x0f, 0x8a, 0xfb, 0xc7, 0x45, 0x36, 0xb9,
				       0xa9, 0x63, 0xb4, 0xf1, 0xc4, 0xcb, 0x73, 0x8b };
	static const uint8_t block[] = { 0xce, 0xa7, 0x40, 0x3d, 0x4d, 0x60, 0x6b, 0x6e, 0x07, 0x4e, 0xc5,
					 0xd3, 0xba, 0xf3, 0x9d, 0x18, 0xd0, 0xd1, 0xc8, 0xa7, 0x99, 0x99,
					 0x6b, 0xf0, 0x26, 0x5b, 0x98, 0xb5, 0xd4, 0x8a, 0xb9, 0x19 };
	const struct seal seal = { zero_key, zero_nonce, "", 0 };
	const uint8_t zeros[16] = { 0 };
	struct strbuf out = STRBUF_INIT;

	cr_expect(seal_apply(&out, &seal, SEAL_ENCRYPT, "", 0));
	cr_assert_eq(out.len, sizeof tag);
	cr_expect_arr_eq(out.buf, tag, sizeof tag);
	strbuf_reset(&out);
	cr_expect(seal_apply(&out, &seal, SEAL_ENCRYPT, zeros, sizeof zeros));
	cr_assert_eq(out.len, sizeof block);
	cr_expect_arr_eq(out.buf, block, sizeof block);
	strbuf_release(&out);
}

Test(seal, opens_what_it_closed_and_nothing_else)
{
	const uint8_t other_key[SEAL_KEY_SIZE] = { 1 }, other_nonce[SEAL_NONCE_SIZE] = { 1 };
	const struct seal seal = { zero_key, zero_nonce, "bound", 5 };
	const struct seal wrong[] = { { other_key, zero_nonce, "bound", 5 },
				      { zero_key, other_nonce, "bound", 5 },
				      { zero_key, zero_nonce, "bounD", 5 },
				      { zero_key, zero_nonce, "bound", 4 } };
	struct strbuf sealed = STRBUF_INIT, out = STRBUF_INIT;

	cr_expect(seal_apply(&sealed, &seal, SEAL_ENCRYPT, "a secret", 8));
	cr_expect(seal_apply(&out, &seal, SEAL_DECRYPT, sealed.buf, sealed.len));
	cr_assert_eq(out.len, 8);
	cr_expect_arr_eq(out.buf, "a secret", 8);
	strbuf_reset(&out);
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		cr_expect_not(seal_apply(&out, &wrong[i], SEAL_DECRYPT, sealed.buf, sealed.len), "%zu", i);
	for (size_t i = 0; i < sealed.len; i++) {
		cr_expect_not(seal_apply(&out, &seal, SEAL_DECRYPT, sealed.buf, i));
		sealed.buf[i] = (char)(sealed.buf[i] ^ 1);
		cr_expect_not(seal_apply(&out, &seal, SEAL_DECRYPT, sealed.buf, sealed.len), "byte %zu", i);
		sealed.buf[i] = (char)(sealed.buf[i] ^ 1);
	}
	cr_expect_eq(out.len, 0);
	strbuf_release(&sealed);
	strbuf_release(&out);
}
