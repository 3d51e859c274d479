/* Finds the reasons that the data of a case supports, for its rejection and for the verdict on a hit. */
#include "kybdesk/domain/grounds.h"
#include "kybdesk/base/resource.h"
#include "kybdesk/base/text.h"
#include "kybdesk/domain/bad_news.h"
#include "kybdesk/domain/gate.h"

#include <string.h>

#define FINDINGS "findings.txt"

static const char *const verdict_words[] = { [VERDICT_REJECT] = "reject",
					     [VERDICT_TRUE_MATCH] = "match",
					     [VERDICT_FALSE_POSITIVE] = "clear",
					     [VERDICT_UNDETERMINED] = "undetermined" };

/* What the table says of a reason: a block of its text. */
struct ruling {
	enum fit fit;
	const char *finding; /* "": no line decided, or the last one, which needs no finding */
	const char *fact;    /* "": the line of the card that is the finding */
	size_t block;
};

/* Whether one of the findings, with a space behind each, is the word, or begins with the word and ":". */
static bool has_finding(const char *findings, const char *word, size_t length)
{
	for (const char *at = findings; *at; at += strcspn(at, " ") + 1) {
		if (!strncmp(at, word, length) && strchr(" :", at[length]))
			return true;
	}
	return false;
}

/* Decides by one line of a block, "  VERDICT WORD…[: FACT]"; false: it has no finding of the case. */
static bool decide_by_line(struct arena *arena, const char *line, const char *findings, struct ruling *out)
{
	size_t length = strcspn(line, "\n");
	const char *text = arena_strndup(arena, line, length), *fact = strstr(text, ": ");
	const char *end = fact ? fact : text + length, *at = text + 2 + strcspn(text + 2, " ");

	for (size_t size; at < end; at += size) {
		size = strcspn(++at, " ");
		size -= at + size > end;
		bool always = size == strlen("otherwise") && !strncmp(at, "otherwise", size);
		if (!always && !has_finding(findings, at, size))
			continue;
		out->fit = text[2] == 't' ? FIT_YES : text[2] == 'n' ? FIT_WITH_NOTE : FIT_NO;
		out->finding = always ? "" : arena_strndup(arena, at, size);
		out->fact = fact ? fact + 2 : "";
		return true;
	}
	return false;
}

/* The block of a reason under a verdict, behind its first line; NULL: none. */
static const char *find_block(struct arena *arena, enum verdict verdict, const char *code)
{
	const char *head = arena_printf(arena, "\n\n%s %s\n", verdict_words[verdict], code);
	const char *at = strstr((const char *)resource_find_embedded(FINDINGS)->bytes, head);

	return at ? at + strlen(head) : NULL;
}

static struct ruling rule(struct arena *arena, enum verdict verdict, const char *code, const char *findings)
{
	struct ruling ruling = { .fit = FIT_YES, .finding = "", .fact = "", .block = SIZE_MAX };
	const char *own = find_block(arena, verdict, code), *line = own ? own : find_block(arena, verdict, "*");

	if (own)
		ruling.block = (size_t)(own - (const char *)resource_find_embedded(FINDINGS)->bytes);
	for (; line && *line == ' ' && !decide_by_line(arena, line, findings, &ruling); line++)
		line += strcspn(line, "\n");
	return ruling;
}

/* Whether the table has the reason under another verdict on hits only. */
static bool is_of_other_verdict(struct arena *arena, enum verdict verdict, const char *code)
{
	bool is_match = find_block(arena, VERDICT_TRUE_MATCH, code),
	     clears = find_block(arena, VERDICT_FALSE_POSITIVE, code);

	return (is_match || clears) && !find_block(arena, verdict, code);
}

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

/* Adds the reason with what the table says of it. */
static struct ground *add_ground(struct arena *arena, const struct grounds_input *of, const struct reason *reason,
				 const char *findings, struct grounds *out)
{
	const struct ruling ruling = rule(arena, of->verdict, reason->code, findings);
	struct ground *ground = &out->items[out->count++];

	*ground = (struct ground){
		.reason = reason,
		.fit = ruling.fit == FIT_NO && of->sandbox ? FIT_WITH_NOTE : ruling.fit,
		.contradicting_fact = ruling.fit == FIT_YES ? "" : ruling.fact,
		.finding = ruling.finding,
		.block = ruling.block,
	};
	return ground;
}

