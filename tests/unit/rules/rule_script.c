#include "rule_script.h"
#include "kybdesk/desk/desk.h"
#include "kybdesk/desk/link.h"
#include <ctype.h>
#include <stdio.h>

#define WORDS_MAX 6
#define DAY_MS (24 * 60 * MINUTE_MS)

struct act {
	struct entrance *entrance;
	struct script *script;
	const char *words[WORDS_MAX]; /* the words after the actor; "" past the last word */
	struct desk *desk;
	enum capacity as;
};

static const char reason[] = "Said by the rule table, in more than ten characters";

/* Finds the actor; false if the word does not name an actor. */
static bool find_who(struct act *act, const char *word)
{
	struct fixture *f = &act->entrance->f;
	const struct {
		const char *word;
		struct desk *desk;
		enum capacity as;
	} people[] = {
		{ "viewer", f->vic, CAPACITY_STAFF },	    { "reviewer", f->rita, CAPACITY_STAFF },
		{ "lead", f->lea, CAPACITY_STAFF },	    { "admin", f->ada, CAPACITY_STAFF },
		{ "client", f->bo, CAPACITY_CLIENT },	    { "merchant", f->bo, CAPACITY_MERCHANT },
		{ "intake", f->bo, CAPACITY_INTAKE },	    { "provider", f->bo, CAPACITY_PROVIDER },
		{ "simulator", f->bo, CAPACITY_SIMULATOR }, { "system", f->ada, CAPACITY_SYSTEM },
	};

	if (!strcmp(word, "production")) {
		act->desk = entrance_production(act->entrance);
		act->as = CAPACITY_STAFF;
		return true;
	}
	for (size_t i = 0; i < sizeof people / sizeof people[0]; i++) {
		if (strcmp(people[i].word, word) != 0)
			continue;
		act->desk = people[i].desk;
		act->as = people[i].as;
		return true;
	}
	return false;
}

static enum err perform(struct act *act, const struct use_in *wanted)
{
	struct fixture *f = &act->entrance->f;
	struct use_in in = *wanted;
	struct use_out out;
	enum err err;

	in.session = in.session ? in.session : act->script->arrival.ref;
	in.capacity = act->as;
	act->entrance->used[in.bytes ? ENTRANCE_UPLOAD : ENTRANCE_VERB]++;
	err = desk_do(act->desk, &f->arena, &in, &out, &f->error);
	if (!err && out.link && *out.link && !*act->script->link)
		act->script->link = out.link;
	return err;
}
#define DO_AS(act, ...) perform((act), &(const struct use_in){ __VA_ARGS__ })

static const struct document *present(const struct case_view *view, const char *type)
{
	for (size_t i = 0; i < view->file.document_count; i++) {
		if (!view->file.documents[i].replaced && !strcmp(view->file.documents[i].type, type))
			return &view->file.documents[i];
	}
	return NULL;
}

static const char *document_id(struct act *act, const char *type)
{
	const struct case_view view = entrance_view(act->entrance, act->script->arrival.ref);
	const struct document *document = present(&view, type);

	return document ? document->id : "none";
}

static enum err request_corrections_here(struct act *act)
{
	const struct case_view view = entrance_view(act->entrance, act->script->arrival.ref);
	const struct document_spec *spec = profile_document(view.profile, act->words[1]);
	struct arena *arena = &act->entrance->f.arena;
	const char *step = act->words[1], *dot = strchr(step, '.');
	const char *names[1];
	struct correction_request request = { .message = "Please send it again, whole" };

	if (spec) {
		names[0] = spec->type;
		request.step_id = spec->step_id;
		request.document_types = names;
		request.document_type_count = 1;
	} else if (dot) {
		names[0] = dot + 1;
		request.step_id = arena_strndup(arena, step, (size_t)(dot - step));
		request.field_ids = names;
		request.field_count = 1;
	} else {
		request.step_id = step;
	}
	return DO_AS(act, .verb = VERB_CORRECTIONS, .requests = &request, .request_count = 1, .has_grace = true,
		     .days = strtol(act->words[2], NULL, 10));
}

