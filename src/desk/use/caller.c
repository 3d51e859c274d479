/* What an outside caller may do at this desk, which data the caller may see, and which errors the caller gets. */
#include "use/gatekeeping.h"
#include "kybdesk/desk/outside.h"
#include "kybdesk/store/outbox.h"

void desk_set_caller(struct desk *desk, const struct caller *caller)
{
	desk->caller = caller;
}

static enum err refuse_verb(const struct use *use, struct error *error)
{
	return error_set(error, ERR_FORBIDDEN, "Cannot %s through the API", use->use_case->verb_phrase);
}

bool caller_is_external(const struct desk *desk)
{
	return desk->caller && desk->caller->capacity != CAPACITY_STAFF;
}

enum err caller_check_reader(const struct desk *desk, struct error *error)
{
	if (desk->caller ? desk->caller->capacity == CAPACITY_MERCHANT : !desk->is_server)
		return ERR_OK;
	return error_set(error, ERR_FORBIDDEN, "Only the key of a merchant can read its cases, users and webhooks");
}

static enum err check_reviewer_key_verb(const struct use *use, struct error *error)
{
	if (use->in->capacity != CAPACITY_STAFF || !(use->use_case->capacities & BY_OWN_KEY))
		return refuse_verb(use, error);
	return desk_require_role(use->desk, use->use_case->role, use->use_case->verb_phrase, error);
}

/* Checks a merchant's key that acts as staff or as a provider: in production, such a key can neither decide nor
 * report. */
static enum err check_merchant_key_verb(const struct use *use, struct error *error)
{
	unsigned capacities = use->use_case->capacities;

	if (!(capacities & (BY_KEY | BY_SANDBOX_KEY)) || !(capacities & (1u << use->in->capacity)))
		return refuse_verb(use, error);
	if (capacities & BY_KEY || desk_is_sandbox(use->desk))
		return ERR_OK;
	return error_set(error, ERR_FORBIDDEN,
			 capacities & BY_OWN_KEY
				 ? "A merchant's key cannot %s in production; a reviewer does so with their own key"
				 : "A merchant's key cannot %s in production; ask the reviewers",
			 use->use_case->verb_phrase);
}

/* A provider may report only results of single checks, since the results of a whole case contain an outcome. */
static enum err check_provider(const struct use *use, struct error *error)
{
	enum check_kind kind;

	if (use->in->capacity != CAPACITY_PROVIDER || use->use_case->verb != VERB_CHECK_REPORT)
		return error_set(error, ERR_FORBIDDEN, "A provider's key can only report results of checks");
	kind = use->in->result->kind;
	if (use->desk->caller->checks & 1u << kind)
		return ERR_OK;
	return error_set_field(error, ERR_FORBIDDEN, "kind", "This key cannot report results of the check %s",
			       check_kind_text(kind));
}

static bool is_verb_in_list(enum verb verb, const enum verb *verbs, size_t count)
{
	while (count && verbs[count - 1] != verb)
		count--;
	return count > 0;
}

/* Whether the sandbox's simulator may run this verb of reviewers (desk/sandbox.h). */
static bool is_simulated_verb(enum verb verb)
{
	static const enum verb verbs[] = { VERB_APPROVE,	 VERB_REJECT,		VERB_CORRECTIONS,
					   VERB_DOCUMENT_ACCEPT, VERB_PARTY_VERIFY,	VERB_CORRECTION_ACCEPT,
					   VERB_PARTY_ADD,	 VERB_DUPLICATE_DISMISS };

	return is_verb_in_list(verb, verbs, sizeof verbs / sizeof *verbs);
}

enum err caller_check(const struct use *use, struct error *error)
{
	const struct caller *caller = use->desk->caller;
	enum capacity as = use->in->capacity;

	if (caller->capacity == CAPACITY_SIMULATOR && as == CAPACITY_STAFF)
		return desk_is_sandbox(use->desk) && is_simulated_verb(use->use_case->verb) ? ERR_OK
											    : refuse_verb(use, error);
	/* Allows the system to follow up on a case, but only on a case that the desk itself names by in->row. */
	if (as == CAPACITY_SYSTEM)
		return use->in->row && use->use_case->capacities & BY_SYSTEM ? ERR_OK : refuse_verb(use, error);
	if (as == CAPACITY_SIMULATOR && !desk_is_sandbox(use->desk))
		return refuse_verb(use, error);
	if (caller->capacity == CAPACITY_STAFF)
		return check_reviewer_key_verb(use, error);
	if (caller->capacity == CAPACITY_PROVIDER)
		return check_provider(use, error);
	if (as == caller->capacity && use->use_case->capacities & (1u << as))
		return ERR_OK;
	if (caller->capacity == CAPACITY_MERCHANT && (as == CAPACITY_STAFF || as == CAPACITY_PROVIDER))
		return check_merchant_key_verb(use, error);
	return refuse_verb(use, error);
}

