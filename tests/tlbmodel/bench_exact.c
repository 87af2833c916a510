/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * bench_exact.c - prints what exact mode costs, beside its bounds: how much slower an operation is
 * than under the same emulator without a plugin; how long until a kernel's first record; how large
 * its image is. Exit code 1: a bound was missed.
 *
 * Slowness is CPU time, which neighbours disturb least, of many operations less that of one: what
 * comes before them is another question. Times to the first record are the clock's; the
 * median is judged, as the worst is the host's.
 */
#include "under_qemu.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "channel.h"

#define RAM    (256UL << 20)
#define ROUNDS 3
#define STARTS 20

#define SLOWER_MAX  8
#define START_MAX   0.3
#define IMAGE_BYTES (300UL << 10)

/* Each is one more thing than the one before. */
enum how { PLAIN, ICOUNT, PLUGIN, HOWS };

static bool missed;

static const char *verdict(bool holds)
{
	missed |= !holds;
	return holds ? "holds" : "MISSED";
}

static double cpu_seconds(void)
{
	struct rusage used;

	getrusage(RUSAGE_CHILDREN, &used);
	return (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
	       (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6;
}

static int ascending(const void *a, const void *b)
{
	const double *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

static double median(double *value, unsigned int n)
{
	qsort(value, n, sizeof(*value), ascending);
	return n % 2 ? value[n / 2] : (value[n / 2 - 1] + value[n / 2]) / 2;
}

static void expect_code(int code, int expected)
{
	if (code == expected)
		return;
	fprintf(stderr, "exit status %d: %s", code, words());
	exit(1);
}

static void run_kernel(enum how how, const char *what, unsigned long ops)
{
	struct channel channel = {
		.magic = CHANNEL_MAGIC,
		.log_bytes = 16UL << 20,
		.modelled = 1,
		.icount = how >= ICOUNT,
	};
	char plugin[1024] = "";
	int fd;

	if (make_file("ram", RAM))
		exit(1);
	fd = open(in_scratch("ram"), O_WRONLY);
	if (pwrite(fd, &channel, sizeof(channel), CHANNEL_ADDRESS) != sizeof(channel))
		exit(1);
	close(fd);
	if (how == PLUGIN)
		snprintf(plugin, sizeof(plugin),
			 "-plugin %s/../../tlbmodel.so,ram=%s,low=%lu,channel=0x%lx,rows=%s",
			 test_folder, in_scratch("ram"), RAM, CHANNEL_ADDRESS, in_scratch("rows"));
	expect_code(
		under_qemu("qemu-system-x86_64 -nodefaults -no-user-config -no-reboot "
			   "-display none -machine microvm,memory-backend=ram,auto-kernel-cmdline="
			   "off -bios qboot.rom -cpu max -accel tcg "
			   "-device isa-debug-exit,iobase=0xf4,iosize=4 -m %luM "
			   "-object memory-backend-file,id=ram,share=on,size=%lu,mem-path=%s "
			   "%s %s -kernel %s/../../trimm-kernel "
			   "-append '%s cpus=1 exact_ops=%lu mode=exact memory=64M'",
			   RAM >> 20, RAM, in_scratch("ram"),
			   how >= ICOUNT ? "-icount shift=0,sleep=off" : "", plugin, test_folder,
			   what, ops),
		(int)channel_exit_status(0));
}

static void run_user(enum how how, const char *what, unsigned long ops)
{
	char plugin[1024] = "";

	if (make_file("mailbox", sizeof(struct mailbox) * MAILBOXES))
		exit(1);
	if (how == PLUGIN)
		snprintf(plugin, sizeof(plugin), "-plugin %s/../../tlbmodel.so,mailbox=%s,rows=%s",
			 test_folder, in_scratch("mailbox"), in_scratch("rows"));
	expect_code(under_qemu("env TRIMM_MODEL_FD=9 qemu-x86_64 %s %s/../../trimm-user-static "
			       "%s cpus=1 exact_ops=%lu mode=exact memory=64M 9<>%s",
			       plugin, test_folder, what, ops, in_scratch("mailbox")),
		    0);
}

typedef void run_fn(enum how how, const char *what, unsigned long ops);

static double operations_cost(run_fn *run, enum how how, const char *what, unsigned long ops)
{
	double before = cpu_seconds(), one;

	run(how, what, 1);
	one = cpu_seconds() - before;
	before = cpu_seconds();
	run(how, what, ops);
	return cpu_seconds() - before - one;
}

static void slower(const char *target, run_fn *run, const char *what, unsigned long ops)
{
	double ratio[HOWS][ROUNDS], of_icount = 1, of_plugin;

	for (unsigned int round = 0; round < ROUNDS; round++) {
		double plain = operations_cost(run, PLAIN, what, ops);

		for (enum how how = ICOUNT; how < HOWS; how++)
			if (how == PLUGIN || run == run_kernel)
				ratio[how][round] = operations_cost(run, how, what, ops) / plain;
	}
	if (run == run_kernel)
		of_icount = median(ratio[ICOUNT], ROUNDS);
	of_plugin = median(ratio[PLUGIN], ROUNDS);
	printf("%-7s %-13s %6.2f %8.2f  under %d: %s\n", target, what, of_icount, of_plugin,
	       SLOWER_MAX, verdict(of_plugin < SLOWER_MAX));
	fflush(stdout);
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* From the start of trimm-qemu to the first byte of a record; then it is killed, and QEMU is. */
static double first_record(const char *cpus, const char *mode)
{
	char program[4096], byte;
	double began = now(), took;
	int fds[2], null;
	pid_t child;

	if (pipe(fds))
		exit(1);
	child = fork();
	if (!child) {
		null = open("/dev/null", O_WRONLY);
		dup2(fds[1], STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
		close(fds[0]);
		close(fds[1]);
		snprintf(program, sizeof(program), "%s/../../trimm-qemu", test_folder);
		execl(program, program, "kernel", "unmap-storm", "accel=tcg", cpus, mode, NULL);
		_exit(127);
	}
	close(fds[1]);
	if (read(fds[0], &byte, 1) != 1) {
		fprintf(stderr, "trimm-qemu gave no record\n");
		exit(1);
	}
	took = now() - began;
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(fds[0]);
	return took;
}

static void start(const char *cpus, const char *mode)
{
	double took[STARTS], middle;

	for (unsigned int i = 0; i < STARTS; i++)
		took[i] = first_record(cpus, mode);
	middle = median(took, STARTS);
	printf("%-7s %-13s %6.3f %8.3f  median at most %.1f: %s\n", cpus, mode, middle,
	       took[STARTS - 1], START_MAX, verdict(middle <= START_MAX));
	fflush(stdout);
}

/* What is loaded of it, without the table by which it names its functions. */
static void image(void)
{
	unsigned long bytes;

	expect_code(under_qemu("size -A %s/../../trimm-kernel | awk "
			       "'/^.(text|notes|rodata|data) / { n += $2 } END { print n }'",
			       test_folder),
		    0);
	bytes = strtoul(words(), NULL, 10);
	printf("image, without symbols: %.1f KiB, under %lu: %s\n", (double)bytes / 1024,
	       IMAGE_BYTES >> 10, verdict(bytes && bytes < IMAGE_BYTES));
}

int main(void)
{
	if (under_qemu_set_up(NULL))
		return 1;
	printf("times slower than plain TCG, median of %d\n%-7s %-13s %6s %8s\n", ROUNDS, "target",
	       "workload", "icount", "+ plugin");
	slower("kernel", run_kernel, "unmap-storm", 20000);
	slower("kernel", run_kernel, "kmalloc-pair", 200000);
	slower("user", run_user, "unmap-storm", 20000);
	slower("user", run_user, "kmalloc-pair", 200000);
	printf("seconds to the first record, of %d\n%-7s %-13s %6s %8s\n", STARTS, "", "", "median",
	       "worst");
	start("cpus=1", "mode=timed");
	start("cpus=4", "mode=timed");
	start("cpus=1", "mode=exact");
	start("cpus=4", "mode=exact");
	image();
	under_qemu_clean_up(NULL);
	return missed;
}
