/* SPDX-License-Identifier: GPL-2.0-only */
/* trace_file.h - the file that trace= names is open from a case's check on. */
#ifndef LINUX_MODULE_TRACE_FILE_H
#define LINUX_MODULE_TRACE_FILE_H

/* Once the case is over; also if there was none. */
void trace_file_close(void);

#endif /* LINUX_MODULE_TRACE_FILE_H */
