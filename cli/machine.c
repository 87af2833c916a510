/* SPDX-License-Identifier: GPL-2.0-only */
/* machine.c - see machine.h. What can't be read is null. */
#include "machine.h"
#include "capture.h"
#include "cli.h"
#include "fnv.h"
#include "sysfs.h"

#include <cpuid.h>
#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

static json_t *text_or_null(const char *text)
{
	return text && *text ? json_string(text) : json_null();
}

const char *machine_virtualisation(void)
{
	static const struct {
		const char *signature, *name;
	} known[] = {
		{"KVMKVMKVM", "kvm-guest"},	  {"TCGTCGTCGTCG", "tcg-guest"},
		{"VMwareVMware", "vmware-guest"}, {"Microsoft Hv", "hyperv-guest"},
		{"XenVMMXenVMM", "xen-guest"},	  {"bhyve bhyve ", "bhyve-guest"},
	};
	unsigned int eax, ebx, ecx, edx, signature[4] = {0};

	if (!__get_cpuid(1, &eax, &ebx, &ecx, &edx) || !(ecx & 1U << 31))
		return "none";
	/* Beyond the range __get_cpuid() checks: hypervisors answer at 0x40000000. */
	__cpuid(0x40000000, eax, signature[0], signature[1], signature[2]);
	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		if (!strncmp((const char *)signature, known[i].signature, 12))
			return known[i].name;
	return "guest";
}

static long memory_mib(void)
{
	return sysconf(_SC_PHYS_PAGES) / 256 * (sysconf(_SC_PAGESIZE) / 4096);
}

/* Memory counts in whole GiB: the kernel's own share of it varies from boot to boot. */
static void fingerprint(char hex[FNV_HEX_SIZE])
{
	static const char *const fields[] = {"model name", "cpu family", "model",
					     "stepping",   "microcode",	 "cache size"};
	uint64_t hash = FNV_START;
	char value[256];

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		sysfs_field("/proc/cpuinfo", fields[i], value, sizeof(value));
		hash = fnv_add(hash, value);
	}
	snprintf(value, sizeof(value), "%ld cpus, %ld GiB, %s", sysconf(_SC_NPROCESSORS_CONF),
		 (memory_mib() + 512) / 1024, machine_virtualisation());
	fnv_hex(fnv_add(hash, value), hex);
}

json_t *machine_record(void)
{
	char fp[FNV_HEX_SIZE], cpu[256], microcode[64];

	fingerprint(fp);
	sysfs_field("/proc/cpuinfo", "model name", cpu, sizeof(cpu));
	sysfs_field("/proc/cpuinfo", "microcode", microcode, sizeof(microcode));
	return json_pack("{s:s, s:o, s:o, s:I, s:I, s:s}", "fp", fp, "cpu", text_or_null(cpu),
			 "microcode", text_or_null(microcode), "cpus",
			 (json_int_t)sysconf(_SC_NPROCESSORS_ONLN), "memory_mib",
			 (json_int_t)memory_mib(), "virt", machine_virtualisation());
}

/* The chosen one of "always [madvise] never". */
static json_t *transparent_huge_pages(void)
{
	char line[128], *open, *close;

	sysfs_line("/sys/kernel/mm/transparent_hugepage/enabled", line, sizeof(line));
	open = strchr(line, '[');
	close = open ? strchr(open, ']') : NULL;
	return close ? json_stringn(open + 1, close - open - 1) : json_null();
}

/* Those in force: page-table isolation and the like change what a flush costs. */
static json_t *mitigations(void)
{
	static const char directory[] = "/sys/devices/system/cpu/vulnerabilities";
	json_t *all = json_object();
	DIR *open = opendir(directory);
	struct dirent *entry;

	while (open && (entry = readdir(open))) {
		char path[512], line[256];

		snprintf(path, sizeof(path), "%s/%s", directory, entry->d_name);
		if (entry->d_name[0] != '.' && sysfs_line(path, line, sizeof(line)) &&
		    strcmp(line, "Not affected"))
			json_object_set_new(all, entry->d_name, json_string(line));
	}
	if (open)
		closedir(open);
	return all;
}

json_t *machine_environment(void)
{
	char governor[64], clock[64];
	long aslr = sysfs_number("/proc/sys/kernel/randomize_va_space");
	long maps = sysfs_number("/proc/sys/vm/max_map_count");
	double load[3] = {0, 0, 0};
	struct utsname name;

	uname(&name);
	sysfs_line("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", governor,
		   sizeof(governor));
	sysfs_line("/sys/devices/system/clocksource/clocksource0/current_clocksource", clock,
		   sizeof(clock));
	if (getloadavg(load, 3) != 3)
		load[0] = load[1] = load[2] = 0;
	return json_pack("{s:s, s:o, s:o, s:o, s:o, s:[fff], s:o, s:o}", "kernel", name.release,
			 "governor", text_or_null(governor), "clocksource", text_or_null(clock),
			 "thp", transparent_huge_pages(), "aslr",
			 aslr < 0 ? json_null() : json_boolean(aslr > 0), "loadavg", load[0],
			 load[1], load[2], "max_map_count",
			 maps < 0 ? json_null() : json_integer(maps), "mitigations", mitigations());
}

json_t *machine_build(void)
{
	return json_pack("{s:s, s:s}", "cc", "gcc " __VERSION__, "cflags", TRIMM_CFLAGS);
}

/* One line of git about the source tree this program was built in; NULL outside one. */
static char *ask_git(const char *question, const char *detail)
{
	char *self = realpath("/proc/self/exe", NULL),
	     *build = self ? strstr(self, "/build/") : NULL;
	char *argv[] = {"git", "-C", self, (char *)question, (char *)detail, NULL}, *answer = NULL;

	if (build) {
		*build = 0;
		if (capture(argv, true, &answer)) {
			free(answer);
			answer = NULL;
		}
	}
	free(self);
	return answer;
}

json_t *machine_source(void)
{
	char *sha = ask_git("rev-parse", "HEAD");
	char *changes = sha ? ask_git("status", "--porcelain") : NULL;
	json_t *source;

	if (sha)
		sha[strcspn(sha, "\n")] = 0;
	source =
		json_pack("{s:o, s:b}", "git_sha", text_or_null(sha), "dirty", changes && *changes);
	free(sha);
	free(changes);
	return source;
}
