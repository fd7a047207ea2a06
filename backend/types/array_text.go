package types

import (
	"math"
	"strconv"
	"strings"

	"pgd/backend/pgerr"
)

// arrayReader reads the text form of an array: braces, elements with quotes and backslashes, dimensions in front.
type arrayReader struct {
	c      *Context
	elem   *Type
	typmod int32
	src    string // as error messages give it: without the dimensions once the braces are reached
	s      string // what is left
	depth  int    // how deep the first element was
	dims   []int32
	elems  []Value
}

func (r *arrayReader) malformed(detail string, args ...any) error {
	e := pgerr.New(pgerr.InvalidTextRepresentation, "malformed array literal: \"%s\"", r.src)
	if detail != "" {
		e.WithDetail(detail, args...)
	}
	return e
}

func (r *arrayReader) skipSpace() {
	for r.s != "" && isSpace(r.s[0]) {
		r.s = r.s[1:]
	}
}

func arrayIn(c *Context, elem *Type, s string, typmod int32) (Value, error) {
	r := &arrayReader{c: c, elem: elem, typmod: typmod, src: s, s: s}
	declared, err := r.bounds()
	if err != nil {
		return Value{}, err
	}
	r.skipSpace()
	if r.s == "" || r.s[0] != '{' {
		if declared != nil {
			return Value{}, r.malformed("Array contents must start with \"{\".")
		}
		return Value{}, r.malformed("Array value must start with \"{\" or dimension information.")
	}
	r.src = r.s
	if err := r.level(0); err != nil {
		return Value{}, err
	}
	r.skipSpace()
	if r.s != "" {
		return Value{}, r.malformed("Junk after closing right brace.")
	}
	r.src = s
	a := Array{Elem: elem.OID, Elems: r.elems}
	if len(r.elems) > 0 {
		for _, n := range r.dims[:r.depth] {
			a.Dims = append(a.Dims, Dim{n, 1})
		}
	}
	if declared != nil {
		if len(declared) != len(a.Dims) {
			return Value{}, r.malformed("Specified array dimensions do not match array contents.")
		}
		for i, d := range declared {
			if d.Len != a.Dims[i].Len {
				return Value{}, r.malformed("Specified array dimensions do not match array contents.")
			}
			if int64(d.Lower)+int64(d.Len) > math.MaxInt32 {
				return Value{}, pgerr.New(pgerr.ProgramLimitExceeded, "array lower bound is too large: %d", d.Lower)
			}
			a.Dims[i].Lower = d.Lower
		}
	}
	return MakeArray(a), nil
}

// bounds reads "[1:2][0:3]=" where it is there.
func (r *arrayReader) bounds() ([]Dim, error) {
	var dims []Dim
	for {
		r.skipSpace()
		if r.s == "" || r.s[0] != '[' {
			break
		}
		r.s = r.s[1:]
		if len(dims) >= MaxDim {
			return nil, tooManyDims(len(dims) + 1)
		}
		upper, ok := r.integer()
		if !ok {
			return nil, r.malformed("\"[\" must introduce explicitly-specified array dimensions.")
		}
		lower := int64(1)
		if strings.HasPrefix(r.s, ":") {
			r.s = r.s[1:]
			lower = upper
			if upper, ok = r.integer(); !ok {
				return nil, r.malformed("Missing array dimension value.")
			}
		}
		if !strings.HasPrefix(r.s, "]") {
			return nil, r.malformed("Missing \"%s\" after array dimensions.", "]")
		}
		r.s = r.s[1:]
		if upper < lower {
			return nil, pgerr.New(pgerr.ArraySubscriptError, "upper bound cannot be less than lower bound")
		}
		if upper-lower+1 > math.MaxInt32 {
			return nil, pgerr.New(pgerr.ProgramLimitExceeded, "array size exceeds the maximum allowed (%d)", maxArraySize)
		}
		dims = append(dims, Dim{int32(upper - lower + 1), int32(lower)})
	}
	if dims != nil {
		if !strings.HasPrefix(r.s, "=") {
			return nil, r.malformed("Missing \"%s\" after array dimensions.", "=")
		}
		r.s = r.s[1:]
	}
	return dims, nil
}

func (r *arrayReader) integer() (int64, bool) {
	n := 0
	if n < len(r.s) && (r.s[n] == '-' || r.s[n] == '+') {
		n++
	}
	for n < len(r.s) && r.s[n] >= '0' && r.s[n] <= '9' {
		n++
	}
	x, err := strconv.ParseInt(r.s[:n], 10, 32)
	if err != nil {
		return 0, false
	}
	r.s = r.s[n:]
	return x, true
}

