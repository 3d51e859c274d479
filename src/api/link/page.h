/* The page of a client's link: one page for the whole session, drawn on the server, without a script. Each section
 * is a form of its own; after a change the browser is redirected to the page (303). A refused form is drawn again
 * with the typed values. */
#ifndef KYBDESK_SRC_API_LINK_PAGE_H
#define KYBDESK_SRC_API_LINK_PAGE_H

#include "kybdesk/base/html.h"
#include "kybdesk/codec/value_codec.h"
#include "link/link.h"
#include "kybdesk/domain/reason.h"
#include "page_texts.h"

/* The page's own words, in each language in which reasons have texts (domain/reason.h). They are in texts.json. */
enum word { PAGE_WORD_NAMES WORD_COUNT };

/* Never NULL. */
const char *word_text(enum language language, enum word word);
/* The available language that Accept-Language prefers (RFC 9110, 12.5.4): "pt-BR" selects pt. English if none
 * matches. */
enum language language_choose(const char *accepted);

struct page {
	struct request *r;
	struct strbuf *out;
	enum language language;
	const struct external_case *view;
	const char *refused_form;	  /* section of the refused form; "" if none; its faults are in r->faults */
	const struct value *typed_values; /* values typed into that form; NULL if none */
};

/* frame.c: the frame of every page. page_begin() writes the head, with the style. */
void page_begin(struct page *page, const char *title);
/* Adds the security headers, for a page or a redirect to one. */
void page_add_headers(struct page *page);
/* Ends the page and makes it the response. */
void page_end(struct page *page, int status);
/* Responds with an error page that shows no case, for each error status. */
void page_error(struct request *r);
/* Adds a relative address of this page that works at every address of the page. below: "" or a folder such as
 * "steps/"; part: a path segment, which is escaped. */
void page_add_url(struct page *page, const char *below, const char *part);
/* Begins a form that posts to the address of page_add_url(). tag: "<form method=\"post\"", with further attributes. */
void form_begin(struct page *page, const char *tag, const char *below, const char *part);
const char *page_word(const struct page *page, enum word word);
/* Appends text in an unknown language. */
void page_add_text(struct page *page, const char *text);
/* Appends the page's sentence for an error sentence of the desk (texts.json); never the desk's own English. */
void page_add_desk_text(struct page *page, const char *text);
/* Appends a title of the profile, which is in English. */
void page_add_title(struct page *page, const char *title);
/* For example "10 MB" or "0.5 MB". */
const char *megabytes_text(struct arena *arena, int64_t bytes);
/* Appends a reason's text, in the reader's language if available. */
void page_add_reason(struct page *page, const char *text);

/* show.c */
void page_show(struct page *page, int status);
/* Shows a state as a coloured word. colour: "good", "wait", "bad", "" if none. */
void state_label_show(struct page *page, const char *colour, enum word word);
/* Shows "Saved." in the section of the form. The notice gets the focus: the browser was redirected to its id. */
void notice_show(struct page *page, const char *section);
#define NOTICE_ID "done"

/* documents.c: requested documents. document_is_requested(): whether the client may upload this type now.
 * document_is_required(): whether the client must upload this type. */
bool document_is_requested(const struct page *page, const char *type);
bool document_is_required(const struct page *page, const char *type);
/* document_group_at(): the next group from which the case needs a document (*at starts at 0).
 * document_group_is_missing(): whether the client must still upload a document of the group. */
const struct document_group *document_group_at(const struct page *page, size_t *at);
bool document_group_is_missing(const struct page *page, const struct document_group *group);
/* The profile's title of the type, else the type. */
const char *document_type_title(const struct page *page, const char *type);
/* The case as input of the rules engine. */
struct rules_input page_rules_input(const struct page *page);
/* Whether the page requests documents in the step; step "": documents without a step. */
bool has_requested_documents(const struct page *page, const char *step);
/* Document types by index: first the types of the profile, then other types in the case. NULL: an earlier index has
 * the same type. */
const char *document_type_at(const struct page *page, size_t at);
size_t document_type_count(const struct page *page);
void document_types_show(struct page *page, const char *step);
/* Whether any document of the step has an uploaded file. */
bool has_uploaded_documents(const struct page *page, const char *step);
/* The next required document or group that is missing or incomplete; *at starts at 0. NULL: none. */
const struct document_spec *next_missing_document(const struct page *page, size_t *at);
/* Shows the document type of a link for a single document. */
void document_type_show(struct page *page, const char *type);
#define SECTION_DOCUMENT "document-"
#define SECTION_CORRECTION "correction-"

/* requested.c: fields of a step, or of a party, that a form requests. */
struct requested_fields {
	struct field_spec *fields;
	size_t count;
	size_t capacity;
	const char *section;	    /* id of the section with the form */
	const char *step;	    /* NULL: fields of a party */
	const struct value *values; /* stored values; NULL if none */
	const char *stored_json;    /* `values` as JSON */
};
void requested_fields_init_step(struct page *page, const struct step *step, struct requested_fields *out);
void requested_fields_init_party(struct page *page, struct requested_fields *out);
/* Whether a party field of the profile is one of the party's own members, which have separate controls. */
bool is_party_member_field(const struct field_spec *spec);
/* Whether a rule of this kind holds without conditions. */
bool has_unconditional_rule(const struct field_spec *spec, enum rule_kind kind);
void requested_fields_show(struct page *page, const struct requested_fields *requested);
/* The form's fields as a JSON object, to merge into the stored values. */
struct json_value *requested_fields_read(struct request *r, const struct requested_fields *requested);
/* Whether the path is in the member: "addresses[0].city" is in "addresses". find_field_spec(): the path's field or
 * NULL. */
bool path_is_within(const char *path, const char *member);
const struct field_spec *find_field_spec(const struct field_spec *specs, size_t count, const char *path);
/* Whether the form has the field that a path names. */
bool requested_has_field(const struct requested_fields *requested, const char *path);
/* A label, a single-line control, and its fault. */
struct control {
	/* type of the input: "text", "date" …; with a point in front (".text") for a field of the profile: the
	 * browser then sends the value as "f.NAME" */
	const char *section, *name, *label, *type, *value;
	const char *title;    /* a title of the profile in front of the label; NULL: none */
	const char *autofill; /* the value of `autocomplete`; NULL: the field is not about the reader */
	bool required;
};
void control_show(struct page *page, const struct control *control);
/* control_label_show() opens a control: label and fault. control_name_show() writes id and name into its tag. */
void control_label_show(struct page *page, const struct control *control);
void control_name_show(struct page *page, const struct control *control);
/* Begin or show a control with its label: a drop-down list, checkboxes (the caller adds "</fieldset>"), long text. */
void select_begin(struct page *page, const struct control *control);
void checkboxes_begin(struct page *page, const struct control *control);
void long_text_show(struct page *page, const struct control *control);
void option_show(struct page *page, const char *value, const char *label, bool chosen);
void countries_show(struct page *page, const struct control *control, const struct field_rule *rule);

/* parties.c */
bool has_parties_section(const struct page *page);
/* Whether the client may declare a party now. */
bool may_declare_parties(const struct page *page);
void parties_show(struct page *page);

#define SECTION_STEP "step-"
#define SECTION_PARTY "party"
#define SECTION_SUBMISSION "hand-in"

#endif
