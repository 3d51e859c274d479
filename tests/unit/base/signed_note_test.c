#include "kybdesk/base/signed_note.h"
#include "support/test_world.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

/* Keys and note of the tests of Go's package golang.org/x/mod/sumdb/note, which the format comes from. */
#define THEIR_PUBLIC "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define THEIR_SIGNING "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
#define THEIR_TEXT                                                                                                     \
	"If you think cryptography is the answer to your problem,\n"                                                   \
	"then you don't know what your problem is.\n"
#define THEIR_NOTE                                                                                                     \
	THEIR_TEXT                                                                                                     \
	"\n\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKv"               \
	"qfqdngotpRZb6KE6RyyBwJnAM=\n"

static struct arena arena;
static struct error error;

static void tear_down(void)
{
	arena_release(&arena);
	error_release(&error);
}

TestSuite(signed_note, .fini = tear_down);

static struct signed_note_key read_key(const char *text)
{
	struct signed_note_key key;

	cr_assert_eq(signed_note_key_read(&arena, text, strlen(text), &key, &error), ERR_OK, "%s: %s", text,
		     error.message);
	return key;
}

static struct signed_note read_note(const char *text, size_t length)
{
	struct signed_note note;

	cr_assert_eq(signed_note_read(&arena, text, length, &note, &error), ERR_OK, "%s", error.message);
	return note;
}

/* The result of verifying a note with one key. */
enum verdict { IS_BY_OTHERS, IS_RIGHT, IS_FORGED };

static enum verdict verify(const struct signed_note *note, const struct signed_note_key *key)
{
	const char *by;

	if (!signed_note_check(note, key, 1, &by, &error)) {
		cr_assert_str_eq(by, key->name);
		return IS_RIGHT;
	}
	if (strstr(error.message, "the file is not signed by "))
		return IS_BY_OTHERS;
	cr_assert(strstr(error.message, "the signature does not match the key "), "%s", error.message);
	return IS_FORGED;
}

static void refuse_note(const char *text, const char *why)
{
	struct signed_note note;

	cr_expect_eq(signed_note_read(&arena, text, strlen(text), &note, &error), ERR_INVALID, "%s", text);
	cr_expect_str_eq(error.message, why, "%s", text);
}

Test(signed_note, of_others_is_read_and_verified)
{
	struct signed_note_key key = read_key(THEIR_PUBLIC);
	struct signed_note note = read_note(THEIR_NOTE, strlen(THEIR_NOTE));

	cr_expect_str_eq(key.name, "PeterNeumann");
	cr_expect_not(key.can_sign);
	cr_assert_eq(note.length, strlen(THEIR_TEXT));
	cr_expect_arr_eq(note.text, THEIR_TEXT, note.length);
	cr_assert_eq(note.count, 1);
	cr_expect_str_eq(note.signatures[0].name, "PeterNeumann");
	cr_expect_eq(verify(&note, &key), IS_RIGHT);
}

/* Ed25519 signatures are deterministic: the same key and text give the same bytes as in Go's note. */
Test(signed_note, is_written_as_others_write_it)
{
	struct signed_note_key key = read_key(" \n" THEIR_SIGNING "\n ");
	struct strbuf out = STRBUF_INIT;

	cr_expect(key.can_sign);
	signed_note_write(&out, THEIR_TEXT, strlen(THEIR_TEXT), &key);
	cr_expect_str_eq(out.buf, THEIR_NOTE);
	strbuf_reset(&out);
	signed_note_key_write(&out, &key, false);
	cr_expect_str_eq(out.buf, THEIR_PUBLIC);
	strbuf_reset(&out);
	signed_note_key_write(&out, &key, true);
	cr_expect_str_eq(out.buf, THEIR_SIGNING);
	strbuf_release(&out);
	signed_note_key_wipe(&key);
	cr_expect_null(key.name);
	for (size_t i = 0; i < SIGNED_NOTE_KEY_SIZE; i++)
		cr_expect_eq(key.seed[i], 0);
}

Test(signed_note, of_a_new_key_verifies_by_its_public_line)
{
	struct test_world world;
	struct signed_note_key key, other, public;
	struct strbuf line = STRBUF_INIT, out = STRBUF_INIT;
	struct signed_note note;

	test_world_init(&world, 0);
	signed_note_key_make(&world.world, "desk.example/1", &key);
	signed_note_key_make(&world.world, "desk.example/1", &other);
	cr_expect_neq(memcmp(key.seed, other.seed, sizeof key.seed), 0);
	signed_note_key_write(&line, &key, false);
	public = read_key(line.buf);
	signed_note_write(&out, "one\n\ntwo\n", 9, &key);
	note = read_note(out.buf, out.len);
	cr_assert_eq(note.length, 9);
	cr_expect_arr_eq(note.text, "one\n\ntwo\n", 9);
	cr_expect_eq(verify(&note, &public), IS_RIGHT);
	cr_expect_eq(verify(&note, &other), IS_BY_OTHERS);
	strbuf_release(&line);
	strbuf_release(&out);
}

