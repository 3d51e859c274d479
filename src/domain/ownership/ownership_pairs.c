/* Two parties of a case that are one person or company, or may be. */
#include "kybdesk/domain/facts.h"
#include "kybdesk/domain/identity.h"
#include "kybdesk/domain/ownership.h"

#include <string.h>

static const char *answer_line(struct arena *arena, const struct party *left, const struct party *right,
			       enum identity_answer answer)
{
	return arena_printf(arena, "%s %s %s\n", right->id, answer == IDENTITY_SAME ? "same" : "other",
			    facts_sha256(arena, facts_pair(arena, left, right)));
}

enum identity_answer identity_compare_parties(const struct party *left, const struct party *right)
{
	const struct identity a = identity_of_party(left), b = identity_of_party(right);
	const struct party *const holder = strstr(left->pair_answers, right->id) ? left : right;
	const struct party *const other = holder == left ? right : left;
	enum identity_answer answer = IDENTITY_UNSURE;

	if (strstr(holder->pair_answers, other->id)) {
		struct arena arena = ARENA_INIT;

		if (strstr(holder->pair_answers, answer_line(&arena, holder, other, IDENTITY_SAME)))
			answer = IDENTITY_SAME;
		else if (strstr(holder->pair_answers, answer_line(&arena, holder, other, IDENTITY_OTHER)))
			answer = IDENTITY_OTHER;
		arena_release(&arena);
	}
	return answer == IDENTITY_UNSURE ? identity_compare(&a, &b) : answer;
}

void identity_add_answer(struct arena *arena, struct party *party, const struct party *other,
			 enum identity_answer answer)
{
	struct strbuf text = STRBUF_INIT;

	for (const char *at = party->pair_answers, *end; *at; at = end) {
		end = strchr(at, '\n') ? strchr(at, '\n') + 1 : at + strlen(at);
		if (strncmp(at, other->id, strlen(other->id)) != 0)
			strbuf_add(&text, at, (size_t)(end - at));
	}
	strbuf_adds(&text, answer_line(arena, party, other, answer));
	party->pair_answers = strbuf_finish(&text, arena);
}

static bool end_alike(const char *left, const char *right)
{
	size_t a = strlen(left), b = strlen(right);

	return a && b && left[a - 1] == right[b - 1];
}

/* Few pairs have an equal value or a name that sounds alike; the others are different without a comparison. */
static bool may_be_same(const struct party *left, const struct party *right)
{
	return left->kind == right->kind &&
	       (*left->pair_answers || *right->pair_answers ||
		(*left->date_of_birth && !strcmp(left->date_of_birth, right->date_of_birth)) ||
		end_alike(left->tax_id, right->tax_id) ||
		end_alike(left->registration_number, right->registration_number));
}

/* The rules about owners count persons, also behind companies: 24 % and 24 % of one person are 48 %, which two rows
 * would hide. */
size_t *ownership_find_repeated(struct arena *arena, const struct case_file *file)
{
	size_t *one = arena_alloc_array(arena, file->party_count + 1, sizeof *one);

	for (size_t i = 0; i < file->party_count; i++) {
		one[i] = i;
		for (size_t k = 0; k < i; k++) {
			const size_t from = one[i] > one[k] ? one[i] : one[k], to = one[i] < one[k] ? one[i] : one[k];

			if (from == to || !may_be_same(&file->parties[k], &file->parties[i]) ||
			    identity_compare_parties(&file->parties[k], &file->parties[i]) != IDENTITY_SAME)
				continue;
			for (size_t n = 0; n <= i; n++)
				one[n] = one[n] == from ? to : one[n];
		}
	}
	return one;
}

static const char *sound_of(struct arena *arena, const struct party *party)
{
	struct identity identity = identity_of_party(party);
	struct strbuf key = STRBUF_INIT;

	identity.country = "";
	identity.date_of_birth = "-";
	identity_add_key(&key, &identity);
	return strbuf_finish(&key, arena);
}

size_t *ownership_find_unsure(struct arena *arena, const struct case_file *file)
{
	const size_t count = file->party_count, *one = ownership_find_repeated(arena, file);
	const char **sounds = arena_alloc_array(arena, count + 1, sizeof *sounds);
	size_t *unsure = arena_alloc_array(arena, count + 1, sizeof *unsure);

	for (size_t i = 0; i < count; i++) {
		const struct party *party = &file->parties[i];

		sounds[i] = sound_of(arena, party);
		unsure[i] = SIZE_MAX;
		for (size_t k = 0; k < i && unsure[i] == SIZE_MAX; k++) {
			const struct party *earlier = &file->parties[k];

			if (one[k] != one[i] && earlier->kind == party->kind &&
			    (may_be_same(earlier, party) || (*sounds[i] && !strcmp(sounds[i], sounds[k]))) &&
			    identity_compare_parties(earlier, party) == IDENTITY_UNSURE)
				unsure[i] = k;
		}
	}
	return unsure;
}
