/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * questions.c - a queue of questions. Each is held by its asker and, from the queue to the end of
 * the answer, by the case: whoever gives up, dies or ends leaves the other nothing to wait for.
 */
#include "questions.h"

#include <linux/gfp.h>
#include <linux/kref.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "host.h"
#include "paged.h"

/* More: an answer takes more of the machine; less: the areas of a large window are cut. */
#define ANSWER_MAX (8UL << 20)

struct question {
	struct list_head queue;
	struct kref users;
	bool done, answered;
	struct paged answer;
	char text[QUESTION_MAX + 1];
};

DECLARE_WAIT_QUEUE_HEAD(questions_answered);

/* Guards the queue, `accepts`, and who is done. */
static DEFINE_SPINLOCK(lock);
static LIST_HEAD(queue);
static bool accepts;
/* The one that is being answered, no longer in the queue; slot 0's alone. */
static struct question *taken;

static void question_free(struct kref *users)
{
	struct question *question = container_of(users, struct question, users);

	paged_exit(&question->answer);
	kfree(question);
}

struct question *question_new(const char *text, size_t length)
{
	struct question *question = kzalloc(sizeof(*question), GFP_KERNEL);

	if (!question)
		return NULL;
	if (paged_init(&question->answer, ANSWER_MAX)) {
		kfree(question);
		return NULL;
	}
	kref_init(&question->users);
	INIT_LIST_HEAD(&question->queue);
	memcpy(question->text, text, length);
	return question;
}

int question_ask(struct question *question)
{
	int error = -ENOENT;

	spin_lock(&lock);
	if (accepts) {
		kref_get(&question->users);
		list_add_tail(&question->queue, &queue);
		error = 0;
	}
	spin_unlock(&lock);
	return error;
}

bool question_done(const struct question *question)
{
	return smp_load_acquire(&question->done);
}

ssize_t question_read(const struct question *question, size_t at, char *to, size_t length)
{
	if (!question->answered)
		return -ENOENT;
	return (ssize_t)paged_read(&question->answer, at, to, length);
}

void question_hold(struct question *question)
{
	kref_get(&question->users);
}

void question_put(struct question *question)
{
	kref_put(&question->users, question_free);
}

/* The case's part in @question ends. */
static void end(struct question *question, bool answered)
{
	question->answered = answered;
	smp_store_release(&question->done, true);
	wake_up_all(&questions_answered);
	question_put(question);
}

void question_drop(struct question *question)
{
	bool waits;

	spin_lock(&lock);
	waits = !list_empty(&question->queue);
	list_del_init(&question->queue);
	spin_unlock(&lock);
	if (waits)
		end(question, false);
	question_put(question);
}

void questions_open(void)
{
	spin_lock(&lock);
	accepts = true;
	spin_unlock(&lock);
}

static struct question *take(void)
{
	struct question *question;

	spin_lock(&lock);
	question = list_first_entry_or_null(&queue, struct question, queue);
	if (question)
		list_del_init(&question->queue);
	spin_unlock(&lock);
	return question;
}

void questions_close(void)
{
	struct question *question;

	spin_lock(&lock);
	accepts = false;
	spin_unlock(&lock);
	while ((question = take()))
		end(question, false);
}

/* Once a slice, and no clock runs: a good place to let others have the CPU, too. */
const char *host_question(void)
{
	cond_resched();
	if (!taken && !list_empty(&queue))
		taken = take();
	return taken ? taken->text : NULL;
}

void host_answer(const char *piece, size_t length)
{
	struct paged *answer = &taken->answer;

	if (!piece) {
		end(taken, true);
		taken = NULL;
		return;
	}
	/* What finds no room is cut. */
	while (paged_room(answer) < length) {
		char *page = paged_page(true);

		if (!page)
			return;
		if (!paged_add(answer, page)) {
			free_page((unsigned long)page);
			return;
		}
	}
	paged_append(answer, piece, length);
}
