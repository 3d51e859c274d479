/*
 * An HTTP client that uses only a socket and no code of kybdesk, and the server under test: `kybdesk serve` on a store
 * with the merchants shop and rival.
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
/* The text at a path of the JSON body, such as "a.b[2].c"; "" if absent. */
const char *reply_text(const struct reply *reply, const char *path);
long long reply_int(const struct reply *reply, const char *path);
bool reply_has(const struct reply *reply, const char *path);

struct api {
	struct box box;
	struct process *server;
	bool ended;		    /* the test has ended the server itself */
	int port, metrics_port;	    /* metrics_port: 0 without --metrics-listen */
	unsigned from;		    /* N of the client's address 127.0.0.N; 0: any address */
	char *key, *code;	    /* of the merchant shop */
	char *other_key;	    /* of the merchant rival */
	const char *const *options; /* further options of the server */
	const char *more;	    /* headers of every request, lines that end in "\r\n"; NULL none */
	const char *token;	    /* the bearer token of every request; NULL: none */
	struct reply last;
	char sent[200]; /* the method and the path of the last request, truncated */
};
/* Starts the server on a sandbox store. options: further options of the server, NULL-terminated; or NULL. */
void api_open(struct api *api, const char *const *options);
/* Starts the server on a production store. */
void api_open_production(struct api *api);
/* Starts the server on a store that `make` fills (box_world()). `make` must first call api_make_sandbox() or
 * api_make_production(): these make the first four notes, which are the key and the code of shop, then of rival. */
void api_open_world(struct api *api, const char *kind, void (*make)(void), const char *const *options);
void api_make_sandbox(void);
void api_make_production(void);
#define API_NOTES 4
void api_close(struct api *api);
/* Restarts the server on the same store, with one more environment variable (NULL: none). */
void api_restart(struct api *api, const char *environment);

/* Opens the server's store a second time. api_number(): the number that `sql` selects in this store. */
struct sqlite3 *api_store(const struct api *api);
long long api_number(const struct api *api, const char *sql);
char *api_word(const struct api *api, const char *sql); /* a text; "" without a row */
/* Changes the store without the server. api_try_in_store(): false if the store refuses the change. */
void api_in_store(const struct api *api, const char *sql);
bool api_try_in_store(const struct api *api, const char *sql);
/* Between api_lock() and api_unlock() the server cannot write to the store. */
struct sqlite3 *api_lock(const struct api *api);
void api_unlock(struct sqlite3 *db);

/* Kills the server at once, and starts a new one. */
void api_crash(struct api *api);

/* Sends a request; reads the response into api->last; returns the status. headers: lines with "\r\n", or NULL. */
int api_send(struct api *api, const char *method, const char *path, const char *headers, const void *body,
	     size_t length);
/* api_send() with a JSON body; NULL: no body. */
int api_call(struct api *api, const char *method, const char *path, const char *json);
/* api_call() with a format for the path. */
int api_callf(struct api *api, const char *method, const char *json, const char *path, ...)
	__attribute__((format(printf, 4, 5)));
/* Sends a POST of JSON with the Idempotency-Key `key`. */
int api_once(struct api *api, const char *key, const char *path, const char *json);
/* Sends a form: name, value pairs that end with NULL, and `file` as the part "file" if `file` is not NULL. */
struct form_file {
	const char *name;
	const void *bytes;
	size_t length;
};
int api_form(struct api *api, const char *path, const struct form_file *file, ...) __attribute__((sentinel));
/* A copy of the text at this path of the last response's JSON. */
char *api_keep(const struct api *api, const char *path);

/* Opens a connection to the server. */
int api_connect(const struct api *api);
int api_try_connect(const struct api *api); /* -1: it is refused */
void api_write(int fd, const void *bytes, size_t length);
/* Reads the response to a request, such as "GET /healthz", and checks it; false if the connection ended first. */
bool api_read(int fd, const char *sent, struct reply *out);
/* api_read() without the check (contract.h): the request need not be in the reference. */
bool api_read_any(int fd, struct reply *out);
/* The bytes of a POST of this JSON with shop's key. more: header lines, or "". */
char *api_post_text(const struct api *api, const char *path, const char *more, const char *json);
/* Sends api_post_text() on a new connection, and returns the connection without waiting for the response. */
int api_post_only(const struct api *api, const char *path, const char *more, const char *json);

/* Requests this path from the metrics address. api_metric(): the value of a metric in the response; -1 if absent. */
int api_scrape(struct api *api, const char *method, const char *path);
double api_metric(const struct api *api, const char *name);

extern const char pdf_bytes[];
size_t pdf_length(void);

/* The server of the running test. api_set_up() starts the server without further options. */
extern struct api api;
void api_set_up(void);
void api_tear_down(void);

/* ASK(STATUS, METHOD, BODY, PATH, …) fails unless api_callf() returns the status. NEED() then also ends the test. */
#define ASK(wanted, ...)                                                                                               \
	cr_expect_eq(api_callf(&api, __VA_ARGS__), wanted, "%s: %d: %s", api.sent, api.last.status, api.last.body)
#define NEED(wanted, ...)                                                                                              \
	cr_assert_eq(api_callf(&api, __VA_ARGS__), wanted, "%s: %d: %s", api.sent, api.last.status, api.last.body)
/* The JSON of the last response must match these rows (cli/expect.h). */
#define ANSWERS(...) EXPECT_ROWS(api.last.json, api.last.body, __VA_ARGS__)
/* The body of the last response must contain all these texts (BODY_HAS) or none of them (BODY_LACKS). */
#define BODY_HAS(...) EXPECT_PARTS(api.last.body, true, __VA_ARGS__)
#define BODY_LACKS(...) EXPECT_PARTS(api.last.body, false, __VA_ARGS__)
/* Reads the path in parentheses; its response must have these rows (GETS) or these texts (READ_ONLY). */
#define GOT(...) NEED(200, "GET", NULL, __VA_ARGS__)
#define GETS(path, ...)                                                                                                \
	do {                                                                                                           \
		GOT path;                                                                                              \
		ANSWERS(__VA_ARGS__);                                                                                  \
	} while (0)
#define READ_ONLY(path, ...)                                                                                           \
	do {                                                                                                           \
		GOT path;                                                                                              \
		BODY_HAS(__VA_ARGS__);                                                                                 \
	} while (0)

/* Bodies that open a session of a person. PERSON_CALLED() adds the merchant's reference. */
#define PERSON_WITH(more, subject)                                                                                     \
	"{\"workflow_id\":\"generic-kyc\"," more "\"subject\":{\"kind\":\"individual\","                               \
	"\"name\":\"Ines Duarte\",\"country\":\"PT\"" subject "}}"
#define PERSON PERSON_WITH("", "")
#define PERSON_CALLED(reference) PERSON_WITH("\"external_id\":\"" reference "\",", "")
#define PERSON_MAILED PERSON_WITH("", ",\"email\":\"ines@mail.example\"")

#endif
