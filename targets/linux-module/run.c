/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * run.c - one case at a time, in a kthread bound to the CPU of slot 0. It ends by itself; it is
 * joined by the next start, or by run_end().
 */
#include "run.h"

#include <linux/cpu.h>
#include <linux/kthread.h>
#include <linux/mutex.h>
#include <linux/sched/task.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "harness.h"
#include "host.h"
#include "lines.h"
#include "memory.h"
#include "params.h"
#include "questions.h"
#include "selftest_flush.h"
#include "stream.h"
#include "trace_file.h"
#include "words_split.h"
#include "workers.h"

DECLARE_WAIT_QUEUE_HEAD(run_changed);

/* The words of the case, of which its own thread is the reader. */
static char line[LINES_WORDS_MAX + 1];
static char *word[WORDS_MAX];
static int nr_words;

static DEFINE_MUTEX(starting); /* guards `thread`, and one start against another */
static struct task_struct *thread;
static DEFINE_SPINLOCK(lock); /* guards status */
static struct run_status status;

static void state_set(enum run_state state)
{
	WRITE_ONCE(status.state, state);
	status.changes++;
	wake_up_all(&run_changed);
}

void run_status_read(struct run_status *out)
{
	spin_lock(&lock);
	*out = status;
	spin_unlock(&lock);
}

bool run_active(void)
{
	return READ_ONCE(status.state) != RUN_IDLE;
}

bool run_stopping(void)
{
	return READ_ONCE(status.state) == RUN_STOPPING;
}

static int selftest(void)
{
	if (nr_words == 2 && !strcmp(word[1], "flush"))
		return selftest_flush();
	host_error("selftest: say which: flush");
	return 2;
}

static int run_main(void *unused)
{
	int code = 1;

	(void)unused;
	params_reset();
	if (workers_stay(0)) {
		code = strcmp(word[0], "selftest") ? bench_main(nr_words, word) : selftest();
		workers_leave();
	} else {
		host_error("CPU %d is going offline", workers_cpu(0));
	}
	trace_file_close();
	if (memory_held()) {
		host_error("%lu KiB were not given back", memory_held() << (TRI_PAGE_SHIFT - 10));
		code = 1;
	}
	questions_close();
	/* Whoever reads the last line may start the next case. */
	spin_lock(&lock);
	status.code = stream_end(code);
	state_set(RUN_IDLE);
	spin_unlock(&lock);
	return 0;
}

static void join(void)
{
	if (!thread)
		return;
	kthread_stop(thread);
	put_task_struct(thread);
	thread = NULL;
}

static void begin(struct task_struct *task)
{
	/* From here on no CPU goes offline unless the case has ended: see workers.c. */
	cpus_read_lock();
	workers_choose();
	spin_lock(&lock);
	status.number++;
	state_set(RUN_RUNNING);
	spin_unlock(&lock);
	cpus_read_unlock();
	stream_begin();
	questions_open();
	thread = get_task_struct(task);
	kthread_bind(task, workers_cpu(0));
	wake_up_process(task);
}

static int start(const char *words, size_t length)
{
	struct run_status before;
	struct task_struct *task;

	/* Under its lock: who has read the last line may be here before that case's last store. */
	run_status_read(&before);
	if (before.state != RUN_IDLE)
		return -EBUSY;
	join();
	memcpy(line, words, length);
	line[length] = 0;
	nr_words = words_split(line, word);
	if (nr_words < 0)
		return -E2BIG;
	if (!nr_words)
		return -EINVAL;
	task = kthread_create(run_main, NULL, "trimm/0");
	if (IS_ERR(task))
		return -ENOMEM;
	begin(task);
	return 0;
}

/* Bytes that no text has: they would be quoted to terminals and in records. */
static bool is_text(const char *words, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)words[i] < ' ' ? words[i] != '\n' : words[i] == 0x7f)
			return false;
	return true;
}

int run_start(const char *words, size_t length)
{
	int error;

	if (length > LINES_WORDS_MAX)
		return -E2BIG;
	if (!is_text(words, length))
		return -EINVAL;
	/* What `echo` adds is between no words. */
	while (length && words[length - 1] == '\n')
		length--;
	mutex_lock(&starting);
	error = start(words, length);
	mutex_unlock(&starting);
	return error;
}

int run_stop(void)
{
	int error = 0;

	spin_lock(&lock);
	if (status.state == RUN_RUNNING)
		state_set(RUN_STOPPING);
	else if (status.state == RUN_IDLE)
		error = -ENOENT;
	spin_unlock(&lock);
	return error;
}

void run_end(void)
{
	run_stop();
	/* A kthread that is joined before it has run never does, and its case would not end. */
	wait_event(run_changed, !run_active());
	mutex_lock(&starting);
	join();
	mutex_unlock(&starting);
}
