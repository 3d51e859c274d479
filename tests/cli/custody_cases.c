#include "custody_cases.h"

#include <stdio.h>
#include <stdlib.h>

json_t *custody_shipped(const char *name)
{
	char path[256];
	json_error_t error;
	(void)snprintf(path, sizeof path, "%s/data/%s.json", KYB_SOURCE_DIR, name);
	json_t *value = json_load_file(path, 0, &error);
	cr_assert(value, "%s: %s", path, error.text);
	return value;
}

void custody_write(const struct box *box, const char *name, json_t *value)
{
	box_write(box, name, test_keep(json_dumps(value, 0)));
	json_decref(value);
}

void custody_make_folders(struct box *box)
{
	cr_assert_eq(box_shell(box, "mkdir -p config/kybdesk/workflows config/kybdesk/reasons"), 0);
}

void custody_become_reviewer(struct box *box)
{
	/* Two admins must make this change. */
	cr_assert_eq(box_shell(box, "id -un >me; \"$K\" reviewer add other --role admin && "
				    "\"$K\" reviewer role \"$(cat me)\" reviewer"),
		     0, "%s", box->last.err);
	box_as(box, "other");
	cr_assert_eq(box_shell(box, "\"$K\" reviewer role \"$(cat me)\" reviewer"), 0, "%s", box->last.err);
	box_as(box, NULL);
}

json_t *custody_lax(long long version)
{
	json_t *profile = custody_shipped("workflows/ralio-kyb"), *document;
	size_t i;
	json_object_set_new(profile, "version", json_integer(version));
	json_object_set_new(json_object_get(profile, "document_rules"), "submit_needs_mandatory", json_false());
	json_array_foreach(json_object_get(profile, "documents"), i, document)
		json_object_set_new(document, "mandatory", json_false());
	json_t *parties = json_object_get(profile, "parties");
	json_object_set_new(parties, "required", json_false());
	json_object_set_new(parties, "control_role_required", json_false());
	json_object_set_new(parties, "individuals", json_string("none"));
	json_object_set_new(parties, "companies", json_string("none"));
	json_object_del(parties, "workflow");
	json_object_del(parties, "events");
	return profile;
}

json_t *custody_open_reasons(void)
{
	json_t *reasons = custody_shipped("reasons/session"), *reason;
	size_t i;
	json_array_foreach(reasons, i, reason) json_object_set_new(reason, "disclosure", json_string("open"));
	return reasons;
}

json_t *custody_own_reasons(void)
{
	json_t *reasons = custody_open_reasons();

	json_array_append_new(reasons, json_pack("{s:s,s:s,s:s,s:b}", "code", "own_reason", "label", "My own",
						 "message", "Ours", "retryable", 1));
	return reasons;
}
const char custody_company[] =
	"{\"external_ref\":\"RAL-9\",\"workflow\":\"ralio-kyb\",\"kind\":\"kyb\",\"merchant\":\"shop\","
	"\"status\":\"manual_review\",\"subject\":{\"uid\":\"biz-9\",\"kind\":\"business\",\"name\":\"Lane\","
	"\"country\":\"GBR\",\"level\":\"LIGHT\"},\"steps\":[{\"id\":\"company_info\",\"status\":\"completed\"}]}"
	"\n";
