/*
 * Jobs: work on the store, so that the drawing thread never waits. The reader thread receives a request and returns
 * a response with the results in the job's own arena. One struct serves as request and response; its current holder
 * owns it.
 */
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
	JOB_DOCUMENT,	/* opens a document: audited as a view */
	JOB_CANDIDATES, /* previously verified persons, for a party's form */
	JOB_MATCHING,	/* all cases that match a list's filter, for marking */
	JOB_BOARD,	/* the rows of a board */
	/* Jobs of the following kinds all run, in order. A new job of a kind above replaces a waiting job of the
	 * same kind, and stops a running job of the same kind. */
	JOB_ACT,
	JOB_TOUCH,
	JOB_DRAFT,	  /* saves or deletes a draft, or saves the views of a session */
	JOB_STORE_CHANGED /* never requested: another process changed the store */
};

#define LIST_PAGE_ROWS 200
#define LIST_WINDOW_PAGES 3
struct job_page {
	const char *after; /* value of list_query.after for this page */
	struct list_page page;
};

struct job_counts {
	int64_t inboxes[INBOX_COUNT];
	int64_t views[VIEWS_MAX]; /* in the order of the request */
	size_t view_count;
	struct webhook_counts webhooks;
};
/* A decision of this workbench. The system may hold a decision back within its grace time, because of a new hit or
 * a hold: each request for the counts (JOB_COUNTS) looks for this; the status line shows a held decision until a
 * key is pressed. */
struct job_watch {
	const char *id;
	int64_t version; /* version of the case after the decision */
	bool last;	 /* the grace time has ended: later requests omit this decision */
	bool held;	 /* the result: the system held the decision back */
};
#define COUNT_AT_MOST 10000
#define COUNT_UNKNOWN (-1)

/* An action on several cases, one by one (screen/bulk.c). */
struct bulk_case {
	const char *id, *name, *reference;
	enum err status; /* result of the preview, or of the action */
	const char *why; /* why the action is impossible; "" possible */
};
struct bulk {
	enum verb verb;	  /* VERB_COUNT: not chosen yet */
	const char *done; /* completes "9 of 12 cases": "assigned to rea" */
	const char *person, *reason, *text;
	int64_t until;
	struct bulk_case *cases;
	size_t count;
	size_t tried; /* number of cases tried; the run did not reach the other cases */
};
/* A copy of the change and its cases in the arena, without results. */
struct bulk *bulk_copy(struct arena *arena, const struct bulk *bulk);

/* A document as a terminal can show it. */
enum content_kind { CONTENT_NONE, CONTENT_TEXT, CONTENT_PICTURE };
struct document_content {
	enum content_kind kind;
	struct strbuf text; /* sanitised, with line breaks */
	/* CONTENT_PICTURE: the pixels of the picture, if the terminal shows pixels; else NULL. */
	struct picture_data *picture;
	const char *note; /* CONTENT_NONE: why nothing is shown, and a remedy; else the source of the text */
	bool is_partial;  /* a second response follows */
	bool is_compared; /* CONTENT_PICTURE: the recognised text was compared with the case; else see `note` */
	size_t pages;	  /* pages of a PDF */
	bool cut;	  /* truncated */
	struct agree_marks marks;
};

/*
 * UI actions: one row per change that a screen can request, defined in the file of its dialog or key. A row names
 * its verb, any special handling on the reader thread, and the message and follow-up after the response.
 */
struct ui_action {
	enum verb verb; /* VERB_COUNT: the request's job->verb */
	/* The message before the case's name: `did`; with `to`, also the item between them ("Accepted" proof.pdf
	 * "of"). If `did` is NULL, words() makes the message; if both are NULL, no message is shown. */
	const char *did, *to;
	const char *(*words)(const struct job *job, struct arena *arena);
	const char *(*after)(const struct job *job, struct arena *arena); /* text after the name; NULL: `ends` */
	const char *ends; /* text between the name and the value of the member `ending` (IN_REQUEST()); NULL none */
	size_t ending;
	/* Called on the reader thread in place of desk_do() with job->in; NULL: desk_do(). */
	enum err (*run)(struct desk *desk, struct job *job);
	/* Called on success in place of announce_result(), which shows the message; NULL: announce_result(). */
	void (*finish)(struct workbench *workbench, const struct job *job);
	/* Called after a failure; true: no further message is needed. */
	bool (*failed)(struct workbench *workbench, const struct job *job);
};

struct job {
	struct job *next;
	enum job_kind kind;
	struct arena arena;
	uint64_t ticket;     /* chosen by the caller, to recognise the response */
	unsigned extra_refs; /* holders of a response in addition to the first one, on the drawing thread */