// level reads one pair of braces, at depth counted from 0, and checks that all of one depth have the same length.
func (r *arrayReader) level(depth int) error {
	if depth >= MaxDim {
		return tooManyDims(depth + 1)
	}
	r.s = r.s[1:]
	var count int32
	nested := false
	for {
		r.skipSpace()
		if r.s == "" {
			return r.malformed("Unexpected end of input.")
		}
		switch ch := r.s[0]; {
		case ch == '}' && count == 0:
			// Only the outermost braces may be empty.
			if depth > 0 {
				return r.malformed("Unexpected \"%c\" character.", '}')
			}
			r.s = r.s[1:]
			return nil
		case ch == '{':
			if r.depth != 0 && depth+1 >= r.depth {
				return r.malformed("Unexpected \"%c\" character.", '{')
			}
			if err := r.level(depth + 1); err != nil {
				return err
			}
			nested = true
		case ch == '}' || ch == r.elem.Delim:
			return r.malformed("Unexpected \"%c\" character.", ch)
		default:
			if r.depth == 0 {
				r.depth = depth + 1
			}
			if nested {
				return r.malformed("Unexpected array element.")
			}
			if r.depth != depth+1 {
				return r.malformed("Multidimensional arrays must have sub-arrays with matching dimensions.")
			}
			if err := r.element(); err != nil {
				return err
			}
		}
		count++
		r.skipSpace()
		if r.s == "" {
			return r.malformed("Unexpected end of input.")
		}
		switch ch := r.s[0]; ch {
		case r.elem.Delim:
			r.s = r.s[1:]
		case '}':
			r.s = r.s[1:]
			for len(r.dims) <= depth {
				r.dims = append(r.dims, 0)
			}
			if r.dims[depth] == 0 {
				r.dims[depth] = count
			}
			if r.dims[depth] != count {
				return r.malformed("Multidimensional arrays must have sub-arrays with matching dimensions.")
			}
			return nil
		case '{', '\\':
			return r.malformed("Unexpected \"%c\" character.", ch)
		default:
			return r.malformed("Unexpected array element.")
		}
	}
}

// element reads one element up to what ends it.
func (r *arrayReader) element() error {
	var b []byte
	quoted := r.s[0] == '"'
	if quoted {
		i := 1
		for {
			if i >= len(r.s) {
				return r.malformed("Unexpected end of input.")
			}
			if r.s[i] == '"' {
				break
			}
			if r.s[i] == '\\' {
				if i++; i >= len(r.s) {
					return r.malformed("Unexpected end of input.")
				}
			}
			b = append(b, r.s[i])
			i++
		}
		r.s = r.s[i+1:]
	} else {
		i, keep := 0, 0
		escaped := false
		for ; i < len(r.s) && r.s[i] != r.elem.Delim && r.s[i] != '}'; i++ {
			switch r.s[i] {
			case '{':
				return r.malformed("Unexpected \"%c\" character.", '{')
			case '"':
				return r.malformed("Unexpected array element.")
			case '\\':
				if i++; i >= len(r.s) {
					return r.malformed("Unexpected end of input.")
				}
				escaped = true
				b = append(b, r.s[i])
				keep = len(b)
				continue
			}
			b = append(b, r.s[i])
			if !isSpace(r.s[i]) {
				keep = len(b)
			}
		}
		if i >= len(r.s) {
			return r.malformed("Unexpected end of input.")
		}
		r.s = r.s[i:]
		b = b[:keep]
		if !escaped && len(b) == 4 && strings.EqualFold(string(b), "null") {
			r.elems = append(r.elems, Value{})
			return nil
		}
	}
	v, err := r.elem.Input(r.c, string(b), r.typmod)
	if err != nil {
		return err
	}
	r.elems = append(r.elems, v)
	return nil
}

func arrayOut(c *Context, dst []byte, v Value) []byte {
	elem, _, err := ArrayDims(v)
	if err != nil {
		return dst
	}
	if t := c.Find(elem); t != nil {
		return arrayOutOf(c, dst, v, t)
	}
	return append(dst, "???"...)
}

func arrayOutOf(c *Context, dst []byte, v Value, elem *Type) []byte {
	a, err := ReadArray(v)
	if err != nil {
		return dst
	}
	if len(a.Elems) == 0 {
		return append(dst, "{}"...)
	}
	// An array read as anyarray, or one whose column's type is compatible, names its own element type.
	if a.Elem != elem.OID {
		if t := c.Find(a.Elem); t != nil {
			elem = t
		}
	}
	for _, d := range a.Dims {
		if d.Lower != 1 {
			for _, d := range a.Dims {
				dst = append(dst, '[')
				dst = strconv.AppendInt(dst, int64(d.Lower), 10)
				dst = append(dst, ':')
				dst = strconv.AppendInt(dst, int64(d.Lower)+int64(d.Len)-1, 10)
				dst = append(dst, ']')
			}
			dst = append(dst, '=')
			break
		}
	}
	i := 0
	var level func(depth int)
	level = func(depth int) {
		dst = append(dst, '{')
		for n := int32(0); n < a.Dims[depth].Len; n++ {
			if n > 0 {
				dst = append(dst, elem.Delim)
			}
			if depth+1 < len(a.Dims) {
				level(depth + 1)
				continue
			}
			dst = appendElement(c, dst, a.Elems[i], elem)
			i++
		}
		dst = append(dst, '}')
	}
	level(0)
	return dst
}

// appendElement quotes where the plain text would be read as something else.
func appendElement(c *Context, dst []byte, e Value, elem *Type) []byte {
	if e.Kind == Null {
		return append(dst, "NULL"...)
	}
	at := len(dst)
	dst = elem.Output(c, dst, e)
	if elem.Store == Int && elem.Category != 'D' && elem.Category != 'N' {
		return dst
	}
	text := dst[at:]
	quote := len(text) == 0 || len(text) == 4 && strings.EqualFold(string(text), "null")
	for _, ch := range text {
		if ch == '"' || ch == '\\' || ch == '{' || ch == '}' || ch == elem.Delim || isSpace(ch) {
			quote = true
			break
		}
	}
	if !quote {
		return dst
	}
	raw := append([]byte{}, text...)
	dst = append(dst[:at], '"')
	for _, ch := range raw {
		if ch == '"' || ch == '\\' {
			dst = append(dst, '\\')
		}
		dst = append(dst, ch)
	}
	return append(dst, '"')
}
