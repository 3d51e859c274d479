/*
 * A sandbox store in a temporary folder, a clock that the test moves, and cases
 * in it. Five people: ada (admin), lea (lead), rita and bo (reviewers), vic (viewer).
 */
#ifndef KYB_TESTS_DESK_FIXTURE_H
#define KYB_TESTS_DESK_FIXTURE_H

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/desk/decide.h"
#include "kybdesk/desk/import.h"
#include "kybdesk/desk/read.h"
#include "store/place.h"
#include "verbs.h"
#include "support/test_world.h"

#define NOON 1795176000000 /* 2026-11-20T12:00:00Z */
#define SECOND_MS 1000
#define MINUTE_MS (60 * SECOND_MS)

struct fixture {
	struct test_world world;
	char *folder, *path;
	const char *environment[4];
	struct arena arena;
	struct desk *ada, *lea, *rita, *bo, *vic;
	struct use_out out; /* result of the last USE() */
	struct error error;
	bool written; /* lists may be outdated, as after SQL of a test: fixture_close() checks only for leaks */
};

void fixture_open(struct fixture *f);
void fixture_open_ready(struct fixture *f);	     /* with the case RAL-1, as of fixture_ready() */
void fixture_open_at(struct fixture *f, char *path); /* in that place */
void fixture_begin(struct fixture *f, char *path);   /* only prepares the folder and the world */
void fixture_init(struct fixture *f);		     /* opens the store and the desks; after fixture_begin() */
void fixture_close_desks(struct fixture *f);	     /* call before the store is copied or written from outside */
/* Expects that the audit log is sound, and that every row is as it was committed. */
void fixture_audited(struct fixture *f);
/* fixture_audited(); also expects that a production store would not refuse a change. */
void fixture_verify(struct fixture *f);
/* Expects that audit records since this commitment cover only tables that docs/verb-tables.md lists for their actions.
 * With KYBDESK_WRITE_TABLES=FILE, unlisted tables are added to the file instead (tests/verb_tables.py). */
void fixture_expect_tables(struct fixture *f, int64_t after);
int64_t fixture_last_commitment(struct fixture *f);
/* Also checks for leaks and, if only the desk wrote, that lists and cases agree and that fixture_verify() succeeds. */
void fixture_close(struct fixture *f);
struct desk *fixture_desk(struct fixture *f, const char *actor, bool readonly);
/* Turns the store into a production store; the desks of the five people stay open. */
void fixture_in_production(struct fixture *f);
/* Opens a desk of another person in a production store; the user of the operating system could not open it. */
struct desk *fixture_production_desk(struct fixture *f, const char *actor);
/* Imports the JSON of one session; aborts the test if it is refused. */
void fixture_import(struct fixture *f, const char *json);

/* A KYB case with its four mandatory documents, and Ines Duarte (CEO, 80 %) with a KYC subsession. */
struct kyb {
	const char *ref;    /* "RAL-1" */
	const char *status; /* NULL: manual_review */
	const char *review; /* of the documents; NULL: accepted */
	const char *party;  /* status of the subsession; NULL: approved */
	const char *level;  /* NULL: LIGHT */
	const char *more;   /* further members, each with a comma before it; NULL none */
	const char *uid;    /* of the subject; NULL: biz-RAL-1 for RAL-1 */
	const char *tax_id; /* of the subject; NULL: one that no other case has */
};
void fixture_kyb(struct fixture *f, const struct kyb *kyb);
void fixture_ready(struct fixture *f, const char *ref); /* without blockers */
/* A plain KYC case without documents, in a profile that reports every change of status. */
void fixture_kyc(struct fixture *f, const char *ref, const char *status, const char *more);
/* A file of the program. shipped: its text; changed: the path of a copy in which `new` replaces the first `old`. */
const char *fixture_shipped(struct fixture *f, const char *name);
const char *fixture_changed(struct fixture *f, const char *name, const char *old, const char *new, const char *file);
/* Installs the shipped workflow with this version, and with `new` in place of the first `old`. */
void fixture_install(struct fixture *f, const char *workflow, int version, const char *old, const char *new);
/* The text with the first `old` replaced by `new`. */
const char *fixture_replaced(struct fixture *f, const char *text, const char *old, const char *new);
void fixture_endpoint(struct fixture *f);
void fixture_accept_all(struct fixture *f, const char *ref); /* accepts all documents, as rita */
const char *fixture_kyc_id(struct fixture *f);		     /* of the first party of RAL-1 */
/* Gives an open case of avenia-kyb-level-1 all that a submission needs, and keeps what it has: files of both mandatory
 * types, the company's fields, and Ana Reis (CEO, 30 %) with a passport. */
