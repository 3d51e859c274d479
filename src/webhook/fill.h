/*
 * Bodies that hold clients' links are stored with placeholders (trust.md "Nothing outside"). They are filled in for the
 * transfer alone, before it is signed: the same bytes on every attempt, and in no store.
 */
#ifndef KYBDESK_WEBHOOK_FILL_H
#define KYBDESK_WEBHOOK_FILL_H

#include "transfer.h"

/* ERR_STORE when the store's key is not there: it may come back. ERR_INVALID for a placeholder that is none: this can
 * never be sent. */
enum err fill_links(struct store *store, struct transfer *transfer, struct error *error) KYB_MUST_USE;

#endif
