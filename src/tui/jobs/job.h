/* Jobs: work on the store, so that the drawing thread never waits. The reader thread receives a request and returns
 * a response with the results in the job's own arena. One struct serves as request and response; the thread that
 * holds the job owns it. */
#ifndef KYBDESK_TUI_JOB_H
#define KYBDESK_TUI_JOB_H

#include "kybdesk/base/text.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/use.h"
#include "kybdesk/desk/decide.h"
#include "kybdesk/desk/read.h"
#include "kybdesk/desk/verbs.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/settings/views.h"
#include "model/picture_data.h"

struct board_spec;
struct dialog_spec;
struct workbench;
struct job;

enum job_kind {
	JOB_COUNTS,
	JOB_LIST,
	JOB_CASE,
	JOB_PREVIEW,
	JOB_DIALOG,
	JOB_DOCUMENT,	  /* opens a document; the audit log records a view */
	JOB_CANDIDATES,	  /* previously verified persons, for a party's form */
	JOB_FIND_MATCHES, /* all cases that match a list's filter, for marking */
	JOB_BOARD,	  /* the rows of a board */
	/* The reader runs each job of the kinds below, in order. A new job of a kind above this line replaces a
	 * waiting job of the same kind, and stops a running job of the same kind. */
	JOB_UI_ACTION,
	JOB_TOUCH_CLAIM,
	JOB_LOOK,	  /* records the look in.look at the document in.part */
	JOB_DRAFT,	  /* saves or deletes a draft, or (over SSH) saves the user's views or theme in the store */
	JOB_STORE_CHANGED /* only a response, never a request: another process changed the store */
};

#define LIST_PAGE_ROWS 200
#define LIST_WINDOW_PAGES 3
struct job_page {
	const char *after; /* value of list_query.after for this page */
	struct list_page page;
};

struct job_counts {
	int64_t inboxes[INBOX_COUNT];
	int64_t views[VIEWS_MAX]; /* number of cases of each view, in the order of view_filters */
	size_t view_count;
	struct webhook_counts webhooks;
	int64_t offers; /* changes that wait for this reviewer */
};
/* A decision of this workbench. Within the grace time the system holds an approval back if a new hit or a suspicion
 * is reported. Each JOB_COUNTS checks this; the status line shows a held decision until a key is pressed. */
struct decision_watch {
	const char *id;
	int64_t version;    /* version of the case after the decision */
	bool is_last_check; /* the grace time has ended: no later JOB_COUNTS checks the decision */
	bool is_held_back;  /* the result: the system held the decision back */
};
#define COUNTED_CASES_MAX 10000
#define COUNT_UNKNOWN (-1)

/* An action on several cases, or a verdict on several hits of one case, one by one (screen/bulk.c). */
struct bulk_case {
	const char *id, *name, *reference; /* of the case or hit */
	enum err status;		   /* result of the preview, or of the action */
	const char *refusal_reason;	   /* why the case refuses the action; "": the action is possible */
	const struct hit_view *hit;	   /* a hit, in a response; else NULL */
	const char *note;	  /* the sentence of the hit's card, its note unless bulk->text is one; "" none */
	size_t painted_row_count; /* rows of the hit's line in the preview that were drawn, from the first one */
	bool is_painted;	  /* all of its rows were drawn */
};
struct bulk {
	enum verb verb;		 /* the verb of the change; VERB_COUNT: not chosen yet */
	const char *message_end; /* end of the message after "9 of 12 cases", like "assigned to rea" */
	const char *person, *reason, *text;
	int64_t until;
	const char *hits_of; /* id of the case with the hits to judge, for `reason`, with the note `text`; "": cases */
	bool is_match;	     /* the verdict on the hits */
	bool is_revealed;    /* a dialog before this one has revealed the hits */
	int64_t version;     /* version of the case that the preview shows; 0: not checked */
	struct bulk_case *cases;
	size_t count;
	size_t tried_count; /* number of cases tried; the run ended before it tried the other cases */
};
/* Copies the change and its cases into the arena, without the results. */
struct bulk *bulk_copy(struct arena *arena, const struct bulk *bulk);

