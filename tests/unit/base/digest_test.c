#include "kybdesk/base/digest.h"
#include "support/leak.h"

#include <string.h>

static const char *hex(const uint8_t bytes[SHA256_SIZE])
{
	static char out[SHA256_HEX_SIZE];
	hex_encode(bytes, SHA256_SIZE, out);
	return out;
}

Test(sha256, matches_the_published_vectors)
{
	uint8_t out[SHA256_SIZE];
	sha256_hash("", 0, out);
	cr_expect_str_eq(hex(out), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	sha256_hash("abc", 3, out);
	cr_expect_str_eq(hex(out), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

Test(sha256, a_stream_can_be_finished_and_used_again)
{
	uint8_t out[SHA256_SIZE];
	struct sha256 *state = sha256_new();
	sha256_add(state, "spoiled", 7);
	sha256_finish(state, out);
	for (int round = 0; round < 2; round++) {
		sha256_add(state, "a", 1);
		sha256_add(state, "bc", 2);
		sha256_finish(state, out);
		cr_expect_str_eq(hex(out), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	}
	sha256_free(state);
	sha256_free(NULL);
	NO_LEAKS();
}

/* RFC 4231, cases 1, 2 and 6. */
Test(hmac_sha256, matches_rfc_4231)
{
	uint8_t out[SHA256_SIZE];
	uint8_t key[131];
	memset(key, 0x0b, 20);
	hmac_sha256(key, 20, "Hi There", 8, out);
	cr_expect_str_eq(hex(out), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
	hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, out);
	cr_expect_str_eq(hex(out), "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	memset(key, 0xaa, sizeof key);
	hmac_sha256(key, sizeof key, "Test Using Larger Than Block-Size Key - Hash Key First", 54, out);
	cr_expect_str_eq(hex(out), "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

Test(hmac_sha256, takes_an_empty_key)
{
	uint8_t out[SHA256_SIZE];
	hmac_sha256(NULL, 0, "", 0, out);
	cr_expect_str_eq(hex(out), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

Test(hex, goes_both_ways_and_refuses_bad_text)
{
	uint8_t out[3];
	char text[7];
	cr_assert(hex_decode("00fFa5", out, 3));
	hex_encode(out, 3, text);
	cr_expect_str_eq(text, "00ffa5");
	cr_expect_not(hex_decode("00ffa", out, 3));
	cr_expect_not(hex_decode("00ffa5b", out, 3));
	cr_expect_not(hex_decode("", out, 3));
	cr_expect_not(hex_decode("00ffag", out, 3));
}

/* RFC 4648, section 10. */
Test(base64, matches_rfc_4648)
{
	static const char *const pairs[][3] = { { "", "", "" },
						{ "f", "Zg==", "Zg" },
						{ "fo", "Zm8=", "Zm8" },
						{ "foo", "Zm9v", "Zm9v" },
						{ "foob", "Zm9vYg==", "Zm9vYg" },
						{ "fooba", "Zm9vYmE=", "Zm9vYmE" },
						{ "foobar", "Zm9vYmFy", "Zm9vYmFy" },
						{ "\xfb\xff", "+/8=", "-_8" } };
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct strbuf out = STRBUF_INIT;
		base64_encode(&out, pairs[i][0], strlen(pairs[i][0]));
		cr_expect_str_eq(out.buf, pairs[i][1]);
		strbuf_reset(&out);
		base64url_encode(&out, pairs[i][0], strlen(pairs[i][0]));
		cr_expect_str_eq(out.buf, pairs[i][2]);
		strbuf_reset(&out);
		cr_expect(base64_decode(&out, pairs[i][1], strlen(pairs[i][1])));
		cr_expect_str_eq(out.buf, pairs[i][0]);
		strbuf_reset(&out);
		cr_expect(base64url_decode(&out, pairs[i][2], strlen(pairs[i][2])));
		cr_expect_str_eq(out.buf, pairs[i][0]);
		strbuf_release(&out);
	}
	NO_LEAKS();
}

Test(base64, refuses_everything_that_is_not_the_one_text_of_a_value)
{
	static const char *const bad[] = { "Zg",   "Zg=",  "Z===",     "====", "Zg==Zg==", "Zm9v\n", " Zm9v",
					   "Zh==", "Zm9=", "Zm9vYg=a", "-_8=", "Z",	   "Zm=v",   "Zm9vY" };
	for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
		struct strbuf out = STRBUF_INIT;
		cr_expect_not(base64_decode(&out, bad[i], strlen(bad[i])), "%s", bad[i]);
		strbuf_release(&out);
	}
	static const char *const bad_url[] = { "Zg==", "+/8", "Z", "Zh", "Zm9vY", "Zm 9" };
	for (size_t i = 0; i < sizeof bad_url / sizeof bad_url[0]; i++) {
		struct strbuf out = STRBUF_INIT;
		cr_expect_not(base64url_decode(&out, bad_url[i], strlen(bad_url[i])), "%s", bad_url[i]);
		strbuf_release(&out);
	}
}

Test(secret, equality_looks_at_every_byte)
{
	cr_expect(secret_equal("abcd", "abcd", 4));
	cr_expect_not(secret_equal("abcd", "abce", 4));
	cr_expect_not(secret_equal("bbcd", "abcd", 4));
	char bytes[4] = "key";
	secret_wipe(bytes, sizeof bytes);
	cr_expect_arr_eq(bytes, "\0\0\0\0", 4);
}
