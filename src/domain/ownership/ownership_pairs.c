/* Two parties of a case that are one person or company, or may be. */
#include "kybdesk/domain/facts.h"
#include "kybdesk/domain/identity.h"
#include "kybdesk/domain/ownership.h"

#include <string.h>

const char *identity_answer_line(struct arena *arena, const char *other_id, const char *word, const char *facts_hash)
{
	return arena_printf(arena, "%s %s %s\n", other_id, word, facts_hash);
}

/* The answer of a reviewer that is still valid; IDENTITY_UNSURE: none. */
static enum identity_answer find_answer(const struct party *left, const struct party *right)
{
	const struct party *const holder = strstr(left->pair_answers, right->id) ? left : right;
	const struct party *const other = holder == left ? right : left;
	enum identity_answer answer = IDENTITY_UNSURE;

	if (strstr(holder->pair_answers, other->id)) {
		struct arena arena = ARENA_INIT;
		const char *hash = facts_sha256(&arena, facts_pair(&arena, holder, other));

		if (strstr(holder->pair_answers, identity_answer_line(&arena, other->id, "same", hash)))
			answer = IDENTITY_SAME;
		else if (strstr(holder->pair_answers, identity_answer_line(&arena, other->id, "other", hash)))
			answer = IDENTITY_OTHER;
		arena_release(&arena);
	}
	return answer;
}

enum identity_answer identity_compare_parties(const struct party *left, const struct party *right)
{
	const struct identity a = identity_of_party(left), b = identity_of_party(right);
	const enum identity_answer answer = find_answer(left, right);

	return answer == IDENTITY_UNSURE ? identity_compare(&a, &b) : answer;
}

void identity_set_answer(struct arena *arena, struct party *party, const char *other_id, const char *line)
{
	struct strbuf text = STRBUF_INIT;

	for (const char *at = party->pair_answers, *end; *at; at = end) {
		end = strchr(at, '\n') ? strchr(at, '\n') + 1 : at + strlen(at);
		if (strncmp(at, other_id, strlen(other_id)) != 0)
			strbuf_add(&text, at, (size_t)(end - at));
	}
	strbuf_adds(&text, line);
	party->pair_answers = strbuf_finish(&text, arena);
}

void identity_add_answer(struct arena *arena, struct party *party, const struct party *other,
			 enum identity_answer answer)
{
	identity_set_answer(arena, party, other->id,
			    identity_answer_line(arena, other->id, answer == IDENTITY_SAME ? "same" : "other",
						 facts_sha256(arena, facts_pair(arena, party, other))));
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

/* A comparison takes long, and several rules need it. */
static enum identity_answer compare_once(const struct ownership_pairs *pairs, size_t left, size_t right)
{
	const struct party *parties = pairs->file->parties;
	uint8_t *answer = &pairs->answers[left < right ? right * pairs->file->party_count + left
						       : left * pairs->file->party_count + right];

	if (!*answer)
		*answer = (uint8_t)(1 + identity_compare_parties(&parties[left], &parties[right]));
	return (enum identity_answer)(*answer - 1);
}

/* The rules about owners count persons, also behind companies: 24 % and 24 % of one person are 48 %, which two rows
 * would hide. */
struct ownership_pairs ownership_find_pairs(struct arena *arena, const struct case_file *file)
{
	const size_t count = file->party_count;
	struct ownership_pairs pairs = { .file = file };
	size_t *one = arena_alloc_array(arena, count + 1, sizeof *one);

