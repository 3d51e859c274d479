/* The user's own commands: started from the open case; the output is shown like a document. */
#include "workbench.h"

#include <string.h>

_Static_assert(OWN_COMMANDS_MAX <= ARGUMENT_WORDS_MAX, "the palette offers every command");

size_t command_names(const struct workbench *workbench, const char **words)
{
	for (size_t i = 0; i < workbench->own.commands.count; i++)
		words[i] = workbench->own.commands.items[i].name;
	return workbench->own.commands.count;
}

/* NULL: no command has that name; the status line reports it. */
static const struct own_command *command_of(struct workbench *workbench, const struct order *order)
{
	const struct own_commands *all = &workbench->own.commands;
	if (order->digit && order->digit <= all->count)
		return &all->items[order->digit - 1];
	for (size_t i = 0; i < all->count; i++)
		if (!strcmp(all->items[i].name, order->argument))
			return &all->items[i];
	if (!all->count)
		REPORT(workbench, "You have no own commands: define them in commands.json next to config.json");
	else if (!order->argument[0])
		REPORT(workbench, "\"run\" needs the name of a command, for example: run %s", all->items[0].name);
	else
		REPORT(workbench, "You have no command \"%s\"", order->argument);
	return NULL;
}

void command_run(struct workbench *workbench, const struct order *order)
{
	struct case_screen *screen = top_case(workbench);
	const struct case_view *view = screen ? case_model_view(&screen->model) : NULL;
	const char *why = NULL;
	/* Over SSH, commands.json is not read; this check is a second safeguard. */
	if (workbench->frame.session) {
		REPORT_BAD(workbench, "A session on the server cannot start other programs");
		return;
	}
	const struct own_command *command = command_of(workbench, order);
	if (!command || !view)
		return;
	struct job *job = job_new(JOB_DOCUMENT);
	job->words = own_command_words(&job->arena, command, &view->file.session, &why);
	if (why) {
		REPORT_BAD(workbench, "%s was not started: %s", command->name, why);
		job_free(job);
		return;
	}
	job->id = arena_strdup(&job->arena, screen->id);
	job->in.part = arena_strdup(&job->arena, command->name);
	job->mode = workbench->frame.mode;
	viewer_show_output(workbench, arena_printf(&job->arena, "%s · %s", command->name, screen->name), job);
}
