/*
 * A day of a desk in an hour, through its real front ends: a workbench in a terminal under random keys and resizes, a
 * worker that delivers to a receiver, imports of new and changed cases, and a colleague that decides by commands. Each
 * is killed now and then, in every possible way, and restarted. At all times: no process ends unexpectedly, no
 * sanitizer reports, the terminal is restored, memory does not grow. At the end the store is sound, every event
 * arrived, and the temporary folder is empty.
 *
 * KYBDESK_TEST_LONG takes an hour, KYBDESK_TEST_MINUTES that many minutes; otherwise a few rounds run.
 * KYBDESK_TEST_SEED chooses a seed other than 1.
 */
#include "bench.h"
#include "random_keys.h"
#include "support/heap.h"
#include "support/http_receiver.h"
#include "support/tried.h"

#include <dirent.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
	MEASURES_MAX = 120,
	LEAST_MEASURES = 6,
	TOURS = 12,
	TOURS_LONG = 40,
	WARM_TOURS = 3,
	WARM_ROUNDS = 24,
	ENDS_MAX = 20000,
	MERCHANTS = 3,
	UI_ACTIONS = 5,
	WORDS_MAX = 8
};

/*
 * The bytes of a process's heap, measured repeatedly at a comparable point: the workbench at its first screen at one
 * size with everything closed, the worker at the same time. Measures differ, since a response may be on its way or a
 * list be longer; but such bytes are temporary, and leaked bytes stay. So the test compares the minimum of each third
 * with that of the third before: a leak raises each minimum, temporary bytes do not, and a late one-time cost (the
 * connection that copies the log back) raises only one. The first measures are ignored, because the program then loads
 * what it keeps (workflows, the texts of 64 queries, sizes of screens).
 */
struct series {
	uint64_t bytes[MEASURES_MAX];
	size_t count;
	size_t warm;   /* number of ignored first measures */
	int64_t most;  /* maximum growth */
	int64_t later; /* maximum growth after a restart */
};
/* SQLite's own part is counted separately: the caches of some connections, each of two megabytes at most. */
#define DATABASE_MAX (16 * 1024 * 1024)
/* Repeating the same keys allocates nothing new. */
#define SAME_KEYS_MAX (24 * 1024)
/* Random keys allocate: the program keeps up to 16 dialogs with text and their cases, and each used workflow. */
#define RANDOM_KEYS_MAX (5 * 1024 * 1024)
/* The worker's first delivery allocates memory that the worker keeps. */
#define WORKER_MAX (192 * 1024)

enum ending { LEAVES, TERMINATED, HUNG_UP, LINE_CUT, KILLED, ENDINGS };

static const struct {
	const char *merchant, *path;
} endpoints[MERCHANTS] = { { "shop", "/shop" }, { "lumen-market", "/lumen" }, { "northwind-pay", "/northwind" } };

static struct receiver *receiver;
static char *secrets[MERCHANTS];
static struct random_keys keys;
static struct process *worker, *importer;
static char *reports, *temporary;
static struct series workbench_heap = { .warm = WARM_TOURS, .most = SAME_KEYS_MAX, .later = RANDOM_KEYS_MAX };
static struct series worker_heap = { .warm = WARM_TOURS, .most = WORKER_MAX, .later = WORKER_MAX };
static long long ends_ms[ENDS_MAX]; /* when a process that delivers (worker or workbench) ended */
static size_t ends;
static bool importer_was_ended;
static struct {
	unsigned rounds, imports, imports_ended, workers_ended, endings[ENDINGS], left, ui_actions, refused, measures,
		judged;
	int64_t growth; /* the most */
} count;

static int add_endpoint(size_t at)
{
	int status = bench_run(&bench, "endpoint", "add", "--merchant", endpoints[at].merchant, "--url",
			       receiver_url(receiver, endpoints[at].path), "--event", "*", "--json", NULL);
	json_t *answer = json_loads(bench.last.out, 0, NULL);
	const char *secret = json_string_value(json_object_get(answer, "secret"));
	cr_assert(!status && secret, "%s", bench.last.err);
	secrets[at] = test_keep(strdup(secret));
	json_decref(answer);
	return status;
}