static enum err answer_all(struct act *act)
{
	const struct case_view view = entrance_view(act->entrance, act->script->arrival.ref);
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < view.file.correction_count; i++)
		err = DO_AS(act, .verb = VERB_ANSWER, .part = view.file.corrections[i].id,
			    .text = "It stands in the register like this");
	return err;
}

static enum err add_document(struct act *act)
{
	struct arena *arena = &act->entrance->f.arena;
	size_t length;
	const char *format = act->words[2], *found = entrance_bytes(act->entrance, format, &length);
	char *bytes = arena_alloc(arena, length + 32);

	/* A PDF gets other bytes each time: a repeated upload is another file. */
	memcpy(bytes, found, length);
	if (!strcmp(format, "pdf"))
		length += (size_t)snprintf(bytes + length, 32, "%% %zu\n", act->entrance->used[ENTRANCE_UPLOAD]);
	return DO_AS(act, .verb = VERB_DOCUMENT_ADD, .type = act->words[1], .side = act->words[3],
		     .file_name = arena_printf(arena, "paper.%s", format), .bytes = bytes, .length = length);
}

static enum err report_check(struct act *act)
{
	struct check check;

	check_init(&check);
	cr_assert(check_kind_parse(act->words[1], &check.kind), "%s", act->words[1]);
	cr_assert(check_status_parse(act->words[2], &check.status), "%s", act->words[2]);
	check.checked_at = act->entrance->f.world.wall_ms;
	return DO_AS(act, .verb = VERB_CHECK_REPORT, .result = &check);
}

static enum err waive_check(struct act *act)
{
	enum check_kind kind;

	cr_assert(check_kind_parse(act->words[1], &kind), "%s", act->words[1]);
	return DO_AS(act, .verb = VERB_CHECK_WAIVE, .check = kind, .reason = reason);
}

static enum err add_party(struct act *act)
{
	const struct party_input input = { .name = act->words[1],
					   .kind = PARTY_INDIVIDUAL,
					   .roles = 1u << ROLE_DIRECTOR,
					   .country = "PRT",
					   .date_of_birth = "1979-03-04" };

	return DO_AS(act, .verb = VERB_PARTY_ADD, .party = &input);
}

static enum err accept_corrections(struct act *act)
{
	const struct case_view view = entrance_view(act->entrance, act->script->arrival.ref);
	enum err err = ERR_OK;

	for (size_t i = 0; !err && i < view.file.correction_count; i++)
		err = DO_AS(act, .verb = VERB_CORRECTION_ACCEPT, .part = view.file.corrections[i].id);
	return err;
}

static const char *last_party(struct act *act)
{
	const struct case_view view = entrance_view(act->entrance, act->script->arrival.ref);

	cr_assert(view.file.party_count > 0, "no party");
	return view.file.parties[view.file.party_count - 1].id;
}

static enum err wait_days(struct act *act)
{
	struct fixture *f = &act->entrance->f;
	struct tick_report report = { .more = true };
	enum err err = ERR_OK;

	forward(f, strtol(act->words[1], NULL, 10) * DAY_MS + MINUTE_MS);
	act->entrance->used[ENTRANCE_VERB]++;
	while (!err && report.more)
		err = desk_tick(f->ada, &report, &f->error);
	return err;
}

static enum err reject_case(struct act *act)
{
	const char *how = act->words[1];

	return DO_AS(act, .verb = VERB_REJECT,
		     .reason = *how && strcmp(how, "final") && strcmp(how, "retryable") ? how : "other", .text = "",
		     .has_grace = true,
		     .retryable = !strcmp(how, "retryable") ? CHOICE_YES
				  : !strcmp(how, "final")   ? CHOICE_NO
							    : CHOICE_DEFAULT,
		     .note = "explained in full");
}

