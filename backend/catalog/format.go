package catalog

import (
	"strconv"
	"strings"

	"pgd/backend/catalog/builtin"
	"pgd/backend/types"
)

// sqlNames are the types that SQL calls otherwise than pg_type: what comes before the modifier, and what after.
var sqlNames = [...]struct {
	oid         uint32
	name, after string
}{
	{16, "boolean", ""}, {18, `"char"`, ""}, {20, "bigint", ""}, {21, "smallint", ""}, {23, "integer", ""}, {700, "real", ""},
	{701, "double precision", ""}, {1042, "character", ""}, {1043, "character varying", ""}, {1083, "time", " without time zone"},
	{1114, "timestamp", " without time zone"}, {1184, "timestamp", " with time zone"}, {1186, "interval", ""}, {1266, "time", " with time zone"},
	{1560, "bit", ""}, {1562, "bit varying", ""}, {1700, "numeric", ""}, {2276, `"any"`, ""},
}

// FormatType prints a type as SQL writes it, schema-qualified where the path does not show it; typmod -1 is none. What does not exist is "???".
//
// The SQL function format_type differs for a typmod that is given as -1: see FormatTypeGiven.
func (v *View) FormatType(oid uint32, typmod int32) string {
	if oid == 0 {
		return "-"
	}
	for i := range sqlNames {
		if n := &sqlNames[i]; n.oid == oid {
			return n.name + typmodText(oid, typmod) + n.after
		}
	}
	t := v.Type(oid)
	if t == nil {
		return "???"
	}
	if t.Category == 'A' && t.Elem != 0 && t.Len == -1 && oid != typeInt2Vector && oid != typeOIDVector {
		return v.FormatType(t.Elem, typmod) + "[]"
	}
	name := QuoteIdent(t.Name)
	if t.Kind == 'b' && t.Namespace == builtin.SchemaCatalog && builtin.KeywordCategory(t.Name) == 'C' {
		name = t.Name // a keyword that is a type's name needs no quotes there
	}
	if v.typeVisible(t) {
		return name + typmodText(oid, typmod)
	}
	return QuoteIdent(v.NamespaceName(t.Namespace)) + "." + QuoteIdent(t.Name) + typmodText(oid, typmod)
}

// FormatTypeGiven is format_type(oid, typmod) with a typmod that is not NULL: character and bit without a length are then
// printed in a way that does not mean length 1.
func (v *View) FormatTypeGiven(oid uint32, typmod int32) string {
	switch {
	case typmod >= 0:
	case oid == 1042:
		return "bpchar"
	case oid == 1560:
		return `"bit"`
	case oid == 1014:
		return "bpchar[]"
	case oid == 1561:
		return `"bit"[]`
	}
	return v.FormatType(oid, typmod)
}

// typeVisible tells whether the name alone finds the type.
func (v *View) typeVisible(t *TypeRow) bool {
	if t.Namespace == builtin.SchemaCatalog && v.search[0] == builtin.SchemaCatalog {
		return true
	}
	return v.TypeByName("", t.Name) == t
}

// typmodText prints a type's modifier as its typmodout does; "" for none.
func typmodText(oid uint32, typmod int32) string {
	if typmod < 0 {
		return ""
	}
	if t := types.ByOID(oid); t != nil && t.TypmodOut != nil {
		return t.TypmodOut(typmod)
	}
	number := func(n int32) string { return "(" + strconv.Itoa(int(n)) + ")" }
	switch oid {
	case 1042, 1043:
		if typmod >= 4 {
			return number(typmod - 4)
		}
	case 1560, 1562, 1083, 1114, 1184, 1266:
		return number(typmod)
	case 1700:
		if typmod >= 4 {
			m := typmod - 4
			scale := m & 0x7ff
			return "(" + strconv.Itoa(int(m>>16)&0xffff) + "," + strconv.Itoa(int((scale^1024)-1024)) + ")"
		}
	case 1186:
		return intervalTypmod(typmod)
	}
	return ""
}

// intervalTypmod prints the fields and the precision an interval was declared with.
func intervalTypmod(typmod int32) string {
	const all, full = 0x7fff, 0xffff
	fields := typmod >> 16 & all
	var b strings.Builder
	if fields != all {
		names := [...]struct {
			bit  int32
			name string
		}{{1 << 2, "year"}, {1 << 1, "month"}, {1 << 3, "day"}, {1 << 10, "hour"}, {1 << 11, "minute"}, {1 << 12, "second"}}
		first, last := "", ""
		for _, n := range names {
			if fields&n.bit != 0 {
				if first == "" {
					first = n.name
				}
				last = n.name
			}
		}
		b.WriteString(" " + first)
		if last != first {
			b.WriteString(" to " + last)
		}
	}
	if p := typmod & full; p != full {
		b.WriteString("(" + strconv.Itoa(int(p)) + ")")
	}
	return b.String()
}
