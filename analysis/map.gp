# map.gp - a threshold x pages of an allocation, a panel for each number of CPUs.
# Data: a block for each panel: column, row, value (0: none), text.
# Set: panels, cpus[], columns, column[], rows, row[] (what they stand for), param, low, high
# (values), timed, height, deep (panels above each other).
set multiplot layout deep, (panels > 1 ? 2 : 1) title title noenhanced \
	margins 0.1, 0.97, 140.0 / height, 1 - 74.0 / height spacing 0.11, 100.0 / height
unset key
unset grid
set xrange [0.5:columns + 0.5]
set yrange [0.5:rows + 0.5]
set xtics ()
do for [i = 1:columns] { set xtics add (column[i] i) }
set ytics ()
do for [i = 1:rows] { set ytics add (row[i] i) }
set xlabel "pages of an allocation"
set ylabel param
# As the heat map's: both ends stand out from a white page and from a dark one, with white text on.
set palette defined (0 "#4263eb", 0.5 "#9a5bd0", 1 "#d6409f")
set logscale cb 10
set cbrange [low:high]
set cbtics scale 0.3
if (timed) { set cbtics @time_tics } else { set cbtics @count_tics }
set cblabel (timed ? "time per operation" : "interrupts per free (grey: none)") offset 0, 0.3
set style textbox noborder
unset colorbox
do for [p = 1:panels] {
	set title cpus[p] noenhanced
	if (p == panels) {
		set colorbox horizontal user origin screen 0.3, screen 60.0 / height \
			size screen 0.4, screen 12.0 / height
	}
	plot data index p - 1 using 1:2:($1 - 0.49):($1 + 0.49):($2 - 0.48):($2 + 0.48):\
		($3 > 0 ? $3 : NaN) with boxxyerror linecolor palette, \
		data index p - 1 using ($3 > 0 ? NaN : $1):2:($1 - 0.49):($1 + 0.49):\
		($2 - 0.48):($2 + 0.48) with boxxyerror linecolor rgb "#808080", \
		data index p - 1 using 1:2:4 with labels font font . ",11" textcolor rgb "#ffffff"
}
unset multiplot
unset output
