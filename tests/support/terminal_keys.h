/* tests/corpus/terminal_keys.txt: the key sequences of six terminals. */
#ifndef KYB_TESTS_TERMINAL_KEYS_H
#define KYB_TESTS_TERMINAL_KEYS_H

#include <stddef.h>

#define TERMINAL_KEYS_MAX 600
struct terminal_sequence {
	char terminal[24], name[8];
	char bytes[24];
	size_t length;
};
/* Reads all sequences of the file; aborts if it cannot be read. */
size_t terminal_keys_read(const char *path, struct terminal_sequence out[TERMINAL_KEYS_MAX]);
/* Without Enter, Backspace, Delete, Ctrl-Z, clicks, ESC TAB, single bytes: these may do something. No duplicates. */
size_t terminal_keys_harmless(const char *path, struct terminal_sequence out[TERMINAL_KEYS_MAX]);

#endif
