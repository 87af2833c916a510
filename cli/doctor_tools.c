/* SPDX-License-Identifier: GPL-2.0-only */
/* doctor_tools.c - tracing, emulation, plotting: what looks into a run. */
#include "capture.h"
#include "cli.h"
#include "doctor.h"
#include "sysfs.h"
#include "target.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* include/uapi/linux/capability.h */
#define CAPABILITY_SYS_ADMIN 21
#define CAPABILITY_BPF	     39

static bool capable(unsigned int capability)
{
	char text[64];
	uint64_t effective;

	if (!sysfs_field("/proc/self/status", "CapEff", text, sizeof(text)))
		return !geteuid();
	effective = strtoull(text, NULL, 16);
	return effective >> CAPABILITY_SYS_ADMIN & 1 || effective >> capability & 1;
}

void doctor_bpf(void)
{
	long unprivileged = sysfs_number("/proc/sys/kernel/unprivileged_bpf_disabled");

	if (access("/sys/kernel/btf/vmlinux", R_OK))
		doctor_say(FINDING_MISSING, "bpf",
			   "no /sys/kernel/btf/vmlinux: probes can't find kernel types; needs "
			   "CONFIG_DEBUG_INFO_BTF");
	else if (!capable(CAPABILITY_BPF))
		doctor_say(FINDING_MISSING, "bpf",
			   "BTF is there, the right to load is not (unprivileged_bpf_disabled is "
			   "%ld); run probes as root or with CAP_BPF and CAP_PERFMON",
			   unprivileged);
	else
		doctor_say(FINDING_OK, "bpf", "BTF, and the right to load programs");
}

/* The first line a program prints; false if it is not there. */
static bool first_line(char *const *argv, char *line, size_t size)
{
	char *text;
	int code = capture(argv, true, &text);

	snprintf(line, size, "%.*s", text ? (int)strcspn(text, "\n") : 0, text ? text : "");
	free(text);
	return !code && *line;
}

/* What runs a target in emulation, and the Debian package that has it. */
static void look_for_qemu(const char *subject, const char *program, const char *package,
			  const char *without)
{
	char *argv[] = {(char *)program, "--version", NULL}, line[128];

	if (first_line(argv, line, sizeof(line)))
		doctor_say(FINDING_OK, subject, "%s", line);
	else
		doctor_say(FINDING_MISSING, subject, "no %s: %s; install %s", program, without,
			   package);
}

void doctor_qemu(void)
{
	look_for_qemu("qemu", "qemu-system-x86_64", "qemu-system-x86",
		      "the bare-metal target can't run");
}

void doctor_emulation(void)
{
	look_for_qemu("emulation", "qemu-x86_64", "qemu-user",
		      "no exact counts of the user target");
}

void doctor_kvm(void)
{
	char *argv[] = {target_program("trimm-qemu"), "probe", NULL}, line[160];

	if (!first_line(argv, line, sizeof(line)))
		doctor_say(FINDING_MISSING, "kvm", "%s: not there; `make` builds it", argv[0]);
	else if (!strncmp(line, "ok ", 3))
		doctor_say(FINDING_OK, "kvm", "%s", line + 3);
	else
		doctor_say(FINDING_MISSING, "kvm",
			   "%s; bare-metal runs are emulated: they count, but don't time",
			   line + 3);
	free(argv[0]);
}

void doctor_gnuplot(void)
{
	char *argv[] = {"gnuplot", "--version", NULL}, line[128];

	if (first_line(argv, line, sizeof(line)))
		doctor_say(FINDING_OK, "gnuplot", "%s", line);
	else
		doctor_say(FINDING_MISSING, "gnuplot",
			   "not installed: reports have no figures; `make deps` installs it");
}
