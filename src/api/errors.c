/* Error responses in each dialect's format (docs/api.md "Answers"). */
#include "errors.h"
#include "kybdesk/base/text.h"
#include "link/page.h"
#include "problem.h"
#include "shape.h"

#include <string.h>

static int status_of(enum err code)
{
	static const int statuses[] = {
		[ERR_OK] = 200,	      [ERR_USAGE] = 400,     [ERR_INVALID] = 400,   [ERR_BLOCKED] = 409,
		[ERR_CONFLICT] = 409, [ERR_NOT_FOUND] = 404, [ERR_FORBIDDEN] = 403, [ERR_STORE] = 503,
		[ERR_INTERNAL] = 500, [ERR_PARTIAL] = 500
	};

	return statuses[code];
}

/* Messages of internal errors name files of this machine, so only the log has them. */
static const char *message_of(struct request *r, const struct error *error)
{
	if (r->answer.status == 503)
		return "The service is not available at the moment; try again";
	if (r->answer.status == 500)
		return "Internal error; report the id of this request to the operator";
	return error->message ? error->message : "";
}

static const char *code_of(struct request *r, const struct error *error)
{
	if (r->code)
		return r->code;
	if (r->answer.status == 503)
		return "unavailable";
	if (r->answer.status == 400 && r->schema)
		return r->schema;
	return error_code_name(error->code == ERR_USAGE ? ERR_INVALID : error->code);
}

/* Names of a party's members in the seed avenia-kyb-level-1; NULL: unchanged. A sub-account's name is "name". */
static const char *avenia_name(const char *field)
{
	static const char *const names[][2] = {
		{ "name", "fullName" },
		{ "birth", "dateOfBirth" },
		{ "date_of_birth", "dateOfBirth" },
		{ "percent", "percentageOfOwnership" },
		{ "control_role", "hasControl" },
		{ "tax_id", "taxIdNumber" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (!strcmp(names[i][0], field))
			return names[i][1];
	}
	return NULL;
}

/* The desk has one name for an owner; a fault of it is a fault of last_name. A business has only one name. */
static const char *atelio_name(const struct request *r, const char *field)
{
	bool of_business = r->route->takes && !strcmp(r->route->takes, "BusinessNew");

	if (!strcmp(field, "name"))
		return of_business ? field : "last_name";
	return !strcmp(field, "date_of_birth") ? "dob" : field;
}

/* The field name in the dialect's style: "dateOfBirth" for "date_of_birth". */
static const char *field_name_in_dialect(struct request *r, const char *field)
{
	bool camel = dialect_of(r) == DIALECT_RALIO || dialect_of(r) == DIALECT_AVENIA;
	struct strbuf text = STRBUF_INIT;

	if (dialect_of(r) == DIALECT_AVENIA && r->route->verb != VERB_SESSION_OPEN && avenia_name(field))
		return avenia_name(field);
	if (dialect_of(r) == DIALECT_ATELIO)
		return atelio_name(r, field);
	if (!camel || strpbrk(field, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") || !strncmp(field, "api_", 4))
		return field;
	for (; *field; field++) {
		if (*field == '_' && field[1] >= 'a' && field[1] <= 'z')
			strbuf_addch(&text, (char)(*++field - 'a' + 'A'));
		else
			strbuf_addch(&text, *field);
	}
	return strbuf_finish(&text, &r->arena);
}

static struct json_value *field_json(struct request *r, const char *field, const char *message)
{
	return BODY("FieldFault", AS_TEXT(field_name_in_dialect(r, field)), AS_TEXT(message));
}

static struct json_value *fields_of(struct request *r, const struct error *error)
{
	struct json_value *list = json_new_array();

	for (size_t i = 0; i < r->fault_count; i++)
		json_append(list, field_json(r, r->faults[i].field, r->faults[i].message));
	if (!r->fault_count && *request_own_name(error->field))
		json_append(list, field_json(r, request_own_name(error->field), error->message));
	return list;
}

static struct json_value *common(struct request *r, const struct error *error)
{
	return BODY("Error", BODY("ErrorBody", AS_TEXT(code_of(r, error)), AS_TEXT(message_of(r, error)),
				  fields_of(r, error), json_blockers(error)));
}

/* {"last_name":["Missing data for required field."]} */
static struct json_value *atelio_fields(struct request *r, const struct error *error)
{
	struct json_value *fields = json_new_object();
	const char *name = request_own_name(error->field), *message = message_of(r, error);

	for (size_t i = 0; i < r->fault_count; i++) {
		const struct fault *fault = &r->faults[i];

		/* One entry for each field, with its first fault. */
		if (!json_get(fields, fault->field))
			json_set(fields, field_name_in_dialect(r, fault->field), json_texts(&fault->message, 1));
	}
	if (!r->fault_count)
		json_set(fields, *name ? field_name_in_dialect(r, name) : "error", json_texts(&message, 1));
	return fields;
}

static struct json_value *atelio(struct request *r, const struct error *error)
{
	return BODY("AtelioError", AS_TEXT(json_finish(&r->arena, atelio_fields(r, error))),
		    AS_INT(r->answer.status), AS_TEXT(code_of(r, error)),
		    AS_TEXT(r->answer.status < 500 ? "Request Error" : "Server Error"));
}

/* The generic dialect, the client's link, and addresses of no dialect. */
static bool has_problems(struct request *r)
{
	return dialect_of(r) == DIALECT_GENERIC || dialect_of(r) == DIALECT_OWN;
}

void errors_answer(struct request *r, const struct error *error)
{
	if (!r->answer.status || r->answer.status < 400)
		r->answer.status = status_of(error->code);
	json_free(r->answer.json);
	r->answer.json = NULL;
	r->answer.bytes = NULL;
	if (dialect_of(r) == DIALECT_PAGE) {
		page_error(r, error);
		return;
	}
	r->answer.json = dialect_of(r) == DIALECT_ATELIO ? atelio(r, error) : common(r, error);
	if (has_problems(r)) {
		problem_add(r, r->answer.json);
		r->answer.json_type = PROBLEM_TYPE;
	}
}