void fixture_fill_avenia(struct fixture *f, const char *ref);
struct caller fixture_caller(struct fixture *f, const char *bearer);

/* SQL on the store by a separate connection. */
int64_t sql_int(struct fixture *f, const char *sql);
const char *sql_text(struct fixture *f, const char *sql); /* in the fixture's arena */
void sql_run(struct fixture *f, const char *sql);
/* SQL by ada's desk, so that the rows get commitments: for states that verbs take long to reach. */
void sql_change(struct fixture *f, const char *sql);

struct case_view fixture_case(struct fixture *f, const char *ref);
/* Claims the case, reveals its data and releases it, as needed before a verdict on a sanctions hit. */
void fixture_reveal(struct fixture *f, struct desk *desk, const char *ref);
const char *fixture_status(struct fixture *f, const char *ref);
bool error_has_blocker(const struct error *error, const char *code);

static inline void forward(struct fixture *f, int64_t ms)
{
	f->world.wall_ms += ms;
}

/* Runs a verb: USE(f.rita, NOTE, "RAL-1", .text = "…"); "RAL-1" is the session, or NULL. Sets f.out. */
#define USE(desk, NAME, ...) USE_IN(desk, .verb = VERB_##NAME, .session = __VA_ARGS__)
#define USE_IN(desk, ...) fixture_use(&f, (desk), &(const struct use_in){ __VA_ARGS__ })
enum err fixture_use(struct fixture *f, struct desk *desk, const struct use_in *in);
enum err approve_at_once(struct fixture *f, struct desk *desk, const char *ref);
enum err ask(struct fixture *f, struct desk *desk, const char *ref, const char *step, const char *document,
	     const char **link);
/* Confirms, as the actor, every judgement with changed facts. */
enum err confirm_all(struct fixture *f, struct desk *desk, const char *ref);

#define expect_err(call, code)                                                                                         \
	do {                                                                                                           \
		enum err err_ = (call);                                                                                \
		cr_expect(err_ == (code), "%s: %s instead of %s: %s", #call, err_ ? error_code_name(err_) : "ok",      \
			  (code) ? error_code_name(code) : "ok", f.error.message ? f.error.message : "");              \
	} while (0)
#define must(call)                                                                                                     \
	do {                                                                                                           \
		enum err err_ = (call);                                                                                \
		cr_assert(!err_, "%s: %s", #call, f.error.message ? f.error.message : "");                             \
	} while (0)
#define expect_text(a, b) cr_expect_str_eq((a), (b), "\"%s\" instead of \"%s\"", (a), (b))
#define expect_says(text)                                                                                              \
	cr_expect(f.error.message &&strstr(f.error.message, (text)), "\"%s\" does not say \"%s\"",                     \
		  f.error.message ? f.error.message : "", (text))

/* expect_error: the call fails with this code and text. expect_blocked: it fails and this is one of the blockers. */
#define expect_error(call, code, text)                                                                                 \
	do {                                                                                                           \
		expect_err(call, code);                                                                                \
		expect_says(text);                                                                                     \
	} while (0)
#define expect_blocker(name) cr_expect(error_has_blocker(&f.error, (name)), "%s does not block", (name))
#define expect_blocked(call, name)                                                                                     \
	do {                                                                                                           \
		expect_err(call, ERR_BLOCKED);                                                                         \
		expect_blocker(name);                                                                                  \
	} while (0)
/* expect_sql: value of a query. expect_rows: number of rows: (2, "outbox_event WHERE type = 'link.expiring'"). */
#define expect_sql(sql, text) expect_text(sql_text(&f, (sql)), (text))
#define expect_rows(number, from)                                                                                      \
	do {                                                                                                           \
		long long rows_ = sql_int(&f, "SELECT count(*) FROM " from);                                           \
		cr_expect_eq(rows_, (number), "%lld rows of %s", rows_, (from));                                       \
	} while (0)

#define FIXTURE_OF(suite, open)                                                                                        \
	static struct fixture f;                                                                                       \
	static void set_up(void)                                                                                       \
	{                                                                                                              \
		open(&f);                                                                                              \
	}                                                                                                              \
	static void tear_down(void)                                                                                    \
	{                                                                                                              \
		fixture_close(&f);                                                                                     \
	}                                                                                                              \
	TestSuite(suite, .init = set_up, .fini = tear_down)
#define FIXTURE(suite) FIXTURE_OF(suite, fixture_open)
#define FIXTURE_READY(suite) FIXTURE_OF(suite, fixture_open_ready)

#endif
