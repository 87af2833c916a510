/* SPDX-License-Identifier: GPL-2.0-only */
/* answers.h - for tests that must hold whatever a design question is answered with. */
#ifndef TESTS_ANSWERS_H
#define TESTS_ANSWERS_H

#include <string.h>

#include "config.h"

/* The statement that follows runs for each answer of the question named @name. */
#define FOR_EACH_ANSWER(value, name)                                    \
	for (unsigned int value = 0; value < TRI_POLICY_COUNT; value++) \
		if (strcmp(tri_policy_info[value].question, name)) {    \
		} else

#endif /* TESTS_ANSWERS_H */
