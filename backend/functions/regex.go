package functions

import (
	"strings"
	"unicode/utf8"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

func regexRows() []Row {
	rs := []Row{
		{Sig: "regexp_replace(text,text,text)", Scalar: regexpReplace}, {Sig: "regexp_replace(text,text,text,text)", Scalar: regexpReplace},
		{Sig: "regexp_replace(text,text,text,integer)", Scalar: regexpReplaceFrom},
		{Sig: "regexp_replace(text,text,text,integer,integer)", Scalar: regexpReplaceFrom},
		{Sig: "regexp_replace(text,text,text,integer,integer,text)", Scalar: regexpReplaceFrom},
		{Sig: "regexp_match(text,text)", Scalar: regexpMatch}, {Sig: "regexp_match(text,text,text)", Scalar: regexpMatch},
		{Sig: "regexp_matches(text,text)", Set: regexpMatches}, {Sig: "regexp_matches(text,text,text)", Set: regexpMatches},
		{Sig: "regexp_split_to_array(text,text)", Scalar: regexpSplitArray}, {Sig: "regexp_split_to_array(text,text,text)", Scalar: regexpSplitArray},
		{Sig: "regexp_split_to_table(text,text)", Set: regexpSplitTable}, {Sig: "regexp_split_to_table(text,text,text)", Set: regexpSplitTable},
		{Sig: "regexp_like(text,text)", Scalar: regexpLike}, {Sig: "regexp_like(text,text,text)", Scalar: regexpLike},
		{Sig: "regexp_count(text,text)", Scalar: regexpCount}, {Sig: "regexp_count(text,text,integer)", Scalar: regexpCount},
		{Sig: "regexp_count(text,text,integer,text)", Scalar: regexpCount},
		{Sig: "\"substring\"(text,text)", Scalar: regexpSubstring},
		{Sig: "\"substring\"(text,text,text)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			p, err := similarPattern(string(a[1].B), a[2:])
			if err != nil {
				return null, err
			}
			return regexpSubstring(c, []types.Value{a[0], types.StringValue(p)})
		}},
		{Sig: "similar_to_escape(text)", Scalar: similarEscape}, {Sig: "similar_to_escape(text,text)", Scalar: similarEscape},
		{Sig: "similar_escape(text,text)", Scalar: func(c *Call, a []types.Value) (types.Value, error) {
			if a[0].IsNull() {
				return null, nil
			}
			if a[1].IsNull() {
				a = a[:1]
			}
			return similarEscape(c, a)
		}},
	}
	for _, n := range []string{"", ",integer", ",integer,integer", ",integer,integer,integer", ",integer,integer,integer,text", ",integer,integer,integer,text,integer"} {
		rs = append(rs, Row{Sig: "regexp_instr(text,text" + n + ")", Scalar: regexpInstr})
	}
	for _, n := range []string{"", ",integer", ",integer,integer", ",integer,integer,text", ",integer,integer,text,integer"} {
		rs = append(rs, Row{Sig: "regexp_substr(text,text" + n + ")", Scalar: regexpSubstr})
	}
	for _, t := range []struct{ name, arg string }{{"text", "text"}, {"name", "name"}, {"bpchar", "character"}} {
		for _, op := range []struct {
			name         string
			fold, negate bool
		}{{"regexeq", false, false}, {"regexne", false, true}, {"icregexeq", true, false}, {"icregexne", true, true}} {
			rs = append(rs, Row{Sig: t.name + op.name + "(" + t.arg + ",text)", Scalar: textPredicate(func(s, p string) (bool, error) {
				re, err := compileRegex(p, reFlags{fold: op.fold})
				if err != nil {
					return false, err
				}
				return re.matches(s)
			}, op.negate)})
		}
	}
	return rs
}