static enum err save_step(struct act *act)
{
	return DO_AS(act, .verb = VERB_STEP_SAVE, .part = act->words[1], .fields_json = act->words[2]);
}
static enum err put_record(struct act *act)
{
	return DO_AS(act, .verb = VERB_DOCUMENT_RECORD, .type = act->words[1], .side = act->words[2]);
}
static enum err delete_document(struct act *act)
{
	return DO_AS(act, .verb = VERB_DOCUMENT_DELETE, .part = document_id(act, act->words[1]));
}
static enum err accept_document(struct act *act)
{
	return DO_AS(act, .verb = VERB_DOCUMENT_ACCEPT, .part = document_id(act, act->words[1]));
}
static enum err open_document(struct act *act)
{
	struct strbuf bytes = STRBUF_INIT;
	enum err err =
		DO_AS(act, .verb = VERB_DOCUMENT_OPEN, .part = document_id(act, act->words[1]), .content_out = &bytes);

	cr_expect(err || bytes.len > 0, "nothing in it");
	strbuf_release(&bytes);
	return err;
}
static enum err report_results(struct act *act)
{
	return DO_AS(act, .verb = VERB_RESULTS_REPORT,
		     .results_json =
			     arena_printf(&act->entrance->f.arena, "{\"final_decision\":\"%s\"}", act->words[1]));
}
static enum err remove_party(struct act *act)
{
	return DO_AS(act, .verb = VERB_PARTY_REMOVE, .part = last_party(act), .reason = reason);
}
static enum err add_subsession(struct act *act)
{
	return DO_AS(act, .verb = VERB_SUBSESSION_ADD, .part = last_party(act));
}
static enum err remove_subsession(struct act *act)
{
	return DO_AS(act, .verb = VERB_SUBSESSION_REMOVE, .part = last_party(act));
}
/* Makes a link for the session of the last party. */
static enum err subsession_link(struct act *act)
{
	const struct case_view view = entrance_view(act->entrance, act->script->arrival.ref);

	cr_assert(view.file.party_count > 0, "no party");
	return DO_AS(act, .verb = VERB_LINK, .session = view.file.parties[view.file.party_count - 1].session_id);
}

static enum err report_json(struct act *act)
{
	return DO_AS(act, .verb = VERB_RESULTS_REPORT, .results_json = act->words[1]);
}

/* Imports the line of the case again, with one changed value. */
static enum err bring_again(struct act *act)
{
	struct fixture *f = &act->entrance->f;
	const char *change = act->words[1], *equals = strchr(change, '=');
	struct arrival again;

	cr_assert(equals, "%s", change);
	again = entrance_import_again(act->entrance, &act->script->arrival,
				      arena_strndup(&f->arena, change, (size_t)(equals - change)), equals + 1);
	if (!again.refused)
		return ERR_OK;
	return error_set_field(&f->error, ERR_INVALID, again.field, "%s", again.message);
}

