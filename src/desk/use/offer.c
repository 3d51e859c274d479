/* Changes that need two people of the verb's role (admins, or leads): the command of one stores an offer, and the same
 * command of another one confirms the offer. */
#include "use/use.h"
#include "kybdesk/base/text.h"
#include "kybdesk/store/offer.h"

/* How long a disabled admin still counts as an admin, so that an admin cannot avoid the second admin by disabling
 * the only other admin. After a week, a desk that lost an admin can continue with one admin. */
#define DISABLED_ADMIN_COUNTS_MS (7 * DAY_MS)

struct reviewers {
	struct reviewer *items;
	size_t count;
};

/* Whether the person has the role, or had it until a week ago. */
static bool counts_as(const struct reviewer *person, enum role role, int64_t now)
{
	return role_at_least(person->role, role) &&
	       (!person->disabled || person->disabled_at > now - DISABLED_ADMIN_COUNTS_MS);
}

static enum involvement involvement_of(const struct involved *involved, const char *name)
{
	for (size_t i = 0; i < involved->count; i++)
		if (!strcmp(involved->items[i].name, name))
			return involved->items[i].how;
	return NOT_INVOLVED;
}

static int64_t count_people(const struct reviewers *reviewers, enum role role, int64_t now)
{
	int64_t count = 0;

	for (size_t i = 0; i < reviewers->count; i++)
		count += counts_as(&reviewers->items[i], role, now);
	return count;
}

enum err desk_count_admins(struct desk *desk, struct arena *arena, int64_t *count, struct error *error)
{
	struct reviewers reviewers = { 0 };
	enum err err = store_reviewer_list(desk->store, arena, &reviewers.items, &reviewers.count, error);

	*count = err ? 0 : count_people(&reviewers, ROLE_ADMIN, desk_now(desk));
	return err;
}

static const struct reviewer *find_reviewer(const struct reviewers *reviewers, const char *name)
{
	return ITEM_WITH_TEXT(reviewers->items, reviewers->count, name, name);
}

/* Whether the author of the offer still has the verb's role, and the actor is another reviewer that was added before
 * the offer: the author could have added a later reviewer as a second name. */
static bool can_confirm(const char *actor, enum role role, const struct reviewers *reviewers, const struct offer *offer)
{
	const struct reviewer *author = find_reviewer(reviewers, offer->by), *second = find_reviewer(reviewers, actor);

	return author && second && author != second && role_at_least(author->role, role) && !author->disabled &&
	       second->created_at <= offer->at;
}

enum err offer_is_for_actor(const struct desk *desk, struct arena *arena, const struct offer *offer, enum role role,
			    bool *out, struct error *error)
{
	struct reviewers reviewers = { 0 };
	enum err err = store_reviewer_list(desk->store, arena, &reviewers.items, &reviewers.count, error);

	*out = !err && role_at_least(desk->role, role) && can_confirm(desk->actor, role, &reviewers, offer);
	return err;
}

/* Finds the waiting offer of the verb for this part; row 0: none. */
static enum err find_waiting_offer(struct use *use, enum verb verb, const char *part, struct offer *out,
				   struct error *error)
{
	struct offers all;
	enum err err = store_offer_list(use->desk->store, use->arena, &all, error);

	*out = (struct offer){ 0 };
	for (size_t i = 0; !err && i < all.count; i++)
		if (!strcmp(all.items[i].audit_action, use_cases[verb].audit_action) &&
		    !strcmp(all.items[i].part, part))
			*out = all.items[i];
	return err;
}

enum err use_offer(struct use *use, const char *part, struct error *error)
{
	struct store *store = use->desk->store;
	struct offer waiting, offer = { .audit_action = use->use_case->audit_action,
					.part = part,
					.change_json = json_to_arena(use->arena, use->detail),
					.by = use->desk->actor,
					.at = use->now };
	struct reviewers reviewers = { 0 };
	bool same;
	enum err err;

