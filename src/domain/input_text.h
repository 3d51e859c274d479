/* Checks for every text that a user types into a subject or a party. */
#ifndef KYB_DOMAIN_INPUT_TEXT_H
#define KYB_DOMAIN_INPUT_TEXT_H

#include "kybdesk/base/arena.h"

#include <stdbool.h>

bool is_present(const char *text); /* present, and not "" */
bool is_blank(const char *text);   /* "" or only white space */
/* The error in the text, in the arena; NULL: valid or absent. what: its name in messages. */
const char *input_text_fault(struct arena *arena, const char *what, const char *text);

#endif
