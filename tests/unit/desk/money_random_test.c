/*
 * The money of a sandbox under load: random operations by several processes, killed at random moments. Afterwards the
 * books balance, and orders, entries, webhooks and the audit log agree. KYBDESK_TEST_LONG runs 10,000 operations.
 */
#include "money.h"
#include "kybdesk/base/world.h"
#include "kybdesk/desk/sandbox.h"
#include "support/tried.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PROCESSES 8
#define USERS 4
#define ACCOUNTS 8
#define FEW 160
#define MANY 10000
#define KINDS 9
#define EACH_DONE 3 /* each of the first EACH_DONE kinds must succeed at least once */
#define GIVEN_UP 20 /* stops after GIVEN_UP * `most` operations, even if one of these kinds has not succeeded */

static const char *const currencies[ACCOUNTS] = { "EUR", "EUR", "USD", "USD", "JPY", "GBP", "KWD", "EUR" };
static const char *const kinds[KINDS] = { "payins",    "transfers", "payouts",	"completed", "failed",
					  "cancelled", "reopened",  "approved", "lists" };

/* Shared by all processes. */
struct shared {
	atomic_int begun, ended, failed;
	_Atomic int64_t clock;
	atomic_int done[KINDS], refused;
	char failure[600];
};
static struct shared *shared;
static struct fixture f;
static const char *accounts[ACCOUNTS];

static void set_up(void)
{
	fixture_open(&f);
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	cr_assert_neq(shared, MAP_FAILED);
}

static void tear_down(void)
{
	(void)munmap(shared, sizeof *shared);
	fixture_close(&f);
}
TestSuite(money_random, .init = set_up, .fini = tear_down, .timeout = 3600);

/* One clock for all processes; each reading advances it by one millisecond. */
static int64_t shared_now(void *context)
{
	(void)context;
	return atomic_fetch_add(&shared->clock, 1);
}

static const char *fixture_environment(void *context, const char *name)
{
	(void)context;
	return world_environment(&f.world.world, name);
}

/* --- one process --- */

struct worker {
	struct arena arena;
	struct error error;
	struct desk *desk;
	uint64_t seed;
};

static unsigned pick(struct worker *w, unsigned count)
{
	w->seed = w->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (unsigned)(w->seed >> 33) % count;
}

static const char *amount_of(struct worker *w, const char *currency)
{
	if (!strcmp(currency, "JPY"))
		return arena_printf(&w->arena, "%u", 1 + pick(w, 5000));
	return arena_printf(&w->arena, "%u.%02u", pick(w, 60), 1 + pick(w, 99));
}

static enum err act(struct worker *w, const struct use_in *in)
{
	struct use_out out;

	return desk_do(w->desk, &w->arena, in, &out, &w->error);
}

static enum err pay_in(struct worker *w)
{
	static const char *const coins[] = { "EURC", "USDC", "USDT" };
	static const enum order_action outcomes[] = { ORDER_COMPLETE, ORDER_COMPLETE, ORDER_FAIL, ORDER_PROCESS };
	unsigned account = pick(w, ACCOUNTS), type = pick(w, 3);
	struct money_input input = { .type = (enum order_type)(ORDER_BANK_PAYIN + type),
				     .account = accounts[account],
				     .currency = type == 1 ? coins[pick(w, 3)] : currencies[pick(w, ACCOUNTS)],
				     .requested_action = outcomes[pick(w, 4)],
				     .reason = "The bank refused it" };

	input.amount = amount_of(w, input.currency);
	return act(w, &(const struct use_in){ .verb = VERB_PAYIN, .money = &input });
}

static enum err transfer(struct worker *w)
{
	unsigned account = pick(w, ACCOUNTS);
	const struct money_input input = { .type = ORDER_TRANSFER,
					   .account = accounts[account],
					   .currency = currencies[account],
					   .amount = amount_of(w, currencies[account]),
					   .recipient = accounts[pick(w, ACCOUNTS)],
					   .reference = "Rent" };

