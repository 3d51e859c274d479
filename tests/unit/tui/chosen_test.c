/* What somebody chose in a dialog is what the store has afterwards, also where the workbench proposed something else. */
#include "places.h"

TestSuite(chosen, .init = places_open, .fini = places_close, .timeout = 600);

static void press_at(const char *ref, const char *keys, const struct person *person)
{
	const struct row row = { .command = COMMAND_OPEN, .ref = ref, .keys = keys };

	put_back();
	open_workbench(person);
	arrive_at(&row, person);
}

static bool rejected_retryable(const char *reason, bool turned)
{
	press_at("RAL-1", "r", &people[5]);
	cr_assert_not_null(workbench.dialog);
	struct form *form = &workbench.dialog->form;
	form->focus = 0;
	type(reason);
	form->focus = form->field_count - 1;
	cr_assert_eq(form->fields[form->focus].kind, INPUT_TOGGLE);
	if (turned)
		type(" ");
	confirm();
	cr_assert_null(workbench.dialog, "%s", screen_text());
	close_workbench();
	cr_expect_eq(
		sql_int(&f, "SELECT count(*) FROM session WHERE external_ref = 'RAL-1' AND status = 'rejected'"),
		1);
	return sql_int(&f, "SELECT retryable FROM session WHERE external_ref = 'RAL-1'") != 0;
}

Test(chosen, whether_the_client_may_try_again)
{
	cr_expect(rejected_retryable("missing_document", false));
	cr_expect_not(rejected_retryable("missing_document", true));
	cr_expect_not(rejected_retryable("party_rejected", false));
	cr_expect(rejected_retryable("party_rejected", true));
}
