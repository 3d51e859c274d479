/* The loop of the workbench: it requests stale data, paints changes, and waits. */
#include "screen/workbench.h"

#include "kybdesk/base/digest.h"
#include "kybdesk/base/confine.h"
#include "kybdesk/base/locale.h"
#include "kybdesk/tui/workbench.h"
#include "kybdesk/webhook/deliver.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define FIRST_PAINT_MS 120 /* maximum time that the first frame waits for the list */
#define SIGNAL_STATUS 128
#define SLOW_BOARD_MS 5000

struct case_screen *top_case(const struct workbench *workbench)
{
	return workbench->case_stack.count ? workbench->case_stack.cases[workbench->case_stack.count - 1] : NULL;
}

uint64_t next_ticket(struct workbench *workbench)
{
	return ++workbench->last_ticket;
}

int64_t workbench_now_ms(const struct workbench *workbench)
{
	return world_now_ms(workbench->world);
}

int64_t workbench_monotonic_ms(const struct workbench *workbench)
{
	return world_monotonic_ms(workbench->options.world);
}

/* The case that a key applies to: the open case or, if no case is open, the case under the cursor. False: none. */
static bool workbench_current_case(struct workbench *workbench, const char **id, const char **name)
{
	struct case_screen *screen = top_case(workbench);
	const struct session_item *item = screen ? NULL : queue_current_item(&workbench->inbox.queue);
	if (!screen && !item)
		return false;
	*id = screen ? screen->id : item->id;
	*name = screen ? screen->name : item->subject_name;
	return true;
}

bool workbench_current_case_or_report(struct workbench *workbench, const char **id, const char **name)
{
	if (workbench_current_case(workbench, id, name))
		return true;
	status_set(&workbench->status, STATUS_PLAIN, "No case here");
	return false;
}

static const char *current_reference(struct workbench *workbench)
{
	const struct case_screen *screen = top_case(workbench);
	const struct case_view *view = screen ? case_model_view(&screen->model) : NULL;
	const struct session_item *item = screen ? NULL : queue_current_item(&workbench->inbox.queue);
	return view ? view->file.session.external_ref : item ? item->external_ref : "";
}

void case_request(struct workbench *workbench, struct job *job, const char *id)
{
	const char *here, *name;
	job->session_id = arena_strdup(&job->arena, id);
	if (workbench_current_case(workbench, &here, &name) && !strcmp(here, id)) {
		job->name = arena_strdup(&job->arena, name);
		job->reference = arena_strdup(&job->arena, current_reference(workbench));
	}
	reader_request(workbench->reader, job);
	case_mark_touched(workbench);
}

/* Requests the board's data. A slow board is requested at most every SLOW_BOARD_MS: otherwise each change of a busy
 * store would compute the board's figures again. */
static void board_reload(struct workbench *workbench)
{
	struct board *board = workbench->boards.top;
	int64_t now = workbench_monotonic_ms(workbench), next = workbench->boards.last_read_ms + SLOW_BOARD_MS;
	workbench->boards.reread_at_ms = 0;
	if (!board)
		return;
	if (board->spec->slow && board->response && workbench->boards.last_read_ms && now < next) {
		workbench->boards.reread_at_ms = next;
		return;
	}
	workbench->boards.last_read_ms = now;
	struct job *job = job_new(JOB_BOARD);
	job->board = board->spec;
	job->in.part = arena_strdup(&job->arena, board->page->ref);
	job->ticket = board->ticket = next_ticket(workbench);
	reader_request(workbench->reader, job);
}

/* During this time after the grace time, JOB_COUNTS still checks whether a decision was held back, because the grace
 * time ends later on a host with a slower clock. */
#define CLOCK_DIFFERENCE_MAX_MS 60000