	return act(w, &(const struct use_in){ .verb = VERB_TRANSFER, .capacity = CAPACITY_MERCHANT, .money = &input });
}

static enum err pay_out(struct worker *w)
{
	static const char *const holders[] = { "Jane Doe", "Jane #fail", "Jane #hold", "Jane #hold" };
	unsigned account = pick(w, ACCOUNTS);
	bool crypto = pick(w, 3) == 0;
	const struct money_input input = { .type = crypto ? ORDER_CRYPTO_PAYOUT : ORDER_BANK_PAYOUT,
					   .account = accounts[account],
					   .currency = currencies[account],
					   .amount = amount_of(w, currencies[account]),
					   .iban = "ES9121000418450200051332",
					   .address = "0x00000000000000000000000000000000000000aa",
					   .holder = holders[pick(w, 4)],
					   .code = "123456" };

	return act(w, &(const struct use_in){ .verb = VERB_PAYOUT, .capacity = CAPACITY_MERCHANT, .money = &input });
}

/* Acts on an order in PROCESSING; once in four times on an order in any state, which the desk mostly refuses. */
static enum err end_order(struct worker *w, enum verb verb)
{
	struct money_order_filter filter = {
		.state = pick(w, 4) ? "PROCESSING" : "", .type = "", .until = TIME_NONE, .after = "", .limit = 30
	};
	struct money_order_list list;
	enum err err = desk_money_orders(w->desk, &w->arena, &filter, &list, &w->error);

	if (err || !list.count)
		return err;
	return act(w, &(const struct use_in){ .verb = verb,
					      .part = list.items[pick(w, (unsigned)list.count)].id,
					      .reason = "Typed twice" });
}

/* Reopens or approves the case of a user, so that the user's level falls or rises again. */
static enum err judge(struct worker *w, enum verb verb)
{
	return act(w, &(const struct use_in){ .verb = verb,
					      .session = arena_printf(&w->arena, "RAL-%u", pick(w, USERS)),
					      .reason = verb == VERB_REOPEN ? "The document may be forged" : NULL,
					      .has_grace = verb == VERB_APPROVE });
}

static enum err list_all(struct worker *w)
{
	const struct money_order_filter all = { .after = "", .limit = ACCOUNTS };
	struct money_account_list list = { 0 };
	enum err err = desk_money_accounts(w->desk, &w->arena, &all, &list, &w->error);

	for (size_t i = 0; !err && i < list.count; i++)
		if (list.items[i].settled_amount < list.items[i].reserved_amount)
			err = error_set(&w->error, ERR_INTERNAL, "the balance of %s is negative", list.items[i].id);
	return err;
}

static enum err one(struct worker *w, unsigned kind)
{
	switch (kind) {
	case 0:
		return pay_in(w);
	case 1:
		return transfer(w);
	case 2:
		return pay_out(w);
	case 3:
		return end_order(w, VERB_ORDER_COMPLETE);
	case 4:
		return end_order(w, VERB_ORDER_FAIL);
	case 5:
		return end_order(w, VERB_ORDER_CANCEL);
	case 6:
		return judge(w, VERB_REOPEN);
	case 7:
		return judge(w, VERB_APPROVE);
	default:
		return list_all(w);
	}
}

static void note_failure(const struct worker *w, enum err err, unsigned kind)
{
	if (atomic_fetch_add(&shared->failed, 1) == 0)
		(void)snprintf(shared->failure, sizeof shared->failure, "%s: %s: %s", kinds[kind], error_code_name(err),
			       w->error.message ? w->error.message : "");
}

/* Whether `most` operations have begun, and a payin, a transfer and a payout have each succeeded at least once. */
static bool drawn_enough(int most)
{
	int begun = atomic_load(&shared->begun);
	bool each = true;

	for (size_t i = 0; i < EACH_DONE; i++)
		each &= atomic_load(&shared->done[i]) > 0;
	return begun >= most && (each || begun >= GIVEN_UP * most);
}

