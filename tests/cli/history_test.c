/* show --at: a case as it was before a record of its audit log, or at a time. */
#include "expect.h"

#include <stdio.h>
#include <string.h>

static void set_up(void)
{
	box_open(&box);
	box_import_person(&box, "IND-1");
}
TestSuite(history_cli, .init = set_up, .fini = box_tear_down);

/* The number of the newest audit record of this action. */
static const char *record_of(const char *word)
{
	static char number[32];
	const json_t *items;

	DONE_JSON("audit", "list", "IND-1");
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
	DONE("approve", "IND-1", "--grace", "0");
	const char *record = record_of("session.approve");
	GIVES(("show", "IND-1", "--at", record), "status: manual_review", "as_it_stood.before.action: session.approve",
	      "as_it_stood.there = true");
	TELLS(("show", "IND-1", "--at", record), "before record", "session.approve", "Not in the audit log");
	GIVES(("show", "IND-1"), "status: approved");
	SHOWS("as_it_stood is absent"); /* only --at adds as_it_stood */
}

Test(history_cli, a_time_is_taken_too)
{
	GIVES(("show", "IND-1", "--at", "2001-01-01"), "as_it_stood.there = false");
	TELLS(("show", "IND-1", "--at", "2001-01-01"), "the case did not exist yet");
	GIVES(("show", "IND-1", "--at", "2999-01-01"), "as_it_stood.before = null");
}

Test(history_cli, what_is_no_moment_is_refused_in_words)
{
	static const char *const wrong[] = { "yesterday", "0", "-3", "12x", "2026-99-01", "" };

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
		ENDS(2, "show", "IND-1", "--at", wrong[i]);
		cr_expect(strstr(box.last.err, "--at needs"), "%s: %s", wrong[i], box.last.err);
	}
	REFUSED(6, "not part of this case", "show", "IND-1", "--at", "999999");
	ENDS(2, "show", "IND-1", "--at", "1", "--reveal");
}

/* The output has only the changes that were made between the two moments. */
Test(history_cli, two_moments_are_compared)
{
	char approved[32], noted[32];

	DONE("note", "IND-1", "seen");
	DONE("approve", "IND-1", "--grace", "0");
	(void)snprintf(noted, sizeof noted, "%s", record_of("note.add"));
	(void)snprintf(approved, sizeof approved, "%s", record_of("session.approve"));
	GIVES(("show", "IND-1", "--at", noted, "--with", approved), "changes has 1", "changes[0].what: notes",
	      "changes[0].before: 0", "changes[0].after: 1", "later.before.action: session.approve");
	TELLS(("show", "IND-1", "--at", approved, "--with", "now"), "in review", "approved", "after:  now");
	PRINTS_NOT("notes");
	TELLS(("show", "IND-1", "--at", approved, "--with", approved),
	      "no difference in the values that the audit log stores");
	REFUSED(2, "--with needs --at: the earlier moment to compare with", "show", "IND-1", "--with", approved);
	REFUSED(2, "--with needs the number of an audit record", "show", "IND-1", "--at", approved, "--with", "soon");
}
