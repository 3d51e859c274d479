#include "../../../src/webhook/address.h"

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>
#include <string.h>

static bool with(const char *text, bool (*ask)(const struct sockaddr *address, socklen_t length))
{
	struct sockaddr_in four = { .sin_family = AF_INET };
	struct sockaddr_in6 six = { .sin6_family = AF_INET6 };
	struct sockaddr_storage any = { 0 };
	if (inet_pton(AF_INET, text, &four.sin_addr) == 1) {
		memcpy(&any, &four, sizeof four);
		return ask((struct sockaddr *)&any, sizeof four);
	}
	cr_assert_eq(inet_pton(AF_INET6, text, &six.sin6_addr), 1, "%s", text);
	memcpy(&any, &six, sizeof six);
	return ask((struct sockaddr *)&any, sizeof six);
}

static bool plain_in_sandbox(const struct sockaddr *address, socklen_t length)
{
	struct address_policy policy = { .plain_http = true, .sandbox = true };
	return address_is_allowed(&policy, address, length);
}

static bool plain_outside(const struct sockaddr *address, socklen_t length)
{
	struct address_policy policy = { .plain_http = true, .sandbox = false };
	return address_is_allowed(&policy, address, length);
}

static bool encrypted(const struct sockaddr *address, socklen_t length)
{
	struct address_policy policy = { .plain_http = false, .sandbox = false };
	return address_is_allowed(&policy, address, length);
}

Test(address, loopback_is_known_in_all_its_forms)
{
	static const char *const loopback[] = { "127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1" };
	static const char *const other[] = {
		"126.0.0.1", "128.0.0.1", "10.0.0.1",	     "0.0.0.0", "::",
		"::2",	     "fe80::1",	  "::ffff:10.0.0.1", "8.8.8.8", "::127.0.0.1"
	};
	for (size_t i = 0; i < sizeof loopback / sizeof loopback[0]; i++)
		cr_expect(with(loopback[i], address_is_loopback), "%s", loopback[i]);
	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
		cr_expect_not(with(other[i], address_is_loopback), "%s", other[i]);
}

Test(address, plain_http_reaches_loopback_from_a_sandbox_only)
{
	cr_expect(with("127.0.0.1", plain_in_sandbox));
	cr_expect_not(with("10.0.0.1", plain_in_sandbox));
	cr_expect_not(with("8.8.8.8", plain_in_sandbox));
	cr_expect_not(with("127.0.0.1", plain_outside));
}

Test(address, https_reaches_public_addresses)
{
	cr_expect(with("8.8.8.8", encrypted));
	cr_expect(with("2001:4860:4860::8888", encrypted));
}

Test(address, a_cut_off_address_is_no_loopback)
{
	struct sockaddr_in four = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_storage any = { 0 };
	memcpy(&any, &four, sizeof four);
	cr_expect_not(address_is_loopback((struct sockaddr *)&any, 4));
	any.ss_family = AF_UNIX;
	cr_expect_not(address_is_loopback((struct sockaddr *)&any, sizeof any));
}
