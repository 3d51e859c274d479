/* Business and individual users. */
#include "ralio/ralio.h"
#include "shape.h"

#include <string.h>

#define PAGE_MAX 100
#define OFFSET_MAX 10000

const char *ralio_kyc_state(enum session_status status)
{
	static const char *const words[] = { [SESSION_DRAFT] = "PENDING",
					     [SESSION_ACTIVE] = "PENDING",
					     [SESSION_AWAITING_CLIENT_CORRECTION] = "PENDING",
					     [SESSION_COMPLETED] = "IN_REVIEW",
					     [SESSION_PROCESSING] = "IN_REVIEW",
					     [SESSION_PROCESSED] = "IN_REVIEW",
					     [SESSION_MANUAL_REVIEW] = "IN_REVIEW",
					     [SESSION_APPROVED] = "VERIFIED",
					     [SESSION_REJECTED] = "FAILED",
					     [SESSION_EXPIRED] = "EXPIRED" };
	WORDS_HOLD(words, SESSION_STATUS_WORDS);

	return words[status];
}

static enum err no_user(const char *uid, struct error *error)
{
	return error_set(error, ERR_NOT_FOUND, "Unknown user \"%s\"", uid);
}

enum err ralio_user(struct request *r, const char *uid, enum subject_kind kind, struct subject_view *out,
		    struct error *error)
{
	enum err err = desk_outside_subject(r->desk, &r->arena, uid, out, error);

	return !err && out->record.subject.kind != kind ? no_user(uid, error) : err;
}

/* A user without a session has the first level of its workflow. */
static const char *level_of(struct request *r, const struct subject *subject)
{
	const struct profile *profile;

	if (*subject->level || desk_profile(r->desk, RALIO_KYB, &profile, NULL))
		return subject->level;
	return profile_level_initial(profile, subject->kind);
}

static struct json_value *business_json(struct request *r, const struct subject_record *record)
{
	const struct subject *subject = &record->subject;

	return BODY("BusinessUser", AS_TEXT(subject->uid), AS_TEXT(subject->uid), AS_INT(subject->kyb_id),
		    AS_TEXT(subject->name), AS_TEXT(subject->registration_number), AS_TEXT(subject->tax_id),
		    AS_TEXT(subject->website), AS_TEXT(level_of(r, subject)), AS_TEXT(subject->country),
		    AS_TEXT(subject->email), AS_TIME(record->created_at), AS_TIME(record->updated_at));
}

/* Length of the first name in the full name; of the first word if the input had only the full name. */
static size_t first_name_length(const struct subject_record *record)
{
	const char *name = record->subject.name;
	size_t length = (size_t)record->input_bytes;

	return length && length < strlen(name) && name[length] == ' ' ? length : strcspn(name, " ");
}

static struct json_value *individual_json(struct request *r, const struct subject_view *view)
{
	const struct subject_record *record = &view->record;
	const struct subject *subject = &record->subject;
	size_t first = first_name_length(record), sessions = view->session_count;

	return BODY("IndividualUser", AS_TEXT(subject->uid), AS_TEXT(subject->uid),
		    AS_TEXT(arena_strndup(&r->arena, subject->name, first)),
		    AS_TEXT(subject->name[first] ? subject->name + first + 1 : ""), AS_TEXT(subject->date_of_birth),
		    AS_TEXT(sessions ? ralio_kyc_state(view->sessions[sessions - 1].status) : "NOT_STARTED"),
		    AS_TEXT(subject->country), AS_TEXT(subject->email), AS_TIME(record->created_at),
		    AS_TIME(record->updated_at));
}

static struct json_value *user_json(struct request *r, const struct subject_view *view)
{
	return view->record.subject.kind == SUBJECT_BUSINESS ? business_json(r, &view->record)
							     : individual_json(r, view);
}

static enum err answer_user(struct request *r, int status, const char *uid, enum subject_kind kind,
			    struct error *error)
{
	struct subject_view view;
	enum err err = ralio_user(r, uid, kind, &view, error);

	return err ? err : answer_json(r, status, user_json(r, &view));
}

/* --- creating users --- */

static enum err add_user(struct request *r, const struct subject_input *input, struct error *error)
{
	struct use_out out;
	enum err err = request_check(r, error);

	if (!err)
		err = API_DO(r, &out, error, .verb = VERB_SUBJECT_ADD, .as = CAPACITY_MERCHANT, .subject = input);
	return err ? err : answer_user(r, 201, out.part_id, input->kind, error);
}

static enum err handle_add_business(struct request *r, struct error *error)
{
	const struct subject_input input = { .merchant = r->caller.merchant,
					     .kind = SUBJECT_BUSINESS,
					     .name = body_need(r, "name"),
					     .country = body_need(r, "country"),
					     .registration_number = body_text(r, "registrationNumber"),
					     .tax_id = body_text(r, "taxId"),
					     .email = body_text(r, "email"),
					     .website = body_text(r, "website") };

