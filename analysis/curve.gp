# curve.gp - what an access costs by the number of pages accessed in turn, and where it rises.
# Data: pages, median in ns, low, high, what the caches alone would cost.
# Set: knees, knee[] (pages, between two points), knee_label[]; levels, level[] (ns), from[],
# to[] (pages), level_label[]; least, most (ns), left, right (pages).
height = 480
set terminal svg noenhanced size 840,height font font . ",13" linewidth 1.3
set output sprintf("| sed 's|<desc>|%s<desc>|' > %s.svg", css, name)
set logscale x 2
set logscale y 10
set xrange [left:right]
set yrange [least:most]
set ytics (0.5, 1, 2, 3, 5, 10, 20, 30, 50, 100, 200, 500, 1000)
set format y "%g ns"
set xlabel "pages accessed in turn, one line of each"
set ylabel "time of an access (lower is better)"
do for [k = 1:knees] {
	set arrow k from first knee[k], graph 0 to first knee[k], graph 1 nohead \
		dashtype 2 linewidth 1 linecolor rgb "#808080"
	set label k knee_label[k] at first knee[k], graph 0.98 right rotate by 0 offset -0.7, 0 \
		textcolor linetype -1
}
do for [k = 1:levels] {
	set arrow 10 + k from first from[k], first level[k] to first to[k], first level[k] nohead \
		linewidth 6 linecolor rgb "#60E69F00"
	set label 10 + k level_label[k] at first sqrt(from[k] * to[k]), first level[k] center \
		offset 0, (k == 1 ? 1.1 : -1.2) textcolor linetype -1
}
set key at graph 0.01, 0.86 left Left reverse
plot data using 1:3:4 with filledcurves fillstyle transparent solid 0.25 \
	linecolor rgb "#0072B2" notitle, \
	data using 1:5 with lines dashtype 3 linewidth 1.5 linecolor rgb "#808080" \
	title "as many loads from whole pages: the caches alone", \
	data using 1:2 with linespoints linewidth 2 pointtype 7 pointsize 0.5 \
	linecolor rgb "#0072B2" title "one load a page"
unset output
