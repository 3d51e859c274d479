/* traceparent (W3C Trace Context): a valid value is continued, an invalid value is ignored. */
#include "kybdesk/base/trace.h"

#include <criterion/criterion.h>
#include <string.h>

#define TRACE "4bf92f3577b34da6a3ce929d0e0e4736"
#define PART "00f067aa0ba902b7"

Test(trace, a_valid_one_goes_on_with_an_id_of_its_own)
{
	char next[TRACE_TEXT_SIZE], id[33];
	trace_new_parent(world_real(), "00-" TRACE "-" PART "-01", next);
	cr_expect(trace_is_valid(next), "%s", next);
	cr_expect_eq(strncmp(next, "00-" TRACE "-", 36), 0, "%s", next);
	cr_expect_neq(strncmp(next + 36, PART, 16), 0);
	cr_expect_str_eq(next + 52, "-01");
	trace_copy_id(next, id);
	cr_expect_str_eq(id, TRACE);
	/* A later version of traceparent may have more fields; unknown flags are not passed on. */
	trace_new_parent(world_real(), "cc-" TRACE "-" PART "-fe-more", next);
	cr_expect_eq(strncmp(next, "00-" TRACE "-", 36), 0, "%s", next);
	cr_expect_str_eq(next + 52, "-00");
}

Test(trace, others_are_ignored)
{
	static const char *const wrong[] = {
		"",
		"00",
		"00-" TRACE "-" PART,
		"00-" TRACE "-" PART "-0",
		"00-" TRACE "-" PART "-01-more",
		"00-" TRACE "-" PART "-01 ",
		"ff-" TRACE "-" PART "-01",
		"00-00000000000000000000000000000000-" PART "-01",
		"00-" TRACE "-0000000000000000-01",
		"00-4BF92F3577B34DA6A3CE929D0E0E4736-" PART "-01",
		"00-" TRACE "a-" PART "-01",
		"00-" TRACE "-" PART "\"-01",
		"cc-" TRACE "-" PART "-011",
	};
	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		char next[TRACE_TEXT_SIZE] = "before", id[33] = "before";
		trace_new_parent(world_real(), wrong[i], next);
		trace_copy_id(wrong[i], id);
		cr_expect_str_eq(next, "", "%s", wrong[i]);
		cr_expect_str_eq(id, "", "%s", wrong[i]);
	}
}
