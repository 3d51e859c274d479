/* The first screen: what its keys do. */
#include "workbench.h"

#include <stdlib.h>
#include <string.h>

void inbox_ask(struct workbench *workbench, struct work *work)
{
	if (!work)
		return;
	workbench->list_asked_ms = workbench_monotonic(workbench);
	reader_ask(workbench->reader, work);
}

void inbox_choose(struct workbench *workbench, size_t entry)
{
	if (entry >= INBOX_ENTRIES)
		return;
	walk_release(&workbench->walk); /* another list, another way */
	enum queue_view view = entry < INBOX_COUNT ? QUEUE_INBOX : entry == ENTRY_MINE ? QUEUE_MINE : QUEUE_OVERDUE;
	enum inbox inbox = entry < INBOX_COUNT ? (enum inbox)entry : workbench->queue.inbox;
	inbox_ask(workbench, queue_choose(&workbench->queue, view, inbox));
}

void inbox_rest(struct workbench *workbench)
{
	const struct session_item *item = queue_current(&workbench->queue);
	if (item && strcmp(item->id, workbench->preview_id))
		workbench->preview_at_ms = workbench_monotonic(workbench) + PREVIEW_REST_MS;
}

static void move_entry(struct workbench *workbench, bool forward)
{
	size_t entry = inbox_entry(&workbench->queue);
	inbox_choose(workbench, (entry + (forward ? 1 : INBOX_ENTRIES - 1)) % INBOX_ENTRIES);
}

static void move(struct workbench *workbench, enum command command)
{
	struct queue *queue = &workbench->queue;
	long page = workbench->inbox.page > 1 ? (long)workbench->inbox.page - 1 : 1;
	if (workbench->inbox.inboxes_focused) {
		if (command == COMMAND_DOWN || command == COMMAND_UP)
			move_entry(workbench, command == COMMAND_DOWN);
		else if (command == COMMAND_FIRST || command == COMMAND_LAST)
			inbox_choose(workbench, command == COMMAND_FIRST ? 0 : INBOX_ENTRIES - 1);
		return;
	}
	if (command == COMMAND_FIRST || command == COMMAND_LAST)
		inbox_ask(workbench, queue_to(queue, command == COMMAND_LAST));
	else
		inbox_ask(workbench, queue_move(queue, command == COMMAND_DOWN	      ? 1
						       : command == COMMAND_UP	      ? -1
						       : command == COMMAND_PAGE_DOWN ? page
										      : -page));
	inbox_rest(workbench);
}

static void open_current(struct workbench *workbench)
{
	const struct session_item *item = queue_current(&workbench->queue);
	if (workbench->inbox.inboxes_focused)
		workbench->inbox.inboxes_focused = false;
	else if (item)
		case_open(workbench, item->id, item->subject_name, false);
}

void inbox_apply_filter(struct workbench *workbench)
{
	struct arena arena = ARENA_INIT;
	struct error error = { 0 };
	struct filter filter = { 0 };
	const char *text = workbench->prompt.editor.text.buf;
	if (filter_parse(&arena, text, &filter, &error)) {
		prompt_refuse(&workbench->prompt, error.message);
	} else {
		prompt_history_add(&workbench->history, text);
		walk_release(&workbench->walk);
		inbox_ask(workbench, queue_filter(&workbench->queue, text));
		workbench->inbox.inboxes_focused = false;
		prompt_close(&workbench->prompt);
	}
	error_release(&error);
	arena_release(&arena);
}

void inbox_command(struct workbench *workbench, enum command command, size_t digit)
{
	switch (command) {
	case COMMAND_DOWN:
	case COMMAND_UP:
	case COMMAND_PAGE_DOWN:
	case COMMAND_PAGE_UP:
	case COMMAND_FIRST:
	case COMMAND_LAST:
		move(workbench, command);
		break;
	case COMMAND_LEFT:
	case COMMAND_RIGHT:
		move_entry(workbench, command == COMMAND_RIGHT);
		break;
	case COMMAND_NEXT_PANE:
	case COMMAND_PREVIOUS_PANE:
		workbench->inbox.inboxes_focused = !workbench->inbox.inboxes_focused;
		break;
	case COMMAND_CHOOSE:
		inbox_choose(workbench, digit - 1);
		break;
	case COMMAND_OPEN:
		open_current(workbench);
		break;
	case COMMAND_SORT:
		inbox_ask(workbench, queue_sort(&workbench->queue));
		break;
	case COMMAND_QUIT:
		workbench->quit = true;
		break;
	case COMMAND_NONE:
	case COMMAND_BACK:
	case COMMAND_NEXT_CASE:
	case COMMAND_CASE_BEFORE:
	case COMMAND_FILTER:
	case COMMAND_SEARCH:
	case COMMAND_MATCH_NEXT:
	case COMMAND_MATCH_PREVIOUS:
	case COMMAND_APPROVE:
	case COMMAND_REJECT:
	case COMMAND_CORRECTIONS:
	case COMMAND_ACCEPT_ITEM:
	case COMMAND_REJECT_ITEM:
	case COMMAND_CLAIM:
	case COMMAND_UNDO:
	case COMMAND_UNDO_LIST:
	case COMMAND_MORE:
	case COMMAND_NOTE:
	case COMMAND_SNOOZE:
	case COMMAND_PARTY_ADD:
	case COMMAND_PARTY_EDIT:
	case COMMAND_PARTY_REMOVE:
	case COMMAND_PARTY_KYC:
	case COMMAND_PARTY_LINK:
	case COMMAND_PARTY_VERIFY:
	case COMMAND_REVEAL:
	case COMMAND_COPY:
	case COMMAND_HELP:
	case COMMAND_REDRAW:
	case COMMAND_SUSPEND:
		break;
	}
}