	return add_user(r, &input, error);
}

static enum err handle_add_individual(struct request *r, struct error *error)
{
	const char *first = body_need(r, "firstName"), *last = body_need(r, "lastName");
	const struct subject_input input = { .merchant = r->caller.merchant,
					     .kind = SUBJECT_INDIVIDUAL,
					     .name = arena_printf(&r->arena, "%s %s", first, last),
					     .input_bytes = (int64_t)strlen(first),
					     .country = body_need(r, "country"),
					     .date_of_birth = body_text(r, "dateOfBirth"),
					     .email = body_text(r, "email") };

	return add_user(r, &input, error);
}

/* --- reading users --- */

static enum err handle_get(struct request *r, struct error *error)
{
	return answer_user(r, 200, r->arguments[0], (enum subject_kind)r->route->about, error);
}

static enum err read_page(struct request *r, struct subject_query *query, int64_t skip, struct subject_page *page,
			  struct error *error)
{
	size_t limit = query->limit;
	enum err err = ERR_OK;

	while (!err && skip > 0) {
		query->limit = skip > LIST_LIMIT_MAX ? LIST_LIMIT_MAX : (size_t)skip;
		err = desk_outside_subjects(r->desk, &r->arena, query, page, error);
		if (err || !*page->next) {
			page->count = 0;
			return err;
		}
		skip -= (int64_t)query->limit;
		query->after = page->next;
	}
	query->limit = limit;
	return err ? err : desk_outside_subjects(r->desk, &r->arena, query, page, error);
}

static enum err handle_list(struct request *r, struct error *error)
{
	int64_t limit = request_int(r, "limit", 1, PAGE_MAX, 20), number = request_int(r, "page", 1, OFFSET_MAX, 1);
	struct subject_query query = { .limit = (size_t)limit,
				       .kinds = 1u << r->route->about,
				       .owners_left_out = true };
	struct subject_page page = { .next = "" };
	struct json_value *body, *data;
	enum err err;

	if ((number - 1) * limit > OFFSET_MAX)
		request_fault(r, "page", "Pages reach only the first %d users", OFFSET_MAX);
	err = request_check(r, error);
	if (!err)
		err = read_page(r, &query, (number - 1) * limit, &page, error);
	if (err)
		return err;
	data = json_new_array();
	for (size_t i = 0; !err && i < page.count; i++) {
		struct subject_view view;

		err = desk_outside_subject(r->desk, &r->arena, page.items[i].subject.uid, &view, error);
		if (!err)
			json_append(data, user_json(r, &view));
	}
	body = BODY("BusinessUsers", data, AS_INT(number), AS_INT(limit), AS_BOOL(*page.next != '\0'));
	if (!err)
		return answer_json(r, 200, body);
	json_free(body);
	return err;
}

/* The two seeds spell this path differently. */
#define BUSINESS_ROWS(base)                                                                                        \
	{ ROUTE_CREATE,                                                                                            \
	  .path = base,                                                                                            \
	  .takes = "BusinessUserNew",                                                                              \
	  .response = "201:BusinessUser",                                                                          \
	  .verb = VERB_SUBJECT_ADD,                                                                                \
	  .answer = handle_add_business,                                                                           \
	  .summary = "Create a business user" },                                                                   \
		{ ROUTE_READ,                                                                                      \
		  .path = base,                                                                                    \
		  .query = "page:int limit:int",                                                                   \
		  .response = "200:BusinessUsers",                                                                 \
		  .about = SUBJECT_BUSINESS,                                                                       \
		  .answer = handle_list,                                                                           \
		  .summary = "List the business users" },                                                          \
	{                                                                                                          \
		.method = "GET", .path = base "/{uid}", .response = "200:BusinessUser", .permission = PERMIT_READ, \
		.verb = READS, .about = SUBJECT_BUSINESS, .answer = handle_get, .summary = "Get a business user"   \
	}

static const struct route rows[] = {
	BUSINESS_ROWS("/api/v1/account/business-user"),
	BUSINESS_ROWS("/api/v1/account/business-users"),
	{ ROUTE_CREATE, .path = "/api/v1/account/individual-users", .takes = "IndividualUserNew",
	  .response = "201:IndividualUser", .verb = VERB_SUBJECT_ADD, .answer = handle_add_individual,
	  .summary = "Create an individual user" },
	{ ROUTE_READ, .path = "/api/v1/account/individual-users", .query = "page:int limit:int",
	  .response = "200:IndividualUsers", .about = SUBJECT_INDIVIDUAL, .answer = handle_list,
	  .summary = "List the individual users" },
	{ ROUTE_READ, .path = "/api/v1/account/individual-users/{uid}", .response = "200:IndividualUser",
	  .about = SUBJECT_INDIVIDUAL, .answer = handle_get, .summary = "Get an individual user" },
};
const struct routes routes_ralio_users = { rows, sizeof rows / sizeof *rows, DIALECT_RALIO };
