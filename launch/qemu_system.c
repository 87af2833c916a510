/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * qemu_system.c - the bare-metal kernel under qemu-system-x86_64.
 *
 * The guest's whole RAM is an anonymous file both processes have mapped: its log is read where
 * the guest wrote it, nothing crosses a device, and nothing is left behind. The host writes to
 * it only before the start, and later if the user asks to stop, or asks a question.
 *
 * microvm has no firmware worth waiting for; icount needs its timer chip (DESIGN.md).
 */
#include "accel.h"
#include "arguments.h"
#include "channel_reader.h"
#include "child.h"
#include "launch.h"
#include "passing.h"
#include "plugin.h"
#include "points_reader.h"
#include "ram.h"
#include "trace_file.h"
#include "watchdog.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define RAM_FD	 CHILD_FD
#define ROWS_FD	 (CHILD_FD + 1)
#define CPUS_MAX 64

/* A look at the log costs a CPU of the guest's: rarely, while nothing happens. */
#define LOOK_MS_MIN 1
#define LOOK_MS_MAX 20

/* What QEMU and an early guest said: for the user if the run fails, else for nobody. */
#define SAID_MAX 4096

struct machine {
	unsigned int cpus;
	uint64_t ram, trace; /* trace: bytes of trace= */
	char *memory;	     /* the guest's, mapped */
	int memory_fd, rows_fd;
	struct channel *channel;
	struct rows *rows;
};

struct run {
	const struct options *options;
	struct machine machine;
	struct accel accel;
	struct child child;
	struct channel_reader reader;
	struct sink sink;
	struct passing passing;
	struct watchdog watchdog;
	bool hangs;
	char gave_up[CHILD_SAID_MAX]; /* KVM's word that it can't go on, or "" */
	int look_ms;
	char said[SAID_MAX];
	size_t said_length;
};

static unsigned int own_cpus(void)
{
	cpu_set_t set;
	int cpus = sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);

	return cpus < CPUS_MAX ? (unsigned int)cpus : CPUS_MAX;
}

static int size_machine(struct machine *machine, const struct options *options)
{
	int code = 0;

	machine->trace = options->trace ? trace_file_bytes(options->trace, &code) : 0;
	if (code)
		return code;
	machine->cpus = options->cpus ? options->cpus : own_cpus();
	machine->ram = options->ram ? options->ram
				    : ram_for(options->arms, options->memory, machine->cpus);
	if (machine->ram && !options->ram)
		machine->ram +=
			(options->events * machine->cpus + RAM_STEP - 1) / RAM_STEP * RAM_STEP;
	/* What looks through a trace and replays it takes as much again, at most. */
	if (machine->ram && machine->trace && !options->ram)
		machine->ram += ram_for_trace(machine->trace);
	if (machine->ram > RAM_MAX || machine->trace > TRACE_MAX) {
		launch_error("trace=%s: %lu MiB are more than a machine of %lu GiB has room for",
			     options->trace, machine->trace >> 20, RAM_MAX >> 30);
		return LAUNCH_USAGE;
	}
	if (machine->ram)
		return 0;
	launch_error("memory=%luM: %u times that, for %u CPUs, is more than the %lu GiB a machine "
		     "can have; lower memory=",
		     options->memory >> 20, options->arms, machine->cpus, RAM_MAX >> 30);
	return LAUNCH_USAGE;
}

static int make_machine(struct machine *machine, const struct options *options)
{
	int code = size_machine(machine, options);

	machine->rows_fd = -1;
	if (code)
		return code;
	machine->memory_fd = launch_share("ram", machine->ram, (void **)&machine->memory);
	if (machine->memory_fd < 0)
		return LAUNCH_FAILED;
	machine->channel = (struct channel *)(machine->memory + CHANNEL_ADDRESS);
	machine->channel->magic = CHANNEL_MAGIC;
	machine->channel->log_bytes = ram_log(machine->ram);
	if (machine->trace) {
		machine->channel->trace_bytes = machine->trace;
		if (CHANNEL_LOG + machine->channel->log_bytes + machine->trace >
		    ram_low(machine->ram)) {
			launch_error("trace=%s: ram=%luM has no room for its %lu MiB; raise ram=",
				     options->trace, machine->ram >> 20, machine->trace >> 20);
			return LAUNCH_USAGE;
		}
		code = trace_file_load(options->trace,
				       machine->memory + CHANNEL_LOG + machine->channel->log_bytes,
				       machine->trace);
		if (code)
			return code;
	}
	machine->channel->modelled = options->exact;
	machine->channel->icount = options->exact;
	if (options->exact)
		machine->rows_fd = plugin_rows(&machine->rows);
	return options->exact && machine->rows_fd < 0 ? LAUNCH_FAILED : 0;
}

