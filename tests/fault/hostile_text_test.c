/*
 * Hostile text reaches no terminal. The tests make cases with hostile text in every field, and run every command (read
 * from the program's own reference, so that a new one is included) in every output format, with hostile words in every
 * argument, on UTF-8 and on plain ASCII terminals.
 */
#include "fault/cases.h"
#include "fault/catalogue.h"
#include "fault/hostile.h"
#include "support/http_receiver.h"
#include "support/tried.h"

#include <criterion/criterion.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { MOST_WORDS = 64 };

struct trial {
	struct site *site;
	struct hostile hostile;
	struct catalogue catalogue;
	bool ascii;
	unsigned runs, marks; /* marks: counts the visible marks in place of hostile text */
	/* ids that the commands get as arguments */
	char session[64], document[64], party[64], hit[64], event[80], endpoint[64];
	char files[4][4096]; /* file names of the last few commands */
	unsigned file_count;
};

/* Returns the next text, so that in the course of a test each text is used in each place. */
static const char *next_text(struct trial *trial)
{
	static const size_t step = 7; /* does not divide the number of texts */
	static size_t at;
	at = (at + step) % trial->hostile.valid_count;
	return trial->hostile.valid[at].text;
}

/* Commands write to any path with the rights of the test's user: a file name must not lead out of the folder. */
static const char *next_file(struct trial *trial)
{
	char *name = trial->files[trial->file_count++ % (sizeof trial->files / sizeof *trial->files)];
	(void)snprintf(name, sizeof trial->files[0], "%s", next_text(trial));
	for (char *at = name; *at; at++)
		if (*at == '/')
			*at = '_';
	return name;
}

static bool is_file(const char *place)
{
	return strcmp(place, "FILE") == 0 || strcmp(place, "PATH") == 0;
}

static json_t *text(struct trial *trial)
{
	return json_string(next_text(trial));
}

/* The suffix of a file name must fit the file's format. */
static json_t *file_name(struct trial *trial)
{
	return json_sprintf("%s.pdf", next_text(trial));
}

static json_t *object(struct trial *trial, const char *key)
{
	return json_pack("{s:o}", key, text(trial));
}

