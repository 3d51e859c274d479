/* Names that resolve to another address each time. The program connects only to the address it has checked. */
#include "fault/cases.h"

#include <criterion/criterion.h>
#include <string.h>
#include <unistd.h>

/* Delivers one event while the name server gives these answers; returns the failures of all attempts. */
static char *deliver_with(const char *answers, unsigned attempts, bool *left_machine)
{
	static const char *const clocks[] = { "KYBDESK_TEST_NOW=+0m", "KYBDESK_TEST_NOW=+1m", "KYBDESK_TEST_NOW=+20m" };
	struct site *site = site_make();
	char *mark = site_path(site, "connected"), *asked = site_path(site, "asked");

	cases_bring(site, 1, 1);
	cases_endpoint(site, "https://fickle.example:9/hook");
	site_expect(site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	site_environment(site, test_text("KYBDESK_TEST_ANSWERS=%s", answers));
	site_environment(site, test_text("KYBDESK_TEST_MARK=%s", mark));
	site_environment(site, test_text("KYBDESK_TEST_ASKED=%s", asked));
	site_environment(site, "LD_PRELOAD=" KYB_FICKLE_RESOLVER);
	site_environment(site, test_sanitizer_options("verify_asan_link_order=0:detect_leaks=0"));
	for (unsigned i = 0; i < attempts; i++) {
		site_environment(site, clocks[i]);
		site_expect(site, 0, "webhook", "deliver", "--drain", NULL);
	}
	*left_machine = access(mark, F_OK) == 0;
	char *failures = site_rows(site, "SELECT failure FROM delivery_attempt ORDER BY id");
	site_free(site);
	return failures;
}

Test(rebind, a_name_that_becomes_a_private_address_is_not_followed)
{
	static const char *const answers[] = { "127.0.0.1;10.0.0.1;169.254.169.254",
					       "127.0.0.1;100.64.0.9;192.168.1.1" };

	for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
		bool left;
		char *failures = deliver_with(answers[i], 3, &left);
		char *second = strchr(failures, '\n');

		cr_assert(second, "%s", failures);
		cr_expect_not(left, "somebody connected to it");
		*second++ = '\0';
		/* The first attempt connected to this machine, as a sandbox may, but the port is closed. */
		cr_expect_null(strstr(failures, "public internet"), "%s", failures);
		char *third = strchr(second, '\n');
		cr_assert(third, "%s", second);
		*third++ = '\0';
		cr_expect(strstr(second, "not on the public internet"), "%s", second);
		cr_expect(strstr(third, "not on the public internet"), "%s", third);
	}
}

Test(rebind, of_several_addresses_no_closed_one_is_connected_to)
{
	bool left;
	char *failures = deliver_with("10.0.0.1,127.0.0.1,192.168.1.1,0.0.0.0", 1, &left);

	cr_expect_not(left, "somebody connected to it");
	cr_expect_str_not_empty(failures);
}
