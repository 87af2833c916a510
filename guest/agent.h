/* SPDX-License-Identifier: GPL-2.0-only */
/* agent.h - what the parts of the agent owe each other; see agent.c. */
#ifndef GUEST_AGENT_H
#define GUEST_AGENT_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* --- control.c: the module, by its files --- */
/*
 * 0, or -1: @why says what is wrong, in one line. @path is of a trimm.ko, @params are as insmod's:
 * "NAME=VALUE ..." or "".
 */
int control_load(const char *path, const char *params, char *why, size_t size);
#define CONTROL_MODULE "trimm"
/* Is it loaded, by whomever? */
bool control_is_there(void);
/* It was loaded for us: control_unload() is to remove it. */
void control_loaded(void);
/* Nothing if it was not loaded here. 0 or -1. */
int control_unload(char *why, size_t size);
/* Start the case of @words: its lines come by the descriptor returned, or -1. */
int control_run(const char *words, size_t length, char *why, size_t size);
void control_stop(void);
/* Its file to poll for the end of a case (lines.h, status), or -1. */
int control_status(void);
/* Read @status: is a case active? Until then poll() finds it readable. */
bool control_active(int status);
/* Ask in a process of its own, since the answer may take its time: where it comes, or -1. */
int control_ask(const char *question);
/* /proc/sys/kernel/tainted; what is set by any module from outside the kernel's tree left out. */
unsigned long control_taint(void);

/* --- tracer.c: probes in the guest's kernel --- */
/*
 * Beside a case of @words, if the launcher wants that: trimm-trace, which ends by SIGTERM. An empty
 * line at *output says that its probes are in; all else there are records, or words to the user. 0:
 * there is none.
 */
pid_t tracer_start(const char *words, size_t length, int *output);

/* --- init.c: the first program of a guest --- */
/* Everything up to an open port, which is returned; does not return if that cannot be. */
int init_guest(void);

/* --- serve.c --- */
/* Obey what comes by @port (port.h), for ever. */
void serve(int port) __attribute__((noreturn));

/* --- on_host.c --- */
/* Run one case on the kernel this machine runs. The exit code. */
int on_host(int nr_words, char *const *words);

/* --- agent.c --- */
/* All of it, whatever it takes; false: nobody will read it any more. */
bool write_all(int fd, const void *bytes, size_t length);
/* A file's text, of at most @size - 1 bytes, without its last newline. False: there is none. */
bool read_text(const char *path, char *text, size_t size);

#endif /* GUEST_AGENT_H */
