package functions

import (
	"errors"
	"strings"

	"pgd/backend/types"
)

// truth is what a predicate answers.
type truth uint8

const (
	isFalse truth = iota
	isTrue
	isUnknown
)

func truthOf(b bool) truth {
	if b {
		return isTrue
	}
	return isFalse
}

// predicate evaluates what answers true, false or unknown. An error of the document within makes it unknown.
func (x *pathExec) predicate(it *types.PathItem, j types.JSON) (truth, error) {
	switch it.Kind {
	case types.PathAnd, types.PathOr:
		decides := truthOf(it.Kind == types.PathOr)
		l, err := x.predicate(it.Left, j)
		if err != nil || l == decides {
			return l, err
		}
		r, err := x.predicate(it.Right, j)
		if r == truthOf(decides == isFalse) {
			return l, err
		}
		return r, err
	case types.PathNot:
		t, err := x.predicate(it.Left, j)
		if t == isUnknown {
			return t, err
		}
		return truthOf(t == isFalse), err
	case types.PathIsUnknown:
		t, err := x.predicate(it.Left, j)
		return truthOf(t == isUnknown), err
	case types.PathExists:
		return x.exists(it.Left, j)
	case types.PathStartsWith:
		return x.pairs(it, j, false, func(l, r types.JSON) (truth, error) {
			if l.Kind != types.JSONString || r.Kind != types.JSONString {
				return isUnknown, nil
			}
			return truthOf(strings.HasPrefix(l.Str, r.Str)), nil
		})
	case types.PathLikeRegex:
		re, err := compileRegex(it.Str, pathRegexFlags(it.Flags))
		if err != nil {
			return isUnknown, err
		}
		return x.pairs(it, j, false, func(l, _ types.JSON) (truth, error) {
			if l.Kind != types.JSONString {
				return isUnknown, nil
			}
			ok, err := re.matches(l.Str)
			return truthOf(ok), err
		})
	}
	return x.pairs(it, j, true, func(l, r types.JSON) (truth, error) { return comparePath(it.Kind, l, r), nil })
}

// hush keeps errors in until what it gives is called.
func (x *pathExec) hush() func() {
	was := x.quiet
	x.quiet = true
	return func() { x.quiet = was }
}

// swallow turns an error of the document into unknown.
func swallow(err error) (truth, error) {
	var e *pathError
	if errors.As(err, &e) {
		return isUnknown, nil
	}
	return isUnknown, err
}

func (x *pathExec) exists(it *types.PathItem, j types.JSON) (truth, error) {
	defer x.hush()()
	var found *[]types.JSON
	if !x.lax {
		found = new([]types.JSON)
	}
	ok, err := x.item(it, j, found, x.lax)
	if err != nil {
		return swallow(err)
	}
	return truthOf(ok || found != nil && len(*found) > 0), nil
}

// pairs tests every pair of items of both sides. In lax mode the first that is true decides; in strict mode one that is unknown does.
func (x *pathExec) pairs(it *types.PathItem, j types.JSON, unwrapRight bool, test func(l, r types.JSON) (truth, error)) (truth, error) {
	defer x.hush()()
	left, err := x.unwrapped(it.Left, j)
	if err != nil {
		return swallow(err)
	}
	right := []types.JSON{{}}
	if it.Right != nil {
		right = nil
		if unwrapRight {
			right, err = x.unwrapped(it.Right, j)
		} else {
			_, err = x.item(it.Right, j, &right, x.lax)
		}
		if err != nil {
			return swallow(err)
		}
	}
	found, unknown := false, false
	for _, l := range left {
		for _, r := range right {
			t, err := test(l, r)
			switch {
			case err != nil:
				return isUnknown, err
			case t == isUnknown && !x.lax:
				return isUnknown, nil
			case t == isUnknown:
				unknown = true
			case t == isTrue && x.lax:
				return isTrue, nil
			case t == isTrue:
				found = true
			}
		}
	}
	switch {
	case found:
		return isTrue, nil
	case unknown:
		return isUnknown, nil
	}
	return isFalse, nil
}

// comparePath compares two items. Only scalars of one kind have an order; null is different from all others.
func comparePath(op types.PathKind, l, r types.JSON) truth {
	if l.Kind != r.Kind {
		if l.Kind == types.JSONNull || r.Kind == types.JSONNull {
			return truthOf(op == types.PathNotEqual)
		}
		return isUnknown
	}
	if !jsonScalar(l) {
		return isUnknown
	}
	c := types.CompareJsonb(l, r)
	switch op {
	case types.PathEqual:
		return truthOf(c == 0)
	case types.PathNotEqual:
		return truthOf(c != 0)
	case types.PathLess:
		return truthOf(c < 0)
	case types.PathGreater:
		return truthOf(c > 0)
	case types.PathLessEqual:
		return truthOf(c <= 0)
	}
	return truthOf(c >= 0)
}