Test(signed_note, keys_may_have_a_name_of_one_letter)
{
	struct test_world world;
	struct signed_note_key key;
	struct strbuf line = STRBUF_INIT;

	test_world_init(&world, 0);
	signed_note_key_make(&world.world, "~", &key);
	signed_note_key_write(&line, &key, false);
	cr_expect_str_eq(read_key(line.buf).name, "~");
	strbuf_release(&line);
}

Test(signed_note, keys_are_made_with_a_name_alone, .signal = SIGABRT)
{
	struct test_world world;
	struct signed_note_key key;

	test_world_init(&world, 0);
	signed_note_key_make(&world.world, "a desk", &key);
}

static void write_with(const char *key_line, const char *text)
{
	struct signed_note_key key = read_key(key_line);
	struct strbuf out = STRBUF_INIT;

	signed_note_write(&out, text, strlen(text), &key);
	strbuf_release(&out);
}

Test(signed_note, is_not_written_with_a_public_key, .signal = SIGABRT)
{
	write_with(THEIR_PUBLIC, "text\n");
}

Test(signed_note, is_not_written_of_a_text_without_an_end, .signal = SIGABRT)
{
	write_with(THEIR_SIGNING, "text");
}

Test(signed_note, is_not_written_of_nothing, .signal = SIGABRT)
{
	write_with(THEIR_SIGNING, "");
}

Test(signed_note, of_a_public_key_no_signing_line_is_written, .signal = SIGABRT)
{
	struct signed_note_key key = read_key(THEIR_PUBLIC);
	struct strbuf out = STRBUF_INIT;

	signed_note_key_write(&out, &key, true);
	strbuf_release(&out);
}

Test(signed_note, may_be_of_one_empty_line)
{
	struct signed_note_key key = read_key(THEIR_SIGNING);
	struct strbuf out = STRBUF_INIT;
	struct signed_note note;

	signed_note_write(&out, "\n", 1, &key);
	note = read_note(out.buf, out.len);
	cr_expect_eq(note.length, 1);
	cr_expect_eq(verify(&note, &key), IS_RIGHT);
	strbuf_release(&out);
}

/* A note with any flipped bit does not verify, and a note that is cut off anywhere is refused as invalid. */
Test(signed_note, with_any_bit_changed_is_not_the_keys)
{
	struct signed_note_key key = read_key(THEIR_PUBLIC);
	char text[sizeof THEIR_NOTE];
	struct signed_note note;

	for (size_t i = 0; i < strlen(THEIR_NOTE); i++)
		for (int bit = 0; bit < 8; bit++) {
			memcpy(text, THEIR_NOTE, sizeof text);
			text[i] = (char)(text[i] ^ (1 << bit));
			if (!signed_note_read(&arena, text, strlen(THEIR_NOTE), &note, &error))
				cr_expect_neq(verify(&note, &key), IS_RIGHT, "bit %d of byte %zu", bit, i);
		}
	for (size_t length = 0; length < strlen(THEIR_NOTE); length++)
		cr_expect_eq(signed_note_read(&arena, THEIR_NOTE, length, &note, &error), ERR_INVALID, "%zu", length);
}

#define LINE                                                                                                           \
	"\xe2\x80\x94 PeterNeumann "                                                                                   \
	"x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
/* LINE with 64 zero bytes instead of the signature. */
#define FORGED                                                                                                         \
	"\xe2\x80\x94 PeterNeumann "                                                                                   \
	"x08gowAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
#define OTHER "\xe2\x80\x94 somebody.example/else AAECAwQF\n"

/* Signatures of other keys are skipped; an invalid signature with the key's name and id makes the note invalid. */
Test(signed_note, may_have_the_signatures_of_others)
{
	static const struct {
		const char *text;
		enum verdict verdict;
	} cases[] = {
		{ THEIR_TEXT "\n" OTHER LINE OTHER, IS_RIGHT },
		{ THEIR_TEXT "\n" OTHER, IS_BY_OTHERS },
		{ THEIR_TEXT "\n" LINE LINE, IS_RIGHT },
		{ THEIR_TEXT "\n" FORGED, IS_FORGED },
		{ THEIR_TEXT "\n" FORGED LINE, IS_FORGED },
		{ THEIR_TEXT "\n" LINE FORGED, IS_FORGED },
		{ "another text\n\n" LINE, IS_FORGED },
		/* The key's name and id with a signature of another length. */
		{ THEIR_TEXT "\n\xe2\x80\x94 PeterNeumann x08gowAA\n", IS_FORGED },
		/* Only the key's name, or only its id. */
		{ THEIR_TEXT "\n\xe2\x80\x94 PeterNeumann AAECAwQF\n", IS_BY_OTHERS },
		{ THEIR_TEXT "\n\xe2\x80\x94 PaulNeumann x08gowAA\n", IS_BY_OTHERS },
	};
	struct signed_note_key key = read_key(THEIR_PUBLIC);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct signed_note note = read_note(cases[i].text, strlen(cases[i].text));

		cr_expect_eq(verify(&note, &key), cases[i].verdict, "%zu", i);
	}
}

