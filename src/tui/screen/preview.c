/* The preview of the case under the cursor of the list. When the cursor has not moved for READ_DELAY_MS, the case is
 * read, so that it is painted at once if the reviewer opens it. When the cursor has not moved for PREVIEW_PAUSE_MS,
 * the case is shown next to the list, if the screen is wide enough. After the first frame of an opened case, the
 * case is read again, since another user may have changed it after the preview. */
#include "workbench.h"

#include <string.h>

#define READ_DELAY_MS 50 /* longer than the interval in which a pressed key repeats */

static void clear_preview(struct preview *preview)
{
	case_model_release(&preview->model);
	preview->id[0] = '\0';
}

void preview_schedule(struct workbench *workbench)
{
	struct preview *preview = &workbench->inbox.preview;
	const struct session_item *item = queue_current_item(&workbench->inbox.queue);
	if (!item || !strcmp(item->id, preview->id))
		return;
	int64_t now = workbench_monotonic_ms(workbench);
	preview->read_at_ms = now + READ_DELAY_MS;
	preview->show_at_ms = now + PREVIEW_PAUSE_MS;
}

void preview_reread(struct workbench *workbench)
{
	clear_preview(&workbench->inbox.preview);
	preview_schedule(workbench);
}

void preview_read(struct workbench *workbench)
{
	struct preview *preview = &workbench->inbox.preview;
	preview->read_at_ms = 0;
	const struct session_item *item = queue_current_item(&workbench->inbox.queue);
	clear_preview(preview);
	if (!item || (workbench->case_stack.count && top_screen(workbench) != &list_screen))
		return;
	struct job *job = job_new(JOB_PREVIEW);
	job->session_id = arena_strdup(&job->arena, item->id);
	memcpy(preview->id, item->id, strlen(item->id) + 1);
	reader_request(workbench->reader, job);
}

static void show_preview_model(struct workbench *workbench)
{
	struct preview *preview = &workbench->inbox.preview;
	job_free(preview->shown_response);
	preview->shown_response = preview->model.job;
	preview->shown_response->extra_owner_count++;
	workbench->stale_bits |= STALE_PAINT;
}

void preview_show(struct workbench *workbench)
{
	workbench->inbox.preview.show_at_ms = 0;
	if (workbench->inbox.preview.model.job)
		show_preview_model(workbench);
}

void preview_mark_stale(struct workbench *workbench)
{
	workbench->inbox.preview.reread_at_ms = 0;
	workbench->stale_bits |= STALE_CASE;
}

bool preview_receive(struct workbench *workbench, struct job *response)
{
	struct preview *preview = &workbench->inbox.preview;
	if (response->status || strcmp(preview->id, response->view.file.session.id) != 0)
		return false;
	case_model_release(&preview->model);
	case_model_init(&preview->model);
	case_model_take_response(&preview->model, response, &workbench->frame);
	case_model_set_panes(&preview->model, case_panes(workbench->surface.cols).detail_cols > 0);
	if (preview->model.has_third_pane)
		case_model_update_preview(&preview->model, &workbench->frame);
	if (!preview->show_at_ms)
		show_preview_model(workbench);
	return true;
}

const struct case_view *preview_shown_view(const struct workbench *workbench)
{
	return workbench->inbox.preview.shown_response ? &workbench->inbox.preview.shown_response->view : NULL;
}

void preview_free(struct workbench *workbench)
{
	clear_preview(&workbench->inbox.preview);
	job_free(workbench->inbox.preview.shown_response);
}
