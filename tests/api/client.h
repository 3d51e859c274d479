/*
 * A stranger's HTTP client, and a server to try it on: `kybdesk serve` on a sandbox store of its own with two
 * merchants. The client is a socket and a few lines; no code of kybdesk takes part.
 */
#ifndef KYB_TESTS_API_CLIENT_H
#define KYB_TESTS_API_CLIENT_H

#define EXPECT_BOX api.box
#include "cli/expect.h"

struct reply {
	int status; /* 0: the connection ended without an answer */
	char *head; /* status line and headers */
	char *body;
	size_t length;
	json_t *json; /* NULL if the body is not JSON */
};
void reply_release(struct reply *reply);
/* Value of a header; NULL if absent. */
char *reply_header(const struct reply *reply, const char *name);
/* "a.b[2].c" of its JSON; "" if absent. */
const char *reply_text(const struct reply *reply, const char *path);
long long reply_int(const struct reply *reply, const char *path);
bool reply_has(const struct reply *reply, const char *path);

struct api {
	struct box box;
	struct process *server;
	bool ended;		    /* by the test itself */
	int port, metrics_port;	    /* metrics_port: 0 without --metrics-listen */
	unsigned from;		    /* the last number of the address one comes from, 127.0.0.N; 0: any */
	char *key, *code;	    /* of the merchant shop */
	char *other_key;	    /* of the merchant rival */
	const char *const *options; /* more words for the server */
	const char *more;	    /* headers of every request, lines that end in "\r\n"; NULL none */
	const char *token;	    /* sent with every request; one of them, or NULL */
	struct reply last;
	char sent[200]; /* the method and the path of the last request, cut */
};
/* options: more words for the server, NULL-terminated, or NULL. */
void api_open(struct api *api, const char *const *options);
/* The same on a production store. */
void api_open_production(struct api *api);
/* The same on a store that `make` fills (box_world()), which begins with one of these two: the merchants' keys are its
 * first notes, four in all with their codes. */
void api_open_world(struct api *api, const char *kind, void (*make)(void), const char *const *options);
void api_make_sandbox(void);
void api_make_production(void);
#define API_NOTES 4
void api_close(struct api *api);
/* Ends the server and begins another one on the same store, with one more variable. */
void api_restart(struct api *api, const char *environment);

/* Its store, opened beside it; the number that this finds there. */
struct sqlite3 *api_store(const struct api *api);
long long api_number(const struct api *api, const char *sql);
char *api_word(const struct api *api, const char *sql); /* a text; "" without a row */
/* Changes its store behind its back; the same where the store may refuse it: false. */
void api_in_store(const struct api *api, const char *sql);
bool api_try_in_store(const struct api *api, const char *sql);
/* Nobody else writes, from the one to the other. */
struct sqlite3 *api_lock(const struct api *api);
void api_unlock(struct sqlite3 *db);

/* Kills the server at once, and starts a new one. */
void api_crash(struct api *api);

/* Sends it and reads the answer into api->last; headers: lines that end in "\r\n", or NULL. The status. */
int api_send(struct api *api, const char *method, const char *path, const char *headers, const void *body,
	     size_t length);
/* JSON, or nothing for NULL. */
int api_call(struct api *api, const char *method, const char *path, const char *json);
/* The same with a path that is put together. */
int api_callf(struct api *api, const char *method, const char *json, const char *path, ...)
	__attribute__((format(printf, 4, 5)));
/* JSON by POST, with this Idempotency-Key. */
int api_once(struct api *api, const char *key, const char *path, const char *json);
/* A form: the pairs name, value end with NULL; then a file under "file", when file_name is not NULL. */
struct form_file {
	const char *name;
	const void *bytes;
	size_t length;
};
int api_form(struct api *api, const char *path, const struct form_file *file, ...) __attribute__((sentinel));
/* Text of the last answer's JSON. */
char *api_keep(const struct api *api, const char *path);

/* A connection of one's own. */
int api_connect(const struct api *api);
int api_try_connect(const struct api *api); /* -1: it is refused */
void api_write(int fd, const void *bytes, size_t length);
/* Reads one response to the request `sent`, "GET /healthz"; false if the connection ended first. */
bool api_read(int fd, const char *sent, struct reply *out);
/* The same to something that the reference need not know. */
bool api_read_any(int fd, struct reply *out);
/* A POST of this JSON with shop's key, as it goes over the line; more: header lines, or "". */
char *api_post_text(const struct api *api, const char *path, const char *more, const char *json);
/* Sends it on a connection of its own and does not wait for its answer. */
int api_post_only(const struct api *api, const char *path, const char *more, const char *json);

/* From the address of the metrics; the number behind a line of that answer that begins so, -1 if absent. */
int api_scrape(struct api *api, const char *method, const char *path);
double api_metric(const struct api *api, const char *name);

extern const char pdf_bytes[];
size_t pdf_length(void);

/* The server of the test that runs, with what its options leave as it is. */
extern struct api api;
void api_set_up(void);
void api_tear_down(void);

/* STATUS, METHOD, BODY, PATH, …: as api_callf() of that server; the answer must have this status, or the test ends. */
#define ASK(wanted, ...)                                                                                           \
	cr_expect_eq(api_callf(&api, __VA_ARGS__), wanted, "%s: %d: %s", api.sent, api.last.status, api.last.body)
#define NEED(wanted, ...)                                                                                          \
	cr_assert_eq(api_callf(&api, __VA_ARGS__), wanted, "%s: %d: %s", api.sent, api.last.status, api.last.body)
/* Rows about the JSON of the last answer (cli/expect.h). */
#define ANSWERS(...) EXPECT_ROWS(api.last.json, api.last.body, __VA_ARGS__)
/* Texts that the last answer has or has not. */
#define BODY_HAS(...) EXPECT_PARTS(api.last.body, true, __VA_ARGS__)
#define BODY_LACKS(...) EXPECT_PARTS(api.last.body, false, __VA_ARGS__)
/* The path in parentheses is read, and its answer has these rows, or these texts. */
#define GOT(...) NEED(200, "GET", NULL, __VA_ARGS__)
#define GETS(path, ...)                                                                                            \
	do {                                                                                                       \
		GOT path;                                                                                          \
		ANSWERS(__VA_ARGS__);                                                                              \
	} while (0)
#define READS(path, ...)                                                                                           \
	do {                                                                                                       \
		GOT path;                                                                                          \
		BODY_HAS(__VA_ARGS__);                                                                             \
	} while (0)

/* A new session of a person, as a body; the same with the merchant's own reference. */
#define PERSON_WITH(more, subject)                                                                                 \
	"{\"workflow_id\":\"generic-kyc\"," more "\"subject\":{\"kind\":\"individual\","                           \
	"\"name\":\"Ines Duarte\",\"country\":\"PT\"" subject "}}"
#define PERSON PERSON_WITH("", "")
#define PERSON_CALLED(reference) PERSON_WITH("\"external_id\":\"" reference "\",", "")
#define PERSON_MAILED PERSON_WITH("", ",\"email\":\"ines@mail.example\"")

#endif
