#include "kybdesk/domain/register.h"
#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/identity.h"
#include "kybdesk/domain/value.h"

#include <string.h>

const char *const register_members[REGISTER_FIELD_COUNT] = { REGISTER_FIELD_WORDS(WORDS_ENTRY) };
static const char *const labels[REGISTER_FIELD_COUNT] = {
	[REGISTER_NAME] = "name",
	[REGISTER_NUMBER] = "registration number",
	[REGISTER_LEI] = "LEI",
	[REGISTER_COUNTRY] = "country",
	[REGISTER_STATUS] = "status",
	[REGISTER_LEGAL_FORM] = "legal form",
	[REGISTER_INCORPORATED_ON] = "day of incorporation",
	[REGISTER_STREET] = "street",
	[REGISTER_CITY] = "city",
	[REGISTER_ZIP_CODE] = "postal code",
};

bool register_entry_read(const struct check *check, struct register_entry *out)
{
	const struct value *active = value_member(check->detail, REGISTER_MEMBER_ACTIVE);

	*out = (struct register_entry){ .title = value_text(value_member(check->detail, REGISTER_MEMBER_TITLE)) };
	for (size_t i = 0; i < REGISTER_FIELD_COUNT; i++)
		out->values[i] = value_text(value_member(check->detail, register_members[i]));
	out->active = active && active->kind == VALUE_BOOL && active->boolean;
	out->other_names = value_member(check->detail, REGISTER_MEMBER_OTHER_NAMES);
	return check->kind == CHECK_REGISTER && *out->title && *out->values[REGISTER_NAME];
}

static bool is_same_value(enum register_field field, const char *typed, const char *entry)
{
	struct strbuf left = STRBUF_INIT, right = STRBUF_INIT;
	bool equal;

	if (field == REGISTER_NAME)
		return identity_names_agree(PARTY_COMPANY, typed, entry);
	if (field == REGISTER_NUMBER) {
		text_number_key(&left, typed);
		text_number_key(&right, entry);
	} else {
		text_likeness_key(&left, typed, strlen(typed));
		text_likeness_key(&right, entry, strlen(entry));
	}
	equal = !strcmp(left.buf, right.buf);
	strbuf_release(&left);
	strbuf_release(&right);
	return equal;
}

/* The name of the entry that agrees with the typed one, else the legal name. */
static const char *find_name(const char *typed, const struct register_entry *entry)
{
	const char *name = entry->values[REGISTER_NAME];
	const struct value *others = entry->other_names;

	if (is_same_value(REGISTER_NAME, typed, name))
		return name;
	for (size_t i = 0; others && others->kind == VALUE_LIST && i < others->count; i++)
		if (is_same_value(REGISTER_NAME, typed, value_text(&others->items[i])))
			return value_text(&others->items[i]);
	return name;
}

static const char *subject_field_value(const struct subject *subject, enum register_field field)
{
	if (field == REGISTER_STREET || field == REGISTER_CITY || field == REGISTER_ZIP_CODE)
		return value_text(value_member(subject->address, register_members[field]));
	return subject_member(subject, register_members[field]);
}

void register_compare(const struct subject *subject, const struct register_entry *entry, struct register_view *out)
{
	*out = (struct register_view){ 0 };
	for (unsigned i = 0; i < REGISTER_FIELD_COUNT; i++) {
		enum register_field field = (enum register_field)i;
		struct register_pair *pair = &out->pairs[out->count];
		bool is_lei = !strcmp(subject->registration_number, entry->values[REGISTER_LEI]);

		*pair = (struct register_pair){ labels[i], subject_field_value(subject, field), entry->values[i],
						false };
		if (field == REGISTER_NAME)
			pair->entry = find_name(pair->typed, entry);
		if (!*pair->entry)
			continue;
		if (field == REGISTER_STATUS)
			pair->differs = !entry->active;
		/* An LEI that was typed as the registration number does not count as different. */
		else if (*pair->typed && !(field == REGISTER_NUMBER && is_lei))
			pair->differs = !is_same_value(field, pair->typed, pair->entry);
		out->count++;
		out->difference_count += pair->differs;
		if (pair->differs && (field == REGISTER_NAME || field == REGISTER_COUNTRY || field == REGISTER_STATUS))
			out->needs_lead_waiver = true;
	}
}

const char *register_differences(struct arena *arena, const struct register_view *view)
{
	const char *list = "";

	for (size_t i = 0; i < view->count; i++) {
		if (view->pairs[i].differs)
			list = arena_printf(arena, "%s%s%s", list, *list ? ", " : "", view->pairs[i].label);
	}
	return *list ? arena_printf(arena, "differs from the applicant's input: %s", list) : "";
}
