package client

import (
	"fmt"
	"os"
	"sort"
	"strings"
)

// metaCommand is a backslash command. run gets the name as typed (with + and the like) and the arguments.
type metaCommand struct {
	args, help string
	run        func(s *session, name string, args []string, p Piece) error
}

// metas are the backslash commands by name; a name with a trailing + or S is looked up without it.
var metas map[string]metaCommand

func init() {
	metas = map[string]metaCommand{
		"q":        {"", "leave", func(*session, string, []string, Piece) error { return errQuit }},
		"?":        {"", "this list", (*session).help},
		"c":        {"[DBNAME]", "connect to another database", (*session).reconnect},
		"conninfo": {"", "say what this session is connected to", (*session).conninfo},
		"d":        {"[NAME]", "list tables, views and sequences, or describe one", (*session).describe},
		"dt":       {"[PATTERN]", "list tables", (*session).listRelations},
		"dv":       {"[PATTERN]", "list views", (*session).listRelations},
		"di":       {"[PATTERN]", "list indexes", (*session).listRelations},
		"ds":       {"[PATTERN]", "list sequences", (*session).listRelations},
		"dn":       {"[PATTERN]", "list schemas", (*session).listSchemas},
		"du":       {"[PATTERN]", "list roles", (*session).listRoles},
		"df":       {"[PATTERN]", "list functions", (*session).listFunctions},
		"dT":       {"[PATTERN]", "list types", (*session).listTypes},
		"l":        {"[PATTERN]", "list databases", (*session).listDatabases},
		"x":        {"[on|off]", "one line a column instead of one a row", (*session).expandedCommand},
		"pset":     {"format|null|tuples_only|expanded|footer VALUE", "set how rows are printed", (*session).pset},
		"a":        {"", "aligned or unaligned", (*session).alignment},
		"t":        {"[on|off]", "rows only", (*session).tuplesOnly},
		"timing":   {"[on|off]", "print how long statements take", (*session).timingCommand},
		"copy":     {"TABLE|(QUERY) FROM|TO FILE|stdin|stdout [OPTIONS]", "copy rows between a file of this side and the server", (*session).copyCommand},
		"i":        {"FILE", "run a script", (*session).include},
		"o":        {"[FILE]", "send results to a file of this side", (*session).output},
		"echo":     {"TEXT", "print a line", (*session).echo},
		"g":        {"", "send the statement, again if there is none", (*session).send},
		"gx":       {"", "the same, expanded", (*session).send},
		"p":        {"", "print the statement so far", (*session).printBuffer},
		"r":        {"", "throw the statement so far away", (*session).reset},
		"set":      {"[NAME [VALUE]]", "set a variable: ON_ERROR_STOP, ECHO, QUIET", (*session).set},
		"password": {"[ROLE]", "change a password; only its verifier goes to the server", (*session).password},
	}
}

// meta runs a backslash command.
func (s *session) meta(p Piece) error {
	words := splitWords(p.Command)
	if len(words) == 0 {
		return s.fail(fmt.Errorf("invalid command \\; \\? lists the commands"), "")
	}
	name := words[0]
	m, ok := metas[name]
	if !ok {
		m, ok = metas[strings.TrimRight(name, "+S")]
	}
	if !ok {
		return s.fail(fmt.Errorf("invalid command \\%s; \\? lists the commands", name), "")
	}
	return m.run(s, name, words[1:], p)
}

// splitWords splits arguments as psql does: blanks between, single quotes with ” and double quotes around.
func splitWords(line string) []string {
	var out []string
	var b strings.Builder
	quote, in := byte(0), false
	for i := 0; i < len(line); i++ {
		c := line[i]
		switch {
		case quote != 0:
			if c == quote {
				if quote == '\'' && i+1 < len(line) && line[i+1] == '\'' {
					b.WriteByte(c)
					i++
					continue
				}
				quote = 0
				if c == '"' {
					b.WriteByte(c)
				}
				continue
			}
			b.WriteByte(c)
		case c == '\'' || c == '"':
			quote, in = c, true
			if c == '"' {
				b.WriteByte(c)
			}
		case c == ' ' || c == '\t':
			if in {
				out = append(out, b.String())
				b.Reset()
				in = false
			}
		default:
			in = true
			b.WriteByte(c)
		}
	}
	if in {
		out = append(out, b.String())
	}
	return out
}

func (s *session) help(string, []string, Piece) error {
	names := make([]string, 0, len(metas))
	for n := range metas {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		fmt.Fprintf(s.out, "  \\%-40s %s\n", strings.TrimSpace(n+" "+metas[n].args), metas[n].help)
	}
	return nil
}

