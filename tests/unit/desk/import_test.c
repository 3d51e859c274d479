/* Imports: a line is applied whole or not at all, a repeated line changes nothing, and an import decides nothing. */
#include "kybdesk/base/digest.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/desk/decide.h"
#include "kybdesk/desk/import.h"
#include "kybdesk/desk/read.h"
#include "verbs.h"
#include "support/process.h"
#include <criterion/criterion.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char *folder;
static struct desk *desk;
static struct arena arena;
static struct error error;
static char sentences[16][512];
static size_t sentence_lines[16];
static size_t sentence_count;

static void open_desk(bool sandbox)
{
	char path[4200];
	char *made;

	folder = temp_folder_make();
	(void)snprintf(path, sizeof path, "%s/store.db", folder);
	struct desk_options options = { .store_path = path, .actor = sandbox ? "ana" : NULL, .world = world_real() };
	options.log.fd = -1;
	cr_assert_eq(desk_init(&options, sandbox, &made, &arena, &error), ERR_OK, "%s", error.message);
	cr_assert_eq(desk_open(&options, &desk, &error), ERR_OK, "%s", error.message);
}

static void set_up(void)
{
	memset(&arena, 0, sizeof arena);
	memset(&error, 0, sizeof error);
	sentence_count = 0;
	open_desk(true);
}

static void tear_down(void)
{
	desk_close(desk);
	arena_release(&arena);
	error_release(&error);
	temp_folder_remove(folder);
}

static void rejected(void *context, size_t line, const char *field, const char *message, const char *text,
		     size_t length)
{
	(void)context;
	(void)text;
	(void)length;
	if (sentence_count == 16)
		return;
	sentence_lines[sentence_count] = line;
	(void)snprintf(sentences[sentence_count++], sizeof sentences[0], "%s: %s", field, message);
}

static bool (*progress)(void *context, size_t bytes_read, const struct import_report *so_far);

static struct import_report import_fd(int fd, const char *below)
{
	struct import_report report;
	struct import_options options = {
		.fd = fd, .folder = below, .name = "test", .on_rejected = rejected, .on_progress = progress
	};

	sentence_count = 0;
	cr_assert_eq(desk_import(desk, &options, &report, &error), ERR_OK, "%s", error.message);
	return report;
}

static struct import_report import_text(const char *text)
{
	char path[4200];
	int fd;
	struct import_report report;

	(void)snprintf(path, sizeof path, "%s/input.ndjson", folder);
	fd = open(path, O_CREAT | O_TRUNC | O_RDWR, 0600);
	cr_assert(fd >= 0);
	cr_assert_eq(write(fd, text, strlen(text)), (ssize_t)strlen(text));
	(void)lseek(fd, 0, SEEK_SET);
	report = import_fd(fd, folder);
	(void)close(fd);
	return report;
}

static void put_file(const char *name, const char *content)
{
	char path[4200];
	int fd;

	(void)snprintf(path, sizeof path, "%s/%s", folder, name);
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	cr_assert_eq(write(fd, content, strlen(content)), (ssize_t)strlen(content));
	(void)close(fd);
}

#define LINE(ref, status, more)                                                                                        \
	"{\"external_ref\":\"" ref "\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"m\","              \
	"\"status\":\"" status "\",\"subject\":{\"kind\":\"individual\",\"name\":\"Ada Example\"}" more "}\n"

TestSuite(import, .init = set_up, .fini = tear_down);

