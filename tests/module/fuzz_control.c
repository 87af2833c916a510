/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fuzz_control.c SECONDS PROCESSES SEED - do to the module's control files what nobody should, in
 * many processes at once; static, for a guest. Every refusal must be one that lines.h has. Then
 * the module must still do what it is for: a case runs from its words to its code.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define FILES	    "/sys/kernel/debug/trimm/"
#define PARAMETERS  "/sys/module/trimm/parameters/"
#define AT_ONCE	    8
#define PAYLOAD_MAX (1 << 20)

enum operation { OPEN, READ, WRITE, SEEK, POLL };
static const char *const operation_name[] = {"open", "read", "write", "lseek", "poll"};

/* A set of errnos: those used here are below 128. */
struct errnos {
	int number[10];
};

/* What any file may say; then what some may, too. */
static const struct errnos always[] = {
	[OPEN] = {{ENOMEM, EINTR}},
	[READ] = {{EINVAL, EFAULT, EINTR, EAGAIN, ENOMEM}},
	[WRITE] = {{EINVAL, EFAULT, EINTR, ENOMEM}},
	[SEEK] = {{ESPIPE, EINVAL}},
	[POLL] = {{EINTR}},
};
static const struct {
	const char *path;
	struct errnos open, read, write;
} files[] = {
	{FILES "run", {{0}}, {{0}}, {{EBUSY, E2BIG}}},
	{FILES "stop", {{0}}, {{0}}, {{ENOENT}}},
	{FILES "status", {{0}}, {{0}}, {{0}}},
	{FILES "records", {{EBUSY}}, {{ESTALE}}, {{0}}},
	{FILES "ask", {{0}}, {{ENOENT, ETIMEDOUT}}, {{ENOENT, E2BIG}}},
	{FILES "check", {{ENOENT}}, {{ENOENT, ETIMEDOUT}}, {{0}}},
	{FILES "buddyinfo", {{ENOENT}}, {{ENOENT, ETIMEDOUT}}, {{0}}},
	{FILES "slabinfo", {{ENOENT}}, {{ENOENT, ETIMEDOUT}}, {{0}}},
	{FILES "vmallocinfo", {{ENOENT}}, {{ENOENT, ETIMEDOUT}}, {{0}}},
	{FILES "zoneinfo", {{ENOENT}}, {{ENOENT, ETIMEDOUT}}, {{0}}},
	{PARAMETERS "memory", {{0}}, {{0}}, {{ERANGE}}},
	{PARAMETERS "window", {{0}}, {{0}}, {{ERANGE}}},
	{PARAMETERS "invlpg_max", {{0}}, {{0}}, {{ERANGE}}},
};
#define NR_FILES (sizeof(files) / sizeof(files[0]))

/* Some of them are cases, some questions, some settings; none is long to run. */
static const char *const texts[] = {
	"null\nblocks=2\nwarmup=1\nexact_ops=8\nmemory=8M\nwindow=64M\n",
	"null blocks=3 warmup=1 exact_ops=8 memory=8M window=64M",
	"unmap-storm\nblocks=2\nwarmup=5\nexact_ops=8\nmemory=8M\nwindow=64M\nflush=lazy",
	"page-pair\nblocks=1000\nwarmup=1\nexact_ops=8\nmemory=8M\nwindow=64M",
	"kmalloc-pair blocks=2 warmup=1 exact_ops=8 memory=8M window=64M arm:slab=slub "
	"arm:slab=slob",
	"unmap-storm cpus=64",
	"null memory=16G",
	"describe",
	"check\nnull",
	"\n\n\n",
	" ",
	"",
	"buddyinfo 0",
	"buddyinfo all\n",
	"check 0",
	"check 99999999999999999999",
	"vmallocinfo all",
	"no-such-thing 0",
	"8M",
	"64M\n",
	"33",
	"99999999999999999999T",
};
#define NR_TEXTS (sizeof(texts) / sizeof(texts[0]))

