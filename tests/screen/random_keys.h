/* Random keys, the same for a seed: as pressed in a hurry, by mistake, or before the program has responded. */
#ifndef KYB_TESTS_SCREEN_RANDOM_KEYS_H
#define KYB_TESTS_SCREEN_RANDOM_KEYS_H

#include "support/pty.h"

struct random_keys {
	struct terminal *terminal;
	uint64_t state;
	bool stays;	  /* the key that leaves is not among them */
	bool interrupted; /* Ctrl-C was typed: set it to false with each start of the program */
	unsigned typed, bursts, resizes;
};

void random_keys_seed(struct random_keys *keys, uint64_t seed);
unsigned random_below(struct random_keys *keys, unsigned most);
/* A few keys, a paste, a click or a resize; now and then a wait behind it. */
void random_keys_press(struct random_keys *keys);
/* Nobody but the keys ended the program. */
bool random_keys_ended_well(const struct random_keys *keys, int status);
/* The end of the program's output, without its escapes: a sanitizer report is there. */
const char *last_words(struct terminal *terminal);

#endif