Test(import, the_samples_come_in_whole_and_a_second_time_change_nothing)
{
	int fd = open(KYB_SOURCE_DIR "/data/samples/cases.ndjson", O_RDONLY);
	struct import_report report = import_fd(fd, KYB_SOURCE_DIR "/data/samples");
	int64_t counts[INBOX_COUNT], again[INBOX_COUNT], total = 0, version;

	cr_assert_eq(report.rejected, 0, "line %zu: %s", sentence_lines[0], sentences[0]);
	cr_assert_eq(report.imported, 69);
	cr_assert_eq(desk_inbox_counts(desk, counts, &error), ERR_OK);
	for (size_t i = 0; i < INBOX_COUNT; i++) {
		cr_expect_gt(counts[i], 0, "no sample in %s", inbox_text((enum inbox)i));
		total += counts[i];
	}
	cr_assert_eq(total, 69);
	version = desk_data_version(desk);
	(void)lseek(fd, 0, SEEK_SET);
	report = import_fd(fd, KYB_SOURCE_DIR "/data/samples");
	(void)close(fd);
	cr_assert_eq(report.unchanged, 69);
	cr_assert_eq(report.imported + report.updated + report.rejected, 0);
	cr_assert_eq(desk_data_version(desk), version);
	cr_assert_eq(desk_inbox_counts(desk, again, &error), ERR_OK);
	cr_assert_arr_eq(counts, again, sizeof counts);
}

Test(import, good_lines_beside_bad_ones_are_kept)
{
	struct import_report report = import_text(LINE("A-1", "manual_review", "") "{ broken\n" LINE("A-2", "draft", "")
							  LINE("A-3", "manual_reviw", ""));

	cr_assert_eq(report.imported, 2);
	cr_assert_eq(report.rejected, 2);
	cr_assert_eq(sentence_lines[0], 2);
	cr_assert_eq(sentence_lines[1], 4);
	cr_assert(strstr(sentences[1], "manual_review"), "%s", sentences[1]);
}

Test(import, a_reference_stands_once_in_a_file)
{
	struct import_report report =
		import_text(LINE("A-1", "manual_review", "") LINE("A-1", "manual_review", ",\"risk_score\":3"));

	cr_assert_eq(report.imported, 1);
	cr_assert_eq(report.rejected, 1);
	cr_assert(strstr(sentences[0], "line 1"), "%s", sentences[0]);
}

Test(import, lines_with_parties_survive_a_refused_neighbour_in_their_batch)
{
	static const char *const refs[] = { "K-1", "K-2", "K-1", "K-3" };
	char text[4096] = "";
	size_t at = 0;
	struct import_report report;

	for (size_t i = 0; i < 4; i++)
		at += (size_t)snprintf(text + at, sizeof text - at,
				       "{\"external_ref\":\"%s\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\","
				       "\"merchant\":\"m\",\"status\":\"manual_review\",\"subject\":{\"kind\":"
				       "\"business\",\"name\":\"B\"},\"parties\":[{\"kind\":\"individual\",\"name\":"
				       "\"P\",\"roles\":[\"ubo\"],\"session\":{\"status\":\"active\"}}]}\n",
				       refs[i]);
	report = import_text(text);
	cr_assert_eq(report.imported, 3, "%s", sentences[0]);
	cr_assert_eq(report.rejected, 1);
	cr_assert_eq(sentence_lines[0], 3);
}

/* After a refused line, the lines of the batch are applied again; memory of the first attempt must not be used. */
Test(import, lines_with_fields_survive_a_refused_neighbour_in_their_batch)
{
#define FIELDS ",\"steps\":[{\"id\":\"identity\",\"status\":\"completed\",\"fields\":{\"phone\":\"12345\"}}]"
	struct import_report report = import_text(LINE("K-1", "manual_review", FIELDS) LINE(
		"K-2", "manual_review", FIELDS) LINE("K-1", "manual_review", FIELDS) LINE("K-3", "draft", FIELDS));

	cr_assert_eq(report.imported, 3, "%s", sentences[0]);
	cr_assert_eq(report.rejected, 1);
	cr_assert_eq(sentence_lines[0], 3);
}