static void environment_path(const char *name, const char *path, const char *rest)
{
	bench_environment(&bench, test_text("%s=%s%s", name, path, rest));
}

static void set_up(void)
{
	bench_open(&bench);
	bench_import_samples(&bench);
	cr_assert_eq(bench_run(&bench, "merchant", "add", "shop", NULL), 0, "%s", bench.last.err);
	receiver = receiver_start();
	/* The delay is long enough that some processes are killed while they wait for the response. */
	receiver_answers(receiver, &(const struct receiver_answer){ .status = 204, .delay_ms = 25 }, 1);
	for (size_t i = 0; i < MERCHANTS; i++)
		(void)add_endpoint(i);
	reports = temp_path(bench.folder, "report");
	temporary = temp_path(bench.folder, "tmp");
	cr_assert_eq(mkdir(temporary, 0700), 0);
	environment_path("TMPDIR", temporary, "");
	environment_path("XDG_RUNTIME_DIR", temporary, "");
	/* Sanitizers write their reports to files, because the line of the terminal may be cut. */
	environment_path(
		"ASAN_OPTIONS=handle_sigill=1:detect_stack_use_after_return=1:exitcode=99:verify_asan_link_order=0:"
		"log_path",
		reports, "");
	bench_environment(&bench, "LD_PRELOAD=" KYB_HEAP_PROBE);
	/* In a build without sanitizers, the cache of a thread (tcache) would be counted as allocated. */
	bench_environment(&bench, "GLIBC_TUNABLES=glibc.malloc.tcache_count=0");
}

static void tear_down(void)
{
	terminal_free(keys.terminal);
	process_free(worker);
	process_free(importer);
	receiver_stop(receiver);
	for (size_t i = 0; i < MERCHANTS; i++)
		free(secrets[i]);
	bench_close(&bench);
}
TestSuite(soak, .init = set_up, .fini = tear_down, .timeout = 4 * 3600);

static struct process *begin(const char *const *words)
{
	const struct process_options options = { .argv = words,
						 .environment = (const char *const *)bench.lines,
						 .folder = bench.folder,
						 .timeout_ms = 4 * 3600 * 1000 };
	return process_start(&options);
}

/* Prints the reports of sanitizers. */
static void show_reports(void)
{
	struct process_result result;

	process_call(&result, NULL, "", "sh", "-c", "cat \"$1\".*", "sh", reports, NULL);
	fprintf(stderr, "%s\n", result.out);
}

/* Waits for the end of the process, frees it, and returns its exit status. */
static int status_of(struct process **process)
{
	struct process_result result;
	cr_assert(process_wait(*process, 60000, &result), "round %u: it does not end", count.rounds);
	int status = result.status;
	if (status == 99)
		show_reports();
	cr_assert_neq(status, 99, "round %u: a report\n%s", count.rounds, result.err);
	process_free(*process);
	*process = NULL;
	return status;
}

static void note_end(void)
{
	cr_assert_lt(ends, ENDS_MAX);
	ends_ms[ends++] = test_clock_ms();
}

/* --- memory --- */

static void measure(struct series *series, pid_t pid)
{
	struct heap heap;
	cr_assert(heap_of(pid, &heap), "round %u: its heap cannot be measured", count.rounds);
	cr_assert_gt(heap.database, 0, "round %u: SQLite counts nothing", count.rounds);
	cr_assert_lt(heap.database, DATABASE_MAX, "round %u: SQLite keeps %llu bytes", count.rounds,
		     (unsigned long long)heap.database);
	count.measures++;
	if (series->warm) {
		series->warm--;
		return;
	}
	if (series->count == MEASURES_MAX) {
		/* Keeps every second measure. */
		for (size_t i = 0; i < MEASURES_MAX / 2; i++)
			series->bytes[i] = series->bytes[2 * i];
		series->count = MEASURES_MAX / 2;
	}
	series->bytes[series->count++] = heap.own;
}

