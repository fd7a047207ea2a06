package functions

import (
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// reservedWords are the words an identifier cannot be without quotes: all that PostgreSQL's grammar does not call unreserved.
const reservedWords = " all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char " +
	"character check coalesce collate collation column concurrently constraint create cross current_catalog current_date current_role " +
	"current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do else end except exists " +
	"extract false fetch float for foreign freeze from full grant greatest group grouping having ilike in initially inner inout int " +
	"integer intersect interval into is isnull join lateral leading least left like limit localtime localtimestamp national natural " +
	"nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing position precision " +
	"primary real references returning right row select session_user setof similar smallint some substring symmetric table tablesample " +
	"then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose when where window with " +
	"xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable "

// quoteIdent quotes an identifier where it needs it.
func quoteIdent(s string) string {
	plain := s != "" && (s[0] == '_' || s[0] >= 'a' && s[0] <= 'z')
	for i := 0; i < len(s) && plain; i++ {
		c := s[i]
		plain = c == '_' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
	}
	if plain && !strings.Contains(reservedWords, " "+s+" ") {
		return s
	}
	return `"` + strings.ReplaceAll(s, `"`, `""`) + `"`
}

// quoteLiteral writes a string constant; one with backslashes gets the E in front.
func quoteLiteral(s string) string {
	prefix := ""
	if strings.Contains(s, `\`) {
		prefix = "E"
		s = strings.ReplaceAll(s, `\`, `\\`)
	}
	return prefix + "'" + strings.ReplaceAll(s, "'", "''") + "'"
}

// argText prints an argument of any type as its output function does.
func argText(c *Call, i int, v types.Value) (string, error) {
	typ := uint32(types.TextOID)
	if i < len(c.Args) {
		typ = c.Args[i]
	}
	t, err := elemType(c, typ)
	if err != nil {
		return "", err
	}
	return string(t.Output(c.Context, nil, v)), nil
}

func quoteRows() []Row {
	literal := func(nullText bool) Scalar {
		return func(c *Call, a []types.Value) (types.Value, error) {
			if a[0].IsNull() {
				if nullText {
					return types.StringValue("NULL"), nil
				}
				return null, nil
			}
			s, err := argText(c, 0, a[0])
			return types.StringValue(quoteLiteral(s)), err
		}
	}
	return []Row{
		{Sig: "quote_ident(text)", Scalar: textToText(quoteIdent)},
		{Sig: "quote_literal(text)", Scalar: textToText(quoteLiteral)}, {Sig: "quote_literal(anyelement)", Scalar: literal(false)},
		{Sig: "quote_nullable(text)", Scalar: literal(true)}, {Sig: "quote_nullable(anyelement)", Scalar: literal(true)},
		{Sig: "concat(\"any\")", Scalar: concat}, {Sig: "concat_ws(text,\"any\")", Scalar: concatWS},
		{Sig: "textanycat(text,anynonarray)", Scalar: concatTwo}, {Sig: "anytextcat(anynonarray,text)", Scalar: concatTwo},
		{Sig: "format(text)", Scalar: format}, {Sig: "format(text,\"any\")", Scalar: format},
		{Sig: "parse_ident(text,boolean)", Scalar: parseIdent},
		{Sig: "num_nulls(\"any\")", Scalar: countNulls(true)}, {Sig: "num_nonnulls(\"any\")", Scalar: countNulls(false)},
	}
}

func concat(c *Call, a []types.Value) (types.Value, error) {
	var b strings.Builder
	for i, v := range a {
		if v.IsNull() {
			continue
		}
		s, err := argText(c, i, v)
		if err != nil {
			return null, err
		}
		b.WriteString(s)
	}
	return types.StringValue(b.String()), nil
}

func concatWS(c *Call, a []types.Value) (types.Value, error) {
	if len(a) == 0 || a[0].IsNull() {
		return null, nil
	}
	var parts []string
	for i, v := range a[1:] {
		if v.IsNull() {
			continue
		}
		s, err := argText(c, i+1, v)
		if err != nil {
			return null, err
		}
		parts = append(parts, s)
	}
	return types.StringValue(strings.Join(parts, string(a[0].B))), nil
}

// concatTwo is text || anything; it is an SQL function and prints booleans as the cast to text does.
func concatTwo(c *Call, a []types.Value) (types.Value, error) {
	out := ""
	for i, v := range a {
		s, err := argText(c, i, v)
		if err != nil {
			return null, err
		}
		if i < len(c.Args) && c.Args[i] == types.BoolOID {
			s = map[string]string{"t": "true", "f": "false"}[s]
		}
		out += s
	}
	return types.StringValue(out), nil
}

func countNulls(want bool) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		n := int64(0)
		for _, v := range a {
			if v.IsNull() == want {
				n++
			}
		}
		return types.IntValue(n), nil
	}
}

func errFormat(msg string, args ...any) error {
	return pgerr.New(pgerr.InvalidParameterValue, msg, args...)
}

// format is %[n$][-][width]s, I or L; a width may be an argument (* or *n$).
func format(c *Call, a []types.Value) (types.Value, error) {
	if a[0].IsNull() {
		return null, nil
	}
	f := string(a[0].B)
	var out strings.Builder
	next := 1
	unterminated := errFormat("unterminated format() type specifier")
	unterminated.(*pgerr.Error).Hint = "For a single \"%\" use \"%%\"."
	number := func(i int) (n, end int, ok bool, err error) {
		for end = i; end < len(f) && f[end] >= '0' && f[end] <= '9'; end++ {
			if n = n*10 + int(f[end]-'0'); n > 1<<31-1 {
				return 0, end, false, pgerr.New(pgerr.NumericValueOutOfRange, "number is out of range")
			}
		}
		return n, end, end > i, nil
	}
	take := func(pos int) (types.Value, int, error) {
		if pos == 0 {
			pos = next
			next++
		} else {
			next = pos + 1
		}
		if pos >= len(a) {
			return null, 0, errFormat("too few arguments for format()")
		}
		return a[pos], pos, nil
	}
	for i := 0; i < len(f); i++ {
		if f[i] != '%' {
			out.WriteByte(f[i])
			continue
		}
		if i++; i >= len(f) {
			return null, unterminated
		}
		if f[i] == '%' {
			out.WriteByte('%')
			continue
		}
		pos, width, minus := 0, 0, false
		n, end, ok, err := number(i)
		if err != nil {
			return null, err
		}
		if ok && end < len(f) && f[end] == '$' {
			if n == 0 {
				return null, errFormat("format specifies argument 0, but arguments are numbered from 1")
			}
			pos, i = n, end+1
			ok = false
		}
		for i < len(f) && f[i] == '-' {
			minus = true
			i++
		}
		if i < len(f) && f[i] == '*' {
			n, end, given, err := number(i + 1)
			if err != nil {
				return null, err
			}
			i++
			at := 0
			if given {
				if end >= len(f) || f[end] != '$' {
					return null, errFormat("width argument position must be ended by \"$\"")
				}
				if n == 0 {
					return null, errFormat("format specifies argument 0, but arguments are numbered from 1")
				}
				at, i = n, end+1
			}
			v, _, err := take(at)
			if err != nil {
				return null, err
			}
			width = int(v.I)
			if width < 0 {
				minus, width = true, -width
			}
		} else {
			if width, i, _, err = number(i); err != nil {
				return null, err
			}
		}
		if i >= len(f) {
			return null, unterminated
		}
		if f[i] != 's' && f[i] != 'I' && f[i] != 'L' {
			_, w := decodeRune(f[i:])
			e := errFormat("unrecognized format() type specifier \"%s\"", f[i:i+w])
			e.(*pgerr.Error).Hint = "For a single \"%\" use \"%%\"."
			return null, e
		}
		v, at, err := take(pos)
		if err != nil {
			return null, err
		}
		s := ""
		if v.IsNull() {
			switch f[i] {
			case 'I':
				return null, pgerr.New(pgerr.NullValueNotAllowed, "null values cannot be formatted as an SQL identifier")
			case 'L':
				s = "NULL"
			}
		} else {
			if s, err = argText(c, at, v); err != nil {
				return null, err
			}
			switch f[i] {
			case 'I':
				s = quoteIdent(s)
			case 'L':
				s = quoteLiteral(s)
			}
		}
		fill := max(width-int(countChars([]byte(s))), 0)
		if fill > maxText {
			return null, errTextTooLong
		}
		if !minus {
			out.WriteString(strings.Repeat(" ", fill))
		}
		out.WriteString(s)
		if minus {
			out.WriteString(strings.Repeat(" ", fill))
		}
	}
	return types.StringValue(out.String()), nil
}