Test(import, an_unknown_workflow_is_refused_with_the_nearest)
{
	struct import_report report = import_text(
		"{\"external_ref\":\"A\",\"workflow\":\"ralio-kyc\",\"kind\":\"kyb\",\"merchant\":\"m\",\"status\":"
		"\"draft\",\"subject\":{\"kind\":\"business\",\"name\":\"B\"}}\n");

	cr_assert_eq(report.rejected, 1);
	cr_assert(strstr(sentences[0], "ralio-kyb"), "%s", sentences[0]);
}

/* A case that waits for its client is not overdue meanwhile. */
Test(import, a_case_that_waits_for_its_client_comes_with_its_time_stopped)
{
	struct case_view view;
	struct import_report report =
		import_text(LINE("A-1", "awaiting_client_correction", "") LINE("A-2", "manual_review", ""));

	cr_assert_eq(report.imported, 2, "%s", sentences[0]);
	cr_assert_eq(desk_case(desk, &arena, "A-1", false, &view, &error), ERR_OK);
	cr_expect_neq(view.file.session.due_paused_at, TIME_NONE);
	cr_assert_eq(desk_case(desk, &arena, "A-2", false, &view, &error), ERR_OK);
	cr_expect_eq(view.file.session.due_paused_at, TIME_NONE);
}

Test(import, an_unknown_workflow_of_a_partys_session_refuses_the_line)
{
	struct import_report report = import_text("{\"external_ref\":\"K-1\",\"workflow\":\"ralio-kyb\",\"kind\":"
						  "\"kyb\",\"merchant\":\"m\",\"status\":"
						  "\"manual_review\",\"subject\":{\"kind\":\"business\",\"name\":"
						  "\"B\"},\"parties\":[{\"kind\":\"individual\","
						  "\"name\":\"P\",\"roles\":[\"ubo\"],\"session\":{\"workflow\":"
						  "\"ralio-kyz\",\"status\":\"active\"}}]}\n" LINE("A-2", "draft", ""));

	cr_assert_eq(report.rejected, 1);
	cr_expect_eq(report.imported, 1);
	cr_expect(strstr(sentences[0], "ralio-kyz"), "%s", sentences[0]);
	cr_expect(strstr(sentences[0], "parties[0].session.workflow"), "%s", sentences[0]);
}

Test(import, a_missing_or_false_file_refuses_its_line_only)
{
	put_file("a.pdf", "%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n");
	put_file("b.pdf", "just text");
	struct import_report report = import_text(
		LINE("A-1", "manual_review", ",\"documents\":[{\"type\":\"x\",\"file\":\"none.pdf\"}]")
			LINE("A-2", "manual_review", ",\"documents\":[{\"type\":\"x\",\"file\":\"b.pdf\"}]")
				LINE("A-3", "manual_review", ",\"documents\":[{\"type\":\"x\",\"file\":\"a.pdf\"}]"));

	cr_assert_eq(report.imported, 1, "%s | %s", sentences[0], sentences[1]);
	cr_assert_eq(report.rejected, 2);
	cr_assert(strstr(sentences[0], "documents[0].file"), "%s", sentences[0]);
	cr_assert(strstr(sentences[1], "b.pdf"), "%s", sentences[1]);
}

Test(import, a_document_without_bytes_is_missing_whatever_it_says)
{
	struct case_view view;

	(void)import_text(
		LINE("A-1", "manual_review",
		     ",\"documents\":[{\"type\":\"x\",\"upload\":\"ready\"},{\"type\":\"y\",\"upload\":\"processing\"},"
		     "{\"type\":\"z\",\"upload\":\"waiting\"}]"));
	cr_assert_eq(desk_case(desk, &arena, "A-1", false, &view, &error), ERR_OK);
	cr_assert_eq(view.file.document_count, 3);
	cr_assert_eq(view.file.documents[0].upload, UPLOAD_REQUIRED);
	cr_assert_eq(view.file.documents[1].upload, UPLOAD_REQUIRED);
	cr_assert_eq(view.file.documents[2].upload, UPLOAD_WAITING);
}

#define FACE_PASSED ",\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"}]"

