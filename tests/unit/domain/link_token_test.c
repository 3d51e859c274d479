#include <criterion/criterion.h>
#include <string.h>

#include "kybdesk/domain/link_token.h"
#include "support/texts.h"

#define SESSION "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01"
#define STORE "11111111-2222-4333-8444-555555555555"

static const struct link_key key = { .bytes = "0123456789abcdef0123456789abcde", .store_id = STORE };

static const char *token(struct strbuf *out, const struct link_key *with, int64_t generation, const char *type)
{
	struct link_subject subject;

	cr_assert_eq(link_subject_set(&subject, SESSION, generation, type, NULL), ERR_OK);
	strbuf_reset(out);
	link_token_write(out, with, &subject);
	return out->buf;
}

Test(link_token, is_the_same_every_time_and_says_what_it_is_for)
{
	struct strbuf one = STRBUF_INIT, two = STRBUF_INIT;
	struct link_subject subject;

	cr_expect_str_eq(token(&one, &key, 3, ""), token(&two, &key, 3, ""));
	cr_assert(link_token_read(&key, one.buf, &subject));
	cr_expect_str_eq(subject.session_id, SESSION);
	cr_expect_eq(subject.generation, 3);
	cr_expect_str_eq(subject.document_type, "");
	cr_assert(link_token_read(&key, token(&one, &key, 4000000, "Größe \"x\""), &subject));
	cr_expect_str_eq(subject.document_type, "Größe \"x\"");
	cr_expect_eq(subject.generation, 4000000);
	strbuf_release(&one);
	strbuf_release(&two);
}

Test(link_token, is_another_for_another_generation_type_key_or_store)
{
	const struct link_key other_key = { .bytes = "0123456789abcdef0123456789abcdX", .store_id = STORE };
	const struct link_key other_store = { .bytes = "0123456789abcdef0123456789abcde",
					      .store_id = "11111111-2222-4333-8444-555555555556" };
	struct strbuf one = STRBUF_INIT, two = STRBUF_INIT;
	struct link_subject subject;

	cr_expect_str_neq(token(&one, &key, 1, ""), token(&two, &key, 2, ""));
	cr_expect_str_neq(token(&one, &key, 1, "a"), token(&two, &key, 1, "b"));
	cr_expect_not(link_token_read(&other_key, one.buf, &subject));
	cr_expect_not(link_token_read(&other_store, one.buf, &subject));
	cr_expect(link_token_read(&key, one.buf, &subject));
	strbuf_release(&one);
	strbuf_release(&two);
}

Test(link_token, is_refused_for_what_no_link_can_be_for)
{
	struct link_subject subject;
	char type[LINK_TYPE_MAX + 2];

	memset(type, 'x', sizeof type - 1);
	type[sizeof type - 1] = '\0';
	cr_expect_eq(link_subject_set(&subject, "KYC-1", 1, "", NULL), ERR_INVALID);
	cr_expect_eq(link_subject_set(&subject, SESSION, 0, "", NULL), ERR_INVALID);
	cr_expect_eq(link_subject_set(&subject, SESSION, LINK_GENERATION_MAX + 1, "", NULL), ERR_INVALID);
	cr_expect_eq(link_subject_set(&subject, SESSION, 1, type, NULL), ERR_INVALID);
	type[LINK_TYPE_MAX] = '\0';
	cr_expect_eq(link_subject_set(&subject, SESSION, 1, type, NULL), ERR_OK);
}

static enum err fill(struct strbuf *out, const char *text, const char *mark, bool masked)
{
	strbuf_reset(out);
	const struct link_placeholder_values places = { mark, masked ? NULL : &key, SESSION };

	return link_placeholders_fill(out, text, strlen(text), &places, NULL);
}

Test(link_token, takes_the_place_of_a_placeholder_of_this_mark_only)
{
	struct strbuf text = STRBUF_INIT, out = STRBUF_INIT, one = STRBUF_INIT, wanted = STRBUF_INIT;

	strbuf_adds(&text, "a {link:other:1:} ");
	link_placeholder_write(&text, "mark", 1, "ID");
	strbuf_adds(&text, " b ");
	link_placeholder_write(&text, "mark", 2, "");
	strbuf_addf(&wanted, "a {link:other:1:} %s b ", token(&one, &key, 1, "ID"));
	strbuf_adds(&wanted, token(&one, &key, 2, ""));
	cr_expect_eq(fill(&out, text.buf, "mark", false), ERR_OK);
	cr_expect_str_eq(out.buf, wanted.buf);
	cr_expect_eq(fill(&out, text.buf, "mark", true), ERR_OK);
	cr_expect_str_eq(out.buf, "a {link:other:1:} ******** b ********");
	/* If the mark is empty, no text is a placeholder. */
	cr_expect_eq(fill(&out, text.buf, "", false), ERR_OK);
	cr_expect_str_eq(out.buf, text.buf);
	strbuf_release(&text);
	strbuf_release(&out);
	strbuf_release(&one);
	strbuf_release(&wanted);
}

Test(link_token, of_a_broken_placeholder_is_an_error)
{
	static const char *const broken[] =
		TEXTS("{link:mark", "{link:mark}", "{link:mark:}", "{link:mark::}", "{link:mark:x:}", "{link:mark:1:!}",
		      "{link:mark:99999999999:}", "{link:mark:0:}", "{link:mark:1:", "{link:mark:1}:");
	struct strbuf out = STRBUF_INIT;

	for (size_t i = 0; i < sizeof broken / sizeof *broken; i++)
		cr_expect_eq(fill(&out, broken[i], "mark", false), ERR_INVALID, "%s", broken[i]);
	strbuf_release(&out);
}