static enum err refuse_unknown_session(const char *reference, struct error *error)
{
	return error_set(error, ERR_NOT_FOUND, "Unknown session \"%s\"", reference);
}

enum err caller_session_find(struct desk *desk, const char *reference, int64_t *row, struct error *error)
{
	char id[UUID_TEXT_SIZE];
	enum err err = ERR_OK;

	if (!desk->caller)
		return store_session_find(desk->store, reference, row, error);
	*row = 0;
	if (uuid_normalise(reference, id))
		err = store_session_by_uuid(desk->store, id, row, error);
	if (!err && !*row)
		err = refuse_unknown_session(reference, error);
	return err;
}

bool caller_may_see(const struct desk *desk, const struct session *session)
{
	const struct caller *caller = desk->caller;

	if (!caller_is_external(desk) || caller->capacity == CAPACITY_SIMULATOR)
		return true;
	if (caller->session_row)
		return session->row == caller->session_row;
	return session->merchant_row == caller->merchant_row && !session->hidden;
}

const struct decision *caller_held_decision(const struct case_file *file, int64_t now)
{
	const struct decision *last = case_last_decision(file);

	return last && !last->imported && decision_is_held(last, now) ? last : NULL;
}

enum err caller_check_case(const struct use *use, struct error *error)
{
	const struct desk *desk = use->desk;

	if (!caller_is_external(desk))
		return ERR_OK;
	if (!caller_may_see(desk, &use->file.session))
		return refuse_unknown_session(use->in->session ? use->in->session : "", error);
	if (use->in->seen_version && use->in->seen_version != use->file.session.version)
		return refuse_with_blocker(ERR_CONFLICT, blocker_code_text(BLOCKER_CHANGED), "", error,
					   "Cannot %s: the session has changed meanwhile; read it again",
					   use->use_case->verb_phrase);
	/* During the grace time, accepts check results and requests to hide the session. A check result must be
	 * accepted, since a hit stops the decision. Hiding does not affect the decision, and its refusal would
	 * reveal a pending decision. */
	if (!caller_held_decision(&use->file, use->now) || use->use_case->verb == VERB_CHECK_REPORT ||
	    use->use_case->verb == VERB_HIDE)
		return ERR_OK;
	return refuse_with_blocker(ERR_CONFLICT, blocker_code_text(BLOCKER_STATUS), "", error,
				   "Cannot %s now: the session is in review; try again in a moment",
				   use->use_case->verb_phrase);
}

enum err caller_check_merchant(const struct desk *desk, const char *merchant, const char *what, const char *reference,
			       struct error *error)
{
	if (!desk->caller || (desk->caller->capacity == CAPACITY_MERCHANT && !strcmp(desk->caller->merchant, merchant)))
		return ERR_OK;
	return error_set(error, ERR_NOT_FOUND, "Unknown %s \"%s\"", what, reference);
}

/* The public sentence of a blocker; NULL: the blocker is hidden. Hides every blocker with a code that the gate does
 * not know. */
static const char *public_blocker_text(const struct error_blocker *blocker)
{
	enum blocker_code code;
	const char *sentence;

	if (!blocker_code_parse(blocker->code, &code))
		return NULL;
	sentence = blocker_traits(code).public_text;
	return sentence && !*sentence ? blocker->message : sentence;
}

#define REVIEW_NOT_ENDED "The review has not ended"

static void copy_blockers(struct error *to, const struct error *from)
{
	bool hidden = false;

	for (size_t i = 0; i < from->blocker_count; i++) {
		const struct error_blocker *blocker = &from->blockers[i];
		const char *sentence = public_blocker_text(blocker);

		if (sentence)
			error_add_blocker(to, blocker->code, sentence, blocker->ref);
		else if (!hidden)
			error_add_blocker(to, "review_open", REVIEW_NOT_ENDED, "");
		hidden = hidden || !sentence;
	}
}

/* Whether the verb has no case, but is about the merchant's own webhooks and orders. Errors of these verbs are
 * written for the merchant, too. */
