/*
 * Measures the bare libraries, as references for the program's import and `audit verify`.
 * usage: reference parse FILE    jansson parses each line, on one core
 *        reference hash FILE     OpenSSL's SHA-256 over the bytes of the file
 * Prints microseconds.
 */
#include <jansson.h>
#include <openssl/evp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int64_t now_us(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

static int parse(const char *path)
{
	FILE *file = fopen(path, "r");
	char *line = NULL;
	size_t capacity = 0;
	ssize_t length;
	int64_t begun;

	if (!file) {
		perror(path);
		return 1;
	}
	begun = now_us();
	while ((length = getline(&line, &capacity, file)) > 0) {
		json_error_t error;
		json_t *root = json_loadb(line, (size_t)length, JSON_REJECT_DUPLICATES, &error);

		if (!root) {
			fprintf(stderr, "reference: %s\n", error.text);
			return 1;
		}
		json_decref(root);
	}
	printf("%lld\n", (long long)(now_us() - begun));
	free(line);
	fclose(file);
	return 0;
}

/* Hashes all bytes of a file, which should already be in the system's file cache. */
static int hash(const char *path)
{
	static unsigned char bytes[1 << 20];
	unsigned char digest[EVP_MAX_MD_SIZE];
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	FILE *file = fopen(path, "r");
	int64_t begun;

	if (!file || !context) {
		perror(path);
		return 1;
	}
	begun = now_us();
	EVP_DigestInit_ex(context, EVP_sha256(), NULL);
	for (size_t length; (length = fread(bytes, 1, sizeof bytes, file)) > 0;)
		EVP_DigestUpdate(context, bytes, length);
	EVP_DigestFinal_ex(context, digest, NULL);
	printf("%lld\n", (long long)(now_us() - begun));
	EVP_MD_CTX_free(context);
	fclose(file);
	return 0;
}

int main(int count, char **arguments)
{
	if (count == 3 && !strcmp(arguments[1], "parse"))
		return parse(arguments[2]);
	if (count == 3 && !strcmp(arguments[1], "hash"))
		return hash(arguments[2]);
	fprintf(stderr, "usage: reference parse FILE | hash FILE\n");
	return 2;
}
