/* SPDX-License-Identifier: GPL-2.0-only */
/* prepared.h - where a guest's kernel, initramfs and module lie; guest/prepare makes them. */
#ifndef LAUNCH_PREPARED_H
#define LAUNCH_PREPARED_H

#include <stdbool.h>
#include <stddef.h>

/* A folder that is booted as it is, whatever kernel= says: guest/prepare's own way to try one. */
#define PREPARED_FOLDER "TRIMM_GUEST"

struct prepared {
	char *folder;
	char release[64]; /* of its kernel */
	bool as_it_is;	  /* PREPARED_FOLDER named it */
};

/*
 * What boots @kernel, the value of kernel=, made or brought up to date if need be, which tells its
 * progress on stderr; the module with it if @module. 0, or an exit code after one line.
 */
int prepared_get(struct prepared *prepared, const char *kernel, bool module);
/* Where that is or would be: nothing is made. */
int prepared_find(struct prepared *prepared, const char *kernel);
/* One of its files; free() it. */
char *prepared_file(const struct prepared *prepared, const char *name);

#endif /* LAUNCH_PREPARED_H */
