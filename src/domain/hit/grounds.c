/* Finds the reasons that the data of a case supports, for its rejection and for the verdict on a hit. */
#include "kybdesk/domain/grounds.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/bad_news.h"
#include "kybdesk/domain/gate.h"

#include <string.h>

/* The built-in reasons for hits. Each reason fits one verdict, and one line of the hit's card can contradict the
 * reason. A reason from the user's own file fits both verdicts. */
static const struct {
	const char *code;
	enum verdict verdict;
	int line; /* enum card_field; negative: no line */
} hit_reasons[] = {
	{ "different_name", VERDICT_FALSE_POSITIVE, CARD_NAME },
	{ "different_birth_date", VERDICT_FALSE_POSITIVE, CARD_BORN },
	{ "different_country", VERDICT_FALSE_POSITIVE, CARD_COUNTRY },
	{ "different_identifier", VERDICT_FALSE_POSITIVE, CARD_NUMBERS },
	{ "list_entry_removed", VERDICT_FALSE_POSITIVE, -1 },
	{ "same_person", VERDICT_TRUE_MATCH, -1 },
};
#define HIT_REASON_COUNT (sizeof hit_reasons / sizeof hit_reasons[0])

/* For each class of a match, the reason to reject the case. */
static const char *const match_reasons[] = {
	[HIT_SANCTIONS] = "sanctions_match", [HIT_PEP] = "pep_unacceptable", [HIT_ADVERSE_MEDIA] = "adverse_media"
};

bool hit_is_sanctions_hit(const struct check *check, const struct hit *hit)
{
	return hit->class_ == HIT_SANCTIONS || check->kind == CHECK_OFAC;
}

/* Whether the hit names the party that `session` verifies; session 0: always true. */
static bool hit_is_of_session(const struct case_file *file, const struct check *check, const struct hit *hit,
			      int64_t session)
{
	const struct party *party = session ? hit_find_subject(file, check, hit).party : NULL;

	return !session || (party && party->session_row == session);
}

bool case_has_sanctions_on(struct arena *arena, const struct case_file *file, int64_t session)
{
	struct news_list news;

	bad_news(arena, file, &news);
	for (size_t i = 0; i < news.count; i++)
		if (news.items[i].hit && news.items[i].is_sanctions &&
		    hit_is_of_session(file, news.items[i].check, news.items[i].hit, session))
			return true;
	return false;
}

/* A confirmed match counts until a lead accepts it for the present facts. */
void matches_add(struct arena *arena, const struct case_file *file, const char *session, int64_t only,
		 struct match_list *out)
{
	struct news_list news;

	bad_news(arena, file, &news);
	for (size_t i = 0; i < news.count; i++) {
		const struct check *check = news.items[i].check;
		const struct hit *hit = news.items[i].hit;

		if (!hit || (hit->state != HIT_TRUE_MATCH && hit->state != HIT_ACCEPTED) ||
		    news.items[i].state == NEWS_ACCEPTED || !hit_is_of_session(file, check, hit, only))
			continue;
		*ARENA_PUSH(arena, out->items, out->count, out->capacity) =
			(struct match){ .hit = hit->id,
					.name = hit->name,
					.list = *hit->list ? hit->list : check_kind_text(check->kind),
					.by = hit->resolved_by,
					.class_ = news.items[i].is_sanctions ? HIT_SANCTIONS : hit->class_,
					.other_subject_name = session };
	}
}

bool case_has_match(struct arena *arena, const struct case_file *file)
{
	struct match_list found = { 0 };

	matches_add(arena, file, "", 0, &found);
	return found.count > 0;
}

static const char *class_title(enum hit_class class_)
{
	static const char *const titles[] = {
		[HIT_SANCTIONS] = "sanctions", [HIT_PEP] = "PEP", [HIT_ADVERSE_MEDIA] = "adverse-media"
	};

	return titles[class_];
}

const char *match_text(struct arena *arena, const struct match *match)
{
	return arena_printf(arena, "%s (%s), a confirmed %s match%s%s%s%s", match->name, match->list,
			    class_title(match->class_), *match->by ? ", by " : "", match->by,
			    *match->other_subject_name ? ", in the session of " : "", match->other_subject_name);
}

static struct ground *add_ground(struct grounds *out, const struct reason *reason)
{
	struct ground *ground = &out->items[out->count++];

	*ground = (struct ground){ .reason = reason, .fit = FIT_YES, .contradicting_fact = "" };
	return ground;
}

static enum fit fit_if_contradicted(enum contradicted contradicted)
{
	return contradicted == CONTRADICTED_REFUSE ? FIT_NO : FIT_WITH_NOTE;
}

/* --- rejecting a case --- */

static bool is_reason_in_workflow(const struct profile *profile, const char *code)
{
	return !profile->session_reason_count ||
	       texts_contain(profile->session_reasons, profile->session_reason_count, code);
}

/* The match with the gravest class: sanctions come first. */
static const struct match *gravest_match(const struct match_list *matches)
{
	const struct match *found = NULL;

	for (size_t i = 0; matches && i < matches->count; i++) {
		if (!found || matches->items[i].class_ < found->class_)
			found = &matches->items[i];
	}
	return found;
}

