package ddl

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxName is how many bytes a name keeps (NAMEDATALEN - 1).
const maxName = 63

// objectName makes "name1_name2_label" no longer than a name may be by clipping the longer of the two names, as PostgreSQL's
// makeObjectName does. name2 and label may be empty.
func objectName(name1, name2, label string) string {
	overhead := 0
	if name2 != "" {
		overhead++
	}
	if label != "" {
		overhead += len(label) + 1
	}
	room := maxName - overhead
	n1, n2 := len(name1), len(name2)
	for n1+n2 > room {
		if n1 > n2 {
			n1--
		} else {
			n2--
		}
	}
	out := clip(name1, n1)
	if name2 != "" {
		out += "_" + clip(name2, n2)
	}
	if label != "" {
		out += "_" + label
	}
	return out
}

// clip cuts s to n bytes without cutting a character.
func clip(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// freeName makes a name that taken does not know: label, label1, label2 …
func freeName(name1, name2, label string, taken func(string) (bool, error)) (string, error) {
	for pass := 0; ; pass++ {
		l := label
		if pass > 0 {
			l += strconv.Itoa(pass)
		}
		name := objectName(name1, name2, l)
		used, err := taken(name)
		if err != nil || !used {
			return name, err
		}
	}
}

// columnsName joins column names for the middle of an index's or foreign key's name, as ChooseIndexNameAddition does.
func columnsName(columns []string) string {
	var b strings.Builder
	for i, c := range columns {
		if i > 0 {
			b.WriteByte('_')
		}
		b.WriteString(c)
		if b.Len() >= 2*maxName {
			break
		}
	}
	return b.String()
}
