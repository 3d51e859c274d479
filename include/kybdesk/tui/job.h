/*
 * Work for the store, done away from the drawing thread: a request goes to the
 * reader thread, comes back as an answer with its results in its own arena.
 * One struct carries both; whoever holds it owns it.
 */
#ifndef KYBDESK_TUI_JOB_H
#define KYBDESK_TUI_JOB_H

#include "kybdesk/base/text.h"
#include "kybdesk/desk/admin.h"
#include "kybdesk/desk/claim.h"
#include "kybdesk/desk/decide.h"
#include "kybdesk/desk/follow.h"
#include "kybdesk/desk/party.h"
#include "kybdesk/desk/read.h"
#include "kybdesk/domain/ownership.h"
#include "kybdesk/settings/views.h"
#include "kybdesk/tui/ui_action.h"

enum job_kind {
	JOB_COUNTS,
	JOB_LIST,
	JOB_CASE,
	JOB_PREVIEW,
	JOB_DIALOG,
	JOB_DOCUMENT,	/* a document is opened: seen from here on, by the audit log */
	JOB_CANDIDATES, /* who was verified before, for the form of a party */
	JOB_MATCHING,	/* all that a list shows, to be marked */
	/* From here on each is done, in order; the ones above: a new one replaces what waits, and stops what runs. */
	JOB_ACT,
	JOB_TOUCH,
	JOB_DRAFT,  /* words that are kept, or let go of, in the reviewer's file: no business of the store's */
	JOB_CHANGED /* never asked for: somebody else changed the store */
};

#define LIST_PAGE_ROWS 200
#define LIST_WINDOW_PAGES 3
struct job_page {
	const char *after; /* where it begins */
	struct list_page page;
};

struct job_counts {
	int64_t inboxes[INBOX_COUNT];
	int64_t views[VIEWS_MAX]; /* in the order of the request */
	size_t view_count;
	int64_t webhooks_due, webhooks_dead, endpoints_disabled;
};
/* A decision of this workbench that the system may take back (JOB_COUNTS). */
struct work_watch {
	const char *id;
	int64_t version; /* of the case after the decision */
	bool last;	 /* its grace time was over when this was asked: later requests leave it out */
	bool held;	 /* the result */
};
#define COUNT_AT_MOST 10000
#define COUNT_UNKNOWN (-1)

/* Something that is done to several cases, each by itself (screen/bulk.c). */
struct bulk_case {
	const char *id, *name, *reference;
	enum err status; /* once it was tried, or done */
	const char *why; /* it cannot be; "" it can */
};
struct bulk {
	enum verb verb;	  /* VERB_COUNT: not chosen yet */
	const char *done; /* completes "9 of 12 cases": "assigned to rea" */
	const char *person, *reason, *text;
	int64_t until;
	struct bulk_case *cases;
	size_t count;
	size_t tried; /* of them; the others were not come to */
};
/* Into the arena, without what came of it. */
struct bulk *bulk_copy(struct arena *arena, const struct bulk *bulk);

/* A document as a terminal can show it. */
enum content_kind { CONTENT_NONE, CONTENT_TEXT, CONTENT_PICTURE };
struct document_content {
	enum content_kind kind;
	struct strbuf text; /* safe, in lines */
	const char *
		note; /* CONTENT_NONE: why there is nothing to see, and what to do; else where the text came from */
	bool coming;  /* another answer to the same question follows */
	bool compared; /* CONTENT_PICTURE: the letters in it, with the case; else note says why not */
	size_t pages;  /* of a file without text */
	bool cut;      /* there is more of it */
	struct agree_marks marks;
};

struct job {
	struct job *next;
	enum job_kind kind;
	struct arena arena;
	uint64_t ticket; /* the asker's own number */