static void add_all(struct arguments *arguments, const char *const *words)
{
	for (; *words; words++)
		arguments_add(arguments, launch_format("%s", *words));
}

/* accel= as it was decided, all others as they came; a selftest has no settings. */
static bool is_for_kernel(const struct options *options, const char *word)
{
	return strncmp(word, "accel=", strlen("accel=")) &&
	       !(options->selftest && strchr(word, '='));
}

static char *kernel_words(const struct run *run, int nr_words, char *const *words)
{
	char *line = launch_format("%s", words[0]), *longer;

	for (int i = 1; i <= nr_words; i++) {
		if (i < nr_words && is_for_kernel(run->options, words[i]))
			longer = launch_format("%s\n%s", line, words[i]);
		else if (i == nr_words && run->options->runs)
			longer = launch_format("%s\naccel=%s", line, run->accel.name);
		else
			continue;
		free(line);
		line = longer;
	}
	return line;
}

static void add_machine(struct arguments *arguments, const struct run *run)
{
	static const char *const fixed[] = {
		"qemu-system-x86_64",
		"-nodefaults",
		"-no-user-config",
		"-no-reboot",
		"-display",
		"none",
		"-machine",
		"microvm,memory-backend=ram,pit=on,pic=on,rtc=off,isa-serial=off,acpi=off,x-option-"
		"roms=off,auto-kernel-cmdline=off",
		"-bios",
		"qboot.rom",
		"-device",
		"isa-debug-exit,iobase=0xf4,iosize=4",
		/* Words of a guest too young, or too broken, to use the log. */
		"-chardev",
		"file,id=console,path=/proc/self/fd/1",
		"-device",
		"isa-debugcon,iobase=0xe9,chardev=console",
		NULL,
	};
	const struct machine *machine = &run->machine;

	add_all(arguments, fixed);
	arguments_add(arguments, launch_format("-cpu"));
	arguments_add(arguments, launch_format("%s", run->accel.cpu));
	arguments_add(arguments, launch_format("-accel"));
	arguments_add(arguments, launch_format("%s", run->accel.option));
	arguments_add(arguments, launch_format("-smp"));
	arguments_add(arguments, launch_format("%u", machine->cpus));
	arguments_add(arguments, launch_format("-m"));
	arguments_add(arguments, launch_format("%luM", machine->ram >> 20));
	arguments_add(arguments, launch_format("-object"));
	arguments_add(arguments, launch_format("memory-backend-file,id=ram,share=on,size=%luM,"
					       "mem-path=/proc/self/fd/%d",
					       machine->ram >> 20, RAM_FD));
}

static void add_exact(struct arguments *arguments, const struct run *run)
{
	char *source = launch_format("ram=/proc/self/fd/%d,low=%lu,channel=0x%lx", RAM_FD,
				     ram_low(run->machine.ram), CHANNEL_ADDRESS);

	arguments_add(arguments, launch_format("-icount"));
	arguments_add(arguments, launch_format("shift=0,sleep=off"));
	plugin_add(arguments, source, ROWS_FD, run->options->model);
	free(source);
}

static int start_machine(struct run *run, int nr_words, char *const *words)
{
	struct child_start start = {
		.package = "qemu-system-x86",
		.fds = {run->machine.memory_fd, run->machine.rows_fd},
		.nr_fds = run->options->exact ? 2 : 1,
	};
	struct arguments arguments = {.n = 0};
	char *kernel = launch_beside("trimm-kernel");
	int failed = access(kernel, R_OK);

	if (failed)
		launch_error("%s: %m; `make` builds it", kernel);
	add_machine(&arguments, run);
	if (run->options->exact)
		add_exact(&arguments, run);
	arguments_add(&arguments, launch_format("-kernel"));
	arguments_add(&arguments, kernel);
	arguments_add(&arguments, launch_format("-append"));
	arguments_add(&arguments, kernel_words(run, nr_words, words));
	start.argv = arguments.item;
	if (!failed)
		failed = child_start(&run->child, &start);
	run->child.program = "qemu-system-x86_64";
	arguments_free(&arguments);
	return failed ? LAUNCH_FAILED : 0;
}

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void stop(void *arg)
{
	struct run *run = arg;

	atomic_store_explicit((_Atomic uint32_t *)&run->machine.channel->stop, 1,
			      memory_order_relaxed);
}

