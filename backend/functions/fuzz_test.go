package functions

import (
	"testing"
	"unicode/utf8"

	"pgd/backend/types"
)

// Ensure that no pattern and no text make the regular expression functions panic or run without end, and that what is found is inside the text.
func FuzzRegex(f *testing.F) {
	for _, p := range []string{"", "a*", "(a|b)+c", "(.*?)(\\d+)$", "[[:alpha:]-z]", "(?i)x{2,3}?", "(a)\\1", "***=a.b", "(?<!a)b", "[^\\s]", "\\u0041", "(?x) a # b", "a{", "((a*)*)*"} {
		f.Add(p, "abc abc 123", "i")
	}
	f.Fuzz(func(t *testing.T, p, s, flags string) {
		if !utf8.ValidString(p) || !utf8.ValidString(s) || len(p) > 100 || len(s) > 100 {
			return
		}
		var fl reFlags
		if readFlags(flags, &fl) != nil {
			return
		}
		re, err := compileRegex(p, fl)
		if err != nil {
			return
		}
		m, err := re.find(s, 0)
		if err != nil || m == nil {
			return
		}
		for i := 0; i < len(m); i += 2 {
			if m[i] >= 0 && (m[i] > m[i+1] || m[i+1] > len(s) || m[i] < m[0] && i > 0 && !re.special) {
				t.Fatalf("%q in %q: %v", p, s, m)
			}
		}
		if ok, err := re.matches(s); err == nil && !ok {
			t.Fatalf("%q is found in %q but does not match", p, s)
		}
	})
}

// Ensure that no template makes the formatting functions panic.
func FuzzTemplate(f *testing.F) {
	for _, p := range []string{"YYYY-MM-DD", "FM999,999.99PR", "S9.9EEEE", "RN", "\"text", "DDth HH12:MI:SS.US AM TZH:TZM", "Y,YYY", "99V99", "FXIYYY-IW-ID", "9.9.9"} {
		f.Add(p, "2024-02-29 12:34", 12.5)
	}
	names := []string{"to_char(numeric,text)", "to_char(double precision,text)", "to_char(" + sigTS + ",text)", "to_char(interval,text)",
		"to_date(text,text)", "to_timestamp(text,text)", "to_number(text,text)"}
	f.Fuzz(func(t *testing.T, p, s string, x float64) {
		if !utf8.ValidString(p) || !utf8.ValidString(s) {
			return
		}
		c := testCall()
		number := types.StringValue(string(types.AppendFloat(nil, x, 64, -10)))
		number, err := types.ByOID(types.NumericOID).Input(c.Context, string(number.B), -1)
		if err != nil {
			return
		}
		args := []types.Value{number, types.Float8Value(x), types.IntValue(int64(x)), types.Interval{Months: int32(x), Days: 3, Usec: int64(x)}.Value(),
			types.StringValue(s), types.StringValue(s), types.StringValue(s)}
		for i, n := range names {
			_, _ = Find(n).Scalar(c, []types.Value{args[i], types.StringValue(p)})
		}
	})
}

// Ensure that LIKE gives the same answer as its meaning spelled out, and never panics.
func FuzzLike(f *testing.F) {
	f.Add("abc", "a%c")
	f.Add("a%c", "a\\%_")
	f.Fuzz(func(t *testing.T, s, p string) {
		if !utf8.ValidString(s) || !utf8.ValidString(p) || len(s) > 30 || len(p) > 12 {
			return
		}
		got, err := like(s, p)
		if err != nil {
			return
		}
		if want, ok := slowLike([]rune(s), []rune(p)); ok && got != want {
			t.Fatalf("%q LIKE %q: %v, want %v", s, p, got, want)
		}
	})
}

func slowLike(s, p []rune) (match, ok bool) {
	if len(p) == 0 {
		return len(s) == 0, true
	}
	switch p[0] {
	case '%':
		for i := 0; i <= len(s); i++ {
			if m, ok := slowLike(s[i:], p[1:]); !ok || m {
				return m, ok
			}
		}
		return false, true
	case '\\':
		if len(p) == 1 {
			return false, false
		}
		p = p[1:]
		return slowLiteral(s, p)
	case '_':
		if len(s) == 0 {
			return false, true
		}
		return slowLike(s[1:], p[1:])
	}
	return slowLiteral(s, p)
}

func slowLiteral(s, p []rune) (bool, bool) {
	if len(s) == 0 || s[0] != p[0] {
		return false, true
	}
	return slowLike(s[1:], p[1:])
}
