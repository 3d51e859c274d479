/* Work that is due at a certain time: how long the loop may wait for input, and what to do when the time has come. */
#include "workbench.h"

#include <string.h>

#define MINUTE_MS 60000
#define BULK_PAINT_MS 250
/* If the terminal has not confirmed the display of a dialog after this time, the button says that the dialog waits. */
#define WAITING_SHOWN_MS 500

void claim_renew(struct workbench *workbench)
{
	struct case_screen *screen = top_case(workbench);
	const struct case_view *view = screen ? case_model_view(&screen->model) : NULL;
	int64_t now = workbench_monotonic_ms(workbench);
	if (!view || strcmp(view->holder, workbench->frame.actor) || workbench->frame.readonly ||
	    now - workbench->case_stack.claim_renewed_ms < MINUTE_MS)
		return;
	workbench->case_stack.claim_renewed_ms = now;
	struct job *job = job_new(JOB_TOUCH_CLAIM);
	job->session_id = arena_strdup(&job->arena, screen->id);
	reader_request(workbench->reader, job);
}

static void mark_board_stale(struct workbench *workbench)
{
	workbench->stale_bits |= STALE_BOARD;
}

/* One timer: the member of the workbench with its due time (monotonic; 0: not scheduled), and the function to call
 * at this time. */
#define TIMER(member, due)                                                                                             \
	{                                                                                                              \
		offsetof(struct workbench, member), due                                                                \
	}
static const struct {
	size_t member;
	void (*due)(struct workbench *workbench);
} moments[] = {
	TIMER(inbox.preview.read_at_ms, preview_read),	       TIMER(inbox.preview.show_at_ms, preview_show),
	TIMER(inbox.preview.reread_at_ms, preview_mark_stale), TIMER(case_stack.preview_due_ms, case_update_preview),
	TIMER(drafts.save_at_ms, drafts_save_open_texts),      TIMER(boards.reread_at_ms, mark_board_stale),
	TIMER(inbox.typing.apply_at_ms, apply_typed_filter),   TIMER(stash.until_ms, stash_clear)
};
#define TIMER_COUNT (sizeof moments / sizeof moments[0])

static int64_t timer_due_ms(const struct workbench *workbench, size_t at)
{
	return *(const int64_t *)(const void *)((const char *)workbench + moments[at].member);
}

static int64_t earliest_ms(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

struct dialog *unconfirmed_dialog(const struct workbench *workbench)
{
	struct dialog *dialog = workbench->dialog;
	return dialog && dialog->display_request && !dialog->accepts_keys ? dialog : NULL;
}

static bool is_bulk_running(const struct workbench *workbench)
{
	const struct dialog *dialog = workbench->dialog;
	return dialog && dialog->bulk && dialog->state == DIALOG_EXECUTING;
}

int timers_wait_ms(const struct workbench *workbench)
{
	int64_t now = workbench_now_ms(workbench), monotonic = workbench_monotonic_ms(workbench);
	int64_t wait = MINUTE_MS - now % MINUTE_MS;
	if (status_undo_seconds(&workbench->status, now))
		wait = earliest_ms(wait,
				   (status_latest_undo(&workbench->status, now)->expires_at - now - 1) % 1000 + 1);
	for (size_t i = 0; i < TIMER_COUNT; i++)
		if (timer_due_ms(workbench, i))
			wait = earliest_ms(wait, timer_due_ms(workbench, i) - monotonic);
	const struct dialog *unshown = unconfirmed_dialog(workbench);
	if (unshown)
		wait = earliest_ms(wait, tty_confirmation_due_ms(workbench->tty) - monotonic);
	if (unshown && !unshown->shows_waiting)
		wait = earliest_ms(wait, unshown->requested_ms + WAITING_SHOWN_MS - monotonic);
	if (is_bulk_running(workbench))
		wait = earliest_ms(wait, BULK_PAINT_MS);
	if (workbench->inbox.queue.waiting && !workbench->inbox.view.is_reading_slow)
		wait = earliest_ms(wait, workbench->inbox.requested_ms + SLOW_LIST_MS - monotonic);
	return wait < 0 ? 0 : (int)wait;
}

void timers_begin(const struct workbench *workbench, struct timers *timers)
{
	*timers = (struct timers){ .minute = workbench_now_ms(workbench) / MINUTE_MS };
}

void timers_run_due(struct workbench *workbench, struct timers *timers)
{
	int64_t now = workbench_now_ms(workbench), monotonic = workbench_monotonic_ms(workbench);
	int64_t seconds = status_undo_seconds(&workbench->status, now);
	if (!workbench->surface.is_spoken && (now / MINUTE_MS != timers->minute || seconds != timers->undo_seconds))
		workbench->stale_bits |= STALE_PAINT;
	if (timers->undo_seconds && !seconds)
		workbench->stale_bits |= STALE_COUNTS | STALE_CASE;
	if (is_bulk_running(workbench))
		/* Shows the progress of the change; the terminal gets only the cells that changed */
		workbench->stale_bits |= STALE_PAINT;
	timers->minute = now / MINUTE_MS;
	timers->undo_seconds = seconds;
	for (size_t i = 0; i < TIMER_COUNT; i++)
		if (timer_due_ms(workbench, i) && monotonic >= timer_due_ms(workbench, i))
			moments[i].due(workbench);
	struct dialog *unshown = unconfirmed_dialog(workbench);
	if (unshown && !unshown->shows_waiting && monotonic - unshown->requested_ms >= WAITING_SHOWN_MS) {
		unshown->shows_waiting = true;
		workbench->stale_bits |= STALE_PAINT;
	}
	if (workbench->inbox.queue.waiting && !workbench->inbox.view.is_reading_slow &&
	    monotonic - workbench->inbox.requested_ms >= SLOW_LIST_MS) {
		workbench->inbox.view.is_reading_slow = true;
		workbench->stale_bits |= STALE_PAINT;
	}
}
