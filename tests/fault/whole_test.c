/*
 * A decision is whole or absent: session, decision, level, audit event, outbox event. Eight processes decide at once on
 * the same few cases, and kill -9 comes at any time. Every acknowledged decision is stored, exactly once, and no
 * decision is partial.
 */
#include "fault/cases.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

TestSuite(whole, .fini = site_tear_down);

enum { SLOTS = 8, WINDOW = 16 };
enum act { ACT_APPROVE, ACT_REJECT, ACT_UNDO, ACT_CLAIM, ACT_COUNT };
static const char *const kind_of[ACT_COUNT] = { "approve", "reject", "undo", "" };

struct tally {
	unsigned done, killed; /* commands acknowledged with exit 0; commands killed before they could report */
};

struct slot {
	struct process *process;
	enum act act;
	unsigned number;
	long long kill_at;
	bool kill_sent;
};

struct crowd {
	struct site *site;
	unsigned first, cases, kills;
	unsigned outcomes[256];
	double window_ms;
	struct tally (*tallies)[ACT_COUNT]; /* by case */
	struct slot slots[SLOTS];
};

static void start(struct crowd *crowd, struct slot *slot, unsigned at)
{
	static const char *const names[SLOTS] = { "ann", "bob", "cyd", "dan", "eve", "fay", "gus", "hal" };
	struct site *site = crowd->site;
	uint64_t dice = site_random(site, 100);
	slot->act = dice < 60 ? ACT_APPROVE : dice < 75 ? ACT_REJECT : dice < 95 ? ACT_UNDO : ACT_CLAIM;
	slot->number = 1 + (crowd->first + (unsigned)site_random(site, WINDOW)) % crowd->cases;
	const char *reference = cases_reference(slot->number), *who = names[at];
	switch (slot->act) {
	case ACT_APPROVE:
		slot->process = site_start(site, "--as", who, "approve", reference, NULL);
		break;
	case ACT_REJECT:
		slot->process = site_start(site, "--as", who, "reject", reference, "--reason", "duplicate_application",
					   "--note", "explained in full", NULL);
		break;
	case ACT_UNDO:
		slot->process = site_start(site, "--as", who, "undo", reference, NULL);
		break;
	case ACT_CLAIM:
	case ACT_COUNT:
		slot->process = site_start(site, "--as", who, "claim", reference, NULL);
		break;
	}
	slot->kill_sent = false;
	slot->kill_at = test_clock_ms() + (long long)site_random(site, (uint64_t)crowd->window_ms + 1);
}

static void finish(struct crowd *crowd, struct slot *slot, const struct process_result *result)
{
	struct tally *tally = &crowd->tallies[slot->number][slot->act];
	int status = result->status;
	crowd->outcomes[status & 255]++;
	if (status == 128 + SIGKILL) {
		tally->killed++;
		crowd->kills++;
		/* Adjusts the window so that half of the processes survive and the kills hit every part of a run. */
		crowd->window_ms *= 1.02;
		return;
	}
	cr_assert(status == 0 || status == 4 || status == 5, "%s of CASE-%u ended with %d: %s", kind_of[slot->act],
		  slot->number, status, result->err);
	tally->done += status == 0;
	crowd->window_ms *= 0.98;
	/* Continues with cases that are still open. */
	if (slot->act == ACT_APPROVE || slot->act == ACT_REJECT)
		crowd->first += status == 0 || site_random(crowd->site, 2) != 0;
}

static void run_until(struct crowd *crowd, unsigned kills)
{
	bool busy = true;
	while (busy) {
		busy = false;
		for (unsigned i = 0; i < SLOTS; i++) {
			struct slot *slot = &crowd->slots[i];
			struct process_result result;
			if (!slot->process) {
				if (crowd->kills >= kills)
					continue;
				start(crowd, slot, i);
			}
			busy = true;
			if (process_wait(slot->process, 0, &result)) {
				finish(crowd, slot, &result);
				process_free(slot->process);
				slot->process = NULL;
			} else if (!slot->kill_sent && test_clock_ms() >= slot->kill_at) {
				process_signal(slot->process, SIGKILL);
				slot->kill_sent = true;
			}
		}
		test_sleep_ms(1);
	}
}

