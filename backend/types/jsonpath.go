package types

import (
	"sync"

	"pgd/backend/pgerr"
)

// PathKind is what one item of a jsonpath does.
type PathKind uint8

// The kinds. Those from PathAnd to PathLikeRegex answer true, false or unknown.
const (
	PathNull PathKind = iota
	PathString
	PathNumber
	PathBool
	PathVariable
	PathRoot
	PathCurrent
	PathLast
	PathKey
	PathAnyKey
	PathAnyArray
	PathIndex
	PathAny
	PathFilter
	PathMethod // Str is its name
	PathAdd
	PathSub
	PathMul
	PathDiv
	PathMod
	PathPlus
	PathMinus
	PathAnd
	PathOr
	PathNot
	PathIsUnknown
	PathExists
	PathEqual
	PathNotEqual
	PathLess
	PathGreater
	PathLessEqual
	PathGreaterEqual
	PathStartsWith
	PathLikeRegex
)

// Predicate tells the kinds that answer true, false or unknown.
func (k PathKind) Predicate() bool { return k >= PathAnd }

// PathItem is one item of a path. Next is what is applied to what it gives.
type PathItem struct {
	Kind        PathKind
	Str         string // string, key, variable, method, pattern; a number's text as numeric prints it
	True        bool
	Left, Right *PathItem
	Subscripts  [][2]*PathItem // of PathIndex: from, to (nil without TO)
	First, Last uint32         // levels of PathAny; MaxLevel is LAST
	Flags       string         // of PathLikeRegex, in the order "ismxq"
	Next        *PathItem
}

// MaxLevel is LAST as a level of .**{}.
const MaxLevel = 1<<32 - 1

// JSONPath is a path expression.
type JSONPath struct {
	Strict bool
	Root   *PathItem
}

func init() {
	register(&Type{
		OID: JsonpathOID, Name: "jsonpath", Display: "jsonpath", Array: 4073, Category: 'U', Len: -1, Delim: ',', Store: Text, NotOrdered: true,
		Input: jsonpathIn, Output: textOut, Receive: jsonpathRecv, Send: jsonbSend,
	})
}

// PathRegex checks the pattern of like_regex when a path is read; the regular expressions' package sets it.
var PathRegex func(pattern, flags string) error

// jsonpathIn stores a path as it is printed.
func jsonpathIn(_ *Context, s string, _ int32) (Value, error) {
	p, err := ParseJSONPath(s)
	if err != nil {
		return Value{}, err
	}
	return TextValue(p.Append(nil)), nil
}

func jsonpathRecv(c *Context, b []byte, _ int32) (Value, error) {
	if len(b) < 1 {
		return Value{}, errShortBinary
	}
	if b[0] != 1 {
		return Value{}, pgerr.New(pgerr.InternalError, "unsupported jsonpath version number: %d", b[0])
	}
	if err := ValidText(b[1:]); err != nil {
		return Value{}, err
	}
	return jsonpathIn(c, string(b[1:]), -1)
}

var (
	pathMutex sync.Mutex
	pathCache = map[string]*JSONPath{}
)

// ReadJSONPath reads a stored path. It must not be changed: those read before are kept.
func ReadJSONPath(v Value) (*JSONPath, error) {
	pathMutex.Lock()
	defer pathMutex.Unlock()
	if p := pathCache[string(v.B)]; p != nil {
		return p, nil
	}
	p, err := ParseJSONPath(string(v.B))
	if err == nil {
		if len(pathCache) >= 100 {
			clear(pathCache)
		}
		pathCache[string(v.B)] = p
	}
	return p, err
}