// compileArgs reads the expression and the optional flags at place at; global says whether "g" is allowed in fn.
func compileArgs(a []types.Value, at int, fn, instead string) (re *regex, global bool, err error) {
	var f reFlags
	if len(a) > at {
		if err := readFlags(string(a[at].B), &f); err != nil {
			return nil, false, err
		}
	}
	if f.global && fn != "" {
		e := pgerr.New(pgerr.InvalidParameterValue, "%s() does not support the \"global\" option", fn)
		if instead != "" {
			e.WithHint("Use the %s function instead.", instead)
		}
		return nil, false, e
	}
	re, err = compileRegex(string(a[1].B), f)
	return re, f.global, err
}

// all gives every match from a place on, only the first where all is false. With split, empty matches at the ends and after another match do not count.
func (re *regex) all(s string, from int, global, split bool) (out [][]int, err error) {
	prev := 0
	for from <= len(s) {
		m, err := re.find(s, from)
		if err != nil {
			return nil, err
		}
		if m == nil {
			break
		}
		if !split || m[0] < len(s) && m[1] > prev {
			out = append(out, m)
		}
		prev = m[1]
		if !global {
			break
		}
		if from = m[1]; m[0] == m[1] {
			if from >= len(s) {
				break
			}
			_, w := utf8.DecodeRuneInString(s[from:])
			from += w
		}
	}
	return out, nil
}

// expand writes the replacement: \1 to \9, \& and \\.
func expand(dst []byte, s, with string, m []int) []byte {
	for i := 0; i < len(with); i++ {
		if with[i] != '\\' || i+1 >= len(with) {
			dst = append(dst, with[i])
			continue
		}
		i++
		switch c := with[i]; {
		case c >= '1' && c <= '9':
			if g := int(c - '0'); 2*g < len(m) && m[2*g] >= 0 {
				dst = append(dst, s[m[2*g]:m[2*g+1]]...)
			}
		case c == '&':
			dst = append(dst, s[m[0]:m[1]]...)
		case c == '\\':
			dst = append(dst, '\\')
		default:
			dst = append(dst, '\\', c)
		}
	}
	return dst
}

// replace replaces match number n, all where n is 0.
func (re *regex) replace(s, with string, from, n int) (types.Value, error) {
	ms, err := re.all(s, from, n != 1, false)
	if err != nil {
		return null, err
	}
	out := make([]byte, 0, len(s)+len(with))
	at := 0
	for i, m := range ms {
		if n > 0 && i+1 != n {
			continue
		}
		out = append(out, s[at:m[0]]...)
		out = expand(out, s, with, m)
		at = m[1]
	}
	return types.TextValue(append(out, s[at:]...)), nil
}

func regexpReplace(_ *Call, a []types.Value) (types.Value, error) {
	if len(a) > 3 && len(a[3].B) > 0 && a[3].B[0] >= '0' && a[3].B[0] <= '9' {
		_, n := utf8.DecodeRune(a[3].B)
		return null, pgerr.New(pgerr.InvalidParameterValue, "invalid regular expression option: \"%s\"", a[3].B[:n]).
			WithHint("If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer explicitly.")
	}
	re, global, err := compileArgs(a, 3, "", "")
	if err != nil {
		return null, err
	}
	n := 1
	if global {
		n = 0
	}
	return re.replace(string(a[0].B), string(a[2].B), 0, n)
}

func badParameter(name string, v int64) error {
	return pgerr.New(pgerr.InvalidParameterValue, "invalid value for parameter \"%s\": %d", name, v)
}

// startOffset turns a start position counted in characters into an offset; past the end it is one more than the length.
func startOffset(s []byte, n int64) int {
	if n-1 > countChars(s) {
		return len(s) + 1
	}
	return charOffset(s, n-1)
}

func regexpReplaceFrom(_ *Call, a []types.Value) (types.Value, error) {
	n := int64(1)
	if a[3].I <= 0 {
		return null, badParameter("start", a[3].I)
	}
	if len(a) > 4 {
		if n = a[4].I; n < 0 {
			return null, badParameter("n", n)
		}
	}
	re, global, err := compileArgs(a, 5, "", "")
	if err != nil {
		return null, err
	}
	if global && len(a) <= 4 {
		n = 0
	}
	return re.replace(string(a[0].B), string(a[2].B), startOffset(a[0].B, a[3].I), int(n))
}

