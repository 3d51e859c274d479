/*
 * The bare loop of libcurl's multi interface, as the reference for deliveries: sends the same BODY with headers of the
 * same length to the URLs in turn, AT_ONCE at a time over reused connections, without signatures, leases or records.
 * Prints the number of 2xx responses per second; fails at any other response.
 *
 * usage: carry AT_ONCE REQUESTS BODY URL…
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define AT_ONCE_MAX 512

static void fail(const char *what)
{
	fprintf(stderr, "carry: %s\n", what);
	exit(1);
}

static size_t swallow(char *bytes, size_t size, size_t count, void *user)
{
	(void)bytes;
	(void)user;
	return size * count;
}

static struct curl_slist *headers_make(void)
{
	static const char *const lines[] = { "webhook-signature: v1,HLoTHXI9ypiE888Rjx7Xex8ehTi502IHqQyhFxzX2Bw=",
					     "webhook-id: evt_6b3f9f96a910df678d8ea60b8c932921",
					     "webhook-timestamp: 1795168800", "Content-Type: application/json",
					     "Expect:" };
	struct curl_slist *headers = NULL;

	for (size_t i = 0; i < sizeof lines / sizeof *lines; i++)
		headers = curl_slist_append(headers, lines[i]);
	return headers;
}

int main(int count, char **arguments)
{
	struct timespec begun, ended;
	struct curl_slist *headers;
	CURL *handles[AT_ONCE_MAX];
	CURLM *multi;
	int at_once, urls = count - 4, running = 0, left;
	long wanted, started = 0, done = 0;

	if (count < 5 || (at_once = atoi(arguments[1])) < 1 || at_once > AT_ONCE_MAX)
		fail("usage: carry AT_ONCE REQUESTS BODY URL...");
	wanted = atol(arguments[2]);
	clock_gettime(CLOCK_MONOTONIC, &begun);
	curl_global_init(CURL_GLOBAL_ALL);
	headers = headers_make();
	multi = curl_multi_init();
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)at_once);
	for (int i = 0; i < at_once && started < wanted; i++) {
		CURL *easy = handles[i] = curl_easy_init();

		curl_easy_setopt(easy, CURLOPT_POSTFIELDS, arguments[3]);
		curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
		curl_easy_setopt(easy, CURLOPT_USERAGENT, "kybdesk/0.1.0");
		curl_easy_setopt(easy, CURLOPT_PROXY, "");
		curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, swallow);
		curl_easy_setopt(easy, CURLOPT_URL, arguments[4 + started++ % urls]);
		curl_multi_add_handle(multi, easy);
	}
	at_once = (int)started;
	while (done < wanted) {
		CURLMsg *message;

		if (curl_multi_perform(multi, &running) != CURLM_OK)
			fail("libcurl stopped");
		while ((message = curl_multi_info_read(multi, &left))) {
			CURL *easy = message->easy_handle;
			long status = 0;

			curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
			if (message->data.result != CURLE_OK || status / 100 != 2)
				fail("a request was not answered with 2xx");
			done++;
			curl_multi_remove_handle(multi, easy);
			if (started == wanted)
				continue;
			curl_easy_setopt(easy, CURLOPT_URL, arguments[4 + started++ % urls]);
			curl_multi_add_handle(multi, easy);
		}
		if (done < wanted)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	clock_gettime(CLOCK_MONOTONIC, &ended);
	for (int i = 0; i < at_once; i++)
		curl_easy_cleanup(handles[i]);
	curl_multi_cleanup(multi);
	curl_slist_free_all(headers);
	printf("%.0f\n",
	       (double)done / ((double)(ended.tv_sec - begun.tv_sec) + (double)(ended.tv_nsec - begun.tv_nsec) / 1e9));
	return 0;
}
