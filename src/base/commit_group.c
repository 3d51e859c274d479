#include "kybdesk/base/commit_group.h"

void commit_group_enter(struct commit_group *group)
{
	(void)pthread_mutex_lock(&group->lock);
	uint64_t mine = group->next++;
	while (group->turn != mine)
		(void)pthread_cond_wait(&group->turn_changed, &group->lock);
	(void)pthread_mutex_unlock(&group->lock);
}

void commit_group_leave(struct commit_group *group)
{
	(void)pthread_mutex_lock(&group->lock);
	group->turn++;
	(void)pthread_cond_broadcast(&group->turn_changed);
	(void)pthread_mutex_unlock(&group->lock);
}

/* If no sync runs, a caller syncs for all waiting callers. A caller that comes during a sync waits for the next
 * sync. */
bool commit_group_make_durable(struct commit_group *group, bool (*sync)(void *context), void *context)
{
	(void)pthread_mutex_lock(&group->lock);
	uint64_t mine = ++group->committed_count;
	while (group->durable_count < mine && !group->failed) {
		if (group->syncing) {
			(void)pthread_cond_wait(&group->turn_changed, &group->lock);
			continue;
		}
		uint64_t all = group->committed_count;
		group->syncing = true;
		(void)pthread_mutex_unlock(&group->lock);
		bool done = sync(context);
		(void)pthread_mutex_lock(&group->lock);
		group->syncing = false;
		if (done)
			group->durable_count = all;
		else
			group->failed = true;
		(void)pthread_cond_broadcast(&group->turn_changed);
	}
	bool durable = group->durable_count >= mine;
	(void)pthread_mutex_unlock(&group->lock);
	return durable;
}