struct opened {
	int fd;
	unsigned int file;
};
static struct opened opened[AT_ONCE];
static unsigned int nr_opened;
static char *payload;
static uint64_t state;
static unsigned long *operations; /* shared: of all processes */

static uint64_t below(uint64_t n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (state * 0x2545f4914f6cdd1d >> 32) % n;
}

static bool has(const struct errnos *errnos, int number)
{
	for (int i = 0; i < 10; i++)
		if (errnos->number[i] == number)
			return true;
	return false;
}

static void judge(enum operation operation, unsigned int file, long result)
{
	const struct errnos *own[] = {
		[OPEN] = &files[file].open,
		[READ] = &files[file].read,
		[WRITE] = &files[file].write,
		[SEEK] = NULL,
		[POLL] = NULL,
	};
	int number = errno;

	__atomic_fetch_add(operations, 1, __ATOMIC_RELAXED);
	if (result >= 0 || has(&always[operation], number))
		return;
	if (own[operation] && number && has(own[operation], number))
		return;
	fprintf(stderr, "fuzz_control: %s: %s: %s, which lines.h does not have\n", files[file].path,
		operation_name[operation], strerror(number));
	_exit(1);
}

static void open_one(void)
{
	static const int modes[] = {O_RDONLY, O_WRONLY, O_RDWR};
	unsigned int file = (unsigned int)below(NR_FILES);
	int flags = modes[below(3)] | (below(2) ? O_NONBLOCK : 0), fd;

	if (nr_opened == AT_ONCE)
		close(opened[--nr_opened].fd);
	fd = open(files[file].path, flags);
	judge(OPEN, file, fd);
	if (fd >= 0)
		opened[nr_opened++] = (struct opened){fd, file};
}

/* Text, text with a byte changed, bytes, or very many. */
static size_t fill(void)
{
	const char *text = texts[below(NR_TEXTS)];
	size_t length = strlen(text);

	memcpy(payload, text, length);
	switch (below(8)) {
	case 0:
		length = below(256);
		for (size_t i = 0; i < length; i++)
			payload[i] = (char)below(256);
		break;
	case 1:
		length = below(4) ? 8100 + below(200) : below(PAYLOAD_MAX);
		memset(payload, below(2) ? 'a' : ' ', length);
		break;
	case 2:
		for (length = 0; length < 1200; length += 2)
			memcpy(payload + length, "a ", 2);
		break;
	case 3:
		if (length)
			payload[below(length)] = (char)below(256);
		break;
	default:
		break;
	}
	return length;
}

static void write_one(const struct opened *to)
{
	size_t length = fill();
	void *from = below(32) ? payload : (void *)16;
	ssize_t written;

	written = below(8) ? write(to->fd, from, length)
			   : pwrite(to->fd, from, length, (off_t)below(100));
	/* Without a place in it, a file takes no pwrite(). And EBADF: it is open for reading. */
	if (written < 0 && (errno == ESPIPE || errno == EBADF))
		return;
	judge(WRITE, to->file, written);
}

static void read_one(const struct opened *from)
{
	size_t length = below(4) ? below(8192) : below(PAYLOAD_MAX);
	void *to = below(32) ? payload : (void *)16;
	ssize_t got;

	got = below(8) ? read(from->fd, to, length)
		       : pread(from->fd, to, length, (off_t)below(100000));
	if (got < 0 && (errno == ESPIPE || errno == EBADF))
		return;
	judge(READ, from->file, got);
}

static void poll_one(const struct opened *at)
{
	struct pollfd polled = {.fd = at->fd, .events = (short)(POLLIN | below(2) * POLLOUT)};

	judge(POLL, at->file, poll(&polled, 1, (int)below(10)));
}

