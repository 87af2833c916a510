# series.gp - what a workload followed over its iterations, a panel for each thing, a line an arm.
# Data: for each panel a block for each arm: point, value.
# Set: panels, axis[].
set lmargin 12
if (!crowded) { set key outside center top horizontal }
# Arms that agree lie on each other: the first shows on both sides of the last.
thick(i) = 2 + (crowded ? 0 : 2.5 * (series - i))
set multiplot layout panels, 1 title title noenhanced
unset title
set offsets 0, 0, graph 0.12, 0
do for [p = 1:panels] {
	if (p == panels) { set xlabel "iteration" }
	if (p == 2 && !crowded) { unset key }
	set ylabel axis[p]
	# From 0, unless it goes below.
	set yrange [* < 0:*]
	plot for [i = 1:series] data index (p - 1) * series + i - 1 using 1:2 with lines \
		linewidth thick(i) linecolor rgb colour[i] title label[i]
}
unset multiplot
unset output
