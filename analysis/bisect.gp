# bisect.gp - what a bisection measured, along the commits, and what it leaves.
# Data: blocks of place, value, low, high: as the older end, as the later end, unclear; the first two
# of commits built anew. Then places that could not be built or run.
# Set: axis, named, old_name, new_name, old_colour, new_colour, middle, last (place), from, to (the
# first changed commit is after from, up to to), exact; unclear, anew, skipped (how many).
set lmargin 12
set xrange [-0.03 * last - 0.5:1.03 * last + 0.5]
set offsets 0, 0, graph 0.12, graph 0.04
if (exact) {
	set offsets 0, 0, graph 0.12, 0
	set yrange [0:*]
}
set xlabel "commit, from the older end to the later one"
set ylabel axis
set key outside center top horizontal maxrows 1
set style fill transparent solid 0.2 noborder
# What is left: a narrow stripe where one commit was found.
set object 1 rectangle from first from + 0.5, graph 0 to first to + 0.5, graph 1 behind \
	fillcolor rgb "#E69F00" fillstyle transparent solid 0.25 noborder
right = from + to + 1 > last
if (right) {
	set label 1 named at first from + 0.5, graph 0.97 right offset -0.7, 0 textcolor linetype -1
} else {
	set label 1 named at first to + 0.5, graph 0.97 left offset 0.7, 0 textcolor linetype -1
}
set arrow 1 from graph 0, first middle to graph 1, first middle nohead dashtype 2 linewidth 1 \
	linecolor rgb "#808080"
set label 2 "the middle" at graph 0.01, first middle left offset 0, 0.6 textcolor rgb "#808080"
plot data index 0 using 1:2:3:4 with yerrorbars linewidth 1.5 pointtype 7 pointsize 0.7 \
	linecolor rgb old_colour title old_name, \
	data index 1 using 1:2:3:4 with yerrorbars linewidth 1.5 pointtype 5 pointsize 0.7 \
	linecolor rgb new_colour title new_name, \
	data index 2 using 1:2:3:4 with yerrorbars linewidth 1.5 pointtype 9 pointsize 0.7 \
	linecolor rgb "#808080" title (unclear ? "unclear" : ""), \
	data index 3 using 1:2 with points pointtype 6 pointsize 1.4 linewidth 1.5 \
	linecolor rgb old_colour title (anew ? "built anew" : ""), \
	data index 4 using 1:2 with points pointtype 4 pointsize 1.4 linewidth 1.5 \
	linecolor rgb new_colour title (anew ? "built anew" : ""), \
	data index 5 using 1:2 with points pointtype 2 pointsize 0.7 linewidth 1.5 \
	linecolor rgb "#808080" title (skipped ? "not built or run" : "")
unset output
