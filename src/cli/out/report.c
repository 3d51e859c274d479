#include "../cli_internal.h"

#include <unistd.h>

static void add_safe_line(struct cli *cli, struct strbuf *out, const char *before, const char *text)
{
	strbuf_adds(out, before);
	text_display(out, text, strlen(text), cli->mode);
	strbuf_addch(out, '\n');
}

/* Adds a blocker as a list line, with its reference unless the message already contains the reference. */
static void add_blocker(struct cli *cli, struct strbuf *out, const struct error_blocker *blocker)
{
	const char *line = blocker->message;
	if (*blocker->ref && !strstr(blocker->message, blocker->ref))
		line = arena_printf(&cli->arena, "%s (%s)", blocker->message, blocker->ref);
	add_safe_line(cli, out, "  - ", line);
}

void cli_print_error(struct cli *cli, const struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	const char *message = error->message ? error->message : "the command failed without a message";
	if (cli_is_json(cli)) {
		out_json(&cli->out, json_new_error(error));
		return;
	}
	if (cli->log.json_clock) {
		log_record(&cli->log, "error", message, NULL, 0);
		return;
	}
	add_safe_line(cli, &text, "kybdesk: ", message);
	/* Omits the blocker if it is the only one, and the message contains its text and its reference. */
	const struct error_blocker *only = error->blocker_count == 1 ? &error->blockers[0] : NULL;
	bool is_printed =
		only && error->message && strstr(error->message, only->message) && strstr(error->message, only->ref);
	for (size_t i = 0; i < error->blocker_count && !is_printed; i++)
		add_blocker(cli, &text, &error->blockers[i]);
	(void)file_write_all(STDERR_FILENO, text.buf, text.len);
	strbuf_release(&text);
}

enum err cli_print_part_list(struct cli *cli, const struct cli_part_list *parts, struct error *error)
{
	struct case_view view;
	struct cli_rows rows;
	size_t from = 0, to = 0;
	enum err err = desk_case(cli->desk, &cli->arena, parsed_argument(&cli->command_line, 0), false, &view, error);

	if (err)
		return err;
	cli_rows_begin(cli, NULL, &rows);
	struct json_value *document = cli_case_json(cli, &view);
	const struct json_value *entries = json_get(document, parts->member);
	for (size_t i = 0; i < json_count(entries); i++) {
		if (!cli_row_begin(&rows, json_get_text(json_at(entries, i), parts->key)))
			continue;
		json_append(rows.data, json_clone(json_at(entries, i)));
		from = to ? from : i;
		to = i + 1;
	}
	err = cli_rows_end(cli, &rows, parts->csv_columns, error);
	json_free(document);
	if (!err && cli->out.format == OUT_TABLE)
		parts->show(cli, &view, from, to, 0);
	return err;
}

const char *cli_value_text(struct cli *cli, const struct json_value *value)
{
	const char *plain = value && !json_value_is_null(value) ? json_text(value) : "";
	return plain ? plain : json_to_arena(&cli->arena, value);
}

void cli_run_due_work(struct cli *cli)
{
	struct tick_report report;
	struct error error = { 0 };
	/* A failure of timed work does not fail the command; the next command tries the timed work again. */
	if (desk_tick(cli->desk, &report, &error))
		log_info(&cli->log, "due background work failed: %s", error.message);
	else if (report.clock_may_be_ahead)
		log_warn(&cli->log, CLOCK_MAY_BE_AHEAD);
	error_release(&error);
}

/* The state of an approval by two people, as JSON: whether the next approval is the first or the second, and the
 * first approval if it exists. */
static struct json_value *approval_json(const struct case_view *view)
{
	struct json_value *out = json_new_object(), *first = json_new_object();
	json_set_text(out, "part", approval_stage_text(view->approval_stage));
	if (!view->first_approval) {
		json_free(first);
		json_set_null(out, "first");
		return out;
	}
	JSON_SET(first, JSON_INT("decision", view->first_approval->number), JSON_TEXT("by", view->first_approval->by),
		 JSON_TIME("at", view->first_approval->at), JSON_BOOL("counts", !*view->first_approval->invalid_reason),
		 JSON_TEXT("changed", view->first_approval->invalid_reason));
	json_set(out, "first", first);
	return out;
}

static struct json_value *removed_party_json(const struct party *party)
{
	return JSON_NEW(JSON_TEXT("id", party->id), JSON_TEXT("kind", party_kind_text(party->kind)),
			JSON_TEXT("name", party->name), JSON_TEXT("by", party->removed_by),
			JSON_TIME("at", party->removed_at), JSON_TEXT("reason", party->removed_reason),
			JSON_OR_NULL("session", party->session_id));
}

static struct json_value *ownership_gap_json(const struct case_view *view)
{
	const struct session *session = &view->file.session;
	const struct ownership_gap *gap = &view->gap;
	struct json_value *out =
		JSON_NEW(JSON_TEXT("percent", gap->percent),
			 JSON_BOOL("open", gap->may_hide_owner && !ownership_gap_is_explained(session, gap)));
	JSON_SET_EACH(out, "layers", i, gap->layer_count,
		      JSON_NEW(JSON_OR_NULL("party", gap->layers[i].ref), JSON_TEXT("name", gap->layers[i].name),
			       JSON_TEXT("undeclared", gap->layers[i].undeclared_percent),
			       JSON_TEXT("of_the_subject", gap->layers[i].subject_percent)));
	json_set_text_or_null(out, "stand_in",
			      gap->fallback_party_index == SIZE_MAX ? ""
								    : view->file.parties[gap->fallback_party_index].id);
	if (*session->gap_reason)
		JSON_SET(out, JSON_TEXT("reason", session->gap_reason), JSON_TEXT("text", session->gap_text),
			 JSON_TEXT("by", session->gap_by), JSON_TIME("at", session->gap_at),
			 JSON_TEXT("holds_up_to", session->gap_percent));
	return out;
}

