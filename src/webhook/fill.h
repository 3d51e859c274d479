/*
 * Bodies with clients' links are stored with placeholders. The links are filled in only
 * for the transfer, before it is signed: the same bytes on every attempt, never stored.
 */
#ifndef KYBDESK_WEBHOOK_FILL_H
#define KYBDESK_WEBHOOK_FILL_H

#include "transfer.h"

/* ERR_STORE if the store's key is missing: it may come back. ERR_INVALID for a broken placeholder: it can never be
 * sent. */
enum err fill_links(struct store *store, struct transfer *transfer, struct error *error) KYB_MUST_USE;

#endif
