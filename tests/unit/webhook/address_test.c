#include "kybdesk/domain/address.h"

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
	struct address_policy policy = { .uses_plain_http = true, .sandbox = true };
	return address_is_allowed(&policy, address, length);
}

static bool plain_outside(const struct sockaddr *address, socklen_t length)
{
	struct address_policy policy = { .uses_plain_http = true, .sandbox = false };
	return address_is_allowed(&policy, address, length);
}

static bool encrypted(const struct sockaddr *address, socklen_t length)
{
	struct address_policy policy = { .uses_plain_http = false, .sandbox = false };
	return address_is_allowed(&policy, address, length);
}

Test(address, loopback_is_known_in_all_its_forms)
{
	static const char *const loopback[] = { "127.0.0.1", "127.255.255.254", "::1", "::ffff:127.0.0.1" };
	static const char *const other[] = { "126.0.0.1", "128.0.0.1", "10.0.0.1",	  "0.0.0.0", "::",
					     "::2",	  "fe80::1",   "::ffff:10.0.0.1", "8.8.8.8", "::127.0.0.1" };
	for (size_t i = 0; i < sizeof loopback / sizeof loopback[0]; i++)
		cr_expect(with(loopback[i], plain_in_sandbox), "%s", loopback[i]);
	for (size_t i = 0; i < sizeof other / sizeof other[0]; i++)
		cr_expect_not(with(other[i], plain_in_sandbox), "%s", other[i]);
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
	cr_expect_not(plain_in_sandbox((struct sockaddr *)&any, 4));
	any.ss_family = AF_UNIX;
	cr_expect_not(plain_in_sandbox((struct sockaddr *)&any, sizeof any));
}

static bool encrypted_in_sandbox(const struct sockaddr *address, socklen_t length)
{
	struct address_policy policy = { .uses_plain_http = false, .sandbox = true };
	return address_is_allowed(&policy, address, length);
}

Test(address, https_reaches_nothing_that_is_not_public)
{
	static const char *const closed[] = {
		"0.0.0.0",
		"0.255.255.255",
		"10.0.0.0",
		"10.255.255.255",
		"100.64.0.0",
		"100.127.255.255",
		"127.0.0.1",
		"169.254.169.254",
		"172.16.0.0",
		"172.31.255.255",
		"192.0.0.1",
		"192.168.0.0",
		"192.168.255.255",
		"198.18.0.0",
		"198.19.255.255",
		"224.0.0.1",
		"239.255.255.255",
		"240.0.0.1",
		"255.255.255.255",
		"::",
		"::1",
		"::127.0.0.1",
		"::ffff:10.0.0.1",
		"::ffff:8.8.8.8",
		"64:ff9b::a00:1",
		"2001::1",
		"2002:a00:1::",
		"fc00::1",
		"fdff::1",
		"fe80::1",
		"febf::1",
		"fec0::1",
		"ff02::1",
		"2001:db8::1",
		"fd00:ec2::254",
		/* documentation, 6to4 relays (deprecated), benchmarking, discard, segment routing, local NAT64 */
		"192.0.2.1",
		"198.51.100.1",
		"203.0.113.1",
		"192.88.99.1",
		"192.0.0.170",
		"2001:2::1",
		"2001:20::1",
		"3fff::1",
		"100::1",
		"5f00::1",
		"64:ff9b:1::1",
		"::10.0.0.1",
		"ff0e::1",
		/* IPv4-translated (RFC 6145); unassigned blocks */
		"::ffff:0:127.0.0.1",
		"::ffff:0:8.8.8.8",
		"::1:0:0:1",
		"200::1",
		"400::1",
		"1fff:ffff::1",
		"4000::1",
		"8000::1",
		"e000::1",
		"fe00::1",
	};
	for (size_t i = 0; i < sizeof closed / sizeof *closed; i++)
		cr_expect_not(with(closed[i], encrypted), "%s", closed[i]);
}

Test(address, neighbours_of_closed_ranges_are_public)
{
	static const char *const open[] = {
		"1.0.0.0",     "9.255.255.255",	  "11.0.0.0",	 "100.63.255.255",  "100.128.0.0", "126.255.255.255",
		"128.0.0.0",   "169.253.255.255", "169.255.0.0", "172.15.255.255",  "172.32.0.0",  "192.167.255.255",
		"192.169.0.0", "198.17.255.255",  "198.20.0.0",	 "223.255.255.255", "2600::1",	   "2001:200::1",
		"2003::1",     "2a00::1",	  "2000::1",	 "3ffe::1",
	};
	for (size_t i = 0; i < sizeof open / sizeof *open; i++)
		cr_expect(with(open[i], encrypted), "%s", open[i]);
}

Test(address, a_sandbox_reaches_loopback_over_https_too_and_no_other_closed_address)
{
	cr_expect(with("127.0.0.1", encrypted_in_sandbox));
	cr_expect(with("::1", encrypted_in_sandbox));
	cr_expect_not(with("10.0.0.1", encrypted_in_sandbox));
	cr_expect_not(with("169.254.169.254", encrypted_in_sandbox));
	cr_expect(with("8.8.8.8", encrypted_in_sandbox));
}