static struct json_value *contribution_json(const struct contribution *contribution)
{
	return JSON_NEW(JSON_TEXT("by", contribution->actor), JSON_TEXT("what", contribution->audit_action),
			JSON_TIME("at", contribution->at), JSON_TEXT("material", material_text(contribution->material)),
			JSON_OR_NULL("part", contribution->part), JSON_TEXT("session", contribution->session_id));
}

static void add_case_view_members(struct json_value *document, const struct case_view *view)
{
	const struct session *session = &view->file.session;
	if (view->duplicate_count)
		JSON_SET_EACH(document, "duplicates", i, view->duplicate_count,
			      cli_duplicate_json(&view->duplicates[i]));
	if (view->file.removed.count)
		JSON_SET_EACH(document, "removed_parties", i, view->file.removed.count,
			      removed_party_json(&view->file.removed.items[i]));
	if (view->gap.is_computed)
		json_set(document, "ownership_gap", ownership_gap_json(view));
	if (session->snoozed_until != TIME_NONE)
		json_set(document, "snoozed",
			 JSON_NEW(JSON_TIME("until", session->snoozed_until),
				  JSON_TEXT("reason", session->snooze_reason), JSON_TEXT("by", session->snoozed_by)));
	if (session->unresponsive)
		json_set_bool(document, "unresponsive", true);
	if (view->lapsed_party_count)
		JSON_SET_EACH(document, "no_longer_verified", i, view->lapsed_party_count,
			      json_new_string(view->file.parties[view->lapsed_parties[i]].id));
	if (view->alert_count)
		JSON_SET_EACH(document, "alerts", i, view->alert_count,
			      JSON_NEW(JSON_TEXT("kind", alert_kind_text(view->alerts[i].kind)),
				       JSON_TIME("at", view->alerts[i].raised_at)));
	if (view->judgements.count)
		json_set(document, "judgements", cli_judgements_json(view, false));
	if (session->parties_completed_at != TIME_NONE)
		json_set_time(document, "parties_completed_at", session->parties_completed_at);
	if (*view->rules_note)
		json_set_text(document, "rules_note", view->rules_note);
	if (view->retention)
		json_set(document, "retention",
			 JSON_NEW(JSON_TIME("until", view->retention->until),
				  JSON_TIME("ended_at", view->retention->ended_at),
				  JSON_INT("days", view->retention->days),
				  JSON_OR_NULL("while", view->retention->keep_condition),
				  JSON_BOOL("sanctions", view->retention->is_sanctions_retention),
				  JSON_BOOL("held", view->retention->has_legal_hold)));
	if (view->legal_holds.count)
		JSON_SET_EACH(document, "legal_holds", i, view->legal_holds.count,
			      cli_legal_hold_json(&view->legal_holds.items[i]));
	if (view->contributions.count)
		JSON_SET_EACH(document, "handed_in", i, view->contributions.count,
			      contribution_json(&view->contributions.items[i]));
}

struct json_value *cli_case_json(struct cli *cli, const struct case_view *view)
{
	struct session_write_options options = { .blockers = &view->blockers, .now = desk_now(cli->desk) };
	struct json_value *document = session_write(&view->file, &options);
	add_case_view_members(document, view);
	if (view->first_approval || view->approval_stage != APPROVAL_SINGLE)
		json_set(document, "approval", approval_json(view));
	if (view->audit_difference_count)
		json_set(document, "differs_from_audit_log",
			 json_new_texts(view->audit_differences, view->audit_difference_count));
	return document;
}

const char *cli_session_reference(const struct session *session)
{
	return *session->external_ref ? session->external_ref : session->id;
}

const char *cli_session_label(struct cli *cli, const struct session *session)
{
	return arena_printf(&cli->arena, "%s %s", cli_session_reference(session), session->subject.name);
}

static void print_sentence(struct cli *cli, const char *label, const char *format, va_list args) KYB_PRINTF(3, 0);
static void print_sentence(struct cli *cli, const char *label, const char *format, va_list args)
{
	struct strbuf sentence = STRBUF_INIT;

	strbuf_adds(&sentence, label);
	strbuf_vaddf(&sentence, format, args);
	out_line(&cli->out, "%s", sentence.buf);
	strbuf_release(&sentence);
}

enum err cli_print_result(struct cli *cli, struct json_value *object, const char *format, ...)
{
	va_list args;

	if (cli_is_json(cli))
		return cli_print_json(cli, object);
	json_free(object);
	va_start(args, format);
	print_sentence(cli, "", format, args);
	va_end(args);
	return ERR_OK;
}

enum err cli_print_json(struct cli *cli, struct json_value *value)
{
	out_json(&cli->out, value);
	return ERR_OK;
}

enum err cli_print_case_result(struct cli *cli, const char *id, struct error *error, const char *format, ...)
{
	struct case_view view;
	va_list args;
	enum err err = desk_case(cli->desk, &cli->arena, id, false, &view, error);
	if (err) {
		error_prefix(error, "the change is saved, but the session cannot be shown");
		return err;
	}
	if (cli_is_json(cli))
		return cli_print_json(cli, cli_case_json(cli, &view));
	va_start(args, format);
	print_sentence(cli, arena_printf(&cli->arena, "%s: ", cli_session_label(cli, &view.file.session)), format,
		       args);
	va_end(args);
	return ERR_OK;
}
