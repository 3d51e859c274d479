/* The filter language of --filter, of the key / in the workbench, and of saved views. A word searches names,
 * references and tax ids; a UUID means id:UUID. key:value, key>value and key<value select by a key; -key:value
 * excludes. "…" quotes text with spaces. Several values of one key (key:a,b, or the key repeated) are alternatives;
 * different keys must all match; the keys hit-… must match one and the same hit. An unknown key is an error that names the nearest key. */
#ifndef KYBDESK_DOMAIN_FILTER_H
#define KYBDESK_DOMAIN_FILTER_H

#include "kybdesk/domain/session.h"

#define FILTER_KEY_WORDS(X)                                                                                            \
	X(FILTER_TEXT, "") /* a word without a key */                                                                  \
	X(FILTER_STATUS, "status")                                                                                     \
	X(FILTER_INBOX, "inbox")                                                                                       \
	X(FILTER_WORKFLOW, "workflow")                                                                                 \
	X(FILTER_MERCHANT, "merchant")                                                                                 \
	X(FILTER_COUNTRY, "country")                                                                                   \
	X(FILTER_ASSIGNEE, "assignee")                                                                                 \
	X(FILTER_RISK, "risk")                                                                                         \
	X(FILTER_AGE, "age")                                                                                           \
	X(FILTER_DUE, "due")                                                                                           \
	X(FILTER_DOC, "doc")                                                                                           \
	X(FILTER_PARTY, "party")                                                                                       \
	X(FILTER_HIT, "hit")                                                                                           \
	X(FILTER_HIT_CLASS, "hit-class")                                                                               \
	X(FILTER_HIT_LIST, "hit-list")                                                                                 \
	X(FILTER_HIT_SCORE, "hit-score")                                                                               \
	X(FILTER_HIT_VERDICT, "hit-verdict")                                                                           \
	X(FILTER_WAITING, "waiting")                                                                                   \
	X(FILTER_TAG, "tag")                                                                                           \
	X(FILTER_LEVEL, "level")                                                                                       \
	X(FILTER_KIND, "kind")                                                                                         \
	X(FILTER_MARK, "mark")                                                                                         \
	X(FILTER_WHY, "why")                                                                                           \
	X(FILTER_CLEAN, "clean")                                                                                       \
	X(FILTER_MENTIONED, "mentioned")                                                                               \
	X(FILTER_ID, "id")
#define FILTER_KEY_COUNT WORDS_COUNT(FILTER_KEY_WORDS)
enum filter_key { FILTER_KEY_WORDS(WORDS_MEMBER) };

/* The values of FILTER_MARK: marks of cases in lists. */
enum filter_mark { FILTER_MARK_HELD, FILTER_MARK_SNOOZED, FILTER_MARK_RETURNED, FILTER_MARK_NOTED, FILTER_MARK_ALERT };
const char *filter_key_text(enum filter_key key);   /* "" for FILTER_TEXT */
const char *const *filter_key_words(size_t *count); /* for completion, without FILTER_TEXT */
/* The values of a key, for completion and errors; NULL: free text. */
const char *const *filter_key_values(enum filter_key key, size_t *count);

enum filter_compare { FILTER_EQUAL, FILTER_LESS, FILTER_GREATER };

struct filter_term {
	enum filter_key key;
	enum filter_compare compare;
	bool negated;
	const char *value; /* as typed, unquoted; for FILTER_TEXT the word */
	int64_t number;	   /* a risk score, the score of a hit in thousandths, or a duration in ms (keys age and due) */
	/* The value of the term as a number. status, inbox, kind, mark, why, hit-class, hit-verdict: the enum value; clean: 0 yes, 1 no;
	 * waiting: 0 client, 1 party, 2 provider, 3 second. */
	int code;
	/* FILTER_TAG: "region=emea" has the tag_key "region" and the value "emea"; "region" matches each case with
	 * this tag */
	const char *tag_key;
};
struct filter {
	struct filter_term *terms;
	size_t count, capacity;
};

#define FILTER_WAITING_WORD_COUNT 4 /* client, party, provider, second: the codes of `waiting` */
#define FILTER_WAITING_SECOND 3	    /* the code of `second`, the last one */
#define FILTER_LENGTH_MAX 4096
#define FILTER_TERMS_MAX 64

/* Accepts keys and values in any case; returns enum values in lower case. age:2d means age>2d, due:4h means due<4h
 * (due:over has compare FILTER_EQUAL). A lone '-' is an error. ERR_INVALID, field "filter": names the word, its
 * position and the nearest key or value. */
enum err filter_parse(struct arena *arena, const char *text, struct filter *out, struct error *error);

#define LIST_LIMIT_DEFAULT 50
#define LIST_LIMIT_MAX 1000

/* Whether a list includes, excludes or selects sessions with a last decision that can still be undone
 * (desk/caller.h). */
enum undo_filter { UNDOABLE_INCLUDED, UNDOABLE_EXCLUDED, UNDOABLE_ONLY };
/* A query for one page of sessions; pages use a cursor, not OFFSET. */
struct list_query {
	unsigned inboxes; /* bits of enum inbox; 0: all */
	struct filter filter;
	enum sort_key sort;
	bool reverse;
	bool include_subsessions; /* includes subsessions */
	size_t limit;		  /* 1..LIST_LIMIT_MAX */
	const char *after;	  /* cursor of the page; "": the first page */
	const char *actor;	  /* the reviewer that "me" means */
	int64_t now;		  /* present time, for the keys age: and due: */
	/* limits of the creation time: from (inclusive), to (exclusive); 0: no limit */
	int64_t created_from, created_to;
	bool skip_hidden;      /* for a merchant's list: excludes sessions that are hidden from it */
	bool use_short_titles; /* desk_list(): sets session_item.short_workflow, .review_ms and .risk_bound */
	/* store_list_next_row(): includes cases with another person's first approval; not for a supervised reviewer. */
	bool include_first_approvals;
	/* also lists the decided cases with an open alert, of every inbox, if the query has the inbox manual_review */
	bool with_alerts;
	enum undo_filter undo_filter;
	bool count_only; /* set by store_list_count(): no sort order is needed */
};
struct list_page {
	struct session_item *items;
	size_t count;
	const char *next; /* cursor of the next page; "": this is the last page */
};
struct list_search;		    /* a list read in steps */
struct search_progress {	    /* result of a search so far */
	struct session_item *items; /* first matches, at most the query's limit */
	size_t count;
	/* number of matches found so far; if `is_complete`: of all matches, up to the maximum to count */
	int64_t match_count;
	bool is_complete;		/* the search is complete */
	int64_t scanned, total_to_scan; /* scanned cases; all cases before the filter; 0: no scan was needed */
};
struct list_summary { /* summary of all matches, not only of the page */
	int64_t status_counts[SESSION_STATUS_COUNT];
	int64_t inbox_counts[INBOX_COUNT];
	int64_t total;
	double average_risk_score; /* negative when no session has a score */
	int64_t sessions_with_risk_score;
	int64_t validation_counts[CHECK_KIND_COUNT];
};

/* Reads "due" or "-updated" into key and direction. ERR_INVALID names the allowed words. */
enum err sort_parse(const char *text, enum sort_key *key, bool *reverse, struct error *error);
#define SORT_TEXTS_HINT "due, updated, risk or name, with - in front to reverse the order"

#endif
