/* SPDX-License-Identifier: GPL-2.0-only */
/* init.c - the first program of a guest: from what the kernel leaves it with to an open port. */
#include "agent.h"
#include "port.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* The port's device appears once its driver has talked to the host. */
#define LOOK_US	  2000
#define LOOKS_MAX 5000

#define TICKS_NS (10 * 1000000UL) /* two, at least (HZ=250) */

/* The end of the first program is a panic, which the host sees; the line above it says why. */
static void give_up(const char *what)
{
	dprintf(STDERR_FILENO, "trimm agent: %s: %m\n", what);
	_exit(1);
}

static void mount_all(void)
{
	static const struct {
		const char *type, *at;
	} mounts[] = {
		{"devtmpfs", "/dev"},
		{"proc", "/proc"},
		{"sysfs", "/sys"},
		{"debugfs", "/sys/kernel/debug"},
		{"tracefs", "/sys/kernel/tracing"},
		{"bpf", "/sys/fs/bpf"},
		{"tmpfs", "/tmp"},
	};

	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		/* Not each kernel has the last three, nor do cases need them. */
		mkdir(mounts[i].at, 0755);
		if (mount(mounts[i].type, mounts[i].at, mounts[i].type, 0, NULL) && i < 4)
			give_up(mounts[i].at);
	}
}

/* What it has to say of its failure is for those to read who have asked for it. */
static void run_first(void)
{
	const char *command = getenv(PORT_FIRST);
	pid_t pid = command ? fork() : -1;

	if (pid > 0)
		waitpid(pid, NULL, 0);
	if (pid)
		return;
	execl("/bin/busybox", "sh", "-c", command, (char *)NULL);
	_exit(127);
}

static void load_drivers(void)
{
	struct dirent **names;
	int n = scandir(GUEST_DRIVERS, &names, NULL, alphasort);
	char path[sizeof(GUEST_DRIVERS) + 257];

	for (int i = 0; i < n; i++) {
		int fd;

		if (*names[i]->d_name == '.')
			continue;
		snprintf(path, sizeof(path), GUEST_DRIVERS "/%s", names[i]->d_name);
		fd = open(path, O_RDONLY | O_CLOEXEC);
		if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
			give_up(path);
		close(fd);
	}
}

/* Without udev a port has its number for a name; which it is, sysfs knows. */
static int open_port(void)
{
	DIR *ports = opendir("/sys/class/virtio-ports");
	struct dirent *entry;
	char path[320], name[64];
	int port = -1;

	while (ports && port < 0 && (entry = readdir(ports))) {
		snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", entry->d_name);
		if (*entry->d_name == '.' || !read_text(path, name, sizeof(name)) ||
		    strcmp(name, PORT_NAME))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		port = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	}
	if (ports)
		closedir(ports);
	return port;
}

int init_guest(void)
{
	int port = -1;

	/* Our timers may wait for a tick: what is counted (PORT_COUNTED) is not to be interrupted.
	 */
	prctl(PR_SET_TIMERSLACK, TICKS_NS);
	mount_all();
	setenv("PATH", "/bin:" GUEST_FILES, 1);
	setenv("HOME", "/", 1);
	mkdir(GUEST_FILES, 0755);
	if (chdir(GUEST_FILES))
		give_up(GUEST_FILES);
	run_first();
	load_drivers();
	for (int look = 0; port < 0 && look < LOOKS_MAX; look++) {
		if (look)
			usleep(LOOK_US);
		port = open_port();
	}
	if (port < 0)
		give_up("no virtio-serial port " PORT_NAME);
	return port;
}
