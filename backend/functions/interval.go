package functions

import (
	"math"

	"pgd/backend/types"
)

func fits32(x int64) bool { return x == int64(int32(x)) }

func addIntervals(a, b types.Interval) (types.Interval, error) {
	m, d := int64(a.Months)+int64(b.Months), int64(a.Days)+int64(b.Days)
	u, ok := addInt(a.Usec, b.Usec)
	if !ok && b.Usec != 0 || !fits32(m) || !fits32(d) {
		return a, types.ErrIntervalRange
	}
	return types.Interval{Months: int32(m), Days: int32(d), Usec: u}, nil
}

func negateInterval(i types.Interval) types.Interval {
	return types.Interval{Months: -i.Months, Days: -i.Days, Usec: -i.Usec}
}

func negateChecked(i types.Interval) (types.Interval, error) {
	if i.Months == math.MinInt32 || i.Days == math.MinInt32 || i.Usec == math.MinInt64 {
		return i, types.ErrIntervalRange
	}
	return negateInterval(i), nil
}

// round6 keeps the digits that microseconds can show.
func round6(x float64) float64 { return math.RoundToEven(x*1e6) / 1e6 }

// scaleInterval applies f (a multiplication or division) to each field and hands what is left of months and days down.
func scaleInterval(i types.Interval, f func(float64) float64) (types.Interval, error) {
	month, day := f(float64(i.Months)), f(float64(i.Days))
	outside := func(x float64) bool { return x != x || x > math.MaxInt32 || x < math.MinInt32 }
	if outside(month) || outside(day) {
		return i, types.ErrIntervalRange
	}
	r := types.Interval{Months: int32(month), Days: int32(day)}
	restDays := round6((month - float64(r.Months)) * 30)
	restSecs := round6((day - float64(r.Days) + restDays - math.Trunc(restDays)) * 86400)
	days := int64(r.Days)
	if math.Abs(restSecs) >= 86400 {
		whole := math.Trunc(restSecs / 86400)
		days += int64(whole)
		restSecs -= whole * 86400
	}
	days += int64(restDays)
	usec := math.RoundToEven(f(float64(i.Usec)) + restSecs*1e6)
	if usec != usec || usec < math.MinInt64 || usec >= -math.MinInt64 || !fits32(days) {
		return i, types.ErrIntervalRange
	}
	r.Days, r.Usec = int32(days), int64(usec)
	return r, nil
}

func divInterval(i types.Interval, by float64) (types.Interval, error) {
	if by == 0 {
		return i, ErrDivisionByZero
	}
	return scaleInterval(i, func(x float64) float64 { return x / by })
}

func mulInterval(i types.Interval, by float64) (types.Interval, error) {
	return scaleInterval(i, func(x float64) float64 { return x * by })
}

// justifyHours turns 24 hours into a day, with one sign for both.
func justifyHours(i types.Interval) (types.Interval, error) {
	whole := i.Usec / usecDay
	i.Usec -= whole * usecDay
	days := int64(i.Days) + whole
	if !fits32(days) {
		return i, types.ErrIntervalRange
	}
	if days > 0 && i.Usec < 0 {
		i.Usec += usecDay
		days--
	} else if days < 0 && i.Usec > 0 {
		i.Usec -= usecDay
		days++
	}
	i.Days = int32(days)
	return i, nil
}

// justifyDays turns 30 days into a month.
func justifyDays(i types.Interval) (types.Interval, error) {
	whole := i.Days / 30
	i.Days -= whole * 30
	months := int64(i.Months) + int64(whole)
	if !fits32(months) {
		return i, types.ErrIntervalRange
	}
	if months > 0 && i.Days < 0 {
		i.Days += 30
		months--
	} else if months < 0 && i.Days > 0 {
		i.Days -= 30
		months++
	}
	i.Months = int32(months)
	return i, nil
}

// justifyInterval does both and gives all fields one sign.
func justifyInterval(i types.Interval) (types.Interval, error) {
	if i.Days > 0 && i.Usec > 0 || i.Days < 0 && i.Usec < 0 {
		whole := i.Days / 30
		i.Days -= whole * 30
		if !fits32(int64(i.Months) + int64(whole)) {
			return i, types.ErrIntervalRange
		}
		i.Months += whole
	}
	whole := i.Usec / usecDay
	i.Usec -= whole * usecDay
	days := int64(i.Days) + whole
	months := int64(i.Months) + days/30
	days -= days / 30 * 30
	if months > 0 && (days < 0 || days == 0 && i.Usec < 0) {
		days += 30
		months--
	} else if months < 0 && (days > 0 || days == 0 && i.Usec > 0) {
		days -= 30
		months++
	}
	if days > 0 && i.Usec < 0 {
		i.Usec += usecDay
		days--
	} else if days < 0 && i.Usec > 0 {
		i.Usec -= usecDay
		days++
	}
	if !fits32(months) || !fits32(days) {
		return i, types.ErrIntervalRange
	}
	i.Months, i.Days = int32(months), int32(days)
	return i, nil
}

