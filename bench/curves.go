package bench

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// A chart has a curve for each subject: how a value grows with a number, both in
// powers of ten.
type chart struct {
	Title  string
	X, Y   int // of the upper left corner
	Curves []curve
	Across []tick // the numbers
	Up     []tick // the values
}

type curve struct {
	By, Color, Points string
	LabelY            float64 // of the name, at the end of the curve
}

const (
	chartWidth, chartHeight = 180, 150 // of the axes
	chartSpace              = 300      // from chart to chart
)

var curveColors = []string{faster, "#34495e"}

// charts returns the charts of the cases whose name begins with growth.
func (r *Report) charts(top int) []chart {
	var names []string
	of := map[string][]Result{}
	for _, result := range r.Results {
		name, ok := growthOf(result.Name)
		if !ok {
			continue
		}
		if of[name] == nil {
			names = append(names, name)
		}
		of[name] = append(of[name], result)
	}
	var all []chart
	for i, name := range names {
		c := chart{Title: fmt.Sprintf("%s, %s", strings.TrimPrefix(name, "growth/"), of[name][0].Unit), X: 44 + i%3*chartSpace, Y: top + i/3*(chartHeight+60)}
		c.draw(of[name])
		all = append(all, c)
	}
	return all
}

// growthOf returns the name of a growth case without its number.
func growthOf(name string) (string, bool) {
	at := strings.LastIndexByte(name, '/')
	return name[:max(0, at)], strings.HasPrefix(name, "growth/")
}

func (c *chart) draw(results []Result) {
	low, high := math.Inf(1), math.Inf(-1)
	var numbers []float64
	for _, result := range results {
		n, err := strconv.Atoi(result.Name[strings.LastIndexByte(result.Name, '/')+1:])
		if err != nil {
			n = 1 // a name is ours: see growing
		}
		numbers = append(numbers, math.Log10(float64(n)))
		for _, m := range result.Measurements {
			low, high = min(low, math.Log10(max(m.Median, 1))), max(high, math.Log10(max(m.Median, 1)))
		}
	}
	low, high = math.Floor(low), math.Floor(high)+1
	first, last := numbers[0], numbers[len(numbers)-1]
	across := func(n float64) float64 { return (n - first) / max(last-first, 1) * chartWidth }
	up := func(v float64) float64 { return chartHeight * (1 - (v-low)/(high-low)) }
	for i, n := range numbers {
		c.Across = append(c.Across, tick{across(n), results[i].Name[strings.LastIndexByte(results[i].Name, '/')+1:]})
	}
	for v := low; v <= high; v++ {
		c.Up = append(c.Up, tick{up(v), number(math.Pow(10, v))})
	}
	for s := range results[0].Measurements {
		one := curve{By: results[0].Measurements[s].By, Color: curveColors[min(s, len(curveColors)-1)]}
		var points []string
		for i, result := range results {
			y := up(math.Log10(max(result.Measurements[s].Median, 1)))
			points = append(points, fmt.Sprintf("%.1f,%.1f", across(numbers[i]), y))
			one.LabelY = y
		}
		one.Points = strings.Join(points, " ")
		c.Curves = append(c.Curves, one)
	}
	c.keepApart()
}

// keepApart moves the names of the curves so that they can be read.
func (c *chart) keepApart() {
	const line = 12
	if len(c.Curves) != 2 {
		return
	}
	a, b := &c.Curves[0], &c.Curves[1]
	if a.LabelY > b.LabelY {
		a, b = b, a
	}
	if near := line - (b.LabelY - a.LabelY); near > 0 {
		a.LabelY -= near / 2
		b.LabelY += near / 2
	}
}
