package types

import "strconv"

// Append prints a path as PostgreSQL does.
func (p *JSONPath) Append(dst []byte) []byte {
	if p.Strict {
		dst = append(dst, "strict "...)
	}
	return appendPath(dst, p.Root, false, true)
}

var pathSigns = map[PathKind]string{PathAdd: "+", PathSub: "-", PathMul: "*", PathDiv: "/", PathMod: "%", PathAnd: "&&", PathOr: "||",
	PathEqual: "==", PathNotEqual: "!=", PathLess: "<", PathGreater: ">", PathLessEqual: "<=", PathGreaterEqual: ">=", PathStartsWith: "starts with"}

// Sign is the operator as it is written.
func (k PathKind) Sign() string { return pathSigns[k] }

// pathPriority tells what binds tighter.
func pathPriority(k PathKind) int {
	switch k {
	case PathOr:
		return 0
	case PathAnd:
		return 1
	case PathEqual, PathNotEqual, PathLess, PathGreater, PathLessEqual, PathGreaterEqual, PathStartsWith:
		return 2
	case PathAdd, PathSub:
		return 3
	case PathMul, PathDiv, PathMod:
		return 4
	case PathPlus, PathMinus:
		return 5
	}
	return 6
}

// appendPath prints an item and what follows it; after tells that something stands before it, brackets that an operator needs them.
func appendPath(dst []byte, x *PathItem, after, brackets bool) []byte {
	open := func(s string) {
		if brackets {
			dst = append(dst, s...)
		}
	}
	dot := func() {
		if after {
			dst = append(dst, '.')
		}
	}
	operand := func(y *PathItem) { dst = appendPath(dst, y, false, pathPriority(y.Kind) <= pathPriority(x.Kind)) }
	switch x.Kind {
	case PathNull:
		dst = append(dst, "null"...)
	case PathString:
		dst = AppendJSONString(dst, x.Str)
	case PathNumber:
		if x.Next != nil {
			dst = append(append(append(dst, '('), x.Str...), ')')
		} else {
			dst = append(dst, x.Str...)
		}
	case PathBool:
		dst = strconv.AppendBool(dst, x.True)
	case PathVariable:
		dst = AppendJSONString(append(dst, '$'), x.Str)
	case PathRoot:
		dst = append(dst, '$')
	case PathCurrent:
		dst = append(dst, '@')
	case PathLast:
		dst = append(dst, "last"...)
	case PathKey:
		dot()
		dst = AppendJSONString(dst, x.Str)
	case PathAnyKey:
		dot()
		dst = append(dst, '*')
	case PathAnyArray:
		dst = append(dst, "[*]"...)
	case PathIndex:
		dst = append(dst, '[')
		for i, s := range x.Subscripts {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = appendPath(dst, s[0], false, false)
			if s[1] != nil {
				dst = appendPath(append(dst, " to "...), s[1], false, false)
			}
		}
		dst = append(dst, ']')
	case PathAny:
		dot()
		dst = appendLevels(append(dst, "**"...), x.First, x.Last)
	case PathFilter:
		dst = append(appendPath(append(dst, "?("...), x.Left, false, false), ')')
	case PathMethod:
		dst = append(append(append(dst, '.'), x.Str...), '(')
		if x.Left != nil {
			dst = appendPath(dst, x.Left, false, false)
		}
		dst = append(dst, ')')
	case PathPlus, PathMinus:
		open("(")
		if x.Kind == PathPlus {
			dst = append(dst, '+')
		} else {
			dst = append(dst, '-')
		}
		operand(x.Left)
		open(")")
	case PathNot:
		dst = append(appendPath(append(dst, "!("...), x.Left, false, false), ')')
	case PathIsUnknown:
		dst = append(appendPath(append(dst, '('), x.Left, false, false), ") is unknown"...)
	case PathExists:
		dst = append(appendPath(append(dst, "exists ("...), x.Left, false, false), ')')
	case PathLikeRegex:
		open("(")
		operand(x.Left)
		dst = AppendJSONString(append(dst, " like_regex "...), x.Str)
		if x.Flags != "" {
			dst = append(append(append(dst, " flag \""...), x.Flags...), '"')
		}
		open(")")
	default:
		open("(")
		operand(x.Left)
		dst = append(append(append(dst, ' '), x.Kind.Sign()...), ' ')
		operand(x.Right)
		open(")")
	}
	if x.Next != nil {
		dst = appendPath(dst, x.Next, true, true)
	}
	return dst
}

func appendLevels(dst []byte, first, last uint32) []byte {
	level := func(n uint32) {
		if n == MaxLevel {
			dst = append(dst, "last"...)
		} else {
			dst = strconv.AppendUint(dst, uint64(n), 10)
		}
	}
	if first == 0 && last == MaxLevel {
		return dst
	}
	dst = append(dst, '{')
	level(first)
	if first != last {
		dst = append(dst, " to "...)
		level(last)
	}
	return append(dst, '}')
}