// toggle reads on, off or nothing.
func toggle(now bool, args []string) (bool, error) {
	if len(args) == 0 {
		return !now, nil
	}
	switch strings.ToLower(args[0]) {
	case "on", "true", "1", "yes":
		return true, nil
	case "off", "false", "0", "no":
		return false, nil
	}
	return now, fmt.Errorf("unrecognized value %q: boolean expected", args[0])
}

func (s *session) flag(to *bool, args []string, say string) error {
	v, err := toggle(*to, args)
	if err != nil {
		return s.fail(err, "")
	}
	*to = v
	if s.tty {
		fmt.Fprintf(s.out, "%s is %s.\n", say, map[bool]string{true: "on", false: "off"}[v])
	}
	return nil
}

func (s *session) expandedCommand(_ string, args []string, _ Piece) error {
	return s.flag(&s.Format.Expanded, args, "Expanded display")
}

func (s *session) tuplesOnly(_ string, args []string, _ Piece) error {
	return s.flag(&s.Format.TuplesOnly, args, "Tuples only")
}

func (s *session) timingCommand(_ string, args []string, _ Piece) error {
	return s.flag(&s.timing, args, "Timing")
}

func (s *session) alignment(string, []string, Piece) error {
	s.Format.Kind = map[bool]string{true: "unaligned", false: "aligned"}[s.Format.Kind == "aligned"]
	return nil
}

func (s *session) pset(_ string, args []string, _ Piece) error {
	if len(args) == 0 {
		fmt.Fprintf(s.out, "expanded     %t\nfooter       %t\nformat       %s\nnull         '%s'\ntuples_only  %t\n",
			s.Format.Expanded, s.Format.Footer, s.Format.Kind, s.Format.Null, s.Format.TuplesOnly)
		return nil
	}
	rest := args[1:]
	switch args[0] {
	case "format":
		for _, k := range formatKinds {
			if len(rest) == 1 && rest[0] == k {
				s.Format.Kind = k
				return nil
			}
		}
		return s.fail(fmt.Errorf("\\pset: allowed formats are %s", strings.Join(formatKinds, ", ")), "")
	case "null":
		s.Format.Null = strings.Join(rest, " ")
		return nil
	case "tuples_only", "t":
		return s.flag(&s.Format.TuplesOnly, rest, "Tuples only")
	case "expanded", "x":
		return s.flag(&s.Format.Expanded, rest, "Expanded display")
	case "footer":
		return s.flag(&s.Format.Footer, rest, "Default footer")
	}
	return s.fail(fmt.Errorf("\\pset: unknown option: %s", args[0]), "")
}

func (s *session) include(_ string, args []string, _ Piece) error {
	if len(args) != 1 {
		return s.fail(fmt.Errorf("\\i: one file name is needed"), "")
	}
	if _, err := os.Stat(args[0]); err != nil {
		return s.fail(err, "")
	}
	return s.file(args[0])
}

func (s *session) output(_ string, args []string, _ Piece) error {
	s.closeOut()
	if len(args) == 0 {
		return nil
	}
	f, err := os.Create(args[0])
	if err != nil {
		return s.fail(err, "")
	}
	s.outFile, s.out = f, f
	return nil
}

func (s *session) echo(_ string, args []string, _ Piece) error {
	fmt.Fprintln(s.out, strings.Join(args, " "))
	return nil
}

func (s *session) send(name string, _ []string, p Piece) error {
	sql := p.SQL
	if sql == "" {
		sql = s.last
	}
	if sql == "" {
		return nil
	}
	f := s.Format
	f.Expanded = f.Expanded || name == "gx"
	return s.statement(sql, f)
}

func (s *session) printBuffer(string, []string, Piece) error {
	fmt.Fprintln(s.out, strings.TrimSpace(s.split.buf.String()))
	return nil
}

func (s *session) reset(string, []string, Piece) error {
	s.split.Reset()
	return nil
}

// set keeps psql's variables that mean something here.
func (s *session) set(_ string, args []string, _ Piece) error {
	if len(args) == 0 {
		fmt.Fprintf(s.out, "ECHO = '%t'\nON_ERROR_STOP = '%t'\nQUIET = '%t'\n", s.Echo, s.Stop, s.Quiet)
		return nil
	}
	to, ok := map[string]*bool{"ON_ERROR_STOP": &s.Stop, "ECHO": &s.Echo, "QUIET": &s.Quiet}[args[0]]
	if !ok {
		s.vars[args[0]] = strings.Join(args[1:], "")
		return nil
	}
	if args[0] == "ECHO" && len(args) > 1 && (args[1] == "all" || args[1] == "queries") {
		args[1] = "on"
	}
	v, err := toggle(false, args[1:])
	if err != nil {
		return s.fail(err, "")
	}
	*to = v
	return nil
}
