/* The program ends without waiting for the network. */
#include "fault/cases.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <unistd.h>

TestSuite(leave, .fini = site_tear_down);

/* The test's name server needs ten minutes for a response. */
Test(leave, a_worker_that_is_told_to_end_does_not_wait_for_a_name_server)
{
	struct site *site = site_make();
	char *mark = site_path(site, "asked");
	struct process_result result;
	struct process *worker;
	int waited = 0;

	cases_bring(site, 1, 1);
	cases_endpoint(site, "https://slow.example/hook");
	site_expect(site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	site_environment(site, test_text("KYBDESK_TEST_MARK=%s", mark));
	site_environment(site, "LD_PRELOAD=" KYB_SLOW_RESOLVER);
	site_environment(site, test_sanitizer_options("verify_asan_link_order=0:detect_leaks=0"));
	worker = site_start(site, "webhook", "deliver", NULL);
	while (access(mark, F_OK) != 0 && waited++ < 20000)
		test_sleep_ms(1);
	cr_assert_eq(access(mark, F_OK), 0, "no name was asked for");
	process_signal(worker, SIGTERM);
	cr_assert(process_wait(worker, 60000, &result), "it waits for the name server");
	process_free(worker);
}
