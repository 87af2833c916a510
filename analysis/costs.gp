# costs.gp - what single operations take, by percentile: a panel a kind of cost.
# Data: for each panel a block for each arm: 1 / (1 - fraction of operations), count.
# Set: panels, axis[], wide[] (logarithmic counts), rarest (largest x).
set lmargin 12
if (!crowded) { set key outside center top horizontal }
# Arms that agree lie on each other: the first shows on both sides of the last.
thick(i) = 2 + (crowded ? 0 : 2.5 * (series - i))
set multiplot layout panels, 1 title title noenhanced
unset title
set logscale x 10
set xtics ("" 1, "50 %%" 2, "90 %%" 10, "99 %%" 100, "99.9 %%" 1e3, "99.99 %%" 1e4, \
	"99.999 %%" 1e5, "99.9999 %%" 1e6, "" 1e7, "" 1e8)
set xrange [1:rarest]
do for [p = 1:panels] {
	if (p == panels) { set xlabel "percentile of operations, from the cheapest to the costliest" }
	if (p == 2 && !crowded) { unset key }
	set ylabel axis[p]
	unset logscale y
	set yrange [0:*]
	set format y "%g"
	set ytics autofreq
	set offsets 0, 0, graph 0.15, 0
	if (wide[p]) {
		set yrange [*:*]
		set logscale y 10
		set ytics @count_tics
	}
	plot for [i = 1:series] data index (p - 1) * series + i - 1 using 1:2 with lines \
		linewidth thick(i) linecolor rgb colour[i] title label[i]
}
unset multiplot
unset output