/* Makes JOB_COUNTS check whether the decisions in the undo list were held back. */
static void add_decision_watches(const struct workbench *workbench, struct job *job)
{
	const struct status_line *status = &workbench->status;
	int64_t now = workbench_now_ms(workbench);
	job->decision_watches = arena_alloc_array(&job->arena, UNDO_MAX, sizeof *job->decision_watches);
	for (size_t i = 0; i < status->undo_count; i++) {
		const struct undo_offer *undo_offer = &status->undo_offers[i];
		if (!undo_offer->version || undo_offer->is_held_back)
			continue;
		job->decision_watches[job->watch_count++] =
			(struct decision_watch){ .id = arena_strdup(&job->arena, undo_offer->id),
						 .version = undo_offer->version,
						 .is_last_check =
							 undo_offer->expires_at + CLOCK_DIFFERENCE_MAX_MS <= now };
	}
}

static void request_counts(struct workbench *workbench)
{
	const struct views *views = &workbench->inbox.views;
	struct job *job = job_new(JOB_COUNTS);
	job->ticket = workbench->inbox.views_version;
	job->view_filters = arena_alloc_array(&job->arena, views->count, sizeof *job->view_filters);
	job->view_count = views->count;
	for (size_t i = 0; i < views->count; i++)
		job->view_filters[i] = arena_strdup(&job->arena, views->items[i].filter);
	add_decision_watches(workbench, job);
	reader_request(workbench->reader, job);
}

void workbench_request_stale(struct workbench *workbench)
{
	unsigned stale_bits = workbench->stale_bits;
	struct case_screen *screen = top_case(workbench);
	/* If a search has found rows already, it continues before the list is read again; otherwise frequent
	 * changes by other users would restart it again and again. */
	unsigned later = workbench->inbox.queue.is_searching ? stale_bits & STALE_LIST : 0;
	/* The order of the requests: the open case, the list, then the counts. */
	if (stale_bits & STALE_CASE & ~later && screen) {
		struct job *job = job_new(JOB_CASE);
		job->session_id = arena_strdup(&job->arena, screen->id);
		job->reveals_data = screen->reveal_next_read;
		job->is_reload = case_is_revealed(screen) || screen->revealed;
		job->ticket = screen->ticket = next_ticket(workbench);
		screen->is_revealing |= job->reveals_data;
		screen->reveal_next_read = false;
		reader_request(workbench->reader, job);
	}
	if (stale_bits & STALE_BOARD)
		board_reload(workbench);
	if (case_request_releases(workbench)) /* the list and the counts are requested after the releases */
		stale_bits &= ~(unsigned)(STALE_LIST | STALE_COUNTS);
	if (stale_bits & STALE_LIST & ~later)
		inbox_request_list(workbench, queue_reload(&workbench->inbox.queue));
	if (stale_bits & STALE_COUNTS)
		request_counts(workbench);
	if (stale_bits & STALE_PREVIEW)
		preview_reread(workbench);
	workbench->stale_bits &= STALE_PAINT;
	workbench->stale_bits |= later;
}

static void paint_screen(struct workbench *workbench)
{
	size_t rows, cols;
	struct dialog *dialog = workbench->dialog;
	tty_get_size(workbench->tty, &rows, &cols);
	workbench_draw(workbench, rows, cols);
	tty_paint(workbench->tty, &workbench->surface);
	workbench->stale_bits &= ~(unsigned)STALE_PAINT;
	if (dialog && dialog->state == DIALOG_READY && !dialog->accepts_keys && !dialog->display_request &&
	    !workbench->help.is_open && rows >= SCREEN_ROWS_MIN && cols >= SCREEN_COLS_MIN) {
		dialog->display_request = tty_request_confirmation(workbench->tty);
		dialog->requested_ms = workbench_monotonic_ms(workbench);
	}
	tty_flush_output(workbench->tty);
	looks_note_frame(workbench);
}

/* Makes the open dialog take keys when the terminal has shown it. Keys typed before were meant for the previous
 * screen. */
static void enable_dialog_if_shown(struct workbench *workbench, bool in_time)
{
	struct dialog *dialog = unconfirmed_dialog(workbench);
	if (!dialog)
		return;
	if (!tty_is_display_confirmed(workbench->tty, dialog->display_request, in_time))
		return;
	dialog->accepts_keys = true;
	if (dialog->shows_waiting)
		workbench->stale_bits |= STALE_PAINT;
	dialog->shows_waiting = false;
}

