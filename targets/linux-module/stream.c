/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * stream.c - the lines of a case: pages, filled by whoever has a line, read by one reader.
 *
 * `lock` guards all below it and may be taken anywhere; pages are given back under `readers`,
 * too, which a reader holds while it copies. Slot 0's lines, the long ones, are given memory
 * before they come (stream_make_room()); a line that can't wait takes what is there.
 */
#include "stream.h"

#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/minmax.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "lines.h"
#include "paged.h"

/* More: a runaway case takes more of the machine; less: long comparisons lose records. */
#define STREAM_MAX (64UL << 20)
/* Of that for words only: records that fill it must not hide why. */
#define WORDS_ROOM (64UL << 10)
/* Memory kept ready for lines that can't wait for any. */
#define READY (16UL << 10)

DECLARE_WAIT_QUEUE_HEAD(stream_grew);

static DEFINE_MUTEX(readers);
static DEFINE_SPINLOCK(lock);
static struct paged lines;
static unsigned long number, lost;
static bool running;
/* What follows the lines once the case is over; needs no page then. */
static char last[160];
static size_t last_length;

int stream_init(void)
{
	return paged_init(&lines, STREAM_MAX);
}

void stream_exit(void)
{
	paged_exit(&lines);
}

void stream_begin(void)
{
	mutex_lock(&readers);
	paged_clear(&lines);
	spin_lock_irq(&lock);
	number++;
	lost = 0;
	last_length = 0;
	running = true;
	spin_unlock_irq(&lock);
	mutex_unlock(&readers);
	stream_make_room(READY);
	wake_up_all(&stream_grew);
}

/* True once it is done with: there is room, or there will be none. */
static bool room_made(size_t bytes, char **page)
{
	bool done;

	spin_lock_irq(&lock);
	if (*page && paged_add(&lines, *page))
		*page = NULL;
	done = *page || paged_room(&lines) >= bytes + READY;
	spin_unlock_irq(&lock);
	return done;
}

void stream_make_room(size_t bytes)
{
	char *page = NULL;

	while (!room_made(bytes, &page)) {
		page = paged_page(true);
		if (!page)
			return;
	}
	free_page((unsigned long)page);
}

static bool grow(size_t bytes)
{
	while (paged_room(&lines) < bytes) {
		char *page = paged_page(false);

		if (!page)
			return false;
		paged_add(&lines, page);
	}
	return true;
}

void stream_line(char kind, const char *line, size_t length)
{
	size_t kept = kind == LINE_WORDS ? 0 : WORDS_ROOM;
	unsigned long flags;

	spin_lock_irqsave(&lock, flags);
	if (running) {
		if (paged_left(&lines) < length + 2 + kept || !grow(length + 2)) {
			lost++;
		} else {
			paged_append(&lines, &kind, 1);
			paged_append(&lines, line, length);
			paged_append(&lines, "\n", 1);
		}
	}
	spin_unlock_irqrestore(&lock, flags);
	wake_up_all(&stream_grew);
}

int stream_end(int code)
{
	spin_lock_irq(&lock);
	running = false;
	if (lost) {
		last_length = scnprintf(last, sizeof(last),
					"%ctrimm-module: %lu lines found no room in %lu MiB: split "
					"the case, or give it more memory (ram=)\n",
					LINE_WORDS, lost, STREAM_MAX >> 20);
		code = code ?: 1;
	}
	last_length += scnprintf(last + last_length, sizeof(last) - last_length, "%c%d\n",
				 LINE_CODE, code);
	spin_unlock_irq(&lock);
	wake_up_all(&stream_grew);
	return code;
}

bool stream_news(const struct stream_place *place)
{
	bool news;

	spin_lock_irq(&lock);
	news = !running || place->at < lines.length || (place->number && place->number != number);
	spin_unlock_irq(&lock);
	return news;
}

ssize_t stream_read(struct stream_place *place, char *to, size_t length)
{
	size_t got, there, end;

	mutex_lock(&readers);
	spin_lock_irq(&lock);
	there = lines.length;
	end = last_length;
	if (!place->number)
		place->number = number;
	spin_unlock_irq(&lock);
	if (place->number != number) {
		mutex_unlock(&readers);
		return -ESTALE;
	}
	if (place->at < there) {
		got = paged_read(&lines, place->at, to, min(length, there - place->at));
	} else {
		got = min(length, there + end - place->at);
		memcpy(to, last + (place->at - there), got);
	}
	place->at += got;
	mutex_unlock(&readers);
	return (ssize_t)got;
}