// matchArray gives the groups, or the whole where there are none, as text[].
func (re *regex) matchArray(s string, m []int) types.Value {
	if re.groups == 0 {
		return types.NewArray(types.TextOID, []types.Value{types.StringValue(s[m[0]:m[1]])})
	}
	elems := make([]types.Value, re.groups)
	for g := range elems {
		if m[2*g+2] >= 0 {
			elems[g] = types.StringValue(s[m[2*g+2]:m[2*g+3]])
		}
	}
	return types.NewArray(types.TextOID, elems)
}

func regexpMatch(_ *Call, a []types.Value) (types.Value, error) {
	re, _, err := compileArgs(a, 2, "regexp_match", "regexp_matches")
	if err != nil {
		return null, err
	}
	s := string(a[0].B)
	m, err := re.find(s, 0)
	if err != nil || m == nil {
		return null, err
	}
	return re.matchArray(s, m), nil
}

func regexpMatches(_ *Call, a []types.Value) (RowIter, error) {
	re, global, err := compileArgs(a, 2, "", "")
	if err != nil {
		return nil, err
	}
	s := string(a[0].B)
	ms, err := re.all(s, 0, global, false)
	it := &values{}
	for _, m := range ms {
		it.vs = append(it.vs, re.matchArray(s, m))
	}
	return it, err
}

func splitRegex(a []types.Value, fn string) ([]types.Value, error) {
	re, _, err := compileArgs(a, 2, fn, "")
	if err != nil {
		return nil, err
	}
	s := string(a[0].B)
	ms, err := re.all(s, 0, true, true)
	at := 0
	var out []types.Value
	for _, m := range ms {
		out = append(out, types.StringValue(s[at:m[0]]))
		at = m[1]
	}
	return append(out, types.StringValue(s[at:])), err
}

func regexpSplitArray(_ *Call, a []types.Value) (types.Value, error) {
	parts, err := splitRegex(a, "regexp_split_to_array")
	if err != nil {
		return null, err
	}
	return types.NewArray(types.TextOID, parts), nil
}

func regexpSplitTable(_ *Call, a []types.Value) (RowIter, error) {
	parts, err := splitRegex(a, "regexp_split_to_table")
	return &values{vs: parts}, err
}

func regexpLike(_ *Call, a []types.Value) (types.Value, error) {
	re, _, err := compileArgs(a, 2, "regexp_like", "")
	if err != nil {
		return null, err
	}
	ok, err := re.matches(string(a[0].B))
	return types.BoolValue(ok), err
}

func regexpCount(_ *Call, a []types.Value) (types.Value, error) {
	from := 0
	if len(a) > 2 {
		if a[2].I <= 0 {
			return null, badParameter("start", a[2].I)
		}
		from = startOffset(a[0].B, a[2].I)
	}
	re, _, err := compileArgs(a, 3, "regexp_count", "")
	if err != nil {
		return null, err
	}
	ms, err := re.all(string(a[0].B), from, true, false)
	return types.IntValue(int64(len(ms))), err
}

// nth finds match number n from a start, and the range of a group in it; ok is false for none.
func nth(fn string, a []types.Value, start, n, flags, group int) (s string, from, to int, ok bool, err error) {
	at, want, sub := int64(1), int64(1), int64(0)
	if len(a) > start {
		if at = a[start].I; at <= 0 {
			return "", 0, 0, false, badParameter("start", at)
		}
	}
	if len(a) > n {
		if want = a[n].I; want <= 0 {
			return "", 0, 0, false, badParameter("n", want)
		}
	}
	if len(a) > group {
		if sub = a[group].I; sub < 0 {
			return "", 0, 0, false, badParameter("subexpr", sub)
		}
	}
	re, _, err := compileArgs(a, flags, fn, "")
	if err != nil {
		return "", 0, 0, false, err
	}
	s = string(a[0].B)
	ms, err := re.all(s, startOffset(a[0].B, at), true, false)
	if err != nil || int64(len(ms)) < want || sub > int64(re.groups) {
		return s, 0, 0, false, err
	}
	m := ms[want-1]
	return s, m[2*sub], m[2*sub+1], m[2*sub] >= 0, nil
}