static enum fit fit_if_contradicted(const struct grounds_input *of, enum contradicted contradicted)
{
	return contradicted == CONTRADICTED_REFUSE && !of->sandbox ? FIT_NO : FIT_WITH_NOTE;
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

static const char *match_finding(struct arena *arena, const struct match *match)
{
	return arena_printf(arena, "hit_open:%s:%s ", hit_class_text(match->class_), hit_state_text(HIT_TRUE_MATCH));
}

/* The reason that the table supports for the match's class; if the workflow does not use it, another restricted reason
 * of the workflow. */
static const struct reason *preset_reason(struct arena *arena, const struct grounds_input *of,
					  const struct match *match)
{
	const char *finding = match_finding(arena, match);
	const struct reason *first = NULL;

	for (size_t i = 0; i < of->reasons->counts[REASONS_SESSION]; i++) {
		const struct reason *reason = &of->reasons->items[REASONS_SESSION][i];
		const struct ruling ruling = rule(arena, VERDICT_REJECT, reason->code, finding);

		if (reason->disclosure != DISCLOSURE_RESTRICTED || !is_reason_in_workflow(of->profile, reason->code))
			continue;
		if (*ruling.finding && ruling.fit == FIT_YES)
			return reason;
		first = first ? first : reason;
	}
	return first;
}

static void find_rejection_reasons(struct arena *arena, const struct grounds_input *of, struct grounds *out)
{
	const struct match *match = gravest_match(of->matches);
	const char *findings = of->findings ? of->findings : "";

	for (size_t i = 0; of->matches && i < of->matches->count; i++)
		findings = arena_printf(arena, "%s%s", findings, match_finding(arena, &of->matches->items[i]));
	out->may_allow_retry = !match;
	out->preset = match ? preset_reason(arena, of, match) : NULL;
	for (size_t i = 0; i < of->reasons->counts[REASONS_SESSION]; i++) {
		const struct reason *reason = &of->reasons->items[REASONS_SESSION][i];
		bool is_hidden = of->hides_hits && reason->disclosure == DISCLOSURE_RESTRICTED;
		struct ground *ground;

		if (!is_reason_in_workflow(of->profile, reason->code))
			continue;
		ground = add_ground(arena, of, reason, findings, out);
		if (!of->findings || is_hidden || reason == out->preset) {
			ground->fit = FIT_YES;
			ground->contradicting_fact = "";
		}
		if (!match || ground->fit == FIT_NO || reason == out->preset || !strcmp(reason->code, REASON_OTHER))
			continue;
		/* Without a restricted reason in the workflow, a note is enough, so that cases can be rejected. */
		ground->fit =
			out->preset ? fit_if_contradicted(of, of->profile->contradicted_reason_policy) : FIT_WITH_NOTE;
		ground->contradicting_fact = match_text(arena, match);
	}
}

/* --- the verdict on a hit --- */

/* Whether both sides agree. Dates: all parts that both sides have are equal. Names that are only similar do not
 * count, since a person must judge them. */
static bool sides_agree(const struct card_line *line)
{
	return line->likeness == LIKENESS_SAME || (line->likeness == LIKENESS_CLOSE && line->field == CARD_BORN);
}

/* The finding of a line of the card, such as "birth_date_same"; "": the sides cannot be compared. */
static const char *card_finding(struct arena *arena, const struct card_line *line)
{
	char *word;

	if (line->likeness == LIKENESS_UNKNOWN)
		return "";
	word = arena_printf(arena, "%s_%s", card_field_title(line->field),
			    sides_agree(line)			   ? "same"
			    : line->likeness == LIKENESS_DIFFERENT ? "different"
								   : "close");
	for (char *at = word; *at; at++)
		*at = *at == ' ' ? '_' : *at;
	return word;
}

static const char *card_fact(struct arena *arena, const struct hit_card *card, const char *finding)
{
	for (size_t i = 0; i < card->line_count; i++) {
		const struct card_line *line = &card->lines[i];
		bool agrees = sides_agree(line), is_country = agrees && line->field == CARD_COUNTRY;

		if (!strcmp(card_finding(arena, line), finding))
			return arena_printf(arena, "the %s of the list's entry and of %s %s%s%s%s",
					    card_field_title(line->field), card->name, agrees ? "agree" : "differ",
					    is_country ? " (" : "", is_country ? line->case_value : "",
					    is_country ? ")" : "");
	}
	return "";
}

static bool is_difference(const char *finding)
{
	const char *end = strrchr(finding, '_');

	return end && !strcmp(end, "_different");
}

const char *grounds_lack_on_card(struct arena *arena, const struct hit_card *card, const struct grounds *grounds,
				 enum verdict verdict, const char *code)
{
	const struct ground *ground = ground_by_code(grounds, code);

