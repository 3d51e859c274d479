/* Callers from outside: what a merchant's key may do at this desk, and on which merchant's cases. */
#include "fixture.h"
#include "kybdesk/desk/caller.h"
#include "kybdesk/desk/outside.h"
#include "kybdesk/domain/gate.h"

FIXTURE_READY(caller);

static struct caller key_of(const char *merchant)
{
	return (struct caller){ .capacity = CAPACITY_MERCHANT,
				.actor = arena_printf(&f.arena, "api:%s", merchant),
				.merchant = merchant,
				.merchant_row =
					sql_int(&f, arena_printf(&f.arena, "SELECT id FROM merchant WHERE name = '%s'",
								 merchant)),
				.document_type = "",
				.request_id = "" };
}

static struct caller owner_of(const char *ref)
{
	return key_of(sql_text(&f, arena_printf(&f.arena,
						"SELECT m.name FROM merchant m, session s WHERE s.merchant_id = m.id "
						"AND s.external_ref = '%s'",
						ref)));
}

static const char *id_of(const char *ref)
{
	return sql_text(&f, arena_printf(&f.arena, "SELECT uuid FROM session WHERE external_ref = '%s'", ref));
}

/* The verbs that a merchant's key may use in place of staff, written down a second time. */
static const enum verb by_key[] = { VERB_APPROVE,	 VERB_REJECT,	       VERB_CORRECTIONS,
				    VERB_WITHDRAW,	 VERB_REACTIVATE,      VERB_ESCALATE,
				    VERB_PROCESS,	 VERB_VALIDATE,	       VERB_LINK,
				    VERB_DELETE,	 VERB_SUBSESSION_ADD,  VERB_SUBSESSION_REMOVE,
				    VERB_DOCUMENT_SAVE,	 VERB_ENDPOINT_ADD,    VERB_ENDPOINT_DISABLE,
				    VERB_ENDPOINT_EDIT,	 VERB_ENDPOINT_ROTATE, VERB_ENDPOINT_REMOVE,
				    VERB_WEBHOOK_REPLAY, VERB_PAYIN,	       VERB_ORDER_COMPLETE,
				    VERB_ORDER_FAIL,	 VERB_ORDER_CANCEL };

static bool is_by_key(enum verb verb)
{
	for (size_t i = 0; i < sizeof by_key / sizeof *by_key; i++) {
		if (by_key[i] == verb)
			return true;
	}
	return false;
}

Test(caller, a_key_does_in_the_place_of_staff_what_is_written_down_and_nothing_else)
{
	struct caller caller;

	caller = owner_of("RAL-1");
	desk_set_caller(f.ada, &caller);
	for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
		struct use_in in = { .verb = (enum verb)verb, .session = "not-an-id" };
		enum err err;

		if (is_by_key(in.verb))
			continue;
		err = fixture_use(&f, f.ada, &in);
		cr_expect_eq(err, ERR_FORBIDDEN, "%s: %s", use_cases[verb].audit_action, f.error.message);
		/* A request cannot choose another capacity, either: the identity of the caller determines it. */
		for (unsigned as = 1; as < CAPACITY_COUNT; as++) {
			if (as == CAPACITY_MERCHANT || as == CAPACITY_PROVIDER)
				continue;
			in.capacity = (enum capacity)as;
			err = fixture_use(&f, f.ada, &in);
			cr_expect_eq(err, ERR_FORBIDDEN, "%s as %u: %s", use_cases[verb].audit_action, as,
				     f.error.message);
		}
	}
	desk_set_caller(f.ada, NULL);
}

Test(caller, another_merchants_case_is_not_there_for_any_verb)
{
	struct strbuf secret = STRBUF_INIT;
	struct caller rival;
	must(USE(f.ada, MERCHANT_ADD, NULL, .part = "rival"));
	rival = key_of("rival");
	const char *id = id_of("RAL-1");
	desk_set_caller(f.ada, &rival);
	for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
		const struct use_case *row = &use_cases[verb];
		struct use_in in = { .verb = (enum verb)verb,
				     .session = id,
				     .reason = "ten letters and more",
				     .content_out = &secret,
				     .type = "OTHER",
				     .file_name = "a.pdf",
				     .bytes = "%PDF-1.4 %%EOF",
				     .length = 14,
				     .results_json = "{}" };
		struct check result = { .kind = CHECK_WATCHLIST, .detail_json = "{}", .checked_subject_json = "{}" };
		struct party_input party = { .name = "N" };

		in.result = &result;
		in.party = &party;
		if (!(row->needs & (NEED_CASE | NEED_TRANSITION | NEED_DECISION)))
			continue;
		if (row->capacities & BY_MERCHANT)
			in.capacity = CAPACITY_MERCHANT;
		else if (row->capacities & 1u << CAPACITY_PROVIDER)
			in.capacity = CAPACITY_PROVIDER;
		else if (!is_by_key(in.verb))
			continue;
		cr_expect_eq(fixture_use(&f, f.ada, &in), ERR_NOT_FOUND, "%s: %s", row->audit_action, f.error.message);
	}
	desk_set_caller(f.ada, NULL);
	strbuf_release(&secret);
}