func regexpInstr(_ *Call, a []types.Value) (types.Value, error) {
	if len(a) > 4 && a[2].I > 0 && a[3].I > 0 && a[4].I != 0 && a[4].I != 1 {
		return null, badParameter("endoption", a[4].I)
	}
	s, from, to, ok, err := nth("regexp_instr", a, 2, 3, 5, 6)
	if err != nil || !ok {
		return types.IntValue(0), err
	}
	if len(a) > 4 && a[4].I == 1 {
		from = to
	}
	return types.IntValue(int64(utf8.RuneCountInString(s[:from])) + 1), nil
}

func regexpSubstr(_ *Call, a []types.Value) (types.Value, error) {
	s, from, to, ok, err := nth("regexp_substr", a, 2, 3, 4, 5)
	if err != nil || !ok {
		return null, err
	}
	return types.StringValue(s[from:to]), nil
}

// regexpSubstring gives the first group, or the whole match where there is none.
func regexpSubstring(_ *Call, a []types.Value) (types.Value, error) {
	re, err := compileRegex(string(a[1].B), reFlags{})
	if err != nil {
		return null, err
	}
	s := string(a[0].B)
	m, err := re.find(s, 0)
	if err != nil || m == nil {
		return null, err
	}
	if re.groups > 0 {
		m = m[2:]
	}
	if m[0] < 0 {
		return null, nil
	}
	return types.StringValue(s[m[0]:m[1]]), nil
}

func similarEscape(_ *Call, a []types.Value) (types.Value, error) {
	p, err := similarPattern(string(a[0].B), a[1:])
	return types.StringValue(p), err
}

// similarPattern turns a SIMILAR TO pattern into a regular expression; escape-double-quote separators make three parts of it.
func similarPattern(p string, escape []types.Value) (string, error) {
	esc := `\`
	if len(escape) > 0 {
		if esc = string(escape[0].B); utf8.RuneCountInString(esc) > 1 {
			return "", pgerr.New(pgerr.InvalidEscapeSequence, "invalid escape string").WithHint("Escape string must be empty or one character.")
		}
	}
	var b strings.Builder
	b.WriteString("^(?:")
	after, inClass, quotes := false, false, 0
	for p != "" {
		_, n := utf8.DecodeRuneInString(p)
		c := p[:n]
		p = p[n:]
		switch {
		case after:
			after = false
			if c != `"` || inClass {
				b.WriteString(`\` + c)
				break
			}
			switch quotes {
			case 0:
				b.WriteString("){1,1}?(")
			case 1:
				b.WriteString("){1,1}(?:")
			default:
				return "", pgerr.New(pgerr.InvalidUseOfEscapeCharacter, "SQL regular expression may not contain more than two escape-double-quote separators")
			}
			quotes++
		case esc != "" && c == esc:
			after = true
		case inClass:
			if c == `\` {
				b.WriteString(`\`)
			}
			b.WriteString(c)
			inClass = c != "]"
		case c == "[":
			b.WriteString(c)
			inClass = true
		case c == "%":
			b.WriteString(".*")
		case c == "_":
			b.WriteString(".")
		case c == "(":
			b.WriteString("(?:")
		case c == `\` || c == "." || c == "^" || c == "$":
			b.WriteString(`\` + c)
		default:
			b.WriteString(c)
		}
	}
	b.WriteString(")$")
	return b.String(), nil
}
