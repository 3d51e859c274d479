/*
 * The workbench's reader and converter under the thread sanitizer, with a desk that does nothing: requests, cancels,
 * wakes and stops as in the drawing thread, in varying order. tests/threads runs it, and runs it again built with the
 * reader's lock taken out (PLANTED), which the sanitizer must detect.
 */
#include "kybdesk/base/resource.h"
#include "kybdesk/settings/drafts.h"
#include "jobs/convert.h"
#include "jobs/reader.h"

#include <poll.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROUNDS 12
#define ASKED_EACH 60
#define PATIENCE_MS 30000

const struct resource resource_table[1];
const size_t resource_count = 0;

/* --- the desk and its store --- */

const struct use_case use_cases[VERB_COUNT];

struct desk {
	_Atomic int64_t version;
	_Atomic bool interrupted;
	_Atomic unsigned done, acts, maintained;
};
static struct desk desk;

int64_t desk_data_version(struct desk *of)
{
	return atomic_load(&of->version);
}
void desk_maintain(struct desk *of)
{
	atomic_fetch_add(&of->maintained, 1);
}
void desk_interrupt(struct desk *of)
{
	atomic_store(&of->interrupted, true);
}
void desk_close(struct desk *of)
{
	atomic_store(&of->version, 0);
}

/* Copies nothing: no drafts are saved here. */
struct saved_draft *saved_draft_copy(struct arena *arena, const struct saved_draft *draft)
{
	(void)arena;
	(void)draft;
	return NULL;
}

static void work_takes_its_time(void)
{
	for (int i = 0; i < 20 && !atomic_exchange(&desk.interrupted, false); i++)
		(void)usleep(50);
}

void job_do(struct desk *of, struct own_changes *own, struct job *job)
{
	unsigned number = atomic_fetch_add(&of->done, 1);
	job->reference = arena_printf(&job->arena, "%u", number);
	if (job->kind >= JOB_UI_ACTION)
		atomic_fetch_add(&of->acts, 1);
	if (!*job->stop_flag)
		work_takes_its_time();
	job->total = (int64_t)strlen(job->reference);
	own->to++;
	job->partial = job->kind == JOB_LIST && number % 3; /* if partial, another response follows */
}
void desk_search_end(struct list_search *search)
{
	(void)search;
}
void convert_scan(const struct world *world, struct job *scan, int cancel_fd)
{
	struct pollfd item = { .fd = cancel_fd, .events = POLLIN };
	(void)world;
	(void)poll(&item, 1, 1);
	scan->total = (int64_t)strlen(scan->reference);
}
/* Every second document gets two responses. */
struct job *convert_document(const struct world *world, struct job *job, int cancel_fd)
{
	static unsigned documents;
	struct job *scan = ++documents % 2 ? job_new(JOB_DOCUMENT) : NULL;
	if (scan)
		scan->reference = arena_strdup(&scan->arena, job->reference);
	convert_scan(world, job, cancel_fd);
	return scan;
}

/* --- the drawing thread --- */

static unsigned asked, acts, answered, changes;

static void take_answers(struct reader *reader)
{
	for (struct job *job; (job = reader_take_response(reader));) {
		if (job->kind == JOB_STORE_CHANGED)
			changes++;
		else if (job->total > 0 && strlen(job->reference) == (size_t)job->total)
			answered++;
		else
			(void)fprintf(stderr, "half an answer\n"), exit(1);
		job_free(job);
	}
}

static void wait_for(struct reader *reader, int ms)
{
	struct pollfd item = { .fd = reader_fd(reader), .events = POLLIN };
	(void)poll(&item, 1, ms);
	take_answers(reader);
}

static void one_round(unsigned seed)
{
	static const enum job_kind kinds[] = { JOB_LIST,      JOB_CASE,	  JOB_COUNTS,	JOB_DOCUMENT,	JOB_PREVIEW,
					       JOB_UI_ACTION, JOB_DIALOG, JOB_DOCUMENT, JOB_TOUCH_CLAIM };
	struct reader *reader = NULL;
	struct error error = { 0 };
	if (reader_start(&desk, &reader, &error))
		exit(1);
	for (unsigned i = 0; i < ASKED_EACH; i++) {
		seed = seed * 1103515245 + 12345;
		enum job_kind kind = kinds[(seed >> 16) % (sizeof kinds / sizeof *kinds)];
		/* A pending action is neither replaced nor dropped, even if the reader is stopped. */
		if ((seed >> 8) % 7 == 0 && kind < JOB_UI_ACTION) {
			reader_cancel(reader, kind);
		} else {
			reader_request(reader, job_new(kind));
			asked++;
			acts += kind >= JOB_UI_ACTION;
		}
		if ((seed >> 4) % 3 == 0)
			wait_for(reader, (int)(seed >> 24) % 3);
		if ((seed >> 12) % 16 == 0)
			atomic_fetch_add(&desk.version, 1);
	}
	/* An idle reader notices a colleague's change. */
	unsigned seen = changes;
	for (int waited = 0; seed % 4 == 0 && changes == seen && waited < PATIENCE_MS; waited += 20) {
		atomic_fetch_add(&desk.version, 1);
		wait_for(reader, 20);
	}
	if (reader_stop(reader, NULL))
		abort();
}

int main(void)
{
	for (unsigned round = 0; round < ROUNDS; round++)
		one_round(round + 1);
	(void)printf("asked %u, %u of them to be done, answered %u, changes %u\n", asked, acts, answered, changes);
	return answered && changes && acts && acts == atomic_load(&desk.acts) ? 0 : 1;
}
