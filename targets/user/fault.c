/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * fault.c - SIGSEGV and SIGBUS, told in mmcore's terms: which area, and what became of it.
 *
 * Only write() and _exit() are called, and no lock is taken: the thread that faulted may
 * hold any of them.
 */
#include "fault.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "arena.h"
#include "window.h"
#include "words.h"

/* More: address space; less: a CPU with AMX saves 11 KiB of registers on it. */
#define FAULT_STACK (32 << 10)

static char stacks[TRI_MAX_CPUS][FAULT_STACK] __attribute__((aligned(64)));
static struct sigaction before_segv, before_bus;

static void pass_on(const struct sigaction *before, int signal, siginfo_t *info, void *context)
{
	if (before->sa_flags & SA_SIGINFO)
		before->sa_sigaction(signal, info, context);
	else
		before->sa_handler(signal);
}

static void no_memory(struct words *line, uintptr_t addr)
{
	words_text(line, "out of memory behind address ");
	words_hex(line, addr);
	words_text(line, ": lower memory=, or raise the limit of the memory cgroup");
}

static void fault_handler(int signal, siginfo_t *info, void *context)
{
	const struct sigaction *before = signal == SIGSEGV ? &before_segv : &before_bus;
	uintptr_t addr = (uintptr_t)info->si_addr;
	const struct window *window = window_find(addr);
	struct words line;

	words_begin(&line);
	if (signal == SIGBUS && (window || arena_holds(addr))) {
		no_memory(&line, addr);
	} else if (window && window->pages) {
		exact_explain(window, addr, &line);
	} else if (before->sa_handler != SIG_DFL && before->sa_handler != SIG_IGN) {
		pass_on(before, signal, info, context);
		return;
	} else {
		words_text(&line, signal == SIGSEGV ? "segmentation fault at " : "bus error at ");
		words_hex(&line, addr);
	}
	words_end(&line);
	_exit(EXIT_FAILURE);
}

static void catch (int signal, struct sigaction *before)
{
	struct sigaction ours = {.sa_sigaction = fault_handler,
				 .sa_flags = SA_SIGINFO | SA_ONSTACK};
	struct sigaction present;

	sigaction(signal, NULL, &present);
	if (present.sa_sigaction == fault_handler)
		return;
	*before = present;
	sigemptyset(&ours.sa_mask);
	sigaction(signal, &ours, NULL);
}

void fault_catch(void)
{
	catch (SIGSEGV, &before_segv);
	catch (SIGBUS, &before_bus);
}

void fault_use_stack(void)
{
	stack_t stack = {.ss_sp = stacks[plat_cpu()], .ss_size = FAULT_STACK}, present;

	/* A sanitizer's threads come with one, which it frees itself. */
	if (!sigaltstack(NULL, &present) && (present.ss_flags & SS_DISABLE))
		sigaltstack(&stack, NULL);
}
