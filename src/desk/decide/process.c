/* Processing asked for by a reviewer, and whatever the system has to do by itself, one session after the other. */
#include "processing_internal.h"
#include "kybdesk/codec/value_codec.h"
#include "kybdesk/store/processing.h"

#define BACK_OFF_MS (60 * 60 * (int64_t)1000) /* for a session that cannot be looked at */

/* What `process` does before the system looks: the same for a reviewer and by itself. */
static void begin_processing(struct session *session, int64_t now)
{
	session->processing_since = now;
	session->process_at = now;
}

static enum err start_by_system(struct look *look, struct error *error)
{
	struct gate_context context = desk_gate_context(look->desk, &look->file, look->profile, 0);
	struct acting before = actor_become(look->desk, SYSTEM_NAME, ROLE_SYSTEM);
	struct ruling ruling;
	enum err err;

	ruling_of_system(&ruling, look->desk, look->arena, &look->file, &context, ACTION_PROCESS,
			 SESSION_PROCESSING, look->result);
	begin_processing(&ruling.file.session, look->now);
	err = store_session_set_processing(look->desk->store, &ruling.file.session, error);
	err = transition_write(&ruling, err, "session.process", look_detail(look), error);
	actor_return(look->desk, before);
	return err ? err : look_load(look, look->file.session.row, error);
}

/* A company that a test wants rejected (seed avenia-kyb-level-1, sandboxReject). */
static bool wants_rejection(const struct case_file *file)
{
	for (size_t i = 0; i < file->step_count; i++) {
		const struct value *wish = value_member(file->steps[i].values, "sandboxReject");

		if (wish && wish->kind == VALUE_BOOL && wish->boolean)
			return true;
	}
	return false;
}

static enum err reject_in_sandbox(struct look *look, struct error *error)
{
	struct gate_context context = desk_gate_context(look->desk, &look->file, look->profile, 0);
	struct acting before = actor_become(look->desk, SANDBOX_NAME, ROLE_SANDBOX);
	enum err err;

	err = look_decide(look, &context, ACTION_REJECT, "other", "Rejected in the sandbox, as sandboxReject asks.",
			  1, error);
	actor_return(look->desk, before);
	return err;
}

bool processing_is_due(const struct desk *desk, struct arena *arena, struct case_file *file,
		       const struct profile *profile, int64_t now)
{
	struct session *session = &file->session;
	int64_t at = session->process_at, since = session->processing_since;

	session->process_at = TIME_NONE;
	if (session->status == SESSION_PROCESSING) {
		/* What arrives in processing is processed where it comes from, unless the workflow leaves that to us. */
		if (since == TIME_NONE && profile->auto_process)
			session->processing_since = now;
		if (session->processing_since != TIME_NONE)
			session->process_at = now;
	} else if (session->status == SESSION_COMPLETED && profile->auto_process) {
		session->process_at = now;
	} else if (session->status == SESSION_MANUAL_REVIEW && desk->store->sandbox) {
		case_values_parse(arena, file);
		if (wants_rejection(file))
			session->process_at = now;
	}
	return at != session->process_at || since != session->processing_since;
}

static enum err act(struct look *look, struct error *error)
{
	const struct session *session = &look->file.session;
	bool done = false;
	enum err err;

	if (session->status == SESSION_COMPLETED && look->profile->auto_process) {
		err = start_by_system(look, error);
		return err ? err : look_at(look, &done, error);
	}
	if (session->status == SESSION_PROCESSING)
		return look_at(look, &done, error);
	if (session->status == SESSION_MANUAL_REVIEW && look->desk->store->sandbox) {
		case_values_parse(look->arena, &look->file);
		if (wants_rejection(&look->file))
			return reject_in_sandbox(look, error);
	}
	return look_put_off(look, TIME_NONE, error);
}

/* Somebody else may have been faster: only what is still due is looked at. */
static enum err process_one(struct desk *desk, int64_t row, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct decide_result result = { .event = "" };
	struct look look = {
		.desk = desk, .arena = &arena, .now = desk_now(desk), .outcome = OUTCOME_UNKNOWN, .result = &result
	};
	enum err err = store_begin(desk->store, STORE_WRITE, error);

	if (err)
		goto out;
	desk->wrote_event = false;
	err = look_load(&look, row, error);
	if (!err && look.file.session.process_at != TIME_NONE && look.file.session.process_at <= look.now)
		err = act(&look, error);
	err = desk_finish(desk, err, error);
out:
	arena_release(&arena);
	return err;
}

/* A session whose profile cannot be read, for example, must not keep the others from being looked at. */
static enum err put_off(struct desk *desk, int64_t row, struct error *error)
{
	struct arena arena = ARENA_INIT;
	struct session session;
	enum err err = store_begin(desk->store, STORE_WRITE, error);

	if (err)
		goto out;
	err = store_session_load(desk->store, &arena, row, &session, error);
	if (!err) {
		session.process_at = desk_now(desk) + BACK_OFF_MS;
		err = store_session_set_processing(desk->store, &session, error);
	}
	err = desk_finish(desk, err, error);
out:
	arena_release(&arena);
	return err;
}

