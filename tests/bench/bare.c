/*
 * The HTTP library alone, as the reference for intake: answers 200 to every request. With DATABASE it first commits the
 * body of each request. Prints its port; ends when its standard input ends.
 *
 * usage: bare [DATABASE]
 */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#define WORKERS 4

static sqlite3 *database;
static sqlite3_stmt *insert;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static void must(int code)
{
	if (code == SQLITE_OK || code == SQLITE_DONE)
		return;
	fprintf(stderr, "bare: %s\n", sqlite3_errmsg(database));
	exit(1);
}

static void keep(const char *body, size_t length)
{
	pthread_mutex_lock(&lock);
	sqlite3_bind_blob(insert, 1, body, (int)length, SQLITE_STATIC);
	must(sqlite3_step(insert));
	sqlite3_reset(insert);
	pthread_mutex_unlock(&lock);
}

struct taken {
	char body[4096];
	size_t length;
};

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url, const char *method,
			      const char *version, const char *data, size_t *size, void **request)
{
	static char ok[] = "{\"status\":\"ok\"}\n";
	struct taken *taken = *request;
	struct MHD_Response *response;
	enum MHD_Result result;

	(void)context;
	(void)url;
	(void)method;
	(void)version;
	if (!taken) {
		*request = calloc(1, sizeof *taken);
		return *request ? MHD_YES : MHD_NO;
	}
	if (*size) {
		size_t take = *size < sizeof taken->body - taken->length ? *size : sizeof taken->body - taken->length;

		memcpy(taken->body + taken->length, data, take);
		taken->length += take;
		*size = 0;
		return MHD_YES;
	}
	if (database)
		keep(taken->body, taken->length);
	response = MHD_create_response_from_buffer(sizeof ok - 1, ok, MHD_RESPMEM_PERSISTENT);
	result = MHD_queue_response(connection, 200, response);
	MHD_destroy_response(response);
	return result;
}

static void end(void *context, struct MHD_Connection *connection, void **request, enum MHD_RequestTerminationCode code)
{
	(void)context;
	(void)connection;
	(void)code;
	free(*request);
}

int main(int count, char **arguments)
{
	struct sockaddr_in place = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t length = sizeof place;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
	struct MHD_Daemon *daemon;

	if (count > 1) {
		must(sqlite3_open(arguments[1], &database));
		must(sqlite3_exec(
			database,
			"PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE body (bytes BLOB)", NULL,
			NULL, NULL));
		must(sqlite3_prepare_v2(database, "INSERT INTO body VALUES ($1)", -1, &insert, NULL));
	}
	if (bind(fd, (struct sockaddr *)&place, sizeof place) || listen(fd, 512) ||
	    getsockname(fd, (struct sockaddr *)&place, &length))
		return 1;
	daemon = MHD_start_daemon(MHD_USE_EPOLL_INTERNAL_THREAD, 0, NULL, NULL, answer, NULL, MHD_OPTION_LISTEN_SOCKET,
				  fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)WORKERS, MHD_OPTION_NOTIFY_COMPLETED, end,
				  NULL, MHD_OPTION_END);
	if (!daemon)
		return 1;
	printf("%d\n", ntohs(place.sin_port));
	fflush(stdout);
	while (getchar() != EOF)
		;
	MHD_stop_daemon(daemon);
	if (insert)
		sqlite3_finalize(insert);
	sqlite3_close(database);
	return 0;
}
