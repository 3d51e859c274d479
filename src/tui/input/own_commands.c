#include "input/own_keys.h"

#include "kybdesk/base/file.h"
#include "kybdesk/base/text.h"

#include <string.h>

#define COMMANDS_BYTES_MAX (64 * 1024)
#define VALUE_BYTES_MAX 1024
#define NAME_LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-"

/* The placeholders. No placeholder has personal data as its value, since every user of the machine sees a program's
 * arguments in the list of processes. */
static const struct placeholder {
	const char *name;
	size_t value_offset;   /* offset of the value in struct session */
	bool is_business_only; /* only for cases of businesses: for a case of a person the value is personal data */
} placeholders[] = {
	{ "id", offsetof(struct session, id), false },
	{ "external_ref", offsetof(struct session, external_ref), false },
	{ "uid", offsetof(struct session, subject.uid), false },
	{ "merchant", offsetof(struct session, merchant), false },
	{ "workflow", offsetof(struct session, workflow), false },
	{ "country", offsetof(struct session, subject.country), false },
	{ "level", offsetof(struct session, subject.level), false },
	{ "name", offsetof(struct session, subject.name), true },
	{ "registration_number", offsetof(struct session, subject.registration_number), true },
};
#define PLACEHOLDER_COUNT (sizeof placeholders / sizeof placeholders[0])

static const char *placeholder_names(struct arena *arena)
{
	const char *text = "";
	for (size_t i = 0; i < PLACEHOLDER_COUNT; i++)
		text = arena_printf(arena, "%s%s{%s}", text, *text ? " " : "", placeholders[i].name);
	return text;
}

/* The placeholder at the start of the text, and its length; NULL: no placeholder has that name. */
static const struct placeholder *placeholder_at(const char *text, size_t *length)
{
	size_t name = strcspn(text + 1, "}");
	*length = name + 2;
	for (size_t i = 0; text[1 + name] && i < PLACEHOLDER_COUNT; i++)
		if (strlen(placeholders[i].name) == name && !memcmp(text + 1, placeholders[i].name, name))
			return &placeholders[i];
	return NULL;
}

/* Whether the program is a shell, or another program that runs an argument as code: such a program could run a
 * value of the case as code. */
static bool is_shell_program(const char *program)
{
	static const char *const names[] = { "sh",   "bash", "dash",	"zsh",	"ksh",	   "mksh",   "ash",  "fish",
					     "csh",  "tcsh", "busybox", "env",	"xargs",   "python", "perl", "ruby",
					     "node", "awk",  "ssh",	"eval", "python3", "sudo" };
	const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;
	return texts_contain(names, sizeof names / sizeof names[0], name);
}

static const char *word_refusal(struct arena *arena, const struct own_command *command, const char *word, size_t index)
{
	for (const char *at = strchr(word, '{'); at; at = strchr(at + 1, '{')) {
		size_t length;
		const struct placeholder *known = placeholder_at(at, &length);
		if (!index)
			return "the name of the program cannot have a placeholder";
		if (!known)
			return arena_printf(arena, "\"%s\" has an unknown placeholder; known placeholders: %s",
					    text_safe_copy(arena, word, TEXT_UTF8), placeholder_names(arena));
		for (size_t i = 0; i < index; i++)
			if (is_shell_program(command->words[i]))
				return arena_printf(arena,
						    "%s could run a value of the case as a program; name "
						    "the program or script directly",
						    text_safe_copy(arena, command->words[i], TEXT_UTF8));
	}
	return NULL;
}

static const char *refusal_reason(struct arena *arena, const struct own_command *command)
{
	size_t length = strlen(command->name);
	if (!length || length > OWN_COMMAND_NAME_MAX || command->name[strspn(command->name, NAME_LETTERS)])
		return arena_printf(arena, "a name must have 1 to %d letters, digits or hyphens", OWN_COMMAND_NAME_MAX);
	if (!command->words[0][0])
		return "\"run\" must begin with the name of a program";
	for (size_t i = 0; i < command->word_count; i++) {
		const char *why = word_refusal(arena, command, command->words[i], i);
		if (why)
			return why;
	}
	return NULL;
}

static void refuse(struct arena *arena, struct own_commands *out, const struct own_command *command, const char *why)
{
	line_fault_add(arena, &out->faults, command->line,
		       arena_printf(arena, "\"%s\": %s", text_safe_copy(arena, command->name, TEXT_UTF8), why));
}

/* Binds the command's key. Returns the reason as a sentence if the key already belongs to another action or cannot
 * be bound. */
