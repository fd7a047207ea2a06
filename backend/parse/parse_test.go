package parse

import (
	"fmt"
	"strings"
	"testing"

	"pgd/backend/pgerr"
)

// deep makes a statement of n levels of each construct the grammar nests.
var deep = map[string]func(n int) string{
	"operators":  func(n int) string { return "select 1" + strings.Repeat("+1", n) },
	"prefixes":   func(n int) string { return "select " + strings.Repeat("- ", n) + "a" },
	"not":        func(n int) string { return "select " + strings.Repeat("not ", n) + "true" },
	"parens":     func(n int) string { return "select " + strings.Repeat("(", n) + "1" + strings.Repeat(")", n) },
	"minus":      func(n int) string { return "select " + strings.Repeat("-(", n) + "a" + strings.Repeat(")", n) },
	"casts":      func(n int) string { return "select 1" + strings.Repeat("::int", n) },
	"collate":    func(n int) string { return "select a" + strings.Repeat(" collate x", n) },
	"is":         func(n int) string { return "select a" + strings.Repeat(" is true", n) },
	"zones":      func(n int) string { return "select a" + strings.Repeat(" at time zone 'x'", n) },
	"subscripts": func(n int) string { return "select " + strings.Repeat("a[", n) + "1" + strings.Repeat("]", n) },
	"arrays":     func(n int) string { return "select " + strings.Repeat("array[", n) + "1" + strings.Repeat("]", n) },
	"case": func(n int) string {
		return "select " + strings.Repeat("case when ", n) + "a" + strings.Repeat(" then 1 end", n)
	},
	"else": func(n int) string {
		return "select " + strings.Repeat("case when a then b else ", n) + "1" + strings.Repeat(" end", n)
	},
	"functions": func(n int) string { return "select " + strings.Repeat("f(a, ", n) + "1" + strings.Repeat(")", n) },
	"union":     func(n int) string { return "select a, b" + strings.Repeat(" union select a, b", n) },
	"joins":     func(n int) string { return "select 1 from t" + strings.Repeat(" join t on a and b", n) },
	"subqueries": func(n int) string {
		return strings.Repeat("select 1 where a and exists (", n) + "select 1" + strings.Repeat(")", n)
	},
	"from": func(n int) string {
		return strings.Repeat("select 1 from (", n) + "select 1" + strings.Repeat(") x", n)
	},
	"with": func(n int) string {
		return strings.Repeat("with a as (", n) + "select 1" + strings.Repeat(") select 1", n)
	},
	"between": func(n int) string { return "select a" + strings.Repeat(" between 1 and 2 is true", n) },
	"mixed": func(n int) string {
		return "select " + strings.Repeat("(a and b or ", n) + "1" + strings.Repeat("||'x')", n)
	},
	"labels": func(n int) string {
		return "select " + strings.Repeat("case when a.end + 1 = ", n) + "1" + strings.Repeat(" then 1 end", n)
	},
	"comments": func(n int) string { return "select " + strings.Repeat("- /* ' */ ", n) + "1" },
	"quotes":   func(n int) string { return "select " + strings.Repeat("E'\\'' || ", n) + "'x'" },
	"dollars":  func(n int) string { return "select " + strings.Repeat("$a$'$a$ || ", n) + "'x'" },
}

// Ensure that no statement is too deep for the stack: it is parsed, or refused as PostgreSQL refuses it.
func TestDeepStatementsAreRefused(t *testing.T) {
	for name, f := range deep {
		for _, n := range []int{100, 1000, 3000, 5000, 10000, 100000} {
			_, err := Parse(f(n))
			if err == nil {
				continue
			}
			e := pgerr.From(err)
			grammar := strings.HasPrefix(e.Message, "memory exhausted at or near")
			if e.Code != pgerr.StatementTooComplex && !grammar {
				t.Errorf("%s %d: %v", name, n, err)
			}
			if n <= 1000 && !grammar && tokenLimit == mostTokens {
				t.Errorf("%s %d is refused: %v", name, n, err)
			}
		}
	}
}

// Ensure that the bound holds for less stack: what it lets through stays within.
func TestLimitFollowsStack(t *testing.T) {
	for stack, want := range map[uint64]int{1 << 20: 400, 2 << 20: 1747, 8 << 20: mostTokens, 1 << 30: mostTokens} {
		if got := limitFor(stack); got != want {
			t.Errorf("limitFor(%d) = %d, want %d", stack, got, want)
		}
	}
}

