package catalog

import (
	"strconv"
	"strings"

	"pgd/backend/types"
)

// ProcArguments is pg_get_function_arguments; identity leaves defaults away, as pg_get_function_identity_arguments does.
func (v *View) ProcArguments(p *Proc, identity bool) string {
	all, modes := p.AllArgs, p.ArgModes
	if all == nil {
		all = p.Args
	}
	inputs := len(p.Args)
	defaults := SplitExprs(p.DefaultSrc)
	var b strings.Builder
	input, written := 0, 0
	for i, t := range all {
		mode := byte('i')
		if i < len(modes) {
			mode = modes[i]
		}
		if mode == 't' {
			continue
		}
		isInput := mode == 'i' || mode == 'b' || mode == 'v'
		if isInput {
			input++
		}
		if written++; written > 1 {
			if p.AggKind != 0 && p.AggKind != 'n' && input == p.AggDirect+1 {
				b.WriteString(" ORDER BY ")
			} else {
				b.WriteString(", ")
			}
		} else if p.AggKind != 0 && p.AggKind != 'n' && p.AggDirect == 0 {
			b.WriteString("ORDER BY ")
		}
		b.WriteString(v.procArgument(p, i, t, mode))
		if n := input - 1 - (inputs - len(defaults)); isInput && !identity && n >= 0 && n < len(defaults) {
			b.WriteString(" DEFAULT " + defaults[n])
		}
		if p.AggKind != 0 && p.AggKind != 'n' && p.Variadic != 0 && input == p.AggDirect && i == len(all)-1 {
			// A variadic direct argument stands for the ordered ones too.
			b.WriteString(" ORDER BY " + v.procArgument(p, i, t, mode))
		}
	}
	return b.String()
}

func (v *View) procArgument(p *Proc, i int, t uint32, mode byte) string {
	s := map[byte]string{'o': "OUT ", 'b': "INOUT ", 'v': "VARIADIC "}[mode]
	if i < len(p.ArgNames) && p.ArgNames[i] != "" {
		s += QuoteIdent(p.ArgNames[i]) + " "
	}
	return s + v.FormatType(t, -1)
}

// ProcResult is pg_get_function_result; "" for a procedure, where it is NULL.
func (v *View) ProcResult(p *Proc) string {
	if p.Kind == 'p' {
		return ""
	}
	var cols []string
	for i, t := range p.AllArgs {
		if i < len(p.ArgModes) && p.ArgModes[i] == 't' {
			cols = append(cols, QuoteIdent(p.ArgNames[i])+" "+v.FormatType(t, -1))
		}
	}
	if len(cols) > 0 {
		return "TABLE(" + strings.Join(cols, ", ") + ")"
	}
	if p.ReturnsSet {
		return "SETOF " + v.FormatType(p.Result, -1)
	}
	return v.FormatType(p.Result, -1)
}

// ProcDef is pg_get_functiondef; ok is false for what does not exist, and for an aggregate, which the function refuses by name.
func (v *View) ProcDef(oid uint32) (def string, ok bool, err error) {
	p := v.Proc(oid)
	if p == nil || p.Kind == 'a' {
		return "", false, v.c.err
	}
	var b strings.Builder
	word := "FUNCTION"
	if p.Kind == 'p' {
		word = "PROCEDURE"
	}
	b.WriteString("CREATE OR REPLACE " + word + " " + QuoteIdent(v.NamespaceName(p.Namespace)) + "." + QuoteIdent(p.Name) + "(" + v.ProcArguments(p, false) + ")\n")
	if r := v.ProcResult(p); r != "" {
		b.WriteString(" RETURNS " + r + "\n")
	}
	err = v.c.q.Query(`SELECT lanname, proparallel, prosecdef, proleakproof, procost, prorows, proconfig, prosrc, probin, p.prolang, prosupport
		FROM "pg_catalog.pg_proc" p JOIN "pg_catalog.pg_language" l ON l.oid = prolang WHERE p.oid = ?`, []types.Value{value(oid)}, func(r []types.Value) error {
		b.WriteString(" LANGUAGE " + QuoteIdent(string(r[0].B)) + "\n")
		b.WriteString(v.procAttributes(p, r))
		b.WriteString("AS ")
		if r[8].Kind == types.Text {
			b.WriteString("'" + strings.ReplaceAll(string(r[8].B), "'", "''") + "', ")
		}
		src, tag := string(r[7].B), "$function$"
		if p.Kind == 'p' {
			tag = "$procedure$"
		}
		for strings.Contains(src, tag) {
			tag = tag[:len(tag)-1] + "x$"
		}
		b.WriteString(tag + src + tag + "\n")
		return nil
	})
	return b.String(), err == nil, err
}

// procAttributes is the line of those properties that are not the default's.
func (v *View) procAttributes(p *Proc, r []types.Value) string {
	var words []string
	add := func(when bool, w string) {
		if when {
			words = append(words, w)
		}
	}
	add(p.Kind == 'w', "WINDOW")
	add(p.Volatile == 'i', "IMMUTABLE")
	add(p.Volatile == 's', "STABLE")
	add(letterOf(r[1]) == 's', "PARALLEL SAFE")
	add(letterOf(r[1]) == 'r', "PARALLEL RESTRICTED")
	add(p.Strict, "STRICT")
	add(r[2].Bool(), "SECURITY DEFINER")
	add(r[3].Bool(), "LEAKPROOF")
	cost := 100.0
	if lang := r[9].I; lang == 12 || lang == 13 {
		cost = 1
	}
	add(r[4].F != cost, "COST "+strconv.FormatFloat(r[4].F, 'g', -1, 64))
	add(p.ReturnsSet && r[5].F != 1000, "ROWS "+strconv.FormatFloat(r[5].F, 'g', -1, 64))
	if r[10].I != 0 {
		name, _ := v.ObjectName("regproc", uint32(r[10].I))
		words = append(words, "SUPPORT "+name)
	}
	out := ""
	if len(words) > 0 {
		out = " " + strings.Join(words, " ") + "\n"
	}
	for _, s := range readTexts(r[6]) {
		name, val, _ := strings.Cut(s, "=")
		out += " SET " + QuoteIdent(name) + " TO '" + strings.ReplaceAll(val, "'", "''") + "'\n"
	}
	return out
}
