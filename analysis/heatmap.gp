# heatmap.gp - latencies over time, a panel a series: rare slow operations show as marks on top.
# Data: one block a series; time from, to (s), latency from, to (ns), operations per second.
# Set: until[] (s), low, high (ns), most (operations per second).
set multiplot layout series, 1 title title noenhanced
unset title
unset key
unset grid
set logscale y 10
set logscale cb 10
set yrange [low:high]
set cbrange [1:most]
set ytics @time_tics
set format cb "10^%T"
set cbtics scale 0.3 ("1" 1, "100" 100, "10 k" 1e4, "1 M" 1e6, "100 M" 1e8)
set cblabel "operations per second"
set rmargin at screen 0.87
set tmargin 2
# Both ends stand out from a white page and from a dark one; neither is an arm's colour.
set palette defined (0 "#d6409f", 0.5 "#9a5bd0", 1 "#4263eb")
set lmargin 11
set ylabel "latency"
do for [i = 1:series] {
	set xrange [0:until[i]]
	if (i == series) { set xlabel "time the arm itself has run (s); scales differ" }
	set label 1 label[i] at graph 0, graph 1.07 noenhanced
	plot data index i - 1 using 1:3:1:2:3:4:5 with boxxyerror linecolor palette
}
unset multiplot
unset output