/* Somebody who reads, and is killed while it waits. */
static void kill_one(const struct opened *at)
{
	pid_t child = fork();

	if (!child) {
		while (read(at->fd, payload, 4096) > 0)
			;
		_exit(0);
	}
	if (child < 0)
		return;
	usleep((useconds_t)below(3000));
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void step(void)
{
	const struct opened *at = nr_opened ? &opened[below(nr_opened)] : NULL;
	static const int whences[] = {SEEK_SET, SEEK_CUR, SEEK_END, 77};
	uint64_t what = below(32);

	if (!at || what < 8)
		open_one();
	else if (what < 16)
		write_one(at);
	else if (what < 25)
		read_one(at);
	else if (what < 28)
		poll_one(at);
	else if (what < 29)
		judge(SEEK, at->file, lseek(at->fd, (off_t)below(1000) - 100, whences[below(4)]));
	else if (what < 30)
		kill_one(at);
	else
		close(opened[--nr_opened].fd);
}

static void on_alarm(int number)
{
	(void)number;
}

static void fuzz(time_t end, uint64_t seed)
{
	const struct itimerval often = {.it_interval = {.tv_usec = 20000},
					.it_value = {.tv_usec = 20000}};
	const struct sigaction interrupt = {.sa_handler = on_alarm};

	state = seed;
	/* Without SA_RESTART: no wait lasts. */
	sigaction(SIGALRM, &interrupt, NULL);
	setitimer(ITIMER_REAL, &often, NULL);
	while (time(NULL) < end)
		step();
	_exit(0);
}

static bool idle(void)
{
	char text[64] = "";
	int fd = open(FILES "status", O_RDONLY);
	ssize_t got = read(fd, text, sizeof(text) - 1);

	close(fd);
	return got > 0 && !strncmp(text, "state idle\n", strlen("state idle\n"));
}

/* The end of what `records` has of a case, in 30 s at most. */
static int run_case(const char *words, char *end, size_t size)
{
	int fd = open(FILES "run", O_WRONLY);
	size_t length = 0;
	ssize_t got;

	if (write(fd, words, strlen(words)) < 0)
		return -1;
	close(fd);
	fd = open(FILES "records", O_RDONLY);
	alarm(30);
	while ((got = read(fd, payload, PAYLOAD_MAX)) > 0) {
		length = (size_t)got < size - 1 ? (size_t)got : size - 1;
		memcpy(end, payload + got - length, length);
	}
	end[length] = '\0';
	close(fd);
	return got ? -1 : 0;
}

static int still_works(void)
{
	char end[16] = "";
	int fd = open(FILES "stop", O_WRONLY);

	if (write(fd, "1", 1) < 0 && errno != ENOENT)
		perror("fuzz_control: stop");
	close(fd);
	for (int i = 0; i < 300 && !idle(); i++)
		usleep(100000);
	if (idle() &&
	    !run_case("null\nblocks=2\nwarmup=1\nmemory=8M\nwindow=64M", end, sizeof(end)) &&
	    strlen(end) >= 3 && !strcmp(end + strlen(end) - 3, "X0\n"))
		return 0;
	fprintf(stderr, "fuzz_control: afterwards no case runs; what there was ends with \"%s\"\n",
		end);
	return 1;
}

int main(int argc, char **argv)
{
	int processes = argc == 4 ? atoi(argv[2]) : 0, status, code = 0;
	time_t end = time(NULL) + (argc == 4 ? atoi(argv[1]) : 0);

	if (processes < 1) {
		fputs("usage: fuzz_control SECONDS PROCESSES SEED\n", stderr);
		return 2;
	}
	payload =
		mmap(NULL, PAYLOAD_MAX, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	operations = mmap(NULL, sizeof(*operations), PROT_READ | PROT_WRITE,
			  MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (payload == MAP_FAILED || operations == MAP_FAILED)
		return 1;
	for (int i = 0; i < processes; i++)
		if (!fork())
			fuzz(end,
			     (strtoull(argv[3], NULL, 10) + 1) * 0x9e3779b97f4a7c15 + (uint64_t)i);
	while (wait(&status) > 0)
		code |= status != 0;
	code |= still_works();
	printf("fuzz_control: %lu operations, %d processes, seed %s: %s\n", *operations, processes,
	       argv[3], code ? "failed" : "fine");
	return code;
}
