/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_file.c - the file that trace= names, for host.h; in a guest the launcher has put it there.
 */
#include <linux/err.h>
#include <linux/fs.h>

#include "host.h"
#include "trace_file.h"

static struct file *trace;

void trace_file_close(void)
{
	if (trace)
		filp_close(trace, NULL);
	trace = NULL;
}

int host_trace_open(uint64_t *bytes)
{
	const char *path = host_param_get("trace");

	trace_file_close();
	if (!*path)
		return -ENOENT;
	trace = filp_open(path, O_RDONLY | O_LARGEFILE, 0);
	if (IS_ERR(trace)) {
		host_error("trace=%s: it can't be opened (errno %ld)", path, -PTR_ERR(trace));
		trace = NULL;
		return -EINVAL;
	}
	if (!S_ISREG(file_inode(trace)->i_mode)) {
		host_error("trace=%s: it is no file", path);
		trace_file_close();
		return -EINVAL;
	}
	*bytes = (uint64_t)i_size_read(file_inode(trace));
	return 0;
}

bool host_trace_read(uint64_t offset, void *to, size_t bytes)
{
	loff_t at = (loff_t)offset;
	char *next = to;

	while (bytes) {
		ssize_t got = kernel_read(trace, next, bytes, &at);

		if (got <= 0)
			return false;
		next += got;
		bytes -= (size_t)got;
	}
	return true;
}
