# SPDX-License-Identifier: GPL-2.0-only
# symbols.awk - from `nm -n IMAGE` to the table of backtrace.c, as assembly. Without input: an
# empty one, for the link whose addresses the next table has.
# base: where text begins.
BEGIN {
	print "\t.section .symbols, \"a\"\n\t.balign 8"
	print "\t.globl symbols, symbols_count, symbol_names\nsymbols:"
}
$2 ~ /^[Tt]$/ && $1 != last {
	printf "\t.long 0x%s - " base ", n%d - symbol_names\n", $1, count
	name[count++] = $3
	last = $1
}
END {
	printf "symbols_count:\t.long %d\nsymbol_names:\n", count
	for (i = 0; i < count; i++)
		printf "n%d:\t.asciz \"%s\"\n", i, name[i]
	print "\t.section .note.GNU-stack, \"\", @progbits"
}
