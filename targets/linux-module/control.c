/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * control.c - the files in debugfs; what each takes and gives is in lines.h.
 *
 * Every file holds the module while it is open (.owner), so none is removed in use. Waiting is
 * interruptible, and what waits holds nothing that somebody else needs.
 */
#include "control.h"

#include <linux/debugfs.h>
#include <linux/fs.h>
#include <linux/module.h>
#include <linux/poll.h>
#include <linux/seq_file.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "lines.h"
#include "questions.h"
#include "run.h"
#include "stream.h"

/* An asker waits so long: under an emulator a block's setup takes seconds. */
#define ANSWER_PATIENCE (30 * HZ)

static struct dentry *folder;

/* --- run, stop --- */

static int open_stream(struct inode *inode, struct file *file)
{
	return stream_open(inode, file);
}

static ssize_t run_write(struct file *file, const char __user *from, size_t length, loff_t *at)
{
	char *words;
	int error;

	if (length > LINES_WORDS_MAX)
		return -E2BIG;
	words = memdup_user(from, length);
	if (IS_ERR(words))
		return PTR_ERR(words);
	error = run_start(words, length);
	kfree(words);
	return error ?: (ssize_t)length;
}

static const struct file_operations run_file = {
	.owner = THIS_MODULE,
	.open = open_stream,
	.write = run_write,
};

static ssize_t stop_write(struct file *file, const char __user *from, size_t length, loff_t *at)
{
	return run_stop() ?: (ssize_t)length;
}

static const struct file_operations stop_file = {
	.owner = THIS_MODULE,
	.open = open_stream,
	.write = stop_write,
};

/* --- status --- */

static int status_show(struct seq_file *seq, void *unused)
{
	static const char *const name[] = {
		[RUN_IDLE] = "idle",
		[RUN_RUNNING] = "running",
		[RUN_STOPPING] = "stopping",
	};
	struct run_status status;

	run_status_read(&status);
	seq->poll_event = (int)status.changes;
	seq_printf(seq, "state %s\ncases %lu\n", name[status.state], status.number);
	if (status.number > (status.state != RUN_IDLE))
		seq_printf(seq, "code %d\n", status.code);
	return 0;
}

static int status_open(struct inode *inode, struct file *file)
{
	int error = single_open(file, status_show, NULL);
	struct run_status status;

	if (error)
		return error;
	/* Not read yet: there is something to read. */
	run_status_read(&status);
	((struct seq_file *)file->private_data)->poll_event = (int)status.changes - 1;
	return 0;
}

static __poll_t status_poll(struct file *file, poll_table *wait)
{
	struct seq_file *seq = file->private_data;
	struct run_status status;

	poll_wait(file, &run_changed, wait);
	run_status_read(&status);
	return seq->poll_event == (int)status.changes ? 0 : EPOLLIN | EPOLLRDNORM;
}

static const struct file_operations status_file = {
	.owner = THIS_MODULE,
	.open = status_open,
	.read = seq_read,
	.llseek = seq_lseek,
	.poll = status_poll,
	.release = single_release,
};

/* --- records --- */

/* More: a large stream takes fewer calls; less: an open file takes less memory. */
#define RECORDS_PIECE (64UL << 10)

struct records_reader {
	struct mutex busy; /* threads that share the file take turns */
	struct stream_place place;
	char piece[]; /* RECORDS_PIECE */
};

static atomic_t records_readers;

static int records_open(struct inode *inode, struct file *file)
{
	struct records_reader *reader;

	if (atomic_cmpxchg(&records_readers, 0, 1))
		return -EBUSY;
	reader = kvzalloc(sizeof(*reader) + RECORDS_PIECE, GFP_KERNEL);
	if (!reader) {
		atomic_set(&records_readers, 0);
		return -ENOMEM;
	}
	mutex_init(&reader->busy);
	file->private_data = reader;
	return stream_open(inode, file);
}

static int records_release(struct inode *inode, struct file *file)
{
	kvfree(file->private_data);
	atomic_set(&records_readers, 0);
	return 0;
}

