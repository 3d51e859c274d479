/*
 * libcurl's multi loop alone, as the reference for deliveries: so many POSTs, so many at once, over kept connections. Prints
 * microseconds. usage: posts URL COUNT AT_ONCE
 */
#include <curl/curl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define AT_ONCE_MAX 256

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static size_t drop(char *bytes, size_t size, size_t count, void *context)
{
	(void)bytes;
	(void)context;
	return size * count;
}

static CURL *post(const char *url)
{
	static char body[600];
	CURL *one = curl_easy_init();

	for (size_t i = 0; i + 1 < sizeof body; i++)
		body[i] = 'x';
	curl_easy_setopt(one, CURLOPT_URL, url);
	curl_easy_setopt(one, CURLOPT_POSTFIELDS, body);
	curl_easy_setopt(one, CURLOPT_WRITEFUNCTION, drop);
	return one;
}

int main(int count, char **arguments)
{
	long left = count == 4 ? strtol(arguments[2], NULL, 10) : 0,
	     at_once = left ? strtol(arguments[3], NULL, 10) : 0;
	long under_way = 0, begun_count = 0;
	int64_t begun = now_us();
	CURLM *multi;

	if (left < 1 || at_once < 1 || at_once > AT_ONCE_MAX) {
		fprintf(stderr, "usage: posts URL COUNT AT_ONCE\n");
		return 2;
	}
	curl_global_init(CURL_GLOBAL_DEFAULT);
	multi = curl_multi_init();
	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, at_once);
	for (; begun_count < left && under_way < at_once; begun_count++, under_way++)
		curl_multi_add_handle(multi, post(arguments[1]));
	while (under_way) {
		int running, messages;
		CURLMsg *message;

		curl_multi_perform(multi, &running);
		while ((message = curl_multi_info_read(multi, &messages))) {
			CURL *one = message->easy_handle;

			if (message->msg != CURLMSG_DONE || message->data.result != CURLE_OK) {
				fprintf(stderr, "posts: %s\n", curl_easy_strerror(message->data.result));
				return 1;
			}
			curl_multi_remove_handle(multi, one);
			if (begun_count < left) {
				curl_multi_add_handle(multi, one);
				begun_count++;
			} else {
				curl_easy_cleanup(one);
				under_way--;
			}
		}
		if (under_way)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	printf("%lld\n", (long long)(now_us() - begun));
	curl_multi_cleanup(multi);
	return 0;
}
