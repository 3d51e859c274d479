#include "cli_internal.h"
#include "kybdesk/base/not_found.h"

#include <errno.h>
#include <stdlib.h>

#define SHORT_ID_LENGTH_MIN 8

enum err cli_run_use_case(struct cli *cli, struct arena *arena, const struct use_in *in, struct use_out *out,
			  struct error *error)
{
	const struct command *command = cli->command_line.command;

	if (!command_uses_verb(command, in->verb, in->capacity))
		BUG("%s has no argument %s of the kind %s", command->name, use_cases[in->verb].audit_action,
		    capacity_text(in->capacity));
	struct use_in own = *in;

	if (parsed_accepts_option(&cli->command_line, "override"))
		own.override = parsed_option_text(&cli->command_line, "override");
	return desk_do(cli->desk, arena, &own, out, error);
}

bool cli_is_json(const struct cli *cli)
{
	return cli->out.format == OUT_JSON;
}

const char *cli_option_text(const struct cli *cli, const char *option)
{
	const char *text = parsed_option_text(&cli->command_line, option);
	return text ? text : "";
}

bool cli_parse_integer(const char *text, int64_t least, int64_t most, int64_t *out)
{
	size_t digits = strspn(text, "0123456789");
	errno = 0;
	long long value = strtoll(text, NULL, 10);
	if (digits == 0 || text[digits] != '\0' || errno == ERANGE || value < least || value > most)
		return false;
	*out = value;
	return true;
}

enum err cli_read_number(const struct cli *cli, const char *option, int64_t least, int64_t most, int64_t fallback,
			 int64_t *out, struct error *error)
{
	const char *text = parsed_option_text(&cli->command_line, option);
	*out = fallback;
	if (!text || cli_parse_integer(text, least, most, out))
		return ERR_OK;
	return error_invalid(error, option, "--%s is '%s'; it must be a whole number from %lld to %lld", option, text,
			     (long long)least, (long long)most);
}

enum err cli_read_limit(const struct cli *cli, size_t *limit, struct error *error)
{
	int64_t value;
	enum err err = cli_read_number(cli, "limit", 1, LIST_LIMIT_MAX, LIST_LIMIT_DEFAULT, &value, error);
	*limit = (size_t)value;
	return err;
}

enum err cli_read_time(const struct cli *cli, const char *option, int64_t otherwise, int64_t *at, struct error *error)
{
	const char *text = cli_option_text(cli, option);
	*at = otherwise;
	if (!*text || past_time_parse(text, desk_now(cli->desk), at))
		return ERR_OK;
	return error_invalid(
		error, option,
		"--%s '%s' is not valid; write a time like 2026-11-30T09:00:00Z, a day like 2026-11-30, today, or a "
		"duration before now, like 2d or 4h",
		option, text);
}

enum err cli_unknown_word_error(const char *field, const char *kind, const char *word,
				const char *const *(*words)(size_t *count), struct error *error)
{
	struct strbuf list = STRBUF_INIT;
	size_t count;
	const char *const *names = words(&count);
	strbuf_adds(&list, "Allowed: ");
	for (size_t i = 0; i < count; i++)
		strbuf_addf(&list, "%s%s", i ? ", " : "", names[i]);
	enum err err = error_unknown_word(
		error, ERR_INVALID,
		&(struct unknown_name){
			.kind = kind, .name = word, .hint = list.buf, .names = names, .count = count, .field = field });
	strbuf_release(&list);
	return err;
}

enum err cli_find_word(const struct cli_allowed_words *among, const char *word, size_t *out, struct error *error)
{
	size_t count;
	const char *const *words = among->words(&count);
	*out = words_find(words, count, word);
	return *out < count ? ERR_OK : cli_unknown_word_error(among->field, among->kind, word, among->words, error);
}

enum err cli_read_bits(struct cli *cli, const struct cli_allowed_words *among, unsigned *bits, struct error *error)
{
	size_t count, place;
	const char **texts = parsed_option_values(&cli->command_line, &cli->arena, among->field, &count);
	enum err err = ERR_OK;
	for (size_t i = 0; !err && i < count; i++) {
		err = cli_find_word(among, texts[i], &place, error);
		*bits |= err ? 0 : 1u << place;
	}
	return err;
}

const char *cli_arrow(const struct cli *cli)
{
	return cli->mode == TEXT_UTF8 ? "→" : "->";
}

static bool are_prefixes_distinct(const char *const *ids, size_t count, size_t length)
{
	for (size_t i = 0; i < count; i++)
		for (size_t j = i + 1; j < count; j++)
			if (strcmp(ids[i], ids[j]) != 0 && strncmp(ids[i], ids[j], length) == 0)
				return false;
	return true;
}

size_t cli_short_id_length(const char *const *ids, size_t count)
{
	size_t length = SHORT_ID_LENGTH_MIN;
	while (length < UUID_TEXT_SIZE - 1 && !are_prefixes_distinct(ids, count, length))
		length++;
	return length;
}

const char *cli_short_id(struct cli *cli, const char *const *ids, size_t count, size_t at)
{
	if (!cli->out.terminal)
		return ids[at];
	/* All event ids start with "evt_", so these four characters do not count for the length of the shortest
	 * prefix. */
	size_t length = cli_short_id_length(ids, count) + (text_has_prefix(ids[at], "evt_") ? 4 : 0);
	return arena_printf(&cli->arena, "%.*s", (int)length, ids[at]);
}

const char *cli_time_text(struct cli *cli, int64_t ms)
{
	char *text = time_text(&cli->arena, ms);
	if (!cli->out.terminal || strlen(text) < 19)
		return text;
	text[10] = ' ';
	text[19] = '\0';
	return text;
}

const char *cli_safe_text(struct cli *cli, const char *text)
{
	return text_safe_copy(&cli->arena, text, TEXT_UTF8);
}
