# counted.gp - exact counts per operation over a swept number, a panel a counter.
# Data: for each panel a block for each arm: x, count per operation.
# Set: param, logarithmic (the swept number), panels, axis[], wide[] (logarithmic counts).
set lmargin 12
if (!crowded) { set key outside center top horizontal }
# Arms that agree lie on each other: the first shows on both sides of the last.
thick(i) = 2 + (crowded ? 0 : 2.5 * (series - i))
set multiplot layout panels, 1 title title noenhanced
unset title
unset xlabel
if (logarithmic) { set logscale x 2 }
set offsets graph 0.02, graph 0.02, graph 0.12, 0
do for [p = 1:panels] {
	if (p == panels) { set xlabel param }
	if (p == 2 && !crowded) { unset key }
	set ylabel axis[p]
	unset logscale y
	set yrange [0:*]
	set format y "%g"
	set ytics autofreq
	if (wide[p]) {
		set yrange [*:*]
		set logscale y 10
		set ytics @count_tics
	}
	plot for [i = 1:series] data index (p - 1) * series + i - 1 using 1:2 with linespoints \
		linewidth thick(i) pointtype shape(i) pointsize dot linecolor rgb colour[i] title label[i]
}
unset multiplot
unset output