static json_t *hostile_case(struct trial *trial, unsigned number)
{
	char *key = test_keep(strdup(next_text(trial))), *reference = NULL;
	reference = test_text("%s#%u", next_text(trial), number);
	/* Hostile texts are keys in custom_tags and fields, and values in every place that takes free text. */
	json_t *made = json_pack(
		"{s:s, s:s, s:s, s:o, s:s, s:o, s:o, s:i, s:[o], s:[o,o], s:[o], s:[o,o], s:[o], s:[o], s:[o]}",
		"external_ref", reference, "workflow", "generic-kyc", "kind", "kyc", "merchant", text(trial), "status",
		"manual_review", "subject",
		json_pack("{s:o, s:s, s:o, s:s, s:o, s:o, s:o, s:s, s:o, s:{s:o, s:o, s:o}}", "uid", text(trial),
			  "kind", "individual", "name", text(trial), "country", "BRA", "registration_number",
			  text(trial), "tax_id", text(trial), "website", text(trial), "email", "name@example.com",
			  "phone", text(trial), "address", "street", text(trial), "city", text(trial), "zip_code",
			  text(trial)),
		"custom_tags", object(trial, key), "risk_score", 77, "risk_factors",
		json_pack("{s:o, s:i, s:o}", "code", text(trial), "points", 3, "detail", text(trial)), "steps",
		json_pack("{s:s, s:s, s:o}", "id", "identity", "status", "completed", "fields", object(trial, key)),
		json_pack("{s:o, s:s}", "id", text(trial), "status", "pending"), "documents",
		json_pack("{s:o, s:o, s:o, s:s, s:s, s:s}", "category", text(trial), "type", text(trial), "file_name",
			  file_name(trial), "file", "paper.pdf", "upload", "ready", "review", "unreviewed"),
		"parties",
		json_pack("{s:s, s:o, s:[s], s:o, s:s, s:n, s:o, s:s, s:o}", "kind", "individual", "name", text(trial),
			  "roles", "ubo", "control_role", text(trial), "ownership_percent", "60", "owner_of", "tax_id",
			  text(trial), "email", "name@example.com", "session", json_pack("{s:s}", "status", "active")),
		json_pack("{s:s, s:o, s:[s], s:s, s:n}", "kind", "company", "name", text(trial), "roles", "shareholder",
			  "ownership_percent", "40", "owner_of"),
		"checks",
		json_pack("{s:s, s:s, s:f, s:o, s:[{s:o, s:o, s:f, s:s}]}", "kind", "watchlist", "status", "hit",
			  "score", 0.5, "detail", object(trial, key), "hits", "name", text(trial), "list", text(trial),
			  "score", 0.5, "state", "open"),
		"notes",
		json_pack("{s:o, s:o, s:s}", "text", text(trial), "by", text(trial), "at", "2026-11-01T00:00:00Z"),
		"corrections",
		json_pack("{s:o, s:[o], s:[o], s:o, s:s, s:o}", "step_id", text(trial), "field_ids", text(trial),
			  "document_types", text(trial), "message", text(trial), "state", "open", "asked_by",
			  text(trial)));
	cr_assert(made, "the case cannot be packed");
	/* Imported history. */
	json_object_set_new(made, "decisions",
			    json_pack("[{s:s, s:o, s:s, s:s, s:o, s:o}]", "decision", "reopen", "by", text(trial), "at",
				      "2026-11-01T00:00:00Z", "reason", "other", "message", text(trial), "note",
				      text(trial)));
	return made;
}

/* Removes the CR at the ends of CSV lines and the tabs of a shell script, which the program prints itself. */
static size_t without_own_controls(char *text, size_t length, bool csv, bool script)
{
	size_t kept = 0;
	for (size_t i = 0; i < length; i++)
		if (!(csv && text[i] == '\r' && i + 1 < length && text[i + 1] == '\n') && !(script && text[i] == '\t'))
			text[kept++] = text[i];
	text[kept] = '\0';
	return kept;
}

static unsigned marks_in(const char *text)
{
	static const char *const marks[] = { "\xe2\x90\x9b", "^[", "<U+", "\\u001b", "\\u202e", "\\u200b" };
	unsigned count = 0;
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		count += strstr(text, marks[i]) != NULL;
	return count;
}

/* Runs the command and checks every byte of its output. */
static void look(struct trial *trial, const char *const *words)
{
	const char *argv[MOST_WORDS] = { KYB_PROGRAM };
	struct process_result result;
	struct lines told = { 0 };
	size_t count = 1;
	bool data = false, csv = false, script = false;
	for (; words[count - 1]; count++) {
		cr_assert(count + 1 < MOST_WORDS);
		argv[count] = words[count - 1];
		lines_add(&told, "%s ", words[count - 1]);
		data |= strcmp(argv[count], "--json") == 0 || strcmp(argv[count], "--ndjson") == 0 ||
			strcmp(argv[count], "export") == 0 || strcmp(argv[count], "show") == 0;
		csv |= strcmp(argv[count], "--csv") == 0;
		script |= strcmp(argv[count], "completion") == 0;
	}
	const struct process_options options = { .argv = argv,
						 .environment = trial->site->environment,
						 .folder = trial->site->folder,
						 .timeout_ms = 60000 };
	process_run(&options, &result);
	trial->runs++;
	cr_assert(!result.timed_out && result.status <= 9, "%.3000s ended with %d\n%s", told.text, result.status,
		  result.err);
	if (csv) {
		char *formula = formula_in(result.out, result.out_length);
		cr_expect(!formula, "%.1500s: a cell computes: %s", told.text, formula);
	}
	result.out_length = without_own_controls(result.out, result.out_length, csv, script);
	trial->marks += marks_in(result.out) + marks_in(result.err);
	/* JSON and CSV are data in UTF-8 on every terminal. */
	char *harm = harm_in(result.out, result.out_length, trial->ascii && !data && !csv);
	cr_expect(!harm, "standard output of %.1500s: %s", told.text, harm);
	harm = harm_in(result.err, result.err_length, trial->ascii);
	cr_expect(!harm, "standard error of %.1500s: %s", told.text, harm);
	lines_release(&told);
}

