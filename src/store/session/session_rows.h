/* Where a session's row is not what its columns say, for those who read and those who write it. */
#ifndef KYBDESK_STORE_SESSION_ROWS_H
#define KYBDESK_STORE_SESSION_ROWS_H

#include "columns.h"

extern const struct row_own session_own[];

#endif