enum err desk_process_due(struct desk *desk, size_t limit, size_t *count, struct error *error)
{
	struct arena arena = ARENA_INIT;
	int64_t *rows = NULL;
	size_t found = 0;
	enum err err;

	*count = 0;
	if (desk->store->readonly)
		return ERR_OK;
	err = desk_begin_read(desk, error);
	if (!err) {
		err = store_sessions_to_process(desk->store, &arena, desk_now(desk), limit, &rows, &found, error);
		desk_end_read(desk);
	}
	for (size_t i = 0; !err && i < found; i++) {
		err = process_one(desk, rows[i], error);
		if (err && err != ERR_STORE && err != ERR_INTERNAL) {
			error_release(error);
			err = put_off(desk, rows[i], error);
		}
		if (!err)
			(*count)++;
	}
	arena_release(&arena);
	return err;
}

static enum err still_waits(const struct look *look, struct error *error)
{
	const struct session *session = &look->file.session;
	const char *until = moment_text(look->arena, session->process_at);

	if (!*look->outcome.waits_for)
		return refuse_one(
			ERR_BLOCKED, blocker_code_text(BLOCKER_STATUS), "", error,
			"%s is being processed, and nothing has come yet; it goes on by itself when results "
			"come, at the latest at %s",
			session_label(look->arena, session), until);
	return refuse_one(
		ERR_BLOCKED, blocker_code_text(BLOCKER_CHECK_FAILED), look->outcome.waits_for, error,
		"%s is being processed: %s has no result yet; it goes on by itself when results come, at the "
		"latest at %s",
		session_label(look->arena, session), look->outcome.waits_for, until);
}

/* It is being processed already: what has come since is looked at now. */
static enum err look_again(struct desk *desk, struct arena *arena, const char *reference, struct decide_result *out,
			   struct error *error)
{
	struct work work;
	struct look look = { .desk = desk, .arena = arena, .outcome = OUTCOME_UNKNOWN, .result = out };
	bool done = false;
	enum err err = work_begin(&work, desk, arena, reference, ROLE_REVIEWER, action_verb(ACTION_PROCESS), error);

	if (err)
		return err;
	look.file = work.file;
	look.profile = work.profile;
	look.now = work.now;
	if (work.file.session.status == SESSION_PROCESSING)
		err = look_at(&look, &done, error);
	else
		err = refuse_one(ERR_CONFLICT, blocker_code_text(BLOCKER_CHANGED), "", error,
				 "%s went on meanwhile; look at it again",
				 session_label(arena, &work.file.session));
	err = desk_finish(desk, err, error);
	return err || done ? err : still_waits(&look, error);
}

static enum err start_by_reviewer(struct desk *desk, struct arena *arena, const char *reference,
				  const struct decide_options *options, struct decide_result *out,
				  struct error *error)
{
	struct ruling ruling;
	struct look look = { .desk = desk, .arena = arena, .outcome = OUTCOME_UNKNOWN, .result = out };
	enum session_status from;
	bool done = false;
	enum err err = ruling_open(&ruling, desk, arena, reference, ACTION_PROCESS, options, out, error);

	if (!err)
		err = ruling_begin(&ruling, error);
	if (err)
		return err;
	from = ruling.from;
	begin_processing(&ruling.file.session, ruling.now);
	err = store_session_set_processing(desk->store, &ruling.file.session, error);
	err = transition_write(&ruling, err, "session.process", json_new_object(), error);
	look.now = ruling.now;
	if (!err)
		err = look_load(&look, ruling.file.session.row, error);
	if (!err)
		err = look_at(&look, &done, error);
	out->from = from;
	return desk_finish(desk, err, error);
}

static enum err find_status(struct desk *desk, struct arena *arena, const char *reference,
			    enum session_status *status, struct error *error)
{
	struct session session;
	int64_t row = 0;
	enum err err = desk_begin_read(desk, error);

	if (err)
		return err;
	err = store_session_find(desk->store, reference, &row, error);
	if (!err)
		err = store_session_load(desk->store, arena, row, &session, error);
	desk_end_read(desk);
	if (!err)
		*status = session.status;
	return err;
}

enum err desk_process(struct desk *desk, struct arena *arena, const char *reference,
		      const struct decide_options *options, struct decide_result *out, struct error *error)
{
	enum session_status status = SESSION_DRAFT;
	enum err err;

	*out = (struct decide_result){
		.id = "", .level_from = "", .level_to = "", .undo_until = TIME_NONE, .event = ""
	};
	err = desk_require_change(desk, ROLE_REVIEWER, action_verb(ACTION_PROCESS), error);
	if (!err)
		err = find_status(desk, arena, reference, &status, error);
	if (err)
		return err;
	if (status == SESSION_PROCESSING)
		return look_again(desk, arena, reference, out, error);
	return start_by_reviewer(desk, arena, reference, options, out, error);
}
