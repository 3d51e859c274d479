#include "kybdesk/base/error.h"
#include "support/leak.h"

#include <signal.h>
#include <string.h>

Test(error, set_returns_the_code_and_keeps_the_sentence)
{
	struct error error = { 0 };
	enum err err = error_set(&error, ERR_NOT_FOUND, "no session \"%s\"", "S-1");
	cr_expect_eq(err, ERR_NOT_FOUND);
	cr_expect_eq(error.code, ERR_NOT_FOUND);
	cr_expect_str_eq(error.message, "no session \"S-1\"");
	cr_expect_null(error.field);
	error_release(&error);
	NO_LEAKS();
}

Test(error, a_new_message_may_quote_the_one_it_replaces)
{
	struct error error = { 0 };
	(void)error_set_field(&error, ERR_INVALID, "party.name", "first");
	error_add_blocker(&error, "document_missing", "a document is missing", "passport");
	(void)error_set(&error, ERR_INTERNAL, "after %s", error.message);
	cr_expect_str_eq(error.message, "after first");
	cr_expect_null(error.field, "the old field does not belong to the new error");
	cr_expect_eq(error.blocker_count, 0);
	error_release(&error);
	NO_LEAKS();
}

Test(error, prefix_goes_before_the_sentence)
{
	struct error error = { 0 };
	(void)error_set(&error, ERR_INVALID, "bad date");
	error_prefix(&error, "line %d", 7);
	cr_expect_str_eq(error.message, "line 7: bad date");
	error_release(&error);
}

Test(error, blockers_are_kept_in_order_and_null_ref_is_empty)
{
	struct error error = { 0 };
	(void)error_set(&error, ERR_BLOCKED, "blocked");
	error_add_blocker(&error, "a", "first", "x");
	error_add_blocker(&error, "b", "second", NULL);
	cr_assert_eq(error.blocker_count, 2);
	cr_expect_str_eq(error.blockers[0].code, "a");
	cr_expect_str_eq(error.blockers[1].message, "second");
	cr_expect_str_eq(error.blockers[1].ref, "");
	error_release(&error);
	NO_LEAKS();
}

Test(error, null_is_accepted_everywhere)
{
	cr_expect_eq(error_set(NULL, ERR_STORE, "x"), ERR_STORE);
	cr_expect_eq(error_set_field(NULL, ERR_INVALID, "f", "x"), ERR_INVALID);
	error_prefix(NULL, "x");
	error_add_blocker(NULL, "a", "b", "c");
	error_release(NULL);
	struct error error = { 0 };
	(void)error_set(&error, ERR_STORE, "x");
	error_move(NULL, &error);
	cr_expect_null(error.message);
	NO_LEAKS();
}

Test(error, move_leaves_the_source_empty)
{
	struct error from = { 0 }, to = { 0 };
	(void)error_set(&to, ERR_USAGE, "old");
	(void)error_set(&from, ERR_STORE, "new");
	error_move(&to, &from);
	cr_expect_str_eq(to.message, "new");
	cr_expect_eq(to.code, ERR_STORE);
	cr_expect_eq(from.code, ERR_OK);
	cr_expect_null(from.message);
	error_release(&to);
	NO_LEAKS();
}

Test(error, names_and_exit_statuses_are_those_of_the_command_line)
{
	static const struct {
		enum err code;
		const char *name;
		int status;
	} table[] = {
		{ ERR_OK, "", 0 },
		{ ERR_INTERNAL, "internal", 1 },
		{ ERR_USAGE, "usage", 2 },
		{ ERR_PARTIAL, "partial", 3 },
		{ ERR_BLOCKED, "blocked", 4 },
		{ ERR_CONFLICT, "conflict", 5 },
		{ ERR_NOT_FOUND, "not_found", 6 },
		{ ERR_FORBIDDEN, "forbidden", 7 },
		{ ERR_STORE, "store", 8 },
		{ ERR_INVALID, "invalid", 9 },
	};
	for (size_t i = 0; i < sizeof table / sizeof table[0]; i++) {
		cr_expect_str_eq(error_code_name(table[i].code), table[i].name);
		cr_expect_eq(error_exit_status(table[i].code), table[i].status);
	}
}

Test(error, a_bug_aborts, .signal = SIGABRT)
{
	BUG("promise %d broken", 1);
}
