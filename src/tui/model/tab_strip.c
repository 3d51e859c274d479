/* The tabs of a case, each with its number of blockers. */
#include "kybdesk/tui/case_model.h"

#include <string.h>

/* Names of the tabs, from the widest to the narrowest form. */
#define NAMES_COUNT 3
static const char *const names[][NAMES_COUNT] = {
	[TAB_SUMMARY] = { "Summary", "Summary", "Sum" },      [TAB_DOCUMENTS] = { "Documents", "Docs", "Doc" },
	[TAB_PARTIES] = { "Parties", "Parties", "Par" },      [TAB_CHECKS] = { "Checks", "Checks", "Chk" },
	[TAB_CORRECTIONS] = { "Corrections", "Corr", "Cor" }, [TAB_TIMELINE] = { "Timeline", "Time", "Tim" },
	[TAB_WEBHOOKS] = { "Webhooks", "Hooks", "Hks" },
};

static size_t open_in(const struct case_model *model, enum case_tab tab)
{
	const struct case_view *view = &model->job->view;
	size_t count = 0;
	for (size_t i = 0; i < view->checklist_count; i++)
		count += !view->checklist[i].met && view->checklist[i].tab == tab;
	return count;
}

struct strip {
	const struct case_model *model;
	struct arena *arena;
	enum text_mode mode;
	bool decided;
};

/* " ✗4"; "" without blockers. */
static const char *mark_of(const struct strip *strip, enum case_tab tab)
{
	size_t count = strip->decided ? 0 : open_in(strip->model, tab);
	return count ? arena_printf(strip->arena, " %s%zu", glyph_text(strip->mode, GLYPH_UNMET), count) : "";
}

static size_t needed(const struct strip *strip, struct surface *surface, size_t name)
{
	size_t cells = 0;
	for (enum case_tab tab = TAB_SUMMARY; tab <= TAB_WEBHOOKS; tab++)
		cells += strlen(names[tab][name]) + surface_width(surface, mark_of(strip, tab)) + 4;
	return cells - 1;
}

void case_tabs_draw(struct case_model *model, struct surface *surface, struct box box)
{
	struct arena *arena = &surface->arena;
	const struct strip strip = { model, arena, surface->mode,
				     status_is_decided(model->job->view.file.session.status) };
	struct pen pen = pen_at(surface, box.row, box.col, box.cols);
	size_t name = 0;
	while (name + 1 < NAMES_COUNT && needed(&strip, surface, name) > box.cols)
		name++;
	for (enum case_tab tab = TAB_SUMMARY; tab <= TAB_WEBHOOKS; tab++) {
		bool here = tab == model->tab;
		size_t from = pen.col;
		pen_format(&pen, here ? THEME_TITLE : THEME_MUTED, " %d %s", (int)tab, names[tab][name]);
		if (here)
			surface_dye(surface, (struct box){ box.row, from + 1, 1, pen.col - from - 1 },
				    model->pane == PANE_TAB ? THEME_ACCENT : THEME_TITLE,
				    CELL_UNDERLINE | CELL_BOLD);
		pen_put(&pen, THEME_DANGER, mark_of(&strip, tab));
		if (here)
			surface->aloud.title = (struct box){ box.row, from, 1, pen.col - from };
		surface_zone(surface, (struct box){ box.row, from, 1, pen.col - from }, ZONE_TAB, (size_t)tab);
		pen_skip(&pen, 1);
	}
}
