package functions

import (
	"strings"
	"unicode/utf8"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

var errLikeEnd = pgerr.New(pgerr.InvalidEscapeSequence, "LIKE pattern must not end with escape character")

// like matches s against a LIKE pattern with backslash as escape. It goes back only to the last %, so its time is bounded by len(s)×len(p).
func like(s, p string) (bool, error) {
	star, mark := -1, 0
	i, j := 0, 0
	for i < len(s) {
		if j < len(p) {
			switch p[j] {
			case '%':
				star, mark = j, i
				j++
				continue
			case '_':
				_, n := utf8.DecodeRuneInString(s[i:])
				i += n
				j++
				continue
			case '\\':
				if j+1 >= len(p) {
					return false, errLikeEnd
				}
				if p[j+1] == s[i] {
					i++
					j += 2
					continue
				}
			default:
				if p[j] == s[i] {
					i++
					j++
					continue
				}
			}
		}
		if star < 0 {
			return false, nil
		}
		_, n := utf8.DecodeRuneInString(s[mark:])
		mark += n
		i, j = mark, star+1
	}
	for j < len(p) && p[j] == '%' {
		j++
	}
	return j == len(p), nil
}

func ilike(s, p string) (bool, error) { return like(lowerText(s), lowerText(p)) }

// likeEscape rewrites a pattern with another escape character into one with backslash.
func likeEscape(_ *Call, a []types.Value) (types.Value, error) {
	p, esc := string(a[0].B), string(a[1].B)
	if esc == "\\" {
		return a[0].Clone(), nil
	}
	if esc != "" && utf8.RuneCountInString(esc) != 1 {
		return null, pgerr.New(pgerr.InvalidEscapeSequence, "invalid escape string").WithHint("Escape string must be empty or one character.")
	}
	var b strings.Builder
	afterEscape := false
	for len(p) > 0 {
		if esc != "" && strings.HasPrefix(p, esc) && !afterEscape {
			b.WriteByte('\\')
			p = p[len(esc):]
			afterEscape = true
			continue
		}
		if p[0] == '\\' && !afterEscape {
			b.WriteByte('\\')
		}
		_, n := utf8.DecodeRuneInString(p)
		b.WriteString(p[:n])
		p = p[n:]
		afterEscape = false
	}
	return types.StringValue(b.String()), nil
}

func patternRows() []Row {
	rs := []Row{
		{Sig: "like_escape(text,text)", Scalar: likeEscape},
		{Sig: "bytealike(bytea,bytea)", Scalar: textPredicate(likeBytes, false)}, {Sig: "byteanlike(bytea,bytea)", Scalar: textPredicate(likeBytes, true)},
	}
	for _, t := range []struct{ name, arg string }{{"text", "text"}, {"name", "name"}, {"bpchar", "character"}} {
		args := "(" + t.arg + ",text)"
		rs = append(rs,
			Row{Sig: t.name + "like" + args, Scalar: textPredicate(like, false)}, Row{Sig: t.name + "nlike" + args, Scalar: textPredicate(like, true)},
			Row{Sig: t.name + "iclike" + args, Scalar: textPredicate(ilike, false)}, Row{Sig: t.name + "icnlike" + args, Scalar: textPredicate(ilike, true)},
		)
		if t.name != "bpchar" {
			rs = append(rs, Row{Sig: "\"like\"" + args, Scalar: textPredicate(like, false)}, Row{Sig: "notlike" + args, Scalar: textPredicate(like, true)})
		}
	}
	return rs
}

// likeBytes is like over bytes: each counts as a character.
func likeBytes(s, p string) (bool, error) {
	wide := func(s string) string {
		r := make([]rune, len(s))
		for i := 0; i < len(s); i++ {
			r[i] = rune(s[i])
		}
		return string(r)
	}
	return like(wide(s), wide(p))
}