	/* The request. Strings live in the arena. */
	const char *id;		      /* session */
	const char *name, *reference; /* for messages: the subject, and external_ref, "" none */
	const char *what;	      /* of an undo: "approval"; of a verb by its name: "Reopened" */
	const char *merchant;
	/* JOB_COUNTS */
	const char **view_filters; /* to be counted */
	size_t view_count;
	struct work_watch *watches;
	size_t watch_count;
	const struct kept_draft *kept; /* JOB_DRAFT, with `path`, its file */
	/* JOB_LIST */
	struct list_query query; /* limit and after are the reader's */
	const char *after;
	size_t pages;		    /* to read from there */
	size_t few;		    /* so many rows of its only page are enough for now; 0: whole pages */
	struct list_search *search; /* NULL: not begun, or over */
	bool count_all;		    /* of a whole inbox every case is counted */
	/* JOB_CASE, JOB_DIALOG */
	bool reveal, claim, read_only;
	bool again;	  /* what was revealed before stays so */
	bool audit_log;	  /* JOB_DIALOG: the audit, too */
	bool asks_hit;	  /* JOB_DIALOG: the hit that item is */
	bool with_people; /* JOB_DIALOG: who works here, too */
	enum action action;
	/* JOB_DOCUMENT; item is the document */
	size_t rows, cols; /* for a picture */
	enum text_mode mode;
	/* JOB_ACT: the UI action's row says what each is for */
	const struct ui_action *ui_action;
	enum verb verb;
	const char **seen; /* of the next case, then_next: cases that are passed over */
	size_t seen_count;
	bool then_next; /* find the next most urgent case, with query */
	const char *item, *reason, *text, *note, *path, *fields;
	bool match;
	int retryable;
	int64_t seen_version; /* 0: whatever is there now */
	struct correction_request *corrections;
	size_t correction_count;
	int64_t extend_days, until;
	struct party_input party;    /* also what JOB_CANDIDATES looks for */
	struct bulk *bulk;	     /* JOB_DIALOG: is tried; of a UI action: is done */
	const _Atomic bool *leaving; /* the reader's: what has not been begun is left */
	_Atomic size_t *progress;    /* how many of them are; NULL: nobody asks */
	bool draft;		     /* JOB_DIALOG: corrections receives what rejected documents suggest */

	/* The answer. */
	enum err status;
	struct error error;
	int64_t now;
	struct job_counts counts;
	struct list_page held; /* JOB_COUNTS: the first of the cases that the actor holds */
	struct job_page page[LIST_WINDOW_PAGES];
	size_t page_count;
	int64_t total;	     /* negative: not counted */
	bool total_more;     /* there are more than total */
	bool partial;	     /* JOB_LIST: the first of its rows; another answer to the same question follows */
	int64_t scanned, of; /* partial: how many cases were looked at */
	struct case_view view;
	bool has_view;
	struct ownership_line *tree;
	size_t tree_count;
	struct audit_item *audit;
	size_t audit_count;
	bool audit_more; /* the audit log has older ones */
	struct reviewer_info *people;
	size_t people_count;
	struct delivery_item *deliveries;
	size_t delivery_count;
	struct hit_view hit;
	struct decide_preview preview;
	bool has_preview;
	enum err claim_status; /* of the claim before a dialog */
	bool claimed;	       /* it made the reviewer the holder */
	const char *claim_message;
	struct use_out out;
	struct strbuf bytes;		/* JOB_DOCUMENT: until they are converted */
	struct document_content viewer; /* JOB_DOCUMENT */
	struct party_candidates candidates;
	const char *next_id; /* "" none */
	bool next_held;	     /* the actor held it before: it is not let go of when it was left untouched */
};

struct job *job_new(enum job_kind kind);
/* What is left to do when the answer is partial, as a request of its own; NULL: nothing. */
struct job *job_rest(struct job *answer);
/* A JOB_DRAFT of that file, with a copy. */
struct job *job_of_draft(const char *path, const struct kept_draft *draft);
struct job *job_of_ui_action(const struct ui_action *ui_action); /* a JOB_ACT */
void job_free(struct job *job);					 /* accepts NULL */

#endif