static const struct verb_word {
	const char *word;
	enum err (*run)(struct act *act); /* NULL: performs `verb` */
	enum verb verb;
} verb_words[] = {
	{ "corrections", request_corrections_here, 0 },
	{ "answer", answer_all, 0 },
	{ "correction_accept", accept_corrections, 0 },
	{ "save", save_step, 0 },
	{ "reject", reject_case, 0 },
	{ "document_add", add_document, 0 },
	{ "document_record", put_record, 0 },
	{ "document_delete", delete_document, 0 },
	{ "document_accept", accept_document, 0 },
	{ "document_open", open_document, 0 },
	{ "results_report", report_results, 0 },
	{ "results_json", report_json, 0 },
	{ "line", bring_again, 0 },
	{ "check_report", report_check, 0 },
	{ "check_waive", waive_check, 0 },
	{ "party_add", add_party, 0 },
	{ "party_remove", remove_party, 0 },
	{ "subsession_add", add_subsession, 0 },
	{ "subsession_remove", remove_subsession, 0 },
	{ "subsession_link", subsession_link, 0 },
	{ "wait", wait_days, 0 },
	{ "approve", NULL, VERB_APPROVE },
	{ "undo", NULL, VERB_UNDO },
	{ "reopen", NULL, VERB_REOPEN },
	{ "withdraw", NULL, VERB_WITHDRAW },
	{ "reactivate", NULL, VERB_REACTIVATE },
	{ "escalate", NULL, VERB_ESCALATE },
	{ "process", NULL, VERB_PROCESS },
	{ "start", NULL, VERB_START },
	{ "complete", NULL, VERB_COMPLETE },
	{ "submit", NULL, VERB_SUBMIT },
	{ "hand_in", NULL, VERB_HAND_IN },
	{ "resubmit", NULL, VERB_RESUBMIT },
	{ "extend", NULL, VERB_EXTEND },
	{ "link", NULL, VERB_LINK },
	{ "validate", NULL, VERB_VALIDATE },
	{ "delete", NULL, VERB_DELETE },
};

static enum err do_one(struct act *act)
{
	for (size_t i = 0; i < sizeof verb_words / sizeof verb_words[0]; i++) {
		const struct verb_word *word = &verb_words[i];

		if (strcmp(word->word, act->words[0]) != 0)
			continue;
		if (word->run)
			return word->run(act);
		return DO_AS(act, .verb = word->verb, .has_grace = true, .reason = reason,
			     .days = strtol(act->words[1], NULL, 10));
	}
	cr_assert_fail("'%s' is not a verb of the rule table", act->words[0]);
	return ERR_INTERNAL;
}

static char *trimmed(struct arena *arena, const char *text, size_t length)
{
	while (length && isspace((unsigned char)*text)) {
		text++;
		length--;
	}
	while (length && isspace((unsigned char)text[length - 1]))
		length--;
	return arena_strndup(arena, text, length);
}

static enum err do_words(struct entrance *entrance, struct script *script, char *line)
{
	struct act act = { .entrance = entrance, .script = script, .desk = entrance->f.ada };
	size_t count = 0;
	bool who = false;

	for (size_t i = 0; i < WORDS_MAX; i++)
		act.words[i] = "";
	while (*line) {
		char *word = line;

		line += strcspn(line, " ");
		if (*line)
			*line++ = '\0';
		if (!who && !count && find_who(&act, word)) {
			who = true;
			continue;
		}
		cr_assert_lt(count, WORDS_MAX, "%s", word);
		act.words[count++] = word;
	}
	return do_one(&act);
}

static void add_endpoint(struct entrance *entrance, const char *merchant)
{
	static const char *const every[] = { "*" };
	struct fixture *f = &entrance->f;
	struct strbuf secret = STRBUF_INIT;
	struct endpoint endpoint;

	cr_assert_eq(desk_endpoint_add(f->ada, &f->arena, merchant, "https://hooks.example/kyb", every, 1, &endpoint,
				       &secret, &f->error),
		     ERR_OK, "%s", f->error.message);
	strbuf_wipe(&secret);
}

void script_run(struct entrance *entrance, const struct rule_row *row, const char *value, bool with_endpoint,
		struct script *out, struct seen *seen)
{
	struct arena *arena = &entrance->f.arena;
	const char *bar = strchr(value, '|'), *second = bar ? strchr(bar + 1, '|') : NULL;
	char *status, *verbs, *what, *equals;

