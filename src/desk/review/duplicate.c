/* Saying of two sessions with the same numbers that they are two. */
#include "internal.h"
#include "kybdesk/desk/party.h"

#include <string.h>

static enum err find_duplicate(struct duplicate *items, size_t count, const char *reference, struct duplicate **out,
			       struct error *error)
{
	size_t length = strlen(reference), found = 0;

	for (size_t i = 0; i < count; i++) {
		if (!strcmp(items[i].id, reference) ||
		    (*items[i].external_ref && !strcmp(items[i].external_ref, reference))) {
			*out = &items[i];
			return ERR_OK;
		}
	}
	for (size_t i = 0; length >= WORK_PREFIX_MIN && i < count; i++) {
		if (strncmp(items[i].id, reference, length))
			continue;
		*out = &items[i];
		found++;
	}
	if (found == 1)
		return ERR_OK;
	if (found)
		return error_set(error, ERR_USAGE, "\"%s\" fits %zu duplicates; give more of the id", reference,
				 found);
	return error_set(error, ERR_NOT_FOUND,
			 "\"%s\" is no duplicate of this case; kybdesk duplicate list shows them", reference);
}

/* The other one is asked less now, too. */
static enum err refresh_other(struct desk *desk, struct arena *arena, int64_t row, struct error *error)
{
	struct session other;
	enum err err = store_session_load(desk->store, arena, row, &other, error);

	if (!err)
		err = store_session_update(desk->store, &other, NULL, desk_now(desk), error);
	return err ? err : desk_case_refresh(desk, arena, row, error);
}

enum err desk_duplicate_dismiss(struct desk *desk, struct arena *arena, const char *reference, const char *other,
				const char *reason, const char **id, struct error *error)
{
	struct work work;
	struct duplicate *items = NULL, *duplicate = NULL;
	struct json_value *detail = NULL;
	size_t count = 0;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, "dismiss a duplicate", error);

	if (err)
		return err;
	reason = reason ? reason : "";
	*id = work.file.session.id;
	err = store_duplicates(desk->store, arena, work.file.session.row, &items, &count, error);
	if (!err)
		err = find_duplicate(items, count, other, &duplicate, error);
	if (!err)
		err = text_check("reason", "The reason", reason, false, error);
	if (!err)
		err = reason_text_check("dismissing a duplicate", reason, error);
	if (!err)
		err = store_duplicate_dismiss(desk->store, work.file.session.row, duplicate->row, duplicate->same,
					      reason, desk->actor, work.now, error);
	if (!err)
		err = refresh_other(desk, arena, duplicate->row, error);
	if (!err) {
		detail = json_new_object();
		json_set_text(detail, "other", duplicate->id);
		json_set_bool(detail, "registration_number", duplicate->same & SAME_REGISTRATION_NUMBER);
		json_set_bool(detail, "tax_id", duplicate->same & SAME_TAX_ID);
	}
	return work_commit(&work, err, "duplicate.dismiss", detail, false, error);
}
