/* Runs a third-party converter on an untrusted document. The program reads the bytes from the file "document" in a
 * private folder (removed afterwards). It has no standard input, a pipe as standard output, no other descriptors,
 * and only PATH, LANG and OMP_THREAD_LIMIT in its environment.
 *
 * If the kernel supports it, the program can use only the system calls of a list (seccomp): it cannot start processes
 * (threads are allowed), open sockets, signal, limit or inspect other processes, or change a file's mode, times or
 * attributes. It cannot write outside its folder, or read files other than the system's programs and libraries
 * (Landlock), and has a user and a network namespace of its own. If the kernel lacks one of these features, the others
 * still apply. Time, memory, file size and output are always limited. docs/workbench.md lists the features by kernel.
 *
 * Any thread may call confine_run(). If the calling thread ends during the call, the kernel kills the program. */
#ifndef KYBDESK_BASE_CONFINE_H
#define KYBDESK_BASE_CONFINE_H

#include "kybdesk/base/strbuf.h"
#include "kybdesk/base/world.h"

#define CONFINE_INPUT_NAME "document" /* name of the input in the program's working folder */

struct confine_limits {
	unsigned cpu_s;
	unsigned wall_ms;
	size_t memory_bytes; /* limit of the address space */
	size_t file_bytes;   /* largest size of each file that the program writes */
	size_t output_bytes;
};

struct confine_job {
	const char *const *argv; /* ends with NULL; argv[0] is an absolute path */
	const void *input;
	size_t length;
	struct confine_limits limits;
	int cancel_fd;	   /* the program is killed when this descriptor is readable; negative: none */
	int other_success; /* an exit status that also means success; 0: none but 0 */
};

enum confine_outcome {
	CONFINE_DONE,
	CONFINE_TRUNCATED, /* too much output; only the first part is kept */
	CONFINE_FAILED,	   /* non-zero exit status, or a crash */
	CONFINE_TIMED_OUT, /* wall clock or processor time exceeded */
	CONFINE_CANCELLED
};

/* Appends the program's output to `out`. When the call returns, all processes of the program have ended.
 * ERR_INTERNAL: the program could not be started. */
enum err confine_run(const struct world *world, const struct confine_job *job, struct strbuf *out,
		     enum confine_outcome *end, struct error *error);
/* Path of the program in the system folders, in the arena; NULL: not installed. */
char *confine_find(struct arena *arena, const char *program);

/* What this kernel lacks, such as "Landlock"; "": nothing. User namespaces do not count: the list of system calls
 * allows neither sockets nor processes. */
const char *confine_missing(void);
/* Debian packages of the missing programs that show documents, separated by spaces; "": none. */
const char *confine_missing_packages(struct arena *arena);

#endif
