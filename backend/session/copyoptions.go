package session

import (
	"strings"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// copyFormat is how rows are written in a COPY.
type copyFormat uint8

const (
	copyText copyFormat = iota
	copyCSV
	copyBinary
)

// copyOptions are the options of a COPY, checked.
type copyOptions struct {
	format              copyFormat
	delim, quote        byte
	escape              byte
	null                string
	header, headerMatch bool
	freeze              bool
	forceQuoteAll       bool
	forceQuote          []string
	forceNotNull        []string
	forceNull           []string
}

// readCopyOptions reads the options in the order and with the errors of PostgreSQL's ProcessCopyOptions.
func readCopyOptions(options []parse.Node, from bool) (copyOptions, error) {
	o := copyOptions{}
	var delim, null, quote, escape *string
	seen := map[string]bool{}
	for _, n := range options {
		d, ok := n.(*parse.DefElem)
		if !ok {
			return o, pgerr.Unsupported(-1, "this option of COPY is not supported")
		}
		if d.Defname == "convert_selectively" || !copyOptionNames[d.Defname] {
			return o, pgerr.New(pgerr.SyntaxError, "option \"%s\" not recognized", d.Defname).At(d.Location)
		}
		if seen[d.Defname] {
			return o, pgerr.New(pgerr.SyntaxError, "conflicting or redundant options").At(d.Location)
		}
		seen[d.Defname] = true
		var err error
		switch d.Defname {
		case "format":
			var f string
			if f, err = defString(d); err != nil {
				return o, err
			}
			switch f {
			case "text":
			case "csv":
				o.format = copyCSV
			case "binary":
				o.format = copyBinary
			default:
				return o, pgerr.New(pgerr.InvalidParameterValue, "COPY format \"%s\" not recognized", f).At(d.Location)
			}
		case "freeze":
			o.freeze, err = defBool(d)
		case "delimiter":
			delim, err = defStringPtr(d)
		case "null":
			null, err = defStringPtr(d)
		case "quote":
			quote, err = defStringPtr(d)
		case "escape":
			escape, err = defStringPtr(d)
		case "header":
			o.header, o.headerMatch, err = defHeader(d, from)
		case "force_quote":
			if _, star := d.Arg.(*parse.A_Star); star {
				o.forceQuoteAll = true
			} else {
				o.forceQuote, err = defNames(d)
			}
		case "force_not_null":
			o.forceNotNull, err = defNames(d)
		case "force_null":
			o.forceNull, err = defNames(d)
		case "encoding":
			err = checkCopyEncoding(d)
		}
		if err != nil {
			return o, err
		}
	}
	return o, o.settle(delim, null, quote, escape, from)
}

var copyOptionNames = map[string]bool{
	"format": true, "freeze": true, "delimiter": true, "null": true, "header": true, "quote": true, "escape": true,
	"force_quote": true, "force_not_null": true, "force_null": true, "encoding": true,
}

// settle fills in what was not given and refuses what does not go together.
func (o *copyOptions) settle(delim, null, quote, escape *string, from bool) error {
	syntax := func(what string) error {
		return pgerr.New(pgerr.SyntaxError, "cannot specify %s in BINARY mode", what)
	}
	unfit := func(format string, args ...any) error { return pgerr.New(pgerr.FeatureNotSupported, format, args...) }
	invalid := func(format string, args ...any) error { return pgerr.New(pgerr.InvalidParameterValue, format, args...) }
	csv := o.format == copyCSV
	if o.format == copyBinary {
		switch {
		case delim != nil:
			return syntax("DELIMITER")
		case null != nil:
			return syntax("NULL")
		}
	}
	set := func(p *string, def string) string {
		if p != nil {
			return *p
		}
		return def
	}
	d := set(delim, "\t")
	o.null = set(null, "\\N")
	if csv {
		d = set(delim, ",")
		o.null = set(null, "")
	}
	q := set(quote, "\"")
	e := set(escape, q)
	switch {
	case len(d) != 1:
		return unfit("COPY delimiter must be a single one-byte character")
	case d == "\n" || d == "\r":
		return invalid("COPY delimiter cannot be newline or carriage return")
	case strings.ContainsAny(o.null, "\r\n"):
		return invalid("COPY null representation cannot use newline or carriage return")
	case !csv && strings.Contains("\\.abcdefghijklmnopqrstuvwxyz0123456789", d):
		return invalid("COPY delimiter cannot be \"%s\"", d)
	case o.format == copyBinary && o.header:
		return unfit("cannot specify HEADER in BINARY mode")
	case !csv && quote != nil:
		return unfit("COPY quote available only in CSV mode")
	case csv && len(q) != 1:
		return unfit("COPY quote must be a single one-byte character")
	case csv && d == q:
		return invalid("COPY delimiter and quote must be different")
	case !csv && escape != nil:
		return unfit("COPY escape available only in CSV mode")
	case csv && len(e) != 1:
		return unfit("COPY escape must be a single one-byte character")
	case !csv && (o.forceQuoteAll || o.forceQuote != nil):
		return unfit("COPY force quote available only in CSV mode")
	case (o.forceQuoteAll || o.forceQuote != nil) && from:
		return unfit("COPY force quote only available using COPY TO")
	case !csv && o.forceNotNull != nil:
		return unfit("COPY force not null available only in CSV mode")
	case o.forceNotNull != nil && !from:
		return unfit("COPY force not null only available using COPY FROM")
	case !csv && o.forceNull != nil:
		return unfit("COPY force null available only in CSV mode")
	case o.forceNull != nil && !from:
		return unfit("COPY force null only available using COPY FROM")
	case strings.Contains(o.null, d):
		return unfit("COPY delimiter must not appear in the NULL specification")
	case csv && strings.Contains(o.null, q):
		return unfit("CSV quote character must not appear in the NULL specification")
	}
	o.delim, o.quote, o.escape = d[0], '"', '"'
	if csv {
		o.quote, o.escape = q[0], e[0]
	}
	return nil
}

func defString(d *parse.DefElem) (string, error) {
	switch a := d.Arg.(type) {
	case *parse.String:
		return a.Sval, nil
	case *parse.Integer:
		return itoa(int64(a.Ival)), nil
	case *parse.Float:
		return a.Fval, nil
	case *parse.Boolean:
		return onTrue(a.Boolval), nil
	case *parse.TypeName:
		if s := typeWord(a); s != "" {
			return s, nil
		}
	case nil:
		return "", pgerr.New(pgerr.SyntaxError, "%s requires a parameter", d.Defname)
	}
	return "", pgerr.Unsupported(d.Location, "this value of option \"%s\" is not supported", d.Defname)
}

func onTrue(b bool) string {
	if b {
		return "true"
	}
	return "false"
}

// typeWord gives a word that the grammar took for a type's name.
func typeWord(t *parse.TypeName) string {
	if n := len(t.Names); n > 0 {
		if s, ok := t.Names[n-1].(*parse.String); ok {
			return s.Sval
		}
	}
	return ""
}

func defStringPtr(d *parse.DefElem) (*string, error) {
	s, err := defString(d)
	return &s, err
}

func defBool(d *parse.DefElem) (bool, error) {
	if d.Arg == nil {
		return true, nil
	}
	if i, ok := d.Arg.(*parse.Integer); ok && i.Ival != 0 && i.Ival != 1 {
		return false, pgerr.New(pgerr.SyntaxError, "%s requires a Boolean value", d.Defname)
	}
	s, err := defString(d)
	if err != nil {
		return false, err
	}
	switch strings.ToLower(s) {
	case "true", "on", "1":
		return true, nil
	case "false", "off", "0":
		return false, nil
	}
	return false, pgerr.New(pgerr.SyntaxError, "%s requires a Boolean value", d.Defname)
}

func defHeader(d *parse.DefElem, from bool) (on, match bool, err error) {
	if s, ok := d.Arg.(*parse.String); ok && strings.EqualFold(s.Sval, "match") {
		if !from {
			return false, false, pgerr.New(pgerr.FeatureNotSupported, "cannot use \"match\" with HEADER in COPY TO")
		}
		return true, true, nil
	}
	on, err = defBool(d)
	if err != nil {
		err = pgerr.New(pgerr.SyntaxError, "%s requires a Boolean value or \"match\"", d.Defname)
	}
	return on, false, err
}

func defNames(d *parse.DefElem) ([]string, error) {
	l, ok := d.Arg.(*parse.List)
	if !ok {
		return nil, pgerr.New(pgerr.InvalidParameterValue, "argument to option \"%s\" must be a list of column names", d.Defname).At(d.Location)
	}
	names := make([]string, 0, len(l.Items))
	for _, n := range l.Items {
		s, ok := n.(*parse.String)
		if !ok {
			return nil, pgerr.New(pgerr.InvalidParameterValue, "argument to option \"%s\" must be a list of column names", d.Defname).At(d.Location)
		}
		names = append(names, s.Sval)
	}
	return names, nil
}

func checkCopyEncoding(d *parse.DefElem) error {
	name, err := defString(d)
	if err != nil {
		return err
	}
	if _, err := parseEncoding(name); err != nil {
		if pgerr.Code(err) == pgerr.FeatureNotSupported {
			return pgerr.New(pgerr.FeatureNotSupported, "COPY in encoding \"%s\" is not supported", name).At(d.Location)
		}
		return pgerr.New(pgerr.InvalidParameterValue, "argument to option \"%s\" must be a valid encoding name", d.Defname).At(d.Location)
	}
	return nil
}