/* Each query returns the errors; a sound store has none. */
static const struct {
	const char *what, *sql;
} promises[] = {
	{ "a decided case has exactly one standing decision, another none",
	  "SELECT s.external_ref, s.status, group_concat(d.kind) FROM session AS s LEFT JOIN decision AS d ON "
	  "d.session_id = s.id AND d.undone = 0 AND d.kind IN ('approve', 'reject') WHERE s.parent_id IS NULL "
	  "GROUP BY s.id HAVING group_concat(d.kind) IS NOT CASE s.status WHEN 'approved' THEN 'approve' "
	  "WHEN 'rejected' THEN 'reject' END" },
	{ "the level is REGULAR exactly when the case is approved",
	  "SELECT s.external_ref, s.status, u.level FROM session AS s JOIN subject AS u ON u.id = s.subject_id "
	  "WHERE "
	  "s.parent_id IS NULL AND u.level <> CASE s.status WHEN 'approved' THEN 'REGULAR' ELSE 'LIGHT' END" },
	{ "each decision has one event, and it one delivery, cancelled exactly when undone",
	  "SELECT d.id, d.kind, d.undone, count(e.id), count(y.id), group_concat(y.state) FROM decision AS d LEFT "
	  "JOIN "
	  "outbox_event AS e ON e.decision_id = d.id LEFT JOIN delivery AS y ON y.event_id = e.id WHERE d.kind IN "
	  "('approve', 'reject') GROUP BY d.id HAVING count(e.id) <> 1 OR count(y.id) <> 1 OR "
	  "max(y.state) <> iif(d.undone, 'cancelled', 'pending')" },
	{ "no event is without its decision", "SELECT id FROM outbox_event WHERE decision_id IS NULL" },
	{ "each decision has one audit event of its kind",
	  "SELECT d.session_id, d.number, d.kind, count(a.seq) FROM decision AS d JOIN session AS s ON "
	  "s.id = d.session_id LEFT JOIN audit_event AS a ON a.session_id = s.uuid AND "
	  "a.action = 'session.' || d.kind AND (d.kind = 'undo' OR json_extract(a.detail, '$.decision') = "
	  "d.number) "
	  "GROUP BY d.id HAVING count(a.seq) <> iif(d.kind = 'undo', (SELECT count(*) FROM decision AS o WHERE "
	  "o.session_id = d.session_id AND o.kind = 'undo'), 1)" },
	{ "no audit event tells of a decision that is not there",
	  "SELECT a.seq, a.action FROM audit_event AS a WHERE a.action IN ('session.approve', 'session.reject') "
	  "AND NOT EXISTS (SELECT 1 FROM session AS s JOIN decision AS d ON d.session_id = s.id WHERE s.uuid = "
	  "a.session_id AND "
	  "d.kind = substr(a.action, 9) AND d.number = json_extract(a.detail, '$.decision') AND d.decided_by = "
	  "a.actor)" },
	{ "as many undo records as undone decisions",
	  "SELECT session_id FROM decision GROUP BY session_id HAVING sum(undone) <> sum(kind = 'undo')" },
	{ "decisions are numbered without a gap",
	  "SELECT session_id FROM decision GROUP BY session_id HAVING max(number) <> count(*)" },
	{ "the version of a case is that of its last audit event",
	  "SELECT s.external_ref, s.version, max(a.session_version) FROM session AS s JOIN audit_event AS a ON "
	  "a.session_id = s.uuid GROUP BY s.id HAVING s.version <> max(a.session_version)" },
	{ "events are counted where they are made",
	  "SELECT s.external_ref, s.event_sequence, count(e.id) FROM session AS s LEFT JOIN outbox_event AS e ON "
	  "e.session_id = s.id GROUP BY s.id HAVING s.event_sequence <> count(e.id) OR "
	  "s.event_sequence <> coalesce(max(e.sequence), 0)" },
};

static void check_store(const struct crowd *crowd)
{
	site_is_sound(crowd->site);
	for (size_t i = 0; i < sizeof promises / sizeof *promises; i++) {
		char *found = site_rows(crowd->site, promises[i].sql);
		cr_assert_str_empty(found, "broken after %u kills: %s:\n%.1000s", crowd->kills, promises[i].what,
				    found);
	}
	for (unsigned number = 1; number <= crowd->cases; number++)
		for (enum act act = ACT_APPROVE; act <= ACT_UNDO; act++) {
			const struct tally *tally = &crowd->tallies[number][act];
			if (tally->done + tally->killed == 0)
				continue;
			char *sql = test_text("SELECT count(*) FROM decision AS d JOIN session AS s ON s.id = "
					      "d.session_id WHERE s.external_ref = 'CASE-%u' AND d.kind = '%s'",
					      number, kind_of[act]);
			int64_t there = site_number(crowd->site, sql);
			cr_assert(there >= tally->done, "CASE-%u: %u times %s was acknowledged, %lld are there", number,
				  tally->done, kind_of[act], (long long)there);
			cr_assert(there <= tally->done + tally->killed, "CASE-%u: %lld times %s, only %u + %u tried",
				  number, (long long)there, kind_of[act], tally->done, tally->killed);
		}
}

Test(whole, eight_processes_deciding_under_kill_leave_no_decision_lost_doubled_or_half_done)
{
	const unsigned kills = test_is_long() ? 10000 : SITE_KILLS, round = kills / 4;
	struct crowd crowd = { .site = site_make(), .cases = kills };
	crowd.tallies = calloc(crowd.cases + 1, sizeof *crowd.tallies);
	cr_assert(crowd.tallies);
	cases_bring(crowd.site, 1, crowd.cases);
	cases_endpoint(crowd.site, "http://127.0.0.1:9/nobody");
	long long began = test_clock_ms();
	site_expect(crowd.site, 0, "inbox", NULL);
	crowd.window_ms = (double)((test_clock_ms() - began) * SLOTS);
	while (crowd.kills < kills) {
		run_until(&crowd, crowd.kills + round);
		check_store(&crowd);
		/* If few commands succeed, the machine has become slower since the window was measured. */
		if (crowd.outcomes[0] < crowd.kills / 5)
			crowd.window_ms *= 2;
	}
	tried("kills %u, done %u, refused %u, conflicts %u", crowd.kills, crowd.outcomes[0], crowd.outcomes[4],
	      crowd.outcomes[5]);
	cr_expect(crowd.outcomes[0] > kills / 10, "hardly anything was decided between the kills");
	free(crowd.tallies);
}
