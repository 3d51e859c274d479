/* libpq, loaded when the first store on a server is opened. If the program were linked with libpq, each start would
 * load two dozen libraries, although most stores are SQLite files. */
#ifndef KYBDESK_STORE_POSTGRESQL_LIBRARY_H
#define KYBDESK_STORE_POSTGRESQL_LIBRARY_H

#include "kybdesk/base/error.h"

#include <libpq-fe.h>

/* The functions of libpq, by their names without the prefix PQ. */
/* clang-format off */
#define POSTGRESQL_FUNCTIONS(each) \
	each(backendPID) each(cancel) each(clear) each(cmdStatus) each(cmdTuples) each(connectPoll) \
	each(connectStartParams) each(connectionNeedsPassword) each(conninfo) each(conninfoFree) \
	each(conninfoParse) each(consumeInput) each(enterPipelineMode) each(errorMessage) \
	each(exitPipelineMode) each(finish) each(flush) each(fname) each(freeCancel) each(freemem) \
	each(ftype) each(getCancel) each(getResult) each(getisnull) each(getlength) each(getvalue) \
	each(gssEncInUse) each(host) each(hostaddr) each(isBusy) each(libVersion) each(nfields) \
	each(notifies) each(ntuples) each(parameterStatus) each(pipelineSync) each(putCopyData) \
	each(putCopyEnd) each(resultErrorField) each(resultStatus) each(sendPrepare) each(sendQuery) \
	each(sendQueryParams) each(sendQueryPrepared) each(serverVersion) each(setNoticeReceiver) \
	each(setnonblocking) each(socket) each(sslInUse) each(status) each(transactionStatus) \
	each(unescapeBytea)
/* clang-format on */

#define POSTGRESQL_MEMBER(name) __typeof__(PQ##name) *name;
struct postgresql_library {
	POSTGRESQL_FUNCTIONS(POSTGRESQL_MEMBER)
};
extern struct postgresql_library pq;

/* Loads libpq and fills pq, in the first call only; any thread may call this function. The library stays loaded
 * until the program ends. ERR_STORE: libpq is missing (the message names the package to install) or too old. */
enum err postgresql_load(struct error *error);

#endif
