/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * linux_guest.c - a Linux kernel under qemu-system-x86_64, for a case of the module or any command.
 *
 * The kernel boots from memory into a small initramfs, whose agent takes commands and sends what
 * comes of them by a virtio-serial port; the kernel's own log comes by a serial port. Each boot is
 * for one case, so that what a case left behind cannot meet the next, or for as many as whoever
 * started us says. No disk, no network, no shutdown: once the agent has said that the module is
 * gone, QEMU is killed.
 */
#include "linux_guest.h"
#include "arguments.h"
#include "launch.h"
#include "plugin.h"

#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define PORT_FD	   CHILD_FD
#define LOG_FD	   (CHILD_FD + 1)
#define ARCHIVE_FD (CHILD_FD + 2)
#define ROWS_FD	   (CHILD_FD + 3)

#define CPUS_MAX    64
#define DEFAULT_RAM (512UL << 20)
/* Below, the kernel has no room to unpack what it boots with. */
#define RAM_LOWEST (128UL << 20)

/* Questions and a hung guest are looked for this often; all else wakes us. */
#define LOOK_MS 100
/* A kernel that boots says nothing meanwhile: watchdog= counts from then on, unless it is more. */
#define BOOT_PATIENCE_S 60
/* After a fault: for the rest of the log, and of what was measured before it. */
#define AFTERMATH_MS 2000
/* After a request to stop: for the case to end at its next block. */
#define STOP_MS 30000

/*
 * loglevel: warnings and worse, a WARN's trace included, and nothing of what goes well: a serial
 * port is slow. panic: at once, to an end that -no-reboot turns into QEMU's. init_on_alloc: Debian
 * has pages zeroed when they are taken; mmcore does not do that, and neither do kernels as
 * released. nokaslr: the same addresses in each run, as layout moves results. tsc: a busy host lets
 * the kernel's watchdog doubt a clock that is fine, and fall back to one that is slow to read; or
 * find that the timer does not work, and panic (no_timer_check).
 */
#define COMMAND_LINE \
	"console=ttyS0 loglevel=5 panic=-1 init_on_alloc=0 nokaslr tsc=reliable no_timer_check"

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static unsigned int own_cpus(void)
{
	cpu_set_t set;
	int cpus = sched_getaffinity(0, sizeof(set), &set) ? 1 : CPU_COUNT(&set);

	return cpus < CPUS_MAX ? (unsigned int)cpus : CPUS_MAX;
}

/* --- QEMU --- */

static void add_all(struct arguments *arguments, const char *const *words)
{
	for (; *words; words++)
		arguments_add(arguments, launch_format("%s", *words));
}

static void add_machine(struct arguments *arguments, const struct linux_guest *run)
{
	static const char *const fixed[] = {
		"qemu-system-x86_64",
		"-nodefaults",
		"-no-user-config",
		"-no-reboot",
		"-display",
		"none",
		"-machine",
		"q35",
		"-device",
		"virtio-serial-pci,max_ports=2",
		"-device",
		"virtserialport,chardev=port,name=" PORT_NAME,
		"-serial",
		"chardev:log",
		NULL,
	};

	add_all(arguments, fixed);
	arguments_add(arguments, launch_format("-append"));
	arguments_add(arguments,
		      launch_format("%s%s%s%s%s", COMMAND_LINE,
				    run->rows ? " " PORT_COUNTED "=1" : "",
				    run->first ? " " PORT_FIRST "=\"" : "",
				    run->first ? run->first : "", run->first ? "\"" : ""));
	arguments_add(arguments, launch_format("-chardev"));
	arguments_add(arguments, launch_format("socket,id=port,fd=%d", PORT_FD));
	arguments_add(arguments, launch_format("-chardev"));
	arguments_add(arguments, launch_format("socket,id=log,fd=%d", LOG_FD));
	arguments_add(arguments, launch_format("-initrd"));
	arguments_add(arguments, launch_format("/proc/self/fd/%d", ARCHIVE_FD));
	arguments_add(arguments, launch_format("-kernel"));
	arguments_add(arguments, prepared_file(&run->prepared, "vmlinuz"));
	arguments_add(arguments, launch_format("-cpu"));
	/* Four levels of page tables, as all machines have that trimm measures on. */
	arguments_add(arguments, launch_format("%s,la57=off", run->accel.cpu));
	arguments_add(arguments, launch_format("-accel"));
	arguments_add(arguments, launch_format("%s", run->accel.option));
	arguments_add(arguments, launch_format("-smp"));
	arguments_add(arguments, launch_format("%u", run->cpus));
	arguments_add(arguments, launch_format("-m"));
	arguments_add(arguments, launch_format("%luM", run->ram >> 20));
}

/*
 * Time passes by instructions, 1 ns each, whatever else the host does. One CPU: Linux does not boot
 * where several take turns of virtual time. With more, the core's own counters are exact all the
 * same: workers take turns.
 */
