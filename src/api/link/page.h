/*
 * The page of a client's link: one page for the whole session, drawn here, without a script. Each section is a form of
 * its own; after a change the browser is sent back to the page (303). What was refused is drawn again with what was typed.
 */
#ifndef KYBDESK_SRC_API_LINK_PAGE_H
#define KYBDESK_SRC_API_LINK_PAGE_H

#include "html.h"
#include "kybdesk/codec/value_codec.h"
#include "link/link.h"
#include "words.h"

struct page {
	struct request *r;
	struct strbuf *out;
	enum language language;
	const struct outside_case *view;
	const char *refused;	   /* the section whose form was refused, with r->faults; "" none */
	const struct value *typed; /* what was typed there; NULL nothing */
};

/* frame.c: what stands around everything. */
void page_begin(struct page *page, const char *title);
/* What keeps everything else out, for a page and for what leads to one. */
void page_headers(struct page *page);
/* Ends it, and makes it the answer. */
void page_end(struct page *page, int status);
/* An answer that is no page of a case: 404, 410, 405, 403, 5xx. */
void page_error(struct request *r, const struct error *error);
/* An address of this page, from wherever it is shown: "", "steps/" and a part of the path, which is escaped. */
void page_address(struct page *page, const char *below, const char *part);
const char *page_word(const struct page *page, enum word word);
/* Words of the page, behind each other, as text. */
void page_add_word(struct page *page, enum word word);
/* Text that is not the page's, in whatever language. */
void page_quote(struct page *page, const char *text);
/* What the desk says is wrong, in English. */
void page_quote_desk(struct page *page, const char *text);
/* A reason's text, in the reader's language where there is one. */
void page_quote_reason(struct page *page, const char *text);

/* show.c */
void page_show(struct page *page, int status);
/* What is done, in a word with a colour: "good", "wait", "bad", "" none. */
void state_show(struct page *page, const char *colour, enum word word);
/* "Saved." in the section that the browser was sent back to. */
void notice_show(struct page *page, const char *section);

/* documents.c: documents that are asked for. "" as step: those that no step is shown for. */
bool documents_requested(const struct page *page, const char *step);
void document_types_show(struct page *page, const char *step);
/* Whether some file of them has come. */
bool documents_came(const struct page *page, const char *step);
/* The next that must come and is not wholly there; *at begins with 0. NULL none. */
const struct document_spec *document_missing(const struct page *page, size_t *at);
/* The one of a link for one document. */
void document_type_show(struct page *page, const char *type);
#define SECTION_DOCUMENT "document-"
#define SECTION_CORRECTION "correction-"

/* fields.c: what of a step, or a party, is asked for in a form. */
struct requested {
	struct field_spec *fields;
	size_t count;
	size_t capacity;
	const char *section;	    /* id of the form that they stand in */
	const char *step;	    /* of steps; NULL of a party */
	const struct value *values; /* as they are stored; NULL none */
	const char *stored;	    /* the same as JSON */
};
void asked_of_step(struct page *page, const struct step *step, struct requested *out);
void asked_of_party(struct page *page, struct requested *out);
void asked_show(struct page *page, const struct requested *requested);
/* The form's fields as a JSON object, to be laid over what is stored. */
struct json_value *asked_read(struct request *r, const struct requested *requested);
/* Whether the form has the field of a path in it. */
bool asked_has(const struct requested *requested, const char *path);
/* The control that a path in the form is about: "uboIds[0]" is uboIds; path itself, or in arena. */
const char *asked_control(struct arena *arena, const struct field_spec *specs, size_t count, const char *path);
/* A label, a control of one line, its fault. type: of an input ("text", "date", …). */
struct control {
	/* type: of an input, "text", "date" …; with a dot before it for a field of the profile, whose name is sent with "f." */
	const char *section, *name, *label, *type, *value;
	bool required;
};
void control_show(struct page *page, const struct control *control);
/* The beginning of each control: label, what is wrong with it; then the id and name within its tag. */
void control_label(struct page *page, const struct control *control);
void control_name(struct page *page, const struct control *control);
const char *control_fault(const struct page *page, const struct control *control);
void option_show(struct page *page, const char *value, const char *label, bool chosen);
void countries_show(struct page *page, const struct control *control, const struct field_rule *rule);

/* parties.c */
bool parties_requested(const struct page *page);
void parties_show(struct page *page);
/* What the form says of somebody; what is wrong with it are faults. *fields: of the profile, "" none. */
void party_of_form(struct page *page, struct party_input *out, const char **fields);

#define SECTION_STEP "step-"
#define SECTION_PARTY "party"
#define SECTION_HAND_IN "hand-in"

#endif
