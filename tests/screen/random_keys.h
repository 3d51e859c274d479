/* Random keys, reproducible by a seed: as pressed in a hurry, by mistake, or before the program has responded. */
#ifndef KYB_TESTS_SCREEN_RANDOM_KEYS_H
#define KYB_TESTS_SCREEN_RANDOM_KEYS_H

#include "support/pty.h"

struct random_keys {
	struct terminal *terminal;
	uint64_t state;
	bool stays;	  /* q, which leaves, is not pressed */
	bool interrupted; /* Ctrl-C was typed: set it to false with each start of the program */
	unsigned typed, bursts, resizes;
};

void random_keys_seed(struct random_keys *keys, uint64_t seed);
unsigned random_below(struct random_keys *keys, unsigned most);
/* Presses a key or some keys, pastes, clicks or resizes; sometimes waits afterwards. */
void random_keys_press(struct random_keys *keys);
/* Whether the typed keys explain the exit status of the program. */
bool random_keys_ended_well(const struct random_keys *keys, int status);
/* Returns the end of the program's output, without escape sequences: a sanitizer's report is there. */
const char *last_words(struct terminal *terminal);

#endif
