package analyze

import (
	"strings"

	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// Bits of WindowDef.FrameOptions.
const (
	frameNonDefault      = 0x1
	frameRange           = 0x2
	frameRows            = 0x4
	frameGroups          = 0x8
	frameStartUnbounded  = 0x20
	frameEndUnbounded    = 0x100
	frameStartCurrent    = 0x200
	frameEndCurrent      = 0x400
	frameStartPreceding  = 0x800
	frameEndPreceding    = 0x1000
	frameStartFollowing  = 0x2000
	frameEndFollowing    = 0x4000
	frameExcludeCurrent  = 0x8000
	frameExcludeGroup    = 0x10000
	frameExcludeTies     = 0x20000
	frameDefault         = frameRange | frameStartUnbounded | frameEndCurrent
	frameOffsets         = frameStartPreceding | frameEndPreceding | frameStartFollowing | frameEndFollowing
	frameEndUnboundedPre = 0x40
)

// windowFrame turns the frame bits into a frame clause, its offsets analysed.
func (a *Analyzer) windowFrame(sc *scope, def *parse.WindowDef, w *WindowDef) error {
	f := def.FrameOptions
	if f&frameNonDefault == 0 || f&^frameNonDefault == frameDefault {
		return nil
	}
	mode := "RANGE"
	switch {
	case f&frameRows != 0:
		mode = "ROWS"
	case f&frameGroups != 0:
		mode = "GROUPS"
		if len(w.Order) == 0 {
			return pgerr.New(pgerr.WindowingError, "GROUPS mode requires an ORDER BY clause").At(def.Location)
		}
	}
	if mode == "RANGE" && f&frameOffsets != 0 && len(w.Order) != 1 {
		return pgerr.New(pgerr.WindowingError, "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column").At(def.Location)
	}
	var b strings.Builder
	b.WriteString(mode)
	b.WriteString(" BETWEEN ")
	switch {
	case f&frameStartUnbounded != 0:
		b.WriteString("UNBOUNDED PRECEDING")
	case f&frameStartCurrent != 0:
		b.WriteString("CURRENT ROW")
	default:
		if err := a.frameOffset(sc, def.StartOffset, mode, w); err != nil {
			return err
		}
		b.WriteString(direction(f&frameStartPreceding != 0))
	}
	b.WriteString(" AND ")
	switch {
	case f&frameEndUnbounded != 0:
		b.WriteString("UNBOUNDED FOLLOWING")
	case f&frameEndCurrent != 0:
		b.WriteString("CURRENT ROW")
	default:
		if err := a.frameOffset(sc, def.EndOffset, mode, w); err != nil {
			return err
		}
		b.WriteString(direction(f&frameEndPreceding != 0))
	}
	switch {
	case f&frameExcludeCurrent != 0:
		b.WriteString(" EXCLUDE CURRENT ROW")
	case f&frameExcludeGroup != 0:
		b.WriteString(" EXCLUDE GROUP")
	case f&frameExcludeTies != 0:
		b.WriteString(" EXCLUDE TIES")
	}
	w.Frame = b.String()
	return nil
}

func direction(preceding bool) string {
	if preceding {
		return "%s PRECEDING"
	}
	return "%s FOLLOWING"
}

// frameOffset analyses an offset: a count of rows or groups, or a distance in the ordering column's terms.
func (a *Analyzer) frameOffset(sc *scope, n parse.Node, mode string, w *WindowDef) error {
	sc.kind = kindWindowFrame
	e, err := a.expr(sc, n)
	if err != nil {
		return err
	}
	if mode == "RANGE" {
		if e, err = a.rangeOffset(e, w.Order[0].Expr); err != nil {
			return err
		}
	} else if e, err = a.coerceSpecific(e, typeInt8, -1, mode); err != nil {
		return err
	}
	bad := false
	walk(e, func(x Expr) bool {
		if v, ok := x.(*Var); ok && v.Up == 0 {
			bad = true
		}
		return !bad
	})
	if bad {
		return pgerr.New(pgerr.InvalidColumnReference, "argument of %s must not contain variables", mode).At(e.Location())
	}
	w.Offsets = append(w.Offsets, e)
	return nil
}

// rangeOffset converts a RANGE offset to the type in_range takes for the ordering column.
func (a *Analyzer) rangeOffset(e, order Expr) (Expr, error) {
	col := a.baseType(order.Type())
	want := uint32(0)
	switch col {
	case typeInt2, typeInt4, typeInt8:
		want = typeInt8
		if t := e.Type(); t == typeInt2 || t == typeInt4 {
			want = t
		}
		if e.Type() == typeUnknown {
			want = col
		}
	case typeFloat4, typeFloat8:
		want = typeFloat8
	case typeNumeric:
		want = typeNumeric
	case typeDate, typeTime, typeTimetz, typeTimestamp, typeTimestamptz, typeInterval:
		want = typeInterval
	default:
		return nil, pgerr.New(pgerr.FeatureNotSupported, "RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s", a.format(order.Type())).At(e.Location())
	}
	out, err := a.coerceTry(e, want, -1, coerceImplicit, -1)
	if err != nil || out != nil {
		return out, err
	}
	return nil, pgerr.New(pgerr.FeatureNotSupported, "RANGE with offset PRECEDING/FOLLOWING is not supported for column type %s and offset type %s", a.format(order.Type()), a.format(e.Type())).
		WithHint("Cast the offset value to an appropriate type.").At(e.Location())
}