/* A valid word for the argument; hostile if it is free text. */
static const char *word_for(struct trial *trial, const char *place)
{
	const struct {
		const char *place, *word;
	} words[] = {
		{ "SESSION", trial->session },
		{ "DOCUMENT", trial->document },
		{ "PARTY", trial->party },
		{ "HIT", trial->hit },
		{ "EVENT", trial->event },
		{ "ENDPOINT", trial->endpoint },
		{ "CODE", "other" },
		{ "N", "7" },
		{ "SECONDS", "3" },
		{ "DAYS", "3" },
		{ "KIND", "individual" },
		{ "ROLE", "reviewer" },
		{ "P", "1" },
		{ "DATE", "1990-01-01" },
		{ "INBOX", "manual_review" },
		{ "KEY", "name" },
		{ "SHELL", "bash" },
		{ "FORMAT", "man" },
		{ "STATE", "waiting" },
		{ "URL", "https://merchant.example/hook" },
		{ "COUNTRY", "DEU" },
	};
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(place, words[i].place) == 0 && *words[i].word)
			return words[i].word;
	return is_file(place) ? next_file(trial) : next_text(trial);
}

/* `store move` closes the store for all later commands, so it is tried with --readonly. */
static bool closes_store(const struct command *command)
{
	return strcmp(command->name, "store move") == 0;
}

static bool is_endless(const struct command *command)
{
	return strcmp(command->name, "webhook deliver") == 0;
}

/* The option that sets the address of a server: the tests set a hostile address, so that the server ends at once. NULL:
 * the command is not a server (tests/api and tests/cli test running servers). */
static const char *listens_by(const struct command *command)
{
	if (strcmp(command->name, "webhook listen") == 0)
		return "--port";
	return strcmp(command->name, "serve") == 0 ? "--listen" : NULL;
}

static size_t put_name(const struct command *command, char *name, const char **words)
{
	size_t count = 0;
	char *rest = name;
	(void)snprintf(name, sizeof command->name, "%s", command->name);
	while (rest)
		words[count++] = strsep(&rest, " ");
	return count;
}

/* Adds options that let the command end and change nothing for later commands; address: for a server. */
static size_t put_bounds(const struct command *command, const char **words, size_t count, const char *address)
{
	if (is_endless(command))
		words[count++] = "--drain";
	if (closes_store(command))
		words[count++] = "--readonly";
	if (listens_by(command)) {
		words[count++] = listens_by(command);
		words[count++] = address;
	}
	return count;
}

static size_t put_required(struct trial *trial, const struct command *command, const char **words, size_t count)
{
	for (size_t i = 0; i < command->argument_count; i++)
		if (!command->optional[i] || strcmp(command->arguments[i], "SESSION") == 0)
			words[count++] = word_for(trial, command->arguments[i]);
	for (size_t i = 0; i < command->option_count; i++)
		if (command->options[i].required) {
			words[count++] = command->options[i].name;
			if (*command->options[i].value)
				words[count++] = word_for(trial, command->options[i].value);
		}
	return put_bounds(command, words, count, listens_by(command) ? next_text(trial) : NULL);
}

