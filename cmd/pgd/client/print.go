package client

import (
	"bufio"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/jackc/pgx/v5/pgconn"
)

// Format is how rows are printed.
type Format struct {
	Kind       string // aligned, unaligned, csv, json
	Expanded   bool
	TuplesOnly bool
	Null       string
	Footer     bool
}

// Kinds of formats, for \pset and the flags.
var formatKinds = []string{"aligned", "csv", "json", "unaligned"}

// table is a result to print. A nil cell is NULL.
type table struct {
	title  string
	names  []string
	right  []bool // numbers go to the right
	rows   [][][]byte
	footer []string
}

// numeric are the types whose values stand at the right.
var numeric = map[uint32]bool{20: true, 21: true, 23: true, 26: true, 700: true, 701: true, 790: true, 1700: true}

// json types are printed as they are in JSON output.
var jsonTypes = map[uint32]bool{16: true, 20: true, 21: true, 23: true, 26: true, 114: true, 3802: true, 700: true, 701: true, 1700: true}

func (f Format) print(out io.Writer, t *table, fields []pgconn.FieldDescription) error {
	w := bufio.NewWriter(out)
	switch f.Kind {
	case "csv":
		f.csv(w, t)
	case "json":
		if err := f.json(w, t, fields); err != nil {
			return err
		}
	case "unaligned":
		f.unaligned(w, t)
	default:
		if f.Expanded {
			f.expanded(w, t)
		} else {
			f.aligned(w, t)
		}
	}
	return w.Flush()
}

func (f Format) cell(b []byte) string {
	if b == nil {
		return f.Null
	}
	return string(b)
}

func (f Format) csv(w io.Writer, t *table) {
	c := csv.NewWriter(w)
	if !f.TuplesOnly {
		c.Write(t.names)
	}
	row := make([]string, len(t.names))
	for _, r := range t.rows {
		for i, b := range r {
			row[i] = f.cell(b)
		}
		c.Write(row)
	}
	c.Flush()
}

// json prints an array with one object a row; numbers, booleans and json values stay what they are.
func (f Format) json(w io.Writer, t *table, fields []pgconn.FieldDescription) error {
	fmt.Fprint(w, "[")
	for i, r := range t.rows {
		if i > 0 {
			fmt.Fprint(w, ",")
		}
		fmt.Fprint(w, "\n  {")
		for j, b := range r {
			if j > 0 {
				fmt.Fprint(w, ", ")
			}
			name, err := json.Marshal(t.names[j])
			if err != nil {
				return err
			}
			val := []byte("null")
			if b != nil {
				var oid uint32
				if j < len(fields) {
					oid = fields[j].DataTypeOID
				}
				if val, err = jsonValue(b, oid); err != nil {
					return err
				}
			}
			fmt.Fprintf(w, "%s: %s", name, val)
		}
		fmt.Fprint(w, "}")
	}
	if len(t.rows) > 0 {
		fmt.Fprintln(w)
	}
	fmt.Fprintln(w, "]")
	return nil
}

func jsonValue(b []byte, oid uint32) ([]byte, error) {
	switch {
	case oid == 16:
		return []byte(map[bool]string{true: "true", false: "false"}[string(b) == "t"]), nil
	case jsonTypes[oid] && json.Valid(b):
		return b, nil
	}
	return json.Marshal(string(b))
}

func (f Format) unaligned(w io.Writer, t *table) {
	line := func(cells []string) { fmt.Fprintln(w, strings.Join(cells, "|")) }
	if !f.TuplesOnly {
		line(t.names)
	}
	row := make([]string, len(t.names))
	for _, r := range t.rows {
		for i, b := range r {
			row[i] = f.cell(b)
		}
		line(row)
	}
	f.foot(w, t)
}

func (f Format) foot(w io.Writer, t *table) {
	if f.TuplesOnly {
		return
	}
	if t.footer != nil {
		for _, l := range t.footer {
			fmt.Fprintln(w, l)
		}
		return
	}
	if !f.Footer {
		return
	}
	if len(t.rows) == 1 {
		fmt.Fprintln(w, "(1 row)")
		return
	}
	fmt.Fprintf(w, "(%d rows)\n", len(t.rows))
}