	use->has_offered_change = true;
	if (store->sandbox || caller_is_external(use->desk))
		return ERR_OK;
	err = store_reviewer_list(store, use->arena, &reviewers.items, &reviewers.count, error);
	if (!err)
		err = find_waiting_offer(use, use->use_case->verb, part, &waiting, error);
	if (err)
		return err;
	offer.admin_count = count_people(&reviewers, use->use_case->role, use->now);
	same = waiting.row && !strcmp(waiting.change_json, offer.change_json);
	if (same && can_confirm(use->desk->actor, use->use_case->role, &reviewers, &waiting)) {
		use->ends_offer = true;
		json_set_text(use->detail, "offered_by", waiting.by);
		return store_row_delete(store, DELETE_OFFER, waiting.row, error);
	}
	if (offer.admin_count <= 1) {
		use->ends_offer = waiting.row != 0;
		return waiting.row ? store_row_delete(store, DELETE_OFFER, waiting.row, error) : ERR_OK;
	}
	use->out->is_proposal = true;
	use->has_no_change = same && !strcmp(waiting.by, offer.by); /* this actor offered the same change before */
	JSON_ADD(use->detail, { "offered", AS_BOOL(true) }, { "admins", AS_INT(offer.admin_count) });
	return use->has_no_change ? ERR_OK : store_offer_put(store, &offer, error);
}

enum err use_offer_withdraw(struct use *use, enum verb verb, const char *part, struct error *error)
{
	struct offer waiting;
	enum err err = find_waiting_offer(use, verb, part, &waiting, error);

	if (err || !waiting.row)
		return err;
	use->ends_offer = true;
	json_set_text(use->detail, "withdrawn_from", waiting.by);
	return store_row_delete(use->desk->store, DELETE_OFFER, waiting.row, error);
}

void involved_add(struct arena *arena, struct involved *involved, const char *name, enum involvement how)
{
	for (size_t i = 0; i < involved->count; i++) {
		struct involved_person *person = &involved->items[i];

		if (strcmp(person->name, name) != 0)
			continue;
		person->how = how > person->how ? how : person->how;
		return;
	}
	if (*name)
		*ARENA_PUSH(arena, involved->items, involved->count, involved->capacity) =
			(struct involved_person){ name, how };
}

enum err involved_find_others(const struct desk *desk, struct arena *arena, const struct involved *involved,
			      enum role role, const char **names, bool *alone, struct error *error)
{
	const char *of_two[2] = { "", "" }; /* not involved, only took part */
	struct reviewers reviewers = { 0 };
	enum err err = store_reviewer_list(desk->store, arena, &reviewers.items, &reviewers.count, error);

	*alone = !err;
	for (size_t i = 0; !err && i < reviewers.count; i++) {
		const struct reviewer *person = &reviewers.items[i];
		const enum involvement how = involvement_of(involved, person->name);

		if (!counts_as(person, role, desk_now(desk)))
			continue;
		*alone = *alone && (how == TOOK_PART || how == MADE_DATA);
		if (how <= TOOK_PART && !person->disabled)
			of_two[how] =
				arena_printf(arena, "%s%s%s", of_two[how], *of_two[how] ? " or " : "", person->name);
	}
	*names = of_two[*alone ? TOOK_PART : NOT_INVOLVED];
	return err;
}

enum err use_require_uninvolved(struct use *use, const struct involved *involved, struct error *error)
{
	const char *actor = use->desk->actor, *names;
	bool alone;
	enum err err;

	if (use->desk->store->sandbox || !involvement_of(involved, actor))
		return ERR_OK;
	err = involved_find_others(use->desk, use->arena, involved, use->use_case->role, &names, &alone, error);
	if (!err && alone)
		json_set_bool(use->detail, "without_second", true);
	if (err || alone)
		return err;
	return REFUSE(BLOCKER_SECOND_REVIEWER, "", error, "Cannot %s: %s took part in it; %s can",
		      use->use_case->verb_phrase, actor, *names ? names : "a second lead, whom an admin adds first,");
}
