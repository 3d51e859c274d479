#include "metrics.h"
#include "kybdesk/base/version.h"
#include "kybdesk/desk/figures.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

/* --- the resources of the machine that this process uses --- */

struct process_usage {
	int64_t cpu_ms;			      /* processor time of all threads, user and system */
	int64_t resident_bytes, mapped_bytes; /* bytes of memory; -1: /proc is not readable */
	int64_t open_files, open_files_max;   /* open descriptors, -1: unknown; their maximum, -1: no limit */
};

/* Reads the first two numbers of a file; false: the file cannot be read. */
static bool read_two_numbers(const char *path, int64_t out[2])
{
	char text[128], *end = text;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

	if (fd >= 0)
		(void)close(fd);
	if (length <= 0)
		return false;
	text[length] = '\0';
	for (size_t i = 0; i < 2; i++)
		out[i] = strtoll(end, &end, 10);
	return true;
}

/* Counts open descriptors, without the descriptor that reads the folder. */
static int64_t count_open_files(void)
{
	DIR *folder = opendir("/proc/self/fd");
	const struct dirent *entry;
	int64_t count = -1;

	if (!folder)
		return -1;
	while ((entry = readdir(folder)))
		count += entry->d_name[0] != '.';
	(void)closedir(folder);
	return count;
}

static int64_t timeval_ms(struct timeval time)
{
	return (int64_t)time.tv_sec * 1000 + time.tv_usec / 1000;
}

static struct process_usage usage_read(void)
{
	struct process_usage process_usage = {
		.resident_bytes = -1, .mapped_bytes = -1, .open_files = count_open_files(), .open_files_max = -1
	};
	struct rusage times;
	struct rlimit files;
	int64_t pages[2];
	long page = sysconf(_SC_PAGESIZE);

	if (getrusage(RUSAGE_SELF, &times) == 0)
		process_usage.cpu_ms = timeval_ms(times.ru_utime) + timeval_ms(times.ru_stime);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY)
		process_usage.open_files_max = (int64_t)files.rlim_cur;
	if (page > 0 && read_two_numbers("/proc/self/statm", pages)) {
		process_usage.mapped_bytes = pages[0] * page;
		process_usage.resident_bytes = pages[1] * page;
	}
	return process_usage;
}

/* --- metrics --- */

static const int64_t limits_ms[DURATION_LIMIT_COUNT] = { 1, 5, 10, 25, 50, 100, 250, 500, 1000, 2500, 10000 };

/* The caller holds metrics->lock. */
static void count_duration(struct metrics *metrics, const struct route *route, int64_t took_ms)
{
	struct duration_histogram *item = NULL;
	size_t limit = 0;

	for (size_t i = 0; i < metrics->histogram_count && !item; i++)
		if (metrics->duration_histograms[i].route == route)
			item = &metrics->duration_histograms[i];
	if (!item) {
		item = ARENA_PUSH(&metrics->arena, metrics->duration_histograms, metrics->histogram_count,
				  metrics->histogram_capacity);
		*item = (struct duration_histogram){ .route = route };
	}
	while (limit < DURATION_LIMIT_COUNT && took_ms > limits_ms[limit])
		limit++;
	item->counts[limit]++;
	item->total_ms += took_ms > 0 ? (uint64_t)took_ms : 0;
}

/* The number of metrics is limited: one for each pair of route and status, a few hundred at most. */
void metrics_count_response(struct metrics *metrics, const struct route *route, int status, int64_t took_ms,
			    bool store_failed)
{
	struct response_count *item = NULL;

	(void)pthread_mutex_lock(&metrics->lock);
	for (size_t i = 0; i < metrics->count && !item; i++)
		if (metrics->items[i].route == route && metrics->items[i].status == status)
			item = &metrics->items[i];
	if (!item) {
		item = ARENA_PUSH(&metrics->arena, metrics->items, metrics->count, metrics->capacity);
		*item = (struct response_count){ .route = route, .status = status };
	}
	item->count++;
	count_duration(metrics, route, took_ms);
	metrics->store_errors += store_failed;
	(void)pthread_mutex_unlock(&metrics->lock);
}

void metrics_count_commit(struct metrics *metrics, size_t requests)
{
	(void)pthread_mutex_lock(&metrics->lock);
	metrics->writes++;
	metrics->written_request_count += requests;
	(void)pthread_mutex_unlock(&metrics->lock);
}

static void add_metric_head(struct strbuf *out, const char *name, const char *type, const char *help)
{
	strbuf_addf(out, "# HELP %s %s\n# TYPE %s %s\n", name, help, name, type);
}

static void add_number_metric(struct strbuf *out, const char *name, const char *type, const char *help, int64_t value)
{
	add_metric_head(out, name, type, help);
	strbuf_addf(out, "%s %" PRId64 "\n", name, value);
}