static void work(uint64_t seed, int most)
{
	/* The kinds of 20 operations: each kind is listed as often as it is picked. */
	static const unsigned of[20] = { 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 6, 7, 8 };
	struct world world = *world_real();
	struct worker w = { .arena = ARENA_INIT, .seed = seed };
	const struct desk_options options = {
		.store_path = f.path, .actor = "lea", .world = &world, .log = { LOG_QUIET, -1 }
	};
	enum err err;

	world.now_ms = shared_now;
	world.environment = fixture_environment;
	err = desk_open(&options, &w.desk, &w.error);
	if (err)
		note_failure(&w, err, KINDS - 1);
	while (!err && !drawn_enough(most)) {
		atomic_fetch_add(&shared->begun, 1);
		unsigned kind = of[pick(&w, 20)];
		/* Turns half of the reopenings into approvals, so that levels rise more often than they fall. */
		if (kind == 6 && pick(&w, 2))
			kind = 7;
		err = one(&w, kind);
		if (!err)
			atomic_fetch_add(&shared->done[kind], 1);
		else if (err == ERR_BLOCKED || err == ERR_CONFLICT || err == ERR_FORBIDDEN || err == ERR_INVALID)
			atomic_fetch_add(&shared->refused, 1);
		else
			note_failure(&w, err, kind);
		atomic_fetch_add(&shared->ended, 1);
		err = ERR_OK;
		error_release(&w.error);
		w.error = (struct error){ 0 };
		arena_release(&w.arena);
		w.arena = (struct arena)ARENA_INIT;
	}
	desk_close(w.desk);
	_exit(0);
}

/* --- all of them --- */

static pid_t start(uint64_t seed, int most)
{
	pid_t pid = fork();

	cr_assert_geq(pid, 0);
	if (!pid)
		work(seed, most);
	return pid;
}

/* Kills and replaces processes until all operations have begun. Returns the number of killed processes. */
static int run_all(int most)
{
	const struct timespec pause = { .tv_nsec = 7000000 };
	pid_t workers[PROCESSES];
	uint64_t seed = (uint64_t)getpid();
	int killed = 0, step = most == MANY ? 50 : 8, next = step;

	for (size_t i = 0; i < PROCESSES; i++)
		workers[i] = start(++seed, most);
	while (!drawn_enough(most)) {
		size_t i = (size_t)(seed * 2654435761u >> 16) % PROCESSES;

		(void)nanosleep(&pause, NULL);
		if (atomic_load(&shared->begun) < next)
			continue;
		next += step + (int)(seed % 7);
		cr_assert_eq(kill(workers[i], SIGKILL), 0);
		cr_assert_eq(waitpid(workers[i], NULL, 0), workers[i]);
		workers[i] = start(++seed, most);
		killed++;
	}
	for (size_t i = 0; i < PROCESSES; i++)
		cr_assert_eq(waitpid(workers[i], NULL, 0), workers[i]);
	return killed;
}

static void expect_none(const char *what, const char *sql)
{
	cr_expect_eq(sql_int(&f, sql), 0, "%s: %s", what, sql_text(&f, sql));
}

#define FINAL "o.state IN ('COMPLETED', 'FAILED', 'CANCELLED')"
/* Audit rows per order: number of creations (made), first state (was), later changes (moved), end state (became). */
#define RECORDS                                                                                                        \
	"(SELECT json_extract(detail, '$.order') AS id, "                                                              \
	"sum(CASE WHEN action IN ('payin.simulate', 'transfer.make', 'payout.make') THEN 1 ELSE 0 END) AS made, "      \
	"min(CASE WHEN action IN ('payin.simulate', 'transfer.make', 'payout.make') THEN "                             \
	"json_extract(detail, '$.state') END) AS was, "                                                                \
	"sum(CASE WHEN action LIKE 'order.%' THEN 1 ELSE 0 END) AS moved, "                                            \
	"min(CASE WHEN action LIKE 'order.%' THEN json_extract(detail, '$.state') END) AS became "                     \
	"FROM audit_event WHERE action IN ('payin.simulate', 'transfer.make', 'payout.make', 'order.complete', "       \
	"'order.fail', 'order.cancel') GROUP BY 1)"
