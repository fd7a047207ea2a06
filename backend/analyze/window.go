package analyze

import (
	"pgd/backend/catalog"
	"pgd/backend/parse"
	"pgd/backend/pgerr"
)

// windowCall finishes a call with OVER. The window itself is analysed by windowClauses, when the query level is done.
func (a *Analyzer) windowCall(sc *scope, c *funcUse, p *catalog.Proc, args []Expr, info Info, variadic bool) (Expr, error) {
	isAgg := p.Kind == 'a'
	unsupported := func(format string, args ...any) *pgerr.Error {
		return pgerr.New(pgerr.FeatureNotSupported, format, args...).At(c.loc)
	}
	switch {
	case c.distinct():
		return nil, unsupported("DISTINCT is not implemented for window functions")
	case isAgg && len(c.args) == 0 && !c.star():
		return nil, pgerr.New(pgerr.WrongObjectType, "%s(*) must be used to call a parameterless aggregate function", c).At(c.loc)
	case c.order():
		return nil, unsupported("aggregate ORDER BY is not implemented for window functions")
	case !isAgg && c.filter != nil:
		return nil, unsupported("FILTER is not implemented for non-aggregate window functions")
	case p.ReturnsSet:
		return nil, pgerr.New(pgerr.InvalidFunctionDefinition, "window functions cannot return sets").At(c.loc)
	}
	for _, e := range args {
		if returnsSet(e) {
			return nil, unsupported("window function calls cannot contain set-returning function calls").
				WithHint("You might be able to move the set-returning function into a LATERAL FROM item.").At(e.Location())
		}
	}
	if len(c.names) > 0 {
		return nil, unsupported("window functions cannot use named arguments")
	}
	for _, e := range args {
		var inner Expr
		walk(e, func(x Expr) bool {
			if _, ok := x.(*Window); ok && inner == nil {
				inner = x
			}
			return inner == nil
		})
		if inner != nil {
			return nil, pgerr.New(pgerr.WindowingError, "window function calls cannot be nested").At(inner.Location())
		}
	}
	if err := forbidden(pgerr.WindowingError, "window functions", places[sc.kind].window, sc.kind, c.loc); err != nil {
		return nil, err
	}
	w := &Window{Info: info, Proc: p, Args: args, Star: c.star(), Filter: c.filter, Agg: isAgg, Variadic: variadic}
	var err error
	if w.Win, err = a.windowIndex(sc, c.node.Over); err != nil {
		return nil, err
	}
	sc.windows = true
	return w, nil
}

// windowIndex finds the window an OVER names, or keeps its definition.
func (a *Analyzer) windowIndex(sc *scope, def *parse.WindowDef) (int, error) {
	if err := sc.loadWindows(); err != nil {
		return 0, err
	}
	if def.Name == "" {
		sc.windowDefs = append(sc.windowDefs, def)
		return len(sc.windowDefs) - 1, nil
	}
	for i, d := range sc.windowDefs {
		if d.Name == def.Name {
			return i, nil
		}
	}
	return 0, pgerr.New(pgerr.UndefinedObject, "window \"%s\" does not exist", def.Name).At(def.Location)
}

// loadWindows takes the WINDOW clause of a query level into the list that OVER adds to.
func (sc *scope) loadWindows() error {
	if sc.windowDefs != nil {
		return nil
	}
	for _, n := range sc.windowClause {
		def, ok := n.(*parse.WindowDef)
		if !ok {
			return pgerr.Unsupported(-1, "WINDOW of this form is not supported")
		}
		sc.windowDefs = append(sc.windowDefs, def)
	}
	return nil
}

// windowClauses analyses the WINDOW clause and every OVER met so far into sc.query.Windows; called once the target list,
// HAVING and ORDER BY of the level are done.
func (a *Analyzer) windowClauses(sc *scope) error {
	if err := sc.loadWindows(); err != nil {
		return err
	}
	saved := sc.kind
	defer func() { sc.kind = saved }()
	for i, def := range sc.windowDefs {
		const consumed = parse.Has_WindowDef_Name | parse.Has_WindowDef_Refname | parse.Has_WindowDef_PartitionClause | parse.Has_WindowDef_OrderClause |
			parse.Has_WindowDef_FrameOptions | parse.Has_WindowDef_StartOffset | parse.Has_WindowDef_EndOffset | parse.Has_WindowDef_Location
		if err := only(def, consumed, def.Location); err != nil {
			return err
		}
		w, err := a.windowDef(sc, def, i)
		if err != nil {
			return err
		}
		sc.query.Windows = append(sc.query.Windows, w)
	}
	return nil
}

// windowDef analyses one window; a window it refers to gives partition and order.
func (a *Analyzer) windowDef(sc *scope, def *parse.WindowDef, i int) (WindowDef, error) {
	w := WindowDef{Name: def.Name}
	var ref *WindowDef
	refFrame := int32(0)
	for j, d := range sc.windowDefs[:i] {
		if def.Name != "" && d.Name == def.Name {
			return w, pgerr.New(pgerr.WindowingError, "window \"%s\" is already defined", def.Name).At(def.Location)
		}
		if def.Refname != "" && d.Name == def.Refname {
			ref, refFrame = &sc.query.Windows[j], d.FrameOptions
		}
	}
	if def.Refname != "" && ref == nil {
		return w, pgerr.New(pgerr.UndefinedObject, "window \"%s\" does not exist", def.Refname).At(def.Location)
	}
	sc.kind = kindWindowPartition
	for _, n := range def.PartitionClause {
		e, err := a.expr(sc, n)
		if err == nil {
			e, err = a.resolveUnknown(e)
		}
		if err != nil {
			return w, err
		}
		if _, err := a.equalOperator(e.Type(), e.Location()); err != nil {
			return w, err
		}
		w.Partition = append(w.Partition, e)
	}
	sc.kind = kindWindowOrder
	for _, n := range def.OrderClause {
		sb, ok := n.(*parse.SortBy)
		if !ok {
			return w, pgerr.Unsupported(def.Location, "ORDER BY of this form is not supported")
		}
		e, err := a.expr(sc, sb.Node)
		if err != nil {
			return w, err
		}
		key, err := a.sortKey(e, sb)
		if err != nil {
			return w, err
		}
		w.Order = append(w.Order, key)
	}
	if ref != nil {
		windowing := func(format string) error {
			return pgerr.New(pgerr.WindowingError, format, def.Refname).At(def.Location)
		}
		if len(def.PartitionClause) > 0 {
			return w, windowing("cannot override PARTITION BY clause of window \"%s\"")
		}
		if len(def.OrderClause) > 0 && len(ref.Order) > 0 {
			return w, windowing("cannot override ORDER BY clause of window \"%s\"")
		}
		w.Partition = ref.Partition
		if len(def.OrderClause) == 0 {
			w.Order = ref.Order
		}
		if refFrame != frameDefault {
			err := pgerr.New(pgerr.WindowingError, "cannot copy window \"%s\" because it has a frame clause", def.Refname).At(def.Location)
			if def.Name == "" && len(def.OrderClause) == 0 && def.FrameOptions == frameDefault {
				err.WithHint("Omit the parentheses in this OVER clause.")
			}
			return w, err
		}
	}
	return w, a.windowFrame(sc, def, &w)
}
