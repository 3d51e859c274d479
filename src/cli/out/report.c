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

void cli_error_print(struct cli *cli, const struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	const char *message = error->message ? error->message : "the command failed without a message";
	if (cli_json(cli)) {
		out_json(&cli->out, json_error(error));
		return;
	}
	if (cli->log.json) {
		log_record(&cli->log, "error", message, NULL, 0);
		return;
	}
	add_safe_line(cli, &text, "kybdesk: ", message);
	/* Omits a single blocker with the same text as the message. */
	const struct error_blocker *only = error->blocker_count == 1 ? &error->blockers[0] : NULL;
	bool is_printed = only && error->message && strstr(error->message, only->message) &&
			  strstr(error->message, only->ref);
	for (size_t i = 0; i < error->blocker_count && !is_printed; i++)
		add_blocker(cli, &text, &error->blockers[i]);
	(void)file_write_all(STDERR_FILENO, text.buf, text.len);
	strbuf_release(&text);
}

enum err cli_list_parts(struct cli *cli, const struct cli_parts *parts, struct error *error)
{
	struct case_view view;
	struct cli_rows rows;
	size_t from = 0, to = 0;
	enum err err = desk_case(cli->desk, &cli->arena, parsed_argument(&cli->parsed, 0), false, &view, error);

	if (!err)
		err = cli_rows(cli, NULL, 0, &rows, error);
	if (err)
		return err;
	struct json_value *document = cli_case_json(cli, &view);
	const struct json_value *entries = json_get(document, parts->member);
	for (size_t i = 0; i < json_count(entries); i++) {
		if (!cli_row(&rows, json_get_text(json_at(entries, i), parts->key)))
			continue;
		json_append(rows.data, json_clone(json_at(entries, i)));
		from = to ? from : i;
		to = i + 1;
	}
	err = cli_rows_end(cli, &rows, parts->csv, error);
	json_free(document);
	if (!err && cli->out.format == OUT_TABLE)
		parts->show(cli, &view, from, to, 0);
	return err;
}

const char *cli_value_text(struct cli *cli, const struct json_value *value)
{
	const char *plain = value && !json_value_null(value) ? json_text(value) : "";
	return plain ? plain : json_to_arena(&cli->arena, value);
}

void cli_run_timed_work(struct cli *cli)
{
	struct tick_report report;
	struct error error = { 0 };
	/* A failure of timed work does not fail the read: the next command repeats the timed work. */
	if (desk_tick(cli->desk, &report, &error))
		log_info(&cli->log, "due background work failed: %s", error.message);
	error_release(&error);
}

/* If two people must approve: whether the next approval is the first or the second. */
static struct json_value *approval_json(const struct case_view *view)
{
	struct json_value *out = json_new_object(), *first = json_new_object();
	json_set_text(out, "part", approval_part_text(view->part));
	if (!view->first) {
		json_free(first);
		json_set_null(out, "first");
		return out;
	}
	JSON_SET(first, JSON_INT("decision", view->first->number), JSON_TEXT("by", view->first->by),
		 JSON_TIME("at", view->first->at), JSON_BOOL("counts", !*view->first->changed),
		 JSON_TEXT("changed", view->first->changed));
	json_set(out, "first", first);
	return out;
}

struct json_value *cli_case_json(struct cli *cli, const struct case_view *view)
{
	struct session_write_options options = { .blockers = &view->blockers, .now = desk_now(cli->desk) };
	struct json_value *document = session_write(&view->file, &options);
	cli_related_json(document, view);
	if (view->first || view->part != APPROVAL_ALONE)
		json_set(document, "approval", approval_json(view));
	if (view->differ_count)
		json_set(document, "differs_from_audit_log", json_texts(view->differs, view->differ_count));
	return document;
}

const char *cli_reference(const struct session *session)
{
	return *session->external_ref ? session->external_ref : session->id;
}

const char *cli_label(struct cli *cli, const struct session *session)
{
	return arena_printf(&cli->arena, "%s %s", cli_reference(session), session->subject.name);
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

enum err cli_result(struct cli *cli, struct json_value *object, const char *format, ...)
{
	va_list args;

	if (cli_json(cli))
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

enum err cli_case_result(struct cli *cli, const char *id, struct error *error, const char *format, ...)
{
	struct case_view view;
	va_list args;
	enum err err = desk_case(cli->desk, &cli->arena, id, false, &view, error);
	if (err) {
		error_prefix(error, "the change is saved, but the session cannot be shown");
		return err;
	}
	if (cli_json(cli))
		return cli_print_json(cli, cli_case_json(cli, &view));
	va_start(args, format);
	print_sentence(cli, arena_printf(&cli->arena, "%s: ", cli_label(cli, &view.file.session)), format, args);
	va_end(args);
	return ERR_OK;
}