static int64_t least(const uint64_t *bytes, size_t many)
{
	uint64_t found = UINT64_MAX;
	for (size_t i = 0; i < many; i++)
		found = bytes[i] < found ? bytes[i] : found;
	return (int64_t)found;
}

/* Judges the growth of a process that has ended, and starts the series of the next process. */
static void judge_growth(struct series *series, const char *whose)
{
	size_t third = series->count / 3;
	if (series->count >= LEAST_MEASURES) {
		int64_t first = least(series->bytes, third);
		int64_t middle = least(series->bytes + third, series->count - 2 * third);
		int64_t last = least(series->bytes + series->count - third, third);
		/* If the heap grows steadily, this is the growth between the first third and the last. */
		int64_t growth = 2 * (middle - first < last - middle ? middle - first : last - middle);
		cr_assert_lt(growth, series->most,
			     "round %u: the heap of the %s grew from %lld over %lld to %lld bytes in %zu rounds",
			     count.rounds, whose, (long long)first, (long long)middle, (long long)last, series->count);
		count.growth = growth > count.growth ? growth : count.growth;
		count.judged++;
	}
	*series = (struct series){ .warm = WARM_ROUNDS, .most = series->later, .later = series->later };
}

/* --- the workbench --- */

static void open_workbench(void)
{
	terminal_free(keys.terminal);
	keys.interrupted = false;
	keys.terminal = bench_start(&bench, "ana", 24, 80, "C.UTF-8", NULL);
	SEES(keys.terminal, "  Why");
}

/* Returns to the first screen, at one size, with everything closed. */
static void calm_down(void)
{
	terminal_resize(keys.terminal, 24, 80);
	for (int i = 0; i < 12; i++) {
		terminal_press(keys.terminal, TERMINAL_ESCAPE);
		(void)terminal_settle(keys.terminal, 60, 1000);
	}
	SEES(keys.terminal, "filter: ");
	terminal_type(keys.terminal, "1/");
	terminal_control(keys.terminal, 'u');
	terminal_press(keys.terminal, TERMINAL_ENTER);
	SEES(keys.terminal, "  Why");
	(void)terminal_settle(keys.terminal, 300, 2000);
}

/* Visits the same screens with the same keys each time, and measures the heap. */
static void tour(void)
{
	terminal_press(keys.terminal, TERMINAL_ENTER);
	SEES(keys.terminal, "1 Summary");
	terminal_type(keys.terminal, "2345671");
	(void)terminal_settle(keys.terminal, 60, 1000);
	terminal_type(keys.terminal, "?");
	SEES(keys.terminal, "Every key");
	calm_down();
	terminal_type(keys.terminal, "/person\r");
	SEES(keys.terminal, "filter: person");
	calm_down();
	measure(&workbench_heap, terminal_pid(keys.terminal));
}

static void expect_restored(void)
{
	const char *otherwise = terminal_left_otherwise(keys.terminal);
	cr_assert_null(otherwise, "round %u: the terminal is left otherwise: %s\n%s", count.rounds, otherwise,
		       last_words(keys.terminal));
}

static void stop_workbench(enum ending how)
{
	static const int statuses[ENDINGS] = { [LEAVES] = 0,
					       [TERMINATED] = 128 + SIGTERM,
					       [HUNG_UP] = 128 + SIGHUP,
					       [LINE_CUT] = 128 + SIGHUP,
					       [KILLED] = 128 + SIGKILL };
	static const int signals[ENDINGS] = { [TERMINATED] = SIGTERM, [HUNG_UP] = SIGHUP, [KILLED] = SIGKILL };
	if (how == LEAVES)
		terminal_type(keys.terminal, "q");
	else if (how == LINE_CUT)
		terminal_hang_up(keys.terminal);
	else
		terminal_signal(keys.terminal, signals[how]);
	int status = terminal_wait_exit(keys.terminal, PATIENCE_MS);
	cr_assert_eq(status, statuses[how], "round %u: ending %d has exit status %d\n%s", count.rounds, (int)how,
		     status, how == LINE_CUT ? "" : last_words(keys.terminal));
	if (how != LINE_CUT && how != KILLED)
		expect_restored();
	count.endings[how]++;
	note_end();
	judge_growth(&workbench_heap, "workbench");
}