/* Webhooks per order: counts by kind, and the `sequence` of `processing` (first) and of the end state (last). */
#define EVENTS                                                                                                         \
	"(SELECT order_id, sum(CASE WHEN type LIKE '%.processing' THEN 1 ELSE 0 END) AS processing, "                  \
	"sum(CASE WHEN type LIKE '%.completed' THEN 1 ELSE 0 END) AS completed, "                                      \
	"sum(CASE WHEN type LIKE '%.failed' THEN 1 ELSE 0 END) AS failed, "                                            \
	"max(CASE WHEN type LIKE '%.processing' THEN sequence ELSE 0 END) AS first, "                                  \
	"min(CASE WHEN type LIKE '%.processing' THEN 999999999 ELSE sequence END) AS last "                            \
	"FROM outbox_event WHERE order_id IS NOT NULL GROUP BY order_id)"

static void expect_closed(void)
{
	expect_none("the entries of an order in a currency do not sum to nought",
		    "SELECT count(*) FROM (SELECT 1 FROM ledger_entry GROUP BY order_id, currency "
		    "HAVING sum(amount) <> 0) AS x");
	expect_none("all entries of a currency do not sum to nought",
		    "SELECT count(*) FROM (SELECT 1 FROM ledger_entry GROUP BY currency HAVING sum(amount) <> 0) AS x");
	expect_none("settled is not the sum of an account's entries",
		    "SELECT count(*) FROM account a WHERE settled <> (SELECT coalesce(sum(amount), 0) FROM "
		    "ledger_entry e WHERE e.account_id = a.id)");
	expect_none("reserved is not the sum of an account's open outgoing orders",
		    "SELECT count(*) FROM account a WHERE reserved <> (SELECT coalesce(sum(amount), 0) FROM "
		    "money_order o WHERE o.account_id = a.id AND o.type NOT LIKE '%PAYIN' AND o.state IN ('PENDING', "
		    "'PROCESSING'))");
	expect_none("a balance is negative", "SELECT count(*) FROM account WHERE settled < reserved OR reserved < 0");
	expect_none("the balance after an entry is negative, or not the sum until then",
		    "SELECT count(*) FROM (SELECT balance, sum(amount) OVER (PARTITION BY account_id ORDER BY id) AS "
		    "summed FROM ledger_entry WHERE account_id IS NOT NULL) AS x WHERE balance <> summed OR balance < "
		    "0");
	expect_none("an entry has no order that is completed",
		    "SELECT count(*) FROM ledger_entry e LEFT JOIN money_order o ON o.id = e.order_id WHERE o.id IS "
		    "NULL OR o.state <> 'COMPLETED'");
	expect_none("a completed order has no entries, or too many",
		    "SELECT count(*) FROM money_order o WHERE o.state = 'COMPLETED' AND (SELECT count(*) FROM "
		    "ledger_entry e WHERE e.order_id = o.id) <> CASE WHEN o.currency = o.other_currency THEN 2 ELSE 4 "
		    "END");
}