static void add_icount(struct arguments *arguments)
{
	arguments_add(arguments, launch_format("-icount"));
	arguments_add(arguments, launch_format("shift=0,sleep=off"));
}

static int start(struct linux_guest *run)
{
	struct arguments arguments = {.n = 0};
	struct child_start child = {.package = "qemu-system-x86", .nr_fds = 3};
	int port[2], log[2], failed;
	char *header;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, port) ||
	    socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, log)) {
		launch_error("cannot make a pair of sockets: %m");
		return LAUNCH_FAILED;
	}
	child.fds[0] = port[1];
	child.fds[1] = log[1];
	child.fds[2] = run->archive;
	add_machine(&arguments, run);
	if (run->rows) {
		child.fds[child.nr_fds++] = run->rows_fd;
		plugin_add(&arguments, "guest=linux", ROWS_FD, NULL);
	}
	if (run->options.runs && run->options.exact && run->cpus == 1)
		add_icount(&arguments);
	child.argv = arguments.item;
	failed = child_start(&run->child, &child);
	run->child.program = "qemu-system-x86_64";
	arguments_free(&arguments);
	close(port[1]);
	close(log[1]);
	close(run->archive);
	guest_port_open(&run->port, port[0], &run->sink);
	header = launch_format("Linux %s, %u CPUs, %lu MiB, accel=%s: %s", run->prepared.release,
			       run->cpus, run->ram >> 20, run->accel.name,
			       run->command ? run->command : run->cases[0]);
	for (char *byte = header; *byte; byte++)
		if (*byte == '\n')
			*byte = ' ';
	kernel_log_open(&run->log, log[0], header);
	free(header);
	return failed ? LAUNCH_FAILED : 0;
}

/* --- While it runs --- */

static unsigned int patience(const struct linux_guest *run)
{
	unsigned int silence = run->options.silence;

	return run->port.ready || !silence || silence > BOOT_PATIENCE_S ? silence : BOOT_PATIENCE_S;
}

static void give_it(struct linux_guest *run, int64_t ms)
{
	if (!run->deadline_ms || now_ms() + ms < run->deadline_ms)
		run->deadline_ms = now_ms() + ms;
}

static void stop(void *arg)
{
	struct linux_guest *run = arg;

	run->stopping = true;
	if (run->stage == AT_WORK)
		guest_port_send(&run->port, "stop", NULL);
	give_it(run, run->stage == AT_WORK ? STOP_MS : 0);
}

static void begin(struct linux_guest *run)
{
	run->port.coded = false;
	guest_port_send(&run->port, run->command ? "sh" : "run",
			run->command ? run->command : run->cases[run->at]);
	watchdog_start(&run->watchdog, run->options.silence, now_ms());
}

/* After trouble with the guest, or words that it refuses, nothing more is tried in it. */
static bool goes_on(const struct linux_guest *run)
{
	return run->at + 1 < run->nr_cases && !run->stopping && run->port.code != LAUNCH_USAGE &&
	       !*run->port.failed && !run->port.taint && !run->log.fault;
}

static void next_case(struct linux_guest *run)
{
	char *next = launch_format("{\"t\":\"next\",\"code\":%d}", run->port.code);

	sink_record(&run->sink, next, strlen(next));
	free(next);
	run->at++;
	begin(run);
}

static void next_stage(struct linux_guest *run)
{
	if (run->stage == BOOTING && run->port.ready) {
		begin(run);
		run->stage = AT_WORK;
	}
	if (run->stage == AT_WORK && run->port.coded && goes_on(run)) {
		next_case(run);
	} else if (run->stage == AT_WORK && run->port.coded) {
		guest_port_send(&run->port, "quit", NULL);
		run->stage = LEAVING;
	}
	if (run->stage == LEAVING && run->port.bye)
		run->stage = GONE;
}

static int turn(void *arg)
{
	struct linux_guest *run = arg;

	guest_port_turn(&run->port);
	run->log_signs += kernel_log_turn(&run->log);
	next_stage(run);
	if (run->log.fault == KERNEL_FAULT)
		give_it(run, AFTERMATH_MS);
	if (run->sink.closed && !run->stopping)
		stop(run);
	if (!watchdog_check(&run->watchdog, run->port.lines + run->log_signs, now_ms()))
		run->hangs = true;
	if (run->stage == GONE || run->hangs || *run->port.wrong || *run->sink.wrong ||
	    (run->deadline_ms && now_ms() >= run->deadline_ms)) {
		child_kill(&run->child);
		run->killed = true;
	}
	return LOOK_MS;
}

static void said(void *arg, const char *line)
{
	(void)arg;
	(void)line;
}

