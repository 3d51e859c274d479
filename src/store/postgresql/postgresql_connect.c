/* Makes connections, each within a limit. libpq looks names up without a limit, and knows no limit for a host if it
 * does not block; so the hosts of an address are tried here one by one: names are looked up in a thread, and each of
 * their addresses is given to libpq as hostaddr, with the name as host (for certificates and passwords). */
#include "postgresql_internal.h"
#include "kybdesk/base/wait.h"

#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

/* For a name, and for each of its addresses, unless the address of the store says connect_timeout. */
#define CONNECT_LIMIT_S 5
#define CONNECT_LIMIT_MAX_S 60
#define ADDRESSES_MAX 8 /* tried of one name */

/* --- names. The thread and the waiting thread share the lookup; the last one frees it. --- */

struct lookup {
	atomic_int users;
	int done_fd; /* readable when the lookup is done */
	int failed;  /* as getaddrinfo() */
	struct addrinfo *found;
	char host[256];
};

static void release_lookup(struct lookup *lookup)
{
	if (atomic_fetch_sub(&lookup->users, 1) > 1)
		return;
	if (lookup->found)
		freeaddrinfo(lookup->found);
	(void)close(lookup->done_fd);
	free(lookup);
}

static void *look_up(void *context)
{
	const struct addrinfo hints = { .ai_socktype = SOCK_STREAM };
	struct lookup *lookup = context;
	uint64_t one = 1;

	lookup->failed = getaddrinfo(lookup->host, NULL, &hints, &lookup->found);
	(void)!write(lookup->done_fd, &one, sizeof one);
	release_lookup(lookup);
	return NULL;
}

static struct lookup *start_lookup(const char *host)
{
	struct lookup *lookup = xcalloc(1, sizeof *lookup);
	sigset_t all, before;
	pthread_t thread;
	int failed;

	(void)snprintf(lookup->host, sizeof lookup->host, "%s", host);
	atomic_init(&lookup->users, 2);
	lookup->done_fd = eventfd(0, EFD_CLOEXEC);
	(void)sigfillset(&all);
	(void)pthread_sigmask(SIG_SETMASK, &all, &before);
	failed = lookup->done_fd < 0 ? -1 : pthread_create(&thread, NULL, look_up, lookup);
	(void)pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (!failed) {
		(void)pthread_detach(thread);
		return lookup;
	}
	atomic_store(&lookup->users, 1);
	release_lookup(lookup);
	return NULL;
}

struct addresses {
	char items[ADDRESSES_MAX][NI_MAXHOST];
	size_t count;
};

static void copy_addresses(const struct addrinfo *found, struct addresses *out)
{
	for (const struct addrinfo *at = found; at && out->count < ADDRESSES_MAX; at = at->ai_next)
		if (getnameinfo(at->ai_addr, at->ai_addrlen, out->items[out->count], NI_MAXHOST, NULL, 0,
				NI_NUMERICHOST) == 0)
			out->count++;
}

static void note_failure(struct postgresql_db *db, char *text)
{
	free(db->connect_failure);
	db->connect_failure = text;
}

static char *silence_text(const char *what, int64_t limit_ms)
{
	struct strbuf text = STRBUF_INIT;

	strbuf_addf(&text, "%s does not answer (limit: %lld.%lld s)", what, (long long)limit_ms / 1000,
		    (long long)limit_ms % 1000 / 100);
	return strbuf_detach(&text);
}

static void resolve(struct postgresql_db *db, const char *host, int64_t limit_ms, struct addresses *out)
{
	int64_t begun = world_monotonic_ms(world_real());
	struct lookup *lookup = start_lookup(host);
	struct strbuf text = STRBUF_INIT;
	enum wait_result result = WAIT_GIVEN_UP;

	if (lookup)
		result = wait_for_fd(lookup->done_fd, POLLIN, begun, begun + limit_ms);
	if (result == WAIT_READY && !lookup->failed) {
		copy_addresses(lookup->found, out);
	} else if (result == WAIT_READY) {
		strbuf_addf(&text, "could not translate host name \"%s\" to address: %s", host,
			    gai_strerror(lookup->failed));
		note_failure(db, strbuf_detach(&text));
	} else {
		note_failure(db, silence_text("the lookup of the server's name", limit_ms));
		db->was_given_up = result == WAIT_GIVEN_UP;
	}
	if (lookup)
		release_lookup(lookup);
}

/* --- one address --- */

struct target {
	const char *host, *address, *port; /* NULL: as the address of the store, or the environment, says */
	const char *attributes;		   /* target_session_attrs; NULL: as the address of the store says */
	int64_t limit_ms;
};

/* A value before "dbname", which is the whole address, is a default; a value after it replaces that of the address. */
static PGconn *start_connection(const struct postgresql_db *db, const struct target *target)
{
	const char *keywords[16] = { "fallback_application_name", "keepalives_idle",  "keepalives_interval",
				     "keepalives_count",	  "tcp_user_timeout", "dbname" };
	const char *values[16] = { db->process, "30", "5", "3", "30000", db->url };
	const struct {
		const char *keyword, *value;
	} own[] = { { "host", target->host },
		    { "hostaddr", target->address },
		    { "port", target->port },
		    { "target_session_attrs", target->attributes } };
	size_t count = 6;
	PGconn *connection;

	for (size_t i = 0; i < sizeof own / sizeof *own; i++)
		if (own[i].value) {
			keywords[count] = own[i].keyword;
			values[count++] = own[i].value;
		}
	connection = pq.connectStartParams(keywords, values, 1);
	if (!connection)
		BUG("no memory left for a connection");
	return connection;
}