/* Adds milliseconds as seconds, for example "12.500", because Prometheus uses seconds. */
static void add_seconds(struct strbuf *out, int64_t ms)
{
	strbuf_addf(out, "%" PRId64 ".%03d", ms / 1000, (int)(ms % 1000));
}

static void add_time_metric(struct strbuf *out, const char *name, const char *type, const char *help, int64_t ms)
{
	add_metric_head(out, name, type, help);
	strbuf_addf(out, "%s ", name);
	add_seconds(out, ms);
	strbuf_addch(out, '\n');
}

static void add_route_histogram(struct strbuf *out, const char *name, const struct duration_histogram *item)
{
	const char *method = item->route ? item->route->method : "", *path = item->route ? item->route->path : "";
	uint64_t sum = 0;

	for (size_t i = 0; i <= DURATION_LIMIT_COUNT; i++) {
		sum += item->counts[i];
		strbuf_addf(out, "%s_bucket{method=\"%s\",route=\"%s\",le=\"", name, method, path);
		if (i < DURATION_LIMIT_COUNT)
			add_seconds(out, limits_ms[i]);
		else
			strbuf_adds(out, "+Inf");
		strbuf_addf(out, "\"} %" PRIu64 "\n", sum);
	}
	strbuf_addf(out, "%s_sum{method=\"%s\",route=\"%s\"} ", name, method, path);
	add_seconds(out, (int64_t)item->total_ms);
	strbuf_addf(out, "\n%s_count{method=\"%s\",route=\"%s\"} %" PRIu64 "\n", name, method, path, sum);
}

static void add_route_histograms(struct metrics *metrics, struct strbuf *out)
{
	static const char name[] = "kybdesk_http_request_duration_seconds";

	add_metric_head(out, name, "histogram", "Time from the head of a request to its response, by route.");
	(void)pthread_mutex_lock(&metrics->lock);
	for (size_t i = 0; i < metrics->histogram_count; i++)
		add_route_histogram(out, name, &metrics->duration_histograms[i]);
	(void)pthread_mutex_unlock(&metrics->lock);
}

static void add_write_metrics(struct metrics *metrics, struct strbuf *out)
{
	(void)pthread_mutex_lock(&metrics->lock);
	add_number_metric(out, "kybdesk_write_transactions_total", "counter", "Transactions of the server's writer.",
			  (int64_t)metrics->writes);
	add_number_metric(out, "kybdesk_write_requests_total", "counter", "Requests in the transactions of the writer.",
			  (int64_t)metrics->written_request_count);
	add_number_metric(out, "kybdesk_store_errors_total", "counter", "Requests that failed because of the store.",
			  (int64_t)metrics->store_errors);
	(void)pthread_mutex_unlock(&metrics->lock);
}

/* The metrics that every program has, under Prometheus's usual names. A number that the system does not report
 * is left out. */
static void add_process_metrics(const struct metrics *metrics, struct strbuf *out)
{
	const struct process_usage process_usage = usage_read();
	const struct {
		const char *name, *help;
		int64_t value;
	} rows[] = {
		{ "process_resident_memory_bytes", "Memory in use.", process_usage.resident_bytes },
		{ "process_virtual_memory_bytes", "Mapped memory.", process_usage.mapped_bytes },
		{ "process_open_fds", "Open files and connections.", process_usage.open_files },
		{ "process_max_fds", "Maximum number of open files and connections.", process_usage.open_files_max },
	};

	add_time_metric(out, "process_cpu_seconds_total", "counter", "Processor time, in the program and the kernel.",
			process_usage.cpu_ms);
	add_time_metric(out, "process_start_time_seconds", "gauge", "Start time of the server.", metrics->started_ms);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (rows[i].value >= 0)
			add_number_metric(out, rows[i].name, "gauge", rows[i].help, rows[i].value);
}

/* Appends the metrics in the format of Prometheus. */
static void metrics_write(struct metrics *metrics, struct strbuf *out)
{
	static const char name[] = "kybdesk_http_requests_total";

	add_metric_head(out, name, "counter", "Answered requests, by route and response status.");
	(void)pthread_mutex_lock(&metrics->lock);
	for (size_t i = 0; i < metrics->count; i++) {
		const struct response_count *item = &metrics->items[i];

		strbuf_addf(out, "%s{method=\"%s\",route=\"%s\",status=\"%d\"} %" PRIu64 "\n", name,
			    item->route ? item->route->method : "", item->route ? item->route->path : "", item->status,
			    item->count);
	}
	(void)pthread_mutex_unlock(&metrics->lock);
}