static void end_workbench(enum ending how)
{
	stop_workbench(how);
	open_workbench();
}

/* Restarts the workbench if the random keys have ended it, as a word in the palette can. */
static void see_whether_it_left(void)
{
	int status = terminal_wait_exit(keys.terminal, 0);
	if (status < 0)
		return;
	cr_assert(random_keys_ended_well(&keys, status), "round %u: exit status %d\n%s", count.rounds, status,
		  last_words(keys.terminal));
	expect_restored();
	count.left++;
	note_end();
	judge_growth(&workbench_heap, "workbench");
	open_workbench();
}

static void type(unsigned how_many)
{
	for (unsigned i = 0; i < how_many; i++) {
		random_keys_press(&keys);
		if (i % 8 == 7)
			see_whether_it_left();
	}
	see_whether_it_left();
	calm_down();
	measure(&workbench_heap, terminal_pid(keys.terminal));
}

/* --- the worker --- */

static void start_worker(void)
{
	worker = begin((const char *const[]){ KYB_PROGRAM, "--as", "ana", "webhook", "deliver", NULL });
}

static void stop_worker(int signal_number)
{
	cr_assert(process_wait_blocks(worker, SIGTERM, PATIENCE_MS), "round %u: it never listens to SIGTERM",
		  count.rounds);
	process_signal(worker, signal_number);
	int status = status_of(&worker);
	cr_assert_eq(status, signal_number == SIGKILL ? 128 + SIGKILL : 0, "round %u: the worker ends with %d",
		     count.rounds, status);
	count.workers_ended++;
	note_end();
	judge_growth(&worker_heap, "worker");
}

static void end_worker(int signal_number)
{
	stop_worker(signal_number);
	start_worker();
}

/* --- imports --- */

/* Returns import lines of new cases, and of some cases of recent imports with other names. */
static char *bundle(unsigned number, unsigned each)
{
	char *text = NULL;
	size_t length = 0;
	FILE *file = open_memstream(&text, &length);
	cr_assert(file);
	for (unsigned i = 0; i < 2 * each; i++) {
		unsigned of = i < each ? number : number - 1 - random_below(&keys, number < 6 ? number : 6);
		char reference[64], name[64];
		(void)snprintf(reference, sizeof reference, "SOAK-%u-%u", of, i % each);
		(void)snprintf(name, sizeof name, "Person %u of import %u", i, number);
		(void)fputs(clear_person(reference, name), file);
	}
	cr_assert_eq(fclose(file), 0);
	return text;
}

/* The import has succeeded; or cases were refused (3), because a reviewer has decided them; or a signal has ended the
 * import: it reports that (1), or dies of the signal if it has just started. */
static void expect_imported(int status)
{
	cr_assert(!status || status == 3 || (importer_was_ended && (status == 1 || status > 128)),
		  "round %u: an import ends with %d", count.rounds, status);
}

static void import_next(unsigned each)
{
	if (importer) {
		if (!process_wait(importer, 0, NULL))
			return;
		expect_imported(status_of(&importer));
	}
	char *path = temp_path(bench.folder, "bundle.ndjson");
	char *text = bundle(++count.imports, each);
	temp_write(path, text, strlen(text));
	free(text);
	importer_was_ended = false;
	importer = begin((const char *const[]){ KYB_PROGRAM, "--as", "ana", "import", "bundle.ndjson", NULL });
}

static void end_import(int signal_number)
{
	if (!importer || process_wait(importer, 0, NULL))
		return;
	test_sleep_ms(random_below(&keys, 200));
	process_signal(importer, signal_number);
	importer_was_ended = true;
	expect_imported(status_of(&importer));
	count.imports_ended++;
	/* A second import of the file completes the first. */
	importer_was_ended = false;
	importer = begin((const char *const[]){ KYB_PROGRAM, "--as", "ana", "import", "bundle.ndjson", NULL });
}