/* A document as a terminal can show it. */
enum comparison_state { COMPARISON_NONE, COMPARISON_PENDING, COMPARISON_DONE, COMPARISON_FAILED };
enum job_content_kind { CONTENT_NONE, CONTENT_TEXT, CONTENT_PICTURE };
struct document_content {
	enum job_content_kind kind;
	struct strbuf text; /* text made safe for the terminal, with line breaks */
	/* CONTENT_PICTURE: the pixels of the picture, if the terminal shows pixels; else NULL. */
	struct picture_data *picture;
	/* CONTENT_NONE: why the document cannot be shown, and what to do; else where the text comes from */
	const char *note;
	bool is_partial; /* a second response follows */
	/* CONTENT_PICTURE: the recognised text was compared with the case; false: `note` gives the reason */
	bool is_text_compared;
	enum comparison_state comparison; /* of the values found in the text with what the pages paint */
	size_t page_count;		  /* number of pages of a PDF */
	/* CONTENT_TEXT: for each page that the text is from, the number of the text's lines up to the page's end */
	const size_t *page_ends;
	size_t page_end_count;
	const char *reader;	 /* constant: name of the program that made the text or picture; "": none */
	bool is_truncated;	 /* truncated */
	const char *attachments; /* the names of a PDF's attached files; "": none, or not known */
	struct doc_search_spans marked_spans;
};

/* UI actions: one row per change that a screen can request, defined in the file of its dialog or key. A row names
 * its verb, any special handling on the reader thread, and the message and follow-up after the response. */
struct ui_action {
	enum verb verb; /* VERB_COUNT: job->in.verb of the request is set later */
	/* The message begins with `message_start`, then the case's name. If `item_preposition` is set, the item's name
	 * and `item_preposition` come between, as in "Accepted proof.pdf of". If `message_start` is NULL,
	 * make_message_start() makes the beginning. If both are NULL, only finish() may show a message. */
	const char *message_start, *item_preposition;
	const char *(*make_message_start)(const struct job *job, struct arena *arena);
	/* Makes the text after the case's name; not called if `message_end` is set; NULL: no text */
	const char *(*make_message_end)(const struct job *job, struct arena *arena);
	/* Text after the case's name; the request's text at end_member_offset (REQUEST_OFFSET()) follows; NULL none */
	const char *message_end;
	size_t end_member_offset;
	/* Called on the reader thread instead of desk_do(); NULL: desk_do() runs job->in. */
	enum err (*run)(struct desk *desk, struct job *job);
	/* Called on success instead of announce_result(); NULL: announce_result() shows the message. */
	void (*finish)(struct workbench *workbench, const struct job *job);
	/* Called after a failure. Returns true if the failure needs no further message. */
	bool (*handle_failure)(struct workbench *workbench, const struct job *job);
};

struct job {
	struct job *next;
	enum job_kind kind;
	struct arena arena;
	uint64_t ticket; /* chosen by the caller, to recognise the response */
	unsigned
		extra_owner_count; /* number of owners of a response besides the first one, all on the drawing thread */