	if (!ground)
		return "the reason does not fit the verdict";
	for (size_t i = 0; verdict == VERDICT_TRUE_MATCH && i < card->line_count; i++) {
		if (card->lines[i].likeness == LIKENESS_DIFFERENT)
			return card_fact(arena, card, card_finding(arena, &card->lines[i]));
	}
	if (*ground->contradicting_fact || !*ground->finding || is_difference(ground->finding))
		return ground->contradicting_fact;
	return card_fact(arena, card, ground->finding);
}

/* The place of a reason in the offer: first what differs on the card, in the order of the table; last what contradicts. */
static size_t offer_place(const struct ground *ground)
{
	if (ground->fit != FIT_YES)
		return SIZE_MAX;
	return is_difference(ground->finding) ? ground->block : SIZE_MAX - 1;
}

static void sort_by_difference(struct grounds *grounds)
{
	for (size_t i = 1; i < grounds->count; i++) {
		for (size_t k = i; k > 0; k--) {
			struct ground *left = &grounds->items[k - 1], moved = grounds->items[k];

			if (offer_place(left) <= offer_place(&moved))
				break;
			grounds->items[k] = *left;
			*left = moved;
		}
	}
}

static void find_verdict_reasons(struct arena *arena, const struct grounds_input *of, struct grounds *out)
{
	const char *findings = "";

	out->needs_note = of->is_sanctions_hit || of->verdict == VERDICT_UNDETERMINED;
	out->must_reveal_hits = of->is_sanctions_hit && of->card->has_personal_data && !of->hits_revealed;
	for (size_t i = 0; i < of->card->line_count; i++)
		findings = arena_printf(arena, "%s%s ", findings, card_finding(arena, &of->card->lines[i]));
	if (strstr(findings, "number_same ") && !strstr(findings, "_different ") && !strstr(findings, "_close "))
		findings = arena_printf(arena, "%sidentical ", findings);
	if (!of->card->is_person)
		findings = arena_printf(arena, "%scompany ", findings);
	for (size_t i = 0; i < of->reasons->counts[REASONS_HIT]; i++) {
		const struct reason *reason = &of->reasons->items[REASONS_HIT][i];
		struct ground *ground;

		if (is_of_other_verdict(arena, of->verdict, reason->code))
			continue;
		ground = add_ground(arena, of, reason, findings, out);
		if (ground->fit == FIT_NO)
			ground->fit = fit_if_contradicted(of, of->profile->contradicted_hit_policy);
		if (ground->fit != FIT_YES && !*ground->contradicting_fact)
			ground->contradicting_fact = card_fact(arena, of->card, ground->finding);
	}
	sort_by_difference(out);
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
	enum err err = error_invalid(error, "reason", "The reason %s does not fit %s; choose one of: %s", code,
				     words[verdict], list.buf);
	strbuf_release(&list);
	return err;
}

enum err grounds_require_reason(const struct grounds *grounds, enum verdict verdict, const char *code, const char *note,
				struct error *error)
{
	const struct ground *ground = ground_by_code(grounds, code);
	const char *preset = grounds->preset ? grounds->preset->code : NULL;
	bool says_why = reason_text_is_long_enough(note);

	if (!ground)
		return refuse_unfit_reason(grounds, verdict, code, error);
	if (ground->fit == FIT_NO) {
		enum err err = error_set(error, ERR_BLOCKED,
					 "The reason %s contradicts the record: %s; choose the reason that the "
					 "record supports%s%s",
					 code, ground->contradicting_fact, preset ? ": " : "", preset ? preset : "");
		error_add_blocker(error, "reason_contradicted", error->message, code);
		return err;
	}
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