/* Requests the data of the next case, then the release of the previous case. Call before the next key is handled,
 * since this key may claim the previous case again. */
static void send_claim_releases(struct workbench *workbench)
{
	if (workbench->case_stack.releases)
		workbench_request_stale(workbench);
}

static void handle_responses(struct workbench *workbench)
{
	struct job *response;
	while ((response = reader_take_response(workbench->reader))) {
		workbench_receive(workbench, response);
		send_claim_releases(workbench);
	}
}

/* Says that the store or the SSH agent does not answer, each second anew (spoken once), and when it answers again. */
static void report_silent_store(struct workbench *workbench)
{
	int64_t seconds = reader_silent_s(workbench->reader), before = workbench->silent_s;
	workbench->silent_s = seconds;
	if (seconds == before || (before && seconds && workbench->surface.is_spoken))
		return;
	if (seconds)
		REPORT_BAD(workbench, "The %s has not answered for %d s; %s leaves",
			   seconds < 0 ? "SSH agent" : "store", abs((int)seconds),
			   key_name_for(workbench, COMMAND_QUIT));
	else
		REPORT(workbench, "The %s answers again", before < 0 ? "SSH agent" : "store");
	workbench->stale_bits |= STALE_PAINT;
}

static void handle_keys(struct workbench *workbench)
{
	struct key key;
	while (!workbench->quit && tty_read(workbench->tty, &key)) {
		enable_dialog_if_shown(workbench, false);
		workbench_handle_key(workbench, &key);
		send_claim_releases(workbench);
		claim_renew(workbench);
	}
	viewer_update_format(workbench); /* the input may have contained replies of the terminal about pictures */
}

static bool waits_for_list(const struct workbench *workbench)
{
	return !(workbench->inbox.queue.shown_response && workbench->frame.has_counts) && !workbench->inbox.problem;
}

/* Delivers webhooks while the workbench is open: the delivery worker on its own thread. */
struct delivery_thread {
	struct deliver_worker *worker;
	pthread_t thread;
};

static void *delivery_main(void *context)
{
	struct delivery_thread *delivery = context;
	struct deliver_totals totals = { 0 };
	struct error error = { 0 };
	/* If the worker fails, the thread ends without a message: the due webhooks stay in the store, and the
	 * header shows their number. */
	if (deliver_worker_run(delivery->worker, &totals, &error))
		error_release(&error);
	return NULL;
}

static enum err delivery_start(const char *store_path, const struct world *world, struct delivery_thread **out,
			       struct error *error)
{
	struct delivery_thread *delivery = xcalloc(1, sizeof *delivery);
	struct deliver_options options = {
		.store_path = store_path, .world = world, .log = { LOG_QUIET, -1 }, .is_workbench = true
	};
	enum err err = deliver_worker_new(&options, &delivery->worker, error);
	int failed = err ? 0 : pthread_create(&delivery->thread, NULL, delivery_main, delivery);
	if (failed) {
		deliver_worker_free(delivery->worker);
		err = error_set(error, ERR_INTERNAL, "webhook delivery cannot be started: %s", strerror(failed));
	}
	if (err)
		free(delivery);
	else
		*out = delivery;
	return err;
}

static void delivery_stop(struct delivery_thread *delivery)
{
	if (!delivery)
		return;
	deliver_worker_stop(delivery->worker);
	pthread_join(delivery->thread, NULL);
	deliver_worker_free(delivery->worker);
	free(delivery);
}

/* Wakes the delivery worker; called on the reader thread. If the worker was not started yet, the webhook is not
 * lost: a starting worker looks for due webhooks. */
static void wake_delivery(void *context)
{
	struct delivery_thread *delivery = atomic_load(&((struct workbench *)context)->delivery_thread);
	if (delivery)
		deliver_worker_wake(delivery->worker);
}

/* Call at the start: reads the drafts that earlier runs of the program saved in the reviewer's file
 * (settings/drafts.h). */