	pairs.one = one;
	pairs.answers = arena_alloc_array(arena, count * count + 1, sizeof *pairs.answers);
	for (size_t i = 0; i < count; i++) {
		one[i] = i;
		for (size_t k = 0; k < i; k++) {
			const size_t from = one[i] > one[k] ? one[i] : one[k], to = one[i] < one[k] ? one[i] : one[k];

			if (from == to || !may_be_same(&file->parties[k], &file->parties[i]) ||
			    compare_once(&pairs, k, i) != IDENTITY_SAME)
				continue;
			for (size_t n = 0; n <= i; n++)
				one[n] = one[n] == from ? to : one[n];
		}
	}
	return pairs;
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

/* Equal values contradict nothing; only an answer could. */
static bool are_equal(const struct party *left, const struct party *right)
{
	return !*left->pair_answers && !*right->pair_answers && !strcmp(left->name, right->name) &&
	       !strcmp(left->country, right->country) && !strcmp(left->date_of_birth, right->date_of_birth) &&
	       !strcmp(left->tax_id, right->tax_id) && !strcmp(left->registration_number, right->registration_number);
}

/* Of two rows of one owner: a third row joins them, but they are two, or differ in a birth date or a tax id. */
static bool are_joined_in_doubt(const struct ownership_pairs *pairs, size_t first, size_t second)
{
	const struct party *left = &pairs->file->parties[first], *right = &pairs->file->parties[second];
	const size_t a = strlen(left->date_of_birth), b = strlen(right->date_of_birth);
	const bool differ = strncmp(left->date_of_birth, right->date_of_birth, a < b ? a : b) != 0 ||
			    (*left->tax_id && *right->tax_id && !identity_numbers_agree(left->tax_id, right->tax_id));
	const enum identity_answer answer = are_equal(left, right) ? IDENTITY_SAME : compare_once(pairs, first, second);

	return answer == IDENTITY_OTHER || (answer == IDENTITY_UNSURE && differ);
}

/* Another row of the owner, which is the same as this row by itself. */
static size_t find_link(const struct ownership_pairs *pairs, size_t party)
{
	size_t link = 0;

	while (link == party || pairs->one[link] != pairs->one[party] ||
	       compare_once(pairs, link, party) != IDENTITY_SAME)
		link++;
	return link;
}

struct party_question *ownership_find_questions(struct arena *arena, const struct ownership_pairs *pairs)
{
	const struct case_file *file = pairs->file;
	const size_t count = file->party_count, *one = pairs->one;
	const char **sounds = arena_alloc_array(arena, count + 1, sizeof *sounds);
	struct party_question *questions = arena_alloc_array(arena, count + 1, sizeof *questions);

	for (size_t i = 0; i < count; i++) {
		const struct party *party = &file->parties[i];
		size_t k = 0;

		sounds[i] = sound_of(arena, party);
		questions[i] = (struct party_question){ .other = SIZE_MAX, .link = SIZE_MAX };
		for (; k < i && questions[i].other == SIZE_MAX; k++) {
			const struct party *earlier = &file->parties[k];
			const bool joined = one[k] == one[i];

			if (joined ? are_joined_in_doubt(pairs, k, i)
				   : earlier->kind == party->kind &&
					     (may_be_same(earlier, party) ||
					      (*sounds[i] && !strcmp(sounds[i], sounds[k]))) &&
					     compare_once(pairs, k, i) == IDENTITY_UNSURE)
				questions[i] = (struct party_question){
					.other = k,
					.link = joined && compare_once(pairs, k, i) == IDENTITY_OTHER
							? find_link(pairs, i)
							: SIZE_MAX,
				};
		}
	}
	return questions;
}

bool ownership_has_unanswered_pair(struct arena *arena, const struct case_file *file)
{
	const struct ownership_pairs pairs = ownership_find_pairs(arena, file);
	const struct party_question *questions = ownership_find_questions(arena, &pairs);
	const size_t *one = pairs.one;
	bool unanswered = false;

	for (size_t i = 0; !unanswered && i < file->party_count; i++) {
		unanswered = questions[i].other != SIZE_MAX || one[i] != i;
		for (size_t k = 0; unanswered && questions[i].other == SIZE_MAX && k < file->party_count; k++)
			unanswered = k == i || one[k] != one[i] ||
				     find_answer(&file->parties[k], &file->parties[i]) != IDENTITY_SAME;
	}
	return unanswered;
}
