// Package settings is the table of every setting a site knows, the rules by which their values are read and shown, and
// the parser of pgd.conf. It is a leaf: it opens the files it is told to and decides nothing about them. Names, types, limits and
// contexts are PostgreSQL 15's (table_gen.go records them from a server); settings marked NoEffect are accepted because
// clients, dumps and configuration files name them. It fails with *Error, which carries PostgreSQL's wording and SQLSTATE, and never panics
// on a file's content. Looking a setting up costs a binary search and no memory, because every process does it at start.
package settings

import "sync"

// Types of a setting, as pg_settings.vartype says.
const (
	Bool    = "bool"
	Integer = "integer"
	Real    = "real"
	String  = "string"
	Enum    = "enum"
)

// Contexts say who may change a setting and when, as pg_settings.context says.
const (
	ContextInternal         = "internal"
	ContextPostmaster       = "postmaster"
	ContextSighup           = "sighup"
	ContextSuperuserBackend = "superuser-backend"
	ContextBackend          = "backend"
	ContextSuperuser        = "superuser"
	ContextUser             = "user"
)

const maxReal = 1.7976931348623157e308

// Setting is one row of the table.
type Setting struct {
	Name     string // in the case PostgreSQL shows it
	Type     string
	Unit     string // base unit: "", B, kB, 8kB, MB, us, ms, s, min
	Default  string // canonical
	Context  string
	Category string
	Short    string
	Min, Max float64
	Enum     []string

	Report        bool // clients are told its value at start and on change
	NoShow        bool // left out of SHOW ALL and pg_settings
	NoResetAll    bool // left alone by RESET ALL
	List          bool // a comma-separated list
	ListQuoted    bool // whose elements are identifiers, quoted one by one by SET
	Octal         bool // an integer shown as a file mode
	Explain       bool // shown by EXPLAIN (SETTINGS)
	SuperuserOnly bool // shown to superusers and pg_read_all_settings alone
	NoEffect      bool // accepted, and changes nothing here
}

var all = sync.OnceValue(func() []*Setting {
	out := make([]*Setting, len(table))
	for i := range table {
		out[i] = &table[i]
	}
	return out
})

// All gives the whole table, sorted by lower-case name. It must not be changed.
func All() []*Setting { return all() }

// Find looks a setting up without regard to case; nil when there is none.
func Find(name string) *Setting {
	lo, hi := 0, len(table)
	for lo < hi {
		mid := int(uint(lo+hi) >> 1)
		switch c := compareFold(table[mid].Name, name); {
		case c == 0:
			return &table[mid]
		case c < 0:
			lo = mid + 1
		default:
			hi = mid
		}
	}
	return nil
}

// compareFold orders by lower-case ASCII; bytes beyond ASCII are themselves, as in PostgreSQL's guc_name_compare.
func compareFold(a, b string) int {
	n := min(len(a), len(b))
	for i := 0; i < n; i++ {
		x, y := lower(a[i]), lower(b[i])
		if x != y {
			return int(x) - int(y)
		}
	}
	return len(a) - len(b)
}

func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// Custom says whether name may stand for a setting of an extension: identifiers joined by dots.
func Custom(name string) bool {
	dots, start := 0, true
	for i := 0; i < len(name); i++ {
		switch c := name[i]; {
		case c == '.':
			if start {
				return false
			}
			dots++
			start = true
		case c >= 0x80, c == '_', 'a' <= lower(c) && lower(c) <= 'z':
			start = false
		case '0' <= c && c <= '9', c == '$':
			if start {
				return false
			}
		default:
			return false
		}
	}
	return dots > 0 && !start
}

// Error is a setting that cannot be taken, in PostgreSQL's words.
type Error struct {
	Code                  string // SQLSTATE
	Message, Detail, Hint string
}

// Error gives the primary message.
func (e *Error) Error() string { return e.Message }

func invalid(msg string) *Error { return &Error{Code: "22023", Message: msg} }

// Unrecognized is the error for a name that is no setting.
func Unrecognized(name string) *Error {
	return &Error{Code: "42704", Message: `unrecognized configuration parameter "` + name + `"`}
}
