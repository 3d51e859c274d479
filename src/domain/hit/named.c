/* Finds the person that a hit names: by id, else by name. */
#include "hit/hit_parts.h"

#include <string.h>

const char *const alias_keys[] = { "aliases", "aka", "also_known_as", "other_names", "weak_aliases", NULL };
const char *const birth_keys[] = { "date_of_birth", "dates_of_birth", "birth_date", "dob", "year_of_birth", NULL };

bool value_is_key(const char *const *keys, const char *key)
{
	while (*keys && strcmp(*keys, key) != 0)
		keys++;
	return *keys != NULL;
}

void card_value_add(struct card_values *list, const char *key, const char *text)
{
	if (!*text)
		return;
	for (size_t i = 0; i < list->count; i++) {
		if (!strcmp(list->items[i].text, text))
			return;
	}
	*ARENA_PUSH(list->arena, list->items, list->count, list->capacity) = (struct card_value){ key, text };
}

static void take_one(struct card_values *list, const char *key, const struct value *value, const char *const *inner)
{
	if (value->kind == VALUE_TEXT || value->kind == VALUE_NUMBER)
		card_value_add(list, key, value->text);
	for (size_t i = 0; value->kind == VALUE_OBJECT && i < value->count; i++) {
		const struct value *member = &value->items[i];

		if (value_is_key(inner, value->keys[i]) &&
		    (member->kind == VALUE_TEXT || member->kind == VALUE_NUMBER))
			card_value_add(list, key, member->text);
	}
}

void card_values_collect(struct card_values *list, const struct value *object, const char *const *keys,
			 const char *const *inner)
{
	for (size_t i = 0; object && object->kind == VALUE_OBJECT && i < object->count; i++) {
		const struct value *value = &object->items[i];

		if (!value_is_key(keys, object->keys[i]))
			continue;
		take_one(list, object->keys[i], value, inner);
		for (size_t n = 0; value->kind == VALUE_LIST && n < value->count; n++)
			take_one(list, object->keys[i], &value->items[n], inner);
	}
}

enum likeness hit_names_like(const struct case_file *file, const struct party *party, const struct hit *hit)
{
	static const char *const inner[] = { "name", NULL };
	const struct subject *subject = &file->session.subject;
	bool of_person = party ? party->kind == PARTY_INDIVIDUAL : subject->kind == SUBJECT_INDIVIDUAL;
	struct arena arena = ARENA_INIT;
	struct card_values listed = { .arena = &arena }, ours = { .arena = &arena };
	enum likeness best = LIKE_UNKNOWN;

	card_value_add(&listed, "name", hit->name);
	card_values_collect(&listed, hit->detail, alias_keys, inner);
	card_value_add(&ours, "name", party ? party->name : subject->name);
	if (party)
		card_value_add(&ours, "name", party->session_name);
	for (size_t i = 0; i < listed.count; i++) {
		for (size_t o = 0; o < ours.count; o++)
			best = likeness_best(best, names_like(listed.items[i].text, ours.items[o].text, of_person));
	}
	arena_release(&arena);
	return best;
}

/* Whether all birth dates of the entry differ from the person's. */
static bool has_other_birth_date(const struct case_file *file, const struct party *party, const struct hit *hit)
{
	static const char *const inner[] = { "date", NULL };
	const char *born = party ? party->date_of_birth : file->session.subject.date_of_birth;
	struct arena arena = ARENA_INIT;
	struct card_values listed = { .arena = &arena };
	enum likeness best = LIKE_UNKNOWN;

	card_values_collect(&listed, hit->detail, birth_keys, inner);
	for (size_t i = 0; i < listed.count; i++)
		best = likeness_best(best, dates_like(listed.items[i].text, born));
	arena_release(&arena);
	return best == LIKE_DIFFERENT;
}

static const struct party *party_by_id(const struct case_file *file, const struct check *check,
				       const struct hit *hit)
{
	const struct party *party = case_party(file, value_text(value_member(hit->detail, "party")));

	return party ? party : case_party(file, value_text(value_member(check->about, "party")));
}

/* Rank of a candidate: the likeness of the name first, then a birth date that does not differ. Among equal ranks the
 * subject comes first, then the first party. */
static int weight(const struct case_file *file, const struct party *party, const struct hit *hit)
{
	enum likeness like = hit_names_like(file, party, hit);

	if (like != LIKE_SAME && like != LIKE_CLOSE)
		return 0;
	return (like == LIKE_SAME ? 4 : 2) + !has_other_birth_date(file, party, hit);
}

struct hit_named hit_named_in(const struct case_file *file, const struct check *check, const struct hit *hit)
{
	struct hit_named named = { .by = NAMED_BY_REPORT, .file = file };
	int most;

	named.party = party_by_id(file, check, hit);
	if (named.party)
		return named;
	most = weight(file, NULL, hit);
	for (size_t i = 0; i < file->party_count; i++) {
		int own = weight(file, &file->parties[i], hit);

		if (own <= most)
			continue;
		most = own;
		named.party = &file->parties[i];
	}
	named.by = most ? NAMED_BY_NAME : NAMED_BY_NOBODY;
	return named;
}