// aligned prints columns of one width each; a value of several lines takes several lines, marked with +.
func (f Format) aligned(w io.Writer, t *table) {
	width := make([]int, len(t.names))
	for i, n := range t.names {
		width[i] = displayWidth(n)
	}
	cells := make([][][]string, len(t.rows))
	for i, r := range t.rows {
		cells[i] = make([][]string, len(r))
		for j, b := range r {
			lines := strings.Split(f.cell(b), "\n")
			cells[i][j] = lines
			for _, l := range lines {
				width[j] = max(width[j], displayWidth(l))
			}
		}
	}
	if !f.TuplesOnly {
		if t.title != "" {
			total := len(width)*3 - 1
			for _, n := range width {
				total += n
			}
			fmt.Fprintf(w, "%s%s\n", strings.Repeat(" ", max(0, (total-displayWidth(t.title))/2)), t.title)
		}
		if len(t.names) == 0 && t.title == "" {
			fmt.Fprint(w, "--") // a result without columns, as psql shows one
		}
		for i, n := range t.names {
			left := (width[i] - displayWidth(n)) / 2
			sep := "|"
			if i == len(t.names)-1 {
				sep = ""
			}
			fmt.Fprintf(w, " %s%s%s %s", strings.Repeat(" ", left), n, strings.Repeat(" ", width[i]-displayWidth(n)-left), sep)
		}
		if len(t.names) > 0 {
			fmt.Fprintln(w)
		}
		for i, n := range width {
			if i > 0 {
				fmt.Fprint(w, "+")
			}
			fmt.Fprint(w, strings.Repeat("-", n+2))
		}
		fmt.Fprintln(w)
	}
	for _, r := range cells {
		f.alignedRow(w, t, r, width)
	}
	f.foot(w, t)
	fmt.Fprintln(w)
}

func (f Format) alignedRow(w io.Writer, t *table, r [][]string, width []int) {
	height := 1
	for _, lines := range r {
		height = max(height, len(lines))
	}
	for n := 0; n < height; n++ {
		for j, lines := range r {
			s := ""
			if n < len(lines) {
				s = lines[n]
			}
			pad := strings.Repeat(" ", width[j]-displayWidth(s))
			mark := " "
			if n+1 < len(lines) {
				mark = "+"
			}
			last := j == len(r)-1
			switch {
			case t.right[j]:
				s, pad = pad+s, ""
			case last && mark == " ":
				pad, mark = "", ""
			}
			if last && mark == " " {
				mark = ""
			}
			fmt.Fprintf(w, " %s%s%s", s, pad, mark)
			if !last {
				fmt.Fprint(w, "|")
			}
		}
		fmt.Fprintln(w)
	}
}

func (f Format) expanded(w io.Writer, t *table) {
	name := 0
	for _, n := range t.names {
		name = max(name, displayWidth(n))
	}
	value := 0
	for _, r := range t.rows {
		for _, b := range r {
			for _, l := range strings.Split(f.cell(b), "\n") {
				value = max(value, displayWidth(l))
			}
		}
	}
	for i, r := range t.rows {
		if !f.TuplesOnly {
			head := fmt.Sprintf("-[ RECORD %d ]", i+1)
			if len(head) < name+1 {
				head += strings.Repeat("-", name+1-len(head)) + "+"
			}
			fmt.Fprintln(w, head+strings.Repeat("-", max(0, name+3+value-len(head))))
		}
		for j, b := range r {
			for k, l := range strings.Split(f.cell(b), "\n") {
				n := t.names[j]
				if k > 0 {
					n = ""
				}
				fmt.Fprintf(w, "%s%s | %s\n", n, strings.Repeat(" ", name-displayWidth(n)), l)
			}
		}
	}
	if len(t.rows) == 0 && !f.TuplesOnly {
		fmt.Fprintln(w, "(0 rows)")
	}
	for _, l := range t.footer {
		fmt.Fprintln(w, l)
	}
	fmt.Fprintln(w)
}

// displayWidth counts columns of a terminal: wide characters of East Asia and emoji take two, marks none.
func displayWidth(s string) int {
	n := 0
	for len(s) > 0 {
		r, size := utf8.DecodeRuneInString(s)
		s = s[size:]
		switch {
		case r < 0x20 || r == 0x7f || r >= 0x300 && r < 0x370 || r >= 0x200b && r <= 0x200f || r >= 0xfe00 && r <= 0xfe0f:
		case r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xa4cf || r >= 0xac00 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff ||
			r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0xffe0 && r <= 0xffe6 || r >= 0x1f300 && r <= 0x1faff || r >= 0x20000 && r <= 0x3fffd):
			n += 2
		default:
			n++
		}
	}
	return n
}
