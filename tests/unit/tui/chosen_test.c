/* The choice in a dialog is stored, even if the workbench proposed another. */
#include "places.h"

TestSuite(chosen, .init = places_set_up, .fini = places_tear_down, .timeout = 600);

static bool rejected_retryable(const char *reason, bool turned)
{
	begin_at(ADA, "RAL-1", "r");
	cr_assert_not_null(workbench.dialog);
	struct form *form = &workbench.dialog->form;
	form->focus = 0;
	type(reason);
	editor_set_text(&form->fields[form->field_count - 2].editor, "explained in full"); /* the note */
	form->focus = form->field_count - 1;
	cr_assert_eq(form->fields[form->focus].kind, INPUT_TOGGLE);
	if (turned)
		type(" ");
	confirm();
	cr_assert_null(workbench.dialog, "%s", screen_text());
	close_workbench();
	cr_expect_eq(sql_int(&f, "SELECT count(*) FROM session WHERE external_ref = 'RAL-1' AND status = 'rejected'"),
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

/* Clicks on the zone of this kind and index that was painted last. */
static void click(enum zone_kind kind, size_t index)
{
	for (size_t i = workbench.surface.zone_count; i-- > 0;) {
		const struct zone *zone = &workbench.surface.zones[i];
		if (zone->kind != kind || zone->index != index)
			continue;
		press((struct key){ .press = PRESS_CLICK, .row = zone->box.row, .col = zone->box.col + 1 });
		return;
	}
	cr_assert_fail("nothing to click on:\n%s", screen_text());
}

/* Clicks on the button with this label. */
static void click_button(const char *label)
{
	for (size_t index = 0; index < 2; index++)
		for (size_t i = 0; i < workbench.surface.zone_count; i++) {
			const struct zone *zone = &workbench.surface.zones[i];
			const char *row = surface_row_text(&arena, &workbench.surface, zone->box.row);
			const char *at = strstr(row, label);
			size_t col = at ? text_width_cells(row, (size_t)(at - row)) : 0;
			if (zone->kind == ZONE_BUTTON && zone->index == index && at && col >= zone->box.col &&
			    col < zone->box.col + zone->box.cols) {
				click(ZONE_BUTTON, index);
				return;
			}
		}
	cr_assert_fail("no button \"%s\":\n%s", label, screen_text());
}

static int64_t rejected_by_click(const char *label)
{
	begin_at(ADA, "RAL-1", "r");
	workbench.dialog->form.focus = 0;
	type("unsupported_country");
	click(ZONE_FIELD, 2); /* the message */
	cr_expect_eq(workbench.dialog->form.focus, 2);
	click_button(label);
	cr_expect_null(workbench.dialog, "%s", screen_text());
	close_workbench();
	return sql_int(&f, "SELECT count(*) FROM session WHERE external_ref = 'RAL-1' AND status = 'rejected'");
}

Test(chosen, the_button_that_was_clicked_on)
{
	cr_expect_eq(rejected_by_click("Esc cancel"), 0);
	cr_expect_eq(rejected_by_click("Ctrl-Y reject"), 1);
}

static const char *document_under_cursor(void)
{
	const struct grid_row *row = case_model_row(&top_case(&workbench)->model);
	return row && row->kind == ROW_DOCUMENT && !row->done ? arena_strdup(&arena, row->ref) : "";
}

/* The confirmed document is accepted, and the cursor is on the next document, as after an acceptance by one key. */
Test(chosen, the_document_of_the_dialog_is_accepted_and_the_next_one_is_selected)
{
	begin_at(ADA, WORST, "2");
	const char *first = document_under_cursor();
	cr_assert(first[0], "%s", screen_text());
	type("A");
	cr_assert(workbench.dialog && workbench.dialog->spec == &accept_dialog, "%s", screen_text());
	confirm();
	cr_assert_null(workbench.dialog, "%s", screen_text());
	const char *next = document_under_cursor();
	cr_expect(next[0] && strcmp(first, next) != 0, "%s", screen_text());
	close_workbench();
	cr_expect_str_eq(sql_text(&f,
				  "SELECT group_concat(uuid) FROM document WHERE review = 'accepted' AND session_id "
				  "= (SELECT id FROM session WHERE external_ref = '" WORST "')"),
			 first);
}
