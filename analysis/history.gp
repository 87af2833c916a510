# history.gp - a series over nights: values with their intervals, levels, and where they changed.
# Data: block 0, nights: place, value, low, high, inside (0: beyond the edge, drawn there). Block 1,
# levels: from, to, level.
# Set: axis, last (place), least, most (of the axis), intervals, changes, change_label[],
# change_place[], change_kind[] (0 worse, 1 better, 2 accepted),
# change_lift[] (line of its label), change_left[], tics, tic_place[], tic_label[], is_ratio.
set lmargin 12
set rmargin 4
unset key
set xrange [-0.5 - 0.01 * last:last + 0.5 + 0.01 * last]
set yrange [least:most]
set ylabel axis
set xlabel "night"
set xtics ()
do for [i = 1:tics] { set xtics add (tic_label[i] tic_place[i]) }
kind_colour(k) = k == 0 ? 0xD55E00 : k == 1 ? 0x009E73 : 0x808080
if (is_ratio && least < 1 && most > 1) {
	set arrow 1 from graph 0, first 1 to graph 1, first 1 nohead dashtype 3 linewidth 0.8 \
		linecolor rgb "#808080"
}
do for [i = 1:changes] {
	set arrow 10 + i from first change_place[i], graph 0 to first change_place[i], graph 1 \
		nohead dashtype 2 linewidth 1.2 linecolor rgb kind_colour(change_kind[i])
	if (change_left[i]) {
		set label 10 + i change_label[i] at first change_place[i], \
			graph 0.97 - 0.065 * change_lift[i] right offset -0.6, 0 textcolor linetype -1
	} else {
		set label 10 + i change_label[i] at first change_place[i], \
			graph 0.97 - 0.065 * change_lift[i] left offset 0.6, 0 textcolor linetype -1
	}
}
# Faint intervals, so that hundreds of nights leave the points to be seen.
plot data index 0 using 1:(intervals && $5 == 1 ? $3 : NaN):(0):($4 - $3) with vectors nohead \
	linewidth 1.2 linecolor rgb "#a03B8BD0", \
	data index 0 using 1:($5 == 1 ? $2 : NaN) with points pointtype 7 \
	pointsize (last > 200 ? 0.25 : 0.45) linecolor rgb "#3B8BD0", \
	data index 0 using 1:($5 == 0 ? $2 : NaN) with points pointtype 6 pointsize 0.8 \
	linewidth 1.2 linecolor rgb "#3B8BD0", \
	data index 1 using 1:3:($2 - $1):(0) with vectors nohead linewidth 2 linecolor rgb "#9467D8"
unset output
