/* The reviewer's own texts in the store, for a session over SSH. */
#ifndef KYBDESK_SRC_TUI_JOBS_OWN_TEXTS_H
#define KYBDESK_SRC_TUI_JOBS_OWN_TEXTS_H

#include "kybdesk/desk/desk.h"
#include "kybdesk/settings/own_text.h"

/* By the desk, which must outlive it; on the desk's thread only. */
struct own_store own_texts_of(struct desk *desk);

#endif