/* --- a colleague --- */

/* Decides and reopens cases in turn, so that a case has several events in a row. */
static void one_ui_action(unsigned each)
{
	static const char *const ui_actions[][WORDS_MAX] = { { "approve", NULL, "--grace", "0" },
							     { "reopen", NULL, "--reason", "they called again" },
							     { "reject", NULL, "--reason", "other", "--message", "no",
							       "--grace", "0" },
							     { "reopen", NULL, "--reason", "it was a mistake" },
							     { "approve", NULL, "--grace", "0" } };
	unsigned at = count.ui_actions + count.refused, of = at / UI_ACTIONS;
	char reference[64];
	(void)snprintf(reference, sizeof reference, "SOAK-%u-%u", 1 + of % count.imports, of % each);
	const char *words[3 + WORDS_MAX + 1] = { KYB_PROGRAM, "--as", "bo" };
	for (size_t i = 0; i < WORDS_MAX; i++)
		words[3 + i] = i == 1 ? reference : ui_actions[at % UI_ACTIONS][i];
	struct process *ui_action = begin(words);
	int status = status_of(&ui_action);
	cr_assert(!status || (status >= 2 && status <= 7), "round %u: %s %s ends with %d", count.rounds, words[3],
		  reference, status);
	++*(status ? &count.refused : &count.ui_actions);
}

/* --- the end --- */

struct event {
	char *id;
	const char *secret, *path;
	void *body;
	size_t length;
	int64_t session;
	bool sent;
	size_t arrivals;
	long long arrived_ms;
};