/* Runs the command with valid words, in each output format. */
static void in_every_form(struct trial *trial, const struct command *command)
{
	const char *words[MOST_WORDS] = { NULL };
	char name[sizeof command->name];
	size_t count = put_required(trial, command, words, put_name(command, name, words));
	const char *const forms[] = { NULL, command->json ? "--json" : NULL, command->ndjson ? "--ndjson" : NULL,
				      command->csv ? "--csv" : NULL };
	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		if (i > 0 && !forms[i])
			continue;
		words[count] = forms[i];
		words[count + 1] = NULL;
		look(trial, words);
	}
}

/* Runs the command with each option and a hostile value, in addition to the required options. */
static void with_every_option(struct trial *trial, const struct command *command)
{
	for (size_t i = 0; i < command->option_count; i++) {
		const struct option *option = &command->options[i];
		const char *words[MOST_WORDS] = { NULL };
		char name[sizeof command->name];
		size_t count = put_required(trial, command, words, put_name(command, name, words));
		/* `demo --serve` is skipped, because its server would not end. */
		if ((option->required && !*option->value) || strcmp(option->name, "--serve") == 0)
			continue;
		words[count++] = option->name;
		if (*option->value)
			words[count++] = is_file(option->value) ? next_file(trial) : next_text(trial);
		look(trial, words);
	}
}

/* Runs the command with hostile words only: as arguments, as an unknown option, and as the name of a command. */
static void with_hostile_words(struct trial *trial, const struct command *command, const char *word)
{
	const char *words[MOST_WORDS] = { NULL };
	char name[sizeof command->name], option[8192];
	size_t count = put_name(command, name, words);
	size_t bare = count;
	for (size_t i = 0; i < command->argument_count; i++)
		words[count++] = word;
	count = put_bounds(command, words, count, word);
	look(trial, words);
	words[count++] = "--json";
	look(trial, words);
	(void)snprintf(option, sizeof option, "--%.4000s", word);
	words[bare] = option;
	words[bare + 1] = NULL;
	look(trial, words);
	(void)snprintf(option, sizeof option, "%.4000s", word);
	words[bare - 1] = option;
	words[bare] = "--help";
	look(trial, words);
}

static void find_parts(struct trial *trial, unsigned at)
{
	static const struct {
		const char *sql;
		size_t place;
	} parts[] = {
		{ "SELECT uuid FROM session WHERE parent_id IS NULL ORDER BY id LIMIT 1 OFFSET %u",
		  offsetof(struct trial, session) },
		{ "SELECT d.uuid FROM document AS d JOIN session AS s ON s.id = d.session_id WHERE s.parent_id IS "
		  "NULL ORDER BY s.id LIMIT 1 OFFSET %u",
		  offsetof(struct trial, document) },
		{ "SELECT p.uuid FROM party AS p WHERE p.kind = 'individual' ORDER BY p.session_id LIMIT 1 OFFSET "
		  "%u",
		  offsetof(struct trial, party) },
		{ "SELECT uuid FROM hit ORDER BY id LIMIT 1 OFFSET %u", offsetof(struct trial, hit) },
		{ "SELECT uuid FROM outbox_event ORDER BY id LIMIT 1 OFFSET %u * 0", offsetof(struct trial, event) },
		{ "SELECT uuid FROM endpoint ORDER BY id LIMIT 1 OFFSET %u * 0", offsetof(struct trial, endpoint) },
	};
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		struct lines sql = { 0 };
		const char *end = strstr(parts[i].sql, "%u");
		lines_add(&sql, "%.*s%u%s", (int)(end - parts[i].sql), parts[i].sql, at, end + 2);
		char *found = site_rows(trial->site, sql.text);
		(void)snprintf((char *)trial + parts[i].place, 64, "%s", found);
		cr_assert_str_not_empty(found, "%s", sql.text);
		lines_release(&sql);
	}
}

