/*
 * Compares the store's reads with the bare prepared statement, in one process, alternately. Prints
 * "what<TAB>ours<TAB>reference<TAB>goal" in tenths of microseconds.
 *
 * usage: pages STORE [depth]
 *
 * depth: measures only the time of the thousandth page.
 */
#include "kybdesk/store/audit.h"
#include "kybdesk/store/search.h"
#include "kybdesk/base/text.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define ROUNDS 31

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000000 + now.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	int64_t first = *(const int64_t *)a, second = *(const int64_t *)b;

	return first < second ? -1 : first > second;
}

static int64_t median(int64_t *times)
{
	qsort(times, ROUNDS, sizeof *times, compare);
	return times[ROUNDS / 2] / 100;
}

static void check(enum err err, const struct error *error)
{
	if (!err)
		return;
	fprintf(stderr, "pages: %s\n", error->message);
	exit(1);
}

struct bench {
	struct store *store;
	struct error error;
	sqlite3 *db;
	int64_t now;
};

/* Reads every column of every row, as every reader of a page must. */
static void read_bare(sqlite3_stmt *statement)
{
	volatile size_t bytes = 0;

	while (sqlite3_step(statement) == SQLITE_ROW)
		for (int column = 0; column < sqlite3_column_count(statement); column++)
			if (sqlite3_column_text(statement, column))
				bytes += (size_t)sqlite3_column_bytes(statement, column);
	sqlite3_reset(statement);
}

static sqlite3_stmt *prepare(struct bench *bench, const char *text)
{
	sqlite3_stmt *statement = NULL;

	if (sqlite3_prepare_v2(bench->db, text, -1, &statement, NULL) != SQLITE_OK) {
		fprintf(stderr, "pages: %s\n", sqlite3_errmsg(bench->db));
		exit(1);
	}
	return statement;
}

static void print(const char *what, int64_t *ours, int64_t *bare, const char *goal)
{
	printf("%s\t%lld\t%lld\t%s\n", what, (long long)median(ours), (long long)median(bare), goal);
}

static void bench_counts(struct bench *bench)
{
	int64_t ours[ROUNDS], bare[ROUNDS], counts[INBOX_COUNT];
	sqlite3_stmt *statement = prepare(bench, "SELECT sessions FROM inbox_count WHERE compliance_status = ?1");

	for (size_t round = 0; round < ROUNDS; round++) {
		int64_t begun = now_ns();

		check(store_inbox_counts(bench->store, counts, &bench->error), &bench->error);
		ours[round] = now_ns() - begun;
		begun = now_ns();
		for (unsigned inbox = 0; inbox < INBOX_COUNT; inbox++) {
			sqlite3_bind_text(statement, 1, inbox_text((enum inbox)inbox), -1, SQLITE_STATIC);
			read_bare(statement);
		}
		bare[round] = now_ns() - begun;
	}
	sqlite3_finalize(statement);
	print("inbox counts : seven rows by key", ours, bare, "<= 2");
}

/* The columns and tables of a page, as hand-written SQL: the reference does not use store_list(). */
#define SHOWN                                                                                                          \
	"s.uuid, s.external_ref, s.kind, s.workflow, m.name, s.subject_name, s.country, s.status, s.risk_score, "      \
	"s.parties_total, s.parties_verified, s.documents_total, s.documents_accepted, s.created_at, "                 \
	"s.submitted_at, s.due_at, s.updated_at, s.version, u.level, p.uuid, r.name"
#define SHOWN_FROM                                                                                                     \
	"CROSS JOIN session AS s ON s.id = k.id CROSS JOIN merchant AS m ON m.id = s.merchant_id "                     \
	"CROSS JOIN subject AS u ON u.id = s.subject_id LEFT JOIN session AS p ON p.id = s.parent_id "                 \
	"LEFT JOIN reviewer AS r ON r.id = s.assignee_id"