Test(import, a_changed_line_adds_data_and_follows_the_clients_way)
{
	struct case_view view;

	(void)import_text(LINE("A-1", "draft", FACE_PASSED));
	struct import_report report = import_text(LINE("A-1", "manual_review", ",\"risk_score\":55" FACE_PASSED));
	cr_assert_eq(report.updated, 1, "%s", sentences[0]);
	cr_assert_eq(desk_case(desk, &arena, "A-1", false, &view, &error), ERR_OK);
	cr_assert_eq(view.file.session.status, SESSION_MANUAL_REVIEW);
	cr_assert_eq(view.file.session.risk_score, 55);
	cr_assert_neq(view.file.session.due_at, TIME_NONE);
}

#define IDENTITY(status, fields)                                                                                       \
	LINE("A-1", "draft", ",\"steps\":[{\"id\":\"identity\",\"status\":\"" status "\"" fields "}]")
#define PHONE ",\"fields\":{\"phone\":\"12345\"}"

Test(import, a_changed_line_brings_what_its_steps_hold)
{
	struct case_view view;

	(void)import_text(IDENTITY("in_progress", ""));
	cr_assert_eq(import_text(IDENTITY("in_progress", PHONE)).updated, 1, "%s", sentences[0]);
	cr_assert_eq(desk_case(desk, &arena, "A-1", true, &view, &error), ERR_OK);
	cr_expect_eq(view.file.steps[0].status, STEP_IN_PROGRESS);
	cr_expect(strstr(view.file.steps[0].fields_json, "12345"), "%s", view.file.steps[0].fields_json);
	cr_assert_eq(import_text(IDENTITY("completed", PHONE)).updated, 1, "%s", sentences[0]);
	cr_assert_eq(desk_case(desk, &arena, "A-1", true, &view, &error), ERR_OK);
	cr_expect_eq(view.file.steps[0].status, STEP_COMPLETED);
	cr_expect(strstr(view.file.steps[0].fields_json, "12345"), "%s", view.file.steps[0].fields_json);
}

/* Replaces the C library's pthread_create(), and fails if has_no_threads. */
static unsigned threads_refused;
static bool has_no_threads;

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*begin)(void *), void *context)
{
	int (*real)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) = NULL;
	void *found = dlsym(RTLD_NEXT, "pthread_create");

	threads_refused += has_no_threads;
	memcpy(&real, &found, sizeof real);
	return has_no_threads ? EAGAIN : real(thread, attributes, begin, context);
}

Test(import, where_no_thread_is_to_be_had_lines_are_parsed_without)
{
	has_no_threads = true;
	cr_expect_eq(import_text(LINE("A-1", "draft", "") LINE("A-2", "draft", "")).imported, 2, "%s", sentences[0]);
	cr_expect_gt(threads_refused, 0);
}

Test(import, a_line_without_the_day_it_was_made_was_made_when_it_was_submitted_by_actor)
{
	struct case_view view;

	(void)import_text(LINE("A-1", "manual_review", ",\"submitted_at\":\"2026-01-02T03:04:05Z\"") LINE(
		"A-2", "manual_review",
		",\"created_at\":\"2026-01-01T00:00:00Z\",\"submitted_at\":\"2026-01-02T03:04:05Z\""));
	cr_assert_eq(desk_case(desk, &arena, "A-1", false, &view, &error), ERR_OK);
	cr_expect_eq(view.file.session.created_at, INT64_C(1767323045000));
	cr_assert_eq(desk_case(desk, &arena, "A-2", false, &view, &error), ERR_OK);
	cr_expect_eq(view.file.session.created_at, INT64_C(1767225600000));
	cr_expect_eq(view.file.session.submitted_at, INT64_C(1767323045000));
}

#define CHECKED(more)                                                                                                  \
	LINE("A-1", "manual_review", ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"passed\"" more "}]")

