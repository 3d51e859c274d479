/*
 * Tests responses that arrive too late, and keys that close the screen or dialog that handles them.
 * Built with the address sanitizer, each test fails if the code reads freed memory.
 */
#include "../../../src/tui/screen/workbench.h"
#include "support/process.h"
#include "support/test_world.h"
#include "tui_support.h"

static struct workbench workbench;
static struct test_world world;
static const struct settings settings = { .views_path = "/nonexistent/views.json" };
static struct arena arena;
static char *folder;

/* Keeps the tests from reading the home and data folders of this machine. */
static const char *const environment[] = { "HOME=/nonexistent", "XDG_DATA_DIRS=/nonexistent", NULL };

static void set_up(void)
{
	struct error error = { 0 };
	struct desk *desk = NULL;
	char *path;
	test_world_init(&world, TEST_NOW);
	world.environment = environment;
	folder = temp_folder_make();
	char *store = temp_path(folder, "store.db");
	struct desk_options options = {
		.store_path = store, .actor = "ana", .world = &world.world, .log = { LOG_QUIET, -1 }
	};
	cr_assert_eq(desk_init(&options, true, &path, &arena, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(desk_open(&options, &desk, &error), ERR_OK, "%s", error.message);
	workbench = (struct workbench){ .world = &world.world, .options = { .world = &world.world } };
	workbench.frame.actor = "ana";
	workbench.frame.role = ROLE_LEAD;
	workbench.reasons = desk_reasons(desk);
	workbench.own_countries = desk_own_countries(desk);
	queue_init(&workbench.inbox.queue);
	views_init(&workbench.inbox.views, &settings);
	workbench.status = (struct status_line){ 0 };
	cr_assert_eq(reader_start(desk, &workbench.reader, &error), ERR_OK, "%s", error.message);
	error_release(&error);
}

static void tear_down(void)
{
	case_views_close_all(&workbench);
	cr_assert_eq(reader_stop(workbench.reader, NULL), ERR_OK);
	dialog_free(workbench.dialog);
	status_release(&workbench.status);
	queue_release(&workbench.inbox.queue);
	views_release(&workbench.inbox.views);
	marks_release(&workbench.inbox.marked_cases);
	preview_free(&workbench);
	job_free(workbench.last_counts_response);
	free(workbench.inbox.problem);
	arena_release(&arena);
	temp_folder_remove(folder);
	NO_LEAKS();
}
TestSuite(late_answer, .init = set_up, .fini = tear_down);

static void show_list(size_t count)
{
	struct job *request = queue_reload(&workbench.inbox.queue);
	workbench_receive(&workbench, list_answer(request->ticket, 0, count, false));
	job_free(request);
	cr_assert_eq(queue_row_count(&workbench.inbox.queue), count);
}

/* The desk's response to an open dialog; the caller may set an error. */
static struct job *dialog_answer_of(uint64_t ticket)
{
	struct job *job = harbour_case();
	job->kind = JOB_DIALOG;
	job->ticket = ticket;
	job->has_preview = true;
	job->preview.level_from = job->preview.level_to = job->preview.event = job->preview.merchant = "";
	return job;
}

static struct job *failed(struct job *job, enum err err, const char *message)
{
	job->status = error_set(&job->error, err, "%s", message);
	return job;
}

Test(late_answer, a_list_that_was_asked_for_before_is_dropped)
{
	struct job *first = queue_reload(&workbench.inbox.queue);
	struct job *second = queue_set_filter(&workbench.inbox.queue, "harbour");
	workbench_receive(&workbench, list_answer(first->ticket, 0, 5, false));
	cr_expect_eq(queue_row_count(&workbench.inbox.queue), 0);
	cr_expect(workbench.inbox.queue.waiting, "the later one is still awaited");
	workbench_receive(&workbench, list_answer(second->ticket, 0, 2, false));
	cr_expect_eq(queue_row_count(&workbench.inbox.queue), 2);
	job_free(first);
	job_free(second);
}

Test(late_answer, a_late_failure_says_nothing_of_the_present_list)
{
	struct job *first = queue_reload(&workbench.inbox.queue);
	struct job *second = queue_set_filter(&workbench.inbox.queue, "harbour");
	workbench_receive(&workbench, failed(list_answer(first->ticket, 0, 0, false), ERR_INTERNAL, "it broke"));
	cr_expect_null(workbench.inbox.problem);
	workbench_receive(&workbench, failed(list_answer(second->ticket, 0, 0, false), ERR_INTERNAL, "it broke"));
	cr_expect_str_eq(workbench.inbox.problem, "it broke");
	job_free(first);
	job_free(second);
}

Test(late_answer, escape_closes_a_dialog_that_still_asks)
{
	show_list(1);
	decide_open_dialog(&workbench, &approve_dialog, "", "");
	cr_assert(workbench.dialog);
	uint64_t ticket = workbench.dialog->ticket;
	struct key escape = key_press(PRESS_ESCAPE);
	decide_handle_key(&workbench, &escape);
	cr_expect_null(workbench.dialog);
	workbench_receive(&workbench, dialog_answer_of(ticket));
	cr_expect_null(workbench.dialog, "its answer opens nothing");
}

Test(late_answer, the_answer_to_a_closed_dialog_is_not_the_next_ones)
{
	show_list(2);
	decide_open_dialog(&workbench, &approve_dialog, "", "");
	uint64_t ticket = workbench.dialog->ticket;
	decide_close_dialog(&workbench);
	decide_open_dialog(&workbench, &reject_dialog, "", "");
	workbench_receive(&workbench, dialog_answer_of(ticket));
	cr_expect_eq(workbench.dialog->state, DIALOG_LOADING);
}

Test(late_answer, a_claim_for_a_closed_dialog_is_shown_in_the_list)
{
	show_list(1);
	struct job *answer = dialog_answer_of(7);
	answer->claims_case = true;
	workbench.stale_bits = 0;
	workbench_receive(&workbench, answer);
	cr_expect(workbench.stale_bits & STALE_LIST);
}

Test(late_answer, a_case_that_was_closed_is_not_read_into_the_next)
{
	case_open(&workbench, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01", "Harbour Lane", false);
	top_case(&workbench)->ticket = 4;
	struct job *answer = harbour_case();
	answer->ticket = 3;
	workbench_receive(&workbench, answer);
	cr_expect_null(case_model_view(&top_case(&workbench)->model));
	case_views_close_all(&workbench);
	answer = harbour_case();
	answer->ticket = 4;
	workbench_receive(&workbench, answer);
	cr_expect_eq(workbench.case_stack.count, 0);
}

Test(late_answer, a_preview_of_another_row_is_dropped)
{
	show_list(1);
	struct job *answer = harbour_case();
	answer->kind = JOB_PREVIEW;
	workbench_receive(&workbench, answer);
	cr_expect_null(preview_shown_view(&workbench));
	cr_expect_null(workbench.inbox.preview.model.job);
}

/* If the case is read again after a refusal, the form stays, but the response that it was made from is freed. */
Test(late_answer, what_is_marked_in_a_form_outlives_the_first_answer)
{
	decide_show_dialog(&workbench,
			   dialog_new(&corrections_dialog, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01", "Harbour Lane"));
	struct dialog *dialog = workbench.dialog;
	for (int round = 0; round < 2; round++) {
		struct job *answer = dialog_answer_of(dialog->ticket);
		struct case_file *file = &answer->view.file;
		file->step_count = 1;
		file->steps = arena_alloc_array(&answer->arena, 1, sizeof *file->steps);
		step_init(file->steps);
		file->steps->id = arena_strdup(&answer->arena, "company_info");
		workbench_receive(&workbench, answer);
		if (!round)
			job_free(dialog_make_request(dialog, next_ticket(&workbench)));
	}
	dialog->form.focus = 0;
	dialog->form.fields[0].items[0].checked = true;
	dialog->form.fields[0].typed[0] = '\0';
	struct dialog_context context = { .frame = &workbench.frame, .reasons = workbench.reasons };
	dialog->step_messages[0] = "Please look again";
	dialog_handle_edit(dialog, &context);
	struct job *job = dialog_confirm(dialog, &context);
	cr_assert(job, "%s", dialog->problem);
	cr_expect_str_eq(job->in.requests[0].step_id, "company_info");
	cr_expect_str_eq(dialog->form.fields[0].items[0].label, "company_info");
	job_free(job);
}

Test(late_answer, a_party_that_cannot_be_read_again_leaves_no_form)
{
	decide_show_dialog(&workbench,
			   dialog_new(&party_dialog, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01", "Harbour Lane"));
	struct dialog *dialog = workbench.dialog;
	struct profile profile = { 0 };
	struct job *answer = dialog_answer_of(dialog->ticket);
	answer->view.profile = &profile;
	workbench_receive(&workbench, answer);
	cr_assert(dialog->party_form);
	job_free(dialog_make_request(dialog, next_ticket(&workbench)));
	workbench_receive(&workbench, failed(dialog_answer_of(dialog->ticket), ERR_NOT_FOUND, "it is gone"));
	dialog->accepts_keys = true;
	struct key tab = key_press(PRESS_TAB);
	decide_handle_key(&workbench, &tab);
	cr_expect_eq(dialog->form.field_count, 0);
}

/* A UI action that was done closes the dialog that sent it, and no other. */
Test(late_answer, a_ui_action_closes_only_its_own_dialog)
{
	decide_show_dialog(&workbench,
			   dialog_new(&snooze_dialog, "0b0f8a52-6a55-4c53-9d3e-5f5f2b8f1a01", "Harbour Lane"));
	static const struct ui_action ui_action = { .verb = VERB_SNOOZE, .message_start = "Snoozed" };
	struct job *done = job_of_ui_action(&ui_action);
	done->name = "Another";
	done->ticket = workbench.dialog->ticket + 1000;
	workbench_receive(&workbench, done);
	cr_expect(workbench.dialog);
	done = job_of_ui_action(&ui_action);
	done->name = "Harbour Lane";
	done->ticket = workbench.dialog->ticket;
	workbench.dialog->state = DIALOG_EXECUTING;
	workbench_receive(&workbench, done);
	cr_expect_null(workbench.dialog);
}

static void take_over(const char *item)
{
	struct dialog *dialog = workbench.dialog;
	struct job *answer = dialog_answer_of(dialog->ticket);
	answer->claim_status = ERR_CONFLICT;
	answer->claim_failure_text = "bo holds this case";
	workbench_receive(&workbench, answer);
	cr_assert(workbench.dialog && workbench.dialog->spec == &take_over_dialog);
	struct dialog_context context = { .frame = &workbench.frame };
	struct job *job = dialog_confirm(workbench.dialog, &context);
	cr_assert(job);
	job->ticket = workbench.dialog->ticket;
	cr_expect_str_eq(workbench.dialog->item, item);
	workbench_receive(&workbench, job);
}

Test(late_answer, a_case_taken_over_leads_on_to_what_it_stood_in_the_way_of)
{
	workbench.frame.role = ROLE_LEAD;
	show_list(1);
	decide_open_dialog(&workbench, &corrections_dialog, "PROOF_OF_ADDRESS", "Proof of address");
	take_over("PROOF_OF_ADDRESS");
	cr_assert(workbench.dialog && workbench.dialog->spec == &corrections_dialog);
	cr_expect_str_eq(workbench.dialog->item, "PROOF_OF_ADDRESS");
	cr_expect_str_eq(workbench.dialog->item_name, "Proof of address");
}

Test(late_answer, a_case_taken_over_for_itself_opens_nothing)
{
	workbench.frame.role = ROLE_LEAD;
	show_list(1);
	decide_open_dialog(&workbench, &take_over_dialog, "", "");
	take_over("");
	cr_expect_null(workbench.dialog);
}