/* The reason of the match's class; if the workflow does not use it, another restricted reason of the workflow. */
static const struct reason *preset_reason(const struct grounds_input *of, const struct match *match)
{
	const struct reason *own = reason_find(of->reasons, REASONS_SESSION, match_reasons[match->class_]);

	if (own && own->disclosure == DISCLOSURE_RESTRICTED && is_reason_in_workflow(of->profile, own->code))
		return own;
	for (size_t i = 0; i < of->reasons->counts[REASONS_SESSION]; i++) {
		const struct reason *reason = &of->reasons->items[REASONS_SESSION][i];

		if (reason->disclosure == DISCLOSURE_RESTRICTED && is_reason_in_workflow(of->profile, reason->code))
			return reason;
	}
	return NULL;
}

static void find_rejection_reasons(struct arena *arena, const struct grounds_input *of, struct grounds *out)
{
	const struct match *match = gravest_match(of->matches);

	out->may_allow_retry = !match;
	out->preset = match ? preset_reason(of, match) : NULL;
	for (size_t i = 0; i < of->reasons->counts[REASONS_SESSION]; i++) {
		const struct reason *reason = &of->reasons->items[REASONS_SESSION][i];
		struct ground *ground;

		if (!is_reason_in_workflow(of->profile, reason->code))
			continue;
		ground = add_ground(out, reason);
		if (!match || reason == out->preset)
			continue;
		/* Without a restricted reason in the workflow, a note is enough, so that cases can be rejected. */
		ground->fit =
			out->preset ? fit_if_contradicted(of->profile->contradicted_reason_policy) : FIT_WITH_NOTE;
		ground->contradicting_fact = match_text(arena, match);
	}
	if (!match && of->file)
		rejection_hold_against_facts(arena, of, out);
}

/* --- the verdict on a hit --- */

static int hit_reason_index(const struct reason *reason)
{
	for (size_t i = 0; i < HIT_REASON_COUNT; i++) {
		if (!strcmp(hit_reasons[i].code, reason->code))
			return (int)i;
	}
	return -1;
}

static const struct card_line *find_card_line(const struct hit_card *card, int what)
{
	for (size_t i = 0; i < card->line_count; i++) {
		if ((int)card->lines[i].field == what)
			return &card->lines[i];
	}
	return NULL;
}

/* Whether both sides agree. Dates: all parts that both sides have are equal. Names that are only similar do not
 * count, since a person must judge them. */
static bool sides_agree(const struct card_line *line)
{
	return line->likeness == LIKENESS_SAME || (line->likeness == LIKENESS_CLOSE && line->field == CARD_BORN);
}

static const char *contradiction_text(struct arena *arena, const struct hit_card *card, const struct card_line *line)
{
	return arena_printf(arena, "the %s of the list's entry and of %s agree%s%s%s", card_field_title(line->field),
			    card->name, line->field == CARD_COUNTRY ? " (" : "",
			    line->field == CARD_COUNTRY ? line->case_value : "",
			    line->field == CARD_COUNTRY ? ")" : "");
}

const char *grounds_lack_on_card(struct arena *arena, const struct hit_card *card, const struct grounds *grounds,
				 enum verdict verdict, const char *code)
{
	const struct ground *ground = ground_by_code(grounds, code);
	int row = ground ? hit_reason_index(ground->reason) : -1, field = row >= 0 ? hit_reasons[row].line : -1;
	const struct card_line *named = field >= 0 ? find_card_line(card, field) : NULL;

	if (!ground)
		return "the reason does not fit the verdict";
	for (size_t i = 0; verdict == VERDICT_TRUE_MATCH && i < card->line_count; i++) {
		if (card->lines[i].likeness == LIKENESS_DIFFERENT)
			return arena_printf(arena, "the %s of the list's entry and of %s differ",
					    card_field_title(card->lines[i].field), card->name);
	}
	if (*ground->contradicting_fact)
		return ground->contradicting_fact;
	if (field < 0 || (named && named->likeness == LIKENESS_DIFFERENT))
		return "";
	return arena_printf(arena, "the card shows no different %s", card_field_title((enum card_field)field));
}

/* How far the reason's line of the card sets the client apart from the entry; 0: not at all. */
static int difference_strength(const struct hit_card *card, const struct ground *ground)
{
	static const int strengths[CARD_FIELD_COUNT] = {
		[CARD_NUMBERS] = 4, [CARD_BORN] = 3, [CARD_COUNTRY] = 2, [CARD_NAME] = 1
	};
	int row = hit_reason_index(ground->reason);
	const struct card_line *line = row >= 0 ? find_card_line(card, hit_reasons[row].line) : NULL;

	if (ground->fit != FIT_YES)
		return -1;
	return line && line->likeness == LIKENESS_DIFFERENT ? strengths[line->field] : 0;
}

