/* SPDX-License-Identifier: GPL-2.0-only */
/* events.h - what mmcore counts: names and meanings, generated from events.def. */
#ifndef MMCORE_EVENTS_H
#define MMCORE_EVENTS_H

enum tri_event {
#define EVENT(name, unit, kind, better, about) TRI_EVENT_##name,
#include "events.def"
#undef EVENT
	TRI_EVENT_COUNT
};

enum tri_event_kind { TRI_SUM, TRI_MAX };
enum tri_better { TRI_BETTER_LOWER, TRI_BETTER_HIGHER, TRI_BETTER_NONE };

struct tri_event_info {
	const char *name, *unit, *about;
	enum tri_event_kind kind;
	enum tri_better better;
};
extern const struct tri_event_info tri_event_info[TRI_EVENT_COUNT];

#endif /* MMCORE_EVENTS_H */
