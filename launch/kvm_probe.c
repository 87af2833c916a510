/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * kvm_probe.c - see kvm_probe.h. A tiny guest counts down in real mode, in a process of its own
 * that can be given up on.
 */
#include "kvm_probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* dec ecx; jnz back; hlt */
static const uint8_t countdown[] = {0x66, 0x49, 0x75, 0xfc, 0xf4};
#define TURNS		  50000 /* of 2 instructions: 50 us at hardware speed */
#define WARM_UP_TURNS	  16	/* first touches and exits are not speed */
#define PATIENCE_MS	  250
#define USABLE_PER_SECOND 50e6

struct guest {
	int vcpu;
	volatile struct kvm_run *run;
};

/* A machine of one page and one CPU, or -errno with what failed in *step. */
static int make_guest(struct guest *guest, const char **step)
{
	struct kvm_userspace_memory_region region = {.memory_size = 4096};
	struct kvm_sregs sregs;
	int kvm, vm, size;
	void *page;

	*step = "opening /dev/kvm";
	kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
	if (kvm < 0)
		return -errno;
	*step = "making a guest";
	vm = ioctl(kvm, KVM_CREATE_VM, 0);
	if (vm < 0)
		return -errno;
	page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (page == MAP_FAILED)
		return -errno;
	memcpy(page, countdown, sizeof(countdown));
	region.userspace_addr = (uintptr_t)page;
	if (ioctl(vm, KVM_SET_USER_MEMORY_REGION, &region))
		return -errno;
	guest->vcpu = ioctl(vm, KVM_CREATE_VCPU, 0);
	size = ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0);
	if (guest->vcpu < 0 || size < 0)
		return -errno;
	guest->run = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, guest->vcpu, 0);
	if (guest->run == MAP_FAILED || ioctl(guest->vcpu, KVM_GET_SREGS, &sregs))
		return -errno;
	sregs.cs.base = sregs.cs.selector = 0;
	return ioctl(guest->vcpu, KVM_SET_SREGS, &sregs) ? -errno : 0;
}

static int count_down(struct guest *guest, unsigned long turns)
{
	struct kvm_regs regs = {.rcx = turns, .rflags = 2};

	if (ioctl(guest->vcpu, KVM_SET_REGS, &regs) || ioctl(guest->vcpu, KVM_RUN, 0))
		return -errno;
	return guest->run->exit_reason == KVM_EXIT_HLT ? 0 : -EIO;
}

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec * 1e-9;
}

struct answer {
	double per_second; /* 0: it failed */
	int error;
	char step[32];
};

static void measure_guest(struct answer *answer)
{
	const char *step;
	struct guest guest;
	double start;
	int error = make_guest(&guest, &step);

	if (!error) {
		step = "running a guest";
		error = count_down(&guest, WARM_UP_TURNS);
	}
	start = now();
	if (!error)
		error = count_down(&guest, TURNS);
	if (!error)
		answer->per_second = 2 * TURNS / (now() - start);
	answer->error = -error;
	snprintf(answer->step, sizeof(answer->step), "%s", step);
}

/* False: no answer in time. */
static bool ask(struct answer *answer)
{
	struct pollfd polled = {.events = POLLIN};
	int ends[2];
	bool answered;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC))
		return false;
	pid = fork();
	if (!pid) {
		measure_guest(answer);
		_exit(write(ends[1], answer, sizeof(*answer)) != sizeof(*answer));
	}
	close(ends[1]);
	polled.fd = ends[0];
	answered = pid > 0 && poll(&polled, 1, PATIENCE_MS) == 1 &&
		   read(ends[0], answer, sizeof(*answer)) == sizeof(*answer);
	close(ends[0]);
	if (pid > 0) {
		kill(pid, SIGKILL);
		waitpid(pid, NULL, 0);
	}
	return answered;
}

bool kvm_probe(char *found, size_t size)
{
	struct answer answer = {0};

	if (access("/dev/kvm", F_OK))
		snprintf(found, size,
			 "no /dev/kvm; load kvm_intel or kvm_amd, or enable nesting in "
			 "the host");
	else if (!ask(&answer))
		snprintf(found, size, "KVM is too slow: %d instructions took more than %d ms",
			 2 * TURNS, PATIENCE_MS);
	else if (!answer.per_second)
		snprintf(found, size, "KVM: %s failed: %s; join the group kvm, or ask as root",
			 answer.step, strerror(answer.error));
	else
		snprintf(found, size, "KVM%s: %.3g million instructions/s, where %.0f are needed",
			 answer.per_second < USABLE_PER_SECOND ? " is too slow" : "",
			 answer.per_second / 1e6, USABLE_PER_SECOND / 1e6);
	return answer.per_second >= USABLE_PER_SECOND;
}
