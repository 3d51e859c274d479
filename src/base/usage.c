#include "kybdesk/base/usage.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

/* Reads the first two numbers of a file; false: the file cannot be read. */
static bool read_two(const char *path, int64_t out[2])
{
	char text[128], *end = text;
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, sizeof text - 1);

	if (fd >= 0)
		(void)close(fd);
	if (length <= 0)
		return false;
	text[length] = '\0';
	for (size_t i = 0; i < 2; i++)
		out[i] = strtoll(end, &end, 10);
	return true;
}

/* Counts open descriptors, without the descriptor that reads the folder. */
static int64_t count_open(void)
{
	DIR *folder = opendir("/proc/self/fd");
	const struct dirent *entry;
	int64_t count = -1;

	if (!folder)
		return -1;
	while ((entry = readdir(folder)))
		count += entry->d_name[0] != '.';
	(void)closedir(folder);
	return count;
}

static int64_t ms_of(struct timeval time)
{
	return (int64_t)time.tv_sec * 1000 + time.tv_usec / 1000;
}

struct usage usage_read(void)
{
	struct usage usage = { .resident = -1, .mapped = -1, .open_files = count_open(), .most_files = -1 };
	struct rusage times;
	struct rlimit files;
	int64_t pages[2];
	long page = sysconf(_SC_PAGESIZE);

	if (getrusage(RUSAGE_SELF, &times) == 0)
		usage.cpu_ms = ms_of(times.ru_utime) + ms_of(times.ru_stime);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0 && files.rlim_cur != RLIM_INFINITY)
		usage.most_files = (int64_t)files.rlim_cur;
	if (page > 0 && read_two("/proc/self/statm", pages)) {
		usage.mapped = pages[0] * page;
		usage.resident = pages[1] * page;
	}
	return usage;
}