Test(import, a_result_of_another_moment_is_another_result)
{
	struct case_view view;
	struct import_report report;

	(void)import_text(CHECKED(",\"checked_at\":\"2026-01-01T00:00:00Z\""));
	report = import_text(CHECKED(",\"checked_at\":\"2026-02-01T00:00:00Z\""));
	cr_expect_eq(report.updated, 1, "%s", sentences[0]);
	cr_assert_eq(desk_case(desk, &arena, "A-1", false, &view, &error), ERR_OK);
	cr_expect_eq(view.file.checks[0].checked_at, INT64_C(1769904000000));
}

Test(import, what_arrives_in_processing_stays_there)
{
	struct case_view view;

	(void)import_text(LINE("A-1", "processing", ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"passed\"}]"));
	cr_assert_eq(desk_case(desk, &arena, "A-1", false, &view, &error), ERR_OK);
	cr_assert_eq(view.file.session.status, SESSION_PROCESSING);
}

Test(import, never_decides_an_existing_session)
{
	struct case_view view;

	(void)import_text(LINE("A-1", "manual_review", ""));
	struct import_report report = import_text(LINE("A-1", "approved", ""));
	cr_assert_eq(report.rejected, 1);
	cr_assert_eq(desk_case(desk, &arena, "A-1", false, &view, &error), ERR_OK);
	cr_assert_eq(view.file.session.status, SESSION_MANUAL_REVIEW);
}

#define LOOKED_AT ",\"checks\":[{\"kind\":\"face_match\",\"status\":\"passed\"}]"

Test(import, a_session_decided_here_is_out_of_its_reach_but_its_old_line_is_unchanged)
{
	const struct use_in approve = { .verb = VERB_APPROVE, .session = "A-1" };
	struct import_report report;
	struct use_out out;

	(void)import_text(LINE("A-1", "manual_review", LOOKED_AT));
	cr_assert_eq(desk_do(desk, &arena, &approve, &out, &error), ERR_OK, "%s", error.message);
	report = import_text(LINE("A-1", "manual_review", LOOKED_AT));
	cr_assert_eq(report.unchanged, 1);
	report = import_text(LINE("A-1", "manual_review", LOOKED_AT ",\"risk_score\":1"));
	cr_assert_eq(report.rejected, 1);
	cr_assert(strstr(sentences[0], "ana"), "names who decided: %s", sentences[0]);
}

Test(import, one_audit_record_for_each_session_made_or_changed)
{
	struct audit_verdict before, after;

	cr_assert_eq(desk_audit_verify(desk, &arena, &before, &error), ERR_OK);
	(void)import_text(LINE("A-1", "draft", "") LINE("A-2", "draft", ""));
	(void)import_text(LINE("A-1", "draft", "") LINE("A-2", "active", ""));
	cr_assert_eq(desk_audit_verify(desk, &arena, &after, &error), ERR_OK);
	cr_assert(after.sound);
	/* Two imported cases, one changed case, and the verb of the change (session.start) have a record each. */
	cr_assert_eq(after.rows - before.rows, 4);
}

Test(import, sends_no_webhooks)
{
	struct endpoint endpoint;
	struct strbuf secret = STRBUF_INIT;
	const char *const events[] = { "*" };
	struct delivery_item *items;
	size_t count;
	const char *next;
	struct webhook_query query = { .limit = 10 };

	(void)import_text(LINE("A-1", "draft", ""));
	cr_assert_eq(
		desk_endpoint_add(desk, &arena, "m", "https://m.example/hook", events, 1, &endpoint, &secret, &error),
		ERR_OK, "%s", error.message);
	strbuf_wipe(&secret);
	(void)import_text(LINE("A-2", "approved",
			       ",\"decisions\":[{\"decision\":\"approve\",\"by\":\"x\",\"at\":"
			       "\"2026-01-01T00:00:00Z\"}]"));
	cr_assert_eq(desk_webhooks(desk, &arena, &query, &items, &count, &next, &error), ERR_OK);
	cr_assert_eq(count, 0);
}

