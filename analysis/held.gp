# held.gp - what a byte asked for really holds, over a swept number.
# Data: a block for each arm: x, bytes held and bytes usable, each per byte asked for.
# Set: param.
set logscale x 2
set xlabel param
set ylabel "bytes per byte asked for (lower is better)"
set yrange [0.9:*]
set offsets graph 0.02, graph 0.02, graph 0.15, 0
set key top right Right noreverse
plot 1 with lines linecolor rgb "#808080" linewidth 1 notitle, \
	for [i = 1:series] data index i - 1 using 1:3 with lines dashtype 2 linewidth 1 \
	linecolor rgb colour[i] notitle, \
	for [i = 1:series] data index i - 1 using 1:2 with linespoints linewidth 2 \
	pointtype 7 pointsize 0.5 linecolor rgb colour[i] title label[i]
unset output
