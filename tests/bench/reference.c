/*
 * What the program's work is measured against, with the bare libraries.
 * usage: reference parse FILE    jansson's parse of each line, on one core
 *        reference hash STORE    SHA-256 over the bytes of each audit record
 * Prints microseconds.
 */
#include <jansson.h>
#include <openssl/evp.h>
#include <sqlite3.h>
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

/* Hashes the records as the chain does: previous hash, then type, length and bytes of each column. */
static int hash(const char *path)
{
	sqlite3 *db;
	sqlite3_stmt *row;
	unsigned char *bytes = NULL, digest[EVP_MAX_MD_SIZE];
	size_t length = 0, capacity = 0, count = 0, *ends = NULL, end_capacity = 0;
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	int64_t begun;

	if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK ||
	    sqlite3_prepare_v2(
		    db,
		    "SELECT prev_hash, seq, at, actor, role, action, session_id, session_version, detail "
		    "FROM audit_event ORDER BY seq",
		    -1, &row, NULL) != SQLITE_OK) {
		fprintf(stderr, "reference: %s\n", sqlite3_errmsg(db));
		return 1;
	}
	while (sqlite3_step(row) == SQLITE_ROW) {
		for (int column = 0; column < 9; column++) {
			size_t size = sqlite3_column_type(row, column) == SQLITE_INTEGER
					      ? 8
					      : (size_t)sqlite3_column_bytes(row, column);

			if (length + size + 9 > capacity) {
				capacity = capacity * 2 + size + 4096;
				bytes = realloc(bytes, capacity);
			}
			if (!bytes)
				return 1;
			memset(bytes + length, column, size + 9);
			length += size + (column ? 9 : 0);
		}
		if (count == end_capacity) {
			end_capacity = end_capacity * 2 + 4096;
			ends = realloc(ends, end_capacity * sizeof *ends);
		}
		if (!ends)
			return 1;
		ends[count++] = length;
	}
	EVP_DigestInit_ex(context, EVP_sha256(), NULL);
	begun = now_us();
	for (size_t i = 0, from = 0; i < count; from = ends[i++]) {
		EVP_DigestInit_ex(context, NULL, NULL);
		EVP_DigestUpdate(context, bytes + from, ends[i] - from);
		EVP_DigestFinal_ex(context, digest, NULL);
	}
	printf("%lld\n", (long long)(now_us() - begun));
	EVP_MD_CTX_free(context);
	sqlite3_finalize(row);
	sqlite3_close(db);
	free(bytes);
	free(ends);
	return 0;
}

int main(int count, char **arguments)
{
	if (count == 3 && !strcmp(arguments[1], "parse"))
		return parse(arguments[2]);
	if (count == 3 && !strcmp(arguments[1], "hash"))
		return hash(arguments[2]);
	fprintf(stderr, "usage: reference parse FILE | hash STORE\n");
	return 2;
}
