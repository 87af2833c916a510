/* SPDX-License-Identifier: GPL-2.0-only */
/* decode.c - the few instructions that matter, by Intel SDM 2, "Instruction Format". */
#include "instrument.h"

#include "mark_x86.h"

#include <stdbool.h>
#include <string.h>

static bool is_mark(const uint8_t *bytes, size_t size)
{
	static const uint8_t mark[MARK_X86_LENGTH] = {0x0f, 0x1f, 0x84, 0x00, 0, 0xc0, 0x17, 0x5a};

	return size == MARK_X86_LENGTH && !memcmp(bytes, mark, MARK_X86_NUMBER) &&
	       !memcmp(bytes + MARK_X86_NUMBER + 1, mark + MARK_X86_NUMBER + 1,
		       MARK_X86_LENGTH - MARK_X86_NUMBER - 1);
}

/* INS and OUTS; MOVS and CMPS; STOS, LODS and SCAS. */
static bool is_string(uint8_t opcode)
{
	return (opcode & 0xfc) == 0x6c || (opcode & 0xfc) == 0xa4 ||
	       (opcode >= 0xaa && opcode <= 0xaf);
}

enum instruction instruction_is(const uint8_t *bytes, size_t size, unsigned int *mark)
{
	const uint8_t *at = bytes, *end = bytes + size;
	bool locked = false, operand_size = false, repeated = false, memory;
	unsigned int rex = 0, reg;

	if (is_mark(bytes, size)) {
		*mark = bytes[MARK_X86_NUMBER];
		return INSTRUCTION_MARK;
	}
	while (at < end && memchr("\x26\x2e\x36\x3e\x64\x65\x66\x67\xf0\xf2\xf3", *at, 11)) {
		locked |= *at == 0xf0;
		operand_size |= *at == 0x66;
		repeated |= *at == 0xf2 || *at == 0xf3;
		at++;
	}
	if (locked)
		return INSTRUCTION_LOCKED;
	if (at < end && (*at & 0xf0) == 0x40)
		rex = *at++;
	if (end - at == 1 && *at == 0xcf)
		return INSTRUCTION_IRET;
	if (repeated && end - at == 1 && is_string(*at))
		return INSTRUCTION_REPEATED;
	if (end - at >= 2 && (at[0] == 0x86 || at[0] == 0x87))
		return at[1] >> 6 == 3 ? INSTRUCTION_OTHER : INSTRUCTION_LOCKED;
	if (end - at < 3 || at[0] != 0x0f)
		return INSTRUCTION_OTHER;
	memory = at[2] >> 6 != 3;
	reg = (at[2] >> 3 & 7) | (rex & 4) << 1;
	if (at[1] == 0x01)
		return (reg & 7) == 7 && memory ? INSTRUCTION_INVLPG : INSTRUCTION_OTHER;
	if (at[1] == 0x22 && (reg == 3 || reg == 4))
		return reg == 3 ? INSTRUCTION_CR3 : INSTRUCTION_CR4;
	if (operand_size && at[1] == 0x38 && at[2] == 0x82)
		return INSTRUCTION_INVPCID;
	return INSTRUCTION_OTHER;
}