static int follow(struct linux_guest *run)
{
	struct child_watch watch = {.turn = turn, .stop = stop, .said = said, .arg = run};
	struct epoll_event event = {.events = EPOLLIN};
	int status;

	/* Both at one descriptor; what has ended leaves by itself when it is closed. */
	watch.fd = epoll_create1(EPOLL_CLOEXEC);
	epoll_ctl(watch.fd, EPOLL_CTL_ADD, run->port.fd, &event);
	epoll_ctl(watch.fd, EPOLL_CTL_ADD, run->log.from, &event);
	watchdog_start(&run->watchdog, patience(run), now_ms());
	status = child_follow(&run->child, &watch);
	close(watch.fd);
	kernel_log_end(&run->log);
	return status;
}

/* --- What came of it --- */

static int judge_early_end(const struct linux_guest *run, int status)
{
	const char *last = run->child.last;

	if (run->hangs)
		launch_error("no sign of life from the guest for %u s (watchdog=); killed; last "
			     "heard: %s",
			     run->options.silence,
			     *run->port.last  ? run->port.last
			     : *run->log.last ? run->log.last
					      : "nothing");
	else if (*run->port.wrong || *run->sink.wrong)
		launch_error("the guest%s %s", *run->port.wrong ? "" : "'s records:",
			     *run->port.wrong ? run->port.wrong : run->sink.wrong);
	else if (run->killed)
		launch_error("stopped: the guest had no time to end in order");
	else if (WIFSIGNALED(status))
		launch_error("QEMU was killed by signal %d (%s)%s%s", WTERMSIG(status),
			     strsignal(WTERMSIG(status)), *last ? "; it said: " : "", last);
	else if (WEXITSTATUS(status) || *last)
		launch_error("QEMU ended with code %d%s%s", WEXITSTATUS(status),
			     *last ? "; it said: " : "", last);
	else
		launch_error("the guest reset before it had ended; last heard: %s",
			     *run->log.last ? run->log.last : "nothing");
	return LAUNCH_FAILED;
}

static int judge(const struct linux_guest *run, int status)
{
	if (run->log.fault == KERNEL_FAULT || (run->log.fault && run->stage != GONE)) {
		launch_error("the guest's kernel (%s): %s", run->prepared.release, run->log.quote);
		return LAUNCH_FAILED;
	}
	if (run->stage != GONE)
		return judge_early_end(run, status);
	if (*run->port.failed) {
		launch_error("in the guest: %s", run->port.failed);
		return LAUNCH_FAILED;
	}
	if (run->log.fault) {
		launch_error("the guest's kernel (%s) warns: %s", run->prepared.release,
			     run->log.quote);
		return LAUNCH_FAILED;
	}
	if (run->port.taint) {
		launch_error("the guest's kernel (%s) is tainted (0x%lx): something went wrong "
			     "that its log does not tell; %s=FILE keeps it",
			     run->prepared.release, run->port.taint, KERNEL_LOG_FILE);
		return LAUNCH_FAILED;
	}
	return run->port.code;
}

static void note_accel(struct linux_guest *run)
{
	char *note = launch_format("{\"t\":\"note\",\"level\":\"info\",\"text\":\"accel=%s: %s\"}",
				   run->accel.name, run->accel.why);

	sink_record(&run->sink, note, strlen(note));
	free(note);
}

int linux_guest_execute(struct linux_guest *run)
{
	int code;

	sink_open(&run->sink, run->rows);
	accel_choose(&run->accel, &run->options);
	child_signals();
	code = start(run);
	if (code)
		return code;
	if (*run->accel.why && !run->command)
		note_accel(run);
	return judge(run, follow(run));
}

int linux_guest_size(struct linux_guest *run)
{
	unsigned int most = run->options.exact ? 1 : own_cpus();

	run->cpus = run->options.cpus ? run->options.cpus : most;
	run->ram = run->options.ram ? run->options.ram : DEFAULT_RAM;
	if (run->ram >= RAM_LOWEST)
		return 0;
	launch_error("ram=%luM: a Linux guest needs %lu MiB", run->ram >> 20, RAM_LOWEST >> 20);
	return LAUNCH_USAGE;
}

const char *linux_guest_kernel(int nr_words, char *const *words)
{
	const char *kernel = "6.1";

	for (int i = 0; i < nr_words; i++)
		if (!strncmp(words[i], "kernel=", strlen("kernel=")))
			kernel = words[i] + strlen("kernel=");
	return kernel;
}

int linux_guest_open_archive(struct linux_guest *run, bool module)
{
	char *path = prepared_file(&run->prepared, "initramfs");
	int failed;

	run->archive = archive_open(path);
	free(path);
	failed = run->archive < 0;
	if (!failed && module) {
		path = prepared_file(&run->prepared, "trimm.ko");
		failed = archive_add(run->archive, path, GUEST_MODULE + 1);
		free(path);
	}
	return failed ? LAUNCH_FAILED : 0;
}
