#include "kybdesk/codec/commands_codec.h"

#include "json_scan.h"
#include "reader.h"

static void read_words(struct reader *reader, const struct node *command, struct own_command *out)
{
	const struct node list = node_member(command, "run");
	size_t count = expect_list(reader, &list, OWN_COMMAND_WORDS_MAX);
	const char **words = arena_alloc_array(reader->arena, count + 1, sizeof *words);

	for (size_t i = 0; i < count; i++)
		words[i] = node_text(reader, ELEMENT(&list, i));
	if (!reader->failed && !count)
		reader_refuse(reader, &list, "is empty; name a program");
	out->words = words;
	out->word_count = count;
}

static void read_command(struct reader *reader, const struct node *command, struct own_command *out)
{
	if (!expect_object(reader, command))
		return;
	EXPECT_KEYS(reader, command, "key", "run", "help");
	out->key = read_text(reader, command, "key");
	out->help = read_text(reader, command, "help");
	read_words(reader, command, out);
}

static void take(struct arena *arena, const struct node *root, struct own_command command, struct own_commands *out)
{
	struct error why = { 0 };
	struct reader reader = { .arena = arena, .error = &why, .origin = "" };

	read_command(&reader, MEMBER(root, command.name), &command);
	if (reader.failed)
		line_fault_add(arena, &out->faults, command.line, arena_strdup(arena, why.message));
	else
		*ARENA_PUSH(arena, out->items, out->count, out->capacity) = command;
	error_release(&why);
}

enum err commands_parse(struct arena *arena, const char *text, size_t length, struct own_commands *out,
			struct error *error)
{
	json_t *value = json_parse(text, length, error);
	const char *name;
	json_t *member;

	*out = (struct own_commands){ 0 };
	if (!value)
		return ERR_INVALID;
	if (!json_is_object(value)) {
		json_decref(value);
		return error_set(error, ERR_INVALID,
				 "not an object; write {\"name\": {\"key\": \"Q\", \"run\": [\"program\"]}, …}");
	}
	const struct node root = node_root(value);
	json_object_foreach(value, name, member)
	{
		if (out->count + out->faults.count == OWN_COMMANDS_MAX) {
			line_fault_add(arena, &out->faults, 0,
				       arena_printf(arena, "more than %d commands; the others are not used",
						    OWN_COMMANDS_MAX));
			break;
		}
		take(arena, &root,
		     (struct own_command){ .name = arena_strdup(arena, name),
					   .key = "",
					   .help = "",
					   .line = json_line_of(arena, text, length, name) },
		     out);
	}
	json_decref(value);
	return ERR_OK;
}
