/* Documents sent as base64 in JSON to a client's link (seed atelio-beneficial-owners; api.md "Dialects"). */
#include "client.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *link_path;

static void set_up(void)
{
	api_open(&api, NULL);
	NEED(201, "POST", PERSON_CALLED("P-1"), "/kyc/sessions");
	link_path = test_keep(strdup(strstr(reply_text(&api.last, "access_link"), "/s/")));
	api.token = NULL;
}
TestSuite(base64, .init = set_up, .fini = api_tear_down);

static int send_text(const char *type, const char *content)
{
	return api_call(&api, "POST", link_path,
			test_text("{\"document_type\":\"%s\",\"content\":\"%s\"}", type, content));
}

static char *encode(const void *bytes, size_t length)
{
	char *text = malloc(length / 3 * 4 + 8);

	(void)EVP_EncodeBlock((unsigned char *)text, bytes, (int)length);
	return test_keep(text);
}

static long long documents(void)
{
	DONE_JSON("show", "P-1");
	for (long long i = 0;; i++) {
		char path[64];

		(void)snprintf(path, sizeof path, "documents[%lld].sha256", i);
		if (!*json_path_text(api.box.json, path))
			return i;
	}
}

Test(base64, a_document_comes_as_text_and_is_the_same_document)
{
	const struct form_file file = { "a.pdf", pdf_bytes, pdf_length() };
	char *text = encode(pdf_bytes, pdf_length());

	cr_assert_eq(send_text("PASSPORT", text), 201, "%s", api.last.body);
	ANSWERS("type: PASSPORT");
	DONE_JSON("show", "P-1");
	cr_expect_eq(json_path_int(api.box.json, "documents[0].size"), (long long)pdf_length(), "%s", api.box.last.out);
	SHOWS("documents[0].media_type: application/pdf");
	/* Both addresses of the link, /api/s/ and /s/, accept a file in a form, too. */
	cr_expect_eq(api_form(&api, test_text("/api%s/documents", link_path), &file, "type", "PASSPORT", NULL), 201,
		     "%s", api.last.body);
	cr_expect_eq(api_form(&api, link_path, &file, "type", "PASSPORT", NULL), 201, "%s", api.last.body);
}

Test(base64, what_is_no_strict_base64_is_refused)
{
	static const char *const wrong[] = { "JVBERi0",	     "JVBE Ri0x", "JVBERi0xLjQK\\n", "JVBERi0xLjQ_",
					     "JVBERi0xLjQ-", "JVBERi0x=", "JVBERi0xLj==",    "====",
					     "JVB=RQ==",     "\\u00e9" };

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		cr_expect_eq(send_text("PASSPORT", wrong[i]), 400, "%s: %d %s", wrong[i], api.last.status,
			     api.last.body);
		ANSWERS("error.fields[0].field: content");
	}
	cr_expect_eq(send_text("PASSPORT", ""), 400);
	ASK(400, "POST", "{\"document_type\":\"PASSPORT\"}", "%s", link_path);
	ANSWERS("error.fields[0].field: content");
	ASK(400, "POST", "{\"content\":\"AAAA\"}", "%s", link_path);
	ANSWERS("error.fields[0].field: document_type");
	ASK(400, "POST", "{\"document_type\":7,\"content\":8}", "%s", link_path);
	ASK(400, "POST", "[]", "%s", link_path);
	cr_expect_eq(api_send(&api, "POST", link_path, "Content-Type: text/plain\r\n", "JVBE", 4), 415);
	/* Valid base64, but not a document. */
	cr_expect_eq(send_text("PASSPORT", "AAAA"), 415, "%s", api.last.body);
	cr_expect_eq(documents(), 0);
}

Test(base64, the_limit_is_of_the_bytes_that_it_says)
{
	size_t limit = 10 * 1024 * 1024;
	char *bytes = test_keep(calloc(1, 25 * 1024 * 1024));

	memcpy(bytes, pdf_bytes, pdf_length());
	char *text = encode(bytes, limit);
	cr_expect_eq(send_text("PASSPORT", text), 201, "%.200s", api.last.body);
	text = encode(bytes, limit + 1);
	cr_expect_eq(send_text("PASSPORT", text), 413, "%.200s", api.last.body);
	ANSWERS("error.code: too_large");
	/* The server drops the part of a body beyond BODY_READ_MAX (32 MiB), and refuses the body at its end. */
	text = encode(bytes, 25 * 1024 * 1024);
	cr_expect_eq(send_text("PASSPORT", text), 413, "%.200s", api.last.body);
	cr_expect_eq(documents(), 1);
}

Test(base64, a_link_that_is_none_takes_nothing)
{
	char *text = encode(pdf_bytes, pdf_length());

	link_path[8] = link_path[8] == 'A' ? 'B' : 'A';
	cr_expect_eq(send_text("PASSPORT", text), 404);
}