static struct event *read_events(size_t *out)
{
	struct event *events = NULL;
	sqlite3 *db = NULL;
	sqlite3_stmt *row = NULL;
	*out = 0;
	cr_assert_eq(sqlite3_open_v2(bench.store, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	cr_assert_eq(sqlite3_prepare_v2(db,
					"SELECT e.uuid, e.body, e.session_id, d.state, p.url FROM delivery AS d JOIN "
					"outbox_event AS e ON e.id = d.event_id JOIN endpoint AS p ON p.id = "
					"d.endpoint_id ORDER BY e.id",
					-1, &row, NULL),
		     SQLITE_OK);
	while (sqlite3_step(row) == SQLITE_ROW) {
		const char *state = (const char *)sqlite3_column_text(row, 3);
		const char *url = (const char *)sqlite3_column_text(row, 4);
		events = reallocarray(events, *out + 1, sizeof *events);
		cr_assert(events);
		struct event *event = events + (*out)++;
		*event = (struct event){ .id = test_keep(strdup((const char *)sqlite3_column_text(row, 0))),
					 .length = (size_t)sqlite3_column_bytes(row, 1),
					 .session = sqlite3_column_int64(row, 2),
					 .sent = strcmp(state, "cancelled") != 0 };
		event->body = malloc(event->length + 1);
		cr_assert(event->body);
		memcpy(event->body, sqlite3_column_blob(row, 1), event->length);
		cr_assert(!event->sent || !strcmp(state, "delivered"), "%s is %s", event->id, state);
		for (size_t i = 0; i < MERCHANTS; i++)
			if (!strcmp(strrchr(url, '/'), endpoints[i].path)) {
				event->secret = secrets[i];
				event->path = endpoints[i].path;
			}
	}
	(void)sqlite3_finalize(row);
	(void)sqlite3_close(db);
	return events;
}

/* A delivery may arrive twice only if a process ended in between, before it recorded the response. */
static bool one_ended_between(long long first, long long second)
{
	for (size_t i = 0; i < ends; i++)
		if (ends_ms[i] >= first && ends_ms[i] <= second)
			return true;
	return false;
}

static void take_request(const struct receiver_request *request, struct event *events, size_t many, size_t *doubles)
{
	char *id = request_header(request, "webhook-id");
	size_t at = 0, before;
	while (at < many && strcmp(events[at].id, id ? id : ""))
		at++;
	cr_assert_lt(at, many, "%s is not an event of the store", id ? id : "a request without an id");
	struct event *event = events + at;
	cr_assert(event->sent, "%s was taken back, and arrived", event->id);
	cr_assert_str_eq(request->path, event->path);
	cr_assert(request->body_length == event->length && !memcmp(request->body, event->body, event->length),
		  "%s has another body than the store", event->id);
	cr_assert(request_is_signed(request, event->secret), "%s is not signed", event->id);
	/* The previous event of the same session that was not withdrawn. */
	for (before = at; before-- > 0;)
		if (events[before].session == event->session && events[before].sent)
			break;
	cr_assert(before == SIZE_MAX || events[before].arrivals, "%s overtakes %s", event->id, events[before].id);
	for (size_t later = at + 1; later < many; later++)
		cr_assert(events[later].session != event->session || !events[later].arrivals, "%s after %s", event->id,
			  events[later].id);
	cr_assert(!event->arrivals || one_ended_between(event->arrived_ms, request->arrived_ms),
		  "%s was sent twice though no worker had ended", event->id);
	*doubles += event->arrivals++ != 0;
	event->arrived_ms = request->arrived_ms;
}

/* Returns the number of events that were not withdrawn. */
static size_t judge_deliveries(size_t *doubles)
{
	size_t many, taken_back = 0;
	struct event *events = read_events(&many);
	*doubles = 0;
	for (size_t i = 0; i < receiver_count(receiver); i++)
		take_request(receiver_request(receiver, i), events, many, doubles);
	for (size_t i = 0; i < many; i++) {
		cr_assert(!events[i].sent || events[i].arrivals, "%s never arrived", events[i].id);
		taken_back += !events[i].sent;
		free(events[i].id);
		free(events[i].body);
	}
	free(events);
	return many - taken_back;
}

static int64_t on_their_way(void)
{
	sqlite3 *db = NULL;
	sqlite3_stmt *row = NULL;
	cr_assert_eq(sqlite3_open_v2(bench.store, &db, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
	(void)sqlite3_prepare_v2(db, "SELECT count(*) FROM delivery WHERE state IN ('pending', 'leased')", -1, &row,
				 NULL);
	cr_assert_eq(sqlite3_step(row), SQLITE_ROW);
	int64_t open = sqlite3_column_int64(row, 0);
	(void)sqlite3_finalize(row);
	(void)sqlite3_close(db);
	return open;
}

/* Delivers three hours later, because decisions wait for their grace time, and dead workers still have leases. */
static void deliver_the_rest(void)
{
	long long until = test_clock_ms() + 120000;
	bench_environment(&bench, "KYBDESK_TEST_NOW=+3h");
	do {
		cr_assert_lt(test_clock_ms(), until, "%lld deliveries stay", (long long)on_their_way());
		cr_assert_eq(bench_run(&bench, "webhook", "deliver", "--drain", NULL), 0, "%s", bench.last.err);
	} while (on_their_way());
}

static void expect_nothing_in(const char *path, const char *prefix)
{
	DIR *folder = opendir(path);
	cr_assert(folder);
	for (const struct dirent *entry; (entry = readdir(folder));) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..") ||
		    strncmp(entry->d_name, prefix, strlen(prefix)) != 0)
			continue;
		char *file = temp_path(path, entry->d_name), *text = temp_read(file, NULL);
		cr_assert_fail("left behind: %s\n%s", file, text ? text : "");
	}
	(void)closedir(folder);
}

static void end_all(void)
{
	stop_workbench(LEAVES);
	stop_worker(SIGTERM);
	if (importer)
		expect_imported(status_of(&importer));
}

/* --- */

static unsigned minutes_wanted(void)
{
	const char *minutes = getenv("KYBDESK_TEST_MINUTES");
	return minutes ? (unsigned)strtoul(minutes, NULL, 10) : test_is_long() ? 60 : 0;
}

static void others(unsigned each, bool ends_import)
{
	count.rounds++;
	import_next(each);
	if (ends_import)
		end_import(random_below(&keys, 2) ? SIGKILL : SIGTERM);
	one_ui_action(each);
}

/* The workbench delivers, too, while no worker runs: its first delivery, with one-time allocations, is not measured. */
static void first_delivery(void)
{
	import_next(6);
	cr_assert(process_wait(importer, PATIENCE_MS, NULL));
	one_ui_action(6);
	cr_assert(receiver_wait(receiver, 1, PATIENCE_MS), "the workbench delivers nothing");
}

/* Measures the workbench and the worker without new cases, because new cases would make lists longer. */
static void same_again(unsigned tours)
{
	for (unsigned i = 0; i < tours; i++) {
		count.rounds++;
		one_ui_action(6);
		tour();
		measure(&worker_heap, process_pid(worker));
	}
	end_workbench(LEAVES);
	end_worker(SIGTERM);
}

/* Ends the workbench in every way. */
static void short_form(void)
{
	same_again(WARM_TOURS + TOURS);
	for (unsigned round = 0; round < ENDINGS; round++) {
		others(6, round % 2);
		type(24);
		end_workbench((enum ending)round);
		end_worker(round % 2 ? SIGKILL : SIGTERM);
	}
}

static void long_form(unsigned minutes)
{
	long long until = test_clock_ms() + minutes * 60000LL;
	same_again(WARM_TOURS + TOURS_LONG);
	while (test_clock_ms() < until) {
		/* The workbench lives long while the worker is ended often, and vice versa. */
		bool calm = count.rounds % 400 >= 120;
		others(40, random_below(&keys, 4) == 0);
		type(80);
		measure(&worker_heap, process_pid(worker));
		if (random_below(&keys, calm ? 200 : 6) == 0)
			end_workbench((enum ending)random_below(&keys, ENDINGS));
		if (random_below(&keys, calm ? 6 : 60) == 0)
			end_worker(random_below(&keys, 2) ? SIGKILL : SIGTERM);
	}
}

Test(soak, nothing_leaks_grows_or_is_left_behind_whatever_is_killed)
{
	const char *seed = getenv("KYBDESK_TEST_SEED");
	unsigned minutes = minutes_wanted();
	size_t doubles;
	random_keys_seed(&keys, seed ? strtoull(seed, NULL, 10) : 1);
	keys.stays = true;
	open_workbench();
	first_delivery();
	start_worker();
	if (minutes)
		long_form(minutes);
	else
		short_form();
	end_all();
	deliver_the_rest();
	cr_expect_eq(bench_run(&bench, "doctor", NULL), 0, "%s%s", bench.last.out, bench.last.err);
	cr_expect_eq(bench_run(&bench, "audit", "verify", NULL), 0, "%s%s", bench.last.out, bench.last.err);
	size_t events = judge_deliveries(&doubles);
	cr_expect_gt(events, 0);
	cr_expect_geq(count.judged, 2);
	expect_nothing_in(temporary, "");
	expect_nothing_in(bench.folder, "report.");
	tried("%u rounds: %u keys, %u resizes; the workbench ended %u times (q %u, SIGTERM %u, SIGHUP %u, line cut "
	      "%u, "
	      "SIGKILL %u), the worker %u, %u of %u imports; a colleague did %u things and was refused %u; %zu "
	      "events "
	      "arrived, %zu doubles; memory measured %u times, in %u lives that were long enough the most growth "
	      "was %lld bytes",
	      count.rounds, keys.typed, keys.resizes,
	      count.left + count.endings[LEAVES] + count.endings[TERMINATED] + count.endings[HUNG_UP] +
		      count.endings[LINE_CUT] + count.endings[KILLED],
	      count.endings[LEAVES] + count.left, count.endings[TERMINATED], count.endings[HUNG_UP],
	      count.endings[LINE_CUT], count.endings[KILLED], count.workers_ended, count.imports_ended, count.imports,
	      count.ui_actions, count.refused, events, doubles, count.measures, count.judged, (long long)count.growth);
}
