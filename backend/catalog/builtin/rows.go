package builtin

import (
	"embed"
	"strings"
)

//go:embed rows/*.tsv
var rowFiles embed.FS

// Rows gives the stored rows of a system catalog in COPY's text format, one line each, columns as Class has them; "" where it begins
// empty. Roles inside an ACL stand as OIDs, 0 for PUBLIC.
func Rows(catalog string) string {
	b, err := rowFiles.ReadFile("rows/" + catalog + ".tsv")
	if err != nil {
		return ""
	}
	return string(b)
}

// EachRow gives the fields of each line; they are reused. A NULL is `\N`; escapes are left as they are.
func EachRow(rows string, f func(fields []string) error) error {
	var fields []string
	for len(rows) > 0 {
		line, rest, _ := strings.Cut(rows, "\n")
		rows, fields = rest, fields[:0]
		for {
			field, more, ok := strings.Cut(line, "\t")
			fields = append(fields, field)
			if !ok {
				break
			}
			line = more
		}
		if err := f(fields); err != nil {
			return err
		}
	}
	return nil
}