/* Makes a delivery fail with a response that is hostile too. */
static void fail_deliveries(struct trial *trial)
{
	struct receiver *receiver = receiver_start();
	const struct receiver_answer answer = { .status = 500,
						.headers = "X-Evil: \x1b[31m\xc2\x9b\r\n",
						.body = "\x1b]0;owned\x07\x9b\xff\xe2\x80\xae no" };
	receiver_answers(receiver, &answer, 1);
	cases_bring(trial->site, 1, 1);
	cases_endpoint(trial->site, receiver_url(receiver, "/hook"));
	site_expect(trial->site, 0, "approve", "CASE-1", "--grace", "0", NULL);
	site_expect(trial->site, 0, "webhook", "deliver", "--drain", NULL);
	receiver_stop(receiver);
}

static void begin(struct trial *trial, unsigned looked_at, bool ascii)
{
	const unsigned cases = looked_at < 3 ? 3 : looked_at;
	struct lines lines = { 0 };
	*trial = (struct trial){ .site = site_make(), .ascii = ascii };
	hostile_load(&trial->hostile);
	for (unsigned i = 0; i < cases; i++) {
		json_t *made = hostile_case(trial, i);
		lines_add(&lines, "%s\n", (char *)test_keep(json_dumps(made, JSON_COMPACT)));
		json_decref(made);
	}
	cases_import(trial->site, &lines, 0);
	lines_release(&lines);
	fail_deliveries(trial);
	/* Reviewers with hostile names claim the cases. */
	for (unsigned i = 0; i < 3; i++) {
		find_parts(trial, i);
		struct process_result result;
		site_run(trial->site, &result, "--as", next_text(trial), "claim", trial->session, NULL);
	}
	catalogue_read(trial->site, &trial->catalogue);
	if (ascii)
		site_environment(trial->site, "LC_ALL=C");
}

static void end(struct trial *trial)
{
	if (trial->runs)
		tried("%u runs, %u marks", trial->runs, trial->marks);
	cr_expect(trial->marks * 8 >= trial->runs, "hardly anything hostile was shown at all");
	site_is_sound(trial->site);
	hostile_release(&trial->hostile);
	site_free(trial->site);
}

static void every_command_on_hostile_cases(unsigned cases, bool ascii)
{
	struct trial trial;
	begin(&trial, cases, ascii);
	for (unsigned at = 0; at < cases; at++) {
		find_parts(&trial, at);
		for (size_t i = 0; i < trial.catalogue.count; i++) {
			const struct command *command = &trial.catalogue.commands[i];
			if (!test_draws(i + at, 2))
				continue;
			/* Commands without a case run for the first case only. */
			if (at == 0 || (command->argument_count && !strcmp(command->arguments[0], "SESSION")))
				in_every_form(&trial, command);
		}
	}
	end(&trial);
}

Test(hostile_text, every_command_shows_hostile_cases_without_one_raw_character)
{
	every_command_on_hostile_cases(test_is_long() ? 80 : 3, false);
}

Test(hostile_text, without_utf8_every_command_shows_hostile_cases_in_ascii)
{
	every_command_on_hostile_cases(test_is_long() ? 40 : 2, true);
}

Test(hostile_text, every_option_of_every_command_may_be_hostile)
{
	struct trial trial;
	begin(&trial, 3, false);
	find_parts(&trial, 1);
	for (unsigned round = 0; round < (test_is_long() ? 40u : 1u); round++)
		for (size_t i = 0; i < trial.catalogue.count; i++) {
			if (test_draws(i, 2))
				with_every_option(&trial, &trial.catalogue.commands[i]);
		}
	end(&trial);
}

static void hostile_words_everywhere(bool ascii)
{
	struct trial trial;
	begin(&trial, 3, ascii);
	find_parts(&trial, 1);
	for (size_t i = 0; i < trial.catalogue.count; i++) {
		const struct hostile *hostile = &trial.hostile;

		if (!test_draws(i / 3, 3))
			continue;
		const char *word = i % 3 ? hostile->valid[i % hostile->valid_count].text
					 : hostile->invalid[i / 3 % hostile->invalid_count].text;
		with_hostile_words(&trial, &trial.catalogue.commands[i], word);
	}
	end(&trial);
}