	/* The request. Strings are in the arena. */
	/* Input of a verb; `part` is also the item of a dialog or viewer; do_act() sets `session` */
	struct use_in in;
	const char *id;		      /* id of the session */
	const char *name, *reference; /* for messages: the subject, and external_ref, "" none */
	const char *what;	      /* undo: "approval"; an action of MORE: "Reopened" */
	const char *merchant;
	/* JOB_COUNTS */
	const char **view_filters; /* filters to count */
	size_t view_count;
	struct job_watch *watches;
	size_t watch_count;
	const struct saved_draft
		*kept; /* JOB_DRAFT: the draft; `path` is its file ("": in the store). NULL: `what` has the views */
	/* JOB_LIST */
	struct list_query query; /* the reader sets limit and after */
	const char *after;
	size_t first_page;	    /* number of the page at `after`; returned with the response */
	size_t pages;		    /* pages to read from `after` */
	size_t row_limit;	    /* one partial page of this many rows is enough; 0: whole pages */
	struct list_search *search; /* NULL: not started, or finished */
	bool count_all;		    /* count every case (for a whole inbox) */
	/* JOB_CASE, JOB_PREVIEW, JOB_DIALOG */
	bool reveal, claim;
	bool again; /* keep revealed values revealed; JOB_DOCUMENT: draw the document again from `bytes` */
	const struct dialog_spec *dialog; /* JOB_DIALOG: defines the data to read; in.part is the dialog's item */
	/* JOB_BOARD; in.part is the item */
	const struct board_spec *board;
	/* JOB_DOCUMENT; in.part is the document */
	size_t rows, cols; /* size of a picture in cells */
	struct picture_format format;
	size_t drawn_page; /* with `again`: the page of a PDF to draw as a picture; 0: none */
	enum text_mode mode;
	/* JOB_DOCUMENT: the argument vector, ended by NULL, of the reviewer's own program, to run instead of
	 * opening a document; the viewer shows the program's output. in.part is the program's name in the audit
	 * log. */
	const char *const *words;
	/* JOB_ACT: the UI action's row defines the use of these members */
	const struct ui_action *ui_action;
	const char **seen; /* for finds_next: cases to skip */
	size_t seen_count;
	bool finds_next; /* find the next most urgent case, with query */
	const char *path;
	struct party_input party;    /* in.party points to this member; also the search of JOB_CANDIDATES */
	struct bulk *bulk;	     /* JOB_DIALOG: previewed; JOB_ACT: run */
	const _Atomic bool *leaving; /* flag of the reader thread: stop before the next case */
	_Atomic size_t *progress;    /* number of cases done; NULL: not needed */
	bool draft;		     /* JOB_DIALOG: drafts corrections from the rejected documents */

	/* The response. */
	enum err status;
	struct error error;
	int64_t now;
	struct job_counts counts;
	struct list_page held; /* JOB_COUNTS: the first cases that the actor holds */
	struct job_page page[LIST_WINDOW_PAGES];
	size_t page_count;
	int64_t total;	     /* negative: not counted */
	bool total_capped;   /* more cases exist than `total` */
	bool partial;	     /* JOB_LIST: only the first rows; another response follows */
	int64_t scanned, of; /* partial: cases scanned, and cases to scan */
	struct case_view view;
	bool has_view;
	struct ownership_line *tree;
	size_t tree_count;
	struct audit_page audit;
	struct reviewer_info *people;
	size_t people_count;
	struct message_templates templates;
	struct delivery_item *deliveries;
	size_t delivery_count;
	struct hit_view hit;
	struct duplicate_view twin;
	struct correction_request *corrections; /* JOB_DIALOG: drafted corrections */
	size_t correction_count;
	struct decide_preview preview;
	bool has_preview;
	enum err claim_status; /* result of the claim that a dialog needs */
	bool claimed;	       /* the claim made the reviewer the holder */
	const char *claim_message;
	struct use_out out;
	/* JOB_DOCUMENT: the document; kept until conversion, or until it is closed if it can be drawn again */
	struct strbuf bytes;
	struct document_content viewer; /* JOB_DOCUMENT */
	struct party_candidates candidates;
	void *found;	     /* JOB_BOARD: data of a type that the board defines; in the arena */
	const char *next_id; /* "" none */
	bool next_held;	     /* the actor already held the next case: leaving it unchanged does not release it */
	bool next_in_other_inbox; /* the query's inbox has no further case: the next one is from another inbox */
};

struct job *job_new(enum job_kind kind);
struct job *job_of_ui_action(const struct ui_action *ui_action); /* a JOB_ACT */
void job_take_ui_action(struct job *job, const struct ui_action *ui_action);
void job_free(struct job *job); /* the last holder frees the job; accepts NULL */

#endif
