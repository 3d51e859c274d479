/* Values of a party beyond its columns: the seed's own fields, and its addresses. */
#include "client/client.h"
#include "decide/decide.h"
#include "kybdesk/codec/value_codec.h"
#include "kybdesk/domain/rules.h"
#include "use/refusal.h"

#include <stdio.h>
#include <string.h>

/* Clears the party columns that hold the same fact as a submitted field, so that the field's value counts. */
static void clear_party_columns(const struct use *use, struct party *party, const struct json_value *data)
{
	for (size_t f = 0; f < use->profile->parties.field_count; f++) {
		const struct field_spec *field = &use->profile->parties.fields[f];
		const struct column *column = values_column(&party_columns, "party.", field);
		const char *text = json_get_text(data, field->id);

		if (!text || !*text)
			continue;
		if (field->from_count && !strcmp(field->from[0], "party.ownership_percent") &&
		    party->share_count == 1 && !*party->shares[0].of_party_id)
			party->share_count = 0;
		if (column)
			column_set_text(column, party, "");
	}
}

static enum err check_addresses(const char *text, struct error *error)
{
	struct json_value *list = NULL;
	enum err err = json_read(text, strlen(text), &list, error);

	if (!err && !json_is_array(list))
		err = error_set_field(error, ERR_INVALID, "addresses", "The addresses are not a JSON list");
	json_free(list);
	return err;
}

static bool is_about(const struct use *use, const struct rule_failure *failure, const char *prefix,
		     const struct json_value *data)
{
	const char *rest = failure->path + strlen(prefix);
	size_t length = strcspn(rest, ".[");

	if (strncmp(failure->path, prefix, strlen(prefix)))
		return false;
	if (use->in->addresses_json && length == strlen("addresses") && !strncmp(rest, "addresses", length))
		return true;
	for (const char *key = json_first_key(data); key; key = json_next_key(data, key)) {
		if (strlen(key) == length && !strncmp(key, rest, length))
			return true;
	}
	return false;
}

/* Checks only the submitted values; missing values may still follow. */
static enum err check_rules(struct use *use, const struct party *party, const struct json_value *data,
			    struct error *error)
{
	size_t place = (size_t)(party - use->file.parties);
	struct rule_failures failures = { 0 };
	char prefix[48];
	struct rules_input input = use_rules(use);

	if (use->in->skip_validation && use->in->as == CAPACITY_INTAKE)
		return ERR_OK;
	input.partial = true;
	input.begun = use->in->as == CAPACITY_CLIENT;
	(void)snprintf(prefix, sizeof prefix, "parties[%zu].", place);
	rules_check_party(use->arena, &input, party, place, &failures);
	for (size_t i = 0; i < failures.count; i++) {
		if (is_about(use, &failures.items[i], prefix, data))
			return error_set_field(error, ERR_INVALID, failures.items[i].path, "%s",
					       failures.items[i].message);
	}
	return ERR_OK;
}

static enum err lay(struct use *use, struct party *party, const struct json_value *data, struct error *error)
{
	enum err err = ERR_OK;

	if (data)
		err = values_merge(use->arena, "fields", party->fields_json, use->in->fields_json,
				   &party->fields_json, error);
	if (!err && use->in->addresses_json) {
		err = check_addresses(use->in->addresses_json, error);
		party->addresses_json = arena_strdup(use->arena, use->in->addresses_json);
	}
	if (err)
		return err;
	if (data)
		clear_party_columns(use, party, data);
	case_values_store_form(use->arena, use->profile, desk_countries(use->desk), &use->file);
	err = check_rules(use, party, data, error);
	if (!err)
		err = store_party_update(use->desk->store, party, error);
	return err ? err : store_party_set_shares(use->desk->store, party, error);
}

enum err party_merge_values(struct use *use, struct party *party, struct error *error)
{
	struct json_value *data = NULL;
	/* Staff edits fields of an existing party by path, with a reason (review/step.c). */
	bool by_path = use->in->verb == VERB_PARTY_EDIT && use->in->as == CAPACITY_STAFF;
	const char *fields = by_path ? NULL : use->in->fields_json;
	enum err err = ERR_OK;

	if (!fields && !use->in->addresses_json)
		return ERR_OK;
	if (fields)
		err = json_read(fields, strlen(fields), &data, error);
	if (!err && fields && !json_is_object(data))
		err = error_set_field(error, ERR_INVALID, "fields",
				      "The fields are not a JSON object; use {\"name\": value}");
	if (!err)
		err = lay(use, party, data, error);
	json_set_bool(use->detail, "fields", fields != NULL);
	json_set_bool(use->detail, "addresses", use->in->addresses_json != NULL);
	json_free(data);
	return err;
}