static sqlite3_stmt *bare_page(struct bench *bench, const struct list_query *query)
{
	static const struct {
		const char *keys, *order;
	} sorts[] = { [SORT_DUE] = { "due_key, risk_key, created_at", "due_key, risk_key, created_at, id" },
		      [SORT_UPDATED] = { "updated_at", "updated_at DESC, id DESC" },
		      [SORT_RISK] = { "risk_key, due_key", "risk_key, due_key, id" },
		      [SORT_NAME] = { "name_key", "name_key, id" } };
	struct strbuf text = STRBUF_INIT;
	const char *glue = "";
	unsigned inboxes = query->inboxes ? query->inboxes : ~0u;
	sqlite3_stmt *statement;

	/* An index has the rows of one inbox in this sort order; no index has them for several inboxes together. */
	strbuf_adds(&text, "SELECT " SHOWN " FROM (");
	for (unsigned inbox = 0; inbox < INBOX_COUNT; inbox++) {
		if (!(inboxes & 1u << inbox))
			continue;
		strbuf_addf(&text, "%sSELECT id, %s FROM session WHERE top = 1 AND compliance_status = '%s'", glue,
			    sorts[query->sort].keys, inbox_text((enum inbox)inbox));
		glue = " UNION ALL ";
	}
	strbuf_addf(&text, " ORDER BY %s LIMIT %zu) AS k " SHOWN_FROM, sorts[query->sort].order, query->limit);
	statement = prepare(bench, text.buf);
	strbuf_release(&text);
	return statement;
}

/* Measures store_list() and the reference statement in turns. */
static void bench_list(struct bench *bench, const char *what, const struct list_query *query, sqlite3_stmt *reference,
		       const char *goal)
{
	int64_t ours[ROUNDS], bare[ROUNDS];

	for (size_t round = 0; round < ROUNDS; round++) {
		struct arena arena = ARENA_INIT;
		struct list_page page;
		int64_t begun = now_ns();

		check(store_list(bench->store, &arena, query, &page, &bench->error), &bench->error);
		ours[round] = now_ns() - begun;
		arena_release(&arena);
		begun = now_ns();
		read_bare(reference);
		bare[round] = now_ns() - begun;
	}
	print(what, ours, bare, goal);
}

static void bench_pages(struct bench *bench)
{
	static const struct {
		const char *name;
		unsigned inboxes;
	} sets[] = { { "one inbox", 1u << INBOX_APPROVED },
		     { "all inboxes", 0 },
		     { "four inboxes", 1u << INBOX_APPROVED | 1u << INBOX_REJECTED | 1u << INBOX_PENDING |
					       1u << INBOX_MANUAL_REVIEW } };

	for (unsigned sort = 0; sort < 4; sort++)
		for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
			struct list_query query = { .inboxes = sets[i].inboxes,
						    .sort = (enum sort_key)sort,
						    .limit = 50,
						    .after = "",
						    .actor = "",
						    .now = bench->now };
			sqlite3_stmt *statement;
			char what[96];

			snprintf(what, sizeof what, "page of 50 by %s, %s : by hand",
				 sort_key_text((enum sort_key)sort), sets[i].name);
			statement = bare_page(bench, &query);
			bench_list(bench, what, &query, statement, "<= 2");
			sqlite3_finalize(statement);
		}
}

/* Compares the time of the thousandth page with the time of the first page. */
static void bench_depth(struct bench *bench, enum sort_key sort, const char *what)
{
	struct arena arena = ARENA_INIT;
	struct list_query query = { .sort = sort, .limit = 50, .after = "", .actor = "", .now = bench->now };
	struct list_query deep = query;
	int64_t ours[ROUNDS], first[ROUNDS];
	struct list_page page;

	for (unsigned i = 0; i < 1000; i++) {
		check(store_list(bench->store, &arena, &deep, &page, &bench->error), &bench->error);
		if (!*page.next)
			break;
		deep.after = page.next;
	}
	for (size_t round = 0; round < ROUNDS; round++) {
		int64_t begun = now_ns();

		check(store_list(bench->store, &arena, &deep, &page, &bench->error), &bench->error);
		ours[round] = now_ns() - begun;
		begun = now_ns();
		check(store_list(bench->store, &arena, &query, &page, &bench->error), &bench->error);
		first[round] = now_ns() - begun;
	}
	arena_release(&arena);
	print(what, ours, first, "<= 1.25");
}