static void drafts_load(struct workbench *workbench, const char *store)
{
	struct frame *frame = &workbench->frame;
	/* A demo has a temporary store, a read-only workbench saves nothing, and a session over SSH reads its
	 * drafts from the store. */
	if (frame->demo || frame->readonly || frame->is_session_program)
		return;
	workbench->drafts.path = drafts_path(&workbench->drafts.arena, workbench->options.world, store, frame->actor);
	drafts_read(&(const struct own_text){ OWN_DRAFTS, workbench->drafts.path, NULL }, workbench_now_ms(workbench),
		    &workbench->drafts.kept);
}

/* Starts the webhook delivery and reads the drafts of earlier runs. Called after the first frame, or at the first
 * key, so that the first frame does not wait for this work. */
static enum err begin_background_work(struct workbench *workbench, struct error *error)
{
	struct delivery_thread *delivery = NULL;
	if (workbench->has_begun_background_work)
		return ERR_OK;
	workbench->has_begun_background_work = true;
	drafts_load(workbench, workbench->store_path);
	enum err err = workbench->options.readonly
			       ? ERR_OK
			       : delivery_start(settings_text(workbench->options.settings, SETTING_STORE),
						workbench->options.world, &delivery, error);
	atomic_store(&workbench->delivery_thread, delivery);
	return err;
}

static enum err run(struct workbench *workbench, int *status, struct error *error)
{
	struct timers timers = { 0 };
	int64_t patience = workbench_monotonic_ms(workbench) + FIRST_PAINT_MS;
	bool first = true;
	timers_begin(workbench, &timers);
	while (!workbench->quit) {
		int ended_by = 0;
		if (workbench->stale_bits & STALE_DATA)
			workbench_request_stale(workbench);
		if (!first)
			patience = case_paint_deadline_ms(workbench);
		int64_t left = patience - workbench_monotonic_ms(workbench);
		bool hold = (first ? waits_for_list(workbench) : patience) && left > 0;
		if (workbench->stale_bits & STALE_PAINT && !hold) {
			paint_screen(workbench);
			if (first) /* asks for the cursor's position: the response shows whether the terminal reports it */
				(void)tty_request_confirmation(workbench->tty);
			first = false;
			if (workbench->case_stack.count)
				tty_query_pictures(workbench->tty);
		}
		enum err err = first ? ERR_OK : begin_background_work(workbench, error);
		if (err)
			return err;
		if (!hold)
			(void)inbox_continue_search(workbench);
		unsigned wake = tty_wait(workbench->tty, reader_fd(workbench->reader),
					 hold ? (int)left : timers_wait_ms(workbench), &ended_by);
		if (wake & TTY_ENDED) {
			*status = SIGNAL_STATUS + ended_by;
			return ERR_OK;
		}
		if (wake & (TTY_RESIZED | TTY_RESUMED)) {
			workbench->stale_bits |= STALE_PAINT;
			viewer_update_format(workbench);
			if (workbench->dialog)
				dialog_block_keys(workbench->dialog);
		}
		if (wake & TTY_OTHER) {
			report_silent_store(workbench);
			handle_responses(workbench);
		}
		if (wake & TTY_INPUT) {
			if ((err = begin_background_work(workbench, error)))
				return err;
			handle_keys(workbench);
		}
		enable_dialog_if_shown(workbench, true);
		timers_run_due(workbench, &timers);
	}
	return ERR_OK;
}

/* As drafts_load(), but for a session over SSH: reads the drafts from the store. */
static void drafts_load_session(struct workbench *workbench, const struct own_text_store *store)
{
	if (workbench->frame.readonly)
		return;
	workbench->drafts.path = "";
	drafts_read(&(const struct own_text){ OWN_DRAFTS, "", store }, workbench_now_ms(workbench),
		    &workbench->drafts.kept);
}

/* Reads the user's views and drafts from the store. Call it before reader_start(), after which only the reader
 * thread uses the desk. */
static void ssh_session_prepare(struct workbench *workbench, struct desk *desk)
{
	struct own_text_store store = own_texts_of(desk);
	struct error error = { 0 };
	if (store.get(store.context, OWN_VIEWS, &workbench->inbox.own_views_text, &error))
		own_files_add_fault(workbench, error.message);
	drafts_load_session(workbench, &store);
	error_release(&error);
}