Test(hostile_text, wrong_usage_with_hostile_words_is_answered_harmlessly)
{
	hostile_words_everywhere(false);
}

Test(hostile_text, wrong_usage_with_hostile_words_is_answered_in_ascii_without_utf8)
{
	hostile_words_everywhere(true);
}

/* Runs commands with a hostile word as path, option value, filter, and in a profile and a configuration file. */
static void hostile_surroundings(struct trial *trial, const char *word)
{
	struct lines text = { 0 };
	char *folder = site_path(trial->site, "config"), *inner = temp_path(folder, "kybdesk");
	char *config = temp_path(inner, "config.json"), *profile = site_path(trial->site, "profile.json");
	json_t *string = json_stringn_nocheck(word, strlen(word));
	char *quoted = string ? test_keep(json_dumps(string, JSON_ENCODE_ANY)) : NULL;
	const char *places[][8] = {
		{ "--store", word, "inbox", NULL },
		{ "--store", word, "--json", "inbox", NULL },
		{ "--as", word, "inbox", NULL },
		{ "--theme", word, "info", NULL },
		{ "--theme", word, "config", "show", NULL },
		{ "import", word, NULL },
		{ "workflow", "check", word, NULL },
		{ "list", "--filter", word, NULL },
		{ "list", "--filter", word, "--json", NULL },
		{ "list", "--after", word, NULL },
		{ "list", "--sort", word, NULL },
		{ "config", "show", NULL },
		{ "config", "show", "--json", NULL },
		{ "workflow", "check", "profile.json", NULL },
		{ "workflow", "check", "profile.json", "--json", NULL },
	};
	(void)mkdir(folder, 0700);
	(void)mkdir(inner, 0700);
	lines_add(&text, "{\"name\":%s,%s:1,\"steps\":[{\"id\":%s,%s:%s}]}", quoted ? quoted : word,
		  quoted ? quoted : word, quoted ? quoted : word, quoted ? quoted : word, quoted ? quoted : word);
	temp_write(profile, text.text, text.length);
	for (size_t i = 0; i < sizeof places / sizeof *places; i++)
		look(trial, places[i]);
	/* A hostile config.json makes the commands fail, but their output is harmless. */
	lines_release(&text);
	lines_add(&text, "{\"theme\":%s,%s:%s}", quoted ? quoted : word, quoted ? quoted : word,
		  quoted ? quoted : word);
	temp_write(config, text.text, text.length);
	look(trial, (const char *[]){ "inbox", NULL });
	look(trial, (const char *[]){ "inbox", "--json", NULL });
	look(trial, (const char *[]){ "config", "show", NULL });
	(void)unlink(config);
	lines_release(&text);
	json_decref(string);
}

Test(hostile_text, files_folders_configuration_and_filters_may_be_hostile)
{
	struct trial trial;
	begin(&trial, 3, false);
	const size_t every = test_is_long() ? 1 : 6;
	for (size_t i = 0; i < trial.hostile.valid_count; i += every)
		hostile_surroundings(&trial, trial.hostile.valid[i].text);
	for (size_t i = 0; i < trial.hostile.invalid_count; i += every)
		hostile_surroundings(&trial, trial.hostile.invalid[i].text);
	end(&trial);
}

