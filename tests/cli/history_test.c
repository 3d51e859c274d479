/* show --at: a case as it was before a record of its audit log, or at a time. */
#include "box.h"

#include <stdio.h>
#include <string.h>

static void set_up(void)
{
	box_open(&box);
	box_import_person(&box, "IND-1");
}
TestSuite(history_cli, .init = set_up, .fini = box_tear_down);

/* The number of the newest record of that word. */
static const char *record_of(const char *word)
{
	static char number[32];
	const json_t *items;

	cr_assert_eq(box_json(&box, "audit", "list", "IND-1", NULL), 0, "%s", box.last.err);
	items = json_path(box.json, "data");
	for (size_t i = 0; i < json_array_size(items); i++) {
		const json_t *item = json_array_get(items, i);

		if (strcmp(json_path_text(item, "action"), word) != 0)
			continue;
		(void)snprintf(number, sizeof number, "%lld", json_path_int(item, "seq"));
		return number;
	}
	cr_assert_fail("no record %s in %s", word, box.last.out);
	return "";
}

Test(history_cli, it_is_shown_as_before_that_record)
{
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--grace", "0", NULL), 0, "%s", box.last.err);
	const char *record = record_of("session.approve");
	cr_assert_eq(box_json(&box, "show", "IND-1", "--at", record, NULL), 0, "%s", box.last.err);
	cr_expect_str_eq(json_path_text(box.json, "status"), "manual_review");
	cr_expect_str_eq(json_path_text(box.json, "as_it_stood.before.action"), "session.approve");
	cr_expect(json_is_true(json_path(box.json, "as_it_stood.there")));
	cr_assert_eq(box_run(&box, "show", "IND-1", "--at", record, NULL), 0, "%s", box.last.err);
	cr_expect(strstr(box.last.out, "before record") && strstr(box.last.out, "session.approve"), "%s",
		  box.last.out);
	cr_expect(strstr(box.last.out, "Not in the audit log"), "%s", box.last.out);
	cr_assert_eq(box_json(&box, "show", "IND-1", NULL), 0);
	cr_expect_str_eq(json_path_text(box.json, "status"), "approved");
	cr_expect_null(json_path(box.json, "as_it_stood"), "without --at nothing is said of it");
}

Test(history_cli, a_time_is_taken_too)
{
	cr_assert_eq(box_json(&box, "show", "IND-1", "--at", "2001-01-01", NULL), 0, "%s", box.last.err);
	cr_expect(json_is_false(json_path(box.json, "as_it_stood.there")));
	cr_assert_eq(box_run(&box, "show", "IND-1", "--at", "2001-01-01", NULL), 0);
	cr_expect(strstr(box.last.out, "the case did not exist yet"), "%s", box.last.out);
	cr_assert_eq(box_json(&box, "show", "IND-1", "--at", "2999-01-01", NULL), 0, "%s", box.last.err);
	cr_expect(json_is_null(json_path(box.json, "as_it_stood.before")));
}

Test(history_cli, what_is_no_moment_is_refused_in_words)
{
	static const char *const wrong[] = { "yesterday", "0", "-3", "12x", "2026-99-01", "" };

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		cr_expect_eq(box_run(&box, "show", "IND-1", "--at", wrong[i], NULL), 2, "%s: %s", wrong[i],
			     box.last.err);
		cr_expect(strstr(box.last.err, "--at needs"), "%s: %s", wrong[i], box.last.err);
	}
	cr_expect_eq(box_run(&box, "show", "IND-1", "--at", "999999", NULL), 6, "%s", box.last.err);
	cr_expect(strstr(box.last.err, "not part of this case"), "%s", box.last.err);
	cr_expect_eq(box_run(&box, "show", "IND-1", "--at", "1", "--reveal", NULL), 2, "%s", box.last.err);
}

/* The change that was made between two moments, and no other. */
Test(history_cli, two_moments_are_compared)
{
	char approved[32], noted[32];

	cr_assert_eq(box_run(&box, "note", "IND-1", "seen", NULL), 0, "%s", box.last.err);
	cr_assert_eq(box_run(&box, "approve", "IND-1", "--grace", "0", NULL), 0, "%s", box.last.err);
	(void)snprintf(noted, sizeof noted, "%s", record_of("note.add"));
	(void)snprintf(approved, sizeof approved, "%s", record_of("session.approve"));
	cr_assert_eq(box_json(&box, "show", "IND-1", "--at", noted, "--with", approved, NULL), 0, "%s",
		     box.last.out);
	cr_assert_eq(json_array_size(json_path(box.json, "changes")), 1, "%s", box.last.out);
	cr_expect_str_eq(json_path_text(box.json, "changes[0].what"), "notes");
	cr_expect_str_eq(json_path_text(box.json, "changes[0].before"), "0");
	cr_expect_str_eq(json_path_text(box.json, "changes[0].after"), "1");
	cr_expect_str_eq(json_path_text(box.json, "later.before.action"), "session.approve");
	cr_assert_eq(box_run(&box, "show", "IND-1", "--at", approved, "--with", "now", NULL), 0, "%s",
		     box.last.err);
	cr_expect(strstr(box.last.out, "in review") && strstr(box.last.out, "approved") &&
			  strstr(box.last.out, "after:  now") && !strstr(box.last.out, "notes"),
		  "%s", box.last.out);
	cr_assert_eq(box_run(&box, "show", "IND-1", "--at", approved, "--with", approved, NULL), 0);
	cr_expect(strstr(box.last.out, "no difference in the values that the audit log stores"), "%s",
		  box.last.out);
	cr_expect_eq(box_run(&box, "show", "IND-1", "--with", approved, NULL), 2);
	cr_expect(strstr(box.last.err, "--with needs --at: the earlier moment to compare with"), "%s",
		  box.last.err);
	cr_expect_eq(box_run(&box, "show", "IND-1", "--at", approved, "--with", "soon", NULL), 2);
	cr_expect(strstr(box.last.err, "--with needs the number of an audit record"), "%s", box.last.err);
}