func interval1(f func(i types.Interval) (types.Interval, error)) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		i, err := f(types.ReadInterval(a[0].B))
		if err != nil {
			return null, err
		}
		return i.Value(), nil
	}
}

func interval2(f func(i, j types.Interval) (types.Interval, error)) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		i, err := f(types.ReadInterval(a[0].B), types.ReadInterval(a[1].B))
		if err != nil {
			return null, err
		}
		return i.Value(), nil
	}
}

func intervalFloat(f func(i types.Interval, x float64) (types.Interval, error), at int) Scalar {
	return func(_ *Call, a []types.Value) (types.Value, error) {
		i, err := f(types.ReadInterval(a[at].B), a[1-at].Float8())
		if err != nil {
			return null, err
		}
		return i.Value(), nil
	}
}

func intervalRows() []Row {
	return []Row{
		{Sig: "interval_pl(interval,interval)", Scalar: interval2(addIntervals)},
		{Sig: "interval_mi(interval,interval)", Scalar: interval2(func(i, j types.Interval) (types.Interval, error) {
			m, d := int64(i.Months)-int64(j.Months), int64(i.Days)-int64(j.Days)
			u, ok := subInt(i.Usec, j.Usec)
			if !ok && j.Usec != 0 || !fits32(m) || !fits32(d) {
				return i, types.ErrIntervalRange
			}
			return types.Interval{Months: int32(m), Days: int32(d), Usec: u}, nil
		})},
		{Sig: "interval_um(interval)", Scalar: interval1(negateChecked)},
		{Sig: "interval_mul(interval,double precision)", Scalar: intervalFloat(mulInterval, 0)},
		{Sig: "mul_d_interval(double precision,interval)", Scalar: intervalFloat(mulInterval, 1)},
		{Sig: "interval_div(interval,double precision)", Scalar: intervalFloat(divInterval, 0)},
		{Sig: "justify_hours(interval)", Scalar: interval1(justifyHours)}, {Sig: "justify_days(interval)", Scalar: interval1(justifyDays)},
		{Sig: "justify_interval(interval)", Scalar: interval1(justifyInterval)},
		{Sig: "isfinite(interval)", Scalar: func(*Call, []types.Value) (types.Value, error) { return types.BoolValue(true), nil }},
		{Sig: "\"interval\"(interval,integer)", Scalar: applyTypmod(types.IntervalOID)},
		{Sig: "\"interval\"(time without time zone)", Scalar: func(_ *Call, a []types.Value) (types.Value, error) {
			return types.Interval{Usec: a[0].I}.Value(), nil
		}},
		{Sig: "interval_larger(interval,interval)", Scalar: interval2(func(i, j types.Interval) (types.Interval, error) {
			if i.Compare(j) > 0 {
				return i, nil
			}
			return j, nil
		})},
		{Sig: "interval_smaller(interval,interval)", Scalar: interval2(func(i, j types.Interval) (types.Interval, error) {
			if i.Compare(j) < 0 {
				return i, nil
			}
			return j, nil
		})},
		{Sig: "make_interval(integer,integer,integer,integer,integer,integer,double precision)", Scalar: makeInterval},
	}
}

func makeInterval(_ *Call, a []types.Value) (types.Value, error) {
	secs := a[6].Float8()
	if isInf(secs) || secs != secs {
		return null, types.ErrIntervalRange
	}
	months := a[0].I*12 + a[1].I
	days := a[2].I*7 + a[3].I
	usec := float64(a[4].I*usecHour) + float64(a[5].I*usecMinute)
	if !fits32(months) || !fits32(days) || math.Abs(usec+secs*1e6) > 9.2e18 {
		return null, types.ErrIntervalRange
	}
	return types.Interval{Months: int32(months), Days: int32(days),
		Usec: a[4].I*usecHour + a[5].I*usecMinute + int64(math.RoundToEven(secs*1e6))}.Value(), nil
}
