# crossover.gp - from which size on is one arm faster: ratio of total time, and its cause.
# Data: a block for each arm compared: x, its column's left and right, ratio, low, high,
# straddles; then a block for each arm: x, what explains it, a free or an allocation.
# Set: base, param, compared (blocks of the first kind), cause (label), caused (points with
# any), left, right, bottom, top (ranges of x and of the ratio).
arm(i) = i + series - compared
set logscale x 2
set logscale y 2
set xrange [left:right]
set yrange [bottom:top]
set format y "%g×"
set xlabel param
set ylabel sprintf("total time / %s (lower is better)", base)
set lmargin 11
panels = tty || caused == 0 ? 1 : 2
if (panels == 2) {
	set multiplot layout 2, 1 title title noenhanced
	unset title
	unset xlabel
}
set label 1 sprintf("slower than %s", base) at graph 0.005, first 1 left offset 0, 0.7
set label 2 sprintf("faster than %s", base) at graph 0.005, first 1 left offset 0, -0.7
if (!crowded) { set key bottom right }
if (tty) {
	plot 1 with lines title sprintf("1 = %s", base), \
		for [i = 1:compared] data index i - 1 using 1:4 with linespoints \
		title label[arm(i)]
} else {
	plot for [i = 1:compared] data index i - 1 \
		using ($7 == 1 && compared == 1 ? $1 : NaN):(1):2:3:(bottom):(top) with boxxyerror \
		linecolor rgb "#c8808080" notitle, \
		for [i = 1:compared] data index i - 1 using 1:5:6 with filledcurves \
		fillstyle transparent solid 0.3 linecolor rgb colour[arm(i)] notitle, \
		1 with lines linecolor rgb colour[1] linewidth 1.5 title base, \
		for [i = 1:compared] data index i - 1 using 1:4 with linespoints linewidth 2 \
		pointtype shape(arm(i)) pointsize dot linecolor rgb colour[arm(i)] title label[arm(i)]
}
if (panels == 2) {
	unset label
	if (!crowded) { unset key }
	set logscale y 10
	set format y "%g"
	set yrange [*:*]
	set xlabel param
	set ylabel cause
	plot for [i = 1:series] data index compared + i - 1 using 1:2 with linespoints \
		linewidth 2 pointtype shape(i) pointsize dot linecolor rgb colour[i] \
		title (crowded ? label[i] : "")
	unset multiplot
}
unset output
