/* Answers one item of a correction in the client's own words. An item is also answered by submitting a file, a
 * value or a party. */
#include "client/client.h"
#include "decide/decide.h"
#include "use/refusal.h"

#include <string.h>

static enum err check_state(const struct use *use, const struct correction *correction, struct error *error)
{
	if (use->file.session.status == SESSION_AWAITING_CLIENT_CORRECTION && correction_is_unsettled(correction))
		return ERR_OK;
	return refuse_one(ERR_BLOCKED, blocker_code_text(BLOCKER_CORRECTION_OPEN), correction->id, error,
			  "The correction of %s is %s and the case is %s: there is nothing to answer",
			  correction->step_id, correction_state_text(correction->state),
			  session_status_title(use->file.session.status));
}

static const char *words_json(struct arena *arena, const char *words)
{
	struct json_value *after = json_new_object();

	json_set_text(after, "words", words);
	return json_finish(arena, after);
}

/* The client explains why an item is not provided. Reads in->part: the correction; in->text: the explanation. */
enum err use_answer(struct use *use, struct error *error)
{
	const char *words = use->in->text;
	struct correction *correction = NULL;
	enum err err = use_find_correction(&use->file, use->in->part, &correction, error);

	if (!err)
		err = text_check("words", "The answer", words, true, error);
	if (!err && !words[strspn(words, " \t\r\n")])
		err = error_set_field(error, ERR_INVALID, "words",
				      "The answer is empty; explain why the data cannot be corrected");
	if (!err)
		err = check_state(use, correction, error);
	if (err)
		return err;
	correction->after_json = words_json(use->arena, words);
	correction->state = CORRECTION_ANSWERED;
	correction->answered_at = use->now;
	use->out->part_id = correction->id;
	use_touches(use, "correction", correction->id);
	json_set_text(use->detail, "correction", correction->id);
	json_set_text(use->detail, "step", correction->step_id);
	return store_correction_update(use->desk->store, correction, error);
}