Test(signed_note, that_is_none_is_refused_with_the_reason)
{
	static const char *const broken[] = {
		"\xe2\x80\x94 \n",
		"- a AAECAwQF\n",
		"\xe2\x80\x94 a\n",
		"\xe2\x80\x94  AAECAwQF\n",
		"\xe2\x80\x94 a+b AAECAwQF\n",
		"\xe2\x80\x94 a AAECAwQ\n",
		"\xe2\x80\x94 a AAECAw==\n",
		"\xe2\x80\x94 a AAECAwQF",
		"\xe2\x80\x94 a AAECAwQF \n",
		OTHER "\xe2\x80\x94 a AAECAwQF x\n",
	};
	char text[400];

	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
		(void)snprintf(text, sizeof text, "text\n\n%s", broken[i]);
		refuse_note(text, i == sizeof broken / sizeof *broken - 1 ? "line 2 of the signatures is not valid"
									  : "line 1 of the signatures is not valid");
	}
	refuse_note("", "the file has no empty line between a text and the signatures");
	refuse_note("\n", "the file has no empty line between a text and the signatures");
	refuse_note("text\n" LINE, "the file has no empty line between a text and the signatures");
	refuse_note("text\n\n", "the file has no signature");
	refuse_note(THEIR_NOTE "\n", "the file has no signature");
	refuse_note("te\txt\n\n" LINE, "the file is not plain text in UTF-8");
	refuse_note("\ttext\n\n" LINE, "the file is not plain text in UTF-8");
	refuse_note("text\r\n\r\n" LINE, "the file is not plain text in UTF-8");
	refuse_note("te\xffxt\n\n" LINE, "the file is not plain text in UTF-8");
}

Test(signed_note, keys_that_are_none_are_refused_with_the_reason)
{
	static const struct {
		const char *text, *why;
	} cases[] = {
		{ "", "a key must be one line, NAME+ID+KEY" },
		{ "PeterNeumann", "a key must be one line, NAME+ID+KEY" },
		{ "PRIVATE+KEY+", "a key must be one line, NAME+ID+KEY" },
		{ "+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", "a key must be one line, NAME+ID+KEY" },
		{ "Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		  "a key must be one line, NAME+ID+KEY" },
		{ "Pet\xc3\xa9r+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		  "a key must be one line, NAME+ID+KEY" },
		{ "\x7f"
		  "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		  "a key must be one line, NAME+ID+KEY" },
		{ "PeterNeumann\x7f+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		  "a key must be one line, NAME+ID+KEY" },
		{ "PeterNeumann+c74f20a3", "no id of eight hexadecimal digits follows the name of the key" },
		{ "PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		  "no id of eight hexadecimal digits follows the name of the key" },
		{ "PeterNeumann+c74f20ag+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		  "the id of the key is not eight hexadecimal digits" },
		{ "PeterNeumann+c74f20a3+", "the text after the id of the key is not 33 bytes in base64" },
		{ "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10Q=",
		  "the text after the id of the key is not 33 bytes in base64" },
		{ "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TWAAAA",
		  "the text after the id of the key is not 33 bytes in base64" },
		{ "PeterNeumann+c74f20a3+AR pc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		  "the text after the id of the key is not 33 bytes in base64" },
		{ "PeterNeumann+c74f20a3+Ahpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		  "the type of the key is not Ed25519" },
		{ "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		  "the id of the key does not match the name and the bytes of the key" },
		{ "PaulNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		  "the id of the key does not match the name and the bytes of the key" },
		{ "PRIVATE+KEY+PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
		  "the id of the key does not match the name and the bytes of the key" },
		{ THEIR_PUBLIC "\n" THEIR_PUBLIC, "the text after the id of the key is not 33 bytes in base64" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct signed_note_key key;
		const uint8_t none[SIGNED_NOTE_KEY_SIZE] = { 0 };

		cr_expect_eq(signed_note_key_read(&arena, cases[i].text, strlen(cases[i].text), &key, &error),
			     ERR_INVALID, "%s", cases[i].text);
		cr_expect_str_eq(error.message, cases[i].why, "%s", cases[i].text);
		cr_expect_arr_eq(key.seed, none, sizeof none, "%s", cases[i].text);
	}
}