/* Replaces the connection. True: it is made. */
static bool try_target(struct postgresql_db *db, const struct target *target)
{
	int64_t begun = world_monotonic_ms(world_real()), until = begun + target->limit_ms;
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;
	enum wait_result result = WAIT_READY;

	pq.finish(db->connection);
	db->connection = start_connection(db, target);
	note_failure(db, NULL);
	while (pq.status(db->connection) != CONNECTION_BAD && state != PGRES_POLLING_OK &&
	       state != PGRES_POLLING_FAILED) {
		result = wait_for_fd(pq.socket(db->connection), state == PGRES_POLLING_READING ? POLLIN : POLLOUT,
				     begun, until);
		if (result != WAIT_READY)
			break;
		state = pq.connectPoll(db->connection);
	}
	if (state == PGRES_POLLING_OK)
		return true;
	if (result != WAIT_READY) {
		note_failure(db, silence_text("the server", target->limit_ms));
		db->was_given_up = result == WAIT_GIVEN_UP;
		db->is_conn_lost = true;
		if (pq.socket(db->connection) >= 0)
			(void)shutdown(pq.socket(db->connection), SHUT_RDWR);
	}
	return false;
}

/* --- all hosts of the address of the store --- */

const char *postgresql_option(const PQconninfoOption *options, const char *keyword)
{
	for (; options && options->keyword; options++)
		if (!strcmp(options->keyword, keyword))
			return options->val ? options->val : "";
	return "";
}

/* The part `at` of a list with commas, from 0; a list with one part has this part for every `at`. */
static const char *list_part(struct arena *arena, const char *list, size_t at)
{
	if (!strchr(list, ','))
		return list;
	for (; at && *list; at--) {
		list += strcspn(list, ",");
		list += *list == ',';
	}
	return arena_strndup(arena, list, strcspn(list, ","));
}

static size_t part_count(const char *list)
{
	size_t count = 1;

	for (; *list; list++)
		count += *list == ',';
	return count;
}

static bool try_host(struct postgresql_db *db, struct target *target, const char *address)
{
	struct addresses found = { 0 };
	bool is_socket = !*target->host || *target->host == '/' || *target->host == '@';

	if (*address || is_socket) {
		target->address = *address ? address : NULL;
		return try_target(db, target);
	}
	resolve(db, target->host, target->limit_ms, &found);
	for (size_t i = 0; i < found.count && !db->was_given_up; i++) {
		target->address = found.items[i];
		if (try_target(db, target))
			return true;
	}
	return false;
}

/* libpq itself collects the options of the address, of a service file, and of the environment: it is asked with one
 * option more that it refuses, so that it does not connect. */
static PQconninfoOption *collect_options(struct postgresql_db *db)
{
	static const char *const keywords[] = { "dbname", "channel_binding", NULL };
	const char *const values[] = { db->url, "not-used", NULL };

	pq.finish(db->connection);
	db->connection = pq.connectStartParams(keywords, values, 1);
	if (!db->connection)
		BUG("no memory left for a connection");
	return pq.conninfo(db->connection);
}

static int64_t connect_limit(const PQconninfoOption *options)
{
	long limit = strtol(postgresql_option(options, "connect_timeout"), NULL, 10);

	limit = limit <= 0 ? CONNECT_LIMIT_S : limit < CONNECT_LIMIT_MAX_S ? limit : CONNECT_LIMIT_MAX_S;
	return (int64_t)limit * 1000;
}

bool postgresql_connect(struct postgresql_db *db)
{
	PQconninfoOption *options = collect_options(db);
	const char *hosts = postgresql_option(options, "host"), *addresses = postgresql_option(options, "hostaddr");
	const char *ports = postgresql_option(options, "port");
	bool prefers = !strcmp(postgresql_option(options, "target_session_attrs"), "prefer-standby"), made = false;
	size_t count = part_count(*addresses ? addresses : hosts);
	struct arena arena = ARENA_INIT;

	db->is_conn_lost = db->was_given_up = false;
	db->silent_ms = 0;
	db->answer_limit_ms = CONNECT_LIMIT_MAX_S * 1000;
	for (size_t pass = 0; pass < 1 + (size_t)prefers && !made; pass++)
		for (size_t i = 0; i < count && !made && !db->was_given_up; i++) {
			const char *host = list_part(&arena, hosts, i), *port = list_part(&arena, ports, i);
			struct target target = { .host = host,
						 .port = *port ? port : NULL,
						 .limit_ms = connect_limit(options) };

			if (prefers)
				target.attributes = pass ? "any" : "standby";
			made = try_host(db, &target, list_part(&arena, addresses, i));
		}
	db->is_conn_lost = !made;
	pq.conninfoFree(options);
	arena_release(&arena);
	return made;
}