// Ensure that statements that are long but not deep are parsed.
func TestLongStatements(t *testing.T) {
	list := func(n int, sep, format string) string {
		parts := make([]string, n)
		for i := range parts {
			parts[i] = fmt.Sprintf(format, i)
		}
		return strings.Join(parts, sep)
	}
	for name, sql := range map[string]string{
		"rows":    "insert into t values " + list(10000, ", ", "(%d, 'x', 1.5, now() + '1 day')"),
		"in":      "select 1 where a in (" + list(30000, ",", "%d") + ")",
		"and":     "select 1 where " + list(1000, " and ", "a = %d"),
		"or":      "select 1 where " + list(10000, " or ", "a = %d"),
		"ranges":  "select 1 where " + list(5000, " or ", "a between %d and 2 and b"),
		"columns": "create table t (" + list(1600, ", ", "c%d numeric(10,2) not null default 0") + ")",
		"when":    "select case " + list(5000, " ", "when a = %d then 'x'") + " else 'y' end",
		"targets": "select " + list(1600, ", ", "a + b * %d as c"),
		"string":  "select '" + strings.Repeat("''(((", 100000) + "'",
		"script":  list(5000, ";\n", "update t set a = a + %d where b = 1 + 2"),
	} {
		if _, err := Parse(sql); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Ensure that each statement knows its text and where it begins, whatever stands before it.
func TestStatementText(t *testing.T) {
	sql := "select 'é' ; /* ü */ update \"ñ\" set a = 1;\n\n;select 3"
	sts, err := Parse(sql)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"select 'é' ", " /* ü */ update \"ñ\" set a = 1", "select 3"}
	if len(sts) != len(want) {
		t.Fatalf("%d statements", len(sts))
	}
	for i, s := range sts {
		if s.Text != want[i] || sql[s.Offset:s.Offset+len(s.Text)] != s.Text {
			t.Errorf("statement %d: %q at %d", i, s.Text, s.Offset)
		}
	}
	sel := sts[2].Node.(*SelectStmt).TargetList[0].(*ResTarget)
	if got := sql[sel.Location:]; got != "3" {
		t.Errorf("location gives %q", got)
	}
	if got := Position(sql, sel.Location); got != int32(len([]rune(sql))) {
		t.Errorf("position %d", got)
	}
}

// Ensure that bytes that are no UTF-8 and NUL are refused before the parser sees them.
func TestEncodingIsChecked(t *testing.T) {
	for sql, want := range map[string]string{
		"select '\xff'":         `invalid byte sequence for encoding "UTF8": 0xff`,
		"select '\xc3":          `invalid byte sequence for encoding "UTF8": 0xc3`,
		"select '\xe2\x82'":     `invalid byte sequence for encoding "UTF8": 0xe2 0x82 0x27`,
		"select '\x00'":         `invalid byte sequence for encoding "UTF8": 0x00`,
		"select '\xed\xa0\x80'": `invalid byte sequence for encoding "UTF8": 0xed 0xa0 0x80`,
	} {
		_, err := Parse(sql)
		if e := pgerr.From(err); e == nil || e.Code != "22021" || e.Message != want {
			t.Errorf("%q: %v", sql, err)
		}
	}
}

// Ensure that whatever a client sends is parsed or refused, with places inside the text.
func FuzzParse(f *testing.F) {
	for _, g := range deep {
		f.Add(g(3))
	}
	for _, s := range []string{"", ";", "select $1", "select 'é", "/* x", "select $$", "select U&'\\0041'", "insert into t values (1,2),(3,4) on conflict do nothing"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, sql string) {
		sts, err := Parse(sql)
		if err != nil {
			e := pgerr.From(err)
			if len(e.Code) != 5 || e.Message == "" || e.Position < 0 || int(e.Position) > len([]rune(sql))+1 {
				t.Fatalf("%q: %+v", sql, e)
			}
			return
		}
		for _, s := range sts {
			if s.Node == nil || s.Offset < 0 || s.Offset+len(s.Text) > len(sql) || sql[s.Offset:s.Offset+len(s.Text)] != s.Text {
				t.Fatalf("%q: %+v", sql, s)
			}
		}
	})
}
