package compile

import (
	"encoding/hex"
	"math"
	"strconv"
	"strings"

	"pgd/backend/types"
)

// constant writes a value as an SQLite literal.
func (g *gen) constant(v types.Value) {
	switch v.Kind {
	case types.Null:
		g.w("NULL")
	case types.Int:
		if v.I < 0 {
			// In brackets, since two signs in a row would begin a comment.
			g.w("(")
			g.int(v.I)
			g.w(")")
			return
		}
		g.int(v.I)
	case types.Float:
		g.float(v.F)
	case types.Text:
		g.quote(string(v.B))
	default:
		g.w("X'")
		g.b = hex.AppendEncode(g.b, v.B)
		g.w("'")
	}
}

func (g *gen) float(f float64) {
	switch {
	case math.IsInf(f, 1):
		g.w("9e999")
		return
	case math.IsInf(f, -1):
		g.w("(-9e999)")
		return
	}
	s := strconv.FormatFloat(f, 'g', -1, 64)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	if s[0] == '-' {
		s = "(" + s + ")"
	}
	g.w(s)
}

// quote writes a string literal.
func (g *gen) quote(s string) {
	g.b = append(g.b, '\'')
	for i := 0; i < len(s); i++ {
		if s[i] == '\'' {
			g.b = append(g.b, '\'')
		}
		g.b = append(g.b, s[i])
	}
	g.b = append(g.b, '\'')
}

// call writes the name of a function, quoted where SQLite would not take it bare.
func (g *gen) call(name string) {
	plain := name != "" && (name[0] < '0' || name[0] > '9')
	for i := 0; plain && i < len(name); i++ {
		c := name[i]
		plain = c == '_' || c >= 'a' && c <= 'z' || c >= '0' && c <= '9'
	}
	if plain {
		g.w(name)
		return
	}
	g.w(`"`, strings.ReplaceAll(name, `"`, `""`), `"`)
}
