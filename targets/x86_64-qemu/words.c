/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * words.c - lines out: into the log that the starter of the machine reads, or, where nobody
 * shares memory with us, byte by byte to the debug console.
 *
 * Any state: a line may be wanted by the trap handler of a CPU that was writing one, or while
 * the CPU that was writing has been stopped. So the lock is waited for, but not for ever.
 */
#include "channel.h"
#include "cpu.h"
#include "host.h"
#include "machine.h"
#include "memory.h"
#include "text.h"

/* Longer lines are cut. */
#define WORDS_LINE 512

/* More: a line of a CPU that died comes later; less: lines of 64 busy CPUs could mix. */
#define LOCK_TURNS 10000000UL

#define DEBUG_CONSOLE 0xe9

/* Of the log, for words only: records that fill it must not hide why a run ended. */
#define WORDS_ROOM (64UL << 10)

static const char prefix[] = "trimm-kernel: ";

/* Number of the CPU that writes, and 1; 0: none. */
static unsigned int writer;

/* True if the lock is ours to give back; else we write inside, or in spite, of another line. */
static bool lock(void)
{
	unsigned int me = plat_cpu() + 1, free;

	for (unsigned long turns = 0; turns < LOCK_TURNS; turns++) {
		if (__atomic_load_n(&writer, __ATOMIC_RELAXED) == me)
			return false;
		free = 0;
		if (__atomic_compare_exchange_n(&writer, &free, me, false, __ATOMIC_ACQUIRE,
						__ATOMIC_RELAXED))
			return true;
		__builtin_ia32_pause();
	}
	return false;
}

static void unlock(void)
{
	__atomic_store_n(&writer, 0, __ATOMIC_RELEASE);
}

static void console_write(const char *text, unsigned long length)
{
	__asm__ volatile("rep outsb" : "+S"(text), "+c"(length) : "d"(DEBUG_CONSOLE) : "memory");
}

/* `written` moves once the whole line is there. */
static void log_write(struct channel *channel, char kind, const char *line, unsigned long length)
{
	char *at = (char *)memory_ptr(CHANNEL_LOG) + channel->written;
	unsigned long room = channel->log_bytes - channel->written;
	unsigned long kept = kind == CHANNEL_WORDS ? 0 : WORDS_ROOM;

	if (room < length + 2 + kept) {
		channel->overflow++;
		return;
	}
	*at++ = kind;
	memcpy(at, line, length);
	at[length] = '\n';
	__atomic_store_n(&channel->written, channel->written + length + 2, __ATOMIC_RELEASE);
}

void words_line(char kind, const char *line, unsigned long length)
{
	struct channel *channel = machine_channel();
	unsigned long saved = plat_pin();
	bool locked = lock();

	if (channel) {
		log_write(channel, kind, line, length);
	} else {
		console_write(line, length);
		console_write("\n", 1);
	}
	if (locked)
		unlock();
	plat_unpin(saved);
}

struct line {
	unsigned int length;
	char text[WORDS_LINE];
};

static void collect(void *arg, const char *piece, size_t length)
{
	struct line *line = arg;
	unsigned long room = sizeof(line->text) - line->length;
	unsigned long taken = length < room ? length : room;

	memcpy(line->text + line->length, piece, taken);
	line->length += taken;
}

void words_say(const char *fmt, va_list args)
{
	struct line line = {.length = 0};
	struct text text = {.write = collect, .arg = &line};

	collect(&line, prefix, sizeof(prefix) - 1);
	text_add_args(&text, fmt, args);
	text_end(&text);
	words_line(CHANNEL_WORDS, line.text, line.length);
}

void words_printf(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	words_say(fmt, args);
	va_end(args);
}

void host_error(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	words_say(fmt, args);
	va_end(args);
}