Test(caller, another_merchants_users_and_endpoints_are_not_there_either)
{
	const char *const events[] = { "*" };
	struct strbuf secret = STRBUF_INIT;
	struct subject_input edit = { .name = "Taken Over Ltd" };
	struct caller rival, own;

	own = owner_of("RAL-1");
	must(USE(f.ada, MERCHANT_ADD, NULL, .part = "rival"));
	rival = key_of("rival");
	const char *reference = arena_printf(&f.arena, "%s/biz-RAL-1", own.merchant);
	desk_set_caller(f.ada, &rival);
	expect_err(USE(f.ada, SUBJECT_EDIT, NULL, .capacity = CAPACITY_MERCHANT, .part = reference, .subject = &edit),
		   ERR_NOT_FOUND);
	expect_err(USE(f.ada, SUBJECT_DELETE, NULL, .capacity = CAPACITY_MERCHANT, .part = reference), ERR_NOT_FOUND);
	edit.merchant = own.merchant;
	expect_err(USE(f.ada, SUBJECT_ADD, NULL, .capacity = CAPACITY_MERCHANT, .subject = &edit), ERR_NOT_FOUND);
	expect_err(USE(f.ada, ENDPOINT_ADD, NULL, .part = own.merchant, .url = "https://rival.example/",
		       .events = events, .event_count = 1, .content_out = &secret),
		   ERR_NOT_FOUND);
	desk_set_caller(f.ada, NULL);
	strbuf_release(&secret);
}

static bool is_shown(const char *word)
{
	enum blocker_code code;

	return !strcmp(word, "review_open") || (blocker_code_parse(word, &code) && blocker_traits(code).public_text);
}

/* The case has as many kinds of blockers as possible, among them a document rejected for a restricted reason. */
Test(caller, an_approval_by_key_is_told_of_no_blocker_that_is_hidden)
{
	struct caller caller;
	const char *id;
	bool reviewed = false, document = false;

	fixture_kyb(&f, &(struct kyb){
				.ref = "RAL-2",
				.review = "unreviewed",
				.party = "active",
				.more = ",\"checks\":[{\"kind\":\"watchlist\",\"status\":\"hit\",\"hits\":[{\"name\":"
					"\"Ines Duarte\",\"list\":\"OFAC SDN\",\"class\":\"sanctions\"}]},"
					"{\"kind\":\"crypto\",\"status\":\"failed\"}]" });
	must(USE(f.rita, DOCUMENT_REJECT, "RAL-2", .part = "BUSINESS_NUMBER", .reason = "suspected_forgery"));
	caller = owner_of("RAL-2");
	id = id_of("RAL-2");
	desk_set_caller(f.ada, &caller);
	expect_err(USE(f.ada, APPROVE, id), ERR_BLOCKED);
	desk_set_caller(f.ada, NULL);
	for (size_t i = 0; i < f.error.blocker_count; i++) {
		const struct error_blocker *blocker = &f.error.blockers[i];

		cr_expect(is_shown(blocker->code), "%s: %s", blocker->code, blocker->message);
		cr_expect_null(strstr(blocker->message, "forgery"), "%s: %s", blocker->code, blocker->message);
		cr_expect_null(strstr(blocker->message, "Duarte"), "%s: %s", blocker->code, blocker->message);
		reviewed |= !strcmp(blocker->code, "review_open");
		document |= !strcmp(blocker->code, "document_not_accepted");
	}
	cr_expect(reviewed && document);
}