static bool is_merchant_verb(const struct use *use)
{
	static const enum verb verbs[] = { VERB_ENDPOINT_ADD,	 VERB_ENDPOINT_DISABLE, VERB_ENDPOINT_EDIT,
					   VERB_ENDPOINT_ROTATE, VERB_ENDPOINT_REMOVE,	VERB_WEBHOOK_REPLAY,
					   VERB_PAYIN,		 VERB_ORDER_COMPLETE,	VERB_ORDER_FAIL,
					   VERB_ORDER_CANCEL };

	return is_verb_in_list(use->use_case->verb, verbs, sizeof verbs / sizeof *verbs);
}

void caller_redact_error(const struct use *use, struct error *error)
{
	struct error soft = { 0 };

	/* Errors of the client's verbs are written for the client. A provider must not read messages for staff.
	 * Errors of the sandbox's simulator are only logged. */
	if (!error || use->desk->caller->capacity == CAPACITY_SIMULATOR || is_merchant_verb(use) ||
	    (use->in->capacity != CAPACITY_STAFF && use->in->capacity != CAPACITY_PROVIDER) ||
	    (error->code != ERR_BLOCKED && error->code != ERR_CONFLICT))
		return;
	/* Does not name the new status: during the grace time of a decision the new status is not public yet. */
	if (caller_held_decision(&use->file, use->now))
		(void)error_set(&soft, ERR_CONFLICT, "Cannot %s now: the session is in review; try again in a moment",
				use->use_case->verb_phrase);
	else if (use->file.session.id && *use->file.session.id)
		(void)error_set(&soft, error->code, "Cannot %s: the session is %s", use->use_case->verb_phrase,
				session_status_title(use->file.session.status));
	else
		(void)error_set(&soft, error->code, "Cannot %s", use->use_case->verb_phrase);
	copy_blockers(&soft, error);
	error_release(error);
	error_move(error, &soft);
}

/* --- events that a merchant may read and replay: only the merchant's own events --- */

#define EVENT_ID_LENGTH 36 /* "evt_" and 32 hex digits */

/* Sets the merchant of the filter. Any caller other than a merchant gets an empty list. */
static enum err list_own_events(struct desk *desk, struct arena *arena, struct event_filter *filter,
				struct event_list *out, struct error *error)
{
	*out = (struct event_list){ 0 };
	if (!desk->caller || desk->caller->capacity != CAPACITY_MERCHANT)
		return ERR_OK;
	filter->merchant = desk->caller->merchant_row;
	return store_event_list(desk->store, arena, filter, out, error);
}

/* Shows asterisks in place of the links' tokens; the merchant can read the present link from the session. */
static enum err mask_links(struct arena *arena, struct event_item *item, struct error *error)
{
	struct strbuf body = STRBUF_INIT;
	enum err err = link_placeholders_fill(
		&body, item->body, item->body_length,
		&(struct link_placeholder_values){ item->link_mark, NULL, item->session_id }, error);

	if (!err) {
		item->body_length = body.len;
		item->body = strbuf_to_arena(&body, arena);
	}
	strbuf_release(&body);
	return err;
}

enum err desk_external_event(struct desk *desk, struct arena *arena, const char *id, struct event_item *out,
			     struct error *error)
{
	struct event_filter filter = { .id = id, .limit = 1, .now = desk_now(desk) };
	struct event_list found = { 0 };
	enum err err = strlen(id) == EVENT_ID_LENGTH ? list_own_events(desk, arena, &filter, &found, error) : ERR_OK;

	if (err)
		return err;
	if (!found.count)
		return error_set(error, ERR_NOT_FOUND, "Unknown event \"%s\"", id);
	*out = found.items[0];
	return mask_links(arena, out, error);
}

enum err desk_external_events(struct desk *desk, struct arena *arena, const struct external_event_query *query,
			      struct external_event_page *out, struct error *error)
{
	struct event_filter filter = { .session_id = query->session_id,
				       .type = query->type,
				       .from = query->from,
				       .until = query->until,
				       .after = query->after,
				       .delivered = query->delivered,
				       .limit = query->limit + 1,
				       .now = desk_now(desk) };
	struct event_list found;
	enum err err = list_own_events(desk, arena, &filter, &found, error);

	*out = (struct external_event_page){ .next = "" };
	out->items = found.items;
	out->count = found.count < query->limit ? found.count : query->limit;
	if (!err && found.count > query->limit)
		out->next = found.items[out->count - 1].id;
	for (size_t i = 0; !err && i < out->count; i++)
		err = mask_links(arena, &out->items[i], error);
	return err;
}
