package functions

import (
	"math"
	"math/bits"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// ErrDivisionByZero is the answer to a division by zero of any type.
var ErrDivisionByZero = pgerr.New(pgerr.DivisionByZero, "division by zero")

var (
	errInt2Range = pgerr.New(pgerr.NumericValueOutOfRange, "smallint out of range")
	errInt4Range = pgerr.New(pgerr.NumericValueOutOfRange, "integer out of range")
	errInt8Range = pgerr.New(pgerr.NumericValueOutOfRange, "bigint out of range")
)

// intType is one of the three integer types.
type intType struct {
	name      string // in function names: int2, int4, int8
	display   string
	low, high int64
	err       error
	bits      uint
}

var intTypes = []intType{
	{"int2", "smallint", math.MinInt16, math.MaxInt16, errInt2Range, 16},
	{"int4", "integer", math.MinInt32, math.MaxInt32, errInt4Range, 32},
	{"int8", "bigint", math.MinInt64, math.MaxInt64, errInt8Range, 64},
}

func (t intType) check(x int64, ok bool) (types.Value, error) {
	if !ok || x < t.low || x > t.high {
		return null, t.err
	}
	return types.IntValue(x), nil
}

func addInt(a, b int64) (int64, bool) {
	c := a + b
	return c, (c > a) == (b > 0)
}

func subInt(a, b int64) (int64, bool) {
	c := a - b
	return c, (c < a) == (b > 0)
}

func mulInt(a, b int64) (int64, bool) {
	if a == 0 || b == 0 {
		return 0, true
	}
	c := a * b
	return c, c/b == a && !(a == -1 && b == math.MinInt64) && !(b == -1 && a == math.MinInt64)
}

func divInt(a, b int64) (int64, bool) {
	if b == -1 {
		return -a, a != math.MinInt64
	}
	return a / b, true
}

func modInt(a, b int64) int64 {
	if b == -1 {
		return 0
	}
	return a % b
}

// integerRows makes the operators of every pair of integer types from one table.
func integerRows() []Row {
	var rs []Row
	add := func(sig string, f Scalar) { rs = append(rs, Row{Sig: sig, Scalar: f}) }
	for i, l := range intTypes {
		for j, r := range intTypes {
			name := l.name
			if i != j {
				name += r.name[3:]
			}
			args := "(" + l.display + "," + r.display + ")"
			t := intTypes[max(i, j)]
			add(name+"pl"+args, func(_ *Call, a []types.Value) (types.Value, error) { return t.check(addInt(a[0].I, a[1].I)) })
			add(name+"mi"+args, func(_ *Call, a []types.Value) (types.Value, error) { return t.check(subInt(a[0].I, a[1].I)) })
			add(name+"mul"+args, func(_ *Call, a []types.Value) (types.Value, error) { return t.check(mulInt(a[0].I, a[1].I)) })
			add(name+"div"+args, func(_ *Call, a []types.Value) (types.Value, error) {
				if a[1].I == 0 {
					return null, ErrDivisionByZero
				}
				return t.check(divInt(a[0].I, a[1].I))
			})
		}
		t := l
		two, one := "("+t.display+","+t.display+")", "("+t.display+")"
		mod := func(_ *Call, a []types.Value) (types.Value, error) {
			if a[1].I == 0 {
				return null, ErrDivisionByZero
			}
			return types.IntValue(modInt(a[0].I, a[1].I)), nil
		}
		add(t.name+"mod"+two, mod)
		add("mod"+two, mod)
		abs := func(_ *Call, a []types.Value) (types.Value, error) {
			if a[0].I >= 0 {
				return types.IntValue(a[0].I), nil
			}
			return t.check(subInt(0, a[0].I))
		}
		add(t.name+"abs"+one, abs)
		add("abs"+one, abs)
		add(t.name+"um"+one, func(_ *Call, a []types.Value) (types.Value, error) { return t.check(subInt(0, a[0].I)) })
		mask := int64(t.bits - 1)
		rs = append(rs,
			Row{Sig: t.name + "up" + one, SQL: "$1"},
			Row{Sig: t.name + "and" + two, SQL: "($1 & $2)"}, Row{Sig: t.name + "or" + two, SQL: "($1 | $2)"},
			Row{Sig: t.name + "not" + one, SQL: "(~ $1)"},
		)
		add(t.name+"xor"+two, func(_ *Call, a []types.Value) (types.Value, error) { return types.IntValue(a[0].I ^ a[1].I), nil })
		if t.bits > 16 {
			add("gcd"+two, func(_ *Call, a []types.Value) (types.Value, error) {
				g := gcdInt(a[0].I, a[1].I)
				return t.check(int64(g), g <= math.MaxInt64)
			})
			add("lcm"+two, func(_ *Call, a []types.Value) (types.Value, error) {
				if a[0].I == 0 || a[1].I == 0 {
					return types.IntValue(0), nil
				}
				hi, lo := bits.Mul64(absInt(a[0].I)/gcdInt(a[0].I, a[1].I), absInt(a[1].I))
				return t.check(int64(lo), hi == 0 && lo <= math.MaxInt64)
			})
		}
		shift := "(" + t.display + ",integer)"
		// A shift is done in C's arithmetic of the type's width: the count is taken modulo it on this hardware.
		width := mask
		if t.bits == 16 {
			width = 31
		}
		add(t.name+"shl"+shift, func(_ *Call, a []types.Value) (types.Value, error) {
			x := a[0].I << uint(a[1].I&width)
			switch t.bits {
			case 16:
				x = int64(int16(x))
			case 32:
				x = int64(int32(x))
			}
			return types.IntValue(x), nil
		})
		add(t.name+"shr"+shift, func(_ *Call, a []types.Value) (types.Value, error) {
			return types.IntValue(a[0].I >> uint(a[1].I&width)), nil
		})
	}
	return rs
}

func absInt(x int64) uint64 {
	if x < 0 {
		return -uint64(x)
	}
	return uint64(x)
}

func gcdInt(a, b int64) uint64 {
	x, y := absInt(a), absInt(b)
	for y != 0 {
		x, y = y, x%y
	}
	return x
}