Test(caller, several_verbs_are_one_change_or_none)
{
	struct subject_input input = { .kind = SUBJECT_BUSINESS, .name = "Harbour Lane Ltd", .country = "GB" };
	struct use_out outs[2];
	struct caller own;
	int64_t before;

	own = owner_of("RAL-1");
	input.merchant = own.merchant;
	before = sql_int(&f, "SELECT count(*) FROM subject");
	desk_set_caller(f.ada, &own);
	const struct use_in ins[2] = {
		{ .verb = VERB_SUBJECT_ADD, .capacity = CAPACITY_MERCHANT, .subject = &input },
		{ .verb = VERB_STEP_SAVE,
		  .capacity = CAPACITY_MERCHANT,
		  .session = id_of("RAL-1"),
		  .part = "no_such_step" },
	};
	cr_expect_neq(desk_do_all(f.ada, &f.arena, ins, 2, outs, &f.error), ERR_OK);
	expect_rows(before, "subject");
	must(desk_do_all(f.ada, &f.arena, ins, 1, outs, &f.error));
	expect_rows(before + 1, "subject");
	desk_set_caller(f.ada, NULL);
	expect_sql("SELECT actor FROM audit_event ORDER BY seq DESC LIMIT 1", own.actor);
}

Test(caller, no_reviewer_is_called_as_a_key_is_in_the_audit_log)
{
	expect_err(USE(f.ada, REVIEWER_ADD, NULL, .part = "API:shop", .role = ROLE_REVIEWER), ERR_INVALID);
}

/* --- a reviewer's own key --- */

static const struct caller *bearer(const char *key)
{
	struct caller *caller = arena_alloc(&f.arena, sizeof *caller);

	must(desk_auth_bearer(f.ada, &f.arena, key, caller, &f.error));
	return caller;
}

static struct strbuf key_text;

static const char *key_for(const char *name)
{
	must(USE(f.ada, REVIEWER_KEY, NULL, .part = name, .content_out = &key_text));
	return arena_strdup(&f.arena, key_text.buf);
}

static enum err approve_by(const struct caller *caller, const char *ref)
{
	enum err err;

	desk_set_caller(f.ada, caller);
	err = USE(f.ada, APPROVE, id_of(ref), .has_grace = true);
	desk_set_caller(f.ada, NULL);
	return err;
}

/* The key is checked again when the verb runs, because the body of a request may take minutes to arrive. */
Test(caller, a_key_that_ends_while_its_request_is_under_way_decides_nothing)
{
	const struct caller *caller;

	caller = bearer(key_for("rita"));
	cr_assert(caller->is_recognised);
	cr_expect_str_eq(caller->actor, "rita");
	must(USE(f.ada, REVIEWER_KEY_REVOKE, NULL, .part = "rita"));
	cr_expect_eq(approve_by(caller, "RAL-1"), ERR_FORBIDDEN);
	caller = bearer(key_for("rita"));
	(void)key_for("rita");
	cr_expect_eq(approve_by(caller, "RAL-1"), ERR_FORBIDDEN, "another key took its place");
	caller = bearer(key_for("rita"));
	must(USE(f.ada, REVIEWER_DISABLE, NULL, .part = "rita"));
	cr_expect_eq(approve_by(caller, "RAL-1"), ERR_FORBIDDEN, "its holder is disabled");
	cr_expect_str_eq(sql_text(&f, "SELECT status FROM session WHERE external_ref = 'RAL-1'"), "manual_review");
	/* After these requests the desk has its own actor and role again. */
	cr_expect_str_eq(desk_actor(f.ada), "ada");
	cr_expect_eq(desk_role(f.ada), ROLE_ADMIN);
	strbuf_wipe(&key_text);
}

static bool is_by_own_key(enum verb verb)
{
	static const enum verb verbs[] = { VERB_APPROVE,    VERB_REJECT,   VERB_CORRECTIONS, VERB_WITHDRAW,
					   VERB_REACTIVATE, VERB_ESCALATE, VERB_PROCESS };

	for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
		if (verbs[i] == verb)
			return true;
	}
	return false;
}

/* A key of an admin permits no other verbs, either. */
Test(caller, a_key_of_a_reviewer_does_what_is_written_down_and_nothing_else)
{
	const struct caller *caller = bearer(key_for("ada"));

	desk_set_caller(f.rita, caller);
	for (unsigned verb = 0; verb < VERB_COUNT; verb++) {
		for (unsigned as = 0; as < CAPACITY_COUNT; as++) {
			struct use_in in = { .verb = (enum verb)verb,
					     .capacity = (enum capacity)as,
					     .session = "not-an-id" };
			enum err err;

			if (in.capacity == CAPACITY_STAFF && is_by_own_key(in.verb))
				continue;
			err = fixture_use(&f, f.rita, &in);
			cr_expect_eq(err, ERR_FORBIDDEN, "%s as %u: %s", use_cases[verb].audit_action, as,
				     f.error.message);
		}
	}
	desk_set_caller(f.rita, NULL);
	strbuf_wipe(&key_text);
}