/* Reports a fault in the user's own files in the status line; the help lists all faults. */
static void report_own_files(struct workbench *workbench)
{
	views_prepare(workbench);
	if (workbench->own_settings.fault_count == 1)
		REPORT_BAD(workbench, "%s", workbench->own_settings.faults[0]);
	else if (workbench->own_settings.fault_count)
		REPORT_BAD(workbench, "Your own files have %zu mistakes, %s lists them. %s",
			   workbench->own_settings.fault_count, key_name_for(workbench, COMMAND_HELP),
			   workbench->own_settings.faults[0]);
	const char *viewers = confine_missing_packages(&workbench->scratch), *cage = confine_missing();
	if (*viewers && !workbench->own_settings.fault_count)
		REPORT_BAD(workbench, "Some documents cannot be shown here; an administrator installs: %s", viewers);
	else if (*cage && !workbench->own_settings.fault_count)
		REPORT_BAD(workbench, "Programs that show documents are not confined here: %s is missing", cage);
}

static void workbench_prepare(struct workbench *workbench, struct desk *desk)
{
	struct frame *frame = &workbench->frame;
	workbench->world = desk_is_sandbox(desk) ? world_sandbox() : workbench->options.world;
	frame->actor = xstrdup(desk_actor(desk));
	frame->role = desk_role(desk);
	frame->sandbox = desk_is_sandbox(desk);
	frame->readonly = desk_is_readonly(desk);
	frame->demo = workbench->options.demo;
	workbench->tour.is_active = workbench->options.tour;
	const char *home = world_environment(workbench->options.world, "HOME");
	const char *line = world_environment(workbench->options.world, "SSH_CONNECTION");
	frame->home = home ? home : "";
	frame->is_session_program = workbench->options.world->is_ssh_session;
	frame->is_remote_user = frame->is_session_program || (line && line[0]);
	frame->clock_offset_minutes = world_local_offset_minutes(workbench_now_ms(workbench));
	workbench->reasons = desk_reasons(desk);
	workbench->own_countries = desk_own_countries(desk);
	const struct settings *settings = workbench->options.settings;
	workbench->next_after_decision = settings_bool(settings, SETTING_NEXT_AFTER_DECISION);
	workbench->single_keys = settings_bool(settings, SETTING_SINGLE_KEYS);
	desk_set_grace(desk, settings_number(settings, SETTING_GRACE_SECONDS));
	if (frame->demo) {
		const char *help = key_name_for(workbench, COMMAND_HELP);
		status_set(&workbench->status, STATUS_PLAIN,
			   "A demo on a temporary store: try anything. Enter opens a case, %s shows every key", help);
		workbench->status.short_text = xstrdup(arena_printf(
			&workbench->scratch, "A demo: try anything. Enter opens a case, %s shows every key", help));
	}
	if (frame->is_session_program)
		ssh_session_prepare(workbench, desk);
	report_own_files(workbench);
	/* Said once: over SSH the zone is the server's unless the reviewer sends another (docs/own-files.md). */
	if (frame->is_session_program && !workbench->status.text)
		REPORT_GOOD(workbench, "Times are in UTC%+03d:%02d; set another zone with: config set time_zone",
			    frame->clock_offset_minutes / 60, abs(frame->clock_offset_minutes) % 60);
	external_open_prepare(workbench);
	workbench->inbox.queue.marked_cases = &workbench->inbox.marked_cases;
}

