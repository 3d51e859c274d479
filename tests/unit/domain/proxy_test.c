/* The client's address behind proxies is read only from trusted proxies, and only from the configured header. */
#include "kybdesk/domain/proxy.h"
#include "support/leak.h"

#include <string.h>

static void tear_down(void)
{
	NO_LEAKS();
}
TestSuite(proxy, .fini = tear_down);

static const char *client(const char *trusted, const char *peer, const char *header)
{
	static char out[INET6_ADDRSTRLEN];
	struct proxies proxies;
	cr_assert_eq(proxies_parse(trusted, &proxies, NULL), ERR_OK, "%s", trusted);
	proxies_find_client(&proxies, peer, header, out);
	return out;
}

Test(proxy, the_header_of_a_trusted_proxy_names_the_client)
{
	static const struct {
		const char *trusted, *peer, *header, *client;
	} rows[] = {
		{ "", "127.0.0.1", "198.51.100.7", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.1", "", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.1", "198.51.100.7", "198.51.100.7" },
		{ "127.0.0.1", "127.0.0.1", "198.51.100.7:40112", "198.51.100.7" },
		{ "127.0.0.1", "127.0.0.1", "[2001:db8::7]:40112", "2001:db8::7" },
		{ "127.0.0.1", "127.0.0.1", "2001:DB8:0::7", "2001:db8::7" },
		{ "127.0.0.1", "127.0.0.1", "::ffff:198.51.100.7", "198.51.100.7" },
		{ "127.0.0.1", "::ffff:127.0.0.1", "198.51.100.7", "198.51.100.7" },
		/* The proxy appends the address of its client to the header that the client sent. */
		{ "127.0.0.1", "127.0.0.1", "203.0.113.1, 198.51.100.7", "198.51.100.7" },
		{ "127.0.0.1", "198.51.100.9", "203.0.113.1", "198.51.100.9" },
		{ "127.0.0.1", "127.0.0.2", "203.0.113.1", "127.0.0.2" },
		{ "127.0.0.1", "127.0.0.1", "127.0.0.1, 198.51.100.7", "198.51.100.7" },
		/* Two proxies, one after the other. */
		{ "127.0.0.1, 10.0.0.0/8", "127.0.0.1", "203.0.113.1, 198.51.100.7 ,10.1.2.3", "198.51.100.7" },
		{ "fd00::/8", "fd00::1", "203.0.113.1", "203.0.113.1" },
		{ "10.0.0.0/9", "10.128.0.1", "203.0.113.1", "10.128.0.1" },
		{ "10.0.0.0/9", "10.127.0.1", "203.0.113.1", "203.0.113.1" },
		/* The header is read from its end up to the first non-address; the last address read is the client. */
		{ "127.0.0.1", "127.0.0.1", "198.51.100.7, unknown", "127.0.0.1" },
		{ "127.0.0.1,10.0.0.0/8", "127.0.0.1", "oops, 10.0.0.1", "10.0.0.1" },
		{ "127.0.0.1", "127.0.0.1", "198.51.100.7,", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.1", "198.51.100.7 203.0.113.1", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.1", "198.51.100.7:12:13", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.1", "[198.51.100.7]", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.1", "[2001:db8::7]x", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.1", "198.51.100.7\n", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.1", "1234567890.1234567890.1234567890.1234567890.12345678901234567890",
		  "127.0.0.1" },
		/* The word "forwarded" selects the header Forwarded. */
		{ "127.0.0.1, forwarded", "127.0.0.1", "for=198.51.100.7", "198.51.100.7" },
		{ "127.0.0.1, forwarded", "127.0.0.1",
		  "for=203.0.113.1;proto=http, proto=https; For=\"[2001:db8::7]:4711\" ;by=10.0.0.1", "2001:db8::7" },
		{ "127.0.0.1, forwarded", "127.0.0.1", "198.51.100.7", "127.0.0.1" },
		{ "127.0.0.1, forwarded", "127.0.0.1", "for=_hidden", "127.0.0.1" },
		{ "127.0.0.1, forwarded", "127.0.0.1", "for=1.2.3.4;for=198.51.100.7", "127.0.0.1" },
		{ "127.0.0.1, forwarded", "127.0.0.1", "by=198.51.100.7", "127.0.0.1" },
		{ "127.0.0.1", "127.0.0.1", "for=198.51.100.7", "127.0.0.1" },
		{ "127.0.0.1", "", "198.51.100.7", "" },
	};
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cr_expect_str_eq(client(rows[i].trusted, rows[i].peer, rows[i].header), rows[i].client, "%s | %s | %s",
				 rows[i].trusted, rows[i].peer, rows[i].header);
}

Test(proxy, a_setting_that_trusts_everybody_or_nobody_is_refused)
{
	static const char *const wrong[] = { "0.0.0.0/0x",	  "::/0",	   "10.0.0.0/33",
					     "fd00::/129",	  "proxy.example", "10.0.0",
					     "10.0.0.0/",	  "10.0.0.0/-1",   "/8",
					     "127.0.0.1;10.0.0.1" };
	struct proxies proxies;
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		cr_expect_eq(proxies_parse(wrong[i], &proxies, NULL), ERR_INVALID, "%s", wrong[i]);
	cr_expect_eq(proxies_parse("0.0.0.0/0", &proxies, NULL), ERR_INVALID, "every IPv4 address");
	char text[400];
	for (size_t i = 0; i < PROXIES_MAX + 1; i++)
		memcpy(text + 10 * i, "127.0.0.1 ", 11);
	cr_expect_eq(proxies_parse(text, &proxies, NULL), ERR_INVALID);
}

Test(proxy, one_client_owns_a_64_of_ipv6)
{
	char out[INET6_ADDRSTRLEN];
	format_network("2001:db8:1:2:3:4:5:6", out);
	cr_expect_str_eq(out, "2001:db8:1:2::");
	format_network("198.51.100.7", out);
	cr_expect_str_eq(out, "198.51.100.7");
	format_network("", out);
	cr_expect_str_eq(out, "");
}