static ssize_t read_piece(struct records_reader *reader, char __user *to, size_t length)
{
	struct stream_place before = reader->place;
	ssize_t got = stream_read(&reader->place, reader->piece, min(length, RECORDS_PIECE));

	if (got <= 0)
		return got;
	if (!copy_to_user(to, reader->piece, got))
		return got;
	reader->place = before;
	return -EFAULT;
}

static ssize_t records_read(struct file *file, char __user *to, size_t length, loff_t *at)
{
	struct records_reader *reader = file->private_data;
	ssize_t got;
	int error;

	if (!length)
		return 0;
	for (;;) {
		bool over;

		error = mutex_lock_interruptible(&reader->busy);
		if (error)
			return error;
		/* In this order: what was the last is then read. */
		over = stream_news(&reader->place);
		got = read_piece(reader, to, length);
		mutex_unlock(&reader->busy);
		if (got || over)
			return got;
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		error = wait_event_interruptible(stream_grew, stream_news(&reader->place));
		if (error)
			return error;
	}
}

static __poll_t records_poll(struct file *file, poll_table *wait)
{
	struct records_reader *reader = file->private_data;

	poll_wait(file, &stream_grew, wait);
	return stream_news(&reader->place) ? EPOLLIN | EPOLLRDNORM : 0;
}

static const struct file_operations records_file = {
	.owner = THIS_MODULE,
	.open = records_open,
	.read = records_read,
	.poll = records_poll,
	.release = records_release,
};

/* --- ask, and the files that are a question each --- */

struct asker {
	struct mutex busy;	   /* to replace the question, and to read its answer */
	spinlock_t lock;	   /* of the pointer */
	struct question *question; /* NULL: none asked */
	unsigned long deadline;
	size_t at;
	bool headless; /* the answer without its first line */
};

static struct asker *asker_open(struct inode *inode, struct file *file)
{
	struct asker *asker = kzalloc(sizeof(*asker), GFP_KERNEL);

	if (!asker)
		return NULL;
	mutex_init(&asker->busy);
	spin_lock_init(&asker->lock);
	file->private_data = asker;
	stream_open(inode, file);
	return asker;
}

static struct question *replace(struct asker *asker, struct question *question)
{
	spin_lock(&asker->lock);
	swap(asker->question, question);
	spin_unlock(&asker->lock);
	return question;
}

static int asker_release(struct inode *inode, struct file *file)
{
	struct asker *asker = file->private_data;
	struct question *question = replace(asker, NULL);

	if (question)
		question_drop(question);
	kfree(asker);
	return 0;
}

/* A new question takes the place of the one before. */
static int asker_ask(struct asker *asker, const char *text, size_t length)
{
	struct question *question = question_new(text, length);
	int error;

	if (!question)
		return -ENOMEM;
	error = question_ask(question);
	if (error) {
		question_drop(question);
		return error;
	}
	mutex_lock(&asker->busy);
	question = replace(asker, question);
	asker->deadline = jiffies + ANSWER_PATIENCE;
	asker->at = 0;
	mutex_unlock(&asker->busy);
	if (question)
		question_drop(question);
	return 0;
}

/* To be put by who gets it; NULL: none was asked. */
static struct question *asked(struct asker *asker)
{
	struct question *question;

	spin_lock(&asker->lock);
	question = asker->question;
	if (question)
		question_hold(question);
	spin_unlock(&asker->lock);
	return question;
}

static int wait_for(const struct asker *asker, const struct question *question)
{
	long left = (long)(READ_ONCE(asker->deadline) - jiffies);

	if (question_done(question))
		return 0;
	left = wait_event_interruptible_timeout(questions_answered, question_done(question),
						left > 0 ? left : 0);
	if (left < 0)
		return (int)left;
	return left ? 0 : -ETIMEDOUT;
}

/* Where the answer's second line begins. */
static size_t behind_head(const struct question *question)
{
	size_t at = 0;
	char c;

	while (question_read(question, at, &c, 1) == 1)
		if (at++, c == '\n')
			break;
	return at;
}

