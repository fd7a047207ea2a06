package types

import (
	"math"
	"strconv"
	"strings"
)

// MoneyOID is money's OID.
const MoneyOID = 790

func init() {
	register(&Type{
		OID: MoneyOID, Name: "money", Display: "money", Array: 791, Category: 'N', Len: 8, Delim: ',', Store: Int,
		Input: moneyIn, Output: moneyOut, Receive: int8Recv, Send: int8Send, Compare: compareInts,
	})
}

// moneyIn reads an amount in the C locale: a dollar sign, commas between digits, parentheses or a minus for negative; cents are rounded.
func moneyIn(_ *Context, s string, _ int32) (Value, error) {
	t := strings.TrimLeft(s, " \t\n\v\f\r")
	t = strings.TrimPrefix(t, "$")
	neg := false
	if t != "" && (t[0] == '-' || t[0] == '(' || t[0] == '+') {
		neg = t[0] != '+'
		t = t[1:]
	}
	t = strings.TrimLeft(t, " \t\n\v\f\r")
	t = strings.TrimPrefix(t, "$")
	t = strings.TrimLeft(t, " \t\n\v\f\r")
	var value int64
	dec, seenDot := 0, false
	i := 0
	for ; i < len(t); i++ {
		c := t[i]
		if isDigit(c) && (!seenDot || dec < 2) {
			d := int64(c - '0')
			if value < (math.MinInt64+d)/10 {
				return Value{}, outOfRange("money", s)
			}
			value = value*10 - d
			if seenDot {
				dec++
			}
		} else if c == '.' && !seenDot {
			seenDot = true
		} else if c != ',' {
			break
		}
	}
	if i < len(t) && isDigit(t[i]) && t[i] >= '5' {
		if value == math.MinInt64 {
			return Value{}, outOfRange("money", s)
		}
		value--
	}
	for ; dec < 2; dec++ {
		if value < math.MinInt64/10 {
			return Value{}, outOfRange("money", s)
		}
		value *= 10
	}
	for i < len(t) && isDigit(t[i]) {
		i++
	}
	for ; i < len(t); i++ {
		switch {
		case isSpace(t[i]) || t[i] == ')' || t[i] == '+' || t[i] == '$':
		case t[i] == '-':
			neg = true
		default:
			return Value{}, badSyntax("money", s)
		}
	}
	if !neg {
		if value == math.MinInt64 {
			return Value{}, outOfRange("money", s)
		}
		value = -value
	}
	return IntValue(value), nil
}

func moneyOut(_ *Context, dst []byte, v Value) []byte {
	u := uint64(v.I)
	if v.I < 0 {
		dst = append(dst, '-')
		u = -u
	}
	dst = append(dst, '$')
	whole := strconv.FormatUint(u/100, 10)
	for i := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			dst = append(dst, ',')
		}
		dst = append(dst, whole[i])
	}
	return appendPadded(append(dst, '.'), int(u%100), 2)
}