static struct list_query query_of(struct bench *bench, struct arena *arena, const char *filter, unsigned inboxes)
{
	struct list_query query = { .inboxes = inboxes, .limit = 50, .after = "", .actor = "", .now = bench->now };

	check(filter_parse(arena, filter, &query.filter, &bench->error), &bench->error);
	return query;
}

/* The reference reads all matches, because every sort order except the one of FTS5 needs all matches. */
static void bench_text(struct bench *bench)
{
	static const char *const words[] = { "ltd", "ke", "harbour", "ミナト", "BEN-00000777", "zzzz" };
	static const unsigned inboxes[] = { 0, 1u << INBOX_MANUAL_REVIEW };

	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		for (size_t j = 0; j < sizeof inboxes / sizeof inboxes[0]; j++) {
			struct arena arena = ARENA_INIT;
			struct strbuf match = STRBUF_INIT;
			struct list_query query = query_of(bench, &arena, words[i], inboxes[j]);
			sqlite3_stmt *hits =
				prepare(bench, "SELECT rowid FROM session_text WHERE session_text MATCH ?1");
			char what[96];

			strbuf_addch(&match, '"');
			text_add_tokens(&match, words[i], strlen(words[i]));
			strbuf_adds(&match, "\"*");
			sqlite3_bind_text(hits, 1, match.buf, -1, SQLITE_TRANSIENT);
			snprintf(what, sizeof what, "search \"%s\", %s : bare FTS5, all hits", words[i],
				 inboxes[j] ? "one inbox" : "all inboxes");
			bench_list(bench, what, &query, hits, "<= 3");
			sqlite3_finalize(hits);
			strbuf_release(&match);
			arena_release(&arena);
		}
}

/* Measures how long the workbench waits for the first rows of a search, and for the whole page and the count. The
 * reference reads the page and the count at once. */
static void bench_steps(struct bench *bench, const char *filter, const struct list_query *query)
{
	struct list_query page = *query;
	int64_t first[ROUNDS], whole[ROUNDS], at_once[ROUNDS], also[ROUNDS], matching;
	char what[160];
	size_t steps = 0;

	page.limit = 200;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct list_search *search = store_search_begin(&page, 10001);
		struct search_progress found = { .is_complete = false };
		struct arena all = ARENA_INIT;
		struct list_page list;
		int64_t begun = now_ns();

		check(store_list(bench->store, &all, &page, &list, &bench->error), &bench->error);
		check(store_list_count(bench->store, &page, 10001, &matching, &bench->error), &bench->error);
		at_once[round] = also[round] = now_ns() - begun;
		arena_release(&all);
		begun = now_ns();
		for (steps = 0; !found.is_complete; steps++) {
			struct arena arena = ARENA_INIT;

			check(store_search_step(bench->store, &arena, search, &found, &bench->error), &bench->error);
			arena_release(&arena);
			if (!steps)
				first[round] = now_ns() - begun;
		}
		whole[round] = now_ns() - begun;
		store_search_end(search);
	}
	snprintf(what, sizeof what, "first rows of %s : all at once", filter);
	print(what, first, at_once, "50 ms");
	snprintf(what, sizeof what, "%s in %zu steps : all at once", filter, steps);
	print(what, whole, also, "<= 1.25");
}

/* Single and combined conditions: some match often, some never, some only at one end of the sort order. The reference
 * is one scan of the index of the sort order, the minimum for reading everything. */
