#include "exchange_parts.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/percent_range.h"

#include <string.h>

#define INDIRECT_PERCENT_DECIMAL_PLACES 6

const char *exchange_derive_id(struct arena *arena, const char *kind, const char *a, const char *b)
{
	const char *const parts[] = { "exchange", kind, a, b };
	char id[UUID_TEXT_SIZE];

	uuid_derive(id, parts, sizeof parts / sizeof *parts);
	return arena_strdup(arena, id);
}

static bool is_post_code(const char *key)
{
	static const char *const keys[] = { "zip_code", "zip", "postal_code", "postcode", "post_code" };

	return texts_contain(keys, sizeof keys / sizeof *keys, key);
}

bool exchange_read_address(struct arena *arena, const struct json_value *object, const struct countries *countries,
			   struct exchange_address *out)
{
	*out = (struct exchange_address){ .line = "", .post_code = "" };
	for (const char *key = json_first_key(object); key; key = json_next_key(object, key)) {
		const char *text = json_get_text(object, key);

		if (!text || !*text || !strcmp(key, "type") || !strcmp(key, "id"))
			continue;
		if (!strcmp(key, "country"))
			out->country = country_find(countries, text);
		else if (is_post_code(key))
			out->post_code = arena_strdup(arena, text);
		else
			out->line = arena_printf(arena, "%s%s%s", out->line, *out->line ? ", " : "", text);
	}
	return *out->line || out->country;
}

struct json_value *exchange_parse_json(const char *text)
{
	struct json_value *value = NULL;

	if (json_read(text, strlen(text), &value, NULL))
		return NULL;
	if (json_is_object(value) || json_is_array(value))
		return value;
	json_free(value);
	return NULL;
}

bool exchange_has_interest(const struct case_file *file, size_t party)
{
	const struct party *of = &file->parties[party];
	const unsigned roles = 1u << ROLE_UBO | 1u << ROLE_DIRECTOR | 1u << ROLE_SHAREHOLDER;

	if (of->share_count || *of->control_role || (of->roles & roles))
		return true;
	for (size_t i = 0; i < file->party_count; i++)
		if (ITEM_WITH_TEXT(file->parties[i].shares, file->parties[i].share_count, owned_party_id, of->id))
			return true;
	return false;
}

const char *exchange_format_percent(struct arena *arena, const char *percent)
{
	struct percent_range value;
	const char *text = NULL;

	if (percent_range_parse(&value, percent))
		text = percent_range_text(arena, &value, PERCENT_DECIMAL_PLACES);
	percent_range_release(&value);
	return text;
}

const char *exchange_indirect_percent(struct arena *arena, const struct party *party)
{
	struct percent_range whole, share, direct = { .low = decimal_new() };
	const char *text = NULL;
	bool through = false;

	for (size_t i = 0; i < party->share_count; i++) {
		const struct party_share *item = &party->shares[i];

		through |= *item->owned_party_id != '\0';
		if (*item->owned_party_id)
			continue;
		if (percent_range_parse(&share, item->percent))
			percent_range_add(&direct, &share);
		percent_range_release(&share);
	}
	if (percent_range_parse(&whole, party->effective_percent) && through && percent_range_subtract(&whole, &direct))
		text = percent_range_text(arena, &whole, INDIRECT_PERCENT_DECIMAL_PLACES);
	percent_range_release(&direct);
	percent_range_release(&whole);
	return text && strcmp(text, "0") != 0 ? text : NULL;
}
