#include <criterion/criterion.h>

#include "kybdesk/base/arena.h"
#include "kybdesk/domain/format.h"
#include "rules/rules_parts.h"
#include <string.h>

typedef bool form(const char *text);

static void expect_all(form *is_valid, bool valid, const char *const *texts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		cr_expect_eq(is_valid(texts[i]), valid, "'%s'", texts[i]);
}
#define VALID(is_valid, ...)                                                                                           \
	expect_all(is_valid, true, (const char *const[]){ __VA_ARGS__ },                                               \
		   sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))
#define INVALID(is_valid, ...)                                                                                         \
	expect_all(is_valid, false, (const char *const[]){ __VA_ARGS__ },                                              \
		   sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(char *))

Test(format, e_mail)
{
	char local[400], whole[400];

	VALID(email_is_valid, "a@b.example", "james@atelio.com", "o'brian+tag@x-y.example", "a.b@sub.domain.example");
	INVALID(email_is_valid, "", "@", "a@", "@b.example", "a@b", "a b@c.example", "a@b..example", "a@-b.example",
		"a@b-.example", ".a@b.example", "a.@b.example", "a..b@c.example", "a@b.example ", "a@@b.example",
		"a@1.2.3.4", "a@b.example\n", "<a@b.example>");
	memset(local, 'a', 64);
	memcpy(local + 64, "@b.example", 11);
	cr_expect(email_is_valid(local));
	memset(whole, 'a', 65);
	memcpy(whole + 65, "@b.example", 11);
	cr_expect_not(email_is_valid(whole));
}

Test(format, phone_as_the_seed_and_its_examples)
{
	VALID(phone_is_valid, "555111222", "5551112222", "555-111-2222");
	INVALID(phone_is_valid, "", "55511122", "55511122223", "555-111-222", "555-1112222", "+5551112222",
		"555 111 2222", "555-111-2222-", "٥٥٥١١١٢٢٢");
}

Test(format, social_security_number)
{
	VALID(ssn_is_valid, "123456789", "123-45-6789");
	INVALID(ssn_is_valid, "", "12345678", "1234567890", "123-456789", "12345-6789", "123-45-67890", "123 45 6789");
}

Test(format, ipv4)
{
	VALID(ipv4_is_valid, "192.168.1.139", "0.0.0.0", "255.255.255.255", "1.2.3.4");
	INVALID(ipv4_is_valid, "", "1.2.3", "1.2.3.", "1.2.3.4.", "1.2.3.4.5", "256.1.1.1", "1.2.3.999", "01.2.3.4",
		"1.2.3.04", "1..3.4", "a.b.c.d", "1.2.3.4 ", "1.2.3.0000", "::ffff:1.2.3.4");
}

Test(format, url)
{
	VALID(url_is_valid, "https://a.example", "http://a.example/", "https://a.example:8443/b?c=d#e",
	      "https://www.nexoradigital.com.br", "https://müller.example");
	INVALID(url_is_valid, "", "a.example", "www.a.example", "ftp://a.example", "https://", "https:///a",
		"https://a", "https://a example", "https://u@a.example", "https://u:p@a.example", "https://a.example:0",
		"https://a.example:70000", "https://a.example:x", "https://.example", "https://a.example/\x01",
		"javascript:alert(1)", "HTTPS://A.EXAMPLE", "https://127.0.0.1");
}

Test(format, digits_and_separators_of_a_shape)
{
	cr_expect(digits_match("12-34", "##-##"));
	cr_expect_not(digits_match("12-3", "##-##"));
	cr_expect_not(digits_match("12-345", "##-##"));
	cr_expect_not(digits_match("12_34", "##-##"));
}

static bool is_text(const struct value *value, const void *context)
{
	return strcmp(value_text(value), context) == 0;
}

Test(value, paths_go_into_objects_and_through_lists)
{
	struct arena arena = ARENA_INIT;
	static const char *const street_keys[] = { "country" };
	static const struct value us = { .kind = VALUE_TEXT, .text = "US" }, pt = { .kind = VALUE_TEXT, .text = "PT" };
	const struct value addresses[] = {
		{ .kind = VALUE_OBJECT, .items = &us, .keys = street_keys, .count = 1 },
		{ .kind = VALUE_OBJECT, .items = &pt, .keys = street_keys, .count = 1 },
	};
	static const char *const root_keys[] = { "addresses" };
	const struct value list = { .kind = VALUE_LIST, .items = addresses, .count = 2 };
	const struct value root = { .kind = VALUE_OBJECT, .items = &list, .keys = root_keys, .count = 1 };

	cr_expect(any_value_passes(&arena, &root, "addresses[].country", is_text, "PT"));
	cr_expect(any_value_passes(&arena, &root, "addresses[].country", is_text, "US"));
	cr_expect_not(any_value_passes(&arena, &root, "addresses[].country", is_text, "BR"));
	cr_expect_not(any_value_passes(&arena, &root, "addresses.country", is_text, "PT"));
	cr_expect_not(any_value_passes(&arena, &root, "address[].country", is_text, "PT"));
	cr_expect_not(any_value_passes(&arena, &root, "addresses[", is_text, "PT"));
	cr_expect_not(any_value_passes(&arena, NULL, "addresses[].country", is_text, "PT"));
	cr_expect(any_value_passes(&arena, &list, "[].country", is_text, "PT"));
	arena_release(&arena);
}

Test(value, nothing_null_and_the_empty_text_are_empty)
{
	static const struct value null = { .kind = VALUE_NULL }, text = { .kind = VALUE_TEXT, .text = "" };
	static const struct value no = { .kind = VALUE_BOOL }, list = { .kind = VALUE_LIST };

	cr_expect(value_is_empty(NULL));
	cr_expect(value_is_empty(&null));
	cr_expect(value_is_empty(&text));
	cr_expect_not(value_is_empty(&no));
	cr_expect_not(value_is_empty(&list));
}