static void add_case_metrics(struct strbuf *out, const struct measures *m)
{
	add_metric_head(out, "kybdesk_cases", "gauge",
			"Cases in each queue, by compliance_status; subsessions do not count.");
	for (unsigned i = 0; i < INBOX_COUNT; i++)
		strbuf_addf(out, "kybdesk_cases{compliance_status=\"%s\"} %" PRId64 "\n", inbox_text((enum inbox)i),
			    m->cases[i]);
	add_metric_head(out, "kybdesk_oldest_due_timestamp_seconds", "gauge",
			"Earliest due time of the undecided cases in each queue.");
	for (unsigned i = 0; i < INBOX_COUNT; i++) {
		if (m->oldest_due[i] == TIME_NONE)
			continue;
		strbuf_addf(out, "kybdesk_oldest_due_timestamp_seconds{compliance_status=\"%s\"} ",
			    inbox_text((enum inbox)i));
		add_seconds(out, m->oldest_due[i]);
		strbuf_addch(out, '\n');
	}
}

static void add_delivery_metrics(struct strbuf *out, const struct measures *m)
{
	add_metric_head(out, "kybdesk_deliveries", "gauge", "Deliveries of webhooks, by state.");
	for (size_t i = 0; i < m->delivery_state_count; i++)
		strbuf_addf(out, "kybdesk_deliveries{state=\"%s\"} %" PRId64 "\n", m->deliveries[i].state,
			    m->deliveries[i].count);
	if (m->oldest_delivery != TIME_NONE)
		add_time_metric(out, "kybdesk_oldest_delivery_timestamp_seconds", "gauge",
				"Due time of the earliest due delivery.", m->oldest_delivery);
}

static void add_wait_histogram(struct strbuf *out, const struct measures *m)
{
	static const char name[] = "kybdesk_decision_seconds";
	int64_t sum = 0;

	add_metric_head(out, name, "histogram", "Time from submission to approval or rejection.");
	for (size_t i = 0; i < m->wait_count; i++) {
		sum += m->waits[i].decisions;
		if (i + 1 < m->wait_count)
			strbuf_addf(out, "%s_bucket{le=\"%" PRId64 "\"} %" PRId64 "\n", name,
				    m->waits[i].most_ms / 1000, sum);
	}
	strbuf_addf(out, "%s_bucket{le=\"+Inf\"} %" PRId64 "\n%s_sum ", name, sum, name);
	add_seconds(out, m->waited_ms);
	strbuf_addf(out, "\n%s_count %" PRId64 "\n", name, sum);
}

/* What the program cannot know (the folder is not set, the disk is a server's) is left out. */
static void add_care_metrics(struct strbuf *out, const struct measures *m)
{
	if (m->free_bytes >= 0)
		add_number_metric(out, "kybdesk_store_free_bytes", "gauge", "Free bytes on the disk of the store.",
				  m->free_bytes);
	if (m->last_backup != TIME_NONE)
		add_time_metric(out, "kybdesk_last_backup_timestamp_seconds", "gauge",
				"Time of the newest file in the folder of backups; 0: none.", m->last_backup);
	if (m->last_checkpoint != TIME_NONE)
		add_time_metric(out, "kybdesk_last_checkpoint_timestamp_seconds", "gauge",
				"Time of the last checkpoint, which verified the whole audit log; 0: none.",
				m->last_checkpoint);
}

static enum err handle_metrics(struct request *r, struct error *error)
{
	struct measures measures;
	enum err err = desk_measure(r->desk, &r->arena, &measures, error);

	if (err) {
		r->answer.status = 503;
		return err;
	}
	add_metric_head(&r->out, "kybdesk_build_info", "gauge",
			"Constant 1, with the version of the program as a label.");
	strbuf_addf(&r->out, "kybdesk_build_info{version=\"%s\"} 1\n", program_version);
	add_number_metric(&r->out, "kybdesk_schema_version", "gauge", "Version of the store's tables.",
			  measures.schema_version);
	add_case_metrics(&r->out, &measures);
	add_delivery_metrics(&r->out, &measures);
	add_wait_histogram(&r->out, &measures);
	add_care_metrics(&r->out, &measures);
	metrics_write(r->metrics, &r->out);
	add_route_histograms(r->metrics, &r->out);
	add_write_metrics(r->metrics, &r->out);
	add_process_metrics(r->metrics, &r->out);
	return answer_bytes(r, 200, "text/plain; version=0.0.4; charset=utf-8");
}

static const struct route rows[] = {
	{ .method = "GET",
	  .path = "/metrics",
	  .response = "200:text/plain",
	  .verb = READ_ONLY,
	  .is_on_metrics_listener = true,
	  .handle = handle_metrics,
	  .summary = "Measurements for Prometheus; only at the address of serve --metrics-listen" },
};
const struct routes routes_metrics = { rows, sizeof rows / sizeof *rows, DIALECT_KYBDESK };
