package functions

import (
	"math"
	"strings"

	"pgd/backend/pgerr"
	"pgd/backend/types"
)

// moneyRows: an amount is an integer of cents. As in PostgreSQL 15 addition and multiplication by integers wrap around without an error.
func moneyRows() []Row {
	cents := func(f func(a, b types.Value) (int64, error), swap bool) Scalar {
		return func(_ *Call, a []types.Value) (types.Value, error) {
			x, y := a[0], a[1]
			if swap {
				x, y = y, x
			}
			return intResult(f(x, y))
		}
	}
	mulInt := func(a, b types.Value) (int64, error) { return a.I * b.I, nil }
	divInt := func(a, b types.Value) (int64, error) {
		if b.I == 0 {
			return 0, ErrDivisionByZero
		}
		return a.I / b.I, nil
	}
	mulFloat := func(a, b types.Value) (int64, error) { return roundCents(float64(a.I) * b.Float8()) }
	divFloat := func(a, b types.Value) (int64, error) {
		if b.Float8() == 0 {
			return 0, ErrDivisionByZero
		}
		return roundCents(float64(a.I) / b.Float8())
	}
	rs := []Row{
		{Sig: "cash_pl(money,money)", Scalar: cents(func(a, b types.Value) (int64, error) { return a.I + b.I, nil }, false)},
		{Sig: "cash_mi(money,money)", Scalar: cents(func(a, b types.Value) (int64, error) { return a.I - b.I, nil }, false)},
		{Sig: "cash_div_cash(money,money)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			if a[1].I == 0 {
				return null, ErrDivisionByZero
			}
			return types.FloatValue(float64(a[0].I) / float64(a[1].I)), nil
		}},
		{Sig: "cashlarger(money,money)", SQL: "max($1, $2)"}, {Sig: "cashsmaller(money,money)", SQL: "min($1, $2)"},
		{Sig: "money(integer)", Scalar: intMoney}, {Sig: "money(bigint)", Scalar: intMoney},
		{Sig: "money(numeric)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			d := readDecimal(a[0]).mul(intDecimal(100)).round(0)
			if d.special == 'N' {
				return null, pgerr.New(pgerr.FeatureNotSupported, "cannot convert NaN to bigint")
			}
			if d.special != 0 {
				return null, pgerr.New(pgerr.FeatureNotSupported, "cannot convert infinity to bigint")
			}
			if !d.c.IsInt64() {
				return null, errInt8Range
			}
			return types.IntValue(d.c.Int64()), nil
		}},
		{Sig: "\"numeric\"(money)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return intDecimal(a[0].I).quo(intDecimal(100), 2).value()
		}},
		{Sig: "cash_words(money)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.StringValue(moneyWords(a[0].I)), nil
		}},
	}
	for name, typ := range map[string]string{"int2": "smallint", "int4": "integer", "int8": "bigint"} {
		rs = append(rs, Row{Sig: "cash_mul_" + name + "(money," + typ + ")", Scalar: cents(mulInt, false)},
			Row{Sig: name + "_mul_cash(" + typ + ",money)", Scalar: cents(mulInt, true)},
			Row{Sig: "cash_div_" + name + "(money," + typ + ")", Scalar: cents(divInt, false)})
	}
	for name, typ := range map[string]string{"flt4": "real", "flt8": "double precision"} {
		rs = append(rs, Row{Sig: "cash_mul_" + name + "(money," + typ + ")", Scalar: cents(mulFloat, false)},
			Row{Sig: name + "_mul_cash(" + typ + ",money)", Scalar: cents(mulFloat, true)},
			Row{Sig: "cash_div_" + name + "(money," + typ + ")", Scalar: cents(divFloat, false)})
	}
	return rs
}

func roundCents(x float64) (int64, error) {
	r := math.RoundToEven(x)
	if !(r >= math.MinInt64 && r < -math.MinInt64) {
		return 0, pgerr.New(pgerr.NumericValueOutOfRange, "money out of range")
	}
	return int64(r), nil
}

func intMoney(_ *Call, a []types.Value) (types.Value, error) {
	r, ok := mulInt(a[0].I, 100)
	if !ok {
		return null, errInt8Range
	}
	return types.IntValue(r), nil
}

var (
	wordsSmall = strings.Fields("zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen")
	wordsTens  = strings.Fields("zero ten twenty thirty forty fifty sixty seventy eighty ninety")
	wordsBig   = []string{"", " thousand", " million", " billion", " trillion", " quadrillion"}
)

func hundredWords(n uint64) string {
	out := ""
	if n >= 100 {
		out = wordsSmall[n/100] + " hundred"
		if n%100 == 0 {
			return out
		}
		out += " "
	}
	switch r := n % 100; {
	case r < 20:
		return out + wordsSmall[r]
	case r%10 == 0:
		return out + wordsTens[r/10]
	default:
		return out + wordsTens[r/10] + " " + wordsSmall[r%10]
	}
}

// moneyWords writes an amount out, as on a cheque.
func moneyWords(v int64) string {
	out := ""
	u := uint64(v)
	if v < 0 {
		out = "minus "
		u = -u
	}
	dollars, cents := u/100, u%100
	var parts []string
	scale := uint64(1000000000000000)
	for i := len(wordsBig) - 1; i >= 0; i-- {
		if n := dollars / scale % 1000; n > 0 {
			parts = append(parts, hundredWords(n)+wordsBig[i])
		}
		scale /= 1000
	}
	if len(parts) == 0 {
		parts = []string{"zero"}
	} else if dollars%1000 == 0 {
		parts = append(parts, "") // PostgreSQL leaves the blank for the hundreds
	}
	out += strings.Join(parts, " ")
	if dollars == 1 {
		out += " dollar and "
	} else {
		out += " dollars and "
	}
	out += hundredWords(cents)
	if cents == 1 {
		out += " cent"
	} else {
		out += " cents"
	}
	return strings.ToUpper(out[:1]) + out[1:]
}
