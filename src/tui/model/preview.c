/* The preview next to a list: enough to choose the case to open. */
#include "model/case_model.h"

static void draw_title(const struct case_view *view, struct surface *surface, struct box box, const struct frame *frame)
{
	const struct session *session = &view->file.session;
	struct pen pen = pen_at(surface, box.row, box.col, box.cols);
	pen_put(&pen, THEME_TITLE, session->subject.name);
	if (session->external_ref[0])
		pen_format(&pen, THEME_MUTED, " · %s", session->external_ref);
	if (session->subject.level[0])
		pen_format(&pen, THEME_MUTED, " · %s", session->subject.level);
	if (session->submitted_at != TIME_NONE) {
		long long days = (long long)((frame->now - session->submitted_at) / (24 * 3600 * 1000LL));
		pen_format(&pen, THEME_MUTED, " · submitted %s",
			   time_day_text(&surface->arena, session->submitted_at, frame->now));
		if (days > 0)
			pen_format(&pen, THEME_MUTED, ", %lld day%s ago", days, days == 1 ? "" : "s");
	}
}

static size_t draw_checks(const struct case_view *view, struct surface *surface, struct box box)
{
	size_t met = 0, row = 0, unmet = 0;
	for (size_t i = 0; i < view->checklist_count; i++)
		unmet += !view->checklist[i].met;
	met = view->checklist_count - unmet;
	for (size_t i = 0, shown = 0; i < view->checklist_count && row < box.rows; i++) {
		const struct checklist_item *item = &view->checklist[i];
		if (item->met)
			continue;
		bool last_line = row + 1 == box.rows, more = unmet - shown > 1;
		struct pen pen = pen_at(surface, box.row + row, box.col, box.cols);
		if (last_line && more) {
			pen_format(&pen, THEME_MUTED, "  and %zu more", unmet - shown);
			return box.rows;
		}
		pen_put(&pen, THEME_DANGER, glyph_text(surface->mode, GLYPH_UNMET));
		shown++;
		/* A long sentence continues in the rows below if they are not needed for other conditions. */
		size_t lines = 0, room = sub_sat(box.rows, row + (unmet - shown) + (met ? 1 : 0));
		char **text = surface_wrap_text(surface, item->message, sub_sat(box.cols, 2), &lines);
		lines = lines > room || !lines ? 1 : lines;
		for (size_t l = 0; l < lines; l++)
			surface_put(surface, box.row + row++, box.col + 2, sub_sat(box.cols, 2), THEME_TEXT,
				    lines > 1 ? text[l] : item->message);
	}
	if (row < box.rows && met) {
		struct pen pen = pen_at(surface, box.row + row++, box.col, box.cols);
		pen_put(&pen, THEME_OK, glyph_text(surface->mode, GLYPH_MET));
		if (unmet)
			pen_format(&pen, THEME_MUTED, " %zu condition%s met", met, met == 1 ? "" : "s");
		else
			draw_all_conditions_met(&pen, view);
	}
	return row;
}

static void draw_parties(const struct case_view *view, struct pen *pen)
{
	if (!view->file.party_count)
		pen_put(pen, THEME_MUTED, "none");
	for (size_t i = 0; i < view->file.party_count; i++) {
		const struct party *party = &view->file.parties[i];
		pen_put(pen, THEME_MUTED, i ? " · " : "");
		pen_put(pen, THEME_TEXT, party->name);
		if (party->share_count)
			pen_format(pen, THEME_TEXT, " %s %%", party->shares[0].percent);
		const char *roles = party_roles_text(&pen->surface->arena, party);
		if (roles[0])
			pen_format(pen, THEME_MUTED, " %s", roles);
	}
}

static void draw_documents(const struct case_view *view, struct pen *pen)
{
	if (!view->missing_document_count && !view->file.document_count)
		pen_put(pen, THEME_MUTED, "none");
	for (size_t i = 0; i < view->missing_document_count; i++) {
		pen_put(pen, THEME_TEXT, profile_document_title(view->profile, view->missing_documents[i]->type));
		pen_format(pen, THEME_DANGER, " %s  ", glyph_text(pen->surface->mode, GLYPH_UNMET));
	}
	for (size_t i = 0; i < view->file.document_count; i++) {
		const struct document *document = &view->file.documents[i];
		if (document->replaced)
			continue;
		pen_put(pen, THEME_TEXT, profile_document_title(view->profile, document->type));
		pen_format(pen, document_role(document), " %s  ",
			   glyph_text(pen->surface->mode, document_glyph(document)));
	}
}

void preview_draw(const struct case_view *view, struct surface *surface, struct box box, const struct frame *frame)
{
	if (box.rows < 4 || box.cols < 30)
		return;
	draw_title(view, surface, box, frame);
	size_t label = 11, rows = 1;
	enum session_status status = view->file.session.status;
	if (!session_status_is_decided(status)) {
		surface_put(surface, box.row + rows, box.col, label, THEME_MUTED, "To approve");
		rows += draw_checks(view, surface,
				    (struct box){ box.row + rows, box.col + label, sub_sat(box.rows, rows + 2),
						  sub_sat(box.cols, label) });
	} else if (view->alert_count) {
		surface_put(surface, box.row + rows++, box.col, box.cols, THEME_DANGER,
			    case_banner(&surface->arena, view, frame));
	} else {
		struct pen pen = pen_at(surface, box.row + rows++, box.col, box.cols);
		pen_put(&pen, session_status_role(status), session_status_title(status));
		if (view->file.session.decided_by[0])
			pen_format(&pen, THEME_TEXT, " by %s", view->file.session.decided_by);
		if (view->file.session.decision_reason[0])
			pen_format(&pen, THEME_MUTED, ": %s", view->file.session.decision_reason);
	}
	if (rows < box.rows) {
		surface_put(surface, box.row + rows, box.col, label, THEME_MUTED, "Parties");
		struct pen pen = pen_at(surface, box.row + rows++, box.col + label, sub_sat(box.cols, label));
		draw_parties(view, &pen);
	}
	if (rows < box.rows) {
		surface_put(surface, box.row + rows, box.col, label, THEME_MUTED, "Documents");
		struct pen pen = pen_at(surface, box.row + rows, box.col + label, sub_sat(box.cols, label));
		draw_documents(view, &pen);
	}
}
