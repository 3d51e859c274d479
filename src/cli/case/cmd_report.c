/* `check report` and `results`: submit a provider's results. The acting capacity is intake; in a sandbox store,
 * --for can choose provider or simulator. */
#include "../cli_internal.h"

#define REPORT_MAX ((size_t)SESSION_LINE_MAX)

static CLI_WORDS(reporting_role_words, "intake", "provider", "simulator");

/* In production only intake is allowed, because a person runs the command; a provider uses the API. */
static enum err read_capacity(struct cli *cli, enum capacity *as, struct error *error)
{
	const char *text = cli_option_text(cli, "for");
	size_t role_index;
	enum err err = ERR_OK;
	*as = CAPACITY_INTAKE;
	if (*text)
		err = cli_find_word(&(struct cli_allowed_words){ "for", "reporting role", reporting_role_words }, text,
				    &role_index, error);
	if (err || !capacity_parse(text, as) || *as == CAPACITY_INTAKE || desk_is_sandbox(cli->desk))
		return err;
	return error_set_field(error, ERR_FORBIDDEN, "for",
			       "Reporting as %s needs a sandbox store. Leave out --for to report as intake", text);
}

static enum err read_json(const char *path, struct json_value **out, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	enum err err = file_read_input(path, REPORT_MAX, &text, error);
	if (!err && (err = json_read(text.buf, text.len, out, error)))
		error_prefix(error, "%s", path);
	strbuf_release(&text);
	return err;
}

static enum err set_json_member(struct json_value *check, const char *key, const char *text, struct error *error)
{
	struct json_value *value = NULL;
	if (!*text)
		return ERR_OK;
	if (json_read(text, strlen(text), &value, NULL))
		return error_invalid(error, key, "\"%s\" is not JSON", text);
	json_set(check, key, value);
	return ERR_OK;
}

static enum err read_check(struct cli *cli, struct check *out, struct error *error)
{
	struct json_value *check = json_new_object(), *hits = NULL;
	const char *path = cli_option_text(cli, "hits"), *text;
	json_set_text(check, "kind", parsed_argument(&cli->command_line, 1));
	json_set_text(check, "status", cli_option_text(cli, "status"));
	json_set_text(check, "source", cli_option_text(cli, "source"));
	json_set_text(check, "source_version", cli_option_text(cli, "source-version"));
	enum err err = set_json_member(check, "score", cli_option_text(cli, "score"), error);
	if (!err)
		err = set_json_member(check, "detail", cli_option_text(cli, "detail"), error);
	if (!err && *path)
		err = read_json(path, &hits, error);
	if (!err && hits)
		json_set(check, "hits", hits);
	if (!err) {
		text = json_to_arena(&cli->arena, check);
		err = check_read(&cli->arena, text, strlen(text), out, error);
	}
	json_free(check);
	return err;
}

static enum err run_check_report(struct cli *cli, struct error *error)
{
	struct use_out out;
	struct check check;
	enum capacity as;
	enum err err = read_capacity(cli, &as, error);
	if (!err)
		err = read_check(cli, &check, error);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_CHECK_REPORT, .capacity = as, .result = &check,
			      .part = cli_option_text(cli, "about"));
	return err ? err
		   : cli_print_case_result(cli, out.id, error, "check %s is reported as %s by %s in the role %s",
					   check_kind_text(check.kind), check_status_text(check.status),
					   desk_actor(cli->desk), capacity_text(as));
}

static enum err run_results(struct cli *cli, struct error *error)
{
	struct strbuf text = STRBUF_INIT;
	struct use_out out;
	enum capacity as;
	enum err err = read_capacity(cli, &as, error);
	if (!err)
		err = file_read_input(parsed_argument(&cli->command_line, 1), REPORT_MAX, &text, error);
	if (!err)
		err = CLI_RUN(cli, &out, error, .verb = VERB_RESULTS_REPORT, .capacity = as, .results_json = text.buf);
	strbuf_release(&text);
	return err ? err
		   : cli_print_case_result(cli, out.id, error, "results are reported by %s in the role %s",
					   desk_actor(cli->desk), capacity_text(as));
}

#define REPORTING_ROLE_OPTION                                                                                          \
	"for", "ROLE", 0, "reporting role: intake (default); in a sandbox store also provider or simulator",           \
		reporting_role_words

static const struct command rows[] = {
	{ .name = "check report",
	  .summary = "Reports the result of a check; earlier results stay on record",
	  .details = "Hits are identified by content: a known hit keeps its verdict, a new hit is open, and no hit is "
		     "removed. A waiver is kept only if the result is the same. In a production store, the reporter "
		     "of a check cannot decide the case. The reviewer compares each hit with the subject or a party "
		     "by these members of its detail: party (an id), aliases, date_of_birth, founded_on, country, "
		     "nationality, tax_id, registration_number, passport_number, national_id, lei, list_version, "
		     "entry_id, programme, score_parts, articles. A birth date may be incomplete: 1984 or 1984-02.",
	  .verbs = { { VERB_CHECK_REPORT, "", CAPACITY_INTAKE } },
	  .example = "check report RAL-2032 watchlist --status passed",
	  .run = run_check_report,
	  .arguments = { { SESSION_ARGUMENT }, { "KIND", 0, "the kind of check", check_kind_words } },
	  .options = { { "status", "STATUS", OPTION_REQUIRED, "pending, passed, hit, failed, error or timeout",
			 check_status_words },
		       { "score", "NUMBER", 0, "0 to 1" },
		       { "hits", "FILE", OPTION_PATH | PATH_STREAM,
			 "a JSON list of hits, as in a session document: name, list, class, score, detail" },
		       { "detail", "JSON", 0, "a JSON object with further findings" },
		       { "about", "PARTY", 0, "the party that was checked; default: the subject" },
		       { "source", "NAME", 0, "the provider, list or register of the result; default: the reporter" },
		       { "source-version", "TEXT", 0, "the version of that source, such as the day of a list" },
		       { REPORTING_ROLE_OPTION } } },
	{ .name = "results",
	  .summary = "Reports the results of processing",
	  .details = "FILE is a JSON object: extraction_results, cross_validation, face_match_result, "
		     "external_validations, web_validation_results, final_decision. A case in processing is "
		     "evaluated at once; in a production store, results reported by a person do not decide a case.",
	  .verbs = { { VERB_RESULTS_REPORT, "", CAPACITY_INTAKE } },
	  .example = "results RAL-2032 results.json",
	  .run = run_results,
	  .arguments = { { SESSION_ARGUMENT },
			 { "FILE", ARGUMENT_PATH | PATH_STREAM, "the file; - is standard input" } },
	  .options = { { REPORTING_ROLE_OPTION } } },
};
const struct command_chapter commands_report = { COMMAND_CHAPTER("Reports of providers", rows) };