static ssize_t read_answer(struct asker *asker, const struct question *question, char __user *to,
			   size_t length)
{
	char *piece;
	ssize_t got;

	length = min_t(size_t, length, PAGE_SIZE);
	piece = kmalloc(length, GFP_KERNEL);
	if (!piece)
		return -ENOMEM;
	mutex_lock(&asker->busy);
	if (asker->headless && !asker->at)
		asker->at = behind_head(question);
	got = question_read(question, asker->at, piece, length);
	if (got > 0 && copy_to_user(to, piece, got))
		got = -EFAULT;
	if (got > 0)
		asker->at += got;
	mutex_unlock(&asker->busy);
	kfree(piece);
	return got;
}

static ssize_t asker_read(struct file *file, char __user *to, size_t length, loff_t *at)
{
	struct asker *asker = file->private_data;
	struct question *question = asked(asker);
	ssize_t got;

	if (!question)
		return -EINVAL;
	if (!length)
		got = 0;
	else if (file->f_flags & O_NONBLOCK && !question_done(question))
		got = -EAGAIN;
	else
		got = wait_for(asker, question) ?: read_answer(asker, question, to, length);
	question_put(question);
	return got;
}

static __poll_t asker_poll(struct file *file, poll_table *wait)
{
	struct asker *asker = file->private_data;
	struct question *question = asked(asker);
	__poll_t ready = EPOLLOUT | EPOLLWRNORM;

	poll_wait(file, &questions_answered, wait);
	if (!question)
		return ready;
	if (question_done(question))
		ready |= EPOLLIN | EPOLLRDNORM;
	question_put(question);
	return ready;
}

static int ask_open(struct inode *inode, struct file *file)
{
	return asker_open(inode, file) ? 0 : -ENOMEM;
}

static bool is_printable(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return length;
}

/* What `echo` writes ends with a newline. */
static ssize_t ask_write(struct file *file, const char __user *from, size_t length, loff_t *at)
{
	char text[QUESTION_MAX + 1];
	size_t taken = length;
	int error;

	if (length > sizeof(text))
		return -E2BIG;
	if (copy_from_user(text, from, length))
		return -EFAULT;
	if (length && text[length - 1] == '\n')
		taken--;
	if (taken > QUESTION_MAX)
		return -E2BIG;
	if (!is_printable(text, taken))
		return -EINVAL;
	error = asker_ask(file->private_data, text, taken);
	return error ?: (ssize_t)length;
}

static const struct file_operations ask_file = {
	.owner = THIS_MODULE,
	.open = ask_open,
	.read = asker_read,
	.write = ask_write,
	.poll = asker_poll,
	.release = asker_release,
};

/* The inode has the name of what to show. */
static int show_open(struct inode *inode, struct file *file)
{
	struct asker *asker = asker_open(inode, file);
	char text[QUESTION_MAX + 1];
	int length, error;

	if (!asker)
		return -ENOMEM;
	asker->headless = true;
	length = scnprintf(text, sizeof(text), "%s all", (const char *)inode->i_private);
	error = asker_ask(asker, text, length);
	if (error)
		asker_release(inode, file);
	return error;
}

static const struct file_operations show_file = {
	.owner = THIS_MODULE,
	.open = show_open,
	.read = asker_read,
	.poll = asker_poll,
	.release = asker_release,
};

/* --- The folder --- */

static const struct {
	const char *name;
	umode_t mode;
	const struct file_operations *operations;
} file[] = {
	{"run", 0200, &run_file},	{"stop", 0200, &stop_file},
	{"status", 0400, &status_file}, {"records", 0400, &records_file},
	{"ask", 0600, &ask_file},	{"check", 0400, &show_file},
#define SHOW(name, about) {#name, 0400, &show_file},
#include "shows.def"
#undef SHOW
};

int control_init(void)
{
	folder = debugfs_create_dir("trimm", NULL);
	for (size_t i = 0; i < ARRAY_SIZE(file) && !IS_ERR(folder); i++) {
		struct dentry *made = debugfs_create_file(file[i].name, file[i].mode, folder,
							  (void *)file[i].name, file[i].operations);

		if (!IS_ERR(made))
			continue;
		debugfs_remove(folder);
		folder = made;
	}
	return PTR_ERR_OR_ZERO(folder);
}

void control_exit(void)
{
	debugfs_remove(folder);
}