static enum err workbench_release(struct workbench *workbench, struct error *error)
{
	if (workbench->reader) {
		/* Saves unfinished texts, since the program may end because the connection was lost */
		drafts_save_open_texts(workbench);
		if (workbench->dialog && workbench->dialog->state == DIALOG_READY)
			decide_release_claim(workbench, workbench->dialog);
		stash_clear(workbench);
		case_views_close_all(workbench);
		(void)case_request_releases(workbench);
	}
	enum err err = reader_stop(workbench->reader, error);
	delivery_stop(workbench->delivery_thread);
	dialog_free(workbench->dialog);
	drafts_forget(workbench, NULL);
	drafts_release(&workbench->drafts.kept);
	strbuf_release(&workbench->inbox.own_views_text);
	arena_release(&workbench->drafts.arena);
	arena_release(&workbench->scratch);
	free(workbench->drafts.note);
	visits_release(&workbench->visits);
	prompt_close(&workbench->prompt);
	palette_close(workbench);
	typing_end(workbench);
	prompt_history_release(&workbench->prompt_history);
	status_release(&workbench->status);
	queue_release(&workbench->inbox.queue);
	views_release(&workbench->inbox.views);
	marks_release(&workbench->inbox.marked_cases);
	board_free(workbench->boards.top);
	preview_free(workbench);
	job_free(workbench->last_counts_response);
	free(workbench->inbox.problem);
	free((char *)workbench->frame.actor);
	external_open_release(workbench);
	surface_release(&workbench->surface);
	return err;
}

/* Runs on a thread of its own: at the first hash, libcrypto looks up its algorithms, which takes a millisecond or
 * more. */
static void *warm_up_hash(void *context)
{
	uint8_t hash[SHA256_SIZE];

	sha256_hash("", 0, hash);
	return context;
}

int workbench_run(const struct workbench_options *options, struct error *error)
{
	struct workbench workbench = { .options = *options, .world = options->world };
	struct desk *desk = NULL;
	struct theme_result theme;
	sigset_t signals;
	pthread_t hasher;
	int status = 0;
	surface_init(&workbench.surface, TEXT_ASCII);
	queue_init(&workbench.inbox.queue);
	strbuf_init(&workbench.inbox.own_views_text);
	tty_block_signals(&signals);
	bool hashes = !pthread_create(&hasher, NULL, warm_up_hash, NULL);
	struct desk_options desk_options = { .store_path = settings_text(options->settings, SETTING_STORE),
					     .actor = settings_text_if_set(options->settings, SETTING_REVIEWER),
					     .readonly = options->readonly,
					     .world = options->world,
					     .log = { LOG_QUIET, -1 },
					     .process = "kybdesk workbench",
					     .on_event = wake_delivery,
					     .context = &workbench };
	enum err err = own_files_read(&workbench, &theme, error);
	if (!err)
		err = desk_open(&desk_options, &desk, error);
	if (err)
		goto out;
	workbench_prepare(&workbench, desk);
	workbench.store_path = desk_store_path(desk);
	err = reader_start(desk, &workbench.reader, error);
	if (err)
		goto out;
	desk = NULL;
	/* The reader thread reads the first list while this thread sets up the terminal. */
	workbench.stale_bits = STALE_COUNTS | STALE_LIST | STALE_PAINT;
	workbench_request_stale(&workbench);
	struct tty_options tty_options = { .theme = theme.theme,
					   .world = options->world,
					   .no_color = !settings_bool(options->settings, SETTING_COLOR),
					   .links = !workbench.frame.sandbox,
					   .pictures = settings_bool(options->settings, SETTING_PICTURES),
					   .is_remote_user = workbench.frame.is_remote_user,
					   .mouse = settings_bool(options->settings, SETTING_MOUSE),
					   .linear = settings_bool(options->settings, SETTING_ACCESSIBLE) };
	err = tty_open(&tty_options, &workbench.tty, error);
	if (err)
		goto out;
	workbench.frame.mode = text_mode_of_locale();
	surface_init(&workbench.surface, workbench.frame.mode);
	workbench.surface.is_spoken = tty_options.linear;
	err = run(&workbench, &status, error);
out:
	/* Waits for the thread, since libcrypto releases its memory at exit even if a thread still uses it. */
	if (hashes)
		(void)pthread_join(hasher, NULL);
	tty_close(workbench.tty);
	struct error unsaved = { 0 };
	if (workbench_release(&workbench, &unsaved) && !err) {
		err = unsaved.code;
		*error = unsaved;
	} else {
		error_release(&unsaved);
	}
	desk_close(desk);
	own_files_release(&workbench);
	pthread_sigmask(SIG_SETMASK, &signals, NULL);
	return err ? error_exit_status(err) : status;
}