static void bench_filters(struct bench *bench)
{
	static const struct {
		const char *text;
		enum sort_key sort;
	} filters[] = {
		{ "country:JPN", SORT_DUE },
		{ "country:ISL", SORT_DUE },
		{ "status:draft", SORT_DUE },
		{ "risk<3", SORT_DUE },
		{ "-risk>3", SORT_DUE },
		{ "-kind:kyb", SORT_DUE },
		{ "kind:kyc", SORT_DUE },
		{ "age<1d", SORT_DUE },
		{ "tag:region=emea", SORT_DUE },
		{ "tag:region=nowhere", SORT_DUE },
		{ "hit:open", SORT_DUE },
		{ "party:open doc:missing", SORT_DUE },
		{ "merchant:merchant-07 country:JPN status:draft", SORT_DUE },
		{ "merchant:merchant-07 country:JPN status:processing", SORT_DUE },
		{ "country:JPN,GBR status:draft -tag:region risk<50", SORT_DUE },
		{ "kind:kyb risk>20 -country:JPN,GBR -tag:tier", SORT_DUE },
		{ "ltd country:JPN status:draft", SORT_DUE },
		{ "ltd -kind:kyb", SORT_DUE },
		{ "-ltd status:draft risk<3", SORT_DUE },
		/* None of these filters matches a session. */
		{ "inbox:completed status:draft", SORT_DUE },
		{ "workflow:generic-kyc", SORT_DUE },
		{ "assignee:me", SORT_DUE },
		{ "risk>100", SORT_DUE },
		{ "due<1m", SORT_DUE },
		{ "doc:rejected", SORT_DUE },
		{ "waiting:second", SORT_DUE },
		{ "level:REGULAR", SORT_DUE },
		{ "mark:snoozed", SORT_DUE },
		{ "mark:held", SORT_DUE },
		/* All matches are at one end of the sort order. */
		{ "risk<3", SORT_RISK },
		{ "risk>97", SORT_RISK },
		{ "-risk>3", SORT_RISK },
		{ "age<1d", SORT_UPDATED },
		{ "age>300d", SORT_UPDATED },
		{ "vela", SORT_NAME },
		{ "aurora", SORT_NAME },
		{ "-ltd", SORT_NAME },
	};
	sqlite3_stmt *scan = prepare(
		bench, "SELECT sum(id) FROM (SELECT id FROM session INDEXED BY session_by_status WHERE top = 1)");

	for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++) {
		struct arena arena = ARENA_INIT;
		struct list_query query = query_of(bench, &arena, filters[i].text, 0);
		char name[100], what[160];

		query.sort = filters[i].sort;
		snprintf(name, sizeof name, "%s%s%s", filters[i].text, filters[i].sort ? ", by " : "",
			 filters[i].sort ? sort_key_text(filters[i].sort) : "");
		snprintf(what, sizeof what, "filter %s : one walk of an index", name);
		bench_list(bench, what, &query, scan, "50 ms");
		bench_steps(bench, name, &query);
		arena_release(&arena);
	}
	sqlite3_finalize(scan);
}

int main(int count, char **arguments)
{
	struct bench bench = { 0 };
	struct store_options options = { .path = count > 1 ? arguments[1] : "", .readonly = true };

	bool depth = count == 3 && !strcmp(arguments[2], "depth");

	if (count != 2 && !depth) {
		fprintf(stderr, "usage: pages STORE [depth]\n");
		return 2;
	}
	check(store_open(&options, &bench.store, &bench.error), &bench.error);
	bench.now = world_now_ms(world_real());
	if (sqlite3_open_v2(arguments[1], &bench.db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
		fprintf(stderr, "pages: %s\n", sqlite3_errmsg(bench.db));
		return 1;
	}
	if (depth) {
		bench_depth(&bench, SORT_UPDATED, "the thousandth page by updated, all of one time : the first");
		goto out;
	}
	bench_counts(&bench);
	bench_pages(&bench);
	bench_depth(&bench, SORT_DUE, "the thousandth page : the first");
	bench_text(&bench);
	bench_filters(&bench);
out:
	sqlite3_close(bench.db);
	store_close(bench.store);
	return 0;
}