	/* The request. Strings are in the arena. */
	/* Input of the verb; do_ui_action() sets `session`. `part` is also the item of a dialog or viewer. */
	struct use_in in;
	const char *session_id;	      /* id of the session */
	const char *name, *reference; /* for messages: the subject's name, and the case's external_ref, "" none */
	const char *extra_text;	      /* word for the message, like "approval" (undo) or "Reopened" (MORE) */
	const char *merchant;
	bool is_production; /* JOB_DOCUMENT, set by do_viewer(): converters run only if all confining works */
	/* JOB_COUNTS */
	const char **view_filters; /* filters of the views to count */
	size_t view_count;
	struct decision_watch *decision_watches;
	size_t watch_count;
	const struct saved_draft
		/* JOB_DRAFT: the draft, in the file `path` ("": in the store). NULL: saves the views in `extra_text`;
		 * `reference` has the views before the change */
		*saved_draft;
	const char *theme; /* JOB_DRAFT over SSH: the theme to keep in the store; NULL: none */
	/* JOB_LIST */
	struct list_query query; /* the reader thread sets the members limit and after */
	const char *after;
	size_t first_page;	     /* number of the page that begins at `after`; the response has the same number */
	size_t requested_page_count; /* number of pages to read from `after` on */
	size_t row_limit;	     /* stop after one page with this number of rows; 0: read whole pages */
	struct list_search *search;  /* the running search; NULL: not started, or finished */
	bool counts_all_cases;	     /* count all cases, without a limit (for a whole inbox) */
	/* For JOB_CASE, JOB_PREVIEW and JOB_DIALOG: reveal personal data; claim the case. */
	bool reveals_data, claims_case;
	bool is_reload; /* revealed values stay revealed; JOB_DOCUMENT: draw the document again, from `bytes` */
	/* JOB_DIALOG: defines which data is read; in.part is the item of the dialog */
	const struct dialog_spec *dialog;
	/* JOB_BOARD: the board to read; in.part is the id of its item */
	const struct board_spec *board;
	/* JOB_DOCUMENT: in.part is the id of the document */
	size_t rows, cols; /* size of the picture in cells */
	struct picture_format format;
	size_t picture_page; /* if `is_reload`: the page of a PDF to draw as a picture; 0: none */
	enum text_mode mode;
	/* JOB_DOCUMENT: runs the reviewer's own program with this argument vector (ended by NULL) instead of opening a
	 * document; the viewer shows the program's output. in.part is the name of the program for the audit log. */
	const char *const *program_arguments;
	/* JOB_UI_ACTION: the members below are used as the row of the UI action requires */
	const struct ui_action *ui_action;
	const char **seen_case_ids; /* if claims_next_case: ids of the cases to skip */
	size_t seen_case_count;
	bool claims_next_case; /* after the change, claim the next most urgent case of `query` */
	const char *path;
	struct party_input party;      /* in.party points to this member; JOB_CANDIDATES: the person to find */
	struct bulk *bulk;	       /* JOB_DIALOG: the change is previewed; JOB_UI_ACTION: the change is run */
	const _Atomic bool *stop_flag; /* flag of the reader thread: if set, the change stops before the next case */
	_Atomic size_t *progress;      /* out: number of cases done so far; NULL: not needed */
	bool suggests_corrections;     /* JOB_DIALOG: suggest corrections for the rejected documents */

	/* The response. */
	enum err status;
	struct error error;
	int64_t now;
	struct job_counts counts;
	struct list_page held_cases; /* JOB_COUNTS: the first cases that the reviewer holds */
	struct job_page page[LIST_WINDOW_PAGES];
	size_t page_count;
	int64_t total;			   /* number of matches; negative: not counted */
	bool is_total_capped;		   /* more cases match than `total` */
	bool partial;			   /* JOB_LIST: only the first rows; another response follows */
	int64_t scanned_count, scan_total; /* if partial: number of cases scanned so far, and number of cases to scan */
	struct case_view view;
	bool has_case_view;
	struct ownership_line *tree;
	size_t tree_count;
	struct audit_page audit;
	struct reviewer_info *reviewers;
	size_t reviewer_count;
	struct message_templates templates;
	struct delivery_item *deliveries;
	size_t delivery_count;
	struct hit_view hit;
	struct duplicate_view duplicate_pair;
	struct correction_request *corrections; /* JOB_DIALOG: the suggested corrections */
	size_t correction_count;
	struct decision_preview preview;
	bool has_preview;
	enum err claim_status; /* result of the claim, if the dialog claims the case */
	bool is_case_claimed;  /* the claim made the reviewer the holder of the case */
	const char *claim_failure_text;
	struct use_out out;
	/* JOB_DOCUMENT: the document's bytes. They are wiped after the conversion; if the document can be drawn
	 * again, they are wiped when the document is closed. */
	struct strbuf bytes;
	struct document_content content; /* JOB_DOCUMENT */
	struct party_candidates candidates;
	void *board_data;	  /* JOB_BOARD: data of a type that the board defines; in the arena */
	const char *next_case_id; /* "" none */
	/* The reviewer held the next case before this job: leaving the case unchanged does not release it */
	bool is_next_case_held;
	/* The inbox of `query` has no further case, so next_case_id is a case of another inbox */
	bool is_next_in_other_inbox;
};

struct job *job_new(enum job_kind kind);
struct job *job_of_ui_action(const struct ui_action *ui_action); /* a JOB_UI_ACTION */
void job_set_ui_action(struct job *job, const struct ui_action *ui_action);
void job_free(struct job *job); /* the last owner frees the job; accepts NULL */

#endif