/* The reason with the strongest difference comes first, and contradicted reasons come last. */
static void sort_by_difference(const struct hit_card *card, struct grounds *grounds)
{
	for (size_t i = 1; i < grounds->count; i++) {
		for (size_t k = i; k > 0; k--) {
			struct ground *left = &grounds->items[k - 1], moved = grounds->items[k];

			if (difference_strength(card, left) >= difference_strength(card, &moved))
				break;
			grounds->items[k] = *left;
			*left = moved;
		}
	}
}

static void find_verdict_reasons(struct arena *arena, const struct grounds_input *of, struct grounds *out)
{
	const struct card_line *numbers = find_card_line(of->card, CARD_NUMBERS);

	out->needs_note = of->is_sanctions_hit || of->verdict == VERDICT_UNDETERMINED;
	out->must_reveal_hits = of->is_sanctions_hit && of->card->has_personal_data && !of->hits_revealed;
	for (size_t i = 0; i < of->reasons->counts[REASONS_HIT]; i++) {
		const struct reason *reason = &of->reasons->items[REASONS_HIT][i];
		int row = hit_reason_index(reason);
		const struct card_line *line;
		struct ground *ground;

		if (row >= 0 && hit_reasons[row].verdict != of->verdict)
			continue;
		ground = add_ground(out, reason);
		if (of->verdict != VERDICT_FALSE_POSITIVE)
			continue;
		line = row >= 0 ? find_card_line(of->card, hit_reasons[row].line) : NULL;
		if (line && sides_agree(line)) {
			ground->fit = fit_if_contradicted(of->profile->contradicted_hit_policy);
			ground->contradicting_fact = contradiction_text(arena, of->card, line);
		} else if (numbers && numbers->likeness == LIKENESS_SAME) {
			ground->fit = FIT_WITH_NOTE;
			ground->contradicting_fact = contradiction_text(arena, of->card, numbers);
		}
	}
	sort_by_difference(of->card, out);
}

void grounds_find(struct arena *arena, const struct grounds_input *of, struct grounds *out)
{
	enum reason_set set = of->verdict == VERDICT_REJECT ? REASONS_SESSION : REASONS_HIT;

	*out = (struct grounds){ .may_allow_retry = true };
	out->items = arena_alloc_array(arena, of->reasons->counts[set] + 1, sizeof *out->items);
	if (of->verdict == VERDICT_REJECT)
		find_rejection_reasons(arena, of, out);
	else
		find_verdict_reasons(arena, of, out);
}

const struct ground *ground_by_code(const struct grounds *grounds, const char *code)
{
	for (size_t i = 0; i < grounds->count; i++) {
		if (!strcmp(grounds->items[i].reason->code, code))
			return &grounds->items[i];
	}
	return NULL;
}

static enum err refuse_unfit_reason(const struct grounds *grounds, enum verdict verdict, const char *code,
				    struct error *error)
{
	static const char *const words[] = { [VERDICT_TRUE_MATCH] = "a true match",
					     [VERDICT_FALSE_POSITIVE] = "a false positive",
					     [VERDICT_UNDETERMINED] = "an undetermined hit",
					     [VERDICT_REJECT] = "a rejection" };
	struct strbuf list = STRBUF_INIT;

	for (size_t i = 0; i < grounds->count; i++) {
		if (grounds->items[i].fit != FIT_NO)
			strbuf_addf(&list, "%s%s", list.len ? ", " : "", grounds->items[i].reason->code);
	}
	error_invalid(error, "reason", "The reason %s does not fit %s; choose one of: %s", code, words[verdict],
		      list.buf);
	strbuf_release(&list);
	return ERR_INVALID;
}

enum err grounds_require_reason(const struct grounds *grounds, enum verdict verdict, const char *code, const char *note,
				struct error *error)
{
	const struct ground *ground = ground_by_code(grounds, code);
	const char *preset = grounds->preset ? grounds->preset->code : NULL;
	bool says_why = reason_text_is_long_enough(note);

	if (!ground)
		return refuse_unfit_reason(grounds, verdict, code, error);
	if (ground->fit == FIT_NO && verdict == VERDICT_REJECT && !grounds->preset) {
		error_set(error, ERR_BLOCKED,
			  "The reason %s contradicts the record: %s; choose the reason that the "
			  "record supports",
			  code, ground->contradicting_fact);
		error_add_blocker(error, "reason_contradicted", error->message, code);
		return ERR_BLOCKED;
	}
	if (ground->fit == FIT_NO)
		return error_invalid(error, "reason", "The reason %s contradicts the record: %s%s%s", code,
				     ground->contradicting_fact, preset ? "; reject the case with the reason " : "",
				     preset ? preset : "");
	if (ground->fit == FIT_WITH_NOTE && !says_why)
		return error_invalid(error, "note",
				     "The reason %s contradicts the record: %s. Explain it in a note of at least %d "
				     "characters%s%s",
				     code, ground->contradicting_fact, REASON_TEXT_MIN,
				     preset ? ", or use the reason " : "", preset ? preset : "");
	if (grounds->needs_note && !says_why)
		return error_invalid(
			error, "note", "%s needs a note of at least %d characters that explains the verdict",
			verdict == VERDICT_UNDETERMINED ? "The verdict undetermined" : "A verdict on a sanctions hit",
			REASON_TEXT_MIN);
	return ERR_OK;
}