static const char *bind_key(struct arena *arena, const struct own_command *command, enum text_mode mode,
			    const struct binding *bindings, size_t count, struct binding *out)
{
	const char *key = text_safe_copy(arena, command->key, TEXT_UTF8);
	const char *why = own_key_read(arena, command->key, mode, out);
	if (why)
		return arena_printf(arena, "\"%s\" cannot be the command's key: it %s", key, why);
	for (size_t i = 0; i < count; i++)
		if (bindings_conflict(&bindings[i], out))
			return arena_printf(arena,
					    "\"%s\" is the key of \"%s\"; choose another key, or run the command "
					    "by name: \":%s %s\"",
					    key,
					    bindings[i].own_command_number ? "another of your commands"
									   : command_spec(bindings[i].command)->name,
					    command_spec(COMMAND_RUN)->name, command->name);
	return NULL;
}

static void add_keys(struct arena *arena, enum text_mode mode, struct keys_table *keys, struct own_commands *out)
{
	size_t count = keys->count;
	const struct binding *before = keys->bindings;
	if (!before)
		before = keymap_defaults(&count);
	struct binding *all = arena_alloc_array(arena, count + out->count + 1, sizeof *all);
	memcpy(all, before, count * sizeof *all);
	for (size_t i = 0; i < out->count; i++) {
		struct binding binding = { .contexts = PLACE_CASE,
					   .command = COMMAND_RUN,
					   .own_command_number = (unsigned)i + 1 };
		if (!out->items[i].key[0])
			continue;
		const char *why = bind_key(arena, &out->items[i], mode, all, count, &binding);
		if (why)
			refuse(arena, out, &out->items[i], why);
		else
			all[count++] = binding;
	}
	keys->bindings = all;
	keys->count = count;
}

void own_commands_read(struct arena *arena, const char *path, enum text_mode mode, struct keys_table *keys,
		       struct own_commands *out)
{
	struct strbuf text = STRBUF_INIT;
	struct error error = { 0 };
	struct own_commands read = { 0 };
	*out = (struct own_commands){ 0 };
	if (!path[0] || !file_exists(path))
		return;
	enum err err = file_read(path, COMMANDS_BYTES_MAX, &text, &error);
	if (!err && (err = commands_parse(arena, text.buf, text.len, &read, &error)))
		error_prefix(&error, "%s", path);
	out->faults = read.faults;
	if (err)
		line_fault_add(arena, &out->faults, 0, arena_strdup(arena, error.message));
	for (size_t i = 0; !err && i < read.count; i++) {
		const char *why = refusal_reason(arena, &read.items[i]);
		if (why)
			refuse(arena, out, &read.items[i], why);
		else
			*ARENA_PUSH(arena, out->items, out->count, out->capacity) = read.items[i];
	}
	if (out->count)
		add_keys(arena, mode, keys, out);
	strbuf_release(&text);
	error_release(&error);
}

static bool has_control_char(const char *text)
{
	for (const unsigned char *at = (const unsigned char *)text; *at; at++)
		if (*at < 0x20 || *at == 0x7f || (*at == 0xc2 && at[1] >= 0x80 && at[1] <= 0x9f))
			return true;
	return false;
}

static const char *value_of(const struct placeholder *placeholder, const struct session *session)
{
	const char *text;
	memcpy(&text, (const char *)session + placeholder->value_offset, sizeof text);
	return text;
}

/* Why the value must not be passed to a program; NULL: it may be passed. */
static const char *value_refusal(const struct placeholder *placeholder, const struct session *session)
{
	const char *value = value_of(placeholder, session);
	if (placeholder->is_business_only && session->subject.kind != SUBJECT_BUSINESS)
		return "is personal data, which every process on this machine could read";
	if (!value[0])
		return "is empty in this case";
	if (strlen(value) > VALUE_BYTES_MAX)
		return "is too long in this case";
	return has_control_char(value) ? "has line breaks or control characters in this case" : NULL;
}

/* Fills the placeholders of a word. Refuses a value that makes the word begin with "-": the program would read the
 * word as an option. */
static const char *expand_word(struct arena *arena, const char *word, const struct session *session, const char **why)
{
	struct strbuf text = STRBUF_INIT;
	*why = NULL;
	for (const char *at = word; *at && !*why;) {
		size_t length = strcspn(at, "{");
		strbuf_add(&text, at, length);
		at += length;
		if (!*at)
			break;
		const struct placeholder *placeholder = placeholder_at(at, &length);
		at += length;
		const char *fault = value_refusal(placeholder, session);
		if (fault)
			*why = arena_printf(arena, "{%s} %s", placeholder->name, fault);
		else if (!text.len && value_of(placeholder, session)[0] == '-')
			*why = arena_printf(
				arena, "{%s} begins with \"-\" in this case, so the program would read it as an option",
				placeholder->name);
		else
			strbuf_adds(&text, value_of(placeholder, session));
	}
	return strbuf_finish(&text, arena);
}

const char *const *own_command_words(struct arena *arena, const struct own_command *command,
				     const struct session *session, const char **why)
{
	const char **words = arena_alloc_array(arena, command->word_count + 1, sizeof *words);
	for (size_t i = 0; i < command->word_count; i++) {
		words[i] = expand_word(arena, command->words[i], session, why);
		if (*why)
			return NULL;
	}
	words[command->word_count] = NULL;
	return words;
}
