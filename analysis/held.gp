# held.gp - what a byte asked for really holds, over a swept number.
# Data: a block for each arm: x, bytes held and bytes usable, each per byte asked for.
# Set: param, logarithmic (the swept number).
if (logarithmic) { set logscale x 2 }
set xlabel param
set ylabel "bytes per byte asked for (lower is better)"
# What is almost nothing shall look it.
set yrange [0.9:1.5 < *]
set offsets graph 0.02, graph 0.02, graph 0.15, 0
if (!crowded) { set key top right Right noreverse }
plot 1 with lines linecolor rgb "#808080" linewidth 1 notitle, \
	for [i = 1:series] data index i - 1 using 1:3 with lines dashtype 2 linewidth 1 \
	linecolor rgb colour[i] notitle, \
	for [i = 1:series] data index i - 1 using 1:2 with linespoints linewidth 2 \
	pointtype shape(i) pointsize dot linecolor rgb colour[i] title label[i]
unset output
