/* SPDX-License-Identifier: GPL-2.0-only */
/* questions.h - where `trimm show` asks. See questions.c. */
#ifndef USER_QUESTIONS_H
#define USER_QUESTIONS_H

/* Listen, on a thread that sleeps until somebody asks. Failing only means nobody can ask. */
void questions_open(void);

#endif /* USER_QUESTIONS_H */