Test(import, a_party_brings_its_session)
{
	struct case_view view;
	struct import_report report = import_text("{\"external_ref\":\"K-1\",\"workflow\":\"ralio-kyb\",\"kind\":"
						  "\"kyb\",\"merchant\":\"m\",\"status\":"
						  "\"manual_review\",\"subject\":{\"kind\":\"business\",\"name\":"
						  "\"B\"},\"parties\":[{\"kind\":\"individual\","
						  "\"name\":\"P\",\"roles\":[\"ubo\"],\"session\":{\"workflow\":"
						  "\"generic-kyc\",\"status\":\"active\"}}]}\n");

	cr_assert_eq(report.imported, 1, "%s", sentences[0]);
	cr_assert_eq(desk_case(desk, &arena, "K-1", false, &view, &error), ERR_OK);
	cr_assert_eq(view.file.party_count, 1);
	cr_assert_neq(view.file.parties[0].session_row, 0);
	cr_assert_eq(view.file.parties[0].session_status, SESSION_ACTIVE);
	cr_assert_eq(view.file.session.subject.kyb_id, 1);
}

#define MANY 3000
static struct import_report import_many(void)
{
	struct strbuf text = STRBUF_INIT;
	struct import_report report;

	for (int i = 0; i < MANY; i++)
		strbuf_addf(&text,
			    "{\"external_ref\":\"M-%d\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\","
			    "\"merchant\":\"m\",\"status\":\"draft\",\"subject\":{\"kind\":\"individual\","
			    "\"name\":\"N %d\"}}\n",
			    i, i);
	report = import_text(text.buf);
	strbuf_release(&text);
	return report;
}

Test(import, an_input_of_many_batches_comes_in_whole)
{
	cr_assert_eq(import_many().imported, MANY);
}

static bool stop_at_once(void *context, size_t bytes_read, const struct import_report *so_far)
{
	(void)context;
	(void)bytes_read;
	(void)so_far;
	return false;
}

/* Stopping waits for the lines in progress, and for no others. */
Test(import, one_that_is_stopped_has_written_what_it_had_in_hand)
{
	struct import_report first, again;

	progress = stop_at_once;
	first = import_many();
	progress = NULL;
	cr_expect(first.imported > 0 && first.imported < MANY / 10, "%lld", (long long)first.imported);
	again = import_many();
	cr_expect_eq(again.unchanged, first.imported);
	cr_expect_eq(again.imported, MANY - first.imported);
}

/* Changes the case by another desk, between the check of the line and its write. */
static bool let_another_change_it(void *context, size_t bytes_read, const struct import_report *so_far)
{
	struct desk *mine = desk, *other = NULL;
	char path[4200];

	(void)context;
	(void)bytes_read;
	if (so_far->unchanged || so_far->rejected)
		return true;
	(void)snprintf(path, sizeof path, "%s/store.db", folder);
	struct desk_options options = { .store_path = path, .actor = "ana", .world = world_real() };
	options.log.fd = -1;
	progress = NULL;
	cr_assert_eq(desk_open(&options, &other, &error), ERR_OK, "%s", error.message);
	desk = other;
	cr_expect_eq(import_text(LINE("A", "active", ",\"custom_tags\":{\"a\":\"b\"}")).updated, 1);
	desk = mine;
	desk_close(other);
	return true;
}

Test(import, a_line_that_another_changed_meanwhile_is_refused_with_a_sentence)
{
	struct import_report report;

	cr_assert_eq(import_text(LINE("A", "draft", "")).imported, 1);
	cr_assert_eq(import_text(LINE("A", "draft", "")).unchanged, 1);
	progress = let_another_change_it;
	report = import_text(LINE("A", "draft", ""));
	cr_expect_eq(report.unchanged, 0);
	cr_assert_eq(report.rejected, 1);
	cr_expect(strstr(sentences[0], " was changed by another user "), "%s", sentences[0]);
}
