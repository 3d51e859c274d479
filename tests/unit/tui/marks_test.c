/* Tests the marked cases, and a change of several cases while the program ends. */
#include "../../../src/tui/jobs/reader.h"
#include "model/marks.h"
#include "tui_support.h"

#include <stdio.h>

static struct marks marks;

static bool mark(int number)
{
	char id[UUID_TEXT_SIZE];
	(void)snprintf(id, sizeof id, "id-%d", number);
	return marks_add(&marks, id, "Ines", "");
}

Test(marks, stay_in_the_order_of_marking_and_are_marked_once)
{
	cr_expect(mark(2) && mark(1) && mark(2));
	cr_assert_eq(marks.count, 2);
	cr_expect_str_eq(marks.items[0].id, "id-2");
	cr_expect(marks_have(&marks, "id-1"));
	marks_drop(&marks, "id-2");
	marks_drop(&marks, "id-7");
	cr_assert_eq(marks.count, 1);
	cr_expect_str_eq(marks.items[0].id, "id-1");
	marks_release(&marks);
	cr_expect_not(marks_have(&marks, "id-1"));
	NO_LEAKS();
}

Test(marks, are_a_thousand_at_most)
{
	for (int i = 0; i < MARKS_MAX; i++)
		cr_assert(mark(i));
	cr_expect_not(mark(MARKS_MAX));
	cr_expect(mark(7), "one that is marked stays so");
	cr_expect_eq(marks.count, MARKS_MAX);
	marks_release(&marks);
	NO_LEAKS();
}

Test(marks, what_is_no_id_is_not_marked)
{
	char id[UUID_TEXT_SIZE + 1];
	memset(id, 'a', sizeof id);
	id[UUID_TEXT_SIZE] = '\0';
	cr_expect_not(marks_add(&marks, id, "Ines", ""), "it would not fit");
	id[UUID_TEXT_SIZE - 1] = '\0';
	cr_expect(marks_add(&marks, id, "Ines", ""));
	cr_expect_str_eq(marks.items[0].id, id);
	marks_release(&marks);
	NO_LEAKS();
}

/* The desk is NULL, because no change is begun when the program is ending. */
Test(marks, what_was_not_begun_when_the_program_ends_is_left)
{
	struct error error = { 0 };
	const _Atomic bool leaving = true;
	struct bulk_case one = { .id = "id-1", .name = "Ines", .reference = "", .refusal_reason = "" };
	struct job *job = job_new(JOB_UI_ACTION);
	job->bulk = &(struct bulk){ .verb = VERB_CLAIM, .message_end = "claimed", .cases = &one, .count = 1 };
	job->stop_flag = &leaving;
	cr_expect_eq(bulk_cases_run(NULL, job, false, &error), ERR_OK);
	cr_expect_eq(job->bulk->tried_count, 0);
	job_free(job);
	NO_LEAKS();
}