static int turn(void *arg)
{
	struct run *run = arg;
	const _Atomic uint64_t *heartbeat = (_Atomic uint64_t *)&run->machine.channel->heartbeat;
	bool answered = passing_answered(&run->passing), any = channel_reader_turn(&run->reader);
	uint64_t signs = run->reader.done + atomic_load_explicit(heartbeat, memory_order_relaxed);

	passing_turn(&run->passing, answered);
	run->look_ms = any ? LOOK_MS_MIN : 2 * run->look_ms;
	if (run->look_ms > LOOK_MS_MAX)
		run->look_ms = LOOK_MS_MAX;
	if (run->sink.closed)
		stop(run);
	if (!watchdog_check(&run->watchdog, signs, now_ms()))
		run->hangs = true;
	if (run->hangs || *run->gave_up || *run->reader.wrong || *run->sink.wrong)
		child_kill(&run->child);
	return run->look_ms;
}

/* QEMU stops the guest's CPUs when it says that, and waits for somebody to look at them. */
static const char gives_up[] = "KVM internal error";

static void said(void *arg, const char *line)
{
	struct run *run = arg;
	int length =
		snprintf(run->said + run->said_length, SAID_MAX - run->said_length, "%s\n", line);

	if (!strncmp(line, gives_up, strlen(gives_up)))
		snprintf(run->gave_up, sizeof(run->gave_up), "%s", line);
	if (run->said_length + (size_t)length < SAID_MAX)
		run->said_length += (size_t)length;
	else
		run->said[run->said_length] = '\0';
}

/* The end that QEMU came to, where the guest has not ended it. */
static int judge_qemu(const struct run *run, int status)
{
	const char *last = run->child.last;

	if (WIFSIGNALED(status))
		launch_error("QEMU was killed by signal %d (%s)%s%s", WTERMSIG(status),
			     strsignal(WTERMSIG(status)), *last ? "; it said: " : "", last);
	else if (!WEXITSTATUS(status) && !*last)
		launch_error("the guest reset (triple fault)%s%s",
			     *run->reader.last ? "; last heard: " : "", run->reader.last);
	else
		launch_error("QEMU ended with code %d%s%s", WEXITSTATUS(status),
			     *last ? "; it said: " : "", last);
	return LAUNCH_FAILED;
}

/*
 * isa-debug-exit makes QEMU end with an odd code; so does an error of its own or of the plugin,
 * 1, whatever the guest was at.
 */
static int judge(struct run *run, int status)
{
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : 0;

	channel_reader_end(&run->reader);
	points_reader_emit(run->machine.memory, run->machine.ram, ram_low(run->machine.ram),
			   &run->sink);
	if (run->hangs) {
		launch_error("no sign of life from the guest for %u s (watchdog=); killed; last "
			     "heard: %s",
			     run->options->silence,
			     *run->reader.last ? run->reader.last : "nothing");
		return LAUNCH_FAILED;
	}
	if (*run->gave_up) {
		launch_error("accel=kvm: KVM cannot execute this guest here (%s); give accel=tcg",
			     run->gave_up);
		return LAUNCH_FAILED;
	}
	if (*run->sink.wrong || *run->reader.wrong) {
		launch_error("the guest's %s: %s", *run->sink.wrong ? "records" : "log",
			     *run->sink.wrong ? run->sink.wrong : run->reader.wrong);
		return LAUNCH_FAILED;
	}
	if (!(code & 1) || (code == 1 && !run->machine.channel->ended))
		return judge_qemu(run, status);
	if (code > 1)
		fputs(run->said, stderr);
	return code >> 1;
}

/* Of the run: a note of a bench must follow its line, and this is known before. */
static void note_accel(struct run *run)
{
	char *note = launch_format("{\"t\":\"note\",\"level\":\"info\",\"text\":\"accel=%s: %s\"}",
				   run->accel.name, run->accel.why);

	sink_record(&run->sink, note, strlen(note));
	free(note);
}

static int follow(struct run *run)
{
	const struct child_watch watch = {
		.turn = turn, .stop = stop, .said = said, .arg = run, .fd = -1};

	passing_open(&run->passing, run->options->exact ? NULL : run->machine.channel);
	run->look_ms = LOOK_MS_MIN;
	watchdog_start(&run->watchdog, run->options->silence, now_ms());
	return child_follow(&run->child, &watch);
}

int launch_kernel(int nr_words, char *const *words)
{
	static struct run run;
	struct options options;
	int code = options_read(&options, nr_words, words);

	if (!code)
		code = make_machine(&run.machine, &options);
	if (code)
		return code;
	run.options = &options;
	sink_open(&run.sink, run.machine.rows);
	channel_reader_open(&run.reader, run.machine.memory, run.machine.channel->log_bytes,
			    &run.sink, &run.passing);
	accel_choose(&run.accel, &options);
	run.machine.channel->real_time = !strcmp(run.accel.name, "kvm");
	child_signals();
	code = start_machine(&run, nr_words, words);
	if (code)
		return code;
	if (*run.accel.why)
		note_accel(&run);
	return judge(&run, follow(&run));
}