/* Adds lines that are refused for different reasons, with a hostile value that a reason may name. */
static void add_refused_lines(struct trial *trial, struct lines *lines, unsigned *count)
{
	static const char *const places[] = {
		"{\"external_ref\":\"R\",\"workflow\":%s,\"kind\":\"kyc\",\"merchant\":\"m\",\"status\":\"draft\","
		"\"subject\":{\"kind\":\"individual\",\"name\":\"N\"}}\n",
		"{\"external_ref\":\"R\",\"workflow\":\"generic-kyc\",\"kind\":%s,\"merchant\":\"m\",\"status\":"
		"\"draft\",\"subject\":{\"kind\":\"individual\",\"name\":\"N\"}}\n",
		"{\"external_ref\":\"R\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"m\","
		"\"status\":%s,\"subject\":{\"kind\":\"individual\",\"name\":\"N\"}}\n",
		"{\"external_ref\":\"R\",%s:1,\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"m\","
		"\"status\":\"draft\",\"subject\":{\"kind\":\"individual\",\"name\":\"N\"}}\n",
		"{\"external_ref\":\"R\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"m\","
		"\"status\":\"draft\",\"subject\":{\"kind\":\"individual\",\"name\":\"N\",\"country\":%s}}\n",
		"{\"external_ref\":\"R\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"m\","
		"\"status\":"
		"\"draft\",\"subject\":{\"kind\":\"individual\",\"name\":\"N\"},\"documents\":[{\"type\":"
		"\"PASSPORT\",\"file\":%s}]}\n",
		"{\"external_ref\":\"R\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"m\","
		"\"status\":\"draft\",\"subject\":{\"kind\":\"individual\",\"name\":\"N\"},\"parties\":[{\"kind\":"
		"\"individual\",\"name\":\"P\",\"roles\":[%s]}]}\n",
		"{\"external_ref\":\"R\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":\"m\","
		"\"status\":\"draft\",\"subject\":{\"kind\":\"individual\",\"name\":\"N\"},\"created_at\":%s}\n",
		"{\"external_ref\":\"R\", %s }\n",
	};
	for (size_t i = 0; i < trial->hostile.valid_count; i++) {
		json_t *string = json_string(trial->hostile.valid[i].text);
		/* Escapes characters only where JSON requires it, so that the refused lines contain hostile
		 * characters. */
		char *quoted = test_keep(json_dumps(string, JSON_ENCODE_ANY));
		const char *place = places[i % (sizeof places / sizeof *places)], *gap = strstr(place, "%s");
		lines_add(lines, "%.*s%s%s", (int)(gap - place), place, quoted, gap + 2);
		(*count)++;
		json_decref(string);
	}
	for (size_t i = 0; i < trial->hostile.invalid_count; i++) {
		lines_add(lines,
			  "{\"external_ref\":\"I%zu\",\"workflow\":\"generic-kyc\",\"kind\":\"kyc\",\"merchant\":"
			  "\"m\",\"status\":\"draft\",\"subject\":{\"kind\":\"individual\",\"name\":\"%s\"}}\n",
			  i, trial->hostile.invalid[i].text);
		(*count)++;
	}
}

Test(hostile_text, refused_lines_are_named_harmlessly_and_written_back_unchanged)
{
	struct trial trial;
	struct lines lines = { 0 };
	struct process_result result;
	unsigned refused = 0;
	begin(&trial, 3, false);
	add_refused_lines(&trial, &lines, &refused);
	size_t bad_length = lines.length;
	cases_plain(&lines, 1);
	cases_plain(&lines, 2);
	char *input = site_path(trial.site, "refused.ndjson"), *rejects = site_path(trial.site, "rejects.ndjson");
	temp_write(input, lines.text, lines.length);
	const char *const forms[] = { "--no-color", "--json" };
	for (size_t i = 0; i < 2; i++) {
		site_environment(trial.site, i ? "LC_ALL=C.UTF-8" : "LC_ALL=C");
		site_run(trial.site, &result, "import", input, "--rejects", rejects, forms[i], NULL);
		cr_expect_eq(result.status, 3, "%d: %s", result.status, result.err);
		char *harm = harm_in(result.err, result.err_length, !i);
		cr_expect(!harm, "standard error: %s", harm);
		harm = harm_in(result.out, result.out_length, !i);
		cr_expect(!harm, "standard output: %s", harm);
		size_t length = 0;
		char *written = temp_read(rejects, &length);
		cr_expect(written && length == bad_length && memcmp(written, lines.text, length) == 0,
			  "the rejects file holds other bytes");
	}
	cr_expect_eq(site_number(trial.site, "SELECT count(*) FROM session WHERE external_ref LIKE 'PLAIN-%'"), 2);
	cr_expect_eq(site_number(trial.site, "SELECT count(*) FROM session WHERE external_ref LIKE 'I%'"), 0);
	end(&trial);
}

