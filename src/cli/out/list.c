/* A page of sessions as a table. */
#include "../cli_internal.h"

#include "kybdesk/domain/list_column.h"

#define SUBJECT_CELLS_MIN 22 /* the most important column, so it stays wide */

static enum cell_style style_of(enum list_tone tone)
{
	static const enum cell_style styles[] = { [TONE_PLAIN] = CELL_PLAIN,
						  [TONE_MUTED] = CELL_PLAIN,
						  [TONE_OK] = CELL_OK,
						  [TONE_WARNING] = CELL_WARNING,
						  [TONE_DANGER] = CELL_DANGER };
	return styles[tone];
}

enum cell_style inbox_style(enum inbox inbox)
{
	return style_of(inbox_tone(inbox));
}

void cli_print_case_table(struct cli *cli, const struct session_item *items, size_t count)
{
	int64_t now = desk_now(cli->desk);
	struct table_column *columns = arena_alloc_array(&cli->arena, LIST_COLUMN_COUNT, sizeof *columns);
	for (size_t c = 0; c < LIST_COLUMN_COUNT; c++) {
		const struct list_column_spec *spec = list_column_spec((enum list_column)c);
		columns[c] = (struct table_column){ spec->title, spec->is_right_aligned ? TEXT_RIGHT : TEXT_LEFT,
						    spec->is_right_aligned || spec->min_width == spec->max_width ? 0
						    : spec->can_stretch ? SUBJECT_CELLS_MIN
									: spec->min_width };
	}
	struct table *table = table_new(&cli->arena, columns, LIST_COLUMN_COUNT, cli->mode);
	for (size_t i = 0; i < count; i++)
		for (size_t c = 0; c < LIST_COLUMN_COUNT; c++) {
			const struct list_value value = list_value(&cli->arena, (enum list_column)c, &items[i], now);
			table_add_styled(table, style_of(value.tone), value.text[0] ? value.text : "-");
		}
	out_table(&cli->out, table, 0);
}