static void expect_legal(void)
{
	expect_none("times and state of an order do not fit",
		    "SELECT count(*) FROM money_order o WHERE o.state = 'PENDING' OR processing_at IS NULL OR "
		    "processing_at < created_at OR (ended_at IS NOT NULL) <> (" FINAL ") OR ended_at < processing_at");
	expect_none("an order's audit rows do not fit",
		    "SELECT count(*) FROM money_order o LEFT JOIN " RECORDS " AS a ON a.id = o.uuid WHERE a.id IS NULL "
		    "OR made <> 1 OR (was = 'PROCESSING' AND moved <> CASE WHEN " FINAL " THEN 1 ELSE 0 END) OR "
		    "(was <> 'PROCESSING' AND (moved <> 0 OR was <> o.state)) OR (moved = 1 AND became <> o.state)");
	expect_none("an audit row is of no order",
		    "SELECT count(*) FROM " RECORDS " AS a WHERE id IS NULL OR NOT EXISTS (SELECT 1 FROM money_order o "
		    "WHERE o.uuid = a.id)");
	expect_none("an order's webhooks do not fit its state",
		    "SELECT count(*) FROM money_order o LEFT JOIN " EVENTS
		    " AS e ON e.order_id = o.id WHERE e.order_id "
		    "IS NULL OR processing <> 1 OR completed <> CASE WHEN o.state = 'COMPLETED' THEN 1 ELSE 0 END OR "
		    "failed <> CASE WHEN o.state = 'FAILED' AND o.type LIKE '%PAYIN' THEN 1 ELSE 0 END OR first >= "
		    "last");
	expect_none("an event of money is of no order, or is not delivered once",
		    "SELECT count(*) FROM outbox_event v WHERE (type LIKE 'pay%' OR type LIKE 'transfer%') AND "
		    "(order_id IS NULL OR (SELECT count(*) FROM delivery d WHERE d.event_id = v.id) <> 1)");
}

static void arrange(void)
{
	for (int i = 0; i < USERS; i++) {
		const char *ref = arena_printf(&f.arena, "RAL-%d", i);

		fixture_ready(&f, ref);
		if (!i)
			fixture_endpoint(&f);
		must(approve_at_once(&f, f.rita, ref));
	}
	for (int i = 0; i < ACCOUNTS; i++)
		accounts[i] = money_open(&f, arena_printf(&f.arena, "biz-RAL-%d", i % USERS), currencies[i], "");
	atomic_store(&shared->clock, NOON + MINUTE_MS);
}

/* Closes the desks before a fork: a child must not use a connection of its parent. */
static void close_desks(void)
{
	struct desk **const all[] = { &f.ada, &f.lea, &f.rita, &f.bo, &f.vic };

	for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
		desk_close(*all[i]);
		*all[i] = NULL;
	}
}

static void open_desks(void)
{
	f.world.wall_ms = atomic_load(&shared->clock);
	f.ada = fixture_desk(&f, "ada", false);
	f.lea = fixture_desk(&f, "lea", false);
	f.rita = fixture_desk(&f, "rita", false);
	f.bo = fixture_desk(&f, "bo", false);
	f.vic = fixture_desk(&f, "vic", false);
}

Test(money_random, the_books_are_closed_after_processes_that_were_killed)
{
	int most = test_is_long() ? MANY : FEW, killed;

	arrange();
	close_desks();
	killed = run_all(most);
	open_desks();
	cr_expect_eq(atomic_load(&shared->failed), 0, "%d failed: %s", atomic_load(&shared->failed), shared->failure);
	expect_closed();
	expect_legal();
	fixture_audited(&f);
	for (size_t i = 0; i < EACH_DONE; i++)
		cr_expect_gt(atomic_load(&shared->done[i]), 0, "no %s", kinds[i]);
	tried("%d operations by %d processes, %d killed, %d refused: %d payins, %d transfers, %d payouts, %d "
	      "completed, "
	      "%d failed, %d cancelled, %d reopened, %d approved; %lld orders, %lld entries, %lld webhooks",
	      atomic_load(&shared->ended), PROCESSES, killed, atomic_load(&shared->refused),
	      atomic_load(&shared->done[0]), atomic_load(&shared->done[1]), atomic_load(&shared->done[2]),
	      atomic_load(&shared->done[3]), atomic_load(&shared->done[4]), atomic_load(&shared->done[5]),
	      atomic_load(&shared->done[6]), atomic_load(&shared->done[7]),
	      (long long)sql_int(&f, "SELECT count(*) FROM money_order"),
	      (long long)sql_int(&f, "SELECT count(*) FROM ledger_entry"),
	      (long long)sql_int(&f, "SELECT count(*) FROM outbox_event WHERE order_id IS NOT NULL"));
}