/* Uses the texts as names, references, merchants and reviewers, and prints the lists in their formats. */
static void every_text_in_lists(bool ascii)
{
	struct trial trial;
	struct lines lines = { 0 };
	struct process_result result;
	begin(&trial, 3, ascii);
	for (size_t i = 0; i < trial.hostile.valid_count; i++) {
		const char *text = trial.hostile.valid[i].text;
		/* The number distinguishes the merchants: names that look alike are refused. */
		json_t *merchant = json_sprintf("%s %zu", text, i);
		json_t *made = json_pack("{s:s, s:s, s:s, s:o, s:s, s:{s:s, s:s}}", "external_ref", text, "workflow",
					 "generic-kyc", "kind", "kyc", "merchant", merchant, "status", "manual_review",
					 "subject", "kind", "individual", "name", text);
		lines_add(&lines, "%s\n", (char *)test_keep(json_dumps(made, JSON_COMPACT)));
		json_decref(made);
	}
	cases_import(trial.site, &lines, 0);
	for (size_t i = 0; i < trial.hostile.valid_count; i += 3)
		site_run(trial.site, &result, "--as", trial.hostile.valid[i].text, "next", NULL);
	static const char *const lists[][7] = {
		{ "list", "--limit", "500", NULL },
		{ "list", "--limit", "500", "--csv", NULL },
		{ "list", "--limit", "500", "--ndjson", NULL },
		{ "list", "--limit", "500", "--json", "--summary", NULL },
		{ "audit", "list", "--limit", "500", NULL },
		{ "audit", "list", "--limit", "500", "--csv", NULL },
		{ "audit", "list", "--limit", "500", "--ndjson", NULL },
		{ "audit", "export", NULL },
		{ "merchant", "list", "--limit", "500", NULL },
		{ "merchant", "list", "--limit", "500", "--json", NULL },
		{ "reviewer", "list", "--limit", "500", NULL },
		{ "reviewer", "list", "--limit", "500", "--json", NULL },
		{ "webhook", "list", "--limit", "500", NULL },
	};
	for (size_t i = 0; i < sizeof lists / sizeof *lists; i++)
		look(&trial, lists[i]);
	lines_release(&lines);
	end(&trial);
}

Test(hostile_text, in_lists_every_text_is_harmless_and_no_cell_computes)
{
	every_text_in_lists(false);
}

Test(hostile_text, in_lists_every_text_is_ascii_without_utf8)
{
	every_text_in_lists(true);
}

Test(hostile_text, what_was_imported_is_kept_byte_for_byte)
{
	struct trial trial;
	begin(&trial, 3, false);
	find_parts(&trial, 0);
	char *shown = site_output(trial.site, "show", trial.session, "--json", NULL);
	char *stored =
		site_rows(trial.site, "SELECT subject_name FROM session WHERE parent_id IS NULL ORDER BY id LIMIT 1");
	json_t *root = test_keep(json_loads(shown, 0, NULL));
	cr_assert_str_eq(json_string_value(json_object_get(json_object_get(root, "subject"), "name")), stored);
	bool given = false;
	for (size_t i = 0; i < trial.hostile.valid_count; i++)
		given |= strcmp(trial.hostile.valid[i].text, stored) == 0;
	cr_assert(given, "stored as %s", stored);
	end(&trial);
}