	cr_assert(bar, "%s", value);
	status = trimmed(arena, value, (size_t)(bar - value));
	verbs = trimmed(arena, bar + 1, second ? (size_t)(second - bar - 1) : strlen(bar + 1));
	what = second ? trimmed(arena, second + 1, strlen(second + 1)) : arena_strdup(arena, "");
	equals = strchr(what, '=');
	cr_assert(!*what || equals, "%s", value);
	*out = (struct script){ .link = "", .what = what, .value = equals ? equals + 1 : "", .done = true };
	if (equals)
		*equals = '\0';
	out->arrival = entrance_bring(entrance, row, *status ? "status" : NULL, status);
	if (with_endpoint)
		add_endpoint(entrance, out->arrival.merchant);
	while (*verbs) {
		size_t length = strcspn(verbs, ";");
		char *line = trimmed(arena, verbs, length), *words = arena_strdup(arena, line);
		enum err err = do_words(entrance, out, words);

		verbs += length + (verbs[length] == ';');
		if (!err)
			continue;
		cr_assert(!*verbs, "%s %s: '%s' in '%s': %s", row->seed, row->id, line, value,
			  entrance->f.error.message);
		out->done = false;
		seen->message = arena_strdup(arena, entrance->f.error.message);
		seen->path = arena_strdup(arena, entrance->f.error.field);
	}
}

static const char *link_state(const struct entrance *entrance, const struct session *session)
{
	if (session->expires_at == TIME_NONE)
		return "none";
	return session->expires_at > entrance->f.world.wall_ms ? "valid" : "expired";
}

static const char *first_link_state(struct entrance *entrance, const char *link)
{
	struct fixture *f = &entrance->f;
	const char *token = strstr(link, "/s/");
	struct link_target target;

	cr_assert(token, "'%s' is not a link", link);
	cr_assert_eq(desk_link_resolve(f->ada, &f->arena, token + 3, &target, &f->error), ERR_OK, "%s",
		     f->error.message);
	switch (target.state) {
	case LINK_VALID:
		return "open";
	case LINK_EXPIRED:
		return "expired";
	case LINK_REPLACED:
		break;
	}
	return "replaced";
}

static const char *is_there(struct entrance *entrance, const char *ref)
{
	struct fixture *f = &entrance->f;
	struct case_view view;
	enum err err = desk_case(f->vic, &f->arena, ref, false, &view, &f->error);

	cr_assert(!err || err == ERR_NOT_FOUND, "%s", f->error.message);
	return err ? "no" : "yes";
}

const char *script_look(struct entrance *entrance, const struct script *script)
{
	struct arena *arena = &entrance->f.arena;
	const char *what = script->what, *ref = script->arrival.ref;

	if (!strcmp(what, "there"))
		return is_there(entrance, ref);
	if (!strcmp(what, "first_link"))
		return first_link_state(entrance, script->link);
	const struct case_view view = entrance_view(entrance, ref);
	const struct session *session = &view.file.session;

	if (!strcmp(what, "status"))
		return session_status_text(session->status);
	if (!strcmp(what, "inbox"))
		return inbox_text(session_status_inbox(session->status));
	if (!strcmp(what, "level"))
		return session->subject.level;
	if (!strcmp(what, "attempt"))
		return arena_printf(arena, "%lld", (long long)session->attempt_number);
	if (!strcmp(what, "decision"))
		return session->final_decision == FINAL_NONE ? "none" : final_decision_text(session->final_decision);
	if (!strcmp(what, "parties"))
		return arena_printf(arena, "%zu", view.file.party_count);
	if (!strcmp(what, "link"))
		return link_state(entrance, session);
	if (!strncmp(what, "blocker.", 8)) {
		enum blocker_code code;

		cr_assert(blocker_code_parse(what + 8, &code), "%s", what);
		return entrance_blocker(&view, code, NULL) ? "yes" : "no";
	}
	if (!strncmp(what, "documents.", 10)) {
		const struct document *document = present(&view, what + 10);

		return document ? upload_state_text(document->upload) : "none";
	}
	if (!strncmp(what, "step.", 5)) {
		for (size_t i = 0; i < view.file.step_count; i++) {
			if (!strcmp(view.file.steps[i].id, what + 5))
				return step_status_text(view.file.steps[i].status);
		}
		return "none";
	}
	cr_assert_fail("'%s' is nothing that the rule table looks at", what);
	return "";
}
